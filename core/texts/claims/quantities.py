"""The quantities of a text: value, unit, what they count, period and comparison. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.texts.claims.senses import sense_of
from core.texts.claims.units import CURRENCIES, UNITS
from core.texts.days import MONTHS

_ONE_TO_NINE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_FROM_TEN = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_FROM_TWENTY = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS = {word: number for number, word in enumerate(_ONE_TO_NINE, 1)}
_TEENS = {word: number for number, word in enumerate(_FROM_TEN, 10)}
_TENS = {word: 10 * number for number, word in enumerate(_FROM_TWENTY, 2)}
_NUMBERS = {word: float(number) for table in (_UNITS, _TEENS, _TENS) for word, number in table.items()}
_LARGE = {"hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "hundred": 1e2,
    "grand": 1e3,
}
_SMALL = "|".join(_NUMBERS)
_ONES = "|".join(_UNITS)
_TENS_WORDED = rf"(?:{'|'.join(_TENS)})(?:[ -](?:{_ONES}))?"
_WORDED = (
    rf"(?:(?:(?:{_SMALL}) and a half|{_SMALL}|an?|half a|a few|several)[ -](?:(?:{_SMALL})[ -])?)?"
    r"(?:hundred|thousand|grand|million|billion)s?"
    rf"(?: (?:and )?(?:{_SMALL})(?:[ -](?:{_ONES}))?)?|{_TENS_WORDED}|{'|'.join(_TEENS)}|{_ONES}"
)
_FRACTIONS = {
    f"{count} {part}{'s' if many > 1 else ''}": many * 100 / of
    for part, of in (("third", 3), ("quarter", 4), ("fifth", 5), ("sixth", 6), ("eighth", 8), ("tenth", 10))
    for count, many in (("a", 1), ("an", 1), ("one", 1), *_UNITS.items())
    if many < of
} | {"half": 50.0}
_COUNT = r"(?:\d[\d,]*|(?:a |one )?(?:hundred|thousand)|" + _SMALL + r")"
_SHARE_WORD = "|".join(sorted(_FRACTIONS, key=len, reverse=True)).replace(" ", "[ -]")
_SPAN = r"(?:hour|day|week|month|year|decade|fortnight|century)\b"
_LEADS = (
    r"than|past|last|over|about|nearly|almost|most of|the better part of|the best part of|close to|not quite|"
    r"more than|less than|under|within|after|for|in|takes?|took|roughly|around|"
    r"just|for over|for nearly|every"
)
_KINDS = (
    # 62 of 71, one in four, six games out of ten
    rf"(?P<ratio>\b(?P<of1>{_COUNT}) (?:(?:[a-z]+ )?(?:in|out of)|of (?:the|our|my|these|those)?|of) ?"
    rf"(?P<of2>{_COUNT})\b"
    r"(?! *[%-])(?! *(?:o'clock|a\.m|p\.m)))",
    r"(?P<every>\bevery (?P<nth>second|other|third|fourth|fifth|tenth)\b"
    r"(?!\s+(?:day|week|month|year|time|monday|sunday|saturday|friday)\b))",
    # half of them, two thirds; no “half an hour”
    rf"(?P<fraction>\b(?:{_SHARE_WORD})\b"
    r"(?! (?:of )?(?:an? )?(?:hours?|years?|minutes?|dozen|million|thousand|day|week|month|mile|litre|pound)\b)"
    r"(?=,? (?:of|the|our|my|all|as|what|by|$)|[.,;!?)]|$| [a-z]+s\b))",
    rf"(?P<fracunit>\b(?:{_SHARE_WORD}|quarter)(?: of)? an? (?=(?:{_SPAN}|minute|mile|litre|pound)))",
    rf"\b(?P<single>(?:{_LEADS}) (?P<a>an? )(?={_SPAN})(?!\w+ and a half)(?!day or another|day we))",
    r"(?P<andhalf>\ban? (?P<ofhalf>hour|minute|day|week|month|year|decade|mile|million|dozen)s? and a half\b)",
    rf"\b(?P<dozen>(?:(?P<halfdozen>half a |half-a-)|(?:(?P<dozens>{_SMALL}|a)|(?:the )?first) )?dozen\b(?: of\b)?)",
    rf"(?P<halfunit>\b(?:(?P<whole>{_COUNT}) and a half|half (?:an? )?)"
    r"(?= ?(?:hours?|years?|months?|minutes?|days?|weeks?|cents?|pence|penny)\b))",
    rf"(?P<often>\b(?:(?P<times>once|twice)|(?P<oftentimes>{_COUNT}) times)(?= (?:an?|per|every|each) {_SPAN}))",
    r"(?P<vague>\b(?:dozens|hundreds|thousands|tens of thousands|millions|scores) of\b)",
    r"(?P<clock>\b(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?:\s?(?P<half>[ap])\.?m\b)?|\b(?P<named>noon|"
    r"midday|midnight)\b)",
    r"(?P<number>(?:(?P<symbol>[$£€¥])\s?)?(?<![\w.,#])(?P<digits>\d*[½¼¾]|\d+(?:[,.'\u202f]\d{3})*(?:[.,]\d+)?|\.\d+)"
    rf"(?:\s?(?P<scale>k|m|mio|bn|thousand|grand|million|billion)\b)?|\b(?P<worded>{_WORDED})\b(?! of us\b))",
)
_QUANTITY = re.compile("|".join(_KINDS), re.IGNORECASE)
_HALVES = {"½": 0.5, "¼": 0.25, "¾": 0.75}

_UNIT = re.compile(
    r"[\s-]?(?:US |extra |full |whole |long |straight )?(?P<unit>"
    + "|".join(re.escape(u) for u in sorted(UNITS, key=len, reverse=True) if u not in "$£€")
    + r"|[$£€])(?![\w])",
    re.IGNORECASE,
)
PERIOD_DAYS = {
    "second": 1 / 86400,
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1,
    "weekday": 7 / 5,
    "night": 1,
    "evening": 1,
    "week": 7,
    "month": 365.25 / 12,
    "quarter": 365.25 / 4,
    "year": 365.25,
}
_PERIOD = re.compile(
    r"(?:\b(?:an?|per|each|every|the)\s?|/\s?)(?P<unit>second|minute|hour|day|weekday|night|evening|"
    r"week|month|mo|quarter|year|yr)\b|\b(?P<adverb>hourly|daily|weekly|monthly|yearly|annually|"
    r"quarterly)\b",
    re.IGNORECASE,
)
_LED_BY_PERIOD = re.compile(r"\b(?:each|every) (?P<unit>day|night|week|month|quarter|year)\b[^.;:,!?\d]{0,36}$", re.I)
_ADVERBS = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
    "quarterly": "quarter",
    "mo": "month",
    "yr": "year",
}
_CLOCK = re.compile(
    r"\s?(?:a\.?m\b|p\.?m\b|(?:o'clock )?in the (?:morning|afternoon|evening)|(?:o'clock )?at night|o'clock)", re.I
)
_IDLE_NOUN = re.compile(
    r"^\s+(?:things?|questions?|reasons?|ways?|cents|words?|parts?|sides?|notes?|"
    r"of (?:the (?:most|best|few|main|biggest|first|reasons|things)|us|you)|another|by one|"
    r"and the same|thing)\b",
    re.I,
)
_TO_THE_NEXT = re.compile(r"\s+\w+ to (?:the (?:next|other)|another)\b", re.I)
_NUMBERED = re.compile(
    r"\b(?:day|week|month|year|round|part|step|page|level|season|chapter|lesson|version|phase) $", re.I
)
YEAR = re.compile(r"(?:19[5-9]\d|20[0-4]\d)")
_COUNTED_LIKE_A_YEAR = re.compile(r"\s+(?!was\b|is\b|has\b|as\b|this\b|its\b|us\b)[a-z]+s\b")  # “2014 users”
# … but in “in 2014 users asked for it” it is one.
_IN_A_YEAR = re.compile(
    rf"\b(?:in|since|until|during|early|late|spring|summer|autumn|fall|winter|{'|'.join(MONTHS)}) $", re.I
)
_NTH = {"second": 2, "other": 2, "third": 3, "fourth": 4, "fifth": 5, "tenth": 10}
_HALVED = UNITS | {"million": ("count", 1e6), "dozen": ("count", 12.0)}
_MONTH_MOST = 12  # characters of a month's or season's name and the space behind it
_VAGUE = {"dozens": 24.0, "hundreds": 200.0, "thousands": 2e3, "millions": 2e6, "scores": 40.0, "tens": 2e4}


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in the base of its `dimension`; a count has the dimension "count". `sense` bounds it."""

    value: float
    dimension: str
    written: str
    start: int
    end: int
    period: str = ""  # day, week, month, year …: it is per that
    currency: str = ""
    sense: str = "exact"  # exact, about, more, less, limit, nearly, range, vague
    raw: float = 0.0  # the number as written
    of: float = 0.0  # “62 of 71”: 71
    plain: bool = True  # in digits, or in words from ten on
    opens_range: bool = False  # “two to four”: of the two
    like: Quantity | None = None  # for a bare number: what gives it a unit, “from 180 minutes to 25”


