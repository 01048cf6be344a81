"""A demand may name a second figure that must be met as well: an account's karma beside its age."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.add_column("demands", sa.Column("also_amount", sa.Integer(), nullable=True))
    op.add_column("demands", sa.Column("also_unit", sa.Text(), nullable=True))
