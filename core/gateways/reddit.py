"""Reddit's API through an app-only key: the third party's view, and posts of communities.

praw runs in one thread that this gateway owns (`praw_wire`). This module has the requests, their budget, and the words
for failures. Every answer that is not healthy raises `RemoteError`; it is never a statement about a post
(reddit-facts: evidence table, last rows).
"""

from __future__ import annotations

import logging
import random
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, overload

from core.clock import Clock
from core.collecting.comment_fields import comment_in
from core.collecting.fields import read_item
from core.communities import Rule
from core.errors import Advice, Do, NotAllowedNow, NotFound, RemoteError, UserError
from core.gateways.exchange import Exchange, Refused, Trouble
from core.gateways.limits import Breaker, Budget, Health, parse_retry_after
from core.gateways.things import (
    COMMUNITY,
    FULLNAME,
    children_of,
    is_established,
    read_answer,
    read_comment,
    read_sighting,
)
from core.gateways.threads import OwnThread
from core.model import AuthorStatus, Basis, Closure, CollectedComment, CollectedPost, CollectMode, is_same_account
from core.ports import Allowance, RunPrice, SeenComment, Sighting, SourceBatch
from core.requirements import Flair, Posting, Requirements, flairs_in

if TYPE_CHECKING:
    from core.gateways.praw_wire import Connection

logger = logging.getLogger(__name__)

MAX_FULLNAMES = 100  # ids in one /api/info request
PAGE = 100  # Reddit's largest listing page
COMMENT_PAGES = 3  # of a community's newest comments, in each run
LISTING_END = 1000  # Reddit's listings end after some 1,000 things
_CONTROLS_KEPT = 5
# Where control posts are looked for; the next one when a listing is not there or shows none.
_CONTROL_LISTINGS = ("r/popular/top", "r/all/top", "r/AskReddit+todayilearned+pics+worldnews/top")
_CONTROL_MIN_AGE_S = timedelta(days=1).total_seconds()
_CONTROL_REFRESH_S = timedelta(hours=6).total_seconds()
_CONTROL_ACCOUNTS_TRIED = 2
_CHECK_NAMES = "Check the name, or take it out of the campaign."
_NOTHING_CONCLUDED = "Nothing is concluded about any post from this."
Found = TypeVar("Found")
_AUTHOR = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
_CLOSED = {
    "private": "is private",
    "quarantined": "is quarantined",
    "gated": "is gated",
    "gold_only": "is members-only",
}

_KEY_SETTINGS = "BCRAO_REDDIT_CLIENT_ID and BCRAO_REDDIT_CLIENT_SECRET"
# What happened, and what to do.
_WORDS: Mapping[Trouble, tuple[str, str]] = {
    Trouble.KEY_REFUSED: (
        "Reddit refuses this program's key.",
        f"Renew it at Reddit and set {_KEY_SETTINGS}, then start again. {_NOTHING_CONCLUDED}",
    ),
    Trouble.GRANT_REFUSED: (
        "Reddit no longer accepts this consent.",
        Advice("Link the account again.", Do.LINK_ACCOUNT),
    ),
    Trouble.FORBIDDEN: ("Reddit does not allow this request.", _NOTHING_CONCLUDED),
    Trouble.BLOCKED: (
        "Reddit blocks this program or its network.",
        f"Check BCRAO_REDDIT_USER_AGENT, and whether this network may reach Reddit. {_NOTHING_CONCLUDED}",
    ),
    Trouble.NOT_FOUND: ("Reddit does not know this address.", "Check BCRAO_REDDIT_URL and BCRAO_REDDIT_OAUTH_URL."),
    Trouble.MOVED: ("Reddit sent us somewhere else.", "Check BCRAO_REDDIT_URL and BCRAO_REDDIT_OAUTH_URL."),
    Trouble.RATE_LIMITED: ("Reddit asks for fewer requests.", "It is tried again later."),
    Trouble.SERVER_ERROR: ("Reddit has trouble of its own.", "It is tried again later."),
    Trouble.GARBLED: ("Reddit's answer cannot be read.", "It is tried again later."),
    Trouble.TIMED_OUT: ("Reddit did not answer in time.", "It is tried again later."),
    Trouble.UNREACHABLE: ("Reddit cannot be reached.", "Check the network connection; it is tried again later."),
    Trouble.ODD_STATUS: ("Reddit answered in an unexpected way.", "It is tried again later."),
}


