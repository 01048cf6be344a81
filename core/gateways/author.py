"""Linked Reddit accounts: consent by OAuth's code flow, and an account's view of its own posts.

Two scopes are asked for: `identity` (whose consent it is) and `read` (how its posts look to it), and others only when
the owner was asked for them (`SCOPE_OF`). None allows posting, voting or writing messages. praw runs in one thread that
this gateway owns, with a client for each account (praw is not thread-safe, and an account's access token is valid for
an hour).
"""

from __future__ import annotations

import contextlib
import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from core.clock import Clock
from core.errors import Advice, ConsentGone, Do, RemoteError
from core.gateways.exchange import Exchange, Refused, Trouble
from core.gateways.limits import Budget, Health
from core.gateways.reddit import (
    MAX_FULLNAMES,
    PAGE,
    SUBMITTED,
    breaker_of_reddit,
    listing_in,
    remote_error,
    sightings_in,
    submitted_in,
    submitted_path,
)
from core.gateways.things import FULLNAME, read_received
from core.gateways.threads import OwnThread
from core.model import Basis
from core.ports import Also, Received, Sighting, SignedIn

if TYPE_CHECKING:
    from core.gateways.praw_wire import Connection

SCOPES = ("identity", "read")  # of every consent
SCOPE_OF = {Also.POSTS: "history", Also.MESSAGES: "privatemessages"}  # each only when its owner was asked for it
_CLIENTS_KEPT = 20
_OWNER_ASKED_AGAIN_AFTER_S = (1.0, 3.0)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
_MAX_KARMA = 2**31 - 1
_KEY_REFUSED = (
    "Reddit refuses the key of the app for linked accounts.",
    "Renew it at Reddit and set BCRAO_REDDIT_WEB_CLIENT_ID and BCRAO_REDDIT_WEB_CLIENT_SECRET, then start again.",
)
Found = TypeVar("Found")


