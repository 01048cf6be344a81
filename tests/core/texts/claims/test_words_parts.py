"""What the parts of `words`, `classes`, `signals` and `sayings` say of single words and clauses."""

from __future__ import annotations

import pytest

from core.texts.claims import Known, Product, sayings, signals, words
from core.texts.claims.classes import Class, class_of, classes_of, is_degree
from core.texts.claims.clause import Clause, Sentence
from core.texts.claims.counting import quantities_unbacked
from core.texts.sentences import Span

BELL = Product("Bellow", "a bell for towers", ("tower", "bells"), "https://bell.example")
TEA = Known(("Guests drink tea in the garden", "The kettle whistles"), BELL)
INFLECTED = """flies>fly ties>tie glasses>glass boxes>box watches>watch dishes>dish quizzes>quizz bus>bus boss>boss
basis>basis cats>cat singing>sing sing>sing hoping>hope hopping>hopp tried>tri tied>tied used>used need>need feed>feed
thing>thing something>something creating>create realizing>realize aching>ach aiding>aid boxed>box rowed>row
played>play mended>mend added>add egged>egg ended>end dated>date red>red hurried>hurry string>string
agreed>agreed"""
DERIVED = """organization>organ organisation>organ national>nation ability>abil possibility>poss adaptation>adapt
addition>addit payment>paym payments>payments kindness>kind readable>read edible>edible finally>final
distance>dist presence>pres helpful>help activity>activ active>active nervous>nerv tourism>tour artist>artist
action>action realise>real realize>real create>create pleasant>pleas student>stud actor>actor reader>read
final>final music>music quickly>quick her>her ally>ally helpfulness>help kindly>kind nationalization>nation
"""
TRIMMED = "make>make maker>maker happy>hap class>clas tall>tal free>free agree>agre egg>egg whee>whee"
FORMS = """cat's>cat dogs'>dog edits>edit edited>edit editor>editor men's>man b2b>b2b sees>see readers>reader its>its
happier>happier abcd1s>abcd1s"""
CLASSES = """bodies:n easier:a easiest:a bigger:a biggest:a swimming:v hoping:v mended:v using:v cat:n zzz:n zzzly:a
zzzless:a zzzful:a zzzable:a zzzible:a zzzous:a ran:v does:v larger:a faster:a papered:n red:na bee:n sees:v ends:nv
stopping:v rebuilt:v"""


def clause_of(text: str) -> Clause:
    clause = Clause(Sentence(text, TEA), Span(0, len(text)))
    list(quantities_unbacked(clause))
    clause.choose()
    return clause


@pytest.mark.parametrize("forms", INFLECTED.split())
def test_a_word_without_its_inflection(forms: str) -> None:
    word, base = forms.split(">")
    assert words._without_inflection(word) == base


@pytest.mark.parametrize("forms", DERIVED.split())
def test_a_word_without_two_of_its_derivations(forms: str) -> None:
    word, base = forms.split(">")
    assert words._without_derivation(word) == base


@pytest.mark.parametrize("forms", TRIMMED.split())
def test_a_stem_loses_its_last_vowel_and_a_double_end(forms: str) -> None:
    word, base = forms.split(">")
    assert words._trimmed(word) == base


@pytest.mark.parametrize("forms", FORMS.split())
def test_only_the_forms_of_one_word_are_one(forms: str) -> None:
    word, base = forms.split(">")
    assert words._inflected(word) == base


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("We ran out of flour", ["We", "ran", "out", "of"]),
        ("No one sells rye, no longer", ["No", "one", "no"]),
        ("Without rye", ["Without"]),
        ("Closed on Monday", ["Closed", "on"]),
        ("Rye is off the table today", ["is", "off", "the", "table"]),
        ("Frost is cold", ["is"]),
    ],
)
def test_only_the_words_of_a_negating_phrase_become_grammar(text: str, stops: list[str]) -> None:
    assert [word.text for word in words.words_in(text) if word.is_stop] == stops


