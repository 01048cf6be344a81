"""Forms that rules ask for: a kind of post on its days, a flair of every post, tags in titles."""

from __future__ import annotations

import pytest

from core.communities import Rule
from core.texts.rule_forms import asks_flair_of_every_post, is_of_kind, kind_and_days, tags_lacking
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import read_rule


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Trip reports on weekends only", ("trip report", (5, 6))),
        (" Trip reports are only allowed on Mon and Fri", ("trip report", (0, 4))),
        ("Trip posts belong to the weekend", ("trip", (5, 6))),
        ("Shop tours may be posted on Sundays", ("shop tour", (6,))),
        ("Self-promotion on Fridays only", ("", ())),  # a topic of its own
        ("Trip reports on Saturdays, Sundays and Mondays", ("trip report", (0, 5, 6))),
        ("Long trip reports on Friday to Sunday", ("long trip report", (4, 5, 6))),
        ("Trip reports on Sunday, no links on Monday", ("trip report", (6,))),
        ("Trip reports only", ("", ())),
        ("Trip reports on holidays only", ("", ())),
        ("Trip reports on any day", ("", ())),
        ("No posts about trips on Sundays", ("", ())),
        ("", ("", ())),
    ],
)
def test_a_name_gives_a_kind_of_post_its_days(name: str, expected: tuple[str, tuple[int, ...]]) -> None:
    assert kind_and_days(name) == expected


@pytest.mark.parametrize(
    ("title", "flair", "expected"),
    [
        ("Trip report: Iceland", "", True),
        ("[TRIP REPORT] Iceland", "", True),
        ("Trip Reports from Iceland", "", True),
        ("  Trip report", "", True),
        ("Trip report – ten days", "", True),
        ("My trip report", "", False),
        ("Trip reporting is hard", "", False),
        ("Trip report Iceland", "", False),
        ("Iceland", "Trip report", True),
        ("Iceland", "TRIP REPORTS", True),
        ("Iceland", "Trip", False),
        ("", "", False),
    ],
)
def test_a_post_is_of_a_kind_by_its_titles_beginning_or_its_flair(title: str, flair: str, expected: bool) -> None:
    assert is_of_kind("trip report", title, flair) is expected


def test_a_kinds_signs_are_no_pattern() -> None:
    assert is_of_kind("q.a", "Q.A: which glaze", "")
    assert not is_of_kind("q.a", "Qua: which glaze", "")


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("All posts must have a flair", True),
        ("FLAIR YOUR POST", True),
        ("Posts without a flair are removed", True),
        ("No flair, no post", True),
        ("Please choose the right flair", True),
        ("Set your user flair on every post", False),
        ("All posts show your own flair", False),
        ("Job offers are known by their flair", False),
        ("Flair users by their city", False),
    ],
)
def test_a_flair_is_asked_of_every_post_or_of_some_or_of_people(quote: str, expected: bool) -> None:
    assert asks_flair_of_every_post(quote) is expected


@pytest.mark.parametrize(
    ("rule", "title", "lacking"),
    [
        ("Use [Gear] or [Log] in the title", "My kiln", ("[Gear]", "[Log]")),
        ("Use [Gear], [Log] and [Help]", "Kiln [Shop]", ("[Gear]", "[Log]", "[Help]")),
        ("Use [Gear] or [Log] in the title", "[gear] My kiln", ()),
        ("Use [Gear] or [ Log ] in the title", "My kiln [ LOG]", ()),
        ("Use a tag such as [Gear] or [Log]", "[Shop] My kiln", ()),
        ("Use a tag such as [Gear] or [Log]", "My kiln", ("[Gear]", "[Log]")),
        ("Use [Gear] or [Log] in the title", "[Shop] My kiln", ("[Gear]", "[Log]")),
        ("Use [Gear] in the title", "My kiln", None),
        ("Use [Gear] when [Log] is full", "My kiln", None),
        ("Use tags", "[Gear] My kiln", None),
        (f"Use [{'g' * 40}] or [Log]", "My kiln", (f"[{'g' * 40}]", "[Log]")),
        (f"Use [{'g' * 41}] or [Log]", "My kiln", None),
    ],
)
def test_the_tags_are_told_of_which_a_title_has_none(rule: str, title: str, lacking: tuple[str, ...] | None) -> None:
    assert tags_lacking(rule, title) == lacking


@pytest.mark.parametrize(
    ("name", "description", "demands"),
    [
        ("Trip reports on weekends only", "Then.", [(Stance.ONLY_ON, "Trip reports on weekends only", (5, 6))]),
        ("Trip reports", "Tell us where you were.", []),
    ],
)
def test_the_days_of_a_kind_are_a_demand_on_timing(
    name: str, description: str, demands: list[tuple[Stance, str, tuple[int, ...]]]
) -> None:
    read = [one for one in read_rule(Rule(name, description, "all")) if one.topic is Topic.TIMING and one.restricts]
    assert [(one.stance, one.quote, one.weekdays) for one in read] == demands
