from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alert_cards import LINE_MAX, LINES_MAX, alert_card
from bot.alert_facts import EVIDENCE_MAX
from bot.alert_now import LISTED_MAX, alert_card_now, alert_details
from bot.card import Button, Card, Field, Menu, Named, Style, Tone
from core.alerts import Alert, AlertRecord
from core.communities import Rule, RulesSnapshot
from core.model import AlertKind, AuditOutcome, Basis, Confidence, Outcome, RemovedBy, State
from core.texts.markup import Text
from core.visibility.learning import taught
from core.visibility.verdict import judge
from tests.core.visibility.world import START, seen, tracked

NAMED = {
    "community": "quietdesk",
    "author": "quiet_person",
    "title": "How we halved our setup time",
    "permalink": "https://www.reddit.com/r/quietdesk/comments/1abc2d/how/",
    "registered_by": "Alice",
}
SEEN_AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)


def removal_facts() -> dict[str, Any]:
    """The facts of a removal, as the verdict makes them, and what `Watching` puts beside them."""
    post = tracked(
        **NAMED, state=State.LIVE, state_since=SEEN_AT - timedelta(days=1), posted_at=START - timedelta(days=9)
    )
    looks = [
        seen(at, outcome=Outcome.NOT_VISIBLE, category="moderator", indexable=False, body_state="removed", **counts)
        for at, counts in ((SEEN_AT, {}), (SEEN_AT + timedelta(minutes=4), {"score": 12, "num_comments": 3}))
    ]
    verdict = judge(post, looks[:1], looks[1:], looks[1].read_at)
    [alert] = verdict.alerts
    rules = [Rule("No promotion", "No links to your own product.", "all"), Rule("Search first", "", "all")]
    snapshot = RulesSnapshot(1, post.workspace_id, post.community, Basis.REDDIT_API, START, tuple(rules))
    learned = taught(post, verdict, Text(NAMED["title"], "Sign up at https://example.com"), rules=snapshot)
    assert learned
    beside = {"rules": [rule.short_name for rule in rules], "patterns": [pattern.body for pattern in learned]}
    facts: dict[str, Any] = json.loads(json.dumps({**alert.facts, **beside}))
    return facts


FACTS = removal_facts()
ALICE = Named("Alice", "42")
READING = FACTS["readings"][0]
KINDS_OF_POSTS = [
    k
    for k in AlertKind
    if k
    not in (
        *(AlertKind.CANNOT_SEE, AlertKind.CONSENT_GONE, AlertKind.AUDIT, AlertKind.DIGEST, AlertKind.TEST),
        *(AlertKind.UNDELIVERED, AlertKind.DRAFT_VOIDED, AlertKind.DRAFT_UNPOSTED, AlertKind.RULES_CHANGED),
        *(AlertKind.DRAFT_WAITS, AlertKind.DRAFT_APPROVED, AlertKind.POST_OFFERED),
        *(AlertKind.POST_COMMENTED, AlertKind.REASON_FOUND),
        *(AlertKind.MONEY_NEARLY_USED, AlertKind.WEBHOOK_RESTS),
    )
]


def alert(kind: AlertKind, facts: Mapping[str, Any] = FACTS, post: int | None = 7) -> Alert:
    return Alert(
        id=3,
        workspace_id="terminal:local",
        kind=kind,
        dedupe_key="k",
        facts=facts,
        tracked_post_id=post,
        channel=None,
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        attempts=1,
        correlation_id="c",
    )


def details(kind: AlertKind, facts: Mapping[str, Any] = FACTS, post: int | None = 7) -> Card:
    return alert_details(AlertRecord(alert(kind, facts, post)), SEEN_AT)


def words(card: Card) -> str:
    fields = [part for f in card.fields for part in (f.name, f.value)]
    return "\n".join([card.title, card.text, *fields, card.footnote, *(link.url for link in card.links)])


def field(card: Card, name: str) -> str:
    return next(f.value for f in card.fields if f.name == name)


def next_step(card: Card) -> str:
    return next((f.value.removeprefix("Next: ") for f in card.fields if f.value.startswith("Next: ")), "")


