"""Whether a text says whose product it speaks of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.texts import disclosure
from core.texts.disclosure import disclosures_in, kinds_of, speaks_of_own
from core.texts.sentences import Span

KEPT_OUT = "It came off the desk where I sit."  # words that no list holds


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str, str]]]:
    """What the model was asked. It finds nobody's but what came off the desk."""
    questions: list[tuple[str, str, str]] = []

    def owner(text: str, name: str, product: str) -> Span | None:
        questions.append((text, name, product))
        at = text.find(KEPT_OUT)
        return None if at < 0 else Span(at, at + len(KEPT_OUT))

    monkeypatch.setattr(disclosure, "owner_in", owner)
    disclosures_in.cache_clear()
    yield questions
    disclosures_in.cache_clear()


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
    "At Sprig, which I coordinate, nobody solders.",
    "My sister and I have a meal-kit service, Sprig.",
    "The game is my own, it's called Sprig.",
    "I wrote a small open source tool. It took a year. The tool is called Sprig.",
    "The first version of our app took the two of us eight months. The app is called Sprig.",
    "I am a maintainer of the program, as rule two obliges me to say. Sprig blinks.",
    "I'm a designer of the game. Sprig blinks.",
    "At Sprig in Ghent, where I'm a setter, the wall has small footholds.",
    "Full honesty: it's Sprig and I'm one of the people who decided that it blinks.",
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
    "At Sprig, where I'm a member, the wall has small footholds.",
    "I'm a fan of the game. Sprig blinks.",
    "Sprig saved my plants. I made a shelf for them.",
    "We opened the box of Sprig.",
    "I wrote a small script myself and then found a tool. It's called Sprig.",
    "We run a game about plants. The tool is called Sprig.",
    "I use a small tool of a friend's. It's called Sprig.",
    "Our new app for the greenhouse blinks. It is called Sprig.",
    "Somebody came to our game night with a small box, it's called Sprig.",
)


@pytest.mark.parametrize("text", SAID)
def test_a_maker_who_says_so_is_understood(text: str) -> None:
    assert disclosures_in(f"Title\n{text}", "Sprig")


@pytest.mark.parametrize("text", NOT_SAID)
def test_a_text_of_a_user_or_a_friend_says_nothing_of_its_maker(text: str) -> None:
    assert not disclosures_in(f"Title\n{text}", "Sprig")


def test_a_link_to_the_site_stands_for_the_name() -> None:
    assert disclosures_in("Title\nWe built acme.example last year.", "Zorp", "", "https://acme.example")
    assert not disclosures_in("Title\nI found acme.example last year.", "Zorp", "", "https://acme.example")


KIND = "A pocket sensor that blinks when a plant is thirsty, sold as a kit."
SAID_OF_ITS_KIND = (
    "We make pocket sensors for plants. The shop is called Sprig.",
    "I wrote to many growers before I built this sensor. Sprig has four lamps.",
    "Sprig counts drops. There is no paid version, and it is our own tool.",
    "Sprig costs nine euros. It's very much ours.",
    "Sprig costs nine euros, and this one's mine.",
    "Sprig, from one of its makers",
    "Greetings from the makers: Sprig has a new lamp.",
    "Ada and I are the makers, Sprig is the name.",
    "Rosa from Sprig here, with a question on soil.",
    "Hello, I'm the one-woman studio behind Sprig.",
    "Our sensor was late again. Sprig ships on Monday.",
    "Says a maker of plant lamps: water less. Sprig agrees.",
    "Sprig is Ada and me, and a kiln.",
    "We cast Sprig ourselves.",
    "I'm on the selling side. Sprig is the name.",
    "Sprig has sold out. This is me promoting it all the same.",
)
NOT_SAID_OF_ITS_KIND = (
    "A friend showed me Sprig. My sensor blinks now.",
    "I came across Sprig in spring, and my own project is saved.",
    "Whoever made Sprig knows plants. This sensor of mine blinks.",
    "Shout-out to the folks who made Sprig.",
    "I run a nursery. Sprig tells me when to water.",
    "We make jam. Sprig stands on the sill.",
    "I have no ties to Sprig. My sensor blinks.",
    "Sprig is my new favourite sensor.",
)


