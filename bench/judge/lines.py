"""JSON Lines of a corpus: one object a line, unknown fields ignored, bad lines named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_NAMED_AT_MOST = 5


class BadLines(ValueError):
    """Lines that are no object, or lack a field; the message names each with its file, number and what is wrong."""


def read_lines(path: Path, needed: Mapping[str, tuple[str, ...] | None]) -> list[dict[str, Any]]:
    """Returns the objects of a file. `needed`: the fields that each must have, with the values allowed (None: any text
    or list).

    Raises `BadLines` for the whole file, so that no rate is computed from a part of it.
    """
    rows: list[dict[str, Any]] = []
    bad: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        wrong = None
        try:
            row = json.loads(line)
        except ValueError as problem:
            row, wrong = None, f"no JSON ({problem})"
        if wrong is None:
            wrong = _wrong_with(row, needed)
        if wrong is None:
            rows.append(row)
        else:
            bad.append(f"{path}:{number}: {wrong}")
    if bad:
        more = f"\nand {len(bad) - _NAMED_AT_MOST} more" if len(bad) > _NAMED_AT_MOST else ""
        raise BadLines("\n".join(bad[:_NAMED_AT_MOST]) + more)
    return rows


def _wrong_with(row: object, needed: Mapping[str, tuple[str, ...] | None]) -> str | None:
    if not isinstance(row, dict):
        return "not an object"
    for field, values in needed.items():
        if field not in row:
            return f"no field “{field}”"
        if not isinstance(row[field], str | list):
            return f"“{field}” is neither text nor a list"
        if values is not None and row[field] not in values:
            return f"“{field}” is “{row[field]}”, not one of {', '.join(values)}"
    return None
