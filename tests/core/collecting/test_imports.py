"""What an import of files makes of facts that they give, give in other words, or do not give."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.collecting.files import FileSource
from core.collecting.runs import ImportedFile
from core.model import CollectedPost
from tests.core.collecting.invented import reddit_id

CASES = Path(__file__).parents[4] / "shared" / "cases"
BEGAN = 1_773_000_000
TEXT = "We fired it twice and the glaze ran off, so we tried a lower cone the next day."


def base(number: int, **changes: Any) -> dict[str, Any]:
    known = {
        "id": reddit_id(number), "subreddit": "pottery", "title": f"What did kiln {number} do to us", "selftext": TEXT,
        "score": 7, "num_comments": 2, "created_utc": BEGAN + 3600 * number, "is_self": True,
    }  # fmt: skip
    return {**known, **changes}


def table(path: Path, rows: Sequence[dict[str, Any]], without: Sequence[str] = ()) -> Path:
    rows = [{name: value for name, value in row.items() if name not in without} for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


async def imported(path: Path, community: str | None = None) -> tuple[list[CollectedPost], ImportedFile]:
    source = FileSource([path], community=community)
    (told,) = await source.described()
    posts = [post async for batch in source.collect() for post in batch.posts]
    assert len(posts) == told.posts
    return posts, told


@pytest.mark.parametrize(
    "names",
    [
        {"selftext": "text", "score": "ups", "num_comments": "comms_num", "created_utc": "timestamp"},
        {"selftext": "post_text", "score": "upvotes", "num_comments": "comments", "created_utc": "created_date"},
        {"selftext": "body", "score": "Points", "num_comments": "Number of comments", "created_utc": "Created UTC"},
        {"selftext": "content", "score": "upvote_count", "num_comments": "commentCount", "created_utc": "createdAt"},
        {
            "selftext": "data.selftext",
            "score": "data.score",
            "num_comments": "data.num_comments",
            "title": "data.title",
        },
        {"id": "post_id", "title": "post_title", "score": "post_score", "subreddit": "subreddit_name_prefixed"},
    ],
)
async def test_columns_are_known_under_the_names_that_exporters_give(tmp_path: Path, names: dict[str, str]) -> None:
    rows = [{names.get(key, key): value for key, value in base(n).items()} for n in range(1, 4)]
    posts, told = await imported(table(tmp_path / "posts.csv", rows))
    assert [(p.body, p.score, p.num_comments, p.community) for p in posts] == [(TEXT, 7, 2, "pottery")] * 3
    assert [p.created_at.timestamp() for p in posts] == [BEGAN + 3600 * n for n in range(1, 4)]
    assert told.unused == ()
    assert told.read["score"] == (names.get("score", "score"),)


async def test_columns_that_are_not_used_and_facts_that_are_missing_are_told(tmp_path: Path) -> None:
    rows = [base(n, sentiment=0.5, subreddit_id="t5_abc") for n in range(1, 4)]
    _, told = await imported(table(tmp_path / "posts.csv", rows, without=["num_comments", "is_self"]))
    assert told.unused == ("sentiment", "subreddit_id")
    assert told.unknown == ("author", "comments", "flair", "who removed it", "when the score was read")
    assert told.form == "a table, separated by commas"


@pytest.mark.parametrize("word", ["None", "nan", "NULL", "\\N", "False", "N/A", "#N/A", "<NA>"])
async def test_words_that_stand_for_nothing_are_nothing_in_every_column(tmp_path: Path, word: str) -> None:
    nothing = {"selftext": word, "author": word, "link_flair_text": word, "removed_by_category": word, "score": word}
    rows = [base(1, **nothing, num_comments=word, url=word, is_self="True")]
    ((post,), _) = await imported(table(tmp_path / "posts.csv", rows))
    assert (post.removed_by_category, post.score, post.num_comments, post.url) == (None, None, None, None)
    if word != "False":  # an author, a flair and a text may be called that
        assert (post.author, post.flair, post.body) == (None, None, "")


async def test_a_title_that_is_a_null_word_was_written_by_its_author(tmp_path: Path) -> None:
    ((post,), _) = await imported(table(tmp_path / "posts.csv", [base(1, title="None")]))
    assert post.title == "None"


@pytest.mark.parametrize("word", ["True", "1", "yes"])
async def test_a_file_that_only_says_that_a_post_was_removed_does_not_say_by_whom(tmp_path: Path, word: str) -> None:
    ((post,), _) = await imported(table(tmp_path / "posts.csv", [base(1, removed_by_category=word)]))
    assert post.removed_by_category == "unknown"


async def test_the_kind_of_a_post_is_unknown_where_nothing_tells_it(tmp_path: Path) -> None:
    own = "https://www.reddit.com/r/pottery/comments/100004/kiln/"
    rows = [
        base(1, selftext="", url="", permalink=""),
        base(2, url="", permalink=""),
        base(3, selftext="", url="https://example.com/kiln", permalink=""),
        base(4, selftext="", url=own, permalink="/r/pottery/comments/100004/kiln/"),
    ]
    posts, _ = await imported(table(tmp_path / "posts.csv", rows, without=["is_self"]))
    assert [post.is_self for post in posts] == [None, True, False, True]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.reddit.com/r/elsewhere/comments/9zzzz9/other/",
        "https://redd.it/9zzzz9",
        "/r/elsewhere/comments/9zzzz9/",
    ],
)
async def test_a_link_to_another_post_is_where_it_points_and_not_what_it_is(tmp_path: Path, url: str) -> None:
    rows = [base(1, selftext="", url=url)]
    path = table(tmp_path / "posts.csv", rows, without=["subreddit", "is_self"])
    ((post,), told) = await imported(path, "pottery")
    assert (post.reddit_id, post.community, post.is_self) == (reddit_id(1), "pottery", False)
    assert post.url is not None
    assert "9zzzz9" in post.url
    assert told.notes == ("posts that do not say their community, taken for the one you named: 1",)


async def test_row_numbers_that_are_called_ids_are_not_taken_for_ids_of_reddit(tmp_path: Path) -> None:
    row = base(1, id=1234, permalink="/r/pottery/comments/1zz9zz/kiln/")
    ((post,), _) = await imported(table(tmp_path / "posts.csv", [row]))
    assert post.reddit_id == "1zz9zz"


async def test_times_known_to_the_day_or_less_tell_that(tmp_path: Path) -> None:
    rows = [base(n, created_utc=stated) for n, stated in enumerate(["1.77E+09", "2026-03-08", str(BEGAN)], 1)]
    posts, told = await imported(table(tmp_path / "posts.csv", rows))
    assert [post.time_is_exact for post in posts] == [False, False, True]
    assert told.notes[0].endswith("no hour and no weekday is learned: 2 of 3")
    assert {post.score_at for post in posts} == {datetime.fromtimestamp(BEGAN, UTC)}


@pytest.mark.parametrize(
    ("dates", "months", "exact", "note"),
    [
        (["03/04/2026 10:00", "28/04/2026 10:00"], [4, 4], True, "that name no zone"),
        (["03/04/2026 10:00", "04/28/2026 10:00"], [3, 4], True, "that name no zone"),
        (["03/04/2026 10:00", "05/06/2026 10:00"], [3, 5], False, "may mean either order"),
    ],
)
async def test_one_date_that_can_only_be_read_one_way_settles_all_of_a_file(
    tmp_path: Path, dates: list[str], months: list[int], exact: bool, note: str
) -> None:
    rows = [base(n, created_utc=stated) for n, stated in enumerate(dates, 1)]
    posts, told = await imported(table(tmp_path / "posts.csv", rows))
    assert [post.created_at.month for post in posts] == months
    assert {post.time_is_exact for post in posts} == {exact}
    assert any(note in told_note for told_note in told.notes)


LOOKS: list[tuple[dict[str, Any], str | None]] = [
    ({"_meta": {"was_initially_deleted": True, "removal_type": "moderator"}}, None),
    ({"_meta": {"was_initially_deleted": True, "removal_type": "deleted"}, "removed_by_category": "deleted"}, None),
    ({"_meta": {"was_deleted_later": True, "removal_type": "moderator"}}, "moderator"),
    ({"_meta": {"was_initially_deleted": True, "was_deleted_later": True, "removal_type": "reddit"}}, "reddit"),
    ({"_meta": {"was_deleted_later": True}}, "unknown"),
    ({"_meta": {"removal_type": "moderator"}}, "moderator"),
    ({"_meta": {"no_2nd_retrieval": True}}, None),
    ({"_meta.was_initially_deleted": "True", "_meta.removal_type": "moderator"}, None),
    ({"_meta.was_deleted_later": "True", "_meta.removal_type": "moderator"}, "moderator"),
    ({"_meta": "{'was_initially_deleted': True, 'removal_type': 'moderator'}"}, None),
    ({"_meta": '{"was_deleted_later": true, "removal_type": "moderator"}'}, "moderator"),
]


@pytest.mark.parametrize(("look", "removal"), LOOKS)
async def test_what_an_archives_second_look_saw_is_what_counts(
    tmp_path: Path, look: dict[str, Any], removal: str | None
) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps(base(1, **look)) + "\n", encoding="utf-8")
    ((post,), _) = await imported(path)
    assert post.removed_by_category == removal


@pytest.mark.parametrize(
    ("changes", "score", "age"),
    [
        ({}, 7, timedelta(hours=2)),
        ({"retrieved_on": BEGAN + 3600 + 14}, None, timedelta(seconds=14)),
        ({"retrieved_on": BEGAN + 3600 + 14, "_meta": {"retrieved_2nd_on": BEGAN + 136_800}}, 7, timedelta(hours=37)),
        ({"scrapedAt": "2026-03-09T21:00:00Z"}, 7, timedelta(days=1)),
        ({"hide_score": True}, None, timedelta(hours=2)),
    ],
    ids=["file", "seconds", "second look", "scraped", "hidden"],
)
async def test_a_score_is_as_old_as_its_reading_and_none_when_it_was_read_at_once(
    tmp_path: Path, changes: dict[str, Any], score: int | None, age: timedelta
) -> None:
    path = tmp_path / "posts.jsonl"
    rows = [base(1, created_utc=BEGAN + 3600, **changes), base(3)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    posts, _ = await imported(path)
    assert posts[0].score == score
    assert posts[0].score_at is not None
    assert posts[0].score_at - posts[0].created_at == age


async def test_a_text_longer_than_reddit_allows_is_cut_and_told(tmp_path: Path) -> None:
    posts, told = await imported(table(tmp_path / "posts.csv", [base(1), base(2, selftext="word " * 40_000), base(3)]))
    assert [len(post.body) for post in posts] == [len(TEXT), 40_000, len(TEXT)]
    assert told.notes == ("texts longer than Reddit allows, cut at 40,000 characters: 1",)


def wrapped(rows: list[dict[str, Any]]) -> dict[str, Any]:
    listing = {"kind": "Listing", "data": {"after": None, "children": [{"kind": "t3", "data": row} for row in rows]}}
    return {
        "posts": {"posts": rows},
        "data": {"data": rows, "error": None},
        "nested": {"meta": {"count": 2}, "data": {"items": rows}},
        "listing": listing,
        "page": [listing, {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": {"body": "a reply"}}]}}],
        "by id": {row["id"]: row for row in rows},
        "by column": {key: {str(n): row[key] for n, row in enumerate(rows)} for key in rows[0]},
        "lists": {key: [row[key] for row in rows] for key in rows[0]},
        "split": {"columns": list(rows[0]), "index": [0, 1], "data": [list(row.values()) for row in rows]},
        "list": rows,
    }


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("shape", wrapped([base(1)]))
async def test_posts_are_found_however_they_are_wrapped(tmp_path: Path, shape: str, indent: int | None) -> None:
    path = tmp_path / "posts.json"
    path.write_text(json.dumps(wrapped([base(1), base(2)])[shape], indent=indent), encoding="utf-8")
    posts, _ = await imported(path)
    assert [post.reddit_id for post in posts] == [reddit_id(1), reddit_id(2)]


# ---------------------------------------------------------------- the shared small inputs


EXPECTED: dict[str, tuple[int, dict[str, int], int]] = {  # posts, of which communities, lines passed over
    "plain.csv": (80, {"harborfounders": 80}, 0),
    "text-column.csv": (80, {"harborfounders": 80}, 0),
    "no-is-self.csv": (80, {"harborfounders": 80}, 0),
    "null-words.csv": (80, {"harborfounders": 80}, 0),
    "link-to-reddit.csv": (80, {"harborfounders": 80}, 0),
    "several-communities.csv": (80, {"harborfounders": 27, "quietmarketing": 27, "saltmakers": 26}, 0),
    "scientific-time.csv": (80, {"harborfounders": 80}, 0),
    "entities.csv": (80, {"harborfounders": 80}, 0),
    "long-cell.csv": (80, {"harborfounders": 80}, 0),
    "one-bad-row.csv": (79, {"harborfounders": 79}, 1),
    "restored.jsonl": (80, {"harborfounders": 80}, 0),
    "young-listing.json": (80, {"harborfounders": 80}, 0),
    "wrapped.json": (10, {"harborfounders": 10}, 0),
}


@pytest.mark.skipif(not CASES.exists(), reason="the shared small inputs are not part of the project")
@pytest.mark.parametrize("name", EXPECTED)
async def test_the_shared_small_inputs_are_read_as_they_should(name: str) -> None:
    posts, told = await imported(CASES / name, "harborfounders" if name == "link-to-reddit.csv" else None)
    assert (len(posts), dict(Counter(post.community for post in posts)), told.passed_over_count) == EXPECTED[name]
    assert {post.removed_by_category for post in posts} == {None}
    assert all(post.time_is_exact for post in posts) == (name != "scientific-time.csv")
    assert all(post.score is None for post in posts) == (name == "young-listing.json")
    assert Counter(post.is_self for post in posts)[None] == (27 if name == "no-is-self.csv" else 0)
    assert not any("&" in post.title or "\u200b" in post.body or "&amp;" in post.body for post in posts)
