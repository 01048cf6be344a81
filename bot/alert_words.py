"""What an alert says: title, text, advice and tone of each kind, from the facts of its row.

The keys of the facts are the contract of `core/visibility/verdict.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.alert_facts import Facts
from bot.card import Link, Tone
from bot.words import age, at_most, counted, dollars, moment
from core.model import AlertKind, AuditOutcome, Closure, Confidence, RemovedBy, State

APPEALS = Link("reddit.com/appeals", "https://www.reddit.com/appeals")

_UNDECIDED = {
    "deleted_by_author": "Its author deleted it.",
    "gone": "It could not be found any more.",
    "never_verified": "No two looks at it agreed, or nobody could look, so whether others see it was never confirmed.",
    "no_counts": "It is visible; how people reacted was not read well enough to judge it by.",
}

_NO_REPOST = "Do not post it again: many communities count that as spam."


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one alert. `disputable`: a person may have seen otherwise, so the card asks for their look."""

    title: str
    text: str
    do: str = ""
    tone: Tone = Tone.NEUTRAL
    links: tuple[Link, ...] = ()
    disputable: bool = True


def alert_words(kind: AlertKind, facts: Facts) -> Words:
    """Returns the words of an alert of any kind except a digest. No content of the facts makes it raise."""
    words = _BY_KIND[kind](facts)
    if not facts.truth("by_people"):
        return words
    return replace(words, text=f"{words.text} Two members saw this themselves; nothing else can see Reddit now.")


def _live(facts: Facts) -> Words:
    if facts.number("community_posts") is not None:
        return _opened(facts)
    counts = _counts(facts)
    if facts.text("previous_state") in (None, State.UNVERIFIED, State.UNKNOWN, State.LIVE):
        return Words(
            f"The {facts.thing} in {facts.community} is live",
            f"Others can see it.{facts.since}{counts}",
            "Answer the first comments: that is what keeps a post going.",
            Tone.GOOD,
        )
    return Words(
        f"The {facts.thing} in {facts.community} is visible again",
        f"Others can see it again.{facts.since}{counts}",
        "Nothing needs to be done.",
        Tone.GOOD,
    )


def _held(facts: Facts) -> Words:
    return Words(
        f"The {facts.thing} in {facts.community} is held for review",
        "A filter of the community holds it until a moderator looks. Only its author and the moderators see it."
        f"{facts.since}",
        f"Wait: held posts are often released within a day. {_NO_REPOST}",
        Tone.ATTENTION,
    )


def _removed(facts: Facts) -> Words:
    words = _removed_by(facts)
    if not facts.is_on_profile:
        return words
    return replace(
        words, do=f"On a profile there are no moderators to ask; Reddit's own message says why. {_NO_REPOST}"
    )


def _removed_by(facts: Facts) -> Words:
    where, was = facts.community, "was removed" if _is_sure(facts) else "looks removed"
    match facts.text("removed_by"):
        case RemovedBy.MODERATORS:
            return Words(
                f"The {facts.thing} in {where} was removed by its moderators",
                "They or their AutoModerator took it down. Others cannot see it any more; to its author it looks as "
                f"before.{facts.since}",
                f"Compare it with their rules, then ask the moderators politely what to change. {_NO_REPOST}",
                Tone.BAD,
                _modmail(facts),
            )
        case RemovedBy.REDDIT_FILTERS if facts.truth("account_missing"):
            return Words(
                f"The {facts.thing} in {where} was removed by Reddit's filters",
                f"Others find neither it nor {facts.author}. "
                "That looks like a shadowban, and is certain in half an hour."
                f"{facts.since} Other posts of the account that disappear meanwhile get no alert of their own.",
                "The owner can check and appeal at reddit.com/appeals while logged in. Post nothing until then.",
                Tone.BAD,
                (APPEALS,),
            )
        case RemovedBy.REDDIT_FILTERS:
            return Words(
                f"The {facts.thing} in {where} was removed by Reddit's filters",
                f"Others cannot see it. This is automatic, and sometimes reversed.{facts.since}",
                f"Wait some hours. Moderators can release it: ask them politely. {_NO_REPOST}",
                Tone.BAD,
                _modmail(facts),
            )
        case RemovedBy.REDDIT_ADMINS:
            return Words(
                f"The {facts.thing} in {where} was removed by Reddit",
                f"Reddit itself took it down; the moderators cannot bring it back.{facts.since}",
                "Read the message that Reddit sent to the author. The author can appeal at reddit.com/appeals.",
                Tone.BAD,
                (APPEALS,),
            )
        case _:
            return Words(
                f"The {facts.thing} in {where} {was}",
                f"Others cannot see it any more. By whom is not known.{facts.since}",
                f"Look at the post while logged out, then ask the moderators politely. {_NO_REPOST}",
                Tone.BAD,
                _modmail(facts),
            )


