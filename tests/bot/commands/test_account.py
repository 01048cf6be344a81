from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Tone
from bot.commands import account
from core.accounts import account_name
from core.errors import BadArgument
from core.model import AccountState, AuthorStatus, Basis, Caller, Outcome, Reading, State, View
from core.ports import Check, NewTrackedPost, Store, Verdict
from tests.bot.bare import GUEST, Desk, bare_services
from tests.clock import FixedClock


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    return Desk(bare_services(store, clock), account.commands)


@given(st.from_regex(r"[A-Za-z0-9_-]{3,20}", fullmatch=True))
def test_an_account_is_known_by_its_name_however_it_is_written(name: str) -> None:
    ways = [
        "",
        "u/",
        "/u/",
        "/user/",
        "U/",
        "https://www.reddit.com/user/",
        "reddit.com/u/",
        "https://old.reddit.com/u/",
    ]
    for before in ways:
        assert account_name(f" {before}{name} ") == name
    assert account_name(f"u/{name}/") == name


@given(st.text())
def test_any_text_is_an_account_name_or_refused(text: str) -> None:
    try:
        name = account_name(text)
    except BadArgument:
        return
    assert account_name(name) == name


@pytest.mark.parametrize(
    "text", ["", "ab", "a" * 21, "two words", "r/quietdesk", "https://evil.example/u/name", "u/na.me"]
)
def test_what_is_no_account_name_is_refused(text: str) -> None:
    with pytest.raises(BadArgument, match="not the name"):
        account_name(text)


async def test_a_link_needs_the_consent_of_the_owner(desk: Desk, store: Store, caller: Caller) -> None:
    card = await desk.say("account link u/Quiet_Person")
    assert card.code == "missing_argument"
    assert "owner agreed" in card.text
    assert await store.accounts(caller.workspace_id) == []


async def test_a_link_says_what_is_recorded_and_that_nothing_is_signed_in(desk: Desk) -> None:
    card = await desk.done("account link u/Quiet_Person consent=yes")
    assert card.title == "u/Quiet_Person is linked"
    assert "Nothing is signed in" in card.text
    assert (await desk.say("account link quiet_person consent=yes")).code == "already_exists"


async def test_the_standing_of_an_account_that_nobody_looked_at_is_not_guessed(desk: Desk) -> None:
    await desk.done("account link Quiet_Person consent=yes")
    card = await desk.done("account status quiet_person")
    assert card.fields[0].value.split("\n") == ["Not looked at yet", "Linked by Alice"]
    assert card.tone is Tone.NEUTRAL


async def test_an_account_that_others_cannot_see_is_told_with_where_to_turn(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    now = clock.now()
    new = NewTrackedPost(
        fullname="t3_1abc2d",
        community="quietdesk",
        permalink="https://www.reddit.com/r/quietdesk/comments/1abc2d/",
        author="Quiet_Person",
        posted_at=now,
        basis=Basis.REDDIT_API,
        campaign_id=None,
        draft_id=None,
        next_check_at=now,
        audit_due_at=now,
    )
    post = await store.register_post(caller, new, now)
    reading = Reading(View.THIRD_PARTY, Basis.REDDIT_API, now, Outcome.NOT_VISIBLE, author_status=AuthorStatus.MISSING)
    verdict = Verdict(State.SHADOWBANNED, now)
    check = Check(post.id, post.workspace_id, (reading,), verdict, None, account_state=AccountState.SHADOWBANNED)
    await store.record_checks(None, [check], now)
    card = await desk.done("account status")
    assert card.tone is Tone.BAD
    assert [link.url for link in card.links] == ["https://www.reddit.com/appeals"]
    lines = card.fields[0].value.split("\n")
    assert lines[0] == "Shadowbanned: others cannot find it, since 23 Nov 2026, 12:00 UTC"
    assert lines[-1] == "Known from a registered post, not linked"


async def test_without_accounts_status_says_how_one_becomes_known(desk: Desk) -> None:
    card = await desk.done("account status")
    assert "No Reddit account" in card.title
    assert (await desk.say("account status nobody")).code == "not_found"


async def test_an_unlink_works_by_name_and_by_its_button(desk: Desk) -> None:
    for press in (True, False):
        linked = await desk.done("account link Quiet_Person consent=yes")
        card = (
            await desk.press(f"v1|account unlink|{linked.values['account']}")
            if press
            else await desk.done("account unlink u/QUIET_PERSON")
        )
        assert card.title == "u/Quiet_Person is unlinked"
    assert (await desk.say("account unlink Quiet_Person")).code == "not_found"


async def test_a_viewer_links_nothing(desk: Desk) -> None:
    assert (await desk.say("account link Quiet_Person consent=yes", GUEST)).code == "forbidden"
    assert (await desk.say("account unlink Quiet_Person", GUEST)).code == "forbidden"
    assert (await desk.say("account status", GUEST)).ok
