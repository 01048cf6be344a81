"""How times, ages, counts and money are written on cards, once for all of them."""

from __future__ import annotations

from datetime import timedelta

from core.clock import moment as moment


def age(span: timedelta) -> str:
    """A span in its largest fitting unit, rounded down: "50 seconds", "12 minutes", "3 days"."""
    seconds = max(0, int(span.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return counted(seconds // size, unit)
    return counted(seconds, "second")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 post", "1,200 posts"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def dollars(usd_micros: int) -> str:
    """Micro-dollars as dollars: "$5.00"; below a cent as many digits as it takes to be more than nothing."""
    if 0 < abs(usd_micros) < 10_000:
        return f"${usd_micros / 1_000_000:.6f}".rstrip("0")
    return f"${usd_micros / 1_000_000:,.2f}"


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters; what was cut off shows as an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
