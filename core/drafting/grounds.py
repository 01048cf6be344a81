"""What a draft stands on (the member's facts, what is known of the community), and when it is better not to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from core.analysis.sensitivity import Sensitivity, sensitivity_of
from core.campaigns import Campaign, Fact, FactKind
from core.communities import CommunityProfile, Rule, RulesSnapshot
from core.demands import READ_BY_RULES, KeptDemand, by_rule, demands_of
from core.drafting.drafts import Poster
from core.drafting.history import History
from core.model import Pattern
from core.requirements import Flair, Requirements
from core.texts.figures import Figures
from core.texts.promotion_kinds import PromotionKind, kinds_named
from core.texts.rule_terms import Reach, Terms, reach_of, terms_of
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, lets_name
from core.texts.wording import SAYS_I

RECENT = timedelta(days=14)  # a removal this fresh is still in the moderators' memory


@dataclass(frozen=True, slots=True)
class RuleOn:
    """A rule that restricts something: altogether (`forbids`), or under conditions that a person must read."""

    rule: Rule
    demand: Demand
    read_by: str = READ_BY_RULES
    confirmed_by: str | None = None  # the member who said so

    @property
    def forbids(self) -> bool:
        return self.demand.stance is Stance.FORBIDS

    @property
    def kinds(self) -> tuple[PromotionKind, ...]:
        """The kinds of promotion that the rule is limited to (donations, giveaways …), so that naming a product breaks
        nothing; empty for a rule about any promotion, or about something else.
        """
        return kinds_named(self.words) if self.demand.topic is Topic.PROMOTION else ()

    @property
    def reach(self) -> Reach:
        return reach_of(self.rule, self.demand)

    @property
    def terms(self) -> frozenset[Terms]:
        return terms_of(self.rule, self.demand)

    @property
    def words(self) -> str:
        """The whole rule."""
        return f"{self.rule.short_name}. {self.rule.description}"


@dataclass(frozen=True)
class Grounds:
    """Everything that a writer may use and a check compares with, as it stands at `now`. What is read from it (norms,
    demands) is read once.
    """

    campaign: Campaign
    community: str
    facts: tuple[Fact, ...]
    profile: CommunityProfile | None = None
    rules: RulesSnapshot | None = None
    patterns: tuple[Pattern, ...] = ()
    demands: tuple[KeptDemand, ...] = ()  # kept ones; the demands of other rules are read from their text
    history: History = field(default_factory=History)
    poster: Poster | None = None  # None: nobody in particular
    disclosure: str | None = None  # how the poster said last that they belong to the product, in their own words
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
        return self._figures if self.profile is not None and self._figures.enough else None

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """To promotion; unknown counts as sensitive."""
        return sensitivity_of(self._figures, self.rules, self.demands)

    @cached_property
    def _figures(self) -> Figures:
        return Figures.read(self.profile.figures) if self.profile is not None else Figures()

    def is_lived_by_another(self, fact: Fact) -> bool:
        """Whether a fact tells what somebody other than the poster lived; then no “I” may rest on it."""
        if self.poster is None or self.poster.owns(fact):
            return False
        return fact.kind is FactKind.EXPERIENCE or SAYS_I.search(fact.body) is not None

    @property
    def rule_on_promotion(self) -> RuleOn | None:
        return self.rule_on(Topic.PROMOTION)

    @property
    def rule_on_links(self) -> RuleOn | None:
        return self.rule_on(Topic.LINKS)

    @cached_property
    def all_demands(self) -> tuple[RuleOn, ...]:
        """What the rules ask, including where they restrict nothing, in their order."""
        kept = by_rule(self.demands)
        return tuple(
            RuleOn(rule, one.demand, one.read_by, one.confirmed_by)
            for rule in (self.rules.rules if self.rules else ())
            for one in demands_of(rule, kept, self.now)
        )

    @property
    def rules_on(self) -> tuple[RuleOn, ...]:
        """Every rule for posts that restricts something, once for each topic, in the order of the rules."""
        return tuple(on for on in self.all_demands if on.demand.restricts)

    @cached_property
    def lets_name(self) -> bool:
        """Whether a rule lets posts name the product, as long as they are not about it."""
        return any(lets_name(rule) for rule in (self.rules.rules if self.rules else ()))

    def rule_on(self, topic: Topic) -> RuleOn | None:
        """The strictest rule for posts that restricts a topic: one that forbids before one that sets conditions. A rule
        about fundraising or giveaways alone is none about promotion.
        """
        found = [on for on in self.rules_on if on.demand.topic is topic and not on.kinds]
        return next((on for on in found if on.forbids), found[0] if found else None)
