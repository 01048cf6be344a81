from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.texts.claims import Checked, Known, Mark, Product, check_sentence, check_text
from tests.core.texts.claims.invented import by_tables

KITE = Known(
    (
        "Kitewire is a phone line for small farms that reads the weather forecast aloud",
        "It works with landlines, not with mobile phones",
        "A call lasts 90 seconds on average",
        "212 farms call it every week, 31 of them in Wales",
        "It costs $12 a month and needs no account",
        "Calls about frost went from 40 to 20 a week after we moved the warning to the beginning",
        "I was a shepherd for 9 years",
        "A text message service is planned for spring",
        "One in three callers is older than 70",
    ),
    Product("Kitewire", "a phone line with the weather for farms", ("farm weather", "forecast")),
)


def marked(sentence: str, known: Known = KITE) -> list[tuple[str, str]]:
    """What the tables of words mark; what the trained reader makes of it is tested with it."""
    return [(sentence[mark.start : mark.end], mark.kind) for mark in by_tables(sentence, known).marks]


@pytest.mark.parametrize(
    ("sentence", "words", "kind"),
    [
        ("300 farms call it every week.", "300", "number"),
        ("A call lasts 90 minutes on average.", "90 minutes", "number"),
        ("212 shepherds call it every week.", "212", "number"),
        ("212 farms call it every month.", "212", "number"),
        ("It costs $12 a year.", "$12", "number"),
        ("I was a shepherd for 9 weeks.", "9 weeks", "number"),
        ("It began in 2014.", "2014", "date"),
        ("It works with Alexa.", "Alexa", "name"),
        ("Listen at https://kitewire.example/listen today.", "https://kitewire.example/listen", "link"),
        ("It is the best forecast for farms.", "the best", "superlative"),
        ("It is cheaper than any app for farms.", "cheaper than any", "comparison"),
        ("Farmers swear by it.", "swear by it", "social proof"),
        ("Studies show that farms call it every week.", "Studies show", "study"),
        ("It won an award for farms.", "award", "award"),
        ("One farmer told us that frost cannot surprise him now.", "farmer told", "testimonial"),
        ("Thanks to Kitewire 212 farms lost no lambs.", "Thanks to", "cause"),
        ("Other phone lines read yesterday's weather.", "Other phone lines", "competitor"),
        ("It works with mobile phones, not with landlines.", "mobile phones", "contradiction"),
        ("You need an account.", "account", "contradiction"),
        ("You will never lose a lamb again.", "never lose a lamb again", "promise"),
        ("The text message service is there.", "text message service", "planned"),
        ("It is the only phone line for farms.", "the only phone", "only"),
        ("It reads the forecast aloud and orders fodder.", "orders fodder", "unsupported"),
        ("Spent a decade on oil rigs.", "Spent a decade on oil rigs", "unsupported"),
        ("It is used by up to 40 farms.", "40", "number"),
        ("212 companies call it every week.", "212", "number"),
        ("Since Kitewire the farms lose fewer lambs.", "Since Kitewire the farms lose fewer", "cause"),
        ("We were the first phone line.", "the first", "only"),
    ],
)
def test_what_no_fact_carries_is_marked_at_its_words(sentence: str, words: str, kind: str) -> None:
    found = marked(sentence)
    assert kind in {of for _, of in found}
    assert any(words in part or part in words for part, of in found if of == kind), found


@pytest.mark.parametrize(
    "sentence",
    [
        "About 200 farms call it every week.",
        "More than 200 farms call it every week.",
        "It costs $144 a year.",
        "A call lasts a minute and a half on average.",
        "Calls about frost were cut in half.",
        "Calls about frost halved after the warning was moved to the beginning.",
        "A third of the callers are older than 70.",
        "31 of the 212 farms are in Wales.",
        "In spring a text message service comes out.",
        "A call takes no more than 90 seconds.",
        "The forecast is spoken to you.",
        "181 of the 212 farms are not in Wales.",
        "I was a shepherd for nine years.",
        "It does not work with mobile phones.",
        "You don't need an account.",
        "A text message service is planned for spring.",
        "Full disclosure: I built Kitewire, so I am biased.",
        "It reads the weather forecast aloud, i.e. on the phone.",
        "It costs 12 US dollars a month.",
    ],
)
def test_what_the_facts_carry_in_other_words_is_not_marked(sentence: str) -> None:
    assert marked(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "How do you hear of frost in time?",
        "Would you pay $20 a month for this?",
        "Has anyone tried Alexa for this?",
        "Thanks for all the answers!",
        "In my opinion a forecast should be short.",
        "I think twenty sheep are plenty.",
        "We want to try a longer forecast next year.",
        "If I had a tractor, I would listen in the cab.",
        "Ask your neighbours first.",
        "Every farm is different, so your mileage may vary.",
        "It depends on the weather.",
        "Hi all, new here.",
    ],
)
def test_what_claims_nothing_is_not_marked(sentence: str) -> None:
    assert marked(sentence) == []


