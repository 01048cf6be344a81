"""The reason that moderators stated: what it means, and what is learned from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.communities import Rule, RulesSnapshot
from core.errors import BadArgument
from core.model import Basis
from core.texts.markup import Text
from core.visibility.learning import BACKED_BY_RULE
from core.visibility.reasons import (
    MOST_PATTERN_CHARS,
    MOST_REASON_CHARS,
    STATED_BY_RULE,
    STATED_IN_WORDS,
    find_rule,
    read_reason,
    rule_choices,
)
from tests.core.texts.feature_examples import EXAMPLES, text
from tests.core.visibility.world import START, tracked

RULES = RulesSnapshot(
    1,
    "terminal:local",
    "harbor",
    Basis.REDDIT_API,
    START,
    (
        Rule("Be kind", "No insults.", "all"),
        Rule("No  self-promotion", "No adverts. New accounts are watched closely.", "link"),
        Rule("Short comments", "", "comment"),
        Rule("A " + "very " * 30 + "long name", "", "all"),
    ),
)


def test_the_rules_for_posts_can_be_chosen_and_found_again_by_every_choice() -> None:
    choices = rule_choices(RULES)
    assert [choice.split(".")[0] for choice in choices] == ["1", "2", "4"]
    assert all(len(choice) <= 75 for choice in choices)
    assert [find_rule(RULES, choice) for choice in choices] == [RULES.rules[0], RULES.rules[1], RULES.rules[3]]


@pytest.mark.parametrize("said", ["2", "2.", " no SELF-promotion ", "No  self-promotion"])
def test_a_rule_is_found_by_number_or_name(said: str) -> None:
    assert find_rule(RULES, said) is RULES.rules[1]


@pytest.mark.parametrize("said", ["0", "5", "No memes", "", "2nd"])
def test_a_rule_that_is_none_is_refused_with_those_there_are(said: str) -> None:
    with pytest.raises(BadArgument, match=r"1\. Be kind"):
        find_rule(RULES, said)
    with pytest.raises(BadArgument, match="none are known"):
        find_rule(None, said)


def test_a_stated_rule_teaches_more_surely_than_a_guess() -> None:
    reason = read_reason(tracked(campaign_id=3), RULES.rules[1], None)
    assert reason.pattern is not None
    assert (reason.category, reason.pattern.category, reason.pattern.source) == ("promotion", "promotion", "stated")
    assert (reason.pattern.campaign_id, reason.pattern.community, reason.pattern.tracked_post_id) == (3, "harbor", 7)
    assert reason.pattern.confidence == STATED_BY_RULE > STATED_IN_WORDS > BACKED_BY_RULE
    assert reason.pattern.body.endswith("Their rule: No self-promotion")


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("Please remove the link and post again.", "link"),
        ("This reads like an advertisement.", "promotion"),
        ("Titles must be a question.", "format"),
        ("Please stay civil.", "tone"),
        ("This is off topic here.", "topic"),
        ("We did not like it.", "other"),
    ],
)
def test_content_causes_teach(message: str, category: str) -> None:
    reason = read_reason(tracked(), None, message)
    assert reason.pattern is not None
    assert (reason.category, reason.pattern.confidence, reason.advice) == (category, STATED_IN_WORDS, "")
    assert message.rstrip(".") in reason.text


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("Your account is too new.", "account"),
        ("You need 50 karma to post a link here.", "account"),
        ("Self-promotion is fine in the weekly thread.", "timing"),
        ("You may post once a week.", "timing"),
        ("That domain is banned here.", "domain"),
    ],
)
def test_causes_outside_the_text_teach_drafts_nothing_and_say_what_helps(message: str, category: str) -> None:
    reason = read_reason(tracked(), None, message)
    assert (reason.category, reason.pattern) == (category, None)
    assert "no pattern for drafts" in reason.advice


@pytest.mark.parametrize(
    ("message", "posted", "feature", "params"),
    [
        ("Please remove the link", Text("How it went", "See https://a.example"), "link", {}),
        ("This is an advert", Text("How it went", "Sign up for it."), "self_promotion", {}),
        ("This is an advert", Text("How it went", "It held."), None, {}),
        ("Don't write titles in caps", Text("THIS KILN IS ON FIRE", "It held."), "capitals", {}),
        ("Don't write titles in caps", Text("THIS KILN IS ON FIRE"), "capitals", {}),
        ("No emojis, and no links", Text("How it went", "See https://a.example"), "link", {}),
        ("Too short", Text("How it went", "It held."), "short_text", {"words": 3}),
        ("Posts need at least 150 words", Text("How it went", "It held."), "short_text", {"words": 150}),
        ("Too short", None, None, {}),
        ("Please remove the link", None, "link", {}),
        ("We did not like it", Text("How it went", "See https://a.example"), None, {}),
    ],
)
def test_a_stated_reason_is_looked_for_by_what_it_names_and_the_removed_text_has(
    message: str, posted: Text | None, feature: str | None, params: dict[str, int]
) -> None:
    pattern = read_reason(tracked(), None, message, posted).pattern
    assert pattern is not None
    assert (pattern.feature, pattern.params) == (feature, params)
    if posted is not None:
        assert bool(pattern.catches(posted)) is (feature is not None)


@given(
    st.sampled_from([text(one) for having, lacking in EXAMPLES.values() for one in (*having, *lacking)]),
    st.lists(
        st.sampled_from(
            (
                *("no links", "an advert", "too short", "too long", "all caps", "clickbait", "no emojis", "hm"),
                *("add a TL;DR", "no surveys", "no upvotes", "be civil", "English only", "AI-written", "no DMs"),
            )
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_whatever_text_a_reason_is_stated_for_is_caught_by_what_is_learned_or_by_nothing(
    posted: Text, said: list[str]
) -> None:
    pattern = read_reason(tracked(), None, ", ".join(said), posted).pattern
    if pattern is not None and pattern.feature is not None and posted.body:
        assert pattern.catches(posted)
    if pattern is not None and pattern.feature is None:
        assert pattern.catches(posted) == ()


def test_the_moderators_words_count_before_what_a_rule_mentions_in_passing() -> None:
    assert read_reason(tracked(), RULES.rules[1], None).category == "promotion"
    assert read_reason(tracked(), RULES.rules[1], "Your account is too new for that.").category == "account"


def test_a_reason_without_words_is_none() -> None:
    with pytest.raises(BadArgument):
        read_reason(tracked(), None, "  \n ")


@given(st.sampled_from([None, *RULES.rules]), st.text(min_size=1, max_size=3000))
def test_any_message_gives_a_short_reason_and_quotes_nothing_to_search_drafts_for(
    rule: Rule | None, message: str
) -> None:
    try:
        reason = read_reason(tracked(), rule, message)
    except BadArgument:
        return
    assert 0 < len(reason.text) <= MOST_REASON_CHARS
    if reason.pattern is not None:
        assert 0 < len(reason.pattern.body) <= MOST_PATTERN_CHARS
        assert not set('“”"') & set(reason.pattern.body)
    assert (reason.pattern is None) == bool(reason.advice)


def test_a_rule_without_a_name_can_be_chosen_like_the_others() -> None:
    nameless = RulesSnapshot(1, "terminal:local", "harbor", Basis.REDDIT_API, START, (Rule(" ", "No insults.", "all"),))
    assert rule_choices(nameless) == ("1. (without a name)",)
    assert find_rule(nameless, "1. (without a name)") is nameless.rules[0]
