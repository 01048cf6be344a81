from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.communities import Rule, RulesSnapshot
from core.demands import READ_BY_PERSON, KeptDemand, rule_key
from core.model import Basis, NewPattern, RemovedBy, State
from core.texts.features import FEATURES
from core.texts.markup import Text
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand
from core.visibility.learning import BACKED_BY_NORMS, BACKED_BY_RULE, taught
from core.visibility.tracking import Verdict
from tests.core.analysis.invented import kept, profile_of
from tests.core.texts.feature_examples import EXAMPLES, text
from tests.core.visibility.world import START, tracked

BY_MODERATORS = Verdict(State.REMOVED, START, RemovedBy.MODERATORS, "moderator")
RULES = RulesSnapshot(
    1,
    "terminal:local",
    "harbor",
    Basis.REDDIT_API,
    START,
    (
        Rule("Be kind", "Be kind.", "all"),
        Rule("Links at the end", "One link at most.", "link"),
        Rule("No promotion", "No adverts for your own product.", "all"),
        Rule("Short comments", "No URLs in comments.", "comment"),
    ),
)


def learned(
    body: str | None, *, title: str = "How it went", verdict: Verdict = BY_MODERATORS, product: str = "", **more: Any
) -> Any:
    return taught(tracked(campaign_id=3), verdict, Text(title, body or "", product or None), **more)


def test_a_link_teaches_when_a_rule_speaks_of_links() -> None:
    (pattern,) = learned("Read on at https://example.com/more", rules=RULES)
    assert isinstance(pattern, NewPattern)
    assert (pattern.category, pattern.source, pattern.confidence) == ("link", "removal", BACKED_BY_RULE)
    assert (pattern.campaign_id, pattern.community, pattern.tracked_post_id) == (3, "harbor", 7)
    assert "Links at the end" in pattern.body


def test_a_link_teaches_a_little_where_links_are_rare_and_nothing_where_they_are_usual() -> None:
    body = "Read on at https://example.com/more"
    linked, plain = {"body": "See https://example.com"}, {"body": "It held"}
    rare = profile_of([kept(n, **(linked if n % 50 == 0 else plain)) for n in range(200)])
    usual = profile_of([kept(n, **(linked if n % 2 == 0 else plain)) for n in range(200)])
    (pattern,) = learned(body, profile=rare)
    assert pattern.confidence == BACKED_BY_NORMS
    assert learned(body, profile=usual) == ()
    assert learned(body) == ()


def test_the_products_name_and_promotional_words_teach_promotion() -> None:
    found = learned("Sign up for Paperboat, it is free.", rules=RULES, product="Paperboat")
    assert {pattern.category for pattern in found} == {"promotion"}
    assert len(found) == 2
    assert learned("I like paper boats.", rules=RULES, product="Paperboat") == ()


def test_a_text_far_from_the_usual_length_teaches_its_length() -> None:
    band = profile_of([kept(n, body="word " * (120, 120, 200, 400, 400)[n % 5]) for n in range(150)])
    (short,) = learned("Two words.", profile=band)
    (long,) = learned("word " * 900, profile=band)
    assert (short.feature, short.params, long.feature, long.params) == (
        "short_text",
        {"words": 60},
        "long_text",
        {"words": 800},
    )
    assert {short.category, long.category} == {"length"}
    assert "120 to 400" in short.body
    assert learned("word " * 200, profile=band) == ()


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(State.REMOVED, START, RemovedBy.REDDIT_FILTERS, "reddit"),
        Verdict(State.REMOVED, START, RemovedBy.REDDIT_ADMINS, "anti_evil_ops"),
        Verdict(State.REMOVED, START, RemovedBy.UNKNOWN),
        Verdict(State.SHADOWBANNED, START, RemovedBy.MODERATORS, "moderator"),
        Verdict(State.HELD, START, None, "automod_filtered"),
        Verdict(State.LIVE, START),
    ],
)
def test_accounts_filters_and_admins_teach_nothing_about_a_text(verdict: Verdict) -> None:
    assert learned("Sign up at https://example.com", verdict=verdict, rules=RULES) == ()


def test_a_body_nobody_kept_teaches_nothing_but_a_title_can() -> None:
    assert learned(None, rules=RULES) == ()
    (pattern,) = learned(None, title="Discount on my app", rules=RULES)
    assert pattern.category == "promotion"