def test_a_reason_says_what_the_fact_has_instead() -> None:
    (mark,) = check_sentence("A call lasts 90 minutes on average.", KITE).marks
    assert mark == Mark(13, 23, "number", "a fact says 90 seconds, not 90 minutes")


def test_an_invented_half_is_marked_and_the_true_half_is_not() -> None:
    sentence = "I was a shepherd for 9 years and sold two tractors."
    found = marked(sentence)
    assert found
    assert all(sentence.index(words) >= sentence.index("sold") for words, _ in found)


def test_a_claim_before_a_question_is_still_a_claim() -> None:
    assert marked("After 700 calls, how do you hear of frost?") == [("700", "number")]


def test_places_are_those_of_the_whole_text_whatever_its_quotes_and_layout() -> None:
    text = "# Weather\n\n- “It works with landlines.”\n- It isn’t cheap: $99 a month."
    marks = check_text(text, KITE).marks
    assert "$99" in [text[mark.start : mark.end] for mark in marks]


def test_the_facts_that_a_text_rests_on_are_named_by_their_places() -> None:
    reading = check_text("It costs $12 a month. Do you like frost? I was a shepherd for 9 years.", KITE)
    assert reading.marks == ()
    assert reading.rests_on == (4, 6)


def test_without_facts_every_claim_is_marked() -> None:
    nothing = Known((), Product("Kitewire"))
    assert marked("It reads the forecast aloud.", nothing)
    assert marked("How are you?", nothing) == []


@pytest.mark.parametrize(
    ("written", "fact"),
    [
        ("1,200", "1200 users"),
        ("1.2k", "1,200 users"),
        ("1200", "1.2k users"),
        ("12", "twelve shops"),
        ("twelve", "12 shops"),
        ("two hundred", "200 calls"),
        ("3 million", "3,000,000 rows"),
        ("40 percent", "fell by 40%"),
        ("２５", "25 people"),
        ("twenty-five", "25 people"),
        ("2,5", "2.5 hours"),
        ("B2B", "sold to B2B shops"),
    ],
)
def test_the_same_figure_is_recognised_however_it_is_written(written: str, fact: str) -> None:
    found = marked(f"It was {written} then", Known((fact,), Product("")))
    assert written not in [words for words, _ in found]


@pytest.mark.parametrize(
    ("written", "fact"),
    [("12", "120 users"), ("1,2k", "12 users"), ("4000", "40% less"), ("thirty", "3 people"), ("v2", "it runs")],
)
def test_a_figure_that_only_looks_alike_is_not_supported(written: str, fact: str) -> None:
    assert marked(f"It was {written} then", Known((fact,), Product("")))


OVEN = Known(
    (
        "Repairs of the oven are free for five years",
        "Unplanned stops fell from 11 a month to 4 after the new fan",
        "A loaf used to take me 90 minutes and now takes 40",
        "I taught baking in Leeds from 2009 to 2020 and read about five books a year",
        "Plans are drawn with open maps, and except for the door all parts come from our own shed",
    ),
    Product("Ovenkin", "a wood oven", ("wood oven",)),
)


@pytest.mark.parametrize(
    ("sentence", "words", "kind"),
    [
        ("Unplanned stops fell from 11 a week to 4.", "11", "number"),
        ("Unplanned stops fell to 4 a day.", "4", "number"),
        ("A loaf used to take me 40 minutes and now takes 90.", "90", "direction"),
        ("Repairs of the oven are free for life.", "for life", "promise"),
        ("For fifteen years I taught baking in Leeds.", "fifteen years", "number"),
        ("I read a book every two weeks.", "two weeks", "number"),
        ("Oven plans come from Royal Survey.", "Royal", "name"),
    ],
)
def test_what_is_turned_round_or_stretched_is_marked(sentence: str, words: str, kind: str) -> None:
    assert (words, kind) in marked(sentence, OVEN)


