"""Secrets and personal data in a text, which must not be posted and must not become a fact.

Numbers with a checksum are checked by it (IBAN, cards). What was found is never quoted whole: `Private.shown` holds
only its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.texts.markup import BODY, MAX_CHARS, Part
from core.texts.plain import word_set


class PrivateKind(StrEnum):
    """What was found. A remark's code ends with the value ("secret:key", "personal:phone")."""

    KEY = "secret:key"
    PASSWORD = "secret:password"  # noqa: S105 - a word for one
    IBAN = "personal:iban"
    CARD = "personal:card"
    PHONE = "personal:phone"
    EMAIL = "personal:email"
    ADDRESS = "personal:address"
    ID_NUMBER = "personal:id"
    NAME = "personal:name"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    PrivateKind.KEY: "a key or token",
    PrivateKind.PASSWORD: "a password",
    PrivateKind.IBAN: "a bank account",
    PrivateKind.CARD: "a card number",
    PrivateKind.PHONE: "a phone number",
    PrivateKind.EMAIL: "an e-mail address",
    PrivateKind.ADDRESS: "a street address",
    PrivateKind.ID_NUMBER: "a number of a person's papers",
    PrivateKind.NAME: "a person's full name",
}


@dataclass(frozen=True, slots=True)
class Private:
    """A secret or personal data in a text. `start` and `end` are places of the text as written."""

    kind: PrivateKind
    start: int
    end: int
    shown: str


_KEY = re.compile(
    r"(?<![\w-])(?:"
    r"(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)[-_][\w-]{10,}|sk-[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{20,}|"
    r"github_pat_\w{20,}|"
    r"glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[\w-]{30,}|"
    r"ya29\.[\w-]{20,}|"
    r"npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|key-[0-9a-f]{32}|hf_[A-Za-z0-9]{25,}|"
    r"dop_v1_[0-9a-f]{40,}|"
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,}|sq0[a-z]{3}-[\w-]{20,}|whsec_[\w+/=]{16,}|AC[0-9a-f]{32}|"
    r"eyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?|"
    r"\d{8,10}:[A-Za-z0-9_-]{35})(?![\w-])|"
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|https://hooks\.slack\.com/services/\S{10,}|"
    r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\S{10,}|"
    r"\b[a-z][a-z0-9+.-]{2,20}://[^\s:/@]{1,80}:[^\s/@]{3,80}@[^\s/]+"
)
_NAMED_KEY = re.compile(
    r"\b(?:api|secret|access|auth|private|bearer|client)[ _-]?(?:key|token|secret)?\w{0,10}\W{1,6}(?:is|=|"
    r":)?\s?[\"'`]?"
    r"(?P<w>(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{16,})|"
    r"\b(?:token|key|bearer)\b[ \"'`:=]{1,6}(?:is )?[\"'`]?(?P<v>(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{20,})",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"\b(?:password|passwd|passphrase|pwd|passwort|pin code|login)\b\s?(?:is|was|=|"
    r":)\s?[\"'`“]?(?P<w>(?=\S*[\d!@#$%^&*])[^\s\"'`”,;]{5,60})|"
    # as in files of settings: pass = "…", DB_PASS=…
    r"(?<![^\W_])(?:pass|passcode|secret)\s?[=:]\s?[\"'`“]?(?P<v>(?=\S*\d)(?=\S*[A-Za-z])[^\s\"'`”,;]{6,60})",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<![\w/])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{2,4}){3,8}(?!\w)")
