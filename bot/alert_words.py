"""What an alert says: headline, what was seen, what it means, what to do now, and tone, from the facts of its row.

The keys of the facts are the contract of `core/visibility/alert_facts.py`. Alerts about drafts,
rules, sight and deliveries: `bot/upkeep_words.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alert_facts import Facts, gone_since
from bot.card import Link, Tone
from bot.words import age, counted, moment, span
from core.model import AuditOutcome, Closure, Confidence, RemovedBy, State

APPEALS = Link("reddit.com/appeals", "https://www.reddit.com/appeals")
LOOK = "Open it logged out or in a private window, then press what you see."
LOOKS_DECIDE = (
    "A second member's look, at least three minutes after the first, decides; so does one look with a picture, taken "
    "logged out."
)
NO_ACCESS = "No access to Reddit is set up that shows it."
NOTHING = "Nothing needs to be done."

_NO_REPOST = "Do not post it again."


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one alert: `seen` when what was seen, `meaning` what follows from it, `do` what to do now, `quote`
    foreign words that tell more than the post's title.

    `disputable`: of a post, a person may have seen otherwise, so the card asks for their look. `link`: where the next
    step is taken, when that is outside.
    """

    title: str
    seen: str = ""
    meaning: str = ""
    do: str = ""
    tone: Tone = Tone.NEUTRAL
    link: Link | None = None
    quote: str = ""
    disputable: bool = True


def headline(facts: Facts, what: str) -> str:
    """Returns what happened, to what when it is no post, and where: "Removed by its moderators · r/pottery"."""
    said = f"{facts.thing} {what}" if facts.thing != "post" else what
    return f"{said[:1].upper()}{said[1:]} · {facts.community}"


def counts(facts: Facts) -> str:
    """One sentence with the last score and count of comments; "" when neither is known."""
    score, comments = facts.number("score"), facts.number("num_comments")
    known = [f"score {score}"] if score is not None else []
    known += [counted(comments, "comment")] if comments is not None else []
    at = facts.time("counts_read_at")
    return f"Last count{f', {moment(at)}' if at else ''}: {', '.join(known)}." if known else ""


def live(facts: Facts) -> Words:
    if facts.number("community_posts") is not None:
        return _opened(facts)
    at, hidden_since = facts.time("since"), facts.time("previous_since")
    if facts.text("previous_state") in (None, State.UNVERIFIED, State.UNKNOWN, State.LIVE):
        seen = f"Others have seen it since {moment(at)}." if at else "Others see it."
        return Words(
            headline(facts, "live"),
            seen,
            counts(facts),
            "Answer the first comments: that is what keeps a post going.",
            Tone.GOOD,
        )
    if at and hidden_since and hidden_since < at:
        return back(facts, hidden_since, at)
    seen = f"Others see it again, since {moment(at)}." if at else "Others see it again."
    return Words(headline(facts, "visible again"), seen, counts(facts), NOTHING, Tone.GOOD)


def back(facts: Facts, hidden_since: datetime, at: datetime) -> Words:
    return Words(
        headline(facts, f"visible again after {span(at - hidden_since)}"),
        f"Hidden from {moment(hidden_since)} to {moment(at)}.",
        "",
        NOTHING,
        Tone.GOOD,
    )


def held(facts: Facts) -> Words:
    return Words(
        headline(facts, "held for review"),
        gone_since(facts, "held"),
        "A filter holds it until a moderator looks; only they and its author see it.",
        f"Wait; it is often released within a day. {_NO_REPOST}",
        Tone.ATTENTION,
    )


def again_and_again(facts: Facts, words: Words) -> Words:
    times, first = facts.number("times_gone"), facts.time("first_gone_at")
    if times is None or first is None:
        return words
    often = f"It disappeared {times} times since {moment(first)}; this message tells the next times too."
    return replace(words, meaning=often)


def removed(facts: Facts) -> Words:
    words = replace(_removed_by(facts), seen=gone_since(facts), tone=Tone.BAD)
    if not facts.is_on_profile:
        return words
    return replace(
        words,
        do=f"Reddit's own message says why; a profile has no moderators to ask. {_NO_REPOST}",
        link=words.link if words.link is APPEALS else None,
    )


