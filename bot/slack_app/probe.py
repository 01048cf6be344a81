"""Checks for `doctor` that Slack answers and accepts the tokens, without a connection and without Slack's libraries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.slack_app import SCOPES
from core.errors import RemoteError

if TYPE_CHECKING:
    import httpx

_TIMEOUT_S = 10.0
_AGAIN = "Install the app again (python -m bot manifest slack)"


async def probe(api_url: str, bot_token: str, app_token: str | None) -> None:
    """Send one request with each token; `app_token` is None in HTTP mode. Raises `RemoteError` with what to do.

    Nothing changes on Slack: `apps.connections.open` only returns an address, and nobody connects to it.
    """
    async with _asking(api_url) as client:
        do = f"{_AGAIN}, and put its new token into BCRAO_SLACK_BOT_TOKEN."
        answer = await _ask(client, f"{api_url}/auth.test", bot_token, do)
        if app_token is not None:
            await _probe_app_token(client, api_url, app_token)
    _check_scopes(answer, _AGAIN)


async def probe_app(api_url: str, client_id: str, client_secret: str, redirect_url: str, app_token: str | None) -> None:
    """Check that Slack knows the app that workspaces install. Raises `RemoteError` with what to do.

    The request carries an invented code: Slack refuses the code only after it accepted everything else.
    """
    async with _asking(api_url) as client:
        asked = {"code": "doctor", "redirect_uri": redirect_url}
        answer = await client.post(f"{api_url}/oauth.v2.access", data=asked, auth=(client_id, client_secret))
        error = _error_in(answer)
        if error != "invalid_code":
            wrong = {"invalid_client_id": "BCRAO_SLACK_CLIENT_ID", "bad_client_secret": "BCRAO_SLACK_CLIENT_SECRET"}
            do = f"Copy {wrong.get(str(error), 'both')} again from the app's page at api.slack.com/apps."
            if error == "bad_redirect_uri":
                do = f"Add {redirect_url} to its redirect URLs, or make it from: python -m bot manifest slack"
            raise RemoteError(
                f"Slack does not know the app as it is set up ({error}).", do, remote="slack", permanent=True
            )
        if app_token is not None:
            await _probe_app_token(client, api_url, app_token)
    if not redirect_url.startswith("https://"):
        raise RemoteError(
            f"Slack sends browsers to https addresses only, not to {redirect_url}.",
            "Put a proxy with https before BCRAO_LISTEN, and set BCRAO_PUBLIC_URL to its address.",
            remote="slack",
            permanent=True,
        )


async def probe_installation(api_url: str, token: str, install_url: str) -> None:
    """Check that Slack accepts the token of a workspace that installed the app. Raises `RemoteError` with what to
    do.
    """
    again = f"Somebody of that workspace installs it again: {install_url}"
    async with _asking(api_url) as client:
        _check_scopes(await _ask(client, f"{api_url}/auth.test", token, again), again)


@asynccontextmanager
async def _asking(api_url: str) -> AsyncIterator[httpx.AsyncClient]:
    import httpx  # imported here, because it would make every start 95 ms slower

    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
            yield client
    except httpx.HTTPError:
        raise RemoteError(
            f"Slack does not answer at {api_url}.", "Check the network and BCRAO_SLACK_API_URL.", remote="slack"
        ) from None


async def _probe_app_token(client: httpx.AsyncClient, api_url: str, app_token: str) -> None:
    do = f"{_AGAIN}, and put its new token into BCRAO_SLACK_APP_TOKEN."
    await _ask(client, f"{api_url}/apps.connections.open", app_token, do)


def _check_scopes(answer: httpx.Response, again: str) -> None:
    granted = answer.headers.get("x-oauth-scopes")
    missing = sorted(set(SCOPES) - {scope.strip() for scope in granted.split(",")}) if granted is not None else []
    if missing:
        raise RemoteError(
            f"The app lacks {', '.join(missing)}.",
            f"{again}: without it there is no {SCOPES[missing[0]]}.",
            remote="slack",
            permanent=True,
        )


async def _ask(client: httpx.AsyncClient, url: str, token: str, do: str) -> httpx.Response:
    """Returns an answer that accepts the token; an error says `do`."""
    answer = await client.post(url, headers={"Authorization": f"Bearer {token}"})
    error = _error_in(answer)
    if error is not None:
        raise RemoteError(f"Slack does not accept the token ({error}).", do, remote="slack", permanent=True)
    return answer


def _error_in(answer: httpx.Response) -> str | None:
    """Returns Slack's error for the request; None when there is none."""
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
    return None if said.get("ok") is True else str(said.get("error", "no reason given"))
