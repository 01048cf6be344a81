"""A drawer that does what its chart's title says: dies, fails, hangs, or dies at its first call only."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from core.worker import serve


def draw(chart: Any) -> str:
    if chart["title"] == "die":
        os._exit(9)
    if chart["title"] == "fail":
        raise ValueError("no pencil")
    if chart["title"] == "hang":
        time.sleep(60)
    if chart["title"].startswith("die once "):
        mark = Path(chart["title"].removeprefix("die once "))
        if not mark.exists():
            mark.touch()
            os._exit(9)
    return "iVBORw0KGgo="


if __name__ == "__main__":
    serve({"draw": draw})
