"""Which quantities follow from those of facts by simple arithmetic, and which carry what a sentence says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from core.texts.claims.quantities import PERIOD_DAYS, Quantity, measured


@dataclass(frozen=True, slots=True)
class Backed:
    """A quantity that stands in fact `fact`, or follows from it (`how` says so: “half of”, “a year at that rate”)."""

    value: float
    dimension: str
    fact: int
    period: str = ""
    currency: str = ""
    how: str = ""
    is_bare: bool = False  # the fact does not say what it counts right there
    is_turned: bool = False  # what is left over: 62 of 71 did, 9 did not
    fact_too: int = -1  # a second fact that it follows from


AT_THAT_RATE = "at that rate"
_HOUR, _DAY = 3_600, 86_400  # seconds
_AMOUNTS = ("money", "time", "length", "weight", "volume")
_SPREAD = ("count", "money", "length", "weight", "volume", "data")  # over a time: 340 km in 17 days
_MOST_PIECES = 100_000
_LONGEST_LIFE = 100  # years
_MOST_OF_A_FACT = 8  # quantities of one fact that are combined


def backed_by(fact: int, quantities: Sequence[Quantity]) -> Iterator[Backed]:
    """Yields the quantities of one fact and those that follow from it by simple arithmetic."""
    own = [measured(quantity) for quantity in quantities[:_MOST_OF_A_FACT]]
    for quantity in quantities:
        yield _as_written(fact, quantity)
        if quantity.of:
            few, many = quantity.raw, quantity.of
            yield Backed(few, "count", fact, how="of")
            yield Backed(many, "count", fact, how="of")
            yield Backed(many - few, "count", fact, how="the others", is_turned=True)
        if quantity.dimension == "percent" and 0 < quantity.value < 100:
            yield Backed(100 - quantity.value, "percent", fact, how="the others", is_turned=True)
        if quantity.sense in ("less", "limit") and quantity.dimension == "count":
            yield Backed(quantity.value - 1, "count", fact, how="at most")
        if quantity.like is not None:
            yield _as_written(fact, measured(quantity))
        yield from at_other_periods(fact, quantity)
        yield from (Backed(value, dimension, fact, how="each") for value, dimension in per_piece(quantity))
        if quantity.dimension == "frequency":
            yield Backed(quantity.raw, "count", fact, quantity.period)  # twice a week: two batches a week
        if quantity.dimension == "clock" and ":" in quantity.written:  # “in 5:48”: 5 hours and 48 minutes
            hours, part = divmod(quantity.value, 1)
            for lasted in (hours, part, quantity.value):
                yield Backed(lasted * _HOUR, "time", fact)
    for one, other in combinations(own, 2):
        yield from _of_two(fact, one, other)


def _as_written(fact: int, quantity: Quantity) -> Backed:
    is_bare = quantity.like is not None
    return Backed(quantity.value, quantity.dimension, fact, quantity.period, quantity.currency, is_bare=is_bare)


def at_other_periods(fact: int, quantity: Quantity) -> Iterator[Backed]:
    if not quantity.period or quantity.dimension not in ("money", "count", "time"):
        return
    length = PERIOD_DAYS[quantity.period]
    for period, days in PERIOD_DAYS.items():
        if period == quantity.period:
            continue
        factor = days / length
        for rate in {round(factor) or factor, factor}:
            yield Backed(quantity.value * rate, quantity.dimension, fact, period, quantity.currency, AT_THAT_RATE)


def _of_two(fact: int, one: Quantity, other: Quantity) -> Iterator[Backed]:
    for value, dimension, how in _compared(one, other):
        period, currency = (one.period, one.currency) if dimension == one.dimension else ("", "")
        yield Backed(value, dimension, fact, period, currency, how)
    if one.dimension == other.dimension == "count" and one.opens_range:  # “12 to 17”
        yield Backed(abs(other.value - one.value) + 1, "count", fact, how="from one to the other")
    if one.dimension == other.dimension == "year" and 0 < other.value - one.value < _LONGEST_LIFE:
        lasted = (other.value - one.value) * PERIOD_DAYS["year"] * _DAY
        yield Backed(lasted, "time", fact, how="from one to the other")  # from 2009 to 2020
    for first, second in ((one, other), (other, one)):
        yield from _of_first_and_second(fact, first, second)


def _of_first_and_second(fact: int, first: Quantity, second: Quantity) -> Iterator[Backed]:
    for value, dimension in _each(first, second):
        yield Backed(value, dimension, fact, second.period, second.currency, "each")
    if second.dimension != "time" or not second.value:
        return
    if first.dimension == "year" and second.value >= PERIOD_DAYS["year"] * _DAY:
        for value in (first.value + second.raw, first.value - second.raw):
            yield Backed(value, "year", fact, how="so long before or after")
    if first.dimension in _SPREAD and not (first.period or second.period):
        for period in ("second", "minute", "hour", "day", "week", "month", "year"):
            rate = first.value / second.value * PERIOD_DAYS[period] * _DAY
            yield Backed(rate, first.dimension, fact, period, first.currency, AT_THAT_RATE)


def _compared(one: Quantity, other: Quantity) -> Iterator[tuple[float, str, str]]:
    """Yields what two quantities of one kind give: sum and difference, share, change and ratio."""
    if one.dimension != other.dimension or one.dimension in ("year", "clock"):
        return
    if _differ(one.period, other.period) or _differ(one.currency, other.currency):
        return
    low, high = sorted((one.value, other.value))
    yield high - low, one.dimension, "the difference"
    if not one.opens_range:  # “two to four players” are not six
        yield high + low, one.dimension, "together"
    if low > 0:
        yield low / high * 100, "percent", "the share"
        yield 100 - low / high * 100, "percent", "the change"
        yield (high - low) / low * 100, "percent", "the change"
        yield high / low, "times", "the ratio"


def _differ(one: str, other: str) -> bool:
    """Whether both are said, and not the same."""
    return "" != one != other != ""


def _each(count: Quantity, amount: Quantity) -> Iterator[tuple[float, str]]:
    """Yields an amount for each of a count, or for each kilo, litre or metre."""
    if count.dimension == "count" and 1 < count.value <= _MOST_PIECES and amount.dimension in _AMOUNTS:
        yield amount.value / count.value, amount.dimension
    if count.dimension in ("weight", "volume", "length", "data") and count.raw and amount.dimension == "money":
        yield amount.value / count.raw, "money"


def between_facts(facts: Sequence[Sequence[Quantity]]) -> Iterator[Backed]:
    """Yields sums and differences of money, time and counts of two facts, and n times one price against another."""
    singles = [
        (n, q) for n, quantities in enumerate(facts) for q in quantities if q.dimension in ("money", "time", "count")
    ][:40]
    for (here, one), (there, other) in combinations(singles, 2):
        if here == there or one.dimension != other.dimension or one.period != other.period:
            continue
        for value, how in ((abs(one.value - other.value), "the difference"), (one.value + other.value, "together")):
            yield Backed(value, one.dimension, here, one.period, one.currency, how, fact_too=there)
    for number, quantities in enumerate(facts):
        prices = [q for q in quantities if q.dimension == "money"][:4]
        counts = [q for q in quantities if q.dimension == "count" and 1 < q.value <= 100][:4]
        for one, other in combinations(prices, 2):
            for count in counts:
                saved = count.value * min(one.value, other.value) - max(one.value, other.value)
                if saved > 0:
                    yield Backed(saved, "money", number, one.period, one.currency, "saved")


def follows(
    claimed: Quantity, quantities: Sequence[tuple[int, Quantity]], beside: Sequence[Quantity] = ()
) -> Iterator[Backed]:
    """Yields what two quantities (each with its fact) give by one calculation of the claimed kind: sums, differences,
    shares, changes, so much each, how long at that rate, so many of a share. Quantities `beside` the claimed one in its
    sentence may be factors: a hundred collars and the antenna, sixty a week in four weeks.
    """
    for (here, one), (there, other) in combinations(quantities, 2):
        found = list(_by_one_sum(one, other))
        if here == there and one.dimension == other.dimension == "count" and claimed.value >= _LEAST_OF_MANY:
            found.append((one.value * other.value, "count", "so many of each"))
        found += _so_many_and_one(one, other, [q for _, q in quantities], beside)
        for value, dimension, how in found:
            if dimension == claimed.dimension and value > 0 and _is_told(value, claimed, how):
                yield Backed(value, dimension, here, "", one.currency or other.currency, how, fact_too=there)
    spans = [span for span in beside if span.dimension == "time"]
    for here, one in quantities:
        for span in spans if one.dimension == "count" == claimed.dimension and one.period else ():
            value = one.value * span.value / (PERIOD_DAYS[one.period] * _DAY)
            if _is_told(value, claimed):
                yield Backed(value, "count", here, how="in that time")


def _is_told(value: float, claimed: Quantity, how: str = "") -> bool:
    """Whether a claim may tell this value: the more ways led to it, the less may it be off."""
    slack = 0.015 if claimed.sense in ("exact", "more") else 0.1
    if how == "so many of each":
        slack = 0.003
    least = 0.0
    if claimed.dimension == "percent":
        least = 0.51 if claimed.raw == round(claimed.raw) else 0.06
        slack = slack if claimed.plain else max(slack, 0.03)  # “a third”
    return abs(value - claimed.value) <= max(least, slack * claimed.value)


_MANY_WEEKS = 6  # from here weeks are told for months: eight for two
_LEAST_OF_MANY = 100  # small products of small numbers match by chance


def _so_many_and_one(
    one: Quantity, other: Quantity, known: Sequence[Quantity], beside: Sequence[Quantity]
) -> Iterator[tuple[float, str, str]]:
    """A hundred collars at 31 euros and the antenna at 240; 12 months at $25 and $3,900 at the beginning."""
    if one.dimension != other.dimension or one.dimension not in ("money", "time", "weight"):
        return
    counts = {q.value for q in (*known, *beside) if q.dimension == "count" and 1 < q.value <= _MOST_PIECES}
    for each, once in ((one, other), (other, one)):
        in_a_year = {12.0} if each.period == "month" and not once.period else set()
        for count in counts | in_a_year:
            yield each.value * count + once.value, one.dimension, "so many and one"


def _by_one_sum(one: Quantity, other: Quantity) -> Iterator[tuple[float, str, str]]:
    yield from _compared(one, other)
    for count, amount in ((one, other), (other, one)):
        if count.dimension == "count" and count.value:
            if amount.dimension in _AMOUNTS:
                yield amount.value / count.value, amount.dimension, "each"
                yield amount.value * count.value, amount.dimension, "all together"
            elif amount.dimension == "count":
                yield amount.value / count.value, "count", "each"
                if count.period and not amount.period:
                    yield amount.value / count.value * PERIOD_DAYS[count.period] * _DAY, "time", AT_THAT_RATE
        if count.dimension == "percent" and amount.dimension not in ("percent", "year", "clock"):
            yield amount.value * count.value / 100, amount.dimension, "that share"
            yield amount.value * (1 - count.value / 100), amount.dimension, "the others"


def per_piece(quantity: Quantity) -> Iterator[tuple[float, str]]:
    """Yields the time for each: 25 ms a page for “40 pages per second”."""
    if quantity.period and quantity.dimension == "count" and quantity.value:
        yield PERIOD_DAYS[quantity.period] * _DAY / quantity.value, "time"


def supports(backed: Backed, claimed: Quantity) -> bool:
    """Whether a backed quantity carries a claimed one of its dimension: same unit, close enough for how the claim is
    worded.
    """
    return _is_same_unit(backed, claimed) and _is_close(backed, claimed)


def is_multiple(backed: Backed, claimed: Quantity, counts: Iterable[float]) -> bool:
    """Whether the claim is a backed amount times one of `counts`: two loaves at £4.80 are £9.60."""
    return (
        backed.how in ("", "each")
        and _is_same_unit(backed, claimed)
        and any(
            1 < n <= _MOST_PIECES and n == int(n) and abs(backed.value * n - claimed.value) < 0.006 * claimed.value
            for n in counts
        )
    )


def _is_same_unit(backed: Backed, claimed: Quantity) -> bool:
    if _differ(backed.currency, claimed.currency):
        return False
    if not claimed.period:
        return backed.how != AT_THAT_RATE or backed.dimension in ("money", "time")
    return backed.period == claimed.period


def _is_close(backed: Backed, claimed: Quantity) -> bool:
    truth, value = backed.value, claimed.value
    if claimed.dimension in ("year", "clock"):
        return truth == value
    slack = _slack(backed, claimed)
    if claimed.sense == "limit":
        slack = 0.001
    elif claimed.sense in ("about", "range"):
        slack = max(slack, 0.13 if claimed.dimension != "percent" else 0.1)
    elif claimed.sense == "more":
        return value * (1 - slack) <= truth <= max(value * 1.4, value + 3)
    elif claimed.sense == "less":
        return value * 0.55 <= truth <= value * (1 + slack)
    elif claimed.sense == "nearly":
        return value * 0.8 <= truth <= value * (1 + slack)
    elif claimed.sense == "vague":
        return truth >= value * 0.95
    return abs(truth - value) <= slack * max(abs(truth), abs(value)) + 1e-9


def _slack(backed: Backed, claimed: Quantity) -> float:
    """Returns how far off a claim without a hedge may be: by rounding, or by giving fewer digits."""
    if claimed.dimension == "percent":
        if claimed.of:
            return 0.04 if claimed.of <= 10 else 0.012
        if not claimed.plain:
            return 0.06  # “two thirds” for 66 or 68%
        return (0.55 if claimed.raw == round(claimed.raw) else 0.055) / max(claimed.value, 1)
    if backed.how:
        return 0.03 if backed.how == AT_THAT_RATE else 0.012
    if claimed.dimension == "time":
        written = claimed.written.lower()
        return 0.1 if "decade" in written or ("week" in written and claimed.raw >= _MANY_WEEKS) else 0.02
    return 0.03 if claimed.dimension in ("length", "weight", "volume") else 0.0
