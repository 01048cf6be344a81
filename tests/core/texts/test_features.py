"""Each feature is found where it is and nowhere else, in the same way by all who ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.features import COUNTED, FEATURES, counted_in, found, name_pattern
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
