"""A language model that chooses one category, and what it costs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from core.errors import ModelFailed
from core.ports import ModelAnswer, ModelRequest

MODEL = "openai/small"
WORST_CASE, COST = 900, 40


@dataclass(slots=True)
class ChoosingModel:
    """Implements `LanguageModel`: always the content it was given, or the failure; waits for `gate` if there is one."""

    content: dict[str, Any] = field(default_factory=lambda: {"category": "promotion"})
    failure: ModelFailed | None = None
    gate: asyncio.Event | None = None
    asked: list[ModelRequest] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def worst_case_usd_micros(self, request: ModelRequest) -> int:
        return WORST_CASE

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        self.asked.append(request)
        self.arrived.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return ModelAnswer(self.content, MODEL, 100, 5, COST, "provider")
