"""A draft speaks for its poster: what another member lived is told with their name, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.campaigns import FactKind
from core.drafting.checks import check, stands_on
from core.drafting.drafts import NewRevision, Poster, RevisionOrigin
from core.drafting.grounds import Grounds
from core.drafting.interview import arrange
from core.drafting.marks import find
from core.drafting.prompt import Assignment, build_prompt
from core.drafting.text import ADVICE, OK, PROBLEM, Text
from core.drafting.verifying import claims_of
from tests.core.drafting.material import facts, grounds

DESIGNER, WAIT, LETTERS = facts(
    (FactKind.EXPERIENCE, "I worked as a designer for nine years."),
    (FactKind.NUMBER, "I waited 63 days for the money of one client."),
    (FactKind.PRODUCT, "Tallybird sends polite reminders for unpaid invoices."),
)
ALICE, BOB = Poster("alice", "alice"), Poster("bob", "bob")


def on(poster: Poster) -> Grounds:
    """Alice lived the first and counted the second; Bob stands behind the product."""
    held = (replace(DESIGNER, owner_id="alice"), replace(WAIT, owner_id="alice"), replace(LETTERS, owner="bob"))
    return replace(grounds(held=held), poster=poster)


def level(body: str, poster: Poster) -> str:
    text = Text("How to make late payers answer", body, (body,))
    return next(remark.level for remark in check(text, on(poster)) if remark.check == "claims")


@pytest.mark.parametrize(
    ("body", "for_alice", "for_bob"),
    [
        ("I worked as a designer for nine years.", OK, PROBLEM),
        ("For nine years I was a designer.", OK, PROBLEM),
        ("I waited 63 days for the money of one client.", OK, PROBLEM),
        ("Alice worked as a designer for nine years.", ADVICE, OK),  # she would say “I”
        ("Tallybird sends polite reminders for unpaid invoices.", OK, OK),
    ],
)
def test_only_who_lived_it_says_i(body: str, for_alice: str, for_bob: str) -> None:
    assert (level(body, ALICE), level(body, BOB)) == (for_alice, for_bob)


@pytest.mark.parametrize(
    ("body", "level_of"),
    [
        ("Alice worked as a designer for nine years.", OK),
        ("Our colleague Alice worked as a designer for nine years.", OK),
        ("Alice worked as a designer for ten years.", PROBLEM),
        ("Alice lost 700 euros to a baker.", PROBLEM),
        ("In spring 2024 Alice worked as a designer.", PROBLEM),
        ("Our team worked as a designer for nine years.", PROBLEM),
    ],
)
def test_what_is_told_of_a_member_by_name_rests_on_what_they_lived(body: str, level_of: str) -> None:
    assert level(body, BOB) == level_of


@pytest.mark.parametrize("name", ["Bob", "Mark", "Bill", "Grant", "Carol"])
def test_a_name_that_is_a_verb_too_makes_no_advice_of_what_is_told(name: str) -> None:
    held = (replace(WAIT, owner=name, owner_id="x", period="spring 2024"), LETTERS)
    theirs = replace(grounds(held=held), poster=ALICE)

    def marked(body: str) -> list[str]:
        return [found.words for found in find(f"Title\n{body}", [f"Title\n{body}"], theirs)]

    assert marked(f"{name} waited 63 days for the money of one client.") == []
    assert marked(f"In spring 2024 {name} waited 63 days for the money of one client.") == []
    assert marked(f"{name} waited 90 days for the money of one client.") == ["90 days"]
    assert marked(f"{name} waited 63 days for the money of one client in autumn 2023.") == ["autumn", "2023"]


def test_the_card_says_who_lived_it() -> None:
    body = "I worked as a designer for nine years."
    [told] = [r.text for r in check(Text("A title", body, (body,)), on(BOB)) if r.check == "claims"]
    assert told.startswith("“I”: alice lived this, not the poster: tell it with their name, or leave it out.")
    assert stands_on(Text("A title", body), on(BOB)) == ()
    assert stands_on(Text("A title", body), on(ALICE)) == (1,)


def test_a_fact_of_before_owners_had_ids_is_known_by_its_owners_name() -> None:
    held = (replace(DESIGNER, owner="Alice"),)
    assert not replace(grounds(held=held), poster=Poster("U1", "Alice")).is_lived_by_another(held[0])
    assert replace(grounds(held=held), poster=Poster("U2", "Bob")).is_lived_by_another(held[0])
    assert replace(grounds(held=held), poster=Poster(None, "Bob")).is_lived_by_another(held[0])


def test_an_interview_puts_in_nothing_that_another_lived() -> None:
    assert "designer" in arrange(on(ALICE), {})[1]
    told = arrange(on(BOB), {})[1]
    assert "designer" not in told
    assert "63 days" not in told


def test_a_prompt_says_which_facts_are_another_persons() -> None:
    text = build_prompt(on(BOB), Assignment()).text
    assert "1 (experience of alice, another person): I worked as a designer" in text
    assert "2 (number of alice, another person): I waited 63 days" in text
    assert "3 (product): Tallybird sends" in text
    assert "another person" not in build_prompt(on(ALICE), Assignment()).text


@pytest.mark.parametrize(
    "body",
    [
        "Alice worked as a designer for nine years. She waited 63 days for the money of one client.",
        "She waited 63 days for the money of one client.",
        "Alice lost 700 euros to a baker.",
    ],
)
def test_what_stands_beside_a_second_opinion_is_what_the_check_marked(body: str) -> None:
    written = NewRevision(RevisionOrigin.MODEL, "How to make late payers answer", body, (), "m")
    marked = {mark.sentence for mark in find(f"{written.title}\n{body}", (), on(BOB))}
    assert {claim.sentence for claim in claims_of(written, on(BOB)) if claim.is_marked} == marked


def test_a_sentence_about_her_rests_on_what_she_lived() -> None:
    body = "Alice worked as a designer for nine years. She waited 63 days for the money of one client."
    written = NewRevision(RevisionOrigin.MODEL, "How to make late payers answer", body, (), "m")
    assert [claim.fact_ids for claim in claims_of(written, on(BOB))] == [(DESIGNER.id,), (WAIT.id,)]
