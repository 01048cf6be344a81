"""The cards of drafts: one draft as it stands with its buttons, an approved one handed to its poster, several to choose
from, the form to edit, and "better not now".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from bot.alert_words import APPEALS
from bot.approval_words import cost, ended, what_changed
from bot.card import MORE, Action, Button, Card, Choice, Document, Field, Form, Input, Link, Menu, Style, Tone
from bot.draft_details import ruling_counts, used_facts
from bot.words import ago, bulleted, counted, moment, shortened, worded
from core.clock import day
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft, DraftStatus, Mark, Remark, Revision, RevisionOrigin
from core.drafting.grounds import Grounds
from core.drafting.marks import standing
from core.drafting.outcomes import Limit, may_be_written_again, why_under_limits
from core.drafting.service import AdvisedAgainst, Drafted
from core.drafting.text import ADVICE, OK, PROBLEM
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
        text="\n".join((*_asked(to_decide), _standing(reviewed, posted))),
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
    written = f"{_poster(draft)} {_written(draft.latest)}"
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
        return f"{counted(len(to_fix), 'thing')} to fix before it can be approved.\n{written}"
    if blocking:
        return written
    return f"Ready for a decision.\n{written}"


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
    avoided = f"{counted(len(grounds.patterns), 'pattern')} of what is rejected there" if grounds.patterns else ""
    parts = [facts, f"rules: {rules}" if rules else "", avoided]
    return " · ".join(filter(None, parts))


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
        f"{day(profile.first_post_at)} to {day(profile.last_post_at)}, "
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
    question = Input("words", "Sentence", value=words, long=True)
    form = Form("Say whose it is", "draft disclose", (question,), {"draft": str(draft)}, _beside(draft))
    return Card(
        title=f"Whose product it is, in draft {draft}",
        text="The sentence comes at the end of the text. It must be true of who posts it.",
        form=form,
        values={"draft": draft},
    )


def undisclosed_form(draft: int) -> Card:
    """Returns the form that asks why a draft does not say whose product it speaks of."""
    question = Input("because", "Why", help="in a sentence; the journal keeps it", long=True)
    form = Form("Leave it out", "draft undisclosed", (question,), {"draft": str(draft)}, _beside(draft))
    return Card(
        title=f"Leave it out of draft {draft}",
        text="Readers and moderators take it badly when they find out themselves. The journal keeps who left it out, "
        "and why.",
        form=form,
        values={"draft": draft},
    )


def _beside(draft: int) -> Button:
    return Button("The draft", "draft show", draft)


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
        links=(APPEALS,) if codes & {"account", "team_account"} else (),
        footnote=way_on,
        tone=Tone.ATTENTION,
        code=advised.code,
        form=form,
        values={"community": advised.community, "campaign": advised.campaign.id, "reasons": sorted(codes)},
    )


# The longest address that a button or link can carry on every chat (Discord: 512, Slack: 500 as we send it).
ADDRESS_MAX = 500
FLAIRS_SHOWN = 12
_ASKED = frozenset({"requirements", "rules"})  # the checks that say what a community asks of a post


def hand_over(reviewed: Reviewed) -> tuple[str, tuple[Field, ...], Link, Document]:
    """Returns instructions in words, the fields to copy and to tick off, the submit page, and the text as a file."""
    draft = reviewed.draft
    page, filled = submit_page(draft)
    account = f" as u/{draft.poster.account}" if draft.poster.account else ""
    words = f"{draft.poster.member} posts it by hand{account}. {filled} Then give its link with “I posted it”."
    fields = [Field("Title", draft.latest.title, copy=True), Field("Text", draft.latest.body, copy=True)]
    if asked := checklist(reviewed):
        fields.append(Field("Before you post", "\n".join(asked)))
    file = Document(f"draft-{draft.id}.md", f"{draft.latest.body}\n".encode(), "the text alone, to copy")
    return words, tuple(fields), page, file


def submit_page(draft: Draft) -> tuple[Link, str]:
    """Returns the community's submit page with as much filled in as its address can carry, and which part that is."""
    base = f"https://www.reddit.com/r/{draft.community}/submit"
    title, body = draft.latest.title, draft.latest.body
    for given, said in (
        ({"type": "TEXT", "title": title, "text": body}, "The submit page has title and text filled in."),
        ({"type": "TEXT", "title": title}, "The submit page has the title filled in; copy the text into it."),
    ):
        address = f"{base}?{urlencode(given)}"
        if len(address) <= ADDRESS_MAX:
            return Link("Open the submit page", address), said
    return Link("Open the submit page", f"{base}?type=TEXT"), "Copy title and text into the submit page."


