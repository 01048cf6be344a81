"""What rules ask that no topic names by itself: kinds of post on their days, tags of titles, money, codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.communities import Rule
from core.drafting.rulings import Compliance, rulings
from core.drafting.text import Text
from core.requirements import Flair
from tests.core.drafting.material import NOW, grounds, rules

BROKEN, KEPT, CANNOT_TELL = Compliance.BROKEN, Compliance.KEPT, Compliance.CANNOT_TELL
TUESDAY = NOW - timedelta(days=(NOW.weekday() - 1) % 7)
DUTCH = "Ik heb elf jaar lesgegeven en ik weet nog niet hoe je dat goed uitlegt aan een klas van dertig."


def standing(
    name: str, description: str, title: str, body: str = "Six boats went out.", *, flair: str = "", now: datetime = NOW
) -> set[tuple[Compliance, str]]:
    """How one rule stands with a text: all standings with their codes."""
    ruled = rules(Rule(name, description, "all"))
    ruled = replace(ruled, flairs=(Flair("Question", "f1"),))
    found = rulings(Text(title, body, (), flair), replace(grounds(ruled=ruled), now=now))
    return {(ruling.compliance, ruling.code) for ruling in found}


@pytest.mark.parametrize(
    ("title", "day", "expected"),
    [
        ("Trip report: round the island", 1, {(BROKEN, "weekday")}),
        ("[Trip report] Round the island", 1, {(BROKEN, "weekday")}),
        ("Trip report: round the island", 5, {(KEPT, "weekday")}),
        ("Why are trip reports for weekends only?", 1, set()),
        ("Round the island", 1, set()),
    ],
)
def test_a_kind_of_post_has_its_days(title: str, day: int, expected: set[tuple[Compliance, str]]) -> None:
    now = TUESDAY + timedelta(days=day - 1)
    assert standing("Trip reports on weekends only", "They may be posted then.", title, now=now) == expected


@pytest.mark.parametrize(
    ("description", "title", "found"),
    [
        ("[Help], [Gear], or [Log] at the start of your title.", "A quiet river", (BROKEN, "rule:title")),
        ("[Help], [Gear], or [Log] at the start of your title.", "[Log] A quiet river", (KEPT, "rule:title")),
        ("[Help], [Gear], or [Log] at the start of your title.", "[Sale] A quiet river", (BROKEN, "rule:title")),
        ("Use tags such as [Help], [Gear] in your title.", "[Sale] A quiet river", (KEPT, "rule:title")),
        ("Use [Year] [Make] in your title.", "A quiet river", (CANNOT_TELL, "rule:title")),
    ],
)
def test_a_title_has_one_of_the_tags_that_a_rule_lists(
    description: str, title: str, found: tuple[Compliance, str]
) -> None:
    assert found in standing("Title format", description, title)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("It is free. If it helps you, here is my tip jar.", (BROKEN, "rule:promotion")),
        ("We are on Kickstarter until May.", (BROKEN, "rule:promotion")),
        ("I made Paywise and I am glad of questions.", (KEPT, "rule:promotion")),
    ],
)
def test_a_rule_against_fundraising_is_about_money_and_not_about_a_products_name(
    body: str, found: tuple[Compliance, str]
) -> None:
    ruled = rules(Rule("No fundraising", "No Kickstarter, no donation links.", "all"))
    on = replace(grounds(ruled=ruled))
    named = body.replace("Paywise", on.campaign.name)
    assert found in {(r.compliance, r.code) for r in rulings(Text("How it went", named), on)}
    assert on.rule_on_promotion is None


@pytest.mark.parametrize("name", ["No giveaways", "Discount codes", "No crypto", "No raffles or contests"])
def test_a_rule_against_one_kind_of_promotion_does_not_forbid_a_products_name(name: str) -> None:
    on = grounds(ruled=rules(Rule(name, "Those are removed.", "all")))
    assert on.rule_on_promotion is None


def test_a_rule_that_also_forbids_selling_is_one_about_promotion() -> None:
    on = grounds(ruled=rules(Rule("No fundraising", "No Kickstarter, no selling of products.", "all")))
    assert on.rule_on_promotion is not None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("With code HOPS10 you get ten percent off.", BROKEN),
        ("Use my referral code if you sign up.", BROKEN),
        ("My code of 300 lines reviews itself.", KEPT),
        ("Our area code is new, and the HTTP code is 404.", KEPT),
    ],
)
def test_a_referral_code_is_found_in_words(body: str, found: Compliance) -> None:
    assert (found, "rule:referral") in standing("Referral codes", "Not allowed.", "Where I buy", body)


def test_a_text_may_be_in_a_language_that_the_rule_names() -> None:
    assert (KEPT, "rule:language") in standing("English or Dutch", "Others are removed.", "Hoe doe jij dat?", DUTCH)
    assert (BROKEN, "rule:language") in standing("English only", "Others are removed.", "Hoe doe jij dat?", DUTCH)
    assert (BROKEN, "rule:language") in standing("English or French only", "", "Hoe doe jij dat?", DUTCH)


@pytest.mark.parametrize(
    ("name", "description", "flair", "found"),
    [
        ("Flair your posts", "Posts without flair are removed.", "", BROKEN),
        ("Flair your posts", "Posts without flair are removed.", "Question", KEPT),
        ("User flair", "Please set your own flair.", "", CANNOT_TELL),
    ],
)
def test_a_rule_that_every_post_has_a_flair_is_broken_without_one(
    name: str, description: str, flair: str, found: Compliance
) -> None:
    assert (found, "rule:flair") in standing(name, description, "A quiet river", flair=flair)
