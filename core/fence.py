"""Foreign text in a prompt stands between lines that hold a random code, so that a model can tell it from its task.

The code is drawn anew for each prompt: no text can close its fence. A model may obey a fenced text all the same, so
whoever asks checks the answer too.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence


def random_fence() -> str:
    return f"fence-{secrets.token_hex(12)}"


def fenced(code: str, what: str, lines: Sequence[str]) -> str:
    """The lines as material, named in our own words by `what`."""
    return "\n".join((f"{code} begin: {what}", *lines, f"{code} end"))
