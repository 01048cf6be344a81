"""An alert's message as it should look now: rendered from the alert's record, never from an older message; when it
tells a whole event (several posts or accounts at once, or one post again and again), and with all that stands behind
it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.alert_cards import alert_card, community_links, laid_out, post_links, without
from bot.alert_facts import Facts, happened, how_sure, line_of, what_happened, what_was_lost
from bot.alert_words import LOOKS_DECIDE, back, headline
from bot.approval_words import change_line
from bot.card import Button, Card, Field, Link, Named, Tone
from bot.comment_cards import comments_now
from bot.journal_words import DEEDS
from bot.offer_cards import offers_now
from bot.upkeep_words import changes
from bot.words import bulleted, counted, moment, shortened, state_words
from core.alerts import (
    ABOUT_DRAFTS,
    ANSWERED,
    DISPUTABLE,
    AlertRecord,
    Decision,
    DecisionKind,
    Joined,
    asks_for_a_look,
    concerned,
)
from core.drafting.drafts import DraftStatus
from core.model import AlertKind, State, TrackedPost

DECISIONS_MAX = 4  # on the message; all of them stand with the details


def alert_card_now(told: AlertRecord, now: datetime) -> Card:
    """Returns the card that an alert's message should show at `now`: what was told, the post's present state when it
    differs, and the newest decisions since, with who and when. The buttons of past decisions are left out.
    """
    card = _card_now(told, now)
    return replace(card, standing=_standing(turned(told), card.tone))


def _card_now(told: AlertRecord, now: datetime) -> Card:
    if told.alert.kind is AlertKind.POST_OFFERED:
        return _detoured(offers_now(_as_told(told), told, now), told)
    if told.alert.kind is AlertKind.POST_COMMENTED:
        return _detoured(comments_now(_as_told(told), told, now), told)
    told = turned(told)
    card = _as_told(told)
    if told.alert.kind in ABOUT_DRAFTS:
        return _draft_now(_detoured(card, told), told)
    those = together(told)
    if those and told.alert.kind is AlertKind.LOOK_WANTED:
        return _detoured(_looks_wanted(card, told, those), told)
    if those:
        card = card_of_many(card, told, those)
    elif told.posts:
        card = _card_of_community(card, told)
    elif _is_back(told):
        card = _seen_again(card, told)
    elif asks_for_a_look(told.alert.kind, told.alert.facts):
        card = _answered(card, told)
    elif told.alert.kind is AlertKind.REASON_FOUND:
        card = _explained(card, told)
        told = replace(told, decisions=tuple(d for d in told.decisions if d.kind is not DecisionKind.REASON_GIVEN))
    fields = list(card.fields)
    if not those and (state := present_state(told)):
        fields.append(Field("Now", state))
    if told.decisions:
        shown = [decision_line(decision) for decision in told.decisions[-DECISIONS_MAX:]]
        left_out = len(told.decisions) - len(shown)
        earlier = [f"{counted(left_out, 'earlier decision')} in the details"] if left_out else []
        fields.append(Field("Decided", "\n".join([*earlier, *shown])))
    is_over = bool(told.posts) and not any(post.is_watched for post in told.posts)
    actions = without(card, _decided(told, now) | (_OF_WATCHED if is_over else set()))
    return _detoured(replace(card, fields=tuple(fields), actions=actions), told)


def _as_told(told: AlertRecord) -> Card:
    return alert_card(told.alert, [Named(name, told.members.get(name, "")) for name in concerned(told)])


# Kinds whose card tells how its post stands. Others speak for the story as long as its post is not in trouble.
_OF_STANDING = DISPUTABLE | {AlertKind.POST_LIVE}
_UNTROUBLED = (State.LIVE, State.UNVERIFIED, State.UNKNOWN)


def _standing(told: AlertRecord, tone: Tone) -> Tone | None:
    """How the alert's story stands now; None when its card tells something else."""
    if told.alert.kind in _OF_STANDING:
        return tone
    if tone is Tone.NEUTRAL and asks_for_a_look(told.alert.kind, told.alert.facts):
        tone = Tone.ATTENTION
    is_untroubled = told.post is None or (told.post.state in _UNTROUBLED and not told.post.locked)
    return tone if is_untroubled and tone is not Tone.NEUTRAL else None


