"""What the sentences of a post do to its readers is read by a small model, and told from a share on."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts import acts
from core.texts.acts import READ_MOST, TOLD, Act, done_in, shares_of
from core.texts.transformer import shipped

HARMLESS = {Act.MENTION, Act.NONE}


def act_of(sentence: str) -> Act:
    shares = shares_of(sentence)
    return max(shares, key=shares.__getitem__)


def test_the_acts_are_the_labels_that_the_layers_learned_in_their_order() -> None:
    assert tuple(shipped().source["labels"]["acts"]) == tuple(Act)
    assert set(TOLD) == set(Act)


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (Act.VOTES, "If you think this deserves more eyes, the arrow is on the left."),
        (Act.PRIVATE, "Drop me a line in my inbox and I will send you the file."),
        (Act.SURVEY, "I put ten questions into a form, it would help my thesis if you filled it in."),
        (Act.RECRUIT, "We are looking for a second developer to join us on weekends."),
        (Act.DONATE, "Any amount helps us pay for the vet, the fundraiser is still open."),
        (Act.CODE, "Type FERN20 at the checkout and you pay a fifth less."),
        (Act.INSULT, "You people are too dim to read a manual."),
    ],
)
def test_an_act_is_found_in_words_that_no_list_holds(act: Act, sentence: str) -> None:
    text = f"A title\nThe fern is fine now. {sentence} Which soil do you use?"
    assert done_in(text, {act}) == acts.Done(act, sentence, text.index(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "The council voted against the cycle lane by nine votes to seven.",
        "My doctor gave me a referral to the hospital.",
        "I was hired as a baker twelve years ago.",
        "Our DM killed half of the party in one evening.",
        "A survey by the city found that most people walk to school.",
        "I was stupid enough to leave the oven on.",
        "How do you keep the soil moist in summer?",
    ],
)
def test_the_words_of_an_act_in_another_sense_are_none(sentence: str) -> None:
    assert done_in(sentence, set(Act) - HARMLESS) is None


@given(st.text(max_size=200))
def test_the_shares_of_any_sentence_are_one_together(sentence: str) -> None:
    shares = shares_of(sentence)
    assert set(shares) == set(Act)
    assert math.fsum(shares.values()) == pytest.approx(1.0)


def test_a_text_without_letters_does_nothing() -> None:
    assert done_in("", set(Act)) is None
    assert done_in("... 12:30 - 14", set(Act)) is None


def test_an_act_is_told_from_its_share_on_and_shares_of_the_acts_asked_for_add_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = shipped().source["told_from"]
    shares = dict.fromkeys(Act, 0.0) | {Act.SELL: limits["sell"] / 2, Act.VISIT: limits["visit"] / 2 + 0.01}
    monkeypatch.setattr(acts, "shares_of", lambda sentence: shares)
    assert done_in("Come and buy.", {Act.SELL}) is None
    assert done_in("Come and buy.", {Act.SELL, Act.VISIT}) == acts.Done(Act.VISIT, "Come and buy.", 0)


def test_only_so_many_sentences_of_a_text_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def shares_read(sentence: str) -> dict[Act, float]:
        read.append(sentence)
        return dict.fromkeys(Act, 0.0)

    monkeypatch.setattr(acts, "shares_of", shares_read)
    assert done_in("\n".join(f"Leaf number {number} fell." for number in range(READ_MOST + 40)), {Act.SELL}) is None
    assert read == [f"Leaf number {number} fell." for number in range(READ_MOST)]


def test_no_sentence_is_read_when_no_act_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "shares_of", lambda sentence: pytest.fail(sentence))
    assert done_in("Come and buy.", ()) is None
