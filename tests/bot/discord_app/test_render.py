"""Any card becomes a message that Discord takes, in which nothing pings, links or breaks."""

from __future__ import annotations

import re
from typing import Any

import discord
import pytest
from discord.http import handle_message_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.card import Button, Card, Choice, Document, Field, Image, Link, Menu, Progress, Style, Tone
from bot.characters import fit, is_blank, size, visible
from bot.conversation import whole_text
from bot.discord_app.render import (
    FILE_BYTES_MAX,
    FormOpener,
    Rendered,
    escape,
    plain,
    quote,
    render_card,
    render_progress,
)
from tests.fakes.discord_rules import check_message, texts

EVIL = [
    "@everyone @here <@1> <@&2> <#3> </rao:4>",
    "**bold** __u__ ~~s~~ ||spoiler|| `code` ```\nblock\n```",
    "[click](https://evil.example) https://evil.example <https://evil.example>",
    "# heading\n-# small\n> quote\n>>> all\n- list\n1. list",
    "\u202egnirts\u202c \u2066x\u2069 \x00\x1b[31m\x7f \ud800",
    "\\\\*\\",
    ":smile: <:x:123456789012345678> <t:1> 👨‍👩‍👧‍👦 🏳️‍🌈",
    "مرحبا بالعالم שלום",
    "\u200b\u2060\u3164",
    "   \n\n\t",
    "",
]
words = st.one_of(
    st.sampled_from(EVIL),
    st.text(max_size=80),
    st.builds(lambda text, n: text * n, st.sampled_from([*EVIL, "word ", "😀", "*"]), st.integers(1, 400)),
    st.text(st.characters(), max_size=20).map(lambda text: text * 200),
)
fields = st.lists(st.builds(Field, name=words, value=words, quote=st.booleans()), max_size=60)
records = st.one_of(st.none(), st.integers(0, 10**18 - 1))
buttons = st.builds(Button, words, st.sampled_from(["draft show", "help"]), records, st.sampled_from(Style))
actions = st.lists(
    st.one_of(
        buttons,
        st.builds(Menu, st.lists(buttons, max_size=9).map(tuple)),
        st.builds(
            Choice,
            words,
            st.just("draft show"),
            st.lists(st.tuples(words, st.integers(0, 10**18 - 1)), max_size=40).map(tuple),
        ),
    ),
    max_size=30,
)
links = st.lists(
    st.builds(
        Link,
        words,
        st.sampled_from(["https://example.com/a", "http://x", "javascript:x", "", "https://x/" + "y" * 600]),
    ),
    max_size=12,
)
cards = st.builds(
    Card,
    title=words,
    text=words,
    fields=fields.map(tuple),
    actions=actions.map(tuple),
    links=links.map(tuple),
    footnote=words,
    tone=st.sampled_from(Tone),
    sample=st.booleans(),
    image=st.one_of(st.none(), st.builds(Image, words, st.just(b"png"), words)),
    documents=st.sampled_from([(), (Document("a b.zip", b"PK", "all"), Document("../é.zip", b"PK", "more"))]),
)


def sent(rendered: Rendered) -> tuple[dict[str, Any], list[str]]:
    """The body and the names of the files as they go over the wire."""
    parameters = handle_message_parameters(view=rendered.view, allowed_mentions=discord.AllowedMentions.none())
    assert parameters.payload is not None
    return dict(parameters.payload), [file.filename for file in rendered.files]


def check(rendered: Rendered) -> str:
    body, files = sent(rendered)
    check_message(body, files)
    return texts(body["components"])


UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_~`|<\[]")


@settings(deadline=None)
@given(cards, st.one_of(st.none(), st.builds(FormOpener, words, st.just("form|tea order|note|tea=1"), st.booleans())))
def test_any_card_is_a_message_that_discord_takes(card: Card, form: FormOpener | None) -> None:
    markdown = check(render_card(card, form))
    # Our own markup is bold names and quotation marks; take it away, and nothing but escaped characters may remain.
    bare = markdown.replace("**", "")
    assert UNESCAPED.search(bare) is None
    assert re.search(r"@(everyone|here|&|!|\d)", markdown) is None
    assert re.search(r"\w://", markdown) is None


@given(words)
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    back = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escape(text)).replace("@\u200b", "@")
    assert back == visible(text).replace("@\u200b", "@")


@given(words, st.integers(0, 300))
def test_a_cut_text_never_passes_its_limit(text: str, limit: int) -> None:
    assert size(fit(text, limit, quote, "… {left}")) <= limit
    assert size(plain(text, max(1, limit))) <= max(1, limit)


@given(words, st.one_of(st.none(), st.integers(-5, 10**6)), st.one_of(st.none(), st.integers(-5, 10**6)))
def test_any_progress_is_a_message_that_discord_takes(text: str, done: int | None, total: int | None) -> None:
    check(render_progress(Progress(text, done, total)))


def test_short_fields_stay_whole_beside_a_long_one() -> None:
    card = Card("Draft 1", fields=(Field("Title", "A title", quote=True), Field("Text", "word " * 3000, quote=True)))
    rendered = render_card(card)
    markdown = check(rendered)
    assert "> A title" in markdown
    assert re.search(r"-# 1[\d,]+ more characters in the file below", markdown)
    assert size(markdown) > 3500  # as much as fits is shown
    assert rendered.files[0].fp.read().decode() == whole_text(card)


def test_fields_of_several_lines_stand_apart_and_short_ones_together() -> None:
    card = Card("Title", fields=(Field("A", "1"), Field("B", "2"), Field("C", "x\ny"), Field("D", "3")))
    view: Any = render_card(card).view
    assert "**A** 1\n**B** 2\n\n**C**\nx\ny\n\n**D** 3" in texts(view.to_components())


def test_a_card_that_fits_only_without_gaps_is_shown_whole() -> None:
    card = Card("T", fields=tuple(Field("N", "x\n" + "y" * 90) for _ in range(40)))
    assert render_card(card).files == []


def test_sixty_long_fields_are_cut_and_the_rest_is_counted() -> None:
    card = Card("Rules", fields=tuple(Field(f"{n}. Rule", "be kind " * 50) for n in range(60)))
    markdown = check(render_card(card))
    assert re.search(r"-# and \d+ more, in the file below", markdown)
    assert "1\\. Rule" in markdown


def test_a_card_that_fits_has_no_file() -> None:
    assert render_card(Card("Hello", text="world " * 500)).files == []


def test_buttons_that_find_no_place_are_counted() -> None:
    card = Card("Many", actions=tuple(Button(str(n), "draft show", n) for n in range(30)))
    assert "13 more buttons" in check(render_card(card))


def test_further_buttons_stand_behind_more_and_do_what_they_say() -> None:
    card = Card("Tea", actions=(Menu((Button("Drink", "help", 1), Button("Pour", "help", 2))), Button("Open", "help")))
    body, _ = sent(render_card(card, FormOpener("All the same", "form|tea order|", wanted=False)))
    buttons, more = (row["components"] for row in body["components"][0]["components"][-2:])
    assert [(button["label"], button["style"]) for button in buttons] == [("Open", 2), ("All the same", 2)]
    assert more[0]["placeholder"] == "More …"
    assert [(o["label"], o["value"]) for o in more[0]["options"]] == [("Drink", "v1|help|1"), ("Pour", "v1|help|2")]


def test_a_choice_of_too_many_says_how_many_there_are() -> None:
    rendered = render_card(Card("Many", actions=(Choice("Open", "draft show", tuple((str(n), n) for n in range(30))),)))
    assert "the first 25 of 30" in str(sent(rendered)[0])


def test_an_address_that_no_button_takes_is_shown_as_words() -> None:
    markdown = check(render_card(Card("Link", links=(Link("Mail", "mailto:a@b.example"),))))
    assert "Mail\\: mailto" in markdown or "Mail: mailto" in markdown


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u3164\n"])
def test_what_nobody_sees_counts_as_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(("tone", "has_colour"), [(Tone.NEUTRAL, False), (Tone.GOOD, True), (Tone.BAD, True)])
def test_the_tone_is_the_accent(tone: Tone, has_colour: bool) -> None:
    container = sent(render_card(Card("x", tone=tone)))[0]["components"][0]
    assert (container["accent_color"] is not None) == has_colour


def test_a_file_too_large_for_discord_is_named_and_left_out() -> None:
    large = Document("everything.zip", b"0" * (FILE_BYTES_MAX + 1), "all")
    rendered = render_card(Card("Exported", documents=(large, Document("small.zip", b"PK", "some"))))
    assert "Too large for Discord: everything.zip." in check(rendered)
    assert [file.filename for file in rendered.files] == ["small.zip"]
