"""litellm over the wire, against a loopback server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from core.errors import ModelFailed
from core.gateways.llm import LitellmModel
from core.ports import ModelRequest
from core.worker import Worker
from tests.clock import FixedClock
from tests.fakes.llm import KEY, LEFT_OUT, FakeModel, Fault
from tests.patience import PATIENCE_S

pytestmark = [
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="session"),
]

SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "body": {"type": "string"}},
    "required": ["title", "body"],
    "additionalProperties": False,
}
ANSWER = {"title": "A title", "body": "A body."}
APOLOGY = "I'm sorry, but I can't help with that request."
THOUGHT = {"role": "assistant", "content": None, "reasoning_content": "Let me think."}
BROKEN = {
    "index": 0,
    "message": {"role": "assistant", "content": "{"},
    "finish_reason": "error",
    "error": {"code": 502, "message": "x"},
}
LIMITED = {
    "index": 0,
    "message": {"role": "assistant", "content": ""},
    "finish_reason": "error",
    "error": {"code": 429, "message": "x"},
}
KNOWN, UNKNOWN = "openai/gpt-4o-mini", "openai/made-up-model"


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[FakeModel]:
    async with FakeModel(ANSWER) as running:
        yield running


@pytest.fixture
def model(server: FakeModel, litellm: Worker) -> LitellmModel:
    return LitellmModel(api_base=server.url, api_key=KEY, clock=FixedClock(), probe_model=KNOWN, worker=litellm)


def request(name: str = KNOWN, **changes: Any) -> ModelRequest:
    values: dict[str, Any] = {
        "task": "draft",
        "model": name,
        "system": "Write.",
        "prompt": "Something",
        "max_output_tokens": 500,
        "answer_schema": SCHEMA,
        "timeout_s": 20.0,
    }
    return ModelRequest(**{**values, **changes})


async def failure(model: LitellmModel, asked: ModelRequest | None = None) -> ModelFailed:
    with pytest.raises(ModelFailed) as caught:
        await model.complete(asked or request())
    error = caught.value
    assert KEY not in f"{error!r} {error} {error.__cause__} {error.__context__} {model!r} {model.health}"
    assert error.remote == "llm"
    assert error.what
    assert error.do
    return error


async def test_an_answer_comes_back_with_the_price_maps_cost(model: LitellmModel, server: FakeModel) -> None:
    answer = await model.complete(request())
    assert answer.content == ANSWER
    assert (answer.prompt_tokens, answer.completion_tokens) == (100, 20)
    assert answer.cost_basis == "price_map"
    assert answer.cost_usd_micros == 27  # 100 × $0.15 and 20 × $0.60 a million tokens
    assert model.health.last_success_at is not None
    assert model.health.problem is None
    sent = server.requests[-1]
    assert sent["max_tokens"] == 500
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]


async def test_the_providers_own_cost_is_believed_before_the_price_map(model: LitellmModel, server: FakeModel) -> None:
    server.cost_usd = 0.0012341
    answer = await model.complete(request())
    assert (answer.cost_usd_micros, answer.cost_basis) == (1235, "provider")


async def test_the_cost_of_a_model_that_nobody_prices_is_unknown_and_never_free(
    model: LitellmModel, server: FakeModel
) -> None:
    answer = await model.complete(request(UNKNOWN))
    assert (answer.cost_usd_micros, answer.cost_basis) == (None, "unknown")
    assert await model.worst_case_usd_micros(request(UNKNOWN)) > await model.worst_case_usd_micros(request(KNOWN)) > 0


async def test_the_worst_case_is_never_below_the_real_cost(model: LitellmModel, server: FakeModel) -> None:
    asked = request(prompt="é" * 50)
    server.prompt_tokens = len((asked.system + asked.prompt).encode())
    server.completion_tokens = asked.max_output_tokens
    answer = await model.complete(asked)
    assert answer.cost_usd_micros is not None
    assert await model.worst_case_usd_micros(asked) >= answer.cost_usd_micros


@pytest.mark.parametrize(
    ("fault", "permanent", "spent", "words"),
    [
        pytest.param(Fault(401, "invalid_api_key"), True, 0, "does not accept the key", id="401"),
        (Fault(403, "forbidden"), True, 0, "does not accept the key"),
        pytest.param(Fault(402, "payment_required"), True, 0, "no credit", id="402"),
        (Fault(429, "insufficient_quota"), True, 0, "no credit"),
        pytest.param(Fault(404, "model_not_found"), True, 0, "no model", id="404, the wrong model"),
        (Fault(400, "invalid_request_error"), False, 0, "did not accept the request"),
        (Fault(500), False, 0, "has trouble"),
        (Fault(503), False, 0, "has trouble"),
        (Fault(504), False, None, "has trouble"),
        (Fault(cut=True), False, None, "ended the connection"),
        (Fault(text="{not json"), False, None, "ended the connection"),
        (Fault(text="<html>login</html>"), False, None, "answers with a web page"),
        (Fault(text="{}"), False, None, "ended the connection"),
        (Fault(content="Sure! Here is your post."), False, 27, "cannot be used"),
        (Fault(content='{"title": "only a title"}'), False, 27, "cannot be used"),
        (Fault(content='{"title": 1, "body": []}'), False, 27, "cannot be used"),
        (Fault(content="[" * 5000), False, 27, "cannot be used"),
        pytest.param(Fault(finish="length"), False, 27, "cut off", id="truncation"),
        pytest.param(Fault(finish="content_filter"), False, 27, "declined", id="refusal by filter"),
        pytest.param(Fault(content=APOLOGY), False, 27, "declined", id="refusal in words"),
        pytest.param(
            Fault(content=json.dumps({"title": "", "body": APOLOGY})),
            False,
            27,
            "declined",
            id="refusal in words, in the form that was asked for",
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Fault) and value.status != 200 else None,
)
async def test_every_failure_is_told_in_our_words_with_what_it_cost(
    model: LitellmModel, server: FakeModel, fault: Fault, permanent: bool, spent: int | None, words: str
) -> None:
    server.faults.append(fault)
    error = await failure(model)
    assert words in error.what
    assert error.permanent is permanent
    assert error.spent_usd_micros == spent
    assert len(server.requests) == 1, "one call is one request"


def used(**usage: Any) -> Fault:
    return Fault(fields={"usage": usage})


def thought_only(finish: str) -> Fault:
    return Fault(fields={"choices": [{"index": 0, "message": THOUGHT, "finish_reason": finish}]})


def error(body: Any, **more: Any) -> Fault:
    return Fault(text=json.dumps({"error": body, **more}))


# 100 and 20 tokens come to 27 micro-dollars; the worst case is what the ledger held, which None stands for.
@pytest.mark.parametrize(
    ("fault", "cost"),
    [
        pytest.param(Fault(), 27, id="success"),
        pytest.param(Fault(fields={"usage": LEFT_OUT}), None, id="cost absent"),
        (Fault(fields={"usage": None}), None),
        (used(prompt_tokens=0, completion_tokens=0, total_tokens=0), None),
        (used(prompt_tokens=100), None),
        (used(prompt_tokens=100, completion_tokens=0), None),
        (used(prompt_tokens=None, completion_tokens=None), None),
        (used(prompt_tokens=-100, completion_tokens=-20), None),
        (used(prompt_tokens="100", completion_tokens="20"), 27),
        (used(prompt_tokens="many", completion_tokens="some"), None),
        (Fault(fields={"usage": "lots"}), None),
        (Fault(fields={"usage": [1]}), None),
        (used(input_tokens=100, output_tokens=20), 27),
        (Fault(fields={"usage": LEFT_OUT, "prompt_eval_count": 100, "eval_count": 20}), 27),
        (Fault(fields={"usage": LEFT_OUT, "usageMetadata": {"promptTokenCount": 100, "candidatesTokenCount": 20}}), 27),
        (used(prompt_tokens=0, completion_tokens=0, input_tokens=100, output_tokens=20), 27),
        (used(prompt_tokens=100, completion_tokens=20, total_tokens=1120), 627),
        pytest.param(used(prompt_tokens=100, completion_tokens=20, total_tokens=120, cost=0), 27, id="cost zero"),
        pytest.param(used(cost=0), None, id="cost zero, no tokens"),
        pytest.param(used(cost=0.004), 4_000, id="cost present"),
        (used(cost="0.004"), 4_000),
        (used(cost={"total_cost": 0.004, "currency": "USD"}), 4_000),
        (used(prompt_tokens=100, completion_tokens=20, cost=0.004, currency="EUR"), 27),
        pytest.param(used(cost=0, cost_details={"upstream_inference_cost": 0.01}), 10_000, id="cost upstream only"),
        (used(cost=0.0005, is_byok=True, cost_details={"upstream_inference_cost": 0.01}), 10_500),
        (used(cost=0.01, is_byok=False, cost_details={"upstream_inference_cost": 0.01}), 10_000),
        (used(cost=0.0005, is_byok=True), None),
        (Fault(fields={"error": {}}), 27),
        pytest.param(Fault(fields={"model": "gpt-4o"}), 450, id="another model answers than was asked"),
    ],
)
async def test_an_answer_costs_what_any_report_of_it_says_and_never_nothing(
    model: LitellmModel, server: FakeModel, fault: Fault, cost: int | None
) -> None:
    server.faults.append(fault)
    answer = await model.complete(request())
    assert answer.content == ANSWER, "a strange report does not lose the text"
    assert answer.cost_usd_micros == cost


@pytest.mark.parametrize(
    ("fault", "permanent", "spent", "words"),
    [
        (error({"code": 429, "message": "slow"}), False, 0, "slow down"),
        (error({"code": "429", "message": "slow"}), False, 0, "slow down"),
        (error({"code": "rate_limit_exceeded", "message": "x"}), False, 0, "slow down"),
        (error("Rate limit reached"), False, 0, "slow down"),
        (error({"code": 401, "message": "No auth credentials found"}), True, 0, "does not accept the key"),
        (error({"type": "authentication_error", "message": "x"}), True, 0, "does not accept the key"),
        (error({"code": 402, "message": "Insufficient credits"}), True, 0, "no credit"),
        (error({"code": "insufficient_quota", "message": "x"}), True, 0, "no credit"),
        (error({"code": 404, "message": "No endpoints found for this"}), True, 0, "no model"),
        (error("model 'made-up' not found"), True, 0, "no model"),
        (error({"code": 404, "message": "Not Found"}), True, 0, "not at this path"),
        (error({"code": 502, "message": "Provider returned error"}), False, None, "has trouble"),
        (error({"code": 503, "message": "Overloaded"}), False, 0, "has trouble"),
        (error({"message": "Something odd"}), False, 0, "has trouble"),
        (error({"code": 403, "message": "Input was flagged"}), False, 0, "declined"),
        (Fault(text='{"object": "error", "message": "m", "code": 404}'), True, 0, "not at this path"),
        (Fault(text='{"detail": "Not Found"}'), True, 0, "not at this path"),
        (Fault(404, text="<html>404</html>"), True, 0, "not at this path"),
        (Fault(404, text='{"detail": "Not Found"}'), True, 0, "not at this path"),
        (Fault(405, text=""), True, 0, "not at this path"),
        (Fault(404, text='{"error": {"message": "The model `gpt-4o-mini` does not exist"}}'), True, 0, "no model"),
        (Fault(400, text='{"error": {"message": "x/y is not a valid model ID"}}'), True, 0, "no model"),
        (Fault(400, text='{"error": {"message": "Your credit balance is too low"}}'), True, 0, "no credit"),
        (Fault(502), False, None, "has trouble"),
        (Fault(text='data: {"choices": []}\n\n'), False, None, "ended the connection"),
        (Fault(fields={"choices": []}), False, None, "ended the connection"),
        (Fault(content=""), False, 27, "answered with nothing"),
        pytest.param(thought_only("stop"), False, 27, "thinking", id="thinking only"),
        pytest.param(thought_only("length"), False, 27, "thinking", id="thinking only, up to the limit"),
        (Fault(fields={"choices": [BROKEN], "usage": LEFT_OUT}), False, None, "broke its answer off"),
        (Fault(fields={"choices": [LIMITED], "usage": LEFT_OUT}), False, 0, "slow down"),
        (Fault(text='[{"error": {"code": 429, "message": "x"}}]'), False, 0, "slow down"),
        (Fault(text='{"code": 1113, "msg": "insufficient balance", "success": false}'), True, 0, "no credit"),
        (Fault(text='{"base_resp": {"status_code": 1002, "status_msg": "rate limit"}}'), False, 0, "slow down"),
        (
            Fault(fields={"error": {"code": 502, "message": "x"}, "usage": LEFT_OUT}),
            False,
            None,
            "broke its answer off",
        ),
    ],
)
async def test_an_error_is_told_by_what_it_is_whatever_status_it_came_with(
    model: LitellmModel, server: FakeModel, fault: Fault, permanent: bool, spent: int | None, words: str
) -> None:
    server.faults.append(fault)
    failed = await failure(model)
    assert words in failed.what
    assert (failed.permanent, failed.spent_usd_micros) == (permanent, spent)
    assert len(server.requests) == 1


async def test_a_limit_told_inside_a_200_holds_the_next_request_back_as_any_limit_does(
    model: LitellmModel, server: FakeModel
) -> None:
    server.faults.append(Fault(text='{"error": {"code": 429, "message": "x"}}', headers={"Retry-After": "7"}))
    failed = await failure(model)
    assert (failed.status, failed.retry_after_s) == (429, 7.0)
    await failure(model)
    assert len(server.requests) == 1


async def test_an_address_without_v1_is_told_to_be_tried_with_it(server: FakeModel, litellm: Worker) -> None:
    for base, advice in (
        (server.url.removesuffix("/v1"), "/v1 at its end"),
        (f"{server.url}/chat/completions", "leave /chat/completions off"),
        (f"{server.url}/other", "check the path"),
    ):
        model = LitellmModel(api_base=base, api_key=KEY, clock=FixedClock(), probe_model=KNOWN, worker=litellm)
        failed = await failure(model)
        assert "answers, but not at this path" in failed.what
        assert advice in failed.do
        assert "…/v1" in failed.do
        assert (failed.permanent, failed.spent_usd_micros) == (True, 0)


async def test_trouble_that_passes_is_followed_by_an_answer(model: LitellmModel, server: FakeModel) -> None:
    server.faults.append(Fault(500))
    await failure(model)
    assert (await model.complete(request())).content == ANSWER


async def test_only_a_price_in_the_settings_makes_a_model_free(server: FakeModel, litellm: Worker) -> None:
    names = {"openai/free": (0.0, 0.0), "openai/stated": (1e-6, 2e-6)}
    model = LitellmModel(
        api_base=server.url, api_key=KEY, clock=FixedClock(), probe_model=KNOWN, prices=names, worker=litellm
    )
    assert await model.worst_case_usd_micros(request("openai/free")) == 0
    for fault in (Fault(), Fault(fields={"usage": LEFT_OUT}), used(cost=0.5)):
        server.faults.append(fault)
        free = await model.complete(request("openai/free"))
        assert (free.cost_usd_micros, free.cost_basis) == (0, "settings")
    stated = await model.complete(request("openai/stated"))
    assert (stated.cost_usd_micros, stated.cost_basis) == (140, "settings")
    server.faults.append(Fault(fields={"usage": LEFT_OUT}))
    assert (await model.complete(request("openai/stated"))).cost_usd_micros is None
    server.faults.append(used(prompt_tokens=100, completion_tokens=20, cost=0.5))
    assert (await model.complete(request("openai/stated"))).cost_usd_micros == 500_000, "the dearer of the two"


async def test_a_model_that_the_price_map_calls_free_is_expensive_until_the_settings_say_so(
    model: LitellmModel, server: FakeModel
) -> None:
    assert await model.worst_case_usd_micros(request("ollama_chat/llama3")) > 25_000


async def test_thinking_in_front_of_an_answer_is_passed_over(model: LitellmModel, server: FakeModel) -> None:
    server.faults.append(Fault(content='<think>hm {"a": 1}</think>\n{"title": "T", "body": "B"}'))
    assert (await model.complete(request())).content == {"title": "T", "body": "B"}


@pytest.mark.parametrize(
    "around",
    [
        "Sure! Here is your post:\n\n{}\n\nLet me know if you want it shorter.",
        "I can't promise that it fits, but here it is: {} Sorry for the wait.",
        "The schema {{title, body}} is kept.\n```json\n{}\n```\nWords: 2.",
    ],
    ids=["a greeting", "words like those of a refusal", "braces and a fence"],
)
async def test_prose_around_an_answer_is_passed_over(model: LitellmModel, server: FakeModel, around: str) -> None:
    server.faults.append(Fault(content=around.format('{"title": "T", "body": "B"}')))
    answer = await model.complete(request())
    assert (answer.content, answer.cost_usd_micros) == ({"title": "T", "body": "B"}, 27)


async def test_a_fenced_answer_is_read(model: LitellmModel, server: FakeModel) -> None:
    server.faults.append(Fault(content='```json\n{"title": "T", "body": "B"}\n```'))
    assert (await model.complete(request())).content == {"title": "T", "body": "B"}


async def test_too_many_requests_carry_the_wait_and_open_the_breaker(model: LitellmModel, server: FakeModel) -> None:
    server.faults.append(Fault(429, "rate_limited", {"Retry-After": "7"}))
    error = await failure(model)
    assert (error.status, error.retry_after_s, error.spent_usd_micros) == (429, 7.0, 0)
    refused = await failure(model)
    assert refused.spent_usd_micros == 0
    assert len(server.requests) == 1, "nothing is sent while the provider asked us to wait"


async def test_a_wrong_key_is_refused_without_being_shown(server: FakeModel, litellm: Worker) -> None:
    model = LitellmModel(
        api_base=server.url, api_key="sk-wrong-987654", clock=FixedClock(), probe_model=KNOWN, worker=litellm
    )
    error = await failure(model)
    assert error.permanent
    assert "sk-wrong" not in f"{error!r}{error}{model!r}{model.health}"
    assert "BCRAO_LLM_API_KEY" in error.do


async def test_a_server_of_ones_own_is_asked_without_anybody_elses_key(server: FakeModel, litellm: Worker) -> None:
    model = LitellmModel(api_base=server.url, api_key=None, clock=FixedClock(), probe_model=KNOWN, worker=litellm)
    error = await failure(model)
    assert error.status == 401, "the request was sent, with no real key in it"
    assert server.refused == ["Bearer no-key"]


async def test_a_slow_provider_is_a_timeout_that_may_have_cost_money(model: LitellmModel, server: FakeModel) -> None:
    server.faults.append(Fault(delay_s=5))
    error = await failure(model, request(timeout_s=0.3))
    assert "did not answer" in error.what
    assert error.spent_usd_micros is None


async def test_an_unreachable_provider_cost_nothing(litellm: Worker) -> None:
    model = LitellmModel(
        api_base="http://127.0.0.1:9/v1", api_key=KEY, clock=FixedClock(), probe_model=KNOWN, worker=litellm
    )
    error = await failure(model)
    assert "cannot be reached" in error.what
    assert error.spent_usd_micros == 0
    assert model.health.problem is not None


async def test_a_model_name_without_a_provider_is_told_as_such(model: LitellmModel, server: FakeModel) -> None:
    error = await failure(model, request("no-such-provider"))
    assert "no model no-such-provider" in error.what
    assert server.requests == []


async def test_a_failing_model_does_not_silence_its_fallback(model: LitellmModel, server: FakeModel) -> None:
    server.by_model["made-up-model"] = Fault(404, "model_not_found")
    await failure(model, request(UNKNOWN))
    assert (await model.complete(request(KNOWN))).content == ANSWER
    assert UNKNOWN in (model.health.problem or ""), "the working fallback does not hide the problem"


async def test_the_probe_takes_a_cut_answer_for_life_and_a_refused_key_for_a_problem(
    model: LitellmModel, server: FakeModel
) -> None:
    server.faults.extend([Fault(finish="length"), Fault(401, "invalid_api_key")])
    await model.probe()
    with pytest.raises(ModelFailed):
        await model.probe()


async def test_concurrent_calls_share_one_process(model: LitellmModel, server: FakeModel) -> None:
    server.faults.extend([Fault(crowd=5)] * 5)
    async with asyncio.timeout(PATIENCE_S):
        answers = await asyncio.gather(*(model.complete(request()) for _ in range(5)))
    assert [answer.content for answer in answers] == [ANSWER] * 5


async def test_a_killed_process_is_a_failure_and_the_next_call_starts_another(
    model: LitellmModel, server: FakeModel, litellm: Worker
) -> None:
    await model.complete(request())
    server.arrived.clear()
    server.faults.append(Fault(delay_s=5))
    call = asyncio.create_task(model.complete(request()))
    await server.arrived.wait()
    assert litellm.pid is not None
    os.kill(litellm.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError), pytest.raises(ModelFailed) as caught:
        await call
    assert caught.value.spent_usd_micros is None
    assert (await model.complete(request())).content == ANSWER
