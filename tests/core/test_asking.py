"""Which remedy a model's failure gets: the same model once more, a longer limit, a repair, or the next model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.asking import LONGEST_WAIT_S, Asker, Route, Spent
from core.errors import ModelFailed, RemoteError
from core.ledger import Ledger
from core.model import Caller
from core.ports import ModelAnswer, ModelRequest
from storage.store import Store
from tests.clock import FixedClock

REQUEST = ModelRequest("draft", "", "You write.", "About invoices.", 500, {"type": "object"})


@dataclass
class Models:
    """Every model of a provider: fails with what it was given, in order, and then answers."""

    failures: list[ModelFailed] = field(default_factory=list)
    asked: list[ModelRequest] = field(default_factory=list)

    async def worst_case_usd_micros(self, request: ModelRequest) -> int:
        return 100

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        self.asked.append(request)
        if self.failures:
            raise self.failures.pop(0)
        return ModelAnswer({"title": "Invoices"}, request.model, 10, 5, 30, "provider")


def failed(reason: str, **more: object) -> ModelFailed:
    """A failure that cost nothing, unless told otherwise."""
    known: dict[str, Any] = {"reason": reason, "spent_usd_micros": 0, **more}
    return ModelFailed(f"It failed: {reason}.", f"Mend {reason}.", **known)


@pytest.fixture
async def models(store: Store, clock: FixedClock, caller: Caller) -> Models:
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=1_000_000)
    return Models()


def asker(models: Models, store: Store, clock: FixedClock, names: Sequence[str] = ("first", "second")) -> Asker:
    return Asker([Route(models, name) for name in names], Ledger(store, clock), clock)


AGAIN, NEXT = ["first", "first"], ["first", "second"]


@pytest.mark.parametrize(
    ("failure", "asked", "waited"),
    [
        (failed("rate", status=429), AGAIN, 1),
        (failed("rate", status=429, retry_after_s=7.0), AGAIN, 8),
        (failed("rate", status=429, retry_after_s=LONGEST_WAIT_S), AGAIN, LONGEST_WAIT_S + 1),
        (failed("rate", status=429, retry_after_s=LONGEST_WAIT_S + 0.1), NEXT, 0),
        (failed("rate", status=429, permanent=True), NEXT, 0),
        (failed("trouble", status=503), AGAIN, 1),
        (failed("trouble", status=503, permanent=True), NEXT, 0),
        (failed("trouble"), AGAIN, 1),
        (failed("trouble", status=504), NEXT, 0),
        (failed("cut"), AGAIN, 1),
        (failed("cut", permanent=True), NEXT, 0),
        (failed("no_model", status=404, permanent=True), NEXT, 0),
        (failed("refused"), NEXT, 0),
        (failed("malformed"), NEXT, 0),
        (failed("malformed", answered=""), NEXT, 0),
        (failed(""), NEXT, 0),
    ],
)
async def test_only_what_can_pass_soon_is_asked_of_the_same_model_again(
    models: Models,
    store: Store,
    clock: FixedClock,
    caller: Caller,
    failure: ModelFailed,
    asked: list[str],
    waited: float,
) -> None:
    began = clock.now()
    models.failures.append(failure)
    answer = await asker(models, store, clock).ask(caller, REQUEST)
    assert [request.model for request in models.asked] == asked
    assert answer.answer.model == asked[-1]
    assert (clock.now() - began).total_seconds() == waited
    assert answer.spent == Spent(30, 10, 5)


async def test_each_remedy_is_tried_once_and_only_the_first_model_is_asked_again(
    models: Models, store: Store, clock: FixedClock, caller: Caller
) -> None:
    models.failures = [
        failed("rate"),
        failed("truncated", spent_usd_micros=40, prompt_tokens=10, completion_tokens=500),
        failed("malformed", answered="Title: Invoices", spent_usd_micros=20, prompt_tokens=10, completion_tokens=9),
        failed("rate"),
        failed("rate"),
    ]
    with pytest.raises(RemoteError):
        await asker(models, store, clock).ask(caller, REQUEST)
    assert [(r.model, r.max_output_tokens) for r in models.asked] == [
        ("first", 500),
        ("first", 500),
        ("first", 1500),
        ("first", 1500),
        ("second", 500),
    ]
    assert "Title: Invoices" in models.asked[3].prompt
    assert '{"type": "object"}' in models.asked[3].system
    assert models.asked[4].prompt == REQUEST.prompt


@pytest.mark.parametrize(
    ("permanent", "is_permanent"), [((True, False), False), ((False, True), False), ((True, True), True)]
)
async def test_the_failure_of_all_says_what_each_said_and_what_helps_the_first(
    models: Models,
    store: Store,
    clock: FixedClock,
    caller: Caller,
    permanent: tuple[bool, bool],
    is_permanent: bool,
) -> None:
    models.failures = [
        failed("no_model", status=404, permanent=permanent[0], retry_after_s=90.0),
        failed("refused", status=400, permanent=permanent[1], retry_after_s=60.0),
    ]
    with pytest.raises(RemoteError) as caught:
        await asker(models, store, clock).ask(caller, REQUEST)
    error = caught.value
    assert (error.what, error.do) == ("It failed: no_model. It failed: refused.", "Mend no_model.")
    assert (error.permanent, error.retry_after_s, error.status, error.remote) == (is_permanent, 60.0, 404, "llm")


async def test_what_two_models_say_alike_is_said_once(
    models: Models, store: Store, clock: FixedClock, caller: Caller
) -> None:
    models.failures = [failed("refused"), failed("refused")]
    with pytest.raises(RemoteError) as caught:
        await asker(models, store, clock).ask(caller, REQUEST)
    assert (caught.value.what, caught.value.retry_after_s) == ("It failed: refused.", None)
