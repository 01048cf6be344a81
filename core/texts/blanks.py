"""Blanks: places of a text that somebody must still fill in, in every form in which people and models write them.

Code is left out. Brackets that say something are not blanks: a title's tag, a link's label, [deleted], a ticked box, a
footnote, a word that an editor put into a quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.texts.markup import BODY, Part, Span
from core.texts.plain import word_set

_ASKS = (
    r"your|insert|fill|todo|tbd|tbc|tk|placeholder|e\.g|for example|x{1,5}|n{1,2}|…|\.{2,}|_{1,}|\?+|-{2,}|\*{2,}|"
    r"(?:add|enter|write|replace|describe|some|specific|relevant|another|other|real|actual|exact|short|brief|"
    r"one)(?=\s+\w)"
)
_SLOTS = (  # what is left open, as a word at the beginning or at the end
    r"names?|numbers?|dates?|years?|months?|days?|weeks?|times?|hours?|amounts?|prices?|costs?|sums?|figures?|"
    r"percentages?|percent|stats?|"
    r"statistics?|metrics?|results?|links?|urls?|websites?|sites?|e-?mails?|phones?|addresses?|city|cities|towns?|"
    r"places?|locations?|country|"
    r"company|companies|business|products?|tools?|apps?|brands?|features?|community|subreddits?|industry|"
    r"niche|roles?|jobs?|titles?|"
    r"topics?|examples?|stories|story|anecdotes?|details?|quotes?|sources?|screenshots?|images?|photos?|customers?|"
    r"users?|clients?|"
    r"persons?|people|friends?|colleagues?|competitors?|reasons?|problems?|questions?|answers?|what|when|where|who|"
    r"which|why|how"
)
_TAGS = re.compile(  # words in brackets that are no blanks although they look like some
    r"(?:deleted|removed|redacted|censored|oc|update\w*|edit\w*|solved|sic|serious|meta|nsfw|spoilers?|rant|advice|"
    r"help|\d{1,3}|/s|"
    r"source|citation needed|emphasis (?:mine|added)|laughs?|applause|)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(
    r"(?<![\]\w\\!])\[(?P<inside>[^\[\]\n]{0,300})\](?![(\[:])|"
    r"(?<![\]\w\\])\[(?P<open>your (?:own )?words\b[^\]\n]{0,800})"
)
_ASKING = re.compile(
    rf"\s*(?:(?:{_ASKS})(?!\w).*|[^?]{{0,200}}\?\s*|.{{0,60}}\b(?:here|goes here|tbd|tbc)\s*|)",
    re.IGNORECASE | re.DOTALL,
)
_ASKS_OUTRIGHT = re.compile(r"(?:your|insert|add|fill|enter|x{2,}|…|\.{3}|\?)(?!\w)", re.IGNORECASE)
_OPEN_SLOT = re.compile(
    rf"\s*(?:(?:the|a|an|my|our|their|of|first|last|full|x|n|\d+|"
    rf"#)\s+){{0,2}}(?:[\w'/-]+\s+){{0,3}}(?:{_SLOTS})\s*|\s*(?:{_SLOTS})(?:\s+[\w'/-]+){{0,4}}\s*",
    re.IGNORECASE,
)
_HTML = word_set(
    "a abbr b big blockquote body br button center cite code dd del details div dl dt em font footer form h1 h2 "
    "h3 h4 h5 h6 head header hr html i iframe img input ins kbd label li link main mark meta nav ol option p pre "
    "q s samp script section select small span strike strong style sub summary sup svg table tbody td template "
    "textarea tfoot th thead title tr tt u ul var video wbr canvas slot"
)
_ANGLES = re.compile(r"(?<![\w<])<{1,2}(?P<inside>[A-Za-z][\w '/.,:?#-]{0,60})>")
_CURLY = re.compile(
    r"\{\{[^{}\n]{0,80}\}\}|(?<![\w$\\{])\$?\{[A-Za-z][\w .-]{0,40}\}|(?<![\w%])%[A-Za-z]\w{2,30}%(?!\w)|"
    r"<%[^%\n]{0,60}%>"
)
_LINES = re.compile(r"(?<![\w_*/\\])_{3,}(?![\w_*/])|(?<=\w )_{2}(?= \w)|(?<= )\.{5,}(?= \w)")
_EXES = re.compile(
    r"(?<![\w$])(?<!chapter )(?<!part )(?<!volume )(?<!super bowl )(?<!act )(?<!louis )(?<!section )(?<!Chapter "
    r")(?<!Part )(?<!Volume )(?<!Super Bowl )(?<!Act )(?<!Louis )(?<!Section )X{2,6}(?=\W|$)(?!\s(?:century|"
    r"chromosome|Olympi))(?!-L)|"
    r"[$€£]\s?[xX]{1,6}(?:[.,][xX]{1,3})*(?!\w)|(?<![\w.])[xX]{1,3}\s?%|(?<![\w.])[xX]{1,3}[.,][xX]{2,3}(?!\w)|"
    r"(?<![\w.])[XN]\s(?=(?:users|customers|clients|people|percent|months|weeks|days|years|hours|dollars|euros|"
    r"times)\b)"
)
_WORDS = re.compile(
    r"\bTODO\b(?!\s(?:list|app|lists|apps|item|items|file|comment|comments|s)\b)|\bto-?do:|\b(?:TBD|TBC|TBA|"
    r"FIXME)\b|\bTK(?:TK)*\b(?!\s[A-Z]|[\w-])|"
    r"\blorem ipsum\b|"
    r"\((?:please )?(?:fill (?:this |me |it )?in|to be (?:filled|added|confirmed|decided)|insert|todo|tbd|tbc|tba|"
    r"tk|placeholder)\b[^()\n]{0,80}\)|"
    r"\((?:your|the) [\w ]{1,30} (?:here|goes here)\)|\(your (?:name|company|product|city|number|numbers|link|url|"
    r"story|words|example|site|email|team|job|role)\)|"
    r"\((?:add|put|give|write|name|link|number|numbers|date|price|source|example|amount)(?: [\w' ]{1,40})? here\)|"
    r"\(add (?:an? |the |your |some |more )?(?:link|name|number|numbers|detail|details|example|examples|source|"
    r"date|price|figure|figures|story)\b[^()\n]{0,60}\)|"
    r"\((?:how many|how much|which one|what|when|who|where|number|name|amount|date|price)\s?\?+\)|"
    r"(?<=[$€£])\?+|(?<= )\?{2,}(?= (?:users|customers|clients|people|percent|months|weeks|days|years|hours|"
    r"dollars|euros|times|of)\b)",
)
_ONLY_LINE = re.compile(r"^[^\S\n]*_{3,}[^\S\n]*$", re.MULTILINE)
_TASK = re.compile(r"^\s{0,8}(?:[-*+]|\d{1,3}[.)])\s+\[[ xX]\](?=\s)", re.MULTILINE)


def blanks_in(text: str) -> tuple[Span, ...]:
    """The places that must still be filled in, in their order. `text` is a title, a body, or both, one below the
    other.
    """
    part = Part(BODY, text)
    searched = _TASK.sub(_spaces, _ONLY_LINE.sub(_spaces, part.text))
    found = sorted({(start, end) for start, end in _places(searched) if end > start})
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(part.span(start, end) for start, end in kept)


def _places(text: str) -> Iterator[tuple[int, int]]:
    for match in _BRACKETS.finditer(text):
        inside = match["inside"] if match["inside"] is not None else match["open"]
        line = text.rfind("\n", 0, match.start()) + 1
        if _is_open(inside, at=text[line : match.start()], is_title=match.start() == 0):
            yield match.span()
    for match in _ANGLES.finditer(text):
        first = match["inside"].split()[0].strip("/").lower()
        if first not in _HTML and "://" not in match["inside"]:
            yield match.span()
    for pattern in (_CURLY, _LINES, _EXES, _WORDS):
        yield from (match.span() for match in pattern.finditer(text))


def _is_open(inside: str, *, at: str, is_title: bool) -> bool:
    """True when the words in brackets are to be filled in. `at` is the text before the brackets on their line. Brackets
    at the beginning of a text are its title's tag, unless their words ask for something.
    """
    plain = " ".join(re.sub(r"[/$€£%]", " ", inside).split())
    if plain.lower() in ("", "x"):  # at the beginning of a line it is a box, ticked or not
        return inside == "" or (bool(at.strip()) and inside != "x")
    if _TAGS.fullmatch(plain):
        return False
    if is_title and len(plain.split()) <= 2 and not _ASKS_OUTRIGHT.match(plain):
        return False
    if inside.isupper() and len(plain.split()) >= 2:
        return True
    return _ASKING.fullmatch(inside) is not None or _OPEN_SLOT.fullmatch(plain) is not None


def _spaces(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())
