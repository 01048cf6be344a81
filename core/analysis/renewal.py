"""Renews what is known of a community's posts: reads texts that were not read yet, and learns the model again when
enough of its posts are new.

The work is done in two child processes (core/analysis/nlp.py, learner.py); each text passes through the first once, and
what was read is kept with the post (core/analysis/extracts.py).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from core.analysis.extracts import extract_of, fitting
from core.analysis.model import VERSION as MODEL_VERSION
from core.analysis.profile import TextFeatures, is_removed, is_settled, way_of
from core.communities import CommunityReads, ExtractStore, Post
from core.errors import UserError
from core.ports import Report
from core.texts.figures import Figures, Power
from core.worker import Worker, WorkerDied, WorkerFailed

log = logging.getLogger(__name__)

# A model of 1,000 posts that has not seen 50 newer ones scores texts as it would with them, to a point or two.
LEARN_AGAIN_AT = 0.05  # of the posts that a model has learned from
LEARN_AGAIN_AFTER = timedelta(days=30)
_BATCH = 250  # texts in one call: some half a second of work, so that the progress moves
_TIMEOUT_S = 120.0

Result = TypeVar("Result")


class RenewalStore(ExtractStore, CommunityReads, Protocol):
    """Posts, what was read of them, and what was learned."""


class Renewal:
    """`worker` runs `core.analysis.nlp`, `learner` runs `core.analysis.learner`."""

    def __init__(self, store: RenewalStore, worker: Worker, learner: Worker) -> None:
        self._store = store
        self._worker = worker
        self._learner = learner

    async def read(
        self, workspace_id: str, community: str, posts: Sequence[Post], report: Report | None = None
    ) -> tuple[str, list[TextFeatures]]:
        """Returns the pipeline and the features of posts, in their order. Texts that were never read are read now, and
        kept. Raises the `UserError` of `patiently`.
        """
        known = await self._store.extracts(workspace_id, community)
        read = await asyncio.to_thread(fitting, posts, known)
        missing = [post for post in posts if post.id not in read]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            texts = [[post.title or "", post.body or ""] for post in batch]
            answer = await patiently(partial(self._worker.call, "read", {"texts": texts}, timeout_s=_TIMEOUT_S))
            rows = list(zip(batch, answer["features"], answer["seen"], strict=True))
            read.update((post.id, (answer["pipeline"], features)) for post, features, _ in rows)
            await self._store.keep_extracts(
                workspace_id, [extract_of(post, answer["pipeline"], features, seen) for post, features, seen in rows]
            )
            if report is not None:
                done = len(posts) - len(missing) + start + len(batch)
                await report(f"r/{community}: reading texts", done, len(posts))
        pipelines = {pipeline for pipeline, _ in read.values()}
        return ", ".join(sorted(pipelines)), [read[post.id][1] for post in posts]

    async def features_of_all(self, texts: Sequence[str]) -> list[TextFeatures]:
        """Returns the features of texts without titles, in their order. Raises the `UserError` of `patiently`."""
        found: list[TextFeatures] = []
        for start in range(0, len(texts), _BATCH):
            asked = {"texts": [["", text] for text in texts[start : start + _BATCH]]}
            answer = await patiently(partial(self._worker.call, "read", asked, timeout_s=_TIMEOUT_S))
            found += answer["features"]
        return found

    async def features_of(self, title: str, body: str) -> TextFeatures:
        """Returns the features of a text that is no kept post. Raises the `UserError` of `patiently`."""
        asked = partial(self._worker.call, "read", {"texts": [[title, body]]}, timeout_s=_TIMEOUT_S)
        features: TextFeatures = (await patiently(asked))["features"][0]
        return features

    async def learn(
        self, workspace_id: str, community: str, posts: Sequence[Post], now: datetime
    ) -> tuple[Power | None, str]:
        """Returns how well scores tell posts apart there (None: not measured), and the community's model as JSON. It
        learns from text posts with settled scores that `read` has read. The model and its figures stay as they are
        until enough of the posts are new.
        """
        examples = [
            post
            for post in posts
            if post.is_self and post.score is not None and is_settled(post) and not is_removed(post)
        ]
        kept = await self._kept(workspace_id, community, examples, now)
        if kept is not None:
            return kept
        learned = await patiently(lambda: self._learned(workspace_id, community, examples))
        told, model = learned["told"], learned["model"]
        power = None if told is None else Power(**told, learned_from=model["posts"])
        until = max((post.created_at for post in examples), default=now)
        model["learned"] = {"at": now.isoformat(), "posts": len(examples), "until": until.isoformat()}
        return power, json.dumps(model)

    async def _kept(
        self, workspace_id: str, community: str, examples: Sequence[Post], now: datetime
    ) -> tuple[Power | None, str] | None:
        """The latest model with its figures; None when it is to be learned again."""
        stored = await self._store.latest_model(workspace_id, community)
        profile = await self._store.latest_profile(workspace_id, community)
        if stored is None or profile is None:
            return None
        model = json.loads(stored)
        learned = model.get("learned")
        if learned is None or model["version"] != MODEL_VERSION or not model["posts"]:
            return None
        newer = sum(post.created_at > datetime.fromisoformat(learned["until"]) for post in examples)
        changed = max(newer, abs(len(examples) - learned["posts"]))
        is_old = now - datetime.fromisoformat(learned["at"]) > LEARN_AGAIN_AFTER
        if is_old or changed > LEARN_AGAIN_AT * learned["posts"]:
            return None
        return Figures.read(profile.figures).power, stored

    async def _learned(self, workspace_id: str, community: str, examples: Sequence[Post]) -> Any:
        seen = await self._store.extracts_seen(workspace_id, community)
        name = f"{workspace_id}/{community}"
        for start in range(0, max(1, len(examples)), _BATCH):
            rows = [
                [post.reddit_id, seen[post.id], post.score, post.created_at.timestamp(), way_of(post)]
                for post in examples[start : start + _BATCH]
                if post.id in seen  # else it was purged a moment ago
            ]
            await self._learner.call("add", {"to": name, "posts": rows, "first": start == 0}, timeout_s=_TIMEOUT_S)
        return await self._learner.call("learn", {"from": name}, timeout_s=_TIMEOUT_S)


async def patiently(ask: Callable[[], Awaitable[Result]]) -> Result:
    """Ask a child process, a second time when it died. Raises `UserError` with the code `analysis_unavailable` when it
    died twice, took too long, or failed.
    """
    for attempt in (1, 2):
        try:
            return await ask()
        except WorkerDied:
            log.warning("a worker of the analysis ended", extra={"attempt": attempt})
        except TimeoutError:
            log.warning("a worker took too long", extra={"timeout_s": _TIMEOUT_S})
            break
        except WorkerFailed as error:
            log.warning("a worker failed", extra={"problem": str(error)})
            break
    raise UserError(
        "The texts could not be read just now; the collected posts are safe.",
        "Try again in a minute; if it stays, run: python -m bot doctor",
        code="analysis_unavailable",
    )
