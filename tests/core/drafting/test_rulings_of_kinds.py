"""What rules ask that no topic names by itself: kinds of post on their days, tags of titles, money, codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.communities import Rule
from core.demands import READ_BY_PERSON, KeptDemand, rule_key
from core.drafting.history import History, OwnText
from core.drafting.rulings import Compliance, Ruling, rulings
from core.drafting.text import Text
from core.model import State
from core.requirements import Flair
from core.texts.demand_words import read_lines
from core.texts.rule_topics import Topic
from tests.core.drafting.material import NOW, grounds, rules

BROKEN, KEPT, CANNOT_TELL = Compliance.BROKEN, Compliance.KEPT, Compliance.CANNOT_TELL
TUESDAY = NOW - timedelta(days=(NOW.weekday() - 1) % 7)
DUTCH = "Ik heb elf jaar lesgegeven en ik weet nog niet hoe je dat goed uitlegt aan een klas van dertig."


def standing(
    name: str, description: str, title: str, body: str = "Six boats went out.", *, flair: str = "", now: datetime = NOW
) -> set[tuple[Compliance, str]]:
    """How one rule stands with a text: all standings with their codes."""
    ruled = rules(Rule(name, description, "all"))
    ruled = replace(ruled, flairs=(Flair("Question", "f1"),))
    found = rulings(Text(title, body, (), flair), replace(grounds(ruled=ruled), now=now))
    return {(ruling.compliance, ruling.code) for ruling in found}


@pytest.mark.parametrize(
    ("title", "day", "expected"),
    [
        ("Trip report: round the island", 1, {(BROKEN, "weekday:timing")}),
        ("[Trip report] Round the island", 1, {(BROKEN, "weekday:timing")}),
        ("Trip report: round the island", 5, {(KEPT, "rule:timing")}),
        ("Why are trip reports for weekends only?", 1, {(KEPT, "rule:timing")}),
        ("Round the island", 1, {(KEPT, "rule:timing")}),
    ],
)
def test_a_kind_of_post_has_its_days(title: str, day: int, expected: set[tuple[Compliance, str]]) -> None:
    now = TUESDAY + timedelta(days=day - 1)
    assert standing("Trip reports on weekends only", "They may be posted then.", title, now=now) == expected


@pytest.mark.parametrize(
    ("description", "title", "found"),
    [
        ("[Help], [Gear], or [Log] at the start of your title.", "A quiet river", (BROKEN, "rule:title")),
        ("[Help], [Gear], or [Log] at the start of your title.", "[Log] A quiet river", (KEPT, "rule:title")),
        ("[Help], [Gear], or [Log] at the start of your title.", "[Sale] A quiet river", (BROKEN, "rule:title")),
        ("Use tags such as [Help], [Gear] in your title.", "[Sale] A quiet river", (KEPT, "rule:title")),
        ("Use [Year] [Make] in your title.", "A quiet river", (CANNOT_TELL, "rule:title")),
    ],
)
def test_a_title_has_one_of_the_tags_that_a_rule_lists(
    description: str, title: str, found: tuple[Compliance, str]
) -> None:
    assert found in standing("Title format", description, title)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("It is free. If it helps you, here is my tip jar.", (BROKEN, "rule:promotion")),
        ("We are on Kickstarter until May.", (BROKEN, "rule:promotion")),
        ("I made Paywise and I am glad of questions.", (KEPT, "rule:promotion")),
    ],
)
def test_a_rule_against_fundraising_is_about_money_and_not_about_a_products_name(
    body: str, found: tuple[Compliance, str]
) -> None:
    ruled = rules(Rule("No fundraising", "No Kickstarter, no donation links.", "all"))
    on = replace(grounds(ruled=ruled))
    named = body.replace("Paywise", on.campaign.name)
    assert found in {(r.compliance, r.code) for r in rulings(Text("How it went", named), on)}
    assert on.rule_on_promotion is None


@pytest.mark.parametrize("name", ["No giveaways", "Discount codes", "No crypto", "No raffles or contests"])
def test_a_rule_against_one_kind_of_promotion_does_not_forbid_a_products_name(name: str) -> None:
    on = grounds(ruled=rules(Rule(name, "Those are removed.", "all")))
    assert on.rule_on_promotion is None


def test_a_rule_that_also_forbids_selling_is_one_about_promotion() -> None:
    on = grounds(ruled=rules(Rule("No fundraising", "No Kickstarter, no selling of products.", "all")))
    assert on.rule_on_promotion is not None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("With code HOPS10 you get ten percent off.", BROKEN),
        ("Use my referral code if you sign up.", BROKEN),
        ("My code of 300 lines reviews itself.", KEPT),
        ("Our area code is new, and the HTTP code is 404.", KEPT),
    ],
)
def test_a_referral_code_is_found_in_words(body: str, found: Compliance) -> None:
    assert (found, "rule:referral") in standing("Referral codes", "Not allowed.", "Where I buy", body)


def test_a_text_may_be_in_a_language_that_the_rule_names() -> None:
    assert (KEPT, "rule:language") in standing("English or Dutch", "Others are removed.", "Hoe doe jij dat?", DUTCH)
    assert (BROKEN, "rule:language") in standing("English only", "Others are removed.", "Hoe doe jij dat?", DUTCH)
    assert (BROKEN, "rule:language") in standing("English or French only", "", "Hoe doe jij dat?", DUTCH)


@pytest.mark.parametrize(
    ("name", "description", "flair", "found"),
    [
        ("Flair your posts", "Posts without flair are removed.", "", BROKEN),
        ("Flair your posts", "Posts without flair are removed.", "Question", KEPT),
        ("User flair", "Please set your own flair.", "", CANNOT_TELL),
    ],
)
def test_a_rule_that_every_post_has_a_flair_is_broken_without_one(
    name: str, description: str, flair: str, found: Compliance
) -> None:
    assert (found, "rule:flair") in standing(name, description, "A quiet river", flair=flair)


def of_the_draft(name: str, description: str, body: str, *, flair: str = "", title: str = "How it went") -> set[str]:
    """The codes that one rule breaks, in a text of Tallybird, an app. The flairs there are Market and Question."""
    found = rulings_of(name, description, body, flair, title)
    return {ruling.code for ruling in found if ruling.compliance is BROKEN}


def told_of_the_draft(name: str, body: str) -> tuple[Compliance, str]:
    [ruling] = rulings_of(name, "", body, "", "How it went")
    return ruling.compliance, ruling.text


def rulings_of(name: str, description: str, body: str, flair: str, title: str) -> tuple[Ruling, ...]:
    ruled = replace(rules(Rule(name, description, "all")), flairs=(Flair("Market", "f1"), Flair("Question", "f2")))
    on = grounds(ruled=ruled)
    product = replace(on.campaign, product="A desktop app that splits bills.", keywords=("shared bills",))
    return rulings(Text(title, body, (), flair), replace(on, campaign=product))


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("No begging", "Don't ask for upvotes, likes or reviews."),
        ("No classifieds", "No private sales, no swaps, no lodgers wanted."),
        ("No spam links", "Affiliate links and discount codes are deleted."),
        ("No collecting", "No donations, GoFundMe or raffles."),
        ("No buying, selling or trading", "There are other places."),
    ],
)
def test_a_rule_about_something_else_lets_a_product_be_named(name: str, description: str) -> None:
    assert of_the_draft(name, description, "I made Tallybird and it costs nine euros.") == set()


@pytest.mark.parametrize(
    ("name", "description", "body"),
    [
        ("No classifieds", "No private sales, no swaps.", "I'm selling my old kayak, open to offers."),
        ("No collecting", "No donations of any sort.", "Our page is justgiving.com/boats, every penny counts."),
        ("No money", "No fundraisers.", "We are raising money for a new roof."),
        ("No money", "No fundraisers.", "Please consider giving, they need a boat."),
        ("No self-promotion", "", "Sharing shared bills is easy, the link is in my profile."),
        ("No self-promotion", "", "Shared bills again: we sold 40 licences of it in May."),
    ],
)
def test_what_a_rule_on_promotion_is_about_is_found_without_a_products_name(
    name: str, description: str, body: str
) -> None:
    assert of_the_draft(name, description, body) == {"rule:promotion"}


@pytest.mark.parametrize("body", ["I know it from the app I make.", "I wrote myself an app for the rent."])
def test_a_text_that_speaks_of_its_writers_own_thing_without_its_name_is_left_to_a_person(body: str) -> None:
    assert of_the_draft("No self-promotion", "", body) == set()
    assert told_of_the_draft("No self-promotion", body) == (
        CANNOT_TELL,
        "The text speaks of your own app. Read whether the rule allows it.",
    )


@pytest.mark.parametrize(
    "body", ["We split bills in three ways.", "My own bakery closed in May.", "An app would help with the rent."]
)
def test_a_text_without_a_product_is_no_promotion(body: str) -> None:
    assert of_the_draft("No self-promotion", "", body) == set()


NAMING = "You may name your firm when the story needs it. No calls to buy."


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("Tallybird made 300 euros in May, and I learned to wait.", set()),
        ("Tallybird made 300 euros. Order a copy this week.", {"rule:promotion"}),
        ("Tallybird is out. Now's the moment: get yours.", {"rule:promotion"}),
        ("We order a box of tea each week, as Tallybird pays for it.", set()),
    ],
)
def test_where_a_product_may_be_named_it_may_not_be_advertised(body: str, codes: set[str]) -> None:
    assert of_the_draft("Tell, don't advertise", NAMING, body) == codes


@pytest.mark.parametrize(
    ("flair", "body", "codes"),
    [
        ("Question", "I made Tallybird.", {"rule:flair"}),
        ("", "I made Tallybird.", {"rule:flair"}),
        ("Market", "I made Tallybird.", set()),
        ("market", "I made Tallybird.", set()),
        ("Question", "How do you split the rent?", set()),
    ],
)
def test_a_rule_on_promotion_may_name_its_flair(flair: str, body: str, codes: set[str]) -> None:
    rule = ("Own work", "Post your own work with the Market flair and say that it's yours.")
    assert of_the_draft(*rule, body, flair=flair) == codes


def test_links_to_shops_are_no_links_to_manuals() -> None:
    rule = ("No shop links", "Name what helped you. No links to shops or product pages.")
    assert of_the_draft(*rule, "I made Tallybird.") == set()
    assert of_the_draft(*rule, "I made it: https://tallybird.example") == {"rule:own_site"}
    assert of_the_draft(*rule, "See https://manuals.example/a.pdf") == set()


@pytest.mark.parametrize(
    ("body", "is_rude"),
    [
        ("Some of you still can't boil an egg.", True),
        ("Whoever leaves the lid off is a complete moron.", True),
        ("Half of you idiots never salt the water.", True),
        ("You lot manage to burn it each week.", True),
        ("You people are hopeless.", True),
        ("You drown them and then come crying.", True),
        ("Learn to read before you ask.", True),
        ("A guest called our cook an idiot.", False),
        ("This stupid hinge, I was an idiot to buy it.", False),
        ("Some of you said that I should wait.", False),
        ("People here can still remember the old oven.", False),
    ],
)
def test_a_text_may_not_put_the_members_down(body: str, is_rude: bool) -> None:
    assert of_the_draft("Be kind", "No name-calling.", body) == ({"rule:civility"} if is_rude else set())


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("No DMs", "Could somebody who knows boats message me? We can sort it out in chat.", "rule:direct_messages"),
        ("No DMs", "Ask me anything, my inbox is always open.", "rule:direct_messages"),
        ("No polls", "Comment A for oars or B for sails and I'll count on Sunday.", "rule:surveys"),
        ("No surveys", "How much would you pay for this?", "rule:surveys"),
        ("No recruiting", "I'm looking for people who want to fill a page.", "rule:recruiting"),
        ("No job ads", "We have two openings for bakers. Apply through the careers page.", "rule:recruiting"),
        ("No DMs", "Ping me privately and I'll tell you.", "rule:direct_messages"),
        ("No polls", "One comment per person, and I announce which one wins.", "rule:surveys"),
        ("No recruiting", "Who can spare a Sunday now and then to scan with me?", "rule:recruiting"),
        ("No referral links", "Put my name in at checkout: both of us get a box.", "rule:referral"),
        ("No begging for votes", "Follow us and leave five stars if you like it.", "rule:votes"),
        ("No recruiting", "We need a pair of hands for two days a week.", "rule:recruiting"),
        ("No referral links", "Use my link: we both get a month.", "rule:referral"),
    ],
)
def test_what_a_text_asks_of_readers_is_found_in_many_words(name: str, body: str, code: str) -> None:
    assert of_the_draft(name, "", body) == {code}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("No DMs", "I was the DM of that table, and she never wanted to talk in private."),
        ("No DMs", "Would you write me a poem about it?"),
        ("No polls", "The council polls people on Sunday. I'll count sheep."),
        ("No begging for votes", "We saw a review of the film and five stars in the sky."),
        ("No recruiting", "I hired a van and a cron job failed. Who keeps the job queue?"),
        ("No referral links", "The HTTP code is 404 and my code fails."),
    ],
)
def test_the_same_words_in_a_story_ask_for_nothing(name: str, body: str) -> None:
    assert of_the_draft(name, "", body) == set()


def test_the_same_product_is_shown_again_after_the_time_that_a_rule_names() -> None:
    rule = Rule("One at a time", "Don't show the same app again within 30 days.", "all")
    on = grounds(ruled=rules(rule))
    for days, standing_of in ((12, BROKEN), (40, CANNOT_TELL)):
        own = OwnText("harborfounders", "Tallybird", "I made Tallybird.", NOW - timedelta(days=days), by="ada",
                      state=State.LIVE)  # fmt: skip
        found = rulings(Text("News", "Tallybird can print now, which I made."), replace(on, history=History((own,))))
        assert standing_of in {ruling.compliance for ruling in found if ruling.topic is Topic.REPOSTS}


def test_the_days_of_a_kind_are_those_that_a_person_corrected_them_to() -> None:
    rule = Rule("Trip reports on weekends only", "They may be posted then.", "all")
    [(_, said)] = read_lines("1 timing: only on Tuesday — “Trip reports on weekends only”", [rule.short_name])
    kept = KeptDemand(rule_key(rule), rule.short_name, said, READ_BY_PERSON, NOW, "Bo", NOW)
    on = replace(grounds(ruled=rules(rule)), now=TUESDAY, demands=(kept,))
    found = rulings(Text("Trip report: round the island", "Six boats went out."), on)
    assert [(one.topic, one.compliance, one.text) for one in found] == [
        (Topic.TIMING, KEPT, "It is such a post. Today is Tuesday.")
    ]
