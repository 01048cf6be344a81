"""What comes from an earlier text stays known as such, however it is edited."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.descent import Alignment, Descent, Words, _nearest_together

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


def origins(older: str, newer: str) -> list[int]:
    return Alignment(Words(older), Words(newer)).origin


FILLERS = [f"f{n}" for n in range(200)]


def filled(count: int) -> str:
    return " ".join(FILLERS[:count])


def test_words_have_their_places_in_lower_case_and_a_blank_is_one() -> None:
    read = Words("DON’T stop, İzmir_2 'em")
    assert read.words == ["don't", "stop", "İzmir", "2", "em"]
    assert (read.starts, read.ends) == ([0, 6, 12, 18, 21], [5, 10, 17, 19, 23])
    blank = Words("Now [how many?]People PAY [x]", [(26, 29), (4, 15)])
    assert blank.words == ["now", "\0", "people", "pay", "\0"]
    assert (blank.starts, blank.ends) == ([0, 4, 15, 22, 26], [3, 15, 21, 25, 29])
    joined = Words("x[a]b", [(1, 4)])
    assert (joined.words, joined.starts, joined.ends) == (["x", "\0", "b"], [0, 1, 4], [1, 4, 5])


@pytest.mark.parametrize(
    ("span", "places"),
    [
        ((0, 3), [0]),
        ((2, 5), [0, 1]),
        ((3, 4), []),
        ((3, 8), [1]),
        ((4, 7), [1]),
        ((6, 9), [1, 2]),
        ((0, 13), [0, 1, 2]),
        ((13, 20), []),
        ((7, 4), []),
    ],
)
def test_a_span_touches_the_words_of_which_it_holds_a_letter(span: tuple[int, int], places: list[int]) -> None:
    assert list(Words("one two three").within(*span)) == places


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ("a b c d", "a x d", [0, -1, 3]),
        ("a b", "a b", [0, 1]),
        ("a a", "a a a", [0, 1, -1]),
        ("a b a", "a", [0]),
        ("x a b c", "y a b c", [-1, 1, 2, 3]),
        ("", "a b", [-1, -1]),
        ("a b", "", []),
        ("a b c", "c", [2]),
        # In a gap, words are found one by one, in their order.
        ("s k m n p e", "t k x n y f", [-1, 1, -1, 3, -1, -1]),
        ("s k m e", "t m k f", [-1, -1, 1, -1]),
    ],
)
def test_each_word_has_its_place_in_the_older_text(older: str, newer: str, expected: list[int]) -> None:
    assert origins(older, newer) == expected


def test_three_words_in_a_row_are_found_wherever_they_are_and_two_are_not() -> None:
    older = f"a {filled(100)} x y z g b"
    assert origins(older, "a x y z b") == [0, 101, 102, 103, 105]
    assert origins(older, "a x y b") == [0, -1, -1, 105]
    assert origins(older, "a z x y b") == [0, -1, -1, -1, 105]
    assert origins(older, "a w x y z") == [0, -1, 101, 102, 103]
    assert origins(f"x y z {filled(100)} m", "n x y z") == [-1, 0, 1, 2]
    assert origins(f"q x y z {filled(100)} m", "x y z n m") == [1, 2, 3, -1, 104]


def test_of_several_places_the_one_that_goes_on_longest_is_meant() -> None:
    assert origins("d e f n d e f g m", "z d e f g y") == [-1, 4, 5, 6, 7, -1]
    assert origins("d e f g n d e f m", "z d e f g y") == [-1, 0, 1, 2, 3, -1]
    assert origins("n d e f", "z d e f q") == [-1, 1, 2, 3, -1]


def test_of_places_that_go_on_equally_long_the_one_that_follows_is_meant_else_the_first() -> None:
    assert origins("d e f n a b c d e f", "z a b c w d e f y") == [-1, 4, 5, 6, -1, 7, 8, 9, -1]
    assert origins("d e f d e f x", "d e f w d e f z") == [0, 1, 2, -1, 3, 4, 5, -1]
    assert origins("k d e f m d e f n", "z d e f y") == [-1, 1, 2, 3, -1]


def test_of_a_run_twelve_places_are_compared() -> None:
    twelfth = " ".join(f"p q r m{n}" for n in range(11)) + " p q r s t u"
    assert origins(f"k {twelfth} n", "z p q r s t u y") == [-1, 45, 46, 47, 48, 49, 50, -1]
    thirteenth = " ".join(f"p q r m{n}" for n in range(12)) + " p q r s t u"
    assert origins(f"k {thirteenth} n", "z p q r s t u y") == [-1, 1, 2, 3, 52, 53, 54, -1]


def test_swapped_parts_keep_their_origins_and_nothing_between_them_is_guessed() -> None:
    assert origins("a b c x d e f", "d e f x a b c") == [4, 5, 6, -1, 0, 1, 2]
    assert origins("a b c x d e f y", "d e f x y a b c") == [4, 5, 6, -1, -1, 0, 1, 2]


@pytest.mark.parametrize(("count", "found"), [(79, 79), (80, -1)])
def test_in_a_gap_of_more_than_eighty_words_of_the_older_text_nothing_is_aligned(count: int, found: int) -> None:
    assert origins(f"a {filled(count)} k b", "a x k y b") == [0, -1, count + 1 if found > 0 else -1, -1, count + 2]


@pytest.mark.parametrize(("count", "found"), [(79, 2), (80, -1)])
def test_in_a_gap_of_more_than_eighty_words_of_the_newer_text_nothing_is_aligned(count: int, found: int) -> None:
    assert origins("a m k b", f"a {filled(count)} k b") == [0, *[-1] * count, 2, 3]
    assert origins("a m k n b", f"a k {filled(count)} b") == [0, found, *[-1] * count, 4]


def test_before_the_first_run_and_after_the_last_the_nearest_eighty_words_are_aligned() -> None:
    older = f"{filled(100)} a b c m"
    assert origins(older, "f19 q f20 r a b c n") == [-1, -1, 20, -1, 100, 101, 102, -1]
    older = f"m a b c {filled(100)}"
    assert origins(older, "n a b c q f79 r f80 s") == [-1, 1, 2, 3, -1, 83, -1, -1, -1]


def test_of_two_texts_without_a_run_the_last_eighty_words_are_aligned() -> None:
    assert origins(f"{filled(100)} m", "q f20 r f21 s f99 n") == [-1, -1, -1, 21, -1, 99, -1]


def test_the_words_in_the_place_of_a_blank_fill_it_and_no_others() -> None:
    older, blank = "By now [how many?] people pay us for it", (7, 18)
    alignment = Alignment(Words(older, [blank]), Words("By now 212 happy people pay them for it"))
    assert alignment.fills == [False, False, True, True, False, False, False, False, False]
    assert alignment.origin == [0, 1, -1, -1, 3, 4, -1, 6, 7]
    alignment = Alignment(Words("a m [n] p q", [(4, 7)]), Words("a k m 5 p r"))
    assert alignment.fills == [False, False, False, True, False, False]
    assert alignment.origin == [0, -1, 1, -1, 3, -1]
    assert Alignment(Words(older), Words("By now 212 people pay us for it")).fills == [False] * 8


@pytest.mark.parametrize(
    ("places", "count", "nearest"),
    [
        ([0, 7], 3, [0, 7]),
        ([0, 8], 3, [0]),
        ([4], 1, [4]),
        ([0, 3], 1, [0, 3]),
        ([0, 4], 1, [0]),
        ([0, 1, 10, 11, 12], 3, [10, 11, 12]),
        ([0, 1, 20, 21], 3, [0, 1]),
        ([0, 6, 9, 12, 13], 3, [6, 9, 12, 13]),
    ],
)
def test_the_most_places_that_lie_near_together_are_taken_the_first_of_equals(
    places: list[int], count: int, nearest: list[int]
) -> None:
    assert _nearest_together(places, count) == nearest


def test_a_passage_that_stands_twice_is_found_where_more_of_it_is_left() -> None:
    newer = f"z silly typo in {filled(20)} silly typo in a contract y"
    start = INVENTED.index("silly")
    moved = Alignment(Words(INVENTED), Words(newer)).moved(start, start + len("silly typo in a contract"))
    assert moved is not None
    assert newer[slice(*moved)] == "silly typo in a contract"


def test_words_of_any_of_several_texts_come_from_them() -> None:
    text = "Bakers sell bread. Painters sell frames. Sailors sell nets."
    descent = Descent(text, ["Bakers sell bread.", "Sailors sell nets."])
    said = [
        descent.claims(start, end, (start, end))
        for start, end in ((0, 17), (text.index("Painters"), text.index(". Sailors")), (text.index("Sailors"), 58))
    ]
    assert said == [True, False, True]


def test_a_blank_of_any_of_several_texts_was_filled_in() -> None:
    def blanks(text: str) -> list[tuple[int, int]]:
        return [(text.index("["), text.index("]") + 1)] if "[" in text else []

    text = "We have 212 users today"
    for earlier in (["We have [n] users today", "Nothing else"], ["Nothing else", "We have [n] users today"]):
        assert not Descent(text, earlier, blanks).claims(8, 11, (0, len(text)))
    assert Descent(text, ["We have 300 users today"], blanks).claims(8, 11, (0, len(text)))
    assert Descent(text, ["We have [n] users today"], blanks).claims(8, 17, (0, len(text))) is False


@pytest.mark.parametrize(
    ("earlier", "claimed"),
    [
        ("glaze cracks often", True),  # three of six
        ("glaze cracks", False),  # two of six
        ("kiln", False),
    ],
)
def test_half_of_the_telling_words_of_a_clause_make_it_a_models(earlier: str, claimed: bool) -> None:
    text = "fine glaze cracks often inside heaters or an oven"
    start = text.index("or an")
    assert (
        Descent(text, [earlier]).claims(start, start + 5, (0, len("fine glaze cracks often inside heaters"))) is claimed
    )


def test_short_words_count_only_where_a_clause_has_no_others() -> None:
    text = "he is a man of it"
    assert Descent(text, ["he is"]).claims(15, 17, (0, 17)) is False  # two of six
    assert Descent(text, ["he is a"]).claims(15, 17, (0, 17)) is True
    assert Descent("of it here", ["of it"]).claims(0, 5, (0, 10)) is False
    assert Descent("of 5 here", ["of 5"]).claims(0, 4, (0, 9)) is True
    assert Descent(text, [text]).claims(0, 0, (0, 0)) is False
