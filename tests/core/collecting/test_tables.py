"""Tables of every writer, and tables with broken rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collecting.tables import layout_of, table_items

COLUMNS = ("id", "subreddit", "title", "selftext", "score", "created_utc")
CELL = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\r\t,;|\"'\\"), max_size=40)
WRITERS: Mapping[str, Mapping[str, Any]] = {
    "excel": {},
    "semicolons": {"delimiter": ";"},
    "tabs": {"delimiter": "\t"},
    "bars": {"delimiter": "|"},
    "all quoted": {"quoting": csv.QUOTE_ALL},
    "unix": {"quoting": csv.QUOTE_ALL, "lineterminator": "\n"},
    "old Mac": {"quoting": csv.QUOTE_ALL, "lineterminator": "\r"},
    "single quotes": {"quotechar": "'", "quoting": csv.QUOTE_ALL},
    "backslashes": {"doublequote": False, "escapechar": "\\", "quoting": csv.QUOTE_ALL},
}


def written(rows: list[tuple[str, ...]], **options: Any) -> str:
    file = io.StringIO()
    csv.writer(file, **options).writerows([COLUMNS, *rows])
    return file.getvalue()


def numbered(content: str) -> list[tuple[int, str]]:
    return list(enumerate(io.StringIO(content, newline=""), 1))


def read(content: str) -> tuple[list[tuple[str, ...]], list[tuple[int, str]]]:
    """The rows of a table, and the lines that were passed over."""
    passed: list[tuple[int, str]] = []
    layout = layout_of("posts.csv", iter(numbered(content)))
    items = table_items(layout, iter(numbered(content)), lambda line, why: passed.append((line, why)))
    return [tuple(item[name] for name in COLUMNS) for _, item in items], passed


def rows_of(texts: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    return [
        (f"1a{number:04d}", "pottery", f"Kiln {title}", text, str(number), str(1_773_000_000 + number))
        for number, (title, text) in enumerate(texts)
    ]


@pytest.mark.parametrize("writer", WRITERS)
@given(texts=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_a_table_of_any_writer_reads_back(writer: str, texts: list[tuple[str, str]]) -> None:
    rows = rows_of([*texts, ('is "hot"', "A quote tells how the writer marks it")])
    assert read(written(rows, **WRITERS[writer])) == (rows, [])


BREAKS: Mapping[str, tuple[str, str]] = {
    "a quote inside": ('"Kiln', '"Kiln "hot'),
    "a quote that stays open": ('"Kiln', '"Kil""n'),
    "a comma too many": ("pottery", "pottery,"),
    "a quote at the end": ("pottery", 'pottery"'),
    "cut short": (",pottery", ""),
    "quoted name left open": ('"pottery"', '"pottery'),
}


@pytest.mark.parametrize("kind", BREAKS)
@given(
    texts=st.lists(st.tuples(CELL, CELL), min_size=4, max_size=12),
    at=st.integers(0, 11),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_broken_row_costs_at_most_itself_and_its_neighbour(
    kind: str, texts: list[tuple[str, str]], at: int, quoting: Any
) -> None:
    rows = rows_of(texts)
    at %= len(rows)
    parts = [written([row], quoting=quoting).split("\r\n", 1)[1] for row in rows]
    parts[at] = parts[at].replace(*BREAKS[kind], 1)
    found, passed = read(",".join(COLUMNS) + "\r\n" + "".join(parts))
    whole = [row for place, row in enumerate(rows) if place not in (at, at + 1)]
    assert [row for row in found if row in whole] == whole, passed
    assert len(found) <= len(rows)


def test_an_open_quote_does_not_join_two_posts_into_one() -> None:
    first, second, third = (f'1a000{n},pottery,Kiln {n},"text, {n}",5,177300000{n}\n' for n in range(3))
    broken = first.replace('"text, 0"', '"text, 0')
    joined = second.replace('"text, 1"', 'text 1"')
    found, passed = read(",".join(COLUMNS) + "\n" + broken + joined + third)
    assert [row[0] for row in found] == ["1a0001", "1a0002"]
    assert passed == [(2, "a quote is not closed")]


def test_a_row_names_column_of_r_is_no_shift() -> None:
    rows = "".join(f'"{n}","1a000{n}","pottery","Kiln","some text",5,177300000{n}\n' for n in range(1, 5))
    found, passed = read(",".join(f'"{name}"' for name in COLUMNS) + "\n" + rows)
    assert [row[0] for row in found] == [f"1a000{n}" for n in range(1, 5)]
    assert passed == []


def test_what_stands_above_the_header_is_told() -> None:
    content = "sep=,\nExport of May\n" + written(rows_of([("a", "b")]))
    layout = layout_of("posts.csv", iter(numbered(content)))
    assert layout.header_line == 3
    assert layout.notes == ("the header is line 3; what stands above it was not read",)


def test_the_first_column_of_a_name_counts_and_it_is_told() -> None:
    content = "id,title,title,created_utc\n1a0001,Kiln,Oven,1773000001\n"
    layout = layout_of("posts.csv", iter(numbered(content)))
    (item,) = [item for _, item in table_items(layout, iter(numbered(content)), lambda line, why: None)]
    assert item["title"] == "Kiln"
    assert layout.notes == ("title: named more than once; the first column of that name is read",)


def test_empty_rows_and_empty_cells_at_the_end_are_nothing() -> None:
    content = (
        "id,subreddit,title,selftext,score,created_utc\n1a0001,pottery,Kiln,text,5,1773000001,,\n,,,,,\n\n,,,,,,,\n"
    )
    assert read(content) == ([("1a0001", "pottery", "Kiln", "text", "5", "1773000001")], [])