_HICCUPS = frozenset({Trouble.GARBLED, Trouble.SERVER_ERROR, Trouble.UNREACHABLE})
# Probes of a Reddit that does not answer cost nothing, and the end of an outage is noticed at the first one.
_LONGEST_PAUSE_S = timedelta(minutes=5).total_seconds()
_REFUSED_KEY_PAUSE_S = timedelta(minutes=10).total_seconds()


def breaker_of_reddit(name: str, clock: Clock, chance: random.Random | None = None) -> Breaker:
    """Returns the circuit breaker for one key of Reddit."""
    return Breaker(
        remote="reddit",
        name=name,
        clock=clock,
        longest_pause_s=_LONGEST_PAUSE_S,
        permanent_pause_s=_REFUSED_KEY_PAUSE_S,
        chance=chance,
    )


class RedditGateway:
    """Implements `core.ports.RedditView` and `core.ports.PostSource`. `close` it."""

    basis = Basis.REDDIT_API
    price: RunPrice | None = None

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        user_agent: str,
        clock: Clock,
        reddit_url: str = "https://www.reddit.com",
        oauth_url: str = "https://oauth.reddit.com",
        requests_per_minute: int = 100,
        timeout_s: float = 8.0,
    ) -> None:
        """`requests_per_minute` is what Reddit grants one client id; `timeout_s` bounds one request (at worst twice
        that, when an answer stops in its middle).
        """
        self._settings = {
            "client_id": client_id,
            "client_secret": client_secret,
            "user_agent": user_agent,
            "reddit_url": reddit_url,
            "oauth_url": oauth_url,
        }
        self._timeout_s = timeout_s
        self._clock = clock
        self.budget = Budget(remote="reddit", name="Reddit", clock=clock, requests=requests_per_minute, window_s=60.0)
        self.breaker = breaker_of_reddit("Reddit", clock)
        self._thread = OwnThread("reddit")
        self._connection: Connection | None = None
        self._controls: Sequence[Sighting] = ()
        self._controls_read_s: float | None = None

    def __repr__(self) -> str:
        return f"RedditGateway({self._settings['oauth_url']!r})"  # keeps the key out of log lines

    def sees(self, community: str) -> bool:
        return True

    @property
    def health(self) -> Health:
        return self.breaker.health

    @property
    def allowance(self) -> Allowance:
        return self.budget.allowance

    async def close(self) -> None:
        """End the connection and its thread, after a request that is still running (bounded by its time limits)."""

        def hang_up() -> None:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

        await self._thread.close(hang_up)

    # ------------------------------------------------------------ the third party's view

    async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        """Send one request. An unknown id is absent from the result; an unreadable post spoils only itself
        (`read_answer`).
        """
        asked = list(dict.fromkeys(fullnames))
        if len(asked) > MAX_FULLNAMES or not all(map(FULLNAME.fullmatch, asked)):
            raise ValueError("look_up takes up to 100 fullnames of posts and comments")
        if not asked:
            return {}

        sightings = await self._ask("api/info", {"id": ",".join(asked)}, lambda payload: sightings_in(payload, asked))
        self._controls = [c for c in self._controls if self._is_control(sightings.get(c.fullname, c))]
        return sightings

    async def control_candidates(self) -> Sequence[str]:
        """Returns posts from the last month's top listing of all communities, or else of very large ones; it is read
        every six hours.
        """
        return [sighting.fullname for sighting in await self._control_posts()]

    async def author_status(self, name: str) -> AuthorStatus:
        """`MISSING` (404) only when the author of a control post answers as existing right after; otherwise a 404 is
        `CANNOT_TELL`.
        """
        status = await self._account(name)
        if status is not AuthorStatus.MISSING:
            return status
        authors = dict.fromkeys(post.author for post in await self._control_posts() if post.author)
        others = [author for author in authors if not is_same_account(author, name)]
        for control in others[:_CONTROL_ACCOUNTS_TRIED]:
            if await self._account(control) is AuthorStatus.EXISTS:
                return AuthorStatus.MISSING
        return AuthorStatus.CANNOT_TELL

    async def submitted(self, name: str) -> Sequence[Sighting]:
        """See `core.ports.RedditView`."""
        answer = await self._ask(submitted_path(name), SUBMITTED, submitted_in, tolerated=_is_withheld)
        if not isinstance(answer, Refused):
            return answer
        if answer.trouble is Trouble.NOT_FOUND:
            raise NotFound(f"Others do not find u/{name}.", _CHECK_NAMES)
        raise NotAllowedNow(f"The posts of u/{name} cannot be listed.", _NOTHING_CONCLUDED)

    async def comments(self, fullname: str) -> Sequence[SeenComment]:
        """See `core.ports.RedditView`."""
        if not FULLNAME.fullmatch(fullname) or not fullname.startswith("t3_"):
            raise ValueError("comments are read of posts")
        params: Mapping[str, str | int] = {"sort": "new", "limit": PAGE, "depth": 2}
        return await self._ask(f"comments/{fullname.removeprefix('t3_')}", params, _comments_in)

    async def rules(self, community: str) -> tuple[Rule, ...]:
        """Returns the community's own rules, in order. Raises `RemoteError` also for a community that is closed or
        missing.
        """
        try:
            return await self._ask_community(community, "about/rules", {}, _rules_in)
        except (NotFound, NotAllowedNow) as error:
            raise RemoteError(error.what, error.do, remote="reddit", permanent=True) from None

    async def posting(self, community: str) -> Posting:
        """Send two requests, for the requirements and the flairs. Reddit may refuse either of them to a key that acts
        for no account; then that part is None, and it is no failure. Linked accounts are not used for this, because
        their consent would have to allow posting.
        """
        if not COMMUNITY.fullmatch(community.lower()):
            return Posting()
        required = await self._ask(
            f"api/v1/{community}/post_requirements", {}, _requirements_in, tolerated=_is_withheld
        )
        flairs = await self._ask(f"r/{community}/api/link_flair_v2", {}, _flairs_in, tolerated=_is_withheld)
        return Posting(
            None if isinstance(required, Refused) else required, None if isinstance(flairs, Refused) else flairs
        )

    async def closure(self, community: str) -> Closure | None:
        """See `core.ports.RedditView`."""
        if not COMMUNITY.fullmatch(community.lower()):
            return None
        answer = await self._ask(f"r/{community}/about/rules", {}, _rules_in, tolerated=_is_about_community)
        if not isinstance(answer, Refused):
            return None
        if answer.trouble is Trouble.FORBIDDEN:
            return Closure(answer.reason) if answer.reason in _CLOSED else Closure.CLOSED
        return Closure.BANNED if answer.reason == "banned" else Closure.MISSING

    async def probe(self) -> None:
        """Send one cheap request that proves address and key."""
        await self._ask("api/info", {"id": "t3_1"}, listing_in)

    # ------------------------------------------------------------ posts of communities

    async def collect(
        self, communities: Sequence[str], *, limit_per_community: int, mode: CollectMode | None = None
    ) -> AsyncIterator[SourceBatch]:
        """Yield each community's newest posts, then its top posts of the year, unless `mode` names one of them. Both
        are needed, because the newest posts of a large community are all from today. Each post comes once; a batch is a
        page. Then its newest comments, whatever the mode.

        A closed or missing community does not stop the others: `NotFound` or `NotAllowedNow` names all of them at the
        end. Other failures are raised at once.
        """
        closed: list[UserError] = []
        for community in communities:
            try:
                async for batch in self._pages(community, limit_per_community, mode or CollectMode.HYBRID):
                    yield batch
            except (NotFound, NotAllowedNow) as error:
                closed.append(error)
        if closed:
            raise type(closed[0])(" ".join(error.what for error in closed), closed[0].do)

    async def _pages(self, community: str, limit: int, mode: CollectMode) -> AsyncIterator[SourceBatch]:
        """Yields pages of posts, then pages of the newest comments."""
        seen: set[str] = set()
        # A listing ends after a thousand posts. In a hybrid run, top posts fill the room that new ones left.
        listings: Mapping[CollectMode, Sequence[tuple[str, int]]] = {
            CollectMode.FRESH: [("new", limit)],
            CollectMode.HISTORICAL: [("top", limit)],
            CollectMode.HYBRID: [("new", limit - limit // 2), ("top", limit)],
        }
        for listing, wanted in listings[mode]:
            after: str | None = None
            read = 0
            while len(seen) < wanted and read < LISTING_END:
                params: dict[str, str | int] = {"limit": PAGE}
                if listing == "top":
                    params["t"] = "year"
                if after is not None:
                    params.update(after=after, count=read)
                things, next_after = await self._ask_community(community, listing, params, listing_in)
                read_at, before = self._clock.now(), read
                read += len(things)
                fresh: list[CollectedPost] = []
                malformed = 0
                name = "top:year" if listing == "top" else listing
                for place, thing in enumerate(things, before + 1):
                    found_in = f"{name}#{place}"
                    post = read_item(thing, read_at=read_at, found_in=found_in) if isinstance(thing, Mapping) else None
                    if post is None:
                        malformed += 1
                    elif post.reddit_id not in seen and len(seen) < wanted:
                        seen.add(post.reddit_id)
                        fresh.append(post)
                if fresh or malformed:
                    yield SourceBatch(community, fresh, malformed)
                if next_after is None or next_after == after or not things:
                    break
                after = next_after
        async for comments in self._newest_comments(community):
            if comments:
                yield SourceBatch(community, (), comments=comments)

    async def _newest_comments(self, community: str) -> AsyncIterator[Sequence[CollectedComment]]:
        after: str | None = None
        for page in range(COMMENT_PAGES):
            params: dict[str, str | int] = {"limit": PAGE}
            if after is not None:
                params.update(after=after, count=page * PAGE)
            answer = await self._ask(f"r/{community}/comments", params, listing_in, tolerated=_is_about_community)
            if isinstance(answer, Refused):  # its posts were read, so that the community is there
                return
            things, after = answer
            read = (comment_in(thing) for thing in things if isinstance(thing, Mapping))
            yield [comment for comment in read if comment is not None]
            if after is None:
                break

    # ------------------------------------------------------------ asking

    async def _control_posts(self) -> Sequence[Sighting]:
        now_s = self._clock.monotonic()
        is_old = self._controls_read_s is None or now_s - self._controls_read_s >= _CONTROL_REFRESH_S
        if is_old or not self._controls:  # empty when all were removed since
            self._controls = await self._established() or self._controls
            if not self._controls:
                raise RemoteError(
                    "Reddit showed no well-established posts to compare with.",
                    f"It is tried again at the next check. {_NOTHING_CONCLUDED}",
                    remote="reddit",
                )
            self._controls_read_s = now_s
        return self._controls

    async def _established(self) -> Sequence[Sighting]:
        """Returns well-established posts of the first listing that shows any; each answer about posts shows whether
        they still stand.
        """
        found: dict[str, Sighting] = {}  # one per community, so that one community's trouble spoils one control
        for listing in _CONTROL_LISTINGS:
            answer = await self._ask(listing, {"t": "month", "limit": 50}, listing_in, tolerated=_is_not_there)
            for sighting in map(read_sighting, () if isinstance(answer, Refused) else answer[0]):
                if sighting is not None and self._is_control(sighting):
                    found.setdefault(sighting.community, sighting)
            if found:
                break
        return tuple(found.values())[:_CONTROLS_KEPT]

    def _is_control(self, sighting: Sighting) -> bool:
        return is_established(sighting, self._clock.now(), min_age_s=_CONTROL_MIN_AGE_S)

    async def _account(self, name: str) -> AuthorStatus:
        if not _AUTHOR.fullmatch(name):
            return AuthorStatus.CANNOT_TELL  # no account has such a name, and it must not get into a path

        def read(payload: Any) -> AuthorStatus:
            account = payload.get("data") if isinstance(payload, Mapping) and payload.get("kind") == "t2" else None
            known = account.get("name") if isinstance(account, Mapping) else None
            if not isinstance(account, Mapping) or not isinstance(known, str) or not is_same_account(known, name):
                raise Refused(Trouble.GARBLED, detail="not this account")
            suspended = account.get("is_suspended")
            if not isinstance(suspended, bool | None):
                raise Refused(Trouble.GARBLED, detail="an account in no known state")
            return AuthorStatus.SUSPENDED if suspended else AuthorStatus.EXISTS

        answer = await self._ask(
            f"user/{name}/about", {}, read, tolerated=lambda refused: refused.trouble is Trouble.NOT_FOUND
        )
        return AuthorStatus.MISSING if isinstance(answer, Refused) else answer

    async def _ask_community(
        self, community: str, place: str, params: Mapping[str, str | int], read: Callable[[Any], Found]
    ) -> Found:
        """Like `_ask`, for a path below a community. Raises `NotFound` or `NotAllowedNow` when the community is the
        cause.
        """
        if not COMMUNITY.fullmatch(community.lower()):
            raise NotFound(f"r/{community} cannot be the name of a community.", _CHECK_NAMES)
        answer = await self._ask(f"r/{community}/{place}", params, read, tolerated=_is_about_community)
        if not isinstance(answer, Refused):
            return answer
        if answer.trouble is Trouble.FORBIDDEN:
            why = _CLOSED.get(answer.reason, "is closed to us")
            raise NotAllowedNow(f"r/{community} {why} and cannot be read.", _CHECK_NAMES)
        why = "was banned by Reddit" if answer.reason == "banned" else "does not exist on Reddit"
        raise NotFound(f"r/{community} {why}.", _CHECK_NAMES)

    @overload
    async def _ask(self, path: str, params: Mapping[str, str | int], read: Callable[[Any], Found]) -> Found: ...
    @overload
    async def _ask(
        self,
        path: str,
        params: Mapping[str, str | int],
        read: Callable[[Any], Found],
        *,
        tolerated: Callable[[Refused], bool],
    ) -> Found | Refused: ...
    async def _ask(
        self,
        path: str,
        params: Mapping[str, str | int],
        read: Callable[[Any], Found],
        *,
        tolerated: Callable[[Refused], bool] = lambda refused: False,
    ) -> Found | Refused:
        """Send one request within budget and breaker. `read` turns the JSON into the result, and raises `Refused` when
        it cannot. A `tolerated` refusal is returned; any other raises `RemoteError`.
        """
        self.breaker.refuse_if_open()
        await self.budget.take()
        with self.breaker.guarding():
            exchange = await self._thread.run(lambda: self._exchange(path, params))
            self.budget.learn(exchange.headers)
            self.health.compare_clocks(exchange.headers.get("date"), self._clock.now())
            refused = exchange.refused
            if refused is None:
                try:
                    return read(exchange.payload)
                except Refused as unreadable:
                    refused = unreadable
            if tolerated(refused):
                return refused
            # The request names no community or post, so "forbidden" can only be about the key.
            if refused.trouble is Trouble.FORBIDDEN and path in ("api/info", *_CONTROL_LISTINGS):
                refused = Refused(Trouble.KEY_REFUSED, status=refused.status, detail=refused.detail)
            raise remote_error(refused, path, exchange.headers, self._clock.now())

    def _exchange(self, path: str, params: Mapping[str, str | int]) -> Exchange:
        """Runs in the gateway's own thread. Only that thread uses praw, and imports it."""
        if self._connection is None:
            from core.gateways.praw_wire import Connection

            self._connection = Connection(**self._settings, timeout_s=self._timeout_s)
        return self._connection.get(path, params)


def remote_error(refused: Refused, path: str, headers: Mapping[str, str], now: datetime) -> RemoteError:
    """Returns the error that tells a refusal in words. The caller handles `GRANT_REFUSED`, which is about an account
    and not about the remote.
    """
    trouble = refused.trouble
    logger.warning(
        "reddit request failed",
        extra={"trouble": trouble.value, "status": refused.status, "detail": refused.detail, "path": path},
    )
    what, do = _WORDS[trouble]
    retry_after_s = None
    if trouble in (Trouble.RATE_LIMITED, Trouble.SERVER_ERROR):
        retry_after_s = parse_retry_after(headers.get("retry-after"), now)
    return RemoteError(
        what,
        do,
        remote="reddit",
        permanent=trouble is Trouble.KEY_REFUSED,
        retry_after_s=retry_after_s,
        status=refused.status,
        is_hiccup=trouble in _HICCUPS and retry_after_s is None,
    )


def _is_about_community(refused: Refused) -> bool:
    """Returns whether Reddit says, in one of its three ways, that a community is closed or missing. A 403 without a
    reason may be about us instead.
    """
    return (
        refused.trouble is Trouble.NOT_FOUND
        or (refused.trouble is Trouble.MOVED and refused.place.startswith("/subreddits/search"))
        or (refused.trouble is Trouble.FORBIDDEN and bool(refused.reason))
    )


_WITHHELD = frozenset({Trouble.FORBIDDEN, Trouble.NOT_FOUND, Trouble.ODD_STATUS})


def _is_withheld(refused: Refused) -> bool:
    """Returns whether a refusal is about this very request, and neither about the key nor about Reddit's health."""
    return refused.trouble in _WITHHELD


def _is_not_there(refused: Refused) -> bool:
    """Returns whether Reddit says that it has no such listing, which says nothing about the key or Reddit's health."""
    return refused.trouble is not Trouble.FORBIDDEN and _is_about_community(refused)


def _requirements_in(payload: Any) -> Requirements:
    if not isinstance(payload, Mapping) or not any(field in payload for field in Requirements.__slots__):
        raise Refused(Trouble.GARBLED, detail="no post requirements")
    return Requirements.read(payload)


def _flairs_in(payload: Any) -> tuple[Flair, ...]:
    flairs = flairs_in(payload)
    if flairs is None:
        raise Refused(Trouble.GARBLED, detail="no flairs")
    return flairs


SUBMITTED: Mapping[str, str | int] = {"sort": "new", "limit": PAGE}


def submitted_path(name: str) -> str:
    """Returns the path of an account's list of posts."""
    if not _AUTHOR.fullmatch(name):
        raise NotFound("No account has such a name.", "Check the name.")  # it must not get into a path
    return f"user/{name}/submitted"


def submitted_in(payload: Any) -> Sequence[Sighting]:
    """Returns the posts of an account's list; what cannot be read as one is left out."""
    return [sighting for sighting in map(read_sighting, listing_in(payload)[0]) if sighting is not None]


def listing_in(payload: Any) -> tuple[Sequence[Any], str | None]:
    listing = children_of(payload)
    if listing is None:
        raise Refused(Trouble.GARBLED, detail="not a listing")
    return listing


def sightings_in(payload: Any, asked: Sequence[str]) -> Mapping[str, Sighting]:
    found = read_answer(listing_in(payload)[0], frozenset(asked))
    if found is None:  # a cache between us confused two answers
        raise Refused(Trouble.GARBLED, detail="an answer about other posts")
    return found


def _comments_in(payload: Any) -> Sequence[SeenComment]:
    """Returns the comments of an answer about one post, which is two listings: the post, and its comments."""
    if not isinstance(payload, list) or len(payload) != 2:
        raise Refused(Trouble.GARBLED, detail="not a post with its comments")
    found: list[SeenComment] = []
    listings = [payload[1]]
    while listings:
        children, _ = listing_in(listings.pop())
        for child in children:
            comment = read_comment(child)
            if comment is not None:
                found.append(comment)
                replies = child["data"].get("replies")
                if replies:  # "" when there are none
                    listings.append(replies)
    return found


def _rules_in(payload: Any) -> tuple[Rule, ...]:
    listed = payload.get("rules") if isinstance(payload, Mapping) else None
    if not isinstance(listed, list):
        raise Refused(Trouble.GARBLED, detail="not rules")
    rules = tuple(rule for rule in map(_rule_in, listed) if rule is not None)
    if listed and not rules:
        raise Refused(Trouble.GARBLED, detail="no rule that can be read")
    return rules


def _rule_in(listed: Any) -> Rule | None:
    """Returns None for an unreadable rule; the other rules still count."""
    if not isinstance(listed, Mapping):
        return None
    name, description, kind = (listed.get(field) or "" for field in ("short_name", "description", "kind"))
    if not isinstance(name, str) or not isinstance(description, str) or not (name or description):
        return None
    return Rule(short_name=name, description=description, kind=kind if isinstance(kind, str) and kind else "all")
