from __future__ import annotations

from typing import Any

import pytest

from core.drafting.history import PostedText
from core.drafting.promoted import product_facts
from core.model import AuditOutcome

SITE = "https://tidewater.example"


def post(body: str, outcome: AuditOutcome | None = AuditOutcome.SUCCESS, **counts: int | None) -> PostedText:
    return PostedText("How we wait", body, "Tidewater", SITE, outcome, counts.get("score"), counts.get("num_comments"))


PLAIN = post("We ask for a deposit.")


@pytest.mark.parametrize("body", ["I work on Tidewater.", "See https://tidewater.example/how for the list."])
def test_a_post_names_the_product_by_its_name_or_by_its_site(body: str) -> None:
    facts = product_facts([post(body), PLAIN, PLAIN, PostedText()], 90)
    assert facts is not None
    assert (facts["named"]["stayed"], facts["unnamed"]["stayed"]) == (1, 2)
    assert (facts["days"], facts["unknown"]) == (90, 1)


def test_each_side_counts_what_stayed_what_is_gone_and_what_is_not_known() -> None:
    outcomes = [*AuditOutcome, None]
    facts = product_facts([PLAIN, *(post("I work on Tidewater.", outcome) for outcome in outcomes)], 90)
    assert facts is not None
    assert facts["named"] == {"stayed": 2, "gone": 1, "open": 2, "score": None, "answers": None}


@pytest.mark.parametrize(
    ("scores", "usual"), [([9, 1], None), ([9, 1, None], None), ([9, 1, 4], 4), ([9, 1, 4, 6, None], 5)]
)
def test_the_usual_score_and_answers_are_medians_of_three_or_more_posts_that_stayed(
    scores: list[int | None], usual: int | None
) -> None:
    gone = post("I work on Tidewater.", AuditOutcome.REJECTION, score=500, num_comments=500)
    stayed = [post("I work on Tidewater.", score=score, num_comments=score) for score in scores]
    facts = product_facts([PLAIN, gone, *stayed], 90)
    assert facts is not None
    assert (facts["named"]["score"], facts["named"]["answers"]) == (usual, usual)


@pytest.mark.parametrize("posts", [[], [PostedText()], [PLAIN], [post("I work on Tidewater."), PostedText()]])
def test_there_is_nothing_to_compare_when_all_name_it_or_none(posts: list[Any]) -> None:
    assert product_facts(posts, 90) is None
