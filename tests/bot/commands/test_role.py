from __future__ import annotations

import pytest

from bot.commands import role
from bot.frontend import Actor
from core.model import Role
from storage.store import Store
from tests.bot.bare import ALICE, CHATTING, GUEST, Desk, bare_services
from tests.clock import FixedClock


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    return Desk(bare_services(store, clock), role.commands)


async def roles(store: Store, workspace: str = ALICE.workspace_id) -> dict[str, Role]:
    return {m.id: m.role for m in await store.members(workspace)}


async def test_a_granted_role_holds_and_is_listed_with_who_gave_it(desk: Desk, store: Store) -> None:
    await desk.done("role grant bob role=editor")
    assert await roles(store) == {"bob": Role.EDITOR}
    card = await desk.done("role list")
    assert card.fields[0].name == "bob · editor"
    assert card.fields[0].value == "Given by Alice, 23 Nov 2026, 12:00 UTC"


async def test_two_words_are_not_taken_for_one_name(desk: Desk, store: Store) -> None:
    assert (await desk.say('role grant "bob editor" role=editor')).code == "bad_argument"
    assert await roles(store) == {}


async def test_a_second_grant_replaces_the_first(desk: Desk, store: Store) -> None:
    await desk.done("role grant bob role=editor")
    await desk.done("role grant bob role=viewer")
    assert await roles(store) == {"bob": Role.VIEWER}


async def test_naming_the_first_admin_does_not_lock_out_who_did_it(desk: Desk, store: Store) -> None:
    card = await desk.done("role grant bob role=admin")
    assert "You are named as an admin too" in card.text
    assert await roles(store) == {"alice": Role.ADMIN, "bob": Role.ADMIN}
    assert (await desk.say("role list")).ok


async def test_a_later_admin_changes_nothing_for_others(desk: Desk, store: Store) -> None:
    await desk.done("role grant me role=admin")
    card = await desk.done("role grant bob role=admin")
    assert card.text == ""
    assert set(await roles(store)) == {"alice", "bob"}


async def test_a_grant_says_when_no_admin_is_named_yet(desk: Desk) -> None:
    assert "No admin is named" in (await desk.done("role grant bob role=editor")).text
    assert "No admin is named" in (await desk.done("role list")).text


async def test_the_last_admin_stays(desk: Desk, store: Store) -> None:
    await desk.done("role grant me role=admin")
    assert (await desk.say("role revoke me")).code == "not_allowed_now"
    assert (await desk.say("role grant me role=viewer")).code == "not_allowed_now"
    assert await roles(store) == {"alice": Role.ADMIN}


async def test_a_revoked_role_is_gone(desk: Desk, store: Store) -> None:
    await desk.done("role grant bob role=approver")
    card = await desk.done("role revoke bob")
    assert card.title == "bob is no longer an approver"
    assert await roles(store) == {}
    assert (await desk.say("role revoke bob")).code == "not_found"


@pytest.mark.parametrize(
    ("said", "member_id"), [("<@77>", "77"), ("<@!77>", "77"), ("<@U77|rob>", "U77"), ("<@11>", "11")]
)
async def test_a_mention_names_a_member_nobody_knew_yet(desk: Desk, store: Store, said: str, member_id: str) -> None:
    card = await desk.say(f"role grant {said} role=editor", CHATTING)
    assert card.values == {"member": member_id, "role": "editor"}
    assert await roles(store, CHATTING.workspace_id) == {member_id: Role.EDITOR}


async def test_a_plain_name_in_a_chat_is_taken_only_for_somebody_known(desk: Desk, store: Store) -> None:
    assert (await desk.say("role grant Rob role=editor", CHATTING)).code == "bad_argument"
    await desk.say('role grant "<@77|Rob>" role=editor', CHATTING)
    assert (await desk.say("role grant @rob role=approver", CHATTING)).ok
    assert await roles(store, CHATTING.workspace_id) == {"77": Role.APPROVER}


async def test_a_name_that_two_members_share_is_not_guessed(desk: Desk, store: Store) -> None:
    for number in (77, 78):
        await desk.say(f'role grant "<@{number}|Rob>" role=editor', CHATTING)
    card = await desk.say("role revoke rob", CHATTING)
    assert card.code == "bad_argument"
    assert "2 members" in card.text


async def test_only_an_admin_changes_roles(desk: Desk) -> None:
    await desk.done("role grant guest role=approver")
    for line in ("role grant guest role=admin", "role revoke guest", "role list"):
        assert (await desk.say(line, GUEST)).code == "forbidden"


async def test_a_member_of_another_workspace_is_not_meant(desk: Desk, store: Store) -> None:
    elsewhere = Actor("discord:2", "discord", "Elsewhere", "11", "Dora", may_manage=True)
    await desk.say('role grant "<@77|Rob>" role=editor', CHATTING)
    assert (await desk.say("role revoke 77", elsewhere)).code == "bad_argument"
    assert await roles(store, CHATTING.workspace_id) == {"77": Role.EDITOR}


async def test_a_list_of_nobody_says_who_is_admin_until_somebody_is_named(desk: Desk) -> None:
    card = await desk.done("role list")
    assert card.title == "Nobody has a role yet"
    assert card.text.startswith("Whoever manages this workspace is admin; everybody else can look.")
    assert card.values["members"] == []
