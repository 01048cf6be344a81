"""Rule by rule: what each kind of rule says about a draft, from demands as they were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.communities import Rule
from core.demands import KeptDemand, rule_key
from core.drafting.drafts import Poster
from core.drafting.grounds import Grounds
from core.drafting.history import History, OwnText
from core.drafting.rulings import Compliance, Ruling, check_rules, rule_by_rule, rulings
from core.drafting.text import Text
from core.model import Account, AccountState, State
from core.requirements import Flair
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, read_rule
from tests.core.drafting.material import NOW, grounds, rules

TITLE, BODY = "How long do you wait?", "Mine paid after nine days, and I had asked for it twice by then."
BROKEN, KEPT, CANNOT_TELL = Compliance.BROKEN, Compliance.KEPT, Compliance.CANNOT_TELL
HERE = "harborfounders"


def asked(*demands: Demand) -> Grounds:
    """Grounds in which one rule, "Rule 1", asks for these."""
    rule = Rule("Rule 1", "As it is written.", "link")
    kept = tuple(KeptDemand(rule_key(rule), rule.short_name, demand, "rules", NOW) for demand in demands)
    return replace(grounds(ruled=rules(rule)), demands=kept)


def ruled(demand: Demand, text: Text, *history: OwnText, now: datetime = NOW) -> Ruling:
    [ruling] = rulings(text, replace(asked(demand), history=History(texts=history), now=now))
    return ruling


def own(title: str, body: str, *, days_ago: float, community: str = HERE, state: State | None = State.LIVE) -> OwnText:
    return OwnText(community, title, body, NOW - timedelta(days=days_ago), "alice", state=state)


def told(ruling: Ruling) -> tuple[Compliance, str, str, bool]:
    return ruling.compliance, ruling.text, ruling.code, ruling.concerns


# ---------------------------------------------------------------- a model's text


WRITTEN = f"{TITLE}\n{BODY}"


@pytest.mark.parametrize(
    ("stance", "generated", "body", "standing", "said", "concerns"),
    [
        (Stance.FORBIDS, WRITTEN, BODY, BROKEN, "A model wrote this text: write it in your own words.", True),
        (
            Stance.FORBIDS,
            WRITTEN,
            f"{BODY} Twice",
            BROKEN,
            "A model wrote this text: write it in your own words.",
            True,
        ),
        (
            Stance.ALLOWS_WHEN,
            WRITTEN,
            BODY,
            CANNOT_TELL,
            "A model wrote this text: read whether the rule allows it.",
            True,
        ),
        (Stance.FORBIDS, "Other words\nabout kilns and glazes", BODY, KEPT, "A person wrote this text.", False),
        (Stance.FORBIDS, "", BODY, KEPT, "A person wrote this text.", False),
    ],
)
def test_a_rule_against_models_asks_who_wrote_it(
    stance: Stance, generated: str, body: str, standing: Compliance, said: str, concerns: bool
) -> None:
    text = Text(TITLE, body, (generated,) if generated else ())
    ruling = ruled(Demand(Topic.AI_TEXT, stance, "No AI texts."), text)
    assert told(ruling) == (standing, said, "rule:ai_text", concerns)


# ---------------------------------------------------------------- manners and languages


@pytest.mark.parametrize(
    ("title", "body", "standing", "said"),
    [
        (TITLE, "Honestly, you are an idiot.", BROKEN, "It insults somebody: “"),
        (TITLE, "I felt like an idiot that day.", CANNOT_TELL, "The text has a rude word: “"),
        ("You are an idiot", BODY, BROKEN, "It insults somebody: “"),
        ("You ask how long?", "I felt like an idiot that day.", CANNOT_TELL, "The text has a rude word: “"),
        (TITLE, BODY, KEPT, "Nothing in it speaks against that."),
    ],
)
def test_a_rude_word_breaks_a_rule_when_it_is_meant_for_somebody(
    title: str, body: str, standing: Compliance, said: str
) -> None:
    ruling = ruled(Demand(Topic.CIVILITY, Stance.FORBIDS, "Be kind."), Text(title, body))
    assert (ruling.compliance, ruling.concerns) == (standing, standing is not KEPT)
    assert ruling.text.startswith(said)
    assert ("idiot" in ruling.text) == (standing is not KEPT)


# ---------------------------------------------------------------- disclosure


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (BODY, (KEPT, "Nothing in it speaks against that.", "rule:disclosure", False)),
        ("I made Tallybird for that.", (KEPT, "It says whose it is.", "rule:disclosure", True)),
        (
            "Tallybird does that.",
            (BROKEN, "It does not say how you belong to Tallybird.", "disclosure", True),
        ),
    ],
)
def test_a_rule_about_disclosure_asks_whose_product_it_names(
    body: str, expected: tuple[Compliance, str, str, bool]
) -> None:
    assert told(ruled(Demand(Topic.DISCLOSURE, Stance.REQUIRES, "Say whose it is."), Text(TITLE, body))) == expected


# ---------------------------------------------------------------- days


def test_a_rule_for_saturdays_is_kept_on_a_saturday_and_on_no_other_day() -> None:
    demand = Demand(Topic.PROMOTION, Stance.ONLY_ON, "Promotion on Saturdays only.", weekdays=(5, 6))
    text = Text(TITLE, "I made Tallybird for that.")
    monday = NOW - timedelta(days=NOW.weekday())
    standings = [ruled(demand, text, now=monday + timedelta(days=day)) for day in range(7)]
    assert [ruling.compliance for ruling in standings] == [*[BROKEN] * 5, KEPT, KEPT]
    assert told(standings[0]) == (
        BROKEN,
        "The text names Tallybird. That is for Saturday, Sunday; today is Monday.",
        "weekday",
        True,
    )
    assert told(standings[5]) == (KEPT, "The text names Tallybird. Today is Saturday.", "rule:promotion", True)


def test_a_text_that_promotes_nothing_keeps_a_rule_for_saturdays_on_any_day() -> None:
    demand = Demand(Topic.PROMOTION, Stance.ONLY_ON, "Promotion on Saturdays only.", weekdays=(5,))
    assert ruled(demand, Text(TITLE, BODY)).compliance is KEPT


# ---------------------------------------------------------------- length


@pytest.mark.parametrize(
    ("rule", "title", "body", "said"),
    [
        (Rule("Titles", "Between 8 and 12 characters.", "all"), "1234567", "A text.", "The title has 7 characters."),
        (Rule("Titles", "Between 8 and 12 characters.", "all"), "12345678", "A text.", None),
        (Rule("Titles", "Between 8 and 12 characters.", "all"), "123456789012", "A text.", None),
        (Rule("Titles", "Between 8 and 12 characters.", "all"), "1234567890123", "", "The title has 13 characters."),
        (Rule("Title length: min 2, max 4 words", "", "all"), "Why is my fig dead", "", "The title has 5 words."),
        (Rule("Post length", "From 2 to 4 words, please.", "all"), "A fig", "one", "The text has 1 word."),
        (
            Rule("Post length", "From 2 to 4 words, please.", "all"),
            "A fig",
            "one two three four five",
            "The text has 5 words.",
        ),
        (Rule("Post length", "From 2 to 4 words, please.", "all"), "A fig", "one two three four", None),
        (Rule("Titles", "Your title needs at least six words.", "all"), "A dead fig", "", "The title has 3 words."),
    ],
)
def test_a_rule_that_names_two_lengths_is_kept_between_them(
    rule: Rule, title: str, body: str, said: str | None
) -> None:
    found = rulings(Text(title, body), grounds(ruled=rules(rule)))
    ruling = next(one for one in found if one.topic is Topic.LENGTH)
    assert (ruling.compliance, ruling.text) == (
        (BROKEN, said) if said else (KEPT, "Nothing in it speaks against that.")
    )


@pytest.mark.parametrize(
    ("quote", "number", "unit", "title", "body", "standing", "said"),
    [
        ("At least 5 words.", 5, "words", TITLE, "one two three four", BROKEN, "The text has 4 words."),
        ("At least 5 words.", 5, "words", TITLE, "one two three four five", KEPT, None),
        ("No more than 5 words.", 5, "words", TITLE, "one two three four five six", BROKEN, "The text has 6 words."),
        ("No more than 5 words.", 5, "words", TITLE, "one two three four five", KEPT, None),
        ("At least 3 words.", 3, "words", TITLE, "one", BROKEN, "The text has 1 word."),
        ("A title of at most 9 characters.", 9, "characters", "123456789x", "", BROKEN, "The title has 10 characters."),
        ("A title of at most 9 characters.", 9, "characters", "123456789", "a long text", KEPT, None),
        ("A headline has at least 3 chars.", 3, "chars", "ab", "a long text", BROKEN, "The title has 2 chars."),
        ("At least 2,000 characters.", 2000, "characters", TITLE, "x" * 1999, BROKEN, "The text has 1,999 characters."),
        ("At least 3 sentences.", 3, "sentences", TITLE, "It is v1.2. Why?", BROKEN, "The text has 2 sentences."),
        ("At least 3 sentences.", 3, "sentences", TITLE, "It broke. Why? No idea", KEPT, None),
        ("At least 2 paragraphs.", 2, "paragraphs", TITLE, "One.\n\n", BROKEN, "The text has 1 paragraph."),
        ("Posts under 9 characters are removed.", 9, "characters", TITLE, "too short", KEPT, None),
        (
            "Posts under 9 characters are removed.",
            9,
            "characters",
            TITLE,
            "short",
            BROKEN,
            "The text has 5 characters.",
        ),
        ("Posts over 5 words get deleted.", 5, "words", TITLE, "a b c d e f", BROKEN, "The text has 6 words."),
        ("Keep it under 5 words.", 5, "words", TITLE, "a b c d e f", BROKEN, "The text has 6 words."),
        ("At least 5 rhymes.", 5, "rhymes", TITLE, "one", CANNOT_TELL, "Only a person can tell."),
        ("Not too short.", None, "", TITLE, "one", CANNOT_TELL, "Only a person can tell."),
    ],
)
def test_a_rule_about_length_counts_what_it_names(
    quote: str, number: int | None, unit: str, title: str, body: str, standing: Compliance, said: str | None
) -> None:
    ruling = ruled(Demand(Topic.LENGTH, Stance.REQUIRES, quote, number=number, unit=unit), Text(title, body))
    assert ruling.compliance is standing
    assert ruling.text == (said or "Nothing in it speaks against that.")
    assert (ruling.code, ruling.concerns) == ("rule:length", standing is BROKEN)


# ---------------------------------------------------------------- how often


@pytest.mark.parametrize(
    ("quote", "days_ago", "standing"),
    [
        ("One post a week.", 6.9, BROKEN),
        ("One post a week.", 7, KEPT),
        ("Post once per day.", 0.9, BROKEN),
        ("Post once per day.", 1, KEPT),
        ("1 post every 24 hours.", 0.9, BROKEN),
        ("1 post every 24 hours.", 1.1, KEPT),
        ("Once every 3 days.", 2.9, BROKEN),
        ("Once every 3 days.", 3, KEPT),
        ("One post each month.", 29, BROKEN),
        ("One post each month.", 30, KEPT),
        ("Twice a week.", 1, CANNOT_TELL),
        ("Do not flood us.", 1, CANNOT_TELL),
    ],
)
def test_a_rule_about_how_often_counts_from_the_last_post_there(
    quote: str, days_ago: float, standing: Compliance
) -> None:
    before = own("Another question", "Other words", days_ago=days_ago)
    ruling = ruled(Demand(Topic.TIMING, Stance.REQUIRES, quote), Text(TITLE, BODY), before)
    assert ruling.compliance is standing
    if standing is BROKEN:
        assert told(ruling) == (BROKEN, "You posted there since.", "frequency", True)


@pytest.mark.parametrize(
    "before",
    [own("A", "b", days_ago=1, community="elsewhere"), own("A", "b", days_ago=1, state=None)],
    ids=["elsewhere", "never posted"],
)
def test_what_was_not_posted_there_does_not_count(before: OwnText) -> None:
    assert (
        ruled(Demand(Topic.TIMING, Stance.REQUIRES, "One post a week."), Text(TITLE, BODY), before).compliance is KEPT
    )


# ---------------------------------------------------------------- reposts


def test_nearly_the_same_as_an_earlier_post_there_is_a_repost() -> None:
    demand, text = Demand(Topic.REPOSTS, Stance.FORBIDS, "No reposts."), Text(TITLE, BODY)
    same = ruled(demand, text, own(TITLE, f"{BODY} Twice", days_ago=60))
    assert told(same) == (BROKEN, "It says nearly the same as an earlier post of yours.", "rule:reposts", True)
    others = [
        own(TITLE, BODY, days_ago=60, community="elsewhere"),
        own(TITLE, BODY, days_ago=60, state=None),
        own("Which glaze?", "It cracked in the kiln.", days_ago=60),
    ]
    assert told(ruled(demand, text, *others)) == (
        CANNOT_TELL,
        "It is not a repost of yours; search whether others posted it.",
        "rule:reposts",
        False,
    )


# ---------------------------------------------------------------- the account


@pytest.mark.parametrize(
    ("number", "unit", "days", "karma", "standing", "said", "code"),
    [
        (30, "days", 29, 5, BROKEN, "u/ada_w has 29 days of age; 30 are asked for.", "account:age"),
        (30, "days", 30, 5, KEPT, None, "rule:account"),
        (2, "weeks", 13, 5, BROKEN, "u/ada_w has 13 days of age; 14 are asked for.", "account:age"),
        (2, "months", 59, 5, BROKEN, "u/ada_w has 59 days of age; 60 are asked for.", "account:age"),
        (1, "year", 364, 5, BROKEN, "u/ada_w has 364 days of age; 365 are asked for.", "account:age"),
        (1, "year", 365, 5, KEPT, None, "rule:account"),
        (1_000, "karma", 9, 999, BROKEN, "u/ada_w has 999 karma; 1,000 are asked for.", "account:karma"),
        (1_000, "karma", 9, 1_000, KEPT, None, "rule:account"),
        (1_000, "karma", 9, None, CANNOT_TELL, None, "rule:account"),
        (30, "days", None, 5, CANNOT_TELL, None, "rule:account"),
        (30, "posts", 9, 5, CANNOT_TELL, None, "rule:account"),
        (None, "days", 9, 5, CANNOT_TELL, None, "rule:account"),
        (
            50,
            "comment karma",
            9,
            49,
            BROKEN,
            "u/ada_w has 49 karma in all; 50 comment karma are asked for.",
            "account:karma",
        ),
        (50, "comment karma", 9, 50, CANNOT_TELL, None, "rule:account"),
    ],
)
def test_a_rule_about_accounts_is_held_against_what_reddit_told_of_the_posters(
    number: int | None,
    unit: str,
    days: int | None,
    karma: int | None,
    standing: Compliance,
    said: str | None,
    code: str,
) -> None:
    born = NOW - timedelta(days=days) if days is not None else None
    account = Account(1, "terminal:local", "ada_w", AccountState.VISIBLE, NOW, "alice", born, karma)
    demand = Demand(Topic.ACCOUNT, Stance.REQUIRES, "Accounts of some age.", number=number, unit=unit)
    by_her = replace(asked(demand), history=History(accounts=(account,)), poster=Poster("U1", "alice", "Ada_W"))
    [ruling] = rulings(Text(TITLE, BODY), by_her)
    words = {KEPT: "Nothing in it speaks against that.", CANNOT_TELL: "Only a person can tell."}
    assert told(ruling) == (standing, said or words[standing], code, standing is BROKEN)
    [of_nobody] = rulings(Text(TITLE, BODY), replace(by_her, poster=None))
    assert of_nobody.compliance is CANNOT_TELL


@pytest.mark.parametrize(
    ("hours", "karma", "standing", "said"),
    [
        (47, 100, BROKEN, "u/ada_w has 47 hours of age; 48 are asked for."),
        (48, 99, BROKEN, "u/ada_w has 99 karma; 100 are asked for."),
        (47, 99, BROKEN, "u/ada_w has 47 hours of age; 48 are asked for."),
        (48, None, CANNOT_TELL, "Only a person can tell."),
        (48, 100, KEPT, "Nothing in it speaks against that."),
    ],
)
def test_an_account_must_have_both_the_age_and_the_karma_that_a_rule_asks(
    hours: int, karma: int | None, standing: Compliance, said: str
) -> None:
    account = Account(
        1, "terminal:local", "ada_w", AccountState.VISIBLE, NOW, "alice", NOW - timedelta(hours=hours), karma
    )
    demand = Demand(
        Topic.ACCOUNT, Stance.REQUIRES, "Accounts of some age.", number=48, unit="hours", also=(100, "karma")
    )
    by_her = replace(asked(demand), history=History(accounts=(account,)), poster=Poster("U1", "alice", "Ada_W"))
    [ruling] = rulings(Text(TITLE, BODY), by_her)
    assert (ruling.compliance, ruling.text) == (standing, said)


@pytest.mark.parametrize(
    ("rule", "days", "karma", "standing", "said"),
    [
        ("Accounts must be a month old.", 29, 5, BROKEN, "u/ada_w has 29 days of age; 30 are asked for."),
        ("Accounts must be a month old.", 30, 5, KEPT, None),
        (
            "Your account must be at least two weeks old.",
            13,
            5,
            BROKEN,
            "u/ada_w has 13 days of age; 14 are asked for.",
        ),
        ("You need a hundred karma to post.", 9, 99, BROKEN, "u/ada_w has 99 karma; 100 are asked for."),
        ("You need a hundred karma to post.", 9, 100, KEPT, None),
        (
            "You must be a member for at least two weeks.",
            13,
            5,
            BROKEN,
            "u/ada_w has 13 days of age; 14 are asked for.",
        ),
        ("You must be a member for at least two weeks.", 400, 5, CANNOT_TELL, None),
    ],
)
def test_an_account_is_held_against_an_age_or_karma_that_a_rule_gives_in_words(
    rule: str, days: int, karma: int, standing: Compliance, said: str | None
) -> None:
    account = Account(1, "terminal:local", "ada_w", AccountState.VISIBLE, NOW, "alice", NOW - timedelta(days), karma)
    [demand] = [one for one in read_rule(Rule("Account requirements", rule, "all")) if one.topic is Topic.ACCOUNT]
    by_her = replace(asked(demand), history=History(accounts=(account,)), poster=Poster("U1", "alice", "Ada_W"))
    [ruling] = rulings(Text(TITLE, BODY), by_her)
    words = {KEPT: "Nothing in it speaks against that.", CANNOT_TELL: "Only a person can tell."}
    assert (ruling.compliance, ruling.text) == (standing, said or words[standing])


# ---------------------------------------------------------------- what a text shows


NAMED = "I made Tallybird for that."
LINKED = "See https://tallybird.example for that."


@pytest.mark.parametrize(
    ("demand", "body", "expected"),
    [
        (
            Demand(Topic.PROMOTION, Stance.FORBIDS, "No promotion."),
            NAMED,
            (BROKEN, "The text names Tallybird.", "rule:promotion", True),
        ),
        (
            Demand(Topic.PROMOTION, Stance.FORBIDS, "No promotion."),
            LINKED,
            (BROKEN, "The text links the site of Tallybird.", "rule:promotion", True),
        ),
        (
            Demand(Topic.PROMOTION, Stance.ALLOWS_WHEN, "Promotion only with disclosure."),
            NAMED,
            (KEPT, "The text names Tallybird. It says whose it is.", "rule:promotion", True),
        ),
        (
            Demand(Topic.PROMOTION, Stance.ALLOWS_WHEN, "Promotion only with disclosure."),
            "Tallybird does that.",
            (BROKEN, "The text names Tallybird. It does not say whose it is.", "disclosure", True),
        ),
        (
            Demand(Topic.PROMOTION, Stance.ALLOWS_WHEN, "Promotion goes there.", condition="in the weekly thread"),
            NAMED,
            (
                BROKEN,
                "The text names Tallybird. That belongs in a thread there, not in a post.",
                "rule:promotion",
                True,
            ),
        ),
        (
            Demand(Topic.PROMOTION, Stance.ALLOWS_WHEN, "Ask us first."),
            NAMED,
            (CANNOT_TELL, "The text names Tallybird. Read whether the rule allows it.", "rule:promotion", True),
        ),
        (
            Demand(Topic.LINKS, Stance.FORBIDS, "No links to your shop."),
            "See https://else.example for that.",
            (CANNOT_TELL, "The text has a link: read whether the rule means it.", "rule:links", True),
        ),
        (
            Demand(Topic.TOPIC, Stance.REQUIRES, "Only boats."),
            BODY,
            (CANNOT_TELL, "Only a person can tell.", "rule:topic", False),
        ),
    ],
)
def test_a_rule_about_what_a_text_shows_is_held_against_it(
    demand: Demand, body: str, expected: tuple[Compliance, str, str, bool]
) -> None:
    assert told(ruled(demand, Text(TITLE, body))) == expected


def test_a_rule_about_the_share_of_promotion_counts_the_posts_there() -> None:
    demand = Demand(Topic.PROMOTION, Stance.RATIO, "One of four.", ratio=(1, 4))
    plain = [own(f"Question {n}", f"Other words, number {n}", days_ago=n + 1) for n in range(3)]
    promoted = own("Ours", "Tallybird does that.", days_ago=9)
    text = Text(TITLE, NAMED)
    assert told(ruled(demand, text, *plain)) == (
        KEPT,
        "The text names Tallybird. So do 0 of your 3 posts of the last 90 days there; 1 of 4 may.",
        "ratio",
        True,
    )
    assert told(ruled(demand, text, *plain, promoted)) == (
        BROKEN,
        "The text names Tallybird. So do 1 of your 4 posts of the last 90 days there; 1 of 4 may.",
        "ratio",
        True,
    )
    assert told(ruled(demand, text, *plain[:2])) == (
        CANNOT_TELL,
        "The text names Tallybird. Of your posts there only 2 are known; 1 of 4 may.",
        "ratio",
        True,
    )


def test_a_flair_keeps_a_rule_about_flairs_and_none_cannot_be_judged() -> None:
    demand = Demand(Topic.FLAIR, Stance.REQUIRES, "Choose a flair.")
    assert told(ruled(demand, Text(TITLE, BODY, flair="Story")))[:2] == (KEPT, "The text has a flair: “Story”.")
    assert ruled(demand, Text(TITLE, BODY)).compliance is CANNOT_TELL


def test_a_text_in_another_language_breaks_a_rule_about_english() -> None:
    demand = Demand(Topic.LANGUAGE, Stance.REQUIRES, "English only.")
    german = "Wir haben lange gewartet und dann haben sie doch nicht bezahlt, obwohl wir zweimal gefragt hatten. " * 3
    assert told(ruled(demand, Text("Wie lange wartet ihr auf euer Geld?", german))) == (
        BROKEN,
        "It is not in English.",
        "rule:language",
        True,
    )
    assert ruled(demand, Text(TITLE, BODY)).compliance is KEPT


# ---------------------------------------------------------------- all rules together


def test_of_what_a_rule_asks_the_worst_is_told() -> None:
    at_most = Demand(Topic.LENGTH, Stance.REQUIRES, "At most 2 words.", number=2, unit="words")
    timing = Demand(Topic.TIMING, Stance.REQUIRES, "Do not flood us.")
    kind = Demand(Topic.CIVILITY, Stance.FORBIDS, "Be kind.")
    assert [one.topic for one in rule_by_rule(Text(TITLE, BODY), asked(kind, timing, at_most))] == [Topic.LENGTH]
    assert [one.topic for one in rule_by_rule(Text(TITLE, BODY), asked(kind, timing))] == [Topic.TIMING]
    assert [one.compliance for one in rule_by_rule(Text(TITLE, BODY), asked(kind))] == [KEPT]


def test_a_rule_that_asks_nothing_readable_is_to_be_read_unless_it_is_for_comments() -> None:
    unread, comments = Rule("Vibes", "Keep the harbour a harbour.", "all"), Rule("Replies", "Vibes.", "comment")
    on = grounds(ruled=rules(unread, comments))
    assert rule_by_rule(Text(TITLE, BODY), on) == (
        Ruling("Vibes", None, CANNOT_TELL, "Read it yourself.", quote="Keep the harbour a harbour."),
    )


def test_only_a_broken_rule_is_a_problem_and_one_about_something_else_is_not_told() -> None:
    kind = Demand(Topic.CIVILITY, Stance.FORBIDS, "Be kind.")
    timing = Demand(Topic.TIMING, Stance.REQUIRES, "Do not flood us.")
    on = asked(kind, timing)
    broken, unsure, fine = "You are an idiot.", "I felt like an idiot that day.", BODY
    levels = [[remark.level for remark in check_rules(Text(TITLE, body), on)] for body in (broken, unsure, fine)]
    assert levels == [["problem"], ["advice"], []]
    [remark] = check_rules(Text(TITLE, broken), on)
    assert (remark.check, remark.code) == ("rules", "rule:civility")
    assert remark.text.startswith(f"r/{HERE} has a rule: “Rule 1”. It insults somebody")


# ---------------------------------------------------------------- rulings in whole


@pytest.mark.parametrize(
    ("demand", "body", "standing", "said"),
    [
        (Demand(Topic.LINKS, Stance.FORBIDS, "Do not link to your blog."), LINKED, BROKEN,
         "The text links the site of Tallybird."),
        (Demand(Topic.LINKS, Stance.FORBIDS, "Do not link to your blog."), NAMED, KEPT,
         "Nothing in it speaks against that."),
        (Demand(Topic.LINKS, Stance.FORBIDS, "No links."), "See https://a.example.", BROKEN,
         "The text has a link in the text."),
        (Demand(Topic.LINKS, Stance.FORBIDS, "Do not link to your blog."), "See https://a.example.", CANNOT_TELL,
         "The text has a link: read whether the rule means it."),
        (Demand(Topic.LINKS, Stance.FORBIDS, "Do not link to your blog."), BODY, KEPT,
         "Nothing in it speaks against that."),
        (Demand(Topic.PROMOTION, Stance.FORBIDS, "No advertising links."), NAMED, BROKEN, "The text names Tallybird."),
        (Demand(Topic.PROMOTION, Stance.FORBIDS, "No LINKS of yours."), NAMED, KEPT,
         "Nothing in it speaks against that."),
        (Demand(Topic.PROMOTION, Stance.FORBIDS, "No LINKS of yours."), LINKED, BROKEN,
         "The text links the site of Tallybird."),
        (Demand(Topic.REFERRAL, Stance.FORBIDS, "No codes."), "Use code SAVE20 at checkout.", BROKEN,
         "The text has a code or a link that pays somebody: “code SAVE20”."),
        (Demand(Topic.SURVEYS, Stance.ALLOWS_WHEN, "There.", condition="in the weekly Thread"), "Take my short survey.",
         BROKEN, "The text has a survey: “Take my short survey”. That belongs in a thread there, not in a post."),
        (Demand(Topic.DIRECT_MESSAGES, Stance.ALLOWS_WHEN, "There.", condition="in the weekly thread"), "DM me.",
         CANNOT_TELL, "The text has an invitation to write privately: “DM me”. Read whether the rule allows it."),
        (Demand(Topic.PROMOTION, Stance.ONLY_ON, "Promotion sometimes."), NAMED, CANNOT_TELL,
         "The text names Tallybird. Read whether the rule allows it."),
        (Demand(Topic.PROMOTION, Stance.REQUIRES, "Be open.", condition="when you disclose it"), NAMED, KEPT,
         "The text names Tallybird. It says whose it is."),
        (Demand(Topic.SURVEYS, Stance.REQUIRES, "Disclose it."), "Take my short survey.", CANNOT_TELL,
         "The text has a survey: “Take my short survey”. Read whether the rule allows it."),
    ],
)  # fmt: skip
def test_what_a_text_has_is_told_with_what_the_rule_makes_of_it(
    demand: Demand, body: str, standing: Compliance, said: str
) -> None:
    is_nothing = said == "Nothing in it speaks against that."
    assert ruled(demand, Text(TITLE, body)) == Ruling(
        "Rule 1", demand.topic, standing, said, f"rule:{demand.topic}", not is_nothing, demand.quote
    )


@pytest.mark.parametrize(
    ("quote", "description", "told_as"),
    [
        ("No links.", "As it is written.", "No links."),
        ("Rule 1", "As it is written.", "As it is written."),
        (" Rule 1 ", "As it is written.", "As it is written."),
        ("", "As it is written.", "As it is written."),
        ("Rule 1", "", "Rule 1"),
    ],
)
def test_a_ruling_quotes_the_sentence_that_asks_it_or_the_description(
    quote: str, description: str, told_as: str
) -> None:
    rule = Rule("Rule 1", description, "link")
    demand = Demand(Topic.CIVILITY, Stance.FORBIDS, quote)
    kept = (KeptDemand(rule_key(rule), rule.short_name, demand, "rules", NOW),)
    [ruling] = rulings(Text(TITLE, BODY), replace(grounds(ruled=rules(rule)), demands=kept))
    assert ruling.quote == told_as


def test_a_ratio_that_is_not_given_is_one_in_ten() -> None:
    demand = Demand(Topic.PROMOTION, Stance.RATIO, "Take part more than you promote.")
    plain = [own(f"Question {n}", f"Other words, number {n}", days_ago=n + 1) for n in range(9)]
    assert told(ruled(demand, Text(TITLE, NAMED), *plain)) == (
        KEPT,
        "The text names Tallybird. So do 0 of your 9 posts of the last 90 days there; 1 of 10 may.",
        "ratio",
        True,
    )
    assert ruled(demand, Text(TITLE, NAMED), *plain[1:]).compliance is CANNOT_TELL


def test_a_post_of_a_teammate_is_none_of_ones_own() -> None:
    demand = Demand(Topic.TIMING, Stance.REQUIRES, "One post a week.")
    by_bob = replace(own("A", "b", days_ago=1), by="bob")
    by_alice = replace(asked(demand), history=History(texts=(by_bob,)), poster=Poster("U1", "alice", None))
    [ruling] = rulings(Text(TITLE, BODY), by_alice)
    assert ruling.compliance is KEPT
    [ruling] = rulings(Text(TITLE, BODY), replace(by_alice, poster=Poster("U2", "bob", None)))
    assert ruling.compliance is BROKEN


@pytest.mark.parametrize(
    ("stance", "text", "standing", "said", "concerns"),
    [
        (Stance.FORBIDS, Text(TITLE, "Let's delve into it."), CANNOT_TELL,
         "The text has phrases that language models like.", True),
        (Stance.FORBIDS, Text(TITLE, BODY, ("Other words\nabout kilns", WRITTEN)), BROKEN,
         "A model wrote this text: write it in your own words.", True),
        (Stance.FORBIDS, Text(TITLE, BODY, (TITLE,)), KEPT, "A person wrote this text.", False),
    ],
)  # fmt: skip
def test_a_text_that_reads_like_a_models_is_to_be_read(
    stance: Stance, text: Text, standing: Compliance, said: str, concerns: bool
) -> None:
    demand = Demand(Topic.AI_TEXT, stance, "No AI texts.")
    assert told(ruled(demand, text)) == (standing, said, "rule:ai_text", concerns)


@pytest.mark.parametrize(
    ("title", "body", "words", "standing"),
    [
        (TITLE, "Honestly, you are an idiot.", "idiot", BROKEN),
        (TITLE, "What an idiot. You too.", "idiot", CANNOT_TELL),
        (TITLE, "You wait. I felt like an idiot.", "idiot", CANNOT_TELL),
        ("My friend, an idiot", BODY, "idiot", CANNOT_TELL),
    ],
)
def test_whom_a_rude_word_means_is_read_from_the_words_before_it(
    title: str, body: str, words: str, standing: Compliance
) -> None:
    ruling = ruled(Demand(Topic.CIVILITY, Stance.FORBIDS, "Be kind."), Text(title, body))
    said = "It insults somebody" if standing is BROKEN else "The text has a rude word"
    assert ruling.compliance is standing
    assert ruling.text.startswith(f"{said}: “")
    assert words in ruling.text


def test_rules_are_told_one_by_one_in_their_order_the_worst_of_each() -> None:
    length = Rule("Length", "Posts have at most 2 words.", "all")
    listed = rules(Rule("Be kind", "No insults.", "all"), length, Rule("Vibes", "Harbour.", "all"),
                   Rule("Replies", "No insults.", "comment"))  # fmt: skip
    told_rules = rule_by_rule(Text(TITLE, "You idiot, you idiot."), grounds(ruled=listed))
    assert [(one.rule, one.compliance) for one in told_rules] == [
        ("Be kind", BROKEN),
        ("Length", BROKEN),
        ("Vibes", CANNOT_TELL),
    ]
    assert rule_by_rule(Text(TITLE, BODY), replace(grounds(), rules=None)) == ()
    assert list(check_rules(Text(TITLE, BODY), replace(grounds(), rules=None))) == []


def test_a_kind_of_post_on_another_day_is_told_with_the_days() -> None:
    weekends = Rule("Trip reports on weekends only", "Then.", "all")
    monday = NOW - timedelta(days=NOW.weekday())
    for day, standing, said in (
        (0, BROKEN, "That is for Saturday, Sunday; today is Monday."),
        (5, KEPT, "Today is Saturday."),
    ):
        on = replace(grounds(ruled=rules(weekends)), now=monday + timedelta(days=day))
        found = [one for one in rulings(Text("Trip report: the island", BODY), on) if one.code == "weekday"]
        assert found == [
            Ruling(weekends.short_name, Topic.TIMING, standing, said, "weekday", True, weekends.short_name)
        ]
    comments = replace(grounds(ruled=rules(replace(weekends, kind="comment"))), now=monday)
    assert [one for one in rulings(Text("Trip report: the island", BODY), comments) if one.code == "weekday"] == []


@pytest.mark.parametrize(
    ("flair", "flairs", "quote", "expected"),
    [
        ("Story", (), "Flair every post.", (KEPT, "The text has a flair: “Story”.", False)),
        ("", (Flair("Story"),), "All posts must have a flair.", (BROKEN, "The draft has no flair.", True)),
        ("", (), "All posts must have a flair.", (CANNOT_TELL, "Only a person can tell.", False)),
        (None, (Flair("Story"),), "All posts must have a flair.", (CANNOT_TELL, "Only a person can tell.", False)),
        ("", (Flair("Story"),), "Flairs are nice.", (CANNOT_TELL, "Only a person can tell.", False)),
    ],
)
def test_a_rule_about_flairs_is_broken_by_none_where_there_are_some(
    flair: str | None, flairs: tuple[Flair, ...], quote: str, expected: tuple[Compliance, str, bool]
) -> None:
    on = asked(Demand(Topic.FLAIR, Stance.REQUIRES, quote))
    assert on.rules is not None
    on = replace(on, rules=replace(on.rules, flairs=flairs))
    [ruling] = rulings(Text(TITLE, BODY, flair=flair), on)
    assert (ruling.compliance, ruling.text, ruling.concerns) == expected


def test_a_title_without_any_of_the_tags_is_told_six_of_them() -> None:
    tags = ", ".join(f"[Tag{letter}]" for letter in "ABCDEFGH")
    rule = Rule("Title format", f"{tags} at the start of your title.", "all")
    found = [
        one for one in rulings(Text("A quiet river", BODY), grounds(ruled=rules(rule))) if one.topic is Topic.TITLE
    ]
    assert [(one.compliance, one.text, one.concerns) for one in found] == [
        (BROKEN, "The title has none of [TagA], [TagB], [TagC], [TagD], [TagE], [TagF].", True)
    ]
