from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collecting.columns import ALIASES, columns_of
from core.collecting.comment_fields import comment_in
from core.collecting.fields import read_item
from core.model import CollectedComment, CollectedPost
from tests.core.collecting.invented import row

THING: dict[str, Any] = {
    "id": "1abc2d",
    "name": "t3_1abc2d",
    "subreddit": "Pottery",
    "title": "Glaze &amp; fire",
    "selftext": "I mixed 3 &lt; 4 glazes",
    "author": "clay_person",
    "created_utc": 1773000000.0,
    "score": 0,
    "upvote_ratio": 0.5,
    "num_comments": 12,
    "link_flair_text": "Question",
    "url": "https://www.reddit.com/r/Pottery/comments/1abc2d/glaze_fire/",
    "permalink": "/r/Pottery/comments/1abc2d/glaze_fire/",
    "is_self": True,
    "over_18": False,
    "distinguished": None,
    "stickied": False,
    "locked": True,
    "removed_by_category": None,
}
APIFY: dict[str, Any] = {
    "id": "t3_1abc2d",
    "parsedId": "1abc2d",
    "dataType": "post",
    "url": "https://www.reddit.com/r/Pottery/comments/1abc2d/glaze_fire/",
    "title": "Glaze and fire",
    "body": "I mixed them",
    "username": "clay_person",
    "communityName": "r/Pottery",
    "parsedCommunityName": "Pottery",
    "flair": None,
    "numberOfComments": 4,
    "upVotes": 17,
    "upVoteRatio": 0.9,
    "over18": False,
    "isAd": False,
    "createdAt": "2026-03-08T20:00:00.000Z",
    "scrapedAt": "2026-03-09T20:00:00.000Z",
}


def read(item: dict[str, Any]) -> CollectedPost:
    post = read_item(item)
    assert post is not None
    return post


def test_a_thing_of_reddits_api_is_read_with_its_wrapper_and_without() -> None:
    expected = CollectedPost(
        reddit_id="1abc2d",
        community="pottery",
        title="Glaze & fire",
        body="I mixed 3 < 4 glazes",
        author="clay_person",
        created_at=datetime(2026, 3, 8, 20, tzinfo=UTC),
        score=0,
        upvote_ratio=0.5,
        num_comments=12,
        flair="Question",
        url=None,
        is_self=True,
        locked=True,
    )
    assert read({"kind": "t3", "data": THING}) == expected
    assert read(THING) == expected


def test_an_apify_item_is_read() -> None:
    post = read(APIFY)
    assert (post.reddit_id, post.community, post.author) == ("1abc2d", "pottery", "clay_person")
    assert (post.score, post.num_comments, post.upvote_ratio) == (17, 4, 0.9)
    assert post.created_at == datetime(2026, 3, 8, 20, tzinfo=UTC)
    assert post.is_self
    assert post.url is None


def test_engagement_that_the_lite_actor_omits_is_unknown_and_not_zero() -> None:
    item = {key: value for key, value in APIFY.items() if key not in ("upVotes", "upVoteRatio", "numberOfComments")}
    post = read(item)
    assert (post.score, post.upvote_ratio, post.num_comments) == (None, None, None)


def test_a_table_row_of_strings_is_read() -> None:
    post = read(dict(row(7, community="Pottery", score="906", over_18="False", is_self="True")))
    assert (post.community, post.score, post.is_self, post.over_18) == ("pottery", 906, True, False)
    assert post.created_at == datetime(2026, 3, 2, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell", ["r/Pottery", "/r/pottery/", "r/pottery/", "https://www.reddit.com/r/Pottery/", "reddit.com/r/pottery"]
)
def test_a_column_that_writes_communities_as_links_loses_no_post(cell: str) -> None:
    assert read({**row(7), "permalink": "", "url": "", "subreddit": cell}).community == "pottery"


def test_empty_cells_are_unknown() -> None:
    post = read(dict(row(7, score="", num_comments="", selftext="")))
    assert (post.score, post.num_comments, post.body, post.flair, post.author) == (None, None, "", None, None)


