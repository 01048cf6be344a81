"""Which features people's words name: first those named outright, then those of the topics named."""

from __future__ import annotations

import pytest

from core.texts.naming import features_named, names


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (
            "No links in titles, no bit.ly links and no referral links",
            ("title_link", "shortened", "referral_code", "link", "referral"),
        ),
        ("No surveys, no EMOJIS", ("emoji", "survey")),
        ("A survey with links", ("survey", "link")),
        ("No raffles, no donations", ("fundraising", "giveaway", "self_promotion")),
        ("Don't send PMs", ("direct_messages",)),
        ("No URL shorteners", ("shortened", "referral", "referral_code")),
        ("Please write in English", ("non_english",)),
        ("Be kind", ("insult", "belittling")),
        ("The kiln was hot", ()),
    ],
)
def test_words_name_these_features_in_this_order(words: str, keys: tuple[str, ...]) -> None:
    assert features_named(words) == keys


@pytest.mark.parametrize(
    ("key", "words", "is_named"),
    [
        ("link", "No links", True),
        ("link", "No surveys", False),
        ("shortened", "No bit.ly", True),
        ("shortened", "No affiliate links", False),  # the very thing must be named
        ("referral", "No affiliate links", True),
        ("referral", "No links", True),  # by its second topic
        ("promotion", "No ads", True),
        ("summary", "No ads", False),  # of no topic
    ],
)
def test_a_feature_is_named_outright_or_by_its_topics(key: str, words: str, is_named: bool) -> None:
    assert names(key, words) is is_named
