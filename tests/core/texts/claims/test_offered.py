from __future__ import annotations

import pytest

from core.texts.claims import Known, Product
from core.texts.claims.arithmetic import Backed
from core.texts.claims.clause import Clause, Sentence
from core.texts.claims.offered import _denied_parts, _is_same, denied_offers, lived_by_nobody, trends_unlike
from core.texts.claims.words import words_in
from core.texts.sentences import Span
from tests.core.texts.claims.invented import by_tables, said_of

PADDOCK = Known(
    (
        "Paddock lets riders share stable chores in a plan",
        "It does not summarise the week and it has no chat",
        "No videos, no maps",
        "Hosts are not paid",
        "58 of 90 stables kept the plan for a year",
        "Missed feedings fell from 12 to 3 a month",
        "I was thrown by a pony at 12",
        "My aunt Olga was a farrier for 20 years",
        "A box costs 31 euros, the aerial 240",
        "640 boxes were sold since 2022",
        "Eight boxes were sent back",
        "Each of the 350 stables sends 19 notes a month on average",
        "We dropped the diary because nobody filled it in",
    ),
    Product("Paddock", "a plan of chores for riding stables", ("stables", "horses")),
)


def kinds(sentence: str) -> list[str]:
    return [mark.kind for mark in by_tables(sentence, PADDOCK).marks]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("It writes a summary of your week.", "summary"),
        ("You can watch the video of a chore.", "video"),
        ("A chat lets riders talk while they feed.", "chat"),
        ("It has a chat.", "chat"),
    ],
)
def test_what_a_fact_denies_is_marked_where_it_is_offered_in_other_words(sentence: str, words: str) -> None:
    assert (words, "contradiction") in [(sentence[m.start : m.end], m.kind) for m in by_tables(sentence, PADDOCK).marks]


@pytest.mark.parametrize("sentence", ["There is no chat.", "We never had a chat.", "Hosts get no pay."])
def test_what_a_fact_denies_may_be_denied(sentence: str) -> None:
    assert "contradiction" not in kinds(sentence)


def test_a_trend_needs_a_fact_that_went_this_way() -> None:
    assert kinds("More feedings are missed than before.") == ["direction"]
    assert kinds("Fewer feedings are missed than before.") == []
    assert "direction" in kinds("Fewer and fewer stables share chores.")


def test_what_another_person_lived_is_not_told_with_i() -> None:
    assert "experience" in kinds("I was a farrier myself.")
    assert kinds("I was thrown by a pony.") == []


def test_a_fact_about_some_does_not_carry_a_claim_about_all_or_none() -> None:
    assert "quantifier" in kinds("All of the stables kept the plan for a year.")
    assert "none" in kinds("No one kept the plan for a year.")


@pytest.mark.parametrize(
    "sentence",
    [
        "A hundred boxes and the aerial cost 3,340 euros.",  # 100 × 31 + 240
        "One in eighty boxes was sent back.",  # 8 of 640, of two facts
        "The stables send 6,650 notes a month.",  # 350 × 19
        "Every month we have three missed feedings.",
    ],
)
def test_what_follows_from_facts_by_two_steps_is_not_marked(sentence: str) -> None:
    assert kinds(sentence) == []


def test_a_cause_that_no_fact_has_is_marked_where_something_is_said_to_have_changed() -> None:
    assert "cause" in kinds("Missed feedings are fewer since we share the work.")
    assert kinds("We dropped the diary because nobody filled it in.") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Screws have a way of rolling under the heaviest cupboard.",
        "Customers forgive a delay, but not silence.",
        "A knot that you cannot untie is not a knot but a problem.",
        "Nobody ever fell asleep by trying.",
        "Cold feet ruin more trips than rain.",
        "For my taste there is too much shouting in stables.",
        "Hats off to all who wrote.",
    ],
)
def test_a_saying_of_the_world_is_not_marked(sentence: str) -> None:
    assert kinds(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Riders can book a vet.",
        "Hosts earn a few euros for each booking of theirs.",
        "Ergonomists recommend it.",
        "Vets swear by it.",
        "Grooms sleep better as a result.",
    ],
)
def test_a_claim_in_the_shape_of_a_saying_is_marked(sentence: str) -> None:
    assert kinds(sentence) != []


