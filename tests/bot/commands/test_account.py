from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Button, Tone
from bot.commands import account, data
from core.accounts import Accounts
from core.errors import BadArgument, ConsentGone
from core.gateways.author import RedditAuthors
from core.model import AccountState, AuthorStatus, Basis, Caller, Outcome, Reading, State, View
from core.seal import LINKED_ACCOUNTS, Seal
from core.texts.pasted import account_name
from core.visibility.tracking import Check, NewTrackedPost, Verdict
from storage.store import Store
from tests.bot.bare import GUEST, Desk, bare_services
from tests.clock import FixedClock
from tests.fakes.loopback import Fault
from tests.fakes.reddit import FakeReddit
from tests.storage import world


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
    await world.record(store, [check], now)
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


@pytest.fixture
async def reddit() -> AsyncIterator[FakeReddit]:
    async with FakeReddit() as fake:
        yield fake


@pytest.fixture
async def signing_desk(reddit: FakeReddit, store: Store, clock: FixedClock) -> AsyncIterator[Desk]:
    """Where a web app of Reddit is set up."""
    gateway = RedditAuthors(**reddit.web_credentials, clock=clock)
    accounts = Accounts(store, clock, gateway, Seal(lambda: "k" * 32, LINKED_ACCOUNTS))
    yield Desk(bare_services(store, clock, accounts=accounts), account.commands, data.commands)
    await gateway.close()


async def test_linking_answers_reddits_page_and_takes_the_address_that_comes_back(
    signing_desk: Desk, reddit: FakeReddit
) -> None:
    card = await signing_desk.done("account link")
    assert card.private
    assert "Posting, voting and writing messages are not asked for" in card.text
    (page,) = card.links
    assert page.url.startswith(f"{reddit.url}/api/v1/authorize?")
    asked = await signing_desk.press("v1|account confirm|")
    assert asked.form is not None
    assert [i.name for i in asked.form.inputs] == ["address"]
    linked = await signing_desk.done(f"account confirm address={reddit.consent(page.url, 'Plain_Person')}")
    assert linked.title == "u/Plain_Person is linked"
    assert "It can never prove that others see a post." in linked.text
    shown = await signing_desk.done("account status")
    assert "Its own view can be read, since 23 Nov 2026, 12:00 UTC" in shown.fields[0].value
    assert (shown.values["accounts"][0]["signed_in"], shown.values["accounts"][0]["link_again"]) == (True, False)
    gone = await signing_desk.press(f"v1|account unlink|{linked.values['account']}")
    assert "Reddit was told" in gone.text
    assert reddit.consents == {}


async def test_reading_its_list_of_posts_is_asked_for_only_when_a_member_wants_it_and_the_card_says_so(
    signing_desk: Desk, reddit: FakeReddit
) -> None:
    card = await signing_desk.done("account link also=posts")
    assert "You asked for a third: to list its posts, for which Reddit's word is “history”." in card.text
    await signing_desk.done(f"account confirm address={reddit.consent(card.links[0].url, 'Plain_Person')}")
    shown = await signing_desk.done("account status")
    assert "The list of its posts can be read too" in shown.fields[0].value


async def test_reading_its_inbox_is_asked_for_only_when_a_member_wants_it_and_the_card_says_what_for(
    signing_desk: Desk, reddit: FakeReddit
) -> None:
    plain = await signing_desk.done("account link")
    assert "privatemessages" not in plain.links[0].url
    card = await signing_desk.done("account link also=messages")
    assert "only what moderators wrote is looked at, and only a reason for that removal is kept" in card.text
    await signing_desk.done(f"account confirm address={reddit.consent(card.links[0].url, 'Plain_Person')}")
    shown = await signing_desk.done("account status")
    assert "Moderators' messages about removals can be read too" in shown.fields[0].value


async def test_both_can_be_asked_for_with_one_link(signing_desk: Desk, reddit: FakeReddit) -> None:
    card = await signing_desk.done("account link also=both")
    assert "You asked for a third: to list its posts" in card.text
    assert "You asked for a fourth: to read its inbox." in card.text
    await signing_desk.done(f"account confirm address={reddit.consent(card.links[0].url, 'Plain_Person')}")
    shown = await signing_desk.done("account status")
    assert "The list of its posts can be read too" in shown.fields[0].value
    assert "Moderators' messages about removals can be read too" in shown.fields[0].value


async def test_an_account_whose_consent_is_gone_is_to_be_linked_again(
    signing_desk: Desk, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    page = (await signing_desk.done("account link")).links[0].url
    await signing_desk.done(f"account confirm {reddit.consent(page, 'Plain_Person')}")
    reddit.take_consent_back("Plain_Person")
    accounts = signing_desk.services.accounts
    with pytest.raises(ConsentGone):
        await accounts.look_up((await accounts.signed_in(caller.workspace_id))["plain_person"], ["t3_fake000"])
    card = await signing_desk.done("account status")
    assert "Link it again: Reddit no longer accepts its consent" in card.fields[0].value
    assert [(a.label, a.command) for a in card.actions if isinstance(a, Button)] == [("Link again", "account link")]


async def test_an_address_that_leads_nowhere_says_what_to_do(signing_desk: Desk) -> None:
    refused = await signing_desk.say("account confirm address=https://www.reddit.com/")
    assert (refused.code, refused.values) == ("bad_argument", {"param": "address"})
    assert (await signing_desk.say("account confirm http://x/?state=a&code=b")).code == "not_found"
    assert (await signing_desk.say("account link", GUEST)).code == "forbidden"
    assert (await signing_desk.say("account confirm x", GUEST)).code == "forbidden"


async def test_forgetting_a_workspace_takes_the_consent_back_or_says_who_must(
    signing_desk: Desk, reddit: FakeReddit
) -> None:
    for fails in (False, True):
        page = (await signing_desk.done("account link")).links[0].url
        await signing_desk.done(f"account confirm {reddit.consent(page, 'Plain_Person')}")
        if fails:
            reddit.fail("/api/v1/revoke_token", Fault(status=503))
        card = await signing_desk.done("data forget confirm=Local")
        assert ("u/Plain_Person" in card.text) is fails
        assert bool(reddit.consents) is fails


async def test_where_signing_in_is_not_set_up_it_says_what_to_set(desk: Desk) -> None:
    card = await desk.say("account link")
    assert card.code == "missing_argument"
    assert "BCRAO_REDDIT_WEB_CLIENT_ID" in card.text
    assert card.form is not None
    assert [i.name for i in card.form.inputs] == ["name", "consent"]
    recorded = await desk.done("account link u/Quiet_Person consent=yes")
    assert "BCRAO_REDDIT_WEB_CLIENT_ID" in recorded.text
    assert (await desk.say("account confirm http://x/?state=a&code=b")).code == "not_allowed_now"


async def test_a_viewer_links_nothing(desk: Desk) -> None:
    assert (await desk.say("account link Quiet_Person consent=yes", GUEST)).code == "forbidden"
    assert (await desk.say("account unlink Quiet_Person", GUEST)).code == "forbidden"
    assert (await desk.say("account status", GUEST)).ok
