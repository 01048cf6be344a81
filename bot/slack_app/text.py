"""Text between people and Slack: undoes Slack's markup in what people typed, and escapes what we send."""

from __future__ import annotations

import re

from bot.characters import fit, is_blank, one_line, visible
from core.clock import moments_in, parted_at_moments

_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^|>\s]*)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")


def escape(text: str) -> str:
    """Returns `text` with Slack's three control characters escaped, so that it makes no mention and no link."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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


def plain(text: str, limit: int) -> dict[str, object]:
    """Returns a plain_text object on one line of at most `limit` units; a dash when the text is blank."""
    line = one_line(text)
    return plain_object("–" if is_blank(line) else fit(line, limit, escape))


def plain_object(escaped: str) -> dict[str, object]:
    """Returns a plain_text object of a text that is escaped already; `:codes:` in it do not become emoji."""
    return {"type": "plain_text", "text": escaped, "emoji": False}


# How Slack shows a time to each reader, in their own zone: "today at 2:05 PM", "Nov 24th at 2:05 PM".
DATE_FORMAT = "{date_short_pretty} at {time}"
_ENDS = re.compile(r"[.,;:!?)]+")
DATE_WEIGHT = 140  # the most that a time adds to the JSON of the text around it


def rich_words(text: str) -> list[dict[str, object]]:
    """Returns our own words as elements of a rich_text section; each time in them is one of its own."""
    return [
        {"type": "text", "text": part}
        if at is None
        else {"type": "date", "timestamp": int(at.timestamp()), "format": DATE_FORMAT, "fallback": part}
        for part, at in parted_at_moments(text)
    ]


def marked_words(text: str) -> list[dict[str, object]]:
    """Returns our own words as elements of a context block, escaped: plain texts, and each time as one of its own."""
    elements: list[dict[str, object]] = []
    for part, at in parted_at_moments(text):
        if at is not None:
            date = f"<!date^{int(at.timestamp())}^{DATE_FORMAT}|{part}>"
            elements.append({"type": "mrkdwn", "text": date, "verbatim": True})
            continue
        ends = _ENDS.match(part) if elements else None  # what ends a sentence stands at its last word, without a gap
        if ends is not None:
            elements[-1]["text"] = f"{elements[-1]['text']}{ends[0]}"
            part = part[ends.end() :]
        if not is_blank(part):
            elements.append(plain_object(escape(part.strip())))
    return elements


def has_times(text: str) -> bool:
    return next(moments_in(text), None) is not None
