from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.card import Button, Tone
from bot.commands import alerts, setup
from bot.frontend import DeliveryFailed, Refused
from bot.ladder import Places
from core.alerts import AlertPlace
from core.model import AlertKind, Caller, NewAlert, Role
from storage.store import Store
from tests.bot.bare import ALICE, CHATTING, GUEST, Board, Desk, bare_services
from tests.clock import FixedClock


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def desk(store: Store, clock: FixedClock, board: Board) -> Desk:
    services = bare_services(store, clock, places=Places({"discord": board}))
    return Desk(services, alerts.commands, setup.commands)


async def owe_and_record(store: Store, clock: FixedClock, caller: Caller, key: str, **fate: object) -> None:
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, key, {}), clock.now())
    claimed = await store.lease_alerts(
        clock.now(), worker="w", lease=timedelta(minutes=1), limit=9, platforms=["terminal", "discord"]
    )
    [alert] = [alert for alert in claimed if alert.dedupe_key == key]
    await store.record_delivery(alert.id, "w", clock.now(), **fate)  # type: ignore[arg-type]


async def test_alerts_go_where_the_command_was_given_after_a_message_arrived_there(
    desk: Desk, store: Store, clock: FixedClock, board: Board
) -> None:
    card = await desk.done("alerts here", CHATTING)
    [(workspace, channel, proof)] = board.taken
    assert (workspace, channel) == ("discord:1", "c-7")
    assert proof.title == "Messages of the bot arrive here"
    assert proof.text == "Dora wants this workspace's alerts here. This message shows that they can come."
    assert await store.alert_place("discord:1") == AlertPlace("c-7", clock.now())
    [place] = card.fields
    assert (place.channel, place.value) == (
        "c-7",
        "Last message accepted 23 Nov 2026, 12:00 UTC. Another place: /rao alerts here",
    )


@pytest.mark.parametrize(
    ("refusal", "what", "do"),
    [
        (
            DeliveryFailed("The bot may not write in the channel.", Refused.PLACE),
            "The bot may not write in the channel. Alerts would not arrive here. Nothing was changed.",
            "Let its role View Channel and Send Messages here",
        ),
        (
            DeliveryFailed("Discord cannot be reached.", Refused.MOMENT),
            "Discord cannot be reached. Alerts would not arrive here. Nothing was changed.",
            "Try again in a minute. If it stays: Let its role",
        ),
        (
            DeliveryFailed("A reason that nobody has listed.", Refused.MOMENT),
            "A reason that nobody has listed. Alerts would not arrive here. Nothing was changed.",
            "Try again in a minute.",
        ),
    ],
)
async def test_a_place_that_takes_no_message_is_not_promised(
    desk: Desk, store: Store, clock: FixedClock, board: Board, refusal: DeliveryFailed, what: str, do: str
) -> None:
    await desk.done("alerts here", CHATTING)
    before = await store.alert_place("discord:1")
    clock.advance(timedelta(minutes=1))
    board.refusal = refusal
    card = await desk.say("alerts here", replace(CHATTING, channel="c-9"))
    assert card.code == "place_refused"
    assert card.text.startswith(what)
    assert do in card.text
    assert await store.alert_place("discord:1") == before, "nothing is stored"


async def test_a_permission_that_the_platform_denies_beforehand_is_told_without_a_message(
    desk: Desk, store: Store, board: Board
) -> None:
    card = await desk.say("alerts here", replace(CHATTING, channel_problem="The bot may not write here: it lacks X."))
    assert card.text.startswith("The bot may not write here: it lacks X. Nothing was changed.\nLet its role")
    assert board.taken == []
    assert (await store.alert_place("discord:1")).channel is None


async def test_where_there_is_no_channel_no_place_is_promised(desk: Desk, store: Store, board: Board) -> None:
    card = await desk.say("alerts here", replace(CHATTING, channel=None))
    assert card.text == (
        "This is no channel, so alerts cannot come here. Nothing was changed.\n"
        "Go to the channel where they should arrive and give /rao alerts here in it."
    )
    assert (await store.alert_place("discord:1")).channel is None


async def test_a_platform_that_does_not_answer_proves_nothing(desk: Desk, store: Store) -> None:
    card = await desk.say("alerts here", replace(CHATTING, workspace_id="slack:1", platform="slack"))
    assert card.code == "place_refused"
    assert "not connected" in card.text
    assert "/invite" in card.text
    assert (await store.alert_place("slack:1")).channel is None


