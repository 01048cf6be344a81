"""What people do about drafts on both chats, over the wire, with the real client libraries, commands and rows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

from bot.main import Program
from core.campaigns import FactKind
from core.drafting.drafts import DraftStatus, NewRevision, Poster, RevisionOrigin
from core.model import AccountState, Caller
from storage.schema import accounts
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack
from tests.bot.test_draft_clicks import BODY, ready_draft
from tests.fakes.slack import FakeSlack

GENERATED = "37 freelancers used it in the first 6 months, and agencies love it. How do others do it?"
NAMED = "37 freelancers used Tallybird in the first 6 months. How do others do it?"
SENTENCE = "Disclosure: I work on Tallybird."


async def another_draft(program: Program, workspace_id: str, body: str, origin: RevisionOrigin) -> int:
    """A draft that Alice is to post, beside the ready one."""
    store, member_id = program.store, {"discord:500": "42", "slack:T1": "U1"}[workspace_id]
    assert isinstance(store, Store)
    caller = Caller(workspace_id, member_id, "Alice", "test")
    await store.add_fact(caller, 1, FactKind.NUMBER, "37 freelancers used Tallybird in the first 6 months.", AT)
    revision = NewRevision(origin, "What helps against late payers", body, (), "somebody")
    poster = Poster(member_id, "Alice")
    return (await store.create_draft(caller, 1, "harborfounders", revision, AT, poster=poster)).id


async def status(program: Program, workspace_id: str, draft: int) -> DraftStatus:
    return (await program.services.store.draft(workspace_id, draft)).status


# ---------------------------------------------------------------- Discord


async def test_on_discord_a_draft_is_given_brought_back_looked_through_and_scored(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        draft = await ready_draft(program, "discord:500")
        given = await discord.slash("draft give", draft=draft, poster="43")
        assert "Carol will post it." in (await given.until_shown("Ready for a decision")).text
        program_store = program.store
        assert isinstance(program_store, Store)
        await program_store.link_account(Caller("discord:500", "42", "Alice", "test"), "alice_w", AT)
        offered = await discord.suggestions("draft give", "account", "ali")
        assert offered == [{"name": "u/alice_w · Alice", "value": "alice_w"}]
        mine = await discord.slash("draft give", draft=draft, account="alice_w")
        assert "Alice will post it as u/alice_w." in (await mine.until_shown("Ready for a decision")).text
        back = await discord.slash("draft restore", draft=draft, revision=1)
        await back.until_shown("to fix before it can be approved")
        history = await (await discord.slash("draft history", draft=draft)).until_shown(f"History of draft {draft}")
        assert "text 1 again" in history.text
        assert (await discord.click(history, "Open the draft")) is not None
        await (await discord.slash("draft restore", draft=draft, revision=2)).until_shown("Ready for a decision")
        scored = await discord.slash("community score", draft=draft)
        await scored.until_shown(f"Draft {draft} in r/harborfounders: ")


async def test_on_discord_four_eyes_keep_who_wrote_a_text_from_approving_it(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        draft = await ready_draft(program, "discord:500")
        await (await discord.slash("draft edit", draft=draft, body=BODY + " Tell me.")).until_shown("Ready")
        await (await discord.slash("setup", eyes="four")).until_shown("Drafts need four eyes now")
        refused = await discord.slash("draft approve", draft=draft)
        assert (await refused.until_shown("This workspace wants four eyes")).is_private
        await (await discord.slash("setup", eyes="two")).until_shown("Approvers may approve their own drafts")
        await (await discord.slash("draft approve", draft=draft)).until_shown("Approved by Alice")


async def test_on_discord_a_mark_is_decided_and_a_draft_discarded_from_more(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await ready_draft(program, "discord:500")
        draft = await another_draft(program, "discord:500", GENERATED, RevisionOrigin.MODEL)
        card = await (await discord.slash("draft show", draft=draft)).until_shown("1 to decide: “love it”")
        assert list(card.items) == ["It is true", "Take it out", "Edit", "More …"]
        details = await (await discord.click(card, "Details")).until_shown(f"Details of draft {draft}")
        assert "no fact for “love it”; the rest: fact 3" in details.text
        await discord.click(card, "It claims nothing")
        await discord.until(lambda: "Ready for a decision" in card.text)
        await discord.click(card, "Discard")
        await discord.until(lambda: "Discarded by Alice" in card.text)
        assert await status(program, "discord:500", draft) is DraftStatus.DISCARDED


async def test_on_discord_a_draft_says_whose_the_product_is_or_why_not(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await ready_draft(program, "discord:500")
        said, left = [await another_draft(program, "discord:500", NAMED, RevisionOrigin.PERSON) for _ in range(2)]
        card = await (await discord.slash("draft show", draft=said)).until_shown("1 thing to fix")
        form = await discord.click(card, "Say whose it is")
        await form.until_modal()
        await discord.submit(form)
        await discord.until(lambda: SENTENCE in card.text and "Approve" in card.items)
        other = await (await discord.slash("draft show", draft=left)).until_shown("1 thing to fix")
        form = await discord.click(other, "Leave that out …")
        await form.until_modal()
        await discord.submit(form, because="It stands in the first line of my profile")
        await discord.until(lambda: "first line of my profile" in other.text)


async def test_who_posts_with_a_hidden_account_hears_so_and_the_post_is_watched(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        draft, store = await ready_draft(program, "discord:500"), program.store
        assert isinstance(store, Store)
        alice = Caller("discord:500", "42", "Alice", "test")
        await store.link_account(alice, "alice_w", AT)
        await (await discord.slash("draft give", draft=draft, poster="42")).until_shown("as u/alice_w")
        await (await discord.slash("draft approve", draft=draft)).until_shown("Approved by Alice")
        async with store._database.write() as tx:
            await tx.execute(update(accounts).values(state=AccountState.SHADOWBANNED))
        link = "https://www.reddit.com/r/harborfounders/comments/abc123/how/"
        card = await (await discord.slash("post register", link=link, draft=draft)).until_shown("is watched now")
        assert "Better known before the next one" in card.text
        assert "u/alice_w is shadowbanned: what it posts is seen by nobody. Appeal first" in card.text
        assert await status(program, "discord:500", draft) is DraftStatus.POSTED


# ---------------------------------------------------------------- Slack


async def test_on_slack_a_draft_is_given_brought_back_looked_through_and_scored(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        with_carol(slack)
        draft = await ready_draft(program, "slack:T1")
        await slack.command(f"draft give {draft} poster=Carol")
        await slack.said("Carol will post it.")
        assert isinstance(program.store, Store)
        await program.store.link_account(Caller("slack:T1", "U1", "Alice", "test"), "alice_w", AT)
        await slack.command(f"draft give {draft} account=u/alice_w")
        await slack.said("Alice will post it as u/alice_w.")
        await slack.command(f"draft restore {draft} revision=1")
        await slack.said("to fix before it can be approved")
        await slack.command(f"draft history {draft}")
        assert "text 1 again" in (await slack.said(f"History of draft {draft}")).words
        await slack.command(f"community score draft={draft}")
        await slack.said(f"Draft {draft} in r/harborfounders: ")


async def test_on_slack_four_eyes_keep_who_wrote_a_text_from_approving_it(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        draft = await ready_draft(program, "slack:T1")
        await slack.command(f'draft edit {draft} body="{BODY} Tell me."')
        await slack.said("Ready for a decision")
        await slack.command("setup eyes=four")
        await slack.said("Drafts need four eyes now")
        await slack.command(f"draft approve {draft}")
        assert (await slack.said("This workspace wants four eyes")).ephemeral_for == "U1"
        await slack.command("setup eyes=two")
        await slack.said("Approvers may approve their own drafts")
        await slack.command(f"draft approve {draft}")
        await slack.said("Approved by Alice")


async def test_on_slack_a_mark_is_decided_and_a_draft_discarded_from_the_dots(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        await ready_draft(program, "slack:T1")
        draft = await another_draft(program, "slack:T1", GENERATED, RevisionOrigin.MODEL)
        await slack.command(f"draft show {draft}")
        card = await slack.said("1 to decide: “love it”")
        [row] = [block for block in card.blocks if block["type"] == "actions"]
        assert [e["type"] for e in row["elements"]] == ["button", "button", "button", "overflow"]
        await slack.click(card, "Details")
        assert "no fact for “love it”; the rest: fact 3" in (await slack.said(f"Details of draft {draft}")).words
        await slack.click(card, "It claims nothing")
        await slack.until(lambda: "Ready for a decision" in card.words)
        await slack.click(card, "Discard")
        await slack.until(lambda: "Discarded by Alice" in card.words)
        assert await status(program, "slack:T1", draft) is DraftStatus.DISCARDED


async def test_on_slack_a_draft_says_whose_the_product_is_or_why_not(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        await ready_draft(program, "slack:T1")
        said, left = [await another_draft(program, "slack:T1", NAMED, RevisionOrigin.PERSON) for _ in range(2)]
        await slack.command(f"draft show {said}")
        card = await slack.said(f"Draft {said} for")
        await slack.click(card, "Say whose it is")
        await slack.submit(await slack.view_showing("Sentence"), {})
        await slack.until(lambda: SENTENCE in card.words)
        await slack.command(f"draft show {left}")
        other = await slack.said(f"Draft {left} for")
        await slack.click(other, "Leave that out …")
        await slack.submit(await slack.view_showing("Why"), {"because": "It stands in the first line of my profile"})
        await slack.until(lambda: "first line of my profile" in other.words)


def with_carol(slack: FakeSlack) -> None:
    slack.users |= {"U2": {"profile": {"display_name": "Carol"}}}