class RedditAuthors:
    """Implements `core.ports.AuthorView`. `close` it."""

    basis = Basis.REDDIT_API

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        redirect_url: str,
        user_agent: str,
        clock: Clock,
        reddit_url: str = "https://www.reddit.com",
        oauth_url: str = "https://oauth.reddit.com",
        budget: Budget | None = None,
        timeout_s: float = 8.0,
    ) -> None:
        """`client_id` is a web app's; `redirect_url` is exactly as registered there. When this and the third party's
        view use one key, pass that view's `budget`: Reddit grants requests to a client id, not to an account.
        """
        self._key = {
            "client_id": client_id,
            "client_secret": client_secret,
            "user_agent": user_agent,
            "reddit_url": reddit_url,
            "oauth_url": oauth_url,
        }
        self._redirect_url = redirect_url
        self._timeout_s = timeout_s
        self._clock = clock
        self._budget = budget or Budget(
            remote="reddit", name="Reddit (linked accounts)", clock=clock, requests=100, window_s=60.0
        )
        self.breaker = breaker_of_reddit("Reddit (linked accounts)", clock)
        self._thread = OwnThread("reddit-authors")
        self._clients: OrderedDict[str, Connection] = OrderedDict()  # by token, the least recently used first

    def __repr__(self) -> str:
        return f"RedditAuthors({self._key['oauth_url']!r})"  # keeps the key out of log lines

    @property
    def health(self) -> Health:
        return self.breaker.health

    async def close(self) -> None:
        """End all connections and the thread, after a request that is still running."""

        def hang_up() -> None:
            while self._clients:
                self._clients.popitem()[1].close()

        await self._thread.close(hang_up)

    # ------------------------------------------------------------ consent

    def consent_url(self, state: str, also: Collection[Also] = ()) -> str:
        query = {
            "client_id": self._key["client_id"],
            "response_type": "code",
            "state": state,
            "redirect_uri": self._redirect_url,
            "duration": "permanent",
            "scope": " ".join([*SCOPES, *(SCOPE_OF[one] for one in sorted(also))]),
        }
        return f"{self._key['reddit_url']}/api/v1/authorize?{urlencode(query)}"

    async def sign_in(self, code: str) -> SignedIn:
        granted = await self._ask("authorize", lambda: self._exchange_code(code), _granted_in)
        # With the new token itself, so that a token that does not work is never kept. A code can be used only once, so
        # that the owner would have to consent again if this request failed for a moment.
        for wait_s in _OWNER_ASKED_AGAIN_AFTER_S:
            try:
                return await self._owner_of(granted)
            except RemoteError as error:
                if error.permanent:
                    break
                await self._clock.sleep(wait_s)
        try:
            return await self._owner_of(granted)
        except RemoteError as error:
            with contextlib.suppress(RemoteError):  # it is of no use: nobody will ask with it
                await self.revoke(granted.token)
            error.do = Advice("Ask for a new link in some minutes.", Do.LINK_ACCOUNT)
            raise

    async def _owner_of(self, granted: _Granted) -> SignedIn:
        path = "api/v1/me"
        return await self._ask(path, lambda: self._get(granted.token, path, {}), lambda p: _owner_in(p, granted))

    async def revoke(self, token: str) -> None:
        try:
            await self._ask("revoke", lambda: self._revoke(token), lambda payload: None)
        except ConsentGone:
            return

    # ------------------------------------------------------------ the author's view

    async def look_up(self, token: str, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        asked = list(dict.fromkeys(fullnames))
        if len(asked) > MAX_FULLNAMES or not all(map(FULLNAME.fullmatch, asked)):
            raise ValueError("look_up takes up to 100 fullnames of posts and comments")
        if not asked:
            return {}
        path, params = "api/info", {"id": ",".join(asked)}
        return await self._ask(path, lambda: self._get(token, path, params), lambda p: sightings_in(p, asked))

    async def submitted(self, token: str, name: str) -> Sequence[Sighting]:
        path, params = submitted_path(name), dict(SUBMITTED)
        return await self._ask(path, lambda: self._get(token, path, params), submitted_in)

    async def received(self, token: str) -> Sequence[Received]:
        path = "message/inbox"
        params: Mapping[str, str | int] = {"limit": PAGE, "mark": "false"}
        return await self._ask(path, lambda: self._get(token, path, params), _received_in)

    async def probe(self) -> None:
        """Send one cheap request that proves address and key; it needs no account."""

        def ask() -> Exchange:
            with contextlib.closing(self._connection()) as connection:
                return connection.get("api/info", {"id": "t3_1"})

        await self._ask("api/info", ask, listing_in)

    async def _ask(self, path: str, work: Callable[[], Exchange], read: Callable[[Any], Found]) -> Found:
        """Run `work` in the thread, within budget and breaker. A refused consent raises `ConsentGone`, which the
        breaker does not count: it concerns one account, not the remote.
        """
        self.breaker.refuse_if_open()
        await self._budget.take()
        with self.breaker.guarding():
            exchange = await self._thread.run(work)
            self._budget.learn(exchange.headers)
            refused = exchange.refused
            if refused is None:
                try:
                    return read(exchange.payload)
                except Refused as unreadable:
                    refused = unreadable
            if refused.trouble is Trouble.GRANT_REFUSED:
                raise ConsentGone(
                    "Reddit does not accept this consent any more.", Advice("Ask for it again.", Do.LINK_ACCOUNT)
                )
            error = remote_error(refused, path, exchange.headers, self._clock.now())
            if refused.trouble is Trouble.KEY_REFUSED:
                error.what, error.do = _KEY_REFUSED
            raise error

    # ------------------------------------------------------------ in the thread

    def _connection(self, **consent: str) -> Connection:
        from core.gateways.praw_wire import Connection

        return Connection(**self._key, **consent, timeout_s=self._timeout_s)

    def _exchange_code(self, code: str) -> Exchange:
        with contextlib.closing(self._connection(redirect_uri=self._redirect_url)) as connection:
            return connection.authorize(code)

    def _get(self, token: str, path: str, params: Mapping[str, str | int]) -> Exchange:
        if token not in self._clients:
            self._clients[token] = self._connection(redirect_uri=self._redirect_url, refresh_token=token)
        self._clients.move_to_end(token)
        while len(self._clients) > _CLIENTS_KEPT:
            self._clients.popitem(last=False)[1].close()
        exchange = self._clients[token].get(path, params)
        if exchange.refused is not None and exchange.refused.trouble is Trouble.GRANT_REFUSED:
            self._clients.pop(token).close()
        return exchange

    def _revoke(self, token: str) -> Exchange:
        kept = self._clients.pop(token, None)
        if kept is not None:
            kept.close()
        with contextlib.closing(self._connection(redirect_uri=self._redirect_url)) as connection:
            return connection.revoke(token)


def _received_in(payload: Any) -> Sequence[Received]:
    return [message for message in map(read_received, listing_in(payload)[0]) if message is not None]


@dataclass(frozen=True, slots=True)
class _Granted:
    """A lasting token, and the scopes that it was given."""

    token: str = field(repr=False)
    scopes: str


def _granted_in(payload: Any) -> _Granted:
    """Returns the refresh token when it is permanent and has the needed scopes."""
    token, scopes = payload.get("refresh_token"), payload.get("scopes")
    if not isinstance(token, str) or not token:
        raise Refused(Trouble.GARBLED, detail="no lasting token")
    if "*" not in scopes and not set(SCOPES) <= set(scopes):
        raise Refused(Trouble.GRANT_REFUSED, detail="scopes are missing")
    known = sorted({*SCOPES, *SCOPE_OF.values()})
    return _Granted(token, " ".join(scope for scope in known if scope in scopes or "*" in scopes))


def _owner_in(payload: Any, granted: _Granted) -> SignedIn:
    name = payload.get("name") if isinstance(payload, Mapping) else None
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise Refused(Trouble.GARBLED, detail="not an account")
    karma, created = payload.get("total_karma"), payload.get("created_utc")
    known_karma = isinstance(karma, int) and not isinstance(karma, bool) and abs(karma) <= _MAX_KARMA
    known_age = isinstance(created, int | float) and not isinstance(created, bool) and 0 < created < 4e9
    return SignedIn(
        name=name,
        token=granted.token,
        created_at=datetime.fromtimestamp(created, UTC) if known_age else None,
        karma=karma if known_karma else None,
        scopes=granted.scopes,
    )
