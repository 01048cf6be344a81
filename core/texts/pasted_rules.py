"""Rules that a member pasted, taken apart: a numbered list, headings, "Rule 3: …" or paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.communities import Rule

LONGEST = 40_000  # characters; enough for a page of Reddit's wiki
_MOST_RULES = 200
_NAME_CHARS = 100  # as Reddit's short names
_NUMBERED = re.compile(
    r"^\s*(?:#{1,6}\s*)?(?:\*\*|__)?\s*(?:(?:rule|§|article|section)\s*(?:#?\d{1,2}|[ivx]{1,5})\b\s*[.:)–—-]*|#?\d{1,2}\s*[.):–—-]"
    r"(?!\d))\s*(?=\S)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+(?=\S)|(?:\*\*|__)(?=[^*_]{2,100}(?:\*\*|__)\s*:?\s*$))")
_BULLET = re.compile(r"^\s*[*•–-]\s+(?=\S)")
_BLANKS = re.compile(r"[^\S\n]+")  # apps copy a page with blanks of other kinds
_EMPTY_LINES = re.compile(r"\n{2,}")


def rules_in(text: str) -> tuple[Rule, ...]:
    """The rules in a text, in order, each with a name and a description. In a list, text before the first rule is left
    out. Empty when there is no text.
    """
    lines = [_BLANKS.sub(" ", line).rstrip() for line in re.split(r"\r\n?|\n", text[:LONGEST])]
    for begins in (_NUMBERED, _HEADING, _BULLET):
        if sum(begins.match(line) is not None for line in lines) >= 2:
            return tuple(_named(lines, begins))[:_MOST_RULES]
    # A number that stands alone still belongs to the list, not to the rule's name.
    paragraphs = (_NUMBERED.sub("", part.strip()) for part in re.split(r"\n\s*\n", "\n".join(lines)))
    return tuple(_rule(part) for part in paragraphs if part)[:_MOST_RULES]


def _named(lines: list[str], begins: re.Pattern[str]) -> Iterator[Rule]:
    block: list[str] = []
    for line in lines:
        match = begins.match(line)
        if match is not None:
            if block:
                yield _rule("\n".join(block))
            block = [line[match.end() :]]
        elif block:
            block.append(line)
    if block:
        yield _rule("\n".join(block))


def _rule(block: str) -> Rule:
    """A rule whose name is its first line; if that is too long, its first sentence; if that is too long too, its first
    words.
    """
    first, _, rest = block.strip().partition("\n")
    first = first.strip()
    if len(first) > _NAME_CHARS:
        sentence = re.match(rf".{{1,{_NAME_CHARS - 1}}}?[.!?:](?=\s)", first)
        cut = sentence.end() if sentence else first.rfind(" ", 0, _NAME_CHARS)
        cut = cut if cut > 0 else _NAME_CHARS
        first, rest = first[:cut].strip(), f"{first[cut:].strip()}\n{rest}"
    name = re.sub(r"\*\*|__|^#+\s*", "", first).strip().rstrip(":")
    return Rule(name, _EMPTY_LINES.sub("\n\n", rest.strip()), "all")
