"""Slack's Web API with one policy for every call: bounded retries, and refusals in words that a person can act on."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.attached import download
from bot.card import Document
from bot.characters import one_line
from core.clock import Clock
from core.errors import BadFile

log = logging.getLogger(__name__)

CALL_TIMEOUT_S = 15.0
TRIES = 3
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0  # when Slack asks for a longer wait, the caller hears of it instead
UPLOAD_TIMEOUT_S = 60.0
FILES_URL = "https://files.slack.com"

# The token itself stopped working: nothing works until a person installs the app again.
TOKEN_PROBLEMS = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
_PASSING = frozenset(
    {
        *("ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"),
        *("org_login_required", "team_added_to_org"),  # the workspace is being moved into an organisation
    }
)
_CONTENT_REFUSED = frozenset(
    {
        *("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "invalid_arguments"),
        *("invalid_attachments", "too_many_attachments", "no_text"),
    }
)
_IN_WORDS = {
    "channel_not_found": "The channel does not exist any more, or the bot was never in it.",
    "is_archived": "The channel is archived.",
    "not_in_channel": "The bot is not in the channel. Invite it there: /invite @bc-rao",
    "restricted_action": "The workspace's settings do not let the bot post there.",
    "user_is_restricted": "The workspace's settings do not let the bot post there.",
    "restricted_action_read_only_channel": "Only some people may post in the channel, and the bot is not one of them.",
    "restricted_action_thread_only_channel": "The channel takes replies in threads only.",
    "restricted_action_non_threadable_channel": "The channel takes no replies in threads.",
    "restricted_action_thread_locked": "The thread is locked.",
    "team_access_not_granted": "The app was not given access to this workspace.",
    "no_permission": "The app may not post there.",
    "ekm_access_denied": "The organisation's admins have stopped posting for now.",
    "message_limit_exceeded": "The channel holds as many messages as its plan allows.",
    "messages_tab_disabled": "The app takes no direct messages. Turn on its messages tab in the app's settings.",
    "cannot_dm_bot": "Slack does not let the bot write to that member.",
    "user_not_found": "The member does not exist any more.",
    "user_disabled": "The member's account is switched off.",
    "ratelimited": "Slack asks to wait.",
    "rate_limited": "Slack asks to wait.",
    "team_added_to_org": "The workspace is being moved into an organisation.",
    "invalid_blocks": "Slack does not take the message's form.",
    "msg_blocks_too_long": "Slack does not take a message that long.",
} | dict.fromkeys(TOKEN_PROBLEMS, "Slack does not accept the bot's token any more. Install the app again.")


class SlackRefused(Exception):
    """Slack refused a request. `error` is Slack's own code; the text can be shown to members.

    `permanent`: trying again is useless until a person acts. `retry_after_s`: the wait that Slack asks for.
    """

    def __init__(self, error: str, text: str, *, permanent: bool, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.error = error
        self.permanent = permanent
        self.retry_after_s = retry_after_s

    @property
    def is_about_content(self) -> bool:
        """Whether Slack may accept the same message in another form, such as plain text."""
        return self.error in _CONTENT_REFUSED


class SlackWeb:
    """Calls with the bot's token. `on_dead_token` is called when Slack says that the token stopped working."""

    def __init__(
        self, client: AsyncWebClient, clock: Clock, on_dead_token: Callable[[str], None], files_url: str = FILES_URL
    ) -> None:
        self._client = client
        self._files_url = files_url
        self._clock = clock
        self._on_dead_token = on_dead_token

    async def call(self, method: str, arguments: Mapping[str, Any], *, tries: int = TRIES) -> dict[str, Any]:
        """Call a method that changes something, and return its answer. Raises `SlackRefused`."""
        return await self._try(method, tries, json={k: v for k, v in arguments.items() if v is not None})

    async def read(self, method: str, arguments: Mapping[str, Any], *, tries: int = TRIES) -> dict[str, Any]:
        """Call a method that only reads, and return its answer. Raises `SlackRefused`."""
        return await self._try(method, tries, data={k: v for k, v in arguments.items() if v is not None})

    async def respond(self, response_url: str, message: Mapping[str, Any]) -> None:
        """Answer through the one-time address of a command or a click. Raises `SlackRefused`."""
        await respond(self._client.session, response_url, message)

    async def upload(self, channel: str, thread_ts: str | None, file: Document) -> None:
        """Put a file into a channel. Raises `SlackRefused`."""
        await self._upload(file, UPLOAD_TIMEOUT_S, channel=channel, thread_ts=thread_ts)

    async def keep(self, file: Document, *, within_s: float) -> str:
        """Put a file where only our own messages can show it, and return its id. Raises `SlackRefused`."""
        return await self._upload(file, within_s)

    async def file(self, file_id: str, most_bytes: int) -> bytes:
        """Returns a file that a member attached to a form. Raises `BadFile`."""
        try:
            told = (await self.read("files.info", {"file": file_id})).get("file") or {}
        except SlackRefused as refusal:
            raise BadFile(str(refusal), "Attach it again after that.") from None
        url = str(told.get("url_private_download") or told.get("url_private"))
        return await download(url, self._files_url, {"Authorization": f"Bearer {self._client.token}"}, most_bytes)

    async def _upload(
        self, file: Document, within_s: float, *, channel: str | None = None, thread_ts: str | None = None
    ) -> str:
        try:
            async with asyncio.timeout(within_s):
                answer = await self._client.files_upload_v2(
                    filename=file.file_name,
                    content=file.content,
                    title=file.file_name,
                    alt_txt=one_line(file.about)[:1000],
                    channel=channel,
                    thread_ts=thread_ts,
                )
        except SlackApiError as error:
            raise self._as_refusal(error) from None
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as failure:
            raise _unreachable(failure) from None
        return str(answer["files"][0]["id"])

    async def _try(self, method: str, tries: int, **payload: Any) -> dict[str, Any]:
        wait_s = FIRST_WAIT_S
        for left in reversed(range(tries)):
            try:
                return await self._once(method, **payload)
            except SlackRefused as refusal:
                wish_s = refusal.retry_after_s
                if refusal.permanent or not left or (wish_s or 0.0) > LONGEST_WAIT_S:
                    raise
                log.info("asking again", extra={"method": method, "error": refusal.error, "wait_s": wish_s or wait_s})
                await self._clock.sleep(wish_s or wait_s)
                wait_s *= 2
        raise AssertionError("a call is tried at least once")

    async def _once(self, method: str, **payload: Any) -> dict[str, Any]:
        if self._client.session is None:
            raise _refused("not_connected")
        try:
            response = await self._client.api_call(method, **payload)
        except SlackApiError as error:
            raise self._as_refusal(error) from None
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as failure:
            raise _unreachable(failure) from None
        answer = response.data
        return answer if isinstance(answer, dict) else {}

    def _as_refusal(self, error: SlackApiError) -> SlackRefused:
        refusal = refusal_of(error)
        if refusal.error in TOKEN_PROBLEMS:
            self._on_dead_token(refusal.error)
        return refusal


