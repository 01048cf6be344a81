"""A forum as the place of alerts, over the wire: each story is a post, and goes on in it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.courier import Courier, wait_before_retry
from bot.main import Program
from core.model import AlertKind, Caller, NewAlert, Role, TrackedPost
from storage.store import Store
from tests.bot.chats import AT, on_discord
from tests.fakes.discord import OWNER, FakeDiscord
from tests.storage import world

FORUM = 950


async def prepared(program: Program) -> tuple[Store, Caller]:
    store = program.store
    assert isinstance(store, Store)
    caller = Caller("discord:500", "42", "Alice", "test")
    await store.ensure_workspace("discord:500", "discord", "Team", AT)
    await store.grant_role(caller, "42", "Alice", Role.ADMIN, AT)
    await store.set_alert_channel(caller, str(FORUM), AT)
    return store, caller


async def watched(store: Store, caller: Caller, number: int) -> TrackedPost:
    return await store.register_post(caller, world.to_register(f"t3_{number}abc", AT, title=f"Story {number}"), AT)


async def tell(program: Program, caller: Caller, kind: AlertKind, post: TrackedPost, **facts: Any) -> int:
    store = program.store
    assert isinstance(store, Store)
    known = {"community": "harbor", "title": post.title, "state": "removed", "removed_by": "moderators"}
    alert = NewAlert(kind, f"{kind}{post.id}", {**known, "since": AT.isoformat(), **facts}, post.id)
    await store.owe_alert(caller, alert, program.services.clock.now())
    return await deliver(program)


async def deliver(program: Program) -> int:
    return await Courier(program.store, program.services.clock, program.front_ends, "test").deliver_due()


def texts(discord: FakeDiscord, post: int) -> list[str]:
    return [message.text.partition("\n")[0].removeprefix("### ") for message in discord.channels[post]]


async def test_each_story_is_a_post_named_after_it_and_goes_on_in_that_post(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.add_forum(FORUM)
        store, caller = await prepared(program)
        one, two = await watched(store, caller, 1), await watched(store, caller, 2)
        assert await tell(program, caller, AlertKind.POST_HELD, one, state="held", removed_by=None) == 1
        assert await tell(program, caller, AlertKind.POST_REMOVED, two) == 1
        assert await tell(program, caller, AlertKind.POST_REMOVED, one) == 1
        (first, of_one), (second, of_two) = discord.posts.items()
        assert (of_one["name"], of_two["name"]) == ("Story 1", "Story 2")
        assert texts(discord, first) == ["Held for review · r/harbor", "Removed by its moderators · r/harbor"]
        assert texts(discord, second) == ["Removed by its moderators · r/harbor"]
        assert [post["applied_tags"] for post in discord.posts.values()] == [[], []]
        assert discord.seen(rf"POST /channels/{FORUM}/messages") == 1, "after one refusal it is known for a forum"


async def test_a_click_in_a_post_changes_the_alert_in_place(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.add_forum(FORUM)
        store, caller = await prepared(program)
        await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 1))
        [post] = discord.posts
        [message] = discord.channels[post]
        await discord.click(message, "Snooze")
        await discord.until(lambda: "Snoozed until" in message.text)


@pytest.mark.parametrize(
    ("tags", "given"),
    [
        ({"Look": False, "Act now": False}, ["3001"]),
        ({"Staff": True, "News": False, "Other": False}, ["3001"]),
    ],
    ids=["a tag of this name", "else the first that everybody may give"],
)
async def test_a_forum_that_wants_tags_gets_one(tmp_path: Path, tags: dict[str, bool], given: list[str]) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.add_forum(FORUM, tags=tags, wants_tag=True)
        store, caller = await prepared(program)
        assert await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 1)) == 1
        [post] = discord.posts.values()
        assert post["applied_tags"] == given


async def test_a_forum_that_wants_tags_only_later_is_asked_again(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.add_forum(FORUM)
        store, caller = await prepared(program)
        await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 1))
        discord.add_forum(FORUM, tags={"News": False}, wants_tag=True)
        assert await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 2)) == 1
        assert [post["applied_tags"] for post in discord.posts.values()] == [[], ["3000"]]


async def test_a_forum_whose_tags_are_for_moderators_only_refuses_and_the_owner_is_told_why(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.add_forum(FORUM, tags={"Staff": True}, wants_tag=True)
        store, caller = await prepared(program)
        assert await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 1)) == 1
        [told] = discord.direct_messages(OWNER)
        assert "The forum wants a tag on each post, and has none that the bot may give." in told.text
        assert discord.posts == {}


async def test_after_a_lost_answer_no_second_post_is_made(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.add_forum(FORUM)
        store, caller = await prepared(program)
        await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 1))
        discord.reset(rf"POST /channels/{FORUM}/threads", after=True)
        # Another story with the same name, so that the name alone does not find it.
        other = await store.register_post(caller, world.to_register("t3_9abc", AT, title="Story 1"), AT)
        assert await tell(program, caller, AlertKind.POST_REMOVED, other) == 0
        assert len(discord.posts) == 2
        [alert, _] = await store.alerts(caller.workspace_id)
        program.services.clock.stopped_at = AT + wait_before_retry(alert.id, 1)  # type: ignore[attr-defined]
        assert await deliver(program) == 1
        assert len(discord.posts) == 2
        await tell(program, caller, AlertKind.POST_LOCKED, other, state="removed")
        newest = max(discord.posts)
        assert texts(discord, newest) == ["Removed by its moderators · r/harbor", "Locked · r/harbor"]


async def test_a_story_whose_post_was_deleted_gets_a_new_one(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        discord.add_forum(FORUM)
        store, caller = await prepared(program)
        one = await watched(store, caller, 1)
        await tell(program, caller, AlertKind.POST_HELD, one, state="held", removed_by=None)
        [first] = discord.posts
        del discord.channels[first]
        program.services.clock.stopped_at = AT + timedelta(hours=2)  # type: ignore[attr-defined]
        assert await tell(program, caller, AlertKind.POST_REMOVED, one) == 1
        assert len(discord.posts) == 2
        assert texts(discord, max(discord.posts)) == ["Removed by its moderators · r/harbor"]
