"""The tables of docs/visibility.md: what the real verdict makes of every kind of evidence, in every state.

Only the readings are written here: each table is what `judge` returns for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from core.model import AlertKind, AuthorStatus, Basis, Outcome, Reading, State, TrackedPost, View
from core.texts.gone import ADMINS
from core.visibility.tracking import Verdict
from core.visibility.verdict import judge

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SPACINGS_MIN = (3, 15)
LOOKS_AT_MOST = 4

T, A, P, W = View.THIRD_PARTY, View.AUTHOR, View.PERSON, View.ANONYMOUS
_HIDDEN: Mapping[str, Any] = {"outcome": Outcome.NOT_VISIBLE, "indexable": False, "body_state": "removed"}
_PICTURE: Mapping[str, Any] = {"found": None, "locked": None, "looked_by": "a member", "has_picture": True}
_NO_ACCOUNT: Mapping[str, Any] = {"author_status": AuthorStatus.MISSING}


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A kind of reading in words, and how it differs from that of a healthy live post."""

    name: str
    view: View
    changes: Mapping[str, Any]
    facts_row: str = ""  # the row of reddit-facts' evidence table that it stands for

    def at(self, read_at: datetime) -> Reading:
        healthy: dict[str, Any] = {
            "outcome": Outcome.VISIBLE,
            "found": True,
            "control_live": self.view is View.THIRD_PARTY,
            "indexable": True,
            "author_present": True,
            "body_state": "intact",
            "locked": False,
        }
        return Reading(self.view, Basis.REDDIT_API, read_at, **{**healthy, **self.changes})


def _by(category: str | None, **more: Any) -> Mapping[str, Any]:
    return {**_HIDDEN, "category": category, **more}


EVIDENCE: Sequence[Evidence] = (
    Evidence("others see it, nothing is unusual", T, {}, "live"),
    Evidence("category `moderator`", T, _by("moderator"), "moderator"),
    Evidence("category `automod_filtered`", T, _by("automod_filtered"), "automod_filtered"),
    Evidence("category `reddit`", T, _by("reddit"), "reddit"),
    *(Evidence(f"category `{name}`", T, _by(name), "admin categories, takedowns") for name in sorted(ADMINS)),
    Evidence(
        "category `deleted` or `author`, no author",
        T,
        _by("deleted", author_present=False, body_state="deleted"),
        "deleted by author",
    ),
    Evidence("a category nobody knows yet", T, _by("something_new"), "category unknown"),
    Evidence("text `[removed]`, no category", T, _by(None), "text removed"),
    Evidence(
        "text `[removed by moderator]`, no category",
        T,
        _by(None, body_state="removed by moderators"),
        "text removed by moderators",
    ),
    Evidence(
        "text `[ Removed by Reddit … ]`, no category",
        T,
        _by(None, body_state="removed by Reddit"),
        "text removed by Reddit",
    ),
    Evidence("not indexable, nothing else", T, {"outcome": Outcome.NOT_VISIBLE, "indexable": False}, "not indexable"),
    Evidence("author `[deleted]`, text intact", T, {"author_present": False}, "live, account deleted"),
    Evidence(
        "the id is missing, its control is there",
        T,
        {"outcome": Outcome.NOT_VISIBLE, "found": False, "indexable": None, "author_present": None, "body_state": None},
        "id missing",
    ),
    Evidence(
        "the id is missing, its community says that it is closed",
        T,
        {
            "outcome": Outcome.NOT_VISIBLE,
            "found": False,
            "indexable": None,
            "author_present": None,
            "body_state": None,
            "closure": "private",
        },
        "the community's own page",
    ),
    Evidence("the account is missing (404), the post shows", T, _NO_ACCOUNT, "shadowban likely"),
    Evidence("the account is missing (404), the post is removed", T, _by("reddit", **_NO_ACCOUNT), "shadowban"),
    Evidence(
        "the account is missing (404), no author on the post",
        T,
        {**_NO_ACCOUNT, "author_present": False},
        "account deleted",
    ),
    Evidence("the account is suspended", T, {"author_status": AuthorStatus.SUSPENDED}, "account suspended"),
    Evidence("the account is there again, the post shows", T, {"author_status": AuthorStatus.EXISTS}),
    Evidence("locked", T, {"locked": True}, "locked"),
    Evidence("author's own view: category `moderator`", A, _by("moderator"), "author: category set"),
    Evidence("author's own view: not indexable", A, {**_HIDDEN, "body_state": "intact"}, "author: not indexable"),
    Evidence("author's own view: looks normal", A, {}, "author: looks normal"),
    Evidence("a person, or a logged-out page, sees it", P, {"found": None, "locked": None}),
    Evidence("a person, or a logged-out page, does not see it", P, {"outcome": Outcome.NOT_VISIBLE, "found": None}),
    Evidence("a member sees it logged out, with a picture; nobody else could for two hours", P, _PICTURE),
    Evidence(
        "a member does not see it logged out, with a picture; nobody else could for two hours",
        P,
        {**_PICTURE, "outcome": Outcome.NOT_VISIBLE},
    ),
    Evidence("no control in the answer", T, {**_by("moderator"), "control_live": False}, "no evidence"),
    Evidence("401, 403, 429, 5xx, HTML, timeout", T, {"outcome": Outcome.CANNOT_TELL, "found": None}, "no evidence"),
)