@pytest.mark.parametrize("sentence", ["A box costs 31 euros per stable.", "A box costs 31 euros a horse."])
def test_an_amount_for_each_of_something_else_is_marked(sentence: str) -> None:
    known = Known(("A box costs 31 euros a rider, the aerial 240",), Product("Paddock"))
    assert [mark.kind for mark in by_tables(sentence, known).marks] == ["number"]
    assert by_tables("A box costs 31 euros per rider.", known).marks == ()


def test_a_story_of_mine_may_choose_its_own_words_but_not_another_trade() -> None:
    known = Known(("I was a shepherd in Wales and lost a boot in a bog",), Product("Paddock"))
    assert by_tables("I left one boot behind in a swamp in Wales.", known).marks == ()
    assert by_tables("I was a sailor in Wales.", known).marks != ()


CARRIED = [
    ("There is no chat.", ()),
    ("We never had a chat.", ()),
    ("Hosts get no pay.", (3,)),
    ("Hosts earn nothing.", ()),
    ("Fewer feedings are missed than before.", (5,)),
    ("Less and less feedings are missed.", (5,)),
    ("I was thrown by a pony.", (6,)),
    ("Most of the stables kept the plan for a year.", (4,)),
    ("58 of the stables kept the plan for a year.", (4,)),
    ("32 of the stables did not keep the plan.", (4,)),
    ("Every stable sends 19 notes a month.", (11,)),
    ("We dropped the diary because nobody filled it in.", (12,)),
    ("A chat is out of scope.", ()),
    ("It has no maps or videos.", (2,)),
    ("Maps would be nice.", ()),
    ("Boxes were sent back.", (10,)),
    ("Boxes cost 31 euros, 240 with the aerial.", (8,)),
    ("A box and the aerial cost 271 euros.", (8,)),
    ("My aunt was a farrier.", (7,)),
    ("Our aunt Olga has a pony.", (6, 7)),
    ("Riders share chores.", (0,)),
    ("Riders of all stables share all of their chores.", (0,)),
    ("At 12 a pony threw me.", (6,)),
]
MARKED = [
    (
        "It writes a summary of your week.",
        [
            ("summary", "contradiction", "a fact says the opposite about “summary”"),
            ("week", "contradiction", "a fact says the opposite about “week”"),
        ],
        (1,),
    ),
    (
        "You can watch the video of a chore.",
        [("video", "contradiction", "a fact says the opposite about “video”")],
        (0, 2),
    ),
    (
        "A chat lets riders talk while they feed.",
        [("chat", "contradiction", "a fact says the opposite about “chat”")],
        (0, 1),
    ),
    (
        "Hosts are paid.",
        [
            ("Hosts", "contradiction", "a fact says the opposite about “Hosts”"),
            ("paid", "contradiction", "a fact says the opposite about “paid”"),
        ],
        (3,),
    ),
    (
        "More feedings are missed than before.",
        [("More feedings are missed than before", "direction", "a fact says that it went the other way")],
        (5,),
    ),
    (
        "Fewer and fewer stables share chores.",
        [("Fewer and fewer", "direction", "no fact says that it changed this way")],
        (0,),
    ),
    ("I was a farrier myself.", [("I was a farrier", "experience", "no fact says this of the poster")], ()),
    (
        "I've been a farrier for 20 years.",
        [("I've been a farrier", "experience", "no fact says this of the poster")],
        (7,),
    ),
    ("Then I was a farrier.", [("I was a farrier", "experience", "no fact says this of the poster")], ()),
    (
        "I was a farrier for 20 years, and I made it.",
        [("I was a farrier", "experience", "no fact says this of the poster")],
        (7,),
    ),
    (
        "All of the stables kept the plan for a year.",
        [("All of the", "quantifier", "no fact says this of all or of most")],
        (4,),
    ),
    (
        "No one kept the plan for a year.",
        [
            ("No one", "none", "no fact says that it never or nowhere happens"),
            ("plan", "contradiction", "a fact says the opposite about “plan”"),
        ],
        (4,),
    ),
    ("32 of the stables kept the plan.", [("32", "direction", "a fact says this number of the others")], (4,)),
    ("Riders can book a vet.", [("book a vet", "unsupported", "no fact says “book a vet”")], ()),
    (
        "Ergonomists recommend it.",
        [("Ergonomists recommend", "study", "no fact names a study, a survey or an authority for this")],
        (),
    ),
    ("Vets swear by it.", [("swear by it", "social proof", "no fact says what people think of it")], ()),
    (
        "Grooms sleep better as a result.",
        [
            ("Grooms sleep", "unsupported", "no fact says “Grooms sleep”"),
            ("as a result", "cause", "no fact says that one caused the other"),
        ],
        (),
    ),
    (
        "Missed feedings are fewer since we share the work.",
        [("since", "cause", "no fact says that one caused the other")],
        (5,),
    ),
    ("It has maps.", [("maps", "contradiction", "a fact says the opposite about “maps”")], ()),
    ("It has no maps, but a video.", [("video", "contradiction", "a fact says the opposite about “video”")], ()),
    (
        "It summarises the week.",
        [
            ("summarises", "contradiction", "a fact says the opposite about “summarises”"),
            ("week", "contradiction", "a fact says the opposite about “week”"),
        ],
        (1,),
    ),
    ("Eight boxes were sold.", [("sold", "unsupported", "no fact says “sold”")], (10,)),
    ("We sold 648 boxes.", [("648", "number", "no fact holds 648")], (9,)),
    (
        "A rider told me about her pony at 12.",
        [("told me", "testimonial", "no fact holds these words of a customer or user")],
        (6,),
    ),
]


