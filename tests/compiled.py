"""Compiles each SQL statement once for each test process, as a running program does: each test opens a database of its
own, and an engine of its own would compile all of its statements anew, a sixth of the time of the tests that store.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

import storage.database
import storage.sqlite

_compiled: dict[Any, Any] = {}
_dialects: dict[str, Dialect] = {}  # by name; what is compiled belongs to one of them


def share_compiled_statements() -> None:
    """From now on, engines of one dialect use what others of them have compiled."""
    for module in (storage.database, storage.sqlite):
        _wrap(module)


def _wrap(module: ModuleType) -> None:
    create: Callable[..., AsyncEngine] = module.create_async_engine

    def create_sharing(*address: Any, **options: Any) -> AsyncEngine:
        made = create(*address, execution_options={"compiled_cache": _compiled}, **options)
        engine = made.sync_engine
        if engine.dialect.name in _dialects:
            engine.dialect = _dialects[engine.dialect.name]
        else:
            _remember(engine)
        return made

    module.create_async_engine = create_sharing  # type: ignore[attr-defined]  # a module's name


def _remember(engine: Engine) -> None:
    """Share the engine's dialect once it has met a database: only then does it know what that can do."""

    @event.listens_for(engine, "connect")
    def met(*_: Any) -> None:
        _dialects.setdefault(engine.dialect.name, engine.dialect)
