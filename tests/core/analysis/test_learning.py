from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from core.analysis.learning import MIN_POSTS, Example, learn, own_share
from core.analysis.model import PARTS, Model, Seen
from core.analysis.trend import folds_of, told_apart, trend_ranks
from core.texts.figures import Power
from tests.core.analysis.communities import by_chance, by_kiln, examples, prior

PRIOR = prior(free=-0.5)


def test_what_does_well_is_learned_and_told_of_posts_that_were_not_in_training() -> None:
    learned = learn(examples(300, by_kiln), PRIOR)
    assert learned.told is not None
    assert learned.told.share > 0.6
    assert learned.told.low > 0.5
    assert learned.model.posts == learned.told.posts == 300
    with_kiln, without = (
        learned.model.effects(Seen.of(title, "It was hot today."), PRIOR).logit
        for title in ("The kiln we fired today", "The mug we fired today")
    )
    assert with_kiln > without + 0.2
    assert len(learned.said) == 300


@pytest.mark.parametrize("seed", range(4))
def test_where_scores_are_chance_the_interval_holds_one_half(seed: int) -> None:
    told = learn(examples(240, by_chance, seed), PRIOR).told
    assert told is not None
    assert told.low <= 0.5
    power = Power(told.share, told.low, told.high, told.posts, 240)
    assert power.sentence == "Not better than chance here, from 240 posts"


def test_the_same_posts_give_the_same_model_in_whatever_order_they_come() -> None:
    posts = list(examples(150, by_kiln))
    first = learn(posts, PRIOR)
    random.Random(3).shuffle(posts)
    again = learn(posts, PRIOR)
    assert again.model.dump() == first.model.dump()
    assert again.told == first.told


def test_few_posts_are_left_to_the_prior() -> None:
    learned = learn(examples(MIN_POSTS - 1, by_kiln), PRIOR)
    assert (learned.model.posts, learned.model.terms, learned.told) == (0, {}, learned.prior_told)
    assert learned.told is not None
    assert learned.told.posts == MIN_POSTS - 1
    nobody = learn([], PRIOR)
    assert (nobody.model.posts, nobody.told, nobody.said) == (0, None, {})


def test_a_stored_model_says_what_the_learned_one_says_to_a_hundredth() -> None:
    posts = examples(200, by_kiln)
    model = learn(posts, PRIOR).model
    stored = Model.read(model.dump())
    assert stored is not None
    for one in posts[:40]:
        seen = Seen.of(one.title, one.body)
        assert stored.effects(seen, PRIOR).logit == pytest.approx(model.effects(seen, PRIOR).logit, abs=0.05)
    assert Model.read({**model.dump(), "version": 0}) is None


def test_the_usual_post_of_a_community_is_in_the_middle() -> None:
    posts = examples(200, by_kiln)
    model = learn(posts, PRIOR).model
    effects = [model.effects(Seen.of(one.title, one.body), PRIOR).parts for one in posts]
    assert {part: round(float(np.mean([one[part] for one in effects])), 9) for part in PARTS} == dict.fromkeys(PARTS, 0)


# ---------------------------------------------------------------- what is no effect of a text


