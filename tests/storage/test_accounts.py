from __future__ import annotations

import pytest

from core.errors import AlreadyExists, NotFound
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world


async def test_a_link_to_an_account_is_made_once_and_taken_back(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await world.make_post(store, caller, clock.now())
    linked = await store.link_account(caller, "Invented_Author", clock.now())
    assert (linked.name, linked.linked_by) == ("invented_author", "alice")
    with pytest.raises(AlreadyExists, match="linked already, by alice"):
        await store.link_account(world.somebody_else(caller, "bob"), "invented_author", clock.now())
    assert (await store.unlink_account(caller, "INVENTED_AUTHOR", clock.now())).linked_by is None
    with pytest.raises(NotFound):
        await store.unlink_account(caller, "invented_author", clock.now())
