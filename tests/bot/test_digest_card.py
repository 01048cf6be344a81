from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.alert_cards import alert_card
from bot.card import Button, Card, Style, Tone
from core.alerts import Alert
from core.digest import digest_facts
from core.model import AlertKind, Caller
from core.timetable import DigestPlan, DigestRhythm
from storage.store import Store
from tests.bot.told import field, words
from tests.clock import FixedClock
from tests.storage import world

NOTHING: dict[str, Any] = {
    "every": "daily",
    "since": "2026-11-23T08:00:00+00:00",
    "until": "2026-11-24T08:00:00+00:00",
    "basis": None,
    "watched": 4,
    "states": {"live": 3, "removed": 1},
    "registered": 0,
    "first_seen": 0,
    "came_back": 0,
    "gone": [],
    "gone_count": 0,
    "hidden_accounts": [],
    "accounts": [],
    "audits": {},
    "drafts": [],
    "drafts_count": 0,
    "approved_count": 0,
    "patterns": 0,
    "learned": [],
    "rules_changed": [],
    "findings": [],
    "findings_count": 0,
    "standing": [],
    "standing_count": 0,
    "product": None,
    "used_usd_micros": 0,
    "left_usd_micros": 10_000_000,
    "blind_s": 0,
    "blind_since": None,
    "alerts_failed": 0,
}
GONE = {
    "post": 7,
    "kind": "post_removed",
    "community": "harbor",
    "removed_by": "moderators",
    "since": "2026-11-23T21:10:00+00:00",
}


def digest(facts: Mapping[str, Any] = NOTHING) -> Card:
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    return alert_card(Alert(3, "terminal:local", AlertKind.DIGEST, "k", facts, None, None, now, 0, "c"))


