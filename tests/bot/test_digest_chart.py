from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.alert_cards import alert_card
from bot.alert_facts import Facts
from bot.card import Card
from bot.digest_card import STANDING
from bot.digest_chart import standing_chart, with_picture
from core.alerts import Alert, AlertRecord
from core.charts.chart import Chart
from core.model import AlertKind

STANDS = {
    "registered": 2,
    "watched": 46,
    "standing": [
        {"community": "harbor", "seen": 40, "hidden": 1, "open": 2},
        {"community": "pottery", "seen": 3, "hidden": 0, "open": 0},
    ],
    "standing_count": 2,
}
PNG = b"a picture"


class Pencil:
    def __init__(self, png: bytes | None = PNG) -> None:
        self.png = png
        self.drawn: list[Chart] = []

    async def draw(self, chart: Chart) -> bytes | None:
        self.drawn.append(chart)
        return self.png


async def pictured(facts: Mapping[str, Any], pencil: Pencil, kind: AlertKind = AlertKind.DIGEST) -> tuple[Card, Card]:
    """A card in words, and with its picture."""
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    alert = Alert(3, "discord:1", kind, "k", facts, None, None, now, 0, "c")
    card = alert_card(alert)
    return card, await with_picture(card, AlertRecord(alert), pencil)


def test_the_picture_and_its_words_say_the_same() -> None:
    found = standing_chart(Facts(STANDS))
    assert found is not None
    chart, alt = found
    assert chart["title"] == "Where your posts stand"
    assert chart["subtitle"] == "46 posts of the last 30 days: how many others can see"
    assert chart["series"] == ["43 can be seen", "1 cannot", "2 not known yet"]
    [[panel]] = chart["columns"]
    assert panel["kind"] == "counts"
    assert panel["rows"] == [
        {"label": "r/harbor", "value": "40 of 43", "counts": [40, 1, 2]},
        {"label": "r/pottery", "value": "3 of 3", "counts": [3, 0, 0]},
    ]
    assert (chart["footnote"], chart["warning"]) == ("", "")
    assert alt == (
        "Where your posts stand. 46 posts of the last 30 days: 43 can be seen, 1 cannot, 2 not known yet. "
        "Can be seen: r/harbor 40 of 43; r/pottery 3 of 3."
    )


def test_communities_that_have_no_room_are_counted_in_both() -> None:
    found = standing_chart(Facts(STANDS | {"standing_count": 9, "basis": "sample"}))
    assert found is not None
    chart, alt = found
    assert chart["footnote"] == "and 7 communities with fewer posts"
    assert chart["warning"] == "Sample data, not from Reddit"
    assert alt.startswith("Where your posts stand, sample data. ")
    assert alt.endswith("r/pottery 3 of 3; and 7 communities with fewer posts.")


def test_what_is_not_there_has_no_place_in_the_legend() -> None:
    standing = [{"community": name, "seen": 1, "hidden": 0} for name in ("a", "b")]  # as an earlier version kept it
    found = standing_chart(Facts(STANDS | {"standing": standing}))
    assert found is not None
    assert found[0]["series"] == ["2 can be seen", "0 cannot"]


def test_one_community_makes_no_picture_and_nor_does_none() -> None:
    assert standing_chart(Facts(STANDS | {"standing": STANDS["standing"][:1]})) is None  # type: ignore[index]
    empty = [*STANDS["standing"][:1], {"community": "kilns", "seen": 0, "hidden": 0, "open": 0}]  # type: ignore[index]
    assert standing_chart(Facts(STANDS | {"standing": empty})) is None
    assert standing_chart(Facts({})) is None


async def test_the_picture_takes_the_place_of_the_bars() -> None:
    bare, card = await pictured(STANDS, Pencil())
    assert STANDING in [field.name for field in bare.fields]
    assert STANDING not in [field.name for field in card.fields]
    assert [field.name for field in card.fields] == [field.name for field in bare.fields if field.name != STANDING]
    assert card.image is not None
    assert (card.image.png, card.image.file_name) == (PNG, "digest.png")
    assert card.image.alt == (standing_chart(Facts(STANDS)) or ("", ""))[1]


async def test_when_drawing_failed_the_bars_stay() -> None:
    pencil = Pencil(None)
    bare, card = await pictured(STANDS, pencil)
    assert card == bare
    assert len(pencil.drawn) == 1


async def test_nothing_is_drawn_for_other_alerts_or_for_a_digest_without_news() -> None:
    pencil = Pencil()
    for facts, kind in ((STANDS, AlertKind.POST_REMOVED), (STANDS | {"registered": 0}, AlertKind.DIGEST)):
        bare, card = await pictured(facts, pencil, kind)
        assert card == bare
    assert pencil.drawn == []
