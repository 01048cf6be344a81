from __future__ import annotations

import asyncio
import bz2
import gzip
import io
import json
import lzma
import os
import sys
import threading
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from core.collecting.files import FileSource
from core.errors import BadFile
from core.model import Basis, CollectedPost
from tests.core.collecting.invented import COLUMNS, row, write_csv


async def read(*paths: Path, community: str | None = None) -> tuple[list[CollectedPost], int]:
    posts: list[CollectedPost] = []
    malformed = 0
    async for batch in FileSource(paths, community=community).collect():
        posts += batch.posts
        malformed += batch.malformed
    return posts, malformed


async def refusal(path: Path) -> BadFile:
    with pytest.raises(BadFile) as caught:
        await read(path)
    assert caught.value.do
    return caught.value


def ids(posts: list[CollectedPost]) -> list[str]:
    return [post.reddit_id for post in posts]


def zipped(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, "id,title")
    return held.getvalue()


NO_OBJECT = "not a whole JSON object"
ROWS = [row(n) for n in range(1, 4)]
IDS = [r["id"] for r in ROWS]


async def test_a_table_is_read_with_quotes_line_breaks_and_commas(tmp_path: Path) -> None:
    text = 'She said "fire it", so I did,\nand we all\n\nlearned'
    path = write_csv(tmp_path / "posts.csv", [row(1, selftext=text), row(2)])
    posts, malformed = await read(path)
    assert posts[0].body == text
    assert (len(posts), malformed, posts[0].community) == (2, 0, "pottery")
    assert FileSource.basis is Basis.FILE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_tables_in_the_encodings_that_spreadsheets_write_are_read(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "posts.csv", [row(1, title="Ein Stück „Ton“ for the kiln 🏺")])
    path.write_bytes(path.read_bytes().decode().encode(encoding))
    posts, _ = await read(path)
    assert posts[0].title == "Ein Stück „Ton“ for the kiln 🏺"


