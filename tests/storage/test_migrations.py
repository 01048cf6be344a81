"""The declaration and the migrations say the same, and a database that is not ours or of another version is refused."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, DateTime, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.drafting.drafts import WayOut
from core.errors import StorageUnavailable
from core.journal import JournalKind
from core.model import RemovedBy, State
from storage.columns import UtcDateTime
from storage.database import REVISIONS, Database, open_database
from storage.migrations import config
from storage.schema import metadata, watches
from storage.store import Store

# Everything PostgreSQL knows about the tables of a schema, one line each.
_POSTGRESQL_CATALOG = (
    """SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY 1, 2""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    """SELECT relname, 'options', reloptions FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL ORDER BY 1""",
    """SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), pg_get_functiondef(tgfoid) FROM pg_trigger
    WHERE NOT tgisinternal ORDER BY 1, 2""",
)


async def describe(tx: AsyncConnection) -> Mapping[str, Any]:
    """The schema as the engine itself tells it: tables, columns, types, nullability, defaults, indexes, unique and
    foreign keys, checks, triggers.
    """
    if tx.dialect.name == "postgresql":
        rows = [tuple(row) for query in _POSTGRESQL_CATALOG for row in await tx.execute(text(query))]
        return {str(row[:2]): row[2:] for row in rows if "alembic_version" not in row}
    tables = await tx.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    described: dict[str, Any] = {}
    for kind, name, table, sql in tables:
        if table == "alembic_version" or name == "sqlite_sequence":
            continue
        body = " ".join(sql.split())
        if kind == "table":
            # The order of constraints inside a table is of no meaning; all else in its text is.
            head, _, inside = body.partition("(")
            body = head + ";".join(sorted(_split_at_commas(inside.removesuffix(")"))))
        described[f"{kind} {name}"] = body
    return described


def _split_at_commas(inside: str) -> Sequence[str]:
    parts, depth, start = [], 0, 0
    for position, character in enumerate(inside):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(inside[start:position].strip())
            start = position + 1
    return [*parts, inside[start:].strip()]


async def test_migrating_an_empty_database_and_creating_from_the_declaration_give_the_same_schema(
    empty_url: str, database_url: str
) -> None:
    created = await open_database(empty_url)
    async with created.write() as tx:
        await tx.run_sync(metadata.create_all)
    migrated = await open_database(database_url)
    async with created.read() as tx:
        from_declaration = await describe(tx)
    async with migrated.read() as tx:
        from_migrations = await describe(tx)
    await created.close()
    await migrated.close()

    assert from_migrations == from_declaration
    assert len(from_declaration) > 2 * len(metadata.tables)
    assert any("posts_text_guard" in key for key in from_declaration)


def test_the_revisions_that_the_program_knows_are_those_of_the_folder() -> None:
    scripts = ScriptDirectory.from_config(config())
    in_folder = [script.revision for script in scripts.walk_revisions()][::-1]
    assert tuple(in_folder) == REVISIONS
    assert scripts.get_heads() == [REVISIONS[-1]]


async def test_migrating_twice_does_nothing_the_second_time(empty_url: str) -> None:
    database = await open_database(empty_url)
    assert await database.revision() is None
    assert await database.migrate() is True
    assert await database.migrate() is False
    assert await database.revision() == REVISIONS[-1]
    await database.close()


async def test_programs_that_start_at_once_migrate_once(empty_url: str) -> None:
    databases = [await open_database(empty_url, exclusive=False) for _ in range(4)]
    migrated = await asyncio.gather(*(database.migrate() for database in databases))
    assert sorted(migrated) == [False, False, False, True]
    for database in databases:
        await database.close()


async def test_a_database_of_another_version_is_refused_and_left_as_it_is(empty_url: str) -> None:
    database = await open_database(empty_url)
    await database.migrate()
    async with database.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageUnavailable, match=r"another version .*\(schema 9999\).*Update the program"):
        await database.migrate()
    async with database.read() as tx:
        assert await tx.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    await database.close()


async def test_a_database_of_another_program_is_not_taken_over(empty_url: str) -> None:
    database = await open_database(empty_url)
    async with database.write() as tx:
        await tx.execute(text("CREATE TABLE posts (anything TEXT)"))
    with pytest.raises(StorageUnavailable, match="tables of another program"):
        await database.migrate()
    await database.close()


