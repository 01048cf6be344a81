"""The pictures of `/rao community …`: which figures of a profile they show, and the same in words for who cannot see.

What the posts cannot support is not drawn: a part that stands on fewer than `MIN_GROUP` posts says so instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.words import counted, percent, rounded, shortened
from core.analysis.intervals import quantile_for, wilson
from core.analysis.profile import FEATURES, MIN_GROUP
from core.charts.chart import (
    Band,
    Chart,
    Effect,
    Effects,
    Measure,
    Measures,
    Rhythm,
    Share,
    ShareRow,
    Shares,
    Strip,
)
from core.clock import day, moment
from core.model import CommunityProfile

ALT_MAX = 1000  # Slack's limit; Discord takes a little more
EFFECTS_SHOWN = 3
HABITS_COMPARED = 5  # those that differ most
SLOT_HOURS = 3  # single hours hold too few posts in most communities

_MEASURES = (("title_chars", "n"), ("body_words", "n"), ("score", "known"), ("comments", "known"))
_HABITS = ("self_post", "title_question", "title_number", "title_first_person", "first_person", "link", "promotion")
_LABELS = {  # two or three words: more cannot be read on a phone
    "title_chars": "Title, characters",
    "body_words": "Text, words",
    "score": "Score",
    "comments": "Comments",
    "self_post": "a text, not a link",
    "long_title": "a longer title",
    "long_text": "a longer text",
    "title_question": "question in title",
    "title_number": "number in title",
    "title_first_person": "I, my, we in title",
    "first_person": "text in first person",
    "number": "number in text",
    "measure": "amount in text",
    "link": "link in text",
    "question": "question in text",
    "list": "list in text",
    "formatting": "headings or bold",
    "summary": "a TL;DR",
    "promotion": "advertising phrase",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SAMPLE = "Sample data, not from Reddit"


def norms_chart(profile: CommunityProfile, bases: str, is_sample: bool) -> tuple[Chart, str] | None:
    """One community at a glance, and the same in words; None when there are too few posts to speak of norms."""
    figures = profile.figures
    if not figures.get("enough"):
        return None
    habits = {name: [_counts(figures, name)] for name in _HABITS}
    effects, effect_words = _effects(figures)
    rhythm, rhythm_words = _rhythm(figures)
    named = f"r/{profile.community}"
    chart = Chart(
        title=f"What is normal in {named}",
        subtitle=f"{counted(profile.sample_size, 'post')} from {bases}, {_span([profile])}",
        warning=_SAMPLE if is_sample else "",
        series=[named],
        columns=[[_measures([figures]), effects], [_shares("What posts have", habits), rhythm]],
        footnote=f"Computed {moment(profile.computed_at)}",
    )
    alt = [
        f"{named}, {counted(profile.sample_size, 'post')}{', sample data' if is_sample else ''}.",
        _measure_words([named], [figures]),
        _share_words([named], habits),
        effect_words,
        rhythm_words,
    ]
    return chart, shortened(" ".join(part for part in alt if part), ALT_MAX)


def comparison_chart(profiles: Sequence[CommunityProfile], is_sample: bool) -> tuple[Chart, str] | None:
    """Communities on the same scales, and the same in words; None when fewer than two have enough posts."""
    enough = [profile for profile in profiles if profile.figures.get("enough")]
    if len(enough) < 2:
        return None
    figures = [profile.figures if profile in enough else {} for profile in profiles]
    habits = _differing_most({name: [_counts(each, name) for each in figures] for name in ("self_post", *FEATURES)})
    names = [f"r/{profile.community}" for profile in profiles]
    chart = Chart(
        title=f"{len(profiles)} communities side by side",
        subtitle=f"Posts of {_span(enough)}",
        warning=_SAMPLE if is_sample else "",
        series=[_series(profile) for profile in profiles],
        columns=[[_measures(figures)], [_shares("Where they differ most", habits)]],
        footnote=f"Oldest figures computed {moment(min(profile.computed_at for profile in enough))}",
    )
    few = [name for name, each in zip(names, figures, strict=True) if not each]
    alt = [
        f"{len(profiles)} communities side by side{', sample data' if is_sample else ''}.",
        f"Too few posts: {', '.join(few)}." if few else "",
        _measure_words(names, figures),
        _share_words(names, habits),
    ]
    return chart, shortened(" ".join(part for part in alt if part), ALT_MAX)


def _series(profile: CommunityProfile) -> str:
    few = "" if profile.figures.get("enough") else ", too few"
    return f"r/{profile.community} · {counted(profile.sample_size, 'post')}{few}"


def _span(profiles: Sequence[CommunityProfile]) -> str:
    first, last = day(min(p.first_post_at for p in profiles)), day(max(p.last_post_at for p in profiles))
    return first if first == last else f"{first} to {last}"


# ---------------------------------------------------------------- the middle half of posts


def _measures(figures: Sequence[Mapping[str, Any]]) -> Measures:
    measures = []
    for name, known in _MEASURES:
        bands = [_band(each, name, known) for each in figures]
        value = _band_words(bands[0]) if len(bands) == 1 and bands[0] else ""
        measures.append(Measure(label=_LABELS[name], value=value, bands=bands))
    return Measures(
        kind="measures",
        title="The usual post",
        note="bar: middle half of posts · line: median" if len(figures) == 1 else "bar: middle half · number: median",
        says="",
        measures=measures,
    )


def _band(figures: Mapping[str, Any], name: str, known: str) -> Band | None:
    band = figures.get(name, {})
    if band.get(known, 0) < MIN_GROUP:
        return None
    return Band(low=band["q1"], middle=band["median"], high=band["q3"])


def _band_words(band: Band) -> str:
    return f"{rounded(band['middle'])} ({rounded(band['low'])} to {rounded(band['high'])})"


def _measure_words(names: Sequence[str], figures: Sequence[Mapping[str, Any]]) -> str:
    told = []
    for measure, known in _MEASURES:
        bands = [_band(each, measure, known) for each in figures]
        told.append(_for_each(_LABELS[measure], names, [_band_words(band) if band else "" for band in bands]))
    return f"Median (middle half): {'; '.join(filter(None, told))}."


def _for_each(label: str, names: Sequence[str], values: Sequence[str]) -> str:
    """A label with its value; with every name's own where there are several; empty where nothing is known."""
    known = [(name, value) for name, value in zip(names, values, strict=True) if value]
    if not known:
        return ""
    if len(names) == 1:
        return f"{label} {known[0][1]}"
    return f"{label} {', '.join(f'{name} {value}' for name, value in known)}"


