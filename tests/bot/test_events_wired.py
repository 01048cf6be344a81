"""One event, one message, on both chats, over the wire: posts that go together, and an account's first sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.courier import Courier
from bot.main import Program
from core.alerts import Delivery, Severity, severity
from core.events import event_of
from core.model import AlertKind, Caller, NewAlert, RemovedBy, Role, State, TrackedPost
from core.visibility.tracking import Verdict
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack
from tests.fakes.discord import CHANNEL
from tests.storage import world

MINUTE = timedelta(minutes=1)


async def prepared(program: Program, workspace_id: str, channel: str) -> tuple[Store, Caller]:
    store, platform = program.store, workspace_id.partition(":")[0]
    assert isinstance(store, Store)
    caller = Caller(workspace_id, "42" if platform == "discord" else "U1", "Alice", "test")
    await store.ensure_workspace(workspace_id, platform, "Team", AT)
    await store.grant_role(caller, caller.member_id, "Alice", Role.ADMIN, AT)
    await store.set_alert_channel(caller, channel, AT)
    return store, caller


async def watched(store: Store, caller: Caller, number: int, **changes: Any) -> TrackedPost:
    new = world.to_register(f"t3_{number}abc", AT, title=f"Story {number}", **changes)
    return await store.register_post(caller, new, AT)


async def told(
    program: Program, post: TrackedPost, kind: AlertKind, at: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    """An alert about a post is owed and delivered `at` that time."""
    program.services.clock.stopped_at = at  # type: ignore[attr-defined]
    state = {AlertKind.POST_REMOVED: State.REMOVED, AlertKind.POST_LIVE: State.LIVE}.get(kind, State.SHADOWBANNED)
    known = {
        "post_id": post.id,
        "community": post.community,
        "title": post.title,
        "author": post.author,
        "registered_by": "Alice",
        "state": state.value,
        "previous_state": "removed" if kind is AlertKind.POST_LIVE else "live",
        "previous_since": AT.isoformat(),
        "removed_by": RemovedBy.MODERATORS.value if state is State.REMOVED else None,
        "since": at.isoformat(),
        "confidence": "high",
        **(facts or {}),
    }
    alert = NewAlert(kind, f"{kind}:{post.id}:{at}", known, post.id, event=event_of(kind, known))
    by = RemovedBy(known["removed_by"]) if known["removed_by"] else None
    verdict = Verdict(state, at, by, alerts=(alert,))
    await world.record(program.store, [replace(world.removal_check(post, at), verdict=verdict)], at)
    await Courier(program.store, program.services.clock, program.front_ends, "test").deliver_due()


async def test_three_removals_at_once_are_one_message_on_slack_that_lists_them(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        posts = [await watched(store, caller, number) for number in (1, 2, 3)]
        for minute, post in enumerate(posts, 1):
            await told(program, post, AlertKind.POST_REMOVED, AT + MINUTE * minute)
        assert len(slack.called("chat.postMessage")) == 1
        message = await slack.said("3 posts removed by their moderators · r/harbor")
        for number in (1, 2, 3):
            assert f"Story {number}" in message.words
        assert [alert.told_by for alert in await store.alerts(caller.workspace_id)] == [
            Delivery.UPDATE,
            Delivery.UPDATE,
            None,
        ]

        await told(program, posts[1], AlertKind.POST_LIVE, AT + MINUTE * 60)
        assert "1 of 3 can be seen again" in message.words
        for minute, post in ((61, posts[0]), (62, posts[2])):
            await told(program, post, AlertKind.POST_LIVE, AT + MINUTE * minute)
        assert "3 posts visible again · r/harbor" in message.words
        assert len(slack.called("chat.postMessage")) == 1


HELD = {"state": "held", "removed_by": None}


async def test_the_removal_of_a_held_post_is_a_new_message_because_an_edit_wakes_nobody(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        post = await watched(store, caller, 1)
        await told(program, post, AlertKind.POST_HELD, AT + MINUTE, HELD)
        await told(program, post, AlertKind.POST_REMOVED, AT + MINUTE * 120)
        held, gone = slack.called("chat.postMessage")
        first = await slack.said("Held for review")
        assert "thread_ts" not in held
        assert (gone["thread_ts"], gone["reply_broadcast"]) == (first.ts, True), "in its thread, and in the channel"
        before, after = [severity(alert.kind, alert.facts) for alert in (await store.alerts(caller.workspace_id))[::-1]]
        assert (before, after) == (Severity.LOOK, Severity.ACT_NOW)


def closing(posts: Sequence[TrackedPost]) -> dict[str, Any]:
    its = {"community_posts": len(posts), "community_post_ids": [post.id for post in posts], "closure": "private"}
    return {"state": "gated", "removed_by": None, **its}


async def test_on_discord_one_press_on_the_news_of_a_closing_stops_its_posts_and_stands_on_it(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        store, caller = await prepared(program, "discord:500", str(CHANNEL))
        posts = [await watched(store, caller, number) for number in (1, 2)]
        await told(program, posts[0], AlertKind.POST_GATED, AT + MINUTE, closing(posts))
        [message] = [m for m in discord.channels[CHANNEL] if m.nonce]
        assert "Story 1\n" in message.text
        assert "Story 2" in message.text
        pressed = await discord.click(message, "Stop watching")
        await pressed.until_shown("2 posts in r/harbor no longer watched")
        await discord.until(lambda: "2 of 2 no longer watched" in message.text)
        assert "No longer watched, stopped by Alice" in message.text
        assert [post.is_watched for post in await store.tracked_posts(caller.workspace_id)] == [False, False]


async def test_on_slack_one_press_on_the_news_of_a_closing_stops_its_posts_and_stands_on_it(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        posts = [await watched(store, caller, number) for number in (1, 2)]
        await told(program, posts[0], AlertKind.POST_GATED, AT + MINUTE, closing(posts))
        message = await slack.said("r/harbor is private now")
        assert "Story 2" in message.words
        await slack.click(message, "Stop watching", user="U1")
        await slack.until(lambda: "2 of 2 no longer watched" in message.words)
        assert [post.is_watched for post in await store.tracked_posts(caller.workspace_id)] == [False, False]


async def of_three_people(store: Store, caller: Caller, ids: Sequence[str]) -> list[TrackedPost]:
    """A post of each of three members; the second one's text was approved by the third."""
    people = [replace(caller, member_id=member, name=name) for member, name in zip(ids, NAMES, strict=True)]
    for one in people[1:]:
        await store.grant_role(caller, one.member_id, one.name, Role.APPROVER, AT)
    campaign = await world.make_campaign(store, caller, AT)
    draft = await world.make_approved_draft(store, people[2], campaign.id, AT)
    made = zip(people, (1, 2, 3), (None, draft.id, None), strict=True)
    return [await watched(store, one, number, draft_id=text) for one, number, text in made]


