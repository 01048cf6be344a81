"""The limits of the outcome table, held against a text, told to a writer, and told once more when it was posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.drafting.checks import check
from core.drafting.drafts import Poster, Remark
from core.drafting.grounds import Grounds
from core.drafting.history import History
from core.drafting.outcomes import (
    Limit,
    check_outcome,
    limits_of,
    may_be_written_again,
    told_when_posted,
    why_under_limits,
)
from core.drafting.prompt import Assignment, build_prompt
from core.drafting.text import Text
from core.model import Account, AccountState, State
from tests.core.drafting.material import FLAT_RULE, NOW, WORKSPACE, grounds, profile, rules
from tests.core.drafting.test_grounds import tracked

BARE = Text("How do you get paid on time?", "I waited for two years. What helps you?")
NAMED = Text("How do you get paid on time?", "I work on Tallybird. I waited for two years. What helps you?")
LINKED = Text("How do you get paid on time?", "I waited for two years: https://example.com/story. What helps you?")
LECTURE = Text("Five ways to get paid", "Send the invoice at once. Say when it is due. Call early.")


def after_a_removal(days_ago: float = 5) -> Grounds:
    return replace(grounds(known=profile()), history=History(removed=(tracked(State.REMOVED, days_ago),)))


def limits_passed(text: Text, on: Grounds) -> list[tuple[str, str]]:
    return [(remark.code, remark.level) for remark in check(text, on) if remark.check == "limits"]


def test_after_a_removal_a_text_does_without_product_and_links_until_a_day_that_is_told() -> None:
    on = after_a_removal()
    assert limits_of(on) == set(Limit)
    assert limits_passed(BARE, on) == []
    assert limits_passed(NAMED, on) == limits_passed(LINKED, on) == [("limit:recent_removals", "problem")]
    [remark] = [remark for remark in check(NAMED, on) if remark.check == "limits"]
    assert remark.text == (
        "A post of yours was removed from r/harborfounders on 18 Nov 2026, 12:00 UTC. A post there does without the "
        "product and without links until 2 Dec 2026, 12:00 UTC. The text names Tallybird, or links its site."
    )


def test_after_fourteen_days_the_limits_are_over() -> None:
    on = after_a_removal(15)
    assert limits_of(on) == set()
    assert limits_passed(NAMED, on) == limits_passed(LECTURE, on) == []


def test_under_limits_a_lecture_is_advised_against_and_a_story_or_a_question_is_not() -> None:
    on = after_a_removal()
    assert limits_passed(LECTURE, on) == [("limit:archetype", "advice")]
    [advice] = [remark for remark in check(LECTURE, on) if remark.check == "limits"]
    assert advice.text == ("It neither asks nor tells what you lived: under limits, r/harborfounders takes those best.")
    assert limits_passed(replace(LECTURE, body="[your own words: a tip]"), on) == []
    story = Text("Getting paid", "I waited for my money, and I wrote to my customers, and we talked.")
    assert limits_passed(story, on) == []
    assert limits_passed(LECTURE, grounds(known=profile())) == []


def test_a_rule_that_forbids_is_told_once_and_not_as_a_limit_again() -> None:
    on = grounds(known=profile(), ruled=rules(FLAT_RULE))
    assert limits_of(on) == set(Limit)
    assert limits_passed(NAMED, on) == []
    broken: list[Remark] = [r for r in check(NAMED, on) if r.code == "rule:promotion"]
    assert [remark.level for remark in broken] == ["problem"]


def test_a_writer_hears_the_limits_after_a_removal() -> None:
    limited = build_prompt(after_a_removal(), Assignment()).text
    for words in ("Do not name the product", "Link nothing", "Make it a question to the community, or a story"):
        assert words in limited
        assert words not in build_prompt(after_a_removal(15), Assignment()).text


@pytest.mark.parametrize(
    ("text", "told"), [(BARE, ["account"]), (NAMED, ["account", "recent_removals"]), (LECTURE, ["account"])]
)
def test_who_posted_hears_why_it_had_better_waited_and_which_limits_it_passed(text: Text, told: list[str]) -> None:
    hidden = Account(1, WORKSPACE, "ada_w", AccountState.SHADOWBANNED, NOW - timedelta(days=1), "alice")
    on = replace(after_a_removal(), poster=Poster("alice", "alice", "ada_w"))
    on = replace(on, history=replace(on.history, accounts=(hidden,)))
    assert [reason.code for reason in told_when_posted(text, on)] == told
    assert told_when_posted(text, grounds(known=profile())) == ()


def test_a_models_text_where_none_is_taken_is_told_and_a_persons_is_not() -> None:
    no_models = replace(FLAT_RULE, short_name="No AI", description="Text written by AI is not allowed.")
    on = grounds(known=profile(), ruled=rules(no_models))
    by_model = replace(BARE, generated=(BARE.whole,))
    assert [reason.code for reason in told_when_posted(by_model, on)] == ["ai_text"]
    assert told_when_posted(BARE, on) == ()


HIDDEN = Account(1, WORKSPACE, "ada_w", AccountState.SHADOWBANNED, NOW - timedelta(days=1), "alice")


def of_ada(on: Grounds) -> Grounds:
    by_ada = replace(on, poster=Poster("alice", "alice", "ada_w"))
    return replace(by_ada, history=replace(by_ada.history, accounts=(HIDDEN,)))


def test_what_keeps_a_draft_from_being_approved_is_told_before_the_limits_it_breaks() -> None:
    on = of_ada(after_a_removal())
    assert list(check_outcome(NAMED, on)) == [
        Remark(
            "outcome",
            "problem",
            "u/ada_w is shadowbanned: what it posts is seen by nobody. Appeal first: reddit.com/appeals",
            "account",
        ),
        Remark(
            "limits",
            "problem",
            "A post of yours was removed from r/harborfounders on 18 Nov 2026, 12:00 UTC. A post there does without "
            "the product and without links until 2 Dec 2026, 12:00 UTC. The text names Tallybird, or links its site.",
            "limit:recent_removals",
        ),
    ]
    [of_link] = check_outcome(LINKED, after_a_removal())
    assert of_link.text.endswith("until 2 Dec 2026, 12:00 UTC. The text has a link.")
    assert list(check_outcome(NAMED, grounds(known=profile()))) == []


def test_why_a_draft_is_under_limits_is_told_without_what_keeps_it_back() -> None:
    on = of_ada(replace(after_a_removal(), rules=rules(FLAT_RULE)))
    assert [reason.code for reason in why_under_limits(on)] == ["recent_removals", "rules"]
    assert why_under_limits(grounds(known=profile())) == ()


def test_a_model_writes_again_freely_or_under_limits_and_not_where_it_may_not() -> None:
    no_models = replace(FLAT_RULE, short_name="No AI", description="Text written by AI is not allowed.")
    assert may_be_written_again(grounds(known=profile()))
    assert may_be_written_again(after_a_removal())
    assert not may_be_written_again(after_a_removal(1))
    assert not may_be_written_again(of_ada(grounds(known=profile())))
    assert not may_be_written_again(grounds(known=profile(), ruled=rules(no_models)))
    assert not may_be_written_again(grounds(known=profile(), held=()))


def test_a_text_that_neither_asks_nor_tells_is_seen_in_title_and_text() -> None:
    on = after_a_removal()
    advice = [("limit:archetype", "advice")]
    assert limits_passed(replace(LECTURE, title="Five ways?"), on) == []
    assert limits_passed(replace(LECTURE, title="How I got paid"), on) == []
    assert limits_passed(LECTURE, on) == advice
    assert limits_passed(LECTURE, replace(grounds(known=profile()), rules=rules(FLAT_RULE))) == advice
