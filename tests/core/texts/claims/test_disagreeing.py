"""What a sentence says against the facts, and against what they deny, plan or ended."""

from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from tests.core.texts.claims.invented import MILL, said_of

MARKED = [
    ("It needs an account.", [("account", "contradiction", "a fact says the opposite about “account”")], ()),
    ("It stores photos.", [("photos", "contradiction", "a fact says the opposite about “photos”")], ()),
    ("It shows ads.", [("ads", "contradiction", "a fact says the opposite about “ads”")], ()),
    ("The map view is there.", [("map", "planned", "a fact says that this is planned, not that it is there")], ()),
    (
        "The newsletter comes every week.",
        [("newsletter", "contradiction", "a fact says the opposite about “newsletter”")],
        (5, 6),
    ),
    (
        "Unopened letters rose from 30 a week to 90.",
        [("30", "direction", "a fact says that it went the other way")],
        (6,),
    ),
    ("Nobody has a key.", [("key", "contradiction", "a fact says the opposite about “key”")], ()),
    ("88 of 130 carriers walk more.", [("88 of 130", "direction", "a fact says that it went the other way")], (14,)),
    ("42 of 130 carriers walk less.", [("42 of 130", "direction", "a fact says this number of the others")], (14,)),
    ("It runs on iPhone.", [("iPhone", "contradiction", "a fact says the opposite about “iPhone”")], (15,)),
    (
        "It runs on Android and on iPhone.",
        [("iPhone", "contradiction", "a fact says the opposite about “iPhone”")],
        (15,),
    ),
    (
        "Other letter sorters need an account.",
        [
            ("Other letter sorters", "competitor", "no fact says this of others"),
            ("account", "contradiction", "a fact says the opposite about “account”"),
        ],
        (0, 1),
    ),
    ("Photos are stored.", [("Photos", "contradiction", "a fact says the opposite about “Photos”")], ()),
    ("It stores no photos, no labels.", [("labels", "contradiction", "a fact says the opposite about “labels”")], ()),
    ("It records photos of letters.", [("photos", "contradiction", "a fact says the opposite about “photos”")], (0, 2)),
    ("It serves ads to carriers.", [("ads", "contradiction", "a fact says the opposite about “ads”")], (3, 7)),
    ("Volunteers drew no maps.", [("maps", "contradiction", "a fact says the opposite about “maps”")], (13,)),
    (
        "Volunteers did not draw the maps.",
        [
            ("Volunteers", "contradiction", "a fact says the opposite about “Volunteers”"),
            ("draw", "contradiction", "a fact says the opposite about “draw”"),
            ("maps", "contradiction", "a fact says the opposite about “maps”"),
        ],
        (13,),
    ),
    (
        "Nobody drew maps.",
        [
            ("drew", "contradiction", "a fact says the opposite about “drew”"),
            ("maps", "contradiction", "a fact says the opposite about “maps”"),
        ],
        (13,),
    ),
    (
        "It does not print labels.",
        [
            ("print", "contradiction", "a fact says the opposite about “print”"),
            ("labels", "contradiction", "a fact says the opposite about “labels”"),
        ],
        (0,),
    ),
    ("Carriers have no key.", [("key", "contradiction", "a fact says the opposite about “key”")], (7,)),
    (
        "It isn't free for schools.",
        [
            ("free", "contradiction", "a fact says the opposite about “free”"),
            ("schools", "contradiction", "a fact says the opposite about “schools”"),
        ],
        (16,),
    ),
    (
        "A map view was shown in autumn.",
        [("map view was shown in autumn", "planned", "a fact says that this is planned, not that it is there")],
        (4,),
    ),
    ("The map view has colours.", [("map", "planned", "a fact says that this is planned, not that it is there")], ()),
    (
        "The newsletter is free.",
        [("newsletter", "contradiction", "a fact says the opposite about “newsletter”")],
        (5, 16),
    ),
    (
        "Big sorters need accounts.",
        [
            ("Big sorters", "competitor", "no fact says this of others"),
            ("accounts", "contradiction", "a fact says the opposite about “accounts”"),
        ],
        (0, 1),
    ),
    (
        "Most letter sorters need accounts.",
        [
            ("Most letter sorters", "competitor", "no fact says this of others"),
            ("accounts", "contradiction", "a fact says the opposite about “accounts”"),
        ],
        (0, 1),
    ),
    (
        "The usual letter sorters show ads.",
        [
            ("usual letter sorters", "competitor", "no fact says this of others"),
            ("ads", "contradiction", "a fact says the opposite about “ads”"),
        ],
        (0, 3),
    ),
    ("Unopened letters went from 30 to 90.", [("30", "direction", "a fact says that it went the other way")], (6,)),
    (
        "Unopened letters are 90 a week instead of 30.",
        [("90", "direction", "a fact says that it went the other way")],
        (6,),
    ),
    (
        "There used to be 30 unopened letters, now it's 90.",
        [("90", "direction", "a fact says that it went the other way")],
        (6,),
    ),
    (
        "Did you know that Millo stores photos?",
        [("photos", "contradiction", "a fact says the opposite about “photos”")],
        (),
    ),
    ("Millo will store photos.", [("photos", "contradiction", "a fact says the opposite about “photos”")], ()),
    (
        "There is no list view.",
        [
            ("list", "contradiction", "a fact says the opposite about “list”"),
            ("view", "contradiction", "a fact says the opposite about “view”"),
        ],
        (),
    ),
    (
        "A carrier needs an account and a key.",
        [("account", "contradiction", "a fact says the opposite about “account”")],
        (1, 7),
    ),
    (
        "It runs on iPhone, not on Android.",
        [
            ("iPhone", "contradiction", "a fact says the opposite about “iPhone”"),
            ("Android", "contradiction", "a fact says the opposite about “Android”"),
        ],
        (15,),
    ),
    (
        "The map view came out in spring.",
        [
            ("map", "planned", "a fact says that this is planned, not that it is there"),
            ("spring", "date", "no fact says “spring”"),
        ],
        (),
    ),
    ("It needs a password.", [("password", "contradiction", "a fact says the opposite about “password”")], ()),
    (
        "You need an account for the maps.",
        [("account", "contradiction", "a fact says the opposite about “account”")],
        (1, 4),
    ),
    ("Ads are shown to carriers.", [("Ads", "contradiction", "a fact says the opposite about “Ads”")], (3, 7)),
    ("Store your photos in it.", [("photos", "contradiction", "a fact says the opposite about “photos”")], ()),
    ("It runs without maps.", [("maps", "contradiction", "a fact says the opposite about “maps”")], ()),
    ("Unopened letters went up.", [("went up", "contradiction", "a fact says the opposite of “went up”")], (6,)),
    ("Schools pay.", [("pay", "contradiction", "a fact says the opposite of “pay”")], ()),
    (
        "Sorting by hand is faster than Millo.",
        [("faster", "contradiction", "a fact says the opposite of “faster”")],
        (),
    ),
    (
        "None of the testers are carriers.",
        [
            ("None", "none", "no fact says that it never or nowhere happens"),
            ("testers", "contradiction", "a fact says the opposite about “testers”"),
        ],
        (10,),
    ),
    (
        "None of our maps were drawn by volunteers.",
        [
            ("maps", "contradiction", "a fact says the opposite about “maps”"),
            ("drawn", "contradiction", "a fact says the opposite about “drawn”"),
            ("volunteers", "contradiction", "a fact says the opposite about “volunteers”"),
        ],
        (13,),
    ),
    ("Not one carrier walks less.", [("walks", "contradiction", "a fact says the opposite about “walks”")], (14,)),
]


@pytest.mark.parametrize(("sentence", "marks", "rests_on"), MARKED)
def test_what_a_fact_says_otherwise_is_marked_at_its_words(
    sentence: str, marks: list[tuple[str, str, str]], rests_on: tuple[int, ...]
) -> None:
    assert said_of(sentence, MILL) == (marks, rests_on)


@pytest.mark.parametrize(
    ("sentence", "marks"),
    [
        ("The club prints maps on cloth.", [("club prints maps on cloth", "ended", "a fact says that this has ended")]),
        ("The club printed maps on cloth.", []),
        ("The club no longer prints maps on cloth.", []),
        ("Posters are sold.", []),
    ],
)
def test_what_has_ended_is_told_in_the_past(sentence: str, marks: list[tuple[str, str, str]]) -> None:
    known = Known(("The club used to print maps on cloth", "Posters are sold at the gate"), Product("Mapclub"))
    assert said_of(sentence, known)[0] == marks
