"""`/rao status`: what works, what waits, what it costs, and what cannot be seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.card import Button, Card, Field, Style, Tone, values_of
from bot.command import Context, Registry
from bot.services import Remote
from bot.words import age, ago, at_least, counted, dollars, local, moment, quiet_hours
from core.alerts import AlertPlace
from core.ledger import Usage
from core.timetable import Timetable, quiet_ends_at
from core.visibility.tracking import Backlog
from core.workspaces import Workspace

commands = Registry()

UNANSWERED_TO_TELL = 5  # looks in a row without an answer; fewer is an ordinary hiccup
ENDS_SOON = timedelta(days=30)
LATE_AFTER = timedelta(minutes=30)  # many times the sweep's interval


@commands.command("status", "What works, waits, costs, and cannot be seen")
async def status(ctx: Context) -> Card:
    services, now = ctx.services, ctx.services.clock.now()
    workspace = await services.store.workspace(ctx.workspace_id)
    backlog = await services.store.backlog(ctx.workspace_id, now)
    usage = await services.store.usage(ctx.workspace_id, now)
    times = await services.store.timetable(ctx.workspace_id)
    quiet_until = quiet_ends_at(times.quiet_hours, times.timezone, now)
    stretched = services.sweeping.stretched
    blind = _blind_spots(ctx, workspace, backlog, usage, now)
    if (doubt := services.clock_watch.doubt()) is not None:
        blind.append(f"{doubt} Until then audits, digests and clean-up wait.")
    if stretched is not None:
        blind.append(f"The request budget is short: posts without changes are looked at only every {age(stretched)}.")
    fields = [
        Field("Sources", remote_lines(services.remotes)),
        Field("Watching", _watching(backlog, now)),
        Field("Alerts", _alerts(backlog, times, now)),
        destination(workspace.platform, await services.store.alert_place(ctx.workspace_id)),
        Field("Budget", _budget(usage)),
    ]
    if services.embedded:
        fields.append(Field("Built-in defaults in use", "\n".join(services.embedded)))
    if blind:
        fields.append(Field("Blind spots", "\n".join(blind)))
    return Card(
        title="Status",
        sample=ctx.services.sample is not None,
        text=f"{counted(len(blind), 'thing')} to know below." if blind else "Everything that is set up works.",
        fields=tuple(fields),
        actions=_actions(backlog),
        tone=Tone.ATTENTION if blind else Tone.GOOD,
        footnote=f"As of {moment(now)}",
        values={
            "sources": [_remote_values(s) for s in services.remotes],
            **values_of(backlog, "watched due next_check_at last_evidence_at alerts_pending alerts_failed"),
            "quiet_until": quiet_until.isoformat() if quiet_until else None,
            **values_of(times, "digest_due_at"),
            **values_of(usage, "left_usd_micros cap_usd_micros"),
            "blind_spots": blind,
        },
    )


def remote_lines(remotes: Sequence[Remote]) -> str:
    """Returns one line for each remote: what it is used for, and whether it works."""
    return "\n".join(f"{s.name} ({s.used_for}): {_standing(s)}" for s in remotes) or "None. Posts come from files only."


def _standing(remote: Remote) -> str:
    ends = f"; its last day is {remote.ends_on:%-d %b %Y}" if remote.configured and remote.ends_on else ""
    return f"{_health(remote)}{ends}"


def _health(remote: Remote) -> str:
    if not remote.configured:
        return f"off, {remote.setting} turns it on" if remote.setting else "off"
    problem, last = remote.problem(), remote.last_success_at()
    if problem:
        return f"{problem} Last answer: {moment(last)}"
    return f"works, last answer {moment(last)}" if last else "set up, not used yet"


def _watching(backlog: Backlog, now: datetime) -> str:
    if not backlog.watched:
        return "No post is watched. Register one: /rao post register"
    states = ", ".join(f"{count} {state}" for state, count in sorted(backlog.states.items()) if count)
    lines = [f"{counted(backlog.watched, 'post')} watched{'. All posts: ' + states if states else ''}"]
    if backlog.due:
        lines.append(f"{backlog.due} due now")
    if backlog.next_check_at:
        wait = backlog.next_check_at - now
        lines.append(f"Next check in {age(wait)}" if wait > timedelta() else "Next check: now")
    last = backlog.last_evidence_at
    lines.append(f"Last evidence {ago(now - last)}" if last else "No evidence yet")
    return "\n".join(lines)


def _alerts(backlog: Backlog, times: Timetable, now: datetime) -> str:
    lines = [f"Waiting: {backlog.alerts_pending}"]
    if backlog.alerts_failed:
        lines.append(f"Not delivered, given up: {backlog.alerts_failed}")
    ends_at = quiet_ends_at(times.quiet_hours, times.timezone, now)
    if ends_at is not None:
        lines.append(f"Quiet hours until {local(ends_at, times.timezone)}: what waits comes then")
    elif times.quiet_hours is not None:
        lines.append("Quiet hours: " + quiet_hours(times.quiet_hours, times.timezone))
    if times.digest_due_at is not None:
        lines.append("Next digest: " + local(times.digest_due_at, times.timezone))
    return "\n".join(lines)


def destination(platform: str, place: AlertPlace, name: str = "Where alerts go") -> Field:
    """Returns where a workspace's alerts go, and when that place last accepted one of our messages."""
    if platform == "terminal":
        return Field(name, "this terminal")
    if place.channel is None:
        return Field(name, "Not chosen yet. Go where they should arrive and give /rao alerts here")
    shown = f"Last message accepted {moment(place.took_at)}" if place.took_at else "No message has arrived there yet"
    return Field(name, f"{shown}. Another place: /rao alerts here", channel=place.channel)


