"""Lending one's own voice, from the details of a draft."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.card import Button, Card
from bot.command import Registry
from bot.commands import draft as draft_commands
from bot.frontend import Actor
from core.drafting.drafts import NewRevision, Poster, RevisionOrigin
from core.drafting.service import Drafting
from core.model import Caller, Role
from storage.store import Store
from tests.bot.bare import Desk, bare_services
from tests.clock import FixedClock
from tests.core.drafting.plain import PlainWriter
from tests.storage import world

VERA = Actor("terminal:local", "terminal", "Local", "vera", "Vera")


@pytest.fixture
async def desk(store: Store, clock: FixedClock, caller: Caller) -> Desk:
    await world.make_campaign(store, caller, clock.now())
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    revision = NewRevision(RevisionOrigin.PERSON, "A title", "How do you do it?", (), "alice")
    await store.create_draft(caller, 1, "harbor", revision, clock.now(), poster=Poster("alice", "Alice"))
    registry = Registry()
    registry.commands.update(draft_commands.commands.commands)
    return Desk(replace(bare_services(store, clock), drafting=Drafting(store, clock, PlainWriter())), registry)


def labels(card: Card) -> list[str]:
    return [action.label for action in card.actions if isinstance(action, Button)]


async def test_the_poster_lends_their_tone_and_ends_that_from_the_details(desk: Desk, store: Store) -> None:
    details = await desk.press("v1|draft details|1")
    assert labels(details)[-1] == "Let models take my tone"
    lent = await desk.press("v1|voice lend|1")
    assert lent.title == "Models may take your tone now"
    assert "your newest texts, 3 at most" in lent.text
    assert "There is none yet." in lent.text
    assert lent.private
    assert labels(await desk.press("v1|draft details|1"))[-1] == "Stop lending my tone"
    assert await store.lends_voice("terminal:local", "alice")
    kept = await desk.press("v1|voice keep|1")
    assert "No model is shown texts of yours from now on." in kept.text
    assert not await store.lends_voice("terminal:local", "alice")


async def test_who_lends_is_who_clicks_and_others_are_not_asked(desk: Desk, store: Store) -> None:
    card = (await desk.dispatcher.run_action(VERA, "v1|draft details|1"))[1]
    assert not {"Let models take my tone", "Stop lending my tone"} & set(labels(card))
    assert (await desk.dispatcher.run_action(VERA, "v1|voice lend|1"))[1].ok
    assert not await store.lends_voice("terminal:local", "alice")
    assert await store.lends_voice("terminal:local", "vera")
