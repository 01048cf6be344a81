"""What is said of an inn: shares and all of them, prices, names, quotes, addresses, days."""

from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from tests.core.texts.claims.invented import said_of

INN = Known(
    (
        "60% of the guests swim",
        "40% of the cooks sing",
        "45 of the 80 barns are red",
        "12 of the 80 sheds are blue",
        "We mainly bake rye",
        "Nobody likes rain",
        "Each guest gets a towel",
        "A towel was better than a rug in our test",
        "We switched to tea because coffee was dear",
        "The inn is open from Thursday to Sunday",
        "See www.inn.example/rooms and www.inn.example/map",
        "Only members may fish",
        "I lost a boot in a bog in Wales",
        "The bus stops at the inn; a tram is planned for May",
        "Rooms cost €40 a night, €240 a week",
        "4 cooks bake 12 loaves an hour",
        "9 guests of 10 said in our survey that they slept well",
    ),
    Product("Rye Inn", "an inn for hikers", ("hiking", "rooms"), "https://inn.example"),
)
CARRIED = [
    ("Most guests swim.", (0,)),
    ("Most of the barns are red.", (2,)),
    ("Most of what we bake is rye.", (4,)),
    ("Every guest gets a towel.", (6,)),
    ("All guests get a towel.", (6,)),
    ("Nobody likes rain.", (5,)),
    ("No one likes rain.", (5,)),
    ("A towel is better than a rug.", (7,)),
    ("We switched to tea, since coffee was dear.", (8,)),
    ("See www.inn.example/rooms for it.", ()),
    ("See www.inn.example for it.", ()),
    ("Only members may fish.", (11,)),
    ("Members may fish.", ()),
    ("I left one boot behind in a bog.", (12,)),
    ("The bus stops at the inn.", (13,)),
    ("A tram is planned.", (13,)),
    ("Rooms cost 40 euros a night.", (14,)),
    ("Rooms cost 240 euros a week.", (14,)),
    ("Two nights cost 80 euros.", (14,)),
    ("Seven nights cost 280 euros, a week 240.", (14,)),
    ("With a week you save 40 euros.", (14,)),
    ("A loaf takes 5 minutes.", (15,)),
    ("A cook bakes 3 loaves an hour.", (15,)),
    ("In four hours the cooks bake 48 loaves.", (15,)),
    ("Nine of ten guests slept well.", (16,)),
    ("Guests said that they slept well.", (16,)),
    ("10% of the guests slept badly.", (16,)),
    ("The towel is red.", (2, 6)),
    ("The Inn is ours.", ()),
    ('"Hans" is a guest.', ()),
    ("MEMBERS FISH.", (11,)),
    ("X is red.", ()),
    ("Guests may swim next year.", ()),
    ("First, guests swim.", (0,)),
    ("The first guests swim.", (0,)),
    ("Three in five guests swim.", (0,)),
    ("Two in five guests do not swim.", (0,)),
    ("Two in five cooks sing.", (1,)),
]
MARKED = [
    ("Most cooks sing.", [("Most", "quantifier", "no fact says this of all or of most")], (1,)),
    ("Most of the sheds are blue.", [("Most of the", "quantifier", "no fact says this of all or of most")], (3,)),
    (
        "Everybody likes rain.",
        [
            ("likes", "contradiction", "a fact says the opposite about “likes”"),
            ("rain", "contradiction", "a fact says the opposite about “rain”"),
        ],
        (5,),
    ),
    ("Guests swim, and the inn is open every day.", [("every day", "date", "a fact leaves days out")], (0, 9)),
    (
        "Guests swim, and the inn is open on Monday.",
        [("Monday", "contradiction", "a fact leaves this day out")],
        (0, 9),
    ),
    ("Guests swim, and it is open daily.", [("daily", "date", "a fact leaves days out")], (0,)),
    ("See www.inn.example/pool for it.", [("www.inn.example/pool", "link", "no fact holds this address")], ()),
    (
        "Guests swim, see https://pool.example.",
        [("https://pool.example", "link", "no fact holds this address")],
        (0, 10),
    ),
    (
        "Guests swim, and other inns have a pool.",
        [("other inns", "competitor", "no fact says this of others"), ("pool", "unsupported", "no fact says “pool”")],
        (0,),
    ),
    (
        "Other inns have a pool.",
        [("Other inns", "competitor", "no fact says this of others"), ("pool", "unsupported", "no fact says “pool”")],
        (),
    ),
    (
        "Typical inns have a pool.",
        [("Typical inns", "competitor", "no fact says this of others"), ("pool", "unsupported", "no fact says “pool”")],
        (),
    ),
    ("I lost a boot and a hat in a bog in Wales.", [("hat", "experience", "no fact says “hat”")], (12,)),
    ("I was a sailor.", [("sailor", "experience", "no fact says “sailor”")], ()),
    ("We rented a van.", [("rented a van", "experience", "no fact says “rented a van”")], ()),
    ("Rooms cost 40 euros a week.", [("40 euros", "number", "a fact says 40%, not 40 euros a week")], (14,)),
    ("Guests from Norway swim.", [("Norway", "name", "no fact names “Norway”")], (0,)),
    ("Guests swim in NYC.", [("NYC", "name", "no fact names “NYC”")], (0,)),
    ("Guests swim and hikers from Oslo climb.", [("Oslo", "name", "no fact names “Oslo”")], (0,)),
    (
        "The guests swim and the cook is a famous magician.",
        [("famous magician", "unsupported", "no fact says “famous magician”")],
        (0,),
    ),
    (
        "A famous magician works here.",
        [("famous magician works here", "unsupported", "no fact says “famous magician works here”")],
        (),
    ),
    (
        "Famous magicians work here every winter.",
        [
            ("Famous magicians work here", "unsupported", "no fact says “Famous magicians work here”"),
            ("every winter", "quantifier", "no fact says this of all or of most"),
        ],
        (),
    ),
    (
        "The red barns, a harp and a lute.",
        [("harp", "unsupported", "no fact says “harp”"), ("lute", "unsupported", "no fact says “lute”")],
        (2,),
    ),
    (
        'At the inn: "the best soup in town".',
        [('"the best soup in town"', "testimonial", "no fact holds these words of a customer or user")],
        (),
    ),
    (
        'He wrote "we slept very well" in the book.',
        [('"we slept very well"', "testimonial", "no fact holds these words of a customer or user")],
        (),
    ),
    (
        'He wrote "guests swim" in the book.',
        [
            ("He wrote", "testimonial", "no fact holds these words of a customer or user"),
            ("book", "unsupported", "no fact says “book”"),
        ],
        (0,),
    ),
    ("It's the largest inn.", [("the largest", "superlative", "no fact says that it is above all others")], ()),
    ("The inn won prizes.", [("prizes", "award", "no fact tells of an award, a recommendation or press")], ()),
    ("The inn is always open.", [("always", "quantifier", "no fact says this of all or of most")], (9,)),
    (
        "The inn is never open.",
        [
            ("inn", "contradiction", "a fact says the opposite about “inn”"),
            ("never", "none", "no fact says that it never or nowhere happens"),
            ("open", "contradiction", "a fact says the opposite about “open”"),
        ],
        (9,),
    ),
    ("We bake rye, always.", [("always", "quantifier", "no fact says this of all or of most")], (4,)),
    (
        "No other inn has a towel.",
        [("No other inn", "superlative", "no fact says that it is above all others")],
        (6, 9),
    ),
    (
        "Soup is free for life.",
        [
            ("Soup is free", "unsupported", "no fact says “Soup is free”"),
            ("for life", "promise", "no fact can promise what will happen"),
        ],
        (),
    ),
    ("Then Hans came.", [("Hans", "name", "no fact names “Hans”")], ()),
    ("This is Hans.", [("Hans", "name", "no fact names “Hans”")], ()),
    ("The USB port is red.", [("USB", "name", "no fact names “USB”")], ()),
    ("40 guests swim.", [("40", "number", "a fact says 40%, not 40")], (0,)),
]


@pytest.mark.parametrize(("sentence", "rests_on"), CARRIED)
def test_what_the_facts_of_the_inn_carry_is_not_marked(sentence: str, rests_on: tuple[int, ...]) -> None:
    assert said_of(sentence, INN) == ([], rests_on)


@pytest.mark.parametrize(("sentence", "marks", "rests_on"), MARKED)
def test_what_no_fact_of_the_inn_carries_is_marked_at_its_words(
    sentence: str, marks: list[tuple[str, str, str]], rests_on: tuple[int, ...]
) -> None:
    assert said_of(sentence, INN) == (marks, rests_on)
