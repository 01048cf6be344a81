"""Search by words: how a text is read for it, and which words somebody looks for.

A text is read into words without case, accents and punctuation; so is what somebody typed. Each typed word must begin a
word of the text, in any place and order ("unity" finds "unity tests" and not "community"); a phrase in quotes must
stand there as it is, in whole words, of which the last may go on when a star ends it ("late payment*").

Characters of scripts without spaces are words of their own, and so are symbols such as $, %, + and emoji. Stores keep
the words of their texts beside them, so that all engines find the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core.texts.plain import folded

_QUOTED = re.compile('["“”„«»＂]([^"“”„«»＂]*)["“”„«»＂]')
_APOSTROPHES = str.maketrans("", "", "'’ʼ‘")
# Letters that Unicode does not take apart into a letter and an accent.
_FOLDED = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
# Scripts without spaces between words: Thai and Lao, Burmese, Khmer, kana, Chinese characters.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_INDIC = "\u0900-\u0dff"  # their vowel signs are no letters for Python, and part of words
_WORD = re.compile(f"[{_SPACELESS}]|(?:[^\\W_{_SPACELESS}]|[{_INDIC}])+|\\S")
_SYMBOLS = {"Sc", "Sm", "So", "Sk"}


def words_of(*texts: str | None) -> str:
    """Returns the words of texts as they are searched: parted by single spaces, in their order."""
    found: list[str] = []
    for text in texts:
        if text:
            found += _words(text)
    return " ".join(found)


def _words(text: str) -> list[str]:
    plain = folded(text).translate(_APOSTROPHES).translate(_FOLDED)
    return [word for word in _WORD.findall(plain) if word[-1].isalnum() or len(word) > 1 or _is_symbol(word)]


def _is_symbol(character: str) -> bool:
    return character == "%" or (character not in "`^" and unicodedata.category(character) in _SYMBOLS)


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for. `begun`: each begins a word (of several words: the last one may go on). `phrases`: each
    stands there in whole words.
    """

    begun: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no word in what was typed. It finds nothing then."""
        return not (self.begun or self.phrases)

    @property
    def parts(self) -> tuple[str, ...]:
        """What a text's words must hold when a space stands before and after them."""
        return (*(f" {word}" for word in self.begun), *(f" {phrase} " for phrase in self.phrases))

    def found_in(self, words: str) -> bool:
        """Returns whether a text with these words (of `words_of`) is found."""
        padded = f" {words} "
        return not self.is_empty and all(part in padded for part in self.parts)


def sought(typed: str) -> Sought:
    """Returns what somebody looks for by their words; a quote that is not closed counts as none."""
    quoted = _QUOTED.findall(typed)
    whole = [words_of(phrase) for phrase in quoted if not phrase.rstrip().endswith("*")]
    going_on = [words_of(phrase) for phrase in quoted if phrase.rstrip().endswith("*")]
    begun = [*words_of(_QUOTED.sub(" ", typed)).split(), *going_on]
    return Sought(tuple(filter(None, dict.fromkeys(begun))), tuple(filter(None, dict.fromkeys(whole))))
