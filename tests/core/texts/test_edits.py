"""What an author added later is cut; what only speaks of editing stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.edits import without_edits

FIRST = "We fired the kiln twice and both times the glaze ran. What did we do wrong?"


@pytest.mark.parametrize(
    "later",
    [
        "EDIT: thanks for the gold",
        "Edit: Thanks everyone!\n\nI did not see this coming.\n\n* cone 6\n* cone 10",
        "Edit 2: solved",
        "edit2 - it was the cone",
        "EDIT #3: still open",
        "**EDIT** Wow, so many answers",
        "*edit*\n\nIt was the cone",
        "***Edit***: typo",
        "[EDIT] I forgot the picture",
        "~~EDIT: never mind~~",
        "UPDATE: it worked",
        "**Update 2** (9 pm): it worked",
        "Update: the second firing went well\n\nEdit: and the third",
        "Ninja edit: spelling",
        "FINAL EDIT -- we found it",
        "Edit for clarity: the blue glaze",
        "Edited to add: cone 6",
        "EDIT (04/25/12): thanks",
        "ETA: a picture",
        "Edit I should have said which glaze",
        "EDIT this is about the blue one",
        "Edit/Update: thanks all",
        "> edit: also the clay",
        "— edit: also the clay",
        "&gt;Edit: escaped",
        "=== Edit: Thursday ===",
        "3rd edit: it cracked",
        "edit = answered",
    ],
)
def test_lines_that_begin_with_a_marker_are_cut_with_all_that_follows(later: str) -> None:
    assert without_edits(f"{FIRST}\n\n{later}") == FIRST
    assert without_edits(f"{FIRST}\n{later}\n\nAnd one line more.") == FIRST


@pytest.mark.parametrize(
    "later",
    ["EDIT: thanks for the gold", "Edit: solved", "*edit* solved", "**EDIT 2:** it was the cone", "edit - solved it"],
)
def test_a_marker_behind_a_sentence_is_cut_with_all_that_follows(later: str) -> None:
    assert without_edits(f"{FIRST} {later} and more") == FIRST
    assert without_edits(f"{FIRST} {later}\n\nMore.") == FIRST


def test_capitals_need_no_sentence_before_them() -> None:
    assert without_edits("It was very hot EDIT: cone 6") == "It was very hot"
    assert without_edits("It was very hot edit: thanks all") == "It was very hot"


def test_of_an_edit_in_brackets_the_bracket_alone_goes() -> None:
    assert without_edits("It was hot (edit: cone 6) and it ran.\n\nWhy?") == "It was hot  and it ran.\n\nWhy?"
    assert without_edits("It was hot [Edit 2: not cone 6] and it ran.") == "It was hot  and it ran."


def test_at_the_top_the_paragraph_goes_and_the_text_stays() -> None:
    assert without_edits(f"EDIT: solved, thanks!\n\n{FIRST}") == FIRST
    assert without_edits(f"**Update:** solved\n\n*Edit:* really\n\n{FIRST}\n\nEdit 2: bye") == FIRST
    assert without_edits("EDIT: x\n\n" * 4_000 + FIRST) == FIRST


def test_a_body_that_is_one_edit_was_empty_and_one_that_is_one_update_is_the_post() -> None:
    assert without_edits("Edit: thanks for all the answers") == ""
    assert without_edits("Update: the second firing went well.") == "Update: the second firing went well."


@pytest.mark.parametrize(
    "later",
    [
        "Wow, this blew up.",
        "Thank you so much for the gold!",
        "Thanks for the kind gold, stranger!",
        "RIP my inbox.",
        "I never expected this many replies!",
        "Thanks everyone for all the great answers!",
        "We made it to the front page of reddit!",
    ],
)
def test_a_sentence_that_only_later_can_be_said_is_cut_alone(later: str) -> None:
    assert without_edits(f"{FIRST} {later} It is blue.") == f"{FIRST} It is blue."


@pytest.mark.parametrize(
    "text",
    [
        "Edit the file and save it.",
        "I edit videos: short ones and long ones.",
        "My latest edit: a trailer for the kiln.",
        "Edit mode is where I press e: nothing happens.",
        "UPDATE users SET name = 'x' WHERE id = 1",
        "    apt-get update\n    apt-get upgrade",
        "I will update this post tomorrow.",
        "The update: it broke my kiln's clock.",
        "Update to [this post](http://example.com/1) is below.",
        "See https://example.com/d/1/edit?usp=sharing",
        "After the 4.2 update, nothing works.",
        "Thanks for all your help in advance!",
        "When I plugged it in, it blew up and burned my hand.",
        "We made the front page of the local paper.",
        "Click (edit) beside your flair.",
        "Estimated arrival: the ETA is 5 minutes.",
        "Editor: Jane. Editing: also Jane.",
        "The credits: edition 2, updates monthly.",
        "",
    ],
)
def test_a_text_that_speaks_of_editing_stays_whole(text: str) -> None:
    assert without_edits(text) == text
    assert without_edits(f"{FIRST}\n\n{text}".rstrip()) == f"{FIRST}\n\n{text}".rstrip()


MARKERS = st.builds(
    lambda signs, word, number, stop: f"{signs}{word}{number}{signs}{stop} ",
    st.sampled_from(["", "*", "**", "***", "__", "~~"]),
    st.sampled_from(["edit", "Edit", "EDIT", "Ninja edit", "update", "UPDATE", "Quick update", "Edited"]),
    st.sampled_from(["", " 1", " #2", "3", " (4 pm)"]),
    st.sampled_from([":", " -", ";", " –", ":)"]),
)
WORDS = st.lists(st.sampled_from(["the", "kiln", "ran", "blue", "I", "63", "glaze", "\n", "cone"]), max_size=30).map(
    " ".join
)


@given(before=WORDS.filter(lambda text: bool(text.strip())), marker=MARKERS, after=WORDS)
def test_whatever_stands_behind_a_marker_changes_nothing(before: str, marker: str, after: str) -> None:
    assert without_edits(f"{before}\n\n{marker}{after}") == before.rstrip()


@given(st.text(alphabet=st.sampled_from("edit EDIT:*[]()\n.-#2>~thanksu pa"), max_size=200))
def test_nothing_is_added_or_reordered_and_a_second_cut_cuts_no_more(body: str) -> None:
    cut = without_edits(body)
    left = iter(body)
    assert all(character in left for character in cut), "what stays stands in the text, in its order"
    assert without_edits(cut) == cut


@given(st.text(max_size=300))
def test_any_text_is_read(body: str) -> None:
    assert len(without_edits(body)) <= len(body)


@pytest.mark.parametrize(
    ("body", "first"),
    [
        ("Hot.\nMy edit of the edit\nEDIT: cone 6", "Hot.\nMy edit of the edit"),
        ("My edit of the edit\nEDIT: cone 6", "My edit of the edit"),
        ("EDIT: solved\n\n  \n", ""),
        ("Update: solved\n\n  \n", "Update: solved\n\n  \n"),
        ("EDIT: solved\nNo gap, no text", ""),
        ("EDIT: solved\n \n  The text\n\nmore", "  The text\n\nmore"),
        ("EDIT: a\n\nUpdate: b\n\nText. Edit: c", "Text."),
        ("\n\nText\nEDIT: b\n\nmore", "\n\nText"),
        ("EDIT NOW is a mode", "EDIT NOW is a mode"),
        ("EDIT this is the blue one\n\nText", "Text"),
        ("(edit: all of it)", ""),
        ("Thanks for the gold. Hot. Thanks for the silver!", "Hot."),
        ("Hot! It blew up.\nThis blew up!\nThanks all. ", "Hot! It blew up.\n\nThanks all."),
        ("Hot. (edit: a) Cold. Edit: b", "Hot.  Cold."),
    ],
)
def test_of_a_body_with_edits_this_was_written_first(body: str, first: str) -> None:
    assert without_edits(body) == first
