"""The evidence table of reddit-facts as data: what one reading says, and how agreeing readings confirm a state.

Only a third party's look with a live control in the same answer, and a removal in the author's own view, can begin or
end a run. A person's own look and a logged-out page can only agree with a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.model import AccountState, AuthorStatus, Confidence, Outcome, Reading, RemovedBy, State, View
from core.texts.gone import ADMINS, AUTHOR, FILTERED, MODERATOR, REDDIT

SPACING = timedelta(minutes=3)  # closer readings are one reading: they may come from the same cache
SHADOWBAN_SPAN = timedelta(minutes=30)
SHADOWBAN_READINGS = 3
GATED_READINGS = 3
GATED_SPAN = timedelta(minutes=30)  # a shard of Reddit can lose its posts for some minutes, controls in sight
LOCKED, UNLOCKED = "locked", "unlocked"
# A post that keeps disappearing and returning gets so many changes with the usual confirmation; each further change
# needs one more agreeing reading, so that the alerts do not go on for ever.
CHANGES_BELIEVED_AT_ONCE = 8
CHANGES_WITHIN = timedelta(days=1)
PEOPLE_ALONE_AFTER = timedelta(hours=2)  # so long must nobody else have seen anything before members' looks decide
NOT_THERE_YET = timedelta(minutes=15)  # a new post's id may be missing for a while; that is no evidence


@dataclass(frozen=True, slots=True)
class Sign:
    """What one reading says about the post, and how many agreeing readings (`SPACING` apart) confirm it."""

    state: State
    confidence: Confidence
    removed_by: RemovedBy | None = None
    needs: int = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the evidence table: whose view it is, what the reading must show, and what it then says. The first
    row that fits counts.
    """

    name: str
    view: View
    fits: Callable[[Reading], bool]
    sign: Sign


def _category_in(names: frozenset[str]) -> Callable[[Reading], bool]:
    return lambda r: r.category in names


def _author_view(reading: Reading) -> bool:
    return reading.category is not None or reading.indexable is False


_MODERATORS = Sign(State.REMOVED, Confidence.HIGH, RemovedBy.MODERATORS)
_HELD = Sign(State.HELD, Confidence.HIGH)
_FILTERS = Sign(State.REMOVED, Confidence.HIGH, RemovedBy.REDDIT_FILTERS)
_ADMINS = Sign(State.REMOVED, Confidence.HIGH, RemovedBy.REDDIT_ADMINS)
_DELETED = Sign(State.DELETED, Confidence.HIGH)

