"""The table of `make bench` is printed whatever happens to one of its measurements."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import bench.__main__ as bench
from bench.figure import Figure


def _broken(folder: Path) -> Sequence[Figure]:
    raise RuntimeError("no room left on this machine")


def _figure(name: str, measured: float) -> bench.Measure:
    return lambda folder: [Figure(name, measured, 5, "s", "three runs")]


@pytest.mark.parametrize(("slow_s", "status"), [(4.0, 1), (6.0, 1)])
def test_one_measurement_that_fails_costs_no_other_its_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], slow_s: float, status: int
) -> None:
    measurements = {"quick": _figure("a quick thing", 1.0), "broken": _broken, "slow": _figure("a slow thing", slow_s)}
    monkeypatch.setattr(bench, "MEASUREMENTS", measurements)
    monkeypatch.setattr(sys, "argv", ["bench"])
    assert bench.main() == status
    printed = capsys.readouterr()
    assert "a quick thing  1 s" in printed.out
    assert f"a slow thing   {slow_s:g} s" in printed.out
    assert "not measured, because it failed: broken" in printed.out
    assert ("missed: a slow thing" in printed.out) is (slow_s > 5)
    assert "no room left on this machine" in printed.err


def test_the_exit_status_is_0_only_when_all_was_measured_and_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench"])
    statuses = []
    for measured_s in (5.0, 5.1):
        monkeypatch.setattr(bench, "MEASUREMENTS", {"one": _figure("a thing", measured_s)})
        statuses.append(bench.main())
    assert statuses == [0, 1]