async def test_a_failed_migration_leaves_the_database_empty(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import storage.migrations

    real = storage.migrations.upgrade

    def fail_at_the_end(connection: Any) -> None:
        real(connection)
        raise RuntimeError("power cut")

    monkeypatch.setattr(storage.migrations, "upgrade", fail_at_the_end)
    database = await open_database(empty_url)
    with pytest.raises(RuntimeError, match="power cut"):
        await database.migrate()
    assert await _table_count(database) == 0
    monkeypatch.undo()
    assert await database.migrate() is True
    await database.close()


async def test_what_was_written_before_facts_had_owners_keeps_its_people(empty_url: str) -> None:
    database = await open_database(empty_url)
    rows = (
        "INSERT INTO workspaces (id, platform, name, created_at) VALUES ('w', 'terminal', 'W', :at)",
        "INSERT INTO campaigns (id, workspace_id, name, name_folded, product, keywords, status, created_by, created_at)"
        " VALUES (1, 'w', 'Acme', 'acme', 'Invoices', '[]', 'active', 'alice', :at)",
        "INSERT INTO facts (id, workspace_id, campaign_id, kind, body, vouched_by, created_at)"
        " VALUES (7, 'w', 1, 'experience', 'I waited 40 days.', 'Alice', :at),"
        " (8, 'w', 1, 'product', 'It sends letters.', 'Bob', :at)",
        "INSERT INTO drafts (id, workspace_id, campaign_id, community, status, created_by, created_at)"
        " VALUES (3, 'w', 1, 'harbor', 'generated', 'Alice', :at)",
        "INSERT INTO accounts (id, workspace_id, name, name_folded, state, state_since, linked_by)"
        " VALUES (5, 'w', 'ada_w', 'ada_w', 'visible', :at, 'Alice'), (6, 'w', 'old', 'old', 'visible', :at, NULL)",
        "INSERT INTO journal (id, workspace_id, at, kind, subject, member_id, name, facts, correlation_id) VALUES"
        " (11, 'w', :at, 'fact.add', 'fact 7', 'U1', 'Alice', '{}', 'c'),"
        " (12, 'w', :at, 'draft.new', 'draft 3', 'U1', 'Alice', '{}', 'c'),"
        " (13, 'w', :at, 'account.link', 'account 5', 'U0', 'Zoe', '{}', 'c'),"
        " (14, 'w', :at, 'account.sign_in', 'account 5', 'U1', 'Alice', '{}', 'c'),"
        " (15, 'w', :at, 'account.link', 'account 6', 'U2', 'Bob', '{}', 'c')",
    )
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    async with database.write() as tx:
        await tx.run_sync(lambda connection: command.upgrade(config(connection), "0011"))
        for row in rows:
            await tx.execute(text(row).bindparams(bindparam("at", at, DateTime(timezone=True))))
    assert await database.migrate() is True
    async with database.read() as tx:
        facts = await tx.execute(text("SELECT id, owner, owner_id, version, removed_at FROM facts ORDER BY id"))
        assert [tuple(row) for row in facts] == [(7, "Alice", "U1", 1, None), (8, "Bob", None, 1, None)]
        versions = await tx.execute(text("SELECT fact_id, version, body, changed_by FROM fact_versions ORDER BY 1"))
        assert [tuple(row) for row in versions] == [
            (7, 1, "I waited 40 days.", "Alice"),
            (8, 1, "It sends letters.", "Bob"),
        ]
        drafts = await tx.execute(text("SELECT poster, poster_id, poster_account FROM drafts"))
        assert [tuple(row) for row in drafts] == [("Alice", "U1", None)]
        linked = await tx.execute(text("SELECT id, linked_by_id FROM accounts ORDER BY id"))
        assert [tuple(row) for row in linked] == [(5, "U1"), (6, None)]
        entries = await tx.execute(text("SELECT id, kind, name FROM journal ORDER BY id"))
        assert [tuple(row) for row in entries] == [
            (11, "fact.add", "Alice"),
            (12, "draft.new", "Alice"),
            (13, "account.link", "Zoe"),
            (14, "account.sign_in", "Alice"),
            (15, "account.link", "Bob"),
        ]
    await database.close()


async def test_an_outline_of_before_interviews_is_told_as_one_and_keeps_its_text(empty_url: str) -> None:
    database = await open_database(empty_url)
    rows = (
        "INSERT INTO workspaces (id, platform, name, created_at) VALUES ('w', 'terminal', 'W', :at)",
        "INSERT INTO campaigns (id, workspace_id, name, name_folded, product, keywords, status, created_by, created_at)"
        " VALUES (1, 'w', 'Acme', 'acme', 'Invoices', '[]', 'active', 'alice', :at)",
        "INSERT INTO drafts (id, workspace_id, campaign_id, community, status, created_by, created_at)"
        " VALUES (3, 'w', 1, 'harbor', 'generated', 'alice', :at)",
        *(
            "INSERT INTO draft_revisions (workspace_id, draft_id, number, origin, title, body, remarks, written_by,"
            " created_at, fact_ids, cost_usd_micros, prompt_tokens, completion_tokens)"
            f" VALUES ('w', 3, {number}, '{origin}', 'T', 'Text {number}', '[]', 'x', :at, '[7]', 5, 0, 0)"
            for number, origin in enumerate(("outline", "person", "model"), 1)
        ),
    )
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    async with database.write() as tx:
        await tx.run_sync(lambda connection: command.upgrade(config(connection), "0010"))
        for row in rows:
            await tx.execute(text(row).bindparams(bindparam("at", at, DateTime(timezone=True))))
    assert await database.migrate() is True
    draft = await Store(database).draft("w", 3)
    assert [(r.origin.value, r.body, r.fact_ids, r.cost_usd_micros) for r in draft.revisions] == [
        ("interview", "Text 1", (7,), 5),
        ("person", "Text 2", (7,), 5),
        ("model", "Text 3", (7,), 5),
    ]
    assert {(r.answers, r.sentences, r.prompt_sha256) for r in draft.revisions} == {((), (), None)}
    await database.close()


async def test_what_was_decided_about_a_mark_is_kept_with_who_decided_and_its_entry(empty_url: str) -> None:
    database = await open_database(empty_url)
    rows = (
        "INSERT INTO workspaces (id, platform, name, created_at) VALUES ('w', 'terminal', 'W', :at)",
        "INSERT INTO campaigns (id, workspace_id, name, name_folded, product, keywords, status, created_by, created_at)"
        " VALUES (1, 'w', 'Acme', 'acme', 'Invoices', '[]', 'active', 'alice', :at)",
        "INSERT INTO drafts (id, workspace_id, campaign_id, community, status, created_by, created_at, poster)"
        " VALUES (3, 'w', 1, 'harbor', 'generated', 'alice', :at, 'alice')",
        'INSERT INTO marks (id, workspace_id, draft_id, revision, start, "end", words, sentence, kind, reason,'
        " generated, way, settled_by, settled_at)"
        " VALUES (4, 'w', 3, 1, 0, 7, 'love it', 'They love it.', 'people', 'no fact', true, 'free', 'bob', :at)",
        "INSERT INTO journal (id, workspace_id, at, kind, subject, member_id, name, facts, correlation_id) VALUES"
        " (11, 'w', :at, 'draft.settle', 'draft 3', 'U1', 'bob', '{\"mark\"\\: 4}', 'c'),"
        " (12, 'w', :at, 'draft.edit', 'draft 3', 'U1', 'bob', '{}', 'c')",
    )
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    async with database.write() as tx:
        await tx.run_sync(lambda connection: command.upgrade(config(connection), "0028"))
        for row in rows:
            await tx.execute(text(row).bindparams(bindparam("at", at, DateTime(timezone=True))))
    assert await database.migrate() is True
    store = Store(database)
    mark = await store.mark("w", 4)
    assert (mark.words, mark.way, mark.decided_by, mark.decided_at) == ("love it", WayOut.FREE, "bob", at)
    assert [(entry.kind, entry.facts) for entry in await store.journal("w")] == [
        (JournalKind.DRAFT_EDIT, {}),
        (JournalKind.DRAFT_MARK, {"mark": 4}),
    ]
    await database.close()


async def test_a_post_that_cannot_be_found_keeps_what_was_told_of_it_before(empty_url: str) -> None:
    database = await open_database(empty_url)
    posts = [("live", None), ("removed", "moderators"), ("gated", None), ("unknown", None), ("gated", None)]
    posts += [("unverified", None)]
    changes = [
        ("post 3", "removed", "live", "reddit_filters"),
        ("post 3", "gated", "removed", None),
        ("post 4", "removed", "live", "moderators"),
        ("post 4", "live", "removed", None),
        ("post 4", "gated", "live", None),
        ("post 4", "unknown", "gated", None),
        ("post 5", "gated", "unverified", None),
        ("post 33", "held", "live", None),
    ]
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    async with database.write() as tx:
        await tx.run_sync(lambda connection: command.upgrade(config(connection), "0034"))

        async def add(row: str, facts: Mapping[str, Any] | None = None, **values: Any) -> None:
            typed = [bindparam("facts", facts, JSON())] if facts is not None else []
            await tx.execute(text(row).bindparams(bindparam("at", at, DateTime(timezone=True)), *typed, **values))

        for workspace in ("w", "other"):
            made = "INSERT INTO workspaces (id, platform, name, created_at) VALUES (:w, 'terminal', 'W', :at)"
            await add(made, w=workspace)
        for number, (state, by) in enumerate(posts, 1):
            await add(
                "INSERT INTO tracked_posts (id, workspace_id, fullname, community, permalink, registered_by,"
                " registered_at, posted_at, basis, state, state_since, removed_by, locked, correlation_id) VALUES"
                " (:n, 'w', :name, 'harbor', 'x', 'alice', :at, :at, 'reddit_api', :state, :at, :by, false, 'c')",
                n=number,
                name=f"t3_{number}",
                state=state,
                by=by,
            )
        entries = [("w", *change) for change in changes] + [("other", "post 5", "removed", "live", "moderators")]
        for workspace, subject, state, before, by in entries:
            await add(
                "INSERT INTO journal (workspace_id, at, kind, subject, member_id, name, facts, correlation_id)"
                " VALUES (:w, :at, 'post.state', :subject, 'U', 'x', :facts, 'c')",
                w=workspace,
                subject=subject,
                facts={"state": state, "before": before, "removed_by": by},
            )
    assert await database.migrate() is True
    found = await Store(database).tracked_posts_by_id("w", range(1, 7))
    assert [(found[n].found_state, found[n].found_removed_by) for n in range(1, 7)] == [
        (State.LIVE, None),
        (State.REMOVED, RemovedBy.MODERATORS),
        (State.REMOVED, RemovedBy.REDDIT_FILTERS),
        (State.LIVE, None),
        (None, None),
        (None, None),
    ]
    await database.close()


async def _table_count(database: Database) -> int:
    async with database.read() as tx:
        return len(await describe(tx))


def test_a_start_with_nothing_to_migrate_does_not_import_alembic(tmp_path: Any) -> None:
    program = f"""
import asyncio, sys
from storage.database import open_database
from storage.store import Store

async def start():
    database = await open_database("sqlite:///{tmp_path}/bcrao.sqlite")
    migrated = await database.migrate()
    await database.close()
    return migrated

print(asyncio.run(start()), "alembic" in sys.modules)
"""
    answers = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
        for _ in range(2)
    ]
    assert answers == ["True True", "False False"]


