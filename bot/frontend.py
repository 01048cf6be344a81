"""What every front end (terminal, Discord, Slack) offers the rest of the program, and who gives a command there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Required, TypedDict, TypeVar, Unpack

from bot.card import Card

Result = TypeVar("Result")


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
    above: str | None = None  # the channel or forum that a thread is in
    channel_problem: str = ""  # why the bot cannot write there, when the platform says so beforehand
    shows_pictures: bool = False  # whether the front end can show a card's image
    picks_channels: bool = False  # whether its forms let a person choose a channel of this workspace, and of no other


class Refused(StrEnum):
    """What a refusal concerns, which decides what may help."""

    MOMENT = "moment"  # temporary: try the same again later
    FORM = "form"  # the message's form: try plain text in the same place
    PLACE = "place"  # this channel or this member, or an unknown reason: try another place
    WORKSPACE = "workspace"  # the whole workspace, such as a dead token: no other place helps


class DeliveryFailed(Exception):
    """A place refused a message. `/rao alerts list` shows the text.

    `retry_after_s`: the wait that the platform asks for. `may_have_arrived`: the message may still be there. `code`:
    the platform's own, where it has numbers.
    """

    def __init__(
        self,
        text: str,
        about: Refused,
        *,
        retry_after_s: float | None = None,
        may_have_arrived: bool = False,
        code: int = 0,
    ) -> None:
        super().__init__(text)
        self.about = about
        self.retry_after_s = retry_after_s
        self.may_have_arrived = may_have_arrived
        self.code = code


@dataclass(frozen=True, slots=True)
class Person:
    """A person who can act when alerts do not arrive. `who` says in words who that is ("an admin"). `where` is a
    sentence that says whose alerts they are, for somebody with several servers; it may be empty.
    """

    member_id: str
    who: str
    where: str = ""


class Way(TypedDict, total=False):
    """How an alert is delivered. What is not said is no."""

    nonce: Required[str]  # the same for every try of one alert
    root_ref: str | None  # the reference of an earlier message there about the same post
    again: datetime | None  # since when an earlier try may have arrived in this place; then it makes no second message
    plain: bool  # as plain text, because the place refused the card's form


class FrontEnd(Protocol):
    platform: str  # "terminal", "discord", "slack": the part of a workspace id before the colon
    shows_pictures: bool  # whether it shows a card's image

    async def run(self) -> int:
        """Serve people until there is no more input or `stop` is called. Returns the exit status."""
        ...

    async def stop(self) -> None:
        """Accept no more commands, let the running ones end or release their leases, and make `run` return."""
        ...

    async def deliver(self, workspace_id: str, place: str | None, card: Card, **way: Unpack[Way]) -> str:
        """Show `card` in one place and return the message's reference. The place is a channel in the platform's words,
        "@" and a member's id for their direct messages, or None when the platform has only one place.
        Raises `DeliveryFailed`.
        """
        ...

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        """Show `card` in place of the message `reference`, which `deliver` returned for `place`; calls nobody. False
        when that message is gone or can no longer be changed. Raises `DeliveryFailed` when that is not known now.
        """
        ...

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        """Show `card` once, in this channel only. Raises `DeliveryFailed` when that is not certain."""
        ...

    def responsible(self, workspace_id: str, admins: Sequence[str]) -> AsyncIterator[Person]:
        """Yield the people to tell when alerts do not arrive: first the person who owns the server or installed the
        bot, then `admins` (ids of members). Each is looked up only when it is needed. Raises `DeliveryFailed`.
        """
        ...


def direct(member_id: str) -> str:
    """Returns the place of a member's direct messages."""
    return f"@{member_id}"


def member_of(place: str | None) -> str | None:
    """Returns the member whose direct messages a place is; None for a channel."""
    return place[1:] if place is not None and place.startswith("@") else None


async def until(event: asyncio.Event, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
    """Returns the task of `work` when it has ended: by itself, or cancelled because `event` came first."""
    doing, ending = asyncio.ensure_future(work), asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({doing, ending}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (doing, ending):
            task.cancel()
        await asyncio.wait({doing, ending})
    return doing
