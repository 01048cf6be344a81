from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gateways.things import (
    TWO_STATES,
    UNREADABLE,
    children_of,
    is_established,
    read_answer,
    read_sighting,
)
from core.ports import Sighting
from core.visibility.readings import is_whole

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIELDS = ("name", "subreddit", "title", "selftext", "author", "created_utc", "removed_by_category", "locked", "score")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def make_thing(kind: str = "t3", **fields: Any) -> dict[str, Any]:
    post = {"name": f"{kind}_1abc2d", "subreddit": "Gardening", "created_utc": (NOW - timedelta(days=9)).timestamp()}
    return {"kind": kind, "data": {**post, "author": "plain_person", "title": "T", "selftext": "B", **fields}}


@given(JSON)
def test_no_json_breaks_the_reading_of_things(payload: Any) -> None:
    read_sighting(payload)
    children_of(payload)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_value_of_a_field_breaks_the_reading_of_a_post(fields: dict[str, Any]) -> None:
    sighting = read_sighting(make_thing(**fields))
    if sighting is not None:
        for text in (sighting.title, sighting.body, sighting.author, sighting.category):
            assert text is None or "\x00" not in text


@given(st.dictionaries(st.sampled_from((*FIELDS, "is_robot_indexable", "over_18", "num_comments")), JSON, min_size=1))
def test_garbage_in_a_field_that_decides_is_never_a_state(fields: dict[str, Any]) -> None:
    told = {"title": str, "selftext": str, "author": str, "is_robot_indexable": bool | None}
    garbage = any(name in fields and not isinstance(fields[name], kind) for name, kind in told.items())
    category = fields.get("removed_by_category")
    garbage = garbage or (category is not None and category is not False and not isinstance(category, str))
    sighting = read_sighting(make_thing(is_robot_indexable=True) | {"data": make_thing(**fields)["data"]})
    if garbage and sighting is not None:
        assert sighting.problem
        assert not is_whole(sighting, sighting.fullname)


@pytest.mark.parametrize("none", [None, False, "", " ", "null", "None", "false", "NaN", "undefined"])
def test_every_way_of_saying_no_category_is_none(none: Any) -> None:
    sighting = read_sighting(make_thing(removed_by_category=none))
    assert sighting is not None
    assert (sighting.category, sighting.problem) == (None, None)


@pytest.mark.parametrize("garbage", [True, 7, 10**400, float("nan"), [], ["moderator"], {}, "<b>", "true", "\x00"])
def test_a_category_that_is_no_word_costs_the_post_and_is_no_removal(garbage: Any) -> None:
    sighting = read_sighting(make_thing(removed_by_category=garbage))
    assert sighting is not None
    assert (sighting.category, sighting.problem) == (None, UNREADABLE)


@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), float("nan"), "12", [12], {"id": 1}, True, None])
def test_a_value_that_is_no_number_is_unknown_and_costs_nothing_else(number: Any) -> None:
    sighting = read_sighting(make_thing(score=number, num_comments=number, created_utc=number))
    assert sighting is not None
    assert (sighting.score, sighting.num_comments, sighting.created_at, sighting.problem) == (None, None, None, None)
    assert sighting.body == "B"


def test_a_post_of_no_community_is_still_a_post() -> None:
    sighting = read_sighting(make_thing(subreddit=None))
    assert sighting is not None
    assert (sighting.community, sighting.problem, sighting.title) == ("", None, "T")


def answer(*things: Any) -> Mapping[str, Sighting] | None:
    return read_answer(things, ["t3_1abc2d", "t3_2abc2d", "t3_3abc2d"])


def test_a_post_listed_twice_with_two_states_says_nothing_and_costs_the_others_nothing() -> None:
    one, other = make_thing(), make_thing(removed_by_category="moderator", is_robot_indexable=False)
    found = answer(one, make_thing(name="t3_2abc2d"), other)
    assert found is not None
    assert {name: sighting.problem for name, sighting in found.items()} == {"t3_1abc2d": TWO_STATES, "t3_2abc2d": None}
    assert found == answer(other, make_thing(name="t3_2abc2d"), one)
    again = answer(make_thing(score=1), make_thing(name="t3_2abc2d"), make_thing(score=2))
    assert again is not None
    assert (again["t3_1abc2d"].problem, again["t3_1abc2d"].score) == (None, 1)


