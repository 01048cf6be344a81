"""A post that a member made by hand is offered for watching, over the wire: Reddit, Slack and Discord on loopback."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.courier import Courier
from bot.main import Program
from core.accounts import Accounts
from core.model import Caller, Role
from core.ports import Also
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack, program_with
from tests.bot.test_main import of_reddit
from tests.fakes.discord import CHANNEL
from tests.fakes.reddit import FakeReddit
from tests.storage import world

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ADA = "ada_writes"


async def prepared(program: Program, workspace_id: str, channel: str, *, has_campaign: bool = True) -> Caller:
    store, platform = program.store, workspace_id.partition(":")[0]
    alice = Caller(workspace_id, "42" if platform == "discord" else "U1", "Alice", "test")
    await store.ensure_workspace(workspace_id, platform, "Team", AT)
    await store.grant_role(alice, alice.member_id, "Alice", Role.ADMIN, AT)
    await store.set_alert_channel(alice, channel, AT)
    await store.link_account(alice, ADA, AT)
    if has_campaign:
        await world.make_campaign(store, alice, AT, communities=["pottery"])
    return alice


async def read_and_deliver(program: Program, after: timedelta = timedelta()) -> None:
    program.services.clock.stopped_at = program.services.clock.now() + after  # type: ignore[attr-defined]
    await program.services.offers.tend()
    await Courier(program.store, program.services.clock, program.front_ends, "test").deliver_due()


def made(reddit: FakeReddit, title: str, ago: timedelta = HOUR) -> str:
    return reddit.add_post("Pottery", author="Ada_Writes", title=title, created_at=AT - ago)


async def watched(program: Program, caller: Caller) -> list[str]:
    assert isinstance(program.store, Store)
    return [post.fullname for post in await program.store.tracked_posts(caller.workspace_id)]


async def test_on_slack_one_press_in_the_owners_messages_watches_the_post_and_the_message_says_so(
    tmp_path: Path,
) -> None:
    async with FakeReddit() as reddit, on_slack(tmp_path, **of_reddit(reddit)) as (slack, program):
        alice = await prepared(program, "slack:T1", "C1")
        name = made(reddit, "What 40 *firings* taught me")
        await read_and_deliver(program)
        message = await slack.said("1 post of u/ada_writes is not watched · r/pottery")
        assert message.channel.startswith("D")
        assert "”, 1 hour ago" in message.words
        assert await watched(program, alice) == []
        await slack.click(message, "Watch it")
        message = await slack.said("Decided: is watched · r/pottery")
        assert "watched as post 1, by Alice" in message.words
        assert "Watch it" not in message.words
        assert await watched(program, alice) == [name]
        await slack.said("1 post is watched now")


async def test_on_slack_one_message_is_updated_when_there_are_several_and_each_can_be_decided_alone(
    tmp_path: Path,
) -> None:
    async with FakeReddit() as reddit, on_slack(tmp_path, **of_reddit(reddit)) as (slack, program):
        alice = await prepared(program, "slack:T1", "C1")
        made(reddit, "One"), made(reddit, "Two", MINUTE)
        await read_and_deliver(program)
        message = await slack.said("2 posts of u/ada_writes are not watched · r/pottery")
        third = made(reddit, "Three", timedelta())
        await read_and_deliver(program, HOUR)
        assert "3 posts of u/ada_writes are not watched" in message.words
        assert len(slack.called("chat.postMessage")) == 1
        await slack.click(message, "Not ours: “Two”")
        await slack.said("2 posts of u/ada_writes are not watched")
        assert "not ours, by Alice" in message.words
        await slack.click(message, "Watch “Three”")
        await slack.said("1 post of u/ada_writes is not watched")
        assert await watched(program, alice) == [third]
        await slack.click(message, "Not ours")
        await slack.said("Decided: 1 of 3 are watched · r/pottery")
        await read_and_deliver(program, HOUR)
        assert len([m for m in slack.shown if "not watched" in m.words and m.channel.startswith("D")]) == 0


async def test_on_discord_it_stands_in_the_channel_where_one_press_watches_all(tmp_path: Path) -> None:
    async with FakeReddit() as reddit, on_discord(tmp_path, **of_reddit(reddit)) as (discord, program):
        alice = await prepared(program, "discord:500", str(CHANNEL))
        names = {made(reddit, "One"), made(reddit, "Two")}
        await read_and_deliver(program)
        [message] = [m for m in discord.channels[CHANNEL] if m.nonce]
        assert "2 posts of u/ada_writes are not watched · r/pottery" in message.text
        assert "<@42>" in message.text
        await (await discord.click(message, "Watch all 2")).until_shown("2 posts are watched now")
        await discord.until(lambda: "Decided: 2 of 2 are watched" in message.text)
        assert set(await watched(program, alice)) == names


async def test_on_discord_a_post_outside_of_campaigns_is_shown_to_its_owner_alone(tmp_path: Path) -> None:
    async with FakeReddit() as reddit, on_discord(tmp_path, **of_reddit(reddit)) as (discord, program):
        alice = await prepared(program, "discord:500", str(CHANNEL), has_campaign=False)
        name = made(reddit, "My garden")
        await read_and_deliver(program)
        assert discord.channels[CHANNEL] == []
        [message] = discord.direct_messages(42)
        assert "In Team. All that wait there: /rao post offers" in message.text
        assert set(message.items) == {"Open the post"}, "nobody vouches for a role there"
        listed = await discord.slash("post offers")
        card = await listed.until_shown("1 post of your accounts is not watched")
        await (await discord.click(card, "Watch it")).until_shown("1 post is watched now")
        assert await watched(program, alice) == [name]


@pytest.mark.parametrize("also", [True, False])
async def test_without_a_key_the_accounts_own_consent_reads_its_list_when_it_allows_that(
    tmp_path: Path, also: bool
) -> None:
    async with FakeReddit() as reddit:
        settings = {
            "reddit_web_client_id": reddit.web_id,
            "reddit_web_client_secret": reddit.web_secret,
            "reddit_user_agent": reddit.user_agent,
            "reddit_url": reddit.url,
            "reddit_oauth_url": reddit.url,
        }
        async with program_with(tmp_path, **settings) as program:
            assert isinstance(program.store, Store)
            await program.store.ensure_workspace("terminal:local", "terminal", "Terminal", AT)
            alice = Caller("terminal:local", "alice", "alice", "test")
            accounts: Accounts = program.services.accounts
            page = await accounts.ask(alice, None, [Also.POSTS] if also else [])
            await accounts.confirm(alice, reddit.consent(page.url, "Ada_Writes"))
            made(reddit, "One")
            await program.services.offers.tend()
            assert len(await program.store.open_offers(alice.workspace_id)) == int(also)
            assert len(reddit.seen("/user/Ada_Writes/submitted")) == int(also)
