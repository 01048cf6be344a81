"""Which rules let posts name the own product, whatever else they say of promotion."""

from __future__ import annotations

import pytest

from core.communities import Rule
from core.texts.rules import lets_name


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("No promotion", "No posts that advertise a product. Mentioning in passing what you make is fine."),
        ("No promotion without a story", "You may name your product inside a useful account."),
        ("Links", "No links in posts. Naming your product is fine, people can find it."),
        ("Fridays", "Businesses are for Fridays. Mentioning your business on other days is fine if you say so."),
        ("Saturdays", "Own work is for Saturdays. On other days you may mention what you make if it is not the point."),
        ("Software", "You may name and link software, your own too, if you say that it is yours."),
        ("Newsletters", "Feel free to mention your newsletter at the end of a post."),
        ("Selling", "No selling, but mentioning is fine."),
        ("Case studies", "Welcome, and you can name your company."),
        (
            "1. Self-promotion is for Saturdays",
            "On the other days you are welcome to speak from experience as an owner and to name your business for "
            "context, but you may not link to it.",
        ),
        (
            "You may say what you do, you may not pitch it",
            "Naming your own firm once, as background, with the words that it is yours: fine. Prices: removed.",
        ),
        ("Workshop staff", "Welcome. Wear the flair Staff and name your workshop when you speak of it. No prices."),
        ("Sundays", "Naming your own software in passing while you ask or explain something else is fine."),
    ],
)
def test_a_rule_lets_posts_name_the_own_product(name: str, description: str) -> None:
    assert lets_name(Rule(name, description, "all"))
    assert lets_name(Rule(name, description, "link"))


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("No promotion", "You may not name your product."),
        ("No promotion", "Mentioning your product is not allowed."),
        ("No promotion", "Mentioning your product isn't okay."),
        ("No promotion", "Never mention your product, links to manuals are fine."),
        ("No promotion", "Posts that name a product are removed."),
        ("Tools", "You can name the tool you use. You can't name the tool you own."),
        ("Tools", "Do not name your tool when you speak of it."),
        ("Tools", "Naming your tool once, as background: removed."),
        ("Brands", "You may name brands."),
        ("Streets", "You may name streets."),
        ("Naming and shaming", "Naming and shaming maintainers isn't welcome here."),
        ("Books", "Authors may mention their book in a comment if someone asks."),
        ("Tools", "Mentioning your product in a reply is ok when someone asked."),
        ("Codes", "You can mention your referral code if someone asks for it."),
        ("Promotion", "May I mention my own product?"),
        ("No promotion", ""),
        ("", ""),
    ],
)
def test_a_rule_that_says_no_such_thing_lets_nothing_be_named(name: str, description: str) -> None:
    assert not lets_name(Rule(name, description, "all"))


def test_what_a_rule_for_comments_allows_is_allowed_in_no_post() -> None:
    assert not lets_name(Rule("Promotion", "You may name your product.", "comment"))