@pytest.mark.parametrize(
    ("text", "denied", "ruled"),
    [
        ("It has no lamp:bells ring", ["lamp"], ["lamp"]),
        ("It has no lamp.", ["lamp"], ["lamp"]),
        ("It needs no lamp of the guests", ["lamp", "guests"], ["lamp"]),
        ("It rings not on towers in fog", ["towers", "fog"], ["towers"]),
        ("None that ring in fog", ["None", "ring", "fog"], ["ring", "fog"]),
        ("None ring in fog", ["None", "ring", "fog"], []),
        ("Ringers without a lamp could fall", ["lamp"], ["lamp"]),
        ("We stopped painting when fog came", ["painting"], ["painting"]),
        ("We stopped painting lamps", ["painting", "lamps"], ["painting", "lamps"]),
        ("It is not only loud, and it does not ring", ["ring"], []),
        ("It has no lamp, rope and ladder", ["lamp", "rope", "ladder"], ["lamp", "rope", "ladder"]),
        ("It has no lamp and the tall ladder is brown", ["lamp"], ["lamp"]),
        ("It lacks lamps and ropes", ["lamps"], ["lamps"]),
        ("Ropes hang, lamps do not burn", ["lamps", "burn"], []),
        ("Ropes hang, not lamps", ["lamps"], ["lamps"]),
        ("It has no lamp so it rings", ["lamp"], ["lamp"]),
        ("No lamp outside burns", ["lamp"], ["lamp"]),
        ("No lamp beyond fog", ["lamp"], ["lamp"]),
        ("It never rings beyond fog", ["rings"], []),
        ("It rings not on towers near lamps in fog", ["towers", "near", "lamps", "fog"], ["towers", "near", "lamps"]),
        ("Nor lamps and ropes", ["lamps", "ropes"], ["lamps", "ropes"]),
    ],
)
def test_what_a_negation_reaches_and_what_it_rules_out(text: str, denied: list[str], ruled: list[str]) -> None:
    found = words.words_in(text)
    assert [word.text for word in found if word.is_denied] == denied
    assert [word.text for word in found if word.is_ruled_out] == ruled


def test_a_phrase_is_of_the_class_of_its_first_word() -> None:
    assert [(word.text, word.of) for word in words.words_in("we turn down tea")[1:]] == [
        ("turn down", Class.DEED),
        ("tea", Class.THING),
    ]


@pytest.mark.parametrize("classes", CLASSES.split())
def test_a_form_has_the_classes_of_its_word(classes: str) -> None:
    word, letters = classes.split(":")
    assert classes_of(word) == letters


@pytest.mark.parametrize(
    ("word", "before", "kind"),
    [
        ("mended", "we", Class.DEED),
        ("mended", "", Class.DEED),
        ("mended", "the", Class.COLOUR),
        ("mending", "the", Class.COLOUR),
        ("mends", "the", Class.DEED),
        ("print", "we", Class.DEED),
        ("print", "the", Class.THING),
        ("cat", "we", Class.THING),
        ("red", "to", Class.THING),
        ("slow", "to", Class.DEED),
        ("slow", "the", Class.DEED),
        ("quickly", "we", Class.COLOUR),
        ("forget", "the", Class.DEED),
    ],
)
def test_a_word_is_what_it_can_be_behind_another(word: str, before: str, kind: Class) -> None:
    assert class_of(word, before) is kind


@pytest.mark.parametrize(
    ("words_of_it", "compares"),
    [
        ("the fastest one", True),
        ("the FASTEST", True),
        ("the interest", False),
        ("nobody is faster", True),
        ("nobody can order", False),
        ("no other order", True),
        ("beats an order", True),
        ("the most honest", True),
        ("never other ever", True),
        ("never an order", False),
    ],
)
def test_words_compare_by_a_degree_or_a_superior(words_of_it: str, compares: bool) -> None:
    assert signals._compares(words_of_it) is compares


@pytest.mark.parametrize(
    "word", ["redder", "wetter", "drier", "taller", "nicest", "worse", "worst", "best", "er", "est", "fast", "aer"]
)
def test_a_degree_has_an_adjective_as_its_root(word: str) -> None:
    assert is_degree(word) is (word not in ("er", "est", "fast", "aer"))


