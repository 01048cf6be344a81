"""Counts in words, for none, one, two and many: on every card that counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.alert_cards import alert_card
from bot.card import Card
from bot.commands import all_commands
from bot.words import ago
from core.alerts import Alert
from core.model import AlertKind, Caller
from storage.store import Store
from tests.bot.bare import ALICE, Desk, bare_services
from tests.bot.test_digest_card import NOTHING
from tests.clock import FixedClock
from tests.storage import world

COUNTS = [0, 1, 2, 21]
# "1 posts", "2 post", "21 other member": a number with the wrong form of what it counts.
_NOUNS = (
    "alert|account|campaign|character|comment|community|day|draft|entry|fact|feature|finding|hour|look|member|message|"
    "minute|model|pattern|post|question|reading|reply|row|rule|second|table|thing|time|version|week|word"
)
_ONE = re.compile(rf"(?<![\d.,:–-])1 (?:more |other |approved |own )?((?:{_NOUNS})s|communities|entries|replies)\b")
_MANY = re.compile(
    rf"(?<![\d.,:–-])(?:0|[2-9]|\d\d+|\d{{1,3}}(?:,\d{{3}})+) (?:more |other |approved |own )?({_NOUNS})\b(?!-)"
)


def words(card: Card) -> str:
    return "\n".join(
        [card.title, card.text, *(f"{f.name}\n{f.value}" for f in card.fields if not f.quote), card.footnote]
    )


def wrong_in(text: str) -> list[str]:
    return [found[0] for pattern in (_ONE, _MANY) for found in pattern.finditer(text)]


def test_a_wrong_form_is_found() -> None:
    assert wrong_in("1 posts, 2 post, 21 more draft, 1,200 entry") == [
        "1 posts",
        "2 post",
        "21 more draft",
        "1,200 entry",
    ]
    assert wrong_in("1 post, 2 posts, 0 drafts, 1 more draft, 11 posts, 0.1 seconds, 23:01 hours, a 5-post list") == []


async def cards(desk: Desk, lines: Iterable[str]) -> list[tuple[str, Card]]:
    return [(line, await desk.say(line)) for line in lines]


@pytest.mark.parametrize("count", COUNTS)
async def test_every_list_counts_in_words(
    count: int, store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    desk = Desk(bare_services(store, clock), all_commands())
    await desk.say("role grant me role=admin")
    if count:
        await world.crowd_of_posts(database_url, caller, clock.now(), count)
    for n in range(count):
        await desk.say(f'pattern add "thing {n}" community=one1')
        await desk.say(f"role grant person{n} role=editor")
    clock.advance(timedelta(hours=count))
    lines = ["post list", "pattern list", "role list", "data journal", "alerts list", "campaign list", "draft list"]
    shown = await cards(desk, [*lines, "status", "usage", "plan show", "fact list", "post list within=1d member=bob"])
    assert [(line, wrong) for line, card in shown if (wrong := wrong_in(words(card)))] == []
    assert [line for line, card in shown if not (card.title.strip() and (card.text.strip() or card.fields))] == []
    if count == 0:
        assert [card.title for line, card in shown if line in ("post list", "pattern list")] == [
            "No posts are watched yet",
            "Nothing learned yet",
        ]


@pytest.mark.parametrize("count", COUNTS)
def test_a_digest_counts_in_words(count: int) -> None:
    names = ("watched", "registered", "first_seen", "came_back", "gone_count", "drafts_count", "approved_count")
    numbers = dict.fromkeys((*names, "patterns"), count)
    facts: dict[str, Any] = {
        **NOTHING,
        **numbers,
        "alerts_failed": count,
        "blind_s": count,
        "audits": {"success": count, "rejection": count},
        "standing": [{"community": "harbor", "seen": count, "hidden": 0}],
    }
    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    card = alert_card(Alert(3, ALICE.workspace_id, AlertKind.DIGEST, "k", facts, None, None, at, 0, "c"))
    assert wrong_in(words(card)) == []
    if count:
        assert str(count) in words(card)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", list(AlertKind))
def test_an_alert_counts_in_words(kind: AlertKind, count: int) -> None:
    names = ("count", "posts", "readings_count", "num_comments", "patterns", "attempts", "days", "looks", "percent")
    facts: dict[str, Any] = {name: count for name in names if name != "posts"} | {"community": "harbor"}
    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    card = alert_card(Alert(3, ALICE.workspace_id, kind, "k", facts, 4, None, at, 0, "c"))
    assert wrong_in(words(card)) == []


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (7_200, "2 hours ago"), (-5, "just now")],
)
def test_what_was_less_than_a_minute_ago_was_just_now(seconds: int, told: str) -> None:
    assert ago(timedelta(seconds=seconds)) == told
