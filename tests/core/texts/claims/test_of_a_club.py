"""What is said of a club: changes, plans, what has ended, what facts deny, causes."""

from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from core.texts.claims.clause import Clause, Sentence
from core.texts.claims.counting import quantities_unbacked
from core.texts.claims.disagreeing import (
    _at_its_date,
    _change_in,
    _denied_wrongly,
    _is_said_otherwise,
    _is_weighty,
    _opposed,
    _planned_alone,
    _planned_part,
    _shares_what_it_denies,
    contradictions,
    directions_unlike,
    tense_unlike,
)
from core.texts.claims.quantities import quantities_in
from core.texts.claims.words import words_in
from core.texts.sentences import Span
from tests.core.texts.claims.invented import CLUB, said_of

SINGING = [
    ("sings", "contradiction", "a fact says the opposite about “sings”"),
]
BECAUSE = "no fact says that one caused the other"
OTHER_WAY = "a fact says that it went the other way"
PLANNED = "a fact says that this is planned, not that it is there"
CARRIED = [
    ("The club does not meet in Oslo.", (1,)),
    ("The club no longer meets in Oslo.", (1, 14)),
    ("The choir sings on Sunday, except when closed.", (2,)),
    ("The choir sings until Sunday.", (2,)),
    ("In November the choir book comes out.", (3,)),
    ("The stove burns everything except coal.", (4,)),
    ("88% of the members paid the fee.", (6,)),
    ("The river did not carry boats.", (8,)),
    ("Visits fell from 9 a week to 2.", (9,)),
    ("Visits are 2 a week, down from 9.", (9,)),
    ("The wait is 12 minutes rather than 30.", (10,)),
    ("There are 30.", (10,)),
    ("The reader opens EPUB files soon.", (11,)),
    ("The reader opens PDF files.", (11,)),
    ("The gate closes at noon, because the guard sleeps.", (13,)),
    ("Fewer visits came than before.", ()),
    ("There is more rain on the path than before.", (14,)),
    ("I think tea is cheaper, because the river was low.", ()),
    ("Tea is cheaper, because I like rain.", (7,)),
    ("Tea is cheaper, since the river was low.", (7, 8)),
    ("Tea is cheaper, since Sunday the river was low.", (2, 7, 8)),
    ("Tea is drunk, because tea is cheaper than coffee.", (7,)),
]
MARKED = [
    (
        "Lena drew maps by hand.",
        [(w, "contradiction", f"a fact says the opposite about “{w}”") for w in ("drew", "maps", "by hand")],
        (0,),
    ),
    ("Lena printed no flags.", [("flags", "contradiction", "a fact says the opposite about “flags”")], (0,)),
    ("The club meets in Oslo.", [("club meets in Oslo", "ended", "a fact says that this has ended")], (1,)),
    (
        "The choir sings on Sundays.",
        [*SINGING, ("Sundays", "contradiction", "a fact says the opposite about “Sundays”")],
        (2,),
    ),
    (
        "The choir sings every Sunday.",
        [*SINGING, ("Sunday", "contradiction", "a fact says the opposite about “Sunday”")],
        (2,),
    ),
    ("The choir book is out.", [("choir book", "planned", PLANNED)], (3,)),
    ("The stove burns coal.", [("coal", "contradiction", "a fact says the opposite about “coal”")], (4,)),
    ("The stove burns wood and coal.", [("coal", "contradiction", "a fact says the opposite about “coal”")], (4,)),
    (
        "12% of the members paid the fee.",
        [(w, "contradiction", f"a fact says the opposite about “{w}”") for w in ("members", "paid", "fee")],
        (6,),
    ),
    (
        "Tea is more expensive than coffee.",
        [("expensive", "contradiction", "a fact says the opposite of “expensive”")],
        (7,),
    ),
    ("The river was high.", [("high", "contradiction", "a fact says the opposite of “high”")], ()),
    ("The river was too high for boats.", [("high", "contradiction", "a fact says the opposite of “high”")], (8,)),
    ("Visits went from 2 a week to 9.", [("2", "direction", OTHER_WAY)], (9,)),
    ("Visits rose from 2 a week to 9.", [("2", "direction", OTHER_WAY)], (9,)),
    ("Visits are 9 a week instead of 2.", [("9", "direction", OTHER_WAY)], (9,)),
    ("The wait was 12 minutes, now 30.", [("30", "direction", OTHER_WAY)], (10,)),
    ("The wait is 30 minutes rather than 12.", [("30 minutes", "direction", OTHER_WAY)], (10,)),
    ("There are 30 more.", [("30", "number", "a fact says 30 minutes, not 30")], ()),
    ("There is a ladder.", [("ladder", "contradiction", "a fact says the opposite about “ladder”")], ()),
    (
        "There is a ladder and a rope.",
        [(w, "contradiction", f"a fact says the opposite about “{w}”") for w in ("ladder", "rope")],
        (12,),
    ),
    ("It has a ladder, no rope.", [("ladder", "contradiction", "a fact says the opposite about “ladder”")], ()),
    (
        "The path gets shorter after rain.",
        [("shorter", "contradiction", "a fact says the opposite of “shorter”")],
        (14,),
    ),
    (
        "There is less rain on the path than before.",
        [("less rain on the path than before", "direction", OTHER_WAY)],
        (14,),
    ),
    (
        "Ever more hikers come to the river.",
        [("Ever more", "direction", "no fact says that it changed this way")],
        (6, 8),
    ),
    ("Tea is cheaper, because the river was low.", [("because", "cause", BECAUSE)], (7, 8)),
    ("The path gets longer, tea is cheaper, because the river was low.", [("because", "cause", BECAUSE)], (7, 8, 14)),
    ("Tea is cheaper than coffee, so that the gate closes at noon.", [("so that", "cause", BECAUSE)], (7, 13)),
    (
        "The club met in Oslo, the stove burned wood, which is why Lena printed flags.",
        [("which is why", "cause", BECAUSE)],
        (0, 1, 4),
    ),
    ("Members did not pay the fee, because tea is cheaper.", [("because", "cause", BECAUSE)], (6, 7)),
    (
        "Tea is cheaper, because zirconium melts.",
        [("zirconium melts", "unsupported", "no fact says “zirconium melts”")],
        (7,),
    ),
]


