"""A workspace has a plan by its name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    # Whoever runs the program so far runs it for themselves; limits that were set stay as they are.
    op.add_column("plans", sa.Column("name", sa.Text(), nullable=False, server_default="self-hosted"))
