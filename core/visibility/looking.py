"""Looking at posts: batches with controls, and the extra looks that an anomaly deserves.

Nothing here raises for what a remote does: an unhealthy answer becomes a reading that cannot tell.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import RemoteError, UserError
from core.model import AuthorStatus, Basis, Outcome, Reading, State, TrackedPost, View
from core.ports import PublicView, RedditView, Sighting
from core.visibility.evidence import sign_of
from core.visibility.readings import CUT_ANSWER, OPEN_COMMUNITY, control_is_live, no_evidence, read_sighting
from core.visibility.tracking import DuePost
from core.visibility.verdict import account_is_open

log = logging.getLogger(__name__)

ANSWER_MAX = 100  # fullnames in one request (reddit-facts: access)
# A full batch carries two controls, a smaller one up to five. Two are enough: an answer that lacks any control was cut,
# and a control that is no longer live is replaced in the next batch. Fewer controls can only turn more answers into "no
# evidence"; they never turn a bad answer into evidence.
CONTROLS_AT_LEAST = 2
CONTROLS_AT_MOST = 5
BATCH = ANSWER_MAX - CONTROLS_AT_LEAST
AUTHORS_A_BATCH = 20  # each costs two requests of the shared budget; the others wait for their next check
LOOKED_UP_LATELY = timedelta(minutes=10)
SEEN_LATELY = timedelta(hours=12)  # an account that was there is asked for again after this
LOOKS_A_TURN = 10  # of the event loop; a batch takes some 10 ms, and other tasks get their turn in between
PUBLIC_LOOKS_A_BATCH = 1  # logged out, Reddit allows ten requests a minute at most
EXTRA_LOOK_S = 1.0  # the whole batch and its alerts wait for a public look that is taken beside the third party's
ASK_AGAIN_AFTER_S = 3.0
LEFT_FOR_LOOKS = 0.1  # of a minute's requests
# Reddit still answers about removed and deleted posts. An id is missing because its community is closed, or because a
# shard of Reddit loses its posts for a while although the controls come back (reddit-facts: access). So the community
# is looked up. How many ids are missing at once says nothing: posts drift apart, and most batches are small.
COMMUNITIES_ASKED = 5  # a batch; each costs a request of the shared budget
CLOSED_FOR_NOW = timedelta(minutes=10)  # a closed community is not looked up again sooner
DOUBTED_AT_MOST = timedelta(hours=2)  # a post that stays missing for so long is gone, whatever its community says


@dataclass(frozen=True, slots=True)
class Answer:
    """Reddit's answer about one batch. `problem` says, in words for people, why it is no evidence. `is_hiccup`: asking
    again at once may help (an answer was cut, or the request failed in such a way).
    """

    sightings: Mapping[str, Sighting] = field(default_factory=dict)
    control_live: bool = False
    problem: str | None = None
    retry_after_s: float | None = None
    is_hiccup: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """The readings of one post from one check, and what the third party saw (title and author are kept)."""

    readings: tuple[Reading, ...]
    sighting: Sighting | None = None
    retry_after_s: float | None = None


@dataclass(slots=True)
class _Batch:
    """What the looks of one batch share: the answer, when it came, and the posts about which it proves nothing."""

    answer: Answer
    now: datetime
    doubted: frozenset[int]
    closed: Mapping[str, str]  # why each closed community is closed, by its name
    authors: dict[str, AuthorStatus | None] = field(default_factory=dict)
    public_left: int = PUBLIC_LOOKS_A_BATCH


@dataclass(slots=True)
class Controls:
    """Chooses the control posts of each batch: candidates that came back live, as long as there are any."""

    _fallen: set[str] = field(default_factory=set)

    def choose(self, candidates: Sequence[str], count: int) -> Sequence[str]:
        standing = [name for name in candidates if name not in self._fallen]
        if not standing:  # all of them at once: the answers failed, not the posts
            self._fallen.clear()
            standing = list(candidates)
        return standing[:count]

    def learn(self, asked: Sequence[str], answer: Mapping[str, Sighting]) -> None:
        self._fallen.update(name for name in asked if not control_is_live(answer, [name]))


@dataclass(frozen=True, slots=True)
class Looking:
    clock: Clock
    view: RedditView | None
    public: PublicView | None
    _controls: Controls = field(default_factory=Controls)
    _closed: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # why, and when Reddit said so

    @property
    def is_possible(self) -> bool:
        return self.view is not None or self.public is not None

    @property
    def may_ask_besides(self) -> bool:
        """Whether requests are left for what is not a look at a post: looks, and what people ask for, go first."""
        allowance = self.view.allowance if self.view is not None else None
        return allowance is None or allowance.at_once > allowance.an_hour / 60 * LEFT_FOR_LOOKS

    def sees(self, community: str | None) -> bool:
        """True when a third party's view can see that community. None: it is not known yet which one it is."""
        return self.view is not None and (community is None or self.view.sees(community))

    async def ask(self, fullnames: Sequence[str]) -> Answer:
        """Ask once about at most `BATCH` fullnames, with controls beside them. After a hiccup, ask again when the
        budget allows it: most of them pass within seconds, and each would blind a whole batch.
        """
        answer = await self._ask_once(fullnames)
        allowance = self.view.allowance if self.view is not None else None
        if not answer.is_hiccup or (allowance is not None and allowance.at_once < 1):
            return answer
        await self.clock.sleep(ASK_AGAIN_AFTER_S)
        return await self._ask_once(fullnames)

    async def _ask_once(self, fullnames: Sequence[str]) -> Answer:
        if self.view is None or not fullnames:
            return Answer()
        try:
            candidates = [name for name in await self.view.control_candidates() if name not in fullnames]
            controls = self._controls.choose(candidates, min(CONTROLS_AT_MOST, ANSWER_MAX - len(fullnames)))
            # The controls come last, so that an answer that was cut lacks them.
            sightings = await self.view.look_up([*fullnames, *controls])
            self._controls.learn(controls, sightings)
        except RemoteError as error:
            log.info("no evidence", extra={"remote": error.remote, "status": error.status, "posts": len(fullnames)})
            return Answer(problem=error.what, retry_after_s=error.retry_after_s, is_hiccup=error.is_hiccup)
        except UserError as error:
            return Answer(problem=error.what)
        except Exception:  # a defect of one source must not end the watching of everything
            log.exception("looking failed", extra={"posts": len(fullnames)})
            return Answer(problem="The answer could not be read.")
        if any(name not in sightings for name in controls):
            return Answer(problem=CUT_ANSWER, is_hiccup=True)
        return Answer(sightings, control_is_live(sightings, controls))

    def read(self, fullname: str, answer: Answer, read_at: datetime, body_sha256: str | None) -> Reading | None:
        """The third party's reading of one post in an answer; None when there is no such view."""
        if self.view is None:
            return None
        if answer.problem is not None:
            return no_evidence(View.THIRD_PARTY, self.view.basis, read_at, answer.problem)
        return read_sighting(
            fullname,
            answer.sightings.get(fullname),
            view=View.THIRD_PARTY,
            basis=self.view.basis,
            read_at=read_at,
            control_live=answer.control_live,
            body_sha256=body_sha256,
        )

    async def look(self, due: Sequence[DuePost]) -> Mapping[int, Look]:
        """Look at a batch (at most `BATCH` posts); returns a look for each, by the tracked post's id."""
        asked = [item for item in due if self.sees(item.post.community)]
        answer = await self.ask([item.post.fullname for item in asked])
        now = self.clock.now()
        batch = _Batch(answer, now, *await self._doubted(asked, answer, now))
        looks: dict[int, Look] = {}
        for number, item in enumerate(due):
            if number % LOOKS_A_TURN == 0:
                await asyncio.sleep(0)
            looks[item.post.id] = await self._look_at(item, batch)
        return looks

    async def _look_at(self, item: DuePost, batch: _Batch) -> Look:
        sighting = batch.answer.sightings.get(item.post.fullname)
        reading = await self._third_partys(item, batch)
        readings = [*([reading] if reading is not None else []), *await self._publics(item, reading, batch)]
        can_tell = reading is not None and reading.outcome is not Outcome.CANNOT_TELL
        return Look(tuple(readings), sighting if can_tell else None, batch.answer.retry_after_s)

    async def _third_partys(self, item: DuePost, batch: _Batch) -> Reading | None:
        """The third party's reading, with the account's status where that is worth the requests. None without a
        view.
        """
        post = item.post
        reading = (
            self.read(post.fullname, batch.answer, batch.now, post.body_sha256) if self.sees(post.community) else None
        )
        if reading is None:
            return None
        if post.id in batch.doubted:
            return no_evidence(View.THIRD_PARTY, reading.basis, batch.now, OPEN_COMMUNITY)
        if reading.found is False and post.community in batch.closed:
            return replace(reading, closure=batch.closed[post.community])
        sighting = batch.answer.sightings.get(post.fullname)
        author = post.author or (sighting.author if sighting else None)
        if author is not None and _wants_author(item, reading, batch.now):
            return replace(reading, author_status=await self.author_status(author, batch.authors, AUTHORS_A_BATCH))
        return reading

    async def _publics(self, item: DuePost, reading: Reading | None, batch: _Batch) -> Sequence[Reading]:
        public = self.public
        if public is None or batch.public_left <= 0 or not _wants_public(item, reading):
            return ()
        is_extra = reading is not None
        if is_extra and public.wait_s:
            return ()
        batch.public_left -= 1
        return await _public_look(public, item.post.permalink, batch.now, EXTRA_LOOK_S if is_extra else None)

    async def _doubted(
        self, asked: Sequence[DuePost], answer: Answer, now: datetime
    ) -> tuple[frozenset[int], Mapping[str, str]]:
        """The ids of posts that are missing from the answer without proving anything, and the closed communities.

        A missing post proves nothing when it was seen before and Reddit does not say that its community is closed. It
        is believed to be gone when it has been missing for `DOUBTED_AT_MOST`, or when nobody ever saw it.
        """
        if self.view is None or answer.problem is not None or not answer.control_live:
            return frozenset(), {}
        missing = [item for item in asked if item.post.fullname not in answer.sightings]
        there = [item for item in missing if _was_there(item.post)]
        lately = [item.post for item in there if now - _missing_since(item, now) < DOUBTED_AT_MOST]
        gated = [item.post for item in missing if item.post.state is State.GATED]
        names = list(dict.fromkeys(post.community for post in (*lately, *gated)))[:COMMUNITIES_ASKED]
        closed = {name: why for name in names if (why := await self._closure(self.view, name, now)) is not None}
        return frozenset(post.id for post in lately if post.community not in closed), closed

    async def _closure(self, view: RedditView, community: str, now: datetime) -> str | None:
        """Why the community is closed; None when it is open, and also when Reddit does not answer."""
        why, at = self._closed.get(community, (None, now))
        if why is not None and at <= now < at + CLOSED_FOR_NOW:
            return why
        self._closed.pop(community, None)
        try:
            closure = await view.closure(community)
        except UserError as error:
            log.info("community not read", extra={"problem": error.what})
            return None
        except Exception:  # a defect of one source
            log.exception("looking up a community failed")
            return None
        if closure is not None:
            self._closed[community] = closure.value, now
        return closure.value if closure is not None else None

    async def author_status(
        self, name: str, known: dict[str, AuthorStatus | None], most: int = AUTHORS_A_BATCH
    ) -> AuthorStatus | None:
        """The account as a third party sees it. `known` keeps the answers; None when it already holds `most` of
        them.
        """
        key = name.lower()
        if key not in known:
            if len(known) >= most or self.view is None:
                return None
            try:
                known[key] = await self.view.author_status(name)
            except UserError as error:
                log.info("account not read", extra={"problem": error.what})
                known[key] = AuthorStatus.CANNOT_TELL
            except Exception:
                log.exception("looking up an account failed")
                known[key] = AuthorStatus.CANNOT_TELL
        return known[key]