def test_a_link_post_keeps_where_it_points() -> None:
    post = read({**THING, "is_self": False, "selftext": "", "url": "https://example.com/?a=1&amp;copy=2"})
    assert post.url == "https://example.com/?a=1&copy=2"
    assert not post.is_self


def test_a_crosspost_points_to_the_other_post_and_keeps_its_own_id() -> None:
    item = {**THING, "is_self": False, "url": "https://www.reddit.com/r/ceramics/comments/9zzzz9/other/"}
    del item["id"], item["name"], item["subreddit"]
    post = read(item)
    assert (post.reddit_id, post.community) == ("1abc2d", "pottery")
    assert post.url == "https://www.reddit.com/r/ceramics/comments/9zzzz9/other/"


def test_a_post_on_a_profile_belongs_to_its_owner() -> None:
    item = {**THING, "permalink": "/user/Clay-Person/comments/1abc2d/mine/"}
    del item["subreddit"]
    assert read(item).community == "u_clay-person"


def test_an_archive_line_tells_who_removed_the_post() -> None:
    assert read({**THING, "_meta": {"removal_type": "moderator"}}).removed_by_category == "moderator"
    assert read({**THING, "removed_by_category": "reddit"}).removed_by_category == "reddit"


def test_what_an_archive_saw_back_again_stands() -> None:
    back = {"was_initially_deleted": True, "removal_type": "deleted"}
    assert read({**THING, "_meta": back}).removed_by_category is None
    assert read({**THING, "_meta": {**back, "was_deleted_later": True}}).removed_by_category == "deleted"


@pytest.mark.parametrize("none", ["", "false", "null", "None", "nan", False, None, "not removed", "[]", "missing"])
def test_a_category_that_says_none_counts_as_no_category(none: object) -> None:
    assert read({**THING, "removed_by_category": none}).removed_by_category is None


def test_deleted_authors_are_nobody() -> None:
    assert read({**THING, "author": "[deleted]"}).author is None


@pytest.mark.parametrize("stated", [1773000000, "1773000000", "1773000000.0", 1773000000000, "2026-03-08T20:00:00Z"])
def test_times_are_read_in_every_way_they_are_written(stated: object) -> None:
    assert read({**THING, "created_utc": stated}).created_at == datetime(2026, 3, 8, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "t1", "data": {**THING, "name": "t1_1abc2d"}},
        {**THING, "name": "t1_1abc2d"},
        {**THING, "parent_id": "t3_1abc2d"},
        {**THING, "link_id": "t3_1abc2d"},
        {**THING, "promoted": True},
        {**APIFY, "isAd": True},
        {**APIFY, "dataType": "comment"},
        {**APIFY, "dataType": "user"},
        {"kind": "t5", "data": {"name": "t5_2qh26", "title": "Pottery", "created_utc": 1.0}},
        {},
    ],
    ids=["t1", "t1 name", "reply", "comment", "promoted", "ad", "apify comment", "apify user", "community", "empty"],
)
def test_what_is_no_post_is_none(item: dict[str, Any]) -> None:
    assert read_item(item) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"title": None},
        {"created_utc": None},
        {"created_utc": "yesterday"},
        {"created_utc": float("nan")},
        {"created_utc": 12},
        {"id": "../etc", "name": "x", "permalink": "", "url": ""},
        {"subreddit": "a b", "permalink": "", "url": ""},
    ],
)
def test_a_post_without_what_it_needs_is_none(changes: dict[str, Any]) -> None:
    assert read_item({**THING, **changes}) is None


@pytest.mark.parametrize("odd", [True, [], {}, "many", float("inf"), 10**40, -(2**40)])
def test_counts_of_odd_types_are_unknown(odd: object) -> None:
    post = read({**THING, "score": odd, "num_comments": odd, "upvote_ratio": odd})
    assert (post.score, post.num_comments, post.upvote_ratio) == (None, None, None)


