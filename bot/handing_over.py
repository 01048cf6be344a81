"""An approved draft handed to its poster: the text to copy, the submit page, and what Reddit asks of the post."""

from __future__ import annotations

from urllib.parse import urlencode

from bot.card import Document, Field, Link
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft
from core.drafting.text import ADVICE, OK

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
    flairs = [flair.text for flair in reviewed.grounds.flairs or () if not flair.is_for_moderators]
    if reviewed.grounds.requirements is None:
        lines.append("☐ Whether it needs a flair is not known: look at the submit page.")
    elif flairs and not any(remark.code == "requirement:flair" for remark in asked):
        lines.append(f"☐ Choose a flair if one fits: {', '.join(flairs[:FLAIRS_SHOWN])}.")
    return tuple(lines)
