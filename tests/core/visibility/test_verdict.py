"""The evidence table of reddit-facts, one test row a line of it, and what must hold for any readings at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import (
    Account,
    AccountState,
    AlertKind,
    AuthorStatus,
    Basis,
    Confidence,
    Outcome,
    Reading,
    RemovedBy,
    State,
    TrackedPost,
    View,
)
from core.texts.gone import ADMINS
from core.visibility.evidence import CHANGES_BELIEVED_AT_ONCE, EVIDENCE, is_evidence, sign_of
from core.visibility.readings import account_banned, no_evidence, person_look
from core.visibility.tracking import Verdict
from core.visibility.verdict import account_is_open, awaited_in, is_hidden, judge, judge_account
from tests.core.visibility.world import START, seen, tracked

MINUTE = timedelta(minutes=1)
GONE: dict[str, Any] = {"outcome": Outcome.NOT_VISIBLE, "indexable": False, "body_state": "removed"}


def author(at: datetime, **changes: Any) -> Reading:
    return seen(at, view=View.AUTHOR, control_live=False, **changes)


def applied(post: TrackedPost, verdict: Verdict) -> TrackedPost:
    """As the store does it."""
    return replace(
        post,
        state=verdict.state,
        state_since=verdict.state_since,
        removed_by=verdict.removed_by,
        category=verdict.category,
        confidence=verdict.confidence,
        locked=verdict.locked,
        found_state=verdict.state if verdict.state.is_found else post.found_state,
        found_removed_by=verdict.removed_by if verdict.state.is_found else post.found_removed_by,
    )


def live_through(post: TrackedPost, readings: Sequence[Reading]) -> tuple[TrackedPost, list[Verdict]]:
    """One check after the other, one reading each; as many earlier ones are known as the store gives."""
    verdicts: list[Verdict] = []
    for number, reading in enumerate(readings):
        verdict = judge(post, readings[max(0, number - 50) : number], [reading], reading.read_at)
        verdicts.append(verdict)
        post = applied(post, verdict)
    return post, verdicts


def repeated(reading: Reading, times: int, apart: timedelta) -> list[Reading]:
    return [replace(reading, read_at=reading.read_at + apart * n) for n in range(times)]


# Each row: the line of the table, one reading of it, how many looks (how many minutes apart) confirm it, and what then.
T = seen(START)
HIDDEN: dict[str, Any] = {"outcome": Outcome.NOT_VISIBLE, "indexable": False}
NO_ACCOUNT = replace(T, author_status=AuthorStatus.MISSING)
TABLE = [
    ("category null, indexable, author, body", T, 2, 3, State.LIVE, None, Confidence.HIGH),
    *(
        (f"text {state}", replace(T, body_state=state, **HIDDEN), 2, 3, State.REMOVED, by, Confidence.MEDIUM_HIGH)
        for state, by in (
            ("removed by moderators", RemovedBy.MODERATORS),
            ("removed by Reddit", RemovedBy.REDDIT_ADMINS),
        )
    ),
    ("edited by its author", replace(T, body_state="edited"), 2, 3, State.LIVE, None, Confidence.HIGH),
    ("a link post without text", replace(T, body_state="empty"), 2, 3, State.LIVE, None, Confidence.HIGH),
    ("moderator", replace(T, category="moderator", **GONE), 2, 3, State.REMOVED, RemovedBy.MODERATORS, Confidence.HIGH),
    ("automod_filtered", replace(T, category="automod_filtered", **GONE), 2, 3, State.HELD, None, Confidence.HIGH),
    ("reddit", replace(T, category="reddit", **GONE), 2, 3, State.REMOVED, RemovedBy.REDDIT_FILTERS, Confidence.HIGH),
    *(
        (name, replace(T, category=name, **GONE), 2, 3, State.REMOVED, RemovedBy.REDDIT_ADMINS, Confidence.HIGH)
        for name in sorted(ADMINS)
    ),
    *(
        (
            f"{name}, author [deleted]",
            replace(T, category=name, author_present=False, **{**GONE, "body_state": "deleted"}),
            2,
            3,
            State.DELETED,
            None,
            Confidence.HIGH,
        )
        for name in ("deleted", "author")
    ),
    (
        "a comment: body and author [deleted]",
        replace(T, **{**GONE, "indexable": None, "body_state": "deleted", "author_present": False}),
        2,
        3,
        State.DELETED,
        None,
        Confidence.HIGH,
    ),
    (
        "a comment: body [removed], author [deleted]",
        replace(T, **{**GONE, "indexable": None, "author_present": False}),
        2,
        3,
        State.REMOVED,
        RemovedBy.UNKNOWN,
        Confidence.MEDIUM_HIGH,
    ),
    (
        "text [removed], category null",
        replace(T, **GONE),
        2,
        3,
        State.REMOVED,
        RemovedBy.UNKNOWN,
        Confidence.MEDIUM_HIGH,
    ),
    (
        "text [removed], category unknown",
        replace(T, category="brand_new", **GONE),
        2,
        3,
        State.REMOVED,
        RemovedBy.UNKNOWN,
        Confidence.MEDIUM_HIGH,
    ),
    (
        "not indexable, nothing else: corroborate",
        replace(T, outcome=Outcome.NOT_VISIBLE, indexable=False),
        3,
        3,
        State.REMOVED,
        RemovedBy.UNKNOWN,
        Confidence.MEDIUM,
    ),
    (
        "category deleted, author still named: contradicts itself",
        replace(T, category="deleted", **{**GONE, "body_state": "deleted"}),
        2,
        3,
        State.DELETED,
        None,
        Confidence.MEDIUM,
    ),
    (
        "text [deleted], author still named: contradicts itself",
        replace(T, **{**GONE, "body_state": "deleted"}),
        2,
        3,
        State.DELETED,
        None,
        Confidence.MEDIUM,
    ),
    (
        "an unknown category and nothing else",
        replace(T, category="brand_new", outcome=Outcome.NOT_VISIBLE),
        2,
        3,
        State.REMOVED,
        RemovedBy.UNKNOWN,
        Confidence.MEDIUM_HIGH,
    ),
    ("author [deleted], body intact", replace(T, author_present=False), 2, 3, State.LIVE, None, Confidence.MEDIUM),
    (
        "author only: a category",
        author(START, category="moderator", **GONE),
        2,
        3,
        State.REMOVED,
        RemovedBy.MODERATORS,
        Confidence.HIGH,
    ),
    (
        "author only: not indexable",
        author(START, indexable=False, outcome=Outcome.NOT_VISIBLE),
        2,
        3,
        State.REMOVED,
        RemovedBy.UNKNOWN,
        Confidence.HIGH,
    ),
    ("author only: looks normal", author(START), 9, 60, State.UNVERIFIED, None, None),
    ("/about 404 three times, author named", NO_ACCOUNT, 3, 15, State.SHADOWBANNED, None, Confidence.MEDIUM),
    (
        "and then the post is removed",
        replace(NO_ACCOUNT, category="reddit", **GONE),
        3,
        15,
        State.SHADOWBANNED,
        RemovedBy.REDDIT_FILTERS,
        Confidence.MEDIUM_HIGH,
    ),
    (
        "/about 404, author [deleted]",
        replace(NO_ACCOUNT, author_present=False),
        2,
        3,
        State.LIVE,
        None,
        Confidence.MEDIUM_HIGH,
    ),
    (
        "is_suspended",
        replace(T, author_status=AuthorStatus.SUSPENDED),
        2,
        3,
        State.SUSPENDED,
        None,
        Confidence.HIGH,
    ),
    (
        "its community is closed",
        replace(T, found=False, closure="private", outcome=Outcome.NOT_VISIBLE, author_present=None),
        2,
        3,
        State.GATED,
        None,
        Confidence.HIGH,
    ),
    (
        "id missing, twice",
        replace(T, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None),
        2,
        3,
        State.UNKNOWN,
        None,
        Confidence.LOW,
    ),
    (
        "id missing, three times over half an hour",
        replace(T, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None),
        3,
        15,
        State.GATED,
        None,
        Confidence.LOW,
    ),
    ("no control in the answer", replace(T, control_live=False), 9, 60, State.UNVERIFIED, None, None),
    (
        "a failed look",
        no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, START, "503"),
        9,
        60,
        State.UNVERIFIED,
        None,
        None,
    ),
]


@pytest.mark.parametrize(
    ("reading", "looks", "apart_min", "state", "removed_by", "confidence"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_evidence_table(
    reading: Reading,
    looks: int,
    apart_min: int,
    state: State,
    removed_by: RemovedBy | None,
    confidence: Confidence | None,
) -> None:
    readings = repeated(reading, looks, MINUTE * apart_min)
    before, _ = live_through(tracked(), readings[:-1])
    after, verdicts = live_through(tracked(), readings)
    assert (after.state, after.removed_by, after.confidence) == (state, removed_by, confidence)
    assert after.category == (reading.category if state is not State.UNVERIFIED else None)
    if state not in (State.UNVERIFIED, State.SHADOWBANNED):
        assert before.state is not state, "fewer looks must not confirm it"
        assert not any(v.alerts for v in verdicts[:-1])


def test_every_row_of_the_table_is_reached_by_a_test() -> None:
    fitting = [[r.name for r in EVIDENCE if r.view is row[1].view and r.fits(row[1])] for row in TABLE]
    reached = {names[0] for names in fitting if names}
    others = {row.name for row in EVIDENCE if row.view is View.THIRD_PARTY}
    assert others - reached == set()


@pytest.mark.parametrize("category", ["reddit", "automod_filtered", "legal_operations", "deleted", "brand_new"])
def test_the_authors_own_view_proves_a_removal_by_its_category(category: str) -> None:
    by_author = sign_of(author(START, category=category, **GONE))
    by_others = sign_of(seen(START, category=category, author_present=category != "deleted", **GONE))
    assert by_author is not None
    assert by_others is not None
    assert (by_author.state, by_author.removed_by) == (by_others.state, by_others.removed_by)
    assert by_author.confidence is Confidence.HIGH


def test_two_readings_closer_than_three_minutes_confirm_nothing() -> None:
    post, _ = live_through(tracked(), repeated(seen(START), 30, timedelta(seconds=5)))
    assert post.state is State.UNVERIFIED
    post, _ = live_through(tracked(), repeated(seen(START), 2, MINUTE * 3))
    assert post.state is State.LIVE


def test_a_second_short_of_the_spacing_is_not_enough() -> None:
    second = timedelta(seconds=1)
    for reading, looks, apart, state in (
        (seen(START), 2, MINUTE * 3, State.LIVE),
        (seen(START, category="moderator", **GONE), 2, MINUTE * 3, State.REMOVED),
        (NO_ACCOUNT, 3, MINUTE * 15, State.SHADOWBANNED),
        (seen(START, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None), 3, MINUTE * 15, State.GATED),
    ):
        assert live_through(tracked(), repeated(reading, looks, apart))[0].state is state
        assert live_through(tracked(), repeated(reading, looks, apart - second))[0].state is not state


def test_an_id_that_was_missing_twice_is_not_called_gone_however_far_apart() -> None:
    missing = seen(START, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None)
    assert live_through(tracked(), repeated(missing, 2, MINUTE * 45))[0].state is State.UNKNOWN


def test_three_missing_accounts_within_half_an_hour_are_no_shadowban_yet() -> None:
    post, _ = live_through(tracked(), repeated(replace(NO_ACCOUNT), 3, MINUTE * 14))
    assert post.state is not State.SHADOWBANNED
    post, _ = live_through(tracked(), repeated(replace(NO_ACCOUNT), 2, MINUTE * 45))
    assert post.state is not State.SHADOWBANNED


def test_the_owner_confirming_at_appeals_makes_a_likely_shadowban_certain() -> None:
    readings = [*repeated(NO_ACCOUNT, 3, MINUTE * 15), account_banned(START + MINUTE * 40)]
    post, verdicts = live_through(tracked(), readings)
    assert (post.state, post.confidence) == (State.SHADOWBANNED, Confidence.HIGH)
    assert not verdicts[-1].alerts
    alone, _ = live_through(tracked(), [account_banned(START)])
    assert alone.state is State.UNVERIFIED


def test_the_authors_own_token_still_working_makes_a_shadowban_certain() -> None:
    readings = repeated(NO_ACCOUNT, 3, MINUTE * 15)
    verdict = judge(tracked(), readings, [author(START + MINUTE * 33)], START + MINUTE * 33)
    assert (verdict.state, verdict.confidence) == (State.SHADOWBANNED, Confidence.HIGH)


def test_a_shadowban_ends_when_the_account_is_seen_again_not_because_the_post_looks_well() -> None:
    banned, _ = live_through(tracked(), repeated(NO_ACCOUNT, 3, MINUTE * 15))
    history = repeated(NO_ACCOUNT, 3, MINUTE * 15)
    looks_well = repeated(seen(START + MINUTE * 60), 2, MINUTE * 5)
    verdict = judge(banned, history, looks_well, START + MINUTE * 70)
    assert verdict.state is State.SHADOWBANNED
    back = repeated(seen(START + MINUTE * 80, author_status=AuthorStatus.EXISTS), 2, MINUTE * 5)
    verdict = judge(banned, [*history, *looks_well], back, START + MINUTE * 90)
    assert verdict.state is State.LIVE
    assert [alert.kind for alert in verdict.alerts] == [AlertKind.ACCOUNT_SHADOWBANNED]
    assert verdict.alerts[0].facts["restored"] is True
    assert verdict.alerts[0].facts["previous_state"] == "shadowbanned"
    assert verdict.state_since == START + MINUTE * 80


def test_a_removal_that_outlasts_a_shadowban_is_told_again() -> None:
    gone = {"category": "reddit", **GONE}
    readings = [
        *repeated(seen(START, **gone), 2, MINUTE * 3),
        *repeated(seen(START + MINUTE * 10, author_status=AuthorStatus.MISSING, **gone), 3, MINUTE * 15),
        *repeated(seen(START + MINUTE * 60, author_status=AuthorStatus.EXISTS, **gone), 2, MINUTE * 3),
    ]
    _, verdicts = live_through(tracked(), readings)
    told = [alert for verdict in verdicts for alert in verdict.alerts]
    assert [(alert.kind, alert.facts.get("restored")) for alert in told] == [
        (AlertKind.POST_REMOVED, None),
        (AlertKind.ACCOUNT_SHADOWBANNED, None),
        (AlertKind.ACCOUNT_SHADOWBANNED, True),
        (AlertKind.POST_REMOVED, None),
    ]
    assert len({alert.dedupe_key for alert in told}) == 4


def test_held_and_then_live_is_good_news() -> None:
    readings = [
        *repeated(seen(START, category="automod_filtered", **GONE), 2, MINUTE * 4),
        *repeated(seen(START + MINUTE * 300), 2, MINUTE * 4),
    ]
    post, verdicts = live_through(tracked(), readings)
    kinds = [alert.kind for verdict in verdicts for alert in verdict.alerts]
    assert kinds == [AlertKind.POST_HELD, AlertKind.POST_LIVE]
    assert verdicts[-1].alerts[0].facts["previous_state"] == "held"
    assert post.state_since == START + MINUTE * 300
    assert (post.category, post.removed_by) == (None, None)


def test_a_locked_post_stays_live_and_is_told_once() -> None:
    readings = [
        *repeated(seen(START), 2, MINUTE * 4),
        *repeated(seen(START + MINUTE * 60, locked=True), 4, MINUTE * 4),
    ]
    post, verdicts = live_through(tracked(), readings)
    assert (post.state, post.locked) == (State.LIVE, True)
    kinds = [alert.kind for verdict in verdicts for alert in verdict.alerts]
    assert kinds == [AlertKind.POST_LIVE, AlertKind.POST_LOCKED]
    unlocked, _ = live_through(post, repeated(seen(START + MINUTE * 90), 2, MINUTE * 4))
    assert not unlocked.locked


def test_a_removed_post_that_is_locked_too_makes_one_alert() -> None:
    readings = repeated(seen(START, category="moderator", locked=True, **GONE), 4, MINUTE * 4)
    post, verdicts = live_through(tracked(), readings)
    assert (post.state, post.locked) == (State.REMOVED, True)
    assert [a.kind for v in verdicts for a in v.alerts] == [AlertKind.POST_REMOVED]


def test_a_person_agrees_with_a_removal_but_never_makes_one() -> None:
    at = START + MINUTE
    nobody_else = [person_look(False, at + MINUTE * 10 * n) for n in range(20)]
    post, _ = live_through(tracked(), nobody_else)
    assert post.state is State.UNVERIFIED
    first = seen(START, category="moderator", **GONE)
    post, _ = live_through(tracked(), [first, person_look(False, START + MINUTE * 4)])
    assert (post.state, post.removed_by) == (State.REMOVED, RemovedBy.MODERATORS)


@pytest.mark.parametrize("turned", [False, True])
def test_the_most_telling_look_names_who_removed_a_post(turned: bool) -> None:
    vague, plain = seen(START, **GONE), seen(START, category="moderator", **GONE)
    first, second = (plain, vague) if turned else (vague, plain)
    post, verdicts = live_through(tracked(), [first, replace(second, read_at=START + MINUTE * 4)])
    assert (post.removed_by, post.category, post.confidence) == (RemovedBy.MODERATORS, "moderator", Confidence.HIGH)
    assert len([alert for verdict in verdicts for alert in verdict.alerts]) == 1


def test_of_two_equally_telling_looks_the_newer_names_who_removed_a_post() -> None:
    by_filters = seen(START, category="reddit", **GONE)
    post, _ = live_through(tracked(), [by_filters, seen(START + MINUTE * 4, category="moderator", **GONE)])
    assert (post.removed_by, post.category) == (RemovedBy.MODERATORS, "moderator")


def test_an_author_who_sees_his_removed_post_does_not_hide_the_removal() -> None:
    first, second = repeated(seen(START, category="moderator", **GONE), 2, MINUTE * 4)
    between = [author(START + MINUTE), person_look(True, START + MINUTE * 2)]
    post, _ = live_through(tracked(), [first, *between, second])
    assert post.state is State.REMOVED


def test_the_author_never_vouches_for_a_live_post() -> None:
    post, _ = live_through(tracked(), [seen(START), author(START + MINUTE * 10)])
    assert post.state is State.UNVERIFIED


def test_right_after_posting_a_missing_id_is_normal() -> None:
    new = tracked(posted_at=START)
    missing = seen(START, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None)
    post, _ = live_through(new, repeated(missing, 4, MINUTE * 4))
    assert post.state is State.UNVERIFIED
    post, _ = live_through(new, repeated(replace(missing, read_at=START + MINUTE * 20), 3, MINUTE * 15))
    assert post.state is State.GATED


def test_an_id_that_is_missing_for_twenty_minutes_is_a_hiccup_and_no_alarm() -> None:
    missing = seen(START, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None)
    post, verdicts = live_through(tracked(state=State.LIVE), repeated(missing, 7, MINUTE * 4))
    assert post.state is State.UNKNOWN
    assert not any(verdict.alerts for verdict in verdicts)
    post, _ = live_through(tracked(state=State.LIVE), repeated(missing, 9, MINUTE * 4))
    assert post.state is State.GATED


MISSING = seen(START + MINUTE * 10, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None)
REMOVED_READING = seen(START, category="moderator", **GONE)
AT_LAST = START + MINUTE * 30


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (seen(START), seen(AT_LAST), [AlertKind.POST_LIVE]),
        (REMOVED_READING, replace(REMOVED_READING, read_at=AT_LAST), [AlertKind.POST_REMOVED]),
        (REMOVED_READING, seen(AT_LAST), [AlertKind.POST_REMOVED, AlertKind.POST_LIVE]),
        (seen(START), replace(REMOVED_READING, read_at=AT_LAST), [AlertKind.POST_LIVE, AlertKind.POST_REMOVED]),
    ],
    ids=["live again", "still removed", "restored meanwhile", "removed meanwhile"],
)
def test_a_post_that_is_not_found_for_a_moment_is_told_only_if_something_changed(
    before: Reading, after: Reading, told: list[AlertKind]
) -> None:
    readings = [*repeated(before, 2, MINUTE * 4), *repeated(MISSING, 2, MINUTE * 4), *repeated(after, 2, MINUTE * 4)]
    post, verdicts = live_through(tracked(), readings)
    assert State.UNKNOWN in [verdict.state for verdict in verdicts]
    assert [alert.kind for verdict in verdicts for alert in verdict.alerts] == told
    assert post.state is not State.UNKNOWN


NO_ANSWER = no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, START, "Reddit did not answer.")
DAYS_LATER = START + timedelta(days=3)


LIVE_LATER, REMOVED_LATER = seen(DAYS_LATER), replace(REMOVED_READING, read_at=DAYS_LATER)
FILTERED_LATER = seen(DAYS_LATER, category="reddit", **GONE)
BACK, TAKEN, LOST = AlertKind.POST_LIVE, AlertKind.POST_REMOVED, AlertKind.POST_GATED


@pytest.mark.parametrize(
    ("before", "looks_missing", "after", "told"),
    [
        (seen(START), 2, LIVE_LATER, []),
        (REMOVED_READING, 2, REMOVED_LATER, []),
        (REMOVED_READING, 2, FILTERED_LATER, []),  # only who removed it changed, as when it never went missing
        (REMOVED_READING, 2, LIVE_LATER, [BACK]),
        (seen(START), 2, REMOVED_LATER, [TAKEN]),
        (seen(START), 4, LIVE_LATER, [LOST, BACK]),
        (REMOVED_READING, 4, REMOVED_LATER, [LOST]),
        (REMOVED_READING, 4, FILTERED_LATER, [LOST, TAKEN]),
        (REMOVED_READING, 4, LIVE_LATER, [LOST, BACK]),
        (seen(START), 4, REMOVED_LATER, [LOST, TAKEN]),
    ],
)
def test_after_days_in_which_nearly_all_looks_fail_only_what_changed_is_told(
    before: Reading, looks_missing: int, after: Reading, told: list[AlertKind]
) -> None:
    """Nothing of the time before is left in the history. Two looks at a missing post tell nothing, four that it is
    gone.
    """
    post, first = live_through(tracked(), repeated(before, 2, MINUTE * 4))
    assert len([alert for verdict in first for alert in verdict.alerts]) == 1
    gone = repeated(MISSING, looks_missing, MINUTE * 15)
    failing = repeated(replace(NO_ANSWER, read_at=START + timedelta(hours=3)), 60, MINUTE * 30)
    post, verdicts = live_through(post, [*gone, *failing, *repeated(after, 2, MINUTE * 4)])
    assert [alert.kind for verdict in verdicts for alert in verdict.alerts] == told
    assert post.state is (State.LIVE if after is LIVE_LATER else State.REMOVED)


@pytest.mark.parametrize(
    "look",
    [
        seen(START, author_status=AuthorStatus.SUSPENDED),
        NO_ACCOUNT,
        replace(NO_ACCOUNT, author_present=False),
        seen(START, locked=True),
    ],
    ids=["suspended", "shadowbanned", "account deleted", "locked"],
)
def test_what_is_wrong_with_an_account_or_locked_is_not_told_again_after_days_of_failing_looks(
    look: Reading,
) -> None:
    """The history forgets it; the account's record and the post do not."""
    known, told = tracked(), list[AlertKind]()
    account = Account(1, known.workspace_id, "alice_writes", AccountState.VISIBLE, START, linked_by=None)
    readings = [
        *repeated(look, 3, MINUTE * 16),
        *repeated(replace(NO_ANSWER, read_at=START + timedelta(hours=3)), 60, MINUTE * 30),
        *repeated(replace(look, read_at=DAYS_LATER), 3, MINUTE * 16),
    ]
    for number, reading in enumerate(readings):
        history = readings[max(0, number - 50) : number]
        verdict = judge(known, history, [reading], reading.read_at, account=account)
        told += [alert.kind for alert in verdict.alerts]
        known = applied(known, verdict)
        says = judge_account(known, history, [reading])
        if says is not None and says is not account.state:
            account = replace(account, state=says, state_since=reading.read_at)
    assert len([kind for kind in told if kind is not AlertKind.POST_LIVE]) == 1
    assert told.count(AlertKind.POST_LIVE) <= 1


