"""Rule by rule: what each kind of rule says about a draft, from demands as they were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.communities import Rule
from core.drafting.drafts import Poster
from core.drafting.history import History, OwnText
from core.drafting.rulings import Compliance, rulings
from core.drafting.text import Text
from core.model import Account, AccountState
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, read_rule
from tests.core.drafting.material import NOW, grounds, rules
from tests.core.drafting.ruled import (
    BODY,
    BROKEN,
    CANNOT_TELL,
    KEPT,
    LINKED,
    NAMED,
    TITLE,
    WRITTEN,
    asked,
    own,
    ruled,
    told,
)

# ---------------------------------------------------------------- a model's text


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
        "weekday:promotion",
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
        ("At least 3 sentences.", 3, "sentences", TITLE, "Mr. Ito sold it. Why?", BROKEN, "The text has 2 sentences."),
        ("At least 3 sentences.", 3, "sentences", TITLE, "It broke\nWhy? No idea", KEPT, None),
        ("At least 3 sentences.", 3, "sentences", TITLE, "Why? ... No.", BROKEN, "The text has 2 sentences."),
        ("At least 1 sentence.", 1, "sentence", TITLE, "", BROKEN, "The text has 0 sentences."),
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