async def test_the_watching_of_posts_goes_into_a_table_of_its_own_and_stays_as_it_was(empty_url: str) -> None:
    database = await open_database(empty_url)
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    moments = ("next_check_at", "last_read_at", "lease_until")
    times = {name: at + timedelta(hours=n) for n, name in enumerate(moments, 1)}
    looked: dict[str, Any] = {**times, "score": 2**40, "num_comments": 0, "gives_way": True, "lease_owner": "w"}
    over: dict[str, Any] = dict.fromkeys(looked) | {"stopped_at": at + timedelta(days=1), "gives_way": False}
    async with database.write() as tx:
        await tx.run_sync(lambda connection: command.upgrade(config(connection), "0043"))
        made = "INSERT INTO workspaces (id, platform, name, created_at) VALUES ('w', 'terminal', 'W', :at)"
        await tx.execute(text(made).bindparams(bindparam("at", at, DateTime(timezone=True))))
        for number, moved in enumerate((looked, over), 7):
            post = {"id": number, "fullname": f"t3_{number}", "at": at, **moved}
            typed = [bindparam(name, value, UtcDateTime()) for name, value in post.items() if name.endswith("at")]
            typed += [bindparam("lease_until", post["lease_until"], UtcDateTime())]
            names, places = ", ".join(moved), ", ".join(f":{name}" for name in moved)
            await tx.execute(
                text(
                    "INSERT INTO tracked_posts (id, workspace_id, fullname, community, permalink, registered_by,"
                    " registered_at, posted_at, basis, state, state_since, locked, correlation_id,"
                    f" {names}) VALUES (:id, 'w', :fullname, 'harbor', 'x', 'alice', :at, :at,"
                    f" 'reddit_api', 'live', :at, false, 'c', {places})"
                ).bindparams(*typed),
                post,
            )
    assert await database.migrate() is True
    async with database.read() as tx:
        rows = [dict(row._mapping) for row in await tx.execute(select(watches).order_by(watches.c.tracked_post_id))]
    its = {"workspace_id": "w", "state_since": at}
    assert rows == [
        {"tracked_post_id": 7, **its, "stopped_at": None, **looked},
        {"tracked_post_id": 8, **its, **over},
    ]
    [_, kept] = (await Store(database).tracked_posts_by_id("w", [7, 8])).values()
    assert (kept.id, kept.score, kept.next_check_at, kept.title) == (7, 2**40, at + timedelta(hours=1), None)
    await database.close()


