"""Which numbers and which first-person sentences a text holds, and whether a fact supports them. Pure.

The reading is deliberately simple and errs towards asking: a number that no fact holds is always reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

# Digits with separators, and what scales them. A sign or a currency before, a unit after, do not change the figure.
_NUMBER = re.compile(r"\d+(?:[.,']\d{3})*(?:[.,]\d+)?(?:\s?(?:k|m|bn|thousand|million|billion)\b)?", re.IGNORECASE)
_SCALES = {"": 0, "k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}
_ENUMERATOR = re.compile(r"^[ \t]*(?:[-*>#]+[ \t]*)?(\d{1,2})[.)](?=[ \t])", re.MULTILINE)


def _counted(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + index * step for index, word in enumerate(words.split())}


_UNITS = _counted("one two three four five six seven eight nine", 1)
_TEENS = _counted("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
_TENS = _counted("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_LARGE = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_SMALL_WORD = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS)}))?|{'|'.join(_TEENS)}"
# From ten on: below it, a number word is style more often than a figure (“two things”, “on the one hand”).
_NUMBER_WORDS = re.compile(
    rf"\b(?:(?:(?:{_SMALL_WORD}|{'|'.join(_UNITS)})[- ])?(?:{'|'.join(_LARGE)})s?|{_SMALL_WORD})\b", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\W_]+")

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
_FIRST_PERSON = re.compile(r"\b(i|i'm|i've|i'd|me|my|mine|we|we've|we're|we'd|us|our|ours)\b", re.IGNORECASE)
_PERFECT = re.compile(r"\b(i|we)(?:'ve| have| had)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(\w{2,}ed|was|were|had|did|built|lost|ran|made|spent|got|went|saw|found|paid|sold|grew|wrote|left|won|took|"
    r"began|broke|brought|bought|came|chose|cut|fell|felt|gave|heard|hit|held|kept|knew|led|learnt|met|put|quit|read|"
    r"said|sent|set|shut|spoke|taught|told|thought|understood|woke)\b",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\b(?:i'm|i am|we're|we are)\s+(?:a|an|the|one of)\b|\b(?:my|our)\s+(?:company|startup|business|team|clients?|"
    r"customers?|users?|revenue|product|app|agency|shop|boss|wife|husband|cofounder|co-founder)\b|"
    r"\b(?:i|we)\s+(?:run|own|work|build|make|sell|use|manage|lead)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:i|we)(?:'d| would| wonder| think| believe| guess| hope| suspect| want| am curious|'m curious|'m wondering| "
    r"am wondering|'m not sure| am not sure| could| should| might| will|'ll| plan)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
    the and for that this with was were are had has have but not you your they them their then than from into our ours
    out about over after before when what which who how why all any can could would should will just very really also
    too more most some such only own same been being did does doing its his her him she there here because while where
    made make get got went one two
    """,
    )
)
_ENOUGH_IN_COMMON = 0.5  # of a sentence's significant words


def normalise(text: str) -> str:
    """Compatibility forms, so that ³, ３ and ³⁄₄ are seen as the digits that a reader sees."""
    return unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")


def numbers_in(text: str) -> tuple[str, ...]:
    """The figures as written, digits first, then words from ten on. A list's 1. 2. 3. is layout, no figure."""
    return tuple(written for written, _ in _figures(text))


def unsupported_numbers(text: str, facts: Iterable[str], names: Iterable[str] = ()) -> tuple[str, ...]:
    """The figures of `text` that occur in none of `facts`, each once, as written.

    `1,200`, `1200` and `1.2k` are the same figure, and so are `12` and `twelve`. Words that hold digits, like B2B, are
    no figures when `names` (the product's and the campaign's own words) or a fact holds them.
    """
    fact_texts = [normalise(fact) for fact in facts]
    known_words = {
        token.lower()
        for source in (*fact_texts, *map(normalise, names))
        for token in _TOKEN.findall(source)
        if _mixes_letters_and_digits(token)
    }
    readable = _TOKEN.sub(lambda match: " " if match.group().lower() in known_words else match.group(), normalise(text))
    supported = {value for fact in fact_texts for _, values in _figures(fact) for value in values}
    missing = (written for written, values in _figures(readable) if not values & supported)
    return tuple(dict.fromkeys(missing))


