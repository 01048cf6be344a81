from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from core.digest import LISTED, digest_facts, owe_due_digests, says_something
from core.drafting.drafts import DraftStatus
from core.ledger import UsageEvent
from core.model import (
    AccountState,
    AlertKind,
    AuditOutcome,
    AuthorStatus,
    Basis,
    Caller,
    NewAlert,
    RemovedBy,
    State,
    TrackedPost,
)
from core.texts.figures import Figures
from core.timetable import DigestPlan, DigestRhythm, QuietHours
from core.visibility.tracking import Verdict
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.invented import keep_profile, kept
from tests.core.test_schedule import Channel, mover, no_report
from tests.storage import world
from tests.watch import Watch

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAILY = DigestPlan(DigestRhythm.DAILY, time(9))


async def waiting_draft(store: Store, caller: Caller, now: datetime) -> None:
    """Something that waits for a person, so that no digest is empty."""
    campaign = await world.make_campaign(store, caller, now)
    await world.make_draft(store, caller, campaign.id, now)


async def next_digest(store: Store, caller: Caller, clock: FixedClock) -> dict[str, Any]:
    """Wait until a digest is due, and answer its facts; those that would be sent when it says nothing."""
    times = await store.timetable(caller.workspace_id)
    assert times.digest_due_at is not None
    clock.advance(times.digest_due_at - clock.now())
    facts = await digest_facts(store, times, clock.now())
    assert await owe_due_digests(store, clock.now()) == (1 if says_something(facts) else 0)
    if not says_something(facts):
        return dict(facts)
    [alert] = await store.alerts(caller.workspace_id, 1, kind=AlertKind.DIGEST)
    return dict(alert.facts)


async def told(
    store: Store, caller: Caller, kind: AlertKind, now: datetime, post: TrackedPost | None = None, **facts: object
) -> None:
    key = f"{kind}:{post.id if post else ''}:{now.isoformat()}"
    await store.owe_alert(caller, NewAlert(kind, key, facts, post.id if post else None), now)


async def removed(
    store: Store, post: TrackedPost, now: datetime, state: State = State.REMOVED, *alerts: NewAlert
) -> dict[str, Any]:
    """Others stop seeing a post, as a sweep stores it; answers what the digest says of it."""
    by = RemovedBy.MODERATORS if state is State.REMOVED else None
    check = world.removal_check(post, now, author=post.author)
    verdict = Verdict(state, now, by, alerts=alerts or (world.removal_alert(post),))
    await world.record(store, [replace(check, verdict=verdict)], now)
    kind = {State.REMOVED: "post_removed", State.HELD: "post_held", State.GATED: "post_gated"}
    return {
        "post": post.id,
        "kind": kind.get(state, f"account_{state}"),
        "community": "harbor",
        "removed_by": by.value if by else None,
        "since": now.isoformat(),
    }


async def live(store: Store, post: TrackedPost, now: datetime, previous: str) -> None:
    """Others see a post (again), as a sweep stores it."""
    alert = NewAlert(AlertKind.POST_LIVE, f"live:{post.id}:{now.isoformat()}", {"previous_state": previous}, post.id)
    check = world.removal_check(post, now)
    await world.record(store, [replace(check, verdict=Verdict(State.LIVE, now, alerts=(alert,)))], now)


async def test_an_empty_day_has_nothing_to_tell(store: Store, caller: Caller, clock: FixedClock) -> None:
    began = clock.now()
    await store.set_digest(caller, DAILY, began)
    facts = await next_digest(store, caller, clock)
    assert (facts["since"], facts["until"]) == (began.isoformat(), clock.now().isoformat())
    assert facts["every"] == "daily"
    counts = {name: facts[name] for name in ("watched", "registered", "gone_count", "came_back", "patterns", "blind_s")}
    assert set(counts.values()) == {0}
    assert facts["basis"] is None
    assert await store.alerts(caller.workspace_id) == [], "it is not sent"
    now = clock.advance(HOUR)
    await world.make_post(store, caller, now)
    later = await next_digest(store, caller, clock)
    assert (later["since"], later["registered"]) == (began.isoformat(), 1), "its period went on"