def buttons(card: Card) -> dict[str, tuple[str, int | None]]:
    return {a.label: (a.command, a.record) for a in card.actions if isinstance(a, Button)}


def behind(card: Card) -> dict[str, tuple[str, int | None]]:
    menus = [a for a in card.actions if isinstance(a, Menu)]
    return {b.label: (b.command, b.record) for menu in menus for b in menu.buttons}


def lines(card: Card) -> list[str]:
    """What stands below the headline, as the platforms break it: a field's name stands beside a short value."""
    told = card.text.split("\n") if card.text else []
    for f in card.fields:
        told += f"{f.name} {f.words}".strip().split("\n")
    return [*told, *card.footnote.split("\n")] if card.footnote else told


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


# ---------------------------------------------------------------- evidence


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


# ---------------------------------------------------------------- the other kinds


def test_blindness_says_since_when_why_and_that_nothing_is_taken_for_removed() -> None:
    facts = {"since": "2026-11-23T10:00:00+00:00", "cycles": 8, "posts": 3, "problem": "Reddit refused the key."}
    card = alert_card(alert(AlertKind.CANNOT_SEE, facts, None))
    assert "since 23 Nov 2026, 10:00 UTC, 8 checks in a row" in card.text
    assert "3 watched posts" in card.text
    assert "Reddit refused the key." in card.text
    assert "nothing counts as removed" in card.text


def test_the_end_of_blindness_is_good_news() -> None:
    facts = {"restored": True, "since": "2026-11-23T10:00:00+00:00", "until": "2026-11-23T12:00:00+00:00", "posts": 1}
    card = alert_card(alert(AlertKind.CANNOT_SEE, facts, None))
    assert card.tone is Tone.GOOD
    assert "Between 23 Nov 2026, 10:00 UTC and 23 Nov 2026, 12:00 UTC" in card.text


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("success", "Accepted after a week"),
        ("rejection", "Not visible after a week"),
        ("inertia", "Few people reacted in a week"),
        ("undecided", "Nothing can be said after a week"),
        (None, "Nothing can be said after a week"),
    ],
)
def test_the_audit_says_how_the_week_went(outcome: str | None, said: str) -> None:
    compared = {"sample_size": 240, "score_q1": 2, "score_median": 9, "score_q3": 31}
    card = alert_card(alert(AlertKind.AUDIT, FACTS | {"outcome": outcome, "compared_with": compared}))
    assert card.title == f"{said} · r/quietdesk"
    assert "Last count, 23 Nov 2026, 14:06 UTC: score 12, 3 comments." in card.text
    if outcome == "success":
        assert "Half of the posts there reach 9, a quarter below 2 (240 posts)." in card.text
        assert "not in the community's lowest quarter" in card.text


@pytest.mark.parametrize(
    ("changes", "do"),
    [
        ({"outcome": "success"}, "Keep what worked, and draft the next one there."),
        (
            {"outcome": "inertia"},
            "Try another title, hour or angle",
        ),
        ({"outcome": "rejection", "state": "removed", "patterns": []}, "Ask them why, and say here what they answer"),
        (
            {"outcome": "rejection", "state": "removed", "patterns": ["a"]},
            "The next draft avoids 1 thing",
        ),
        ({"outcome": "rejection", "state": "shadowbanned"}, "The owner can appeal"),
        ({"outcome": "rejection", "state": "held"}, "Ask the moderators politely to look at it."),
        ({"outcome": "undecided", "reason": "never_verified"}, "Open it logged out or in a private window"),
        ({"outcome": "undecided", "reason": "no_counts"}, "Look at its comments, and answer the open ones."),
    ],
)
def test_the_audit_says_what_to_do_and_not_only_what_was(changes: dict[str, Any], do: str) -> None:
    assert do in next_step(alert_card(alert(AlertKind.AUDIT, FACTS | changes)))


@pytest.mark.parametrize("reason", ["deleted_by_author", "gone", "never_verified", "no_counts", "a new reason", None])
def test_an_audit_that_decides_nothing_says_why(reason: str | None) -> None:
    card = alert_card(alert(AlertKind.AUDIT, {"outcome": "undecided", "reason": reason}))
    assert card.text.endswith(".")
    assert ("not enough" in card.text) is (reason in ("a new reason", None))


