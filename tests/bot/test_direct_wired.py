"""Direct messages about drafts as people get them, over the wire, on both chats."""

from __future__ import annotations

from pathlib import Path

from bot.courier import Courier
from bot.main import Program
from core.model import Caller
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack
from tests.bot.test_draft_clicks import ready_draft
from tests.bot.test_drafts_wired import with_carol
from tests.fakes.discord import CHANNEL

ALICE, CAROL = 42, 43


async def told(program: Program, workspace_id: str, channel: str) -> int:
    """Deliver what is due, with alerts that go to `channel`; returns how many messages arrived."""
    store, member = program.store, "42" if workspace_id.startswith("discord") else "U1"
    assert isinstance(store, Store)
    await store.set_alert_channel(Caller(workspace_id, member, "Alice", "test"), channel, AT)
    return await Courier(program.store, program.services.clock, program.front_ends, "test").deliver_due()


async def test_on_discord_who_may_approve_gets_a_message_of_their_own_without_buttons(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        draft = await ready_draft(program, "discord:500")
        assert await told(program, "discord:500", str(CHANNEL)) == 2
        for member in (ALICE, CAROL):
            [message] = discord.direct_messages(member)
            assert f"Draft {draft} for r/harborfounders waits for your decision" in message.text
            assert f"/rao draft show {draft}" in message.text
            assert message.items == {}, "nobody vouches for a role there"
        assert discord.channels[CHANNEL] == []
        await (await discord.slash("draft list", waiting="me")).until_shown("Drafts that wait for you")


async def test_on_discord_who_takes_no_direct_messages_is_called_in_the_channel(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        draft = await ready_draft(program, "discord:500")
        discord.fail("POST /users/@me/channels", 403, code=50007)
        assert await told(program, "discord:500", str(CHANNEL)) == 2
        [called] = discord.channels[CHANNEL]
        assert f"Draft {draft} for r/harborfounders waits for your decision" in called.text
        assert "That member takes no direct messages from the bot." in called.text
        assert f"<@{ALICE}>" in called.text
        assert [len(discord.direct_messages(member)) for member in (ALICE, CAROL)] == [0, 1]


async def test_on_slack_the_poster_hears_of_the_approval_in_their_own_messages(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        with_carol(slack)
        draft = await ready_draft(program, "slack:T1")
        await slack.command(f"draft give {draft} poster=Carol")
        await slack.said("Carol will post it.")
        await slack.command(f"draft approve {draft}")
        await slack.said("Approved by Alice")
        await told(program, "slack:T1", "C1")
        heard = await slack.said(f"Draft {draft} for r/harborfounders is approved: it is yours to post")
        assert heard.channel.startswith("D")
