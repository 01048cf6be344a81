"""Alerts as cards of 3 to 6 lines: the facts of an outbox row become a card when it is shown, never before (DESIGN:
decision 3). What has no room here stands behind "Details" (`bot/alert_now.py`).

Rows outlive upgrades, so every key of the facts may be missing or have another type: unreadable values are left out,
and any facts make a card.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote, urlsplit

from bot import alert_words, upkeep_words
from bot.alert_facts import Facts, happened, how_sure, strip
from bot.alert_words import Words
from bot.card import Action, Button, Card, Field, Link, Menu, Named, Style, Tone
from bot.digest_card import digest_card
from bot.words import counted, shortened
from core.alerts import Alert
from core.model import AlertKind, AuditOutcome, Basis, Confidence, RemovedBy, State

LINES_MAX = 6  # below the headline
LINE_MAX = 220
NAME_MAX = 80  # of a member
CALLED_MAX = 5  # members; more are counted
TITLE_MAX = 120  # of Reddit's 300; the whole title stands with the details


def alert_card(alert: Alert, people: Sequence[Named] = ()) -> Card:
    """Returns the card of an alert. No content of the facts makes it raise. `people`: whom it concerns; they are called
    except for good news.
    """
    facts = Facts(alert.facts)
    if alert.kind is AlertKind.DIGEST:
        return replace(digest_card(alert, facts), alert=alert.id)
    words = words_of(alert.kind, facts)
    fields = _fields(alert, facts, words, people)
    return Card(
        title=words.title,
        text=_text(alert, facts, words, LINES_MAX - len(fields)),
        fields=fields,
        actions=buttons_of(alert, words),
        links=post_links(facts) if words.link is None else (words.link,),
        tone=words.tone,
        alert=alert.id,
        sample=Basis.SAMPLE in (facts.text("basis"), *(r.text("basis") for r in facts.readings())),
        values={
            "alert": alert.id,
            "kind": alert.kind.value,
            "post": alert.tracked_post_id,
            "draft": facts.number("draft"),
            **{key: facts.text(key) for key in ("community", "state", "removed_by", "confidence", "outcome")},
            "next": words.do,
        },
    )


def words_of(kind: AlertKind, facts: Facts) -> Words:
    """Returns the words of an alert of any kind except a digest. No content of the facts makes it raise."""
    return alert_words.again_and_again(facts, _BY_KIND[kind](facts))


def _text(alert: Alert, facts: Facts, words: Words, room: int) -> str:
    """What was seen, what it means, and what came before or was learned, in at most `room` lines."""
    sure = how_sure(facts) if words.tone is not Tone.GOOD and words.disputable else ""
    seen = " ".join(part for part in (words.seen, sure) if part)
    signs = strip(alert.kind, facts) if words.disputable else ""
    told = [f"{seen}  {signs}".strip(), words.meaning, _earlier(facts), _learned(alert, facts)]
    lines = [shortened(line, LINE_MAX) for line in told if line]
    return "\n".join(line.replace("\n", " ") for line in lines[:room])


def _earlier(facts: Facts) -> str:
    """What this message tells too, because it was not told by itself."""
    earlier = dict.fromkeys(happened(told) for told in facts.inners("earlier"))
    return f"Before that, not told by itself: {', '.join(earlier)}." if earlier else ""


def _learned(alert: Alert, facts: Facts) -> str:
    patterns = facts.texts("patterns")
    if alert.kind is not AlertKind.POST_REMOVED or not patterns:
        return ""
    more = f", and {counted(len(patterns) - 1, 'more thing')}" if len(patterns) > 1 else ""
    return f"Learned for the next draft: {shortened(patterns[0], 120)}{more}."


def _fields(alert: Alert, facts: Facts, words: Words, people: Sequence[Named]) -> tuple[Field, ...]:
    fields: list[Field] = []
    # What its author deleted is not shown again (reddit-facts: access).
    title = None if alert.kind is AlertKind.POST_DELETED else facts.text("title", TITLE_MAX)
    if foreign := words.quote or title:
        fields.append(Field("", " ".join(foreign.split()), quote=True))
    if words.do:
        fields.append(Field("", f"Next: {words.do}"))
    if people and words.tone is not Tone.GOOD:
        called = tuple(replace(one, name=shortened(one.name, NAME_MAX)) for one in people[:CALLED_MAX])
        others = len(people) - len(called)
        fields.append(Field("For", f"and {counted(others, 'other')}" if others else "", members=called))
    return tuple(fields)


def post_links(facts: Facts) -> tuple[Link, ...]:
    """The post's address, when it is one of Reddit's: the facts are data, and only we make links."""
    try:
        parts = urlsplit(facts.text("permalink", 2_000) or "")
        host = parts.hostname or ""
    except ValueError:
        return ()
    if parts.scheme != "https" or not (host == "reddit.com" or host.endswith(".reddit.com")):
        return ()
    return (Link("Open the post", f"https://{host}{quote(parts.path, safe='/%')}"),)


def community_links(facts: Facts) -> tuple[Link, ...]:
    """The address of a community; none for a member's own page."""
    name = facts.community.removeprefix("r/")
    if not facts.community.startswith("r/") or not re.fullmatch(r"[A-Za-z0-9_]{2,21}", name, re.ASCII):
        return ()
    return (Link("Open the community", f"https://www.reddit.com/r/{name}/"),)


