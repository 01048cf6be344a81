from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.promotion import MIN_SIDE, Reception, promotion_of, reaction_of
from core.analysis.sensitivity import (
    FLOOR,
    REACTION,
    REMOVED,
    RULES,
    SEEN,
    WIDEST,
    Reference,
    Sensitivity,
    Witness,
    log_odds,
    references,
    sensitivity_of,
)
from core.communities import Rule, RulesSnapshot
from core.demands import READ_BY_RULES, KeptDemand, rule_key
from core.model import Basis
from core.texts.figures import Figures, Found, Gap, Promotion, Share
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand
from tests.core.analysis.invented import figures_of, kept

NOW = datetime(2026, 11, 1, tzinfo=UTC)
BESIDE = {SEEN: Reference(-2.0, 1.0, 0.9), REMOVED: Reference(0.0, 1.0, 0.6), REACTION: Reference(0.0, 0.2, 0.1)}
RULE = Rule("No adverts", "Promotion is banned here.", "all")


def rules(*listed: Rule) -> RulesSnapshot:
    return RulesSnapshot(1, "terminal:local", "pottery", Basis.FILE, NOW, listed)


def demanded(stance: Stance, *, confirmed: bool = False) -> KeptDemand:
    by = "ada" if confirmed else None
    demand = Demand(Topic.PROMOTION, stance, "promotion is banned here")
    return KeptDemand(rule_key(RULE), RULE.short_name, demand, READ_BY_RULES, NOW, by, NOW if by else None)


def figures(standing: tuple[int, int] = (0, 0), removed: tuple[int, int] = (0, 0), way: str = "new") -> Figures:
    promotion = Promotion(Share.counting(*standing), Share.counting(*removed))
    return Figures(promotion=promotion, found=(Found(way, standing[1], standing[1]),))


def told(seen: Figures, snapshot: RulesSnapshot | None, demands: Sequence[KeptDemand] = ()) -> Sensitivity:
    return sensitivity_of(seen, snapshot, demands, BESIDE)


def of(sensitivity: Sensitivity, name: str) -> Witness:
    [witness] = [one for one in sensitivity.witnesses if one.name == name]
    return witness


def test_a_community_like_all_others_is_in_the_middle() -> None:
    """12 of 100 posts have promotion where the reference's log odds are -2."""
    sensitivity = told(figures((119, 1_000)), None)
    assert sensitivity.value == pytest.approx(5.5, abs=0.1)
    assert of(sensitivity, SEEN).words == "119 of 1,000 standing text posts have promotion."


def test_the_scale_falls_where_more_posts_carry_promotion() -> None:
    values = [told(figures((count, 1_000)), None).value for count in (5, 60, 119, 300, 700)]
    assert values == sorted(values, key=lambda value: -(value or 0))
    assert (values[0] or 0) > 9
    assert (values[-1] or 9) < 1.5


def test_one_witness_is_shrunk_by_its_error_and_weighted_by_its_reliability() -> None:
    odds, error = log_odds(30, 100)
    keeps = 1 / (1 + error**2)
    witness = of(told(figures((30, 100)), None), SEEN)
    assert witness.effect == pytest.approx(keeps * (odds + 2))
    assert witness.error == pytest.approx(math.sqrt(1 - keeps))
    assert witness.weight == 0.9


def test_more_removed_than_standing_promotion_means_more_sensitive() -> None:
    alike = told(figures((100, 1_000), (10, 100)), None)
    rejected = told(figures((100, 1_000), (60, 100)), None)
    assert (of(alike, REMOVED).effect or 0) == pytest.approx(0, abs=0.1)
    assert (rejected.value or 0) > (alike.value or 9) + 1.5
    assert of(rejected, REMOVED).words == "60 of 100 removed posts have promotion, 100 of 1,000 standing ones."


def test_a_rule_that_forbids_promotion_sets_a_floor_whatever_is_seen() -> None:
    welcomed = told(figures((700, 1_000)), rules(RULE), [demanded(Stance.FORBIDS)])
    assert (welcomed.value, welcomed.low, welcomed.forbids) == (FLOOR, FLOOR, True)
    assert of(welcomed, RULES).words == "“No adverts” forbids promotion: “promotion is banned here”"
    assert told(figures((700, 1_000)), rules(RULE), [demanded(Stance.NONE)]).forbids is False


def test_stances_of_rules_are_in_order_and_a_confirmed_one_weighs_more() -> None:
    seen = figures((119, 1_000))
    forbid, condition, silent = (
        told(seen, rules(RULE), [demanded(stance)]).value for stance in (Stance.FORBIDS, Stance.RATIO, Stance.NONE)
    )
    assert (forbid or 0) > (condition or 0) > (silent or 0)
    assert of(told(seen, rules(RULE), [demanded(Stance.RATIO, confirmed=True)]), RULES).weight == 1.0
    assert of(told(seen, rules(RULE), [demanded(Stance.RATIO)]), RULES).weight == 0.75
    assert of(told(seen, rules()), RULES).effect == of(told(seen, rules(RULE), [demanded(Stance.NONE)]), RULES).effect


