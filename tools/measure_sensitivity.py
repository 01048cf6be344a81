"""Measure what witnesses of sensitivity say of many communities (core/analysis/sensitivity.json; docs/norms.md).

    nice python tools/measure_sensitivity.py POSTS.csv.xz [SAMPLE.csv …] [--each N] [--out FILE]

POSTS has the columns community, title, selftext, ups, downs and num_comments, a row a post; each SAMPLE is one
community. Of each community at most N text posts are read. What is written is about all communities together: the mean
of each witness, its standard deviation between communities (less the error within them) and its split-half
reliability. No name and no text is kept.

No public data tell what was removed. That witness is a difference of log odds, as *seen* is log odds: it has the same
deviation, a mean of 0, and the reliability of a simulation with `REMOVALS` removed and `STANDING` standing posts.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import html
import json
import lzma
import math
import multiprocessing
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import correlation, fmean, variance
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from core.analysis.promotion import FEATURES, Reception, promotes, reaction_of
from core.analysis.sensitivity import ARTEFACT, REACTION, REMOVED, SEEN, log_odds
from core.texts.edits import without_edits
from core.texts.features import found
from core.texts.markup import Text

REMOVALS, STANDING = 60, 300
COMMUNITIES_MIN = 30  # in which a witness speaks
LEAST = 40  # text posts of a community
_CHUNK = 500

Row = tuple[str, str, str, str, str, str]  # community, title, text, ups, downs, comments
Measured = tuple[float, float]  # a witness's value and its error
Halves = tuple[Measured, Measured, Measured]  # of all posts, then of either half


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("posts", type=Path)
    parser.add_argument("samples", nargs="*", type=Path)
    parser.add_argument("--each", type=int, default=120)
    parser.add_argument("--out", type=Path, default=ARTEFACT)
    asked = parser.parse_args()
    files = [asked.posts, *asked.samples]
    communities = [posts for posts in read(files, asked.each).values() if len(posts) >= LEAST]
    seen = reference([_halves(posts, _seen) for posts in communities])
    counts = [(sum(one.promotes for one in posts), len(posts)) for posts in communities]
    seen |= dict(zip(("mean", "tau"), likeliest(counts), strict=True))
    reaction = reference([halves for posts in communities if (halves := _reaction(posts)) is not None])
    content = {
        "source": {
            "data_sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
            "arguments": {"each": asked.each},
            "posts": sum(map(len, communities)),
            "communities": len(communities),
            "features": list(FEATURES),
        },
        "witnesses": {
            SEEN: seen,
            REMOVED: {"mean": 0.0, "tau": seen["tau"], "reliability": simulated(seen["mean"], seen["tau"])},
            REACTION: reaction,
        },
    }
    asked.out.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(content, indent=2))
    return 0


def read(files: Sequence[Path], each: int) -> dict[str, list[Reception]]:
    rows: list[Row] = []
    for path in files:
        counts: dict[str, int] = {}
        for row in _rows(path):
            community = row.get("community") or path.stem
            if row.get("selftext", "").strip() and counts.setdefault(community, 0) < each:
                counts[community] += 1
                rows.append((community, row["title"], row["selftext"], row["ups"], row["downs"], row["num_comments"]))
    received: dict[str, list[Reception]] = {}
    with multiprocessing.Pool() as pool:
        for (community, *_), one in zip(rows, pool.imap(_received, rows, chunksize=_CHUNK), strict=True):
            received.setdefault(community, []).append(one)
    return received


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(10**9)
    opened: Any = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _received(row: Row) -> Reception:
    _, title, body, ups, downs, comments = row
    text = Text(html.unescape(title), without_edits(html.unescape(body)))
    up, down = int(ups), int(downs)
    has = promotes([key for key in FEATURES if found(key, text)])
    return Reception(has, None, up / (up + down) if up + down else None, int(comments))


def _seen(posts: Sequence[Reception]) -> Measured:
    return log_odds(sum(one.promotes for one in posts), len(posts))


def _halves(posts: Sequence[Reception], measure: Callable[[Sequence[Reception]], Measured]) -> Halves:
    return measure(posts), measure(posts[::2]), measure(posts[1::2])


def _reaction(posts: Sequence[Reception]) -> Halves | None:
    gaps = [reaction_of(part) for part in (posts, posts[::2], posts[1::2])]
    whole, one, other = ((gap.difference, gap.error) if gap is not None else None for gap in gaps)
    return None if whole is None or one is None or other is None else (whole, one, other)


def reference(communities: Sequence[Halves]) -> dict[str, float]:
    """The reliability is that of all posts, from the agreement of halves (Spearman and Brown). What too few communities
    show has none, and so no weight.
    """
    if len(communities) < COMMUNITIES_MIN:
        return {"mean": 0.0, "tau": 1.0, "reliability": 0.0}
    values = [whole[0] for whole, _, _ in communities]
    between = variance(values) - fmean(whole[1] ** 2 for whole, _, _ in communities)
    halves = correlation([one[0] for _, one, _ in communities], [other[0] for _, _, other in communities])
    return {
        "mean": round(fmean(values), 4),
        "tau": round(math.sqrt(max(between, 0.01)), 4),
        "reliability": round(max(0.0, 2 * halves / (1 + halves)), 3),
    }


def likeliest(counts: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """The mean and the deviation of log odds that are normal between communities, by maximum likelihood. Log odds of
    small counts, with their halves added, would lie too near to each other.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    having, of = np.array(counts).T[:, :, None]

    def loss(at: NDArray[np.float64]) -> float:
        odds = at[0] + np.exp(at[1]) * nodes
        said = having * odds - of * np.logaddexp(0, odds)
        return -float(np.sum(logsumexp(said, axis=1, b=weights)))

    found = minimize(loss, np.array([-3.0, 0.0]), method="Nelder-Mead")
    return round(float(found.x[0]), 4), round(float(np.exp(found.x[1])), 4)


def simulated(mean: float, tau: float) -> float:
    rng = random.Random(11)  # noqa: S311 - no secret

    def once(odds: float, count: int) -> Measured:
        share = 1 / (1 + math.exp(-odds))
        return log_odds(sum(rng.random() < share for _ in range(count)), count)

    pairs = []
    for _ in range(2_000):
        standing, apart = rng.gauss(mean, tau), rng.gauss(0, tau)
        pairs.append([once(standing, STANDING)[0] - once(standing + apart, REMOVALS)[0] for _ in range(2)])
    return round(correlation([one for one, _ in pairs], [other for _, other in pairs]), 3)


if __name__ == "__main__":
    sys.exit(main())
