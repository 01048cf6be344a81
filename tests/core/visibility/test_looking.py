"""What one batch may ask for: every extra look has a cap, because the budget is shared with all others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import RemoteError, UserError
from core.model import AuthorStatus, Basis, Closure, Outcome, Reading, State, View
from core.ports import Allowance, Sighting
from core.visibility.looking import (
    AUTHORS_A_BATCH,
    BATCH,
    COMMUNITIES_ASKED,
    Answer,
    Look,
    Looking,
    _missing_since,
    _wants_author,
    _wants_public,
)
from core.visibility.readings import OPEN_COMMUNITY, body_hash, no_evidence, read_sighting
from core.visibility.tracking import DuePost
from tests.clock import FixedClock
from tests.core.visibility.world import CONTROLS, PublicWorld, World, removed, seen, sighting, tracked


def due(number: int, **changes: object) -> DuePost:
    changes = {"community": "harbor", "author": f"author_{number}", "state": State.LIVE, **changes}
    return DuePost(tracked(id=number, fullname=f"t3_{number}abc2d", **changes), ())


async def test_a_batch_looks_up_twenty_accounts_and_the_others_have_their_turn_later(clock: FixedClock) -> None:
    batch = [due(number) for number in range(AUTHORS_A_BATCH + 5)]
    gone = {d.post.fullname: removed(d.post.fullname, author=d.post.author) for d in batch}
    world = World(clock, gone, accounts={"author_3": AuthorStatus.SUSPENDED})
    looks = await Looking(clock, world, None).look(batch)
    assert world.asked_authors == [f"author_{number}" for number in range(20)]
    statuses = [looks[d.post.id].readings[0].author_status for d in batch]
    expected: list[AuthorStatus | None] = [AuthorStatus.EXISTS] * 20
    expected[3] = AuthorStatus.SUSPENDED
    assert statuses == [*expected, *[None] * 5]


async def test_a_batch_asks_for_one_public_page(clock: FixedClock) -> None:
    public = PublicWorld(Outcome.VISIBLE)
    looks = await Looking(clock, None, public).look([due(1), due(2), due(3)])
    assert [len(looks[number].readings) for number in (1, 2, 3)] == [1, 0, 0]
    assert len(public.looked) == 1


async def test_a_batch_asks_about_few_communities_and_doubts_the_posts_of_the_others(clock: FixedClock) -> None:
    world = World(clock, closed={f"place{n}" for n in range(COMMUNITIES_ASKED + 2)})
    batch = [due(n, community=f"place{n}", state_since=clock.now()) for n in range(COMMUNITIES_ASKED + 2)]
    history = (seen(clock.now() - timedelta(minutes=10)),)
    looks = await Looking(clock, world, None).look([DuePost(d.post, history) for d in batch])
    assert world.asked_communities == [f"place{n}" for n in range(COMMUNITIES_ASKED)]
    told = [looks[d.post.id].readings[0].outcome for d in batch]
    assert told == [Outcome.NOT_VISIBLE] * COMMUNITIES_ASKED + [Outcome.CANNOT_TELL] * 2


class ManyControls(World):
    async def control_candidates(self) -> Sequence[str]:
        return [f"t3_ctrl{n:02}" for n in range(1, 10)]

    async def look_up(self, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        assert len(fullnames) <= 100
        self.asked.append(tuple(fullnames))
        return {name: sighting(name) for name in fullnames}


@pytest.mark.parametrize(("posts", "controls"), [(1, 5), (95, 5), (96, 4), (97, 3), (BATCH, 2)])
async def test_a_full_batch_carries_two_controls_and_a_smaller_one_up_to_five(
    clock: FixedClock, posts: int, controls: int
) -> None:
    world = ManyControls(clock)
    names = [f"t3_{number}abc2d" for number in range(posts)]
    answer = await Looking(clock, world, None).ask(names)
    assert answer.control_live
    [asked] = world.asked
    assert asked == (*names, *[f"t3_ctrl{n:02}" for n in range(1, controls + 1)])
    assert BATCH == 98


async def test_controls_that_all_fell_are_asked_for_again(clock: FixedClock) -> None:
    world = World(clock, {"t3_1abc2d": sighting("t3_1abc2d")}, fallen=set(CONTROLS))
    looking = Looking(clock, world, None)
    await looking.ask(["t3_1abc2d"])
    world.fallen = set()
    assert (await looking.ask(["t3_1abc2d"])).control_live
    assert world.asked[-1] == ("t3_1abc2d", *CONTROLS)


async def test_a_text_that_is_another_than_the_one_seen_first_reads_as_edited(clock: FixedClock) -> None:
    as_it_is = sighting("t3_1abc2d").body
    assert as_it_is is not None
    known = [due(1, body_sha256=body_hash(as_it_is)), due(2, body_sha256="0" * 64)]
    world = World(clock, {item.post.fullname: sighting(item.post.fullname) for item in known})
    looks = await Looking(clock, world, None).look(known)
    assert [looks[item.post.id].readings[0].body_state for item in known] == ["intact", "edited"]


# ---------------------------------------------------------------- one answer

NAME = "t3_1abc2d"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def remote(*, is_hiccup: bool = False, retry_after_s: float | None = None) -> RemoteError:
    return RemoteError(
        "Reddit has trouble.", "Wait.", remote="reddit", status=503, retry_after_s=retry_after_s, is_hiccup=is_hiccup
    )


async def test_an_answer_holds_what_came_and_whether_a_control_was_live(clock: FixedClock) -> None:
    world = World(clock, {NAME: sighting(NAME)})
    controls = {name: sighting(name) for name in CONTROLS}
    assert await Looking(clock, world, None).ask([NAME]) == Answer({NAME: sighting(NAME), **controls}, True)
    world.posts |= {name: removed(name) for name in CONTROLS}
    assert (await Looking(clock, world, None).ask([NAME])).control_live is False
    world.fallen = {CONTROLS[0]}
    began = clock.now()
    assert await Looking(clock, world, None).ask([NAME]) == Answer(
        problem="Reddit's answer was incomplete.", is_hiccup=True
    )
    assert clock.now() - began == timedelta(seconds=3)


async def test_nobody_is_asked_without_a_view_or_without_posts(clock: FixedClock) -> None:
    world = World(clock)
    assert await Looking(clock, None, None).ask([NAME]) == Answer()
    assert await Looking(clock, world, None).ask([]) == Answer()
    assert world.asked == []


@pytest.mark.parametrize(
    ("trouble", "answer"),
    [
        (remote(retry_after_s=40.0), Answer(problem="Reddit has trouble.", retry_after_s=40.0)),
        (UserError("The key is wrong.", "Renew it."), Answer(problem="The key is wrong.")),
        (ValueError("a defect"), Answer(problem="The answer could not be read.")),
    ],
)
async def test_trouble_is_an_answer_that_says_why_it_is_no_evidence(
    clock: FixedClock, trouble: Exception, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    world, began = World(clock, {NAME: sighting(NAME)}, trouble=trouble), clock.now()
    with caplog.at_level(logging.INFO, "core.visibility"):
        assert await Looking(clock, world, None).ask([NAME, "t3_2abc2d"]) == answer
    assert clock.now() == began, "no hiccup: asking again at once helps nobody"
    assert [vars(line).get("posts") for line in caplog.records] == ([] if type(trouble) is UserError else [2])


@pytest.mark.parametrize(("at_once", "asks_again"), [(None, True), (1, True), (0, False)])
async def test_after_a_hiccup_it_asks_once_more_when_the_budget_allows(
    clock: FixedClock, at_once: int | None, asks_again: bool
) -> None:
    world = World(clock, {NAME: sighting(NAME)}, troubles=[remote(is_hiccup=True)])
    world.granted = Allowance(at_once, 6000.0) if at_once is not None else None
    began = clock.now()
    answer = await Looking(clock, world, None).ask([NAME])
    assert (answer.problem is None, answer.is_hiccup) == (asks_again, not asks_again)
    assert clock.now() - began == timedelta(seconds=3 if asks_again else 0)
    assert len(world.asked) == asks_again


async def test_a_second_hiccup_is_the_answer(clock: FixedClock) -> None:
    world = World(clock, {NAME: sighting(NAME)}, troubles=[remote(is_hiccup=True), remote(is_hiccup=True)])
    answer = await Looking(clock, world, None).ask([NAME])
    assert answer == Answer(problem="Reddit has trouble.", is_hiccup=True)
    assert world.asked == []


async def test_a_control_that_is_among_the_posts_is_no_control(clock: FixedClock) -> None:
    world = World(clock)
    await Looking(clock, world, None).ask([CONTROLS[0]])
    assert world.asked == [(CONTROLS[0], CONTROLS[1])]


async def test_a_control_that_fell_is_not_asked_again_as_long_as_another_stands(clock: FixedClock) -> None:
    world = World(clock, {NAME: sighting(NAME), CONTROLS[0]: removed(CONTROLS[0])})
    looking = Looking(clock, world, None)
    for _ in range(3):
        assert (await looking.ask([NAME])).control_live
    assert world.asked == [(NAME, *CONTROLS), (NAME, CONTROLS[1]), (NAME, CONTROLS[1])]


def test_an_answer_is_read_as_the_view_saw_it(clock: FixedClock) -> None:
    world, at = World(clock, basis=Basis.SAMPLE), clock.now()
    looking = Looking(clock, world, None)
    found = removed(NAME)
    whole = read_sighting(
        NAME, found, view=View.THIRD_PARTY, basis=Basis.SAMPLE, read_at=at, control_live=True, body_sha256="0" * 64
    )
    assert looking.read(NAME, Answer({NAME: found}, True), at, "0" * 64) == whole
    missing = Reading(View.THIRD_PARTY, Basis.SAMPLE, at, Outcome.NOT_VISIBLE, found=False, control_live=True)
    assert looking.read(NAME, Answer({}, True), at, None) == missing
    assert looking.read(NAME, Answer({NAME: found}, True, problem="Cut."), at, None) == no_evidence(
        View.THIRD_PARTY, Basis.SAMPLE, at, "Cut."
    )
    assert Looking(clock, None, PublicWorld()).read(NAME, Answer({NAME: found}, True), at, None) is None


def test_whether_anything_can_look_and_at_which_communities(clock: FixedClock) -> None:
    world = World(clock, elsewhere=frozenset({"harbor"}))
    both, third, public = (
        Looking(clock, world, PublicWorld()),
        Looking(clock, world, None),
        Looking(clock, None, PublicWorld()),
    )
    none = Looking(clock, None, None)
    assert [one.is_possible for one in (both, third, public, none)] == [True, True, True, False]
    assert [third.sees(name) for name in ("harbor", "other", None)] == [False, True, True]
    assert [public.sees(name) for name in ("harbor", "other", None)] == [False, False, False]


# ---------------------------------------------------------------- looks


async def test_a_look_keeps_what_was_seen_only_when_it_could_tell(clock: FixedClock) -> None:
    world = World(
        clock, {due(1).post.fullname: sighting("t3_1abc2d"), due(2).post.fullname: removed("t3_2abc2d", author=None)}
    )
    looks = await Looking(clock, world, None).look([due(1), due(2)])
    assert looks[1] == Look((looks[1].readings[0],), sighting("t3_1abc2d"), None)
    assert looks[2].sighting == removed("t3_2abc2d", author=None)
    world.trouble = remote(retry_after_s=7.0)
    blind = no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, clock.now(), "Reddit has trouble.")
    assert await Looking(clock, world, None).look([due(1), due(2)]) == {
        number: Look((blind,), None, 7.0) for number in (1, 2)
    }
    world.trouble, world.controls_gone = None, True
    world.posts["t3_1abc2d"] = sighting("t3_1abc2d", problem="Half.")
    assert (await Looking(clock, world, None).look([due(1)]))[1].sighting is None


async def test_a_post_elsewhere_is_not_asked_for_and_has_no_reading(clock: FixedClock) -> None:
    world = World(clock, {"t3_1abc2d": sighting("t3_1abc2d")}, elsewhere=frozenset({"inland"}))
    looks = await Looking(clock, world, None).look([due(1), due(2, community="inland")])
    assert [len(looks[number].readings) for number in (1, 2)] == [1, 0]
    assert world.asked == [("t3_1abc2d", *CONTROLS)]


def missing_for(clock: FixedClock, span: timedelta, **changes: object) -> DuePost:
    """Was seen before, and the answers lacked it since then."""
    now = clock.now()
    gone = seen(now - span, found=False, outcome=Outcome.NOT_VISIBLE, author_present=None, body_state=None)
    return DuePost(due(1, **changes).post, (seen(now - span - MINUTE), gone))


@pytest.mark.parametrize(
    ("span", "changes", "doubted"),
    [
        (HOUR, {}, True),
        (2 * HOUR - timedelta(seconds=1), {}, True),
        (2 * HOUR, {}, False),
        (HOUR, {"state": State.REMOVED}, True),
        (HOUR, {"state": State.UNKNOWN}, True),
        (HOUR, {"state": State.UNVERIFIED}, False),
        (HOUR, {"state": State.GATED}, False),
    ],
)
async def test_a_post_that_was_there_and_is_missing_in_an_open_community_proves_nothing_for_two_hours(
    clock: FixedClock, span: timedelta, changes: dict[str, object], doubted: bool
) -> None:
    item = missing_for(clock, span, **changes)
    looks = await Looking(clock, World(clock), None).look([item])
    missing = Reading(
        View.THIRD_PARTY, Basis.REDDIT_API, clock.now(), Outcome.NOT_VISIBLE, found=False, control_live=True
    )
    (reading,) = looks[1].readings
    if doubted:
        assert reading == no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, clock.now(), OPEN_COMMUNITY)
    else:
        assert replace(reading, author_status=None) == missing


@pytest.mark.parametrize(("state", "asked"), [(State.LIVE, True), (State.GATED, True), (State.UNVERIFIED, False)])
async def test_why_a_post_is_missing_is_asked_of_its_community_and_told(
    clock: FixedClock, state: State, asked: bool
) -> None:
    world = World(clock, closed={"harbor"})
    looks = await Looking(clock, world, None).look([missing_for(clock, HOUR, state=state)])
    assert world.asked_communities == (["harbor"] if asked else [])
    (reading,) = looks[1].readings
    assert (reading.outcome, reading.found, reading.closure) == (
        Outcome.NOT_VISIBLE,
        False,
        "private" if asked else None,
    )
    assert reading.author_status is None or not asked, "a closed community explains it"


async def test_a_community_is_asked_about_once_for_all_of_its_posts_and_not_when_the_answer_is_no_evidence(
    clock: FixedClock,
) -> None:
    world = World(clock, closed={"harbor"})
    items = [DuePost(due(n).post, missing_for(clock, HOUR).history) for n in (1, 2, 3)]
    looks = await Looking(clock, world, None).look(items)
    assert world.asked_communities == ["harbor"]
    assert [looks[n].readings[0].closure for n in (1, 2, 3)] == ["private"] * 3
    world.controls_gone = True
    looks = await Looking(clock, world, None).look(items)
    world.controls_gone, world.posts = False, {name: removed(name) for name in CONTROLS}
    await Looking(clock, world, None).look(items)
    world.posts = {item.post.fullname: sighting(item.post.fullname) for item in items}
    await Looking(clock, world, None).look(items)
    assert world.asked_communities == ["harbor"]


async def test_a_closed_community_is_not_asked_about_again_for_ten_minutes(clock: FixedClock) -> None:
    world = World(clock, closed={"harbor"})
    looking = Looking(clock, world, None)

    async def closure() -> str | None:
        looks = await looking.look([missing_for(clock, HOUR)])
        return looks[1].readings[0].closure

    assert await closure() == "private"
    world.closed.clear()
    clock.advance(timedelta(minutes=9, seconds=59))
    assert await closure() == "private"
    assert world.asked_communities == ["harbor"]
    clock.advance(timedelta(seconds=1))
    assert await closure() is None
    world.closed.add("harbor")
    assert await closure() == "private", "that it was open is not remembered"
    clock.advance(-timedelta(seconds=1))
    assert await closure() == "private"
    assert world.asked_communities == ["harbor"] * 4, "a clock that was set back remembers nothing"


@pytest.mark.parametrize("trouble", [UserError("No.", "Wait."), ValueError("a defect")])
async def test_a_community_that_cannot_be_read_counts_as_open(clock: FixedClock, trouble: Exception) -> None:
    class Silent(World):
        async def closure(self, community: str) -> Closure | None:
            raise trouble

    looks = await Looking(clock, Silent(clock, closed={"harbor"}), None).look([missing_for(clock, HOUR)])
    assert looks[1].readings[0].problem == OPEN_COMMUNITY


def history(clock: FixedClock, *steps: str) -> tuple[Reading, ...]:
    """Looks, one a minute, the last a minute ago: "gone" is missing, "open" is missing and doubted."""
    made = []
    for number, step in enumerate(steps):
        at = clock.now() - MINUTE * (len(steps) - number)
        made.append(
            {
                "seen": seen(at),
                "gone": seen(at, found=False, outcome=Outcome.NOT_VISIBLE),
                "open": no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, at, OPEN_COMMUNITY),
                "blind": no_evidence(View.THIRD_PARTY, Basis.REDDIT_API, at, "Cut."),
                "own": seen(at, view=View.AUTHOR),
            }[step]
        )
    return tuple(made)


@pytest.mark.parametrize(
    ("steps", "minutes"),
    [
        ([], 0),
        (["seen"], 0),
        (["gone"], 1),
        (["seen", "gone", "gone"], 2),
        (["seen", "open", "gone"], 2),
        (["gone", "seen", "gone"], 1),
        (["seen", "gone", "blind", "gone"], 3),
        (["seen", "gone", "blind"], 2),
        (["seen", "blind"], 0),
        (["seen", "gone", "own", "gone"], 3),
    ],
)
def test_a_post_is_missing_since_the_first_answer_without_it(clock: FixedClock, steps: list[str], minutes: int) -> None:
    item = DuePost(due(1).post, history(clock, *steps))
    assert _missing_since(item, clock.now()) == clock.now() - MINUTE * minutes


# ---------------------------------------------------------------- extra looks

LOOK_AT_IT: dict[str, Any] = {"outcome": Outcome.NOT_VISIBLE, "category": "moderator", "indexable": False}


@pytest.mark.parametrize(
    ("asked", "ago", "reading", "wants"),
    [
        (None, HOUR, {}, False),
        (None, HOUR, LOOK_AT_IT, True),
        (None, HOUR, {"author_present": False}, True),
        (None, HOUR, {"author_present": None}, False),
        (None, HOUR, {**LOOK_AT_IT, "category": "deleted"}, False),
        (None, HOUR, {"outcome": Outcome.CANNOT_TELL, "author_present": False}, False),
        (AuthorStatus.EXISTS, 12 * HOUR, LOOK_AT_IT, True),
        (AuthorStatus.EXISTS, 12 * HOUR - MINUTE, LOOK_AT_IT, False),
        (AuthorStatus.CANNOT_TELL, 10 * MINUTE, LOOK_AT_IT, True),
        (AuthorStatus.CANNOT_TELL, 9 * MINUTE, LOOK_AT_IT, False),
        (AuthorStatus.SUSPENDED, 10 * MINUTE, {}, True),
        (AuthorStatus.SUSPENDED, 9 * MINUTE, {}, False),
        (AuthorStatus.EXISTS, 12 * HOUR, {}, False),
    ],
)
def test_an_account_is_asked_about_when_something_is_odd_and_not_too_often(
    clock: FixedClock, asked: AuthorStatus | None, ago: timedelta, reading: dict[str, Any], wants: bool
) -> None:
    now = clock.now()
    earlier = [seen(now - ago, author_status=asked), seen(now - MINUTE)]
    own = seen(now - MINUTE, view=View.AUTHOR, author_status=AuthorStatus.EXISTS)
    item = DuePost(due(1).post, (*earlier, own))
    assert _wants_author(item, seen(now, **reading), now) is wants


def test_a_hidden_account_is_asked_about_every_ten_minutes(clock: FixedClock) -> None:
    now = clock.now()
    for state in (State.SHADOWBANNED, State.SUSPENDED):
        post = due(1, state=state).post
        assert _wants_author(DuePost(post, ()), seen(now), now)
        for minutes, wants in ((9, False), (10, True)):
            joined = seen(now - HOUR, last_read_at=now - MINUTE * minutes, times=9, author_status=AuthorStatus.MISSING)
            assert _wants_author(DuePost(post, (joined,)), seen(now), now) is wants


@pytest.mark.parametrize(
    ("state", "reading", "wants"),
    [
        (State.LIVE, {}, False),
        (State.LIVE, LOOK_AT_IT, True),
        (State.REMOVED, LOOK_AT_IT, False),
        (State.HELD, LOOK_AT_IT, True),
        (State.REMOVED, {}, False),
        (State.LIVE, {**LOOK_AT_IT, "outcome": Outcome.CANNOT_TELL}, False),
        (State.UNVERIFIED, {"author_present": None}, False),
    ],
)
async def test_a_logged_out_look_is_taken_beside_one_that_begins_to_see_something_else(
    clock: FixedClock, state: State, reading: dict[str, Any], wants: bool
) -> None:
    item = due(1, state=state)
    assert _wants_public(item, seen(clock.now(), **reading)) is wants
    assert _wants_public(item, None)


@pytest.mark.parametrize(("wait_s", "readings"), [(0.0, 2), (4.0, 1)])
async def test_an_extra_logged_out_look_is_taken_only_when_it_need_not_wait(
    clock: FixedClock, wait_s: float, readings: int
) -> None:
    public = PublicWorld(wait_s=wait_s)
    world = World(clock, {"t3_1abc2d": removed("t3_1abc2d")})
    looks = await Looking(clock, world, public).look([due(1)])
    assert [r.view for r in looks[1].readings] == [View.THIRD_PARTY, View.ANONYMOUS][:readings]
    assert public.looked == [due(1).post.permalink] * (readings - 1)
    alone = PublicWorld(Outcome.VISIBLE, wait_s=wait_s)
    looks = await Looking(clock, None, alone).look([due(1)])
    assert looks[1] == Look((Reading(View.ANONYMOUS, Basis.WEB, clock.now(), Outcome.VISIBLE),))


async def test_one_extra_look_is_taken_for_a_batch_at_the_first_post_that_wants_it(clock: FixedClock) -> None:
    public = PublicWorld()
    names = ("t3_1abc2d", "t3_2abc2d", "t3_3abc2d")
    world = World(clock, {names[0]: sighting(names[0]), **{name: removed(name) for name in names[1:]}})
    looks = await Looking(clock, world, public).look([due(n) for n in (1, 2, 3)])
    assert [len(looks[n].readings) for n in (1, 2, 3)] == [1, 2, 1]


async def test_a_page_that_does_not_answer_in_time_is_no_evidence_and_a_defect_is_nothing(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.visibility.looking.EXTRA_LOOK_S", 0.01)
    world = World(clock, {"t3_1abc2d": removed("t3_1abc2d")})
    hanging = PublicWorld(hangs=True)
    looks = await Looking(clock, world, hanging).look([due(1)])
    assert looks[1].readings[1:] == (
        no_evidence(View.ANONYMOUS, Basis.WEB, clock.now(), "The page did not answer in time."),
    )

    class Broken(PublicWorld):
        async def look(self, permalink: str, now: datetime) -> Reading:
            raise ValueError("a defect")

    assert (await Looking(clock, None, Broken()).look([due(1)]))[1] == Look(())


async def test_only_a_page_that_is_looked_at_beside_another_view_has_to_hurry(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.visibility.looking.EXTRA_LOOK_S", 0.0)

    class Late(PublicWorld):
        async def look(self, permalink: str, now: datetime) -> Reading:
            for _ in range(5):
                await asyncio.sleep(0)  # gives up its turn; a deadline that has passed ends it here
            return Reading(View.ANONYMOUS, Basis.WEB, now, Outcome.VISIBLE)

    alone = await Looking(clock, None, Late()).look([due(1)])
    assert [reading.outcome for reading in alone[1].readings] == [Outcome.VISIBLE]
    world = World(clock, {"t3_1abc2d": removed("t3_1abc2d")})
    beside = await Looking(clock, world, Late()).look([due(1)])
    assert [reading.problem for reading in beside[1].readings] == [None, "The page did not answer in time."]


async def test_an_account_is_looked_up_once_whatever_the_case_of_its_name(clock: FixedClock) -> None:
    world = World(clock, accounts={"Alice": AuthorStatus.SUSPENDED})
    looking, known = Looking(clock, world, None), dict[str, AuthorStatus | None]()
    assert await looking.author_status("Alice", known) is AuthorStatus.SUSPENDED
    assert await looking.author_status("ALICE", known, 1) is AuthorStatus.SUSPENDED
    assert await looking.author_status("bob", known, 1) is None
    assert await looking.author_status("bob", known, 2) is AuthorStatus.EXISTS
    assert known == {"alice": AuthorStatus.SUSPENDED, "bob": AuthorStatus.EXISTS}
    assert world.asked_authors == ["Alice", "bob"]
    assert await Looking(clock, None, None).author_status("alice", {}) is None
    for trouble in (UserError("No.", "Wait."), ValueError("a defect")):
        world.trouble, known = trouble, {}
        assert await looking.author_status("carol", known) is AuthorStatus.CANNOT_TELL
        assert known == {"carol": AuthorStatus.CANNOT_TELL}


async def test_a_post_whose_author_was_not_known_is_looked_up_by_the_name_it_shows(clock: FixedClock) -> None:
    world = World(clock, {"t3_1abc2d": removed("t3_1abc2d", author="shown_now")})
    await Looking(clock, world, None).look([due(1, author=None)])
    world.posts["t3_1abc2d"] = removed("t3_1abc2d", author=None)
    await Looking(clock, world, None).look([due(1, author=None)])
    assert world.asked_authors == ["shown_now"]
