from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import AuthorStatus, Basis, Outcome, Reading, View
from core.ports import Sighting
from core.visibility.readings import (
    CONTRADICTION,
    CUT_ANSWER,
    NO_CONTROL,
    account_banned,
    body_hash,
    body_state,
    control_is_live,
    is_contradiction,
    person_look,
    read_sighting,
)
from tests.core.visibility.world import START, removed, sighting

NAME = "t3_1abc2d"


def read(found: Sighting | None, *, view: View = View.THIRD_PARTY, control_live: bool = True, **more: Any) -> Reading:
    return read_sighting(
        NAME, found, view=view, basis=Basis.REDDIT_API, read_at=START, control_live=control_live, **more
    )


def test_a_healthy_post_is_visible() -> None:
    reading = read(sighting(NAME))
    assert reading.outcome is Outcome.VISIBLE
    assert (reading.found, reading.indexable, reading.author_present, reading.body_state) == (
        True,
        True,
        True,
        "intact",
    )
    assert (reading.score, reading.num_comments) == (12, 3)


@pytest.mark.parametrize(
    "found",
    [
        removed(NAME, "moderator"),
        removed(NAME, "something_new"),
        removed(NAME, None),
        sighting(NAME, indexable=False),
        sighting(NAME, body="[deleted]", author=None),
        None,
    ],
)
def test_what_others_cannot_see_is_not_visible(found: Sighting | None) -> None:
    assert read(found).outcome is Outcome.NOT_VISIBLE


@pytest.mark.parametrize("found", [sighting(NAME), removed(NAME), None])
def test_without_a_live_control_nothing_is_evidence(found: Sighting | None) -> None:
    reading = read(found, control_live=False)
    assert reading.outcome is Outcome.CANNOT_TELL
    assert reading.problem
    assert "control" in reading.problem


@pytest.mark.parametrize(
    "cut",
    [sighting(NAME, body=None), sighting(NAME, title=None), sighting(NAME, indexable=None), sighting("t3_other1")],
)
def test_an_answer_that_was_cut_is_no_evidence(cut: Sighting) -> None:
    assert read(cut).outcome is Outcome.CANNOT_TELL


def test_a_comment_needs_neither_title_nor_indexable() -> None:
    comment = sighting("t1_kx12ab")
    reading = read_sighting(
        "t1_kx12ab", comment, view=View.THIRD_PARTY, basis=Basis.REDDIT_API, read_at=START, control_live=True
    )
    assert reading.outcome is Outcome.VISIBLE


def test_the_authors_view_needs_no_control_but_a_missing_id_in_it_says_nothing() -> None:
    assert read(removed(NAME), view=View.AUTHOR, control_live=False).outcome is Outcome.NOT_VISIBLE
    assert read(None, view=View.AUTHOR, control_live=False).outcome is Outcome.CANNOT_TELL


def test_a_control_that_is_itself_removed_is_no_control() -> None:
    assert control_is_live(
        {"t3_a1111": sighting("t3_a1111"), "t3_b1111": removed("t3_b1111")}, ["t3_a1111", "t3_b1111"]
    )
    assert not control_is_live({"t3_b1111": removed("t3_b1111")}, ["t3_a1111", "t3_b1111"])
    assert not control_is_live({"t3_c1111": sighting("t3_c1111", author=None)}, ["t3_c1111"])
    assert not control_is_live({}, [])


@pytest.mark.parametrize(
    "fallen",
    [{"category": "moderator"}, {"indexable": False}, {"body": "[removed]"}, {"body": "[deleted]"}, {"author": None}],
)
def test_a_control_that_fell_in_one_way_only_vouches_for_nothing(fallen: dict[str, Any]) -> None:
    assert not control_is_live({NAME: sighting(NAME, **fallen)}, [NAME])


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("[removed]", "removed"),
        (" [Removed] \n", "removed"),
        ("[ Removed by Reddit on account of violating the content policy. ]", "removed by Reddit"),
        ("[removed by moderator]", "removed by moderators"),
        ("[deleted]", "deleted"),
        ("[deleted by user]", "deleted"),
        ("", "empty"),
        ("I was [removed] from the list", "intact"),
    ],
)
def test_reddits_placeholders_are_told_from_texts(body: str, state: str) -> None:
    assert body_state(body, None) == state


def test_an_edited_text_is_seen_as_edited_and_still_visible() -> None:
    reading = read(sighting(NAME, body="New words"), body_sha256=body_hash("Old words"))
    assert (reading.body_state, reading.outcome) == ("edited", Outcome.VISIBLE)
    assert read(sighting(NAME, body="Old words"), body_sha256=body_hash("Old words")).body_state == "intact"


@given(st.text(), st.one_of(st.none(), st.text(max_size=64)))
def test_any_text_has_a_state(body: str, known: str | None) -> None:
    assert body_state(body, known) in {
        "removed",
        "removed by moderators",
        "removed by Reddit",
        "deleted",
        "empty",
        "edited",
        "intact",
    }
    assert len(body_hash(body)) == 64


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.VISIBLE),
        ({"indexable": None}, Outcome.CANNOT_TELL),
        ({"indexable": None, "states_category": True}, Outcome.VISIBLE),
        ({"indexable": None, "category": "moderator"}, Outcome.NOT_VISIBLE),
        ({"title": None}, Outcome.CANNOT_TELL),
        ({"body": None}, Outcome.CANNOT_TELL),
        ({"body": ""}, Outcome.VISIBLE),
        ({"fullname": "t3_other"}, Outcome.CANNOT_TELL),
        ({"problem": "It was cut."}, Outcome.CANNOT_TELL),
    ],
)
def test_an_answer_about_a_post_counts_when_it_holds_what_reddit_always_sends(
    changes: dict[str, Any], outcome: Outcome
) -> None:
    assert read(replace(sighting(NAME), **changes)).outcome is outcome


