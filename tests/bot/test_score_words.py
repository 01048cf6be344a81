from __future__ import annotations

from bot.community_card import reason_lines, score_line
from core.analysis.reasons import Reason, TextScore

GOOD = Reason("length", 15, (), "keep it")
BAD = Reason("title_words", -3, ("free", "app"), "try other words for these")


def test_a_draft_says_its_score_its_change_and_what_speaks_most_against_it() -> None:
    now, before = TextScore(62, (GOOD, BAD), 523), TextScore(58, (Reason("rest", 8),), 523)
    assert score_line(now, before) == (
        "62 in 100, 4 up since the last text. Most against it: -3 words of the title: “free”, “app” → try other words "
        "for these."
    )
    assert score_line(before, now) == "58 in 100, 4 down since the last text."
    assert score_line(before, before) == "58 in 100, the same as the last text."
    assert score_line(TextScore(65, (GOOD,), 0), None) == "65 in 100 (learned from other communities only)."


def test_a_draft_says_no_score_where_nothing_can_be_told() -> None:
    assert score_line(TextScore(50, (), 523), None) == ""
    assert score_line(TextScore(50, (), 523), TextScore(50, (), 523)) == ""


def test_reasons_stand_one_a_line() -> None:
    assert reason_lines(TextScore(65, (GOOD, Reason("rest", 1)), 9)) == "+15 the text's length → keep it\n+1 all else"
