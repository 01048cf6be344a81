"""What a completion cost, read from the JSON of a provider's answer. An unknown cost counts as high: 0 is not believed.

Providers and routers report tokens and money under many names, leave them out, or write zeros. A router's own cost may
be only its fee, besides what the customer pays upstream. The dearest plausible reading counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.money import BELIEVABLE_USD_MAX

Price = tuple[float, float]  # dollars per token of the prompt and of the answer

_PROMPT = {
    "prompttokens", "inputtokens", "prompttokencount", "inputtokencount", "promptevalcount", "tokensprompt",
    "inputtexttokencount", "tokensevaluated", "nprompttokens",
}  # fmt: skip
_ANSWER = {
    "completiontokens", "outputtokens", "candidatestokencount", "completiontokencount", "outputtokencount", "evalcount",
    "tokenscompletion", "generatedtokens", "tokenspredicted", "ncompletiontokens",
}  # fmt: skip
_TOTAL = {"totaltokens", "totaltokencount", "tokens"}
_THOUGHT = {"reasoningtokens", "thoughtstokencount", "thinkingtokens"}
_BESIDE_PROMPT = {"cachecreationinputtokens", "cachereadinputtokens"}  # Anthropic counts these beside the input
_CACHED = {"cachedtokens", "cachedcontenttokencount", "prompcachehittokens", "cachereadinputtokens"}
_COST = {
    "cost", "totalcost", "costusd", "totalcostusd", "usdcost", "estimatedcost", "responsecost", "totalprice", "price",
}  # fmt: skip
_UPSTREAM = {"upstreaminferencecost", "upstreamcost"}
_UPSTREAM_PARTS = {"upstreaminferencepromptcost", "upstreaminferencecompletionscost"}
_TOTALS_OF_COST = {"total", "totalcost", "totalcostusd", "totalusd", "usd"}
_CURRENCY = {"currency", "costcurrency", "currencycode"}
_DOLLARS = {"usd", "us$", "$", "dollar", "dollars", "usdollar", "usdollars"}
_INSIDE = {"usage", "usagemetadata", "meta", "metadata", "billedunits", "tokens", "metrics", "xgroq", "statistics"}
_DEEPEST = 4
_TOKENS_MAX = 10**9  # of one completion; more is nonsense


@dataclass(frozen=True, slots=True)
class Reported:
    """What a provider said about one completion. None for what it left out, and for zeros and nonsense."""

    prompt_tokens: int | None = None
    answer_tokens: int | None = None  # including those of thinking
    cached_tokens: int | None = None  # of the prompt
    cost_usd: float | None = None
    fee_only: bool = False  # the cost is only a router's fee; the upstream cost was not told


def read_reported(body: Any, headers: Mapping[str, str] | None = None) -> Reported:
    """`body` is the answer's JSON, of any shape."""
    places = list(_places(body))
    prompt = _most(places, _PROMPT)
    beside = sum(_most([place], _BESIDE_PROMPT, add=True) or 0 for place in places[:2])
    total = _most(places, _TOTAL)
    answer, thought = _most(places, _ANSWER), _most(places, _THOUGHT)
    cost, fee_only = _cost(places, headers or {})
    return Reported(
        prompt_tokens=prompt + beside if prompt else None,
        answer_tokens=_answer_tokens(prompt, answer, thought, total),
        cached_tokens=_most(places, _CACHED),
        cost_usd=cost,
        fee_only=fee_only,
    )


def cost_of(
    reported: Reported, *, stated: Price | None, mapped: Price | None, reckoned_usd: float | None = None
) -> tuple[float | None, str]:
    """The dollars to book, and where they come from ("settings", "provider", "price_map"), or None and "unknown".

    `stated` is the model's price in the settings; only the settings can say that a model is free. `mapped` is the price
    in litellm's price map. `reckoned_usd` is what litellm itself computes, which includes discounts and surcharges.
    """
    if stated is not None and max(stated) == 0:
        return 0.0, "settings"
    by_tokens: float | None = None
    basis = "unknown"
    if stated is not None:
        by_tokens, basis = _by_tokens(reported, stated), "settings"
    elif mapped is not None and min(mapped) > 0:
        by_tokens, basis = _by_tokens(reported, mapped), "price_map"
        if by_tokens is not None and reckoned_usd is not None and math.isfinite(reckoned_usd) and reckoned_usd > 0:
            discount = reported.cached_tokens is not None and reported.cached_tokens <= (reported.prompt_tokens or 0)
            by_tokens = reckoned_usd if discount else max(by_tokens, reckoned_usd)
    if reported.cost_usd is not None and not reported.fee_only:
        if stated is not None and by_tokens is not None and by_tokens > reported.cost_usd:
            return by_tokens, basis
        return reported.cost_usd, "provider"
    if by_tokens is None or by_tokens <= 0:
        return None, "unknown"
    return by_tokens + (reported.cost_usd or 0.0), basis


