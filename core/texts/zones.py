"""Finds the time zone that a person means: names, cities, offsets from UTC, and unambiguous abbreviations.

An offset (`GMT+2`, `+02:00`) is read as people use it, where plus is east of Greenwich, and stored as `UTC+02:00`. It
has no summer time. The zone data's own `Etc/GMT+2` has the opposite sign of POSIX, and keeps it.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

from core.errors import BadArgument
from core.texts.pasted import said, without_marks
from core.texts.plain import folded

NEAR_MAX = 3  # zones that an error offers in place of an unknown one
_EAST_MAX, _WEST_MAX = timedelta(hours=14), timedelta(hours=12)
_DO = "Name a city, as in Europe/Vienna, or an offset, as in UTC+2."
_POSIX = re.compile(r"(?:Etc/)?GMT[+-]?\d+")  # of the zone data
_ETC = re.compile(r"etc/gmt([+-])(\d{1,2})", re.ASCII)
_OFFSET = re.compile(
    r"\(?(?:utc|gmt|z)?_?([+−–‐-])_?(\d{1,2})(?:([.,](?:5|25|75))|[:.h]?(\d{2}))?h?\)?", re.ASCII | re.IGNORECASE
)
_KEPT = re.compile(r"UTC([+-])(\d\d):(\d\d)", re.ASCII)
_QUARTERS = {".5": 30, ".25": 15, ".75": 45}

# Abbreviations with one meaning. One of summer time means the place, which has another time in winter.
_MEANS = {
    "z": "UTC",
    "utc": "UTC",
    "gmt": "UTC",
    "gmt0": "UTC",
    "gmt_0": "UTC",
    "zulu": "UTC",
    "universal": "UTC",
    "cest": "CET",
    "mez": "CET",
    "mesz": "CET",
    "eest": "EET",
    "west": "WET",
    "et": "America/New_York",
    "edt": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "mdt": "America/Denver",
    "pt": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "akst": "America/Anchorage",
    "akdt": "America/Anchorage",
    "hst": "Pacific/Honolulu",
    "nst": "America/St_Johns",
    "ndt": "America/St_Johns",
    "adt": "America/Halifax",
    "brt": "America/Sao_Paulo",
    "art": "America/Argentina/Buenos_Aires",
    "msk": "Europe/Moscow",
    "trt": "Europe/Istanbul",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "hkt": "Asia/Hong_Kong",
    "sgt": "Asia/Singapore",
    "pkt": "Asia/Karachi",
    "npt": "Asia/Kathmandu",
    "wib": "Asia/Jakarta",
    "ict": "Asia/Bangkok",
    "idt": "Asia/Jerusalem",
    "sast": "Africa/Johannesburg",
    "eat": "Africa/Nairobi",
    "cat": "Africa/Maputo",
    "awst": "Australia/Perth",
    "aedt": "Australia/Sydney",
    "acdt": "Australia/Adelaide",
    "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland",
}
# Abbreviations with several meanings. The zone data have some of them as fixed offsets, which few people mean.
_MAY_MEAN = {
    "est": ("America/New_York", "America/Panama", "Australia/Sydney"),
    "cst": ("America/Chicago", "America/Costa_Rica", "Asia/Shanghai"),
    "cdt": ("America/Chicago", "America/Havana"),
    "mst": ("America/Denver", "America/Phoenix"),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "ast": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "gst": ("Asia/Dubai", "Atlantic/South_Georgia"),
    "amt": ("America/Manaus", "Asia/Yerevan"),
    "wat": ("Africa/Lagos", "Africa/Algiers"),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
    "sst": ("Pacific/Pago_Pago", "Asia/Singapore"),
}


@functools.cache
def zone_names() -> tuple[str, ...]:
    """Returns every zone that this machine knows, sorted; without zone data only "UTC".

    It leaves out `Etc/GMT+2` and its like, whose sign means the opposite to people, and abbreviations that mean several
    zones.
    """
    known = {n for n in available_timezones() if not _POSIX.fullmatch(n) and n.casefold() not in _MAY_MEAN}
    return tuple(sorted({"UTC", *known} - {"localtime", "Factory"}))


def fixed_offset(name: str) -> timezone | None:
    """Returns the zone of a name such as "UTC+02:00"; None for any other."""
    match = _KEPT.fullmatch(name)
    if match is None:
        return None
    east = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-east if match[1] == "-" else east)


def find_zone(text: str) -> str:
    """Returns the stored name of the zone that a person wrote.

    "europe/vienna", "Vienna" and "new york" are zones of the zone data; "GMT+2", "+02:00" and "UTC+5:30" are
    "UTC+02:00" and "UTC+05:30". Raises `BadArgument` with what comes near, or what an abbreviation may mean.
    """
    wanted = _folded(text)
    if (offset := _offset(wanted)) is not None:
        return offset
    if wanted in _MAY_MEAN and len(zone_names()) > 1:
        raise BadArgument(
            f"{said(without_marks(text))} means several time zones.", _choose(_MAY_MEAN[wanted]), param="zone"
        )
    if (name := _MEANS.get(wanted)) is not None and name in zone_names():
        return name
    by_name, by_city = _index(zone_names())
    if wanted in by_name:
        return by_name[wanted]
    cities = by_city.get(wanted, ())
    if len(cities) == 1 or (cities and _are_one(cities)):
        return max(cities, key=len)
    raise _unknown(text, cities or _near(wanted, by_city))


def _choose(names: Sequence[str]) -> str:
    return f"Did you mean {' or '.join(names[:NEAR_MAX])}? A city is the surest."


def _unknown(text: str, near: Sequence[str]) -> BadArgument:
    return BadArgument(
        f"There is no time zone {said(without_marks(text))}.",
        f"Did you mean {', '.join(near[:NEAR_MAX])}?" if near else _DO,
        param="zone",
    )


@functools.lru_cache(maxsize=2)
def _index(names: tuple[str, ...]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Returns names by their spellings ("europe/vienna", "europe_vienna"), and by their last part, the city."""
    by_city: dict[str, tuple[str, ...]] = {}
    for name in names:
        city = _folded(name.rpartition("/")[2])
        by_city[city] = (*by_city.get(city, ()), name)
    return {form: name for name in names for form in (_folded(name), _folded(name).replace("/", "_"))}, by_city


