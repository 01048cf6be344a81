"""Whether a text says that its writer belongs to a product: “one of two people who make it”, “ours is Acme”.

People say so in endless ways; the shipped transformer learned them from labelled sentences
(`bench/corpora/own-train.jsonl`). The plain ways are found by words (`disclosure.py`).
"""

from __future__ import annotations

import math
import re
import time
from functools import lru_cache
from itertools import islice

from core.texts.plain import readable
from core.texts.sentences import Span, sentence_spans
from core.texts.transformer import Transformer, shipped

QUESTION = "owning"
LABELS = ("own", "other")
READ_MOST = 60  # sentences of a text: a post has some twenty
_PRODUCT_MOST = 20  # pieces of words that are read of what the product is
_KEPT = 5_000  # sentences
# Without such words the model has nothing to go by, and guesses.
_SPEAKS_OF_ITSELF = re.compile(
    r"\b(?:i|we|me|us|my|our|mine|ours|myself|ourselves|maker|owner|author|team|"
    r"who (?:runs?|makes?|made|builds?|built|writes?|wrote|designs?|maintains?|works?))\b",
    re.IGNORECASE,
)


def owner_in(text: str, name: str, product: str) -> Span | None:
    """Returns the first sentence that says that the text's writer made, runs or works on a product, as far as the model
    is sure enough of it; None for none. `product` tells in words what it is.
    """
    plain = readable(text)
    limit = shipped().source["own_from"]
    for span in islice(sentence_spans(plain), READ_MOST):
        sentence = plain[span.start : span.end].strip()
        if _SPEAKS_OF_ITSELF.search(sentence):
            time.sleep(0)  # gives another thread its turn, because drafts are checked beside the event loop
            if share_of(sentence, name, product) >= limit:
                return span
    return None


def beside(name: str, product: str) -> tuple[tuple[str, int], ...]:
    """Returns what a sentence is read beside."""
    return ((f"{name}: {product}", _PRODUCT_MOST),)


@lru_cache(maxsize=_KEPT)
def share_of(sentence: str, name: str, product: str) -> float:
    """Returns how likely a sentence is to say that its writer belongs to the product, from 0 to 1."""
    return share_by(shipped(), sentence, name, product)


def share_by(model: Transformer, sentence: str, name: str, product: str) -> float:
    """Returns what `share_of` does, by any model."""
    told = model.answers(QUESTION, sentence, beside(name, product))
    return 1 / (1 + math.exp(told["other"] - told["own"]))
