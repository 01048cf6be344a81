"""Blanks in the forms that people and models give them, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.blanks import blanks_in

BLANKS = (
    "[how many users?]",
    "____ users",
    "I have <number> users",
    "{{x}}",
    "{first_name}, hello",
    "XX users",
    "grew by XX%",
    "[...]",
    "[…]",
    "(fill in)",
    "TK",
    "cost TK dollars",
    "[your own words: a title]",
    "[number] users",
    "[COMPANY NAME]",
    "[X users]",
    "<your name>",
    "${amount}",
    "we earn $XX a month",
    "[insert link]",
    "[add a story]",
    "[link here]",
    "[Name] told me",
    "(your city here)",
    "TBD",
    "TODO",
    "lorem ipsum dolor",
    "[]",
    "%NAME%",
    "[date]",
    "[xx]",
    "[XXX]",
    "X% of people",
    "$X,XXX a month",
    "(insert example)",
    "(TBD)",
    "[specific result]",
    "[product name]",
    "[city]",
    "[??]",
    "[___]",
    "we have ?? users",
    "[my first customer's name]",
    "[what happened]",
    "[month/year]",
    "(number?)",
    "<insert figure>",
    "<city>",
    "[brief anecdote about the launch]",
    "[How long did it take?]",
    "[N] weeks",
    "Name: _____",
    "[e.g. 20%]",
    "[name of the tool]",
    "(name here)",
    "[placeholder]",
    "[amount] euros",
    "[$ amount]",
    "<<name>>",
    "[TK]",
    "[ your number ]",
    "[company]",
    "the price is [price]",
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


@pytest.mark.parametrize("text", BLANKS)
def test_a_blank_is_found_in_a_text(text: str) -> None:
    assert blanks_in(f"A title\n{text}")


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
