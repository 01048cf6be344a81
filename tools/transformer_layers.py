"""The layers of `core/texts/transformer.py`: learn them with JAX, keep them, write them as ONNX in 8 bits."""

from __future__ import annotations

import random
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import optax
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file, save_file

from core.texts.transformer import MOST, Transformer

_HEADS = 12
_TINY = 1e-12
_LENGTHS = (40, 96, MOST)  # each is compiled once
_BATCH = 32
_DROPPED = 0.1
_NEVER = -1e9  # added to the labels of other questions
# How the base model names a layer's parts, and how they are named here.
_ASKED = ("attention.self.query", "attention.self.key", "attention.self.value")
_DENSE = {"attention.output.dense": "told", "intermediate.dense": "wide", "output.dense": "narrow"}
_NORMS = {"attention.output.LayerNorm": "norm", "output.LayerNorm": "last_norm"}
_COUNT = 6  # layers
_IN_ORDER = ("told", "norm", "wide", "narrow", "last_norm")  # in which `_graph` takes a layer's parts, after "asked"
_CALLED = "constant"


@dataclass(frozen=True, slots=True)
class Read:
    """What is learned from: pieces, how many of them are the sentence, the question with its right label, a weight."""

    pieces: Sequence[int]
    said: int
    question: str
    label: int
    weight: float


