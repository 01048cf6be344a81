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
    bound: str = "exact"
    is_bare: bool = False  # the fact does not say what it counts right there
    is_turned: bool = False  # what is left over: 62 of 71 did, 9 did not
    fact_too: int = -1  # a second fact that it follows from


_LONGEST_LIFE = 100  # years
_MOST_OF_A_FACT = 8  # quantities of one fact that are combined


def backed_by(fact: int, quantities: Sequence[Quantity]) -> Iterator[Backed]:
    """Yields the quantities of one fact and those that follow from it by simple arithmetic."""
    own = [tuple(measured(quantity))[-1] for quantity in quantities[:_MOST_OF_A_FACT]]
    for quantity in quantities:
        yield Backed(
            quantity.value,
            quantity.dimension,
            fact,
            quantity.period,
            quantity.currency,
            "",
            quantity.sense,
            quantity.like is not None,
        )
        if quantity.of:
            few, many = quantity.raw, quantity.of
            yield Backed(few, "count", fact, how="of")
            yield Backed(many, "count", fact, how="of")
            yield Backed(many - few, "count", fact, how="the others", is_turned=True)
        if quantity.dimension == "percent" and 0 < quantity.value < 100:
            yield Backed(100 - quantity.value, "percent", fact, how="the others", is_turned=True)
        if quantity.sense in ("less", "limit") and quantity.dimension == "count":
            yield Backed(quantity.value - 1, "count", fact, how="at most", bound="less")
        if quantity.like is not None:
            for alike in tuple(measured(quantity))[1:]:
                yield Backed(alike.value, alike.dimension, fact, alike.period, alike.currency, "", alike.sense)
        yield from at_other_periods(fact, quantity)
        yield from (Backed(value, dimension, fact, how="each") for value, dimension in per_piece(quantity))
    for one, other in combinations(own, 2):
        yield from _of_two(fact, one, other)


def at_other_periods(fact: int, quantity: Quantity) -> Iterator[Backed]:
    if not quantity.period or quantity.dimension not in ("money", "count", "time"):
        return
    length = PERIOD_DAYS[quantity.period]
    for period, days in PERIOD_DAYS.items():
        if period == quantity.period:
            continue
        factor = days / length
        for rate in {round(factor), factor} if factor >= 1 else {factor}:
            yield Backed(
                quantity.value * rate, quantity.dimension, fact, period, quantity.currency, "at that rate", "rate"
            )
    if quantity.dimension == "time":
        yield Backed(quantity.value * 5, "time", fact, "week", "", "in five days", "rate")


def _of_two(fact: int, one: Quantity, other: Quantity) -> Iterator[Backed]:
    if one.dimension == other.dimension and one.dimension in ("count", "percent", "money", "time", "length", "weight"):
        low, high = sorted((one.value, other.value))
        kind, currency = one.dimension, one.currency
        yield Backed(high - low, kind, fact, one.period, currency, "the difference")
        if not one.opens_range:  # “two to four players” are not six
            yield Backed(high + low, kind, fact, one.period, currency, "together")
        if high > 0 and not {one.sense, other.sense} & {"less", "limit", "more"}:
            yield Backed(low / high * 100, "percent", fact, how="the share")
            yield Backed(100 - low / high * 100, "percent", fact, how="the change", is_turned=False)
            yield Backed(high / max(low, 1e-9), "times", fact, how="the ratio")
        if low > 0:
            yield Backed((high - low) / low * 100, "percent", fact, how="the change")
        if kind == "count" and 0 < other.start - one.end <= 5:  # “12 to 17”
            yield Backed(high - low + 1, "count", fact, how="from one to the other")
    if one.dimension == other.dimension == "year" and 0 < other.value - one.value < _LONGEST_LIFE:
        lasted = (other.value - one.value) * PERIOD_DAYS["year"] * 86400
        yield Backed(lasted, "time", fact, how="from one to the other")  # from 2009 to 2020
    if {one.dimension, other.dimension} == {"year", "time"}:
        year, span = (one, other) if one.dimension == "year" else (other, one)
        if span.value >= PERIOD_DAYS["year"] * 86400:
            for value in (year.value + span.raw, year.value - span.raw):
                yield Backed(value, "year", fact, how="so long before or after")
    for count, amount in ((one, other), (other, one)):
        if amount.dimension == "money" and count.dimension in ("weight", "volume", "length", "data") and count.raw:
            yield Backed(amount.value / count.raw, "money", fact, amount.period, amount.currency, "each")
        if (
            count.dimension == "count"
            and amount.dimension == "time"
            and amount.value
            and not (count.period or amount.period)
        ):
            for period in ("second", "minute", "hour", "day", "week", "month", "year"):
                rate = count.value / amount.value * PERIOD_DAYS[period] * 86400
                yield Backed(rate, "count", fact, period, how="at that rate", bound="rate")
        if (
            count.dimension == "count"
            and 1 < count.value <= _MOST_PIECES
            and amount.dimension in ("money", "time", "length", "weight")
        ):
            yield Backed(amount.value / count.value, amount.dimension, fact, amount.period, amount.currency, "each")


