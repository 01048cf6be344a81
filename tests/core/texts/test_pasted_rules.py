"""Rules that a member pasted are taken apart as the community numbers them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.communities import Rule
from core.texts.pasted_rules import LONGEST, rules_in

NUMBERED = """Welcome to our place.

1. No ads
Not even good ones.
2) **Be kind**
3. Flair your post: it helps others. Unflaired posts are removed by the bot, which comes by every few minutes or so.
"""


def test_a_numbered_list_becomes_its_rules_and_what_stands_before_it_none() -> None:
    assert rules_in(NUMBERED) == (
        Rule("No ads", "Not even good ones.", "all"),
        Rule("Be kind", "", "all"),
        Rule(
            "Flair your post",
            "it helps others. Unflaired posts are removed by the bot, which comes by every few minutes or so.",
            "all",
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Rule 1: No ads\nNone.\nRule 2 - No links\nNone.",
        "## No ads\nNone.\n\n## No links\nNone.",
        "**No ads**\n\nNone.\n\n**No links**\n\nNone.",
        "§1 No ads\nNone.\n§2 No links\nNone.",
        "- No ads\n  None.\n- No links\n  None.",
        "No ads\nNone.\n\nNo links\nNone.",
        "Rule I. No ads\nNone.\nRule II. No links\nNone.",
    ],
)
def test_a_list_is_known_however_it_is_marked(text: str) -> None:
    assert [(rule.short_name, rule.description) for rule in rules_in(text)] == [
        ("No ads", "None."),
        ("No links", "None."),
    ]


def test_a_text_in_one_piece_is_one_rule_whose_name_is_its_first_sentence() -> None:
    (rule,) = rules_in("We are friendly. " + "Please read on, there is more to say about it. " * 10)
    assert rule.short_name == "We are friendly."
    assert rule.description.startswith("Please read on")


@pytest.mark.parametrize("text", ["", "  \n \n"])
def test_nothing_holds_no_rule(text: str) -> None:
    assert rules_in(text) == ()


@given(st.text(max_size=300) | st.text(alphabet="1. \r\n#*-Rule:ab", max_size=300))
@example("0\n0\r0")  # lines as old files end them
@example("a " * 60 + "b**c")  # too long for a name, with marks in what is left of it
def test_any_text_is_taken_apart_and_loses_no_word_of_a_rule(text: str) -> None:
    rules = rules_in(text)
    for rule in rules:
        assert len(rule.short_name) <= 101
        assert all(word in text for word in rule.description.split())


def test_a_wiki_page_is_taken_apart_as_a_whole() -> None:
    page = "".join(f"{number}. Rule number {number}\n{'Some words about it. ' * 18}\n" for number in range(1, 95))[
        :LONGEST
    ]
    assert len(page) > 35_000
    assert len(rules_in(page)) >= 90
