"""`/rao setup`: what a workspace needs before its first campaign, on one card."""

from __future__ import annotations

from bot.card import Button, Card, Field, Form, Input, Style
from bot.command import Context, Kind, Param, Registry
from bot.commands.status import destination, remote_lines
from bot.words import hour, local, moment, quiet_hours, rhythm
from core.errors import NotAllowedNow
from core.model import Role
from core.texts.zones import fixed_offset
from core.timetable import Timetable

commands = Registry()


EYES = Param("eyes", "four: nobody approves their own", Kind.CHOICE, choices=("two", "four"))
ZONE = Param("zone", "your time zone, such as Europe/Vienna", lookup="zone")


@commands.command("setup", "Where and when alerts come, who may do what, sources", ZONE, EYES, role=Role.ADMIN)
async def setup(ctx: Context, zone: str | None, eyes: str | None) -> Card:
    if zone is not None:
        return await _set_zone(ctx, zone)
    if eyes is not None:
        return await _set_eyes(ctx, eyes == "four")
    services = ctx.services
    workspace = await services.store.workspace(ctx.workspace_id)
    times = await services.store.timetable(ctx.workspace_id)
    members = await services.store.members(ctx.workspace_id)
    place = await services.store.alert_place(ctx.workspace_id)
    has_place = place.channel is not None or workspace.platform == "terminal"
    fields = [
        destination(workspace.platform, place, "1. Where alerts go"),
        Field("2. Who may do what", await _roles(ctx)),
        Field("3. What works", remote_lines(services.remotes)),
        Field("4. When alerts come", _times(times)),
        Field("Approving", _eyes(workspace.four_eyes)),
    ]
    if services.embedded:
        fields.append(Field("Built-in defaults in use", "\n".join(services.embedded)))
    has_campaign = bool(await services.store.campaigns(ctx.workspace_id))
    here = Button("Send alerts here", "alerts here", style=_next(not has_place))
    test = Button("Send a test alert", "setup test alert")
    campaign = Button("New campaign", "campaign create", style=_next(has_place and not has_campaign))
    when = (
        Button("Time zone", "setup time zone"),
        Button("Quiet hours", "alerts quiet"),
        Button("Digest", "alerts digest"),
    )
    return Card(
        title="Set up this workspace",
        text=_what_is_next(has_place, has_campaign),
        fields=tuple(fields),
        actions=(here, test, campaign, *when) if has_place else (here, campaign, *when),
        values={
            "alert_channel": place.channel,
            "alert_channel_took_at": place.took_at.isoformat() if place.took_at else None,
            "four_eyes": workspace.four_eyes,
            "timezone": times.timezone,
            "quiet_hours": [hour(times.quiet_hours.begin), hour(times.quiet_hours.until)]
            if times.quiet_hours
            else None,
            "digest": times.digest.every.value if times.digest else None,
            "admins": [m.name for m in members if m.role is Role.ADMIN],
        },
    )


def _next(is_next: bool) -> Style:
    return Style.PRIMARY if is_next else Style.PLAIN


def _what_is_next(has_place: bool, has_campaign: bool) -> str:
    if not has_place:
        return "Next: say where alerts go, in the channel that is to get them: /rao alerts here"
    if not has_campaign:
        return "Next: the first campaign: /rao campaign create"
    return "Nothing is missing. All of it can be changed here."


async def _set_eyes(ctx: Context, four: bool) -> Card:
    workspace = await ctx.services.workspaces.ask_for_four_eyes(ctx.caller, four)
    return Card(
        title="Drafts need four eyes now" if workspace.four_eyes else "Approvers may approve their own drafts now",
        text=f"{_eyes(workspace.four_eyes)}\n{ctx.signed('Chosen')}.",
        values={"four_eyes": workspace.four_eyes},
    )


def _eyes(four: bool) -> str:
    if four:
        return "Whoever wrote a draft's last text, or will post it, cannot approve it."
    return "An approver may approve what they wrote themselves. To ask for four eyes: /rao setup eyes=four"


@commands.button("setup time zone", "Choose the workspace's time zone", ZONE, role=Role.ADMIN, opens_form=True)
async def time_zone(ctx: Context, zone: str | None) -> Card:
    if zone is not None:
        return await _set_zone(ctx, zone)
    times = await ctx.services.store.timetable(ctx.workspace_id)
    question = Input("zone", "Time zone", times.timezone, "A city as in Europe/Vienna or America/New_York")
    return Card(
        title="Which time zone?",
        text=f'Now it is {times.timezone}. Such as Europe/Vienna.\nWrite: /rao setup zone="…"',
        form=Form("Time zone", "setup", (question,)),
        values={"timezone": times.timezone},
    )


async def _set_zone(ctx: Context, said: str) -> Card:
    times, now = await ctx.services.timetables.set_zone(ctx.caller, said), ctx.services.clock.now()
    return Card(
        title=f"The time zone is {times.timezone} now",
        text=f"It is {local(now, times.timezone)}. Quiet hours and digests count in it; {_shown_in(ctx)}."
        + _about_summer(times.timezone),
        fields=(Field("When alerts come", _times(times)),),
        actions=(Button("Set up", "setup"),),
        values={"timezone": times.timezone},
    )


def _shown_in(ctx: Context) -> str:
    if ctx.actor.platform == "terminal":
        return "cards show times in it too"
    return "cards show everybody their own time"


def _about_summer(zone: str) -> str:
    if fixed_offset(zone) is None:
        return ""
    return (
        "\nClocks of this zone never change. If yours do in summer, name a city instead: /rao setup zone=Europe/Vienna"
    )


@commands.button("setup test alert", "Send a test alert to where alerts go", role=Role.ADMIN)
async def test_alert(ctx: Context) -> Card:
    now = ctx.services.clock.now()
    place = await ctx.services.store.alert_place(ctx.workspace_id)
    if place.channel is None and ctx.actor.platform != "terminal":
        raise NotAllowedNow("No place is chosen for alerts yet.", "Give /rao alerts here where they should arrive.")
    owed = await ctx.services.alerts.test(ctx.caller)
    return Card(
        title="A test alert is on its way" if owed else "A test alert was asked for a moment ago",
        text="It should come within a minute, in quiet hours too. If it does not, /rao alerts list says why.",
        fields=(destination(ctx.actor.platform, place),),
        values={"owed": owed, "asked_at": moment(now)},
    )


def _times(times: Timetable) -> str:
    return (
        f"Time zone: {times.timezone}. Change it: /rao setup zone=Europe/Vienna\n"
        f"Quiet hours: {quiet_hours(times.quiet_hours, times.timezone)}. Change them: /rao alerts quiet\n"
        f"Digest: {rhythm(times.expected_digest, times.timezone)}. Change it: /rao alerts digest"
    )


async def _roles(ctx: Context) -> str:
    members = await ctx.services.store.members(ctx.workspace_id)
    lines = []
    if not any(m.role is Role.ADMIN for m in members):
        lines.append("No admin is named yet: whoever manages this workspace is one.")
    for role in reversed(Role):
        names = [m.name for m in members if m.role is role]
        if names:
            lines.append(f"{role.value.capitalize()}: {', '.join(names)}")
    lines.append("Everybody else can look. Change it: /rao role grant")
    return "\n".join(lines)