# ---------------------------------------------------------------- shares


def _shares(title: str, habits: Mapping[str, Sequence[tuple[int, int]]]) -> Shares:
    z = quantile_for(1)
    rows = [ShareRow(label=_LABELS[name], shares=[_share(c, z) for c in counts]) for name, counts in habits.items()]
    return Shares(kind="shares", title=title, note="share of posts · line: margin of error", says="", rows=rows)


def _counts(figures: Mapping[str, Any], name: str) -> tuple[int, int]:
    """How many posts have it, of how many that could."""
    share = figures.get("self_posts", {}) if name == "self_post" else figures.get("shares", {}).get(name, {})
    return share.get("count", 0), share.get("of", 0)


def _share(counts: tuple[int, int], z: float) -> Share | None:
    count, of = counts
    if of < MIN_GROUP:
        return None
    low, high = wilson(count, of, z)
    return Share(share=count / of, low=low, high=high)


def _differing_most(habits: Mapping[str, Sequence[tuple[int, int]]]) -> dict[str, Sequence[tuple[int, int]]]:
    """The habits whose shares lie furthest apart; one that only one community has posts enough for says nothing."""

    def spread(name: str) -> float:
        shares = [count / of for count, of in habits[name] if of >= MIN_GROUP]
        return max(shares) - min(shares) if len(shares) > 1 else -1.0

    return {name: habits[name] for name in sorted(habits, key=spread, reverse=True)[:HABITS_COMPARED]}


