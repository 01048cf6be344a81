"""The picture of a digest: where the posts of the last 30 days stand, and the same in words as alt text.

It stands in place of the bars of text, which a front end without pictures shows. One community is told in words alone,
because a single bar says no more than its number.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from bot.alert_facts import Facts
from bot.card import Card, Image
from bot.digest_card import STANDING
from bot.words import counted
from core.alerts import AlertRecord
from core.charts.chart import Chart, CountRow, Counts
from core.model import AlertKind, Basis

FILE_NAME = "digest.png"
TITLE = "Where your posts stand"
ROWS_MIN = 2


class Drawer(Protocol):
    async def draw(self, chart: Chart) -> bytes | None:
        """Returns a picture; None when drawing failed."""
        ...


async def with_picture(card: Card, told: AlertRecord, drawer: Drawer) -> Card:
    """Returns an alert's card with its picture; without one when its kind has none, when there is nothing to draw, and
    when drawing failed: then the words say the same.
    """
    found = standing_chart(Facts(told.alert.facts)) if told.alert.kind is AlertKind.DIGEST and card.fields else None
    png = await drawer.draw(found[0]) if found is not None else None
    if found is None or png is None:
        return card
    fields = tuple(field for field in card.fields if field.name != STANDING)
    return replace(card, fields=fields, image=Image(FILE_NAME, png, found[1]))


def standing_chart(facts: Facts) -> tuple[Chart, str] | None:
    """Returns where the posts of each community stand, and the same in words; None for fewer than two communities."""
    rows = [row for row in map(_row, facts.inners("standing")) if sum(row["counts"])]
    if len(rows) < ROWS_MIN:
        return None
    seen, hidden, left = (sum(row["counts"][part] for row in rows) for part in range(3))
    more = (facts.number("standing_count") or 0) - len(rows)
    others = f"and {counted(more, 'community', 'communities')} with fewer posts" if more > 0 else ""
    is_sample = facts.text("basis") == Basis.SAMPLE
    parts = [f"{seen:,} can be seen", f"{hidden:,} cannot", *([f"{left:,} not known yet"] if left else [])]
    about = f"{counted(seen + hidden + left, 'post')} of the last 30 days"
    chart = Chart(
        title=TITLE,
        subtitle=f"{about}: how many others can see",
        warning="Sample data, not from Reddit" if is_sample else "",
        series=parts,
        columns=[[Counts(kind="counts", title="", note="", says="", rows=rows)]],
        footnote=others,
    )
    each = "; ".join(f"{row['label']} {row['value']}" for row in rows)
    sample = ", sample data" if is_sample else ""
    return chart, f"{TITLE}{sample}. {about}: {', '.join(parts)}. Can be seen: {each}{f'; {others}' if others else ''}."


def _row(one: Facts) -> CountRow:
    counts = [max(one.number(part) or 0, 0) for part in ("seen", "hidden", "open")]
    return CountRow(label=one.community, value=f"{counts[0]:,} of {sum(counts):,}", counts=counts)