@pytest.mark.parametrize(
    "sentence",
    [
        "Unplanned stops fell from 11 to 4 a month.",
        "A loaf takes 40 minutes instead of 90.",
        "For eleven years I taught baking in Leeds.",
        "I read a book roughly every ten weeks.",
        "I taught baking in Leeds for more than a decade.",
    ],
)
def test_what_follows_from_years_rates_and_changes_is_not_marked(sentence: str) -> None:
    assert marked(sentence, OVEN) == []


def test_an_amount_that_two_facts_give_only_roughly_is_not_carried_by_their_sum() -> None:
    facts = ["I ran a dive shop for six years.", "We double-booked the boat 11 times in one summer."]
    known = Known(facts, Product("Kelpline"))
    assert check_sentence("I ran a dive shop for six years.", known).marks == ()
    [mark] = check_sentence("I ran a dive shop for six months.", known).marks  # six years, 11 times: 6.5 months each
    assert (mark.kind, mark.reason) == ("number", "a fact says six years, not six months")


def test_a_double_booking_is_no_figure() -> None:
    known = Known(["We double-booked the boat 11 times in one summer."], Product("Kelpline"))
    assert check_sentence("In one summer we double-booked the boat eleven times.", known).marks == ()
    marks = check_sentence("In one summer we took double the guests on the boat.", known).marks
    assert "number" in [mark.kind for mark in marks]


def test_list_numbers_are_layout_and_any_other_number_at_a_line_start_is_a_figure() -> None:
    def numbers(text: str) -> list[str]:
        return [text[mark.start : mark.end] for mark in check_text(text, KITE).marks if mark.kind == "number"]

    assert numbers("1. We read it aloud.\n2. We call.\n3) We rest.") == []
    assert numbers("1. We read it aloud.\n37. We call.") == ["37"]


@given(
    number=st.integers(min_value=300, max_value=10**9).filter(lambda n: n not in (365, 366)),
    style=st.sampled_from(
        ["{} farms call it.", "It has {:,} farms.", "We count {} farms", "({} farms)", "{}+ farms call."]
    ),
)
def test_a_count_that_no_fact_has_is_always_marked(number: int, style: str) -> None:
    assert any(kind in ("number", "date") for _, kind in marked(style.format(number)))


@given(st.text(max_size=300))
@example("½ ３７ x²")
@example("\ud800 \x00\u202e[[[[((((")
@example("ⅷ ⑳ 1.234.567,89 £.5 $ %")
@example("no no no, not never nor none")
@example('"""“a b c”""')
def test_any_text_gets_the_same_marks_twice_inside_its_bounds(text: str) -> None:
    marks = check_text(text, KITE).marks
    assert marks == check_text(text, KITE).marks
    ends = [0]
    for mark in marks:
        assert ends[-1] <= mark.start < mark.end <= len(text)
        assert mark.kind
        assert mark.reason
        ends.append(mark.end)


@given(st.lists(st.sampled_from(["It costs $12 a month.", "I was a shepherd for 9 years.", "How?"]), max_size=6))
def test_sentences_are_judged_one_by_one(sentences: list[str]) -> None:
    assert check_text(" ".join(sentences), KITE).marks == ()
    assert len(check_text(" ".join([*sentences, "It has 900 users."]), KITE).marks) >= 1


