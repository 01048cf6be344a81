"""`/rao setup`: what a workspace needs before its first campaign, on one card."""

from __future__ import annotations

from bot.card import Button, Card, Field, Style
from bot.command import Context, Registry
from bot.commands.status import destination, source_lines
from bot.words import moment
from core.model import AlertKind, NewAlert, Role, Workspace

commands = Registry()


@commands.command("setup", "Where alerts go, who may do what, which sources work; sends a test alert", role=Role.ADMIN)
async def setup(ctx: Context) -> Card:
    services = ctx.services
    workspace = await services.store.workspace(ctx.workspace_id)
    members = await services.store.members(ctx.workspace_id)
    has_place = workspace.alert_channel is not None or workspace.platform == "terminal"
    fields = [
        Field("1. Where alerts go", _alerts(workspace)),
        Field("2. Who may do what", await _roles(ctx)),
        Field("3. What works", source_lines(services.sources)),
        Field("Time zone", f"{workspace.timezone}; every time on a card says its zone"),
    ]
    if services.embedded:
        fields.append(Field("Built-in defaults in use", "\n".join(services.embedded)))
    here = Button("Send alerts here", "alerts here", style=Style.PLAIN if has_place else Style.PRIMARY)
    test = Button("Send a test alert", "setup test alert")
    campaign = Button("New campaign", "campaign create", style=Style.PRIMARY if has_place else Style.PLAIN)
    return Card(
        title="Set up this workspace",
        text="Three things, then the first campaign: /rao campaign create",
        fields=tuple(fields),
        actions=(here, test, campaign) if has_place else (here, campaign),
        values={
            "alert_channel": workspace.alert_channel,
            "timezone": workspace.timezone,
            "admins": [m.name for m in members if m.role is Role.ADMIN],
        },
    )


@commands.command("setup test alert", "Send a test alert to where alerts go", role=Role.ADMIN, button_only=True)
async def test_alert(ctx: Context) -> Card:
    now = ctx.services.clock.now()
    workspace = await ctx.services.store.workspace(ctx.workspace_id)
    owed = await ctx.services.store.owe_alert(
        ctx.caller,
        # One a minute is enough, however often the button is pressed.
        NewAlert(AlertKind.TEST, f"test:{now:%Y-%m-%dT%H:%M}", {"by": ctx.actor.name, "asked_at": now.isoformat()}),
        now,
    )
    return Card(
        title="A test alert is on its way" if owed else "A test alert was asked for a moment ago",
        text=f"Destination: {destination(workspace)}. It comes within a minute; if not: /rao alerts list",
        values={"owed": owed, "asked_at": moment(now)},
    )


def _alerts(workspace: Workspace) -> str:
    if workspace.alert_channel is None and workspace.platform != "terminal":
        return "Not chosen yet. Go where they should arrive and press the button, or give /rao alerts here"
    return destination(workspace)


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
