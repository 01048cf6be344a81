"""Who gives a command, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gave a command, as the platform vouches for it. `may_manage`: could administrate the workspace itself."""

    workspace_id: str
    platform: str
    workspace_name: str
    member_id: str
    name: str
    may_manage: bool = False
    channel: str | None = None  # where the command was given, as a destination for alerts
    channel_problem: str = ""  # why the bot cannot write there, where the platform says so beforehand
    sees_pictures: bool = False  # the front end can show a card's image
