"""`/rao sample …`: what only the sample Reddit has. In the terminal only."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Button, Card, Field, Progress, Style
from bot.command import Context, Kind, Param, Registry
from bot.words import counted, moment
from core.drafting.drafts import DraftStatus
from core.errors import NotAllowedNow
from core.gateways.sample import Fate, SampleReddit
from core.model import Role

commands = Registry()


@commands.command(
    "sample show",
    "The sample Reddit: its communities and its time",
    terminal_only=True,
)
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
