"""An alert's message as it should look now: rendered from the alert's record, never from an older message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.alert_cards import alert_card
from bot.alert_facts import Facts
from bot.card import Button, Card, Field
from bot.journal_words import DEEDS
from bot.words import counted, moment, state_words
from core.alerts import ABOUT_DRAFTS, AlertRecord, Decision, DecisionKind
from core.drafting.drafts import DraftStatus

DECISIONS_MAX = 8


def alert_card_now(told: AlertRecord, now: datetime) -> Card:
    """Returns the card that an alert's message should show at `now`: what was told, the post's present state when it
    differs, and every decision since, with who and when. The buttons of past decisions are left out.
    """
    card = alert_card(told.alert)
    fields = list(card.fields)
    if told.alert.delivered_at is not None and told.alert.last_problem is not None:
        fields.insert(0, Field("Why this did not reach its channel", told.alert.last_problem))
    post, state = told.post, Facts(told.alert.facts).text("state")
    if post is not None and state is not None and post.state != state:
        fields.append(Field("Now", f"{state_words(post)}, since {moment(post.state_since)}"))
    if told.decisions:
        shown = [_decision(decision) for decision in told.decisions[-DECISIONS_MAX:]]
        left_out = len(told.decisions) - len(shown)
        earlier = [f"{counted(left_out, 'earlier decision')}: /rao post show"] if left_out else []
        fields.append(Field("Decided", "\n".join([*earlier, *shown])))
    if told.alert.kind in ABOUT_DRAFTS:
        return _draft_now(replace(card, fields=tuple(fields)), told)
    pressed = _decided(told.decisions, now)
    actions = tuple(a for a in card.actions if not (isinstance(a, Button) and a.command in pressed))
    return replace(card, fields=tuple(fields), actions=actions)


def _draft_now(card: Card, told: AlertRecord) -> Card:
    """Returns the card with what was done to the draft since, and with the buttons that still make sense."""
    draft = told.draft
    if draft is None:
        return replace(card, fields=(*card.fields, Field("Now", "The draft is gone.")), actions=())
    if draft.last is None:
        return card
    did = DEEDS[draft.last.kind]
    said = f"{draft.last.name} {did}, {moment(draft.last.at)}. It is {_STATUS[DraftStatus(draft.status)]}."
    done = draft.status in (DraftStatus.POSTED, DraftStatus.DISCARDED)
    left = tuple(a for a in card.actions if isinstance(a, Button) and (a.command == "draft show" or not done))
    return replace(card, fields=(*card.fields, Field("Now", said)), actions=left)


_STATUS = {
    DraftStatus.GENERATED: "open for a decision",
    DraftStatus.EDITED: "open for a decision",
    DraftStatus.APPROVED: "approved",
    DraftStatus.POSTED: "posted and watched",
    DraftStatus.DISCARDED: "discarded",
}

# A decision's words on an alert, before who and when, and the button that it removes.
_DECIDED: Mapping[DecisionKind, tuple[str, str]] = {
    DecisionKind.SNOOZED: ("Snoozed", "post snooze"),
    DecisionKind.STOPPED: ("No longer watched, stopped", "post stop"),
    DecisionKind.WRONG_ALARM: ("Wrong alarm, said", "post false alarm"),
    DecisionKind.SEEN: ("Seen", "post seen"),
    DecisionKind.UNSEEN: ("Not seen", "post unseen"),
    DecisionKind.ACCOUNT_BANNED: ("Reddit says the account is banned, read", "post account banned"),
    DecisionKind.REASON_GIVEN: ("Reason given", "post reason"),
    DecisionKind.REASON_UNDONE: ("Reason taken back", ""),
}


def _decision(decision: Decision) -> str:
    words, _ = _DECIDED[decision.kind]
    until = f" until {moment(decision.until)}" if decision.until is not None else ""
    return f"{words}{until} by {decision.by}, {moment(decision.at)}"


def _decided(decisions: Sequence[Decision], now: datetime) -> set[str]:
    """Returns the commands whose buttons have nothing left to decide at `now`."""
    decided: set[str] = set()
    for decision in decisions:
        if decision.kind is DecisionKind.REASON_UNDONE:
            decided.discard("post reason")
        elif decision.kind is DecisionKind.SNOOZED and decision.until is not None and decision.until <= now:
            decided.discard("post snooze")
        else:
            decided.add(_DECIDED[decision.kind][1])
    return decided
