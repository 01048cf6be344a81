"""What changed, in words: a rule, fact or pattern before and after, cut to where they differ."""

from __future__ import annotations

from bot.words import shortened
from core.drafting.approvals import Change, ChangeKind

AROUND = 6  # words that both have, shown before and after the difference
WORDS_MAX = 300  # characters of one side

_NOUNS = {"rule": "Rule", "demand": "What is asked about", "fact": "Fact", "pattern": "Pattern"}


def change_line(change: Change) -> str:
    """One change as a line or two: "Fact 3 reads otherwise. Before: “… 41 days …” Now: “… 26 days …”"."""
    noun = _NOUNS[change.kind.value.partition("_")[0]]
    which = f"{noun} “{change.name}”" if noun == "Rule" else f"{noun} {change.name}"
    match change.kind:
        case ChangeKind.RULE_NEW | ChangeKind.PATTERN_NEW:
            return f"{which} is new: “{shortened(change.after, WORDS_MAX)}”"
        case ChangeKind.RULE_GONE:
            return f"{which} is gone: “{shortened(change.before, WORDS_MAX)}”"
        case ChangeKind.FACT_GONE:
            return f"{which} no longer stands: “{shortened(change.before, WORDS_MAX)}”"
        case _:
            before, after = difference(change.before, change.after)
            return f"{which} reads otherwise.\nBefore: “{before}”\nNow: “{after}”"


def difference(before: str, after: str) -> tuple[str, str]:
    """Returns both texts, without what they share at their beginning and end except a few words."""
    old, new = before.split(), after.split()
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return _cut(old, head, tail), _cut(new, head, tail)


def _cut(words: list[str], head: int, tail: int) -> str:
    begin, end = max(0, head - AROUND), min(len(words), len(words) - tail + AROUND)
    text = shortened(" ".join(words[begin:end]), WORDS_MAX)
    return f"{'… ' if begin else ''}{text}{' …' if end < len(words) else ''}" or "nothing"
