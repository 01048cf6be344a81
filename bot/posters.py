"""Whom a caller means as the poster of a draft."""

from __future__ import annotations

from bot.command import Context
from bot.commands.role import who
from core.drafting.drafts import Poster
from core.drafting.gathering import poster_of
from core.errors import Advice, Do, NotFound


async def poster_named(ctx: Context, said: str | None) -> Poster | None:
    """Returns the poster: a member as `who` takes them, with their only linked account, or a linked `u/account` with
    its member; None when nobody is said. Raises `NotFound` for an account that is not linked.
    """
    if said is None:
        return None
    store = ctx.services.store
    if said.lower().startswith(("u/", "/u/")):
        name = said.lower().removeprefix("/").removeprefix("u/")
        for account in await store.accounts(ctx.workspace_id, [name]):
            if account.linked_by is not None:
                return Poster(account.linked_by_id, account.linked_by, account.name)
        raise NotFound(f"u/{name} is not linked here.", Advice("See which are.", Do.SHOW_ACCOUNTS))
    member_id, member = who(ctx, await store.members(ctx.workspace_id), said, param="poster")
    return await poster_of(store, ctx.workspace_id, member_id, member)
