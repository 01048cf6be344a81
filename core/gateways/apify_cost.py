"""The cost of a run on Apify, from everything that Apify says about it.

The account pays `usageTotalUsd`, but Apify omits it, or gives 0, when an item or an event has a price, and
until it has computed the total. So every value is read, and the largest counts; no run is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.money import BELIEVABLE_USD_MAX, usd_micros

if TYPE_CHECKING:
    from apify_client._models import Run

_EVENTS_MAX = 10**9  # a run has no more; beyond it the cost is not believed anyway


def cost_of(run: Run, items: int = 0) -> int | None:
    """Returns micro-dollars for a run that brought `items`; None when Apify gives no plausible value."""
    readings = [run.usage_total_usd, _by_resource(run), _by_price(run, items)]
    known = [usd for usd in map(_amount, readings) if usd is not None]
    return usd_micros(max(known)) if known else None


def _amount(told: object) -> Decimal | None:
    """Returns an amount above 0 that is believable, or None."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 < told <= BELIEVABLE_USD_MAX:
        return None
    return Decimal(repr(told))


def _by_resource(run: Run) -> float | None:
    if run.usage_usd is None:
        return None
    told = run.usage_usd.model_dump().values()
    return float(sum(usd for usd in map(_amount, told) if usd is not None))


def _by_price(run: Run, items: int) -> float | None:
    """Returns the cost by an actor's price for each item or event; of prices by tier, the highest counts."""
    pricing = run.pricing_info.model_dump(by_alias=True) if run.pricing_info is not None else {}
    model = pricing.get("pricingModel")
    if model == "PRICE_PER_DATASET_ITEM":
        return items * _dearest([pricing.get("pricePerUnitUsd"), *_tiers(pricing.get("tieredPricing"))])
    if model == "PAY_PER_EVENT":
        events = (pricing.get("pricingPerEvent") or {}).get("actorChargeEvents") or {}
        counts: Mapping[str, int] = run.charged_event_counts or {}
        return sum(
            min(max(0, count), _EVENTS_MAX)
            * _dearest([events[name].get("eventPriceUsd"), *_tiers(events[name].get("eventTieredPricingUsd"))])
            for name, count in counts.items()
            if name in events
        )
    return None


def _tiers(tiers: Mapping[str, Mapping[str, Any]] | None) -> Iterable[object]:
    for tier in (tiers or {}).values():
        yield from tier.values()


def _dearest(prices: Iterable[object]) -> float:
    return max((float(usd) for usd in map(_amount, prices) if usd is not None), default=0.0)