def _budget(usage: Usage) -> str:
    return (
        f"{at_least(usage.left_usd_micros)} left of {dollars(usage.cap_usd_micros)} this month\n"
        f"Used {dollars(usage.used_usd_micros)}, reserved {dollars(usage.reserved_usd_micros)}, "
        f"resets {moment(usage.resets_at)}"
    )


def _blind_spots(ctx: Context, workspace: Workspace, backlog: Backlog, usage: Usage, now: datetime) -> list[str]:
    remotes = [s for s in ctx.services.remotes if s.configured]
    failing = [s for s in remotes if s.problem()]
    spots = [f"{s.name} does not answer: what it is used for ({s.used_for}) stands still." for s in failing]
    for remote in remotes:
        if remote.ends_on is not None and remote.ends_on - now.date() <= ENDS_SOON:
            left = remote.ends_on - now.date()
            when = f"ends in {age(left)}" if left > timedelta() else "has come to its announced end"
            spots.append(
                f"{remote.name} {when}: {remote.used_for} need another source after {remote.ends_on:%-d %b %Y}."
            )
    if not any("visibility" in s.used_for for s in remotes):
        spots.append("Nothing looks at Reddit for you: a post's state comes from a member's own look only.")
    last = backlog.last_evidence_at
    if backlog.watched and backlog.unanswered >= UNANSWERED_TO_TELL:
        since = f" since {moment(last)}" if last else ""
        spots.append(f"{backlog.unanswered} looks{since} brought no evidence: states are still those of then.")
    if backlog.next_check_at is not None and now - backlog.next_check_at > LATE_AFTER:
        spots.append(f"Checks are {age(now - backlog.next_check_at)} late: states are still those of then.")
    if backlog.alerts_failed:
        spots.append(f"{counted(backlog.alerts_failed, 'alert')} could not be delivered: /rao alerts list")
    if backlog.detour is not None and workspace.alert_channel is not None:
        spots.append(f"The last alert did not reach its channel. {backlog.detour} Another place: /rao alerts here")
    if workspace.alert_channel is None and workspace.platform != "terminal":
        spots.append("Alerts have no place yet. Give this command where they should go: /rao alerts here")
    if usage.left_usd_micros == 0:
        spots.append(
            f"This month's money is used up: nothing that costs money starts before {moment(usage.resets_at)}."
        )
    return spots


def _actions(backlog: Backlog) -> tuple[Button, ...]:
    actions = [Button("Show the posts", "post list", style=Style.PRIMARY)] if backlog.watched else []
    if backlog.alerts_failed:
        actions.append(Button("Show the alerts", "alerts list"))
    return tuple(actions)


def _remote_values(remote: Remote) -> dict[str, Any]:
    last = remote.last_success_at()
    return {
        **values_of(remote, "name basis configured used_for"),
        "ends_on": remote.ends_on.isoformat() if remote.ends_on else None,
        "problem": remote.problem() if remote.configured else None,
        "last_success_at": last.isoformat() if last else None,
    }
