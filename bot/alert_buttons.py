"""The buttons on an alert: at most three and a menu. The coloured one is the right next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.alert_facts import Facts
from bot.alert_words import Words
from bot.card import Action, Button, Card, Menu, Style, Tone
from core.alerts import Alert
from core.model import AlertKind, AuditOutcome, Confidence, RemovedBy, State

SHOWN_MAX = 3

_ASK_WHY = (RemovedBy.MODERATORS, RemovedBy.UNKNOWN)  # moderators may have said why
_ABOUT_ONE_POST = frozenset(
    {
        AlertKind.POST_LIVE,
        AlertKind.POST_HELD,
        AlertKind.POST_REMOVED,
        AlertKind.POST_DELETED,
        AlertKind.POST_GATED,
        AlertKind.POST_LOCKED,
        AlertKind.ACCOUNT_SHADOWBANNED,
        AlertKind.ACCOUNT_SUSPENDED,
        AlertKind.ACCOUNT_DELETED,
        AlertKind.AUDIT,
        AlertKind.CANNOT_SEE,
    }
)
# Only a person who opens the post can tell.
_NEEDS_EYES = frozenset({AlertKind.POST_GATED, AlertKind.CANNOT_SEE})


def buttons_of(alert: Alert, words: Words) -> tuple[Action, ...]:
    """Returns what can be done about an alert as it was sent."""
    first, behind = _of(alert, words)
    details = Button("Details", "alerts show", alert.id)
    if alert.kind is AlertKind.TEST:
        return ()
    return laid_out(first, [*behind, details])


def laid_out(first: Sequence[Button], behind: Sequence[Button]) -> tuple[Action, ...]:
    """Returns buttons and a menu. When the menu would have one entry and there is room, that entry is a button."""
    shown, rest = list(first[:SHOWN_MAX]), [*first[SHOWN_MAX:], *behind]
    if len(rest) == 1 and len(shown) < SHOWN_MAX:
        return (*shown, *rest)
    return (*shown, Menu(tuple(rest))) if rest else tuple(shown)


def without(card: Card, commands: set[str]) -> tuple[Action, ...]:
    """Returns the card's actions without the buttons for these commands, also those in its menu."""
    shown = [a for a in card.actions if isinstance(a, Button) and a.command not in commands]
    menu = next((a for a in card.actions if isinstance(a, Menu)), Menu(()))
    return laid_out(shown, [b for b in menu.buttons if b.command not in commands])


def _of(alert: Alert, words: Words) -> tuple[list[Button], list[Button]]:
    """Returns the buttons to show, and those for the menu."""
    post, facts = alert.tracked_post_id, Facts(alert.facts)
    match alert.kind:
        case AlertKind.CONSENT_GONE:
            return [Button("Link again", "account link", style=Style.PRIMARY)], []
        case AlertKind.WEBHOOK_RESTS:
            again = Button("Try again", "alerts webhook wake", style=Style.PRIMARY)
            return [again, Button("The webhook", "alerts webhook")], []
        case AlertKind.MONEY_NEARLY_USED:
            return [Button("Usage", "usage", style=Style.PRIMARY)], []
        case AlertKind.UNDELIVERED:
            here = Button("Send alerts here", "alerts here", style=Style.PRIMARY)
            return [here, Button("Show the alerts", "alerts list")], []
        case AlertKind.RULES_CHANGED:
            drafts = facts.ids("drafts")
            styles = [Style.PRIMARY, *[Style.PLAIN] * len(drafts)]
            return [Button(f"Draft {d}", "draft show", d, s) for d, s in zip(drafts, styles, strict=False)][:4], []
        case AlertKind.DRAFT_VOIDED | AlertKind.DRAFT_UNPOSTED | AlertKind.DRAFT_WAITS | AlertKind.DRAFT_APPROVED:
            return _of_a_draft(alert.kind, facts.number("draft"))
        case AlertKind.CANNOT_SEE if post is None:
            return ([] if words.tone is Tone.GOOD else [Button("What is wrong", "status", style=Style.PRIMARY)]), []
    if post is None or alert.kind not in _ABOUT_ONE_POST:
        return [], []
    return _of_a_post(alert, post, words, facts)


def _of_a_draft(kind: AlertKind, draft: int | None) -> tuple[list[Button], list[Button]]:
    if draft is None:
        return [], []
    posted, look = Button("I posted it", "post register", draft), Button("Look at it", "draft show", draft)
    if kind is AlertKind.DRAFT_WAITS:
        return [replace(look, style=Style.PRIMARY)], []
    if kind in (AlertKind.DRAFT_VOIDED, AlertKind.DRAFT_APPROVED):
        return [replace(look, style=Style.PRIMARY), posted], []
    later, drop = Button("Ask me later", "draft later", draft), Button("Not posting it", "draft drop", draft)
    return [replace(posted, style=Style.PRIMARY), later, drop], [look]


def _of_a_post(alert: Alert, post: int, words: Words, facts: Facts) -> tuple[list[Button], list[Button]]:
    check = Button("Check now", "post check", post)
    seen, unseen = Button("I can see it", "post seen", post), Button("I can't see it", "post unseen", post)
    snooze, wrong = Button("Snooze", "post snooze", post), Button("Wrong alarm", "post false alarm", post)
    why = Button("They told me why", "post reason", post, Style.PRIMARY)
    if alert.kind is AlertKind.AUDIT:
        return _of_an_audit(facts, why, [seen, unseen], check)
    if not words.disputable:
        return [check], []
    if words.tone is Tone.GOOD:
        return [], [check, seen, unseen]
    if alert.kind in _NEEDS_EYES:
        return [seen, unseen], [check, snooze, wrong]
    if alert.kind is AlertKind.POST_REMOVED and alert.facts.get("removed_by") in _ASK_WHY:
        return [why, check], [seen, unseen, snooze, wrong]
    if alert.kind is AlertKind.ACCOUNT_SHADOWBANNED and alert.facts.get("confidence") != Confidence.HIGH:
        banned = Button("Reddit says it is banned", "post account banned", post, Style.PRIMARY)
        return [banned, check], [seen, unseen, snooze, wrong]
    return [check, snooze], [seen, unseen, wrong]


def _of_an_audit(facts: Facts, why: Button, looks: list[Button], check: Button) -> tuple[list[Button], list[Button]]:
    match facts.text("outcome"):
        case AuditOutcome.REJECTION if _people_took_it(facts):
            return [why], [check, *looks]
        case AuditOutcome.SUCCESS | AuditOutcome.INERTIA:
            return [Button("New draft", "draft new", style=Style.PRIMARY), Button("Communities", "community show")], []
        case AuditOutcome.REJECTION:
            return [check], looks
        case _:
            return looks, [check]


def _people_took_it(facts: Facts) -> bool:
    hidden = facts.text("state") in (State.SHADOWBANNED, State.SUSPENDED, State.HELD)
    return facts.text("removed_by") in _ASK_WHY and not hidden
