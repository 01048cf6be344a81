"""What stands behind a draft's card, as a person reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.card import Card
from bot.commands import draft as draft_commands
from core.communities import Rule
from core.drafting.drafts import NewRevision, Opinion, RevisionOrigin, SecondOpinion, Support
from core.drafting.service import Drafting
from core.model import Basis, Caller, Role
from storage.store import Store
from tests.bot.bare import Desk, bare_services, pressable
from tests.clock import FixedClock
from tests.core.drafting.material import FACTS
from tests.core.drafting.plain import PlainWriter
from tests.storage import world

RULES = (
    Rule("No links", "Links of any kind are not allowed. Really.", "link"),
    Rule("Be kind", "No insults, no harassment.", "all"),
    Rule("Sing", "We like titles that sing.", "link"),
)
BODY = "37 freelancers used it in the first 6 months.\n\nAgencies love it. How do you do it? [your own words: a tip]"


@pytest.fixture
async def desk(store: Store, clock: FixedClock, caller: Caller) -> Desk:
    campaign = await world.make_campaign(store, caller, clock.now(), name="Tallybird")
    for kind, body in FACTS:
        await store.add_fact(caller, campaign.id, kind, body, clock.now())
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    revision = NewRevision(RevisionOrigin.MODEL, "How to get paid", BODY, (), "invented-model")
    await store.create_draft(caller, campaign.id, "harbor", revision, clock.now())
    services = replace(bare_services(store, clock), drafting=Drafting(store, clock, PlainWriter()))
    return Desk(services, draft_commands.commands)


def field(card: Card, name: str) -> str:
    return next(f.value for f in card.fields if f.name == name)


async def test_each_rule_is_told_as_kept_broken_or_not_to_be_told_with_its_own_words(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.save_rules(caller, "harbor", Basis.REDDIT_API, RULES, clock.now())
    await desk.done(f'draft edit 1 body="{BODY} https://example.com/tips"')
    card = await desk.done("draft show 1")
    assert field(card, "Stands on") == ("1 of 3 facts · rules: 1 kept, 1 cannot be told (Sing), 1 broken (No links)")
    details = await desk.press(pressable(card, "Details"))
    assert details.text.startswith("Rules: 1 kept, 1 cannot be told (Sing), 1 broken (No links).")
    assert field(details, "Rules that it breaks: 1") == (
        "“No links”: It has a link in the text. It says: “Links of any kind are not allowed. Really.”"
    )
    assert field(details, "Rules that nobody can tell from the text: 1") == (
        "“Sing”: Read it yourself. It says: “We like titles that sing.”"
    )
    kept = field(details, "Rules that it keeps: 1")
    assert kept.startswith("“Be kind”: Nothing in it speaks against that. It says: “")
    assert [(r["rule"], r["standing"]) for r in details.values["rules"]] == [
        ("No links", "broken"),
        ("Be kind", "kept"),
        ("Sing", "cannot_tell"),
    ]


async def test_each_sentence_names_the_facts_that_carry_it(desk: Desk) -> None:
    details = await desk.press("v1|draft details|1")
    assert field(details, "Sentence by sentence").split("\n") == [
        "“How to get paid” · claims nothing",
        "“37 freelancers used it in the first 6 months.” · fact 2",
        "“Agencies love it.” · no fact for “love it”",
        "“How do you do it?” · claims nothing",
        "“[your own words: a tip]” · a blank to fill in",
    ]
    assert "5 sentences: 1 carried by facts, 1 with words that no fact carries." in details.text
    assert details.text.startswith("The rules of r/harbor were never read.")


async def test_details_of_a_draft_that_was_decided_say_what_carries_it_still(desk: Desk) -> None:
    await desk.done('draft edit 1 body="37 freelancers used it in the first 6 months. How do you do it?"')
    approved = await desk.done("draft approve 1")
    details = await desk.press(pressable(approved, "Details"))
    assert "“37 freelancers used it in the first 6 months.” · fact 2" in field(details, "Sentence by sentence")
    assert "Checked" not in [f.name for f in details.fields]


async def test_a_second_opinion_is_told_claim_by_claim_beside_ours_with_why_it_is_not_whole(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    claims = (
        Opinion("37 freelancers used it.", Support.SUPPORTED, False, (2,)),
        Opinion("Agencies love it.", Support.NOT_SUPPORTED, True),
    )
    opinion = SecondOpinion("openai/checker", claims, "The model has no credit left.")
    revision = NewRevision(RevisionOrigin.MODEL, "Getting paid", BODY, (), "invented-model", second_opinion=opinion)
    draft = await store.create_draft(caller, 1, "harbor", revision, clock.now())
    told = field(await desk.press(f"v1|draft details|{draft.id}"), "Second opinion")
    assert told.split("\n") == [
        "“37 freelancers used it.” · here: fact 2 · openai/checker: supported",
        "“Agencies love it.” · here: marked · openai/checker: not supported",
        "Not asked about the rest: The model has no credit left.",
    ]
    assert "Second opinion" not in [f.name for f in (await desk.press("v1|draft details|1")).fields]
