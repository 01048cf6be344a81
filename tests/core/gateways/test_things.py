from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gateways.things import children_of, is_established, read_sighting

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
        # Whatever stands there but nothing means removed.
        assert (sighting.category is None) == (fields.get("removed_by_category") is None)


@pytest.mark.parametrize(("sent", "kept"), [(True, True), (False, False), (None, None), ("yes", None)])
def test_a_lock_that_the_answer_does_not_speak_of_is_not_taken_for_none(sent: Any, kept: bool | None) -> None:
    sighting = read_sighting(make_thing(locked=sent))
    assert sighting is not None
    assert sighting.locked is kept


def test_a_comment_has_a_body_and_no_title() -> None:
    sighting = read_sighting(make_thing("t1", body="An answer.", title="of the post", selftext="of the post"))
    assert sighting is not None
    assert (sighting.body, sighting.title) == ("An answer.", None)


@pytest.mark.parametrize("author", ["[deleted]", "", None, 7])
def test_a_post_without_an_author_has_none(author: Any) -> None:
    sighting = read_sighting(make_thing(author=author))
    assert sighting is not None
    assert sighting.author is None


@pytest.mark.parametrize(
    "changes",
    [
        {"removed_by_category": "moderator"},
        {"is_robot_indexable": False},
        {"author": "[deleted]"},
        {"selftext": "[removed]"},
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
