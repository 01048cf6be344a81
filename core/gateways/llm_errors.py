"""What a provider's error says, whatever its HTTP status: some providers send an error inside a 200.

The kinds, each with its own words in `llm`: `key`, `no_credit`, `rate`, `no_model`, `wrong_address`, `refused`,
`request` (it does not take this one) and `trouble`.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_ANSWERS = ("choices", "content", "candidates", "message", "response", "output", "generations", "completion")
# Keys that hold an error's words when there is no `error`, which some providers leave out.
_TOLD_BESIDE = ("errors", "detail", "message", "msg", "error_msg", "error_message", "errmsg", "status_msg", "base_resp")
_SAID = ("code", "type", "status", "reason", "title", "error", "param", *_TOLD_BESIDE)
_DEEPEST = 4

_NO_CREDIT = re.compile(
    r"insufficient.{0,3}(quota|credit|balance|fund)|out of credit|no credit|credit balance|payment.?required|"
    r"billing.?(hard.?)?limit|(spend|spending|key|budget).?limit.{0,3}(exceed|reach)|budget.{0,20}exceed|"
    r"exceed.{0,10}budget|add (more )?credit|top.?up"
)
_REFUSED = re.compile(r"content.?(policy|filter|management)|moderation|flagged|safety (system|setting)")
_KEY = re.compile(
    r"\b(invalid|incorrect|wrong|missing|expired|no|revoked|bad)\b.{0,12}(api.?key|token|credential)|unauthori[sz]ed|"
    r"unauthenticated|authentication|permission.?(denied|error)|forbidden|access.?denied|"
    r"api.?key.{0,20}(invalid|not valid)"
)
_RATE = re.compile(
    r"rate.?limit|too.?many.?requests|slow.?down|throttl|resource.?exhausted|requests per (minute|day)|"
    r"(qps|tpm|rpm|requests?).{0,12}limit"
)
_NO_MODEL = re.compile(
    r"model.{0,3}not.{0,3}found|\b(no|unknown|invalid|no such)\b.{0,10}\bmodel|no endpoints? found|not a valid model|"
    r"model.{0,80}(not found|not exist|n't exist)|deployment.{0,20}not (found|exist)"
)
_BUSY = re.compile(r"overload|unavailable|capacity|busy|timed? ?out|timeout|server.?error|internal.?error|bad.?gateway")
_REQUEST = re.compile(
    r"invalid.?request|bad.?request|context.{0,10}(length|window)|too (long|large)|validation|unprocessable"
)


def error_inside(body: Any) -> Any | None:
    """The error inside a body that came with a status of success; None when the body is an answer.

    An empty `error` beside an answer means that there was no error.
    """
    if isinstance(body, list) and len(body) == 1:
        body = body[0]  # Google's servers put theirs into a list
    if not isinstance(body, Mapping):
        return None
    for error in (body.get("error"), *(choice.get("error") for choice in _choices(body))):
        if error and any(words.strip() for words in _words(error)):
            return error
    if any(body.get(name) not in (None, "", [], {}) for name in _ANSWERS if name != "message"):
        return None
    if isinstance(body.get("message"), Mapping):
        return None
    if str(body.get("object", "")).lower() == "error" or str(body.get("type", "")).lower() == "error":
        return body
    for name in _TOLD_BESIDE:
        if body.get(name):
            return body
    return None


def has_model_output(body: Any) -> bool:
    """True when a model wrote something, so that the error came during the answer or after it."""
    return any(choice.get("text") or _says_something(choice.get("message")) for choice in _choices(body))


def _choices(body: Any) -> list[Mapping[str, Any]]:
    choices = body.get("choices") if isinstance(body, Mapping) else None
    return [choice for choice in choices if isinstance(choice, Mapping)] if isinstance(choices, list) else []


def _says_something(message: Any) -> bool:
    """True when a message holds anything, also only thinking. Routers put an empty message beside an error."""
    return isinstance(message, Mapping) and any(value for name, value in message.items() if name != "role")


def status_of(error: Any, depth: int = 0) -> int | None:
    """The HTTP status that an error names, as a number or as text; None when it names none."""
    if depth > _DEEPEST:
        return None
    if isinstance(error, list):
        return status_of(error[0], depth + 1) if error else None
    if not isinstance(error, Mapping):
        return None
    for name in ("code", "status", "status_code", "statusCode", "http_status", "httpStatus"):
        told = error.get(name)
        if isinstance(told, bool) or not isinstance(told, int | float | str):
            continue
        match = re.fullmatch(r"\s*([3-5]\d\d)(\.0)?\s*", str(told))
        if match:
            return int(match[1])
    for name in ("error", "errors", "detail"):
        found = status_of(error.get(name), depth + 1)
        if found is not None:
            return found
    return None


def kind_of(status: int | None, told: Any, *, model: str, own_address: bool) -> str:
    """The kind of an error (see the module). `told` is the error, or the text of the answer; `own_address`: the
    operator set the provider's address.
    """
    if isinstance(told, str) and told.lstrip()[:1] in ("{", "["):
        with contextlib.suppress(ValueError, RecursionError):
            told = json.loads(told)
    page = isinstance(told, str) and told.lstrip().startswith("<")
    said = "" if page else " ".join(_words(told)).lower()
    refusable = status is None or status < 500
    if status == 402 or (refusable and _NO_CREDIT.search(said)):
        return "no_credit"
    if status in (None, 400, 403, 422) and _REFUSED.search(said):
        return "refused"
    if status in (401, 403) or (status is None and _KEY.search(said)):
        return "key"
    if status == 429 or (status is None and _RATE.search(said)):
        return "rate"
    if status in (None, 400, 404, 422) and (_NO_MODEL.search(said) or (status == 404 and _names(said, model))):
        return "no_model"
    if status in (404, 405, 410) or (status is not None and 300 <= status < 400):
        return "wrong_address" if own_address or page else "no_model"
    if status is None:
        if re.search(r"not.?found|no such (route|path)|method not allowed", said):
            return "wrong_address"
        return "trouble" if _BUSY.search(said) or not _REQUEST.search(said) else "request"
    return "trouble" if status >= 500 or status == 408 else "request"


def _names(said: str, model: str) -> bool:
    return any(name and name in said for name in (model.lower(), model.lower().rpartition("/")[2]))


def _words(error: Any, depth: int = 0) -> Iterator[str]:
    """The texts and codes of an error of any shape."""
    if depth > _DEEPEST:
        return
    if isinstance(error, str | int | float) and not isinstance(error, bool):
        yield str(error)[:2000]
    elif isinstance(error, list):
        for item in error[:5]:
            yield from _words(item, depth + 1)
    elif isinstance(error, Mapping):
        for name in (*_SAID, "metadata", "raw"):
            yield from _words(error.get(name), depth + 1)
