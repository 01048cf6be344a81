"""What the watching's alerts tell: their facts, with the evidence for them.

`NewAlert.facts` is plain JSON: facts, no rendered words. Times are ISO 8601 in UTC, enums their values. A key whose
value is not known is present with null; readers must tolerate missing keys, because old rows outlive upgrades.

Alerts about a post (`POST_LIVE`, `POST_HELD`, `POST_REMOVED`, `POST_DELETED`, `POST_GATED`, `POST_LOCKED`,
`ACCOUNT_SHADOWBANNED`, `ACCOUNT_SUSPENDED`, `ACCOUNT_DELETED`):

==================  ====================================================================================
post_id             int, the tracked post
fullname            str, Reddit's name of it: t3_… for a post, t1_… for a comment
basis               `Basis` of what the post is watched by ("sample" on the sample Reddit)
community           str, lower-case, without r/
title               str or null (foreign text); null once its author deleted the post
permalink           str, the full https address made by us
author              str or null, the Reddit account without u/
campaign_id         int or null
draft_id            int or null
registered_by       str, the member who registered it
posted_at           time
state               `State` now
previous_state      `State` before this alert ("unverified" at the first confirmation; equal to `state` for
                    POST_LOCKED and ACCOUNT_DELETED, which do not change it)
previous_since      time since when `previous_state` had been so
seen_before         time or null, the last look before `since` that saw something else: it happened between
                    these two
since               time the state was first seen (of the lock for POST_LOCKED, of the account's deletion for
                    ACCOUNT_DELETED)
removed_by          `RemovedBy` or null
category            str or null, Reddit's `removed_by_category` as sent
confidence          `Confidence` or null
locked              bool
score               int or null, as last read
num_comments        int or null, as last read
counts_read_at      time these two were read, or null
readings            list, the evidence, oldest first, at most 6, each:
                    {view, basis, read_at, last_read_at, times, outcome, found, category, indexable,
                    author_present, body_state, author_status, locked, problem, has_picture} with the fields
                    of `core.model.Reading`
looks               list of `Outcome`, what the last looks saw, oldest first, at most 8; those that could not
                    tell too
times_gone          int: the post disappeared and came back so many times since `first_gone_at`, within a day
first_gone_at       time
account_missing     true (POST_REMOVED): the account is missing too, which is certain in half an hour; the alert
                    covers all posts of the account that disappear meanwhile
by_people           bool, members' own looks decided, because nobody else can see: two, or one with a picture
closure             `Closure` or null, why the community is closed (POST_GATED)
closed_for_s        float or null: in the news that a community is open again (POST_LIVE), for how long it was
                    closed
community_posts     int: in the news that a community is closed or open again, how many watched posts are in it;
                    such an alert covers all of them. Its `state` is that of the first post that was found again,
                    which others need not see (POST_LIVE)
community_post_ids  list of int: the oldest of these posts, at most `POSTS_TOLD` (core/visibility/surroundings.py)
rules               list of str, short names of the community's rules when the post was registered (foreign
                    text); empty when they are not known
patterns            list of str, what was learned from this removal, in our words
posts               int, how many registered posts are by this account (in alerts about an account)
hidden              int, how many of `posts` others cannot see now, by the readings of each (`is_hidden`)
earlier             list, what is told together with this one (core/alerts.py); put there by the outbox
restored            bool, true is the good news that others see the account again (ACCOUNT_SHADOWBANNED,
                    ACCOUNT_SUSPENDED)
hidden_for_s        float: with `restored`, for how long the account was hidden
==================  ====================================================================================

`CANNOT_SEE` (about a workspace, `tracked_post_id` None):

==================  ====================================================================================
restored            bool; true is the good news that Reddit can be seen again
since               time of the last evidence before the blindness (null when there never was any)
until               time Reddit could be seen again, null while it lasts
posts               int, how many watched posts are concerned
cycles              int, how many checks in a row gave no evidence
problem             str or null, why, in words for members
==================  ====================================================================================

`LOOK_WANTED`: the keys of an alert about a post, and

==================  ====================================================================================
blind_since         time of the first look that could not tell; null when nothing is set up that could look
problem             str or null, why the last look could not tell, in words for members
==================  ====================================================================================

`CONSENT_GONE` (about a linked account, `tracked_post_id` None):

==================  ====================================================================================
author              str, the Reddit account without u/
linked_by           str or null, the member who linked it
since               time it was linked
==================  ====================================================================================

`AUDIT`: the keys of an alert about a post (without `previous_state`, `previous_since`, `looks`, `readings`), and

==================  ====================================================================================
outcome             `AuditOutcome`
reason              "not_visible", "deleted_by_author", "gone", "never_verified", "no_counts", "below_quarter" (of the
                    community's own scores), "few_reactions" (no norms to compare with), "stayed"
watched_until       time when the watching ends
compared_with       null, or {sample_size, score_q1, score_median, score_q3, computed_at} of the community
==================  ====================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.events import event_of
from core.model import AlertKind, AuthorStatus, NewAlert, Reading, State, TrackedPost, View
from core.records import dump
from core.visibility.evidence import is_evidence
from core.visibility.tracking import Verdict

EVIDENCE_SHOWN = 6
LOOKS_SHOWN = 8


def alert_about(
    kind: AlertKind,
    key: str,
    post: TrackedPost,
    verdict: Verdict,
    readings: Sequence[Reading],
    unlike: Mapping[str, Any] | None = None,
) -> NewAlert:
    facts = {**post_facts(post, verdict, readings), **(unlike or {})}
    since = datetime.fromisoformat(facts["since"])
    before = [r.ended_at for r in readings if is_evidence(r, post.posted_at) and r.ended_at < since]
    facts["seen_before"] = max(before).isoformat() if before else None
    return NewAlert(kind, key, facts, tracked_post_id=post.id, event=event_of(kind, facts))


def post_facts(post: TrackedPost, verdict: Verdict, readings: Sequence[Reading]) -> dict[str, Any]:
    """Returns the facts of an alert about a post (see the module's docstring); others fill `rules` and `patterns`."""
    telling = [r for r in readings if is_evidence(r, post.posted_at) or is_appeal(r)]
    counts = next((r for r in reversed(telling) if r.score is not None or r.num_comments is not None), None)
    return {
        "post_id": post.id,
        "fullname": post.fullname,
        "basis": post.basis.value,
        "community": post.community,
        "title": None if verdict.state is State.DELETED else post.title,  # not to be kept (reddit-facts: access)
        "permalink": post.permalink,
        "author": post.author,
        "campaign_id": post.campaign_id,
        "draft_id": post.draft_id,
        "registered_by": post.registered_by,
        "posted_at": post.posted_at.isoformat(),
        "state": verdict.state.value,
        "previous_state": post.state.value,
        "previous_since": post.state_since.isoformat(),
        "since": verdict.state_since.isoformat(),
        "removed_by": verdict.removed_by.value if verdict.removed_by else None,
        "category": verdict.category,
        "confidence": verdict.confidence.value if verdict.confidence else None,
        "locked": verdict.locked,
        "score": counts.score if counts else post.score,
        "num_comments": counts.num_comments if counts else post.num_comments,
        "counts_read_at": counts.ended_at.isoformat() if counts else None,
        "by_people": bool(telling) and telling[-1].view is View.PERSON,
        "closure": telling[-1].closure if telling and verdict.state is State.GATED else None,
        "readings": [reading_facts(r) for r in telling[-EVIDENCE_SHOWN:]],
        "looks": _looks(readings),
        "rules": [],
        "patterns": [],
    }


def _looks(readings: Sequence[Reading]) -> list[str]:
    """Returns what the last looks saw, one by one: a reading's row can stand for many. An author's looks are left out,
    because authors always see the post.
    """
    looks: list[str] = []
    for reading in reversed(readings):
        if len(looks) == LOOKS_SHOWN:
            break
        if reading.view is not View.AUTHOR:
            looks += [reading.outcome.value] * min(reading.times, LOOKS_SHOWN - len(looks))
    return looks[::-1]


def reading_facts(reading: Reading) -> dict[str, Any]:
    """Returns a reading as JSON, for an alert's evidence."""
    told = dump(replace(reading, last_read_at=reading.ended_at))
    return {name: told[name] for name in _TOLD_OF_READING}


_TOLD_OF_READING = (
    *("view", "basis", "read_at", "last_read_at", "times", "outcome", "found", "category", "indexable"),
    *("author_present", "body_state", "author_status", "locked", "problem", "has_picture"),
)


def is_appeal(reading: Reading) -> bool:
    return reading.view is View.PERSON and reading.author_status is AuthorStatus.MISSING
