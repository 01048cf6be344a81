"""Which words of a text come from an earlier text, found by aligning their words. Pure and linear in practice.

Runs of three words that both texts have are found wherever they are, so that a moved paragraph keeps its origin. The
words between two runs are aligned one by one, so that one changed word changes the origin of one word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SAYS_SOMETHING = re.compile(r"\d|[^\W_]{4}")  # “of” and “it” come from anywhere
_RUN = 3  # words in a row that both texts have; so many are not a coincidence
_PLACES_AT_MOST = 12  # places of one run that are compared
_GAP_AT_MOST = 80  # words; in a longer gap between two runs nothing is aligned
_BLANK = "\0"

Spans = Sequence[tuple[int, int]]
BlanksIn = Callable[[str], Spans]


def no_blanks(text: str) -> Spans:
    """For texts without places to fill in."""
    return ()


def _lowered(character: str) -> str:
    """A character in lower case, as one character, so that all places stay the same."""
    low = "'" if character == "’" else character.lower()
    return low if len(low) == 1 else character


class Words:
    """The words of a text with their places; a blank is one word."""

    def __init__(self, text: str, blanks: Spans = ()) -> None:
        plain = text.lower() if text.isascii() else "".join(_lowered(character) for character in text)
        found = [(*match.span(), match.group()) for match in _WORD.finditer(plain)]
        if blanks:
            found = [word for word in found if not any(start <= word[0] < end for start, end in blanks)]
            found += [(start, end, _BLANK) for start, end in blanks]
            found.sort()
        self.starts = [start for start, _, _ in found]
        self.ends = [end for _, end, _ in found]
        self.words = [word for _, _, word in found]

    def within(self, start: int, end: int) -> range:
        """The places of the words that a span touches."""
        return range(bisect_left(self.ends, start + 1), bisect_left(self.starts, end))


class Alignment:
    """For each word of a newer text: `origin`, the place of the same word in the older text, or -1; and `fills`,
    whether the word is where the older text had a blank.
    """

    def __init__(self, older: Words, newer: Words) -> None:
        self.older, self.newer = older, newer
        self.origin = [-1] * len(newer.words)
        self.fills = [False] * len(newer.words)
        same_before, same_after = self._align_ends()
        self._align_runs(same_before, same_after)
        self._align_gaps()

    def moved(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the words of a span of the older text are in the newer one: the place that has most of them, as start
        and end. None when none of them is left.
        """
        wanted = self.older.within(start, end)
        places = sorted(at for origin in wanted for at in self._places.get(origin, ()))
        if not places:
            return None
        longest = _nearest_together(places, len(wanted))
        return self.newer.starts[longest[0]], self.newer.ends[longest[-1]]

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        """By the place of a word in the older text, where it is in the newer one."""
        places: dict[int, list[int]] = {}
        for at, origin in enumerate(self.origin):
            places.setdefault(origin, []).append(at)
        return places

    def _align_ends(self) -> tuple[int, int]:
        """Align the words with which both texts begin, and those with which both end; returns how many these are."""
        old, new = self.older.words, self.newer.words
        most = min(len(old), len(new))
        before = next((at for at in range(most) if old[at] != new[at]), most)
        most -= before
        after = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
        self.origin[:before] = range(before)
        if after:
            self.origin[-after:] = range(len(old) - after, len(old))
        return before, after

    def _align_runs(self, begin: int, same_after: int) -> None:
        old, new, end = self.older.words, self.newer.words, len(self.newer.words) - same_after
        if end - begin < _RUN:
            return
        places: dict[tuple[str, ...], list[int]] = {}
        for at, run in enumerate(zip(old, old[1:], old[2:], strict=False)):
            held = places.get(run)
            if held is None:
                places[run] = [at]
            elif len(held) < _PLACES_AT_MOST:
                held.append(at)
        at, follows = begin, begin
        while at + _RUN <= end:
            found = places.get((new[at], new[at + 1], new[at + 2]), ())
            if not found:
                at += 1
                continue
            runs = ((place, _common(old, new, place, at, end)) for place in found)
            place, length = max(runs, key=lambda run: (run[1], run[0] == follows))
            self.origin[at : at + length] = range(place, place + length)
            at, follows = at + length, place + length

    def _align_gaps(self) -> None:
        """Align the words between two runs that follow each other in both texts, those before the first run, and those
        after the last.
        """
        size, start = len(self.newer.words), 0
        while start < size:
            if self.origin[start] >= 0:
                start += 1
                continue
            end = start
            while end < size and self.origin[end] < 0:
                end += 1
            before = self.origin[start - 1] + 1 if start else 0
            after = self.origin[end] if end < size else len(self.older.words)
            self._align_gap(start, end, before, after)
            start = end

    def _align_gap(self, start: int, end: int, before: int, after: int) -> None:
        if start == 0:
            before = max(before, after - _GAP_AT_MOST)
        if end == len(self.newer.words):
            after = min(after, before + _GAP_AT_MOST)
        if after - before > _GAP_AT_MOST or end - start > _GAP_AT_MOST:
            return
        # `old` is empty when one of the two runs was moved.
        old, new = self.older.words[before:after], self.newer.words[start:end]
        for tag, old_from, old_to, new_from, new_to in SequenceMatcher(a=old, b=new).get_opcodes():
            if tag == "equal":
                for step in range(old_to - old_from):
                    self.origin[start + new_from + step] = before + old_from + step
            elif _BLANK in old[old_from:old_to]:
                self.fills[start + new_from : start + new_to] = [True] * (new_to - new_from)