@pytest.mark.parametrize(("sentence", "rests_on"), CARRIED)
def test_what_a_fact_offers_or_denies_may_be_told(sentence: str, rests_on: tuple[int, ...]) -> None:
    assert said_of(sentence, PADDOCK) == ([], rests_on)


@pytest.mark.parametrize(("sentence", "marks", "rests_on"), MARKED)
def test_what_a_fact_denies_is_marked_at_its_words(
    sentence: str, marks: list[tuple[str, str, str]], rests_on: tuple[int, ...]
) -> None:
    assert said_of(sentence, PADDOCK) == (marks, rests_on)


STABLE = Known(
    (
        "The stable by the river has no lift",
        "No films, no maps",
        "We do not paint walls",
        "Boats are not taken except in May",
        "3 of 9 horses were not there",
        "No plan for goats",
        "My aunt Olga was a farrier for 20 years",
        "Missed feedings fell from 12 to 3 a month",
        "There is no cat door",
    ),
    Product("Paddock", "a plan of chores for stables"),
)


def read(sentence: str, start: int = 0) -> Clause:
    clause = Clause(Sentence(sentence, STABLE), Span(start, len(sentence)))
    clause.choose()
    return clause


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Take the lift.", "lift"),
        ("So there: take the lift.", "lift"),
        ("Films are shown.", "Films"),
        ("We paint walls.", "paint"),
        ("Goats are fine.", "Goats"),
        ("Open the cat door.", "cat"),
        ("Walls are there, and films.", "films"),
        ("We paint.", None),
        ("Open the door.", None),
        ("A cat.", None),
        ("Boats are fine.", None),
        ("Horses are there.", None),
        ("The river is wide.", None),
        ("No lift.", None),
        ("We dropped the lift.", None),
        ("Of the.", None),
    ],
)
def test_each_thing_that_a_fact_denies_is_offered_only_as_a_whole(sentence: str, words: str | None) -> None:
    marks = [(sentence[m.start : m.end], m.kind, m.reason) for m in denied_offers(read(sentence))]
    assert marks == ([] if words is None else [(words, "contradiction", f"a fact says the opposite about “{words}”")])


@pytest.mark.parametrize(
    ("sentence", "start", "words"),
    [
        ("I was a farrier.", 0, "I was a farrier"),
        ("Yes, and then I was a farrier.", 5, "I was a farrier"),
        ("But I have also been a farrier.", 0, "I have also been a farrier"),
        ("I was a farrier for feedings.", 0, None),
        ("I wrote to a farrier.", 0, None),
        ("You were a farrier.", 0, None),
        ("I was a nurse.", 0, None),
    ],
)
def test_what_somebody_of_mine_lived_is_not_mine(sentence: str, start: int, words: str | None) -> None:
    marks = [(sentence[m.start : m.end], m.kind, m.reason) for m in lived_by_nobody(read(sentence, start))]
    assert marks == ([] if words is None else [(words, "experience", "no fact says this of the poster")])