@pytest.mark.parametrize(
    ("rule", "title", "body", "feature", "category"),
    [
        (Rule("No clickbait", "", "all"), "You won't believe this kiln", "It held.", "clickbait", "title"),
        (Rule("No caps", "Titles in all caps are removed.", "all"), "THIS KILN IS ON FIRE", "x", "capitals", "tone"),
        (Rule("No emojis", "Emojis and hashtags are removed.", "all"), "How", "It held 🚀", "emoji", "tone"),
        (Rule("Be civil", "No insults.", "all"), "How", "You idiot", "insult", "tone"),
        (Rule("No screenshots", "", "all"), "How", "https://imgur.com/a/x", "image_only", "format"),
        (
            Rule("English only", "", "all"),
            "Wie",
            "Das ist " + "nicht und auch der die das " * 5,
            "non_english",
            "language",
        ),
        (Rule("Surveys", "Surveys are not allowed.", "all"), "How", "Take my short survey", "survey", "topic"),
        (Rule("No vote begging", "", "all"), "How", "Please upvote it", "votes", "votes"),
        (Rule("No referral links", "", "all"), "How", "https://a.example/?ref=me", "referral", "link"),
        (
            Rule("Promo Saturday", "Self-promotion is only allowed on Saturdays.", "all"),
            "Sign up",
            "x",
            "off_day",
            "timing",
        ),
        (
            Rule("Don't DM", "Do not invite people to private chats.", "all"),
            "How",
            "DM me",
            "direct_messages",
            "promotion",
        ),
    ],
)
def test_a_text_that_a_rule_speaks_against_teaches_a_pattern_that_catches_it(
    rule: Rule, title: str, body: str, feature: str, category: str
) -> None:
    snapshot = RulesSnapshot(1, "terminal:local", "harbor", Basis.REDDIT_API, START, (rule,))
    posted = Text(title, body, weekday=1)
    [pattern] = [one for one in taught(tracked(), BY_MODERATORS, posted, rules=snapshot) if one.feature == feature]
    assert (pattern.category, pattern.confidence) == (category, BACKED_BY_RULE)
    assert rule.short_name in pattern.body
    assert pattern.catches(posted)
    assert not pattern.catches(Text("How it went", "The kiln was hot and the pot held for a week.", weekday=1))
    welcoming = Rule("Welcome", "Everything is welcome here.", "all")
    assert taught(tracked(), BY_MODERATORS, posted, rules=replace(snapshot, rules=(welcoming,))) == ()


def test_what_a_person_said_of_a_rule_holds_for_lessons_as_it_does_for_drafts() -> None:
    links = Rule("No links", "Links are removed.", "all")
    snapshot = replace(RULES, rules=(links,))
    body = "Read on at https://example.com/more"
    assert [pattern.feature for pattern in learned(body, rules=snapshot)] == ["link"]
    free = Demand(Topic.LINKS, Stance.NONE, "Links are removed.")
    said = KeptDemand(rule_key(links), links.short_name, free, READ_BY_PERSON, START, "alice", START)
    assert learned(body, rules=snapshot, demands=(said,)) == ()


def test_what_a_rule_welcomes_teaches_nothing() -> None:
    fine = RulesSnapshot(
        1,
        "terminal:local",
        "harbor",
        Basis.REDDIT_API,
        START,
        (Rule("Self-promotion is welcome", "", "all"), Rule("Links", "There is no rule against links.", "all")),
    )
    assert learned("Sign up at https://example.com", rules=fine) == ()


@pytest.mark.parametrize("key", [key for key, feature in FEATURES.items() if feature.topics or key == "first_person"])
def test_whatever_text_teaches_a_pattern_is_caught_by_it(key: str) -> None:
    known = profile_of([kept(n, body="word " * (120, 200, 400)[n % 3]) for n in range(150)])
    for example in (*EXAMPLES[key][0], *EXAMPLES[key][1]):
        posted = text(example)
        for pattern in taught(tracked(), BY_MODERATORS, posted, rules=RULES, profile=known):
            assert pattern.catches(posted), (pattern, example)
            assert not pattern.catches(text(("A kiln", "word " * 200)))


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=600)), st.text(max_size=10))
def test_any_text_gives_few_short_patterns(title: str, body: str | None, name: str) -> None:
    found = learned(body, title=title, rules=RULES, product=name, profile=profile_of([kept(n) for n in range(60)]))
    assert len(found) <= 3
    assert all(pattern.catches(Text(title, body or "", name or None)) for pattern in found)
    assert all(0 < pattern.confidence <= BACKED_BY_RULE and 0 < len(pattern.body) <= 300 for pattern in found)


def test_of_many_patterns_the_best_founded_come_first_and_only_three_are_kept() -> None:
    rules = replace(RULES, rules=(Rule("No promotion", "No adverts, no capitals in titles.", "all"),))
    rare = profile_of([kept(n, body="See https://example.com" if n % 50 == 0 else "It held") for n in range(200)])
    body = "Paperboat is told of at https://example.com/more"
    found = learned(body, rules=rules, profile=rare, product="Paperboat")
    assert [(p.category, p.confidence) for p in found[:2]] == [
        ("promotion", BACKED_BY_RULE),
        ("link", BACKED_BY_NORMS),
    ]
    many = learned(
        f"Sign up. {body}",
        title="READ THIS NOW PLEASE",
        rules=rules,
        profile=rare,
        product="Paperboat",
    )
    assert [p.confidence for p in many] == [BACKED_BY_RULE] * 3


