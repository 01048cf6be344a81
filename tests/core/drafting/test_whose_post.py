"""Whose earlier post something is: the ledger, limits of time and approvals ask by members' ids, not by their names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.drafting.conduct import Ledger, is_theirs, ledgers
from core.drafting.drafts import Poster
from core.drafting.history import History, OwnText
from core.model import State, is_same_member
from tests.core.drafting.material import NOW, grounds
from tests.core.drafting.ruled import HERE

ALEX = Poster("u1", "Alex", "alex_w")


def posted(by: str, by_id: str | None, account: str | None = None) -> OwnText:
    at = NOW - timedelta(days=2)
    return OwnText(HERE, "Question", "Words", at, by, by_id, account, post_id=1, state=State.LIVE)


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        (posted("Alex", "u1"), True),
        (posted("Alex", "u2"), False),  # another member of that name
        (posted("Alexandra", "u1"), True),  # as they were called then
        (posted("Alex", None), True),
        (posted("Bo", None), False),
        (posted("Alex", "u2", "Alex_W"), True),
    ],
)
def test_a_post_is_of_the_member_who_registered_it_whatever_their_name(own: OwnText, theirs: bool) -> None:
    on = replace(grounds(), poster=ALEX, history=History(texts=(own,)))
    assert is_theirs(own, on) is theirs
    assert ledgers(on) == (Ledger(0, int(theirs), "your"), Ledger(0, 1, "the team’s"))


def test_a_poster_of_whom_only_the_name_is_known_has_the_posts_of_that_name() -> None:
    on = replace(grounds(), poster=Poster(None, "Alex"))
    assert [is_theirs(posted(name, "u2"), on) for name in ("Alex", "Bo")] == [True, False]


def test_names_are_compared_only_where_an_id_is_not_known() -> None:
    assert is_same_member("u1", "Alex", "u1", "Alexandra")
    assert not is_same_member("u1", "Alex", "u2", "Alex")
    assert is_same_member("u1", "Alex", None, "Alex")
    assert not is_same_member(None, "Alex", "u1", "Alexandra")
