"""The team's own earlier texts and accounts, with which conduct compares a draft."""

from __future__ import annotations

from dataclasses import dataclass

from core.model import Account, TrackedPost


@dataclass(frozen=True, slots=True)
class History:
    """What the team did before: its posts that were removed lately in the draft's community, and the accounts that
    it posts with.
    """

    removed: tuple[TrackedPost, ...] = ()
    accounts: tuple[Account, ...] = ()
