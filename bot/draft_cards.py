"""The cards of drafts: one draft as it stands, several to choose from, the form to edit, and "better not now"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.advice import worded
from bot.approval_words import cost, ended, what_changed
from bot.card import MORE, Button, Card, Choice, Field, Form, Input, Tone
from bot.draft_buttons import buttons_of
from bot.draft_details import ruling_counts, used_facts
from bot.handing_over import hand_over
from bot.words import ago, bulleted, counted, moment, shortened
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft, DraftStatus, Mark, Remark, Revision, RevisionOrigin
from core.drafting.grounds import Grounds
from core.drafting.marks import standing
from core.drafting.outcomes import Limit, why_under_limits
from core.drafting.service import AdvisedAgainst, Drafted
from core.drafting.text import ADVICE, PROBLEM
from core.model import TrackedPost

PREVIEW_CHARS = 300
MARK_SHOWN = 60
CLAIMS_SHOWN = 3

ADVICE_SHOWN = 3

_LEVELS = ((PROBLEM, "To fix before approval"), (ADVICE, "Worth a thought"))


def draft_card(
    reviewed: Reviewed, now: datetime, *, posted: TrackedPost | None = None, sample: bool = False, score: str = ""
) -> Card:
    """Returns the draft as it stands: text, what is wrong with it, what it stands on in one line; buttons for what can
    still be decided. The rest is behind its details.

    `posted`: the post that was made from it; `sample`: its community is sample data; `score`: in words, where it has
    one.
    """
    draft, grounds, remarks = reviewed.draft, reviewed.grounds, reviewed.remarks
    revision = draft.latest
    blocking = reviewed.blocking
    if draft.status is DraftStatus.APPROVED:
        return _approved_card(reviewed, sample=sample)
    to_decide = standing(reviewed.marks)
    fields = [Field("Title", revision.title, quote=True), Field("Text", revision.body, quote=True)]
    if draft.status.is_open and reviewed.approvals and (changed := what_changed(reviewed.approvals[-1])):
        fields.append(changed)
    if score:
        fields.append(Field("How it would do here", score))
    fields += _remark_fields(remarks, told_above=any(mark.generated for mark in to_decide))
    if draft.status.is_open and (limits := _limits(grounds, blocking)):
        fields.append(Field("Under limits", limits))
    fields.append(Field("Stands on", _stands_on(reviewed)))
    return Card(
        title=_title(draft),
        sample=sample,
        text="\n".join((_standing(reviewed, posted), *_asked(to_decide))),
        fields=tuple(fields),
        actions=buttons_of(reviewed),
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
        "facts": [fact.id for fact in used_facts(draft, reviewed.grounds)],
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
    """Returns only the text, to be copied and posted by hand."""
    draft = reviewed.draft
    words, fields, page, file = hand_over(reviewed)
    return Card(
        title=_title(draft),
        sample=sample,
        text=f"Approved by {draft.decided_by or draft.created_by}, {moment(draft.decided_at)}.\n{words}",
        fields=fields,
        actions=buttons_of(reviewed),
        links=(page,),
        documents=(file,),
        tone=Tone.GOOD,
        version=str(draft.version),
        values=_values(reviewed),
    )


def _title(draft: Draft) -> str:
    return f"Draft {draft.id} for r/{draft.community}"


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
        case RevisionOrigin.INTERVIEW:
            return f"In the words of {revision.written_by}, in an order of ours; no model involved."
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
    to_fix = [remark for remark in blocking if remark.code != "claim"]  # the marks are counted with their ways out
    if to_fix:
        return f"{written}\n{counted(len(to_fix), 'thing')} to fix before it can be approved."
    if blocking:
        return written
    return f"{written}\nReady for a decision."


def _poster(draft: Draft) -> str:
    account = f" as u/{draft.poster.account}" if draft.poster.account else ""
    return f"{draft.poster.member} will post it{account}."


def _asked(to_decide: Sequence[Mark]) -> Iterator[str]:
    """Yields the mark that the buttons are about, and how many wait."""
    if to_decide:
        first = to_decide[0]
        waits = sum(mark.generated for mark in to_decide)
        if waits:
            yield f"{waits:,} to decide: “{shortened(first.words, MARK_SHOWN)}”: {first.reason}."


def _more_claims(claims: Sequence[Remark]) -> list[str]:
    """Returns the marks in words: some of them, and how many more there are."""
    told = [remark.text for remark in claims[:CLAIMS_SHOWN]]
    more = len(claims) - len(told)
    return [*told, f"{counted(more, 'more mark')}."] if more > 0 else told


def _remark_fields(remarks: Sequence[Remark], *, told_above: bool) -> Iterator[Field]:
    """Yields what is wrong. `told_above`: the first blocking mark is left out, because it is already above, with its
    buttons.
    """
    for level, name in _LEVELS:
        told = [remark.text for remark in remarks if remark.level == level and remark.code != "claim"]
        claims = [remark for remark in remarks if remark.level == level and remark.code == "claim"]
        told += _more_claims(claims[1:] if told_above and level == PROBLEM else claims)
        if level == ADVICE and len(told) > ADVICE_SHOWN + 1:
            told = [*told[:ADVICE_SHOWN], f"{len(told) - ADVICE_SHOWN} more in its details."]
        if told:
            yield Field(name, bulleted(told))


def _limits(grounds: Grounds, blocking: Sequence[Remark]) -> str:
    """Returns the limits of a draft, why they hold when that is not told above, and what would change that; "" where
    there are none.
    """
    reasons = why_under_limits(grounds)
    if not reasons:
        return ""
    limits = ", ".join(limit.value for limit in Limit if any(limit in reason.limits for reason in reasons))
    changes = list(dict.fromkeys(reason.changes for reason in reasons))
    told = " ".join(c for c in changes if not any(c.rstrip(".") in other for other in changes if other != c))
    is_told = any(reasons[0].text in remark.text for remark in blocking)
    why = "" if is_told else f"{reasons[0].text} "
    return f"{limits[0].upper()}{limits[1:]}. {why}What would change that: {told}"


def _stands_on(reviewed: Reviewed) -> str:
    """Returns one line: "2 of 3 facts · rules: 5 kept, 1 cannot be told (Post flair) · 2 patterns …"."""
    draft, grounds = reviewed.draft, reviewed.grounds
    facts = f"{len(used_facts(draft, grounds))} of {counted(len(grounds.facts), 'fact')}"
    rules = ruling_counts(reviewed.rulings)
    parts = [facts, f"rules: {rules}" if rules else "", _avoided(len(grounds.patterns))]
    return " · ".join(filter(None, parts))


def _avoided(patterns: int) -> str:
    return f"{counted(patterns, 'pattern')} of what is rejected there" if patterns else ""


def _tone(draft: Draft, blocking: tuple[Remark, ...]) -> Tone:
    if draft.status in (DraftStatus.APPROVED, DraftStatus.POSTED):
        return Tone.GOOD
    return Tone.ATTENTION if draft.status.is_open and blocking else Tone.NEUTRAL


def _footnote(grounds: Grounds, now: datetime) -> str:
    profile = grounds.profile
    if profile is None:
        return f"Nothing collected from r/{grounds.community} yet: norms are not known."
    bases = ", ".join(basis.replace("_", " ") for basis in profile.bases)
    text = (
        f"Norms of r/{grounds.community}: {counted(profile.sample_size, 'post')} ({bases}), "
        f"{moment(profile.first_post_at)} to {moment(profile.last_post_at)}, "
        f"computed {ago(now - profile.computed_at)}"
    )
    if grounds.norms is None:
        text += "; too few to speak of norms"
    if grounds.rules is not None:
        text += f". Rules read {ago(now - grounds.rules.taken_at)}"
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


def disclosure_form(draft: int, words: str) -> Card:
    """Returns the form that puts a sentence under the text, filled with how its poster said it last."""
    return Card(
        title=f"Whose product it is, in draft {draft}",
        text="The sentence comes at the end of the text. It must be true of who posts it.",
        form=Form(
            title="Say whose it is",
            command="draft disclose",
            inputs=(Input("words", "Sentence", value=words, long=True),),
            known={"draft": str(draft)},
            beside=Button("The draft", "draft show", draft),
        ),
        values={"draft": draft},
    )


def undisclosed_form(draft: int) -> Card:
    """Returns the form that asks why a draft does not say whose product it speaks of."""
    return Card(
        title=f"Leave it out of draft {draft}",
        text="Readers and moderators take it badly when they find out themselves. The journal keeps who left it out, "
        "and why.",
        form=Form(
            title="Leave it out",
            command="draft undisclosed",
            inputs=(Input("because", "Why", help="in a sentence; the journal keeps it", long=True),),
            known={"draft": str(draft)},
            beside=Button("The draft", "draft show", draft),
        ),
        values={"draft": draft},
    )


def better_not_card(
    advised: AdvisedAgainst,
    given: Mapping[str, str | None],
    *,
    command: str = "draft new",
    sample: bool = False,
) -> Card:
    """Returns an honest answer: what speaks against it, what to do first, and the way on where that is legitimate.

    `given` are the values of the `command` that was advised against, as typed: the way on keeps them.
    """
    codes = {reason.code for reason in advised.reasons}
    actions = []
    if codes & {"no_profile", "small_sample"}:
        actions.append(Button("Collect posts", "collect start", advised.campaign.id))
    text = f"What speaks against a post in r/{advised.community} now:"
    form, way_on = None, ""
    if not advised.is_final:
        way_on = f"To go on anyway: /rao {command} {advised.community} campaign={advised.campaign.id} anyway=yes"
        known = {"community": advised.community, "campaign": str(advised.campaign.id)}
        form = Form(
            title="Draft anyway?",
            command=command,
            inputs=(Input("anyway", "Go on", help="yes, having read the reasons", options=("yes",)),),
            known=known | {name: said for name, said in given.items() if said},
            button=MORE,
            wanted=False,
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
