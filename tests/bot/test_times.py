"""Nobody reads UTC unless they asked for it: each platform shows a card's times in the time of whoever reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Card, Field
from bot.discord_app import render as discord_render
from bot.slack_app import render as slack_render
from bot.terminal_app.render import render_card
from bot.words import moment
from core.clock import moments_in, time_in
from tests.fakes.block_kit import check_blocks

AT = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
SECONDS = int(AT.timestamp())
CARD = Card(
    title="Removed",
    text=f"Seen live until {moment(AT)}, gone at {moment(LATER)}.",
    fields=(
        Field("Now", f"live, since {moment(AT)}"),
        Field("Evidence", f"{moment(AT)} · visible\n{moment(LATER)} · not visible"),
        Field("Post", f"We met on {moment(AT)}", quote=True),
    ),
    footnote=f"Read {moment(AT)} · 4 readings",
)


def discord_text(card: Card) -> str:
    components: list[Any] = discord_render.render_card(card).view.to_components()  # type: ignore[no-untyped-call]
    return json.dumps(components, ensure_ascii=False)


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1000 <= at.year < 9999), st.text())
def test_every_time_that_is_written_is_found_where_it_stands(at: datetime, around: str) -> None:
    text = f"{around} {moment(at)}, {around}"
    found = [(text[start:end], when) for start, end, when in moments_in(text)]
    assert (moment(at), at.replace(second=0, microsecond=0)) in found


@pytest.mark.parametrize(
    "text", ["31 Feb 2026, 14:05 UTC", "24 Nov 2026, 25:00 UTC", "never", "124 Nov 2026, 14:05 UTC"]
)
def test_what_is_no_time_of_ours_stays_as_it_is(text: str) -> None:
    assert list(moments_in(text)) == []


def test_discord_shows_each_time_to_each_reader_in_their_own_zone() -> None:
    text = discord_text(CARD)
    assert f"Seen live until <t:{SECONDS}:f>, gone at <t:{int(LATER.timestamp())}:f>." in text
    assert f"**Now** live, since <t:{SECONDS}:f>" in text
    assert f"-# Read <t:{SECONDS}:f> · 4 readings" in text
    assert text.count("UTC") == 1  # somebody's own words stay as they are
    assert f"> We met on {moment(AT)}" in text


def test_slack_shows_each_time_to_each_reader_in_their_own_zone() -> None:
    rendered = slack_render.render_card(CARD)
    check_blocks(rendered.blocks)
    elements = [
        inner for b in rendered.blocks if b["type"] == "rich_text" for e in b["elements"] for inner in e["elements"]
    ]
    dates = [(e["timestamp"], e["fallback"]) for e in elements if e["type"] == "date"]
    assert dates == [(int(at.timestamp()), moment(at)) for at in (AT, LATER, AT, AT, LATER)]
    words = "".join(e["text"] for e in elements if e["type"] == "text")
    assert words.count("UTC") == 1
    assert f"We met on {moment(AT)}" in words
    foot = rendered.blocks[-1]["elements"]
    assert [e["text"] for e in foot] == [
        "Read",
        f"<!date^{SECONDS}^{{date_short_pretty}} at {{time}}|{moment(AT)}>",
        "· 4 readings",
    ]


def test_what_ends_a_sentence_stands_at_its_time_without_a_gap() -> None:
    foot = slack_render.render_card(Card("Times", footnote=f"(Read {moment(AT)}). Then {moment(AT)}, and on.")).blocks[
        -1
    ]
    date = f"<!date^{SECONDS}^{{date_short_pretty}} at {{time}}|{moment(AT)}>"
    assert [e["text"] for e in foot["elements"]] == ["(Read", f"{date}).", "Then", f"{date},", "and on."]
    check_blocks([foot])


def test_a_slack_footnote_with_very_many_times_is_still_a_footnote() -> None:
    card = Card("Times", footnote=" · ".join([moment(AT)] * 12))
    rendered = slack_render.render_card(card)
    check_blocks(rendered.blocks)
    assert rendered.blocks[-1]["elements"][0]["text"].count(moment(AT)) == 12


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "24 Nov 2026, 14:05 UTC"),
        ("Europe/Vienna", "24 Nov 2026, 15:05 CET"),
        ("Asia/Kolkata", "24 Nov 2026, 19:35 IST"),
        ("Asia/Kathmandu", "24 Nov 2026, 19:50 UTC+5:45"),
        ("America/Sao_Paulo", "24 Nov 2026, 11:05 UTC-3"),
        ("Pacific/Kiritimati", "25 Nov 2026, 04:05 UTC+14"),
    ],
)
def test_the_terminal_shows_times_in_the_zone_that_is_set(zone: str, shown: str) -> None:
    assert time_in(AT, ZoneInfo(zone)) == shown
    text = render_card(CARD, width=100, color=False, zone=ZoneInfo(zone))
    assert f"Now: live, since {shown}" in text
    assert f"We met on {moment(AT)}" in text


@given(
    st.lists(st.sampled_from([moment(AT), moment(LATER), "*bold* ", "<@U1> ", "\n", "- a ", "x" * 400]), max_size=60)
)
def test_no_mixture_of_times_and_words_is_refused(parts: list[str]) -> None:
    words = " ".join(parts)
    card = Card("Times", text=words, fields=(Field("A", words), Field("B", words, quote=True)), footnote=words)
    check_blocks(slack_render.render_card(card).blocks)
    discord_text(card)
