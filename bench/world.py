"""A simulated Reddit with a known truth: posts with a fate, accounts, communities, and everything that goes wrong.

Seeded: the same seed makes the same world and the same faults. Rates are those of reddit-facts where it gives them
(19.5% removed or deleted, 1.7% unavailable first and live later); the rest is assumed and written beside its constant.
"""

from __future__ import annotations

import random
import zlib
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from core.clock import Clock
from core.communities import Rule
from core.errors import RemoteError
from core.gateways.limits import Budget
from core.gateways.reddit import breaker_of_reddit
from core.gateways.things import unreadable
from core.model import AuthorStatus, Basis, Closure
from core.ports import Allowance, SeenComment, Sighting
from core.requirements import Posting

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
LASTS = timedelta(days=7)
END = BEGIN + LASTS
STALEST = timedelta(seconds=150)  # how old a delayed answer can be; caches live less than the verdict's spacing
SHARDS = 10
FORTNIGHT = timedelta(days=14)  # how long a post is watched

POSTS_A_WORKSPACE = 500
POSTS_AN_AUTHOR = (1, 2, 3, 4, 5)
POSTS_A_COMMUNITY = 50
COMMENTS = 0.1  # of what is watched
REGISTERED_AFTER_MIN = 4.0  # on average


class Cause(StrEnum):
    """Why others do not see a post."""

    NONE = "visible"
    MODERATOR = "removed by moderators"
    HELD = "held for review"
    FILTERS = "removed by Reddit's filters"
    ADMINS = "removed by Reddit"
    AUTHOR = "deleted by its author"
    UNKNOWN_CATEGORY = "removed, category nobody has seen yet"
    TEXT_ONLY = "removed, no category"
    NOT_INDEXABLE = "not indexable, nothing else"
    GATED = "community private or quarantined"
    SHADOWBAN = "its author is shadowbanned"


class Standing(StrEnum):
    """An account, in truth."""

    GOOD = "good"
    SHADOWBANNED = "shadowbanned"
    SUSPENDED = "suspended"
    DELETED = "deleted"


# Share of posts, median minutes from posting, spread (sigma of the log). Together 19.5%.
_FATES: tuple[tuple[Cause, float, float, float], ...] = (
    (Cause.MODERATOR, 0.074, 45, 1.6),
    (Cause.HELD, 0.030, 1, 0.7),
    (Cause.FILTERS, 0.045, 1, 0.9),
    (Cause.ADMINS, 0.004, 720, 1.0),
    (Cause.AUTHOR, 0.032, 300, 1.3),
    (Cause.UNKNOWN_CATEGORY, 0.003, 60, 1.5),
    (Cause.TEXT_ONLY, 0.003, 60, 1.5),
    (Cause.NOT_INDEXABLE, 0.002, 60, 1.5),
    (Cause.NONE, 0.805, 0, 0),
)
_FLIP_FLOPS = 0.002  # removed and restored again and again
_RESTORED = {Cause.HELD: 0.42, Cause.MODERATOR: 0.03, Cause.FILTERS: 0.05}  # together 1.7% of all posts
_REJECTED = 0.15  # of what is held: a moderator confirms the removal later
_LOCKED = 0.02
_GATED_COMMUNITIES = 0.0075
_BANS_THAT_HIDE_NONE = 0.5  # for days; others hide all later posts and half of the earlier ones
_LOST_CONTROLS = 2  # of five, in the middle of the week
_SHADOWBANNED, _SUSPENDED, _ACCOUNT_DELETED = 0.02, 0.015, 0.01  # of accounts, at some time in the week
_ADMIN_CATEGORIES = ("anti_evil_ops", "community_ops", "content_takedown", "copyright_takedown", "legal_operations")
_BODY = "We opened the shop in spring and learned a lot about it."


@dataclass(slots=True)
class Person:
    """A Reddit account: standings by the time they began."""

    name: str
    standings: list[tuple[datetime, Standing]]
    hides: bool = True  # a ban of it hides posts

    def standing_at(self, at: datetime) -> Standing:
        return self.standings[bisect_right(self.standings, at, key=lambda change: change[0]) - 1][1]

    def standings_between(self, first: datetime, last: datetime) -> set[Standing]:
        return {self.standing_at(first), *(word for at, word in self.standings if first <= at <= last)}


