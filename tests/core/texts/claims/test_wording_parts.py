"""What the parts of `wording` say of a clause: its weights, its neighbours, and what facts say of all or of some."""

from __future__ import annotations

import pytest

from core.texts.claims import Known, Product, wording
from core.texts.claims.arithmetic import Backed
from core.texts.claims.clause import Clause, Sentence
from core.texts.claims.counting import quantities_unbacked
from core.texts.claims.facts import Fact
from core.texts.claims.words import Word, words_in
from core.texts.sentences import Span

BELL = Product("Bellow", "a bell for towers", ("tower", "bells"), "https://bell.example")


def clause_of(text: str, *facts: str, begins: str = "") -> Clause:
    """The clause from the words `begins` to the end, with the facts that carry it."""
    start = text.index(begins)
    clause = Clause(Sentence(text, Known(facts, BELL)), Span(start, len(text)))
    list(quantities_unbacked(clause))
    clause.choose()
    return clause


def fact_of(text: str) -> Fact:
    return Known((text,), BELL).facts[0]


def word_of(clause: Clause, text: str) -> Word:
    return next(word for word in clause.words if word.text.strip("_") == text)


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("red barns, blue sheds and the old mill", "red barns blue sheds old mill", [(0, 9), (11, 21), (30, 38)]),
        ("red and blue", "red blue", [(0, 12)]),
        ("red and so blue", "red blue", [(0, 3), (11, 15)]),
        ("a red", "red", [(2, 5)]),
        ("red", "", []),
    ],
)
def test_words_without_two_others_or_a_comma_between_them_are_joined(
    text: str, words: str, spans: list[tuple[int, int]]
) -> None:
    wanted = [word for word in words_in(text) if word.text in words.split()]
    assert list(wording._joined(wanted, text)) == spans


@pytest.mark.parametrize(
    ("text", "coarse", "fine"),
    [
        (
            "red and blue with green, tall",
            [(0, "red and"), (8, "blue with green"), (25, "tall")],
            [(0, "red"), (4, "and"), (8, "blue"), (13, "with green"), (25, "tall")],
        ),
        ("red or blue", [(0, "red or"), (7, "blue")], [(0, "red or"), (7, "blue")]),
        ("it sings plus hums", [(0, "it sings plus"), (14, "hums")], [(0, "it sings plus"), (14, "hums")]),
        ("red", [(0, "red")], [(0, "red")]),
        ("red, , blue", [(0, "red"), (7, "blue")], [(0, "red"), (7, "blue")]),
    ],
)
def test_a_clause_has_parts_at_its_joining_words(
    text: str, coarse: list[tuple[int, str]], fine: list[tuple[int, str]]
) -> None:
    assert list(wording._parts(text)) == [*coarse, *fine]


@pytest.mark.parametrize(
    ("text", "deeds"),
    [
        ("clients need no login and can pay there", [(30, "can pay there")]),
        ("it rings and sings or hums loudly", [(17, "sings or hums loudly"), (26, "hums loudly")]),
        ("it rings and bus stops", []),
    ],
)
def test_a_further_verb_has_its_place_in_the_sentence(text: str, deeds: list[tuple[int, str]]) -> None:
    assert list(wording._deeds_joined(clause_of(f"So, {text}", begins=text))) == deeds


@pytest.mark.parametrize(
    ("value", "is_telling"),
    [(4, False), (40, False), (41, True), (4.5, True), (105, True), (0.5, False), (0.05, False), (0.25, True)],
)
def test_a_figure_of_two_digits_is_no_chance(value: float, is_telling: bool) -> None:
    assert wording._is_telling([Backed(value, "count", 0)]) is is_telling
    assert wording._is_telling([Backed(4, "count", 0), Backed(value, "count", 0)]) is is_telling
    assert not wording._is_telling([Backed(value, "count", 0, how="half of")])


@pytest.mark.parametrize(
    ("text", "word", "weight"),
    [
        ("for years", "years", 1.3),
        ("many long years", "years", 1.3),
        ("a few years", "years", 1.3),
        ("the years", "years", 0.5),
        ("years for", "years", 0.5),
        ("I mended it", "mended", 1.0),
        ("then we mended it", "mended", 1.0),
        ("and we've mended it", "mended", 1.0),
        ("they mended it", "mended", 0.5),
        ("Zoi mended it", "mended", 0.5),
        ("we then mended it", "mended", 0.5),
        ("I was a sailor", "sailor", 1.6),
        ("I'm an artist", "artist", 1.6),
        ("I was really a sailor", "sailor", 1.6),
        ("I used to be a sailor", "sailor", 1.6),
        ("he was a sailor", "sailor", 1.0),
        ("I saw a sailor", "sailor", 1.0),
        ("I was a dentist", "dentist", 1.6),
        ("a dentist", "dentist", 1.3),
        ("thick soup", "thick", 0.5),
        ("I was a thick soup", "thick", 0.5),
        ("I slept, then they mended it", "mended", 0.5),
        ("I thick soup", "thick", 0.5),
        ("the soup", "soup", 1.0),
    ],
)
def test_people_and_spans_of_time_weigh_most_and_verbs_least(text: str, word: str, weight: float) -> None:
    clause = clause_of(text)
    assert wording._weight(clause, word_of(clause, word)) == weight


