"""Whether a text says whose product it speaks of."""

from __future__ import annotations

import pytest

from core.texts.disclosure import is_disclosed

SAID = (
    "Hi, I'm the founder of Sprig.",
    "Sprig is my side project.",
    "Sprig, which I make, blinks.",
    "At Sprig we solder by hand.",
    "My company, Sprig, sells sensors.",
    "I work at Sprig as an engineer.",
    "Sprig blinks. I built it in my kitchen.",
    "Full disclosure: Sprig pays my rent.",
    "Our app Sprig blinks.",
    "(Sprig is ours.)",
    "We've been building Sprig for two years.",
    "So I ended up building a small sensor called Sprig.",
    "Sprig is what I have been working on since May.",
    "I'm one of the two people behind Sprig.",
    "We launched Sprig on Monday.",
    "I'm biased because Sprig is mine.",
    "I'm a dev on the Sprig team.",
)
NOT_SAID = (
    "I use Sprig to run my shop.",
    "I run my greenhouse with Sprig.",
    "We use Sprig at our company.",
    "A friend built Sprig.",
    "I found Sprig last week and love it.",
    "I started using Sprig in May.",
    "I am not affiliated with Sprig. I built a shelf.",
    "Our team switched to Sprig.",
    "I'm a solo developer. Sprig helped me.",
    "My wife bought me Sprig.",
    "I wrote about Sprig on my blog.",
    "As a plant owner I recommend Sprig.",
    "Sprig is my favourite sensor.",
    "I own two Sprig sensors.",
    "Sprig saved my plants. I made a shelf for them.",
    "We opened the box of Sprig.",
)


@pytest.mark.parametrize("text", SAID)
def test_a_maker_who_says_so_is_understood(text: str) -> None:
    assert is_disclosed(f"Title\n{text}", "Sprig")


@pytest.mark.parametrize("text", NOT_SAID)
def test_a_text_of_a_user_or_a_friend_says_nothing_of_its_maker(text: str) -> None:
    assert not is_disclosed(f"Title\n{text}", "Sprig")


def test_a_link_to_the_site_stands_for_the_name() -> None:
    assert is_disclosed("Title\nWe built acme.example last year.", "Zorp", "acme.example")
    assert not is_disclosed("Title\nI found acme.example last year.", "Zorp", "acme.example")


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("We’re behind it", True),
        ("We‘re behind it", True),
        ("I'm not affiliated with Sprig, I'm the founder of a rival", False),  # a denial outweighs the rest
        ("Sprig blinks. I built it.", True),
        ("I built it. Sprig blinks.", False),
        ("Sprig blinks. It is green. I built it.", True),  # of any later sentence
        ("Acme blinks. I built it.", False),
        ("Sprig blinks\nWe made this", True),
        ("It is mine", True),
        ("SPRIG is our tool", True),
    ],
)
def test_a_later_sentence_may_speak_of_what_an_earlier_one_named(text: str, is_said: bool) -> None:
    assert is_disclosed(text, "Sprig") is is_said


def test_a_product_without_a_name_is_known_by_its_site_alone() -> None:
    assert is_disclosed("We built acme.example last year.", "!!!", "acme.example")
    assert not is_disclosed("We built acme.example last year.", "!!!")
    assert not is_disclosed("We built it last year.", "!!!", "acme.example")
