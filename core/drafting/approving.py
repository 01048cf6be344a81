"""Approvals: what each stands on, and how it ends.

An approval is given to one text of a draft, under the rules, demands, facts and patterns of that moment. When one of
them changes, it is void: the draft is open again and says what changed, and one alert tells the approver and the
poster.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Protocol

from core.campaigns import CampaignStore
from core.clock import Clock
from core.drafting.approvals import AboutDraft, Approval, ApprovalStore, Change, ChangeKind, Pinned, PinnedFact
from core.drafting.drafts import Draft
from core.drafting.gathering import GroundReads, gather
from core.drafting.grounds import Grounds, RuleOn
from core.drafting.text import Text
from core.errors import StorageUnavailable, UserError
from core.log import correlation_id
from core.model import AlertKind, Caller, NewAlert, Pattern
from core.requirements import Flair, Posting, Requirements
from core.texts.demand_words import stance_words
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand

log = logging.getLogger(__name__)

REMIND_AFTER = timedelta(days=1)  # an approved draft that nobody registered as posted


class ApprovalsStore(ApprovalStore, CampaignStore, GroundReads, Protocol):
    """Approvals to keep, and what they stand on."""


# ---------------------------------------------------------------- what an approval stands on


def pin(grounds: Grounds, fact_ids: Sequence[int]) -> Pinned:
    """Returns what an approval of a text that rests on these facts stands on now."""
    return Pinned(
        grounds.rules.id if grounds.rules is not None else None,
        _rules(grounds),
        _demands(grounds),
        tuple(PinnedFact(f.id, f.version, f.body) for f in grounds.facts if f.id in fact_ids),
        tuple(sorted(pattern.id for pattern in grounds.patterns if pattern.is_kept)),
        grounds.requirements,
        grounds.flairs,
    )


def changes_since(pinned: Pinned, grounds: Grounds, text: Text) -> tuple[Change, ...]:
    """Returns what is no longer as it was when the approval was given. A new pattern counts when the text has what it
    names, or when no text can show that.
    """
    if not pinned.is_known:
        return ()
    return (
        *changed_rules(pinned.rules, _rules(grounds)),
        *_changed_demands(pinned, grounds),
        *changed_posting(Posting(pinned.requirements, pinned.flairs), Posting(grounds.requirements, grounds.flairs)),
        *_changed_facts(pinned, grounds),
        *_new(pinned, grounds, text),
    )


def _rules(grounds: Grounds) -> tuple[tuple[str, str], ...]:
    rules = grounds.rules.rules if grounds.rules is not None else ()
    return tuple((rule.short_name, rule.description) for rule in rules)


def changed_rules(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> Iterator[Change]:
    """Yields what changed between rules, given as (short name, description). A rule that kept its name or its words is
    the same rule; the order of rules does not matter.
    """
    left = [rule for rule in before if rule not in after]
    come = [rule for rule in after if rule not in before]
    for name, text in left:
        match = next((rule for rule in come if rule[0] == name), None)
        match = match or next((rule for rule in come if text and rule[1] == text), None)
        if match is None:
            yield Change(ChangeKind.RULE_GONE, name, before=_whole(name, text))
            continue
        come.remove(match)
        if match[0] == name:
            yield Change(ChangeKind.RULE_CHANGED, name, text, match[1])
        else:
            yield Change(ChangeKind.RULE_CHANGED, name, name, match[0])
    for name, text in come:
        yield Change(ChangeKind.RULE_NEW, name, after=_whole(name, text))


def _demands(grounds: Grounds) -> tuple[tuple[str, str], ...]:
    return tuple((_demanded_by(on), stance_words(on.demand)) for on in grounds.all_demands)


def _demanded_by(on: RuleOn) -> str:
    return f"“{on.rule.short_name}” on {on.demand.topic.replace('_', ' ')}"


def _changed_demands(pinned: Pinned, grounds: Grounds) -> Iterator[Change]:
    """Yields what a person has corrected since. A new reading that only the program made ends no approval."""
    before, free = dict(pinned.demands), stance_words(Demand(Topic.TOPIC, Stance.NONE, ""))
    for on in grounds.all_demands:
        then, now = before.get(_demanded_by(on), free), stance_words(on.demand)
        if on.confirmed_by is not None and then != now:
            yield Change(ChangeKind.DEMAND_CHANGED, _demanded_by(on), then, now)


def changed_posting(before: Posting, after: Posting) -> Iterator[Change]:
    """Yields what Reddit itself now asks differently of a post. What was unknown before, or is unknown now, counts as
    unchanged.
    """
    if before.requirements is not None and after.requirements is not None:
        then, now = before.requirements.dump(), after.requirements.dump()
        for name in Requirements.__slots__:
            if then.get(name) != now.get(name):
                yield Change(ChangeKind.REQUIREMENT_CHANGED, name, _said(then.get(name)), _said(now.get(name)))
    if before.flairs is not None and after.flairs is not None:
        old, new = (", ".join(sorted(_flair(flair) for flair in flairs)) for flairs in (before.flairs, after.flairs))
        if old != new:
            yield Change(ChangeKind.FLAIRS_CHANGED, "", old, new)


def _said(value: object) -> str:
    """Returns a requirement's value in words; "" when it asks nothing."""
    if value is None:
        return ""
    if value is True:
        return "yes"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _flair(flair: Flair) -> str:
    return f"{flair.text} (moderators only)" if flair.mod_only else flair.text


