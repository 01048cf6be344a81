"""A post remembers what it was when it was last found, so that this is not told again after any time out of sight.

For posts that cannot be found now, the journal tells it.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

MISSING = ("unverified", "unknown", "gated")


def upgrade() -> None:
    for name in ("found_state", "found_removed_by"):
        op.add_column("tracked_posts", sa.Column(name, sa.Text(), nullable=True))
    op.execute(
        "UPDATE tracked_posts SET found_state = state, found_removed_by = removed_by"
        " WHERE state NOT IN ('unverified', 'unknown', 'gated')"
    )
    tx = op.get_bind()
    changes = tx.execute(
        sa.text(
            "SELECT tracked_posts.id, journal.facts FROM tracked_posts JOIN journal"
            " ON journal.workspace_id = tracked_posts.workspace_id AND journal.kind = 'post.state'"
            " AND journal.subject = 'post ' || tracked_posts.id"
            " WHERE tracked_posts.state IN ('unknown', 'gated') ORDER BY journal.id"
        )
    )
    found = {}
    for post_id, written in changes:
        facts = json.loads(written) if isinstance(written, str) else written
        if facts.get("state") not in MISSING:
            found[post_id] = {"post_id": post_id, "state": facts.get("state"), "by": facts.get("removed_by")}
    if found:
        change = sa.text("UPDATE tracked_posts SET found_state = :state, found_removed_by = :by WHERE id = :post_id")
        tx.execute(change, list(found.values()))
