"""What an analysis reads and learns again, and what it takes as it was."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis import extracts, renewal
from core.analysis.learning import Corpus, TermMatrix
from core.analysis.model import Seen, term_values
from core.analysis.service import Communities
from core.errors import UserError
from core.model import Caller, CollectedPost
from core.worker import WorkerDied, WorkerFailed
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.communities import prior
from tests.core.analysis.invented import kept
from tests.core.analysis.quick_reader import Inline
from tests.core.analysis.test_service import WORKSPACE, keep
from tests.core.collecting.invented import collected


class Counting(Inline):
    """Counts what the child processes are asked, and can die in the middle of it."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self.learned: list[int] = []
        self.dies_at: list[str] = []

    async def call(self, function: str, argument: Any, *, timeout_s: float = 120.0) -> Any:
        if function in self.dies_at:
            self.dies_at.remove(function)
            raise WorkerDied(function)
        if function == "read":
            self.read += [title for title, _ in argument["texts"]]
        answer = await super().call(function, argument, timeout_s=timeout_s)
        if function == "learn":
            self.learned.append(answer["model"]["posts"])
        return answer


@pytest.fixture
async def worker() -> AsyncIterator[Counting]:
    worker = Counting()
    yield worker
    await worker.close()


@pytest.fixture
async def communities(store: Store, clock: FixedClock, caller: Caller, worker: Counting) -> Communities:
    await store.create_campaign(
        caller, name="B", product="b", url=None, keywords=["a"], communities=["pottery"], now=clock.now()
    )
    return Communities(store, clock, worker, worker)


WORDS = ("kiln", "glaze", "wheel", "clay", "slip", "bowl", "mug", "handle")


def posts(numbers: Sequence[int], **changes: Any) -> list[CollectedPost]:
    return [
        replace(
            collected(n, title=f"The {WORDS[n % 8]} that number {n} {WORDS[n * n % 7]}"),
            score=n * 37 % 101,
            **changes,
        )
        for n in numbers
    ]


async def test_a_text_is_read_once_and_then_only_new_ones(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities, worker: Counting
) -> None:
    await keep(store, caller, clock, posts(range(1, 31)))
    first = await communities.refresh(caller, "pottery")
    assert len(worker.read) == 30
    await keep(store, caller, clock, posts(range(31, 34)))
    second = await communities.refresh(caller, "pottery")
    assert len(worker.read) == 33
    assert (first.sample_size, second.sample_size) == (30, 33)
    assert second.figures["pipeline"] == "quick"


async def test_what_was_kept_gives_the_figures_that_reading_again_gives(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities
) -> None:
    await keep(store, caller, clock, posts(range(1, 151)))
    first = await communities.refresh(caller, "pottery")
    model = await store.latest_model(WORKSPACE, "pottery")
    assert (await communities.refresh(caller, "pottery")).figures == first.figures
    assert await store.latest_model(WORKSPACE, "pottery") == model


