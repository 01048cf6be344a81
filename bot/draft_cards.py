"""The cards of drafts: one draft as it stands, several to choose from, the form to edit, and "better not now"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.advice import worded
from bot.approval_words import cost, ended, what_changed
from bot.card import Button, Card, Choice, Field, Form, Input, Style, Tone
from bot.handing_over import hand_over
from bot.words import age, counted, moment, shortened
from core.campaigns import Fact
from core.drafting.checks import stands_on
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft, DraftStatus, Mark, Remark, Revision, RevisionOrigin
from core.drafting.grounds import Grounds
from core.drafting.marks import standing
from core.drafting.service import AdvisedAgainst, Drafted
from core.drafting.text import ADVICE, OK, PROBLEM, Text
from core.model import READ_BY_MODEL, Pattern, TrackedPost

PREVIEW_CHARS = 300
MARK_SHOWN = 60
CLAIMS_SHOWN = 3
OPTIONS_MAX = 25

_LEVELS = ((PROBLEM, "To fix before approval"), (ADVICE, "Worth a thought"), (OK, "Checked"))


def draft_card(
    reviewed: Reviewed, now: datetime, *, posted: TrackedPost | None = None, sample: bool = False, score: str = ""
) -> Card:
    """Returns the draft as it stands: text, checks, facts, what was avoided; buttons for what can still be decided.

    `posted` is the post that came of it; `sample`: its community is sample data; `score` in words, where it has one.
    """
    draft, grounds, remarks = reviewed.draft, reviewed.grounds, reviewed.remarks
    revision = draft.latest
    blocking = reviewed.blocking
    if draft.status is DraftStatus.APPROVED:
        return _approved_card(reviewed, sample=sample)
    to_settle = standing(reviewed.marks)
    fields = [Field("Title", revision.title, quote=True), Field("Text", revision.body, quote=True)]
    if draft.status.is_open and reviewed.approvals and (changed := what_changed(reviewed.approvals[-1])):
        fields.append(changed)
    if score:
        fields.append(Field("How it would do here", score))
    for level, name in _LEVELS:
        told = [remark.text for remark in remarks if remark.level == level and (level == OK or remark.code != "claim")]
        told += _more_claims([remark for remark in remarks if remark.level == level and remark.code == "claim"])
        if told and (draft.status.is_open or level != OK):  # once decided, what was fine is of no use
            fields.append(Field(name, "\n".join(f"• {text}" for text in told)))
    fields += _grounds_fields(draft, grounds)
    return Card(
        title=_title(draft),
        sample=sample,
        text="\n".join((_standing(reviewed, posted), *_asked(to_settle))),
        fields=tuple(fields),
        actions=_with_ways_out(to_settle, _actions(draft, blocking)),
        footnote=_footnote(grounds, now),
        tone=_tone(draft, blocking),
        version=str(draft.version),
        values=_values(reviewed),
    )


def _values(reviewed: Reviewed) -> dict[str, object]:
    draft = reviewed.draft
    return {
        "draft": draft.id,
        "campaign": draft.campaign_id,
        "community": draft.community,
        "status": draft.status.value,
        "revision": draft.latest.number,
        "origin": draft.latest.origin.value,
        "facts": [fact.id for fact in _used(draft, reviewed.grounds)],
        "remarks": [{"check": f.check, "code": f.code, "level": f.level, "text": f.text} for f in reviewed.remarks],
        "marks": [
            {"mark": m.id, "words": m.words, "reason": m.reason, "generated": m.generated}
            for m in standing(reviewed.marks)
        ],
        "poster": {"member": draft.poster.member, "account": draft.poster.account},
        "decided_by": draft.decided_by,
        "decided_at": draft.decided_at.isoformat() if draft.decided_at else None,
    }


def _approved_card(reviewed: Reviewed, *, sample: bool) -> Card:
    """The text alone, to be copied and posted by hand."""
    draft = reviewed.draft
    words, fields, page, file = hand_over(reviewed)
    return Card(
        title=_title(draft),
        sample=sample,
        text=f"Approved by {draft.decided_by or draft.created_by}, {moment(draft.decided_at)}.\n{words}",
        fields=fields,
        actions=_actions(draft, ()),
        links=(page,),
        documents=(file,),
        tone=Tone.GOOD,
        version=str(draft.version),
        values=_values(reviewed),
    )


def _title(draft: Draft) -> str:
    kind = "Outline" if draft.latest.origin is RevisionOrigin.OUTLINE else "Draft"
    return f"{kind} {draft.id} for r/{draft.community}"


def _written(revision: Revision) -> str:
    at = moment(revision.created_at)
    again = revision.number > 1 and revision.by is not None
    asked = f"Text {revision.number}, asked for by {revision.by}, {at}. " if again else ""
    match revision.origin:
        case RevisionOrigin.MODEL:
            return (
                f"{asked}Written by {revision.written_by} from your facts, for {cost(revision)}. "
                "Read it as a stranger would."
            )
        case RevisionOrigin.OUTLINE:
            return f"{asked}An outline: your own facts in order, no model involved. Fill in the blanks."
        case RevisionOrigin.PERSON:
            return f"Text {revision.number}, by {revision.written_by}, {at}."


def _standing(reviewed: Reviewed, posted: TrackedPost | None) -> str:
    draft, blocking = reviewed.draft, reviewed.blocking
    written = f"{_written(draft.latest)}\n{_poster(draft)}"
    decided = f"by {draft.decided_by or draft.created_by}, {moment(draft.decided_at)}"
    match draft.status:
        case DraftStatus.POSTED:
            if posted is None:
                return f"Posted and watched. Approved {decided}."
            registered = f"Posted: registered by {posted.registered_by}, {moment(posted.registered_at)}"
            return f"{registered}, as post {posted.id}: /rao post show {posted.id}\nApproved {decided}."
        case DraftStatus.DISCARDED:
            return f"Discarded {decided}."
    if reviewed.approvals:
        written = f"{written}\n{ended(reviewed.approvals[-1])}"
    if blocking:
        return f"{written}\n{counted(len(blocking), 'thing')} to fix before it can be approved."
    return f"{written}\nReady for a decision."


def _poster(draft: Draft) -> str:
    account = f" as u/{draft.poster.account}" if draft.poster.account else ""
    return f"{draft.poster.member} will post it{account}."


def _asked(to_settle: Sequence[Mark]) -> Iterator[str]:
    """The mark that the buttons are about, and how many wait."""
    if to_settle:
        first = to_settle[0]
        waits = sum(mark.generated for mark in to_settle)
        if waits:
            yield f"{waits:,} to settle: “{shortened(first.words, MARK_SHOWN)}”: {first.reason}."


def _with_ways_out(to_settle: Sequence[Mark], actions: tuple[Button, ...]) -> tuple[Button | Choice, ...]:
    """The ways out of a mark that blocks come first; a person's own words may stand, or become facts."""
    if not to_settle:
        return actions
    first = to_settle[0].id
    options = tuple((shortened(f"“{mark.words}”", 80), mark.id) for mark in to_settle[:OPTIONS_MAX])
    if not to_settle[0].generated:
        return (*actions, Choice("It is true", "mark true", options))
    return (
        Button("It is true", "mark true", first),
        Button("Take it out", "mark out", first),
        Button("Make it a blank", "mark blank", first),
        Choice("It claims nothing", "mark free", options),
        *actions,
    )


