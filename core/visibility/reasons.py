"""The reason a moderator stated for a removal, chosen from the community's rules or pasted from their message.

A stated reason counts for more than a guess from the text, and replaces the guesses from the same post. Only a cause in
the content becomes a pattern. For an account, a domain, the network or the timing the person gets advice instead. Where
the words of a message tell no cause, a model may be asked for one (`causes`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from weakref import WeakValueDictionary

from core.clock import Clock
from core.communities import Rule, RuleReads, RulesSnapshot
from core.errors import Advice, BadArgument, Do, NotAllowedNow
from core.model import READ_BY_MODEL, STATED, Caller, NewAlert, NewPattern, Pattern, RemovedBy, State, TrackedPost
from core.patterns import TextReads, text_of
from core.texts.features import NEEDING_PARAMS
from core.texts.markup import Text
from core.texts.naming import features_named
from core.texts.rule_clauses import topics_in
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import read_rule
from core.texts.shown import shown
from core.visibility.causes import OTHER, CauseReader
from core.visibility.tracking import TrackedPostReads


class ReasonStore(RuleReads, TrackedPostReads, TextReads, Protocol):
    async def state_reason(
        self,
        caller: Caller,
        tracked_post_id: int,
        reason: str,
        pattern: NewPattern | None,
        now: datetime,
        *,
        alert: NewAlert | None = None,
    ) -> Pattern | None:
        """Keep why moderators removed a post, take back the patterns guessed from its removal, learn `pattern` instead,
        and owe `alert`, in one transaction. `AlreadyDecided` when a reason is kept already.
        """
        ...

    async def unstate_reason(self, caller: Caller, tracked_post_id: int, now: datetime) -> Sequence[Pattern]:
        """Undo `state_reason`: remove its pattern and bring back the guesses, which are returned. `NotFound` when no
        reason is kept.
        """
        ...


STATED_BY_RULE = 0.8  # a moderator named the rule
STATED_IN_WORDS = 0.75  # a moderator's message, from which the cause is read
# The message is a moderator's, but a model says what it means. That counts for more than a guess from the post, and for
# less than what blocks a draft (drafting/checks.py): no single reading should do that.
STATED_AND_READ_BY_MODEL = 0.6
MOST_PATTERN_CHARS = 300
MOST_REASON_CHARS = 1_000
RULE_CHARS = 70  # of a rule's name in a choice: Slack shows 75 characters

_DOMAIN = re.compile(
    r"\b(?:domain|site|website|url)s? (?:is |are |was |were |has been )?(?:not allowed|banned|black ?listed|blocked)|"
    r"\b(?:banned|blacklisted|blocked) (?:domain|site|website)s?\b|\bvpn\b|\bspam filter\b",
    re.IGNORECASE,
)
# A cause outside the content counts first, wherever the text names it.
_ELSEWHERE = {
    Topic.ACCOUNT: "account",
    Topic.TIMING: "timing",
    Topic.WEEKLY_THREAD: "timing",
    Topic.REPOSTS: "timing",
}
_CONTENT = {
    Topic.PROMOTION: "promotion",
    Topic.DISCLOSURE: "promotion",
    Topic.DIRECT_MESSAGES: "promotion",
    Topic.LINKS: "link",
    Topic.OWN_SITE: "link",
    Topic.REFERRAL: "link",
    Topic.FLAIR: "format",
    Topic.TITLE: "format",
    Topic.LENGTH: "format",
    Topic.FORMAT: "format",
    Topic.LANGUAGE: "format",
    Topic.CIVILITY: "tone",
    Topic.SURVEYS: "topic",
    Topic.RECRUITING: "topic",
    Topic.TOPIC: "topic",
}
_OF_CATEGORY = {"promotion": ("self_promotion",), "link": ("link",)}
_ADVICE = {
    "account": "This is about the account, not the text: no pattern for drafts. Let the account take part there, with "
    "comments, until it meets what they ask for.",
    "timing": "This is about when or how often, not about the text: no pattern for drafts. Wait, or use the thread or "
    "day they name.",
    "domain": "This is about the site or the network, not the text: no pattern for drafts. Leave that address out.",
}
_WORDS = {
    "promotion": "Promotion, as the moderators see it",
    "link": "A link in the post",
    "format": "The form of the post",
    "tone": "The tone of the post",
    "topic": "A topic that does not belong there",
    OTHER: "What the moderators removed it for",
}


@dataclass(frozen=True, slots=True)
class StatedReason:
    """What a moderator said. `category` is a pattern's category, "timing" or "domain". `pattern` is None when the cause
    lies outside the content; then `advice` says what helps. `read_by_model`: a model chose the category.
    """

    text: str
    category: str
    pattern: NewPattern | None
    advice: str
    read_by_model: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """What `Reasons.give` did: the post as it is now, what was said, and what was learned from it."""

    post: TrackedPost
    reason: StatedReason
    learned: Pattern | None


def may_have_reason(post: TrackedPost) -> bool:
    """True when moderators, or nobody knows who, took the post down: then it is worth asking why."""
    return post.state is State.REMOVED and post.removed_by in (RemovedBy.MODERATORS, RemovedBy.UNKNOWN)


async def rules_at_posting(store: RuleReads, post: TrackedPost) -> RulesSnapshot | None:
    """The community's rules when the post was registered; the latest rules when none were read then."""
    if post.rules_snapshot_id is not None:
        return await store.rules_snapshot(post.workspace_id, post.rules_snapshot_id)
    return await store.latest_rules(post.workspace_id, post.community)


