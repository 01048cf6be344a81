"""What was counted in comments that answer posts is kept, without their texts and authors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"

PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "counted_comments",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reddit_id", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("found", PLAIN_JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_comments")),
        sa.UniqueConstraint("workspace_id", "reddit_id", name=op.f("uq_counted_comments_workspace_id_reddit_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_counted_comments_workspace_id"), ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    for columns in (["workspace_id", "community", "created_at"], ["collected_at"]):
        op.create_index(op.f(f"ix_counted_comments_{'_'.join(columns)}"), "counted_comments", columns)
