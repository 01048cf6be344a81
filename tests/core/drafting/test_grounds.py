from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.communities import Rule
from core.drafting.checks import check, problems
from core.drafting.grounds import Grounds
from core.drafting.history import History
from core.drafting.outcomes import Asked, decide, situation_of
from core.drafting.text import Text
from core.model import Account, AccountState, Basis, State, TrackedPost
from tests.core.drafting.material import (
    FLAT_RULE,
    NOW,
    SOFT_RULE,
    WORKSPACE,
    campaign,
    grounds,
    posts,
    profile,
    rules,
)


def tracked(state: State, days_ago: float, community: str = "harborfounders") -> TrackedPost:
    at = NOW - timedelta(days=days_ago)
    return TrackedPost(
        id=1,
        workspace_id=WORKSPACE,
        fullname="t3_abcdef",
        community=community,
        author="tester",
        permalink="https://www.reddit.com/r/harborfounders/comments/abcdef/",
        campaign_id=1,
        draft_id=None,
        registered_by="alice",
        registered_at=at,
        posted_at=at,
        basis=Basis.SAMPLE,
        state=state,
        state_since=at,
    )


def codes(on: Grounds, posts: tuple[TrackedPost, ...] = (), accounts: tuple[Account, ...] = ()) -> list[str]:
    seen = replace(on, history=History(removed=posts, accounts=accounts))
    return [reason.code for reason in decide(situation_of(seen), Asked.NEW).reasons]


# ---------------------------------------------------------------- better not now


def test_nothing_speaks_against_a_known_community_with_facts() -> None:
    assert codes(grounds(known=profile(), ruled=rules(SOFT_RULE))) == []


def test_without_facts_nothing_is_written_and_that_cannot_be_passed_over() -> None:
    reasons = decide(situation_of(grounds(held=(), known=profile())), Asked.NEW).reasons
    assert [(reason.code, reason.final) for reason in reasons] == [("no_facts", True)]


def test_an_unknown_and_a_barely_known_community_are_told_apart() -> None:
    assert codes(grounds()) == ["no_profile"]
    assert codes(grounds(known=profile(posts(12)))) == ["small_sample"]


def test_a_flat_rule_against_promotion_speaks_against_and_a_conditional_one_does_not() -> None:
    assert codes(grounds(known=profile(), ruled=rules(FLAT_RULE))) == ["rules"]
    saturday = Rule("Promotion only on Saturday", "On other days it is removed.", "link")
    assert codes(grounds(known=profile(), ruled=rules(saturday))) == []
    assert grounds(ruled=rules(saturday)).rule_on_promotion is not None


def test_a_rule_for_comments_says_nothing_about_posts() -> None:
    assert grounds(ruled=rules(replace(FLAT_RULE, kind="comment"))).rule_on_promotion is None


def test_the_strictest_rule_counts() -> None:
    on = grounds(ruled=rules(SOFT_RULE, FLAT_RULE)).rule_on_promotion
    assert on is not None
    assert on.rule == FLAT_RULE


@pytest.mark.parametrize(
    ("post", "counts"),
    [
        (tracked(State.REMOVED, 3), True),
        (tracked(State.REMOVED, 15), False),
        (tracked(State.LIVE, 3), False),
        (tracked(State.REMOVED, 3, "elsewhere"), False),
    ],
)
def test_a_removal_there_in_the_last_two_weeks_speaks_against(post: TrackedPost, counts: bool) -> None:
    assert ("recent_removals" in codes(grounds(known=profile()), (post,))) is counts


def test_an_account_that_nobody_sees_speaks_against() -> None:
    account = Account(1, WORKSPACE, "tester", AccountState.SHADOWBANNED, NOW, "alice")
    assert codes(grounds(known=profile()), (), (account,)) == ["team_account"]
    assert codes(grounds(known=profile()), (), (replace(account, state=AccountState.VISIBLE),)) == []


def test_a_community_outside_the_campaign_is_pointed_out() -> None:
    on = grounds(known=profile())
    assert codes(replace(on, community="elsewhere")) == ["other_community"]


def test_campaign_words_with_digits_are_no_invented_numbers() -> None:
    assert campaign().product.endswith("B2B")
    assert problems(check(Text("How B2B invoices get paid", "An honest question."), grounds())) == ()
