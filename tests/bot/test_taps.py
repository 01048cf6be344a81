"""From an approved draft to a watched post, counted in presses on both chats: at most three.

A press is a click on a button or a link of a message, or on a form's button. Pasting the link is typing, and posting is
done by hand on Reddit, where the submit page holds title and text already.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bot.main import Program
from tests.bot.chats import on_discord, on_slack
from tests.bot.test_draft_clicks import BODY, TITLE, ready_draft
from tests.fakes.discord import ALICE, FakeDiscord, Message, Sent
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import Message as SlackMessage

TAPS_MAX = 3


@dataclass
class Finger:
    """Presses what stands on a message, and counts."""

    pressed: list[str] = field(default_factory=list)

    async def click(self, discord: FakeDiscord, message: Message, label: str) -> Sent:
        self.pressed.append(label)
        return await discord.click(message, label)

    async def send(self, discord: FakeDiscord, opened: Sent, **answers: str) -> Sent:
        self.pressed.append("Send")
        return await discord.submit(opened, ALICE, **answers)

    async def click_on_slack(self, slack: FakeSlack, message: SlackMessage, label: str) -> None:
        self.pressed.append(label)
        await slack.click(message, label)

    async def send_on_slack(self, slack: FakeSlack, words: str, **answers: str) -> None:
        view = await slack.view_showing(words)
        self.pressed.append(view["submit"]["text"])
        await slack.submit(view, answers)

    def follow(self, label: str, url: str) -> str:
        """Open a link; returns what was filled in on the submit page."""
        self.pressed.append(label)
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc, parts.path) == ("https", "www.reddit.com", "/r/harborfounders/submit")
        filled = parse_qs(parts.query)
        assert (filled["title"], filled["text"]) == ([TITLE], [BODY])
        return filled["text"][0]


def posted(program: Program, body: str) -> str:
    """What a person posted by hand on the sample Reddit; returns its link."""
    sample = program.services.sample
    assert sample is not None
    return sample.publish("harborfounders", TITLE, body).permalink


async def test_on_discord_three_presses_lead_from_the_approval_to_a_watched_post(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        draft, finger = await ready_draft(program, "discord:500"), Finger()
        shown = await (await discord.slash("draft show", draft=draft)).until_shown("Ready for a decision")
        await discord.click(shown, "Approve")
        await discord.until(lambda: "Approved by Alice" in shown.text)
        page = shown.items["Open the submit page"]
        link = posted(program, finger.follow("Open the submit page", page["url"]))
        opened = await finger.click(discord, shown, "I posted it")
        assert [part["component"]["custom_id"] for part in (await opened.until_modal())["components"]] == ["link"]
        registered = await finger.send(discord, opened, link=link)
        await registered.until_shown("Post 1 in r/harborfounders is watched now")
        await discord.until(lambda: "Posted: registered by Alice" in shown.text)
        [post] = await program.services.store.tracked_posts("discord:500")
        assert (post.draft_id, post.is_watched) == (draft, True)
        assert f"/comments/{post.fullname.removeprefix('t3_')}/" in link
        assert finger.pressed == ["Open the submit page", "I posted it", "Send"]
        assert len(finger.pressed) <= TAPS_MAX


async def test_on_slack_three_presses_lead_from_the_approval_to_a_watched_post(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        draft, finger = await ready_draft(program, "slack:T1"), Finger()
        await slack.command(f"draft show {draft}")
        await slack.click(await slack.said("Ready for a decision"), "Approve")
        shown = await slack.said("Approved by Alice")
        [url] = [
            element["url"]
            for block in shown.blocks
            if block["type"] == "rich_text"
            for section in block["elements"]
            for element in section["elements"]
            if element["type"] == "link" and element["text"] == "Open the submit page"
        ]
        link = posted(program, finger.follow("Open the submit page", url))
        await finger.click_on_slack(slack, shown, "I posted it")
        await finger.send_on_slack(slack, "Link", link=link)
        await slack.said("Post 1 in r/harborfounders is watched now")
        await slack.until(lambda: "Posted: registered by Alice" in shown.words)
        [post] = await program.services.store.tracked_posts("slack:T1")
        assert (post.draft_id, post.is_watched) == (draft, True)
        assert f"/comments/{post.fullname.removeprefix('t3_')}/" in link
        assert finger.pressed == ["Open the submit page", "I posted it", "Send"]
        assert len(finger.pressed) <= TAPS_MAX
