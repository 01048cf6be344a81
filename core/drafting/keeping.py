"""What a person fixed by hand in a draft, which a model must keep word for word when it writes the draft again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.drafting.drafts import Draft, Remark, Revision, RevisionOrigin
from core.drafting.text import ADVICE

KEPT = "kept"
PASSAGES_MAX = 12
SHOWN_CHARS = 120
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def kept_passages(draft: Draft) -> tuple[str, ...]:
    """Returns the sentences of the newest text that came from no model or interview of this draft: a person fixed
    them.
    """
    if draft.latest.origin is not RevisionOrigin.PERSON:
        return ()
    written = [revision for revision in draft.revisions if revision.origin is not RevisionOrigin.PERSON]
    if not written:
        return ()
    theirs = {_plain(sentence) for revision in written for sentence in _sentences(revision)}
    mine = (sentence for sentence in _sentences(draft.latest) if _plain(sentence) not in theirs)
    return tuple(dict.fromkeys(mine))[:PASSAGES_MAX]


def lost_passages(kept: Sequence[str], title: str, body: str) -> Iterator[Remark]:
    """Yields a remark for each kept passage that a new text does not have."""
    text = _plain(f"{title}\n{body}")
    for passage in kept:
        if _plain(passage) not in text:
            shown = passage if len(passage) <= SHOWN_CHARS else f"{passage[: SHOWN_CHARS - 1].rstrip()}…"
            said = f"“{shown}” was fixed by hand, and the new text has not kept it."
            yield Remark(KEPT, ADVICE, said, "kept:lost")


def _sentences(revision: Revision) -> list[str]:
    parts = [revision.title, *_SENTENCE_END.split(revision.body)]
    return [part.strip() for part in parts if part.strip()]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
