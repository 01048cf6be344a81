"""Foreign text made safe to show: control characters are replaced with visible ones, and what is too long is cut
visibly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_BREAK = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
# C0 and C1 controls are invisible, bidirectional controls show text in another order, lone surrogates cannot be sent.
# Line break and tab stay.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
# Invisible characters: Discord trims them, and Slack refuses a text that has no others.
_BLANK = re.compile(
    r"[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2064\u2800\u3164\uffa0\ufe00-\ufe0f]*"
)


def size(text: str) -> int:
    """Returns the length in UTF-16 units, the larger of the two ways to count an emoji, so a limit holds either way."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def visible(text: str) -> str:
    """Returns `text` with one kind of line break, and with a visible sign for every control character."""
    return _UNSEEN.sub(lambda match: _shown(ord(match[0])), _BREAK.sub("\n", text))


def _shown(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's pictures of control characters
    if code == 0x7F:
        return "\u2421"
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"(U+{code:04X})"


def is_blank(text: str) -> bool:
    """Returns whether a reader would see nothing of the text."""
    return _BLANK.fullmatch(text) is not None


def one_line(text: str) -> str:
    return " ".join(visible(text).split())


def most(length: int, fits: Callable[[int], bool]) -> int:
    """Returns how many of `length` fit; 0 when not even one does. `fits` holds for all numbers up to some one."""
    low, high = 0, length
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def cut(text: str, fits: Callable[[str], bool], render: Callable[[str], str] = visible, note: str = "…") -> str:
    """Returns `render(text)` when it `fits`; otherwise the longest beginning of `text` that fits, rendered, with
    `note`, in which `{left}` becomes the number of characters left out.
    """
    whole = render(text)
    if fits(whole):
        return whole

    def beginning(kept: int) -> str:
        return f"{render(text[:kept].rstrip())}{note.format(left=f'{len(text) - kept:,}')}"

    return beginning(most(len(text), lambda kept: fits(beginning(kept))))


def fit(text: str, limit: int, render: Callable[[str], str] = visible, note: str = "…") -> str:
    """Returns `render(text)` in at most `limit` units, cut as `cut` does; "" when not even the note fits."""
    shown = cut(text, lambda rendered: size(rendered) <= limit, render, note)
    return shown if size(shown) <= limit else ""


def fair_share(sizes: Sequence[int], room: int) -> int:
    """Returns the largest limit at which all sizes, each cut to it, fit into `room` together."""
    left = room
    for number, wanted in enumerate(sorted(sizes)):
        share = left // (len(sizes) - number)
        if wanted > share:
            return share
        left -= wanted
    return max(sizes, default=0)
