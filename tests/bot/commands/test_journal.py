from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import campaign, data, fact, role, usage
from bot.journal_words import DEEDS, deed
from core.journal import JournalEntry, JournalKind
from core.model import Caller
from storage.store import Store
from tests.bot.bare import ALICE, CHATTING, GUEST, Desk, bare_services, pressable
from tests.clock import FixedClock
from tests.storage import world

BOB = replace(ALICE, member_id="bob", name="Bob")


@pytest.fixture
async def desk(store: Store, clock: FixedClock) -> Desk:
    return Desk(
        bare_services(store, clock), campaign.commands, fact.commands, role.commands, data.commands, usage.commands
    )


async def test_who_did_what_is_told_newest_first(desk: Desk, clock: FixedClock) -> None:
    await desk.done("role grant bob role=admin")
    clock.advance(timedelta(hours=1))
    await desk.done("plan set campaigns=3", BOB)
    card = await desk.done("data journal")
    assert card.private
    assert [(field.name, field.value) for field in card.fields] == [
        ("3 · 23 Nov 2026, 13:00 UTC · Bob", "plan: changed it"),
        ("2 · 23 Nov 2026, 12:00 UTC · Alice", "bob: gave a role (admin)"),
        ("1 · 23 Nov 2026, 12:00 UTC · Alice", "Alice: gave a role (admin)"),
    ]
    assert card.values["journal"][0] == {
        "entry": 3,
        "at": "2026-11-23T13:00:00+00:00",
        "kind": "plan.set",
        "subject": "plan",
        "member": "bob",
        "name": "Bob",
        "facts": {"max_campaigns": 3},
    }
    assert (card.values["next"], card.text, card.footnote, card.actions) == (None, "3 entries.", "", ())


async def test_the_journal_is_asked_by_member_kind_and_time(desk: Desk, clock: FixedClock) -> None:
    await desk.done("role grant bob role=admin")
    clock.advance(timedelta(days=2))
    await desk.done("plan set campaigns=3", BOB)
    await desk.done("role grant carl role=editor", BOB)

    async def kinds(line: str) -> list[str]:
        return [entry["kind"] for entry in (await desk.done(line)).values["journal"]]

    assert await kinds("data journal bob") == ["role.grant", "plan.set"]
    assert await kinds("data journal me") == ["role.grant", "role.grant"]
    assert await kinds("data journal kind=plan") == ["plan.set"]
    assert await kinds("data journal within=1d") == ["role.grant", "plan.set"]
    assert await kinds("data journal bob kind=role within=1d") == ["role.grant"]
    assert await kinds("data journal within=1d start=2") == ["plan.set"]
    assert (await desk.done("data journal bob kind=role")).title == "Journal by bob about role"


async def test_what_the_bot_did_is_found_under_its_name(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())
    card = await desk.done("data journal bot")
    assert [field.value for field in card.fields] == [f"post {post.id}: found a new state (removed)"]
    assert card.title == "Journal by the bot"


async def test_older_entries_come_by_buttons_that_keep_the_filters(desk: Desk) -> None:
    await desk.done("role grant me role=admin")
    for number in range(12):
        await desk.done(f"plan set campaigns={number}")
    first = await desk.done("data journal")
    assert [entry["entry"] for entry in first.values["journal"]] == list(range(13, 3, -1))
    assert first.text == "1–10 of 13 entries."
    second = await desk.press(pressable(first, "Next"))
    assert ([entry["entry"] for entry in second.values["journal"]], second.values["next"]) == ([3, 2, 1], None)
    some = await desk.press(pressable(await desk.done("data journal kind=plan"), "Next"))
    assert (some.title, some.text) == ("Journal about plan", "11–12 of 12 entries.")
    assert [entry["entry"] for entry in some.values["journal"]] == [3, 2]


async def test_an_empty_journal_says_so(desk: Desk) -> None:
    card = await desk.done("data journal")
    assert (card.title, card.values["journal"]) == ("Nothing is in the journal yet", [])
    card = await desk.done("data journal kind=draft")
    assert card.title == "No entries about draft"


async def test_only_admins_read_the_journal(desk: Desk) -> None:
    await desk.done("role grant me role=admin")
    assert (await desk.say("data journal", GUEST)).code == "forbidden"
    assert (await desk.press("v1|data journal||n=3", GUEST)).ok is False


async def test_another_workspaces_deeds_are_not_told(desk: Desk) -> None:
    await desk.done("role grant me role=admin")
    assert (await desk.done("data journal", CHATTING)).values["journal"] == []


async def test_a_texts_own_words_are_not_repeated_on_the_card(desk: Desk) -> None:
    await desk.done('campaign create name="@everyone" product="A planner." keywords="a,b,c,d,e" communities=quietdesk')
    await desk.done('fact add kind=number "It takes @everyone two minutes"')
    card = await desk.done("data journal")
    assert [field.value for field in card.fields] == ["fact 1: added it", "campaign 1: created it"]


@pytest.mark.parametrize("kind", JournalKind)
def test_every_kind_has_words(kind: JournalKind, clock: FixedClock) -> None:
    assert set(DEEDS) == set(JournalKind)
    bare = JournalEntry(1, clock.now(), kind, "post 3", "system", "the bot", {}, "c")
    assert deed(bare).endswith(f": {DEEDS[kind]}")
    full = replace(bare, facts={"state": "of tomorrow", "posts": 2, "campaigns": 1, "account": "kiln", "revision": 4})
    assert deed(full).startswith("u/kiln: " if "role" not in kind else "a member: ")
    if kind is JournalKind.DATA_PURGE:
        assert deed(full).endswith("(2 posts, 1 campaign)")
