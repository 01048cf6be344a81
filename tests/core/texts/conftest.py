"""The rooms that collecting stands on, over the real store."""

from __future__ import annotations

from tests.core.collecting.conftest import campaign, communities

__all__ = ["campaign", "communities"]
