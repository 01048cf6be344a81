"""A member's look: its form, what it counts for, and its picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.attached import Attached
from bot.card import Button, Card, Choice, Document, Image, Menu, Style
from bot.commands import data, looks, post
from bot.frontend import Actor
from core.errors import BadFile
from core.model import Caller, Role, State
from core.visibility.tracking import Verdict
from storage.store import Store
from tests.bot.bare import ALICE, CHATTING, GUEST, Desk, bare_services
from tests.clock import FixedClock
from tests.core.visibility.world import World, sighting
from tests.storage import world
from tests.watch import Watch

PNG, WEBP = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"0" * 40, b"RIFF\x20\0\0\0WEBPVP8 "
LINK = "https://www.reddit.com/r/harbor/comments/1abc2d/how_it_went/"
IN_CHAT = replace(ALICE, platform="discord", shows_pictures=True)


@pytest.fixture
def desk(store: Store, clock: FixedClock, tmp_path: Path) -> Desk:
    """Of a workspace where no source can see Reddit."""
    services = bare_services(store, clock, watch=Watch(store, clock, None), export_folder=tmp_path / "exports")
    return Desk(services, post.commands, looks.commands, data.commands)


def attached(content: bytes | BadFile) -> Attached:
    async def read(most_bytes: int) -> bytes:
        if isinstance(content, BadFile):
            raise content
        return content

    return read


async def look(desk: Desk, content: bytes | BadFile, sees: str = "no", actor: Actor = IN_CHAT) -> Card:
    files = {"picture": attached(content)}
    return await desk.dispatcher.run(actor, "post look", {"post": "1", "sees": sees}, files=files)


def choice_of(card: Card) -> Choice:
    return next(action for action in card.actions if isinstance(action, Choice))


async def test_the_form_asks_what_is_seen_and_for_a_picture_that_may_be_left_out(desk: Desk) -> None:
    card = await desk.done(f"post register {LINK}")
    [menu] = [action for action in card.actions if isinstance(action, Menu)]
    pressed = next(b for b in menu.buttons if b.label == "I have a picture")
    asked = await desk.press(pressed.action_id)
    assert asked.form is not None
    assert [(i.name, i.options, i.required, i.is_file) for i in asked.form.inputs] == [
        ("sees", ("yes", "no"), True, False),
        ("picture", (), False, True),
    ]
    assert asked.form.known == {"post": "1"}
    assert asked.links[0].url == "https://www.reddit.com/r/harbor/comments/1abc2d/"
    without = await desk.fill(asked.form, {"sees": "yes", "picture": ""}, IN_CHAT)
    assert without.text.startswith("Seen by Alice, 23 Nov 2026, 12:00 UTC. No other source looks here.")


async def test_a_look_with_a_picture_decides_where_no_source_can_see(desk: Desk, clock: FixedClock) -> None:
    await desk.done(f"post register {LINK}")
    clock.advance(timedelta(minutes=1))
    card = await look(desk, PNG)
    assert card.title == "Post 1 in r/harbor: removed, by whom is not known"
    assert card.text.split("\n")[0] == (
        "Not seen by Alice, 23 Nov 2026, 12:01 UTC. Its picture is kept as evidence. "
        "No other source looks here, so this look decides."
    )
    assert card.values["confidence"] == "medium"
    clock.advance(timedelta(minutes=1))
    card = await look(desk, WEBP, "yes")
    assert card.values["state"] == "live"
    shown = choice_of(card)
    assert (shown.label, shown.command) == ("Show a picture", "post picture")
    assert [label for label, _ in shown.options] == [
        "23 Nov 2026, 12:02 UTC · visible",
        "23 Nov 2026, 12:01 UTC · not visible",
    ]
    assert card.values["pictures"] == [number for _, number in shown.options]


async def test_where_only_members_see_the_post_their_looks_come_first(desk: Desk) -> None:
    card = await desk.done(f"post register {LINK}")
    shown = [action.label for action in card.actions if isinstance(action, Button)]
    assert shown == ["I can see it", "I can't see it"], "the link to the post is the third"
    assert [action.style for action in card.actions if isinstance(action, Button)] == [Style.PLAIN] * 2
    [menu] = [action for action in card.actions if isinstance(action, Menu)]
    assert [button.label for button in menu.buttons] == [
        "I have a picture",
        "Check now",
        "Snooze a day",
        "Stop watching",
    ]


async def test_a_picture_beside_other_sources_does_not_say_that_it_decides(
    store: Store, clock: FixedClock, tmp_path: Path
) -> None:
    watch = Watch(store, clock, World(clock, {"t3_1abc2d": sighting("t3_1abc2d", created_at=clock.now())}))
    desk = Desk(bare_services(store, clock, watch=watch), post.commands, looks.commands)
    await desk.done(f"post register {LINK}")
    said = (await look(desk, PNG)).text
    assert said.startswith(
        "Not seen by Alice, 23 Nov 2026, 12:00 UTC. Its picture is kept as evidence. "
        "A look decides alone only while no other source can see Reddit."
    )


async def test_a_picture_is_shown_to_who_asks_with_what_was_seen(desk: Desk, clock: FixedClock) -> None:
    await desk.done(f"post register {LINK}")
    card = await look(desk, PNG)
    clock.advance(timedelta(minutes=1))
    (_, webp), (_, png) = choice_of(await look(desk, WEBP, "yes")).options
    shown = await desk.press(f"v1|post picture|{png}", IN_CHAT)
    said = "Not seen logged out, 23 Nov 2026, 12:00 UTC"
    assert (shown.title, shown.text, shown.private) == ("Post 1, as Alice saw it", f"{said}.", True)
    assert shown.image == Image(f"post-1-look-{png}.png", PNG, said)
    shown = await desk.press(f"v1|post picture|{webp}", IN_CHAT)
    assert shown.image is None, "Slack shows no WebP inside a message"
    assert shown.documents == (Document(f"post-1-look-{webp}.webp", WEBP, "Seen logged out, 23 Nov 2026, 12:01 UTC"),)
    plain = await desk.press(f"v1|post picture|{png}")
    assert (plain.image, plain.documents) == (None, ())
    assert plain.text == f"{said}. To have it as a file: /rao data export"
    assert (await desk.press("v1|post picture|99", IN_CHAT)).code == "not_found"
    assert card.ok


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"GIF89a", "The file is no PNG, JPEG or WebP picture. Attach a screenshot in one of these forms."),
        (BadFile("It broke off.", "Attach it once more."), "It broke off. Attach it once more."),
    ],
)
async def test_a_picture_that_cannot_be_kept_leaves_the_look(
    desk: Desk, store: Store, content: bytes | BadFile, why: str
) -> None:
    await desk.done(f"post register {LINK}")
    card = await look(desk, content)
    assert card.ok
    assert card.text.split("\n")[0] == (
        f"Not seen by Alice, 23 Nov 2026, 12:00 UTC. Your look is kept, its picture is not. {why}"
    )
    [kept] = await store.readings(ALICE.workspace_id, 1)
    assert (kept.looked_by, kept.has_picture) == (ALICE.member_id, False)
    assert await store.pictures(ALICE.workspace_id) == []
    assert card.values["state"] == "unverified"


async def test_a_picture_of_a_post_that_its_author_deleted_is_not_kept(
    desk: Desk, store: Store, clock: FixedClock
) -> None:
    await desk.done(f"post register {LINK}")
    now = clock.advance(timedelta(hours=1))
    tracked = await store.tracked_post(ALICE.workspace_id, 1)
    deleted = world.removal_check(tracked, now, verdict=Verdict(State.DELETED, now))
    await world.record(store, [deleted], now)
    clock.advance(timedelta(hours=3))
    card = await look(desk, PNG)
    assert "Its picture is not kept, because the author deleted the post." in card.text
    assert await store.pictures(ALICE.workspace_id) == []


async def test_a_picture_without_what_is_seen_asks_for_that(desk: Desk, store: Store) -> None:
    await desk.done(f"post register {LINK}")
    card = await desk.dispatcher.run(IN_CHAT, "post look", {"post": "1"}, files={"picture": attached(PNG)})
    assert (card.code, card.form) == ("bad_argument", None)
    assert list(await store.readings(ALICE.workspace_id, 1)) == []


async def test_at_the_terminal_a_picture_is_a_path_and_in_a_chat_it_is_none(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller, tmp_path: Path
) -> None:
    (tmp_path / "my screen.png").write_bytes(PNG)
    line = f'post look 1 sees=no picture="{tmp_path}/my screen.png"'
    await desk.done(f"post register {LINK}")
    await store.ensure_workspace(CHATTING.workspace_id, CHATTING.platform, "Team", clock.now())
    typed = await desk.say(line, CHATTING)
    assert (typed.code, typed.values) == ("bad_argument", {"param": "picture"})
    assert "Its picture is kept as evidence." in (await desk.done(line)).text
    [kept] = await store.pictures(ALICE.workspace_id)
    assert (await store.picture(ALICE.workspace_id, kept.id))[1] == PNG
    missing = await desk.done(f"post look 1 sees=no picture={tmp_path}/none.png")
    assert "Your look is kept, its picture is not. There is no file" in missing.text


async def test_a_guest_sees_pictures_and_adds_none(desk: Desk, store: Store, clock: FixedClock, caller: Caller) -> None:
    await desk.done(f"post register {LINK}")
    card = await look(desk, PNG)
    await store.grant_role(caller, ALICE.member_id, "Alice", Role.ADMIN, clock.now())
    [(_, number)] = choice_of(card).options
    asked = False

    async def never(most_bytes: int) -> bytes:
        nonlocal asked
        asked = True
        return PNG

    given = {"post": "1", "sees": "no"}
    refused = await desk.dispatcher.run(GUEST, "post look", given, files={"picture": never})
    assert (refused.code, asked) == ("forbidden", False), "nothing is downloaded for who may not look"
    assert (await desk.press(f"v1|post picture|{number}", GUEST)).ok


async def test_an_export_holds_each_picture_as_a_file(desk: Desk, clock: FixedClock, tmp_path: Path) -> None:
    await desk.done(f"post register {LINK}")
    await look(desk, PNG)
    clock.advance(timedelta(minutes=1))
    (_, webp), (_, png) = choice_of(await look(desk, WEBP, "yes")).options
    card = await desk.done("data export")
    folder = Path(card.values["folder"])
    assert (folder / f"picture-{png}.png").read_bytes() == PNG
    assert (folder / f"picture-{webp}.webp").read_bytes() == WEBP
    assert "2 pictures of members' looks, each as a file." in card.text
    assert '"kept_by": "Alice"' in (folder / "pictures.jsonl").read_text("utf-8")
    assert "IHDR" not in (folder / "pictures.jsonl").read_text("utf-8")
