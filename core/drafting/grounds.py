"""What a draft stands on (the member's facts, what is known of the community), and when it is better not to write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.campaigns import Campaign, Fact, FactKind
from core.communities import CommunityProfile, Rule, RulesSnapshot
from core.drafting.drafts import Poster
from core.drafting.history import History
from core.errors import Advice, Do
from core.model import Account, AccountState, Pattern, State, TrackedPost
from core.requirements import Flair, Requirements
from core.texts.figures import Figures
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, read_rule

_SAYS_I = re.compile(r"\bi\b(?!\.)|\b(?:my|me|myself|mine)\b", re.IGNORECASE)
RECENT = timedelta(days=14)  # a removal this fresh is still in the moderators' memory


@dataclass(frozen=True, slots=True)
class RuleOn:
    """A rule that restricts something: altogether (`forbids`), or under conditions that a person must read."""

    rule: Rule
    demand: Demand

    @property
    def forbids(self) -> bool:
        return self.demand.stance is Stance.FORBIDS


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything that a writer may use and a check compares with, as it stands at `now`."""

    campaign: Campaign
    community: str
    facts: tuple[Fact, ...]
    profile: CommunityProfile | None = None
    rules: RulesSnapshot | None = None
    patterns: tuple[Pattern, ...] = ()
    history: History = field(default_factory=History)
    poster: Poster | None = None  # None: nobody in particular
    now: datetime = field(kw_only=True)

    @property
    def requirements(self) -> Requirements | None:
        """What Reddit itself asks of a post there; None: not known."""
        return self.rules.requirements if self.rules is not None else None

    @property
    def flairs(self) -> tuple[Flair, ...] | None:
        return self.rules.flairs if self.rules is not None else None

    @property
    def norms(self) -> Figures | None:
        """None when there is no profile, or its sample is too small to build on."""
        figures = Figures.read(self.profile.figures) if self.profile is not None else None
        return figures if figures is not None and figures.enough else None

    def is_lived_by_another(self, fact: Fact) -> bool:
        """Whether a fact tells what another member than the poster lived: no “I” may rest on it."""
        if self.poster is None or self.poster.owns(fact):
            return False
        return fact.kind is FactKind.EXPERIENCE or _SAYS_I.search(fact.body) is not None

    @property
    def rule_on_promotion(self) -> RuleOn | None:
        return self.rule_on(Topic.PROMOTION)

    @property
    def rule_on_links(self) -> RuleOn | None:
        return self.rule_on(Topic.LINKS)

    @property
    def rules_on(self) -> tuple[RuleOn, ...]:
        """Every rule for posts that restricts something, once for each topic, in the order of the rules."""
        return tuple(
            RuleOn(rule, demand)
            for rule in (self.rules.rules if self.rules else ())
            for demand in read_rule(rule)
            if demand.restricts
        )

    def rule_on(self, topic: Topic) -> RuleOn | None:
        """The strictest rule for posts that restricts a topic: one that forbids before one that sets conditions."""
        found = [on for on in self.rules_on if on.demand.topic is topic]
        return next((on for on in found if on.forbids), found[0] if found else None)


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
                Advice("Add a few facts you stand behind.", Do.ADD_FACT),
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
                Advice("Wait a while, take part in comments, and read why.", Do.LIST_REMOVED_POSTS),
            )
        )
    if grounds.profile is None:
        reasons.append(
            Reason("no_profile", f"Nothing is known about {name} yet.", Advice("Collect posts from it.", Do.COLLECT))
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
                Advice("Add it to them.", Do.EDIT_CAMPAIGN, grounds.campaign.id),
            )
        )
    return tuple(reasons)