_CARD = re.compile(r"(?<![\w.,/-])\d(?:[ -]?\d){12,18}(?![\w/-])")
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![\w@])|"
    r"(?<!\w)[\w.+-]{2,40}\s?(?:\(at\)|\[at\]|\{at\}|\sat\s)\s?[\w-]{2,40}\s?(?:\(dot\)|\[dot\]|\{dot\}|"
    r"\sdot\s)\s?[A-Za-z]{2,10}(?!\w)",
    re.IGNORECASE,
)
_EXAMPLE_MAIL = re.compile(r"@(?:\w+\.)*example\.(?:com|org|net)$|^git@", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w.,:/#=+-])(?:\+\d{1,3}[ ()./-]{0,3}(?:\(?\d{1,5}\)?[ ./-]{0,2}){2,5}\d|"  # +44 7700 900123
    r"\(0?\d{2,5}\)[ ./-]{0,2}\d{2,4}(?:[ ./-]?\d{2,4}){1,3}|"  # (0561) 4829317, (415) 555-0123
    r"0\d{1,5}[ /-]{1,3}\d{2,8}(?:[ /-]?\d{2,5}){0,4}|00\d{2}[ ]?\d{2,4}(?:[ /-]?\d{2,5}){1,4}|0\d{9,11}|"
    r"\d{3}[-. ]\d{3}[-. ]\d{4})(?![\w-]|[.,/:]\d)"
)
_CALLED = re.compile(
    r"\b(?:call|phone|ring|tel|telephone|telefon|mobile|cell|whatsapp|signal|telegram|text|sms|dial|reach|number|"
    r"handy|fax)\b[^\n\d+]{0,30}"
    r"(?P<w>\+?\(?\d(?:[ ()./-]{0,2}\d){6,14})(?![\w-]|[.,/:]\d)",
    re.IGNORECASE,
)
_CAP = r"[A-ZÀ-ÖØ-Þ][\w'’.-]{0,25}"
_NUMBER = r"\d{1,5}(?:\s?[a-hA-H](?!\w))?"
_ADDRESS = re.compile(
    rf"(?<![\w.,$€£-]){_NUMBER},? (?:{_CAP} ){{1,3}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|"
    rf"Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|"
    rf"Close|Crescent|Gardens|Parkway|Highway|Hwy|Circle|Way|Row|Quay|Mews)\b(?!\w)|"
    rf"(?<!\w)(?:{_CAP}[ -]){{0,3}}[A-ZÄÖÜ]?[\wäöüß-]{{0,40}}(?:straße|strasse|str\.|weg|gasse|allee|damm|ufer|platz|"
    rf"Straße|Strasse|Weg|Gasse|Allee|Platz) {_NUMBER}(?![\w%.,:]\d|\w)|"
    rf"(?<!\w)\d{{1,4}},? (?:bis )?(?:rue|avenue|boulevard|place|chemin|impasse|quai) (?:de |du |des |la |le |les |"
    rf"l'|d'){{0,2}}{_CAP}|"
    rf"(?<!\w)(?:[Cc]alle|[Vv]ia|[Pp]laza|[Pp]iazza|[Aa]venida|[Rr]ua|[Vv]iale|[Cc]orso) (?:(?:de|del|la|di|da|"
    rf"do) ){{0,2}}(?:{_CAP} ){{0,2}}{_CAP},? (?:n[.º°]? ?)?\d{{1,4}}(?!\w)|"
    rf"(?<!\w){_CAP}(?:straat|laan|gracht|kade|plein|gatan|vägen|gade|vej) \d{{1,4}}(?!\w)|\bP\.? ?O\.? Box \d+",
)
_NO_STREET = re.compile(
    r"\b(?:Minute|Hour|Day|Week|Mile|Step|Year|Month|Point|Part|Percent|Level|Time|Star)s? ", re.IGNORECASE
)
_ID = re.compile(
    r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])|"
    r"\b(?:passport|social security|ssn|national insurance|tax id|id card|driver'?s licen[cs]e|steuer-?id|"
    r"insurance)(?: number| no\.?)?\W{1,4}(?:is )?(?P<w>(?=\w*\d)[A-Z0-9]{6,14})\b|"
    r"\b(?:born on|date of birth|dob|birthday is|geboren am)\b\W{0,3}(?P<v>\d{1,4}[./ -]\w{1,9}[./ -]\d{2,4})",
    re.IGNORECASE,
)
_RELATION = (
    r"(?:customer|client|patient|pupil|student|tenant|landlord|landlady|neighbou?r|colleague|co-?worker|boss|"
    r"manager|employee|intern|assistant|"
    r"supplier|lawyer|doctor|teacher|accountant|investor|friend|mate|buddy|cousin|uncle|aunt|wife|husband|partner|"
    r"girlfriend|boyfriend|"
    r"mother|father|mum|mom|dad|sister|brother|son|daughter|ex|tester|user|subscriber|member|contact|reviewer)"
)
_FULL_NAME = (
    r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’-]{1,20}(?: [A-Z]\.)? (?:(?:van|von|de|da|di|del|der|le|la|bin|al|Mc|Mac|"
    r"O')[ ]?){0,2}[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’-]{1,25}"
)
_NAME = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Señora?|Madame|"
    rf"Monsieur)\.? (?P<t>(?:[A-Z]\.? )?[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’-]{{2,25}}(?: [A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’-]{{2,25}})?)|"
    rf"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir|[Aa]|[Tt]he|[Oo]ne|[Tt]hanks to|"
    rf"[Mm]eet) (?:[\w-]+ ){{0,2}}{_RELATION}s?,? (?:is |was |named |called |of ours,? )?(?P<r>{_FULL_NAME})|"
    rf"(?P<a>{_FULL_NAME}),? (?:(?:is |was )?(?:my|our|his|her|a|the|one of our) (?:[\w-]+ ){{0,2}}{_RELATION}\b|"
    rf"who (?:works|lives|lived|worked)\b|"
    rf"\(?(?:born|aged?) \d|from (?:accounting|accounts|sales|support|hr|the office|next door)\b|lives (?:in|at)\b)|"
    rf"\b(?:ask for|speak to|contact|write to|talk to|named|call(?:ed)?|thank(?:s to| you,?)?) (?P<c>{_FULL_NAME})"
)


def private_in(text: str, known: Collection[str] = ()) -> tuple[Private, ...]:
    """The secrets and personal data in a text, in their order. `known` are texts (facts, the product) whose names are
    no secret: a name that is in one of them is not reported.
    """
    part = Part(BODY, text[:MAX_CHARS])
    taken: list[tuple[int, int]] = []
    found: list[Private] = []
    for kind, start, end in _places(part, known):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        span = part.span(start, end)
        found.append(Private(kind, span.start, span.end, _veiled(span.words)))
    return tuple(sorted(found, key=lambda private: private.start))


