"""What is found by words in each table that is searched, on both engines: what plain Python finds, no more, no less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import DateTime, bindparam, select, text

from core.collecting.runs import Funnel
from core.model import Basis, Caller
from core.texts.search import sought, words_of
from storage import tracking
from storage.database import open_database
from storage.migrations import config
from storage.schema import posts as kept_posts
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

TITLES = (
    "The community",
    "Unity tests for beginners",
    "Un CAFÉ à Montréal",
    "un cafe",
    "Late payments of clients",
    "A late payment, again",
    "Payment: late",
    "C++ for $12 🔥",
    "日本語のテスト",
    "The 50% Light_house rule",
    "I don’t know",
    "Straße nach Łódź",
    "back\\slash and 100 % sure",
)
TYPED = (
    *("unity", "COMMUN", "café", "CAFE mont", "late payment", '"late payment"', '"late payment*"', "„payment late“"),
    *(
        "c++",
        "$",
        "🔥",
        "本",
        '"日本"',
        '"本日"',
        "50%",
        "house",
        "light_h",
        "dont",
        "strasse lodz",
        "100",
        "\\",
        "%",
        "_",
    ),
    *("rule the", "zzz", '"', "slash"),
)


async def test_every_search_finds_the_same_on_every_engine(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["harbor"], clock.now())
    texts = [world.collected(f"p{n}", clock.now(), title=title, body="x") for n, title in enumerate(TITLES)]
    await store.add_posts(caller, run.id, texts, Funnel(found=len(texts)), clock.now())
    for n, title in enumerate(TITLES):
        await store.register_post(caller, world.to_register(f"t3_q{n}", clock.now(), title=title), clock.now())
        await store.create_draft(caller, campaign.id, "harbor", world.revision(title=title), clock.now())
    for typed in TYPED:
        expected = sorted(title for title in TITLES if sought(typed).found_in(words_of(title)))
        kept = await store.posts(caller.workspace_id, "harbor", containing=typed)
        watched = await store.tracked_posts(caller.workspace_id, containing=typed)
        drafts = await store.drafts(caller.workspace_id, containing=typed)
        assert sorted(post.title or "" for post in kept) == expected, typed
        if not typed.isdecimal():  # a number is also searched as one of a post and a draft
            assert sorted(post.title or "" for post in watched) == expected, typed
            assert sorted(draft.latest.title for draft in drafts) == expected, typed


async def test_a_draft_is_found_by_its_title_community_and_status_together(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await store.create_draft(caller, campaign.id, "quiet_desk", world.revision(title="Un café"), clock.now())
    for typed in ("cafe desk generated", "quiet", "quiet_desk", '"quiet desk"', "GENER cafe"):
        assert [d.id for d in await store.drafts(caller.workspace_id, containing=typed)] == [draft.id], typed
    for typed in ("uiet", "enerated", "cafe approved", '"quiet generated"'):
        assert await store.drafts(caller.workspace_id, containing=typed) == [], typed


async def test_a_body_is_searched_with_its_title_and_a_purged_text_no_more(
    store: Store, caller: Caller, clock: FixedClock, database_url: str
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["harbor"], clock.now())
    post = world.collected("p1", clock.now(), title="How we fire", body="Our kiln is old.")
    await store.add_posts(caller, run.id, [post], Funnel(found=1), clock.now())
    assert len(await store.posts(caller.workspace_id, "harbor", containing="kiln fire")) == 1
    await store.purge_expired(clock.advance(timedelta(days=400)), timedelta(days=365))
    database = await open_database(database_url, exclusive=False)
    async with database.read() as tx:
        row = (await tx.execute(select(kept_posts.c.title, kept_posts.c.words))).one()
    await database.close()
    assert (row.title, row.words) == (None, None)


async def test_texts_of_before_their_words_were_kept_are_found(empty_url: str) -> None:
    database = await open_database(empty_url)
    rows = (
        "INSERT INTO workspaces (id, platform, name, created_at) VALUES ('w', 'terminal', 'W', :at)",
        "INSERT INTO campaigns (id, workspace_id, name, name_folded, product, keywords, status, created_by, created_at)"
        " VALUES (1, 'w', 'Acme', 'acme', 'Invoices', '[]', 'active', 'alice', :at)",
        "INSERT INTO drafts (id, workspace_id, campaign_id, community, status, created_by, created_at, poster)"
        " VALUES (3, 'w', 1, 'harbor', 'generated', 'alice', :at, 'alice')",
        "INSERT INTO draft_revisions (workspace_id, draft_id, number, origin, title, body, remarks, written_by,"
        " created_at, fact_ids, cost_usd_micros, prompt_tokens, completion_tokens)"
        " VALUES ('w', 3, 1, 'model', 'Un CAFÉ', 'b', '[]', 'm', :at, '[]', 0, 0, 0),"
        " ('w', 3, 2, 'person', 'Late payments', 'b', '[]', 'm', :at, '[]', 0, 0, 0)",
    )
    many = (
        "INSERT INTO posts (workspace_id, basis, collected_at, reddit_id, community, title, body, created_at, over_18,"
        " time_is_exact) VALUES ('w', 'file', :at, :id, 'harbor', :title, 'Über uns', :at, false, true)"
    )
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    when = bindparam("at", at, DateTime(timezone=True))
    async with database.write() as tx:
        await tx.run_sync(lambda connection: command.upgrade(config(connection), "0030"))
        for row in rows:
            await tx.execute(text(row).bindparams(when))
        for n in range(1_203):  # more than are read at once
            await tx.execute(text(many).bindparams(when), {"id": f"p{n}", "title": f"Kiln number {n}"})
    assert await database.migrate() is True
    store = Store(database)
    assert len(await store.posts("w", "harbor", containing="uber kiln")) == 1_203
    assert [p.reddit_id for p in await store.posts("w", "harbor", containing='"number 1202"')] == ["p1202"]
    assert [d.id for d in await store.drafts("w", containing="payments late")] == [3]
    assert await store.drafts("w", containing="cafe") == [], "the newest title counts"
    await database.close()


async def test_of_many_watched_posts_the_newest_are_searched_and_each_is_found_by_its_number(
    store: Store, caller: Caller, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "SEARCHED", 2)
    now, other = clock.now(), await world.elsewhere(store, caller, clock.now())
    ids = [(await world.make_post(store, caller, now, f"t3_aaaa{n}")).id for n in range(4)]
    await world.make_post(store, other, now, "t3_aaaa9")

    async def found(typed: str) -> list[int]:
        return [post.id for post in await store.tracked_posts(caller.workspace_id, containing=typed)]

    assert await found("harbor") == [ids[3], ids[2]]
    assert await found("aaaa0") == []
    assert await found(str(ids[0])) == [ids[0]]
    assert await found(str(ids[3])) == [ids[3]]