def quantities_in(text: str) -> tuple[Quantity, ...]:
    """Returns the quantities of a readable text in order, without list numbers and “one of”."""
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(text):
        found.extend(_read(match, text))
    return _with_units(found, text)


def _with_units(found: list[Quantity], text: str) -> tuple[Quantity, ...]:
    """Gives bare numbers the unit that a neighbour has: “90 to 30 minutes”, “three days; the other two”."""
    for at, quantity in enumerate(found):
        if quantity.dimension != "count" or not _BARE.match(text[quantity.end : quantity.end + 30]):
            continue
        after = found[at + 1] if at + 1 < len(found) else None
        if after is not None and _TO.fullmatch(text[quantity.end : after.start]):
            quantity = found[at] = replace(quantity, opens_range=True)
        joined = after is not None and _RANGE.fullmatch(text[quantity.end : after.start])
        pattern = after if joined and after is not None else found[at - 1] if at else None
        if pattern is None or pattern.dimension in ("year", "clock"):
            continue
        found[at] = replace(quantity, like=pattern)
        if joined and pattern.dimension != "count":
            sense = "range" if quantity.sense == "exact" else quantity.sense
            found[at] = replace(measured(found[at]), sense=sense)
    return tuple(found)


_BARE = re.compile(
    r"\s*(?:$|[.,;:!?)–-]|(?:to|down|up|through|and|or|i|we|it|you|of them|of which|in|on|at|for|after|before|per|a|"
    r"an|as|is|are|was|were|has|have|had|with|without)\b)",
    re.I,
)
_TO = re.compile(r"\s*(?:to|-|–|through|or)\s*", re.I)
_RANGE = re.compile(r"\s*(?:to|and|or|-|–|down to|up to|through)\s*(?:about |around |over |under )?", re.I)


