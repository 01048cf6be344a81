from __future__ import annotations

import pytest

from core.texts.claims.words import Word, is_known, is_weighty, opposites, stem, words_in


def denied(text: str) -> list[str]:
    return [word.text for word in words_in(text) if word.is_denied]


def ruled_out(text: str) -> list[str]:
    return [word.text for word in words_in(text) if word.is_ruled_out]


@pytest.mark.parametrize(
    "family",
    [
        "teach teaches taught teaching teacher",
        "hop hopped hopping",
        "hope hoped hoping",
        "study studies studied",
        "box boxes",
        "class classes",
        "watch watches watched",
        "move moved moving",
        "adapt adaptation",
        "kind kindness kindly",
        "read reader readable",
        "run ran running",
        "café cafe cafés",
        "child children",
        "national nation",
        "create created creating creation creative creator",
        "organize organized organization",
    ],
)
def test_a_family_of_words_has_one_stem(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("bus", "bus"),
        ("gas", "gas"),
        ("thing", "thing"),
        ("speed", "speed"),
        ("ring", "ring"),
        ("virus", "virus"),
        ("basis", "basis"),
        ("glass", "glas"),
        ("tied", "tie"),
        ("ties", "tie"),
        ("cat's", "cat"),
        ("dogs'", "dog"),
        ("b2b", "b2b"),
        ("hopping", "hop"),
        ("see", "see"),
        ("tree", "tree"),
        ("x" * 41 + "ing", "x" * 41 + "ing"),
    ],
)
def test_what_only_ends_like_a_form_keeps_its_stem(word: str, root: str) -> None:
    assert stem(word) == root


@pytest.mark.parametrize("pair", ["hope hop", "order odd", "better bet", "string str", "sing s"])
def test_other_words_have_other_stems(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("fix", "repaired"), ("cheap", "affordable"), ("users", "customers"), ("by_hand", "handmade"), ("wi_fi", "wifi")],
)
def test_words_of_one_meaning_share_a_key(one: str, other: str) -> None:
    (first,), (second,) = words_in(one.replace("_", " ")), words_in(other.replace("_", " "))
    assert first.keys & second.keys


@pytest.mark.parametrize(("one", "other"), [("cheap", "expensive"), ("subscriber", "join"), ("tea", "coffee")])
def test_words_of_other_meanings_share_none(one: str, other: str) -> None:
    (first,), (second,) = words_in(one), words_in(other)
    assert not first.keys & second.keys


def test_a_phrase_of_the_tables_is_one_word() -> None:
    phrase, last = words_in("text messages arrive")
    assert (phrase.text, phrase.start, phrase.end, phrase.stem) == ("text messages", 0, 13, "text_messag")
    assert (phrase.is_stop, phrase.is_light, phrase.is_person, phrase.is_idiom) == (False, False, False, False)
    assert {"text", "messag", "text_messag"} <= phrase.keys
    assert phrase.keys & words_in("sms")[0].keys
    assert last.text == "arrive"


def test_a_phrase_of_grammar_is_an_idiom() -> None:
    assert [word.is_idiom for word in words_in("we work on it") if "_" in word.stem] == [True]


def test_the_longest_phrase_counts() -> None:
    assert [word.text for word in words_in("it runs on your machine, on your own server")][-1] == "on your own server"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("the", "stop"),
        ("isn't", "stop"),
        ("they'll", "stop"),
        ("that's", "stop"),
        ("it's", "stop"),
        ("really", "light"),
        ("customers", "person"),
        ("customer", "person"),
        ("frost", ""),
    ],
)
def test_a_word_is_grammar_colour_a_person_or_content(text: str, kinds: str) -> None:
    (word,) = words_in(text)
    assert (word.is_stop, word.is_light, word.is_person) == (kinds == "stop", kinds == "light", kinds == "person")
    assert word.is_content == (kinds in ("person", ""))