@pytest.mark.parametrize("delimiter", [";", "\t"])
async def test_tables_with_semicolons_or_tabs_are_read(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "posts.csv"
    lines = [COLUMNS, *([r[c] for c in COLUMNS] for r in ROWS)]
    path.write_text("\n".join(delimiter.join(line) for line in lines), encoding="utf-8")
    assert ids((await read(path))[0]) == IDS


LISTING = {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": r} for r in ROWS]}}
SHAPES: dict[str, Callable[[], str]] = {
    "lines": lambda: "\n".join(json.dumps(r) for r in ROWS),
    "lines with gaps": lambda: "\n\n".join(json.dumps(r) for r in ROWS) + "\n\n",
    "array": lambda: json.dumps(ROWS),
    "indented array": lambda: "\n" + json.dumps(ROWS, indent=2) + "\n",
    "listing": lambda: json.dumps(LISTING),
    "indented listing": lambda: json.dumps(LISTING, indent=2),
    "array of listings": lambda: json.dumps([LISTING]),
    "archive answer": lambda: json.dumps({"data": ROWS}),
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_json_is_read_in_every_shape_it_is_saved_in(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "posts.txt"  # what a file is follows from its content
    path.write_text(SHAPES[shape](), encoding="utf-8")
    assert ids((await read(path))[0]) == IDS


async def test_a_last_line_with_as_many_commas_as_a_row_is_part_of_its_text(tmp_path: Path) -> None:
    columns = ["id", "title", "selftext", "created_utc", "subreddit", "permalink"]
    rows = [{name: row(n)[name] for name in columns if name in row(n)} | {"subreddit": "pottery"} for n in (1, 2)]
    rows[0]["selftext"] = "It ran.\n\nglaze, cone, kiln"
    posts, malformed = await read(write_csv(tmp_path / "posts.csv", rows, columns))
    assert (posts[0].body, len(posts), malformed) == ("It ran.\n\nglaze, cone, kiln", 2, 0)


async def test_comments_among_posts_are_counted_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "mixed.json"
    path.write_text(json.dumps([*ROWS, {"kind": "t1", "data": {"body": "nice"}}, 7, "x"]), encoding="utf-8")
    posts, malformed = await read(path)
    assert (ids(posts), malformed) == (IDS, 3)


async def test_rows_without_a_community_take_the_one_that_was_named(tmp_path: Path) -> None:
    columns = [c for c in COLUMNS if c not in ("permalink", "url")]
    path = write_csv(tmp_path / "posts.csv", ROWS, columns)
    assert "community" in (await refusal(path)).what
    posts, _ = await read(path, community="pottery")
    assert {post.community for post in posts} == {"pottery"}
    named = write_csv(tmp_path / "named.csv", ROWS)
    posts, _ = await read(named, community="elsewhere")
    assert {post.community for post in posts} == {"pottery"}, "what the rows say counts more"


async def test_the_communities_of_files_are_known_before_anything_is_stored(tmp_path: Path) -> None:
    paths = [write_csv(tmp_path / f"{name}.csv", [row(1, community=name)]) for name in ("pottery", "ceramics")]
    assert await FileSource(paths).communities() == ("pottery", "ceramics")


async def test_a_limit_and_a_choice_of_communities_are_kept_to(tmp_path: Path) -> None:
    rows = [row(n, community="pottery" if n % 2 else "ceramics") for n in range(1, 9)]
    source = FileSource([write_csv(tmp_path / "posts.csv", rows)])
    posts = [post async for batch in source.collect(["pottery"], limit_per_community=3) for post in batch.posts]
    assert ids(posts) == [row(n)["id"] for n in (1, 3, 5)]


# ---------------------------------------------------------------- bad input


async def lines_passed_over(path: Path) -> list[tuple[int, str]]:
    (told,) = await FileSource([path]).described()
    return list(told.passed_over)


async def test_a_badly_quoted_row_is_named_and_costs_only_itself(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "posts.csv", [row(n) for n in range(1, 701)])
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[650] = lines[650].replace("kiln", '"kiln" "oven', 1).replace("What", '"What', 1)
    path.write_text("\n".join(lines), encoding="utf-8")
    posts, malformed = await read(path)
    assert ids(posts) == [row(n)["id"] for n in range(1, 701) if n != 650]
    assert malformed == 1
    assert await lines_passed_over(path) == [(651, "the quoting is broken")]


async def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "posts.csv", ROWS)
    open_row = '17,1,1zzzz9,"never closed,,,\n'
    path.write_text(path.read_text(encoding="utf-8") + open_row + "x\n" * 5, encoding="utf-8")
    assert ids((await read(path))[0]) == IDS
    assert await lines_passed_over(path) == [(5, "the quoting is broken")]


async def test_a_row_with_too_many_values_is_passed_over_with_its_line(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "posts.csv", [row(1, selftext="one\ntwo"), row(2), row(3)])
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[3] += ",more,values"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert ids((await read(path))[0]) == [IDS[0], IDS[2]]
    assert await lines_passed_over(path) == [(4, "12 values, but the header names 10 columns")]


async def test_missing_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("headline,text\nHello,World\n", encoding="utf-8")
    error = await refusal(path)
    assert "id (as id or permalink), time (as created_utc or created_at)" in error.what
    assert "headline, text" in error.do


async def test_a_table_of_an_older_windows_is_read_and_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "posts.csv", [row(1), row(2, title="Töpfern in the café")])
    path.write_bytes(path.read_bytes().decode().encode("windows-1252"))
    assert (await read(path))[0][1].title == "Töpfern in the café"
    (told,) = await FileSource([path]).described()
    assert told.notes == ("not UTF-8 (first at line 3): read as Windows-1252",)


async def test_one_damaged_character_among_good_ones_does_not_change_the_encoding(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "posts.csv", [row(n, title=f"Töpfern {n}") for n in range(1, 5)])
    path.write_bytes(path.read_bytes().replace("ö".encode(), b"\xf6", 1))
    assert [post.title for post in (await read(path))[0]][:2] == ["T\ufffdpfern 1", "Töpfern 2"]
    (told,) = await FileSource([path]).described()
    assert told.notes == ("lines with characters that are not UTF-8, which show as �: 1 (2)",)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
async def test_wide_encodings_are_read_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "posts.csv", ROWS)
    path.write_bytes(path.read_bytes().decode().encode(encoding))
    assert ids((await read(path))[0]) == IDS


@pytest.mark.parametrize("content", [b"", b"   \n\n", b"\xef\xbb\xbf"])
async def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(content)
    assert "empty" in (await refusal(path)).what


@pytest.mark.parametrize("content", [",".join(COLUMNS) + "\n", "[]", '[{"kind": "t1"}]', '{"a": 1}\n'])
async def test_a_file_without_any_post_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "posts"
    path.write_text(content, encoding="utf-8")
    error = await refusal(path)
    assert "post" in error.what


async def test_a_folder_a_missing_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    assert "folder" in (await refusal(tmp_path)).what
    assert "no file" in (await refusal(tmp_path / "absent.csv")).what
    os.mkfifo(tmp_path / "pipe")
    assert "ordinary" in (await refusal(tmp_path / "pipe")).what
    assert "cannot be read" in (await refusal(Path("a\x00b"))).what


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
async def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "posts.csv", ROWS)
    path.chmod(0)
    assert "may not be read" in (await refusal(path)).what


