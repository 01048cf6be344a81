"""The evidence table in rows, and how tests of verdicts let looks come one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.model import (
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
from core.visibility.readings import no_evidence
from core.visibility.tracking import Verdict
from core.visibility.verdict import judge
from tests.core.visibility.world import START, seen

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
