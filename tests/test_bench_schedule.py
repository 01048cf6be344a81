"""The schedule is measured on a steady state: what stands at the beginning stands, and what goes later is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bench.schedule import Size, measure_size
from bench.world import BEGIN, FORTNIGHT, Cause, make_steady_world
from core.visibility.due import SOONEST

HOURS = timedelta(hours=4)
SEED = 45  # a world of forty posts in which one is removed after six minutes


def test_at_the_beginning_of_a_steady_world_the_posts_of_a_fortnight_stand_and_as_many_come_as_leave() -> None:
    posts = make_steady_world(7, 700, FORTNIGHT / 2).posts
    before, after = ([post for post in posts if (post.posted_at <= BEGIN) is early] for early in (True, False))
    assert (len(before), len(after)) == (700, 350)
    assert {post.cause_at(BEGIN) for post in before} == {Cause.NONE}
    assert BEGIN - FORTNIGHT <= min(post.posted_at for post in before) <= BEGIN - FORTNIGHT + timedelta(days=1)
    assert BEGIN + FORTNIGHT / 2 >= max(post.posted_at for post in after) >= BEGIN + timedelta(days=6)
    assert any(post.cause_at(BEGIN + FORTNIGHT / 2) is not Cause.NONE for post in after)


def test_what_disappears_from_a_steady_world_is_told_and_equal_looks_leave_few_rows(tmp_path: Path) -> None:
    told, cost = measure_size(tmp_path, Size(40, HOURS, 15), SEED)
    assert (told.disappearances, told.told, told.false, told.missed, told.examples) == (1, 1, 0, 0, ())
    assert SOONEST / timedelta(minutes=1) <= told.median_min <= 15, "two looks that count confirm it"
    assert cost.looks > timedelta(weeks=1) / (SOONEST * 2)
    assert 0 < cost.rows < cost.looks / 100
