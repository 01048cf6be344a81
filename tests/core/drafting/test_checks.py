from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.hostile import PIECES
from core.campaigns import FactKind
from core.communities import Rule
from core.drafting.checks import check, problems, stands_on
from core.drafting.grounds import Grounds
from core.drafting.text import ADVICE, OK, PROBLEM, Text
from core.texts.blanks import blanks_in
from tests.core.analysis.invented import kept
from tests.core.drafting.material import (
    FLAT_RULE,
    LINK_RULE,
    SOFT_RULE,
    facts,
    grounds,
    pattern,
    posts,
    profile,
    rules,
)

GOOD_TITLE = "How to make late payers answer"
GOOD_BODY = (
    "I chased unpaid invoices every Friday for two years before I wrote any software.\n\n"
    "37 freelancers used it in the first 6 months, and late payments fell by 40%.\n\n"
    "How do others here handle this?"
)


def levels(text: Text, on: Grounds | None = None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for remark in check(text, on or grounds()):
        found.setdefault(remark.check, set()).add(remark.level)
    return found


def test_a_text_made_of_facts_has_no_problem() -> None:
    text = Text(GOOD_TITLE, GOOD_BODY, (f"{GOOD_TITLE}\n{GOOD_BODY}",))
    assert problems(check(text, grounds(known=profile()))) == ()


FIVE = facts(
    (FactKind.EXPERIENCE, "I chased unpaid invoices every Friday for two years before I wrote any software."),
    (FactKind.NUMBER, "37 freelancers used it in the first 6 months"),
    (FactKind.NUMBER, "Late payments fell by 40%"),
    (FactKind.PRODUCT, "Tallybird sends polite reminders for unpaid invoices"),
    (FactKind.EXPERIENCE, "My first client paid after 94 days"),
)


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (
            "For two years I chased unpaid invoices on Fridays. My first client paid after 94 days. Thirty-seven "
            "freelancers used it later, and late payments fell by 40 percent. It sends polite reminders.",
            (1, 2, 3, 4, 5),
        ),
        ("How do others here handle late payments?", ()),
        ("94 pots broke, and 6 more.", ()),
        ("An honest question.", ()),
        ("", ()),
    ],
)
def test_the_facts_a_text_stands_on_are_those_that_stand_in_it(body: str, ids: tuple[int, ...]) -> None:
    assert stands_on(Text("Getting paid", body), grounds(held=FIVE)) == ids


def test_problems_stand_first_and_fine_things_last() -> None:
    order = [remark.level for remark in check(Text("", "Upvote this. We had 999 users."), grounds())]
    assert order == sorted(order, key=(PROBLEM, ADVICE, OK).index)
    assert order[0] == PROBLEM


@given(title=st.text(max_size=400), body=st.text(max_size=2000))
@example(title="½ ３７ x²", body="[your own words")
@example(title="\ud800", body="\x00\u202e[[[[((((")
def test_any_text_is_checked_the_same_way_twice(title: str, body: str) -> None:
    on = grounds(known=profile(), ruled=rules(FLAT_RULE, LINK_RULE), patterns=[pattern("links")])
    first = check(Text(title, body, (body,)), on)
    assert first == check(Text(title, body, (body,)), on)
    assert {remark.level for remark in first} <= {OK, ADVICE, PROBLEM}


@given(
    number=st.integers(min_value=1000, max_value=10**12),
    words=st.lists(st.sampled_from(["we", "had", "users", "in", "total", "after", "a", "month"]), max_size=8),
    style=st.sampled_from(["{}", "${}", "{}%", "{:,}", "~{}", "({})", "{}+", "€{}"]),
    at=st.integers(min_value=0, max_value=8),
)
@example(number=1000, words=["had", "we"], style="{}", at=2)  # inverted as in "had we …, we would", without that
def test_a_number_that_a_model_invented_is_always_a_problem(number: int, words: list[str], style: str, at: int) -> None:
    body = " ".join(["So", *words[:at], style.format(number), *words[at:]])
    assert PROBLEM in levels(Text(GOOD_TITLE, body, (body,)))["claims"]
    assert levels(Text(GOOD_TITLE, body))["claims"] == {ADVICE}


def test_an_experience_that_a_model_invented_is_a_problem() -> None:
    body = "Last spring I lost my biggest client over a typo."
    assert levels(Text(GOOD_TITLE, body, (body,)))["claims"] == {PROBLEM}


def test_an_experience_told_in_other_words_than_the_facts_still_rests_on_it() -> None:
    body = "For two years I spent my Fridays chasing invoices."
    assert levels(Text(GOOD_TITLE, body, (body,)))["claims"] == {OK}