# How each state is reached from the beginning: by this evidence, so many looks, so many minutes apart.
_REACHED: Mapping[State, tuple[str, int, int]] = {
    State.UNVERIFIED: ("live", 0, 3),
    State.LIVE: ("live", 2, 3),
    State.HELD: ("automod_filtered", 2, 3),
    State.REMOVED: ("moderator", 2, 3),
    State.DELETED: ("deleted by author", 2, 3),
    State.UNKNOWN: ("id missing", 2, 3),
    State.GATED: ("id missing", 3, 15),
    State.SHADOWBANNED: ("shadowban likely", 3, 15),
    State.SUSPENDED: ("account suspended", 2, 3),
}


@dataclass(frozen=True, slots=True)
class Consequence:
    """A verdict that changed or told something, after how many looks in how many minutes."""

    verdict: Verdict
    looks: int
    minutes: int

    @property
    def words(self) -> str:
        return f"{self.verdict.state}{', locked' if self.verdict.locked else ''}"

    @property
    def alerts(self) -> Sequence[AlertKind]:
        return [alert.kind for alert in self.verdict.alerts]


@cache
def reached(state: State) -> tuple[TrackedPost, Sequence[Reading]]:
    """A post that the verdict itself brought into `state`, and its history."""
    row, looks, spacing = _REACHED[state]
    post = TrackedPost(
        id=1,
        workspace_id="terminal:local",
        fullname="t3_example",
        community="example",
        author="somebody",
        permalink="https://www.reddit.com/r/example/comments/example/",
        campaign_id=None,
        draft_id=None,
        registered_by="somebody",
        registered_at=BEGIN,
        posted_at=BEGIN - timedelta(days=1),
        basis=Basis.REDDIT_API,
        state=State.UNVERIFIED,
        state_since=BEGIN,
    )
    history: list[Reading] = []
    kind = next(kind for kind in EVIDENCE if kind.facts_row == row)
    for number in range(looks):
        reading = kind.at(BEGIN + timedelta(minutes=spacing * number))
        post = _applied(post, judge(post, history, [reading], reading.read_at))
        history.append(reading)
    return post, history


@cache
def consequences(state: State, kind: Evidence) -> Sequence[Consequence]:
    """Returns what `kind` changes or tells in `state` when it is seen again and again, with the fewest looks that
    suffice.
    """
    found = [_shown(state, kind, minutes) for minutes in SPACINGS_MIN]
    best = min(found, key=lambda came: (-len(came), came[-1].looks if came else 0))
    every = [each for came in found for each in came]
    return [
        replace(each, minutes=min(e.minutes for e in every if (e.words, e.looks) == (each.words, each.looks)))
        for each in best
    ]


def _shown(state: State, kind: Evidence, spacing: int) -> Sequence[Consequence]:
    post, before = reached(state)
    history = list(before)
    begin, came, told = BEGIN + timedelta(hours=3), list[Consequence](), set[str]()
    for number in range(LOOKS_AT_MOST):
        reading = kind.at(begin + timedelta(minutes=spacing * number))
        verdict = judge(post, history, [reading], reading.read_at)
        history.append(reading)
        after = _applied(post, verdict)
        passing = verdict.state is State.UNKNOWN  # on the way to "gated", which is what is told
        owed = tuple(alert for alert in verdict.alerts if alert.dedupe_key not in told)  # an alert is owed once
        told |= {alert.dedupe_key for alert in owed}
        verdict = replace(verdict, alerts=owed)
        if owed or ((after.state, after.locked) != (post.state, post.locked) and not passing):
            came.append(Consequence(verdict, number + 1, spacing * number))
        post = after
    return came


def _applied(post: TrackedPost, verdict: Verdict) -> TrackedPost:
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


def evidence_table() -> list[str]:
    """What each kind of evidence makes of a live post; of one that is not verified yet where that shows more."""
    out = ["| Reading of a live post | Becomes | By | Confirmed by | Confidence | Alert |", "|---|---|---|---|---|---|"]
    for kind in EVIDENCE:
        came = consequences(State.LIVE, kind) or consequences(State.UNVERIFIED, kind)
        if not came:
            out.append(f"| {kind.name} | stays as it was | – | – | – | – |")
        for each in came:
            by = each.verdict.removed_by.value.replace("_", " ") if each.verdict.removed_by else "–"
            looks = f"{each.looks} readings over {each.minutes} min" if each.looks > 1 else "1 reading"
            alerts = ", ".join(f"`{alert}`" for alert in each.alerts) or "–"
            confidence = (each.verdict.confidence or "–").replace("_", "-")
            out.append(f"| {kind.name} | {each.words} | {by} | {looks} | {confidence} | {alerts} |")
    return out


def transition_table() -> list[str]:
    """Which state follows from which, by which evidence. An alert goes out where the state is in bold."""
    states = list(_REACHED)
    out = [f"| Reading, repeated | {' | '.join(states)} |", "|---" * (len(states) + 1) + "|"]
    for kind in EVIDENCE:
        cells = [
            ", then ".join(f"**{each.words}**" if each.alerts else each.words for each in consequences(state, kind))
            for state in states
        ]
        out.append(f"| {kind.name} | {' | '.join(cell or '–' for cell in cells)} |")
    return out
