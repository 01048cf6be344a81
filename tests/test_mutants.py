"""The page of the mutants, and which of them are tried."""

from __future__ import annotations

from pathlib import Path

import mutants
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutants import Result, Room, Survivor, page

ROOM = Room("core/tea", ("core/tea/brew.py", "core/tea/pour.py"), ("tests/core/tea",))
BREW = Result("core/tea/brew.py", "2026-11-28", "abc1234", 90, 20, 16, 2, (Survivor("steep", "a < b", "a <= b"),))


def test_the_page_counts_what_had_a_verdict_and_says_why_a_survivor_may_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = tmp_path / "reasons.toml"
    reasons.write_text(
        '[[survivor]]\nfile = "core/tea/brew.py"\nwas = "a < b"\nbecomes = "a <= b"\nreason = "They never meet."\n',
        "utf-8",
    )
    monkeypatch.setattr(mutants, "REASONS", reasons)
    lines = page([ROOM], [BREW], 20).splitlines()
    assert "| core/tea | 1 of 2 | 18 | 16 | 89% |" in lines
    assert "| `core/tea/brew.py` | 90 | 20 | 2 | 16 | 89% | 2026-11-28 | abc1234 |" in lines
    assert lines[-1] == "- `core/tea/brew.py`, steep: `a < b` → `a <= b`. They never meet."
    reasons.write_text("", "utf-8")
    assert page([ROOM], [BREW], 20).splitlines()[-1].endswith("`a <= b`. not read yet")
    assert "| core/tea | 0 of 2 | 0 | 0 | – |" in page([ROOM], [], 20)


@given(st.sets(st.text(max_size=5), max_size=60), st.integers(0, 40))
def test_the_same_file_has_the_same_sample_in_whatever_order_its_mutants_come(names: set[str], most: int) -> None:
    given_order = sorted(names)
    chosen = mutants._sample("core/tea/brew.py", given_order, most, 1)
    assert chosen == mutants._sample("core/tea/brew.py", given_order[::-1], most, 1)
    assert len(chosen) == min(most, len(names))
    assert set(chosen) <= names


def test_every_configured_room_has_its_files_and_tests() -> None:
    rooms, sample, _ = mutants.configured()
    assert [room.name for room in rooms] == ["core/texts", "core/visibility", "core/drafting", "storage"]
    assert sample > 0
    for room in rooms:
        assert room.files
        assert all((mutants.ROOT / path).exists() for path in (*room.files, *room.tests))
