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

from bot.alert_cards import RULES_MAX, alert_card
from bot.alert_facts import EVIDENCE_MAX
from bot.card import Button, Card, Tone
from core.alerts import Alert
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
READING = FACTS["readings"][0]
KINDS_OF_POSTS = [
    k
    for k in AlertKind
    if k
    not in (
        *(AlertKind.CANNOT_SEE, AlertKind.CONSENT_GONE, AlertKind.AUDIT, AlertKind.DIGEST, AlertKind.TEST),
        *(AlertKind.UNDELIVERED, AlertKind.DRAFT_VOIDED, AlertKind.DRAFT_UNPOSTED, AlertKind.RULES_CHANGED),
        AlertKind.MONEY_NEARLY_USED,
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


def words(card: Card) -> str:
    fields = [part for f in card.fields for part in (f.name, f.value)]
    return "\n".join([card.title, card.text, *fields, card.footnote, *(link.url for link in card.links)])


def field(card: Card, name: str) -> str:
    return next(f.value for f in card.fields if f.name == name)


def buttons(card: Card) -> dict[str, tuple[str, int | None]]:
    return {a.label: (a.command, a.record) for a in card.actions if isinstance(a, Button)}


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


@given(st.sampled_from(list(AlertKind)), PARTIAL, st.none() | st.integers(1, 10**9))
def test_a_card_comes_out_of_any_facts(kind: AlertKind, facts: dict[str, Any], post: int | None) -> None:
    card = alert_card(alert(kind, facts, post))
    assert card.title
    assert card.text
    json.dumps(card.to_json("alert"))
    for link in card.links:
        assert link.url.startswith("https://")
        assert link.url.split("/")[2].endswith("reddit.com")
    about = None if kind is AlertKind.CONSENT_GONE else post
    assert all(record == about for _, record in buttons(card).values())


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
        assert field(card, "What to do now")
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
    lines = field(alert_card(alert(AlertKind.POST_REMOVED)), "Evidence").split("\n")
    assert lines == [
        "23 Nov 2026, 14:02 UTC · as others see it · not visible, removed by moderators or AutoModerator, text removed",
        "23 Nov 2026, 14:06 UTC · as others see it · not visible, removed by moderators or AutoModerator, text removed",
    ]


def test_evidence_that_could_not_tell_says_why() -> None:
    reading = {**READING, "outcome": "cannot_tell", "category": None, "body_state": None, "problem": "login page"}
    card = alert_card(alert(AlertKind.POST_GATED, FACTS | {"readings": [reading]}))
    assert field(card, "Evidence").endswith("could not tell, login page")


def test_an_unknown_category_is_shown_as_sent() -> None:
    card = alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"readings": [READING | {"category": "brand_new"}]}))
    assert "by whom is not known (brand_new)" in field(card, "Evidence")


def test_only_the_newest_evidence_is_on_the_card() -> None:
    many = [READING | {"read_at": f"2026-11-23T{hour:02}:00:00+00:00"} for hour in range(20)]
    lines = field(alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"readings": many})), "Evidence").split("\n")
    assert len(lines) == EVIDENCE_MAX
    assert "19:00" in lines[-1]


def test_the_footnote_says_how_sure_it_is_and_from_how_much() -> None:
    assert alert_card(alert(AlertKind.POST_REMOVED)).footnote == "Confidence: high · 2 readings · Registered by Alice"


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
    assert [link.url for link in card.links] == [
        "https://www.reddit.com/r/quietdesk/comments/1abc2d/how/",
        "https://www.reddit.com/message/compose?to=/r/quietdesk",
    ]
    rules = next(f for f in card.fields if f.name.startswith("Rules"))
    assert rules.quote
    assert rules.value == "• No promotion\n• Search first"
    assert field(card, "Learned for the next draft") == "\n".join(f"• {pattern}" for pattern in FACTS["patterns"])
    assert "Do not post it again" in field(card, "What to do now")