def test_a_quartile_between_two_scores_is_not_rounded_to_the_score_below_it() -> None:
    compared = {"sample_size": 240, "score_q1": 4.5, "score_median": 9.0}
    card = alert_card(alert(AlertKind.AUDIT, FACTS | {"outcome": "inertia", "score": 4, "compared_with": compared}))
    assert "Half of the posts there reach 9, a quarter below 4.5 (240 posts)." in card.text


def test_without_norms_a_success_claims_no_comparison() -> None:
    card = alert_card(alert(AlertKind.AUDIT, FACTS | {"outcome": "success", "compared_with": None}))
    assert "Half of the posts" not in card.text
    assert "quarter" not in card.text


@pytest.mark.parametrize("outcome", list(AuditOutcome))
def test_an_audit_says_when_the_watching_ends_unless_nothing_is_left_to_watch(outcome: AuditOutcome) -> None:
    facts = FACTS | {"outcome": outcome.value, "reason": "gone", "watched_until": "2026-12-07T12:00:00+00:00"}
    assert "Watched until" in alert_card(alert(AlertKind.AUDIT, facts | {"state": "live"})).text
    assert "Watched until" not in alert_card(alert(AlertKind.AUDIT, facts | {"state": "deleted"})).text


@pytest.mark.parametrize(
    ("changes", "why", "appeals"),
    [
        ({"removed_by": "moderators"}, "moderators, or their AutoModerator, removed it", False),
        ({"removed_by": "reddit_filters"}, "Reddit's own filters", False),
        ({"removed_by": "reddit_admins"}, "Reddit itself", True),
        ({"removed_by": "unknown"}, "by whom is not known", False),
        ({"state": "held", "removed_by": None}, "still held", False),
        ({"state": "shadowbanned"}, "u/quiet_person is hidden from others; that says nothing about the text", True),
        ({"state": "suspended"}, "u/quiet_person is suspended; that says nothing about the text", True),
    ],
)
def test_an_audit_blames_a_community_only_for_what_its_moderators_did(
    changes: dict[str, Any], why: str, appeals: bool
) -> None:
    card = alert_card(alert(AlertKind.AUDIT, FACTS | {"outcome": "rejection", "patterns": []} | changes))
    assert why in card.text
    assert "accepted" not in words(card)
    assert "learned" not in words(card).lower(), "nothing was"
    assert any("appeals" in link.url for link in card.links) is appeals


def test_counts_without_a_time_are_given_no_time() -> None:
    card = alert_card(alert(AlertKind.AUDIT, FACTS | {"outcome": "success", "counts_read_at": None}))
    assert "Last count: score 12, 3 comments." in card.text


@pytest.mark.parametrize("kind", [k for k in KINDS_OF_POSTS if k.startswith("post_")])
def test_a_comment_is_called_a_comment(kind: AlertKind) -> None:
    card = alert_card(alert(kind, FACTS | {"fullname": "t1_kx12ab"}))
    assert card.title.startswith("Comment ")
    assert card.title.endswith(" · r/quietdesk")


def test_a_removed_comment_is_not_said_to_be_more_than_it_shows() -> None:
    """Reddit shows a comment that a filter holds as it shows one that was removed."""
    gone = FACTS | {"removed_by": "unknown", "confidence": "medium-high"}
    comment, post = (alert_card(alert(AlertKind.POST_REMOVED, gone | {"fullname": name})) for name in ("t1_k", "t3_k"))
    assert "A comment does not show who took it down, or whether a filter only holds it for review." in comment.text
    assert "By whom is not known." in post.text
    assert "holds" not in post.text
    named = alert_card(alert(AlertKind.POST_REMOVED, gone | {"fullname": "t1_k", "removed_by": "moderators"}))
    assert "holds" not in named.text, "its text named them"
    audited = gone | {"outcome": "rejection", "state": "removed"}
    after = [alert_card(alert(AlertKind.AUDIT, audited | {"fullname": name})).text for name in ("t1_k", "t3_k")]
    assert "It was removed or is still held; a comment shows neither which nor by whom." in after[0]
    assert "It was removed; by whom is not known." in after[1]


