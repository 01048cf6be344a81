"""`/rao campaign …` as a member meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import campaign, fact, role
from core.campaigns import CampaignStatus
from storage.store import Store
from tests.bot.bare import ALICE, GUEST, Desk, bare_services
from tests.clock import FixedClock

CREATE = (
    'campaign create name=Acme product="An invoice tracker" keywords="a,b,c,d,e" communities="startups,r/SaaS,/r/saas/"'
)


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    return Desk(bare_services(store, clock), campaign.commands, fact.commands, role.commands)


async def test_a_new_campaign_shows_what_it_holds(desk: Desk) -> None:
    card = await desk.done(CREATE)
    shown = {field.name: field.value for field in card.fields}
    assert shown["Communities"] == "r/startups, r/saas"
    assert shown["Keywords"] == "a, b, c, d, e"
    assert card.values["status"] == "active"


async def test_a_taken_name_is_refused_whatever_its_case(desk: Desk) -> None:
    await desk.done(CREATE)
    card = await desk.say(CREATE.replace("Acme", "ACME"))
    assert card.code == "already_exists"
    assert len((await desk.done("campaign list")).fields) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"a,b,c,d,e": "a,b"}, "5 to 15 keywords"),
        ({"a,b,c,d,e": ",".join("abcdefghijklmnop")}, "5 to 15 keywords"),
        ({"startups,r/SaaS,/r/saas/": ","}, "communities"),
        ({"startups,r/SaaS,/r/saas/": "no such name!"}, "not a community's name"),
        ({"name=Acme": "name=123"}, "only digits"),
        ({"name=Acme": 'name=Acme url="ftp://x"'}, "not a web address"),
        ({"name=Acme": 'name=Acme url="http://[half"'}, "not a web address"),
    ],
)
async def test_what_a_campaign_cannot_hold_is_refused_and_nothing_is_stored(
    desk: Desk, change: dict[str, str], said: str
) -> None:
    line = CREATE
    for old, new in change.items():
        line = line.replace(old, new)
    card = await desk.say(line)
    assert not card.ok
    assert said in card.text
    assert (await desk.done("campaign list")).title == "No campaigns yet"


async def test_missing_arguments_are_asked_for_and_what_was_typed_is_kept(desk: Desk) -> None:
    card = await desk.say("campaign create name=Acme")
    assert card.code == "missing_argument"
    assert card.form is not None
    assert [i.name for i in card.form.inputs] == ["product", "keywords", "communities"]
    assert card.form.known == {"name": "Acme"}


async def test_editing_changes_only_what_is_given(desk: Desk) -> None:
    await desk.done(CREATE)
    card = await desk.done('campaign edit Acme keywords="v,w,x,y,z"')
    shown = {field.name: field.value for field in card.fields}
    assert shown["Keywords"] == "v, w, x, y, z"
    assert shown["Product"] == "An invoice tracker"


async def test_editing_without_a_change_asks_with_what_the_campaign_holds(desk: Desk) -> None:
    await desk.done(CREATE)
    asked = await desk.done("campaign edit Acme")
    assert asked.form is not None
    held = {question.name: question.value for question in asked.form.inputs}
    assert held["keywords"] == "a, b, c, d, e"
    assert held["communities"] == "r/startups, r/saas"
    assert asked.form.known == {"campaign": "1"}
    answers = {name: value for name, value in held.items() if value}
    again = await desk.fill(asked.form, {**answers, "keywords": "v, w, x, y, z"})
    shown = {field.name: field.value for field in again.fields}
    assert (shown["Keywords"], shown["Communities"]) == ("v, w, x, y, z", "r/startups, r/saas")


async def test_a_campaigns_page_can_be_taken_away(desk: Desk) -> None:
    await desk.done(f"{CREATE} url=https://acme.example")
    assert "Page" not in {field.name for field in (await desk.done("campaign edit Acme url=none")).fields}
    assert "Page" not in {field.name for field in (await desk.done("campaign show Acme")).fields}


async def test_a_paused_campaign_says_so_and_is_paused_after_an_undone_deletion_too(desk: Desk) -> None:
    await desk.done(CREATE)
    await desk.done("campaign pause Acme")
    assert "It is paused" in (await desk.done("campaign show Acme")).text
    gone = await desk.done("campaign delete Acme confirm=yes")
    back = await desk.press(gone.actions[0].action_id)  # type: ignore[union-attr]
    assert back.values["status"] == CampaignStatus.PAUSED
    assert "It is paused" in (await desk.done("campaign show Acme")).text


async def test_a_campaign_is_paused_and_resumed(desk: Desk) -> None:
    await desk.done(CREATE)
    assert (await desk.done("campaign pause Acme")).values["status"] == CampaignStatus.PAUSED
    assert (await desk.done("campaign resume Acme")).values["status"] == CampaignStatus.ACTIVE


async def test_deleting_asks_says_what_goes_with_it_and_can_be_undone(desk: Desk, clock: FixedClock) -> None:
    await desk.done(CREATE)
    await desk.done('fact add "We waited ninety days for a payment" kind=experience')
    question = await desk.done("campaign delete Acme")
    assert "1 fact" in question.text
    assert (await desk.done("campaign show Acme")).ok

    gone = await desk.press(question.actions[0].action_id)  # type: ignore[union-attr]
    assert gone.ok
    assert (await desk.say("campaign show Acme")).code == "not_found"

    clock.advance(timedelta(seconds=59))
    back = await desk.press(gone.actions[0].action_id)  # type: ignore[union-attr]
    assert back.ok
    assert (await desk.done("campaign show Acme")).text.startswith("1 fact")


async def test_the_undo_ends_after_a_minute(desk: Desk, clock: FixedClock) -> None:
    await desk.done(CREATE)
    gone = await desk.done("campaign delete Acme confirm=yes")
    clock.advance(timedelta(seconds=61))
    assert (await desk.press(gone.actions[0].action_id)).code == "not_found"  # type: ignore[union-attr]


async def test_the_confirmed_deletion_cannot_be_typed(desk: Desk) -> None:
    await desk.done(CREATE.replace("Acme", "confirmed"))
    question = await desk.done("campaign delete confirmed")
    assert "Delete confirmed?" in question.title
    assert (await desk.done("campaign show confirmed")).ok


async def test_only_an_admin_deletes(desk: Desk) -> None:
    await desk.done(CREATE)
    await desk.done("role grant guest role=approver")
    card = await desk.say("campaign delete Acme", GUEST)
    assert card.code == "forbidden"
    assert (await desk.done("campaign show Acme")).ok


async def test_a_viewer_creates_nothing(desk: Desk) -> None:
    card = await desk.say(CREATE, replace(GUEST, member_id="nobody"))
    assert card.code == "forbidden"
    assert (await desk.done("campaign list", ALICE)).title == "No campaigns yet"


async def test_every_change_of_a_campaign_says_by_whom_and_when(desk: Desk) -> None:
    await desk.done(CREATE)
    for line, said in (("pause", "Paused"), ("resume", "Resumed"), ("edit", "Changed"), ("delete", "Deleted")):
        given = {"edit": ' product="A tracker"', "delete": " confirm=yes"}.get(line, "")
        card = await desk.done(f"campaign {line} Acme{given}")
        assert card.text.startswith(f"{said} by Alice, 23 Nov 2026, 12:00 UTC."), card.text
    assert (await desk.press("v1|campaign restore|1")).text == "Brought back by Alice, 23 Nov 2026, 12:00 UTC."