@pytest.mark.parametrize(
    ("removed_by", "title", "appeals"),
    [
        ("moderators", "removed by its moderators", False),
        ("reddit_filters", "removed by Reddit's filters", False),
        ("reddit_admins", "removed by Reddit", True),
        ("unknown", "was removed", False),
        (None, "was removed", False),
        ("somebody new", "was removed", False),
    ],
)
def test_who_removed_it_decides_where_to_turn(removed_by: str | None, title: str, appeals: bool) -> None:
    card = alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"removed_by": removed_by}))
    assert card.title.endswith(title)
    assert any("appeals" in link.url for link in card.links) is appeals
    assert any("compose" in link.url for link in card.links) is not appeals


@pytest.mark.parametrize("kind", [AlertKind.ACCOUNT_SHADOWBANNED, AlertKind.ACCOUNT_SUSPENDED])
def test_an_owner_of_a_banned_account_is_sent_to_the_appeals(kind: AlertKind) -> None:
    card = alert_card(alert(kind))
    assert "u/quiet_person" in card.title
    assert "reddit.com/appeals" in field(card, "What to do now")
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
    assert field(card, "What to do now").startswith("Wait")
    assert card.tone is Tone.ATTENTION


@pytest.mark.parametrize(
    ("previous", "title"),
    [("unverified", "is live"), (None, "is live"), ("held", "visible again"), ("removed", "visible again")],
)
def test_good_news_after_bad_sounds_different_from_the_first_look(previous: str | None, title: str) -> None:
    card = alert_card(alert(AlertKind.POST_LIVE, FACTS | {"state": "live", "previous_state": previous}))
    assert card.title.endswith(title)
    assert card.tone is Tone.GOOD
    assert "Wrong alarm" not in buttons(card)


def test_what_its_author_deleted_is_not_shown_again() -> None:
    assert FACTS["title"] not in words(alert_card(alert(AlertKind.POST_DELETED)))


@pytest.mark.parametrize("kind", [k for k in KINDS_OF_POSTS if k is not AlertKind.POST_LIVE])
def test_bad_news_about_a_post_can_be_checked_snoozed_and_contradicted(kind: AlertKind) -> None:
    why = {"Why?": ("post reason", 7)} if kind is AlertKind.POST_REMOVED else {}
    assert buttons(alert_card(alert(kind))) == {
        **why,
        "Check now": ("post check", 7),
        "I can see it": ("post seen", 7),
        "I can't see it": ("post unseen", 7),
        "Snooze": ("post snooze", 7),
        "Wrong alarm": ("post false alarm", 7),
    }
    assert buttons(alert_card(replace(alert(kind), tracked_post_id=None))) == {}


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
        ("success", "was accepted"),
        ("rejection", "is not visible"),
        ("inertia", "few people reacted"),
        ("undecided", "nothing can be said"),
        (None, "nothing can be said"),
    ],
)
def test_the_audit_says_how_the_week_went(outcome: str | None, said: str) -> None:
    compared = {"sample_size": 240, "score_q1": 2, "score_median": 9, "score_q3": 31}
    card = alert_card(alert(AlertKind.AUDIT, FACTS | {"outcome": outcome, "compared_with": compared}))
    assert said in card.title
    assert "Last count, 23 Nov 2026, 14:06 UTC: score 12, 3 comments." in card.text
    if outcome == "success":
        assert "median score is 9 (a quarter stays below 2), from 240 posts." in card.text
        assert "not among the community's lowest quarter" in card.text
    assert list(buttons(card)) == ["Check now"]


@pytest.mark.parametrize("reason", ["deleted_by_author", "gone", "never_verified", "no_counts", "a new reason", None])
def test_an_audit_that_decides_nothing_says_why(reason: str | None) -> None:
    card = alert_card(alert(AlertKind.AUDIT, {"outcome": "undecided", "reason": reason}))
    assert card.text.endswith(".")
    assert ("not enough" in card.text) is (reason in ("a new reason", None))


def test_a_quartile_between_two_scores_is_not_rounded_to_the_score_below_it() -> None:
    compared = {"sample_size": 240, "score_q1": 4.5, "score_median": 9.0}
    card = alert_card(alert(AlertKind.AUDIT, FACTS | {"outcome": "inertia", "score": 4, "compared_with": compared}))
    assert "median score is 9 (a quarter stays below 4.5), from 240 posts." in card.text


