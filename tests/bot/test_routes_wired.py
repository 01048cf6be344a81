"""Routes and mutes as people use them, over the wire, on both chats."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.courier import Courier
from bot.frontend import Actor
from bot.main import Program
from core.alerts import Delivery
from core.model import AlertKind, Caller, NewAlert, Role
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack
from tests.fakes.discord import CHANNEL
from tests.storage import world

ELSEWHERE = Actor("slack:T1", "slack", "Team", "U1", "Alice", may_manage=True, channel="C2")


def courier(program: Program) -> Courier:
    return Courier(program.store, program.services.clock, program.front_ends, "test")


async def prepared(program: Program, workspace_id: str, channel: str) -> tuple[Store, Caller]:
    store, platform = program.store, workspace_id.partition(":")[0]
    assert isinstance(store, Store)
    caller = Caller(workspace_id, "42" if platform == "discord" else "U1", "Alice", "test")
    await store.ensure_workspace(workspace_id, platform, "Team", AT)
    await store.grant_role(caller, caller.member_id, "Alice", Role.ADMIN, AT)
    await store.set_alert_channel(caller, channel, AT)
    return store, caller


async def owe(program: Program, caller: Caller, kind: AlertKind, name: str) -> None:
    store = program.store
    assert isinstance(store, Store)
    post = await world.make_post(store, caller, AT, fullname=f"t3_{name}")
    facts = {"community": "harbor", "state": "removed", "removed_by": "moderators", "since": AT.isoformat()}
    await store.owe_alert(caller, NewAlert(kind, name, facts, post.id), program.services.clock.now())


async def test_on_slack_alerts_about_a_community_go_to_the_channel_where_that_was_asked_for(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        slack.channels |= {"C2": "harbor-team"}
        _, caller = await prepared(program, "slack:T1", "C1")
        made = await program.dispatcher.run(ELSEWHERE, "alerts route here", {"about": "community", "which": "r/Harbor"})
        assert made.title == "Alerts about r/harbor come here"
        assert [m.channel for m in slack.shown] == ["C2"], "proved before it is promised"
        await owe(program, caller, AlertKind.POST_REMOVED, "1abc")
        assert await courier(program).deliver_due() == 1
        assert (await slack.said("Removed by its moderators")).channel == "C2"
        listed = await program.dispatcher.run(ELSEWHERE, "alerts routes", {})
        [told] = listed.fields
        assert (told.name, told.value, told.channel) == ("r/harbor", "Chosen by Alice", "C2")
        ended = await program.dispatcher.run(ELSEWHERE, "alerts route end", {"route": str(made.values["route"])})
        assert ended.title == "Alerts about r/harbor go to the workspace's place again"


async def test_on_slack_an_alert_whose_route_refuses_comes_to_the_workspaces_place(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        slack.channels |= {"C2": "harbor-team"}
        _, caller = await prepared(program, "slack:T1", "C1")
        await program.dispatcher.run(ELSEWHERE, "alerts route here", {"about": "community", "which": "harbor"})
        slack.fail("chat.postMessage", "is_archived", times=1)
        await owe(program, caller, AlertKind.POST_REMOVED, "1abc")
        assert await courier(program).deliver_due() == 1
        told = await slack.said("Removed by its moderators")
        assert told.channel == "C1"
        assert "Why this comes here" in told.words


async def test_a_place_that_takes_no_message_becomes_no_route(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        slack.fail("chat.postMessage", "not_in_channel", times=1)
        refused = await program.dispatcher.run(
            ELSEWHERE, "alerts route here", {"about": "community", "which": "harbor"}
        )
        assert refused.code == "place_refused"
        assert await store.routes(caller.workspace_id) == []


async def test_on_discord_a_muted_community_is_told_by_the_digest_and_the_rest_at_the_end(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        store, caller = await prepared(program, "discord:500", str(CHANNEL))
        alice = Actor("discord:500", "discord", "Team", "42", "Alice", may_manage=True)
        muted = await program.dispatcher.run(
            alice, "alerts mute", {"about": "community", "which": "harbor", "lasts": "4 hours"}
        )
        assert muted.title == "Muted: r/harbor"
        await owe(program, caller, AlertKind.POST_REMOVED, "1abc")
        await owe(program, caller, AlertKind.POST_LOCKED, "2abc")
        assert await courier(program).deliver_due() == 0
        assert discord.channels.get(CHANNEL, []) == []
        lock, removal = await store.alerts(caller.workspace_id)
        assert removal.told_by is Delivery.DIGEST
        assert lock.next_attempt_at == AT + timedelta(hours=4)
        program.services.clock.stopped_at = AT + timedelta(hours=4)  # type: ignore[attr-defined]
        assert await courier(program).deliver_due() == 1
        assert "Locked · r/harbor" in discord.channels[CHANNEL][-1].text


async def test_a_mute_that_is_ended_early_brings_what_it_held_back(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        _, caller = await prepared(program, "discord:500", str(CHANNEL))
        alice = Actor("discord:500", "discord", "Team", "42", "Alice", may_manage=True)
        muted = await program.dispatcher.run(alice, "alerts mute", {"about": "all but act now", "lasts": "a week"})
        await owe(program, caller, AlertKind.POST_LOCKED, "2abc")
        await owe(program, caller, AlertKind.POST_REMOVED, "1abc")
        assert await courier(program).deliver_due() == 1, "what must be acted on now comes"
        await program.dispatcher.run(alice, "alerts route end", {"route": str(muted.values["route"])})
        assert await courier(program).deliver_due() == 1
        assert "Locked · r/harbor" in discord.channels[CHANNEL][-1].text
