from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.card import Card, Tone
from bot.commands import status
from bot.services import Remote
from core.model import AlertKind, Basis, Caller, NewAlert, Outcome, Reading, State, TrackedPost, View
from core.timetable import DigestPlan, DigestRhythm, QuietHours
from core.visibility.tracking import Check, NewTrackedPost, Verdict
from storage.store import Store
from tests.bot.bare import CHATTING, GUEST, Desk, bare_services, source
from tests.clock import FixedClock
from tests.storage import world

SEEING = source("Reddit", "collecting, visibility", last=datetime(2026, 11, 23, 11, 50, tzinfo=UTC))


def desk_with(store: Store, clock: FixedClock, *remotes: Remote, embedded: tuple[str, ...] = ()) -> Desk:
    return Desk(bare_services(store, clock, remotes=remotes, embedded=embedded), status.commands)


def said(card: Card) -> dict[str, str]:
    return {f.name: f.value for f in card.fields}


async def watch(store: Store, clock: FixedClock, caller: Caller) -> TrackedPost:
    now = clock.now()
    return await store.register_post(
        caller,
        NewTrackedPost(
            fullname="t3_1abc2d",
            community="quietdesk",
            permalink="https://www.reddit.com/r/quietdesk/comments/1abc2d/",
            author="quiet_person",
            posted_at=now,
            basis=Basis.REDDIT_API,
            campaign_id=None,
            draft_id=None,
            next_check_at=now + timedelta(minutes=5),
            audit_due_at=now + timedelta(days=7),
        ),
        now,
    )


async def look(store: Store, clock: FixedClock, post: TrackedPost, outcome: Outcome = Outcome.VISIBLE) -> None:
    now = clock.now()
    seen = outcome is Outcome.VISIBLE
    reading = Reading(View.THIRD_PARTY, Basis.REDDIT_API, now, outcome, found=seen or None, control_live=seen)
    verdict = Verdict(State.LIVE, now)
    check = Check(post.id, post.workspace_id, (reading,), verdict, now + timedelta(minutes=30))
    assert await world.record(store, [check], now) == 1


async def test_when_all_works_the_card_is_calm(store: Store, clock: FixedClock, caller: Caller) -> None:
    await look(store, clock, await watch(store, clock, caller))
    card = await desk_with(store, clock, SEEING).done("status")
    assert card.tone is Tone.GOOD
    assert card.text == "Everything that is set up works."
    assert said(card) == {
        "Sources": "Reddit (collecting, visibility): works, last answer 23 Nov 2026, 11:50 UTC",
        "Watching": "1 post watched. All posts: 1 live\nNext check in 30 minutes\nLast evidence just now",
        "Alerts": "Waiting: 0",
        "Where alerts go": "this terminal",
        "Budget": "$10.00 left of $10.00 this month\nUsed $0.00, reserved $0.00, resets 1 Dec 2026, 00:00 UTC",
    }
    assert card.footnote == "As of 23 Nov 2026, 12:00 UTC"