@pytest.mark.parametrize("text", SAID_OF_ITS_KIND)
def test_a_maker_may_speak_of_the_thing_and_not_of_its_name(text: str) -> None:
    assert disclosures_in(f"Title\n{text}", "Sprig", KIND)


@pytest.mark.parametrize("text", NOT_SAID_OF_ITS_KIND)
def test_who_speaks_as_a_customer_has_not_said_that_it_is_theirs(text: str) -> None:
    assert not disclosures_in(f"Title\n{text}", "Sprig", KIND)


@pytest.mark.parametrize(
    ("what", "kinds"),
    [
        ("A phone app that logs walks.", ("app", "apps")),
        ("Feet of cork for pianos", ("feet", "feets")),
        ("A card game about bees, published as a thick zine.", ("game", "games", "zine", "zines")),
        ("Socks", ("socks", "sockss", "sock")),
        ("", ()),
    ],
)
def test_the_kind_of_a_product_is_read_from_its_description(what: str, kinds: tuple[str, ...]) -> None:
    assert kinds_of(what) == kinds


@pytest.mark.parametrize(
    ("text", "is_own"),
    [
        ("I wrote myself a sensor last year.", True),
        ("I make a sensor with my brother that helps people put water aside.", True),
        ("We build a sensor, and had one paying customer, who was my boss.", True),
        ("My brother told me about a sensor that we make up stories with.", False),
        ("As a paying customer I wrote myself a sensor.", False),
        ("Our sensors are pressed by hand.", True),
        ("My own shop is small.", False),  # of another kind
        ("A neighbour lent me a sensor of mine back.", False),
        ("My sensor's battery is dead.", False),
    ],
)
def test_a_text_can_speak_of_the_product_without_its_name(text: str, is_own: bool) -> None:
    assert speaks_of_own(text, KIND) is is_own


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
    assert bool(disclosures_in(text, "Sprig")) is is_said


def test_a_product_without_a_name_is_known_by_its_site_alone() -> None:
    assert disclosures_in("We built acme.example last year.", "!!!", "", "acme.example")
    assert not disclosures_in("We built acme.example last year.", "!!!")
    assert not disclosures_in("We built it last year.", "!!!", "", "acme.example")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sprig blinks. I built it, and it is mine.", ["it is mine", "I built it, and it is mine."]),
        ("Disclosure: I work at Sprig.\nSprig blinks.", ["Disclosure:", "Disclosure: I work at Sprig."]),
        ("It blinks. Our own sensors do.", ["Our own sensors"]),
        ("Sprig blinks.", []),
    ],
)
def test_every_place_that_says_it_in_plain_words_is_told(text: str, said: list[str]) -> None:
    assert [text[span.start : span.end] for span in disclosures_in(text, "Sprig", KIND)] == said


def test_the_model_is_asked_only_where_plain_words_say_nothing(asked: list[tuple[str, str, str]]) -> None:
    assert disclosures_in(f"Sprig is our tool. {KEPT_OUT}", "Sprig", KIND) == (Span(0, 18),)
    assert asked == []
    text = f"Sprig blinks. {KEPT_OUT}"
    assert disclosures_in(text, "Sprig", KIND) == (Span(14, len(text)),)
    assert asked == [(text, "Sprig", KIND)]


@pytest.mark.parametrize(
    "text",
    [
        "I am not affiliated with Sprig.",
        "A friend showed Sprig to me.",
        "Das ist für mich und die Pflanzen, und es ist auch nicht teuer, aber mit Sprig geht es.",
    ],
)
def test_the_model_is_not_asked_of_a_customers_voice_or_another_language(
    asked: list[tuple[str, str, str]], text: str
) -> None:
    assert disclosures_in(f"{text} {KEPT_OUT}", "Sprig", KIND) == ()
    assert asked == []