def _removed_by(facts: Facts) -> Words:
    match facts.text("removed_by"):
        case RemovedBy.MODERATORS:
            what, link = "removed by its moderators", modmail(facts)
            meaning = "They or their AutoModerator took it down; to its author it looks as before."
            do = f"Ask them politely what to change. {_NO_REPOST}"
        case RemovedBy.REDDIT_FILTERS if facts.truth("account_missing"):
            what, link = "removed by Reddit's filters", APPEALS
            meaning = (
                f"{facts.author} is not found either. That looks like a shadowban, and is certain in half an hour. Its "
                "other posts get no alert meanwhile."
            )
            do = "Post nothing until then. The owner can check and appeal at reddit.com/appeals while logged in."
        case RemovedBy.REDDIT_FILTERS:
            what, link = "removed by Reddit's filters", modmail(facts)
            meaning = "This is automatic, and sometimes reversed."
            do = f"Wait some hours, then ask the moderators politely to release it. {_NO_REPOST}"
        case RemovedBy.REDDIT_ADMINS:
            what, link = "removed by Reddit", APPEALS
            meaning = "Reddit itself took it down; the moderators cannot bring it back."
            do = "Read the message that Reddit sent to the author, who can appeal at reddit.com/appeals."
        case _:
            what, link = "removed" if _is_sure(facts) else "looks removed", modmail(facts)
            meaning = "By whom is not known."
            if facts.thing == "comment":
                meaning = "A comment does not show who took it down, or whether a filter only holds it for review."
            do = f"Look at it while logged out, then ask the moderators politely what to change. {_NO_REPOST}"
    return Words(headline(facts, what), meaning=meaning, do=do, link=link)


def _is_sure(facts: Facts) -> bool:
    """Whether the evidence is strong enough for "removed" in the headline; otherwise it says "looks removed"."""
    return facts.text("confidence") not in (Confidence.LOW, Confidence.MEDIUM)


def deleted(facts: Facts) -> Words:
    return Words(
        headline(facts, "deleted by its author" if _is_sure(facts) else "looks deleted by its author"),
        gone_since(facts),
        do="If its author did not do this, somebody else may have the account: change its password.",
    )


def gated(facts: Facts) -> Words:
    if facts.number("community_posts") is not None:
        return _closed(facts)
    return Words(
        headline(facts, "cannot be found"),
        gone_since(facts, "not found"),
        "It is gone, or its community is closed to us (private or quarantined).",
        "Open it while logged out and say what you see.",
        Tone.ATTENTION,
    )


def locked(facts: Facts) -> Words:
    is_seen = facts.text("state") == State.LIVE
    at, times, first = facts.time("since"), facts.number("times_locked"), facts.time("first_locked_at")
    often = f" {times} times since {moment(first)}." if times and first else ""
    stays = "It stays visible; nobody can answer it any more." if is_seen else "Nobody can answer it any more."
    return Words(
        headline(facts, "locked"),
        f"Locked since {moment(at)}.{often}" if at else "",
        f"{stays} {counts(facts)}".strip(),
        f"{NOTHING} Moderators often give their reason in the comments.",
        Tone.ATTENTION,
    )


def unreadable(facts: Facts) -> Words:
    """One post that could not be read for hours, while others could."""
    at = facts.time("since")
    problem = f" Why: {why}" if (why := facts.text("problem")) else ""
    return Words(
        headline(facts, "cannot be read"),
        f"Not read since {moment(at)}; other posts are." if at else "Other posts can be read.",
        f"The last known state stays.{problem}",
        "Open it while logged out and say what you see.",
        Tone.ATTENTION,
    )


def look_wanted(facts: Facts) -> Words:
    """Nobody but its author has seen the post, and only members can look."""
    since = facts.time("blind_since")
    why = f" {problem}" if (problem := facts.text("problem")) else ""
    return Words(
        f"Nobody has seen this {facts.thing} yet but its author · {facts.community}",
        f"Reddit has not answered us since {moment(since)}.{why}"
        if since
        else f"{NO_ACCESS} So only members can look.",
        "Many removals come in the first hour, and their authors still see the post.",
        LOOK,
        disputable=False,
    )