def _common(old: Sequence[str], new: Sequence[str], place: int, at: int, end: int) -> int:
    """How many words are the same from these places on, before `end` in the newer text."""
    length = _RUN
    while place + length < len(old) and at + length < end and old[place + length] == new[at + length]:
        length += 1
    return length


def _nearest_together(places: Sequence[int], count: int) -> Sequence[int]:
    """The largest group of these (ascending) places that lies within about twice `count` words."""
    best: Sequence[int] = places[:1]
    first = 0
    for last in range(len(places)):
        while places[last] - places[first] >= 2 * count + 2:
            first += 1
        if last + 1 - first > len(best):
            best = places[first : last + 1]
    return best


class Descent:
    """Which words of a text come from any of some earlier texts, such as those that a model wrote."""

    def __init__(self, text: str, earlier: Iterable[str], blanks_in: BlanksIn = no_blanks) -> None:
        self._words = Words(text, blanks_in(text))
        self._comes = [False] * len(self._words.words)
        self._fills = [False] * len(self._words.words)
        for other in earlier:
            alignment = Alignment(Words(other, blanks_in(other)), self._words)
            for at, origin in enumerate(alignment.origin):
                self._comes[at] = self._comes[at] or origin >= 0
                self._fills[at] = self._fills[at] or alignment.fills[at]
        self._tells = [_SAYS_SOMETHING.search(word) is not None for word in self._words.words]
        # A sentence may have thousands of marks, and as many words: each mark asks for the sums of its clause.
        telling_comes = (tells and comes for tells, comes in zip(self._tells, self._comes, strict=True))
        self._sums = tuple(tuple(accumulate(flags, initial=0)) for flags in (self._tells, telling_comes, self._comes))

    def claims(self, start: int, end: int, clause: tuple[int, int]) -> bool:
        """True when the earlier texts said what `start:end` says: one of its words comes from them, or half of the
        words of its `clause` do. False for words that fill a blank of the earlier texts: the person who filled it in
        says them.
        """
        marked, around = self._words.within(start, end), self._words.within(*clause)
        if any(self._fills[at] for at in marked):
            return False
        if any(self._comes[at] and self._tells[at] for at in marked):
            return True
        telling, telling_comes, comes = (
            sums[max(around.start, around.stop)] - sums[around.start] for sums in self._sums
        )
        if telling:
            return 2 * telling_comes >= telling
        return len(around) > 0 and 2 * comes >= len(around)
