"""A draft keeps how its poster said that they belong to the product, or why a member left that out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for name in ("disclosure", "undisclosed_because", "undisclosed_by"):
        op.add_column("drafts", sa.Column(name, sa.Text(), nullable=True))
