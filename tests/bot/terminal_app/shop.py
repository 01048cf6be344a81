"""A few invented commands for tests of the terminal: a shop that sells tea."""

from __future__ import annotations

import asyncio

from bot.card import Button, Card, Choice, Form, Input, Progress
from bot.command import Context, Kind, Param, Registry
from core.errors import BadArgument

commands = Registry()


@commands.command("tea list", "What there is")
async def list_(ctx: Context) -> Card:
    return Card(
        "Teas",
        text=f"for {ctx.actor.name}",
        actions=(Button("Show Assam", "tea show", 1), Choice("More", "tea show", (("Mint", 2), ("Oolong", 3)))),
        values={"teas": [1, 2, 3]},
    )


@commands.command("tea show", "One tea", Param("tea", "its number", Kind.INTEGER, required=True, lookup="tea"))
async def show(ctx: Context, tea: int) -> Card:
    if tea > 3:
        raise BadArgument(f"There is no tea {tea}.", "Choose 1 to 3.", param="tea")
    return Card(f"Tea {tea}")


@commands.command(
    "tea order",
    "Order a tea",
    Param("tea", "its number", Kind.INTEGER, required=True),
    Param("note", "a few words to the cook", Kind.LONG, required=True, max_length=500),
    Param("size", "how much", Kind.CHOICE, choices=("cup", "pot")),
)
async def order(ctx: Context, tea: int, note: str, size: str | None) -> Card:
    if tea > 3:
        raise BadArgument(f"There is no tea {tea}.", "Choose 1 to 3.", param="tea")
    return Card(f"Ordered tea {tea}", text=f"<{note}>", values={"note": note, "size": size})


@commands.command(
    "tea edit", "Change an order", Param("tea", "its number", Kind.INTEGER, required=True), Param("note", "")
)
async def edit(ctx: Context, tea: int, note: str | None) -> Card:
    if note is None:
        question = Input("note", "Note", value="no sugar")
        return Card("Change the note?", form=Form("Change the note", "tea edit", (question,), {"tea": str(tea)}))
    return Card(f"Note of {tea}: {note}")


@commands.command("tea brew", "Takes for ever")
async def brew(ctx: Context) -> Card:
    await ctx.report(Progress("Brewing", 1, 3))
    await asyncio.Event().wait()
    return Card("Brewed")


@commands.command("tea stir", "Takes a moment")
async def stir(ctx: Context) -> Card:
    await asyncio.sleep(0.05)
    return Card("Stirred")


@commands.command("tea spill", "Is broken")
async def spill(ctx: Context) -> Card:
    raise RuntimeError("spilled")
