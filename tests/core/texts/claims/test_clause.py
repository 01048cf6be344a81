from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from core.texts.claims.clause import Clause, Sentence
from core.texts.claims.counting import quantities_unbacked
from core.texts.claims.quantities import quantities_in
from core.texts.claims.sayings import is_a_saying, is_of_facts
from core.texts.sentences import Span
from tests.core.texts.claims.invented import FERRY, MILL


def clause(text: str, known: Known = MILL) -> Clause:
    return Clause(Sentence(text, known), Span(0, len(text)))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Bread deserves better than a bin.", "general at large"),
        ("Not every game needs an enemy.", "general at large"),
        ("Tools can be borrowed.", ""),
        ("Our bread deserves better.", ""),
        ("The bread deserves better.", "at large"),
        ("Bread deserved better.", ""),
        ("Bakers deserve better.", "at large"),
        ("Bread deserves 3 days.", ""),
        ("Bread from Leeds deserves better.", ""),
        ("Bread rises.", ""),
        ("No bread deserves that.", "at large saying"),
        ("It seems that bread deserves better.", ""),
        ("Rising dough needs patience, but it looks easy.", "general"),
        ("Mailchimp treats bread badly.", ""),
        ("Patience beats skill.", "general at large"),
        ("Uncle deserves bread.", ""),
        ("Children deserve bread.", "general at large saying"),
        ("People deserve bread.", "general at large saying"),
        ("The old, very brown and rather dry bread deserves better.", ""),
        ("But bread deserves better than a bin.", "general at large"),
        ("Letters deserve better than bins.", "saying"),
        ("Bread sold better than cake.", ""),
        ("My bread on Monday deserves better.", ""),
        ("Bread is better in May than soup.", ""),
        ("Deserves better bread.", ""),
        ("Quiet rivers run deep here.", ""),
        ("Rivers in Wales run deep.", ""),
        ("Screws have a way of rolling under the heaviest cupboard.", "saying"),
        ("A knot that you cannot untie is not a knot but a problem.", "saying"),
        ("Nobody ever fell asleep by trying.", "saying"),
        ("Cold feet ruin more trips than rain.", "saying"),
        ("Cold feet ruin trips in two days.", ""),
        ("Customers forgive a delay, but not silence.", "saying"),
        ("Customers forgive our delay.", ""),
        ("Screws are included.", "at large"),
        ("Screws can roll under cupboards.", "at large"),
        ("Satellite sorters die early.", ""),
        ("A letter weighs much.", "general saying"),
        ("A carrier walks far.", "general"),
        ("A cook walks far.", "general saying"),
        ("Every cook walks far.", "general saying"),
        ("Any cook walks far.", "general saying"),
        ("Cooks walked far.", ""),
        ("Cooks walk within a day.", ""),
        ("Cooks who walk far are Norwegians.", ""),
        ("Cooks like Norwegians walk far.", ""),
        ("The cooks walk far.", ""),
        ("So cooks walk far and wide.", "general saying"),
        ("People walk far too.", "general"),
        ("Bread baked at noon needs patience.", ""),
        ("Parents need patience.", ""),
        ("Rude kids are loud.", "general saying"),
        ("Friends need patience.", ""),
        ("A friend needs patience.", "saying"),
        ("Beginners need patience.", "at large"),
        ("A beginner needs patience.", "general at large saying"),
        ("Anyone needs patience.", "general at large"),
        ("Bread Of rye needs patience.", "general at large"),
        ("Whoever cooks walks far.", "general saying"),
        ("Sheep sleep in the rain.", "saying"),
        ("Letters sorted by street print labels.", ""),
        ("Labels and letters need carriers and maps.", ""),
    ],
)
def test_what_is_said_of_the_world_is_told_from_what_is_said_of_us(text: str, kinds: str) -> None:
    read = clause(text)
    said = (("general", read.is_general()), ("at large", read.is_at_large()), ("saying", is_a_saying(read)))
    assert " ".join(kind for kind, is_so in said if is_so) == kinds


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Letters sorted by street.", True),
        ("Labels and cakes.", False),
        ("Labels.", True),
        ("Cakes.", False),
        ("Labels and letters.", True),
        ("Cakes, pies, labels and maps.", False),
        ("Cakes, labels and maps.", True),
    ],
)
def test_a_clause_is_about_the_facts_when_they_have_most_of_its_words(text: str, is_so: bool) -> None:
    assert is_of_facts(clause(text)) is is_so