def measured(quantity: Quantity) -> Quantity:
    """Returns a bare number with the unit of its neighbour, and any other quantity as it is."""
    like = quantity.like
    if like is None:
        return quantity
    return replace(
        quantity,
        value=quantity.raw * (like.value / like.raw if like.raw and like.dimension != "percent" else 1.0),
        dimension=like.dimension,
        currency=like.currency,
        period=quantity.period or like.period,
        like=None,
    )


def _read(match: re.Match[str], text: str) -> Iterator[Quantity]:
    start, end = match.span()
    if match["ratio"]:
        few, many = _counted(match["of1"]), _counted(match["of2"])
        noun = match.group().split()[1].lower()
        if 0 < few <= many and noun not in UNITS and not (" in " in match.group() and many > 100):
            yield replace(_share(few / many * 100, text, start, end), raw=few, of=many)
            return
        for name in ("of1", "of2"):
            yield _made(text, *match.span(name), _counted(match[name]))
    elif match["every"]:
        yield _share(100 / _NTH[match["nth"].lower()], text, start, end)
    elif match["fraction"]:
        share = _FRACTIONS[match["fraction"].lower().replace("-", " ")]
        yield replace(_share(share, text, start, end), plain=False)
    elif match["fracunit"]:
        words = re.sub(r"(?: of)? an? $", "", match["fracunit"].lower()).replace("-", " ")
        yield _made(text, start, end, _FRACTIONS.get(words, 25.0) / 100)
    elif match["single"]:
        yield replace(_made(text, match.start("a"), end, 1.0), period="")
    elif match["andhalf"]:
        dimension, size = _HALVED[match["ofhalf"].lower()]
        yield replace(_share(1.5 * size, text, start, end), dimension=dimension, raw=1.5)
    elif match["halfunit"]:
        yield _made(text, start, end, (_counted(match["whole"]) if match["whole"] else 0) + 0.5)
    elif match["dozen"]:
        many = 0.5 if match["halfdozen"] else _NUMBERS.get(str(match["dozens"]).lower(), 1.0)
        yield _made(text, start, end, 12 * many)
    elif match["clock"]:
        named = {"midnight": 0.0, "noon": 12.0, "midday": 12.0}
        hour = named[match["named"].lower()] if match["named"] else float(match["hour"])
        hour += 12 if (match["half"] or "").lower() == "p" and hour < 12 else 0
        yield replace(_share(hour + float(match["minute"] or 0) / 60, text, start, end), dimension="clock")
    elif match["often"]:
        many = {"once": 1.0, "twice": 2.0}[match["times"].lower()] if match["times"] else _counted(match["oftentimes"])
        yield replace(_made(text, start, end, many), dimension="frequency")
    elif match["vague"]:
        many = _VAGUE[match.group().lower().split()[0]]
        yield replace(_share(many, text, start, end), dimension="count", sense="vague")
    else:
        yield from _of_number(match, text)