def _more_claims(claims: Sequence[Remark]) -> list[str]:
    """The marks in words: some of them, and how many more there are."""
    told = [remark.text for remark in claims[:CLAIMS_SHOWN]]
    more = len(claims) - len(told)
    return [*told, f"{counted(more, 'more mark')}."] if more > 0 else told


def _actions(draft: Draft, blocking: tuple[Remark, ...]) -> tuple[Button, ...]:
    if draft.status is DraftStatus.APPROVED:
        return (
            Button("I posted it", "post register", draft.id, Style.PRIMARY),
            Button("Edit", "draft edit", draft.id),
            Button("Take back", "draft reopen", draft.id),
            Button("Not posting it", "draft drop", draft.id),
        )
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
        told = "\n".join(f"{f.id} · {shortened(f.body, 160)} ({f.owner})" for f in used)
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


def _footnote(grounds: Grounds, now: datetime) -> str:
    profile = grounds.profile
    if profile is None:
        return f"Nothing collected from r/{grounds.community} yet: norms are not known."
    bases = ", ".join(basis.replace("_", " ") for basis in profile.bases)
    text = (
        f"Norms of r/{grounds.community}: {counted(profile.sample_size, 'post')} ({bases}), "
        f"{moment(profile.first_post_at)} to {moment(profile.last_post_at)}, "
        f"computed {age(now - profile.computed_at)} ago"
    )
    if grounds.norms is None:
        text += "; too few to speak of norms"
    if grounds.rules is not None:
        text += f". Rules read {age(now - grounds.rules.taken_at)} ago"
    return f"{text}."


