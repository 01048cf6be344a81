"""What a person fixed by hand, and whether a new text has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from core.drafting.drafts import Draft, DraftStatus, Poster, Revision, RevisionOrigin
from core.drafting.keeping import PASSAGES_MAX, SHOWN_CHARS, kept_passages, lost_passages

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
MODELS = Revision(
    1, RevisionOrigin.MODEL, "Late payers", "We chased letters. It took long.\n\nHow about you?", (), "m", AT
)


def draft(*revisions: Revision) -> Draft:
    return Draft(1, "w", 1, "tea", DraftStatus.EDITED, revisions, "alice", AT, Poster("alice", "Alice"))


def by_hand(body: str, title: str = "Late payers") -> Revision:
    return replace(MODELS, number=2, origin=RevisionOrigin.PERSON, title=title, body=body)


def test_only_the_sentences_that_a_person_changed_are_kept() -> None:
    edited = by_hand("We chased  letters. It took 41 days!\n\nHow about you?", title="Late payers, again")
    assert kept_passages(draft(MODELS, edited)) == ("Late payers, again", "It took 41 days!")


def test_nothing_is_kept_of_a_models_own_text_or_of_one_that_only_people_wrote() -> None:
    assert kept_passages(draft(MODELS)) == ()
    assert kept_passages(draft(by_hand("All my own. Every word."))) == ()


def test_a_whole_new_text_keeps_a_bounded_number_of_passages() -> None:
    edited = by_hand(" ".join(f"Sentence {number}." for number in range(40)))
    assert len(kept_passages(draft(MODELS, edited))) == PASSAGES_MAX


def test_a_passage_is_found_again_however_its_spaces_and_letters_stand_and_told_when_it_is_lost() -> None:
    kept = ("It took 41 days!", "Nobody answered.")
    [lost] = lost_passages(kept, "A title", "Well: it took\n41  days! So what?")
    assert (lost.level, lost.code) == ("advice", "kept:lost")
    assert lost.text == "“Nobody answered.” was fixed by hand, and the new text has not kept it."


def test_a_long_passage_that_was_lost_is_shown_by_its_beginning() -> None:
    whole, long = "w" * SHOWN_CHARS, "w" * (SHOWN_CHARS - 2) + " tail"
    shown = [remark.text.partition("”")[0] for remark in lost_passages((whole, long), "A title", "Another text.")]
    assert shown == [f"“{whole}", "“" + "w" * (SHOWN_CHARS - 2) + "…"]
