"""Rulings word for word, and all rules of a community together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.communities import Rule
from core.demands import KeptDemand, rule_key
from core.drafting.drafts import Poster
from core.drafting.history import History
from core.drafting.rulings import Compliance, Ruling, check_rules, rule_by_rule, rulings
from core.drafting.text import Text
from core.requirements import Flair
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand
from tests.core.drafting.material import NOW, grounds, rules
from tests.core.drafting.ruled import (
    BODY,
    BROKEN,
    CANNOT_TELL,
    HERE,
    KEPT,
    LINKED,
    NAMED,
    TITLE,
    WRITTEN,
    asked,
    own,
    ruled,
    told,
)

# ---------------------------------------------------------------- all rules together


def test_of_what_a_rule_asks_the_worst_is_told() -> None:
    at_most = Demand(Topic.LENGTH, Stance.REQUIRES, "At most 2 words.", number=2, unit="words")
    timing = Demand(Topic.TIMING, Stance.REQUIRES, "Do not flood us.")
    kind = Demand(Topic.CIVILITY, Stance.FORBIDS, "Be kind.")
    assert [one.topic for one in rule_by_rule(Text(TITLE, BODY), asked(kind, timing, at_most))] == [Topic.LENGTH]
    assert [one.topic for one in rule_by_rule(Text(TITLE, BODY), asked(kind, timing))] == [Topic.TIMING]
    assert [one.compliance for one in rule_by_rule(Text(TITLE, BODY), asked(kind))] == [KEPT]


def test_a_rule_that_asks_nothing_readable_is_to_be_read_unless_it_is_for_comments() -> None:
    unread, comments = Rule("Vibes", "Keep the harbour a harbour.", "all"), Rule("Replies", "Vibes.", "comment")
    on = grounds(ruled=rules(unread, comments))
    assert rule_by_rule(Text(TITLE, BODY), on) == (
        Ruling("Vibes", None, CANNOT_TELL, "Read it yourself.", quote="Keep the harbour a harbour."),
    )


def test_only_a_broken_rule_is_a_problem_and_one_about_something_else_is_not_told() -> None:
    kind = Demand(Topic.CIVILITY, Stance.FORBIDS, "Be kind.")
    timing = Demand(Topic.TIMING, Stance.REQUIRES, "Do not flood us.")
    on = asked(kind, timing)
    broken, unsure, fine = "You are an idiot.", "I felt like an idiot that day.", BODY
    levels = [[remark.level for remark in check_rules(Text(TITLE, body), on)] for body in (broken, unsure, fine)]
    assert levels == [["problem"], ["advice"], []]
    [remark] = check_rules(Text(TITLE, broken), on)
    assert (remark.check, remark.code) == ("rules", "rule:civility")
    assert remark.text.startswith(f"r/{HERE} has a rule: “Rule 1”. It insults somebody")


# ---------------------------------------------------------------- rulings in whole


@pytest.mark.parametrize(
    ("demand", "body", "standing", "said"),
    [
        (Demand(Topic.LINKS, Stance.FORBIDS, "Do not link to your blog."), LINKED, BROKEN,
         "The text links the site of Tallybird."),
        (Demand(Topic.LINKS, Stance.FORBIDS, "Do not link to your blog."), NAMED, KEPT,
         "Nothing in it speaks against that."),
        (Demand(Topic.LINKS, Stance.FORBIDS, "No links."), "See https://a.example.", BROKEN,
         "The text has a link in the text."),
        (Demand(Topic.LINKS, Stance.FORBIDS, "Do not link to your blog."), "See https://a.example.", CANNOT_TELL,
         "The text has a link: read whether the rule means it."),
        (Demand(Topic.LINKS, Stance.FORBIDS, "Do not link to your blog."), BODY, KEPT,
         "Nothing in it speaks against that."),
        (Demand(Topic.PROMOTION, Stance.FORBIDS, "No advertising links."), NAMED, BROKEN, "The text names Tallybird."),
        (Demand(Topic.PROMOTION, Stance.FORBIDS, "No LINKS of yours."), NAMED, KEPT,
         "Nothing in it speaks against that."),
        (Demand(Topic.PROMOTION, Stance.FORBIDS, "No LINKS of yours."), LINKED, BROKEN,
         "The text links the site of Tallybird."),
        (Demand(Topic.REFERRAL, Stance.FORBIDS, "No codes."), "Use code SAVE20 at checkout.", BROKEN,
         "The text has a code or a link that pays somebody: “code SAVE20”."),
        (Demand(Topic.SURVEYS, Stance.ALLOWS_WHEN, "There.", condition="in the weekly Thread"), "Take my short survey.",
         BROKEN, "The text has a survey: “Take my short survey”. That belongs in a thread there, not in a post."),
        (Demand(Topic.DIRECT_MESSAGES, Stance.ALLOWS_WHEN, "There.", condition="in the weekly thread"), "DM me.",
         CANNOT_TELL, "The text has an invitation to write privately: “DM me”. Read whether the rule allows it."),
        (Demand(Topic.PROMOTION, Stance.ONLY_ON, "Promotion sometimes."), NAMED, CANNOT_TELL,
         "The text names Tallybird. Read whether the rule allows it."),
        (Demand(Topic.PROMOTION, Stance.REQUIRES, "Be open.", condition="when you disclose it"), NAMED, KEPT,
         "The text names Tallybird. It says whose it is."),
        (Demand(Topic.SURVEYS, Stance.REQUIRES, "Disclose it."), "Take my short survey.", CANNOT_TELL,
         "The text has a survey: “Take my short survey”. Read whether the rule allows it."),
    ],
)  # fmt: skip
def test_what_a_text_has_is_told_with_what_the_rule_makes_of_it(
    demand: Demand, body: str, standing: Compliance, said: str
) -> None:
    is_nothing = said == "Nothing in it speaks against that."
    assert ruled(demand, Text(TITLE, body)) == Ruling(
        "Rule 1", demand.topic, standing, said, f"rule:{demand.topic}", not is_nothing, demand.quote
    )


@pytest.mark.parametrize(
    ("quote", "description", "told_as"),
    [
        ("No links.", "As it is written.", "No links."),
        ("Rule 1", "As it is written.", "As it is written."),
        (" Rule 1 ", "As it is written.", "As it is written."),
        ("", "As it is written.", "As it is written."),
        ("Rule 1", "", "Rule 1"),
    ],
)
def test_a_ruling_quotes_the_sentence_that_asks_it_or_the_description(
    quote: str, description: str, told_as: str
) -> None:
    rule = Rule("Rule 1", description, "link")
    demand = Demand(Topic.CIVILITY, Stance.FORBIDS, quote)
    kept = (KeptDemand(rule_key(rule), rule.short_name, demand, "rules", NOW),)
    [ruling] = rulings(Text(TITLE, BODY), replace(grounds(ruled=rules(rule)), demands=kept))
    assert ruling.quote == told_as


def test_a_ratio_that_is_not_given_is_one_in_ten() -> None:
    demand = Demand(Topic.PROMOTION, Stance.RATIO, "Take part more than you promote.")
    plain = [own(f"Question {n}", f"Other words, number {n}", days_ago=n + 1) for n in range(9)]
    assert told(ruled(demand, Text(TITLE, NAMED), *plain)) == (
        KEPT,
        "The text names Tallybird. So do 0 of your 9 posts of the last 90 days there; 1 of 10 may.",
        "ratio",
        True,
    )
    assert ruled(demand, Text(TITLE, NAMED), *plain[1:]).compliance is CANNOT_TELL


def test_a_post_of_a_teammate_is_none_of_ones_own() -> None:
    demand = Demand(Topic.TIMING, Stance.REQUIRES, "One post a week.")
    by_bob = replace(own("A", "b", days_ago=1), by="bob")
    by_alice = replace(asked(demand), history=History(texts=(by_bob,)), poster=Poster("U1", "alice", None))
    [ruling] = rulings(Text(TITLE, BODY), by_alice)
    assert ruling.compliance is KEPT
    [ruling] = rulings(Text(TITLE, BODY), replace(by_alice, poster=Poster("U2", "bob", None)))
    assert ruling.compliance is BROKEN


@pytest.mark.parametrize(
    ("stance", "text", "standing", "said", "concerns"),
    [
        (Stance.FORBIDS, Text(TITLE, "Let's delve into it."), CANNOT_TELL,
         "The text has phrases that language models like.", True),
        (Stance.FORBIDS, Text(TITLE, BODY, ("Other words\nabout kilns", WRITTEN)), BROKEN,
         "A model wrote this text: write it in your own words.", True),
        (Stance.FORBIDS, Text(TITLE, BODY, (TITLE,)), KEPT, "A person wrote this text.", False),
    ],
)  # fmt: skip
def test_a_text_that_reads_like_a_models_is_to_be_read(
    stance: Stance, text: Text, standing: Compliance, said: str, concerns: bool
) -> None:
    demand = Demand(Topic.AI_TEXT, stance, "No AI texts.")
    assert told(ruled(demand, text)) == (standing, said, "rule:ai_text", concerns)


@pytest.mark.parametrize(
    ("title", "body", "words", "standing"),
    [
        (TITLE, "Honestly, you are an idiot.", "idiot", BROKEN),
        (TITLE, "What an idiot. You too.", "idiot", CANNOT_TELL),
        (TITLE, "You wait. I felt like an idiot.", "idiot", CANNOT_TELL),
        ("My friend, an idiot", BODY, "idiot", CANNOT_TELL),
    ],
)
def test_whom_a_rude_word_means_is_read_from_the_words_before_it(
    title: str, body: str, words: str, standing: Compliance
) -> None:
    ruling = ruled(Demand(Topic.CIVILITY, Stance.FORBIDS, "Be kind."), Text(title, body))
    said = "It insults somebody" if standing is BROKEN else "The text has a rude word"
    assert ruling.compliance is standing
    assert ruling.text.startswith(f"{said}: “")
    assert words in ruling.text


def test_rules_are_told_one_by_one_in_their_order_the_worst_of_each() -> None:
    length = Rule("Length", "Posts have at most 2 words.", "all")
    listed = rules(Rule("Be kind", "No insults.", "all"), length, Rule("Vibes", "Harbour.", "all"),
                   Rule("Replies", "No insults.", "comment"))  # fmt: skip
    told_rules = rule_by_rule(Text(TITLE, "You idiot, you idiot."), grounds(ruled=listed))
    assert [(one.rule, one.compliance) for one in told_rules] == [
        ("Be kind", BROKEN),
        ("Length", BROKEN),
        ("Vibes", CANNOT_TELL),
    ]
    assert rule_by_rule(Text(TITLE, BODY), replace(grounds(), rules=None)) == ()
    assert list(check_rules(Text(TITLE, BODY), replace(grounds(), rules=None))) == []


def test_a_kind_of_post_on_another_day_is_told_with_the_days() -> None:
    weekends = Rule("Trip reports on weekends only", "Then.", "all")
    monday = NOW - timedelta(days=NOW.weekday())
    for day, standing, code, said in (
        (0, BROKEN, "weekday:timing", "It is such a post. That is for Saturday, Sunday; today is Monday."),
        (5, KEPT, "rule:timing", "It is such a post. Today is Saturday."),
    ):
        on = replace(grounds(ruled=rules(weekends)), now=monday + timedelta(days=day))
        found = [one for one in rulings(Text("Trip report: the island", BODY), on) if one.topic is Topic.TIMING]
        assert found == [Ruling(weekends.short_name, Topic.TIMING, standing, said, code, True, weekends.description)]
    comments = replace(grounds(ruled=rules(replace(weekends, kind="comment"))), now=monday)
    assert [one for one in rulings(Text("Trip report: the island", BODY), comments) if one.topic is Topic.TIMING] == []


@pytest.mark.parametrize(
    ("flair", "flairs", "quote", "expected"),
    [
        ("Story", (), "Flair every post.", (KEPT, "The text has a flair: “Story”.", False)),
        ("", (Flair("Story"),), "All posts must have a flair.", (BROKEN, "The draft has no flair.", True)),
        ("", (), "All posts must have a flair.", (CANNOT_TELL, "Only a person can tell.", False)),
        (None, (Flair("Story"),), "All posts must have a flair.", (CANNOT_TELL, "Only a person can tell.", False)),
        ("", (Flair("Story"),), "Flairs are nice.", (CANNOT_TELL, "Only a person can tell.", False)),
    ],
)
def test_a_rule_about_flairs_is_broken_by_none_where_there_are_some(
    flair: str | None, flairs: tuple[Flair, ...], quote: str, expected: tuple[Compliance, str, bool]
) -> None:
    on = asked(Demand(Topic.FLAIR, Stance.REQUIRES, quote))
    assert on.rules is not None
    on = replace(on, rules=replace(on.rules, flairs=flairs))
    [ruling] = rulings(Text(TITLE, BODY, flair=flair), on)
    assert (ruling.compliance, ruling.text, ruling.concerns) == expected


def test_a_title_without_any_of_the_tags_is_told_six_of_them() -> None:
    tags = ", ".join(f"[Tag{letter}]" for letter in "ABCDEFGH")
    rule = Rule("Title format", f"{tags} at the start of your title.", "all")
    found = [
        one for one in rulings(Text("A quiet river", BODY), grounds(ruled=rules(rule))) if one.topic is Topic.TITLE
    ]
    assert [(one.compliance, one.text, one.concerns) for one in found] == [
        (BROKEN, "The title has none of [TagA], [TagB], [TagC], [TagD], [TagE], [TagF].", True)
    ]
