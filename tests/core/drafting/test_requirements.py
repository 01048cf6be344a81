"""A draft that Reddit would refuse is stopped before somebody posts it, with what is asked in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drafting.checks import check
from core.drafting.drafts import Remark
from core.drafting.history import History, OwnText
from core.drafting.requirements import check_requirements
from core.drafting.text import Text
from core.model import State
from core.requirements import Flair, Requirements
from tests.core.drafting.material import NOW, grounds, rules

TITLE, BODY = "How long do you wait before you remind somebody?", "Mine paid after nine days. " * 5


def remarks(
    asked: dict[str, Any],
    title: str = TITLE,
    body: str = BODY,
    flair: str | None = None,
    flairs: tuple[Flair, ...] | None = None,
    history: History | None = None,
) -> list[Remark]:
    held = replace(rules(), requirements=Requirements.read(asked), flairs=flairs)
    standing = replace(grounds(ruled=held), history=history or History())
    return list(check_requirements(Text(title, body, flair=flair), standing))


def codes(*arguments: Any, level: str = "problem", **named: Any) -> list[str]:
    return [
        remark.code.removeprefix("requirement:") for remark in remarks(*arguments, **named) if remark.level == level
    ]


@pytest.mark.parametrize(
    ("asked", "title", "body", "code"),
    [
        ({"title_text_min_length": 60}, TITLE, BODY, "title_length"),
        ({"title_text_max_length": 20}, TITLE, BODY, "title_length"),
        ({"title_required_strings": ["[Help]", "[Show]"]}, TITLE, BODY, "title_words"),
        ({"title_blacklisted_strings": ["% OFF"]}, "Now 20% off", BODY, "title_words"),
        ({"title_regexes": [r"^\[\w+\] "]}, TITLE, BODY, "title_pattern"),
        ({"body_restriction_policy": "required"}, TITLE, "  ", "body"),
        ({"body_restriction_policy": "notAllowed"}, TITLE, BODY, "body"),
        ({"body_text_min_length": 500}, TITLE, BODY, "body_length"),
        ({"body_text_max_length": 50}, TITLE, BODY, "body_length"),
        ({"body_required_strings": ["budget:"]}, TITLE, BODY, "body_words"),
        ({"body_blacklisted_strings": ["DM me"]}, TITLE, "So dm me, please.", "body_words"),
        ({"body_regexes": [r"budget: \d+"]}, TITLE, BODY, "body_pattern"),
        ({"domain_blacklist": ["shop.example"]}, TITLE, "See https://www.shop.example/a", "domain"),
        ({"domain_blacklist": ["shop.example"]}, TITLE, "See [it](https://eu.shop.example/a)", "domain"),
        ({"domain_whitelist": ["wiki.example"]}, TITLE, "See https://shop.example/a", "domain"),
    ],
)
def test_what_reddit_refuses_is_a_problem(asked: dict[str, Any], title: str, body: str, code: str) -> None:
    assert codes(asked, title, body) == [code]
    kept = check(Text(title, body), replace(grounds(ruled=replace(rules(), requirements=Requirements.read(asked)))))
    assert f"requirement:{code}" in {remark.code for remark in kept if remark.level == "problem"}


@pytest.mark.parametrize(
    ("asked", "title", "body"),
    [
        ({"title_text_min_length": len(TITLE), "title_text_max_length": len(TITLE)}, TITLE, BODY),
        ({"title_required_strings": ["[Help]", "[Show]"]}, "[help] Late payers", BODY),
        ({"title_blacklisted_strings": ["% off"]}, TITLE, BODY),
        ({"title_regexes": [r"^\[\w+\] ", r"\?$"]}, TITLE, BODY),
        ({"body_restriction_policy": "notAllowed"}, TITLE, ""),
        ({"body_text_min_length": len(BODY.strip()), "body_text_max_length": len(BODY.strip())}, TITLE, BODY),
        ({"domain_blacklist": ["shop.example"]}, TITLE, "See https://myshop.example/a"),
        ({"domain_whitelist": ["wiki.example"]}, TITLE, "See https://en.wiki.example/a and https://redd.it/x1"),
        ({"domain_blacklist": ["shop.example"], "link_restriction_policy": "none"}, TITLE, "https://shop.example/a"),
    ],
)
def test_what_keeps_to_it_is_fine(asked: dict[str, Any], title: str, body: str) -> None:
    assert [remark.level for remark in remarks(asked, title, body)] == ["ok"]


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|a)*$", r"a.*b.*c.*d", "(", r"\p{Lu}", "x" * 400])
def test_a_pattern_that_cannot_be_tried_here_is_told_and_never_tried(pattern: str) -> None:
    """Some would run for minutes on a text made for them."""
    asked = {"title_regexes": [pattern], "body_regexes": [pattern]}
    title, body = "a" * 200 + "!", "a" * 30_000 + "!"
    assert codes(asked, title, body) == []
    assert codes(asked, title, body, level="advice") == ["title_pattern", "body_pattern"]


WHERE = "r/harborfounders"


@pytest.mark.parametrize(
    ("asked", "body", "said"),
    [
        ({"title_text_min_length": 60}, BODY, f"The title has 48 characters; {WHERE} takes none below 60."),
        ({"title_text_max_length": 20}, BODY, f"The title has 48 characters; {WHERE} takes 20 at most."),
        ({"title_required_strings": ["[Help]", "[Show]"]}, BODY, "The title must have “[Help]” or “[Show]”."),
        ({"title_blacklisted_strings": ["LONG"]}, BODY, "The title has “LONG”, which is refused there."),
        ({"title_regexes": ["^How much"]}, BODY, f"The title does not fit what {WHERE} asks for: “^How much”"),
        ({"body_restriction_policy": "required"}, "  ", f"{WHERE} takes no post without a text."),
        (
            {"body_restriction_policy": "notAllowed"},
            BODY,
            f"{WHERE} takes no text in a post: only a title with a link or a picture.",
        ),
        ({"body_text_min_length": 500}, BODY, f"The text has 134 characters; {WHERE} takes none below 500."),
        ({"body_text_max_length": 50}, BODY, f"The text has 134 characters; {WHERE} takes 50 at most."),
        ({"body_required_strings": ["budget:"]}, BODY, "The text must have “budget:”."),
        (
            {"body_blacklisted_strings": ["Mine", "nine"]},
            BODY,
            "The text has “Mine” and “nine”, which is refused there.",
        ),
        ({"body_regexes": ["budget"]}, BODY, f"The text does not fit what {WHERE} asks for: “budget”"),
        ({"domain_blacklist": ["a.example"]}, "https://eu.a.example/b", f"{WHERE} takes no links to eu.a.example."),
        (
            {"domain_whitelist": ["wiki.example"]},
            "See https://shop.example/a",
            f"{WHERE} takes links to wiki.example only; it links to shop.example.",
        ),
    ],
)
def test_what_reddit_refuses_is_told_with_what_it_asks(asked: dict[str, Any], body: str, said: str) -> None:
    assert [remark.text for remark in remarks(asked, TITLE, body) if remark.level == "problem"] == [said]


def test_a_pattern_that_repeats_is_tried_on_a_short_text_and_any_other_on_the_longest() -> None:
    plain, repeats = {"body_regexes": ["budget"]}, {"body_regexes": [r"budget: \d+"]}
    short, long = "a" * 4_000, "a" * 4_001
    assert codes(plain, TITLE, long) == codes(repeats, TITLE, short) == ["body_pattern"]
    assert codes(repeats, TITLE, long) == []
    assert codes(repeats, TITLE, long, level="advice") == ["body_pattern"]


FLAIRS = (Flair("Story", "f1"), Flair("Weekly thread", "f2", mod_only=True))


@pytest.mark.parametrize(
    ("chosen", "level", "told"),
    [
        ("", "problem", "takes no post without one: Story."),
        (None, "advice", "takes no post without a flair: Story."),
        ("Stories", "problem", "“Stories” is not one of its flairs: Story."),
        ("Weekly thread", "problem", "is given by moderators only: Story."),
    ],
)
def test_a_flair_that_is_missing_or_wrong_is_told_with_those_that_there_are(
    chosen: str | None, level: str, told: str
) -> None:
    found = [
        r for r in remarks({"is_flair_required": True}, flair=chosen, flairs=FLAIRS) if r.code == "requirement:flair"
    ]
    assert [remark.level for remark in found] == [level]
    assert told in found[0].text


@pytest.mark.parametrize("chosen", ["Story", " story ", "f1"])
def test_a_flair_of_the_community_is_fine(chosen: str) -> None:
    assert codes({"is_flair_required": True}, flair=chosen, flairs=FLAIRS) == []


def test_no_flair_is_fine_where_none_is_required_or_nothing_is_known() -> None:
    assert codes({}, flair="", flairs=FLAIRS) == []
    assert codes({}, flair="Anything", flairs=None) == []
    assert list(check_requirements(Text(TITLE, BODY, flair=""), grounds())) == []


@pytest.mark.parametrize(
    ("days", "community", "state", "told"),
    [
        (29, "harborfounders", State.LIVE, ["repost"]),
        (30, "harborfounders", State.LIVE, []),
        (3, "elsewhere", State.LIVE, []),
        (3, "harborfounders", None, []),  # a draft that nobody posted
    ],
)
def test_a_link_of_ours_may_not_come_again_too_soon(
    days: int, community: str, state: State | None, told: list[str]
) -> None:
    own = OwnText(
        community, "A talk", "See https://www.talk.example/x/", NOW - timedelta(days=days), "alice", state=state
    )
    body = "Here it is: http://talk.example/x"
    assert codes({"link_repost_age": 30}, TITLE, body, history=History(texts=(own,))) == told


@given(st.text(max_size=80), st.text(max_size=200), st.none() | st.text(max_size=20))
def test_any_text_is_checked_without_fail(title: str, body: str, flair: str | None) -> None:
    asked = {
        "title_text_min_length": 5,
        "title_regexes": [r"\w+ \w+"],
        "body_blacklisted_strings": ["x"],
        "domain_whitelist": ["a.example"],
        "is_flair_required": True,
        "link_repost_age": 3,
    }
    for remark in remarks(asked, title, body, flair, FLAIRS):
        assert remark.text
        assert remark.code.startswith("requirement")


# ---------------------------------------------------------------- whole remarks, bounds and flairs


def told_of(code: str, text: str, level: str = "problem") -> Remark:
    return Remark("requirements", level, text, f"requirement:{code}")


FINE = Remark("requirements", "ok", f"It meets what Reddit requires of a post in {WHERE}.", "requirement")


def test_what_is_met_is_told_once_and_what_is_not_known_not_at_all() -> None:
    assert remarks({}) == [FINE]
    assert list(check_requirements(Text(TITLE, BODY), grounds())) == []
    both = remarks({"title_text_max_length": 20, "body_text_max_length": 50})
    assert [remark.code for remark in both] == ["requirement:title_length", "requirement:body_length"]


@pytest.mark.parametrize(
    ("asked", "title", "body", "expected"),
    [
        ({"title_text_min_length": 5}, "", BODY, [FINE]),
        ({"title_text_min_length": 5}, "abcd", BODY,
         [told_of("title_length", f"The title has 4 characters; {WHERE} takes none below 5.")]),
        ({"title_text_max_length": 4}, " abcd ", BODY, [FINE]),
        ({"title_text_max_length": 4}, "abcde", BODY,
         [told_of("title_length", f"The title has 5 characters; {WHERE} takes 4 at most.")]),
        ({"body_text_min_length": 5}, TITLE, "", [FINE]),
        ({"body_text_min_length": 2000}, TITLE, "x" * 1999,
         [told_of("body_length", f"The text has 1,999 characters; {WHERE} takes none below 2,000.")]),
        ({"body_text_max_length": 1000}, TITLE, "x" * 1001,
         [told_of("body_length", f"The text has 1,001 characters; {WHERE} takes 1,000 at most.")]),
        ({"body_restriction_policy": "notAllowed", "body_text_min_length": 500}, TITLE, "x",
         [told_of("body", f"{WHERE} takes no text in a post: only a title with a link or a picture.")]),
        ({"title_required_strings": ["a1", "b2", "c3", "d4", "e5"]}, "x", BODY,
         [told_of("title_words", "The title must have “a1”, “b2”, “c3” or “d4”.")]),
        ({"body_blacklisted_strings": ["w" * 61, "w" * 60]}, TITLE, "W" * 61,
         [told_of("body_words", f"The text has “{'w' * 59}…” and “{'w' * 60}”, which is refused there.")]),
        ({"title_regexes": ["^a", "^b", "^c", "^d", "^e"]}, "x", BODY,
         [told_of("title_pattern", f"The title does not fit what {WHERE} asks for: “^a” or “^b” or “^c” or “^d”")]),
        ({"title_regexes": ["^a", "^x"]}, "x", BODY, [FINE]),
        ({"title_regexes": ["^a"]}, "", BODY, [FINE]),
        ({"title_regexes": ["^a", "(a+)+"]}, "x", BODY,
         [told_of("title_pattern",
                  f"The title must fit a pattern of {WHERE} that cannot be tried here: “(a+)+”", "advice")]),
        ({"title_regexes": ["(a+)+", "^x"]}, "x", BODY, [FINE]),
    ],
)  # fmt: skip
def test_each_requirement_is_told_word_for_word(
    asked: dict[str, Any], title: str, body: str, expected: list[Remark]
) -> None:
    assert remarks(asked, title, body) == expected


@pytest.mark.parametrize(
    ("pattern", "is_tried"),
    [
        ("a*b*", True),
        ("a*b*c*", False),
        (r"\*\+a*b*", True),
        ("[*+]a*b*", True),
        ("[^]*+]a*b*", True),
        ("(ab)", True),
        ("(ab)+", False),
        ("(ab){2}", False),
        ("(ab)?", True),
        ("a{2,}b{,3}c{1,2}", False),
        ("a{2}b{2}c{2}", True),
        ("x" * 300, True),
        ("x" * 301, False),
    ],
)
def test_a_pattern_is_tried_when_it_cannot_take_long(pattern: str, is_tried: bool) -> None:
    [remark] = remarks({"title_regexes": [pattern]}, "zz", BODY)
    assert (remark.level != "advice") is is_tried


@pytest.mark.parametrize(
    ("asked", "body", "expected"),
    [
        ({"domain_blacklist": ["a.example", "b.example"]}, "https://a.example https://x.b.example https://a.example/2",
         f"{WHERE} takes no links to a.example, x.b.example."),
        ({"domain_whitelist": ["w1.example", "w2.example", "w3.example", "w4.example", "w5.example"]},
         "https://a.example https://b.example https://c.example https://d.example https://e.example",
         f"{WHERE} takes links to w1.example, w2.example, w3.example, w4.example only; it links to a.example, "
         "b.example, c.example, d.example."),
        ({"domain_whitelist": ["w.example"]}, "https://w.example https://old.reddit.com/r/tea https://redd.it/x", None),
        ({"domain_blacklist": ["reddit.com"]}, "https://www.reddit.com/r/tea", None),
        ({"domain_blacklist": ["ample"]}, "https://ex.ample https://example", f"{WHERE} takes no links to ex.ample."),
    ],
)  # fmt: skip
def test_domains_are_told_once_each_and_four_at_most(asked: dict[str, Any], body: str, expected: str | None) -> None:
    assert remarks(asked, TITLE, body) == ([told_of("domain", expected)] if expected else [FINE])


@pytest.mark.parametrize(
    ("days", "ago"), [(0, "today"), (1, "yesterday"), (2, "2 days ago"), (29.9, "29 days ago"), (30, None), (-1, None)]
)
def test_a_link_that_was_posted_is_told_with_how_long_ago(days: float, ago: str | None) -> None:
    links = "See https://www.B.example/x/#part and https://a.example/y"
    own = OwnText("harborfounders", "A talk", links, NOW - timedelta(days=days), "alice", state=State.REMOVED)
    older = replace(own, at=NOW - timedelta(days=days + 0.1))
    body = "Here: http://b.example/X and https://a.example/y/"
    found = remarks({"link_repost_age": 30}, TITLE, body, history=History(texts=(own, older)))
    said = f"a.example/y was posted {ago}; {WHERE} asks for 30 days between."
    assert found == ([told_of("repost", said)] if ago else [FINE])
    assert remarks({"link_repost_age": 30}, TITLE, BODY, history=History(texts=(own,))) == [FINE]
    assert remarks({}, TITLE, body, history=History(texts=(own,))) == [FINE]


@pytest.mark.parametrize(
    ("chosen", "needed", "flairs", "expected"),
    [
        (None, True, FLAIRS, told_of("flair", f"{WHERE} takes no post without a flair: Story.", "advice")),
        (None, True, None, told_of("flair", f"{WHERE} takes no post without a flair.", "advice")),
        (None, True, (FLAIRS[1],), told_of("flair", f"{WHERE} takes no post without a flair.", "advice")),
        (None, False, FLAIRS, None),
        (" ", True, FLAIRS, told_of("flair", f"It has no flair, and {WHERE} takes no post without one: Story.")),
        ("", True, (), told_of("flair", f"It has no flair, and {WHERE} takes no post without one.")),
        ("", False, FLAIRS, None),
        (" Tale ", False, FLAIRS, told_of("flair", "“Tale” is not one of its flairs: Story.")),
        ("x" * 61, True, (), told_of("flair", f"“{'x' * 60}” is not one of its flairs.")),
        ("f2", False, FLAIRS, told_of("flair", "“f2” is given by moderators only: Story.")),
        ("Tale", True, None, None),
        ("F1", False, FLAIRS, told_of("flair", "“F1” is not one of its flairs: Story.")),
    ],
)
def test_a_flair_is_told_word_for_word(
    chosen: str | None, needed: bool, flairs: tuple[Flair, ...] | None, expected: Remark | None
) -> None:
    found = remarks({"is_flair_required": needed}, flair=chosen, flairs=flairs)
    assert found == [FINE, *([expected] if expected else [])]


def test_of_many_flairs_twelve_are_offered() -> None:
    many = tuple(Flair(f"F{n}") for n in range(13))
    [_, remark] = remarks({"is_flair_required": True}, flair="", flairs=many)
    assert remark.text.endswith(f"without one: {', '.join(f'F{n}' for n in range(12))}.")
