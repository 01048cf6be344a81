"""What a rule says of links to what somebody makes is read into one demand, on the own site."""

from __future__ import annotations

import pytest

from core.communities import Rule
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import read_rule


@pytest.mark.parametrize(
    ("name", "description", "banned"),
    [
        ("No shop links", "Name what helped you.", "No shop links"),
        ("Makers", "If you make it, say so. Do not link your shop.", "Do not link your shop"),
        ("Makers", "Your work may be named but not linked.", "Your work may be named but not linked"),
        ("Makers", "On the other six days do not link to it.", None),
        ("Makers", "Do not link to it unless somebody asks.", None),
        ("Links", "A direct link to free rules is fine. No links to stores.", None),
        ("Manuals", "No links to eBay. Manuals are fine.", None),
    ],
)
def test_a_ban_on_own_links_is_a_demand_on_the_own_site_whichever_way_it_is_said(
    name: str, description: str, banned: str | None
) -> None:
    demands = [one for one in read_rule(Rule(name, description, "all")) if one.topic is Topic.OWN_SITE]
    assert [(one.stance, one.quote) for one in demands] == ([(Stance.FORBIDS, banned)] if banned else [])


@pytest.mark.parametrize(
    ("name", "topics"),
    [
        ("No links to your own website", {Topic.OWN_SITE: Stance.FORBIDS}),
        ("No shop links", {Topic.LINKS: Stance.ALLOWS_WHEN, Topic.OWN_SITE: Stance.FORBIDS}),
    ],
)
def test_a_ban_on_own_links_alone_limits_no_others_and_one_on_shop_links_does(
    name: str, topics: dict[Topic, Stance]
) -> None:
    demands = read_rule(Rule(name, "Name what helped you.", "all"))
    of_links = (Topic.LINKS, Topic.OWN_SITE)
    assert {one.topic: one.stance for one in demands if one.topic in of_links and one.restricts} == topics


def test_a_condition_on_own_links_stands_beside_the_words_that_ban_them() -> None:
    rule = Rule("No links to your own website", "...unless a mod gave you the Verified Maker badge.", "all")
    assert {one.topic: one.stance for one in read_rule(rule) if one.restricts} == {Topic.OWN_SITE: Stance.ALLOWS_WHEN}


def test_a_rule_for_comments_bans_no_links_of_posts() -> None:
    assert read_rule(Rule("Comments", "Do not link your shop.", "comment")) == ()
