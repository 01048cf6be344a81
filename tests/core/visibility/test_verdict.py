"""The evidence table of reddit-facts, one test row a line of it, and what each history of looks comes to."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

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
    View,
)
from core.visibility.evidence import CHANGES_BELIEVED_AT_ONCE, EVIDENCE, sign_of
from core.visibility.readings import account_banned, no_evidence, person_look
from core.visibility.verdict import account_is_open, awaited_in, judge, judge_account
from tests.core.visibility.verdicts import GONE, MINUTE, NO_ACCOUNT, TABLE, applied, author, live_through, repeated
from tests.core.visibility.world import START, seen, tracked


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
        if says is not None and says[0] is not account.state:
            account = replace(account, state=says[0], state_since=reading.read_at)
    assert len([kind for kind in told if kind is not AlertKind.POST_LIVE]) == 1
    assert told.count(AlertKind.POST_LIVE) <= 1


def test_a_deleted_account_is_told_once_for_all_its_posts() -> None:
    readings = repeated(replace(NO_ACCOUNT, author_present=False), 2, MINUTE * 4)
    first, second = tracked(id=1), tracked(id=2)
    told = [a for post in (first, second) for a in judge(post, readings[:1], readings[1:], START).alerts]
    deleted = [a for a in told if a.kind is AlertKind.ACCOUNT_DELETED]
    assert len({a.dedupe_key for a in deleted}) == 1
    assert judge_account(first, readings[:1], readings[1:]) == (AccountState.DELETED, START)


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
