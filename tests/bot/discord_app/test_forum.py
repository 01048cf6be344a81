"""A forum as the place of alerts, over the wire: each story is a post, and goes on in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.courier import Courier, wait_before_retry
from bot.main import Program
from core.alerts import KIND_OF, Delivery
from core.model import AlertKind, Caller, NewAlert, RemovedBy, Role, State, TrackedPost
from core.visibility.tracking import Verdict
from storage.store import Store
from tests.bot.chats import AT, on_discord
from tests.fakes.discord import OWNER, FakeDiscord
from tests.fakes.discord_people import READ_HISTORY
from tests.fakes.discord_threads import Thread
from tests.storage import world

FORUM = 950


@asynccontextmanager
async def in_forum(tmp_path: Path, **forum: Any) -> AsyncIterator[tuple[FakeDiscord, Program, Store, Caller]]:
    """A program of which Alice is an admin and whose alerts go to a forum, made as `FakeDiscord.add_forum` says."""
    async with on_discord(tmp_path) as (discord, program):
        discord.add_forum(FORUM, **forum)
        store = program.store
        assert isinstance(store, Store)
        caller = Caller("discord:500", "42", "Alice", "test")
        await store.ensure_workspace("discord:500", "discord", "Team", AT)
        await store.grant_role(caller, "42", "Alice", Role.ADMIN, AT)
        await store.set_alert_channel(caller, str(FORUM), AT)
        yield discord, program, store, caller


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
    async with in_forum(tmp_path) as (discord, program, store, caller):
        one, two = await watched(store, caller, 1), await watched(store, caller, 2)
        assert await tell(program, caller, AlertKind.POST_HELD, one, state="held", removed_by=None) == 1
        assert await tell(program, caller, AlertKind.POST_REMOVED, two) == 1
        assert await tell(program, caller, AlertKind.POST_REMOVED, one) == 1
        (first, of_one), (second, of_two) = discord.posts.items()
        assert (of_one.name, of_two.name) == ("Story 1", "Story 2")
        assert texts(discord, first) == ["Held for review · r/harbor", "Removed by its moderators · r/harbor"]
        assert texts(discord, second) == ["Removed by its moderators · r/harbor"]
        assert [post.applied_tags for post in discord.posts.values()] == [[], []]
        assert discord.seen(rf"POST /channels/{FORUM}/messages") == 1, "after one refusal it is known for a forum"


async def test_a_click_in_a_post_changes_the_alert_in_place(tmp_path: Path) -> None:
    async with in_forum(tmp_path) as (discord, program, store, caller):
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
    async with in_forum(tmp_path, tags=tags, wants_tag=True) as (discord, program, store, caller):
        assert await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 1)) == 1
        [post] = discord.posts.values()
        assert post.applied_tags == given


TAGS = {"Act now": False, "Look": False, "Good to know": False, "Shop": False}
ACT_NOW, LOOK, GOOD, SHOP = "3000", "3001", "3002", "3003"


async def stands(program: Program, caller: Caller, post: TrackedPost, state: State, minutes: int) -> int:
    """The post's state changes so many minutes after the beginning, and that is told."""
    store, at = program.store, AT + timedelta(minutes=minutes)
    assert isinstance(store, Store)
    program.services.clock.stopped_at = at  # type: ignore[attr-defined]
    known = (await store.tracked_posts_by_id(caller.workspace_id, {post.id}))[post.id]
    facts = {"community": "harbor", "title": post.title, "state": state.value, "since": at.isoformat()}
    facts |= {"previous_state": known.state.value, "previous_since": known.state_since.isoformat()}
    by = RemovedBy.MODERATORS if state is State.REMOVED else None
    news = NewAlert(KIND_OF[state], f"{state} {post.id} {at}", facts | {"removed_by": by}, post.id)
    check = replace(world.removal_check(post, at), verdict=Verdict(state, at, by, alerts=(news,)))
    await world.record(store, [check], at)
    return await deliver(program)


async def test_the_tag_of_a_story_follows_how_its_post_stands(tmp_path: Path) -> None:
    async with in_forum(tmp_path, tags=TAGS) as (discord, program, store, caller):
        post, tags = await watched(store, caller, 1), []
        for minutes, state in enumerate([State.HELD, State.REMOVED, State.LIVE, State.REMOVED, State.LIVE]):
            await stands(program, caller, post, state, minutes * 200)
            [story] = discord.posts.values()
            tags.append(story.applied_tags)
        assert tags == [[LOOK], [ACT_NOW], [GOOD], [ACT_NOW], [GOOD]]
        assert discord.refusals == []


