"""The guided sample: the whole loop of the real program, one press a step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.card import Button, Card
from bot.commands.sample import STEPS
from bot.frontend import Actor
from bot.main import Program, open_program
from bot.settings import load_settings
from core.clock import SystemClock
from core.drafting.drafts import DraftStatus
from core.model import State
from tests.bot.bare import ALICE
from tests.migrated import lay_data

pytestmark = pytest.mark.process  # the language worker


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with open_program(load_settings({"BCRAO_DATA_DIR": str(lay_data(tmp_path))}, None), SystemClock()) as program:
        yield program


async def give(program: Program, step: int, actor: Actor = ALICE) -> Card:
    return (await program.dispatcher.run_line(actor, f"sample tour {step}"))[1]


async def test_eight_presses_of_one_button_go_from_nothing_to_a_removal_and_what_it_taught(program: Program) -> None:
    card, seen = await give(program, 1), list[str]()
    for number in range(2, len(STEPS) + 1):
        seen.append(card.title)
        [button] = card.actions
        assert isinstance(button, Button)
        assert (button.command, button.record) == ("sample tour", number)
        assert button.label.startswith("Next: ")
        card = await give(program, number)
        assert card.ok, f"{card.title}: {card.text}"
    assert seen[0] == "Step 1 of 8 · Facts of Tidewater"
    assert seen[3] == "Step 4 of 8 · Draft 1 for r/harborfounders"
    assert "removed" in seen[6]
    assert "learned from the removal of post 1" in card.fields[0].name
    [last] = card.actions
    assert isinstance(last, Button)
    assert last.command == "help"
    [draft] = await program.services.store.drafts(ALICE.workspace_id)
    assert draft.status is DraftStatus.POSTED
    [post] = await program.services.store.tracked_posts(ALICE.workspace_id)
    assert (post.draft_id, post.state) == (draft.id, State.REMOVED)


async def test_a_step_given_twice_makes_nothing_twice(program: Program) -> None:
    for step in (1, 1, 2, 4, 4, 5, 5, 6, 6):
        card = await give(program, step)
        assert card.ok, f"step {step}: {card.text}"
    store = program.services.store
    assert len(await store.campaigns(ALICE.workspace_id)) == 1
    assert len(await store.kept_facts(ALICE.workspace_id, 1)) == 2
    assert len(await store.drafts(ALICE.workspace_id)) == 1
    assert len(await store.tracked_posts(ALICE.workspace_id)) == 1


@pytest.mark.parametrize(("step", "needs"), [(2, 1), (4, 1), (5, 1), (7, 1)])
async def test_a_step_out_of_turn_says_which_comes_first(program: Program, step: int, needs: int) -> None:
    card = await give(program, step)
    assert card.code == "not_found"
    assert f"Give step {needs} first" in card.text


@pytest.mark.parametrize("step", [0, 9])
async def test_a_step_that_the_tour_does_not_have_is_named(program: Program, step: int) -> None:
    card = await give(program, step)
    assert f"The tour has 8 steps, and {step} is not one of them." in card.text
