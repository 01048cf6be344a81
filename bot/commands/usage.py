"""`/rao usage`: quota and money of this month; `/rao plan …`: what this workspace may use at most."""

from __future__ import annotations

from collections.abc import Iterator

from bot.card import Button, Card, Field, Tone, values_of
from bot.command import Context, Kind, Param, Registry
from bot.words import age, at_least, counted, dollars, moment
from core.campaigns import CampaignStatus
from core.errors import BadArgument
from core.ledger import TaskUsage, Usage
from core.model import Role
from core.plans import Plan, PlanName

commands = Registry()

_REACHED = (
    "Nothing that costs money is started until it resets. An interview costs nothing: /rao draft interview\n"
    "Posts come free of charge from a file: /rao collect start source=file"
)


@commands.command("usage", "Quota and money: used, reserved and left")
async def usage(ctx: Context) -> Card:
    store, now = ctx.services.store, ctx.services.clock.now()
    money = await store.usage(ctx.workspace_id, now)
    plan = await store.plan(ctx.workspace_id)
    watched = (await store.backlog(ctx.workspace_id, now)).watched
    campaigns = [c for c in await store.campaigns(ctx.workspace_id) if c.status is not CampaignStatus.DELETED]
    reached = money.left_usd_micros == 0
    warned = reached or money.is_nearly_used
    text = f"{at_least(money.left_usd_micros)} of {dollars(money.cap_usd_micros)} left this month."
    return Card(
        title="Usage",
        text="\n".join((text, *_warning(money))),
        fields=(
            Field("Used", dollars(money.used_usd_micros)),
            Field("Reserved for what is under way", dollars(money.reserved_usd_micros)),
            Field("By task, with model or actor", _by_task(money)),
            Field("Watched posts", f"{watched:,} of {plan.max_tracked_posts:,}"),
            Field("Campaigns", f"{len(campaigns):,} of {plan.max_campaigns:,}"),
        ),
        footnote=f"Since {moment(money.month_start)}. Resets {moment(money.resets_at)} ({age(money.resets_at - now)})",
        tone=Tone.ATTENTION if warned else Tone.NEUTRAL,
        values={
            **values_of(money, "used_usd_micros reserved_usd_micros left_usd_micros cap_usd_micros used_percent"),
            **values_of(money, "month_start resets_at"),
            "by_task": {
                name: {
                    "calls": task.calls,
                    "cost_usd_micros": task.used_usd_micros,
                    "reserved_usd_micros": task.reserved_usd_micros,
                }
                for name, task in money.by_task.items()
            },
            "watched_posts": watched,
            "campaigns": len(campaigns),
        },
    )


def _warning(money: Usage) -> Iterator[str]:
    if money.left_usd_micros == 0:
        yield _REACHED
    elif money.is_nearly_used:
        yield f"{money.used_percent}% of it is used. An admin can raise the cap: /rao plan set monthly_cap=…"


def _by_task(money: Usage) -> str:
    lines = [f"{name}: {_amounts(task)}" for name, task in money.by_task.items()]
    return "\n".join(lines) or "Nothing was spent this month."


def _amounts(task: TaskUsage) -> str:
    parts = []
    if task.calls:
        parts.append(f"{dollars(task.used_usd_micros)} in {counted(task.calls, 'call')}")
    if task.reserved_usd_micros:
        parts.append(f"{dollars(task.reserved_usd_micros)} reserved")
    return ", ".join(parts) or "nothing yet"


@commands.command("plan show", "Limits and caps of this workspace", role=Role.ADMIN)
async def show_plan(ctx: Context) -> Card:
    return _plan_card(await ctx.services.store.plan(ctx.workspace_id), "Plan")


@commands.command(
    "plan set",
    "Change limits",
    Param("plan", "which one", Kind.CHOICE, choices=tuple(PlanName)),
    Param("monthly_cap", "dollars, such as 5.50", Kind.MONEY),
    Param("tracked_posts", "posts watched at most", Kind.INTEGER),
    Param("campaigns", "campaigns at most", Kind.INTEGER),
    role=Role.ADMIN,
)
async def set_plan(
    ctx: Context, plan: str | None, monthly_cap: int | None, tracked_posts: int | None, campaigns: int | None
) -> Card:
    if plan is None and monthly_cap is None and tracked_posts is None and campaigns is None:
        raise BadArgument("Nothing to change was named.", "For example: /rao plan set monthly_cap=5")
    changed = await ctx.services.plans.set(
        ctx.caller,
        name=PlanName(plan) if plan else None,
        monthly_cap_usd_micros=monthly_cap,
        max_tracked_posts=tracked_posts,
        max_campaigns=campaigns,
    )
    return _plan_card(changed, "Plan changed")


def _cap_words(plan: Plan) -> str:
    if plan.cap_usd_micros < plan.monthly_cap_usd_micros:
        set_here = dollars(plan.monthly_cap_usd_micros)
        return f"{dollars(plan.cap_usd_micros)}: the most that who runs this bot allows ({set_here} is set here)"
    return dollars(plan.cap_usd_micros)


def _plan_card(plan: Plan, title: str) -> Card:
    return Card(
        title=title,
        fields=(
            Field("Plan", f"{plan.name}, with limits of your own" if plan.is_changed else plan.name),
            Field("Money a month, for models and collecting", _cap_words(plan)),
            Field("Watched posts", f"{plan.max_tracked_posts:,}"),
            Field("Campaigns", f"{plan.max_campaigns:,}"),
        ),
        actions=(Button("Usage", "usage"),),
        values={
            "plan": plan.name.value,
            "monthly_cap_usd_micros": plan.cap_usd_micros,
            "max_tracked_posts": plan.max_tracked_posts,
            "max_campaigns": plan.max_campaigns,
        },
    )
