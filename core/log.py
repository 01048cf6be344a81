"""Structured logs with a correlation id that follows a command from the click to the alert it causes.

Log lines are made with `logging`, facts in `extra=`. `configure` is called once, by the composition root.
"""

from __future__ import annotations

import contextlib
import contextvars
import json
import logging
import secrets
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

_correlation: contextvars.ContextVar[str] = contextvars.ContextVar("correlation_id", default="-")
_PLAIN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "correlation_id"}


def correlation_id() -> str:
    """The correlation id of the present task; "-" when it has none."""
    return _correlation.get()


@contextlib.contextmanager
def correlate(existing: str | None = None) -> Iterator[str]:
    """Give everything that is logged and owed inside the block one correlation id: `existing`, or a new one."""
    value = existing or secrets.token_hex(6)
    token = _correlation.set(value)
    try:
        yield value
    finally:
        _correlation.reset(token)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _PLAIN_ATTRIBUTES}


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            # The log has the machine's own time, even while the sample Reddit's time is moved.
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            "correlation_id": correlation_id(),
            **_facts(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        facts = " ".join(f"{name}={value!r}" for name, value in _facts(record).items())
        line = f"{at} {record.levelname:<7} {record.name} [{correlation_id()}] {record.getMessage()} {facts}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def configure(level: str, log_format: str) -> None:
    """Send logs to standard error: `log_format` "text" for people, "json" for machines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter() if log_format == "json" else _TextFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("apscheduler", "httpx", "httpcore", "prawcore", "asyncio", "aiosqlite", "discord", "slack_bolt"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))