def present_state(told: AlertRecord) -> str:
    """How the alert's one post stands now, when that is something else than what was told; else ""."""
    post, state = told.post, Facts(told.alert.facts).text("state")
    if post is None or state is None or post.state == state or _is_back(told) or told.posts:
        return ""
    return f"{state_words(post)}, since {moment(post.state_since)}"


def decision_line(decision: Decision) -> str:
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


def _is_back(told: AlertRecord) -> bool:
    """The post was hidden when the alert was told, and others see it now."""
    is_seen = told.post is not None and told.post.state is State.LIVE
    is_one = Facts(told.alert.facts).number("community_posts") is None
    return is_seen and is_one and told.alert.kind in ANSWERED and _hidden_since(told) is not None


def _hidden_since(told: AlertRecord) -> datetime | None:
    since = Facts(told.alert.facts).time("since")
    return since if since is not None and told.post is not None and since < told.post.state_since else None


def _seen_again(card: Card, told: AlertRecord) -> Card:
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


_LOOKS = {"post seen", "post unseen", "post look"}
_OF_WATCHED = _LOOKS | {"post stop community", "post check", "post snooze", "post false alarm"}
_SAID = {
    frozenset({DecisionKind.SEEN}): "seen by a member",
    frozenset({DecisionKind.UNSEEN}): "not seen by a member",
    frozenset({DecisionKind.SEEN, DecisionKind.UNSEEN}): "seen by one look, not by another",
}


def _is_open(told: AlertRecord) -> bool:
    return told.post is None or told.post.state is State.UNVERIFIED


def _answered(card: Card, told: AlertRecord) -> Card:
    """The card of an alert that asks for a look, with what members said, or with the state that is known since."""
    said = frozenset(d.kind for d in told.decisions if d.kind in (DecisionKind.SEEN, DecisionKind.UNSEEN))
    if _is_open(told) and not said:
        return card
    is_audit, facts = told.alert.kind is AlertKind.AUDIT, Facts(told.alert.facts)
    kept = tuple(field for field in card.fields if not field.value.startswith("Next: "))
    if told.post is None or _is_open(told):
        title, text = headline(facts, _SAID[said]), card.text
        quoted, rest = [f for f in kept if f.quote], [f for f in kept if not f.quote]
        fields = (*quoted, Field("", f"Next: {LOOKS_DECIDE}"), *rest)
        return replace(card, title=card.title if is_audit else title, text=text, fields=fields)
    tone = Tone.GOOD if told.post.state is State.LIVE else Tone.ATTENTION
    if is_audit:
        return replace(card, fields=kept, tone=tone)
    return replace(card, title=headline(facts, state_words(told.post)), text="", fields=kept, tone=tone)


def _looks_wanted(card: Card, told: AlertRecord, those: Sequence[Joined]) -> Card:
    """The card that asks for looks at several posts, with what members said of each, or with its state once that is
    known.
    """
    first = replace(those[0], decisions=told.decisions)
    posts = [first, *those[1:]]
    waiting = [one for one in posts if one.post is None or one.post.state is State.UNVERIFIED]
    known = [one for one in posts if one not in waiting]
    asked = [field for field in card.fields if field.value.startswith("Next: ")]
    people = [field for field in card.fields if field.name]
    if not waiting:
        listed = _listing(card, [_with_state(one) for one in known])
        title = f"{counted(len(known), 'post')}: all looked at{_place(known)}"
        fields = tuple(field for field in listed.fields if field.quote)
        is_good = all(one.post is not None and one.post.state is State.LIVE for one in known)
        tone = Tone.GOOD if is_good else Tone.ATTENTION
        return replace(listed, title=title, text="", fields=fields, actions=(), links=(), tone=tone)
    listed = _listing(card, [_with_looks(one) for one in waiting])
    now = [Field("Now", f"{len(known)} of {len(posts)} are known")] if known else []
    fields = (*[field for field in listed.fields if field.quote], *now, *asked, *people)
    title = headline_of_unseen(len(waiting), _place(waiting))
    return replace(card, title=title, fields=fields, actions=laid_out([], _look_buttons(waiting)), links=_open(waiting))


