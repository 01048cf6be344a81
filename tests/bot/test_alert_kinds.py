"""What the cards of each kind of alert say: blindness, audits, accounts, rules, money."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.alert_cards import alert_card
from bot.alert_now import LISTED_MAX
from bot.card import Tone
from core.model import AlertKind, AuditOutcome
from tests.bot.told import FACTS, KINDS_OF_POSTS, alert, buttons, details, field, next_step, words


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
