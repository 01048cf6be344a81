from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.card import Button, Card, Choice, Document, Field, Form, Image, Input, Link, Menu, Progress, Style, Tone
from bot.characters import visible
from bot.command import Kind, Param, Registry
from bot.slack_app.answer import Place
from bot.slack_app.forms import card_view, form_view, read_view, waiting_view
from bot.slack_app.render import WHOLE_TEXT_FILE, render_card, render_progress
from bot.slack_app.text import escape, unwrap
from tests.fakes.block_kit import InvalidBlocks, check_blocks, check_view
from tests.fakes.slack import words_of

ODD = [
    "",
    " \n\t",
    "\u200b",
    "<!channel> <!here> <@U123> <#C123|x> @everyone @here",
    "*bold* _italic_ ~gone~ `code` ```block``` > quote\n> quote :smile:",
    "<https://evil.example|reddit.com> https://evil.example &lt;!channel&gt; &amp;amp;",
    "שלום \u202e evil \u202c مرحبا",
    "👩‍👩‍👧‍👦" * 400,
    "\x00\x1b[31m\x7f\x9b\r\n\ud800",
    "x" * 4000,
    "\n" * 500 + "end",
    "<" * 4000,
    '"\\' * 2000,
    "word " * 9000,
]
texts = st.one_of(st.sampled_from(ODD), st.text(max_size=300), st.text(alphabet='<>&\\"\n a👍', max_size=3500))
paths = st.sampled_from(["tea show", "draft approve", "help"])
records = st.one_of(st.none(), st.integers(0, 10**17))
buttons = st.builds(Button, texts, paths, records, st.sampled_from(Style))
choices = st.builds(Choice, texts, paths, st.lists(st.tuples(texts, st.integers(0, 999)), max_size=120).map(tuple))
menus = st.builds(Menu, st.lists(buttons, max_size=9).map(tuple))
fields = st.builds(Field, texts, texts, st.booleans())
links = st.builds(Link, texts, st.one_of(texts, st.just("https://www.reddit.com/r/tea")))
inputs = st.builds(
    Input,
    st.sampled_from(["note", "tea", "size"]),
    texts,
    texts,
    texts,
    st.booleans(),
    st.booleans(),
    st.lists(texts, max_size=5, unique=True).map(tuple),
)
forms = st.builds(
    Form,
    texts,
    st.just("tea order"),
    st.lists(inputs, min_size=1, max_size=3, unique_by=lambda question: question.name).map(tuple),
    st.dictionaries(st.sampled_from(["known", "other"]), texts),
    st.one_of(st.none(), buttons),
    texts,
    st.booleans(),
)
cards = st.builds(
    Card,
    texts,
    text=texts,
    fields=st.lists(fields, max_size=60).map(tuple),
    actions=st.lists(st.one_of(buttons, choices, menus), max_size=40).map(tuple),
    links=st.lists(links, max_size=15).map(tuple),
    footnote=texts,
    tone=st.sampled_from(Tone),
    sample=st.booleans(),
    image=st.one_of(st.none(), st.builds(Image, texts, st.just(b"png"), texts)),
    form=st.one_of(st.none(), forms),
    documents=st.lists(st.builds(Document, texts, st.just(b"PK"), texts), max_size=2).map(tuple),
)

registry = Registry()
registry.command(
    "tea order",
    "",
    Param("tea", "", Kind.TEXT, required=True),
    Param("note", "", Kind.LONG, max_length=40_000),
    Param("size", ""),
    Param("known", ""),
    Param("other", ""),
)(None)  # type: ignore[arg-type]
PLACE = Place("C1", "U1", "https://hooks.slack.com/commands/T1/" + "x" * 80, "1.2", "1.3")


@settings(max_examples=60, deadline=None)
@given(cards)
def test_any_card_fits_what_slack_takes(card: Card) -> None:
    rendered = render_card(card)
    check_blocks(rendered.blocks)
    assert "<" not in rendered.text
    check_view(card_view(card, "tea order"))


@pytest.mark.parametrize("odd", ODD)
def test_the_oddest_texts_fit_everywhere_at_once(odd: str) -> None:
    card = Card(
        odd,
        text=odd,
        fields=tuple(Field(odd, odd, quote=number % 2 == 0) for number in range(60)),
        actions=(*(Button(odd, "tea show", number) for number in range(40)), Choice(odd, "tea show", ((odd, 1),))),
        links=tuple(Link(odd, odd) for _ in range(15)),
        footnote=odd,
        sample=True,
        image=Image(odd, b"", odd),
    )
    check_blocks(render_card(card).blocks)
    check_blocks(render_progress(Progress(odd, 5, 3)).blocks)
    check_blocks(render_progress(Progress(odd, 5)).blocks)


@pytest.mark.parametrize("heavy", ['"\\', "<&", "word "])
def test_everything_at_its_longest_still_fits_one_message(heavy: str) -> None:
    words = heavy * 2_000
    card = Card(
        words,
        text=words,
        fields=tuple(Field(words, words) for _ in range(4)),
        actions=(
            *(Button(words, "tea show", number) for number in range(30)),
            *(Choice(words, "tea show", tuple((words, number) for number in range(25))) for _ in range(5)),
        ),
        links=tuple(Link(words, f"https://www.reddit.com/{'x' * 470}{number}") for number in range(8)),
        documents=tuple(Document(f"{words}.zip", b"", words) for _ in range(6)),
        footnote=words,
        sample=True,
        form=Form(words, "tea order", (Input("note", "Note"),), {"note": words}),
    )
    rendered = render_card(card)
    check_blocks(rendered.blocks)
    shown = str(rendered.blocks)
    assert "The whole text is in the file that follows" in shown
    assert "more actions do not fit here" in shown
    assert any(file.file_name == WHOLE_TEXT_FILE for file in rendered.files)


