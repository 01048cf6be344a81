"""The child process that holds litellm (2.7 s and 195 MiB to import: platform-facts). Run by `core.worker.Worker`.

It returns failures as values, not as exceptions: an exception of litellm or of a provider may quote the key or the
prompt, and must not leave this module. Tokens, money and errors are read from the provider's own answer, because
litellm drops names that it does not know, fills in zeros, and loses an answer whose `usage` is strange.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from core.gateways.llm_answers import read_written, without_thinking
from core.gateways.llm_cost import Price, cost_of, read_reported
from core.gateways.llm_errors import error_inside, has_model_output, kind_of, status_of
from core.worker import serve

_SCHEMA_NAME = "answer"
_LONGEST_CHAIN = 12
_MOST_REPAIRED = 20_000  # characters of an answer that is given back to be repaired
_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "thinking_blocks")

# The HTTP responses to the call that the present task works on.
_heard: ContextVar[list[Any] | None] = ContextVar("heard", default=None)


async def complete(call: Mapping[str, Any]) -> dict[str, Any]:
    """Send one completion. `call` holds model, system, prompt, max_output_tokens, answer_schema (which is asked for),
    taken_schema (which the answer must satisfy), timeout_s, api_base, api_key, and price: the price in the settings, in
    dollars per token of prompt and answer, or None.

    Returns {"content", "model", "prompt_tokens", "completion_tokens", "cost_usd", "cost_basis"}, or {"failure": reason,
    "status", "retry_after", "date" …}. The reason is `unknown_model`, `unreachable`, `timeout`, `no_key`, `cut`,
    `page`, or a kind of `llm_errors`. For answers that cannot be used it is `malformed`, `truncated`, `empty`,
    `thinking`, `refused` or `broken_off`; these carry tokens and cost too, and `malformed` carries what was `answered`.
    """
    litellm = _litellm()
    heard: list[Any] = []
    _heard.set(heard)
    answer, failure = None, None
    try:
        async with asyncio.timeout(call["timeout_s"]):  # litellm's own timeout is per read, so a slow trickle passes it
            answer = await litellm.acompletion(
                model=call["model"],
                messages=[
                    {"role": "system", "content": call["system"]},
                    {"role": "user", "content": call["prompt"]},
                ],
                max_tokens=call["max_output_tokens"],
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": _SCHEMA_NAME, "strict": True, "schema": call["answer_schema"]},
                },
                api_base=call["api_base"],
                api_key=call["api_key"],
                timeout=call["timeout_s"],
                max_retries=0,
                num_retries=0,
                drop_params=True,  # a model without structured output is asked in words, and its answer is checked too
            )
    except TimeoutError:
        return {"failure": "timeout"}
    except Exception as error:  # noqa: BLE001 - litellm raises some thirty classes; `_failure` reads their causes
        failure = error
    try:
        return _told(call, answer, failure, heard[-1] if heard else None)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
        return {"failure": "cut"}  # a 200 without a completion: nobody knows what it cost


def price(call: Mapping[str, Any]) -> dict[str, float] | None:
    """The dollars per token of `call["model"]` as {"input", "output"}; None when the price map does not know them. A
    price of 0 in the map means that nobody looked it up: only the settings can say that a model is free.
    """
    try:
        known = _litellm().get_model_info(model=call["model"])
        costs = float(known["input_cost_per_token"]), float(known["output_cost_per_token"])
    except Exception:  # noqa: BLE001 - litellm raises bare Exception for a model that is not mapped
        return None
    return {"input": costs[0], "output": costs[1]} if min(costs) > 0 else None


def _litellm() -> Any:
    import litellm

    if not litellm.suppress_debug_info:
        litellm.suppress_debug_info = True  # it prints advertisements and, in debug, requests
        litellm.telemetry = False
        logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)
        _listen()
    return litellm


def _listen() -> None:
    """Keep each HTTP response of a call. The clients of all providers, openai's included, send through httpx, so this
    is the one place where all answers pass.
    """
    import httpx

    send = httpx.AsyncClient.send

    async def listening(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        response = await send(client, request, **options)
        heard = _heard.get()
        if heard is not None:
            heard.append(response)
        return response

    httpx.AsyncClient.send = listening  # type: ignore[method-assign, assignment]


# ---------------------------------------------------------------- what came back


def _told(call: Mapping[str, Any], answer: Any, failure: Exception | None, response: Any) -> dict[str, Any]:
    if response is not None and response.status_code != 200:
        return _refused(call, response, response.status_code, _text(response))
    body = _json(_text(response)) if response is not None else None
    error = error_inside(body)
    if error is not None and not has_model_output(body) and read_reported(body).answer_tokens is None:
        return _refused(call, response, status_of(error), error)
    completion = answer.model_dump() if answer is not None else body
    if not isinstance(completion, Mapping) or not completion.get("choices"):
        if failure is not None and response is None:
            return _failure(call, failure)
        page = response is not None and _text(response).lstrip().startswith("<")
        return {"failure": "page" if page else "cut"}
    spent = _spent(call, answer, completion, body, response)
    choice = completion["choices"][0]
    return {**_outcome(call, choice, _first_choice(body) or choice, error), **spent}


def _outcome(call: Mapping[str, Any], choice: Mapping[str, Any], raw: Mapping[str, Any], error: Any) -> dict[str, Any]:
    """The content, or why there is none. `raw` is the provider's own choice: litellm reports many endings as "stop"."""
    message = choice.get("message") or {}
    ending = raw.get("finish_reason") or choice.get("finish_reason")
    if error is not None or raw.get("error") or ending == "error":
        return {"failure": "broken_off"}
    if "content_filter" in (ending, choice.get("finish_reason")) or message.get("refusal"):
        return {"failure": "refused"}
    text = without_thinking(_plain(message.get("content")))
    thought = any((part.get("message") or {}).get(name) for part in (choice, raw) for name in _THOUGHTS)
    if not text:
        return {"failure": "thinking" if thought else "truncated" if ending == "length" else "empty"}
    if ending == "length":
        return {"failure": "truncated"}
    read = read_written(text, call["taken_schema"])
    if read.content is not None:
        return {"content": read.content}
    return {"failure": "refused"} if read.is_refusal else {"failure": "malformed", "answered": text[:_MOST_REPAIRED]}


