"""How the loopback Discord reads requests and words its answers, as Discord's API does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from tests.fakes import discord_rules as rules
from tests.fakes.discord_people import (
    APPLICATION,
    OWNER,
    Person,
)

THE_APPLICATION = {
    "id": str(APPLICATION),
    "name": "BC-RAO",
    "icon": None,
    "description": "",
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "x",
    "owner": Person(OWNER, "Olga").user,
    "team": None,
    "flags": 0,
    "summary": "",
    "hook": True,
}


async def body_of(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """The JSON of a request, and the files beside it by name."""
    if request.content_type == "application/json" and request.can_read_body:
        return await request.json(), {}
    body: Any = {}
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    if request.content_type.startswith("multipart/"):
        async for part in await request.multipart():
            assert not isinstance(part, Sequence)
            if part.name == "payload_json":  # type: ignore[union-attr]
                body = json.loads(await part.text())  # type: ignore[union-attr]
            else:
                names[part.name or ""] = part.filename or ""  # type: ignore[union-attr]
                files[part.filename or ""] = bytes(await part.read())  # type: ignore[union-attr]
    rules.check_files(body, names, files)
    return body, files


def of_json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    # The client compares the content type exactly, so no charset.
    return web.Response(
        body=json.dumps(content).encode(), status=status, headers=headers, content_type="application/json"
    )


def of_problem(status: int, code: int, message: str) -> web.Response:
    return of_json({"message": message, "code": code}, status)


def as_sent_back(components: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Components as Discord returns them: those without a number get one, files have its own addresses."""
    taken = {component["id"] for component in rules.walk(components) if component.get("id")}
    numbers = (number for number in range(1, 1000) if number not in taken)

    def back(component: Mapping[str, Any]) -> dict[str, Any]:
        told = {**component, "id": component.get("id") or next(numbers)}
        if "components" in told:
            told["components"] = [back(inner) for inner in told["components"]]
        if "items" in told:
            told["items"] = [{**item, "media": _hosted(item["media"])} for item in told["items"]]
        if "file" in told:
            told["file"] = _hosted(told["file"])
        return told

    return [back(component) for component in components]


def _hosted(media: Mapping[str, Any]) -> dict[str, Any]:
    url = media["url"].replace("attachment://", "https://cdn.invalid/")
    return {"url": url, "proxy_url": url, "width": 1, "height": 1, "content_type": "image/png"}


def as_returned(command: dict[str, Any]) -> dict[str, Any]:
    """Permissions are sent as a number, and returned as text (docs.discord.com: permissions)."""
    may = command.get("default_member_permissions")
    return {} if may is None else {"default_member_permissions": str(may)}
