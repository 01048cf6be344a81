"""One request to Reddit and its result, without praw, as the gateway's thread hands it to the event loop."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_DEEPEST = 64  # levels; a post of Reddit's has some ten
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|-?\d{400,}(?:\.\d+)?(?:[eE][+-]?\d+)?')


class Trouble(StrEnum):
    """What went wrong, whatever the request was."""

    KEY_REFUSED = "key_refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the access token expired or was revoked; the key may be valid
    GRANT_REFUSED = "grant_refused"  # an account's consent is no longer valid, or a code never was; the key is valid
    FORBIDDEN = "forbidden"  # 403 from the API itself
    BLOCKED = "blocked"  # 403 as a web page: Reddit blocks the network or the user agent
    NOT_FOUND = "not_found"
    MOVED = "moved"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    GARBLED = "garbled"  # not JSON, cut short, empty, too long
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"  # the name, the connection or TLS failed
    ODD_STATUS = "odd_status"


class Refused(Exception):
    """Every result except a healthy answer. `reason` is Reddit's own code from the JSON body, `detail` a short
    technical hint without secrets, `place` the path of a redirect.
    """

    def __init__(
        self, trouble: Trouble, *, status: int | None = None, reason: str = "", detail: str = "", place: str = ""
    ) -> None:
        super().__init__(trouble.value)
        self.trouble, self.status, self.reason, self.detail, self.place = trouble, status, reason, detail, place


@dataclass(slots=True)
class Exchange:
    """The result of one request: `payload` is the JSON, or `refused` says why there is none.

    `headers` have lower-case names.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    payload: Any = None
    refused: Refused | None = None


def read_json(body: bytes) -> tuple[bytes, Any]:
    """Returns a body that every JSON reader can read, and its content; None as content when the body is not JSON.

    Python refuses integers of thousands of digits and values that are nested too deep. Such a value becomes
    infinity, so the hundred posts beside it can be read, and so that nothing is concluded from it: null says something
    in some fields, and no field of Reddit's can be infinite.
    """
    try:
        return body, json.loads(body)
    except (ValueError, RecursionError):
        pass
    try:
        tamed = _tamed(body.decode("utf-8"))
        return tamed.encode(), json.loads(tamed)
    except (ValueError, RecursionError):
        return body, None


_NOTHING = "1e999"


def _tamed(text: str) -> str:
    """Returns JSON with infinity for values nested deeper than `_DEEPEST` and for integers of 400 digits or more."""
    kept: list[str] = []
    depth = done = 0
    for token in _TOKEN.finditer(text):
        found = token.group()
        if found in ("[", "{"):
            depth += 1
            if depth == _DEEPEST + 1:
                kept += [text[done : token.start()], _NOTHING]
        elif found in ("]", "}"):
            if depth == _DEEPEST + 1:
                done = token.end()
            depth -= 1
        elif depth <= _DEEPEST and found[0] != '"':
            kept += [text[done : token.start()], _NOTHING]
            done = token.end()
    if depth:
        raise ValueError("brackets are left open")
    return "".join([*kept, text[done:]])
