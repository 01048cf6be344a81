"""A community's latest profile keeps the model that scores texts for it; earlier profiles have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("community_profiles", sa.Column("model", sa.Text(), nullable=True))
