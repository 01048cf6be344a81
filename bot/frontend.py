"""What every front end (terminal, Discord, Slack) offers the rest of the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.card import Card


class DeliveryFailed(Exception):
    """A channel did not take a message. The text is fit to be shown in `/rao alerts list`.

    `permanent`: trying again is useless until a person acts (channel deleted, permission missing). `retry_after_s` is
    the platform's own wish.
    """

    def __init__(self, text: str, *, permanent: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a message came to. `detour`: why it went to a person instead of its channel, fit to be shown; None when
    it did not.
    """

    reference: str
    detour: str | None = None


class FrontEnd(Protocol):
    platform: str  # "terminal", "discord", "slack": the part of a workspace id before the colon

    async def run(self) -> int:
        """Serve people until there is no more input or `stop` is called; answers the exit status."""
        ...

    async def stop(self) -> None:
        """Take no more commands, let running ones end or release what they hold, and make `run` return."""
        ...

    async def deliver(self, workspace_id: str, channel: str | None, card: Card, *, nonce: str) -> Delivered:
        """Show `card` in a channel; None is the workspace's default place.

        The same `nonce` never makes a second message. Raises `DeliveryFailed`.
        """
        ...

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        """Show `card` in this very channel, once and nowhere else. Raises `DeliveryFailed` when that is not sure."""
        ...
