from __future__ import annotations

import pytest

from bot.approval_words import change_line
from core.drafting.approvals import Change, ChangeKind
from core.requirements import Requirements


def test_a_requirement_is_told_in_words_before_and_now() -> None:
    longer = Change(ChangeKind.REQUIREMENT_CHANGED, "title_text_max_length", "80", "40")
    assert change_line(longer) == "Changed: the greatest length of a title.\nBefore: “80”\nNow: “40”"
    flair = Change(ChangeKind.REQUIREMENT_CHANGED, "is_flair_required", "", "yes")
    assert change_line(flair) == "Changed: whether a post needs a flair.\nBefore: “nothing”\nNow: “yes”"
    flairs = Change(ChangeKind.FLAIRS_CHANGED, "", "Question", "Question, Story")
    assert change_line(flairs) == "Changed: its flairs.\nBefore: “Question”\nNow: “Question, Story”"


@pytest.mark.parametrize("name", Requirements.__slots__)
def test_every_requirement_has_words(name: str) -> None:
    assert name not in change_line(Change(ChangeKind.REQUIREMENT_CHANGED, name, "", "x"))
