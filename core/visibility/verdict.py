"""The verdict: what is true of a tracked post, from its readings alone (reddit-facts: evidence table)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.alerts import ANSWERED, KIND_OF, KIND_OF_ACCOUNT
from core.events import event_of
from core.model import (
    Account,
    AccountState,
    AlertKind,
    AuthorStatus,
    Confidence,
    NewAlert,
    Outcome,
    Reading,
    RemovedBy,
    State,
    TrackedPost,
    View,
)
from core.visibility.alert_facts import alert_about, is_appeal
from core.visibility.evidence import (
    CHANGES_WITHIN,
    GATED_READINGS,
    GATED_SPAN,
    LOCKED,
    SHADOWBAN_SPAN,
    SPACING,
    Run,
    account_run_of,
    account_seen,
    evidence_of,
    is_evidence,
    locked_run_of,
    people_say,
    post_run_of,
    post_runs_of,
    sign_of,
)
from core.visibility.joining import covers
from core.visibility.tracking import Verdict

KEEPS_GOING = 3  # disappearances in a day after which one message tells all further ones
_LEAST_WAIT = timedelta(seconds=15)

_ACCOUNT_STATES = frozenset({State.SHADOWBANNED, State.SUSPENDED})


def in_order(reading: Reading) -> tuple[datetime, str]:
    """Returns the sort key of a reading in its batch, so that the order in which views answered decides nothing."""
    return reading.read_at, repr(reading)


def _ordered(history: Sequence[Reading], new: Sequence[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Returns all readings in the order they came, and those of `new` that were not there before."""
    if len(new) > 1:
        new = sorted(dict.fromkeys(new), key=in_order)
    fresh = [r for r in new if not any(covers(known, r) for known in history)]
    return [*history, *fresh], fresh


# ---------------------------------------------------------------- the verdict


def judge(
    post: TrackedPost,
    history: Sequence[Reading],
    new: Sequence[Reading],
    now: datetime,
    *,
    account: Account | None = None,
) -> Verdict:
    """Returns what is true of `post` after the `new` readings of one check, and what must be told.

    `history` holds earlier readings, oldest first. `account` is the author's, as known so far: what was told about an
    account once is not told again for each of its posts. Pure: the same arguments give the same verdict, and judging
    the same readings again owes no second alert. Without new evidence everything stays as it was.
    """
    readings, fresh = _ordered(history, new)
    if not any(is_evidence(r, post.posted_at) for r in fresh):
        return _after_appeal(post, fresh)
    evidence = evidence_of(readings, post.posted_at)
    post_runs, account_run, locked_run = post_runs_of(evidence), account_run_of(evidence), locked_run_of(evidence)
    post_run = post_runs[-1] if post_runs else None
    account_says = account_run.word if account_run is not None and _holds(account_run, account) else None
    verdict = unchanged(post)
    if account_run is not None and account_says in (AccountState.SHADOWBANNED, AccountState.SUSPENDED):
        verdict = _account_verdict(post, account_run, post_run, readings)
    elif post_run is not None and post_run.is_confirmed and not _is_past(post, post_run, fresh):
        # An account's state ends only when the account was seen again, not because its post looks well.
        if post.state not in _ACCOUNT_STATES:
            verdict = _post_verdict(post, post_run, account_says)
        elif account_run is not None and account_says is not None:
            verdict = _post_verdict(post, post_run, account_says, not_before=account_run.started_at)
    people = people_say(readings, post.posted_at) if any(r.view is View.PERSON for r in fresh) else None
    if people is not None and post.state not in _ACCOUNT_STATES:
        verdict = _peoples_verdict(post, *people)
    if locked_run is not None and locked_run.is_confirmed and verdict.locked != (locked_run.word == LOCKED):
        verdict = replace(verdict, locked=locked_run.word == LOCKED)
    is_told = verdict.state is post.state or (people is None and _is_told_already(post, verdict, account_says))
    alerts = (
        *_account_seen_again(post, verdict, fresh, readings, account_run, account),
        *_owed(post, verdict, is_told, readings, post_runs, account_run, locked_run, account),
    )
    return replace(verdict, alerts=alerts) if alerts else verdict


def _is_past(post: TrackedPost, run: Run, fresh: Sequence[Reading]) -> bool:
    """Whether the run ended before the present state, which members saw since then. A look that can only agree with it,
    as one more member's, does not bring it back.
    """
    return run.started_at < post.state_since and not any(sign_of(reading) for reading in fresh)


def _holds(run: Run, account: Account | None) -> bool:
    """Whether the run is confirmed, or agrees with what the account's other posts confirmed: once an account is judged,
    its state explains all its posts, and none of them waits for half an hour again.
    """
    known = account.state if account is not None else None
    return run.is_confirmed or (
        known in (AccountState.SHADOWBANNED, AccountState.SUSPENDED) and AccountState(run.word) is known
    )


