"""The steps of a press on a mark, and who may decide about a draft: pure, from drafts that were never kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.campaigns import FactKind
from core.clock import moment
from core.drafting.approvals import Ending
from core.drafting.deciding import Reviewed, _is_own, refuse_decided, remarks_of, text_of
from core.drafting.drafts import (
    Draft,
    DraftStatus,
    Mark,
    Poster,
    Remark,
    Revision,
    RevisionOrigin,
    Sentence,
    WayOut,
    already_decided,
)
from core.drafting.marking import _as_fact, _followed, _present, freed, generated, named
from core.drafting.marks import find
from core.drafting.text import Text
from core.errors import Advice, AlreadyDecided, Do, NotAllowedNow
from core.facts import NewFact
from core.model import Caller
from tests.core.drafting.material import NOW, grounds
from tests.core.drafting.test_approvals import APPROVAL

TITLE = "How we got paid"
BODY = "We like tea, and agencies love it. They adore the 9 letters."
ALICE = Caller("w", "alice", "Alice", "c")


def revision(number: int, body: str = BODY, origin: RevisionOrigin = RevisionOrigin.MODEL, **changes: Any) -> Revision:
    made = Revision(number, origin, TITLE, body, (), "model", NOW, by="Alice", by_id="alice")
    return replace(made, **changes)


def a_draft(*revisions: Revision, **changes: Any) -> Draft:
    made = Draft(
        5, "w", 1, "harborfounders", DraftStatus.GENERATED, revisions, "Alice", NOW, Poster("alice", "Alice", None)
    )
    return replace(made, **changes)


def marked(words: str, body: str = BODY, **changes: Any) -> Mark:
    start = f"{TITLE}\n{body}".index(words)
    made = Mark(3, "w", 5, 1, start, start + len(words), words, body, "unsupported", "no fact says so", True)
    return replace(made, **changes)


# ---------------------------------------------------------------- what a model wrote


def test_what_a_model_wrote_stays_its_own_through_a_persons_edits() -> None:
    first, second = Sentence("One.", (1,)), Sentence("Two.", (2,))
    draft = a_draft(
        revision(1, "One.", sentences=(first,)),
        revision(2, "By hand.", RevisionOrigin.PERSON, sentences=(Sentence("By hand.", (9,)),)),
        revision(3, "Two.", sentences=(second,)),
        revision(4, "Told.", RevisionOrigin.INTERVIEW),
    )
    assert generated(draft) == (f"{TITLE}\nOne.", f"{TITLE}\nTwo.")
    assert named(draft) == (first, second)
    assert text_of(replace(draft, undisclosed_because="They know.")) == Text(
        TITLE,
        "Told.",
        (f"{TITLE}\nOne.", f"{TITLE}\nTwo."),
        undisclosed_because="They know.",
        sentences=(first, second),
    )


def test_words_that_claim_nothing_are_known_by_who_said_so() -> None:
    free = {"way": WayOut.FREE, "decided_by": "Bob"}
    marks = [
        replace(marked("love it", **free), words="Love IT"),
        marked("They", way=WayOut.FREE),
        marked("adore"),
        marked("tea", way=WayOut.OUT, decided_by="Bob"),
    ]
    assert freed(marks) == {"love it": "Bob", "they": ""}


# ---------------------------------------------------------------- following


def test_marks_are_followed_from_the_last_text_whose_marks_are_on_record() -> None:
    edited = f"Hello all. {BODY}"
    draft = a_draft(revision(1), revision(2, edited, RevisionOrigin.PERSON))
    found = find(f"{TITLE}\n{edited}", generated(draft), grounds())
    old = [marked("love it", id=3), marked("adore", id=4), marked("love it", id=9, revision=0)]
    followed = {mark.words: mark for mark in _followed(draft, old, found, NOW)}
    assert {words: mark.id for words, mark in followed.items() if mark.id} == {"love it": 3, "adore the": 4}
    assert {mark.revision for mark in followed.values()} == {2}
    fresh = _followed(draft, [], found, NOW)
    assert [mark.id for mark in fresh] == [0] * len(found)
    # Marks of a text that is no longer there stand for the newest.
    lost = [marked("love it", edited, id=7, revision=8)]
    assert 7 in {mark.id for mark in _followed(draft, lost, found, NOW)}


def test_a_mark_that_is_gone_or_decided_is_not_decided_again() -> None:
    mark, other = marked("love it"), marked("adore", id=4)
    assert _present(mark, [other, replace(mark, start=99)]) == replace(mark, start=99)
    with pytest.raises(NotAllowedNow) as refused:
        _present(mark, [other])
    assert refused.value.what == (
        "“love it” is no longer marked in draft 5: the text was edited, or a fact carries it now."
    )
    do = refused.value.do
    assert isinstance(do, Advice)
    assert (do, do.act, do.about) == ("See the draft.", Do.SHOW_DRAFT, 5)
    decided = replace(mark, way=WayOut.OUT, decided_by="Bob", decided_at=NOW)
    with pytest.raises(AlreadyDecided, match="Bob took “love it” out"):
        _present(mark, [other, decided])
    for unknown in (
        mark,
        replace(decided, way=None),
        replace(decided, decided_by=None),
        replace(decided, decided_at=None),
    ):
        with pytest.raises(ValueError, match="nobody decided about mark 3"):
            already_decided(unknown)


# ---------------------------------------------------------------- becoming a fact


def test_a_mark_that_is_true_becomes_the_clause_although_other_words_stay_marked() -> None:
    draft = a_draft(revision(1))
    assert _as_fact(ALICE, draft, marked("love it"), grounds()) == NewFact(1, FactKind.PRODUCT, "Agencies love it.")
    assert _as_fact(ALICE, draft, marked("adore"), grounds()).body == "They adore the 9 letters."
    assert _as_fact(ALICE, draft, marked("9 letters"), grounds()).kind is FactKind.NUMBER


def test_what_is_private_or_another_lived_becomes_no_fact() -> None:
    secret = "Agencies write to ann@mail.example daily."
    with pytest.raises(NotAllowedNow) as refused:
        _as_fact(ALICE, a_draft(revision(1, secret)), marked("daily", secret), grounds())
    assert refused.value.what.endswith(", and that never becomes a fact.")
    assert refused.value.what.startswith("It holds ")
    assert refused.value.do == "Take it out, or make it a blank."
    lived = "Last spring I lost my biggest client."
    mark, draft = marked("lost", lived), a_draft(revision(1, lived))
    of_bob = replace(draft, poster=Poster("bob", "Bob", None))
    with pytest.raises(NotAllowedNow) as theirs:
        _as_fact(ALICE, of_bob, mark, grounds())
    assert (theirs.value.what, theirs.value.do) == (
        "It says what Bob lived, so only Bob can say that it is true.",
        "Take it out, make it a blank, or ask them.",
    )
    for poster in (Poster("alice", "Alice", None), Poster(None, "Bob", None)):
        made = _as_fact(ALICE, replace(draft, poster=poster), mark, grounds())
        assert (made.kind, made.body) == (FactKind.EXPERIENCE, lived)
    product = a_draft(revision(1), poster=Poster("bob", "Bob", None))
    assert _as_fact(ALICE, product, marked("love it"), grounds()).kind is FactKind.PRODUCT


# ---------------------------------------------------------------- who decides


@pytest.mark.parametrize(
    ("latest", "poster", "why"),
    [
        ({}, Poster("bob", "Bob"), "Alice asked for its last text"),
        ({"origin": RevisionOrigin.PERSON}, Poster("bob", "Bob"), "Alice wrote its last text"),
        ({"by_id": "bob"}, Poster("bob", "Bob"), ""),
        ({"by_id": None}, Poster("bob", "Bob"), "Alice asked for its last text"),
        ({"by_id": None, "by": "Bob"}, Poster("bob", "Bob"), ""),
        ({"by_id": "bob"}, Poster("alice", "A."), "Alice is to post it"),
        ({"by_id": "bob"}, Poster(None, "Alice"), "Alice is to post it"),
        ({"by_id": "bob"}, Poster("bob", "Alice"), ""),
        ({"by_id": "bob", "by": "Alice"}, Poster(None, "Bob"), ""),
    ],
)
def test_nobody_is_a_second_pair_of_eyes_for_what_they_wrote_asked_for_or_post(
    latest: dict[str, Any], poster: Poster, why: str
) -> None:
    draft = a_draft(revision(1), revision(2, **latest), poster=poster)
    assert _is_own("alice", "Alice", draft, poster) == why


@pytest.mark.parametrize(
    ("changes", "done", "by", "days"),
    [
        ({"status": DraftStatus.APPROVED, "decided_by": "Bob", "decided_at": NOW}, "approved", "Bob", 0),
        ({"status": DraftStatus.DISCARDED, "decided_by": "Bob", "decided_at": NOW}, "discarded", "Bob", 0),
        ({"status": DraftStatus.POSTED, "decided_by": "Bob", "decided_at": NOW}, "approved", "Bob", 0),
        ({"status": DraftStatus.APPROVED, "created_at": NOW - timedelta(days=2)}, "approved", "Alice", 2),
    ],
)
def test_a_decided_draft_is_refused_with_who_decided_and_when(
    changes: dict[str, Any], done: str, by: str, days: int
) -> None:
    at = NOW - timedelta(days=days)
    with pytest.raises(AlreadyDecided) as refused:
        refuse_decided(a_draft(revision(1), **changes))
    error = refused.value
    assert error.what == f"Draft 5 was {done} by {by} on {moment(at)}."
    assert isinstance(error.do, Advice)
    assert (error.do, error.do.act, error.do.about) == ("See it.", Do.SHOW_DRAFT, 5)
    assert (error.decided_by, error.decided_at) == (by, at)
    for status in (DraftStatus.GENERATED, DraftStatus.EDITED):
        refuse_decided(a_draft(revision(1), status=status))


async def test_remarks_of_today_keep_the_one_that_only_the_writing_could_find() -> None:
    lost = Remark("kept", "advice", "It was fixed by hand.", "kept:lost")
    old = Remark("title", "problem", "Gone by now.", "title_empty")
    draft = a_draft(revision(1, remarks=(old, lost)))
    now = await remarks_of(draft, grounds())
    assert now[-1] == lost
    assert old not in now
    free = [marked("love it", way=WayOut.FREE, decided_by="Bob")]
    [told] = [r for r in await remarks_of(draft, grounds(), free) if "“love it”" in r.text]
    assert (told.level, told.text.endswith("; Bob says that it claims nothing.")) == ("advice", True)


def test_of_a_reviewed_draft_the_problems_block_and_the_last_approval_stands_unless_it_ended() -> None:
    problem, advice = Remark("title", "problem", "x"), Remark("title", "advice", "y")
    draft = a_draft(revision(1))
    reviewed = Reviewed(draft, grounds(), (problem, advice))
    assert (reviewed.blocking, reviewed.approval) == ((problem,), None)
    ended = replace(APPROVAL, id=7, ending=Ending.EDITED)
    assert replace(reviewed, approvals=(ended, APPROVAL)).approval == APPROVAL
    assert replace(reviewed, approvals=(APPROVAL, ended)).approval is None