async def test_an_alert_that_arrived_proves_its_place_anew_and_one_that_went_elsewhere_does_not(
    desk: Desk, store: Store, clock: FixedClock
) -> None:
    await desk.done("alerts here", CHATTING)
    chosen_at = clock.now()
    dora = Caller("discord:1", "11", "Dora", "c")
    clock.advance(timedelta(hours=1))
    await owe_and_record(store, clock, dora, "a", delivered=True, problem="It went to the server's owner.")
    assert (await store.alert_place("discord:1")).took_at == chosen_at
    await owe_and_record(store, clock, dora, "b", delivered=True)
    assert (await store.alert_place("discord:1")).took_at == clock.now()


async def test_a_digest_says_where_it_will_come_or_that_no_place_is_chosen(desk: Desk) -> None:
    card = await desk.done("alerts digest daily", CHATTING)
    assert [f.value for f in card.fields] == ["Not chosen yet. Go where they should arrive and give /rao alerts here"]
    await desk.done("alerts here", CHATTING)
    card = await desk.done("alerts digest daily", CHATTING)
    assert [f.channel for f in card.fields] == ["c-7"]


async def test_in_the_terminal_they_go_to_the_terminal(desk: Desk, store: Store) -> None:
    await desk.done("alerts here")
    assert (await store.workspace(ALICE.workspace_id)).alert_channel is None


async def test_a_new_place_gets_what_the_old_one_did_not_take(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await owe_and_record(store, clock, caller, "k", delivered=False, problem="That channel was deleted.")
    card = await desk.done("alerts here")
    assert "1 alert that could not be delivered" in card.text
    [alert] = await store.alerts(caller.workspace_id, kind=AlertKind.TEST)
    assert alert.next_attempt_at == clock.now()
    assert (await desk.done("alerts here")).values["sent_again"] == 0


async def test_the_list_says_what_became_of_each(desk: Desk, store: Store, clock: FixedClock, caller: Caller) -> None:
    await owe_and_record(store, clock, caller, "a", delivered=True)
    await owe_and_record(store, clock, caller, "e", delivered=True, problem="The channel is archived.")
    await owe_and_record(
        store, clock, caller, "c", delivered=False, problem="No answer.", retry_at=clock.now() + timedelta(minutes=5)
    )
    await owe_and_record(store, clock, caller, "b", delivered=False, problem="That channel was deleted.")
    await store.refuse_place(caller.workspace_id, "@U1", "That member takes no direct messages.", clock.now())
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "d", {}), clock.now())
    card = await desk.done("alerts list")
    assert [f.value for f in card.fields] == [
        "Since 23 Nov 2026, 12:00 UTC. That member takes no direct messages.",
        "Waiting, due 23 Nov 2026, 12:00 UTC",
        "Waiting, due 23 Nov 2026, 12:00 UTC",  # the news of the loss
        "Given up after 1 try, queued 23 Nov 2026, 12:00 UTC\nThat channel was deleted.",
        "Not delivered after 1 try, next 23 Nov 2026, 12:05 UTC\nNo answer.",
        "Delivered 23 Nov 2026, 12:00 UTC, not to its channel\nThe channel is archived.",
        "Delivered 23 Nov 2026, 12:00 UTC",
    ]
    assert card.fields[1].name.endswith("This is a test alert")
    assert card.tone is Tone.ATTENTION
    assert card.text.splitlines() == [
        "6 alerts.",
        "1 alert could not be delivered. Choose another place: /rao alerts here",
    ]
    assert card.values["refusing"] == [
        {"place": "@U1", "since": "2026-11-23T12:00:00+00:00", "problem": "That member takes no direct messages."}
    ]


async def test_the_list_says_that_the_chosen_place_takes_no_alerts_until_it_is_chosen_anew(
    desk: Desk, store: Store, clock: FixedClock
) -> None:
    await desk.say("alerts here", CHATTING)
    there = Caller(CHATTING.workspace_id, "a", "a", "c")
    await owe_and_record(store, clock, there, "a", delivered=True, problem="It is locked. It went elsewhere.")
    await store.refuse_place(CHATTING.workspace_id, "c-7", "It is locked.", clock.now())
    card = await desk.say("alerts list", CHATTING)
    assert card.tone is Tone.ATTENTION
    told = card.fields[0]
    assert (told.name, told.channel) == ("A channel takes no alerts", "c-7")
    assert told.value == "Since 23 Nov 2026, 12:00 UTC. It is locked. Choose another place: /rao alerts here"
    await desk.say("alerts here", CHATTING)
    assert not any(field.channel for field in (await desk.say("alerts list", CHATTING)).fields)