@pytest.mark.parametrize(("state", "said"), [("live", "It stays visible"), ("unverified", "Nobody can answer")])
def test_a_lock_does_not_claim_that_a_post_is_visible_before_it_was_seen(state: str, said: str) -> None:
    assert alert_card(alert(AlertKind.POST_LOCKED, FACTS | {"state": state})).text.split("\n")[1].startswith(said)


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (AlertKind.ACCOUNT_SHADOWBANNED, "u/quiet_person can be seen again"),
        (AlertKind.ACCOUNT_SUSPENDED, "u/quiet_person is no longer suspended"),
    ],
)
def test_an_account_that_is_back_is_good_news_with_nothing_to_dispute(kind: AlertKind, title: str) -> None:
    card = alert_card(alert(kind, FACTS | {"restored": True, "posts": 3}))
    assert (card.title, card.tone) == (title, Tone.GOOD)
    assert "its 3 registered posts" in card.text
    assert "is visible" not in card.text, "this one is removed"
    alone = alert_card(alert(kind, FACTS | {"restored": True, "posts": 1, "state": "live"}))
    assert alone.text.endswith("The post in r/quietdesk is visible.")
    assert "appeals" not in words(card)
    assert buttons(card) == {"Check now": ("post check", 7), "Details": ("alerts show", 3)}


@pytest.mark.parametrize("kind", [AlertKind.ACCOUNT_SHADOWBANNED, AlertKind.ACCOUNT_SUSPENDED])
def test_only_posts_that_are_hidden_now_are_called_hidden(kind: AlertKind) -> None:
    said = "Of its 5 registered posts others cannot see 2; they get no alert of their own for this."
    assert said in alert_card(alert(kind, FACTS | {"posts": 5, "hidden": 2})).text
    before = alert_card(alert(kind, FACTS | {"posts": 5})).text
    assert "Its 5 registered posts get no alert of their own for this." in before
    assert "registered post" not in alert_card(alert(kind, FACTS | {"posts": 1, "hidden": 1})).text


# Words that only somebody who built this understands, and words that blame.
NOT_FOR_PEOPLE = re.compile(
    r"third.?party|T\+C|removed_by|category|basis|fullname|dedupe|None|null|\byour fault\b|\bfailed to\b|!",
    re.IGNORECASE,
)


@pytest.mark.parametrize("restored", [False, True])
@pytest.mark.parametrize("kind", list(AlertKind))
def test_at_three_in_the_morning_an_alert_is_plain_words(kind: AlertKind, restored: bool) -> None:
    for outcome in AuditOutcome:
        said = words(alert_card(alert(kind, FACTS | {"restored": restored, "outcome": outcome.value, "posts": 3})))
        assert not NOT_FOR_PEOPLE.search(said), said


def test_a_long_list_of_rules_is_cut_visibly() -> None:
    card = details(AlertKind.POST_REMOVED, FACTS | {"rules": [f"Rule {n}" for n in range(30)]})
    rules = next(f.value for f in card.fields if f.name.startswith("Rules"))
    assert rules.endswith(f"… and {30 - LISTED_MAX} more")


@pytest.mark.parametrize(
    "permalink",
    [
        "http://www.reddit.com/r/x/comments/1abc2d",
        "https://reddit.com.example.net/r/x",
        "javascript:alert(1)",
        "https://user@evil.example/r/x",
        "",
        None,
        5,
    ],
)
def test_no_link_is_made_of_an_address_that_is_not_reddits(permalink: object) -> None:
    card = alert_card(alert(AlertKind.POST_LOCKED, FACTS | {"permalink": permalink}))
    assert card.links == ()


def test_a_link_carries_the_path_and_nothing_else() -> None:
    facts = FACTS | {"permalink": "https://x@old.reddit.com:8080/r/x/comments/1abc2d/?utm=1#top"}
    assert alert_card(alert(AlertKind.POST_LOCKED, facts)).links[0].url == (
        "https://old.reddit.com/r/x/comments/1abc2d/"
    )


