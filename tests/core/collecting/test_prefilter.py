from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collecting import prefilter
from core.collecting.prefilter import Prefilter, is_counted, reason_against
from core.model import CollectedComment
from tests.core.collecting.invented import collected


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"removed_by_category": "deleted"}, prefilter.DELETED),
        ({"body": "[deleted]"}, prefilter.DELETED),
        ({"stickied": True}, prefilter.ANNOUNCEMENT),
        ({"distinguished": True}, prefilter.ANNOUNCEMENT),
        ({"over_18": True}, prefilter.OVER_18),
        ({"title": "?!?"}, prefilter.NO_TITLE),
        ({"title": ""}, prefilter.NO_TITLE),
        ({"title": "Hello all", "body": ""}, prefilter.TOO_SHORT),
        ({"title": "как найти первых клиентов", "body": ""}, prefilter.NOT_ENGLISH),
        (
            {"title": "東京でスタートアップを始めた話です、全部で四つの単語", "body": "はい そう です ね"},
            prefilter.NOT_ENGLISH,
        ),
        (
            {
                "title": "Cómo conseguí mis primeros clientes",
                "body": "No es fácil para una tienda que vende en la ciudad, pero los clientes están",
            },
            prefilter.NOT_ENGLISH,
        ),
        (
            {
                "title": "Wie ich die ersten Kunden fand",
                "body": "Es war nicht leicht und ich habe mit dem Laden auch viel gelernt",
            },
            prefilter.NOT_ENGLISH,
        ),
        ({"title": "Kiln", "body": "", "is_self": False, "url": "https://example.com/kiln.png"}, None),
        ({"title": "Café Zoë in Kraków", "body": "We tried the new glaze there and it was good"}, None),
        ({"title": "Tools", "body": " ".join(f"https://example.com/{i} Blender GIMP Krita" for i in range(20))}, None),
        ({"removed_by_category": "moderator", "body": "[removed]"}, None),
    ],
)
def test_each_reason_has_its_case(changes: dict[str, Any], reason: str | None) -> None:
    assert reason_against(collected(**changes)) == reason


def test_the_same_post_twice_is_a_duplicate_also_in_another_batch() -> None:
    sieve = Prefilter()
    assert sieve.sift([collected(1), collected(1)])[1].duplicate == 1
    keep, funnel = sieve.sift([collected(1), collected(2)])
    assert [post.reddit_id for post in keep] == [collected(2).reddit_id]
    assert (funnel.found, funnel.duplicate) == (2, 1)


def test_the_same_text_posted_again_counts_once() -> None:
    text = {"title": "Which clay do you use?", "body": "Tell me all about the clay that you use"}
    keep, funnel = Prefilter().sift(
        [collected(1, **text), collected(2, **{**text, "title": "which  CLAY do you use?"})]
    )
    assert len(keep) == 1
    assert funnel.filtered == {prefilter.REPOST: 1}


def test_removed_posts_with_emptied_texts_are_not_taken_for_reposts() -> None:
    removed = {"title": "Weekly thread", "body": "[removed]", "removed_by_category": "moderator"}
    assert len(Prefilter().sift([collected(1, **removed), collected(2, **removed)])[0]) == 2


def test_a_stored_post_that_its_author_deleted_passes_so_that_the_store_drops_its_text() -> None:
    gone = collected(3, removed_by_category="deleted", body="[deleted]")
    assert Prefilter().sift([gone])[0] == []
    keep, funnel = Prefilter().sift([gone], known={gone.reddit_id})
    assert keep == [gone]
    assert funnel.filtered == {}


def test_unreadable_items_are_found_and_accounted_for() -> None:
    _, funnel = Prefilter().sift([], malformed=4)
    assert (funnel.found, funnel.filtered) == (4, {prefilter.UNREADABLE: 4})


POSTS = st.builds(
    collected,
    st.integers(1, 6),
    title=st.sampled_from(["What I learned about glaze", "?", "Which clay"]) | st.text(max_size=20),
    body=st.sampled_from(["", "[deleted]", "[removed]", "we tried it and it was good"]) | st.text(max_size=40),
    stickied=st.booleans(),
    over_18=st.booleans(),
    is_self=st.booleans(),
    removed_by_category=st.sampled_from([None, None, "deleted", "moderator"]),
)


@given(st.lists(POSTS, max_size=12), st.integers(0, 3), st.sets(st.sampled_from(["100001", "100002"])))
def test_every_item_found_is_a_duplicate_filtered_or_kept(posts: list[Any], malformed: int, known: set[str]) -> None:
    keep, funnel = Prefilter().sift(posts, malformed, known=known)
    assert funnel.found == len(posts) + malformed
    assert funnel.found == funnel.duplicate + sum(funnel.filtered.values()) + len(keep)
    assert set(funnel.filtered) <= set(prefilter.REASONS)


@given(st.lists(POSTS, max_size=12), st.integers(0, 12))
def test_the_size_of_batches_makes_no_difference(posts: list[Any], cut: int) -> None:
    whole, at_once = Prefilter().sift(posts)
    sieve = Prefilter()
    first, a = sieve.sift(posts[:cut])
    second, b = sieve.sift(posts[cut:])
    assert first + second == whole
    assert a.plus(b) == at_once


ANSWER = CollectedComment(
    "kx1abcd", "pottery", "1abc2d", True, "Fire it twice, slowly.", "clay_person", datetime(2026, 11, 1, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"body": "Yes."}, True),
        ({"author": None}, True),
        ({"answers_post": False}, False),
        ({"is_by_poster": True}, False),
        ({"stickied": True}, False),
        ({"distinguished": True}, False),
        ({"author": "AutoModerator"}, False),
        ({"body": "[removed]"}, False),
        ({"body": "[deleted]"}, False),
        ({"body": "?!?"}, False),
        ({"body": "https://example.com/a"}, True),
        ({"body": "как найти первых клиентов"}, False),
    ],
)
def test_a_comment_counts_when_somebody_else_answers_the_post(changes: dict[str, Any], counts: bool) -> None:
    assert is_counted(replace(ANSWER, **changes)) is counts