def test_of_two_rules_about_one_thing_the_one_that_forbids_it_is_cited_whichever_stands_first() -> None:
    limits, forbids = Rule("One link", "One link at most.", "all"), Rule("No links", "Links are not allowed.", "all")
    for rules in ((limits, forbids), (forbids, limits)):
        (pattern,) = learned("See https://example.com/more", rules=replace(RULES, rules=rules))
        assert "their rule: No links" in pattern.body


# ---------------------------------------------------------------- whole patterns

CITED = "(their rule: No links)"


def snapshot(*listed: Rule) -> RulesSnapshot:
    return replace(RULES, rules=listed)


def test_what_is_learned_names_the_post_and_the_rule_it_rests_on() -> None:
    rules = snapshot(Rule("No  links\n", "Links are not allowed.", "all"))
    assert learned("See https://example.com/more", rules=rules) == (
        NewPattern(
            campaign_id=3,
            community="harbor",
            category="link",
            body=f"{FEATURES['link'].pattern} {CITED}",
            source="removal",
            confidence=BACKED_BY_RULE,
            tracked_post_id=7,
            feature="link",
            params={},
        ),
    )
    long = learned("See https://example.com", rules=snapshot(Rule("No links " + "x" * 200, "No links.", "all")))
    assert f"(their rule: No links {'x' * 91})" in long[0].body


def test_promotion_on_a_wrong_day_is_learned_with_the_days_that_are_meant_for_it() -> None:
    rules = snapshot(Rule("Promo days", "Self-promotion is only allowed on Saturdays and Sundays.", "all"))
    posted = Text("How it went", "Sign up for it.", None, None, 1)
    [pattern] = [one for one in taught(tracked(), BY_MODERATORS, posted, rules=rules) if one.feature == "off_day"]
    assert (pattern.params, pattern.confidence, pattern.body) == (
        {"weekdays": [5, 6], "with": "self_promotion"},
        BACKED_BY_RULE,
        "Promotion on a day not meant for it (their rule: Promo days)",
    )
    on_a_saturday = Text("How it went", "Sign up for it.", None, None, 5)
    assert "off_day" not in {one.feature for one in taught(tracked(), BY_MODERATORS, on_a_saturday, rules=rules)}


@pytest.mark.parametrize(("every", "is_rare"), [(8, True), (7, True), (6, False)])
def test_a_feature_is_rare_below_fifteen_percent(every: int, is_rare: bool) -> None:
    linked, plain = {"body": "See https://example.com"}, {"body": "It held"}
    known = profile_of([kept(n, **(linked if n % every == 0 else plain)) for n in range(840)])
    found = learned("Read on at https://example.com/more", profile=known)
    assert [(one.feature, one.confidence, one.body) for one in found] == (
        [("link", BACKED_BY_NORMS, f"{FEATURES['link'].pattern} (rare there)")] if is_rare else []
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (59, ("short_text", {"words": 60}, "A text of 59 words: most posts there have 120 to 400")),
        (60, None),
        (800, None),
        (1801, ("long_text", {"words": 800}, "A text of 1,801 words: most posts there have 120 to 400")),
        (0, None),
    ],
)
def test_a_length_is_learned_beyond_half_the_shortest_and_twice_the_longest_usual(
    words: int, expected: tuple[str, dict[str, int], str] | None
) -> None:
    band = profile_of([kept(n, body="word " * (120, 120, 200, 400, 400)[n % 5]) for n in range(150)])
    found = learned("word " * words, profile=band)
    assert [(one.feature, one.params, one.body, one.confidence) for one in found] == (
        [(*expected, BACKED_BY_NORMS)] if expected else []
    )
    few = profile_of([kept(n, body="word " * 200) for n in range(12)])
    assert learned("word " * words, profile=few) == ()


def test_a_feature_that_a_rule_and_the_norms_speak_against_is_learned_once_by_the_rule() -> None:
    rare = profile_of([kept(n, body="See https://example.com" if n % 50 == 0 else "It held") for n in range(200)])
    rules = snapshot(Rule("No links", "Links are not allowed.", "all"))
    (pattern,) = learned("See https://example.com/more", rules=rules, profile=rare)
    assert (pattern.confidence, pattern.body) == (BACKED_BY_RULE, f"{FEATURES['link'].pattern} {CITED}")
