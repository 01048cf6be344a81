"""What commands may ask: the store's plain reads, and the core's services, built once by `bot/main.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

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
from core.visibility.offers import OfferReads
from core.visibility.tracking import TrackedPostReads
from core.workspaces import WorkspaceReads

if TYPE_CHECKING:
    from bot.ladder import Places
    from core.accounts import Accounts
    from core.alerts import Alerts
    from core.analysis.service import Communities
    from core.campaigns import Campaigns
    from core.charts.service import Charts
    from core.clock import Clock, ClockWatch
    from core.collecting.service import Collecting
    from core.drafting.interviewing import Interviews
    from core.drafting.service import Drafting
    from core.drafting.voice import Voices
    from core.facts import Facts
    from core.gateways.sample import SampleReddit
    from core.hooks import Hooks
    from core.installations import Installations
    from core.members import Members
    from core.model import Basis
    from core.patterns import Patterns
    from core.plans import Plans
    from core.routes import Routes
    from core.rules import CommunityRules
    from core.schedule import Jobs
    from core.timetable import Timetables
    from core.visibility.concluding import Concluding
    from core.visibility.offering import Offers
    from core.visibility.reasons import Reasons
    from core.visibility.registering import Registering
    from core.visibility.sweeping import Sweeping
    from core.workspaces import Workspaces


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
    OfferReads,
    Protocol,
):
    """All reads. None of them changes anything."""


@dataclass(frozen=True, slots=True)
class Remote:
    """One remote, for `status` and `doctor`. `problem` returns in words what is wrong; None while it works."""

    name: str  # "Reddit", "Apify", "model", "public pages", "sample Reddit"
    used_for: str  # "collecting", "visibility", "drafting" …
    probe: Callable[[], Awaitable[None]]  # one cheap request; raises RemoteError
    setting: str = ""  # the variable that turns it on
    basis: Basis | None = None
    configured: bool = True
    last_success_at: Callable[[], datetime | None] = lambda: None
    problem: Callable[[], str | None] = lambda: None
    ends_on: date | None = None  # its announced last day, if there is one


@dataclass(frozen=True, slots=True)
class Services:
    clock: Clock
    clock_watch: ClockWatch
    store: Reads
    workspaces: Workspaces
    members: Members
    plans: Plans
    timetables: Timetables
    alerts: Alerts
    routes: Routes
    patterns: Patterns
    accounts: Accounts
    installations: Installations
    hooks: Hooks
    campaigns: Campaigns
    facts: Facts
    collecting: Collecting
    communities: Communities
    charts: Charts
    drafting: Drafting
    interviews: Interviews
    voices: Voices
    rules: CommunityRules
    registering: Registering
    offers: Offers
    sweeping: Sweeping
    concluding: Concluding
    reasons: Reasons
    jobs: Jobs
    places: Places
    remotes: tuple[Remote, ...]
    sample: SampleReddit | None = None
    embedded: tuple[str, ...] = ()  # which embedded defaults are in use, one line each, for the first card
    export_folder: Path | None = None  # where `data export` writes; None: it cannot

    def is_sample(self, *communities: str) -> bool:
        """True when any of these communities is of the sample Reddit, so that a card about them must say so."""
        return self.sample is not None and any(self.sample.sees(community) for community in communities)
