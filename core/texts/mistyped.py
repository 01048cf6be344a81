"""Which of some known names a person probably meant by a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable

from core.texts.plain import folded

MEANT_MAX = 3
_SHORT = 4  # in so few characters one mistake is much


def nearest(typed: str, known: Iterable[str]) -> list[str]:
    """Returns the names that `typed` probably means, the likeliest first, at most `MEANT_MAX`; none for an exact one.

    A name is meant when few letters differ (one in four characters, two in seven, then three; two letters that changed
    places are one mistake), when one of the two begins the other, when only the order of the words differs, or when
    each word is one of the name's.
    """
    wanted = _name(typed)
    if not wanted:
        return []
    found: list[tuple[int, str]] = []
    for name in known:
        other = _name(name)
        if other == wanted:
            return []
        distance = _apart(wanted, other)
        if distance is not None:
            found.append((distance, name))
    return [name for _, name in sorted(found, key=lambda one: (one[0], _name(one[1])))][:MEANT_MAX]


def nearest_phrase(typed: str, known: Iterable[str]) -> list[str]:
    """Returns the phrases whose words were probably meant by the typed words at their places, the likeliest first."""
    words = folded(typed).split()
    found = []
    for phrase in known:
        others = folded(phrase).split()
        if sorted(words) == sorted(others):
            found.append((0, phrase))
        elif len(words) == len(others) and all(map(_is_same_or_slip, words, others)):
            found.append((sum(map(_mistakes, words, others)), phrase))
    return [phrase for _, phrase in sorted(found)][:MEANT_MAX]


def _name(text: str) -> str:
    """Returns a name as it is compared: folded, and without doubled spaces."""
    return " ".join(folded(text).split())


def _is_same_or_slip(wanted: str, other: str) -> bool:
    return wanted == other or _is_slip(wanted, other)


def _apart(wanted: str, other: str) -> int | None:
    """Returns how far a name is from what was typed, or None when it was hardly meant."""
    if sorted(wanted.split()) == sorted(other.split()):
        return 0
    if _is_slip(wanted, other):
        return _mistakes(wanted, other)
    if min(len(wanted), len(other)) >= 3 and (other.startswith(wanted) or wanted.startswith(other)):
        return 4  # after every name with few mistakes
    if len(other.split()) > 1 and all(_is_a_word_of(word, other) for word in wanted.split()):
        return 5
    return None


def _is_a_word_of(word: str, name: str) -> bool:
    if len(word) < 3:
        return False
    return any(part.startswith(word) or _is_slip(word, part) for part in name.split())


def _is_slip(wanted: str, other: str) -> bool:
    """Returns whether two words differ by as few mistakes as their length allows."""
    shorter, longer = sorted((len(wanted), len(other)))
    allowed = 1 if shorter <= _SHORT else min(3, shorter // 4 + 1)
    return longer - shorter <= allowed and _mistakes(wanted, other) <= min(allowed, shorter - 1)


def _mistakes(one: str, other: str) -> int:
    """Returns how many letters were left out, added, replaced or exchanged with their neighbour (optimal string
    alignment).
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, its in enumerate(other, start=1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != its))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == its:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
