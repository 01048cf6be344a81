"""What stands behind an alert: every look, the rules at registering, what was learned, earlier stories, decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.alert_cards import alert_card, post_links
from bot.alert_event import lines_of_event, turned
from bot.alert_facts import Facts, what_happened, what_was_lost
from bot.alert_now import decision_line, present_state
from bot.card import Card, Field
from bot.change_words import change_line
from bot.evidence_words import how_sure, line_of
from bot.upkeep_words import changes
from bot.words import bulleted, counted
from core.alerts import AlertRecord
from core.model import AlertKind

TITLE_MAX = 300  # Reddit's own limit for titles
LISTED_MAX = 12


def alert_details(told: AlertRecord, now: datetime) -> Card:
    """Returns everything that is known of an alert's story, from its record, as it stands at `now`."""
    told = turned(told)
    alert, facts = told.alert, Facts(told.alert.facts)
    card = alert_card(alert)
    registered_by = facts.text("registered_by")
    fields = [
        _foreign("Post", "" if alert.kind is AlertKind.POST_DELETED else facts.text("title", TITLE_MAX) or ""),
        _foreign("Told together", bulleted(lines_of_event(told), LISTED_MAX)),
        Field("Now", present_state(told)),
        Field("Decided", "\n".join(decision_line(decision) for decision in told.decisions)),
        Field("Evidence", "\n".join(line_of(reading) for reading in facts.readings())),
        Field("How sure", how_sure(facts)),
        _foreign("What changed", bulleted([change_line(change) for change in changes(facts)], LISTED_MAX)),
        _foreign(f"Rules of {facts.community} when it was registered", bulleted(facts.texts("rules"), LISTED_MAX)),
        Field("Learned for the next draft", bulleted(facts.texts("patterns"), LISTED_MAX)),
        Field("Before that, not told by itself", "\n".join(what_happened(one) for one in facts.inners("earlier"))),
        Field("Not delivered", bulleted([what_was_lost(one) for one in facts.inners("lost")], LISTED_MAX)),
        Field("Registered by", registered_by or ""),
    ]
    return replace(
        card,
        title=f"Details: {card.title}",
        text="",
        fields=tuple(field for field in fields if field.value),
        actions=(),
        links=post_links(facts),
        footnote=f"Alert {alert.id}, of {counted(len(facts.readings()), 'line')} of evidence"
        if facts.readings()
        else f"Alert {alert.id}",
        alert=None,
        private=True,
    )


def _foreign(name: str, value: str) -> Field:
    return Field(name, value, quote=True)