def _whole(name: str, text: str) -> str:
    return text or name


def _changed_facts(pinned: Pinned, grounds: Grounds) -> Iterator[Change]:
    present = {fact.id: fact for fact in grounds.facts}
    for then in pinned.facts:
        now = present.get(then.id)
        if now is None:
            yield Change(ChangeKind.FACT_GONE, str(then.id), before=then.body)
        elif now.version != then.version:
            yield Change(ChangeKind.FACT_CHANGED, str(then.id), then.body, now.body)


def _new(pinned: Pinned, grounds: Grounds, text: Text) -> Iterator[Change]:
    for pattern in grounds.patterns:
        if (
            pattern.is_kept
            and pattern.id not in pinned.pattern_ids
            and (_is_untold(pattern) or pattern.catches(text.read(grounds)))
        ):
            yield Change(ChangeKind.PATTERN_NEW, str(pattern.id), after=pattern.body)


def _is_untold(pattern: Pattern) -> bool:
    """Whether no text shows what the pattern names."""
    return pattern.feature is None and not pattern.params.get("phrases")


# ---------------------------------------------------------------- the service


class Approvals:
    """Ends standing approvals when something that they stand on changes. Calling a verb again is harmless."""

    def __init__(self, store: ApprovalsStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def rules_changed(self, caller: Caller, community: str) -> int:
        """The rules or demands of a community changed; returns how many approvals that voided."""
        return await self._check_all(caller, community=community)

    async def tend(self) -> int:
        """Void every approval of which something changed without `rules_changed`, and owe the
        reminders that are due; returns how many of both.

        A failure with one approval is logged and does not stop the others.
        """
        done = 0
        async for approval in self._standing():
            caller = Caller.program(approval.workspace_id, correlation_id())
            done += await self._safely(approval, self._check(caller, approval))
        for approval in await self._store.due_reminders(self._clock.now()):
            done += await self._safely(approval, self._remind(approval))
        return done

    async def _standing(self, **of: Any) -> AsyncIterator[Approval]:
        after = 0
        while page := await self._store.standing_approvals(after=after, **of):
            for approval in page:
                yield approval
            after = page[-1].id

    async def _check_all(self, caller: Caller, **of: Any) -> int:
        ended = 0
        async for approval in self._standing(workspace_id=caller.workspace_id, **of):
            ended += await self._check(caller, approval)
        return ended

    async def _check(self, caller: Caller, approval: Approval) -> bool:
        draft = await self._store.draft(approval.workspace_id, approval.draft_id)
        campaign = await self._store.campaign(draft.workspace_id, draft.campaign_id)
        grounds = await gather(
            self._store, campaign, draft.community, self._clock.now(), draft.poster, draft_id=draft.id
        )
        return await self.void_when_changed(caller, approval, draft, grounds)

    async def void_when_changed(self, caller: Caller, approval: Approval, draft: Draft, grounds: Grounds) -> bool:
        """End an approval when something that it stands on is no longer as it was; returns whether it did."""
        text = Text(draft.latest.title, draft.latest.body)
        changes = await asyncio.to_thread(changes_since, approval.pinned, grounds, text)
        if not changes:
            return False
        alert = about(draft).voided(approval, changes)
        return await self._store.void_approval(caller, approval.id, changes, alert, self._clock.now())

    async def _remind(self, approval: Approval) -> bool:
        draft = await self._store.draft(approval.workspace_id, approval.draft_id)
        due = approval.remind_at.isoformat() if approval.remind_at else ""
        key = f"approval:{approval.id}:unposted:{due}"
        alert = NewAlert(AlertKind.DRAFT_UNPOSTED, key, about(draft).facts(approval))
        program = Caller.program(approval.workspace_id, correlation_id())
        return await self._store.remind(approval, alert, program, self._clock.now())

    async def _safely(self, approval: Approval, work: Awaitable[bool]) -> bool:
        try:
            return await work
        except StorageUnavailable:
            raise
        except UserError as error:  # the draft or its campaign went meanwhile
            log.info("an approval is left", extra={"approval": approval.id, "problem": str(error)})
        except Exception:  # a defect of one draft
            log.exception("an approval could not be held", extra={"approval": approval.id})
        return False


def about(draft: Draft) -> AboutDraft:
    """Returns what alerts tell about a draft."""
    return AboutDraft(draft.id, draft.community, draft.latest.title, draft.poster.member)
