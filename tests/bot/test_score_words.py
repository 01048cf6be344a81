from __future__ import annotations

from bot.community_card import reason_lines, score_line
from core.analysis.reasons import Reason, TextScore
from core.texts.figures import Power

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


def test_a_score_that_is_no_better_than_chance_is_not_told_without_saying_so() -> None:
    by_chance, better = Power(0.52, 0.44, 0.6, 204, 204), Power(0.66, 0.62, 0.7, 204, 204)
    assert score_line(TextScore(65, (GOOD,), 204), None, by_chance) == "65 in 100 (not better than chance here)."
    assert score_line(TextScore(65, (GOOD,), 204), None, better) == "65 in 100."
    assert score_line(TextScore(65, (GOOD,), 0), None, by_chance) == (
        "65 in 100 (learned from other communities only, not better than chance here)."
    )


def test_a_draft_says_no_score_where_nothing_can_be_told() -> None:
    assert score_line(TextScore(50, (), 523), None) == ""
    assert score_line(TextScore(50, (), 523), TextScore(50, (), 523)) == ""


def test_reasons_stand_one_a_line() -> None:
    assert reason_lines(TextScore(65, (GOOD, Reason("rest", 1)), 9)) == "+15 the text's length → keep it\n+1 all else"
