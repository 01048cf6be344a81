"""Pictures that members attach to their looks: which are taken.

What a picture is stands in its first bytes, not in its name. Nothing here decodes one.
"""

from __future__ import annotations

import re

from core.errors import BadFile

MAX_BYTES = 5 * 1024 * 1024
_BEGINNINGS = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n....IHDR", re.DOTALL),
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}


def suffix_of(content: bytes) -> str:
    """Returns the end of the name for a picture's file: "png", "jpg" or "webp". Raises `BadFile` for anything else."""
    for suffix, beginning in _BEGINNINGS.items():
        if beginning.match(content):
            return suffix
    raise BadFile("The file is no PNG, JPEG or WebP picture.", "Attach a screenshot in one of these forms.")
