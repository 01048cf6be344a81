"""A small transformer that reads one sentence, alone or beside others, and answers the questions that it learned.

It was trained by others on a billion pairs of sentences (MiniLM, six layers), and then on this project's labelled
texts. Two sets of layers stand on the same vectors of words. Those that read sentences tell whether facts carry one
(`core/texts/claims/entailment.py`), what it does (`core/texts/acts.py`) and whose the product is
(`core/texts/owning.py`); `tools/train_transformer.py` made them. Those that read rules tell what one means for a topic
(`core/texts/rule_meaning.py`) and whether a passage breaks it (`core/texts/breaches.py`);
`tools/train_rule_transformer.py` made them. A sentence costs some ten milliseconds of processor time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("transformer_weights")  # its README names their origin and licence
# The longest sentence that is read, in pieces of words, and the longest of all together. What is longer is cut.
SENTENCE_MOST, MOST = 64, 128
_SHORTEST = 3  # pieces of a text beside the sentence that are worth reading
_ARRAYS = ("words", "steps", "middle", "positions", "kinds", "rare")


class Part(StrEnum):
    """The sets of layers. The values name their files."""

    SENTENCES = "sentences"
    RULES = "rules"


@dataclass(frozen=True, slots=True, eq=False)
class Transformer:
    """A tokenizer, the vectors of its pieces (`words` in steps of `steps`; `middle` is their mean), how `rare` each is,
    and the layers above.

    `source`: what it was trained on, the labels of each question in the order of the layers' answers, and figures.
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

    def answers(self, question: str, sentence: str, beside: Sequence[tuple[str, int]] = ()) -> Mapping[str, float]:
        """Returns how much speaks for each label of a question, as logarithms of odds up to a common summand.

        `beside`: texts that stand beside the sentence, each with the most pieces that are read of it.
        """
        pieces, said = self.pieces(sentence, beside)
        told = self._run(pieces, said)
        start = 0
        for name, labels in self.source["labels"].items():
            if name == question:
                return dict(zip(labels, told[start : start + len(labels)], strict=True))
            start += len(labels)
        raise LookupError(f"The shipped weights have not learned the question “{question}”.")

    def pieces(self, sentence: str, beside: Sequence[tuple[str, int]]) -> tuple[list[int], int]:
        """Returns what the layers read: the sentence and the texts beside it, parted; and the sentence's length."""
        start, end = (self.tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        read = [start, *self._pieces_of(sentence)[:SENTENCE_MOST], end]
        said = len(read)
        for text, most in beside:
            part = self._pieces_of(text)[:most][: max(0, MOST - len(read) - 1)]
            if len(part) >= _SHORTEST:
                read += [*part, end]
        return read, said

    def meaning(self, text: str) -> Any:
        """Returns the direction of a text's words together, the rare ones first, as a vector of length 1."""
        import numpy as np  # loaded with the model, at the first draft that is checked

        pieces = self._pieces_of(text)
        total = ((self.vectors(pieces) - self.middle) * self.rare[pieces][:, None]).sum(axis=0)
        return total / (float(np.linalg.norm(total)) + 1e-9)

    def vectors(self, pieces: Sequence[int]) -> Any:
        """Returns the vectors of pieces, one a row."""
        return self.words[pieces] * self.steps[pieces][:, None]

    def _run(self, pieces: Sequence[int], said: int) -> list[float]:
        import numpy as np

        kinds = [0] * said + [1] * (len(pieces) - said)
        embedded = self.vectors(pieces) + self.positions[: len(pieces)] + self.kinds[kinds]
        given = {
            "embedded": embedded[None].astype(np.float32),
            "mask": np.ones((1, len(pieces)), np.float32),
            "said": (np.arange(len(pieces)) < said)[None].astype(np.float32),
        }
        return [float(told) for told in self.layers.run(None, given)[0][0]]

    def _pieces_of(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return found


@cache
def shipped(part: Part = Part.SENTENCES) -> Transformer:
    """The model in the folder beside this module. Loading the first takes a second and 90 MB, once; the other's layers
    some 20 MB more.
    """
    return load(FOLDER, part)


def load(folder: Path, part: Part | None = Part.SENTENCES) -> Transformer:
    """Returns the model that a tool of training wrote to a folder; without a part: what is read, without the layers
    that judge it.
    """
    if part is None:
        return Transformer(**_words(folder), layers=None, source={})
    source = json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))
    return Transformer(**_words(folder), layers=_layers(folder / f"{part}.onnx"), source=source)


def _layers(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a check must not take every core
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def _words(folder: Path) -> Mapping[str, Any]:
    """Returns what turns a text into vectors, which both sets of layers share."""
    import numpy as np
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    with np.load(folder / "words.npz") as arrays:
        return {"tokenizer": tokenizer} | {name: arrays[name] for name in _ARRAYS}