@pytest.mark.parametrize(
    ("text", "is_title"),
    [
        ("Printing Labels By Street With Maps For Schools", True),
        ("Printing Labels By Street With Maps For Schools.", True),
        ("Printing Labels by Street with maps", True),
        ("Printing labels by street with Maps", False),
        ("Printing Labels by Street with maps.", False),
        ("Printing Labels Here", False),
    ],
)
def test_most_words_of_a_title_have_a_capital(text: str, is_title: bool) -> None:
    assert Sentence(text, MILL).is_title is is_title


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("We double the bread.", [("double", 2, "times", "about")]),
        ("It tripled.", [("tripled", 3, "times", "about")]),
        ("It was about halved.", [("halved", 50, "percent", "about")]),
        ("It fell by half.", [("fell by half", 50, "percent", "exact")]),
        ("A double booking.", []),
    ],
)
def test_twice_and_half_are_figures(text: str, written: list[tuple[str, float, str, str]]) -> None:
    found = Sentence(text, MILL).quantities[len(quantities_in(text)) :]
    assert [(q.written, q.value, q.dimension, q.sense) for q in found] == written
    assert [(q.raw, text[q.start : q.end]) for q in found] == [(value, words) for words, value, _, _ in written]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Millo prints 40 letters by street.", ["prints", "letters", "street"]),
        ("See https://millo.example/guide and labels.", ["See", "labels"]),
        ("I am the maker of Millo.", []),
        ("I am the maker of Millo labels.", ["labels"]),
        ("It really prints.", ["prints"]),
        ("It prints 40 letters a week.", ["prints", "letters"]),
        ("X prints btw.", ["prints"]),
        ("It prints for a whole week.", ["prints", "week"]),
    ],
)
def test_the_content_of_a_clause_is_what_claims_something(text: str, content: list[str]) -> None:
    assert [word.text for word in clause(text).content()] == content


@pytest.mark.parametrize(
    ("text", "chosen", "rests_on"),
    [
        ("Millo sorts letters by street.", (0,), (0,)),
        ("Volunteers drew maps, Tomas drew icons.", (8, 13), (8, 13)),
        ("It prints.", (0,), ()),
        ("Zirconium.", (), ()),
        ("It runs on Android, for schools, with maps, and Tomas drew a key.", (15, 8, 4), (15, 8, 4)),
        ("It does not rise.", (6,), ()),
    ],
)
def test_a_clause_rests_on_the_facts_that_have_most_of_its_words(
    text: str, chosen: tuple[int, ...], rests_on: tuple[int, ...]
) -> None:
    read = clause(text)
    read.choose()
    assert (read.chosen, read.rests_on) == (chosen, rests_on)


def test_a_sentence_is_read_once_for_other_facts() -> None:
    whole = Sentence("It sorts letters.", MILL)
    other = whole.against(FERRY)
    assert whole.against(MILL) is whole
    assert (other.known, other.words, whole.known) == (FERRY, whole.words, MILL)


def test_a_clause_has_its_part_of_the_sentence() -> None:
    text = "See www.a.example, it sorts 40 letters by Millo."
    part = Clause(Sentence(text, MILL), Span(19, len(text)))
    assert part.text == "it sorts 40 letters by Millo."
    assert [word.text for word in part.words] == ["it", "sorts", "40", "letters", "by", "Millo"]
    assert [quantity.written for quantity in part.quantities] == ["40"]
    assert part.links == []
    assert [text[start:end] for start, end in part.named] == ["Millo"]
    first = Clause(Sentence(text, MILL), Span(0, 19))
    assert [text[start:end] for start, end in first.links] == ["www.a.example,"]
    later = Clause(Sentence("It sorts: www.a.example", MILL), Span(10, 23))
    assert later.links == [(10, 23)]


def test_a_clause_names_product_and_people() -> None:
    known = Known(("Ada was a nurse",), Product("Millo"), {0: "Ada"})
    text = "Ada likes Millo"
    assert [text[start:end] for start, end in clause(text, known).named] == ["Millo", "Ada"]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("It prints 88 of 130 labels for carriers.", (14, 0)),
        ("6% of the letters and 90 a week.", (17, 6)),
        ("9 years in Leeds with photos.", (9,)),
        ("Letters fell to 30.", (6,)),
        ("Sorting letters by hand.", (12, 0)),
        ("Printing labels of maps.", (0, 4)),
        ("Android schools volunteers survey newsletter.", (5, 13, 14)),
        ("Chat hand photos street", (0, 2, 11)),
    ],
)
def test_the_facts_of_its_figures_come_first(text: str, chosen: tuple[int, ...]) -> None:
    read = clause(text)
    assert list(quantities_unbacked(read)) == []
    read.choose()
    assert (read.chosen, read.rests_on) == (chosen, chosen)


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Running is fine.", True),
        ("Run is fine.", False),
        ("Rains are fine.", True),
        ("And rain is fine.", True),
        ("And so rain is fine.", True),
        ("Flyway is slow.", False),
        ("Rain is 3.", False),
        ("Rain at x.com is fine.", False),
        ("Rain in May helps.", False),
        ("Our rain helps.", False),
        ("Friends are fine.", False),
        ("Rain, Leeds is fine.", False),
        ("Rain fell.", False),
        ("Rain is labels.", False),
    ],
)
def test_at_large_is_what_names_nothing_of_ours(text: str, is_so: bool) -> None:
    assert clause(text).is_at_large() is is_so
