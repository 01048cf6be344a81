"""The only module that imports praw: a client that names every failure and never waits by itself.

praw and prawcore by themselves retry without asking, sleep up to 600 s, follow the token endpoint's redirects, break on
unusual headers (a 401 without `WWW-Authenticate`, a `Retry-After` that is a date), and read `praw.ini` from the working
directory. The requestor here prevents all of that: prawcore only sees a 200 with JSON. This module is imported late,
and used in the gateway's own thread only (praw is not thread-safe).
"""

from __future__ import annotations

import configparser
import io
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import praw
import praw.config
import praw.exceptions
import prawcore
import requests
import urllib3

from core.gateways.exchange import Exchange, Refused, Trouble, read_json

_TOKEN_PATH = "/api/v1/access_token"  # noqa: S105 - a path
_REVOKE_PATH = "/api/v1/revoke_token"
_MAX_ANSWER_BYTES = 16 * 1024 * 1024  # 100 posts of the longest text are some 4 MiB
_RATE_HEADERS = ("x-ratelimit-used", "x-ratelimit-remaining", "x-ratelimit-reset")


class Connection:
    """One praw client. Belongs to one thread.

    Without `redirect_uri` it acts for the key alone. With it, it acts for one account that gave its consent, by
    `refresh_token` or by the code that `authorize` gets.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        user_agent: str,
        reddit_url: str,
        oauth_url: str,
        timeout_s: float,
        redirect_uri: str | None = None,
        refresh_token: str | None = None,
    ) -> None:
        _forget_ini_files()
        self._settings: dict[str, Any] = {
            "client_id": client_id,
            "client_secret": client_secret,
            "user_agent": user_agent,
            "reddit_url": reddit_url,
            "oauth_url": oauth_url,
            "check_for_updates": False,  # it would contact the package index
            "check_for_async": False,
            # Given explicitly, so that no environment variable (`praw_refresh_token`, …) sets them.
            "redirect_uri": redirect_uri,
            "refresh_token": refresh_token,
            "username": None,
            "password": None,
        }
        self._is_of_account = redirect_uri is not None
        self._timeout_s = timeout_s
        self._last_headers: Mapping[str, str] = {}
        self._session: requests.Session | None = None
        self._reddit: praw.Reddit | None = None

    def get(self, path: str, params: Mapping[str, str | int]) -> Exchange:
        """GET `path` (relative, below the OAuth host). No answer or failure of the remote raises."""
        self._last_headers = {}
        try:
            try:
                payload = self._request(path, params)
            except Refused as refused:
                if refused.trouble is not Trouble.TOKEN_REFUSED:
                    raise
                # An access token lasts a day and can end early; a fresh one shows whether the key itself is refused.
                self.close()
                payload = self._request(path, params)
        except Refused as refused:
            if refused.trouble is Trouble.TOKEN_REFUSED:
                # When an account's fresh token is refused too, that says nothing about the key.
                trouble = Trouble.ODD_STATUS if self._is_of_account else Trouble.KEY_REFUSED
                refused = Refused(trouble, status=refused.status)
            return Exchange(self._last_headers, refused=refused)
        return Exchange(self._last_headers, payload)

    def authorize(self, code: str) -> Exchange:
        """Exchange the code of a consent for tokens; later requests act for that account. The payload is
        `{"refresh_token", "scopes"}`. No answer or failure of the remote raises.
        """

        def exchange() -> Mapping[str, Any]:
            reddit = self._opened()
            refresh_token = reddit.auth.authorize(code)
            return {"refresh_token": refresh_token, "scopes": sorted(reddit.auth.scopes())}

        return self._attempt(exchange)

    def revoke(self, token: str) -> Exchange:
        """Give a refresh token back, so that Reddit forgets the consent. No answer or failure of the remote raises."""

        def give_back() -> None:
            authenticator = self._opened()._read_only_core.authorizer.authenticator
            authenticator.revoke_token(token, token_type="refresh_token")  # noqa: S106 - a kind of token

        return self._attempt(give_back)

    def _attempt(self, work: Callable[[], Any]) -> Exchange:
        self._last_headers = {}
        try:
            return Exchange(self._last_headers, work())
        except Refused as refused:
            return Exchange(self._last_headers, refused=refused)
        except (prawcore.PrawcoreException, praw.exceptions.PRAWException) as error:
            return Exchange(self._last_headers, refused=Refused(Trouble.GARBLED, detail=type(error).__name__))

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = self._reddit = None

    def _request(self, path: str, params: Mapping[str, str | int]) -> Any:
        try:
            return self._opened().request(method="GET", path=path, params=dict(params))
        except (prawcore.PrawcoreException, praw.exceptions.PRAWException) as error:
            raise Refused(Trouble.GARBLED, detail=type(error).__name__) from error

    def _opened(self) -> praw.Reddit:
        if self._reddit is None:
            self._session = requests.Session()
            # A no-op, so that a .netrc entry cannot replace the bearer token.
            self._session.auth = lambda request: request
            self._reddit = praw.Reddit(
                "DEFAULT",
                requestor_class=_Requestor,
                requestor_kwargs={
                    "session": self._session,
                    "timeout": self._timeout_s,
                    "heard": self._hear,
                    "is_of_account": self._is_of_account,
                },
                **self._settings,
            )
        return self._reddit

    def _hear(self, headers: Mapping[str, str]) -> None:
        self._last_headers = headers


class _Requestor(prawcore.Requestor):  # type: ignore[misc]  # the library is untyped for us
    """Sends each request once, to the two configured hosts only, with limits of time and size."""

    def __init__(
        self,
        *,
        session: requests.Session,
        heard: Callable[[Mapping[str, str]], None],
        is_of_account: bool,
        **settings: Any,
    ) -> None:
        super().__init__(session=session, **settings)
        self._sends_by = session  # prawcore keeps it too, in a private attribute
        self._heard = heard
        self._is_of_account = is_of_account
        self._origins = {_origin(self.oauth_url), _origin(self.reddit_url)}

    def request(self, method: str, url: str, *, timeout: float | None = None, **options: Any) -> requests.Response:
        # `timeout` is ignored, because prawcore takes it from the environment.
        if _origin(url) not in self._origins:
            raise ValueError("a request to Reddit left its configured hosts")
        options["allow_redirects"] = False
        deadline = time.monotonic() + self.timeout
        try:
            response: requests.Response = self._sends_by.request(
                method, url, timeout=(self.timeout, self.timeout), stream=True, **options
            )
            body = self._read(response, deadline)
        except requests.Timeout as error:
            raise Refused(Trouble.TIMED_OUT, detail=type(error).__name__) from None
        except urllib3.exceptions.ReadTimeoutError:
            raise Refused(Trouble.TIMED_OUT, detail="while reading") from None
        except urllib3.exceptions.HTTPError as error:
            raise Refused(Trouble.GARBLED, detail=type(error).__name__) from None
        except requests.exceptions.SSLError as error:
            raise Refused(Trouble.UNREACHABLE, detail=f"TLS: {type(error).__name__}") from None
        except (requests.RequestException, OSError) as error:
            raise Refused(Trouble.UNREACHABLE, detail=type(error).__name__) from None
        except UnicodeError as error:  # a host name or header that cannot be encoded
            raise Refused(Trouble.UNREACHABLE, detail=type(error).__name__) from None
        self._heard({name.lower(): value for name, value in response.headers.items()})
        for name in _RATE_HEADERS:
            response.headers.pop(name, None)  # prawcore would sleep on them; the gateway's budget obeys them instead
        path = urlsplit(url).path
        body, payload = read_json(body)
        if path.endswith(_REVOKE_PATH) and response.status_code in (200, 204):
            response.status_code = 200  # both mean success; prawcore accepts only one of them
            trouble = None
        elif path.endswith((_TOKEN_PATH, _REVOKE_PATH)):
            trouble = _token_trouble(response.status_code, payload, is_of_account=self._is_of_account)
        else:
            trouble = _trouble(response.status_code, payload)
        if trouble is not None:
            answer = payload if isinstance(payload, dict) else {}
            raise Refused(
                trouble,
                status=response.status_code,
                reason=str(answer.get("reason") or "")[:40],
                place=urlsplit(response.headers.get("location") or "").path,
            )
        response.raw = io.BytesIO(body)
        return response

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        """Returns the whole body, read before `deadline`. The socket's timeout alone would not end a dripping body."""
        body = bytearray()
        try:
            for chunk in response.raw.stream(65_536, decode_content=True):
                body += chunk
                if len(body) > _MAX_ANSWER_BYTES:
                    raise Refused(Trouble.GARBLED, status=response.status_code, detail="answer too long")
                if time.monotonic() > deadline:
                    raise Refused(Trouble.TIMED_OUT, detail="while reading")
        except BaseException:
            response.raw.close()
            raise
        return bytes(body)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _trouble(status: int, payload: Any) -> Trouble | None:
    if status == 200:
        return None if isinstance(payload, dict | list) else Trouble.GARBLED
    if status == 401:
        return Trouble.TOKEN_REFUSED
    if status == 403:
        return Trouble.FORBIDDEN if isinstance(payload, dict) else Trouble.BLOCKED
    if status == 404:
        return Trouble.NOT_FOUND if isinstance(payload, dict) else Trouble.GARBLED  # a proxy's page
    return _common_trouble(status)


