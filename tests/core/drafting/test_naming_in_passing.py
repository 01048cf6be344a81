"""Where the rules let a product be named, naming it in passing breaks none; a post about it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.communities import Rule
from core.drafting.grounds import Grounds
from core.drafting.history import History, OwnText
from core.drafting.rulings import Compliance, rulings
from core.drafting.text import Text
from core.model import State
from core.requirements import Flair
from core.texts.rule_topics import Topic
from tests.core.drafting.material import grounds, rules

BROKEN, KEPT, CANNOT_TELL = Compliance.BROKEN, Compliance.KEPT, Compliance.CANNOT_TELL
TITLE = "How long do you wait?"
BAN = Rule("No advertising", "Posts that advertise are removed.", "all")
LENIENT = Rule("Products", "Mentioning in passing what you make is fine.", "all")
STRICT = Rule("Products", "Mentioning in passing what you make is not allowed.", "all")
IN_PASSING = "The text names Tallybird. Read whether the rule allows it."
VISIT = "Go and have a look at our app, the demo is open to everybody."


def told(body: str, *more: Rule, title: str = TITLE) -> tuple[Compliance, str, bool]:
    """What the ban says, beside the other rules: how it stands, why, and whether it concerns the text."""
    found = [one for one in rulings(Text(title, body), on(*more)) if one.rule == BAN.short_name]
    [ruling] = found
    return ruling.compliance, ruling.text, ruling.concerns


def on(*more: Rule) -> Grounds:
    return grounds(ruled=rules(BAN, *more))


@pytest.mark.parametrize("body", ["I asked with Tallybird.", "I asked with Tallybird. Now Tallybird asks by itself."])
def test_a_product_named_in_passing_is_left_to_a_person_where_rules_let_it_be_named(body: str) -> None:
    assert told(body, LENIENT) == (CANNOT_TELL, IN_PASSING, True)
    assert told(body) == (BROKEN, "The text names Tallybird.", True)
    assert told(body, STRICT) == (BROKEN, "The text names Tallybird.", True)


def test_a_product_in_the_title_is_not_named_in_passing() -> None:
    assert told("It took nine days.", LENIENT, title="What Tallybird taught us") == (
        BROKEN,
        "The title names Tallybird.",
        True,
    )


def test_a_product_named_three_times_is_not_named_in_passing() -> None:
    body = "I asked with Tallybird. Now Tallybird asks by itself. Tallybird never forgets."
    assert told(body, LENIENT) == (BROKEN, "The text names Tallybird 3 times.", True)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("Order a copy this week.", "The text has “Order a copy”."),
        ("Now’s the moment, dear all.", "The text has “Now's the moment”."),
        (
            VISIT,
            f"The text sends readers to something of yours: “{VISIT}”.",
        ),
    ],
)
def test_a_product_named_with_a_call_is_not_named_in_passing(call: str, said: str) -> None:
    assert told(f"I asked with Tallybird. {call}", LENIENT) == (BROKEN, said, True)


def test_a_link_to_the_products_site_is_more_than_naming_it() -> None:
    body = "I asked with https://tallybird.example."
    assert told(body, LENIENT) == (BROKEN, "The text links the site of Tallybird.", True)


def test_a_call_without_the_product_is_read_by_its_phrases_alone() -> None:
    assert told("Order a copy this week.", LENIENT)[:2] == (BROKEN, "The text has “Order a copy”.")
    assert told(VISIT, LENIENT)[0] is KEPT


def test_a_text_that_names_nothing_keeps_the_rule() -> None:
    assert told("It took nine days.", LENIENT) == (KEPT, "Nothing in it speaks against that.", False)


def test_a_rule_about_links_alone_does_not_speak_of_a_name() -> None:
    of_links = Rule("No shop links", "No promotional links to your shop.", "all")
    found = rulings(Text(TITLE, "I asked with Tallybird."), grounds(ruled=rules(of_links, LENIENT)))
    assert BROKEN not in {one.compliance for one in found if one.rule == of_links.short_name}


def test_a_rule_on_posts_that_present_something_leaves_a_name_in_passing_to_a_person() -> None:
    sundays = Rule("Own work: Sundays", "Posts that present something you built are for Sundays only.", "all")
    [ruling] = rulings(Text(TITLE, "I asked with Tallybird."), grounds(ruled=rules(sundays)))
    assert (ruling.compliance, ruling.text) == (CANNOT_TELL, IN_PASSING)
    [ruling] = rulings(Text("Tallybird 2.0", "I asked with Tallybird."), grounds(ruled=rules(sundays)))
    assert ruling.compliance is BROKEN
    assert ruling.text.startswith("The title names Tallybird. That is for Sunday; today is ")


MAKERS = Rule(
    "Makers", "If you make an app, you may promote it when you share something useful. Say it is yours.", "all"
)
NO_TRADING = Rule("No trading", "No buying, no selling of products.", "all")


@pytest.mark.parametrize(
    ("body", "compliance"),
    [("Tallybird is our app, and this is how we count.", KEPT), ("Order a copy of Tallybird this week.", BROKEN)],
)
def test_where_makers_may_speak_under_conditions_another_rules_ban_is_on_selling(
    body: str, compliance: Compliance
) -> None:
    found = rulings(Text(TITLE, body), grounds(ruled=rules(MAKERS, NO_TRADING)))
    assert {one.compliance for one in found if one.rule == NO_TRADING.short_name} == {compliance}


@pytest.mark.parametrize(
    ("body", "is_asked"),
    [
        ("Tallybird is our app.", False),
        ("Tallybird is our app. I would like feedback on it.", True),
        ("Tallybird is our app. What do you think of it?", True),
        ("Tallybird is our app, and it counts each coffee roast.", False),
        ("Tallybird is our app. Two reviews of our books came back with questions.", False),
    ],
)
def test_a_flair_for_asking_feedback_is_for_texts_that_ask_it(body: str, is_asked: bool) -> None:
    rule = Rule("Feedback Wednesday", "Asking for feedback on your product: with the Feedback flair.", "all")
    flaired = grounds(ruled=replace(rules(MAKERS, rule), flairs=(Flair("Feedback"), Flair("Story"))))
    found = rulings(Text(TITLE, body, flair="Story"), flaired)
    asked = [one.text for one in found if one.text.endswith("That is for the flair “Feedback”.")]
    assert asked == ["The text names Tallybird. That is for the flair “Feedback”."] * is_asked


@pytest.mark.parametrize(("earlier", "compliance"), [("Do you oil yours?", KEPT), ("Tallybird got a name.", BROKEN)])
def test_a_limit_on_posts_about_the_own_product_counts_no_others(earlier: str, compliance: Compliance) -> None:
    rule = Rule("Once a month", "One post about your own product every 30 days.", "all")
    base = grounds(ruled=rules(rule))
    own = OwnText(base.community, "Earlier", earlier, base.now - timedelta(days=12), "alice", state=State.LIVE)
    found = rulings(Text(TITLE, "Tallybird is our app."), replace(base, history=History(texts=(own,))))
    assert {one.compliance for one in found if one.topic is Topic.TIMING} == {compliance}