# Facts 1 and 4 are what Alice lived, fact 2 is the poster's own.
OFFICE = (
    "Kite costs $12 a month",
    "I worked as a designer for nine years",
    "I was a shepherd in Wales",
    "The demo was played by 5,260 people",
    "I threw away 60 sketches because testers got stuck",
)
ALICES = Known(OFFICE, Product("Kite", "a phone line"), {1: "Alice", 4: "Alice"})


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("I worked as a designer for nine years.", "I"),
        ("Before Kite I was a designer for nine years.", "I"),
        ("We were designers for nine years.", "We"),
        ("My nine years as a designer were fine.", "My"),
        ("Alice and I worked as designers for nine years.", "I"),
        ("Worked as a designer for nine years.", "designer"),
        ("She worked as a designer.", "designer"),
    ],
)
def test_what_another_member_lived_is_marked_as_theirs_in_the_posters_mouth(sentence: str, words: str) -> None:
    reading = check_sentence(sentence, ALICES)
    assert [(sentence[m.start : m.end], m.kind) for m in reading.marks] == [(words, "experience")]
    assert reading.marks[0].reason.startswith("Alice lived this")
    assert reading.rests_on == ()


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("Alice worked as a designer for nine years.", 1),
        ("For nine years Alice was a designer.", 1),
        ("I was a shepherd in Wales.", 2),
        ("It costs $12 a month.", 0),
    ],
)
def test_what_another_member_lived_may_be_told_with_their_name(sentence: str, place: int) -> None:
    assert check_sentence(sentence, ALICES) == Checked((), (place,))


def test_a_sentence_about_her_may_follow_one_that_names_her_and_no_other() -> None:
    assert check_text("Alice threw away 60 sketches. She worked as a designer.", ALICES).marks == ()
    later = check_text("Alice threw away 60 sketches. It costs $12 a month. She worked as a designer.", ALICES)
    assert [m.kind for m in later.marks] == ["experience"]


def test_the_posters_own_fact_carries_the_same_experience() -> None:
    both = Known((OFFICE[1], OFFICE[1]), Product("Kite"), {0: "Alice"})
    assert check_sentence("I worked as a designer for nine years.", both) == Checked((), (1,))


def test_a_sentence_rests_on_the_facts_that_its_writer_names_when_they_carry_it() -> None:
    twice = Known(("It costs $12 a month", "For $12 a month it is yours"), Product("Kite"))
    sentence = "It is $12 a month."
    assert check_sentence(sentence, twice, [1]).rests_on == (1,)
    assert check_sentence(sentence, twice, [0]).rests_on == (0,)
    assert check_text(f"Hello! {sentence}", twice, {sentence: [1]}).rests_on == (1,)


def test_a_sentence_that_its_named_facts_do_not_carry_is_compared_with_all() -> None:
    assert check_sentence("I was a shepherd in Wales.", ALICES, [0]) == Checked((), (2,))
    assert check_sentence("I was a sailor in Wales.", ALICES, [2]).marks
    assert check_text("It costs $12 a week.", ALICES, {"It costs $12 a week.": [0]}).marks


def test_a_fact_named_for_a_passage_is_not_named_for_a_sentence_that_was_changed() -> None:
    twice = Known(("It costs $12 a month", "For $12 a month it is yours"), Product("Kite"))
    named = {"It is $12 a month. Thanks!": [1]}
    assert check_text("It is $12 a month. Thanks!", twice, named).rests_on == (1,)
    assert check_text("It is only $12 a month. Thanks!", twice, named).rests_on == (0,)


@given(
    st.lists(st.sampled_from([*OFFICE, "It is the best.", "Alice says hello.", "She drew 60 sketches."]), max_size=5),
    st.dictionaries(st.sampled_from(OFFICE), st.lists(st.integers(-3, 9), max_size=3), max_size=3),
)
def test_named_facts_never_add_a_mark_and_what_a_text_rests_on_exists(
    sentences: list[str], named: dict[str, list[int]]
) -> None:
    text = ". ".join(sentences)
    plain, reading = check_text(text, ALICES), check_text(text, ALICES, named)
    assert set(reading.marks) <= set(plain.marks)
    assert set(reading.rests_on) <= set(range(len(OFFICE)))


