"""What alerts about sight, linked accounts, drafts, rules and deliveries say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.alert_facts import Facts, what_was_lost
from bot.alert_words import NOTHING, Words, unreadable
from bot.approval_words import change_line
from bot.card import Tone
from bot.words import at_most, counted, dollars, moment, shortened
from core.drafting.approvals import Change, ChangeKind

CHANGES_SHOWN, CHANGE_MAX = 1, 180
LOST_SHOWN = 3


def cannot_see(facts: Facts) -> Words:
    if facts.text("fullname"):
        return unreadable(facts)
    posts, since = facts.number("posts"), facts.time("since")
    concerned = counted(posts, "watched post") if posts else "Watched posts"
    if facts.truth("restored"):
        until = facts.time("until")
        when = f"Between {moment(since)} and {moment(until)} nothing" if since and until else "Nothing"
        return Words(
            "Reddit can be seen again",
            f"{when} could be checked.",
            f"{concerned}: being checked now.",
            NOTHING,
            Tone.GOOD,
        )
    cycles, problem = facts.number("cycles"), facts.text("problem")
    tries = f", {counted(cycles, 'check')} in a row" if cycles else ""
    why = f" Why: {problem}" if problem else ""
    return Words(
        "Reddit cannot be seen",
        f"No evidence since {moment(since)}{tries}.{why}" if since else f"There has been no evidence yet{tries}.{why}",
        f"{concerned}: the last known state stays, and nothing counts as removed.",
        "See what is wrong. Until then, a post's state changes when two members look and see the same.",
        Tone.BAD,
    )


def consent_gone(facts: Facts) -> Words:
    return Words(
        f"{facts.author} must be linked again",
        "Reddit no longer accepts its owner's consent: it was taken back, or it expired.",
        "What the account itself sees of its posts cannot be read; nothing is concluded from that.",
        "Its owner links it again, or unlinks it: /rao account unlink",
        Tone.ATTENTION,
    )


def webhook_rests(facts: Facts) -> Words:
    host = facts.text("host") or "its server"
    return Words(
        f"The webhook to {host} takes nothing",
        f"It was tried for a day. {facts.text('problem') or ''}".strip(),
        "Nothing is sent to it now, and nothing is lost: what happened since waits.",
        "When the server works again, let it try again.",
        Tone.ATTENTION,
    )


def money_nearly_used(facts: Facts) -> Words:
    percent, resets_at = facts.number("percent"), facts.time("resets_at")
    used, cap = facts.number("used_usd_micros"), facts.number("cap_usd_micros")
    amounts = f"{dollars(used)} of {at_most(cap)} are used." if used is not None and cap is not None else ""
    resets = f" It resets {moment(resets_at)}." if resets_at else ""
    return Words(
        f"{percent}% of this month's money is used" if percent else "This month's money is nearly used",
        f"{amounts}{resets}".strip(),
        "It pays models and collecting. When it is used up, neither starts; watching posts goes on.",
        "An admin can raise the cap: /rao plan set monthly_cap=…",
        Tone.ATTENTION,
    )


def _draft(facts: Facts) -> str:
    number = facts.number("draft")
    return f"{f'Draft {number}' if number is not None else 'A draft'} for {facts.community}"


def _approved(facts: Facts) -> str:
    at = facts.time("approved_at")
    return f"{facts.text('approved_by', 60) or 'Somebody'} approved it{f' on {moment(at)}' if at else ''}"


def post_offered(facts: Facts) -> Words:
    """Posts of a linked account that nobody registered."""
    return offered(facts, len(facts.texts("offers")) or 1)


def offered(facts: Facts, count: int) -> Words:
    """The words of an offer of which `count` posts wait for a decision."""
    it, are = ("it", "is") if count == 1 else ("them", "are")
    workspace = facts.text("workspace", 60)
    here = f"In {workspace}. All that wait there: /rao post offers" if workspace and facts.truth("direct") else ""
    return Words(
        f"{counted(count, 'post')} of {facts.author} {are} not watched",
        f"Nobody registered {it}, so nobody hears when others cannot see {it}.",
        here,
        f"Watch {it}, or say that {'it is' if count == 1 else 'they are'} not yours. No post is offered twice.",
        Tone.ATTENTION,
        disputable=False,
    )


def draft_voided(facts: Facts) -> Words:
    return Words(
        f"{_draft(facts)} needs approval again",
        f"{_approved(facts)}. Since then something that it stands on has changed, so that approval is void.",
        _turned_off(facts),
        do="Look at it again before anybody posts it; if it is already posted, register its link.",
        tone=Tone.ATTENTION,
        quote=_some([change_line(change) for change in changes(facts)]),
    )


def draft_unposted(facts: Facts) -> Words:
    return Words(
        f"{_draft(facts)} is approved: is it posted?",
        f"{_approved(facts)}.",
        "No post of it is registered, so nobody watches it.",
        "Give its link, or say that it is not posted after all.",
    )


def _turned_off(facts: Facts) -> str:
    """Of a member's own message: whose workspace it speaks of, and how they end such messages."""
    workspace = facts.text("workspace")
    return f"In {workspace}. To turn such messages off: /rao draft list waiting=me" if workspace else ""


