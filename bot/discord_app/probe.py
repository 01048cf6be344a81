"""Checks for `doctor` that Discord answers and accepts the token, without a connection and without discord.py."""

from __future__ import annotations

from core.errors import RemoteError

_TIMEOUT_S = 10.0


async def probe(api_url: str, token: str) -> None:
    """Send one request with the bot's token, which changes nothing. Raises `RemoteError` with what to do."""
    import httpx  # imported here, because it would make every start 95 ms slower

    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
            answer = await client.get(f"{api_url}/applications/@me", headers={"Authorization": f"Bot {token}"})
    except httpx.HTTPError:
        raise RemoteError(
            f"Discord does not answer at {api_url}.", "Check the network and BCRAO_DISCORD_API_URL.", remote="discord"
        ) from None
    if answer.status_code in (401, 403):
        raise RemoteError(
            "Discord does not accept the bot's token.",
            "Make a new one at discord.com/developers/applications, under Bot, and put it into BCRAO_DISCORD_TOKEN.",
            remote="discord",
            permanent=True,
            status=answer.status_code,
        )
    if answer.status_code != 200:
        raise RemoteError(
            f"Discord has a problem of its own (status {answer.status_code}).",
            "Try again later.",
            remote="discord",
            status=answer.status_code,
        )