async def test_the_facts_of_these_tests_are_those_that_a_digest_has(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.set_digest(caller, DigestPlan(DigestRhythm.DAILY, time(9)), clock.now())
    facts = await digest_facts(store, await store.timetable(caller.workspace_id), clock.now())
    assert {key: type(value) for key, value in facts.items()} == {key: type(value) for key, value in NOTHING.items()}
    post = await world.make_post(store, caller, clock.now())
    gone_at = clock.advance(timedelta(minutes=1))
    await world.record(store, [world.removal_check(post, gone_at)], gone_at)
    times = await store.timetable(caller.workspace_id)
    [gone] = (await digest_facts(store, times, clock.advance(timedelta(hours=1))))["gone"]
    assert {key: type(value) for key, value in gone.items()} == {key: type(value) for key, value in GONE.items()}


def test_a_period_without_news_is_one_line() -> None:
    card = digest()
    assert card.title == "Daily digest: nothing waits for you"
    assert card.text == "Nothing new in this time. 4 posts watched. All posts: 3 live, 1 removed."
    assert card.fields == ()
    assert card.actions == ()
    assert card.footnote == "23 Nov 2026, 08:00 UTC to 24 Nov 2026, 08:00 UTC"


def test_what_needs_a_person_comes_first() -> None:
    card = digest(
        NOTHING
        | {
            "every": "weekly",
            "gone": [GONE],
            "gone_count": 3,
            "drafts": [{"draft": 2, "community": "harbor"}],
            "drafts_count": 1,
            "accounts": ["quiet_person"],
            "blind_since": "2026-11-24T02:00:00+00:00",
            "blind_s": 6 * 3600,
            "alerts_failed": 1,
            "registered": 2,
            "came_back": 1,
            "audits": {"success": 2, "rejection": 1, "unheard_of": 4},
            "patterns": 2,
            "learned": [{"community": "harbor", "words": "links to shops"}],
            "rules_changed": ["pottery"],
            "findings": [{"community": "harbor", "direction": "worse", "text": "a link"}],
            "findings_count": 1,
            "standing": [
                {"community": "harbor", "seen": 40, "hidden": 1},
                {"community": "pottery", "seen": 3, "hidden": 0},
                {"community": "kilns", "seen": 0, "hidden": 2},
            ],
            "used_usd_micros": 420_000,
            "left_usd_micros": 9_580_000,
        }
    )
    assert card.title == "Weekly digest: 6 things wait for you"
    assert card.tone is Tone.ATTENTION
    assert [f.name for f in card.fields] == [
        "For you to look at",
        "What happened",
        "What was learned",
        "Where posts of the last 30 days can be seen",
    ]
    assert field(card, "For you to look at").splitlines() == [
        "• Post 7 in r/harbor: removed by its moderators since 23 Nov 2026, 21:10 UTC",
        "• 2 more posts that others cannot see any more: /rao post list",
        "• u/quiet_person must be linked again: /rao account link",
        "• and 3 more: /rao status",
    ]
    assert card.values["needed"][-2:] == [
        "Reddit has not been seen since 24 Nov 2026, 02:00 UTC: /rao status",
        "1 alert could not be delivered: /rao alerts list",
    ]
    assert field(card, "What happened") == (
        "2 posts registered, 1 came back. After a week: 2 accepted, 1 not accepted. "
        "Reddit could not be seen for 6 hours."
    )
    assert field(card, "What was learned").splitlines() == [
        "• r/harbor rejects “links to shops”",
        "• and 3 more: /rao pattern list",
    ]
    assert card.text == ""
    assert card.footnote.startswith("4 posts watched. All posts: 3 live, 1 removed. 23 Nov 2026, 08:00 UTC to ")
    assert field(card, "Where posts of the last 30 days can be seen").splitlines() == [
        "█████████░ r/harbor: 40 of 41 posts",
        "██████████ r/pottery: 3 of 3 posts",
        "░░░░░░░░░░ r/kilns: 0 of 2 posts",
    ]
    assert sum(len(f.value.splitlines()) for f in card.fields) + len(card.text.splitlines()) <= 11


def test_what_was_learned_stands_one_line_each_when_it_is_little() -> None:
    card = digest(
        NOTHING
        | {"rules_changed": ["pottery"], "findings_count": 1}
        | {"findings": [{"community": "harbor", "direction": "better", "text": "a question in the title"}]}
    )
    assert card.title == "Daily digest: nothing waits for you"
    assert field(card, "What was learned").splitlines() == [
        "• r/pottery changed its rules: /rao community rules pottery",
        "• r/harbor: posts with a question in the title are received better",
    ]
    assert "Nothing new" not in card.text


@pytest.mark.parametrize("account", [{"author": "kilnhand", "state": "shadowbanned", "since": None}])
def test_a_hidden_account_is_never_beside_nothing_new(account: dict[str, Any]) -> None:
    card = digest(NOTHING | {"hidden_accounts": [account]})
    assert "Nothing new" not in card.text
    assert "nothing waits" not in card.title
    assert "u/kilnhand is hidden from others: post nothing with it" in field(card, "For you to look at")


def test_what_waits_has_the_first_button_and_without_it_none_stands_out() -> None:
    def buttons(**facts: Any) -> list[tuple[str, Style]]:
        card = digest(NOTHING | {"registered": 1} | facts)
        return [(action.label, action.style) for action in card.actions if isinstance(action, Button)]

    posts, drafts = "Show the posts", "Show the drafts"
    assert buttons() == [(posts, Style.PLAIN)]
    assert buttons(drafts_count=1) == [(drafts, Style.PRIMARY), (posts, Style.PLAIN)]
    assert buttons(drafts_count=1, gone_count=1) == [(posts, Style.PRIMARY), (drafts, Style.PLAIN)]
    assert buttons(watched=0) == []


def test_used_up_money_is_something_to_look_at() -> None:
    card = digest(NOTHING | {"used_usd_micros": 5_000_000, "left_usd_micros": 0})
    assert field(card, "For you to look at") == "• This month's money is used up: /rao usage"


@pytest.mark.parametrize("broken", [{}, {"gone": [{}], "drafts": [{}], "states": 3, "watched": "many", "since": 4}])
def test_facts_that_cannot_be_read_are_left_out(broken: dict[str, Any]) -> None:
    card = digest(broken)
    assert card.text or card.footnote
    assert "None" not in words(card)