def _token_trouble(status: int, payload: Any, *, is_of_account: bool) -> Trouble | None:
    answer = payload if isinstance(payload, dict) else {}
    # Reddit's ways of refusing a code (200 with this word) and a refresh token (400).
    if is_of_account and (status == 400 or (status == 200 and answer.get("error") == "invalid_grant")):
        return Trouble.GRANT_REFUSED
    if status == 200:
        if "error" in answer:
            return Trouble.KEY_REFUSED
        fields = (("access_token", str), ("expires_in", int), ("scope", str))
        whole = all(isinstance(answer.get(name), kind) for name, kind in fields)
        return None if whole else Trouble.GARBLED
    if status in (400, 401):
        return Trouble.KEY_REFUSED
    if status == 403:
        return Trouble.KEY_REFUSED if answer else Trouble.BLOCKED
    return _common_trouble(status)


def _common_trouble(status: int) -> Trouble:
    if 300 <= status < 400:
        return Trouble.MOVED
    if status == 429:
        return Trouble.RATE_LIMITED
    return Trouble.SERVER_ERROR if status >= 500 else Trouble.ODD_STATUS


def _forget_ini_files() -> None:
    """Let praw read only its packaged defaults: a `praw.ini` in the working directory could redirect its requests."""
    packaged = configparser.ConfigParser()
    packaged.read_string(files("praw").joinpath("praw.ini").read_text("utf-8"))
    praw.config.Config.CONFIG = packaged
