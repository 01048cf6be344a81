"""The layers of `core/texts/claims/entailment.py`: learn them with JAX, write them as ONNX in 8 bits."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
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
from safetensors.numpy import load_file

from core.texts.claims.entailment import MOST, Model

_HEADS = 12
_TINY = 1e-12
_LENGTHS = (48, 64, 80, MOST)  # each is compiled once
_BATCH = 32
_DROPPED = 0.1
Read = tuple[Sequence[int], int, int, float]  # pieces, length of the sentence, label, weight


class Layers:
    """BERT's layers and a classifier over the first piece and the mean of the sentence's. Three labels."""

    def __init__(self, weights: Path, model: Model) -> None:
        held = load_file(weights)
        self._model = model
        self._norm = _pair(held, "embeddings.LayerNorm")
        count = 1 + max(int(name.split(".")[2]) for name in held if name.startswith("encoder.layer."))
        self._layers = [_layer_of(held, f"encoder.layer.{number}.") for number in range(count)]
        width = len(self._norm[0])
        self._judge = (np.random.RandomState(0).randn(2 * width, 3).astype("f4") * 0.02, np.zeros(3, "f4"))

    def fit(self, rows: Sequence[Read], kept: int, times: int, step: float, chance: random.Random) -> None:
        """Goes through all rows so many times; the `kept` lowest layers stay as they are."""
        below = [self._below(row, kept) for row in rows]
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
        for _ in range(times):
            for batch in _batches(rows, below, chance):
                learned, state, key = fast(learned, state, key, batch)
        self._layers[kept:] = [jax.tree.map(np.asarray, layer) for layer in learned["layers"]]
        self._judge = jax.tree.map(np.asarray, learned["judge"])

    def _below(self, row: Read, kept: int) -> Any:
        """Returns what the layers that stay as they are make of a row; it is needed many times."""
        pieces, said, _, _ = row
        model = self._model
        kinds = [0] * said + [1] * (len(pieces) - said)
        x = model.words[pieces] * model.steps[pieces][:, None] + model.positions[: len(pieces)] + model.kinds[kinds]
        x = _normal(x[None], self._norm)
        for layer in self._layers[:kept]:
            x = _through(layer, x, np.zeros((_HEADS, 1, len(pieces)), "f4"))
        return np.asarray(x[0], np.float16)

    def write(self, path: Path) -> None:
        whole = path.with_suffix(".whole.onnx")
        onnx.save(_graph(self._norm, self._layers, self._judge), whole)
        # Seven bits, because processors without the newer instructions would overflow with eight.
        quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        whole.unlink()


def _pair(held: Any, name: str) -> tuple[Any, Any]:
    return held[f"{name}.weight"], held[f"{name}.bias"]


def _layer_of(held: Any, prefix: str) -> dict[str, tuple[Any, Any]]:
    def dense(name: str) -> tuple[Any, Any]:
        weight, bias = _pair(held, prefix + name)
        return weight.T.copy(), bias

    query, key, value = (dense(f"attention.self.{name}") for name in ("query", "key", "value"))
    return {
        "asked": (np.hstack([query[0], key[0], value[0]]), np.hstack([query[1], key[1], value[1]])),
        "told": dense("attention.output.dense"),
        "norm": _pair(held, f"{prefix}attention.output.LayerNorm"),
        "wide": dense("intermediate.dense"),
        "narrow": dense("output.dense"),
        "last_norm": _pair(held, f"{prefix}output.LayerNorm"),
    }


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


def _lost(learned: Any, x: Any, mask: Any, said: Any, labels: Any, weights: Any, key: Any) -> Any:
    x, bias = x.astype(jnp.float32), jnp.repeat((1 - mask)[:, None, :] * -1e9, _HEADS, 0)
    for layer, fresh in zip(learned["layers"], jax.random.split(key, len(learned["layers"])), strict=True):
        x = _through(layer, x, bias, fresh)
    mean = (x * said[:, :, None]).sum(1) / said.sum(1, keepdims=True)
    odds = jax.nn.log_softmax(jnp.concatenate([x[:, 0], mean], -1) @ learned["judge"][0] + learned["judge"][1])
    return -(odds[jnp.arange(len(labels)), labels] * weights).sum() / jnp.maximum(weights.sum(), 1)


def _batches(rows: Sequence[Read], below: Sequence[Any], chance: random.Random) -> Iterator[tuple[Any, ...]]:
    """Yields rows of much the same length together, in an order of chance."""
    order = list(range(len(rows)))
    chance.shuffle(order)
    near = _BATCH * 20
    order = [
        at
        for start in range(0, len(order), near)
        for at in sorted(order[start : start + near], key=lambda at: len(rows[at][0]))
    ]
    groups = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    chance.shuffle(groups)
    for group in groups:
        length = next(length for length in _LENGTHS if length >= max(len(below[at]) for at in group))
        x = np.zeros((_BATCH, length, below[0].shape[1]), np.float16)
        mask, said = np.zeros((2, _BATCH, length), "f4")
        mask[:, 0] = said[:, 0] = 1
        labels, weights = np.zeros(_BATCH, "i4"), np.zeros(_BATCH, "f4")
        for place, at in enumerate(group):
            x[place, : len(below[at])], mask[place, : len(below[at])] = below[at], 1
            said[place, : rows[at][1]], labels[place], weights[place] = 1, rows[at][2], rows[at][3]
        yield x, mask, said, labels, weights


def _graph(norm: Any, layers: Sequence[Any], judge: Any) -> Any:
    """Returns the layers as a graph: `embedded`, `mask` and `said` in, the logarithms of the labels' shares out."""
    constants: list[Any] = []
    nodes: list[Any] = []

    def const(value: Any, kind: str = "f4") -> str:
        constants.append(numpy_helper.from_array(np.asarray(value, kind), f"constant{len(constants)}"))
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
    nodes.append(helper.make_node("LogSoftmax", [dense(op("Concat", first, mean, axis=1), judge)], ["labels"], axis=-1))
    kinds = {"embedded": ["n", "t", width], "mask": ["n", "t"], "said": ["n", "t"], "labels": ["n", len(judge[1])]}
    told_of = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in kinds.items()}
    labels = told_of.pop("labels")
    graph = helper.make_graph(nodes, "entailment", list(told_of.values()), [labels], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model)
    return model
