"""What an alert's card says of the evidence, and whom it calls."""

from __future__ import annotations

import pytest

from bot.alert_cards import alert_card
from bot.alert_facts import EVIDENCE_MAX
from bot.alert_now import alert_card_now
from bot.card import Field, Named
from core.alerts import AlertRecord
from core.model import AlertKind
from tests.bot.told import ALICE, FACTS, READING, SEEN_AT, alert, details, field, lines


def test_the_evidence_says_when_who_and_what() -> None:
    lines = field(details(AlertKind.POST_REMOVED), "Evidence").split("\n")
    assert lines == [
        "23 Nov 2026, 14:02 UTC · as others see it · not visible, removed by moderators or AutoModerator, text removed",
        "23 Nov 2026, 14:06 UTC · as others see it · not visible, removed by moderators or AutoModerator, text removed",
    ]


def test_evidence_that_could_not_tell_says_why() -> None:
    reading = {**READING, "outcome": "cannot_tell", "category": None, "body_state": None, "problem": "login page"}
    card = details(AlertKind.POST_GATED, FACTS | {"readings": [reading]})
    assert field(card, "Evidence").endswith("could not tell, login page")


def test_an_unknown_category_is_shown_as_sent() -> None:
    card = details(AlertKind.POST_REMOVED, FACTS | {"readings": [READING | {"category": "brand_new"}]})
    assert "by whom is not known (brand_new)" in field(card, "Evidence")


def test_only_the_newest_evidence_stands_with_the_details() -> None:
    many = [READING | {"read_at": f"2026-11-23T{hour:02}:00:00+00:00"} for hour in range(20)]
    lines = field(details(AlertKind.POST_REMOVED, FACTS | {"readings": many}), "Evidence").split("\n")
    assert len(lines) == EVIDENCE_MAX
    assert "19:00" in lines[-1]


def test_a_removal_is_told_in_six_lines() -> None:
    facts = FACTS | {"seen_before": "2026-11-23T13:31:00+00:00", "looks": ["visible"] * 4 + ["not_visible"] * 2}
    card = alert_card(alert(AlertKind.POST_REMOVED, facts), [ALICE])
    assert card.title == "Removed by its moderators · r/quietdesk"
    assert lines(card) == [
        "Seen until 23 Nov 2026, 13:31 UTC, gone at 23 Nov 2026, 14:02 UTC.  ●●●●✗✗",
        "They or their AutoModerator took it down; to its author it looks as before.",
        f"Learned for the next draft: {FACTS['patterns'][0]}, and 1 more thing.",
        "How we halved our setup time",
        "Next: Ask them politely what to change. Do not post it again.",
        "For Alice",
    ]
    assert card.fields[-1].members == (ALICE,)
    assert card.footnote == ""


def test_the_strip_shows_the_last_eight_looks_with_those_that_could_not_tell() -> None:
    looks = ["visible"] * 9 + ["cannot_tell", "not_visible"]
    assert "  ●●●●●●○✗" in alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"looks": looks})).text
    one = alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"looks": ["not_visible"]}))
    assert "✗" not in one.text, "one sign says nothing"


def test_the_strip_of_a_row_from_before_counts_each_look_of_a_reading() -> None:
    before = {key: value for key, value in FACTS.items() if key != "looks"}
    readings = [READING | {"outcome": "visible", "times": 4}, READING, READING | {"times": 2}]
    assert "  ●●●●✗✗✗" in alert_card(alert(AlertKind.POST_REMOVED, before | {"readings": readings})).text


def test_the_strip_of_an_account_shows_how_the_account_was_seen() -> None:
    readings = [READING | {"author_status": status} for status in ("exists", "missing", None, "missing")]
    card = alert_card(alert(AlertKind.ACCOUNT_SHADOWBANNED, FACTS | {"readings": readings}))
    assert card.text.split("\n")[0].endswith("  ●✗✗")


@pytest.mark.parametrize(
    ("confidence", "said"),
    [("low", "Not certain yet."), ("medium", "Likely, not certain."), ("medium_high", "Almost certain."), ("high", "")],
)
def test_how_sure_it_is_stands_in_words_where_it_is_not_certain(confidence: str, said: str) -> None:
    text = alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"confidence": confidence})).text
    assert ("ertain" in text) is bool(said)
    assert said in text
    people = alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"confidence": "medium", "by_people": True})).text
    assert "Two members saw this themselves" in people
    by_picture = {"by_people": True, "readings": [READING, READING | {"view": "person", "has_picture": True}]}
    shown = alert_card(alert(AlertKind.POST_REMOVED, FACTS | by_picture)).text
    assert "A member saw this logged out, with a picture; nothing else can see Reddit now." in shown


def test_nobody_is_called_for_good_news_and_nobody_by_the_id_of_somebody_else() -> None:
    assert "For" not in [f.name for f in alert_card(alert(AlertKind.POST_LIVE), [ALICE]).fields]
    told = AlertRecord(alert(AlertKind.POST_REMOVED), members={"Bob": "43"})
    assert alert_card_now(told, SEEN_AT).fields[-1] == Field("For", "", members=(Named("Alice"),))


def test_who_approved_and_who_posts_a_draft_are_both_named() -> None:
    facts = {"draft": 4, "community": "tea", "poster": "Bo", "approved_by": "Al"}
    told = AlertRecord(alert(AlertKind.DRAFT_VOIDED, facts, None), members={"Bo": "1", "Al": "2"})
    assert Field("For", "", members=(Named("Bo", "1"), Named("Al", "2"))) in alert_card_now(told, SEEN_AT).fields


def test_who_approved_the_text_of_a_post_in_trouble_is_named_after_who_registered_it() -> None:
    told = AlertRecord(alert(AlertKind.POST_REMOVED), approvers=("Bo", "Alice"))
    assert alert_card_now(told, SEEN_AT).fields[-1].words == "Alice, Bo"


@pytest.mark.parametrize(
    ("count", "words"),
    [(5, "M1, M2, M3, M4, M5"), (6, "M1, M2, M3, M4, M5 and 1 other"), (9, "M1, M2, M3, M4, M5 and 4 others")],
)
def test_a_handful_of_people_is_called_and_the_others_are_counted(count: int, words: str) -> None:
    people = [Named(f"M{number}", str(number)) for number in range(1, count + 1)]
    [named] = [f for f in alert_card(alert(AlertKind.POST_REMOVED), people).fields if f.name == "For"]
    assert named.words == words
    assert [one.id for one in named.members] == ["1", "2", "3", "4", "5"]


def test_evidence_from_the_sample_makes_a_sample_card() -> None:
    sample = FACTS | {"readings": [READING | {"basis": "sample"}]}
    assert alert_card(alert(AlertKind.POST_REMOVED, sample)).sample
    assert alert_card(alert(AlertKind.AUDIT, FACTS | {"basis": "sample", "readings": []})).sample
    assert not alert_card(alert(AlertKind.POST_REMOVED)).sample
