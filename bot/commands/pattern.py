"""`/rao pattern …`: what communities reject, where that was learned, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.card import Button, Card, Field, Style, values_of
from bot.command import Context, Kind, Param, Registry
from bot.listing import ANY, CAMPAIGN, MEMBER, WITHIN, Asked, a_list, list_card
from bot.words import moment
from core.listing import page_of
from core.model import PATTERN_CATEGORIES, READ_BY_MODEL, Pattern, Role
from core.patterns import HALF_LIFE

commands = Registry()

PATTERN = Param("pattern", "its number", Kind.INTEGER, required=True, lookup="pattern")
_NONE_YET = Card(
    title="Nothing learned yet",
    text="Patterns come from removals of your own posts, from rules, and from what members add.",
    actions=(Button("Add one", "pattern add", style=Style.PRIMARY),),
)


@a_list(
    commands,
    "pattern list",
    "What communities reject, and how sure that is",
    Param("community", "only this one", Kind.COMMUNITY, lookup="community"),
    CAMPAIGN,
    MEMBER,
    Param("category", "only about this", Kind.CHOICE, choices=(*PATTERN_CATEGORIES, ANY), in_form=True),
    WITHIN,
    noun=("pattern", "patterns"),
    state={category: f"about {category}" for category in PATTERN_CATEGORIES},
)
async def list_(ctx: Context, asked: Asked) -> Card:
    wanted = asked.wanted
    standing = await ctx.services.patterns.standing(ctx.workspace_id, wanted.community)
    patterns = [
        p
        for p in standing
        if wanted.lets_through(
            state=p.category,
            campaign_id=p.campaign_id,
            communities=(p.community,),
            members=(p.created_by,),
            made_at=p.created_at,
        )
    ]
    page = page_of(patterns, wanted)
    return list_card(
        asked,
        page,
        [_field(pattern) for pattern in page.rows],
        title="What is rejected",
        nothing=None if asked.is_filtered else _NONE_YET,
        lines=("Drafts avoid these. Wrong? /rao pattern remove with its number.",),
        footnote=_footnote(page.rows),
        sample=ctx.services.is_sample(*(p.community for p in page.rows)),
        values={"patterns": [_values(p) for p in page.rows]},
    )


@commands.command(
    "pattern add",
    "Say what a community rejects, so that drafts avoid it",
    Param("body", "what it rejects, in a few words", required=True, max_length=300),
    Param("community", "where", Kind.COMMUNITY, required=True, lookup="community"),
    Param("category", "what it is about", Kind.CHOICE, choices=PATTERN_CATEGORIES, default="other"),
    Param("campaign", "only for this campaign", lookup="campaign"),
    role=Role.EDITOR,
)
async def add(ctx: Context, body: str, community: str, category: str, campaign: str | None) -> Card:
    found = await ctx.services.campaigns.find(ctx.workspace_id, campaign) if campaign else None
    pattern = await ctx.services.patterns.add(ctx.caller, community, category, body, found.id if found else None)
    return _card(pattern, "added", f"Drafts for r/{pattern.community} avoid it from now on.", _remove(pattern))


@commands.command("pattern remove", "Take a pattern out; drafts no longer avoid it", PATTERN, role=Role.EDITOR)
async def remove(ctx: Context, pattern: int) -> Card:
    gone = await ctx.services.patterns.remove(ctx.caller, pattern)
    text = f"{ctx.signed('Removed')}. Drafts for r/{gone.community} no longer avoid it."
    return _card(gone, "removed", text, Button("Undo", "pattern undo", gone.id))


@commands.command("pattern undo", "Bring a removed pattern back", PATTERN, role=Role.EDITOR)
async def undo(ctx: Context, pattern: int) -> Card:
    back = await ctx.services.patterns.restore(ctx.caller, pattern)
    return _card(
        back, "back", f"{ctx.signed('Brought back')}. Drafts for r/{back.community} avoid it again.", _remove(back)
    )


def _remove(pattern: Pattern) -> Button:
    return Button("Remove it", "pattern remove", pattern.id)


def _card(pattern: Pattern, became: str, text: str, action: Button) -> Card:
    title = f"Pattern {pattern.id} is {became}"
    return Card(title, text, fields=(_field(pattern),), actions=(action,), values=_values(pattern))


def _footnote(patterns: Sequence[Pattern]) -> str:
    if any(p.is_stated or p.source == "removal" for p in patterns):
        return f"What removals taught is worth half after {HALF_LIFE.days} days, and less when similar posts stay"
    return ""


def _field(pattern: Pattern) -> Field:
    sure = f"{pattern.confidence:.0%} sure"
    name = f"{pattern.id} · r/{pattern.community} · {pattern.category} · {sure} · {_origin(pattern)}"
    return Field(name, pattern.body, quote=True)


def _origin(pattern: Pattern) -> str:
    when = moment(pattern.created_at)
    if pattern.source == "removal":
        post = f" of post {pattern.tracked_post_id}" if pattern.tracked_post_id else ""
        return f"learned from the removal{post}, {when}"
    if pattern.is_stated:
        post = f" for post {pattern.tracked_post_id}" if pattern.tracked_post_id else ""
        read = ", read by a model" if pattern.source == READ_BY_MODEL else ""
        return f"the reason moderators stated{post}{read}, {when}"
    if pattern.source == "rule":
        return f"from the community's rules, {when}"
    return f"said by {pattern.created_by}, {when}"


def _values(pattern: Pattern) -> dict[str, Any]:
    its = values_of(pattern, "community category body source confidence")
    return {"pattern": pattern.id, **its, "post": pattern.tracked_post_id}