def test_a_community_that_grows_makes_no_text_look_good() -> None:
    """Later posts score ten times as much, and have a word that earlier ones had not."""
    posts = [
        replace(one, title=f"{one.title} studio" if at > 200 else one.title, score=one.score * (1 + at // 20))
        for at, one in enumerate(examples(400, by_chance, 5))
    ]
    told = learn(posts, PRIOR).told
    assert told is not None
    assert told.low <= 0.5


def test_the_best_of_a_year_are_not_set_beside_the_newest() -> None:
    """All of the best score more than all of the newest, and ask no question."""
    posts = [
        replace(one, title=one.title.rstrip("?"), way="top:year", score=one.score + 10_000) if at % 2 else one
        for at, one in enumerate(examples(400, by_chance, 6))
    ]
    told = learn(posts, PRIOR).told
    assert told is not None
    assert told.low <= 0.5


def test_a_later_edit_of_what_did_well_teaches_nothing() -> None:
    def thanked(one: Example) -> Example:
        return replace(one, body=f"{one.body}\n\nEDIT: thanks for all the answers!") if one.score > 20 else one

    posts = examples(300, by_chance, 7)
    plain, edited = learn(posts, PRIOR), learn([thanked(one) for one in posts], PRIOR)
    assert edited.told == plain.told
    assert edited.model.dump() == plain.model.dump()


def test_a_text_posted_twice_is_in_one_fold_and_proves_nothing_by_itself() -> None:
    """Each text stands there five times with scores alike: who remembers the others knows the answer."""
    rng = random.Random(8)
    scores = [rng.lognormvariate(3, 1) for _ in range(60)]
    texts = examples(60, by_chance, 8)
    posts = [
        replace(texts[at % 60], key=f"p{at}", at=1.7e9 + 3600 * at, score=round(100 * scores[at % 60]) + at // 60)
        for at in range(300)
    ]
    told = learn(posts, PRIOR).told
    assert told is not None
    assert told.low <= 0.5


# ---------------------------------------------------------------- ranks, folds, pairs


def test_ranks_are_within_a_way_and_equal_scores_rank_alike() -> None:
    ranks = trend_ranks([1, 2, 2, 3, 100, 200], [0, 1, 2, 3, 4, 5], ["new"] * 4 + [None] * 2)
    assert ranks.tolist() == [0.125, 0.5, 0.5, 0.875, 0.25, 0.75]


def test_a_steady_rise_ranks_no_post_above_another() -> None:
    ranks = trend_ranks(range(100), range(100), ["new"] * 100)
    assert ranks.max() - ranks.min() < 0.01


def test_near_duplicates_and_posts_with_one_title_share_a_fold() -> None:
    rng = np.random.default_rng(2)
    rows = [rng.choice(5_000, 40, replace=False) for _ in range(200)]
    rows += [np.concatenate([row[:36], rng.choice(5_000, 4)]) for row in rows[:50]]
    pairs = sparse.csr_matrix(np.array([np.isin(np.arange(5_000), row) for row in rows], dtype=float))
    titles = [("weekly", "thread", "00") if 100 <= at < 120 else () for at in range(250)]
    folds = folds_of(titles, pairs, 5)
    assert folds[:50].tolist() == folds[200:].tolist()
    assert len(set(folds[100:120].tolist())) == 1
    assert min(np.bincount(folds, minlength=5)) >= 30


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=60))
def test_pairs_are_counted_as_a_person_would(said: list[tuple[int, bool]]) -> None:
    scores = np.array([float(score) for score, _ in said])
    is_above = np.array([above for _, above in said], dtype=bool)
    told = told_apart(scores, is_above)
    above, below = scores[is_above], scores[~is_above]
    if min(len(above), len(below)) < 2:
        assert told is None
        return
    assert told is not None
    won = sum((a > b) + (a == b) / 2 for a in above for b in below)
    assert told.share == pytest.approx(won / (len(above) * len(below)))
    assert 0 <= told.low <= told.share <= told.high <= 1


# ---------------------------------------------------------------- odd posts

ODD = [
    "",
    "x" * 40_000,
    "word " * 8_000,
    "🎉" * 300,
    "\n\n\n",
    "Как обжигать глину?",
    "窯の温度は何度ですか",
    "EDIT: x",
    "\x00\x07",
]


@pytest.mark.parametrize("body", ODD)
def test_posts_that_are_all_alike_and_odd_are_read(body: str) -> None:
    for title in ("A bowl", body[:300]):
        posts = [Example(f"p{n}", title, body, n % 7, 1.7e9 + n, "new") for n in range(120)]
        learned = learn(posts, PRIOR)
        logits = list(learned.said.values())
        assert all(abs(logit) <= 10 for logit in logits), "a number, and no NaN"
        assert learned.told is None or learned.told.low <= 0.5


def test_equal_scores_teach_nothing_and_are_no_error() -> None:
    learned = learn([replace(one, score=1) for one in examples(150, by_chance)], PRIOR)
    assert (learned.model.posts, learned.told) == (0, None)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=200), st.integers(-5, 10**9)), max_size=10))
def test_any_few_posts_are_read(texts: list[tuple[str, str, int]]) -> None:
    posts = [Example(f"p{n}", *text, 1.7e9, None) for n, text in enumerate(texts)]
    learned = learn(posts, PRIOR)
    assert all(np.isfinite(list(learned.said.values())))


# ---------------------------------------------------------------- how much the own posts weigh


def test_the_more_posts_there_are_the_more_they_weigh_beside_the_prior_but_never_more_than_it() -> None:
    assert [own_share(posts) for posts in (0, 50, 200, 10**9)] == pytest.approx([0.0, 0.25, 0.4, 0.5])


def test_a_model_of_few_posts_moves_a_score_less_than_the_prior_does() -> None:
    """The spread of what each says over the posts is as their weights."""
    posts = examples(MIN_POSTS, by_chance, 3)
    learned = learn(posts, PRIOR)
    of_prior = [PRIOR.logit(seen.prior, seen.forms) for seen in (Seen.of(one.title, one.body) for one in posts)]
    share = own_share(MIN_POSTS)
    slope = learned.model.prior_scale * float(np.std(of_prior)) / (1 - share)
    assert share == pytest.approx(0.5 * 60 / 110)
    assert slope >= 0
    blend = [learned.said[one.key] for one in posts]
    assert np.std(blend) <= slope * 1.001
