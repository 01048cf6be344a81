"""Which rows of a noun a list shows: its filters, and a place in it that stays while newer rows come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

PER_PAGE = 10

Row = TypeVar("Row")


class Noun(StrEnum):
    """What is listed by the store; other lists are short enough to be paged by `page_of`."""

    POST = "post"  # tracked posts
    DRAFT = "draft"
    ALERT = "alert"
    JOURNAL = "journal"


class AlertState(StrEnum):
    """What became of an alert. One that another alert or the digest tells has none of these states."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Someone:
    """A member by id and by name; rows that keep names only are found by the name. Of somebody who is not known here,
    both are what a person typed.
    """

    id: str
    name: str

    @property
    def is_known(self) -> bool:
        return self.id != self.name


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of a list. A filter that is None, or that a noun does not have, lets every row through.

    `state` is a word of the noun's own: a post's state, a draft's status, an `AlertState`, a journal entry's noun.
    `since`: only rows made later. `start` is the number of the first row, from 1. `upto` is the highest id that
    counts: pages after the first name it, so that rows made meanwhile move nothing.
    """

    campaign_id: int | None = None
    community: str | None = None
    member: Someone | None = None
    state: str | None = None
    since: datetime | None = None
    start: int = 1
    upto: int | None = None
    limit: int = PER_PAGE

    def lets_through(
        self,
        *,
        state: str | None = None,
        campaign_id: int | None = None,
        communities: Collection[str] = (),
        members: Collection[str | None] = (),
        made_at: datetime | None = None,
    ) -> bool:
        """Whether a row with these values passes the filters. `members`: the names of those whose row it is."""
        return (
            self.state in (None, state)
            and self.campaign_id in (None, campaign_id)
            and (self.community is None or self.community in communities)
            and (self.member is None or self.member.name in members)
            and (self.since is None or (made_at is not None and made_at > self.since))
        )


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of a list: numbers `start` to `start + len(rows) - 1` of `total`. A list without rows starts at 1.

    `upto` is the highest id of the list when its first page was read; None for lists that have no ids.
    """

    rows: Sequence[Row]
    total: int
    start: int
    upto: int | None = None

    @property
    def last(self) -> int:
        """The number of the last row; 0 when there is none."""
        return self.start + len(self.rows) - 1


def first_row(start: int, total: int, limit: int) -> int:
    """Returns the number of the first row to show: `start`, or the beginning of the last page when it is beyond."""
    if start <= total:
        return max(1, start)
    return max(1, (total - 1) // limit * limit + 1)


def page_of(rows: Sequence[Row], wanted: Wanted) -> Page[Row]:
    """Returns the part of `rows`, which are filtered already, that `wanted` asks for."""
    start = first_row(wanted.start, len(rows), wanted.limit)
    return Page(rows[start - 1 : start - 1 + wanted.limit], len(rows), start)


class ListReads(Protocol):
    async def listed(self, workspace_id: str, noun: Noun, wanted: Wanted) -> Page[int]:
        """The ids of one page of a noun, the newest first."""
        ...