@pytest.mark.parametrize(("sentence", "rests_on"), CARRIED)
def test_what_the_facts_of_the_club_carry_is_not_marked(sentence: str, rests_on: tuple[int, ...]) -> None:
    assert said_of(sentence, CLUB) == ([], rests_on)


@pytest.mark.parametrize(("sentence", "marks", "rests_on"), MARKED)
def test_what_the_facts_of_the_club_say_otherwise_is_marked(
    sentence: str, marks: list[tuple[str, str, str]], rests_on: tuple[int, ...]
) -> None:
    assert said_of(sentence, CLUB) == (marks, rests_on)


def clause(text: str, known: Known = CLUB) -> Clause:
    return Clause(Sentence(text, known), Span(0, len(text)))


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("The river did not carry boats.", set()),
        ("The river had no boats.", set(range(15))),
        ("The river was not low.", set(range(15))),
        ("Nobody slept.", {5, 13}),
        ("No river sleeps.", set(range(15))),
        ("We did not sleep and did not pay.", {5, 13}),
        ("The river sleeps.", set(range(15))),
    ],
)
def test_a_denied_verb_is_denied_of_the_facts_that_have_it(text: str, facts: set[int]) -> None:
    assert {n for n, fact in enumerate(CLUB.facts) if _shares_what_it_denies(clause(text), fact)} == facts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nobody burns zirconium or coal.", ["burns"]),
        ("The choir sings on ladders.", ["sings", "ladders"]),
        ("Zirconium is not wood.", ["wood"]),
        ("Tea was drunk, not coffee.", ["coffee"]),
        ("Zirconium melts.", []),
        ("No zirconium melts.", []),
    ],
)
def test_what_facts_do_not_mention_is_not_said_otherwise(text: str, words: list[str]) -> None:
    read = clause(text)
    assert [word.text for word in read.words if _is_said_otherwise(read, word)] == words


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("from 9 days to 2", (9, 2)),
        ("used to be 9, now 2", (9, 2)),
        ("2 instead of 9", (9, 2)),
        ("9 and 2", None),
        ("it was 9 and 2", None),
        ("from 9 and 2 to 4", (2, 4)),
        ("3 then, was 9, now 2", (9, 2)),
        ("before 9. 4 to 2", None),
        ("2 days, where it was 9", (9, 2)),
    ],
)
def test_a_change_has_an_earlier_and_a_later_number(text: str, change: tuple[float, float] | None) -> None:
    assert _change_in(text, quantities_in(text)) == change


