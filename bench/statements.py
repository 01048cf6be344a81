"""What a rule says about posts, and the false alarms in it (bench.judgement says what is counted)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says about a post from `at` on: visible (`right_for` None), or hidden by one of `right_for`."""

    at: datetime
    right_for: frozenset[str] | None


@dataclass(slots=True)
class Statements:
    """Everything one rule said: about each post, by its number, and its false alarms."""

    said: dict[int, list[Said]] = field(default_factory=dict)
    alarms: int = 0
    false: list[str] = field(default_factory=list)
    untold: int = 0  # states without an alert
    repeated: int = 0  # alerts that say of a post what the one before said
    messages: Counter[tuple[object, ...]] = field(default_factory=Counter)  # by event

    def word_at(self, number: int, at: datetime) -> Said | None:
        return next((said for said in reversed(self.said.get(number, ())) if said.at <= at), None)
