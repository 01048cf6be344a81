"""What an alert about a post says: every fact with its value, and the key by which it is told once."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
    NewAlert,
    Outcome,
    Reading,
    RemovedBy,
    State,
    TrackedPost,
    View,
)
from core.visibility.alert_facts import post_facts, reading_facts
from core.visibility.readings import no_evidence, person_look
from core.visibility.verdict import judge, unchanged
from tests.core.visibility.world import START, seen, tracked

MINUTE = timedelta(minutes=1)
GONE: dict[str, Any] = {"outcome": Outcome.NOT_VISIBLE, "indexable": False, "body_state": "removed"}
LIVE = tracked(state=State.LIVE, state_since=START - MINUTE * 30, title="How it went", campaign_id=3, draft_id=4)


def at(minutes: float, **changes: Any) -> Reading:
    return seen(START + MINUTE * minutes, **changes)


def gone(minutes: float, **changes: Any) -> Reading:
    return at(minutes, **{**GONE, "category": "moderator", **changes})


def time(minutes: float) -> str:
    return (START + MINUTE * minutes).isoformat()


def account(state: AccountState) -> Account:
    return Account(1, "terminal:local", "Alice_Writes", state, START - MINUTE * 60, "alice")


def told(
    post: TrackedPost, history: Sequence[Reading], new: Sequence[Reading], account: Account | None = None
) -> tuple[NewAlert, ...]:
    return judge(post, history, new, new[-1].read_at, account=account).alerts


def test_an_alert_about_a_removal_holds_these_facts_and_no_others() -> None:
    history = [at(-20, score=12, num_comments=3), at(-10, score=9, num_comments=2), gone(0)]
    (alert,) = told(LIVE, history, [gone(4, score=None)])
    assert (alert.kind, alert.tracked_post_id) == (AlertKind.POST_REMOVED, 7)
    assert alert.dedupe_key == f"post:7:removed:{time(0)}"
    facts = json.loads(json.dumps(dict(alert.facts)))
    readings = facts.pop("readings")
    assert facts == {
        "post_id": 7,
        "fullname": "t3_1abc2d",
        "basis": "reddit_api",
        "community": "harbor",
        "title": "How it went",
        "permalink": "https://www.reddit.com/r/harbor/comments/1abc2d/",
        "author": "alice_writes",
        "campaign_id": 3,
        "draft_id": 4,
        "registered_by": "alice",
        "posted_at": time(-60),
        "state": "removed",
        "previous_state": "live",
        "previous_since": time(-30),
        "since": time(0),
        "seen_before": time(-10),
        "removed_by": "moderators",
        "category": "moderator",
        "confidence": "high",
        "locked": False,
        "score": 9,
        "num_comments": 2,
        "counts_read_at": time(-10),
        "by_people": False,
        "closure": None,
        "looks": ["visible", "visible", "not_visible", "not_visible"],
        "rules": [],
        "patterns": [],
    }
    assert [one["read_at"] for one in readings] == [time(-20), time(-10), time(0), time(4)]


def test_a_reading_is_told_with_every_field_by_which_it_was_judged() -> None:
    reading = gone(4, times=3, last_read_at=START + MINUTE * 9, author_status=AuthorStatus.MISSING, problem="Cut.")
    assert reading_facts(reading) == {
        "view": "third_party",
        "basis": "reddit_api",
        "read_at": time(4),
        "last_read_at": time(9),
        "times": 3,
        "outcome": "not_visible",
        "found": True,
        "category": "moderator",
        "indexable": False,
        "author_present": True,
        "body_state": "removed",
        "author_status": "missing",
        "locked": False,
        "problem": "Cut.",
        "has_picture": False,
    }
    assert reading_facts(at(0))["author_status"] is None


def facts_of(post: TrackedPost, *readings: Reading) -> dict[str, Any]:
    return post_facts(post, unchanged(post), readings)


def test_counts_are_those_of_the_newest_look_that_read_any_or_those_kept_with_the_post() -> None:
    kept = replace(LIVE, score=5, num_comments=1)
    assert [facts_of(kept)[key] for key in ("score", "num_comments", "counts_read_at")] == [5, 1, None]
    comments_only = at(-5, score=None, num_comments=8)
    told = facts_of(kept, at(-9, score=7, num_comments=2), comments_only, at(-1, score=None))
    assert [told[key] for key in ("score", "num_comments", "counts_read_at")] == [None, 8, time(-5)]
    blind = replace(at(-1, score=9), outcome=Outcome.CANNOT_TELL)
    assert facts_of(kept, at(-9, score=7, num_comments=2), blind)["score"] == 7, "no evidence has no counts"


def test_the_title_of_a_post_that_its_author_deleted_is_not_kept() -> None:
    assert facts_of(replace(LIVE, state=State.DELETED))["title"] is None
    assert facts_of(LIVE)["title"] == "How it went"


def test_the_evidence_is_the_last_six_looks_that_told_something_the_oldest_first() -> None:
    blind = [no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, START + MINUTE * n, "No answer.") for n in (20, 21)]
    told = facts_of(LIVE, *(at(n) for n in range(8)), *blind)
    assert [one["read_at"] for one in told["readings"]] == [time(n) for n in range(2, 8)]


def test_the_last_eight_looks_are_told_one_by_one_also_those_that_could_not_tell() -> None:
    blind = no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, START + MINUTE * 50, "No answer.")
    own = seen(START + MINUTE * 60, view=View.AUTHOR)
    many = at(0, times=20, last_read_at=START + MINUTE * 40)
    told = facts_of(LIVE, many, blind, own, gone(70, times=2))
    assert told["looks"] == ["visible"] * 5 + ["cannot_tell"] + ["not_visible"] * 2
    assert facts_of(LIVE, *(at(n) for n in range(9)))["looks"] == ["visible"] * 8
    assert facts_of(LIVE)["looks"] == []


def test_whether_people_decided_is_told_by_the_last_look_that_counts() -> None:
    person = person_look(False, START + MINUTE, "bob")
    assert facts_of(LIVE, at(0), person)["by_people"] is True
    assert facts_of(LIVE, person, at(2))["by_people"] is False
    assert facts_of(LIVE)["by_people"] is False


@pytest.mark.parametrize(("state", "closure"), [(State.GATED, "private"), (State.UNKNOWN, None), (State.LIVE, None)])
def test_why_a_community_is_closed_is_told_of_a_post_that_is_gated(state: State, closure: str | None) -> None:
    closed = gone(0, category=None, found=False, closure="private")
    assert facts_of(replace(LIVE, state=state), closed)["closure"] == closure


def test_a_lock_is_told_with_its_own_time_and_a_state_that_stays() -> None:
    history = [at(-9), at(0, locked=True)]
    (alert,) = told(LIVE, history, [at(4, locked=True)])
    assert (alert.kind, alert.dedupe_key) == (AlertKind.POST_LOCKED, f"post:7:locked:{time(0)}")
    expected = {"state": "live", "previous_state": "live", "since": time(0), "seen_before": time(-9), "locked": True}
    assert {key: alert.facts[key] for key in expected} == expected
    unverified = replace(LIVE, state=State.UNVERIFIED)
    assert [a.facts["previous_state"] for a in told(unverified, [at(0, locked=True)], [at(4, locked=True)])] == [
        "unverified",
        "live",
    ]
    assert told(replace(LIVE, locked=True), history, [at(4, locked=True)]) == ()
    kinds = [a.kind for a in told(LIVE, [gone(0, locked=True)], [gone(4, locked=True)])]
    assert kinds == [AlertKind.POST_REMOVED], "the removal is the news"


def test_a_deleted_account_is_told_with_its_own_time_and_a_state_that_stays() -> None:
    deleted = [at(n, author_status=AuthorStatus.MISSING, author_present=False) for n in (0, 20, 40)]
    for known, key in (
        (None, "account:alice_writes:deleted:first"),
        (account(AccountState.VISIBLE), f"account:alice_writes:deleted:after {time(-60)}"),
    ):
        (alert,) = told(LIVE, deleted[:2], deleted[2:], known)
        assert (alert.kind, alert.dedupe_key) == (AlertKind.ACCOUNT_DELETED, key)
        expected = {"state": "live", "previous_state": "live", "since": time(0)}
        assert {key: alert.facts[key] for key in expected} == expected
    assert told(LIVE, deleted[:2], deleted[2:], account(AccountState.DELETED)) == ()


@pytest.mark.parametrize(
    ("status", "state", "kind"),
    [
        (AuthorStatus.MISSING, AccountState.SHADOWBANNED, AlertKind.ACCOUNT_SHADOWBANNED),
        (AuthorStatus.SUSPENDED, AccountState.SUSPENDED, AlertKind.ACCOUNT_SUSPENDED),
    ],
)
def test_what_is_wrong_with_an_account_has_one_key_for_all_its_posts(
    status: AuthorStatus, state: AccountState, kind: AlertKind
) -> None:
    looks = [at(n, author_status=status) for n in (0, 20, 40)]
    nameless = replace(LIVE, author=None)
    keys = {
        f"account:alice_writes:{state}:first": (LIVE, None),
        f"account:of post 7:{state}:first": (nameless, None),
        f"account:alice_writes:{state}:after {time(-60)}": (LIVE, account(AccountState.VISIBLE)),
    }
    for key, (post, known) in keys.items():
        (alert,) = told(post, looks[:2], looks[2:], known)
        assert (alert.kind, alert.dedupe_key) == (kind, key)
        assert (alert.facts["state"], alert.facts["previous_state"]) == (state.value, "live")
    assert told(LIVE, looks[:2], looks[2:], account(state)) == ()


def test_a_first_sign_of_a_shadowban_is_one_story_for_all_posts_of_a_known_account() -> None:
    missing = {"category": "reddit", "author_status": AuthorStatus.MISSING}
    looks = [gone(0, **missing), gone(4, **missing)]
    (alert,) = told(LIVE, looks[:1], looks[1:], account(AccountState.VISIBLE))
    assert (alert.kind, alert.facts["account_missing"]) == (AlertKind.POST_REMOVED, True)
    assert alert.dedupe_key == f"account:alice_writes:shadowbanned:after {time(-60)}:first sign"
    (alone,) = told(LIVE, looks[:1], looks[1:])
    assert (alone.dedupe_key, "account_missing" in alone.facts) == (f"post:7:removed:{time(0)}", False)
    by_moderators = [replace(look, category="moderator") for look in looks]
    (other,) = told(LIVE, by_moderators[:1], by_moderators[1:], account(AccountState.VISIBLE))
    assert other.dedupe_key == f"post:7:removed:{time(0)}"


@pytest.mark.parametrize(
    ("known", "post_state", "kind", "key"),
    [
        (None, State.SHADOWBANNED, AlertKind.ACCOUNT_SHADOWBANNED, "account:alice_writes:seen again:first"),
        (
            AccountState.SUSPENDED,
            State.SUSPENDED,
            AlertKind.ACCOUNT_SUSPENDED,
            f"account:alice_writes:seen again:after {time(-60)}",
        ),
        (AccountState.VISIBLE, State.SHADOWBANNED, None, None),
        (None, State.LIVE, None, None),
    ],
)
def test_an_account_that_others_see_again_is_good_news_once(
    known: AccountState | None, post_state: State, kind: AlertKind | None, key: str | None
) -> None:
    post = replace(LIVE, state=post_state, state_since=START - MINUTE * 50)
    looks = [at(n, author_status=AuthorStatus.EXISTS) for n in (0, 4)]
    alerts = told(post, looks[:1], looks[1:], account(known) if known is not None else None)
    news = [(a.kind, a.dedupe_key, a.facts["restored"], a.facts["since"]) for a in alerts if "restored" in a.facts]
    assert news == ([(kind, key, True, time(0))] if kind is not None else [])


def test_a_shadowban_is_surer_when_the_post_does_not_show_and_takes_over_what_hid_it() -> None:
    looks = [gone(n, category="reddit", author_status=AuthorStatus.MISSING) for n in (0, 20, 40)]
    hidden = judge(LIVE, looks[:2], looks[2:], START + MINUTE * 40)
    assert (hidden.state, hidden.confidence) == (State.SHADOWBANNED, Confidence.MEDIUM_HIGH)
    assert (hidden.removed_by, hidden.category) == (RemovedBy.REDDIT_FILTERS, "reddit")
    shown = [at(n, author_status=AuthorStatus.MISSING) for n in (0, 20, 40)]
    plain = judge(LIVE, shown[:2], shown[2:], START + MINUTE * 40)
    assert (plain.state, plain.confidence, plain.removed_by, plain.category) == (
        State.SHADOWBANNED,
        Confidence.MEDIUM,
        None,
        None,
    )
    assert (plain.state_since, hidden.state_since) == (START, START)
