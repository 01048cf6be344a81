"""How money is counted and written, in errors, on cards and in logs.

Money is counted in whole micro-dollars. An amount above 0 is never written as "$0.00".
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

_CENT = Decimal("0.01")
_USD_MICROS_PER_CENT = 10_000

# No call of a model and no run costs as much as this. A remote that says so uses another unit, or is wrong.
BELIEVABLE_USD_MAX = 10_000.0


def usd_micros(usd: float | Decimal) -> int:
    """Dollars as micro-dollars, rounded up, so that no cost above 0 counts as free."""
    exact = usd if isinstance(usd, Decimal) else Decimal(repr(float(usd)))
    return math.ceil(exact * 1_000_000)


def dollars(amount_usd_micros: int) -> str:
    """An amount as text: "$5.00"; below a cent with all digits that it needs to be exact: "$0.003"."""
    return _written(amount_usd_micros, ROUND_HALF_EVEN)


def at_most(amount_usd_micros: int) -> str:
    """Like `dollars`, but never less than the amount: for "this can cost up to"."""
    return _written(amount_usd_micros, ROUND_CEILING)


def at_least(amount_usd_micros: int) -> str:
    """Like `dollars`, but never more than the amount: for what is left."""
    return _written(amount_usd_micros, ROUND_FLOOR)


def _written(amount_usd_micros: int, rounding: str) -> str:
    sign, amount = ("-" if amount_usd_micros < 0 else ""), Decimal(abs(amount_usd_micros)) / 1_000_000
    if 0 < abs(amount_usd_micros) < _USD_MICROS_PER_CENT:
        return f"{sign}${amount:.6f}".rstrip("0")
    return f"{sign}${amount.quantize(_CENT, rounding):,}"