def test_words_that_no_fact_carries_are_told_with_what_the_fact_says_instead() -> None:
    body = "37 freelancers used it in the first 6 weeks."
    [told] = [finding for finding in check(Text(GOOD_TITLE, body, (body,)), grounds()) if finding.check == "claims"]
    assert told.text == "“6 weeks”: a fact says 6 months, not 6 weeks."
    assert f"{GOOD_TITLE}\n{body}"[told.start : told.end] == "6 weeks"


def test_one_changed_word_does_not_turn_a_block_into_advice() -> None:
    invented = "Last spring I lost my biggest client over a silly typo in a contract."
    edited = invented.replace("silly", "small")
    assert levels(Text(GOOD_TITLE, edited, (invented,)))["claims"] == {PROBLEM}
    assert levels(Text(GOOD_TITLE, "I sold my boat in Genoa.", (invented,)))["claims"] == {ADVICE}


def test_words_that_claim_nothing_block_no_longer_and_say_who_said_so() -> None:
    body = "37 freelancers used it in the first 6 weeks."
    text = Text(GOOD_TITLE, body, (body,), freed={"6 weeks": "Bob"})
    [told] = [finding for finding in check(text, grounds()) if finding.check == "claims"]
    assert (told.level, told.text) == (
        ADVICE,
        "“6 weeks”: a fact says 6 months, not 6 weeks; Bob says that it claims nothing.",
    )


def test_a_question_rests_on_nothing_and_needs_no_fact() -> None:
    [told] = [f for f in check(Text("Late payers?", "How do you chase them?"), grounds()) if f.check == "claims"]
    assert (told.level, told.text) == (OK, "It claims nothing that needs a fact.")


def test_the_same_sentence_in_a_persons_own_words_is_left_to_that_person() -> None:
    body = "Last spring I lost my biggest client over a typo."
    assert levels(Text(GOOD_TITLE, body))["claims"] == {ADVICE}


def test_an_invented_sentence_stays_a_problem_when_a_person_edits_around_it() -> None:
    invented = "Last spring I lost my biggest client over a typo."
    edited = f"Hello all.\n\n{invented.lower()} Thanks for reading."
    assert PROBLEM in levels(Text(GOOD_TITLE, edited, (f"Some title\n{invented}",)))["claims"]


def test_blanks_block_approval() -> None:
    text = Text("[your own words: a title]", "Fine.\n[your own words: what went wrong first?]\n{{name}} TODO")
    assert len(blanks_in(text.whole)) == 4
    assert levels(text)["blanks"] == {PROBLEM}


def test_words_in_brackets_that_ask_for_nothing_are_no_blanks() -> None:
    assert blanks_in("[Update] It works. See [the notes](https://a.example) [removed]") == ()


@pytest.mark.parametrize(
    "body",
    [
        "Please upvote if it helps.",
        "An up-vote would be nice.",
        "Vote for us on the list.",
        "Leave a vote below.",
        "I need karma to post.",
    ],
)
def test_asking_for_votes_is_a_problem(body: str) -> None:
    assert levels(Text(GOOD_TITLE, body))["votes"] == {PROBLEM}


@pytest.mark.parametrize("body", ["Ask u/some_body about it.", "I post from my alt account.", "This is a throwaway."])
def test_bringing_in_another_account_is_a_problem(body: str) -> None:
    assert levels(Text(GOOD_TITLE, body))["accounts"] == {PROBLEM}


def test_reddits_own_limits_are_problems() -> None:
    found = levels(Text("x" * 301, "y" * 40_001))
    assert found["title"] == {PROBLEM}
    assert found["length"] == {PROBLEM}
    found = levels(Text(" ", "\n"))
    assert found["title"] == {PROBLEM}
    assert found["length"] == {PROBLEM}


def test_a_text_far_from_the_usual_length_is_advice_with_the_sample_named() -> None:
    found = check(Text("x" * 200, "word " * 700), grounds(known=profile()))
    told = {remark.check: remark for remark in found}
    assert (told["title"].level, told["length"].level) == (ADVICE, ADVICE)
    assert told["length"].text == (
        "The text is long: 700 words; half of the 300 known posts in r/harborfounders have 110 to 210."
    )


def test_a_profile_with_too_few_posts_is_not_used_as_a_norm() -> None:
    small = profile(posts(12))
    told = {remark.check: remark for remark in check(Text("x" * 200, "word " * 700), grounds(known=small))}
    assert told["length"].level == OK
    assert "not known" in told["length"].text