_BY_KIND: Mapping[AlertKind, Callable[[Facts], Words]] = {
    AlertKind.POST_LIVE: alert_words.live,
    AlertKind.POST_HELD: alert_words.held,
    AlertKind.POST_REMOVED: alert_words.removed,
    AlertKind.POST_DELETED: alert_words.deleted,
    AlertKind.POST_GATED: alert_words.gated,
    AlertKind.POST_LOCKED: alert_words.locked,
    AlertKind.ACCOUNT_SHADOWBANNED: alert_words.shadowbanned,
    AlertKind.ACCOUNT_SUSPENDED: alert_words.suspended,
    AlertKind.ACCOUNT_DELETED: alert_words.account_deleted,
    AlertKind.CANNOT_SEE: upkeep_words.cannot_see,
    AlertKind.LOOK_WANTED: alert_words.look_wanted,
    AlertKind.REASON_FOUND: alert_words.explained,
    AlertKind.POST_COMMENTED: alert_words.commented,
    AlertKind.POST_OFFERED: upkeep_words.post_offered,
    AlertKind.CONSENT_GONE: upkeep_words.consent_gone,
    AlertKind.AUDIT: alert_words.audited,
    AlertKind.DRAFT_VOIDED: upkeep_words.draft_voided,
    AlertKind.DRAFT_UNPOSTED: upkeep_words.draft_unposted,
    AlertKind.DRAFT_WAITS: upkeep_words.draft_waits,
    AlertKind.DRAFT_APPROVED: upkeep_words.draft_approved,
    AlertKind.RULES_CHANGED: upkeep_words.rules_changed,
    AlertKind.MONEY_NEARLY_USED: upkeep_words.money_nearly_used,
    AlertKind.TEST: upkeep_words.test,
    AlertKind.UNDELIVERED: upkeep_words.undelivered,
    AlertKind.WEBHOOK_RESTS: upkeep_words.webhook_rests,
}


SHOWN_MAX = 3

_ASK_WHY = (RemovedBy.MODERATORS, RemovedBy.UNKNOWN)  # moderators may have said why
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
    return ([], []) if post is None else _of_a_post(alert, post, words, facts)


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
    pictured = Button("I have a picture", "post look", post)
    snooze, wrong = Button("Snooze", "post snooze", post), Button("Wrong alarm", "post false alarm", post)
    why = Button("They told me why", "post reason", post, Style.PRIMARY)
    if alert.kind is AlertKind.REASON_FOUND:
        return [Button("Show the post", "post show", post), Button("Undo the reason", "post reason undo", post)], []
    if alert.kind is AlertKind.LOOK_WANTED:
        return [seen, unseen, pictured], []
    if alert.kind is AlertKind.AUDIT:
        return _of_an_audit(facts, why, [seen, unseen, pictured], check)
    if not words.disputable:
        return [check], []
    if words.tone is Tone.GOOD:
        return [], [check, seen, unseen]
    if alert.kind in _NEEDS_EYES:
        stop = [Button("Stop watching", "post stop community", alert.id)] if facts.ids("community_post_ids") else []
        return [seen, unseen, *stop], [check, pictured, snooze, wrong]
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
            return [Button("New draft", "draft new", style=Style.PRIMARY)], [Button("Communities", "community show")]
        case AuditOutcome.REJECTION:
            return [check], looks
        case _:
            return looks, [check]


def _people_took_it(facts: Facts) -> bool:
    hidden = facts.text("state") in (State.SHADOWBANNED, State.SUSPENDED, State.HELD)
    return facts.text("removed_by") in _ASK_WHY and not hidden
