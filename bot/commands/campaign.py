"""`/rao campaign …`: what is promoted, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.card import Button, Card, Choice, Field, Form, Input, Style, Tone
from bot.command import Context, Kind, Param, Registry
from bot.listing import ANY, COMMUNITY, Asked, a_list, list_card
from bot.words import counted
from core.campaigns import UNDO_WINDOW, Campaign, CampaignStatus
from core.listing import page_of
from core.model import Role

commands = Registry()

CAMPAIGN = Param("campaign", "name or number", lookup="campaign", required=True)
PRODUCT = Param("product", "what it is and for whom", Kind.LONG, max_length=1000)
KEYWORDS = Param("keywords", "5 to 15, with commas", Kind.LIST, max_length=600)
COMMUNITIES = Param("communities", "subreddits, with commas", Kind.COMMUNITIES, max_length=600)
URL = Param("url", "the product's page")
NO_URL = "none"
ON, OFF = "on", "off"
COMMENTS = Param("comments", "tell posters of first comments", Kind.CHOICE, choices=(ON, OFF))
_LISTED = (CampaignStatus.ACTIVE.value, CampaignStatus.PAUSED.value)
_NONE_YET = Card(
    title="No campaigns yet",
    text="A campaign says what you promote and in which communities.",
    actions=(Button("New campaign", "campaign create", style=Style.PRIMARY),),
)


def required(param: Param) -> Param:
    return replace(param, required=True)


@commands.command(
    "campaign create",
    "Start a campaign for a product",
    Param("name", "a short name", required=True, max_length=60),
    required(PRODUCT),
    required(KEYWORDS),
    required(COMMUNITIES),
    URL,
    role=Role.EDITOR,
)
async def create(
    ctx: Context, name: str, product: str, keywords: tuple[str, ...], communities: tuple[str, ...], url: str | None
) -> Card:
    campaign = await ctx.services.campaigns.create(
        ctx.caller, name=name, product=product, keywords=keywords, communities=communities, url=url
    )
    return _campaign_card(
        campaign, f"Campaign {campaign.name} is ready", "Next: add facts you stand behind, then collect."
    )


@a_list(
    commands,
    "campaign list",
    "All campaigns of this workspace",
    Param("status", "only these", Kind.CHOICE, choices=(*_LISTED, ANY), in_form=True),
    COMMUNITY,
    noun=("campaign", "campaigns"),
    state={status: f"that are {status}" for status in _LISTED},
)
async def list_(ctx: Context, asked: Asked) -> Card:
    campaigns = await ctx.services.store.campaigns(ctx.workspace_id)
    found = [c for c in campaigns if asked.wanted.lets_through(state=c.status, communities=c.communities)]
    page = page_of(found, asked.wanted)
    return list_card(
        asked,
        page,
        [Field(f"{c.id} · {c.name}", f"{c.status} · {_written(c.communities)}") for c in page.rows],
        title="Campaigns",
        nothing=None if campaigns else _NONE_YET,
        actions=(Choice("Open", "campaign show", tuple((c.name, c.id) for c in page.rows)),),
        values={"campaigns": [c.id for c in page.rows]},
    )


@commands.command("campaign show", "One campaign with its facts", CAMPAIGN)
async def show(ctx: Context, campaign: str) -> Card:
    found = await ctx.services.campaigns.find(ctx.workspace_id, campaign)
    facts = await ctx.services.store.facts(ctx.workspace_id, found.id, ctx.services.clock.now())
    text = f"{counted(len(facts), 'fact')}." if facts else "No facts yet: /rao fact add"
    if found.status is CampaignStatus.PAUSED:
        text += f" It is paused: no collecting, no drafts. To go on: /rao campaign resume {found.id}"
    return _campaign_card(found, found.name, text)


@commands.command(
    "campaign edit",
    "Change a campaign",
    CAMPAIGN,
    PRODUCT,
    KEYWORDS,
    COMMUNITIES,
    Param("url", f"the product's page; {NO_URL} takes it away"),
    COMMENTS,
    role=Role.EDITOR,
    opens_form=True,
)
async def edit(
    ctx: Context,
    campaign: str,
    product: str | None,
    keywords: tuple[str, ...] | None,
    communities: tuple[str, ...] | None,
    url: str | None,
    comments: str | None,
) -> Card:
    if all(given is None for given in (product, keywords, communities, url, comments)):
        return _edit_form(await ctx.services.campaigns.find(ctx.workspace_id, campaign))
    if url is not None and url.lower() == NO_URL:
        url = ""
    changed = await ctx.services.campaigns.edit(
        ctx.caller,
        campaign,
        product=product,
        url=url,
        keywords=keywords,
        communities=communities,
        first_comments=None if comments is None else comments == ON,
    )
    return _campaign_card(changed, f"{changed.name} is changed", f"{ctx.signed('Changed')}.")


@commands.command("campaign pause", "Pause a campaign; its posts stay watched", CAMPAIGN, role=Role.EDITOR)
async def pause(ctx: Context, campaign: str) -> Card:
    changed = await ctx.services.campaigns.set_status(ctx.caller, campaign, CampaignStatus.PAUSED)
    text = f"{ctx.signed('Paused')}. Posts already registered stay watched."
    return _campaign_card(changed, f"{changed.name} is paused", text)


@commands.command("campaign resume", "Resume a paused campaign", CAMPAIGN, role=Role.EDITOR)
async def resume(ctx: Context, campaign: str) -> Card:
    changed = await ctx.services.campaigns.set_status(ctx.caller, campaign, CampaignStatus.ACTIVE)
    return _campaign_card(changed, f"{changed.name} is active", f"{ctx.signed('Resumed')}.")


@commands.command(
    "campaign delete",
    "Delete a campaign with its facts and drafts; undo within 60 s",
    CAMPAIGN,
    Param("confirm", "yes, after reading what goes with it", Kind.CHOICE, choices=("yes",)),
    role=Role.ADMIN,
)
async def delete(ctx: Context, campaign: str, confirm: str | None) -> Card:
    found = await ctx.services.campaigns.find(ctx.workspace_id, campaign)
    if confirm is None:
        facts = await ctx.services.store.kept_facts(ctx.workspace_id, found.id)
        return Card(
            title=f"Delete {found.name}?",
            text=f"Its {counted(len(facts), 'fact')} and all its drafts go with it. Tracked and collected posts stay.",
            actions=(Button("Delete", "campaign delete confirmed", found.id, Style.DANGER),),
            tone=Tone.ATTENTION,
            values={"campaign": found.id},
        )
    return await _delete(ctx, str(found.id))


@commands.button("campaign delete confirmed", "Delete after the question", CAMPAIGN, role=Role.ADMIN)
async def delete_confirmed(ctx: Context, campaign: str) -> Card:
    return await _delete(ctx, campaign)


async def _delete(ctx: Context, reference: str) -> Card:
    gone = await ctx.services.campaigns.set_status(ctx.caller, reference, CampaignStatus.DELETED)
    return Card(
        title=f"{gone.name} is deleted",
        text=f"{ctx.signed('Deleted')}. You can undo this for {UNDO_WINDOW.seconds} seconds.",
        actions=(Button("Undo", "campaign restore", gone.id),),
        values={"campaign": gone.id},
    )


@commands.button(
    "campaign restore",
    "Undo the deletion of a campaign",
    Param("campaign", "its number", Kind.INTEGER, required=True),
    role=Role.ADMIN,
)
async def restore(ctx: Context, campaign: int) -> Card:
    back = await ctx.services.campaigns.restore(ctx.caller, campaign)
    return _campaign_card(back, f"{back.name} is back", f"{ctx.signed('Brought back')}.")


def _edit_form(campaign: Campaign) -> Card:
    now = ON if campaign.first_comments else OFF
    return Card(
        title=f"Edit {campaign.name}",
        text=f"Change what it holds, for example: /rao campaign edit {campaign.id} communities=…",
        form=Form(
            title="Edit the campaign",
            command="campaign edit",
            inputs=(
                Input("product", "Product", campaign.product, PRODUCT.help, long=True),
                Input("keywords", "Keywords", ", ".join(campaign.keywords), KEYWORDS.help),
                Input("communities", "Communities", _written(campaign.communities), COMMUNITIES.help),
                Input("url", "Page", campaign.url or "", f"{URL.help}; {NO_URL} takes it away", required=False),
                Input("comments", "First comments", now, COMMENTS.help, required=False, options=(ON, OFF)),
            ),
            known={"campaign": str(campaign.id)},
        ),
        values={"campaign": campaign.id},
    )


def _written(communities: Sequence[str]) -> str:
    return ", ".join(f"r/{name}" for name in communities)


def _campaign_card(campaign: Campaign, title: str, text: str) -> Card:
    fields = [
        Field("Product", campaign.product, quote=True),
        Field("Keywords", ", ".join(campaign.keywords)),
        Field("Communities", _written(campaign.communities)),
    ]
    if campaign.first_comments:
        fields.append(Field("First comments", "Told to the poster while a post is young"))
    if campaign.url:
        fields.append(Field("Page", campaign.url))
    return Card(
        title=title,
        text=text,
        fields=tuple(fields),
        actions=(
            Button("Add a fact", "fact add", campaign.id, Style.PRIMARY),
            Button("Collect posts", "collect start", campaign.id),
            Button("Edit", "campaign edit", campaign.id),
        ),
        values={"campaign": campaign.id, "status": campaign.status.value},
    )
