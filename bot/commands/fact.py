"""`/rao fact …`: the ledger of what drafts may say, each statement with the member who stands behind it."""

from __future__ import annotations

from bot.card import Button, Card, Field, Style
from bot.command import Context, Kind, Param, Registry
from bot.words import counted, moment
from core.campaigns import Fact, FactKind
from core.model import Role

commands = Registry()

BODY_MAX = 1000
CAMPAIGN = Param("campaign", "name or number; not needed for only one", lookup="campaign")
KIND = Param(
    "kind",
    "about the product, a number, or your own experience",
    Kind.CHOICE,
    required=True,
    choices=tuple(FactKind),
)


@commands.command(
    "fact add",
    "Add a statement that you stand behind; drafts say nothing else",
    Param("body", "one statement, as you would defend it", Kind.LONG, required=True, max_length=BODY_MAX),
    KIND,
    CAMPAIGN,
    role=Role.EDITOR,
)
async def add(ctx: Context, body: str, kind: str, campaign: str | None) -> Card:
    fact = await ctx.services.facts.add(ctx.caller, campaign, FactKind(kind), body)
    return Card(
        title=f"Fact {fact.id} is added",
        text=f"{fact.owner} stands behind it.",
        fields=(Field(_kind(fact), fact.body, quote=True),),
        actions=(
            Button("Add another", "fact add", fact.campaign_id),
            Button("Remove it", "fact remove", fact.id),
        ),
        values=_values(fact),
    )


@commands.command("fact list", "All facts of a campaign, with who stands behind each", CAMPAIGN)
async def list_(ctx: Context, campaign: str | None) -> Card:
    found = await ctx.services.campaigns.find(ctx.workspace_id, campaign)
    facts = await ctx.services.store.kept_facts(ctx.workspace_id, found.id)
    add_one = Button("Add a fact", "fact add", found.id, Style.PRIMARY)
    if not facts:
        return Card(
            title=f"No facts in {found.name} yet",
            text="Drafts are made only of facts: what the product does, numbers you can show, what you lived through.",
            actions=(add_one,),
            values={"campaign": found.id, "facts": []},
        )
    return Card(
        title=f"Facts of {found.name}",
        text=counted(len(facts), "fact") + ". Remove one: /rao fact remove with its number.",
        fields=tuple(
            Field(f"{f.id} · {_kind(f)} · {f.owner}, {moment(f.created_at)}", f.body, quote=True) for f in facts
        ),
        actions=(add_one,),
        values={"campaign": found.id, "facts": [_values(f) for f in facts]},
    )


@commands.command(
    "fact remove",
    "Take a fact out; new drafts do not use it",
    Param("fact", "its number", Kind.INTEGER, required=True, lookup="fact"),
    role=Role.EDITOR,
)
async def remove(ctx: Context, fact: int) -> Card:
    gone = await ctx.services.facts.remove(ctx.caller, fact)
    return Card(
        title=f"Fact {gone.id} is removed",
        text=f"{ctx.signed('Removed')}. Open drafts are checked without it from now on.",
        fields=(Field(_kind(gone), gone.body, quote=True),),
        actions=(Button("Add a fact", "fact add", gone.campaign_id),),
        values=_values(gone),
    )


def _kind(fact: Fact) -> str:
    return {
        FactKind.PRODUCT: "About the product",
        FactKind.NUMBER: "A number",
        FactKind.EXPERIENCE: "Own experience",
    }[fact.kind]


def _values(fact: Fact) -> dict[str, str | int]:
    return {
        "fact": fact.id,
        "campaign": fact.campaign_id,
        "kind": fact.kind.value,
        "body": fact.body,
        "owner": fact.owner,
    }
