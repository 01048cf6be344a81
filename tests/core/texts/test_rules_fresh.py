from __future__ import annotations

from dataclasses import dataclass

import pytest

from core.texts.rule_topics import Stance, Topic
from core.texts.rules import read_rule


@dataclass(frozen=True)
class Rule:
    short_name: str
    description: str = ""
    kind: str = "all"


def stances(short_name: str, description: str = "") -> dict[Topic, Stance]:
    return {demand.topic: demand.stance for demand in read_rule(Rule(short_name, description))}


@pytest.mark.parametrize(
    ("name", "description", "topic"),
    [
        ("No begging for votes", "", Topic.VOTES),
        ("No upvote begging", "Asking for votes gets you banned.", Topic.VOTES),
        ("Karma fishing", "Fishing for karma is removed.", Topic.VOTES),
        ("No job ads", "Recruit elsewhere.", Topic.RECRUITING),
    ],
)
def test_a_rule_about_votes_or_jobs_is_no_rule_against_promotion(name: str, description: str, topic: Topic) -> None:
    found = stances(name, description)
    assert found[topic] is Stance.FORBIDS
    assert Topic.PROMOTION not in found


@pytest.mark.parametrize(
    ("name", "description", "topic", "stance"),
    [
        ("Human posts only", "AI-written text is removed.", Topic.AI_TEXT, Stance.FORBIDS),
        ("Bad English is fine", "Don't worry about your grammar.", Topic.LANGUAGE, Stance.NONE),
        ("User flair", "Optional. Set it in the sidebar.", Topic.FLAIR, Stance.NONE),
        ("Promotional posts", "One per quarter and per project.", Topic.PROMOTION, Stance.ALLOWS_WHEN),
        ("Trading", "Buying and selling belongs in the sister sub.", Topic.PROMOTION, Stance.FORBIDS),
        ("No Discord invites", "Server ads are removed.", Topic.OWN_SITE, Stance.FORBIDS),
        ("Clean addresses", "Strip utm and other trackers before posting.", Topic.REFERRAL, Stance.FORBIDS),
        ("No advertising", "We remove posts whose main purpose is a sale.", Topic.PROMOTION, Stance.FORBIDS),
        ("PMs", "Don't settle deals by PM, do it in the comments.", Topic.DIRECT_MESSAGES, Stance.FORBIDS),
        ("No messages behind the scenes", "", Topic.DIRECT_MESSAGES, Stance.FORBIDS),
        ("Everything in the open", "No back-channels.", Topic.DIRECT_MESSAGES, Stance.FORBIDS),
        ("Out in the open", "Take no side conversations elsewhere.", Topic.DIRECT_MESSAGES, Stance.FORBIDS),
        ("Referral links", "Instant ban. Yes, even if you disclose it.", Topic.REFERRAL, Stance.FORBIDS),
        ("Don't worry about titles", "Just write what is on your mind.", Topic.TITLE, Stance.NONE),
        ("Titles", "[Town] [Month] - what you saw", Topic.TITLE, Stance.REQUIRES),
        ("No undisclosed promotion", "", Topic.DISCLOSURE, Stance.REQUIRES),
        ("Crossposts", "They are more than welcome.", Topic.REPOSTS, Stance.NONE),
        ("Surveys", "Saturdays, with results posted afterwards.", Topic.SURVEYS, Stance.ONLY_ON),
    ],
)
def test_a_rule_in_the_words_of_a_community_is_read(name: str, description: str, topic: Topic, stance: Stance) -> None:
    assert stances(name, description)[topic] is stance
