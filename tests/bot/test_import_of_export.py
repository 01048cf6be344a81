"""An export of this program, read back by an import: every post comes back as it was kept."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.data import Rows, new_folder, write_tables
from core.collecting.files import FileSource
from core.collecting.runs import Funnel
from core.model import Basis, Caller, CollectedPost
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

AT = datetime(2026, 3, 8, 20, tzinfo=UTC)
# What is kept of a collected post; posts that stand above the ranking are not kept at all.
KEPT = {field.name for field in fields(CollectedPost)} - {"distinguished", "stickied", "locked"}
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)
ODD = st.sampled_from(
    [
        "None",
        "NULL",
        "N/A",
        "=1+1",
        "'=1+1",
        "''-x",
        "-5",
        "+",
        "@name",
        "\tx",
        "\rx",
        "&amp;",
        "&#x200B;",
        'a "b"',
        "\\N",
    ]
)
TIMES = st.integers(0, 10**15).map(
    lambda microseconds: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds) / 4
)
COUNTS = st.none() | st.integers(-(2**31) + 1, 2**31 - 1)
POSTS = st.builds(
    CollectedPost,
    reddit_id=st.just("1abc2d"),
    community=st.sampled_from(["pottery", "u_clay-person"]),
    title=TEXT.filter(bool) | ODD,
    body=TEXT | ODD,
    author=st.none() | st.sampled_from(["None", "null", "-dash-", "clay_person"]),
    created_at=TIMES,
    score=COUNTS,
    upvote_ratio=st.none() | st.floats(0, 1),
    num_comments=st.none() | st.integers(0, 2**31 - 1),
    flair=st.none() | TEXT.filter(bool) | ODD,
    url=st.none() | st.just("https://example.com/?a=1&amp;b=2"),
    is_self=st.none() | st.booleans(),
    over_18=st.booleans(),
    removed_by_category=st.none() | st.sampled_from(["moderator", "unknown", "automod_filtered"]),
    score_at=st.none() | TIMES,
    found_in=st.none() | st.sampled_from(["new#1", "top:year#12", "file"]),
    time_is_exact=st.booleans(),
).map(lambda post: replace(post, url=None) if post.is_self else post)  # a text post points nowhere


def write_export(rows: Rows, folder: Path) -> Path:
    with new_folder(folder) as new:
        write_tables(rows, new.half)
    return new.final


def exported(post: CollectedPost, number: int = 4321) -> Mapping[str, Any]:
    """A row of the export, as the store gives it."""
    kept = {name: value for name, value in asdict(post).items() if name in KEPT}
    times = {name: value.isoformat() for name, value in kept.items() if isinstance(value, datetime)}
    own = {"id": number, "workspace_id": "terminal:local", "basis": "file", "collected_at": AT.isoformat()}
    return {**own, **kept, **times, "purged_at": None}


async def read_back(path: Path) -> list[CollectedPost]:
    return [post async for batch in FileSource([path]).collect() for post in batch.posts]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@given(post=POSTS)
async def test_every_field_of_a_post_comes_back_as_it_was_kept(form: str, post: CollectedPost) -> None:
    other = CollectedPost("1zzzz9", "pottery", "Another", "with a text", None, AT)
    with tempfile.TemporaryDirectory() as folder:
        written = write_export({"posts": [exported(post), exported(other, 5432)]}, Path(folder) / "out")
        assert await read_back(written / f"posts.{form}") == [post, other]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
async def test_posts_of_a_workspace_come_back_whole_from_its_export(
    store: Store, caller: Caller, clock: FixedClock, tmp_path: Path, form: str
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["harbor"], clock.now())
    posts = [
        world.collected(
            f"post{n}", clock.now(), is_self=(True, False, None)[n % 3], score_at=clock.now() - timedelta(n)
        )
        for n in range(40)
    ]
    await store.add_posts(caller, run.id, posts, Funnel(found=40), clock.now())
    written = write_export(await store.export_rows(caller.workspace_id), tmp_path / "out")
    assert sorted(await read_back(written / f"posts.{form}"), key=lambda post: post.reddit_id) == sorted(
        posts, key=lambda post: post.reddit_id
    )
