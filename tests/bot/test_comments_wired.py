"""First comments of a post, from Reddit's answer to the message on both chats, all over the wire on loopback."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.courier import Courier
from bot.main import Program
from core.model import Caller, Role
from core.visibility.first_comments import AGAIN_IN, FirstComments
from core.visibility.looking import Looking
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack
from tests.bot.test_main import of_reddit
from tests.fakes.discord import CHANNEL
from tests.fakes.reddit import FakeReddit
from tests.storage import world

MINUTE = timedelta(minutes=1)
QUESTION = "How long did the *first* firing take you?"


async def live_post(program: Program, reddit: FakeReddit, workspace_id: str, channel: str) -> str:
    """A live post of Alice's, of a campaign whose first comments are told."""
    store, platform = program.store, workspace_id.partition(":")[0]
    assert isinstance(store, Store)
    alice = Caller(workspace_id, "42" if platform == "discord" else "U1", "Alice", "test")
    await store.ensure_workspace(workspace_id, platform, "Team", AT)
    await store.grant_role(alice, alice.member_id, "Alice", Role.ADMIN, AT)
    await store.set_alert_channel(alice, channel, AT)
    campaign = await world.make_campaign(store, alice, AT, communities=["pottery"])
    await program.services.campaigns.edit(alice, str(campaign.id), first_comments=True)
    post = reddit.add_post("pottery", author="ada_writes", title="What 40 firings taught me", created_at=AT)
    reddit.posts[post]["num_comments"] = 0
    await program.services.registering.register(alice, f"https://www.reddit.com/r/pottery/comments/{post[3:]}/")
    return post


async def later(program: Program, span: timedelta) -> None:
    """Time passes with looks; then comments are read, and messages delivered."""
    clock = program.services.clock
    for _ in range(int(span / MINUTE)):
        clock.stopped_at = clock.now() + MINUTE  # type: ignore[attr-defined]
        await program.services.sweeping.sweep("test")
    jobs = {job.name: job for job in program.services.jobs._other_jobs}
    await jobs["comments"].run()
    await Courier(program.store, clock, program.front_ends, "test").deliver_due()


async def test_on_slack_a_question_is_told_and_its_answer_stands_in_the_same_message(tmp_path: Path) -> None:
    async with FakeReddit() as reddit, on_slack(tmp_path, **of_reddit(reddit)) as (slack, program):
        post = await live_post(program, reddit, "slack:T1", "C1")
        await later(program, AGAIN_IN)
        asked = reddit.comment_on(post, QUESTION, author="curious_one", created_at=AT + MINUTE)
        reddit.comment_on(post, "Lovely glaze.", author="kind_one", created_at=AT + MINUTE * 2)
        await later(program, AGAIN_IN)
        message = await slack.said("1 question and 1 other comment wait for an answer · r/pottery")
        assert "u/curious_one, 9 minutes ago: How long did the" in message.words
        assert "On “What 40 firings taught me”." in message.words
        assert message.words.index("u/curious_one") < message.words.index("u/kind_one")
        reddit.comment_on(asked, "Nine hours.", author="ada_writes", created_at=AT + MINUTE * 11)
        await later(program, AGAIN_IN)
        await slack.said("1 comment waits for an answer · r/pottery")
        assert len(slack.called("chat.postMessage")) == 1
        assert len(reddit.seen("/comments/")) == 2


async def test_on_discord_the_poster_is_called_once_and_the_message_says_when_all_is_answered(tmp_path: Path) -> None:
    async with FakeReddit() as reddit, on_discord(tmp_path, **of_reddit(reddit)) as (discord, program):
        post = await live_post(program, reddit, "discord:500", str(CHANNEL))
        asked = reddit.comment_on(post, QUESTION, author="curious_one", created_at=AT)
        await later(program, AGAIN_IN)
        [message] = [m for m in discord.channels[CHANNEL] if m.nonce]
        assert "1 question waits for an answer · r/pottery" in message.text
        assert "<@42>" in message.text
        assert "How long did the *first* firing take you?" in message.text, "what others write is shown as it is"
        reddit.comment_on(asked, "Nine hours.", author="ada_writes", created_at=AT + MINUTE * 6)
        await later(program, AGAIN_IN)
        assert "Every comment is answered · r/pottery" in message.text
        assert len([m for m in discord.channels[CHANNEL] if m.nonce]) == 1


async def test_where_no_view_sees_reddit_no_comments_are_asked_for(tmp_path: Path) -> None:
    async with FakeReddit() as reddit, on_slack(tmp_path, **of_reddit(reddit)) as (_, program):
        await live_post(program, reddit, "slack:T1", "C1")
        assert isinstance(program.store, Store)
        blind = FirstComments(program.store, program.services.clock, Looking(program.services.clock, None, None))
        assert await blind.tend() == 0