class Reasons:
    """Keeps the reasons that members pass on. Without a `reader`, no model is asked for the cause."""

    def __init__(self, store: ReasonStore, clock: Clock, reader: CauseReader | None = None) -> None:
        self._store, self._clock, self._reader = store, clock, reader
        self._giving: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()

    async def give(
        self,
        caller: Caller,
        post_id: int,
        rule: str | None,
        message: str | None,
        *,
        news: Callable[[TrackedPost, StatedReason], NewAlert] | None = None,
    ) -> Given:
        """Keep why moderators removed a post, and learn from it instead of from guesses. `news` makes the alert that
        tells it, when nobody has just said it.

        Raises `NotFound`, `BadArgument`, `NotAllowedNow` for a post that is not removed, and `AlreadyDecided` when a
        reason is kept already.
        """
        # One at a time for each post: a second press while a model is being asked must not pay for asking again.
        async with self._giving.setdefault((caller.workspace_id, post_id), asyncio.Lock()):
            post = await self._store.tracked_post(caller.workspace_id, post_id)
            if post.state not in (State.REMOVED, State.HELD):
                raise NotAllowedNow(
                    f"Post {post_id} is not known to be removed, so there is no reason to keep.",
                    Advice("Look at it first.", Do.CHECK_POST, post_id),
                )
            named = find_rule(await rules_at_posting(self._store, post), rule) if rule else None
            posted = await text_of(self._store, post)
            reason = await asyncio.to_thread(read_reason, post, named, message, posted)
            if named is None and post.stated_at is None:
                reason = await self._ask_model(caller, post, reason, message or "", posted)
            alert = news(post, reason) if news is not None else None
            learned = await self._store.state_reason(
                caller, post_id, reason.text, reason.pattern, self._clock.now(), alert=alert
            )
            return Given(await self._store.tracked_post(caller.workspace_id, post_id), reason, learned)

    async def take_back(self, caller: Caller, post_id: int) -> Sequence[Pattern]:
        """Undo `give`: remove the pattern learned from it, and return the guesses, which come back. `NotFound` when no
        reason is kept.
        """
        return await self._store.unstate_reason(caller, post_id, self._clock.now())

    async def _ask_model(
        self, caller: Caller, post: TrackedPost, reason: StatedReason, message: str, posted: Text
    ) -> StatedReason:
        """The reason with the category that a model chose, when the words alone told none; else `reason` unchanged."""
        if reason.category != OTHER or self._reader is None:
            return reason
        category = await self._reader.read(caller, _on_one_line(message))
        if category == OTHER:
            return reason
        feature, params = _feature(_OF_CATEGORY.get(category, ()), "", posted)
        return _stated(post, reason.text, category, STATED_AND_READ_BY_MODEL, feature, params, read_by_model=True)


def rule_choices(snapshot: RulesSnapshot | None) -> tuple[str, ...]:
    """The rules about posts, numbered as in the snapshot: "3. No promotion"."""
    rules = snapshot.rules if snapshot is not None else ()
    return tuple(f"{number}. {_short(rule)}" for number, rule in enumerate(rules, 1) if rule.kind != "comment")


def find_rule(snapshot: RulesSnapshot | None, said: str) -> Rule:
    """The rule that `said` names: by its number, its choice (`rule_choices`), or its name in any case. Raises
    `BadArgument`.
    """
    rules: Sequence[Rule] = snapshot.rules if snapshot is not None else ()
    number = re.match(r"(\d{1,3})(?:\.|$)", said.strip(), re.ASCII)
    if number and 0 < int(number[1]) <= len(rules):
        return rules[int(number[1]) - 1]
    wanted = " ".join(said.split()).casefold()
    for rule in rules:
        if wanted in (" ".join(rule.short_name.split()).casefold(), _short(rule).casefold()):
            return rule
    known = "; ".join(rule_choices(snapshot)) or "none are known"
    raise BadArgument(
        "That is not one of the rules at the time of posting.",
        f"They are: {known[:600]}. Or paste the moderators' words: message=…",
        param="rule",
    )


