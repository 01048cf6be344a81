"""Who gives a command, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who gave a command; the platform vouches for the identity. `may_manage`: the person may administrate
    the workspace on its platform.
    """

    workspace_id: str
    platform: str
    workspace_name: str
    member_id: str
    name: str
    may_manage: bool = False
    channel: str | None = None  # the channel of the command, as a destination for alerts
    channel_problem: str = ""  # why the bot cannot write there, when the platform says so beforehand
    shows_pictures: bool = False  # whether the front end can show a card's image
