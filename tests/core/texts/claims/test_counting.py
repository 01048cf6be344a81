"""Figures of a sentence against those of facts: what they count, and what may be computed."""

from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from tests.core.texts.claims.invented import FERRY, said_of

CARRIED = [
    ("The ferry carries 40 cars.", (0,)),
    ("The ferry carries 52 vehicles together.", (0,)),
    ("The ferry carries 28 more cars than trucks.", (0,)),
    ("The ferry carries forty of them.", (0,)),
    ("62 of 71 passengers were on time.", (1,)),
    ("Nine of 71 passengers were not on time.", (1,)),
    ("87% of passengers were on time.", (1,)),
    ("9 passengers were late.", (1,)),
    ("A ticket costs 12 euros.", (2,)),
    ("A ticket costs 12 euros a person.", (2,)),
    ("Two tickets cost 24 euros.", (2,)),
    ("We sell 1,820 tickets a week.", (3,)),
    ("We sell 182 tickets a day online.", (3,)),
    ("30% of tickets are not sold online.", (3,)),
    ("The crossing takes less than half an hour.", (4,)),
    ("The crossing saves 95 minutes.", (4,)),
    ("Letters fell from 212 to 38.", (5,)),
    ("We sent 212 letters in 2023.", (5,)),
    ("We sent 174 fewer letters than the year before.", (5,)),
    ("31 sailors stayed.", (7,)),
    ("Nine sailors stayed.", (7,)),
    ("A cabin has room for 4 people.", (8,)),
    ("Half of the passengers wait less than 8 minutes.", (9,)),
    ("Harbours send 600 notices a month.", (11,)),
    ("That is €2.20 a kilo.", (12,)),
    ("At most 11 crew are on board.", (13,)),
    ("Eleven crew are on board.", (13,)),
    ("It takes two people to repair the engine.", (6,)),
    ("Over 200 tickets a day are sold.", (3,)),
    ("Nearly 300 tickets a day are sold.", (3,)),
    ("About 250 tickets a day are sold.", (3,)),
    ("Up to 40 cars fit on the ferry.", (0,)),
    ("In a year we sell about 95,000 tickets.", (3,)),
    ("There is room for 12 trucks and 40 cars, 52 in all.", (0,)),
    ("Children pay six euros.", (2,)),
    ("About 62 of 71 passengers were on time.", (1,)),
    ("One in two passengers waits less than 8 minutes.", (9,)),
    ("Some 600 notices leave the harbours each month.", (11,)),
    ("The 30 harbours send 20 notices a month each.", (11,)),
    ("40 sailors were on board, and nine left.", (7,)),
    ("Of 40 sailors nine left.", (7,)),
    ("5 of the 9 sailors left to study.", (7,)),
    ("The bread costs 11 euros for 5 kilos.", (12,)),
    ("7 horses came along last month.", (10,)),
    ("Omar repaired the engine.", (6,)),
    ("We sell 260 of them every day.", (3,)),
    ("We sell 260 a day.", (3,)),
    ("In 2024 we sent 38 letters.", (5,)),
    ("You wait 8 minutes.", (9,)),
    ("5 of us are islanders.", (7,)),
    ("On average a harbour sends 20 notices a month.", (11,)),
    ("Some 88 percent of passengers were on time.", (1,)),
    ("It takes 25 minutes, 95 minutes less than by road.", (4,)),
    ("At least 25 minutes pass.", (4,)),
    ("Every day 260 tickets are sold, 182 of them online.", (3,)),
    ("I think 20 goats came along.", ()),
    ("I think 80% of the sailors left.", ()),
    ("I think 40 cars fit.", ()),
    ("The wait was 25.", (4,)),
    ("Cars are 40 in number.", (0,)),
    ("Sailors: 40.", (0,)),
    ("31 of the 40 sailors stayed.", (7,)),
    ("More than two thirds of the tickets are sold online.", (3,)),
    ("Letters fell by 82%.", (5,)),
    ("The crossing is 79% shorter than by road.", (4,)),
    ("The ferry carries 77% cars.", (0, 7)),
    ("77% of the vehicles are cars.", (0, 7)),
    ("One ticket is €12, five are €60.", (2, 7)),
    ("For five people that is 60 euros.", (2, 7)),
    ("Twelve trucks pay 144 euros.", (0, 2)),
    ("The two of us repaired the engine.", (6,)),
    ("There is room for 40 customers.", (0, 8)),
    ("Nine people left last year.", (7,)),
    ("Each harbour sends about 5 notices a week.", (11,)),
    ("Each harbour sends 240 notices a year.", (11,)),
    ("In four weeks we sell 7,280 tickets.", (3,)),
    ("Fewer than 15 crew are on board.", (13,)),
    ("At most 12 crew are on board.", (13,)),
    ("Over a year we sell 95,000 tickets.", (3,)),
    ("We sell 260 tickets within a day.", (3,)),
    ("Since 2023 62 of 71 passengers were on time.", (1,)),
    ("Tickets cost between 6 and 12 euros.", (2,)),
    ("Tickets cost 6 to 12 euros.", (2,)),
]
MARKED = [
    ("The ferry carries 50 cars.", [("50", "number", "a fact has 50, of something else")], (0,)),
    ("90% of passengers were on time.", [("90%", "number", "no fact holds 90%")], ()),
    ("62 of 70 passengers were on time.", [("62 of 70", "number", "a fact says 62 of 71, not 62 of 70")], ()),
    ("A ticket costs $12.", [("$12", "number", "a fact says 12, not $12")], (2,)),
    ("A ticket costs 12 euros per car.", [("12 euros", "number", "a fact has 12 euros, of something else")], (0, 2)),
    ("We sell 260 tickets a week.", [("260", "number", "a fact says 260 a day, not 260 a week")], (3,)),
    ("The crossing takes 25 hours.", [("25 hours", "number", "a fact says 25 minutes, not 25 hours")], ()),
    (
        "The crossing takes 2 hours instead of 25 minutes.",
        [("2 hours", "direction", "a fact says that it went the other way")],
        (4,),
    ),
    ("Letters rose from 38 to 212.", [("38", "direction", "a fact says that it went the other way")], (5,)),
    ("We sent 212 letters in 2022.", [("2022", "date", "no fact holds 2022")], (5,)),
    ("A cabin has room for six people.", [("six", "number", "no fact holds six")], (8,)),
    (
        "3 cats came along last month.",
        [("3", "number", "a fact has 3, of something else"), ("cats", "unsupported", "no fact says “cats”")],
        (),
    ),
    ("Harbours send 700 notices a month.", [("700", "number", "no fact holds 700")], (11,)),
    ("That is €3 a kilo.", [("€3", "number", "a fact says 3, not €3")], ()),
    ("More than 30 crew are on board.", [("30", "number", "a fact has 30, of something else")], (13,)),
    ("The ferry has 4,000 customers.", [("4,000", "number", "no fact holds 4,000")], (0, 8)),
    ("I think 4,000 customers use it.", [("4,000", "number", "no fact holds 4,000")], ()),
    ("Up to 60 cars fit on the ferry.", [("60", "number", "no fact holds 60")], (0,)),
    ("It began in 2019.", [("2019", "date", "no fact holds 2019")], ()),
    ("There are 13 more.", [("13", "number", "no fact holds 13")], ()),
    (
        "The ferry carries three cars for each truck.",
        [("three", "number", "a fact has three, of something else")],
        (0,),
    ),
    ("The engine was repaired twice.", [("twice", "number", "a fact says 2 hours, not twice")], (6,)),
    ("A ticket costs 12 euros for a child.", [("12 euros", "number", "a fact has 12 euros, of something else")], (2,)),
    ("We sell about 80 tickets a day at the counter.", [("80", "number", "no fact holds 80")], (3,)),
    ("The wait is 20 minutes.", [("20 minutes", "number", "a fact says 20 a month, not 20 minutes")], ()),
    (
        "12 trucks fit in a row.",
        [("fit", "unsupported", "no fact says “fit”"), ("row", "unsupported", "no fact says “row”")],
        (0,),
    ),
    (
        "On average a harbour sends 25 notices a month.",
        [("25", "number", "a fact says 25 minutes, not 25 a month")],
        (11,),
    ),
    ("That's 5 notices a week per harbour.", [("5", "number", "a fact says five, not 5 a week")], (11,)),
    (
        "The ferry carries 40 cars, 12 trucks and 9 buses.",
        [("9", "number", "a fact has 9, of something else"), ("buses", "unsupported", "no fact says “buses”")],
        (0,),
    ),
    (
        "The trip takes half an hour.",
        [("trip", "unsupported", "no fact says “trip”"), ("half an hour", "number", "no fact holds half an hour")],
        (),
    ),
    ("15 people are on board.", [("15", "number", "no fact holds 15")], ()),
    ("Our sister ship carries 90 cars.", [("90", "number", "no fact holds 90")], (0, 5)),
    ("9 of the 40 sailors left last week.", [("last week", "date", "no fact says “last week”")], (7,)),
    (
        "See www.other.example/300 for tickets.",
        [("www.other.example/300", "link", "no fact holds this address")],
        (2, 11),
    ),
    ("I think customers pay $20.", [("$20", "number", "a fact says 20 a month, not $20")], ()),
    ("We sell tickets twice a day.", [("twice", "number", "a fact says 2 hours, not twice a day")], (3,)),
    (
        "The change was 82%.",
        [("change", "unsupported", "no fact says “change”"), ("82%", "number", "a fact has 82%, of something else")],
        (),
    ),
    ("Letters were cut by 80%.", [("80%", "number", "no fact holds 80%")], ()),
    (
        "212 customers wrote to us.",
        [("customers wrote", "testimonial", "no fact holds these words of a customer or user")],
        (5,),
    ),
    ("3 dogs a month come along.", [("3", "number", "a fact says 3, not 3 a month")], ()),
    ("36 dogs a year come along.", [("36", "number", "no fact holds 36")], ()),
    ("In 2022 62 of 71 passengers were on time.", [("2022", "date", "no fact holds 2022")], (1,)),
]


