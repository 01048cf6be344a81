"""`/rao draft …`: texts for a community, from a member's own facts, checked, and decided about by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.advice import worded
from bot.card import Button, Card, Choice, Field, Form, Input, Progress, Style, Tone
from bot.command import Context, Kind, Param, Registry
from bot.words import age, counted, dollars, moment, shortened
from core.campaigns import Fact
from core.drafting.checks import ADVICE, OK, PROBLEM, Text, problems, stands_on
from core.drafting.drafts import Draft, DraftStatus, Remark, Revision, RevisionOrigin
from core.drafting.grounds import Grounds
from core.drafting.service import COUNT_MAX, AdvisedAgainst, Drafted
from core.model import READ_BY_MODEL, Pattern, Role, TrackedPost

commands = Registry()

LISTED = 20
PAGE = 100  # drafts read at once
PREVIEW_CHARS = 300

DRAFT = Param("draft", "its number", Kind.INTEGER, required=True, lookup="draft")
WRITER = Param(
    "writer",
    "outline: your own facts, without a model",
    Kind.CHOICE,
    choices=("model", "outline"),
    default="model",
)

_LEVELS = ((PROBLEM, "To fix before approval"), (ADVICE, "Worth a thought"), (OK, "Checked"))


@commands.command(
    "draft new",
    "Draft one to three posts for a community from your facts",
    Param("community", "where it is to be posted", Kind.COMMUNITY, required=True, lookup="community"),
    Param("campaign", "name or number", lookup="campaign"),
    Param("count", f"how many, 1 to {COUNT_MAX}", Kind.INTEGER, default=1),
    Param("angle", "what it should be about", Kind.LONG, max_length=500),
    WRITER,
    Param("anyway", "yes, to go on after reading what speaks against it", Kind.CHOICE, choices=("yes",)),
    role=Role.EDITOR,
)
async def new(
    ctx: Context,
    community: str,
    campaign: str | None,
    count: int,
    angle: str | None,
    writer: str,
    anyway: str | None,
) -> Card:
    async def report(text: str, done: int, total: int) -> None:
        await ctx.report(Progress(text, done, total))

    try:
        drafted = await ctx.services.drafting.write(
            ctx.caller,
            campaign,
            community,
            count=count,
            angle=angle,
            anyway=anyway == "yes",
            outline=writer == "outline",
            report=report,
        )
    except AdvisedAgainst as advised:
        return replace(_better_not_card(advised, angle, count), sample=ctx.services.is_sample(community))
    if len(drafted.drafts) == 1 and drafted.problem is None:
        return await _draft_card(ctx, drafted.drafts[0])
    return replace(_several_card(drafted, community), sample=ctx.services.is_sample(community))


@commands.command(
    "draft list",
    "Drafts of this workspace, newest first",
    Param("status", "only these", Kind.CHOICE, choices=tuple(status.value for status in DraftStatus)),
    Param("waiting", "me: only what waits for you", Kind.CHOICE, choices=("me",)),
)
async def list_(ctx: Context, status: str | None, waiting: str | None) -> Card:
    if waiting is not None:
        return await _waiting_card(ctx)
    wanted = (DraftStatus(status),) if status else ()
    drafts = await ctx.services.store.drafts(ctx.workspace_id, statuses=wanted, limit=LISTED)
    if not drafts:
        return Card(
            title=f"No {status} drafts" if status else "No drafts yet",
            text="A draft is written for one community, from the facts of a campaign.",
            actions=(Button("New draft", "draft new", style=Style.PRIMARY),),
            values={"drafts": []},
        )
    return Card(
        title="Drafts",
        sample=ctx.services.is_sample(*(draft.community for draft in drafts)),
        fields=tuple(
            Field(f"{d.id} · r/{d.community} · {d.status}", shortened(d.latest.title, PREVIEW_CHARS), quote=True)
            for d in drafts
        ),
        actions=(_choice(drafts),),
        footnote=f"The newest {LISTED}" if len(drafts) == LISTED else "",
        values={"drafts": [{"draft": d.id, "community": d.community, "status": d.status.value} for d in drafts]},
    )


async def _waiting_card(ctx: Context) -> Card:
    """What the caller has to do about drafts: decide, mend, or post by hand."""
    waiting = await _waiting(ctx)
    if not waiting:
        return Card(
            title="No draft waits for you",
            text="All drafts: /rao draft list",
            actions=(Button("New draft", "draft new", style=Style.PRIMARY),),
            values={"drafts": []},
        )
    return Card(
        title="Drafts that wait for you",
        sample=ctx.services.is_sample(*(draft.community for draft, _ in waiting)),
        fields=tuple(
            Field(f"{d.id} · r/{d.community} · {what}", shortened(d.latest.title, PREVIEW_CHARS), quote=True)
            for d, what in waiting
        ),
        actions=(_choice([draft for draft, _ in waiting]),),
        values={"drafts": [{"draft": d.id, "community": d.community, "waits_for": what} for d, what in waiting]},
    )


async def _waiting(ctx: Context) -> list[tuple[Draft, str]]:
    """The newest drafts that wait for the caller, with what is to do, however many others are newer."""
    found: list[tuple[Draft, str]] = []
    undone = [status for status in DraftStatus if status.is_open or status is DraftStatus.APPROVED]
    before: int | None = None
    while len(found) < LISTED:
        page = await ctx.services.store.drafts(ctx.workspace_id, statuses=undone, before=before, limit=PAGE)
        found += [(draft, what) for draft in page if (what := _waits_for(ctx, draft))]
        if len(page) < PAGE:
            break
        before = page[-1].id
    return found[:LISTED]


def _waits_for(ctx: Context, draft: Draft) -> str | None:
    """What the caller is to do about a draft; None when it waits for somebody else, or for nobody."""
    is_mine = draft.created_by == ctx.actor.name
    if draft.status is DraftStatus.APPROVED:
        return "to post by hand" if is_mine else None
    if not draft.status.is_open:
        return None
    if problems(draft.latest.remarks):
        return "to fix" if is_mine else None
    return "to decide" if ctx.role.covers(Role.APPROVER) else None


@commands.command("draft show", "One draft with its checks and what it stands on", DRAFT)
async def show(ctx: Context, draft: int) -> Card:
    return await _draft_card(ctx, await ctx.services.store.draft(ctx.workspace_id, draft))


@commands.command(
    "draft edit",
    "Put your own words in place of a draft's title or text",
    DRAFT,
    Param("title", "the new title", max_length=300),
    Param("body", "the new text", Kind.LONG, max_length=40_000),
    Param("revision", "the number of the text you changed", Kind.INTEGER),
    role=Role.EDITOR,
    opens_form=True,
)
async def edit(ctx: Context, draft: int, title: str | None, body: str | None, revision: int | None) -> Card:
    if title is None and body is None:
        return _edit_form(await ctx.services.store.draft(ctx.workspace_id, draft))
    changed = await ctx.services.drafting.edit(ctx.caller, draft, title=title, body=body, after=revision)
    return await _draft_card(ctx, changed)


@commands.command(
    "draft approve",
    "Approve a draft, so that its author may post it by hand",
    DRAFT,
    role=Role.APPROVER,
)
async def approve(ctx: Context, draft: int) -> Card:
    return await _draft_card(ctx, await ctx.services.drafting.approve(ctx.caller, draft))


@commands.command("draft discard", "Decide that a draft is not to be posted", DRAFT, role=Role.EDITOR)
async def discard(ctx: Context, draft: int) -> Card:
    return await _draft_card(ctx, await ctx.services.drafting.discard(ctx.caller, draft))


@commands.command("draft regenerate", "Write a draft anew, different from before", DRAFT, WRITER, role=Role.EDITOR)
async def regenerate(ctx: Context, draft: int, writer: str) -> Card:
    await ctx.report(Progress("Writing anew"))
    again = await ctx.services.drafting.regenerate(ctx.caller, draft, outline=writer == "outline")
    card = await _draft_card(ctx, again)
    return replace(card, text=f"{ctx.signed('Asked for anew')}.\n{card.text}")


# ---------------------------------------------------------------- cards


async def _draft_card(ctx: Context, draft: Draft) -> Card:
    """The draft as it stands: text, checks, facts, what was avoided; buttons for what can still be decided."""
    grounds = await ctx.services.drafting.grounds(draft)
    revision = draft.latest
    remarks = await ctx.services.drafting.remarks(draft, grounds) if draft.status.is_open else revision.remarks
    blocking = problems(remarks)
    fields = [Field("Title", revision.title, quote=True), Field("Text", revision.body, quote=True)]
    for level, name in _LEVELS:
        told = [remark.text for remark in remarks if remark.level == level]
        if told and (draft.status.is_open or level != OK):  # once decided, what was fine is of no use
            fields.append(Field(name, "\n".join(f"• {text}" for text in told)))
    fields += _grounds_fields(draft, grounds)
    return Card(
        title=_title(draft),
        sample=ctx.services.is_sample(draft.community),
        text=_standing(draft, blocking, await _posted(ctx, draft)),
        fields=tuple(fields),
        actions=_actions(draft, blocking),
        footnote=_footnote(ctx, grounds),
        tone=_tone(draft, blocking),
        values={
            "draft": draft.id,
            "campaign": draft.campaign_id,
            "community": draft.community,
            "status": draft.status.value,
            "revision": revision.number,
            "origin": revision.origin.value,
            "facts": [fact.id for fact in _used(draft, grounds)],
            "remarks": [{"check": f.check, "level": f.level, "text": f.text} for f in remarks],
            "decided_by": draft.decided_by,
            "decided_at": draft.decided_at.isoformat() if draft.decided_at else None,
        },
    )


def _title(draft: Draft) -> str:
    kind = "Outline" if draft.latest.origin is RevisionOrigin.OUTLINE else "Draft"
    return f"{kind} {draft.id} for r/{draft.community}"


async def _posted(ctx: Context, draft: Draft) -> TrackedPost | None:
    """The post that came of a draft."""
    if draft.status is not DraftStatus.POSTED:
        return None
    return await ctx.services.store.post_of_draft(ctx.workspace_id, draft.id)


def _cost(revision: Revision) -> str:
    tokens = revision.prompt_tokens + revision.completion_tokens
    return dollars(revision.cost_usd_micros) + (f" ({counted(tokens, 'token')})" if tokens else "")


def _standing(draft: Draft, blocking: tuple[Remark, ...], posted: TrackedPost | None) -> str:
    revision = draft.latest
    written = {
        RevisionOrigin.MODEL: f"Written by {revision.written_by} from your facts, for {_cost(revision)}. "
        "Read it as a stranger would.",
        RevisionOrigin.OUTLINE: "An outline: your own facts in order, no model involved. Fill in the blanks.",
        RevisionOrigin.PERSON: f"Text {revision.number}, by {revision.written_by}, {moment(revision.created_at)}.",
    }[revision.origin]
    decided = f"by {draft.decided_by or draft.created_by}, {moment(draft.decided_at)}"
    match draft.status:
        case DraftStatus.APPROVED:
            return f"Approved {decided}.\nPost it by hand, under your own name, then give its link with “I posted it”."
        case DraftStatus.POSTED:
            if posted is None:
                return f"Posted and watched. Approved {decided}."
            registered = f"Posted: registered by {posted.registered_by}, {moment(posted.registered_at)}"
            return f"{registered}, as post {posted.id}: /rao post show {posted.id}\nApproved {decided}."
        case DraftStatus.DISCARDED:
            return f"Discarded {decided}."
    if blocking:
        return f"{written}\n{counted(len(blocking), 'thing')} to fix before it can be approved."
    return f"{written}\nReady for a decision."


def _actions(draft: Draft, blocking: tuple[Remark, ...]) -> tuple[Button, ...]:
    if draft.status is DraftStatus.APPROVED:
        return (Button("I posted it", "post register", draft.id, Style.PRIMARY),)
    if not draft.status.is_open:
        return ()
    change = Button("Edit", "draft edit", draft.id, Style.PRIMARY if blocking else Style.PLAIN)
    rest = (
        Button("Regenerate", "draft regenerate", draft.id),
        Button("Discard", "draft discard", draft.id, Style.DANGER),
    )
    # A button that would only be refused is no button.
    return (change, *rest) if blocking else (Button("Approve", "draft approve", draft.id, Style.PRIMARY), change, *rest)


def _tone(draft: Draft, blocking: tuple[Remark, ...]) -> Tone:
    if draft.status in (DraftStatus.APPROVED, DraftStatus.POSTED):
        return Tone.GOOD
    return Tone.ATTENTION if draft.status.is_open and blocking else Tone.NEUTRAL


def _grounds_fields(draft: Draft, grounds: Grounds) -> list[Field]:
    fields = []
    used = _used(draft, grounds)
    if used:
        told = "\n".join(f"{f.id} · {shortened(f.body, 160)} ({f.vouched_by})" for f in used)
        fields.append(Field(f"Facts it stands on: {len(used)} of {len(grounds.facts)}", told, quote=True))
    if grounds.patterns:
        told = "\n".join(
            f"{p.id} · {shortened(p.body, 160)} ({_origin(p)}, {p.confidence:.0%} sure)" for p in grounds.patterns[:5]
        )
        fields.append(Field(f"Avoided, because r/{draft.community} rejects it", told, quote=True))
    return fields


def _used(draft: Draft, grounds: Grounds) -> list[Fact]:
    """Facts that stand in the newest text: today's, and once it was decided those of then that are still there."""
    text = Text(draft.latest.title, draft.latest.body)
    ids = stands_on(text, grounds) if draft.status.is_open else draft.latest.fact_ids
    return [fact for fact in grounds.facts if fact.id in ids]


