"""What a model answers to the prompt of a draft: sentences, each with the ids of the facts that it rests on.

Read tolerantly, because the checks judge the text in any case: ids in any writing, sentences without ids, a text in one
piece. Paragraphs, lists, headings and quotes stay what they are in Reddit's Markdown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.drafting.checks import BODY_MAX_CHARS, TITLE_MAX_CHARS
from core.drafting.drafts import Sentence

log = logging.getLogger(__name__)

_IDS = {"type": "array", "items": {"type": "integer"}}

# What a model is asked for. Strict servers want every property in `required`.
ANSWER_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "description": "the post's title"},
        "title_facts": {**_IDS, "description": "ids of the facts that the title rests on"},
        "sentences": {
            "type": "array",
            "description": "the post's text in Reddit's Markdown, one entry for each sentence, heading or list item",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "the sentence; a list item begins with * or 1."},
                    "facts": {**_IDS, "description": "ids of the facts it rests on; empty when it claims nothing"},
                    "new_paragraph": {"type": "boolean", "description": "whether a new paragraph begins here"},
                },
                "required": ["text", "facts", "new_paragraph"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["title", "title_facts", "sentences"],
    "additionalProperties": False,
}

# What counts as an answer: a title, and a text in sentences or in one piece.
_SAID = {"type": "string", "pattern": r"\S"}
_PIECE = {"type": "object", "properties": {"text": _SAID, "facts": {}, "new_paragraph": {}}, "required": ["text"]}
_PIECES = {"type": "array", "items": {"anyOf": [_SAID, _PIECE]}}
_SOME = {"minItems": 1}
TAKEN_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"title": _SAID, "title_facts": {}, "sentences": _PIECES, "body": {"anyOf": [_SAID, _PIECES]}},
    "required": ["title"],
    "anyOf": [
        {"required": ["sentences"], "properties": {"sentences": _SOME}},
        {"required": ["body"], "properties": {"body": _SOME}},
    ],
}

_MARKED_LINE = re.compile(r"(?:[*+-]|\d{1,3}[.)])\s+\S|>")
_HEADING = re.compile(r"#{1,6}\s*\S")
_ID = re.compile(r"\d{1,15}")
_MOST_ID_CHARS = 200  # of a text that is read as ids
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A text. `sentences`: its title and sentences, each with the facts it rests on; empty when the model gave none."""

    title: str
    body: str
    sentences: tuple[Sentence, ...] = ()


def read_answer(content: Mapping[str, Any], facts: Collection[int]) -> Answer:
    """Returns the answer in `content` (which satisfies `TAKEN_SCHEMA`), cut to what Reddit can hold. `facts`: the ids
    that the model was given.
    """
    title = " ".join(_clean(str(content["title"])).split())[:TITLE_MAX_CHARS]
    text = content.get("sentences") or content["body"]
    if isinstance(text, str):
        return Answer(title, _clean(text).strip()[:BODY_MAX_CHARS])
    unknown: set[int] = set()

    def known(named: Any) -> tuple[int, ...]:
        ids = tuple(dict.fromkeys(_ids(named)))
        unknown.update(id_ for id_ in ids if id_ not in facts)
        return tuple(id_ for id_ in ids if id_ in facts)

    sentences = [Sentence(title, known(content.get("title_facts")))]
    body, breaks = "", 0
    for piece in text:
        entry = piece if isinstance(piece, Mapping) else {"text": piece}
        raw = _clean(str(entry["text"]))
        said = raw.strip("\n").rstrip()
        said = said if _MARKED_LINE.match(said.lstrip()) else said.lstrip()  # the indent of an inner list
        breaks = 2 if _is_true(entry.get("new_paragraph")) else breaks + len(raw) - len(raw.lstrip("\n"))
        longer = body + _between(body, said, breaks) + said
        if len(longer) > BODY_MAX_CHARS:
            break
        body, breaks = longer, len(raw) - len(raw.rstrip("\n"))
        sentences.append(Sentence(said.strip(), known(entry.get("facts"))))
    if unknown:
        log.warning("a model named facts that do not exist", extra={"facts": sorted(unknown)})
    return Answer(title, body.strip(), tuple(sentences))


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n")


def _is_true(value: Any) -> bool:
    return value is True or str(value).strip().lower() in _TRUE


def _between(before: str, said: str, breaks: int) -> str:
    """Returns what separates a sentence from the text before it, when `breaks` line breaks were written between
    them.
    """
    if not before:
        return ""
    last = before.rpartition("\n")[2].lstrip()
    plain = said.lstrip()
    is_marked = _MARKED_LINE.match(plain)
    if is_marked and _MARKED_LINE.match(last):
        return "\n"
    if breaks > 1 or is_marked or _HEADING.match(plain) or _HEADING.match(last):
        return "\n\n"
    return "\n" if breaks else " "


def _ids(named: Any) -> Iterator[int]:
    """Yields the ids in numbers or texts ("3", "#3", "fact 3 and 7"), alone or in a list."""
    if isinstance(named, bool) or named is None:
        return
    if isinstance(named, int):
        yield named
    elif isinstance(named, float):
        if named.is_integer():
            yield int(named)
    elif isinstance(named, str):
        yield from (int(found) for found in _ID.findall(named[:_MOST_ID_CHARS]))
    elif isinstance(named, Mapping):
        yield from _ids(named.get("id"))
    elif isinstance(named, Sequence):
        for one in named:
            yield from _ids(one)
