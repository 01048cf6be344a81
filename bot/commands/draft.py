"""`/rao draft …`: texts for a community from members' own facts, which are checked and which a person decides about."""

from __future__ import annotations

from dataclasses import replace

from bot.approval_words import history_card
from bot.card import Button, Card, Field, Progress, Style
from bot.command import Context, Kind, Param, Registry
from bot.draft_cards import (
    PREVIEW_CHARS,
    better_not_card,
    choice_of,
    disclosure_form,
    draft_card,
    edit_form,
    several_card,
    undisclosed_form,
)
from bot.draft_details import details_card, has_rhythm
from bot.interview_cards import asking_card, instead_of_model_card
from bot.listing import ANY, CAMPAIGN, COMMUNITY, MEMBER, WITHIN, Asked, a_list, list_card, none_card
from bot.posters import give_form, poster_named
from bot.score_words import draft_score_line
from bot.services import Services
from bot.words import shortened
from core.analysis.profile import TextFeatures
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft, DraftStatus
from core.drafting.service import COUNT_MAX, AdvisedAgainst, InterviewInstead
from core.errors import OverBudget, RemoteError, UserError
from core.listing import Noun, Wanted, page_of
from core.model import Role

commands = Registry()

WAITING_MAX = 200  # to tell whether a draft waits, it is checked
PAGE = 100  # drafts read at once

POSTER = (
    Param("poster", "a member", lookup="member", max_length=100),
    Param("account", "a linked account", lookup="linked", max_length=100),
)
DRAFT = Param("draft", "its number", Kind.INTEGER, required=True, lookup="draft")


@commands.command(
    "draft new",
    "Draft one to three posts for a community from your facts",
    Param("community", "where it is to be posted", Kind.COMMUNITY, required=True, lookup="community"),
    Param("campaign", "name or number", lookup="campaign"),
    Param("count", f"how many, 1 to {COUNT_MAX}", Kind.INTEGER, default=1),
    Param("angle", "what it should be about", Kind.LONG, max_length=500),
    *POSTER,
    Param("anyway", "yes, to go on after reading what speaks against it", Kind.CHOICE, choices=("yes",)),
    role=Role.EDITOR,
)
async def new(
    ctx: Context,
    community: str,
    campaign: str | None,
    count: int,
    angle: str | None,
    poster: str | None,
    account: str | None,
    anyway: str | None,
) -> Card:
    async def report(text: str, done: int, total: int) -> None:
        await ctx.report(Progress(text, done, total))

    known = {"anyway": anyway, "poster": poster, "account": account}
    try:
        drafted = await ctx.services.drafting.write(
            ctx.caller,
            campaign,
            community,
            count=count,
            angle=angle,
            anyway=anyway == "yes",
            poster=await poster_named(ctx, poster, account),
            report=report,
        )
    except InterviewInstead as instead:
        return await asking_card(ctx, campaign, community, known, instead)
    except (OverBudget, RemoteError) as failed:
        return await instead_of_model_card(ctx, campaign, community, known, failed, wanted=angle)
    except AdvisedAgainst as advised:
        given = {"count": str(count), "angle": angle, "poster": poster, "account": account}
        return better_not_card(advised, given, sample=ctx.services.is_sample(community))
    if len(drafted.reviewed) == 1 and drafted.problem is None:
        return await card_of(ctx, drafted.reviewed[0])
    return several_card(drafted, community, sample=ctx.services.is_sample(community))


