"""What must be acted on now may come in quiet hours, where a workspace wants that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("alerts", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("timetables", sa.Column("urgent_wakes", sa.Boolean(), nullable=False, server_default=sa.false()))
