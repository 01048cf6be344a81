"""The score of a text in words: the same on a community's cards and on a draft's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from core.analysis.reasons import Reason, TextScore
from core.analysis.service import Communities
from core.drafting.drafts import Draft, Revision
from core.texts.blanks import blanks_in


def reason_line(reason: Reason) -> str:
    """ "-5 words of the title: “free” → try other words for these"."""
    words = f": {', '.join(f'“{word}”' for word in reason.words)}" if reason.words else ""
    advice = f" → {reason.advice}" if reason.advice else ""
    return f"{reason.points:+d} {reason.name}{words}{advice}"


def reason_lines(scored: TextScore) -> str:
    """The reasons, one line each; their points add up to the score minus 50."""
    return "\n".join(map(reason_line, scored.reasons))


async def draft_score_line(communities: Communities, draft: Draft) -> str:
    """Returns `score_line` for a draft; empty while it has blanks, because those are not a text yet."""
    texts = await asyncio.to_thread(_whole_texts, draft.revisions[-2:])
    if (draft.latest.title, draft.latest.body) not in texts[-1:]:
        return ""
    scores = await communities.score_texts(draft.workspace_id, draft.community, texts)
    return score_line(scores[-1], scores[-2] if len(scores) > 1 else None)


def score_line(scored: TextScore, before: TextScore | None) -> str:
    """The score, how the last change moved it, and what speaks most against the text; empty when scores tell
    nothing.
    """
    if not scored.tells:
        return ""
    changed = ""
    if before is not None:
        by = scored.score - before.score
        changed = (
            f", {abs(by)} {'up' if by > 0 else 'down'} since the last text" if by else ", the same as the last text"
        )
    source = "" if scored.posts else " (learned from other communities only)"
    against = min(scored.reasons, key=lambda reason: reason.points, default=None)
    worst = f" Most against it: {reason_line(against)}." if against is not None and against.points < 0 else ""
    return f"{scored.score} in 100{changed}{source}.{worst}"


def _whole_texts(revisions: Sequence[Revision]) -> list[tuple[str, str]]:
    """Returns title and text of those without blanks."""
    return [(r.title, r.body) for r in revisions if not blanks_in(f"{r.title}\n{r.body}")]
