"""Equal readings in a row become one row; posts say whether they give way when more is due than may be asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("readings", sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("readings", sa.Column("times", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("readings", sa.Column("apart", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("readings", sa.Column("apart_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tracked_posts", sa.Column("gives_way", sa.Boolean(), nullable=False, server_default=sa.false()))
