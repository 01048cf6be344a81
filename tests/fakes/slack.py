"""A loopback Slack: people who click and type, Socket Mode, and the Web API (`slack_api.py`), as strict as the real one
where that matters: a second acknowledgement is a problem, and so is an invalid view in one.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.fakes.block_kit import InvalidBlocks, check_view, units
from tests.fakes.slack_api import APP_TOKEN as APP_TOKEN
from tests.fakes.slack_api import BOT_TOKEN as BOT_TOKEN
from tests.fakes.slack_api import Json, SlackApi
from tests.fakes.slack_api import Message as Message
from tests.fakes.slack_api import elements_of as elements_of
from tests.fakes.slack_api import words_of as words_of
from tests.patience import PATIENCE_S


class FakeSlack(SlackApi):
    """`async with FakeSlack() as slack:`; `slack.url` is the API's address."""

    def __init__(self) -> None:
        super().__init__()
        self.acks: dict[str, Json] = {}  # envelope id -> what was acknowledged with it
        self.ack_times: dict[str, float] = {}
        self.sockets: list[web.WebSocketResponse] = []
        self.connections_opened = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/link", self._link)
        app.router.add_get("/oauth/v2/authorize", self._authorize)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/files-pri/{file}/download/{name}", self._file)
        app.router.add_post("/response/{response}", self._respond)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._origin = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.url = f"http://{self._origin}/api"
        self.files_url = f"http://{self._origin}"
        self.authorize_url = f"http://{self._origin}/oauth/v2/authorize"
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in list(self.sockets):
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # ------------------------------------------------ what tests wait for

    async def until(self, condition: Any, within_s: float = PATIENCE_S) -> Any:
        """Wait until `condition()` is true; answers its value."""
        async with asyncio.timeout(within_s):
            while not (value := condition()):  # noqa: ASYNC110 - the condition may be about anything
                await asyncio.sleep(0.005)
            return value

    async def connected(self, count: int = 1) -> None:
        await self.until(lambda: self.connections_opened >= count and self.sockets)

    async def said(self, words: str, *, count: int = 1) -> Message:
        """Wait for a message, as it stands now, that shows these words; answers the newest."""
        found = await self.until(lambda: len(m := [m for m in self.shown if words in m.words]) >= count and m)
        newest: Message = found[-1]
        return newest

    async def view_showing(self, words: str) -> Json:
        found = await self.until(lambda: [v for v in self.open_views if words in words_of(self.views[v])])
        view: Json = self.views[found[-1]]
        return view

    async def acked(self, envelope_id: str) -> Json:
        await self.until(lambda: envelope_id in self.acks)
        return self.acks[envelope_id]

    # ------------------------------------------------ what people do

    async def command(self, text: str, *, user: str = "U1", channel: str = "C1", command: str = "/rao") -> str:
        payload = {
            "token": "t",
            "team_id": self.team_with(user),
            "team_domain": "team",
            "channel_id": channel,
            "channel_name": "general",
            "user_id": user,
            "user_name": user.lower(),
            "command": command,
            "text": text,
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": self.new_response_url(channel, user),
            "trigger_id": self.new_trigger(),
        }
        return await self.send("slash_commands", payload)

    async def click(self, message: Message, label: str, *, user: str = "U1") -> str:
        """Press a button, or take an entry of a menu or a choice, by the words on it."""
        return await self.click_raw(self.action_of(message.blocks, label), message, user=user)

    async def click_raw(self, action: Json, message: Message, *, user: str = "U1") -> str:
        said = ("text", "blocks", "metadata", "thread_ts")
        thread_ts = message.body.get("thread_ts")
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.ephemeral_for is not None,
        } | ({"thread_ts": thread_ts} if thread_ts else {})
        payload: Json = {
            "type": "block_actions",
            "user": {
                "id": user,
                "username": user.lower(),
                "name": user.lower(),
                "team_id": self.team_with(user),
            },
            "api_app_id": "A1",
            "token": "t",
            "container": container,
            "trigger_id": self.new_trigger(),
            "team": {"id": self.team_with(user), "domain": "team"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": message.channel, "name": "general"},
            "message": {"type": "message", "ts": message.ts, **{k: message.body[k] for k in said if k in message.body}},
            "state": {"values": {}},
            "response_url": self.new_response_url(message.channel, user, original=message),
            "actions": [{"action_ts": "1", **action}],
        }
        return await self.send("interactive", payload)

    async def click_home(self, view: Json, label: str, *, user: str) -> str:
        return await self.click_home_raw(view, self.action_of(view["blocks"], label), user=user)

    async def click_home_raw(self, view: Json, action: Json, *, user: str) -> str:
        payload = {
            "type": "block_actions",
            "user": {
                "id": user,
                "name": user.lower(),
                "username": user.lower(),
                "team_id": self.team_with(user),
            },
            "api_app_id": "A1",
            "token": "t",
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": self.new_trigger(),
            "team": {"id": self.team_with(user), "domain": "team"},
            "enterprise": None,
            "is_enterprise_install": False,
            "view": {**view, "state": {"values": {}}},
            "actions": [{"action_ts": "1", **action}],
        }
        return await self.send("interactive", payload)

    async def click_view(self, view: Json, label: str, *, user: str = "U1") -> str:
        """Press a button in an open modal."""
        assert view["id"] in self.open_views, "that modal is closed"
        trigger = self.new_trigger()
        self._triggers_in_modals.add(trigger)
        payload = {
            "type": "block_actions",
            "user": {"id": user, "name": user.lower(), "username": user.lower(), "team_id": self.team_with(user)},
            "api_app_id": "A1",
            "token": "t",
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": trigger,
            "team": {"id": self.team_with(user), "domain": "team"},
            "enterprise": None,
            "is_enterprise_install": False,
            "view": {**view, "team_id": self.team_with(user), "state": {"values": {}}, "hash": "h"},
            "actions": [{"action_ts": "1", **self.action_of(view["blocks"], label)}],
        }
        return await self.send("interactive", payload)

    def action_of(self, blocks: list[Json], label: str) -> Json:
        for block_id, element in elements_of(blocks):
            found = {"block_id": block_id, "type": element["type"], "action_id": element["action_id"]}
            if element["type"] == "button" and element["text"]["text"] == label:
                return found | ({"value": element["value"]} if "value" in element else {})
            for option in element.get("options", []):
                if option["text"]["text"] == label:
                    return found | {"selected_option": option}
        raise AssertionError(f"there is no {label!r} among {words_of([e for _, e in elements_of(blocks)])!r}")

    async def suggestions(self, view: Json, block_id: str, typed: str, *, user: str = "U1") -> list[Json]:
        """Type into a select of a modal; what the app suggests."""
        payload = {
            "type": "block_suggestion",
            "user": {"id": user, "name": user.lower(), "team_id": self.team_with(user)},
            "team": {"id": self.team_with(user), "domain": "team"},
            "api_app_id": "A1",
            "token": "t",
            "container": {"type": "view", "view_id": view["id"]},
            "enterprise": None,
            "is_enterprise_install": False,
            "view": {**view, "team_id": self.team_with(user), "state": {"values": {}}},
            "action_id": "value",
            "block_id": block_id,
            "value": typed,
        }
        answered = await self.acked(await self.send("interactive", payload))
        options: list[Json] = (answered or {}).get("options", [])
        assert len(options) <= 100
        for option in options:
            assert 0 < units(option["text"]["text"]) <= 75
            assert 0 < units(option["value"]) <= 150
        return options

    async def _chosen(self, view: Json, block_id: str, answer: str, user: str) -> Json | None:
        """The option that a person picks who types `answer`: one with this value, or the first offered."""
        if not answer:
            return None
        offered = await self.suggestions(view, block_id, answer, user=user)
        assert offered, f"nothing is offered for {answer!r} in {block_id}"
        return next((option for option in offered if option["value"] == answer), offered[0])

    async def submit(self, view: Json, answers: Mapping[str, Any], *, user: str = "U1", here: str | None = None) -> str:
        """Send a modal with some inputs changed; the others keep what stands in them, and bytes are a file. `here`: the
        conversation from which it was opened, when there is one.
        """
        values: Json = {}
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            element, block_id = block["element"], block["block_id"]
            if element["type"] == "file_input":
                content = answers.get(block_id)
                value: Json = {"type": "file_input", "files": [self.attach(content)] if content else []}
                assert content or block.get("optional"), f"Slack would ask for {block_id}"
                values[block_id] = {element["action_id"]: value}
                continue
            if element["type"] == "static_select":
                chosen = answers.get(block_id, (element.get("initial_option") or {}).get("value"))
                option = next((o for o in element["options"] if o["value"] == chosen), None)
                value = {"type": "static_select", "selected_option": option}
            elif element["type"] == "external_select":
                option = element.get("initial_option")
                if block_id in answers:
                    option = await self._chosen(view, block_id, answers[block_id], user)
                value = {"type": "external_select", "selected_option": option}
            elif element["type"] == "users_select":
                chosen = answers.get(block_id, element.get("initial_user"))
                value = {"type": "users_select", "selected_user": chosen or None}
            elif element["type"] == "conversations_select":
                at_first = element.get("initial_conversation")
                if at_first is None and element.get("default_to_current_conversation"):
                    at_first = here
                chosen = answers.get(block_id, at_first)
                value = {"type": "conversations_select", "selected_conversation": chosen or None}
            else:
                text = answers.get(block_id, element.get("initial_value"))
                assert text is None or units(text) <= element.get("max_length", 3000), "the input does not take that"
                value = {"type": "plain_text_input", "value": text or None}
            filled = value.get("value") or value.get("selected_option") or value.get("selected_user")
            filled = filled or value.get("selected_conversation")
            assert filled or block.get("optional"), f"Slack would ask for {block_id}"
            values[block_id] = {element["action_id"]: value}
        assert set(answers) <= set(values), "no such input"
        payload = {
            "type": "view_submission",
            "team": {"id": self.team_with(user), "domain": "team"},
            "user": {
                "id": user,
                "name": user.lower(),
                "username": user.lower(),
                "team_id": self.team_with(user),
            },
            "api_app_id": "A1",
            "token": "t",
            "trigger_id": self.new_trigger(),
            "is_enterprise_install": False,
            "enterprise": None,
            "response_urls": [],
            "view": {**view, "team_id": self.team_with(user), "state": {"values": values}, "hash": "h"},
        }
        envelope_id = await self.send("interactive", payload)
        answered = await self.acked(envelope_id)
        self._apply_to_view(view["id"], answered)
        return envelope_id

    async def shortcut(
        self, text: str, *, user: str = "U1", channel: str = "C1", callback: str = "register_link"
    ) -> str:
        payload = {
            "type": "message_action",
            "callback_id": "register_link",
            "trigger_id": self.new_trigger(),
            "response_url": self.new_response_url(channel, user),
            "team": {"id": self.team_with(user), "domain": "team"},
            "channel": {"id": channel, "name": "general"},
            "user": {"id": user, "name": user.lower()},
            "message": {"type": "message", "user": "U5", "ts": "1700000000.000100", "text": text},
            "message_ts": "1700000000.000100",
            "token": "t",
            "enterprise": None,
            "is_enterprise_install": False,
        }
        return await self.send("interactive", payload)

    async def event(self, event: Json, **more: Any) -> str:
        payload = {
            "token": "t",
            "team_id": "T1",
            "api_app_id": "A1",
            "type": "event_callback",
            "event_id": f"Ev{next(self._count)}",
            "event_time": int(self.now()),
            "event": event,
            **more,
        }
        return await self.send("events_api", payload)

    def close_view(self, view_id: str) -> None:
        self.open_views.remove(view_id)

    async def send(self, kind: str, payload: Json, *, envelope_id: str | None = None, **more: Any) -> str:
        envelope_id = envelope_id or str(uuid.uuid4())
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
            **more,
        }
        self.last_envelope = envelope
        await self.sockets[-1].send_json(envelope)
        return envelope_id

    async def redeliver(self) -> str:
        """Send the last envelope's content again, as Slack does when an acknowledgement was lost."""
        again = {**self.last_envelope, "envelope_id": str(uuid.uuid4()), "retry_attempt": 1, "retry_reason": "timeout"}
        await self.sockets[-1].send_json(again)
        return str(again["envelope_id"])

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        socket = self.sockets[-1]
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def drop(self) -> None:
        """The network is gone without a word."""
        socket = self.sockets.pop()
        if socket._req is not None and socket._req.transport is not None:
            socket._req.transport.abort()

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self.sockets.append(socket)
        self.connections_opened += 1
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets), "connection_info": {}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._on_ack(json.loads(message.data))
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket

    async def _on_ack(self, said: Json) -> None:
        envelope_id = said.get("envelope_id", "")
        if envelope_id in self.acks:
            self.problems.append(f"{envelope_id} is acknowledged twice")
        payload = said.get("payload") or {}
        if payload.get("view"):
            try:
                check_view(payload["view"])
            except InvalidBlocks as invalid:
                self.problems.append(f"view in an acknowledgement: {invalid}")
        self.acks[envelope_id] = payload
        self.ack_times[envelope_id] = time.monotonic()

    def _apply_to_view(self, view_id: str, answered: Json) -> None:
        action = answered.get("response_action")
        if action == "update":
            self.views[view_id] = {"id": view_id, **answered["view"]}
        elif action is None or action == "clear":
            if view_id in self.open_views:
                self.open_views.remove(view_id)
        elif action != "errors":
            self.problems.append(f"response_action {action!r}")