def judge_account(
    post: TrackedPost, history: Sequence[Reading], new: Sequence[Reading]
) -> tuple[AccountState, datetime] | None:
    """Returns what the readings of one post say about its author's account, and when they said so first; None when that
    is not confirmed or not new.
    """
    readings, fresh = _ordered(history, new)
    if not any(account_seen(r) and is_evidence(r, post.posted_at) for r in fresh):
        return None
    run = account_run_of(evidence_of(readings, post.posted_at))
    if run is None or not run.is_confirmed:
        return None
    return AccountState(run.word), run.started_at


def account_is_open(post: TrackedPost, readings: Sequence[Reading]) -> bool:
    """Whether to look the author's account up again, because something is wrong with it or begins to look so."""
    run = account_run_of(evidence_of(readings, post.posted_at))
    if run is None:
        return post.state in _ACCOUNT_STATES
    if run.word == AccountState.VISIBLE:
        return post.state in _ACCOUNT_STATES
    return post.state in _ACCOUNT_STATES or not run.is_confirmed


def is_hidden(post: TrackedPost | Verdict) -> bool:
    """Whether others cannot see the post itself, by its own readings. Posts of a hidden account can stay visible; for
    those that do not, `_account_verdict` keeps what their readings said.
    """
    if post.state in _ACCOUNT_STATES:
        return post.removed_by is not None or post.category is not None
    return post.state in (State.HELD, State.REMOVED, State.DELETED, State.GATED)


def awaits_nothing(post: TrackedPost, history: Sequence[Reading]) -> bool:
    """Whether nothing awaits confirmation: the newest reading says what is confirmed, so the same reading once more
    would change nothing.
    """
    newest = history[-1]
    if not is_evidence(newest, post.posted_at) or newest.author_status is not None:
        return False
    sign = sign_of(newest)
    if sign is None or sign.state is State.UNKNOWN or sign.state is not post.state:
        return False
    if (sign.removed_by, newest.category) != (post.removed_by, post.category):
        return False
    if newest.locked is not None and newest.locked != post.locked:
        return False
    asked = next((r for r in reversed(history) if r.author_status is not None), None)
    return asked is None or asked.author_status is AuthorStatus.EXISTS


def awaited_in(post: TrackedPost, readings: Sequence[Reading], verdict: Verdict, now: datetime) -> timedelta | None:
    """Returns how soon after `now` another look helps to confirm what the newest readings began to say; None when
    nothing awaits confirmation.
    """
    evidence = evidence_of(readings, post.posted_at)
    account_run, post_run = account_run_of(evidence), post_run_of(evidence)
    reappeared = account_run is not None and account_run.word == AccountState.VISIBLE
    if verdict.state in _ACCOUNT_STATES:
        return SPACING if reappeared else None
    if post_run is not None and not post_run.is_confirmed:
        # A look that came too soon after the one that counted last does not make it later.
        return max(_LEAST_WAIT, min(SPACING, SPACING - (now - post_run.last_counted_at)))
    if post_run is not None and verdict.state is State.UNKNOWN:
        return GATED_SPAN / 5  # so many looks that one more spoiled answer decides nothing
    if account_run is not None and not account_run.is_confirmed and not reappeared:
        return SHADOWBAN_SPAN / 2 if account_run.word == AccountState.SHADOWBANNED else SPACING
    return None


def unchanged(post: TrackedPost) -> Verdict:
    """Returns the verdict that leaves everything as it is."""
    return Verdict(
        state=post.state,
        state_since=post.state_since,
        removed_by=post.removed_by,
        category=post.category,
        confidence=post.confidence,
        locked=post.locked,
    )


def _after_appeal(post: TrackedPost, fresh: Sequence[Reading]) -> Verdict:
    """Returns a suspected shadowban as certain, by the owner's word. That word alone does not make one."""
    verdict = unchanged(post)
    if post.state is State.SHADOWBANNED and any(is_appeal(r) for r in fresh):
        return replace(verdict, confidence=Confidence.HIGH)
    return verdict


def _begin(post: TrackedPost, state: State, seen_at: datetime) -> datetime:
    """`state_since`: when the new state was first seen. Never equal to that of an earlier state (keys of alerts)."""
    if state is post.state:
        return post.state_since
    if post.state is State.UNVERIFIED:
        return max(seen_at, post.state_since)
    return max(seen_at, post.state_since + timedelta(microseconds=1))