@pytest.mark.parametrize(
    ("fact", "text", "words"),
    [
        ("The river is low", "The river is high.", ["high"]),
        ("The river is not low", "The river is high.", []),
        ("The river is low", "The river is not high.", []),
        ("The river is low and high", "The river is high.", []),
        ("The river is low", "The river is high and low.", []),
        ("The gate closes", "The gate opens.", ["opens"]),
        ("The gate never closes", "The gate opens.", []),
        ("Prices rise", "Prices fall.", ["fall"]),
        ("The inn is better", "The inn is worse.", ["worse"]),
    ],
)
def test_an_opposite_is_one_that_the_fact_does_not_deny(fact: str, text: str, words: list[str]) -> None:
    known = Known((fact,), Product("Pathclub"))
    read = Clause(Sentence(text, known), Span(0, len(text)))
    read.choose()
    found = [(text[m.start : m.end], m.kind, m.reason) for m in _opposed(read)]
    assert found == [(word, "contradiction", f"a fact says the opposite of “{word}”") for word in words]


def test_nothing_is_opposed_to_a_fact_that_was_not_chosen() -> None:
    assert list(_opposed(clause("The river is high."))) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Tea is not cheaper.", [("Tea", 7), ("cheaper", 7)]),
        ("The gate never closes at noon.", [("gate", 13)]),
        ("Coffee is not cheaper than tea.", [("Coffee", 7), ("cheaper", 7), ("tea", 7)]),
        ("Other than coal, the stove burns everything.", []),
        ("Except coal it burns.", []),
        ("Coal it burns.", [("Coal", 4)]),
        ("The stove does not burn wood, but coal.", []),
        ("Members slept and did not skip lunch.", []),
        ("Lena drew maps and printed flags.", []),
    ],
)
def test_what_is_denied_or_affirmed_wrongly_comes_with_its_fact(text: str, wrong: list[tuple[str, int]]) -> None:
    read = clause(text)
    read.choose()
    assert [(word.text, number) for word, number in _denied_wrongly(read)] == wrong


NETS = Known(
    (
        "Sales rose to 40 nets",
        "Prices fell to 12 euros",
        "Nobody fished",
        "88 of 130 carriers said that they walk less, but dogs never bark",
    ),
    Product("Ferrylane"),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sales fell to 40 nets.", ["40"]),
        ("Sales fell to 40 nets and prices.", ["40"]),
        ("Sales rose to 40 nets and prices.", []),
        ("Prices rose to 12 euros for nets.", ["12 euros"]),
        ("Prices fell to 12 euros for nets.", []),
        ("Sales fell.", []),
        ("42 of 130 carriers walk less.", ["42 of 130"]),
        ("42 of 130 carriers never walk less.", []),
        ("42 of 130 carriers bark less.", []),
        ("88 of 130 carriers walk less.", []),
    ],
)
def test_a_figure_goes_the_way_of_its_own_fact(text: str, words: list[str]) -> None:
    read = clause(text, NETS)
    assert list(quantities_unbacked(read)) == []
    read.choose()
    assert [text[m.start : m.end] for m in directions_unlike(read) if m.kind == "direction"] == words


@pytest.mark.parametrize(
    ("text", "planned", "marked"),
    [
        ("The reader opens EPUB files.", 11, None),
        ("EPUB files are there.", 11, "EPUB files"),
        ("The choir book came.", 3, "choir book"),
        ("The choir book comes soon.", 3, None),
        ("There is no choir book.", 3, None),
        ("EPUB sings.", 11, "EPUB"),
        ("The stove burns.", None, None),
    ],
)
def test_a_word_that_only_a_plan_has_is_planned(text: str, planned: int | None, marked: str | None) -> None:
    read = clause(text)
    read.choose()
    assert _planned_alone(read) is (None if planned is None else CLUB.facts[planned])
    found = [(text[m.start : m.end], m.kind, m.reason) for m in tense_unlike(read)]
    assert found == ([] if marked is None else [(marked, "planned", PLANNED)])


@pytest.mark.parametrize(
    ("fact", "words", "is_so"),
    [
        ("It reads Word files; PDF is in beta", "Word files", False),
        ("It reads Word files; PDF is in beta", "PDF", True),
        ("A map is planned", "map", True),
        ("A map is planned", "colour", False),
        ("A map is there", "map", True),
        ("A map is there, a list is planned", "a map", False),
        ("A map is there and a list is planned", "a list", True),
        ("A map is there but a list is planned", "lists", True),
        ("A map is there. A list is planned", "map", False),
    ],
)
def test_words_are_planned_where_their_part_of_the_fact_is(fact: str, words: str, is_so: bool) -> None:
    assert _planned_part(fact, words_in(words)) is is_so


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("In November the choir book comes out.", True),
        ("In November the choir book was out.", False),
        ("In May the choir book comes out.", False),
        ("The choir book comes out.", False),
    ],
)
def test_a_plan_may_be_told_at_its_date(text: str, is_so: bool) -> None:
    assert _at_its_date(clause(text), CLUB.facts[3]) is is_so


