"""The picture of a digest: where the posts of the last 30 days stand, how posts that name the product stood against the
others, and the same in words as alt text.

It stands in place of the bars of text, which a front end without pictures shows. One community is told in words alone,
because a single bar says no more than its number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from bot.alert_facts import Facts
from bot.card import Card, Image
from bot.digest_card import GROUPS, PRODUCT, STANDING, groups_of, hint_of, share_of
from bot.words import counted
from core.alerts import AlertRecord
from core.charts.chart import Chart, CountRow, Counts
from core.model import AlertKind, Basis

FILE_NAME = "digest.png"
TITLE = "Where your posts stand"
ROWS_MIN = 2
PARTS = ("can be seen", "cannot", "not known yet")


class Drawer(Protocol):
    async def draw(self, chart: Chart) -> bytes | None:
        """Returns a picture; None when drawing failed."""
        ...


async def with_picture(card: Card, told: AlertRecord, drawer: Drawer) -> Card:
    """Returns an alert's card with its picture; without one when its kind has none, when there is nothing to draw, and
    when drawing failed: then the words say the same.
    """
    found = digest_chart(Facts(told.alert.facts)) if told.alert.kind is AlertKind.DIGEST and card.fields else None
    png = await drawer.draw(found.chart) if found is not None else None
    if found is None or png is None:
        return card
    fields = tuple(field for field in card.fields if field.name not in found.stands_for)
    return replace(card, fields=fields, image=Image(FILE_NAME, png, found.alt))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart, the same in words, and the fields of the card that it stands for."""

    chart: Chart
    alt: str
    stands_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One panel's bars, what they say in words, and the field that says the same."""

    field: str
    title: str
    note: str
    rows: list[CountRow]
    alt: str
    hint: str = ""


def digest_chart(facts: Facts) -> Drawn | None:
    """Returns where the posts of each community stand, and how those that name the product stood against the others;
    None when there is neither.
    """
    parts = [part for part in (_standing(facts), _product(facts)) if part is not None]
    if not parts:
        return None
    is_sample = facts.text("basis") == Basis.SAMPLE
    total = [sum(row["counts"][at] for part in parts for row in part.rows) for at in range(len(PARTS))]
    chart = Chart(
        title=TITLE,
        subtitle="What others can see",
        warning="Sample data, not from Reddit" if is_sample else "",
        series=[name for name, count in zip(PARTS, total, strict=True) if count or name != PARTS[-1]],
        columns=[[Counts(kind="counts", title=p.title, note=p.note, says="", rows=p.rows) for p in parts]],
        footnote=" ".join(part.hint for part in parts if part.hint),
    )
    sample = ", sample data" if is_sample else ""
    alt = " ".join([f"{TITLE}{sample}.", *(part.alt for part in parts), chart["footnote"]]).strip()
    return Drawn(chart, alt, tuple(part.field for part in parts))


def _standing(facts: Facts) -> _Part | None:
    """Where the posts of each community stand; None for fewer than two communities."""
    rows = [row for row in map(_row, facts.inners("standing")) if sum(row["counts"])]
    if len(rows) < ROWS_MIN:
        return None
    counts = [sum(row["counts"][at] for row in rows) for at in range(len(PARTS))]
    more = (facts.number("standing_count") or 0) - len(rows)
    others = f"and {counted(more, 'community', 'communities')} with fewer posts" if more > 0 else ""
    named = [f"{count:,} {name}" for count, name in zip(counts, PARTS, strict=True) if count or name != PARTS[-1]]
    about, said = f"{counted(sum(counts), 'post')} of the last 30 days", ", ".join(named)
    each = "; ".join(f"{row['label']} {row['value']}" for row in rows)
    alt = f"{about}: {said}. Can be seen: {each}{f'; {others}' if others else ''}."
    return _Part(STANDING, about, said, [*rows[:-1], CountRow(**{**rows[-1], "note": others})], alt)


def _row(one: Facts) -> CountRow:
    counts = [max(one.number(part) or 0, 0) for part in ("seen", "hidden", "open")]
    return CountRow(label=one.community, value=f"{counts[0]:,} of {sum(counts):,}", counts=counts)


def _product(facts: Facts) -> _Part | None:
    """How posts that name the product stood a week later, and how the others; None when there is nothing to compare."""
    groups = groups_of(facts)
    if groups is None:
        return None
    share = share_of(facts, *groups)
    rows = [
        CountRow(label=name, value=group.share, counts=[group.stayed, group.gone, group.open], note=note)
        for group, name in zip(groups, GROUPS, strict=True)
        for note in [", ".join(filter(None, (group.usual, f"{group.open:,} not known yet" if group.open else "")))]
    ]
    each = [", ".join(filter(None, (f"{row['label']}: {row['value']}", row["note"]))) for row in rows]
    alt = " ".join(f"{said}." for said in (f"With and without the product: {share}", *each))
    return _Part(PRODUCT, "With and without the product", share, rows, alt, hint_of(*groups))
