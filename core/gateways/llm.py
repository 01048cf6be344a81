"""Language models through litellm, which lives in a child process (`llm_worker`) and never in this one.

One call is one request. Neither this module nor litellm retries; the caller decides what a failure means. Every failure
is a `ModelFailed` in our own words. A provider's words are never passed on, because they may quote the key or the
prompt.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.clock import Clock
from core.errors import ModelFailed, RemoteError
from core.gateways.limits import Breaker, Health, may_have_worked, parse_retry_after, say_duration
from core.gateways.llm_cost import Price
from core.money import usd_micros
from core.ports import ModelAnswer, ModelRequest
from core.worker import Worker, WorkerDied, WorkerFailed

# The price of a token of a model whose price is unknown: dearer than 95 of 100 chat models in litellm's price map, so
# that such a model reaches a cap too early rather than too late.
UNKNOWN_INPUT_USD_PER_TOKEN = 10e-6
UNKNOWN_OUTPUT_USD_PER_TOKEN = 50e-6

_ENVIRONMENT = {  # platform-facts, litellm: no price map from the network, no tokenizer downloads, no load_dotenv
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_OFFLINE_MODE": "true",
    "LITELLM_MODE": "PRODUCTION",
}
_START_S = 45.0  # importing litellm takes 3 to 7 s on an idle machine, much longer on a busy one
_FRAME_TOKENS = 200  # what a provider adds around system text, prompt and schema, generously
_NO_KEY = "no-key"
_PROBE_SCHEMA = {
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
    "required": ["ready"],
    "additionalProperties": False,
}


def model_worker() -> Worker:
    """The child process that holds litellm; several models may share it."""
    return Worker("core.gateways.llm_worker", environment=_ENVIRONMENT)


@dataclass(frozen=True, slots=True)
class SettingNames:
    """The names of the settings that configure a model, for the words of a failure."""

    api_base: str = "BCRAO_LLM_API_BASE"
    api_key: str = "BCRAO_LLM_API_KEY"
    model: str = "BCRAO_LLM_DRAFT_MODEL, BCRAO_LLM_CLASSIFY_MODEL and BCRAO_LLM_FALLBACK_MODELS"


class LitellmModel:
    """Implements `core.ports.LanguageModel`, with one child process, and one circuit breaker for each model. `close`
    it.
    """

    def __init__(
        self,
        *,
        api_base: str | None,
        api_key: str | None,
        clock: Clock,
        probe_model: str,
        prices: Mapping[str, Price] | None = None,
        worker: Worker | None = None,
        set_by: SettingNames = SettingNames(),
    ) -> None:
        """`api_base` None means the provider's own address; `probe_model` is the model that `probe` asks. `prices` are
        in dollars per token of prompt and answer; only a price of 0 there makes a model free. Several instances may
        share one `worker`.
        """
        self._api_base = api_base
        # A private server often needs no key. Without one, litellm would send OPENAI_API_KEY to that other host.
        self._api_key = api_key or (_NO_KEY if api_base else None)
        self._clock = clock
        self._probe_model = probe_model
        self._worker = worker or model_worker()
        self._set_by = set_by
        self._breakers: dict[str, Breaker] = {}
        self._stated = dict(prices or {})
        self._mapped: dict[str, Price | None] = {}

    def __repr__(self) -> str:
        return f"LitellmModel(api_base={self._api_base!r}, probe_model={self._probe_model!r})"

    @property
    def health(self) -> Health:
        """The health of all models together: a fallback that works does not hide that the first model fails."""
        healths = {model: breaker.health for model, breaker in self._breakers.items()}
        problems = [f"{model}: {health.problem}" for model, health in healths.items() if health.problem]
        return Health(
            last_success_at=max((h.last_success_at for h in healths.values() if h.last_success_at), default=None),
            last_failure_at=max((h.last_failure_at for h in healths.values() if h.last_failure_at), default=None),
            problem=" ".join(problems) or None,
            clock_skew_s=next((h.clock_skew_s for h in healths.values() if h.clock_skew_s is not None), None),
        )

    async def worst_case_usd_micros(self, request: ModelRequest) -> int:
        """The most that a request can cost: prompt size times input price plus the longest answer times output price,
        rounded up.

        A token is at least one byte of UTF-8, so the number of bytes is an upper bound that needs no tokenizer.
        """
        input_usd, output_usd = await self._price(request.model)
        sent = request.system + request.prompt + json.dumps(dict(request.answer_schema))
        tokens = len(sent.encode("utf-8", "surrogatepass")) + _FRAME_TOKENS
        return math.ceil((tokens * input_usd + request.max_output_tokens * output_usd) * 1_000_000)

    async def _price(self, model: str) -> Price:
        if model in self._stated:
            return self._stated[model]
        if model not in self._mapped:
            found = await self._call("price", {"model": model}, timeout_s=_START_S)
            self._mapped[model] = (found["input"], found["output"]) if found else None
        return self._mapped[model] or (UNKNOWN_INPUT_USD_PER_TOKEN, UNKNOWN_OUTPUT_USD_PER_TOKEN)

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Send one request. Raises `ModelFailed`, which tells what the failed request cost."""
        breaker = self._breakers.setdefault(request.model, self._new_breaker(request.model))
        call = {
            "model": request.model,
            "system": request.system,
            "prompt": request.prompt,
            "max_output_tokens": request.max_output_tokens,
            "answer_schema": dict(request.answer_schema),
            "taken_schema": dict(request.taken_schema or request.answer_schema),
            "timeout_s": request.timeout_s,
            "api_base": self._api_base,
            "api_key": self._api_key,
            "price": self._stated.get(request.model),
        }
        try:
            with breaker.guarding():
                answer = await self._call("complete", call, timeout_s=request.timeout_s + _START_S)
                breaker.health.compare_clocks(answer.get("date"), self._clock.now())
                if "failure" in answer and "cost_usd" not in answer:
                    raise self._failure(request, answer)
        except ModelFailed:
            raise
        except RemoteError as refused:  # the breaker: nothing was sent
            raise ModelFailed(
                refused.what,
                refused.do,
                permanent=refused.permanent,
                retry_after_s=refused.retry_after_s,
                status=refused.status,
                spent_usd_micros=0,
            ) from None
        if "failure" in answer:  # an answer came and cannot be used; that is no failure of the remote
            raise self._unusable(request, answer)
        return ModelAnswer(
            content=answer["content"],
            model=answer["model"],
            prompt_tokens=answer["prompt_tokens"],
            completion_tokens=answer["completion_tokens"],
            cost_usd_micros=_micros(answer["cost_usd"]),
            cost_basis=answer["cost_basis"],
        )

    async def probe(self) -> None:
        """Ask the model for one word, which costs a fraction of a cent. Raises `ModelFailed` when it cannot be used."""
        request = ModelRequest(
            task="probe",
            model=self._probe_model,
            system="Answer with the JSON that is asked for.",
            prompt='Answer {"ready": true}',
            max_output_tokens=16,
            answer_schema=_PROBE_SCHEMA,
            timeout_s=20.0,
        )
        try:
            await self.complete(request)
        except ModelFailed as failed:
            if failed.status != 200:  # an answer cut short after 16 tokens is an answer
                raise

    async def close(self) -> None:
        """End the child process."""
        await self._worker.close()

    def _new_breaker(self, model: str) -> Breaker:
        return Breaker(remote="llm", name=f"The model {model}", clock=self._clock)

    async def _call(self, function: str, argument: Mapping[str, Any], *, timeout_s: float) -> Any:
        try:
            return await self._worker.call(function, argument, timeout_s=timeout_s)
        except TimeoutError:
            raise ModelFailed("The model did not answer in time.", "Try again in a while.") from None
        except (WorkerDied, WorkerFailed):
            raise ModelFailed(
                "The process that talks to the model ended before it answered.",
                "Try again; if it stays, look into the log: memory may be short, or the installation not complete.",
            ) from None

    def _failure(self, request: ModelRequest, answer: Mapping[str, Any]) -> ModelFailed:
        """The failure of a call for which no model is known to have worked."""
        kind, status = answer["failure"], answer.get("status")
        retry_after_s = parse_retry_after(answer.get("retry_after"), self._clock.now())
        with_status = f" (status {status})" if status is not None else ""
        if kind == "timeout":
            wait = say_duration(request.timeout_s)
            return ModelFailed(
                f"The model {request.model} did not answer within {wait}.", "Try again in a while.", reason=kind
            )
        if kind == "cut":
            return ModelFailed(
                "The model's provider ended the connection before a whole answer.", "Try again.", reason=kind
            )
        if kind == "page":
            return ModelFailed(
                "The model's address answers with a web page, not as a model.", self._other_path(), reason=kind
            )
        if kind == "trouble":
            # When a gateway times out, the model behind it may still have finished, and be billed.
            return ModelFailed(
                f"The model's provider has trouble{with_status}.",
                "Try again in a while.",
                retry_after_s=retry_after_s,
                status=status,
                reason=kind,
                spent_usd_micros=None if status is not None and may_have_worked(status) else 0,
            )
        if kind == "rate":
            return ModelFailed(
                "The model's provider asks us to slow down.",
                f"Try again in {say_duration(retry_after_s)}." if retry_after_s else "Try again in a minute.",
                retry_after_s=retry_after_s,
                status=status,
                reason=kind,
                spent_usd_micros=0,
            )
        what, do, permanent = self._refusal(kind, request.model, with_status)
        return ModelFailed(what, do, permanent=permanent, status=status, spent_usd_micros=0, reason=kind)

    def _refusal(self, kind: str, model: str, with_status: str) -> tuple[str, str, bool]:
        """What happened, what to do, and whether the failure is permanent until that is done."""
        if kind == "unreachable":
            return (
                "The model's provider cannot be reached.",
                f"Check the network, and {self._set_by.api_base} if it is set.",
                False,
            )
        if kind in ("key", "no_key"):
            return (
                "The model's provider does not accept the key.",
                f"Who runs the bot: set a valid {self._set_by.api_key} and start again.",
                True,
            )
        if kind == "no_credit":
            return (
                "The account at the model's provider has no credit left.",
                "Top it up or raise its limit there, or set another model.",
                True,
            )
        if kind in ("no_model", "unknown_model"):
            return (
                f"The provider has no model {model}.",
                f"Who runs the bot: check {self._set_by.model}.",
                True,
            )
        if kind == "wrong_address":
            return f"The model's address answers, but not at this path{with_status}.", self._other_path(), True
        if kind == "refused":
            return f"The provider of {model} declined the request for its content.", "Try another angle.", False
        return (
            f"The model's provider did not accept the request{with_status}.",
            "Set a model that takes this kind of request, or a shorter product text and fewer facts.",
            False,
        )

    def _other_path(self) -> str:
        """What to change about an address where something other than a model answers."""
        path = urlsplit(self._api_base or "").path.rstrip("/")
        if path.endswith("/completions"):
            return f"Who runs the bot: leave /chat/completions off {self._set_by.api_base}, so that it ends in …/v1"
        if "/v1" not in path:
            return f"Who runs the bot: try {self._set_by.api_base} with /v1 at its end: …/v1"
        return f"Who runs the bot: check the path in {self._set_by.api_base}; it usually ends in …/v1"

    @staticmethod
    def _unusable(request: ModelRequest, answer: Mapping[str, Any]) -> ModelFailed:
        what, do = {
            "refused": (f"The model {request.model} declined to write this.", "Try another angle."),
            "truncated": (f"The answer of {request.model} was cut off at its limit.", "Try again."),
            "thinking": (
                f"The model {request.model} spent its answer on thinking and wrote nothing.",
                "Try again, or set a model that thinks less.",
            ),
            "empty": (f"The model {request.model} answered with nothing.", "Try again."),
            "broken_off": (f"The provider of {request.model} broke its answer off with an error.", "Try again."),
            "malformed": (f"The model {request.model} answered in a form that cannot be used.", "Try again."),
        }[answer["failure"]]
        return ModelFailed(
            what,
            do,
            status=200,
            spent_usd_micros=_micros(answer["cost_usd"]),
            prompt_tokens=answer["prompt_tokens"],
            completion_tokens=answer["completion_tokens"],
            reason=answer["failure"],
            answered=answer.get("answered"),
        )


def _micros(cost_usd: float | None) -> int | None:
    return None if cost_usd is None else usd_micros(round(cost_usd, 12))
