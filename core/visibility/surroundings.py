"""What goes with a verdict: the patterns that a removal teaches, and what the reader of an alert needs to know
besides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from core.alerts import ACCOUNT_ALERTS, Alert
from core.campaigns import CampaignReads
from core.communities import CommunityReads, RuleReads
from core.demands import DemandReads
from core.drafting.drafts import DraftReads
from core.model import AlertKind, NewAlert, NewPattern, Reading, State, TrackedPost, View
from core.patterns import PatternReads, text_of
from core.visibility import learning, reasons
from core.visibility.alert_facts import post_facts
from core.visibility.tracking import Check, TrackedPostReads, Verdict
from core.visibility.verdict import is_hidden

POSTS_TOLD = 1_000  # that the news of a community name


class SurroundingsReads(
    PatternReads, TrackedPostReads, DraftReads, CampaignReads, CommunityReads, RuleReads, DemandReads, Protocol
):
    """Reads what is known of a post besides its readings."""


class Surroundings:
    """Reads the store and writes nothing."""

    def __init__(self, store: SurroundingsReads) -> None:
        self._store = store

    async def beside(self, post: TrackedPost, verdict: Verdict) -> Verdict:
        """`verdict` with the patterns that it teaches, and with the community's rules and those patterns in its alerts.
        `post` is as it was before the verdict.
        """
        if verdict.state is State.REMOVED and (post.state, post.removed_by) != (verdict.state, verdict.removed_by):
            verdict = replace(verdict, patterns=await self._learned(post, verdict))
        if not verdict.alerts:
            return verdict
        beside = {
            "rules": list(await self.rule_names(post)),
            "patterns": [pattern.body for pattern in verdict.patterns],
        }
        alerts = tuple(replace(alert, facts={**alert.facts, **beside}) for alert in verdict.alerts)
        return replace(verdict, alerts=alerts)

    async def rule_names(self, post: TrackedPost) -> tuple[str, ...]:
        """The community's rules as they stood when the post was registered."""
        if post.rules_snapshot_id is None:
            return ()
        snapshot = await self._store.rules_snapshot(post.workspace_id, post.rules_snapshot_id)
        return tuple(rule.short_name for rule in snapshot.rules)

    async def of_batch(self, checks: Sequence[Check]) -> Sequence[Check]:
        """The checks of one workspace, with what only the whole batch can tell: equal patterns are learned once,
        accounts' alerts get their counts, and a community's closing is one event.
        """
        checks = [await self._with_counts(check, checks) for check in _each_pattern_once(checks)]
        return [await self._as_one_event(check) for check in checks]

    async def _as_one_event(self, check: Check) -> Check:
        """A community that closes or opens again is told once for all of its posts: the alerts of all of them get the
        same key, and the outbox keeps one alert for each key.
        """
        judged = [await self._of_community(check, alert) for alert in check.verdict.alerts]
        alerts = tuple(alert for alert in judged if alert is not None)
        if alerts == check.verdict.alerts:
            return check
        return replace(check, verdict=replace(check.verdict, alerts=alerts))

    async def _of_community(self, check: Check, alert: NewAlert) -> NewAlert | None:
        """The alert as the news of its community, when it is that. None for a post that was found and not seen when its
        community was not told to be closed, or is told to be open already.
        """
        closes = alert.kind is AlertKind.POST_GATED and alert.facts.get("closure") is not None
        opens = alert.kind is AlertKind.POST_LIVE and alert.facts.get("previous_state") == State.GATED
        if not closes and not opens:
            return alert
        community = str(alert.facts["community"])
        told = await self._store.community_news(check.workspace_id, community)
        if told is not None and _stands_for(told, alert):
            return replace(alert, dedupe_key=told.dedupe_key)
        if opens and (told is None or told.kind is AlertKind.POST_LIVE):
            return alert if alert.facts.get("state", State.LIVE) == State.LIVE else None  # this post alone had gone
        posts = await self._store.watched_in(check.workspace_id, community)
        facts = {**alert.facts, "community_posts": len(posts), "community_post_ids": list(posts[:POSTS_TOLD])}
        if opens:
            since, now = (told.facts.get("since") if told is not None else None), alert.facts.get("since")
            if isinstance(since, str) and isinstance(now, str):
                lasted = datetime.fromisoformat(now) - datetime.fromisoformat(since)
                facts["closed_for_s"] = lasted.total_seconds()
        key = f"community:{community}:after {told.id if told else 0}"
        return replace(alert, dedupe_key=key, facts=facts, event=f"community:{community}")

    async def _with_counts(self, check: Check, batch: Sequence[Check]) -> Check:
        """Adds to alerts about an account how many registered posts it has, and how many of them are hidden now. The
        checks of the same `batch` count as if they were already stored.
        """
        if check.author is None or not any(alert.kind in ACCOUNT_ALERTS for alert in check.verdict.alerts):
            return check
        posts = await self._store.posts_by(check.workspace_id, check.author)
        fresh = {other.tracked_post_id: other.verdict for other in batch}
        counts = {"posts": len(posts), "hidden": sum(is_hidden(fresh.get(post.id, post)) for post in posts)}
        alerts = tuple(
            replace(alert, facts={**alert.facts, **counts}) if alert.kind in ACCOUNT_ALERTS else alert
            for alert in check.verdict.alerts
        )
        return replace(check, verdict=replace(check.verdict, alerts=alerts))

    async def _learned(self, post: TrackedPost, verdict: Verdict) -> tuple[NewPattern, ...]:
        """The patterns that the removal teaches, without those that the community already has."""
        learned = await asyncio.to_thread(
            learning.taught,
            post,
            verdict,
            await text_of(self._store, post),
            rules=await reasons.rules_at_posting(self._store, post),
            demands=await self._store.demands(post.workspace_id, post.community),
            profile=await self._store.latest_profile(post.workspace_id, post.community),
        )
        known = {pattern.body for pattern in await self._store.patterns(post.workspace_id, post.community)}
        return tuple(pattern for pattern in learned if pattern.body not in known)