def _plain(content: Any) -> str:
    """A message's text, which some servers write in parts."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, Mapping)]
        content = "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _spent(
    call: Mapping[str, Any], answer: Any, completion: Mapping[str, Any], body: Any, response: Any
) -> dict[str, Any]:
    headers = response.headers if response is not None else {}
    told = read_reported(body if isinstance(body, Mapping) else completion, headers)
    stated: Price | None = (call["price"][0], call["price"][1]) if call["price"] is not None else None
    reckoned = answer._hidden_params.get("response_cost") if answer is not None else None
    cost_usd, basis = cost_of(
        told,
        stated=stated,
        mapped=_dearer(call["model"], completion.get("model")),
        reckoned_usd=reckoned if isinstance(reckoned, float) else None,
    )
    return {
        "model": str(completion.get("model") or call["model"]),
        "prompt_tokens": told.prompt_tokens or 0,
        "completion_tokens": told.answer_tokens or 0,
        "cost_usd": cost_usd,
        "cost_basis": basis,
        "date": headers.get("date"),
    }


def _dearer(asked: str, answered: Any) -> Price | None:
    """The price of the model that was asked or of the model that says it answered, whichever is higher."""
    known = [price({"model": asked})]
    if known[0] is not None and isinstance(answered, str) and answered and not asked.endswith(answered):
        known.append(price({"model": f"{asked.partition('/')[0]}/{answered.rpartition('/')[2]}"}))
    found = [each for each in known if each is not None]
    return (max(each["input"] for each in found), max(each["output"] for each in found)) if found else None


def _first_choice(body: Any) -> Mapping[str, Any] | None:
    choices = body.get("choices") if isinstance(body, Mapping) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, Mapping) else None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _refused(call: Mapping[str, Any], response: Any, status: int | None, told: Any) -> dict[str, Any]:
    """The failure of a call that the provider refused, by its HTTP status or inside a 200: no model worked."""
    return {
        "failure": kind_of(status, told, model=call["model"], own_address=call["api_base"] is not None),
        "status": status,
        "retry_after": response.headers.get("retry-after"),
        "date": response.headers.get("date"),
    }


# ---------------------------------------------------------------- what never came


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _text(response: Any) -> str:
    try:
        return str(response.text)
    except Exception:  # noqa: BLE001 - a body that was streamed or cannot be decoded; only its codes were wanted
        return ""


def _failure(call: Mapping[str, Any], error: Exception) -> dict[str, Any]:
    """The failure of a call without a response, read from the causes of the exception: litellm gives the status 408 or
    500 to errors that never had one.
    """
    causes = list(_causes(error))
    names = {type(cause).__name__ for cause in causes}
    for cause in causes:
        response = getattr(cause, "response", None)
        if type(cause).__module__.partition(".")[0] in ("openai", "httpx") and response is not None:
            return _refused(call, response, int(response.status_code), _text(response))
    if names & {"ConnectError", "ConnectTimeout", "ClientConnectorError", "UnsupportedProtocol", "InvalidURL"}:
        return {"failure": "unreachable"}
    if names & {"APITimeoutError", "ReadTimeout", "WriteTimeout", "TimeoutError", "TimeoutException"}:
        return {"failure": "timeout"}
    if "AuthenticationError" in names:
        return {"failure": "no_key"}  # litellm found none for this provider, and sent nothing
    if len(causes) == 1 and getattr(error, "status_code", None) in (400, 404):
        return {"failure": "unknown_model"}  # no such provider: litellm sent nothing
    return {"failure": "cut"}


if __name__ == "__main__":
    serve({"complete": complete, "price": price})