def _origin(pattern: Pattern) -> str:
    if pattern.is_stated:
        post = f" for post {pattern.tracked_post_id}" if pattern.tracked_post_id else ""
        read = ", read by a model" if pattern.source == READ_BY_MODEL else ""
        return f"the reason moderators stated{post}{read}"
    return f"from a {pattern.source}"


def _footnote(ctx: Context, grounds: Grounds) -> str:
    profile = grounds.profile
    if profile is None:
        return f"Nothing collected from r/{grounds.community} yet: norms are not known."
    bases = ", ".join(basis.replace("_", " ") for basis in profile.bases)
    text = (
        f"Norms of r/{grounds.community}: {counted(profile.sample_size, 'post')} ({bases}), "
        f"{moment(profile.first_post_at)} to {moment(profile.last_post_at)}, "
        f"computed {age(ctx.services.clock.now() - profile.computed_at)} ago"
    )
    if grounds.norms is None:
        text += "; too few to speak of norms"
    if grounds.rules is not None:
        text += f". Rules read {age(ctx.services.clock.now() - grounds.rules.taken_at)} ago"
    return f"{text}."


def _several_card(drafted: Drafted, community: str) -> Card:
    drafts, problem = drafted.drafts, drafted.problem
    text = "They take different openings. Open one to decide."
    if problem is not None:
        text = f"No more came: {problem.what}\n{worded(problem.do)}"
    return Card(
        title=f"{counted(len(drafts), 'draft')} for r/{community}",
        text=text,
        fields=tuple(
            Field(f"{d.id} · {d.latest.title}", shortened(d.latest.body, PREVIEW_CHARS), quote=True) for d in drafts
        ),
        actions=(_choice(drafts),),
        tone=Tone.ATTENTION if problem else Tone.NEUTRAL,
        values={"drafts": [d.id for d in drafts], "community": community, "problem": problem.code if problem else None},
    )


