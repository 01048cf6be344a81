from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.alert_cards import alert_card
from bot.alert_facts import Facts
from bot.card import Card
from bot.digest_card import PRODUCT, STANDING
from bot.digest_chart import Drawn, digest_chart, with_picture
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
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


class Pencil:
    def __init__(self, png: bytes | None = PNG) -> None:
        self.png = png
        self.drawn: list[Chart] = []

    async def draw(self, chart: Chart) -> bytes | None:
        self.drawn.append(chart)
        return self.png


async def pictured(facts: Mapping[str, Any], pencil: Pencil, kind: AlertKind = AlertKind.DIGEST) -> tuple[Card, Card]:
    """A card in words, and with its picture."""
    alert = Alert(3, "discord:1", kind, "k", facts, None, None, AT, 0, "c")
    card = alert_card(alert)
    return card, await with_picture(card, AlertRecord(alert), pencil)


def drawn(facts: Mapping[str, Any]) -> Drawn:
    found = digest_chart(Facts(facts))
    assert found is not None
    return found


def test_the_picture_and_its_words_say_the_same() -> None:
    found = drawn(STANDS)
    chart = found.chart
    assert (chart["title"], chart["subtitle"]) == ("Where your posts stand", "What others can see")
    assert chart["series"] == ["can be seen", "cannot", "not known yet"]
    [[panel]] = chart["columns"]
    assert panel["kind"] == "counts"
    assert (panel["title"], panel["note"]) == (
        "46 posts of the last 30 days",
        "43 can be seen, 1 cannot, 2 not known yet",
    )
    assert panel["rows"] == [
        {"label": "r/harbor", "value": "40 of 43", "counts": [40, 1, 2]},
        {"label": "r/pottery", "value": "3 of 3", "counts": [3, 0, 0], "note": ""},
    ]
    assert (chart["footnote"], chart["warning"]) == ("", "")
    assert found.alt == (
        "Where your posts stand. 46 posts of the last 30 days: 43 can be seen, 1 cannot, 2 not known yet. "
        "Can be seen: r/harbor 40 of 43; r/pottery 3 of 3."
    )


def test_communities_that_have_no_room_are_counted_in_both() -> None:
    found = drawn(STANDS | {"standing_count": 9, "basis": "sample"})
    [[panel]] = found.chart["columns"]
    assert panel["kind"] == "counts"
    assert panel["rows"][-1].get("note") == "and 7 communities with fewer posts"
    assert found.chart["warning"] == "Sample data, not from Reddit"
    assert found.alt.startswith("Where your posts stand, sample data. ")
    assert found.alt.endswith("r/pottery 3 of 3; and 7 communities with fewer posts.")


def test_what_is_not_there_has_no_place_in_the_legend() -> None:
    standing = [{"community": name, "seen": 1, "hidden": 0} for name in ("a", "b")]  # as an earlier version kept it
    found = drawn(STANDS | {"standing": standing})
    assert found.chart["series"] == ["can be seen", "cannot"]
    assert "2 can be seen, 0 cannot." in found.alt


def test_one_community_makes_no_picture_and_nor_does_none() -> None:
    assert digest_chart(Facts(STANDS | {"standing": STANDS["standing"][:1]})) is None  # type: ignore[index]
    empty = [*STANDS["standing"][:1], {"community": "kilns", "seen": 0, "hidden": 0, "open": 0}]  # type: ignore[index]
    assert digest_chart(Facts(STANDS | {"standing": empty})) is None
    assert digest_chart(Facts({})) is None


NAMED = {"stayed": 9, "gone": 3, "open": 1, "score": 4, "answers": 1}
UNNAMED = {"stayed": 27, "gone": 1, "open": 0, "score": 11, "answers": 6}
COMPARED = {"named": NAMED, "unnamed": UNNAMED, "days": 90, "unknown": 4}


def test_posts_that_name_the_product_stand_beside_the_others_in_the_picture_and_its_words() -> None:
    found = drawn(STANDS | {"product": COMPARED})
    [[_, panel]] = found.chart["columns"]
    assert panel["kind"] == "counts"
    assert (panel["title"], panel["note"]) == (
        "With and without the product",
        "13 of 41 posts of the last 90 days name it; 4 more have no draft",
    )
    assert panel["rows"] == [
        {
            "label": "Naming it",
            "value": "9 of 12 live after a week",
            "counts": [9, 3, 1],
            "note": "usually a score of 4 and 1 answer, 1 not known yet",
        },
        {
            "label": "The others",
            "value": "27 of 28 live after a week",
            "counts": [27, 1, 0],
            "note": "usually a score of 11 and 6 answers",
        },
    ]
    assert found.chart["footnote"] == ""
    assert found.stands_for == (STANDING, PRODUCT)
    assert found.alt.endswith(
        "r/pottery 3 of 3. With and without the product: 13 of 41 posts of the last 90 days name it; 4 more have no "
        "draft. Naming it: 9 of 12 live after a week, usually a score of 4 and 1 answer, 1 not known yet. The others: "
        "27 of 28 live after a week, usually a score of 11 and 6 answers."
    )


def test_few_posts_are_called_a_hint_and_counts_that_are_not_known_are_left_out() -> None:
    few = {"stayed": 1, "gone": 0, "open": 0, "score": None, "answers": None}
    found = drawn({"product": {"named": few, "unnamed": UNNAMED, "days": 90, "unknown": 0}})
    assert found.stands_for == (PRODUCT,), "one community's number stays in words"
    assert found.chart["footnote"] == "So few posts are no more than a hint."
    assert found.alt == (
        "Where your posts stand. With and without the product: 1 of 29 posts of the last 90 days names it. Naming it: "
        "1 of 1 live after a week. The others: 27 of 28 live after a week, usually a score of 11 and 6 answers. So few "
        "posts are no more than a hint."
    )


def test_where_one_side_is_not_judged_yet_nothing_is_compared() -> None:
    young = {"stayed": 0, "gone": 0, "open": 5}
    assert drawn(STANDS | {"product": COMPARED | {"named": young}}).stands_for == (STANDING,)
    assert digest_chart(Facts({"product": COMPARED | {"unnamed": young}})) is None


async def test_the_picture_takes_the_place_of_the_bars() -> None:
    bare, card = await pictured(STANDS | {"product": COMPARED}, Pencil())
    bars = (STANDING, PRODUCT)
    assert {STANDING, PRODUCT} <= {field.name for field in bare.fields}
    assert [field.name for field in card.fields] == [field.name for field in bare.fields if field.name not in bars]
    assert card.image is not None
    assert (card.image.content, card.image.file_name) == (PNG, "digest.png")
    assert card.image.alt == drawn(STANDS | {"product": COMPARED}).alt


def test_in_words_alone_the_bars_say_the_same() -> None:
    alert = Alert(3, "terminal:a", AlertKind.DIGEST, "k", STANDS | {"product": COMPARED}, None, None, AT, 0, "c")
    [told] = [field.value for field in alert_card(alert).fields if field.name == PRODUCT]
    assert told.splitlines() == [
        "████████░░ Naming it: 9 of 12 live after a week (usually a score of 4 and 1 answer)",
        "█████████░ The others: 27 of 28 live after a week (usually a score of 11 and 6 answers)",
        "13 of 41 posts of the last 90 days name it; 4 more have no draft.",
    ]


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