@pytest.mark.parametrize(
    ("content", "what", "do"),
    [
        (gzip.compress(b"id,title\n"), "posts.csv is packed (gzip).", "with `gunzip`"),
        (lzma.compress(b"id,title\n"), "posts.csv is packed (xz).", "with `unxz`"),
        (bz2.compress(b"id,title\n"), "posts.csv is packed (bzip2).", "with `bunzip2`"),
        (b"\x28\xb5\x2f\xfd\x04\x00", "posts.csv is packed (zstd).", "with `unzstd --long=31`"),
        (zipped("posts.csv"), "posts.csv is packed (zip).", "with `unzip`"),
        (zipped("[Content_Types].xml"), "posts.csv is a document of an office program.", "Save its table as CSV"),
        (b"SQLite format 3\x00", "posts.csv is an SQLite database.", "Save its table as CSV"),
        (b"PAR1\x15\x04", "posts.csv is a Parquet file.", "Save its table as CSV"),
    ],
    ids=["gzip", "xz", "bzip2", "zstd", "zip", "xlsx", "sqlite", "parquet"],
)
async def test_a_packed_file_is_told_what_it_is_and_how_to_unpack_it(
    tmp_path: Path, content: bytes, what: str, do: str
) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(content)
    refused = await refusal(path)
    assert refused.what == what
    assert do in refused.do


@pytest.mark.parametrize("size", [3, 60])
async def test_a_file_that_is_read_twice_brings_the_same_as_one_whose_posts_were_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    rows = [row(n, created_utc=f"2026-01-{1 + n % 28:02d}T10:00:00Z", selftext="x" * n) for n in range(size)]
    path = write_csv(tmp_path / "posts.csv", rows)
    path.write_text(path.read_text() + "broken,row\n")
    kept = [batch async for batch in FileSource([path]).collect()]
    monkeypatch.setattr("core.collecting.files._KEPT_CHARACTERS", 1_000)
    again = [batch async for batch in FileSource([path]).collect()]
    assert [p for b in again for p in b.posts] == [p for b in kept for p in b.posts]
    assert sum(b.malformed for b in again) == sum(b.malformed for b in kept) == 1
    assert {p.score_at for b in kept for p in b.posts} == {max(p.created_at for b in kept for p in b.posts)}


async def test_binary_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes(b"\x7fELF\x00\x01\x02" * 50)
    assert "not a text file" in (await refusal(path)).what
    path.write_bytes(b"id,title,created_utc,permalink\n" + b"x" * 9000 + b"\x00,,,\n")
    assert "line 2" in (await refusal(path)).what


@pytest.mark.parametrize(
    ("content", "passed"),
    [
        ("[\n" + json.dumps(ROWS[0]) + ",\n{broken},\n" + json.dumps(ROWS[1]) + "]", [(3, NO_OBJECT)]),
        ("[" + json.dumps(ROWS[0]) + ', {"id": }, ' + json.dumps(ROWS[1]) + "]", [(1, NO_OBJECT)]),
        ("[\n" + json.dumps(ROWS[0]) + "\n" + json.dumps(ROWS[1]) + "]", []),
        (
            "[\n" + json.dumps(ROWS[0]) + ",\n" + json.dumps(ROWS[1]) + ",\n",
            [(4, "the file ends before its list does")],
        ),
        (json.dumps(ROWS[0]) + '\n{"id": \n' + json.dumps(ROWS[1]), [(2, NO_OBJECT)]),
    ],
    ids=["bad item", "bad item in one line", "no comma", "cut", "bad line"],
)
async def test_broken_json_costs_only_what_is_broken_and_is_named(
    tmp_path: Path, content: str, passed: list[tuple[int, str]]
) -> None:
    path = tmp_path / "posts.json"
    path.write_text(content, encoding="utf-8")
    assert ids((await read(path))[0]) == IDS[:2]
    assert await lines_passed_over(path) == passed


async def test_a_broken_document_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "posts.json"
    path.write_text('{\n"data": [\n1,,2]}', encoding="utf-8")
    assert "line 3:" in (await refusal(path)).what