@pytest.mark.parametrize(
    ("chosen", "figures", "places", "all_places", "counts"),
    [
        ((0,), 0, {5}, [], 1.0),  # one fact carries the clause
        ((0, 1), 0, {0}, [], 1.0),  # the first fact has it
        ((0, 1), 0, {1}, [{1}], 0.6),
        ((0, 1), 1, {1}, [{1}], 0.6),
        ((0, 1), 0, {1}, [{1}, {0}], 0.6),
        ((0, 1), 0, {1}, [{1}, {1}], 1.0),  # the second fact has another word, too
        ((0, 1), 2, {1}, [{1}], 1.0),  # the second fact has a figure
        ((0, 1, 2), 2, {2}, [{2}], 0.6),
        ((0, 1, 2), 0, {1, 2}, [{1}, {2}, {2}], 1.0),
        ((0, 1), 0, {2}, [{2}, {2}], 0.6),  # a fact that was not chosen
    ],
)
def test_the_only_word_of_a_further_fact_counts_less(
    chosen: tuple[int, ...], figures: int, places: set[int], all_places: list[set[int]], counts: float
) -> None:
    clause = clause_of("red")
    clause.chosen, clause.backing = chosen, {place: [] for place in range(figures)}
    assert wording._coherence(clause, frozenset(places), [frozenset(those) for those in all_places]) == counts


@pytest.mark.parametrize(
    ("fact", "is_most"),
    [
        ("60% sing", True),
        ("51% sing", True),
        ("50% sing", False),
        ("41 of 80 barns", True),
        ("40 of 80 barns", False),
        ("80 barns stand here, 41 burned", True),
        ("80 barns stand here, 40 burned", False),
        ("0 of 80 barns", False),
        ("60 barns", False),
        ("90 kilos of 100 kilos", False),
    ],
)
def test_most_is_more_than_half(fact: str, is_most: bool) -> None:
    assert wording._more_than_half(fact_of(fact)) is is_most


@pytest.mark.parametrize(
    ("sentence", "fact", "is_partial"),
    [
        ("All guests swim in the sea.", "11% of the guests swim", True),
        ("All guests swim in the sea.", "10% of the guests swim", False),
        ("All guests swim in the sea.", "89% of the guests swim", True),
        ("All guests swim in the sea.", "90% of the guests swim", False),
        ("All guests swim in the sea.", "5 guests did not swim", True),
        ("All guests swim in the sea.", "5 guests swim", False),
        ("All guests swim in the sea.", "5 guests a week do not swim", False),
        ("All guests swim in the sea.", "0 guests did not swim", False),
        ("All guests swim in the sea.", "5 guests never swim", False),
        ("All guests swim in the sea.", "60% of the guests sing", False),
        ("All guests swim.", "60% of the guests sing", True),
        ("All guests swim.", "60% of the guests swim, nobody sings", False),
    ],
)
def test_a_share_or_some_that_did_not_say_it_of_some_only(sentence: str, fact: str, is_partial: bool) -> None:
    clause = clause_of(sentence, fact)
    assert wording._is_partial(clause, clause.known.facts[0]) is is_partial


@pytest.mark.parametrize(
    ("sentence", "fact", "is_of_all"),
    [
        ("all guests swim", "each guest swims", True),
        ("all guests swim", "each old guest swims", True),
        ("all guests swim", "each old brown guest swims", False),
        ("all old guests swim", "each guest swims", True),
        ("all old brown guests swim", "each guest swims", False),
        ("all guests swim", "guests swim", False),
        ("all guests swim", "guests take each oar", False),
        ("all guests swim", "no oar, each guest", True),
        ("guests swim all day", "each guest swims", False),
        ("everybody old swims", "each guest swims", False),  # “everybody” is a word of two
    ],
)
def test_all_of_a_kind_is_within_two_words_of_each(sentence: str, fact: str, is_of_all: bool) -> None:
    clause = clause_of(sentence, fact)
    assert wording._is_of_all(clause, max(0, sentence.find("all")), clause.known.facts[0]) is is_of_all


