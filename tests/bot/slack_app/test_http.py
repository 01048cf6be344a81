from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.slack_app.client import SlackFrontEnd
from bot.slack_app.http import PATH
from core.errors import BadSettings
from tests.bot.slack_app.conftest import Bot
from tests.bot.slack_app.stall import Stall
from tests.fakes.slack import FakeSlack

SECRET = "shh"


@pytest.fixture
async def listening(bot: Bot, slack: FakeSlack) -> AsyncIterator[SlackFrontEnd]:
    front_end = bot.front_end(app_token="", signing_secret=SECRET, http_port=0, http_host="127.0.0.1")
    serving = asyncio.create_task(front_end.run())
    await slack.until(lambda: front_end.http_port)
    yield front_end
    await front_end.stop()
    assert await serving == 0


async def send(
    front_end: SlackFrontEnd, body: str, *, at: float | None = None, secret: str = SECRET
) -> tuple[int, str]:
    timestamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    headers = {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature or "",
        "Content-Type": "application/json" if body.startswith("{") else "application/x-www-form-urlencoded",
    }
    url = f"http://127.0.0.1:{front_end.http_port}{PATH}"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        return response.status, await response.text()


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


async def test_a_signed_command_is_acknowledged_and_answered(listening: SlackFrontEnd, slack: FakeSlack) -> None:
    assert await send(listening, command(slack, "tea show 2")) == (200, "")
    await slack.said("Tea 2")


async def test_slack_is_told_that_the_address_is_ours(listening: SlackFrontEnd) -> None:
    status, said = await send(listening, json.dumps({"type": "url_verification", "challenge": "abc"}))
    assert (status, json.loads(said)) == (200, {"challenge": "abc"})


async def test_a_wrong_signature_is_refused(listening: SlackFrontEnd, slack: FakeSlack, stall: Stall) -> None:
    status, _ = await send(listening, command(slack, "tea show 2"), secret="guessed")
    assert status == 401
    assert stall.ran == []


async def test_an_old_request_sent_again_is_refused(listening: SlackFrontEnd, slack: FakeSlack, stall: Stall) -> None:
    status, _ = await send(listening, command(slack, "tea show 2"), at=time.time() - 600)
    assert status == 401
    assert stall.ran == []


async def test_a_new_request_sent_again_is_done_once(listening: SlackFrontEnd, slack: FakeSlack, stall: Stall) -> None:
    body = command(slack, "tea show 2")
    assert [(await send(listening, body))[0] for _ in range(2)] == [200, 200]
    await slack.said("Tea 2")
    assert stall.ran == ["show 2"]


async def test_a_port_in_use_ends_the_program_with_what_to_do(listening: SlackFrontEnd, bot: Bot) -> None:
    second = bot.front_end(signing_secret=SECRET, http_port=listening.http_port, http_host="127.0.0.1")
    with pytest.raises(BadSettings, match="BCRAO_SLACK_HTTP_PORT"):
        await second.run()


def test_without_a_signing_secret_nobody_listens(bot: Bot) -> None:
    with pytest.raises(BadSettings, match="BCRAO_SLACK_SIGNING_SECRET"):
        bot.front_end(http_port=0)
