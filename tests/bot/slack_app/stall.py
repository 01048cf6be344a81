"""A few invented commands for tests of Slack: a tea stall where orders are approved."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from bot.card import Button, Card, Choice, Document, Field, Form, Image, Input, Link, Progress, Style
from bot.command import Context, Kind, Param, Registry
from core.errors import AlreadyDecided, BadArgument, NotFound
from core.model import Role
from tests.clock import FixedClock

PNG = b"\x89PNG\r\n\x1a\n not really a picture"
LONG_NOTE = "\n\n".join(f"Paragraph {number}. {'Tea is a plant. ' * 40}".strip() for number in range(1, 9))


@dataclass
class Stall:
    """The commands, and what they remember. `gate` holds slow ones back until a test opens it."""

    commands: Registry = field(default_factory=Registry)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    approved: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)


TEA = Param("tea", "its number", Kind.INTEGER, required=True, lookup="tea")


def build() -> Stall:
    stall = Stall()
    command = stall.commands.command

    @command("help", "What to do")
    async def help_(ctx: Context) -> Card:
        return Card("What to do next", actions=(Button("Order a tea", "tea order", style=Style.PRIMARY),))

    @command("tea list", "What there is")
    async def list_(ctx: Context) -> Card:
        buttons = tuple(Button(f"Stir {number}", "tea stir", number) for number in range(1, 9))
        return Card(
            "Teas",
            text=f"for {ctx.actor.name} in {ctx.actor.channel}, {ctx.role}",
            actions=(Button("Approve Assam", "tea approve", 1), *buttons, Choice("Show", "tea show", (("Mint", 2),))),
            links=(Link("About tea", "https://example.com/tea?a=1&b=2"),),
        )

    @command("tea stir", "Stir one", TEA)
    async def stir(ctx: Context, tea: int) -> Card:
        return Card(f"Stirred {tea}")

    @command("tea show", "One tea", TEA)
    async def show(ctx: Context, tea: int) -> Card:
        if tea > 3:
            raise BadArgument(f"There is no tea {tea}.", "Choose 1 to 3.", param="tea")
        stall.ran.append(f"show {tea}")
        if tea in stall.told:
            return Card(f"Tea {tea} was told of")
        buttons = (("Approve", "tea approve"), ("Edit", "tea edit"), ("I told of it", "post register"))
        return Card(f"Tea {tea}", actions=tuple(Button(label, path, tea) for label, path in buttons))

    @command("tea approve", "Decide", TEA, role=Role.APPROVER)
    async def approve(ctx: Context, tea: int) -> Card:
        if tea in stall.approved:
            at = datetime(2026, 11, 23, tzinfo=UTC)
            by = stall.approved[tea]
            raise AlreadyDecided(f"{by} approved it.", "Nothing needs to be done.", decided_by=by, decided_at=at)
        stall.approved[tea] = ctx.actor.name
        return Card(f"Tea {tea} is approved by {ctx.actor.name}")

    @command(
        "tea order",
        "Order a tea",
        Param("tea", "its number", Kind.INTEGER, required=True),
        Param("note", "a few words to the cook", Kind.LONG, required=True, max_length=3000),
        Param("size", "how much", Kind.CHOICE, required=True, choices=("cup", "pot")),
    )
    async def order(ctx: Context, tea: int, note: str, size: str) -> Card:
        if tea == 7:
            await stall.gate.wait()
        if tea > 3:
            raise BadArgument(f"There is no tea {tea}.", "Choose 1 to 3.", param="tea")
        if note == "no":
            raise NotFound("There is no cook.", "Come back later.")
        stall.notes[tea] = note
        return Card(f"Ordered a {size} of tea {tea}", fields=(Field("Note", note, quote=True),))

    @command(
        "tea blend",
        "Mix two",
        Param("first", "a number", Kind.INTEGER, required=True),
        Param("second", "a number", Kind.INTEGER, required=True),
    )
    async def blend(ctx: Context, first: int, second: int) -> Card:
        return Card(f"A blend of {first} and {second}")

    @command("tea edit", "Change a note", TEA, Param("note", "", Kind.LONG, max_length=40_000), opens_form=True)
    async def edit(ctx: Context, tea: int, note: str | None) -> Card:
        if note is None:
            question = Input("note", "Note", value=stall.notes.get(tea, "no sugar"), long=True)
            beside = Button("Thoughts", "tea think", 3) if tea == 3 else Button("Look at it", "tea show", tea)
            form = Form("Change the note", "tea edit", (question,), {"tea": str(tea)}, beside)
            return Card("Change the note?", form=form)
        stall.notes[tea] = note
        return Card(f"The note of tea {tea} is changed")

    @command("tea think", "Opens a form late", TEA, Param("note", ""), opens_form=True)
    async def think(ctx: Context, tea: int, note: str | None) -> Card:
        await stall.gate.wait()
        if tea == 3:
            return Card("Nothing to ask about tea 3")
        return Card("Think", form=Form("Think", "tea think", (Input("note", "Thought"),), {"tea": str(tea)}))

    @command("tea brew", "Takes a while")
    async def brew(ctx: Context) -> Card:
        clock = cast(FixedClock, ctx.services.clock)
        for number in range(1, 5):
            await ctx.report(Progress("Brewing", number, 4))
            if number % 2 == 0:
                await clock.sleep(1.5)
        stall.ran.append("brewing")
        await stall.gate.wait()
        return Card("Brewed")

    @command("tea secret", "For the caller alone")
    async def secret(ctx: Context) -> Card:
        return Card("The secret recipe", private=True)

    @command("tea spill", "Is broken")
    async def spill(ctx: Context) -> Card:
        raise RuntimeError("spilled")

    @command("tea story", "Is long")
    async def story(ctx: Context) -> Card:
        return Card("A story", fields=(Field("Text", "All about tea. " * 2000, quote=True),))

    @command("tea chart", "Has a picture")
    async def chart(ctx: Context) -> Card:
        return Card("Sales", image=Image("sales.png", PNG, "Sales go up"))

    @command("tea echo", "Says it again", Param("words", "", Kind.LONG, max_length=4000), Param("link", ""))
    async def echo(ctx: Context, words: str | None, link: str | None) -> Card:
        return Card("You said", text=words or "", values={"link": link}, fields=(Field("Link", link or "none"),))

    @command(
        "post register",
        "Watch a post",
        Param("link", "its address", required=True, max_length=2000),
        Param("tea", "what it is about", Kind.INTEGER, lookup="tea"),
        shown_by="tea show",
    )
    async def register(ctx: Context, link: str, tea: int | None) -> Card:
        stall.ran.append(link)
        if tea is not None:
            stall.told[tea] = link
        return Card("It is watched now", text=link)

    @command("post show", "One post", Param("post", "", Kind.INTEGER, required=True, lookup="post"))
    async def show_post(ctx: Context, post: int) -> Card:
        return Card(f"Post {post} is live")

    @command("till count", "The books")
    async def count(ctx: Context) -> Card:
        return Card("The books", documents=(Document("books.zip", b"PK" * 50, "all tables"),), private=True)

    return stall
