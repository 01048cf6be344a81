"""Later edits of a text: what its author added after votes and answers had come ("EDIT: thanks for the gold").

They tell how a post was received, so they must not be counted, learned or scored. Reddit does not let titles be edited;
only bodies are cut here. Everything takes linear time.

- A line that begins with a marker ("EDIT:", "**Edit 2** (9 pm)", "Ninja edit -", "UPDATE:", "[edit]") is cut with
  everything after it. At the very top, where the text itself follows, only the marked paragraph is cut.
- Inside a line, a marker counts after the end of a sentence, or in capitals. Of a marker in brackets ("(edit: typo)"),
  only the brackets are cut.
- A sentence without a marker that can only be written later ("This blew up", "Thanks for the gold") is cut alone.

A text that only speaks of editing ("Edit the file", "my latest edit: a trailer", "UPDATE users SET …") stays whole.
"""

from __future__ import annotations

import re

_PREFIX = (
    r"(?:(?:ninja|stealth|obligatory|final|last|latest|late|later|quick|short|brief|small|tiny|mini|minor|slight|double|big|"
    r"huge|major|important|new|newest|another|one more|further|post|first|second|third|fourth|fifth|\d{1,2}(?:st|nd|rd|"
    r"th)|day \d{1,3})[ ]){0,3}"
)
_NUMBER = r"(?:[ ]?(?:#|no\.?|number|nr\.?)?[ ]?(?:\(?\d{1,2}\)?|[ivx]{1,4}\b|two|three|four|five))?"
_WHEN = (
    r"(?:[ ]?(?:\([^()\n]{0,60}\)|\[[^\[\]\n]{0,60}\]|(?:for|to|at|on|after|from|as of)[ ][^:/\[\]\n]{1,40}(?=:)|"
    r"[\d/.: -]{3,20}(?=[:\])*]|am\b|pm\b)))?"
)
_CLOSING = r"[ ]?[*_~\])'\"]{0,6}"
_STOP = r"(?:[ ]{0,2}(?:[:;,.!=>~|…–—]|-{1,3})|[ ]{0,3}$)"
# When no punctuation follows the marker, the next word decides: an edit thanks, adds, or explains itself.
_NEXT = (
    r"(?=[ ]{1,2}(?:i\b|i'|im\b|we\b|thank|thx|ty\b|wow|holy|omg|added|adding|add\b|fixed|fix\b|forgot|removed|changed|"
    r"corrected|clarif|typo|spelling|grammar|formatt?ing|format\b|wording|words\b|link|links\b|also\b|sorry|so\b|ok\b|"
    r"okay|well\b|just\b|it\b|it's|this\b|these\b|there\b|here|you\b|everyone|guys|apparently|turns out|solved|found|"
    r"done\b|because|since|yes\b|no\b|not\b|never ?mind|nvm|to add|to clarify|for clarity|for those|by\b|was\b|"
    r"obligatory|"
    r"my\b|thought|got\b|looks like|seems|one more|didn't|didnt|see\b|as\b|if\b|some\b|all\b|please\b|proof\b))"
)
_EDIT = r"(?:edit(?:ed|s)?(?:[ ]?[/&+][ ]?update)?|editing to add|e\.?t\.?a)"
_UPDATE = r"(?:updated?s?(?:[ ]?[/&+][ ]?edit)?)"
_LINE = re.compile(
    r"^(?P<open>[^\S\n]{0,8}(?:>[ ]?){0,3}(?:&\w{2,5};|[*_~#\[({<>\\/+•=–—-]|[^\S\n]){0,10})"
    rf"{_PREFIX}(?:(?P<edit>{_EDIT})|(?P<update>{_UPDATE})){_NUMBER}{_WHEN}"
    rf"(?:(?P<close>{_CLOSING}){_STOP}|(?P<signs>[ ]?[*_~\])]{{1,6}})(?=\s|$)|(?P<next>{_NEXT}))",
    re.IGNORECASE,
)
_SHOUTED_LINE = re.compile(r"^[^\S\n]{0,8}[*_#~\[(]{0,6}EDIT(?:ED)?(?:[ ]?\d{1,2})?[ ](?![A-Z]{2,}|=)")
_IN_BRACKETS = re.compile(
    rf"[(\[][*_ ]{{0,4}}{_PREFIX}(?:{_EDIT}|{_UPDATE}){_NUMBER}[*_]{{0,4}}(?:[:;,–—-]|{_NEXT})[^()\[\]]{{0,400}}[)\]]",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"(?P<before>[.!?…:;)\]}\"'*_~|-])[*_~]{0,3}[ \t]{1,4}[*_~(\[{/-]{0,4}"
    rf"{_PREFIX}(?:edit(?:ed)?|update){_NUMBER}"
    rf"(?:{_CLOSING}[ ]?[:;]|{_CLOSING}[ ]-{{1,2}}[ ]|[*_~\])]{{1,4}}[ ]|(?-i:(?<=EDIT))(?=[ ]))"
    r"|(?<=\s)[*_~(\[]{0,4}(?-i:EDIT|UPDATE)[ ]?\d{0,2}[*_~)\]]{0,4}[ ]?:"
    rf"|(?<=\s)[*_~(\[]{{0,4}}edit[ ]?\d{{0,2}}[*_~)\]]{{0,4}}:{_NEXT}"
    r"|(?<=\s)(?:\*{1,3}|_{1,3}|~~)edit(?:[ ][^*_~\n]{0,30}|[ ]?\d{1,2})?(?:\*{1,3}|_{1,3}|~~)"
    r"|(?<=[.!?)] )edit(?:ed)? (?:for|to) [^:/\[\]\n]{1,40}:",
    re.IGNORECASE,
)
_THANKS = (
    r"(?:thanks?|thx|thank you|thank y'?all|cheers)"
    r"(?:[ ](?:you|so|very|much|a lot|guys|everyone|all|again|to all)){0,4}"
)
_LATER = re.compile(
    rf"\b{_THANKS} for (?:the|my|all the|giving me|this|whoever gave)(?: \w{{1,12}}){{0,2}} "
    r"(?:gold|silver|platinum|awards?)\b"
    rf"|\b{_THANKS} for all (?:of )?(?:the|your|these|those)(?: \w{{1,14}}){{0,2}} "
    r"(?:responses|replies|comments|answers|up ?votes)\b(?! in advance)"
    r"|\b(?:this|thread|post) (?:really |kind of |kinda |sort of |totally |has |just |all ){0,3}(?:blew|blown) up\b"
    r"|\brip (?:my )?inbox\b|\bkind stranger\b"
    r"|\b(?:didn't|did not|never) expect(?:ed)? (?:this|so many|that many|all these) (?:\w{1,10} ){0,3}"
    r"(?:responses|replies|comments|attention|up ?votes|to blow up|to get (?:so|this) (?:big|popular))\b"
    r"|\b(?:this|it|we|i|we've|i've) (?:just |actually |has |have ){0,2}(?:made|hit|reached) (?:it )?"
    r"(?:to |onto )?the front ?page"
    r"(?! of(?! (?:reddit|/?r/|this)))\b"
    r"|\bwoke up to (?:\w{1,12} ){1,4}(?:responses|replies|comments|messages|up ?votes)\b",
    re.IGNORECASE,
)
# Every sentence that `_LATER` finds has one of these words. They are looked for first, because most texts have none.
_LATER_WORDS = ("thank", "thx", "cheers", "blew", "blown", "inbox", "stranger", "expect", "front", "woke")
_MARKER = re.compile(r"edit|update|\be\.?t\.?a\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]*[.!?]*[ \t]*|\n")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_TEXT = re.compile(r"[^\n]*\S")
_ROUNDS = 8  # after a cut, the rest may show another marker; each round takes linear time


