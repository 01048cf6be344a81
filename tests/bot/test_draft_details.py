"""What stands behind a draft's card, as a person reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.card import Card
from bot.commands import draft as draft_commands
from core.analysis.service import Communities
from core.communities import Rule
from core.drafting.drafts import NewRevision, Opinion, RevisionOrigin, SecondOpinion, Support
from core.drafting.service import Drafting
from core.model import Basis, Caller, Role
from core.texts.figures import Figures
from core.worker import Worker
from storage.store import Store
from tests.bot.bare import Desk, bare_services, pressable
from tests.clock import FixedClock
from tests.core.drafting.material import FACTS, keep_profile
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
        "“No links”: The text has a link in the text. It says: “Links of any kind are not allowed. Really.”"
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


# ---------------------------------------------------------------- its rhythm

WHOLE = "37 freelancers used it in the first 6 months.\n\nHow do you do it?"


@pytest.fixture
async def reading(desk: Desk, store: Store, clock: FixedClock, caller: Caller) -> AsyncIterator[Desk]:
    """With the real reader, and a draft for a community whose usual figures are known."""
    made = await keep_profile(store, caller, clock.now())
    figures = {**made.figures, "words_per_sentence": {"n": 300, "q1": 9.5, "median": 12.0, "q3": 15.2}}
    await store.save_profile(
        caller,
        "harborfounders",
        sample_size=made.sample_size,
        first_post_at=made.first_post_at,
        last_post_at=made.last_post_at,
        bases=made.bases,
        figures=figures,
        now=clock.now(),
    )
    worker = Worker("core.analysis.nlp")
    services = replace(desk.services, communities=Communities(store, clock, worker, worker))
    revision = NewRevision(RevisionOrigin.PERSON, "How we get paid", WHOLE, (), "Alice")
    await store.create_draft(caller, 1, "harborfounders", revision, clock.now())
    yield Desk(services, draft_commands.commands)
    await worker.close()


@pytest.mark.process
async def test_the_rhythm_of_a_draft_is_told_beside_that_of_the_known_posts_and_no_figure_twice(
    reading: Desk, store: Store, caller: Caller
) -> None:
    details = await reading.press("v1|draft details|2")
    profile = await store.latest_profile(caller.workspace_id, "harborfounders")
    assert profile is not None
    figures = Figures.read(profile.figures)
    lines = field(details, "Its rhythm").split("\n")
    assert [line.removeprefix("• ").partition(";")[0] for line in lines] == [
        "2 paragraphs",
        "6 words a sentence",  # the reader counts “37” and “6” as no words of a sentence
        "a question in the text",
    ]
    q1, _, q3 = figures.paragraphs.quartiles or (0, 0, 0)
    assert lines[0].endswith(f"half of the known posts have {q1:.0f}" + ("" if q1 == q3 else f" to {q3:.0f}"))
    assert lines[1].endswith("; half of the known posts have 9.5 to 15")
    assert lines[2].endswith(f"{figures.shares['question'].share:.0%} of the known posts ask one")
    assert sum("14 words" in one.value for one in details.fields) == 1, "the check of its length tells them"


@pytest.mark.process
async def test_a_decided_draft_tells_its_words_in_its_rhythm_when_no_remark_does(
    reading: Desk,
) -> None:
    await reading.done("draft discard 2")
    details = await reading.press("v1|draft details|2")
    told = "\n".join(one.value for one in details.fields if one.name != "Sentence by sentence")
    assert told.count("14 words") == 1


@pytest.mark.process
async def test_a_draft_with_a_blank_or_without_known_posts_has_no_rhythm(reading: Desk) -> None:
    assert "Its rhythm" not in [one.name for one in (await reading.press("v1|draft details|1")).fields]
    await reading.done('draft edit 2 body="37 freelancers used it. [your own words: a tip]"')
    assert "Its rhythm" not in [one.name for one in (await reading.press("v1|draft details|2")).fields]


@pytest.mark.process
async def test_details_stand_when_the_reader_fails_and_say_so(reading: Desk, store: Store, clock: FixedClock) -> None:
    worker = Worker("tests.core.analysis.quick_reader")
    services = replace(reading.services, communities=Communities(store, clock, worker, worker))
    desk = Desk(services, draft_commands.commands)
    await desk.done('draft edit 2 body="We break the reader."')
    details = await desk.press("v1|draft details|2")
    await worker.close()
    assert details.ok
    assert field(details, "Its rhythm").startswith("The texts could not be read just now")
    assert "Sentence by sentence" in [one.name for one in details.fields]
