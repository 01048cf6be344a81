"""The one declaration of every table. Column names are the field names of the records in the core.

Every row of a tenant carries `workspace_id`. Text columns that hold words of an enum have a CHECK of the same words.
A column with `info={"internal": True}` is about our own work (leases, counters) and is left out of exports. A change
here needs a migration; a test compares both on each engine.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    and_,
    event,
    false,
    or_,
    true,
)

from core.alerts import DecisionKind, Delivery
from core.campaigns import CampaignStatus, FactKind
from core.collecting.runs import RunStatus
from core.drafting.approvals import Ending
from core.drafting.drafts import DraftStatus, RevisionOrigin, WayOut
from core.journal import JournalKind
from core.model import (
    AccountState,
    AlertKind,
    AuditOutcome,
    AuthorStatus,
    Basis,
    Confidence,
    Outcome,
    RemovedBy,
    Role,
    State,
    View,
)
from core.plans import PlanName
from core.routes import About
from core.timetable import DigestRhythm, Weekday
from storage.columns import (
    CleanText,
    Count,
    LocalTime,
    PlainJson,
    RowId,
    UtcDateTime,
    Words,
    lease_owner,
    lease_until,
    money,
    plain_json,
    reference,
    row_id,
    searched,
    text,
    time,
    words,
    workspace_id,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


# How full PostgreSQL packs a page. Where there is room, the next version of a row stands beside it, and no index needs
# an entry for it, unless a column changes that an index holds. Every look changes a post's row of `watches`, and of its
# readings the newest.
_ROOM_FOR_ALL, _ROOM_FOR_SOME = {"fillfactor": 50}, {"fillfactor": 80}


def _tenant_table(name: str, *parts: Any, **options: Any) -> Table:
    # AUTOINCREMENT: an id in an old button must never come to mean another row.
    has_id = any(getattr(part, "name", None) == "id" for part in parts)
    return Table(name, metadata, *parts, sqlite_autoincrement=has_id, **options)


# ---------------------------------------------------------------- people

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", CleanText, primary_key=True),
    text("platform"),
    text("name"),
    time("created_at"),
    text("alert_channel", nullable=True),
    time("alert_channel_proved_at", nullable=True),  # when the channel took the message that chose it
    Column("four_eyes", Boolean, nullable=False, server_default=false()),  # nobody approves a text of their own
)

# A workspace without a row has the defaults of `core.timetable.Timetable`.
timetables = Table(
    "timetables",
    metadata,
    Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("timezone", CleanText, nullable=False, server_default="UTC"),
    Column("quiet_from", LocalTime, nullable=True),
    Column("quiet_until", LocalTime, nullable=True),
    # When the present quiet hours end; until then the courier claims nothing of this workspace.
    Column("quiet_ends_at", UtcDateTime, nullable=True, info={"internal": True}),
    words("digest_every", DigestRhythm, nullable=True),
    Column("digest_at", LocalTime, nullable=True),
    words("digest_on", Weekday, nullable=True),
    time("digest_since", nullable=True),
    time("digest_due_at", nullable=True),
    Column("digest_chosen", Boolean, nullable=False, server_default=false()),  # somebody said how often, or off
    Column("good_news", Boolean, nullable=False, server_default=false()),  # wanted as messages of their own
    Column("urgent_wakes", Boolean, nullable=False, server_default=false()),  # urgent alerts come in quiet hours too
)
# For a query of every minute: which digests are due, in all workspaces.
Index(
    "ix_timetables_digest_due_at",
    timetables.c.digest_due_at,
    sqlite_where=timetables.c.digest_due_at.is_not(None),
    postgresql_where=timetables.c.digest_due_at.is_not(None),
)

members = Table(
    "members",
    metadata,
    Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("id", CleanText, primary_key=True),
    text("name"),
    words("role", Role),
    text("granted_by", nullable=True),
    time("granted_at"),
    Column("told_directly", Boolean, nullable=False, server_default=true()),  # about drafts, by direct message
)

# Members who let models take the tone of their own texts. No row: they do not.
voices = Table(
    "voices",
    metadata,
    Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", CleanText, primary_key=True),
    time("lent_at"),
)

# A workspace's last installation. The row stays after its end, so that one can tell when and why it ended.
installations = Table(
    "installations",
    metadata,
    Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    text("installed_by"),
    time("installed_at"),
    text("bot_user_id"),
    Column("sealed_token", CleanText, nullable=True, info={"internal": True}),  # encrypted (core/seal.py)
    time("ended_at", nullable=True),
    text("end_reason", nullable=True),
)

accounts = _tenant_table(
    "accounts",
    row_id(),
    workspace_id(),
    text("name"),
    text("name_folded"),  # Reddit's names do not differ by case
    words("state", AccountState),
    time("state_since"),
    text("linked_by", nullable=True),
    text("linked_by_id", nullable=True),
    time("reddit_created_at", nullable=True),
    Column("karma", Count, nullable=True),
    time("last_read_at", nullable=True),
    time("signed_in_at", nullable=True),
    time("consent_gone_at", nullable=True),
    Column("sealed_token", CleanText, nullable=True, info={"internal": True}),  # encrypted (core/seal.py)
    Column("next_look_at", UtcDateTime, nullable=True, info={"internal": True}),  # None: not planned yet, so at once
    text("scopes", nullable=True),
    Column("next_list_at", UtcDateTime, nullable=True, info={"internal": True}),  # when its list of posts is read
    Column("next_inbox_at", UtcDateTime, nullable=True, info={"internal": True}),  # when its inbox may be read
    UniqueConstraint("workspace_id", "name_folded"),
    Index(None, "next_look_at"),  # which accounts are due, in all workspaces
)
Index(
    "ix_accounts_next_list_at",
    accounts.c.next_list_at,
    sqlite_where=accounts.c.linked_by.is_not(None),
    postgresql_where=accounts.c.linked_by.is_not(None),
)

# A member has at most one open request; its row is deleted when the answer comes.
consent_requests = Table(
    "consent_requests",
    metadata,
    Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", CleanText, primary_key=True),
    text("member_name"),
    text("account_name", nullable=True),
    Column("state_sha256", CleanText, nullable=False, info={"internal": True}),
    time("asked_at"),
    time("expires_at"),
    UniqueConstraint("state_sha256"),
)

# ---------------------------------------------------------------- campaigns

campaigns = _tenant_table(
    "campaigns",
    row_id(),
    workspace_id(),
    text("name"),
    text("name_folded"),  # casefolded by the program: SQL's lower() knows only ASCII on SQLite
    text("product"),
    text("url", nullable=True),
    plain_json("keywords"),
    words("status", CampaignStatus),
    text("created_by"),
    time("created_at"),
    time("deleted_at", nullable=True),
    Column("first_comments", Boolean, nullable=False, server_default=false()),  # of its posts are told
)
# The name of a deleted campaign is free at once. The index also serves to find a campaign by its name.
Index(
    "uq_campaigns_workspace_id_name_folded",
    campaigns.c.workspace_id,
    campaigns.c.name_folded,
    unique=True,
    sqlite_where=campaigns.c.deleted_at.is_(None),
    postgresql_where=campaigns.c.deleted_at.is_(None),
)

campaign_communities = Table(
    "campaign_communities",
    metadata,
    workspace_id(),
    Column("campaign_id", RowId, ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True),
    Column("community", CleanText, primary_key=True),
    Column("position", Integer, nullable=False),  # the order in which the member wrote them
    Index(None, "workspace_id", "community"),  # the communities of a workspace
)


def _fact_details() -> tuple[Column[Any], ...]:
    return (
        text("source", nullable=True),
        text("period", nullable=True),
        time("as_of", nullable=True),
        time("expires_at", nullable=True),
        Column("number_value", Float, nullable=True),
        text("number_unit", nullable=True),
        text("number_counts", nullable=True),
    )


facts = _tenant_table(
    "facts",
    row_id(),
    workspace_id(),
    reference("campaign_id", "campaigns", ondelete="CASCADE"),
    words("kind", FactKind),
    text("body"),
    text("owner"),
    time("created_at"),
    text("owner_id", nullable=True),  # None: entered before facts had owners
    Column("version", Integer, nullable=False, server_default="1"),
    *_fact_details(),
    text("entered_by", nullable=True),
    text("removed_by", nullable=True),
    time("removed_at", nullable=True),
    Index(None, "workspace_id", "campaign_id"),  # a campaign's ledger
)

# Every version of a fact, the present one too, so that one can tell after an edit what an approval stood on.
fact_versions = Table(
    "fact_versions",
    metadata,
    workspace_id(),
    Column("fact_id", RowId, ForeignKey("facts.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    words("kind", FactKind),
    text("body"),
    text("owner"),
    *_fact_details(),
    text("changed_by"),
    time("changed_at"),
)

# ---------------------------------------------------------------- collecting

collection_runs = _tenant_table(
    "collection_runs",
    row_id(),
    workspace_id(),
    reference("campaign_id", "campaigns", ondelete="CASCADE"),
    words("basis", Basis),
    words("status", RunStatus),
    plain_json("communities"),
    plain_json("funnel"),
    text("started_by"),
    time("started_at"),
    time("finished_at", nullable=True),
    text("problem", nullable=True),
    money("cost_usd_micros"),
    plain_json("files"),
    Column("alive_at", UtcDateTime, nullable=False, info={"internal": True}),  # tells a dead run from a slow one
    Index(None, "workspace_id", "id"),  # the newest runs of a workspace
)

posts = _tenant_table(
    "posts",
    row_id(),
    workspace_id(),
    words("basis", Basis),
    time("collected_at"),
    text("reddit_id"),
    text("community"),
    text("title", nullable=True),
    text("body", nullable=True),
    text("author", nullable=True),
    time("created_at"),
    Column("score", Count, nullable=True),
    Column("upvote_ratio", Float, nullable=True),
    Column("num_comments", Count, nullable=True),
    text("flair", nullable=True),
    text("url", nullable=True),
    Column("is_self", Boolean, nullable=True),
    Column("over_18", Boolean, nullable=False),
    text("removed_by_category", nullable=True),
    time("score_at", nullable=True),
    text("found_in", nullable=True),
    Column("time_is_exact", Boolean, nullable=False),
    time("purged_at", nullable=True),
    searched("title", "body"),
    UniqueConstraint("workspace_id", "reddit_id"),
    # A community's posts by time, which is how they are browsed, counted and profiled.
    Index(None, "workspace_id", "community", "created_at"),
)
# Finds posts that are old enough to be purged. Purged rows are not in it, so that it stays small.
Index(
    "ix_posts_collected_at",
    posts.c.collected_at,
    sqlite_where=posts.c.purged_at.is_(None),
    postgresql_where=posts.c.purged_at.is_(None),
)

# ---------------------------------------------------------------- understanding

# What was read of a post's text (core/analysis/extracts.py). It holds the text's words, so a purge deletes it.
extracts = Table(
    "extracts",
    metadata,
    workspace_id(),
    Column("post_id", RowId, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    text("key"),
    Column("features", CleanText, nullable=False, info={"internal": True}),
    Column("seen", CleanText, nullable=False, info={"internal": True}),
    Index(None, "workspace_id"),  # to forget a workspace
)

# What was counted in a comment that answers a post. Its text and its author are not kept.
counted_comments = _tenant_table(
    "counted_comments",
    row_id(),
    workspace_id(),
    Column("run_id", RowId, nullable=False),  # stays when the run goes: comments of one run came without a gap
    time("collected_at"),
    text("reddit_id"),
    text("community"),
    text("post_id"),
    time("created_at"),
    Column("words", Integer, nullable=False),
    plain_json("found"),
    UniqueConstraint("workspace_id", "reddit_id"),
    Index(None, "workspace_id", "community", "created_at"),
    Index("ix_counted_comments_collected_at", "collected_at"),  # to end what was kept long enough
)

community_profiles = _tenant_table(
    "community_profiles",
    row_id(),
    workspace_id(),
    text("community"),
    time("computed_at"),
    Column("sample_size", Integer, nullable=False),
    time("first_post_at"),
    time("last_post_at"),
    plain_json("bases"),
    plain_json("figures"),
    text("model", nullable=True),  # of a community's latest profile only: core/analysis/model.py, as JSON
    Index(None, "workspace_id", "community", "id"),  # the latest one of a community
)

rules_snapshots = _tenant_table(
    "rules_snapshots",
    row_id(),
    workspace_id(),
    text("community"),
    words("basis", Basis),
    time("taken_at"),
    plain_json("rules"),
    plain_json("requirements", nullable=True),
    plain_json("flairs", nullable=True),
    Index(None, "workspace_id", "community", "id"),  # the latest one of a community
)

demands = _tenant_table(
    "demands",
    row_id(),
    workspace_id(),
    text("community"),
    text("rule_key"),  # a hash of the rule's text: core/demands.py
    text("rule"),
    text("topic"),
    text("stance"),
    text("quote"),
    text("condition"),
    plain_json("weekdays"),
    Column("ratio_own", Integer, nullable=True),
    Column("ratio_all", Integer, nullable=True),
    Column("amount", Integer, nullable=True),
    text("unit"),
    Column("also_amount", Integer, nullable=True),  # a second figure that must be met as well
    text("also_unit", nullable=True),
    text("read_by"),
    time("read_at"),
    text("confirmed_by", nullable=True),
    time("confirmed_at", nullable=True),
    UniqueConstraint("workspace_id", "community", "rule_key", "topic"),
)

# ---------------------------------------------------------------- drafting

drafts = _tenant_table(
    "drafts",
    row_id(),
    workspace_id(),
    reference("campaign_id", "campaigns", ondelete="CASCADE"),
    text("community"),
    words("status", DraftStatus),
    text("created_by"),
    time("created_at"),
    text("decided_by", nullable=True),
    time("decided_at", nullable=True),
    Column("poster", CleanText, nullable=False, server_default=""),
    text("poster_id", nullable=True),  # None: written before drafts had posters
    text("poster_account", nullable=True),
    text("angle", nullable=True),
    Column("version", Integer, nullable=False, server_default="0"),  # counts its changes
    text("disclosure", nullable=True),  # how its poster said that they belong to the product
    text("undisclosed_because", nullable=True),
    text("undisclosed_by", nullable=True),
    Index(None, "workspace_id", "status", "id"),  # the newest drafts, of one status or of all
    Index(None, "campaign_id"),  # the drafts that are deleted with a campaign
)

draft_revisions = Table(
    "draft_revisions",
    metadata,
    workspace_id(),
    Column("draft_id", RowId, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    words("origin", RevisionOrigin),
    text("title"),
    text("body"),
    plain_json("remarks"),
    text("written_by"),
    time("created_at"),
    plain_json("fact_ids"),
    text("by", nullable=True),  # the member who caused it; None: written before this was kept
    text("by_id", nullable=True),
    money("cost_usd_micros"),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    text("prompt_sha256", nullable=True),
    Column("sentences", PlainJson, nullable=False, server_default="[]"),
    Column("answers", PlainJson, nullable=False, server_default="[]"),
    Column("second_opinion", PlainJson, nullable=True),
    searched("title"),
)

approvals = _tenant_table(
    "approvals",
    row_id(),
    workspace_id(),
    reference("draft_id", "drafts", ondelete="CASCADE"),
    Column("revision", Integer, nullable=False),
    text("approved_by"),
    text("approver_id", nullable=True),  # None: given before approvals were records
    time("approved_at"),
    plain_json("pinned"),  # what it stands on; {}: given before this was kept
    words("ending", Ending, nullable=True),
    text("ended_by", nullable=True),
    time("ended_at", nullable=True),
    plain_json("changes"),  # what voided it
    time("remind_at", nullable=True),
    Index(None, "draft_id", "id"),  # the newest of a draft
    Index(None, "workspace_id"),
)
# Finds the approvals that stand, which are compared with what they stand on; most have ended.
Index(
    "ix_approvals_standing",
    approvals.c.id,
    sqlite_where=approvals.c.ended_at.is_(None),
    postgresql_where=approvals.c.ended_at.is_(None),
)
Index(
    "ix_approvals_remind_at",
    approvals.c.remind_at,
    sqlite_where=approvals.c.remind_at.is_not(None),
    postgresql_where=approvals.c.remind_at.is_not(None),
)

# Words of a draft that no fact carries. `start` and `end` are places in the title and body, joined by line breaks.
# Marks that were decided about stay on record.
marks = _tenant_table(
    "marks",
    row_id(),
    workspace_id(),
    reference("draft_id", "drafts", ondelete="CASCADE"),
    Column("revision", Integer, nullable=False),  # the newest revision that contains the words
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    text("words"),
    text("sentence"),
    text("kind"),
    text("reason"),
    Column("generated", Boolean, nullable=False),  # a model wrote the words
    words("way", WayOut, nullable=True),
    text("decided_by", nullable=True),
    time("decided_at", nullable=True),
    reference("fact_id", "facts", ondelete="SET NULL"),  # what it became
    Index(None, "draft_id"),
)

# ---------------------------------------------------------------- visibility

# What every look at a post changes stands in `watches`, and no index here holds anything of that.
tracked_posts = _tenant_table(
    "tracked_posts",
    row_id(),
    workspace_id(),
    text("fullname"),
    text("community"),
    text("author", nullable=True),
    text("permalink"),
    reference("campaign_id", "campaigns", ondelete="SET NULL"),
    reference("draft_id", "drafts", ondelete="SET NULL"),
    text("registered_by"),
    text("registered_by_id", nullable=True),  # None: of an earlier version of the program, which kept only the name
    time("registered_at"),
    time("posted_at"),
    words("basis", Basis),
    words("state", State),
    time("state_since"),
    words("removed_by", RemovedBy, nullable=True),
    text("category", nullable=True),
    words("confidence", Confidence, nullable=True),
    Column("locked", Boolean, nullable=False),
    text("title", nullable=True),
    text("body_sha256", nullable=True),
    time("snoozed_until", nullable=True),
    time("audit_due_at", nullable=True),
    words("audit_outcome", AuditOutcome, nullable=True),
    reference("rules_snapshot_id", "rules_snapshots", ondelete="SET NULL"),
    reference("profile_id", "community_profiles", ondelete="SET NULL"),
    text("stated_reason", nullable=True),
    text("stated_by", nullable=True),
    time("stated_at", nullable=True),
    # The correlation id of the last command about this post, by which its alerts can be traced to that command.
    text("correlation_id"),
    # An audit has its own lease, so that it does not keep the post from being watched.
    lease_owner("audit_lease_owner"),
    lease_until("audit_lease_until"),
    searched("title"),
    # No CHECK: SQLite cannot add one to a table that is there.
    Column("found_state", Words(State), nullable=True),
    Column("found_removed_by", Words(RemovedBy), nullable=True),
    time("resumed_at", nullable=True),
    # How many comments there were when they were last read, and when they may be read again.
    Column("comments_read", Count, nullable=True, info={"internal": True}),
    Column("next_comments_at", UtcDateTime, nullable=True, info={"internal": True}),
    UniqueConstraint("workspace_id", "fullname"),
    Index(None, "workspace_id", "id"),  # the newest, which are looked for while somebody types
    Index(None, "workspace_id", "state", "id"),  # lists and counts by state
    Index(None, "campaign_id"),  # cleared when a campaign is deleted
    Index(None, "draft_id"),  # from a posted draft to its post
    # What happened to the posts in a community, counted without reading the posts.
    Index(None, "workspace_id", "community", "state", "posted_at"),
    Index(None, "workspace_id", "author", "posted_at"),  # whether a post is among its author's first
    Index(None, "workspace_id", "state_since"),  # how many are of which age
    postgresql_with=_ROOM_FOR_SOME,
)
# For the audits that are due, and for those that came too early.
Index(
    "ix_tracked_posts_audit_due_at",
    tracked_posts.c.audit_due_at,
    sqlite_where=tracked_posts.c.audit_outcome.is_(None),
    postgresql_where=tracked_posts.c.audit_outcome.is_(None),
)
Index(
    "ix_tracked_posts_audited",
    tracked_posts.c.audit_due_at,
    sqlite_where=tracked_posts.c.audit_outcome.is_not(None),
    postgresql_where=tracked_posts.c.audit_outcome.is_not(None),
)

# One row for each tracked post: its watching, which every look changes. It stands apart so that a look writes a short
# row and few indexes, and no index holds a column that a lease changes.
watches = _tenant_table(
    "watches",
    Column(
        "tracked_post_id",
        RowId,
        ForeignKey("tracked_posts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    workspace_id(),
    time("next_check_at", nullable=True),
    time("last_read_at", nullable=True),
    time("stopped_at", nullable=True),
    Column("score", Count, nullable=True),
    Column("num_comments", Count, nullable=True),
    # Others go first when more is due than may be asked for.
    Column("gives_way", Boolean, nullable=False, server_default=false(), info={"internal": True}),
    lease_owner(),
    lease_until(),
    # The post's own, again: the posts that are not watched are counted by age from an index.
    Column("state_since", UtcDateTime, nullable=False, info={"internal": True}),
    # Which were read last, and when the next look is due. Each look changes it, at its end.
    Index("ix_watches_looks", "workspace_id", "last_read_at", "next_check_at", "stopped_at"),
    postgresql_with=_ROOM_FOR_ALL,
)
# For the sweep, every few seconds: the posts due first, in all workspaces. Unwatched posts are not in it.
Index(
    "ix_watches_next_check_at",
    watches.c.next_check_at,
    sqlite_where=watches.c.next_check_at.is_not(None),
    postgresql_where=watches.c.next_check_at.is_not(None),
)
# Posts that are not watched, which are counted off: an index of the watched ones would change at each look.
_is_unwatched = or_(watches.c.next_check_at.is_(None), watches.c.stopped_at.is_not(None))
Index(
    "ix_watches_unwatched",
    watches.c.workspace_id,
    watches.c.state_since,
    sqlite_where=_is_unwatched,
    postgresql_where=_is_unwatched,
)

readings = _tenant_table(
    "readings",
    row_id(),
    workspace_id(),
    reference("tracked_post_id", "tracked_posts", ondelete="CASCADE"),
    words("view", View),
    words("basis", Basis),
    time("read_at"),
    words("outcome", Outcome),
    Column("found", Boolean, nullable=True),
    Column("control_live", Boolean, nullable=False),
    text("category", nullable=True),
    Column("indexable", Boolean, nullable=True),
    Column("author_present", Boolean, nullable=True),
    text("body_state", nullable=True),
    Column("locked", Boolean, nullable=True),
    Column("score", Count, nullable=True),
    Column("num_comments", Count, nullable=True),
    words("author_status", AuthorStatus, nullable=True),
    text("problem", nullable=True),
    Column("clock_jump_s", Float, nullable=False),
    # Equal readings in a row share one row. These tell until when, how many there were, and how many of them count.
    time("last_read_at", nullable=True),
    Column("times", Integer, nullable=False, server_default="1"),
    Column("apart", Integer, nullable=False, server_default="1", info={"internal": True}),
    Column("apart_at", UtcDateTime, nullable=True, info={"internal": True}),
    text("closure", nullable=True),
    text("looked_by", nullable=True),
    Column("has_picture", Boolean, nullable=False, server_default=false()),
    # A post's history by time. It also makes storing the same reading twice change nothing.
    UniqueConstraint("tracked_post_id", "read_at", "view", "basis", "outcome"),
    Index(None, "workspace_id", "outcome", "read_at"),  # the newest evidence of a workspace
    postgresql_with=_ROOM_FOR_SOME,
)

# Pictures that members attached to their looks. They are here and not in files, so that one transaction keeps or
# deletes a look with its picture, and one backup holds both. An export writes their content as files.
pictures = _tenant_table(
    "pictures",
    Column("reading_id", RowId, ForeignKey("readings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    workspace_id(),
    text("kept_by"),
    Column("content", LargeBinary, nullable=False, info={"internal": True}),
    Index(None, "workspace_id"),
)

# Comments of others on posts of the last days. A comment that is gone at Reddit goes here too.
first_comments = _tenant_table(
    "first_comments",
    row_id(),
    workspace_id(),
    reference("tracked_post_id", "tracked_posts", ondelete="CASCADE"),
    text("fullname"),
    text("author"),
    text("body"),
    time("created_at"),
    Column("is_question", Boolean, nullable=False),
    Column("is_answered", Boolean, nullable=False),
    UniqueConstraint("tracked_post_id", "fullname"),
    Index(None, "workspace_id"),
)

decisions = _tenant_table(
    "decisions",
    row_id(),
    workspace_id(),
    reference("tracked_post_id", "tracked_posts", ondelete="CASCADE"),
    words("kind", DecisionKind),
    text("by_id"),
    text("by"),
    time("at"),
    time("until", nullable=True),
    Column("hooked_at", UtcDateTime, nullable=True, info={"internal": True}),
    Index(None, "tracked_post_id", "at"),  # what an alert's message shows
    Index(None, "workspace_id", "id"),  # the newest of a workspace
)

# A post that was offered is remembered, so that it is not offered again.
offers = _tenant_table(
    "offers",
    row_id(),
    workspace_id(),
    text("fullname"),
    text("community"),
    text("title", nullable=True),
    text("author"),
    text("permalink"),
    time("posted_at"),
    time("offered_at"),
    text("refused_by", nullable=True),
    time("refused_at", nullable=True),
    time("withdrawn_at", nullable=True),
    UniqueConstraint("workspace_id", "fullname"),
)

account_readings = _tenant_table(
    "account_readings",
    row_id(),
    workspace_id(),
    reference("account_id", "accounts", ondelete="CASCADE"),
    words("basis", Basis),
    time("read_at"),
    words("author_status", AuthorStatus),
    # One look serves all posts of its author and is stored once.
    UniqueConstraint("account_id", "read_at", "basis"),
    Index(None, "workspace_id"),
)

alerts = _tenant_table(
    "alerts",
    row_id(),
    workspace_id(),
    Column("kind", Words(AlertKind), nullable=False),  # no CHECK: each new kind would need a new table
    text("dedupe_key"),
    plain_json("facts"),
    reference("tracked_post_id", "tracked_posts", ondelete="SET NULL"),
    text("channel", nullable=True),  # where it was sent; decided when it is claimed
    text("to_member", nullable=True),  # it goes to this member's direct messages and nowhere else
    time("created_at"),
    Column("attempts", Integer, nullable=False),
    text("correlation_id"),
    time("delivered_at", nullable=True),
    text("last_problem", nullable=True),
    time("next_attempt_at", nullable=True),  # None: delivered, given up, or told with another
    Column("told_with", RowId, nullable=True),  # the alert that tells this one too
    Column("told_by", Words(Delivery), nullable=True),  # when it made no message of its own
    Column("event", CleanText, nullable=True, info={"internal": True}),  # alerts of one event share a message
    # Somebody must act on it now: it may come in quiet hours.
    Column("urgent", Boolean, nullable=False, server_default=false(), info={"internal": True}),
    text("delivery_ref", nullable=True),
    # The place where it was last sent, stored right before sending. An undelivered alert may have arrived there.
    Column("sent_to", CleanText, nullable=True, info={"internal": True}),
    lease_owner(),
    lease_until(),
    Column("hooked_at", UtcDateTime, nullable=True, info={"internal": True}),  # when the webhook's server accepted it
    UniqueConstraint("workspace_id", "dedupe_key"),
    Index(None, "workspace_id", "id"),  # what was sent lately
    Index(None, "tracked_post_id"),  # what a snooze holds back
)
Index(
    "ix_alerts_event",
    alerts.c.workspace_id,
    alerts.c.event,
    sqlite_where=alerts.c.event.is_not(None),
    postgresql_where=alerts.c.event.is_not(None),
)
Index(
    "ix_alerts_told_with",
    alerts.c.told_with,
    sqlite_where=alerts.c.told_with.is_not(None),
    postgresql_where=alerts.c.told_with.is_not(None),
)
# Alerts that were given up, which a workspace is told the number of.
_is_given_up = and_(
    alerts.c.delivered_at.is_(None),
    alerts.c.next_attempt_at.is_(None),
    alerts.c.told_with.is_(None),
    alerts.c.told_by.is_(None),
)
Index("ix_alerts_given_up", alerts.c.workspace_id, sqlite_where=_is_given_up, postgresql_where=_is_given_up)
# For each workspace at every claim: its oldest waiting alert, and whether one of its alerts is on its way.
Index(
    "ix_alerts_waiting",
    alerts.c.workspace_id,
    alerts.c.id,
    sqlite_where=alerts.c.next_attempt_at.is_not(None),
    postgresql_where=alerts.c.next_attempt_at.is_not(None),
)
Index(
    "ix_alerts_leased",
    alerts.c.workspace_id,
    alerts.c.lease_until,
    sqlite_where=alerts.c.lease_until.is_not(None),
    postgresql_where=alerts.c.lease_until.is_not(None),
)
# For the courier, every few seconds. Delivered and given-up alerts are not in it.
Index(
    "ix_alerts_next_attempt_at",
    alerts.c.next_attempt_at,
    sqlite_where=alerts.c.next_attempt_at.is_not(None),
    postgresql_where=alerts.c.next_attempt_at.is_not(None),
)

# Where alerts about something go, or until when they are muted.
routes = _tenant_table(
    "routes",
    row_id(),
    workspace_id(),
    words("about", About),
    text("which"),
    text("name"),
    text("place", nullable=True),
    time("until", nullable=True),
    text("made_by"),
    time("made_at"),
    Index(None, "workspace_id"),
)

# Places that refused the last alert, until they accept one again. "@id" is a member's direct messages.
refusals = _tenant_table(
    "refusals",
    Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("place", CleanText, primary_key=True),
    text("problem"),
    time("since"),
    Column("times", Count, nullable=False),
    time("again_at"),  # until then other places are tried first
)

# Where a workspace's other tools hear of alerts and decisions (core/hooks.py). Rows up to `…_from` were told.
webhooks = _tenant_table(
    "webhooks",
    Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("url", CleanText, nullable=False, info={"internal": True}),  # may hold a secret of the receiver's
    Column("sealed_secret", CleanText, nullable=False, info={"internal": True}),  # encrypted (core/seal.py)
    text("made_by"),
    time("made_at"),
    Column("attempts", Integer, nullable=False),
    time("last_sent_at", nullable=True),
    text("last_problem", nullable=True),
    time("resting_since", nullable=True),
    Column("next_attempt_at", UtcDateTime, nullable=True, info={"internal": True}),
    Column("alerts_from", RowId, nullable=False, info={"internal": True}),
    Column("decisions_from", RowId, nullable=False, info={"internal": True}),
    lease_owner(),
    lease_until(),
)

feeds = _tenant_table(
    "feeds",
    Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("token_sha256", CleanText, nullable=False, info={"internal": True}),
    text("made_by"),
    time("made_at"),
    UniqueConstraint("token_sha256"),
)

patterns = _tenant_table(
    "patterns",
    row_id(),
    workspace_id(),
    reference("campaign_id", "campaigns", ondelete="SET NULL"),
    text("community"),
    text("category"),
    text("feature", nullable=True),
    plain_json("params"),
    text("body"),
    text("source"),
    reference("tracked_post_id", "tracked_posts", ondelete="SET NULL"),
    Column("confidence", Float, nullable=False, info={"check": "confidence >= 0 AND confidence <= 1"}),
    text("created_by"),
    time("created_at"),
    time("removed_at", nullable=True),
    Index(None, "workspace_id", "community"),  # what a draft for a community must avoid
)

# ---------------------------------------------------------------- money

plans = Table(
    "plans",
    metadata,
    Column("workspace_id", CleanText, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    money("monthly_cap_usd_micros"),
    Column("max_tracked_posts", Integer, nullable=False),
    Column("max_campaigns", Integer, nullable=False),
    Column("name", Words(PlanName), nullable=False, server_default=PlanName.SELF_HOSTED.value),  # no CHECK, as above
)

reservations = _tenant_table(
    "reservations",
    row_id(),
    workspace_id(),
    text("task"),
    text("model"),
    money("amount_usd_micros"),
    text("reserved_by"),
    time("created_at"),
    time("expires_at"),
    time("closed_at", nullable=True),  # booked, released or expired
    Index(None, "workspace_id", "closed_at"),  # what is reserved now
)
# Reservations that nobody booked or released.
Index(
    "ix_reservations_expires_at",
    reservations.c.expires_at,
    sqlite_where=reservations.c.closed_at.is_(None),
    postgresql_where=reservations.c.closed_at.is_(None),
)

usage_events = _tenant_table(
    "usage_events",
    row_id(),
    workspace_id(),
    reference("reservation_id", "reservations", ondelete="CASCADE"),
    text("task"),
    text("model"),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    money("cost_usd_micros"),
    text("cost_basis"),
    time("at"),
    UniqueConstraint("reservation_id"),  # a reservation is booked once
    Index(None, "workspace_id", "at"),  # a month's spending
)

journal = _tenant_table(
    "journal",
    row_id(),
    workspace_id(),
    time("at"),
    Column("kind", Words(JournalKind), nullable=False),  # no CHECK: each new kind would need a new table
    text("subject"),
    text("member_id"),
    text("name"),
    plain_json("facts"),
    text("correlation_id"),
    Index(None, "workspace_id", "id"),  # what happened lately
)

for _table in metadata.tables.values():
    for _column in _table.columns:
        if "check" in _column.info:
            _table.append_constraint(CheckConstraint(_column.info["check"], name=_column.name))

# ---------------------------------------------------------------- a post's text never changes

# Title and body can only become NULL (a purge). No verb changes them; this trigger stops everything else that would.
POSTS_TEXT_GUARD_SQLITE = """
CREATE TRIGGER posts_text_guard BEFORE UPDATE OF title, body ON posts
WHEN (NEW.title IS NOT NULL AND NEW.title IS NOT OLD.title) OR (NEW.body IS NOT NULL AND NEW.body IS NOT OLD.body)
BEGIN
    SELECT RAISE(ABORT, 'the text of a collected post never changes');
END
"""
POSTS_TEXT_GUARD_POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION posts_text_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.title IS NOT NULL AND NEW.title IS DISTINCT FROM OLD.title)
        OR (NEW.body IS NOT NULL AND NEW.body IS DISTINCT FROM OLD.body) THEN
        RAISE EXCEPTION 'the text of a collected post never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
""",
    """
CREATE TRIGGER posts_text_guard BEFORE UPDATE OF title, body ON posts
FOR EACH ROW EXECUTE FUNCTION posts_text_guard()
""",
)

event.listen(posts, "after_create", DDL(POSTS_TEXT_GUARD_SQLITE).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
for _statement in POSTS_TEXT_GUARD_POSTGRESQL:
    event.listen(posts, "after_create", DDL(_statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]
