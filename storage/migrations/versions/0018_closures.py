"""Readings of a missing id say why its community is closed, and a person's own look says whose it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("readings", sa.Column("closure", sa.Text(), nullable=True))
    op.add_column("readings", sa.Column("looked_by", sa.Text(), nullable=True))
