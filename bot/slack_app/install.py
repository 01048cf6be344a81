"""Installing the app in a Slack workspace: the page that begins it, and the page to which Slack sends the browser back.

Slack's library makes the address and exchanges the code. A state can be used once, for ten minutes, and only in the
browser that asked for it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth import AuthorizeUrlGenerator, OAuthStateUtils
from slack_sdk.web.async_client import AsyncWebClient

from bot.card import Tone
from bot.listener import BROKEN, QUERY_MAX_CHARS, Listener, Page, shown_page
from bot.slack_app import INSTALL_PATH, INSTALLED_PATH, SCOPES
from bot.slack_app.people import workspace_id
from bot.slack_app.web import CALL_TIMEOUT_S, refusal_of
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

_SAID_NO = "access_denied"
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


class _Ended(Exception):
    """An install that failed. The texts can be shown to whoever installs."""

    def __init__(self, what: str, do: str = AGAIN, *, status: int) -> None:
        super().__init__(what)
        self.what, self.do, self.status = what, do, status


class InstallPages:
    """Serves `INSTALL_PATH` and `INSTALLED_PATH`."""

    def __init__(self, app: InstallableApp, listener: Listener, clock: Clock, api_url: str) -> None:
        self._app = app
        self._redirect_url = f"{app.public_address}{INSTALLED_PATH}"
        self._client = AsyncWebClient(base_url=api_url, timeout=int(CALL_TIMEOUT_S), retry_handlers=[], logger=bolt_log)
        self._states = _States(app.states, clock)
        listener.add("GET", INSTALL_PATH, partial(self._answer, self._begin))
        listener.add("GET", INSTALLED_PATH, partial(self._answer, self._arrive))

    async def _answer(
        self, page: Callable[[web.BaseRequest], Awaitable[web.Response]], request: web.BaseRequest
    ) -> web.Response:
        with correlate():
            try:
                if len(request.query_string) > QUERY_MAX_CHARS:
                    raise _Ended(NOT_SLACK, status=400)
                return await page(request)
            except _Ended as ended:
                return _ended_page(ended)
            except UserError as error:  # for the operator: the text may name a file, and anybody may be at the browser
                log.error("an install could not be kept", extra={"why": str(error)})  # noqa: TRY400 - its text says it all
                unkept = _Ended("The bot cannot keep it at the moment.", "Begin again in some minutes.", status=503)
                return _ended_page(unkept)
            except Exception:  # the browser shows plain words; the log has the details
                log.exception("an install could not be handled")
                return _ended_page(_Ended(BROKEN, status=500))

    async def _begin(self, request: web.BaseRequest) -> web.Response:
        """The page that leads to Slack's. Nothing of the request goes into the address there."""
        state = await self._states.issue()
        slack = AuthorizeUrlGenerator(
            client_id=self._app.client_id,
            scopes=list(SCOPES),
            redirect_uri=self._redirect_url,
            authorization_url=self._app.authorize_url,
        )
        words = (
            "It helps a team take part in Reddit communities honestly, and tells a channel when a post disappears.",
            "Slack asks next for which workspace. Whoever installs it is its first admin here.",
        )
        button = ("Add to Slack", slack.generate(state))
        shown = shown_page(Page("Add BC-RAO to Slack", words, asked=SCOPES, button=button), 200)
        address = urlsplit(self._app.public_address)
        shown.set_cookie(
            COOKIE,
            state,
            max_age=STATE_FOR_S,
            path=address.path + INSTALL_PATH.rpartition("/")[0],
            secure=address.scheme == "https",  # browsers send a Secure cookie over https only
            httponly=True,
            samesite="Lax",  # lets it come along when Slack sends the browser back
        )
        return shown

    async def _arrive(self, request: web.BaseRequest) -> web.Response:
        """The page to which Slack sends the browser back. Raises `_Ended`."""
        query = request.query
        if "error" in query:
            if query["error"] == _SAID_NO:
                raise _Ended("On Slack's page somebody chose not to allow it.", status=200)
            raise _Ended("Slack did not allow it.", status=400)
        cookies: dict[str, str | Sequence[str]] = {"cookie": request.headers.getall("Cookie", [])}
        if not OAuthStateUtils(cookie_name=COOKIE).is_valid_browser(query.get("state"), cookies):
            raise _Ended("This install was begun in another browser, or in another tab since.", status=400)
        if not await self._states.consume(query["state"]):
            raise _Ended("This install was finished already, or begun more than ten minutes ago.", status=400)
        if "code" not in query:
            raise _Ended(NOT_SLACK, status=400)
        name = await self._keep(await self._exchanged(query["code"]))
        words = (
            "In Slack, give /rao help to see what to do first, and /rao setup to choose where alerts go.",
            "You can close this page.",
        )
        return shown_page(Page(f"BC-RAO is installed in {name}", words, Tone.GOOD), 200)

    async def _exchanged(self, code: str) -> Mapping[str, Any]:
        """Returns Slack's answer to the code. Raises `_Ended`."""
        try:
            answer = await self._client.oauth_v2_access(
                client_id=self._app.client_id,
                client_secret=self._app.client_secret,
                code=code,
                redirect_uri=self._redirect_url,
            )
        except SlackApiError as error:
            raise _refused(error) from None  # its text repeats the request
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as failure:
            log.warning("Slack cannot be reached for an install", extra={"why": type(failure).__name__})
            raise _Ended("Slack cannot be reached at the moment.", "Begin again in some minutes.", status=502) from None
        return answer.data if isinstance(answer.data, dict) else {}

    async def _keep(self, answer: Mapping[str, Any]) -> str:
        """Store what Slack granted; returns the workspace's name. Raises `_Ended` when it cannot be kept."""
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
        name = str(team.get("name") or "Slack")
        await self._app.installations.keep(
            workspace_id(str(team["id"])),
            name,
            installed_by=str(user),
            bot_user_id=str(answer.get("bot_user_id") or ""),
            token=token,
        )
        return name

    async def _give_back(self, token: str) -> None:
        try:
            await self._client.auth_revoke(token=token)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as failure:
            log.warning("a token that is not kept was not revoked", extra={"why": type(failure).__name__})


def _refused(error: SlackApiError) -> _Ended:
    refusal = refusal_of(error)
    log.warning("Slack refused an install", extra={"error": refusal.error})
    if not refusal.permanent or refusal.error.startswith("http_"):  # the latter is not an error of Slack's
        return _Ended("Slack does not work at the moment.", "Begin again in some minutes.", status=502)
    if refusal.error in _STALE_CODE:
        return _Ended("Slack does not accept that answer: it is used already, or too old.", status=400)
    return _Ended("Slack does not know this app as it is set up here.", CHECK_APP, status=502)


class _States:
    """States are sealed, not stored: anybody may ask for one, and there is no workspace yet to keep it under. Only the
    used ones are remembered, until they expire.
    """

    def __init__(self, seal: Seal, clock: Clock) -> None:
        self._seal = seal
        self._clock = clock
        self._used: OrderedDict[str, float] = OrderedDict()  # marks of used states, and when each expires

    async def issue(self) -> str:
        expires_at = self._clock.now().timestamp() + STATE_FOR_S
        sealed = await asyncio.to_thread(self._seal.close, f"{secrets.token_urlsafe(16)} {expires_at}")
        return sealed.rstrip("=")  # it goes into an address and a cookie as it is

    async def consume(self, state: str) -> bool:
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


def _ended_page(ended: _Ended) -> web.Response:
    page = Page("Nothing was installed", (ended.what, ended.do), Tone.BAD, button=("Begin again", BEGIN_AGAIN))
    return shown_page(page, ended.status)
