"""Posts and lost alerts are counted from indexes, and what a clock that was ahead wrote is found by them: with 100,000
posts, each of these read every row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.drop_index(op.f("ix_tracked_posts_workspace_id_community_posted_at"), "tracked_posts")
    for columns in (["workspace_id", "community", "state", "posted_at"], ["workspace_id", "state_since"]):
        op.create_index(op.f(f"ix_tracked_posts_{'_'.join(columns)}"), "tracked_posts", columns)
    looks = ["workspace_id", "last_read_at", "next_check_at", "stopped_at"]
    op.create_index("ix_tracked_posts_looks", "tracked_posts", looks)
    for table, name, columns, which in (
        ("tracked_posts", "audited", ["audit_due_at"], "audit_outcome IS NOT NULL"),
        (
            "tracked_posts",
            "unwatched",
            ["workspace_id", "state_since"],
            "next_check_at IS NULL OR stopped_at IS NOT NULL",
        ),
        (
            "alerts",
            "given_up",
            ["workspace_id"],
            "delivered_at IS NULL AND next_attempt_at IS NULL AND told_with IS NULL AND told_by IS NULL",
        ),
    ):
        where = sa.text(which)
        op.create_index(f"ix_{table}_{name}", table, columns, sqlite_where=where, postgresql_where=where)
