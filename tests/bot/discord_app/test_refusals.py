"""Discord's JSON error codes, and some that it does not have, through the real client: no alert is lost, none is
doubled, and a person is told.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import discord as discord_py
import pytest

from bot.courier import Courier
from bot.discord_app.client import DiscordFrontEnd
from bot.discord_app.posting import _failure
from core.model import Caller, Role
from storage.store import Store
from tests.bot.refused import deliver, named, owe
from tests.clock import FixedClock
from tests.fakes.discord import CHANNEL, GUILD, OWNER, FakeDiscord

# docs.discord.com: opcodes and status codes, JSON error codes.
DOCUMENTED = [
    *(0, 10003, 10004, 10006, 10008, 10011, 10013, 10014, 10015, 10016, 10026, 10031, 10036, 10060, 10062, 10070),
    *(20001, 20002, 20009, 20012, 20016, 20018, 20022, 20024, 20026, 20028, 20029, 20031, 20035, 30003, 30007, 30010),
    *(30016, 30033, 30046, 31001, 40001, 40002, 40003, 40004, 40005, 40006, 40007, 40012, 40041, 40058, 40060, 40062),
    *(40066, 40067, 40094, 40333, 50001, 50002, 50003, 50004, 50005, 50006, 50007, 50008, 50009, 50010, 50013, 50014),
    *(50016, 50019, 50020, 50021, 50024, 50025, 50026, 50027, 50028, 50033, 50034, 50035, 50036, 50039, 50041, 50045),
    *(50046, 50054, 50057, 50068, 50070, 50074, 50080, 50081, 50083, 50085, 50086, 50095, 50097, 50101, 50109, 50132),
    *(50138, 50146, 50161, 50178, 50278, 60003, 90001, 90002, 110001, 130000, 150006, 160002, 160004, 160005, 160006),
    *(160007, 170001, 200000, 200001, 220001, 220003, 240000, 340013, 520000, 530000),
]
INVENTED = [987654, 50999, 1]
STATUSES = (400, 403, 404)
HERE = f"discord:{GUILD}"
CALLER = Caller(HERE, "system", "system", "test")


def answered(status: int) -> Any:
    """What the library needs of an answer."""
    return SimpleNamespace(status=status, reason="ordered")


@pytest.fixture
async def courier(store: Store, clock: FixedClock, front_end: DiscordFrontEnd) -> Courier:
    await store.ensure_workspace(HERE, "discord", "Tea Club", clock.now())
    await store.set_alert_channel(CALLER, str(CHANNEL), clock.now())
    return Courier(store, clock, {"discord": front_end}, "courier")


def told(discord: FakeDiscord, key: str) -> list[int]:
    """Of which channels the messages with this alert are."""
    return [m.channel_id for messages in discord.channels.values() for m in messages if named(key) in m.text]


def test_a_code_is_about_the_same_whatever_status_it_comes_with() -> None:
    about = {
        code: {
            _failure(discord_py.HTTPException(answered(status), {"code": code}), sending=True).about
            for status in STATUSES
        }
        for code in (*DOCUMENTED, *INVENTED)
    }
    assert {code: several for code, several in about.items() if len(several) > 1} == {}


@pytest.mark.parametrize("status", STATUSES)
async def test_whatever_discords_code_is_the_owner_gets_the_alert_once(
    discord: FakeDiscord, courier: Courier, store: Store, clock: FixedClock, status: int
) -> None:
    codes = [*DOCUMENTED[STATUSES.index(status) :: len(STATUSES)], *INVENTED]
    assert len(set(codes)) >= 40
    fates = {}
    for code in codes:
        await store.set_alert_channel(CALLER, str(CHANNEL), clock.now())  # each meets a place not refused before
        discord.trouble = {CHANNEL: (status, code, "ordered")}
        await owe(store, CALLER, clock, str(code))
        await deliver(courier, store, HERE, clock, within=timedelta(hours=3))
        fates[code] = told(discord, str(code))
    assert {code: fate for code, fate in fates.items() if fate != [70_000 + OWNER]} == {}
    assert all("/rao alerts here" in message.text for message in discord.direct_messages(OWNER))


async def test_a_card_that_discord_does_not_take_comes_as_plain_text_to_the_same_channel(
    discord: FakeDiscord, courier: Courier, store: Store, clock: FixedClock
) -> None:
    discord.fail(f"POST /channels/{CHANNEL}/messages", 400, code=50035)
    await owe(store, CALLER, clock, "1")
    assert await courier.deliver_due() == 1
    [message] = discord.channels[CHANNEL]
    assert named("1") in message.body["content"]
    assert await store.refusals(HERE) == []


async def test_an_owner_without_direct_messages_leaves_it_to_an_admin(
    discord: FakeDiscord, courier: Courier, store: Store, clock: FixedClock
) -> None:
    await store.grant_role(CALLER, "55", "Ann", Role.ADMIN, clock.now())
    discord.trouble = {CHANNEL: (404, 10003, "gone"), 70_000 + OWNER: (403, 50007, "closed")}
    await owe(store, CALLER, clock, "1")
    assert await courier.deliver_due() == 1
    assert told(discord, "1") == [70_055]
    [alert] = await store.alerts(HERE)
    assert alert.last_problem == "The channel does not exist any more. It went to the direct messages of an admin."


async def test_an_outage_of_discord_is_waited_out_and_tells_nobody_twice(
    discord: FakeDiscord, courier: Courier, store: Store, clock: FixedClock
) -> None:
    discord.fail("POST /channels", 503, times=3)
    await owe(store, CALLER, clock, "1")
    for _ in range(4):
        await courier.deliver_due()
        clock.advance(timedelta(minutes=5))
    assert told(discord, "1") == [CHANNEL]