def _by_tokens(reported: Reported, price: Price) -> float | None:
    if reported.prompt_tokens is None or reported.answer_tokens is None:
        return None
    return reported.prompt_tokens * price[0] + reported.answer_tokens * price[1]


def _answer_tokens(prompt: int | None, answer: int | None, thought: int | None, total: int | None) -> int | None:
    """The tokens of the answer, thinking included. Some providers count thinking inside the answer and some besides it.
    The total tells which; without a total, thinking is added.
    """
    if answer is None:
        return None
    readings = [answer]
    if total is None or (thought or 0) > answer:
        readings.append(answer + (thought or 0))
    if total is not None and prompt is not None:
        readings.append(total - prompt)
    return max(readings)


# ---------------------------------------------------------------- finding numbers


def _name(key: object) -> str:
    return re.sub(r"[^a-z0-9$]", "", str(key).lower())


def _places(body: Any, depth: int = 0) -> Iterator[Mapping[Any, Any]]:
    """The objects that may hold counts, the answer itself first."""
    if not isinstance(body, Mapping) or depth > _DEEPEST:
        return
    yield body
    for key, value in body.items():
        name = _name(key)
        if name in _INSIDE or name.endswith(("details", "usage")):
            yield from _places(value, depth + 1)


def number(value: Any) -> float | None:
    """A number above 0, written as a number or as text; else None."""
    if isinstance(value, str):
        try:
            value = float(value.strip().lstrip("$").replace(",", "").replace("_", ""))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) and found > 0 else None


def _numbers(places: Iterable[Mapping[Any, Any]], names: set[str]) -> list[float]:
    return [
        found
        for place in places
        for key, value in place.items()
        if _name(key) in names and (found := number(value)) is not None
    ]


def _most(places: Iterable[Mapping[Any, Any]], names: set[str], *, add: bool = False) -> int | None:
    found = _numbers(places, names)
    if not found or max(found) > _TOKENS_MAX:
        return None
    return math.ceil(sum(found) if add else max(found))


# ---------------------------------------------------------------- money that was told


def _cost(places: list[Mapping[Any, Any]], headers: Mapping[str, str]) -> tuple[float | None, bool]:
    if any(_foreign(place) for place in places):
        return None, False
    costs = _money(places, _COST)
    for place in places:
        for key, value in place.items():
            if _name(key) in _COST and isinstance(value, Mapping):
                if _foreign(value):
                    return None, False
                costs.extend(_inside(value))
    costs.extend(_money([headers], {"xlitellmresponsecost"}))
    own = max(costs, default=None)
    parts = sum(_money(places, _UPSTREAM_PARTS))
    upstream = max([*_money(places, _UPSTREAM), *([parts] if parts else [])], default=None)
    own_key = [value for place in places for key, value in place.items() if _name(key) == "isbyok"]
    if upstream is None:
        return own, own is not None and any(value is True for value in own_key)
    if own is None:
        return upstream, False
    # A router that says it pays upstream itself includes that in its own cost.
    paid_by_router = bool(own_key) and all(value is False for value in own_key)
    return (max(own, upstream) if paid_by_router else own + upstream), False


def _inside(cost: Mapping[Any, Any]) -> list[float]:
    """The amounts in a cost that is written as an object: its totals, or else the sum of its parts."""
    totals = _money([cost], _TOTALS_OF_COST)
    parts = sum(found for value in cost.values() if (found := number(value)) is not None)
    return totals or ([parts] if 0 < parts <= BELIEVABLE_USD_MAX else [])


def _money(places: Iterable[Mapping[Any, Any]], names: set[str]) -> list[float]:
    return [found for found in _numbers(places, names) if found <= BELIEVABLE_USD_MAX]


def _foreign(place: Mapping[Any, Any]) -> bool:
    """True when an object names a currency other than dollars: its worth is unknown here."""
    return any(
        isinstance(value, str) and value.strip() and _name(value) not in _DOLLARS
        for key, value in place.items()
        if _name(key) in _CURRENCY
    )
