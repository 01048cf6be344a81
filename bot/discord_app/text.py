"""Plain text for Discord: escaping, so that it makes no markup, mention, link or emoji, and counting as Discord counts.

Discord shows a punctuation character after a backslash as it is, without its meaning.
"""

from __future__ import annotations

import re

from bot.characters import is_blank, one_line, size, visible
from core.clock import parted_at_moments

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
    return escape(one_line(text))


def told(text: str) -> str:
    """Returns our own words, escaped; Discord shows each time in them in the reader's own zone."""
    return _with_times(escape(text))


def told_line(text: str) -> str:
    """Does what `told` does, on one line."""
    return _with_times(escape_line(text))


def _with_times(escaped: str) -> str:
    shown = parted_at_moments(escaped)  # escaping leaves them as they are
    return "".join(part if at is None else f"<t:{int(at.timestamp())}:f>" for part, at in shown)


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
    line = one_line(text)
    if size(line) <= limit:
        return line
    while size(line) > limit - 1:
        line = line[: -max(1, (size(line) - limit) // 2)]
    return f"{line.rstrip()}…"