@pytest.mark.parametrize(
    ("sentence", "fact", "is_all_there"),
    [
        ("all ropes broke", "the ropes broke", True),
        ("all ropes broke", "3 ropes broke", False),
        ("all ropes", "the ropes broke", False),
        ("all ropes burned", "the ropes broke", False),
    ],
)
def test_a_fact_has_all_of_it_without_a_number(sentence: str, fact: str, is_all_there: bool) -> None:
    assert wording._is_all_there(clause_of(sentence, fact)) is is_all_there


@pytest.mark.parametrize(
    ("sentence", "fact", "is_retold"),
    [
        ("I mended ropes", "I mended all ropes", True),
        ("I mended ropes", "ropes were mended", False),
        ("ropes were mended", "I mended ropes", False),
        ("I mended a zither", "we had a lute", False),
        ("US ropes broke", "we saw that ropes broke", False),
    ],
)
def test_a_story_of_mine_is_retold_when_a_fact_tells_it_of_me(sentence: str, fact: str, is_retold: bool) -> None:
    assert wording._is_retold_by_me(clause_of(sentence, fact)) is is_retold


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("Red: Hans", True),
        ("Red – Hans", True),
        ("Red — Hans", True),
        ('He "Hans"', True),
        ("Red. Hans", True),
        ("Red! (Hans", True),
        ("Red? *Hans", True),
        ("(Hans", True),
        ("Hans", True),
        ("Red Hans", False),
        ("Red, Hans", False),
    ],
)
def test_a_word_opens_after_a_mark_that_asks_for_a_capital(text: str, opens: bool) -> None:
    clause = clause_of(text)
    assert wording._opens(clause, word_of(clause, "Hans")) is opens


@pytest.mark.parametrize(
    ("sentence", "fact", "words"),
    [
        ("nobody hated tea", "everybody loved tea", ["hated"]),
        ("somebody hated tea", "everybody loved tea", []),
        ("nobody hated tea", "everybody drank tea", []),
        ("9 of the 71 guests were late", "62 of 71 guests were early", ["late"]),
        ("71 guests were late", "62 of 71 guests were early", []),
    ],
)
def test_an_opposite_agrees_when_it_is_denied_or_said_of_the_rest(sentence: str, fact: str, words: list[str]) -> None:
    clause = clause_of(sentence, fact)
    (held,) = clause.known.facts
    assert [word.text for word in clause.words if wording.says_the_opposite(clause, word, held)] == words


