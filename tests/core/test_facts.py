"""What a fact may hold, and what its end ends."""

from __future__ import annotations

import pytest

from core.campaigns import FactKind
from core.errors import BadArgument
from core.facts import Edit, Facts
from core.model import Caller
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

PLAIN = "31 workshops use it since May"
PRIVATE = (
    ("Customers call us on +44 7700 900123 for a demo", "a phone number (+44 7…)"),
    ("Our account is DE89 3704 0044 0532 0130 00 since May", "a bank account (DE89 3…)"),
    ("It signs in with ghp_abcdefghijklmnopqrstuvwxyz0123 every night", "a key or token (ghp_ab…)"),
    ("Questions go to anna.weber@tidewater.de within a day", "an e-mail address (anna.w…)"),
    ("We work at 12 Baker Street in London", "a street address (12 Ba…)"),
)


@pytest.fixture
async def facts(store: Store, clock: FixedClock, caller: Caller) -> Facts:
    await world.make_campaign(store, caller, clock.now(), name="Tidewater")
    return Facts(store, clock)


@pytest.mark.parametrize(("body", "seen"), PRIVATE)
async def test_secrets_and_personal_data_become_no_fact(
    body: str, seen: str, facts: Facts, store: Store, caller: Caller
) -> None:
    kept = await facts.add(caller, None, FactKind.NUMBER, PLAIN)
    with pytest.raises(BadArgument) as added:
        await facts.add(caller, None, FactKind.PRODUCT, body)
    with pytest.raises(BadArgument) as edited:
        await facts.edit(caller, kept.id, Edit(body=body))
    for refused in (added.value, edited.value):
        assert refused.what == f"That holds {seen}, and drafts are written from facts for everybody to read."
        assert (refused.param, refused.do) == ("body", "Say it without. Nothing was kept.")
    assert [fact.body for fact in await store.kept_facts(caller.workspace_id, kept.campaign_id)] == [PLAIN]
    assert not [entry for entry in await store.journal(caller.workspace_id) if body in str(entry.facts)]


SAID = "37 users, ask bob@harbor.de"


@pytest.mark.parametrize(
    ("param", "told"), [("source", Edit(source=SAID)), ("when", Edit(when=SAID)), ("number", Edit(number=SAID))]
)
async def test_what_stands_beside_a_fact_holds_none_either(
    param: str, told: Edit, facts: Facts, caller: Caller
) -> None:
    with pytest.raises(BadArgument) as refused:
        await facts.add(caller, None, FactKind.NUMBER, PLAIN, told)
    assert refused.value.param == param


async def test_a_name_a_price_and_a_day_are_no_secret(facts: Facts, caller: Caller) -> None:
    for body in ("Jane Miller told us that it saves her a day", "It costs $1,250 a year since 12 Nov 2024"):
        assert (await facts.add(caller, None, FactKind.PRODUCT, body)).body == body


async def test_what_was_kept_before_can_still_get_an_end(
    facts: Facts, store: Store, clock: FixedClock, caller: Caller
) -> None:
    campaign = (await store.campaigns(caller.workspace_id))[0]
    old = await store.add_fact(caller, campaign.id, FactKind.PRODUCT, PRIVATE[0][0], clock.now())
    assert (await facts.edit(caller, old.id, Edit(expires="90d"))).version == 2
