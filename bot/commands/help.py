"""`/rao help`: what to do next here, then the commands by topic, made from the registry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.card import Button, Card, Field, Style
from bot.command import Command, Context, Kind, Param, Registry
from bot.commands import all_commands
from bot.words import counted
from core.campaigns import CampaignStatus
from core.drafting.drafts import DraftStatus
from core.errors import NotFound
from core.model import Role

commands = Registry()

_PLACEHOLDERS = {
    Kind.INTEGER: "3",
    Kind.MONEY: "5.50",
    Kind.DURATION: "6h",
    Kind.TIME: "9:00",
    Kind.COMMUNITY: "r/name",
    Kind.COMMUNITIES: '"r/one,r/two"',
    Kind.LIST: '"one,two,three"',
    Kind.FILE: "…",
}


@dataclass(frozen=True, slots=True)
class _Step:
    text: str
    button: Button
    why: str = ""


@commands.command("help", "What to do next, and all commands by topic", Param("topic", "one word, such as draft"))
async def help_(ctx: Context, topic: str | None) -> Card:
    registry = all_commands()
    shown = [c for c in registry.commands.values() if _is_shown(c, ctx)]
    if topic:
        return _topic_card(shown, topic.lower().removeprefix("/rao "))
    step = await _next_step(ctx)
    return _overview(ctx, shown, step, registry.get(step.button.command).role)


def _is_shown(command: Command, ctx: Context) -> bool:
    return not command.button_only and (not command.terminal_only or ctx.actor.platform == "terminal")


def _overview(ctx: Context, shown: Iterable[Command], step: _Step, needed: Role) -> Card:
    lines = [step.text, step.why]
    if not ctx.role.covers(needed):
        lines.append(f"That needs the role {needed}; yours is {ctx.role}.")
    topics: dict[str, list[str]] = {}
    for command in shown:
        verbs = topics.setdefault(command.topic, [])
        verbs.append(command.path.partition(" ")[2] or command.help)
    return Card(
        title="What to do next",
        text="\n".join(line for line in lines if line),
        fields=tuple(Field(f"/rao {topic}", " · ".join(verbs)) for topic, verbs in topics.items()),
        actions=(step.button,) if ctx.role.covers(needed) else (),
        footnote="More about one topic: /rao help topic, for example /rao help draft",
        values={"next": step.button.command, "topics": list(topics)},
    )


def _topic_card(shown: Iterable[Command], topic: str) -> Card:
    every = list(shown)
    found = [c for c in every if topic in (c.topic, c.path)]
    if not found:
        topics = ", ".join(dict.fromkeys(c.topic for c in every))
        raise NotFound(f"There is no help about {topic[:40]!r}.", f"Topics: {topics}.")
    return Card(
        title=f"/rao {topic}",
        fields=tuple(Field(usage(command), _about(command)) for command in found),
        footnote="[…] may be left out. You are asked for what is missing.",
        values={"commands": [c.path for c in found]},
    )


def usage(command: Command) -> str:
    """Returns how a command is written, with optional parameters in brackets."""
    words = [f"/rao {command.path}"]
    for param in command.typed_params:
        value = "|".join(param.choices) or _PLACEHOLDERS.get(param.kind, '"…"')
        words.append(f"{param.name}={value}" if param.required else f"[{param.name}={value}]")
    return " ".join(words)


def _about(command: Command) -> str:
    lines = [command.help + ("." if command.role is Role.VIEWER else f" (needs the role {command.role}).")]
    lines += [f"{param.name}: {param.help}" for param in command.typed_params]
    return "\n".join(lines)


async def _next_step(ctx: Context) -> _Step:
    """Returns the first step that is missing between an empty workspace and a watched post."""
    store, workspace = ctx.services.store, ctx.workspace_id
    campaigns = [c for c in await store.campaigns(workspace) if c.status is CampaignStatus.ACTIVE]
    if not campaigns:
        here = await store.workspace(workspace)
        if here.alert_channel is None and ctx.actor.platform != "terminal":
            return _Step(
                "First say where alerts go and who may do what: /rao setup",
                Button("Set up", "setup", style=Style.PRIMARY),
                "Then start a campaign: /rao campaign create",
            )
        return _Step(
            "Start a campaign: /rao campaign create",
            Button("New campaign", "campaign create", style=Style.PRIMARY),
            "It says what you promote and in which communities. What works here, and who may do what: /rao setup",
        )
    campaign = campaigns[-1]
    if not await store.facts(workspace, campaign.id, ctx.services.clock.now()):
        return _Step(
            f"Add facts to {campaign.name}: /rao fact add",
            Button("Add a fact", "fact add", campaign.id, Style.PRIMARY),
            "Drafts say only what a member stands behind.",
        )
    collected = {s.community for s in await store.community_summaries(workspace) if s.posts}
    if not collected & set(campaign.communities):
        return _Step(
            f"Collect posts of {campaign.name}'s communities: /rao collect start",
            Button("Collect posts", "collect start", campaign.id, Style.PRIMARY),
            "Their norms are learned from what was posted there.",
        )
    return await _next_step_of_drafts(ctx)


async def _next_step_of_drafts(ctx: Context) -> _Step:
    store = ctx.services.store
    for draft in await store.drafts(ctx.workspace_id, statuses=(DraftStatus.APPROVED,), limit=1):
        return _Step(
            f"Draft {draft.id} is approved: post it by hand in r/{draft.community}, then register its link.",
            Button("I posted it", "post register", draft.id, Style.PRIMARY),
            "From then on it is watched: /rao post register",
        )
    for draft in await store.drafts(ctx.workspace_id, statuses=[s for s in DraftStatus if s.is_open], limit=1):
        return _Step(
            f"Draft {draft.id} for r/{draft.community} waits for a decision: /rao draft show {draft.id}",
            Button("Show the draft", "draft show", draft.id, Style.PRIMARY),
        )
    watched = (await store.backlog(ctx.workspace_id, ctx.services.clock.now())).watched
    if watched:
        return _Step(
            f"{counted(watched, 'post')} {'is' if watched == 1 else 'are'} watched: /rao post list",
            Button("Show the posts", "post list", style=Style.PRIMARY),
            "A new draft: /rao draft new",
        )
    return _Step("Take a first draft: /rao draft new", Button("New draft", "draft new", style=Style.PRIMARY))
