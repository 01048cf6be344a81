"""Where good news go, on both chats, over the wire: the message that told the trouble, or the next digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.courier import Courier
from bot.main import Program
from core.alerts import Delivery
from core.digest import owe_due_digests
from core.model import AlertKind, Caller, NewAlert, Role, State, TrackedPost
from core.visibility.tracking import Verdict
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack
from tests.fakes.discord import CHANNEL
from tests.storage import world

HOURS = timedelta(hours=3, minutes=20)
BACK = "Visible again after 3 h 20 min · r/harbor"


def courier(program: Program) -> Courier:
    return Courier(program.store, program.services.clock, program.front_ends, "test")


async def prepared(program: Program, workspace_id: str, channel: str) -> tuple[Store, Caller, TrackedPost]:
    """A workspace whose alerts go to `channel`, with a watched post that was removed; the channel was told."""
    store, platform = program.store, workspace_id.partition(":")[0]
    assert isinstance(store, Store)
    caller = Caller(workspace_id, "42" if platform == "discord" else "U1", "Alice", "test")
    await store.ensure_workspace(workspace_id, platform, "Team", AT)
    await store.grant_role(caller, caller.member_id, "Alice", Role.ADMIN, AT)
    await store.set_alert_channel(caller, channel, AT)
    post = await world.make_post(store, caller, AT, fullname="t3_1abc")
    facts = {"state": "removed", "removed_by": "moderators", "community": "harbor", "since": AT.isoformat()}
    told = NewAlert(AlertKind.POST_REMOVED, "removed", {**facts, "registered_by": "Alice"}, post.id)
    check = world.removal_check(post, AT)
    await world.record(store, [replace(check, verdict=replace(check.verdict, alerts=(told,)))], AT)
    assert await courier(program).deliver_due() == 1
    return store, caller, post


async def seen_again(program: Program, post: TrackedPost) -> None:
    """The post is live again some hours later, and the news of it is owed and told."""
    later = AT + HOURS
    program.services.clock.stopped_at = later  # type: ignore[attr-defined]
    facts = {"state": "live", "previous_state": "removed", "community": "harbor", "since": later.isoformat()}
    news = NewAlert(AlertKind.POST_LIVE, "live", {**facts, "previous_since": AT.isoformat()}, post.id)
    verdict = Verdict(State.LIVE, later, alerts=(news,))
    await world.record(program.store, [replace(world.removal_check(post, later), verdict=verdict)], later)
    await courier(program).deliver_due()


async def test_on_discord_the_message_of_the_removal_turns_to_good_news(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        store, caller, post = await prepared(program, "discord:500", str(CHANNEL))
        [removal] = [m for m in discord.channels[CHANNEL] if m.nonce]
        assert "**For** <@42>" in removal.text
        await seen_again(program, post)
        assert BACK in removal.text
        assert "Hidden from" in removal.text
        assert [m for m in discord.channels[CHANNEL] if m.nonce] == [removal], "no second message"
        assert "<@42>" not in removal.text
        live = (await store.alerts(caller.workspace_id))[0]
        assert (live.told_by, live.is_given_up, live.delivered_at) == (Delivery.UPDATE, False, AT + HOURS)
        # A click afterwards keeps what it shows.
        await discord.click(removal, "Details")
        assert BACK in removal.text


async def test_on_slack_the_message_of_the_removal_turns_to_good_news(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller, post = await prepared(program, "slack:T1", "C1")
        removal = await slack.said("Removed by its moderators")
        await seen_again(program, post)
        assert BACK in removal.words
        assert len(slack.called("chat.postMessage")) == 1
        assert (await store.alerts(caller.workspace_id))[0].told_by is Delivery.UPDATE


async def test_on_discord_good_news_whose_message_was_deleted_come_with_the_digest(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        store, caller, post = await prepared(program, "discord:500", str(CHANNEL))
        discord.channels[CHANNEL][-1].is_deleted = True
        await seen_again(program, post)
        assert (await store.alerts(caller.workspace_id))[0].told_by is Delivery.DIGEST
        assert len(discord.channels[CHANNEL]) == 1


async def test_good_news_whose_message_was_deleted_come_with_the_digest(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller, post = await prepared(program, "slack:T1", "C1")
        slack.fail("chat.update", "message_not_found")
        await seen_again(program, post)
        live = (await store.alerts(caller.workspace_id))[0]
        assert (live.told_by, live.is_given_up, live.delivered_at) == (Delivery.DIGEST, False, None)
        times = await store.timetable(caller.workspace_id)
        assert times.digest_due_at is not None, "it began by itself"
        assert await owe_due_digests(store, times.digest_due_at) == 1
        [digest] = await store.alerts(caller.workspace_id, kind=AlertKind.DIGEST)
        assert digest.facts["came_back"] == 1
        program.services.clock.stopped_at = times.digest_due_at  # type: ignore[attr-defined]
        assert await courier(program).deliver_due() == 1
        assert "1 post came back" in (await slack.said("Daily digest")).words


async def test_good_news_that_are_wanted_are_a_message(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller, post = await prepared(program, "slack:T1", "C1")
        await store.set_good_news(caller, True, AT)
        await seen_again(program, post)
        assert len(slack.called("chat.postMessage")) == 2
        assert (await store.alerts(caller.workspace_id))[0].told_by is None


async def test_a_workspace_that_ended_its_digest_gets_good_news_as_messages(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller, _ = await prepared(program, "slack:T1", "C1")
        await store.set_digest(caller, None, AT)
        other = await world.make_post(store, caller, AT, fullname="t3_2abc")
        await store.owe_alert(
            caller, NewAlert(AlertKind.POST_LIVE, "first", {"community": "harbor", "state": "live"}, other.id), AT
        )
        assert await courier(program).deliver_due() == 1
        await slack.said("Live · r/harbor")
        assert (await store.timetable(caller.workspace_id)).digest_due_at is None


async def test_while_slack_cannot_say_whether_the_message_changed_the_news_wait(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller, post = await prepared(program, "slack:T1", "C1")
        slack.fail("chat.update", "service_unavailable", times=1)
        await seen_again(program, post)
        live = (await store.alerts(caller.workspace_id))[0]
        assert (live.told_by, live.delivered_at) == (None, None)
        assert live.next_attempt_at is not None
        program.services.clock.stopped_at = live.next_attempt_at  # type: ignore[attr-defined]
        assert await courier(program).deliver_due() == 0, "told without a message of its own"
        assert (await store.alerts(caller.workspace_id))[0].told_by is Delivery.UPDATE
        assert BACK in (await slack.said("Visible again")).words
