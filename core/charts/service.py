"""Draws charts in a child process, so that matplotlib is never in the resident one."""

from __future__ import annotations

import base64
import logging

from core.charts.chart import Chart
from core.worker import Worker, WorkerDied, WorkerFailed

log = logging.getLogger(__name__)

TIMEOUT_S = 15.0  # a first picture takes 1 to 2 s on a slow machine; people should not wait longer than this


class Charts:
    """`worker` runs `core.charts.drawing`."""

    def __init__(self, worker: Worker, *, timeout_s: float = TIMEOUT_S) -> None:
        self._worker = worker
        self._timeout_s = timeout_s

    async def draw(self, chart: Chart) -> bytes | None:
        """Returns the chart as PNG, the same bytes for the same chart; None, with a line in the log, when drawing
        failed.

        The caller then shows the card without a picture, and says so.
        """
        for attempt in (1, 2):
            try:
                return base64.b64decode(await self._worker.call("draw", chart, timeout_s=self._timeout_s))
            except WorkerDied:
                log.warning("the drawer of charts ended", extra={"attempt": attempt, "chart": chart["title"]})
            except TimeoutError:
                log.warning("the drawer of charts took too long", extra={"timeout_s": self._timeout_s})
                break
            except WorkerFailed as error:
                log.warning("a chart could not be drawn", extra={"problem": str(error), "chart": chart["title"]})
                break
        return None
