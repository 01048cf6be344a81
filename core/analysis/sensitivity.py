"""How sensitive a community is to promotion, 1 (welcomes it) to 10 (rejects it), told by four witnesses.

*Rules* say whether promotion is forbidden, allowed under conditions, or not spoken of. *Removed*: whether posts with
promotion are more often among the removed than among the standing. *Seen*: how many standing text posts have it.
*Reaction*: how they are received. Each gives an effect with its error, shrunk towards a reference set of other
communities (`sensitivity.json`, made by tools/measure_sensitivity.py) and weighted by how reliable it was measured to
be. docs/norms.md says what each can and cannot know.

Pure arithmetic on a profile's figures and the kept demands of the rules.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

from core.communities import RulesSnapshot
from core.demands import KeptDemand, by_rule, demands_of
from core.records import dump
from core.texts.figures import Figures, Gap, Share
from core.texts.rule_topics import Stance, Topic

ARTEFACT = Path(__file__).with_name("sensitivity.json")
WIDEST = 5.0  # points; a wider interval says nothing
FLOOR = 8.0  # where a rule forbids promotion
SENSITIVE = 5.5  # the middle of the scale
RULES, REMOVED, SEEN, REACTION = "rules", "removed", "seen", "reaction"
_READ_RIGHT = 0.75  # of strangers' rules (docs/judging.md), by the program or a model
_NORMAL = NormalDist()
_Z = 1.96
_ON_PROMOTION = (Topic.PROMOTION, Topic.OWN_SITE)
# Nobody has published how many communities forbid promotion. The three stances count as equally frequent: these are the
# mean and the standard deviation of each third of a normal distribution.
FORBID, CONDITION, SILENT = "forbid", "condition", "silent"
STANCES: Mapping[str, tuple[float, float]] = {FORBID: (-1.091, 0.529), CONDITION: (0.0, 0.244), SILENT: (1.091, 0.529)}


@dataclass(frozen=True, slots=True)
class Witness:
    """What one witness says. `effect` is in standard deviations between communities, shrunk; above 0 means that
    promotion is welcome. None: it saw nothing that tells. `error` is the effect's own; `weight` is 0 to 1.
    """

    name: str
    words: str
    effect: float | None = None
    error: float = 1.0
    weight: float = 0.0

    @property
    def speaks(self) -> bool:
        return self.effect is not None and self.weight > 0


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """`value` with its 95% interval, 1 to 10; all None when it is unknown, and then `why_unknown` says what is missing.
    `stance` is the rules' on promotion: a key of `STANCES`, or "" where they are not known. Where they forbid it, the
    value is never below `FLOOR`.
    """

    witnesses: tuple[Witness, ...]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    stance: str = ""
    why_unknown: str = ""

    @property
    def forbids(self) -> bool:
        return self.stance == FORBID

    @property
    def is_sensitive(self) -> bool:
        """What is unknown counts as sensitive."""
        return self.value is None or self.value >= SENSITIVE

    @property
    def told(self) -> str:
        """ "7.8 of 10 (6.9–8.6)", or why it is unknown."""
        if self.value is None or self.low is None or self.high is None:
            return f"unknown: {self.why_unknown}"
        return f"{self.value:.1f} of 10 ({self.low:.1f}–{self.high:.1f})"

    def dump(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "rules": self.stance or "unknown",
            "why_unknown": self.why_unknown,
            "witnesses": dump(self.witnesses),
        }


@dataclass(frozen=True, slots=True)
class Reference:
    """What a witness says of other communities: the mean, the standard deviation between them (`tau`), and how well the
    same witness agrees with itself from the older to the newer half of a community's posts, when chance in counting is
    taken away (`reliability`, 0 to 1).
    """

    mean: float
    tau: float
    reliability: float

    def shrunk(self, value: float, error: float) -> tuple[float, float]:
        """The effect in units of tau, and its error."""
        kept = self.tau**2 / (self.tau**2 + error**2)
        return kept * (value - self.mean) / self.tau, math.sqrt(1 - kept)


@cache
def references() -> Mapping[str, Reference]:
    content = json.loads(ARTEFACT.read_text(encoding="utf-8"))
    return {name: Reference(**figures) for name, figures in content["witnesses"].items()}


def sensitivity_of(
    figures: Figures,
    rules: RulesSnapshot | None,
    demands: Iterable[KeptDemand] = (),
    beside: Mapping[str, Reference] | None = None,
) -> Sensitivity:
    """The sensitivity that a profile's figures and the rules tell. `demands` are the kept ones of these rules; `beside`
    are the references, those of the artefact when left out.
    """
    beside = beside if beside is not None else references()
    stance, of_rules = _of_rules(rules, demands)
    of_posts = _of_removed(figures, beside[REMOVED]), _of_seen(figures, beside[SEEN])
    witnesses = (of_rules, *of_posts, _of_reaction(figures, beside[REACTION]))
    speaking = [one for one in witnesses if one.speaks]
    if not speaking:
        return Sensitivity(witnesses, stance=stance, why_unknown="no rules, removals or text posts are known")
    if figures.is_chosen_by_score and not any(one.speaks for one in witnesses[:2]):
        return Sensitivity(witnesses, stance=stance, why_unknown="only posts that were liked are known, and no rules")
    value, low, high = _scaled(speaking)
    if stance == FORBID:
        value, low, high = max(FLOOR, value), max(FLOOR, low), max(FLOOR, high)
    if high - low > WIDEST:
        return Sensitivity(witnesses, stance=stance, why_unknown="too few posts are known, and no rules")
    return Sensitivity(witnesses, round(value, 1), round(low, 1), round(high, 1), stance)


def _scaled(speaking: Iterable[Witness]) -> tuple[float, float, float]:
    told = [(one.weight, one.effect or 0.0, one.error) for one in speaking]
    z = -sum(weight * effect for weight, effect, _ in told)
    spread = _Z * math.sqrt(sum((weight * error) ** 2 for weight, _, error in told))
    value, low, high = (1 + 9 * _NORMAL.cdf(at) for at in (z, z - spread, z + spread))
    return value, low, high


def log_odds(count: int, of: int) -> tuple[float, float]:
    """The log odds of a share and their error; a half is added on each side, so that 0 and all have them too."""
    having, lacking = count + 0.5, of - count + 0.5
    return math.log(having / lacking), math.sqrt(1 / having + 1 / lacking)


def _of_rules(rules: RulesSnapshot | None, demands: Iterable[KeptDemand]) -> tuple[str, Witness]:
    """The strictest stance on promotion, with the words that it stands on."""
    if rules is None:
        return "", Witness(RULES, "The rules are not known.")
    kept = by_rule(demands)
    found = [
        one
        for rule in rules.rules
        for one in demands_of(rule, kept, rules.taken_at)
        if one.demand.topic in _ON_PROMOTION and one.demand.restricts
    ]
    found.sort(key=lambda one: one.demand.stance is not Stance.FORBIDS)
    if not found:
        effect, error = STANCES[SILENT]
        return SILENT, Witness(RULES, "The rules say nothing against promotion.", effect, error, _READ_RIGHT)
    first = found[0]
    stance = FORBID if first.demand.stance is Stance.FORBIDS else CONDITION
    said = "forbids promotion" if stance == FORBID else "sets conditions for promotion"
    effect, error = STANCES[stance]
    weight = 1.0 if first.is_confirmed else _READ_RIGHT
    # A short rule is its own quote, and is said once.
    quoted = "" if first.demand.quote == first.rule else f": “{first.demand.quote}”"
    return stance, Witness(RULES, f"“{first.rule}” {said}{quoted}", effect, error, weight)


def _of_removed(figures: Figures, reference: Reference) -> Witness:
    removed, standing = figures.promotion.removed, figures.promotion.standing
    if not removed.of or not standing.of:
        return Witness(REMOVED, "No removed post is known with its text.")
    odds, error = log_odds(removed.count, removed.of)
    beside, beside_error = log_odds(standing.count, standing.of)
    effect, error = reference.shrunk(beside - odds, math.hypot(error, beside_error))
    words = f"{_share(removed)} removed posts have promotion, {_share(standing)} standing ones."
    return Witness(REMOVED, words, effect, error, reference.reliability)


def _of_seen(figures: Figures, reference: Reference) -> Witness:
    standing = figures.promotion.standing
    if not standing.of:
        return Witness(SEEN, "No standing text post is known.")
    effect, error = reference.shrunk(*log_odds(standing.count, standing.of))
    return Witness(
        SEEN, f"{_share(standing)} standing text posts have promotion.", effect, error, reference.reliability
    )


def _of_reaction(figures: Figures, reference: Reference) -> Witness:
    gap = figures.promotion.reaction
    if gap is None:
        return Witness(REACTION, "Too few posts with promotion have settled votes or comments.")
    effect, error = reference.shrunk(gap.difference, gap.error)
    weight = 0.0 if figures.is_chosen_by_score else reference.reliability
    side = "better" if gap.difference > 0 else "worse"
    if abs(gap.difference) < _Z * gap.error:
        return Witness(REACTION, f"{_posts(gap)} are received like others.", effect, error, weight)
    return Witness(REACTION, f"{_posts(gap)} are received {side} than others.", effect, error, weight)


def _posts(gap: Gap) -> str:
    return f"{gap.having:,} posts with promotion"


def _share(share: Share) -> str:
    return f"{share.count:,} of {share.of:,}"
