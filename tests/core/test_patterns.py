"""Today's confidence in a pattern, from its row and from the posts that stayed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import AlertKind, AuditOutcome, Caller, NewAlert, Pattern
from core.patterns import FORGOTTEN_BELOW, HALF_LIFE, confidence_at, standing_patterns
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import START
from tests.storage import world


def pattern(source: str = "removal", confidence: float = 0.8) -> Pattern:
    return Pattern(
        1, "terminal:local", None, "harbor", "link", "link", {}, "A link", source, None, confidence, "system", START
    )


@pytest.mark.parametrize("source", ["removal", "stated", "read_by_model"])
def test_what_was_learned_halves_with_each_half_life_and_each_two_survivals(source: str) -> None:
    learned = pattern(source)
    assert confidence_at(learned, START) == pytest.approx(0.8)
    assert confidence_at(learned, START + HALF_LIFE) == pytest.approx(0.4)
    assert confidence_at(learned, START, survivals=2) == pytest.approx(0.4)
    assert confidence_at(learned, START + HALF_LIFE, survivals=2) == pytest.approx(0.2)


@pytest.mark.parametrize("source", ["person", "rule"])
def test_what_a_member_said_and_what_rules_say_does_not_fade(source: str) -> None:
    assert confidence_at(pattern(source), START + 5 * HALF_LIFE, survivals=9) == 0.8


@given(
    st.floats(0, 1),
    st.integers(0, 4000),
    st.integers(0, 50),
    st.sampled_from(["removal", "stated", "read_by_model", "person"]),
)
def test_confidence_only_ever_falls_and_stays_a_share(first: float, days: int, survivals: int, source: str) -> None:
    learned = pattern(source, first)
    now = START + timedelta(days=days)
    assert 0 <= confidence_at(learned, now, survivals) <= first
    assert confidence_at(learned, now, survivals + 1) <= confidence_at(learned, now, survivals)
    assert confidence_at(learned, START - timedelta(days=days), survivals) <= first


async def stay(store: Store, caller: Caller, clock: FixedClock, name: str, title: str, community: str) -> None:
    """A post that is still visible after its week."""
    new = world.to_register(name, clock.now(), title=title, community=community)
    post = await store.register_post(caller, new, clock.now())
    alert = NewAlert(AlertKind.AUDIT, f"audit:{post.id}", {}, post.id)
    await store.record_audit(caller.workspace_id, post.id, AuditOutcome.SUCCESS, alert, clock.now())


async def test_similar_posts_that_stay_weaken_a_pattern_and_others_do_not(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await stay(store, caller, clock, "t3_before", "See https://example.com", "harbor")
    clock.advance(timedelta(seconds=1))
    await store.add_pattern(caller, world.a_pattern(confidence=0.5), clock.now())
    clock.advance(timedelta(seconds=1))
    await stay(store, caller, clock, "t3_unlike", "No address in it", "harbor")
    await stay(store, caller, clock, "t3_abroad", "See https://example.com", "elsewhere")
    (held,) = await standing_patterns(store, caller.workspace_id, clock.now(), "harbor")
    assert held.confidence == pytest.approx(0.5, abs=0.001)
    for number in range(2):
        await stay(store, caller, clock, f"t3_like{number}", "See https://example.com", "harbor")
    (weaker,) = await standing_patterns(store, caller.workspace_id, clock.now(), "harbor")
    assert weaker.confidence == pytest.approx(0.25, abs=0.001)
    assert (await store.patterns(caller.workspace_id, "harbor"))[0].confidence == 0.5


async def test_a_pattern_that_faded_away_is_no_longer_followed_but_kept(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.add_pattern(caller, world.a_pattern(confidence=0.5), clock.now())
    await store.add_pattern(
        caller, world.a_pattern(confidence=0.5, source="person", body="jokes", feature=None), clock.now()
    )
    later = clock.now() + 3 * HALF_LIFE
    assert FORGOTTEN_BELOW > 0.5 * 0.5**3
    assert [p.body for p in await standing_patterns(store, caller.workspace_id, later)] == ["jokes"]
    assert len(await store.patterns(caller.workspace_id)) == 2


async def test_the_surest_comes_first_and_what_faded_goes_behind_what_did_not(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    for body, source, confidence, community in (
        ("faded", "removal", 0.9, "harbor"),
        ("weak", "person", 0.3, "harbor"),
        ("sure", "person", 0.8, "harbor"),
        ("elsewhere", "person", 0.1, "attic"),
        ("as sure", "person", 0.8, "harbor"),
    ):
        new = world.a_pattern(body=body, source=source, confidence=confidence, community=community)
        await store.add_pattern(caller, new, clock.now())
    clock.advance(HALF_LIFE)

    standing = await standing_patterns(store, caller.workspace_id, clock.now())

    assert [(p.body, round(p.confidence, 6)) for p in standing] == [
        ("elsewhere", 0.1),
        ("sure", 0.8),
        ("as sure", 0.8),
        ("faded", 0.45),
        ("weak", 0.3),
    ]