def test_a_malformed_profile_is_as_good_as_none() -> None:
    content = {"enough": True, "shares": [1], "title_chars": "x", "body_words": {"q1": None}, "findings": {"a": 1}}
    odd = replace(profile(), figures=content)
    assert levels(Text(GOOD_TITLE, GOOD_BODY), grounds(known=odd))["length"] == {OK}


def test_naming_the_product_is_a_problem_where_promotion_is_forbidden() -> None:
    text = Text(GOOD_TITLE, "Tallybird sends polite reminders.")
    assert PROBLEM in levels(text, grounds(ruled=rules(FLAT_RULE)))["promotion"]
    assert levels(text, grounds(ruled=rules(SOFT_RULE)))["promotion"] == {ADVICE}


def test_a_link_is_a_problem_where_links_are_forbidden() -> None:
    text = Text(GOOD_TITLE, "More at https://tallybird.example/notes")
    assert PROBLEM in levels(text, grounds(ruled=rules(LINK_RULE)))["links"]
    assert "links" not in levels(text)


@pytest.mark.parametrize(
    "link", ["https://bit.ly/abc", "bit.ly/abc", "https://a.example/?utm_source=reddit", "www.a.io/?ref=x"]
)
def test_a_link_that_hides_or_tracks_is_a_problem(link: str) -> None:
    assert PROBLEM in levels(Text(GOOD_TITLE, f"See {link} for more."))["links"]


def test_a_rare_link_is_advice() -> None:
    on = grounds(known=profile(posts(links=0.02, likes="")))
    told = [f.text for f in check(Text(GOOD_TITLE, "See https://tallybird.example"), on) if f.level == ADVICE]
    assert "Links are rare in r/harborfounders: 6 of 300 texts have one." in told


def test_what_does_worse_there_is_advice_with_its_direction_and_counts() -> None:
    on = grounds(known=profile(posts(likes="no link")))
    linked = Text(GOOD_TITLE, "See https://tallybird.example")
    [told] = [f for f in check(linked, on) if f.check == "reception"]
    assert told.level == ADVICE
    assert told.text.startswith(
        "In r/harborfounders: Text posts with a link in the text score lower: 0% of 90 such text posts score above "
    )
    assert "reception" not in levels(Text(GOOD_TITLE, GOOD_BODY), on)
    liked = grounds(known=profile(posts(likes="link")))
    assert "reception" not in levels(linked, liked)


@pytest.mark.parametrize(
    ("likes", "title", "body"),
    [
        ("no question", "How did it go?", "A plain text."),
        ("no link", "How it went", "More at www.tallybird.example"),
    ],
)
def test_what_does_worse_is_seen_in_a_title_and_in_a_text(likes: str, title: str, body: str) -> None:
    on = grounds(known=profile(posts(likes=likes)))
    assert levels(Text(title, body), on)["reception"] == {ADVICE}
    assert "reception" not in levels(Text("How it went", "A plain text."), on)


@pytest.mark.parametrize("what", ["text", "title"])
def test_where_long_ones_do_worse_only_what_is_longer_than_most_is_advised_against(what: str) -> None:
    lengths = [4 + n * 13 % 40 for n in range(300)]
    score = [n % 9 + 20 * (length < 24) for n, length in enumerate(lengths)]
    words = ["word " * length for length in lengths]
    if what == "text":
        known = [kept(n, title="What the kiln did", body=words[n], score=score[n]) for n in range(300)]
    else:
        known = [kept(n, title=words[n].strip(), body="It was hot.", score=score[n]) for n in range(300)]
    on = grounds(known=profile(known))
    for length, is_advised in ((24, False), (25, True)):
        long = "word " * length
        text = Text("How it went", long) if what == "text" else Text(long.strip(), "A plain text.")
        told = [f.code for f in check(text, on) if f.check == "reception"]
        assert told == ([f"reception:long_{what}"] if is_advised else [])


def test_advertising_language_is_advice_and_a_heap_of_it_a_problem() -> None:
    assert levels(Text(GOOD_TITLE, "Sign up for it."))["promotion"] == {ADVICE}
    heap = "Sign up now: a game-changing, seamless, revolutionary tool with a discount."
    assert PROBLEM in levels(Text(GOOD_TITLE, heap))["promotion"]


