"""The whole schema as 0.2.0 releases it. From that release on, no migration is edited: a change is a new one."""

# ruff: noqa: E501 - the words of a CHECK stand in one line, as the engines keep them
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# Title and body of a collected post can only become NULL (a purge).
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


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alert_channel", sa.Text(), nullable=True),
        sa.Column("alert_channel_proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=True),
        sa.Column("reddit_created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("karma", sa.BigInteger(), nullable=True),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_token", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('visible', 'shadowbanned', 'suspended', 'deleted', 'unknown')", name=op.f("ck_accounts_state")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_accounts_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("workspace_id", "name_folded", name=op.f("uq_accounts_workspace_id_name_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "campaigns",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("keywords", PLAIN_JSON, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('active', 'paused', 'deleted')", name=op.f("ck_campaigns_status")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_campaigns_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_campaigns_workspace_id_name_folded",
        "campaigns",
        ["workspace_id", "name_folded"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "community_profiles",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("first_post_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_post_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bases", PLAIN_JSON, nullable=False),
        sa.Column("figures", PLAIN_JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_community_profiles_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_profiles")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_community_profiles_workspace_id_community_id"),
        "community_profiles",
        ["workspace_id", "community", "id"],
        unique=False,
    )
    op.create_table(
        "consent_requests",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("member_name", sa.Text(), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=True),
        sa.Column("state_sha256", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_consent_requests_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "member_id", name=op.f("pk_consent_requests")),
        sa.UniqueConstraint("state_sha256", name=op.f("uq_consent_requests_state_sha256")),
    )
    op.create_table(
        "installations",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("installed_by", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bot_user_id", sa.Text(), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_installations_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_installations")),
    )
    op.create_table(
        "journal",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("facts", PLAIN_JSON, nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('account.ask', 'account.consent_gone', 'account.link', 'account.sign_in', 'account.unlink', 'alerts.digest', 'alerts.here', 'alerts.owe', 'alerts.quiet', 'alerts.retry', 'campaign.create', 'campaign.edit', 'campaign.status', 'collect.finish', 'collect.start', 'community.profile', 'community.rules', 'data.purge', 'draft.approve', 'draft.discard', 'draft.edit', 'draft.new', 'draft.regenerate', 'fact.add', 'fact.remove', 'installation.end', 'installation.install', 'pattern.add', 'pattern.remove', 'pattern.undo', 'plan.set', 'post.account_banned', 'post.audit', 'post.check', 'post.reason', 'post.reason_undo', 'post.register', 'post.resume', 'post.seen', 'post.snooze', 'post.state', 'post.stop', 'post.unseen', 'post.wrong_alarm', 'role.grant', 'role.revoke', 'setup.zone')",
            name=op.f("ck_journal_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_journal_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_journal_workspace_id_id"), "journal", ["workspace_id", "id"], unique=False)
    op.create_table(
        "members",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'approver', 'admin')", name=op.f("ck_members_role")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_members_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_members")),
    )
    op.create_table(
        "plans",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("monthly_cap_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("max_tracked_posts", sa.Integer(), nullable=False),
        sa.Column("max_campaigns", sa.Integer(), nullable=False),
        sa.CheckConstraint("monthly_cap_usd_micros >= 0", name=op.f("ck_plans_monthly_cap_usd_micros")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_plans_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_plans")),
    )
    op.create_table(
        "posts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reddit_id", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("upvote_ratio", sa.Float(), nullable=True),
        sa.Column("num_comments", sa.BigInteger(), nullable=True),
        sa.Column("flair", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("is_self", sa.Boolean(), nullable=True),
        sa.Column("over_18", sa.Boolean(), nullable=False),
        sa.Column("removed_by_category", sa.Text(), nullable=True),
        sa.Column("score_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_in", sa.Text(), nullable=True),
        sa.Column("time_is_exact", sa.Boolean(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "basis IN ('reddit_api', 'apify', 'file', 'person', 'web', 'sample')", name=op.f("ck_posts_basis")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_posts_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("workspace_id", "reddit_id", name=op.f("uq_posts_workspace_id_reddit_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_posts_collected_at",
        "posts",
        ["collected_at"],
        unique=False,
        sqlite_where=sa.text("purged_at IS NULL"),
        postgresql_where=sa.text("purged_at IS NULL"),
    )
    op.create_index(
        op.f("ix_posts_workspace_id_community_created_at"),
        "posts",
        ["workspace_id", "community", "created_at"],
        unique=False,
    )
    op.create_table(
        "refusals",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_refusals_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "place", name=op.f("pk_refusals")),
        sqlite_autoincrement=False,
    )
    op.create_table(
        "reservations",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("amount_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("reserved_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_usd_micros >= 0", name=op.f("ck_reservations_amount_usd_micros")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_reservations_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_reservations_expires_at",
        "reservations",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        op.f("ix_reservations_workspace_id_closed_at"), "reservations", ["workspace_id", "closed_at"], unique=False
    )
    op.create_table(
        "rules_snapshots",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", PLAIN_JSON, nullable=False),
        sa.CheckConstraint(
            "basis IN ('reddit_api', 'apify', 'file', 'person', 'web', 'sample')", name=op.f("ck_rules_snapshots_basis")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_rules_snapshots_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_snapshots")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_rules_snapshots_workspace_id_community_id"),
        "rules_snapshots",
        ["workspace_id", "community", "id"],
        unique=False,
    )
    op.create_table(
        "timetables",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("quiet_from", sa.Text(), nullable=True),
        sa.Column("quiet_until", sa.Text(), nullable=True),
        sa.Column("quiet_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest_every", sa.Text(), nullable=True),
        sa.Column("digest_at", sa.Text(), nullable=True),
        sa.Column("digest_on", sa.Text(), nullable=True),
        sa.Column("digest_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("digest_every IN ('daily', 'weekly')", name=op.f("ck_timetables_digest_every")),
        sa.CheckConstraint(
            "digest_on IN ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')",
            name=op.f("ck_timetables_digest_on"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_timetables_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_timetables")),
    )
    op.create_index(
        "ix_timetables_digest_due_at",
        "timetables",
        ["digest_due_at"],
        unique=False,
        sqlite_where=sa.text("digest_due_at IS NOT NULL"),
        postgresql_where=sa.text("digest_due_at IS NOT NULL"),
    )
    op.create_table(
        "account_readings",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("account_id", ROW_ID, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_status", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "author_status IN ('exists', 'missing', 'suspended', 'cannot_tell')",
            name=op.f("ck_account_readings_author_status"),
        ),
        sa.CheckConstraint(
            "basis IN ('reddit_api', 'apify', 'file', 'person', 'web', 'sample')",
            name=op.f("ck_account_readings_basis"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_readings_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_account_readings_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_readings")),
        sa.UniqueConstraint(
            "account_id", "read_at", "basis", name=op.f("uq_account_readings_account_id_read_at_basis")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_account_readings_workspace_id"), "account_readings", ["workspace_id"], unique=False)
    op.create_table(
        "campaign_communities",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("campaign_id", ROW_ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_communities_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_campaign_communities_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "community", name=op.f("pk_campaign_communities")),
    )
    op.create_index(
        op.f("ix_campaign_communities_workspace_id_community"),
        "campaign_communities",
        ["workspace_id", "community"],
        unique=False,
    )
    op.create_table(
        "collection_runs",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("campaign_id", ROW_ID, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("communities", PLAIN_JSON, nullable=False),
        sa.Column("funnel", PLAIN_JSON, nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("cost_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("files", PLAIN_JSON, nullable=False),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "basis IN ('reddit_api', 'apify', 'file', 'person', 'web', 'sample')", name=op.f("ck_collection_runs_basis")
        ),
        sa.CheckConstraint(
            "status IN ('running', 'succeeded', 'partial', 'failed', 'cancelled')",
            name=op.f("ck_collection_runs_status"),
        ),
        sa.CheckConstraint("cost_usd_micros >= 0", name=op.f("ck_collection_runs_cost_usd_micros")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_collection_runs_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_collection_runs_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_runs")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_collection_runs_workspace_id_id"), "collection_runs", ["workspace_id", "id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("campaign_id", ROW_ID, nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('generated', 'edited', 'approved', 'posted', 'discarded')", name=op.f("ck_drafts_status")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_drafts_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_drafts_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_drafts_campaign_id"), "drafts", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_drafts_workspace_id_status_id"), "drafts", ["workspace_id", "status", "id"], unique=False)
    op.create_table(
        "facts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("campaign_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("vouched_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('product', 'number', 'experience')", name=op.f("ck_facts_kind")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_facts_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_facts_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_facts_workspace_id_campaign_id"), "facts", ["workspace_id", "campaign_id"], unique=False)
    op.create_table(
        "usage_events",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("reservation_id", ROW_ID, nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("cost_basis", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cost_usd_micros >= 0", name=op.f("ck_usage_events_cost_usd_micros")),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservations.id"], name=op.f("fk_usage_events_reservation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_usage_events_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_events")),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_usage_events_reservation_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_usage_events_workspace_id_at"), "usage_events", ["workspace_id", "at"], unique=False)
    op.create_table(
        "draft_revisions",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("draft_id", ROW_ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("remarks", PLAIN_JSON, nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fact_ids", PLAIN_JSON, nullable=False),
        sa.Column("cost_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.CheckConstraint("origin IN ('model', 'outline', 'person')", name=op.f("ck_draft_revisions_origin")),
        sa.CheckConstraint("cost_usd_micros >= 0", name=op.f("ck_draft_revisions_cost_usd_micros")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_draft_revisions_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_draft_revisions_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_draft_revisions")),
    )
    op.create_table(
        "tracked_posts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("fullname", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.Column("campaign_id", ROW_ID, nullable=True),
        sa.Column("draft_id", ROW_ID, nullable=True),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Text(), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("body_sha256", sa.Text(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("num_comments", sa.BigInteger(), nullable=True),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audit_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audit_outcome", sa.Text(), nullable=True),
        sa.Column("rules_snapshot_id", ROW_ID, nullable=True),
        sa.Column("profile_id", ROW_ID, nullable=True),
        sa.Column("stated_reason", sa.Text(), nullable=True),
        sa.Column("stated_by", sa.Text(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audit_lease_owner", sa.Text(), nullable=True),
        sa.Column("audit_lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audit_outcome IN ('success', 'rejection', 'inertia', 'undecided')",
            name=op.f("ck_tracked_posts_audit_outcome"),
        ),
        sa.CheckConstraint(
            "basis IN ('reddit_api', 'apify', 'file', 'person', 'web', 'sample')", name=op.f("ck_tracked_posts_basis")
        ),
        sa.CheckConstraint(
            "confidence IN ('low', 'medium', 'medium_high', 'high')", name=op.f("ck_tracked_posts_confidence")
        ),
        sa.CheckConstraint(
            "removed_by IN ('moderators', 'reddit_filters', 'reddit_admins', 'unknown')",
            name=op.f("ck_tracked_posts_removed_by"),
        ),
        sa.CheckConstraint(
            "state IN ('unverified', 'live', 'held', 'removed', 'deleted', 'shadowbanned', 'suspended', 'gated', 'unknown')",
            name=op.f("ck_tracked_posts_state"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_tracked_posts_campaign_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_tracked_posts_draft_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["community_profiles.id"], name=op.f("fk_tracked_posts_profile_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["rules_snapshot_id"],
            ["rules_snapshots.id"],
            name=op.f("fk_tracked_posts_rules_snapshot_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_tracked_posts_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracked_posts")),
        sa.UniqueConstraint("workspace_id", "fullname", name=op.f("uq_tracked_posts_workspace_id_fullname")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_tracked_posts_audit_due_at",
        "tracked_posts",
        ["audit_due_at"],
        unique=False,
        sqlite_where=sa.text("audit_outcome IS NULL"),
        postgresql_where=sa.text("audit_outcome IS NULL"),
    )
    op.create_index(op.f("ix_tracked_posts_campaign_id"), "tracked_posts", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_tracked_posts_draft_id"), "tracked_posts", ["draft_id"], unique=False)
    op.create_index(
        "ix_tracked_posts_lease_owner",
        "tracked_posts",
        ["lease_owner"],
        unique=False,
        sqlite_where=sa.text("lease_owner IS NOT NULL"),
        postgresql_where=sa.text("lease_owner IS NOT NULL"),
    )
    op.create_index(
        "ix_tracked_posts_next_check_at",
        "tracked_posts",
        ["next_check_at"],
        unique=False,
        sqlite_where=sa.text("next_check_at IS NOT NULL"),
        postgresql_where=sa.text("next_check_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_tracked_posts_workspace_id_author_posted_at"),
        "tracked_posts",
        ["workspace_id", "author", "posted_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tracked_posts_workspace_id_community_posted_at"),
        "tracked_posts",
        ["workspace_id", "community", "posted_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tracked_posts_workspace_id_state_id"), "tracked_posts", ["workspace_id", "state", "id"], unique=False
    )
    op.create_table(
        "alerts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("facts", PLAIN_JSON, nullable=False),
        sa.Column("tracked_post_id", ROW_ID, nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_problem", sa.Text(), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_with", ROW_ID, nullable=True),
        sa.Column("delivery_ref", sa.Text(), nullable=True),
        sa.Column("sent_to", sa.Text(), nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('post_live', 'post_held', 'post_removed', 'post_deleted', 'post_gated', 'post_locked', 'account_shadowbanned', 'account_suspended', 'account_deleted', 'cannot_see', 'consent_gone', 'audit', 'digest', 'test', 'undelivered')",
            name=op.f("ck_alerts_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["tracked_post_id"], ["tracked_posts.id"], name=op.f("fk_alerts_tracked_post_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_alerts_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("workspace_id", "dedupe_key", name=op.f("uq_alerts_workspace_id_dedupe_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_alerts_leased",
        "alerts",
        ["workspace_id", "lease_until"],
        unique=False,
        sqlite_where=sa.text("lease_until IS NOT NULL"),
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_index(
        "ix_alerts_next_attempt_at",
        "alerts",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_alerts_tracked_post_id"), "alerts", ["tracked_post_id"], unique=False)
    op.create_index(
        "ix_alerts_waiting",
        "alerts",
        ["workspace_id", "id"],
        unique=False,
        sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_alerts_workspace_id_id"), "alerts", ["workspace_id", "id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("tracked_post_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('snoozed', 'stopped', 'wrong_alarm', 'seen', 'unseen', 'account_banned', 'reason_given', 'reason_undone')",
            name=op.f("ck_decisions_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["tracked_post_id"], ["tracked_posts.id"], name=op.f("fk_decisions_tracked_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_decisions_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decisions_tracked_post_id_at"), "decisions", ["tracked_post_id", "at"], unique=False)
    op.create_table(
        "patterns",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("campaign_id", ROW_ID, nullable=True),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("feature", sa.Text(), nullable=True),
        sa.Column("params", PLAIN_JSON, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("tracked_post_id", ROW_ID, nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name=op.f("ck_patterns_confidence")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_patterns_campaign_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["tracked_post_id"], ["tracked_posts.id"], name=op.f("fk_patterns_tracked_post_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_patterns_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patterns")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_patterns_workspace_id_community"), "patterns", ["workspace_id", "community"], unique=False)
    op.create_table(
        "readings",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("tracked_post_id", ROW_ID, nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=True),
        sa.Column("control_live", sa.Boolean(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("indexable", sa.Boolean(), nullable=True),
        sa.Column("author_present", sa.Boolean(), nullable=True),
        sa.Column("body_state", sa.Text(), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("num_comments", sa.BigInteger(), nullable=True),
        sa.Column("author_status", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("clock_jump_s", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "author_status IN ('exists', 'missing', 'suspended', 'cannot_tell')", name=op.f("ck_readings_author_status")
        ),
        sa.CheckConstraint(
            "basis IN ('reddit_api', 'apify', 'file', 'person', 'web', 'sample')", name=op.f("ck_readings_basis")
        ),
        sa.CheckConstraint("outcome IN ('visible', 'not_visible', 'cannot_tell')", name=op.f("ck_readings_outcome")),
        sa.CheckConstraint("view IN ('third_party', 'author', 'anonymous', 'person')", name=op.f("ck_readings_view")),
        sa.ForeignKeyConstraint(
            ["tracked_post_id"], ["tracked_posts.id"], name=op.f("fk_readings_tracked_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_readings_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint(
            "tracked_post_id",
            "read_at",
            "view",
            "basis",
            "outcome",
            name=op.f("uq_readings_tracked_post_id_read_at_view_basis_outcome"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_readings_workspace_id_outcome_read_at"),
        "readings",
        ["workspace_id", "outcome", "read_at"],
        unique=False,
    )

    if op.get_bind().dialect.name == "sqlite":
        op.execute(POSTS_TEXT_GUARD_SQLITE)
    else:
        for statement in POSTS_TEXT_GUARD_POSTGRESQL:
            op.execute(statement)
