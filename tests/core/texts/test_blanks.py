"""Blanks in the forms that people and models give them, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.blanks import blanks_in
from core.texts.markup import Span

BLANKS = (  # a text, and its blank
    ("[how many users?]", "[how many users?]"),
    ("____ users", "____"),
    ("I have <number> users", "<number>"),
    ("{{x}}", "{{x}}"),
    ("{first_name}, hello", "{first_name}"),
    ("XX users", "XX"),
    ("grew by XX%", "XX"),
    ("[...]", "[...]"),
    ("[…]", "[…]"),
    ("(fill in)", "(fill in)"),
    ("TK", "TK"),
    ("cost TK dollars", "TK"),
    ("[your own words: a title]", "[your own words: a title]"),
    ("[number] users", "[number]"),
    ("[COMPANY NAME]", "[COMPANY NAME]"),
    ("[X users]", "[X users]"),
    ("<your name>", "<your name>"),
    ("${amount}", "${amount}"),
    ("we earn $XX a month", "$XX"),
    ("[insert link]", "[insert link]"),
    ("[add a story]", "[add a story]"),
    ("[link here]", "[link here]"),
    ("[Name] told me", "[Name]"),
    ("(your city here)", "(your city here)"),
    ("TBD", "TBD"),
    ("TODO", "TODO"),
    ("lorem ipsum dolor", "lorem ipsum"),
    ("[]", "[]"),
    ("%NAME%", "%NAME%"),
    ("[date]", "[date]"),
    ("[xx]", "[xx]"),
    ("[XXX]", "[XXX]"),
    ("X% of people", "X%"),
    ("$X,XXX a month", "$X,XXX"),
    ("(insert example)", "(insert example)"),
    ("(TBD)", "TBD"),
    ("[specific result]", "[specific result]"),
    ("[product name]", "[product name]"),
    ("[city]", "[city]"),
    ("[??]", "[??]"),
    ("[___]", "[___]"),
    ("we have ?? users", "??"),
    ("[my first customer's name]", "[my first customer's name]"),
    ("[what happened]", "[what happened]"),
    ("[month/year]", "[month/year]"),
    ("(number?)", "(number?)"),
    ("<insert figure>", "<insert figure>"),
    ("<city>", "<city>"),
    ("[brief anecdote about the launch]", "[brief anecdote about the launch]"),
    ("[How long did it take?]", "[How long did it take?]"),
    ("[N] weeks", "[N]"),
    ("Name: _____", "_____"),
    ("[e.g. 20%]", "[e.g. 20%]"),
    ("[name of the tool]", "[name of the tool]"),
    ("(name here)", "(name here)"),
    ("[placeholder]", "[placeholder]"),
    ("[amount] euros", "[amount]"),
    ("[$ amount]", "[$ amount]"),
    ("<<name>>", "<<name>"),
    ("[TK]", "[TK]"),
    ("[ your number ]", "[ your number ]"),
    ("[company]", "[company]"),
    ("the price is [price]", "[price]"),
)
NONE = (
    "See [the notes](https://a.example)",
    "[deleted]",
    "[OC] My pots",
    "t\n[Update] It works",
    "- [x] done\n- [ ] open",
    "`[your name]`",
    "```\nTODO: x\n{name}\n```",
    "[1] source",
    "[Question] How do you",
    "[Show] tarn",
    "see [docs][1]",
    "[1]: https://a.example",
    "List<String> items",
    "a < b and c > d",
    "<br> hello",
    "<details><summary>x</summary>",
    "the XX century",
    "Dos Equis XXL",
    "size XXL",
    "snake__case and __bold__",
    "a\n___\nb",
    "TODO list app",
    "TK Maxx",
    "(your mileage may vary)",
    "(add salt)",
    "He said “[the board] did nothing”",
    "arr[0] and arr[i]",
    "I <3 it",
    "What?? Really",
    "wait ... what",
    "(name withheld)",
    "[laughs]",
    "[sic]",
    "x and X",
    "Windows XP",
    "X (formerly Twitter)",
    "[edit: typo]",
    "[Solved] How I",
    "f(x) and {1, 2}",
    "[M4F]",
    "[Hiring]",
    "[For Hire]",
    "[1/3] part one",
    "a[b]",
    "the set {a, b}",
    "<https://a.example>",
    "Add [Rule #2] ",
    "`<number>`",
    "[spoiler]",
    "She told [us] it works",
    "100% sure",
    "to-do lists",
    "Chapter XX of it",
    "[Recipe] Rye",
    "[Story] A",
    "[Numbers] costs",
    "Vitamin K (TK1)",
    "[Serious] why",
    "50% [of them] left",
    "the [Enter] key",
    "press [Ctrl]+[C]",
    "rated [5/5]",
    "[Meta] rules",
    "[translated from German]",
    "[emphasis mine]",
    "[Discussion] What",
    "[PSA] Check your backups",
    "[Weekly thread]",
    "[Help]",
    "[Link] A good text\nbody",
)


@pytest.mark.parametrize(("text", "blank"), BLANKS)
def test_a_blank_is_found_in_a_text(text: str, blank: str) -> None:
    start = len("A title\n") + text.index(blank)
    assert blanks_in(f"A title\n{text}") == (Span("body", start, start + len(blank), blank),)


@pytest.mark.parametrize("text", NONE)
def test_what_says_something_is_no_blank(text: str) -> None:
    assert blanks_in(text) == ()


def test_each_blank_is_counted_once_and_shown_as_written() -> None:
    text = "How **long**?\n’[how many users?]’ and ____ in [city], see [the list](https://a.example), `[code]`"
    assert [span.words for span in blanks_in(text)] == ["[how many users?]", "____", "[city]"]


def test_a_box_is_no_blank_and_brackets_in_a_sentence_are() -> None:
    assert blanks_in("- [x] done\n- [ ] open\n[x] done\n[X] done") == ()
    assert [span.words for span in blanks_in("It takes [X] hours and [ ] people")] == ["[X]", "[ ]"]


@given(st.text(max_size=300))
def test_places_lie_in_the_text_one_after_the_other(text: str) -> None:
    end = 0
    for span in blanks_in(text):
        assert end <= span.start < span.end
        assert text[span.start : span.end] == span.words
        end = span.end


@pytest.mark.parametrize(
    ("text", "blanks"),
    [
        ("{{a}}{{b}}{c}", ["{{a}}", "{{b}}", "{c}"]),
        ("x\n[FOO BAR] and [FOO]", ["[FOO BAR]"]),
        ("x\n[your own words: what it cost\nend", ["[your own words: what it cost"]),
        ("[your words, without an end", ["[your words, without an end"]),
        ("[City]", []),  # a title's tag
        ("[Town name] of it", []),
        ("[Our town name] of it", ["[Our town name]"]),
        ("[Insert town] of it", ["[Insert town]"]),
        ("x\n[City] y", ["[City]"]),
        ("- [ ] open\n[ ] open\nso [ ] open\n[] open", ["[ ]", "[]"]),
        ("x\nso [x] and [X] and\n[X]", ["[X]"]),
        ("x <b>y</b> <name> </b> <a.example://x> < no>", ["<name>"]),
        ("x <B>y</B> <The name/city>", ["<The name/city>"]),
        ("x\n____\ny ____ z", ["____"]),
        ("x [$ amount / month] y", ["[$ amount / month]"]),
        ("`[name]` x ____ y", ["____"]),
        ("1. [x] done\n2) [ ] open\n* [X] done [name]", ["[name]"]),
    ],
)
def test_these_are_blanks_and_nothing_else(text: str, blanks: list[str]) -> None:
    assert [span.words for span in blanks_in(text)] == blanks
