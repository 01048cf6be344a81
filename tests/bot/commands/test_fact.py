from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import campaign, fact
from core.model import Caller, Role
from storage.store import Store
from tests.bot.bare import ALICE, GUEST, Desk, bare_services
from tests.clock import FixedClock

CREATE = 'campaign create name={} product="A planner." keywords="a,b,c,d,e" communities=quietdesk'


@pytest.fixture
async def desk(store: Store, clock: FixedClock) -> Desk:
    desk = Desk(bare_services(store, clock), campaign.commands, fact.commands)
    await desk.done(CREATE.format("Acme"))
    return desk


async def test_a_fact_stands_with_the_name_of_who_vouches_for_it(desk: Desk) -> None:
    card = await desk.done('fact add "We planned 40 sprints with it" kind=experience')
    assert card.text == "Alice lived it."
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


async def test_a_refused_fact_says_what_was_seen_and_gives_the_words_back(desk: Desk) -> None:
    body = "Customers call us on +44 7700 900123 for a demo"
    card = await desk.say(f'fact add "{body}" kind=product')
    assert (card.code, card.private) == ("bad_argument", True)
    assert card.text.startswith("That holds a phone number (+44 7…), and drafts are written from facts")
    assert [(f.name, f.value, f.quote) for f in card.fields] == [("You wrote", body, True)]
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


async def test_a_number_is_shown_back_with_what_it_counts_and_can_be_corrected(desk: Desk) -> None:
    added = await desk.done(
        'fact add "The median wait fell from 41 to 26 days" kind=number source="our ledger" '
        'when="June 2026" expires=2027-06-30'
    )
    assert added.text == (
        "Alice stands behind it.\nIts number: 26 days, The median wait fell\nSource: our ledger\n"
        "As of 1 Jun 2026\nUntil 30 Jun 2027"
    )
    number = added.values["fact"]
    card = await desk.done(f'fact edit {number} number="26 days until an invoice is paid"')
    assert "Its number: 26 days, until an invoice is paid" in card.text
    assert card.values["number"] == {"value": 26.0, "unit": "days", "counts": "until an invoice is paid"}
    assert "Period: spring to autumn" in (await desk.done(f'fact edit {number} when="spring to autumn"')).text
    cleared = await desk.done(f"fact edit {number} source=- when=- expires=- number=-")
    assert cleared.text == "Alice stands behind it."


async def test_new_words_have_a_new_number_and_the_earlier_ones_are_told(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    added = await desk.done('fact add "37 freelancers use it" kind=number')
    number = added.values["fact"]
    await store.grant_role(caller, "bob", "bob", Role.EDITOR, clock.now())
    clock.advance(timedelta(hours=1))
    card = await desk.done(
        f'fact edit {number} body="41 freelancers use it"', replace(ALICE, member_id="bob", name="bob")
    )
    assert card.fields[0].value == "41 freelancers use it"
    assert "Its number: 41, freelancers" in card.text
    assert card.fields[1].name.startswith("Until bob changed it, 23 Nov 2026, 13:00 UTC")
    assert card.fields[1].value == "37 freelancers use it\nIts number: 37, freelancers"
    assert (await desk.done(f"fact show {number}")).fields == card.fields


async def test_the_edit_button_opens_the_words_and_an_older_form_is_told_who_was_first(desk: Desk) -> None:
    number = (await desk.done('fact add "It plans your whole week" kind=product')).values["fact"]
    form = (await desk.press(f"v1|fact edit|{number}")).form
    assert form is not None
    assert {i.name: i.value for i in form.inputs}["body"] == "It plans your whole week"
    await desk.done(f'fact edit {number} body="It plans your whole month" version=1')
    late = await desk.say(f'fact edit {number} body="It plans your whole year" version={form.known["version"]}')
    assert late.code == "already_decided"
    assert f"Alice changed fact {number}" in late.text


async def test_a_form_that_is_sent_as_it_was_changes_nothing(desk: Desk) -> None:
    added = await desk.done('fact add "They pay after 26 days" kind=number expires=90d source=ledger')
    form = (await desk.press(f"v1|fact edit|{added.values['fact']}")).form
    assert form is not None
    card = await desk.fill(form, {one.name: one.value for one in form.inputs})
    assert card.ok
    assert {key: value for key, value in card.values.items() if key != "versions"} == added.values


async def test_a_fact_of_somebody_else_says_who_entered_it(desk: Desk) -> None:
    card = await desk.done('fact add "I kept the books by hand" kind=experience owner=carol')
    assert card.text == "carol lived it; Alice entered it."
    assert (card.values["owner"], card.values["entered_by"]) == ("carol", "Alice")


async def test_an_expired_fact_is_shown_as_such(desk: Desk, clock: FixedClock) -> None:
    number = (await desk.done('fact add "It plans your whole week" kind=product expires=2d')).values["fact"]
    clock.advance(timedelta(days=3))
    listed = await desk.done("fact list")
    assert listed.text.startswith("1 fact.\n1 of them has expired.")
    assert listed.fields[0].name.endswith(" · expired")
    card = await desk.done(f"fact show {number}")
    assert "It has expired: no draft rests on it until it gets a later day." in card.text
    revived = await desk.done(f"fact edit {number} expires=90d")
    assert "expired" not in revived.text


@pytest.mark.parametrize(
    ("more", "param"), [("expires=yesterday", "expires"), ("when=2099", "when"), ("number=none", "number")]
)
async def test_what_is_no_day_or_number_names_its_field(desk: Desk, more: str, param: str) -> None:
    card = await desk.say(f'fact add "It plans your whole week" kind=product {more}')
    assert (card.code, card.values["param"]) == ("bad_argument", param)
    assert (await desk.done("fact list")).values["facts"] == []
