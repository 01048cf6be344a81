"""Each feature is found where it is and nowhere else, in the same way by all who ask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.features import COUNTED, FEATURES, PHRASE, comparable, counted_in, found, name_pattern
from core.texts.markup import Link, Span, Text, host_of
from tests.core.texts.feature_examples import EXAMPLES, PARAMS, text

WHOLE = ("greeting", "first_person", "short_text", "image_only", "non_english", "title_statement", "short_title")
HAVING = [(key, example) for key, (having, _) in EXAMPLES.items() for example in having]
LACKING = [(key, example) for key, (_, lacking) in EXAMPLES.items() for example in lacking]


def test_every_feature_has_examples_and_near_misses() -> None:
    assert set(EXAMPLES) == set(FEATURES)
    assert all(having and (lacking or key == "off_day") for key, (having, lacking) in EXAMPLES.items())


@pytest.mark.parametrize(("key", "example"), HAVING)
def test_a_feature_is_found_where_it_is(key: str, example: str | tuple[str, str]) -> None:
    read = text(example)
    spans = found(key, read, PARAMS.get(key))
    assert spans
    for span in spans:
        assert span.part == "day" or span.words == getattr(read, span.part)[span.start : span.end]


@pytest.mark.parametrize(("key", "example"), LACKING)
def test_a_near_miss_does_not_match(key: str, example: str | tuple[str, str]) -> None:
    assert found(key, text(example), PARAMS.get(key)) == ()


@pytest.mark.parametrize("key", PARAMS)
def test_a_feature_without_what_it_needs_finds_nothing(key: str) -> None:
    everything = Text("A title? 40", "word " * 400, "Tally", "a.example", 3)
    assert found(key, everything) == ()
    odd = {"words": "x", "chars": True, "weekdays": 3, "phrases": "word"}
    assert found(key, everything, odd) == ()


def test_a_day_is_found_only_when_it_is_known_and_not_meant() -> None:
    saturdays = {"weekdays": [5]}
    assert [span.words for span in found("off_day", text("", weekday=4), saturdays)] == ["Friday"]
    assert found("off_day", text("", weekday=5), saturdays) == ()
    assert found("off_day", text("", weekday=None), saturdays) == ()


def test_a_limit_is_met_by_a_text_of_just_that_length() -> None:
    five = text("one two three four five")
    assert found("short_text", five, {"words": 5}) == ()
    assert found("short_text", five, {"words": 5.5})
    assert found("long_text", five, {"words": 5}) == ()
    assert found("long_text", five, {"words": 4.5})


def test_a_place_is_that_of_the_text_as_written() -> None:
    body = "“Go”\u200b: dis\u200bcounted rates, ４０ times"
    [promoted] = found("promotion", Text("A", body))
    assert promoted == Span("body", 7, 24, "dis\u200bcounted rate".ljust(17, "s"))
    [number] = found("number", Text("A", body))
    assert number.words == "４０"


def test_links_are_given_once_each_in_their_order_with_their_hosts() -> None:
    body = "[https://b.example](https://b.example/x) then www.a.example, c.example/y. [d](/r/d)"
    links = Text("See e.example", body).links
    assert [link.address for link in links] == [
        "e.example",
        "https://b.example/x",
        "www.a.example",
        "c.example/y",
        "/r/d",
    ]
    assert [link.host for link in links] == ["e.example", "b.example", "a.example", "c.example", ""]
    assert Link(0, 1, "http://[broken").host == "" == host_of("")


@pytest.mark.parametrize(
    ("name", "written", "is_named"),
    [
        ("TallyBird", "tally bird", True),
        ("Tally Bird", "TallyBird", True),
        ("C4", "c4", False),
        ("C4", "C4", True),
        ("X", "x marks", False),
        ("7Shifts", "7shifts", True),
        ("Café Uno", "café uno", True),
        ("Fig & Fern", "fig & fern", True),
        ("Fig & Fern", "Fig and Fern", True),
        ("Fig & Fern", "Fig or Fern", False),
        ("Notion", "notional", False),
    ],
)
def test_a_product_is_named_however_people_write_it(name: str, written: str, is_named: bool) -> None:
    assert bool(found("product", Text("", written, name))) is is_named


def test_a_name_without_a_letter_is_found_nowhere() -> None:
    assert name_pattern("!!!") is None
    assert found("product", Text("", "!!!", "!!!")) == ()


def test_what_is_counted_in_profiles_is_what_is_found_in_drafts() -> None:
    for key, example in [*HAVING, *LACKING]:
        read = text(example)
        assert counted_in(read) == {name for name in COUNTED if found(name, read)}, (key, example)


any_words = st.lists(
    st.sampled_from(
        (
            *("sign up", "check it out", "40", "%", "[a](https://b.example)", "DM me", "!", "?", "\n", ">", "*", "#"),
            *("```", "I", "us", "US", "upvote", "www.", ".com", "a.b.co", "\u200b", "🚀", "TALLY", "ON", "FIRE"),
            *("hi", "all", "survey", "é", "３", "[", "]", "(", ")"),
        )
    ),
    max_size=25,
).map(" ".join)


@given(title=st.one_of(st.text(max_size=60), any_words), body=st.one_of(st.text(max_size=400), any_words))
def test_whatever_is_found_stands_in_the_text(title: str, body: str) -> None:
    read = Text(title, body, "Tally", "b.example", 2)
    for key in FEATURES:
        for span in found(key, read, PARAMS.get(key)):
            if span.part != "day":
                written = getattr(read, span.part)
                assert 0 <= span.start <= span.end <= len(written)
                assert span.words == written[span.start : span.end]


@given(
    case=st.sampled_from(HAVING),
    before=st.lists(st.sampled_from(["It was hot.", "The pot stood.", "Clay dries."]), max_size=3),
    after=st.lists(st.sampled_from(["It was hot.", "The pot stood.", "Clay dries."]), max_size=3),
)
def test_a_feature_is_found_whatever_stands_around_it(
    case: tuple[str, str | tuple[str, str]], before: list[str], after: list[str]
) -> None:
    key, example = case
    is_whole = (FEATURES[key].category == "topic" and FEATURES[key].counted) or key.startswith("opens_")
    if is_whole or key in WHOLE:
        return  # these are about the whole text, or where it begins
    plain = text(example)
    body = "\n\n".join([*before, plain.body, *after])
    assert found(key, Text(plain.title, body, plain.product, plain.site, plain.weekday), PARAMS.get(key))


def words(
    key: str, body: str = "", title: str = "", params: Mapping[str, Any] | None = None, **known: Any
) -> list[str]:
    """Each place of a feature: its part, and its words as written."""
    read = Text(title, body, **known)
    spans = found(key, read, params)
    for span in spans:
        if span.part == "day":
            assert (span.start, span.end) == (0, 0)
        else:
            written = getattr(read, span.part)
            assert 0 <= span.start <= span.end <= len(written)
            assert written[span.start : span.end] == span.words
    return [f"{span.part}: {span.words}" for span in spans]


def test_places_are_given_in_the_order_of_the_text_and_none_inside_another() -> None:
    assert words("promotion", "Get early access, use code ABC1. Check it out: 20% off", "Free trial: sign up") == [
        "title: Free trial",
        "title: sign up",
        "body: early access",
        "body: use code ABC1",
        "body: Check it out",
        "body: 20% off",
    ]
    assert words("self_promotion", "Tally: sign up at tally.example, 20% off", "Why Tally", product="Tally") == [
        "title: Tally",
        "body: Tally",
        "body: sign up at",
        "body: tally.example",
        "body: 20% off",
    ]


@pytest.mark.parametrize(
    ("key", "body", "places"),
    [
        ("list", "- one\n- two", ["- o", "- t"]),
        ("list", "- one\ntwo", []),
        ("list", "1. one\n22) two\n333. three", ["1. o", "22) t", "333. t"]),
        ("list", "    - one\n    - two", []),  # code
        ("formatting", "# Head\ntext **bold** and __also__", ["# H", "**bold**", "__also__"]),
        ("code", "a `b` c\n\n    d", ["`b`", "\n\n    d"]),
        ("quote", "> said\nand\n   > more", ["> said", "   > more"]),
        ("number", "It took 1,200.50 days and 3", ["1,200.50", "3"]),
        ("question", "Why? What? `x?`", ["?", "?"]),
        ("hashtags", "#kiln and a#b, #1 &#39;", ["#kiln"]),
        ("emoji", "ok 🚀✨", ["🚀", "✨"]),
        ("exclamations", "Yes! No! Go", []),
        ("exclamations", "Yes! No! Go!", ["!", "!", "!"]),
        ("exclamations", "Yes!! Go", ["!!"]),
        ("exclamations", "a != b! c", []),
        ("link", "[a](https://b.example) c.example", ["[a](https://b.example)", "c.example"]),
        ("first_person", "I " + "kiln " * 24, ["I"]),
        ("first_person", "I " + "kiln " * 25, []),
        ("first_person", "US " + "kiln " * 3, []),
        ("first_person", "we and us", ["we", "us"]),
        ("capitals", "THIS REALLY HURTS me", ["THIS REALLY HURTS"]),
        ("capitals", "AWS GCP SDK", []),
        ("capitals", "AWS ARGH SDK", []),
        ("capitals", "AWS ARGH EEKS", ["AWS ARGH EEKS"]),
        ("capitals", "AWS HELLO SDK", ["AWS HELLO SDK"]),
        ("capitals", "REALLY HURTS me", []),
        ("image_only", "look https://i.imgur.com/a.png " + "kiln " * 13, ["https://i.imgur.com/a.png"]),
        ("image_only", "look https://i.imgur.com/a.png " + "kiln " * 14, []),
        ("image_only", "look ![x](https://a.example/b)", ["![x](https://a.example/b)"]),
        ("image_only", "https://a.example/b.JPEG?x", ["https://a.example/b.JPEG?x"]),
        ("image_only", "https://a.example/b.jpegs", []),
        ("shortened", "https://bit.ly/a https://notbit.ly/a", ["https://bit.ly/a"]),
        ("survey", "https://forms.gle/a https://x.typeform.com/b", ["https://forms.gle/a", "https://x.typeform.com/b"]),
        ("survey", "https://mytypeform.com/b", []),
        ("survey", "https://DOCS.google.com/Forms/d/1", ["https://DOCS.google.com/Forms/d/1"]),
        ("referral", "https://a.example/x?utm_source=b", ["https://a.example/x?utm_source=b"]),
        ("referral", "https://a.example/invite/b", ["https://a.example/invite/b"]),
        ("referral", "https://www.reddit.com/r/x/invite/b", []),
        ("referral", "https://www.reddit.com/r/x?ref=b", ["https://www.reddit.com/r/x?ref=b"]),
        ("referral", "https://a.example/preferences/b", []),
        ("own_work", "my app: https://a.example", ["my app"]),
        ("own_work", "my app", []),
        ("own_work", "my app: https://www.reddit.com/r/x", []),
        ("own_work", "my app: https://a.example/b.png", []),
        ("own_work", "my app: https://a.example/b.png https://a.example", ["my app"]),
        ("opens_number", "  It took 3 days. Then", ["It took 3 days."]),
        ("opens_number", "It took days. Then 3", []),
        ("opens_question", "**Why?** 3 days", ["**Why?"]),
        ("opens_question", "I ask. Why?", []),
        ("opens_own", "Last year, my kiln broke. Yes", ["Last year, my kiln broke."]),
        ("opens_own", "A kiln broke, my own", []),
        ("opens_greeting", "Hi all, here it is", ["Hi all, here it is"]),
        ("opens_greeting", "History is long", []),
        ("non_english", "das ist ein Ofen und er ist nicht heiß aber groß genug", None),
    ],
)
def test_a_features_places_are_these_and_no_others(key: str, body: str, places: list[str] | None) -> None:
    assert words(key, body) == [f"body: {place}" for place in ([body] if places is None else places)]


@pytest.mark.parametrize(
    ("key", "title", "places"),
    [
        ("title_question", "Why? How?", ["?", "?"]),
        ("title_number", "In 30 days", ["30"]),
        ("title_first_person", "I and my kiln in the US", ["I", "my"]),
        ("title_link", "See a.example", ["a.example"]),
        ("title_statement", "A kiln", ["A kiln"]),
        ("title_statement", "A kiln?", []),
        ("title_statement", "", []),
        ("capitals", "WHY KILNS break", []),
        ("capitals", "WHY DO KILNS bre", ["WHY DO KILNS", "WHY DO KILNS bre"]),
        ("capitals", "KILNSHOPKILNSH abcdef", []),  # seven tenths
        ("capitals", "KILNSHOPKILNSHO abcde", ["KILNSHOPKILNSHO abcde"]),
        ("capitals", "KILNSHOP AB cd", ["KILNSHOP AB cd"]),
        ("capitals", "KILNSHOP ABc", ["KILNSHOP ABc"]),  # eleven letters
        ("capitals", "KILNSHOP Ab", []),  # ten
        ("capitals", "KILNS A bc", []),
        ("capitals", "AWS GCP SDK DDS", []),
        ("capitals", "KILNSHOPx aaaa", []),  # eight of thirteen
    ],
)
def test_a_titles_features_are_these_and_no_others(key: str, title: str, places: list[str]) -> None:
    assert words(key, title=title) == [f"title: {place}" for place in places]


@pytest.mark.parametrize(
    ("site", "product", "address", "is_own"),
    [
        ("https://acme.example/x", "Zorp", "https://www.acme.example/y", True),
        ("acme.example", None, "https://shop.acme.example", True),
        ("acme.example", None, "https://notacme.example", False),
        ("acme.example", None, "https://acme.example.org", False),
        ("acme.example", "Zorp", "https://zorp.com", False),
        ("", "Zorptool", "https://zorptool.com", False),
        (None, "Zorp", "https://zorp.com", True),
        (None, "Zorp", "https://getzorp.com", True),
        (None, "Zorp", "https://zorphq.com", True),
        (None, "Zorp", "https://zorps.com", False),
        (None, "Zorp", "https://a.example/zorp", False),
        (None, "ZORP", "https://my.z-orp.com", True),
        (None, "Zor", "https://zor.com", True),
        (None, "Zo", "https://zo.com", False),
        (None, "Zorpe", "https://zorpeland.com", False),
        (None, "Zorp er", "https://zorperland.com", True),
        (None, "Zorper", "https://our-zorper-blog.com", True),
        (None, "Zorper", "https://a.zorper", False),  # an ending is no name
        (None, None, "https://zorp.com", False),
        ("https://zorper.com", "Zorper", "https://codeberg.org/zorper/firmware", True),
        ("https://zorper.com", "Zorper", "https://github.com/anna/zor-per", True),
        ("https://zorper.com", "Zorper", "https://github.com/anna/other", False),
        ("https://zorper.com", "Zorper", "https://news.com/on-zorper", False),  # somebody else's words
    ],
)
def test_a_link_is_ones_own_by_the_site_else_by_the_products_name(
    site: str | None, product: str | None, address: str, is_own: bool
) -> None:
    assert words("own_site", f"see {address} there", site=site, product=product) == [f"body: {address}"] * is_own


@pytest.mark.parametrize(
    ("key", "params", "title", "is_found"),
    [
        ("short_title", {"chars": 6}, "A kiln", False),
        ("short_title", {"chars": 7}, "A kiln", True),
        ("short_title", {"words": 9}, "A kiln", False),
        ("long_title", {"chars": 6}, "A kiln", False),
        ("long_title", {"chars": 5}, "A kiln", True),
        ("long_title", {"words": 2}, "A kiln", False),
        ("long_title", {"words": 1}, "A kiln", True),
        ("long_title", {"words": 1, "chars": 90}, "A kiln", True),
        ("long_title", {"words": 9, "chars": 5}, "A kiln", True),
        ("long_title", {"words": 9, "chars": 90}, "A kiln", False),
        ("long_title", {"words": True, "chars": "5"}, "A kiln", False),
        ("long_title", {}, "A kiln", False),
    ],
)
def test_a_titles_length_has_bounds(key: str, params: dict[str, Any], title: str, is_found: bool) -> None:
    assert words(key, title=title, params=params) == ["title: A kiln"] * is_found


def test_a_texts_length_has_bounds() -> None:
    assert words("short_text", "one two", params={"words": 3}) == ["body: one two"]
    assert words("short_text", "", "A title", {"words": 1}) == ["title: A title"]
    assert words("short_text", "one two", params={"chars": 3}) == []
    assert words("long_text", "one two", params={"words": 1}) == ["body: one two"]
    assert words("long_text", "", "A title", {"words": -1}) == []
    assert words("no_summary", "kiln " * 299) == []
    assert words("no_summary", "kiln " * 300) == [f"body: {'kiln ' * 300}"]
    assert words("no_summary", "kiln " * 300 + "\n\nTL;DR: kiln") == []


def test_a_day_may_count_only_for_posts_with_something() -> None:
    saturdays = {"weekdays": (5,), "with": "link"}
    assert words("off_day", "see a.example", params=saturdays, weekday=4) == ["day: Friday"]
    assert words("off_day", "see nothing", params=saturdays, weekday=4) == []
    assert words("off_day", "see a.example", params=saturdays, weekday=5) == []
    assert words("off_day", "x", params={"weekdays": [5], "with": None}, weekday=6) == ["day: Sunday"]
    assert words("off_day", "x", params={"weekdays": {5}}, weekday=6) == []
    assert words("off_day", "x", params={"weekdays": []}, weekday=7) == ["day: Monday"]


@pytest.mark.parametrize(
    ("phrases", "body", "places"),
    [
        (["sign up"], "Sign up, SIGN-UP and sign me up", ["Sign up", "SIGN-UP"]),
        (["sign up"], f"sign{'.' * 9}up sign{'.' * 10}up", [f"sign{'.' * 9}up"]),
        (["kiln"], "kilns and Kiln", ["Kiln"]),
        (("kiln", "ran"), "ran kiln", ["kiln", "ran"]),
        (["!!", ""], "!!", []),
        (["don’t"], "Don't", ["Don't"]),
        ("kiln", "kiln", []),
        (None, "kiln", []),
        ([40], "at 40", ["40"]),
        (["kiln"], "> kiln\n`kiln`", ["kiln", "kiln"]),
    ],
)
def test_a_phrase_is_found_whatever_signs_part_its_words(phrases: Any, body: str, places: list[str]) -> None:
    assert words(PHRASE, body, params={"phrases": phrases}) == [f"body: {place}" for place in places]


def test_a_sentence_is_compared_without_its_signs() -> None:
    assert comparable(" Don’t — “GO”, ok?  ４ ") == "don t go ok 4"


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("TallyBird2", r"(?<!\w)Tally[\s_-]{0,2}Bird2(?!\w)"),
        ("APIKit", r"(?<!\w)API[\s_-]{0,2}Kit(?!\w)"),
        ("a.b", r"(?<!\w)a[\s_-]{0,2}b(?!\w)"),
    ],
)
def test_a_name_is_taken_apart_at_its_capitals_and_digits(name: str, pattern: str) -> None:
    read = name_pattern(name)
    assert read is not None
    assert read.pattern == pattern
    assert bool(read.flags & re.IGNORECASE) is (name != "a.b")


def test_a_product_is_found_in_a_quote_and_not_in_code() -> None:
    assert words("product", "> Tally said\n`Tally`", "Tally!", product="Tally") == ["title: Tally", "body: Tally"]
    assert words("product", "___ and _", product="___") == []


def test_an_unknown_key_finds_nothing() -> None:
    assert found("no such feature", Text("A", "b")) == ()
