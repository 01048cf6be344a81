"""What a rule means for a topic: the transformer is asked where the trained reader is not sure."""

from __future__ import annotations

import pytest

from core.texts import rule_meaning
from core.texts.rule_meaning import besides, meaning_by, plain_lead
from core.texts.rule_reader import Means
from core.texts.rule_topics import Topic
from core.texts.rules import means_for
from core.texts.transformer import Part, shipped

HINT = ("Empty hands", "Whoever comes here with something in the boot of the car goes home with it.")
PLAIN = ("No advertising", "Advertising is not allowed. Posts that advertise are removed.")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Topic]]:
    """What the transformer was asked. It says that everything is forbidden."""
    questions: list[tuple[str, Topic]] = []

    def forbidden(rule: str, topic: Topic) -> tuple[int, ...]:
        questions.append((rule, topic))
        return (10**6, 0, 0)

    monkeypatch.setattr(rule_meaning, "besides", forbidden)
    return questions


def test_a_plain_rule_is_read_without_it(asked: list[tuple[str, Topic]]) -> None:
    assert means_for(*PLAIN, Topic.PROMOTION) is Means.FORBID
    assert asked == []


def test_what_it_says_counts_beside_the_reader_where_that_is_not_sure(asked: list[tuple[str, Topic]]) -> None:
    assert means_for(*HINT, Topic.PROMOTION) is Means.FORBID
    assert asked == [(". ".join(HINT), Topic.PROMOTION)]


def test_it_tells_the_logarithm_of_each_meaning_and_weighs_it_in_the_readers_measure() -> None:
    model, rule = shipped(Part.RULES), ". ".join(PLAIN)
    told = meaning_by(model, rule, Topic.PROMOTION)
    assert max(told, key=lambda means: told[means]) is Means.FORBID
    assert all(each <= 0 for each in told.values())
    weight = model.source["weigh"]["inferred"]
    assert besides(rule, Topic.PROMOTION) == tuple(round(told[means] * weight) for means in Means)
    assert plain_lead() == model.source["weigh"]["plain_lead"] > 0


def test_every_topic_has_words_to_be_asked_by() -> None:
    words = [rule_meaning.asked("No ads.", topic)[0] for topic in Topic]
    assert len(set(words)) == len(Topic)


@pytest.mark.parametrize("corpus", ["held", "last", "report"])
def test_of_rules_that_neither_read_both_read_more_right_than_the_reader_alone(corpus: str) -> None:
    figures = shipped(Part.RULES).source["figures"]["rules read right"][corpus]
    assert figures["by_both"] >= figures["by_reader"] + 0.01
