"""The reason that moderators stated: what it means, and what is learned from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.communities import Rule, RulesSnapshot
from core.errors import Advice, BadArgument, Do, NotAllowedNow, NotFound
from core.model import Basis, Caller, NewPattern, RemovedBy, State
from core.texts.markup import Text
from core.visibility.learning import BACKED_BY_RULE
from core.visibility.reasons import (
    MOST_PATTERN_CHARS,
    MOST_REASON_CHARS,
    STATED_BY_RULE,
    STATED_IN_WORDS,
    Reasons,
    StatedReason,
    find_rule,
    may_have_reason,
    read_reason,
    rule_choices,
    rules_at_posting,
)
from core.visibility.tracking import Verdict
from storage.store import Store
from tests.clock import FixedClock
from tests.core.texts.feature_examples import EXAMPLES, text
from tests.core.visibility.world import START, tracked
from tests.storage.world import make_post, record, removal_check

MINUTE = timedelta(minutes=1)
RULES = RulesSnapshot(
    1,
    "terminal:local",
    "harbor",
    Basis.REDDIT_API,
    START,
    (
        Rule("Be kind", "No insults.", "all"),
        Rule("No  self-promotion", "No adverts. New accounts are watched closely.", "link"),
        Rule("Short comments", "", "comment"),
        Rule("A " + "very " * 30 + "long name", "", "all"),
    ),
)


def test_the_rules_for_posts_can_be_chosen_and_found_again_by_every_choice() -> None:
    choices = rule_choices(RULES)
    assert [choice.split(".")[0] for choice in choices] == ["1", "2", "4"]
    assert all(len(choice) <= 75 for choice in choices)
    assert [find_rule(RULES, choice) for choice in choices] == [RULES.rules[0], RULES.rules[1], RULES.rules[3]]


@pytest.mark.parametrize("said", ["2", "2.", " no SELF-promotion ", "No  self-promotion"])
def test_a_rule_is_found_by_number_or_name(said: str) -> None:
    assert find_rule(RULES, said) is RULES.rules[1]


@pytest.mark.parametrize("said", ["0", "5", "No memes", "", "2nd"])
def test_a_rule_that_is_none_is_refused_with_those_there_are(said: str) -> None:
    with pytest.raises(BadArgument, match=r"1\. Be kind"):
        find_rule(RULES, said)
    with pytest.raises(BadArgument, match="none are known"):
        find_rule(None, said)


def test_a_stated_rule_teaches_more_surely_than_a_guess() -> None:
    reason = read_reason(tracked(campaign_id=3), RULES.rules[1], None)
    assert reason.pattern is not None
    assert (reason.category, reason.pattern.category, reason.pattern.source) == ("promotion", "promotion", "stated")
    assert (reason.pattern.campaign_id, reason.pattern.community, reason.pattern.tracked_post_id) == (3, "harbor", 7)
    assert reason.pattern.confidence == STATED_BY_RULE > STATED_IN_WORDS > BACKED_BY_RULE
    assert reason.pattern.body.endswith("Their rule: No self-promotion")


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("Please remove the link and post again.", "link"),
        ("This reads like an advertisement.", "promotion"),
        ("Titles must be a question.", "format"),
        ("Please stay civil.", "tone"),
        ("This is off topic here.", "topic"),
        ("We did not like it.", "other"),
    ],
)
def test_content_causes_teach(message: str, category: str) -> None:
    reason = read_reason(tracked(), None, message)
    assert reason.pattern is not None
    assert (reason.category, reason.pattern.confidence, reason.advice) == (category, STATED_IN_WORDS, "")
    assert message.rstrip(".") in reason.text


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("Your account is too new.", "account"),
        ("You need 50 karma to post a link here.", "account"),
        ("Self-promotion is fine in the weekly thread.", "timing"),
        ("You may post once a week.", "timing"),
        ("That domain is banned here.", "domain"),
    ],
)
def test_causes_outside_the_text_teach_drafts_nothing_and_say_what_helps(message: str, category: str) -> None:
    reason = read_reason(tracked(), None, message)
    assert (reason.category, reason.pattern) == (category, None)
    assert "no pattern for drafts" in reason.advice


@pytest.mark.parametrize(
    ("message", "posted", "feature", "params"),
    [
        ("Please remove the link", Text("How it went", "See https://a.example"), "link", {}),
        ("This is an advert", Text("How it went", "Sign up for it."), "self_promotion", {}),
        ("This is an advert", Text("How it went", "It held."), None, {}),
        ("Don't write titles in caps", Text("THIS KILN IS ON FIRE", "It held."), "capitals", {}),
        ("Don't write titles in caps", Text("THIS KILN IS ON FIRE"), "capitals", {}),
        ("No emojis, and no links", Text("How it went", "See https://a.example"), "link", {}),
        ("Too short", Text("How it went", "It held."), "short_text", {"words": 3}),
        ("Posts need at least 150 words", Text("How it went", "It held."), "short_text", {"words": 150}),
        ("Too short", None, None, {}),
        ("Please remove the link", None, "link", {}),
        ("We did not like it", Text("How it went", "See https://a.example"), None, {}),
    ],
)
def test_a_stated_reason_is_looked_for_by_what_it_names_and_the_removed_text_has(
    message: str, posted: Text | None, feature: str | None, params: dict[str, int]
) -> None:
    pattern = read_reason(tracked(), None, message, posted).pattern
    assert pattern is not None
    assert (pattern.feature, pattern.params) == (feature, params)
    if posted is not None:
        assert bool(pattern.catches(posted)) is (feature is not None)


@given(
    st.sampled_from([text(one) for having, lacking in EXAMPLES.values() for one in (*having, *lacking)]),
    st.lists(
        st.sampled_from(
            (
                *("no links", "an advert", "too short", "too long", "all caps", "clickbait", "no emojis", "hm"),
                *("add a TL;DR", "no surveys", "no upvotes", "be civil", "English only", "AI-written", "no DMs"),
            )
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_whatever_text_a_reason_is_stated_for_is_caught_by_what_is_learned_or_by_nothing(
    posted: Text, said: list[str]
) -> None:
    pattern = read_reason(tracked(), None, ", ".join(said), posted).pattern
    if pattern is not None and pattern.feature is not None and posted.body:
        assert pattern.catches(posted)
    if pattern is not None and pattern.feature is None:
        assert pattern.catches(posted) == ()


def test_the_moderators_words_count_before_what_a_rule_mentions_in_passing() -> None:
    assert read_reason(tracked(), RULES.rules[1], None).category == "promotion"
    assert read_reason(tracked(), RULES.rules[1], "Your account is too new for that.").category == "account"


def test_a_reason_without_words_is_none() -> None:
    with pytest.raises(BadArgument):
        read_reason(tracked(), None, "  \n ")


@given(st.sampled_from([None, *RULES.rules]), st.text(min_size=1, max_size=3000))
def test_any_message_gives_a_short_reason_and_quotes_nothing_to_search_drafts_for(
    rule: Rule | None, message: str
) -> None:
    try:
        reason = read_reason(tracked(), rule, message)
    except BadArgument:
        return
    assert 0 < len(reason.text) <= MOST_REASON_CHARS
    if reason.pattern is not None:
        assert 0 < len(reason.pattern.body) <= MOST_PATTERN_CHARS
        assert not set('“”"') & set(reason.pattern.body)
    assert (reason.pattern is None) == bool(reason.advice)


def test_a_rule_without_a_name_can_be_chosen_like_the_others() -> None:
    nameless = RulesSnapshot(1, "terminal:local", "harbor", Basis.REDDIT_API, START, (Rule(" ", "No insults.", "all"),))
    assert rule_choices(nameless) == ("1. (without a name)",)
    assert find_rule(nameless, "1. (without a name)") is nameless.rules[0]


# ---------------------------------------------------------------- the whole reason

SHORT = Text("How it went", "One two three.")


@pytest.mark.parametrize(
    ("rule", "message", "text", "body", "confidence"),
    [
        (
            RULES.rules[1],
            " Please  read it.\n",
            "Their rule: No self-promotion. They wrote: Please read it",
            "Promotion, as the moderators see it. Their rule: No self-promotion. They wrote: Please read it",
            STATED_BY_RULE,
        ),
        (
            RULES.rules[1],
            None,
            "Their rule: No self-promotion",
            "Promotion, as the moderators see it. Their rule: No self-promotion",
            STATED_BY_RULE,
        ),
        (
            None,
            "This is “an advert”...",
            "They wrote: This is “an advert”",
            "Promotion, as the moderators see it. They wrote: This is an advert",
            STATED_IN_WORDS,
        ),
    ],
)
def test_a_stated_reason_is_kept_as_said_and_teaches_a_pattern_in_our_words_and_theirs(
    rule: Rule | None, message: str | None, text: str, body: str, confidence: float
) -> None:
    assert read_reason(tracked(campaign_id=3), rule, message) == StatedReason(
        text,
        "promotion",
        NewPattern(
            campaign_id=3,
            community="harbor",
            category="promotion",
            body=body,
            source="stated",
            confidence=confidence,
            tracked_post_id=7,
            feature="self_promotion",
            params={},
        ),
        "",
        read_by_model=False,
    )


@pytest.mark.parametrize(
    ("message", "category", "advice"),
    [
        ("Your account is too new.", "account", "This is about the account, not the text"),
        ("Reposts are removed.", "timing", "This is about when or how often"),
        ("Turn off your VPN.", "domain", "This is about the site or the network"),
    ],
)
def test_a_reason_outside_the_text_is_kept_with_advice_alone(message: str, category: str, advice: str) -> None:
    reason = read_reason(tracked(), None, message)
    assert reason.advice.startswith(advice)
    assert reason == StatedReason(f"They wrote: {message.rstrip('.')}", category, None, reason.advice, False)


@pytest.mark.parametrize(
    ("said", "category"),
    [
        (("Too many links, and your account is too new", ""), "account"),
        (("Quality", "Your account is too new"), "account"),
        (("No links", "Your account is too new"), "link"),
        (("Promotion is only allowed on Fridays", ""), "timing"),
        (("Self-promotion only on Saturdays", ""), "timing"),
        (("That website is not allowed", ""), "domain"),
        (("This domain has been banned", ""), "domain"),
        (("Blocked by the spam filter", ""), "domain"),
        (("Be nice", ""), "tone"),
        (("Hm", "Hm"), "other"),
    ],
)
def test_a_cause_outside_the_text_counts_first_in_each_of_the_rules_name_and_description(
    said: tuple[str, str], category: str
) -> None:
    assert read_reason(tracked(), Rule(said[0], said[1], "all"), None).category == category


@pytest.mark.parametrize(
    ("message", "posted", "feature", "params"),
    [
        ("Too long", Text("How", "One two three."), "long_text", {"words": 2}),
        ("Too long, at most 1,500 words", Text("How", "word " * 1501), "long_text", {"words": 1500}),
        ("Too long, at most 1500 words", Text("How", "word " * 1500), None, {}),
        ("Too short, 150+ words", SHORT, "short_text", {"words": 150}),
        ("Titles must be at most 60 characters", SHORT, None, {}),
        ("Posts must have at least 200 characters", SHORT, None, {}),
        ("Shorter titles please", Text("How it went", "It held."), "long_title", {"chars": 10}),
        ("Shorter titles please, 5 characters", Text("How it went", "It held."), "long_title", {"chars": 5}),
        ("Shorter titles please, 5 words", Text("How it went", "It held."), None, {}),
        ("Too short", Text("How it went", ""), None, {}),
        ("Too short, 150 words", Text("How it went", ""), "short_text", {"words": 150}),
        ("Too short, 150 words", None, "short_text", {"words": 150}),
        ("Please remove the link", Text("How it went", ""), "link", {}),
        ("Please remove the link", Text("How it went", "It held."), None, {}),
    ],
)
def test_a_length_is_learned_as_they_said_it_or_else_as_the_removed_text_broke_it(
    message: str, posted: Text | None, feature: str | None, params: dict[str, int]
) -> None:
    pattern = read_reason(tracked(), None, message, posted).pattern
    assert pattern is not None
    assert (pattern.feature, pattern.params) == (feature, params)


def test_a_limit_in_a_rules_description_counts_when_its_name_says_what_is_too_short() -> None:
    pattern = read_reason(tracked(), Rule("Too short", "We ask for\n120 words.", "all"), None, SHORT).pattern
    assert pattern is not None
    assert (pattern.feature, pattern.params) == ("short_text", {"words": 120})
    described = read_reason(tracked(), Rule("Quality", "No  links\nto shops.", "all"), None).pattern
    assert described is not None
    assert (described.feature, described.body) == (
        "link",
        "A link in the post. Their rule: Quality",
    )


@pytest.mark.parametrize(("chars", "ends"), [(65, "e" * 65), (66, "e" * 64 + "…")])
def test_a_long_name_of_a_rule_is_cut_in_its_choice(chars: int, ends: str) -> None:
    snapshot = RulesSnapshot(1, "w", "harbor", Basis.REDDIT_API, START, (Rule("e" * chars, "", "all"),))
    assert rule_choices(snapshot) == (f"1. {ends}",)
    assert find_rule(snapshot, f"1. {ends}") is find_rule(snapshot, ends) is snapshot.rules[0]


def test_a_rule_that_is_none_is_refused_with_the_way_out() -> None:
    with pytest.raises(BadArgument) as refused:
        find_rule(RULES, "No memes")
    assert refused.value.what == "That is not one of the rules at the time of posting."
    assert refused.value.do.startswith("They are: 1. Be kind; 2. No self-promotion; 4. A very very")
    assert refused.value.do.endswith("Or paste the moderators' words: message=…")
    assert refused.value.param == "rule"
    many = RulesSnapshot(1, "w", "harbor", Basis.REDDIT_API, START, (Rule("e" * 60, "", "all"),) * 20)
    with pytest.raises(BadArgument) as long:
        find_rule(many, "No memes")
    assert len(long.value.do) == len("They are: . Or paste the moderators' words: message=…") + 600
    with pytest.raises(BadArgument) as none:
        read_reason(tracked(), None, " ")
    assert (none.value.what, none.value.do, none.value.param) == (
        "No reason was given.",
        "Choose a rule, or paste what the moderators wrote.",
        "rule",
    )


def test_a_number_names_a_rule_only_when_it_is_all_that_was_said_or_a_choice() -> None:
    assert find_rule(RULES, " 3") is RULES.rules[2]
    assert find_rule(RULES, "4. anything") is RULES.rules[3]
    for said in ("1000", "0.", "5.", "-1", "٢"):
        with pytest.raises(BadArgument):
            find_rule(RULES, said)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("by", [None, *RemovedBy])
def test_a_reason_is_asked_for_where_moderators_or_nobody_knows_who_removed_the_post(
    state: State, by: RemovedBy | None
) -> None:
    asks = state is State.REMOVED and by in (RemovedBy.MODERATORS, RemovedBy.UNKNOWN)
    assert may_have_reason(tracked(state=state, removed_by=by)) is asks


async def test_a_reason_is_judged_by_the_rules_at_posting_or_else_by_the_latest(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    first = await store.save_rules(caller, "harbor", Basis.SAMPLE, [Rule("Old", "", "all")], clock.now())
    latest = await store.save_rules(caller, "harbor", Basis.SAMPLE, [Rule("New", "", "all")], clock.advance(MINUTE))
    assert first.id != latest.id
    workspace = {"workspace_id": caller.workspace_id}
    assert await rules_at_posting(store, tracked(rules_snapshot_id=first.id, **workspace)) == first
    assert await rules_at_posting(store, tracked(**workspace)) == latest
    assert await rules_at_posting(store, tracked(community="elsewhere", **workspace)) is None


@pytest.mark.parametrize("state", [State.LIVE, State.DELETED, State.UNVERIFIED])
async def test_no_reason_is_kept_for_a_post_that_is_not_removed(
    store: Store, clock: FixedClock, caller: Caller, state: State
) -> None:
    post = await make_post(store, caller, clock.now())
    if state is not State.UNVERIFIED:
        check = removal_check(post, clock.now())
        await record(store, [replace(check, verdict=Verdict(state, clock.now()))], clock.now())
    with pytest.raises(NotAllowedNow) as refused:
        await Reasons(store, clock).give(caller, post.id, None, "Too short")
    assert refused.value.what == f"Post {post.id} is not known to be removed, so there is no reason to keep."
    do = refused.value.do
    assert isinstance(do, Advice)
    assert (do, do.act, do.about) == ("Look at it first.", Do.CHECK_POST, post.id)
    assert (await store.tracked_post(caller.workspace_id, post.id)).stated_reason is None


async def test_a_reason_of_a_held_or_removed_post_is_kept_by_whom_and_when_and_can_be_taken_back(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    post = await make_post(store, caller, clock.now())
    check = removal_check(post, clock.now())
    await record(store, [replace(check, verdict=Verdict(State.HELD, clock.now()))], clock.now())
    reasons = Reasons(store, clock)
    now = clock.advance(MINUTE)
    kept = await reasons.give(caller, post.id, None, "Please remove the link")
    assert (kept.post.stated_reason, kept.post.stated_by, kept.post.stated_at) == (
        "They wrote: Please remove the link",
        caller.name,
        now,
    )
    assert kept.reason == read_reason(post, None, "Please remove the link", Text(post.title or "", ""))
    assert kept.learned is not None
    assert (kept.learned.feature, kept.learned.created_at) == ("link", now)
    assert [pattern.id for pattern in await store.patterns(caller.workspace_id)] == [kept.learned.id]
    assert list(await reasons.take_back(caller, post.id)) == []
    back = await store.tracked_post(caller.workspace_id, post.id)
    assert (back.stated_reason, back.stated_by, back.stated_at) == (None, None, None)
    assert list(await store.patterns(caller.workspace_id)) == []
    with pytest.raises(NotFound):
        await reasons.take_back(caller, post.id)
