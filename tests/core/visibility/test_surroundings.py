"""What stands beside a post's alerts: a community that closes is one story for all of its posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.communities import Rule
from core.model import AlertKind, Basis, Caller, NewAlert, RemovedBy, State, TrackedPost
from core.visibility.surroundings import Surroundings
from core.visibility.tracking import Check, Verdict
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import START
from tests.storage.world import a_pattern, make_post, record, removal_check, to_register


@pytest.mark.parametrize(
    ("kind", "facts", "key"),
    [
        (AlertKind.POST_GATED, {"closure": "private"}, "community:harbor:after 0"),
        (AlertKind.POST_GATED, {"closure": None}, "post:7"),
        (AlertKind.POST_REMOVED, {"closure": "private"}, "post:7"),
        (AlertKind.POST_LIVE, {"previous_state": "gated"}, "post:7"),
        (AlertKind.POST_LIVE, {"previous_state": "held"}, "post:7"),
    ],
)
async def test_only_a_community_that_reddit_calls_closed_is_told_of_as_one(
    store: Store, clock: FixedClock, caller: Caller, kind: AlertKind, facts: dict[str, object], key: str
) -> None:
    post = await make_post(store, caller, clock.now())
    alert = NewAlert(kind, "post:7", {"community": "harbor", **facts}, tracked_post_id=post.id)
    check = removal_check(post, clock.now())
    check = replace(check, verdict=replace(check.verdict, alerts=(alert,)))
    [judged] = await Surroundings(store).of_batch([check])
    [told] = judged.verdict.alerts
    assert (told.kind, told.dedupe_key) == (kind, key)
    assert told.facts.get("community_posts") == (1 if key.startswith("community") else None)


# ---------------------------------------------------------------- a community that closes and opens

MINUTE = timedelta(minutes=1)


def news_of(post: TrackedPost, kind: AlertKind, **facts: Any) -> NewAlert:
    return NewAlert(kind, f"post:{post.id}", {"community": "harbor", "readings": [], **facts}, tracked_post_id=post.id)


def check_of(post: TrackedPost, now: datetime, *alerts: NewAlert) -> Check:
    check = removal_check(post, now)
    return replace(check, verdict=replace(check.verdict, alerts=alerts, patterns=()))


async def told_of(store: Store, post: TrackedPost, now: datetime, alert: NewAlert) -> NewAlert:
    [judged] = await Surroundings(store).of_batch([check_of(post, now, alert)])
    [told] = judged.verdict.alerts
    return told


def closed(post: TrackedPost, **facts: Any) -> NewAlert:
    return news_of(post, AlertKind.POST_GATED, **{"closure": "private", "since": START.isoformat(), **facts})


def opened(post: TrackedPost, since: datetime, away_since: datetime) -> NewAlert:
    return news_of(
        post,
        AlertKind.POST_LIVE,
        previous_state="gated",
        since=since.isoformat(),
        previous_since=away_since.isoformat(),
    )


async def test_a_community_that_closes_and_opens_is_told_once_each_with_its_posts_and_how_long(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    first = await make_post(store, caller, clock.now())
    second = await make_post(store, caller, clock.now(), "t3_bbbb1")
    third = await make_post(store, caller, clock.now(), "t3_cccc1")
    await store.register_post(caller, to_register("t3_dddd1", clock.now(), community="inland"), clock.now())
    now = clock.now()
    closing = await told_of(store, first, now, closed(first))
    assert closing == replace(
        closed(first),
        dedupe_key="community:harbor:after 0",
        event="community:harbor",
        facts={**closed(first).facts, "community_posts": 3, "community_post_ids": [first.id, second.id, third.id]},
    )
    await record(store, [check_of(first, now, closing)], now)
    again = await told_of(store, second, now, closed(second))
    assert again == replace(closed(second), dedupe_key="community:harbor:after 0"), "the other posts are in it already"
    [kept] = await store.alerts(caller.workspace_id, kind=AlertKind.POST_GATED)
    later = clock.advance(MINUTE * 90)
    opening = await told_of(store, first, later, opened(first, START + MINUTE * 80, now))
    assert opening.dedupe_key == f"community:harbor:after {kept.id}"
    assert (opening.facts["community_posts"], opening.facts["closed_for_s"]) == (3, 80 * 60.0)
    await record(store, [check_of(first, later, opening)], later)
    same = await told_of(store, second, later, opened(second, later, now))
    assert (same.dedupe_key, "community_posts" in same.facts) == (opening.dedupe_key, False)
    alone = await told_of(store, second, later + MINUTE, opened(second, later + MINUTE, later + MINUTE))
    assert alone == opened(second, later + MINUTE, later + MINUTE), "it had gone after the opening: it alone"
    next_closing = await told_of(store, second, later, closed(second))
    assert next_closing.dedupe_key != closing.dedupe_key
    assert next_closing.facts["community_posts"] == 3


async def test_a_post_that_was_found_after_the_news_of_a_closing_tells_of_the_next(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await make_post(store, caller, clock.now())
    now = clock.now()
    await record(store, [check_of(post, now, await told_of(store, post, now, closed(post)))], now)

    def look(minutes: float, **changes: Any) -> dict[str, Any]:
        return {
            "view": "third_party",
            "found": True,
            "last_read_at": (now + MINUTE * minutes).isoformat(),
            **changes,
        }

    for looks, key in (
        ([look(-1), look(0)], "community:harbor:after 0"),
        ([look(1, found=False)], "community:harbor:after 0"),
        ([look(1, view="author")], "community:harbor:after 0"),
        ([look(1), look(2, found=False)], "community:harbor:after 1"),
    ):
        told = await told_of(store, post, now, closed(post, readings=looks))
        assert told.dedupe_key == key, looks


async def test_how_long_a_community_was_closed_is_not_told_when_a_time_is_missing(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    post, now = await make_post(store, caller, clock.now()), clock.now()
    await record(store, [check_of(post, now, await told_of(store, post, now, closed(post, since=None)))], now)
    opening = await told_of(store, post, now, opened(post, now, now))
    assert (opening.facts["community_posts"], "closed_for_s" in opening.facts) == (1, False)


# ---------------------------------------------------------------- accounts and patterns of a batch


async def test_alerts_about_an_account_count_its_posts_and_the_hidden_ones_as_of_this_batch(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    posts = [await make_post(store, caller, now, f"t3_aaaa{n}") for n in range(3)]
    await store.register_post(caller, to_register("t3_bbbb1", now, author="somebody"), now)
    gone = removal_check(posts[2], now)
    await record(store, [replace(gone, verdict=replace(gone.verdict, alerts=(), patterns=()))], now)
    of_account = NewAlert(AlertKind.ACCOUNT_SHADOWBANNED, "account:x", {"post_id": posts[0].id})
    of_post = NewAlert(AlertKind.POST_REMOVED, "post:x", {"post_id": posts[0].id})
    first = replace(check_of(posts[0], now, of_account, of_post), author="invented_author")
    first = replace(first, verdict=replace(first.verdict, state=State.LIVE, removed_by=None, category=None))
    second = check_of(posts[1], now)
    judged = await Surroundings(store).of_batch([first, second])
    assert judged[1] == second
    assert judged[0].verdict.alerts == (
        replace(of_account, facts={"post_id": posts[0].id, "posts": 3, "hidden": 2}),
        of_post,
    )
    for unlike in (replace(first, author=None), check_of(posts[0], now, of_post)):
        assert await Surroundings(store).of_batch([unlike]) == [unlike]


async def test_a_pattern_that_posts_teach_together_is_learned_from_the_first(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    posts = [await make_post(store, caller, now, f"t3_aaaa{n}") for n in range(3)]
    taught = (
        [a_pattern(body="one"), a_pattern(body="two")],
        [a_pattern(body="two"), a_pattern(body="three"), a_pattern(body="one", community="inland")],
        [a_pattern(body="one")],
    )
    checks = [
        replace(check, verdict=replace(check.verdict, patterns=tuple(patterns)))
        for check, patterns in zip((check_of(post, now) for post in posts), taught, strict=True)
    ]
    judged = await Surroundings(store).of_batch(checks)
    assert [[(p.community, p.body) for p in check.verdict.patterns] for check in judged] == [
        [("harbor", "one"), ("harbor", "two")],
        [("harbor", "three"), ("inland", "one")],
        [],
    ]


# ---------------------------------------------------------------- beside a verdict


async def test_beside_an_alert_stand_the_rules_of_then_and_what_the_removal_teaches(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    kept = [Rule("No links", "Links are not allowed.", "all"), Rule("Be kind", "", "all")]
    rules = await store.save_rules(caller, "harbor", Basis.SAMPLE, kept, clock.now())
    post = replace(
        await make_post(store, caller, clock.now()),
        rules_snapshot_id=rules.id,
        title="See https://example.com/more",
        state=State.LIVE,
    )
    alert = NewAlert(AlertKind.POST_REMOVED, "post:x", {"post_id": post.id, "rules": [], "patterns": []})
    verdict = Verdict(State.REMOVED, clock.now(), RemovedBy.MODERATORS, "moderator", alerts=(alert,))
    surroundings = Surroundings(store)
    told = await surroundings.beside(post, verdict)
    [pattern] = told.patterns
    assert (pattern.feature, pattern.tracked_post_id) == ("link", post.id)
    assert told == replace(
        verdict,
        patterns=(pattern,),
        alerts=(
            replace(alert, facts={"post_id": post.id, "rules": ["No links", "Be kind"], "patterns": [pattern.body]}),
        ),
    )
    same = replace(post, state=State.REMOVED, removed_by=RemovedBy.MODERATORS)
    assert (await surroundings.beside(same, verdict)).patterns == ()
    by_others = replace(post, state=State.REMOVED, removed_by=RemovedBy.UNKNOWN)
    assert (await surroundings.beside(by_others, verdict)).patterns == (pattern,)
    held = replace(verdict, state=State.HELD)
    assert (await surroundings.beside(post, held)).patterns == ()
    silent = replace(verdict, alerts=())
    assert await surroundings.beside(post, silent) == replace(silent, patterns=(pattern,))
    assert await surroundings.rule_names(replace(post, rules_snapshot_id=None)) == ()
    await store.add_pattern(caller, pattern, clock.now())
    assert (await surroundings.beside(post, verdict)).patterns == (), "the community has it already"
