"""Posts of linked accounts that nobody registered are offered; a consent keeps what it allows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.add_column("accounts", sa.Column("scopes", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("next_list_at", time, nullable=True))
    linked = sa.text("linked_by IS NOT NULL")
    op.create_index(
        "ix_accounts_next_list_at", "accounts", ["next_list_at"], sqlite_where=linked, postgresql_where=linked
    )
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "offers",
        sa.Column("id", row_id, primary_key=True, nullable=False),
        sa.Column(
            "workspace_id",
            sa.Text(),
            sa.ForeignKey("workspaces.id", name="fk_offers_workspace_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("fullname", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.Column("posted_at", time, nullable=False),
        sa.Column("offered_at", time, nullable=False),
        sa.Column("refused_by", sa.Text(), nullable=True),
        sa.Column("refused_at", time, nullable=True),
        sa.Column("withdrawn_at", time, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.UniqueConstraint("workspace_id", "fullname", name="uq_offers_workspace_id_fullname"),
        sqlite_autoincrement=True,
    )