def explained(facts: Facts) -> Words:
    """Moderators wrote to the account why they removed a post. Their words are put on its message when it is shown."""
    advice = facts.text("advice", 300)
    return Words(
        headline(facts, "the moderators say why it was removed"),
        f"They wrote to {facts.author}; its owner allowed to read such messages.",
        "Learned for the next draft, in place of what was guessed from the text." if facts.truth("is_learned") else "",
        advice or "Read it, and undo it if it is about something else.",
        Tone.ATTENTION,
        disputable=False,
    )


def commented(facts: Facts) -> Words:
    """Others commented on a live post. What they wrote stands on its message (bot/comment_cards.py)."""
    count = facts.number("new") or 0
    return Words(
        f"{counted(count, 'new comment')} · {facts.community}" if count else f"Comments · {facts.community}",
        "Others commented on it.",
        "",
        "Answer on Reddit, questions first: that keeps a post alive.",
        Tone.ATTENTION,
        disputable=False,
    )


def modmail(facts: Facts) -> Link | None:
    """Where the moderators of its community are written to; None where there are none."""
    if not facts.community.startswith("r/"):
        return None
    return Link("Write to the moderators", f"https://www.reddit.com/message/compose?to=/{facts.community}")


_CLOSURES = {
    Closure.PRIVATE.value: "is private now",
    Closure.QUARANTINED.value: "is quarantined by Reddit",
    Closure.GATED.value: "is behind Reddit's warning page now",
    Closure.MEMBERS_ONLY.value: "is for paying members now",
    Closure.BANNED.value: "was banned by Reddit",
    Closure.MISSING.value: "does not exist any more",
}


def _closed(facts: Facts) -> Words:
    posts, is_final = facts.number("community_posts") or 1, facts.text("closure") in (Closure.BANNED, Closure.MISSING)
    return Words(
        f"{facts.community} {_CLOSURES.get(facts.text('closure') or '', 'is closed')}",
        gone_since(facts, "closed"),
        f"Nobody outside can see its posts, among them {counted(posts, 'watched post')}. It has nothing to do "
        "with the posts themselves; they get no alert of their own for this.",
        "Write for another community." if is_final else "Wait. One message tells you when it opens again.",
        Tone.ATTENTION,
    )


def _opened(facts: Facts) -> Words:
    posts, closed_s = facts.number("community_posts") or 1, facts.number("closed_for_s")
    lasted = f" It was closed for {age(timedelta(seconds=closed_s))}." if closed_s is not None else ""
    at, is_seen = facts.time("since"), facts.text("state") in (None, State.LIVE)
    return Words(
        f"{facts.community} is open again",
        f"Open since {moment(at)}.{lasted}" if at else lasted.strip(),
        f"{counted(posts, 'watched post')} of it {'is' if posts == 1 else 'are'} looked at again.",
        NOTHING if is_seen else "",
        Tone.GOOD if is_seen else Tone.ATTENTION,
        disputable=False,
    )


def shadowbanned(facts: Facts) -> Words:
    if facts.truth("restored"):
        return _account_seen_again(facts, "can be seen again")
    sure = facts.text("confidence") in (Confidence.HIGH, Confidence.MEDIUM_HIGH)
    return Words(
        f"{facts.author} {'is shadowbanned' if sure else 'looks shadowbanned'}",
        _not_found_since(facts),
        f"To its owner everything looks as before. {_hides(facts)}{_explains(facts)}",
        "Post nothing. The owner can check and appeal at reddit.com/appeals while logged in.",
        Tone.BAD,
        APPEALS,
    )


def suspended(facts: Facts) -> Words:
    if facts.truth("restored"):
        return _account_seen_again(facts, "is no longer suspended")
    at = facts.time("since")
    return Words(
        f"{facts.author} is suspended",
        f"Reddit has shown it as suspended since {moment(at)}." if at else "Reddit shows the account as suspended.",
        _explains(facts).strip(),
        "The owner finds the reason in Reddit's message and can appeal at reddit.com/appeals.",
        Tone.BAD,
        APPEALS,
    )


