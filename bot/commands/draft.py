"""`/rao draft …`: texts for a community from members' own facts, which are checked and which a person decides about.

Beside them the buttons of their marks, and of lending one's tone to models, which each member decides for themselves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.approval_words import history_card
from bot.card import Button, Card, Field, Progress, Style
from bot.command import Context, Kind, Param, Registry
from bot.community_card import draft_score_line
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
from bot.draft_details import details_card, has_rhythm, voice_button
from bot.interview_cards import asking_card, instead_of_model_card, resuming_card
from bot.listing import ANY, CAMPAIGN, COMMUNITY, MEMBER, WITHIN, Asked, a_list, list_card
from bot.services import Services
from bot.who import give_form, poster_named
from bot.words import counted, shortened
from core.analysis.profile import TextFeatures
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft, DraftStatus, WayOut
from core.drafting.interview import LESSON, NUMBER, QUESTION, STORY, TITLE
from core.drafting.service import COUNT_MAX, AdvisedAgainst, Drafting, InterviewInstead
from core.drafting.voice import TEXTS_MOST
from core.errors import OverBudget, RemoteError, UserError
from core.listing import Noun, Wanted, page_of
from core.model import Caller, Role

commands = Registry()

WAITING_MAX = 200  # to tell whether a draft waits, it is checked
PAGE = 100  # drafts read at once

POSTER = (
    Param("poster", "a member", lookup="member", max_length=100),
    Param("account", "a linked account", lookup="linked", max_length=100),
)
DRAFT = Param("draft", "its number", Kind.INTEGER, required=True, lookup="draft")
_NEW = Button("New draft", "draft new", style=Style.PRIMARY)
_NONE_YET = Card(
    "No drafts yet", "A draft is written for one community, from the facts of a campaign.", actions=(_NEW,)
)


@commands.command(
    "draft new",
    "Draft posts for a community from your facts",
    Param("community", "where it is to be posted", Kind.COMMUNITY, required=True, lookup="community"),
    Param("campaign", "name or number", lookup="campaign"),
    Param("count", f"how many, 1 to {COUNT_MAX}", Kind.INTEGER, default=1),
    Param("angle", "what it should be about", Kind.LONG, max_length=500),
    *POSTER,
    Param("anyway", "yes: in spite of what speaks against it", Kind.CHOICE, choices=("yes",)),
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
    found = await ctx.services.store.drafts_by_id(ctx.workspace_id, page.rows)
    drafts = [found[number] for number in page.rows]
    return list_card(
        asked,
        page,
        [_list_field(draft, draft.status) for draft in drafts],
        title="Drafts",
        nothing=None if asked.is_filtered else _NONE_YET,
        sample=ctx.services.is_sample(*(draft.community for draft in drafts)),
        actions=(choice_of(drafts),),
        values={"drafts": [{"draft": d.id, "community": d.community, "status": d.status.value} for d in drafts]},
    )


def _list_field(draft: Draft, what: str) -> Field:
    title = shortened(draft.latest.title, PREVIEW_CHARS)
    return Field(f"{draft.id} · r/{draft.community} · {what}", title, quote=True)


async def _waiting_card(ctx: Context, asked: Asked) -> Card:
    """Returns what the caller has to do about drafts: decide, mend, or post by hand."""
    page, direct = page_of(await _waiting(ctx, asked.wanted), asked.wanted), await _direct_messages(ctx)
    return list_card(
        asked,
        page,
        [_list_field(draft, what) for draft, what in page.rows],
        title="Drafts that wait for you",
        nothing=Card("No draft waits for you", "All drafts: /rao draft list", actions=(_NEW, *direct)),
        sample=ctx.services.is_sample(*(draft.community for draft, _ in page.rows)),
        actions=(choice_of([draft for draft, _ in page.rows]), *direct),
        values={"drafts": [{"draft": d.id, "community": d.community, "waits_for": what} for d, what in page.rows]},
    )


async def _direct_messages(ctx: Context) -> tuple[Button, ...]:
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
            passes = wanted.lets_through(
                state=draft.status,
                campaign_id=draft.campaign_id,
                communities=(draft.community,),
                members=(draft.created_by, draft.poster.member),
                made_at=draft.created_at,
            )
            if passes and (what := await _waits_for(ctx, draft)):
                found.append((draft, what))
        if len(page) < PAGE:
            break
        before = page[-1].id
    return found[:WAITING_MAX]


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


@commands.button("draft details", "Each rule and each sentence of a draft", DRAFT)
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


def _decides(
    path: str,
    help: str,
    decide: Callable[[Drafting, Caller, int], Awaitable[Reviewed]],
    *,
    role: Role = Role.EDITOR,
    button_only: bool = False,
) -> None:
    """Declare a command that is one decision about a draft, and shows the draft as it stands then."""

    async def handler(ctx: Context, draft: int) -> Card:
        return await card_of(ctx, await decide(ctx.services.drafting, ctx.caller, draft))

    commands.command(path, help, DRAFT, role=role, button_only=button_only, shown_by="draft show")(handler)


_decides("draft approve", "Approve a draft for posting by hand", Drafting.approve, role=Role.APPROVER)
_decides("draft discard", "Decide not to post a draft", Drafting.discard)
_decides("draft reopen", "Take an approval back", Drafting.take_back)


@commands.command("draft give", "Let somebody else post it", DRAFT, *POSTER, role=Role.EDITOR, shown_by="draft show")
async def give(ctx: Context, draft: int, poster: str | None, account: str | None) -> Card:
    named = await poster_named(ctx, poster, account)
    if named is None:
        return await give_form(ctx, draft)
    return await card_of(ctx, await ctx.services.drafting.give(ctx.caller, draft, named))


_decides("draft later", "Ask tomorrow whether an approved draft was posted", Drafting.ask_later, button_only=True)
_decides("draft drop", "Decide that an approved draft is not posted after all", Drafting.drop, button_only=True)


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


@commands.button(
    "draft disclose",
    "Say how its poster belongs to the product",
    DRAFT,
    Param("words", "one sentence", Kind.LONG, max_length=300),
    role=Role.EDITOR,
    opens_form=True,
    shown_by="draft show",
)
async def disclose(ctx: Context, draft: int, words: str | None) -> Card:
    if words is None:
        return disclosure_form(draft, await ctx.services.drafting.disclosure(ctx.workspace_id, draft))
    return await card_of(ctx, await ctx.services.drafting.disclose(ctx.caller, draft, words))


@commands.button(
    "draft undisclosed",
    "Leave out how its poster belongs to the product",
    DRAFT,
    Param("because", "why; the journal keeps it", Kind.LONG, max_length=300),
    role=Role.EDITOR,
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
    draft = reviewed.draft
    posted = None
    if draft.status is DraftStatus.POSTED:
        posted = await ctx.services.store.post_of_draft(ctx.workspace_id, draft.id)
    is_sample = ctx.services.is_sample(draft.community)
    score = await draft_score_line(ctx.services.communities, draft) if draft.status.is_open else ""
    return draft_card(reviewed, ctx.services.clock.now(), posted=posted, sample=is_sample, score=score)


def _way_out(way: WayOut, help: str) -> None:

    async def handler(ctx: Context, mark: int) -> Card:
        return await card_of(ctx, await ctx.services.drafting.decide_mark(ctx.caller, mark, way))

    mark = Param("mark", "its number", Kind.INTEGER, required=True, lookup="mark")
    commands.command(f"mark {way}", help, mark, role=Role.EDITOR, button_only=True)(handler)


_way_out(WayOut.TRUE, "It is true: keep it as a fact of yours")
_way_out(WayOut.OUT, "Take the words out of the draft")
_way_out(WayOut.BLANK, "Put a blank in place of the words")
_way_out(WayOut.FREE, "Keep the words: they claim nothing")


@commands.button("voice lend", "Let models take the tone of your own texts", DRAFT)
async def lend_voice(ctx: Context, draft: int) -> Card:
    texts = await ctx.services.voices.lend(ctx.caller, True)
    seen = f"{counted(texts, 'text')} of yours now." if texts else "There is none yet."
    return Card(
        title="Models may take your tone now",
        text=f"For drafts that you post, the model is shown your newest texts, {TEXTS_MOST} at most: those that you "
        f"wrote or changed by hand and that were approved. {seen}\n"
        "Its provider gets them with the rest of what it is asked. It is to take none of what they say.",
        actions=(voice_button(draft, lent=True), Button("Open the draft", "draft show", draft)),
        values={"lent": True, "texts": texts},
        private=True,
    )


@commands.button("voice keep", "End that models take your tone", DRAFT)
async def keep_voice(ctx: Context, draft: int) -> Card:
    await ctx.services.voices.lend(ctx.caller, False)
    return Card(
        title="Models do not take your tone",
        text="No model is shown texts of yours from now on.",
        actions=(voice_button(draft, lent=False), Button("Open the draft", "draft show", draft)),
        values={"lent": False},
        private=True,
    )


ANSWERS = (
    Param(TITLE, "the title, in your words", max_length=300, in_form=True),
    Param(STORY, "what happened, and what went wrong first", Kind.LONG, max_length=10_000, in_form=True),
    Param(NUMBER, "a result, and over what time", Kind.LONG, max_length=4_000, in_form=True),
    Param(LESSON, "what you learned", Kind.LONG, max_length=10_000, in_form=True),
    Param(QUESTION, "the one question you want answered", Kind.LONG, max_length=1_000, in_form=True),
)


@commands.command(
    "draft interview",
    "Answer a few questions; your own words make the draft",
    Param("community", "where it is to be posted", Kind.COMMUNITY, required=True, lookup="community"),
    Param("campaign", "name or number", lookup="campaign"),
    *ANSWERS,
    Param("poster", "a member", lookup="member", max_length=100, in_form=True),
    Param("account", "a linked account", lookup="linked", max_length=100, in_form=True),
    Param("anyway", "yes, to go on anyway", Kind.CHOICE, choices=("yes",), in_form=True),
    role=Role.EDITOR,
    opens_form=True,
)
async def interview(
    ctx: Context,
    community: str,
    campaign: str | None,
    poster: str | None,
    account: str | None,
    anyway: str | None,
    **answers: str | None,
) -> Card:
    if not any(answers.values()):
        return await asking_card(ctx, campaign, community, {"anyway": anyway, "poster": poster, "account": account})
    for_whom = await poster_named(ctx, poster, account)
    try:
        made = await ctx.services.interviews.answer(
            ctx.caller, campaign, community, answers, anyway=anyway == "yes", poster=for_whom
        )
    except AdvisedAgainst as advised:
        given = {**answers, "poster": poster, "account": account}
        sample = ctx.services.is_sample(community)
        return better_not_card(advised, given, command="draft interview", sample=sample)
    return await card_of(ctx, await ctx.services.drafting.as_written(made.draft, made.grounds))


@commands.button(
    "draft resume",
    "Go on with the questions of a draft",
    DRAFT,
    *ANSWERS,
    Param("revision", "the number of the text you answered", Kind.INTEGER),
    role=Role.EDITOR,
    opens_form=True,
    shown_by="draft show",
)
async def resume(ctx: Context, draft: int, revision: int | None, **answers: str | None) -> Card:
    if not any(answers.values()):
        return resuming_card(await ctx.services.interviews.resume(ctx.workspace_id, draft))
    await ctx.services.interviews.go_on(ctx.caller, draft, answers, after=revision)
    return await card_of(ctx, await ctx.services.drafting.review(ctx.workspace_id, draft))
