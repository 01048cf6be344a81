"""Good news stand in the message that they answer or in a digest, and a digest begins by itself where nobody chose.

A workspace that had set when its digest comes, or that it comes no more, has chosen.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("alerts", sa.Column("told_by", sa.Text(), nullable=True))
    for name in ("digest_chosen", "good_news"):
        op.add_column("timetables", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE timetables SET digest_chosen = true WHERE digest_every IS NOT NULL OR EXISTS ("
        "SELECT 1 FROM journal WHERE journal.workspace_id = timetables.workspace_id AND journal.kind = 'alerts.digest')"
    )
