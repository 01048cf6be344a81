"""What a text has is asked in many rooms; all of them must say the same of every example."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.campaigns import Fact, FactKind
from core.clock import SystemClock
from core.communities import Rule
from core.drafting.checks import check
from core.drafting.drafts import Poster
from core.drafting.marks import speaks_for_one
from core.drafting.text import Text as Draft
from core.gateways.sample import Fate, SampleReddit
from core.patterns import read_pattern
from core.texts.features import found
from core.texts.markup import Text
from tests.core.analysis.quick_reader import features
from tests.core.drafting.material import grounds, pattern, rules
from tests.core.texts.feature_examples import EXAMPLES, text
from tests.core.visibility.world import START

PROMOTION = [*EXAMPLES["promotion"][0], *EXAMPLES["promotion"][1]]
LINKS = [*EXAMPLES["link"][0], *EXAMPLES["link"][1]]


@pytest.mark.parametrize("example", PROMOTION)
def test_profiles_checks_and_the_sample_reddit_see_the_same_promotion(
    example: str | tuple[str, str], tmp_path: Path
) -> None:
    read = text(example)
    has = bool(found("promotion", read))
    assert ("promotion" in features(read.title, read.body)["found"]) is has
    told = [one.text for one in check(Draft(read.title, read.body), grounds())]
    assert any(one.startswith("Sounds like an advertisement") for one in told) is has
    sample = SampleReddit(tmp_path / "sample.json", SystemClock())
    assert (sample.publish("harborfounders", read.title, read.body).fate is Fate.REMOVED) is has


@pytest.mark.parametrize("example", LINKS)
def test_profiles_checks_patterns_and_the_sample_reddit_see_the_same_links(
    example: str | tuple[str, str], tmp_path: Path
) -> None:
    read = text(example)
    has = bool(found("link", read))
    assert ("link" in features(read.title, read.body)["found"]) is has
    learned = pattern("a link", category="link")
    assert bool(learned.catches(read)) is has
    on = grounds(ruled=rules(Rule("No links", "", "all")), patterns=[learned])
    told = {one.check: one.text for one in check(Draft(read.title, read.body), on)}
    assert (told["links"] == "No links.") is not has
    assert ("patterns" in told) is has
    sample = SampleReddit(tmp_path / "sample.json", SystemClock())
    if not found("promotion", read):
        assert (sample.publish("quietmarketing", read.title, read.body).fate is Fate.HELD) is has


@pytest.mark.parametrize(
    ("body", "category", "feature"),
    [
        ("links", "link", "link"),
        ("referral links", "link", "referral"),
        ("words in capitals", "tone", "capitals"),
        ("surveys", "topic", "survey"),
        ("naming our product", "promotion", "self_promotion"),
        ("link dumps", "other", None),
        ("posts that are too short", "length", None),
        ("“kiln” and “glaze”", "link", None),
    ],
)
def test_a_members_own_words_are_looked_for_by_the_feature_they_name_or_as_they_stand(
    body: str, category: str, feature: str | None
) -> None:
    key, params = read_pattern(body, category)
    assert key == feature
    assert bool(params) is (feature is None)


@pytest.mark.parametrize(
    ("statement", "says_i"),
    [
        ("I waited 40 days for it.", True),
        ("It saved my morning, and so said I.", True),
        ("It saves 3 hours, i.e. a morning.", False),
        ("It tests each I/O port.", False),
        ("Teams of 3 use it.", False),
    ],
)
def test_a_title_and_a_fact_are_of_the_first_person_alike(statement: str, says_i: bool) -> None:
    assert bool(found("title_first_person", Text(statement, ""))) is says_i
    assert speaks_for_one(statement) is says_i
    told = Fact(1, "w", 1, FactKind.PRODUCT, statement, "Bob", START, owner_id="bob")
    assert replace(grounds(), poster=Poster("carol", "Carol")).is_lived_by_another(told) is says_i
