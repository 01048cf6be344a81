"""The reader of texts: spaCy, in a process of its own (`python -m core.analysis.nlp`, see core/worker.py).

spaCy counts sentences, their length and how easily they read. The definitions in core/texts/features.py, which checks
and patterns also use, find what a text has. The same reading gives what models see of the text
(core/analysis/model.py), so that nobody reads it again. All texts are English: the prefilter takes care of that.

It works with `spacy.blank("en")` and rules. When a trained English model (`en_core_web_md`, `en_core_web_sm`) is
installed, it is used for better sentence limits; its other parts are not loaded.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Any

from core.analysis.extracts import installed_pipeline
from core.analysis.model import Dumped, Seen
from core.analysis.profile import TextFeatures
from core.texts.edits import without_edits
from core.texts.features import COUNTED, counted_in
from core.texts.markup import MAX_CHARS, Text
from core.worker import serve

if TYPE_CHECKING:
    from spacy.language import Language

_SIGNS = re.compile(r"[*_~`#^|]+|&#x200B;|\u200b")
# The tokenizer removes signs from a word one by one and copies the rest each time: 40,000 brackets would take minutes.
_SIGNS_IN_A_ROW = re.compile(r"[^\w\s]{8,}")
_ENDLESS_WORD = re.compile(r"(\S{100})\S+")
_VOWELS = re.compile(r"[aeiouy]+")
_CHUNKS_MAX = 50_000  # remembered chunks, some 10 MiB


class Reader:
    """A pipeline with its rules, made once per process."""

    def __init__(self) -> None:
        self._nlp, self.pipeline = _load()
        self._chunks: dict[str, tuple[tuple[str, ...], int, int]] = {}

    def read(self, texts: Sequence[Sequence[str]]) -> tuple[list[TextFeatures], list[Dumped]]:
        """The features of (title, body) pairs, and what models see of them, in their order. Later edits of a body do
        not count.
        """
        read = [Text(title, without_edits(body[:MAX_CHARS])) for title, body in texts]
        has = [counted_in(text) for text in read]
        with self._nlp.memory_zone():  # otherwise the vocabulary grows with every new word
            features = [self._features(text, its) for text, its in zip(read, has, strict=True)]
        return features, [Seen.of_text(text, its).dump() for text, its in zip(read, has, strict=True)]

    def _features(self, text: Text, has: Container[str]) -> TextFeatures:
        tokens: list[str] = []
        spoken = syllables = 0
        for chunk in _prose(text).split():
            its, its_spoken, its_syllables = self._chunks.get(chunk) or self._take_apart(chunk)
            tokens += its
            spoken += its_spoken
            syllables += its_syllables
        sentences = self._sentences(tokens)
        per_sentence = spoken / sentences if sentences else None
        return TextFeatures(
            title_chars=len(text.title),
            title_words=len(text.title.split()),
            words=text.words,
            sentences=sentences,
            paragraphs=sum(bool(part.strip()) for part in re.split(r"\n[^\S\n]*\n", text.body)),
            words_per_sentence=None if per_sentence is None else round(per_sentence, 2),
            reading_ease=_reading_ease(spoken, syllables, per_sentence),
            found=[key for key in COUNTED if key in has],
        )

    def _take_apart(self, chunk: str) -> tuple[tuple[str, ...], int, int]:
        """The tokens of what stands between two spaces, how many of them are spoken words, and their syllables.

        The tokenizer takes each chunk apart by itself, and texts share most of theirs. To ask it once for each is three
        times as fast as to give it whole texts.
        """
        tokens = tuple(token.text for token in self._nlp.tokenizer(chunk))
        spoken = [token.lower() for token in tokens if token[0].isalpha() and token not in ("n't", "n’t")]
        if len(self._chunks) >= _CHUNKS_MAX:
            self._chunks.clear()
        known = self._chunks[chunk] = tokens, len(spoken), sum(map(_syllables, spoken))
        return known

    def _sentences(self, tokens: Sequence[str]) -> int:
        """How many sentences have a letter."""
        from spacy.tokens import Doc

        doc = Doc(self._nlp.vocab, words=tokens)
        for _, part in self._nlp.pipeline:
            doc = part(doc)
        return sum(any(c.isalpha() for c in sentence.text) for sentence in doc.sents) if tokens else 0


def _load() -> tuple[Language, str]:
    import spacy

    installed = installed_pipeline()
    if installed is None:
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer")
    else:
        nlp = spacy.load(installed, exclude=["ner", "parser", "tagger", "attribute_ruler", "lemmatizer"])
        if "senter" in nlp.component_names:
            nlp.enable_pipe("senter")
        else:
            nlp.add_pipe("sentencizer")
    return nlp, installed or "blank:en"


def _prose(text: Text) -> str:
    """What the author says in the body, without Markdown's signs."""
    return _readable(_SIGNS.sub(" ", text.parts[1].prose)).strip()


def _readable(text: str) -> str:
    return _ENDLESS_WORD.sub(r"\1", _SIGNS_IN_A_ROW.sub(" ", text))


def _reading_ease(words: int, syllables: int, words_per_sentence: float | None) -> float | None:
    """Returns Flesch's reading ease, with syllables estimated by groups of vowels; None below 20 words, where it is
    unstable.
    """
    if words_per_sentence is None or words < 20:
        return None
    return round(206.835 - 1.015 * words_per_sentence - 84.6 * syllables / words, 1)


def _syllables(word: str) -> int:
    count = len(_VOWELS.findall(word))
    return max(1, count - 1 if word.endswith("e") and not word.endswith("le") else count)


_reader: Reader | None = None


def read(argument: Any) -> Any:
    """The worker's function: `{"texts": [[title, body], …]}` → `{"pipeline": str, "features": [TextFeatures, …],
    "seen": [what Seen.dump gives, …]}`.
    """
    global _reader
    if _reader is None:
        _reader = Reader()
    features, seen = _reader.read(argument["texts"])
    return {"pipeline": _reader.pipeline, "features": features, "seen": seen}


if __name__ == "__main__":
    serve({"read": read})
