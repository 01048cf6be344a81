"""The sum of all nouns' stores, for commands that ask the store without a service."""

from __future__ import annotations

from typing import Protocol

from core.accounts import AccountStore
from core.alerts import AlertStore, OutboxStore
from core.campaigns import CampaignStore
from core.collecting.runs import RunStore
from core.communities import ProfileStore, RuleStore
from core.drafting.drafts import DraftStore
from core.installations import InstallationStore
from core.journal import JournalReads
from core.ledger import LedgerStore
from core.members import MemberStore
from core.patterns import PatternStore
from core.plans import PlanStore
from core.schedule import ScheduleStore
from core.timetable import TimetableStore
from core.visibility.reasons import ReasonStore
from core.visibility.tracking import (
    AuditStore,
    CheckStore,
    TrackedPostStore,
)
from core.workspaces import WorkspaceStore


class Store(
    ScheduleStore,
    ReasonStore,
    WorkspaceStore,
    MemberStore,
    PlanStore,
    LedgerStore,
    CampaignStore,
    JournalReads,
    TimetableStore,
    InstallationStore,
    RunStore,
    ProfileStore,
    RuleStore,
    DraftStore,
    AlertStore,
    OutboxStore,
    TrackedPostStore,
    CheckStore,
    AuditStore,
    AccountStore,
    PatternStore,
    Protocol,
):
    """Nothing of its own."""
