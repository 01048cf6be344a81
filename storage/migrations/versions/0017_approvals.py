"""Approvals become records; drafts keep their angle and count their changes; a revision names the member who caused it;
a workspace may ask for four eyes; alerts may be of any kind.

An earlier approval says who gave it and when, but not what it stood on. So nothing voids it, and nobody is reminded of
it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("four_eyes", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("drafts", sa.Column("angle", sa.Text(), nullable=True))
    op.add_column("drafts", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("draft_revisions", sa.Column("by", sa.Text(), nullable=True))
    op.add_column("draft_revisions", sa.Column("by_id", sa.Text(), nullable=True))
    op.execute("""UPDATE draft_revisions SET "by" = written_by WHERE origin = 'person'""")
    _create_approvals()
    op.execute(
        "INSERT INTO approvals (workspace_id, draft_id, revision, approved_by, approved_at, pinned, changes)"
        " SELECT workspace_id, id, (SELECT MAX(number) FROM draft_revisions WHERE draft_id = drafts.id),"
        " decided_by, decided_at, '{}', '[]' FROM drafts"
        " WHERE status = 'approved' AND decided_by IS NOT NULL AND decided_at IS NOT NULL ORDER BY id"
    )
    _let_alerts_be_of_any_kind()


def _create_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("draft_id", ROW_ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pinned", PLAIN_JSON, nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", PLAIN_JSON, nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ending IN ('posted', 'edited', 'taken_back', 'given', 'voided', 'discarded')",
            name=op.f("ck_approvals_ending"),
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_approvals_draft_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_approvals_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_approvals_draft_id_id"), "approvals", ["draft_id", "id"], unique=False)
    op.create_index(op.f("ix_approvals_workspace_id"), "approvals", ["workspace_id"], unique=False)
    for name, column, holds in (
        ("ix_approvals_standing", "id", "ended_at IS NULL"),
        ("ix_approvals_remind_at", "remind_at", "remind_at IS NOT NULL"),
    ):
        op.create_index(
            name, "approvals", [column], unique=False, sqlite_where=sa.text(holds), postgresql_where=sa.text(holds)
        )


def _let_alerts_be_of_any_kind() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_alerts_kind"), "alerts", type_="check")
        return
    # SQLite changes no constraint in place; nothing refers to alerts.
    for index in ("leased", "next_attempt_at", "tracked_post_id", "waiting", "workspace_id_id"):
        op.drop_index(f"ix_alerts_{index}", table_name="alerts")
    op.rename_table("alerts", "alerts_before")
    columns = (
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
    )
    op.create_table(
        "alerts",
        *columns,
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
    names = ", ".join(column.name for column in columns)
    op.execute(f"INSERT INTO alerts ({names}) SELECT {names} FROM alerts_before")  # noqa: S608 - names of ours
    op.drop_table("alerts_before")
    waits = sa.text("next_attempt_at IS NOT NULL")
    op.create_index(
        "ix_alerts_leased", "alerts", ["workspace_id", "lease_until"], sqlite_where=sa.text("lease_until IS NOT NULL")
    )
    op.create_index("ix_alerts_next_attempt_at", "alerts", ["next_attempt_at"], sqlite_where=waits)
    op.create_index(op.f("ix_alerts_tracked_post_id"), "alerts", ["tracked_post_id"])
    op.create_index("ix_alerts_waiting", "alerts", ["workspace_id", "id"], sqlite_where=waits)
    op.create_index(op.f("ix_alerts_workspace_id_id"), "alerts", ["workspace_id", "id"])
