"""What a draft stands on (the member's facts, what is known of the community), and when it is better not to write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.model import (
    Account,
    AccountState,
    Campaign,
    CommunityProfile,
    Fact,
    Pattern,
    Rule,
    RulesSnapshot,
    State,
    TrackedPost,
)

RECENT = timedelta(days=14)  # a removal this fresh is still in the moderators' memory

_FORBIDDING = re.compile(
    r"\b(no|not|never|don'?t|do not|without|forbidden|prohibited|banned|removed|zero|only)\b", re.IGNORECASE
)
_CONDITION = re.compile(
    r"\b(without|unless|except|may|allowed if|allowed when|allowed in|only|tolerated|welcome|exceptions?|more than|"
    r"less than|at most|at the end|in the opening|in titles?|first)\b",
    re.IGNORECASE,
)
_PROMOTION = re.compile(
    r"\b(self[- ]?promo\w*|promot\w+|advertis\w+|marketing|solicit\w*|sell\w*|spam\w*|launch\w*|plug\w*)\b",
    re.IGNORECASE,
)
_LINKS = re.compile(r"\b(links?|urls?|blog ?spam|referrals?|affiliate)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Band:
    """The middle half of what a community does: from the first to the third quartile of `n` posts."""

    n: int
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Norms:
    """The figures of a profile that matter for writing (contract: core/analysis/profile.py). Absent is None."""

    sample_size: int
    enough: bool
    title_chars: Band | None
    body_words: Band | None
    shares: Mapping[str, float]  # feature -> 0 to 1
    findings: tuple[str, ...]  # in words
    removed_share: float | None

    @classmethod
    def read(cls, profile: CommunityProfile) -> Norms:
        """Tolerant of absent and malformed figures: a profile may be older than this program."""
        figures = profile.figures
        shares = {
            name: share
            for name, entry in _mapping(figures.get("shares")).items()
            if (share := _number(_mapping(entry).get("share"))) is not None
        }
        findings = figures.get("findings")
        return cls(
            sample_size=profile.sample_size,
            enough=figures.get("enough") is True,
            title_chars=_band(figures.get("title_chars")),
            body_words=_band(figures.get("body_words")),
            shares=shares,
            findings=tuple(
                text
                for finding in (findings if isinstance(findings, list) else [])
                if isinstance(text := _mapping(finding).get("text"), str)
            ),
            removed_share=_number(_mapping(figures.get("removals")).get("share")),
        )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _band(value: Any) -> Band | None:
    entry = _mapping(value)
    low, median, high = (_number(entry.get(key)) for key in ("q1", "median", "q3"))
    if low is None or median is None or high is None:
        return None
    return Band(int(_number(entry.get("n")) or 0), low, median, high)


@dataclass(frozen=True, slots=True)
class RuleOn:
    """A rule that restricts something: altogether (`forbids`), or under conditions that a person must read."""

    rule: Rule
    forbids: bool


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything that a writer may use and a check compares with."""

    campaign: Campaign
    community: str
    facts: tuple[Fact, ...]
    profile: CommunityProfile | None = None
    rules: RulesSnapshot | None = None
    patterns: tuple[Pattern, ...] = ()

    @property
    def norms(self) -> Norms | None:
        """None when there is no profile, or its sample is too small to build on."""
        if self.profile is None:
            return None
        norms = Norms.read(self.profile)
        return norms if norms.enough else None

    @property
    def rule_on_promotion(self) -> RuleOn | None:
        return self._rule_on(_PROMOTION)

    @property
    def rule_on_links(self) -> RuleOn | None:
        return self._rule_on(_LINKS)

    def _rule_on(self, topic: re.Pattern[str]) -> RuleOn | None:
        """The strictest rule for posts in which a sentence speaks of the topic and forbids something."""
        found: RuleOn | None = None
        for rule in self.rules.rules if self.rules else ():
            if rule.kind == "comment":
                continue
            text = f"{rule.short_name}\n{rule.description}"
            if any(topic.search(part) and _FORBIDDING.search(part) for part in re.split(r"[.;\n]", text)):
                on = RuleOn(rule, forbids=_CONDITION.search(text) is None)
                if on.forbids:
                    return on
                found = found or on
        return found


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it is better not to write now, and what to do first. `final` ones cannot be passed over."""

    code: str
    text: str
    do: str
    final: bool = False


def reasons_against(
    grounds: Grounds, posts: Sequence[TrackedPost], accounts: Sequence[Account], now: datetime
) -> tuple[Reason, ...]:
    """What speaks against a draft for this community now, weightiest first. Empty: nothing does.

    `posts` are the workspace's own tracked posts, at least those removed lately in this community.
    """
    reasons: list[Reason] = []
    name = f"r/{grounds.community}"
    if not grounds.facts:
        reasons.append(
            Reason(
                "no_facts",
                f"Campaign {grounds.campaign.name} has no facts, so anything written would be invented.",
                "Add a few facts you stand behind: /rao fact add",
                final=True,
            )
        )
    bad_accounts = [a for a in accounts if a.state in (AccountState.SHADOWBANNED, AccountState.SUSPENDED)]
    if bad_accounts:
        told = ", ".join(f"u/{a.name} is {a.state}" for a in bad_accounts)
        reasons.append(
            Reason("account", f"{told}: what it posts is seen by nobody.", "Appeal first: reddit.com/appeals")
        )
    removed = [
        post
        for post in posts
        if post.community == grounds.community and post.state is State.REMOVED and now - post.state_since <= RECENT
    ]
    if removed:
        count = "1 post" if len(removed) == 1 else f"{len(removed)} posts"
        days = max((now - post.state_since).days for post in removed)
        since = "today" if days == 0 else f"in the last {days + 1} days"
        reasons.append(
            Reason(
                "recent_removals",
                f"{count} of yours {'was' if len(removed) == 1 else 'were'} removed from {name} {since}.",
                "Wait a while, take part in comments, and read why: /rao post list state=removed",
            )
        )
    if grounds.profile is None:
        reasons.append(
            Reason("no_profile", f"Nothing is known about {name} yet.", "Collect posts from it: /rao collect start")
        )
    elif grounds.norms is None:
        count = f"{grounds.profile.sample_size} posts"
        reasons.append(
            Reason("small_sample", f"Only {count} of {name} are known: too few to speak of norms.", "Collect more.")
        )
    on_promotion = grounds.rule_on_promotion
    if on_promotion is not None and on_promotion.forbids:
        reasons.append(
            Reason(
                "rules",
                f"{name} has a rule against promotion: “{on_promotion.rule.short_name}”.",
                f"Write something that is useful without {grounds.campaign.name}, or choose another community.",
            )
        )
    if grounds.community not in grounds.campaign.communities:
        reasons.append(
            Reason(
                "other_community",
                f"{name} is not one of this campaign's communities.",
                f"Add it: /rao campaign edit {grounds.campaign.id} communities=…",
            )
        )
    return tuple(reasons)
