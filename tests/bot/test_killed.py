"""A few kills of the real program, always run; `python -m bench kill` does a hundred."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from bench.kill import killed

KILLS = 5


@pytest.mark.process
async def test_a_program_killed_in_the_middle_of_sweeps_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    counts = asdict(await killed(tmp_path, KILLS))
    assert counts.pop("kills") == KILLS
    assert counts.pop("between_delivery_and_record") >= 1
    assert counts == dict.fromkeys(counts, 0)
