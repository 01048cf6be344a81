"""`/rao plan …`: what this workspace may use."""

from __future__ import annotations

from bot.card import Button, Card, Field
from bot.command import Context, Kind, Param, Registry
from bot.words import dollars
from core.errors import BadArgument
from core.model import Role
from core.plans import Plan, PlanName

commands = Registry()


@commands.command("plan show", "Limits and caps of this workspace", role=Role.ADMIN)
async def show(ctx: Context) -> Card:
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
async def set_(
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
