"""What becomes of a draft's card whose buttons are pressed, on both chats, over the wire, with the real commands and
rows: it always ends as the draft stands.
"""

from __future__ import annotations

from pathlib import Path

from bot.card import Card
from bot.conversation import Clicked, Renewals
from bot.frontend import Actor
from bot.main import Program
from core.campaigns import FactKind
from core.model import Caller, Role
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack, program_with
from tests.core.drafting.material import bare_campaign
from tests.fakes import discord as fake_discord

APPROVED = "Approved by Alice"
FACTS = ("I chased unpaid invoices every Friday for two years.", "37 freelancers used it in the first 6 months.")
TITLE, BODY = "How to make late payers answer", "37 freelancers used it in the first 6 months. How do others do it?"
PEOPLE = {"discord": [("42", "Alice"), ("43", "Carol")], "slack": [("U1", "Alice"), ("U2", "Carol")]}


async def ready_draft(program: Program, workspace_id: str) -> int:
    """A draft that a person wrote: it can be approved. Alice and Carol may."""
    store, platform = program.store, workspace_id.partition(":")[0]
    assert isinstance(store, Store)
    caller = Caller(workspace_id, "system", "system", "test")
    await store.ensure_workspace(workspace_id, platform, "Team", AT)
    for member, name in PEOPLE.get(platform, [("alice", "Alice")]):
        await store.grant_role(caller, member, name, Role.ADMIN, AT)
    campaign = await bare_campaign(store, caller, AT)
    for body in FACTS:
        await store.add_fact(caller, campaign.id, FactKind.EXPERIENCE, body, AT)
    answers = {"title": TITLE}
    draft = (await program.services.interviews.answer(caller, None, "harborfounders", answers, anyway=True)).draft
    await program.services.drafting.edit(caller, draft.id, title=TITLE, body=BODY)
    return draft.id


async def test_on_discord_a_card_from_before_the_approval_shows_it_after_a_late_click(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        draft = await ready_draft(program, "discord:500")
        mine = await (await discord.slash("draft show", draft=draft)).until_shown("Ready for a decision")
        hers = await (await discord.slash("draft show", draft=draft)).until_shown("Ready for a decision")
        await (await discord.click(mine, "Approve")).until_shown(APPROVED)
        late = await discord.click(hers, "Discard", member=fake_discord.CAROL)
        assert (await late.until_shown("was approved by Alice")).is_private
        await discord.until(lambda: APPROVED in hers.text)
        assert "Approve" not in hers.items


async def test_on_slack_a_card_from_before_the_approval_shows_it_after_a_late_click(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        slack.users |= {"U2": {"profile": {"display_name": "Carol"}}}
        draft = await ready_draft(program, "slack:T1")
        card = await program.dispatcher.run(
            Actor("slack:T1", "slack", "Team", "U1", "Alice"), "draft show", {"draft": str(draft)}
        )
        for nonce in ("one", "two"):
            await program.front_ends["slack"].deliver("slack:T1", "C1", card, nonce=nonce)
        mine, hers = [m for m in slack.shown if "Ready for a decision" in m.words]
        await slack.click(mine, "Approve", user="U1")
        await slack.until(lambda: APPROVED in mine.words)
        await slack.click(hers, "Discard", user="U2")
        refused = await slack.said("was approved by Alice")
        assert refused.ephemeral_for == "U2"
        await slack.until(lambda: APPROVED in hers.words)


async def test_of_two_answers_to_one_card_the_slower_one_does_not_hide_what_was_decided(tmp_path: Path) -> None:
    async with program_with(tmp_path) as program:
        draft = await ready_draft(program, "terminal:local")
        actor = Actor("terminal:local", "terminal", "Local", "alice", "Alice")
        dispatcher, registry = program.dispatcher, program.dispatcher.registry
        slow = await dispatcher.run(actor, "draft edit", {"draft": str(draft), "title": "How to make payers answer"})
        fast = await dispatcher.run(actor, "draft approve", {"draft": str(draft)})
        message = [fast, slow]  # in the order in which the platform shows them

        async def show(card: Card) -> None:
            message.append(card)

        for path, answer in (("draft edit", slow), ("draft approve", fast)):
            command, raw = registry.get(path), {"draft": str(draft)}
            await Renewals(dispatcher).renew(actor, command, raw, Clicked(), "1", show, shown=answer)
        assert APPROVED in message[-1].text
        assert len(message) == 3, "the answer that still was true is not shown again"
