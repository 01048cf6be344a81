"""A workspace's permission: kept, replaced, ended once, and never ended by news about an older one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import NotFound
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage.world import an_installation

SLACK = Caller("slack:T1", "U1", "U1", "test")


async def test_installing_makes_the_workspace_and_is_written_down(store: Store, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        await store.workspace("slack:T1")
    new = an_installation(SLACK, clock.now())
    await store.install(SLACK, "Pots", new, clock.now())
    workspace = await store.workspace("slack:T1")
    assert (workspace.platform, workspace.name) == ("slack", "Pots")
    assert await store.installation("slack:T1") == new
    assert [entry.kind for entry in await store.journal("slack:T1")] == ["installation.install"]


async def test_an_end_takes_the_token_away_once_and_leaves_the_rest(store: Store, clock: FixedClock) -> None:
    await store.install(SLACK, "Pots", an_installation(SLACK, clock.now()), clock.now())
    other = replace(SLACK, workspace_id="slack:T2")
    await store.install(other, "Clay", an_installation(other, clock.now()), clock.now())
    await store.set_alert_channel(SLACK, "C1", clock.now())
    later = clock.advance(timedelta(hours=1))
    assert await store.end_installation(SLACK, "app_uninstalled", later, later) is True
    assert await store.end_installation(SLACK, "tokens_revoked", later, later) is False
    ended = await store.installation("slack:T1")
    assert ended is not None
    assert (ended.sealed_token, ended.ended_at, ended.end_reason) == (None, later, "app_uninstalled")
    newest, *_ = await store.journal("slack:T1")
    assert newest.kind == "installation.end"
    assert (await store.workspace("slack:T1")).alert_channel == "C1"
    still = await store.installation("slack:T2")
    assert still is not None
    assert still.sealed_token == "sealed"
    assert [one.workspace_id for one in await store.installations()] == ["slack:T1", "slack:T2"]


async def test_late_news_about_an_older_permission_leaves_the_newer_one(store: Store, clock: FixedClock) -> None:
    before = clock.now()
    await store.install(SLACK, "Pots", an_installation(SLACK, before), before)
    again = clock.advance(timedelta(minutes=5))
    await store.end_installation(SLACK, "app_uninstalled", again, again)
    newer = an_installation(SLACK, again, sealed_token="newer", installed_by="U2")
    await store.install(SLACK, "Pots and pans", newer, again)
    assert await store.end_installation(SLACK, "app_uninstalled", before, again) is False
    assert await store.installation("slack:T1") == newer
    assert (await store.workspace("slack:T1")).name == "Pots and pans"


async def test_a_workspace_without_a_permission_has_no_installation(store: Store) -> None:
    assert await store.installation("slack:T1") is None
    assert await store.installations() == []


def test_a_token_does_not_show_in_what_is_printed_of_a_permission(clock: FixedClock) -> None:
    assert "sealed-secret" not in repr(an_installation(SLACK, clock.now(), sealed_token="sealed-secret"))
