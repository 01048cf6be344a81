"""What a rule says of links to what somebody makes or sells: which of its words mean those, and whether it bans them.

Both ways of saying it (“No shop links”; “may be named but not linked”) become one demand on the own site (`rules.py`).
Pure.
"""

from __future__ import annotations

import re

from core.texts.days import days_in
from core.texts.rule_topics import Topic
from core.texts.rule_words import EXCEPTION


def means_own_links(topic: Topic, quote: str) -> bool:
    """Whether words of a rule about a topic mean links to what one makes, and no others and no other promotion."""
    if topic is Topic.LINKS:
        return _LINKS_TO_OWN.search(quote) is not None
    return topic is Topic.PROMOTION and "link" in quote.lower() and _MORE_THAN_LINKS.search(quote) is None


_LINKS_TO_OWN = re.compile(
    r"\b(?:shop|store|product|sales|commercial|affiliate)(?: page)? links?\b|"
    r"\blinks? (?:to|for) (?:\w+ ){0,3}?(?:your|own|shops?|stores?|products?|crowd-?funding|kickstarter|blogs?|"
    r"social|channels?|sites?|"
    r"companies|company|affiliat\w*|commercial|sales?)\b",
    re.IGNORECASE,
)
_MORE_THAN_LINKS = re.compile(
    r"\b(?:promot\w*|self-?promo\w*|advertis\w*|mention\w*|nam(?:e|ing)|posts? about|talk about|plug\w*|spam\w*|"
    r"sell\w*)\b",
    re.IGNORECASE,
)


def lets_some_links(words: str) -> bool:
    """Whether a rule lets some links stand: “a link to free rules is fine”."""
    return _LETS_LINKS.search(words) is not None


_LETS_LINKS = re.compile(
    r"\blinks?\b[^.;]{0,60}\b(?:is|are) (?:fine|ok|okay|allowed|welcome)\b|\bmay link\b", re.IGNORECASE
)


def begins_a_ban(quote: str) -> bool:
    """Whether words begin as a ban does: “No links to eBay”."""
    return _BEGINS_A_BAN.match(quote) is not None


_BEGINS_A_BAN = re.compile(r"(?:no|never|don't|do not)\b", re.IGNORECASE)


def bans_outright(quote: str) -> bool:
    """Whether words ban all of what they name, though they limit links to some: “No shop links”."""
    return begins_a_ban(quote) and EXCEPTION.search(quote.lower()) is None


def banned_beside(words: str) -> str:
    """Returns the sentence by which a rule bans links to what somebody makes, whatever else it allows; "" for none. A
    sentence that names days, or exceptions, bans them not on all.
    """
    sentences = (sentence.strip().rstrip(".;") for sentence in _SENTENCE.split(words))
    return next(
        (
            sentence
            for sentence in sentences
            if _NOT_LINKED.search(sentence) and not days_in(sentence) and not _EXCEPTIONS.search(sentence)
        ),
        "",
    )


_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_OWN_THING = r"(?:shop|site|store|website|page|product|app|tool|game|business|work|repository|repo|company|things?)"
_NOT_LINKED = re.compile(
    r"\b(?:named|mentioned)\b[^.;]{0,30}\bnot (?:be )?linked\b|\b(?:may|must|can|should) not be linked\b|"
    r"\b(?:do not|don't|never|may not|must not|cannot|can't) link(?: to)? "
    rf"(?:it|them|(?:your|the|their|our)(?: own)? {_OWN_THING})\b|"
    rf"\bno links? to (?:it|them|your own|your {_OWN_THING})\b",
    re.IGNORECASE,
)
_EXCEPTIONS = re.compile(
    r"\b(?:paid|commercial|closed|others?|unless|except|until|outside|only|if|comments?|first|titles?)\b", re.IGNORECASE
)
