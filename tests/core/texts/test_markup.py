"""What of a text is prose, code or a quote, where its links are, and where a place of it stands as written."""

from __future__ import annotations

import re

import pytest

from core.texts.markup import BODY, MAX_CHARS, TITLE, Link, Part, Span, Text, host_of, in_lower_case, without_code


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.Acme.example/x", "acme.example"),
        ("ACME.example/x?y", "acme.example"),
        (" www.acme.example ", "acme.example"),
        ("https://www.www.acme.example", "www.acme.example"),
        ("https://me@acme.example:8080/x", "acme.example"),
        ("/r/name", ""),
        ("", ""),
        ("http://[broken", ""),
    ],
)
def test_an_address_has_a_host(address: str, host: str) -> None:
    assert host_of(address) == host
    assert Link(0, 1, address).host == host


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a `b` c", "a     c"),
        ("a ``` b\nc ``` d", "a      \n      d"),
        ("a ``` b\nc", "a      \n "),
        ("    code\ntext", "        \ntext"),
        ("text\n    no code", "text\n    no code"),
        ("text\n\n    code\n\tmore\nend", "text\n\n        \n     \nend"),
        ("text\n \n\tcode", "text\n \n     "),
        ("`a\nb`", "`a\nb`"),
        ("“a” `b`", "“a”    "),
    ],
)
def test_blanks_stand_in_place_of_a_bodys_code(written: str, text: str) -> None:
    assert Part(BODY, written).text == text
    assert Part(TITLE, written).text == written


@pytest.mark.parametrize(
    ("written", "prose"),
    [
        ("> said\nand\n   > more\n    > four", "      \nand\n         \n    > four"),
        ("see https://a.example/x now", "see                     now"),
        ("see [the list](https://a.example) now", "see  the list" + " " * 20 + " now"),
        ("see ![a picture](https://a.example/b) now", "see " + " " * 33 + " now"),
        ("[https://b.example](https://a.example)", " " * 38),
        ("a.example and b.example.", "          and          ."),
        ("a `x` b", "a     b"),
        ("no mark", "no mark"),
    ],
)
def test_prose_is_what_the_author_says_at_its_place(written: str, prose: str) -> None:
    assert len(prose) == len(written)
    assert Part(BODY, written).prose == prose


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("```js\nlisten({port: 80});\n```", "     \n                   \n   "),
        ("```\nx = f(y)\nWe sold 12 sacks; all of rye.\n```", "   \n        \nWe sold 12 sacks; all of rye.\n   "),
        ("```We sold 12 sacks```", "   We sold 12 sacks   "),
        ("```\nport: 80", "   \nport: 80"),
        ("Set `--port=80` or `12 sacks`.", "Set             or `12 sacks`."),
        (
            "So:\n\n    total = sum(sacks)\n    We sold 12 sacks = all.",
            "So:\n\n                      \n    We sold 12 sacks = all.",
        ),
        ("So:\n    x = 1", "So:\n    x = 1"),
        ('```\n"port": 80,\n"note": "we sold 12 sacks"\n```', '   \n           \n"note": "we sold 12 sacks"\n   '),
        ("`a_b c-d` `ls -la` `f(x)` `a::b`", " " * 32),
        ("none", "none"),
    ],
)
def test_what_is_set_as_code_and_reads_as_prose_stays_where_claims_are_looked_for(written: str, left: str) -> None:
    assert without_code(written) == left
    assert len(left) == len(written)


def test_a_titles_quote_sign_quotes_nothing() -> None:
    assert Part(TITLE, "> 5 days").prose == "> 5 days"


@pytest.mark.parametrize(
    ("written", "links"),
    [
        ("[a](https://b.example/x) c", [Link(0, 24, "https://b.example/x")]),
        ("![a](https://b.example/x.)", [Link(0, 26, "https://b.example/x", True)]),
        ('[a](/r/x) [b](www.c.example "t")', [Link(0, 9, "/r/x"), Link(10, 32, "www.c.example")]),
        ("https://b.example/x, and", [Link(0, 19, "https://b.example/x")]),
        ("see WWW.b.example!", [Link(4, 17, "WWW.b.example")]),
        ("see www.kiln", [Link(4, 12, "www.kiln")]),
        ("see www.… or https://", []),
        ("http://a (www.b)", [Link(0, 8, "http://a"), Link(10, 15, "www.b")]),
        ("c.example, then www.b.example", [Link(0, 9, "c.example"), Link(16, 29, "www.b.example")]),
        (
            "b.example/x?y. Socket.IO asp.net 1.2.co me@b.example",
            [Link(0, 13, "b.example/x?y"), Link(33, 39, "1.2.co")],
        ),
        ("bit.ly is.it notion.so notion.so/x", [Link(0, 6, "bit.ly"), Link(23, 34, "notion.so/x")]),
        ("`a.example` b", []),
        ("none", []),
    ],
)
def test_all_links_are_found_in_the_order_of_the_text(written: str, links: list[Link]) -> None:
    assert list(Part(BODY, written).links) == links


