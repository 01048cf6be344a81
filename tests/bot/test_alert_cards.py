"""An alert's card: that it comes out of any facts, and what it asks people to do."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alert_cards import LINE_MAX, LINES_MAX, alert_card
from bot.card import Button, Menu, Style, Tone
from core.model import AlertKind, AuditOutcome, Confidence, RemovedBy, State
from tests.bot.told import (
    ALICE,
    FACTS,
    KINDS_OF_POSTS,
    READING,
    SEEN_AT,
    alert,
    behind,
    buttons,
    details,
    field,
    lines,
    next_step,
    words,
)

# ---------------------------------------------------------------- any facts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KNOWN_WORDS = st.sampled_from(
    [
        *(e.value for words in (State, RemovedBy, Confidence, AuditOutcome) for e in words),
        "2026-11-23T14:02:00+00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "https://www.reddit.com/r/x/comments/1abc2d/",
        "https://[broken",
    ]
)
KEYS = sorted(
    {
        *FACTS,
        *READING,
        *("restored", "until", "posts", "cycles", "problem", "outcome", "compared_with", "by", "earlier"),
        *("every", "watched", "states", "registered", "gone", "gone_count", "accounts", "audits", "drafts", "blind_s"),
        *(
            "drafts_count",
            "came_back",
            "lost",
            "count",
            "patterns",
            "used_usd_micros",
            "left_usd_micros",
            "blind_since",
        ),
    }
)
PARTIAL = st.dictionaries(
    st.sampled_from(KEYS),
    JSON | KNOWN_WORDS | st.lists(st.dictionaries(st.sampled_from(sorted(READING)), JSON | KNOWN_WORDS), max_size=3),
)


# Facts that fill every line at once.
MOST: dict[str, Any] = {
    "title": "long " * 60,
    "patterns": ["A pattern with many words that says what a community does not like at all, in some detail."] * 9,
    "earlier": [{"kind": "post_held", "since": "2026-11-23T22:02:00+00:00"}] * 6,
    "lost": [{"kind": "post_held", "created_at": "2026-11-23T22:02:00+00:00", "post": 4}] * 20,
    "changes": [{"kind": "rule_changed", "name": "Links", "before": "x " * 200, "after": "y " * 200}] * 8,
    "problem": "why " * 60,
    "posts": 1_234,
    "hidden": 1_200,
    "confidence": "medium",
    "seen_before": "2026-11-23T12:02:00+00:00",
    "by": "Somebody with a long name " * 10,
    "approved_by": "Somebody with a long name " * 10,
    "poster": "Else " * 50,
    "registered_by": "Alice",
    "drafts": [4, 9, 11, 12, 13, 14],
    "draft": 9,
    "looks": ["visible"] * 30 + ["cannot_tell", "not_visible"],
}


@given(st.sampled_from(list(AlertKind)), PARTIAL, st.none() | st.integers(1, 10**9))
def test_a_card_comes_out_of_any_facts(kind: AlertKind, facts: dict[str, Any], post: int | None) -> None:
    card = alert_card(alert(kind, facts, post))
    assert card.title
    json.dumps(card.to_json("alert"))
    for link in card.links:
        assert link.url.startswith("https://")
        assert link.url.split("/")[2].endswith("reddit.com")
    for command, record in (*buttons(card).values(), *behind(card).values()):
        if not command.startswith("draft "):
            assert record == (3 if command == "alerts show" else post if command.startswith("post ") else None)


@given(st.sampled_from([k for k in AlertKind if k is not AlertKind.DIGEST]), PARTIAL, st.none() | st.integers(1, 10**9))
def test_an_alert_is_never_longer_than_six_lines_and_three_buttons(
    kind: AlertKind, facts: dict[str, Any], post: int | None
) -> None:
    for given_facts in (facts, FACTS | facts, FACTS | MOST | facts):
        card = alert_card(alert(kind, given_facts, post), [ALICE])
        assert len(lines(card)) <= LINES_MAX, words(card)
        assert max(map(len, lines(card)), default=0) <= LINE_MAX + 5, words(card)
        assert sum(isinstance(a, Button) for a in card.actions) <= 3
        assert sum(isinstance(a, Menu) for a in card.actions) <= 1
        assert len(card.links) <= 1
        coloured = [a for a in card.actions if isinstance(a, Button) and a.style is Style.PRIMARY]
        assert len(coloured) <= 1, "there is one next step"
        pressed = [*buttons(card).values(), *behind(card).values()]
        assert len(pressed) == len(set(pressed)), "nothing is offered twice"


@pytest.mark.parametrize("kind", [k for k in AlertKind if k is not AlertKind.DIGEST])
def test_no_time_stands_on_an_alert_twice(kind: AlertKind) -> None:
    for outcome in AuditOutcome:
        card = alert_card(alert(kind, FACTS | {"outcome": outcome.value}))
        told = [found for line in lines(card) for found in re.findall(r"\d+ Nov 2026, \d\d:\d\d UTC", line)]
        assert len(told) == len(set(told)), words(card)


@given(st.sampled_from(list(AlertKind)), st.dictionaries(st.text(), JSON))
def test_facts_of_another_program_version_still_make_a_card(kind: AlertKind, facts: dict[str, Any]) -> None:
    assert alert_card(alert(kind, facts)).title


@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_alert_is_calm_and_says_what_to_do(kind: AlertKind) -> None:
    card = alert_card(alert(kind))
    said = words(card)
    assert "!" not in said
    assert "None" not in said
    if kind not in (AlertKind.DIGEST, AlertKind.TEST):
        assert next_step(card)
    assert card.values["alert"] == 3
    assert card.values["kind"] == kind


@pytest.mark.parametrize("kind", list(AlertKind))
def test_an_alert_without_a_single_fact_is_still_whole_sentences(kind: AlertKind) -> None:
    said = words(alert_card(alert(kind, {}, None)))
    assert "None" not in said
    assert "never," not in said
    assert "  " not in said


# ---------------------------------------------------------------- what to do


def test_a_removal_by_moderators_offers_modmail_and_shows_the_rules() -> None:
    card = alert_card(alert(AlertKind.POST_REMOVED))
    assert "moderators" in card.title
    assert card.tone is Tone.BAD
    assert [link.url for link in card.links] == ["https://www.reddit.com/message/compose?to=/r/quietdesk"]
    assert "Do not post it again" in next_step(card)
    more = details(AlertKind.POST_REMOVED)
    assert [link.url for link in more.links] == ["https://www.reddit.com/r/quietdesk/comments/1abc2d/how/"]
    rules = next(f for f in more.fields if f.name.startswith("Rules"))
    assert rules.quote
    assert rules.value == "• No promotion\n• Search first"
    assert field(more, "Learned for the next draft") == "\n".join(f"• {pattern}" for pattern in FACTS["patterns"])
    assert more.private
    assert more.alert is None, "a click beside it must not turn it into the alert"


@pytest.mark.parametrize(
    ("removed_by", "title", "appeals"),
    [
        ("moderators", "Removed by its moderators · r/quietdesk", False),
        ("reddit_filters", "Removed by Reddit's filters · r/quietdesk", False),
        ("reddit_admins", "Removed by Reddit · r/quietdesk", True),
        ("unknown", "Removed · r/quietdesk", False),
        (None, "Removed · r/quietdesk", False),
        ("somebody new", "Removed · r/quietdesk", False),
    ],
)
def test_who_removed_it_decides_where_to_turn(removed_by: str | None, title: str, appeals: bool) -> None:
    card = alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"removed_by": removed_by}))
    assert card.title == title
    assert any("appeals" in link.url for link in card.links) is appeals
    assert any("compose" in link.url for link in card.links) is not appeals


@pytest.mark.parametrize("kind", [AlertKind.ACCOUNT_SHADOWBANNED, AlertKind.ACCOUNT_SUSPENDED])
def test_an_owner_of_a_banned_account_is_sent_to_the_appeals(kind: AlertKind) -> None:
    card = alert_card(alert(kind))
    assert "u/quiet_person" in card.title
    assert "reddit.com/appeals" in next_step(card)
    assert any(link.url == "https://www.reddit.com/appeals" for link in card.links)
    assert "another account" not in words(card)


@pytest.mark.parametrize(
    ("confidence", "said"), [("high", "is"), ("medium_high", "is"), ("medium", "looks"), (None, "looks")]
)
def test_a_shadowban_is_not_called_certain_before_it_is(confidence: str | None, said: str) -> None:
    card = alert_card(alert(AlertKind.ACCOUNT_SHADOWBANNED, FACTS | {"confidence": confidence}))
    assert card.title == f"u/quiet_person {said} shadowbanned"


@pytest.mark.parametrize(("confidence", "asked"), [("high", False), ("medium_high", True), (None, True)])
def test_a_shadowban_that_is_not_certain_asks_for_what_the_appeals_page_says(
    confidence: str | None, asked: bool
) -> None:
    card = alert_card(alert(AlertKind.ACCOUNT_SHADOWBANNED, FACTS | {"confidence": confidence}))
    assert ("post account banned" in [command for command, _ in buttons(card).values()]) is asked


def test_a_held_post_is_waited_for() -> None:
    card = alert_card(alert(AlertKind.POST_HELD, FACTS | {"state": "held"}))
    assert next_step(card).startswith("Wait")
    assert card.tone is Tone.ATTENTION


@pytest.mark.parametrize(
    ("previous", "title"),
    [
        ("unverified", "Live"),
        (None, "Live"),
        ("held", "Visible again after 1 d"),
        ("removed", "Visible again after 1 d"),
    ],
)
def test_good_news_after_bad_sounds_different_from_the_first_look(previous: str | None, title: str) -> None:
    card = alert_card(alert(AlertKind.POST_LIVE, FACTS | {"state": "live", "previous_state": previous}))
    assert card.title == f"{title} · r/quietdesk"
    assert card.tone is Tone.GOOD
    assert "Wrong alarm" not in {**buttons(card), **behind(card)}


def test_what_its_author_deleted_is_not_shown_again() -> None:
    assert FACTS["title"] not in words(alert_card(alert(AlertKind.POST_DELETED)))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "No access to Reddit is set up that shows it. So only members can look."),
        (
            {"blind_since": SEEN_AT.isoformat(), "problem": "The key is wrong."},
            "Reddit has not answered us since 23 Nov 2026, 14:02 UTC. The key is wrong.",
        ),
    ],
)
def test_a_post_that_nobody_has_seen_asks_for_a_look_and_says_why(facts: dict[str, Any], why: str) -> None:
    asked = {"state": "unverified", "community": "tea", "registered_by": "alice", "permalink": FACTS["permalink"]}
    card = alert_card(alert(AlertKind.LOOK_WANTED, asked | facts), [ALICE])
    assert card.title == "Nobody has seen this post yet but its author · r/tea"
    assert lines(card) == [
        why,
        "Many removals come in the first hour, and their authors still see the post.",
        "Next: Open it logged out or in a private window, then press what you see.",
        "For Alice",
    ]
    assert list(buttons(card)) == ["I can see it", "I can't see it", "I have a picture"]
    assert [link.label for link in card.links] == ["Open the post"]


@pytest.mark.parametrize("kind", [k for k in KINDS_OF_POSTS if k not in (AlertKind.POST_LIVE, AlertKind.LOOK_WANTED)])
def test_bad_news_about_a_post_can_be_checked_snoozed_and_contradicted(kind: AlertKind) -> None:
    card = alert_card(alert(kind, FACTS | {"confidence": "high"}))
    why = {"They told me why": ("post reason", 7)} if kind is AlertKind.POST_REMOVED else {}
    only_people_see = kind in (AlertKind.POST_GATED, AlertKind.CANNOT_SEE)
    picture = {"I have a picture": ("post look", 7)} if only_people_see else {}
    assert {**buttons(card), **behind(card)} == {
        **why,
        **picture,
        "Check now": ("post check", 7),
        "I can see it": ("post seen", 7),
        "I can't see it": ("post unseen", 7),
        "Snooze": ("post snooze", 7),
        "Wrong alarm": ("post false alarm", 7),
        "Details": ("alerts show", 3),
    }
    assert buttons(alert_card(replace(alert(kind), tracked_post_id=None))) == {"Details": ("alerts show", 3)}


@pytest.mark.parametrize(
    ("kind", "facts", "shown", "coloured"),
    [
        (AlertKind.POST_REMOVED, {}, ["They told me why", "Check now"], "They told me why"),
        (AlertKind.POST_REMOVED, {"removed_by": "reddit_filters"}, ["Check now", "Snooze"], None),
        (AlertKind.POST_GATED, {}, ["I can see it", "I can't see it"], None),
        (AlertKind.POST_LIVE, {}, [], None),
        (AlertKind.POST_HELD, {}, ["Check now", "Snooze"], None),
        (
            AlertKind.ACCOUNT_SHADOWBANNED,
            {"confidence": "medium"},
            ["Reddit says it is banned", "Check now"],
            "Reddit says it is banned",
        ),
        (AlertKind.AUDIT, {"outcome": "rejection", "state": "removed"}, ["They told me why"], "They told me why"),
        (AlertKind.AUDIT, {"outcome": "success"}, ["New draft"], "New draft"),
        (AlertKind.AUDIT, {"outcome": "undecided"}, ["I can see it", "I can't see it", "I have a picture"], None),
        (AlertKind.UNDELIVERED, {}, ["Send alerts here", "Show the alerts", "Details"], "Send alerts here"),
        (AlertKind.TEST, {}, [], None),
    ],
)
def test_the_coloured_button_is_the_next_step(
    kind: AlertKind, facts: dict[str, Any], shown: list[str], coloured: str | None
) -> None:
    card = alert_card(alert(kind, FACTS | facts))
    assert list(buttons(card)) == shown
    primary = [a.label for a in card.actions if isinstance(a, Button) and a.style is Style.PRIMARY]
    assert primary == ([coloured] if coloured else [])