def found_again(
    post: TrackedPost, verdict: Verdict, history: Sequence[Reading], new: Sequence[Reading]
) -> tuple[NewAlert, ...]:
    """The news that a post's community is open, when others find a post again that they cannot see: people wait for
    it. `of_batch` keeps it only when the community was told to be closed. A post that is seen again tells it itself.
    """
    if post.state is not State.GATED or verdict.state in (State.LIVE, State.UNKNOWN, State.GATED):
        return ()
    if not any(reading.view is View.THIRD_PARTY and reading.found for reading in new):
        return ()
    key = f"post:{post.id}:found:{verdict.state_since.isoformat()}"
    facts = post_facts(post, verdict, [*history, *new])
    return (NewAlert(AlertKind.POST_LIVE, key, facts, tracked_post_id=post.id),)


def _stands_for(told: Alert, alert: NewAlert) -> bool:
    """Whether `told`, the newest of a community's closing and opening, tells what `alert` would tell of one post.

    News of an opening that are older than the post's absence are of an earlier closing. Whoever found the post after
    the news of a closing found the community open, which is told only when a post of it is visible again.
    """
    if told.kind is not alert.kind:
        return False
    if alert.kind is AlertKind.POST_LIVE:
        return told.created_at >= datetime.fromisoformat(alert.facts["previous_since"])
    looks = [reading for reading in alert.facts["readings"] if reading["view"] == View.THIRD_PARTY]
    found = (datetime.fromisoformat(look["last_read_at"]) for look in looks if look["found"])
    return not any(at > told.created_at for at in found)


def _each_pattern_once(checks: Sequence[Check]) -> list[Check]:
    """Posts of one community that are removed together teach the same pattern; it is learned from the first of them."""
    taught: set[tuple[str, str, str]] = set()
    kept: list[Check] = []
    for check in checks:
        new = [n for n in check.verdict.patterns if (check.workspace_id, n.community, n.body) not in taught]
        taught.update((check.workspace_id, pattern.community, pattern.body) for pattern in new)
        kept.append(
            replace(check, verdict=replace(check.verdict, patterns=tuple(new))) if check.verdict.patterns else check
        )
    return kept
