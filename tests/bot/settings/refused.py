"""What tests of the settings share: a secret that nobody may print, and what a refusal says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import load_settings
from core.errors import BadSettings

SECRET = "hunter2-do-not-print"


def refusal(environ: dict[str, str], dotenv: Path | None = None) -> BadSettings:
    with pytest.raises(BadSettings) as caught:
        load_settings(environ, dotenv)
    return caught.value


def everything_said(error: BaseException) -> str:
    """The error's text and that of everything it is chained to."""
    said = ""
    link: BaseException | None = error
    while link is not None:
        said += f"{link!r} {link} "
        link = link.__cause__ or link.__context__
    return said
