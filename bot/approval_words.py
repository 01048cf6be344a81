"""A draft's approvals in words, and the card of its history."""

from __future__ import annotations

from bot.card import Button, Card, Field, values_of
from bot.words import bulleted, counted, dollars, moment, shortened
from core.drafting.approvals import Approval, Change, ChangeKind, Ending
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft, Revision, RevisionOrigin
from core.records import dump

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
                    "at": r.created_at.isoformat(),
                    **values_of(r, "origin written_by by"),
                    **values_of(r, "prompt_sha256 prompt_tokens completion_tokens cost_usd_micros"),
                }
                for r in shown
            ],
            "approvals": [
                {
                    "at": a.approved_at.isoformat(),
                    **values_of(a, "approved_by revision ending"),
                    "changes": dump(a.changes),
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
    words = (revision.title, revision.body)
    before = (r for r in draft.revisions if r.number < revision.number)
    again = next((r.number for r in before if (r.title, r.body) == words), None)
    if again is not None:
        parts.append(f"text {again} again")
    return f"{' · '.join(parts)}\n{shortened(f'{revision.title}: {revision.body}', PREVIEW_CHARS)}"


AROUND = 6  # words of what both have in common, shown before and after the difference
WORDS_MAX = 300  # characters of one side

_REQUIRED = {
    "title_text_min_length": "the least length of a title",
    "title_text_max_length": "the greatest length of a title",
    "title_required_strings": "what a title must hold",
    "title_blacklisted_strings": "what a title must not hold",
    "title_regexes": "the form of a title",
    "body_restriction_policy": "whether a post has a text",
    "body_text_min_length": "the least length of a text",
    "body_text_max_length": "the greatest length of a text",
    "body_required_strings": "what a text must hold",
    "body_blacklisted_strings": "what a text must not hold",
    "body_regexes": "the form of a text",
    "link_restriction_policy": "which sites may be linked",
    "domain_whitelist": "the only sites that may be linked",
    "domain_blacklist": "sites that must not be linked",
    "link_repost_age": "days until a link may come again",
    "is_flair_required": "whether a post needs a flair",
    "guidelines_text": "its guidelines for posts",
}
_NOUNS = {"rule": "Rule", "demand": "What is asked about", "fact": "Fact", "pattern": "Pattern"}


def change_line(change: Change) -> str:
    """Returns one change in one to three lines: "Fact 3 was changed. Before: “… 41 days …” Now: “… 26 days …”"."""
    if change.kind in (ChangeKind.REQUIREMENT_CHANGED, ChangeKind.FLAIRS_CHANGED):
        return _posting_line(change)
    noun = _NOUNS[change.kind.value.partition("_")[0]]
    which = f"{noun} “{change.name}”" if noun == "Rule" else f"{noun} {change.name}"
    match change.kind:
        case ChangeKind.RULE_NEW | ChangeKind.PATTERN_NEW:
            return f"{which} is new{_told(change, change.after)}"
        case ChangeKind.RULE_GONE:
            return f"{which} is gone{_told(change, change.before)}"
        case ChangeKind.FACT_GONE:
            return f"{which} no longer stands{_told(change, change.before)}"
        case _:
            before, after = difference(change.before, change.after)
            return f"{which} was changed.\nBefore: “{before}”\nNow: “{after}”"


def _told(change: Change, words: str) -> str:
    """What is new or gone, after a colon; a rule of one line is told by its name."""
    return "." if words in ("", change.name) else f": “{shortened(words, WORDS_MAX)}”"


def _posting_line(change: Change) -> str:
    what = "its flairs" if change.kind is ChangeKind.FLAIRS_CHANGED else _REQUIRED.get(change.name, change.name)
    before, after = (shortened(words, WORDS_MAX) or "nothing" for words in (change.before, change.after))
    return f"Changed: {what}.\nBefore: “{before}”\nNow: “{after}”"


def difference(before: str, after: str) -> tuple[str, str]:
    """Returns both texts, without what they share at their beginning and end except a few words."""
    old, new = before.split(), after.split()
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return _cut(old, head, tail), _cut(new, head, tail)


def _cut(words: list[str], head: int, tail: int) -> str:
    begin, end = max(0, head - AROUND), min(len(words), len(words) - tail + AROUND)
    text = shortened(" ".join(words[begin:end]), WORDS_MAX)
    return f"{'… ' if begin else ''}{text}{' …' if end < len(words) else ''}" or "nothing"
