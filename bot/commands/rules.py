"""`/rao community rules …`: a community's own rules, what they demand, and what Reddit itself asks of a post there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.approval_words import change_line
from bot.card import Button, Card, Field, Form, Input, Link, Tone, values_of
from bot.command import Context, Kind, Param, Registry
from bot.commands.collect import BASIS_WORDS
from bot.commands.community import NAMED, PROFILE
from bot.words import ago, bulleted, counted, moment
from core.communities import RulesSnapshot
from core.demands import READ_BY_PERSON, READ_BY_RULES, KeptDemand
from core.model import Basis, Role
from core.records import dump
from core.requirements import BodyPolicy, LinkPolicy, Requirements
from core.texts.demand_words import WAYS, stance_words
from core.texts.pasted_rules import LONGEST

commands = Registry()

SNAPSHOT = Param("rules", "the number of their reading", Kind.INTEGER, required=True)
LINES_CHARS = 4_000
_LISTED = 8


@commands.command("community rules", "A community's own rules, and what they ask", NAMED)
async def rules(ctx: Context, community: str) -> Card:
    snapshot = await ctx.services.store.latest_rules(ctx.workspace_id, community)
    if snapshot is None and await ctx.services.rules.refresh(ctx.caller, community):
        snapshot = await ctx.services.store.latest_rules(ctx.workspace_id, community)
    if snapshot is None:
        return Card(
            title=f"Rules of r/{community}",
            text="No source here could read them. Read them there, and paste them here.",
            actions=(Button("Paste them", "community rules paste"),),
            links=(_on_reddit(community),),
            values={"community": community, "rules": None},
        )
    return await _card(ctx, snapshot)


@commands.button("community rules of", "The rules of a community", PROFILE)
async def rules_of(ctx: Context, profile: int) -> Card:
    return await rules(ctx, (await ctx.services.store.profile(ctx.workspace_id, profile)).community)


# Discord's command has no room for it.
@commands.button(
    "community rules paste",
    "Paste a community's rules, where no source reads them",
    NAMED,
    Param("rules", "as the community shows them", Kind.LONG, required=True, max_length=LONGEST),
    role=Role.EDITOR,
)
async def paste(ctx: Context, community: str, rules: str) -> Card:
    return await _card(ctx, await ctx.services.rules.paste(ctx.caller, community, rules))


@commands.button(
    "community rules renew", "Paste these rules as they are now", SNAPSHOT, role=Role.EDITOR, opens_form=True
)
async def renew(ctx: Context, rules: int) -> Card:
    community = (await ctx.services.store.rules_snapshot(ctx.workspace_id, rules)).community
    return Card(
        title=f"Rules of r/{community}",
        text="Paste all of them. What changed is told, and ends the approvals that stand on the old ones.",
        links=(_on_reddit(community),),
        form=Form(
            title=f"Rules of r/{community}"[:45],
            command="community rules paste",
            inputs=(Input("rules", "As the community shows them", long=True),),
            known={"community": community},
        ),
        values={"community": community},
    )


@commands.button("community rules changes", "What changed in a community's rules", SNAPSHOT)
async def changes(ctx: Context, rules: int) -> Card:
    community = (await ctx.services.store.rules_snapshot(ctx.workspace_id, rules)).community
    changed = await ctx.services.rules.changes(ctx.workspace_id, community)
    return Card(
        title=f"What changed in the rules of r/{community}",
        sample=ctx.services.is_sample(community),
        text="" if changed else "Nothing has changed since they were first read.",
        fields=tuple(
            Field(
                f"Changed after {moment(one.held_until)}",
                bulleted([change_line(change) for change in one.changes]),
                quote=True,
            )
            for one in changed
        ),
        actions=(Button("The rules", "community rules now", rules),),
        values={
            "community": community,
            "changes": [
                {"after": one.held_until.isoformat(), "rules": one.rules.id, "changes": dump(one.changes)}
                for one in changed
            ],
        },
    )


@commands.button("community rules now", "A community's rules as they were read last", SNAPSHOT)
async def now(ctx: Context, rules: int) -> Card:
    snapshot = await ctx.services.store.rules_snapshot(ctx.workspace_id, rules)
    return await _card(ctx, await _newest(ctx, snapshot))


@commands.button(
    "community rules confirm",
    "Confirm or correct what a community's rules ask",
    NAMED,
    Param("demands", "one line each: 1 promotion: never", Kind.LONG, max_length=LINES_CHARS, in_form=True),
    role=Role.EDITOR,
    opens_form=True,
)
async def demands(ctx: Context, community: str, demands: str | None) -> Card:
    if demands is not None:
        return await _card(ctx, await ctx.services.rules.confirm(ctx.caller, community, demands))
    snapshot = await ctx.services.store.latest_rules(ctx.workspace_id, community)
    return await rules(ctx, community) if snapshot is None else await _form(ctx, snapshot)


@commands.button(
    "community rules correct",
    "Confirm or correct what these rules ask",
    SNAPSHOT,
    role=Role.EDITOR,
    opens_form=True,
)
async def correct(ctx: Context, rules: int) -> Card:
    snapshot = await ctx.services.store.rules_snapshot(ctx.workspace_id, rules)
    return await _form(ctx, await _newest(ctx, snapshot))


async def _newest(ctx: Context, snapshot: RulesSnapshot) -> RulesSnapshot:
    return await ctx.services.store.latest_rules(ctx.workspace_id, snapshot.community) or snapshot


async def _form(ctx: Context, snapshot: RulesSnapshot) -> Card:
    lines = await ctx.services.rules.demand_lines(ctx.workspace_id, snapshot)
    return Card(
        title=f"What the rules of r/{snapshot.community} ask",
        text=f"One line for each. Ways: {WAYS}.",
        fields=(Field("As read", lines, quote=True),),
        form=Form(
            title=f"What r/{snapshot.community} asks"[:45],
            command="community rules confirm",
            inputs=(Input("demands", "One line each; leave out what is wrong", value=lines, help=WAYS, long=True),),
            known={"community": snapshot.community},
        ),
        values={"community": snapshot.community, "demands": lines.splitlines()},
    )


async def _card(ctx: Context, snapshot: RulesSnapshot) -> Card:
    community = snapshot.community
    demanded = await ctx.services.rules.demands(ctx.workspace_id, snapshot)
    restricting = [pair for pair in demanded if pair[1].demand.restricts]
    fields = [
        Field(f"{number}. {rule.short_name}", rule.description or "(no description)", quote=True)
        for number, rule in enumerate(snapshot.rules, 1)
    ]
    if fields:
        asked = "\n".join(_line(number, one) for number, one in restricting)
        fields.append(Field("What they ask of a post", asked or "Nothing that restricts it."))
    if snapshot.requirements is not None:
        fields.append(Field("What Reddit refuses there", required_words(snapshot.requirements)))
    if snapshot.flairs:
        shown = [flair.text for flair in snapshot.flairs if not flair.mod_only]
        fields.append(Field("Flairs", ", ".join(shown) or "For moderators only.", quote=True))
    open_ones = any(not one.is_confirmed for _, one in restricting)
    actions = [Button("Confirm or correct", "community rules correct", snapshot.id)] if snapshot.rules else []
    if snapshot.basis is Basis.PERSON and ctx.services.rules.may_be_pasted(community):
        actions.append(Button("Paste them again", "community rules renew", snapshot.id))
    if await ctx.services.rules.changes(ctx.workspace_id, community):
        actions.append(Button("What changed", "community rules changes", snapshot.id))
    basis = "a member" if snapshot.basis is Basis.PERSON else BASIS_WORDS[snapshot.basis]
    return Card(
        title=f"Rules of r/{community}",
        sample=ctx.services.is_sample(community),
        text="" if snapshot.rules else "This community has published no rules of its own.",
        fields=tuple(fields),
        actions=tuple(actions),
        links=(_on_reddit(community),),
        footnote=f"{counted(len(snapshot.rules), 'rule')} from {basis}, read "
        f"{ago(ctx.services.clock.now() - snapshot.taken_at)}"
        + (". A program read what they ask; nobody has confirmed it yet." if open_ones else ""),
        tone=Tone.NEUTRAL,
        values={
            "community": community,
            "rules": [rule.short_name for rule in snapshot.rules],
            "demands": [_values(number, one) for number, one in demanded],
        },
    )


def _line(number: int, one: KeptDemand) -> str:
    said = f"{number} {one.demand.topic.replace('_', ' ')}: {stance_words(one.demand)}"
    if one.confirmed_by is not None:
        return f"{said} · {'said' if one.read_by == READ_BY_PERSON else 'confirmed'} by {one.confirmed_by}"
    return said if one.read_by == READ_BY_RULES else f"{said} · read by {one.read_by}"


def _values(number: int, one: KeptDemand) -> dict[str, object]:
    demand = one.demand
    return {
        "rule": number,
        **values_of(demand, "topic stance quote"),
        "weekdays": list(demand.weekdays),
        "ratio": list(demand.ratio) if demand.ratio else None,
        "amount": demand.number,
        "unit": demand.unit or None,
        "also": {"amount": demand.also[0], "unit": demand.also[1]} if demand.also else None,
        "read_by": one.read_by,
        "confirmed_by": one.confirmed_by,
        **values_of(one, "read_by confirmed_by"),
    }


def required_words(required: Requirements) -> str:
    """Returns Reddit's post requirements, one line each; the community's own words are in quotation marks."""
    lines = [
        _between("A title", required.title_text_min_length, required.title_text_max_length),
        _words("a title without", required.title_required_strings),
        _words("a title with", required.title_blacklisted_strings),
        "a title that does not match its patterns" if required.title_regexes else "",
        {BodyPolicy.REQUIRED: "a post without a text", BodyPolicy.FORBIDDEN: "a post with a text"}.get(
            required.body_restriction_policy, ""
        ),
        _between("A text", required.body_text_min_length, required.body_text_max_length),
        _words("a text without", required.body_required_strings),
        _words("a text with", required.body_blacklisted_strings),
        "a text that does not match its patterns" if required.body_regexes else "",
        _words("links other than to", required.domain_whitelist)
        if required.link_restriction_policy is LinkPolicy.ONLY_THESE
        else "",
        _words("links to", required.domain_blacklist)
        if required.link_restriction_policy is LinkPolicy.NOT_THESE
        else "",
        f"a link again within {counted(required.link_repost_age, 'day')}" if required.link_repost_age else "",
        "a post without a flair" if required.is_flair_required else "",
    ]
    return "\n".join(f"{line[0].upper()}{line[1:]}" for line in lines if line) or "Nothing of its own."


def _between(what: str, least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"{what} below {least:,} or above {most:,} characters"
    if least is not None:
        return f"{what} below {least:,} characters"
    return f"{what} above {most:,} characters" if most is not None else ""


def _words(what: str, words: Sequence[str]) -> str:
    shown = ", ".join(f"“{word}”" for word in words[:_LISTED])
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return f"{what} {shown}{more}" if words else ""


def _on_reddit(community: str) -> Link:
    return Link("Rules on Reddit", f"https://www.reddit.com/r/{community}/about/rules")
