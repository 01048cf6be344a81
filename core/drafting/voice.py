"""A member's own voice: whether models may take the tone of their texts, and of which.

Only the member decides, and nobody lends a voice who has not said so. Only texts that they wrote or changed by hand and
that were approved, and may be posted since, are shown to a model: what a model wrote has its own voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.clock import Clock
from core.model import Caller

TEXTS_MOST = 3  # that a model is shown; the newest


class VoiceReads(Protocol):
    async def lends_voice(self, workspace_id: str, member_id: str) -> bool: ...
    async def voice_texts(self, workspace_id: str, member_id: str, limit: int) -> Sequence[str]:
        """Returns the newest texts that a member posts, wrote by hand, and had approved; none when they do not lend
        their voice.
        """
        ...


class VoiceStore(VoiceReads, Protocol):
    async def lend_voice(self, caller: Caller, lent: bool, now: datetime) -> None:
        """Keep what the caller decided about their own voice."""
        ...


@dataclass(frozen=True, slots=True)
class Voices:
    store: VoiceStore
    clock: Clock

    async def lend(self, caller: Caller, lent: bool) -> int:
        """Keep what the caller decided. Returns how many texts a model is shown from now on."""
        await self.store.lend_voice(caller, lent, self.clock.now())
        return len(await self.store.voice_texts(caller.workspace_id, caller.member_id, TEXTS_MOST))
