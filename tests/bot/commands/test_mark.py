"""The buttons of a draft's marks, as people press them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.card import Button, Card, Choice, Menu, Style
from bot.commands import draft as draft_commands
from core.drafting.drafts import NewRevision, RevisionOrigin
from core.drafting.service import Drafting
from core.model import Caller, Role
from storage.store import Store
from tests.bot.bare import ALICE, GUEST, Desk, bare_services, pressable
from tests.clock import FixedClock
from tests.core.drafting.material import FACTS
from tests.storage import world

BODY = "37 freelancers used it in the first 6 months, and agencies love it. How do you do it?"
BOB = replace(ALICE, member_id="bob", name="Bob")


@pytest.fixture
async def desk(store: Store, clock: FixedClock, caller: Caller) -> Desk:
    campaign = await world.make_campaign(store, caller, clock.now(), name="Tallybird")
    for kind, body in FACTS:
        await store.add_fact(caller, campaign.id, kind, body, clock.now())
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    await store.grant_role(caller, "bob", "Bob", Role.EDITOR, clock.now())
    revision = NewRevision(RevisionOrigin.MODEL, "How to get paid", BODY, (), "invented-model")
    await store.create_draft(caller, campaign.id, "harbor", revision, clock.now())
    services = replace(bare_services(store, clock), drafting=Drafting(store, clock, None))
    return Desk(services, draft_commands.commands)


def field(card: Card, name: str) -> str:
    return next(f.value for f in card.fields if f.name == name)


async def test_the_card_asks_about_one_mark_and_each_way_is_one_press(desk: Desk) -> None:
    card = await desk.done("draft show 1")
    assert "1 to decide: “love it”: no fact says what people think of it." in card.text
    assert [(a.label, a.style) for a in card.actions if isinstance(a, Button)] == [
        ("It is true", Style.PLAIN),
        ("Take it out", Style.PRIMARY),
        ("Edit", Style.PLAIN),
    ]
    [more] = [action for action in card.actions if isinstance(action, Menu)]
    assert [b.label for b in more.buttons] == [
        "Make it a blank",
        "It claims nothing",
        "Details",
        "Regenerate",
        "Discard",
    ]
    assert (await desk.press(pressable(card, "It claims nothing"))).actions[0].label == "Approve"


async def test_a_persons_own_words_become_facts_from_the_details(desk: Desk) -> None:
    await desk.done('draft edit 1 body="Half of all invoices are late. How do you do it?"')
    card = await desk.done("draft show 1")
    assert card.actions[0].label == "Approve", "what a person wrote is that person's word"
    details = await desk.press(pressable(card, "Details"))
    [choice] = [action for action in details.actions if isinstance(action, Choice)]
    assert choice.command == "mark true"
    kept = await desk.press(f"v1|mark true|{choice.options[0][1]}")
    assert kept.ok
    assert "fact 4" in field(await desk.press(pressable(kept, "Details")), "Sentence by sentence")


async def test_a_press_answers_with_the_draft_and_a_second_one_with_who_was_first(desk: Desk) -> None:
    card = await desk.done("draft show 1")
    done = await desk.press(pressable(card, "Take it out"), BOB)
    assert done.ok
    assert next(f.value for f in done.fields if f.name == "Text") == BODY.replace(", and agencies love it", "")
    assert "to decide" not in done.text
    for label in ("Take it out", "It is true"):
        late = await desk.press(pressable(card, label))
        assert late.code == "already_decided"
        assert late.text.startswith("Bob took “love it” out on 23 Nov 2026, 12:00 UTC")


async def test_who_only_looks_decides_nothing(desk: Desk) -> None:
    card = await desk.done("draft show 1")
    assert (await desk.press(pressable(card, "It is true"), GUEST)).code == "forbidden"
    assert "1 to decide" in (await desk.done("draft show 1")).text
