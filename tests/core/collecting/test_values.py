"""Values as many hands write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collecting import values

AT = datetime(2026, 3, 8, 20, 15, 30, tzinfo=UTC)
TO_THE_MINUTE = AT.replace(second=0)


@pytest.mark.parametrize(
    "word",
    [
        *(
            "",
            " ",
            "None",
            "nan",
            "NaN",
            "NULL",
            "null",
            "\\N",
            "N/A",
            "NA",
            "#N/A",
            "<NA>",
            "NaT",
            "undefined",
            "-",
            None,
        ),
        *("–", "—", "(none)", "<none>", "[]", "{}", "()", "''", '""'),
    ],
)
def test_a_word_that_stands_for_nothing_is_nothing(word: str | None) -> None:
    assert values.is_null(word)
    assert values.number(word) is None
    assert values.moment(word) is None


@pytest.mark.parametrize("word", ["0", "False", "nancy", "none of us", "Nullarbor", 0, False])
def test_a_word_that_only_looks_like_nothing_is_something(word: Any) -> None:
    assert not values.is_null(word)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("12", 12), ("12.0", 12), ("12,0", 12), ("-3", -3), ("1,234", 1234), ("1 234 567", 1234567), ("1.2k", 1200),
        ("3M", 3_000_000), ("12.7", None), ("1.234", None), ("0,95", None), ("inf", None), (True, None), (12, 12),
    ],
)  # fmt: skip
def test_a_count_is_a_whole_number(stated: Any, expected: int | None) -> None:
    assert values.whole_number(stated) == expected


@pytest.mark.parametrize(("stated", "expected"), [("0.95", 0.95), ("0,95", 0.95), ("95%", 0.95), ("many", None)])
def test_a_share_is_read_with_either_decimal_mark(stated: str, expected: float | None) -> None:
    assert values.number(stated) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("True", True),
        ("WAHR", True),
        ("vrai", True),
        ("1", True),
        (1.0, True),
        ("FALSCH", False),
        ("0", False),
        ("None", None),
        ("", None),
        (2, None),
        ("maybe", None),
    ],
)
def test_a_flag_says_yes_no_or_nothing(stated: Any, expected: bool | None) -> None:
    assert values.flag(stated) is expected


@pytest.mark.parametrize(
    ("stated", "at", "is_exact", "has_zone"),
    [
        (AT.timestamp(), AT, True, True),
        (f"{AT.timestamp() * 1e3:.0f}", AT, True, True),
        (int(AT.timestamp()) * 10**6, AT, True, True),
        (int(AT.timestamp()) * 10**9, AT, True, True),
        ("1.77300093E+09", AT, True, True),
        ("1.77E+09", datetime(2026, 2, 2, 2, 40, tzinfo=UTC), False, True),
        ("1,77E+09", datetime(2026, 2, 2, 2, 40, tzinfo=UTC), False, True),
        ("2026-03-08T20:15:30Z", AT, True, True),
        ("2026-03-08 21:15:30+01:00", AT, True, True),
        ("2026-03-08 20:15:30", AT, True, False),
        ("2026-03-08 20:15:30 UTC", AT, True, True),
        ("2026-03-08", AT.replace(hour=0, minute=0, second=0), False, False),
        ("2026/03/08 20:15", TO_THE_MINUTE, True, False),
        ("08.03.2026 20:15", TO_THE_MINUTE, True, False),
        ("Sun, 08 Mar 2026 20:15:30 GMT", AT, True, True),
        ("Sun Mar 08 20:15:30 +0000 2026", AT, True, True),
        ("Sun Mar 08 22:15:30 +0200 2026", AT, True, True),
        ("Mar 8, 2026 8:15 PM", TO_THE_MINUTE, True, False),
        ("8 March 2026", AT.replace(hour=0, minute=0, second=0), False, False),
        ("3/28/2026 8:15:30 PM", AT.replace(day=28), True, False),
    ],
)  # fmt: skip
def test_a_time_is_read_with_what_is_known_of_it(stated: Any, at: datetime, is_exact: bool, has_zone: bool) -> None:
    found = values.moment(stated)
    assert found is not None
    assert (found.at, found.is_exact, found.has_zone) == (at, is_exact, has_zone)


def test_a_spreadsheets_days_are_told_from_seconds() -> None:
    found = values.moment("46089.84375")
    assert found is not None
    assert (found.at, found.has_zone) == (datetime(2026, 3, 8, 20, 15, tzinfo=UTC), False)


@pytest.mark.parametrize(("day_first", "month", "is_exact"), [(True, 4, True), (False, 3, True), (None, 3, False)])
def test_a_date_that_may_mean_two_days_is_exact_only_when_the_order_is_known(
    day_first: bool | None, month: int, is_exact: bool
) -> None:
    found = values.moment("03/04/2026 10:00", day_first=day_first)
    assert found is not None
    assert (found.at.month, found.is_exact) == (month, is_exact)


@pytest.mark.parametrize("stated", ["yesterday", "2 hours ago", "31/31/2026", "12", 12, "1e400", "", "May"])
def test_what_is_no_time_is_none(stated: Any) -> None:
    assert values.moment(stated) is None


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("a &amp; b", "a & b"),
        ("it&#39;s &quot;hot&quot;", 'it\'s "hot"'),
        ("&#x200B;\n\nWe fired&nbsp;it", "\n\nWe fired it"),
        ("&amp;#x200B;We&amp;nbsp;fired", "We fired"),  # Reddit's escaping of what its editor wrote
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),  # once, never twice
        ("&lt;b&gt; &copy; &unknown; R&D; a&b", "<b> © &unknown; R&D; a&b"),
        ("&#xD800;&#0;&#99999999;", "&#99999999;"),
        ("zero\u200bwidth\ufeff and\u00a0hard", "zerowidth and hard"),
    ],
)
def test_a_text_is_shown_as_its_author_wrote_it(stated: str, shown: str) -> None:
    assert values.text(stated) == shown


def test_an_address_keeps_its_query() -> None:
    assert values.address("https://example.com/?a=1&amp;copy=2&reg=3") == "https://example.com/?a=1&copy=2&reg=3"


@given(st.text() | st.floats() | st.integers() | st.none() | st.booleans(), st.none() | st.booleans())
def test_no_value_makes_anything_raise(value: Any, day_first: bool | None) -> None:
    for read in (values.is_null, values.number, values.whole_number, values.flag, values.text, values.date_parts):
        read(value)
    values.moment(value, day_first=day_first)
