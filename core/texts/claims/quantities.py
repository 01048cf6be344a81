"""The quantities of a text: value, unit, what they count, period and comparison. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.texts.claims.senses import sense_of
from core.texts.claims.units import CURRENCIES, UNITS

_ONE_TO_NINE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_FROM_TEN = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_FROM_TWENTY = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS = {word: number for number, word in enumerate(_ONE_TO_NINE, 1)}
_TEENS = {word: number for number, word in enumerate(_FROM_TEN, 10)}
_TENS = {word: 10 * number for number, word in enumerate(_FROM_TWENTY, 2)}
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
_SMALL = "|".join((*_UNITS, *_TEENS, *_TENS))
_ONES = "|".join(_UNITS)
_TENS_WORDED = rf"(?:{'|'.join(_TENS)})(?:[ -](?:{_ONES}))?"
_WORDED = (
    rf"(?:(?:{_SMALL}|an?|half a|a few|several)[ -](?:(?:{_SMALL})[ -])?)?(?:hundred|thousand|grand|million|billion)s?"
    rf"(?: (?:and )?(?:{_SMALL})(?:[ -](?:{_ONES}))?)?|{_TENS_WORDED}|{'|'.join(_TEENS)}|{_ONES}"
)
_FRACTIONS = {
    f"{count} {part}{'s' if many > 1 else ''}": many * 100 / of
    for part, of in (("third", 3), ("quarter", 4), ("fifth", 5), ("sixth", 6), ("eighth", 8), ("tenth", 10))
    for count, many in (("a", 1), ("an", 1), ("one", 1), *_UNITS.items())
    if many < of
} | {"half": 50.0}
_COUNT = r"(?:\d[\d,]*|(?:a |one )?(?:hundred|thousand)|" + "|".join((*_UNITS, *_TEENS, *_TENS)) + r")"
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
    r"(?P<every>\bevery (?P<nth>second|other|third|fourth|fifth|tenth)\b)",
    # half of them, two thirds; no “half an hour”
    rf"(?P<fraction>\b(?:{_SHARE_WORD})\b"
    r"(?! (?:an? |of an )?(?:hours?|years?|minutes?|dozen|million|thousand|day|month)\b)"
    r"(?=,? (?:of|the|our|my|all|as|what|by|$)|[.,;!?)]|$| [a-z]+s\b))",
    rf"(?P<fracunit>\b(?:{_SHARE_WORD}|quarter)(?: of)? an? (?=(?:{_SPAN}|minute|mile|litre|pound|million)))",
    rf"(?P<single>\b(?P<lead>{_LEADS})? ?\ban? (?={_SPAN})(?!\w+ and a half)(?!day or another|day we))",
    r"(?P<andhalf>\ban? (?P<ofhalf>hour|minute|day|week|month|year|decade|mile|million|dozen)s? and a half\b)",
    rf"(?P<dozen>\b(?P<halfdozen>half a |half-a-)dozen\b|\b(?:(?P<dozens>{_SMALL}|a|the first|first) )?(?:dozen|"
    rf"couple)\b(?! of)|"
    rf"\b(?:a |{_SMALL} )?(?:dozen|couple) of\b)",
    rf"(?P<halfunit>\b(?:(?P<whole>{_COUNT}) and a half|half (?:an? )?)"
    r"(?= ?(?:hours?|years?|months?|minutes?|days?|million|thousand|weeks?|cents?|pence|penny)\b))",
    rf"(?P<often>\b(?:(?P<times>once|twice)|(?P<oftentimes>{_COUNT}) times) (?=(?:an?|per|every|each) {_SPAN}))",
    r"(?P<vague>\b(?:dozens|hundreds|thousands|tens of thousands|millions|scores) of\b)",
    r"(?P<clock>\b(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?:\s?(?P<half>[ap])\.?m\b)?|\b(?P<named>noon|"
    r"midday|midnight)\b)",
    r"(?P<number>(?:(?P<symbol>[$£€¥])\s?)?(?<![\w.,])(?P<digits>\d+(?:[,.'\u202f]\d{3})*(?:[.,]\d+)?|\d*[½¼¾]|\.\d+)"
    rf"(?P<scale>\s?(?:k|m|mio|bn|thousand|grand|million|billion)\b)?|\b(?P<worded>{_WORDED})\b(?! of us\b))",
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
    "saturday": 7,
    "sunday": 7,
}
_PERIOD = re.compile(
    r"(?:\b(?:an?|per|each|every|the|/)\s?|/)(?P<unit>second|minute|hour|day|weekday|night|evening|"
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
    r"^\s?(?:a\.?m\b|p\.?m\b|(?:o'clock )?in the (?:morning|afternoon|evening)|(?:o'clock )?at night|o'clock)", re.I
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


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in the base of its `dimension`; a count has the dimension "count". `at_least`/`at_most` bound it."""

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
    noun_end: int = 0  # the place after it from which its noun is looked for
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
        if pattern is None or pattern.dimension in ("year", "clock", "times"):
            continue
        found[at] = replace(quantity, like=pattern)
        if joined and pattern.dimension != "count":
            sense = "range" if quantity.sense == "exact" else quantity.sense
            found[at] = replace(tuple(measured(found[at]))[-1], sense=sense)
    return tuple(found)


