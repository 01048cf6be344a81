"""A reader of texts for tests that are not about reading: the protocol of core/analysis/nlp.py without spaCy, and that
of core/analysis/learner.py in the same process: `Worker("tests.core.analysis.quick_reader")`, or `Inline` where no test
is about the process, which takes half a second to start.
"""

from __future__ import annotations

import asyncio
import json
import os
from functools import lru_cache
from typing import Any

from core.analysis.learner import add, learn
from core.analysis.model import Seen
from core.analysis.profile import TextFeatures
from core.texts.features import COUNTED, counted_in
from core.texts.markup import Text
from core.worker import Worker, serve


def features(title: str, body: str) -> TextFeatures:
    return TextFeatures(
        title_chars=len(title),
        title_words=len(title.split()),
        words=len(body.split()),
        sentences=body.count("."),
        paragraphs=1,
        words_per_sentence=None,
        reading_ease=None,
        found=list(_found(title, body)),
    )


@lru_cache(maxsize=4096)  # invented samples say the same few things thousands of times
def _found(title: str, body: str) -> tuple[str, ...]:
    has = counted_in(Text(title, body))
    return tuple(key for key in COUNTED if key in has)


def read(argument: Any) -> Any:
    texts = argument["texts"]
    if any("kill the reader" in body for _, body in texts):
        os._exit(9)
    if any("break the reader" in body for _, body in texts):
        raise ValueError("broken")
    return {
        "pipeline": "quick",
        "features": [features(title, body) for title, body in texts],
        "seen": [Seen.of(title, body).dump() for title, body in texts],
    }


_FUNCTIONS = {"read": read, "add": add, "learn": learn}


class Inline(Worker):
    """Calls the functions in a thread of this process. What is asked and answered passes through JSON, as in pipes."""

    def __init__(self) -> None:
        super().__init__("tests.core.analysis.quick_reader")

    async def call(self, function: str, argument: Any, *, timeout_s: float = 120.0) -> Any:
        async with asyncio.timeout(timeout_s):
            answer = await asyncio.to_thread(_FUNCTIONS[function], json.loads(json.dumps(argument)))
        return json.loads(json.dumps(answer))


if __name__ == "__main__":
    serve(_FUNCTIONS)