async def test_tags_that_people_gave_a_story_stay(tmp_path: Path) -> None:
    async with in_forum(tmp_path, tags=TAGS) as (discord, program, store, caller):
        post = await watched(store, caller, 1)
        await stands(program, caller, post, State.REMOVED, 0)
        [story] = discord.posts.values()
        story.applied_tags = [ACT_NOW, SHOP]
        await stands(program, caller, post, State.LIVE, 200)
        assert story.applied_tags == [SHOP, GOOD]
        story.applied_tags = [GOOD, SHOP]
        before = discord.seen(rf"PATCH /channels/{story.id}$")
        await tell(program, caller, AlertKind.AUDIT, post, state="live", outcome="success", removed_by=None)
        assert discord.seen(rf"PATCH /channels/{story.id}$") == before, "what is so already is not asked for again"


async def test_a_story_in_an_archived_post_gets_its_tag_too(tmp_path: Path) -> None:
    async with in_forum(tmp_path, tags=TAGS) as (discord, program, store, caller):
        post = await watched(store, caller, 1)
        await stands(program, caller, post, State.REMOVED, 0)
        [story] = discord.posts.values()
        story.is_archived = True
        assert await stands(program, caller, post, State.LIVE, 200) == 0, "told without a message of its own"
        assert story.applied_tags == [GOOD]
        assert [alert.told_by for alert in await store.alerts(caller.workspace_id)] == [Delivery.UPDATE, None]


async def test_a_tag_whose_change_got_no_answer_is_changed_by_the_next_try(tmp_path: Path) -> None:
    async with in_forum(tmp_path, tags=TAGS) as (discord, program, store, caller):
        post = await watched(store, caller, 1)
        await stands(program, caller, post, State.REMOVED, 0)
        [story] = discord.posts.values()
        discord.reset(rf"PATCH /channels/{story.id}$")
        await stands(program, caller, post, State.LIVE, 200)
        [news, _] = await store.alerts(caller.workspace_id)
        assert (news.told_by, story.applied_tags) == (None, [ACT_NOW])
        assert news.next_attempt_at is not None
        program.services.clock.stopped_at = news.next_attempt_at  # type: ignore[attr-defined]
        await deliver(program)
        assert story.applied_tags == [GOOD]
        [news, _] = await store.alerts(caller.workspace_id)
        assert news.told_by is Delivery.UPDATE


async def test_where_the_bot_may_not_change_tags_the_news_come_all_the_same(tmp_path: Path) -> None:
    async with in_forum(tmp_path, tags=TAGS) as (discord, program, store, caller):
        post = await watched(store, caller, 1)
        await stands(program, caller, post, State.HELD, 0)
        [story] = discord.posts.values()
        story.owner_id = "43"
        assert await stands(program, caller, post, State.REMOVED, 200) == 1
        assert story.applied_tags == [LOOK]
        assert texts(discord, story.id)[-1] == "Removed by its moderators · r/harbor"


async def test_a_post_that_nobody_had_seen_gets_another_tag_once_it_is_seen(tmp_path: Path) -> None:
    async with in_forum(tmp_path, tags=TAGS) as (discord, program, store, caller):
        post = await watched(store, caller, 1)
        await tell(program, caller, AlertKind.LOOK_WANTED, post, state="unverified", removed_by=None)
        [story] = discord.posts.values()
        assert story.applied_tags == [LOOK]
        await stands(program, caller, post, State.LIVE, 200)
        assert story.applied_tags == [GOOD]
        assert texts(discord, story.id) == ["Live · r/harbor"]


async def test_comments_on_a_removed_post_leave_the_tag_of_its_removal(tmp_path: Path) -> None:
    async with in_forum(tmp_path, tags=TAGS) as (discord, program, store, caller):
        post = await watched(store, caller, 1)
        await stands(program, caller, post, State.REMOVED, 0)
        assert await tell(program, caller, AlertKind.POST_COMMENTED, post, new=1) == 1
        [story] = discord.posts.values()
        assert story.applied_tags == [ACT_NOW]


@pytest.mark.parametrize(("wants_tag", "given"), [(False, []), (True, ["3000"])])
async def test_a_forum_without_a_tag_for_good_news_loses_the_tag_of_the_trouble_where_it_may(
    tmp_path: Path, wants_tag: bool, given: list[str]
) -> None:
    async with in_forum(tmp_path, tags={"act now": False}, wants_tag=wants_tag) as (discord, program, store, caller):
        post = await watched(store, caller, 1)
        await stands(program, caller, post, State.REMOVED, 0)
        await stands(program, caller, post, State.LIVE, 200)
        assert [story.applied_tags for story in discord.posts.values()] == [given]


async def test_a_tag_that_was_deleted_keeps_no_story_from_being_told(tmp_path: Path) -> None:
    async with in_forum(tmp_path, tags=TAGS) as (discord, program, store, caller):
        assert await stands(program, caller, await watched(store, caller, 1), State.REMOVED, 0) == 1
        discord.add_forum(FORUM, tags={})
        assert await stands(program, caller, await watched(store, caller, 2), State.REMOVED, 1) == 1
        assert [story.applied_tags for story in discord.posts.values()] == [[ACT_NOW], []]


