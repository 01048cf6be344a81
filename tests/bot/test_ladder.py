"""Where an alert goes when its channel does not take it, and that no workspace waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.card import Field, Named
from bot.courier import COPY_ATTEMPTS, MAX_ATTEMPTS, ROUND_S, Courier
from bot.frontend import DeliveryFailed, Refused
from bot.ladder import ELSEWHERE_AFTER, LEASE
from core.alerts import FIRST_REST, Refusal
from core.drafting.approvals import Addressed, told_voided
from core.model import AlertKind, Caller, NewAlert, Role
from core.routes import About, NewRoute
from core.timetable import QuietHours
from storage.store import Store
from storage.store import Store as StoredStore
from tests.bot.test_courier import Channel, fates, gone, moment, owe
from tests.clock import FixedClock

OWNER = "@olga"


@pytest.fixture
def channel() -> Channel:
    return Channel(owner="olga")


@pytest.fixture
async def chosen(store: Store, clock: FixedClock, caller: Caller) -> str:
    await store.set_alert_channel(caller, "C1", clock.now())
    return "C1"


@pytest.fixture
def courier(store: Store, clock: FixedClock, channel: Channel, chosen: str) -> Courier:
    return Courier(store, clock, {"terminal": channel}, "courier-1", timeout_s=5.0)


# ---------------------------------------------------------------- a second place


async def test_a_refused_channel_brings_the_alert_to_the_owner_who_is_told_why(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    await owe(store, clock, caller, "a")
    channel.refuses["C1"] = gone("The channel is locked.")
    assert await courier.deliver_due() == 1
    [(_, place, card, _)] = channel.shown
    assert place == OWNER
    assert card.fields[0].name == "Why this comes to you"
    assert card.fields[0].value.startswith("The channel is locked. Choose where alerts go: give /rao alerts here")
    [alert] = await store.alerts(caller.workspace_id)
    assert alert.last_problem == "The channel is locked. It went to the direct messages of the owner."


async def waits_for(store: Store, clock: FixedClock, caller: Caller, *names: str) -> None:
    for name in names:
        facts = {"draft": 7, "community": "harbor", "poster": "Ada", "to": name.title(), "workspace": "H", "by": "Ada"}
        alert = NewAlert(AlertKind.DRAFT_WAITS, f"waits:{name}", facts, to_member=name)
        await store.owe_alert(caller, alert, clock.now())


async def test_what_is_for_one_member_goes_to_them_whatever_routes_and_mutes_say(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    later = clock.now() + timedelta(days=1)
    await store.set_route(caller, NewRoute(About.COMMUNITY, "harbor", "r/harbor", "C9"), clock.now())
    await store.set_route(caller, NewRoute(About.PERSON, "Ada", "Ada", "C8"), clock.now())
    await store.set_route(caller, NewRoute(About.NOT_URGENT, "", "all", until=later), clock.now())
    await waits_for(store, clock, caller, "ann", "bea")
    assert await courier.deliver_due() == 2
    assert channel.places == ["@ann", "@bea"]
    card = channel.shown[0][2]
    assert card.title == "Draft 7 for r/harbor waits for your decision"
    assert card.text == "By Ada, for Ada to post.\nIn H. To turn such messages off: /rao draft list waiting=me"
    assert "For" not in [field.name for field in card.fields]
    assert await store.alerts(caller.workspace_id) == [], "what reached one member is no news of the workspace"


async def test_who_left_or_takes_no_direct_messages_is_called_where_such_alerts_go(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    later = clock.now() + timedelta(days=1)
    await store.set_route(caller, NewRoute(About.COMMUNITY, "harbor", "r/harbor", "C9"), clock.now())
    await store.set_route(caller, NewRoute(About.NOT_URGENT, "", "all", until=later), clock.now())
    channel.refuses["@ann"] = gone("That member takes no direct messages from the bot.")
    await waits_for(store, clock, caller, "ann")
    assert await courier.deliver_due() == 1
    [(_, place, card, _)] = channel.shown
    assert place == "C9"
    said = "That member takes no direct messages from the bot. It is for Ann, who can turn such messages off: "
    assert card.fields[0] == Field("Why this comes here", f"{said}/rao draft list waiting=me")
    assert card.fields[-1] == Field("For", "", members=(Named("Ann", "ann"),))
    [alert] = await store.alerts(caller.workspace_id)
    assert alert.last_problem == ("That member takes no direct messages from the bot. It went to a channel for alerts.")


async def test_where_no_channel_takes_it_either_the_owner_gets_what_was_for_a_member(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.refuses = {"@ann": gone("She left."), "C1": gone("The channel is locked.")}
    await waits_for(store, clock, caller, "ann")
    assert await courier.deliver_due() == 1
    assert channel.places == [OWNER]
    channel.refuses[OWNER] = gone("No.")
    await waits_for(store, clock, caller, "bea")
    channel.refuses["@bea"] = gone("She left too.")
    for _ in range(MAX_ATTEMPTS + 1):
        await courier.deliver_due()
        clock.advance(timedelta(hours=2))
    assert (await store.backlog(caller.workspace_id, clock.now())).alerts_failed == 1
    [lost] = await store.alerts(caller.workspace_id, kind=AlertKind.UNDELIVERED)
    assert lost.facts["lost"][0]["kind"] == "draft_waits"


async def test_one_members_hanging_messages_let_no_other_alert_wait(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.refuses["@ann"] = moment()
    await waits_for(store, clock, caller, "ann")
    await owe(store, clock, caller, "a")
    assert await courier.deliver_due() == 1
    assert channel.places == ["C1"]


async def test_what_the_channel_is_told_too_goes_to_nobody_else_when_the_member_takes_none(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    facts = {"draft": 7, "community": "harbor", "poster": "Ada", "changes": [], "changes_count": 0}
    for_all = NewAlert(AlertKind.DRAFT_VOIDED, "approval:1:void", facts)
    await store.owe_alert(caller, for_all, clock.now())
    await store.owe_alert(caller, told_voided(for_all, Addressed("ann", "Ann", "Harbor")), clock.now())
    channel.refuses["@ann"] = gone("She left.")
    for _ in range(COPY_ATTEMPTS + 1):
        await courier.deliver_due()
        clock.advance(timedelta(hours=2))
    assert channel.places == ["C1"]
    assert {place for place, *_ in channel.tries} == {"C1", "@ann"}
    own, shared = await store.alerts(caller.workspace_id, kind=AlertKind.DRAFT_VOIDED)
    assert (own.told_with, own.is_given_up, own.to_member) == (shared.id, False, "ann")
    assert (await store.backlog(caller.workspace_id, clock.now())).alerts_failed == 0
    assert await store.alerts(caller.workspace_id, kind=AlertKind.UNDELIVERED) == []


async def test_the_next_places_are_the_admins_and_then_a_channel_that_took_alerts_before(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    for name in ("ann", "bea"):
        await store.grant_role(caller, name, name, Role.ADMIN, clock.now())
    await owe(store, clock, caller, "a")
    await courier.deliver_due()
    await store.set_alert_channel(caller, "C2", clock.now())
    channel.refuses = {place: gone() for place in ("C2", OWNER, "@ann", "@bea")}
    await owe(store, clock, caller, "b")
    assert await courier.deliver_due() == 1
    assert [place for place, *_ in channel.tries] == ["C1", "C2", OWNER, "@ann", "@bea", "C1"]
    assert channel.shown[-1][2].fields[0].name == "Why this comes here"


async def test_a_refused_channel_is_left_alone_for_a_while_and_used_again_when_it_works(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.refuses["C1"] = gone()
    await owe(store, clock, caller, "a", "b")
    await courier.deliver_due()
    assert [place for place, *_ in channel.tries] == ["C1", OWNER, OWNER]
    channel.refuses.clear()
    clock.advance(FIRST_REST - timedelta(seconds=1))
    await owe(store, clock, caller, "c")
    await courier.deliver_due()
    clock.advance(timedelta(seconds=1))
    await owe(store, clock, caller, "d")
    await courier.deliver_due()
    assert channel.places == [OWNER, OWNER, OWNER, "C1"]
    assert await store.refusals(caller.workspace_id) == []


async def test_a_refused_form_is_plain_text_in_the_same_place(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.refuses["C1"] = DeliveryFailed("Not in that form.", Refused.FORM)
    await owe(store, clock, caller, "a")
    assert await courier.deliver_due() == 1
    assert channel.tries == [("C1", False, False), ("C1", False, True)]
    assert await store.refusals(caller.workspace_id) == []


async def test_a_form_that_is_refused_by_an_unknown_name_everywhere_comes_as_plain_text_at_last(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.failures = [gone("Unknown."), gone("Unknown.")]
    await owe(store, clock, caller, "a")
    assert await courier.deliver_due() == 1
    assert channel.tries == [("C1", False, False), (OWNER, False, False), ("C1", False, True)]


async def test_a_defect_of_ours_leaves_the_plain_text(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.failures = [RuntimeError("a renderer")]
    await owe(store, clock, caller, "a")
    assert await courier.deliver_due() == 1
    assert channel.tries == [("C1", False, False), ("C1", True, True)]


async def test_what_passes_by_itself_is_waited_for_an_hour_and_then_a_person_is_told(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.refuses["C1"] = moment("Too busy.")
    await owe(store, clock, caller, "a")
    began = clock.now()
    while not channel.shown:
        await courier.deliver_due()
        clock.advance(timedelta(minutes=1))
    assert channel.places == [OWNER]
    assert [place for place, *_ in channel.tries] == ["C1"] * ELSEWHERE_AFTER + [OWNER]
    assert timedelta(minutes=30) < clock.now() - began < timedelta(hours=2)
    assert await store.refusals(caller.workspace_id) == [], "it is no refusal"


async def test_a_second_place_that_hangs_is_looked_at_first_the_next_time(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.refuses = {"C1": gone(), OWNER: moment("No answer.", may_have_arrived=True)}
    await store.grant_role(caller, "ann", "ann", Role.ADMIN, clock.now())
    await owe(store, clock, caller, "a")
    assert await courier.deliver_due() == 0
    del channel.refuses[OWNER]
    clock.advance(timedelta(minutes=1))
    assert await courier.deliver_due() == 1
    assert channel.tries == [("C1", False, False), (OWNER, False, False), (OWNER, True, False)]


# ---------------------------------------------------------------- giving up


async def give_up(store: Store, clock: FixedClock, caller: Caller, courier: Courier, key: str) -> None:
    while (await fates(store, caller))[key] == "waiting":
        await courier.deliver_due()
        clock.advance(timedelta(hours=1, minutes=20))


async def test_giving_up_is_told_to_a_person_even_in_quiet_hours(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.refuses = {"C1": gone("The channel is locked."), OWNER: gone("No direct messages.")}
    await owe(store, clock, caller, "a")
    await give_up(store, clock, caller, courier, "a")
    now = clock.now()
    await store.set_quiet_hours(caller, QuietHours(now.time(), (now + timedelta(hours=8)).time()), now)
    channel.refuses = {"C1": gone("The channel is locked.")}
    clock.advance(timedelta(hours=1))
    assert await courier.deliver_due() == 1
    [(_, place, card, _)] = channel.shown
    assert place == OWNER
    assert card.title == "1 alert could not be delivered"
    assert "The channel is locked. No direct messages." in card.text
    assert "a test alert" in card.text
    assert any("/rao alerts here" in field.value for field in card.fields)


async def test_the_news_of_giving_up_ends_too(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel, courier: Courier
) -> None:
    channel.refuses = {"C1": gone(), OWNER: gone()}
    await owe(store, clock, caller, "a", "b")
    for _ in range(MAX_ATTEMPTS * 4):
        await courier.deliver_due()
        clock.advance(timedelta(hours=1, minutes=20))
    every = await store.alerts(caller.workspace_id, 100)
    assert all(alert.is_given_up for alert in every)
    assert [alert.kind for alert in every].count(AlertKind.UNDELIVERED) <= 2
    assert await store.next_due_at() is None


# ---------------------------------------------------------------- nobody waits for another


async def until(condition: asyncio.Condition, holds: Callable[[], bool]) -> None:
    async with condition:
        await condition.wait_for(holds)


class Told(Channel):
    """A channel that says when it took something."""

    def __init__(self) -> None:
        super().__init__()
        self.news = asyncio.Condition()

    async def deliver(self, *args: Any, **options: Any) -> str:
        reference = await super().deliver(*args, **options)
        async with self.news:
            self.news.notify_all()
        return reference


async def workspaces(store: Store, clock: FixedClock, count: int) -> list[Caller]:
    callers = [Caller(f"terminal:w{number}", "zoe", "Zoe", "c") for number in range(count)]
    for one in callers:
        await store.ensure_workspace(one.workspace_id, "terminal", "Other", clock.now())
    return callers


async def test_thirty_alerts_that_hang_in_one_workspace_keep_nobody_else_waiting(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    told = Told()
    told.hangs = {caller.workspace_id}
    await owe(store, clock, caller, *(f"k{n:02}" for n in range(30)))
    others = await workspaces(store, clock, 20)
    for one in others:
        await owe(store, clock, one, "a", "b")
    delivering = asyncio.create_task(Courier(store, clock, {"terminal": told}, "w", seats=4).deliver_due())
    async with asyncio.timeout(60):
        await until(told.news, lambda: len(told.shown) == 40)
    assert caller.workspace_id not in {workspace for workspace, *_ in told.shown}
    for one in others:
        assert [card.text.split()[3].rstrip(".") for w, _, card, _ in told.shown if w == one.workspace_id] == ["a", "b"]
    assert not delivering.done()
    delivering.cancel()
    await asyncio.wait([delivering])


async def test_what_is_owed_while_the_courier_waits_for_a_hanging_place_goes_with_the_next_round(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    told = Told()
    told.hangs = {caller.workspace_id}
    await owe(store, clock, caller, "hangs")
    courier = Courier(store, clock, {"terminal": told}, "w")
    first = asyncio.create_task(courier.deliver_due())
    await told.reached.wait()
    [other] = await workspaces(store, clock, 1)
    await owe(store, clock, other, "a")
    assert await courier.deliver_due() == 1
    assert not first.done()
    first.cancel()
    await asyncio.wait([first])


async def test_after_a_place_that_hangs_its_other_alerts_wait_longer_each_time(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel
) -> None:
    channel.hangs = {caller.workspace_id}
    await owe(store, clock, caller, *"abcdefgh")
    courier = Courier(store, clock, {"terminal": channel}, "w", timeout_s=0.01)
    for _ in range(60):
        await courier.deliver_due()
        clock.advance(timedelta(seconds=15))
    # Fifteen minutes of eight alerts, each of which would be tried six times by itself.
    assert 5 <= len(channel.tries) <= 12


async def test_an_alert_that_somebody_else_took_up_meanwhile_does_not_go(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel
) -> None:
    class Slow(StoredStore):
        """So slow between the claim and the sending that the lease runs out, and another program has the alert."""

        async def refusals(self, workspace_id: str) -> list[Refusal]:
            now = clock.advance(LEASE)
            assert await self.lease_alerts(now, worker="quick", lease=LEASE, limit=1, platforms=["terminal"])
            return []

    assert isinstance(store, StoredStore)
    await owe(store, clock, caller, "a")
    assert await Courier(Slow(store._database), clock, {"terminal": channel}, "slow").deliver_due() == 0
    assert channel.tries == []
    assert await fates(store, caller) == {"a": "waiting"}
    clock.advance(LEASE)
    assert await Courier(store, clock, {"terminal": channel}, "next").deliver_due() == 1


async def test_a_round_that_goes_on_for_long_leaves_the_rest_to_the_next(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel
) -> None:
    class Slow(Channel):
        async def deliver(self, *args: Any, **options: Any) -> str:
            clock.advance(timedelta(seconds=ROUND_S))
            return await super().deliver(*args, **options)

    slow = Slow()
    await owe(store, clock, caller, "a", "b")
    courier = Courier(store, clock, {"terminal": slow}, "w")
    assert await courier.deliver_due() == 1
    assert await courier.deliver_due() == 1


async def test_two_programs_keep_the_order_of_a_workspace_and_double_nothing(
    store: Store, clock: FixedClock, caller: Caller, channel: Channel
) -> None:
    callers = [caller, *await workspaces(store, clock, 5)]
    keys = [f"k{n}" for n in range(6)]
    for one in callers:
        await owe(store, clock, one, *keys)
    couriers = [Courier(store, clock, {"terminal": channel}, f"w{n}", seats=3) for n in range(2)]
    counts = await asyncio.gather(*(courier.deliver_due() for courier in couriers))
    counts += [await couriers[0].deliver_due()]  # both may have met the same row at the same moment
    assert sum(counts) == len(callers) * len(keys) == len(set(channel.nonces)) == len(channel.nonces)
    for one in callers:
        said = [card.text.split()[3].rstrip(".") for w, _, card, _ in channel.shown if w == one.workspace_id]
        assert said == keys
