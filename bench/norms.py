"""Norms: how well the score of a text tells posts above their community's median from those below.

`python -m bench norms [--scores FILE] [--community NAME] [FILE …]` measures on the shared sample (../shared/)
or on files that the importer reads, each community by itself, and with `--scores` writes what was said of each post
before it was known (`community,id,score`; a share of 1). Label: the post's score is above the median of its community's
text posts. Five folds, near-duplicates in one; all is fitted inside the folds, also what is fitted inside a model.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bench import norms_sensitivity, norms_speed
from bench.figure import Figure
from core.analysis.learning import FOLDS, Corpus, Example, TermMatrix, learn
from core.analysis.model import Seen, prior_alone
from core.analysis.prior import Prior, shipped
from core.analysis.trend import ToldApart, folds_of, told_apart
from core.collecting.files import FileSource
from core.errors import UserError
from core.model import CollectedPost
from core.texts.edits import without_edits
from core.texts.gone import post_gone_by

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "reddit-sample"
LEAST = 40  # text posts with a score; a community with fewer is passed over
_OLDEST = 0.7
_OUTER_SEED = 2026  # other folds than a model makes inside

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of a community's posts by a model that had not seen them: logits, in the order of `examples`."""

    community: str
    examples: Sequence[Example]
    is_above: NDArray[np.bool_]
    blend: Floats
    prior: Floats
    tfidf: Floats
    forward: ToldApart | None
    forward_posts: int


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench norms", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help="CSV, JSON or JSON Lines; the shared sample when left out")
    parser.add_argument("--scores", type=Path, help="where to write community,id,score")
    parser.add_argument("--community", help="of rows that do not name theirs")
    asked = parser.parse_args(arguments)
    files = asked.files or sorted(SAMPLE.glob("*.csv"))
    if not files:
        print(f"There is no sample in {SAMPLE}: name files to measure on.", file=sys.stderr)
        return 2
    try:
        results = list(judged(files, asked.community))
    except UserError as problem:
        print(problem, file=sys.stderr)
        return 2
    if asked.scores is not None:
        write_scores(asked.scores, results)
    if not results:
        print(f"No community has {LEAST} text posts with different scores.", file=sys.stderr)
        return 2
    print_table(results)
    return 0


def measure(folder: Path) -> Sequence[Figure]:
    files = sorted(SAMPLE.glob("*.csv"))
    if not files:
        print(f"norms are not measured: no CSVs in ../{SAMPLE.parent.name}/{SAMPLE.name}", file=sys.stderr)
        return []
    # First, because later the posts that were judged are in memory, and collecting garbage among them stops the loop.
    speed = norms_speed.measure(folder, files)
    results = list(judged(files, None))
    print_table(results)
    blend, prior, tfidf = (_mean_auc(results, name) for name in ("blend", "prior", "tfidf"))
    forward = float(np.mean([result.forward.share for result in results if result.forward is not None]))
    source = (
        f"{len(results)} communities, {sum(len(result.examples) for result in results):,} text posts, {FOLDS} folds"
    )
    return [
        Figure("norms: pairs told wrong, blend", 1 - blend, 0.36, "of 1", source),
        Figure("norms: pairs told wrong, the prior alone", 1 - prior, 0.40, "of 1", source),
        Figure("norms: TF-IDF's AUC less the blend's", tfidf - blend, -0.03, "of 1", source),
        Figure("norms: pairs told wrong, forward in time", 1 - forward, 0.36, "of 1", "oldest 70%, newest 30%"),
        Figure("norms: calibration error", calibration_error(results), 0.05, "of 1", source),
        *norms_sensitivity.measure({result.community: result.examples for result in results}),
        *speed,
    ]


# ---------------------------------------------------------------- what is judged


def judged(files: Sequence[Path], community: str | None) -> Iterator[Judged]:
    """Returns each community of the files, judged. Raises `UserError` for a file that cannot be read."""
    prior = shipped()
    for name, posts in sorted(asyncio.run(_text_posts(files, community)).items()):
        examples = [
            Example(post.reddit_id, post.title, post.body, post.score, post.created_at.timestamp(), post.found_in)
            for post in posts
            if post.score is not None
        ]
        scores = [example.score for example in examples]
        if len(examples) < LEAST or len(set(scores)) < 2:
            print(f"r/{name}: {len(examples)} text posts with a score, passed over", file=sys.stderr)
            continue
        yield _judge(name, examples, prior)


async def _text_posts(files: Sequence[Path], community: str | None) -> dict[str, list[CollectedPost]]:
    by_community: dict[str, dict[str, CollectedPost]] = {}
    async for batch in FileSource(files, community=community).collect():
        for post in batch.posts:
            if post.is_self is not False and post_gone_by(post) is None:
                by_community.setdefault(post.community, {})[post.reddit_id] = post
    return {name: list(posts.values()) for name, posts in by_community.items()}


