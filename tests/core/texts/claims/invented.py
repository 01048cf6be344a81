"""Facts of three invented products, and what the check says of a sentence."""

from __future__ import annotations

from core.texts.claims import Known, Product
from core.texts.claims.comparing import Comparison, compare
from core.texts.plain import readable

FERRY = Known(
    (
        "The ferry carries 40 cars and 12 trucks",
        "62 of 71 passengers were on time in 2023",
        "A ticket costs €12 per person, children pay half",
        "We sell 260 tickets a day, 70% of them online",
        "The crossing takes 25 minutes instead of 2 hours by road",
        "We sent 38 letters in 2024, the year before 212",
        "The engine was repaired by Omar and Lena",
        "9 of the 40 sailors left last year, five of them to study",
        "A cabin has room for 4 guests",
        "The median wait is 8 minutes",
        "3 dogs, 7 goats and a horse came along last month",
        "Each of the 30 harbours sends 20 notices a month on average",
        "We bake 5 kilos of bread for €11",
        "Fewer than 12 crew are on board",
    ),
    Product("Ferrylane", "a car ferry for islanders", ("ferry", "island")),
)
MILL = Known(
    (
        "Millo sorts letters by street and prints labels",
        "It works offline and needs no account",
        "It does not store photos",
        "No ads, no tracking",
        "A map view is planned for autumn; the list view is there",
        "We stopped the newsletter in 2021",
        "Unopened letters fell from 90 a week to 30",
        "Every carrier has a key of their own",
        "My brother Tomas drew the icons",
        "I was a carrier in Leeds for nine years",
        "Most of our testers are carriers",
        "We dropped the chat because nobody used it",
        "Sorting by hand is slower than Millo",
        "All maps were drawn by volunteers",
        "In our survey 88 of 130 carriers said that they walk less",
        "It runs on Android, not on iPhone",
        "The app is free for schools",
        "6% of the letters never came back",
        "Our guide is at https://millo.example/guide",
        'Carriers call it "a second pair of eyes" in the survey',
    ),
    Product("Millo", "a letter sorter for carriers", ("mail", "sorting"), "https://millo.example"),
)
CLUB = Known(
    (
        "Nobody drew maps by hand, but Lena printed flags",
        "The club used to meet in Oslo",
        "The choir does not sing on Sundays",
        "A choir book is planned for November",
        "The old stove burns wood, not coal",
        "Members who skip lunch did not sleep well",
        "12% of the members did not pay the fee",
        "Tea is cheaper than coffee",
        "The river was too low for boats",
        "Visits went from 9 a week to 2",
        "The wait used to be 30 minutes, now 12",
        "The reader opens PDF files; EPUB files are in beta",
        "There is no ladder, no rope",
        "The gate closes at noon because the guard sleeps",
        "The path gets longer after rain",
    ),
    Product("Pathclub", "a club for hikers", ("hiking", "path")),
)


def by_tables(sentence: str, known: Known) -> Comparison:
    """What the tables of words say, whatever the trained reader decides."""
    return compare(readable(sentence), known)


def said_of(sentence: str, known: Known) -> tuple[list[tuple[str, str, str]], tuple[int, ...]]:
    """(marked words, kind, reason) of each mark in order, and the places of the facts that the sentence rests on."""
    reading = by_tables(sentence, known)
    return [(sentence[m.start : m.end], m.kind, m.reason) for m in reading.marks], reading.rests_on