def test_a_deleted_account_is_told_once_for_all_its_posts() -> None:
    readings = repeated(replace(NO_ACCOUNT, author_present=False), 2, MINUTE * 4)
    first, second = tracked(id=1), tracked(id=2)
    told = [a for post in (first, second) for a in judge(post, readings[:1], readings[1:], START).alerts]
    deleted = [a for a in told if a.kind is AlertKind.ACCOUNT_DELETED]
    assert len({a.dedupe_key for a in deleted}) == 1
    assert judge_account(first, readings[:1], readings[1:]) is AccountState.DELETED


def test_a_shadowbanned_author_who_deletes_a_post_has_not_deleted_the_account() -> None:
    deleted: dict[str, Any] = {
        "category": "deleted",
        "body_state": "deleted",
        "indexable": False,
        "outcome": Outcome.NOT_VISIBLE,
    }
    readings = repeated(replace(NO_ACCOUNT, author_present=False, **deleted), 3, MINUTE * 15)
    post, verdicts = live_through(tracked(), readings)
    assert post.state is State.DELETED
    assert [a.kind for v in verdicts for a in v.alerts] == [AlertKind.POST_DELETED]
    assert judge_account(tracked(), readings[:2], readings[2:]) is None


def test_a_removed_comment_of_a_hidden_account_is_not_told_as_a_deleted_account() -> None:
    # Removing a comment takes the name off it: that says nothing of the account.
    gone = {**GONE, "indexable": None, "author_present": False, "author_status": AuthorStatus.MISSING}
    readings = repeated(seen(START, **gone), 4, MINUTE * 15)
    post, verdicts = live_through(tracked(fullname="t1_kx12ab"), readings)
    assert (post.state, post.removed_by) == (State.REMOVED, RemovedBy.UNKNOWN)
    assert [a.kind for v in verdicts for a in v.alerts] == [AlertKind.POST_REMOVED]
    assert judge_account(tracked(), readings[:2], readings[2:]) is None


