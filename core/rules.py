"""The rules of communities, kept as snapshots, and what they demand."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from core.clock import Clock
from core.communities import Rule, RulesSnapshot, RuleStore
from core.demand_reader import DemandReader
from core.demands import (
    READ_BY_RULES,
    DemandStore,
    KeptDemand,
    by_rule,
    corrected,
    demands_of,
    read_by_model,
    read_demands,
    rule_key,
)
from core.drafting.approvals import Change, told_of
from core.drafting.approving import changed_posting, changed_rules
from core.drafting.drafts import DraftReads, DraftStatus
from core.errors import Advice, BadArgument, Do, NotAllowedNow, StorageUnavailable, UserError
from core.log import correlation_id
from core.model import AlertKind, Basis, Caller, NewAlert
from core.ports import RedditView
from core.requirements import Posting
from core.texts.demand_words import NOTHING, WAYS, Unread, line_of, read_lines
from core.texts.pasted_rules import rules_in

log = logging.getLogger(__name__)

FRESH_FOR = timedelta(days=1)
JUST_READ = timedelta(minutes=10)  # several posts are registered together, each with the rules of its community
REFRESHED_AT_ONCE = 20  # each costs a request of the shared budget
CHANGES_SHOWN = 5  # times that rules changed
FORM_CHARS = 3_500  # platforms allow 4,000 in a field; when the lines are longer, their quotes are left out


Changed = Callable[[Caller, str], Awaitable[int]]
_CONCERNED = (DraftStatus.GENERATED, DraftStatus.EDITED, DraftStatus.APPROVED)
_DRAFTS_LOOKED_AT, _DRAFTS_TOLD = 100, 5


@dataclass(frozen=True, slots=True)
class ChangedRules:
    """What changed between the reading that held until `held_until` at least, and the reading `rules`."""

    held_until: datetime
    rules: RulesSnapshot
    changes: tuple[Change, ...]


class RulesStore(RuleStore, DemandStore, DraftReads, Protocol):
    """Keeps rules and demands, and reads the drafts that they concern."""


class CommunityRules:
    """Reads rules with a third party's `view`; without one it reads none. Reading raises `StorageUnavailable` only."""

    def __init__(
        self,
        store: RulesStore,
        clock: Clock,
        view: RedditView | None,
        changed: Changed | None = None,
        reader: DemandReader | None = None,
    ) -> None:
        """`changed` is called with a community whose rules or demands changed, and voids approvals that stood on them.
        `reader` reads each rule again, within a day after the program did; without one the program's reading counts.
        """
        self._store, self._clock, self._view, self._changed, self._reader = store, clock, view, changed, reader

    async def as_they_are(self, caller: Caller, community: str) -> RulesSnapshot | None:
        """The community's rules, read now unless they were just read; None when none are known."""
        known, now = await self._store.latest_rules(caller.workspace_id, community), self._clock.now()
        source = self._view.basis if self._view is not None else None
        if known is not None and known.basis is source and timedelta() <= now - known.taken_at < JUST_READ:
            return known
        await self.refresh(caller, community)
        return await self._store.latest_rules(caller.workspace_id, community)

    async def refresh(self, caller: Caller, community: str) -> bool:
        """Read and keep a community's rules. False when they cannot be read; that is no error."""
        if self._view is None or not self._view.sees(community):
            return False
        try:
            rules = await self._view.rules(community)
            posting = await self._posting(self._view, community)
            await self._keep(caller, community, self._view.basis, rules, posting)
        except StorageUnavailable:
            raise
        except UserError as error:
            log.info("rules not read", extra={"community": community, "problem": error.what})
            return False
        except Exception:  # a defect of one source
            log.exception("reading rules failed", extra={"community": community})
            return False
        return True

    async def _posting(self, view: RedditView, community: str) -> Posting:
        """What Reddit asks of a post there; unknown when it cannot be read, because the rules count without it."""
        try:
            return await view.posting(community)
        except StorageUnavailable:
            raise
        except UserError as error:
            log.info("post requirements not read", extra={"community": community, "problem": error.what})
            return Posting()

    async def _keep(
        self, caller: Caller, community: str, basis: Basis, rules: Sequence[Rule], posting: Posting
    ) -> RulesSnapshot:
        now = self._clock.now()
        before = await self._store.latest_rules(caller.workspace_id, community)
        alert = await self._news(caller, before, rules, posting) if before is not None else None
        snapshot = await self._store.save_rules(caller, community, basis, rules, now, posting, alert)
        kept = by_rule(await self._store.demands(caller.workspace_id, community))
        # A reading of the same text by a model or a person stays, because the program does not read it better.
        own = [rule for rule in rules if all(one.read_by == READ_BY_RULES for one in kept.get(rule_key(rule), ()))]
        read = await asyncio.to_thread(read_demands, list(dict.fromkeys(own)), now)
        await self._store.keep_demands(caller, community, read, [rule_key(rule) for rule in own])
        if alert is not None:
            await self._tell(caller, community)
        return snapshot

    async def _news(
        self, caller: Caller, before: RulesSnapshot, rules: Sequence[Rule], posting: Posting
    ) -> NewAlert | None:
        """The alert about what changed since a snapshot and which drafts it concerns; None when nothing changed."""
        changes = _changes(before, rules, posting)
        if not changes:
            return None
        found = await self._store.drafts(
            caller.workspace_id, statuses=_CONCERNED, community=before.community, limit=_DRAFTS_LOOKED_AT
        )
        drafts = [draft.id for draft in found]
        facts = {
            "community": before.community,
            "basis": before.basis.value,
            "changes": told_of(changes),
            "count": len(changes),
            "drafts": drafts[:_DRAFTS_TOLD],
        }
        return NewAlert(AlertKind.RULES_CHANGED, f"rules:{before.community}:{before.id}", facts)

    async def _tell(self, caller: Caller, community: str) -> None:
        if self._changed is not None:
            await self._changed(caller, community)

    async def refresh_stale(self) -> int:
        """Refresh rules that were not read for a day, at most `REFRESHED_AT_ONCE`; returns how many were read."""
        if self._view is None:
            return 0
        stale = await self._store.communities_to_refresh(self._clock.now() - FRESH_FOR, REFRESHED_AT_ONCE)
        refreshed = 0
        for workspace_id, community in stale:
            scheduler = Caller.program(workspace_id, correlation_id(), "scheduler")
            if await self.refresh(scheduler, community):
                refreshed += 1
                await self._read_by_model(scheduler, community)
        return refreshed

    async def _read_by_model(self, caller: Caller, community: str) -> None:
        """Ask the model about the rules that only the program has read. When it cannot answer, that reading stays."""
        snapshot = await self._store.latest_rules(caller.workspace_id, community)
        if self._reader is None or snapshot is None:
            return
        kept = by_rule(await self._store.demands(caller.workspace_id, community))
        for rule in dict.fromkeys(snapshot.rules):
            key = rule_key(rule)
            known = kept.get(key, ())
            if rule.kind == "comment" or any(one.read_by != READ_BY_RULES or one.is_confirmed for one in known):
                continue
            said = await self._reader.read(caller, rule)
            if said is not None:
                rows = read_by_model(rule, said, known, self._reader.name, self._clock.now())
                await self._store.keep_demands(caller, community, rows, [key])

    # ------------------------------------------------------------ what people say

    async def paste(self, caller: Caller, community: str, text: str) -> RulesSnapshot:
        """Keep rules that a member pasted, where no source reads them. Raises `NotAllowedNow` where one does, and
        `BadArgument` when there is no rule in the text.
        """
        if not self.may_be_pasted(community):
            raise NotAllowedNow(
                f"The rules of r/{community} are read from Reddit, and pasted ones would be replaced within a day.",
                Advice("Say what they ask instead.", Do.SHOW_RULES, community),
            )
        rules = rules_in(text)
        if not rules:
            raise BadArgument(
                "There is no rule in that.", "Paste the rules as the community shows them.", param="rules"
            )
        return await self._keep(caller, community, Basis.PERSON, rules, Posting())

    def may_be_pasted(self, community: str) -> bool:
        """Whether no source reads the rules of this community."""
        return self._view is None or not self._view.sees(community)

    async def changes(self, workspace_id: str, community: str) -> Sequence[ChangedRules]:
        """What changed from one reading of the rules to the next, the newest first."""
        read = await self._store.rules_history(workspace_id, community, CHANGES_SHOWN + 1)
        pairs = ((later, earlier, _changes(earlier, later.rules, _posting(later))) for later, earlier in pairwise(read))
        return [ChangedRules(earlier.taken_at, later, changes) for later, earlier, changes in pairs if changes]

    async def demands(self, workspace_id: str, snapshot: RulesSnapshot) -> Sequence[tuple[int, KeptDemand]]:
        """What the rules of a snapshot demand, each with the number of its rule (from 1)."""
        kept = by_rule(await self._store.demands(workspace_id, snapshot.community))
        return [
            (number, one)
            for number, rule in enumerate(snapshot.rules, 1)
            for one in demands_of(rule, kept, self._clock.now())
        ]

    async def demand_lines(self, workspace_id: str, snapshot: RulesSnapshot) -> str:
        """All demands, one line each, in a form that a person can correct."""
        listed = [pair for pair in await self.demands(workspace_id, snapshot) if pair[1].demand.restricts]
        lines = [line_of(number, one.demand) for number, one in listed]
        if sum(map(len, lines)) + len(lines) > FORM_CHARS:
            lines = [line.partition(" — “")[0] for line in lines]
        return "\n".join(lines) or NOTHING

    async def confirm(self, caller: Caller, community: str, lines: str) -> RulesSnapshot:
        """Keep what a person says the rules demand, one line for each demand. Demands that the person left out restrict
        nothing any more.

        Raises `BadArgument` for a line that is not a demand, and `NotAllowedNow` when no rules are known.
        """
        snapshot = await self._store.latest_rules(caller.workspace_id, community)
        if snapshot is None:
            raise NotAllowedNow(f"The rules of r/{community} are not known.", "Paste them first.")
        try:
            said = read_lines(lines, [f"{rule.short_name}. {rule.description}".strip() for rule in snapshot.rules])
        except Unread as unread:
            raise BadArgument(
                str(unread), f"One line each, such as “1 promotion: never”. Ways: {WAYS}.", param="demands"
            ) from None
        shown = [one for _, one in await self.demands(caller.workspace_id, snapshot)]
        now = self._clock.now()
        pairs = [(snapshot.rules[number - 1], demand) for number, demand in said]
        rows = corrected(snapshot.rules, shown, pairs, caller.name, now)
        keys = [rule_key(rule) for rule in snapshot.rules]
        await self._store.confirm_demands(caller, community, rows, keys, now)
        await self._tell(caller, community)
        return snapshot


def _changes(before: RulesSnapshot, rules: Sequence[Rule], posting: Posting) -> tuple[Change, ...]:
    return (
        *changed_rules(_texts(before.rules), _texts(rules)),
        *changed_posting(_posting(before), posting),
    )


def _posting(snapshot: RulesSnapshot) -> Posting:
    return Posting(snapshot.requirements, snapshot.flairs)


def _texts(rules: Sequence[Rule]) -> list[tuple[str, str]]:
    return [(rule.short_name, rule.description) for rule in rules]