def test_a_word_is_light_only_behind_the_one_that_makes_it_so() -> None:
    assert [word.is_light for word in words_in("of course")] == [False, True]
    assert [word.is_light for word in words_in("the course")] == [False, False]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("It's R&D, i.e. tests.", ["It's", "R&D", "i.e", "tests"]),
        ("a b_c 3.5", ["a", "b", "c", "3", "5"]),
        ("U.S. law", ["U.S", "law"]),
    ],
)
def test_words_are_cut_where_they_end(text: str, tokens: list[str]) -> None:
    found = words_in(text)
    assert [word.text for word in found] == tokens
    assert [text[word.start : word.end] for word in found] == tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It does not work with mobile phones.", ["work with", "mobile", "phones"]),
        ("It never sends a mail, but it prints labels.", ["sends", "mail"]),
        ("Frost is strong, and it doesn't carry a horse.", ["carry", "horse"]),
        ("It runs on Linux, not on Mac.", ["Mac"]),
        ("There is no app.", ["app"]),
        ("It needs no app, Wi-Fi or account.", ["app", "Wi Fi", "account"]),
        ("It comes without app and account.", ["app", "account"]),
        ("It comes without an app and everybody likes the frost.", ["app"]),
        ("People without a smartphone can hand in a sheet.", ["smartphone"]),
        ("We stopped talking over a pumpkin.", ["talking"]),
        ("It is closed on Monday.", ["Monday"]),
        ("It is not only a pump.", []),
        ("No doubt frost is cold.", []),
        ("It is no-code software.", []),
        ("Nobody reads letters.", ["reads", "letters"]),
        ("Nothing that burns is sold.", ["burns", "sold"]),
        ("We ship nowhere else, because Austria is small.", ["ship"]),
        ("We ran out of flour.", ["flour"]),
        ("We bake bread instead of cake.", ["cake"]),
        ("Frost is cold.", []),
        ("We can't wait to bake.", []),
    ],
)  # fmt: skip
def test_a_negation_denies_its_clause_or_what_follows(text: str, words: list[str]) -> None:
    assert [w for w in denied(text) if not any(x.text == w and x.is_light for x in words_in(text))] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It does not work with mobile phones.", []),
        ("It runs on Linux, not on Mac.", ["Mac"]),
        ("There is no app for phones.", ["app"]),
        ("It needs no account at all.", ["account"]),
        ("It comes without a pump for water.", ["pump"]),
        ("Nothing that burns is sold.", ["burns", "sold"]),
        ("Nothing burns.", []),
        ("None of the pumps burns.", []),
        ("It is not on sale for farms.", []),
    ],
)
def test_what_is_ruled_out_is_a_thing_and_not_a_clause(text: str, words: list[str]) -> None:
    assert ruled_out(text) == words


def test_a_negation_reaches_only_so_far() -> None:
    text = "It never sends " + "frost " * 60
    reached = denied(text)
    assert 20 < len(reached) < 40


def test_a_phrase_that_denies_is_grammar() -> None:
    assert [word.text for word in words_in("The pump ran out of flour") if not word.is_stop] == ["pump", "flour"]


def test_what_people_did_with_a_product_weighs() -> None:
    assert [is_weighty(word) for word in words_in("they bought, cancelled, recommended and read")] == [
        False, True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "against"), [("rise", "fall"), ("cheap", "expensive"), ("affordable", "expensive"), ("buy", "sell")]
)
def test_a_word_has_opposites_also_through_its_synonyms(one: str, against: str) -> None:
    (word,) = words_in(one)
    assert stem(against) in frozenset().union(*(opposites().get(key, frozenset()) for key in word.keys))


def test_a_word_is_known_when_any_table_has_it() -> None:
    assert [is_known(low) for low in ("the", "really", "customers", "fix", "zirconium")] == [True] * 4 + [False]


def test_a_word_has_its_place_its_stem_and_its_keys() -> None:
    assert words_in("A zirconium")[1] == Word("zirconium", 2, 11, "zirconium", frozenset(["zirconium"]))