async def test_quiet_hours_and_the_next_digest_stand_with_the_alerts(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.set_quiet_hours(caller, QuietHours(time(12), time(14)), clock.now())
    await store.set_digest(caller, DigestPlan(DigestRhythm.DAILY, time(9)), clock.now())
    await store.owe_alert(caller, NewAlert(AlertKind.AUDIT, "a", {}), clock.now())
    desk = desk_with(store, clock, SEEING)
    card = await desk.done("status")
    assert said(card)["Alerts"].splitlines() == [
        "Waiting: 1",
        "Quiet hours until 23 Nov 2026, 14:00 UTC: what waits comes then",
        "Next digest: 24 Nov 2026, 09:00 UTC",
    ]
    assert card.values["quiet_until"] == "2026-11-23T14:00:00+00:00"
    clock.advance(timedelta(hours=2))
    assert "Quiet hours: 12:00 to 14:00 (UTC)" in said(await desk.done("status"))["Alerts"]


@pytest.mark.parametrize(
    ("ends_on", "spots"),
    [
        (date(2027, 6, 30), []),
        (
            date(2026, 12, 3),
            ["Reddit ends in 10 days: collecting, visibility need another source after 3 Dec 2026."],
        ),
        (
            date(2026, 11, 23),
            ["Reddit has come to its announced end: collecting, visibility need another source after 23 Nov 2026."],
        ),
    ],
)
async def test_a_source_that_is_announced_to_end_says_so_in_time(
    store: Store, clock: FixedClock, caller: Caller, ends_on: date, spots: list[str]
) -> None:
    await look(store, clock, await watch(store, clock, caller))
    card = await desk_with(store, clock, replace(SEEING, ends_on=ends_on)).done("status")
    assert said(card)["Sources"].endswith(f"; its last day is {ends_on.day} {ends_on:%b %Y}")
    assert card.values["blind_spots"] == spots


async def test_a_source_that_fails_is_told_with_its_reason_and_what_stands_still(
    store: Store, clock: FixedClock
) -> None:
    revoked = source("Reddit", "visibility", problem="Reddit refused the key.", last=SEEING.last_success_at())
    off = source("Apify", "collecting", configured=False, setting="BCRAO_APIFY_TOKEN")
    card = await desk_with(store, clock, revoked, off).done("status")
    assert said(card)["Sources"].split("\n") == [
        "Reddit (visibility): Reddit refused the key. Last answer: 23 Nov 2026, 11:50 UTC",
        "Apify (collecting): off, BCRAO_APIFY_TOKEN turns it on",
    ]
    assert card.tone is Tone.ATTENTION
    assert "Reddit does not answer" in said(card)["Blind spots"]
    assert "Nothing looks at Reddit" not in said(card)["Blind spots"]


@pytest.mark.parametrize(
    "remotes", [(), (source("Reddit", "visibility", configured=False),), (source("m", "drafting"),)]
)
async def test_without_a_view_it_says_that_only_members_look(
    store: Store, clock: FixedClock, remotes: tuple[Remote, ...]
) -> None:
    card = await desk_with(store, clock, *remotes).done("status")
    assert "comes from a member's own look only" in said(card)["Blind spots"]


async def test_looks_in_a_row_without_an_answer_are_a_blind_spot(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await watch(store, clock, caller)
    await look(store, clock, post)
    desk = desk_with(store, clock, SEEING)
    for _ in range(5):
        assert "Blind spots" not in said(await desk.done("status"))
        clock.advance(timedelta(minutes=30))
        await look(store, clock, post, Outcome.CANNOT_TELL)
    spots = said(await desk.done("status"))["Blind spots"]
    assert spots == "5 looks since 23 Nov 2026, 12:00 UTC brought no evidence: states are still those of then."
    await look(store, clock, post)
    assert "Blind spots" not in said(await desk.done("status"))


async def test_a_quiet_day_between_two_checks_is_no_blind_spot(store: Store, clock: FixedClock, caller: Caller) -> None:
    # After its audit a post is looked at once a day: that its last evidence is hours old is as it should be.
    post = await watch(store, clock, caller)
    await look(store, clock, post)
    await store.due_now(caller, post.id, clock.now() + timedelta(hours=20))
    clock.advance(timedelta(hours=19))
    assert "Blind spots" not in said(await desk_with(store, clock, SEEING).done("status"))


async def test_checks_that_are_late_are_a_blind_spot(store: Store, clock: FixedClock, caller: Caller) -> None:
    await look(store, clock, await watch(store, clock, caller))
    desk = desk_with(store, clock, SEEING)
    clock.advance(timedelta(minutes=30 + 29))
    assert "Blind spots" not in said(await desk.done("status"))
    clock.advance(timedelta(hours=3))
    card = await desk.done("status")
    assert said(card)["Blind spots"] == "Checks are 3 hours late: states are still those of then."
    assert "1 due now" in said(card)["Watching"]
    assert "Next check: now" in said(card)["Watching"]


async def test_alerts_that_were_given_up_are_shown(store: Store, clock: FixedClock, caller: Caller) -> None:
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "k", {}), clock.now())
    [alert] = await store.lease_alerts(
        clock.now(), worker="w", lease=timedelta(minutes=1), limit=1, platforms=["terminal"]
    )
    await store.record_delivery(alert.id, "w", clock.now(), delivered=False, problem="Gone.")
    card = await desk_with(store, clock, SEEING).done("status")
    assert "given up: 1" in said(card)["Alerts"]
    assert "1 alert could not be delivered" in said(card)["Blind spots"]
    assert card.values["alerts_failed"] == 1


async def test_a_chat_without_a_place_for_alerts_is_told(store: Store, clock: FixedClock) -> None:
    card = await desk_with(store, clock, SEEING).say("status", CHATTING)
    assert "/rao alerts here" in said(card)["Blind spots"]
    assert said(card)["Where alerts go"].startswith("Not chosen yet")


async def test_an_alert_that_missed_its_channel_is_told_until_another_arrives_or_another_place_is_chosen(
    store: Store, clock: FixedClock
) -> None:
    caller = Caller(CHATTING.workspace_id, CHATTING.member_id, CHATTING.name, "c")
    desk = desk_with(store, clock, SEEING)
    await desk.say("status", CHATTING)
    await store.set_alert_channel(caller, "c-7", clock.now())

    async def deliver(key: str, problem: str | None) -> None:
        await store.owe_alert(caller, NewAlert(AlertKind.TEST, key, {}), clock.now())
        [alert] = await store.lease_alerts(
            clock.now(), worker="w", lease=timedelta(minutes=1), limit=1, platforms=["discord"]
        )
        await store.record_delivery(alert.id, "w", clock.now(), delivered=True, problem=problem)

    await deliver("a", "The channel is archived. It went to the server's owner.")
    card = await desk.say("status", CHATTING)
    assert said(card)["Blind spots"] == (
        "The last alert did not reach its channel. The channel is archived. It went to the server's owner. "
        "Another place: /rao alerts here"
    )
    await store.set_alert_channel(caller, "c-8", clock.now())
    assert "Blind spots" not in said(await desk.say("status", CHATTING))
    await store.set_alert_channel(caller, "c-7", clock.now())
    await deliver("b", None)
    assert "Blind spots" not in said(await desk.say("status", CHATTING))


async def test_money_that_is_used_up_is_told(store: Store, clock: FixedClock, caller: Caller) -> None:
    await store.reserve(caller, "draft", 10_000_000, clock.now(), expires_at=clock.now() + timedelta(minutes=5))
    card = await desk_with(store, clock, SEEING).done("status")
    assert "money is used up" in said(card)["Blind spots"]
    assert card.values["left_usd_micros"] == 0


async def test_built_in_defaults_are_named(store: Store, clock: FixedClock) -> None:
    card = await desk_with(store, clock, SEEING, embedded=("Database: SQLite", "Drafts: asked")).say("status", GUEST)
    assert said(card)["Built-in defaults in use"] == "Database: SQLite\nDrafts: asked"
