"""Accounts are looked at on their own schedule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_accounts_next_look_at"), "accounts", ["next_look_at"])
