"""Pairs of invented texts that would be taken for one, and pairs that only stand on the same fact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.likeness import fingerprint, is_near

TITLE = "A dropped index took our site down"
BODY = (
    "A migration dropped an index in production and our site was down for 50 minutes. Nobody had seen it in review, "
    "because the statement stood between forty others. Since then I compare both schemas before every release and "
    "read what would be dropped. It takes two minutes. What do you check before you run a migration in production?"
)
LIGHT = (
    "A migration dropped an index in production, and our site went down for 50 minutes. No one had seen it in the "
    "review, since the statement stood between forty others. Since then I compare both schemas before each release "
    "and read what would be dropped. That takes two minutes. What do you check before running a migration?"
)
MOVED = (
    "What do you check before you run a migration in production? Since last month I compare both schemas before every "
    "release and read what would be dropped. It takes two minutes. The reason: a migration dropped an index in "
    "production and our site was down for 50 minutes. Nobody had seen it in review."
)
CUT = (
    "A migration dropped an index in production and our site was down for 50 minutes. Since then I compare both "
    "schemas before every release. What do you check before you run a migration in production?"
)
LONGER = (
    f"{BODY} I also began to write down how long each statement took on a copy of the database, with the number of "
    "rows, so that we know which ones lock. Last week that saved us from a rewrite of a table of eighty million rows "
    "in the middle of the day. The list is on paper beside my desk, and the juniors laugh at it."
)
SAME_FACT = (
    "A migration dropped an index in production and our site was down for 50 minutes. What interests me is the human "
    "side: the person who wrote it did not sleep for two nights. How do you talk about such a night without blame?"
)
SAME_TOPIC = (
    "I compare schemas before every release and wonder where to keep the result. A file in the repository grows "
    "quickly; a comment on the pull request gets lost. How do you keep a record of what a migration changed?"
)


@pytest.mark.parametrize("other", [BODY, LIGHT, MOVED, CUT, LONGER, BODY.upper()])
def test_an_edited_text_is_one_with_the_first_under_any_title(other: str) -> None:
    assert is_near(TITLE, BODY, "Fifty minutes, and what they taught me", other)
    assert is_near("Fifty minutes, and what they taught me", other, TITLE, BODY)


@pytest.mark.parametrize("other", [SAME_FACT, SAME_TOPIC])
def test_another_text_on_the_same_fact_is_another_text(other: str) -> None:
    assert not is_near("How do you speak of such a night?", other, TITLE, BODY)
    assert not is_near(TITLE, BODY, "How do you speak of such a night?", other)


def test_a_title_decides_only_where_a_text_is_not_known_or_shares_its_words() -> None:
    assert is_near(TITLE, BODY, TITLE.upper(), "")
    assert not is_near(TITLE, BODY, "Another dropped index took our site down", "")
    assert not is_near("Week 3", "The fig has one new leaf.", "Week 3", "")
    assert not is_near("Week 3 with a fig", "It has one new leaf.", "Week 2 with a fig", "I moved it to the window.")
    assert is_near("Week 3 with a fig", "It has one new leaf.", "Week 2 with a fig", "One new leaf is there.")


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=400), st.text(max_size=400))
def test_it_does_not_matter_which_text_is_asked_about_first(title: str, body: str, other: str, text: str) -> None:
    assert is_near(title, body, other, text) is is_near(other, text, title, body)


def text_of(first: int, last: int) -> str:
    """Words that no two numbers share, in their order."""
    return " ".join(f"w{n}q" for n in range(first, last))


@pytest.mark.parametrize(
    ("ours", "theirs", "near"),
    [
        # Of all pairs two fifths: 4 of 10, 4 of 11.
        (text_of(0, 8), text_of(3, 11), True),
        (text_of(0, 8), text_of(3, 12), False),
        # Of the smaller text's pairs three fifths, from fifteen pairs on: 9 of 15, 9 of 14, 8 of 15.
        (text_of(0, 16), f"{text_of(0, 10)} {text_of(50, 90)}", True),
        (text_of(0, 16), f"{text_of(0, 9)} {text_of(50, 90)}", False),
        (text_of(0, 15), f"{text_of(0, 10)} {text_of(50, 90)}", False),
    ],
)
def test_texts_are_one_when_they_share_so_many_pairs_of_words(ours: str, theirs: str, near: bool) -> None:
    assert is_near("", ours, "", theirs) is near
    assert is_near("", theirs, "", ours) is near


@pytest.mark.parametrize(
    ("title", "other", "near"),
    [
        ("kiln glaze clay", "kiln glaze clay", True),
        ("the kiln oven of clay", "KILNS, oven clays!", True),  # endings and stop words do not count
        ("kiln glaze", "kiln glaze", False),  # two words are too few
        ("kiln glaze clay", "kiln glaze clay pot", False),
    ],
)
def test_where_a_body_is_not_known_the_words_of_the_titles_must_be_the_same(title: str, other: str, near: bool) -> None:
    assert is_near(title, " ", other, "a body") is near
    assert is_near(title, "a body", other, "") is near


@pytest.mark.parametrize(
    ("other_title", "other_body", "near"),
    [
        (
            "kiln glaze clay pot",
            "four five x1 x2 x3",
            True,
        ),  # three fifths of the titles' words, two fifths of the body's
        ("kiln glaze clay pot", "five x1 x2 x3 x4", False),
        ("kiln glaze x pot wheel", "four five x1 x2 x3", False),  # three of six
        ("kiln glaze clay pot", f"four five {text_of(0, 30)}", True),  # of the shorter one
        ("kiln glaze clay pot", "in", False),  # a body of stop words
    ],
)
def test_under_the_same_title_texts_that_share_words_are_one(other_title: str, other_body: str, near: bool) -> None:
    body = "one two three four five"
    assert is_near("kiln glaze clay wheel", body, other_title, other_body) is near
    assert is_near(other_title, other_body, "kiln glaze clay wheel", body) is near


def test_a_texts_words_are_compared_without_their_endings() -> None:
    read = fingerprint("The kilns fired: glazing, Potted pots bus_stops; was")
    assert read.words == {"kiln", "fir", "glaz", "pott", "pots", "bus", "stop"}
    assert read.pairs == {
        ("kiln", "fir"),
        ("fir", "glaz"),
        ("glaz", "pott"),
        ("pott", "pots"),
        ("pots", "bus"),
        ("bus", "stop"),
    }
    assert fingerprint("x" * 39_999 + " kiln clay").words == {"x" * 39_999}
