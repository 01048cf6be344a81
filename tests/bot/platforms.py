"""One way to talk to the whole program on every platform: what a person says, presses, fills in and is told.

    async with platform(program) as chat:
        card = await (await chat.say(ALICE, "campaign list")).shows("Kiln")
        await (await card.press(CAROL, "Show")).shows("Campaign 1")

Behind it are the real front ends: a pipe, discord.py and slack-bolt against the loopback servers of their platforms.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO

import pytest

from bot.chats import chat_front_ends
from bot.command import Kind, bind
from bot.frontend import Actor, FrontEnd
from bot.line import parse_line
from bot.main import Program
from bot.terminal_app.client import WORKSPACE_ID, TerminalFrontEnd
from tests.fakes import discord as fake_discord
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack, Message, words_of
from tests.patience import PATIENCE_S

ALICE, CAROL = "Alice", "Carol"  # Alice manages the workspace; nothing is known of Carol
WITHIN_S = PATIENCE_S
DISCORD_TOKEN = "a.b.c"


class Shown(ABC):
    """A card as somebody has it before their eyes."""

    @property
    @abstractmethod
    def words(self) -> str: ...

    @abstractmethod
    async def press(self, who: str, label: str) -> Reply: ...

    async def becomes(self, words: str) -> str:
        """Wait until the same message shows these words; answers all of its words, those of its buttons too."""
        async with asyncio.timeout(WITHIN_S):
            while words not in self.words:  # noqa: ASYNC110 - a text
                await asyncio.sleep(0.005)
        return "\n".join([self.words, *self.labels])

    @property
    def labels(self) -> list[str]:
        """What can be pressed on it."""
        return []


class Reply(ABC):
    """What comes back after a line, a press or a form."""

    @abstractmethod
    async def shows(self, words: str) -> Shown:
        """Wait for the card with these words."""

    @abstractmethod
    async def fill(self, who: str, **answers: str) -> Reply:
        """Wait for the form that is asked, and answer it; what is not named stays as it is filled in."""


class Chat(ABC):
    """A place where people and the bot talk."""

    @abstractmethod
    async def say(self, who: str, line: str) -> Reply:
        """Give a command; `@Carol` in it is a mention, as the platform makes them."""

    @abstractmethod
    async def press_old(self, who: str, action_id: str) -> Reply:
        """Press a button on a card from long ago."""

    @abstractmethod
    def alerts(self) -> list[Shown]:
        """Every alert in the place that was chosen for them, oldest first."""

    @abstractmethod
    def complaints(self) -> list[str]:
        """What the platform's rules refused."""


@asynccontextmanager
async def serving(program: Program, front_ends: list[FrontEnd], ready: Callable[[], Any]) -> AsyncIterator[None]:
    program.front_ends.update({front_end.platform: front_end for front_end in front_ends})
    tasks = [asyncio.create_task(front_end.run()) for front_end in front_ends]
    try:
        await ready()
        yield
    finally:
        for front_end in front_ends:
            await front_end.stop()
        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(*tasks)


# ---------------------------------------------------------------- the terminal


@dataclass
class _Person:
    """One person at a terminal: a pipe in, JSON Lines out."""

    front_end: TerminalFrontEnd
    stdin: TextIO
    writing: int
    out: io.StringIO

    @classmethod
    def of(cls, program: Program, name: str) -> _Person:
        reading, writing = os.pipe()
        out = io.StringIO()
        actor = Actor(WORKSPACE_ID, "terminal", "Terminal", name, name, may_manage=name == ALICE)
        stdin = os.fdopen(reading, encoding="utf-8")
        front_end = TerminalFrontEnd(program.dispatcher, stdin=stdin, stdout=out, actor=actor, json_output=True)
        return cls(front_end, stdin, writing, out)

    def close(self) -> None:
        os.close(self.writing)
        self.stdin.close()

    def cards(self, *, alerts: bool) -> list[dict[str, Any]]:
        cards = [json.loads(line) for line in self.out.getvalue().splitlines()]
        return [card for card in cards if (card["command"] == "alert") is alerts]


_People = dict[str, _Person]


@dataclass
class TerminalShown(Shown):
    people: _People
    card: dict[str, Any]

    @property
    def words(self) -> str:
        fields = [f"{f['name']}\n{f['value']}" for f in self.card["fields"]]
        return "\n".join([self.card["title"], self.card["text"], *fields, self.card["footnote"]])

    async def press(self, who: str, label: str) -> Reply:
        offered = [one for action in self.card["actions"] for one in action.get("options", [action])]
        [action_id] = [one["action_id"] for one in offered if one["label"] == label]
        return TerminalReply.to(self.people, who, action_id)


