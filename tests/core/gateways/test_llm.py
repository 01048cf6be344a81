"""litellm over the wire, against a loopback server. One worker for the whole module: it takes seconds to start."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from core.errors import ModelFailed
from core.gateways.llm import LitellmModel
from core.ports import ModelRequest
from tests.clock import FixedClock
from tests.fakes.llm import KEY, FakeModel, Fault

pytestmark = [
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("litellm"),
]

SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "body": {"type": "string"}},
    "required": ["title", "body"],
    "additionalProperties": False,
}
ANSWER = {"title": "A title", "body": "A body."}
KNOWN, UNKNOWN = "openai/gpt-4o-mini", "openai/made-up-model"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker() -> AsyncIterator[Any]:
    """The child process that the tests of this module share."""
    starter = LitellmModel(api_base="http://127.0.0.1:9/v1", api_key=KEY, clock=FixedClock(), probe_model=KNOWN)
    yield starter._worker
    await starter.close()


@pytest_asyncio.fixture(loop_scope="module")
async def server() -> AsyncIterator[FakeModel]:
    async with FakeModel(ANSWER) as running:
        yield running


@pytest.fixture
def model(server: FakeModel, worker: Any) -> LitellmModel:
    return LitellmModel(api_base=server.url, api_key=KEY, clock=FixedClock(), probe_model=KNOWN, worker=worker)


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


async def test_litellm_is_never_imported_by_the_resident_process() -> None:
    code = (
        "import sys, core.gateways.llm, core.drafting.service, core.drafting.writers; print('litellm' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    assert printed.split() == [b"False"]


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
        (Fault(401, "invalid_api_key"), True, 0, "does not accept the key"),
        (Fault(403, "forbidden"), True, 0, "does not accept the key"),
        (Fault(402, "payment_required"), True, 0, "no credit"),
        (Fault(429, "insufficient_quota"), True, 0, "no credit"),
        (Fault(404, "model_not_found"), True, 0, "no model"),
        (Fault(400, "invalid_request_error"), False, 0, "did not accept the request"),
        (Fault(500), False, 0, "has trouble"),
        (Fault(503), False, 0, "has trouble"),
        (Fault(504), False, None, "has trouble"),
        (Fault(cut=True), False, None, "ended the connection"),
        (Fault(text="{not json"), False, None, "ended the connection"),
        (Fault(text="<html>login</html>"), False, None, "ended the connection"),
        (Fault(text="{}"), False, None, "ended the connection"),
        (Fault(content="Sure! Here is your post."), False, 27, "cannot be used"),
        (Fault(content='{"title": "only a title"}'), False, 27, "cannot be used"),
        (Fault(content='{"title": 1, "body": []}'), False, 27, "cannot be used"),
        (Fault(content="[" * 5000), False, 27, "cannot be used"),
        (Fault(finish="length"), False, 27, "cut off"),
        (Fault(finish="content_filter"), False, 27, "declined"),
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


async def test_a_wrong_key_is_refused_without_being_shown(server: FakeModel, worker: Any) -> None:
    model = LitellmModel(
        api_base=server.url, api_key="sk-wrong-987654", clock=FixedClock(), probe_model=KNOWN, worker=worker
    )
    error = await failure(model)
    assert error.permanent
    assert "sk-wrong" not in f"{error!r}{error}{model!r}{model.health}"
    assert "BCRAO_LLM_API_KEY" in error.do


async def test_a_server_of_ones_own_is_asked_without_anybody_elses_key(server: FakeModel, worker: Any) -> None:
    model = LitellmModel(api_base=server.url, api_key=None, clock=FixedClock(), probe_model=KNOWN, worker=worker)
    error = await failure(model)
    assert error.status == 401, "the request was sent, with no real key in it"
    assert server.refused == ["Bearer no-key"]


async def test_a_slow_provider_is_a_timeout_that_may_have_cost_money(model: LitellmModel, server: FakeModel) -> None:
    server.faults.append(Fault(delay_s=5))
    error = await failure(model, request(timeout_s=0.3))
    assert "did not answer" in error.what
    assert error.spent_usd_micros is None


async def test_an_unreachable_provider_cost_nothing(worker: Any) -> None:
    model = LitellmModel(
        api_base="http://127.0.0.1:9/v1", api_key=KEY, clock=FixedClock(), probe_model=KNOWN, worker=worker
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


async def test_concurrent_calls_share_one_process(model: LitellmModel, server: FakeModel, worker: Any) -> None:
    server.faults.extend([Fault(delay_s=0.3)] * 5)
    started = asyncio.get_running_loop().time()
    answers = await asyncio.gather(*(model.complete(request()) for _ in range(5)))
    assert [answer.content for answer in answers] == [ANSWER] * 5
    assert asyncio.get_running_loop().time() - started < 1.4


async def test_a_killed_process_is_a_failure_and_the_next_call_starts_another(
    model: LitellmModel, server: FakeModel, worker: Any
) -> None:
    await model.complete(request())
    server.arrived.clear()
    server.faults.append(Fault(delay_s=5))
    call = asyncio.create_task(model.complete(request()))
    await server.arrived.wait()
    os.kill(worker.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError), pytest.raises(ModelFailed) as caught:
        await call
    assert caught.value.spent_usd_micros is None
    assert (await model.complete(request())).content == ANSWER
