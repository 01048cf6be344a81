"""Drafts held against demands as they were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.communities import Rule
from core.demands import KeptDemand, rule_key
from core.drafting.grounds import Grounds
from core.drafting.history import History, OwnText
from core.drafting.rulings import Compliance, Ruling, rulings
from core.drafting.text import Text
from core.model import State
from core.texts.rules import Demand
from tests.core.drafting.material import NOW, grounds, rules

TITLE, BODY = "How long do you wait?", "Mine paid after nine days, and I had asked for it twice by then."
BROKEN, KEPT, CANNOT_TELL = Compliance.BROKEN, Compliance.KEPT, Compliance.CANNOT_TELL
HERE = "harborfounders"
WRITTEN = f"{TITLE}\n{BODY}"
NAMED = "I made Tallybird for that."
LINKED = "See https://tallybird.example for that."


def asked(*demands: Demand) -> Grounds:
    """Grounds in which one rule, "Rule 1", asks for these."""
    rule = Rule("Rule 1", " ".join(dict.fromkeys(demand.quote for demand in demands)), "link")
    kept = tuple(KeptDemand(rule_key(rule), rule.short_name, demand, "rules", NOW) for demand in demands)
    return replace(grounds(ruled=rules(rule)), demands=kept)


def ruled(demand: Demand, text: Text, *history: OwnText, now: datetime = NOW) -> Ruling:
    [ruling] = rulings(text, replace(asked(demand), history=History(texts=history), now=now))
    return ruling


def own(title: str, body: str, *, days_ago: float, community: str = HERE, state: State | None = State.LIVE) -> OwnText:
    return OwnText(community, title, body, NOW - timedelta(days=days_ago), "alice", state=state)


def told(ruling: Ruling) -> tuple[Compliance, str, str, bool]:
    return ruling.compliance, ruling.text, ruling.code, ruling.concerns