@dataclass
class TerminalReply(Reply):
    people: _People
    who: str
    number: int  # of the card, among the answers to this person

    @classmethod
    def to(cls, people: _People, who: str, line: str) -> TerminalReply:
        reply = cls(people, who, len(people[who].cards(alerts=False)))
        os.write(people[who].writing, f"{line}\n".encode())
        return reply

    async def _card(self) -> dict[str, Any]:
        async with asyncio.timeout(WITHIN_S):
            while len(answers := self.people[self.who].cards(alerts=False)) <= self.number:  # noqa: ASYNC110 - a text
                await asyncio.sleep(0.005)
        return answers[self.number]

    async def shows(self, words: str) -> Shown:
        shown = TerminalShown(self.people, await self._card())
        assert words in shown.words, shown.words
        return shown

    async def fill(self, who: str, **answers: str) -> Reply:
        """A pipe fills no forms: the card says which command to write instead."""
        text = (await self._card())["text"]
        written = re.search(r"^Write: (/rao .*)$", text, re.MULTILINE)
        assert written is not None, text
        line = written[1]
        for name, answer in answers.items():
            assert f'{name}="…"' in line, line
            line = line.replace(f'{name}="…"', f"{name}={json.dumps(answer, ensure_ascii=False)}")
        return self.to(self.people, who, line)


@dataclass
class TerminalChat(Chat):
    people: _People

    async def say(self, who: str, line: str) -> Reply:
        return TerminalReply.to(self.people, who, line)

    async def press_old(self, who: str, action_id: str) -> Reply:
        return TerminalReply.to(self.people, who, action_id)

    def alerts(self) -> list[Shown]:
        return [TerminalShown(self.people, card) for card in self.people[ALICE].cards(alerts=True)]

    def complaints(self) -> list[str]:
        return []


@asynccontextmanager
async def terminal(program: Program) -> AsyncIterator[Chat]:
    """Two people, each at a terminal of their own; alerts come to Alice's."""
    people = {name: _Person.of(program, name) for name in (CAROL, ALICE)}  # the later one is told

    async def ready() -> None:
        """A pipe is there at once."""

    try:
        async with serving(program, [person.front_end for person in people.values()], ready):
            yield TerminalChat(people)
    finally:
        for person in people.values():
            person.close()


# ---------------------------------------------------------------- Discord


@dataclass
class DiscordShown(Shown):
    discord: fake_discord.FakeDiscord
    message: fake_discord.Message

    @property
    def words(self) -> str:
        return self.message.text

    @property
    def labels(self) -> list[str]:
        return list(self.message.items)

    async def press(self, who: str, label: str) -> Reply:
        sent = await self.discord.click(self.message, label, member=_MEMBERS[who])
        return DiscordReply(self.discord, sent)


@dataclass
class DiscordReply(Reply):
    discord: fake_discord.FakeDiscord
    sent: fake_discord.Sent

    async def shows(self, words: str) -> Shown:
        def shown() -> list[fake_discord.Message]:
            every = [*self.sent.followups, *([self.sent.message] if self.sent.message else [])]
            return [m for m in every if words in m.text and not m.is_deleted and not m.is_loading]

        await self.discord.until(shown, WITHIN_S)
        return DiscordShown(self.discord, shown()[0])

    async def fill(self, who: str, **answers: str) -> Reply:
        await self.discord.until(lambda: self.sent.modal, WITHIN_S)
        return DiscordReply(self.discord, await self.discord.submit(self.sent, _MEMBERS[who], **answers))


@dataclass
class DiscordChat(Chat):
    program: Program
    discord: fake_discord.FakeDiscord

    async def say(self, who: str, line: str) -> Reply:
        """As a person picks the slash command and fills in its options."""
        parsed = parse_line(line)
        command, count = self.program.registry.find(parsed.words)
        kinds = {param.name: param for param in command.params}
        options: dict[str, Any] = {}
        for name, text in bind(command, parsed.words[count:], parsed.named).items():
            if kinds[name].lookup == "member":
                options[name] = _MEMBERS[text.removeprefix("@")]
            else:
                options[name] = int(text) if kinds[name].kind is Kind.INTEGER else text
        sent = await self.discord.slash(command.path, options, member=_MEMBERS[who])
        return DiscordReply(self.discord, sent)

    async def press_old(self, who: str, action_id: str) -> Reply:
        return DiscordReply(self.discord, await self.discord.click_id(action_id, member=_MEMBERS[who]))

    def alerts(self) -> list[Shown]:
        messages = self.discord.channels[fake_discord.CHANNEL]
        return [DiscordShown(self.discord, message) for message in messages if message.nonce]

    def complaints(self) -> list[str]:
        return self.discord.refusals


