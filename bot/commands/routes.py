"""`/rao alerts …`, behind buttons: where some alerts go, and which are muted until a time."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Button, Card, Choice, Field, Form, Input
from bot.command import Context, Kind, Param, Registry
from bot.ladder import there
from bot.words import moment
from core.model import Role
from core.routes import About, Route

commands = Registry()

MUTES = {"4 hours": timedelta(hours=4), "a day": timedelta(days=1), "a week": timedelta(days=7)}
NOT_URGENT = "all but act now"
_WHOSE = (About.COMMUNITY.value, About.CAMPAIGN.value, About.PERSON.value)
_HERE = Button("Send some alerts here", "alerts route here")
_MUTE = Button("Mute some", "alerts mute")
PLACE = Param("place", "a channel, if not this one", lookup="channel", max_length=100, in_form=True)
WHICH = Param("which", "r/…, a campaign or a person", max_length=100)


@commands.button("alerts routes", "Which alerts go elsewhere, and which are muted")
async def routes(ctx: Context) -> Card:
    now = ctx.services.clock.now()
    found = [r for r in await ctx.services.store.routes(ctx.workspace_id) if r.until is None or r.until > now]
    ending = Choice("End one", "alerts route end", tuple((_told(route), route.id) for route in found))
    return Card(
        title="Where alerts go" if found else "All alerts go to one place",
        text=""
        if found
        else "Alerts about a community, a campaign or a person can go to another channel, or be muted for a time.",
        fields=tuple(_field(route) for route in found),
        actions=(_HERE, _MUTE, *([ending] if found else [])),
        footnote="What concerns an account, Reddit as a whole or lost alerts is never muted." if found else "",
        values={"routes": [route.id for route in found]},
    )


def place_input() -> tuple[Input, ...]:
    """The question where alerts should go, for a chat whose forms list its channels."""
    return (Input("place", "Channel", help="The bot must be in it: /invite @bc-rao", required=False),)


def _told(route: Route) -> str:
    if route.until is not None:
        return f"{route.name}: muted until {moment(route.until)}, by {route.made_by}"
    return f"{route.name}: to {'direct messages' if _is_direct(route) else 'a channel'}, by {route.made_by}"


def _field(route: Route) -> Field:
    if route.until is not None:
        return Field(route.name, f"Muted until {moment(route.until)}, by {route.made_by}")
    if _is_direct(route):
        return Field(route.name, f"By direct message, chosen by {route.made_by}")
    return Field(route.name, f"Chosen by {route.made_by}", channel=route.place or "")


def _is_direct(route: Route) -> bool:
    return (route.place or "").startswith("@")


@commands.button(
    "alerts route here",
    "Send alerts about something to where you give this",
    Param("about", "what it is about", Kind.CHOICE, choices=_WHOSE),
    WHICH,
    PLACE,
    role=Role.ADMIN,
    opens_form=True,
)
async def here(ctx: Context, about: str | None, which: str | None, place: str | None) -> Card:
    if about is None or which is None:
        return Card(
            title="Send some alerts here",
            text="Alerts about a community, a campaign or a person come here instead of the workspace's place.",
            form=Form(
                "Send some alerts here",
                "alerts route here",
                (
                    Input("about", "About", About.COMMUNITY.value, options=_WHOSE),
                    Input("which", "Which", help="r/…, a campaign's name, or a person's name"),
                    *(place_input() if ctx.actor.picks_channels else ()),
                ),
            ),
        )
    actor = there(ctx.actor, place)
    proved = await ctx.services.places.prove(actor)
    if proved is None:
        return Card(title="A terminal is one place", text="Its alerts all come to it.", private=True)
    route = await ctx.services.routes.send(ctx.caller, About(about), which, proved)
    return Card(
        title=f"Alerts about {route.name} come here"
        if proved == ctx.actor.channel
        else f"Alerts about {route.name} go",
        text="A message of the bot arrived there. If that place refuses one, it goes to the workspace's place.",
        fields=(Field("To", "", channel=proved),),
        actions=(Button("All routes", "alerts routes"),),
        values={"route": route.id, "place": route.place},
    )


@commands.button(
    "alerts mute",
    "Mute alerts about something for a time",
    Param("about", "what it is about", Kind.CHOICE, choices=(*_WHOSE, NOT_URGENT)),
    WHICH,
    Param("lasts", "how long", Kind.CHOICE, choices=tuple(MUTES)),
    role=Role.ADMIN,
    opens_form=True,
)
async def mute(ctx: Context, about: str | None, which: str | None, lasts: str | None) -> Card:
    if about is None or (which is None and about != NOT_URGENT):
        return Card(
            title="Mute some alerts",
            text="What is muted stands in the digest, or comes when the mute ends.",
            form=Form(
                "Mute some alerts",
                "alerts mute",
                (
                    Input("about", "About", About.COMMUNITY.value, options=(*_WHOSE, NOT_URGENT)),
                    Input("which", "Which", help="r/…, a campaign's name, or a person's name", required=False),
                    Input("lasts", "For", "a day", options=tuple(MUTES)),
                ),
            ),
        )
    kind = About.NOT_URGENT if about == NOT_URGENT else About(about)
    route = await ctx.services.routes.mute(ctx.caller, kind, which or "", MUTES[lasts or "a day"])
    until = f" until {moment(route.until)}" if route.until else ""
    return Card(
        title=f"Muted: {route.name}",
        text=f"{ctx.signed('Muted')}{until}. What happens meanwhile stands in the digest, or comes at the end.",
        actions=(Button("End it", "alerts route end", route.id), Button("All routes", "alerts routes")),
        values={"route": route.id, "until": route.until.isoformat() if route.until else None},
    )


@commands.button(
    "alerts route end",
    "End a route or a mute",
    Param("route", "its number", Kind.INTEGER, required=True),
    role=Role.ADMIN,
)
async def end(ctx: Context, route: int) -> Card:
    ended = await ctx.services.routes.end(ctx.caller, route)
    what = "are no longer muted" if ended.mutes else "go to the workspace's place again"
    return Card(
        title=f"Alerts about {ended.name} {what}",
        text=f"{ctx.signed('Ended')}.",
        actions=(Button("All routes", "alerts routes"),),
        values={"route": ended.id},
    )
