"""Interviews take the place of outlines: a revision keeps the answers it was made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEPT = (
    "workspace_id, draft_id, number, title, body, remarks, written_by, created_at, fact_ids, cost_usd_micros,"
    ' prompt_tokens, completion_tokens, "by", by_id, prompt_sha256, sentences'
)
# An outline was made of the member's own facts, in the same order and with the same blanks.
ORIGIN = "CASE origin WHEN 'outline' THEN 'interview' ELSE origin END"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("draft_revisions", sa.Column("answers", PLAIN_JSON, nullable=False, server_default="[]"))
        op.drop_constraint(op.f("ck_draft_revisions_origin"), "draft_revisions", type_="check")
        op.execute(f"UPDATE draft_revisions SET origin = {ORIGIN}")  # noqa: S608 - words of ours
        op.create_check_constraint(
            op.f("ck_draft_revisions_origin"), "draft_revisions", "origin IN ('model', 'interview', 'person')"
        )
        return
    # SQLite changes no constraint in place; nothing refers to revisions.
    op.rename_table("draft_revisions", "draft_revisions_before")
    _create()
    op.execute(
        f"INSERT INTO draft_revisions ({KEPT}, origin) SELECT {KEPT}, {ORIGIN} FROM draft_revisions_before"  # noqa: S608 - words of ours
    )
    op.drop_table("draft_revisions_before")


def _create() -> None:
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
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Text(), nullable=True),
        sa.Column("cost_usd_micros", sa.BigInteger(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("prompt_sha256", sa.Text(), nullable=True),
        sa.Column("sentences", PLAIN_JSON, nullable=False, server_default="[]"),
        sa.Column("answers", PLAIN_JSON, nullable=False, server_default="[]"),
        sa.CheckConstraint("origin IN ('model', 'interview', 'person')", name=op.f("ck_draft_revisions_origin")),
        sa.CheckConstraint("cost_usd_micros >= 0", name=op.f("ck_draft_revisions_cost_usd_micros")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_draft_revisions_workspace_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_draft_revisions_draft_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_draft_revisions")),
    )
