"""`/rao account …`: Reddit accounts that members linked with the owner's consent or posted with, and how others see
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.alert_words import APPEALS
from bot.card import Button, Card, Field, Form, Input, Link, Style, Tone, error_card, values_of
from bot.command import Context, Kind, Param, Registry
from bot.words import age, moment
from core.errors import NotFound
from core.model import Account, AccountState, Role, is_same_account
from core.ports import Also
from core.texts.pasted import account_name

commands = Registry()

APPS = Link("reddit.com/prefs/apps", "https://www.reddit.com/prefs/apps")
SIGN_IN_SETTINGS = "BCRAO_REDDIT_WEB_CLIENT_ID and BCRAO_REDDIT_WEB_CLIENT_SECRET"

NAME = Param("name", "u/name", required=True, lookup="account", max_length=100)

BOTH = "both"
_ALSO = {
    Also.POSTS: "to list its posts, for which Reddit's word is “history”. ",
    Also.MESSAGES: "to read its inbox. Only while a removal has no known reason, only what moderators wrote is looked "
    "at, and only a reason for that removal is kept. ",
}
_NTH = ("third", "fourth")
_STANDING = {
    AccountState.VISIBLE: "Others can see it",
    AccountState.SHADOWBANNED: "Shadowbanned: others cannot find it",
    AccountState.SUSPENDED: "Suspended by Reddit",
    AccountState.DELETED: "Deleted",
    AccountState.UNKNOWN: "Not looked at yet",
}


@commands.command(
    "account link",
    "Link a Reddit account by its owner's consent",
    Param("name", "only this account, as u/name", lookup="account", max_length=100),
    Param("also", "posts: list its posts; messages: removal reasons; both", Kind.CHOICE, choices=(*Also, BOTH)),
    Param("consent", "without signing in: yes, its owner agreed", Kind.CHOICE, choices=("yes",)),
    role=Role.EDITOR,
)
async def link(ctx: Context, name: str | None, also: str | None, consent: str | None) -> Card:
    accounts = ctx.services.accounts
    wanted = account_name(name) if name else None
    if not accounts.can_sign_in:
        return await _record(ctx, wanted, consent)
    asked = list(Also) if also == BOTH else [Also(also)] if also else []
    besides = "".join(f"You asked for a {nth}: {_ALSO[wish]}" for nth, wish in zip(_NTH, asked, strict=False))
    page = await accounts.ask(ctx.caller, wanted, asked)
    whose = f"u/{wanted}" if wanted else "the account"
    return Card(
        title="Its owner says yes on Reddit's page",
        text=f"Log in to Reddit as {whose}, open the page and agree. Two things are asked for: to know whose account "
        f"it is, and to read how its own posts look to it. {besides}Posting, voting and "
        "writing messages are not asked for, and this program has no way to do them.",
        fields=(
            Field(
                "Then",
                "If the browser says that it is linked, there is nothing more to do. If it shows an error or an empty "
                "page, copy the whole address from its address bar and give it here: /rao account confirm address=…",
            ),
            Field("Good until", moment(page.expires_at)),
        ),
        actions=(Button("I have the address", "account confirm", style=Style.PRIMARY),),
        links=(Link("Open Reddit's page", page.url),),
        private=True,
        values={"url": page.url, "expires_at": page.expires_at.isoformat(), "name": wanted},
    )


async def _record(ctx: Context, wanted: str | None, consent: str | None) -> Card:
    """Record only the name, on a member's word, because there is no web app of Reddit to sign in with."""
    setup = f"Signing in is not set up here: whoever runs the bot sets {SIGN_IN_SETTINGS} (docs/accounts.md)."
    if wanted is None or consent is None:
        missing = [name for name, value in (("name", wanted), ("consent", consent)) if value is None]
        asked = {
            "name": Input("name", "Name", help="u/name"),
            "consent": Input("consent", "Consent", help="yes: it is yours, or its owner agreed", options=("yes",)),
        }
        card = error_card(
            "missing_argument",
            f"{setup} Without it an account is recorded by its name, when its owner agreed.",
            "Write: /rao account link u/name consent=yes",
        )
        form = Form("Link an account", "account link", tuple(asked[name] for name in missing))
        return replace(card, form=replace(form, known={"name": wanted} if wanted else {}))
    account = await ctx.services.accounts.record(ctx.caller, wanted)
    return Card(
        title=f"u/{account.name} is linked",
        text="Recorded: the name, and that its owner agreed. Nothing is signed in: the account is looked at from "
        f"outside, as others see it, and nothing is ever posted, voted or sent with it.\n{setup}",
        fields=(Field("Standing", _standing(account)),),
        actions=(Button("Unlink", "account unlink", account.id),),
        values=_values(account),
    )


