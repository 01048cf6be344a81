"""Turning what an answer held into a reading. Pure functions; they do not judge the post's state (the verdict does).

reddit-facts: how a state shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from core.model import AuthorStatus, Basis, Outcome, Reading, View
from core.ports import Sighting
from core.texts.gone import GoneBy, contradicts, texts_gone_by

_STATES_OF_GONE = {
    GoneBy.AUTHOR: "deleted",
    GoneBy.MODERATORS: "removed by moderators",
    GoneBy.REDDIT: "removed by Reddit",
    GoneBy.UNKNOWN: "removed",
}

NO_CONTROL = "No control post came back in the same answer, so a missing or changed post proves nothing."
CUT_ANSWER = "Reddit's answer was incomplete."
OPEN_COMMUNITY = "The post was missing from Reddit's answer although its community is open: that proves nothing yet."
CONTRADICTION = "Reddit's answer contradicts itself: the text reads as gone, and everything else says that it stands."
NO_VIEW = "No source that can see Reddit is configured."


def body_hash(body: str) -> str:
    """What `TrackedPost.body_sha256` holds: SHA-256 of the text in UTF-8, hexadecimal."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def body_state(body: str, body_sha256: str | None, title: str | None = None) -> str:
    """The state of a post's text: "removed" (by nobody knows whom), "removed by moderators", "removed by Reddit",
    "deleted" (by its author), "empty", "edited" or "intact" (also when there is nothing to compare with).

    A placeholder in place of the `title` says the same as one in place of the text.
    """
    by = texts_gone_by(None, body) or texts_gone_by(title, None)
    if by is not None:
        return _STATES_OF_GONE[by]
    if not body.strip():
        return "empty"
    return "edited" if body_sha256 is not None and body_hash(body) != body_sha256 else "intact"


def is_whole(sighting: Sighting, fullname: str) -> bool:
    """True when the answer is about `fullname` and holds everything that Reddit always sends. A cut answer is no
    evidence. A comment has neither title nor `is_robot_indexable`.
    """
    if sighting.problem is not None or sighting.fullname != fullname or sighting.body is None:
        return False
    if fullname.startswith("t1_"):
        return True
    says_whether_gone = sighting.indexable is not None or sighting.category is not None or sighting.states_category
    return sighting.title is not None and says_whether_gone


def control_is_live(answer: Mapping[str, Sighting], controls: Iterable[str]) -> bool:
    """True when at least one of the `controls` (posts known to be live) came back live in this answer."""
    return any(_stands(answer[name], name) for name in controls if name in answer)


def read_sighting(
    fullname: str,
    sighting: Sighting | None,
    *,
    view: View,
    basis: Basis,
    read_at: datetime,
    control_live: bool = False,
    body_sha256: str | None = None,
) -> Reading:
    """The reading that an answer gives about one post. `sighting` is None when the answer lacked its id.

    `CANNOT_TELL` for a third party's look without a live control in the same answer, for an incomplete answer, and for
    an id missing from the author's own view (which carries no control).
    """
    if view is not View.AUTHOR and not control_live:
        return no_evidence(view, basis, read_at, NO_CONTROL)
    if sighting is None:
        if view is View.AUTHOR:
            return no_evidence(view, basis, read_at, NO_CONTROL)
        return Reading(view, basis, read_at, Outcome.NOT_VISIBLE, found=False, control_live=control_live)
    if not is_whole(sighting, fullname):
        return no_evidence(view, basis, read_at, sighting.problem or CUT_ANSWER)
    if is_contradiction(sighting):
        return no_evidence(view, basis, read_at, CONTRADICTION)
    return read_whole(
        sighting, view=view, basis=basis, read_at=read_at, control_live=control_live, body_sha256=body_sha256
    )


def is_contradiction(sighting: Sighting) -> bool:
    """True when the text reads as gone and the other fields say that the post stands: its author typed a placeholder,
    or the answer mixes two moments (`core.texts.gone.contradicts`).
    """
    return contradicts(
        sighting.title,
        sighting.body,
        category=sighting.category,
        indexable=sighting.indexable,
        author=sighting.author,
    )


def read_whole(
    sighting: Sighting,
    *,
    view: View,
    basis: Basis,
    read_at: datetime,
    control_live: bool = False,
    body_sha256: str | None = None,
) -> Reading:
    """The reading of a sighting that is whole (`is_whole`) and no contradiction."""
    state = body_state(sighting.body or "", body_sha256, sighting.title)
    hidden = sighting.category is not None or sighting.indexable is False or state in _STATES_OF_GONE.values()
    return Reading(
        view=view,
        basis=basis,
        read_at=read_at,
        outcome=Outcome.NOT_VISIBLE if hidden else Outcome.VISIBLE,
        found=True,
        control_live=control_live,
        category=sighting.category,
        indexable=sighting.indexable,
        author_present=sighting.author is not None,
        body_state=state,
        locked=sighting.locked,
        score=sighting.score,
        num_comments=sighting.num_comments,
    )


def no_evidence(view: View, basis: Basis, read_at: datetime, problem: str) -> Reading:
    """A look that gave nothing either way, and why."""
    return Reading(view, basis, read_at, Outcome.CANNOT_TELL, problem=problem)


def person_look(
    visible: bool, read_at: datetime, member_id: str | None = None, *, has_picture: bool = False
) -> Reading:
    """A person's own look at the post's page."""
    outcome = Outcome.VISIBLE if visible else Outcome.NOT_VISIBLE
    return Reading(View.PERSON, Basis.PERSON, read_at, outcome, looked_by=member_id, has_picture=has_picture)


def account_banned(read_at: datetime) -> Reading:
    """The account's owner read at reddit.com/appeals that the account is banned. This says nothing about one post, so
    its outcome is `CANNOT_TELL`.
    """
    return Reading(View.PERSON, Basis.PERSON, read_at, Outcome.CANNOT_TELL, author_status=AuthorStatus.MISSING)


def _stands(sighting: Sighting, fullname: str) -> bool:
    return (
        is_whole(sighting, fullname)
        and sighting.category is None
        and sighting.indexable is not False
        and sighting.author is not None
        and texts_gone_by(sighting.title, sighting.body) is None
    )
