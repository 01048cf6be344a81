from __future__ import annotations

import re

import pytest

from core.texts.claims.speech import Speech, _about_us, _commands, speech_of

KITE = re.compile("kite", re.I)
EXAMPLES = {
    Speech.QUESTION: (
        "How do you hear of frost?",
        "Anyone tried this?",
        "Got six projects?",
        "and what about you?",
        '"Is it dry?"',
        "You too?",
    ),
    Speech.MANNERS: (
        "Thanks for all the answers!",
        "Again, thanks a lot.",
        "Hi all.",
        "Sorry for the long post.",
        "Wish us luck.",
        "Any feedback is welcome.",
        "I'm looking for advice.",
        "Tell me what you think.",
        "You have been very kind.",
        "Pictures in the comments.",
        "English is not my first language.",
    ),
    Speech.OPINION: (
        "I think twenty sheep are plenty.",
        "In my opinion a forecast should be short.",
        "We guess that it was the frost.",
        "Personally, it works.",
        "Hard to say.",
        "I found that nice, I guess.",
    ),
    Speech.HYPOTHESIS: (
        "If I had a tractor, it works.",
        "Maybe it works.",
        "Had we known, it would be fine.",
        "It could work.",
        "You should rest.",
        "Nobody would pay that.",
    ),
    Speech.PLAN: (
        "I may be back.",
        "We want to try a longer forecast.",
        "I'll write a guide.",
        "One day it is there.",
        "My goal is a guide.",
    ),
    Speech.ADVICE: (
        "Ask your neighbours first.",
        "Never buy a pump.",
        "Turn it off.",
        "Steal sentences.",
        "Print the list.",
        "Grease them well.",
        "You need to rest.",
        "It is worth a look.",
        "How to build a pump.",
    ),
    Speech.PROMISE: ("It will save your plants.", "You'll love it.", "You can stop there.", "We guarantee it."),
    Speech.GENERAL: (
        "It depends on the soil.",
        "Tastes differ.",
        "Every farm is different.",
        "Learning takes time.",
        "Feeding sheep is hard.",
        "We all make mistakes.",
        "Every shop has its own rules.",
        "There is no shame in that.",
    ),
    Speech.CLAIM: (
        "It works with landlines.",
        "We sold 300 pumps.",
        "Our pump is blue.",
        "The pump makes it easy.",
        "I was a shepherd.",
        "Closed doors keep the heat.",
        "Runs it on a laptop.",
    ),
}


@pytest.mark.parametrize(
    ("sentence", "speech"), [(sentence, speech) for speech, every in EXAMPLES.items() for sentence in every]
)
def test_what_a_sentence_does_is_told_from_its_words(sentence: str, speech: Speech) -> None:
    assert speech_of(sentence, sentence) is speech


@pytest.mark.parametrize(
    ("clause", "sentence", "speech"),
    [
        ("how do you hear of frost", "After 700 calls, how do you hear of frost?", Speech.QUESTION),
        ("After 700 calls", "After 700 calls, how do you hear of frost?", Speech.CLAIM),
        ("if it rains", "What do you do, if it rains?", Speech.QUESTION),
        ("if it rains", "What do you do if it rains or snows?", Speech.HYPOTHESIS),
        ("it works", "Did you know that it works?", Speech.CLAIM),
        ("It works", "It works, right?", Speech.CLAIM),
        ("the pump is blue", "Thanks, the pump is blue.", Speech.MANNERS),
        ("our pump is blue", "Thanks, our pump is blue.", Speech.CLAIM),
        ("the pump is blue", "I think the pump is blue.", Speech.OPINION),
        ("we sold 300", "I think we sold 300.", Speech.CLAIM),
        ("I found that nice", "I think I found that nice.", Speech.OPINION),
        ("we found that nice", "I think we found that nice.", Speech.OPINION),
    ],
)
def test_a_clause_is_read_in_its_sentence(clause: str, sentence: str, speech: Speech) -> None:
    assert speech_of(clause, sentence) is speech


