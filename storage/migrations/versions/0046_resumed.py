"""A tracked post keeps when its watching was begun again: it is followed for some time from then, however old it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.add_column("tracked_posts", sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True))