def headline_of_unseen(count: int, place: str) -> str:
    if count == 1:
        return f"Nobody has seen this post yet but its author{place}"
    return f"Nobody has seen {counted(count, 'post')} yet but their authors{place}"


def _with_looks(one: Joined) -> str:
    said = frozenset(d.kind for d in one.decisions if d.kind in (DecisionKind.SEEN, DecisionKind.UNSEEN))
    return f"{_title(one)} · {_SAID[said]}" if said else _title(one)


def _with_state(one: Joined) -> str:
    return f"{_title(one)} · {state_words(one.post)}" if one.post is not None else _title(one)


LOOKED_AT_MAX = 10  # posts whose buttons stand in the menu, two each
LINKED_MAX = 3


def _look_buttons(waiting: Sequence[Joined]) -> list[Button]:
    named = [(shortened(_title(one), 50), one.alert.tracked_post_id) for one in waiting[:LOOKED_AT_MAX]]
    return [
        button
        for name, post in named
        for button in (
            Button(f"I can see “{name}”", "post seen", post),
            Button(f"I can't see “{name}”", "post unseen", post),
        )
    ]


def _open(waiting: Sequence[Joined]) -> tuple[Link, ...]:
    links = [(one, link) for one in waiting[:LINKED_MAX] for link in post_links(Facts(one.alert.facts))]
    return tuple(Link(f"Open “{shortened(_title(one), 40)}”", link.url) for one, link in links)


def _explained(card: Card, told: AlertRecord) -> Card:
    """The card with the moderators' words, as long as they are kept."""
    post = told.post
    kept = tuple(field for field in card.fields if not field.quote)
    if post is None or post.stated_reason is None:
        kept = tuple(field for field in kept if not field.value.startswith("Next: "))
        return replace(card, text="The reason was taken back.", fields=kept, actions=without(card, _UNDO))
    words = " ".join(shortened(post.stated_reason, REASON_MAX).split())
    return replace(card, fields=(Field("", words, quote=True), *kept))


_UNDO = {"post reason undo"}
REASON_MAX = 400


def _draft_now(card: Card, told: AlertRecord) -> Card:
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


def _decided(told: AlertRecord, now: datetime) -> set[str]:
    """Returns the commands whose buttons have nothing left to decide at `now`."""
    decided: set[str] = set()
    for decision in told.decisions:
        if decision.kind is DecisionKind.REASON_UNDONE:
            decided.discard("post reason")
        elif decision.kind is DecisionKind.SNOOZED and decision.until is not None and decision.until <= now:
            decided.discard("post snooze")
        else:
            decided.add(_DECIDED[decision.kind][1])
    if asks_for_a_look(told.alert.kind, told.alert.facts):  # one look decides nothing; two do, or another view
        return decided - _LOOKS if _is_open(told) else decided | _LOOKS
    return decided


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


LISTED = 3  # lines of posts or accounts on the card; all of them stand with the details
SUBJECT_MAX = 90
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
    if kind in _ACCOUNTS:
        title, lines = (
            f"{counted(len(those), 'account')} {_ACCOUNTS[kind]}",
            [Facts(one.alert.facts).author for one in those],
        )
    else:
        title, lines = _headline(told, those), [_title(one) for one in those]
    since = [at for one in those if (at := Facts(one.alert.facts).time("since")) is not None]
    text = f"The first one since {moment(min(since))}." if since else ""
    fields = tuple(replace(field, value=_of_many(field.value)) for field in _listing(card, lines).fields)
    card = replace(card, title=title, text=text, fields=fields)
    back = [one for one in those if _is_seen_again(one)]
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


def _of_many(value: str) -> str:
    """What to do next, said of several posts or accounts. People's own words stay as they are."""
    if not value.startswith("Next: "):
        return value
    for one, many in _MANY:
        value = value.replace(one, many)
    return value


