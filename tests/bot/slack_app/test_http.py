from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.listener import Listener
from core.errors import BadSettings
from tests.bot.slack_app.conftest import Bot
from tests.bot.slack_app.signed import SECRET, send
from tests.bot.slack_app.stall import Stall
from tests.fakes.slack import FakeSlack
from tests.patience import PATIENCE_S


@pytest.fixture
async def listening(bot: Bot, slack: FakeSlack) -> AsyncIterator[Listener]:
    listener = Listener("127.0.0.1:0")
    front_end = bot.front_end(app_token="", signing_secret=SECRET, listener=listener)
    async with listener.serving():
        assert (await send(listener, "{}"))[0] == 503  # not connected yet: Slack sends it again
        serving = asyncio.create_task(front_end.run())
        async with asyncio.timeout(PATIENCE_S):
            while (await send(listener, json.dumps({"type": "url_verification", "challenge": "up"})))[0] != 200:  # noqa: ASYNC110 - another end says so
                await asyncio.sleep(0.01)
        yield listener
        await front_end.stop()
        assert await serving == 0


def command(slack: FakeSlack, text: str) -> str:
    fields: dict[str, Any] = {
        "command": "/rao",
        "text": text,
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "user_name": "u1",
        "trigger_id": slack.new_trigger(),
        "response_url": slack.new_response_url("C1", "U1"),
    }
    return urlencode(fields)


async def test_a_signed_command_is_acknowledged_and_answered(listening: Listener, slack: FakeSlack) -> None:
    assert await send(listening, command(slack, "tea show 2")) == (200, "")
    await slack.said("Tea 2")


async def test_slack_is_told_that_the_address_is_ours(listening: Listener) -> None:
    status, said = await send(listening, json.dumps({"type": "url_verification", "challenge": "abc"}))
    assert (status, json.loads(said)) == (200, {"challenge": "abc"})


async def test_a_wrong_signature_is_refused(listening: Listener, slack: FakeSlack, stall: Stall) -> None:
    status, _ = await send(listening, command(slack, "tea show 2"), secret="guessed")
    assert status == 401
    assert stall.ran == []


async def test_an_old_request_sent_again_is_refused(listening: Listener, slack: FakeSlack, stall: Stall) -> None:
    status, _ = await send(listening, command(slack, "tea show 2"), at=time.time() - 600)
    assert status == 401
    assert stall.ran == []


async def test_a_new_request_sent_again_is_done_once(listening: Listener, slack: FakeSlack, stall: Stall) -> None:
    body = command(slack, "tea show 2")
    assert [(await send(listening, body))[0] for _ in range(2)] == [200, 200]
    await slack.said("Tea 2")
    assert stall.ran == ["show 2"]


def test_without_a_signing_secret_nobody_listens(bot: Bot) -> None:
    with pytest.raises(BadSettings, match="BCRAO_SLACK_SIGNING_SECRET"):
        bot.front_end(app_token="", listener=Listener("127.0.0.1:0"))


def test_without_an_address_slack_cannot_come(bot: Bot) -> None:
    with pytest.raises(BadSettings, match="BCRAO_LISTEN"):
        bot.front_end(app_token="", signing_secret=SECRET)
