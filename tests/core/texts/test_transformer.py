"""A small transformer reads sentences and answers the questions that it was trained for."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from core.texts.transformer import FOLDER, MOST, SENTENCE_MOST, Part, shipped

CORPORA = Path(bench.__file__).parent / "corpora"


# ---------------------------------------------------------------- what it is, and was trained on


@pytest.mark.parametrize(
    "name",
    [f"claims-{corpus}{facts}.jsonl" for corpus in ("train", "twins", "more", "posts") for facts in ("", "-facts")]
    + ["acts-train.jsonl", "own-train.jsonl"],
)
def test_it_was_trained_on_the_sentences_that_are_kept(name: str) -> None:
    assert shipped().source["data_sha256"][name] == hashlib.sha256((CORPORA / name).read_bytes()).hexdigest()


def test_of_corpora_that_it_did_not_read_it_orders_more_sentences_right_than_the_reader_alone() -> None:
    figures: Mapping[str, Mapping[str, float]] = shipped().source["figures"]
    for corpus in ("blind", "later", "report"):
        assert figures[corpus]["ordered_right"] >= figures[corpus]["ordered_right_by_reader"] + 0.005, corpus


def test_its_weights_fit_a_small_download() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 36 * 1024 * 1024


def test_what_reads_rules_shares_the_vectors_of_words_with_what_reads_sentences() -> None:
    sentences, of_rules = shipped(), shipped(Part.RULES)
    assert of_rules.words is sentences.words
    assert set(sentences.source["labels"]) == {"claims", "acts", "owning"}
    assert set(of_rules.source["labels"]) == {"means", "breaches"}


# ---------------------------------------------------------------- what it reads


def test_it_reads_the_sentence_and_then_what_stands_beside_it_each_with_its_end() -> None:
    model = shipped()
    beside = [("Mowerhaus: a museum", 9), ("There is a tap", 3), ("Free", 9)]
    pieces, said = model.pieces("No tea.", beside)
    words = [model.tokenizer.id_to_token(piece) for piece in pieces]
    assert words[:said] == ["[CLS]", "no", "tea", ".", "[SEP]"]
    assert " ".join(words[said:]).replace(" ##", "") == "mowerhaus : a museum [SEP] there is a [SEP]", (
        "a text of one word says nothing"
    )


@given(st.text(max_size=300), st.lists(st.tuples(st.text(max_size=200), st.integers(1, 60)), max_size=7))
def test_any_text_is_cut_to_what_it_can_read_and_answered(sentence: str, beside: list[tuple[str, int]]) -> None:
    pieces, said = shipped().pieces(sentence, beside)
    assert 2 <= said <= SENTENCE_MOST + 2
    assert said <= len(pieces) <= MOST
    assert all(math.isfinite(told) for told in shipped().answers("claims", sentence, beside).values())


class _Layers:
    """Answers the same to all that it is given."""

    def __init__(self, *told: float) -> None:
        self.told = told

    def run(self, _: object, given: Mapping[str, Any]) -> Any:
        return [[self.told]]


def test_each_question_has_its_own_labels() -> None:
    source = {"labels": {"colour": ("red", "blue"), "taste": ("sweet", "sour", "salt")}}
    model = replace(shipped(), layers=_Layers(1, 2, 3, 4, 5), source=source)
    assert model.answers("colour", "Beets.") == {"red": 1, "blue": 2}
    assert model.answers("taste", "Beets.") == {"sweet": 3, "sour": 4, "salt": 5}
    with pytest.raises(LookupError, match="smell"):
        model.answers("smell", "Beets.")
