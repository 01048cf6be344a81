from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alert_cards import alert_card
from bot.alert_now import alert_card_now, alert_details
from bot.card import Button, Card, Menu, Named, Tone
from core.alerts import Alert, AlertRecord, Decision, DecisionKind, Joined
from core.model import AlertKind, State
from tests.core.visibility.world import tracked

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
FACTS = {"state": "removed", "removed_by": "moderators", "community": "tea", "fullname": "t3_1abc"}
ALERT = Alert(7, "slack:T1", AlertKind.POST_REMOVED, "k", FACTS, 3, "C1", AT, 1, "c", delivered_at=AT)
WHEN = "23 Nov 2026, 12:00 UTC"


def now(*decisions: Decision, alert: Alert = ALERT, later: timedelta = timedelta()) -> Card:
    return alert_card_now(AlertRecord(alert, None, decisions), AT + later)


def field(card: Card, name: str) -> str:
    return next((f.value for f in card.fields if f.name == name), "")


def commands(card: Card) -> set[str]:
    menus = [a for a in card.actions if isinstance(a, Menu)]
    shown = {a.command for a in card.actions if isinstance(a, Button)}
    return shown | {button.command for menu in menus for button in menu.buttons}


def test_an_alert_that_nobody_decided_about_is_what_was_told() -> None:
    assert now() == replace(alert_card(ALERT), standing=Tone.BAD)
    assert now().alert == 7


@pytest.mark.parametrize(
    ("kind", "words", "button"),
    [
        (DecisionKind.WRONG_ALARM, "Wrong alarm, said by Bo", "post false alarm"),
        (DecisionKind.SEEN, "Seen by Bo", "post seen"),
        (DecisionKind.UNSEEN, "Not seen by Bo", "post unseen"),
        (DecisionKind.REASON_GIVEN, "Reason given by Bo", "post reason"),
        (DecisionKind.STOPPED, "No longer watched, stopped by Bo", None),
        (DecisionKind.REASON_UNDONE, "Reason taken back by Bo", None),
        (DecisionKind.ACCOUNT_BANNED, "Reddit says the account is banned, read by Bo", None),
    ],
)
def test_each_decision_stands_on_it_with_who_and_when_and_takes_its_button_away(
    kind: DecisionKind, words: str, button: str | None
) -> None:
    card = now(Decision(kind, "Bo", AT))
    assert field(card, "Decided") == f"{words}, {WHEN}"
    assert commands(alert_card(ALERT)) - commands(card) == ({button} if button else set())


def test_a_snooze_that_is_over_can_be_given_again() -> None:
    snoozed = Decision(DecisionKind.SNOOZED, "Bo", AT, AT + timedelta(hours=6))
    card = now(snoozed)
    assert field(card, "Decided") == f"Snoozed until 23 Nov 2026, 18:00 UTC by Bo, {WHEN}"
    assert "post snooze" not in commands(card)
    assert "post snooze" not in commands(now(snoozed, later=timedelta(hours=6, seconds=-1)))
    assert "post snooze" in commands(now(snoozed, later=timedelta(hours=6)))


def test_a_reason_that_was_taken_back_can_be_given_again() -> None:
    given_, undone = Decision(DecisionKind.REASON_GIVEN, "Bo", AT), Decision(DecisionKind.REASON_UNDONE, "Al", AT)
    assert "post reason" in commands(now(given_, undone))
    assert "post reason" not in commands(now(given_, undone, given_))


def test_many_decisions_show_the_newest_and_count_the_others() -> None:
    card = now(*(Decision(DecisionKind.SEEN, f"Member {n}", AT) for n in range(10)))
    lines = field(card, "Decided").splitlines()
    assert lines[0] == "6 earlier decisions in the details"
    assert lines[1:] == [f"Seen by Member {n}, {WHEN}" for n in range(6, 10)]
    told = AlertRecord(ALERT, None, tuple(Decision(DecisionKind.SEEN, f"Member {n}", AT) for n in range(10)))
    assert field(alert_details(told, AT), "Decided").splitlines() == [f"Seen by Member {n}, {WHEN}" for n in range(10)]