@dataclass(slots=True)
class WorldPost:
    """`causes`: from when on which cause held, sorted by time, the first at posting."""

    number: int
    workspace_id: str
    fullname: str
    community: str
    person: Person
    posted_at: datetime
    registered_at: datetime
    causes: list[tuple[datetime, Cause]]
    locked_at: datetime | None = None
    _seen: dict[tuple[Cause, bool, bool], Sighting | None] = field(default_factory=dict)

    def cause_at(self, at: datetime) -> Cause:
        return self.causes[max(0, bisect_right(self.causes, at, key=lambda change: change[0]) - 1)][1]

    def causes_between(self, first: datetime, last: datetime) -> set[Cause]:
        return {self.cause_at(first), *(cause for at, cause in self.causes if first <= at <= last)}

    def is_locked_at(self, at: datetime) -> bool:
        return self.locked_at is not None and at >= self.locked_at

    def sighting_at(self, at: datetime) -> Sighting | None:
        """Returns what a third party is answered about the post; None when its id is missing."""
        shown = (self.cause_at(at), self.is_locked_at(at), self.person.standing_at(at) is Standing.DELETED)
        if shown not in self._seen:
            self._seen[shown] = self._show_comment(*shown) if self.is_comment else self._show(*shown)
        return self._seen[shown]

    @property
    def is_comment(self) -> bool:
        return self.fullname.startswith("t1_")

    def _show_comment(self, cause: Cause, locked: bool, nameless: bool) -> Sighting | None:
        """A comment has no category: its text says that it is gone, and no name is left."""
        if cause is Cause.GATED:
            return None
        gone = {Cause.NONE: _BODY, Cause.NOT_INDEXABLE: _BODY, Cause.AUTHOR: "[deleted]"}.get(cause, "[removed]")
        return Sighting(
            fullname=self.fullname,
            community=self.community,
            title=None,
            body=gone,
            author=None if nameless or gone != _BODY else self.person.name,
            created_at=self.posted_at,
            category=None,
            indexable=None,
            locked=locked,
            score=4,
            num_comments=None,
        )

    def _show(self, cause: Cause, locked: bool, nameless: bool) -> Sighting | None:
        if cause is Cause.GATED:
            return None
        category = {
            Cause.MODERATOR: "moderator",
            Cause.HELD: "automod_filtered",
            Cause.FILTERS: "reddit",
            Cause.SHADOWBAN: "reddit",
            Cause.ADMINS: _ADMIN_CATEGORIES[self.number % len(_ADMIN_CATEGORIES)],
            Cause.AUTHOR: "deleted",
            Cause.UNKNOWN_CATEGORY: "a_category_of_2027",
        }.get(cause)
        body = "[removed]"
        if cause in (Cause.NONE, Cause.NOT_INDEXABLE):
            body = _BODY
        elif cause is Cause.AUTHOR:
            body = "[deleted]"
        return Sighting(
            fullname=self.fullname,
            community=self.community,
            title="[deleted by user]" if cause is Cause.AUTHOR else "What the first spring taught us",
            body=body,
            author=None if nameless or cause is Cause.AUTHOR else self.person.name,
            created_at=self.posted_at,
            category=category,
            indexable=cause is Cause.NONE,
            locked=locked,
            score=12,
            num_comments=3,
        )


@dataclass(frozen=True, slots=True)
class World:
    posts: Sequence[WorldPost]
    by_name: Mapping[str, WorldPost]
    persons: Mapping[str, Person]
    closed: Mapping[str, tuple[datetime, datetime]]  # communities, with when they were closed