# The rows of the evidence table that speak of the post itself. Those about its account are `account_seen` below;
# rows that are "no evidence" are `is_evidence`. A missing id is UNKNOWN at the second reading, GATED at the third.
EVIDENCE: tuple[Row, ...] = (
    Row(
        "community closed",
        View.THIRD_PARTY,
        lambda r: r.found is False and r.closure is not None,
        Sign(State.GATED, Confidence.HIGH),
    ),
    Row(
        "missing id",
        View.THIRD_PARTY,
        lambda r: r.found is False,
        Sign(State.UNKNOWN, Confidence.LOW),
    ),
    Row("moderator", View.THIRD_PARTY, _category_in(MODERATOR), _MODERATORS),
    Row("held for review", View.THIRD_PARTY, _category_in(FILTERED), _HELD),
    Row("Reddit's filters", View.THIRD_PARTY, _category_in(REDDIT), _FILTERS),
    Row("admins and takedowns", View.THIRD_PARTY, _category_in(ADMINS), _ADMINS),
    Row(
        "deleted by author",
        View.THIRD_PARTY,
        lambda r: r.category in AUTHOR and r.author_present is False,
        _DELETED,
    ),
    Row(
        # It contradicts itself: it calls this the author's deletion, and still names the author.
        "deleted, author named",
        View.THIRD_PARTY,
        _category_in(AUTHOR),
        Sign(State.DELETED, Confidence.MEDIUM),
    ),
    Row(
        # A comment has no category; its text's placeholder can still name who removed it.
        "text removed by moderators",
        View.THIRD_PARTY,
        lambda r: r.category is None and r.body_state == "removed by moderators",
        Sign(State.REMOVED, Confidence.MEDIUM_HIGH, RemovedBy.MODERATORS),
    ),
    Row(
        "text removed by Reddit",
        View.THIRD_PARTY,
        lambda r: r.category is None and r.body_state == "removed by Reddit",
        Sign(State.REMOVED, Confidence.MEDIUM_HIGH, RemovedBy.REDDIT_ADMINS),
    ),
    Row(
        "text removed",
        View.THIRD_PARTY,
        lambda r: r.body_state == "removed",
        Sign(State.REMOVED, Confidence.MEDIUM_HIGH, RemovedBy.UNKNOWN),
    ),
    Row(
        "unknown category",
        View.THIRD_PARTY,
        lambda r: r.category is not None,
        Sign(State.REMOVED, Confidence.MEDIUM_HIGH, RemovedBy.UNKNOWN),
    ),
    Row(
        # Comments have no category: text and author both "[deleted]" is the author's own deletion.
        "text and author deleted",
        View.THIRD_PARTY,
        lambda r: r.body_state == "deleted" and r.author_present is False,
        _DELETED,
    ),
    Row(
        "text deleted, author named",
        View.THIRD_PARTY,
        lambda r: r.body_state == "deleted",
        Sign(State.DELETED, Confidence.MEDIUM),
    ),
    Row(
        "not indexable",
        View.THIRD_PARTY,
        lambda r: r.indexable is False,
        Sign(State.REMOVED, Confidence.MEDIUM, RemovedBy.UNKNOWN, needs=3),  # medium: corroborate
    ),
    Row(
        "live, account deleted",
        View.THIRD_PARTY,
        lambda r: r.author_present is False,
        Sign(State.LIVE, Confidence.MEDIUM),
    ),
    Row(
        "live",
        View.THIRD_PARTY,
        lambda r: r.outcome is Outcome.VISIBLE and r.author_present is True,
        Sign(State.LIVE, Confidence.HIGH),
    ),
    Row("author: moderator", View.AUTHOR, _category_in(MODERATOR), _MODERATORS),
    Row("author: held for review", View.AUTHOR, _category_in(FILTERED), _HELD),
    Row("author: Reddit's filters", View.AUTHOR, _category_in(REDDIT), _FILTERS),
    Row("author: admins and takedowns", View.AUTHOR, _category_in(ADMINS), _ADMINS),
    Row("author: deleted", View.AUTHOR, _category_in(AUTHOR), _DELETED),
    Row(
        # The author's view looking normal matches no row: it can prove a removal, never that a post is visible.
        "author: not indexable or an unknown category",
        View.AUTHOR,
        _author_view,
        Sign(State.REMOVED, Confidence.HIGH, RemovedBy.UNKNOWN),
    ),
)

# States that a look by somebody else (a person, a logged-out page) can agree with.
_AGREES = {
    Outcome.VISIBLE: frozenset({State.LIVE}),
    Outcome.NOT_VISIBLE: frozenset({State.HELD, State.REMOVED, State.DELETED, State.UNKNOWN, State.GATED}),
}
_SIGNS_KEPT = 4096  # categories are foreign text
_signs: dict[tuple[object, ...], Sign | None] = {}
_RANK = {confidence: rank for rank, confidence in enumerate(Confidence)}


# ---------------------------------------------------------------- what one reading says


def is_evidence(reading: Reading, posted_at: datetime) -> bool:
    """Whether the reading says something about the post. Everything else leaves its state as it was."""
    if reading.outcome is Outcome.CANNOT_TELL:
        return False
    if reading.view is View.THIRD_PARTY and not reading.control_live:
        return False
    is_known = reading.found is not False or reading.closure is not None
    return is_known or reading.read_at >= posted_at + NOT_THERE_YET


