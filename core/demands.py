"""What the rules of a community demand, as rows: read by the program or a model, confirmed or corrected by a person.

A demand belongs to the text of its rule (`rule_key`): as long as a rule reads the same, what a person said of it holds,
however often the rules are read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from core.communities import Rule
from core.model import Caller
from core.texts.demand_words import stance_words
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, read_rule

READ_BY_RULES = "rules"  # the program's own reading
READ_BY_PERSON = "person"
LONG_RULE = 4_000  # characters; a longer one is read off the event loop, and only when the rules are read


@dataclass(frozen=True, slots=True)
class KeptDemand:
    """`rule` is the rule's short name. `read_by`: `READ_BY_RULES`, `READ_BY_PERSON` or the name of a model. A demand of
    stance NONE that is confirmed says that the rule restricts nothing there.
    """

    rule_key: str
    rule: str
    demand: Demand
    read_by: str
    read_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


def rule_key(rule: Rule) -> str:
    """Returns a key that is the same for rules of the same kind and text, wherever they are in the list."""
    return hashlib.sha256("\x00".join((rule.kind, rule.short_name, rule.description)).encode()).hexdigest()


def read_demands(rules: Iterable[Rule], now: datetime) -> tuple[KeptDemand, ...]:
    """Returns what the rules restrict, as the program reads them; of a rule that restricts nothing that, so that it
    counts as read. Belongs off the event loop: see `read_rule`.
    """
    return tuple(
        KeptDemand(rule_key(rule), rule.short_name, demand, READ_BY_RULES, now)
        for rule in rules
        for demand in [demand for demand in read_rule(rule) if demand.restricts] or [_nothing(rule)]
    )


def _nothing(rule: Rule) -> Demand:
    return Demand(Topic.TOPIC, Stance.NONE, rule.short_name or rule.description[:80])


def read_by_model(
    rule: Rule, said: Iterable[Demand], known: Iterable[KeptDemand], model: str, now: datetime
) -> tuple[KeptDemand, ...]:
    """Returns what a model read in a rule. Demands that only the program had read become NONE. A rule without any
    demand keeps one with NONE, so that it counts as read.
    """
    demands = {demand.topic: demand for demand in said}
    for one in known:
        demands.setdefault(one.demand.topic, Demand(one.demand.topic, Stance.NONE, one.demand.quote))
    read = demands.values() or (_nothing(rule),)
    return tuple(KeptDemand(rule_key(rule), rule.short_name, one, model, now) for one in read)


def demands_of(rule: Rule, kept: Mapping[str, Sequence[KeptDemand]], now: datetime) -> Sequence[KeptDemand]:
    """Returns what is kept of a rule; where nothing is, what the program reads in it now, unless it is long."""
    held = kept.get(rule_key(rule))
    if held is not None or len(rule.description) > LONG_RULE:
        return held or ()
    return read_demands([rule], now)


def by_rule(kept: Iterable[KeptDemand]) -> Mapping[str, Sequence[KeptDemand]]:
    found: dict[str, list[KeptDemand]] = {}
    for one in kept:
        found.setdefault(one.rule_key, []).append(one)
    return found


def corrected(
    rules: Sequence[Rule],
    shown: Iterable[KeptDemand],
    said: Iterable[tuple[Rule, Demand]],
    by: str,
    now: datetime,
) -> tuple[KeptDemand, ...]:
    """Returns what a person made of the demands that were shown: unchanged ones are confirmed, changed ones become
    theirs, and those left out restrict nothing.
    """
    before = {(one.rule_key, one.demand.topic): one for one in shown}
    after: dict[tuple[str, str], KeptDemand] = {}
    for rule, demand in said:
        key = (rule_key(rule), demand.topic)
        known = before.get(key)
        if known is not None and same(known.demand, demand):
            after[key] = replace(known, confirmed_by=by, confirmed_at=now)
        else:
            after[key] = KeptDemand(key[0], rule.short_name, demand, READ_BY_PERSON, now, by, now)
    standing = {rule_key(rule) for rule in rules}
    for key, known in before.items():
        if key not in after and key[0] in standing:
            nothing = Demand(known.demand.topic, Stance.NONE, known.demand.quote)
            after[key] = replace(known, demand=nothing, read_by=READ_BY_PERSON, confirmed_by=by, confirmed_at=now)
    return tuple(after.values())


def same(one: Demand, other: Demand) -> bool:
    """Whether both ask the same as people read them, whatever words they quote."""
    return one.topic is other.topic and stance_words(one) == stance_words(other)


class DemandReads(Protocol):
    async def demands(self, workspace_id: str, community: str) -> Sequence[KeptDemand]:
        """Returns all demands that were read in a community's rules, also in former rules, in the order of reading."""
        ...


class DemandStore(DemandReads, Protocol):
    async def keep_demands(self, caller: Caller, community: str, read: Sequence[KeptDemand], of: Sequence[str]) -> None:
        """Put what was read of the rules with the keys `of` in place of what was read of them before. What a person
        confirmed of a rule stays, and of that rule nothing else is kept.
        """
        ...

    async def confirm_demands(
        self, caller: Caller, community: str, demands: Sequence[KeptDemand], of: Sequence[str], now: datetime
    ) -> None:
        """Put what a person said of the rules with the keys `of` in place of all that was kept of them."""
        ...