_MANY = (
    ("Do not post it again", "Do not post them again"),
    ("to release it", "to release them"),
    ("it is often released", "they are often released"),
    ("Look at it while", "Look at them while"),
    ("Open it while", "Open them while"),
    ("The owner finds", "Each owner finds"),
    ("The owner can", "Each owner can"),
    ("If its author did not", "If their authors did not"),
    ("If its owner did not", "If their owners did not"),
)


def _listing(card: Card, lines: Sequence[str]) -> Card:
    """The card with these lines, as many as have room, in place of a post's title."""
    shown = [*lines[: LISTED - 1], f"and {len(lines) - LISTED + 1} more"] if len(lines) > LISTED else lines
    kept = [field for field in card.fields if not field.quote]
    return replace(card, fields=(Field("", "\n".join(shown), quote=True), *kept))


def _card_of_community(card: Card, told: AlertRecord) -> Card:
    """Returns the card of a whole community's news, with its watched posts as they are now."""
    posts, first = told.posts, card.text.partition("\n")[0]
    card = replace(card, links=community_links(Facts(told.alert.facts)) or card.links)
    seen = [post for post in posts if post.state is State.LIVE]
    if told.alert.kind is AlertKind.POST_LIVE:
        states = Counter(state_words(post) for post in posts)
        now = ", ".join(f"{count} {words}" for words, count in states.most_common())
        if len(seen) == len(posts):
            can = f"Others see {'its watched post' if len(posts) == 1 else f'all {len(posts)} watched posts'} again."
            return replace(_listing(card, [_name_of(post) for post in posts]), text=f"{first}\n{can}", tone=Tone.GOOD)
        text = f"{first}\nIts {counted(len(posts), 'watched post')} now: {now}."
        card = _listing(card, [_as_it_is(post) for post in sorted(posts, key=lambda post: post.state is State.LIVE)])
        text += " What is new about one has an alert of its own."
        kept = tuple(field for field in card.fields if not field.value.startswith("Next: "))
        return replace(card, text=text, fields=kept, tone=Tone.ATTENTION)
    card = _listing(card, [_name_of(post) for post in posts])
    stopped = [post for post in posts if post.stopped_at is not None]
    if not any(post.is_watched for post in posts):  # nobody waits for it any more
        card = replace(card, fields=tuple(field for field in card.fields if not field.value.startswith("Next: ")))
    said = [f"{len(seen)} of {len(posts)} can be seen again"] if seen else []
    said += [f"{len(stopped)} of {len(posts)} no longer watched"] if stopped else []
    return replace(card, fields=(*card.fields, Field("Now", ", ".join(said)))) if said else card


def _as_it_is(post: TrackedPost) -> str:
    return f"{_name_of(post)} · {state_words(post)}"


def _name_of(post: TrackedPost) -> str:
    # What its author deleted is not shown again (reddit-facts: access).
    title = None if post.state is State.DELETED else post.title
    if title is None:
        return f"{'comment' if post.fullname.startswith('t1_') else 'post'} {post.id}"
    return " ".join(shortened(title, SUBJECT_MAX).split())


def lines_of_event(told: AlertRecord) -> list[str]:
    """Returns one line for each post or account that the message tells, for the details."""
    if told.posts:
        return [_as_it_is(post) for post in told.posts]
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
    facts = [Facts(one.alert.facts) for one in those]
    for names in ({one.community for one in facts}, {one.author for one in facts}):
        if len(names) == 1:
            return f" · {names.pop()}"
    return ""


def _title(one: Joined) -> str:
    facts = Facts(one.alert.facts)
    title = None if one.alert.kind is AlertKind.POST_DELETED else facts.text("title", SUBJECT_MAX)
    named = (
        " ".join(shortened(title, SUBJECT_MAX).split()) if title else f"{facts.thing} {facts.number('post_id') or ''}"
    )
    return named.strip()


def _is_seen_again(one: Joined) -> bool:
    since = Facts(one.alert.facts).time("since")
    return one.post is not None and one.post.state is State.LIVE and (since is None or since < one.post.state_since)