@a_list(
    commands,
    "draft list",
    "Drafts of this workspace, newest first",
    Param("status", "only these", Kind.CHOICE, choices=(*(status.value for status in DraftStatus), ANY)),
    CAMPAIGN,
    COMMUNITY,
    MEMBER,
    WITHIN,
    Param("waiting", "me: only what waits for you", Kind.CHOICE, choices=("me",)),
    noun=("draft", "drafts"),
    state={status.value: f"that are {status}" for status in DraftStatus},
)
async def list_(ctx: Context, asked: Asked) -> Card:
    if "waiting" in asked.extra:
        return await _waiting_card(ctx, asked)
    page = await ctx.services.store.listed(ctx.workspace_id, Noun.DRAFT, asked.wanted)
    if not page.rows and asked.is_filtered:
        return none_card(asked, values={"drafts": []})
    if not page.rows:
        return Card(
            title="No drafts yet",
            text="A draft is written for one community, from the facts of a campaign.",
            actions=(Button("New draft", "draft new", style=Style.PRIMARY),),
            values={"drafts": []},
        )
    found = await ctx.services.store.drafts_by_id(ctx.workspace_id, page.rows)
    drafts = [found[number] for number in page.rows]
    return list_card(
        asked,
        page,
        [_list_field(draft, draft.status) for draft in drafts],
        title="Drafts",
        sample=ctx.services.is_sample(*(draft.community for draft in drafts)),
        actions=(choice_of(drafts),),
        values={"drafts": [{"draft": d.id, "community": d.community, "status": d.status.value} for d in drafts]},
    )


def _list_field(draft: Draft, what: str) -> Field:
    title = shortened(draft.latest.title, PREVIEW_CHARS)
    return Field(f"{draft.id} · r/{draft.community} · {what}", title, quote=True)


async def _waiting_card(ctx: Context, asked: Asked) -> Card:
    """Returns what the caller has to do about drafts: decide, mend, or post by hand."""
    page = page_of(await _waiting(ctx, asked.wanted), asked.wanted)
    if not page.rows:
        return Card(
            title="No draft waits for you",
            text="All drafts: /rao draft list",
            actions=(Button("New draft", "draft new", style=Style.PRIMARY), *await _direct_messages(ctx)),
            values={"drafts": []},
        )
    return list_card(
        asked,
        page,
        [_list_field(draft, what) for draft, what in page.rows],
        title="Drafts that wait for you",
        sample=ctx.services.is_sample(*(draft.community for draft, _ in page.rows)),
        actions=(choice_of([draft for draft, _ in page.rows]), *await _direct_messages(ctx)),
        values={"drafts": [{"draft": d.id, "community": d.community, "waits_for": what} for d, what in page.rows]},
    )


async def _direct_messages(ctx: Context) -> tuple[Button, ...]:
    """The button that turns direct messages about such drafts off, or on; none where there are no such messages."""
    members = await ctx.services.store.members(ctx.workspace_id)
    me = next((member for member in members if member.id == ctx.actor.member_id), None)
    if me is None or ctx.actor.platform == "terminal":
        return ()
    if me.told_directly:
        return (Button("No direct messages about drafts", "alerts direct off"),)
    return (Button("Direct messages about drafts", "alerts direct on"),)


async def _waiting(ctx: Context, wanted: Wanted) -> list[tuple[Draft, str]]:
    """Returns the drafts that wait for the caller, newest first, with what to do: `WAITING_MAX` at most, however many
    other drafts are newer.
    """
    found: list[tuple[Draft, str]] = []
    undone = [status for status in DraftStatus if status.is_open or status is DraftStatus.APPROVED]
    before: int | None = None
    while len(found) < WAITING_MAX:
        page = await ctx.services.store.drafts(ctx.workspace_id, statuses=undone, before=before, limit=PAGE)
        for draft in page:
            if _passes(draft, wanted) and (what := await _waits_for(ctx, draft)):
                found.append((draft, what))
        if len(page) < PAGE:
            break
        before = page[-1].id
    return found[:WAITING_MAX]


def _passes(draft: Draft, wanted: Wanted) -> bool:
    return (
        wanted.campaign_id in (None, draft.campaign_id)
        and wanted.community in (None, draft.community)
        and (wanted.member is None or wanted.member.name in (draft.created_by, draft.poster.member))
        and (wanted.since is None or draft.created_at > wanted.since)
        and wanted.state in (None, draft.status)
    )