def _is_sure(facts: Facts) -> bool:
    """Whether the evidence is strong enough for "was" in the title; otherwise the title says "looks"."""
    return facts.text("confidence") not in (Confidence.LOW, Confidence.MEDIUM)


def _deleted(facts: Facts) -> Words:
    return Words(
        f"The {facts.thing} in {facts.community} {'was' if _is_sure(facts) else 'looks'} deleted by its author",
        f"Nobody can see it any more.{facts.since}",
        "If its author did not do this, somebody else may have the account: change its password.",
    )


_CLOSURES = {
    Closure.PRIVATE.value: "is private now",
    Closure.QUARANTINED.value: "is quarantined by Reddit",
    Closure.GATED.value: "is behind Reddit's warning page now",
    Closure.MEMBERS_ONLY.value: "is for paying members now",
    Closure.BANNED.value: "was banned by Reddit",
    Closure.MISSING.value: "does not exist any more",
}


def _closed(facts: Facts) -> Words:
    """One alert for all posts of a community."""
    posts = facts.number("community_posts") or 1
    is_final = facts.text("closure") in (Closure.BANNED, Closure.MISSING)
    return Words(
        f"{facts.community} {_CLOSURES.get(facts.text('closure') or '', 'is closed')}",
        f"Nobody outside can see its posts, among them {counted(posts, 'watched post')}.{facts.since} "
        "It has nothing to do with the posts themselves; they get no alert of their own for this.",
        "Write for another community." if is_final else "Wait: you get one alert when it opens again.",
        Tone.ATTENTION,
    )


def _opened(facts: Facts) -> Words:
    posts, closed_s = facts.number("community_posts") or 1, facts.number("closed_for_s")
    lasted = f" It was closed for {age(timedelta(seconds=closed_s))}." if closed_s is not None else ""
    return Words(
        f"{facts.community} is open again",
        f"Its posts can be seen again, among them {counted(posts, 'watched post')}.{lasted}{facts.since}",
        "Nothing needs to be done.",
        Tone.GOOD,
    )


def _gated(facts: Facts) -> Words:
    if facts.number("community_posts") is not None:
        return _closed(facts)
    return Words(
        f"The {facts.thing} in {facts.community} cannot be found",
        "Reddit answers as if it were not there: it is gone, or its community is closed to us (private or quarantined)."
        f"{facts.since}",
        "Open the link while logged out and say what you see with the buttons below.",
        Tone.ATTENTION,
    )


def _locked(facts: Facts) -> Words:
    is_seen = facts.text("state") == State.LIVE
    stays = "It stays visible; nobody can answer it any more." if is_seen else "Nobody can answer it any more."
    return Words(
        f"The {facts.thing} in {facts.community} is locked",
        f"{stays}{facts.since}{_counts(facts)}",
        "Nothing needs to be done. Moderators often give their reason in the comments.",
        Tone.ATTENTION,
    )


def _shadowbanned(facts: Facts) -> Words:
    if facts.truth("restored"):
        return _account_seen_again(facts, "can be seen again", "Others find the account again.")
    sure = facts.text("confidence") in (Confidence.HIGH, Confidence.MEDIUM_HIGH)
    return Words(
        f"{facts.author} {'is shadowbanned' if sure else 'looks shadowbanned'}",
        f"Others cannot find the account; to its owner everything looks as before.{facts.since} "
        f"{_hides(facts)}{_explains(facts)}",
        "The owner can check and appeal at reddit.com/appeals while logged in. Post nothing until the answer is there.",
        Tone.BAD,
        (APPEALS,),
    )


