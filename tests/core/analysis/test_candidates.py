"""Which community suits a campaign by its facts."""

from __future__ import annotations

from core.analysis.candidates import Candidate, ranked
from core.analysis.sensitivity import sensitivity_of
from core.texts.figures import Figures, Share
from tests.core.analysis.invented import kept, profile_of

FACTS = ("We sold 40 bowls in 3 months", "The kiln is old", "I fired it by hand")


def candidate(community: str, *, rewards_amounts: bool, facts: tuple[str, ...] = FACTS) -> Candidate:
    """A community in which every third text has an amount; these score high, or no other way than the rest."""
    posts = [
        kept(
            n,
            community=community,
            body="It took 3 months to dry." if n % 3 == 0 else "It took long to dry.",
            score=1_000 + n if n % 3 == 0 and rewards_amounts else n * 37 % 101,
        )
        for n in range(1, 241)
    ]
    profile = profile_of(posts, community)
    return Candidate(profile, sensitivity_of(Figures.read(profile.figures), None), 10, 240, facts)


def test_facts_fit_where_what_they_bring_is_received_better() -> None:
    assert candidate("pottery", rewards_amounts=True).fitting == Share.counting(1, 3)
    assert candidate("pottery", rewards_amounts=False).fitting == Share()
    assert candidate("pottery", rewards_amounts=True, facts=()).fitting == Share()


def test_of_two_that_speak_of_it_alike_the_one_that_the_facts_fit_comes_first() -> None:
    fits, does_not = candidate("zeta", rewards_amounts=True), candidate("alpha", rewards_amounts=False)
    assert [one.profile.community for one in ranked([does_not, fits])] == ["zeta", "alpha"]