def account_deleted(facts: Facts) -> Words:
    at = facts.time("since")
    return Words(
        f"{facts.author} was deleted",
        f"Gone since {moment(at)}." if at else "",
        f"What it wrote, such as the {facts.thing} in {facts.community}, can stay visible without it.",
        "If its owner did not do this, they should write to Reddit's support.",
        Tone.ATTENTION,
    )


def _not_found_since(facts: Facts) -> str:
    at = facts.time("since")
    return f"Others have not found the account since {moment(at)}." if at else "Others do not find the account."


def _hides(facts: Facts) -> str:
    if facts.number("hidden") == 0:
        return "Its registered posts still show; Reddit often hides them later."
    return "What it posts is hidden from others."


def _explains(facts: Facts) -> str:
    """Returns a sentence about the account's other posts, which get no alert of their own for the same cause."""
    posts, hidden = facts.number("posts") or 0, facts.number("hidden")
    if posts < 2:
        return ""
    if hidden is None:
        return f" Its {posts:,} registered posts get no alert of their own for this."
    return f" Of its {posts:,} registered posts others cannot see {hidden:,}; they get no alert of their own for this."


def _account_seen_again(facts: Facts, what: str) -> Words:
    posts, hidden, at = facts.number("posts") or 0, facts.number("hidden"), facts.time("since")
    hidden_s = facts.number("hidden_for_s")
    lasted = f" It was hidden for {span(timedelta(seconds=hidden_s))}." if hidden_s and hidden_s > 0 else ""
    live = f"The {facts.thing} in {facts.community} is visible. " if facts.text("state") == State.LIVE else ""
    if hidden is None:
        rest = f"Of its {posts:,} registered posts, each that others still cannot see gets an alert of its own."
    elif hidden:
        rest = f"Of its {posts:,} registered posts, others still cannot see {hidden:,}; each gets an alert of its own."
    else:
        rest = f"Others can see all of its {posts:,} registered posts."
    return Words(
        f"{facts.author} {what}",
        f"Others find the account again since {moment(at)}.{lasted}" if at else "Others find the account again.",
        f"{live}{rest if posts > 1 else ''}".strip(),
        NOTHING,
        Tone.GOOD,
        disputable=False,
    )


_UNDECIDED = {
    "deleted_by_author": ("Its author deleted it.", "Nothing needs to be done."),
    "gone": ("It could not be found any more.", "Open it while logged out and say what you see."),
    "never_verified": (
        "No two looks at it agreed, or nobody could look, so whether others see it was never confirmed.",
        LOOK,
    ),
    "no_counts": ("It is visible; how people reacted was not read.", "Look at its comments, and answer the open ones."),
}
_NOT_ENOUGH = ("There is not enough to judge it by.", "Open it while logged out and say what you see.")


def audited(facts: Facts) -> Words:
    """The words of the alert `AUDIT`, with when the watching ends."""
    words, until = replace(_judged(facts), disputable=False), facts.time("watched_until")
    if until is None or facts.text("state") == State.DELETED:
        return words
    return replace(words, meaning=f"{words.meaning} Watched until {moment(until)}.".strip())


def _judged(facts: Facts) -> Words:
    known = " ".join(part for part in (counts(facts), _comparison(facts)) if part)
    match facts.text("outcome"):
        case AuditOutcome.SUCCESS:
            better = "its score is not in the community's lowest quarter"
            return Words(
                headline(facts, "accepted after a week"),
                f"It stayed visible, and {better if _has_quarter(facts) else 'people reacted to it'}.",
                known,
                "Keep what worked, and draft the next one there.",
                Tone.GOOD,
            )
        case AuditOutcome.REJECTION:
            return _rejected(facts)
        case AuditOutcome.INERTIA:
            return Words(
                headline(facts, "few people reacted in a week"),
                "It stayed visible; it did not find its readers.",
                known,
                "Try another title, hour or angle; its community's card shows what does well there.",
            )
        case _:
            why, do = _UNDECIDED.get(facts.text("reason") or "", _NOT_ENOUGH)
            return Words(headline(facts, "nothing can be said after a week"), why, counts(facts), do)


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
        case _ if facts.thing == "comment":
            return "It was removed or is still held; a comment shows neither which nor by whom.", _learned(facts)
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
