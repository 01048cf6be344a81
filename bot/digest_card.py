"""A digest in words: short, and first the things that need a person. `core/digest.py` makes the facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.alert_facts import Facts, happened
from bot.card import Button, Card, Field, Style, Tone
from bot.words import age, bulleted, counted, moment, shortened
from core.alerts import Alert
from core.model import AccountState, AuditOutcome, Basis, State
from core.texts.figures import Direction
from core.timetable import DigestRhythm

NEEDED_MAX = 4  # lines of what a person should look at
LEARNED_MAX = 2
WORDS_MAX = 80
STANDING_MAX = 3
STANDING = "Where posts of the last 30 days can be seen"
PRODUCT = "Posts that name the product, and the others, a week later"
GROUPS = ("Naming it", "The others")
NOTHING_WAITS = "nothing waits for you"
FEW = 10  # posts, of which a share is no more than a hint
BAR_CELLS = 10

_HAPPENED = {
    "registered": "registered",
    "first_seen": "seen live for the first time",
    "came_back": "came back",
}
AUDITED = {
    AuditOutcome.SUCCESS.value: "accepted",
    AuditOutcome.REJECTION.value: "not accepted",
    AuditOutcome.INERTIA.value: "stayed with few reactions",
    AuditOutcome.UNDECIDED.value: "undecided",
}


def digest_card(alert: Alert, facts: Facts) -> Card:
    """Returns the card of a digest. No content of the facts makes it raise."""
    name = "Weekly digest" if facts.text("every") == DigestRhythm.WEEKLY else "Daily digest"
    needed = _shown(_needed(facts), NEEDED_MAX, "/rao status")
    count = len(_needed(facts))
    waits = f"{counted(count, 'thing')} {'waits' if count == 1 else 'wait'} for you" if needed else NOTHING_WAITS
    fields = [Field("For you to look at", bulleted(needed))] if needed else []
    if happenings := _happenings(facts):
        fields.append(Field("What happened", " ".join(f"{said}." for said in happenings)))
    if learned := _learned(facts):
        fields.append(Field("What was learned", bulleted(_shown(learned, LEARNED_MAX, "/rao pattern list"))))
    if fields and (bars := _standing(facts)):
        fields.append(Field(STANDING, "\n".join(bars)))
    if fields and (compared := _compared(facts)):
        fields.append(Field(PRODUCT, "\n".join(compared)))
    return Card(
        title=f"{name}: {waits}",
        text="" if fields else f"Nothing new in this time. {_states(facts)}",
        fields=tuple(fields),
        actions=_actions(facts) if fields else (),
        footnote=f"{_states(facts)} {_period(facts)}".strip() if fields else _period(facts),
        tone=Tone.ATTENTION if needed else Tone.NEUTRAL,
        sample=facts.text("basis") == Basis.SAMPLE,
        values={
            "alert": alert.id,
            "kind": alert.kind.value,
            "since": facts.text("since"),
            "until": facts.text("until"),
            "needed": _needed(facts),
        },
    )


def _shown(lines: list[str], most: int, where: str) -> list[str]:
    """At most `most` lines, the last of which counts those left out, and says where they stand."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"and {len(lines) - most + 1} more: {where}"]


def _needed(facts: Facts) -> list[str]:
    lines = []
    gone = facts.inners("gone")
    for post in gone:
        number = post.number("post")
        which = f"Post {number}" if number is not None else "A post"
        since = post.time("since")
        when = f" since {moment(since)}" if since else ""
        lines.append(f"{which} in {post.community}: {happened(post)}{when}")
    if (more := (facts.number("gone_count") or 0) - len(gone)) > 0:
        lines.append(f"{counted(more, 'more post')} that others cannot see any more: /rao post list")
    lines += [_hidden(account) for account in facts.inners("hidden_accounts")]
    lines += [f"u/{name} must be linked again: /rao account link" for name in facts.texts("accounts")]
    drafts = facts.inners("drafts")
    for draft in drafts:
        number = draft.number("draft")
        which = f"Draft {number}" if number is not None else "A draft"
        lines.append(f"{which} for {draft.community} waits for a decision")
    if (more := (facts.number("drafts_count") or 0) - len(drafts)) > 0:
        lines.append(f"{counted(more, 'more draft')} to decide about: /rao draft list")
    if approved := facts.number("approved_count"):
        lines.append(f"{counted(approved, 'approved draft')} not registered as posted yet: /rao draft list")
    if since := facts.time("blind_since"):
        lines.append(f"Reddit has not been seen since {moment(since)}: /rao status")
    if failed := facts.number("alerts_failed"):
        lines.append(f"{counted(failed, 'alert')} could not be delivered: /rao alerts list")
    if facts.number("left_usd_micros") == 0 and facts.number("used_usd_micros"):
        lines.append("This month's money is used up: /rao usage")
    return lines


def _hidden(account: Facts) -> str:
    since = account.time("since")
    trouble = "suspended" if account.text("state") == AccountState.SUSPENDED else "hidden from others"
    standing = f"has been {trouble} since {moment(since)}" if since else f"is {trouble}"
    return f"{account.author} {standing}: post nothing with it"


def _happenings(facts: Facts) -> list[str]:
    counts = [(facts.number(key), words) for key, words in _HAPPENED.items()]
    first, *others = [(number, words) for number, words in counts if number] or [(0, "")]
    told = [f"{counted(first[0], 'post')} {first[1]}", *(f"{number:,} {words}" for number, words in others)]
    lines = [", ".join(told)] if first[0] else []
    audits = facts.numbers("audits")
    if judged := [f"{audits[outcome]} {words}" for outcome, words in AUDITED.items() if outcome in audits]:
        lines.append(f"After a week: {', '.join(judged)}")
    if blind := facts.number("blind_s"):
        lines.append(f"Reddit could not be seen for {age(timedelta(seconds=blind))}")
    return lines