def _choice(drafts: Sequence[Draft]) -> Choice:
    options = tuple((shortened(f"{d.id} · r/{d.community} · {d.latest.title}", 80), d.id) for d in drafts)
    return Choice("Open", "draft show", options)


def _edit_form(draft: Draft) -> Card:
    revision = draft.latest
    return Card(
        title=f"Edit draft {draft.id}",
        text=f"Change the title or the text: /rao draft edit {draft.id} title=… body=…",
        form=Form(
            title=f"Edit draft {draft.id}",
            command="draft edit",
            inputs=(
                Input("title", "Title", value=revision.title),
                Input("body", "Text", value=revision.body, long=True),
            ),
            known={"draft": str(draft.id), "revision": str(revision.number)},
            beside=Button("Its checks", "draft show", draft.id),
        ),
        values={"draft": draft.id, "revision": revision.number},
    )


def _better_not_card(advised: AdvisedAgainst, angle: str | None, count: int) -> Card:
    """An honest answer: what speaks against it, what to do first, and the way on where that is legitimate."""
    codes = {reason.code for reason in advised.reasons}
    actions = []
    if "no_facts" in codes:
        actions.append(Button("Add a fact", "fact add", advised.campaign.id, Style.PRIMARY))
    if codes & {"no_profile", "small_sample"}:
        actions.append(Button("Collect posts", "collect start", advised.campaign.id, Style.PRIMARY))
    text = f"What speaks against a post in r/{advised.community} now:"
    form, way_on = None, ""
    if not advised.is_final:
        way_on = f"To go on all the same: /rao draft new {advised.community} campaign={advised.campaign.id} anyway=yes"
        known = {"community": advised.community, "campaign": str(advised.campaign.id), "count": str(count)}
        form = Form(
            title="Draft all the same?",
            command="draft new",
            inputs=(Input("anyway", "Go on", help="yes, having read the reasons", options=("yes",)),),
            known={**known, "angle": angle} if angle else known,
        )
    return Card(
        title="Better not now",
        text=text,
        fields=tuple(Field(reason.text.rstrip("."), worded(reason.do)) for reason in advised.reasons),
        actions=tuple(actions),
        footnote=way_on,
        tone=Tone.ATTENTION,
        code=advised.code,
        form=form,
        values={"community": advised.community, "campaign": advised.campaign.id, "reasons": sorted(codes)},
    )
