"""The page of the mutants, and which of them are tried."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import mutants
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutants import Result, Room, Survivor, Tried, page, wilson

ROOM = Room("core/tea", ("core/tea/brew.py", "core/tea/pour.py"), ("tests/core/tea",))
TEA = Result(
    "core/tea",
    "2026-11-28",
    "abc1234",
    3,
    (Tried("core/tea/brew.py", 90, 20, 14, 2), Tried("core/tea/pour.py", 10, 2, 2, 0)),
    (Survivor("core/tea/brew.py", "steep", "a < b", "a <= b"),),
)


def test_the_page_counts_what_had_a_verdict_and_says_why_a_survivor_may_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = tmp_path / "reasons.toml"
    reasons.write_text(
        '[[survivor]]\nfile = "core/tea/brew.py"\nwas = "a < b"\nbecomes = "a <= b"\nreason = "They never meet."\n',
        "utf-8",
    )
    monkeypatch.setattr(mutants, "REASONS", reasons)
    lines = page([ROOM], {"core/tea": TEA}).splitlines()
    assert "| core/tea | 100 | 22 | 2 | 16 | 80% | 58–92% | 3 | 2026-11-28 | abc1234 |" in lines
    assert "| `core/tea/brew.py` | 90 | 20 | 2 | 14 |" in lines
    assert "| `core/tea/pour.py` | 10 | 2 | 0 | 2 |" in lines
    assert lines[-1] == "- `core/tea/brew.py`, steep: `a < b` → `a <= b`. They never meet."
    reasons.write_text("", "utf-8")
    assert page([ROOM], {"core/tea": TEA}).splitlines()[-1].endswith("`a <= b`. not read yet")
    assert "| core/tea | not measured | | | | | | | | |" in page([ROOM], {})


def test_what_came_out_is_read_again_as_it_was_kept(tmp_path: Path) -> None:
    kept = tmp_path / "core-tea.json"
    kept.write_text(json.dumps(asdict(TEA)), "utf-8")
    assert Result.read(kept) == TEA


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    # Newcombe 1998, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_score_is_wilsons(hits: int, tries: int, low: float, high: float) -> None:
    assert wilson(hits, tries) == pytest.approx((low, high), abs=0.00005)


def test_of_nothing_tried_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


FILES = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.text(max_size=5), max_size=20), max_size=5)


@given(FILES, st.integers(0, 40))
def test_the_same_room_has_the_same_sample_in_whatever_order_its_mutants_come(
    room: dict[str, set[str]], most: int
) -> None:
    given_order = {file: sorted(names) for file, names in room.items()}
    other_order = {file: names[::-1] for file, names in reversed(given_order.items())}
    chosen = mutants._sample(given_order, most, 1)
    assert chosen == mutants._sample(other_order, most, 1)
    every = {(file, name) for file, names in room.items() for name in names}
    assert len(chosen) == len(set(chosen)) == min(most, len(every))
    assert set(chosen) <= every


def test_a_sample_is_drawn_over_all_files_of_a_room() -> None:
    room = {"large": [f"l{n}" for n in range(900)], "small": [f"s{n}" for n in range(100)]}
    drawn = [sum(file == "small" for file, _ in mutants._sample(room, 100, seed)) for seed in range(40)]
    assert 8 < sum(drawn) / 40 < 12  # a tenth of the mutants, a tenth of the sample
    assert len({tuple(mutants._sample(room, 100, seed)) for seed in range(40)}) == 40


def test_every_configured_room_has_its_files_and_tests() -> None:
    rooms, sample, _ = mutants.configured()
    assert [room.name for room in rooms] == ["core/texts", "core/visibility", "core/drafting", "storage"]
    assert sample >= 60
    for room in rooms:
        assert room.files
        assert all((mutants.ROOT / path).exists() for path in (*room.files, *room.tests))


def test_for_a_part_of_a_room_the_mutants_of_the_whole_room_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test reaches is kept for the room: a file that was not made then would seem to be reached by no test."""
    made: list[tuple[str, ...]] = []

    def make(folder: Path, files: Sequence[str]) -> dict[str, Any]:
        made.append(tuple(files))
        return {file: {"names": [f"{file}.one"], "spans": {}} for file in files}

    monkeypatch.setattr(mutants, "_copy", lambda folder, room: "key")
    monkeypatch.setattr(mutants, "_made", make)
    monkeypatch.setattr(mutants, "_tried", lambda folder, room, key, names, minutes: dict.fromkeys(names, "killed"))
    monkeypatch.setattr(mutants, "_git", lambda *words: "abc1234")
    result = mutants.measure(ROOM, ROOM.files[:1], 10, 1)
    assert made == [ROOM.files]
    assert result.files == (Tried("core/tea/brew.py", 1, 1, 1, 0),)


def test_the_page_tells_the_kept_results_of_all_rooms() -> None:
    rooms, _, _ = mutants.configured()
    kept = [Result.read(path) for path in sorted(mutants.RESULTS.glob("*.json"))]
    assert {result.room for result in kept} == {room.name for room in rooms}
    assert mutants.PAGE.read_text("utf-8") == page(rooms, {result.room: result for result in kept})


def test_what_came_out_for_a_part_of_a_room_is_printed_and_neither_kept_nor_put_on_the_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(mutants, "configured", lambda: ((ROOM,), 20, 1))
    monkeypatch.setattr(mutants, "measure", lambda *given: TEA)
    monkeypatch.setattr(mutants, "RESULTS", tmp_path)
    monkeypatch.setattr(mutants, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr("os.nice", lambda by: by)
    monkeypatch.setattr(sys, "argv", ["mutants.py", "core/tea/brew.py"])
    assert mutants.main() == 0
    assert "core/tea: " in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(sys, "argv", ["mutants.py", "core/tea"])
    assert mutants.main() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["core-tea.json", "page.md"]
    assert Result.read(tmp_path / "core-tea.json") == TEA
