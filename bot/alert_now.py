"""An alert's message as it should look now: rendered from the alert's record, never from an older message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.alert_buttons import laid_out, without
from bot.alert_cards import alert_card
from bot.alert_event import card_of_many, together, turned
from bot.alert_facts import Facts
from bot.alert_words import back
from bot.card import Button, Card, Field, Tone
from bot.journal_words import DEEDS
from bot.words import counted, moment, state_words
from core.alerts import ABOUT_DRAFTS, ANSWERED, AlertRecord, Decision, DecisionKind
from core.drafting.drafts import DraftStatus
from core.model import State

DECISIONS_MAX = 4  # on the message; all of them stand with the details


def alert_card_now(told: AlertRecord, now: datetime) -> Card:
    """Returns the card that an alert's message should show at `now`: what was told, the post's present state when it
    differs, and the newest decisions since, with who and when. The buttons of past decisions are left out.
    """
    told = turned(told)
    card = alert_card(told.alert, told.members)
    if told.alert.kind in ABOUT_DRAFTS:
        return _draft_now(_detoured(card, told), told)
    if those := together(told):
        card = card_of_many(card, told, those)
    elif _is_back(told):
        card = _seen_again(card, told)
    fields = list(card.fields)
    if not those and (state := present_state(told)):
        fields.append(Field("Now", state))
    if told.decisions:
        shown = [decision_line(decision) for decision in told.decisions[-DECISIONS_MAX:]]
        left_out = len(told.decisions) - len(shown)
        earlier = [f"{counted(left_out, 'earlier decision')} in the details"] if left_out else []
        fields.append(Field("Decided", "\n".join([*earlier, *shown])))
    actions = without(card, _decided(told.decisions, now))
    return _detoured(replace(card, fields=tuple(fields), actions=actions), told)


def present_state(told: AlertRecord) -> str:
    """How the alert's post stands now, when that is something else than what was told; else ""."""
    post, state = told.post, Facts(told.alert.facts).text("state")
    if post is None or state is None or post.state == state or _is_back(told):
        return ""
    return f"{state_words(post)}, since {moment(post.state_since)}"


def decision_line(decision: Decision) -> str:
    """What was decided, by whom and when, in one line."""
    until = f" until {moment(decision.until)}" if decision.until is not None else ""
    return f"{decision_words(decision.kind)}{until} by {decision.by}, {moment(decision.at)}"


def decision_words(kind: DecisionKind) -> str:
    """What a decision did, to be followed by whose it was: "Snoozed"."""
    words, _ = _DECIDED[kind]
    return words


def _detoured(card: Card, told: AlertRecord) -> Card:
    if told.alert.delivered_at is None or told.alert.last_problem is None:
        return card
    meant = "its channel" if told.alert.to_member is None else "who it is for"
    why = Field(f"Why this did not reach {meant}", told.alert.last_problem)
    return replace(card, fields=(why, *card.fields))


# ---------------------------------------------------------------- seen again


def _is_back(told: AlertRecord) -> bool:
    """The post was hidden when the alert was told, and others see it now."""
    is_seen = told.post is not None and told.post.state is State.LIVE
    is_one = Facts(told.alert.facts).number("community_posts") is None
    return is_seen and is_one and told.alert.kind in ANSWERED and _hidden_since(told) is not None


def _hidden_since(told: AlertRecord) -> datetime | None:
    since = Facts(told.alert.facts).time("since")
    return since if since is not None and told.post is not None and since < told.post.state_since else None


def _seen_again(card: Card, told: AlertRecord) -> Card:
    """The same message, turned into good news."""
    since, post, facts = _hidden_since(told), told.post, Facts(told.alert.facts)
    if since is None or post is None:
        return card
    words = back(facts, since, post.state_since)
    title = [field for field in card.fields if field.quote]
    check, unseen = Button("Check now", "post check", post.id), Button("I can't see it", "post unseen", post.id)
    return replace(
        card,
        title=words.title,
        text=f"{card.title.partition(' · ')[0]}. {words.seen}",
        fields=(*title, Field("", f"Next: {words.do}")),
        actions=laid_out([], [check, unseen, Button("Details", "alerts show", told.alert.id)]),
        tone=Tone.GOOD,
    )


# ---------------------------------------------------------------- drafts


def _draft_now(card: Card, told: AlertRecord) -> Card:
    """What became of the draft since, and what can still be done about it."""
    draft = told.draft
    if draft is None:
        return replace(card, fields=(*card.fields, Field("Now", "The draft is gone.")), actions=())
    if draft.last is None:
        return card
    did = DEEDS[draft.last.kind]
    said = f"{draft.last.name} {did}, {moment(draft.last.at)}. It is {_STATUS[DraftStatus(draft.status)]}."
    done = draft.status in (DraftStatus.POSTED, DraftStatus.DISCARDED)
    actions = without(card, {"post register", "draft later", "draft drop"}) if done else card.actions
    return replace(card, fields=(*card.fields, Field("Now", said)), actions=actions)


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