def sign_of(reading: Reading) -> Sign | None:
    """Returns what an evidence reading says by the table. None: it can only agree with others, or says nothing."""
    # A post has dozens of readings, nearly all alike, and every check weighs them all, so results are remembered.
    seen = (
        reading.view,
        reading.outcome,
        reading.found,
        reading.category,
        reading.indexable,
        reading.author_present,
        reading.body_state,
        reading.closure is None,
    )
    try:
        return _signs[seen]
    except KeyError:
        row = next((row for row in EVIDENCE if row.view is reading.view and row.fits(reading)), None)
        if len(_signs) >= _SIGNS_KEPT:
            _signs.clear()
        _signs[seen] = row.sign if row else None
        return _signs[seen]


def account_seen(reading: Reading) -> AccountState | None:
    """Returns what a reading says about the author's account; None when it did not look, or could not tell."""
    if reading.author_status is None or reading.view is not View.THIRD_PARTY:
        return None
    if reading.author_status is AuthorStatus.SUSPENDED:
        return AccountState.SUSPENDED
    if reading.author_status is AuthorStatus.EXISTS:
        return AccountState.VISIBLE
    if reading.author_status is not AuthorStatus.MISSING or not reading.control_live or reading.author_present is None:
        return None
    if reading.author_present:
        return AccountState.SHADOWBANNED
    # Deleting a post takes the name off it too, and so does removing a comment: neither can tell a deleted account from
    # a shadowban.
    sign = sign_of(reading)
    if sign is not None and (sign.state is State.DELETED or (sign.state is State.REMOVED and _is_comments(reading))):
        return None
    return AccountState.DELETED


def _is_comments(reading: Reading) -> bool:
    """Whether the reading is of a comment: it lacks both fields of which a whole answer about a post has one
    (`readings.is_whole`).
    """
    return reading.category is None and reading.indexable is None


def evidence_of(readings: Sequence[Reading], posted_at: datetime) -> list[Reading]:
    """Returns the evidence among a post's readings, in the order they came, with their true distances: times before a
    jump of the clock are moved by that jump, so that two readings do not look further apart than they were.
    """
    evidence: list[Reading] = []
    jumped = timedelta()
    for reading in reversed(readings):
        if is_evidence(reading, posted_at):
            evidence.append(_moved(reading, jumped) if jumped else reading)
        jumped += timedelta(seconds=reading.clock_jump_s)
    return evidence[::-1]


def _moved(reading: Reading, by: timedelta) -> Reading:
    return replace(
        reading,
        read_at=reading.read_at + by,
        last_read_at=reading.last_read_at + by if reading.last_read_at is not None else None,
        apart_at=reading.apart_at + by if reading.apart_at is not None else None,
    )


# ---------------------------------------------------------------- runs of agreeing readings


@dataclass(slots=True)
class Run:
    """Agreeing readings without a different one between them: `counted` of them are at least `SPACING` apart.

    `sign` and `category` are those of the run's most telling reading, for runs about the post.
    """

    word: str
    started_at: datetime
    last_counted_at: datetime
    last_at: datetime
    counted: int = 1
    needs: int = 2
    sign: Sign | None = None
    category: str | None = None
    doubt: int = 0  # how many more agreeing readings it needs, because the post changed so often lately

    @classmethod
    def of(cls, word: str, reading: Reading) -> Run:
        """Returns the run that begins with a reading."""
        counted_at = reading.apart_at or reading.read_at
        return cls(word, reading.read_at, counted_at, reading.ended_at, counted=reading.apart)

    def add(self, reading: Reading) -> None:
        """Add an agreeing reading, with all of its looks."""
        self._count(reading.read_at)
        if reading.apart > 1 and reading.apart_at is not None:
            self.counted += reading.apart - 1
            self.last_counted_at = reading.apart_at
        self.last_at = reading.ended_at

    def _count(self, at: datetime) -> None:
        if at < self.last_at:  # the clock was set back: how far apart the readings are is not known
            self.started_at = min(self.started_at, at)
            self.last_counted_at = at
        elif at - self.last_counted_at >= SPACING:
            self.counted += 1
            self.last_counted_at = at
        self.last_at = at

    @property
    def is_confirmed(self) -> bool:
        if self.word == AccountState.SHADOWBANNED:
            return self.counted >= SHADOWBAN_READINGS and self.last_at - self.started_at >= SHADOWBAN_SPAN
        return self.counted >= self.needs + self.doubt