def test_liked_posts_alone_tell_nothing_but_beside_rules_they_do() -> None:
    liked = figures((100, 1_000), way="top:year")
    unknown = told(liked, None)
    assert (unknown.value, unknown.low, unknown.high, unknown.is_sensitive) == (None, None, None, True)
    assert unknown.told == "unknown: only posts that were liked are known, and no rules"
    assert told(liked, rules()).value is not None
    assert told(figures((100, 1_000), (5, 60), way="top:year"), None).value is not None


def test_too_wide_an_interval_is_unknown() -> None:
    few = told(figures((0, 4)), None)
    assert few.told == "unknown: too few posts are known, and no rules"
    assert told(Figures(), None).told == "unknown: no rules, removals or text posts are known"


def test_reception_counts_little_and_of_liked_posts_not_at_all() -> None:
    gap = Promotion(Share.counting(100, 1_000), Share(), Gap(-0.5, 0.1, 100, 900))
    newest = replace(figures((100, 1_000)), promotion=gap)
    assert of(told(newest, None), REACTION).weight == 0.1
    assert of(told(newest, None), REACTION).words == "100 posts with promotion are received worse than others."
    liked = replace(newest, found=(Found("top:year", 1_000, 1_000),))
    assert of(told(liked, rules()), REACTION).weight == 0.0


def test_reception_is_compared_within_ways_of_finding() -> None:
    """The best have promotion and many comments, the newest neither: that is the way of finding, not the promotion."""
    best = [Reception(at % 10 > 0, "top:year", 0.9, 90 + at % 7) for at in range(200)]
    newest = [Reception(at % 10 == 0, "new", 0.6, at % 7) for at in range(200)]
    gap = reaction_of([*best, *newest])
    assert gap is not None
    assert abs(gap.difference) < 2 * gap.error
    liked = [Reception(at % 2 == 0, "new", 0.9 if at % 2 == 0 else 0.5, None) for at in range(100)]
    better = reaction_of(liked)
    assert better is not None
    assert better.difference == pytest.approx(2.0)
    assert reaction_of(liked[: 2 * MIN_SIDE - 2]) is None


def test_a_removed_post_without_its_text_is_no_witness() -> None:
    promoting = "Sign up for my new app today."
    posts = [
        *(kept(at, body=promoting if at < 3 else "It was hot") for at in range(10)),
        kept(11, body=promoting, removed_by_category="moderator"),
        kept(12, body="It was cold", removed_by_category="moderator"),
        kept(13, body="[removed]", removed_by_category="moderator"),
        kept(14, is_self=False, body="", removed_by_category="moderator"),
    ]
    promotion = figures_of(posts).promotion
    assert promotion.standing == Share(3, 10, 0.3)
    assert promotion.removed == Share(1, 2, 0.5)


def test_promotion_survives_the_profile_as_json() -> None:
    made = Figures(
        promotion=promotion_of([Reception(at % 2 == 0, "new", 0.5 + at / 100, at) for at in range(40)], [True])
    )
    again = Figures.read(json.loads(json.dumps(made.dump())))
    assert again.promotion == made.promotion
    assert again.promotion.reaction is not None
    assert Figures.read({"promotion": {"standing": "many", "reaction": 7}}).promotion == Promotion()


def test_the_shipped_reference_has_all_witnesses_and_no_names() -> None:
    known = references()
    assert set(known) == {SEEN, REMOVED, REACTION}
    assert all(0 < one.tau < 5 and 0 <= one.reliability <= 1 for one in known.values())
    assert known[SEEN].reliability > 0.5
    assert known[REACTION].reliability < 0.5


counts = st.integers(0, 2_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(counts, counts, st.sampled_from([None, *Stance]), st.sampled_from(["new", "top:year", "file"]))
def test_whatever_was_seen_the_value_lies_in_its_interval_and_on_the_scale(
    standing: tuple[int, int], removed: tuple[int, int], stance: Stance | None, way: str
) -> None:
    snapshot = None if stance is None else rules(RULE)
    sensitivity = told(figures(standing, removed, way), snapshot, [demanded(stance)] if stance else [])
    if sensitivity.value is None:
        assert sensitivity.why_unknown
        return
    assert sensitivity.low is not None
    assert sensitivity.high is not None
    assert 1 <= sensitivity.low <= sensitivity.value <= sensitivity.high <= 10
    assert sensitivity.high - sensitivity.low <= WIDEST + 0.11
    assert not sensitivity.forbids or sensitivity.low >= FLOOR


def test_votes_that_have_not_settled_are_no_reception() -> None:
    young = [
        kept(
            at,
            body="Sign up for my app today." if at % 2 else "It was hot",
            upvote_ratio=0.5 + at % 2 / 4,
            num_comments=at % 2,
        )
        for at in range(60)
    ]
    assert figures_of(young).promotion.reaction is not None
    unsettled = [replace(one, score_at=one.created_at + timedelta(hours=1)) for one in young]
    assert figures_of(unsettled).promotion.reaction is None