NAMES = ("Alice", "Bob", "Cem")


async def test_on_discord_the_news_of_a_closing_calls_each_person_whom_it_concerns_once(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        store, caller = await prepared(program, "discord:500", str(CHANNEL))
        posts = await of_three_people(store, caller, ["42", "43", "44"])
        await told(program, posts[0], AlertKind.POST_GATED, AT + MINUTE, closing(posts))
        [message] = [m for m in discord.channels[CHANNEL] if m.nonce]
        assert message.text.splitlines()[-1] == "**For** <@42>, <@43>, <@44>"
        assert [str(one) for one in message.body["allowed_mentions"]["users"]] == ["42", "43", "44"]


async def test_on_slack_the_news_of_a_wave_calls_each_person_whom_it_concerns_once(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        posts = await of_three_people(store, caller, ["U1", "U2", "U3"])
        alerts = []
        for post in posts[1:]:
            facts = {"post_id": post.id, "author": f"maker_{post.id}", "registered_by": post.registered_by}
            facts |= {"community": "harbor", "state": "suspended", "since": AT.isoformat()}
            event = event_of(AlertKind.ACCOUNT_SUSPENDED, facts)
            alerts.append(NewAlert(AlertKind.ACCOUNT_SUSPENDED, f"suspended:{post.id}", facts, post.id, event=event))
        checks = [world.removal_check(post, AT) for post in posts[1:]]
        owed = [
            replace(check, verdict=replace(check.verdict, alerts=(alert,)))
            for check, alert in zip(checks, alerts, strict=True)
        ]
        await world.record(program.store, owed, AT)
        await Courier(program.store, program.services.clock, program.front_ends, "test").deliver_due()
        message = await slack.said("2 accounts are suspended")
        [sent] = [call for call in slack.called("chat.postMessage") if call["channel"] == "C1"]
        named = [
            one for block in sent["blocks"] for part in block.get("elements", []) for one in part.get("elements", [])
        ]
        assert [one["user_id"] for one in named if one["type"] == "user"] == ["U2", "U3"]
        assert "u/maker_3" in message.words


async def test_a_removal_hours_later_or_elsewhere_is_a_message_of_its_own(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        first, late = await watched(store, caller, 1), await watched(store, caller, 2)
        elsewhere = await watched(store, caller, 3, community="kites")
        await told(program, first, AlertKind.POST_REMOVED, AT + MINUTE)
        await told(program, elsewhere, AlertKind.POST_REMOVED, AT + MINUTE * 2)
        await told(program, late, AlertKind.POST_REMOVED, AT + MINUTE * 40)
        assert len(slack.called("chat.postMessage")) == 3


async def test_on_discord_the_alert_of_a_filter_turns_into_that_of_the_shadowban(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        store, caller = await prepared(program, "discord:500", str(CHANNEL))
        post = await watched(store, caller, 1)
        by_filter = {"removed_by": RemovedBy.REDDIT_FILTERS.value}
        await told(program, post, AlertKind.POST_REMOVED, AT + MINUTE, by_filter)
        [message] = [m for m in discord.channels[CHANNEL] if m.nonce]
        assert "Removed by Reddit's filters" in message.text
        await told(program, post, AlertKind.ACCOUNT_SHADOWBANNED, AT + MINUTE * 45, {"removed_by": None, "posts": 1})
        assert [m for m in discord.channels[CHANNEL] if m.nonce] == [message], "one story, one message"
        assert "u/invented_author is shadowbanned" in message.text
        assert "Removed by Reddit's filters" not in message.text
        await discord.click(message, "Details")
        assert "u/invented_author is shadowbanned" in message.text, "a click keeps what it shows"

        back = {"removed_by": None, "restored": True, "hidden_for_s": 3600 * 5}
        await told(program, post, AlertKind.ACCOUNT_SHADOWBANNED, AT + MINUTE * 345, back)
        await told(program, post, AlertKind.ACCOUNT_SHADOWBANNED, AT + MINUTE * 400, {"removed_by": None, "posts": 1})
        sent = [m.text for m in discord.channels[CHANNEL] if m.nonce]
        assert len(sent) == 3, "the all-clear is a message, and so is what comes after it"
        assert "It was hidden for 5 h" in sent[1]


async def test_accounts_banned_in_one_wave_are_one_message_that_names_them(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        for number, author in enumerate(("maker_one", "maker_two"), 1):
            post = await watched(store, caller, number, author=author)
            await told(program, post, AlertKind.ACCOUNT_SUSPENDED, AT + MINUTE * number * 5, {"state": "suspended"})
        assert len(slack.called("chat.postMessage")) == 1
        message = await slack.said("2 accounts are suspended")
        assert "u/maker_one" in message.words
        assert "u/maker_two" in message.words


async def test_a_lock_that_comes_and_goes_is_one_message_with_how_often(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        post = await watched(store, caller, 1)
        for hour in (1, 3, 6):
            await told(program, post, AlertKind.POST_LOCKED, AT + MINUTE * 60 * hour, {"state": "live"})
        assert len(slack.called("chat.postMessage")) == 1
        assert "3 times since" in (await slack.said("Locked · r/harbor")).words


async def test_an_event_whose_message_was_deleted_is_told_whole_in_a_new_one(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        first, second = await watched(store, caller, 1), await watched(store, caller, 2)
        await told(program, first, AlertKind.POST_REMOVED, AT + MINUTE)
        slack.fail("chat.update", "message_not_found")
        await told(program, second, AlertKind.POST_REMOVED, AT + MINUTE * 2)
        assert len(slack.called("chat.postMessage")) == 2
        assert "Story 1" in (await slack.said("2 posts removed by their moderators")).words


@pytest.mark.parametrize("is_snoozed", [False, True])
async def test_what_waits_for_the_same_event_is_told_by_its_first_message(tmp_path: Path, is_snoozed: bool) -> None:
    async with on_slack(tmp_path) as (slack, program):
        store, caller = await prepared(program, "slack:T1", "C1")
        posts = [await watched(store, caller, number) for number in (1, 2, 3)]
        if is_snoozed:
            await store.snooze_post(caller, posts[2].id, AT + MINUTE * 600, AT)
        checks = []
        for post in posts:
            facts = {"post_id": post.id, "title": post.title, "registered_by": "Alice", "removed_by": "moderators"}
            facts |= {"community": "harbor", "author": "invented_author", "state": "removed", "since": AT.isoformat()}
            event = event_of(AlertKind.POST_REMOVED, facts)
            alert = NewAlert(AlertKind.POST_REMOVED, f"removed:{post.id}", facts, post.id, event=event)
            check = world.removal_check(post, AT)
            checks.append(replace(check, verdict=replace(check.verdict, alerts=(alert,))))
        await world.record(program.store, checks, AT)
        delivered = await Courier(program.store, program.services.clock, program.front_ends, "test").deliver_due()
        assert delivered == 1
        assert len(slack.called("chat.postMessage")) == 1
        assert not slack.called("chat.update")
        message = await slack.said(f"{2 if is_snoozed else 3} posts removed by their moderators")
        assert ("Story 3" in message.words) is not is_snoozed, "a snoozed post's alert waits"
        waits = [alert for alert in await store.alerts(caller.workspace_id) if alert.delivered_at is None]
        assert len(waits) == is_snoozed


async def test_on_discord_one_message_asks_for_looks_at_several_posts_and_a_look_at_one_stands_on_it(
    tmp_path: Path,
) -> None:
    async with on_discord(tmp_path) as (discord, program):
        store, caller = await prepared(program, "discord:500", str(CHANNEL))
        posts = [await watched(store, caller, number) for number in (1, 2)]
        for post in posts:
            facts = {"post_id": post.id, "title": post.title, "community": "harbor", "fullname": post.fullname}
            asked = NewAlert(AlertKind.LOOK_WANTED, f"look wanted:{post.id}", facts, post.id, event="look wanted:Alice")
            await store.owe_alert(caller, asked, AT)
        program.services.clock.stopped_at = AT  # type: ignore[attr-defined]
        await Courier(program.store, program.services.clock, program.front_ends, "test").deliver_due()
        [message] = [m for m in discord.channels[CHANNEL] if m.nonce]
        assert "Nobody has seen 2 posts yet but their authors · r/harbor" in message.text
        await discord.click(message, "I can see “Story 2”")
        await discord.until(lambda: "Story 2 · seen by a member" in message.text)
        assert "Story 1 ·" not in message.text
