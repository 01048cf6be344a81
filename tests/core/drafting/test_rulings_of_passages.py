"""Words that a rule speaks of break it only where a passage that has them may do so; else a person reads the rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.communities import Rule
from core.demands import READ_BY_PERSON, KeptDemand, rule_key
from core.drafting import rulings as judging
from core.drafting.rulings import Compliance, rulings
from core.drafting.text import Text
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand
from tests.core.drafting.material import NOW, grounds, rules

SURVEYS = Rule("No surveys", "No polls, no questionnaires.", "all")
TEXT = Text("How high?", "I fire pots. Take my short survey, it is quick. How high do you fire?")
DEMAND = Demand(Topic.SURVEYS, Stance.FORBIDS, "No polls, no questionnaires.")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What the reader of passages was asked. Nothing breaks any rule for it but what says please."""
    questions: list[tuple[str, str, str]] = []

    def may_break(passage: str, title: str, rule: str) -> bool:
        questions.append((passage, title, rule))
        return "please" in passage

    monkeypatch.setattr(judging, "may_break", may_break)
    return questions


def on(demand: Demand, *, confirmed_by: str | None = None) -> KeptDemand:
    return KeptDemand(rule_key(SURVEYS), SURVEYS.short_name, demand, READ_BY_PERSON, NOW, confirmed_by, NOW)


def ruled(text: Text, demand: Demand = DEMAND, confirmed_by: str | None = None) -> judging.Ruling:
    known = replace(grounds(ruled=rules(SURVEYS)), demands=(on(demand, confirmed_by=confirmed_by),))
    return next(ruling for ruling in rulings(text, known) if ruling.topic is demand.topic)


def test_words_in_a_passage_that_keeps_the_rule_are_left_to_a_person(asked: list[tuple[str, str, str]]) -> None:
    ruling = ruled(TEXT)
    assert (ruling.compliance, ruling.concerns) == (Compliance.CANNOT_TELL, True)
    assert ruling.text == "The text has a survey: “Take my short survey”. Read whether the rule means that."
    passage = "Take my short survey, it is quick."
    assert asked == [(passage, "How high?", "No surveys. No polls, no questionnaires.")]


def test_one_passage_that_may_break_it_is_enough(asked: list[tuple[str, str, str]]) -> None:
    ruling = ruled(replace(TEXT, body=f"{TEXT.body} And please fill in my survey."))
    assert (ruling.compliance, ruling.text) == (Compliance.BROKEN, "The text has a survey: “Take my short survey”.")


def test_what_a_person_said_of_a_rule_is_not_doubted(asked: list[tuple[str, str, str]]) -> None:
    assert ruled(TEXT, confirmed_by="alice").compliance is Compliance.BROKEN
    assert asked == []


def test_a_title_is_no_sentence_and_is_not_asked_about(asked: list[tuple[str, str, str]]) -> None:
    assert ruled(Text("Take my short survey", "It is quick.")).compliance is Compliance.BROKEN
    assert asked == []


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        (Topic.LINKS, "See https://tallybird.example for that."),
        (Topic.REFERRAL, "Use my link: we both get a month."),
        (Topic.PROMOTION, "I made Tallybird for that."),
    ],
)
def test_links_codes_and_names_are_not_asked_about(asked: list[tuple[str, str, str]], topic: Topic, body: str) -> None:
    assert ruled(Text("How high?", body), Demand(topic, Stance.FORBIDS, "none of that")).compliance is Compliance.BROKEN
    assert asked == []


def test_a_day_is_not_asked_about_because_no_passage_shows_it(asked: list[tuple[str, str, str]]) -> None:
    on_monday = Demand(Topic.SURVEYS, Stance.ONLY_ON, "only on Mondays", weekdays=((NOW.weekday() + 1) % 7,))
    assert ruled(TEXT, on_monday).compliance is Compliance.BROKEN
    assert asked == []


@pytest.mark.parametrize(
    ("rule", "body", "standing"),
    [
        (
            Rule("No giveaways", "Nothing is given away here, for free or by lot.", "all"),
            "The giveaway was the smell: the belt had been slipping for days.",
            Compliance.KEPT,
        ),
        (
            Rule("No surveys", "Surveys and polls are removed.", "all"),
            "Please take my survey, it takes three minutes.",
            Compliance.BROKEN,
        ),
        (
            Rule("No advertising", "Do not promote your own products here.", "all"),
            "I sell Tallybird, which sends reminders. Get yours on our site today.",
            Compliance.BROKEN,
        ),
    ],
)
def test_the_real_reader_leaves_what_breaks_a_rule_and_what_keeps_it(
    rule: Rule, body: str, standing: Compliance
) -> None:
    found = {ruling.compliance for ruling in rulings(Text("How high?", body), grounds(ruled=rules(rule)))}
    assert standing in found
    assert (Compliance.BROKEN in found) is (standing is Compliance.BROKEN)
