"""Requests as Slack sends them over HTTP."""

from __future__ import annotations

import time

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.listener import Listener
from bot.slack_app import REQUESTS_PATH

SECRET = "shh"


async def send(listener: Listener, body: str, *, at: float | None = None, secret: str = SECRET) -> tuple[int, str]:
    timestamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    headers = {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature or "",
        "Content-Type": "application/json" if body.startswith("{") else "application/x-www-form-urlencoded",
    }
    url = f"http://127.0.0.1:{listener.port}{REQUESTS_PATH}"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        return response.status, await response.text()
