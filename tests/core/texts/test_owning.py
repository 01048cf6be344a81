"""Whether a text says that its writer belongs to a product is read by a small model where no plain words say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts import owning
from core.texts.owning import LABELS, READ_MOST, owner_in, share_of
from core.texts.transformer import shipped

NAME, PRODUCT = "Ferncastle", "a watering clock for balconies"


def found(text: str) -> str | None:
    span = owner_in(text, NAME, PRODUCT)
    return None if span is None else text[span.start : span.end]


def test_the_labels_are_those_that_the_layers_learned() -> None:
    assert tuple(shipped().source["labels"]["owning"]) == LABELS


@pytest.mark.parametrize(
    "sentence",
    [
        "I do the electronics at Ferncastle, so weigh my words.",
        "This comes from our own bench, so weigh it.",
        "Our first version leaked.",
    ],
)
def test_a_writer_who_belongs_to_a_product_is_found_in_words_that_no_list_holds(sentence: str) -> None:
    text = f"A title\nThe fern is fine now. {sentence} Which soil do you use?"
    assert found(text) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "My neighbour gave me her Ferncastle when she moved.",
        "I built a shed last summer and painted it green.",
        "The two people who make Ferncastle answer their mail, it seems.",
        "How do you water your balcony in August?",
        "Ferncastle does that.",
    ],
)
def test_a_customer_and_other_work_of_ones_own_are_none(sentence: str) -> None:
    assert owner_in(sentence, NAME, PRODUCT) is None


@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=80))
def test_any_sentence_has_a_share_between_0_and_1(sentence: str, name: str, product: str) -> None:
    assert 0 <= share_of(sentence, name, product) <= 1


def test_an_owner_is_told_from_the_share_on_that_the_weights_name(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = shipped().source["own_from"]
    shares = {"We say a bit less.": limit - 0.01, "We say just enough.": limit, "It says all.": 1.0}
    monkeypatch.setattr(owning, "share_of", lambda sentence, name, product: shares[sentence])
    assert owner_in("We say a bit less. It says all.", NAME, PRODUCT) is None
    assert found("We say a bit less. We say just enough.") == "We say just enough."


def test_only_so_many_sentences_of_a_text_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def share_read(sentence: str, name: str, product: str) -> float:
        read.append(sentence)
        return 0.0

    monkeypatch.setattr(owning, "share_of", share_read)
    leaves = [f"My leaf number {number} fell." for number in range(READ_MOST + 40)]
    assert owner_in("\n".join(leaves), NAME, PRODUCT) is None
    assert read == leaves[:READ_MOST]
