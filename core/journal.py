"""The journal: who did what, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class AuditEntry:
    at: datetime
    actor_id: str
    action: str  # "draft.approve", "role.grant" …
    subject: str  # "draft 3"
    facts: Mapping[str, Any]
    correlation_id: str


class JournalReads(Protocol):
    async def audit_log(self, workspace_id: str, limit: int = 100) -> Sequence[AuditEntry]: ...