def _post_verdict(
    post: TrackedPost, run: Run, account_says: str | None, *, not_before: datetime | None = None
) -> Verdict:
    if run.sign is None:
        return unchanged(post)
    state, confidence = run.sign.state, run.sign.confidence
    if state is State.UNKNOWN and run.counted >= GATED_READINGS and run.last_at - run.started_at >= GATED_SPAN:
        state = State.GATED
    if state is State.UNKNOWN and post.state is State.GATED:  # why is not known now; it is still gone
        return unchanged(post)
    if state is State.LIVE and confidence is Confidence.MEDIUM and account_says == AccountState.DELETED:
        confidence = Confidence.MEDIUM_HIGH
    return Verdict(
        state=state,
        state_since=_begin(post, state, max(run.started_at, not_before or run.started_at)),
        removed_by=run.sign.removed_by,
        category=run.category,
        confidence=confidence,
        locked=post.locked,
    )


def _peoples_verdict(post: TrackedPost, outcome: Outcome, since: datetime) -> Verdict:
    """Returns the state that members saw themselves where nobody else can see, with medium confidence. What is known
    about a post that is gone stays known.
    """
    is_seen = outcome is Outcome.VISIBLE
    if (post.state is State.LIVE) if is_seen else is_hidden(post):
        return unchanged(post)
    state = State.LIVE if is_seen else State.REMOVED
    by = None if is_seen else RemovedBy.UNKNOWN
    return Verdict(state, _begin(post, state, since), by, None, Confidence.MEDIUM, post.locked)


def _account_verdict(post: TrackedPost, account_run: Run, post_run: Run | None, readings: Sequence[Reading]) -> Verdict:
    sign = post_run.sign if post_run is not None else None
    hidden = sign is not None and sign.state in (State.REMOVED, State.HELD)
    state, confidence = State.SUSPENDED, Confidence.HIGH
    if account_run.word == AccountState.SHADOWBANNED:
        state, confidence = State.SHADOWBANNED, Confidence.MEDIUM_HIGH if hidden else Confidence.MEDIUM
        if any(_proves_shadowban(r) for r in readings if r.ended_at >= account_run.started_at):
            confidence = Confidence.HIGH
    return Verdict(
        state=state,
        state_since=_begin(post, state, account_run.started_at),
        removed_by=sign.removed_by if sign is not None and hidden else None,
        category=post_run.category if post_run is not None and hidden else None,
        confidence=confidence,
        locked=post.locked,
    )


def _proves_shadowban(reading: Reading) -> bool:
    """Whether a shadowban is proven: the account's own token works while others see no account, or its owner read it at
    reddit.com/appeals.
    """
    return is_appeal(reading) or (reading.view is View.AUTHOR and reading.outcome is not Outcome.CANNOT_TELL)


# ---------------------------------------------------------------- what must be told


def _is_told_already(post: TrackedPost, verdict: Verdict, account_says: str | None) -> bool:
    """Whether no alert is needed: the post could not be found for a while, and is again what was told before that; or
    it is live because its account is seen again, which has one alert for all of its posts; or its account is seen
    again, and moderators took the post down before that. That a post is visible again is told when it was told that the
    post could not be found.

    The post remembers what was told, because it can be missing for longer than the history reaches back.
    """
    if post.state in _ACCOUNT_STATES:
        if verdict.state is State.LIVE:
            return account_says == AccountState.VISIBLE
        is_as_before = (verdict.state, verdict.removed_by) == (post.found_state, post.found_removed_by)
        return is_as_before and verdict.removed_by in (None, RemovedBy.MODERATORS)  # what Reddit did was the account's
    if post.state.is_found or verdict.state in _ACCOUNT_STATES or verdict.state is not post.found_state:
        return False
    if post.state is State.GATED:
        return verdict.state is not State.LIVE and verdict.removed_by is post.found_removed_by
    return True


def _account_seen_again(
    post: TrackedPost,
    verdict: Verdict,
    fresh: Sequence[Reading],
    readings: Sequence[Reading],
    run: Run | None,
    account: Account | None,
) -> Iterable[NewAlert]:
    """Returns the good news about an account, from whichever of its posts shows it first; see `judge_account`."""
    if run is None or run.word != AccountState.VISIBLE or not run.is_confirmed:
        return
    if not any(account_seen(r) is AccountState.VISIBLE and is_evidence(r, post.posted_at) for r in fresh):
        return
    was = account.state if account is not None else AccountState(post.state) if post.state in _ACCOUNT_STATES else None
    if was not in (AccountState.SHADOWBANNED, AccountState.SUSPENDED):
        return
    key = f"account:{(post.author or f'of post {post.id}').lower()}:seen again:first"
    unlike: dict[str, Any] = {"restored": True, "since": run.started_at.isoformat()}
    if account is not None:
        unlike["hidden_for_s"] = (run.started_at - account.state_since).total_seconds()
    key = returned_key(account) if account is not None else key
    yield alert_about(KIND_OF_ACCOUNT[was], key, post, verdict, readings, unlike)


