"""`/rao alerts …`: where alerts go and when, and what became of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from bot.alert_cards import alert_card
from bot.alert_now import alert_details
from bot.card import Button, Card, Field, Form, Input, Style, Tone, values_of
from bot.command import Context, Kind, Param, Registry, time_of_day
from bot.commands.routes import PLACE, place_input
from bot.commands.status import destination
from bot.frontend import Actor
from bot.ladder import there
from bot.listing import ANY, CAMPAIGN, COMMUNITY, MEMBER, WITHIN, Asked, a_list, list_card
from bot.words import counted, hour, local, moment, quiet_hours, rhythm
from core.alerts import AT_ANY_HOUR, Alert, AlertPlace, Delivery, Refusal
from core.errors import BadArgument, NotAllowedNow
from core.listing import AlertState, Noun
from core.model import AlertKind, Role
from core.timetable import DIGEST_AT, DigestPlan, DigestRhythm, QuietHours, Timetable, Weekday, quiet_ends_at

commands = Registry()

OFF = "off"
_STATE_WORDS = {
    AlertState.WAITING.value: "that wait",
    AlertState.DELIVERED.value: "that were delivered",
    AlertState.FAILED.value: "that could not be delivered",
}
ROUTES = Button("Routes and mutes", "alerts routes")
_NONE_YET = Card(
    title="No alerts yet",
    text="The first one comes when a registered post is seen for the first time.",
    actions=(Button("Register a post", "post register", style=Style.PRIMARY), ROUTES),
)
SET_UP = Button("Set up", "setup")  # back to the setup card, which a platform may have replaced with this one


@commands.command("alerts here", "Send alerts to where you give this command", PLACE, role=Role.ADMIN)
async def here(ctx: Context, place: str | None) -> Card:
    actor = ctx.actor
    if place is None and actor.channel is None and actor.picks_channels:
        return Card(
            title="Where should alerts go?",
            text="The bot must be in that channel; a message of it shows that it can write there.",
            form=Form("Where alerts go", "alerts here", place_input()),
            private=True,
        )
    return await _sent_to(ctx, await ctx.services.places.prove(there(actor, place)))


# Discord's command has no room for it.
@commands.button("alerts above", "Send alerts to the channel or forum above this thread", role=Role.ADMIN)
async def above(ctx: Context) -> Card:
    if ctx.actor.above is None:
        raise NotAllowedNow(
            "This is no thread, so no channel is above it.", "Give /rao alerts here where they should arrive."
        )
    channel = await ctx.services.places.prove(replace(ctx.actor, channel=ctx.actor.above, channel_problem=""))
    return await _sent_to(ctx, channel)


async def _sent_to(ctx: Context, channel: str | None) -> Card:
    store, actor = ctx.services.store, ctx.actor
    now = ctx.services.clock.now()
    again = await ctx.services.alerts.move(ctx.caller, channel)
    text = "Every alert of this workspace comes to that place from now on; a message of the bot arrived in it."
    if channel is None:
        text = "Every alert of this workspace comes to this terminal while the program runs."
    if again:
        times = await store.timetable(ctx.workspace_id)
        ends_at = quiet_ends_at(times.quiet_hours, times.timezone, now)
        when = f"when the quiet hours end, {local(ends_at, times.timezone)}" if ends_at else "now"
        text += f"\n{counted(again, 'alert')} that could not be delivered elsewhere will be sent here {when}."
    return Card(
        title="Alerts come here" if channel == actor.channel else "Alerts have their channel",
        text=text,
        fields=(destination(ctx.actor.platform, AlertPlace(channel, now)),) if channel is not None else (),
        actions=(Button("Send a test alert", "setup test alert"), *_above_it(actor, channel), SET_UP),
        private=True,  # everybody has the message that proved the place
        values={"channel": channel, "sent_again": again},
    )


def _above_it(actor: Actor, channel: str | None) -> tuple[Button, ...]:
    """In a thread, the way to what is above it: in a forum each story becomes a post there."""
    is_in_thread = actor.above is not None and channel == actor.channel
    return (Button("Send them above this thread", "alerts above"),) if is_in_thread else ()


@commands.button("alerts direct on", "Hear of drafts that wait for you in private")
async def direct_on(ctx: Context) -> Card:
    return await _tell_directly(ctx, True)


@commands.button("alerts direct off", "Hear of no drafts in private")
async def direct_off(ctx: Context) -> Card:
    return await _tell_directly(ctx, False)


async def _tell_directly(ctx: Context, wanted: bool) -> Card:
    member = await ctx.services.members.tell_directly(ctx.caller, wanted)
    said = (
        "When a draft waits for your decision, or yours is approved or needs approval again, you get a direct message."
        if member.told_directly
        else "No direct messages about drafts come to you. What waits: /rao draft list waiting=me"
    )
    return Card(
        title=f"Direct messages about drafts: {'on' if member.told_directly else 'off'}",
        text=said,
        private=True,
        values={"told_directly": member.told_directly},
    )


@a_list(
    commands,
    "alerts list",
    "What was sent, waits, or could not be delivered",
    Param("state", "only these", Kind.CHOICE, choices=(*AlertState, ANY), in_form=True),
    CAMPAIGN,
    COMMUNITY,
    MEMBER,
    WITHIN,
    noun=("alert", "alerts"),
    state=_STATE_WORDS,
)
async def list_(ctx: Context, asked: Asked) -> Card:
    page = await ctx.services.store.listed(ctx.workspace_id, Noun.ALERT, asked.wanted)
    alerts = await ctx.services.store.alerts(ctx.workspace_id, None, ids=page.rows)
    failed = [a for a in alerts if a.is_given_up and a.kind is not AlertKind.UNDELIVERED]
    refusals = await ctx.services.store.refusals(ctx.workspace_id)
    chosen = (await ctx.services.store.workspace(ctx.workspace_id)).alert_channel
    times = await ctx.services.store.timetable(ctx.workspace_id)
    ends_at = quiet_ends_at(times.quiet_hours, times.timezone, ctx.services.clock.now())
    lines = []
    if failed:
        lines.append(f"{counted(len(failed), 'alert')} could not be delivered. Choose another place: /rao alerts here")
    if ends_at is not None:
        lines.append(f"Quiet hours until {local(ends_at, times.timezone)}.")
    return list_card(
        asked,
        page,
        [
            *(_refusing(r, chosen) for r in refusals),
            *(Field(f"{a.id} · {alert_card(a).title}", _fate(a, ends_at)) for a in alerts),
        ],
        title="Alerts",
        nothing=None if asked.is_filtered else _NONE_YET,
        lines=lines,
        actions=(ROUTES,),
        tone=Tone.ATTENTION if failed or any(r.place == chosen for r in refusals) else Tone.NEUTRAL,
        values={
            "alerts": [_values(a) for a in alerts],
            "refusing": [{"place": r.place, "since": r.since.isoformat(), "problem": r.problem} for r in refusals],
        },
    )


# Discord's command has no room for it.
@commands.button(
    "alerts show", "All that is known behind an alert", Param("alert", "its number", Kind.INTEGER, required=True)
)
async def show(ctx: Context, alert: int) -> Card:
    told = await ctx.services.store.alert_record(ctx.workspace_id, alert)
    return alert_details(told, ctx.services.clock.now())


def _refusing(refusal: Refusal, chosen: str | None) -> Field:
    do = " Choose another place: /rao alerts here" if refusal.place == chosen else ""
    told = f"Since {moment(refusal.since)}. {refusal.problem}{do}"
    if refusal.place.startswith("@"):
        return Field("Somebody's direct messages take no alerts", told)
    return Field("A channel takes no alerts", told, channel=refusal.place)


def _fate(alert: Alert, quiet_until: datetime | None) -> str:
    """What became of an alert, in one or two lines. `quiet_until`: the end of the quiet hours that it is in now."""
    if alert.delivered_at:
        detour = f", not to its channel\n{alert.last_problem}" if alert.last_problem else ""
        return f"Delivered {moment(alert.delivered_at)}{detour}"
    if alert.told_by is Delivery.DIGEST:
        return "Good news: the digest tells it"
    if alert.told_by is Delivery.UPDATE and alert.delivered_at:
        return f"Good news: its earlier message shows it since {moment(alert.delivered_at)}"
    if alert.told_with is not None:
        return f"Old news by now: told together with alert {alert.told_with}"
    due = alert.next_attempt_at
    is_quiet = quiet_until is not None and due is not None and due < quiet_until and alert.kind not in AT_ANY_HOUR
    due = quiet_until if is_quiet else due
    why = f"\n{alert.last_problem}" if alert.last_problem else ""
    if alert.is_given_up:
        return f"Given up after {counted(alert.attempts, 'try', 'tries')}, queued {moment(alert.created_at)}{why}"
    if alert.attempts:
        tries = counted(alert.attempts, "try", "tries")
        return f"Not delivered after {tries}, next {moment(due)}{why}"
    return f"Waiting for the end of the quiet hours, {moment(due)}" if is_quiet else f"Waiting, due {moment(due)}"


def _values(alert: Alert) -> dict[str, Any]:
    told = values_of(alert, "kind created_at delivered_at next_attempt_at told_with told_by attempts")
    return {"alert": alert.id, "post": alert.tracked_post_id, **told, "problem": alert.last_problem}


@commands.command(
    "alerts quiet",
    "Hours in which alerts wait",
    Param("hours", "such as 22:00-07:00, or off"),
    role=Role.ADMIN,
    opens_form=True,
)
async def quiet(ctx: Context, hours: str | None) -> Card:
    store, now = ctx.services.store, ctx.services.clock.now()
    if hours is None:
        return _quiet_form(await store.timetable(ctx.workspace_id), now)
    times = await ctx.services.timetables.set_quiet_hours(ctx.caller, _quiet_hours(hours))
    waiting = (await store.backlog(ctx.workspace_id, now)).alerts_pending
    is_off = times.quiet_hours is None
    return Card(
        title="No quiet hours" if is_off else f"Quiet hours: {quiet_hours(times.quiet_hours, times.timezone)}",
        text="Alerts come at any hour; what waited for quiet hours comes now." if is_off else _quiet_words(times, now),
        fields=(Field("Waiting", counted(waiting, "alert")),) if waiting else (),
        actions=(*_other_times(times), *_urgent(times)),
        values=_times_values(times, now),
    )


# Discord's command has no room for it.
@commands.button(
    "alerts urgent",
    "Whether what must be acted on now comes in quiet hours too",
    Param("wanted", "1 at any hour, 0 at their end", Kind.INTEGER, required=True),
    role=Role.ADMIN,
)
async def urgent(ctx: Context, wanted: int) -> Card:
    times = await ctx.services.timetables.set_urgent_wakes(ctx.caller, wanted == 1)
    return Card(
        title="What must be acted on now comes at any hour"
        if times.urgent_wakes
        else "Everything waits in quiet hours",
        text=f"{_quiet_words(times, ctx.services.clock.now())}\n{ctx.signed('Chosen')}.",
        actions=_urgent(times),
        values={"urgent_wakes": times.urgent_wakes},
    )


def _urgent(times: Timetable) -> tuple[Button, ...]:
    if times.quiet_hours is None:
        return ()
    label = "Let everything wait" if times.urgent_wakes else "Act now at any hour"
    return (Button(label, "alerts urgent", 0 if times.urgent_wakes else 1),)


def _quiet_form(times: Timetable, now: datetime) -> Card:
    known = times.quiet_hours
    written = f"{hour(known.begin)}-{hour(known.until)}" if known else "22:00-07:00"
    question = Input("hours", "Quiet hours", written, f"From and until in {times.timezone}, or off")
    return Card(
        title=f"Quiet hours: {quiet_hours(known, times.timezone)}",
        text=f'{_quiet_words(times, now)}\nSuch as 22:00-07:00, or off.\nWrite: /rao alerts quiet hours="…"',
        form=Form("Quiet hours", "alerts quiet", (question,)),
        values=_times_values(times, now),
    )


def _quiet_words(times: Timetable, now: datetime) -> str:
    if times.quiet_hours is None:
        return "Alerts come at any hour."
    ends_at = quiet_ends_at(times.quiet_hours, times.timezone, now)
    lines = [
        f"It is quiet now, until {local(ends_at, times.timezone)}." if ends_at is not None else "It is not quiet now.",
        "Alerts of these hours come when they end, each story once with its last state. A test alert comes at once.",
    ]
    if times.urgent_wakes:
        lines.append("A removal, a banned account or a blind bot is told at any hour.")
    return "\n".join([*lines, *_digest_in_quiet_hours(times)])


def _quiet_hours(said: str) -> QuietHours | None:
    """The hours in "22:00-07:00" (also with "to" or "until" between them); None for "off". Raises `BadArgument`."""
    if said.strip().lower() == OFF:
        return None
    parts = re.split(r"\s*(?:-|–|—|\bto\b|\buntil\b)\s*", said.strip().lower().removeprefix("from "))
    if len(parts) != 2:
        raise BadArgument(
            "Quiet hours have a beginning and an end.", "Write them like 22:00-07:00, or off.", param="hours"
        )
    try:
        begin, until = (time_of_day(part) for part in parts)
    except BadArgument as error:
        raise BadArgument(error.what, "Write the hours like 22:00-07:00, or off.", param="hours") from None
    return QuietHours(begin, until)


@commands.command(
    "alerts digest",
    "What happened and what waits, every day or week",
    Param("every", "how often", Kind.CHOICE, choices=(*DigestRhythm, OFF)),
    Param("at", "in your zone, such as 9:00", Kind.TIME),
    Param("on", "of a weekly one; else Monday", Kind.CHOICE, choices=tuple(Weekday)),
    role=Role.ADMIN,
    opens_form=True,
)
async def digest(ctx: Context, every: str | None, at: time | None, on: str | None) -> Card:
    store, now = ctx.services.store, ctx.services.clock.now()
    times = await store.timetable(ctx.workspace_id)
    if every is None and at is None and on is None:
        return _digest_form(times, now)
    if every == OFF:
        times = await ctx.services.timetables.end_digest(ctx.caller)
    else:
        often, day = DigestRhythm(every) if every else None, Weekday(on) if on else None
        times = await ctx.services.timetables.set_digest(ctx.caller, often, at, day)
    place = destination(ctx.actor.platform, await store.alert_place(ctx.workspace_id))
    return Card(
        title=f"Digest: {rhythm(times.expected_digest, times.timezone)}",
        text=_digest_words(times),
        fields=(place,) if times.digest_due_at is not None else (),
        actions=(*_other_times(times), *_good_news(times)),
        values=_times_values(times, now),
    )


# Discord's command has no room for it.
@commands.button(
    "alerts good news",
    "Where good news go: messages of their own, or the digest",
    Param("wanted", "1 as messages, 0 in the digest", Kind.INTEGER, required=True),
    role=Role.ADMIN,
)
async def good_news(ctx: Context, wanted: int) -> Card:
    times = await ctx.services.timetables.set_good_news(ctx.caller, wanted == 1)
    return Card(
        title="Good news are messages" if times.good_news else "Good news make no message of their own",
        text=f"{_digest_words(times)}\n{ctx.signed('Chosen')}.",
        actions=_good_news(times),
        values={"good_news": times.good_news},
    )


def _good_news(times: Timetable) -> tuple[Button, ...]:
    if not times.has_digest:
        return ()
    label = "Good news in the digest" if times.good_news else "Good news as messages"
    return (Button(label, "alerts good news", 0 if times.good_news else 1),)


def _digest_form(times: Timetable, now: datetime) -> Card:
    known = times.digest
    plan = known or DigestPlan(DigestRhythm.DAILY, DIGEST_AT)
    questions = (
        Input("every", "How often", plan.every.value, options=(*DigestRhythm, OFF)),
        Input("at", "At", hour(plan.at), f"The time of day in {times.timezone}"),
        Input("on", "On", plan.on.value, "The day of a weekly one", required=False, options=tuple(Weekday)),
    )
    return Card(
        title=f"Digest: {rhythm(times.expected_digest, times.timezone)}",
        text=f"{_digest_words(times)}\n"
        "Daily, weekly or off; a weekly one on a day you choose.\n"
        'Write: /rao alerts digest every="…" at="…" on="…"',
        form=Form("Digest", "alerts digest", questions),
        values=_times_values(times, now),
    )


def _digest_words(times: Timetable) -> str:
    if not times.has_digest:
        return "No digest comes, so good news are messages of their own."
    good = "Good news stand in it, or in the message that told the trouble."
    if times.good_news:
        good = "Good news are messages of their own."
    if times.digest_due_at is None:
        return f"It begins with the first news for it, and is not sent when there is nothing to say.\n{good}"
    lines = [f"The next one comes {local(times.digest_due_at, times.timezone)}, where alerts go.", good]
    return "\n".join([*lines, *_digest_in_quiet_hours(times)])


def _digest_in_quiet_hours(times: Timetable) -> list[str]:
    """Returns a line when the next digest is due in quiet hours, otherwise none."""
    if times.digest_due_at is None:
        return []
    ends_at = quiet_ends_at(times.quiet_hours, times.timezone, times.digest_due_at)
    if ends_at is None:
        return []
    return [f"That is in the quiet hours, so it waits for their end: {local(ends_at, times.timezone)}."]


def _other_times(times: Timetable) -> tuple[Button, ...]:
    # UTC probably means that nobody chose a zone.
    return (Button("Time zone", "setup time zone"), SET_UP) if times.timezone == "UTC" else (SET_UP,)


def _times_values(times: Timetable, now: datetime) -> dict[str, str | None]:
    ends_at = quiet_ends_at(times.quiet_hours, times.timezone, now)
    return {
        "timezone": times.timezone,
        "quiet_from": hour(times.quiet_from) if times.quiet_from else None,
        "quiet_until": hour(times.quiet_until) if times.quiet_until else None,
        "quiet_ends_at": ends_at.isoformat() if ends_at else None,
        "digest": times.digest_every.value if times.digest_every else None,
        "digest_due_at": times.digest_due_at.isoformat() if times.digest_due_at else None,
    }
