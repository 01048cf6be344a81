"""The program's own words in the tongue of chats, which show forms, and pick a command's values from fields.

In the terminal people write `key=value`, and cards say so. A chat shows the same card without that: what a form asks
for is not said again, a value stands in words, and a place to be filled in is left out. Texts of people stay as they
are.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.card import Card, Field

_VALUE = r'(?:"[^"\n]*"|…|[^\s"\n]*[^\s"\n.,;:)])?'
_ONE = re.compile(rf"(?<![^\s(])(?!key=value)([a-z][a-z_]+)=({_VALUE})")
# What comes after a command: values in a row.
_ROW = re.compile(rf"(/rao [a-z]+(?: [a-z]+)?(?: (?![a-z_]+=)[\w/.“”-]+)*?)((?: [a-z][a-z_]+={_VALUE})+)")
# The command to write instead of filling in the form that the card has.
_INSTEAD = re.compile(
    r"(?:^|(?<=\s))(?:Write|Without a form|In one line|For example|for example|To go on anyway): /rao [^\n]*"
)


def in_chat(card: Card) -> Card:
    """Returns the card as a chat shows it."""
    has_form = card.form is not None
    fields = tuple(_field(field) for field in card.fields)
    text, footnote = (spoken(said, has_form=has_form) for said in (card.text, card.footnote))
    return replace(card, text=text, fields=fields, footnote=footnote)


def _field(field: Field) -> Field:
    is_ours = not (field.quote or field.copy) and "/rao " in field.value
    return replace(field, value=spoken(field.value)) if is_ours else field


def spoken(text: str, *, has_form: bool = False) -> str:
    """Returns our own words without `key=value`."""
    if "=" not in text:
        return text
    if has_form:
        text = "\n".join(line.rstrip() for line in _INSTEAD.sub(_unless_plain, text).split("\n") if line.strip())
    text = _ROW.sub(lambda row: f"{row[1]}{_told(row[2])}", text)
    return _ONE.sub(lambda one: f"{one[1]}: {_bare(one[2])}" if _bare(one[2]) else one[1], text)


def _unless_plain(instead: re.Match[str]) -> str:
    return "" if "=" in instead[0] else instead[0]


def _told(row: str) -> str:
    given = [(name, _bare(value)) for name, value in _ONE.findall(row)]
    said = "; ".join(f"{name}: {value}" for name, value in given if value)
    return f" ({said})" if said else ""


def _bare(value: str) -> str:
    inner = value.strip('"')
    return "" if inner == "…" else inner
