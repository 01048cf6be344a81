"""`/rao role …`: who may do what in this workspace."""

from __future__ import annotations

from bot.card import Card, Field
from bot.command import Context, Kind, Param, Registry
from bot.listing import ANY, WITHIN, Asked, a_list, list_card
from bot.who import who
from bot.words import moment
from core.errors import NotFound
from core.listing import page_of
from core.members import Member
from core.model import Role

commands = Registry()

MEMBER = Param("member", "a mention or a name", required=True, lookup="member", max_length=100)
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


@a_list(
    commands,
    "role list",
    "Who has which role, and who gave it",
    Param("role", "only this role", Kind.CHOICE, choices=(*Role, ANY), in_form=True),
    WITHIN,
    noun=("member", "members"),
    state={role.value: f"with the role {role}" for role in Role},
    role=Role.ADMIN,
)
async def list_(ctx: Context, asked: Asked) -> Card:
    members = await ctx.services.store.members(ctx.workspace_id)
    found = [
        m
        for m in sorted(members, key=lambda m: -list(Role).index(m.role))  # stable: by name within a role
        if asked.wanted.lets_through(state=m.role, made_at=m.granted_at)
    ]
    if not found and not asked.is_filtered:
        return Card(
            title="Nobody has a role yet",
            text="Whoever manages this workspace is admin; everybody else can look. Name somebody: /rao role grant",
            values={"members": []},
        )
    page = page_of(found, asked.wanted)
    lines = ["Everybody else can look."]
    if not any(m.role is Role.ADMIN for m in members):
        lines.append("No admin is named: whoever manages this workspace is one. /rao role grant")
    return list_card(
        asked,
        page,
        [Field(f"{m.name} · {m.role}", _line(m)) for m in page.rows],
        title="Members" if asked.is_filtered else "Roles",
        lines=lines,
        values={"members": [{"member": m.id, "name": m.name, "role": m.role.value} for m in page.rows]},
    )


def _line(member: Member) -> str:
    by = f"Given by {member.granted_by}" if member.granted_by else "Given"
    return f"{by}, {moment(member.granted_at)}"


def _with_article(role: Role) -> str:
    return f"{'an' if role.value[0] in 'aeiou' else 'a'} {role.value}"
