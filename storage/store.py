"""All verbs of all nouns over one database."""

from __future__ import annotations

from storage.collecting import CollectingVerbs
from storage.comments import CommentVerbs
from storage.communities import CommunityVerbs
from storage.counted_comments import CountedCommentVerbs
from storage.decisions import DecisionVerbs
from storage.demands import DemandVerbs
from storage.drafts import DraftVerbs
from storage.extracts import ExtractVerbs
from storage.history import HistoryVerbs
from storage.hooks import HookVerbs
from storage.inboxes import InboxVerbs
from storage.installations import InstallationVerbs
from storage.ledger import LedgerVerbs
from storage.listing import ListVerbs
from storage.marks import MarkVerbs
from storage.offers import OfferVerbs
from storage.outbox import OutboxVerbs
from storage.patterns import PatternVerbs
from storage.pictures import PictureVerbs
from storage.routes import RouteVerbs
from storage.standings import StandingVerbs
from storage.timetables import TimetableVerbs
from storage.tracking import TrackingVerbs
from storage.voices import VoiceVerbs
from storage.watching import WatchingVerbs
from storage.workspaces import WorkspaceVerbs


class Store(
    WorkspaceVerbs,
    TimetableVerbs,
    InboxVerbs,
    InstallationVerbs,
    CollectingVerbs,
    CommentVerbs,
    CommunityVerbs,
    CountedCommentVerbs,
    ExtractVerbs,
    DecisionVerbs,
    MarkVerbs,
    DraftVerbs,
    HistoryVerbs,
    HookVerbs,
    ListVerbs,
    VoiceVerbs,
    DemandVerbs,
    TrackingVerbs,
    WatchingVerbs,
    StandingVerbs,
    OfferVerbs,
    OutboxVerbs,
    RouteVerbs,
    PatternVerbs,
    PictureVerbs,
    LedgerVerbs,
):
    """Implements the store protocols of the core's services, for both engines.

    It takes an open, migrated `Database`; whoever opened that closes it.
    """