def checklist(reviewed: Reviewed) -> tuple[str, ...]:
    """What Reddit and the community ask of the post, a line each: ticked when the text meets it."""
    marks = {OK: "☑", ADVICE: "☐"}
    asked = [r for r in reviewed.remarks if (r.check in _ASKED or r.code.startswith("rule:")) and r.level in marks]
    lines = [f"{marks[remark.level]} {remark.text}" for remark in asked]
    flairs = [flair.text for flair in reviewed.grounds.flairs or () if not flair.mod_only]
    if reviewed.grounds.requirements is None:
        lines.append("☐ Whether it needs a flair is not known: look at the submit page.")
    elif flairs and not any(remark.code == "requirement:flair" for remark in asked):
        lines.append(f"☐ Choose a flair if one fits: {', '.join(flairs[:FLAIRS_SHOWN])}.")
    return tuple(lines)


def buttons_of(reviewed: Reviewed) -> tuple[Action, ...]:
    """Returns what can be done about a draft as it stands, without what would only be refused: at most three buttons
    and a menu. The coloured one is the next step.
    """
    draft = reviewed.draft
    if draft.status is DraftStatus.APPROVED:
        return (
            Button("I posted it", "post register", draft.id, Style.PRIMARY),
            Button("Edit", "draft edit", draft.id),
            Menu(
                (
                    _details(draft),
                    Button("Take back", "draft reopen", draft.id),
                    _give(draft),
                    Button("Not posting it", "draft drop", draft.id),
                )
            ),
        )
    if not draft.status.is_open:
        return ()
    waiting = next((mark for mark in standing(reviewed.marks) if mark.generated), None)
    others = _others(draft, may_be_written_again(reviewed.grounds))
    if waiting is not None:
        return _of_a_mark(draft, waiting, others)
    return _of_open(draft, reviewed.blocking, others)


def _of_a_mark(draft: Draft, mark: Mark, others: tuple[Button, ...]) -> tuple[Action, ...]:
    """Returns the ways out for words that block. Taking them out is the one that cannot be wrong."""
    return (
        Button("It is true", "mark true", mark.id),
        Button("Take it out", "mark out", mark.id, Style.PRIMARY),
        Button("Edit", "draft edit", draft.id),
        Menu(
            (
                Button("Make it a blank", "mark blank", mark.id),
                Button("It claims nothing", "mark free", mark.id),
                _details(draft),
                *(button for button in others if button != _give(draft)),  # Slack's menu holds five
            )
        ),
    )


def _of_open(draft: Draft, blocking: tuple[Remark, ...], others: tuple[Button, ...]) -> tuple[Action, ...]:
    if draft.latest.answers and any(remark.check == "blanks" for remark in blocking):
        on = Button("Go on with the questions", "draft resume", draft.id, Style.PRIMARY)
        return (on, Button("Edit", "draft edit", draft.id), _details(draft), Menu(others))
    says_nothing = next((remark for remark in blocking if remark.code == "disclosure"), None)
    if says_nothing is not None:
        say = Button("Say whose it is", "draft disclose", draft.id, Style.PRIMARY)
        asked = any(remark.code == "disclosure" and remark.check != "disclosure" for remark in blocking)  # by a rule
        leave_out = () if asked else (Button("Leave that out …", "draft undisclosed", draft.id),)
        return (say, Button("Edit", "draft edit", draft.id), _details(draft), Menu((*leave_out, *others)))
    can_mend = any(remark.check != "outcome" for remark in blocking)  # no edit mends what does not depend on the text
    edit = Button("Edit", "draft edit", draft.id, Style.PRIMARY if can_mend else Style.PLAIN)
    first = () if blocking else (Button("Approve", "draft approve", draft.id, Style.PRIMARY),)
    return (*first, edit, _details(draft), Menu(others))


def _details(draft: Draft) -> Button:
    return Button("Details", "draft details", draft.id)


def _give(draft: Draft) -> Button:
    return Button("Give to …", "draft give", draft.id)


def _others(draft: Draft, may_be_written_again: bool) -> tuple[Button, ...]:
    discard = Button("Discard", "draft discard", draft.id, Style.DANGER)
    if may_be_written_again and any(revision.origin is RevisionOrigin.MODEL for revision in draft.revisions):
        return (Button("Regenerate", "draft regenerate", draft.id), _give(draft), discard)
    return (_give(draft), discard)  # a person's own words are not rewritten
