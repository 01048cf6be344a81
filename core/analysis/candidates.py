"""Which of the known communities suits a campaign: what it is told by, and in which order they are named.

A community whose rules forbid promotion comes last, and one that is or may be sensitive to it after one that is not;
among these the one comes first of which more posts speak of what the campaign is about, then the one for which more of
its facts bring what is received better there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.analysis.intervals import quantile_for, wilson
from core.analysis.sensitivity import Sensitivity
from core.communities import CommunityProfile
from core.texts.features import found
from core.texts.figures import Direction, Figures, Power, Share
from core.texts.markup import Text

_DAY = timedelta(days=1)
_BROUGHT = ("number", "measure", "first_person", "opens_number", "opens_own", "code")  # what a fact can bring


@dataclass(frozen=True, slots=True)
class Candidate:
    """`speaking` of the `of` kept posts have one of the campaign's keywords. `facts` are the bodies of the campaign's
    facts.
    """

    profile: CommunityProfile
    sensitivity: Sensitivity
    speaking: int
    of: int
    facts: tuple[str, ...] = ()

    @property
    def fitting(self) -> Share:
        """The share of the facts that bring what is received better there, such as an amount; of 0 facts where nothing
        that a fact can bring is known to be.
        """
        better = [
            finding.feature
            for finding in Figures.read(self.profile.figures).findings
            if finding.direction is Direction.BETTER and finding.feature in _BROUGHT
        ]
        texts = [Text("", body) for body in self.facts] if better else []
        return Share.counting(sum(any(found(key, text) for key in better) for text in texts), len(texts))

    @property
    def fit(self) -> float:
        """The share of posts that speak of it; of few posts, what is at least so (the lower end of its interval)."""
        return wilson(self.speaking, self.of, quantile_for(1))[0]

    @property
    def power(self) -> Power | None:
        return Figures.read(self.profile.figures).power

    @property
    def posts_a_day(self) -> float | None:
        """None where posts were chosen by their scores, or all are of one day: then it cannot be told."""
        figures = Figures.read(self.profile.figures)
        span = self.profile.last_post_at - self.profile.first_post_at
        chosen = figures.score.chosen or figures.is_chosen_by_score
        return None if chosen or span < _DAY else self.profile.sample_size / (span / _DAY)


def ranked(candidates: Iterable[Candidate]) -> Sequence[Candidate]:
    def order(one: Candidate) -> tuple[bool, bool, float, float, str]:
        fitting = one.fitting.share or 0.0
        return one.sensitivity.forbids, one.sensitivity.is_sensitive, -one.fit, -fitting, one.profile.community

    return sorted(candidates, key=order)
