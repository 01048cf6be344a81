from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.forms import FORMS, form_of
from core.analysis.learning import learn
from core.analysis.model import PARTS, Model, Seen, prior_alone
from core.analysis.prior import ARTEFACT, FormWeight, Prior, dump, read, shipped
from core.analysis.reasons import _FORM_WORDS, NAMES, REST, SHOWN, score_text
from core.analysis.terms import grams_of, pairs_of, words_of
from core.texts.markup import Text
from tests.core.analysis.communities import by_kiln, examples, prior

PRIOR = prior(free=-0.8, kiln=0.6)
ALONE = prior_alone(PRIOR)


@cache  # not while tests are collected, which every process does
def learned() -> Model:
    return learn(examples(200, by_kiln), PRIOR).model


@given(st.text(max_size=120), st.text(max_size=600), st.booleans())
def test_the_points_add_up_exactly_for_any_text(title: str, body: str, has_learned: bool) -> None:
    model = learned() if has_learned else ALONE
    scored = score_text(model, PRIOR, title, body)
    assert 50 + sum(reason.points for reason in scored.reasons) == scored.score
    assert 0 <= scored.score <= 100
    assert len([reason for reason in scored.reasons if reason.part != REST]) <= SHOWN
    assert all(reason.points for reason in scored.reasons)


@given(st.text(max_size=80), st.text(max_size=300))
def test_every_effect_of_a_text_is_in_one_part(title: str, body: str) -> None:
    """The logit by hand: weights times values, less the centre."""
    seen = Seen.of(title, body)
    effects = learned().effects(seen, PRIOR)
    words = sum(sum(by_word.values()) for by_word in effects.words.values())
    forms = sum(effects.forms.values())
    assert sum(effects.parts.values()) == pytest.approx(words + forms - sum(learned().centre.values()))


def test_a_word_that_does_badly_is_named_with_what_to_do() -> None:
    scored = score_text(ALONE, PRIOR, "Free bowls for all", "It was hot.")
    [reason] = [reason for reason in scored.reasons if reason.part == "title_words"]
    assert (reason.points, reason.words, reason.advice) == (-19, ("free",), "try other words for these")
    assert scored.posts == 0
    kept = score_text(ALONE, PRIOR, "My kiln", "It was hot.")
    [reason] = [reason for reason in kept.reasons if reason.part == "title_words"]
    assert (reason.words, reason.advice) == (("kiln",), "keep these words")
    assert reason.points > 0


def test_a_form_that_does_badly_is_named_with_what_to_do() -> None:
    [reason] = [r for r in score_text(ALONE, PRIOR, "Why?", "Hot.").reasons if r.part == "title_question"]
    assert reason.advice == "try it without: a question mark in the title"
    assert reason.points < 0


def test_a_change_of_the_text_changes_the_score_by_the_points_of_its_part() -> None:
    asked, told = (score_text(ALONE, PRIOR, title, "It was hot.") for title in ("My bowl?", "My bowl"))
    assert asked.score < told.score


@pytest.mark.parametrize(
    ("usual", "body", "advice"),
    [
        (5.0, "It was hot.", "try about 150 words"),  # 147 words are the usual length, and 600 would be best
        (5.0, "hot " * 130, "try about 150 words"),
        (5.3, "hot " * 1_500, "keep it"),
        (9.0, "It was hot.", "try about 600 words"),  # no length helps, and this one harms least
    ],
)
def test_the_nearest_length_that_does_no_harm_is_advised(usual: float, body: str, advice: str) -> None:
    weights = tuple(FormWeight(0.9 if form.key == "words_log" else 0.0, usual, 1.0) for form in FORMS)
    longer = Prior({}, weights, {}, {})
    [reason] = score_text(prior_alone(longer), longer, "Bowl", body).reasons
    assert (reason.part, reason.advice) == ("length", advice)