@pytest.mark.parametrize(
    ("text", "fact", "is_so"),
    [
        ("Members slept.", 5, True),
        ("Members who skip lunch slept well.", 5, True),
        ("Members skip dinner in winter clothes.", 5, False),
        ("Nobody has printed flags of cloth.", 0, True),
        ("Flags of cloth.", 0, False),
        ("No flags.", 0, True),
        ("No flags of cloth.", 0, False),
        ("Stoves burn coal.", 4, False),
    ],
)
def test_half_of_a_clause_must_disagree(text: str, fact: int, is_so: bool) -> None:
    read = clause(text)
    shared = [(w, f) for w in read.words for f in CLUB.facts[fact].words if not f.is_stop and w.keys & f.keys]
    assert _is_weighty(read, shared) is is_so


@pytest.mark.parametrize(
    ("text", "is_marked"),
    [
        ("Tea is better, because our zirconium melted.", True),
        ("Tea is cheap, because our zirconium melted.", False),
        ("The path gets longer, because our zirconium melted.", False),
        ("The path gets stones, because zirconium melts.", False),
        ("The path gets longer, because it rains.", False),
        ("The gate closes sooner, because zirconium melts.", False),
        ("Is tea cheaper, because the river was low?", False),
        ("Because the river was low, tea is cheaper.", False),
    ],
)
def test_a_new_cause_is_marked_where_something_changed(text: str, is_marked: bool) -> None:
    causes = [(words, reason) for words, kind, reason in said_of(text, CLUB)[0] if kind == "cause"]
    assert causes == ([("because", BECAUSE)] if is_marked else [])


SHOP = Known(
    (
        "The shop is open from Monday to Friday",
        "The shop sells bikes in May",
        "The shop used to rent tents",
        "The club sells no tents",
        "The shop is shut on Sundays",
    ),
    Product("Bikery"),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The shop is open on Saturday.", ["Saturday"]),
        ("On Saturday the shop sells bikes.", ["Saturday"]),
        ("Saturday and Sunday are fine.", ["Saturday"]),
        ("The shop is open on Friday.", []),
        ("The shop is closed on Saturday.", []),
        ("The shop no longer opens on Saturday.", []),
        ("The shop is not open on Saturday.", ["open"]),
    ],
)
def test_a_day_that_a_fact_leaves_out_is_marked_unless_it_is_shut(text: str, words: list[str]) -> None:
    read = clause(text, SHOP)
    read.choose()
    assert [text[m.start : m.end] for m in contradictions(read)] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The shop rents tents.", ["shop rents tents"]),
        ("Tents.", ["Tents"]),
        ("The shop rented tents.", []),
        ("The shop used to rent tents.", []),
        ("The shop stopped to rent tents.", []),
        ("The shop does not rent tents.", []),
        ("The shop sells bikes.", []),
    ],
)
def test_what_has_ended_is_marked_in_the_present(text: str, words: list[str]) -> None:
    read = clause(text, SHOP)
    read.choose()
    found = [(text[m.start : m.end], m.kind, m.reason) for m in tense_unlike(read)]
    assert found == [(word, "ended", "a fact says that this has ended") for word in words]


@pytest.mark.parametrize(
    ("text", "known", "words", "reason"),
    [
        ("The 12% of members fell.", CLUB, "fell", "no fact says that it changed this way"),
        ("The 40 nets fell.", NETS, "40", OTHER_WAY),
        ("88 of 130 carriers grew.", NETS, "88 of 130", OTHER_WAY),
        ("The 40 nets grew.", NETS, None, None),
        ("42 of 130 carriers grew.", NETS, None, None),
        ("The 12% of members fell asleep.", CLUB, None, None),
        ("The 12% of members grew on us.", CLUB, None, None),
    ],
)
def test_a_move_needs_a_fact_that_moved(text: str, known: Known, words: str | None, reason: str | None) -> None:
    read = clause(text, known)
    assert list(quantities_unbacked(read)) == []
    read.choose()
    found = [(text[m.start : m.end], m.reason) for m in directions_unlike(read) if m.kind == "direction"]
    assert found == ([] if words is None else [(words, reason)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("42 of 130 rivers are low.", ["42 of 130"]),
        ("42 of 130 rivers are high.", []),
        ("42 of 130 rivers are not low.", []),
        ("The other 42 of 130 rivers are low, without the rest.", []),
        ("88 of 130 rivers are low.", []),
    ],
)
def test_the_others_are_the_opposite(text: str, words: list[str]) -> None:
    read = clause(text, Known(("88 of 130 rivers are low",), Product("Pathclub")))
    assert list(quantities_unbacked(read)) == []
    read.choose()
    assert [text[m.start : m.end] for m in directions_unlike(read)] == words