@pytest.mark.parametrize(
    "sentence",
    [
        "customers forgive an outage",
        "a knot is a promise",
        "every knot is a promise",
        "a garden is quiet",
        "in any shop the knots hold fast",
        "and knots hold ropes",
        "knots hold ropes",
        "sharp knots hold ropes",
        "screws have a head",
        "mice have teeth",
        "knots hold ropes, all of us",
        "sharp thin knots hold ropes",
        "and people care for ropes",
        "so nobody cares for ropes",
        "knots hold ropes as it was",
        "knots hold tea",
        "guests drink water daily",
        "whoever sings gets bread",
        "every rope frays",
        "iron rings die early",
        "bells hold water",
        "knots are better than ropes",
    ],
)
def test_what_anybody_could_say_of_a_kind_is_a_saying(sentence: str) -> None:
    assert sayings.is_a_saying(clause_of(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "no garden is quiet",
        "any tower is quiet",
        "nobody cares",
        "knots hold",
        "knots held ropes",
        "knots ever held ropes",
        "our knots hold ropes",
        "knots hold 12 ropes",
        "knots hold ropes since Monday",
        "knots hold within a day of use",
        "iron bells ring twice",
        "knots can hold ropes",
        "very sharp old knots hold ropes",
        "glass hold water",
        "the knots hold ropes",
        "knots hold Norway ropes",
        "knots hold ropes https://x.example",
        "Bellow knots hold ropes",
        "knots each hold ropes",
        "knots are better",
        "knots had a hole",
        "knots mended holes",
        "nobody mended a rope",
        "sharp thin long knots hold ropes",
        "the people care for ropes",
        "ropes of people care",
        "big bronze bells hold water",
        "guests drink tea",
        "guests drink coffee in the garden",
        "tests fail",
    ],
)
def test_what_is_ours_or_past_or_measured_or_of_facts_is_no_saying(sentence: str) -> None:
    assert not sayings.is_a_saying(clause_of(sentence))


@pytest.mark.parametrize(
    ("sentence", "is_of_facts"),
    [
        ("guests drink tea", True),
        ("guests drink coffee in the garden", True),
        ("guests drink coffee in towns", False),
        ("guests", True),
        ("guests of towers", True),
        ("guests sing", False),
        ("guests of towns", False),
        ("knots hold tea", False),
        ("bells", False),
    ],
)
def test_more_than_half_of_the_words_make_it_of_facts(sentence: str, is_of_facts: bool) -> None:
    assert sayings.is_of_facts(clause_of(sentence)) is is_of_facts


@pytest.mark.parametrize(
    ("sentence", "is_of_a_rival"),
    [
        ("iron bells ring twice", True),
        ("big bronze bells hold water", True),
        ("the bronze bells hold water", True),
        ("bells hold water", False),
        ("a big bronze bell", False),
        ("very big old bronze bells", False),
        ("iron rings die early", False),
    ],
)
def test_another_kind_of_the_product_is_a_rival(sentence: str, is_of_a_rival: bool) -> None:
    assert sayings._is_of_a_rival(clause_of(sentence)) is is_of_a_rival


@pytest.mark.parametrize("word", ["screws", "people", "mice", "children", "glass", "bus", "basis", "cat's", "is"])
def test_a_word_is_plural_by_its_end_or_by_name(word: str) -> None:
    assert sayings._is_plural(words.words_in(word)[0]) is (word in ("screws", "people", "mice", "children"))


@pytest.mark.parametrize(
    ("word", "surely", "perhaps"),
    [
        ("have", True, True),
        ("can't", True, True),
        ("is", True, True),
        ("must", True, True),
        ("hold", True, True),
        ("forgive", True, True),
        ("holds", False, False),
        ("holding", False, False),
        ("mended", False, False),
        ("support", False, True),
        ("red", False, False),
    ],
)
def test_a_word_is_a_verb_surely_or_perhaps(word: str, surely: bool, perhaps: bool) -> None:
    (one,) = words.words_in(word)
    assert (sayings._is_verb(one, surely=True), sayings._is_verb(one, surely=False)) == (surely, perhaps)
