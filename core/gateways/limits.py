"""Protects a remote from us: a request budget, a circuit breaker, and the health that `status` shows.

No class here owns a timer or a connection; time comes from the injected `Clock`. Durations are measured with
`monotonic`, so that a moved wall clock (the sample's time travel, a correction) opens and closes nothing.
"""

from __future__ import annotations

import contextlib
import math
import random
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from core.clock import Clock
from core.errors import RemoteError, UserError
from core.ports import Allowance

LONGEST_OBEYED_WAIT_S = 3600.0
THEIR_WINDOW_S = 600.0  # the period of `X-Ratelimit-*` (reddit-facts: access)


@dataclass(slots=True)
class Health:
    """A remote's health, for `status` and `doctor`. `problem` says in words for people what is wrong; None while it
    works.

    `clock_skew_s` is our time minus the remote's, in seconds, when the remote sent a `Date`.
    """

    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    problem: str | None = None
    clock_skew_s: float | None = None
    clocks_compared: int = 0

    def succeeded(self, now: datetime) -> None:
        self.last_success_at = now
        self.problem = None

    def failed(self, error: UserError, now: datetime) -> None:
        self.last_failure_at = now
        self.problem = error.shown

    def compare_clocks(self, date_header: str | None, now: datetime) -> None:
        """Compute the skew from an HTTP `Date` header; a missing or malformed one changes nothing."""
        if not date_header:
            return
        try:
            theirs = parsedate_to_datetime(date_header)
        except ValueError:
            return
        if theirs.tzinfo is None:
            theirs = theirs.replace(tzinfo=UTC)
        self.clock_skew_s = (now - theirs).total_seconds()
        self.clocks_compared += 1


