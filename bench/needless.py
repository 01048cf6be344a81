"""How many messages of a channel need nothing, and how long they are: the alerts of a run of `bench.judgement`, and the
audits of its posts, told as the courier tells them (`core.alerts.delivery`).

*Needs nothing*: good news, by `core.alerts.severity`. *Lines*: those below the headline; *broken*: as a phone of 60
characters breaks them.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.alert_cards import alert_card
from core.alerts import ANSWERED, Alert, Delivery, EarlierMessage, Severity, Wishes, delivery, severity
from core.model import AlertKind, TrackedPost
from core.visibility.audit import audit_alert

WIDTH = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One alert that was owed, in the order of owing."""

    at: datetime
    post: int | None
    kind: AlertKind
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Channel:
    """What stands in a channel: counts of messages, of those that need nothing, and their lines."""

    messages: int = 0
    needless: int = 0
    updates: int = 0
    in_digest: int = 0
    lines: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.needless / max(1, self.messages)

    @property
    def median_broken(self) -> float:
        return statistics.median(self.broken) if self.broken else 0.0


def channel_of(told: Sequence[Told], *, good_news: bool) -> Channel:
    """Returns what a channel got. `good_news`: the workspace wants them as messages, as all did before."""
    channel, standing = Channel(), dict[int, AlertKind]()
    for one in told:
        stands = one.post is not None and standing.get(one.post) in ANSWERED
        wishes = Wishes(good_news, earlier=EarlierMessage(1, "C", "C:1") if stands else None)
        way = delivery(one.kind, one.facts, wishes)
        channel.updates += way is Delivery.UPDATE
        channel.in_digest += way is Delivery.DIGEST
        if one.post is not None and way is not Delivery.DIGEST:
            standing[one.post] = one.kind
        if way is Delivery.MESSAGE:
            channel.messages += 1
            channel.needless += severity(one.kind, one.facts) is Severity.GOOD_TO_KNOW
            lines = lines_of(one)
            channel.lines.append(len(lines))
            channel.broken.append(sum(-(-len(line) // WIDTH) for line in lines))
    return channel


def lines_of(told: Told) -> list[str]:
    alert = Alert(1, "slack:T", told.kind, "k", told.facts, told.post, "C", told.at, 1, "c")
    card = alert_card(alert)
    shown = card.text.split("\n") if card.text else []
    for one in card.fields:
        shown += f"{one.name} {one.value}".strip().split("\n")
    return [line for line in shown if line]


def audits_of(posts: Sequence[TrackedPost], at: datetime) -> list[Told]:
    """The audits of posts that were not deleted by their authors, as they stand at the end."""
    audits = [(post, audit_alert(post, None, ())) for post in posts]
    return [Told(at, post.id, alert.kind, alert.facts) for post, alert in audits]