def _hides(facts: Facts) -> str:
    if facts.number("hidden") == 0:
        return "Its registered posts still show; Reddit often hides them later, and new ones at once."
    return "What it posts is hidden from others until this is cleared."


def _explains(facts: Facts) -> str:
    """Returns a sentence about the account's other posts, which get no alert of their own for the same cause."""
    posts, hidden = facts.number("posts") or 0, facts.number("hidden")
    if posts < 2:
        return ""
    if hidden is None:
        said = f" It has {counted(posts, 'registered post')}"
    else:
        said = f" Of its {posts:,} registered posts, others cannot see {hidden:,} now"
    return f"{said}; they get no alert of their own for this."


def _account_seen_again(facts: Facts, title: str, text: str) -> Words:
    posts, hidden = facts.number("posts") or 0, facts.number("hidden")
    live = f" The {facts.thing} in {facts.community} is visible." if facts.text("state") == State.LIVE else ""
    if hidden is None:
        rest = f" Of its {posts:,} registered posts, each that others still cannot see gets an alert of its own."
    elif hidden:
        rest = f" Of its {posts:,} registered posts, others still cannot see {hidden:,}; each gets an alert of its own."
    else:
        rest = f" Others can see all of its {posts:,} registered posts."
    return Words(
        f"{facts.author} {title}",
        f"{text}{facts.since}{live}{rest if posts > 1 else ''}",
        "Nothing needs to be done.",
        Tone.GOOD,
        disputable=False,
    )


def _suspended(facts: Facts) -> Words:
    if facts.truth("restored"):
        return _account_seen_again(facts, "is no longer suspended", "Reddit shows the account as usual.")
    return Words(
        f"{facts.author} is suspended",
        f"Reddit shows the account as suspended.{facts.since}{_explains(facts)}",
        "The owner finds the reason in Reddit's message and can appeal at reddit.com/appeals.",
        Tone.BAD,
        (APPEALS,),
    )


def _account_deleted(facts: Facts) -> Words:
    return Words(
        f"{facts.author} was deleted",
        f"The account behind the {facts.thing} in {facts.community} is gone. What it wrote can stay visible without it."
        f"{facts.since}",
        "If its owner did not do this, they should write to Reddit's support.",
        Tone.ATTENTION,
    )


def _unreadable(facts: Facts) -> Words:
    """One post that could not be read for hours, while others could."""
    problem = f" Why: {why}" if (why := facts.text("problem")) else ""
    return Words(
        f"The {facts.thing} in {facts.community} cannot be read",
        f"Other posts can.{facts.since} The last known state stays, and nothing counts as removed.{problem}",
        "Open it while logged out and say what you see with the buttons below.",
        Tone.ATTENTION,
    )


def _cannot_see(facts: Facts) -> Words:
    if facts.text("fullname"):
        return _unreadable(facts)
    posts = facts.number("posts")
    concerned = counted(posts, "watched post") if posts else "Watched posts"
    since = facts.time("since")
    if facts.truth("restored"):
        until = facts.time("until")
        return Words(
            "Reddit can be seen again",
            f"{'Between ' + moment(since) + ' and ' + moment(until) + ' nothing' if since and until else 'Nothing'} "
            f"could be checked. {concerned}: being checked now.",
            "Nothing needs to be done.",
            Tone.GOOD,
            disputable=False,
        )
    cycles, problem = facts.number("cycles"), facts.text("problem")
    tries = f", {counted(cycles, 'check')} in a row" if cycles else ""
    return Words(
        "Reddit cannot be seen",
        f"{'No evidence since ' + moment(since) if since else 'There has been no evidence yet'}{tries}. "
        f"{concerned}: the last known state stays, and nothing counts as removed."
        + (f"\nWhy: {problem}" if problem else ""),
        "See what is wrong: /rao status. "
        "Until then, a post's state changes when two members look and see the same: /rao post list",
        Tone.ATTENTION,
        disputable=False,
    )


def _consent_gone(facts: Facts) -> Words:
    return Words(
        f"{facts.author} must be linked again",
        "Reddit no longer accepts the consent of its owner: it was taken back, or it expired. What the account itself "
        "sees of its posts cannot be read any more; nothing is concluded about them from that.",
        "Its owner links it again: /rao account link. If that is not wanted: /rao account unlink",
        Tone.ATTENTION,
        disputable=False,
    )


