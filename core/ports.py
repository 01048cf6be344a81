"""What the core needs from remotes, as contracts. `core/gateways` implements them; tests pass the real ones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from core.communities import Rule
from core.model import (
    AuthorStatus,
    Basis,
    Closure,
    CollectedComment,
    CollectedPost,
    CollectMode,
    Reading,
)
from core.requirements import Posting


@dataclass(frozen=True, slots=True)
class Sighting:
    """A post or comment as Reddit's answer describes it, before anything is concluded from it.

    `problem` says in words why nothing can be concluded: the part of the answer about this post could not be read, or
    contradicts itself. Then only `fullname` counts. The other posts in the answer are not affected.
    """

    fullname: str
    community: str
    title: str | None
    body: str | None
    author: str | None  # None when the answer says "[deleted]"
    created_at: datetime | None
    category: str | None
    indexable: bool | None
    locked: bool | None
    score: int | None
    num_comments: int | None
    over_18: bool = False
    problem: str | None = None
    # The answer gives this post's category explicitly (even as none), while none of its posts says whether it is
    # indexable.
    states_category: bool = False


@dataclass(frozen=True, slots=True)
class SeenComment:
    """A comment as Reddit's answer describes it. `parent` is the fullname of what it answers."""

    fullname: str
    author: str | None  # None when the answer says "[deleted]"
    body: str
    created_at: datetime
    parent: str
    is_sticky: bool = False  # pinned by moderators, as their notices are


@dataclass(frozen=True, slots=True)
class Allowance:
    """Requests that a view may send: `at_once` without waiting, and `an_hour` in the long run."""

    at_once: int
    an_hour: float


class RedditView(Protocol):
    """A third party's look at Reddit. Raises `RemoteError` for anything but a healthy answer."""

    basis: Basis

    @property
    def allowance(self) -> Allowance | None:
        """None when nobody counts this view's requests."""
        ...

    def sees(self, community: str) -> bool:
        """False for a community that this view does not cover. A post that it does not find there proves nothing."""
        ...

    async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        """What Reddit says about up to 100 fullnames, in one request. An unknown id is absent from the result."""
        ...

    async def control_candidates(self) -> Sequence[str]:
        """Fullnames of a few well-established live posts, to be put into every batch.

        Cheap; may be cached for hours.
        """
        ...

    async def author_status(self, name: str) -> AuthorStatus:
        """The account as others see it. `MISSING` only when a control account was seen to exist; else `CANNOT_TELL`."""
        ...

    async def submitted(self, name: str) -> Sequence[Sighting]:
        """The newest posts of an account, at most 100, newest first, as its public list shows them. One request.
        Raises `NotFound` when others do not find the account, and `NotAllowedNow` when they may not read its list.
        """
        ...

    async def comments(self, fullname: str) -> Sequence[SeenComment]:
        """The first hundred comments on a post and their answers, in no order. One request."""
        ...

    async def rules(self, community: str) -> tuple[Rule, ...]: ...
    async def posting(self, community: str) -> Posting:
        """What Reddit asks of a post there. A part that this key may not read is None, and is no error."""
        ...

    async def closure(self, community: str) -> Closure | None:
        """Why Reddit says that the community cannot be read; None when it is open. One request."""
        ...


class PublicView(Protocol):
    """A logged-out look at one post's page: an extra reading that often cannot tell (reddit-facts: access)."""

    @property
    def wait_s(self) -> float:
        """How many seconds a look would wait for the request budget now."""
        ...

    async def look(self, permalink: str, now: datetime) -> Reading:
        """Never raises for what the remote does: without evidence, the reading's outcome is `CANNOT_TELL`, with its
        `problem`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Received:
    """A message, or a comment on a post, that moderators of a community sent to an account. `about`: the fullname of
    the post that a comment is on.
    """

    fullname: str
    community: str
    subject: str
    body: str
    sent_at: datetime
    about: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who gave consent on Reddit's own page, and the token for it. The token is a secret."""

    name: str
    token: str = field(repr=False)
    created_at: datetime | None = None
    karma: int | None = None
    scopes: str | None = None  # Reddit's words for what was allowed


