"""Where plain words of a rule hold against the trained reader, and where they do not."""

from __future__ import annotations

import pytest

from core.communities import Rule
from core.texts.rule_corrections import is_of_less
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import read_rule


@pytest.mark.parametrize(
    ("topic", "stance", "others", "words", "is_less"),
    [
        (Topic.PROMOTION, Stance.FORBIDS, {Topic.RECRUITING}, "No recruiting. Looking for staff? Elsewhere.", True),
        (Topic.PROMOTION, Stance.FORBIDS, {Topic.RECRUITING}, "No ads, no recruiting.", False),
        (Topic.PROMOTION, Stance.FORBIDS, {Topic.LINKS}, "No recruiting. Looking for staff? Elsewhere.", False),
        (Topic.LINKS, Stance.FORBIDS, {Topic.REFERRAL}, "No affiliate links.", True),
        (Topic.LINKS, Stance.FORBIDS, {Topic.REFERRAL}, "No links, no affiliate codes.", False),
        (Topic.LINKS, Stance.ALLOWS_WHEN, {Topic.REFERRAL}, "No affiliate links.", False),
        (Topic.SURVEYS, Stance.FORBIDS, {Topic.REFERRAL}, "No affiliate links.", False),
        (
            Topic.AI_TEXT,
            Stance.FORBIDS,
            set(),
            "Machine-made pictures. AI images are removed. This is not on text.",
            False,
        ),
        (
            Topic.AI_TEXT,
            Stance.FORBIDS,
            set(),
            "Made pictures. AI images go. This section does not concern text.",
            True,
        ),
        (Topic.AI_TEXT, Stance.FORBIDS, set(), "No AI art. Photographs only. We don't mind how you wrote it.", True),
        (Topic.AI_TEXT, Stance.FORBIDS, set(), "No AI. No generated pictures and no generated posts.", False),
        (Topic.AI_TEXT, Stance.FORBIDS, set(), "No AI. Nothing that a model made.", False),
        (Topic.AI_TEXT, Stance.FORBIDS, set(), "No AI. We like real photos.", False),
    ],
)
def test_a_rule_may_be_of_less_than_the_topic_that_was_read_in_it(
    topic: Topic, stance: Stance, others: set[Topic], words: str, is_less: bool
) -> None:
    assert is_of_less(topic, stance, others, words) is is_less


@pytest.mark.parametrize(
    ("name", "description", "topic", "is_asked"),
    [
        ("Helpful posts", "You can name your business, but no links, no prices.", Topic.LINKS, True),
        (
            "No vote or engagement requests",
            "Do not ask for upvotes, shares, likes or launch-day support.",
            Topic.PROMOTION,
            False,
        ),
    ],
)
def test_a_plain_ban_of_a_thing_is_one_and_a_name_that_bans_says_not_what(
    name: str, description: str, topic: Topic, is_asked: bool
) -> None:
    assert any(one.topic is topic and one.restricts for one in read_rule(Rule(name, description, "all"))) is is_asked
