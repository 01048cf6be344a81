"""What the audit of a post after seven days says, and what to do about it."""

from __future__ import annotations

from dataclasses import replace

from bot.alert_facts import Facts
from bot.alert_words import APPEALS, Words, counts, headline, modmail
from bot.card import Tone
from bot.words import counted, moment
from core.model import AuditOutcome, RemovedBy, State

_UNDECIDED = {
    "deleted_by_author": ("Its author deleted it.", "Nothing needs to be done."),
    "gone": ("It could not be found any more.", "Open it while logged out and say what you see."),
    "never_verified": (
        "No two looks at it agreed, or nobody could look, so whether others see it was never confirmed.",
        "Open it while logged out and say what you see.",
    ),
    "no_counts": ("It is visible; how people reacted was not read.", "Look at its comments, and answer the open ones."),
}
_NOT_ENOUGH = ("There is not enough to judge it by.", "Open it while logged out and say what you see.")


def audited(facts: Facts) -> Words:
    """The words of the alert `AUDIT`, with when the watching ends."""
    words, until = _judged(facts), facts.time("watched_until")
    if until is None or facts.text("state") == State.DELETED:
        return words
    return replace(words, meaning=f"{words.meaning} Watched until {moment(until)}.".strip())


def _judged(facts: Facts) -> Words:
    known = " ".join(part for part in (counts(facts), _comparison(facts)) if part)
    match facts.text("outcome"):
        case AuditOutcome.SUCCESS:
            return Words(
                headline(facts, "accepted after a week"),
                f"It stayed visible, and {_reached(facts)}.",
                known,
                "Keep what worked, and draft the next one there.",
                Tone.GOOD,
                disputable=False,
            )
        case AuditOutcome.REJECTION:
            return _rejected(facts)
        case AuditOutcome.INERTIA:
            return Words(
                headline(facts, "few people reacted in a week"),
                "It stayed visible; it did not find its readers.",
                known,
                "Try another title, hour or angle; its community's card shows what does well there.",
                disputable=False,
            )
        case _:
            why, do = _UNDECIDED.get(facts.text("reason") or "", _NOT_ENOUGH)
            return Words(headline(facts, "nothing can be said after a week"), why, counts(facts), do, disputable=False)


def _reached(facts: Facts) -> str:
    return "its score is not in the community's lowest quarter" if _has_quarter(facts) else "people reacted to it"


def _rejected(facts: Facts) -> Words:
    at = facts.time("since")
    why, do = _why_gone(facts)
    hidden = facts.text("state") in (State.SHADOWBANNED, State.SUSPENDED)
    return Words(
        headline(facts, "not visible after a week"),
        f"{why} Since {moment(at)}." if at else why,
        counts(facts),
        do,
        Tone.BAD,
        APPEALS if hidden or facts.text("removed_by") == RemovedBy.REDDIT_ADMINS else modmail(facts),
        disputable=False,
    )


def _why_gone(facts: Facts) -> tuple[str, str]:
    """Returns why the post is not visible, and what to do. Only moderators judge a text; trouble with an account says
    nothing about it.
    """
    appeal = "Post nothing with it. The owner can appeal at reddit.com/appeals."
    match facts.text("state"), facts.text("removed_by"):
        case State.SHADOWBANNED, _:
            return f"{facts.author} is hidden from others; that says nothing about the text.", appeal
        case State.SUSPENDED, _:
            return f"{facts.author} is suspended; that says nothing about the text.", appeal
        case State.HELD, _:
            return "It is still held for review, and nobody released it.", "Ask the moderators politely to look at it."
        case _, RemovedBy.MODERATORS:
            return "Its moderators, or their AutoModerator, removed it.", _learned(facts)
        case _, RemovedBy.REDDIT_FILTERS:
            return (
                "Reddit's own filters removed it, and nobody released it.",
                "Ask the moderators politely to release it.",
            )
        case _, RemovedBy.REDDIT_ADMINS:
            return "Reddit itself removed it.", "Read Reddit's message to the author, who can appeal."
        case _:
            return "It was removed; by whom is not known.", _learned(facts)


def _learned(facts: Facts) -> str:
    """What comes next when people took it down: their reason, and what is known of it already."""
    patterns = facts.texts("patterns")
    if not patterns:
        return "Ask them why, and say here what they answer: then the next draft avoids it."
    return (
        f"The next draft avoids {counted(len(patterns), 'thing')} learned from it; if they told you why, say it here."
    )


def _has_quarter(facts: Facts) -> bool:
    compared = facts.inner("compared_with")
    return compared is not None and compared.figure("score_q1") is not None


def _comparison(facts: Facts) -> str:
    """The community's own scores in one sentence."""
    compared = facts.inner("compared_with")
    median = compared.figure("score_median") if compared is not None else None
    if compared is None or median is None:
        return ""
    quarter, size = compared.figure("score_q1"), compared.number("sample_size")
    below = f", a quarter below {quarter}" if quarter is not None else ""
    source = f" ({counted(size, 'post')})" if size else ""
    return f"Half of the posts there reach {median}{below}{source}."