async def _waits_for(ctx: Context, draft: Draft) -> str | None:
    """Returns what the caller is to do about a draft; None when it waits for somebody else, or for nobody."""
    is_mine = draft.created_by == ctx.actor.name
    if draft.status is DraftStatus.APPROVED:
        return "to post by hand" if is_mine else None
    if not draft.status.is_open:
        return None
    if (await ctx.services.drafting.review(ctx.workspace_id, draft.id)).blocking:  # as its card says today
        return "to fix" if is_mine else None
    return "to decide" if ctx.role.covers(Role.APPROVER) else None


async def _version(services: Services, workspace_id: str, draft: int) -> str:
    return str((await services.store.draft(workspace_id, draft)).version)


@commands.command("draft show", "One draft with its checks", DRAFT, version_of=_version)
async def show(ctx: Context, draft: int) -> Card:
    return await card_of(ctx, await ctx.services.drafting.review(ctx.workspace_id, draft))


@commands.command("draft details", "Each rule and each sentence of a draft", DRAFT, button_only=True)
async def details(ctx: Context, draft: int) -> Card:
    told = await ctx.services.drafting.details(ctx.workspace_id, draft)
    lends = None
    if told.reviewed.draft.poster.member_id == ctx.caller.member_id:
        lends = await ctx.services.store.lends_voice(ctx.workspace_id, ctx.caller.member_id)
    sample = ctx.services.is_sample(told.reviewed.draft.community)
    return details_card(told, sample=sample, lends_voice=lends, rhythm=await _rhythm(ctx, told.reviewed))


async def _rhythm(ctx: Context, reviewed: Reviewed) -> TextFeatures | str | None:
    """Returns what is counted in the newest text, or why that cannot be told now; None where there is nothing to
    compare it with.
    """
    if not has_rhythm(reviewed):
        return None
    newest = reviewed.draft.latest
    try:
        return await ctx.services.communities.features_of(newest.title, newest.body)
    except UserError as problem:  # the rest of the details stands without it
        return problem.shown


@commands.command(
    "draft edit",
    "Change a draft's title or text",
    DRAFT,
    Param("title", "the new title", max_length=300),
    Param("body", "the new text", Kind.LONG, max_length=40_000),
    Param("revision", "the number of the text you changed", Kind.INTEGER, in_form=True),
    Param("approval", "the approval that stood then, 0: none", Kind.INTEGER, in_form=True),
    role=Role.EDITOR,
    opens_form=True,
    shown_by="draft show",
)
async def edit(
    ctx: Context, draft: int, title: str | None, body: str | None, revision: int | None, approval: int | None
) -> Card:
    if title is None and body is None:
        return edit_form(await ctx.services.drafting.review(ctx.workspace_id, draft))
    changed = await ctx.services.drafting.edit(
        ctx.caller, draft, title=title, body=body, after=revision, approval=approval
    )
    return await card_of(ctx, changed)


@commands.command(
    "draft approve",
    "Approve a draft for posting by hand",
    DRAFT,
    role=Role.APPROVER,
    shown_by="draft show",
)
async def approve(ctx: Context, draft: int) -> Card:
    return await card_of(ctx, await ctx.services.drafting.approve(ctx.caller, draft))


@commands.command("draft discard", "Decide not to post a draft", DRAFT, role=Role.EDITOR, shown_by="draft show")
async def discard(ctx: Context, draft: int) -> Card:
    return await card_of(ctx, await ctx.services.drafting.discard(ctx.caller, draft))


@commands.command("draft reopen", "Take an approval back", DRAFT, role=Role.EDITOR, shown_by="draft show")
async def reopen(ctx: Context, draft: int) -> Card:
    return await card_of(ctx, await ctx.services.drafting.take_back(ctx.caller, draft))


@commands.command(
    "draft give",
    "Let somebody else post it",
    DRAFT,
    *POSTER,
    role=Role.EDITOR,
    shown_by="draft show",
)
async def give(ctx: Context, draft: int, poster: str | None, account: str | None) -> Card:
    named = await poster_named(ctx, poster, account)
    if named is None:
        return await give_form(ctx, draft)
    return await card_of(ctx, await ctx.services.drafting.give(ctx.caller, draft, named))


