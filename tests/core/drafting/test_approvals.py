"""What alerts about a draft say of it, and how what an approval stands on is kept."""

from __future__ import annotations

import json

import pytest

from core.drafting.approvals import (
    AboutDraft,
    Addressed,
    Approval,
    Change,
    ChangeKind,
    Pinned,
    PinnedFact,
    told_approved,
    told_voided,
    told_waiting,
)
from core.model import AlertKind, NewAlert
from core.records import dump, read
from core.requirements import Flair, Requirements
from tests.core.drafting.material import NOW

ABOUT = AboutDraft(5, "harborfounders", "How it went", "Alice")
APPROVAL = Approval(8, "w", 5, 2, "Bob", "bob", NOW, Pinned())
CAROL = Addressed("carol", "Carol", "The office")
OF_DRAFT = {"draft": 5, "community": "harborfounders", "title": "How it went", "poster": "Alice"}
TO_CAROL = {**OF_DRAFT, "to": "Carol", "workspace": "The office"}


def test_an_alert_about_an_approval_tells_which_draft_who_approved_it_and_what_changed() -> None:
    changes = [Change(ChangeKind.FACT_CHANGED, "2", "b" * 601, "a" * 601), Change(ChangeKind.RULE_NEW, "Be kind")]
    facts = {
        **OF_DRAFT,
        "approved_by": "Bob",
        "approved_at": NOW.isoformat(),
        "changes": [
            {"kind": "fact_changed", "name": "2", "before": "b" * 600, "after": "a" * 600},
            {"kind": "rule_new", "name": "Be kind", "before": "", "after": ""},
        ],
        "changes_count": 2,
    }
    assert ABOUT.facts(APPROVAL, changes) == facts
    assert ABOUT.facts(APPROVAL) == {**facts, "changes": [], "changes_count": 0}
    assert ABOUT.voided(APPROVAL, changes) == NewAlert(AlertKind.DRAFT_VOIDED, "approval:8:void", facts)


@pytest.mark.parametrize(("count", "told"), [(10, 10), (11, 10)])
def test_ten_changes_are_told_and_all_are_counted(count: int, told: int) -> None:
    facts = ABOUT.facts(APPROVAL, [Change(ChangeKind.RULE_GONE, str(n)) for n in range(count)])
    assert ([change["name"] for change in facts["changes"]], facts["changes_count"]) == (
        [str(n) for n in range(told)],
        count,
    )


def test_who_is_asked_to_approve_is_told_once_for_each_time_that_it_waits() -> None:
    assert told_waiting(ABOUT, CAROL, "Alice", 3) == NewAlert(
        AlertKind.DRAFT_WAITS, "draft:5:waits:3:carol", {**TO_CAROL, "by": "Alice"}, to_member="carol"
    )


def test_a_poster_is_told_of_the_approval_and_of_its_end() -> None:
    assert told_approved(ABOUT, CAROL, "Bob", NOW, 3) == NewAlert(
        AlertKind.DRAFT_APPROVED,
        "draft:5:approved:3:carol",
        {**TO_CAROL, "approved_by": "Bob", "approved_at": NOW.isoformat()},
        to_member="carol",
    )
    for_all = ABOUT.voided(APPROVAL, [])
    assert told_voided(for_all, CAROL) == NewAlert(
        AlertKind.DRAFT_VOIDED,
        "approval:8:void:to:carol",
        {**for_all.facts, "to": "Carol", "workspace": "The office"},
        to_member="carol",
    )


@pytest.mark.parametrize(
    "pinned",
    [
        Pinned(),
        Pinned(
            3,
            (("Be kind", "No insults."), ("No links", "")),
            (("links", "forbids"),),
            (PinnedFact(2, 1, "37 used it."), PinnedFact(4, 2, "It rained.")),
            (7, 9),
            Requirements.read({"title_text_min_length": 5}),
            (Flair("Story", "f1"), Flair("Weekly", "f2", mod_only=True)),
        ),
        Pinned(flairs=()),
    ],
)
def test_what_an_approval_stands_on_is_read_as_it_was_kept(pinned: Pinned) -> None:
    kept = json.loads(json.dumps(dump(pinned)))
    assert read(Pinned, kept) == pinned
    assert set(kept) == {"rules_id", "rules", "demands", "facts", "pattern_ids", "requirements", "flairs", "is_known"}


def test_what_an_approval_of_an_earlier_version_stands_on_is_read_as_far_as_it_was_kept() -> None:
    earlier = dump(Pinned(3, (("Be kind", ""),)))
    del earlier["requirements"], earlier["flairs"], earlier["is_known"]
    assert read(Pinned, earlier) == Pinned(3, (("Be kind", ""),))


def test_flairs_and_requirements_are_read_alike_from_an_approval_and_from_their_community() -> None:
    """Before, an approval that was kept with a moderators' flair would have ended as if the flair had changed."""
    flair, required = (
        Flair("Mod post", "f-1", mod_only=True),
        Requirements(is_flair_required=True, guidelines_text="Be kind"),
    )
    kept = {"flairs": dump((flair,)), "requirements": required.dump()}
    assert kept["flairs"] == [{"text": "Mod post", "id": "f-1", "mod_only": True}]
    pinned = read(Pinned, json.loads(json.dumps(kept)))
    assert (pinned.flairs, pinned.requirements) == ((flair,), required)
    assert dump(pinned)["flairs"] == kept["flairs"]
