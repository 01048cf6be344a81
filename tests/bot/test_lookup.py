"""What autocomplete suggests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import all_commands
from bot.meant import Suggestion, suggestions
from core.campaigns import FactKind
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage.world import a_pattern, make_campaign, make_draft, make_post


@pytest.fixture
async def full(store: Store, caller: Caller, clock: FixedClock) -> Store:
    """A store with one record of every kind."""
    now = clock.now()
    campaign = await make_campaign(store, caller, now)
    await store.add_fact(caller, campaign.id, FactKind.NUMBER, "Invoices were paid\nnine days sooner", now)
    await make_draft(store, caller, campaign.id, now)
    await make_post(store, caller, now)
    await store.add_pattern(caller, a_pattern(), now)
    await store.link_account(caller, "invented_author", now)
    return store


@pytest.mark.parametrize(
    ("lookup", "typed", "suggestion"),
    [
        ("campaign", "ac", Suggestion("Acme · active", "1")),
        ("community", "r/har", Suggestion("r/harbor", "harbor")),
        ("draft", "late inv", Suggestion("1 · r/harbor · generated · What late invoices taught me", "1")),
        ("post", "", Suggestion("1 · r/harbor · unverified · Invented title", "1")),
        ("fact", "nine", Suggestion("1 · Invoices were paid nine days sooner", "1")),
        ("pattern", "#1", Suggestion("1 · r/harbor · a link in the first paragraph", "1")),
        ("account", "u/inv", Suggestion("u/invented_author · unknown", "invented_author")),
        ("linked", "alice", Suggestion("u/invented_author · alice", "invented_author")),
        ("zone", "new yo", Suggestion("New York · America/New_York", "America/New_York")),
        ("zone", "europe/vie", Suggestion("Vienna · Europe/Vienna", "Europe/Vienna")),
    ],
)
async def test_every_kind_of_record_is_found_by_what_was_typed(
    full: Store, caller: Caller, lookup: str, typed: str, suggestion: Suggestion
) -> None:
    assert await suggestions(full, caller.workspace_id, lookup, typed, 25) == [suggestion]
    assert await suggestions(full, caller.workspace_id, lookup, "nothing like it", 25) == []


async def test_another_workspace_is_offered_nothing_of_it(full: Store, caller: Caller, clock: FixedClock) -> None:
    other = replace(caller, workspace_id="discord:9")
    await full.ensure_workspace(other.workspace_id, "discord", "Other", clock.now())
    for lookup in ("campaign", "community", "draft", "post", "fact", "pattern", "account", "linked"):
        assert await suggestions(full, other.workspace_id, lookup, "", 25) == []


async def test_what_begins_with_the_words_comes_first(store: Store, caller: Caller, clock: FixedClock) -> None:
    for community in ("my_tea", "tea", "green_tea"):
        await make_campaign(store, caller, clock.now(), name=community, communities=[community])
    found = await suggestions(store, caller.workspace_id, "community", "tea", 2)
    assert found[0].value == "tea"
    assert len(found) == 2


async def test_an_unknown_kind_offers_nothing(store: Store, caller: Caller) -> None:
    assert await suggestions(store, caller.workspace_id, "unicorn", "", 25) == []


async def test_every_kind_that_a_command_names_can_be_looked_up(full: Store, caller: Caller) -> None:
    typed = [command for command in all_commands().commands.values() if not command.button_only]
    kinds = {param.lookup for command in typed for param in command.params if param.lookup}
    kept = kinds - {"member", "channel"}  # those a chat knows
    found = {kind: await suggestions(full, caller.workspace_id, kind, "", 25) for kind in kept}
    assert [kind for kind, few in found.items() if not few] == []
