"""A draft's approvals in words, and the card of its history."""

from __future__ import annotations

from bot.card import Button, Card, Field
from bot.change_words import change_line
from bot.words import bulleted, counted, dollars, moment, shortened
from core.drafting.approvals import Approval, Ending
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft, Revision, RevisionOrigin

PREVIEW_CHARS = 160
SHOWN = 15  # texts of a history
HASH_CHARS = 12

_ENDED = {
    Ending.POSTED: "Posted, said {by}, {at}.",
    Ending.EDITED: "It ended when {by} changed the text, {at}.",
    Ending.TAKEN_BACK: "Taken back by {by}, {at}.",
    Ending.GIVEN: "It ended when {by} gave the draft to another poster, for whom the text does not hold, {at}.",
    Ending.VOIDED: "Void since {at}: something that it stood on changed.",
    Ending.DISCARDED: "Discarded by {by}, {at}.",
}


def ended(approval: Approval) -> str:
    """How an approval ended: "Approved by Ada, 2 Nov 2026, 15:04 UTC. Taken back by Bob, …"."""
    given = f"Approved by {approval.approved_by}, {moment(approval.approved_at)}."
    if approval.ending is None:
        return given
    return f"{given} {_ENDED[approval.ending].format(by=approval.ended_by, at=moment(approval.ended_at))}"


def what_changed(approval: Approval) -> Field | None:
    """What voided an approval; None when something else ended it."""
    if not approval.changes:
        return None
    changes = bulleted([change_line(change) for change in approval.changes])
    return Field(f"Changed since {approval.approved_by} approved it", changes, quote=True)


def cost(revision: Revision) -> str:
    """What a text cost: "$0.012 (1,234 tokens)"."""
    tokens = revision.prompt_tokens + revision.completion_tokens
    return dollars(revision.cost_usd_micros) + (f" ({counted(tokens, 'token')})" if tokens else "")


def history_card(reviewed: Reviewed, *, sample: bool = False) -> Card:
    """Returns every text of a draft, the newest first, with its writer, model and cost, and the approvals."""
    draft = reviewed.draft
    shown = draft.revisions[-SHOWN:]
    fields = [Field(f"Text {r.number}", _line(draft, r), quote=True) for r in reversed(shown)]
    if reviewed.approvals:
        fields.append(Field("Approvals", "\n".join(ended(approval) for approval in reviewed.approvals)))
    total = sum(revision.cost_usd_micros for revision in draft.revisions)
    texts = counted(len(draft.revisions), "text")
    left_out = f" Texts before {shown[0].number} are not shown." if len(shown) < len(draft.revisions) else ""
    back = (
        f"\nBring one back: /rao draft restore {draft.id} revision=…" if len(shown) > 1 and draft.status.is_open else ""
    )
    return Card(
        title=f"History of draft {draft.id} for r/{draft.community}",
        sample=sample,
        text=f"{texts}, {dollars(total)} in all.{left_out}{back}",
        fields=tuple(fields),
        actions=(Button("Open the draft", "draft show", draft.id),),
        values={
            "draft": draft.id,
            "revisions": [
                {
                    "revision": r.number,
                    "origin": r.origin.value,
                    "written_by": r.written_by,
                    "by": r.by,
                    "at": r.created_at.isoformat(),
                    "prompt_sha256": r.prompt_sha256,
                    "prompt_tokens": r.prompt_tokens,
                    "completion_tokens": r.completion_tokens,
                    "cost_usd_micros": r.cost_usd_micros,
                }
                for r in shown
            ],
            "approvals": [
                {
                    "approved_by": a.approved_by,
                    "at": a.approved_at.isoformat(),
                    "revision": a.revision,
                    "ending": a.ending.value if a.ending else None,
                    "changes": [change.to_json() for change in a.changes],
                }
                for a in reviewed.approvals
            ],
        },
    )


def _line(draft: Draft, revision: Revision) -> str:
    who = {
        RevisionOrigin.PERSON: f"by {revision.written_by}",
        RevisionOrigin.INTERVIEW: f"{revision.written_by}, in an interview",
        RevisionOrigin.MODEL: f"{revision.written_by}, asked by {revision.by}" if revision.by else revision.written_by,
    }[revision.origin]
    parts = [who, moment(revision.created_at)]
    if revision.origin is RevisionOrigin.MODEL:
        parts.append(cost(revision))
    if revision.prompt_sha256:
        parts.append(f"prompt {revision.prompt_sha256[:HASH_CHARS]}")
    again = next((r.number for r in draft.revisions if r.number < revision.number and _same(r, revision)), None)
    if again is not None:
        parts.append(f"text {again} again")
    return f"{' · '.join(parts)}\n{shortened(f'{revision.title}: {revision.body}', PREVIEW_CHARS)}"


def _same(one: Revision, other: Revision) -> bool:
    return (one.title, one.body) == (other.title, other.body)
