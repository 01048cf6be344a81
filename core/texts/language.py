"""Whether a text is English. Collecting, the features of texts and the checks of drafts all ask this."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from core.texts.markup import Text

_MIN_WORDS_FOR_LANGUAGE = 12  # below this, function words are missing too often by chance
# A text is of another language when it has more of that language's function words than English ones: lists of links,
# code and product names have neither and pass. Words that English has too (die, on, no …) are left out.
_ENGLISH_WORDS = """
    a about all an and any are as at be been but by can could do for from get had has have he her his how i if in is it
    just like me more my no not of on one or our out she so some than that the their them then there they this to up us
    was we were what when where which who why will with would you your
"""
_OTHER_WORDS = """
    que los las una para por como pero mi muy esta este más está el del hay qué
    les des une est pour dans pas qui sur avec mais nous vous c'est je suis du et au
    der das und nicht ich ist ein eine mit für auf den sich auch wir wie aber oder zu
    não uma mas meu isso eu os você muito são em
    che non sono della il gli ho mio questo anche più di è
    het een niet ik van voor dat maar met zijn heb ook naar
    nie jest się że czy jak mam ale dla od
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_OTHER = frozenset(_OTHER_WORDS.split())
# The rows above, as English and the language itself name them.
_NAMES = (
    ("spanish", "español", "castellano"),
    ("french", "français"),
    ("german", "deutsch"),
    ("portuguese", "português"),
    ("italian", "italiano"),
    ("dutch", "nederlands", "flemish"),
    ("polish", "polski"),
)
_BY_LANGUAGE = tuple(frozenset(row.split()) for row in _OTHER_WORDS.strip().splitlines())
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def is_in_english(text: Text) -> bool:
    """Whether what the author of a text says is English. Code, quotes and addresses are not theirs and count for
    nothing.
    """
    return is_english([word for part in text.parts for word in WORD.findall(part.prose)])


def is_english(words: Sequence[str]) -> bool:
    """True when the words of a text (`WORD`) are English. Fewer than 12 words in Latin letters are too few to tell, and
    count as English.
    """
    letters = "".join(words)
    if not letters.isascii():
        foreign = sum(not c.isascii() and not unicodedata.name(c, "").startswith("LATIN") for c in letters)
        if foreign * 2 > len(letters):
            return False
    if len(words) < _MIN_WORDS_FOR_LANGUAGE:
        return True
    lowered = [word.lower() for word in words]
    return sum(word in _OTHER for word in lowered) <= sum(word in _ENGLISH for word in lowered)


def names_its_language(words: Sequence[str], named_in: str) -> bool:
    """True when `named_in` names the language of the words ("English or Dutch" for a Dutch text). Only seven languages
    beside English are known, by their function words, of which no two share one.
    """
    lowered = [word.lower() for word in words]
    scores = [sum(word in row for word in lowered) for row in _BY_LANGUAGE]
    best = max(range(len(scores)), key=scores.__getitem__)
    told = named_in.lower()
    return scores[best] > 0 and any(name in told for name in _NAMES[best])
