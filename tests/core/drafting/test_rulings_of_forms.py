"""What rules ask of a title, a flair, a link's host or the time between two posts, in words that no topic names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.communities import Rule
from core.drafting.history import History
from core.drafting.rulings import Compliance, check_rules, rulings
from core.drafting.text import Text
from core.requirements import Flair
from tests.core.drafting.material import grounds, rules
from tests.core.drafting.ruled import own

BROKEN, KEPT, CANNOT_TELL = Compliance.BROKEN, Compliance.KEPT, Compliance.CANNOT_TELL
NAMES_IT = "I made Tallybird for that, it counts hours."
FLAIRS = tuple(Flair(name, name) for name in ("Trip report", "Tool", "Question"))


def standing(rule: Rule, title: str, body: str, *, flair: str = "", days_ago: float | None = None) -> set[str]:
    """The codes of what one rule finds broken."""
    history = [own("Tallybird counts", NAMES_IT, days_ago=days_ago)] if days_ago is not None else []
    on = grounds(ruled=replace(rules(rule), flairs=FLAIRS))
    found = rulings(Text(title, body, (), flair), replace(on, history=History(texts=tuple(history))))
    return {one.code for one in found if one.compliance is BROKEN}


@pytest.mark.parametrize(
    ("description", "body", "flair", "broken"),
    [
        ("Tool is for websites and apps, your own included.", NAMES_IT, "Trip report", {"rule:flair"}),
        ("Tool is for websites and apps, your own included.", NAMES_IT, "Tool", set()),
        ("Tool is for websites and apps, your own included.", "We walked for six days.", "Trip report", set()),
        ("If your post talks about an app, the flair is Tool.", NAMES_IT, "Question", {"rule:flair"}),
        ("Question: you want an answer. Trip report: a journey.", NAMES_IT, "Question", set()),
    ],
)
def test_a_flair_that_is_set_aside_for_own_things_is_asked_of_them(
    description: str, body: str, flair: str, broken: set[str]
) -> None:
    assert standing(Rule("Flair that fits", description, "all"), "A title", body, flair=flair) == broken


@pytest.mark.parametrize(
    ("title", "broken"), [("How do you count hours?", set()), ("How I count hours", {"rule:title"})]
)
def test_a_title_that_must_ask_has_a_question_mark(title: str, broken: set[str]) -> None:
    rule = Rule("Questions only", "Titles have to end with a question mark.", "all")
    assert standing(rule, title, "Six boats went out.") == broken


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ("This is the one: https://www.ebay.co.uk/itm/28", {"rule:links"}),
        ("The manual: https://press.example/manual", set()),
        ("I found it on eBay.", set()),
    ],
)
def test_a_site_that_a_ban_names_must_not_be_linked(body: str, broken: set[str]) -> None:
    rule = Rule("No listings", "No links to eBay, Marketplace or shops. Manuals are fine.", "all")
    assert standing(rule, "A press", body) == broken


@pytest.mark.parametrize(
    ("description", "broken"),
    [
        ("You can name your business, but no links, no prices.", {"rule:links"}),
        ("No survey links, waitlists or questionnaires.", set()),
        ("No crowdfunding links.", set()),
    ],
)
def test_a_ban_after_a_comma_is_one_and_a_ban_on_some_links_is_about_those(description: str, broken: set[str]) -> None:
    body = "The manual: https://press.example/manual"
    assert standing(Rule("Ask here", description, "all"), "A press", body) & {"rule:links"} == broken


@pytest.mark.parametrize(
    ("description", "broken"),
    [
        ("If you make it, say so. Do not link your shop, site or repository.", {"rule:own_site"}),
        ("Services may be named but not linked.", {"rule:own_site"}),
        ("On the other six days do not link to it.", set()),
        ("Pictures that are not linked to their source are removed.", set()),
        ("Do not link to it unless somebody asks.", set()),
    ],
)
def test_what_may_be_named_and_not_linked_is_not_linked(description: str, broken: set[str]) -> None:
    body = f"{NAMES_IT} See https://tallybird.example/tour"
    assert standing(Rule("Makers welcome", description, "all"), "A title", body) & {"rule:own_site"} == broken


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("No recruiting", "Looking for staff, interns or an agency? Use the thread on the first of the month."),
        ("No call-outs", "Guest searches, job offers, sponsor searches: monthly thread. Always."),
        ("Help in the open", "Please don't ask people to message you, and don't offer to message them."),
        ("Feedback Friday", "'Roast my page' and any other request for feedback on your own product: Fridays only."),
        ("No tricks with links", "No affiliate, referral or shortened links."),
    ],
)
def test_a_rule_about_something_else_forbids_neither_a_product_nor_a_link(name: str, description: str) -> None:
    assert standing(Rule(name, description, "all"), "A title", f"{NAMES_IT} https://tallybird.example") == set()


def test_where_a_rule_lets_some_links_stand_a_person_reads_which() -> None:
    description = "A direct link to free rules is fine. No links to stores or your own shop."
    body = f"{NAMES_IT} https://tallybird.example/rules"
    assert standing(Rule("Links", description, "all"), "A title", body) & {"rule:links", "rule:promotion"} == set()


@pytest.mark.parametrize(
    ("description", "days_ago", "broken"),
    [
        ("You may post about your own app once in 90 days.", 24, {"frequency"}),
        ("You may post about your own app once in 90 days.", 95, set()),
        ("You may post about your own app once in 90 days.", None, set()),
        ("Your own app is welcome, once every 30 days each.", 24, {"frequency"}),
        ("Say that your own app is yours, and post about it no more than once in 30 days.", 24, {"frequency"}),
    ],
)
def test_own_things_may_be_shown_once_in_so_many_days(
    description: str, days_ago: float | None, broken: set[str]
) -> None:
    assert (
        standing(Rule("Makers", description, "all"), "A title", NAMES_IT, days_ago=days_ago) & {"frequency"} == broken
    )


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        (
            "I threw my notes at ChatGPT and had it turn them into text. ChatGPT turned my notes into this.",
            {"rule:ai_text"},
        ),
        ("This text was written with the help of an AI.", {"rule:ai_text"}),
        ("I asked ChatGPT for a fingering and it gave me six fingers.", set()),
        ("This was not written by ChatGPT, I swear.", set()),
        ("How do you tell essays that were written by an AI?", set()),
        ("I am tired of posts generated with AI.", set()),
    ],
)
def test_a_text_that_says_a_model_wrote_it_breaks_a_ban_on_that(body: str, broken: set[str]) -> None:
    assert (
        standing(Rule("Your own words", "No text written by ChatGPT or any other AI.", "all"), "A plan", body) == broken
    )


def test_a_ban_on_own_links_is_told_beside_one_on_promotion_of_the_same_rule() -> None:
    rule = Rule("Makers: welcome, but no links to your own things", "Do not link your shop, site or repository.", "all")
    on = grounds(ruled=rules(rule))
    told = check_rules(Text("A title", f"{NAMES_IT} https://tallybird.example"), on)
    assert "rule:own_site" in {remark.code for remark in told}
