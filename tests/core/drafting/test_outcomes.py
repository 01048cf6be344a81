"""The outcome table row by row: when a row holds, what it says and advises, where it counts, who may pass over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.communities import Rule
from core.drafting.drafts import Poster
from core.drafting.history import History, OwnText
from core.drafting.outcomes import PAUSE, Asked, Decision, Limit, Outcome, Situation, decide, situation_of
from core.errors import Advice, Do
from core.model import Account, AccountState, State
from tests.core.drafting.material import FLAT_RULE, NOW, WORKSPACE, grounds, profile, rules
from tests.core.drafting.test_grounds import tracked

FINE = Situation("tea", "Tallybird", 7, NOW, known_posts=300)
ALL = frozenset(Asked)
LATELY, LONG_AGO = NOW - timedelta(days=1), NOW - timedelta(days=5)


# By row: what makes it hold, the outcome, where it counts, whether whoever begins may pass over it, its limits, and
# what it says.
ROWS: dict[str, tuple[dict[str, Any], Outcome, frozenset[Asked], bool, frozenset[Limit], str, str]] = {
    "account": (
        {"hidden_accounts": ("u/ada is shadowbanned", "u/bea is suspended")},
        Outcome.NOT_NOW,
        ALL,
        True,
        frozenset(),
        "u/ada is shadowbanned, u/bea is suspended: what it posts is seen by nobody.",
        "Appeal first: reddit.com/appeals",
    ),
    "team_account": (
        {"hidden_in_team": ("u/ada is suspended",)},
        Outcome.NOT_NOW,
        frozenset({Asked.NEW}),
        True,
        frozenset(),
        "u/ada is suspended: what it posts is seen by nobody.",
        "Appeal first: reddit.com/appeals",
    ),
    "pause": (
        {"removed_at": LATELY},
        Outcome.NOT_NOW,
        ALL,
        True,
        frozenset(),
        "A post of yours was removed from r/tea on 22 Nov 2026, 12:00 UTC.",
        "Read why, and wait until 24 Nov 2026, 12:00 UTC.",
    ),
    "account_lacks": (
        {"account_lacks": "u/ada has 5 karma; 50 are asked for."},
        Outcome.NOT_NOW,
        ALL,
        True,
        frozenset(),
        "r/tea asks more of an account: u/ada has 5 karma; 50 are asked for.",
        "Take part in comments until it has that.",
    ),
    "no_profile": (
        {"known_posts": None, "norms_known": False},
        Outcome.NOT_NOW,
        frozenset({Asked.NEW}),
        True,
        frozenset(),
        "Nothing is known about r/tea yet.",
        "Collect posts from it.",
    ),
    "small_sample": (
        {"known_posts": 12, "norms_known": False},
        Outcome.NOT_NOW,
        frozenset({Asked.NEW}),
        True,
        frozenset(),
        "Only 12 posts of r/tea are known: too few to speak of norms.",
        "Collect more.",
    ),
    "other_community": (
        {"is_target": False},
        Outcome.NOT_NOW,
        frozenset({Asked.NEW}),
        True,
        frozenset(),
        "r/tea is not one of this campaign's communities.",
        "Add it to them.",
    ),
    "no_facts": (
        {"has_facts": False},
        Outcome.INTERVIEW,
        frozenset({Asked.NEW, Asked.REGENERATE}),
        False,
        frozenset(),
        "The campaign has no facts, so anything written would be invented.",
        "Answer a few questions: what you tell becomes facts.",
    ),
    "ai_text": (
        {"rule_on_ai_text": "No AI"},
        Outcome.OWN_TEXT,
        ALL,
        False,
        frozenset(),
        "r/tea takes no text that a model wrote: “No AI”.",
        "Answer a few questions: your words go in as they are.",
    ),
    "recent_removals": (
        {"removed_at": LONG_AGO},
        Outcome.UNDER_LIMITS,
        ALL,
        False,
        frozenset(Limit),
        "A post of yours was removed from r/tea on 18 Nov 2026, 12:00 UTC.",
        "Take part without the product for a while, and read why.",
    ),
    "rules": (
        {"rule_on_promotion": "No ads"},
        Outcome.UNDER_LIMITS,
        ALL,
        False,
        frozenset(Limit),
        "r/tea has a rule against promotion: “No ads”.",
        "Write something that is useful without Tallybird.",
    ),
    "links": (
        {"rule_on_links": "No links"},
        Outcome.UNDER_LIMITS,
        ALL,
        False,
        frozenset({Limit.LINKS}),
        "r/tea has a rule against links: “No links”.",
        "Put what matters into the text.",
    ),
    "ratio": (
        {"ratio_used_up": "3 of your 3 posts name Tallybird; 1 of 10 may"},
        Outcome.UNDER_LIMITS,
        ALL,
        False,
        frozenset({Limit.PRODUCT, Limit.LINKS}),
        "3 of your 3 posts name Tallybird; 1 of 10 may.",
        "Post something useful without Tallybird first.",
    ),
}
COMMANDS = {
    "pause": (Do.LIST_REMOVED_POSTS, None),
    "no_profile": (Do.COLLECT, None),
    "other_community": (Do.EDIT_CAMPAIGN, 7),
    "no_facts": (Do.INTERVIEW, None),
    "ai_text": (Do.INTERVIEW, None),
    "recent_removals": (Do.LIST_REMOVED_POSTS, None),
}


@pytest.mark.parametrize("asked", Asked)
@pytest.mark.parametrize("code", ROWS)
def test_a_row_of_the_table_says_when_it_holds_what_follows(code: str, asked: Asked) -> None:
    changes, outcome, counts_when, passable, limits, text, do = ROWS[code]
    decision = decide(replace(FINE, **changes), asked)
    if asked not in counts_when:
        assert decision == Decision(Outcome.WRITE)
        return
    [reason] = decision.reasons
    assert (decision.outcome, decision.limits) == (outcome, limits)
    assert (reason.code, reason.text, str(reason.do), reason.outcome) == (code, text, do, outcome)
    assert reason.limits == limits
    assert reason.final is not (passable and asked is Asked.NEW), "before an approval a reason has to be gone"
    command = (reason.do.act, reason.do.about) if isinstance(reason.do, Advice) else None
    assert command == COMMANDS.get(code)
    assert decision.against == ((reason,) if outcome in (Outcome.NOT_NOW, Outcome.INTERVIEW) else ())


def test_where_nothing_speaks_against_it_a_draft_is_written() -> None:
    assert decide(FINE, Asked.NEW) == Decision(Outcome.WRITE)


def test_the_strictest_row_decides_and_all_are_told_the_weightiest_first() -> None:
    hard = replace(
        FINE,
        rule_on_links="No links",
        ratio_used_up="3 of 3",
        has_facts=False,
        rule_on_ai_text="No AI",
        is_target=False,
    )
    decision = decide(hard, Asked.NEW)
    assert decision.outcome is Outcome.NOT_NOW
    assert [reason.code for reason in decision.reasons] == ["other_community", "no_facts", "ai_text", "links", "ratio"]
    assert decision.limits == {Limit.PRODUCT, Limit.LINKS}
    assert [reason.code for reason in decision.against] == ["other_community", "no_facts"]


def test_after_a_pause_the_limits_begin() -> None:
    at_its_end = replace(FINE, removed_at=NOW - PAUSE)
    assert [reason.code for reason in decide(at_its_end, Asked.NEW).reasons] == ["recent_removals"]
    before = replace(FINE, removed_at=NOW - PAUSE + timedelta(seconds=1))
    assert [reason.code for reason in decide(before, Asked.NEW).reasons] == ["pause"]


def test_a_situation_is_read_from_all_that_a_draft_stands_on() -> None:
    ruled = rules(
        FLAT_RULE,
        Rule("No links", "Links are not allowed.", "all"),
        Rule("No AI", "Posts written by AI are removed.", "all"),
        Rule("Accounts", "Your account must be at least 30 days old.", "all"),
        Rule("Ratio", "At most 1 of 10 of your posts may be self-promotion.", "all"),
    )
    hidden = Account(1, WORKSPACE, "ada_w", AccountState.SHADOWBANNED, NOW, "alice", NOW - timedelta(days=20), 5)
    texts = tuple(
        OwnText(
            "harborfounders",
            "How it went",
            "I work on Tallybird.",
            NOW - timedelta(days=n + 1),
            "alice",
            account="ada_w",
            post_id=n,
            state=State.LIVE,
        )
        for n in range(3)
    )
    removed = (tracked(State.REMOVED, 9), tracked(State.REMOVED, 5), tracked(State.REMOVED, 2, "elsewhere"))
    on = replace(
        grounds(known=profile(), ruled=ruled),
        history=History(texts, removed, (hidden,)),
        poster=Poster("U1", "alice", "ada_w"),
    )
    assert situation_of(on) == Situation(
        community="harborfounders",
        product="Tallybird",
        campaign_id=1,
        now=NOW,
        has_facts=True,
        hidden_accounts=("u/ada_w is shadowbanned",),
        hidden_in_team=(),
        removed_at=NOW - timedelta(days=5),
        rule_on_promotion="No self-promotion",
        rule_on_links="No links",
        rule_on_ai_text="No AI",
        ratio_used_up="3 of your 3 posts of the last 90 days there name Tallybird; 1 of 10 may",
        account_lacks="u/ada_w has 20 days of age; 30 are asked for.",
        known_posts=300,
        norms_known=True,
        is_target=True,
    )
    nobody = replace(on, poster=None, community="soup", facts=(), profile=None, rules=None)
    assert situation_of(nobody) == Situation(
        community="soup",
        product="Tallybird",
        campaign_id=1,
        now=NOW,
        has_facts=False,
        hidden_in_team=("u/ada_w is shadowbanned",),
        norms_known=False,
        is_target=False,
    )


@pytest.mark.parametrize(("days", "lacks"), [(29, "u/ada_w has 29 days of age; 30 are asked for."), (30, None)])
def test_an_account_lacks_only_what_a_rule_about_accounts_asks_and_it_has_not(days: int, lacks: str | None) -> None:
    ruled = rules(
        Rule("Length", "Posts must have at least 100 words.", "all"),
        Rule("Accounts", "Your account must be at least 30 days old.", "all"),
    )
    account = Account(1, WORKSPACE, "ada_w", AccountState.VISIBLE, NOW, "alice", NOW - timedelta(days=days), 5)
    on = replace(
        grounds(known=profile(), ruled=ruled),
        history=History(accounts=(account,)),
        poster=Poster("U1", "alice", "ada_w"),
    )
    assert situation_of(on).account_lacks == lacks


@pytest.mark.parametrize(("promoted", "used_up"), [(0, None), (1, "1 of 4")])
def test_a_ratio_of_the_communitys_own_is_used_up_by_one_promotional_post_more(
    promoted: int, used_up: str | None
) -> None:
    """One of four may: beside three plain posts a first one may promote, and a second may not."""
    asked = rules(Rule("Ratio", "At most 1 of 4 of your posts may be self-promotion.", "all"))
    texts = tuple(
        OwnText(
            "harborfounders",
            "How it went",
            "I work on Tallybird." if number < promoted else "It rained.",
            NOW - timedelta(days=number + 1),
            "alice",
            post_id=number,
            state=State.LIVE,
        )
        for number in range(3 + promoted)
    )
    on = replace(grounds(known=profile(), ruled=asked), history=History(texts), poster=Poster("U1", "alice", None))
    said = situation_of(on).ratio_used_up
    assert said == (
        f"1 of your {3 + promoted} posts of the last 90 days there name Tallybird; 1 of 4 may" if used_up else None
    )
    elsewhere = replace(on, community="soup")
    assert situation_of(elsewhere).ratio_used_up is None


def test_a_removal_two_weeks_ago_still_counts_and_only_of_a_post_that_is_removed() -> None:
    def removed_at(*posts: Any) -> Any:
        return situation_of(replace(grounds(known=profile()), history=History(removed=posts))).removed_at

    assert removed_at(tracked(State.REMOVED, 14)) == NOW - timedelta(days=14)
    assert removed_at(tracked(State.REMOVED, 14.1)) is None
    assert removed_at(tracked(State.HELD, 1)) is None
    assert removed_at(tracked(State.REMOVED, 9), tracked(State.REMOVED, 3)) == NOW - timedelta(days=3)


def test_whose_hidden_accounts_speak_against_a_draft() -> None:
    ada = Account(1, WORKSPACE, "ada_w", AccountState.SUSPENDED, NOW, "alice", linked_by_id="U1")
    bob = replace(ada, id=2, name="bob_w", linked_by="bob", linked_by_id="U2", state=AccountState.SHADOWBANNED)
    seen = replace(ada, id=3, name="eve_w", state=AccountState.VISIBLE)

    def told(poster: Poster | None, *accounts: Account) -> tuple[tuple[str, ...], tuple[str, ...]]:
        on = replace(grounds(known=profile()), history=History(accounts=accounts), poster=poster)
        situation = situation_of(on)
        return situation.hidden_accounts, situation.hidden_in_team

    alice = Poster("U1", "alice", None)
    ada_is, bob_is = "u/ada_w is suspended", "u/bob_w is shadowbanned"
    assert told(alice, ada, bob, seen) == ((ada_is,), ())
    assert told(replace(alice, account="bob_w"), ada, bob) == ((bob_is,), ())
    assert told(replace(alice, account="eve_w"), ada, bob, seen) == ((), ())
    assert told(Poster("U9", "carol", None), ada, bob) == ((), (ada_is, bob_is))
    assert told(Poster(None, "carol", None), replace(ada, linked_by_id=None)) == ((), (ada_is,))
    assert told(None, ada, bob, seen) == ((), ())
    assert told(None, ada, bob) == ((), (ada_is, bob_is))
    assert told(None) == ((), ())