def _learned(facts: Facts) -> list[str]:
    """Returns what drafts are written with from now on, one line each: patterns, changed rules, new findings."""
    lines = [
        f"{one.community} rejects “{shortened(one.text('words') or '', WORDS_MAX)}”" for one in facts.inners("learned")
    ]
    if (more := (facts.number("patterns") or 0) - len(lines)) > 0:
        lines.append(f"{counted(more, 'more pattern')}: /rao pattern list")
    lines += [f"r/{name} changed its rules: /rao community rules {name}" for name in facts.texts("rules_changed")]
    for one in facts.inners("findings"):
        goes = "better" if one.text("direction") == Direction.BETTER else "worse"
        lines.append(f"{one.community}: posts with {one.text('text') or 'something'} are received {goes}")
    return lines


def _standing(facts: Facts) -> list[str]:
    """Returns a bar for each community: which part of the posts there others can see."""
    lines = []
    for one in facts.inners("standing")[:STANDING_MAX]:
        seen, hidden = one.number("seen") or 0, one.number("hidden") or 0
        if seen + hidden:
            lines.append(f"{_bar(seen, hidden)} {one.community}: {seen:,} of {counted(seen + hidden, 'post')}")
    return lines


def _bar(seen: int, hidden: int) -> str:
    """A bar is full or empty only when all or none can be seen."""
    cells = min(max(round(BAR_CELLS * seen / (seen + hidden)), seen > 0), BAR_CELLS - (hidden > 0))
    return f"{'█' * cells}{'░' * (BAR_CELLS - cells)}"


@dataclass(frozen=True, slots=True)
class Group:
    """Posts that name the product, or the others: how many stayed a week, are gone, or are not known, and what is usual
    of those that stayed, in words.
    """

    stayed: int
    gone: int
    open: int
    usual: str

    @property
    def all(self) -> int:
        return self.stayed + self.gone + self.open

    @property
    def share(self) -> str:
        return f"{self.stayed:,} of {self.stayed + self.gone:,} live after a week"


def groups_of(facts: Facts) -> tuple[Group, Group] | None:
    """Returns the posts that name the product, and the others; None when of either no post is judged yet."""
    product = facts.inner("product") or Facts({})
    named, unnamed = (_group(product.inner(key) or Facts({})) for key in ("named", "unnamed"))
    is_judged = named.stayed + named.gone and unnamed.stayed + unnamed.gone
    return (named, unnamed) if is_judged else None


def _group(facts: Facts) -> Group:
    stayed, gone, left = (max(facts.number(part) or 0, 0) for part in ("stayed", "gone", "open"))
    score, answers = facts.number("score"), facts.number("answers")
    usual = [f"a score of {score:,}"] if score is not None else []
    usual += [counted(answers, "answer")] if answers is not None else []
    return Group(stayed, gone, left, f"usually {' and '.join(usual)}" if usual else "")


def share_of(facts: Facts, named: Group, unnamed: Group) -> str:
    """Returns how many posts name the product, of how many, and what that does not say."""
    product = facts.inner("product") or Facts({})
    unknown, days = product.number("unknown") or 0, product.number("days")
    lately = f" of the last {days} days" if days else ""
    names = "names" if named.all == 1 else "name"
    said = f"{named.all:,} of {counted(named.all + unnamed.all, 'post')}{lately} {names} it"
    if unknown > 0:
        said += f"; {unknown:,} more {'has' if unknown == 1 else 'have'} no draft"
    return said


def hint_of(named: Group, unnamed: Group) -> str:
    is_few = min(group.stayed + group.gone for group in (named, unnamed)) < FEW
    return "So few posts are no more than a hint." if is_few else ""


def _compared(facts: Facts) -> list[str]:
    """Returns how the posts that name the product stood a week later, and how the others."""
    groups = groups_of(facts)
    if groups is None:
        return []
    lines = [
        f"{_bar(group.stayed, group.gone)} {name}: {group.share}{f' ({group.usual})' if group.usual else ''}"
        for group, name in zip(groups, GROUPS, strict=True)
    ]
    return [*lines, f"{share_of(facts, *groups)}. {hint_of(*groups)}".strip()]


def _states(facts: Facts) -> str:
    states = facts.numbers("states")
    known = ", ".join(f"{states[state]} {state}" for state in State if state in states)
    return f"{counted(facts.number('watched') or 0, 'post')} watched{'. All posts: ' + known if known else ''}."


def _actions(facts: Facts) -> tuple[Button, ...]:
    """What is shown of what waits: the posts that are gone before the drafts. Nothing stands out when nothing waits."""
    found = [Button("Show the posts", "post list")] if facts.number("watched") else []
    if facts.number("drafts_count"):
        found.insert(len(found) if facts.number("gone_count") else 0, Button("Show the drafts", "draft list"))
    waits = facts.number("gone_count") or facts.number("drafts_count")
    return tuple(
        replace(button, style=Style.PRIMARY) if waits and not at else button for at, button in enumerate(found)
    )


def _period(facts: Facts) -> str:
    since, until = facts.time("since"), facts.time("until")
    return f"{moment(since)} to {moment(until)}" if since and until else ""
