"""Records become plain JSON and come back; what was written otherwise costs only what it is in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import records


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Leaf:
    name: str
    size: float = 1.0
    colour: Colour | None = None


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...]
    count: int
    is_old: bool = False
    seen_at: datetime | None = None
    edge: tuple[int, int] | None = None
    by_name: Mapping[str, Leaf] | None = None


AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
_LEAVES = st.builds(
    Leaf,
    st.text(),
    st.floats(-1e14, 1e14),
    st.sampled_from([*Colour, None]),
)
_TREES = st.builds(
    Tree,
    st.lists(_LEAVES, max_size=3).map(tuple),
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.datetimes(timezones=st.just(UTC)) | st.none(),
    st.tuples(st.integers(0, 9), st.integers(0, 9)) | st.none(),
    st.dictionaries(st.text(), _LEAVES, max_size=2) | st.none(),
)


@given(_TREES)
def test_what_was_written_is_read_again(tree: Tree) -> None:
    assert records.read(Tree, json.loads(json.dumps(records.dump(tree)))) == tree
    assert records.read(tuple[Tree, ...], records.dump((tree, tree))) == (tree, tree)


@pytest.mark.parametrize(
    ("content", "read"),
    [
        ({"name": "a"}, Leaf("a")),
        ({"name": "a", "unknown": 1}, Leaf("a")),
        ({"name": "a", "size": 3}, Leaf("a", 3.0)),
        ({"name": "a", "size": "3"}, Leaf("a")),
        ({"name": "a", "size": True}, Leaf("a")),
        ({"name": "a", "size": float("nan")}, Leaf("a")),
        ({"name": "a", "size": 1e15}, Leaf("a")),
        ({"name": "a", "colour": "blue"}, Leaf("a", colour=Colour.BLUE)),
        ({"name": "a", "colour": "green"}, Leaf("a")),
        ({"name": "a", "colour": ["blue"]}, Leaf("a")),
        ({"name": "a", "colour": None}, Leaf("a")),
        ({"name": 1}, None),
        ({}, None),
        ([], None),
        ("a", None),
        (None, None),
    ],
)
def test_a_value_that_is_missing_or_malformed_gets_its_default_or_costs_the_record(content: Any, read: Any) -> None:
    assert records.read(Leaf, content) == read


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("leaves", [{"name": "a"}, {"size": 2}, 7, {"name": "b"}], (Leaf("a"), Leaf("b"))),
        ("leaves", "ab", ()),
        ("count", 2.9, 2),
        ("is_old", 1, False),
        ("is_old", True, True),
        ("edge", [1, 2], (1, 2)),
        ("edge", [1, 2, 3], None),
        ("edge", [1, "2"], None),
        ("seen_at", "2026-11-23T13:00:00+01:00", AT),
        ("seen_at", "2026-11-23T13:00:00", None),
        ("seen_at", 1_700_000_000, None),
        ("seen_at", "soon", None),
        ("by_name", {"a": {"name": "a"}, "b": {}, 3: {"name": "c"}}, {"a": Leaf("a")}),
        ("by_name", [], {}),
    ],
)
def test_a_malformed_item_is_left_out_and_the_others_stay(key: str, value: Any, read: Any) -> None:
    assert getattr(records.read(Tree, {"leaves": [], "count": 1, key: value}), key) == read


def test_a_time_is_read_in_utc_and_written_with_its_zone() -> None:
    there = AT.astimezone(timezone(timedelta(hours=2)))
    written = records.dump(Tree((), 1, seen_at=there))
    assert written["seen_at"] == "2026-11-23T14:00:00+02:00"
    tree = records.read(Tree, written)
    assert tree.seen_at == AT
    assert tree.seen_at.tzinfo is UTC
