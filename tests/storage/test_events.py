"""Events: which alerts wait for another's message, what that message tells, and what is delivered with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.alerts import Alert, Delivery, EarlierMessage, Joined, Wishes
from core.model import AlertKind, Caller, NewAlert, TrackedPost
from storage.events import JOINED_MAX
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)
HERE = ["terminal", "discord"]


@pytest.fixture
def member(caller: Caller) -> Caller:
    """Of a chat: a terminal's lines cannot be rendered again."""
    return replace(caller, workspace_id="discord:1")


@pytest.fixture
async def store(store: Store, member: Caller, clock: FixedClock) -> Store:
    await store.ensure_workspace(member.workspace_id, "discord", "Harbor", clock.now())
    await store.set_alert_channel(member, "C1", clock.now())
    return store


def gone(
    key: str, event: str | None = "a wave", post: int | None = None, kind: AlertKind = AlertKind.POST_REMOVED
) -> NewAlert:
    return NewAlert(kind, key, {"title": key}, post, event=event)


async def told(store: Store, member: Caller, alert: NewAlert, now: datetime) -> None:
    """Owe an alert, about a post of its own unless it names one: alerts about one post take each other in."""
    if alert.tracked_post_id is None:
        post = await world.make_post(store, member, now, f"t3_{alert.dedupe_key.replace(' ', '')}")
        alert = replace(alert, tracked_post_id=post.id)
    assert await store.owe_alert(member, alert, now)


async def by_key(store: Store, member: Caller) -> dict[str, Alert]:
    return {alert.dedupe_key: alert for alert in await store.alerts(member.workspace_id, 200)}


async def makers(store: Store, member: Caller) -> dict[str, str | None]:
    """Which alert's message tells an alert, by their keys."""
    alerts = await by_key(store, member)
    keys = {alert.id: key for key, alert in alerts.items()}
    return {key: keys[alert.told_with] if alert.told_with is not None else None for key, alert in alerts.items()}


async def claim(store: Store, now: datetime) -> Alert:
    [alert] = await store.lease_alerts(now, worker="c", lease=MINUTE, limit=9, platforms=["discord"])
    return alert


async def deliver(store: Store, now: datetime, ref: str = "m-1", sent_to: str = "C1") -> Alert:
    alert = await claim(store, now)
    assert await store.record_delivery(alert.id, "c", now, delivered=True, delivery_ref=ref, sent_to=sent_to)
    return alert


# ---------------------------------------------------------------- who joins


