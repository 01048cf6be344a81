"""A tracked post keeps the id of the member who registered it: two members can have one name, and a name can change.

The ids of earlier posts are taken from the journal; where it has none, from the one member of that name.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"

_FROM_THE_JOURNAL = """
UPDATE tracked_posts SET registered_by_id = entered.member_id FROM (
    SELECT workspace_id, subject, min(member_id) AS member_id FROM journal
    WHERE kind = 'post.register' GROUP BY workspace_id, subject
) AS entered
WHERE entered.workspace_id = tracked_posts.workspace_id
    AND entered.subject = 'post ' || CAST(tracked_posts.id AS TEXT)
"""
_FROM_THE_NAME = """
UPDATE tracked_posts SET registered_by_id = named.id FROM (
    SELECT workspace_id, name, min(id) AS id FROM members GROUP BY workspace_id, name HAVING count(*) = 1
) AS named
WHERE named.workspace_id = tracked_posts.workspace_id AND named.name = tracked_posts.registered_by
    AND tracked_posts.registered_by_id IS NULL
"""


def upgrade() -> None:
    op.add_column("tracked_posts", sa.Column("registered_by_id", sa.Text(), nullable=True))
    op.execute(_FROM_THE_JOURNAL)
    op.execute(_FROM_THE_NAME)