def _places(part: Part, known: Collection[str]) -> Iterator[tuple[PrivateKind, int, int]]:
    """What was found, the surest kinds first, because a key is not also a phone number."""
    text = part.folded
    code = part.text  # code is left out here
    for match in _KEY.finditer(text):
        yield PrivateKind.KEY, *match.span()
    for pattern, kind in ((_NAMED_KEY, PrivateKind.KEY), (_PASSWORD, PrivateKind.PASSWORD)):
        for match in pattern.finditer(text):
            yield kind, *match.span(match.lastgroup or 0)
    for match in _IBAN.finditer(text):
        if (end := _iban_end(match.group())) is not None:
            yield PrivateKind.IBAN, match.start(), match.start() + end
    for match in _CARD.finditer(text):
        if _is_card(re.sub(r"\D", "", match.group())):
            yield PrivateKind.CARD, *match.span()
    for match in _EMAIL.finditer(text):
        is_example = _EXAMPLE_MAIL.search(match.group()) and not code[match.start() : match.end()].strip()
        if not is_example and not match.group().lower().startswith("git@"):
            yield PrivateKind.EMAIL, *match.span()
    for match in _ID.finditer(text):
        yield PrivateKind.ID_NUMBER, *match.span(match.lastgroup or 0)
    for pattern in (_PHONE, _CALLED):
        for match in pattern.finditer(code):
            start, end = match.span(match.lastgroup or 0)
            if _is_phone(code[start:end], code[:start]):
                yield PrivateKind.PHONE, start, end
    for match in _ADDRESS.finditer(code):
        if not _NO_STREET.search(match.group()):
            yield PrivateKind.ADDRESS, *match.span()
    for match in _NAME.finditer(code):
        start, end = match.span(match.lastgroup or 0)
        if not _is_known(code[start:end], known) and not _is_no_person(code, start, end):
            yield PrivateKind.NAME, start, end


_A_WORD = re.compile(r"[\w'-]+")
# Who gives their own name has chosen to.
_OF_ONESELF = re.compile(r"\b(?:i'm|i am|my name is|my name's)(?: an?| the| your)?(?: [\w-]+){0,4},? $", re.IGNORECASE)


def _is_known(name: str, known: Collection[str]) -> bool:
    """Whether one of the known texts has all words of a name, also apart: "Kofi and his sister Ada Boateng"."""
    words = set(_A_WORD.findall(name.lower()))
    return any(words <= set(_A_WORD.findall(text.lower())) for text in known)


def _is_no_person(text: str, start: int, end: int) -> bool:
    """True for two capitalised words that are not a person's name: the first often begins a sentence, or the last names
    a thing.
    """
    words = text[start:end].lower().split()
    begins = re.split("['’]", words[0])[0]  # "I'm Kofi" is no name
    return begins in _NO_FIRST_NAMES or words[-1] in _NO_LAST_NAMES or _OF_ONESELF.search(text, 0, start) is not None


_NO_FIRST_NAMES = word_set(
    "the this that these those a an in on at by for with from it i we they he she you my our your his her their "
    "and but so or as if when what how why who which new old north south east west san saint st los las united "
    "great google microsoft apple amazon black white red green blue monday tuesday wednesday thursday friday "
    "saturday sunday january february march april may june july august september october november december spring "
    "summer autumn winter customer client product support team small big best happy good"
)
_NO_LAST_NAMES = word_set(
    "street road avenue inc ltd llc gmbh university college school hospital bank hunt store maps docs drive cloud "
    "code studio office city county island lake river park valley beach day week year english german french "
    "spanish support team service customer hub lab labs group press review journal times news post project app "
    "pro plus corp corporation company co foundation institute"
)


def _iban_end(written: str) -> int | None:
    """The length of the longest beginning that is a valid IBAN: its number leaves 1 when divided by 97 (ISO 13616)."""
    for end in range(len(written), 14, -1):
        if not written[end - 1].isalnum():
            continue
        plain = re.sub(r"[ -]", "", written[:end]).upper()
        if 15 <= len(plain) <= 34 and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1:
            return end
    return None


def _is_card(digits: str) -> bool:
    """True when 13 to 19 digits satisfy Luhn's checksum and begin like those of the large networks."""
    if digits[0] not in "3456" or len(set(digits)) < 2:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


_COUNTED = re.compile(r"(?:isbn|issn|version|v|order|invoice|ticket|issue|#|no\.?|rfc|ip|id)[\s:]*$", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)?\d\d")


def _is_phone(written: str, before: str) -> bool:
    digits = re.sub(r"\D", "", written)
    if not 7 <= len(digits) <= 15 or _DATE.fullmatch(written.strip()) or _COUNTED.search(before[-12:]):
        return False
    return len(set(digits)) >= 3


def _veiled(words: str) -> str:
    """Only the beginning, so that a card or a log does not repeat the rest."""
    plain = " ".join(words.split())
    return f"{plain[: max(2, min(6, len(plain) // 3))]}…"
