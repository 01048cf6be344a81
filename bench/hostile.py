"""Texts made to keep a reader or a check busy, as long as Reddit accepts (40,000 characters)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.figure import Figure
from core.drafting.checks import check
from core.drafting.text import Text
from core.worker import Worker
from tests.core.drafting.material import grounds, pattern, profile

LENGTH = 40_000
PIECES = (
    *("[", "(", "[(", "a(", "```", "[](http://", "> ", "1.", "__a", "\n\t\n\t", "x", "'s", "1", "½"),
    *("http://", "www.", "a.b", "u/a ", "We had ", "i ", "up vote ", "give ", "[removed] "),
    *("aa.-", "a.co ", "!", "[a](/", "looking for a ", "\n", "no ", "only if ", "ten-"),
    *("\u200b", "&#x200B;", "\U0001f600"),
    *("y", "{", "{{", "[your ", "<insert ", "1,", "a.", "aa.", "-", ".", '."', "u/", " ", "\t1. "),
)  # fmt: skip
READER_MAX_S = 5.0
CHECK_MAX_S = 2.0


def measure(folder: Path) -> Sequence[Figure]:
    texts = [(piece * LENGTH)[:LENGTH] for piece in PIECES]
    known = grounds(known=profile(), patterns=[pattern("a phrase")])
    checking = _slowest(texts, lambda text: check(Text("A title", text, (text,)), known))
    source = f"{len(PIECES)} texts of {LENGTH:,} characters, the slowest: "
    reading = asyncio.run(_slowest_read(texts))
    return [
        Figure("reading a hostile text", reading[0], READER_MAX_S, "s", source + repr(PIECES[reading[1]])),
        Figure("checking a hostile draft", checking[0], CHECK_MAX_S, "s", source + repr(PIECES[checking[1]])),
    ]


def _slowest(texts: Sequence[str], work: Callable[[str], object]) -> tuple[float, int]:
    spans = []
    for text in texts:
        began = time.perf_counter()
        work(text)
        spans.append(time.perf_counter() - began)
    return max((span, number) for number, span in enumerate(spans))


async def _slowest_read(texts: Sequence[str]) -> tuple[float, int]:
    worker = Worker("core.analysis.nlp")
    try:
        await worker.call("read", {"texts": [("A title", "A text.")]})  # starting is not reading
        spans = []
        for text in texts:
            began = time.perf_counter()
            await worker.call("read", {"texts": [("A title", text)]})
            spans.append(time.perf_counter() - began)
    finally:
        await worker.close()
    return max((span, number) for number, span in enumerate(spans))