def test_a_value_that_is_no_name_is_not_put_into_a_sentence() -> None:
    card = alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"community": "x](http://evil)"}))
    assert "evil" not in words(card)


def test_a_consent_that_is_gone_says_which_account_and_offers_to_link_it_again() -> None:
    card = alert_card(alert(AlertKind.CONSENT_GONE, {"author": "plain_person", "linked_by": "Alice"}, post=None))
    assert card.title == "u/plain_person must be linked again"
    assert "nothing is concluded" in card.text
    assert buttons(card) == {"Link again": ("account link", None), "Details": ("alerts show", 3)}


@pytest.mark.parametrize(
    ("removed_by", "asks"),
    [("moderators", True), ("unknown", True), ("reddit_filters", False), ("reddit_admins", False)],
)
def test_only_who_can_have_said_why_is_asked_about(removed_by: str, asks: bool) -> None:
    card = alert_card(alert(AlertKind.POST_REMOVED, {**FACTS, "removed_by": removed_by}))
    assert ("They told me why" in buttons(card)) is asks


def test_what_was_not_told_by_itself_is_told_with_what_came_of_it() -> None:
    facts = FACTS | {
        "state": "live",
        "previous_state": "removed",
        "earlier": [
            {"kind": "post_held", "since": "2026-11-23T22:02:00+00:00"},
            {"kind": "post_removed", "removed_by": "moderators", "since": "2026-11-23T23:10:00+00:00"},
        ],
    }
    card = alert_card(alert(AlertKind.POST_LIVE, facts))
    assert card.title == "Visible again after 1 d · r/quietdesk"
    assert "Before that, not told by itself: held for review, removed by its moderators." in card.text
    assert field(details(AlertKind.POST_LIVE, facts), "Before that, not told by itself").splitlines() == [
        "23 Nov 2026, 22:02 UTC · held for review",
        "23 Nov 2026, 23:10 UTC · removed by its moderators",
    ]


def test_a_changed_rule_is_told_with_its_difference_and_the_drafts_that_it_concerns() -> None:
    changes = [
        {"kind": "rule_changed", "name": "Links", "before": "Links are fine here.", "after": "Links are removed here."},
        {"kind": "rule_new", "name": "No surveys", "before": "", "after": "Not even short ones."},
    ]
    facts = {"community": "pottery", "changes": changes, "count": 2, "drafts": [4, 9], "basis": "reddit_api"}
    card = alert_card(alert(AlertKind.RULES_CHANGED, facts, None))
    assert card.title == "r/pottery changed its rules"
    assert "It concerns drafts 4 and 9." in card.text
    assert card.fields[0].quote
    assert card.fields[0].value.startswith("Rule “Links” was changed. Before: “Links are fine here.”")
    assert card.fields[0].value.endswith("And 1 more.")
    told = field(details(AlertKind.RULES_CHANGED, facts, None), "What changed")
    assert "Rule “Links” was changed." in told
    assert "Links are fine here." in told
    assert "Links are removed here." in told
    assert "Rule “No surveys” is new: “Not even short ones.”" in told
    assert buttons(card) == {
        "Draft 4": ("draft show", 4),
        "Draft 9": ("draft show", 9),
        "Details": ("alerts show", 3),
    }


def test_a_month_whose_money_is_nearly_used_says_how_much_when_it_resets_and_who_can_raise_it() -> None:
    facts = {
        "used_usd_micros": 8_120_000,
        "cap_usd_micros": 10_000_000,
        "percent": 81,
        "resets_at": "2026-12-01T00:00:00+00:00",
    }
    card = alert_card(alert(AlertKind.MONEY_NEARLY_USED, facts, None))
    assert card.title == "81% of this month's money is used"
    assert "$8.12 of $10.00 are used. It resets 1 Dec 2026, 00:00 UTC." in card.text
    assert "An admin can raise the cap: /rao plan set monthly_cap=…" in words(card)
    assert buttons(card) == {"Usage": ("usage", None), "Details": ("alerts show", 3)}
