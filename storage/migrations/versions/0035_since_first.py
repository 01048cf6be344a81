"""All changes of the schema since 0.2.0 in one revision, because no release holds the steps between.

What older rows cannot tell is taken from the journal: whose a fact, a draft and an account are, whether a workspace
chose its digest, and what a post was before it could not be found. An earlier approval says who gave it and when, but
not what it stood on, so nothing voids it, and nobody is reminded of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.texts.search import words_of

revision = "0035"
down_revision = "0010"

TEXT, TIME, NUMBER, TRUTH = sa.Text(), sa.DateTime(timezone=True), sa.Integer(), sa.Boolean()
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLAIN_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ROWS_AT_ONCE = 500
NOT_FOUND = ("unverified", "unknown", "gated")


def upgrade() -> None:
    op.execute("ALTER TABLE facts RENAME COLUMN vouched_by TO owner")
    _change_checked_tables()
    for table, columns in _new_columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index(op.f("ix_accounts_next_look_at"), "accounts", ["next_look_at"])
    op.create_index(op.f("ix_decisions_workspace_id_id"), "decisions", ["workspace_id", "id"])
    _index_where_known("alerts", "event", "workspace_id", "event")
    _index_where_known("alerts", "told_with", "told_with")
    _create_tables()
    _fill_from_rows()
    _fill_from_the_journal()
    for table, key, texts in (
        ("posts", ("id",), ("title", "body")),
        ("tracked_posts", ("id",), ("title",)),
        ("draft_revisions", ("draft_id", "number"), ("title",)),
    ):
        _fill_words(table, key, texts)


# ---------------------------------------------------------------- kinds of column


def _needed(name: str, kind: Any, *, default: Any = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default=default)


def _needed_texts(*names: str) -> tuple[sa.Column[Any], ...]:
    return tuple(_needed(name, TEXT) for name in names)


def _optional(kind: Any, *names: str) -> tuple[sa.Column[Any], ...]:
    return tuple(sa.Column(name, kind, nullable=True) for name in names)


def _details_of_fact() -> tuple[sa.Column[Any], ...]:
    return (
        *_optional(TEXT, "source", "period", "number_unit", "number_counts"),
        *_optional(TIME, "as_of", "expires_at"),
        *_optional(sa.Float(), "number_value"),
    )


def _new_columns() -> Mapping[str, tuple[sa.Column[Any], ...]]:
    return {
        "workspaces": (_needed("four_eyes", TRUTH, default=sa.false()),),
        "members": (_needed("told_directly", TRUTH, default=sa.true()),),
        "plans": (_needed("name", TEXT, default="self-hosted"),),  # who runs it so far runs it for themselves
        "timetables": tuple(
            _needed(name, TRUTH, default=sa.false()) for name in ("digest_chosen", "good_news", "urgent_wakes")
        ),
        "accounts": (*_optional(TEXT, "linked_by_id"), *_optional(TIME, "next_look_at")),
        "facts": (
            *_optional(TEXT, "owner_id", "entered_by", "removed_by"),
            *_optional(TIME, "removed_at"),
            _needed("version", NUMBER, default="1"),
            *_details_of_fact(),
        ),
        "posts": _optional(TEXT, "words"),
        "community_profiles": _optional(TEXT, "model"),
        "rules_snapshots": _optional(PLAIN_JSON, "requirements", "flairs"),
        "drafts": (
            _needed("poster", TEXT, default=""),
            *_optional(TEXT, "poster_id", "poster_account", "angle"),
            *_optional(TEXT, "disclosure", "undisclosed_because", "undisclosed_by"),
            _needed("version", NUMBER, default="0"),
        ),
        "draft_revisions": (
            *_optional(TEXT, "by", "by_id", "prompt_sha256", "words"),
            _needed("sentences", PLAIN_JSON, default="[]"),
            _needed("answers", PLAIN_JSON, default="[]"),
            *_optional(PLAIN_JSON, "second_opinion"),
        ),
        "tracked_posts": (
            *_optional(TEXT, "words", "found_state", "found_removed_by"),
            _needed("gives_way", TRUTH, default=sa.false()),
        ),
        "readings": (
            *_optional(TIME, "last_read_at", "apart_at"),
            *_optional(TEXT, "closure", "looked_by"),
            _needed("times", NUMBER, default="1"),
            _needed("apart", NUMBER, default="1"),
        ),
        "decisions": _optional(TIME, "hooked_at"),
        "alerts": (
            *_optional(TEXT, "told_by", "to_member", "event"),
            *_optional(TIME, "hooked_at"),
            _needed("urgent", TRUTH, default=sa.false()),
        ),
    }


# ---------------------------------------------------------------- tables


def _create(table: str, *parts: Any, key: tuple[str, ...] = ("id",)) -> None:
    """Create a table of a workspace's rows."""
    op.create_table(
        table,
        *([_needed("id", ROW_ID)] if key == ("id",) else []),
        _needed("workspace_id", TEXT),
        *parts,
        _refers(table, "workspace_id", "workspaces", "CASCADE"),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        sqlite_autoincrement=key == ("id",),
    )


