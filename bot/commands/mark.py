"""The buttons of a draft's marks: the ways out for words that no fact carries. Only buttons reach these commands."""

from __future__ import annotations

from bot.card import Card
from bot.command import Context, Kind, Param, Registry
from bot.commands.draft import card_of
from core.drafting.drafts import WayOut
from core.model import Role

commands = Registry()

MARK = Param("mark", "its number", Kind.INTEGER, required=True, lookup="mark")


@commands.command("mark true", "It is true: keep it as a fact of yours", MARK, role=Role.EDITOR, button_only=True)
async def true(ctx: Context, mark: int) -> Card:
    return await _decided(ctx, mark, WayOut.TRUE)


@commands.command("mark out", "Take the words out of the draft", MARK, role=Role.EDITOR, button_only=True)
async def out(ctx: Context, mark: int) -> Card:
    return await _decided(ctx, mark, WayOut.OUT)


@commands.command("mark blank", "Put a blank in place of the words", MARK, role=Role.EDITOR, button_only=True)
async def blank(ctx: Context, mark: int) -> Card:
    return await _decided(ctx, mark, WayOut.BLANK)


@commands.command("mark free", "Keep the words: they claim nothing", MARK, role=Role.EDITOR, button_only=True)
async def free(ctx: Context, mark: int) -> Card:
    return await _decided(ctx, mark, WayOut.FREE)


async def _decided(ctx: Context, mark: int, way: WayOut) -> Card:
    return await card_of(ctx, await ctx.services.drafting.decide_mark(ctx.caller, mark, way))
