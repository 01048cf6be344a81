"""A rules snapshot keeps what Reddit itself asks of a post there: its post requirements and its flairs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("rules_snapshots", sa.Column("requirements", PLAIN_JSON, nullable=True))
    op.add_column("rules_snapshots", sa.Column("flairs", PLAIN_JSON, nullable=True))