@pytest.mark.parametrize("stray", [None, [], {"id": "1abc2d"}, {"kind": "t3", "data": {"name": ["t3_3abc2d"]}}])
def test_a_thing_about_nobody_knows_what_may_be_any_of_the_missing_ones(stray: Any) -> None:
    found = answer(make_thing(), make_thing(name="t3_2abc2d"), stray)
    assert found is not None
    problems = {name: sighting.problem for name, sighting in found.items()}
    assert problems == {"t3_1abc2d": None, "t3_2abc2d": None, "t3_3abc2d": UNREADABLE}


def test_a_field_that_nobody_has_any_more_blinds_nobody() -> None:
    stated, unstated = make_thing(removed_by_category=None), make_thing(name="t3_2abc2d")
    found = answer(stated, unstated)
    assert found is not None
    assert [is_whole(sighting, name) for name, sighting in found.items()] == [True, False]
    with_it = make_thing(name="t3_3abc2d", removed_by_category=None, is_robot_indexable=True)
    found = answer(stated, unstated, with_it)
    assert found is not None
    assert [is_whole(sighting, name) for name, sighting in found.items()] == [False, False, True]


def test_an_answer_that_is_mostly_about_others_is_somebody_elses() -> None:
    assert answer(make_thing(), make_thing(name="t3_9abc2d"), make_thing(name="t3_8abc2d")) is None
    assert answer() == {}


@pytest.mark.parametrize(("sent", "kept"), [(True, True), (False, False), (None, None), ("yes", None)])
def test_a_lock_that_the_answer_does_not_speak_of_is_not_taken_for_none(sent: Any, kept: bool | None) -> None:
    sighting = read_sighting(make_thing(locked=sent))
    assert sighting is not None
    assert sighting.locked is kept


def test_a_comment_has_a_body_and_no_title() -> None:
    sighting = read_sighting(make_thing("t1", body="An answer.", title="of the post", selftext="of the post"))
    assert sighting is not None
    assert (sighting.body, sighting.title) == ("An answer.", None)


@pytest.mark.parametrize("author", ["[deleted]", "[Deleted]", "[eliminado]", "[removed]"])
def test_a_post_without_an_author_has_none(author: str) -> None:
    sighting = read_sighting(make_thing(author=author))
    assert sighting is not None
    assert (sighting.author, sighting.problem) == (None, None)


@pytest.mark.parametrize("author", ["", None, 7, [], "two words", "<a>"])
def test_an_author_that_is_no_name_is_not_taken_for_a_deleted_one(author: Any) -> None:
    sighting = read_sighting(make_thing(author=author))
    assert sighting is not None
    assert (sighting.author, sighting.problem) == (None, UNREADABLE)


@pytest.mark.parametrize(
    "changes",
    [
        {"removed_by_category": "moderator"},
        {"is_robot_indexable": False},
        {"author": "[deleted]"},
        {"selftext": "[removed]"},
        {"selftext": "[ Removed by Reddit in response to a copyright notice. ]"},
        {"title": "[deleted by user]"},
        {"removed_by_category": 7},
        {"over_18": True},
        {"created_utc": None},
        {"created_utc": NOW.timestamp()},
    ],
)
def test_only_a_post_that_stands_in_every_way_is_fit_to_be_a_control(changes: dict[str, Any]) -> None:
    plain, changed = read_sighting(make_thing()), read_sighting(make_thing(**changes))
    assert plain is not None
    assert changed is not None
    assert is_established(plain, NOW, min_age_s=86_400)
    assert not is_established(changed, NOW, min_age_s=86_400)


def test_a_listing_is_told_from_anything_else() -> None:
    assert children_of({"kind": "Listing", "data": {"children": [1], "after": "t3_x"}}) == ([1], "t3_x")
    assert children_of({"kind": "Listing", "data": {"children": [], "after": ""}}) == ([], None)
    assert children_of({"kind": "Listing", "data": {}}) is None
    assert children_of([]) is None