async def _public_look(view: PublicView, permalink: str, now: datetime, within_s: float | None) -> Sequence[Reading]:
    try:
        async with asyncio.timeout(within_s):
            return (await view.look(permalink, now),)
    except TimeoutError:
        return (no_evidence(View.ANONYMOUS, Basis.WEB, now, "The page did not answer in time."),)
    except Exception:  # it never raises for what the remote does; a defect in it must not end the batch
        log.exception("the public look failed")
        return ()


def _was_there(post: TrackedPost) -> bool:
    """True when the post's confirmed state says that Reddit had it."""
    return post.state not in (State.UNVERIFIED, State.GATED)


def _missing_since(item: DuePost, now: datetime) -> datetime:
    """When an answer first lacked the post since it was last seen; `now` when this is the first."""
    since = now
    for reading in reversed(item.history):
        if reading.view is not View.THIRD_PARTY:
            continue
        if reading.found:
            break
        if reading.found is False or reading.problem == OPEN_COMMUNITY:
            since = reading.read_at
    return since


def _wants_author(item: DuePost, reading: Reading, now: datetime) -> bool:
    """Only anomalies are worth the requests: the post does not show, or its account looked wrong before."""
    if reading.outcome is Outcome.CANNOT_TELL:
        return False
    asked = next(
        (r for r in reversed(item.history) if r.author_status is not None and r.view is View.THIRD_PARTY), None
    )
    least = LOOKED_UP_LATELY
    if not account_is_open(item.post, item.history):
        sign = sign_of(reading)
        if sign is not None and sign.state is State.DELETED:
            return False  # its author took it down, so the account explains nothing
        if reading.outcome is Outcome.VISIBLE and reading.author_present is not False:
            return False
        if asked is not None and asked.author_status is not AuthorStatus.CANNOT_TELL:
            least = SEEN_LATELY
    return asked is None or now - asked.ended_at >= least


def _wants_public(item: DuePost, reading: Reading | None) -> bool:
    """True when there is no other view, or when the third party begins to see something else than the confirmed
    state.
    """
    if reading is None:
        return True
    sign = sign_of(reading) if reading.outcome is not Outcome.CANNOT_TELL else None
    return sign is not None and sign.state is not State.LIVE and sign.state is not item.post.state
