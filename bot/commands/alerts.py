"""`/rao alerts …`: where alerts go, and what became of them."""

from __future__ import annotations

from bot.alert_cards import alert_card
from bot.card import Button, Card, Field, Style, Tone
from bot.command import Context, Registry
from bot.words import counted, moment
from core.model import Alert, Role

commands = Registry()

LISTED = 20


@commands.command("alerts here", "Send this workspace's alerts to where you give this command", role=Role.ADMIN)
async def here(ctx: Context) -> Card:
    store, now = ctx.services.store, ctx.services.clock.now()
    await store.set_alert_channel(ctx.caller, ctx.actor.channel, now)
    again = await store.retry_alerts(ctx.caller, now)
    text = "Every alert of this workspace comes to this place from now on."
    if again:
        text += f"\n{counted(again, 'alert')} that could not be delivered elsewhere will be sent here now."
    return Card(
        title="Alerts come here",
        text=text,
        actions=(Button("Send a test alert", "setup test alert"),),
        values={"channel": ctx.actor.channel, "sent_again": again},
    )


@commands.command("alerts list", "What was sent lately, what waits, and what could not be delivered")
async def list_(ctx: Context) -> Card:
    alerts = await ctx.services.store.alerts(ctx.workspace_id, LISTED)
    if not alerts:
        return Card(
            title="No alerts yet",
            text="The first one comes when a registered post is seen for the first time.",
            actions=(Button("Register a post", "post register", style=Style.PRIMARY),),
            values={"alerts": []},
        )
    failed = [a for a in alerts if a.is_given_up]
    return Card(
        title="Alerts",
        text=(
            f"{counted(len(failed), 'alert')} could not be delivered. Choose another place: /rao alerts here"
            if failed
            else ""
        ),
        fields=tuple(Field(f"{a.id} · {alert_card(a).title}", _fate(a)) for a in alerts),
        footnote=f"The newest {LISTED}" if len(alerts) == LISTED else "",
        tone=Tone.ATTENTION if failed else Tone.NEUTRAL,
        values={"alerts": [_values(a) for a in alerts]},
    )


def _fate(alert: Alert) -> str:
    """What became of an alert, in one or two lines."""
    if alert.delivered_at:
        detour = f", not to its channel\n{alert.last_problem}" if alert.last_problem else ""
        return f"Delivered {moment(alert.delivered_at)}{detour}"
    why = f"\n{alert.last_problem}" if alert.last_problem else ""
    if alert.is_given_up:
        return f"Given up after {counted(alert.attempts, 'try', 'tries')}, owed since {moment(alert.created_at)}{why}"
    if alert.attempts:
        tries = counted(alert.attempts, "try", "tries")
        return f"Not delivered after {tries}, next {moment(alert.next_attempt_at)}{why}"
    return f"Waiting, due {moment(alert.next_attempt_at)}"


def _values(alert: Alert) -> dict[str, str | int | None]:
    return {
        "alert": alert.id,
        "kind": alert.kind.value,
        "post": alert.tracked_post_id,
        "created_at": alert.created_at.isoformat(),
        "delivered_at": alert.delivered_at.isoformat() if alert.delivered_at else None,
        "next_attempt_at": alert.next_attempt_at.isoformat() if alert.next_attempt_at else None,
        "attempts": alert.attempts,
        "problem": alert.last_problem,
    }
