"""An alert's message that tells a whole event: several posts or accounts at once, or one post again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.alert_buttons import laid_out
from bot.alert_facts import Facts, happened
from bot.card import Button, Card, Field, Tone
from bot.words import counted, shortened, state_words
from core.alerts import AlertRecord, Joined
from core.model import AlertKind, State

LISTED = 3  # lines of posts or accounts on the card; all of them stand with the details
TITLE_MAX = 90
_ACCOUNTS = {
    AlertKind.ACCOUNT_SHADOWBANNED: "look shadowbanned",
    AlertKind.ACCOUNT_SUSPENDED: "are suspended",
    AlertKind.ACCOUNT_DELETED: "were deleted",
}


def turned(told: AlertRecord) -> AlertRecord:
    """Returns the record with the alert that the message tells now: news about the account in place of the removal that
    was its first sign, and of one post's returning trouble the newest. The message keeps the first alert's number.
    """
    first = told.alert
    about_account = [one for one in told.joined if one.alert.kind in _ACCOUNTS]
    again = [one for one in told.joined if one.alert.tracked_post_id == first.tracked_post_id]
    if about_account and first.kind not in _ACCOUNTS:
        lead = about_account[-1]
    elif again and again[-1].alert.kind is first.kind:
        lead = again[-1]
    else:
        return told
    facts: dict[str, Any] = dict(lead.alert.facts)
    if first.kind is AlertKind.POST_LOCKED:
        facts |= {"times_locked": 1 + len(again), "first_locked_at": first.facts.get("since")}
    same = replace(
        lead.alert, id=first.id, delivered_at=first.delivered_at, last_problem=first.last_problem, facts=facts
    )
    return replace(told, alert=same, post=lead.post or told.post)


def together(told: AlertRecord) -> Sequence[Joined]:
    """Returns what the message tells of several posts or accounts, its own first; empty when it tells of one."""
    kind, its = told.alert.kind, _subject(told.alert.kind, told.alert.facts)
    found = {its: Joined(told.alert, told.post)}
    for one in told.joined:
        if one.alert.kind is kind:
            found.setdefault(_subject(kind, one.alert.facts), one)
    return list(found.values()) if len(found) > 1 else ()


def card_of_many(card: Card, told: AlertRecord, those: Sequence[Joined]) -> Card:
    """Returns the card of an event with several posts or accounts, as they are now."""
    kind = told.alert.kind
    first = card.text.partition("\n")[0]
    if kind in _ACCOUNTS:
        title, lines = f"{counted(len(those), 'account')} {_ACCOUNTS[kind]}", _names(those)
    else:
        title, lines = _headline(told, those), _titles(those)
    shown = [*lines[: LISTED - 1], f"and {len(lines) - LISTED + 1} more"] if len(lines) > LISTED else lines
    kept = [field for field in card.fields if not field.quote]
    card = replace(card, title=title, text=first, fields=(Field("", "\n".join(shown), quote=True), *kept))
    back = [one for one in those if _is_back(one)]
    if kind in _ACCOUNTS or not back:
        return card
    if len(back) < len(those):
        now = Field("Now", f"{len(back)} of {len(those)} can be seen again")
        return replace(card, fields=(*card.fields, now))
    return replace(
        card,
        title=f"{counted(len(those), 'post')} visible again{_place(those)}",
        text=f"{title.partition(' · ')[0]}; others see all of them again.",
        fields=card.fields[:1],
        actions=laid_out([], [Button("Details", "alerts show", told.alert.id)]),
        tone=Tone.GOOD,
    )


def lines_of_event(told: AlertRecord) -> list[str]:
    """Returns one line for each post or account that the message tells, for the details."""
    return [
        " · ".join(part for part in (_title(one), state_words(one.post) if one.post is not None else "") if part)
        for one in together(told)
    ]


def _subject(kind: AlertKind, facts: Any) -> object:
    return facts.get("author") if kind in _ACCOUNTS else facts.get("post_id")


def _headline(told: AlertRecord, those: Sequence[Joined]) -> str:
    what = happened(Facts({**told.alert.facts, "kind": told.alert.kind.value})).replace(" its ", " their ")
    return f"{counted(len(those), 'post')} {what}{_place(those)}"


def _place(those: Sequence[Joined]) -> str:
    """The community or the account that they have in common."""
    facts = [Facts(one.alert.facts) for one in those]
    for names in ({one.community for one in facts}, {one.author for one in facts}):
        if len(names) == 1:
            return f" · {names.pop()}"
    return ""


def _names(those: Sequence[Joined]) -> list[str]:
    return [Facts(one.alert.facts).author for one in those]


def _titles(those: Sequence[Joined]) -> list[str]:
    return [_title(one) for one in those]


def _title(one: Joined) -> str:
    facts = Facts(one.alert.facts)
    title = None if one.alert.kind is AlertKind.POST_DELETED else facts.text("title", TITLE_MAX)
    named = " ".join(shortened(title, TITLE_MAX).split()) if title else f"{facts.thing} {facts.number('post_id') or ''}"
    return named.strip()


def _is_back(one: Joined) -> bool:
    since = Facts(one.alert.facts).time("since")
    return one.post is not None and one.post.state is State.LIVE and (since is None or since < one.post.state_since)
