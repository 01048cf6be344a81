"""`/rao role …`: who may do what in this workspace."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.card import Card, Field
from bot.command import Context, Kind, Param, Registry
from bot.words import counted, moment
from core.errors import BadArgument, NotFound
from core.members import Member
from core.model import Role

commands = Registry()

MEMBER = Param("member", "who: a mention, or a name", required=True, lookup="member", max_length=100)
ROLE = Param(
    "role",
    "viewer looks, editor drafts, approver approves, admin sets up",
    Kind.CHOICE,
    required=True,
    choices=tuple(Role),
)


@commands.command("role grant", "Give a member a role; it replaces the one they have", MEMBER, ROLE, role=Role.ADMIN)
async def grant(ctx: Context, member: str, role: str) -> Card:
    member_id, name = who(ctx, await ctx.services.store.members(ctx.workspace_id), member)
    granted = await ctx.services.members.grant(ctx.caller, member_id, name, Role(role))
    notes = []
    if granted.caller_too:
        notes.append("You are named as an admin too; until now you were one because you manage this workspace.")
    if not granted.has_admin:
        notes.append("No admin is named yet: whoever manages this workspace is one.")
    its = granted.member
    return Card(
        title=f"{its.name} is {_with_article(its.role)} now",
        text="\n".join(notes),
        values={"member": its.id, "role": its.role.value},
    )


@commands.command("role revoke", "Take a member's role away; then they can only look", MEMBER, role=Role.ADMIN)
async def revoke(ctx: Context, member: str) -> Card:
    members = await ctx.services.store.members(ctx.workspace_id)
    member_id, name = who(ctx, members, member)
    if member_id not in {m.id for m in members}:
        raise NotFound(f"{name} has no role here.", "See who has one: /rao role list")
    gone = await ctx.services.members.revoke(ctx.caller, member_id)
    return Card(
        title=f"{gone.name} is no longer {_with_article(gone.role)}",
        text="They can look, and nothing more.",
        values={"member": gone.id, "role": None},
    )


@commands.command("role list", "Who has which role, and who gave it", role=Role.ADMIN)
async def list_(ctx: Context) -> Card:
    members = await ctx.services.store.members(ctx.workspace_id)
    fields = []
    for role in reversed(Role):
        few = [m for m in members if m.role is role]
        if few:
            fields.append(Field(f"{role.value.capitalize()} ({len(few)})", "\n".join(_line(m) for m in few)))
    text = "" if _admins(members) else "No admin is named: whoever manages this workspace is one. /rao role grant\n"
    return Card(
        title="Roles",
        text=f"{text}{counted(len(members), 'member')} with a role; everybody else can look.",
        fields=tuple(fields),
        values={"members": [{"member": m.id, "name": m.name, "role": m.role.value} for m in members]},
    )


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


def _admins(members: Sequence[Member]) -> list[Member]:
    return [m for m in members if m.role is Role.ADMIN]


def _line(member: Member) -> str:
    by = f", given by {member.granted_by}" if member.granted_by else ""
    return f"{member.name}{by}, {moment(member.granted_at)}"


def _with_article(role: Role) -> str:
    return f"{'an' if role.value[0] in 'aeiou' else 'a'} {role.value}"