def post_runs_of(evidence: Iterable[Reading]) -> list[Run]:
    """Returns the runs about the post itself, oldest first, from evidence in the order it came; their words are
    `State`s.
    """
    runs: list[Run] = []
    run: Run | None = None
    for reading in evidence:
        sign = sign_of(reading)
        if run is not None and sign is run.sign and sign is not None and reading.category == run.category:
            run.add(reading)  # most readings say what the one before said
            continue
        if sign is None:
            if run is not None and _agrees_with(reading, run):
                run.add(reading)
            continue
        following = _run_on(run, sign.state, reading)
        if following is not run:
            run = following
            run.doubt = _doubt(runs, run.started_at)
            runs.append(run)
        run.needs = sign.needs if run.sign is None else min(run.needs, sign.needs)
        # The most telling reading names who removed the post; among equals the newest.
        if run.sign is None or _RANK[sign.confidence] >= _RANK[run.sign.confidence]:
            run.sign, run.category = sign, reading.category
    return runs


def _doubt(runs: Sequence[Run], at: datetime) -> int:
    changes = sum(run.is_confirmed and run.started_at >= at - CHANGES_WITHIN for run in runs)
    return max(0, changes - CHANGES_BELIEVED_AT_ONCE)


def post_run_of(evidence: Iterable[Reading]) -> Run | None:
    """Returns the newest run about the post itself."""
    runs = post_runs_of(evidence)
    return runs[-1] if runs else None


def account_run_of(evidence: Iterable[Reading]) -> Run | None:
    """Returns the newest run about the author's account; its word is an `AccountState`."""
    run: Run | None = None
    for reading in evidence:
        if reading.author_status is None:
            continue  # nearly all of them
        finding = account_seen(reading)
        if finding is not None:
            run = _run_on(run, finding, reading)
    return run


def people_say(readings: Sequence[Reading], posted_at: datetime) -> tuple[Outcome, datetime] | None:
    """Returns what two members' own looks agree on, `SPACING` apart, or one look with a picture shows, and when the
    first of them was. None when a third party or the author's account saw anything within `PEOPLE_ALONE_AFTER`, or when
    the last looks disagree.
    """
    looks: list[Reading] = []
    for reading in reversed(readings):
        if reading.view is View.PERSON and reading.outcome is not Outcome.CANNOT_TELL and reading.looked_by is not None:
            if looks and looks[-1].outcome is not reading.outcome:
                break
            looks.append(reading)
    for first in looks:
        last = looks[0]
        are_two = first.looked_by != last.looked_by and last.read_at - first.read_at >= SPACING
        if not (are_two or first.has_picture):
            continue
        since = first.read_at - PEOPLE_ALONE_AFTER
        others = (r for r in readings if r.view in (View.THIRD_PARTY, View.AUTHOR) and r.ended_at >= since)
        if any(is_evidence(r, posted_at) and sign_of(r) is not None for r in others):
            return None
        return last.outcome, first.read_at
    return None


def locked_run_of(evidence: Iterable[Reading]) -> Run | None:
    """Returns the newest run about the lock; its word is `LOCKED` or `UNLOCKED`."""
    run: Run | None = None
    for reading in evidence:
        if reading.view in (View.THIRD_PARTY, View.AUTHOR) and reading.locked is not None:
            run = _run_on(run, LOCKED if reading.locked else UNLOCKED, reading)
    return run


def _run_on(run: Run | None, word: str, reading: Reading) -> Run:
    if run is None or run.word != word:
        return Run.of(word, reading)
    run.add(reading)
    return run


def _agrees_with(reading: Reading, run: Run) -> bool:
    """Whether a look that decides nothing alone says the same. The author's own view never proves a live post."""
    if reading.view not in (View.PERSON, View.ANONYMOUS) or run.sign is None:
        return False
    return run.sign.state in _AGREES.get(reading.outcome, ())