def test_choices_too_heavy_for_one_message_are_left_out_and_counted() -> None:
    heavy = tuple((f"{number} " + '"' * 75, number) for number in range(25))
    card = Card("Many", actions=tuple(Choice("Open", "tea show", heavy) for _ in range(5)), fields=(Field("a", "b"),))
    rendered = render_card(card)
    check_blocks(rendered.blocks)
    choices = [block for block in rendered.blocks if "|choice|" in str(block.get("block_id"))]
    assert 0 < len(choices) < 5
    assert f"{5 - len(choices)} more actions do not fit here" in str(rendered.blocks)


@settings(max_examples=60, deadline=None)
@given(forms, st.booleans())
def test_any_form_fits_a_modal(form: Form, has_problem: bool) -> None:
    view = form_view(form, registry, PLACE, {"tea": "x" * 5000} if has_problem else None)
    check_view(view)
    kept = read_view(view, registry).form.beside  # for when the form is asked for again
    assert (kept and kept.action_id) == (form.beside and form.beside.action_id)
    check_view(waiting_view(form.title))


@settings(max_examples=60, deadline=None)
@given(st.one_of(texts, st.text(alphabet="ab \n", min_size=3000, max_size=9000)))
def test_what_stands_in_a_form_comes_back_unchanged(text: str) -> None:
    text = visible(text).strip()
    form = Form("t", "tea order", (Input("note", "Note", value=text, long=True, required=False),), {"tea": text})
    view = form_view(form, registry, PLACE)
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        value = block["element"].get("initial_value", "")
        assert value == value.strip() or len(text) > 2400, "Slack would trim it"
        values[block["block_id"]] = {"value": {"type": "plain_text_input", "value": value}}
    filled = read_view({**view, "state": {"values": values}}, registry)
    assert filled.raw == {"note": text, "tea": text}
    assert filled.place == PLACE


@given(st.text(max_size=200))
def test_what_is_escaped_reads_as_it_was(text: str) -> None:
    if not any(mark in text for mark in ("<", "\u00a0")):
        assert unwrap(escape(text)) == visible(text)
    assert "<" not in escape(text)


def test_a_short_card_is_whole_and_a_long_one_says_what_is_missing() -> None:
    short = render_card(
        Card("Title", text="Text", fields=(Field("Name", "Value"), Field("Rule", "Be kind", quote=True)))
    )
    assert short.files == ()
    assert [block["type"] for block in short.blocks] == ["header", "section", "rich_text"]
    assert "Be kind" in words_of(short.blocks)
    long = render_card(Card("Title", fields=(Field("Text", "word " * 9000, quote=True),)))
    assert "more characters in the file that follows" in words_of(long.blocks)
    assert long.files[0].content.decode().count("word") == 9000


def test_a_draft_of_four_thousand_characters_is_shown_whole_and_exactly() -> None:
    body = "\n".join(["a *b* <c> & `d` :smile: https://example.com"] * 93)[:4000].strip()
    rendered = render_card(Card("Draft", fields=(Field("Text", body, quote=True),)))
    assert rendered.files == ()
    quotes = [
        inner["text"]
        for block in rendered.blocks
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == "rich_text_quote"
        for inner in element["elements"]
    ]
    assert "\n".join(quotes) == body


def test_sample_data_is_labelled_and_links_are_links() -> None:
    rendered = render_card(Card("T", sample=True, links=(Link("Open <it>", "https://example.com/?a=1&b=2"),)))
    assert "Sample data" in words_of(rendered.blocks)
    assert "sample data" in rendered.text
    link = rendered.blocks[-1]["elements"][0]["elements"][0]
    assert (link["type"], link["url"]) == ("link", "https://example.com/?a=1&b=2")


def test_only_a_link_of_ours_is_a_link() -> None:
    told = render_card(Card("https://a.example", text="https://b.example", links=(Link("x", "javascript:alert(1)"),)))
    assert '"link"' not in json.dumps(told.blocks)


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [{"type": "marquee"}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x", "verbatim": True}}],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "section", "text": {"type": "plain_text", "text": "<!channel>"}}],
        [{"type": "section", "text": {"type": "plain_text", "text": ""}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "https://x.example"}}],
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
        [{"type": "divider"}] * 51,
        [{"type": "actions", "elements": []}],
        [{"type": "input", "label": {"type": "plain_text", "text": "x"}, "element": {}}],
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "broadcast"}]}]}],
        [{"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}] * 5,
    ],
)
def test_the_fake_refuses_what_slack_refuses(blocks: Any) -> None:
    with pytest.raises(InvalidBlocks):
        check_blocks(blocks)


@pytest.mark.parametrize(
    ("value", "between"), [("ada", " "), ("x" * 60, " "), ("x" * 61, "\n"), ("one\ntwo", "\n"), ("", " ")]
)
def test_a_short_value_stands_beside_its_name(value: str, between: str) -> None:
    blocks = render_card(Card("T", fields=(Field("For", value),))).blocks
    [section] = blocks[1]["elements"]
    name, said = section["elements"]
    assert (name["text"], said["text"]) == ("For", f"{between}{value or '–'}\n")
