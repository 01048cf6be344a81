"""Whether Slack answers and accepts the tokens: for `doctor`, without a connection and without Slack's libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack_app import SCOPES
from core.errors import RemoteError

if TYPE_CHECKING:
    import httpx

_TIMEOUT_S = 10.0
_AGAIN = "Install the app again (python -m bot manifest slack)"


async def probe(api_url: str, bot_token: str, app_token: str | None) -> None:
    """One request with each token; `app_token` None in HTTP mode. Raises `RemoteError` with what to do.

    Nothing changes on Slack: `apps.connections.open` only hands out an address that nobody connects to.
    """
    import httpx  # 95 ms that a start of the program does not need

    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
            answer = await _ask(client, f"{api_url}/auth.test", bot_token, "BCRAO_SLACK_BOT_TOKEN")
            granted = answer.headers.get("x-oauth-scopes")
            if app_token is not None:
                await _ask(client, f"{api_url}/apps.connections.open", app_token, "BCRAO_SLACK_APP_TOKEN")
    except httpx.HTTPError:
        raise RemoteError(
            f"Slack does not answer at {api_url}.", "Check the network and BCRAO_SLACK_API_URL.", remote="slack"
        ) from None
    missing = sorted(set(SCOPES) - {scope.strip() for scope in granted.split(",")}) if granted is not None else []
    if missing:
        raise RemoteError(
            f"The app lacks {', '.join(missing)}.",
            f"{_AGAIN}: without it there is no {SCOPES[missing[0]]}.",
            remote="slack",
            permanent=True,
        )


async def _ask(client: httpx.AsyncClient, url: str, token: str, setting: str) -> httpx.Response:
    answer = await client.post(url, headers={"Authorization": f"Bearer {token}"})
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict) or answer.status_code >= 500 or answer.status_code == 429:
        raise RemoteError(
            f"Slack has a problem of its own (status {answer.status_code}).",
            "Try again later.",
            remote="slack",
            status=answer.status_code,
        )
    if said.get("ok") is not True:
        raise RemoteError(
            f"Slack does not accept the token ({said.get('error', 'no reason given')}).",
            f"{_AGAIN}, and put its new token into {setting}.",
            remote="slack",
            permanent=True,
        )
    return answer
