"""Outlines: the member's own facts, word by word, arranged for a community, with blanks for what only they can say.

Not one sentence here tells of an experience; what is missing is asked for in a blank, and blanks block approval.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.campaigns import Fact, FactKind
from core.drafting.grounds import Grounds
from core.texts.figures import Figures

_SECTIONS_WITH_BLANKS = 3
_USUAL_WORDS = 150  # of a text, where the community's own length is not known


def arrange(grounds: Grounds, variant: int, angle: str | None) -> tuple[str, str]:
    """Title and body. `variant` 0, 1, 2 … takes the structures in the order that fits the community."""
    norms = grounds.norms
    structures = _by_fit(norms)
    structure = structures[variant % len(structures)]
    sayable = [fact for fact in grounds.facts if not grounds.is_lived_by_another(fact)]
    facts = {kind: [fact for fact in sayable if fact.kind is kind] for kind in FactKind}
    if _names_are_unwelcome(grounds):
        facts[FactKind.PRODUCT] = []
    words = _words_each(norms)
    opening = f"[your own words: what happened, and why it matters here{_about(angle)}; about {words} words]"
    blocks = {
        "opening": [opening, *_sentences(facts[FactKind.EXPERIENCE])],
        "numbers": _numbers(facts[FactKind.NUMBER], as_list=_effect(norms, "list") > 0),
        "turn": [f"[your own words: what went wrong first, and what you did about it; about {words} words]"],
        "product": _product(grounds, facts[FactKind.PRODUCT]),
        "question": ["[your own words: the one question you want answered]"],
    }
    body = "\n\n".join(block for name in structure for block in blocks[name])
    return _title(norms, asks=structure[0] == "question"), body


def _by_fit(norms: Figures | None) -> list[tuple[str, ...]]:
    """The structures, those first whose form does well there. How common a form is says nothing about that: where
    nothing was found, a story comes first, because only the member can tell it.
    """
    story = ("opening", "turn", "numbers", "product", "question")
    figures = ("numbers", "opening", "turn", "product", "question")
    asking = ("question", "opening", "numbers", "turn", "product")
    effects: dict[tuple[str, ...], float] = {
        story: _strongest(norms, "first_person", "title_first_person"),
        figures: _strongest(norms, "number", "title_number", "measure"),
        asking: _strongest(norms, "question", "title_question"),
    }
    return sorted(effects, key=lambda structure: -effects[structure])


def _strongest(norms: Figures | None, *features: str) -> float:
    """Of the effects of a form's features the one that is clearest."""
    return max((_effect(norms, feature) for feature in features), key=abs)


def _effect(norms: Figures | None, feature: str) -> float:
    return norms.effect(feature) if norms else 0.0


def _names_are_unwelcome(grounds: Grounds) -> bool:
    rule = grounds.rule_on_promotion
    return rule is not None and rule.forbids


def _words_each(norms: Figures | None) -> int:
    median = norms.body_words.median if norms else None
    return max(20, round((_USUAL_WORDS if median is None else median) / _SECTIONS_WITH_BLANKS / 10) * 10)


def _about(angle: str | None) -> str:
    # A bracket inside would end the blank early.
    return f", from this angle: {re.sub(r'[][]', ' ', angle).strip()}" if angle else ""


def _sentences(facts: Sequence[Fact]) -> list[str]:
    return [_whole_sentence(fact.body) for fact in facts]


def _numbers(facts: Sequence[Fact], *, as_list: bool) -> list[str]:
    if not facts:
        return ["[your own words: a result, and over what time; add the figure as a fact first]"]
    if as_list and len(facts) > 1:
        return ["\n".join(f"* {_whole_sentence(fact.body)}" for fact in facts)]
    return [" ".join(_sentences(facts))]


def _product(grounds: Grounds, facts: Sequence[Fact]) -> list[str]:
    if not facts:
        return []
    return [f"[your own words: say plainly how you belong to {grounds.campaign.name}]", " ".join(_sentences(facts))]


def _whole_sentence(text: str) -> str:
    tidy = " ".join(text.split())
    return tidy if tidy.endswith((".", "!", "?", "…")) else f"{tidy}."


def _title(norms: Figures | None, *, asks: bool) -> str:
    kind = "your question" if asks else "what a reader gets from this"
    quartiles = norms.title_chars.quartiles if norms else None
    usual = f", {quartiles[0]:.0f} to {quartiles[2]:.0f} characters" if quartiles else ""
    return f"[your own words: {kind}{usual}]"