def make_world(seed: int, posts: int) -> World:
    """`posts` posts, published evenly over the seven days, in workspaces of 500."""
    chance = random.Random(seed)
    persons: dict[str, Person] = {}
    communities = [f"place{n}" for n in range(max(4, posts // POSTS_A_COMMUNITY))]
    closed = {name: _span(chance, 4, 72) for name in communities if chance.random() < _GATED_COMMUNITIES}
    if not closed:
        closed = {communities[0]: _span(chance, 4, 72)}
    made: list[WorldPost] = []
    person, left, at_workspace = Person("", []), 0, 0
    for number in range(posts):
        workspace = number // POSTS_A_WORKSPACE
        if not left or workspace != at_workspace:
            name = f"writer_{workspace}_{len(persons)}"
            person = persons[name] = Person(name, _standings(chance), chance.random() >= _BANS_THAT_HIDE_NONE)
            left, at_workspace = chance.choice(POSTS_AN_AUTHOR), workspace
        left -= 1
        leaves_at = next((at for at, word in person.standings if word in (Standing.SUSPENDED, Standing.DELETED)), END)
        posted_at = BEGIN + (leaves_at - BEGIN) * chance.random()
        community = chance.choice(communities)
        is_comment = chance.random() < COMMENTS
        causes = _fate(chance, posted_at)
        if is_comment:  # it has no field that says whether it is indexed
            causes = [(at, Cause.TEXT_ONLY if cause is Cause.NOT_INDEXABLE else cause) for at, cause in causes]
        causes = _under_account(chance, causes, person, posted_at)
        if community in closed:
            causes = _laid_over(causes, *closed[community], Cause.GATED, posted_at)
        made.append(
            WorldPost(
                number=number,
                workspace_id=f"bench:{workspace}",
                fullname=f"{'t1' if is_comment else 't3'}_{_base36(36**5 + number)}",
                community=community,
                person=person,
                posted_at=posted_at,
                registered_at=posted_at + timedelta(minutes=chance.expovariate(1 / REGISTERED_AFTER_MIN)),
                causes=causes,
                locked_at=_after(chance, posted_at, 180, 1.2) if chance.random() < _LOCKED else None,
            )
        )
    made.sort(key=lambda post: post.registered_at)
    return World(made, {post.fullname: post for post in made}, persons, closed)


def make_steady_world(seed: int, posts: int, lasts: timedelta) -> World:
    """A world in which old posts leave as new ones come: at `BEGIN` there are `posts` posts of the last fourteen days,
    which nobody has removed so far, and in the time after it, that many a fortnight are posted. Nothing but the posts'
    own fates happens.
    """
    chance = random.Random(seed)
    made: list[WorldPost] = []
    person, left = Person("", []), 0
    coming = round(posts * (lasts / FORTNIGHT))
    for number in range(posts + coming):
        if not left:
            person, left = (
                Person(f"writer_{number}", [(BEGIN - FORTNIGHT, Standing.GOOD)]),
                chance.choice(POSTS_AN_AUTHOR),
            )
        left -= 1
        posted_at = BEGIN + (lasts * chance.random() if number >= posts else -FORTNIGHT * chance.random())
        causes = _fate(chance, posted_at)
        while number < posts and any(at <= BEGIN for at, _ in causes[1:]):
            causes = _fate(chance, posted_at)
        registered_at = posted_at + timedelta(minutes=chance.expovariate(1 / REGISTERED_AFTER_MIN))
        made.append(
            WorldPost(
                number=number,
                workspace_id=f"bench:{number // POSTS_A_WORKSPACE}",
                fullname=f"t3_{_base36(36**5 + number)}",
                community=f"place{number % max(4, posts // POSTS_A_COMMUNITY)}",
                person=person,
                posted_at=posted_at,
                registered_at=registered_at,
                causes=causes,
            )
        )
    made.sort(key=lambda post: post.registered_at)
    return World(made, {post.fullname: post for post in made}, {post.person.name: post.person for post in made}, {})


def _fate(chance: random.Random, posted_at: datetime) -> list[tuple[datetime, Cause]]:
    causes = [(posted_at, Cause.NONE)]
    if chance.random() < _FLIP_FLOPS:
        at = posted_at
        for turn in range(chance.randrange(4, 9)):
            at += timedelta(minutes=1 + chance.expovariate(1 / 40))
            causes.append((at, Cause.NONE if turn % 2 else Cause.MODERATOR))
        return _until_end(causes)
    cause, _, median, spread = chance.choices(_FATES, [fate[1] for fate in _FATES])[0]
    if cause is Cause.NONE:
        return causes
    gone_at = _after(chance, posted_at, median, spread)
    causes.append((gone_at, cause))
    draw = chance.random()
    restored = _RESTORED.get(cause, 0.0)
    if draw < restored:
        causes.append((_after(chance, gone_at, 240, 0.9), Cause.NONE))
    elif cause is Cause.HELD and draw < restored + _REJECTED:
        causes.append((_after(chance, gone_at, 360, 0.9), Cause.MODERATOR))
    return _until_end(causes)


def _standings(chance: random.Random) -> list[tuple[datetime, Standing]]:
    standings = [(BEGIN - LASTS, Standing.GOOD)]
    draw = chance.random()
    if draw < _SHADOWBANNED:
        first, last = _span(chance, 24, 72)
        standings.append((first, Standing.SHADOWBANNED))
        if chance.random() < 1 / 3:  # an appeal that was heard
            standings.append((last, Standing.GOOD))
    elif draw < _SHADOWBANNED + _SUSPENDED:
        standings.append((_span(chance, 1, 2)[0], Standing.SUSPENDED))
    elif draw < _SHADOWBANNED + _SUSPENDED + _ACCOUNT_DELETED:
        standings.append((_span(chance, 1, 2)[0], Standing.DELETED))
    return [change for change in standings if change[0] < END]


def _under_account(
    chance: random.Random, causes: list[tuple[datetime, Cause]], person: Person, posted_at: datetime
) -> list[tuple[datetime, Cause]]:
    """A shadowban hides all later posts and half of the earlier ones; with a suspension half of the posts go too.
    Some bans hide none.
    """
    if not person.hides:
        return causes
    for index, (at, word) in enumerate(person.standings):
        until = person.standings[index + 1][0] if index + 1 < len(person.standings) else END + LASTS
        if word is Standing.SHADOWBANNED and posted_at < until and (posted_at >= at or chance.random() < 0.5):
            causes = _laid_over(causes, at, until, Cause.SHADOWBAN, posted_at, only_visible=True)
        if word is Standing.SUSPENDED and chance.random() < 0.5:
            causes = _laid_over(causes, at, until, Cause.ADMINS, posted_at, only_visible=True)
    return causes


def _laid_over(
    causes: list[tuple[datetime, Cause]],
    first: datetime,
    last: datetime,
    cause: Cause,
    posted_at: datetime,
    *,
    only_visible: bool = False,
) -> list[tuple[datetime, Cause]]:
    """Lays `cause` from `first` to `last` over the causes there are; `only_visible`: only where nothing else hides
    the post.
    """
    if last <= posted_at:
        return causes
    first = max(first, posted_at)
    found = WorldPost(0, "", "", "", Person("", []), posted_at, posted_at, causes)
    laid: list[tuple[datetime, Cause]] = []
    for at in sorted({posted_at, first, last, *(at for at, _ in causes)}):
        own = found.cause_at(at)
        over = first <= at < last and (own is Cause.NONE or not only_visible)
        word = cause if over else own
        if not laid or laid[-1][1] is not word:
            laid.append((at, word))
    return laid


def _until_end(causes: list[tuple[datetime, Cause]]) -> list[tuple[datetime, Cause]]:
    return [causes[0], *(change for change in causes[1:] if change[0] < END)]


def _span(chance: random.Random, least_h: float, most_h: float) -> tuple[datetime, datetime]:
    first = BEGIN + LASTS * chance.uniform(0.15, 0.85)
    return first, first + timedelta(hours=chance.uniform(least_h, most_h))


def _after(chance: random.Random, start: datetime, median_min: float, spread: float) -> datetime:
    return start + timedelta(minutes=median_min * chance.lognormvariate(0, spread))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


# ---------------------------------------------------------------- what goes wrong

# What the gateway says, the status, and whether the gateway calls it a hiccup.
_REFUSALS: tuple[tuple[str, int | None, bool], ...] = (
    ("Reddit asks for fewer requests.", 429, False),
    ("Reddit blocks this program or its network.", 403, False),
    ("Reddit's answer cannot be read.", 200, True),  # a login page
    ("Reddit has trouble of its own.", 503, True),
    ("Reddit cannot be reached.", None, True),  # the connection was cut
)
_SPOILED = ("empty", "truncated", "partial", "delayed", "doubled", "unreadable")


@dataclass(slots=True)
class Faults:
    """Which requests fail, and how. At `rate` 0 nothing does; else that share of single requests, and besides: a key
    revoked for 8 hours, a blackout of 5, ten storms of 429 of 20 minutes, and five hiccups in which a tenth of all
    ids is missing from every answer for 5 to 20 minutes.
    """

    rate: float
    chance: random.Random
    outages: list[tuple[datetime, datetime, RemoteError]] = field(default_factory=list)
    hiccups: list[tuple[datetime, datetime, int]] = field(default_factory=list)

    @classmethod
    def make(cls, seed: int, rate: float) -> Faults:
        chance = random.Random(seed)
        faults = cls(rate, chance)
        if rate == 0:
            return faults
        key = RemoteError("Reddit refuses this program's key.", "Renew it.", remote="reddit", permanent=True)
        out = RemoteError("Reddit cannot be reached.", "It is tried again later.", remote="reddit", is_hiccup=True)
        storm = RemoteError("Reddit asks for fewer requests.", "It is tried again later.", remote="reddit", status=429)
        for minutes, error, times in ((480, key, 1), (300, out, 1), (20, storm, 10)):
            for _ in range(times):
                first = BEGIN + LASTS * chance.uniform(0.05, 0.95)
                faults.outages.append((first, first + timedelta(minutes=minutes), error))
        for _ in range(5):
            first = BEGIN + LASTS * chance.uniform(0.05, 0.95)
            last = first + timedelta(minutes=chance.uniform(5, 20))
            faults.hiccups.append((first, last, chance.randrange(SHARDS)))
        return faults

    def outage_at(self, at: datetime) -> RemoteError | None:
        return next((error for first, last, error in self.outages if first <= at < last), None)

    def dark(self, first: datetime, last: datetime) -> timedelta:
        """Returns how much of the time between was an outage (overlapping ones count once)."""
        total, until = timedelta(0), first
        for begin, end, _ in sorted(self.outages, key=lambda outage: outage[0]):
            begin, end = max(begin, until), min(end, last)
            if end > begin:
                total += end - begin
                until = end
        return total

    def hides(self, name: str, at: datetime) -> bool:
        """Whether a hiccup keeps this id or account out of the answers."""
        return any(
            first <= at < last and zlib.crc32(name.encode()) % SHARDS == shard for first, last, shard in self.hiccups
        )

    def of_request(self, at: datetime) -> str | None:
        """Raises what this request fails with, or returns how its answer is spoiled (None: it is not)."""
        outage = self.outage_at(at)
        if outage is not None:
            raise outage
        if self.chance.random() >= self.rate:
            return None
        kind = self.chance.randrange(len(_REFUSALS) + len(_SPOILED))
        if kind < len(_SPOILED):
            return _SPOILED[kind]
        what, status, is_hiccup = _REFUSALS[kind - len(_SPOILED)]
        raise RemoteError(what, "It is tried again later.", remote="reddit", status=status, is_hiccup=is_hiccup)


def _garbled() -> RemoteError:
    return RemoteError("Reddit's answer cannot be read.", "It is tried again later.", remote="reddit", is_hiccup=True)


Heard = Callable[[Sequence[str], datetime, Mapping[str, Sighting] | RemoteError], None]


class SimulatedReddit:
    """Implements `core.ports.RedditView` over a `World`, with the real budget (100 a minute) and circuit breaker in
    front, as the gateway has them. What the gateway turns into a `RemoteError` is one here.

    `heard` gets every request that was sent, with its answer.
    """

    basis = Basis.REDDIT_API

    def __init__(self, world: World, faults: Faults, clock: Clock, heard: Heard) -> None:
        self._world, self._faults, self._clock, self._heard = world, faults, clock, heard
        self._budget = Budget(remote="reddit", name="Reddit", clock=clock, requests=100, window_s=60.0)
        self._breaker = breaker_of_reddit("Reddit", clock, faults.chance)
        self._controls = [f"t3_ctrl{n}" for n in range(5)]
        self._controls_read_at: datetime | None = None
        self._last_answer: Mapping[str, Sighting] = {}
        self.requests = self.looks = self.failed = 0

    @property
    def allowance(self) -> Allowance:
        return self._budget.allowance

    def sees(self, community: str) -> bool:
        return True

    async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        self._breaker.refuse_if_open()
        await self._budget.take()
        with self._breaker.guarding():
            now = self._clock.now()
            self.requests += 1
            self.looks += len(fullnames)
            try:
                spoiled = self._faults.of_request(now)
            except RemoteError as error:
                self.failed += 1
                self._heard(fullnames, now, error)
                raise
            self.failed += spoiled is not None
            answer = self._answer(fullnames, now, spoiled)
            self._last_answer = answer
            self._heard(fullnames, now, answer)
            return answer

    def _answer(self, fullnames: Sequence[str], now: datetime, spoiled: str | None) -> Mapping[str, Sighting]:
        chance = self._faults.chance
        at = now - STALEST * chance.random() if spoiled == "delayed" else now
        if spoiled == "empty":
            return {}
        if spoiled == "doubled":  # the answer to the request before, once more
            if not self._last_answer.keys() <= set(fullnames):  # the gateway sees that it is not ours
                raise _garbled()
            return self._last_answer
        whole: dict[str, Sighting] = {}
        for name in fullnames:
            post = self._world.by_name.get(name)
            sighting = self._control(name, at) if post is None else post.sighting_at(max(at, post.posted_at))
            if spoiled == "unreadable" and post is not None and chance.random() < 0.2:
                sighting = unreadable(name)
            if sighting is not None and not self._faults.hides(name, now):
                whole[name] = sighting
        if spoiled == "truncated":
            return dict(list(whole.items())[: chance.randrange(len(whole) + 1)])
        if spoiled == "partial":
            kept = chance.random()
            return {name: sighting for name, sighting in whole.items() if chance.random() < kept}
        return whole

    @staticmethod
    def _control(name: str, at: datetime) -> Sighting:
        stands = Sighting(name, "popular", "A post that stands", _BODY, "elder", BEGIN, None, True, False, 9000, 400)
        is_lost = int(name[-1]) < _LOST_CONTROLS and at >= BEGIN + LASTS / 2
        return replace(stands, category="moderator", indexable=False, body="[removed]") if is_lost else stands

    async def control_candidates(self) -> Sequence[str]:
        now = self._clock.now()
        if self._controls_read_at is None or now - self._controls_read_at >= timedelta(hours=6):
            await self._small_request()
            self._controls_read_at = now
        return self._controls

    async def author_status(self, name: str) -> AuthorStatus:
        if await self._small_request() is not None or await self._small_request() is not None:
            return AuthorStatus.CANNOT_TELL  # it, or the control account, was not answered about properly
        now = self._clock.now()
        standing = self._world.persons[name].standing_at(now)
        if standing is Standing.SUSPENDED:
            return AuthorStatus.SUSPENDED
        hidden = standing is not Standing.GOOD or self._faults.hides(name, now)
        return AuthorStatus.MISSING if hidden else AuthorStatus.EXISTS

    async def submitted(self, name: str) -> Sequence[Sighting]:
        return ()

    async def comments(self, fullname: str) -> Sequence[SeenComment]:
        return ()

    async def rules(self, community: str) -> tuple[Rule, ...]:
        return ()

    async def posting(self, community: str) -> Posting:
        return Posting()

    async def closure(self, community: str) -> Closure | None:
        if await self._small_request() is not None:
            raise _garbled()
        first, last = self._world.closed.get(community, (END, END))
        return Closure.PRIVATE if first <= self._clock.now() < last else None

    async def _small_request(self) -> str | None:
        self._breaker.refuse_if_open()
        await self._budget.take()
        with self._breaker.guarding():
            self.requests += 1
            try:
                spoiled = self._faults.of_request(self._clock.now())
            except RemoteError:
                self.failed += 1
                raise
            self.failed += spoiled is not None
            return spoiled