_BARE = re.compile(
    r"\s*(?:$|[.,;:!?)–-]|(?:to|and|or|i|we|it|you|of them|of which|in|on|at|for|after|before|per|a|"
    r"an|as|is|are|was|were|has|have|had|with|without)\b)",
    re.I,
)
_TO = re.compile(r"\s*(?:to|-|–|through|or)\s*", re.I)
_RANGE = re.compile(r"\s*(?:to|and|or|-|–|down to|up to|through)\s*(?:about |around |over |under )?", re.I)


def measured(quantity: Quantity) -> Iterator[Quantity]:
    """Yields the quantity, and what it is when it has the unit of its neighbour."""
    yield quantity
    like = quantity.like
    if like is not None:
        size = like.value / like.raw if like.raw and like.dimension != "percent" else 1.0
        yield replace(
            quantity,
            value=quantity.raw * size,
            dimension=like.dimension,
            currency=like.currency,
            period=quantity.period or like.period,
            like=None,
        )


def _read(match: re.Match[str], text: str) -> Iterator[Quantity]:
    start, end = match.span()
    while start < end and text[start].isspace():
        start += 1
    if match["ratio"]:
        few, many = _counted(match["of1"]), _counted(match["of2"])
        noun = match.group().split()[1].lower()
        if few and many and few <= many and noun not in UNITS and not (" in " in match.group() and many > 100):
            yield Quantity(
                few / many * 100,
                "percent",
                match.group().strip(),
                start,
                end,
                sense=sense_of(text, start, end),
                raw=few,
                of=many,
            )
            return
        for name in ("of1", "of2"):
            number = _counted(match[name])
            yield _made(text, *match.span(name), float(number), "")
        return
    if match["every"]:
        share = {"second": 50.0, "other": 50.0, "third": 100 / 3, "fourth": 25.0, "fifth": 20.0, "tenth": 10.0}[
            match["nth"].lower()
        ]
        if not re.match(r"\s+(?:day|week|month|year|time|monday|sunday|saturday|friday)\b", text[end : end + 12], re.I):
            yield Quantity(share, "percent", match.group(), start, end, raw=share)
        return
    if match["fraction"]:
        share = _FRACTIONS[re.sub(r"[ -]", " ", match["fraction"].lower())]
        yield Quantity(
            share, "percent", match.group(), start, end, sense=sense_of(text, start, end), raw=share, plain=False
        )
        return
    if match["fracunit"]:
        words = re.sub(r"(?: of)? an? $", "", match["fracunit"].lower()).replace("-", " ")
        yield _made(text, start, end, _FRACTIONS.get(words, 25.0) / 100, "")
        return
    if match["single"]:
        if match["lead"]:
            lead = start + len(match["lead"])
            while text[lead].isspace():
                lead += 1
            single = _made(text, lead, end, 1.0, "")
            yield replace(single, period="") if single.period else single
        return
    if match["andhalf"]:
        dimension, size = UNITS.get(
            match["ofhalf"].lower(), ("count", {"million": 1e6, "dozen": 12.0}.get(match["ofhalf"], 1.0))
        )
        yield Quantity(1.5 * size, dimension, match.group(), start, end, sense=sense_of(text, start, end), raw=1.5)
        return
    if match["halfunit"]:
        yield _made(text, start, end, (_counted(match["whole"]) if match["whole"] else 0) + 0.5, "")
        return
    if match["dozen"]:
        many = _UNITS.get((match["dozens"] or "a").lower().split()[-1], 1)
        value = float(many * (12 if "dozen" in match.group().lower() else 2)) / (2 if match["halfdozen"] else 1)
        if "couple" in match.group().lower():
            return
        yield _made(text, start, end, value, "")
        return
    if match["clock"]:
        hour = {"midnight": 0.0}.get(match["named"].lower(), 12.0) if match["named"] else float(match["hour"])
        hour += 12 if (match["half"] or "").lower() == "p" and hour < 12 else 0
        value = hour + float(match["minute"] or 0) / 60
        yield Quantity(value, "clock", match.group(), start, end, raw=value)
        return
    if match["often"]:
        many = {"once": 1.0, "twice": 2.0}.get((match["times"] or "").lower()) or float(_counted(match["oftentimes"]))
        yield replace(_made(text, start, end, many, ""), dimension="frequency", currency="")
        return
    if match["vague"]:
        word = match.group().lower().split()[0]
        value = {"dozens": 24.0, "hundreds": 200.0, "thousands": 2000.0, "millions": 2e6, "scores": 40.0, "tens": 2e4}[
            word
        ]
        yield Quantity(value, "count", match.group(), start, end, sense="vague", raw=value, noun_end=end + 40)
        return
    yield from _of_number(match, text, start, end)


