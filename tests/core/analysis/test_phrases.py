"""Phrases that removed posts have and standing posts have not, and what the checks of a draft make of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.phrases import MIN_REMOVED, MIN_SUPPORT, MOST, removed_phrases
from core.communities import CommunityProfile, Post
from core.drafting.approving import pin
from core.drafting.checks import check
from core.drafting.gathering import gather
from core.drafting.text import Text as DraftText
from core.model import Caller
from core.patterns import FROM_REMOVED, MOST_FROM_REMOVED, patterns_of
from core.texts.figures import Figures
from core.texts.markup import Text
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.communities import sentence
from tests.core.analysis.invented import keep_profile, kept, profile_of
from tests.storage import world

OFFER = "Grab my free template today"
SAID = ("Grab my free template", "we’re selling *cheap* bowls", "DM me — for a price")


def community(removed: int = 40, standing: int = 120, *, offering: int = 20, seed: int = 1) -> list[Post]:
    """Posts of which the first `removed` were taken down; `offering` of these have the offer, no other has."""
    rng = random.Random(seed)
    posts = []
    for n in range(removed + standing):
        said = [sentence(rng, 9) for _ in range(4)]
        if n < offering:
            said.insert(n % 4, f"{OFFER}.")
        gone = "moderator" if n < removed else None
        posts.append(kept(n + 1, title=sentence(rng, 6), body=" ".join(said), author=f"a{n}", removed_by_category=gone))
    return posts


def profile(posts: Sequence[Post]) -> CommunityProfile:
    return profile_of(list(posts))


def test_what_removed_posts_say_and_others_do_not_is_found_with_its_counts() -> None:
    [phrase] = removed_phrases(community())
    assert set(phrase.words.split()) <= set(OFFER.lower().split())
    assert (phrase.removed, phrase.of_removed, phrase.standing, phrase.of_standing) == (20, 40, 0, 120)
    assert phrase.counts == "in 20 of 40 removed posts, in 0 of 120 that stand"
    assert phrase.confidence > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_where_removed_posts_say_what_others_say_nothing_is_found(seed: int) -> None:
    assert removed_phrases(community(offering=0, seed=seed)) == ()


def test_a_phrase_needs_five_authors_and_twenty_removed_posts() -> None:
    assert removed_phrases(community(offering=MIN_SUPPORT - 1)) == ()
    assert removed_phrases(community(removed=MIN_REMOVED - 1, offering=MIN_REMOVED - 1)) == ()
    assert removed_phrases(community(removed=MIN_REMOVED, offering=MIN_REMOVED))
    by_one = [replace(post, author="one") for post in community()]
    assert removed_phrases(by_one) == ()


def test_one_text_posted_many_times_teaches_nothing() -> None:
    posts = community(offering=0)
    same = [replace(post, body=f"{OFFER}. It was hot and dry.") for post in posts[:20]]
    assert removed_phrases(same + posts[20:]) == ()


def test_what_standing_posts_say_as_well_is_no_phrase() -> None:
    posts = community()
    shared = [replace(post, body=f"{OFFER}. {post.body}") if n >= 60 else post for n, post in enumerate(posts)]
    assert removed_phrases(shared) == ()


@pytest.mark.parametrize("category", [None, "deleted", "reddit", "author"])
def test_what_moderators_did_not_take_down_is_not_counted(category: str | None) -> None:
    posts = [replace(post, removed_by_category=category) if post.removed_by_category else post for post in community()]
    assert removed_phrases(posts) == ()


def test_names_are_never_taken() -> None:
    posts = community(offering=0)
    named = [replace(post, body=f"{(post.body or '')[:-1]}, says Tilda Quorn.") for post in posts[:20]]
    assert removed_phrases(named + posts[20:]) == ()


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 99), st.sampled_from(["Grab my free template", "we’re selling *cheap* bowls", "DM me — for a price"])
)
def test_each_post_that_taught_a_phrase_is_caught_by_it(seed: int, said: str) -> None:
    plain = community(removed=30, standing=40, offering=0, seed=seed)
    posts = [replace(post, body=f"{post.body} {said}.") if n < 15 else post for n, post in enumerate(plain)]
    phrases = removed_phrases(posts)
    assert 0 < len(phrases) <= MOST
    known = profile(posts)
    for pattern in patterns_of(known):
        assert sum(bool(pattern.catches(Text(post.title or "", post.body or ""))) for post in posts[:30]) >= MIN_SUPPORT
    for post in posts[:15]:
        assert any(pattern.catches(Text(post.title or "", post.body or "")) for pattern in patterns_of(known))


def test_a_profile_keeps_its_phrases_and_a_newer_one_retires_them() -> None:
    then, now = profile(community()), profile(community(offering=0))
    [pattern] = patterns_of(then)
    assert (pattern.source, pattern.is_kept, pattern.community) == (FROM_REMOVED, False, "pottery")
    assert pattern.confidence == MOST_FROM_REMOVED
    assert "in 20 of 40 removed posts" in pattern.body
    assert Figures.read(then.figures).removed_phrases == removed_phrases(community())
    assert patterns_of(now) == patterns_of(None) == ()


async def test_a_draft_with_the_phrase_is_advised_and_its_approval_does_not_hang_on_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now(), communities=("pottery",))
    await keep_profile(store, caller, clock.now(), community(), "pottery")
    grounds = await gather(store, campaign, "pottery", clock.now())
    told = [one for one in check(DraftText("Bowls", f"We have two. {OFFER}."), grounds) if one.check == "patterns"]
    assert [(one.level, "in 20 of 40 removed posts" in one.text) for one in told] == [("advice", True)]
    assert not [one for one in check(DraftText("Bowls", "We have two."), grounds) if one.check == "patterns"]
    assert pin(grounds, ()).pattern_ids == ()
