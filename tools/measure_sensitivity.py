"""Measure what witnesses of sensitivity say of many communities (core/analysis/sensitivity.json; docs/norms.md).

    nice python tools/measure_sensitivity.py POSTS.csv.xz [SAMPLE.csv …] [--each N] [--out FILE]

POSTS has the columns community, created_utc, title, selftext, ups, downs and num_comments, a row a post; each SAMPLE
is one community. Of each community at most N text posts are read. What is written is about all communities together:
the mean of each witness, its standard deviation between communities (less the error within them) and its reliability.
No name and no text is kept.

How well two halves of a community's posts agree depends on how many there are: `agreement` tells it for several counts,
by simulation, and `halves` as measured. A witness of few posts is shrunk for that already (`Reference.shrunk`), so its
reliability must not count the same chance again. It is the agreement of the older with the newer half, divided by that
of halves taken at random (Spearman's correction for attenuation): what is left when chance in counting is taken away.

No public data tell what was removed. That witness is a difference of log odds, as *seen* is log odds: it has the same
deviation and the same reliability, and a mean of 0.
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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import correlation, fmean, quantiles, variance
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

SPLITS = 20  # into halves at random
AGAIN = 300  # bootstrap samples of communities
COUNTS = (60, 120, 250, 500, 1_000)
COMMUNITIES_MIN = 30  # in which a witness speaks
LEAST = 40  # text posts of a community
_CHUNK = 500

Row = tuple[str, str, str, str, str, str, str]  # community, time, title, text, ups, downs, comments
Measured = tuple[float, float]  # a witness's value and its error
Pair = tuple[float, float]  # its values of either half


@dataclass(frozen=True)
class Halved:
    """What a witness says of all posts of a community, and of its halves."""

    whole: Measured
    by_time: Pair
    at_random: Sequence[Pair]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("posts", type=Path)
    parser.add_argument("samples", nargs="*", type=Path)
    parser.add_argument("--each", type=int, default=1_000)
    parser.add_argument("--out", type=Path, default=ARTEFACT)
    asked = parser.parse_args()
    files = [asked.posts, *asked.samples]
    communities = [posts for posts in read(files, asked.each).values() if len(posts) >= LEAST]
    rng = random.Random(11)  # noqa: S311 - no secret
    seen = reference([halved for posts in communities if (halved := _halved(posts, _seen, rng)) is not None])
    counts = [(sum(one.promotes for one in posts), len(posts)) for posts in communities]
    seen |= dict(zip(("mean", "tau"), likeliest(counts), strict=True))
    reaction = reference([halved for posts in communities if (halved := _halved(posts, _reaction, rng)) is not None])
    shown = ("mean", "tau", "reliability")
    content = {
        "source": {
            "data_sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
            "arguments": {"each": asked.each},
            "posts": sum(map(len, communities)),
            "communities": len(communities),
            "features": list(FEATURES),
        },
        "halves": {
            name: {key: value for key, value in told.items() if key not in shown}
            for name, told in ((SEEN, seen), (REACTION, reaction))
        },
        "agreement": {str(count): simulated(seen["mean"], seen["tau"], count) for count in COUNTS},
        "witnesses": {
            SEEN: {key: seen[key] for key in shown},
            REMOVED: {"mean": 0.0, "tau": seen["tau"], "reliability": seen["reliability"]},
            REACTION: {key: reaction[key] for key in shown},
        },
    }
    asked.out.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(content, indent=2))
    return 0


def read(files: Sequence[Path], each: int) -> dict[str, list[Reception]]:
    """The posts of each community, the oldest first."""
    rows: list[Row] = []
    for path in files:
        counts: dict[str, int] = {}
        for row in _rows(path):
            community = row.get("community") or path.stem
            if row.get("selftext", "").strip() and counts.setdefault(community, 0) < each:
                counts[community] += 1
                told = (row[name] for name in ("created_utc", "title", "selftext", "ups", "downs", "num_comments"))
                rows.append((community, *told))
    rows.sort(key=lambda row: (row[0], float(row[1])))
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
    _, _, title, body, ups, downs, comments = row
    text = Text(html.unescape(title), without_edits(html.unescape(body)))
    up, down = int(ups), int(downs)
    has = promotes([key for key in FEATURES if found(key, text)])
    return Reception(has, None, up / (up + down) if up + down else None, max(0, int(comments)))  # -1 is in the data


def _seen(posts: Sequence[Reception]) -> Measured:
    return log_odds(sum(one.promotes for one in posts), len(posts))


def _reaction(posts: Sequence[Reception]) -> Measured | None:
    gap = reaction_of(posts)
    return None if gap is None else (gap.difference, gap.error)


def _halved(
    posts: Sequence[Reception], measure: Callable[[Sequence[Reception]], Measured | None], rng: random.Random
) -> Halved | None:
    """None when a witness says nothing of some half."""
    middle = len(posts) // 2
    shuffled = [rng.sample(posts, len(posts)) for _ in range(SPLITS)]
    pairs = [(measure(order[:middle]), measure(order[middle:])) for order in (posts, *shuffled)]
    told = [(one[0], other[0]) for one, other in pairs if one is not None and other is not None]
    whole = measure(posts)
    return None if whole is None or len(told) < len(pairs) else Halved(whole, told[0], told[1:])


def reference(communities: Sequence[Halved]) -> dict[str, Any]:
    """What too few communities show, and what halves do not agree on beyond chance, has no reliability, and so no
    weight. The interval (95%) is that of a bootstrap over communities.
    """
    if len(communities) < COMMUNITIES_MIN:
        return {"communities": len(communities), "mean": 0.0, "tau": 1.0, "reliability": 0.0}
    values = [one.whole[0] for one in communities]
    between = variance(values) - fmean(one.whole[1] ** 2 for one in communities)
    by_time, at_random = _agreements(communities)
    rng = random.Random(12)  # noqa: S311 - no secret
    again = [_agreements(rng.choices(communities, k=len(communities))) for _ in range(AGAIN)]
    least = quantiles([random_halves for _, random_halves in again], n=40)[0]
    parts = quantiles([time_halves / random_halves for time_halves, random_halves in again], n=40)
    return {
        "communities": len(communities),
        "by_time": round(by_time, 3),
        "at_random": round(at_random, 3),
        "interval": [round(parts[0], 3), round(parts[-1], 3)],
        "mean": round(fmean(values), 4),
        "tau": round(math.sqrt(max(between, 0.01)), 4),
        "reliability": round(min(1.0, max(0.0, by_time / at_random)), 3) if min(least, parts[0]) > 0 else 0.0,
    }


def _agreements(communities: Sequence[Halved]) -> Pair:
    """The correlations of the halves by time, and of those at random."""
    at_random = fmean(correlated(one.at_random[at] for one in communities) for at in range(SPLITS))
    return correlated(one.by_time for one in communities), at_random


def correlated(pairs: Iterable[Pair]) -> float:
    one, other = zip(*pairs, strict=True)
    return correlation(one, other)


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


def simulated(mean: float, tau: float, count: int) -> float:
    """How well two samples of `count` posts each agree over communities that do not change."""
    rng = np.random.default_rng(11)
    shares = 1 / (1 + np.exp(-rng.normal(mean, tau, 20_000)))
    one, other = (rng.binomial(count, shares) for _ in range(2))
    return round(
        correlated((log_odds(int(a), count)[0], log_odds(int(b), count)[0]) for a, b in zip(one, other, strict=True)), 3
    )


if __name__ == "__main__":
    sys.exit(main())