# ---------------------------------------------------------------- whole readings

A_REMOVED_POST = removed(NAME, "moderator", locked=True, score=4, num_comments=9)


@pytest.mark.parametrize(
    ("view", "control_live"), [(View.THIRD_PARTY, True), (View.AUTHOR, True), (View.AUTHOR, False)]
)
def test_a_reading_holds_everything_that_the_answer_said_of_the_post(view: View, control_live: bool) -> None:
    assert read(A_REMOVED_POST, view=view, control_live=control_live) == Reading(
        view=view,
        basis=Basis.REDDIT_API,
        read_at=START,
        outcome=Outcome.NOT_VISIBLE,
        found=True,
        control_live=control_live,
        category="moderator",
        indexable=False,
        author_present=True,
        body_state="removed",
        locked=True,
        score=4,
        num_comments=9,
    )


def test_a_missing_id_is_read_as_not_found_and_nothing_else() -> None:
    assert read(None) == Reading(
        View.THIRD_PARTY, Basis.REDDIT_API, START, Outcome.NOT_VISIBLE, found=False, control_live=True
    )


@pytest.mark.parametrize(
    ("found", "view", "control_live", "problem"),
    [
        (A_REMOVED_POST, View.THIRD_PARTY, False, NO_CONTROL),
        (None, View.THIRD_PARTY, False, NO_CONTROL),
        (None, View.AUTHOR, False, NO_CONTROL),
        (None, View.AUTHOR, True, NO_CONTROL),
        (A_REMOVED_POST, View.ANONYMOUS, False, NO_CONTROL),
        (sighting(NAME, body=None), View.THIRD_PARTY, True, CUT_ANSWER),
        (sighting(NAME, problem="Half an answer."), View.AUTHOR, False, "Half an answer."),
        (sighting(NAME, body="[removed]"), View.THIRD_PARTY, True, CONTRADICTION),
        (sighting(NAME, title="[deleted by user]"), View.AUTHOR, False, CONTRADICTION),
    ],
)
def test_a_look_that_proves_nothing_says_why_and_nothing_else(
    found: Sighting | None, view: View, control_live: bool, problem: str
) -> None:
    assert read(found, view=view, control_live=control_live) == Reading(
        view, Basis.REDDIT_API, START, Outcome.CANNOT_TELL, problem=problem
    )


@pytest.mark.parametrize(
    ("changes", "contradicts"),
    [
        ({"body": "[removed]"}, True),
        ({"title": "[deleted]"}, True),
        ({}, False),
        ({"body": "[removed]", "category": "moderator"}, False),
        ({"body": "[removed]", "indexable": False}, False),
        ({"body": "[removed]", "indexable": None}, False),
        ({"body": "[removed]", "author": None}, False),
    ],
)
def test_a_placeholder_contradicts_an_answer_that_says_in_all_else_that_the_post_stands(
    changes: dict[str, Any], contradicts: bool
) -> None:
    assert is_contradiction(sighting(NAME, **changes)) is contradicts


@pytest.mark.parametrize("title", ["[removed by moderator]", "[deleted by user]"])
def test_a_placeholder_as_title_tells_the_same_as_one_as_text(title: str) -> None:
    state = {"[removed by moderator]": "removed by moderators", "[deleted by user]": "deleted"}[title]
    assert body_state("A text that stands.", None, title) == state
    assert body_state("", None, title) == state
    assert body_state("[removed]", None, title) == "removed", "the text counts first"
    gone = read(sighting(NAME, title=title, indexable=None, states_category=True))
    assert (gone.outcome, gone.body_state) == (Outcome.NOT_VISIBLE, state)
    assert body_state("A text.", body_hash("A text."), "A title") == "intact"
    assert body_state(" \n", body_hash("A text."), "A title") == "empty"


def test_the_hash_of_a_text_is_sha256_of_its_utf8() -> None:
    assert body_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert body_hash("ä") == hashlib.sha256(b"\xc3\xa4").hexdigest()
    assert body_hash("\ud800") == hashlib.sha256(b"\xed\xa0\x80").hexdigest(), "half a character is no reason to fail"


def test_what_a_person_says_is_read_as_theirs() -> None:
    assert person_look(True, START, "bob") == Reading(
        View.PERSON, Basis.PERSON, START, Outcome.VISIBLE, looked_by="bob"
    )
    assert person_look(False, START) == Reading(View.PERSON, Basis.PERSON, START, Outcome.NOT_VISIBLE)
    assert account_banned(START) == Reading(
        View.PERSON, Basis.PERSON, START, Outcome.CANNOT_TELL, author_status=AuthorStatus.MISSING
    )


def test_a_control_counts_when_the_answer_about_it_is_whole() -> None:
    other = "t3_b1111"
    assert control_is_live({other: sighting(other), NAME: removed(NAME)}, [NAME, "t3_none1", other])
    for half in ({"body": None}, {"title": None}, {"problem": "Cut."}):
        assert not control_is_live({NAME: sighting(NAME, **half)}, [NAME])
    assert not control_is_live({NAME: sighting(other)}, [NAME]), "an answer about another post"
    assert not control_is_live({NAME: sighting(NAME, title="[removed]")}, [NAME])
    assert control_is_live({NAME: sighting(NAME, indexable=None, states_category=True)}, [NAME])