def test_the_message_turns_to_good_news_when_its_post_is_seen_again() -> None:
    hidden = replace(ALERT, facts=FACTS | {"since": AT.isoformat(), "title": "A title"})
    back = tracked(state=State.LIVE, state_since=AT + timedelta(hours=3, minutes=20))
    card = alert_card_now(AlertRecord(hidden, back), AT + timedelta(hours=4))
    assert (card.title, card.tone) == ("Visible again after 3 h 20 min · r/tea", Tone.GOOD)
    assert card.text == ("Removed by its moderators. Hidden from 23 Nov 2026, 12:00 UTC to 23 Nov 2026, 15:20 UTC.")
    assert [f.value for f in card.fields] == ["A title", "Next: Nothing needs to be done."]
    assert commands(card) == {"post check", "post unseen", "alerts show"}
    assert card.alert == 7
    assert "Now" not in [f.name for f in alert_details(AlertRecord(hidden, back), AT).fields]


def test_a_lock_is_not_taken_for_a_post_that_was_hidden() -> None:
    lock = replace(ALERT, kind=AlertKind.POST_LOCKED, facts=FACTS | {"state": "live", "since": AT.isoformat()})
    seen = tracked(state=State.LIVE, state_since=AT + timedelta(hours=3))
    assert alert_card_now(AlertRecord(lock, seen), AT).title == "Locked · r/tea"


def test_a_post_that_is_gone_for_another_reason_by_now_says_so() -> None:
    held = replace(ALERT, kind=AlertKind.POST_HELD, facts=FACTS | {"state": "held", "since": AT.isoformat()})
    removed = tracked(state=State.REMOVED, state_since=AT + timedelta(hours=1))
    assert field(alert_card_now(AlertRecord(held, removed), AT), "Now").startswith("removed")


def test_an_alert_that_made_a_detour_still_says_why_after_a_click() -> None:
    card = now(alert=replace(ALERT, last_problem="The channel is archived. It went to the server's owner."))
    assert card.fields[0].name == "Why this did not reach its channel"
    assert card.fields[0].value == "The channel is archived. It went to the server's owner."


@given(st.lists(st.builds(Decision, st.sampled_from(DecisionKind), st.text(), st.just(AT)), max_size=12))
def test_whoever_decided_what_the_present_card_says_nothing_else_about_what_was_told(decided: list[Decision]) -> None:
    told, card = alert_card(ALERT), now(*decided)
    assert (card.title, card.text, card.tone, card.links) == (told.title, told.text, told.tone, told.links)
    assert card.fields[: len(told.fields)] == told.fields
    assert commands(card) <= commands(told)


ASKED = {"state": "unverified", "community": "tea", "fullname": "t3_1abc"}
STEP = (
    "Next: A second member's look, at least three minutes after the first, decides; so does one look with a picture, "
    "taken logged out."
)
SAW, SAW_NOT = Decision(DecisionKind.SEEN, "Bo", AT), Decision(DecisionKind.UNSEEN, "Al", AT)


def question(kind: AlertKind, state: State, *decisions: Decision) -> Card:
    facts = ASKED | ({"outcome": "undecided", "reason": "never_verified"} if kind is AlertKind.AUDIT else {})
    alert = replace(ALERT, kind=kind, facts=facts)
    return alert_card_now(AlertRecord(alert, tracked(state=state, state_since=AT), decisions), AT)


@pytest.mark.parametrize(
    ("decisions", "title"),
    [
        ((), "Nobody has seen this post yet but its author · r/tea"),
        ((SAW,), "Seen by a member · r/tea"),
        ((SAW_NOT,), "Not seen by a member · r/tea"),
        ((SAW, SAW_NOT), "Seen by one look, not by another · r/tea"),
    ],
)
def test_a_wanted_look_says_what_was_said_and_keeps_asking_for_the_second(
    decisions: tuple[Decision, ...], title: str
) -> None:
    card = question(AlertKind.LOOK_WANTED, State.UNVERIFIED, *decisions)
    assert card.title == title
    assert (STEP in [f.value for f in card.fields]) is bool(decisions)
    assert {"post seen", "post unseen", "post look"} <= commands(card), (
        "the second member may see the same or the opposite"
    )


