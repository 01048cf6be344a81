"""The card of a post's first comments, with those that wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.alert_cards import laid_out
from bot.alert_facts import Facts
from bot.card import Button, Card, Field, Tone
from bot.words import ago, counted, shortened
from core.alerts import AlertRecord
from core.model import FirstComment, State

LISTED = 3  # comments on the message; all of them stand on Reddit
BODY_MAX = 140
TITLE_MAX = 90


def comments_now(card: Card, told: AlertRecord, now: datetime) -> Card:
    """Returns the card with the comments as they were last read, questions first."""
    waiting = sorted((c for c in told.comments if not c.is_answered), key=lambda c: (not c.is_question, c.created_at))
    facts, post = Facts(told.alert.facts), told.post
    title = post.title if post is not None and post.title is not None and post.state is not State.DELETED else None
    on = f"On “{' '.join(shortened(title, TITLE_MAX).split())}”." if title else ""
    people = [field for field in card.fields if field.name]
    if not waiting:
        answered = len(told.comments)
        known = f"{counted(answered, 'comment')} of others" if answered else "Its comments are gone or too old to show"
        return replace(
            card,
            title=f"{'Every comment is answered' if answered else 'No comment waits'} · {facts.community}",
            text=f"{known}. {on}".strip(),
            fields=(),
            actions=laid_out([], []),
            tone=Tone.GOOD if answered else Tone.NEUTRAL,
        )
    do = "Answer on Reddit, questions first: that keeps a post alive." if len(waiting) > 1 else _ONE
    snooze = [Button("Snooze", "post snooze", post.id)] if post is not None else []
    return replace(
        card,
        title=f"{_counted(waiting)} · {facts.community}",
        text=on,
        fields=(Field("", "\n".join(_lines(waiting, now)), quote=True), Field("", f"Next: {do}"), *people),
        actions=laid_out(snooze, []),
        tone=Tone.ATTENTION,
    )


_ONE = "Answer it on Reddit: that keeps a post alive."


def _counted(waiting: Sequence[FirstComment]) -> str:
    questions = sum(comment.is_question for comment in waiting)
    others = len(waiting) - questions
    parts = [counted(questions, "question")] if questions else []
    parts += [counted(others, "other comment" if questions else "comment")] if others else []
    return f"{' and '.join(parts)} {'waits' if len(waiting) == 1 else 'wait'} for an answer"


def _lines(waiting: Sequence[FirstComment], now: datetime) -> list[str]:
    lines = [f"u/{c.author}, {ago(now - c.created_at)}: {shortened(c.body, BODY_MAX)}" for c in waiting]
    return [*lines[: LISTED - 1], f"and {len(lines) - LISTED + 1} more"] if len(lines) > LISTED else lines
