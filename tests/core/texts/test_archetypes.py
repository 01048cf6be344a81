"""What kind of post a text is: measured on invented texts that the weights were not set by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.archetypes import KINDS, archetype, asks_feedback
from core.texts.features import FEATURES, counted_in
from core.texts.markup import Text
from tests.core.texts.archetype_examples import POSTS, half

OF_KIND = {"question": "asks"}


def right(odd: bool) -> int:
    return sum(archetype(Text(title, body)) == kind for kind, title, body in half(odd))


def test_the_kind_is_what_a_reader_says_in_21_of_24_texts_that_it_was_not_set_by() -> None:
    assert len(half(odd=True)) == 24
    assert (right(odd=False), right(odd=True)) == (23, 21)


def test_a_text_has_the_feature_of_its_kind_and_of_no_other() -> None:
    for _, title, body in POSTS:
        kind = archetype(Text(title, body))
        had = counted_in(Text(title, body)) & {OF_KIND.get(one, one) for one in KINDS}
        assert had == ({OF_KIND.get(kind, kind)} if kind else set())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_named_after_posts_with(kind: str) -> None:
    assert FEATURES[OF_KIND.get(kind, kind)].text.startswith(("a ", "an "))


def test_a_request_at_the_end_of_a_long_text_is_seen() -> None:
    story = "The clay was wet and the wheel was slow. " * 200
    assert archetype(Text("Bowls", story + "What do you guys think?")) == "feedback"
    assert archetype(Text("Bowls", story)) is None


@pytest.mark.parametrize(
    ("title", "body", "asks"),
    [
        ("Bowls", "We launched our app. I would love some honest feedback.", True),
        ("Bowls", "Critique is very welcome.", True),
        ("Bowls", "Go on, roast my bowls.", True),
        ("What do you think of my bowls?", "", True),
        ("Bowls", "The feedback of our guests was kind.", False),
        ("Bowls", "A dark roast goes with it, as three reviews say.", False),
        ("Bowls", "> I would love some feedback.\n\nSo a guest wrote.", False),
    ],
)
def test_a_text_asks_for_feedback_where_it_asks_its_readers(title: str, body: str, asks: bool) -> None:
    assert asks_feedback(Text(title, body)) is asks


def test_a_text_of_another_kind_can_ask_for_feedback_too() -> None:
    launch = Text("Introducing my shop", "I just launched my shop. What do you think of my shop?")
    assert (archetype(launch), asks_feedback(launch)) == ("announcement", True)


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_has_one_kind_or_none(title: str, body: str) -> None:
    assert archetype(Text(title, body)) in (*KINDS, None)
    counted_in(Text(title, body))
