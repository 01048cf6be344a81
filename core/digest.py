"""The digest: what happened in a workspace in a day or a week, and what waits for a person, as the facts of one alert.

Facts of a digest
-----------------
==================  ====================================================================================
every               `DigestRhythm`
since, until        times: the period
basis               "sample" when the workspace watches posts on the sample Reddit, else null
watched             int, posts that are watched now
states              counts of posts by `State` now
registered          int, posts registered in the period
first_seen          int, posts that were seen live for the first time
came_back           int, posts that others can see again
gone                list, posts that others stopped seeing in the period and that are not back, the last one first, at
                    most 5, each {post, kind, community, removed_by, since}; `gone_count` counts them all. States count
                    here and not alerts, because a hidden account has one alert for all of its posts
hidden_accounts     list, accounts that others cannot see now, whenever that began, at most 5, each {author, state,
                    since}
accounts            list of str, linked accounts without u/ whose owner must link them again
audits              counts of `AuditOutcome` of the posts that were a week old
drafts              list, drafts that wait for a decision, at most 5, each {draft, community}; `drafts_count` counts all
approved_count      int, approved drafts that nobody registered as posted yet
patterns             int, patterns learned in the period; `learned` lists the last ones, at most 3, each {community,
                    words}
rules_changed       list of str, communities whose rules or post requirements changed in the period, at most 5
findings            list, what new figures of communities found in the period and earlier ones had not, at most 3, each
                    {community, direction, text}; `findings_count` counts them all
standing            list, the communities with most posts of the last 30 days whose standing is known, at most 5, each
                    {community, seen, hidden, open}: how many others can see, how many not, and of how many that is
                    not known; `standing_count` counts all of them
product             what became of the posts of the last `days` days that named the product (`named`), and of those
                    that did not (`unnamed`), a week after each: how many `stayed`, how many are `gone`, and of how many
                    it is not known (`open`); of those that stayed the usual `score` and number of `answers`, null for
                    fewer than 3. `unknown` counts posts whose text is not known. Null when there is nothing to compare
used_usd_micros     int, this month; `left_usd_micros` what is left of it
blind_s             int, for how many seconds of the period Reddit could not be seen
blind_since         time since when Reddit cannot be seen; null when it can be seen now
alerts_failed       int, alerts that could not be delivered and were given up
==================  ====================================================================================
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.accounts import AccountReads
from core.alerts import ACCOUNT_ALERTS, KIND_OF, SEEN_NOWHERE_BEFORE, Alert, AlertReads
from core.communities import CommunityProfile, CommunityReads
from core.drafting.conduct import LEDGER_OVER
from core.drafting.drafts import DraftReads, DraftStatus
from core.drafting.history import TEXTS_AT_MOST, HistoryReads
from core.drafting.promoted import product_facts
from core.ledger import UsageReads
from core.log import correlation_id
from core.model import Account, AccountState, AlertKind, Basis, Caller, NewAlert, State, TrackedPost
from core.patterns import PatternReads
from core.texts.figures import Figures
from core.timetable import Timetable
from core.visibility.tracking import TrackedPostReads


class DigestStore(
    AccountReads,
    AlertReads,
    CommunityReads,
    DraftReads,
    HistoryReads,
    PatternReads,
    TrackedPostReads,
    UsageReads,
    Protocol,
):
    async def due_digests(self, now: datetime, limit: int) -> Sequence[Timetable]:
        """The timetables whose digest is due, the longest overdue first."""
        ...

    async def owe_digest(self, caller: Caller, due_at: datetime, digest: NewAlert | None, now: datetime) -> bool:
        """Owe the digest that was due at `due_at` and begin the next period, in one transaction. None: there is
        nothing to say, so the period goes on until the next one is due.

        False when nothing was owed: for None, when another program did, or when it is due at another time now.
        """
        ...


log = logging.getLogger(__name__)

DIGESTS_A_TICK = 50
LISTED = 5  # items of one list; the commands show the rest
LEARNED = 3
STANDING_OF = timedelta(days=30)

# The states in which others do not see a post, and the kind of alert about each.
_UNSEEN: Mapping[State, AlertKind] = {state: kind for state, kind in KIND_OF.items() if state is not State.LIVE}
_TROUBLED = frozenset({AccountState.SHADOWBANNED, AccountState.SUSPENDED})
_OF_ACCOUNTS = frozenset({State.SHADOWBANNED, State.SUSPENDED})
_WAITING = (DraftStatus.GENERATED, DraftStatus.EDITED)  # for a decision


async def owe_due_digests(store: DigestStore, now: datetime) -> int:
    """Owe every digest that is due, one for each workspace however many were missed; returns how many.

    When one workspace's digest fails, this is logged, it stays due, and the others still get theirs.
    """
    owed = 0
    for times in await store.due_digests(now, DIGESTS_A_TICK):
        try:
            owed += await _owe(store, times, now)
        except Exception:
            log.exception("a digest could not be put together", extra={"workspace": times.workspace_id})
    return owed


async def _owe(store: DigestStore, times: Timetable, now: datetime) -> bool:
    due_at = times.digest_due_at
    if due_at is None:
        return False
    scheduler = Caller.program(times.workspace_id, correlation_id(), "scheduler")
    facts = await digest_facts(store, times, now)
    digest = NewAlert(AlertKind.DIGEST, f"digest:{due_at.isoformat()}", facts) if says_something(facts) else None
    return await store.owe_digest(scheduler, due_at, digest, now)


_TELLING = (
    *("registered", "first_seen", "came_back", "gone_count", "hidden_accounts", "accounts", "audits", "drafts_count"),
    *("approved_count", "patterns", "rules_changed", "findings_count", "blind_s", "blind_since", "alerts_failed"),
)


def says_something(facts: Mapping[str, Any]) -> bool:
    """Returns whether something happened or waits; a digest without that is not sent, and its period goes on."""
    return any(facts.get(key) for key in _TELLING)


async def digest_facts(store: DigestStore, times: Timetable, now: datetime) -> Mapping[str, Any]:
    """The facts in the table above, for the period from the last digest until now."""
    workspace_id, since = times.workspace_id, times.digest_since or now
    told = list(reversed(await store.alerts(workspace_id, None, since=since)))
    backlog = await store.backlog(workspace_id, now)
    waiting = await store.drafts(workspace_id, statuses=_WAITING, limit=LISTED)
    drafts = await store.count_drafts(workspace_id)
    kept = await store.patterns(workspace_id)
    patterns = sorted((p for p in kept if p.created_at > since), key=lambda pattern: pattern.id)
    findings = _new_findings(await store.new_profiles(workspace_id, since))
    usage = await store.usage(workspace_id, now)
    gone = await _gone(store, workspace_id, told, since)
    accounts = await store.accounts(workspace_id)
    seen = [alert.facts for alert in told if alert.kind is AlertKind.POST_LIVE]
    # A community can open with a post that others still cannot see.
    live = [facts.get("previous_state") for facts in seen if facts.get("state", State.LIVE) == State.LIVE]
    came_back = [state for state in live if state not in SEEN_NOWHERE_BEFORE]
    last_sight = await store.alerts(workspace_id, 1, kind=AlertKind.CANNOT_SEE)
    blind, blind_since = _blind(told, last_sight, since, now)
    standing = _standing(await store.states_by_community(workspace_id, now - STANDING_OF))
    posted = await store.posted_texts(workspace_id, now - LEDGER_OVER, TEXTS_AT_MOST)
    return {
        "every": times.digest_every.value if times.digest_every else None,
        "since": since.isoformat(),
        "until": now.isoformat(),
        "basis": Basis.SAMPLE.value if await store.has_sample_posts(workspace_id) else None,
        "watched": backlog.watched,
        "states": {state.value: count for state, count in backlog.states.items()},
        "registered": await store.registered_since(workspace_id, since),
        "first_seen": len(live) - len(came_back),
        "came_back": len(came_back),
        "gone": [_about(post) for post in gone[:LISTED]],
        "gone_count": len(gone),
        "hidden_accounts": [_hidden_account(account) for account in accounts if account.state in _TROUBLED][:LISTED],
        "accounts": [a.name for a in accounts if a.consent_gone_at is not None][:LISTED],
        "audits": dict(Counter(str(a.facts.get("outcome")) for a in told if a.kind is AlertKind.AUDIT)),
        "drafts": [{"draft": draft.id, "community": draft.community} for draft in waiting],
        "drafts_count": sum(drafts.get(status, 0) for status in _WAITING),
        "approved_count": drafts.get(DraftStatus.APPROVED, 0),
        "patterns": len(patterns),
        "learned": [{"community": p.community, "words": p.body} for p in reversed(patterns[-LEARNED:])],
        "rules_changed": list(dict.fromkeys(a.facts["community"] for a in told if _tells_rules(a)))[:LISTED],
        "findings": findings[:LEARNED],
        "findings_count": len(findings),
        "standing": standing[:LISTED],
        "standing_count": len(standing),
        "product": await asyncio.to_thread(product_facts, posted, LEDGER_OVER.days),  # texts are read, which takes long
        "used_usd_micros": usage.used_usd_micros,
        "left_usd_micros": usage.left_usd_micros,
        "blind_s": int(blind.total_seconds()),
        "blind_since": blind_since.isoformat() if blind_since else None,
        "alerts_failed": backlog.alerts_failed,
    }


async def _gone(store: DigestStore, workspace_id: str, told: Sequence[Alert], since: datetime) -> list[TrackedPost]:
    """Posts that others stopped seeing in the period, the last one first, without those that are no longer watched.

    A state begins when it was first seen and is told when it is confirmed, and a digest can come in between. So posts
    count too whose alert was owed in the period; an alert about an account counts for all of its posts.
    """
    kinds = frozenset(_UNSEEN.values())
    news = [alert for alert in told if alert.kind in kinds and not alert.facts.get("restored")]
    told_of = {alert.tracked_post_id for alert in news if alert.tracked_post_id is not None}
    authors = {alert.facts.get("author") for alert in news if alert.kind in ACCOUNT_ALERTS}
    found = dict(await store.tracked_posts_by_id(workspace_id, told_of))
    found |= {post.id: post for post in await store.changed_since(workspace_id, tuple(_UNSEEN), since)}
    for author in authors:
        if isinstance(author, str):
            explained = await store.posts_by(workspace_id, author)
            found |= {post.id: post for post in explained if post.state in _OF_ACCOUNTS}
    gone = [post for post in found.values() if post.state in _UNSEEN and post.stopped_at is None]
    return sorted(gone, key=lambda post: (post.state_since, post.id), reverse=True)


def _tells_rules(alert: Alert) -> bool:
    return alert.kind is AlertKind.RULES_CHANGED and isinstance(alert.facts.get("community"), str)


def _new_findings(profiles: Sequence[tuple[CommunityProfile, CommunityProfile | None]]) -> list[dict[str, Any]]:
    """What each new profile found that the one before had not found, or had found the other way."""
    found = []
    for newest, before in profiles:
        known = {(f.feature, f.direction) for f in Figures.read(before.figures).findings} if before else set()
        for finding in Figures.read(newest.figures).findings:
            if (finding.feature, finding.direction) not in known:
                told = {"direction": finding.direction.value, "text": finding.text}
                found.append({"community": newest.community, **told})
    return found


def _standing(states: Mapping[str, Mapping[State, int]]) -> list[dict[str, Any]]:
    """How many posts others can see in each community, the communities with most posts first."""
    known: list[dict[str, Any]] = []
    for community, counts in states.items():
        seen, hidden = counts.get(State.LIVE, 0), sum(counts.get(state, 0) for state in _UNSEEN)
        if seen + hidden:
            left = sum(counts.values()) - seen - hidden
            known.append({"community": community, "seen": seen, "hidden": hidden, "open": left})
    return sorted(known, key=lambda one: (-one["seen"] - one["hidden"] - one["open"], one["community"]))


def _hidden_account(account: Account) -> dict[str, Any]:
    return {"author": account.name, "state": account.state.value, "since": account.state_since.isoformat()}


def _about(post: TrackedPost) -> dict[str, Any]:
    return {
        "post": post.id,
        "kind": _UNSEEN[post.state].value,
        "community": post.community,
        "removed_by": post.removed_by.value if post.removed_by else None,
        "since": post.state_since.isoformat(),
    }


def _blind(
    told: Sequence[Alert], last_sight: Sequence[Alert], since: datetime, now: datetime
) -> tuple[timedelta, datetime | None]:
    """How long Reddit could not be seen in the period, and since when it cannot be seen now (None: it can).

    The alert at the end of a span tells both its ends; the last alert about sight tells whether a span still lasts.
    """
    spans = [
        (_time(alert, "since"), _time(alert, "until"))
        for alert in told
        if alert.kind is AlertKind.CANNOT_SEE and alert.facts.get("restored")
    ]
    lasting = None
    if last_sight and not last_sight[0].facts.get("restored"):
        lasting = _time(last_sight[0], "since") or last_sight[0].created_at
        spans.append((lasting, now))
    total = timedelta()
    for begun, ended in spans:
        if begun is not None and ended is not None:
            total += max(timedelta(), min(ended, now) - max(begun, since))
    return total, lasting


def _time(alert: Alert, key: str) -> datetime | None:
    value = alert.facts.get(key)
    return datetime.fromisoformat(value) if isinstance(value, str) else None
