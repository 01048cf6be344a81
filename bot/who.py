"""Which member a caller means, also as the poster of a draft."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.card import Button, Card, Form, Input
from bot.command import Context
from core.drafting.drafts import Poster
from core.drafting.gathering import poster_of
from core.errors import Advice, BadArgument, Do, NotFound
from core.members import Member
from core.model import Account


def who(ctx: Context, members: Sequence[Member], said: str, *, param: str = "member") -> tuple[str, str]:
    """Returns the (id, name) of the member that a caller means by a mention, an id, a known name or "me".

    On Discord and Slack a person who is not known yet has to be mentioned, because a name there is not an id.
    """
    mention = re.fullmatch(r"<@!?(\w+)(?:\|([^>]*))?>", said)
    known_as = (mention[1] if mention else said.removeprefix("@")).strip()
    for member in members:
        if member.id == known_as:
            return member.id, member.name
    if known_as.lower() == "me" or known_as == ctx.actor.member_id:
        return ctx.actor.member_id, ctx.actor.name
    if mention:
        return mention[1], mention[2] or mention[1]
    named = [m for m in members if m.name.lower() == known_as.lower()]
    if len(named) == 1:
        return named[0].id, named[0].name
    if len(named) > 1:
        raise BadArgument(f"{len(named)} members are called {known_as!r}.", "Mention the one you mean.", param=param)
    if ctx.actor.platform != "terminal" or not re.fullmatch(r"\S+", known_as):
        raise BadArgument(
            f"Nobody called {known_as!r} is known here.",
            "Mention them with @; in the terminal give one word.",
            param=param,
        )
    return known_as, known_as


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