def several_card(drafted: Drafted, community: str, *, sample: bool = False) -> Card:
    """Returns drafts to choose from, and why there are fewer than were asked for."""
    drafts, problem = drafted.drafts, drafted.problem
    text = "They take different openings. Open one to decide."
    if problem is not None:
        text = f"No more came: {problem.what}\n{worded(problem.do)}"
    return Card(
        title=f"{counted(len(drafts), 'draft')} for r/{community}",
        sample=sample,
        text=text,
        fields=tuple(
            Field(f"{d.id} · {d.latest.title}", shortened(d.latest.body, PREVIEW_CHARS), quote=True) for d in drafts
        ),
        actions=(choice_of(drafts),),
        tone=Tone.ATTENTION if problem else Tone.NEUTRAL,
        values={"drafts": [d.id for d in drafts], "community": community, "problem": problem.code if problem else None},
    )


def choice_of(drafts: Sequence[Draft]) -> Choice:
    """Returns a menu that opens one of these drafts."""
    options = tuple((shortened(f"{d.id} · r/{d.community} · {d.latest.title}", 80), d.id) for d in drafts)
    return Choice("Open", "draft show", options)


def edit_form(reviewed: Reviewed) -> Card:
    """Returns the form that asks for another title and text, with the newest ones filled in."""
    draft, revision, approval = reviewed.draft, reviewed.draft.latest, reviewed.approval
    ends = " It is approved; another text needs approval again." if approval is not None else ""
    return Card(
        title=f"Edit draft {draft.id}",
        text=f"Change the title or the text.{ends}\nIn one line: /rao draft edit {draft.id} title=… body=…",
        form=Form(
            title=f"Edit draft {draft.id}",
            command="draft edit",
            inputs=(
                Input("title", "Title", value=revision.title),
                Input("body", "Text", value=revision.body, long=True),
            ),
            known={
                "draft": str(draft.id),
                "revision": str(revision.number),
                "approval": str(approval.id if approval is not None else 0),
            },
            beside=Button("Its checks", "draft show", draft.id),
        ),
        values={"draft": draft.id, "revision": revision.number},
    )


def better_not_card(
    advised: AdvisedAgainst, angle: str | None, count: int, poster: str | None = None, *, sample: bool = False
) -> Card:
    """Returns an honest answer: what speaks against it, what to do first, and the way on where that is legitimate."""
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
            known=known | {name: said for name, said in (("angle", angle), ("poster", poster)) if said},
        )
    return Card(
        title="Better not now",
        sample=sample,
        text=text,
        fields=tuple(Field(reason.text.rstrip("."), worded(reason.do)) for reason in advised.reasons),
        actions=tuple(actions),
        footnote=way_on,
        tone=Tone.ATTENTION,
        code=advised.code,
        form=form,
        values={"community": advised.community, "campaign": advised.campaign.id, "reasons": sorted(codes)},
    )
