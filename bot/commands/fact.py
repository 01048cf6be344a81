"""`/rao fact …`: the ledger of what drafts may say, each statement with the member who stands behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.card import Button, Card, Field, Form, Input, Style, Tone, values_of
from bot.command import Context, Kind, Param, Registry
from bot.listing import ANY, MEMBER, WITHIN, Asked, a_list, list_card
from bot.who import who
from bot.words import moment
from core.campaigns import Fact, FactKind
from core.facts import Edit, FactVersion
from core.listing import page_of
from core.model import Role
from core.texts.numbers import Number

commands = Registry()

BODY_MAX = 1000
CAMPAIGN = Param("campaign", "which, if there are several", lookup="campaign")
KIND = Param("kind", "product, number, or own experience", Kind.CHOICE, required=True, choices=tuple(FactKind))
_KIND_WORDS = {
    FactKind.PRODUCT.value: "about the product",
    FactKind.NUMBER.value: "with a number",
    FactKind.EXPERIENCE.value: "of own experience",
}
FACT = Param("fact", "its number", Kind.INTEGER, required=True, lookup="fact")
OWNER = Param("owner", "whose it is, if not yours", lookup="member", max_length=100)
DETAILS = (
    Param("source", "where it is from"),
    Param("when", "a day or a time"),
    Param("expires", "a day, or 90d"),
    Param("number", "12 days of what"),
)


@commands.command(
    "fact add",
    "Add a statement that drafts may say",
    Param("body", "one statement, as you would defend it", Kind.LONG, required=True, max_length=BODY_MAX),
    KIND,
    CAMPAIGN,
    OWNER,
    *DETAILS,
    role=Role.EDITOR,
)
async def add(
    ctx: Context, body: str, kind: str, campaign: str | None, owner: str | None, **details: str | None
) -> Card:
    told = Edit(**details, kind=None, owner=await _owner(ctx, owner))
    fact = await ctx.services.facts.add(ctx.caller, campaign, FactKind(kind), body, told)
    return Card(
        title=f"Fact {fact.id} is added",
        text="\n".join((f"{_stands_behind(fact)}.", *_details(fact))),
        fields=(Field(_kind(fact), fact.body, quote=True),),
        actions=(
            Button("Add another", "fact add", fact.campaign_id),
            Button("Edit it", "fact edit", fact.id),
            Button("Remove it", "fact remove", fact.id),
        ),
        values=_values(fact),
    )


@a_list(
    commands,
    "fact list",
    "All facts of a campaign",
    CAMPAIGN,
    MEMBER,
    Param("kind", "only these", Kind.CHOICE, choices=(*FactKind, ANY), in_form=True),
    WITHIN,
    noun=("fact", "facts"),
    state=_KIND_WORDS,
)
async def list_(ctx: Context, asked: Asked) -> Card:
    wanted, now = asked.wanted, ctx.services.clock.now()
    named = str(wanted.campaign_id) if wanted.campaign_id is not None else None
    its = await ctx.services.campaigns.find(ctx.workspace_id, named)  # without a name: the only one
    kept = await ctx.services.store.kept_facts(ctx.workspace_id, its.id)
    facts = [
        fact
        for fact in kept
        if wanted.lets_through(
            state=fact.kind,
            campaign_id=fact.campaign_id,
            members=(fact.owner, fact.entered_by),
            made_at=fact.created_at,
        )
    ]
    add_one = Button("Add a fact", "fact add", its.id, Style.PRIMARY)
    none_yet = Card(
        title=f"No facts in {its.name} yet",
        text="Drafts are made only of facts: what the product does, numbers you can show, what you lived through.",
        actions=(add_one,),
    )
    page = page_of(facts, wanted)
    expired = sum(not fact.stands(now) for fact in facts)
    lines = [f"{expired:,} of them {'has' if expired == 1 else 'have'} expired."] if expired else []
    return list_card(
        asked,
        page,
        [Field(_heading(fact, now), fact.body, quote=True) for fact in page.rows],
        title="Facts" if asked.campaign else f"Facts of {its.name}",
        nothing=None if kept else none_yet,
        lines=[*lines, "One with its history: /rao fact show with its number."],
        actions=(add_one,),
        values={"campaign": its.id, "facts": [_values(fact) for fact in page.rows]},
    )


@commands.command("fact show", "A fact with its earlier wordings", FACT)
async def show(ctx: Context, fact: int) -> Card:
    its = await ctx.services.store.fact(ctx.workspace_id, fact)
    return await _fact_card(ctx, its)


@commands.command(
    "fact edit",
    "Change a fact; its history stays",
    FACT,
    Param("body", "the new words", Kind.LONG, max_length=BODY_MAX),
    Param("kind", "another kind", Kind.CHOICE, choices=tuple(FactKind)),
    OWNER,
    *(replace(detail, in_form=True) for detail in DETAILS),
    Param("version", "the one you changed", Kind.INTEGER, in_form=True),
    role=Role.EDITOR,
    opens_form=True,
)
async def edit(
    ctx: Context,
    fact: int,
    body: str | None,
    kind: str | None,
    owner: str | None,
    version: int | None,
    **details: str | None,
) -> Card:
    if body is None and kind is None and owner is None and not any(details.values()):
        return _edit_form(await ctx.services.store.fact(ctx.workspace_id, fact))
    its_kind = FactKind(kind) if kind else None
    told = Edit(**details, kind=its_kind, body=body, owner=await _owner(ctx, owner))
    changed = await ctx.services.facts.edit(ctx.caller, fact, told, after=version)
    return await _fact_card(ctx, changed)


@commands.command("fact remove", "Take a fact out; no draft rests on it then", FACT, role=Role.EDITOR)
async def remove(ctx: Context, fact: int) -> Card:
    gone = await ctx.services.facts.remove(ctx.caller, fact)
    return Card(
        title=f"Fact {gone.id} is removed",
        text=f"{ctx.signed('Removed')}. Open drafts are checked without it from now on.",
        fields=(Field(_kind(gone), gone.body, quote=True),),
        actions=(Button("Add a fact", "fact add", gone.campaign_id),),
        values=_values(gone),
    )


async def _owner(ctx: Context, said: str | None) -> tuple[str, str] | None:
    return None if said is None else who(ctx, await ctx.services.store.members(ctx.workspace_id), said, param="owner")


async def _fact_card(ctx: Context, fact: Fact) -> Card:
    """Returns the fact as it stands, how it came to its words, and buttons while it is not removed."""
    now = ctx.services.clock.now()
    versions = await ctx.services.store.fact_versions(ctx.workspace_id, fact.id)
    return Card(
        title=f"Fact {fact.id}",
        text="\n".join((f"{_stands_behind(fact)}.", *_end(fact, now), *_details(fact))),
        fields=(Field(_kind(fact), fact.body, quote=True), *_history(versions)),
        actions=()
        if fact.removed_at
        else (
            Button("Edit", "fact edit", fact.id, Style.PRIMARY),
            Button("Remove", "fact remove", fact.id, Style.DANGER),
        ),
        tone=Tone.NEUTRAL if fact.stands(now) else Tone.ATTENTION,
        values={**_values(fact), "versions": [{"version": v.version, "body": v.body} for v in versions]},
    )


def _heading(fact: Fact, now: datetime) -> str:
    expired = "" if fact.stands(now) else " · expired"
    return f"{fact.id} · {_kind(fact)} · {fact.owner}, {moment(fact.created_at)}{expired}"


def _stands_behind(fact: Fact) -> str:
    account = f" (u/{fact.account})" if fact.account else ""
    entered = f"; {fact.entered_by} entered it" if fact.entered_by else ""
    did = "lived it" if fact.kind is FactKind.EXPERIENCE else "stands behind it"
    return f"{fact.owner}{account} {did}{entered}"


def _end(fact: Fact, now: datetime) -> Iterator[str]:
    if fact.removed_at is not None:
        yield f"Removed by {fact.removed_by}, {moment(fact.removed_at)}: no draft rests on it."
    elif not fact.stands(now):
        yield "It has expired: no draft rests on it until it gets a later day."


def _details(fact: Fact | FactVersion) -> Iterator[str]:
    if fact.number is not None:
        counts = f", {fact.number.counts}" if fact.number.counts else ""
        yield f"Its number: {_amount(fact.number)}{counts}"
    if fact.source:
        yield f"Source: {fact.source}"
    if fact.period:
        yield f"Period: {fact.period}"
    if fact.as_of:
        yield f"As of {_day(fact.as_of)}"
    if fact.expires_at:
        yield f"Until {_day(fact.expires_at - timedelta(seconds=1))}"


def _amount(number: Number) -> str:
    """Returns a number with its unit: "$12 a month", "40%", "26 days", "37"."""
    value = f"{number.value:,.10g}"
    if number.unit[:1] in ("$", "£", "€", "¥"):
        return f"{number.unit[0]}{value}{number.unit[1:]}"
    if number.unit.startswith("%"):
        return f"{value}{number.unit}"
    return f"{value} {number.unit}".strip()


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b %Y}"


def _history(versions: Sequence[FactVersion]) -> Iterator[Field]:
    """Yields the earlier wordings, the newest first, each with who replaced it and when."""
    for before, after in reversed(list(pairwise(versions))):
        name = f"Until {after.changed_by} changed it, {moment(after.changed_at)}"
        lost = [line for line in _details(before) if line not in set(_details(after))]
        if before.owner != after.owner:
            lost.insert(0, f"Owner: {before.owner}")
        if before.kind is not after.kind:
            lost.insert(0, f"Kind: {_KINDS[before.kind]}")
        words = [before.body] if before.body != after.body else []
        yield Field(name, "\n".join([*words, *lost]) or "The same words, with fewer details.", quote=True)


def _edit_form(fact: Fact) -> Card:
    number = fact.number
    counts = f" {number.counts}" if number is not None and number.counts else ""
    return Card(
        title=f"Edit fact {fact.id}",
        text=f"Change what is wrong: /rao fact edit {fact.id} body=… source=… expires=…",
        form=Form(
            title=f"Edit fact {fact.id}",
            command="fact edit",
            inputs=(
                Input("body", "Words", value=fact.body, long=True),
                Input("number", "Number", value=f"{_amount(number)}{counts}" if number else "", required=False),
                Input("source", "Source", value=fact.source or "", help="- for none", required=False),
                Input(
                    "when",
                    "As of, or period",
                    value=_day(fact.as_of) if fact.as_of else fact.period or "",
                    help="a day, or a time in words; - for none",
                    required=False,
                ),
                Input(
                    "expires",
                    "Until",
                    value=_day(fact.expires_at - timedelta(seconds=1)) if fact.expires_at else "",
                    help="a day, or 90d; - for never",
                    required=False,
                ),
            ),
            known={"fact": str(fact.id), "version": str(fact.version)},
            beside=Button("Its history", "fact show", fact.id),
        ),
        values={"fact": fact.id, "version": fact.version},
    )


_KINDS = {
    FactKind.PRODUCT: "About the product",
    FactKind.NUMBER: "A number",
    FactKind.EXPERIENCE: "Own experience",
}


def _kind(fact: Fact) -> str:
    return _KINDS[fact.kind]


def _values(fact: Fact) -> dict[str, Any]:
    return {
        "fact": fact.id,
        "campaign": fact.campaign_id,
        **values_of(fact, "kind body owner entered_by version source period as_of expires_at"),
        "number": values_of(fact.number, "value unit counts") if fact.number else None,
    }
