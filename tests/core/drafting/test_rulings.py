"""Rule by rule: what each kind of rule says about a draft, from demands as they were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.communities import Rule
from core.demands import KeptDemand, rule_key
from core.drafting.grounds import Grounds
from core.drafting.history import History, OwnText
from core.drafting.rulings import Ruling, Standing, check_rules, rule_by_rule, rulings
from core.drafting.text import Text
from core.model import State
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand
from tests.core.drafting.material import NOW, grounds, rules

TITLE, BODY = "How long do you wait?", "Mine paid after nine days, and I had asked for it twice by then."
BROKEN, KEPT, CANNOT_TELL = Standing.BROKEN, Standing.KEPT, Standing.CANNOT_TELL
HERE = "harborfounders"


def asked(*demands: Demand) -> Grounds:
    """Grounds in which one rule, "Rule 1", asks for these."""
    rule = Rule("Rule 1", "As it is written.", "link")
    kept = tuple(KeptDemand(rule_key(rule), rule.short_name, demand, "rules", NOW) for demand in demands)
    return replace(grounds(ruled=rules(rule)), demands=kept)


def ruled(demand: Demand, text: Text, *history: OwnText, now: datetime = NOW) -> Ruling:
    [ruling] = rulings(text, replace(asked(demand), history=History(texts=history), now=now))
    return ruling


def own(title: str, body: str, *, days_ago: float, community: str = HERE, state: State | None = State.LIVE) -> OwnText:
    return OwnText(community, title, body, NOW - timedelta(days=days_ago), "alice", state=state)


def told(ruling: Ruling) -> tuple[Standing, str, str, bool]:
    return ruling.standing, ruling.text, ruling.code, ruling.concerns


# ---------------------------------------------------------------- a model's text


WRITTEN = f"{TITLE}\n{BODY}"


@pytest.mark.parametrize(
    ("stance", "generated", "body", "standing", "said", "concerns"),
    [
        (Stance.FORBIDS, WRITTEN, BODY, BROKEN, "A model wrote this text: write it in your own words.", True),
        (
            Stance.FORBIDS,
            WRITTEN,
            f"{BODY} Twice",
            BROKEN,
            "A model wrote this text: write it in your own words.",
            True,
        ),
        (Stance.ALLOWS_WHEN, WRITTEN, BODY, CANNOT_TELL, "A model wrote this text: read whether it may.", True),
        (Stance.FORBIDS, "Other words\nabout kilns and glazes", BODY, KEPT, "A person wrote this text.", False),
        (Stance.FORBIDS, "", BODY, KEPT, "A person wrote this text.", False),
    ],
)
def test_a_rule_against_models_asks_who_wrote_it(
    stance: Stance, generated: str, body: str, standing: Standing, said: str, concerns: bool
) -> None:
    text = Text(TITLE, body, (generated,) if generated else ())
    ruling = ruled(Demand(Topic.AI_TEXT, stance, "No AI texts."), text)
    assert told(ruling) == (standing, said, "rule:ai_text", concerns)


# ---------------------------------------------------------------- manners and languages


@pytest.mark.parametrize(
    ("title", "body", "standing", "said"),
    [
        (TITLE, "Honestly, you are an idiot.", BROKEN, "It insults somebody: “"),
        (TITLE, "I felt like an idiot that day.", CANNOT_TELL, "It has a rude word: “"),
        ("You are an idiot", BODY, BROKEN, "It insults somebody: “"),
        ("You ask how long?", "I felt like an idiot that day.", CANNOT_TELL, "It has a rude word: “"),
        (TITLE, BODY, KEPT, "Nothing in it speaks against that."),
    ],
)
def test_a_rude_word_breaks_a_rule_when_it_is_meant_for_somebody(
    title: str, body: str, standing: Standing, said: str
) -> None:
    ruling = ruled(Demand(Topic.CIVILITY, Stance.FORBIDS, "Be kind."), Text(title, body))
    assert (ruling.standing, ruling.concerns) == (standing, standing is not KEPT)
    assert ruling.text.startswith(said)
    assert ("idiot" in ruling.text) == (standing is not KEPT)


# ---------------------------------------------------------------- disclosure


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (BODY, (KEPT, "Nothing in it speaks against that.", "rule:disclosure", False)),
        ("I made Tallybird for that.", (KEPT, "It says whose it is.", "rule:disclosure", True)),
        (
            "Tallybird does that.",
            (BROKEN, "It does not say how you belong to Tallybird.", "disclosure", True),
        ),
    ],
)
def test_a_rule_about_disclosure_asks_whose_product_it_names(
    body: str, expected: tuple[Standing, str, str, bool]
) -> None:
    assert told(ruled(Demand(Topic.DISCLOSURE, Stance.REQUIRES, "Say whose it is."), Text(TITLE, body))) == expected


# ---------------------------------------------------------------- days


def test_a_rule_for_saturdays_is_kept_on_a_saturday_and_on_no_other_day() -> None:
    demand = Demand(Topic.PROMOTION, Stance.ONLY_ON, "Promotion on Saturdays only.", weekdays=(5, 6))
    text = Text(TITLE, "I made Tallybird for that.")
    monday = NOW - timedelta(days=NOW.weekday())
    standings = [ruled(demand, text, now=monday + timedelta(days=day)) for day in range(7)]
    assert [ruling.standing for ruling in standings] == [*[BROKEN] * 5, KEPT, KEPT]
    assert told(standings[0]) == (
        BROKEN,
        "It names Tallybird. That is for Saturday, Sunday; today is Monday.",
        "weekday",
        True,
    )
    assert told(standings[5]) == (KEPT, "It names Tallybird. Today is Saturday.", "rule:promotion", True)


def test_a_text_that_promotes_nothing_keeps_a_rule_for_saturdays_on_any_day() -> None:
    demand = Demand(Topic.PROMOTION, Stance.ONLY_ON, "Promotion on Saturdays only.", weekdays=(5,))
    assert ruled(demand, Text(TITLE, BODY)).standing is KEPT


# ---------------------------------------------------------------- length


@pytest.mark.parametrize(
    ("quote", "number", "unit", "title", "body", "standing", "said"),
    [
        ("At least 5 words.", 5, "words", TITLE, "one two three four", BROKEN, "The text has 4 words."),
        ("At least 5 words.", 5, "words", TITLE, "one two three four five", KEPT, None),
        ("No more than 5 words.", 5, "words", TITLE, "one two three four five six", BROKEN, "The text has 6 words."),
        ("No more than 5 words.", 5, "words", TITLE, "one two three four five", KEPT, None),
        ("At least 3 words.", 3, "words", TITLE, "one", BROKEN, "The text has 1 word."),
        ("A title of at most 9 characters.", 9, "characters", "123456789x", "", BROKEN, "The title has 10 characters."),
        ("A title of at most 9 characters.", 9, "characters", "123456789", "a long text", KEPT, None),
        ("A headline has at least 3 chars.", 3, "chars", "ab", "a long text", BROKEN, "The title has 2 chars."),
        ("At least 2,000 characters.", 2000, "characters", TITLE, "x" * 1999, BROKEN, "The text has 1,999 characters."),
        ("At least 5 sentences.", 5, "sentences", TITLE, "one", CANNOT_TELL, "Only a person can tell."),
        ("Not too short.", None, "", TITLE, "one", CANNOT_TELL, "Only a person can tell."),
    ],
)
def test_a_rule_about_length_counts_what_it_names(
    quote: str, number: int | None, unit: str, title: str, body: str, standing: Standing, said: str | None
) -> None:
    ruling = ruled(Demand(Topic.LENGTH, Stance.REQUIRES, quote, number=number, unit=unit), Text(title, body))
    assert ruling.standing is standing
    assert ruling.text == (said or "Nothing in it speaks against that.")
    assert (ruling.code, ruling.concerns) == ("rule:length", standing is BROKEN)


# ---------------------------------------------------------------- how often


@pytest.mark.parametrize(
    ("quote", "days_ago", "standing"),
    [
        ("One post a week.", 6.9, BROKEN),
        ("One post a week.", 7, KEPT),
        ("Post once per day.", 0.9, BROKEN),
        ("Post once per day.", 1, KEPT),
        ("1 post every 24 hours.", 0.9, BROKEN),
        ("1 post every 24 hours.", 1.1, KEPT),
        ("Once every 3 days.", 2.9, BROKEN),
        ("Once every 3 days.", 3, KEPT),
        ("One post each month.", 29, BROKEN),
        ("One post each month.", 30, KEPT),
        ("Twice a week.", 1, CANNOT_TELL),
        ("Do not flood us.", 1, CANNOT_TELL),
    ],
)
def test_a_rule_about_how_often_counts_from_the_last_post_there(
    quote: str, days_ago: float, standing: Standing
) -> None:
    before = own("Another question", "Other words", days_ago=days_ago)
    ruling = ruled(Demand(Topic.TIMING, Stance.REQUIRES, quote), Text(TITLE, BODY), before)
    assert ruling.standing is standing
    if standing is BROKEN:
        assert told(ruling) == (BROKEN, "You posted there since.", "frequency", True)


@pytest.mark.parametrize(
    "before",
    [own("A", "b", days_ago=1, community="elsewhere"), own("A", "b", days_ago=1, state=None)],
    ids=["elsewhere", "never posted"],
)
def test_what_was_not_posted_there_does_not_count(before: OwnText) -> None:
    assert ruled(Demand(Topic.TIMING, Stance.REQUIRES, "One post a week."), Text(TITLE, BODY), before).standing is KEPT


# ---------------------------------------------------------------- reposts


def test_nearly_the_same_as_an_earlier_post_there_is_a_repost() -> None:
    demand, text = Demand(Topic.REPOSTS, Stance.FORBIDS, "No reposts."), Text(TITLE, BODY)
    same = ruled(demand, text, own(TITLE, f"{BODY} Twice", days_ago=60))
    assert told(same) == (BROKEN, "It says nearly the same as an earlier post of yours.", "rule:reposts", True)
    others = [
        own(TITLE, BODY, days_ago=60, community="elsewhere"),
        own(TITLE, BODY, days_ago=60, state=None),
        own("Which glaze?", "It cracked in the kiln.", days_ago=60),
    ]
    assert told(ruled(demand, text, *others)) == (
        CANNOT_TELL,
        "It is not a repost of yours; search whether others posted it.",
        "rule:reposts",
        False,
    )


# ---------------------------------------------------------------- all rules together


def test_of_what_a_rule_asks_the_worst_is_told() -> None:
    at_most = Demand(Topic.LENGTH, Stance.REQUIRES, "At most 2 words.", number=2, unit="words")
    timing = Demand(Topic.TIMING, Stance.REQUIRES, "Do not flood us.")
    kind = Demand(Topic.CIVILITY, Stance.FORBIDS, "Be kind.")
    assert [one.topic for one in rule_by_rule(Text(TITLE, BODY), asked(kind, timing, at_most))] == [Topic.LENGTH]
    assert [one.topic for one in rule_by_rule(Text(TITLE, BODY), asked(kind, timing))] == [Topic.TIMING]
    assert [one.standing for one in rule_by_rule(Text(TITLE, BODY), asked(kind))] == [KEPT]


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
