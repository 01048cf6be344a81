"""Trained weights as files: integers of 8 bits within JSON, compressed. The same weights give the same bytes."""

from __future__ import annotations

import base64
import json
import lzma
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

_MOST = 127  # the largest weight in 8 bits


def step_of(weights: Sequence[float]) -> float:
    """Returns the size of the steps in which the largest of these weights is written."""
    return max((abs(weight) for weight in weights), default=0.0) / _MOST or 1.0 / _MOST


def in_steps(weights: Sequence[float]) -> str:
    """Returns weights as whole steps of `step_of`, in a form for JSON."""
    step = step_of(weights)
    return base64.b64encode(array("b", [round(weight / step) for weight in weights]).tobytes()).decode()


def from_steps(steps: str) -> array[int]:
    """Returns the whole steps that `in_steps` wrote."""
    return array("b", base64.b64decode(steps))


def pack(content: Mapping[str, Any]) -> bytes:
    return lzma.compress(json.dumps(content).encode(), preset=9 | lzma.PRESET_EXTREME)


def unpack(packed: bytes) -> dict[str, Any]:
    """Returns what `pack` was given. Raises lzma.LZMAError or ValueError for what it did not write."""
    content: dict[str, Any] = json.loads(lzma.decompress(packed))
    return content
