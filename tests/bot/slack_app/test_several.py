"""Several workspaces that installed the app, each with its own token, and what ends one of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.card import Card, Tone
from bot.frontend import DeliveryFailed, Refused
from bot.listener import Listener
from bot.slack_app import INSTALLED_PATH
from bot.slack_app.client import SlackFrontEnd
from core.installations import Installation, Installations
from core.model import Caller, Role
from core.seal import INSTALLATIONS, Seal
from storage.store import Store
from tests.bot.slack_app.browser import ADDRESS, install
from tests.bot.slack_app.conftest import Bot
from tests.bot.slack_app.door import Door
from tests.bot.slack_app.signed import SECRET, send
from tests.clock import FixedClock
from tests.fakes.slack import FakeSlack
from tests.patience import PATIENCE_S

# Installing takes a moment, in which no connection is to be taken for dead.
SEVERAL: dict[str, Any] = {"bot_token": "", "ping_interval_s": 30}
ALERT = Card("The post was removed", text="Others cannot see it.", tone=Tone.BAD)


@dataclass
class Teams:
    """T1, with U1 and channel C1, and T2, with V1 and channel K1."""

    bot: Bot
    door: Door
    front_end: SlackFrontEnd

    async def install(self, team: str, by: str) -> Installation:
        self.door.slack.person = (team, by)
        assert (await install(self.door.listener)).status_code == 200
        kept = await self.door.kept(team)
        assert kept is not None
        return kept

    async def ended(self, team: str) -> Installation:
        async with asyncio.timeout(PATIENCE_S):
            while (kept := await self.door.kept(team)) is None or kept.ended_at is None:  # noqa: ASYNC110 - in the store
                await asyncio.sleep(0.005)
        return kept


@pytest.fixture
async def teams(bot: Bot, slack: FakeSlack, store: Store, clock: FixedClock) -> AsyncIterator[Teams]:
    slack.redirect_urls = {f"{ADDRESS}{INSTALLED_PATH}"}
    slack.channels["K1"], slack.team_of_channel["K1"] = "member", "T2"
    slack.team_of_user |= {"V1": "T2", "V2": "T2"}
    door = Door(slack, store, clock, Listener("127.0.0.1:0"))
    async with bot.running(**SEVERAL, app=door.app, listener=door.listener) as front_end, door.listener.serving():
        teams = Teams(bot, door, front_end)
        await teams.install("T1", "U1")
        await teams.install("T2", "V1")
        yield teams


async def test_each_workspace_is_answered_and_alerted_with_its_own_token(teams: Teams, slack: FakeSlack) -> None:
    await slack.command("tea list", user="U1")
    await slack.said("Teas")
    await slack.command("tea list", user="V1", channel="K1")
    await slack.said("Teas", count=2)
    for team, channel in (("T1", "C1"), ("T2", "K1")):
        delivered = await teams.front_end.deliver(f"slack:{team}", channel, ALERT, nonce=f"alert-{team}")
        assert delivered.startswith(f"{channel}:")
    told = [call for call in slack.calls if "channel" in call.arguments]
    assert {(slack.team_of[call.token], call.arguments["channel"]) for call in told} == {("T1", "C1"), ("T2", "K1")}
    with pytest.raises(DeliveryFailed, match="does not exist") as astray:
        await teams.front_end.deliver("slack:T1", "K1", ALERT, nonce="alert-3")
    assert astray.value.about is Refused.PLACE  # another workspace's channel
    assert [m.channel for m in slack.shown if "removed" in m.words] == ["C1", "K1"]


async def test_an_acknowledgement_does_not_wait_until_it_is_known_whose_the_request_is(
    bot: Bot, teams: Teams, slack: FakeSlack, store: Store, clock: FixedClock
) -> None:
    asked, gate = asyncio.Event(), asyncio.Event()

    class Slow(Store):
        async def installation(self, workspace_id: str) -> Installation | None:
            asked.set()
            await gate.wait()
            return await super().installation(workspace_id)

    slow = Installations(Slow(store._database), clock, Seal(lambda: "k" * 32, INSTALLATIONS), ADDRESS)
    app, listener = replace(teams.door.app, installations=slow), Listener("127.0.0.1:0")
    async with bot.running(**SEVERAL, app=app, listener=listener):
        envelope = await slack.command("tea list")
        await asyncio.wait_for(asked.wait(), PATIENCE_S)
        await slack.acked(envelope)
        assert not any("Teas" in message.words for message in slack.shown)
        gate.set()
        await slack.said("Teas")


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOTT1"]}}]
)
async def test_a_removed_app_is_forgotten_there_and_goes_on_elsewhere(
    teams: Teams, slack: FakeSlack, store: Store, event: dict[str, Any]
) -> None:
    await slack.command("tea list", user="U1")
    await slack.said("Teas")
    slack.uninstall("T1")
    await slack.event(event)
    ended = await teams.ended("T1")
    assert (ended.sealed_token, ended.end_reason) == (None, event["type"])
    newest, *_ = await store.journal("slack:T1")
    assert (newest.kind, newest.member_id, newest.facts["reason"]) == ("installation.end", "system", event["type"])
    with pytest.raises(DeliveryFailed, match=r"not installed in this workspace any more.*/slack/install") as failed:
        await teams.front_end.deliver("slack:T1", "C1", ALERT, nonce="alert-1")
    assert failed.value.about is Refused.WORKSPACE
    await slack.command("tea list", user="U1")
    told = await slack.said("not installed in this workspace any more")
    assert told.ephemeral_for == "U1"
    assert f"{ADDRESS}/slack/install" in told.words
    await slack.command("tea show 2", user="V1", channel="K1")
    await slack.said("Tea 2")


async def test_a_person_s_revoked_token_ends_nothing(teams: Teams, slack: FakeSlack) -> None:
    await slack.acked(await slack.event({"type": "tokens_revoked", "tokens": {"oauth": ["U3"]}}))
    await slack.command("tea list")
    await slack.said("Teas")


async def test_an_app_installed_again_has_everything_it_had(teams: Teams, slack: FakeSlack, store: Store) -> None:
    await store.set_alert_channel(Caller("slack:T1", "U1", "U1", "test"), "C1", teams.bot.clock.now())
    slack.uninstall("T1")
    await slack.event({"type": "app_uninstalled"})
    await teams.ended("T1")
    teams.bot.clock.advance(timedelta(hours=1))
    await teams.install("T1", "U2")
    assert (await store.workspace("slack:T1")).alert_channel == "C1"
    await slack.command("tea list")
    await slack.said("Teas")
    await teams.front_end.deliver("slack:T1", "C1", ALERT, nonce="alert-1")


async def test_news_of_a_removal_that_come_late_leave_what_was_installed_since(teams: Teams, slack: FakeSlack) -> None:
    slack.uninstall("T1")
    await slack.event({"type": "app_uninstalled"})
    await teams.ended("T1")
    removed_at = int(slack.now())
    teams.bot.clock.advance(timedelta(minutes=10))
    await teams.install("T1", "U1")
    for late in (removed_at, 0, None, "soon"):
        await slack.acked(await slack.event({"type": "app_uninstalled"}, event_time=late))
    await slack.command("tea list")
    await slack.said("Teas")
    kept = await teams.door.kept("T1")
    assert kept is not None
    assert kept.sealed_token is not None


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_a_token_found_dead_at_a_call_ends_that_workspace_alone(
    teams: Teams, slack: FakeSlack, error: str
) -> None:
    slack.fail("chat.postMessage", error, times=1)
    with pytest.raises(DeliveryFailed) as failed:
        await teams.front_end.deliver("slack:T1", "C1", ALERT, nonce="alert-1")
    assert failed.value.about is Refused.WORKSPACE  # it may have been installed anew: the next try knows
    assert (await teams.ended("T1")).end_reason == error
    with pytest.raises(DeliveryFailed, match="not installed") as failed:
        await teams.front_end.deliver("slack:T1", "C1", ALERT, nonce="alert-1")
    assert failed.value.about is Refused.WORKSPACE
    await teams.front_end.deliver("slack:T2", "K1", ALERT, nonce="alert-2")


async def test_a_token_that_another_program_replaced_is_looked_up_anew(teams: Teams, slack: FakeSlack) -> None:
    await slack.command("tea list")
    await slack.said("Teas")
    slack.uninstall("T1")
    await teams.install("T1", "U1")  # at the same moment, by another door
    await teams.front_end.deliver("slack:T1", "C1", ALERT, nonce="alert-1")


async def test_a_workspace_in_the_middle_of_a_move_keeps_its_token(teams: Teams, slack: FakeSlack) -> None:
    slack.fail("chat.postMessage", "org_login_required", times=1)
    with pytest.raises(DeliveryFailed) as failed:
        await teams.front_end.deliver("slack:T1", "C1", ALERT, nonce="alert-1")
    assert failed.value.about is Refused.MOMENT
    await teams.front_end.deliver("slack:T1", "C1", ALERT, nonce="alert-1")


async def test_a_form_filled_in_after_the_removal_stays_open_and_says_why(teams: Teams, slack: FakeSlack) -> None:
    await slack.command("tea order")
    view = await slack.view_showing("Note")
    slack.uninstall("T1")
    await slack.event({"type": "app_uninstalled"})
    await teams.ended("T1")
    envelope = await slack.submit(view, {"tea": "1", "note": "x", "size": "cup"})
    answered = slack.acks[envelope]
    assert answered["response_action"] == "errors"
    assert "not installed" in next(iter(answered["errors"].values()))


async def test_who_installed_the_app_is_admin_until_somebody_is_named(
    teams: Teams, bot: Bot, slack: FakeSlack, store: Store
) -> None:
    await slack.command("tea approve 1", user="V2", channel="K1")
    await slack.said("needs the role")
    await slack.command("tea approve 1", user="V1", channel="K1")
    await slack.said("Tea 1 is approved by Name of V1")
    caller = Caller("slack:T2", "system", "system", "test")
    await store.grant_role(caller, "V2", "Name of V2", Role.ADMIN, bot.clock.now())
    await slack.command("tea approve 2", user="V1", channel="K1")
    await slack.said("needs the role", count=2)


async def test_who_installed_the_app_is_told_first_when_alerts_do_not_arrive(teams: Teams) -> None:
    people = [(p.member_id, p.who) async for p in teams.front_end.responsible("slack:T2", ["V2", "V1"])]
    assert people == [("V1", "the person who installed the app"), ("V2", "an admin")]


async def test_a_workspace_nobody_installed_in_is_told_how(teams: Teams, slack: FakeSlack) -> None:
    slack.team_of_user["W1"] = "T3"
    await slack.command("tea list", user="W1")
    told = await slack.said("The app is not installed in this workspace.")
    assert told.ephemeral_for == "W1"
    with pytest.raises(DeliveryFailed) as failed:
        await teams.front_end.deliver("slack:T3", "C1", ALERT, nonce="alert-1")
    assert failed.value.about is Refused.WORKSPACE


async def test_a_token_sealed_with_another_key_is_told_and_kept(bot: Bot, teams: Teams, slack: FakeSlack) -> None:
    other = Installations(bot.store, bot.clock, Seal(lambda: "z" * 32, INSTALLATIONS), ADDRESS)
    app, listener = replace(teams.door.app, installations=other), Listener("127.0.0.1:0")
    async with bot.running(**SEVERAL, app=app, listener=listener) as front_end:
        with pytest.raises(DeliveryFailed, match="BCRAO_SECRET_KEY") as failed:
            await front_end.deliver("slack:T1", "C1", ALERT, nonce="alert-1")
        assert failed.value.about is Refused.WORKSPACE
        await slack.command("tea list")
        await slack.said("sealed with another key")
    kept = await teams.door.kept("T1")
    assert kept is not None
    assert kept.sealed_token is not None


async def test_a_forgotten_workspace_has_to_be_installed_again(teams: Teams, slack: FakeSlack, store: Store) -> None:
    await slack.command("tea list")
    await slack.said("Teas")
    await store.forget_workspace(Caller("slack:T1", "U1", "U1", "test"))
    await slack.command("tea list")
    await slack.said("The app is not installed in this workspace.")


async def test_links_in_the_bot_s_own_messages_are_left_alone(teams: Teams, slack: FakeSlack) -> None:
    link = {"url": "https://www.reddit.com/r/tea/comments/1abc/", "domain": "reddit.com"}
    shared = {"type": "link_shared", "channel": "C1", "message_ts": "1.1", "links": [link], "user": "UBOTT1"}
    await slack.acked(await slack.event(shared))
    await slack.command("tea list")
    await slack.said("Teas")
    assert slack.called("users.info") == [{"user": "U1"}]


async def test_an_event_that_slack_did_not_sign_ends_nothing(bot: Bot, teams: Teams, slack: FakeSlack) -> None:
    listener = Listener("127.0.0.1:0")
    app = teams.door.app
    front_end = bot.front_end(bot_token="", app=app, app_token="", signing_secret=SECRET, listener=listener)
    event = {"type": "event_callback", "team_id": "T1", "event": {"type": "app_uninstalled"}, "event_id": "Ev1"}
    body = json.dumps({**event, "event_time": int(slack.now())})
    async with listener.serving():
        serving = asyncio.create_task(front_end.run())
        forged = 503
        async with asyncio.timeout(PATIENCE_S):
            while forged == 503:
                forged, _ = await send(listener, body, secret="guessed")
        assert forged == 401
        kept = await teams.door.kept("T1")
        assert kept is not None
        assert kept.ended_at is None
        assert await send(listener, body) == (200, "")
        await teams.ended("T1")
        await front_end.stop()
        assert await serving == 0


async def test_without_anybody_connected_alerts_wait(bot: Bot, teams: Teams) -> None:
    unconnected = bot.front_end(bot_token="", app=teams.door.app, listener=Listener("127.0.0.1:0"))
    with pytest.raises(DeliveryFailed) as failed:
        await unconnected.deliver("slack:T1", "C1", ALERT, nonce="alert-1")
    assert failed.value.about is Refused.WORKSPACE