def _mixes_letters_and_digits(token: str) -> bool:
    """Like B2B, 3D, v2."""
    return any(map(str.isalpha, token)) and any(map(str.isdecimal, token))


def _figures(text: str) -> Iterator[tuple[str, frozenset[Decimal]]]:
    readable = _without_enumerators(normalise(text))
    for match in _NUMBER.finditer(readable):
        yield match.group().strip(), _values(match.group())
    # Figures are taken out first, so that the “thousand” of “12 thousand” is not read a second time.
    for match in _NUMBER_WORDS.finditer(_NUMBER.sub(" ", readable)):
        yield match.group(), frozenset((_word_value(match.group().lower()),))


def _without_enumerators(text: str) -> str:
    """Take out list numbers that count up from 1; any other number at a line's beginning stays a figure."""
    due = 1

    def drop(match: re.Match[str]) -> str:
        nonlocal due
        number = int(match[1])
        if number not in (1, due):
            return match.group()
        due = number + 1
        return " "

    return _ENUMERATOR.sub(drop, text)


def _values(figure: str) -> frozenset[Decimal]:
    """What a figure can mean: `1.200` is 1.2 to some and 1200 to others. Never empty."""
    digits = figure.lower().rstrip("abcdefghijklmnopqrstuvwxyz \t\n\r\f\v")
    unit = figure.lower()[len(digits) :].strip()
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in digits.strip()).replace("'", "")
    readings = set()
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain, re.ASCII):
        readings.add(plain.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", plain, re.ASCII):
        readings.add(plain.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+([.,]\d+)?", plain, re.ASCII):
        readings.add(plain.replace(",", "."))
    scale = Decimal(10) ** _SCALES.get(unit, 0)
    return frozenset(Decimal(reading) * scale for reading in readings)


def _word_value(words: str) -> Decimal:
    total, scale = 0, 1
    for word in re.split(r"[- ]", words):
        singular = word.removesuffix("s") if word.removesuffix("s") in _LARGE else word
        if singular in _LARGE:
            scale = _LARGE[singular]
        else:
            total += _UNITS.get(word) or _TEENS.get(word) or _TENS.get(word) or 0
    return Decimal((total or 1) * scale)


def sentences_in(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SENTENCE_END.split(normalise(text)) if part and part.strip())


def is_experience(sentence: str) -> bool:
    """Whether a sentence says of its writer that something happened or is so; opinions and questions do not."""
    if not _FIRST_PERSON.search(sentence) or sentence.rstrip("\"' )").endswith("?"):
        return False
    if _PERFECT.search(sentence) or _STATUS.search(sentence):
        return True
    return bool(_PAST.search(sentence)) and not _OPINION.search(sentence)


def unsupported_experiences(text: str, facts: Sequence[str]) -> tuple[str, ...]:
    """The first-person sentences of `text` that share too little with any fact to stand on it."""
    fact_words = [_stems(fact) for fact in facts]
    missing = []
    for sentence in sentences_in(text):
        if not is_experience(sentence):
            continue
        stems = _stems(sentence)
        if not any(len(stems & words) >= max(1, _ENOUGH_IN_COMMON * len(stems)) for words in fact_words):
            missing.append(sentence)
    return tuple(missing)


def facts_in(text: str, facts: Sequence[str]) -> tuple[int, ...]:
    """Which of `facts`, by their places, stand in a text: one of its sentences holds a figure of the fact and a word of
    it, or half of the significant words of the shorter of the two, and two at least.
    """
    sentences = [(_stems(sentence), _values_in(sentence)) for sentence in sentences_in(text)]
    found = []
    for place, fact in enumerate(facts):
        stems, values = _stems(fact), _values_in(fact)
        if any(
            (values & its_values and stems & its_stems) or _is_same(stems, its_stems)
            for its_stems, its_values in sentences
        ):
            found.append(place)
    return tuple(found)


def _is_same(some: frozenset[str], others: frozenset[str]) -> bool:
    return len(some & others) >= max(2, _ENOUGH_IN_COMMON * min(len(some), len(others)))


def _values_in(text: str) -> frozenset[Decimal]:
    return frozenset(value for _, values in _figures(text) for value in values)


def _stems(text: str) -> frozenset[str]:
    """Significant words cut to four letters: enough to see that `chasing` and `chased` speak of the same."""
    return frozenset(
        word[:4] for word in (found.lower() for found in _WORD.findall(normalise(text))) if word not in _COMMON
    )
