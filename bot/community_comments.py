"""How people comment in a community, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.card import Button, Card, Field, Tone
from bot.words import counted, percent, span
from core.analysis.comments import MIN_COMMENTS, MIN_POSTS, CommentFigures, FirstAnswer
from core.clock import day
from core.records import dump
from core.texts.features import COUNTED

HARDLY_ANY = 0.05
NONE_KNOWN = (
    "No comments here are known. Collecting over Reddit's API brings the newest ones, and a file of comments can be "
    "imported. Runs of Apify bring none, because each would cost."
)


def comments_card(community: str, figures: CommentFigures, *, sample: bool = False) -> Card:
    """The answer first: how long a comment on a post usually is, and how soon the first one comes."""
    card = Card(title=f"Comments in r/{community}", sample=sample, values={"community": community, **dump(figures)})
    if figures.first_at is None or figures.last_at is None:
        return replace(card, text=NONE_KNOWN, actions=(Button("Collect", "collect start"),))
    of = f"{counted(figures.comments, 'comment')} that {'answers' if figures.comments == 1 else 'answer'} "
    days = " to ".join(dict.fromkeys((day(figures.first_at), day(figures.last_at))))
    seen = f"{of}{counted(figures.posts, 'post')}, {days}."
    if not figures.enough:
        too_few = f"Too few to speak of norms: {counted(figures.comments, 'comment')}, {MIN_COMMENTS} are needed."
        return replace(
            card, text=too_few, footnote=seen, tone=Tone.ATTENTION, actions=(Button("Collect more", "collect start"),)
        )
    return replace(
        card,
        text=_length(figures),
        fields=(Field("First comment", _first(figures.first)), Field("What they have", _forms(figures))),
        footnote=f"{seen} Only counts are kept of them, no text and no name. Which ones are liked is not told: "
        "the earlier ones get more votes, whatever they say.",
    )


def _length(figures: CommentFigures) -> str:
    q1, median, q3 = figures.words.quartiles or (0.0, 0.0, 0.0)
    return f"A comment on a post here usually has {q1:,.0f} to {q3:,.0f} words; half have {median:,.0f} or fewer."


def _first(first: FirstAnswer | None) -> str:
    if first is None:
        seen = f"fewer than {MIN_POSTS} posts were seen from their first minute on"
        return f"Not known: {seen}, or comments of many are missing."
    none = f"Of {counted(first.posts, 'post')} that were followed, {first.posts - first.commented:,} had none yet."
    if first.half is None:
        return f"Fewer than half of the posts have one as long as they were followed. {none}"
    most = f", three quarters within {_minutes(first.most)}" if first.most is not None else ""
    return f"Half of the posts have one within {_minutes(first.half)}{most}. {none}"


def _minutes(minutes: float) -> str:
    return span(timedelta(minutes=minutes))


def _forms(figures: CommentFigures) -> str:
    """The forms that comments have, the most usual first; those that hardly any has on one line."""
    shares = [(share.share or 0.0, _named(form)) for form, share in figures.shares.items()]
    had = sorted(shares, key=lambda pair: -pair[0])
    lines = [f"{percent(share)} with {form}" for share, form in had if share >= HARDLY_ANY]
    rare = [form for share, form in had if share < HARDLY_ANY]
    return "\n".join([*lines, *([f"Hardly any with: {'; '.join(rare)}"] if rare else [])])


def _named(form: str) -> str:
    return COUNTED[form].text.removesuffix(" in the text")
