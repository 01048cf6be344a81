"""Revisions keep which facts a model named for each sentence, and the hash of the prompt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("draft_revisions", sa.Column("prompt_sha256", sa.Text(), nullable=True))
    op.add_column("draft_revisions", sa.Column("sentences", PLAIN_JSON, nullable=False, server_default="[]"))
