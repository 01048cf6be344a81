"""What is said about a draft that repeats an earlier text of the team, or that is silent about who posts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.clock import moment
from core.drafting.conduct import check_disclosure, check_duplicates
from core.drafting.drafts import Remark
from core.drafting.history import History, OwnText
from core.drafting.text import Text
from core.model import State
from tests.core.drafting.material import NOW, grounds

TITLE = "How to make late payers answer"
BODY = "37 freelancers used it in the first 6 months. How do others here handle this?"
WHEN = NOW - timedelta(days=3)


def own(**changes: Any) -> OwnText:
    return OwnText(**{"community": "tea", "title": TITLE, "body": BODY, "at": WHEN, "by": "bob", **changes})


def told(*texts: OwnText, body: str = BODY) -> list[Remark]:
    on = replace(grounds(), history=History(texts=texts))
    return list(check_duplicates(Text(TITLE, body), on))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"post_id": 8, "draft_id": 5, "state": State.LIVE}, "post 8 in r/tea, posted by bob"),
        ({"draft_id": 5, "is_approved": True}, "draft 5 in r/tea, approved by bob"),
        ({"state": State.REMOVED}, "a post in r/tea, posted by bob"),
    ],
)
def test_a_text_like_one_that_was_posted_or_approved_is_a_problem(changes: dict[str, Any], said: str) -> None:
    [remark] = told(own(draft_id=4), own(**changes))
    assert (remark.check, remark.level, remark.code) == ("duplicates", "problem", "near_duplicate")
    assert remark.text == (f"It says nearly the same as {said}, {moment(WHEN)}. Moderators take that for spam.")


def test_a_text_like_one_that_was_only_drafted_is_advice_where_that_is_for_another_community() -> None:
    [remark] = told(own(draft_id=5), own(draft_id=6, community="soup"))
    assert (remark.check, remark.level, remark.code) == ("duplicates", "advice", "near_draft")
    assert remark.text == "Draft 5 for r/tea says nearly the same: post one of them."
    assert told(own(draft_id=5, community="harborfounders")) == []


def test_another_text_is_no_duplicate() -> None:
    posted = own(post_id=8, state=State.LIVE)
    assert told(posted, body="The kiln was hot and the pot held for a week.") == []
    assert told() == []


@pytest.mark.parametrize(
    ("body", "because", "level", "code"),
    [
        ("I work on Tallybird. It reminds people.", None, "ok", "disclosed"),
        ("Tallybird reminds people.", None, "problem", "disclosure"),
        ("Tallybird reminds people.", "The rules of the place forbid it.", "advice", "disclosure_left_out"),
        ("People forget to pay.", None, None, None),
    ],
)
def test_whether_a_text_says_how_its_poster_belongs_to_the_product(
    body: str, because: str | None, level: str | None, code: str | None
) -> None:
    told = list(check_disclosure(replace(Text(TITLE, body), undisclosed_because=because), grounds()))
    assert [(r.check, r.level, r.code) for r in told] == ([("disclosure", level, code)] if level else [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Tallybird writes by itself. This comes from our own bench, so weigh it.", "disclosed"),
        ("Tallybird writes by itself. Which soil do you use?", "disclosure"),
    ],
)
def test_what_the_model_reads_as_its_owners_is_disclosed(body: str, code: str) -> None:
    assert [remark.code for remark in check_disclosure(Text(TITLE, body), grounds())] == [code]
