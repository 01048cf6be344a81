"""Alerts with the facts of a removal, and what stands on their cards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.alert_now import alert_details
from bot.card import Button, Card, Menu, Named
from core.alerts import Alert, AlertRecord
from core.communities import Rule, RulesSnapshot
from core.model import AlertKind, Basis, Outcome, State
from core.texts.markup import Text
from core.visibility.learning import taught
from core.visibility.verdict import judge
from tests.core.visibility.world import START, seen, tracked

NAMED = {
    "community": "quietdesk",
    "author": "quiet_person",
    "title": "How we halved our setup time",
    "permalink": "https://www.reddit.com/r/quietdesk/comments/1abc2d/how/",
    "registered_by": "Alice",
}
SEEN_AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)


def removal_facts() -> dict[str, Any]:
    """The facts of a removal, as the verdict makes them, and what `Watching` puts beside them."""
    post = tracked(
        **NAMED, state=State.LIVE, state_since=SEEN_AT - timedelta(days=1), posted_at=START - timedelta(days=9)
    )
    looks = [
        seen(at, outcome=Outcome.NOT_VISIBLE, category="moderator", indexable=False, body_state="removed", **counts)
        for at, counts in ((SEEN_AT, {}), (SEEN_AT + timedelta(minutes=4), {"score": 12, "num_comments": 3}))
    ]
    verdict = judge(post, looks[:1], looks[1:], looks[1].read_at)
    [alert] = verdict.alerts
    rules = [Rule("No promotion", "No links to your own product.", "all"), Rule("Search first", "", "all")]
    snapshot = RulesSnapshot(1, post.workspace_id, post.community, Basis.REDDIT_API, START, tuple(rules))
    learned = taught(post, verdict, Text(NAMED["title"], "Sign up at https://example.com"), rules=snapshot)
    assert learned
    beside = {"rules": [rule.short_name for rule in rules], "patterns": [pattern.body for pattern in learned]}
    facts: dict[str, Any] = json.loads(json.dumps({**alert.facts, **beside}))
    return facts


FACTS = removal_facts()
ALICE = Named("Alice", "42")
READING = FACTS["readings"][0]
KINDS_OF_POSTS = [
    k
    for k in AlertKind
    if k
    not in (
        *(AlertKind.CANNOT_SEE, AlertKind.CONSENT_GONE, AlertKind.AUDIT, AlertKind.DIGEST, AlertKind.TEST),
        *(AlertKind.UNDELIVERED, AlertKind.DRAFT_VOIDED, AlertKind.DRAFT_UNPOSTED, AlertKind.RULES_CHANGED),
        *(AlertKind.DRAFT_WAITS, AlertKind.DRAFT_APPROVED, AlertKind.POST_OFFERED),
        *(AlertKind.POST_COMMENTED, AlertKind.REASON_FOUND),
        *(AlertKind.MONEY_NEARLY_USED, AlertKind.WEBHOOK_RESTS),
    )
]


def alert(kind: AlertKind, facts: Mapping[str, Any] = FACTS, post: int | None = 7) -> Alert:
    return Alert(
        id=3,
        workspace_id="terminal:local",
        kind=kind,
        dedupe_key="k",
        facts=facts,
        tracked_post_id=post,
        channel=None,
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        attempts=1,
        correlation_id="c",
    )


def details(kind: AlertKind, facts: Mapping[str, Any] = FACTS, post: int | None = 7) -> Card:
    return alert_details(AlertRecord(alert(kind, facts, post)), SEEN_AT)


def words(card: Card) -> str:
    fields = [part for f in card.fields for part in (f.name, f.value)]
    return "\n".join([card.title, card.text, *fields, card.footnote, *(link.url for link in card.links)])


def field(card: Card, name: str) -> str:
    return next(f.value for f in card.fields if f.name == name)


def next_step(card: Card) -> str:
    return next((f.value.removeprefix("Next: ") for f in card.fields if f.value.startswith("Next: ")), "")


def buttons(card: Card) -> dict[str, tuple[str, int | None]]:
    return {a.label: (a.command, a.record) for a in card.actions if isinstance(a, Button)}


def behind(card: Card) -> dict[str, tuple[str, int | None]]:
    menus = [a for a in card.actions if isinstance(a, Menu)]
    return {b.label: (b.command, b.record) for menu in menus for b in menu.buttons}


def lines(card: Card) -> list[str]:
    """What stands below the headline, as the platforms break it: a field's name stands beside a short value."""
    told = card.text.split("\n") if card.text else []
    for f in card.fields:
        told += f"{f.name} {f.words}".strip().split("\n")
    return [*told, *card.footnote.split("\n")] if card.footnote else told
