from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.intervals import difference_interval, quantile_for, quartiles, wilson

Z95 = quantile_for(1)


def test_the_quantile_is_the_known_one_and_grows_with_the_number_of_looks() -> None:
    assert quantile_for(1) == pytest.approx(1.95996, abs=1e-4)
    assert quantile_for(15) == pytest.approx(2.93520, abs=1e-4)


def test_wilsons_interval_is_that_of_the_literature() -> None:
    # Newcombe 1998, table I: 81 of 263 and 15 of 148.
    assert wilson(81, 263, Z95) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148, Z95) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 0, Z95) == (0.0, 1.0)


def test_newcombes_interval_is_that_of_the_literature() -> None:
    # Newcombe 1998, table II, method 10: 56/70 against 48/80.
    assert difference_interval(56, 70, 48, 80, Z95) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert difference_interval(1, 0, 1, 5, Z95) == (-1.0, 1.0)


@given(st.lists(st.integers(-1000, 1000), min_size=2))
def test_quartiles_are_those_of_the_standard_library(values: list[int]) -> None:
    assert quartiles(values) == pytest.approx(tuple(statistics.quantiles(values, method="inclusive")), abs=0.01)


def test_quartiles_of_one_value_and_of_none() -> None:
    assert quartiles([7]) == (7, 7, 7)
    assert quartiles([]) is None


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50))
def test_an_interval_holds_what_was_seen(a: int, n_a: int, b: int, n_b: int) -> None:
    a, b = min(a, n_a), min(b, n_b)
    low, high = difference_interval(a, n_a, b, n_b, Z95)
    assert low - 1e-9 <= a / n_a - b / n_b <= high + 1e-9
    assert -1 - 1e-9 <= low <= high <= 1 + 1e-9
