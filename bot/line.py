"""Takes a command text apart: words, and values given as key=value, in the quotes of any keyboard."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import BadArgument
from core.texts.pasted import said

_KEY = re.compile(r"([a-z][a-z_]*)=", re.ASCII | re.IGNORECASE)
# Pairs as keyboards and phones write them: „ closes with “ in German, with ” in Polish; ” and » open in Nordic
# languages.
_CLOSING = {
    '"': '"',
    "'": "'",
    "“": "”",
    "„": "“”",
    "”": "”",
    "‘": "’",
    "‚": "‘’",
    "«": "»",
    "»": "«»",
    "＂": "＂",
}
_DOUBLE, _SINGLE = '"“”„‟＂', "'‘’‚‛"  # marks that phones and pastes confuse
_STRAIGHT = "\"'＂"
# Invisible marks around a pasted text. Inside a text they mean nothing to us.
_AROUND = "\ufeff\u200b\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(frozen=True, slots=True)
class Line:
    """A command text taken apart: bare words in order, and the key=value pairs."""

    words: tuple[str, ...]
    named: Mapping[str, str]


def parse_line(text: str) -> Line:
    """Take a command text apart: words, then key=value, with quotes around values with spaces.

    A leading `/rao` is dropped. Inside quotes a backslash keeps the next quote or backslash as it is, and `\\n` is a
    line break. Quotes pair as people mean them: a typographic one with a straight one when its own other half is
    missing, inner typographic quotes with each other; an apostrophe inside a word (`don't`) is not a quote.
    Raises `BadArgument` when a quote is left open or closes in the middle of a word, and when a key is given twice.
    """
    words: list[str] = []
    named: dict[str, str] = {}
    position = 0
    while position < len(text):
        if text[position].isspace() or text[position] in _AROUND:
            position += 1
            continue
        key = None
        match = _KEY.match(text, position)
        if match:
            key, position = match[1].lower(), match.end()
            while position < len(text) and text[position] in _AROUND:
                position += 1
        value, position = _read_value(text, position)
        if key is None:
            words.append(value)
        elif key in named:
            raise BadArgument(f"`{key}` is given twice.", "Give it once.", param=key)
        else:
            named[key] = value
    if words and words[0].lower() in ("/rao", "rao"):
        del words[0]
    return Line(tuple(words), named)


def _read_value(text: str, position: int) -> tuple[str, int]:
    """Returns the value that begins here, and the position where the next one can begin."""
    if position >= len(text) or text[position] not in _CLOSING:
        end = position
        while end < len(text) and not text[end].isspace():
            end += 1
        return text[position:end].strip(_AROUND), end
    opening = text[position]
    try:
        return _quoted(text, position, _CLOSING[opening])
    except BadArgument:
        half = _other_half(text, position)
        if half is None:
            raise
        return text[position + 1 : half], half + 1


def _quoted(text: str, position: int, closing: str) -> tuple[str, int]:
    """Returns the text between the quote at `position` and its closing quote."""
    out: list[str] = []
    escapable = f"{text[position]}{closing}\\n"  # an inner mark that opens counts too
    inner = 0
    at = position + 1
    while at < len(text):
        mark = text[at]
        if mark == "\\" and at + 1 < len(text) and text[at + 1] in escapable:
            out.append("\n" if text[at + 1] == "n" else text[at + 1])
            at += 2
            continue
        if _is_apostrophe(text, at):
            pass
        elif _opens_inside(text, at, position):
            inner += 1
        elif mark in closing and inner:
            inner -= 1
        elif mark in closing:
            if not _ends(text, at + 1):
                # To go on here would cut the text in two, and give its rest to another argument.
                rest = said(text[at + 1 : at + 20])
                raise BadArgument(
                    f"The quote before {rest} (character {at + 1}) closes in the middle of a text.",
                    f"Write \\{mark} for a quote inside the text, and a space after the one that closes it.",
                )
            return "".join(out), at + 1
        out.append(mark)
        at += 1
    raise BadArgument(
        f"The quote that opens at character {position + 1}, {said(text[position : position + 20])}, is never closed.",
        f"Add a closing {closing[0]}",
    )


def _ends(text: str, at: int) -> bool:
    return at >= len(text) or text[at].isspace() or text[at] in _AROUND


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] in _SINGLE and at + 1 < len(text) and text[at - 1].isalnum() and text[at + 1].isalnum()


def _opens_inside(text: str, at: int, position: int) -> bool:
    """Returns whether an inner quote opens: a typographic mark of the outer one's kind, before a letter and not after
    one. Straight marks do not show whether they open or close.
    """
    mark, outer = text[at], text[position]
    if mark in _STRAIGHT or outer in _STRAIGHT or not (mark == outer or mark in _CLOSING[outer]):
        return False
    if at == position + 1 and mark in _CLOSING[outer]:
        return False
    return not text[at - 1].isalnum() and (text[at + 1 : at + 2].isalnum() or text[at + 1 : at + 2] == mark)


def _other_half(text: str, position: int) -> int | None:
    """Returns where a text closes with another mark than it opened with (`“Acme"`): the first mark of the same kind
    that can end it.
    """
    family = next((marks for marks in (_DOUBLE, _SINGLE) if text[position] in marks), "")
    for at in range(position + 1, len(text)):
        if text[at] in family and not _is_apostrophe(text, at):
            return at if _ends(text, at + 1) and not text[at - 1].isspace() and text[at - 1] != "\\" else None
    return None
