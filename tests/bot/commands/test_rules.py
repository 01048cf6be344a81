"""`/rao community rules`: what a community asks, where it was read, and how a person corrects the reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.card import Button, Card, encode_action
from bot.commands import campaign, rules
from core.communities import Rule
from core.model import Basis, Caller
from core.requirements import Flair, Posting, Requirements
from core.rules import CommunityRules
from storage.store import Store
from tests.bot.bare import ALICE, Desk, bare_services
from tests.clock import FixedClock
from tests.core.visibility.world import World
from tests.watch import Watch

CREATE = 'campaign create name=Bowls product="By hand" keywords="a,b,c,d,e" communities="pottery,ceramics"'
RULES = [Rule("No ads", "Not **one**.", "link"), Rule("Links", "Links only on Fridays.", "all"), Rule("Fun", "", "all")]


def labels(card: Card) -> list[str]:
    return [action.label for action in card.actions if isinstance(action, Button)]


def pressed(card: Card, label: str) -> str:
    [action] = [action for action in card.actions if isinstance(action, Button) and action.label == label]
    return action.action_id


@pytest.fixture
async def desk(store: Store, clock: FixedClock) -> Desk:
    services = replace(bare_services(store, clock), rules=CommunityRules(store, clock, None))
    desk = Desk(services, campaign.commands, rules.commands)
    await desk.done(CREATE)
    return desk


async def test_rules_are_shown_as_they_were_read_last_with_what_they_ask(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    before = await desk.done("community rules pottery")
    assert "No source here could read them." in before.text
    assert before.actions == (Button("Paste them", "community rules paste"),)
    assert before.links[0].url == "https://www.reddit.com/r/pottery/about/rules"
    asked = Posting(
        Requirements(title_text_min_length=12, title_blacklisted_strings=("% off",), is_flair_required=True),
        (Flair("Glaze"), Flair("Notice", mod_only=True)),
    )
    snapshot = await store.save_rules(caller, "pottery", Basis.REDDIT_API, RULES, clock.now(), asked)
    clock.advance(timedelta(hours=2))
    card = await desk.done("community rules pottery")
    assert [(field.name, field.value, field.quote) for field in card.fields] == [
        ("1. No ads", "Not **one**.", True),
        ("2. Links", "Links only on Fridays.", True),
        ("3. Fun", "(no description)", True),
        ("What they ask of a post", "1 promotion: never\n2 links: only on Friday", False),
        (
            "What Reddit refuses there",
            "A title below 12 characters\nA title with “% off”\nA post without a flair",
            False,
        ),
        ("Flairs", "Glaze", True),
    ]
    assert card.footnote == (
        "3 rules from Reddit's API, read 2 hours ago. A program read what they ask; nobody has confirmed it yet."
    )
    assert card.actions == (Button("Confirm or correct", "community rules correct", snapshot.id),)


async def test_rules_that_were_never_read_are_read_when_somebody_asks(
    store: Store, clock: FixedClock, desk: Desk
) -> None:
    seeing = replace(desk.services, rules=Watch(store, clock, World(clock)).rules)
    card = await Desk(seeing, rules.commands).done("community rules pottery")
    assert [field.name for field in card.fields] == ["1. No self-promotion", "What they ask of a post"]
    assert card.footnote.startswith("1 rule from Reddit's API, read just now")


async def test_the_reading_comes_as_a_form_and_goes_back_corrected(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    snapshot = await store.save_rules(caller, "pottery", Basis.REDDIT_API, RULES, clock.now())
    asked = await desk.press(encode_action("community rules correct", snapshot.id))
    assert asked.form is not None
    assert (asked.form.command, dict(asked.form.known)) == ("community rules confirm", {"community": "pottery"})
    assert (
        asked.form.inputs[0].value == "1 promotion: never — “No ads”\n2 links: only on Friday — “Links only on Fridays”"
    )
    card = await desk.fill(asked.form, {"demands": "1 promotion: never\n3 surveys: never"})
    told = {field.name: field.value for field in card.fields}
    assert told["What they ask of a post"] == (
        f"1 promotion: never · confirmed by {ALICE.name}\n3 surveys: never · said by {ALICE.name}"
    )
    assert card.footnote == "3 rules from Reddit's API, read just now"
    again = await desk.press(encode_action("community rules correct", snapshot.id))
    assert again.form is not None
    assert again.form.inputs[0].value.splitlines()[1].startswith("3 surveys: never")


async def test_a_line_that_cannot_be_read_is_named(store: Store, clock: FixedClock, caller: Caller, desk: Desk) -> None:
    snapshot = await store.save_rules(caller, "pottery", Basis.REDDIT_API, RULES, clock.now())
    asked = await desk.press(encode_action("community rules correct", snapshot.id))
    assert asked.form is not None
    card = await desk.fill(asked.form, {"demands": "1 hats: never"})
    assert not card.ok
    assert "“hats” is not a topic." in card.text


async def test_rules_can_be_pasted_where_no_source_reads_them(desk: Desk) -> None:
    asked = await desk.press(encode_action("community rules paste", None))
    assert asked.form is not None
    card = await desk.fill(asked.form, {"community": "pottery", "rules": "1. No ads\nNone.\n2. Be kind\n"})
    assert card.ok, card.text
    assert [field.name for field in card.fields] == ["1. No ads", "2. Be kind", "What they ask of a post"]
    assert card.footnote.startswith("2 rules from a member, read just now")
    assert (await desk.done("community rules pottery")).fields == card.fields


async def test_pasted_rules_are_pasted_again_and_the_card_tells_what_changed_each_time(
    desk: Desk, clock: FixedClock
) -> None:
    async def pasted(text: str) -> Card:
        shown = await desk.done("community rules pottery")
        asked = await desk.press(pressed(shown, "Paste them again"))
        assert asked.form is not None
        assert dict(asked.form.known) == {"community": "pottery"}
        return await desk.fill(asked.form, {"rules": text})

    first = await desk.press(encode_action("community rules paste", None))
    assert first.form is not None
    before = await desk.fill(first.form, {"community": "pottery", "rules": "1. No ads\nNone.\n2. Be kind\n"})
    assert labels(before) == ["Confirm or correct", "Paste them again"]
    clock.advance(timedelta(days=30))
    after = await pasted("1. No ads\nNone, ever.\n2. Be kind\n")
    assert labels(after) == ["Confirm or correct", "Paste them again", "What changed"]
    clock.advance(timedelta(days=30))
    await pasted("1. No ads\nNone, ever.\n")
    changes = await desk.press(pressed(after, "What changed"))
    assert [(field.name, field.value) for field in changes.fields] == [
        ("Changed after 23 Dec 2026, 12:00 UTC", "• Rule “Be kind” is gone."),
        ("Changed after 23 Nov 2026, 12:00 UTC", "• Rule “No ads” was changed.\nBefore: “None.”\nNow: “None, ever.”"),
    ]
    now = await desk.press(pressed(changes, "The rules"))
    assert now.footnote.startswith("1 rule from a member, read just now")


async def test_rules_that_a_source_reads_are_not_offered_for_pasting(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await store.save_rules(caller, "pottery", Basis.PERSON, RULES, clock.now())
    seeing = replace(desk.services, rules=Watch(store, clock, World(clock)).rules)
    card = await Desk(seeing, rules.commands).done("community rules pottery")
    assert labels(card) == ["Confirm or correct"]
