"""What blocks a draft teaches a lesson that catches the same text, whether phrases or the small model found it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from core.communities import Rule
from core.drafting import rulings as judging
from core.drafting.checks import check
from core.drafting.rulings import Compliance, rulings
from core.drafting.text import Text as Draft
from core.model import NewPattern, Pattern, RemovedBy, State
from core.patterns import read_pattern
from core.texts import acts
from core.texts.acts import TOLD, Act
from core.texts.features import found
from core.texts.markup import Text
from core.texts.shown import ACTS, Shown, shown
from core.visibility.learning import taught
from core.visibility.reasons import read_reason
from core.visibility.tracking import Verdict
from tests.core.drafting.material import NOW, WORKSPACE, grounds, rules
from tests.core.visibility.world import START, tracked

BY_MODERATORS = Verdict(State.REMOVED, START, RemovedBy.MODERATORS, "moderator")
TITLE, PLAIN = "How it went", "The kiln was hot, and the pot held for a week."
GULLS = "The gulls were loud that day."
# What a text shows, a rule about it, and a text that shows it in words that a list of phrases holds.
BLOCKED = {
    "votes": (Rule("No vote begging", "", "all"), "Please upvote it."),
    "praise": (Rule("No begging for votes", "", "all"), "Leave five stars if you like it."),
    "survey": (Rule("No surveys", "", "all"), "Take my short survey."),
    "hiring": (Rule("No recruiting", "", "all"), "We're hiring."),
    "direct_messages": (Rule("No DMs", "", "all"), "My DMs are open."),
    "referral_code": (Rule("No referral links", "", "all"), "Use my link: we both get a month."),
    "fundraising": (Rule("No fundraising", "No donations.", "all"), "Here is my tip jar."),
    "giveaway": (Rule("No giveaways", "", "all"), "I'm giving away 5 bowls."),
    "for_sale": (Rule("No classifieds", "No private sales.", "all"), "I'm selling my old kayak, open to offers."),
    "belittling": (Rule("Be kind", "No name-calling.", "all"), "Learn to read before you ask."),
}
IN_PHRASES = [(key, rule, body, None) for key, (rule, body) in BLOCKED.items()]
BY_MODEL = [(key, BLOCKED[key][0], GULLS, act) for key, done in ACTS.items() for act in done]
EVERY = pytest.mark.parametrize(("feature", "rule", "sentence", "act"), [*IN_PHRASES, *BY_MODEL])


@contextmanager
def read_as(act: Act | None) -> Iterator[None]:
    """The model reads the gulls as this act, and every other sentence as none; every passage may break a rule."""

    def shares(sentence: str) -> dict[Act, float]:
        return dict.fromkeys(Act, 0.0) | {act if act is not None and sentence == GULLS else Act.NONE: 1.0}

    with patch.object(acts, "shares_of", shares), patch.object(judging, "may_break", lambda *_: True):
        yield


def kept(new: NewPattern) -> Pattern:
    """A lesson as the store gives it back."""
    return Pattern(
        1,
        WORKSPACE,
        None,
        new.community,
        new.category,
        new.feature,
        new.params,
        new.body,
        new.source,
        new.tracked_post_id,
        new.confidence,
        "system",
        NOW,
    )


def is_warned(body: str, lesson: NewPattern) -> bool:
    """Whether the checks of a draft speak of the lesson."""
    return any(one.check == "patterns" for one in check(Draft(TITLE, body), grounds(patterns=[kept(lesson)])))


def test_whatever_a_sentence_can_do_is_among_the_examples() -> None:
    assert set(BLOCKED) == set(ACTS)


@EVERY
def test_what_a_draft_is_blocked_for_is_found_by_the_lesson_that_its_removal_teaches(
    feature: str, rule: Rule, sentence: str, act: Act | None
) -> None:
    body, ruled = f"{PLAIN} {sentence}", rules(rule)
    with read_as(act):
        found_broken = [one for one in rulings(Draft(TITLE, body), grounds(ruled=ruled)) if one.concerns]
        assert [one.compliance for one in found_broken] == [Compliance.BROKEN]
        learned = taught(tracked(), BY_MODERATORS, Text(TITLE, body, weekday=1), rules=ruled)
        [lesson] = [one for one in learned if one.feature == feature]
        assert lesson.catches(Text(TITLE, body))
        assert is_warned(body, lesson)
        assert not is_warned(PLAIN, lesson)


@EVERY
def test_what_a_draft_is_blocked_for_is_found_by_the_reason_that_moderators_state(
    feature: str, rule: Rule, sentence: str, act: Act | None
) -> None:
    body = f"{PLAIN} {sentence}"
    with read_as(act):
        lesson = read_reason(tracked(), rule, None, Text(TITLE, body)).pattern
        assert lesson is not None
        assert lesson.feature == feature
        assert is_warned(body, lesson)
        assert not is_warned(PLAIN, lesson)


@pytest.mark.parametrize(
    ("words", "category", "act"),
    [
        ("surveys", "topic", Act.SURVEY),
        ("vote begging", "votes", Act.VOTES),
        ("DMs", "promotion", Act.PRIVATE),
        ("fundraising", "promotion", Act.DONATE),
    ],
)
def test_a_members_own_words_find_what_the_model_finds(words: str, category: str, act: Act) -> None:
    feature, params = read_pattern(words, category)
    lesson = NewPattern(None, "harborfounders", category, words, "person", 0.9, feature=feature, params=params)
    with read_as(act):
        assert is_warned(f"{PLAIN} {GULLS}", lesson)
        assert not is_warned(PLAIN, lesson)


@pytest.mark.parametrize(("feature", "rule", "sentence", "act"), BY_MODEL)
def test_a_sentence_is_told_by_what_it_does(feature: str, rule: Rule, sentence: str, act: Act) -> None:
    with read_as(act):
        told = [one.text for one in rulings(Draft(TITLE, f"{PLAIN} {GULLS}"), grounds(ruled=rules(rule)))]
    assert f"The text {TOLD[act]}: “{GULLS}”." in told


@pytest.mark.parametrize("title", ["Röst – “ein” Tag", ""])
@pytest.mark.parametrize("body", [f"{PLAIN}\n\n  {GULLS}", GULLS])
def test_a_sentence_is_shown_at_its_place(title: str, body: str) -> None:
    text = Text(title, body)
    assert found("votes", text) == ()
    with read_as(Act.VOTES):
        told = shown(("votes",), text)
    assert told is not None
    [span] = told.spans
    assert (told.act, span.part, span.words) == (Act.VOTES, "body", GULLS)
    assert body[span.start : span.end] == GULLS


def test_a_title_is_no_sentence_that_the_model_could_read() -> None:
    with read_as(Act.VOTES):
        assert shown(("votes",), Text(GULLS, PLAIN)) is None


def test_words_come_before_the_model_whichever_feature_they_show() -> None:
    text = Text(TITLE, f"{GULLS} Leave five stars if you like it.")
    with read_as(Act.VOTES):
        assert shown(("votes", "praise"), text) == Shown("praise", found("praise", text))
        assert shown(("praise",), Text(TITLE, GULLS)) is None
        assert shown((), text) is None


def test_posts_that_stayed_are_read_by_phrases_alone() -> None:
    lesson = NewPattern(None, "harborfounders", "votes", "votes", "person", 0.9, feature="votes")
    with read_as(Act.VOTES):
        assert lesson.catches(Text(TITLE, GULLS), phrases_only=True) == ()
        assert lesson.catches(Text(TITLE, BLOCKED["votes"][1]), phrases_only=True)