def _share(percent: float, text: str, start: int, end: int) -> Quantity:
    sense = sense_of(text, start, end)
    return Quantity(percent, "percent", text[start:end], start, end, sense=sense, raw=percent)


def _of_number(match: re.Match[str], text: str) -> Iterator[Quantity]:
    start, end = match.span()
    if match["worded"]:
        if _NUMBERED.search(text, max(0, start - 10), start):
            return  # “day two”
        value = _worded(match["worded"])
        rest = text[end : end + 40]
        unit = _UNIT.match(rest)
        if value < 10 and unit is None and _IDLE_NOUN.match(rest):
            return
        # “one day”, “one second” are rarely measured, nor is “from one year to the next”.
        if value == 1 and (unit is None or unit["unit"].lower() in ("day", "second") or _TO_THE_NEXT.match(rest)):
            return
        yield _made(text, start, end, value)
        return
    if text[end : end + 1].isalpha() and not _UNIT.match(text[end : end + 12]):
        return  # a part of a name such as 3D
    value, scale = _value(match["digits"]), match["scale"]
    if scale and (match["symbol"] or scale.lower() != "m"):
        value *= _SCALES[scale.lower()]
    elif scale:  # metres
        end = match.end("digits")
    yield _made(text, start, end, value, match["symbol"])


def _made(text: str, start: int, end: int, value: float, symbol: str | None = None) -> Quantity:
    unit = _UNIT.match(text[end : end + 24])
    dimension, size, currency, stop = "count", 1.0, "", end
    if symbol:
        dimension, currency = "money", symbol
    elif unit is not None:
        dimension, size = UNITS[unit["unit"].lower()]
        currency = CURRENCIES.get(unit["unit"].lower(), "")
        stop = end + unit.end()
    digits = text[start:end].strip()
    hours = value
    if dimension == "count" and digits.lower().endswith("grand"):
        dimension = "money"
    elif dimension == "count" and YEAR.fullmatch(digits) and _is_a_year(text, start, end):
        dimension = "year"
    elif dimension == "count" and value <= 24 and (clock := _CLOCK.match(text, end)) is not None:
        dimension, stop = "clock", clock.end()
        hours += 12 if value < 12 and re.search(r"p\.?m|afternoon|evening|night", clock.group(), re.I) else 0
    per = ""
    period = _PERIOD.search(text, stop, stop + 36) if dimension != "year" else None
    if period is not None and _is_rate(text[stop : period.start()], period.group()):
        per = (period["unit"] or period["adverb"]).lower()
        per = _ADVERBS.get(per, per)
    elif dimension not in ("year", "time") and (led := _LED_BY_PERIOD.search(text, max(0, start - 48), start)):
        per = led["unit"].lower()
    return Quantity(
        hours * size, dimension, text[start:stop].strip(), start, stop, per, currency, sense_of(text, start, stop),
        value, plain=value >= 10 or any(c.isdigit() for c in digits),
    )  # fmt: skip


def _is_a_year(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _MONTH_MOST) : start]
    return _COUNTED_LIKE_A_YEAR.match(text, end) is None or _IN_A_YEAR.search(before) is not None


def _is_rate(between: str, period: str) -> bool:
    """Whether it is a rate: “260 loaves a day” is one, “after a month”, “in a year”, “two days of a year” are not."""
    if re.search(
        r"[,.;!?\d]|\b(?:after|before|for|and|until|since|within|over|during|about|by|than|beats?|is|are|was|were)\b",
        between,
    ):
        return False
    return not between.rstrip().endswith((" in", " of")) or period.lower().startswith(("every", "each", "per"))


def _counted(word: str) -> float:
    low = word.lower().removeprefix("a ").removeprefix("one ")
    return float(_LARGE[low]) if low in _LARGE else _NUMBERS.get(low) or _value(word)


def _value(digits: str) -> float:
    """Returns what written digits most likely mean: `1.200` is 1200, `2,5` is 2.5."""
    if digits[-1] in _HALVES:
        return float(digits[:-1] or 0) + _HALVES[digits[-1]]
    plain = digits.replace("'", "").replace("\u202f", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        return float(plain.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", plain):
        return float(plain.replace(".", "").replace(",", "."))
    return float(plain.replace(",", ".")) if len(re.findall("[.,]", plain)) <= 1 else float(re.sub(r"\D", "", plain))


def _worded(words: str) -> float:
    total, current = 0.0, 0.0
    for word in re.split(r"[ -]+", words.lower()):
        singular = word.removesuffix("s") if word.removesuffix("s") in _LARGE else word
        if singular in _LARGE:
            total += (current or 1) * _LARGE[singular]
            current = 0.0
        else:
            current += 0.5 if word == "half" else _NUMBERS.get(word, 0.0)
    return total + current
