"""`/rao usage`: quota and money of this month."""

from __future__ import annotations

from bot.card import Card, Field, Tone
from bot.command import Context, Registry
from bot.words import age, counted, dollars, moment
from core.model import CampaignStatus, TrackedPost

commands = Registry()

_COUNTED_POSTS = 10_000  # more than any plan allows to watch


@commands.command("usage", "Quota and money: used, reserved, left, when it resets, by task and model")
async def usage(ctx: Context) -> Card:
    store, now = ctx.services.store, ctx.services.clock.now()
    money = await store.usage(ctx.workspace_id, now)
    plan = await store.plan(ctx.workspace_id)
    watched = [p for p in await store.tracked_posts(ctx.workspace_id, limit=_COUNTED_POSTS) if _is_watched(p)]
    campaigns = [c for c in await store.campaigns(ctx.workspace_id) if c.status is not CampaignStatus.DELETED]
    spent = "\n".join(
        f"{name}: {dollars(cost)} in {counted(calls, 'call')}" for name, (calls, cost) in sorted(money.by_task.items())
    )
    reached = money.left_usd_micros == 0
    text = f"{dollars(money.left_usd_micros)} of {dollars(money.cap_usd_micros)} left for models this month."
    if reached:
        text += "\nModels write nothing more until then; outlines cost nothing: /rao draft new … writer=outline"
    return Card(
        title="Usage",
        text=text,
        fields=(
            Field("Used", dollars(money.used_usd_micros)),
            Field("Reserved for calls under way", dollars(money.reserved_usd_micros)),
            Field("By task and model", spent or "Nothing was spent this month."),
            Field("Watched posts", f"{len(watched):,} of {plan.max_tracked_posts:,}"),
            Field("Campaigns", f"{len(campaigns):,} of {plan.max_campaigns:,}"),
        ),
        footnote=f"Since {moment(money.month_start)}. Resets {moment(money.resets_at)} ({age(money.resets_at - now)})",
        tone=Tone.ATTENTION if reached else Tone.NEUTRAL,
        values={
            "used_usd_micros": money.used_usd_micros,
            "reserved_usd_micros": money.reserved_usd_micros,
            "left_usd_micros": money.left_usd_micros,
            "cap_usd_micros": money.cap_usd_micros,
            "month_start": money.month_start.isoformat(),
            "resets_at": money.resets_at.isoformat(),
            "by_task": {name: {"calls": n, "cost_usd_micros": cost} for name, (n, cost) in money.by_task.items()},
            "watched_posts": len(watched),
            "campaigns": len(campaigns),
        },
    )


def _is_watched(post: TrackedPost) -> bool:
    return post.stopped_at is None and post.next_check_at is not None
