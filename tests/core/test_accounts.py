"""Linking an account from the consent page to its end, with a loopback Reddit and a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from core.accounts import CONSENT_FOR, Accounts
from core.errors import BadArgument, ConsentGone, NotAllowedNow, NotFound, RemoteError
from core.gateways.author import RedditAuthors
from core.model import AlertKind, Caller
from core.seal import LINKED_ACCOUNTS, Seal
from storage.store import Store
from tests.clock import FixedClock
from tests.fakes.loopback import Fault
from tests.fakes.reddit import FakeReddit


@pytest.fixture
async def reddit() -> AsyncIterator[FakeReddit]:
    async with FakeReddit() as fake:
        yield fake


@pytest.fixture
async def view(reddit: FakeReddit, clock: FixedClock) -> AsyncIterator[RedditAuthors]:
    gateway = RedditAuthors(**reddit.web_credentials, clock=clock)
    yield gateway
    await gateway.close()


@pytest.fixture
def accounts(store: Store, clock: FixedClock, view: RedditAuthors) -> Accounts:
    return Accounts(store, clock, view, Seal(lambda: "k" * 32, LINKED_ACCOUNTS))


async def test_a_pasted_address_links_the_account_and_keeps_its_token_sealed(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    page = await accounts.ask(caller)
    account = await accounts.confirm(caller, reddit.consent(page.url, "Plain_Person"))
    assert (account.name, account.linked_by) == ("Plain_Person", "alice")
    (sealed,) = (await store.sealed_tokens(caller.workspace_id)).values()
    (token,) = reddit.consents
    assert token not in sealed
    assert token not in repr(await store.export_rows(caller.workspace_id))
    linked = (await accounts.signed_in(caller.workspace_id))["plain_person"]
    assert linked.token == token
    assert token not in repr(linked)


@pytest.mark.parametrize(
    "wrapped",
    ["<{}>", "<{}|the page>", "  {}  "],
)
async def test_an_address_is_understood_however_a_platform_wraps_it(
    accounts: Accounts, reddit: FakeReddit, caller: Caller, wrapped: str
) -> None:
    address = reddit.consent((await accounts.ask(caller)).url, "Plain_Person")
    account = await accounts.confirm(caller, wrapped.format(address.replace("&", "&amp;")))
    assert account.signed_in_at is not None


@pytest.mark.parametrize("pasted", ["fake-code-0-0", "", "http://localhost:8480/reddit/linked", "http://[bad?state=1"])
async def test_anything_else_that_is_pasted_is_refused_with_what_to_copy(
    accounts: Accounts, caller: Caller, pasted: str
) -> None:
    with pytest.raises(BadArgument, match="whole address"):
        await accounts.confirm(caller, pasted)


async def test_an_address_serves_once_in_time_and_for_the_member_who_asked(
    accounts: Accounts, reddit: FakeReddit, clock: FixedClock, caller: Caller
) -> None:
    address = reddit.consent((await accounts.ask(caller)).url, "Plain_Person")
    for stranger in (
        replace(caller, member_id="bob", name="bob"),
        replace(caller, workspace_id="terminal:other"),
    ):
        with pytest.raises(NotFound):
            await accounts.confirm(stranger, address)
    await accounts.confirm(caller, address)
    with pytest.raises(NotFound, match="used already"):
        await accounts.confirm(caller, address)
    late = reddit.consent((await accounts.ask(caller)).url, "Plain_Person")
    clock.advance(CONSENT_FOR)
    with pytest.raises(NotFound):
        await accounts.confirm(caller, late)


async def test_an_invented_state_reaches_nothing(accounts: Accounts, reddit: FakeReddit, caller: Caller) -> None:
    await accounts.ask(caller)
    with pytest.raises(NotFound):
        await accounts.arrive({"state": "invented", "code": "stolen"})
    assert reddit.requests == []


async def test_the_browser_coming_back_links_for_the_member_who_asked(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    address = reddit.consent((await accounts.ask(caller)).url, "Plain_Person")
    request, account = await accounts.arrive(dict(parse_qsl(urlsplit(address).query)))
    assert (request.member_name, account.linked_by) == ("alice", "alice")
    assert (await store.accounts(caller.workspace_id))[0].signed_in_at is not None


async def test_a_refusal_on_reddits_page_links_nothing(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    address = reddit.consent((await accounts.ask(caller)).url, "Plain_Person", agrees=False)
    with pytest.raises(NotAllowedNow, match="refused on Reddit's page"):
        await accounts.confirm(caller, address)
    assert await store.accounts(caller.workspace_id) == []


async def test_another_account_than_the_one_asked_for_is_given_back_at_once(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    page = await accounts.ask(caller, "Plain_Person")
    with pytest.raises(NotAllowedNow, match="logged in as u/someone_else; the link was for u/Plain_Person"):
        await accounts.confirm(caller, reddit.consent(page.url, "someone_else"))
    assert reddit.consents == {}
    assert await store.accounts(caller.workspace_id) == []
    page = await accounts.ask(caller, "plain_person")
    assert (await accounts.confirm(caller, reddit.consent(page.url, "Plain_Person"))).name == "Plain_Person"


async def test_reddit_being_down_at_the_wrong_moment_says_so_and_links_nothing(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    address = reddit.consent((await accounts.ask(caller)).url, "Plain_Person")
    reddit.fail("/api/v1/access_token", Fault(status=503))
    with pytest.raises(RemoteError):
        await accounts.confirm(caller, address)
    assert await store.accounts(caller.workspace_id) == []


async def test_a_consent_that_cannot_be_kept_is_given_back(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    page = await accounts.ask(caller)
    async with store._database.write() as tx:
        when = "BEFORE UPDATE OF sealed_token ON accounts"
        await tx.exec_driver_sql(f"CREATE TRIGGER refusing {when} BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        await accounts.confirm(caller, reddit.consent(page.url, "Plain_Person"))
    assert await store.sealed_tokens(caller.workspace_id) == {}
    assert not reddit.consents


async def test_linking_again_gives_the_older_consent_back(
    accounts: Accounts, reddit: FakeReddit, caller: Caller
) -> None:
    for _ in range(2):
        await accounts.confirm(caller, reddit.consent((await accounts.ask(caller)).url, "Plain_Person"))
    assert len(reddit.consents) == 1
    linked = (await accounts.signed_in(caller.workspace_id))["plain_person"]
    assert linked.token in reddit.consents


async def test_unlinking_takes_the_consent_back_at_reddit(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    await accounts.confirm(caller, reddit.consent((await accounts.ask(caller)).url, "Plain_Person"))
    assert (await accounts.unlink(caller, "plain_person")).given_back is True
    assert reddit.consents == {}
    assert await store.sealed_tokens(caller.workspace_id) == {}
    with pytest.raises(NotFound):
        await accounts.unlink(caller, "plain_person")


async def test_unlinking_deletes_the_token_also_when_reddit_cannot_be_told(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    await accounts.confirm(caller, reddit.consent((await accounts.ask(caller)).url, "Plain_Person"))
    reddit.fail("/api/v1/revoke_token", Fault(status=503))
    assert (await accounts.unlink(caller, "plain_person")).given_back is False
    assert await store.sealed_tokens(caller.workspace_id) == {}


async def test_a_consent_taken_back_is_told_once_and_the_token_dropped(
    accounts: Accounts, reddit: FakeReddit, store: Store, caller: Caller
) -> None:
    await accounts.confirm(caller, reddit.consent((await accounts.ask(caller)).url, "Plain_Person"))
    linked = (await accounts.signed_in(caller.workspace_id))["plain_person"]
    reddit.take_consent_back("Plain_Person")
    for _ in range(3):
        with pytest.raises(ConsentGone):
            await accounts.look_up(linked, ["t3_fake000"])
    (alert,) = await store.alerts(caller.workspace_id)
    assert (alert.kind, alert.facts["author"]) == (AlertKind.CONSENT_GONE, "Plain_Person")
    assert await accounts.signed_in(caller.workspace_id) == {}
    await accounts.confirm(caller, reddit.consent((await accounts.ask(caller)).url, "Plain_Person"))
    (account,) = await store.accounts(caller.workspace_id)
    assert account.consent_gone_at is None


async def test_a_token_sealed_with_another_key_is_kept_and_not_used(
    accounts: Accounts, reddit: FakeReddit, store: Store, clock: FixedClock, view: RedditAuthors, caller: Caller
) -> None:
    await accounts.confirm(caller, reddit.consent((await accounts.ask(caller)).url, "Plain_Person"))
    other = Accounts(store, clock, view, Seal(lambda: "z" * 32, LINKED_ACCOUNTS))
    assert await other.signed_in(caller.workspace_id) == {}
    assert await store.alerts(caller.workspace_id) == []
    assert set(await accounts.signed_in(caller.workspace_id)) == {"plain_person"}


async def test_before_a_workspace_is_forgotten_every_consent_is_given_back(
    accounts: Accounts, reddit: FakeReddit, caller: Caller
) -> None:
    for name in ("first_one", "second_one"):
        await accounts.confirm(caller, reddit.consent((await accounts.ask(caller)).url, name))
    assert await accounts.give_all_back(caller.workspace_id) == []
    assert reddit.consents == {}


async def test_without_a_web_app_signing_in_says_what_to_set(store: Store, clock: FixedClock, caller: Caller) -> None:
    bare = Accounts(store, clock)
    assert not bare.can_sign_in
    with pytest.raises(NotAllowedNow, match="BCRAO_REDDIT_WEB_CLIENT_ID"):
        await bare.ask(caller)
    assert await bare.signed_in(caller.workspace_id) == {}
