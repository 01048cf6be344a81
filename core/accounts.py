"""Linked Reddit accounts: asks for consent, confirms it, keeps it sealed and gives it back. `core/visibility` judges
their states.

An owner gives consent on Reddit's own page. The answer carries a `state` that only one member knows, that can be used
once and that expires; only its hash is stored. The token that follows is sealed at once, and leaves this module
unsealed only to Reddit.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

from core.clock import Clock
from core.errors import Advice, BadArgument, ConsentGone, Do, NotAllowedNow, UserError
from core.log import correlation_id
from core.model import Account, AlertKind, Basis, Caller, NewAlert, is_same_account
from core.ports import Also, AuthorView, Received, Sighting
from core.seal import Seal


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """A consent page that a member asked for, and whose answer came. `account_name`: only this account is accepted;
    None: any account.
    """

    workspace_id: str
    member_id: str
    member_name: str
    account_name: str | None
    asked_at: datetime


class AccountReads(Protocol):
    async def accounts(self, workspace_id: str, names: Collection[str] | None = None) -> Sequence[Account]:
        """All accounts, or those with one of `names`, in any case of letters."""
        ...


class AccountStore(AccountReads, Protocol):
    async def link_account(self, caller: Caller, name: str, now: datetime) -> Account: ...
    async def unlink_account(self, caller: Caller, name: str, now: datetime) -> Account:
        """Also deletes its token."""
        ...

    async def ask_consent(
        self, caller: Caller, state_sha256: str, account_name: str | None, now: datetime, expires_at: datetime
    ) -> None:
        """Keep the consent page that this member got, in place of the member's earlier one."""
        ...

    async def take_consent_request(
        self, state_sha256: str, now: datetime, *, only_for: Caller | None = None
    ) -> ConsentRequest:
        """Returns and closes the open request with this state. `NotFound` when it was used, expired, or (with
        `only_for`) is another member's; then it stays open.
        """
        ...

    async def sign_in_account(
        self,
        caller: Caller,
        name: str,
        sealed_token: str,
        now: datetime,
        *,
        reddit_created_at: datetime | None = None,
        karma: int | None = None,
        scopes: str | None = None,
    ) -> Account:
        """Link the account with a token, which replaces an earlier one. None leaves age or karma as it was."""
        ...

    async def sealed_tokens(self, workspace_id: str) -> Mapping[int, str]:
        """Returns tokens by account id. Only this verb returns them: no record and no export holds them."""
        ...

    async def end_consent(
        self, caller: Caller, account_id: int, sealed_token: str, alert: NewAlert, now: datetime
    ) -> bool:
        """Drop this token and owe the alert, in one transaction. False when the account has another token by now."""
        ...


log = logging.getLogger(__name__)
Answered = TypeVar("Answered")

CONSENT_FOR = timedelta(minutes=15)  # long enough to log in, too short for somebody who finds the link later
_ASK_AGAIN = Advice("Ask for a new link.", Do.LINK_ACCOUNT)


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The page where the account's owner says yes or no, and until when the answer counts."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """A signed-in account, whose own view can be asked for."""

    account: Account
    sealed_token: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unlinked:
    """`given_back`: Reddit forgot the consent too. None when there was no consent, False when Reddit could not be
    told.
    """

    account: Account
    given_back: bool | None