def _judge(name: str, examples: Sequence[Example], prior: Prior) -> Judged:
    scores = np.array([example.score for example in examples])
    is_above = scores > np.median(scores)
    seen = [Seen.of(example.title, example.body) for example in examples]
    folds = folds_of(
        [one.title if len(one.title) > 2 else () for one in seen],
        TermMatrix("q", Corpus(seen)).counted,
        FOLDS,
        _OUTER_SEED,
    )
    of_prior = prior_alone(prior)
    said = {"blend": np.zeros(len(seen)), "tfidf": np.zeros(len(seen))}
    for fold in range(FOLDS):
        out = np.flatnonzero(folds == fold)
        known = np.flatnonzero(folds != fold)
        if len(out):
            said["blend"][out] = _learned(examples, seen, known, out, prior)
            said["tfidf"][out] = _tfidf(examples, is_above, known, out)
    by_age = np.argsort([example.at for example in examples], kind="stable")
    old, new = np.split(by_age, [round(_OLDEST * len(by_age))])
    forward = told_apart(_learned(examples, seen, old, new, prior), is_above[new])
    prior_said = np.array([of_prior.effects(one, prior).logit for one in seen])
    return Judged(name, examples, is_above, said["blend"], prior_said, said["tfidf"], forward, len(new))


def _learned(
    examples: Sequence[Example], seen: Sequence[Seen], known: NDArray[np.int64], out: NDArray[np.int64], prior: Prior
) -> Floats:
    model = learn([examples[at] for at in known], prior).model
    return np.array([model.effects(seen[at], prior).logit for at in out])


def _tfidf(
    examples: Sequence[Example], is_above: NDArray[np.bool_], known: NDArray[np.int64], out: NDArray[np.int64]
) -> Floats:
    """Returns what everybody would try first, in the same folds: TF-IDF of title and text with scikit-learn's own
    settings.
    """
    texts = [f"{example.title}\n{without_edits(example.body)}" for example in examples]
    words = TfidfVectorizer(sublinear_tf=True, min_df=2)
    x = words.fit_transform([texts[at] for at in known])
    model = LogisticRegression(max_iter=1000).fit(x, is_above[known])
    said: Floats = model.decision_function(words.transform([texts[at] for at in out]))
    return said


# ---------------------------------------------------------------- what is told


def write_scores(path: Path, results: Sequence[Judged]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["community", "id", "score"])
        for result in results:
            for example, logit in zip(result.examples, result.blend, strict=True):
                rows.writerow([result.community, example.key, f"{_share(logit):.6f}"])


def print_table(results: Sequence[Judged]) -> None:
    print(f"{'community':<16}{'posts':>6}  {'blend':<20}{'prior alone':<20}{'TF-IDF':<20}{'forward':<20}")
    for result in results:
        told = [told_apart(getattr(result, name), result.is_above) for name in ("blend", "prior", "tfidf")]
        cells = "".join(f"{_words(one):<20}" for one in [*told, result.forward])
        print(f"{result.community:<16}{len(result.examples):>6}  {cells}")
    means = "".join(f"{_mean_auc(results, name):<20.3f}" for name in ("blend", "prior", "tfidf"))
    forward = [result.forward.share for result in results if result.forward is not None]
    print(f"{'mean':<16}{sum(len(r.examples) for r in results):>6}  {means}{np.mean(forward):<20.3f}")
    said, right = _confidence(results)
    for low in (0.5, 0.6, 0.65, 0.7, 0.8):
        high = {0.5: 0.6, 0.6: 0.7, 0.65: 0.75, 0.7: 0.8, 0.8: 1.01}[low]
        inside = (said >= low) & (said < high)
        if inside.any():
            print(
                f"said {low:.2f} to {min(high, 1):.2f}: {right[inside].mean():.3f} right of {inside.sum():,}, "
                f"said {said[inside].mean():.3f} on average"
            )
    print(f"calibration error: {calibration_error(results):.3f}")


def _words(told: ToldApart | None) -> str:
    return "–" if told is None else f"{told.share:.3f} ({told.low:.2f}–{told.high:.2f})"


def _mean_auc(results: Sequence[Judged], name: str) -> float:
    told = [told_apart(getattr(result, name), result.is_above) for result in results]
    return float(np.mean([one.share for one in told if one is not None]))


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def _confidence(results: Sequence[Judged]) -> tuple[Floats, NDArray[np.bool_]]:
    """Returns for each post how sure the model was of its side, and whether it was right."""
    shares = np.array([_share(logit) for result in results for logit in result.blend])
    is_above = np.concatenate([result.is_above for result in results])
    return np.maximum(shares, 1 - shares), (shares > 0.5) == is_above


def calibration_error(results: Sequence[Judged]) -> float:
    """Returns the mean distance between the probability said and the share that was right, over tenths of the
    probability, weighted by posts.
    """
    said, right = _confidence(results)
    tenth = np.minimum((said * 10).astype(int), 9)
    parts = [(np.sum(tenth == one), abs(said[tenth == one].mean() - right[tenth == one].mean())) for one in set(tenth)]
    return float(sum(count * apart for count, apart in parts) / len(said))
