"""A text as it is read: its title and body, which parts are prose, code or a quote, and where its links are.

Spans give places in the text as written, so that a card can show what was found. Before anything is looked for,
characters are folded to the plain ones that a reader sees (³ and ３ to 3, ’ to '), and characters without width are
left out. Every step takes linear time; a text longer than Reddit's own limit is cut to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

MAX_CHARS = 40_000  # Reddit's own limit for a text
TITLE, BODY = "title", "body"

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_SPAN_OF_CODE = re.compile(r"`[^`\n]{1,300}`")
_INDENTED = re.compile(r"(?:\A|\n[ \t]*\n)(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+")
# What prose hardly has: signs of programs, calls, names with underscores, options.
_SYNTAX = re.compile(r"[{}$|=;\\<>]|\w[(\[]|\w_\w|::|[\"']\s*:|(?:^|\s)--?[a-z]", re.IGNORECASE)
_LETTERS = r"[^\W\d_]+"
_WORD = re.compile(rf"[\"'(*]*{_LETTERS}(?:['-]{_LETTERS})*[\"')*.,:;!?]*")
_NUMBER = re.compile(rf"[(*$£€]*\d[\d.,]*(?:%|{_LETTERS})?[)*.,:;!?]*")
_WORDS_OF_PROSE = 3
_FENCE_MARK = re.compile(r"```(?:\w*$)?", re.MULTILINE)
_QUOTED = re.compile(r"^ {0,3}>.*$", re.MULTILINE)

# ---------------------------------------------------------------- addresses

_MARKED_LINK = re.compile(
    r"(!?)\[([^\[\]\n]{0,500})\]\(\s{0,9}((?:https?://|/|www\.)[^)\s]{0,2000}+)(?:\s[^)\n]{0,300}+)?\)", re.I
)
_ADDRESS = re.compile(r"(?:https?://|(?<![\w.-])www\.)[^\s<>()\[\]{}\"|\\^`]{1,2000}", re.IGNORECASE)
_ENDINGS = (
    "com|net|org|io|co|ai|app|dev|gg|ly|tv|shop|store|xyz|info|biz|blog|site|online|tech|cloud|agency|studio|example|"
    "eu|uk|de|fr|nl|ca|au|nz|se|ch|es|pl|us"
)
# Endings that are also words, syllables or kinds of files. They make an address only when a path follows.
_ENDINGS_WITH_PATH = "me|so|to|it|is|am|at|be|in|link|page|live|life|news|team|work|works|tools|how|now|sh|py|rs|md|gl"
_LABELS = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}"
_BARE_DOMAIN = re.compile(
    rf"(?<![\w@./-]){_LABELS}"
    rf"(?:(?:{_ENDINGS})(?![\w-]|\.\w|@)(?:/[^\s<>()\[\]]{{0,2000}}|\?[^\s<>()\[\]]{{1,2000}})?"
    rf"|(?:{_ENDINGS_WITH_PATH})/[^\s<>()\[\]]{{1,2000}})",
    re.IGNORECASE,
)
_NO_ADDRESSES = frozenset(  # names of techniques
    ("asp.net", "ado.net", "vb.net", "ml.net", "socket.io")
)
_TRAILING = ".,;:!?'\"*_~…"
_DOT_INSIDE = re.compile(r"[a-z0-9]\.[a-z]", re.IGNORECASE)  # every bare domain has one


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: `[start:end]` of its title or body, and the words at that place."""

    part: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Link:
    """`address` as written; `start` and `end` are places of the folded text; `is_image`: it is shown, not followed."""

    start: int
    end: int
    address: str
    is_image: bool = False

    @property
    def host(self) -> str:
        """The host in lower case, without "www."; empty for a link inside Reddit (`/r/name`) and when there is none."""
        return host_of(self.address)


