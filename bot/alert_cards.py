"""Alerts as cards: the facts of an outbox row become a card at delivery, never before (DESIGN: decision 3).

Rows outlive upgrades, so every key of the facts may be missing or have another type: unreadable values are left out,
and any facts make a card. `bot/alert_words.py` has the words of each kind; this module has the card's parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from bot.alert_facts import Facts, what_happened, what_was_lost
from bot.alert_words import Words, alert_words
from bot.card import Button, Card, Field, Link, Style, Tone
from bot.change_words import change_line
from bot.digest_card import digest_card
from bot.words import counted, moment, shortened
from core.alerts import ABOUT_DRAFTS, Alert
from core.drafting.approvals import Change, ChangeKind
from core.model import AlertKind, Basis, Confidence, RemovedBy

TITLE_MAX = 300  # Reddit's own limit for titles
RULES_MAX = 12

_CATEGORIES = {
    "moderator": "removed by moderators or AutoModerator",
    "automod_filtered": "held by AutoModerator's filter",
    "reddit": "removed by Reddit's filters",
    "deleted": "deleted by the author",
    "author": "deleted by the author",
    "anti_evil_ops": "removed by Reddit's safety team",
    "community_ops": "removed by Reddit's community team",
    "content_takedown": "taken down by Reddit",
    "copyright_takedown": "taken down for copyright",
    "trademark_takedown": "taken down for a trademark",
    "legal_operations": "taken down for legal reasons",
}
_VIEWS = {
    "third_party": "as others see it",
    "author": "as its author sees it",
    "anonymous": "logged out",
    "person": "a member looked",
}
_OUTCOMES = {"visible": "visible", "not_visible": "not visible", "cannot_tell": "could not tell"}
_BODY_STATES = {
    "removed": "text removed",
    "removed by moderators": "text removed by moderators",
    "removed by Reddit": "text removed by Reddit",
    "deleted": "text deleted",
    "edited": "text edited",
}
_AUTHOR_STATUSES = {"missing": "account not found", "suspended": "account suspended"}
_CONFIDENCES = {c.value: c.value.replace("_", "-") for c in Confidence}

_ASK_WHY = (RemovedBy.MODERATORS, RemovedBy.UNKNOWN)  # moderators may have said why


def alert_card(alert: Alert) -> Card:
    """Returns the card of an alert. No content of the facts makes it raise."""
    facts = Facts(alert.facts)
    if alert.kind is AlertKind.DIGEST:
        return replace(digest_card(alert, facts), alert=alert.id)
    words = alert_words(alert.kind, facts)
    return Card(
        title=words.title,
        text=words.text,
        fields=_fields(alert, facts, words),
        actions=_actions(alert, words),
        links=(*_post_link(facts), *words.links),
        footnote=_footnote(facts),
        tone=words.tone,
        alert=alert.id,
        sample=Basis.SAMPLE in (facts.text("basis"), *(r.text("basis") for r in facts.readings())),
        values={
            "alert": alert.id,
            "kind": alert.kind.value,
            "post": alert.tracked_post_id,
            "draft": facts.number("draft"),
            "community": facts.text("community"),
            "state": facts.text("state"),
            "removed_by": facts.text("removed_by"),
            "confidence": facts.text("confidence"),
            "outcome": facts.text("outcome"),
        },
    )


# ---------------------------------------------------------------- the parts of the card


def _fields(alert: Alert, facts: Facts, words: Words) -> tuple[Field, ...]:
    fields: list[Field] = []
    # What its author deleted is not shown again (reddit-facts: access).
    if alert.kind is not AlertKind.POST_DELETED and (title := facts.text("title", TITLE_MAX)):
        fields.append(Field("Title" if alert.kind in ABOUT_DRAFTS else "Post", title, quote=True))
    if changes := [change_line(change) for change in _changes(facts)]:
        fields.append(Field("What changed", _list(changes), quote=True))
    if earlier := [what_happened(told) for told in facts.inners("earlier")]:
        fields.append(Field("Before that, not told by itself", "\n".join(earlier)))
    if lost := [what_was_lost(one) for one in facts.inners("lost")]:
        fields.append(Field("Not delivered", _list(lost)))
    if lines := [_evidence(reading) for reading in facts.readings()]:
        fields.append(Field("Evidence", "\n".join(lines)))
    if alert.kind is AlertKind.POST_REMOVED and (rules := facts.texts("rules")):
        fields.append(Field(f"Rules of {facts.community} when it was registered", _list(rules), quote=True))
    if patterns := facts.texts("patterns"):
        fields.append(Field("Learned for the next draft", _list(patterns)))
    if words.do:
        fields.append(Field("What to do now", words.do))
    return tuple(fields)


def _changes(facts: Facts) -> Iterator[Change]:
    for told in facts.inners("changes"):
        kind = told.text("kind") or ""
        if kind in set(ChangeKind):
            yield Change(
                ChangeKind(kind), told.text("name") or "", told.text("before", 600) or "", told.text("after", 600) or ""
            )


def _list(lines: list[str]) -> str:
    left_out = len(lines) - RULES_MAX
    shown = [f"• {line}" for line in lines[:RULES_MAX]]
    return "\n".join([*shown, f"… and {left_out} more"] if left_out > 0 else shown)


def _actions(alert: Alert, words: Words) -> tuple[Button, ...]:
    post = alert.tracked_post_id
    if alert.kind is AlertKind.CONSENT_GONE:
        return (Button("Link again", "account link", style=Style.PRIMARY),)
    if alert.kind in ABOUT_DRAFTS:
        return _draft_actions(alert)
    if alert.kind is AlertKind.MONEY_NEARLY_USED:
        return (Button("Usage", "usage", style=Style.PRIMARY),)
    if alert.kind is AlertKind.RULES_CHANGED:
        return tuple(Button(f"Draft {draft}", "draft show", draft) for draft in Facts(alert.facts).ids("drafts")[:5])
    if post is None:
        return ()
    check = Button("Check now", "post check", post, Style.PRIMARY)
    if not words.disputable:
        return (check,)
    looks: tuple[Button, ...] = (
        Button("I can see it", "post seen", post),
        Button("I can't see it", "post unseen", post),
    )
    if words.tone is Tone.GOOD:
        return (check, *looks)
    if alert.kind is AlertKind.POST_REMOVED and alert.facts.get("removed_by") in _ASK_WHY:
        looks = (Button("Why?", "post reason", post), *looks)
    if alert.kind is AlertKind.ACCOUNT_SHADOWBANNED and alert.facts.get("confidence") != Confidence.HIGH:
        looks = (*looks, Button("Reddit says the account is banned", "post account banned", post))
    return (
        check,
        *looks,
        Button("Snooze", "post snooze", post),
        Button("Wrong alarm", "post false alarm", post),
    )


def _draft_actions(alert: Alert) -> tuple[Button, ...]:
    draft = Facts(alert.facts).number("draft")
    if draft is None:
        return ()
    posted = Button("I posted it", "post register", draft)
    if alert.kind is AlertKind.DRAFT_VOIDED:
        return (Button("Look at it", "draft show", draft, Style.PRIMARY), posted)
    return (
        replace(posted, style=Style.PRIMARY),
        Button("Ask me later", "draft later", draft),
        Button("Not posting it", "draft drop", draft),
        Button("Look at it", "draft show", draft),
    )


def evidence_line(reading: Mapping[str, Any]) -> str:
    """A reading, as the facts of an alert hold it, in one line: when, who looked, what they saw."""
    return _evidence(Facts(reading))


def _evidence(reading: Facts) -> str:
    """One line: when, who looked, what they saw."""
    at, last, times = reading.time("read_at"), reading.time("last_read_at"), reading.number("times") or 1
    when = moment(at) if at else ""
    if at and last and times > 1:
        when = f"{when} to {moment(last)}, {counted(times, 'look')}"
    seen = [_OUTCOMES.get(reading.text("outcome") or "", "looked")]
    if category := reading.text("category"):
        seen.append(_CATEGORIES.get(category, f"removed, by whom is not known ({shortened(category, 40)})"))
    if body := _BODY_STATES.get(reading.text("body_state") or ""):
        seen.append(body)
    if account := _AUTHOR_STATUSES.get(reading.text("author_status") or ""):
        seen.append(account)
    if reading.truth("locked"):
        seen.append("locked")
    if problem := reading.text("problem"):
        seen.append(problem)
    view = _VIEWS.get(reading.text("view") or "", "")
    return " · ".join(part for part in (when, view, ", ".join(seen)) if part)


def _footnote(facts: Facts) -> str:
    parts = []
    if confidence := _CONFIDENCES.get(facts.text("confidence") or ""):
        parts.append(f"Confidence: {confidence}")
    if readings := facts.readings():
        parts.append(counted(sum(reading.number("times") or 1 for reading in readings), "reading"))
    if registered_by := facts.text("registered_by"):
        parts.append(f"Registered by {registered_by}")
    return " · ".join(parts)


def _post_link(facts: Facts) -> tuple[Link, ...]:
    """The post's address, when it is one of Reddit's: the facts are data, and only we make links."""
    try:
        parts = urlsplit(facts.text("permalink", 2_000) or "")
        host = parts.hostname or ""
    except ValueError:
        return ()
    if parts.scheme != "https" or not (host == "reddit.com" or host.endswith(".reddit.com")):
        return ()
    return (Link("Open the post", f"https://{host}{quote(parts.path, safe='/%')}"),)
