"""The pictures of `/rao community …`: the figures of a profile that they show, and the same in words as alt text.

A part that has fewer than `MIN_GROUP` posts is not drawn; it says so instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.words import counted, percent, rounded, shortened
from core.analysis.intervals import quantile_for, wilson
from core.analysis.profile import MIN_GROUP
from core.analysis.sensitivity import Sensitivity
from core.charts.chart import Band as DrawnBand
from core.charts.chart import (
    Chart,
    Effect,
    Effects,
    Measure,
    Measures,
    Rhythm,
    ShareRow,
    Shares,
    Strip,
    TimeShare,
)
from core.charts.chart import Share as DrawnShare
from core.clock import day, moment
from core.communities import CommunityProfile
from core.texts.days import WEEKDAYS
from core.texts.features import COUNTED
from core.texts.figures import Band, Direction, Figures, Share, Slot, Spread, When
from core.timetable import zone

ALT_MAX = 1000  # Slack's limit; Discord takes a little more
EFFECTS_SHOWN = 3
_SENSITIVITY = "Sensitivity to promotion"
_MIDDLE = 5.5  # of its scale from 1 to 10
HABITS_COMPARED = 5  # the most different ones

_MEASURES = ("title_chars", "body_words", "score", "comments")
_LABELS = {  # two or three words, because a phone shows no more
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
    "first_person": "I, my, we in text",
    "number": "number in text",
    "measure": "amount in text",
    "link": "link in text",
    "question": "question in text",
    "list": "list in text",
    "formatting": "headings or bold",
    "summary": "a TL;DR",
    "promotion": "“sign up” and such",
    "own_work": "own work linked",
    "opens_number": "number at the start",
    "opens_question": "question at start",
    "opens_own": "I or we at the start",
    "opens_greeting": "greeting at start",
    "quote": "a quoted line",
    "journey": "a journey",
    "solution": "problem, solution",
    "feedback": "asks for feedback",
    "asks": "asks the community",
    "announcement": "an announcement",
}
_SIDES: Mapping[Direction, Literal[-1, 1]] = {Direction.BETTER: 1, Direction.WORSE: -1}
_SAMPLE = "Sample data, not from Reddit"


@dataclass(frozen=True, slots=True)
class Hours:
    """The zone in which times of day are told, and how far it is from UTC now."""

    zone: str = "UTC"
    ahead: timedelta = timedelta()

    @classmethod
    def of(cls, timezone: str, now: datetime) -> Hours:
        return cls(timezone, now.astimezone(zone(timezone)).utcoffset() or timedelta())

    def at(self, hour: int) -> str:
        """A full hour of UTC there: "09:00"; a day ends at 24:00."""
        minutes = 60 * hour + round(self.ahead.total_seconds() / 60)
        minutes = minutes if minutes == 24 * 60 else minutes % (24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"

    def span(self, begin: int, end: int) -> str:
        """ "18:00 to 21:00 UTC", "19:00 to 22:00 in Europe/Vienna"."""
        return f"{self.at(begin)} to {self.at(end)} {'UTC' if self.zone == 'UTC' else f'in {self.zone}'}"


UTC_HOURS = Hours()


def norms_chart(
    profile: CommunityProfile,
    bases: str,
    is_sample: bool,
    sensitivity: Sensitivity | None = None,
    hours: Hours = UTC_HOURS,
) -> tuple[Chart, str] | None:
    """Returns one community at a glance, and the same in words; None when there are too few posts for norms."""
    figures = Figures.read(profile.figures)
    if not figures.enough:
        return None
    effects, effect_words = _effects(figures)
    rhythm, rhythm_words = _rhythm(figures.when, hours)
    scale, scale_words = _scale(sensitivity)
    named = f"r/{profile.community}"
    chart = Chart(
        title=f"What is normal in {named}",
        subtitle=f"{counted(profile.sample_size, 'post')} from {bases}, {_span([profile])}",
        warning=_SAMPLE if is_sample else "",
        series=[named],
        columns=[[scale, _measures([figures])], [effects, rhythm]],
        footnote="",  # the card says when
    )
    alt = [
        f"{named}, {counted(profile.sample_size, 'post')}{', sample data' if is_sample else ''}.",
        scale_words,
        _measure_words([named], [figures]),
        effect_words,
        rhythm_words,
    ]
    return chart, shortened(" ".join(part for part in alt if part), ALT_MAX)


def comparison_chart(profiles: Sequence[CommunityProfile], is_sample: bool) -> tuple[Chart, str] | None:
    """Returns communities on the same scales, and the same in words; None when fewer than two have enough posts."""
    enough = [profile for profile in profiles if Figures.read(profile.figures).enough]
    if len(enough) < 2:
        return None
    figures = [Figures.read(profile.figures) if profile in enough else Figures() for profile in profiles]
    habits = _differing_most({name: [_counts(each, name) for each in figures] for name in ("self_post", *COUNTED)})
    names = [f"r/{profile.community}" for profile in profiles]
    chart = Chart(
        title=f"{len(profiles)} communities side by side",
        subtitle=f"Posts of {_span(enough)}",
        warning=_SAMPLE if is_sample else "",
        series=[_series(profile) for profile in profiles],
        columns=[[_measures(figures)], [_shares("Where they differ most", habits)]],
        footnote=f"Oldest figures computed {moment(min(profile.computed_at for profile in enough))}",
    )
    few = [name for name, each in zip(names, figures, strict=True) if not each.enough]
    alt = [
        f"{len(profiles)} communities side by side{', sample data' if is_sample else ''}.",
        f"Too few posts: {', '.join(few)}." if few else "",
        _measure_words(names, figures),
        _share_words(names, habits),
    ]
    return chart, shortened(" ".join(part for part in alt if part), ALT_MAX)


def _series(profile: CommunityProfile) -> str:
    few = "" if Figures.read(profile.figures).enough else ", too few"
    return f"r/{profile.community} · {counted(profile.sample_size, 'post')}{few}"


def _span(profiles: Sequence[CommunityProfile]) -> str:
    first, last = day(min(p.first_post_at for p in profiles)), day(max(p.last_post_at for p in profiles))
    return first if first == last else f"{first} to {last}"


def _measures(figures: Sequence[Figures]) -> Measures:
    measures = []
    for name in _MEASURES:
        bands = [_band(each, name) for each in figures]
        value = _band_words(bands[0]) if len(bands) == 1 and bands[0] else ""
        measures.append(Measure(label=_LABELS[name], value=value, bands=bands))
    return Measures(
        kind="measures",
        title="The usual post",
        note="bar: middle half of posts · line: median" if len(figures) == 1 else "bar: middle half · number: median",
        says="",
        measures=measures,
    )


def _band(figures: Figures, name: str) -> DrawnBand | None:
    measure: Band | Spread = getattr(figures, name)
    quartiles = measure.quartiles
    if quartiles is None or (measure.known if isinstance(measure, Spread) else measure.n) < MIN_GROUP:
        return None
    low, middle, high = quartiles
    return DrawnBand(low=low, middle=middle, high=high)


def _band_words(band: DrawnBand) -> str:
    return f"{rounded(band['middle'])} ({rounded(band['low'])} to {rounded(band['high'])})"


def _measure_words(names: Sequence[str], figures: Sequence[Figures]) -> str:
    told = []
    for measure in _MEASURES:
        bands = [_band(each, measure) for each in figures]
        told.append(_for_each(_LABELS[measure], names, [_band_words(band) if band else "" for band in bands]))
    return f"Median (middle half): {'; '.join(filter(None, told))}."


def _for_each(label: str, names: Sequence[str], values: Sequence[str]) -> str:
    """Returns a label with its value, or with one value per name; empty when no value is known."""
    known = [(name, value) for name, value in zip(names, values, strict=True) if value]
    if not known:
        return ""
    if len(names) == 1:
        return f"{label} {known[0][1]}"
    return f"{label} {', '.join(f'{name} {value}' for name, value in known)}"


def _shares(title: str, habits: Mapping[str, Sequence[Share]]) -> Shares:
    z = quantile_for(1)
    rows = [ShareRow(label=_LABELS[name], shares=[_share(c, z) for c in counts]) for name, counts in habits.items()]
    return Shares(kind="shares", title=title, note="share of posts · line: margin of error", says="", rows=rows)


def _counts(figures: Figures, name: str) -> Share:
    return figures.self_posts if name == "self_post" else figures.shares.get(name, Share())


def _share(share: Share, z: float) -> DrawnShare | None:
    if share.share is None or share.of < MIN_GROUP:
        return None
    low, high = wilson(share.count, share.of, z)
    return DrawnShare(share=share.share, low=low, high=high)


def _differing_most(habits: Mapping[str, Sequence[Share]]) -> dict[str, Sequence[Share]]:
    """Returns the habits with the most different shares, among those that two or more communities have
    enough posts for.
    """

    def spread(name: str) -> float:
        shares = [each.share for each in habits[name] if each.share is not None and each.of >= MIN_GROUP]
        return max(shares) - min(shares) if len(shares) > 1 else -1.0

    return {name: habits[name] for name in sorted(habits, key=spread, reverse=True)[:HABITS_COMPARED]}


def _share_words(names: Sequence[str], habits: Mapping[str, Sequence[Share]]) -> str:
    told = [
        _for_each(_LABELS[habit], names, [percent(one.share) if one.of >= MIN_GROUP else "" for one in counts])
        for habit, counts in habits.items()
    ]
    return f"Share of posts: {'; '.join(filter(None, told))}."


def _scale(sensitivity: Sensitivity | None) -> tuple[Effects, str]:
    """The sensitivity with its interval, between what welcomes promotion and what rejects it."""
    told = "Unknown." if sensitivity is None else f"{sensitivity.told[0].upper()}{sensitivity.told[1:]}."
    effects = []
    if sensitivity is not None and sensitivity.value is not None:
        low, value, high = (
            (_MIDDLE - (at or _MIDDLE)) / (_MIDDLE - 1) for at in (sensitivity.high, sensitivity.value, sensitivity.low)
        )
        words = told.partition(" (")[0]
        effects = [Effect(label="line: 95% interval", value=words, difference=value, low=low, high=high)]
    panel = Effects(
        kind="effects",
        title=_SENSITIVITY,
        note="",
        says="" if effects else told,
        less="rejects it (10)",
        more="welcomes it (1)",
        effects=effects,
        reach=1.0,
    )
    return panel, f"{_SENSITIVITY}: {told}"


def _effects(figures: Figures) -> tuple[Effects, str]:
    says = "" if figures.findings else nothing_found(figures)
    effects = [
        Effect(
            label=_LABELS.get(finding.feature, finding.text),
            value=f"{percent(finding.having.share)} vs {percent(finding.lacking.share)}",
            difference=finding.difference,
            low=finding.low,
            high=finding.high,
        )
        for finding in figures.findings[:EFFECTS_SHOWN]
    ]
    panel = Effects(
        kind="effects",
        title="What goes with the score",
        note="above the median: with it vs without" if effects else "",
        says=says,
        less="lower score",
        more="higher score",
        effects=effects,
        reach=None,
    )
    told = "; ".join(f"{effect['label']} {effect['value']}" for effect in effects)
    return panel, f"Above the median score, with vs without: {told}." if told else says


def nothing_found(figures: Figures) -> str:
    """Returns why there is no finding, for the card and its picture."""
    if not figures.tested:
        return f"Nothing to compare: no feature has {MIN_GROUP} settled scores on both sides."
    return f"Nothing that chance does not explain: {counted(figures.tested, 'feature')} tested."


def _rhythm(when: When, in_zone: Hours) -> tuple[Rhythm, str]:
    hours, days = [_drawn(slot) for slot in when.hours_utc], [_drawn(slot) for slot in when.weekdays_utc]
    says = "" if when.tested and when.usual else when_words(when, in_zone)
    marks = [*(slot.begin for slot in when.hours_utc), 24]
    ticks = ["" if hour % 6 else in_zone.at(hour).removesuffix(":00") for hour in marks]
    if ":" in ticks[-1]:  # a half hour is wide, and the last one would touch the weekdays
        ticks[-1] = ""
    day_strip = Strip(label=f"hour, {in_zone.zone}", ticks=ticks, slots=hours)
    week_strip = Strip(
        label="weekday, UTC", ticks=[WEEKDAYS[slot.begin % 7][0] for slot in when.weekdays_utc], slots=days
    )
    panel = Rhythm(
        kind="rhythm",
        title="When posts score higher",
        note=""
        if says
        else f"share above the median · {'grey: too few' if None in [*hours, *days] else 'line: all posts'}",
        says=says,
        usual=when.usual,
        strips=[strip for strip in (day_strip, week_strip) if strip["slots"]],
    )
    return panel, when_words(when, in_zone)


def when_words(when: When, hours: Hours = UTC_HOURS) -> str:
    """Returns in words when posts score higher or lower than usual, for the card and for the alt text."""
    if not when.tested:
        return f"Too few settled scores: no time of day and no weekday has {MIN_GROUP}."
    if not when.usual:
        return "No post is above the median: most scores are alike."
    told = []
    for direction, word in ((Direction.BETTER, "higher"), (Direction.WORSE, "lower")):
        if found := [f"{name} (n={slot.known:,})" for name, slot in when.standing_out(direction, hours.span)]:
            told.append(f"{word} at {', '.join(found)}")
    return f"Scores are {'; '.join(told)}." if told else "No time of day and no weekday stands out beyond chance."


def _drawn(slot: Slot) -> TimeShare | None:
    if slot.share is None or slot.low is None or slot.high is None:
        return None
    side = _SIDES[slot.stands_out] if slot.stands_out is not None else 0
    return TimeShare(share=slot.share, low=slot.low, high=slot.high, side=side)
