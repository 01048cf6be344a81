"""What the sentences of a post do to its readers: ask for votes, sell, recruit, belittle, or nothing of the kind.

Communities forbid acts, and people word them in endless ways; the shipped transformer learned them from labelled
sentences (`bench/corpora/acts-train.jsonl`). Which acts show which feature: `shown.py`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from core.texts.plain import readable
from core.texts.sentences import sentence_spans
from core.texts.transformer import Transformer, shipped

QUESTION = "acts"
READ_MOST = 60  # sentences of a text: a post has some twenty
_KEPT = 5_000  # sentences


class Act(StrEnum):
    """What a sentence does, the main thing. The order is that of the layers' labels."""

    VISIT = "visit"  # readers shall look at, try, follow or install something of the poster's
    SELL = "sell"
    DONATE = "donate"  # asks for money
    CODE = "code"  # gives a discount, an invitation, something free for taking part
    SURVEY = "survey"
    RECRUIT = "recruit"  # looks for people, or offers oneself
    PRIVATE = "private"  # readers shall write privately
    VOTES = "votes"
    INSULT = "insult"
    PRAISE = "praise"  # talks the poster's own thing up, and asks nothing
    MENTION = "mention"  # tells of the poster's own thing soberly
    NONE = "none"


ADVERTISING = (Act.VISIT, Act.SELL, Act.CODE, Act.PRAISE)
# What each does, after "The text".
TOLD: Mapping[Act, str] = {
    Act.VISIT: "sends readers to something of yours",
    Act.SELL: "offers something for sale",
    Act.DONATE: "asks for money",
    Act.CODE: "gives a code or something free",
    Act.SURVEY: "asks readers to take part in a survey",
    Act.RECRUIT: "looks for people",
    Act.PRIVATE: "asks readers to write privately",
    Act.VOTES: "asks for votes",
    Act.INSULT: "puts somebody down",
    Act.PRAISE: "sounds like an advertisement",
    Act.MENTION: "tells of something of yours",
    Act.NONE: "does nothing of the kind",
}


@dataclass(frozen=True, slots=True)
class Done:
    """A sentence of a text that does one of the acts that were asked for."""

    act: Act
    words: str
    start: int  # its place in the text


def done_in(text: str, acts: Collection[Act]) -> Done | None:
    """Returns the first sentence of a text that does one of these acts, as far as the model is sure enough of it: it is
    told from a limit on for each act, and shares of several of them add up.
    """
    if not acts:
        return None  # most rules are about no act, and reading costs some milliseconds a sentence
    plain = readable(text)
    told_from = shipped().source["told_from"]
    limits = {act: told_from.get(act, 1.0) for act in acts}
    for span in islice(sentence_spans(plain), READ_MOST):
        written = plain[span.start : span.end]
        sentence = written.strip()
        if not any(character.isalpha() for character in sentence):
            continue
        shares = shares_of(sentence)
        time.sleep(0)  # gives another thread its turn, because drafts are checked beside the event loop
        if sum(shares[act] / limit for act, limit in limits.items()) >= 1:
            start = span.start + len(written) - len(written.lstrip())
            return Done(max(acts, key=shares.__getitem__), sentence, start)
    return None


@lru_cache(maxsize=_KEPT)
def shares_of(sentence: str) -> dict[Act, float]:
    """Returns how likely each act is to be what a sentence mainly does, from 0 to 1, together 1."""
    return shares_by(shipped(), sentence)


def shares_by(model: Transformer, sentence: str) -> dict[Act, float]:
    """Returns what `shares_of` does, by any model."""
    told = model.answers(QUESTION, sentence)
    highest = max(told.values())
    weights = {Act(label): math.exp(each - highest) for label, each in told.items()}
    total = sum(weights.values())
    return {act: weight / total for act, weight in weights.items()}
