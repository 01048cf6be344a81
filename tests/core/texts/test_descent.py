"""What comes from an earlier text stays known as such, however it is edited."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.descent import Alignment, Descent, Words

INVENTED = "Last spring I lost my biggest client over a silly typo in a contract, and agencies love it."
OWN = "We sold the boat in Genoa and bought a kiln."


def claims(text: str, words: str, *earlier: str, clause: str | None = None) -> bool:
    start = text.index(words)
    around = text.index(clause) if clause else 0
    end = around + len(clause) if clause else len(text)
    return Descent(text, earlier, lambda t: [(t.index("["), t.index("]") + 1)] if "[" in t else []).claims(
        start, start + len(words), (around, end)
    )


@pytest.mark.parametrize("word", ["Last", "spring", "lost", "biggest", "silly", "typo", "contract", "agencies", "love"])
def test_one_changed_word_leaves_a_models_words_a_models(word: str) -> None:
    for other in ("zebra", "", f"{word} indeed"):
        edited = INVENTED.replace(word, other, 1)
        assert claims(edited, "client over a", INVENTED)
        assert claims(edited, edited.split(", and ")[1].rstrip("."), INVENTED)


def test_a_sentence_that_was_moved_keeps_its_origin() -> None:
    model = f"{OWN} {INVENTED} Thanks for reading all of this."
    edited = f"Hello there. Thanks for reading all of this. {INVENTED} Something of my own stands here."
    assert claims(edited, "agencies love it", model, clause="agencies love it")
    assert not claims(edited, "Something of my own", model, clause="Something of my own stands here")


def test_a_persons_own_clause_is_theirs_also_inside_a_models_sentence() -> None:
    edited = "Last spring I lost my biggest client, and 300 bakers in Vienna wrote to us."
    assert not claims(edited, "300 bakers", INVENTED, clause="300 bakers in Vienna wrote to us")
    assert claims(edited, "biggest client", INVENTED, clause="Last spring I lost my biggest client")


def test_a_changed_number_in_a_models_clause_stays_a_models_claim() -> None:
    model = "Late payments fell by 60 percent in a year."
    assert claims(model.replace("60", "80"), "80", model)


def test_what_fills_a_blank_is_said_by_who_filled_it_in() -> None:
    model = "By now [how many users?] people pay for it every month."
    edited = "By now 212 happy people pay for it every month."
    assert not claims(edited, "212 happy", model)
    assert claims(edited, "pay for it", model)


def test_a_text_of_ones_own_comes_from_no_model() -> None:
    assert not claims(OWN, "bought a kiln", INVENTED)
    assert not claims(OWN, "bought a kiln")


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_aligned(older: str, newer: str) -> None:
    alignment = Alignment(Words(older), Words(newer))
    for at, origin in enumerate(alignment.origin):
        assert origin == -1 or alignment.older.words[origin] == alignment.newer.words[at]


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), min_size=1, max_size=60))
def test_a_text_comes_whole_from_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert Alignment(Words(text), Words(text)).origin == list(range(len(words)))


@pytest.mark.parametrize("seed", range(5))
def test_of_a_text_with_every_tenth_word_changed_all_others_keep_their_origin(seed: int) -> None:
    drawn = random.Random(seed)
    old = [f"w{drawn.randrange(400)}" for _ in range(2000)]
    new = [word if at % 10 else "zebra" for at, word in enumerate(old)]
    alignment = Alignment(Words(" ".join(old)), Words(" ".join(new)))
    assert alignment.origin == [at if at % 10 else -1 for at in range(2000)]


@pytest.mark.parametrize(
    ("newer", "expected"),
    [
        (f"Hello. {INVENTED}", "agencies love it"),
        (INVENTED.replace("agencies love it", "agencies really love it"), "agencies really love it"),
        (INVENTED.replace("agencies", "shops"), "love it"),
        ("Nothing is left of all that.", None),
    ],
)
def test_marked_words_are_found_again_where_they_moved(newer: str, expected: str | None) -> None:
    start = INVENTED.index("agencies love it")
    moved = Alignment(Words(INVENTED), Words(newer)).moved(start, start + len("agencies love it"))
    assert (None if moved is None else newer[slice(*moved)]) == expected
