"""What follows from facts, and what is no claim, in texts about an invented mill."""

import pytest

from core.texts.claims import Known, Product, check_text

MILL = Known(
    (
        "In 2022 visitors bought 431 sacks, and 268 of them were of rye",
        "In my second year I got a bill of 4,300 pounds for the wheel; I paid it off over 14 months",
        "The old price was 3 pounds from October 2023",
        "A sack costs 6 pounds a month by subscription",
        "In 2021 I raised the mill's weekly output from 20 to 38 kg",
        "We grind twice a week, 800 bags each time",
        "I ran from the mill to the sea in 5:48",
        "88 people carried a sack for a 50-miler",
        "One order in five is for spelt",
        "Delivery is 7 pounds a month per village bakery, with any number of sacks",
        "We had sold 5,200 bags by May",
        "A monthly tally is read by the council",
        "We are two people and the dog",
    ),
    Product("Grindlewater", "a water mill that sells flour", ("flour",), "https://grindlewater.example"),
)


def blocking(body: str, title: str = "Flour") -> list[tuple[str, str]]:
    """Returns the words that would keep a draft from being approved, each with the kind of its mark."""
    whole = f"{title}\n{body}"
    marks = check_text(whole, MILL, title=len(title)).marks
    return [(whole[mark.start : mark.end], mark.kind) for mark in marks if not mark.is_doubted]


@pytest.mark.parametrize(
    "body",
    [
        "In 2022 that came to 431 sacks.",
        "I paid a bit over 300 pounds a month for the wheel.",
        "From October 2023 a sack was 3 pounds a month.",
        "I went from 20 to 38 kg a week in 2021.",
        "We grind two batches a week, 800 bags each, so 1,600 in all.",
        "I ran to the sea in 5 hours and 48 minutes.",
        "88 people carried a sack for 50 miles.",
        "Delivery is 7 pounds a month for each bakery.",
        "We have 5,200 buyers.",
        "The council reads a tally once a month.",
    ],
)
def test_what_follows_from_a_fact_by_reckoning_blocks_no_draft(body: str) -> None:
    assert blocking(body) == []


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("In 2022 that came to 4,310 sacks.", [("4,310", "number")]),
        ("I paid a bit over 500 pounds a month for the wheel.", [("500 pounds", "number")]),
        ("From October 2023 a sack was 4 pounds a month.", [("4 pounds", "number")]),
        ("We grind two batches a week, 800 bags each, so 2,400 in all.", [("2,400", "number")]),
        ("Delivery is 7 pounds a month for each person.", [("7 pounds", "number")]),
        ("We have 5,400 buyers.", [("5,400", "number")]),
    ],
)
def test_what_does_not_follow_blocks_it(body: str, marked: list[tuple[str, str]]) -> None:
    assert blocking(body) == marked


@pytest.mark.parametrize(
    "body",
    [
        "Before anything else, a question.",
        "Two minutes between sacks beat an hour at the end.",
        "Miller here, it's Friday, so here goes.",
        "That is the reason.",
        "If you're happy with your flour, keep it.",
        'Every "let us just add it" lands on one desk.',
        "To a bakery a sack is as good as cash.",
        "Does the patent clause matter?",
        'B) "Rye with a bit of spelt", with the allergen in bold.',
        "    cut -d' ' -f1 flour.log | sort | awk '{print $1, $2}'",
    ],
)
def test_what_claims_nothing_blocks_no_draft(body: str) -> None:
    assert blocking(body) == []


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ('A baker told us: "your flour saved my bakery".', '"your flour saved my bakery"'),
        ('Around here it is "the best flour there is".', '"the best flour there is"'),
    ],
)
def test_words_that_somebody_is_said_to_have_said_are_marked(body: str, marked: str) -> None:
    assert marked in " | ".join(words for words, _ in blocking(body))


def test_a_title_may_begin_with_the_day_of_a_community() -> None:
    assert blocking("What do you pay for a sack?", "Vendor Friday: flour by subscription (6 pounds a month)") == []
    assert blocking("What do you pay?", "Flour every Friday for 8 pounds") == [
        ("Friday", "date"),
        ("8 pounds", "number"),
    ]


SOLD = "Last year we sold 12,000 sacks"


@pytest.mark.parametrize(
    "body",
    [
        f"    {SOLD}.",
        f"    {SOLD}; nobody else did.",
        f"Flour:\n    {SOLD} = a lot of rye.",
        f"```\n{SOLD}.\n```",
        f"```\n{SOLD}; nobody else did.\n```",
        f"```\ntotal = count(sacks)\n# {SOLD}\n```",
        "Last year we sold `12,000 sacks`.",
        f"`{SOLD}`",
    ],
)
def test_prose_that_is_set_in_code_is_read_as_prose(body: str) -> None:
    assert "12,000" in " ".join(words for words, _ in blocking(body))


@pytest.mark.parametrize(
    "body",
    [
        "```\nserver.listen({port: 8080});\n```",
        "```python\ntotal = sum(sacks[:12000])\nopen('flour.csv', 'w')\nsleep(5000)\n```",
        '```\n{\n  "port": 8080,\n  "host": "example.com"\n}\n```',
        "Set `--port=8080` and try again.",
        "So:\n\n    mill --port 8080 --rye\n    echo $((4096 * 2))",
    ],
)
def test_code_claims_nothing(body: str) -> None:
    assert blocking(body) == []


def test_a_year_is_not_a_fact_s_day_with_another_unit() -> None:
    facts = (
        "We fixed the scale in a day",
        "I sort the receipts every Friday; it takes me fifteen minutes",
        "We answer within 9 days",
    )
    known = Known(facts, Product("Grindlewater", "a water mill that sells flour"))
    marks = check_text("Books\nOver a year of Fridays that comes to about thirteen hours.", known, title=5).marks
    assert [mark for mark in marks if not mark.is_doubted] == []
    assert [mark.is_doubted for mark in check_text("Books\nWe answer within 9 weeks.", known, title=5).marks] == [False]