async def test_a_forum_that_wants_tags_only_later_is_asked_again(tmp_path: Path) -> None:
    async with in_forum(tmp_path) as (discord, program, store, caller):
        await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 1))
        discord.add_forum(FORUM, tags={"News": False}, wants_tag=True)
        assert await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 2)) == 1
        assert [post.applied_tags for post in discord.posts.values()] == [[], ["3000"]]


async def test_a_forum_whose_tags_are_for_moderators_only_refuses_and_the_owner_is_told_why(tmp_path: Path) -> None:
    async with in_forum(tmp_path, tags={"Staff": True}, wants_tag=True) as (discord, program, store, caller):
        assert await tell(program, caller, AlertKind.POST_REMOVED, await watched(store, caller, 1)) == 1
        [told] = discord.direct_messages(OWNER)
        assert "The forum wants a tag on each post, and has none that the bot may give." in told.text
        assert discord.posts == {}


async def test_after_a_lost_answer_no_second_post_is_made(tmp_path: Path) -> None:
    async with in_forum(tmp_path) as (discord, program, store, caller):
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


async def lost(discord: FakeDiscord, program: Program, caller: Caller) -> Thread:
    """A post was made, and its answer was lost; the next try is due."""
    store = program.store
    assert isinstance(store, Store)
    post = await watched(store, caller, 1)
    discord.reset(rf"POST /channels/{FORUM}/threads", after=True)
    assert await tell(program, caller, AlertKind.POST_REMOVED, post) == 0
    [alert] = await store.alerts(caller.workspace_id)
    program.services.clock.stopped_at = discord.now = AT + wait_before_retry(alert.id, 1)  # type: ignore[attr-defined]
    [made] = discord.posts.values()
    return made


async def test_a_post_whose_answer_was_lost_is_found_after_it_was_archived_and_renamed(tmp_path: Path) -> None:
    async with in_forum(tmp_path) as (discord, program, _, caller):
        made = await lost(discord, program, caller)
        made.archive(discord.now)
        made.name = "Done: Story 1"
        assert await deliver(program) == 1
        assert list(discord.posts) == [made.id]
        assert discord.seen(rf"GET /channels/{FORUM}/threads/archived/public") == 1


async def test_archived_posts_are_searched_back_to_when_the_alert_was_owed(tmp_path: Path) -> None:
    async with in_forum(tmp_path) as (discord, program, _, caller):
        made = await lost(discord, program, caller)
        made.archive(AT)
        for number in range(250):  # older ones, of which the most were archived after it
            at = AT + timedelta(minutes=150 - number)
            old = Thread(
                number, f"Old {number}", FORUM, made_at=AT - timedelta(days=9), archived_at=at, is_archived=True
            )
            discord.threads[number], discord.channels[number] = old, []
        assert await deliver(program) == 1
        assert made.id == max(discord.posts)
        assert discord.seen(rf"GET /channels/{FORUM}/threads/archived/public") == 2
        assert discord.seen(r"GET /channels/\d+/messages/\d+") == 1, "what was made before the alert cannot tell it"


async def test_where_the_bot_may_not_read_old_posts_the_alert_is_told_rather_twice_than_not(tmp_path: Path) -> None:
    async with in_forum(tmp_path) as (discord, program, _, caller):
        made = await lost(discord, program, caller)
        made.archive(discord.now)
        discord.app_permissions &= ~READ_HISTORY
        assert await deliver(program) == 1
        assert [texts(discord, post) for post in discord.posts] == [["Removed by its moderators · r/harbor"]] * 2


async def test_while_discord_does_not_list_old_posts_the_alert_waits(tmp_path: Path) -> None:
    async with in_forum(tmp_path) as (discord, program, _, caller):
        await lost(discord, program, caller)
        [made] = discord.posts.values()
        made.archive(discord.now)
        discord.fail(rf"GET /channels/{FORUM}/threads/archived/public", 503)
        assert await deliver(program) == 0
        assert len(discord.posts) == 1


async def test_a_story_whose_post_was_deleted_gets_a_new_one(tmp_path: Path) -> None:
    async with in_forum(tmp_path) as (discord, program, store, caller):
        one = await watched(store, caller, 1)
        await tell(program, caller, AlertKind.POST_HELD, one, state="held", removed_by=None)
        [first] = discord.posts
        del discord.channels[first]
        program.services.clock.stopped_at = AT + timedelta(hours=2)  # type: ignore[attr-defined]
        assert await tell(program, caller, AlertKind.POST_REMOVED, one) == 1
        assert len(discord.posts) == 2
        assert texts(discord, max(discord.posts)) == ["Removed by its moderators · r/harbor"]
