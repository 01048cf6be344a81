"""When a tracked post is looked at again: the only place that computes `next_check_at`.

The younger a post is, the more often it is looked at, because most removals come early. A post whose state changed is
as young as that change. `RATES` gives the waits of all ages in proportion to each other. The pace that multiplies them
is computed from the number of watched posts, so that all looks together cost a set share of the request budget. No wait
is shorter than `SOONEST` (closer readings count as one) or longer than `SELDOM`.

When the share does not pay for a look at new posts every quarter of an hour and at everything else every hour, watching
takes more of the budget, up to `MOST_SHARE`. When that is not enough either, the waits of posts older than a day grow,
up to a day. A look that would confirm something keeps its time. Posts that are due beyond the budget of the moment stay
due; the store leases those that give way last (`gives_way`).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model import State, TrackedPost
from core.visibility.evidence import SPACING

# Up to this age (since posting, or since its state changed last), a post waits so many times as long as a new one.
RATES: tuple[tuple[timedelta, int], ...] = (
    (timedelta(hours=1), 1),
    (timedelta(hours=6), 2),
    (timedelta(days=1), 4),
    (timedelta(days=3), 8),
    (timedelta(days=7), 16),
    (timedelta(days=14), 48),
)
AGES = tuple(age for age, _ in RATES)
OLDEST_RATE = RATES[-1][1]
STEADY_RATE = 4  # posts up to this rate never wait longer than `SELDOM`, however short the budget is
SOONEST = SPACING
SELDOM = timedelta(hours=1)
SLOWEST_UNIT = timedelta(minutes=15)
MOST_WAIT = timedelta(days=1)
MOST_STRETCH = MOST_WAIT / SELDOM
SHARE = 0.05  # of the request budget, unless the settings say another
MOST_SHARE = 0.5  # the rest is for people's requests, rules and accounts

NO_VIEW_EVERY = timedelta(hours=1)  # nobody can look; a restart with credentials finds the post due within the hour
# The circuit breaker keeps the requests away while Reddit does not answer, so that asking again soon costs it nothing.
BLIND_FIRST = timedelta(minutes=1)
BLIND_AT_MOST = timedelta(minutes=5)
RETRY_AT_MOST = timedelta(hours=1)  # a remote may ask for longer; we do not wait longer

AUDIT_AFTER = timedelta(days=7)
WATCH_FOR = timedelta(days=14)
# A post that was registered long after it was posted is still seen confirmed before its audit, and followed a while.
LATE_AUDIT_AFTER = timedelta(hours=1)
LATE_WATCH_FOR = timedelta(days=7)

CALM_AFTER = timedelta(hours=6)  # a post that was live for so long gives way when more is due than may be asked for
JITTER = 0.1  # a share of the wait, only ever added, so that no look comes too soon
LONGEST_WAIT = MOST_WAIT * (1 + JITTER) + timedelta(hours=1)  # a longer wait was planned by a wrong clock


@dataclass(frozen=True, slots=True)
class Pace:
    """How long posts wait between two looks: `unit` times the rate of their age, at most `SELDOM`. Posts older than a
    day wait `stretch` times as long, at most `MOST_WAIT`.
    """

    unit: timedelta = SOONEST
    stretch: float = 1.0

    def wait(self, rate: int) -> timedelta:
        wait = max(SOONEST, min(self.unit * rate, SELDOM))
        return min(wait * self.stretch, MOST_WAIT) if rate > STEADY_RATE else wait

    @property
    def longest(self) -> timedelta:
        """How long the oldest posts wait."""
        return self.wait(OLDEST_RATE)

    @property
    def is_stretched(self) -> bool:
        """True when the budget is so short that older posts wait longer than usual."""
        return self.stretch > 1


def pace_for(posts: Sequence[int], an_hour: float, share: float = SHARE) -> Pace:
    """The quickest pace at which all posts together need at most `share` of the looks that the budget allows `an_hour`.

    `posts` counts them by the ages of `RATES`; older ones count with the last. The module's docstring says what happens
    when no pace fits.
    """
    slowest, most = Pace(SLOWEST_UNIT), an_hour * max(share, MOST_SHARE)
    if looks_an_hour(posts, slowest) <= an_hour * share:
        return _quickest(posts, an_hour * share, lambda part: Pace(SLOWEST_UNIT * part))
    if looks_an_hour(posts, slowest) <= most:
        return slowest
    return _quickest(posts, most, lambda part: Pace(SLOWEST_UNIT, 1 + (MOST_STRETCH - 1) * part))


def _quickest(posts: Sequence[int], looks: float, pace: Callable[[float], Pace]) -> Pace:
    """The first of the paces between `pace(0)` (quickest) and `pace(1)` (slowest) that needs at most `looks` an hour;
    `pace(1)` when none does.
    """
    too_quick, slow_enough = 0.0, 1.0
    if looks_an_hour(posts, pace(too_quick)) <= looks:
        return pace(too_quick)
    for _ in range(30):
        middle = (too_quick + slow_enough) / 2
        if looks_an_hour(posts, pace(middle)) <= looks:
            slow_enough = middle
        else:
            too_quick = middle
    return pace(slow_enough)


def looks_an_hour(posts: Sequence[int], pace: Pace) -> float:
    """How many looks an hour these posts need."""
    hour = timedelta(hours=1)
    return sum(count * (hour / pace.wait(rate)) for count, (_, rate) in zip(posts, RATES, strict=True))


def rate_of(age: timedelta) -> int:
    """How many times as long as a new post one of this age waits."""
    return next((rate for until, rate in RATES if age < until), OLDEST_RATE)


def age_of(post: TrackedPost, state_since: datetime, now: datetime) -> timedelta:
    """The time since the post was posted or its state changed, whichever is shorter."""
    return now - max(post.posted_at, state_since)


def gives_way(age: timedelta, state: State, awaited_in: timedelta | None) -> bool:
    """True when other posts go first while more is due than may be asked for."""
    return state is State.LIVE and awaited_in is None and age >= CALM_AFTER


def audit_due_at(posted_at: datetime, registered_at: datetime) -> datetime:
    """Seven days after posting; for posts registered later than that, an hour after registering."""
    return max(posted_at + AUDIT_AFTER, registered_at + LATE_AUDIT_AFTER)


def watched_until(posted_at: datetime, registered_at: datetime) -> datetime:
    """`registered_at`: the last time, when the watching was stopped between."""
    return max(posted_at + WATCH_FOR, registered_at + LATE_WATCH_FOR)


def first_check_at(fullname: str, registered_at: datetime) -> datetime:
    """When the first check is due after the look that registering itself takes."""
    return _jittered(registered_at, SOONEST, fullname)


def next_check_at(
    post: TrackedPost,
    now: datetime,
    *,
    state: State,
    state_since: datetime,
    awaited_in: timedelta | None,
    pace: Pace,
) -> datetime | None:
    """When to look next, after a look at `now` that gave evidence; None when watching ends.

    `state` and `state_since` are the verdict's; `awaited_in` is how soon another look would confirm something.
    """
    if post.stopped_at is not None:
        return None
    if awaited_in is not None:
        return _jittered(now, awaited_in, post.fullname)
    end = watched_until(post.posted_at, post.watched_since)
    if now >= end:
        return None
    if state is State.DELETED:  # nobody brings it back
        return min(_jittered(now, pace.longest, post.fullname), end)
    return min(_jittered(now, pace.wait(rate_of(age_of(post, state_since, now))), post.fullname), end)


def next_check_when_blind(
    post: TrackedPost,
    now: datetime,
    *,
    blind_cycles: int,
    retry_after_s: float | None = None,
) -> datetime | None:
    """When to look next, after a look at `now` that gave no evidence, the `blind_cycles`-th in a row. None when
    watching ends.
    """
    if post.stopped_at is not None or now >= watched_until(post.posted_at, post.watched_since):
        return None
    wait = min(BLIND_FIRST * 2 ** min(max(blind_cycles, 1) - 1, 10), BLIND_AT_MOST)
    if retry_after_s is not None:
        wait = max(wait, timedelta(seconds=min(retry_after_s, RETRY_AT_MOST.total_seconds())))
    return _jittered(now, wait, post.fullname)


def _jittered(start: datetime, wait: timedelta, seed: str) -> datetime:
    """`start + wait`, later by up to a tenth of the wait, so that posts registered together drift apart. The same post
    and plan give the same time.
    """
    share = zlib.crc32(f"{seed} {start.isoformat()} {wait}".encode()) / 0xFFFFFFFF
    return start + wait * (1 + JITTER * share)