def _owed(
    post: TrackedPost,
    verdict: Verdict,
    is_told: bool,
    readings: Sequence[Reading],
    post_runs: Sequence[Run],
    account_run: Run | None,
    locked_run: Run | None,
    account: Account | None,
) -> Iterable[NewAlert]:
    kind = None if is_told else KIND_OF.get(verdict.state)
    if kind is not None and verdict.state in _ACCOUNT_STATES:
        key = _account_key(post, AccountState(verdict.state), account)
        if key is not None:
            yield alert_about(kind, key, post, verdict, readings)
    elif kind is not None:
        key = f"post:{post.id}:{verdict.state}:{verdict.state_since.isoformat()}"
        if account is not None and _is_first_sign(verdict, account_run):
            # Its posts go together: one story, told at once for the first of them, and once more when it is certain.
            first = f"{account_key(account, AccountState.SHADOWBANNED)}:first sign"
            yield alert_about(kind, first, post, verdict, readings, {"account_missing": True})
        else:
            yield alert_about(kind, key, post, verdict, readings, _times_gone(post_runs, verdict))
    if account_run is not None and account_run.is_confirmed and account_run.word == AccountState.DELETED:
        key = _account_key(post, AccountState.DELETED, account)
        if key is not None:
            unlike = {"previous_state": verdict.state.value, "since": account_run.started_at.isoformat()}
            yield alert_about(AlertKind.ACCOUNT_DELETED, key, post, verdict, readings, unlike)
    # Moderators often lock what they remove: then the removal is the news.
    if (
        verdict.locked
        and not post.locked
        and verdict.state in (State.LIVE, State.UNVERIFIED)
        and locked_run is not None
    ):
        since = locked_run.started_at.isoformat()
        unlike = {"previous_state": verdict.state.value, "since": since}
        yield alert_about(AlertKind.POST_LOCKED, f"post:{post.id}:locked:{since}", post, verdict, readings, unlike)


def counted_exactly(post: TrackedPost, verdict: Verdict, readings: Sequence[Reading]) -> Verdict:
    """Returns the verdict with the disappearances of the last day counted in `readings`, which reach back further than
    those that were judged.
    """
    counted = _times_gone(post_runs_of(evidence_of(readings, post.posted_at)), verdict, is_newest_sure=True)
    if not counted:
        return verdict

    def exactly(alert: NewAlert) -> NewAlert:
        if alert.kind not in ANSWERED or alert.facts.get("account_missing"):  # the account's message has no count
            return alert
        facts = {**alert.facts, **counted}
        return replace(alert, facts=facts, event=event_of(alert.kind, facts))

    return replace(verdict, alerts=tuple(exactly(alert) for alert in verdict.alerts))


def _times_gone(runs: Sequence[Run], verdict: Verdict, *, is_newest_sure: bool = False) -> dict[str, Any]:
    """Returns the facts that a post keeps disappearing and coming back; none before the third time in a day.
    `is_newest_sure`: the newest run made this verdict, however many changes are known by now.
    """
    if verdict.state is State.LIVE:
        return {}
    made_it = runs[-1] if is_newest_sure and runs and runs[-1].word == verdict.state else None
    sure = [run for run in runs if (run.is_confirmed or run is made_it) and run.word != State.UNKNOWN]
    if not sure:
        return {}
    gone = [
        run for at, run in enumerate(sure) if run.word != State.LIVE and (at == 0 or sure[at - 1].word == State.LIVE)
    ]
    if not gone:
        return {}
    lately = [run.started_at for run in gone if run.started_at >= gone[-1].started_at - CHANGES_WITHIN]
    if len(lately) < KEEPS_GOING:
        return {}
    return {"times_gone": len(lately), "first_gone_at": lately[0].isoformat()}


def _is_first_sign(verdict: Verdict, account_run: Run | None) -> bool:
    """Whether Reddit's filters removed the post while its author's account is missing, which is not confirmed yet."""
    is_missing = account_run is not None and account_run.word == AccountState.SHADOWBANNED
    return is_missing and verdict.state is State.REMOVED and verdict.removed_by is RemovedBy.REDDIT_FILTERS


def _account_key(post: TrackedPost, state: AccountState, account: Account | None) -> str | None:
    """Returns one key for all posts of an account, until its state changes again; None when that was told already."""
    if account is None:
        return f"account:{(post.author or f'of post {post.id}').lower()}:{state}:first"
    return None if account.state is state else account_key(account, state)


def account_key(account: Account, state: AccountState) -> str:
    """Returns the key of the alert that an account came to be in `state`, whoever notices it."""
    return f"account:{account.name.lower()}:{state}:after {account.state_since.isoformat()}"


def returned_key(account: Account) -> str:
    """Returns the key of the good news that an account is seen again."""
    return f"account:{account.name.lower()}:seen again:after {account.state_since.isoformat()}"
