"""`/rao account …`: Reddit accounts that are known here by consent of their owner, and how others see them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.card import Button, Card, Field, Link, Style, Tone
from bot.command import Context, Kind, Param, Registry
from bot.words import age, moment
from core.accounts import account_name
from core.errors import NotFound
from core.model import Account, AccountState, Role

commands = Registry()

NAME = Param("name", "the account, as u/name", required=True, lookup="account", max_length=100)

_STANDING = {
    AccountState.VISIBLE: "Others can see it",
    AccountState.SHADOWBANNED: "Shadowbanned: others cannot find it",
    AccountState.SUSPENDED: "Suspended by Reddit",
    AccountState.DELETED: "Deleted",
    AccountState.UNKNOWN: "Not looked at yet",
}


@commands.command(
    "account link",
    "Record a Reddit account by consent of its owner; its standing is then watched with its posts",
    NAME,
    Param("consent", "yes: it is yours, or its owner agreed", Kind.CHOICE, required=True, choices=("yes",)),
    role=Role.EDITOR,
)
async def link(ctx: Context, name: str, consent: str) -> Card:
    account = await ctx.services.store.link_account(ctx.caller, account_name(name), ctx.services.clock.now())
    return Card(
        title=f"u/{account.name} is linked",
        text="Recorded: the name, and that its owner agreed. Nothing is signed in: the account is looked at from "
        "outside, as others see it, and nothing is ever posted, voted or sent with it.",
        fields=(Field("Standing", _standing(account)),),
        actions=(Button("Unlink", "account unlink", account.id),),
        values=_values(account),
    )


@commands.command(
    "account status",
    "The standing of Reddit accounts known here: visible or not, age, karma",
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
    unseen = [a for a in accounts if a.state in (AccountState.SHADOWBANNED, AccountState.SUSPENDED)]
    return Card(
        title="Reddit accounts",
        sample=ctx.services.sample is not None,
        text="Its owner can check and appeal at reddit.com/appeals while logged in." if unseen else "",
        fields=tuple(Field(f"u/{a.name}", _about(ctx, a)) for a in accounts),
        links=(Link("reddit.com/appeals", "https://www.reddit.com/appeals"),) if unseen else (),
        tone=Tone.BAD if unseen else Tone.NEUTRAL,
        values={"accounts": [_values(a) for a in accounts]},
    )


@commands.command("account unlink", "Take back the consent for a Reddit account", NAME, role=Role.EDITOR)
async def unlink(ctx: Context, name: str) -> Card:
    found = _find(await ctx.services.store.accounts(ctx.workspace_id), name)
    gone = await ctx.services.store.unlink_account(ctx.caller, found.name, ctx.services.clock.now())
    return Card(
        title=f"u/{gone.name} is unlinked",
        text="Posts of it that were registered stay watched; stop one with /rao post stop.",
        values={"account": gone.id, "name": gone.name},
    )


def _find(accounts: Sequence[Account], said: str) -> Account:
    """By name without regard to case, or by the number that a button carries."""
    by_id = next((a for a in accounts if said.isdecimal() and str(a.id) == said), None)
    found = by_id or next((a for a in accounts if a.name.lower() == account_name(said).lower()), None)
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
    return "\n".join(dict.fromkeys(lines))


def _standing(account: Account) -> str:
    if account.state is AccountState.UNKNOWN:
        return _STANDING[account.state]
    return f"{_STANDING[account.state]}, since {moment(account.state_since)}"


def _values(account: Account) -> dict[str, str | int | bool | None]:
    return {
        "account": account.id,
        "name": account.name,
        "state": account.state.value,
        "since": account.state_since.isoformat(),
        "linked": account.linked_by is not None,
        "karma": account.karma,
    }
