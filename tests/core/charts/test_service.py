from __future__ import annotations

import asyncio
import base64
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.charts.chart import Chart
from core.charts.drawing import draw
from core.charts.service import Charts
from core.worker import Worker
from tests.core.charts.invented import usual_chart
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.process

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def breaking() -> AsyncIterator[Charts]:
    worker = Worker("tests.core.charts.broken_drawer")
    yield Charts(worker, timeout_s=5.0)
    await worker.close()


def titled(title: str) -> Chart:
    return {**usual_chart(), "title": title}


async def test_a_picture_is_the_same_whichever_process_draws_it() -> None:
    worker = Worker("core.charts.drawing")
    charts = Charts(worker, timeout_s=PATIENCE_S)
    first = await charts.draw(usual_chart())
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    second = await charts.draw(usual_chart())
    await worker.close()
    assert first == second == base64.b64decode(draw(usual_chart()))


async def test_a_drawer_that_died_is_started_again(breaking: Charts, tmp_path: Path) -> None:
    assert await breaking.draw(titled(f"die once {tmp_path / 'mark'}")) == PNG


@pytest.mark.parametrize(
    ("title", "logged"), [("die", "ended"), ("fail", "could not be drawn"), ("hang", "took too long")]
)
async def test_a_picture_that_cannot_be_drawn_is_logged_and_left_out(
    breaking: Charts, caplog: pytest.LogCaptureFixture, title: str, logged: str
) -> None:
    assert await breaking.draw(titled(title)) is None
    assert logged in caplog.text
    assert await breaking.draw(titled("well")) == PNG


async def test_the_event_loop_turns_while_a_picture_is_drawn() -> None:
    worker = Worker("core.charts.drawing")
    drawing = asyncio.create_task(Charts(worker, timeout_s=PATIENCE_S).draw(usual_chart()))
    turns = 0
    while not drawing.done():
        turns += 1
        await asyncio.sleep(0)
    assert await drawing is not None
    assert turns > 100
    await worker.close()