def _audit(facts: Facts) -> Words:
    where, counts = facts.community, _counts(facts)
    against, quarter = _comparison(facts)
    match facts.text("outcome"):
        case AuditOutcome.SUCCESS:
            reached = "its score is not among the community's lowest quarter" if quarter else "people reacted to it"
            return Words(
                f"After a week: the {facts.thing} in {where} was accepted",
                f"It stayed visible, and {reached}.{counts}{against}",
                "Keep what worked for the next draft.",
                Tone.GOOD,
                disputable=False,
            )
        case AuditOutcome.REJECTION:
            return Words(
                f"After a week: the {facts.thing} in {where} is not visible",
                f"{_why_gone(facts)}{facts.since}{counts}",
                "What was learned from it goes into the next draft: /rao pattern list"
                if facts.texts("patterns")
                else "Its history: /rao post show",
                Tone.BAD,
                (APPEALS,) if facts.text("state") in (State.SHADOWBANNED, State.SUSPENDED) else (),
                disputable=False,
            )
        case AuditOutcome.INERTIA:
            return Words(
                f"After a week: the {facts.thing} in {where} stayed, and few people reacted",
                f"It stayed visible; it did not find its readers.{counts}{against}",
                "Another title, hour or angle may help: /rao community show",
                disputable=False,
            )
        case _:
            return Words(
                f"After a week: nothing can be said about the {facts.thing} in {where}",
                f"{_UNDECIDED.get(facts.text('reason') or '', 'There is not enough to judge it by.')}{counts}",
                "Its history: /rao post show",
                disputable=False,
            )


def _why_gone(facts: Facts) -> str:
    """Returns why the post is not visible. Only moderators judge a text; trouble with an account says nothing about
    it.
    """
    match facts.text("state"), facts.text("removed_by"):
        case State.SHADOWBANNED, _:
            return f"{facts.author} is hidden from others; that says nothing about the text."
        case State.SUSPENDED, _:
            return f"{facts.author} is suspended; that says nothing about the text."
        case State.HELD, _:
            return "It is still held for review, and nobody released it."
        case _, RemovedBy.MODERATORS:
            return "The community's moderators, or their AutoModerator, removed it."
        case _, RemovedBy.REDDIT_FILTERS:
            return "Reddit's own filters removed it, and nobody released it."
        case _, RemovedBy.REDDIT_ADMINS:
            return "Reddit itself removed it."
        case _:
            return "It was removed; by whom is not known."


def _comparison(facts: Facts) -> tuple[str, bool]:
    """The community's own scores as a sentence, and whether its lowest quarter is known."""
    compared = facts.inner("compared_with")
    if compared is None:
        return "", False
    median, quarter = compared.figure("score_median"), compared.figure("score_q1")
    size = compared.number("sample_size")
    if median is None:
        return "", quarter is not None
    below = f" (a quarter stays below {quarter})" if quarter is not None else ""
    source = f", from {counted(size, 'post')}" if size else ""
    return f" The community's median score is {median}{below}{source}.", quarter is not None


def _draft(facts: Facts) -> str:
    number = facts.number("draft")
    return f"{f'Draft {number}' if number is not None else 'A draft'} for {facts.community}"


def _approved(facts: Facts) -> str:
    at = facts.time("approved_at")
    return f"{facts.text('approved_by') or 'Somebody'} approved it{f' on {moment(at)}' if at else ''}"


def _draft_voided(facts: Facts) -> Words:
    poster = facts.text("poster")
    return Words(
        f"{_draft(facts)} needs approval again",
        f"{_approved(facts)}. Since then something that it stands on has changed, so that approval is void."
        f"{f' {poster} was to post it.' if poster else ''}",
        "Look at it again before anybody posts it. If it is already posted, register its link anyway.",
        Tone.ATTENTION,
        disputable=False,
    )


def _draft_unposted(facts: Facts) -> Words:
    return Words(
        f"{_draft(facts)} is approved: is it posted?",
        f"{_approved(facts)}, for {facts.text('poster') or 'its author'} to post. No post of it is registered, so "
        "nobody watches it.",
        "Give its link with “I posted it”, or say that it is not posted after all.",
        disputable=False,
    )


