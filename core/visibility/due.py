"""When a tracked post is looked at again: the only place that computes `next_check_at`.

Dense in the first hour (most removals happen then), hourly for an account's first three posts and every four hours for
an established one until the audit, daily from there to the fourteenth day, then no more. Denser while something waits
for its confirmation, while a post is held (8% of removals are reversed within 36 h: reddit-facts, base rates) and
sparser while nothing can be seen.

When the request budget is short, confirmed live posts are looked at less often, the oldest least: a wait becomes at
least a share of the time for which the post was seen live (`stretch_for` finds the share), and never more than a day.
Whatever awaits confirmation, is young, held, gone or unclear is not stretched. What is due beyond the budget of the
moment stays due; the store leases calm posts last (`core.visibility.tracking.CALM_AFTER`).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model import State, TrackedPost
from core.visibility.tracking import CALM_AFTER, EARLIER_POSTS_AT_MOST, WatchLoad

FIRST_LOOKS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60))
NEW_ACCOUNT_POSTS = EARLIER_POSTS_AT_MOST
NEW_ACCOUNT_EVERY = timedelta(hours=1)
ESTABLISHED_EVERY = timedelta(hours=4)
LATE_EVERY = timedelta(days=1)
HELD_EVERY = timedelta(minutes=30)
GONE_EVERY = timedelta(hours=2)  # while a removal is often reversed
OFTEN_REVERSED_FOR = timedelta(hours=36)
ACCOUNT_EVERY = timedelta(hours=2)  # while the account is shadowbanned or suspended
NO_VIEW_EVERY = timedelta(hours=1)  # nobody can look; a restart with credentials finds the post due within the hour
BLIND_FIRST = timedelta(minutes=5)
BLIND_AT_MOST = timedelta(hours=1)
GARBLED_FIRST = timedelta(minutes=1)  # an answer that came and could not be read is a hiccup

AUDIT_AFTER = timedelta(days=7)
WATCH_FOR = timedelta(days=14)
# A post that was registered long after it was posted is still seen confirmed before its audit, and followed a while.
LATE_AUDIT_AFTER = timedelta(hours=1)
LATE_WATCH_FOR = timedelta(days=7)

# The ages (as confirmed live) by which calm posts are counted, to find out what they need.
AGES = (CALM_AFTER, *(timedelta(hours=hours) for hours in (9, 12, 18, 24, 36, 48, 72, 96, 120, 144)))
STRETCHED_AT_MOST = LATE_EVERY
MOST_STRETCH = STRETCHED_AT_MOST / CALM_AFTER
# Of the budget; the rest is for people's requests, rules, accounts, and batches that are not full.
SHARE_FOR_WATCHING = 0.5

JITTER = 0.1  # of the wait, only ever added: nothing is looked at sooner than it may be
LONGEST_WAIT = LATE_EVERY * (1 + JITTER) + timedelta(hours=1)  # what waits longer was planned by a wrong clock


def audit_due_at(posted_at: datetime, registered_at: datetime) -> datetime:
    """Seven days after posting; for posts registered later than that, an hour after registering."""
    return max(posted_at + AUDIT_AFTER, registered_at + LATE_AUDIT_AFTER)


def watched_until(posted_at: datetime, registered_at: datetime) -> datetime:
    return max(posted_at + WATCH_FOR, registered_at + LATE_WATCH_FOR)


def first_check_at(fullname: str, registered_at: datetime) -> datetime:
    """The first check after the look that registering takes itself."""
    return _jittered(registered_at, FIRST_LOOKS[0], fullname)


def next_check_at(
    post: TrackedPost,
    now: datetime,
    *,
    state: State,
    state_since: datetime,
    awaited_in: timedelta | None,
    is_established: bool,
    stretch: float = 0.0,
) -> datetime | None:
    """When to look next after a look at `now` that could tell; None when watching ends.

    `state` and `state_since` are the verdict's; `awaited_in` is how soon another look would confirm something;
    `stretch` is that of `stretch_for`.
    """
    if post.stopped_at is not None:
        return None
    if awaited_in is not None:
        return _jittered(now, awaited_in, post.fullname)
    end = watched_until(post.posted_at, post.registered_at)
    if now >= end:
        return None
    for first in FIRST_LOOKS:
        if post.registered_at + first > now:
            return _jittered(post.registered_at, first, post.fullname)
    wait = _steady(post, now, state, state_since, is_established)
    if state is State.LIVE:
        wait = _stretched(wait, now - state_since, stretch)
    return min(_jittered(now, wait, post.fullname), end)


def next_check_when_blind(
    post: TrackedPost,
    now: datetime,
    *,
    blind_cycles: int,
    retry_after_s: float | None = None,
    is_garbled: bool = False,
) -> datetime | None:
    """When to try again after a look at `now` that could not tell, the `blind_cycles`-th in a row; sooner when its
    answer came and `is_garbled`.
    """
    if post.stopped_at is not None or now >= watched_until(post.posted_at, post.registered_at):
        return None
    wait = min((GARBLED_FIRST if is_garbled else BLIND_FIRST) * 2 ** min(max(blind_cycles, 1) - 1, 10), BLIND_AT_MOST)
    if retry_after_s is not None and retry_after_s > 0:
        wait = max(wait, timedelta(seconds=min(retry_after_s, BLIND_AT_MOST.total_seconds())))
    return _jittered(now, wait, post.fullname)


@dataclass(frozen=True, slots=True)
class Stretched:
    """How many posts are looked at less often than they should be, and how long the longest of them wait."""

    posts: int
    longest: timedelta


def stretch_for(load: WatchLoad, posts_an_hour: float) -> float:
    """The share of its time live that a calm post waits at least, so that the watched posts need no more than
    `posts_an_hour`; 0 when they fit as they are, `MOST_STRETCH` when they do not fit at all.
    """
    if _needed(load, 0.0) <= posts_an_hour:
        return 0.0
    if _needed(load, MOST_STRETCH) >= posts_an_hour:
        return MOST_STRETCH
    too_little, enough = 0.0, MOST_STRETCH
    for _ in range(30):
        middle = (too_little + enough) / 2
        if _needed(load, middle) <= posts_an_hour:
            enough = middle
        else:
            too_little = middle
    return enough


def stretched(load: WatchLoad, stretch: float) -> Stretched | None:
    """What `stretch` does to these posts; None: nothing."""
    waits = [
        (posts, _stretched(_live_every(is_established), age, stretch))
        for (age, is_established), posts in load.calm.items()
        if _stretched(_live_every(is_established), age, stretch) > _live_every(is_established)
    ]
    return Stretched(sum(posts for posts, _ in waits), max(wait for _, wait in waits)) if waits else None


def _needed(load: WatchLoad, stretch: float) -> float:
    """Looks an hour."""
    hour = timedelta(hours=1)
    calm = sum(
        posts * (hour / _stretched(_live_every(is_established), age, stretch))
        for (age, is_established), posts in load.calm.items()
    )
    return load.urgent + calm + load.audited * (hour / LATE_EVERY)


def _stretched(wait: timedelta, live_for: timedelta, stretch: float) -> timedelta:
    return wait if live_for < CALM_AFTER else max(wait, min(live_for * stretch, STRETCHED_AT_MOST))


def _live_every(is_established: bool) -> timedelta:
    return ESTABLISHED_EVERY if is_established else NEW_ACCOUNT_EVERY


def _steady(post: TrackedPost, now: datetime, state: State, state_since: datetime, is_established: bool) -> timedelta:
    if now >= post.posted_at + AUDIT_AFTER:
        return LATE_EVERY
    if state is State.HELD:
        return HELD_EVERY if now < state_since + OFTEN_REVERSED_FOR else ESTABLISHED_EVERY
    if state is State.REMOVED:
        return GONE_EVERY if now < state_since + OFTEN_REVERSED_FOR else LATE_EVERY
    if state is State.DELETED:
        return LATE_EVERY
    if state in (State.SHADOWBANNED, State.SUSPENDED):
        return ACCOUNT_EVERY
    return _live_every(is_established)


def _jittered(start: datetime, wait: timedelta, seed: str) -> datetime:
    """Later by up to a tenth, the same for the same post and plan: posts registered together drift apart."""
    share = zlib.crc32(f"{seed} {start.isoformat()} {wait}".encode()) / 0xFFFFFFFF
    return start + wait * (1 + JITTER * share)