@pytest.mark.parametrize("head", ["id,title,created_utc\n", "[", '{"id": 1}\n{"x": "'])
async def test_an_entry_that_is_too_large_is_refused_without_reading_all_of_it(tmp_path: Path, head: str) -> None:
    path = tmp_path / "posts"
    path.write_text(head + '"' + "x" * 30_000_000, encoding="utf-8")
    tracemalloc.start()
    error = await refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "holds no post" in error.what
    assert peak < 25_000_000


async def test_deeply_nested_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "posts.json"
    path.write_text("[" * 100_000, encoding="utf-8")
    assert "holds no post" in (await refusal(path)).what


# ---------------------------------------------------------------- large files, and the event loop


@pytest.mark.parametrize("as_json", [False, True])
async def test_a_large_file_is_never_held_whole(tmp_path: Path, as_json: bool) -> None:
    size = 16_000_000
    text = "we fired it again and it was good " * 100
    many = size // (len(text) + 300)
    path = tmp_path / "large"
    if as_json:
        with path.open("w", encoding="utf-8") as file:
            for n in range(many):
                file.write(("[" if n == 0 else ",\n") + json.dumps(row(n, selftext=text)))
            file.write("]")
    else:
        write_csv(path, (row(n, selftext=text) for n in range(many)))
    assert path.stat().st_size > size * 0.9
    tracemalloc.start()
    count = 0
    async for batch in FileSource([path]).collect():
        count += len(batch.posts)
        del batch
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == many
    assert peak < 12_000_000, "the posts of small files are kept, 8 MB of them, and a chunk"


async def test_the_event_loop_goes_on_while_a_file_is_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "posts.csv", (row(n) for n in range(6_000)))
    calls: Counter[bool] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and "/core/collecting/" in frame.f_code.co_filename:
            calls[threading.current_thread() is threading.main_thread()] += 1

    read = 0
    threading.setprofile(count)
    sys.setprofile(count)
    try:
        async for batch in FileSource([path]).collect():
            read += len(batch.posts)
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    assert read == 6_000
    assert calls[False] > 6_000, "every row is read in a thread of its own"
    assert calls[True] < 600, "and the loop does no more than to take over batches"


def open_files() -> int:
    """How many files this process holds open, where the system tells it."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


async def test_reading_that_is_given_up_leaves_no_thread_and_no_open_file(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "posts.csv", (row(n) for n in range(2_000)))
    before = open_files()
    batches = FileSource([path]).collect()
    assert (await anext(batches)).posts
    await batches.aclose()  # type: ignore[attr-defined]
    for _ in range(200):
        if not any(thread.name.startswith("file") for thread in threading.enumerate()):
            break
        await asyncio.sleep(0.01)
    assert not any(thread.name.startswith("file") for thread in threading.enumerate())
    assert open_files() == before


COMMENT = {
    "id": "kx1abcd",
    "link_id": "t3_1abc2d",
    "parent_id": "t3_1abc2d",
    "subreddit": "pottery",
    "body": "Fire it twice.",
    "author": "clay_person",
    "created_utc": 1773000000,
}


@pytest.mark.parametrize("kept_characters", [50_000_000, 0], ids=["kept from the first reading", "read again"])
async def test_comments_come_beside_the_posts_of_a_file(
    kept_characters: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.collecting.files._KEPT_CHARACTERS", kept_characters)
    lines = [*ROWS, *({**COMMENT, "id": f"kx{n:04d}"} for n in range(130)), {**COMMENT, "link_id": "t3_!"}]
    path = tmp_path / "all.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    source = FileSource([path])
    [described] = await source.described()
    batches = [batch async for batch in source.collect()]
    assert ids([post for batch in batches for post in batch.posts]) == IDS
    comments = [comment for batch in batches for comment in batch.comments]
    assert [comment.reddit_id for comment in comments] == [f"kx{n:04d}" for n in range(130)] + ["kx1abcd"]
    assert sum(batch.malformed for batch in batches) == 0
    assert max(len(batch.posts) + len(batch.comments) for batch in batches) == 100
    assert (described.posts, described.passed_over_count) == (3, 0)
    assert "comments, in which lengths and forms are counted: 131" in described.notes


async def test_a_file_of_comments_alone_is_read_and_those_of_other_communities_stay_out(tmp_path: Path) -> None:
    path = tmp_path / "comments.jsonl"
    lines = [COMMENT, {**COMMENT, "id": "kx1abce", "subreddit": "glazes"}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    source = FileSource([path])
    assert await source.communities() == ("pottery", "glazes")
    batches = [batch async for batch in source.collect(["glazes"])]
    assert [(batch.community, [one.reddit_id for one in batch.comments]) for batch in batches] == [
        ("glazes", ["kx1abce"])
    ]
