"""The loopback platforms in a process of their own, so that they do not share the measured program's event loop.

`python -m bench.fakes discord|slack|reddit` prints its settings as JSON, then answers one JSON line for each line of
JSON that it reads. `Fake` is the other end.
"""

from __future__ import annotations

import asyncio
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.fakes.discord import FakeDiscord, Sent
from tests.fakes.loopback import Seen
from tests.fakes.reddit import FakeReddit
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack

WITHIN_S = 120.0
LINE_MAX = 1 << 24
RAMP_S = 1.0
POLL_S = 0.002
DISCORD_TOKEN = "a.b.c"  # noqa: S105 - of the fake
COMMAND = "campaign list"

Ask = Callable[[dict[str, Any]], Awaitable[Any]]


class Fake:
    """A platform in another process. `settings` are what connects a program to it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.settings: Mapping[str, str] = {}

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.fakes", self._name),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_MAX,
        )
        self.settings = await self._answer()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def ask(self, **asked: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        await self._process.stdin.drain()
        return await self._answer()

    async def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the fake {self._name} ended")
        return json.loads(line)


# ---------------------------------------------------------------- the other process


@dataclass(slots=True)
class _Arrivals:
    """Alerts that were shown, in their order: the nonce of each, and when it came; and the nonces of those that came
    once more and were not shown, because the platform knew them.
    """

    taken: list[tuple[str, float]] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    async def answer(self, asked: dict[str, Any]) -> Any:
        """`{"arrived": n}` answers when n alerts were shown, or after `within_s`."""
        deadline = time.monotonic() + asked.get("within_s", WITHIN_S)
        while len(self.taken) < asked["arrived"] and time.monotonic() < deadline:  # noqa: ASYNC110 - no event of its own
            await asyncio.sleep(0.002)
        return {"taken": self.taken, "again": self.again}


class _Discord(FakeDiscord):
    def __init__(self) -> None:
        super().__init__()
        self.arrivals = _Arrivals()

    def _post(self, channel_id: int, body: dict[str, Any], files: dict[str, bytes]) -> web.Response:
        before = len(self.channels.get(channel_id, ()))
        response = super()._post(channel_id, body, files)
        if response.status == 200 and body.get("nonce") is not None:
            if len(self.channels[channel_id]) > before:
                self.arrivals.taken.append((body["nonce"], time.monotonic()))
            else:
                self.arrivals.again.append(body["nonce"])
        return response


class _Slack(FakeSlack):
    def __init__(self) -> None:
        super().__init__()
        self.arrivals = _Arrivals()

    def _chat_postmessage(self, arguments: dict[str, Any]) -> dict[str, Any]:
        answer = super()._chat_postmessage(arguments)
        metadata = arguments.get("metadata") or {}
        if isinstance(metadata, str):
            metadata = json.loads(metadata)
        nonce = metadata.get("event_payload", {}).get("nonce")
        if nonce is not None and "ts" in answer:  # Slack knows no nonces: what is sent twice is shown twice
            self.arrivals.taken.append((nonce, time.monotonic()))
        return answer


class _Reddit(FakeReddit):
    """`answers` counts, for each post, the answers that named it; `answered_at` is when the last one was given."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: Counter[str] = Counter()
        self.answered_at: dict[str, float] = {}

    async def answer(self, request: Seen) -> web.Response:
        response = await super().answer(request)
        if request.path == "/api/info" and response.status == 200:
            for name in request.query.get("id", "").split(","):
                self.answers[name] += 1
                self.answered_at[name] = time.monotonic()
        return response


async def _discord() -> None:
    async with _Discord() as discord:
        discord.token = DISCORD_TOKEN

        async def ask(asked: dict[str, Any]) -> Any:
            if "arrived" in asked:
                return await discord.arrivals.answer(asked)
            await discord.until(lambda: discord.connections, WITHIN_S)
            if "commands" not in asked:
                return None
            sent: list[Sent] = []
            waiting: list[Sent] = []

            async def give() -> None:
                sent.append(await discord.slash(COMMAND))
                waiting.append(sent[-1])

            def unanswered() -> int:
                waiting[:] = [s for s in waiting if s.message is None or s.message.is_loading]
                return len(waiting)

            await _give_all(give, unanswered, **asked)
            return [s.answered_within_s for s in sent]

        urls = {"discord_api_url": discord.api_url, "discord_gateway_url": discord.gateway_url}
        await _serve({"discord_token": DISCORD_TOKEN, **urls}, ask)


async def _slack() -> None:
    async with _Slack() as slack:
        slack.users = {"U1": {"is_admin": True}}

        async def ask(asked: dict[str, Any]) -> Any:
            if "arrived" in asked:
                return await slack.arrivals.answer(asked)
            await slack.until(lambda: slack.sockets, WITHIN_S)
            if "commands" not in asked:
                return None
            sent: list[tuple[str, float]] = []
            shown_before = len(slack.shown)

            async def give() -> None:
                began_s = time.monotonic()
                sent.append((await slack.command(COMMAND), began_s))

            await _give_all(give, lambda: len(sent) - (len(slack.shown) - shown_before), **asked)
            return [slack.ack_times[envelope] - began_s for envelope, began_s in sent]

        tokens = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}
        await _serve({**tokens, "slack_api_url": slack.url}, ask)


async def _give_all(
    give: Callable[[], Awaitable[None]], unanswered: Callable[[], int], commands: int, under_way: int
) -> None:
    """Give `commands` commands and wait for all answers. At most `under_way` are without an answer at any time; they
    are reached within `RAMP_S`. As many as there are commands: all in one instant.
    """
    began_s, given = time.monotonic(), 0
    async with asyncio.timeout(WITHIN_S):
        while (open_now := unanswered()) or given < commands:
            reached = min(1.0, (time.monotonic() - began_s) / RAMP_S) if under_way < commands else 1.0
            for _ in range(min(commands - given, math.ceil(under_way * reached) - open_now)):
                await give()
                given += 1
            await asyncio.sleep(POLL_S)


async def _reddit() -> None:
    async with _Reddit() as reddit:
        reddit.rate = ("1", "100000.0", "540")

        async def ask(asked: dict[str, Any]) -> Any:
            if "remove" in asked:
                for name in asked["remove"]:
                    reddit.remove(name, "moderator")
                return None
            if "answers" in asked:
                return {"counts": reddit.answers, "at": reddit.answered_at}
            if "seen" in asked:
                return len(reddit.seen(asked["seen"]))
            authors = asked.get("authors", ["kiln_keeper"])
            return [reddit.add_post("pottery", author=authors[n % len(authors)]) for n in range(asked["posts"])]

        await _serve(
            {
                "reddit_client_id": reddit.client_id,
                "reddit_client_secret": reddit.client_secret,
                "reddit_user_agent": reddit.user_agent,
                "reddit_url": reddit.url,
                "reddit_oauth_url": reddit.url,
                "reddit_public_url": reddit.url,
            },
            ask,
        )


async def _serve(settings: Mapping[str, str], ask: Ask) -> None:
    reader = asyncio.StreamReader(limit=LINE_MAX)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    print(json.dumps(settings), flush=True)
    while line := await reader.readline():
        print(json.dumps(await ask(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run({"discord": _discord, "slack": _slack, "reddit": _reddit}[sys.argv[1]]())
