"""What each gate says about a text, word for word: check, level, words, code, and that it says nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from math import ceil, floor
from typing import Any

import pytest

from core.communities import CommunityProfile, Rule
from core.drafting import checks
from core.drafting.conduct import (
    Ledger,
    account_of,
    check_disclosure,
    check_duplicates,
    check_private,
    check_ratio,
    disclosure_for,
    is_theirs,
    ledgers,
)
from core.drafting.drafts import Opinion, Poster, Remark, SecondOpinion, Support
from core.drafting.grounds import Grounds
from core.drafting.history import History, OwnText
from core.drafting.rulings import Compliance, Ruling, check_rules
from core.drafting.text import Text
from core.model import READ_BY_MODEL, Account, AccountState, State
from core.texts.rule_topics import Topic
from tests.core.drafting.material import FLAT_RULE, NOW, grounds, pattern, posts, profile, rules

TITLE, BODY = "How long do you wait?", "Mine paid after a while, and I had asked for it by then."
HERE = "harborfounders"
Gate = Callable[[Text, Grounds], Iterator[Remark]]


def said(gate: Gate, title: str = TITLE, body: str = BODY, on: Grounds | None = None, **of_text: Any) -> list[Remark]:
    return list(gate(Text(title, body, **of_text), on or grounds()))


# ---------------------------------------------------------------- title and length


def in_bands(known: CommunityProfile) -> tuple[tuple[float, float], tuple[float, float]]:
    """How many characters titles and how many words texts usually have there, as (least, most)."""
    norms = grounds(known=known).norms
    assert norms is not None
    assert norms.title_chars.usual is not None
    assert norms.body_words.usual is not None
    return norms.title_chars.usual, norms.body_words.usual


@pytest.mark.parametrize(
    ("title", "remarks"),
    [
        ("", [Remark("title", "problem", "The title is empty.", "title_empty")]),
        (" \n", [Remark("title", "problem", "The title is empty.", "title_empty")]),
        (
            "x" * 301,
            [Remark("title", "problem", "The title has 301 characters; Reddit takes 300.", "title_too_long")],
        ),
        (
            " " + "x" * 300,
            [
                Remark(
                    "title",
                    "ok",
                    f"The title has 300 characters; what is usual in r/{HERE} is not known.",
                    "title_unknown",
                )
            ],
        ),
        ("How many [number] do you have?", []),
        (
            "THIS KILN IS ON FIRE",
            [
                Remark("title", "advice", "The title is in capitals: it reads as shouting.", "title_capitals"),
                Remark(
                    "title",
                    "ok",
                    f"The title has 20 characters; what is usual in r/{HERE} is not known.",
                    "title_unknown",
                ),
            ],
        ),
    ],
)
def test_a_title_is_weighed_by_reddits_limit_its_capitals_and_its_blanks(title: str, remarks: list[Remark]) -> None:
    assert said(checks._check_title, title, "CAPITALS IN A TEXT ARE ANOTHER MATTER") == remarks


@pytest.mark.parametrize(
    ("body", "remarks"),
    [
        ("", [Remark("length", "problem", "The text is empty.", "text_empty")]),
        (" \n", [Remark("length", "problem", "The text is empty.", "text_empty")]),
        (
            "y" * 40_001,
            [Remark("length", "problem", "The text has 40,001 characters; Reddit takes 40,000.", "text_too_long")],
        ),
        (
            "y" * 40_000 + "\n",
            [
                Remark(
                    "length", "ok", f"The text has 1 words; what is usual in r/{HERE} is not known.", "length_unknown"
                )
            ],
        ),
        ("It took [how many days?].", []),
    ],
)
def test_a_text_is_weighed_by_reddits_limit_and_its_blanks(body: str, remarks: list[Remark]) -> None:
    assert said(checks._check_length, TITLE, body) == remarks


def test_a_size_is_short_usual_or_long_beside_that_of_the_posts_there() -> None:
    known = profile()
    on = grounds(known=known)
    (title_least, title_most), (least, most) = in_bands(known)
    usual = f"half of the 300 known posts in r/{HERE} have"
    title_usual, text_usual = f"{usual} 39 to 40", f"{usual} 110 to 210"
    for size, level, word, code in (
        (ceil(least) - 1, "advice", "is short:", "length_short"),
        (ceil(least), "ok", "has", "length_usual"),
        (floor(most), "ok", "has", "length_usual"),
        (floor(most) + 1, "advice", "is long:", "length_long"),
    ):
        assert said(checks._check_length, TITLE, "w " * size, on) == [
            Remark("length", level, f"The text {word} {size} words; {text_usual}.", code)
        ]
    for size, level, word, code in (
        (ceil(title_least) - 1, "advice", "is short:", "title_short"),
        (ceil(title_least), "ok", "has", "title_usual"),
        (floor(title_most), "ok", "has", "title_usual"),
        (floor(title_most) + 1, "advice", "is long:", "title_long"),
    ):
        assert said(checks._check_title, "x" * size, BODY, on) == [
            Remark("title", level, f"The title {word} {size} characters; {title_usual}.", code)
        ]


# ---------------------------------------------------------------- blanks, claims, a second opinion


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (BODY, None),
        ("It took [how many days?].", "“[how many days?]” is still to be filled in with your own words."),
        ("It took [how many days?] or [how many weeks?].", "2 places are still to be filled in with your own words."),
        (
            f"It took [your own words: {'a ' * 40}].",
            None,
        ),
    ],
)
def test_what_is_still_to_be_filled_in_blocks(body: str, text: str | None) -> None:
    remarks = said(checks._check_blanks, TITLE, body)
    if text is not None:
        assert remarks == [Remark("blanks", "problem", text, "blank")]
    elif body == BODY:
        assert remarks == []
    else:
        [remark] = remarks
        assert remark.text.endswith("…” is still to be filled in with your own words.")
        assert len(remark.text) <= 60 + len("“” is still to be filled in with your own words.")


def test_a_claim_is_told_with_its_place_and_a_model_may_not_make_one() -> None:
    body = "37 freelancers used it in the first 6 weeks."
    start = len(TITLE) + 1 + body.index("6 weeks")
    words = "“6 weeks”: a fact says 6 months, not 6 weeks"
    by_model = Remark("claims", "problem", f"{words}.", "claim", start, start + 7)
    assert said(checks._check_claims, TITLE, body, generated=(body,)) == [by_model]
    assert said(checks._check_claims, TITLE, body) == [replace(by_model, level="advice")]
    freed = said(checks._check_claims, TITLE, body, generated=(body,), freed={"6 weeks": "Bob"})
    assert freed == [replace(by_model, level="advice", text=f"{words}; Bob says that it claims nothing.")]
    assert said(checks._check_claims, TITLE, "37 freelancers used it.") == [
        Remark("claims", "ok", "Every claim rests on a fact.", "claims_rest")
    ]
    assert said(checks._check_claims, TITLE, "How do you chase them?") == [
        Remark("claims", "ok", "It claims nothing that needs a fact.", "claims_rest")
    ]


def test_another_model_doubts_in_its_own_name_what_still_stands() -> None:
    doubted = Opinion(BODY, Support.NOT_SUPPORTED, False, ())
    opinion = SecondOpinion("judge", (doubted,), None)
    expected = Remark(
        "second opinion",
        "advice",
        f"“{BODY}”: judge finds no fact that says so. Read it again.",
        "opinion:not_supported",
    )
    gate = checks._check_second_opinion
    assert said(gate, second_opinion=opinion) == [expected]
    assert said(gate) == []
    for other in (
        replace(doubted, verdict=Support.SUPPORTED),
        replace(doubted, verdict=Support.CANNOT_TELL),
        replace(doubted, is_marked=True),
        replace(doubted, sentence="It was taken out."),
    ):
        assert said(gate, second_opinion=replace(opinion, claims=(other,))) == []
    both = replace(opinion, claims=(replace(doubted, is_marked=True), doubted))
    assert said(gate, second_opinion=both) == [expected]
    long = "word " * 40
    [remark] = said(
        gate, TITLE, long, second_opinion=replace(opinion, claims=(replace(doubted, sentence=long.strip()),))
    )
    assert len(remark.text) == 120 + len("“”: judge finds no fact that says so. Read it again.")


# ---------------------------------------------------------------- links, advertising, manners

RARE = grounds(known=profile(posts(links=0.02, likes="")))


@pytest.mark.parametrize(
    ("title", "body", "on", "expected"),
    [
        (TITLE, BODY, None, [("ok", "No links.", "links_none")]),
        (TITLE, "See https://a.example/b", None, []),
        (
            TITLE,
            "See https://bit.ly/abc",
            None,
            [("problem", "A shortened link hides where it goes: Reddit's filters remove those.", "link_shortened")],
        ),
        (
            TITLE,
            "See https://a.example/?ref=x",
            None,
            [
                (
                    "problem",
                    "A link carries tracking or referral parts: take off what follows the “?”.",
                    "link_referral",
                )
            ],
        ),
        (
            TITLE,
            "See https://a.example/b and https://b.example/c",
            None,
            [("advice", "2 links in one post look like promotion.", "links_many")],
        ),
        ("See https://a.example/b", BODY, None, [("problem", "The title holds a link.", "title_link")]),
        (
            TITLE,
            "See https://a.example/b",
            RARE,
            [("advice", f"Links are rare in r/{HERE}: 6 of 300 texts have one.", "links_rare")],
        ),
        (TITLE, "See https://a.example/b", grounds(known=profile(posts(links=0.1, likes=""))), []),
    ],
)
def test_what_is_said_of_links(title: str, body: str, on: Grounds | None, expected: list[tuple[str, str, str]]) -> None:
    assert said(checks._check_links, title, body, on) == [Remark("links", *one) for one in expected]


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        (TITLE, BODY, [("ok", "Nothing sounds like an advertisement.", "no_ad_words")]),
        (TITLE, "Sign up for it. Sign UP.", [("advice", "Sounds like an advertisement: sign up.", "ad_words")]),
        (
            TITLE,
            "Sign up: a game-changing, seamless, revolutionary tool.",
            [
                (
                    "problem",
                    "Sounds like an advertisement: sign up, game-changing, seamless, revolutionary.",
                    "ad_words",
                )
            ],
        ),
        (TITLE, "Sign up: a game-changing, seamless tool.", [
            ("advice", "Sounds like an advertisement: sign up, game-changing, seamless.", "ad_words"),
        ]),
        (TITLE, "Tallybird. Tallybird.", []),
        (TITLE, "Tallybird. Tallybird. Tallybird.", [("advice", "The text names Tallybird 3 times.", "product_often")]),
        ("Tallybird and I", BODY, [("advice", "The title names Tallybird.", "product_in_title")]),
    ],
)  # fmt: skip
def test_what_is_said_of_advertising(title: str, body: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(checks._check_promotion, title, body) == [Remark("promotion", *one) for one in expected]


def test_of_many_advertising_words_six_are_told() -> None:
    body = "Sign up: game-changing, seamless, revolutionary, cutting-edge, discount, coupon, promo code, free trial."
    [remark] = said(checks._check_promotion, TITLE, body)
    assert (remark.level, remark.code) == ("problem", "ad_words")
    assert remark.text.count(", ") == 5


def test_what_is_said_of_votes_and_accounts() -> None:
    gate = checks._check_manners
    assert said(gate) == []
    assert said(gate, TITLE, "Please upvote it.") == [
        Remark("votes", "problem", "It asks for votes: that breaks Reddit's rules.", "votes")
    ]
    assert said(gate, TITLE, "Ask u/some_body or u/else_body.") == [
        Remark(
            "accounts", "problem", "It brings in another account (u/some_body): leave accounts out.", "account_named"
        )
    ]


# ---------------------------------------------------------------- patterns, rules, reception


@pytest.mark.parametrize(
    ("changes", "level", "source"),
    [
        ({"confidence": 0.7}, "problem", "removal"),
        ({"confidence": 0.69}, "advice", "removal"),
        ({"source": "stated"}, "advice", "the moderators' stated reason"),
        ({"source": READ_BY_MODEL}, "advice", "the moderators' stated reason, read by a model"),
        ({"source": "member"}, "advice", "member"),
    ],
)
def test_a_pattern_is_told_with_its_source_and_weighs_as_much_as_it_is_sure(
    changes: dict[str, Any], level: str, source: str
) -> None:
    learned = replace(pattern("link dump"), **changes)
    on = grounds(patterns=[pattern("pictures"), learned])
    assert said(checks._check_patterns, TITLE, "Here is a Link dump.", on) == [
        Remark(
            "patterns",
            level,
            f"r/{HERE} rejects this: link dump ({source}): “Link dump”",
            "pattern:phrase",
        )
    ]


def test_of_what_a_pattern_caught_three_words_are_shown_and_none_that_is_long() -> None:
    of_links = replace(pattern("links", category="link"), feature="link", params={})
    links = [f"https://{name}.example" for name in ("a", "b", "a", "c", "d")]
    [remark] = said(checks._check_patterns, TITLE, " and ".join(links), grounds(patterns=[of_links]))
    assert remark.code == "pattern:link"
    assert remark.text == (
        f"r/{HERE} rejects this: links (removal): “https://a.example”, “https://b.example”, “https://c.example”"
    )
    for size, shown in ((60, True), (61, False)):
        link = "https://a.example/" + "x" * (size - 18)
        [remark] = said(checks._check_patterns, TITLE, f"See {link}", grounds(patterns=[of_links]))
        assert remark.text == f"r/{HERE} rejects this: links (removal)" + (f": “{link}”" if shown else "")


def test_rules_that_were_never_read_are_to_be_read() -> None:
    unread = replace(grounds(), rules=None)
    assert said(checks._check_rules_known, on=unread) == [
        Remark("rules", "advice", f"The rules of r/{HERE} were never read: read them before you post.", "rules_unread")
    ]
    assert said(checks._check_rules_known) == []


def test_a_broken_rule_is_told_once_with_its_name() -> None:
    twice = rules(FLAT_RULE, replace(FLAT_RULE, kind="link"))
    on = grounds(ruled=twice)
    assert said(check_rules, TITLE, "I made Tallybird.", on) == [
        Remark(
            "promotion",
            "problem",
            f"r/{HERE} has a rule: “No self-promotion”. The text names Tallybird.",
            "rule:promotion",
        )
    ]
    no_links = grounds(ruled=rules(Rule("No links", "Links are not allowed.", "all")))
    assert said(check_rules, TITLE, "See https://a.example", no_links) == [
        Remark("links", "problem", f"r/{HERE} has a rule: “No links”. The text has a link in the text.", "rule:links")
    ]


# ---------------------------------------------------------------- the team's conduct

ALICE = Poster("U1", "alice", "ada_w")


def own(number: int, **changes: Any) -> OwnText:
    made: dict[str, Any] = {
        "community": HERE,
        "title": f"Question {number}",
        "body": f"Other words, number {number}",
        "at": NOW - timedelta(days=number),
        "by": "alice",
        "post_id": number,
        "state": State.LIVE,
    }
    return OwnText(**{**made, **changes})


def promoted(number: int, **changes: Any) -> OwnText:
    return own(number, **{"body": f"I work on Tallybird, number {number}", **changes})


def with_texts(*texts: OwnText, poster: Poster | None = ALICE, ruled: Any = None) -> Grounds:
    return replace(grounds(ruled=ruled), history=History(texts=texts), poster=poster)


NAMED = "I work on Tallybird."


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], None),
        ([promoted(1)], None),
        (
            [promoted(1), promoted(2)],
            (
                "problem",
                f"2 of your 2 posts of the last 90 days in r/{HERE} name Tallybird; one in ten is usual. "
                "Write something useful without it first.",
                "ratio",
            ),
        ),
        (
            [promoted(1), promoted(2), *(own(n) for n in range(3, 29))],
            (
                "problem",
                f"2 of your 28 posts of the last 90 days in r/{HERE} name Tallybird; one in ten is usual. "
                "Write something useful without it first.",
                "ratio",
            ),
        ),
        ([promoted(1), promoted(2), *(own(n) for n in range(3, 30))], None),
        (
            [promoted(1, by="bob"), promoted(2, by="bob")],
            (
                "problem",
                f"2 of the team’s 2 posts of the last 90 days in r/{HERE} name Tallybird; one in ten is usual. "
                "Write something useful without it first.",
                "ratio",
            ),
        ),
        ([promoted(1), promoted(91)], None),
        ([promoted(1), promoted(90)], ("problem", None, "ratio")),
        ([promoted(1), promoted(2, state=None)], None),
        (
            [promoted(n, community="soup") for n in (1, 2, 3)],
            (
                "advice",
                "3 of your 3 posts of the last 90 days in all communities name Tallybird: your profile reads as an "
                "advertisement.",
                "ratio_across",
            ),
        ),
        ([promoted(n, community="soup") for n in (1, 2)], None),
        ([*(promoted(n, community="soup") for n in (1, 2, 3)), *(own(n) for n in range(4, 8))], None),
        (
            [*(promoted(n, community="soup") for n in (1, 2, 3)), *(own(n) for n in range(4, 7))],
            (
                "advice",
                "3 of your 6 posts of the last 90 days in all communities name Tallybird: your profile reads as an "
                "advertisement.",
                "ratio_across",
            ),
        ),
        ([promoted(n, community="soup", by="bob") for n in (1, 2, 3)], None),
    ],
)
def test_how_much_of_what_was_posted_is_promotion(
    texts: list[OwnText], expected: tuple[str, str | None, str] | None
) -> None:
    remarks = said(check_ratio, TITLE, NAMED, with_texts(*texts))
    if expected is None:
        assert remarks == []
    else:
        level, text, code = expected
        assert remarks == [Remark("ratio", level, text or remarks[0].text, code)]
    assert said(check_ratio, TITLE, BODY, with_texts(*texts)) == [], "a text without the product adds nothing"


def test_where_a_rule_gives_a_ratio_the_usual_one_is_not_told() -> None:
    ratio = rules(Rule("Ratio", "At most 1 of 10 of your posts may be self-promotion.", "all"))
    texts = [promoted(1), promoted(2)]
    assert said(check_ratio, TITLE, NAMED, with_texts(*texts, ruled=ratio)) == []
    assert said(check_ratio, TITLE, NAMED, with_texts(*texts, promoted(3), ruled=ratio))[0].code == "ratio_across"


def test_a_ledger_counts_a_posters_posts_there_and_the_teams() -> None:
    texts = [
        promoted(1),
        own(2),
        promoted(3, by="bob"),
        own(4, by="bob", account="ada_w"),
        promoted(5, community="soup"),
        promoted(6, state=None),
    ]
    assert ledgers(with_texts(*texts)) == (Ledger(1, 3, "your"), Ledger(2, 4, "the team’s"))
    assert ledgers(with_texts(*texts, poster=None)) == (Ledger(2, 4, "your"), Ledger(2, 4, "the team’s"))
    assert Ledger(1, 1, "your").told == "1 of your 1 post of the last 90 days"
    assert Ledger(0, 2, "the team’s").told == "0 of the team’s 2 posts of the last 90 days"
    assert [Ledger(1, posts_, "your").with_this_passes((1, 10)) for posts_ in (18, 19)] == [True, False]
    assert [Ledger(0, posts_, "your").with_this_passes((2, 5)) for posts_ in (1, 2)] == [True, False]
    nameless = replace(ALICE, account=None)
    assert not is_theirs(own(1, by="bob"), with_texts(poster=nameless))
    assert is_theirs(own(1), with_texts(poster=nameless))


def test_a_post_of_the_posters_account_is_theirs_in_whatever_case_its_name_is_written() -> None:
    assert ALICE.account == "ada_w"
    assert is_theirs(own(1, by="bob", account="Ada_W"), with_texts())
    assert not is_theirs(own(1, by="bob", account="Ada_V"), with_texts())
    assert not is_theirs(own(1, by="bob", account=None), with_texts(poster=replace(ALICE, account=None)))


def test_a_posters_account_is_found_whatever_the_case_of_its_name() -> None:
    ada = Account(1, "w", "Ada_W", AccountState.VISIBLE, NOW, "alice")
    on = replace(with_texts(), history=History(accounts=(replace(ada, name="bob"), ada)))
    assert account_of(on) is ada
    assert account_of(replace(on, poster=replace(ALICE, account="ada"))) is None
    assert account_of(replace(on, poster=replace(ALICE, account=None))) is None
    assert account_of(replace(on, poster=None)) is None


def test_how_a_text_tells_whose_product_it_is() -> None:
    gate = check_disclosure
    assert said(gate, TITLE, NAMED) == [Remark("disclosure", "ok", "It says how you belong to Tallybird.", "disclosed")]
    silent = "Tallybird reminds people."
    told = "It speaks of Tallybird and does not say that you belong to it. Say so, as in “{}”"
    assert said(gate, TITLE, silent) == [
        Remark("disclosure", "problem", told.format("Disclosure: I work on Tallybird."), "disclosure")
    ]
    theirs = replace(grounds(), disclosure="I made it with my sister.")
    assert disclosure_for(theirs) == "I made it with my sister."
    assert said(gate, TITLE, silent, theirs) == [
        Remark("disclosure", "problem", told.format("I made it with my sister."), "disclosure")
    ]
    because = "Everybody there knows."
    assert said(gate, TITLE, silent, undisclosed_because=because) == [
        Remark(
            "disclosure",
            "advice",
            f"It does not say that you belong to Tallybird: “{because}”",
            "disclosure_left_out",
        )
    ]
    asked = grounds(ruled=rules(Rule("Disclose", "Disclose your affiliation.", "all")))
    assert asked.rule_on(Topic.DISCLOSURE) is not None
    assert [one.level for one in said(gate, TITLE, silent, asked, undisclosed_because=because)] == ["problem"]
    assert said(gate, TITLE, f"{silent} [how many?]") == []
    assert said(gate) == []


def test_a_duplicate_is_told_by_the_first_that_was_posted_or_approved() -> None:
    same = {"title": TITLE, "body": BODY, "at": NOW - timedelta(days=3), "by": "bob", "community": "tea"}
    drafted, approved = own(5, **same, post_id=None, state=None, draft_id=5), own(6, **same, draft_id=6)
    waiting = replace(drafted, is_approved=True, draft_id=7)
    when = "20 Nov 2026, 12:00 UTC"
    words = "It says nearly the same as {}, {} by bob, " + when + ". Moderators take that for spam."

    def remark(what: str, done: str) -> Remark:
        return Remark("duplicates", "problem", words.format(f"{what} in r/tea", done), "near_duplicate")

    gate = check_duplicates
    assert said(gate, on=with_texts(drafted, approved)) == [remark("post 6", "posted")]
    assert said(gate, on=with_texts(waiting, approved)) == [remark("draft 7", "approved")]
    assert said(gate, on=with_texts(replace(waiting, draft_id=None))) == [remark("a post", "approved")]
    assert said(gate, on=with_texts(drafted)) == [
        Remark("duplicates", "advice", "Draft 5 for r/tea says nearly the same: post one of them.", "near_draft")
    ]
    assert said(gate, on=with_texts(replace(drafted, community=HERE), drafted)) == []


def test_each_kind_of_secret_is_told_once_and_what_facts_tell_is_none() -> None:
    body = "Write to ann@mail.example or bob@mail.example, or call +49 170 1234567."
    remarks = said(check_private, TITLE, body)
    assert [(one.check, one.level) for one in remarks] == [("private", "problem")] * len(remarks)
    codes = [one.code for one in remarks]
    assert len(codes) == len(set(codes)) == 2
    assert all(one.text.startswith("It holds ") for one in remarks)
    assert all(one.text.endswith("): take it out before anybody reads it.") for one in remarks)
    assert said(check_private) == []


# ---------------------------------------------------------------- all gates together


def test_problems_come_before_advice_before_what_is_fine_each_in_the_order_of_the_gates() -> None:
    body = "Please upvote it. Sign up at https://bit.ly/abc [how?]"
    remarks = checks.check(Text("", body), grounds())
    assert [(one.level, one.code) for one in remarks] == [
        ("problem", "blank"),
        ("problem", "title_empty"),
        ("problem", "link_shortened"),
        ("problem", "votes"),
        ("advice", "claim"),
        ("advice", "claim"),
        ("advice", "ad_words"),
    ]
    assert checks.problems(remarks) == remarks[:4]


def test_a_ruling_concerns_nothing_and_has_no_code_unless_told() -> None:
    assert Ruling("r", None, Compliance.KEPT, "t") == Ruling("r", None, Compliance.KEPT, "t", "", False, "")


FRENCH = "Tallybird écrit aux gens qui ne paient pas, et je ne sais pas encore si cela les fâche ou si cela les aide."


def test_a_disclosure_in_another_language_is_left_to_a_person() -> None:
    advice = Remark(
        "disclosure",
        "advice",
        "It speaks of Tallybird. Whether it says that you belong to it is only read in English: look yourself.",
        "disclosure_unread",
    )
    assert said(check_disclosure, "Combien de jours attendez-vous ?", FRENCH) == [advice]
    mine = f"{FRENCH} Disclosure: I work on Tallybird."
    assert [one.code for one in said(check_disclosure, "Combien de jours ?", mine)] == ["disclosed"]
    left_out = said(check_disclosure, "Combien de jours ?", FRENCH, undisclosed_because="Everybody knows me.")
    assert [one.code for one in left_out] == ["disclosure_left_out"]
    assert said(check_disclosure, "Combien de jours ?", FRENCH.replace("Tallybird", "Il")) == []