_MEMBERS = {ALICE: fake_discord.ALICE, CAROL: fake_discord.CAROL}


# ---------------------------------------------------------------- Slack

_IDS = {ALICE: "U1", CAROL: "U2"}


@dataclass
class SlackShown(Shown):
    slack: FakeSlack
    message: Message

    @property
    def words(self) -> str:
        return self.message.words

    async def press(self, who: str, label: str) -> Reply:
        reply = SlackReply(self.slack)
        await self.slack.click(self.message, label, user=_IDS[who])
        return reply


@dataclass
class SlackReply(Reply):
    slack: FakeSlack
    before: dict[int, int] = field(default_factory=dict)  # versions of each message, before it was asked for
    views_before: int = 0

    def __post_init__(self) -> None:
        self.before = {id(message): len(message.versions) for message in self.slack.shown}
        self.views_before = len(self.slack.views)

    def _is_new(self, message: Message) -> bool:
        return self.before.get(id(message)) != len(message.versions)

    async def shows(self, words: str) -> Shown:
        def found() -> list[Message]:
            return [m for m in self.slack.shown if self._is_new(m) and words in m.words]

        try:
            return SlackShown(self.slack, (await self.slack.until(found, WITHIN_S))[-1])
        except TimeoutError:
            pytest.fail(f"{words!r} is in none of {[m.words for m in self.slack.shown if self._is_new(m)]}")

    async def fill(self, who: str, **answers: str) -> Reply:
        def form() -> dict[str, Any] | None:
            views = [self.slack.views[name] for name in self.slack.open_views]
            return next((view for view in views if view["callback_id"] == "form"), None)

        view = await self.slack.until(form, WITHIN_S)
        reply = SlackReply(self.slack)
        await self.slack.submit(view, answers, user=_IDS[who])
        assert view["id"] not in self.slack.open_views, words_of(self.slack.acks)
        return reply


@dataclass
class SlackChat(Chat):
    slack: FakeSlack

    async def say(self, who: str, line: str) -> Reply:
        reply = SlackReply(self.slack)
        line = line.replace("@Carol", f"<@{_IDS[CAROL]}|carol>")  # as Slack hands mentions on
        await self.slack.command(line, user=_IDS[who])
        return reply

    async def press_old(self, who: str, action_id: str) -> Reply:
        reply = SlackReply(self.slack)
        button = {"block_id": "card|buttons", "type": "button", "action_id": action_id}
        await self.slack.click_raw(button, self.slack.shown[0], user=_IDS[who])
        return reply

    def alerts(self) -> list[Shown]:
        return [SlackShown(self.slack, m) for m in self.slack.shown if m.channel == "C1" and "metadata" in m.body]

    def complaints(self) -> list[str]:
        return self.slack.problems


# ---------------------------------------------------------------- the fakes and their settings


@asynccontextmanager
async def platform_named(name: str) -> AsyncIterator[tuple[dict[str, str], Callable[[Program], Any]]]:
    """The settings that connect a program to this platform, and what connects it then."""
    if name == "discord":
        async with fake_discord.FakeDiscord() as discord:
            discord.token = DISCORD_TOKEN

            @asynccontextmanager
            async def on_discord(program: Program) -> AsyncIterator[Chat]:
                async with serving(program, chat_front_ends(program), discord.until_ready):
                    yield DiscordChat(program, discord)

            urls = {"discord_api_url": discord.api_url, "discord_gateway_url": discord.gateway_url}
            yield {"discord_token": DISCORD_TOKEN, **urls}, on_discord
    elif name == "slack":
        async with FakeSlack() as slack:
            slack.users = {
                _IDS[ALICE]: {"is_admin": True, "profile": {"display_name": ALICE}},
                _IDS[CAROL]: {"profile": {"display_name": CAROL}},
            }

            @asynccontextmanager
            async def on_slack(program: Program) -> AsyncIterator[Chat]:
                async with serving(program, chat_front_ends(program), slack.connected):
                    yield SlackChat(slack)

            yield {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, "slack_api_url": slack.url}, on_slack
    else:
        yield {}, terminal