def _rules_changed(facts: Facts) -> Words:
    drafts = facts.ids("drafts")
    concerned = f" It concerns {_drafts(drafts)}." if drafts else ""
    return Words(
        f"{facts.community} changed its rules",
        f"{counted(facts.number('count') or 1, 'change')} since the rules were last read.{concerned} "
        "An approval under the old ones is void.",
        "Look at what they ask now: /rao community rules. Drafts are checked against them from now on.",
        Tone.ATTENTION,
        disputable=False,
    )


def _drafts(ids: Sequence[int]) -> str:
    named = [str(one) for one in ids]
    return f"draft {named[0]}" if len(named) == 1 else f"drafts {', '.join(named[:-1])} and {named[-1]}"


def _money_nearly_used(facts: Facts) -> Words:
    percent, resets_at = facts.number("percent"), facts.time("resets_at")
    used, cap = facts.number("used_usd_micros"), facts.number("cap_usd_micros")
    amounts = f" {dollars(used)} of {at_most(cap)} are used." if used is not None and cap is not None else ""
    resets = f" It resets {moment(resets_at)}." if resets_at else ""
    return Words(
        f"{percent}% of this month's money is used" if percent else "This month's money is nearly used",
        f"It pays models and collecting.{amounts}{resets} When it is used up, neither starts; watching posts goes on.",
        "An admin can raise the cap: /rao plan set monthly_cap=… Where it went: /rao usage",
        Tone.ATTENTION,
        disputable=False,
    )


def _test(facts: Facts) -> Words:
    by = facts.text("by")
    return Words(
        "This is a test alert",
        f"{'Asked for by ' + by + '. ' if by else ''}Alerts about posts arrive here.",
        disputable=False,
    )


def _undelivered(facts: Facts) -> Words:
    count = facts.number("count") or len(facts.inners("lost"))
    problem = f" {reason}" if (reason := facts.text("problem")) else ""
    return Words(
        f"{counted(count, 'alert')} could not be delivered" if count > 0 else "Alerts could not be delivered",
        f"No place took them for about a day, so they are not sent again by themselves.{problem}",
        "Give /rao alerts here in a channel where alerts should come: then they are sent there. "
        "See them all: /rao alerts list",
        Tone.BAD,
        disputable=False,
    )


def _counts(facts: Facts) -> str:
    score, comments = facts.number("score"), facts.number("num_comments")
    known = [f"score {score}"] if score is not None else []
    known += [counted(comments, "comment")] if comments is not None else []
    at = facts.time("counts_read_at")
    when = f", {moment(at)}" if at else ""
    return f" Last count{when}: {', '.join(known)}." if known else ""


def _modmail(facts: Facts) -> tuple[Link, ...]:
    if not facts.community.startswith("r/"):
        return ()
    return (Link("Write to the moderators", f"https://www.reddit.com/message/compose?to=/{facts.community}"),)


_BY_KIND: Mapping[AlertKind, Callable[[Facts], Words]] = {
    AlertKind.POST_LIVE: _live,
    AlertKind.POST_HELD: _held,
    AlertKind.POST_REMOVED: _removed,
    AlertKind.POST_DELETED: _deleted,
    AlertKind.POST_GATED: _gated,
    AlertKind.POST_LOCKED: _locked,
    AlertKind.ACCOUNT_SHADOWBANNED: _shadowbanned,
    AlertKind.ACCOUNT_SUSPENDED: _suspended,
    AlertKind.ACCOUNT_DELETED: _account_deleted,
    AlertKind.CANNOT_SEE: _cannot_see,
    AlertKind.CONSENT_GONE: _consent_gone,
    AlertKind.AUDIT: _audit,
    AlertKind.DRAFT_VOIDED: _draft_voided,
    AlertKind.DRAFT_UNPOSTED: _draft_unposted,
    AlertKind.RULES_CHANGED: _rules_changed,
    AlertKind.MONEY_NEARLY_USED: _money_nearly_used,
    AlertKind.TEST: _test,
    AlertKind.UNDELIVERED: _undelivered,
}
