"""Infers whether facts carry a sentence, by a small transformer that reads the sentence beside its closest facts.

The trained reader (`reader.py`) counts signs and knows no meaning beyond its tables. This model was trained by others
on a billion pairs of sentences (MiniLM, six layers) and then by `tools/train_claim_entailment.py` on labelled sentences
and facts, so that it also knows that “stays on your own disk” follows from “sends nothing anywhere”. It needs some ten
milliseconds of processor time a sentence; what it made of the last few thousand sentences is kept.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from core.texts.claims.comparing import Comparison

FOLDER = Path(__file__).with_name(
    "entailment_model"
)  # of the trained weights; its README names their origin and licence
FACTS = 3  # that a sentence is read beside
# The longest part of each that is read, in pieces of words, and of all together. What is longer is cut.
SENTENCE_MOST, FACT_MOST, PRODUCT_MOST, MOST = 56, 36, 14, 88
_SHORTEST = 3  # pieces of a fact that are worth reading
_BY_MEANING = 2.0  # how much likeness of meaning weighs beside a shared word, when the closest facts are chosen
_KEPT = 5_000  # sentences
_ARRAYS = ("words", "steps", "middle", "positions", "kinds", "rare")


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A tokenizer, the vectors of its pieces (`words` in steps of `steps`; `middle` is their mean), how `rare` each is,
    and the layers above.

    `source`: what it was trained on, its figures, and how its odds and the trained reader's score are weighed.
    """

    tokenizer: Any
    words: Any
    steps: Any
    middle: Any
    positions: Any
    kinds: Any
    rare: Any
    layers: Any
    source: Mapping[str, Any]

    def odds(self, sentence: str, facts: Sequence[str], product: str) -> float:
        """Returns the logarithm of the odds that some of a sentence is carried by none of these facts."""
        import numpy as np  # loaded with the model, at the first draft that is checked

        pieces, said = self.pieces(sentence, facts, product)
        kinds = [0] * said + [1] * (len(pieces) - said)
        embedded = self._vectors(pieces) + self.positions[: len(pieces)] + self.kinds[kinds]
        given = {
            "embedded": embedded[None].astype(np.float32),
            "mask": np.ones((1, len(pieces)), np.float32),
            "said": (np.arange(len(pieces)) < said)[None].astype(np.float32),
        }
        unbacked, carried, free = (float(share) for share in self.layers.run(None, given)[0][0])
        return unbacked - math.log(math.exp(carried) + math.exp(free))

    def pieces(self, sentence: str, facts: Sequence[str], product: str) -> tuple[list[int], int]:
        """Returns what the layers read: the sentence, the facts and the product, parted; and the sentence's length."""
        start, end = (self.tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        read = [start, *self._pieces_of(sentence)[:SENTENCE_MOST], end]
        said = len(read)
        for fact in facts:
            part = self._pieces_of(fact)[:FACT_MOST][: max(0, MOST - len(read) - 1)]
            if len(part) >= _SHORTEST:
                read += [*part, end]
        part = self._pieces_of(product)[:PRODUCT_MOST]
        if len(read) + len(part) < MOST:
            read += [*part, end]
        return read, said

    def meaning(self, text: str) -> Any:
        """Returns the direction of a text's words together, the rare ones first, as a vector of length 1."""
        import numpy as np

        pieces = self._pieces_of(text)
        total = ((self._vectors(pieces) - self.middle) * self.rare[pieces][:, None]).sum(axis=0)
        return total / (float(np.linalg.norm(total)) + 1e-9)

    def _vectors(self, pieces: Sequence[int]) -> Any:
        return self.words[pieces] * self.steps[pieces][:, None]

    def _pieces_of(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return found


def lean(found: Comparison, score: int) -> float:
    """Returns how much speaks for a sentence being carried by no fact: what is inferred and the reader's `score`
    together. It is unbacked above 0.
    """
    model = shipped()
    odds = _odds(found.text, closest(found, model), product_of(found))
    weigh = model.source["weigh"]
    return float(weigh["odds"] * odds + weigh["reader"] * score - weigh["limit"])


@lru_cache(maxsize=_KEPT)
def _odds(sentence: str, facts: tuple[str, ...], product: str) -> float:
    return shipped().odds(sentence, facts, product)


def product_of(found: Comparison) -> str:
    return f"{found.known.product.name}: {found.known.product.description}"


def closest(found: Comparison, model: Model) -> tuple[str, ...]:
    """Returns the facts that the poster may tell as their own and that are nearest to a sentence, the nearest first."""
    known = found.known.told_by((), in_first_person=True)
    shared = defaultdict[int, float](float)
    for places in {word.stem: known.holding(word) for clause in found.clauses for word in clause.content()}.values():
        for place in places:
            shared[place] += 1 / math.sqrt(len(places))
    meant = _meaning(model, found.text)
    near = [
        shared[place] + _BY_MEANING * float(meant @ _meaning(model, fact.text))
        for place, fact in enumerate(known.facts)
    ]
    order = sorted(range(len(near)), key=lambda place: (-near[place], place))
    return tuple(known.facts[place].text for place in order[:FACTS])


@lru_cache(maxsize=_KEPT)
def _meaning(model: Model, text: str) -> Any:
    return model.meaning(text)


@cache
def shipped() -> Model:
    """The model in the folder beside this module. Loading it takes a second and 90 MB, once."""
    return load(FOLDER)


def load(folder: Path, *, words_only: bool = False) -> Model:
    """Returns the model that `tools/train_claim_entailment.py` wrote to a folder; `words_only`: what is read, without
    the layers that judge it.
    """
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a check must not take every core
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    with np.load(folder / "words.npz") as arrays:
        held = {name: arrays[name] for name in _ARRAYS}
    if words_only:
        return Model(tokenizer, layers=None, source={}, **held)
    layers = onnxruntime.InferenceSession(str(folder / "layers.onnx"), options, providers=["CPUExecutionProvider"])
    source = json.loads((folder / "source.json").read_text(encoding="utf-8"))
    return Model(tokenizer, layers=layers, source=source, **held)
