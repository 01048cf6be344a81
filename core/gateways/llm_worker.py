"""The child process that holds litellm (2.7 s and 195 MiB to import: platform-facts). Run by `core.worker.Worker`.

It answers failures as values, not as exceptions: an exception of litellm or of a provider may quote the key or the
prompt, and nothing of it leaves this module.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from core.worker import serve

_SCHEMA_NAME = "answer"
_LONGEST_CHAIN = 12


async def complete(call: Mapping[str, Any]) -> dict[str, Any]:
    """One completion. `call` holds model, system, prompt, max_output_tokens, answer_schema, timeout_s, api_base,
    api_key.

    Answers {"content", "model", "prompt_tokens", "completion_tokens", "cost_usd", "cost_basis"}, or {"failure": reason,
    "status", "retry_after", "date", "no_credit" …} with a reason of: `unknown_model`, `http`, `unreachable`, `timeout`,
    `no_key`, `cut`, `malformed`, `truncated`, `refused`. The last three were answers: they carry tokens and cost too.
    """
    litellm = _litellm()
    try:
        async with asyncio.timeout(call["timeout_s"]):  # litellm's own timeout is per read: a trickle never ends
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
                drop_params=True,  # a model without structured output is asked in words, and checked all the same
            )
    except TimeoutError:
        return {"failure": "timeout"}
    except Exception as error:  # noqa: BLE001 - litellm raises some thirty classes; each is told by its causes
        return _failure(error)
    try:
        return _read(answer, call)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return {"failure": "cut"}  # a 200 that is no completion: nobody knows what it cost


def price(call: Mapping[str, Any]) -> dict[str, float] | None:
    """Dollars per token of `call["model"]` as {"input", "output"}, None when the price map does not know it."""
    try:
        known = _litellm().get_model_info(model=call["model"])
    except Exception:  # noqa: BLE001 - litellm raises bare Exception for a model that is not mapped
        return None
    costs = known.get("input_cost_per_token"), known.get("output_cost_per_token")
    if costs[0] is None or costs[1] is None:
        return None
    return {"input": float(costs[0]), "output": float(costs[1])}


def _litellm() -> Any:
    import litellm

    litellm.suppress_debug_info = True  # it prints advertisements and, in debug, requests
    litellm.telemetry = False
    logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)
    return litellm


def _read(answer: Any, call: Mapping[str, Any]) -> dict[str, Any]:
    choice = answer.choices[0]
    cost_usd, basis = _cost(answer, call["model"])
    spent = {
        "model": str(answer.model or call["model"]),
        "prompt_tokens": int(answer.usage.prompt_tokens or 0),
        "completion_tokens": int(answer.usage.completion_tokens or 0),
        "cost_usd": cost_usd,
        "cost_basis": basis,
        "date": (answer._hidden_params.get("additional_headers") or {}).get("llm_provider-date"),
    }
    if choice.finish_reason == "content_filter" or getattr(choice.message, "refusal", None):
        return {"failure": "refused", **spent}
    if choice.finish_reason == "length":
        return {"failure": "truncated", **spent}
    content = _content(choice.message.content, call["answer_schema"])
    return {"failure": "malformed", **spent} if content is None else {"content": content, **spent}


def _content(text: str | None, schema: Mapping[str, Any]) -> Any:
    """The JSON object of an answer that satisfies the schema, None when it does not."""
    import jsonschema  # comes with litellm

    unfenced = (text or "").strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        content = json.loads(unfenced)
        jsonschema.validate(content, schema)
    except (ValueError, RecursionError, jsonschema.ValidationError):
        return None
    return content


def _cost(answer: Any, model: str) -> tuple[float | None, str]:
    told = getattr(answer.usage, "cost", None)
    if isinstance(told, int | float) and not isinstance(told, bool) and told >= 0:
        return float(told), "provider"
    reckoned = answer._hidden_params.get("response_cost")
    # litellm reckons 0 for some models it has no price of: that is "unknown", not "free".
    if isinstance(reckoned, int | float) and (reckoned > 0 or price({"model": model}) is not None):
        return float(reckoned), "price_map"
    return None, "unknown"


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


def _failure(error: Exception) -> dict[str, Any]:
    """Told by the causes, because litellm gives 408 and 500 to what never had an HTTP status."""
    causes = list(_causes(error))
    names = {type(cause).__name__ for cause in causes}
    if "ContentPolicyViolationError" in names:
        return {"failure": "refused", "prompt_tokens": 0, "completion_tokens": 0, "cost_usd": 0.0}
    for cause in causes:
        response = getattr(cause, "response", None)
        if type(cause).__module__.partition(".")[0] in ("openai", "httpx") and response is not None:
            told = f"{error} {_text(response)}"
            return {
                "failure": "http",
                "status": int(response.status_code),
                "retry_after": response.headers.get("retry-after"),
                "date": response.headers.get("date"),
                "no_credit": "insufficient_quota" in told or response.status_code == 402,
                "no_such_model": "model_not_found" in told or response.status_code == 404,
            }
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