def test_without_norms_a_success_claims_no_comparison() -> None:
    card = alert_card(alert(AlertKind.AUDIT, FACTS | {"outcome": "success", "compared_with": None}))
    assert "median" not in card.text
    assert "quarter" not in card.text


@pytest.mark.parametrize(
    ("changes", "why", "appeals"),
    [
        ({"removed_by": "moderators"}, "moderators, or their AutoModerator, removed it", False),
        ({"removed_by": "reddit_filters"}, "Reddit's own filters", False),
        ({"removed_by": "reddit_admins"}, "Reddit itself", False),
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
    assert "learned" not in words(card), "nothing was"
    assert any("appeals" in link.url for link in card.links) is appeals


def test_counts_without_a_time_are_given_no_time() -> None:
    card = alert_card(alert(AlertKind.AUDIT, FACTS | {"outcome": "success", "counts_read_at": None}))
    assert "Last count: score 12, 3 comments." in card.text


@pytest.mark.parametrize("kind", [k for k in KINDS_OF_POSTS if k.startswith("post_")])
def test_a_comment_is_called_a_comment(kind: AlertKind) -> None:
    card = alert_card(alert(kind, FACTS | {"fullname": "t1_kx12ab"}))
    assert card.title.startswith("The comment in r/quietdesk")


@pytest.mark.parametrize(("state", "said"), [("live", "It stays visible"), ("unverified", "Nobody can answer")])
def test_a_lock_does_not_claim_that_a_post_is_visible_before_it_was_seen(state: str, said: str) -> None:
    assert alert_card(alert(AlertKind.POST_LOCKED, FACTS | {"state": state})).text.startswith(said)


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
    assert buttons(card) == {"Check now": ("post check", 7)}


@pytest.mark.parametrize("kind", [AlertKind.ACCOUNT_SHADOWBANNED, AlertKind.ACCOUNT_SUSPENDED])
def test_only_posts_that_are_hidden_now_are_called_hidden(kind: AlertKind) -> None:
    said = "Of its 5 registered posts, others cannot see 2 now; they get no alert of their own for this."
    assert said in alert_card(alert(kind, FACTS | {"posts": 5, "hidden": 2})).text
    before = alert_card(alert(kind, FACTS | {"posts": 5})).text
    assert "It has 5 registered posts; they get no alert of their own for this." in before
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
    card = alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"rules": [f"Rule {n}" for n in range(30)]}))
    rules = next(f.value for f in card.fields if f.name.startswith("Rules"))
    assert rules.endswith(f"… and {30 - RULES_MAX} more")


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


def test_a_name_that_is_none_is_not_put_into_a_sentence() -> None:
    card = alert_card(alert(AlertKind.POST_REMOVED, FACTS | {"community": "x](http://evil)"}))
    assert "evil" not in words(card)


def test_a_consent_that_is_gone_says_which_account_and_offers_to_link_it_again() -> None:
    card = alert_card(alert(AlertKind.CONSENT_GONE, {"author": "plain_person", "linked_by": "Alice"}, post=None))
    assert card.title == "u/plain_person must be linked again"
    assert "nothing is concluded" in card.text
    assert buttons(card) == {"Link again": ("account link", None)}


@pytest.mark.parametrize(
    ("removed_by", "asks"),
    [("moderators", True), ("unknown", True), ("reddit_filters", False), ("reddit_admins", False)],
)
def test_only_who_can_have_said_why_is_asked_about(removed_by: str, asks: bool) -> None:
    card = alert_card(alert(AlertKind.POST_REMOVED, {**FACTS, "removed_by": removed_by}))
    assert ("Why?" in buttons(card)) is asks


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
    assert card.title == "The post in r/quietdesk is visible again"
    assert field(card, "Before that, not told by itself").splitlines() == [
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
    told = field(card, "What changed")
    assert "Rule “Links” was changed." in told
    assert "Links are fine here." in told
    assert "Links are removed here." in told
    assert "Rule “No surveys” is new: “Not even short ones.”" in told
    assert buttons(card) == {"Draft 4": ("draft show", 4), "Draft 9": ("draft show", 9)}


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
    assert buttons(card) == {"Usage": ("usage", None)}