@commands.command(
    "draft later",
    "Ask tomorrow whether an approved draft was posted",
    DRAFT,
    role=Role.EDITOR,
    button_only=True,
    shown_by="draft show",
)
async def later(ctx: Context, draft: int) -> Card:
    return await card_of(ctx, await ctx.services.drafting.ask_later(ctx.caller, draft))


@commands.command(
    "draft drop",
    "Decide that an approved draft is not posted after all",
    DRAFT,
    role=Role.EDITOR,
    button_only=True,
    shown_by="draft show",
)
async def drop(ctx: Context, draft: int) -> Card:
    return await card_of(ctx, await ctx.services.drafting.drop(ctx.caller, draft))


@commands.command(
    "draft restore",
    "Bring an earlier text back",
    DRAFT,
    Param("revision", "the number of the text", Kind.INTEGER, required=True),
    role=Role.EDITOR,
    shown_by="draft show",
)
async def restore(ctx: Context, draft: int, revision: int) -> Card:
    return await card_of(ctx, await ctx.services.drafting.restore(ctx.caller, draft, revision))


@commands.command(
    "draft disclose",
    "Say how its poster belongs to the product",
    DRAFT,
    Param("words", "one sentence", Kind.LONG, max_length=300),
    role=Role.EDITOR,
    button_only=True,
    opens_form=True,
    shown_by="draft show",
)
async def disclose(ctx: Context, draft: int, words: str | None) -> Card:
    if words is None:
        return disclosure_form(draft, await ctx.services.drafting.disclosure(ctx.workspace_id, draft))
    return await card_of(ctx, await ctx.services.drafting.disclose(ctx.caller, draft, words))


@commands.command(
    "draft undisclosed",
    "Leave out how its poster belongs to the product",
    DRAFT,
    Param("because", "why; the journal keeps it", Kind.LONG, max_length=300),
    role=Role.EDITOR,
    button_only=True,
    opens_form=True,
    shown_by="draft show",
)
async def undisclosed(ctx: Context, draft: int, because: str | None) -> Card:
    if because is None:
        return undisclosed_form(draft)
    return await card_of(ctx, await ctx.services.drafting.leave_undisclosed(ctx.caller, draft, because))


@commands.command("draft history", "A draft's texts, with writer and cost", DRAFT)
async def history(ctx: Context, draft: int) -> Card:
    reviewed = await ctx.services.drafting.review(ctx.workspace_id, draft)
    return history_card(reviewed, sample=ctx.services.is_sample(reviewed.draft.community))


@commands.command(
    "draft regenerate",
    "Write a draft again",
    DRAFT,
    Param("feedback", "what to change", Kind.LONG, max_length=500),
    role=Role.EDITOR,
    shown_by="draft show",
)
async def regenerate(ctx: Context, draft: int, feedback: str | None) -> Card:
    await ctx.report(Progress("Writing again"))
    try:
        again = await ctx.services.drafting.regenerate(ctx.caller, draft, feedback=feedback)
    except (InterviewInstead, OverBudget, RemoteError) as failed:
        kept = await ctx.services.store.draft(ctx.workspace_id, draft)
        known = {"poster": kept.poster.member_id or kept.poster.member, "account": kept.poster.account}
        card = await instead_of_model_card(ctx, str(kept.campaign_id), kept.community, known, failed, wanted=feedback)
        return replace(card, actions=(Button("Open the draft", "draft show", draft),))
    return await card_of(ctx, again)


async def card_of(ctx: Context, reviewed: Reviewed) -> Card:
    """Returns the card of a draft as it stands."""
    draft = reviewed.draft
    posted = None
    if draft.status is DraftStatus.POSTED:
        posted = await ctx.services.store.post_of_draft(ctx.workspace_id, draft.id)
    is_sample = ctx.services.is_sample(draft.community)
    score = await draft_score_line(ctx.services.communities, draft) if draft.status.is_open else ""
    return draft_card(reviewed, ctx.services.clock.now(), posted=posted, sample=is_sample, score=score)
