"""The inbox of a linked account can tell why a post was removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("next_inbox_at", sa.DateTime(timezone=True), nullable=True))
