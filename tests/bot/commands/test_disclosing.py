"""Saying how a draft's poster belongs to the product, and leaving it out for a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.card import Button, Card, Form, Menu, Style
from bot.commands import draft as draft_commands
from core.communities import Rule
from core.drafting.drafts import NewRevision, Poster, RevisionOrigin
from core.drafting.gathering import gather
from core.drafting.service import Drafting
from core.journal import JournalKind
from core.model import Basis, Caller, Role
from storage.store import Store
from tests.bot.bare import ALICE, GUEST, Desk, bare_services, pressable
from tests.clock import FixedClock
from tests.core.drafting.material import FACTS
from tests.storage import world

BODY = "37 freelancers used it in the first 6 months. Tallybird sends polite reminders for unpaid invoices."
BOB = replace(ALICE, member_id="bob", name="Bob")
SENTENCE = "Disclosure: I work on Tallybird."


@pytest.fixture
async def desk(store: Store, clock: FixedClock, caller: Caller) -> Desk:
    campaign = await world.make_campaign(store, caller, clock.now(), name="Tallybird")
    for kind, body in FACTS:
        await store.add_fact(caller, campaign.id, kind, body, clock.now())
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    await store.grant_role(caller, "bob", "Bob", Role.EDITOR, clock.now())
    for _ in range(2):
        revision = NewRevision(RevisionOrigin.PERSON, "How to get paid", BODY, (), "Alice")
        poster = Poster("alice", "Alice")
        await store.create_draft(caller, campaign.id, "harbor", revision, clock.now(), poster=poster)
    services = replace(bare_services(store, clock), drafting=Drafting(store, clock, None))
    return Desk(services, draft_commands.commands)


def buttons(card: Card) -> list[tuple[str, Style]]:
    return [(a.label, a.style) for a in card.actions if isinstance(a, Button)]


def behind_more(card: Card) -> list[str]:
    [more] = [a for a in card.actions if isinstance(a, Menu)]
    return [button.label for button in more.buttons]


def text_of(card: Card) -> str:
    return next(f.value for f in card.fields if f.name == "Text")


async def test_saying_whose_it_is_is_the_next_step_and_needs_no_typing(desk: Desk) -> None:
    card = await desk.done("draft show 1")
    assert buttons(card) == [
        ("Say whose it is", Style.PRIMARY),
        ("Edit", Style.PLAIN),
        ("Details", Style.PLAIN),
    ]
    assert behind_more(card) == ["Leave that out …", "Give to …", "Discard"]
    asked = await desk.press(pressable(card, "Say whose it is"))
    assert asked.form is not None
    assert [(i.name, i.value) for i in asked.form.inputs] == [("words", SENTENCE)]
    said = await desk.fill(asked.form, {"words": SENTENCE})
    assert text_of(said) == f"{BODY}\n\n{SENTENCE}"
    assert buttons(said)[0] == ("Approve", Style.PRIMARY)


async def test_the_posters_own_words_are_offered_the_next_time_and_other_peoples_are_not(desk: Desk) -> None:
    own = "I founded Tallybird, so I am biased."
    asked = await desk.press("v1|draft disclose|1")
    assert asked.form is not None
    await desk.fill(asked.form, {"words": "Our team makes Tallybird, we at Tallybird."}, BOB)
    again = await desk.press("v1|draft disclose|2")
    assert again.form is not None
    assert again.form.inputs[0].value == SENTENCE, "Bob is not its poster"
    await desk.fill(again.form, {"words": own})
    offered = await desk.press("v1|draft disclose|1")
    assert offered.form is not None
    assert offered.form.inputs[0].value == own


async def test_words_that_disclose_nothing_are_refused(desk: Desk) -> None:
    asked = await desk.press("v1|draft disclose|1")
    assert asked.form is not None
    refused = await desk.fill(asked.form, {"words": "I like Tallybird a lot."})
    assert (refused.code, refused.values["param"]) == ("bad_argument", "words")
    assert refused.text == f"That does not say how you belong to Tallybird.\nFor example: {SENTENCE}"
    assert text_of(await desk.done("draft show 1")) == BODY


async def test_leaving_it_out_needs_a_reason_that_the_journal_keeps(desk: Desk, store: Store, caller: Caller) -> None:
    card = await desk.done("draft show 1")
    asked = await desk.press(pressable(card, "Leave that out …"))
    assert asked.form is not None
    assert (await desk.fill(asked.form, {"because": "No reason"})).code == "bad_argument"
    assert (await desk.fill(asked.form, {"because": "My profile says it"}, GUEST)).code == "forbidden"
    left = await desk.fill(asked.form, {"because": "My profile says it in its first line"}, BOB)
    assert buttons(left)[0] == ("Approve", Style.PRIMARY)
    thought = next(f.value for f in left.fields if f.name == "Worth a thought")
    assert "It does not say that you belong to Tallybird: “My profile says it in its first line”" in thought
    [entry] = [e for e in await store.journal(caller.workspace_id) if e.kind is JournalKind.DRAFT_UNDISCLOSED]
    assert (entry.name, entry.subject) == ("Bob", "draft 1")
    assert entry.facts == {"because": "My profile says it in its first line"}
    edited = await desk.done(f'draft edit 1 body="{BODY} It is cheap."')
    assert buttons(edited)[0] == ("Approve", Style.PRIMARY), "the reason holds for the next text too"
    assert buttons(await desk.done("draft show 2"))[0][0] == "Say whose it is", "and for no other draft"


async def test_where_a_rule_asks_for_it_it_cannot_be_left_out(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    rule = Rule("Disclose your affiliation", "You must disclose your affiliation with any product you mention.", "all")
    await store.save_rules(caller, "harbor", Basis.REDDIT_API, [rule], clock.now())
    card = await desk.done("draft show 1")
    assert buttons(card)[0] == ("Say whose it is", Style.PRIMARY)
    assert behind_more(card) == ["Give to …", "Discard"]
    refused = await desk.fill(_form(await desk.press("v1|draft undisclosed|1")), {"because": "My profile says it"})
    assert refused.code == "not_allowed_now"
    assert "“Disclose your affiliation”" in refused.text


def _form(card: Card) -> Form:
    assert card.form is not None
    return card.form


async def test_what_a_poster_said_once_is_known_to_who_writes_for_them_and_for_nobody_else(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    own = "I make Tallybird with my sister, so I am biased."
    assert (await desk.dispatcher.run(ALICE, "draft disclose", {"draft": "1", "words": own})).ok
    campaign = await store.campaign(caller.workspace_id, 1)
    for poster, told in ((Poster("alice", "Alice"), own), (Poster("bob", "Bob"), None), (None, None)):
        assert (await gather(store, campaign, "harbor", clock.now(), poster)).disclosure == told