@commands.command(
    "account confirm",
    "Finish linking: paste the address Reddit sent you to",
    Param("address", "all of it, with state=… and code=…", required=True, max_length=2000),
    role=Role.EDITOR,
)
async def confirm(ctx: Context, address: str) -> Card:
    account = await ctx.services.accounts.confirm(ctx.caller, address)
    return Card(
        title=f"u/{account.name} is linked",
        text="Its own view of its posts is read when others see something unusual: it can prove a removal, and decide "
        "a suspected shadowban. It can never prove that others see a post.",
        fields=(Field("Standing", _about(ctx, account)),),
        actions=(Button("Unlink", "account unlink", account.id),),
        tone=Tone.GOOD,
        private=True,
        values=_values(account),
    )


@commands.command(
    "account status",
    "Reddit accounts: visible or not, age, karma",
    Param("name", "only this one, as u/name", lookup="account", max_length=100),
)
async def status(ctx: Context, name: str | None) -> Card:
    accounts = await ctx.services.store.accounts(ctx.workspace_id)
    if name:
        accounts = [_find(accounts, name)]
    if not accounts:
        return Card(
            title="No Reddit account is known here yet",
            text="One becomes known when its owner links it, or when a post of it is registered.",
            actions=(Button("Link an account", "account link", style=Style.PRIMARY),),
            values={"accounts": []},
        )
    again = [a for a in accounts if a.consent_gone_at is not None]
    unseen = [a for a in accounts if a.state in (AccountState.SHADOWBANNED, AccountState.SUSPENDED)]
    return Card(
        title="Reddit accounts",
        sample=ctx.services.sample is not None,
        text="Its owner can check and appeal at reddit.com/appeals while logged in." if unseen else "",
        fields=tuple(Field(f"u/{a.name}", _about(ctx, a)) for a in accounts),
        actions=(Button("Link again", "account link", style=Style.PRIMARY),) if again else (),
        links=(APPEALS,) if unseen else (),
        tone=Tone.BAD if unseen else Tone.ATTENTION if again else Tone.NEUTRAL,
        values={"accounts": [_values(a) for a in accounts]},
    )


@commands.command("account unlink", "Take back the consent for a Reddit account", NAME, role=Role.EDITOR)
async def unlink(ctx: Context, name: str) -> Card:
    found = _find(await ctx.services.store.accounts(ctx.workspace_id), name)
    gone = await ctx.services.accounts.unlink(ctx.caller, found.name)
    notes = {
        True: "Reddit was told: the consent is gone there too. ",
        False: "Its token is deleted here; Reddit could not be told. Its owner can take the consent back there too. ",
        None: "",
    }
    return Card(
        title=f"u/{gone.account.name} is unlinked",
        text=f"{ctx.signed('Unlinked')}. {notes[gone.given_back]}Posts of it that were registered stay watched; stop "
        "one with /rao post stop.",
        links=(APPS,) if gone.given_back is False else (),
        values={"account": gone.account.id, "name": gone.account.name, "given_back": gone.given_back},
    )


def _find(accounts: Sequence[Account], said: str) -> Account:
    """Returns the account with this name in any case, or with this number, which a button carries. Raises
    `NotFound`.
    """
    by_id = next((a for a in accounts if said.isdecimal() and str(a.id) == said), None)
    found = by_id or next((a for a in accounts if is_same_account(a.name, account_name(said))), None)
    if found is None:
        raise NotFound(f"u/{account_name(said)} is not known here.", "See which are: /rao account status")
    return found


def _about(ctx: Context, account: Account) -> str:
    now = ctx.services.clock.now()
    lines = [_standing(account)]
    if account.reddit_created_at:
        lines.append(f"{age(now - account.reddit_created_at).capitalize()} old")
    if account.karma is not None:
        lines.append(f"Karma {account.karma:,}")
    lines.append(f"Last looked at {moment(account.last_read_at)}" if account.last_read_at else "Not looked at yet")
    lines.append(f"Linked by {account.linked_by}" if account.linked_by else "Known from a registered post, not linked")
    if account.signed_in_at is not None:
        lines.append(f"Its own view can be read, since {moment(account.signed_in_at)}")
    if account.may_list_posts:
        lines.append("The list of its posts can be read too")
    if account.may_read_messages:
        lines.append("Moderators' messages about removals can be read too")
    if account.consent_gone_at is not None:
        lines.append(f"Link it again: Reddit no longer accepts its consent, since {moment(account.consent_gone_at)}")
    return "\n".join(dict.fromkeys(lines))


def _standing(account: Account) -> str:
    if account.state is AccountState.UNKNOWN:
        return _STANDING[account.state]
    return f"{_STANDING[account.state]}, since {moment(account.state_since)}"


def _values(account: Account) -> dict[str, Any]:
    return {
        "account": account.id,
        **values_of(account, "name state karma"),
        "since": account.state_since.isoformat(),
        "linked": account.linked_by is not None,
        "signed_in": account.signed_in_at is not None,
        "link_again": account.consent_gone_at is not None,
    }
