"""The Web API of the loopback Slack: methods, messages, views, files and response_urls, as strict as the real one where
that matters.

It refuses what Slack refuses: unknown methods and tokens, invalid blocks, trigger ids that are used or older than three
seconds, changes of messages that are not there, response_urls used more than five times.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.slack_app import SCOPES
from tests.fakes.block_kit import PINGS, InvalidBlocks, check_blocks, check_view, units
from tests.fakes.slack_install import Installing

Json = dict[str, Any]

STACK_MAX = 3  # views on each other
KEPT = ("", None)  # of a file: only messages of the app show it
RESPONSES_MAX = 5
ALT_MAX = 1000
TEXT_MAX = 4000  # of a message that is changed; a new one is cut at 40,000, and more than 4,000 is advised against
BOT_TOKEN = "xoxb-fake"
APP_TOKEN = "xapp-fake"


@dataclass
class Call:
    """One call of the Web API, as it was understood."""

    method: str
    token: str
    arguments: Json


@dataclass
class Order:
    """What to answer to a method instead, `times` times (None: until healed)."""

    error: str
    status: int = 200
    retry_after_s: int | None = None
    times: int | None = None
    raw: str | None = None
    slow_s: float = 0.0
    after: bool = False  # do what was asked, then answer with the error


@dataclass
class Message:
    ts: str
    channel: str
    body: Json
    ephemeral_for: str | None = None
    versions: list[Json] = field(default_factory=list)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.body.get("blocks") or []
        return blocks

    @property
    def words(self) -> str:
        return words_of(self.blocks) or str(self.body.get("text", ""))


def words_of(thing: Any) -> str:
    """Everything a person in UTC would read in blocks or a view, in order."""
    if isinstance(thing, list):
        read, after_time = "", True
        for each in thing:
            words, is_time = words_of(each), _is_time(each)
            if words:
                read += words if is_time or after_time else f"\n{words}"
                after_time = is_time
        return read
    if isinstance(thing, dict):
        if _is_time(thing):
            return str(thing.get("fallback") or re.sub(r"<!date\^[^|]*\|([^>]*)>", r"\1", thing.get("text", "")))
        if thing.get("type") == "channel":
            return f"<#{thing['channel_id']}>"
        if isinstance(thing.get("text"), str):
            return str(thing["text"]).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        kept = [v for k, v in thing.items() if k not in ("type", "block_id", "action_id", "value", "url")]
        return "\n".join(filter(None, (words_of(v) for v in kept if isinstance(v, list | dict))))
    return ""


def _is_time(thing: Any) -> bool:
    """A time that Slack shows in the zone of whoever reads; what stands beside it is on the same line."""
    return isinstance(thing, dict) and (
        thing.get("type") == "date" or (thing.get("type") == "mrkdwn" and str(thing.get("text")).startswith("<!date^"))
    )


def elements_of(blocks: list[Json]) -> list[tuple[str, Json]]:
    """Every (block id, element) that can be clicked; the entries of menus and selects as elements of their own."""
    found = []
    for block in blocks:
        for element in block.get("elements", []) if block.get("type") == "actions" else []:
            found.append((block.get("block_id", ""), element))
    return found


class SlackApi(Installing):
    """`FakeSlack` adds people and sockets to it."""

    def __init__(self) -> None:
        super().__init__()
        self.url = self.files_url = ""
        self._origin = ""  # of all its addresses, set when it listens
        self.calls: list[Call] = []
        self.problems: list[str] = []  # what a real Slack would complain about
        self.messages: dict[tuple[str, str], Message] = {}
        self.shown: list[Message] = []  # in the order of their first appearance
        self.views: dict[str, Json] = {}
        self.open_views: list[str] = []
        self.files: dict[str, Json] = {}
        self.pictures_ready_after = 1  # how often a message with a new picture is refused, because uploads end early
        self.refuses_blocks = False  # whatever is in them, as for a reason that nobody knows yet
        self.channels: dict[str, str] = {"C1": "member", "C2": "member", "C9": "archived", "C8": "not_member"}
        self.users: dict[str, Json] = {}
        self.bot_tokens = {BOT_TOKEN}
        self.app_tokens = {APP_TOKEN}
        self.scopes = set(SCOPES)  # that the app was installed with
        self.now: Callable[[], float] = time.time
        self.trouble: dict[str, str] = {}  # by channel: the error that a message to it gets
        self._orders: dict[str, list[Order]] = {}
        self._triggers: dict[str, float] = {}
        self._triggers_in_modals: set[str] = set()
        self._responses: dict[str, Json] = {}
        self._count = itertools.count(1)

    # ------------------------------------------------ what tests order and ask

    def fail(self, method: str, error: str, **options: Any) -> None:
        self._orders.setdefault(method, []).append(Order(error, **options))

    def heal(self) -> None:
        self._orders.clear()

    def called(self, method: str) -> list[Json]:
        return [call.arguments for call in self.calls if call.method == method]

    def new_trigger(self) -> str:
        trigger = f"{next(self._count)}.1.abc"
        self._triggers[trigger] = time.monotonic()
        return trigger

    def new_response_url(self, channel: str, user: str, original: Message | None = None) -> str:
        name = f"r{next(self._count)}"
        self._responses[name] = {"channel": channel, "user": user, "original": original, "used": 0}
        return f"http://{self._origin}/response/{name}"

    # ------------------------------------------------ Socket Mode

    # ------------------------------------------------ Web API

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        body: Json
        if request.content_type == "application/json":
            body = await request.json()
        else:
            body = dict(await request.post())
        arguments = {**request.query, **body}
        for name in ("files", "blocks", "view", "metadata"):
            if isinstance(arguments.get(name), str):
                arguments[name] = json.loads(arguments[name])
        self.calls.append(Call(method, token, arguments))
        order = self._order_for(method)
        if order is not None and order.slow_s:
            await asyncio.sleep(order.slow_s)
        is_failure = order is not None and (bool(order.error) or order.status != 200)
        answer = self._refuse(order) if order is not None and is_failure and not order.after else None
        if answer is None:
            exchanging = method == "oauth.v2.access"
            result = (
                self.exchange(request.headers, arguments) if exchanging else self._perform(method, token, arguments)
            )
            headers = {"x-oauth-scopes": ",".join(sorted(self.scopes))} if token in self.bot_tokens else {}
            answer = self._refuse(order) if order and order.after else web.json_response(result, headers=headers)
        return answer

    def _order_for(self, method: str) -> Order | None:
        for order in self._orders.get(method, []):
            if order.times != 0:
                if order.times is not None:
                    order.times -= 1
                return order
        return None

    def _refuse(self, order: Order) -> web.Response:
        headers = {"Retry-After": str(order.retry_after_s)} if order.retry_after_s is not None else {}
        if order.raw is not None:
            return web.Response(status=order.status, text=order.raw, content_type="text/html", headers=headers)
        return web.json_response({"ok": False, "error": order.error}, status=order.status, headers=headers)

    def _perform(self, method: str, token: str, arguments: Json) -> Json:
        if method == "apps.connections.open":
            if token not in self.app_tokens:
                return {"ok": False, "error": "invalid_auth"}
            return {"ok": True, "url": f"ws://{self._origin}/link?ticket={uuid.uuid4()}"}
        if token not in self.bot_tokens:
            return {"ok": False, "error": "invalid_auth"}
        if method == "auth.revoke":
            return self.revoke(token)
        if method == "auth.test":
            return {"ok": True, **self._whose(token)}
        if foreign := self.foreign(token, arguments):
            return foreign
        perform = getattr(self, "_" + re.sub(r"[.]", "_", method).lower(), None)
        if perform is None:
            self.problems.append(f"unknown method {method}")
            return {"ok": False, "error": "unknown_method"}
        try:
            answer: Json = perform(arguments)
        except InvalidBlocks as invalid:
            self.problems.append(f"{method}: {invalid}")
            return {"ok": False, "error": "invalid_blocks", "errors": [str(invalid)]}
        return answer if "error" in answer else {"ok": True, **answer}

    def _whose(self, token: str) -> Json:
        team = self.team_of.get(token, "T1")
        return {
            "url": "https://team.slack.com/",
            "team": self.team_names[team],
            "user": "bot",
            "team_id": team,
            "user_id": "UBOT",
            "bot_id": "BBOT",
            "is_enterprise_install": False,
        }

    def _users_info(self, arguments: Json) -> Json:
        user = arguments["user"]
        known = {"id": user, "name": user.lower(), "is_admin": False, "profile": {"display_name": f"Name of {user}"}}
        return {"user": {**known, **self.users.get(user, {})}}

    def _users_list(self, arguments: Json) -> Json:
        return {"members": [{"id": u, **facts} for u, facts in self.users.items()], "response_metadata": {}}

    def _place_problem(self, channel: str) -> Json | None:
        standing = self.channels.get(channel)
        if channel.startswith("D") and standing is None:
            return None
        problem = {
            None: "channel_not_found",
            "elsewhere": "channel_not_found",
            "archived": "is_archived",
            "not_member": "not_in_channel",
        }.get(standing)
        return {"ok": False, "error": problem} if problem else None

    def _check_message(self, arguments: Json) -> Json | None:
        if not arguments.get("text") and not arguments.get("blocks"):
            return {"ok": False, "error": "no_text"}
        if arguments.get("blocks"):
            if self.refuses_blocks:
                return {"ok": False, "error": "invalid_blocks"}
            check_blocks(arguments["blocks"])
            if not all(self._is_picture(block) for block in arguments["blocks"] if block["type"] == "image"):
                return {"ok": False, "error": "invalid_blocks"}
        if units(str(arguments.get("text", ""))) > TEXT_MAX:
            return {"ok": False, "error": "msg_too_long"}
        if PINGS.search(str(arguments.get("text", ""))):
            self.problems.append(f"pings: {arguments['text']!r}")
        if arguments.get("unfurl_links") or arguments.get("unfurl_media"):
            self.problems.append("shows previews of links")
        if arguments.get("parse", "none") != "none" or arguments.get("link_names"):
            self.problems.append("makes links and mentions of plain words")
        return None

    def _is_picture(self, block: Json) -> bool:
        """Whether Slack has the file that a block shows, and has looked at it: it does that after the upload."""
        file = self.files.get(block["slack_file"]["id"], {})
        file["asked"] = file.get("asked", 0) + 1
        return file.get("shared") is not None and "content" in file and file["asked"] > self.pictures_ready_after

    def _store(self, channel: str, body: Json, ephemeral_for: str | None = None) -> Message:
        ts = f"17{next(self._count):08d}.000100"
        message = Message(ts, channel, body, ephemeral_for)
        self.messages[channel, ts] = message
        self.shown.append(message)
        return message

    def _chat_postmessage(self, arguments: Json) -> Json:
        channel = str(arguments["channel"])
        if channel in self.trouble:
            return {"ok": False, "error": self.trouble[channel]}
        problem = self._place_problem(channel) or self._check_message(arguments)
        if problem:
            return problem
        message = self._store(channel, arguments)
        return {"channel": channel, "ts": message.ts, "message": {"ts": message.ts, "text": arguments.get("text", "")}}

    def _chat_postephemeral(self, arguments: Json) -> Json:
        problem = self._place_problem(str(arguments["channel"])) or self._check_message(arguments)
        if problem:
            return problem
        return {"message_ts": self._store(str(arguments["channel"]), arguments, str(arguments["user"])).ts}

    def _chat_update(self, arguments: Json) -> Json:
        problem = self._place_problem(str(arguments["channel"])) or self._check_message(arguments)
        if problem:
            return problem
        message = self.messages.get((str(arguments["channel"]), str(arguments["ts"])))
        if message is None or message.ephemeral_for is not None:
            return {"ok": False, "error": "message_not_found"}
        message.versions.append(message.body)
        message.body = {**message.body, **arguments}
        return {"channel": message.channel, "ts": message.ts, "text": arguments.get("text", "")}

    def _chat_unfurl(self, arguments: Json) -> Json:
        if not (arguments.get("unfurl_id") and arguments.get("source")):
            problem = self._place_problem(str(arguments["channel"]))
            if problem:
                return problem
        for unfurl in arguments["unfurls"].values():
            check_blocks(unfurl["blocks"])
        return {}

    def _chat_delete(self, arguments: Json) -> Json:
        message = self.messages.pop((str(arguments["channel"]), str(arguments["ts"])), None)
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        self.shown.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def _conversations_open(self, arguments: Json) -> Json:
        if arguments["users"] in ("UGONE",):
            return {"ok": False, "error": "user_disabled"}
        return {"channel": {"id": f"D{arguments['users']}"}}

    def _as_history(self, message: Message, with_metadata: bool) -> Json:
        shown = {"type": "message", "ts": message.ts, "text": message.body.get("text", "")}
        if message.body.get("thread_ts"):
            shown["thread_ts"] = message.body["thread_ts"]
        if with_metadata and message.body.get("metadata"):
            shown["metadata"] = message.body["metadata"]
        return shown

    def _conversations_history(self, arguments: Json) -> Json:
        channel = str(arguments["channel"])
        problem = self._place_problem(channel)
        if problem:
            return problem
        in_channel = [
            m
            for m in reversed(self.shown)
            if m.channel == channel
            and m.ephemeral_for is None
            and (not m.body.get("thread_ts") or m.body.get("reply_broadcast"))
        ]
        with_metadata = str(arguments.get("include_all_metadata", "")) in ("1", "true", "True")
        limit = int(arguments.get("limit", 100))
        return {"messages": [self._as_history(m, with_metadata) for m in in_channel[:limit]], "has_more": False}

    def _conversations_replies(self, arguments: Json) -> Json:
        channel, root = str(arguments["channel"]), str(arguments["ts"])
        if (channel, root) not in self.messages:
            return {"ok": False, "error": "thread_not_found"}
        thread = [m for m in self.shown if m.channel == channel and root in (m.ts, m.body.get("thread_ts"))]
        with_metadata = str(arguments.get("include_all_metadata", "")) in ("1", "true", "True")
        return {"messages": [self._as_history(m, with_metadata) for m in thread]}

    # ------------------------------------------------ views

    def _take_trigger(self, arguments: Json) -> Json | None:
        made = self._triggers.pop(str(arguments.get("trigger_id")), None)
        if made is None:
            return {"ok": False, "error": "exchanged_trigger_id"}
        return None

    def _refuse_files(self, view: Json) -> Json | None:
        has_file = any(block.get("element", {}).get("type") == "file_input" for block in view["blocks"])
        may_read = "files:read" in self.scopes
        return {"ok": False, "error": "invalid_arguments"} if has_file and not may_read else None

    def _views_open(self, arguments: Json) -> Json:
        if refusal := self._refuse_files(arguments["view"]):
            return refusal
        problem = self._take_trigger(arguments)
        if problem:
            return problem
        check_view(arguments["view"])
        view = {"id": f"V{next(self._count)}", **arguments["view"]}
        self.views[view["id"]] = view
        self.open_views.append(view["id"])
        return {"view": view}

    def _views_push(self, arguments: Json) -> Json:
        if str(arguments.get("trigger_id")) not in self._triggers_in_modals:
            return {"ok": False, "error": "invalid_arguments"}
        if len(self.open_views) >= STACK_MAX:
            return {"ok": False, "error": "push_limit_reached"}
        return self._views_open(arguments)

    def _views_update(self, arguments: Json) -> Json:
        view_id = str(arguments["view_id"])
        if view_id not in self.open_views:
            return {"ok": False, "error": "not_found"}
        if refusal := self._refuse_files(arguments["view"]):
            return refusal
        check_view(arguments["view"])
        self.views[view_id] = {"id": view_id, **arguments["view"]}
        return {"view": self.views[view_id]}

    def _views_publish(self, arguments: Json) -> Json:
        check_view(arguments["view"])
        if arguments["view"]["type"] != "home":
            raise InvalidBlocks("only a home view can be published")
        view = {"id": f"H{arguments['user_id']}", **arguments["view"]}
        self.views[view["id"]] = view
        return {"view": view}

    # ------------------------------------------------ files

    def _files_getuploadurlexternal(self, arguments: Json) -> Json:
        if int(arguments["length"]) < 1:
            return {"ok": False, "error": "invalid_arguments"}
        if len(str(arguments.get("alt_txt") or "")) > ALT_MAX:
            self.problems.append("the words for a file are too long")
        file_id = f"F{next(self._count):08d}"  # Slack refuses an id that is not F and eight more
        self.files[file_id] = {"name": arguments["filename"], "length": int(arguments["length"]), "shared": None}
        self.files[file_id]["alt"] = arguments.get("alt_txt")
        return {"upload_url": f"http://{self._origin}/upload/{file_id}", "file_id": file_id}

    async def _upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        file = self.files[request.match_info["file"]]
        if len(content) != file["length"]:
            self.problems.append("a file has another length than announced")
        file["content"] = content
        return web.Response(text=f"OK - {len(content)}")

    def attach(self, content: bytes) -> Json:
        """Put a file where Slack keeps what people attach to a form; returns what the form tells of it."""
        file_id = f"F{next(self._count):08d}"
        url = f"http://{self._origin}/files-pri/{file_id}/download/screen.gif"
        told = {"id": file_id, "name": "screen.gif", "mimetype": "image/gif", "url_private_download": url}
        self.files[file_id] = {"content": content, "told": told}
        return {"id": file_id, "name": "screen.gif", "mimetype": "image/gif"}

    def _files_info(self, arguments: Json) -> Json:
        if "files:read" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "files:read"}
        told = self.files.get(str(arguments["file"]), {}).get("told")
        return {"file": told} if told else {"ok": False, "error": "file_not_found"}

    async def _file(self, request: web.Request) -> web.Response:
        """Slack hands a file to a token that may read it, and shows its login page to everybody else."""
        self.calls.append(Call("files-pri", request.headers.get("Authorization", ""), {}))
        order = self._order_for("files-pri")
        if order is not None:
            await asyncio.sleep(order.slow_s)
            return self._refuse(order)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.bot_tokens or "files:read" not in self.scopes:
            return web.Response(status=302, headers={"Location": f"http://{self._origin}/login"})
        return web.Response(body=self.files[request.match_info["file"]]["content"])

    def _files_completeuploadexternal(self, arguments: Json) -> Json:
        channel, thread = arguments.get("channel_id"), arguments.get("thread_ts")
        problem = self._place_problem(str(channel)) if channel else None
        if problem:
            return problem
        if thread and (arguments["channel_id"], thread) not in self.messages:
            return {"ok": False, "error": "thread_not_found"}
        for file in arguments["files"]:
            if "content" not in self.files.get(file["id"], {}):
                return {"ok": False, "error": "file_not_found"}
            if self.files[file["id"]]["shared"]:
                self.problems.append("a file is completed twice")
            self.files[file["id"]]["shared"] = (channel, thread) if channel else KEPT
        return {"files": [{"id": file["id"], "title": file.get("title")} for file in arguments["files"]]}

    # ------------------------------------------------ response_url

    async def _respond(self, request: web.Request) -> web.Response:
        known = self._responses.get(request.match_info["response"])
        body = await request.json()
        self.calls.append(Call("response_url", "", body))
        order = self._order_for("response_url")
        if order is not None:
            return self._refuse(order)
        if known is None or known["used"] >= RESPONSES_MAX:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        known["used"] += 1
        try:
            if problem := self._check_message(body):
                return web.json_response(problem, status=400)
        except InvalidBlocks as invalid:
            self.problems.append(f"response_url: {invalid}")
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=400)
        original: Message | None = known["original"]
        if body.get("replace_original") and original is not None:
            original.versions.append(original.body)
            original.body = {**original.body, **body}
        else:
            alone = known["user"] if body.get("response_type", "ephemeral") == "ephemeral" else None
            self._store(known["channel"], body, alone)
        return web.Response(text="ok")
