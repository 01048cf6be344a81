"""Quiet hours, digests and the time zone they count in; alerts that are told together."""

# ruff: noqa: E501 - the words of a CHECK stand in one line, as the engines keep them
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ALERT_KINDS = "kind IN ('post_live', 'post_held', 'post_removed', 'post_deleted', 'post_gated', 'post_locked', 'account_shadowbanned', 'account_suspended', 'account_deleted', 'cannot_see', 'consent_gone', 'audit', 'digest', 'test')"


def upgrade() -> None:
    op.create_table(
        "timetables",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("quiet_from", sa.Text(), nullable=True),
        sa.Column("quiet_until", sa.Text(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
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
    op.execute(
        "INSERT INTO timetables (workspace_id, timezone) SELECT id, timezone FROM workspaces WHERE timezone <> 'UTC'"
    )
    op.drop_column("workspaces", "timezone")
    if op.get_context().dialect.name == "sqlite":
        _rebuild_alerts()
    else:
        op.add_column("alerts", sa.Column("told_with", ROW_ID, nullable=True))
        op.drop_constraint(op.f("ck_alerts_kind"), "alerts", type_="check")
        op.create_check_constraint(op.f("ck_alerts_kind"), "alerts", sa.text(ALERT_KINDS))


def _rebuild_alerts() -> None:
    """SQLite cannot change a CHECK: the table is made anew. No other table refers to it, so nothing goes with it."""
    for index in ("ix_alerts_next_attempt_at", "ix_alerts_tracked_post_id", "ix_alerts_workspace_id_id"):
        op.drop_index(op.f(index), "alerts")
    op.rename_table("alerts", "alerts_before")
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
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(ALERT_KINDS, name=op.f("ck_alerts_kind")),
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
    kept = (
        "id, workspace_id, kind, dedupe_key, facts, tracked_post_id, channel, created_at, attempts, correlation_id, "
        "delivered_at, last_problem, next_attempt_at, delivery_ref, lease_owner, lease_until"
    )
    op.execute(f"INSERT INTO alerts ({kept}) SELECT {kept} FROM alerts_before")  # noqa: S608 - our own words
    # An id that was given once is not given again, not even after its workspace was forgotten.
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'alerts'")
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'alerts', seq FROM sqlite_sequence WHERE name = 'alerts_before'"
    )
    op.drop_table("alerts_before")
    op.create_index(
        "ix_alerts_next_attempt_at",
        "alerts",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_alerts_tracked_post_id"), "alerts", ["tracked_post_id"], unique=False)
    op.create_index(op.f("ix_alerts_workspace_id_id"), "alerts", ["workspace_id", "id"], unique=False)
