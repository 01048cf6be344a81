"""What Reddit asks of a post is taken as it is told; what it does not tell asks nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.records import dump
from core.requirements import BodyPolicy, Flair, LinkPolicy, Requirements, flairs_in

# As the API documents its answer, with invented values.
ANSWER: dict[str, Any] = {
    "title_regexes": [r"^\[.+\]"],
    "body_blacklisted_strings": ["dm me"],
    "title_blacklisted_strings": ["% off"],
    "body_text_max_length": 5000,
    "title_required_strings": ["[help]", "[show]"],
    "guidelines_text": "Be kind.",
    "gallery_min_items": None,
    "domain_blacklist": ["https://www.Shop.example/"],
    "domain_whitelist": [],
    "title_text_max_length": 120,
    "body_restriction_policy": "required",
    "link_restriction_policy": "blacklist",
    "guidelines_display_policy": None,
    "body_required_strings": [],
    "title_text_min_length": 10,
    "gallery_captions_requirement": "none",
    "is_flair_required": True,
    "gallery_max_items": None,
    "gallery_urls_requirement": "none",
    "body_regexes": [],
    "link_repost_age": 30,
    "body_text_min_length": 80,
}


def test_reddits_answer_is_read_field_by_field() -> None:
    assert Requirements.read(ANSWER) == Requirements(
        title_text_min_length=10,
        title_text_max_length=120,
        title_required_strings=("[help]", "[show]"),
        title_blacklisted_strings=("% off",),
        title_regexes=(r"^\[.+\]",),
        body_restriction_policy=BodyPolicy.REQUIRED,
        body_text_min_length=80,
        body_text_max_length=5000,
        body_blacklisted_strings=("dm me",),
        link_restriction_policy=LinkPolicy.NOT_THESE,
        domain_blacklist=("shop.example",),
        link_repost_age=30,
        is_flair_required=True,
        guidelines_text="Be kind.",
    )


@pytest.mark.parametrize(
    "written",
    ["shop.example", " WWW.Shop.example/ ", "https://shop.example:443/a?b", "shop.example/wares"],
)
def test_a_domain_is_its_host_however_it_is_written(written: str) -> None:
    assert Requirements.read({"domain_blacklist": [written]}).domain_blacklist == ("shop.example",)


def test_a_domain_that_cannot_be_read_asks_nothing() -> None:
    assert Requirements.read({"domain_whitelist": ["https://"]}) == Requirements()


def test_a_list_of_domains_without_a_policy_says_itself_what_it_is() -> None:
    assert Requirements.read({"domain_whitelist": ["a.example"]}).link_restriction_policy is LinkPolicy.ONLY_THESE
    assert Requirements.read({"domain_blacklist": ["a.example"]}).link_restriction_policy is LinkPolicy.NOT_THESE
    switched_off = {"domain_blacklist": ["a.example"], "link_restriction_policy": "none"}
    assert Requirements.read(switched_off).link_restriction_policy is LinkPolicy.FREE


@pytest.mark.parametrize("field", list(ANSWER))
def test_one_field_of_another_shape_asks_nothing_and_spoils_no_other(field: str) -> None:
    told = Requirements.read({**ANSWER, field: {"odd": [1]}})
    changed = {
        name for name in Requirements.__slots__ if getattr(told, name) != getattr(Requirements.read(ANSWER), name)
    }
    assert changed <= {field, "link_restriction_policy"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(ANSWER)), _JSON))
@example({"guidelines_text": "none"})  # which is Reddit's word for a policy that asks nothing
def test_whatever_is_told_is_kept_and_read_again_as_it_was(told: dict[str, Any]) -> None:
    read = Requirements.read(told)
    assert Requirements.read(read.dump()) == read


@given(_JSON)
def test_whatever_stands_for_flairs_is_read_without_fail(told: Any) -> None:
    flairs = flairs_in(told)
    assert flairs is None or flairs_in(dump(flairs)) == flairs


def test_flairs_come_as_objects_or_as_their_texts() -> None:
    assert flairs_in(["Help", {"text": "Mods", "mod_only": True, "id": "x"}, {"text": " "}, 3]) == (
        Flair("Help"),
        Flair("Mods", "x", mod_only=True),
    )
    assert flairs_in([]) == ()
    assert flairs_in([3]) is None
    assert flairs_in("Help") is None
