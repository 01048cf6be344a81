"""Plain text for Discord: escaping, so that it makes no markup, mention, link or emoji, and counting as Discord counts.

Discord shows a punctuation character after a backslash as it is, without its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.characters import is_blank, size, visible
from core.clock import moments_in

# Emphasis, code, spoilers, masked links, mentions and custom emoji (both begin with <), other escapes.
_SPECIAL = re.compile(r"[\\*_~`|<>\[\]]")
_LINE_START = re.compile(r"^([ \t]*(?:\d{1,9}(?=\.))?)([#+.-])", re.MULTILINE)  # headings, lists, small print
_ADDRESS = re.compile(r"(?<=[A-Za-z0-9+.-])://")
_SHORTCODE = re.compile(r":(?=[A-Za-z0-9_+\-\\]+:)")
_MENTION = re.compile(r"@(?=everyone|here|&|!|\d)", re.IGNORECASE)


def escape(text: str) -> str:
    """Returns `text` as markdown that shows exactly `text`."""
    text = _SPECIAL.sub(r"\\\g<0>", visible(text))
    text = _LINE_START.sub(r"\1\\\2", text)
    text = _SHORTCODE.sub(r"\\:", _ADDRESS.sub(r"\\://", text))
    # Discord finds @everyone behind a backslash too, so a character without width follows the @.
    return _MENTION.sub("@\u200b", text)


def escape_line(text: str) -> str:
    """Does what `escape` does, on one line."""
    return escape(" ".join(visible(text).split()))


def told(text: str) -> str:
    """Returns our own words, escaped; Discord shows each time in them in the reader's own zone."""
    return _with_times(escape(text))


def told_line(text: str) -> str:
    """Does what `told` does, on one line."""
    return _with_times(escape_line(text))


def _with_times(escaped: str) -> str:
    shown, last = [], 0
    for start, end, at in moments_in(escaped):  # escaping leaves them as they are
        shown += [escaped[last:start], f"<t:{int(at.timestamp())}:f>"]
        last = end
    return "".join([*shown, escaped[last:]])


def quote(text: str) -> str:
    """Returns somebody's own words, escaped, with every line marked as a quotation."""
    return "\n".join(f"> {line}" for line in escape(text).split("\n"))


def block(text: str) -> str:
    """Returns a text to be copied, in a block that shows it as it is; quoted when the text would end the block."""
    shown = visible(text)
    return quote(text) if "```" in shown else f"```\n{shown}\n```"


def small(text: str) -> str:
    """Returns our own words as `told` does, with every line in small print."""
    return "\n".join(f"-# {line}" for line in told(text).split("\n") if not is_blank(line))


def plain(text: str, limit: int) -> str:
    """Returns `text` for places without markup (labels, options): one line of at most `limit` units, cut
    visibly, or "".
    """
    line = " ".join(visible(text).split())
    if size(line) <= limit:
        return line
    while size(line) > limit - 1:
        line = line[: -max(1, (size(line) - limit) // 2)]
    return f"{line.rstrip()}…"


def fit(text: str, limit: int, render: Callable[[str], str], note: str) -> str:
    """Returns `render(text)` when it has at most `limit` units; otherwise the longest beginning of `text` that fits,
    rendered, with `note`, in which `{left}` becomes the number of characters left out; "" when the note does not fit.
    """
    whole = render(text)
    if size(whole) <= limit:
        return whole

    def cut(kept: int) -> str:
        return f"{render(text[:kept].rstrip())}{note.format(left=f'{len(text) - kept:,}')}"

    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(cut(middle)) <= limit else (low, middle - 1)
    shortest = cut(low)
    return shortest if size(shortest) <= limit else ""