@pytest.mark.parametrize(
    ("kind", "sentence", "facts", "is_carried"),
    [
        ("superlative", "No other guests drink tea.", ["Guests drink the finest tea"], True),
        ("superlative", "No other guests drink tea.", ["Guests are the only ones with tea"], True),
        ("superlative", "No other guests drink tea.", ["Guests drink tea faster than coffee"], True),
        ("superlative", "No other guests drink tea.", ["Nobody drinks tea like guests"], True),
        ("superlative", "No other guests drink tea.", ["Guests drink tea"], False),
        ("superlative", "The best guests drink tea.", ["Guests drink the finest tea"], False),
        ("none", "Nobody hangs more than 9 ropes.", ["9 ropes hang in the yard"], True),
        ("none", "NOBODY HANGS MORE THAN 9 ROPES.", ["9 ropes hang in the yard"], True),
        ("none", "Nobody hangs 9 ropes.", ["9 ropes hang in the yard"], False),
        ("none", "Nobody hangs more than ropes.", ["9 ropes hang in the yard"], False),
        ("quantifier", "Nobody hangs more than 9 ropes.", ["9 ropes hang in the yard"], False),
        ("none", "Nobody hangs ropes.", ["Everybody hangs ropes"], True),
        ("none", "Nobody hangs ropes.", ["60% hang ropes, nobody hangs lamps"], True),
        ("none", "Nobody hangs ropes.", ["60% of them never hang ropes"], True),
        ("none", "Nobody hangs ropes.", ["60% of them can hang ropes any day"], False),
        ("none", "Nobody hangs ropes.", ["Ropes aren't there"], True),
        ("none", "Nobody hangs ropes.", ["Ropes are there"], False),
        ("none", "Ropes never hang.", ["Ropes hang"], False),
        ("quantifier", "Everybody hangs ropes.", ["Nobody hangs ropes"], True),
        ("quantifier", "Everybody hangs ropes.", ["Guests hang ropes"], False),
        ("quantifier", "Everything hangs, ropes and lamps.", ["Ropes hang"], True),
        ("quantifier", "Everything hangs, ropes and lamps.", [], False),
        ("quantifier", "Everything hangs, ropes and lamps.", ["60% of the ropes and lamps hang"], False),
        ("quantifier", "Most ropes hang.", ["Ropes mostly hang"], True),
        ("quantifier", "Most ropes hang.", ["60% of the ropes hang"], True),
        ("quantifier", "Most ropes hang.", ["All ropes hang"], False),
        ("quantifier", "Most of them hang ropes.", ["Guests largely hang ropes"], True),
        ("quantifier", "All ropes hang.", ["Ropes hang"], True),
        ("quantifier", "All ropes hang.", ["9 ropes hang"], False),
        ("quantifier", "Always hang ropes.", ["Ropes hang"], False),
        ("only", "Only guests hang ropes.", ["Just guests hang ropes"], True),
        ("only", "Only guests hang ropes.", ["Ropes do not hang outside"], True),
        ("only", "Only guests hang ropes.", ["Guests hang ropes"], False),
        ("testimonial", "12 guests said that soup is thick.", ["12 guests voted for thick soup"], True),
        ("testimonial", "12 guests said that soup is thick.", ["12 guests liked thick soup"], False),
        ("testimonial", "Guests said that soup is thick.", ["Guests voted for thick soup"], True),
        ("comparison", "At $40 tea costs more than rope at $12.", ["Rope costs $12", "Tea costs $40"], True),
        ("comparison", "At $40 tea costs more than rope.", ["Rope costs $12", "Tea costs $40"], False),
        ("comparison", "More guests drink tea.", ["Guests drink more tea"], True),
        ("comparison", "More guests drink tea.", ["Guests drink tea"], False),
        ("comparison", "More guests drink tea.", ["Guests dropped tea"], False),
        ("comparison", "Fewer guests drink tea.", ["Guests drink fewer teas"], True),
        ("comparison", "Less tea is drunk.", ["Tea fell"], True),
        ("comparison", "Less tea is drunk.", ["Tea rose"], False),
        ("cause", "Because of fog we mended ropes.", ["We mended ropes in fog"], True),
        ("cause", "Because of fog we mended ropes.", ["We mended ropes"], False),
        ("cause", "Because of fog we mended ropes.", ["We mended ropes after fog"], True),
        ("cause", "Because of fog we mended ropes and lamps.", ["We mended ropes after fog"], True),
        ("cause", "Because of fog we mended lamps.", ["We mended ropes after fog"], False),
        ("award", "Award for ropes.", ["Ropes won an award"], True),
        ("award", "Award for ropes.", ["Ropes hang"], False),
        ("award", "Award for ropes.", [], False),
        ("award", "At $40 tea costs more than rope at $12.", ["Rope costs $12", "Tea costs $40"], False),
        ("superlative", "Most ropes hang.", ["Ropes mostly hang"], False),
        ("superlative", "Perfect ropes hang.", ["Perfect ropes hang"], False),
        ("quantifier", "Guests hang ropes.", ["Guests hang ropes"], False),
    ],
)
def test_facts_carry_the_first_words_of_a_sentence_as_a_signal(
    kind: str, sentence: str, facts: list[str], is_carried: bool
) -> None:
    clause = clause_of(sentence, *facts)
    end = len(" ".join(sentence.split()[:2])) if sentence.split()[0] == "Because" else len(sentence.split()[0])
    assert wording._carried(clause, kind, 0, end) is is_carried


@pytest.mark.parametrize(
    ("sentence", "facts", "names"),
    [
        ("Guests drink tea in Oslo's garden.", [], ["Oslo's"]),
        ("Guests drink tea in Oslo's garden.", ["Oslo is wet"], []),
        ("Guests drink tea on Reddit.", [], []),
        ("We met in Britain.", ["England is wet"], []),
        ("We met in Britain.", ["Norway is wet"], ["Britain"]),
        ("Guests drink at Rock'n'Roll and in O'Hara.", [], []),
        ("Guests drink 12 GB of tea with Hans.", [], ["Hans"]),
        ("Guests drink 12 of GB.", [], ["GB"]),
        ("Bellow met Hans on Monday, see www.Oslo.example.", [], ["Hans"]),
        ("Hans met Olga.", [], ["Olga"]),
        ("HANS met Olga.", [], ["HANS", "Olga"]),
        ("The Hanses met X and iOS.", ["Hanse met"], ["iOS"]),
        ("Guests Drink Tea With McCoy And NASA", [], ["NASA"]),
        ("Guests Drink Tea With Hans And Olga", [], []),
    ],
)
def test_a_name_that_no_fact_has_is_unsaid(sentence: str, facts: list[str], names: list[str]) -> None:
    marks = list(wording.names_unsaid(clause_of(sentence, *facts)))
    assert [sentence[mark.start : mark.end] for mark in marks] == names
    assert [mark.reason for mark in marks] == [f"no fact names “{name}”" for name in names]


def test_everybody_in_the_middle_of_a_sentence_needs_a_fact_of_all() -> None:
    sentence = "Ropes hang, so everybody hangs ropes."
    at = sentence.index("everybody")
    carried = [
        wording._carried(clause_of(sentence, fact), "quantifier", at, at + len("everybody"))
        for fact in ("Ropes always hang", "Ropes hang")
    ]
    assert carried == [True, False]
