"""What several rooms of the core share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from core.gateways.llm import model_worker
from core.worker import Worker


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def litellm() -> AsyncIterator[Worker]:
    """The child process with litellm, which takes seconds to start: one for all tests (of `loop_scope="session"`)."""
    worker = model_worker()
    yield worker
    await worker.close()