async def test_an_empty_list_says_when_the_first_comes(desk: Desk) -> None:
    card = await desk.done("alerts list")
    assert card.title == "No alerts yet"
    assert card.actions


async def test_a_viewer_sees_the_list_and_moves_nothing(desk: Desk) -> None:
    assert (await desk.say("alerts list", GUEST)).ok
    for line in ("alerts here", "alerts quiet 22:00-07:00", "alerts digest daily"):
        assert (await desk.say(line, GUEST)).code == "forbidden"


# ---------------------------------------------------------------- quiet hours and digests

NIGHT = datetime(2026, 11, 23, 22, tzinfo=UTC)  # eleven in the evening in Vienna


@pytest.fixture
async def in_vienna(desk: Desk, clock: FixedClock) -> Desk:
    """The desk at night, in a workspace of Vienna."""
    clock.advance(NIGHT - clock.now())
    await desk.done("setup zone=Europe/Vienna")
    return desk


async def test_quiet_hours_are_said_in_one_go(in_vienna: Desk) -> None:
    card = await in_vienna.done("alerts quiet 22:00-07:00")
    assert card.title == "Quiet hours: 22:00 to 07:00 (Europe/Vienna)"
    assert "It is quiet now, until 24 Nov 2026, 06:00 UTC (07:00 in Europe/Vienna)." in card.text
    assert "A test alert comes at once." in card.text
    assert card.values["quiet_from"] == "22:00"
    assert [a["label"] for a in card.to_json("")["actions"]] == ["Set up", "Act now at any hour"], "the zone is chosen"


@pytest.mark.parametrize(
    "said", ["22:00-07:00", "22-7", "10pm - 7am", "from 22:00 to 7:00", "22.00 until 07.00", "22–7"]
)
async def test_hours_are_understood_as_people_write_them(desk: Desk, said: str) -> None:
    card = await desk.done(f'alerts quiet "{said}"')
    assert (card.values["quiet_from"], card.values["quiet_until"]) == ("22:00", "07:00")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("22:00", "a beginning and an end"),
        ("22:00-22:00", "cannot begin and end at 22:00"),
        ("22:00-25:00", "'25:00' is not a time of day"),
        ("late-early", "'late' is not a time of day"),
    ],
)
async def test_hours_that_make_no_sense_are_answered_with_an_example(desk: Desk, said: str, told: str) -> None:
    card = await desk.say(f"alerts quiet {said}")
    assert card.code == "bad_argument"
    assert told in card.text
    assert "22:00-07:00" in card.text
    assert card.values["param"] == "hours"


async def test_without_hours_it_says_what_is_set_and_asks(in_vienna: Desk) -> None:
    card = await in_vienna.done("alerts quiet")
    assert card.title == "Quiet hours: none"
    assert card.form is not None
    assert [(i.name, i.value) for i in card.form.inputs] == [("hours", "22:00-07:00")]
    await in_vienna.done("alerts quiet 23-6")
    card = await in_vienna.done("alerts quiet")
    assert card.form is not None
    assert card.form.inputs[0].value == "23:00-06:00"


async def test_what_waits_at_night_says_until_when_and_comes_when_they_end(
    in_vienna: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await in_vienna.done("alerts quiet 22:00-07:00")
    await store.owe_alert(caller, NewAlert(AlertKind.AUDIT, "a", {}), clock.now())
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "t", {}), clock.now())
    card = await in_vienna.done("alerts list")
    assert "Quiet hours until 24 Nov 2026, 06:00 UTC (07:00 in Europe/Vienna)." in card.text
    assert [f.value for f in card.fields] == [
        "Waiting, due 23 Nov 2026, 22:00 UTC",
        "Waiting for the end of the quiet hours, 24 Nov 2026, 06:00 UTC",
    ]
    off = await in_vienna.done("alerts quiet off")
    assert off.title == "No quiet hours"
    assert off.fields[0].value == "2 alerts"
    [*_, after] = (await in_vienna.done("alerts list")).fields
    assert after.value == "Waiting, due 23 Nov 2026, 22:00 UTC"


