"""`/rao sample …`: what only the sample Reddit has, and a tour: the whole loop in a few presses of one button. In the
terminal only.

Each step of the tour gives real commands and shows their card. What it makes (a campaign, facts, a draft, a post) stays
in the workspace like anything else, and is found again when a step is given twice or the program was restarted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from bot.card import Button, Card, Field, Progress, Style
from bot.command import Context, Kind, Param, Registry
from bot.commands import all_commands
from bot.words import counted, moment
from core.campaigns import Campaign, CampaignStatus
from core.drafting.drafts import Draft, DraftStatus
from core.errors import BadArgument, NotAllowedNow, NotFound
from core.gateways.sample import Fate, SampleReddit
from core.model import Role, TrackedPost

commands = Registry()


@commands.command("sample show", "The sample Reddit: its communities and its time", terminal_only=True)
async def show(ctx: Context) -> Card:
    sample = _sample(ctx)
    now = ctx.services.clock.now()
    return Card(
        sample=True,
        title="The sample Reddit",
        text="Three invented communities and a simulated visibility: the whole work can be tried without access.",
        fields=(
            Field("Communities", ", ".join(f"r/{name}" for name in sample.communities)),
            Field("Sample time", moment(now)),
            Field("Move time", "/rao sample forward 7d"),
        ),
        values={"communities": list(sample.communities), "now": now.isoformat()},
    )


@commands.command(
    "sample publish",
    "Put an approved draft into the sample Reddit, as if you had posted it by hand",
    Param("draft", "its number", Kind.INTEGER, required=True, lookup="draft"),
    Param("fate", "what becomes of it; without it the community decides", Kind.CHOICE, choices=tuple(Fate)),
    role=Role.EDITOR,
    terminal_only=True,
)
async def publish(ctx: Context, draft: int, fate: str | None) -> Card:
    sample = _sample(ctx)
    found = await ctx.services.store.draft(ctx.workspace_id, draft)
    if found.status is not DraftStatus.APPROVED:
        raise NotAllowedNow(
            f"Draft {draft} is {found.status}; only an approved draft is posted.",
            f"Approve it: /rao draft approve {draft}",
        )
    post = sample.publish(found.community, found.latest.title, found.latest.body, Fate(fate) if fate else None)
    return Card(
        sample=True,
        title=f"Posted in the sample r/{post.community}",
        text="On the real Reddit you would have done this by hand. Now register the link, so that it is watched.",
        fields=(
            Field("Link", post.permalink),
            Field("Next", f"/rao post register {post.permalink} draft={draft}"),
        ),
        actions=(Button("I posted it", "post register", draft, Style.PRIMARY),),
        values={"link": post.permalink, "draft": draft, "author": post.author},
    )


@commands.command(
    "sample forward",
    "Move the sample Reddit's time; everything that falls due on the way happens",
    Param("by", "a span such as 30m, 6h or 7d", Kind.DURATION, required=True),
    role=Role.EDITOR,
    terminal_only=True,
)
async def forward(ctx: Context, by: timedelta) -> Card:
    sample = _sample(ctx)
    before = ctx.services.clock.now()

    async def report(at: str) -> None:
        await ctx.report(Progress(f"Sample time {at}"))

    done = await ctx.services.jobs.travel(before + by, sample.move, report)
    now = ctx.services.clock.now()
    return Card(
        sample=True,
        title=f"It is now {moment(now)} on the sample Reddit",
        text=f"Done on the way: {counted(done, 'check, audit or alert', 'checks, audits and alerts')}.",
        values={"now": now.isoformat(), "done": done},
    )


def _sample(ctx: Context) -> SampleReddit:
    if ctx.services.sample is None:
        raise NotAllowedNow(
            "This program runs on a real source, whose time cannot be moved.", "Unset it to try samples."
        )
    return ctx.services.sample


Thing = TypeVar("Thing")

NAME = "Tidewater"
COMMUNITY = "harborfounders"
PRODUCT = "An invoice tracker for small workshops"
KEYWORDS = ("invoices", "late payment", "workshops", "cash flow", "bookkeeping")
FACTS = (
    ("experience", "We built Tidewater after our own workshop waited 63 days for a payment"),
    ("number", "31 workshops use it, and the median wait for payment fell from 41 to 26 days"),
)
ANSWERS = {
    "title": "We waited 63 days for a payment",
    "story": None,
    "number": None,
    "lesson": "Ask for a deposit before you begin.",
    "question": "How do you deal with late payments?",
}
REMOVED_AFTER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Step:
    """`label`: the words of the button that leads to it; `why`: the sentence above the card that `give` returns."""

    label: str
    why: str
    give: Callable[[Context], Awaitable[Card]]


@commands.command(
    "sample tour",
    "The whole loop on the sample Reddit, one press a step",
    Param("step", "its number", Kind.INTEGER, default=1),
    role=Role.ADMIN,
    terminal_only=True,
)
async def tour(ctx: Context, step: int) -> Card:
    if ctx.services.sample is None:
        raise NotAllowedNow(
            "This program runs on a real source, and the tour publishes posts.",
            "Start it with nothing configured, in another folder, to try the tour.",
        )
    if not 1 <= step <= len(STEPS):
        raise BadArgument(
            f"The tour has {len(STEPS)} steps, and {step} is not one of them.", "Begin with step 1.", param="step"
        )
    card = await STEPS[step - 1].give(ctx)
    return replace(
        card,
        title=f"Step {step} of {len(STEPS)} · {card.title}",
        text="\n".join(part for part in (STEPS[step - 1].why, card.text) if part),
        actions=(_next(step),),
        form=None,
        values={**card.values, "step": step},
    )


def _next(step: int) -> Button:
    if step == len(STEPS):
        return Button("What to do next", "help", style=Style.PRIMARY)
    return Button(f"Next: {STEPS[step].label}", "sample tour", step + 1, Style.PRIMARY)


async def _start(ctx: Context) -> Card:
    found = await _campaign(ctx)
    if found is None:
        await _give(
            ctx, "campaign create", name=NAME, product=PRODUCT, keywords=KEYWORDS, communities=(COMMUNITY,), url=None
        )
        for kind, body in FACTS:
            await _give(ctx, "fact add", body=body, kind=kind, campaign=NAME)
    return await _give(ctx, "fact list", campaign=NAME)


async def _collect(ctx: Context) -> Card:
    _need(await _campaign(ctx), 1)
    return await _give(ctx, "collect start", campaign=NAME)


async def _draft(ctx: Context) -> Card:
    campaign = _need(await _campaign(ctx), 1)
    known = await _newest(ctx, campaign, tuple(status for status in DraftStatus if status.is_open))
    if known is not None:
        return await _give(ctx, "draft show", draft=known.id)
    return await _give(ctx, "draft interview", community=COMMUNITY, campaign=NAME, anyway="yes", **ANSWERS)


async def _approve(ctx: Context) -> Card:
    campaign = _need(await _campaign(ctx), 1)
    open_ones = tuple(status for status in DraftStatus if status.is_open)
    draft = _need(await _newest(ctx, campaign, (*open_ones, DraftStatus.APPROVED)), 4)
    if draft.status is DraftStatus.APPROVED:
        return await _give(ctx, "draft show", draft=draft.id)
    return await _give(ctx, "draft approve", draft=draft.id)


async def _post(ctx: Context) -> Card:
    campaign = _need(await _campaign(ctx), 1)
    draft = await _newest(ctx, campaign, (DraftStatus.APPROVED,))
    if draft is None:  # the second press: it is posted
        post = _need(await _tracked(ctx, campaign), 5)
        return await _give(ctx, "post show", post=post.id)
    published = await _give(ctx, "sample publish", draft=draft.id, fate="removed")
    return await _give(ctx, "post register", link=published.values["link"], draft=draft.id)


async def _wait(ctx: Context) -> Card:
    campaign = _need(await _campaign(ctx), 1)
    post = _need(await _tracked(ctx, campaign), 6)
    await _give(ctx, "sample forward", by=REMOVED_AFTER)
    return await _give(ctx, "post show", post=post.id)


async def _give(ctx: Context, path: str, **values: Any) -> Card:
    command = all_commands().get(path)
    return await command.handler(ctx, **{param.name: param.default for param in command.params} | values)


async def _campaign(ctx: Context) -> Campaign | None:
    campaigns = await ctx.services.store.campaigns(ctx.workspace_id)
    return next((c for c in campaigns if c.name == NAME and c.status is CampaignStatus.ACTIVE), None)


async def _newest(ctx: Context, campaign: Campaign, statuses: tuple[DraftStatus, ...]) -> Draft | None:
    drafts = await ctx.services.store.drafts(ctx.workspace_id, statuses=statuses, limit=20)
    return next((draft for draft in drafts if draft.campaign_id == campaign.id), None)


async def _tracked(ctx: Context, campaign: Campaign) -> TrackedPost | None:
    posts = await ctx.services.store.tracked_posts(ctx.workspace_id, limit=20)
    return next((post for post in posts if post.campaign_id == campaign.id), None)


def _need(thing: Thing | None, step: int) -> Thing:
    if thing is None:
        raise NotFound("This step needs what an earlier one makes.", f"Give step {step} first: sample tour {step}")
    return thing


STEPS: Sequence[Step] = (
    Step("a campaign", "A campaign says what you promote and where; drafts are made of its facts only.", _start),
    Step("collect posts", "What was posted there says what is normal. The funnel tells what became of each.", _collect),
    Step(
        "their norms",
        "What this community welcomes and rejects, and how sure that is.",
        partial(_give, path="community show", community=COMMUNITY),
    ),
    Step("a draft", "Without a model the draft is your own words. Every sentence is checked against facts.", _draft),
    Step("approve it", "Nothing is posted for you: the approved text is handed over to be posted by hand.", _approve),
    Step("post and register", "Here the sample plays the person who posts. From now on the post is watched.", _post),
    Step("three hours later", "Moderators removed it meanwhile. The alert above came by itself.", _wait),
    Step(
        "what was learned",
        "The next draft is checked against this. That was the whole loop.",
        partial(_give, path="pattern list"),
    ),
)