def _refers(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _one_of(table: str, column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _index_where_known(table: str, known: str, *columns: str, name: str | None = None) -> None:
    where = sa.text(f"{known} IS NOT NULL")
    op.create_index(f"ix_{table}_{name or known}", table, list(columns), sqlite_where=where, postgresql_where=where)


def _create_tables() -> None:
    _create(
        "fact_versions",
        _needed("fact_id", ROW_ID),
        sa.Column("version", NUMBER, autoincrement=False, nullable=False),
        *_needed_texts("kind", "body", "owner", "changed_by"),
        _needed("changed_at", TIME),
        *_details_of_fact(),
        _one_of("fact_versions", "kind", "product", "number", "experience"),
        _refers("fact_versions", "fact_id", "facts", "CASCADE"),
        key=("fact_id", "version"),
    )
    _create(
        "approvals",
        _needed("draft_id", ROW_ID),
        _needed("revision", NUMBER),
        _needed("approved_by", TEXT),
        _needed("approved_at", TIME),
        _needed("pinned", PLAIN_JSON),
        _needed("changes", PLAIN_JSON),
        *_optional(TEXT, "approver_id", "ending", "ended_by"),
        *_optional(TIME, "ended_at", "remind_at"),
        _one_of("approvals", "ending", "posted", "edited", "taken_back", "given", "voided", "discarded"),
        _refers("approvals", "draft_id", "drafts", "CASCADE"),
    )
    op.create_index(op.f("ix_approvals_draft_id_id"), "approvals", ["draft_id", "id"])
    op.create_index(op.f("ix_approvals_workspace_id"), "approvals", ["workspace_id"])
    stands = sa.text("ended_at IS NULL")
    op.create_index("ix_approvals_standing", "approvals", ["id"], sqlite_where=stands, postgresql_where=stands)
    _index_where_known("approvals", "remind_at", "remind_at")
    _create(
        "marks",
        _needed("draft_id", ROW_ID),
        *(_needed(name, NUMBER) for name in ("revision", "start", "end")),
        *_needed_texts("words", "sentence", "kind", "reason"),
        _needed("generated", TRUTH),
        *_optional(TEXT, "way", "decided_by"),
        *_optional(TIME, "decided_at"),
        *_optional(ROW_ID, "fact_id"),
        _one_of("marks", "way", "true", "out", "blank", "free"),
        _refers("marks", "draft_id", "drafts", "CASCADE"),
        _refers("marks", "fact_id", "facts", "SET NULL"),
    )
    op.create_index(op.f("ix_marks_draft_id"), "marks", ["draft_id"])
    _create(
        "demands",
        *_needed_texts("community", "rule_key", "rule", "topic", "stance", "quote", "condition", "unit", "read_by"),
        _needed("weekdays", PLAIN_JSON),
        *_optional(NUMBER, "ratio_own", "ratio_all", "amount"),
        _needed("read_at", TIME),
        *_optional(TEXT, "confirmed_by"),
        *_optional(TIME, "confirmed_at"),
        _unique("demands", "workspace_id", "community", "rule_key", "topic"),
    )
    _create(
        "routes",
        *_needed_texts("about", "which", "name", "made_by"),
        *_optional(TEXT, "place"),
        *_optional(TIME, "until"),
        _needed("made_at", TIME),
        _one_of("routes", "about", "person", "community", "campaign", "not_urgent"),
    )
    op.create_index(op.f("ix_routes_workspace_id"), "routes", ["workspace_id"])
    _create("voices", _needed("member_id", TEXT), _needed("lent_at", TIME), key=("workspace_id", "member_id"))
    _create(
        "webhooks",
        *_needed_texts("url", "sealed_secret", "made_by"),
        _needed("made_at", TIME),
        _needed("attempts", NUMBER),
        *_optional(TIME, "last_sent_at", "resting_since", "next_attempt_at", "lease_until"),
        *_optional(TEXT, "last_problem", "lease_owner"),
        _needed("alerts_from", ROW_ID),
        _needed("decisions_from", ROW_ID),
        key=("workspace_id",),
    )
    _create(
        "feeds",
        *_needed_texts("token_sha256", "made_by"),
        _needed("made_at", TIME),
        _unique("feeds", "token_sha256"),
        key=("workspace_id",),
    )
    _create(
        "extracts",
        sa.Column("post_id", ROW_ID, autoincrement=False, nullable=False),
        *_needed_texts("key", "features", "seen"),
        _refers("extracts", "post_id", "posts", "CASCADE"),
        key=("post_id",),
    )
    op.create_index(op.f("ix_extracts_workspace_id"), "extracts", ["workspace_id"])


def _change_checked_tables() -> None:
    """Journal and alerts take any kind, so that a new kind needs no new table; an interview takes an outline's place,
    which was made of the member's own facts too, in the same order and with the same blanks.
    """
    interview = "CASE origin WHEN 'outline' THEN 'interview' ELSE origin END"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_journal_kind"), "journal", type_="check")
        op.drop_constraint(op.f("ck_alerts_kind"), "alerts", type_="check")
        op.drop_constraint(op.f("ck_draft_revisions_origin"), "draft_revisions", type_="check")
        op.execute(f"UPDATE draft_revisions SET origin = {interview}")  # noqa: S608 - words of ours
        words = "origin IN ('model', 'interview', 'person')"
        op.create_check_constraint(op.f("ck_draft_revisions_origin"), "draft_revisions", words)
        return
    # SQLite changes no constraint in place; nothing refers to these tables.
    _create_again("journal", _create_journal)
    op.create_index(op.f("ix_journal_workspace_id_id"), "journal", ["workspace_id", "id"])
    _create_again("alerts", _create_alerts)
    op.create_index(op.f("ix_alerts_tracked_post_id"), "alerts", ["tracked_post_id"])
    op.create_index(op.f("ix_alerts_workspace_id_id"), "alerts", ["workspace_id", "id"])
    _index_where_known("alerts", "lease_until", "workspace_id", "lease_until", name="leased")
    _index_where_known("alerts", "next_attempt_at", "next_attempt_at")
    _index_where_known("alerts", "next_attempt_at", "workspace_id", "id", name="waiting")
    _create_again("draft_revisions", _create_revisions, origin=interview)


def _create_again(table: str, create: Callable[[], None], **changed: str) -> None:
    tx = op.get_bind()
    indexes = sa.inspect(tx).get_indexes(table)
    columns = [f'"{column["name"]}"' for column in sa.inspect(tx).get_columns(table)]
    values = [changed.get(name.strip('"'), name) for name in columns]
    for index in indexes:
        op.drop_index(str(index["name"]), table_name=table)
    op.rename_table(table, f"{table}_before")
    create()
    kept = f"SELECT {', '.join(values)} FROM {table}_before"  # noqa: S608 - names of ours
    op.execute(f"INSERT INTO {table} ({', '.join(columns)}) {kept}")
    op.drop_table(f"{table}_before")


def _create_journal() -> None:
    texts = _needed_texts("kind", "subject", "member_id", "name", "correlation_id")
    _create("journal", _needed("at", TIME), *texts, _needed("facts", PLAIN_JSON))


def _create_alerts() -> None:
    _create(
        "alerts",
        *_needed_texts("kind", "dedupe_key", "correlation_id"),
        _needed("facts", PLAIN_JSON),
        *_optional(ROW_ID, "tracked_post_id", "told_with"),
        *_optional(TEXT, "channel", "last_problem", "delivery_ref", "sent_to", "lease_owner"),
        _needed("created_at", TIME),
        _needed("attempts", NUMBER),
        *_optional(TIME, "delivered_at", "next_attempt_at", "lease_until"),
        _refers("alerts", "tracked_post_id", "tracked_posts", "SET NULL"),
        _unique("alerts", "workspace_id", "dedupe_key"),
    )


def _create_revisions() -> None:
    _create(
        "draft_revisions",
        _needed("draft_id", ROW_ID),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        *_needed_texts("origin", "title", "body", "written_by"),
        _needed("remarks", PLAIN_JSON),
        _needed("fact_ids", PLAIN_JSON),
        _needed("created_at", TIME),
        _needed("cost_usd_micros", sa.BigInteger()),
        _needed("prompt_tokens", NUMBER),
        _needed("completion_tokens", NUMBER),
        _one_of("draft_revisions", "origin", "model", "interview", "person"),
        sa.CheckConstraint("cost_usd_micros >= 0", name=op.f("ck_draft_revisions_cost_usd_micros")),
        _refers("draft_revisions", "draft_id", "drafts", "CASCADE"),
        key=("draft_id", "number"),
    )


# ---------------------------------------------------------------- rows


def _fill_from_rows() -> None:
    op.execute(
        "INSERT INTO fact_versions (workspace_id, fact_id, version, kind, body, owner, changed_by, changed_at)"
        " SELECT workspace_id, id, 1, kind, body, owner, owner, created_at FROM facts"
    )
    op.execute("UPDATE drafts SET poster = created_by")
    op.execute("""UPDATE draft_revisions SET "by" = written_by WHERE origin = 'person'""")
    op.execute(
        "INSERT INTO approvals (workspace_id, draft_id, revision, approved_by, approved_at, pinned, changes)"
        " SELECT workspace_id, id, (SELECT MAX(number) FROM draft_revisions WHERE draft_id = drafts.id),"
        " decided_by, decided_at, '{}', '[]' FROM drafts"
        " WHERE status = 'approved' AND decided_by IS NOT NULL AND decided_at IS NOT NULL ORDER BY id"
    )
    op.execute(
        "UPDATE tracked_posts SET found_state = state, found_removed_by = removed_by"
        " WHERE state NOT IN ('unverified', 'unknown', 'gated')"
    )


def _fill_from_the_journal() -> None:
    op.execute(
        "UPDATE timetables SET digest_chosen = true WHERE digest_every IS NOT NULL OR EXISTS ("
        "SELECT 1 FROM journal WHERE journal.workspace_id = timetables.workspace_id AND journal.kind = 'alerts.digest')"
    )
    tx = op.get_bind()
    for table, column, noun, kinds, more in (
        ("facts", "owner_id", "fact", "'fact.add'", ""),
        ("drafts", "poster_id", "draft", "'draft.new'", ""),
        ("accounts", "linked_by_id", "account", "'account.link', 'account.sign_in'", " AND linked_by IS NOT NULL"),
    ):
        told = f"SELECT workspace_id, subject, member_id FROM journal WHERE kind IN ({kinds}) ORDER BY id"  # noqa: S608 - words of ours
        found = [
            {"workspace": row.workspace_id, "row": int(row.subject.removeprefix(f"{noun} ")), "member": row.member_id}
            for row in tx.execute(sa.text(told))
        ]
        if found:
            change = f"UPDATE {table} SET {column} = :member WHERE id = :row AND workspace_id = :workspace{more}"  # noqa: S608 - names of ours
            tx.execute(sa.text(change), found)
    changes = tx.execute(
        sa.text(
            "SELECT tracked_posts.id, journal.facts FROM tracked_posts JOIN journal"
            " ON journal.workspace_id = tracked_posts.workspace_id AND journal.kind = 'post.state'"
            " AND journal.subject = 'post ' || tracked_posts.id"
            " WHERE tracked_posts.state IN ('unknown', 'gated') ORDER BY journal.id"
        )
    )
    last_found = {}
    for post_id, written in changes:
        facts = json.loads(written) if isinstance(written, str) else written
        if facts.get("state") not in NOT_FOUND:
            last_found[post_id] = {"post_id": post_id, "state": facts.get("state"), "by": facts.get("removed_by")}
    if last_found:
        change = "UPDATE tracked_posts SET found_state = :state, found_removed_by = :by WHERE id = :post_id"
        tx.execute(sa.text(change), list(last_found.values()))


def _fill_words(name: str, key: tuple[str, ...], texts: tuple[str, ...]) -> None:
    """Keep the words of earlier rows as they are searched (core/texts/search.py)."""
    table = sa.table(name, *(sa.column(column) for column in (*key, *texts, "words")))
    columns = [table.c[column] for column in key]
    change = sa.update(table).where(*(column == sa.bindparam(f"its_{column.name}") for column in columns))
    after: tuple[object, ...] | None = None
    while True:
        page = sa.select(*columns, *(table.c[text] for text in texts)).order_by(*columns).limit(ROWS_AT_ONCE)
        if after is not None:
            page = page.where(sa.tuple_(*columns) > sa.tuple_(*(sa.literal(value) for value in after)))
        rows = op.get_bind().execute(page).all()
        if not rows:
            return
        op.get_bind().execute(
            change.values(words=sa.bindparam("its_words")),
            [
                {
                    **{f"its_{column}": value for column, value in zip(key, row, strict=False)},
                    "its_words": words_of(*row[len(key) :]),
                }
                for row in rows
            ],
        )
        after = tuple(rows[-1][: len(key)])