def _of_number(match: re.Match[str], text: str, start: int, end: int) -> Iterator[Quantity]:
    if match["worded"]:
        if _NUMBERED.search(text[max(0, start - 10) : start]):
            return  # “day two”
        value = _worded(match["worded"])
        rest = text[end : end + 40]
        unit = _UNIT.match(rest)
        if value < 10 and unit is None and (_IDLE_NOUN.match(rest) or value == 1):
            return
        if value == 1 and _TO_THE_NEXT.match(rest):
            return  # “from one year to the next”
        if value == 1 and (unit is None or unit["unit"].lower() in ("day", "second")):
            return  # “one day”, “one second” are rarely measured
        yield _made(text, start, end, value, "")
        return
    before = text[max(0, start - 1) : start]
    if (before and (before.isalpha() or (before in "_#" and not match["symbol"]))) or (
        text[end : end + 1].isalpha() and not _UNIT.match(text[end : end + 12])
    ):
        return  # a part of a name such as B2B or A4
    for value in _values(match["digits"])[:1]:
        scale = (match["scale"] or "").strip().lower()
        unit_m = scale == "m" and not match["symbol"]
        if unit_m:
            end -= len(match["scale"].lstrip()) if match["scale"].strip() == match["scale"] else len(match["scale"])
            scale = ""
        yield _made(text, start, end, value * _SCALES.get(scale, 1), match["symbol"] or "")


def _made(text: str, start: int, end: int, value: float, symbol: str) -> Quantity:
    unit = _UNIT.match(text[end : end + 24])
    dimension, size, currency, stop = "count", 1.0, "", end
    if symbol:
        dimension, currency = "money", symbol
    elif unit is not None and not (unit["unit"].lower() == "second" and value == 1):
        dimension, size = UNITS[unit["unit"].lower()]
        currency = CURRENCIES.get(unit["unit"].lower(), "")
        stop = end + unit.end()
    digits = text[start:end].strip()
    if dimension == "count" and digits.lower().endswith("grand"):
        dimension = "money"
    if (
        dimension == "count"
        and YEAR.fullmatch(digits)
        and not re.match(r"\s+(?!was\b|is\b|has\b|as\b|this\b|its\b|us\b)[a-z]+s\b", text[end : end + 20])
    ):
        dimension = "year"
    hours = value
    clock = _CLOCK.match(text[stop : stop + 20]) if dimension == "count" and value <= 24 else None
    if clock is not None:
        dimension, stop = "clock", stop + clock.end()
        hours += 12 if value < 12 and re.search(r"p\.?m|afternoon|evening|night", clock.group(), re.I) else 0
    period = _PERIOD.search(text[stop : stop + 36]) if dimension != "year" else None
    per = ""
    if period is not None and _is_rate(text[stop : stop + period.start()], period.group()):
        per = (period["unit"] or period["adverb"]).lower()
        per = _ADVERBS.get(per, per)
    elif dimension != "year":
        led = _LED_BY_PERIOD.search(text[max(0, start - 48) : start])
        per = led["unit"].lower() if led is not None and dimension != "time" else ""
    return Quantity(
        hours * size, dimension, text[start:stop].strip(), start, stop, per, currency, sense_of(text, start, stop),
        value, noun_end=min(len(text), stop + 40), plain=value >= 10 or any(c.isdigit() for c in digits),
    )  # fmt: skip


def _is_rate(between: str, period: str) -> bool:
    """Whether it is a rate: “260 loaves a day” is one, “after a month” and “in a year” are not."""
    if re.search(r"[,.;!?\d]|\b(?:after|before|for|and|until|since|within|over|during|about|by|than)\b", between):
        return False
    return not between.rstrip().endswith(" in") or period.lower().startswith(("every", "each", "per"))


def _counted(word: str) -> float:
    low = word.lower().removeprefix("a ").removeprefix("one ")
    if low in _LARGE:
        return float(_LARGE[low])
    if low in _UNITS or low in _TEENS or low in _TENS:
        return float(_UNITS.get(low) or _TEENS.get(low) or _TENS[low])
    return _values(word.rstrip(","))[0]


def _values(digits: str) -> list[float]:
    """Returns what written digits can mean, the likelier first: `1.200` is 1200, and 1.2 to some."""
    if digits[-1] in _HALVES:
        return [float(digits[:-1] or 0) + _HALVES[digits[-1]]]
    plain = digits.replace("'", "").replace("\u202f", "")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        return [float(plain.replace(",", ""))]
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", plain):
        return [
            float(plain.replace(".", "").replace(",", ".")),
            float(plain.replace(",", ".")) if plain.count(".") == 1 else 0.0,
        ]
    return [
        float(plain.replace(",", ".")) if plain.count(".") + plain.count(",") <= 1 else float(re.sub(r"\D", "", plain))
    ]


def _worded(words: str) -> float:
    total, current = 0.0, 0.0
    for word in re.split(r"[ -]+", words.lower()):
        singular = word.removesuffix("s") if word.removesuffix("s") in _LARGE else word
        if singular in _LARGE:
            total += (current or 1) * _LARGE[singular]
            current = 0.0
        else:
            current += _UNITS.get(word) or _TEENS.get(word) or _TENS.get(word) or (0.5 if word == "half" else 0)
    return total + current
