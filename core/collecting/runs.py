"""Collecting runs: what became of everything that a source gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.communities import CountedComment
from core.model import Basis, Caller, CollectedPost


class RunStatus(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"  # ended early, what was kept is kept
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of everything a source gave: found = duplicate + sum(filtered) + kept.

    `kept_of` splits `kept` by community.
    """

    found: int = 0
    duplicate: int = 0
    filtered: Mapping[str, int] = field(default_factory=dict)  # reason -> count
    kept: int = 0
    kept_of: Mapping[str, int] = field(default_factory=dict)

    def plus(self, other: Funnel) -> Funnel:
        return Funnel(
            self.found + other.found,
            self.duplicate + other.duplicate,
            _sum(self.filtered, other.filtered),
            self.kept + other.kept,
            _sum(self.kept_of, other.kept_of),
        )


def _sum(some: Mapping[str, int], others: Mapping[str, int]) -> Mapping[str, int]:
    return {key: some.get(key, 0) + others.get(key, 0) for key in {**some, **others}}


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """How an imported file was understood, so that a person can check it.

    `read` maps each fact to the columns it was read from, the best first; `unused` are the columns that were not read,
    `unknown` the facts that no column gave. `passed_over` names the first lines that could not be read, and why;
    `passed_over_count` counts all of them.
    """

    file: str
    form: str  # "a table, separated by commas", "JSON" …
    posts: int
    read: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]
    unknown: tuple[str, ...]
    notes: tuple[str, ...]  # what was ambiguous, and how it was understood
    passed_over: tuple[tuple[int, str], ...]
    passed_over_count: int
    comments: int = 0


@dataclass(frozen=True, slots=True)
class CollectionRun:
    id: int
    workspace_id: str
    campaign_id: int
    basis: Basis
    status: RunStatus
    communities: tuple[str, ...]
    funnel: Funnel
    started_by: str
    started_at: datetime
    finished_at: datetime | None = None
    problem: str | None = None  # why it is partial or failed, in words that can be shown
    cost_usd_micros: int = 0
    files: tuple[ImportedFile, ...] = ()  # of an import, one for each file


class RunStore(Protocol):
    async def start_run(
        self,
        caller: Caller,
        campaign_id: int,
        basis: Basis,
        communities: Sequence[str],
        now: datetime,
        *,
        files: Sequence[ImportedFile] = (),
    ) -> CollectionRun: ...
    async def add_posts(
        self, caller: Caller, run_id: int, posts: Sequence[CollectedPost], funnel: Funnel, now: datetime
    ) -> Funnel:
        """Keep posts that passed the prefilter, and add `funnel` (their found and filtered counts) to the run's, in one
        transaction.

        A post whose reddit_id the workspace already has counts as a duplicate and is not stored again; its counts and
        removal category are refreshed when given. Returns what this call added to the run's funnel.
        """
        ...

    async def add_comments(self, caller: Caller, run_id: int, comments: Sequence[CountedComment], now: datetime) -> int:
        """Keep what was counted in comments; those that the workspace already has are left as they are. Returns how
        many are new.
        """
        ...

    async def finish_run(
        self,
        caller: Caller,
        run_id: int,
        status: RunStatus,
        now: datetime,
        *,
        problem: str | None = None,
        cost_usd_micros: int = 0,
    ) -> CollectionRun:
        """End a running run. A run that has already ended is returned unchanged."""
        ...

    async def runs(
        self, workspace_id: str, limit: int = 10, *, status: RunStatus | None = None
    ) -> Sequence[CollectionRun]:
        """The newest first."""
        ...

    async def keep_runs_alive(self, run_ids: Sequence[int], now: datetime) -> None:
        """Note that the program that works on these runs is alive."""
        ...

    async def fail_abandoned_runs(self, now: datetime, silent_since: datetime | None) -> int:
        """Mark running runs as failed whose program has not been heard from since `silent_since` (None: all running
        runs). Returns how many.
        """
        ...
