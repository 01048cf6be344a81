"""Whether a passage of a post may break a rule, as the small transformer reads both."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from core.texts.breaches import Breach, may_break, rule_words, share_by, share_of
from core.texts.transformer import Part, Transformer, shipped

CORPORA = Path(bench.__file__).parent / "corpora"
SURVEYS = rule_words("No surveys", "Surveys, polls and questionnaires are removed. Ask your question in the post.")
PARTNERS = rule_words(
    "No partner search", "No looking for climbing partners, no lost and found. There is a board for that."
)
GIVEAWAYS = rule_words("No giveaways", "Nothing is given away here, for free or by lot.")
MESSAGES = rule_words("Keep it public", "Do not ask people to write to you privately. Answer in the thread.")


@pytest.mark.parametrize(
    ("passage", "rule"),
    [
        ("Please fill in my ten questions for my thesis, it takes three minutes.", SURVEYS),
        ("I'm looking for somebody to climb with on Tuesday evenings.", PARTNERS),
        ("Leave a comment, and on Sunday I'll draw three names and send each of them a kit.", GIVEAWAYS),
        ("Drop me a private message and I'll send you the file.", MESSAGES),
    ],
)
def test_a_passage_that_does_what_a_rule_forbids_may_break_it(passage: str, rule: str) -> None:
    assert may_break(passage, "How do you do it?", rule)


@pytest.mark.parametrize(
    ("passage", "rule"),
    [
        ("The giveaway was the smell: the belt had been slipping for days.", GIVEAWAYS),
        ("Please don't message me about it, I would rather talk about it here.", MESSAGES),
    ],
)
def test_a_passage_that_only_has_its_words_does_not(passage: str, rule: str) -> None:
    assert not may_break(passage, "How do you do it?", rule)


@given(st.text(max_size=300), st.text(max_size=120), st.text(max_size=400))
def test_any_texts_have_a_share(passage: str, title: str, rule: str) -> None:
    assert 0 <= share_of(passage, title, rule) <= 1


class _Told(Transformer):
    """Answers that breaking and keeping are as likely, and being apart is out of the question."""

    def answers(self, question: str, sentence: str, beside: object = ()) -> dict[str, float]:
        assert (question, sentence, beside) == ("breaches", "It's mine.", (("No ads. None", 56), ("A jar", 20)))
        return {Breach.BREAKS: 800.0, Breach.KEEPS: 800.0, Breach.APART: -800.0}


def test_the_passage_is_read_beside_the_rule_and_the_title_and_large_odds_are_no_matter() -> None:
    model = shipped(Part.RULES)
    told = _Told(**{name: getattr(model, name) for name in model.__dataclass_fields__})
    assert math.isclose(share_by(told, "It’s mine.", "A jar", "No ads. None"), 0.5)


def test_of_rules_and_writers_that_it_did_not_see_it_orders_most_pairs_right() -> None:
    source = shipped(Part.RULES).source
    assert source["figures"]["breaches report"]["ordered_right"] >= 0.88
    read = hashlib.sha256((CORPORA / "breaches-train.jsonl").read_bytes()).hexdigest()
    assert source["data_sha256"]["breaches-train.jsonl"] == read
