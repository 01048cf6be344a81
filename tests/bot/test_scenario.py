"""The main job as people do it, the same words on every platform: from a campaign to a removal, and back again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.main import Program, open_program
from bot.settings import load_settings
from core.clock import SystemClock
from core.model import Caller
from tests.bot.platforms import ALICE, CAROL, Chat, Shown, platform_named
from tests.core.gateways.watch import no_leaks
from tests.fakes.reddit import FakeReddit
from tests.migrated import lay_data

pytestmark = pytest.mark.process  # the language worker, for each platform anew
TITLE = "What 40 pots taught us"
BODY = "We fired 40 pots in our own kiln.\n\nHow do you log yours?"


@dataclass
class Team:
    chat: Chat
    program: Program
    clock: SystemClock
    reddit: FakeReddit

    async def want_good_news(self) -> None:
        """As messages of their own, which a button of `alerts digest` brings."""
        for workspace in await self.program.services.store.all_workspaces():
            caller = Caller(workspace.id, "42", "Alice", "test")
            await self.program.services.timetables.set_good_news(caller, True)

    async def wait(self, span: timedelta, step: timedelta = timedelta(minutes=10)) -> list[Shown]:
        """Let time pass as the scheduler sees it; answers the alerts that came meanwhile."""
        before = len(self.chat.alerts())
        for _ in range(int(span / step)):
            self.clock.offset += step
            await self.program.services.jobs.run_due()
        return self.chat.alerts()[before:]


@asynccontextmanager
async def team_on(platform: str, data_dir: Path) -> AsyncIterator[Team]:
    """Alice and Carol on a platform, with the whole program, and Reddit on loopback."""
    clock = SystemClock()
    async with no_leaks(), FakeReddit() as reddit, platform_named(platform) as (settings, connected):
        settings = {
            "data_dir": str(lay_data(data_dir)),
            "reddit_client_id": reddit.client_id,
            "reddit_client_secret": reddit.client_secret,
            "reddit_user_agent": reddit.user_agent,
            "reddit_url": reddit.url,
            "reddit_oauth_url": reddit.url,
            "reddit_public_url": reddit.url,
        } | settings
        environ = {f"BCRAO_{name.upper()}": value for name, value in settings.items()}
        async with open_program(load_settings(environ, None), clock) as program, connected(program) as chat:
            yield Team(chat, program, clock, reddit)
            assert chat.complaints() == []
        await asyncio.get_running_loop().shutdown_default_executor()  # as asyncio.run does when the program ends


@pytest.mark.parametrize("platform", ["terminal", "discord", "slack"])
async def test_a_team_goes_from_a_campaign_to_a_removal_and_back(platform: str, tmp_path: Path) -> None:
    async with team_on(platform, tmp_path) as team:
        chat, reddit = team.chat, team.reddit
        reddit.add_community("pottery", rules=[{"short_name": "Be kind", "description": "", "kind": "all"}])
        for n in range(40):
            reddit.add_post("pottery", title=f"Why did my kiln number {n} crack?", selftext="It was hot. " * 20)

        # The place for alerts, and who may approve.
        setup = await (await chat.say(ALICE, "setup")).shows("Where alerts go")
        await (await setup.press(ALICE, "Send alerts here")).shows("Alerts come here")
        await team.want_good_news()
        await (await chat.say(ALICE, "role grant @Carol role=approver")).shows("Carol is an approver now")

        # A campaign, its facts, and what the community is like.
        create = 'campaign create name=Kiln product="A kiln log" keywords="kiln,clay,glaze,pots,firing"'
        await (await chat.say(ALICE, f"{create} communities=pottery")).shows("Kiln")
        fact = "We fired 40 pots with it in our own kiln"
        await (await chat.say(ALICE, f'fact add "{fact}" kind=experience')).shows(fact)
        await (await chat.say(ALICE, "collect start source=reddit")).shows("40")
        await (await chat.say(CAROL, "community rules pottery")).shows("Be kind")

        # A draft, in a person's own words, approved by another person.
        asked = await chat.say(ALICE, "draft new pottery anyway=yes")
        questions = await asked.shows("4 questions for r/pottery")
        if platform != "terminal":  # which asks one by one; in a chat a button opens the form
            asked = await questions.press(ALICE, "Answer the questions")
        half = await asked.fill(ALICE, title=TITLE, lesson="Wait for the kiln to cool.")
        begun = await half.shows("Draft 1 for r/pottery")
        assert "to fix before it can be approved" in begun.words
        assert "[your own words: which one question do you want answered?]" in begun.words
        edited = await (await begun.press(ALICE, "Edit")).fill(ALICE, title=TITLE, body=BODY)
        ready = await edited.shows("Ready for a decision")
        assert BODY.splitlines()[0] in ready.words
        approved = await (await ready.press(CAROL, "Approve")).shows("Approved by Carol")
        await (await chat.press_old(ALICE, "v1|draft approve|1")).shows("Carol")

        # Posted by hand, registered from the draft's own button.
        mine = reddit.add_post(
            "pottery", title=TITLE, selftext=BODY, author="kiln_keeper", created_at=datetime.now(UTC)
        )
        link = f"https://www.reddit.com/r/pottery/comments/{mine.removeprefix('t3_')}/what_40_pots/"
        registered = await (await approved.press(ALICE, "I posted it")).fill(ALICE, link=link)
        await registered.shows("Post 1 in r/pottery is watched now")
        if platform != "terminal":  # there, what was printed stays as it is
            settled = await approved.becomes("Posted: registered by Alice")
            assert "I posted it" not in settled
        [live] = await team.wait(timedelta(minutes=20))
        assert "Live · r/pottery" in live.words

        # Moderators remove it; the channel hears, and somebody snoozes it from the alert.
        reddit.remove(mine, "moderator")
        [removed] = await team.wait(timedelta(hours=2))
        assert "Removed by its moderators · r/pottery" in removed.words
        assert "Next: Ask them politely what to change." in removed.words
        await (await removed.press(ALICE, "Details")).shows("removed by moderators or AutoModerator")  # the evidence
        await (await removed.press(ALICE, "Snooze")).shows("Post 1 is snoozed")
        if platform != "terminal":
            shown = await removed.becomes("Snoozed until ")
            assert " by Alice, " in shown
            assert "Next: Ask them politely what to change." in shown

        # It comes back while nobody wants to hear of it: watched on, and told when the snooze is over.
        reddit.restore(mine)
        assert await team.wait(timedelta(hours=20), timedelta(hours=1)) == []
        await (await chat.say(CAROL, "post show 1")).shows("Post 1 in r/pottery: live")
        [back] = await team.wait(timedelta(hours=6), timedelta(hours=1))
        assert "Visible again after " in back.words

        # A week later, what became of it.
        [audited] = await team.wait(timedelta(days=7), timedelta(hours=12))
        assert "after a week" in audited.words
        listed = await (await chat.say(CAROL, "alerts list")).shows("Alerts")
        assert "given up" not in listed.words.lower()