def parse_retry_after(header: str | None, now: datetime) -> float | None:
    """Returns the seconds of a `Retry-After` header (a number, or an HTTP date), never negative; None when it is
    missing or unreadable.
    """
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            at = parsedate_to_datetime(header)
        except ValueError:
            return None
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        seconds = (at - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def say_duration(seconds: float) -> str:
    """Returns a duration, rounded up, in one unit: "20 seconds", "3 minutes", "2 hours"."""
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds > size:
            count = math.ceil(seconds / size)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    count = max(1, math.ceil(seconds))
    return f"{count} second{'s' if count > 1 else ''}"


class Budget:
    """The requests that one credential may send: at most `requests` in any `window_s` seconds, and no more than the
    remote's own headers allow.

    `take` waits for a free place, at most `longest_wait_s`. When the wait would be longer, it raises `RemoteError` at
    once, with the wait as `retry_after_s`. Our own limit also holds when the remote names none.
    """

    def __init__(
        self, *, remote: str, name: str, clock: Clock, requests: int, window_s: float, longest_wait_s: float = 30.0
    ) -> None:
        self._remote, self._name, self._clock = remote, name, clock
        self._requests, self._window_s, self._longest_wait_s = requests, window_s, longest_wait_s
        self._sent: deque[float] = deque()
        self._not_before = -math.inf
        self._theirs_left: float | None = None  # what the remote last said is left, minus what we sent since
        self._theirs_reset = -math.inf
        self._theirs_an_hour = math.inf

    @property
    def allowance(self) -> Allowance:
        """Returns the requests left now, and the long-term rate, by our own limit and by what the remote last said."""
        if self.wait_s():
            at_once = 0
        else:
            theirs = math.inf if self._theirs_left is None else self._theirs_left
            at_once = int(min(self._requests - len(self._sent), theirs))
        return Allowance(at_once, min(self._requests * 3600 / self._window_s, self._theirs_an_hour))

    def wait_s(self) -> float:
        """Returns the seconds until the next request may be sent; 0 when it may now."""
        now = self._clock.monotonic()
        while self._sent and self._sent[0] <= now - self._window_s:
            self._sent.popleft()
        wait = max(0.0, self._not_before - now)
        if len(self._sent) >= self._requests:
            wait = max(wait, self._sent[0] + self._window_s - now)
        if self._theirs_left is not None:
            if now >= self._theirs_reset:
                self._theirs_left = None
            elif self._theirs_left < 1:
                wait = max(wait, self._theirs_reset - now)
        return wait

    async def take(self) -> None:
        """Take the place of one request, after a short wait if needed."""
        deadline = self._clock.monotonic() + self._longest_wait_s
        while wait := self.wait_s():
            if self._clock.monotonic() + wait > deadline:
                raise RemoteError(
                    f"The request budget for {self._name} is used up.",
                    f"It is free again in {say_duration(wait)}.",
                    remote=self._remote,
                    retry_after_s=wait,
                )
            # One clock tick more, so that rounding cannot wake us just before the place is free.
            await self._clock.sleep(wait + 0.001)
        self._sent.append(self._clock.monotonic())
        if self._theirs_left is not None:
            self._theirs_left -= 1

    def learn(self, headers: Mapping[str, str]) -> None:
        """Obey `X-Ratelimit-Remaining` (may be a float) and `X-Ratelimit-Reset` (seconds), and learn from
        `X-Ratelimit-Used` how many are granted in all; implausible values are ignored.
        """
        lowered = {name.lower(): value for name, value in headers.items()}
        try:
            left, reset_s = float(lowered["x-ratelimit-remaining"]), float(lowered["x-ratelimit-reset"])
        except (KeyError, ValueError):
            return
        if math.isfinite(left) and math.isfinite(reset_s) and reset_s >= 0:
            self._theirs_left = left
            self._theirs_reset = self._clock.monotonic() + min(reset_s, LONGEST_OBEYED_WAIT_S)
            used = lowered.get("x-ratelimit-used", "")
            if used.isdecimal() and left >= 0:
                self._theirs_an_hour = (int(used) + left) * 3600 / THEIR_WINDOW_S

    def pause(self, seconds: float) -> None:
        """Send nothing for `seconds` (the remote's `Retry-After`)."""
        self._not_before = max(self._not_before, self._clock.monotonic() + min(seconds, LONGEST_OBEYED_WAIT_S))


class BreakerState(StrEnum):
    CLOSED = "closed"  # requests pass
    OPEN = "open"  # requests are refused without being sent
    HALF_OPEN = "half_open"  # the next request is the probe that decides


# A gateway gave up on the server behind it, which may have done its work, and may charge for it.
_GAVE_UP = frozenset({408, 502, 504, 524})


def may_have_worked(status: int) -> bool:
    """Returns whether a remote that refuses with this status may have done the work, and may charge for it."""
    return status in _GAVE_UP


class Breaker:
    """One circuit breaker for one remote.

    It opens after `failures_to_open` failures in a row for `pause_s`, doubled at each failed probe up to
    `longest_pause_s`, with jitter; at once for as long as the remote itself asked (`retry_after_s`); and for
    `permanent_pause_s` after a permanent failure, because retrying does not mend a revoked key. After the pause,
    one request passes as a probe: its success closes the breaker, its failure opens it again.

    Only `RemoteError` counts as a failure. Any other `UserError` (a community that does not exist) is a healthy answer.
    """

    def __init__(
        self,
        *,
        remote: str,
        name: str,
        clock: Clock,
        health: Health | None = None,
        failures_to_open: int = 5,
        pause_s: float = 30.0,
        longest_pause_s: float = 1800.0,
        permanent_pause_s: float = 3600.0,
        chance: random.Random | None = None,
    ) -> None:
        self.health = health or Health()
        self._remote, self._name, self._clock = remote, name, clock
        self._failures_to_open, self._pause_s = failures_to_open, pause_s
        self._longest_pause_s, self._permanent_pause_s = longest_pause_s, permanent_pause_s
        self._chance = chance or random.Random()  # noqa: S311 - jitter, not a secret
        self._failures = 0
        self._openings = 0
        self._open_until: float | None = None
        self._probing = False
        self._cause: RemoteError | None = None

    @property
    def state(self) -> BreakerState:
        if self._open_until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self._clock.monotonic() < self._open_until else BreakerState.HALF_OPEN

    @property
    def open_for_s(self) -> float:
        """Returns the seconds until a request may pass; 0 when one may now."""
        return 0.0 if self._open_until is None else max(0.0, self._open_until - self._clock.monotonic())

    def refuse_if_open(self) -> None:
        """Raise the `RemoteError` that says why nothing is sent now, and when the next try is."""
        state = self.state
        if state is BreakerState.CLOSED or (state is BreakerState.HALF_OPEN and not self._probing):
            return
        cause, wait = self._cause, self.open_for_s
        permanent = cause is not None and cause.permanent
        raise RemoteError(
            f"{self._name} is not asked at the moment. {cause.what if cause else ''}".rstrip(),
            cause.do if cause is not None and permanent else f"It is tried again in {say_duration(wait)}.",
            remote=self._remote,
            permanent=permanent,
            retry_after_s=wait,
            status=cause.status if cause else None,
        )

    @contextlib.contextmanager
    def guarding(self) -> Iterator[None]:
        """Guard one request: refuse it while open, and learn from its end. A cancelled request is ignored."""
        self.refuse_if_open()
        probe = self.state is BreakerState.HALF_OPEN
        if probe:
            self._probing = True
        try:
            yield
        except RemoteError as error:
            self._failed(error, probe=probe)
            raise
        except UserError:
            self._succeeded()
            raise
        else:
            self._succeeded()
        finally:
            if probe:
                self._probing = False

    def _succeeded(self) -> None:
        self.health.succeeded(self._clock.now())
        self._failures = self._openings = 0
        self._open_until = self._cause = None

    def _failed(self, error: RemoteError, *, probe: bool) -> None:
        self.health.failed(error, self._clock.now())
        self._failures += 1
        if self._open_until is not None and not probe and not error.permanent:
            return  # it was sent before the breaker opened, so it must not lengthen the pause
        self._cause = error
        pause = 0.0
        if error.permanent:
            pause = self._permanent_pause_s * self._chance.uniform(1.0, 1.1)
        elif error.retry_after_s is not None:
            pause = min(error.retry_after_s, LONGEST_OBEYED_WAIT_S) * self._chance.uniform(1.0, 1.1)
        if probe or self._failures >= self._failures_to_open:
            doubled: float = self._pause_s * 2.0 ** min(self._openings, 30)
            pause = max(pause, min(doubled, self._longest_pause_s) * self._chance.uniform(0.5, 1.0))
        if not pause:
            return
        self._openings += 1
        self._open_until = self._clock.monotonic() + pause