SHOP = Known(
    (
        "The shop is open from Thursday to Sunday, 9 am to 4 pm",
        "A bag of 5 kilos costs 11 euros, clients need no login",
        "We grind 900 kilos a week and sell 70% of it to bakeries",
        "In 2024 it sent 38 false alarms, the year before 212",
        "Each comment comes with a screenshot",
        "At most nine people are in a course, and each has a wheel",
        "88 of 130 agencies said in our survey that they write fewer emails",
        "It runs on Android; an iPhone version is in the works",
        "The median response time is 240 milliseconds",
        "We do not ship outside Austria",
        "In the test of August 97.4% of mails arrived",
    ),
    Product("Mill", "a mill"),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "We close at four in the afternoon.",
        "The shop closes at 16:00.",
        "That is 2.20 euros a kilo.",
        "Some 630 kilos a week go to bakeries.",
        "The remaining 30 percent is not for bakeries.",
        "False alarms fell from 212 to 38.",
        "38 false alarms in 2024, compared with 212 in 2023.",
        "With every comment you get a screenshot.",
        "There are never more than nine people in a course.",
        "Nobody has to share a wheel.",
        "Two thirds of the agencies write fewer emails.",
        "In the survey about 88 of 130 agencies said so.",
        "iPhone users have to wait.",
        "Half of the responses take 240 ms.",
        "We ship within Austria.",
        "On Mondays the shop is closed.",
        "About 97 of 100 mails arrived in August.",
    ],
)
def test_computed_turned_and_summed_up_facts_are_not_marked(sentence: str) -> None:
    assert marked(sentence, SHOP) == []


@pytest.mark.parametrize(
    ("sentence", "words", "kind"),
    [
        ("The shop is open every day.", "every day", "date"),
        ("A course has up to twelve people.", "twelve", "number"),
        ("False alarms rose from 38 to 212.", "38", "direction"),
        ("130 clients answered our survey.", "130", "number"),
        ("A bag costs 11 euros and comes with a recipe.", "recipe", "unsupported"),
        ("Clients need no login and can pay their invoices there.", "invoices", "unsupported"),
        ("It runs on iPhone, not on Android.", "Android", "contradiction"),
        ("The mill was the first in the region.", "the first", "only"),
        ("A course runs twice a week.", "twice", "number"),
        ("Never lose a screenshot again.", "Never lose a screenshot again", "promise"),
        ("The bag was designed with Siemens's people.", "Siemens's", "name"),
    ],
)
def test_what_reaches_beyond_the_facts_is_marked_at_its_words(sentence: str, words: str, kind: str) -> None:
    assert any(words in part and of == kind for part, of in marked(sentence, SHOP)), marked(sentence, SHOP)


@pytest.mark.parametrize(
    "sentence",
    [
        "Big thanks to this sub for the tips.",
        "Drop me a message if you want the checklist.",
        "Starting a newsletter is easy, keeping one going isn't.",
        "Steal sentences from books you love.",
        "English isn't my first language, sorry.",
        "For a hobby site this is probably too much.",
        "Pictures in the comments.",
        "Got six projects?",
        "Really appreciate everyone who read the draft.",
    ],
)
def test_manners_general_truths_and_hedges_are_not_marked(sentence: str) -> None:
    assert marked(sentence, SHOP) == []


def test_a_second_sentence_may_add_nothing_to_a_claim_that_goes_on() -> None:
    assert marked("A bag costs 11 euros, and you get a glass of wine.", SHOP) == [("glass of wine", "unsupported")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Grain deserves better than a bin.",
        "Every mill hums in its own key.",
        "Cooperation is harder than it sounds.",
        "Not every shop needs a login.",
        "That's just how I see it.",
        "Had I known about stones, I would have started with rye.",
        "Whether you taste the difference, I honestly can't say.",
        "You've been very kind to me here.",
        "Wish us luck.",
    ],
)
def test_what_is_said_of_a_kind_of_thing_and_not_of_us_is_not_marked(sentence: str) -> None:
    assert marked(sentence, SHOP) == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Screenshots can be printed on canvas.", "canvas"),
        ("Webhooks tell you when a bag is stuck in customs.", "Webhooks"),
        ("Nobody bakes better bread than we do.", "Nobody bakes better"),
        ("88 agencies recommended it in our survey.", "recommended"),
    ],
)
def test_what_is_said_of_the_product_is_no_general_truth(sentence: str, words: str) -> None:
    assert any(words in part for part, _ in marked(sentence, SHOP)), marked(sentence, SHOP)


@given(st.text(alphabet=st.sampled_from("abc,.!?\"' 0129$%:\n-"), max_size=80))
def test_a_text_of_scraps_is_read_without_a_mark_outside_it(text: str) -> None:
    assert all(
        0 <= m.start < m.end <= len(text) and text[m.start : m.end].strip() for m in check_text(text, SHOP).marks
    )
