"""Who and what there is on the fake Discord: people, places, messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.clock import moment
from tests.fakes import discord_rules as rules

APPLICATION = 1000
BOT = {"id": str(APPLICATION), "username": "bc-rao", "discriminator": "0", "avatar": None, "bot": True}
GUILD = 500
CHANNEL = 900
OWNER = 41
MANAGE_GUILD = 1 << 5
VIEW_CHANNEL, SEND_MESSAGES, ATTACH_FILES = 1 << 10, 1 << 11, 1 << 15
READ_HISTORY = 1 << 16
SEND_IN_THREADS = 1 << 38
MAY_WRITE = VIEW_CHANNEL | SEND_MESSAGES | ATTACH_FILES | READ_HISTORY | SEND_IN_THREADS


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    permissions: int = 0

    @property
    def user(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "username": self.name.lower(),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
        }

    @property
    def member(self) -> dict[str, Any]:
        return {
            "user": self.user,
            "nick": None,
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(self.permissions),
        }


ALICE = Person(42, "Alice", MANAGE_GUILD)
CAROL = Person(43, "Carol")


def server_of(
    guild: dict[str, Any],
    joined_at: datetime = datetime(2020, 1, 1, tzinfo=UTC),
    system_channel: int | None = CHANNEL,
) -> dict[str, Any]:
    """A server as the gateway tells of it, when the bot has been there since `joined_at`."""
    role = {"id": guild["id"], "name": "@everyone", "permissions": "0", "position": 0, "color": 0, "flags": 0}
    room = {"id": str(CHANNEL), "type": 0, "name": "general", "position": 0, "permission_overwrites": []}
    return {
        **guild,
        "joined_at": joined_at.isoformat(),
        "system_channel_id": None if system_channel is None else str(system_channel),
        "large": False,
        "member_count": 3,
        "roles": [role],
        "channels": [room],
        "threads": [],
        "members": [],
        "emojis": [],
        "stickers": [],
        "features": [],
    }


@dataclass
class Message:
    id: int
    channel_id: int
    body: dict[str, Any]  # as it was sent last
    files: dict[str, bytes]
    is_loading: bool = False
    is_deleted: bool = False
    nonce: str | None = None
    edits: int = 0

    @property
    def text(self) -> str:
        """What a reader in UTC finds in it, escapes taken away."""
        said = re.sub(r"<t:(\d+):f>", lambda t: moment(datetime.fromtimestamp(int(t[1]), UTC)), self._said())
        said = re.sub(r"</([a-z ]+):\d+>", r"/\1", said)
        return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", said)

    def _said(self) -> str:
        return str(self.body.get("content") or "") or rules.texts(self.body.get("components") or [])

    @property
    def is_private(self) -> bool:
        return bool(self.body.get("flags", 0) & rules.EPHEMERAL)

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        """Buttons by label, selects by placeholder."""
        found = rules.walk(self.body.get("components") or [])
        return {c.get("label") or c.get("placeholder") or "": dict(c) for c in found if c["type"] in (2, 3)}

    def item(self, label: str, choose: int | None = None) -> tuple[dict[str, Any], str | None]:
        """The button or select that a person uses, and the value that they choose in a select."""
        if choose is not None:
            return self.items[label], self.items[label]["options"][choose]["value"]
        if label in self.items:
            return self.items[label], None
        for item in self.items.values():
            for option in item.get("options", []):
                if option["label"] == label:
                    return item, option["value"]
        raise AssertionError(f"there is no {label!r} among {sorted(self.items)}")
