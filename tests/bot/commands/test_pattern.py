from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands import campaign, pattern
from core.model import Caller, NewPattern
from storage.store import Store
from tests.bot.bare import GUEST, Desk, bare_services, pressable
from tests.clock import FixedClock


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    return Desk(bare_services(store, clock), campaign.commands, pattern.commands)


async def test_a_pattern_of_a_member_is_listed_with_who_said_it(desk: Desk) -> None:
    await desk.done('pattern add "links in the first line" community=r/QuietDesk category=link')
    card = await desk.done("pattern list")
    assert card.fields[0].name == "1 · r/quietdesk · link · 90% sure · said by Alice, 23 Nov 2026, 12:00 UTC"
    assert card.fields[0].value == "links in the first line"
    assert card.fields[0].quote


async def test_where_it_was_learned_is_told(desk: Desk, store: Store, clock: FixedClock, caller: Caller) -> None:
    for source in ("removal", "rule"):
        new = NewPattern(None, "quietdesk", "tone", f"from a {source}", source, 0.3)
        await store.add_pattern(caller, new, clock.now())
    names = " ".join(f.name for f in (await desk.done("pattern list")).fields)
    assert "30% sure · learned from the removal" in names
    assert "30% sure · from the community's rules" in names


async def test_a_list_can_be_of_one_community(desk: Desk) -> None:
    await desk.done('pattern add "links" community=one1')
    await desk.done('pattern add "prices" community=two2')
    assert [p["body"] for p in (await desk.done("pattern list r/two2")).values["patterns"]] == ["prices"]
    assert (await desk.done("pattern list three3")).title == "No patterns in r/three3"


async def test_a_removed_pattern_comes_back_with_undo_once(desk: Desk) -> None:
    await desk.done('pattern add "links" community=one1')
    card = await desk.done("pattern remove 1")
    assert (await desk.done("pattern list")).values["patterns"] == []
    [undo] = card.to_json("pattern remove")["actions"]
    assert (await desk.press(undo["action_id"])).title == "Pattern 1 is back"
    assert len((await desk.done("pattern list")).values["patterns"]) == 1
    assert (await desk.press(undo["action_id"])).code == "not_found"


async def test_a_pattern_of_a_campaign_that_does_not_exist_is_not_kept(desk: Desk) -> None:
    assert (await desk.say('pattern add "links" community=one1 campaign=Nope')).code == "not_found"
    assert (await desk.done("pattern list")).values["patterns"] == []


async def test_many_patterns_come_in_pages_the_surest_first(desk: Desk) -> None:
    for number in range(12):
        await desk.done(f'pattern add "thing {number}" community=one1')
    card = await desk.done("pattern list")
    assert len(card.fields) == 10
    assert card.text.splitlines()[0] == "1–10 of 12 patterns."
    second = await desk.press(pressable(card, "Next"))
    assert [p["body"] for p in second.values["patterns"]] == ["thing 10", "thing 11"]


async def test_patterns_are_filtered_by_who_said_it_category_and_age(desk: Desk, clock: FixedClock) -> None:
    await desk.done('pattern add "old links" community=one1 category=link')
    clock.advance(timedelta(days=3))
    await desk.done('pattern add "prices" community=one1 category=promotion')

    async def bodies(filters: str) -> list[str]:
        return [p["body"] for p in (await desk.done(f"pattern list {filters}")).values["patterns"]]

    assert await bodies("category=link") == ["old links"]
    assert await bodies("within=2d") == ["prices"]
    assert await bodies("member=me") == ["old links", "prices"]
    assert await bodies("member=Bob") == []


async def test_a_viewer_reads_patterns_and_changes_none(desk: Desk) -> None:
    assert (await desk.say("pattern list", GUEST)).ok
    for line in ('pattern add "x" community=one1', "pattern remove 1", "pattern undo 1"):
        assert (await desk.say(line, GUEST)).code == "forbidden"
