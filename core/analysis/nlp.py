"""The reader of texts: spaCy, in a process of its own (`python -m core.analysis.nlp`, see core/worker.py).

It counts what norms are made of. Definitions are simple on purpose, so that a person can check them against a post:
they are in `TextFeatures` (core/analysis/profile.py). English only; the prefilter sees to that.

It works with `spacy.blank("en")` and rules. A trained English model (`en_core_web_md`, `en_core_web_sm`) is used when
it is installed, for better sentence limits; nothing else of it is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from core.analysis.profile import TextFeatures
from core.worker import serve

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

TRAINED = ("en_core_web_md", "en_core_web_sm")
_MAX_CHARACTERS = 40_000  # Reddit's own limit for a text

_FIRST_PERSON = ["i", "me", "my", "mine", "myself", "we", "our", "ours", "ourselves", "us"]
_PROMOTION = (
    "check out my|check out our|check us out|check it out|sign up|free trial|limited time|early access|early bird|"
    "promo code|discount code|coupon|discount|% off|special offer|introducing|we just launched|i just launched|"
    "proud to announce|excited to announce|dm me|pm me|message me|subscribe|newsletter|wait list|waitlist|click here|"
    "link in bio|follow us|follow me|like us on|upvote|game changer|best in class"
)
_MEASURES = (
    "percent|users|customers|clients|downloads|installs|visitors|visits|signups|subscribers|sales|orders|employees|"
    "dollars|euros|pounds|usd|eur|gbp|revenue|mrr|arr|profit|views|clicks|hours|days|weeks|months|years"
)

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_INDENTED = re.compile(r"(?:\A|\n[ \t]*\n)(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+")
_QUOTED = re.compile(r"^ {0,3}>.*$", re.MULTILINE)
_MARKED_LINK = re.compile(r"\[([^\[\]\n]{0,500})\]\(\s{0,9}(?:https?://|/)[^)\n]{0,2000}\)")
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s)\]>]+")
_LIST_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+\S", re.MULTILINE)
_FORMATTING = re.compile(r"^ {0,3}#{1,6} ?\w|\*\*[^*\n]{1,300}\*\*|__[^_\n]{1,300}__", re.MULTILINE)
_SUMMARY = re.compile(r"\btl\s?[;:,]?\s?dr\b", re.IGNORECASE)
_SIGNS = re.compile(r"[*_~`#^|]+|&#x200B;|\u200b")
# The tokenizer takes signs off a word one by one and copies the rest each time: 40,000 brackets would take minutes.
_SIGNS_IN_A_ROW = re.compile(r"[^\w\s]{8,}")
_ENDLESS_WORD = re.compile(r"(\S{100})\S+")
_VOWELS = re.compile(r"[aeiouy]+")


class Reader:
    """A pipeline with its rules, made once a process."""

    def __init__(self) -> None:
        self._nlp, self.pipeline = _load()
        self._matcher = _rules(self._nlp)

    def read(self, texts: Sequence[Sequence[str]]) -> list[TextFeatures]:
        """The features of (title, body) pairs, in their order."""
        pairs = [(title, body[:_MAX_CHARACTERS]) for title, body in texts]
        prose = [part for title, body in pairs for part in (_readable(title), _prose(body))]
        features: list[TextFeatures] = []
        with self._nlp.memory_zone():  # or the vocabulary grows with every new word
            docs = iter(self._nlp.pipe(prose, batch_size=64))
            for title, body in pairs:
                title_doc, body_doc = islice(docs, 2)
                features.append(self._features(title, title_doc, body, body_doc))
        return features

    def _features(self, title: str, title_doc: Doc, body: str, doc: Doc) -> TextFeatures:
        found, title_found = self._phrases(doc), self._phrases(title_doc)
        tokens = [token.text for token in doc]
        spoken = [token.lower() for token in tokens if token[0].isalpha() and token not in ("n't", "n’t")]
        sentences = [text for text in (sentence.text for sentence in doc.sents) if any(c.isalpha() for c in text)]
        text = _without_code(body)
        per_sentence = len(spoken) / len(sentences) if sentences else None
        return TextFeatures(
            title_chars=len(title),
            title_words=len(title.split()),
            title_question="?" in title,
            title_number=any(c.isdigit() for c in title),
            title_first_person="FIRST_PERSON" in title_found,
            words=len(body.split()),
            sentences=len(sentences),
            questions=sum("?" in sentence for sentence in sentences),
            first_person=found.count("FIRST_PERSON"),
            numbers=sum(any(c.isdigit() for c in token) for token in tokens),
            measures=sum(entity.label_ == "MEASURE" for entity in doc.ents),
            links=len(_MARKED_LINK.findall(text)) + len(_ADDRESS.findall(_MARKED_LINK.sub(" ", text))),
            list_items=len(_LIST_ITEM.findall(text)),
            paragraphs=sum(bool(part.strip()) for part in re.split(r"\n[^\S\n]*\n", body)),
            formatting=_FORMATTING.search(text) is not None,
            summary=_SUMMARY.search(text) is not None,
            code=text != body,
            promotion=found.count("PROMOTION") + title_found.count("PROMOTION"),
            words_per_sentence=None if per_sentence is None else round(per_sentence, 2),
            reading_ease=_reading_ease(spoken, per_sentence),
        )

    def _phrases(self, doc: Doc) -> list[str]:
        spans = self._matcher(doc, as_spans=True)
        return [span.label_ for span in spans if span.text != "US"]  # that is a country


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
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "MEASURE", "pattern": pattern} for pattern in _measures()])
    return nlp, installed or "blank:en"


def _measures() -> list[list[dict[str, Any]]]:
    """Amounts: `$5k`, `5,000 €`, `20%`, `300 users`, `3 months`."""
    number = {"TEXT": {"REGEX": r"^\d[\d.,]*(?:k|m|bn|K|M|B)?\+?$"}}
    unit = {"LOWER": {"IN": ["%", *_MEASURES.split("|")]}}
    currency = {"ORTH": {"IN": ["$", "€", "£"]}}
    return [[currency, number], [number, currency], [number, unit], [number, {"LOWER": {"IN": ["k", "m"]}}, unit]]


def _rules(nlp: Language) -> PhraseMatcher:
    from spacy.matcher import PhraseMatcher

    # One look-up a token, whatever the number of phrases; token patterns would each be tried at every token.
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("FIRST_PERSON", [nlp.make_doc(word) for word in _FIRST_PERSON])
    matcher.add("PROMOTION", [nlp.make_doc(phrase) for phrase in _PROMOTION.split("|")])
    return matcher


def _without_code(body: str) -> str:
    return _INDENTED.sub("\n\n", _FENCE.sub("\n", body))


def _prose(body: str) -> str:
    """What the author says: without code, quoted lines, addresses and Markdown's signs."""
    text = _QUOTED.sub("", _without_code(body))
    text = _ADDRESS.sub(" ", _MARKED_LINK.sub(r"\1", text))
    return _readable(_SIGNS.sub(" ", text)).strip()


def _readable(text: str) -> str:
    return _ENDLESS_WORD.sub(r"\1", _SIGNS_IN_A_ROW.sub(" ", text))


def _reading_ease(words: Sequence[str], words_per_sentence: float | None) -> float | None:
    """Flesch reading ease, with syllables estimated by groups of vowels; None below 20 words, where it jumps about."""
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