def test_a_post_that_keeps_going_and_coming_is_no_storm_of_alerts() -> None:
    gone = seen(START, category="moderator", **GONE)
    by_ones = [replace((seen(START), gone)[n % 2], read_at=START + MINUTE * 4 * n) for n in range(200)]
    post, verdicts = live_through(tracked(), by_ones)
    assert post.state is State.UNVERIFIED, "no two looks in a row agree"
    assert not any(verdict.alerts for verdict in verdicts)
    by_twos = [replace((seen(START), gone)[n // 2 % 2], read_at=START + MINUTE * 4 * n) for n in range(300)]
    post, verdicts = live_through(tracked(), by_twos)
    told = [alert for verdict in verdicts for alert in verdict.alerts]
    assert len(told) <= CHANGES_BELIEVED_AT_ONCE + 1
    at_last = [*by_twos, *repeated(replace(gone, read_at=by_twos[-1].read_at + MINUTE * 4), 12, MINUTE * 4)]
    post, _ = live_through(tracked(), at_last)
    assert post.state is State.REMOVED, "when it stays, it is believed"


def test_a_shadowban_is_told_once_for_all_posts_of_the_account_and_again_when_it_returns() -> None:
    readings = repeated(NO_ACCOUNT, 3, MINUTE * 15)

    def told(post_id: int, account: Account | None) -> list[str]:
        verdict = judge(tracked(id=post_id), readings[:2], readings[2:], START, account=account)
        assert verdict.state is State.SHADOWBANNED
        return [alert.dedupe_key for alert in verdict.alerts]

    known = Account(1, "terminal:local", "Alice_Writes", AccountState.UNKNOWN, START, None)
    assert told(1, known) == told(2, known) != []
    assert told(3, replace(known, state=AccountState.SHADOWBANNED)) == []
    later = replace(known, state=AccountState.VISIBLE, state_since=START + timedelta(days=3))
    assert told(1, later) != told(1, known)


def test_a_clock_that_is_set_back_delays_a_confirmation_and_breaks_nothing() -> None:
    back = [seen(START), seen(START - MINUTE * 60), seen(START - MINUTE * 59)]
    post, _ = live_through(tracked(), back)
    assert post.state is State.UNVERIFIED
    post, verdicts = live_through(tracked(), [*back, seen(START - MINUTE * 56)])
    assert post.state is State.LIVE
    assert post.state_since == START, "a state never begins before the one it follows"
    gone = repeated(seen(START - MINUTE * 50, category="moderator", **GONE), 2, MINUTE * 4)
    again = repeated(seen(START - MINUTE * 40), 2, MINUTE * 4)
    _, more = live_through(post, [*gone, *again])
    keys = [a.dedupe_key for v in (*verdicts, *more) for a in v.alerts]
    assert len(keys) == len(set(keys)) == 3
    begun = [v.state_since for v in (*verdicts, *more) if v.alerts]
    assert begun == sorted(set(begun)), "each begins after the one before"


def test_what_is_open_asks_for_a_look_soon() -> None:
    post, first = tracked(), seen(START)
    verdict = judge(post, [], [first], START)
    assert awaited_in(post, [first], verdict, START) == MINUTE * 3
    early = replace(first, read_at=START + MINUTE)
    assert awaited_in(post, [first, early], verdict, START + MINUTE) == MINUTE * 2, "a look between delays nothing"
    second = replace(first, read_at=START + MINUTE * 3)
    confirmed = judge(post, [first], [second], START)
    assert awaited_in(applied(post, confirmed), [first, second], confirmed, START + MINUTE * 3) is None
    suspect = [first, second, replace(NO_ACCOUNT, read_at=START + MINUTE * 9)]
    assert awaited_in(post, suspect, confirmed, START + MINUTE * 9) == MINUTE * 15
    assert account_is_open(post, suspect)
    assert not account_is_open(post, [first, second])
    assert account_is_open(replace(post, state=State.SHADOWBANNED), [])


def test_a_post_that_cannot_be_found_is_looked_at_every_six_minutes_as_long_as_looks_tell_that() -> None:
    lost = tracked(state=State.UNKNOWN)
    missing = repeated(seen(START, found=False, outcome=Outcome.NOT_VISIBLE), 2, MINUTE * 4)
    now = START + MINUTE * 4
    verdict = judge(lost, missing[:1], missing[1:], now)
    assert verdict.state is State.UNKNOWN
    assert awaited_in(lost, missing, verdict, now) == MINUTE * 6
    blind = no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, now, "No answer.")
    assert awaited_in(lost, [blind], judge(lost, [], [blind], now), now) is None


@pytest.mark.parametrize("state", [State.SHADOWBANNED, State.SUSPENDED])
def test_while_an_account_is_hidden_only_a_look_that_saw_it_again_asks_for_another_soon(state: State) -> None:
    hidden = tracked(state=state)
    plain, back = [seen(START)], [seen(START, author_status=AuthorStatus.EXISTS)]
    for looks, awaited in ((plain, None), (back, MINUTE * 3)):
        verdict = judge(hidden, [], looks, START)
        assert verdict.state is state
        assert awaited_in(hidden, looks, verdict, START) == awaited


def test_a_suspension_that_one_look_saw_asks_for_another_soon() -> None:
    post = tracked(state=State.LIVE)
    looks = [seen(START), seen(START + MINUTE * 4), seen(START + MINUTE * 9, author_status=AuthorStatus.SUSPENDED)]
    now = START + MINUTE * 9
    verdict = judge(post, looks[:2], looks[2:], now)
    assert (verdict.state, awaited_in(post, looks, verdict, now)) == (State.LIVE, MINUTE * 3)


def test_facts_of_an_alert_are_json_and_hold_the_evidence() -> None:
    readings = repeated(seen(START, category="moderator", score=4, num_comments=1, **GONE), 2, MINUTE * 4)
    (alert,) = judge(tracked(title="Our first month"), readings[:1], readings[1:], START).alerts
    facts = json.loads(json.dumps(dict(alert.facts)))
    assert facts["post_id"] == 7
    assert facts["state"] == "removed"
    assert facts["previous_state"] == "unverified"
    assert facts["removed_by"] == "moderators"
    assert facts["since"] == START.isoformat()
    assert facts["title"] == "Our first month"
    assert (facts["score"], facts["num_comments"]) == (4, 1)
    assert [r["category"] for r in facts["readings"]] == ["moderator", "moderator"]
    assert alert.tracked_post_id == 7


# ---------------------------------------------------------------- whatever the readings are

TIMES = st.integers(0, 72 * 60).map(lambda minutes: START + MINUTE * minutes)
CATEGORIES = st.sampled_from(
    [None, "moderator", "automod_filtered", "reddit", "deleted", "author", "anti_evil_ops", "copyright_takedown"]
) | st.text(max_size=12)
MAYBE = st.sampled_from([None, True, False])


def readings_of(views: Sequence[View] = tuple(View), outcomes: Sequence[Outcome] = tuple(Outcome)) -> Any:
    return st.builds(
        Reading,
        view=st.sampled_from(views),
        basis=st.sampled_from(Basis),
        read_at=TIMES,
        outcome=st.sampled_from(outcomes),
        found=MAYBE,
        control_live=st.booleans(),
        category=CATEGORIES,
        indexable=MAYBE,
        author_present=MAYBE,
        body_state=st.sampled_from([None, "intact", "edited", "removed", "deleted", "empty"]),
        locked=MAYBE,
        author_status=st.sampled_from([None, *AuthorStatus]),
    )


BLIND = st.one_of(
    readings_of(outcomes=[Outcome.CANNOT_TELL]),
    readings_of(views=[View.THIRD_PARTY]).map(lambda r: replace(r, control_live=False)),
)
POSTS = st.builds(
    lambda state, removed_by, confidence, locked: tracked(
        state=state, removed_by=removed_by, confidence=confidence, locked=locked
    ),
    st.sampled_from(State),
    st.sampled_from([None, *RemovedBy]),
    st.sampled_from([None, *Confidence]),
    st.booleans(),
)
HISTORY = st.lists(readings_of(), max_size=12).map(lambda rs: sorted(rs, key=lambda r: r.read_at))


@given(POSTS, HISTORY, st.lists(BLIND, max_size=8))
def test_no_sequence_of_looks_without_evidence_changes_a_state(
    post: TrackedPost, history: list[Reading], blind: list[Reading]
) -> None:
    verdict = judge(post, history, blind, START)
    assert (verdict.state, verdict.state_since, verdict.locked) == (post.state, post.state_since, post.locked)
    assert (verdict.removed_by, verdict.category) == (post.removed_by, post.category)
    assert verdict.alerts == ()
    appeals = [r for r in blind if r.view is View.PERSON and r.author_status is AuthorStatus.MISSING]
    if not appeals:
        assert verdict.confidence == post.confidence


@given(POSTS, HISTORY, st.lists(readings_of(), max_size=8))
def test_judging_again_what_was_applied_changes_nothing_and_owes_nothing_new(
    post: TrackedPost, history: list[Reading], new: list[Reading]
) -> None:
    first = judge(post, history, new, START)
    after = applied(post, first)
    for again in (judge(after, [*history, *new], [], START), judge(after, [*history, *new], new, START)):
        assert replace(again, alerts=(), confidence=None) == replace(first, alerts=(), confidence=None)
        assert again.alerts == ()
    # A killed program judges the same readings once more: the keys are the same.
    once_more = judge(post, history, new, START + timedelta(days=1))
    assert once_more == first


@given(POSTS, HISTORY, st.lists(readings_of(), max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_views_answered_decides_nothing(
    post: TrackedPost, history: list[Reading], new: list[Reading], random: Any
) -> None:
    shuffled = list(new)
    random.shuffle(shuffled)
    assert judge(post, history, shuffled, START) == judge(post, history, new, START)


@given(st.sampled_from(TABLE), st.lists(st.integers(0, 600), min_size=2, max_size=10, unique=True), st.integers(0, 600))
def test_one_more_agreeing_look_never_takes_a_confirmation_back(row: Any, minutes: list[int], extra: int) -> None:
    def judged(at: Sequence[int]) -> State:
        readings = [replace(row[1], read_at=START + MINUTE * minute) for minute in sorted(at)]
        return judge(tracked(), [], readings, START).state

    few, more = judged(minutes), judged([*minutes, extra])
    assert few in (State.UNVERIFIED, more) or (few, more) == (State.UNKNOWN, State.GATED) or more is row[4]


@given(st.text(max_size=30))
def test_any_category_reddit_may_invent_means_removed_by_whom_is_not_known(category: str) -> None:
    known = ADMINS | {"moderator", "automod_filtered", "reddit", "deleted", "author"}
    if category in known:
        return
    readings = repeated(seen(START, category=category, **GONE), 2, MINUTE * 3)
    post, _ = live_through(tracked(), readings)
    assert (post.state, post.removed_by, post.category) == (State.REMOVED, RemovedBy.UNKNOWN, category)


CONFIRMING = [row for row in TABLE if row[4] is not State.UNVERIFIED and row[1].view is View.THIRD_PARTY]


@given(POSTS, st.sampled_from(CONFIRMING))
def test_a_reversal_is_told_whatever_the_state_was_before(post: TrackedPost, row: Any) -> None:
    _, reading, looks, apart_min, state, _, _ = row
    if post.state in (State.SHADOWBANNED, State.SUSPENDED) and reading.author_status is None:
        reading = replace(reading, author_status=AuthorStatus.EXISTS)
    after, verdicts = live_through(post, repeated(reading, looks, MINUTE * apart_min))
    if post.state is State.GATED and state is State.UNKNOWN:  # still gone, whatever the reason
        state = State.GATED
    assert after.state is state
    kinds = [alert.kind for verdict in verdicts for alert in verdict.alerts if "locked" not in alert.dedupe_key]
    if post.state is not state and state is not State.UNKNOWN:
        assert kinds, f"{post.state} became {state} and nobody was told"


def test_every_state_can_be_reached() -> None:
    reached = {live_through(tracked(), repeated(row[1], row[2], MINUTE * row[3]))[0].state for row in TABLE}
    assert reached == set(State)


@given(st.lists(readings_of(views=[View.PERSON, View.ANONYMOUS]), max_size=12))
def test_people_and_logged_out_pages_alone_decide_nothing(readings: list[Reading]) -> None:
    post, verdicts = live_through(tracked(), sorted(readings, key=lambda r: r.read_at))
    assert post.state is State.UNVERIFIED
    assert not any(verdict.alerts for verdict in verdicts)
    assert all(sign_of(reading) is None for reading in readings)


@given(readings_of())
def test_only_healthy_answers_are_evidence(reading: Reading) -> None:
    if is_evidence(reading, START):
        assert reading.outcome is not Outcome.CANNOT_TELL
        assert reading.view is not View.THIRD_PARTY or reading.control_live


@given(st.lists(st.tuples(st.integers(0, 120), st.sampled_from([0, 0, 200, 3600])), min_size=2, max_size=6))
def test_no_jump_of_the_clock_takes_the_place_of_time_that_passed(gaps: Sequence[tuple[int, int]]) -> None:
    post = tracked(state=State.LIVE, state_since=START - timedelta(days=1))
    at, passed_s = START, 0
    history: list[Reading] = []
    for number, (gap_s, jump_s) in enumerate(gaps):
        at += timedelta(seconds=gap_s + jump_s + 1)
        passed_s += gap_s + 1 if number else 0
        gone = seen(at, outcome=Outcome.NOT_VISIBLE, category="moderator", indexable=False, clock_jump_s=float(jump_s))
        verdict = judge(post, history, [gone], at)
        history.append(gone)
        assert (verdict.state is State.REMOVED) == (passed_s >= 180)


def test_a_post_is_hidden_when_anybody_took_it_down_or_its_category_says_so() -> None:
    gone = tracked(state=State.SHADOWBANNED)
    assert not is_hidden(gone)
    assert is_hidden(replace(gone, removed_by=RemovedBy.MODERATORS))
    assert is_hidden(replace(gone, category="moderator"))


def test_two_readings_that_come_together_are_weighed_in_the_order_of_their_times() -> None:
    live, gone = seen(START), seen(START + MINUTE * 4, category="moderator", indexable=False)
    assert judge(tracked(), [], [gone, live], START + MINUTE * 4) == judge(
        tracked(), [], [live, gone], START + MINUTE * 4
    )
    fresh = judge(tracked(), [], [seen(START + MINUTE * 4), seen(START)], START + MINUTE * 4)
    assert fresh.state is State.LIVE
    assert fresh.state_since == START