async def test_a_shadowban_is_told_by_every_digest_while_it_lasts(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    look = world.reading(clock.now(), author_status=AuthorStatus.MISSING)
    seen = world.removal_check(post, clock.now(), readings=(look,), account_state=AccountState.SHADOWBANNED)
    await world.record(store, [seen], clock.now())
    await store.set_digest(caller, DAILY, clock.now())
    since = (await store.accounts(caller.workspace_id))[0].state_since
    for _ in range(3):
        facts = await next_digest(store, caller, clock)
        assert facts["hidden_accounts"] == [
            {"author": "invented_author", "state": "shadowbanned", "since": since.isoformat()}
        ]
    assert len(await store.alerts(caller.workspace_id, kind=AlertKind.DIGEST)) == 3


async def test_it_counts_what_happened_since_the_last_one(store: Store, caller: Caller, clock: FixedClock) -> None:
    old = await world.make_post(store, caller, clock.now(), "t3_old")
    await live(store, old, clock.now(), "unverified")
    await store.set_digest(caller, DAILY, clock.now())
    now = clock.advance(HOUR)
    new = await world.make_post(store, caller, now, "t3_new")
    gone = await world.make_post(store, caller, now, "t3_gone")
    await live(store, new, now, "unverified")
    about_gone = await removed(store, gone, now)
    await removed(store, old, now)
    await live(store, old, clock.advance(HOUR), "removed")
    await told(store, caller, AlertKind.AUDIT, clock.now(), old, outcome="success")
    await store.add_pattern(caller, world.a_pattern(), clock.now())
    campaign = await world.make_campaign(store, caller, now)
    draft = await world.make_draft(store, caller, campaign.id, now)
    await world.make_approved_draft(store, caller, campaign.id, now)
    held = await store.reserve(caller, "draft", 900, now, expires_at=now + HOUR)
    await store.book(caller, held, UsageEvent("draft", "m", 1, 1, 700, "provider"), now)

    facts = await next_digest(store, caller, clock)

    assert (facts["registered"], facts["first_seen"], facts["came_back"], facts["gone_count"]) == (2, 1, 1, 1)
    assert facts["gone"] == [about_gone]
    assert facts["audits"] == {"success": 1}
    assert facts["drafts"] == [{"draft": draft.id, "community": "harbor"}]
    assert (facts["drafts_count"], facts["approved_count"], facts["patterns"]) == (1, 1, 1)
    assert facts["used_usd_micros"] == 700
    assert facts["watched"] == 3

    after = await next_digest(store, caller, clock)
    assert (after["registered"], after["first_seen"], after["came_back"], after["gone_count"]) == (0, 0, 0, 0)
    assert after["drafts_count"] == 1, "it still waits"


async def test_posts_that_are_dealt_with_are_not_asked_about(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.set_digest(caller, DAILY, clock.now())
    now = clock.advance(HOUR)
    stopped, righted, waiting = [await world.make_post(store, caller, now, f"t3_{n}") for n in "abc"]
    for post in (stopped, righted, waiting):
        await removed(store, post, now, State.GATED)
    await store.stop_watching(caller, stopped.id, now)
    await live(store, righted, clock.advance(HOUR), "gated")
    facts = await next_digest(store, caller, clock)
    assert [post["post"] for post in facts["gone"]] == [waiting.id]


async def test_a_bad_day_lists_a_few_and_counts_all(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.set_digest(caller, DAILY, clock.now())
    now = clock.advance(HOUR)
    posts = [await world.make_post(store, caller, now, f"t3_{n}") for n in range(LISTED + 3)]
    for post in posts:
        await removed(store, post, now, State.HELD)
    facts = await next_digest(store, caller, clock)
    assert [post["post"] for post in facts["gone"]] == [post.id for post in posts[::-1][:LISTED]]
    assert facts["gone_count"] == LISTED + 3


async def test_a_day_on_which_posts_were_hidden_with_their_account_is_not_called_a_day_without_news(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    first, second, elsewhere = [
        await store.register_post(caller, world.to_register(f"t3_{n}", clock.now(), author=author), clock.now())
        for n, author in (("a", "quiet_person"), ("b", "quiet_person"), ("c", "somebody"))
    ]
    await store.set_digest(caller, DAILY, clock.now())
    now = clock.advance(HOUR)
    told_once = NewAlert(AlertKind.ACCOUNT_SHADOWBANNED, "account", {"author": "quiet_person"}, first.id)
    about = [
        await removed(store, first, now, State.SHADOWBANNED, told_once),
        await removed(store, second, now - 2 * HOUR, State.SHADOWBANNED),  # first seen before the period
        await removed(store, elsewhere, now - 2 * HOUR, State.SHADOWBANNED),
    ]
    facts = await next_digest(store, caller, clock)
    assert facts["gone"] == [about[0], about[1]], "an account is told once for all of its posts"
    assert (facts["gone_count"], facts["states"]) == (2, {"shadowbanned": 3})
    after = await next_digest(store, caller, clock)
    assert (after["gone_count"], after["states"]) == (0, {"shadowbanned": 3})


async def test_blind_hours_are_those_of_the_period(store: Store, caller: Caller, clock: FixedClock) -> None:
    before = clock.now() - 5 * HOUR
    await store.set_digest(caller, DAILY, clock.now())
    await told(store, caller, AlertKind.CANNOT_SEE, clock.now(), restored=False, since=before.isoformat())
    sight = clock.advance(2 * HOUR)
    span: dict[str, Any] = {"since": before.isoformat(), "until": sight.isoformat()}
    await told(store, caller, AlertKind.CANNOT_SEE, sight, restored=True, **span)
    again = clock.advance(8 * HOUR)
    await told(store, caller, AlertKind.CANNOT_SEE, again, restored=False, since=again.isoformat())
    facts = await next_digest(store, caller, clock)
    assert facts["blind_s"] == (2 * HOUR + (clock.now() - again)).total_seconds()
    assert facts["blind_since"] == again.isoformat()
    facts = await next_digest(store, caller, clock)
    assert facts["blind_s"] == DAY.total_seconds(), "it lasts"


async def test_a_linked_account_that_must_be_linked_again_is_named(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_digest(caller, DAILY, clock.now())
    account = await store.sign_in_account(caller, "quiet_person", "sealed", clock.now())
    gone = NewAlert(AlertKind.CONSENT_GONE, "gone", {"author": "quiet_person"})
    assert await store.end_consent(caller, account.id, "sealed", gone, clock.now())
    assert (await next_digest(store, caller, clock))["accounts"] == ["quiet_person"]
    await store.sign_in_account(caller, "quiet_person", "sealed anew", clock.now())
    assert (await next_digest(store, caller, clock))["accounts"] == []


async def test_sample_posts_make_a_sample_digest(store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.register_post(caller, world.to_register("t3_s", clock.now(), basis=Basis.SAMPLE), clock.now())
    await store.set_digest(caller, DAILY, clock.now())
    assert (await next_digest(store, caller, clock))["basis"] == "sample"


async def test_after_a_week_without_the_program_there_is_one_digest_of_all_of_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    await store.set_digest(caller, DAILY, began)
    await waiting_draft(store, caller, clock.now())
    clock.advance(7 * DAY)
    assert await owe_due_digests(store, clock.now()) == 1
    assert await owe_due_digests(store, clock.now()) == 0
    [alert] = await store.alerts(caller.workspace_id, kind=AlertKind.DIGEST)
    assert (alert.facts["since"], alert.facts["until"]) == (began.isoformat(), clock.now().isoformat())
    times = await store.timetable(caller.workspace_id)
    assert times.digest_due_at is not None
    assert clock.now() < times.digest_due_at <= clock.now() + DAY


async def test_a_clock_that_jumps_back_does_not_double_a_digest(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_digest(caller, DAILY, clock.now())
    await waiting_draft(store, caller, clock.now())
    await next_digest(store, caller, clock)
    clock.advance(-2 * HOUR)
    await store.set_digest(caller, DAILY, clock.now())  # due again at the hour that was told already
    clock.advance(2 * HOUR)
    await owe_due_digests(store, clock.now())
    assert len(await store.alerts(caller.workspace_id, kind=AlertKind.DIGEST)) == 1


async def test_a_workspace_whose_digest_cannot_be_made_keeps_no_other_waiting(
    store: Store, caller: Caller, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    other = replace(caller, workspace_id="terminal:other")
    await store.ensure_workspace(other.workspace_id, "terminal", "Other", clock.now())
    await store.set_digest(caller, DAILY, clock.now())
    await store.set_digest(other, DAILY, clock.now())
    await waiting_draft(store, other, clock.now())
    # Facts that no version of this program writes.
    await told(store, caller, AlertKind.CANNOT_SEE, clock.advance(HOUR), restored=False, since="yesterday")
    clock.advance(DAY)
    assert await owe_due_digests(store, clock.now()) == 1
    assert len(await store.alerts(other.workspace_id, kind=AlertKind.DIGEST)) == 1
    assert "a digest could not be put together" in caplog.text


async def test_the_jobs_bring_a_digest_every_day_and_in_quiet_hours_when_they_end(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    channel = Channel(store, clock)
    jobs = Watch(store, clock, None).jobs(channel.deliver, "test")
    await store.set_digest(caller, DAILY, clock.now())
    await waiting_draft(store, caller, clock.now())
    await jobs.travel(clock.now() + 2 * DAY, mover(clock), no_report)
    assert [(f"{at:%d %H:%M}", kind) for at, kind in channel.heard] == [
        ("24 09:00", AlertKind.DIGEST),
        ("25 09:00", AlertKind.DIGEST),
    ]
    await store.set_quiet_hours(caller, QuietHours(time(20), time(10, 30)), clock.now())
    await jobs.travel(clock.now() + DAY, mover(clock), no_report)
    assert [(f"{at:%d %H:%M}", kind) for at, kind in channel.heard[2:]] == [("26 10:30", AlertKind.DIGEST)]


async def test_jobs_that_start_after_the_hour_bring_it_at_once_and_once(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    channel = Channel(store, clock)
    jobs = Watch(store, clock, None).jobs(channel.deliver, "test")
    await store.set_digest(caller, DAILY, clock.now())
    await waiting_draft(store, caller, clock.now())
    clock.advance(3 * DAY)
    assert await jobs.run_due() == 2, "the digest and its alert"
    assert await jobs.run_due() == 0
    assert [kind for _, kind in channel.heard] == [AlertKind.DIGEST]


async def test_it_tells_what_was_learned_patterns_changed_rules_and_what_new_figures_found(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    asking = [kept(n, title=f"Why did {n} crack?", score=n % 5) for n in range(1, 80, 2)]
    posts = [*asking, *(kept(n, score=50 + n % 9) for n in range(2, 81, 2))]
    found = Figures.read((await keep_profile(store, caller, clock.now(), posts, "pottery")).figures).findings
    assert found
    await store.add_pattern(caller, replace(world.a_pattern(), body="an old one"), clock.now())
    await store.set_digest(caller, DAILY, clock.advance(HOUR))
    clock.advance(HOUR)
    await keep_profile(store, caller, clock.now(), posts, "pottery")
    await keep_profile(store, caller, clock.now(), posts, "ceramics")
    await store.add_pattern(caller, replace(world.a_pattern(), body="links"), clock.now())
    await told(store, caller, AlertKind.RULES_CHANGED, clock.now(), community="harbor")
    await told(store, caller, AlertKind.RULES_CHANGED, clock.advance(HOUR), community="harbor")
    facts = await next_digest(store, caller, clock)
    assert (facts["patterns"], facts["learned"]) == (1, [{"community": "harbor", "words": "links"}])
    assert facts["rules_changed"] == ["harbor"]
    assert facts["findings_count"] == len(found), "what pottery had found before is not new"
    assert facts["findings"][0] == {
        "community": "ceramics",
        "direction": found[0].direction.value,
        "text": found[0].text,
    }


async def test_it_tells_where_the_posts_of_the_last_month_can_be_seen(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_digest(caller, DAILY, clock.now())
    now = clock.now()
    for n, (community, state, age) in enumerate(
        [
            ("harbor", State.LIVE, 1),
            ("harbor", State.REMOVED, 2),
            ("harbor", State.UNVERIFIED, 2),
            ("kilns", State.HELD, 3),
            ("old", State.LIVE, 31),
            ("unknown", State.UNKNOWN, 1),
        ]
    ):
        new = replace(world.to_register(f"t3_s{n}", now, community=community), posted_at=now - age * DAY)
        post = await store.register_post(caller, new, now)
        await world.record(store, [replace(world.removal_check(post, now), verdict=Verdict(state, now))], now)
    facts = await next_digest(store, caller, clock)
    assert facts["standing"] == [
        {"community": "harbor", "seen": 1, "hidden": 1, "open": 1},
        {"community": "kilns", "seen": 0, "hidden": 1, "open": 0},
    ]
    assert facts["standing_count"] == 2


async def test_of_many_communities_those_with_most_posts_are_told_and_all_are_counted(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_digest(caller, DAILY, clock.now())
    now = clock.now()
    for community in ("a", "b", "c", "d", "e", "f", "f"):
        number = f"t3_{community}{clock.advance(timedelta(seconds=1)).timestamp():.0f}"
        post = await store.register_post(caller, world.to_register(number, now, community=community), now)
        await world.record(store, [replace(world.removal_check(post, now), verdict=Verdict(State.LIVE, now))], now)
    facts = await next_digest(store, caller, clock)
    assert [one["community"] for one in facts["standing"]] == ["f", "a", "b", "c", "d"]
    assert facts["standing_count"] == 6


async def test_posts_that_name_the_product_are_compared_with_the_others(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    campaign = await world.make_campaign(store, caller, now)
    posted = [
        ("t3_named", f"I work on {campaign.name}.", 1),
        ("t3_plain", "We ask for a deposit.", 1),
        ("t3_old", "?", 91),
    ]
    for name, body, days in posted:
        draft = await store.create_draft(caller, campaign.id, "harbor", world.revision(body), now)
        await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, now)
        new = world.to_register(name, now - DAY * days, draft_id=draft.id)
        post = await store.register_post(caller, new, now)
        await world.change_post(store, post.id, audit_outcome=AuditOutcome.SUCCESS)
    await store.set_digest(caller, DAILY, now)
    facts = await next_digest(store, caller, clock)
    one = {"stayed": 1, "gone": 0, "open": 0, "score": None, "answers": None}
    assert facts["product"] == {"named": one, "unnamed": one, "days": 90, "unknown": 0}