def between_facts(facts: Sequence[Sequence[Quantity]]) -> Iterator[Backed]:
    """Yields sums and differences of money, time and counts of two facts, and n times one price against another."""
    singles = [
        (n, q) for n, quantities in enumerate(facts) for q in quantities if q.dimension in ("money", "time", "count")
    ][:40]
    for (here, one), (there, other) in combinations(singles, 2):
        if here == there or one.dimension != other.dimension or one.period != other.period:
            continue
        yield Backed(
            abs(one.value - other.value), one.dimension, here, one.period, one.currency, "the difference", "pair"
        )
        yield Backed(one.value + other.value, one.dimension, here, one.period, one.currency, "together", "pair")
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
            if dimension != claimed.dimension or value <= 0:
                continue
            backed = Backed(value, dimension, here, "", one.currency or other.currency, how, fact_too=there)
            slack = 0.015 if claimed.sense in ("exact", "more") else 0.1
            slack = min(slack, 0.003) if how == "so many of each" else slack
            slack = max(slack, 0.03) if dimension == "percent" and not claimed.plain else slack
            if abs(value - claimed.value) <= max(
                slack * claimed.value,
                0.0 if dimension != "percent" else 0.51 if claimed.raw == round(claimed.raw) else 0.06,
            ):
                yield backed
    for here, one in quantities:
        for span in beside:
            if one.dimension == "count" == claimed.dimension and one.period and span.dimension == "time":
                value = one.value * span.value / (PERIOD_DAYS[one.period] * 86400)
                if abs(value - claimed.value) <= 0.015 * claimed.value:
                    yield Backed(value, "count", here, how="in that time")


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
        if each.period and not once.period:
            counts = counts | {12.0 if each.period == "month" else 1.0}
        for count in counts:
            yield each.value * count + once.value, one.dimension, "so many and one"


def _by_one_sum(one: Quantity, other: Quantity) -> Iterator[tuple[float, str, str]]:
    if one.dimension == other.dimension and one.dimension not in ("year", "clock", "times"):
        low, high = sorted((one.value, other.value))
        if one.period == other.period:
            yield high - low, one.dimension, "the difference"
            yield high + low, one.dimension, "together"
            if low:
                yield low / high * 100, "percent", "the share"
                yield 100 - low / high * 100, "percent", "the change"
                yield (high - low) / low * 100, "percent", "the change"
                yield high / low, "times", "the ratio"
        if low and one.dimension == "count":
            yield high / low, "count", "each"
    for count, amount in ((one, other), (other, one)):
        if (
            count.dimension == "count"
            and amount.dimension in ("money", "time", "length", "weight", "volume")
            and count.value
        ):
            yield amount.value / count.value, amount.dimension, "each"
            yield amount.value * count.value, amount.dimension, "all together"
        if count.dimension == "percent" and amount.dimension not in ("percent", "year", "clock", "times"):
            yield amount.value * count.value / 100, amount.dimension, "that share"
            yield amount.value * (1 - count.value / 100), amount.dimension, "the others"
        if (
            count.dimension == "count"
            and count.period
            and amount.dimension == "count"
            and not amount.period
            and count.value
        ):
            yield amount.value / count.value * PERIOD_DAYS[count.period] * 86400, "time", "at that rate"