class Accounts:
    """`view` and `seal` are None when no web app of Reddit is set up: then accounts can only be recorded by name."""

    def __init__(
        self, store: AccountStore, clock: Clock, view: AuthorView | None = None, seal: Seal | None = None
    ) -> None:
        self._store, self._clock, self._view, self._seal = store, clock, view, seal

    @property
    def can_sign_in(self) -> bool:
        return self._view is not None and self._seal is not None

    @property
    def basis(self) -> Basis:
        return self._view.basis if self._view is not None else Basis.REDDIT_API

    async def record(self, caller: Caller, name: str) -> Account:
        """Link an account by its name alone, on a member's word that its owner agreed."""
        return await self._store.link_account(caller, name, self._clock.now())

    # ------------------------------------------------ consent

    async def ask(self, caller: Caller, name: str | None = None, also: Collection[Also] = ()) -> ConsentPage:
        """Returns a page for this member alone, which asks for `also` besides; an earlier page no longer counts. With
        `name`, only that account is accepted.
        """
        view, _ = self._ready()
        state, now = secrets.token_urlsafe(32), self._clock.now()
        await self._store.ask_consent(caller, _hash(state), name, now, now + CONSENT_FOR)
        return ConsentPage(view.consent_url(state, also), now + CONSENT_FOR)

    async def confirm(self, caller: Caller, address: str) -> Account:
        """Finish with the address to which Reddit sent the browser, as the member pasted it.

        Only the member who asked can finish; another member's attempt changes nothing.
        """
        self._ready()
        answer = _answer_in(address)
        request = await self._store.take_consent_request(_hash(answer["state"]), self._clock.now(), only_for=caller)
        return await self._finish(caller, request, answer)

    async def arrive(self, answer: Mapping[str, str]) -> tuple[ConsentRequest, Account]:
        """Finish with the query of the browser that Reddit sent here (`state`, and `code` or `error`)."""
        self._ready()
        state = answer.get("state", "")
        request = await self._store.take_consent_request(_hash(state), self._clock.now())
        caller = Caller(request.workspace_id, request.member_id, request.member_name, correlation_id())
        return request, await self._finish(caller, request, answer)

    async def _finish(self, caller: Caller, request: ConsentRequest, answer: Mapping[str, str]) -> Account:
        view, seal = self._ready()
        if "code" not in answer:
            denied = answer.get("error") == "access_denied"
            what = "Consent was refused on Reddit's page." if denied else "Reddit did not give consent."
            raise NotAllowedNow(f"{what} Nothing is linked.", _ASK_AGAIN)
        try:
            owner = await view.sign_in(answer["code"])
        except ConsentGone:
            raise NotAllowedNow(
                "Reddit does not accept that answer: it is used already, or too old.", _ASK_AGAIN
            ) from None
        wanted = request.account_name
        if wanted is not None and not is_same_account(wanted, owner.name):
            await self._give_back(owner.token)
            raise NotAllowedNow(
                f"Reddit says you are logged in as u/{owner.name}; the link was for u/{wanted}. Nothing is linked.",
                Advice(f"Log in to Reddit as u/{wanted} first, then ask again.", Do.LINK_ACCOUNT, f"u/{wanted}"),
            )
        try:
            sealed = await asyncio.to_thread(seal.close, owner.token)
            before = await self._sealed_token_of(caller.workspace_id, owner.name)
            account = await self._store.sign_in_account(
                caller,
                owner.name,
                sealed,
                self._clock.now(),
                reddit_created_at=owner.created_at,
                karma=owner.karma,
                scopes=owner.scopes,
            )
        except Exception:  # give it back now, because it is stored nowhere
            await self._give_back(owner.token)
            raise
        if before is not None:
            await self._give_back_sealed(before)
        return account

    async def unlink(self, caller: Caller, name: str) -> Unlinked:
        """Remove the link here and at Reddit. Raises `NotFound`."""
        sealed = await self._sealed_token_of(caller.workspace_id, name)
        account = await self._store.unlink_account(caller, name, self._clock.now())
        return Unlinked(account, await self._give_back_sealed(sealed) if sealed is not None else None)

    async def give_all_back(self, workspace_id: str) -> Sequence[str]:
        """Give back all consents before a workspace is forgotten. Returns the names of accounts where that failed."""
        tokens = await self._store.sealed_tokens(workspace_id)
        accounts = await self._store.accounts(workspace_id)
        return [a.name for a in accounts if a.id in tokens and not await self._give_back_sealed(tokens[a.id])]

    # ------------------------------------------------ the own view

    async def signed_in(self, workspace_id: str) -> Mapping[str, LinkedAccount]:
        """Returns the accounts that can be asked now, by casefolded name. Raises `StorageUnavailable` only."""
        if self._view is None or self._seal is None:
            return {}
        tokens = await self._store.sealed_tokens(workspace_id)
        if not tokens:
            return {}
        found: dict[str, LinkedAccount] = {}
        for account in await self._store.accounts(workspace_id):
            if account.id in tokens and (token := await self._unsealed(tokens[account.id])) is not None:
                found[account.name.casefold()] = LinkedAccount(account, tokens[account.id], token)
        return found

    async def look_up(self, linked: LinkedAccount, fullnames: Sequence[str]) -> Mapping[str, Sighting]:
        """Returns what the account sees. After `ConsentGone`, drops the token and alerts the workspace once."""
        view, _ = self._ready()
        return await self._while_allowed(linked, view.look_up(linked.token, fullnames))

    async def submitted(self, linked: LinkedAccount) -> Sequence[Sighting]:
        """Returns the account's newest posts, when its consent allows that (`Account.may_list_posts`). `ConsentGone`
        as for `look_up`.
        """
        view, _ = self._ready()
        return await self._while_allowed(linked, view.submitted(linked.token, linked.account.name))

    async def received(self, linked: LinkedAccount) -> Sequence[Received]:
        """Returns what moderators sent to the account; nothing when its consent does not allow that
        (`Account.may_read_messages`). `ConsentGone` as for `look_up`.
        """
        view, _ = self._ready()
        if not linked.account.may_read_messages:
            return ()
        return await self._while_allowed(linked, view.received(linked.token))

    async def _while_allowed(self, linked: LinkedAccount, asking: Awaitable[Answered]) -> Answered:
        try:
            return await asking
        except ConsentGone:
            await self._end(linked)
            raise

    async def _end(self, linked: LinkedAccount) -> None:
        account = linked.account
        caller = Caller.program(account.workspace_id, correlation_id(), "scheduler")
        since = account.signed_in_at.isoformat() if account.signed_in_at is not None else "?"
        facts = {"author": account.name, "linked_by": account.linked_by, "since": since}
        alert = NewAlert(AlertKind.CONSENT_GONE, f"consent:{account.id}:{since}", facts)
        await self._store.end_consent(caller, account.id, linked.sealed_token, alert, self._clock.now())

    # ------------------------------------------------ inside

    def _ready(self) -> tuple[AuthorView, Seal]:
        if self._view is None or self._seal is None:
            raise NotAllowedNow(
                "Signing in is not set up here, so an account can only be recorded by its name.",
                "Whoever runs the bot sets BCRAO_REDDIT_WEB_CLIENT_ID and BCRAO_REDDIT_WEB_CLIENT_SECRET.",
            )
        return self._view, self._seal

    async def _sealed_token_of(self, workspace_id: str, name: str) -> str | None:
        tokens = await self._store.sealed_tokens(workspace_id)
        accounts = await self._store.accounts(workspace_id)
        return next((tokens.get(a.id) for a in accounts if is_same_account(a.name, name)), None)

    async def _unsealed(self, sealed: str) -> str | None:
        """Returns the token; None, with a line in the log, when this program's key does not open it. The sealed token
        is kept, because the right key may be set again.
        """
        if self._seal is None:
            return None
        try:
            token = await asyncio.to_thread(self._seal.open, sealed)
        except UserError as error:
            log.error("a token cannot be opened", extra={"problem": str(error)})  # noqa: TRY400 - its text says it all
            return None
        if token is None:
            log.error("a token was sealed with another key: set BCRAO_SECRET_KEY to it, or link the account again")
        return token

    async def _give_back_sealed(self, sealed: str) -> bool:
        token = await self._unsealed(sealed)
        return token is not None and await self._give_back(token)

    async def _give_back(self, token: str) -> bool:
        if self._view is None:
            return False
        try:
            await self._view.revoke(token)
        except UserError as error:
            log.warning("consent not given back", extra={"problem": error.what})
            return False
        return True


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()


def _answer_in(address: str) -> Mapping[str, str]:
    """Returns `state`, and `code` or `error`, from a pasted address, also when the platform wrapped it."""
    link = address.strip()
    if link.startswith("<") and link.endswith(">"):  # Discord's <url>, Slack's <url|text>
        link = link[1:-1].split("|", 1)[0]
    try:
        query = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    except ValueError:
        query = {}
    found: dict[str, str] = {name: query[name][0] for name in ("state", "code", "error") if name in query}
    if "state" not in found or not found.keys() & {"code", "error"}:
        raise BadArgument(
            "That is not the address Reddit sent you to.",
            "After you agreed, copy the whole address from the browser's address bar; it holds state=… and code=…",
            param="address",
        )
    return found
