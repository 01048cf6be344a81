from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Basis, Outcome, Reading, View
from core.ports import Sighting
from core.visibility.readings import body_hash, body_state, control_is_live, read_sighting
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
