"""The reader of texts: spaCy, in a process of its own (`python -m core.analysis.nlp`, see core/worker.py).

spaCy counts sentences, their length and how easily they read. The definitions in core/texts/features.py, which checks
and patterns also use, find what a text has. All texts are English: the prefilter takes care of that.

It works with `spacy.blank("en")` and rules. When a trained English model (`en_core_web_md`, `en_core_web_sm`) is
installed, it is used for better sentence limits; its other parts are not loaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.analysis.profile import TextFeatures
from core.texts.edits import without_edits
from core.texts.features import COUNTED, counted_in
from core.texts.markup import MAX_CHARS, Text
from core.worker import serve

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

TRAINED = ("en_core_web_md", "en_core_web_sm")
_SIGNS = re.compile(r"[*_~`#^|]+|&#x200B;|\u200b")
# The tokenizer removes signs from a word one by one and copies the rest each time: 40,000 brackets would take minutes.
_SIGNS_IN_A_ROW = re.compile(r"[^\w\s]{8,}")
_ENDLESS_WORD = re.compile(r"(\S{100})\S+")
_VOWELS = re.compile(r"[aeiouy]+")


class Reader:
    """A pipeline with its rules, made once per process."""

    def __init__(self) -> None:
        self._nlp, self.pipeline = _load()

    def read(self, texts: Sequence[Sequence[str]]) -> list[TextFeatures]:
        """Returns the features of (title, body) pairs, in their order; later edits of a body do not count."""
        read = [Text(title, without_edits(body[:MAX_CHARS])) for title, body in texts]
        with self._nlp.memory_zone():  # otherwise the vocabulary grows with every new word
            docs = self._nlp.pipe(map(_prose, read), batch_size=64)
            return [self._features(text, doc) for text, doc in zip(read, docs, strict=True)]

    def _features(self, text: Text, doc: Doc) -> TextFeatures:
        tokens = [token.text for token in doc]
        spoken = [token.lower() for token in tokens if token[0].isalpha() and token not in ("n't", "n’t")]
        sentences = sum(any(c.isalpha() for c in sentence.text) for sentence in doc.sents)
        per_sentence = len(spoken) / sentences if sentences else None
        has = counted_in(text)
        return TextFeatures(
            title_chars=len(text.title),
            title_words=len(text.title.split()),
            words=text.words,
            sentences=sentences,
            paragraphs=sum(bool(part.strip()) for part in re.split(r"\n[^\S\n]*\n", text.body)),
            words_per_sentence=None if per_sentence is None else round(per_sentence, 2),
            reading_ease=_reading_ease(spoken, per_sentence),
            found=[key for key in COUNTED if key in has],
        )


def _load() -> tuple[Language, str]:
    import spacy

    installed = next((name for name in TRAINED if spacy.util.is_package(name)), None)
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


def _reading_ease(words: Sequence[str], words_per_sentence: float | None) -> float | None:
    """Returns Flesch's reading ease, with syllables estimated by groups of vowels; None below 20 words, where it is
    unstable.
    """
    if words_per_sentence is None or len(words) < 20:
        return None
    syllables = sum(_syllables(word) for word in words)
    return round(206.835 - 1.015 * words_per_sentence - 84.6 * syllables / len(words), 1)


def _syllables(word: str) -> int:
    count = len(_VOWELS.findall(word))
    return max(1, count - 1 if word.endswith("e") and not word.endswith("le") else count)


_reader: Reader | None = None


def read(argument: Any) -> Any:
    """The worker's function: `{"texts": [[title, body], …]}` → `{"pipeline": str, "features": [TextFeatures, …]}`."""
    global _reader
    if _reader is None:
        _reader = Reader()
    return {"pipeline": _reader.pipeline, "features": _reader.read(argument["texts"])}


if __name__ == "__main__":
    serve({"read": read})
