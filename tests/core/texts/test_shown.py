"""Words that ask for something in one sentence, and say something else in another."""

import re

import pytest

from core.texts.markup import Text
from core.texts.shown import said_in, says_a_model_wrote, shown


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("giveaway", "The giveaway was the ink, which nobody in the house buys."),
        ("giveaway", "A couple from Ghent had won their stove in a raffle at home."),
        ("giveaway", "If somebody wants to give away a shift, a colleague takes it."),
        ("direct_messages", "Please do not message us about it, ask below, so that the next person finds the answer."),
        ("votes", "There is a village meeting where you cast a vote on something completely unimportant."),
        ("votes", "No need to vote on it here."),
        ("survey", "My neighbour wanted to vote for the butter."),
        ("survey", "Who else was out in the rain?"),
        ("survey", "Some owners say Friday. Which side are you on?"),
        ("belittling", "A deadline nobody asked you for is worth having."),
        ("survey", "I want to do it with my hands or not at all."),
        ("hiring", "The texts only work with US numbers."),
        ("hiring", "If you want to try the cheap version, put a bowl on a scale."),
        ("hiring", "We waive the fee, so what you pay is the work."),
        ("referral_code", "Use HTTP at first, then think of an order."),
        ("fundraising", "I'm Kofi, and I have taught cello for nine years."),
    ],
)
def test_words_in_another_sense_show_nothing(key: str, body: str) -> None:
    assert shown([key], Text("A title", body)) is None


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("giveaway", "We run a giveaway until Friday, leave a comment to take part."),
        ("giveaway", "Join our raffle, the first prize is a year for free."),
        ("giveaway", "We'll give away 5 bowls to those who answer."),
        ("direct_messages", "Message us and we send you the list."),
        ("votes", "Please cast your vote for us on the site."),
        ("votes", "Everybody who upvotes this post gets a card in the mail."),
        ("survey", "Hands up for the butter."),
        ("hiring", "Come work with us, we train you."),
        ("hiring", "We need somebody to test the new version."),
        ("referral_code", "Type BENCH10 at the checkout and you get ten percent off."),
        ("survey", "I'll add it up at the weekend."),
        ("fundraising", "Our Kofi page is open, every euro counts."),
        ("fundraising", "Help us at ko-fi.com/mill if you like."),
    ],
)
def test_the_same_words_show_what_they_ask_for(key: str, body: str) -> None:
    found = shown([key], Text("A title", body))
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        ("A lamp\nOrder yours today.", "today"),
        ("A lamp\nThey print 'order yours today' on it.", None),
        ('A lamp\nThey print "order yours today" on it.', None),
    ],
)
def test_words_that_a_text_speaks_about_are_not_its_own(whole: str, words: str | None) -> None:
    assert said_in(whole, [re.compile(r"order yours (?P<w>today)", re.IGNORECASE)]) == words


def test_the_first_pattern_that_fits_tells_its_words() -> None:
    assert said_in("Red, then blue", [re.compile("green"), re.compile("blue"), re.compile("Red")]) == "blue"


@pytest.mark.parametrize(
    ("whole", "says"),
    [
        ("A plan\nClaude wrote this.", True),
        ("A plan\nThis post was partly written with the help of an AI.", True),
        ("A plan\nI had ChatGPT write this.", True),
        ("A plan\nI asked ChatGPT for a fingering.", False),
    ],
)
def test_a_text_says_of_itself_that_a_model_wrote_it(whole: str, says: bool) -> None:
    assert says_a_model_wrote(whole) is says
