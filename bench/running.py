"""Runs the product over a simulated world, from one due time to the next, on the sweep's ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from bench.ancestor import Ancestor
from bench.needless import Told
from bench.recorder import Recorder
from bench.world import BEGIN, Faults, SimulatedReddit, World, WorldPost
from core.errors import RemoteError
from core.ports import Sighting
from core.schedule import SWEEP_EVERY_S
from storage.store import Store
from tests.clock import FixedClock
from tests.watch import Watch

LEFT_AT_MOST = timedelta(hours=7)  # what a short budget leaves: after an hour, the calmest posts come before all others


@dataclass(frozen=True, slots=True)
class Run:
    faults: Faults
    view: SimulatedReddit
    product: Recorder
    ancestors: tuple[Ancestor, Ancestor]
    until: datetime
    audits: Sequence[Told] = ()


async def watch(
    world: World,
    faults: Faults,
    store: Store,
    until: datetime,
    standing: Sequence[tuple[int, WorldPost, datetime]] = (),
) -> Run:
    """Watch from `BEGIN` to `until`. Posts register themselves, except those that are `standing` in the store already:
    the number there, the post, and when it is due.
    """
    clock = FixedClock(BEGIN)
    ancestors = Ancestor(world, anonymous=False), Ancestor(world, anonymous=True)

    def heard(names: Sequence[str], now: datetime, answer: Mapping[str, Sighting] | RemoteError) -> None:
        for ancestor in ancestors:
            ancestor.heard(names, now, answer)

    view = SimulatedReddit(world, faults, clock, heard)
    product = Recorder(store, world)
    sweeping = Watch(cast(Store, product), clock, view).sweeping
    for number, post, due_at in standing:
        product.knows(number, post, due_at)
    known = {post.number for _, post, _ in standing}
    coming = (post for post in world.posts if post.number not in known)
    following = next(coming, None)
    due_since: dict[int, datetime] = {}
    while True:
        next_at = product.next_due_at()
        times = [next_at] if next_at is not None else []
        times += [following.registered_at] if following is not None else []
        if not times or min(times) > until:
            break
        ticks = -(-(min(times) - BEGIN) // timedelta(seconds=SWEEP_EVERY_S))
        at = max(BEGIN + timedelta(seconds=SWEEP_EVERY_S * ticks), clock.now())
        clock.advance(at - clock.now())
        while following is not None and following.registered_at <= at:
            await product.register(following, at)
            following = next(coming, None)
        expected = product.take_due(at)
        product.recorded.clear()
        await sweeping.sweep("bench")
        for number in expected - product.recorded:  # the budget was short: they are still due at the next tick
            if at - due_since.setdefault(number, at) > LEFT_AT_MOST:
                raise RuntimeError(f"post {number} is due since {due_since[number]} and was not checked by {at}")
            product.is_due(number, at + timedelta(seconds=SWEEP_EVERY_S))
        for number in product.recorded:
            due_since.pop(number, None)
    return Run(faults, view, product, ancestors, until)
