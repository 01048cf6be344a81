from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.card import Button, Card
from bot.command import Registry
from bot.commands import all_commands, campaign, fact, help
from bot.commands.help import usage
from core.campaigns import CampaignStatus
from core.collecting.runs import Funnel, RunStatus
from core.drafting.drafts import DraftStatus, NewRevision, RevisionOrigin
from core.model import Basis, Caller, CollectedPost
from core.visibility.tracking import NewTrackedPost
from storage.store import Store
from tests.bot.bare import ALICE, CHATTING, GUEST, Desk, bare_services
from tests.clock import FixedClock


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    return Desk(bare_services(store, clock), help.commands, campaign.commands, fact.commands)


@pytest.fixture(scope="module")
def every() -> Registry:
    return all_commands()


def step(card: Card) -> tuple[str, int | None]:
    [button] = card.actions
    assert isinstance(button, Button)
    return button.command, button.record


async def test_help_leads_from_an_empty_workspace_to_a_watched_post(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    assert step(await desk.done("help")) == ("campaign create", None)
    await desk.done('campaign create name=Acme product="A planner." keywords="a,b,c,d,e" communities=quietdesk')
    assert step(await desk.done("help")) == ("fact add", 1)
    await desk.done('fact add "It plans your whole week" kind=product')
    assert step(await desk.done("help")) == ("collect start", 1)

    run = await store.start_run(caller, 1, Basis.FILE, ["quietdesk"], now)
    post = CollectedPost("1abc2d", "quietdesk", "A title", "A body", "quiet_person", datetime(2026, 1, 1, tzinfo=UTC))
    await store.add_posts(caller, run.id, [post], Funnel(found=1, kept=1), now)
    await store.finish_run(caller, run.id, RunStatus.SUCCEEDED, now)
    assert step(await desk.done("help")) == ("draft new", None)

    draft = await store.create_draft(
        caller, 1, "quietdesk", NewRevision(RevisionOrigin.INTERVIEW, "T", "B", (), "alice"), now
    )
    assert step(await desk.done("help")) == ("draft show", draft.id)
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, now)
    assert step(await desk.done("help")) == ("post register", draft.id)
    await store.register_post(
        caller,
        NewTrackedPost(
            fullname="t3_1abc2d",
            community="quietdesk",
            permalink="https://www.reddit.com/r/quietdesk/comments/1abc2d/",
            author=None,
            posted_at=now,
            basis=Basis.REDDIT_API,
            campaign_id=1,
            draft_id=draft.id,
            next_check_at=now,
            audit_due_at=now,
        ),
        now,
    )
    card = await desk.done("help")
    assert step(card) == ("post list", None)
    assert "1 post is watched" in card.text


async def test_a_chat_nobody_set_up_begins_with_setup(desk: Desk, store: Store, clock: FixedClock) -> None:
    assert step(await desk.done("help", CHATTING)) == ("setup", None)
    caller = Caller(CHATTING.workspace_id, "11", "Dora", "c")
    await store.set_alert_channel(caller, "c-7", clock.now())
    assert step(await desk.done("help", CHATTING)) == ("campaign create", None)


async def test_a_viewer_is_not_offered_a_button_that_would_refuse(desk: Desk) -> None:
    card = await desk.done("help", GUEST)
    assert card.actions == ()
    assert "That needs the role editor; yours is viewer." in card.text


async def test_a_paused_campaign_is_not_worked_on(desk: Desk, store: Store, clock: FixedClock, caller: Caller) -> None:
    await desk.done('campaign create name=Acme product="A planner." keywords="a,b,c,d,e" communities=quietdesk')
    await store.set_campaign_status(caller, 1, CampaignStatus.PAUSED, clock.now())
    assert step(await desk.done("help")) == ("campaign create", None)


async def test_the_overview_names_every_topic_once(desk: Desk, every: Registry) -> None:
    card = await desk.done("help")
    shown = [f.name.removeprefix("/rao ") for f in card.fields]
    assert shown == list(dict.fromkeys(c.topic for c in every.commands.values() if not c.button_only))
    assert len(shown) <= 25


@pytest.mark.parametrize("actor", [ALICE, CHATTING])
async def test_what_cannot_be_written_here_is_not_shown(desk: Desk, every: Registry, actor: object) -> None:
    in_terminal = actor is ALICE
    overview = await desk.done("help", actor)  # type: ignore[arg-type]
    assert ("/rao sample" in [f.name for f in overview.fields]) is in_terminal
    assert (await desk.say("help sample", actor)).ok is in_terminal  # type: ignore[arg-type]
    topics = {command.topic for command in every.commands.values() if not command.button_only}
    for path, command in every.commands.items():
        if command.button_only and command.topic in topics and command.topic != "sample":
            topic = await desk.done(f"help {command.topic}", actor)  # type: ignore[arg-type]
            assert path not in topic.values["commands"]


async def test_every_topic_has_a_page_with_every_argument(desk: Desk, every: Registry) -> None:
    for topic in {c.topic for c in every.commands.values() if not c.button_only}:
        card = await desk.done(f"help {topic}")
        text = "\n".join(f"{f.name}\n{f.value}" for f in card.fields)
        for command in every.commands.values():
            if command.topic == topic and not command.button_only:
                assert f"/rao {command.path}" in text
                assert command.help in text
                assert all(f"{p.name}: {p.help}" in text for p in command.typed_params)


async def test_a_topic_is_found_as_people_write_it(desk: Desk) -> None:
    for said in ("FACT", "fact add", '"/rao fact add"'):
        assert (await desk.done(f"help {said}")).title.lower().startswith("/rao fact")
    card = await desk.say("help nonsense", GUEST)
    assert card.code == "not_found"
    assert "campaign" in card.text


def test_what_may_be_left_out_stands_in_brackets() -> None:
    assert usage(fact.commands.get("fact add")) == (
        '/rao fact add body="…" kind=product|number|experience [campaign="…"]'
        ' [owner="…"] [source="…"] [when="…"] [expires="…"] [number="…"]'
    )
