"""Invented communities whose scores follow a known rule, and a small prior."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from core.analysis.forms import FORMS
from core.analysis.learning import Example
from core.analysis.model import BODY_WORDS, TITLE_WORDS
from core.analysis.prior import FormWeight, Prior


def _split(words: str) -> list[str]:
    return words.split()


NOUNS = _split("kiln glaze wheel clay slip bowl mug handle rim foot cone shelf tool studio fair shop")
VERBS = _split("fired glazed threw trimmed dried cracked warped sold packed painted carved sieved")
FILL = _split("the a my our and then with after before very again slowly often today")


def prior(**terms: float) -> Prior:
    """A prior that knows these words of titles, and finds a question mark there bad."""
    return Prior(
        terms={f"t{word}": weight for word, weight in terms.items()},
        forms=tuple(FormWeight(-0.2 if form.key == "title_question_mark" else 0.0, 0.2, 0.4) for form in FORMS),
        centre={TITLE_WORDS: 0.0, BODY_WORDS: 0.0},
        source={},
    )


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(rng.choice((NOUNS, VERBS, FILL))) for _ in range(words)).capitalize() + "."


def examples(count: int, score_of: Callable[[str, str, random.Random], float], seed: int = 1) -> Sequence[Example]:
    """`count` posts, one each hour, whose scores are what `score_of(title, body, random)` says."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        title = sentence(rng, rng.randint(4, 9))[:-1] + rng.choice(("", "?"))
        body = " ".join(sentence(rng, rng.randint(5, 12)) for _ in range(rng.randint(1, 6)))
        score = round(score_of(title, body, rng))
        made.append(Example(f"p{number}", title, body, score, 1_700_000_000.0 + 3600 * number, "new"))
    return made


def by_chance(title: str, body: str, rng: random.Random) -> float:
    return rng.lognormvariate(3, 1)


def by_kiln(title: str, body: str, rng: random.Random) -> float:
    """Posts with a kiln, glaze, wheel or clay in their title do much better."""
    return rng.lognormvariate(5 if any(word in title.lower() for word in NOUNS[:4]) else 3, 1)