def host_of(address: str) -> str:
    """The host of an address with or without a scheme: "https://www.Acme.example/x" → "acme.example"."""
    plain = address.strip()
    try:
        host = urlsplit(plain if "://" in plain else f"//{plain}").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def is_host_of(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of these domains, or below one: "eu.acme.example" is below "acme.example"."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains if domain)


@dataclass(frozen=True)
class Part:
    """The title or the body. `written` is the original; `folded` is the version that is searched."""

    name: str
    written: str

    @cached_property
    def _fold(self) -> tuple[str, Sequence[int] | None]:
        return _folded(self.written[:MAX_CHARS])

    @property
    def folded(self) -> str:
        return self._fold[0]

    @cached_property
    def text(self) -> str:
        """The folded text with blanks in place of code, so that everything else keeps its place."""
        return self.folded if self.name == TITLE else _without_code(self.folded, _blank)

    @cached_property
    def prose(self) -> str:
        """What the author says: blanks replace code, quoted lines and addresses, so that everything else keeps its
        place.
        """
        quoted = _QUOTED.sub(_blank, self.text) if self.name == BODY and ">" in self.text else self.text
        pieces, at = [], 0
        for link in self.links:
            # The label of a marked link stays: it is the author's words.
            begin = link.start
            label = _MARKED_LINK.match(self.text, link.start)
            if label is not None and not label[1]:
                pieces += [quoted[at:begin], " ", quoted[label.start(2) : label.end(2)]]
                begin = label.end(2)
            else:
                pieces.append(quoted[at:begin])
            pieces.append(" " * (link.end - begin))
            at = link.end
        words = "".join([*pieces, quoted[at:]])
        # A label that is itself an address is not the author's words.
        return _ADDRESS.sub(_blank, words) if _may_have_address(words) else words

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All links in the order of the text: marked links, and addresses that are written out."""
        found: list[Link] = []
        rest = self.text
        if "](" in rest:
            marked = _MARKED_LINK.finditer(rest)
            found += [Link(m.start(), m.end(), m[3].rstrip(_TRAILING), bool(m[1])) for m in marked]
            rest = _MARKED_LINK.sub(_blank, rest)
        if _may_have_address(rest):
            for match in _ADDRESS.finditer(rest):
                address = match.group().rstrip(_TRAILING)
                if any(character.isalnum() for character in address.partition(":")[2] or address[4:]):
                    found.append(Link(match.start(), match.start() + len(address), address))
            rest = _ADDRESS.sub(_blank, rest)
        for match in _BARE_DOMAIN.finditer(rest) if _DOT_INSIDE.search(rest) else ():
            address = match.group().rstrip(_TRAILING)
            if address.lower() not in _NO_ADDRESSES and not address.replace(".", "").isdigit():
                found.append(Link(match.start(), match.start() + len(address), address))
        return tuple(sorted(found, key=lambda link: link.start))

    def span(self, start: int, end: int) -> Span:
        """The span of the written text for places in the folded text."""
        origin = self._fold[1]
        if origin is not None:
            start, end = origin[start], (origin[end - 1] + 1 if end > start else origin[start])
        return Span(self.name, start, end, self.written[start:end])

    @cached_property
    def _lowered(self) -> str | None:
        """The prose in lower case; None where lower case and case-blind matching may differ."""
        return self.prose.lower() if self.prose.isascii() else None

    def spans(self, pattern: re.Pattern[str], layer: str) -> Iterator[Span]:
        """Where `pattern`, or its group `w` if it has one, matches in a layer ("prose", "text" or "folded")."""
        if layer == "prose" and self._lowered is not None:
            # Matching plain lower case is three times as fast as matching any case, and most texts have no match.
            lower = in_lower_case(pattern)
            if lower is not None and lower.search(self._lowered) is None:
                return
        group: int | str = "w" if "w" in pattern.groupindex else 0
        for match in pattern.finditer(getattr(self, layer)):
            if match.end(group) > match.start(group):
                yield self.span(match.start(group), match.end(group))


@dataclass(frozen=True)
class Text:
    """A title and a body to read. `product` is the name of the member's own product and `site` its address, when they
    are known; `weekday` (0 is Monday) is the day on which the text is or was posted.
    """

    title: str
    body: str = ""
    product: str | None = None
    site: str | None = None
    weekday: int | None = None

    @cached_property
    def parts(self) -> tuple[Part, Part]:
        return Part(TITLE, self.title), Part(BODY, self.body)

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(link for part in self.parts for link in part.links)

    @cached_property
    def words(self) -> int:
        """The number of words of the body, split at white space."""
        return len(self.body.split())


def without_code(body: str) -> str:
    """A body with blanks in place of code, so that everything else keeps its place. What is set as code and reads as
    prose stays, because it claims what it says; in doubt, it reads as prose.
    """
    return _without_code(body, _blank_code)


def _without_code(text: str, blank: Callable[[re.Match[str]], str]) -> str:
    # A pattern is only tried on a text that has the signs it needs, because most have none.
    if "```" in text:
        text = _FENCE.sub(blank, text)
    if "    " in text or "\t" in text:
        text = _INDENTED.sub(blank, text)
    return _SPAN_OF_CODE.sub(blank, text) if "`" in text else text


def _blank_code(match: re.Match[str]) -> str:
    lines = _FENCE_MARK.sub(_blank, match.group()).split("\n")
    return "\n".join(line if _reads_as_prose(line.strip("` \t")) else " " * len(line) for line in lines)


def _reads_as_prose(line: str) -> bool:
    """Whether a line has nothing that prose has not, or is mostly words and numbers all the same."""
    if _SYNTAX.search(line) is None:
        return True
    tokens = line.split()
    words = sum(_WORD.fullmatch(token) is not None for token in tokens)
    numbers = sum(_NUMBER.fullmatch(token) is not None for token in tokens)
    return words >= _WORDS_OF_PROSE and 3 * (words + numbers) >= 2 * len(tokens)


def _may_have_address(text: str) -> bool:
    return "://" in text or "www." in text.lower()


@lru_cache(maxsize=512)
def in_lower_case(pattern: re.Pattern[str]) -> re.Pattern[str] | None:
    """The pattern for text in lower case; None when it asks for capitals, or tells them from small letters."""
    asked = re.sub(r"\\.|\(\?P", "", pattern.pattern)
    if not pattern.flags & re.IGNORECASE or "(?-i" in asked or any(map(str.isupper, asked)):
        return None
    return re.compile(pattern.pattern, pattern.flags & ~re.IGNORECASE)


def _blank(match: re.Match[str]) -> str:
    """As many spaces as the match has characters. Line ends stay, so that paragraphs and places stay."""
    written = match.group()
    return "\n".join(" " * len(line) for line in written.split("\n"))


def _folded(written: str) -> tuple[str, Sequence[int] | None]:
    if written.isascii():
        return written, None
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for match in _FOREIGN.finditer(written):
        place = match.start()
        plain = _plain(match.group())
        pieces += (written[at:place], plain)
        origin += range(at, place)
        origin += [place] * len(plain)
        at = place + 1
    pieces.append(written[at:])
    origin += range(at, len(written))
    return "".join(pieces), origin


_FOREIGN = re.compile(r"[^\x00-\x7f]")


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character in "’‘ʼ":
        return "'"
    return "" if unicodedata.category(character) == "Cf" else unicodedata.normalize("NFKC", character)
