"""One request to Reddit and what came of it, without praw: what the gateway's thread and the event loop exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Trouble(StrEnum):
    """What went wrong, independent of what was asked."""

    KEY_REFUSED = "key_refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the access token ran out or was revoked; the key may be fine
    GRANT_REFUSED = "grant_refused"  # an account's consent is no longer valid, or a code never was; the key is fine
    FORBIDDEN = "forbidden"  # 403 from the API itself
    BLOCKED = "blocked"  # 403 as a web page: the network or the user agent
    NOT_FOUND = "not_found"
    MOVED = "moved"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    GARBLED = "garbled"  # not JSON, cut short, empty, too long
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"  # name, connection or TLS
    ODD_STATUS = "odd_status"


class Refused(Exception):
    """Anything but a healthy answer. `reason` is Reddit's own word from the JSON body, `detail` a short technical word
    without secrets, `place` the path of a redirect.
    """

    def __init__(
        self, trouble: Trouble, *, status: int | None = None, reason: str = "", detail: str = "", place: str = ""
    ) -> None:
        super().__init__(trouble.value)
        self.trouble, self.status, self.reason, self.detail, self.place = trouble, status, reason, detail, place


@dataclass(slots=True)
class Exchange:
    """One request and what came of it: `payload` is the JSON, or `refused` says why there is none.

    `headers` have lower-case names.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    payload: Any = None
    refused: Refused | None = None
