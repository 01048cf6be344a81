"""Alerts of one event share a message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column("alerts", sa.Column("event", sa.Text(), nullable=True))
    for name, columns in (("event", ["workspace_id", "event"]), ("told_with", ["told_with"])):
        known = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_alerts_{name}", "alerts", columns, sqlite_where=known, postgresql_where=known)
