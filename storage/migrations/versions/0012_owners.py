"""Facts have owners, versions and a removal; drafts have a poster; accounts keep the id of the member who linked them.

The ids of members are taken from the journal. The journal's kinds lose their CHECK, so that a new kind needs no new
table.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.execute("ALTER TABLE facts RENAME COLUMN vouched_by TO owner")
    op.add_column("facts", sa.Column("owner_id", sa.Text(), nullable=True))
    op.add_column("facts", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for column in _details():
        op.add_column("facts", column)
    op.add_column("facts", sa.Column("entered_by", sa.Text(), nullable=True))
    op.add_column("facts", sa.Column("removed_by", sa.Text(), nullable=True))
    op.add_column("facts", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    _create_fact_versions()
    op.add_column("drafts", sa.Column("poster", sa.Text(), nullable=False, server_default=""))
    op.add_column("drafts", sa.Column("poster_id", sa.Text(), nullable=True))
    op.add_column("drafts", sa.Column("poster_account", sa.Text(), nullable=True))
    op.execute("UPDATE drafts SET poster = created_by")
    op.add_column("accounts", sa.Column("linked_by_id", sa.Text(), nullable=True))
    _take_ids_from_the_journal()
    _let_the_journal_take_any_kind()


def _details() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number_value", sa.Float(), nullable=True),
        sa.Column("number_unit", sa.Text(), nullable=True),
        sa.Column("number_counts", sa.Text(), nullable=True),
    )


def _create_fact_versions() -> None:
    op.create_table(
        "fact_versions",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("fact_id", ROW_ID, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        *_details(),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('product', 'number', 'experience')", name=op.f("ck_fact_versions_kind")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_fact_versions_workspace_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_fact_versions_fact_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("fact_id", "version", name=op.f("pk_fact_versions")),
    )
    op.execute(
        "INSERT INTO fact_versions (workspace_id, fact_id, version, kind, body, owner, changed_by, changed_at)"
        " SELECT workspace_id, id, 1, kind, body, owner, owner, created_at FROM facts"
    )


_JOURNAL = sa.table("journal", *(sa.column(name) for name in ("id", "workspace_id", "kind", "subject", "member_id")))


def _take_ids_from_the_journal() -> None:
    for table, column, noun, kinds, more in (
        ("facts", "owner_id", "fact", ("fact.add",), ""),
        ("drafts", "poster_id", "draft", ("draft.new",), ""),
        ("accounts", "linked_by_id", "account", ("account.link", "account.sign_in"), " AND linked_by IS NOT NULL"),
    ):
        query = sa.select(_JOURNAL.c.workspace_id, _JOURNAL.c.subject, _JOURNAL.c.member_id)
        rows = op.get_bind().execute(query.where(_JOURNAL.c.kind.in_(kinds)).order_by(_JOURNAL.c.id))
        found = [
            {"workspace": row.workspace_id, "row": int(row.subject.removeprefix(f"{noun} ")), "member": row.member_id}
            for row in rows
        ]
        if found:
            change = f"UPDATE {table} SET {column} = :member WHERE id = :row AND workspace_id = :workspace{more}"  # noqa: S608 - names of ours
            op.get_bind().execute(sa.text(change), found)


def _let_the_journal_take_any_kind() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_journal_kind"), "journal", type_="check")
        return
    # SQLite changes no constraint in place; nothing refers to the journal.
    op.drop_index("ix_journal_workspace_id_id", table_name="journal")
    op.rename_table("journal", "journal_before")
    op.create_table(
        "journal",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("facts", PLAIN_JSON, nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_journal_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sqlite_autoincrement=True,
    )
    columns = "id, workspace_id, at, kind, subject, member_id, name, facts, correlation_id"
    op.execute(f"INSERT INTO journal ({columns}) SELECT {columns} FROM journal_before")  # noqa: S608 - names of ours
    op.drop_table("journal_before")
    op.create_index(op.f("ix_journal_workspace_id_id"), "journal", ["workspace_id", "id"], unique=False)
