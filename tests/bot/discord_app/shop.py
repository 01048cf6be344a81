"""A few invented commands for tests of the Discord front end: a tea shop whose orders are records."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.card import Button, Card, Choice, Document, Field, Form, Image, Input, Link, Progress, Style, Tone
from bot.command import Context, Kind, Param, Registry
from core.errors import AlreadyDecided, BadArgument
from core.model import Role

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@dataclass
class Shop:
    """What the commands did, and a brake for those that take long."""

    orders: list[dict[str, str | int | None]] = field(default_factory=list)
    served_by: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    actors: list[tuple[str, str, str, bool, str | None]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    steps: int = 0

    def registry(self) -> Registry:
        commands = Registry()
        tea = Param("tea", "its number", Kind.INTEGER, required=True, lookup="tea")

        @commands.command("help", "What to do next here")
        async def help_(ctx: Context) -> Card:
            self.actors.append(
                (ctx.workspace_id, ctx.actor.workspace_name, ctx.actor.name, ctx.actor.may_manage, ctx.actor.channel)
            )
            return Card("What to do next", actions=(Button("List the teas", "tea list"),))

        @commands.command("tea list", "What there is")
        async def list_(ctx: Context) -> Card:
            return Card(
                "Teas",
                text=f"for {ctx.actor.name} @everyone **now**",
                fields=(Field("Assam", "strong\nand *dark*", quote=True),),
                actions=(Button("Show Assam", "tea show", 1), Choice("More", "tea show", (("Mint", 2), ("Oolong", 3)))),
                links=(Link("Tea on the web", "https://example.com/tea"),),
                image=Image("teas.png", PNG, "A cup"),
                footnote="3 teas",
                sample=True,
            )

        @commands.command("tea show", "One tea", tea)
        async def show(ctx: Context, tea: int) -> Card:
            if tea > 3:
                raise BadArgument(f"There is no tea {tea}.", "Choose 1 to 3.", param="tea")
            return self._card(tea)

        @commands.command("tea serve", "Serve a tea", tea, role=Role.EDITOR)
        async def serve(ctx: Context, tea: int) -> Card:
            if tea in self.served_by:
                now = ctx.services.clock.now()
                who = self.served_by[tea]
                raise AlreadyDecided(f"{who} served tea {tea} already.", "", decided_by=who, decided_at=now)
            self.served_by[tea] = ctx.actor.name
            return self._card(tea)

        @commands.command(
            "tea order",
            "Order a tea",
            Param("tea", "its number", Kind.INTEGER, required=True),
            Param("note", "a few words to the cook", Kind.LONG, required=True, max_length=500),
            Param("size", "how much", Kind.CHOICE, choices=("cup", "pot")),
            role=Role.EDITOR,
        )
        async def order(ctx: Context, tea: int, note: str, size: str | None) -> Card:
            if tea > 3:
                raise BadArgument(f"There is no tea {tea}.", "Choose 1 to 3.", param="tea")
            self.orders.append({"tea": tea, "note": note, "size": size})
            return Card(f"Ordered tea {tea}", fields=(Field("Note", note, quote=True),))

        @commands.command(
            "tea note",
            "Change a tea's note",
            tea,
            Param("note", "the note", Kind.LONG, max_length=40_000),
            role=Role.EDITOR,
            opens_form=True,
        )
        async def note_(ctx: Context, tea: int, note: str | None) -> Card:
            if note is None:
                asked = Input("note", "Note", value=self.notes.get(tea, "no sugar"), long=True)
                return Card(
                    "Change the note?", form=Form(f"Note of tea {tea}", "tea note", (asked,), {"tea": str(tea)})
                )
            self.notes[tea] = note
            return self._card(tea)

        @commands.command(
            "tea invent",
            "Make a new tea",
            *(Param(f"part{n}", f"part {n}", Kind.LONG, required=True) for n in range(1, 8)),
            role=Role.EDITOR,
        )
        async def invent(ctx: Context, **parts: str) -> Card:
            if parts["part1"] == "mud":
                raise BadArgument("Mud is no part of a tea.", "Take leaves.", param="part1")
            return Card("Invented", text=" ".join(parts.values()))

        @commands.command("tea brew", "Takes a while", role=Role.EDITOR)
        async def brew(ctx: Context) -> Card:
            await ctx.report(Progress("Heating <water>", 1, 4))
            self.started.set()
            await self.go_on.wait()
            for step in range(self.steps):
                await ctx.report(Progress("Brewing", step, self.steps))
                await asyncio.sleep(0.02)  # longer than an edit takes
            return Card("Brewed", tone=Tone.GOOD)

        @commands.command("tea rinse", "Takes a while", tea, role=Role.EDITOR)
        async def rinse(ctx: Context, tea: int) -> Card:
            await ctx.report(Progress("Rinsing"))
            self.started.set()
            await self.go_on.wait()
            return self._card(tea)

        @commands.command("bill print", "The bill of a tea", tea, role=Role.EDITOR)
        async def bill(ctx: Context, tea: int) -> Card:
            return Card(f"Bill of tea {tea}")

        @commands.command("tea secret", "For your eyes")
        async def secret(ctx: Context) -> Card:
            return Card("The secret", text="It is mint.", private=True)

        @commands.command("tea doubt", "Better not")
        async def doubt(ctx: Context) -> Card:
            asked = Input("note", "Go on", options=("yes",))
            return Card(
                "Better not now", code="not_now", form=Form("Order all the same?", "tea order", (asked,), {"tea": "2"})
            )

        @commands.command("tea spill", "Is broken")
        async def spill(ctx: Context) -> Card:
            raise RuntimeError("spilled")

        @commands.command("tea boast", "A long story")
        async def boast(ctx: Context) -> Card:
            return Card("A story", text="*long* " * 2_000)

        @commands.command(
            "post register",
            "Watch a post",
            Param("link", "its address", required=True, max_length=2000),
            Param("tea", "what it is about", Kind.INTEGER, lookup="tea"),
            shown_by="tea show",
        )
        async def register(ctx: Context, link: str, tea: int | None) -> Card:
            self.links.append(link)
            if tea is not None:
                self.served_by[tea] = "a post"
            return Card("Watched", text=link)

        @commands.command("till count", "The books")
        async def count(ctx: Context) -> Card:
            return Card(
                "The books", documents=(Document("books of the till.zip", b"PK" * 50, "all tables"),), private=True
            )

        @commands.command(
            "member greet", "Say hello", Param("who", "a member", required=True, lookup="member", max_length=100)
        )
        async def greet(ctx: Context, who: str) -> Card:
            return Card("Hello", text=who)

        @commands.command(
            "campaign show", "One campaign", Param("campaign", "name or number", lookup="campaign", required=True)
        )
        async def campaign(ctx: Context, campaign: str) -> Card:
            return Card(f"Campaign {campaign}")

        @commands.command("till open", "Only in the terminal", terminal_only=True)
        async def till(ctx: Context) -> Card:
            return Card("Open")

        @commands.command("tea list again", "By a button only", button_only=True)
        async def again(ctx: Context) -> Card:
            return Card("Again")

        return commands

    def _card(self, tea: int) -> Card:
        served = self.served_by.get(tea)
        return Card(
            f"Tea {tea}",
            text=f"Served by {served}." if served else "Not served yet.",
            fields=(Field("Note", self.notes.get(tea, "no sugar"), quote=True),),
            actions=(
                ()
                if served
                else (
                    Button("Serve", "tea serve", tea, Style.PRIMARY),
                    Button("Note", "tea note", tea),
                    Button("Rinse", "tea rinse", tea),
                    Button("Order", "tea order", tea),
                    Button("Bill", "bill print", tea),
                    Button("I told of it", "post register", tea),
                )
            ),
        )