async def test_alerts_of_one_event_join_its_first_alert_as_long_as_each_comes_soon_after_the_last(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    await told(store, member, gone("a"), clock.now())
    await told(store, member, gone("b"), clock.advance(30 * MINUTE))
    await told(store, member, gone("c"), clock.advance(30 * MINUTE))
    await told(store, member, gone("d"), clock.advance(30 * MINUTE + SECOND))
    await told(store, member, gone("e"), clock.now())
    assert await makers(store, member) == {"a": None, "b": "a", "c": "a", "d": None, "e": "d"}
    alerts = await by_key(store, member)
    assert {key: alerts[key].next_attempt_at is None for key in alerts} == {
        "a": False,
        "b": True,
        "c": True,
        "d": False,
        "e": True,
    }


async def test_only_alerts_of_the_same_event_in_the_same_workspace_join(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    other = replace(member, workspace_id="discord:2")
    await store.ensure_workspace("discord:2", "discord", "Other", now)
    await told(store, other, gone("foreign"), now)
    await told(store, member, gone("none", event=None), now)
    await told(store, member, gone("a"), now)
    await told(store, member, gone("another", event="another wave"), now)
    await told(store, member, gone("none again", event=None), now)
    await told(store, member, gone("b"), now)
    assert await makers(store, other) == {"foreign": None}
    assert await makers(store, member) == {
        "none": None,
        "a": None,
        "another": None,
        "none again": None,
        "b": "a",
    }


async def test_banned_accounts_join_each_other_when_they_come_at_once_and_their_own_event_for_hours(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    kind = AlertKind.ACCOUNT_SHADOWBANNED
    await told(store, member, gone("ada removed", event="account:ada"), clock.now())
    await told(store, member, gone("ada", event="account:ada", kind=kind), clock.advance(12 * HOUR))
    await told(store, member, gone("bob", event="account:bob", kind=kind), clock.advance(30 * MINUTE))
    suspended = gone("dan", event="account:dan", kind=AlertKind.ACCOUNT_SUSPENDED)
    await told(store, member, suspended, clock.now())
    await told(store, member, gone("cem", event="account:cem", kind=kind), clock.advance(30 * MINUTE + SECOND))
    await told(store, member, gone("eve", event="account:eve"), clock.now())
    assert await makers(store, member) == {
        "ada removed": None,
        "ada": "ada removed",
        "bob": "ada removed",
        "dan": None,
        "cem": None,
        "eve": None,
    }


async def test_what_ends_an_event_joins_nothing_and_what_follows_begins_another(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await told(store, member, gone("a"), now)
    await told(store, member, replace(gone("back"), facts={"restored": True}), now)
    await told(store, member, gone("b"), now)
    await told(store, member, gone("c"), now)
    assert await makers(store, member) == {"a": None, "back": None, "b": None, "c": "b"}


async def test_what_the_digest_tells_is_no_message_to_join_and_what_was_told_by_an_update_is(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await told(store, member, gone("in the digest"), now)
    assert await store.leave_to_digest((await claim(store, now)).id, "c", now)
    await told(store, member, gone("a"), now)
    await told(store, member, gone("b"), now)
    await deliver(store, now)
    await told(store, member, gone("c"), now)
    assert await makers(store, member) == {"in the digest": None, "a": None, "b": "a", "c": "a"}
    alerts = await by_key(store, member)
    assert [alerts[key].told_by for key in alerts] == [None, Delivery.UPDATE, None, Delivery.DIGEST]


async def test_a_snoozed_alert_joins_nothing(store: Store, member: Caller, clock: FixedClock) -> None:
    now = clock.now()
    post = await world.make_post(store, member, now)
    await store.snooze_post(member, post.id, now + HOUR, now)
    await told(store, member, gone("a"), now)
    await told(store, member, gone("snoozed", post=post.id), now)
    alerts = await by_key(store, member)
    assert (alerts["snoozed"].told_with, alerts["snoozed"].next_attempt_at) == (None, now + HOUR)


@pytest.mark.parametrize("fate", ["claimed", "given back", "delivered"])
async def test_an_alert_that_joins_a_message_on_its_way_stays_due_so_that_the_message_is_rendered_again(
    store: Store, member: Caller, clock: FixedClock, fate: str
) -> None:
    now = clock.now()
    await told(store, member, gone("a"), now)
    if fate == "delivered":
        await deliver(store, now)
    else:
        first = await claim(store, now)
        assert fate == "claimed" or await store.release_alerts("c", [first.id]) == 1
    await told(store, member, gone("b"), now)
    joined = (await by_key(store, member))["b"]
    assert (await makers(store, member))["b"] == "a"
    assert joined.next_attempt_at == now


async def test_a_message_that_good_news_took_in_is_joined_no_more(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await world.make_post(store, member, now)
    await told(store, member, gone("a", post=post.id), now)
    await told(store, member, gone("live", event=None, post=post.id, kind=AlertKind.POST_LIVE), now)
    await told(store, member, gone("b"), now)
    assert await makers(store, member) == {"a": "live", "live": None, "b": None}


async def test_an_alert_that_takes_in_the_first_of_its_event_is_told_itself(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    """A filter's removal waits for the morning when its account turns out to be shadowbanned."""
    now = clock.now()
    post, other = [await world.make_post(store, member, now, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    await told(store, member, gone("by filter", event="account:ada", post=post.id), now)
    banned = gone("banned", event="account:ada", post=post.id, kind=AlertKind.ACCOUNT_SHADOWBANNED)
    await told(store, member, banned, now)
    await told(store, member, gone("another", event="account:ada", post=other.id), now)
    assert await makers(store, member) == {"by filter": "banned", "banned": None, "another": "banned"}
    assert (await claim(store, now)).dedupe_key == "banned"


async def test_an_alert_that_takes_in_one_that_waits_for_a_sent_message_joins_that_message(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await world.make_post(store, member, now)
    await told(store, member, gone("first", event="account:ada"), now)
    await deliver(store, now)
    await told(store, member, gone("by filter", event="account:ada", post=post.id), now)
    banned = gone("banned", event="account:ada", post=post.id, kind=AlertKind.ACCOUNT_SHADOWBANNED)
    await told(store, member, banned, now)
    assert await makers(store, member) == {"first": None, "by filter": "banned", "banned": "first"}
    assert (await claim(store, now)).dedupe_key == "banned"


async def test_good_news_do_not_take_in_an_alert_that_others_joined(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post, other = [await world.make_post(store, member, now, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    await told(store, member, gone("a", post=post.id), now)
    await told(store, member, gone("b", post=other.id), now)
    await told(store, member, gone("live", event=None, post=post.id, kind=AlertKind.POST_LIVE), now)
    await told(store, member, gone("other live", event=None, post=other.id, kind=AlertKind.POST_LIVE), now)
    assert await makers(store, member) == {"a": None, "b": "a", "live": None, "other live": None}


# ---------------------------------------------------------------- what the message tells


async def test_a_message_is_told_with_the_later_alerts_of_its_event_and_their_posts(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    posts = [await world.make_post(store, member, now, f"t3_aaaa{n}") for n in range(3)]
    held = gone("held", event="earlier", post=posts[0].id, kind=AlertKind.POST_HELD)
    await told(store, member, held, now)
    await told(store, member, gone("a", post=posts[0].id), now)  # takes in what waits about its post
    await told(store, member, gone("b", post=posts[1].id), now)
    assert await store.owe_alert(member, gone("c", kind=AlertKind.POST_LOCKED), now)
    await told(store, member, gone("alone", event="alone", post=posts[2].id), now)
    alerts = await by_key(store, member)
    assert (await makers(store, member))["held"] == "a"

    async def joined(key: str) -> tuple[str, TrackedPost | None, list[tuple[str, TrackedPost | None]]]:
        shown = await store.alert_record(member.workspace_id, alerts[key].id)
        assert all(isinstance(one, Joined) for one in shown.joined)
        return shown.alert.dedupe_key, shown.post, [(one.alert.dedupe_key, one.post) for one in shown.joined]

    whole = ("a", posts[0], [("b", posts[1]), ("c", None)])
    assert await joined("a") == whole
    assert await joined("b") == whole, "an alert that joined is shown by its message"
    assert await joined("alone") == ("alone", posts[2], [])
    assert (await joined("held"))[0] == "a"


async def test_a_message_tells_so_many_joined_alerts_and_the_newest_of_more(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, member, clock.now())
    for n in range(JOINED_MAX + 2):
        alert = gone(f"{n}", post=post.id if n == 0 else None, kind=AlertKind.POST_LOCKED)
        assert await store.owe_alert(member, alert, clock.now())
    first = (await by_key(store, member))["0"]
    shown = await store.alert_record(member.workspace_id, first.id)
    assert [one.alert.dedupe_key for one in shown.joined] == [f"{n}" for n in range(2, JOINED_MAX + 2)]


async def test_an_alert_without_an_event_is_shown_alone_though_an_older_one_is_told_with_it(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await world.make_post(store, member, now)
    await told(store, member, gone("held", event=None, post=post.id, kind=AlertKind.POST_HELD), now)
    await told(store, member, gone("removed", event=None, post=post.id), now)
    alerts = await by_key(store, member)
    for key in ("held", "removed"):
        shown = await store.alert_record(member.workspace_id, alerts[key].id)
        assert (shown.alert.dedupe_key, shown.joined) == (key, ())


# ---------------------------------------------------------------- what is delivered with it


async def test_what_waited_in_a_message_is_delivered_with_it_and_nothing_else_is(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    await told(store, member, gone("older", event="older"), began)
    await told(store, member, gone("a"), began)
    await told(store, member, gone("b"), began)
    await told(store, member, gone("next", event="next"), began)
    await told(store, member, gone("of next", event="next"), began)
    await deliver(store, began, "m-0")
    first = await claim(store, began)
    await told(store, member, gone("c"), began)  # comes while the message is on its way
    later = clock.advance(SECOND)
    assert await store.record_delivery(first.id, "c", later, delivered=True, delivery_ref="m-1", sent_to="C7")
    alerts = await by_key(store, member)
    assert {
        key: (alert.delivered_at, alert.sent_to, alert.told_by, alert.next_attempt_at) for key, alert in alerts.items()
    } == {
        "older": (began, "C1", None, None),
        "a": (later, "C7", None, None),
        "b": (later, "C7", Delivery.UPDATE, None),
        "next": (None, None, None, began),
        "of next": (None, None, None, None),
        "c": (None, None, None, began),
    }
    assert await reference(store, alerts["b"]) == "m-1"
    assert await reference(store, alerts["c"]) is None


async def reference(store: Store, alert: Alert) -> str | None:
    rows = (await store.export_rows(alert.workspace_id))["alerts"]
    found: str | None = next(row["delivery_ref"] for row in rows if row["id"] == alert.id)
    return found


async def test_what_was_told_by_itself_meanwhile_stays_where_it_was_told(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await told(store, member, gone("a"), now)
    first = await claim(store, now)
    await store.record_delivery(first.id, "c", now, delivered=False, problem="No answer.", retry_at=now + HOUR)
    await told(store, member, gone("b"), now)
    alone = await deliver(store, now, "m-of-b", "C2")
    assert alone.dedupe_key == "b"
    later = clock.advance(HOUR)
    assert (await deliver(store, later, "m-of-a")).dedupe_key == "a"
    found = (await by_key(store, member))["b"]
    assert (found.delivered_at, found.sent_to, found.told_by) == (now, "C2", None)
    assert await reference(store, found) == "m-of-b"


async def test_what_an_earlier_alert_was_told_with_is_not_delivered_again(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    """An alert that a newer one of its event took in is counted with that one, and makes no message."""
    now = clock.now()
    post = await world.make_post(store, member, now)
    await told(store, member, gone("held", event="earlier", post=post.id, kind=AlertKind.POST_HELD), now)
    await told(store, member, gone("a", post=post.id), now)
    assert (await deliver(store, now)).dedupe_key == "a"
    held = (await by_key(store, member))["held"]
    assert (held.delivered_at, held.told_by) == (None, None)


# ---------------------------------------------------------------- the message that a joined alert updates


async def test_a_joined_alert_wishes_to_be_told_by_its_message_where_that_stands(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await told(store, member, gone("a"), now)
    first = await claim(store, now)
    await told(store, member, gone("b"), now)
    alone = Wishes(good_news=False, has_digest=True, earlier=None)
    waiting = (await by_key(store, member))["b"]
    assert await store.wishes(waiting) == alone, "the message is not there yet"
    assert await store.record_delivery(first.id, "c", now, delivered=True, delivery_ref="m-1", sent_to="C1")
    joined = await claim(store, now)
    assert (joined.dedupe_key, joined.channel) == ("b", "C1")
    assert await store.wishes(joined) == replace(alone, earlier=EarlierMessage(first.id, "C1", "m-1"))
    assert await store.wishes(replace(joined, channel="C2")) == alone, "alerts go elsewhere now"
    assert await store.wishes(replace(joined, told_with=None)) == alone
    assert await store.wishes(replace(joined, event=None)) == alone
    assert await store.wishes(replace(joined, workspace_id="discord:2")) == alone
    assert await store.wishes(replace(joined, told_with=joined.id + 1)) == alone


async def test_a_message_without_a_reference_cannot_be_rendered_again(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await told(store, member, gone("a"), now)
    first = await claim(store, now)
    assert await store.record_delivery(first.id, "c", now, delivered=True, sent_to="C1")
    await told(store, member, gone("b"), now)
    assert (await store.wishes(await claim(store, now))).earlier is None


async def test_a_message_that_may_have_arrived_is_not_rendered_again_until_it_is_known_to_stand(
    store: Store, member: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await told(store, member, gone("a"), now)
    first = await claim(store, now)
    assert await store.set_out(first.id, "c", "C1", now, lease=MINUTE) is not None
    await told(store, member, gone("b"), now)
    joined = replace((await by_key(store, member))["b"], channel="C1")
    assert (await store.wishes(joined)).earlier is None
