"""What one batch may ask for: every extra look has a cap, because the budget is shared with all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from core.model import AuthorStatus, Outcome, State
from core.ports import Sighting
from core.visibility.looking import AUTHORS_A_BATCH, BATCH, COMMUNITIES_ASKED, Looking
from core.visibility.readings import body_hash
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