async def respond(session: aiohttp.ClientSession | None, response_url: str, message: Mapping[str, Any]) -> None:
    """Does what `SlackWeb.respond` does, without a token. Raises `SlackRefused`."""
    if session is None:
        raise _refused("not_connected")
    try:
        async with session.post(response_url, json=dict(message), allow_redirects=False) as response:
            said = await response.text()
    except (aiohttp.ClientError, TimeoutError, OSError) as failure:
        raise _unreachable(failure) from None
    if response.status != 200 or _error_in(said):
        raise _refused(_error_in(said) or f"http_{response.status}", status=response.status)


def refusal_of(error: SlackApiError) -> SlackRefused:
    """Returns what an error of the library means. Its response is Slack's answer, or the raw body when that is not
    JSON.
    """
    response = error.response
    answer = getattr(response, "data", None)
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    headers = getattr(response, "headers", None) or {}
    name = answer.get("error") if isinstance(answer, dict) else None
    return _refused(
        str(name) if name else f"http_{status}",
        status=status if isinstance(status, int) else None,
        wish=headers.get("Retry-After"),
        needed=answer.get("needed") if isinstance(answer, dict) else None,
    )


def _refused(error: str, *, status: int | None = None, wish: str | None = None, needed: Any = None) -> SlackRefused:
    passing = error in _PASSING or error == "not_connected" or (status is not None and (status >= 500 or status == 429))
    if error == "missing_scope":
        text = f"The app lacks the permission {needed or 'it needs'}. Install it again: python -m bot manifest slack"
    elif error == "not_connected":
        text = "Slack is not connected at the moment."
    elif passing and error not in _IN_WORDS:
        text = f"Slack does not work at the moment ({error})."
    else:
        text = _IN_WORDS.get(error, f"Slack did not take it ({error}).")
    return SlackRefused(error, text, permanent=not passing, retry_after_s=_seconds(wish))


def _unreachable(failure: Exception) -> SlackRefused:
    log.info("Slack cannot be reached", extra={"why": repr(failure)})
    return SlackRefused("unreachable", "Slack cannot be reached at the moment.", permanent=False)


def _seconds(wish: str | None) -> float | None:
    try:
        return max(0.0, float(wish)) if wish else None
    except ValueError:
        return None


def _error_in(said: str) -> str | None:
    """Returns the error in a response_url's answer, which is JSON or a bare word."""
    if said.strip() in ("", "ok"):
        return None
    try:
        answer = json.loads(said)
    except ValueError:
        return said.strip()[:80]
    return None if not isinstance(answer, dict) or answer.get("ok", True) else str(answer.get("error", "unknown"))