async def test_old_news_says_with_which_alert_it_was_told(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.owe_alert(caller, NewAlert(AlertKind.CANNOT_SEE, "blind", {"restored": False}), clock.now())
    await store.owe_alert(caller, NewAlert(AlertKind.CANNOT_SEE, "sight", {"restored": True}), clock.now())
    card = await desk.done("alerts list")
    assert [f.value for f in card.fields][1] == "Old news by now: told together with alert 2"
    assert card.tone is Tone.NEUTRAL


async def test_a_new_place_at_night_says_when_the_old_alerts_come(
    in_vienna: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await owe_and_record(store, clock, caller, "k", delivered=False, problem="That channel was deleted.")
    await in_vienna.done("alerts quiet 22:00-07:00")
    assert "when the quiet hours end, 24 Nov 2026, 06:00 UTC" in (await in_vienna.done("alerts here")).text


async def test_a_digest_is_turned_on_changed_and_turned_off(in_vienna: Desk) -> None:
    card = await in_vienna.done("alerts digest daily at=9:00")
    assert card.title == "Digest: every day at 09:00 (Europe/Vienna)"
    assert "The next one comes 24 Nov 2026, 08:00 UTC (09:00 in Europe/Vienna), where alerts go." in card.text
    card = await in_vienna.done("alerts digest weekly on=friday")
    assert card.title == "Digest: every Friday at 09:00 (Europe/Vienna)"
    card = await in_vienna.done("alerts digest at=7pm")
    assert card.title == "Digest: every Friday at 19:00 (Europe/Vienna)"
    card = await in_vienna.done("alerts digest off")
    assert card.title == "Digest: off"
    assert card.values["digest_due_at"] is None


async def test_a_digest_in_quiet_hours_is_told_to_wait_for_their_end(in_vienna: Desk) -> None:
    await in_vienna.done("alerts quiet 22:00-07:00")
    card = await in_vienna.done("alerts digest daily at=6:00")
    assert "in the quiet hours, so it waits for their end: 24 Nov 2026, 06:00 UTC (07:00" in card.text
    await in_vienna.done("alerts quiet off")
    assert "quiet hours" not in (await in_vienna.done("alerts digest")).text
    assert "waits for their end" in (await in_vienna.done("alerts quiet 22:00-07:00")).text


async def test_a_digest_without_how_often_is_asked_for(desk: Desk) -> None:
    card = await desk.done("alerts digest")
    assert card.form is not None
    assert [(i.name, i.value) for i in card.form.inputs] == [
        ("every", "daily"),
        ("at", "09:00"),
        ("on", "monday"),
    ]
    assert card.title == "Digest: every day at 09:00 (UTC)"
    assert "It begins with the first news for it" in card.text
    set_up = await desk.done("alerts digest daily")
    [wanted] = [a for a in set_up.actions if isinstance(a, Button) and a.label == "Good news as messages"]
    chosen = await desk.press(wanted.action_id)
    assert "Good news are messages of their own." in chosen.text
    [back] = [a for a in chosen.actions if isinstance(a, Button)]
    assert (back.label, back.record) == ("Good news in the digest", 0)
    assert "Good news stand in it" in (await desk.press(back.action_id)).text
    await desk.done("alerts digest off")
    assert (await desk.say("alerts digest at=9:00")).values["param"] == "every"
    assert (await desk.say("alerts digest at=noon daily")).code == "bad_argument"
    assert (await desk.done("alerts digest on=sunday")).title == "Digest: every Sunday at 09:00 (UTC)"


async def test_who_never_chose_a_zone_is_led_to_it(desk: Desk) -> None:
    card = await desk.done("alerts quiet 22:00-07:00")
    assert [a["label"] for a in card.to_json("")["actions"]] == ["Time zone", "Set up", "Act now at any hour"]


async def test_a_member_turns_direct_messages_about_drafts_off_and_on_for_themselves(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    off = await desk.press("v1|alerts direct off|")
    assert (off.title, off.private) == ("Direct messages about drafts: off", True)
    assert off.values == {"told_directly": False}
    [alice] = await store.members(caller.workspace_id)
    assert not alice.told_directly
    on = await desk.press("v1|alerts direct on|")
    assert on.text == (
        "When a draft waits for your decision, or yours is approved or needs approval again, you get a direct message."
    )
    assert (await desk.press("v1|alerts direct off|", GUEST)).code == "not_found"
