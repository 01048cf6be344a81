"""A lease changes no index any more, and PostgreSQL keeps room beside rows for their next versions: leasing what is due
wrote an entry into each of ten indexes for each post. The newest posts of a workspace come by an index of their own:
all of them were sorted to find them.
"""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.drop_index(op.f("ix_tracked_posts_lease_owner"), "tracked_posts")
    op.create_index(op.f("ix_tracked_posts_workspace_id_id"), "tracked_posts", ["workspace_id", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE tracked_posts SET (fillfactor = 50)")
        op.execute("ALTER TABLE readings SET (fillfactor = 80)")
