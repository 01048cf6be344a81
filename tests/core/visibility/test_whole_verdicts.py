"""Verdicts as wholes: every field, what waits, what was asked before, and what no look changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
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
    TrackedPost,
    View,
)
from core.visibility.readings import account_banned, no_evidence, person_look
from core.visibility.tracking import Verdict
from core.visibility.verdict import (
    account_is_open,
    awaited_in,
    awaits_nothing,
    in_order,
    is_hidden,
    judge,
    judge_account,
    unchanged,
)
from tests.core.visibility.world import START, seen, tracked

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIVE = tracked(state=State.LIVE, state_since=START - HOUR / 2, confidence=Confidence.HIGH)


def time(minutes: float) -> datetime:
    return START + MINUTE * minutes


def at(minutes: float, **changes: Any) -> Reading:
    return seen(time(minutes), **changes)


def gone(minutes: float, **changes: Any) -> Reading:
    removed = {"outcome": Outcome.NOT_VISIBLE, "indexable": False, "body_state": "removed", "category": "moderator"}
    return at(minutes, **{**removed, **changes})


def missing(minutes: float, **changes: Any) -> Reading:
    return at(minutes, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None, **changes)


def own(minutes: float, **changes: Any) -> Reading:
    return at(minutes, view=View.AUTHOR, control_live=False, **changes)


def blind(minutes: float) -> Reading:
    return no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, time(minutes), "No answer.")


def judged(post: TrackedPost, *readings: Reading, account: Account | None = None) -> Verdict:
    """The verdict after the last of the readings came alone, and the others before it."""
    *history, newest = readings
    return judge(post, history, [newest], newest.read_at, account=account)


def silent(verdict: Verdict) -> Verdict:
    return replace(verdict, alerts=())


def kinds(verdict: Verdict) -> list[AlertKind]:
    return [alert.kind for alert in verdict.alerts]


# ---------------------------------------------------------------- all fields of a verdict


def test_a_verdict_without_news_is_what_was_known() -> None:
    known = replace(
        LIVE, state=State.REMOVED, removed_by=RemovedBy.MODERATORS, category="moderator", locked=True, title="How"
    )
    as_known = Verdict(State.REMOVED, START - HOUR / 2, RemovedBy.MODERATORS, "moderator", Confidence.HIGH, locked=True)
    assert unchanged(known) == as_known
    assert judged(known, blind(0)) == as_known
    assert judged(known, gone(0, locked=None)) == as_known, "one look confirms nothing"


@pytest.mark.parametrize("locked", [True, False])
def test_a_removal_takes_over_who_did_it_and_leaves_the_lock(locked: bool) -> None:
    verdict = judged(replace(LIVE, locked=locked), gone(0, locked=None), gone(4, locked=None))
    assert silent(verdict) == Verdict(
        State.REMOVED, START, RemovedBy.MODERATORS, "moderator", Confidence.HIGH, locked=locked
    )


@pytest.mark.parametrize(
    ("state", "visible", "expected"),
    [
        (State.UNVERIFIED, True, (State.LIVE, time(0), None, Confidence.MEDIUM)),
        (State.UNVERIFIED, False, (State.REMOVED, time(0), RemovedBy.UNKNOWN, Confidence.MEDIUM)),
        (State.LIVE, False, (State.REMOVED, time(0), RemovedBy.UNKNOWN, Confidence.MEDIUM)),
        (State.UNKNOWN, False, (State.REMOVED, time(0), RemovedBy.UNKNOWN, Confidence.MEDIUM)),
        (State.REMOVED, True, (State.LIVE, time(0), None, Confidence.MEDIUM)),
        (State.LIVE, True, None),
        (State.HELD, False, None),
        (State.REMOVED, False, None),
        (State.DELETED, False, None),
        (State.GATED, False, None),
        (State.SHADOWBANNED, True, None),
        (State.SUSPENDED, False, None),
    ],
)
def test_two_members_decide_where_nobody_else_sees_and_leave_what_they_only_repeat(
    state: State, visible: bool, expected: tuple[Any, ...] | None
) -> None:
    known = replace(LIVE, state=state, removed_by=RemovedBy.REDDIT_ADMINS, category="anti_evil_ops", locked=True)
    verdict = judged(known, person_look(visible, time(0), "bob"), person_look(visible, time(3), "alice"))
    if expected is None:
        assert verdict == unchanged(known)
        return
    became, since, by, confidence = expected
    assert silent(verdict) == Verdict(became, since, by, None, confidence, locked=True)
    assert kinds(verdict) == [AlertKind.POST_LIVE if visible else AlertKind.POST_REMOVED]


def test_what_members_say_of_a_post_that_was_told_before_is_told_again() -> None:
    lost = replace(LIVE, state=State.UNKNOWN, found_state=State.LIVE)
    seen_again = judged(lost, person_look(True, time(0), "bob"), person_look(True, time(3), "alice"))
    assert kinds(seen_again) == [AlertKind.POST_LIVE]
    by_third_party = judged(lost, at(0), at(4))
    assert (by_third_party.state, kinds(by_third_party)) == (State.LIVE, [])


@pytest.mark.parametrize(
    ("category", "by", "state"),
    [
        ("moderator", RemovedBy.MODERATORS, State.SUSPENDED),
        ("automod_filtered", None, State.SUSPENDED),
        (None, None, State.SUSPENDED),
        ("deleted", None, State.SUSPENDED),
    ],
)
def test_a_suspension_is_certain_and_keeps_what_hid_the_post(
    category: str | None, by: RemovedBy | None, state: State
) -> None:
    look = at if category is None else gone
    readings = [look(n, category=category, author_status=AuthorStatus.SUSPENDED, locked=None) for n in (0, 4)]
    verdict = judged(replace(LIVE, locked=True), *readings)
    kept = None if category == "deleted" else category
    assert silent(verdict) == Verdict(state, START, by, kept, Confidence.HIGH, locked=True)
    assert kinds(verdict) == [AlertKind.ACCOUNT_SUSPENDED]


NO_ACCOUNT = [at(n, author_status=AuthorStatus.MISSING) for n in (0, 15, 30)]


@pytest.mark.parametrize(
    ("proof", "confidence"),
    [
        (own(0), Confidence.HIGH),
        (own(-0.1), Confidence.MEDIUM),
        (own(-5, last_read_at=time(0), times=2), Confidence.HIGH),
        (replace(own(10), outcome=Outcome.CANNOT_TELL), Confidence.MEDIUM),
        (own(10, outcome=Outcome.NOT_VISIBLE), Confidence.HIGH),
        (account_banned(time(10)), Confidence.HIGH),
        (person_look(True, time(10), "bob"), Confidence.MEDIUM),
        (at(10), Confidence.MEDIUM),
    ],
)
def test_a_shadowban_is_proved_by_the_account_itself_since_others_missed_it(
    proof: Reading, confidence: Confidence
) -> None:
    verdict = judged(LIVE, proof, *NO_ACCOUNT)
    assert (verdict.state, verdict.confidence, verdict.state_since) == (State.SHADOWBANNED, confidence, START)


def test_an_owners_word_makes_a_known_shadowban_certain_and_no_other_state() -> None:
    banned = replace(LIVE, state=State.SHADOWBANNED, confidence=Confidence.MEDIUM)
    assert judged(banned, account_banned(time(0))) == replace(unchanged(banned), confidence=Confidence.HIGH)
    for state in (State.LIVE, State.SUSPENDED, State.REMOVED):
        other = replace(banned, state=state)
        assert judged(other, account_banned(time(0))) == unchanged(other)
    assert judged(banned, blind(0)) == unchanged(banned)
    assert judge(banned, [], [blind(0), account_banned(time(1))], time(1)).confidence is Confidence.HIGH


def test_once_an_account_is_judged_one_look_at_another_of_its_posts_is_enough() -> None:
    def account(state: AccountState) -> Account:
        return Account(1, "terminal:local", "alice_writes", state, START - HOUR, None)

    for status, known, state in (
        (AuthorStatus.MISSING, AccountState.SHADOWBANNED, State.SHADOWBANNED),
        (AuthorStatus.SUSPENDED, AccountState.SUSPENDED, State.SUSPENDED),
    ):
        look = at(0, author_status=status)
        verdict = judged(LIVE, look, account=account(known))
        assert (verdict.state, kinds(verdict)) == (state, [])
        for other in (AccountState.VISIBLE, AccountState.DELETED, AccountState.UNKNOWN):
            assert judged(LIVE, look, account=account(other)) == unchanged(LIVE)
    assert judged(LIVE, at(0, author_status=AuthorStatus.MISSING), account=account(AccountState.SUSPENDED)) == (
        unchanged(LIVE)
    )


# ---------------------------------------------------------------- since when


def test_a_state_begins_when_it_was_seen_first_and_never_before_the_one_it_follows() -> None:
    known = replace(LIVE, state_since=time(2))
    later = [gone(n, locked=None) for n in (2.5, 6)]
    assert judged(known, *later).state_since == time(2.5)
    for first in (2, 0):
        assert judged(known, gone(first), gone(6)).state_since == time(2) + timedelta(microseconds=1)
    unverified = replace(known, state=State.UNVERIFIED)
    assert judged(unverified, at(0), at(4)).state_since == time(2)
    assert judged(unverified, at(3), at(6)).state_since == time(3)
    assert judged(known, at(3), at(6)).state_since == time(2), "the same state goes on"


def test_after_a_shadowban_the_posts_state_begins_when_the_account_is_seen_again() -> None:
    banned = replace(LIVE, state=State.SHADOWBANNED, state_since=START - HOUR / 2)
    post_looks_well = [at(-20), at(-15)]
    back = [at(n, author_status=AuthorStatus.EXISTS) for n in (0, 4)]
    verdict = judged(banned, *post_looks_well, *back)
    assert silent(verdict) == Verdict(State.LIVE, START, None, None, Confidence.HIGH)
    removed = [gone(n, author_status=AuthorStatus.EXISTS) for n in (0, 4)]
    outlasts = judged(banned, gone(10 - 30), *removed)
    assert (outlasts.state, outlasts.state_since) == (State.REMOVED, START)
    seen_first = judged(banned, at(-20, author_status=AuthorStatus.EXISTS), gone(0), gone(4))
    assert seen_first == unchanged(banned), "its account was seen once only"


def test_a_shadowbanned_account_that_turns_out_deleted_gives_its_live_post_back_with_news() -> None:
    banned = replace(LIVE, state=State.SHADOWBANNED)
    deleted = [at(n, author_status=AuthorStatus.MISSING, author_present=False) for n in (0, 4)]
    verdict = judged(banned, *deleted)
    assert silent(verdict) == Verdict(State.LIVE, START, None, None, Confidence.MEDIUM_HIGH)
    assert kinds(verdict) == [AlertKind.POST_LIVE, AlertKind.ACCOUNT_DELETED]


# ---------------------------------------------------------------- a missing id


@pytest.mark.parametrize(
    ("minutes", "state"),
    [((0, 15, 30), State.GATED), ((0, 15, 29.9), State.UNKNOWN), ((0, 31), State.UNKNOWN), ((0, 1, 31), State.UNKNOWN)],
)
def test_a_missing_post_is_gone_after_three_looks_over_half_an_hour(minutes: tuple[float, ...], state: State) -> None:
    verdict = judged(LIVE, *(missing(n) for n in minutes))
    assert silent(verdict) == Verdict(state, START, None, None, Confidence.LOW)
    assert kinds(verdict) == ([AlertKind.POST_GATED] if state is State.GATED else [])


def test_a_gated_post_that_is_missing_stays_as_it_is_until_its_community_is_known_closed() -> None:
    gated = replace(LIVE, state=State.GATED, confidence=Confidence.HIGH)
    assert judged(gated, missing(0), missing(4)) == unchanged(gated)
    still = judged(gated, missing(0, closure="private"), missing(4, closure="private"))
    assert still == unchanged(gated)


# ---------------------------------------------------------------- what awaits nothing


@pytest.mark.parametrize(
    ("post", "newest", "nothing"),
    [
        ({}, at(4), True),
        ({}, at(4, locked=None), True),
        ({}, at(4, locked=True), False),
        ({"locked": True}, at(4, locked=True), True),
        ({"locked": True}, at(4, locked=None), True),
        ({}, blind(4), False),
        ({}, at(4, control_live=False), False),
        ({}, at(4, author_status=AuthorStatus.EXISTS), False),
        ({}, person_look(True, time(4)), False),
        ({}, gone(4), False),
        ({"state": State.UNVERIFIED}, at(4), False),
        ({"state": State.UNKNOWN}, missing(4), False),
        ({"state": State.GATED}, missing(4, closure="private"), True),
        ({"state": State.REMOVED, "removed_by": RemovedBy.MODERATORS, "category": "moderator"}, gone(4), True),
        ({"state": State.REMOVED, "removed_by": RemovedBy.UNKNOWN, "category": "moderator"}, gone(4), False),
        ({"state": State.REMOVED, "removed_by": RemovedBy.MODERATORS, "category": None}, gone(4), False),
    ],
)
def test_a_look_that_says_what_is_confirmed_awaits_nothing(
    post: dict[str, Any], newest: Reading, nothing: bool
) -> None:
    assert awaits_nothing(replace(LIVE, **post), [at(0), newest]) is nothing


@pytest.mark.parametrize(
    ("asked", "nothing"),
    [
        ([AuthorStatus.EXISTS], True),
        ([AuthorStatus.MISSING], False),
        ([AuthorStatus.CANNOT_TELL], False),
        ([AuthorStatus.MISSING, AuthorStatus.EXISTS], True),
        ([AuthorStatus.EXISTS, AuthorStatus.SUSPENDED], False),
    ],
)
def test_the_last_answer_about_the_account_decides_whether_something_is_open(
    asked: list[AuthorStatus], nothing: bool
) -> None:
    history = [at(n, author_status=status) for n, status in enumerate(asked)]
    assert awaits_nothing(LIVE, [*history, at(9), at(12)]) is nothing


@pytest.mark.parametrize(
    ("now", "seconds"), [(0, 180), (1, 120), (2.5, 30), (2.75, 15), (2.9, 15), (60, 15), (-5, 180)]
)
def test_a_second_look_is_awaited_three_minutes_after_the_one_that_counted(now: float, seconds: int) -> None:
    looks = [gone(0)]
    wait = awaited_in(LIVE, looks, judged(LIVE, *looks), time(now))
    assert wait == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("looks", "wait"),
    [
        ([at(0), at(4)], None),
        ([at(0), at(4), at(8, author_status=AuthorStatus.EXISTS)], None),
        ([at(0), at(4), at(8, author_status=AuthorStatus.MISSING)], MINUTE * 15),
        ([at(0), at(4), at(8, author_status=AuthorStatus.SUSPENDED)], MINUTE * 3),
        ([at(0), at(4), at(8, author_status=AuthorStatus.MISSING, author_present=False)], MINUTE * 3),
        ([at(0), at(4, author_present=False), at(8, author_status=AuthorStatus.MISSING, author_present=False),
          at(12, author_status=AuthorStatus.MISSING, author_present=False)], None),
        ([missing(0), missing(4)], MINUTE * 6),
        ([blind(0)], None),
    ],
)  # fmt: skip
def test_what_begins_to_show_of_an_account_or_a_missing_post_has_its_own_wait(
    looks: list[Reading], wait: timedelta | None
) -> None:
    now = looks[-1].read_at
    assert awaited_in(LIVE, looks, judged(LIVE, *looks), now) == wait


# ---------------------------------------------------------------- the account


@pytest.mark.parametrize(
    ("looks", "of_live", "of_hidden"),
    [
        ([], False, True),
        ([at(0)], False, True),
        ([at(0, author_status=AuthorStatus.EXISTS)], False, True),
        ([at(0, author_status=AuthorStatus.SUSPENDED)], True, True),
        ([at(n, author_status=AuthorStatus.SUSPENDED) for n in (0, 4)], False, True),
        (NO_ACCOUNT[:2], True, True),
        (NO_ACCOUNT, False, True),
        ([*NO_ACCOUNT, at(40, author_status=AuthorStatus.EXISTS)], False, True),
    ],
)
def test_an_account_is_asked_about_again_while_it_is_hidden_or_begins_to_look_so(
    looks: list[Reading], of_live: bool, of_hidden: bool
) -> None:
    assert account_is_open(LIVE, looks) is of_live
    for state in (State.SHADOWBANNED, State.SUSPENDED):
        assert account_is_open(replace(LIVE, state=state), looks) is of_hidden


@pytest.mark.parametrize(
    ("history", "new", "state"),
    [
        ([at(0, author_status=AuthorStatus.EXISTS)], at(4, author_status=AuthorStatus.EXISTS), AccountState.VISIBLE),
        ([at(0, author_status=AuthorStatus.EXISTS)], at(2, author_status=AuthorStatus.EXISTS), None),
        ([], at(4, author_status=AuthorStatus.EXISTS), None),
        (NO_ACCOUNT[:2], NO_ACCOUNT[2], AccountState.SHADOWBANNED),
        (NO_ACCOUNT, at(40), None),
        (NO_ACCOUNT, NO_ACCOUNT[2], None),
        (NO_ACCOUNT, blind(40), None),
        (NO_ACCOUNT, at(40, author_status=AuthorStatus.CANNOT_TELL), None),
        (
            [at(0, author_status=AuthorStatus.SUSPENDED)],
            at(4, author_status=AuthorStatus.SUSPENDED),
            AccountState.SUSPENDED,
        ),
    ],
)
def test_a_new_look_at_the_account_confirms_its_state(
    history: list[Reading], new: Reading, state: AccountState | None
) -> None:
    assert judge_account(LIVE, history, [new]) == ((state, START) if state is not None else None)


@pytest.mark.parametrize(("hours", "minutes"), [(1, 0), (30, 12)])
def test_that_an_account_is_seen_again_tells_how_long_it_was_hidden(hours: int, minutes: int) -> None:
    span = HOUR * hours + MINUTE * minutes
    known = Account(1, "terminal:local", "Alice_Writes", AccountState.SHADOWBANNED, START - span, None)
    back = [at(n, author_status=AuthorStatus.EXISTS) for n in (0, 4)]
    (news,) = judged(replace(LIVE, state=State.SHADOWBANNED), *back, account=known).alerts
    assert news.facts["hidden_for_s"] == span.total_seconds()
    unlinked = judged(replace(LIVE, state=State.SHADOWBANNED), *back).alerts[0]
    assert "hidden_for_s" not in unlinked.facts
    assert (unlinked.facts["restored"], unlinked.facts["since"]) == (True, START.isoformat())
    nameless = judged(replace(LIVE, state=State.SUSPENDED, author=None), *back).alerts[0]
    assert nameless.dedupe_key == "account:of post 7:seen again:first"


def test_that_an_account_is_seen_again_is_told_at_the_look_that_confirms_it() -> None:
    banned = replace(LIVE, state=State.SHADOWBANNED)
    back = [at(n, author_status=AuthorStatus.EXISTS) for n in (0, 4)]
    assert judged(banned, back[0]).alerts == ()
    assert judged(banned, *back, at(8)).alerts == (), "a later look without the account says nothing new of it"
    assert judged(banned, *back, replace(blind(8), author_status=AuthorStatus.EXISTS)).alerts == ()


# ---------------------------------------------------------------- again and again


def comings(*steps: tuple[str, float]) -> list[Reading]:
    """Two looks each: "live", "gone", "held" or "lost", from that minute."""
    looks = {"live": at, "gone": gone, "lost": missing}
    return [
        gone(minute + n, category="automod_filtered") if what == "held" else looks[what](minute + n)
        for what, minute in steps
        for n in (0, 4)
    ]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([("gone", 0), ("live", 10), ("gone", 20)], None),
        ([("gone", 0), ("live", 10), ("gone", 20), ("live", 30), ("gone", 40)], (3, 0)),
        ([("live", -10), ("gone", 0), ("live", 10), ("gone", 20), ("live", 30), ("gone", 40)], (3, 0)),
        ([("gone", 0), ("held", 10), ("gone", 20), ("held", 30), ("gone", 40)], None),
        ([("gone", 0), ("lost", 10), ("gone", 20), ("lost", 30), ("gone", 40)], None),
        ([("live", 0), ("lost", 10), ("live", 20), ("lost", 30), ("live", 40), ("gone", 50)], None),
        ([("gone", 0), ("live", 10), ("held", 20), ("live", 30), ("gone", 40)], (3, 0)),
        ([("gone", 0), ("live", 10), ("gone", 20), ("live", 30), ("gone", 24 * 60)], (3, 0)),
        ([("gone", 0), ("live", 10), ("gone", 20), ("live", 30), ("gone", 24 * 60 + 1)], None),
        (
            [("gone", 0), ("live", 10), ("gone", 20), ("live", 30), ("gone", 40), ("live", 50), ("gone", 24 * 60 + 9)],
            (3, 20),
        ),
    ],
)
def test_a_post_that_keeps_disappearing_is_told_how_often_since_when_from_the_third_time_on(
    steps: list[tuple[str, float]], told: tuple[int, float] | None
) -> None:
    (alert,) = judged(LIVE, *comings(*steps)).alerts
    assert alert.kind is AlertKind.POST_REMOVED
    facts = (alert.facts.get("times_gone"), alert.facts.get("first_gone_at"))
    assert facts == ((told[0], time(told[1]).isoformat()) if told else (None, None))


def test_a_post_that_is_back_is_not_told_how_often_it_went() -> None:
    steps = [("gone", 0), ("live", 10), ("gone", 20), ("live", 30), ("gone", 40), ("live", 50)]
    (alert,) = judged(replace(LIVE, state=State.REMOVED), *comings(*steps)).alerts
    assert alert.kind is AlertKind.POST_LIVE
    assert "times_gone" not in alert.facts


# ---------------------------------------------------------------- smaller things


@pytest.mark.parametrize("state", State)
def test_a_post_is_hidden_when_its_state_says_that_others_cannot_see_it(state: State) -> None:
    hidden = {State.HELD, State.REMOVED, State.DELETED, State.GATED}
    assert is_hidden(tracked(state=state)) is (state in hidden)
    assert is_hidden(Verdict(state, START)) is (state in hidden)


def test_readings_are_weighed_by_their_time_and_at_one_time_in_an_order_of_their_own() -> None:
    first, later = at(0), gone(0)
    assert in_order(first) == (START, repr(first))
    assert sorted([at(4), later, first], key=in_order)[-1] == at(4)
    assert judge(LIVE, [], [first, later], START) == judge(LIVE, [], [later, first], START)


def test_a_look_that_was_kept_already_is_no_news() -> None:
    kept = gone(0, times=3, last_read_at=time(8), apart=3, apart_at=time(8))
    assert judge(LIVE, [kept], [gone(4)], time(8)) == unchanged(LIVE)
    assert judge(LIVE, [kept], [gone(9)], time(9)).state is State.REMOVED
    assert judge(LIVE, [kept], [gone(4, category="reddit")], time(9)).state is State.REMOVED


def test_seen_before_is_the_last_look_that_told_anything_before_the_change() -> None:
    joined = at(-20, times=5, last_read_at=time(-6), apart=5, apart_at=time(-6))
    (alert,) = judged(LIVE, joined, replace(blind(-2)), gone(0), gone(4)).alerts
    assert alert.facts["seen_before"] == time(-6).isoformat()
    (first,) = judged(LIVE, gone(0), gone(4)).alerts
    assert first.facts["seen_before"] is None
