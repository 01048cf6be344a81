"""A webhook and a feed out: what a workspace's other tools hear of its alerts and of members' decisions.

Each workspace has at most one webhook and one feed. An event is a row that exists anyway, an alert or a decision; a
webhook's rows wait until its server accepts them, one after the other, so that none is lost and none overtakes another.
A try that fails is repeated with the courier's waits. When they are used up, the webhook rests, and the workspace is
told.

An event is signed as Standard Webhooks does it (standardwebhooks.com), so that receivers can check it with a library of
their own language: `EVENT_ID`, `SENT_AT` and `SIGNATURE`, which is `v1,` and the base64 of the HMAC-SHA256 of
"<id>.<time>.<body>". The key is the secret without `whsec_`, taken out of base64.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from core.alerts import Decision
from core.clock import Clock
from core.errors import NotAllowedNow
from core.model import Caller
from core.seal import Seal

EVENT_ID, SENT_AT, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
BEGINS = "whsec_"
SECRET_BYTES = 32
FEED_MAX = 50  # newest events in a feed


@dataclass(frozen=True, slots=True)
class Webhook:
    """`attempts`: tries of the event that waits first. `resting_since`: since it was given up; until somebody wakes it,
    nothing is sent. `last_problem`: what the last try said; None after one that worked.
    """

    workspace_id: str
    url: str = field(repr=False)  # may hold a secret of the receiver's
    sealed_secret: str = field(repr=False)
    made_by: str
    made_at: datetime
    attempts: int = 0
    last_sent_at: datetime | None = None
    last_problem: str | None = None
    resting_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    workspace_id: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """An alert (`decision` is None) or a decision about a tracked post. `number` is the row's id."""

    number: int
    at: datetime
    decision: Decision | None = None
    post: int | None = None

    @property
    def key(self) -> str:
        return f"{'alert' if self.decision is None else 'decision'}-{self.number}"


class HookReads(Protocol):
    async def webhook(self, workspace_id: str) -> Webhook | None: ...
    async def feed(self, workspace_id: str) -> Feed | None: ...
    async def newest_happenings(self, workspace_id: str, limit: int) -> Sequence[Happening]:
        """The newest first."""
        ...


class HookStore(HookReads, Protocol):
    async def set_webhook(self, caller: Caller, url: str, sealed_secret: str, now: datetime) -> Webhook:
        """Name the workspace's webhook, in place of the last one. It hears of what happens from now on."""
        ...

    async def wake_webhook(self, caller: Caller, now: datetime) -> Webhook:
        """Let a resting webhook try again. Raises `NotFound`."""
        ...

    async def end_webhook(self, caller: Caller, now: datetime) -> None:
        """Raises `NotFound`."""
        ...

    async def set_feed(self, caller: Caller, token_sha256: str, now: datetime) -> Feed:
        """Open the workspace's feed at a new token; the last one opens nothing any more."""
        ...

    async def end_feed(self, caller: Caller, now: datetime) -> None:
        """Raises `NotFound`."""
        ...

    async def workspace_of_feed(self, token_sha256: str) -> str | None: ...
    async def lease_webhooks(self, now: datetime, *, worker: str, lease: timedelta, limit: int) -> Sequence[Webhook]:
        """Lease webhooks for which something waits and whose time it is. Nobody else gets them until the lease ends."""
        ...

    async def unsent_happenings(self, hook: Webhook, limit: int) -> Sequence[Happening]:
        """What waits for a webhook, the oldest first."""
        ...

    async def record_sent(self, hook: Webhook, happening: Happening, worker: str, now: datetime) -> bool:
        """The server accepted an event. False when the lease is lost."""
        ...

    async def record_unsent(
        self, hook: Webhook, worker: str, problem: str, retry_at: datetime | None, now: datetime
    ) -> bool:
        """A try failed. Without `retry_at` the webhook rests, and an alert tells so. False when the lease is lost."""
        ...

    async def release_webhook(self, hook: Webhook, worker: str) -> None: ...


class Poster(Protocol):
    async def check(self, url: str) -> None:
        """Raises `BadArgument` for an address to which events must not go, `RemoteError` for an unknown host."""
        ...

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post an event. Raises `RemoteError` when the server does not accept it, `BadArgument` as `check` does."""
        ...


def new_secret() -> str:
    return BEGINS + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(secret: str, key: str, body: bytes, at: datetime) -> dict[str, str]:
    """Returns the headers that prove who sent this body at this time. Raises `NotAllowedNow` for a secret of another
    form.
    """
    try:
        code = base64.b64decode(secret.removeprefix(BEGINS), validate=True)
    except binascii.Error:
        raise NotAllowedNow("The webhook's secret has a form of an earlier version.", _RENEW) from None
    sent = str(int(at.timestamp()))
    mark = hmac.new(code, f"{key}.{sent}.".encode() + body, hashlib.sha256).digest()
    return {EVENT_ID: key, SENT_AT: sent, SIGNATURE: f"v1,{base64.b64encode(mark).decode()}"}


_RENEW = "Name its address again, and it gets a new secret."


def token_hash(token: str) -> str:
    """Returns what is kept of a feed's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Hooks:
    """`feed_url`: where the feed is read, without its token; None when the program listens nowhere."""

    store: HookStore
    clock: Clock
    seal: Seal
    poster: Poster
    feed_url: str | None = None

    async def set_webhook(self, caller: Caller, url: str) -> tuple[Webhook, str]:
        """Returns the webhook and its new secret, which is kept sealed and never shown again. Raises `BadArgument`
        and `RemoteError` for an address to which events cannot go.
        """
        await self.poster.check(url)
        secret = new_secret()
        sealed = await asyncio.to_thread(self.seal.close, secret)
        return await self.store.set_webhook(caller, url, sealed, self.clock.now()), secret

    async def wake(self, caller: Caller) -> Webhook:
        return await self.store.wake_webhook(caller, self.clock.now())

    async def end_webhook(self, caller: Caller) -> None:
        await self.store.end_webhook(caller, self.clock.now())

    async def send(self, hook: Webhook, key: str, body: bytes) -> None:
        """Send one signed event. Raises `RemoteError`, `BadArgument` and `NotAllowedNow`."""
        secret = await asyncio.to_thread(self.seal.open, hook.sealed_secret)
        if secret is None:
            raise NotAllowedNow("The webhook's secret was sealed with another key.", _RENEW)
        headers = {"Content-Type": "application/json", **signed(secret, key, body, self.clock.now())}
        await self.poster.post(hook.url, body, headers)

    async def renew_feed(self, caller: Caller) -> str:
        """Returns the feed's new address, which is never shown again; the last one opens nothing any more. Raises
        `NotAllowedNow` when the program listens nowhere.
        """
        if self.feed_url is None:
            raise NotAllowedNow("This program can be reached by no reader.", "Ask who runs it to set BCRAO_LISTEN.")
        token = secrets.token_urlsafe(SECRET_BYTES)
        await self.store.set_feed(caller, token_hash(token), self.clock.now())
        return f"{self.feed_url}?token={token}"

    async def end_feed(self, caller: Caller) -> None:
        await self.store.end_feed(caller, self.clock.now())

    async def workspace_of(self, token: str) -> str | None:
        """Returns whose feed a token opens."""
        return await self.store.workspace_of_feed(token_hash(token))