@pytest.mark.parametrize(
    ("sentence", "start", "words", "is_turned"),
    [
        ("More feedings are missed than before.", 0, "More feedings are missed than before", True),
        ("Yes, more feedings are missed than ever.", 5, "more feedings are missed than ever", True),
        ("Less and less horses.", 0, "Less and less", False),
        ("More and more walls.", 0, "More and more", False),
        ("Ever fewer walls.", 0, "Ever fewer", False),
    ],
)
def test_a_trend_is_marked_at_its_words(sentence: str, start: int, words: str, is_turned: bool) -> None:
    reason = "a fact says that it went the other way" if is_turned else "no fact says that it changed this way"
    marks = [(sentence[m.start : m.end], m.kind, m.reason) for m in trends_unlike(read(sentence, start))]
    assert marks == [(words, "direction", reason)]


@pytest.mark.parametrize("sentence", ["Fewer feedings are missed than before.", "More walls.", "We feed."])
def test_no_other_trend_is_marked(sentence: str) -> None:
    assert list(trends_unlike(read(sentence))) == []


@pytest.mark.parametrize(
    ("fact", "parts"),
    [
        ("Nobody drew maps by hand, but Lena printed flags", [["drew", "maps", "by hand"]]),
        ("There is no ladder, no rope", [["ladder"], ["rope"]]),
        ("It has no ladder; it has no rope", [["ladder"], ["rope"]]),
        ("It has no ladder and no rope", [["ladder"], ["rope"]]),
        ("The stove burns wood, not coal", [["coal"]]),
        ("There are no horses", []),
        ("It does not sleep", [["sleep"]]),
        ("It does not ski", []),
        ("It has no gym", [["gym"]]),
        ("It does not ski, nor does it swim", [["swim"]]),
        ("The choir sings", []),
    ],
)
def test_what_a_fact_denies_is_taken_apart(fact: str, parts: list[list[str]]) -> None:
    known = Known((fact,), PADDOCK.product)
    found = _denied_parts(known.facts[0], Clause(Sentence("So", known), Span(0, 2)))
    assert [[word.text for word in part] for part in found] == parts


@pytest.mark.parametrize(
    ("word", "held", "is_so"),
    [
        ("burn", "burns", True),
        ("ladder", "ladders", True),
        ("boat", "ship", True),
        ("big", "large", False),
        ("hike", "hiking", True),
        ("boat", "ladder", False),
        ("buy", "acquire", False),
    ],
)
def test_nouns_may_be_synonyms_and_verbs_may_not(word: str, held: str, is_so: bool) -> None:
    assert _is_same(words_in(word)[0], words_in(held)[0]) is is_so


def test_an_offer_is_looked_for_in_the_fact_of_its_number_where_it_has_one() -> None:
    text = "It has a chat and stores videos."
    clause = Clause(Sentence(text, PADDOCK), Span(0, len(text)))
    assert [text[m.start : m.end] for m in denied_offers(clause)] == ["chat"]
    clause.backing[0] = [Backed(58, "count", 4)]
    assert list(denied_offers(clause)) == []
    clause.chosen = (2,)
    assert [text[m.start : m.end] for m in denied_offers(clause)] == ["videos"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (
            "More sales of cars and trucks on the ferry than before.",
            ["More sales of cars and trucks on the ferry than before"],
        ),
        ("More sales than before.", []),
        ("Fewer sales than before.", ["Fewer sales than before"]),
    ],
)
def test_a_trend_is_told_by_the_first_fact_of_the_clause(text: str, marked: list[str]) -> None:
    known = Known(("The ferry carries cars and trucks", "Sales rose"), Product("Ferrylane"))
    clause = Clause(Sentence(text, known), Span(0, len(text)))
    clause.choose()
    assert [text[m.start : m.end] for m in trends_unlike(clause)] == marked
