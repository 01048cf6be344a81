"""What commands may ask the store without a service: plain reads of every noun, to which no rule applies."""

from __future__ import annotations

from typing import Protocol

from core.accounts import AccountReads
from core.alerts import AlertReads
from core.campaigns import CampaignReads
from core.communities import CommunityReads, RuleReads
from core.drafting.drafts import DraftReads
from core.drafting.voice import VoiceReads
from core.facts import FactReads
from core.hooks import HookReads
from core.installations import InstallationReads
from core.journal import JournalReads
from core.ledger import UsageReads
from core.listing import ListReads
from core.members import MemberReads
from core.patterns import PatternReads
from core.plans import PlanReads
from core.routes import RouteReads
from core.timetable import TimetableReads
from core.visibility.tracking import TrackedPostReads
from core.workspaces import WorkspaceReads


class Reads(
    WorkspaceReads,
    MemberReads,
    JournalReads,
    HookReads,
    ListReads,
    InstallationReads,
    CampaignReads,
    FactReads,
    CommunityReads,
    RuleReads,
    DraftReads,
    TrackedPostReads,
    PatternReads,
    AlertReads,
    RouteReads,
    TimetableReads,
    AccountReads,
    UsageReads,
    PlanReads,
    VoiceReads,
    Protocol,
):
    """All reads. None of them changes anything."""