class Layers:
    """BERT's layers and a classifier over the first piece and the mean of the sentence's; the labels of all questions
    one after the other.

    `weights`: all-MiniLM-L6-v2, what `keep` wrote, or the layers in 8 bits that `write` wrote, of which those are lost
    that the steps between 8 bits leave out. `learned`: the questions that those have learned.
    """

    def __init__(
        self,
        weights: Path,
        model: Transformer,
        questions: Mapping[str, Sequence[str]],
        learned: Mapping[str, Sequence[str]],
    ) -> None:
        held = _read_back(weights, learned) if weights.suffix == ".onnx" else load_file(weights)
        self._model = model
        self._words = {name: part for name, part in held.items() if name.startswith("embeddings.")}
        self._norm = _pair(held, "embeddings.LayerNorm")
        count = 1 + max(int(name.split(".")[2]) for name in held if name.startswith("encoder.layer."))
        self._layers = [_layer_of(held, f"encoder.layer.{number}.") for number in range(count)]
        self._places = _places_of(questions)
        judges = [
            _judge_of(held, question, len(labels), 2 * len(self._norm[0])) for question, labels in questions.items()
        ]
        self._judge = (np.hstack([weight for weight, _ in judges]), np.hstack([bias for _, bias in judges]))

    def fit(self, rows: Sequence[Read], kept: int, times: int, step: float, chance: random.Random) -> None:
        """Goes through all rows so many times; the `kept` lowest layers stay as they are."""
        below = self._below(rows, kept)
        learned = {"layers": self._layers[kept:], "judge": self._judge}
        steps = times * -(-len(rows) // _BATCH)
        pace = optax.warmup_cosine_decay_schedule(0, step, max(1, steps // 12), steps, step * 0.02)
        optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(pace, weight_decay=0.01))
        state = optimizer.init(learned)

        def learn(learned: Any, state: Any, key: Any, batch: Any) -> Any:
            key, fresh = jax.random.split(key)
            slope = jax.grad(_lost)(learned, *batch, fresh)
            change, state = optimizer.update(slope, state, learned)
            return optax.apply_updates(learned, change), state, key

        fast, key = jax.jit(learn), jax.random.PRNGKey(1)
        for time in range(times):
            for number, batch in enumerate(self._batches(rows, below, chance)):
                learned, state, key = fast(learned, state, key, batch)
                if number % 50 == 0:
                    print(f"step {time * (steps // times) + number:,} of {steps:,}", file=sys.stderr)
        self._layers[kept:] = [jax.tree.map(np.asarray, layer) for layer in learned["layers"]]
        self._judge = jax.tree.map(np.array, learned["judge"])

    def meet(self, other: Layers, share: float, learned: Collection[str]) -> None:
        """Moves to `share` of the way from the other layers to these, but for the labels of questions that those had
        not `learned`. Half way, layers that were gone on with keep what they knew and have most of what is new (weights
        averaged after fine-tuning, Wortsman and others, 2022).
        """

        def between(mine: Any, others: Any) -> Any:
            return share * mine + (1 - share) * others

        self._layers = jax.tree.map(between, self._layers, other._layers)
        was = [at for question in learned for at in self._places[question]]
        for mine, others in zip(self._judge, other._judge, strict=True):
            mine[..., was] = between(mine[..., was], others[..., was])

    def _below(self, rows: Sequence[Read], kept: int) -> list[Any]:
        """Returns what the layers that stay as they are make of each row; it is needed many times."""

        def through(x: Any, mask: Any) -> Any:
            x, bias = _normal(x, self._norm), jnp.repeat((1 - mask)[:, None, :] * _NEVER, _HEADS, 0)
            for layer in self._layers[:kept]:
                x = _through(layer, x, bias)
            return x.astype(jnp.float16)

        fast, model = jax.jit(through), self._model
        below: list[Any] = [None] * len(rows)
        order = sorted(range(len(rows)), key=lambda at: len(rows[at].pieces))
        for group in (order[start : start + _BATCH] for start in range(0, len(order), _BATCH)):
            length = next(length for length in _LENGTHS if length >= len(rows[group[-1]].pieces))
            x, mask = np.zeros((_BATCH, length, len(self._norm[0])), "f4"), np.zeros((_BATCH, length), "f4")
            mask[:, 0] = 1
            for place, at in enumerate(group):
                pieces, said = rows[at].pieces, rows[at].said
                kinds = [0] * said + [1] * (len(pieces) - said)
                x[place, : len(pieces)] = model.vectors(pieces) + model.positions[: len(pieces)] + model.kinds[kinds]
                mask[place, : len(pieces)] = 1
            for at, made in zip(group, np.asarray(fast(x, mask)), strict=False):  # the last ones fill no batch
                below[at] = made[: len(rows[at].pieces)].copy()
        return below

    def _batches(self, rows: Sequence[Read], below: Sequence[Any], chance: random.Random) -> Iterator[tuple[Any, ...]]:
        """Yields rows of much the same length together, in an order of chance."""
        order = list(range(len(rows)))
        chance.shuffle(order)
        near = _BATCH * 20
        order = [
            at
            for start in range(0, len(order), near)
            for at in sorted(order[start : start + near], key=lambda at: len(rows[at].pieces))
        ]
        groups = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
        chance.shuffle(groups)
        for group in groups:
            length = next(length for length in _LENGTHS if length >= max(len(below[at]) for at in group))
            x = np.zeros((_BATCH, length, below[0].shape[1]), np.float16)
            mask, said = np.zeros((2, _BATCH, length), "f4")
            mask[:, 0] = said[:, 0] = 1
            labels, weights = np.zeros(_BATCH, "i4"), np.zeros(_BATCH, "f4")
            others = np.zeros((_BATCH, len(self._judge[1])), "f4")
            for place, at in enumerate(group):
                row, asked = rows[at], self._places[rows[at].question]
                x[place, : len(below[at])], mask[place, : len(below[at])] = below[at], 1
                said[place, : row.said], labels[place], weights[place] = 1, asked[row.label], row.weight
                others[place, : asked.start] = others[place, asked.stop :] = _NEVER
            yield x, mask, said, others, labels, weights

    def keep(self, path: Path) -> None:
        """Writes the layers as they are, named as the base model names them, to go on from at another time."""
        held = self._words | _named(self._norm, self._layers, self._judge, self._places)
        save_file({name: np.ascontiguousarray(part, "f4") for name, part in held.items()}, path)

    def write(self, path: Path) -> None:
        whole = path.with_suffix(".whole.onnx")
        onnx.save(_graph(self._norm, self._layers, self._judge), whole)
        # Seven bits, because processors without the newer instructions would overflow with eight.
        quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        whole.unlink()


def _read_back(path: Path, learned: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Returns what `_graph` was given, under the base model's names."""
    parts: dict[str, Any] = {}
    stored = {each.name: numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer}
    for name, part in stored.items():
        of = name.removesuffix("_quantized")
        if of != name:
            parts[of] = (part.astype("f4") - stored[f"{of}_zero_point"].astype("f4")) * stored[f"{of}_scale"]
        elif part.dtype == np.float32 and part.ndim and name.removeprefix(_CALLED).isdigit():
            parts[name] = part
    order = iter([parts[name] for name in sorted(parts, key=lambda name: int(name.removeprefix(_CALLED)))])
    pairs = iter(zip(order, order, strict=True))
    norm = next(pairs)
    layers: list[dict[str, Any]] = []
    while len(layers) < _COUNT:
        layers.append({part: next(pairs) for part in ("asked", *_IN_ORDER)})
    return _named(norm, layers, next(pairs), _places_of(learned))


def _named(
    norm: Any, layers: Sequence[Mapping[str, Any]], judge: tuple[Any, Any], places: Mapping[str, range]
) -> dict[str, Any]:
    """Returns the parts under the base model's names."""
    held: dict[str, Any] = {}
    _name_pair(held, "embeddings.LayerNorm", norm)
    for number, layer in enumerate(layers):
        prefix = f"encoder.layer.{number}."
        for name, at in _DENSE.items():
            _name_pair(held, prefix + name, (layer[at][0].T, layer[at][1]))
        for place, name in enumerate(_ASKED):
            weight, bias = (np.split(part, 3, axis=-1)[place] for part in layer["asked"])
            _name_pair(held, prefix + name, (weight.T, bias))
        for name, at in _NORMS.items():
            _name_pair(held, prefix + name, layer[at])
    for question, of in places.items():
        _name_pair(held, f"judge.{question}", tuple(part[..., of.start : of.stop] for part in judge))
    return held


def _places_of(questions: Mapping[str, Sequence[str]]) -> dict[str, range]:
    """Returns where the labels of each question stand among those of all."""
    places: dict[str, range] = {}
    for question, labels in questions.items():
        start = sum(map(len, places.values()))
        places[question] = range(start, start + len(labels))
    return places


def _pair(held: Any, name: str) -> tuple[Any, Any]:
    return held[f"{name}.weight"], held[f"{name}.bias"]


def _layer_of(held: Any, prefix: str) -> dict[str, tuple[Any, Any]]:
    def dense(name: str) -> tuple[Any, Any]:
        weight, bias = _pair(held, prefix + name)
        return weight.T.copy(), bias

    asked = [dense(name) for name in _ASKED]
    return {
        "asked": (np.hstack([weight for weight, _ in asked]), np.hstack([bias for _, bias in asked])),
        **{at: dense(name) for name, at in _DENSE.items()},
        **{at: _pair(held, prefix + name) for name, at in _NORMS.items()},
    }


def _judge_of(held: Any, question: str, labels: int, width: int) -> tuple[Any, Any]:
    """Returns what was learned of a question before, or where to begin."""
    if f"judge.{question}.weight" in held:
        return _pair(held, f"judge.{question}")
    return np.random.RandomState(0).randn(width, labels).astype("f4") * 0.02, np.zeros(labels, "f4")


def _name_pair(held: dict[str, Any], name: str, pair: Any) -> None:
    held[f"{name}.weight"], held[f"{name}.bias"] = pair


def _normal(x: Any, pair: Any) -> Any:
    mean = x.mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + _TINY) * pair[0] + pair[1]


def _through(layer: Any, x: Any, bias: Any, key: Any = None) -> Any:
    count, length, width = x.shape
    parts = (x @ layer["asked"][0] + layer["asked"][1]).reshape(count, length, 3, _HEADS, width // _HEADS)
    query, keys, values = parts.transpose(2, 0, 3, 1, 4).reshape(3, count * _HEADS, length, width // _HEADS)
    share = jax.nn.softmax(query @ keys.transpose(0, 2, 1) / np.sqrt(width // _HEADS) + bias, -1)
    told = (share @ values).reshape(count, _HEADS, length, -1).transpose(0, 2, 1, 3).reshape(count, length, width)
    x = _normal(x + told @ layer["told"][0] + layer["told"][1], layer["norm"])
    made = jax.nn.gelu(x @ layer["wide"][0] + layer["wide"][1], approximate=True) @ layer["narrow"][0]
    made = made + layer["narrow"][1]
    if key is not None:
        made = made * jax.random.bernoulli(key, 1 - _DROPPED, made.shape) / (1 - _DROPPED)
    return _normal(x + made, layer["last_norm"])


def _lost(learned: Any, x: Any, mask: Any, said: Any, others: Any, labels: Any, weights: Any, key: Any) -> Any:
    x, bias = x.astype(jnp.float32), jnp.repeat((1 - mask)[:, None, :] * _NEVER, _HEADS, 0)
    for layer, fresh in zip(learned["layers"], jax.random.split(key, len(learned["layers"])), strict=True):
        x = _through(layer, x, bias, fresh)
    mean = (x * said[:, :, None]).sum(1) / said.sum(1, keepdims=True)
    judged = jnp.concatenate([x[:, 0], mean], -1) @ learned["judge"][0] + learned["judge"][1]
    odds = jax.nn.log_softmax(judged + others)
    return -(odds[jnp.arange(len(labels)), labels] * weights).sum() / jnp.maximum(weights.sum(), 1)


def _graph(norm: Any, layers: Sequence[Any], judge: Any) -> Any:
    """Returns the layers as a graph: `embedded`, `mask` and `said` in; out, how much speaks for each label."""
    constants: list[Any] = []
    nodes: list[Any] = []

    def const(value: Any, kind: str = "f4") -> str:
        constants.append(numpy_helper.from_array(np.asarray(value, kind), f"{_CALLED}{len(constants)}"))
        return str(constants[-1].name)

    def many(kind: str, *given: str, count: int = 1, **options: Any) -> list[str]:
        made = [f"node{len(nodes)}_{number}" for number in range(count)]
        nodes.append(helper.make_node(kind, list(given), made, **options))
        return made

    def op(kind: str, *given: str, **options: Any) -> str:
        return many(kind, *given, **options)[0]

    def dense(x: str, pair: Any) -> str:
        return op("Add", op("MatMul", x, const(pair[0])), const(pair[1]))

    def normal(x: str, pair: Any) -> str:
        return op("LayerNormalization", x, const(pair[0]), const(pair[1]), epsilon=_TINY, axis=-1)

    def heads(x: str, order: Sequence[int]) -> str:
        return op("Transpose", op("Reshape", x, split), perm=order)

    width = len(norm[0])
    split, joined = const([0, 0, _HEADS, width // _HEADS], "i8"), const([0, 0, width], "i8")
    left_out = op("Sub", const(1.0), op("Unsqueeze", "mask", const([1, 2], "i8")))
    bias = op("Mul", left_out, const(-1e9))
    x = normal("embedded", norm)
    for layer in layers:
        query, keys, values = many("Split", dense(x, layer["asked"]), count=3, axis=-1, num_outputs=3)
        near = op("MatMul", heads(query, [0, 2, 1, 3]), heads(keys, [0, 2, 3, 1]))
        share = op("Softmax", op("Add", op("Mul", near, const((width // _HEADS) ** -0.5)), bias), axis=-1)
        told = op("Transpose", op("MatMul", share, heads(values, [0, 2, 1, 3])), perm=[0, 2, 1, 3])
        x = normal(op("Add", x, dense(op("Reshape", told, joined), layer["told"])), layer["norm"])
        made = dense(op("Gelu", dense(x, layer["wide"]), approximate="tanh"), layer["narrow"])
        x = normal(op("Add", x, made), layer["last_norm"])
    said, over = op("Unsqueeze", "said", const([2], "i8")), const([1], "i8")
    total = partial(op, "ReduceSum", keepdims=0)
    mean = op("Div", total(op("Mul", x, said), over), total(said, over))
    first = op("Squeeze", op("Slice", x, const([0], "i8"), over, over), over)
    nodes.append(helper.make_node("Identity", [dense(op("Concat", first, mean, axis=1), judge)], ["labels"]))
    kinds = {"embedded": ["n", "t", width], "mask": ["n", "t"], "said": ["n", "t"], "labels": ["n", len(judge[1])]}
    told_of = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in kinds.items()}
    labels = told_of.pop("labels")
    graph = helper.make_graph(nodes, "transformer", list(told_of.values()), [labels], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model)
    return model