def _near(wanted: str, by_city: dict[str, tuple[str, ...]]) -> list[str]:
    """Returns the cities in a longer text ("Vienna, Austria"), else those with a similar spelling."""
    parts = (part.strip("_") for part in re.split(r"[,;()&|]+|_and_", wanted))
    # The city says more than the continent before it.
    city = wanted.rpartition("/")[2]
    alike = [part for part in parts if part in by_city] or difflib.get_close_matches(city, by_city, NEAR_MAX, 0.7)
    return [name for city in alike for name in by_city[city]]


_INSTANTS = tuple(datetime(year, month, 1, tzinfo=UTC) for year in range(2000, 2030) for month in (1, 4, 7, 10))


def _are_one(names: Sequence[str]) -> bool:
    """Returns whether the names mean one zone: their clocks have been the same through these years."""
    return len({tuple(at.astimezone(ZoneInfo(name)).utcoffset() for at in _INSTANTS) for name in names}) == 1


def _offset(wanted: str) -> str | None:
    posix = _ETC.fullmatch(wanted)
    match = posix or _OFFSET.fullmatch(wanted)
    if match is None:
        return None
    sign, hours = match[1], int(match[2])
    minutes = 0 if posix else int(match[4] or 0) or _QUARTERS.get((match[3] or "").replace(",", "."), 0)
    east = timedelta(hours=hours, minutes=minutes)
    is_east = (sign == "+") is not bool(posix)
    if minutes % 15 or minutes > 59 or east > (_EAST_MAX if is_east else _WEST_MAX):
        return None
    return f"UTC{'+' if is_east else '-'}{hours:02}:{minutes:02}" if east else "UTC"


def _folded(name: str) -> str:
    """Returns a key that ignores case, accents, and the signs between words and parts."""
    letters = folded(without_marks(name)[:200]).strip(" '\"`.,“”„‘’<>")
    words = re.sub(r"_?/_?|_-_", "/", re.sub(r"[\s_]+", "_", letters))
    return re.sub(r"(?<=[^\W\d])-(?=[^\W\d])", "_", words)
