"""A person decides about a mark; only a score is settled. One word is said of each."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.alter_column("marks", "settled_by", new_column_name="decided_by")
    op.alter_column("marks", "settled_at", new_column_name="decided_at")
    op.execute("UPDATE journal SET kind = 'draft.mark' WHERE kind = 'draft.settle'")