def draft_waits(facts: Facts) -> Words:
    return Words(
        f"{_draft(facts)} waits for your decision",
        f"By {facts.text('by') or 'a member'}, for {facts.text('poster') or 'its author'} to post.",
        _turned_off(facts),
        f"Open it there: /rao draft show {facts.number('draft') or ''}".rstrip(),
    )


def draft_approved(facts: Facts) -> Words:
    return Words(
        f"{_draft(facts)} is approved: it is yours to post",
        f"{_approved(facts)}.",
        _turned_off(facts),
        f"Open it there for the text to copy: /rao draft show {facts.number('draft') or ''}".rstrip(),
    )


def rules_changed(facts: Facts) -> Words:
    drafts = facts.ids("drafts")
    concerned = f" It concerns {_drafts(drafts)}." if drafts else ""
    return Words(
        f"{facts.community} changed its rules",
        f"{counted(facts.number('count') or 1, 'change')} since they were last read.{concerned}",
        do="Look at what they ask now: /rao community rules. An approval under the old ones is void.",
        tone=Tone.ATTENTION,
        quote=_some([change_line(change) for change in changes(facts)]),
    )


def changes(facts: Facts) -> Iterator[Change]:
    for told in facts.inners("changes"):
        kind = told.text("kind") or ""
        if kind in set(ChangeKind):
            yield Change(
                ChangeKind(kind), told.text("name") or "", told.text("before", 600) or "", told.text("after", 600) or ""
            )


def _some(lines: Sequence[str]) -> str:
    """The first of several, shortened, and how many more there are; "" for none."""
    shown = [shortened(" ".join(line.split()), CHANGE_MAX) for line in lines[:CHANGES_SHOWN]]
    left_out = len(lines) - len(shown)
    return " ".join([*shown, f"And {left_out} more."] if left_out > 0 else shown)


def _drafts(ids: Sequence[int]) -> str:
    named = [str(one) for one in ids]
    return f"draft {named[0]}" if len(named) == 1 else f"drafts {', '.join(named[:-1])} and {named[-1]}"


def test(facts: Facts) -> Words:
    by = facts.text("by", 60)
    return Words(
        "This is a test alert",
        f"{'Asked for by ' + by + '. ' if by else ''}Alerts about posts arrive here.",
    )


def undelivered(facts: Facts) -> Words:
    lost = [what_was_lost(one) for one in facts.inners("lost")]
    count = facts.number("count") or len(lost)
    problem = f" {reason}" if (reason := facts.text("problem")) else ""
    listed = "; ".join(lost[:LOST_SHOWN])
    more = f"; and {count - LOST_SHOWN} more" if count > LOST_SHOWN and lost else ""
    return Words(
        f"{counted(count, 'alert')} could not be delivered" if count > 0 else "Alerts could not be delivered",
        f"No place took them for about a day, so they are not sent again by themselves.{problem}",
        f"{listed[:1].upper()}{listed[1:]}{more}." if listed else "",
        "Give /rao alerts here in a channel where alerts should come: then they are sent there.",
        Tone.BAD,
    )
