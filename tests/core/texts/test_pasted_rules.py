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
        assert len(rule.short_name) <= 100
        assert all(word in text for word in rule.description.split())


def test_a_wiki_page_is_taken_apart_as_a_whole() -> None:
    page = "".join(f"{number}. Rule number {number}\n{'Some words about it. ' * 18}\n" for number in range(1, 95))[
        :LONGEST
    ]
    assert len(page) > 35_000
    assert len(rules_in(page)) >= 90


def named(text: str) -> list[tuple[str, str]]:
    return [(rule.short_name, rule.description) for rule in rules_in(text)]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("1. No ads\n\nNone.\n\n2. No links", [("No ads", "None."), ("No links", "")]),
        ("1. No ads\r\nNone.\r2. No links\r\n", [("No ads", "None."), ("No links", "")]),
        ("1. No ads\nonly one number", [("No ads", "only one number")]),
        ("1.5 percent\n2.5 percent\n- No ads\n- No links", [("No ads", ""), ("No links", "")]),
        ("# 1. __No ads__:\nNone.\n## 2. No links", [("No ads", "None."), ("No links", "")]),
        ("Hello\n# No ads #\n# No links:\nNone", [("No ads #", ""), ("No links", "None")]),
        ("- No XXX:\n- No links:", [("No XXX", ""), ("No links", "")]),
        ("• No ads\n– No links", [("No ads", ""), ("No links", "")]),
        ("No ads\n \nNo links\n\n\n\nBe kind", [("No ads", ""), ("No links", ""), ("Be kind", "")]),
    ],
)
def test_a_text_is_taken_apart_at_these_places(text: str, rules: list[tuple[str, str]]) -> None:
    assert named(text) == rules


def test_a_name_has_a_hundred_characters_at_most() -> None:
    name = "n" * 100
    assert named(name) == [(name, "")]
    assert named(f"{name}n") == [(name, "n")]
    assert named(f"{name}\nmore") == [(name, "more")]
    assert named(f"{'w' * 60} {'w' * 60}\nmore") == [("w" * 60, f"{'w' * 60}\nmore")]
    assert named(f"x {'w' * 120}") == [("x", "w" * 120)]
    assert named(f"{'w' * 99} w w") == [("w" * 99, "w w")]
    assert named(f"{'w' * 100} w") == [("w" * 100, "w")]
    assert named(f"{'s' * 99}. {'w' * 60}") == [(f"{'s' * 99}.", "w" * 60)]
    assert named(f"{'s' * 100}. {'w' * 60}") == [("s" * 100, f". {'w' * 60}")]
    assert named(f"Be kind. Be brief: {'w' * 100}") == [("Be kind.", f"Be brief: {'w' * 100}")]
    assert named(f"v1.2 is out: {'w' * 100}") == [("v1.2 is out", "w" * 100)]


def test_two_hundred_rules_of_forty_thousand_characters_are_read() -> None:
    assert [rule.short_name for rule in rules_in("".join(f"- r{n}\n" for n in range(201)))] == [
        f"r{n}" for n in range(200)
    ]
    assert [rule.short_name for rule in rules_in("\n\n".join(f"r{n}" for n in range(201)))] == [
        f"r{n}" for n in range(200)
    ]
    assert named("a\n\n" + "b" * 39_997 + "c") == [("a", ""), ("b" * 100, "b" * 39_897)]


def test_every_rule_is_one_of_posts_and_comments() -> None:
    assert {rule.kind for rule in rules_in("- a\n- b")} == {rule.kind for rule in rules_in("a\n\nb")} == {"all"}


def test_the_number_of_a_single_rule_is_no_part_of_its_name() -> None:
    assert rules_in("1. No ads\nNone, ever.") == (Rule("No ads", "None, ever.", "all"),)
    assert rules_in("Rule 1: No ads.") == (Rule("No ads.", "", "all"),)
