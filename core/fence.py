"""Fences for foreign text in a prompt: it stands between lines with a random code, so that a model can tell it from its
task.

Each prompt has a new code, so that no text can close its fence. A model may still obey a fenced text, so the answer
must be checked too.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence


def random_fence() -> str:
    return f"fence-{secrets.token_hex(12)}"


def fenced(code: str, what: str, lines: Sequence[str]) -> str:
    """The lines inside a fence. `what` names them, in our own words."""
    return "\n".join((f"{code} begin: {what}", *lines, f"{code} end"))