@pytest.mark.parametrize(("sentence", "rests_on"), CARRIED)
def test_a_figure_that_facts_give_is_not_marked(sentence: str, rests_on: tuple[int, ...]) -> None:
    assert said_of(sentence, FERRY) == ([], rests_on)


@pytest.mark.parametrize(("sentence", "marks", "rests_on"), MARKED)
def test_a_figure_that_no_fact_gives_is_marked(
    sentence: str, marks: list[tuple[str, str, str]], rests_on: tuple[int, ...]
) -> None:
    assert said_of(sentence, FERRY) == (marks, rests_on)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Tickets dropped to 260 a day.", "dropped"),
        ("12 trucks rose.", "rose"),
        ("The engine was repaired, and the 12 trucks rose.", "rose"),
    ],
)
def test_a_change_that_no_fact_tells_is_marked_at_its_verb(sentence: str, words: str) -> None:
    assert said_of(sentence, FERRY)[0] == [(words, "direction", "no fact says that it changed this way")]


def test_a_year_in_which_a_counted_change_took_place_is_no_figure_of_its_own() -> None:
    known = Known(("Alarms fell from 212 to 38 in the year 2024",), Product("Alarmo"))
    assert said_of("Alarms fell from 212 to 38 within a year.", known) == ([], (0,))


def test_a_clause_without_a_number_is_not_searched_for_how_numbers_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.texts.claims.counting._COMPUTES", None)
    said_of("The ferry has a deck, and the deck has a bench.", FERRY)
    with pytest.raises(AttributeError):
        said_of("The ferry has 3 decks.", FERRY)