def _share_words(names: Sequence[str], habits: Mapping[str, Sequence[tuple[int, int]]]) -> str:
    told = [
        _for_each(_LABELS[habit], names, [percent(count / of) if of >= MIN_GROUP else "" for count, of in counts])
        for habit, counts in habits.items()
    ]
    return f"Share of posts: {'; '.join(filter(None, told))}."


# ---------------------------------------------------------------- what goes with the score


def _effects(figures: Mapping[str, Any]) -> tuple[Effects, str]:
    findings = figures.get("findings", [])[:EFFECTS_SHOWN]
    says = ""
    if not findings:
        says = f"Nothing that chance does not explain: {counted(figures.get('tested', 0), 'feature')} tested."
    effects = [
        Effect(
            label=_LABELS.get(finding["feature"], finding["text"]),
            value=f"{percent(finding['with']['share'])} vs {percent(finding['without']['share'])}",
            difference=finding["difference"],
            low=finding["low"],
            high=finding["high"],
        )
        for finding in findings
    ]
    panel = Effects(
        kind="effects",
        title="What goes with the score",
        note="above the median: with it vs without" if findings else "",
        says=says,
        less="lower score",
        more="higher score",
        effects=effects,
    )
    told = "; ".join(f"{effect['label']} {effect['value']}" for effect in effects)
    return panel, f"Above the median score, with vs without: {told}." if told else says


# ---------------------------------------------------------------- when


def _rhythm(figures: Mapping[str, Any]) -> tuple[Rhythm, str]:
    hours, days = figures.get("hours_utc", []), figures.get("weekdays_utc", [])
    starts = range(0, len(hours), SLOT_HOURS)
    by_hour = _slots([hours[start : start + SLOT_HOURS] for start in starts])
    by_day = _slots([[row] for row in days])
    slots = [*by_hour, *by_day]
    # With many equal scores less than half of all posts are above the median, so one half would be no fair measure.
    above, known = _above(hours or days)
    usual = above / known if known else 0.0
    says = ""
    if not any(slots):
        says = f"Too few posts: no time of day and no weekday has {MIN_GROUP}."
    elif not above:
        says = "No post is above the median: most scores are alike."
    ticks = ["" if hour % 6 else str(hour) for hour in (*starts, len(hours))]
    day_strip = Strip(label="hour of day, UTC", ticks=ticks, slots=by_hour)
    week_strip = Strip(label="weekday", ticks=[name[0] for name in _DAYS], slots=by_day)
    panel = Rhythm(
        kind="rhythm",
        title="When posts score higher",
        note="" if says else f"share above the median · {'grey: too few' if None in slots else 'line: all posts'}",
        says=says,
        usual=usual,
        strips=[strip for strip in (day_strip, week_strip) if strip["slots"]],
    )
    if says:
        return panel, says
    names = [*(f"{start:02}:00 to {start + SLOT_HOURS:02}:00 UTC" for start in starts), *(f"{name}s" for name in _DAYS)]
    named = [(name, slot) for name, slot in zip(names, slots, strict=False) if slot is not None]
    higher = [name for name, slot in named if slot["low"] > usual]
    lower = [name for name, slot in named if slot["high"] < usual]
    told = [f"{side} at {', '.join(names)}" for side, names in (("higher", higher), ("lower", lower)) if names]
    return (
        panel,
        f"Scores are {'; '.join(told)}." if told else "No time of day and no weekday stands out beyond chance.",
    )


def _above(rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """How many posts score above the community's median, of how many with a known score."""
    return sum(row["above_median"] for row in rows), sum(row["known"] for row in rows)


def _slots(groups: Sequence[Sequence[Mapping[str, Any]]]) -> list[Share | None]:
    """For each group of hours or days the share of its posts above the median; all intervals hold together."""
    z = quantile_for(max(1, len(groups)))
    return [_share(_above(rows), z) for rows in groups]
