"""What tests order of the loopback Discord: an interaction and what came of it, an answer that fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.discord_people import Message

if TYPE_CHECKING:
    from tests.fakes.discord import FakeDiscord


@dataclass
class Sent:
    """One interaction and all that came of it."""

    id: int
    token: str
    kind: int
    data: dict[str, Any]
    discord: FakeDiscord
    clicked: Message | None = None
    sent_s: float = field(default_factory=time.monotonic)
    answered: int | None = None  # the type of its callback
    answered_within_s: float = 0.0
    message: Message | None = None  # the original response
    followups: list[Message] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    suggestions: list[dict[str, Any]] | None = None
    is_expired: bool = False
    event: dict[str, Any] | None = None  # as it was sent

    def expire(self) -> None:
        self.is_expired = True

    async def until(self, holds: Callable[[], object]) -> None:
        await self.discord.until(holds)

    async def until_modal(self) -> dict[str, Any]:
        await self.until(lambda: self.modal)
        assert self.modal is not None
        return self.modal

    async def until_shown(self, words: str) -> Message:
        """The message of this interaction (original or follow-up) that holds the words."""
        await self.until(lambda: self._showing(words))
        return next(self._showing_all(words))

    def _showing(self, words: str) -> bool:
        return next(self._showing_all(words), None) is not None

    def _showing_all(self, words: str) -> Iterator[Message]:
        every = [*self.followups, *([self.message] if self.message else [])]
        return (m for m in every if words in m.text and not m.is_deleted and not m.is_loading)


@dataclass
class Fault:
    """What to answer instead, to requests whose "METHOD /path" matches. Status 0: the connection breaks, before what
    was asked is done or after it.
    """

    pattern: str
    status: int
    body: dict[str, Any]
    headers: dict[str, str]
    times: int
    after: bool = False
