"""Tables of comments, as those who make them write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collecting.comment_fields import comment_in, is_comment, why_unreadable
from core.collecting.files import FileSource
from core.collecting.runs import ImportedFile
from core.errors import BadFile
from core.model import CollectedComment

BODY = 'Fire it "twice", then\n\nask, what the cone says.'
AT = 1_773_000_000
READ = CollectedComment(
    reddit_id="kx1abcd",
    community="pottery",
    post_id="1abc2d",
    answers_post=True,
    body=BODY,
    author="clay_person",
    created_at=datetime.fromtimestamp(AT, UTC),
)
OF_PRAW = {
    "id": "kx1abcd",
    "body": BODY,
    "author": "clay_person",
    "score": 7,
    "created_utc": float(AT),
    "parent_id": "t3_1abc2d",
    "link_id": "t3_1abc2d",
    "subreddit": "pottery",
    "permalink": "/r/pottery/comments/1abc2d/kiln_7/kx1abcd/",
    "is_submitter": False,
}


def named(reddit_id: str, **changes: Any) -> dict[str, Any]:
    """The row of PRAW as that of another comment."""
    page = f"/r/pottery/comments/1abc2d/kiln_7/{reddit_id}/"
    return {**OF_PRAW, "id": reddit_id, "permalink": page, **changes}


PRODUCERS: Mapping[str, Mapping[str, Any]] = {
    "a script on PRAW": OF_PRAW,
    "a script that says whose each column is": {
        "comment_id": "kx1abcd",
        "comment_body": BODY,
        "comment_author": "u/clay_person",
        "comment_score": 7,
        "comment_created_utc": AT,
        "comment_parent_id": "t3_1abc2d",
        "submission_id": "1abc2d",
        "subreddit": "r/pottery",
    },
    "comments beside their posts": {
        "post_id": "1abc2d",
        "post_title": "Kiln 7",
        "post_author": "kiln_person",
        "post_created_utc": AT - 900,
        "subreddit": "pottery",
        "comment_id": "kx1abcd",
        "comment_author": "clay_person",
        "comment_body": BODY,
        "comment_score": 7,
        "parent_id": "t3_1abc2d",
        "created_utc": "2026-03-08 20:00:00",
    },
    "ids without their kinds": {
        "Comment ID": "kx1abcd",
        "Post ID": "1abc2d",
        "Parent ID": "1abc2d",
        "Comment": BODY,
        "Author": "clay_person",
        "Subreddit": "pottery",
        "Timestamp": "2026-03-08T20:00:00+00:00",
    },
    "a dump of Pushshift in a frame of pandas": {
        "": 0,
        "all_awardings": "[]",
        "author": "clay_person",
        "author_flair_text": "",
        "body": BODY,
        "created_utc": AT,
        "distinguished": "",
        "edited": False,
        "id": "kx1abcd",
        "is_submitter": False,
        "link_id": "t3_1abc2d",
        "parent_id": "t3_1abc2d",
        "permalink": "/r/pottery/comments/1abc2d/kiln_7/kx1abcd/",
        "retrieved_on": AT + 60,
        "score": 1,
        "stickied": False,
        "subreddit": "pottery",
        "subreddit_id": "t5_2qnpe",
    },
    "Arctic Shift, with empty cells that made numbers of them": {
        "Unnamed: 0": 12,
        "_meta.retrieved_2nd_on": 1773129600.0,
        "approved_at_utc": "nan",
        "author": "clay_person",
        "body": BODY,
        "created_utc": 1773000000.0,
        "id": "kx1abcd",
        "link_id": "t3_1abc2d",
        "name": "t1_kx1abcd",
        "parent_id": "t3_1abc2d",
        "score": 7.0,
        "stickied": "False",
        "subreddit": "pottery",
        "subreddit_name_prefixed": "r/pottery",
    },
    "the comments of May 2015": {
        "created_utc": AT,
        "ups": 3,
        "subreddit_id": "t5_2qnpe",
        "link_id": "t3_1abc2d",
        "name": "t1_kx1abcd",
        "score_hidden": 0,
        "author_flair_css_class": "NA",
        "subreddit": "pottery",
        "id": "kx1abcd",
        "removal_reason": "NA",
        "author": "clay_person",
        "score": 3,
        "retrieved_on": AT + 60,
        "body": BODY,
        "distinguished": "NA",
        "edited": 0,
        "parent_id": "t3_1abc2d",
    },
    "texts that people labelled": {
        "text": BODY,
        "id": "kx1abcd",
        "author": "clay_person",
        "subreddit": "pottery",
        "link_id": "t3_1abc2d",
        "parent_id": "t3_1abc2d",
        "created_utc": "1773000000.0",
        "rater_id": 1,
        "example_very_unclear": False,
        "admiration": 0,
    },
    "a tree of comments": {
        "permalink": "https://www.reddit.com/r/pottery/comments/1abc2d/kiln_7/kx1abcd/?context=3",
        "body": BODY,
        "author": "clay_person",
        "depth": 0,
        "created": "2026-03-08 20:00:00",
    },
    "a list of the first of each tree": {
        "url": "https://www.reddit.com/r/pottery/comments/1abc2d/comment/kx1abcd/",
        "is_root": True,
        "comment": BODY,
        "redditor": "clay_person",
        "created_utc": AT,
    },
}
WRITERS: Mapping[str, Mapping[str, Any]] = {
    "python": {},
    "pandas": {"lineterminator": "\n"},
    "all quoted": {"quoting": csv.QUOTE_ALL, "lineterminator": "\n"},
    "all but numbers quoted": {"quoting": csv.QUOTE_NONNUMERIC, "lineterminator": "\n"},
    "escaped": {"doublequote": False, "escapechar": "\\", "lineterminator": "\n"},
    "semicolons": {"delimiter": ";"},
    "tabs": {"delimiter": "\t"},
}


def table(path: Path, rows: Sequence[Mapping[str, Any]], **options: Any) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), **options)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


async def read(path: Path, community: str | None = None) -> tuple[list[CollectedComment], ImportedFile]:
    source = FileSource([path], community=community)
    [told] = await source.described()
    batches = [batch async for batch in source.collect()]
    assert [post for batch in batches for post in batch.posts] == []
    comments = [comment for batch in batches for comment in batch.comments]
    assert (told.posts, told.comments) == (0, len(comments))
    return comments, told


@pytest.mark.parametrize("producer", PRODUCERS)
async def test_comments_are_read_from_the_table_of_each_producer(tmp_path: Path, producer: str) -> None:
    rows = [dict(PRODUCERS[producer])]
    comments, told = await read(table(tmp_path / "comments.csv", rows))
    assert comments == [READ]
    assert told.passed_over_count == 0
    assert "comments, in which lengths and forms are counted: 1" in told.notes


@pytest.mark.parametrize("writer", WRITERS)
async def test_comments_are_read_however_their_cells_are_quoted(tmp_path: Path, writer: str) -> None:
    bodies = [BODY, "=1+1 is a cell", 'He said "no"', "", "a;b,c\td", "Same here", 'Once more: ""', "[removed]"]
    rows = [named(f"kx1abc{n}", body=body) for n, body in enumerate(bodies)]
    comments, told = await read(table(tmp_path / "comments.csv", rows, **WRITERS[writer]))
    assert [(one.reddit_id, one.body) for one in comments] == [
        (f"kx1abc{n}", body) for n, body in enumerate(bodies) if body
    ]
    assert told.passed_over == ((told.passed_over[0][0], "a comment without a text"),)


async def test_what_a_comment_answers_and_who_wrote_it_is_read(tmp_path: Path) -> None:
    rows = [
        {**OF_PRAW, "parent_id": "t1_kx1abcc"},
        {**OF_PRAW, "is_submitter": "True"},
        {**OF_PRAW, "author": "[deleted]"},
        {**OF_PRAW, "author": "nan", "is_submitter": ""},
    ]
    comments, _ = await read(table(tmp_path / "comments.csv", rows))
    assert comments == [
        replace(READ, answers_post=False),
        replace(READ, is_by_poster=True),
        replace(READ, author=None),
        replace(READ, author=None),
    ]


@pytest.mark.parametrize(
    ("producer", "column", "value"),
    [
        ("ids without their kinds", "Parent ID", "kx1abcc"),
        ("a tree of comments", "depth", 2),
        ("a list of the first of each tree", "is_root", False),
    ],
)
async def test_an_answer_to_a_comment_is_told_from_one_to_the_post(
    tmp_path: Path, producer: str, column: str, value: Any
) -> None:
    comments, _ = await read(table(tmp_path / "c.csv", [{**PRODUCERS[producer], column: value}]))
    assert comments == [replace(READ, answers_post=False)]


async def test_where_the_posts_author_stands_beside_it_their_own_comments_are_known(tmp_path: Path) -> None:
    rows = [{**PRODUCERS["comments beside their posts"], "post_author": "Clay_Person"}]
    comments, told = await read(table(tmp_path / "c.csv", rows))
    assert comments == [replace(READ, is_by_poster=True)]
    assert told.unknown == ()
    without = [{name: value for name, value in OF_PRAW.items() if name != "is_submitter"}]
    _, told = await read(table(tmp_path / "d.csv", without))
    assert told.unknown == ("whether its post's author wrote it",)


async def test_the_card_is_told_which_column_was_read_as_what(tmp_path: Path) -> None:
    _, told = await read(table(tmp_path / "c.csv", [dict(PRODUCERS["comments beside their posts"])]))
    assert told.read == {
        "id": ("comment_id",),
        "post": ("post_id",),
        "parent": ("parent_id",),
        "community": ("subreddit",),
        "text": ("comment_body",),
        "author": ("comment_author",),
        "time": ("created_utc",),
        "post's author": ("post_author",),
    }
    assert told.unused == ("post_title", "post_created_utc", "comment_score")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"id": "?", "permalink": ""}, "a comment without an id"),
        ({"link_id": "", "permalink": "", "parent_id": "t1_kx1abcc"}, "a comment that does not say its post (link_id)"),
        ({"parent_id": "None"}, "a comment that does not say what it answers (parent_id)"),
        ({"created_utc": "some day"}, "a comment without a time that can be read"),
        ({"created_utc": "2026-03-08"}, "a comment whose time is known to the day only"),
        ({"body": " "}, "a comment without a text"),
        ({"subreddit": "", "permalink": ""}, "no community"),
    ],
)
async def test_a_comment_that_cannot_be_read_says_why(tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    comments, told = await read(table(tmp_path / "c.csv", [OF_PRAW, {**OF_PRAW, **changes}]))
    assert comments == [READ]
    assert [reason for _, reason in told.passed_over] == [why]


async def test_comments_that_do_not_say_their_community_take_the_one_that_was_named(tmp_path: Path) -> None:
    named = ("id", "body", "author", "created_utc", "parent_id", "link_id")
    path = table(tmp_path / "c.csv", [{name: OF_PRAW[name] for name in named}])
    with pytest.raises(BadFile) as error:
        await read(path)
    assert error.value.what == "c.csv does not say which community it is from."
    assert (await read(path, community="pottery"))[0] == [READ]


@pytest.mark.parametrize(
    ("header", "what"),
    [
        (
            "label,comment,author,subreddit,score,ups,downs,date,created_utc,parent_comment",
            "c.csv holds comments, and lacks a column for: the comment's id (as id or permalink), its post (as link_id "
            "or permalink), what it answers (as parent_id).",
        ),
        (
            "type,id,subreddit.id,subreddit.name,subreddit.nsfw,created_utc,permalink,body,sentiment,score",
            "c.csv lacks a column for: title (of posts), or what it answers (of comments, as parent_id).",
        ),
        (
            "author,score,created,link,body",
            "c.csv lacks a column for: title (of posts), or what it answers (of comments, as parent_id).",
        ),
        (
            "comment_id,comment_body,comment_author,link_id,parent_id",
            "c.csv holds comments, and lacks a column for: time (as created_utc or created_at).",
        ),
    ],
)
async def test_a_table_that_cannot_be_read_says_what_its_comments_lack(tmp_path: Path, header: str, what: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{header}\n" + ",".join("1" * len(header.split(","))) + "\n")
    with pytest.raises(BadFile) as error:
        await read(path)
    assert error.value.what == what
    assert error.value.do == f"Its first line must name the columns; it reads: {', '.join(header.split(','))}"


async def test_a_table_of_comments_of_which_none_can_be_read_says_what_they_need(tmp_path: Path) -> None:
    path = table(tmp_path / "c.csv", [{**OF_PRAW, "parent_id": ""}] * 2)
    with pytest.raises(BadFile) as error:
        await read(path)
    why = "a comment that does not say what it answers (parent_id)"
    assert error.value.what.startswith(f"c.csv holds no comment that can be read (line 2: {why}; line ")
    assert error.value.do == (
        "A comment needs an id, its post (link_id), what it answers (parent_id), a text, a time (created_utc) and a "
        "community. See docs/real-input.md."
    )


async def test_posts_and_comments_of_one_table_are_told_apart(tmp_path: Path) -> None:
    names = ("id", "title", "selftext", "body", "author", "created_utc", "subreddit", "link_id", "parent_id", "score")
    post = {"id": "1abc2d", "title": "Kiln 7", "selftext": "It cracked.", "created_utc": AT, "subreddit": "pottery"}
    rows = [{name: one.get(name, "") for name in names} for one in (post, OF_PRAW, {**OF_PRAW, "id": "kx1abce"})]
    source = FileSource([table(tmp_path / "all.csv", rows)])
    [told] = await source.described()
    [batch] = [batch async for batch in source.collect()]
    assert ([one.reddit_id for one in batch.posts], batch.comments) == (
        ["1abc2d"],
        [READ, replace(READ, reddit_id="kx1abce")],
    )
    assert (told.posts, told.comments, told.passed_over_count) == (1, 2, 0)


async def test_a_broken_row_costs_no_other_comment(tmp_path: Path) -> None:
    rows = [named(f"kx1abc{n}", body=f'It "ran" {n}, twice') for n in range(6)]
    path = table(tmp_path / "c.csv", rows)
    path.write_text(path.read_text().replace('"It ""ran"" 2', '"It ""ran" 2'), newline="")
    comments, told = await read(path)
    assert [one.reddit_id for one in comments] == [f"kx1abc{n}" for n in (0, 1, 3, 4, 5)]
    assert told.passed_over_count == 1


async def test_row_numbers_in_the_column_of_the_id_are_no_ids(tmp_path: Path) -> None:
    comments, _ = await read(table(tmp_path / "c.csv", [{**OF_PRAW, "id": 1234}]))
    assert comments == [READ]


async def test_a_labelled_post_is_no_comment(tmp_path: Path) -> None:
    post = {"id": "1abc2d", "title": "Kiln 7", "created_utc": AT, "subreddit": "pottery", "comment": "looks fine"}
    source = FileSource([table(tmp_path / "posts.csv", [post])])
    [told] = await source.described()
    assert (told.posts, told.comments) == (1, 0)


WORDS = st.sampled_from(
    ["", "nan", "t1_kx1abcd", "t3_1abc2d", "1abc2d", "/r/a/comments/1abc2d/x/kx1abcd/", "2026-03-08 20:00"]
)
ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | WORDS
    | st.text(max_size=9)
    | st.lists(st.text(max_size=3))
)
KEYS = st.sampled_from(
    [*OF_PRAW, "kind", "data", "name", "comment_id", "comment", "depth", "is_root", "post_author", "url"]
)


@given(st.dictionaries(KEYS, ANYTHING | st.dictionaries(KEYS, ANYTHING, max_size=6), max_size=12))
def test_whatever_an_item_holds_it_is_a_comment_or_says_why_not(item: dict[str, Any]) -> None:
    assert isinstance(is_comment(item), bool)
    assert (comment_in(item) is None) is bool(why_unreadable(item))


async def test_dates_in_figures_are_read_in_the_order_that_another_row_proves(tmp_path: Path) -> None:
    rows = [{**OF_PRAW, "created_utc": at} for at in ("08/03/2026 20:00", "25/03/2026 20:00")]
    comments, _ = await read(table(tmp_path / "c.csv", rows))
    assert comments[0].created_at == READ.created_at
