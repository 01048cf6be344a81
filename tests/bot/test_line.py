from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.line import parse_line
from core.errors import BadArgument

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def quoted(text: str, opening: str = '"', closing: str = '"') -> str:
    inside = text.replace("\\", "\\\\")
    for mark in dict.fromkeys(opening + closing):
        inside = inside.replace(mark, f"\\{mark}")
    return f"{opening}{inside}{closing[0]}"


def refusal(attempt: Callable[[], object]) -> BadArgument | None:
    """What `attempt` was refused with; None when it worked. Any other exception is a failure."""
    try:
        attempt()
    except BadArgument as refused:
        return refused
    return None


def test_a_line_has_words_and_then_named_values() -> None:
    line = parse_line('/rao campaign create name=Acme product="two words" keywords="a,b"')
    assert line.words == ("campaign", "create")
    assert line.named == {"name": "Acme", "product": "two words", "keywords": "a,b"}


@given(st.text())
def test_any_line_is_taken_apart_or_refused_in_words(text: str) -> None:
    refused = refusal(lambda: parse_line(text))
    assert refused is None or (refused.what and refused.do)


QUOTES = [
    *(('"', '"'), ("'", "'"), ("“", "”"), ("„", "“”"), ("„", "”“"), ("”", "”"), ("‘", "’"), ("‚", "‘’"), ("‚", "’‘")),
    *(("«", "»"), ("»", "«»"), ("»", "»«")),
]


@example("«0", ("«", "»"))
@example("0 »« 0", ("»", "«»"))
@given(STORABLE, st.sampled_from(QUOTES))
def test_whatever_stands_in_quotes_arrives_as_it_was(text: str, marks: tuple[str, str]) -> None:
    line = parse_line(f"fact add body={quoted(text, *marks)} kind=number")
    assert line.named == {"body": text, "kind": "number"}
    assert line.words == ("fact", "add")


@given(st.lists(st.from_regex(r"[a-zäöü0-9][\w'.,:/#@-]*", fullmatch=True).filter(lambda w: not w.isspace())))
def test_plain_words_stay_what_they_are(words: list[str]) -> None:
    assume(not words or words[0].lower() not in ("rao", "/rao"))
    assert parse_line("  ".join(words)).words == tuple(words)


@pytest.mark.parametrize(
    ("text", "words", "named"),
    [
        ("", (), {}),
        ("/rao", (), {}),
        ("RAO Help", ("Help",), {}),
        ("fact add I don't know", ("fact", "add", "I", "don't", "know"), {}),
        (r'fact add body="one\ntwo"', ("fact", "add"), {"body": "one\ntwo"}),
        (r'fact add body="a\\nb"', ("fact", "add"), {"body": r"a\nb"}),
        (r'x body="say \"hi\" now"', ("x",), {"body": 'say "hi" now'}),
        ("x BODY=yes", ("x",), {"body": "yes"}),
        ("x body=", ("x",), {"body": ""}),
        ("post register https://www.reddit.com/r/a/comments/1abc?x=1", None, {}),
        ("x body=a=b", ("x",), {"body": "a=b"}),
        ("x „so“ „so”", ("x", "so", "so"), {}),
    ],
)
def test_lines_that_people_write(text: str, words: tuple[str, ...] | None, named: dict[str, str]) -> None:
    line = parse_line(text)
    assert line.named == named
    assert words is None or line.words == words


def test_a_quote_that_is_never_closed_is_named() -> None:
    with pytest.raises(BadArgument, match="never closed") as refused:
        parse_line('draft new angle="how we')
    assert '"' in refused.value.do


@pytest.mark.parametrize("line", ['x body="He said "hello" to me"', 'x keywords="a","b"', "x name='a'-b'"])
def test_a_quote_inside_a_text_is_asked_about_and_never_cuts_the_text_in_two(line: str) -> None:
    with pytest.raises(BadArgument, match="closes in the middle") as refused:
        parse_line(line)
    assert "\\" in refused.value.do


def test_a_value_given_twice_is_asked_about() -> None:
    with pytest.raises(BadArgument, match="twice") as refused:
        parse_line("x name=a NAME=b")
    assert refused.value.param == "name"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # One keyboard opens, another closes.
        ('“Acme"', "Acme"),
        ('"Acme”', "Acme"),
        ('“two words"', "two words"),
        ('"two words”', "two words"),
        ('„two words"', "two words"),
        ("„two words„", "two words"),
        ("‘two words'", "two words"),
        ("'two words’", "two words"),
        ("＂two words＂", "two words"),
        # Quotes inside quotes.
        ("“We call it “smart” now”", "We call it “smart” now"),
        ("“We call it “smart””", "We call it “smart”"),
        ("“““deep” in” it”", "““deep” in” it"),
        ('"We call it “smart” now"', "We call it “smart” now"),
        ('“We call it "smart" now”', 'We call it "smart" now'),
        ("„Wir nennen es „schlau“ jetzt“", "Wir nennen es „schlau“ jetzt"),
        ("«Nous disons «malin» ici»", "Nous disons «malin» ici"),
        ("„Wir nennen es “smart” jetzt“", "Wir nennen es “smart” jetzt"),
        # Apostrophes.
        ("'don't'", "don't"),
        ("‘don’t’", "don’t"),
        ("'we don't, they won't'", "we don't, they won't"),
        ('"don\'t"', "don't"),
        ("“the users’ choice”", "the users’ choice"),
        # Marks nobody sees.
        ('\u200b"two words"\u200b', "two words"),
        ('\u2068"two words"\u2069', "two words"),
        ("\ufeffAcme\u200b", "Acme"),
    ],
)
def test_quotes_pair_as_they_were_meant(text: str, value: str) -> None:
    assert parse_line(f"campaign create name={text} url=x").named == {"name": value, "url": "x"}
    assert parse_line(f"campaign create name={text}").named == {"name": value}
    assert parse_line(text).words == (value,)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('x name="Acme', "opens at character 8"),
        ("x name=“Acme and more", "opens at character 8"),
        ("fact add 'tis the season", "opens at character 10"),
        ('x a="b" c="d', "opens at character 11"),
        ('x body="He said "hello" to me"', "(character 17) closes in the middle"),
    ],
)
def test_a_quote_without_its_other_half_is_named_with_its_place(text: str, says: str) -> None:
    with pytest.raises(BadArgument) as refused:
        parse_line(text)
    assert says in refused.value.what


def test_a_command_pasted_with_invisible_marks_is_the_command() -> None:
    assert parse_line("\ufeff/rao help\u200b").words == ("help",)
