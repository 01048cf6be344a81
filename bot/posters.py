"""Whom a caller means as the poster of a draft, and the form that asks for them."""

from __future__ import annotations

from bot.card import Button, Card, Form, Input
from bot.command import Context
from bot.who import who
from core.drafting.drafts import Poster
from core.drafting.gathering import poster_of
from core.errors import Advice, BadArgument, Do, NotFound
from core.model import Account

OFFERED_MAX = 25  # as many options as every platform takes


async def poster_named(ctx: Context, member: str | None, account: str | None = None) -> Poster | None:
    """Returns the poster: a member as `who` takes them, with their only linked account, or a linked account (with or
    without u/) with its member; None when nobody is said. Raises `NotFound` for an account that is not linked, and
    `BadArgument` for one that another member linked.
    """
    store = ctx.services.store
    if member is not None and member.lower().removeprefix("/").startswith("u/"):
        member, account = None, member
    chosen = await _linked(ctx, account) if account is not None else None
    if member is None:
        return Poster(chosen.linked_by_id, chosen.linked_by or "", chosen.name) if chosen is not None else None
    member_id, name = who(ctx, await store.members(ctx.workspace_id), member, param="poster")
    if chosen is None:
        return await poster_of(store, ctx.workspace_id, member_id, name)
    if chosen.linked_by_id != member_id:
        raise BadArgument(
            f"u/{chosen.name} is linked by {chosen.linked_by}, not by {name}.",
            "Name one of the two: who posts with an account is who linked it.",
            param="account",
        )
    return Poster(member_id, name, chosen.name)


async def _linked(ctx: Context, said: str) -> Account:
    name = said.lower().removeprefix("/").removeprefix("u/")
    for account in await ctx.services.store.accounts(ctx.workspace_id, [name]):
        if account.linked_by is not None:
            return account
    raise NotFound(f"u/{name} is not linked here.", Advice("See which are.", Do.SHOW_ACCOUNTS))


async def give_form(ctx: Context, draft: int) -> Card:
    """Returns the form that asks who posts a draft: one of the linked accounts, or a member."""
    linked = [a.name for a in await ctx.services.store.accounts(ctx.workspace_id) if a.linked_by is not None]
    accounts = (
        Input("account", "Linked account", required=False, options=tuple(f"u/{n}" for n in linked[:OFFERED_MAX])),
    )
    return Card(
        title=f"Who posts draft {draft}?",
        text="Gate, first person and ledger are about who posts it, so it is checked again for them.",
        form=Form(
            title=f"Give draft {draft}",
            command="draft give",
            inputs=(*(accounts if linked else ()), Input("poster", "Member", help="by name or @", required=False)),
            known={"draft": str(draft)},
            beside=Button("The draft", "draft show", draft),
        ),
        values={"draft": draft, "accounts": linked},
    )