@pytest.mark.parametrize(
    ("state", "title", "tone"),
    [(State.LIVE, "Live · r/tea", Tone.GOOD), (State.REMOVED, "Removed · r/tea", Tone.ATTENTION)],
)
def test_a_wanted_look_shows_the_state_once_it_is_decided_and_asks_no_more(
    state: State, title: str, tone: Tone
) -> None:
    card = question(AlertKind.LOOK_WANTED, state, SAW)
    assert (card.title, card.text, card.tone) == (title, "", tone)
    assert field(card, "Decided") == f"Seen by Bo, {WHEN}"
    assert [f.value for f in card.fields if f.value.startswith("Next: ")] == []
    assert commands(card) == {"alerts show"}


def test_an_audit_of_a_post_that_nobody_could_look_at_asks_until_two_members_decided() -> None:
    first = question(AlertKind.AUDIT, State.UNVERIFIED, SAW)
    assert first.title == "Nothing can be said after a week · r/tea"
    assert {"post seen", "post unseen", "post look"} <= commands(first)
    assert STEP in [f.value for f in first.fields]
    decided = question(AlertKind.AUDIT, State.LIVE, SAW)
    assert commands(decided) == {"post check", "alerts show"}
    assert field(decided, "Now") == f"live, since {WHEN}"


CLOSED = {"community": "tea", "state": "gated", "community_posts": 4, "community_post_ids": [4, 5, 6, 7]}
OPENED = {"community": "tea", "state": "live", "community_posts": 4, "previous_state": "gated"}


def of_community(
    kind: AlertKind, facts: Mapping[str, Any], states: Sequence[State], *decisions: Decision, stopped: bool = False
) -> Card:
    posts = tuple(
        replace(
            tracked(title=f"Story {number}", state=state, community="tea"),
            id=number,
            next_check_at=None if stopped else AT,
            stopped_at=AT if stopped else None,
        )
        for number, state in enumerate(states, 4)
    )
    alert = Alert(7, "slack:T1", kind, "k", {**facts, "since": AT.isoformat()}, 4, "C1", AT, 1, "c", delivered_at=AT)
    return alert_card_now(AlertRecord(alert, posts[0], decisions, posts=posts), AT)


def test_what_is_said_of_a_closed_community_leads_to_the_community() -> None:
    card = of_community(AlertKind.POST_GATED, CLOSED, [State.GATED] * 4)
    assert [(link.label, link.url) for link in card.links] == [("Open the community", "https://www.reddit.com/r/tea/")]
    assert field(card, "") == "Story 4\nStory 5\nand 2 more"
    assert {"post seen", "post unseen", "post stop community"} <= commands(card)


def test_when_nobody_watches_its_posts_any_more_nothing_is_next_and_nothing_is_asked() -> None:
    stop = Decision(DecisionKind.STOPPED, "Bo", AT)
    card = of_community(AlertKind.POST_GATED, CLOSED, [State.GATED] * 4, stop, stopped=True)
    assert [f.value for f in card.fields if f.value.startswith("Next: ")] == []
    assert field(card, "Now") == "4 of 4 no longer watched"
    assert commands(card) == {"alerts show"}


def test_the_all_clear_names_first_what_cannot_be_seen() -> None:
    card = of_community(AlertKind.POST_LIVE, OPENED, [State.LIVE, State.LIVE, State.REMOVED, State.LIVE])
    assert "Its 4 watched posts now: 3 live, 1 removed" in card.text
    assert field(card, "").splitlines()[0].startswith("Story 6 · removed")
    assert field(card, "").splitlines()[1:] == ["Story 4 · live", "and 2 more"]