async def test_texts_are_read_again_when_the_reader_is_another(
    store: Store,
    clock: FixedClock,
    caller: Caller,
    communities: Communities,
    worker: Counting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await keep(store, caller, clock, posts(range(1, 11)))
    await communities.refresh(caller, "pottery")
    monkeypatch.setattr(extracts, "reader_version", lambda: "a newer one")
    await communities.refresh(caller, "pottery")
    assert len(worker.read) == 20


async def test_the_model_is_learned_again_when_a_twentieth_of_its_posts_is_new(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities, worker: Counting
) -> None:
    await keep(store, caller, clock, posts(range(1, 201)))
    first = await communities.refresh(caller, "pottery")
    model = await store.latest_model(WORKSPACE, "pottery")
    await keep(store, caller, clock, posts(range(201, 211)))
    kept = await communities.refresh(caller, "pottery")
    assert worker.learned == [200]
    assert (kept.figures["power"], kept.sample_size) == (first.figures["power"], 210)
    assert await store.latest_model(WORKSPACE, "pottery") == model
    await keep(store, caller, clock, posts([211]))
    renewed = await communities.refresh(caller, "pottery")
    assert worker.learned == [200, 211]
    assert renewed.figures["power"]["learned_from"] == 211


async def test_a_model_is_learned_again_after_a_month(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities, worker: Counting
) -> None:
    await keep(store, caller, clock, posts(range(1, 121)))
    await communities.refresh(caller, "pottery")
    clock.advance(renewal.LEARN_AGAIN_AFTER)
    await communities.refresh(caller, "pottery")
    assert worker.learned == [120]
    clock.advance(timedelta(seconds=1))
    await communities.refresh(caller, "pottery")
    assert worker.learned == [120, 120]


async def test_an_earlier_programs_model_is_learned_again(
    store: Store,
    clock: FixedClock,
    caller: Caller,
    communities: Communities,
    worker: Counting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await keep(store, caller, clock, posts(range(1, 121)))
    await communities.refresh(caller, "pottery")
    monkeypatch.setattr(renewal, "MODEL_VERSION", 999)
    await communities.refresh(caller, "pottery")
    assert worker.learned == [120, 120]


@pytest.mark.parametrize("at", ["read", "add", "learn"])
async def test_a_process_that_dies_once_in_the_middle_costs_nothing(
    store: Store, clock: FixedClock, caller: Caller, communities: Communities, worker: Counting, at: str
) -> None:
    await keep(store, caller, clock, posts(range(1, 261)))
    worker.dies_at = [at]
    profile = await communities.refresh(caller, "pottery")
    assert profile.figures["power"]["learned_from"] == 260
    worker.dies_at = ["learn", "learn"]
    clock.advance(timedelta(days=31))
    with pytest.raises(UserError, match="could not be read just now"):
        await communities.refresh(caller, "pottery")
    latest = await store.latest_profile(WORKSPACE, "pottery")
    assert latest == profile


async def test_a_child_that_fails_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    async def fail() -> None:
        asked.append(1)
        raise WorkerFailed("ValueError", "broken", {})

    with pytest.raises(UserError):
        await renewal.patiently(fail)
    assert len(asked) == 1


def test_an_extract_changes_with_the_text_and_with_nothing_else() -> None:
    one = kept(1)
    assert extracts.key_of(one) == extracts.key_of(replace(one, score=9, id=4, created_at=datetime.now().astimezone()))
    others = [replace(one, title="Another"), replace(one, body="Another"), replace(one, title=None, body=one.title)]
    assert len({extracts.key_of(other) for other in (one, *others)}) == 4


# ---------------------------------------------------------------- counting by numbers

TEXTS = st.lists(st.tuples(st.text(max_size=60), st.text(max_size=120)), min_size=1, max_size=8)


@settings(max_examples=60)
@given(TEXTS)
def test_what_is_seen_of_a_text_survives_storing(texts: list[tuple[str, str]]) -> None:
    for title, body in texts:
        seen = Seen.of(title, body)
        assert Seen.read(json.loads(json.dumps(seen.dump()))) == seen


@settings(max_examples=60)
@given(TEXTS)
def test_terms_counted_for_all_posts_are_those_of_each_post(texts: list[tuple[str, str]]) -> None:
    seen = [Seen.of(title, body) for title, body in [*texts, *texts]]
    corpus = Corpus(seen)
    for kind in "tbpqg":
        counted = TermMatrix(kind, corpus).counted
        _, name = corpus.counts(kind)
        for row, one in enumerate(seen):
            its = counted[row]
            told = {name(int(column)): value for column, value in zip(its.indices, its.data, strict=True)}
            assert told == pytest.approx(term_values(one.terms(kind)))


def test_the_priors_effects_of_all_posts_are_those_of_each_post() -> None:
    known = prior(kiln=0.5, free=-0.5)
    known = replace(known, terms={**known.terms, "pthe kiln": 0.3, "p^ the": -0.1, "bhot": 0.7, "bkiln": -0.2})
    texts = [("The kiln, the kiln", "Hot hot kiln"), ("Free", ""), ("", "The kiln was hot today"), ("", "")]
    seen = [Seen.of(*text) for text in texts]
    title, body = Corpus(seen).of_prior(known)
    each = [known.of_words(one.prior) for one in seen]
    assert np.allclose(title, [sum(words.values()) for words, _ in each])
    assert np.allclose(body, [sum(words.values()) for _, words in each])
