"""Text between people and Slack: undoes Slack's markup in what people typed, and escapes what we send."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.sight import is_blank, size, visible

_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^|>\s]*)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")


def escape(text: str) -> str:
    """Returns `text` with Slack's three control characters escaped, so that it makes no mention and no link."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    return " ".join(visible(text).split())


def unwrap(text: str) -> str:
    """Returns what a person typed, from Slack's version of it: `<url|text>` becomes the url, `&amp;` an ampersand.

    Mentions of people stay as Slack writes them, because only that form carries an id; channels become their names.
    """
    text = _CHANNEL.sub(r"#\1", _LINK.sub(_typed, text))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\u00a0", " ")


def _typed(link: re.Match[str]) -> str:
    url, label = link[1], link[2]
    # Slack also turns bare names and addresses into links: then the label is what was typed.
    return label if label and url in (f"http://{label}", f"mailto:{label}", f"tel:{label}") else url


def fit(text: str, limit: int, render: Callable[[str], str] = escape, note: str = "…") -> tuple[str, bool]:
    """Returns `render(text)` in at most `limit` UTF-16 units, and whether it was cut.

    A cut text ends with `note`, in which `{left}` becomes the number of characters left out.
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
    """Returns a plain_text object on one line of at most `limit` units; a dash when the text is blank."""
    line = one_line(text)
    return plain_object("–" if is_blank(line) else fit(line, limit)[0])


def plain_object(escaped: str) -> dict[str, object]:
    """Returns a plain_text object of a text that is escaped already; `:codes:` in it do not become emoji."""
    return {"type": "plain_text", "text": escaped, "emoji": False}