@pytest.mark.parametrize(
    ("rule", "body", "level"),
    [
        (Rule("No surveys", "", "all"), "Please take my short survey.", PROBLEM),
        (Rule("Surveys", "Surveys are fine with the approval of the mods.", "all"), "Take my short survey.", ADVICE),
        (Rule("Surveys", "Surveys are welcome.", "all"), "Please take my short survey.", None),
        (Rule("No DMs", "Never ask for direct messages.", "all"), "Send me a message.", PROBLEM),
        (Rule("No blogs", "Do not link to your own website.", "all"), "See https://tallybird.example/a", PROBLEM),
        (Rule("English only", "", "all"), "Das ist " + "nicht und auch der die das " * 5, PROBLEM),
        (Rule("No surveys", "", "comment"), "Please take my short survey.", None),
    ],
)
def test_what_a_rule_restricts_is_said_as_strictly_as_the_rule_does(rule: Rule, body: str, level: str | None) -> None:
    assert levels(Text(GOOD_TITLE, body), grounds(ruled=rules(rule))).get("rules") == ({level} if level else None)


def test_a_sure_pattern_blocks_and_an_unsure_one_advises() -> None:
    text = Text(GOOD_TITLE, "Here is a link dump for everybody.")
    assert levels(text, grounds(patterns=[pattern("link dump", confidence=0.9)]))["patterns"] == {PROBLEM}
    assert levels(text, grounds(patterns=[pattern("Link  Dump", confidence=0.4)]))["patterns"] == {ADVICE}
    assert "patterns" not in levels(text, grounds(patterns=[pattern("pictures", confidence=0.9)]))


def test_what_a_pattern_caught_is_shown_in_the_words_of_the_text() -> None:
    learned = pattern("promotion", category="promotion", confidence=0.6)
    body = "Sign up. Tallybird sends\nreminders, Tallybird does."
    [told] = [f for f in check(Text(GOOD_TITLE, body), grounds(patterns=[learned])) if f.check == "patterns"]
    assert told.text == "r/harborfounders rejects this: promotion (removal): “Sign up”, “Tallybird”"


def test_a_learned_link_pattern_is_hit_by_any_link() -> None:
    learned = pattern("a link in the text (rare there)", category="link", confidence=0.6)
    assert levels(Text(GOOD_TITLE, "https://a.example"), grounds(patterns=[learned]))["patterns"] == {ADVICE}


def test_a_removed_fact_takes_its_number_with_it() -> None:
    text = Text(GOOD_TITLE, "37 freelancers used it.", ("37 freelancers used it.",))
    assert levels(text)["claims"] == {OK}
    without = grounds(held=facts((FactKind.PRODUCT, "It sends reminders")))
    assert levels(text, without)["claims"] == {PROBLEM}


def test_rules_that_were_never_read_are_said_to_be_unknown() -> None:
    on = grounds()
    unread = Grounds(on.campaign, on.community, on.facts, now=on.now)
    assert levels(Text(GOOD_TITLE, GOOD_BODY), unread)["rules"] == {ADVICE}


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.long
def test_a_text_ten_times_as_long_is_checked_like_its_beginning(piece: str) -> None:
    assert problems_of(piece, 400) <= problems_of(piece, 4_000)


@pytest.mark.parametrize("piece", ["1.", "give ", "½"])
@pytest.mark.long
def test_a_text_as_long_as_reddit_takes_is_checked_like_its_beginning(piece: str) -> None:
    # How long it takes, with each piece, is told by `make bench only=hostile`.
    assert problems_of(piece, 400) <= problems_of(piece, 40_000)


def problems_of(piece: str, length: int) -> set[str]:
    """The checks that refuse a text of nothing but this piece."""
    text = (piece * length)[:length]
    known = grounds(known=profile(), patterns=[pattern("a phrase")])
    return {found.check for found in check(Text(GOOD_TITLE, text, (text,)), known) if found.level == PROBLEM}


def test_a_pattern_of_a_weekday_is_told_on_every_other_day() -> None:
    saturdays = replace(pattern("posts on other days", confidence=0.9), feature="off_day", params={"weekdays": [5]})
    monday = grounds(patterns=[saturdays])
    told = {remark.code: remark.level for remark in check(Text(GOOD_TITLE, GOOD_BODY), monday)}
    assert told["pattern:off_day"] == PROBLEM
    saturday = replace(monday, now=monday.now + timedelta(days=5))
    assert "pattern:off_day" not in {remark.code for remark in check(Text(GOOD_TITLE, GOOD_BODY), saturday)}


def test_every_remark_says_in_a_word_what_was_found() -> None:
    on = grounds(known=profile(), ruled=rules(FLAT_RULE, LINK_RULE), patterns=[pattern("link dump")])
    body = "Tallybird [your number] link dump https://bit.ly/a?ref=1 upvote this. Ask u/somebody_else. It has 9 users."
    remarks = check(Text("WHY TALLYBIRD WINS https://a.example", body, (body,)), on)
    assert all(remark.code for remark in remarks)
    assert {"blank", "title_capitals", "title_link", "link_shortened", "link_referral", "rule:links", "votes"} <= {
        remark.code for remark in remarks
    }
