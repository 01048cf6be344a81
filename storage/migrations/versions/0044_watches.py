"""What every look at a post changes gets a short table of its own: PostgreSQL wrote an entry into each of a dozen
indexes for each look, because two of them held the times.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_MOVED = "next_check_at, last_read_at, stopped_at, score, num_comments, gives_way, lease_owner, lease_until"
_IS_DUE = sa.text("next_check_at IS NOT NULL")
_IS_UNWATCHED = sa.text("next_check_at IS NULL OR stopped_at IS NOT NULL")


def upgrade() -> None:
    _make_table()
    op.execute(
        f"INSERT INTO watches (tracked_post_id, workspace_id, {_MOVED}, state_since)"  # noqa: S608 - our own names
        f" SELECT id, workspace_id, {_MOVED}, state_since FROM tracked_posts ORDER BY id"
    )
    for name, columns, which in (
        ("looks", ["workspace_id", "last_read_at", "next_check_at", "stopped_at"], None),
        ("next_check_at", ["next_check_at"], _IS_DUE),
        ("unwatched", ["workspace_id", "state_since"], _IS_UNWATCHED),
    ):
        op.drop_index(f"ix_tracked_posts_{name}", "tracked_posts")
        op.create_index(f"ix_watches_{name}", "watches", columns, sqlite_where=which, postgresql_where=which)
    for column in _MOVED.split(", "):
        op.drop_column("tracked_posts", column)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE tracked_posts SET (fillfactor = 80)")


def _make_table() -> None:
    at, counted = sa.DateTime(timezone=True), sa.BigInteger()
    op.create_table(
        "watches",
        sa.Column("tracked_post_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("next_check_at", at, nullable=True),
        sa.Column("last_read_at", at, nullable=True),
        sa.Column("stopped_at", at, nullable=True),
        sa.Column("score", counted, nullable=True),
        sa.Column("num_comments", counted, nullable=True),
        sa.Column("gives_way", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", at, nullable=True),
        sa.Column("state_since", at, nullable=False),
        sa.ForeignKeyConstraint(
            ["tracked_post_id"], ["tracked_posts.id"], name=op.f("fk_watches_tracked_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_watches_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tracked_post_id", name=op.f("pk_watches")),
        postgresql_with={"fillfactor": 50},
    )
