"""An alert can be for one member alone, by direct message; a member can turn those about drafts off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("alerts", sa.Column("to_member", sa.Text(), nullable=True))
    op.add_column("members", sa.Column("told_directly", sa.Boolean(), nullable=False, server_default=sa.true()))