@pytest.mark.parametrize(
    ("sentence", "without", "named"),
    [
        ("Often Kite is slow.", Speech.GENERAL, Speech.CLAIM),
        ("Feeding sheep with Kite is hard.", Speech.GENERAL, Speech.CLAIM),
        ("You need to call Kite.", Speech.ADVICE, Speech.CLAIM),
        ("Thanks to all, Kite is there.", Speech.MANNERS, Speech.MANNERS),
    ],
)
def test_a_clause_that_names_the_product_is_about_it(sentence: str, without: Speech, named: Speech) -> None:
    assert speech_of(sentence, sentence) is without
    assert speech_of(sentence, sentence, KITE) is named


def test_manners_of_a_sentence_do_not_hold_for_a_clause_with_the_products_name() -> None:
    assert speech_of("Kite is blue", "Thanks, Kite is blue.") is Speech.MANNERS
    assert speech_of("Kite is blue", "Thanks, Kite is blue.", KITE) is Speech.CLAIM


@pytest.mark.parametrize(
    ("sentence", "speech"),
    [
        ("Download our app.", Speech.CLAIM),
        ("Grab the map first.", Speech.ADVICE),
        ("Turn it on in our app.", Speech.CLAIM),
        ("It would have cost more, and we sold 300.", Speech.CLAIM),
        ("We were all tired.", Speech.CLAIM),
        ("Every mill hums in its own key.", Speech.GENERAL),
        ("We had all our own mills.", Speech.CLAIM),
        ("The US law is hard.", Speech.GENERAL),
        ("It gives us a hard time.", Speech.CLAIM),
        ("Ran a café for six years.", Speech.CLAIM),
        ("Lists the files.", Speech.CLAIM),
        ("Grow.", Speech.CLAIM),
        ("Rows the boat.", Speech.CLAIM),
    ],
)
def test_what_is_said_of_us_is_a_claim_in_any_shape(sentence: str, speech: Speech) -> None:
    assert speech_of(sentence, sentence) is speech


@pytest.mark.parametrize(
    ("clause", "sentence", "speech"),
    [
        (' (*"Is it dry?"*) ', ' (*"Is it dry?"*) ', Speech.QUESTION),
        ("— if it rains —", "What if? — if it rains — or not?", Speech.HYPOTHESIS),
        ("Do you know?'", "Do you know?'", Speech.QUESTION),
        ("the pump works", "Does it? the pump works?)", Speech.QUESTION),
        ("*Thanks* a lot", "*Thanks* a lot", Speech.MANNERS),
        ("the pump is blue", '"Thanks", the pump is blue', Speech.MANNERS),
        ("It will save and could rest.", "It will save and could rest.", Speech.PROMISE),
        ("I plan to rest, if I may.", "I plan to rest, if I may.", Speech.PLAN),
        ("If I plan to rest.", "If I plan to rest.", Speech.HYPOTHESIS),
        ("Maybe I think so.", "Maybe I think so.", Speech.OPINION),
        ("I think I saw it, if any.", "I think I saw it, if any.", Speech.CLAIM),
        ("Any advice, I think?", "Any advice, I think?", Speech.QUESTION),
        ("Print the list online.", "Print the list online.", Speech.CLAIM),
        ("Not every pump is dry.", "Not every pump is dry.", Speech.GENERAL),
    ],
)
def test_the_first_that_fits_decides(clause: str, sentence: str, speech: Speech) -> None:
    assert speech_of(clause, sentence) is speech


@pytest.mark.parametrize(
    ("clause", "is_so"),
    [
        ("steal sentences", True),
        ("Steal", True),
        ("steal the sentences", True),
        ("Lead the way", True),
        ("prints labels", False),
        ("running is", False),
        ("Stole the bike", False),
        ("went home", False),
        ("Milk and eggs", False),
        ("3d print", False),
        ("re-read it", False),
        ("", False),
    ],
)
def test_a_command_begins_with_a_bare_verb(clause: str, is_so: bool) -> None:
    assert _commands(clause) is is_so


@pytest.mark.parametrize(
    ("clause", "without", "named"),
    [
        ("it", True, True),
        ("us", True, True),
        ("US", False, False),
        ("The US and us", True, True),
        ("all of us", False, False),
        ("we all rest", False, False),
        ("kite", False, True),
        ("pumps", False, False),
        ("customers rest", True, True),
    ],
)
def test_about_us_is_what_names_us_or_the_product(clause: str, without: bool, named: bool) -> None:
    assert _about_us(clause, None) is without
    assert _about_us(clause, KITE) is named
