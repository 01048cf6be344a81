"""Which member a caller means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.command import Context
from core.errors import BadArgument
from core.members import Member


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