def per_piece(quantity: Quantity) -> Iterator[tuple[float, str]]:
    """Yields the time for each: 25 ms a page for “40 pages per second”."""
    if quantity.period and quantity.dimension == "count" and quantity.value:
        yield PERIOD_DAYS[quantity.period] * 86400 / quantity.value, "time"


def supports(backed: Backed, claimed: Quantity) -> bool:
    """Whether a backed quantity carries a claimed one: same kind, close enough for how the claim is worded."""
    return _is_same_kind(backed, claimed) and _close(backed, claimed, backed.value)


_MOST_PIECES = 100_000


def is_multiple(backed: Backed, claimed: Quantity, counts: Iterable[float]) -> bool:
    """Whether the claim is a backed amount times one of `counts`: two loaves at £4.80 are £9.60."""
    return (
        backed.how in ("", "each")
        and _is_same_kind(backed, claimed)
        and any(
            1 < n <= _MOST_PIECES and n == int(n) and abs(backed.value * n - claimed.value) < 0.006 * claimed.value
            for n in counts
        )
    )


def _is_same_kind(backed: Backed, claimed: Quantity) -> bool:
    if backed.dimension != claimed.dimension:
        return False
    if backed.currency and claimed.currency and backed.currency != claimed.currency:
        return False
    return _same_period(backed, claimed)


def _same_period(backed: Backed, claimed: Quantity) -> bool:
    if not claimed.period:
        return backed.bound != "rate" or backed.dimension in ("money", "time")
    if not backed.period:
        return False
    return backed.period == claimed.period or {backed.period, claimed.period} in (
        {"night", "day"},
        {"weekday", "day"},
        {"evening", "day"},
    )


def _close(backed: Backed, claimed: Quantity, truth: float) -> bool:
    value = claimed.value
    if claimed.dimension in ("year", "clock"):
        return truth == value
    slack = _slack(backed, claimed)
    if claimed.dimension == "times":
        slack = max(slack, 0.1)
    elif claimed.sense in ("about", "range"):
        slack = max(slack, 0.13 if claimed.dimension != "percent" else 0.1)
    if claimed.sense == "limit":
        return abs(truth - value) <= 0.001 * max(truth, 1)
    if claimed.sense == "more" and backed.bound in ("less", "limit") and truth == value:
        return True
    if claimed.sense == "more":
        return value * (1 - slack) <= truth <= value * 1.4 or (truth >= value and truth - value <= 3)
    if claimed.sense == "less":
        return value * 0.55 <= truth <= value * (1 + slack) if value else truth == 0
    if claimed.sense == "nearly":
        return value * 0.8 <= truth <= value * (1 + slack)
    if claimed.sense == "vague":
        return truth >= value * 0.95
    if backed.bound in ("more", "less", "limit") and abs(truth - value) <= 0.001 * max(truth, 1):
        return True
    return abs(truth - value) <= slack * max(abs(truth), abs(value)) + 1e-9


def _slack(backed: Backed, claimed: Quantity) -> float:
    """Returns how far off a claim without a hedge may be: by rounding, or by giving fewer digits."""
    if claimed.dimension == "percent" and claimed.of:
        return 0.04 if claimed.of <= 10 else 0.012
    if claimed.dimension == "percent" and not claimed.plain:
        return 0.06  # “two thirds” for 66 or 68%
    if backed.how:
        if claimed.dimension == "percent":
            return max(0.012, 0.6 / max(claimed.value, 1))
        return 0.012 if backed.bound != "rate" else 0.03
    if claimed.dimension == "percent" and claimed.raw == round(claimed.raw):
        return 0.55 / max(claimed.value, 1) if backed.value != round(backed.value) else 0.0
    if claimed.dimension == "time":
        coarse = "decade" in claimed.written.lower() or (
            "week" in claimed.written.lower() and claimed.raw >= _MANY_WEEKS
        )
        return 0.1 if coarse else 0.02
    if claimed.dimension in ("length", "weight", "volume"):
        return 0.03 if backed.value != claimed.value else 0.0
    return 0.0
