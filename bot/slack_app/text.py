"""Text between people and Slack: what Slack made of somebody's words is undone, and what we say means nothing but
itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.sight import is_blank, size, visible

_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^|>\s]*)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")


def escape(text: str) -> str:
    """`text` such that Slack's three control characters stand for themselves: no mention and no link comes of it."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    return " ".join(visible(text).split())


def unwrap(text: str) -> str:
    """What a person typed, from what Slack made of it: `<url|text>` becomes the url, `&amp;` an ampersand.

    Mentions of people stay as Slack writes them, because only they carry an id; channels become their names.
    """
    text = _CHANNEL.sub(r"#\1", _LINK.sub(_typed, text))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\u00a0", " ")


def _typed(link: re.Match[str]) -> str:
    url, label = link[1], link[2]
    # Slack makes links of bare names and addresses too: then the label is what was typed.
    return label if label and url in (f"http://{label}", f"mailto:{label}", f"tel:{label}") else url


def fit(text: str, limit: int, render: Callable[[str], str] = escape, note: str = "…") -> tuple[str, bool]:
    """`render(text)` in at most `limit` UTF-16 units, and whether it was cut.

    What is cut ends in `note`, in which `{left}` becomes the number of characters left out.
    """
    whole = render(text)
    if size(whole) <= limit:
        return whole, False

    def cut(kept: int) -> str:
        return f"{render(text[:kept].rstrip())}{note.format(left=f'{len(text) - kept:,}')}"

    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(cut(middle)) <= limit else (low, middle - 1)
    return cut(low), True


def plain(text: str, limit: int) -> dict[str, object]:
    """A plain_text object on one line of at most `limit` units; a dash when nothing of it would be seen."""
    line = one_line(text)
    return plain_object("–" if is_blank(line) else fit(line, limit)[0])


def plain_object(escaped: str) -> dict[str, object]:
    """A plain_text object of a text that is escaped already, without emoji made from `:codes:`."""
    return {"type": "plain_text", "text": escaped, "emoji": False}
