"""Watching accounts, apart from their posts: posts can still show hours after their account was banned.

An account is looked up when a post of it is registered, every six hours, and every half hour while something is odd.
Its state is confirmed as the evidence table says. Each change is an alert of its own, and so is the return to normal.
The states of its posts come only from what was seen of the posts.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.alerts import KIND_OF_ACCOUNT
from core.clock import Clock
from core.events import event_of
from core.model import Account, AccountState, AlertKind, AuthorStatus, Confidence, NewAlert, State, TrackedPost
from core.visibility.account_looks import ODD_EVERY, AccountCheck, AccountLook, DueAccount, StandingStore
from core.visibility.alert_facts import post_facts
from core.visibility.evidence import SHADOWBAN_READINGS, SHADOWBAN_SPAN, SPACING
from core.visibility.looking import Looking
from core.visibility.verdict import account_key, is_hidden, returned_key, unchanged

log = logging.getLogger(__name__)

EVERY = timedelta(hours=6)
AGAIN_IN = SHADOWBAN_SPAN / 2  # while a state awaits its confirmation
LEASE = timedelta(minutes=5)  # an account that a killed program leased is due again after this
ACCOUNTS_AT_ONCE = 2  # in a round; each costs one or two requests of the shared budget
EVIDENCE_SHOWN = 6
POSTS_READ = 3

_POST_STATE = {AccountState.SHADOWBANNED: State.SHADOWBANNED, AccountState.SUSPENDED: State.SUSPENDED}


@dataclass(frozen=True, slots=True)
class _Run:
    """The newest looks that saw the same status. `counted` of them are far enough apart to count."""

    status: AuthorStatus
    began: datetime
    last: datetime
    counted: int

    @property
    def is_confirmed(self) -> bool:
        if self.status is AuthorStatus.MISSING:
            return self.counted >= SHADOWBAN_READINGS and self.last - self.began >= SHADOWBAN_SPAN
        return self.counted >= 2


def newest_run(looks: Sequence[AccountLook]) -> _Run | None:
    """The newest run of equal looks, without those that could not tell; None when no look could."""
    told = [look for look in looks if look.author_status is not AuthorStatus.CANNOT_TELL]
    if not told:
        return None
    status = told[-1].author_status
    first = next((at for at in range(len(told) - 1, -1, -1) if told[at].author_status is not status), -1) + 1
    counted, counted_at = 1, told[first].read_at
    for look in told[first + 1 :]:
        if look.read_at - counted_at >= SPACING:
            counted, counted_at = counted + 1, look.read_at
    return _Run(status, told[first].read_at, told[-1].read_at, counted)


def standing_of(looks: Sequence[AccountLook], *, is_named: bool | None) -> AccountState | None:
    """The state that these looks confirm, if any. `is_named`: whether the account's posts still name it as their
    author; None when no post tells. Then a missing account may be deleted or shadowbanned, and nothing is confirmed.
    """
    run = newest_run(looks)
    if run is None or not run.is_confirmed:
        return None
    if run.status is AuthorStatus.EXISTS:
        return AccountState.VISIBLE
    if run.status is AuthorStatus.SUSPENDED:
        return AccountState.SUSPENDED
    if is_named is None:
        return None
    return AccountState.SHADOWBANNED if is_named else AccountState.DELETED


def next_look_in(looks: Sequence[AccountLook], state: AccountState) -> timedelta:
    """How soon to look again at an account that is in `state` after these looks."""
    run = newest_run(looks)
    is_trouble = state in (AccountState.SHADOWBANNED, AccountState.SUSPENDED)
    if run is None or looks[-1].author_status is AuthorStatus.CANNOT_TELL:
        return ODD_EVERY
    if not run.is_confirmed and (run.status is not AuthorStatus.EXISTS or is_trouble):
        return AGAIN_IN if run.status is AuthorStatus.MISSING else SPACING
    return ODD_EVERY if is_trouble else EVERY


class Standings:
    """Raises `StorageUnavailable` only."""

    def __init__(self, store: StandingStore, clock: Clock, looking: Looking) -> None:
        self._store, self._clock, self._looking = store, clock, looking

    async def tend(self) -> int:
        """Look at the accounts that are due, a few at a time; returns how many."""
        due = await self._store.lease_due_accounts(self._clock.now(), lease=LEASE, limit=ACCOUNTS_AT_ONCE)
        statuses: dict[str, AuthorStatus | None] = {}  # one look serves all workspaces
        for item in due:
            posts = await self._store.posts_by(item.account.workspace_id, item.account.name)
            check = await self._check(item, posts, statuses)
            await self._store.record_account_check(check, self._clock.now())
        return len(due)

    async def _check(
        self, item: DueAccount, posts: Sequence[TrackedPost], statuses: dict[str, AuthorStatus | None]
    ) -> AccountCheck:
        account, view = item.account, self._looking.view
        if view is None or not any(post.next_check_at is not None and view.sees(post.community) for post in posts):
            return AccountCheck(account, None, account.state, self._clock.now() + EVERY)
        status = await self._looking.author_status(account.name, statuses)
        now = self._clock.now()
        look = AccountLook(view.basis, now, status or AuthorStatus.CANNOT_TELL)
        looks = [*item.looks, look]
        is_named = await self._is_named(posts) if look.author_status is AuthorStatus.MISSING else True
        state = standing_of(looks, is_named=is_named) or account.state
        alert, run = self._alert(account, state, looks, posts), newest_run(looks)
        since = run.began if run is not None and state is not account.state else None
        return AccountCheck(account, look, state, now + next_look_in(looks, state), alert, since)

    async def _is_named(self, posts: Sequence[TrackedPost]) -> bool | None:
        """Whether the newest posts still name their author; None when none tells. A post that was deleted or removed
        may have lost the name for that reason, so it cannot say no.
        """
        said: bool | None = None
        for post in [post for post in posts if post.state is not State.DELETED][-POSTS_READ:]:
            for reading in reversed(await self._store.readings(post.workspace_id, post.id, 5)):
                if reading.author_present is not None:
                    if reading.author_present:
                        return True
                    said = False if post.state is State.LIVE else said
                    break
        return said

    @staticmethod
    def _alert(
        account: Account, state: AccountState, looks: Sequence[AccountLook], posts: Sequence[TrackedPost]
    ) -> NewAlert | None:
        run = newest_run(looks)
        if state is account.state or run is None:
            return None
        is_back = state is AccountState.VISIBLE
        kind = KIND_OF_ACCOUNT.get(account.state if is_back else state)
        if kind is None or (is_back and kind is AlertKind.ACCOUNT_DELETED):
            return None
        post = posts[-1]
        facts = {**post_facts(post, unchanged(post), ()), **_account_facts(state, run, looks, posts)}
        key = returned_key(account) if is_back else account_key(account, state)
        if is_back:
            facts["restored"] = True
            facts["hidden_for_s"] = (run.began - account.state_since).total_seconds()
        return NewAlert(kind, key, facts, tracked_post_id=post.id, event=event_of(kind, facts))


def _account_facts(
    state: AccountState, run: _Run, looks: Sequence[AccountLook], posts: Sequence[TrackedPost]
) -> dict[str, Any]:
    likely = Confidence.MEDIUM if state is AccountState.SHADOWBANNED else Confidence.HIGH
    told: dict[str, Any] = {
        "since": run.began.isoformat(),
        "confidence": likely.value,
        "posts": len(posts),
        "hidden": sum(is_hidden(post) for post in posts),
        "readings": [_look_facts(look) for look in looks[-EVIDENCE_SHOWN:]],
    }
    return told | ({"state": _POST_STATE[state].value} if state in _POST_STATE else {})


def _look_facts(look: AccountLook) -> dict[str, Any]:
    return {
        "view": "third_party",
        "basis": look.basis.value,
        "read_at": look.read_at.isoformat(),
        "author_status": look.author_status.value,
    }