def without_edits(body: str) -> str:
    """The body as its author first wrote it, as far as that can be told."""
    for _ in range(_ROUNDS):
        cut = _without_said_later(_without_marked(_without_brackets(body)))
        if cut == body:
            break
        body = cut
    return body


def _without_brackets(body: str) -> str:
    return body if _MARKER.search(body) is None else _IN_BRACKETS.sub("", body)


def _without_marked(body: str) -> str:
    """The body up to its first marker. Marked paragraphs at the very top are left out."""
    start = looked_at = 0
    for marker in _MARKER.finditer(body):
        begin = max(start, body.rfind("\n", 0, marker.start()) + 1)
        if marker.start() < start or (begin == looked_at and begin > start):
            continue
        looked_at = begin
        end = body.find("\n", begin)
        line = body[begin : end if end >= 0 else len(body)]
        marked = _LINE.match(line) or _SHOUTED_LINE.match(line)
        if marked is not None:
            if body[start:begin].strip():
                return body[start:begin].rstrip()
            text_at = _behind_opening(body, begin + marked.end())
            if text_at is None:
                # When the whole body is an update, that is what its author posted. When it is an edit, it was empty.
                return body[start:] if marked.groupdict().get("update") is not None else ""
            start = looked_at = text_at
            continue
        inside = _INSIDE.search(line)
        if inside is not None:
            return body[start : begin + (inside.end("before") if inside["before"] else inside.start())].rstrip()
    return body[start:]


def _behind_opening(body: str, marker_end: int) -> int | None:
    """Where the text begins after a marked paragraph at the very top; None when no text follows."""
    gap = _BLANK_LINE.search(body, marker_end)
    if gap is None:
        return None
    text = _TEXT.search(body, gap.end())
    return text.start() if text is not None else None


def _without_said_later(body: str) -> str:
    folded = body.lower()
    if not any(word in folded for word in _LATER_WORDS) or _LATER.search(body) is None:
        return body
    return "".join(piece for piece in _SENTENCE.findall(body) if _LATER.search(piece) is None).rstrip()