class Also(StrEnum):
    """What an account's owner can allow beside what every consent allows."""

    POSTS = "posts"  # to read the list of its posts, where nobody else can
    MESSAGES = "messages"  # to read what moderators wrote to it about removals


class AuthorView(Protocol):
    """What linked accounts see of their own posts. It can prove a removal, and never that others see a post.

    Raises `ConsentGone` when Reddit no longer accepts an account's consent (which says nothing about its posts), and
    `RemoteError` for any other unhealthy answer.
    """

    basis: Basis

    def consent_url(self, state: str, also: Collection[Also] = ()) -> str:
        """Reddit's page that asks an account's owner for consent, `also` to more than every consent allows; `state`
        comes back with the answer.
        """
        ...

    async def sign_in(self, code: str) -> SignedIn:
        """Exchange the code that came back for a lasting token, and ask whose it is."""
        ...

    async def look_up(self, token: str, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        """What the account sees of up to 100 fullnames, in one request. An unknown id is absent from the result."""
        ...

    async def submitted(self, token: str, name: str) -> Sequence[Sighting]:
        """The newest posts of the account, as it sees them, by a consent that allows it (`Also.POSTS`)."""
        ...

    async def received(self, token: str) -> Sequence[Received]:
        """What moderators sent to the account, the newest hundred things of its inbox, by a consent that allows it
        (`Also.MESSAGES`). What anybody else sent is left out. Nothing is marked as read.
        """
        ...

    async def revoke(self, token: str) -> None:
        """Tell Reddit to end the consent. A consent that already ended is no error."""
        ...


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """Some posts as a source gave them, and some comments of the same community.

    `malformed` counts items that could not be read; they are reported, not kept.
    """

    community: str
    posts: Sequence[CollectedPost]
    malformed: int = 0
    comments: Sequence[CollectedComment] = ()


class Report(Protocol):
    """Called with the progress of long work: `done` of `total`, when the total is known. The text can be shown."""

    async def __call__(self, text: str, done: int | None = None, total: int | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class RunCost:
    """What one run of a source cost in all; None when nobody knows."""

    usd_micros: int | None


@dataclass(frozen=True, slots=True)
class RunPrice:
    """What one run of a source (one call of `collect`) may cost, and how long it may take."""

    name: str  # the actor's name, under which the money is booked
    most_usd_micros: int
    longest: timedelta  # including its waiting


class PostSource(Protocol):
    """Where posts of communities come from.

    `mode` says which posts are collected; None takes what suits the source. Batches are yielded as they are read. A
    `RemoteError` (or `BadFile`) after some batches means a partial result: the batches before it are kept.

    A source that costs money has a `price`, and yields a `RunCost` as soon as the cost of this run is known; a later
    `RunCost` replaces an earlier one. A `PaidCallFailed` says what the failed run cost. A run that ends without either
    counts as the dearest.
    """

    basis: Basis
    price: RunPrice | None  # None: it costs nothing

    def collect(
        self, communities: Sequence[str], *, limit_per_community: int, mode: CollectMode | None = None
    ) -> AsyncIterator[SourceBatch | RunCost]: ...


@dataclass(frozen=True, slots=True)
class ModelRequest:
    task: str
    model: str
    system: str
    prompt: str
    max_output_tokens: int
    answer_schema: Mapping[str, Any]  # JSON schema that is asked for
    timeout_s: float = 60.0
    taken_schema: Mapping[str, Any] | None = None  # what the answer must satisfy, if that is less than `answer_schema`


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    content: Mapping[str, Any]  # satisfies `taken_schema`, or without one `answer_schema`
    model: str
    prompt_tokens: int
    completion_tokens: int
    cost_usd_micros: int | None  # None: neither the provider nor the price map knows
    cost_basis: str  # "provider", "settings", "price_map" or "unknown"


class LanguageModel(Protocol):
    async def worst_case_usd_micros(self, request: ModelRequest) -> int:
        """The most that this call can cost. A model without a known price counts as expensive, never as free."""
        ...

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Send one request, without hidden retries. Raises `RemoteError`, also for a malformed answer (not
        permanent).
        """
        ...
