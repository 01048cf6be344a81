"""The first comments of posts can be told, campaign by campaign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    time, row_id = sa.DateTime(timezone=True), sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("campaigns", sa.Column("first_comments", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("tracked_posts", sa.Column("comments_read", sa.BigInteger(), nullable=True))
    op.add_column("tracked_posts", sa.Column("next_comments_at", time, nullable=True))
    op.create_table(
        "first_comments",
        sa.Column("id", row_id, primary_key=True, nullable=False),
        sa.Column(
            "workspace_id",
            sa.Text(),
            sa.ForeignKey("workspaces.id", name="fk_first_comments_workspace_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "tracked_post_id",
            row_id,
            sa.ForeignKey("tracked_posts.id", name="fk_first_comments_tracked_post_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("fullname", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("is_question", sa.Boolean(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_first_comments"),
        sa.UniqueConstraint("tracked_post_id", "fullname", name="uq_first_comments_tracked_post_id_fullname"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_first_comments_workspace_id", "first_comments", ["workspace_id"])
