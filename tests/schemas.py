"""The platforms' own schemas, where they are at hand: beside the project, as CI has them."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "schemas"
HERE = FOLDER.is_dir()


@cache
def read(name: str) -> dict[str, Any]:
    """One schema by its file's name, with or without `.gz`."""
    packed = FOLDER / f"{name}.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else (FOLDER / name).read_bytes()
    schema: dict[str, Any] = json.loads(text)
    return schema
