"""A loopback Discord: REST v10 and gateway, as strict as the real one where this bot could go wrong.

An interaction is acknowledged once and within three seconds, its token expires on order, payloads are checked by
`discord_rules` and Discord's own schema, a repeated nonce makes no second message, sessions resume with what was
missed.

    async with FakeDiscord() as discord:
        ...                                     # start the front end against discord.api_url, discord.gateway_url
        sent = await discord.slash("draft show", draft=3)
        await sent.until_shown("Draft 3")
        clicked = await discord.click(sent.message, "Approve", member=CAROL)
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from aiohttp import web

from tests.fakes import discord_rules as rules
from tests.fakes import discord_schema
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_orders import Fault, Sent
from tests.fakes.discord_people import (
    ALICE,
    APPLICATION,
    BOT,
    CAROL,
    CHANNEL,
    GUILD,
    MAY_WRITE,
    OWNER,
    READ_HISTORY,
    Message,
    Person,
    server_of,
)
from tests.fakes.discord_threads import BEGAN, Thread, archived, forum_of, listed, refusal
from tests.fakes.discord_wire import THE_APPLICATION, as_returned, as_sent_back, body_of, of_json, of_problem

__all__ = ["ALICE", "CAROL", "CHANNEL", "GUILD", "OWNER", "FakeDiscord", "Message", "Person", "Sent"]


class FakeDiscord(Gateway):
    def __init__(self, *, shards: int = 1) -> None:
        super().__init__()
        self.shards = shards
        self.commands: list[dict[str, Any]] = []
        self.syncs = 0
        self.requests: list[str] = []
        self.guilds: dict[int, dict[str, Any]] = {GUILD: {"id": str(GUILD), "name": "Tea Club", "owner_id": str(OWNER)}}
        self.channels: dict[int, list[Message]] = {CHANNEL: []}
        self.servers = [server_of(self.guilds[GUILD])]
        self.trouble: dict[int, tuple[int, int, str]] = {}  # by channel: status, code, message
        self.app_permissions = MAY_WRITE
        self.here: dict[str, Any] = {"id": str(CHANNEL), "type": 0, "name": "general", "position": 0}  # of the people
        self.threads: dict[int, Thread] = {}
        self.forums: dict[int, dict[str, Any]] = {}  # as Discord tells of them
        self.now = BEGAN
        self.refusals: list[str] = []  # what strictness refused; a test that expects none checks that it is empty
        self.uploads: dict[str, bytes] = {}  # what people attached, by id
        self.tells_uploads_at = ""  # the address that is told in place of the true one
        self._faults: list[Fault] = []
        self._sent: dict[int, Sent] = {}
        self._number = 10_000
        self._runner: web.AppRunner | None = None
        self.api_url = self.files_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/resumed-gateway", self._gateway)
        app.router.add_route("*", "/api/v10/{tail:.*}", self._api)
        app.router.add_get("/cdn/ephemeral-attachments/{id}/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()  # bursts of 200 connections
        port = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{port}/api/v10"
        self.gateway_url = f"ws://127.0.0.1:{port}/gateway"
        self.files_url = f"http://127.0.0.1:{port}/cdn"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.drop(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    # ------------------------------------------------ what tests order and watch

    def fail(
        self, pattern: str, status: int, *, times: int = 1, code: int = 0, headers: Mapping[str, str] | None = None
    ) -> None:
        body = {"message": "ordered", "code": code}
        self._faults.append(Fault(pattern, status, body, dict(headers or {}), times))

    def reset(self, pattern: str, *, times: int = 1, after: bool = False) -> None:
        """Break the connection instead of answering; `after`: what was asked was done."""
        self._faults.append(Fault(pattern, 0, {}, {}, times, after))

    async def redeliver(self, sent: Sent) -> None:
        """Send an interaction again, as a connection that is taken up again may."""
        assert sent.event is not None
        await self.dispatch("INTERACTION_CREATE", sent.event)

    def limit(self, pattern: str, retry_after_s: float, *, times: int = 1, is_global: bool = False) -> None:
        """Rate limit, with the headers by which a client knows Discord's own."""
        headers = {"Via": "1.1 fake", "Retry-After": str(retry_after_s), "X-RateLimit-Remaining": "0"}
        headers |= {"X-RateLimit-Reset-After": str(retry_after_s), "X-RateLimit-Bucket": "b", "X-RateLimit-Limit": "1"}
        body = {"message": "You are being rate limited.", "retry_after": retry_after_s, "global": is_global}
        if is_global:
            headers |= {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
        self._faults.append(Fault(pattern, 429, body, headers, times))

    def seen(self, pattern: str) -> int:
        return sum(re.search(pattern, request) is not None for request in self.requests)

    # ------------------------------------------------ what people do

    async def add_bot(self, joined_at: datetime, *, system_channel: int | None = CHANNEL) -> None:
        """Add the bot to its server, which Discord tells of now and at every later connection."""
        self.servers = [server_of(self.guilds[GUILD], joined_at, system_channel)]
        await self.dispatch("GUILD_CREATE", self.servers[0])

    async def slash(
        self,
        path: str,
        chosen: Mapping[str, Any] | None = None,
        *,
        member: Person = ALICE,
        guild: int | None = GUILD,
        **options: Any,
    ) -> Sent:
        """Give a slash command, as the synced commands allow it. `chosen`: options whose names are taken here."""
        data = self._command_data(path, {**(chosen or {}), **options})
        return await self._send(2, data, member, guild=guild)

    async def suggestions(self, path: str, option: str, typed: str, *, member: Person = ALICE) -> list[dict[str, Any]]:
        """What autocomplete suggests for an option while somebody types."""
        data = self._command_data(path, {option: typed}, focused=option)
        sent = await self._send(4, data, member)
        await sent.until(lambda: sent.suggestions is not None)
        return sent.suggestions or []

    async def menu(self, name: str, content: str, *, member: Person = ALICE) -> Sent:
        """Use a context menu on a message of somebody."""
        assert any(c["name"] == name and c["type"] == 3 for c in self.commands), "no such menu"
        target = {**self._message_json(Message(77, CHANNEL, {}, {})), "content": content}
        data = {"id": "1", "type": 3, "name": name, "target_id": "77", "resolved": {"messages": {"77": target}}}
        return await self._send(2, data, member)

    async def click(
        self,
        message: Message | None,
        label: str,
        *,
        choose: int | None = None,
        member: Person = ALICE,
        guild: int | None = GUILD,
    ) -> Sent:
        """Press the button with this label, or choose an option: of the select with this placeholder the one at
        `choose`, else the one with this label in any select.
        """
        assert message is not None
        assert not message.is_deleted
        item, value = message.item(label, choose)
        data = {"custom_id": item["custom_id"], "component_type": item["type"]}
        if value is not None:
            data["values"] = [value]
        return await self._send(3, data, member, clicked=message, guild=guild)

    async def click_id(self, custom_id: str, *, member: Person = ALICE) -> Sent:
        """Press a button of a message from long ago."""
        row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}]}
        message = self._store(CHANNEL, {"components": [row], "flags": rules.V2}, {})
        return await self.click(message, "Old", member=member)

    async def submit(self, opened: Sent, member: Person = ALICE, **answers: str | bytes) -> Sent:
        """Fill in and send a modal. Inputs that are not named keep what they hold; bytes are a file."""
        modal = opened.modal
        assert modal is not None
        labels = []
        attached: dict[str, Any] = {}
        for label in modal["components"]:
            asked = label["component"]
            input_id = asked["custom_id"]
            if asked["type"] == rules.UPLOAD:
                content = answers.pop(input_id, b"")
                assert isinstance(content, bytes)
                assert content or not asked.get("required", True), f"{input_id} is required"
                mine = self.upload(content) if content else {}
                attached |= mine
                labels.append({"type": 18, "component": {"type": 19, "custom_id": input_id, "values": list(mine)}})
                continue
            chosen = next((option["value"] for option in asked.get("options", []) if option.get("default")), "")
            text = answers.pop(input_id, asked.get("value") or chosen)
            assert isinstance(text, str)
            assert text or not asked.get("required", True), f"{input_id} is required"
            if asked["type"] == 3:
                given: dict[str, Any] = {"type": 3, "custom_id": input_id, "values": [text] if text else []}
            else:
                assert len(text) <= asked.get("max_length", 4000), f"{input_id} is too long"
                given = {"type": 4, "custom_id": input_id, "value": text}
            labels.append({"type": 18, "component": given})
        assert not answers, f"the form does not ask for {sorted(answers)}"
        data = {"custom_id": modal["custom_id"], "components": labels, "resolved": {"attachments": attached}}
        return await self._send(5, data, member, clicked=opened.clicked)

    def upload(self, content: bytes) -> dict[str, Any]:
        """Put a file where Discord keeps what people attach; returns what it tells of the file, by its id."""
        file_id = str(self._next())
        self.uploads[file_id] = content
        address = self.tells_uploads_at or f"{self.files_url}/ephemeral-attachments/{file_id}/screen.gif?ex=1&is=2&hm=3"
        told = {"id": file_id, "filename": "screen.gif", "content_type": "image/gif", "size": len(content)}
        return {file_id: {**told, "url": address, "proxy_url": address, "ephemeral": True}}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        async with self._change:
            self.requests.append(f"GET {request.path}")
            fault = self._fault(f"GET {request.path}")
            self._change.notify_all()
        if fault is not None and fault.status == 0 and request.transport is not None:
            request.transport.abort()
        if fault is not None:
            return web.Response(status=fault.status or 500, headers=fault.headers)
        content = self.uploads.get(request.match_info["id"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    def _command_data(self, path: str, options: dict[str, Any], focused: str | None = None) -> dict[str, Any]:
        words = path.split(" ")
        told = next(c for c in self.commands if c["name"] == "rao")
        for word in words:
            told = next(o for o in told["options"] if o["name"] == word)
        known = {o["name"]: o for o in told.get("options") or []}
        assert set(options) <= set(known), f"{path} has no option {set(options) - set(known)}"
        needed = {name for name, option in known.items() if option.get("required")}
        assert focused or needed <= set(options), f"{path} needs {needed - set(options)}"
        resolved: dict[str, Any] = {}
        given = []
        for name, value in options.items():
            kind = known[name]["type"]
            if isinstance(value, bytes):
                told_of = self.upload(value)
                resolved["attachments"] = told_of
                [value] = told_of
                assert kind == 11, f"{name} takes type {kind}"
            elif isinstance(value, Person):
                resolved |= {"users": {str(value.id): value.user}, "members": {str(value.id): value.member}}
                value = str(value.id)
            elif not focused:
                assert isinstance(value, int) == (kind == 4), f"{name} takes type {kind}"
            given.append({"name": name, "type": kind, "value": value} | ({"focused": True} if name == focused else {}))
        inner: list[dict[str, Any]] = [{"type": 1, "name": words[-1], "options": given}]
        if len(words) == 2:
            inner = [{"type": 2, "name": words[0], "options": inner}]
        return {"id": "1", "type": 1, "name": "rao", "options": inner, "resolved": resolved}

    async def _send(
        self,
        kind: int,
        data: dict[str, Any],
        member: Person,
        *,
        clicked: Message | None = None,
        guild: int | None = GUILD,
    ) -> Sent:
        number = self._next()
        sent = self._sent[number] = Sent(number, f"token-{number}", kind, data, self, clicked)
        event: dict[str, Any] = {
            "id": str(number),
            "application_id": str(APPLICATION),
            "type": kind,
            "token": sent.token,
            "version": 1,
            "data": data,
            "channel_id": self.here["id"],
            "channel": self.here,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild or 0)},
            "context": 0,
            "app_permissions": str(self.app_permissions),
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if guild is None:
            event |= {
                "user": member.user,
                "context": 1,
                "channel": {"id": "901", "type": 1, "recipients": [member.user]},
            }
        else:
            partial = {"id": str(guild), "features": [], "locale": "en-US"}
            event |= {"member": member.member, "guild_id": str(guild), "guild": partial}
        if clicked is not None:
            event["message"] = self._message_json(clicked)
        sent.event = event
        await self.dispatch("INTERACTION_CREATE", event)
        return sent

    # ------------------------------------------------ REST

    async def _api(self, request: web.Request) -> web.Response:
        path, method = f"/{request.match_info['tail']}", request.method
        async with self._change:
            self.requests.append(f"{method} {path}")
            try:
                body, files = await body_of(request)
                problem = discord_schema.complaint(method, path, body) if body is not None else None
                rules.demand(problem is None, problem or "")
                fault = self._fault(f"{method} {path}")
                is_broken = fault is not None and fault.status == 0
                if fault is None or fault.after:
                    response = self._answer(request, method, path, body, files)
                    self._check_answer(method, path, response)
                else:
                    response = of_json(fault.body, fault.status or 500, fault.headers)
                if is_broken and request.transport is not None:
                    request.transport.abort()
            except rules.Refused as refused:
                self.refusals.append(f"{method} {path}: {refused}")
                response = of_problem(400, 50035, f"Invalid Form Body: {refused}")
            self._change.notify_all()
        return response

    def _check_answer(self, method: str, path: str, response: web.Response) -> None:
        """The fake tells of channels as Discord's schema says."""
        if response.status == 200 and re.match(r"/channels/\d+$|/(channels|guilds)/\d+/threads", path):
            problem = discord_schema.answer_complaint(method, path, json.loads(response.body))  # type: ignore[arg-type]
            rules.demand(problem is None, f"the fake's own answer: {problem}")

    def _fault(self, request: str) -> Fault | None:
        for fault in self._faults:
            if fault.times and re.search(fault.pattern, request):
                fault.times -= 1
                return fault
        return None

    def _answer(self, request: web.Request, method: str, path: str, body: Any, files: dict[str, bytes]) -> web.Response:
        if match := re.fullmatch(r"/interactions/(\d+)/([\w-]+)/callback", path):
            return self._callback(self._sent.get(int(match[1])), match[2], body, files)
        if match := re.fullmatch(rf"/webhooks/{APPLICATION}/([\w-]+)(?:/messages/(@original|\d+))?", path):
            sent = next((s for s in self._sent.values() if s.token == match[1]), None)
            return self._webhook(sent, method, match[2], body, files)
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return of_problem(401, 0, "401: Unauthorized")
        if path == "/users/@me":
            return of_json(BOT)
        if path in ("/oauth2/applications/@me", "/applications/@me"):
            return of_json(THE_APPLICATION)
        if path == "/gateway/bot":
            limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
            return of_json({"url": "wss://elsewhere.invalid", "shards": self.shards, "session_start_limit": limits})
        if path == f"/applications/{APPLICATION}/commands":
            return self._commands(method, body)
        if match := re.fullmatch(r"/guilds/(\d+)", path):
            guild = self.guilds.get(int(match[1]))
            return of_json(guild) if guild else of_problem(404, 10004, "Unknown Guild")
        if (match := re.fullmatch(r"/channels/(\d+)/threads", path)) and method == "POST":
            return self._make_post(int(match[1]), body, files)
        if (match := re.fullmatch(r"/guilds/(\d+)/threads/active", path)) and method == "GET":
            return of_json(listed(thread for thread in self.threads.values() if not thread.is_archived))
        if match := re.fullmatch(r"/channels/(\d+)/threads/archived/public", path):
            if not self.app_permissions & READ_HISTORY:
                return of_problem(403, 50001, "Missing Access")
            return of_json(archived((t for t in self.threads.values() if t.parent_id == int(match[1])), request.query))
        if path == "/users/@me/channels" and method == "POST":
            return self._direct_channel(int(body["recipient_id"]))
        if (match := re.fullmatch(r"/channels/(\d+)/messages", path)) and method == "POST":
            return self._post(int(match[1]), body, files)
        if (match := re.fullmatch(r"/channels/(\d+)", path)) and method == "GET":
            return self._channel(int(match[1]))
        if (match := re.fullmatch(r"/channels/(\d+)/messages/(\d+)", path)) and method == "GET":
            if not self.app_permissions & READ_HISTORY:
                return of_problem(403, 50001, "Missing Access")
            kept = [m for m in self.channels[int(match[1])] if m.id == int(match[2]) and not m.is_deleted]
            return of_json(self._message_json(kept[0])) if kept else of_problem(404, 10008, "Unknown Message")
        if (match := re.fullmatch(r"/channels/(\d+)", path)) and method == "PATCH":
            return self._edit_thread(int(match[1]), body)
        if (match := re.fullmatch(r"/channels/(\d+)/messages/(\d+)", path)) and method == "DELETE":
            next(m for m in self.channels[int(match[1])] if m.id == int(match[2])).is_deleted = True
            return web.Response(status=204)
        if (match := re.fullmatch(r"/channels/(\d+)/messages/(\d+)", path)) and method == "PATCH":
            if self._is_archived(int(match[1])):
                return of_problem(400, 50083, "Thread is archived")
            found = next((m for m in self.channels[int(match[1])] if m.id == int(match[2]) and not m.is_deleted), None)
            return of_problem(404, 10008, "Unknown Message") if found is None else self._edit(found, body, files)
        raise rules.Refused(f"the fake does not know {method} {path}")

    def _commands(self, method: str, body: Any) -> web.Response:
        if method == "PUT":
            rules.check_commands(body)
            self.syncs += 1
            self.commands = [
                # Discord fills in what was left out.
                {
                    "id": str(2000 + i),
                    "application_id": str(APPLICATION),
                    "version": "1",
                    "default_member_permissions": None,
                    "nsfw": False,
                    "description": "",
                    **command,
                    **as_returned(command),
                }
                for i, command in enumerate(body)
            ]
        return of_json(self.commands)

    def _direct_channel(self, member_id: int) -> web.Response:
        channel_id = 70_000 + member_id
        self.channels.setdefault(channel_id, [])
        return of_json({"id": str(channel_id), "type": 1, "recipients": []})

    def direct_messages(self, member_id: int) -> list[Message]:
        return self.channels.get(70_000 + member_id, [])

    def _post(self, channel_id: int, body: dict[str, Any], files: dict[str, bytes]) -> web.Response:
        if channel_id in self.trouble:
            return of_problem(*self.trouble[channel_id])
        if channel_id in self.forums:
            return of_problem(400, 50008, "Cannot send messages in a non-text channel")
        if channel_id not in self.channels:
            return of_problem(404, 10003, "Unknown Channel")
        if self._is_archived(channel_id):
            return of_problem(400, 50083, "Thread is archived")
        rules.check_message(body, list(files))
        if body.get("enforce_nonce"):
            same = next((m for m in self.channels[channel_id] if m.nonce == body["nonce"]), None)
            if same is not None:
                return of_json(self._message_json(same))
        message = self._store(channel_id, body, files)
        message.nonce = body.get("nonce")
        return of_json(self._message_json(message))

    def add_forum(self, forum_id: int, *, tags: Mapping[str, bool] | None = None, wants_tag: bool = False) -> None:
        """Make a forum. `tags`: by name, whether only moderators may give it."""
        self.forums[forum_id] = forum_of(forum_id, tags or {}, wants_tag)

    def _make_post(self, forum_id: int, body: dict[str, Any], files: dict[str, bytes]) -> web.Response:
        """A post: a thread whose first message has the thread's own id."""
        if forum_id in self.trouble:
            return of_problem(*self.trouble[forum_id])
        forum = self.forums.get(forum_id)
        if forum is None:
            return of_problem(400, 50024, "Cannot execute action on this channel type")
        given = [str(tag) for tag in body.get("applied_tags") or []]
        if (problem := refusal(forum, given, new=given)) is not None:
            return of_problem(*problem)
        rules.demand(0 < len(body["name"]) <= 100, f"a post's name has {len(body['name'])} characters")
        rules.check_message(body["message"], list(files))
        message = self._store(0, body["message"], files)
        message.channel_id = message.id
        self.channels[message.id] = self.channels.pop(0)[-1:]
        post = Thread(message.id, body["name"], forum_id, applied_tags=given, made_at=self.now, archived_at=self.now)
        self.threads[message.id] = post
        return of_json({**post.told(), "message": self._message_json(message)})

    @property
    def posts(self) -> dict[int, Thread]:
        """Of forums."""
        return {number: thread for number, thread in self.threads.items() if thread.parent_id in self.forums}

    def open_thread(self, thread_id: int, *, in_forum: bool = False) -> Thread:
        """Make a thread, or a post of a forum, in which people are from now on."""
        self.channels[thread_id] = []
        above = 950 if in_forum else CHANNEL
        thread = self.threads[thread_id] = Thread(thread_id, parent_id=above, owner_id=str(ALICE.id))
        self.here = {**thread.told(), "parent": {"id": str(above), "type": 15 if in_forum else 0}}
        return thread

    def _is_archived(self, channel_id: int) -> bool:
        return channel_id in self.threads and self.threads[channel_id].is_archived

    def _channel(self, channel_id: int) -> web.Response:
        if channel_id in self.threads:
            if channel_id not in self.channels:
                return of_problem(404, 10003, "Unknown Channel")
            return of_json(self.threads[channel_id].told())
        channel = {"id": str(channel_id), "type": 0, "guild_id": str(GUILD), "name": "general"}
        return of_json(self.forums.get(channel_id) or {**channel, "flags": 0, "position": 0})

    def _edit_thread(self, channel_id: int, body: dict[str, Any]) -> web.Response:
        thread = self.threads.get(channel_id)
        if thread is None or channel_id not in self.channels:
            return of_problem(403, 50013, "Missing Permissions")
        problem = thread.edit(body, self.forums.get(thread.parent_id), self.app_permissions)
        return of_problem(*problem) if problem is not None else of_json(thread.told())

    def _callback(self, sent: Sent | None, token: str, body: dict[str, Any], files: dict[str, bytes]) -> web.Response:
        if sent is None or sent.token != token:
            return of_problem(404, 10062, "Unknown interaction")
        if sent.answered is not None:
            self.refusals.append(f"interaction {sent.id} was acknowledged twice")
            return of_problem(400, 40060, "Interaction has already been acknowledged.")
        kind, content = body["type"], body.get("data") or {}
        allowed = {2: {4, 5, 9}, 3: {4, 5, 6, 7, 9}, 4: {8}, 5: {4, 5, 6, 7}}[sent.kind]
        rules.demand(kind in allowed, f"callback {kind} to an interaction of type {sent.kind}")
        rules.demand(kind not in (6, 7) or sent.clicked is not None, "there is no message to update")
        match kind:
            case 4:
                rules.check_message(content, list(files))
                sent.message = self._store(CHANNEL, content, files)
            case 5:
                rules.demand(set(content) <= {"flags"} and not content.get("flags", 0) & ~64, f"data {content}")
                sent.message = self._store(CHANNEL, {"flags": content.get("flags", 0)}, {})
                sent.message.is_loading = True
            case 6 | 7:
                sent.message = sent.clicked
            case 8:
                rules.check_offers(content["choices"], self._focused_kind(sent))
                sent.suggestions = content["choices"]
            case 9:
                rules.check_modal(content)
                sent.modal = content
        sent.answered, sent.answered_within_s = kind, time.monotonic() - sent.sent_s
        reply: dict[str, Any] = {"interaction": {"id": str(sent.id), "type": sent.kind}}
        if sent.message is not None:
            reply["interaction"]["response_message_id"] = str(sent.message.id)
            reply["resource"] = {"type": kind, "message": self._message_json(sent.message)}
        return of_json(reply)

    @staticmethod
    def _focused_kind(sent: Sent) -> int:
        options: list[dict[str, Any]] = sent.data["options"]
        while options[0]["type"] in (1, 2):
            options = options[0]["options"]
        return int(next(o["type"] for o in options if o.get("focused")))

    def _webhook(
        self, sent: Sent | None, method: str, which: str | None, body: dict[str, Any], files: dict[str, bytes]
    ) -> web.Response:
        if sent is None or sent.is_expired:
            return of_problem(401, 50027, "Invalid Webhook Token")
        if sent.answered is None or sent.answered in (8, 9):
            return of_problem(404, 10015, "Unknown Webhook")
        if method == "POST" and which is None:
            rules.check_message(body, list(files))
            message = self._store(CHANNEL, body, files)
            sent.followups.append(message)
            return of_json(self._message_json(message))
        every = [m for m in [sent.message, *sent.followups] if m is not None and not m.is_deleted]
        found = next((m for m in every if m is sent.message if which == "@original"), None)
        found = found or next((m for m in every if str(m.id) == which), None)
        if found is None:
            return of_problem(404, 10008, "Unknown Message")
        if method == "DELETE":
            found.is_deleted = True
            return web.Response(status=204)
        rules.demand(method == "PATCH", f"{method} of a message")
        return self._edit(found, body, files)

    def _edit(self, found: Message, body: dict[str, Any], files: dict[str, bytes]) -> web.Response:
        kept = [a["filename"] for a in body.get("attachments", []) if a.get("filename") not in files]
        rules.check_message(body, list(files), kept_files=kept)
        private = found.body.get("flags", 0) & rules.EPHEMERAL
        sent_as = {"nonce": found.body["nonce"]} if "nonce" in found.body else {}
        found.body = {**body, **sent_as, "flags": body.get("flags", 0) | private}
        found.files, found.is_loading = dict(files), False
        found.edits += 1
        return of_json(self._message_json(found))

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _store(self, channel_id: int, body: dict[str, Any], files: Mapping[str, bytes]) -> Message:
        message = Message(self._next(), channel_id, body, dict(files))
        self.channels.setdefault(channel_id, []).append(message)
        return message

    def _message_json(self, message: Message) -> dict[str, Any]:
        return {
            "id": str(message.id),
            "channel_id": str(message.channel_id),
            "author": BOT,
            "content": "",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": message.body.get("flags", 0),
            "components": as_sent_back(message.body.get("components") or []),
        }
