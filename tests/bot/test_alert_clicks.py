"""What becomes of an alert whose buttons are pressed, on both chats, over the wire, with the real commands and rows."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.alert_cards import alert_card
from bot.card import Card, Field, Named
from bot.conversation import Clicked, Renewals
from bot.frontend import Actor
from bot.main import Program
from core.alerts import DecisionKind
from core.clock import SystemClock
from core.model import AlertKind, Caller, NewAlert, Role, State
from core.visibility.tracking import Verdict
from storage.store import Store
from tests.bot.chats import AT, on_discord, on_slack
from tests.fakes import discord as fake_discord
from tests.fakes.discord import CHANNEL, FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import Message as SlackMessage
from tests.storage import world

WHEN = "23 Nov 2026, 12:00 UTC"
SNOOZED = f"Snoozed until 24 Nov 2026, 12:00 UTC by Alice, {WHEN}"
WRONG = f"Wrong alarm, said by Carol, {WHEN}"


async def removed_post(program: Program, workspace_id: str) -> Card:
    """A watched post that was removed, and the card of the alert that is owed for it."""
    store, platform = program.store, workspace_id.partition(":")[0]
    assert isinstance(store, Store)
    caller = Caller(workspace_id, "system", "system", "test")
    await store.ensure_workspace(workspace_id, platform, "Team", AT)
    people = {"discord": [("42", "Alice"), ("43", "Carol")], "slack": [("U1", "Alice"), ("U2", "Carol")]}[platform]
    for member, name in people:
        await store.grant_role(caller, member, name, Role.ADMIN, AT)
    post = await world.make_post(store, caller, AT, fullname="t3_1abc")
    check = world.removal_check(post, AT)
    facts = {"state": "removed", "removed_by": "moderators", "community": "harbor", "fullname": "t3_1abc"}
    told = NewAlert(AlertKind.POST_REMOVED, "removed", facts, post.id)
    await world.record(store, [replace(check, verdict=replace(check.verdict, alerts=(told,)))], AT)
    [alert] = await store.alerts(workspace_id, kind=AlertKind.POST_REMOVED)
    return alert_card(alert)


async def slack_alert(slack: FakeSlack, program: Program) -> SlackMessage:
    slack.users |= {"U2": {"profile": {"display_name": "Carol"}}}
    card = await removed_post(program, "slack:T1")
    await program.front_ends["slack"].deliver("slack:T1", "C1", card, nonce=f"alert-{card.alert}")
    return await slack.said(card.title)


async def discord_alert(discord: FakeDiscord, program: Program) -> fake_discord.Message:
    card = await removed_post(program, "discord:500")
    await program.front_ends["discord"].deliver("discord:500", str(CHANNEL), card, nonce=f"alert-{card.alert}")
    return discord.channels[CHANNEL][-1]


def labels(message: SlackMessage) -> set[str]:
    elements = [e for block in message.blocks if block["type"] == "actions" for e in block["elements"]]
    menus = [option for e in elements if e["type"] == "overflow" for option in e["options"]]
    return {e["text"]["text"] for e in (*elements, *menus) if "text" in e}


def offered(message: fake_discord.Message) -> set[str]:
    """The labels of buttons and of what stands in the menu."""
    behind = [option["label"] for item in message.items.values() for option in item.get("options", [])]
    return {*message.items, *behind}


async def test_on_slack_both_of_two_decisions_taken_at_once_stand_on_the_alert(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        alert = await slack_alert(slack, program)
        await asyncio.gather(slack.click(alert, "Snooze", user="U1"), slack.click(alert, "Wrong alarm", user="U2"))
        await slack.until(lambda: SNOOZED in alert.words and WRONG in alert.words)
        assert labels(alert) & {"Snooze", "Wrong alarm"} == set()
        assert {"Check now", "I can see it", "I can't see it"} <= labels(alert)
        assert alert.body["metadata"]["event_payload"]["nonce"] == "alert-1", "it is found again before a resend"
        answers = [m for m in slack.shown if m.body.get("thread_ts") == alert.ts]
        await slack.until(lambda: len([m for m in slack.shown if m.body.get("thread_ts") == alert.ts]) == 2)
        assert all("metadata" not in m.body for m in answers)


async def test_on_discord_both_of_two_decisions_taken_at_once_stand_on_the_alert(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alert = await discord_alert(discord, program)
        snooze, wrong = await asyncio.gather(
            discord.click(alert, "Snooze"), discord.click(alert, "Wrong alarm", member=fake_discord.CAROL)
        )
        await snooze.until_shown("Post 1 is snoozed")
        await wrong.until_shown("Called a wrong alarm by Carol")
        await discord.until(lambda: SNOOZED in alert.text and WRONG in alert.text)
        assert offered(alert) & {"Snooze", "Wrong alarm"} == set()
        assert {"Check now", "I can see it", "I can't see it"} <= offered(alert)


async def test_on_discord_a_click_on_a_message_from_before_the_first_decision_keeps_both(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alert = await discord_alert(discord, program)
        as_told = replace(alert, body=dict(alert.body))  # as Carol's client still shows it
        await (await discord.click(alert, "Snooze")).until_shown("Post 1 is snoozed")
        await discord.until(lambda: SNOOZED in alert.text)
        late = await discord.click(as_told, "I can't see it", member=fake_discord.CAROL)
        await late.until_shown("Not seen by Carol")
        await discord.until(lambda: f"Not seen by Carol, {WHEN}" in as_told.text)
        assert SNOOZED in as_told.text
        assert "Snooze" not in offered(as_told)


async def test_on_slack_the_second_click_is_told_who_decided_and_when_and_the_alert_shows_it(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        alert = await slack_alert(slack, program)
        before = replace(alert, body=dict(alert.body))
        await slack.click(alert, "Wrong alarm", user="U2")
        await slack.until(lambda: WRONG in alert.words)
        versions = len(alert.versions)
        await slack.click(before, "Wrong alarm", user="U1")
        refused = await slack.said(f"Carol called it a wrong alarm on {WHEN}.")
        assert refused.ephemeral_for == "U1"
        await slack.until(lambda: len(alert.versions) > versions)
        assert alert.words.count("Wrong alarm, said by") == 1


async def test_on_discord_the_second_click_is_told_who_decided_and_when(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alert = await discord_alert(discord, program)
        before = replace(alert, body=dict(alert.body))
        await (await discord.click(alert, "Snooze")).until_shown("Post 1 is snoozed")
        late = await discord.click(before, "Snooze", member=fake_discord.CAROL)
        told = await late.until_shown(f"Alice snoozed it on {WHEN}, until 24 Nov 2026, 12:00 UTC.")
        assert told.is_private
        await discord.until(lambda: SNOOZED in before.text)
        assert (await program.store.alert_record("discord:500", 1)).decisions[0].by == "Alice"


async def test_a_reason_given_by_a_form_stands_on_its_alert(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alert = await discord_alert(discord, program)
        opened = await discord.click(alert, "They told me why")
        await opened.until_modal()
        await (await discord.submit(opened, message="No links here.")).until_shown("the reason is kept")
        await discord.until(lambda: f"Reason given by Alice, {WHEN}" in alert.text)
        assert "They told me why" not in alert.items
    async with on_slack(tmp_path / "slack") as (slack, program):
        told = await slack_alert(slack, program)
        await slack.click(told, "They told me why")
        await slack.submit(await slack.view_showing("Their words"), {"message": "No links here."})
        await slack.until(lambda: f"Reason given by Alice, {WHEN}" in told.words)


async def test_the_details_come_to_who_asked_and_leave_the_alert_as_it_is(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alert = await discord_alert(discord, program)
        told = await (await discord.click(alert, "Details")).until_shown("Details: Removed by its moderators")
        assert told.is_private
        assert "Alert 1" in told.text
        assert "Details" in offered(alert)
    async with on_slack(tmp_path / "slack") as (slack, program):
        told_on_slack = await slack_alert(slack, program)
        words = told_on_slack.words
        await slack.click(told_on_slack, "Details")
        shown = await slack.said("Details: Removed by its moderators")
        assert shown.ephemeral_for == "U1"
        assert told_on_slack.words == words


async def test_the_details_of_another_workspaces_alert_are_not_found(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (_, program):
        card = await removed_post(program, "discord:500")
        stranger = Actor("discord:501", "discord", "Others", "42", "Alice")
        answer = await program.dispatcher.run(stranger, "alerts show", {"alert": str(card.alert)})
        assert answer.code == "not_found"


CALLED = Field("For", "and 2 others", members=(Named("Alice", "42"), Named("*Dee*"), Named("Bob", "45")))


async def test_whom_the_alert_concerns_is_called_by_the_message_and_nobody_else(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        card = await removed_post(program, "discord:500")
        card = replace(card, fields=(*card.fields, CALLED, Field("Said", "<@43>")))
        await program.front_ends["discord"].deliver("discord:500", str(CHANNEL), card, nonce="alert-1")
        body = discord.channels[CHANNEL][-1].body
        assert "**For** <@42>, *Dee*, <@45> and 2 others" in discord.channels[CHANNEL][-1].text
        assert [str(member) for member in body["allowed_mentions"]["users"]] == ["42", "45"]
        assert body["allowed_mentions"]["parse"] == []


async def test_a_viewers_click_leaves_the_alert_as_it_is(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alert = await discord_alert(discord, program)
        guest = fake_discord.Person(44, "Gail")
        refused = await (await discord.click(alert, "Snooze", member=guest)).until_shown("needs the role editor")
        assert refused.is_private
        assert alert.edits == 0


async def test_after_a_snooze_is_over_the_alert_can_be_snoozed_again(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alert = await discord_alert(discord, program)
        await (await discord.click(alert, "Snooze")).until_shown("Post 1 is snoozed")
        await discord.until(lambda: SNOOZED in alert.text)
        program.services.clock.stopped_at = AT + timedelta(days=2)  # type: ignore[attr-defined]
        await (await discord.click(alert, "I can't see it")).until_shown("Not seen by Alice")
        await discord.until(lambda: "Not seen by Alice" in alert.text)
        assert "Snooze" in offered(alert)
        assert SNOOZED in alert.text


async def test_an_alert_shows_how_its_post_stands_when_that_is_something_else_by_now(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alert = await discord_alert(discord, program)
        store = program.store
        post = await store.tracked_post("discord:500", 1)
        later = AT + timedelta(hours=1)
        program.services.clock.stopped_at = later  # type: ignore[attr-defined]
        await world.record(
            store, [replace(world.removal_check(post, later), verdict=Verdict(State.LIVE, later))], later
        )
        await discord.click(alert, "Snooze")
        await discord.until(lambda: "**Now** live, since 23 Nov 2026, 13:00 UTC" in alert.text)


async def test_two_programs_that_show_one_alert_at_once_end_with_every_decision(tmp_path: Path) -> None:
    """The first has read the record when the second decides and shows it; its own message arrives last."""
    async with on_discord(tmp_path) as (_, program):
        card = await removed_post(program, "discord:500")
        services, store = program.services, program.store
        alice = Actor("discord:500", "discord", "Team", "42", "Alice")
        carol = replace(alice, member_id="43", name="Carol")
        snooze, seen = program.registry.get("post snooze"), program.registry.get("post seen")
        here, there = Renewals(program.dispatcher), Renewals(program.dispatcher)
        clicked, raw = Clicked(card.alert), {"post": "1"}
        shown: list[Card] = []

        async def show(card: Card) -> None:
            shown.append(card)

        async def show_late(card: Card) -> None:
            if not shown:
                await program.dispatcher.run(carol, seen.path, raw)
                await there.renew(carol, seen, raw, clicked, "7", show)
            shown.append(card)

        await program.dispatcher.run(alice, snooze.path, raw)
        await here.renew(alice, snooze, raw, clicked, "7", show_late)
        assert [decision.kind for decision in (await store.alert_record("discord:500", card.alert or 0)).decisions] == [
            DecisionKind.SNOOZED,
            DecisionKind.SEEN,
        ]
        stale, last = shown[-2], shown[-1]
        assert "Seen by Carol" not in decided(stale)
        assert decided(last) == f"{SNOOZED}\nSeen by Carol, {WHEN}"
        assert services.clock.now() == AT


def decided(card: Card) -> str:
    return next((f.value for f in card.fields if f.name == "Decided"), "")


# ---------------------------------------------------------------- what a platform does not take


async def test_an_alert_whose_edit_is_lost_on_the_way_is_shown_by_the_next_try(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        alert = await discord_alert(discord, program)
        discord.reset(r"PATCH /webhooks/\d+/[\w-]+/messages/@original")
        await discord.click(alert, "Snooze")
        await discord.until(lambda: SNOOZED in alert.text)


async def test_an_alert_that_cannot_be_changed_is_answered_all_the_same(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        alert = await slack_alert(slack, program)
        slack.fail("chat.update", "cant_update_message")
        await slack.click(alert, "Snooze")
        await slack.said("Post 1 is snoozed")
        await slack.until(lambda: slack.called("chat.update"))
        assert slack.called("chat.postEphemeral") == []
        assert alert.versions == []


async def test_an_alert_that_slack_does_not_take_in_blocks_is_told_in_plain_text(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        alert = await slack_alert(slack, program)
        slack.refuses_blocks = True
        await slack.click(alert, "Snooze")
        await slack.said("Post 1 is snoozed")
        await slack.until(lambda: SNOOZED in alert.words)
        assert alert.blocks == []
        assert "the commands do the same" in alert.words


async def test_looks_of_two_members_turn_the_message_that_asked_for_them_into_the_state(tmp_path: Path) -> None:
    async with on_discord(tmp_path) as (discord, program):
        await removed_post(program, "discord:500")
        store = program.store
        assert isinstance(store, Store)
        caller = Caller("discord:500", "system", "system", "test")
        post = await world.make_post(store, caller, AT, fullname="t3_2abc")
        facts = {"state": "unverified", "community": "harbor", "fullname": "t3_2abc"}
        await store.owe_alert(caller, NewAlert(AlertKind.LOOK_WANTED, "look", facts, post.id), AT)
        [alert] = await store.alerts("discord:500", kind=AlertKind.LOOK_WANTED)
        card = alert_card(alert)
        await program.front_ends["discord"].deliver("discord:500", str(CHANNEL), card, nonce=f"alert-{alert.id}")
        asked = discord.channels[CHANNEL][-1]
        assert "Nobody has seen this post yet but its author" in asked.text

        await discord.click(asked, "I can see it")
        await discord.until(lambda: f"Seen by Alice, {WHEN}" in asked.text)
        assert (
            "A second member's look, at least three minutes after the first, decides; so does one look with a picture"
            in asked.text
        )
        assert {"I can see it", "I can't see it"} <= offered(asked)

        clock = program.services.clock
        assert isinstance(clock, SystemClock)
        clock.stopped_at = AT + timedelta(minutes=4)
        await discord.click(asked, "I can see it", member=fake_discord.CAROL)
        await discord.until(lambda: "Live · r/" in asked.text)
        assert offered(asked) & {"I can see it", "I can't see it"} == set()