def test_characters_that_no_database_stores_are_left_out() -> None:
    post = read({**THING, "title": "a\x00b \ud800", "selftext": "c\x00"})
    assert (post.title, post.body) == ("ab ?", "c")


def test_missing_columns_are_named_by_what_they_are_for() -> None:
    assert columns_of(("id", "title", "created_utc")).missing == ()
    assert columns_of(("parsedId", "Post Title", "createdAt")).missing == ()
    assert columns_of(("title", "text")).missing == ("id", "time")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = sorted(
    {*THING, *APIFY, *row(1), "kind", "data", "_meta", "imageUrls", *(n for names in ALIASES.values() for n in names)}
)


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), ANYTHING))
def test_no_json_makes_it_raise(item: dict[str, Any]) -> None:
    read_item(item)


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_whatever_it_reads_can_be_stored(changes: dict[str, Any]) -> None:
    post = read_item({**THING, **changes})
    if post is None:
        return
    assert post.created_at.tzinfo is UTC
    assert post.community == post.community.lower()
    for text in (post.title, post.body, post.flair or "", post.url or ""):
        assert "\x00" not in text
        text.encode("utf-8")
    for count in (post.score, post.num_comments):
        assert count is None or abs(count) < 2**31
    assert not (post.is_self and post.url)


COMMENT = {
    "id": "kx1abcd",
    "name": "t1_kx1abcd",
    "link_id": "t3_1abc2d",
    "parent_id": "t3_1abc2d",
    "subreddit": "Pottery",
    "body": "Fire it &gt; twice.",
    "author": "clay_person",
    "created_utc": 1773000000,
    "is_submitter": False,
    "distinguished": None,
    "stickied": False,
}
READ = CollectedComment(
    reddit_id="kx1abcd",
    community="pottery",
    post_id="1abc2d",
    answers_post=True,
    body="Fire it > twice.",
    author="clay_person",
    created_at=datetime.fromtimestamp(1773000000, UTC),
)
APIFY_COMMENT = {
    "dataType": "comment",
    "id": "t1_kx1abcd",
    "postId": "t3_1abc2d",
    "parentId": "t3_1abc2d",
    "communityName": "r/Pottery",
    "body": "Fire it > twice.",
    "username": "clay_person",
    "createdAt": "2026-03-08T20:00:00.000Z",
}


@pytest.mark.parametrize(
    "item",
    [
        COMMENT,
        {"kind": "t1", "data": COMMENT},
        {name: value for name, value in COMMENT.items() if name != "name"},
        {name: value for name, value in COMMENT.items() if name != "link_id"},
        APIFY_COMMENT,
    ],
    ids=["a dump's line", "a thing", "without its name", "without its post's name", "apify"],
)
def test_a_comment_is_read_from_every_source_that_has_some(item: dict[str, Any]) -> None:
    assert comment_in(item) == READ


def test_who_wrote_a_comment_and_what_it_answers_is_read() -> None:
    reply = comment_in({**COMMENT, "parent_id": "t1_kx1abcc", "is_submitter": True, "distinguished": "moderator"})
    assert reply == replace(READ, answers_post=False, is_by_poster=True, distinguished=True)
    assert comment_in({**COMMENT, "author": "[deleted]", "stickied": True}) == replace(READ, author=None, stickied=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"parent_id": None},
        {"parent_id": "t1_kx1abcc", "link_id": None},
        {"name": "t3_kx1abcd"},
        {"id": "x", "name": None},
        {"subreddit": "a b"},
        {"body": ""},
        {"created_utc": "yesterday"},
        {"created_utc": "2026-03-08"},
    ],
)
def test_a_comment_without_what_it_needs_is_none(changes: dict[str, Any]) -> None:
    assert comment_in({**COMMENT, **changes}) is None


def test_a_post_is_no_comment() -> None:
    assert comment_in(THING) is None
    assert comment_in({"kind": "t3", "data": THING}) is None
