"""A remote's time, for `bcrao doctor`."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.errors import RemoteError

_TIMEOUT_S = 10.0


async def read_remote_clock(url: str) -> datetime:
    """Returns the `Date` of an answer to a request without credentials; its status does not matter. Raises
    `RemoteError`.
    """
    import httpx  # imported here, because it would make every start 95 ms slower

    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
            answer = await client.head(url)
    except httpx.HTTPError:
        raise RemoteError(f"{url} does not answer.", "Check the network.", remote="web") from None
    try:
        at = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        raise RemoteError(
            f"{url} does not say what time it is.", "Compare this machine's clock with another one.", remote="web"
        ) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
