from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.card import Button, Card, Choice, Field, Image, Link, Menu, Progress, Tone
from bot.terminal_app.render import (
    TEXT_MAX,
    action_ids,
    one_line,
    printable,
    render_card,
    render_progress,
)

any_text = st.text(max_size=120) | st.sampled_from(
    [
        "\x1b[2J\x1b]0;owned\x07",
        "[red]bold[/red]",
        "[link=https://x]y[/link]",
        ":smile:",
        "\u202eevil",
        "\r\rx",
        "a\tb",
        "\x9b31m",
    ]
)
cards = st.builds(
    Card,
    title=any_text,
    text=any_text,
    fields=st.lists(st.builds(Field, name=any_text, value=any_text, quote=st.booleans()), max_size=4).map(tuple),
    actions=st.lists(
        st.builds(Button, label=any_text, command=st.just("draft approve"), record=st.integers(0, 10**12))
        | st.builds(
            Choice,
            label=any_text,
            command=st.just("draft show"),
            options=st.lists(st.tuples(any_text, st.integers(1, 99)), max_size=4).map(tuple),
        )
        | st.builds(Menu, st.lists(st.builds(Button, any_text, st.just("draft show")), max_size=3).map(tuple)),
        max_size=4,
    ).map(tuple),
    links=st.lists(st.builds(Link, label=any_text, url=any_text), max_size=2).map(tuple),
    footnote=any_text,
    tone=st.sampled_from(Tone),
    sample=st.booleans(),
    image=st.none() | st.builds(Image, file_name=any_text, content=st.just(b""), alt=any_text),
)


@settings(deadline=None)
@given(cards, st.integers(20, 200))
def test_any_card_fits_its_width_and_sends_no_control_character(card: Card, width: int) -> None:
    text = render_card(card, width=width, color=False)
    assert text.endswith("\n")
    for line in text.split("\n"):
        assert cell_len(line) <= width
        assert not any(unicodedata.category(character) == "Cc" for character in line)


@settings(deadline=None)
@given(cards, st.integers(20, 200))
def test_in_colour_the_only_escape_sequences_are_colours_of_ours(card: Card, width: int) -> None:
    colored = render_card(card, width=width, color=True)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", colored)
    assert "\x1b" not in plain
    assert "\x9b" not in plain
    assert not re.search(r"\x1b\[[0-9;]*[5-8];", colored)  # nothing blinks, is reversed or hidden


@given(st.text())
def test_printable_text_is_left_alone_and_nothing_else_gets_through(text: str) -> None:
    shown = printable(text)
    shown.encode("utf-8")  # no lone surrogate is left
    assert printable(shown) == shown
    if text.isprintable() and text.isascii():
        assert shown == text


def test_foreign_markup_is_shown_as_it_was_written() -> None:
    card = Card(
        "[red]x[/red]", text="[link=https://evil]click[/link] :smile:", fields=(Field("[b]n", "[/]v", quote=True),)
    )
    text = render_card(card, width=100, color=False)
    for written in ("[red]x[/red]", "[link=https://evil]click[/link] :smile:", "[b]n", "[/]v"):
        assert written in text


def test_an_escape_sequence_is_made_visible() -> None:
    assert printable("a\x1b[31mb\x7f\x9bc\u202e\udc00") == "a␛[31mb␡(U+009B)c(U+202E)�"
    assert one_line("a\nb\t c") == "a b c"


def test_line_breaks_of_every_kind_become_lines() -> None:
    assert printable("a\r\nb\rc\u2028d") == "a\nb\nc\nd"


def test_a_sample_card_says_so() -> None:
    assert "[sample]" in render_card(Card("Communities", sample=True), width=40, color=False)
    assert "[sample]" not in render_card(Card("Communities"), width=40, color=False)


def test_a_value_of_several_lines_stands_under_its_name() -> None:
    card = Card("Status", fields=(Field("Sources", "Reddit: works\nApify: not set up"), Field("Queue", "empty")))
    assert render_card(card, width=60, color=False).splitlines()[1:] == [
        "  Sources",
        "    Reddit: works",
        "    Apify: not set up",
        "  Queue: empty",
    ]


def test_every_line_of_a_quote_has_a_bar() -> None:
    card = Card("Draft", fields=(Field("Body", "one two three " * 10 + "\n\nend", quote=True),))
    lines = render_card(card, width=40, color=False).splitlines()
    body = lines[lines.index("  Body") + 1 :]
    assert len(body) > 4
    assert all(line.startswith("  ▌") for line in body)


def test_text_that_is_too_long_says_how_much_is_missing() -> None:
    text = render_card(Card("t", text="x" * (TEXT_MAX + 1234)), width=100, color=False)
    assert "(1,234 more characters)" in text.replace("\n  ", " ")


def test_a_post_of_the_longest_size_reddit_allows_is_shown_whole() -> None:
    text = render_card(Card("t", fields=(Field("Body", "word " * 8_000 + "last", quote=True),)), width=100, color=False)
    assert "last" in text
    assert "more characters" not in text


def test_buttons_and_choices_are_numbered_in_one_row_of_numbers() -> None:
    card = Card(
        "Pick",
        actions=(
            Button("Approve", "draft approve", 3),
            Choice("Other drafts", "draft show", (("First", 7), ("Second", 8))),
            Button("Discard", "draft discard", 3),
            Menu((Button("Anew", "draft regenerate", 3),)),
        ),
    )
    text = render_card(card, width=100, color=False, first_number=4)
    assert "[4] Approve" in text
    assert "Other drafts:   [5] First   [6] Second   [7] Discard   More:   [8] Anew" in text
    assert [action_id for _, action_id in action_ids(card)] == [
        "v1|draft approve|3",
        "v1|draft show|7",
        "v1|draft show|8",
        "v1|draft discard|3",
        "v1|draft regenerate|3",
    ]


def test_buttons_that_do_not_fit_one_line_stand_below_each_other() -> None:
    card = Card("Pick", actions=(Button("A rather long label", "a", 1), Button("Another long label", "b", 1)))
    assert render_card(card, width=30, color=False).splitlines()[1:] == [
        "  [1] A rather long label",
        "  [2] Another long label",
    ]


def test_a_picture_leaves_the_words_of_its_card_as_they_are() -> None:
    card = Card("Chart", image=Image("scores.png", b"", "median score 12"))
    assert render_card(card, width=60, color=False) == render_card(Card("Chart"), width=60, color=False)


@given(any_text, st.none() | st.integers(0, 10**6), st.integers(20, 200))
def test_progress_is_one_line_that_fits(text: str, done: int | None, width: int) -> None:
    line = render_progress(Progress(text, done, None if done is None else done + 5), width=width)
    assert "\n" not in line
    assert "\x1b" not in line
    assert cell_len(line) < width


def test_progress_counts() -> None:
    assert render_progress(Progress("Reading", 1200, 5000), width=80) == "… Reading 1,200 of 5,000"
    assert render_progress(Progress("Reading", 3), width=80) == "… Reading 3"
