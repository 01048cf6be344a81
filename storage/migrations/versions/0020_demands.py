"""What rules demand is kept as rows: read by the program or a model, and confirmed by people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "demands",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("community", "rule_key", "rule", "topic", "stance")),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("weekdays", PLAIN_JSON, nullable=False),
        sa.Column("ratio_own", sa.Integer(), nullable=True),
        sa.Column("ratio_all", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("read_by", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_demands_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_demands"),
        sa.UniqueConstraint(
            "workspace_id", "community", "rule_key", "topic", name="uq_demands_workspace_id_community_rule_key_topic"
        ),
        sqlite_autoincrement=True,
    )