@pytest.mark.parametrize(
    ("posts", "words"), [(1, "Others see its watched post again."), (4, "Others see all 4 watched posts again.")]
)
def test_when_all_can_be_seen_the_all_clear_says_so_once(posts: int, words: str) -> None:
    card = of_community(AlertKind.POST_LIVE, OPENED, [State.LIVE] * posts)
    assert card.text.splitlines()[-1] == words
    assert "·" not in field(card, "")
    assert card.tone is Tone.GOOD


@pytest.mark.parametrize(
    ("kind", "facts", "title", "do"),
    [
        (
            AlertKind.POST_REMOVED,
            {"removed_by": "moderators", "state": "removed"},
            "3 posts removed by their moderators · r/tea",
            "Next: Ask them politely what to change. Do not post them again.",
        ),
        (
            AlertKind.ACCOUNT_SUSPENDED,
            {"state": "suspended"},
            "3 accounts are suspended",
            "Next: Each owner finds the reason in Reddit's message and can appeal at reddit.com/appeals.",
        ),
    ],
)
def test_what_is_told_of_several_is_said_of_several(
    kind: AlertKind, facts: Mapping[str, Any], title: str, do: str
) -> None:
    def one(number: int) -> Alert:
        told = {"community": "tea", "post_id": number, "author": f"maker_{number}", "title": "Do not post it again"}
        since = (AT + timedelta(minutes=number)).isoformat()
        return Alert(
            number, "slack:T1", kind, f"k{number}", {**told, **facts, "since": since}, number, "C1", AT, 1, "c"
        )

    joined = tuple(Joined(one(number), None) for number in (1, 3))
    card = alert_card_now(AlertRecord(one(2), None, joined=joined), AT)
    assert card.title == title
    assert card.text == "The first one since 23 Nov 2026, 12:01 UTC."
    assert [f.value for f in card.fields if f.value.startswith("Next: ")] == [do]
    if kind is AlertKind.POST_REMOVED:
        assert field(card, "").splitlines()[0] == "Do not post it again", "people's own words stay"


@pytest.mark.parametrize("kind", [AlertKind.ACCOUNT_SUSPENDED, AlertKind.POST_HELD])
def test_a_message_about_several_names_who_registered_each_and_who_approved_their_texts(kind: AlertKind) -> None:
    def one(number: int, by: str) -> Alert:
        facts = {"post_id": number, "author": f"maker_{number}", "community": "tea", "registered_by": by}
        return Alert(number, "slack:T1", kind, f"k{number}", facts, number, "C1", AT, 1, "c")

    joined = tuple(Joined(one(number, by), None) for number, by in ((2, "Bo"), (3, "Ada"), (4, "")))
    told = AlertRecord(one(1, "Ada"), joined=joined, members={"Bo": "U2"}, approvers=("Bo", "Cem"))
    [named] = [f for f in alert_card_now(told, AT).fields if f.name == "For"]
    assert named.members == (Named("Ada"), Named("Bo", "U2"), Named("Cem"))


def test_the_news_of_a_closed_community_names_who_registered_each_of_its_posts() -> None:
    posts = tuple(replace(tracked(state=State.GATED), id=n, registered_by=by) for n, by in ((4, "Ada"), (5, "Bo")))
    alert = Alert(7, "slack:T1", AlertKind.POST_GATED, "k", CLOSED | {"registered_by": "Ada"}, 4, "C1", AT, 1, "c")
    card = alert_card_now(AlertRecord(alert, posts[0], posts=posts, approvers=("Cem",)), AT)
    assert [f.words for f in card.fields if f.name == "For"] == ["Ada, Bo, Cem"]


def test_a_first_look_leaves_what_is_next_in_its_place() -> None:
    card = question(AlertKind.LOOK_WANTED, State.UNVERIFIED, Decision(DecisionKind.SEEN, "Bo", AT))
    names = ["quote" if f.quote else f.name or f.value.partition(":")[0] for f in card.fields]
    assert names[-1] == "Decided"
    assert names.index("Next") == names.index("quote") + 1 if "quote" in names else names.index("Next") == 0
