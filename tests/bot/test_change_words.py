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


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Change(ChangeKind.RULE_NEW, "Be kind", after="Be kind"), "Rule “Be kind” is new."),
        (Change(ChangeKind.RULE_NEW, "Be kind", after="To all."), "Rule “Be kind” is new: “To all.”"),
        (Change(ChangeKind.RULE_GONE, "Be kind", before="Be kind"), "Rule “Be kind” is gone."),
        (Change(ChangeKind.RULE_GONE, "Be kind", before="To all."), "Rule “Be kind” is gone: “To all.”"),
        (Change(ChangeKind.FACT_GONE, "3", before="It is free."), "Fact 3 no longer stands: “It is free.”"),
    ],
)
def test_what_is_new_or_gone_is_said_once(change: Change, line: str) -> None:
    assert change_line(change) == line