def test_a_texts_links_are_its_titles_then_its_bodys() -> None:
    text = Text("a.example", "b.example and c.example")
    assert [link.address for link in text.links] == ["a.example", "b.example", "c.example"]
    assert [(part.name, part.written) for part in text.parts] == [(TITLE, text.title), (BODY, text.body)]
    assert Text("one two", " three  four\nfive ").words == 3
    assert Text("one").words == 0


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("plain", "plain"),
        ("it’s ‘it ʼn", "it's 'it 'n"),
        ("４０ ½ ﬁn…", "40 1⁄2 fin..."),
        ("a\u200bb\u00adc", "abc"),
        ("é ü", "é ü"),
    ],
)
def test_characters_are_folded_to_those_that_a_reader_sees(written: str, folded: str) -> None:
    assert Part(BODY, written).folded == folded


@pytest.mark.parametrize(
    ("written", "start", "end", "span"),
    [
        ("plain text", 6, 10, (6, 10)),
        ("a\u200bb ﬁn ok", 0, 2, (0, 3)),
        ("a\u200bb ﬁn ok", 3, 5, (4, 5)),
        ("a\u200bb ﬁn ok", 3, 6, (4, 6)),
        ("a\u200bb ﬁn ok", 7, 9, (7, 9)),
        ("a\u200bb ﬁn ok", 3, 3, (4, 4)),
        ("a\u200bb", 1, 1, (2, 2)),
    ],
)
def test_a_place_of_the_folded_text_is_one_of_the_text_as_written(
    written: str, start: int, end: int, span: tuple[int, int]
) -> None:
    assert Part(BODY, written).span(start, end) == Span(BODY, *span, written[slice(*span)])


def test_a_pattern_is_found_in_the_layer_that_is_asked() -> None:
    part = Part(BODY, "> Kiln\n`kiln` KILN kilns")
    blind = re.compile(r"\bkiln\b", re.IGNORECASE)
    assert [span.start for span in part.spans(blind, "prose")] == [14]
    assert [span.start for span in part.spans(blind, "text")] == [2, 14]
    assert [span.start for span in part.spans(blind, "folded")] == [2, 8, 14]
    assert [span.words for span in part.spans(re.compile(r"> (?P<w>\w+)"), "text")] == ["Kiln"]
    assert list(part.spans(re.compile(r"(?P<w>x?)kilns"), "prose")) == []
    assert [span.words for span in part.spans(re.compile(r"KI\w+"), "prose")] == ["KILN"]
    assert [span.words for span in Part(BODY, "É KILN").spans(blind, "prose")] == ["KILN"]
    assert list(Part(BODY, "É oven").spans(blind, "prose")) == []
    assert list(part.spans(re.compile("oven", re.IGNORECASE), "prose")) == []


@pytest.mark.parametrize(
    ("pattern", "flags", "lowered"),
    [
        (r"\bkiln\b", re.IGNORECASE, True),
        (r"\Akiln\W\S(?P<w>x)", re.IGNORECASE, True),
        (r"kiln", re.NOFLAG, False),
        (r"Kiln", re.IGNORECASE, False),
        (r"[A-Z]", re.IGNORECASE, False),
        (r"(?-i:kiln)", re.IGNORECASE, False),
    ],
)
def test_a_pattern_is_matched_in_lower_case_where_that_makes_no_difference(
    pattern: str, flags: re.RegexFlag, lowered: bool
) -> None:
    plain = in_lower_case(re.compile(pattern, flags | re.MULTILINE))
    assert (plain is not None) is lowered
    if plain is not None:
        assert plain.pattern == pattern
        assert plain.flags & re.MULTILINE
        assert not plain.flags & re.IGNORECASE


def test_a_text_is_read_as_far_as_reddit_takes_it() -> None:
    assert MAX_CHARS == 40_000
    assert Part(BODY, "a" * 40_001).folded == "a" * 40_000
    assert Part(BODY, "é" * 40_001).folded == "é" * 40_000