async def test_a_post_of_before_it_kept_an_id_is_of_who_the_journal_names_else_of_the_one_member_of_that_name(
    empty_url: str,
) -> None:
    database = await open_database(empty_url)
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    posts = {1: "Ada", 2: "Ada", 3: "Bo", 4: "Cem", 5: "Nobody"}
    people = [("w", "u1", "Ada"), ("w", "u2", "Ada"), ("w", "u3", "Bo"), ("w", "u4", "Renamed"), ("o", "u9", "Nobody")]
    async with database.write() as tx:
        await tx.run_sync(lambda connection: command.upgrade(config(connection), "0044"))

        async def add(row: str, **values: Any) -> None:
            await tx.execute(text(row).bindparams(bindparam("at", at, DateTime(timezone=True)), **values))

        for workspace in ("w", "o"):
            made = "INSERT INTO workspaces (id, platform, name, created_at) VALUES (:w, 'terminal', 'W', :at)"
            await add(made, w=workspace)
        for workspace, member, name in people:
            granted = (
                "INSERT INTO members (workspace_id, id, name, role, granted_at) VALUES (:w, :id, :name, 'editor', :at)"
            )
            await add(granted, w=workspace, id=member, name=name)
        for number, name in posts.items():
            await add(
                "INSERT INTO tracked_posts (id, workspace_id, fullname, community, permalink, registered_by,"
                " registered_at, posted_at, basis, state, state_since, locked, correlation_id) VALUES"
                " (:n, 'w', :fullname, 'harbor', 'x', :by, :at, :at, 'reddit_api', 'live', :at, false, 'c')",
                n=number,
                fullname=f"t3_{number}",
                by=name,
            )
        entries = [("w", "post.register", 1, "u2"), ("w", "post.register", 4, "u4")]
        others = [("o", "post.register", 5, "u9"), ("w", "post.stop", 2, "u1")]
        for workspace, kind, number, member in entries + others:
            await add(
                "INSERT INTO journal (workspace_id, at, kind, subject, member_id, name, facts, correlation_id)"
                " VALUES (:w, :at, :kind, :subject, :member, 'x', '{}', 'c')",
                w=workspace,
                kind=kind,
                subject=f"post {number}",
                member=member,
            )
    assert await database.migrate() is True
    async with database.read() as tx:
        rows = await tx.execute(text("SELECT id, registered_by_id FROM tracked_posts ORDER BY id"))
        assert [tuple(row) for row in rows] == [(1, "u2"), (2, None), (3, "u3"), (4, "u4"), (5, None)]
    await database.close()
