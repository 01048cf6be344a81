"""Threads of the loopback Discord. A forum's post is one, whose first message has its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes import discord_rules as rules
from tests.fakes.discord_people import BOT, CHANNEL, GUILD, SEND_IN_THREADS

BEGAN = datetime(2026, 11, 23, 12, tzinfo=UTC)
FORUM = 15
_WANTS_TAG = 1 << 4
Problem = tuple[int, int, str]  # status, code, message
NOT_ALLOWED: Problem = (403, 50013, "Missing Permissions")
UNKNOWN_TAG: Problem = (404, 10087, "Unknown Tag")
NO_TAG: Problem = (400, 40067, "A tag is required to create a forum post in this channel")


@dataclass
class Thread:
    """`archived_at`: when it was last archived or opened."""

    id: int
    name: str = "Posts"
    parent_id: int = CHANNEL
    owner_id: str = str(BOT["id"])
    applied_tags: list[str] = field(default_factory=list)
    made_at: datetime = BEGAN
    archived_at: datetime = BEGAN
    is_archived: bool = False
    is_locked: bool = False

    def archive(self, at: datetime) -> None:
        self.is_archived, self.archived_at = True, at

    def told(self) -> dict[str, Any]:
        """As Discord tells of it: `ThreadResponse`."""
        return {
            "id": str(self.id),
            "type": 11,  # a forum's post is a public thread
            "flags": 0,
            "guild_id": str(GUILD),
            "name": self.name,
            "parent_id": str(self.parent_id),
            "owner_id": self.owner_id,
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "rate_limit_per_user": 0,
            "applied_tags": list(self.applied_tags),
            "thread_metadata": {
                "archived": self.is_archived,
                "locked": self.is_locked,
                "auto_archive_duration": 1440,
                "archive_timestamp": self.archived_at.isoformat(),
                "create_timestamp": self.made_at.isoformat(),
            },
        }

    def edit(self, body: Mapping[str, Any], forum: Mapping[str, Any] | None, may: int) -> Problem | None:
        """Change it as the bot asks, which may what `may` says. Its owner opens it and gives tags; only who may manage
        threads opens a locked one, and the bot may not.
        """
        rules.demand(set(body) <= {"archived", "applied_tags"}, f"the bot changes threads: {body}")
        if self.is_locked or not may & SEND_IN_THREADS:
            return NOT_ALLOWED
        if self.is_archived and body.get("archived") is not False:
            return (400, 50083, "Thread is archived")
        if "applied_tags" in body:
            if forum is None or self.owner_id != str(BOT["id"]):
                return NOT_ALLOWED
            given = [str(tag) for tag in body["applied_tags"]]
            if (problem := refusal(forum, given, new=set(given) - set(self.applied_tags))) is not None:
                return problem
            self.applied_tags = given
        if "archived" in body:
            rules.demand(body["archived"] is False, "the bot archives a thread")
            self.is_archived = False
        return None


def forum_of(forum_id: int, tags: Mapping[str, bool], wants_tag: bool) -> dict[str, Any]:
    """A forum, as Discord tells of it. `tags`: by name, whether only moderators may give it."""
    available = [
        {"id": str(3000 + n), "name": name, "moderated": moderated, "emoji_id": None, "emoji_name": None}
        for n, (name, moderated) in enumerate(tags.items())
    ]
    told = {"id": str(forum_id), "type": FORUM, "guild_id": str(GUILD), "name": "posts", "position": 0}
    return {**told, "flags": _WANTS_TAG if wants_tag else 0, "available_tags": available}


def refusal(forum: Mapping[str, Any], given: Iterable[str], *, new: Iterable[str]) -> Problem | None:
    """Why a post may not have the tags `given`, of which it gets `new` now."""
    moderated = {tag["id"]: tag["moderated"] for tag in forum["available_tags"]}
    if not set(given) <= set(moderated):
        return UNKNOWN_TAG
    if any(moderated[tag] for tag in new):
        return NOT_ALLOWED
    return NO_TAG if forum["flags"] & _WANTS_TAG and not list(given) else None


def archived(threads: Iterable[Thread], query: Mapping[str, str]) -> dict[str, Any]:
    """A page of a channel's archived threads, the last archived first."""
    limit = int(query.get("limit", 50))
    rules.demand(2 <= limit <= 100, f"limit {limit}")
    before = datetime.fromisoformat(query["before"]) if "before" in query else None
    found = [t for t in threads if t.is_archived and (before is None or t.archived_at < before)]
    found.sort(key=lambda thread: thread.archived_at, reverse=True)
    return listed(found[:limit], has_more=len(found) > limit)


def listed(threads: Iterable[Thread], *, has_more: bool = False) -> dict[str, Any]:
    """As Discord tells of several: `ThreadsResponse`."""
    return {"threads": [thread.told() for thread in threads], "members": [], "has_more": has_more}