def read_reason(post: TrackedPost, rule: Rule | None, message: str | None, posted: Text | None = None) -> StatedReason:
    """What a stated reason means for a post. `posted` is the post's text, where it is known. Belongs off the event loop
    (core/texts/shown.py).

    Raises `BadArgument` when neither rule nor message is given.
    """
    words = _on_one_line(message or "")
    if rule is None and not words:
        raise BadArgument("No reason was given.", "Choose a rule, or paste what the moderators wrote.", param="rule")
    named = " ".join(rule.short_name.split()) if rule is not None else ""
    said = (f"{named}\n{words}".strip(), " ".join(rule.description.split()) if rule is not None else "")
    category = _category(said)
    told = [f"Their rule: {named}" if named else "", f"They wrote: {words}" if words else ""]
    text = ". ".join(part.rstrip(".") for part in told if part)[:MOST_REASON_CHARS]
    confidence = STATED_BY_RULE if rule is not None else STATED_IN_WORDS
    named_features = next((features for part in said if (features := features_named(part))), ())
    feature, params = _feature(named_features, " ".join(said), posted)
    return _stated(post, text, category, confidence, feature, params)


def _stated(
    post: TrackedPost,
    text: str,
    category: str,
    confidence: float,
    feature: str | None,
    params: Mapping[str, Any],
    *,
    read_by_model: bool = False,
) -> StatedReason:
    """The reason with its advice or its pattern. A pattern's words are ours for its category, then the moderators'; no
    model writes in it.
    """
    if category in _ADVICE:
        return StatedReason(text, category, None, _ADVICE[category], read_by_model)
    body = re.sub(r"[“”\"]", "", f"{_WORDS[category]}. {text}")[:MOST_PATTERN_CHARS]
    pattern = NewPattern(
        campaign_id=post.campaign_id,
        community=post.community,
        category=category,
        body=body,
        source=READ_BY_MODEL if read_by_model else STATED,
        confidence=confidence,
        tracked_post_id=post.id,
        feature=feature,
        params=params,
    )
    return StatedReason(text, category, pattern, "", read_by_model)


def _on_one_line(words: str) -> str:
    return " ".join(words.split())


def _category(said: Sequence[str]) -> str:
    for text in said:
        demands = read_rule(Rule("", text, "all"))
        topics = topics_in(text)
        elsewhere = [_ELSEWHERE[topic] for topic in topics if topic in _ELSEWHERE]
        if elsewhere:
            return min(elsewhere)
        if any(demand.stance is Stance.ONLY_ON for demand in demands):
            return "timing"
        if _DOMAIN.search(text):
            return "domain"
        content = next((_CONTENT[topic] for topic in topics if topic in _CONTENT), None)
        if content is not None:
            return content
    return OTHER


def _feature(candidates: Sequence[str], words: str, text: Text | None) -> tuple[str | None, Mapping[str, Any]]:
    """The first of the features that the removed text has, with its params, so that the pattern catches the text that
    taught it. When the text was not kept, the first feature that does not need it. (None, {}) when there is none.
    """
    for key in candidates:
        params = _params(key, words, text) if key in NEEDING_PARAMS else {}
        if params is not None and (text is None or shown((key,), text, params) is not None):
            return key, params
    if text is not None and not text.body:
        return _feature(candidates, words, None)
    return None, {}


def _params(key: str, words: str, text: Text | None) -> Mapping[str, Any] | None:
    """The limit of a length feature: the one that `words` name, else one that the removed text breaks. None when
    neither is known, or when `words` name one in another unit: a title of 60 characters at most limits no text's words.
    """
    number = re.search(r"(\d[\d,]{0,6})\+? (words|characters)", words)
    unit = "chars" if key in ("short_title", "long_title") else "words"
    if number is not None:
        return {unit: int(number[1].replace(",", ""))} if number[2].startswith(unit[:4]) else None
    if text is None or not text.body:
        return None
    length = text.words if unit == "words" else len(text.title)
    return {unit: length + 1 if key in ("short_text", "short_title") else length - 1}


def _short(rule: Rule) -> str:
    name = " ".join(rule.short_name.split()) or "(without a name)"
    return name if len(name) <= RULE_CHARS - 5 else f"{name[: RULE_CHARS - 6].rstrip()}…"
