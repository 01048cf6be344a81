"""Installing the app in a Slack workspace: the page that begins it, and the page to which Slack sends the browser back.

slack-bolt's flow does the protocol; the state, the storage and the words are ours. A state can be used once, for ten
minutes, and only in the browser that asked for it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth import OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.card import Tone
from bot.listener import BROKEN, QUERY_MAX_CHARS, Listener
from bot.slack_app import INSTALL_PATH, INSTALLED_PATH, SCOPES
from bot.slack_app.access import workspace_id
from bot.slack_app.web import CALL_TIMEOUT_S, refusal_of
from bot.web_page import HEADERS, Page
from core.clock import Clock
from core.errors import UserError
from core.installations import Installations
from core.log import correlate
from core.seal import Seal

log = logging.getLogger(__name__)
bolt_log = logging.getLogger("slack_bolt")

STATE_FOR_S = 600
USED_MAX = 10_000  # states that came back within ten minutes
COOKIE = "bcrao-slack-install"
BEGIN_AGAIN = INSTALL_PATH.rpartition("/")[2]  # a relative link, because a proxy may put a path before both pages
NOT_SLACK = "That is not an address Slack sends people to."
AGAIN = "Begin again, and finish in the same browser within ten minutes."
CHECK_APP = "Whoever runs the bot finds out with: python -m bot doctor"

# Why Slack, or our own check of Slack's answer, ended an install: what happened, and the page's status.
_REASONS = {
    "access_denied": ("On Slack's page somebody chose not to allow it.", 200),
    "invalid_browser": ("This install was begun in another browser, or in another tab since.", 400),
    "invalid_state": ("This install was finished already, or begun more than ten minutes ago.", 400),
    "missing_code": (NOT_SLACK, 400),
}
_STALE_CODE = frozenset({"invalid_code", "code_already_used", "code_expired"})


@dataclass(frozen=True, slots=True)
class InstallableApp:
    """The Slack app that workspaces install, as the settings name it."""

    client_id: str
    client_secret: str = field(repr=False)
    public_address: str  # where browsers reach the listener
    authorize_url: str
    states: Seal
    installations: Installations


class InstallPages:
    """Serves `INSTALL_PATH` and `INSTALLED_PATH`."""

    def __init__(self, app: InstallableApp, listener: Listener, clock: Clock, api_url: str) -> None:
        self._flow = _Flow(app, clock, api_url)
        listener.add("GET", INSTALL_PATH, self._begin)
        listener.add("GET", INSTALLED_PATH, self._arrive)

    async def _begin(self, request: web.BaseRequest) -> web.Response:
        return await self._answer(request, self._flow.handle_installation)

    async def _arrive(self, request: web.BaseRequest) -> web.Response:
        return await self._answer(request, self._flow.handle_callback)

    async def _answer(self, request: web.BaseRequest, handle: Any) -> web.Response:
        with correlate():
            try:
                if len(request.query_string) > QUERY_MAX_CHARS:
                    raise _Ended(NOT_SLACK, status=400)
                asked = AsyncBoltRequest(body="", query=request.query_string, headers=_headers_of(request))
                return _as_web(await handle(asked))
            except _Ended as ended:
                return _as_web(_ended_page(ended))
            except UserError as error:  # for the operator: the text may name a file, and anybody may be at the browser
                log.error("an install could not be kept", extra={"why": str(error)})  # noqa: TRY400 - its text says it all
                unkept = _Ended("The bot cannot keep it at the moment.", "Begin again in some minutes.", status=503)
                return _as_web(_ended_page(unkept))
            except Exception:  # the browser shows plain words; the log has the details
                log.exception("an install could not be handled")
                return _as_web(_ended_page(_Ended(BROKEN, status=500)))


class _Ended(Exception):
    """An install that failed. The texts can be shown to whoever installs."""

    def __init__(self, what: str, do: str = AGAIN, *, status: int) -> None:
        super().__init__(what)
        self.what, self.do, self.status = what, do, status


class _Flow(AsyncOAuthFlow):
    def __init__(self, app: InstallableApp, clock: Clock, api_url: str) -> None:
        client = AsyncWebClient(base_url=api_url, timeout=int(CALL_TIMEOUT_S), retry_handlers=[], logger=bolt_log)
        settings = AsyncOAuthSettings(
            client_id=app.client_id,
            client_secret=app.client_secret,
            scopes=list(SCOPES),
            user_scopes=[],
            redirect_uri=f"{app.public_address}{INSTALLED_PATH}",
            authorization_url=app.authorize_url,
            install_path=INSTALL_PATH,
            redirect_uri_path=INSTALLED_PATH,
            callback_options=AsyncCallbackOptions(success=self._installed, failure=self._failed),
            installation_store=_Kept(app.installations),
            state_store=_States(app.states, clock),
            logger=bolt_log,
        )
        settings.state_utils = _Cookie(app.public_address)
        super().__init__(client=client, logger=bolt_log, settings=settings)

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        return self.settings.authorize_url_generator.generate(state=state)  # nothing of the request goes into it

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        words = (
            "It helps a team take part in Reddit communities honestly, and tells a channel when a post disappears.",
            "Slack asks next for which workspace. Whoever installs it is its first admin here.",
        )
        return Page("Add BC-RAO to Slack", words, asked=SCOPES, button=("Add to Slack", url)).html()

    async def run_installation(self, code: str) -> SlackInstallation:
        """Exchange the code for a token. Raises `_Ended`."""
        try:
            answer = await self.client.oauth_v2_access(
                client_id=self.settings.client_id,
                client_secret=self.settings.client_secret,
                code=code,
                redirect_uri=self.settings.redirect_uri,
            )
        except SlackApiError as error:
            raise _refused(error) from None  # its text repeats the request
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as failure:
            log.warning("Slack cannot be reached for an install", extra={"why": type(failure).__name__})
            raise _Ended("Slack cannot be reached at the moment.", "Begin again in some minutes.", status=502) from None
        return await self._accepted(answer.data if isinstance(answer.data, dict) else {})

    async def _accepted(self, answer: Mapping[str, Any]) -> SlackInstallation:
        """Returns what Slack granted. Raises `_Ended` when it cannot be kept."""
        token, team = str(answer.get("access_token") or ""), answer.get("team") or {}
        if answer.get("is_enterprise_install"):
            await self._give_back(token)
            raise _Ended(
                "The app was installed for a whole organisation. It works for single workspaces only, so that was "
                "taken back.",
                "Begin again, and choose one workspace on Slack's page.",
                status=400,
            )
        if answer.get("refresh_token") or answer.get("expires_in"):
            await self._give_back(token)
            raise _Ended(
                "The app gives tokens that expire, which the bot does not renew, so the install was taken back.",
                "Whoever runs the bot makes the app from the manifest, where token rotation is off: "
                "python -m bot manifest slack",
                status=400,
            )
        user = (answer.get("authed_user") or {}).get("id")
        if not (token and team.get("id") and user):
            log.error("Slack's answer to an install lacks something", extra={"has": sorted(answer)})
            raise _Ended("Slack's answer was not understood.", status=502)
        return SlackInstallation(
            team_id=str(team["id"]),
            team_name=str(team.get("name") or "Slack"),
            bot_token=token,
            bot_user_id=str(answer.get("bot_user_id") or ""),
            user_id=str(user),
        )

    async def _give_back(self, token: str) -> None:
        try:
            await self.client.auth_revoke(token=token)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as failure:
            log.warning("a token that is not kept was not revoked", extra={"why": type(failure).__name__})

    async def _installed(self, args: AsyncSuccessArgs) -> BoltResponse:
        words = (
            "In Slack, give /rao help to see what to do first, and /rao setup to choose where alerts go.",
            "You can close this page.",
        )
        page = Page(f"BC-RAO is installed in {args.installation.team_name}", words, Tone.GOOD)
        return BoltResponse(status=200, body=page.html())

    async def _failed(self, args: AsyncFailureArgs) -> BoltResponse:
        what, status = _REASONS.get(args.reason, ("Slack did not allow it.", 400))
        return _ended_page(_Ended(what, status=status))


def _refused(error: SlackApiError) -> _Ended:
    refusal = refusal_of(error)
    log.warning("Slack refused an install", extra={"error": refusal.error})
    if not refusal.permanent or refusal.error.startswith("http_"):  # the latter is not an error of Slack's
        return _Ended("Slack does not work at the moment.", "Begin again in some minutes.", status=502)
    if refusal.error in _STALE_CODE:
        return _Ended("Slack does not accept that answer: it is used already, or too old.", status=400)
    return _Ended("Slack does not know this app as it is set up here.", CHECK_APP, status=502)


class _Kept(AsyncInstallationStore):
    """Stores what the flow brings in `core.installations`. Requests look it up without bolt, after the
    acknowledgement.
    """

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def async_save(self, installation: SlackInstallation) -> None:
        await self._installations.keep(
            workspace_id(installation.team_id or ""),
            installation.team_name or "",
            installed_by=installation.user_id,
            bot_user_id=installation.bot_user_id or "",
            token=installation.bot_token or "",
        )


class _States(AsyncOAuthStateStore):
    """States are sealed, not stored: anybody may ask for one, and there is no workspace yet to keep it under. Only the
    used ones are remembered, until they expire.
    """

    def __init__(self, seal: Seal, clock: Clock) -> None:
        self._seal = seal
        self._clock = clock
        self._used: OrderedDict[str, float] = OrderedDict()  # marks of used states, and when each expires

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        expires_at = self._clock.now().timestamp() + STATE_FOR_S
        sealed = await asyncio.to_thread(self._seal.close, f"{secrets.token_urlsafe(16)} {expires_at}")
        return sealed.rstrip("=")  # slack-bolt writes it into an address as it is

    async def async_consume(self, state: str) -> bool:
        opened = await asyncio.to_thread(self._seal.open, state + "=" * (-len(state) % 4))
        if opened is None:
            return False
        mark, _, until = opened.partition(" ")
        now, expires_at = self._clock.now().timestamp(), float(until)
        while self._used and (next(iter(self._used.values())) <= now or len(self._used) >= USED_MAX):
            self._used.popitem(last=False)
        if expires_at <= now or mark in self._used:
            return False
        self._used[mark] = expires_at
        return True


class _Cookie(OAuthStateUtils):
    """Binds a state to the browser that asked for it."""

    def __init__(self, public_address: str) -> None:
        super().__init__(cookie_name=COOKIE, expiration_seconds=STATE_FOR_S)
        address = urlsplit(public_address)
        folder = address.path + INSTALL_PATH.rpartition("/")[0]
        # Browsers send a Secure cookie over https only; SameSite=Lax lets it come along when Slack sends one back.
        secure = "; Secure" if address.scheme == "https" else ""
        self._attributes = f"; HttpOnly; SameSite=Lax; Path={folder}{secure}"

    def build_set_cookie_for_new_state(self, state: str) -> str:
        return f"{self.cookie_name}={state}{self._attributes}; Max-Age={self.expiration_seconds}"


# ---------------------------------------------------------------- pages


def _headers_of(request: web.BaseRequest) -> dict[str, Sequence[str]]:
    return {"cookie": request.headers.getall("Cookie", [])}  # the flow reads no other header


def _ended_page(ended: _Ended) -> BoltResponse:
    page = Page("Nothing was installed", (ended.what, ended.do), Tone.BAD, button=("Begin again", BEGIN_AGAIN))
    return BoltResponse(status=ended.status, body=page.html())


def _as_web(answer: BoltResponse) -> web.Response:
    """Converts bolt's answer. Bolt's own conversion makes each cookie Secure, also where there is no https."""
    page = web.Response(
        status=answer.status, text=answer.body, content_type="text/html", charset="utf-8", headers=HEADERS
    )
    for cookie in answer.headers.get("set-cookie", ()):
        page.headers.add("Set-Cookie", cookie)
    return page