def test_a_text_that_is_too_long_is_advised_by_its_own_length_and_not_by_its_beginning() -> None:
    weights = tuple(FormWeight(-0.9 if form.key == "words_log" else 0.0, 6.0, 1.0) for form in FORMS)
    shorter = Prior({}, weights, {}, {})
    [reason] = score_text(prior_alone(shorter), shorter, "Bowl", "hot " * 1_500).reasons
    assert (reason.part, reason.advice) == ("length", "try about 400 words")  # e⁶ − 1 are 402


def test_every_part_and_form_has_words() -> None:
    assert set(NAMES) == {*PARTS, REST}
    lengths = {"length", "title_length"}
    assert {form.key for form in FORMS if form.part not in lengths} == set(_FORM_WORDS)
    assert len(FORMS) == len({form.key for form in FORMS})


@pytest.mark.parametrize(
    ("title", "body"),
    [("", ""), ("x" * 40_000, "y" * 40_000), ("?" * 400, "!" * 40_000), ("🎉", "🎉 " * 9_000), ("窯", "Печь " * 900)],
)
def test_odd_texts_have_a_score(title: str, body: str) -> None:
    for model, known in ((ALONE, PRIOR), (learned(), PRIOR), (prior_alone(shipped()), shipped())):
        assert 2 <= score_text(model, known, title, body).score <= 98


# ---------------------------------------------------------------- terms and forms


def test_terms_leave_out_addresses_accounts_and_what_numbers_say() -> None:
    assert words_of("Ask u/some_one or @her: [my kiln](https://kiln.example/a) cost $1,250, didn’t it?", 400) == [
        "ask", "or", "my", "kiln", "cost", "0", "000", "didn't", "it",
    ]  # fmt: skip
    assert words_of("one two three", 7) == ["one", "two"]
    assert pairs_of(["a", "b"]) == ["^ a", "a b", "b $"]
    assert grams_of("kiln") == [" ki", "kil", "iln", "ln ", " kil", "kiln", "iln ", " kiln", "kiln "]


def test_forms_are_those_a_person_would_name() -> None:
    keys = [form.key for form in FORMS]
    body = "I waited 63 days. Did you?\n\n- one\n- two\n\nSee https://imgur.com/x and r/pottery"
    values = dict(zip(keys, form_of(Text("[Help] Why did MY kiln crack?", body)), strict=True))
    present = {key for key in keys if values[key] == 1.0}
    assert {"title_tag", "title_question_mark", "title_help", "title_first_person", "measure", "list", "link",
            "picture_link", "question_mark", "reddit_link", "title_up_to_8", "up_to_40"} <= present  # fmt: skip
    assert not {"title_number", "summary", "quoted", "code", "thanks", "from_300", "ends_asking"} & present
    assert values["paragraphs_log"] == pytest.approx(1.3863, abs=1e-4)
    assert dict(zip(keys, form_of(Text("Bowl", "")), strict=True))["no_text"] == 1.0


@given(st.text(max_size=200), st.text(max_size=2_000))
def test_forms_of_any_text_are_small_numbers(title: str, body: str) -> None:
    assert all(0 <= value <= 25 for value in form_of(Text(title, body)))


# ---------------------------------------------------------------- the artefact


def test_a_prior_is_dumped_and_read_with_weights_in_8_bits() -> None:
    again = read(dump(PRIOR))
    assert again.terms == pytest.approx(PRIOR.terms, abs=0.8 / 127)
    assert (again.forms, again.centre) == (PRIOR.forms, PRIOR.centre)
    assert dump(again) == dump(PRIOR)


def test_the_shipped_prior_says_where_it_is_from_and_holds_no_accounts() -> None:
    assert ARTEFACT.stat().st_size < 230 * 1024
    source = shipped().source
    assert len(source["data_sha256"]) == 64
    assert source["communities"] > 800
    assert source["figures"]["mean_auc_of_score"] > 0.6, "measured on communities that were not in training"
    assert set(source["arguments"]) == {"strength", "folds", "shipped"}
    assert not [term for term in shipped().terms if "u/" in term or "@" in term or "_" in term]
    assert json.dumps(dict(source))
