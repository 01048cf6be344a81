"""Which facts carry which sentence of a draft, as the check finds it, whatever the writer says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.drafting import marks
from core.drafting.drafts import Mark
from core.drafting.grounds import Grounds
from core.drafting.text import Text
from core.texts import claims
from core.texts.blanks import blanks_in


@dataclass(frozen=True, slots=True)
class Carried:
    """A sentence, the facts that its claims rest on, and its words that no fact carries."""

    sentence: str
    fact_ids: tuple[int, ...]
    marked: tuple[str, ...] = ()
    has_blank: bool = False


def carried(text: Text, grounds: Grounds, standing: Sequence[Mark]) -> tuple[Carried, ...]:
    """Returns every sentence, the title first. `standing`: the marks of this text. Takes seconds for the longest
    text.
    """
    told = []
    for start, end in claims.sentences_in(text.whole):
        sentence = text.whole[start:end].strip()
        if not sentence:
            continue
        rests_on = marks.read(sentence, grounds, text.sentences).rests_on
        marked = tuple(mark.words for mark in standing if start <= mark.start < end)
        ids = tuple(grounds.facts[place].id for place in rests_on)
        told.append(Carried(sentence, ids, marked, bool(blanks_in(sentence))))
    return tuple(told)
