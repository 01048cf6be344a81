from __future__ import annotations

import pytest

from bot.commands import campaign, fact
from storage.store import Store
from tests.bot.bare import GUEST, Desk, bare_services
from tests.clock import FixedClock

CREATE = 'campaign create name={} product="A planner." keywords="a,b,c,d,e" communities=quietdesk'


@pytest.fixture
async def desk(store: Store, clock: FixedClock) -> Desk:
    desk = Desk(bare_services(store, clock), campaign.commands, fact.commands)
    await desk.done(CREATE.format("Acme"))
    return desk


async def test_a_fact_stands_with_the_name_of_who_vouches_for_it(desk: Desk) -> None:
    card = await desk.done('fact add "We planned 40 sprints with it" kind=experience')
    assert card.text == "Alice stands behind it."
    assert card.fields[0].quote
    shown = await desk.done("fact list")
    assert "Own experience · Alice" in shown.fields[0].name
    assert shown.fields[0].value == "We planned 40 sprints with it"
    assert shown.values["facts"][0]["kind"] == "experience"


async def test_what_kind_of_fact_it_is_is_asked_and_never_guessed(desk: Desk) -> None:
    card = await desk.say('fact add "It plans your whole week"')
    assert card.code == "missing_argument"
    assert card.form is not None
    assert card.form.inputs[0].options == ("product", "number", "experience")


async def test_the_button_of_a_campaign_asks_for_the_fact_of_that_campaign(desk: Desk) -> None:
    await desk.done(CREATE.format("Other"))
    card = await desk.press("v1|fact add|2")
    assert card.form is not None
    assert card.form.known == {"campaign": "2"}
    assert [i.name for i in card.form.inputs] == ["body", "kind"]


async def test_two_words_are_not_a_fact(desk: Desk) -> None:
    card = await desk.say("fact add body=great kind=product")
    assert card.code == "bad_argument"
    assert (await desk.done("fact list")).values["facts"] == []


async def test_an_empty_ledger_says_what_belongs_into_it(desk: Desk) -> None:
    card = await desk.done("fact list")
    assert "No facts" in card.title
    assert [a.label for a in card.actions] == ["Add a fact"]


async def test_a_removed_fact_is_gone_and_a_second_removal_says_so(desk: Desk) -> None:
    added = await desk.done('fact add "It plans your whole week" kind=product')
    number = added.values["fact"]
    card = await desk.press(f"v1|fact remove|{number}")
    assert card.title == f"Fact {number} is removed"
    assert (await desk.done("fact list")).values["facts"] == []
    again = await desk.say(f"fact remove {number}")
    assert again.code == "already_decided"
    assert f"Fact {number} was removed by " in again.text


async def test_with_two_campaigns_the_one_meant_is_asked_for(desk: Desk) -> None:
    await desk.done(CREATE.format("Other"))
    card = await desk.say('fact add "It plans your whole week" kind=product')
    assert card.code == "bad_argument"
    assert "Acme, Other" in card.text
    await desk.done('fact add "It plans your whole week" kind=product campaign=Other')
    assert len((await desk.done("fact list campaign=Other")).values["facts"]) == 1
    assert len((await desk.done("fact list Acme")).values["facts"]) == 0


async def test_a_viewer_reads_facts_and_adds_none(desk: Desk) -> None:
    assert (await desk.say("fact list", GUEST)).ok
    assert (await desk.say('fact add "It plans your whole week" kind=product', GUEST)).code == "forbidden"
    assert (await desk.say("fact remove 1", GUEST)).code == "forbidden"
