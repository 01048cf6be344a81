"""The part of the loopback Slack that installs an app in workspaces: the page on which somebody agrees, the exchange of
the code, tokens of several teams, and how an app is removed again.

As strict as Slack: a code serves once, for ten minutes, with the redirect address and the client it was given to; a
token is good for its own team.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

Json = dict[str, Any]

CLIENT_ID, CLIENT_SECRET = "12.34", "client-secret-of-tests"
CODE_FOR_S = 600.0


@dataclass
class Grant:
    """What a code stands for, until it is exchanged."""

    team: str
    user: str
    redirect_uri: str
    scopes: str
    made_at: float
    extra: Json = field(default_factory=dict)
    used: bool = False


class Installing:
    """Mixed into `FakeSlack`."""

    bot_tokens: set[str]
    now: Callable[[], float]
    problems: list[str]
    _count: itertools.count[int]

    def __init__(self) -> None:
        self.client_id, self.client_secret = CLIENT_ID, CLIENT_SECRET
        self.redirect_urls: set[str] = set()  # registered with the app
        self.team_names: dict[str, str] = {"T1": "Team", "T2": "Other Team"}
        self.team_of: dict[str, str] = {}  # by token; those that are not here are of T1
        self.team_of_channel: dict[str, str] = {}
        self.team_of_user: dict[str, str] = {}
        self.installed: dict[str, str] = {}  # token by team
        self.revoked: list[str] = []
        # What the person on Slack's page does next: who it is, or that they say no.
        self.person: tuple[str, str] | None = ("T1", "U1")
        self.extra: Json = {}  # in the next answers to an exchange
        self._grants: dict[str, Grant] = {}

    async def _authorize(self, request: web.Request) -> web.Response:
        """Slack's page, with the person's answer."""
        asked = request.query
        if asked.get("client_id") != self.client_id or asked.get("redirect_uri") not in self.redirect_urls:
            return web.Response(status=400, text="bad_client_id or bad_redirect_uri")
        back = {"state": asked.get("state", "")}
        if self.person is None:
            back["error"] = "access_denied"
        else:
            team, user = self.person
            code = f"{next(self._count)}.code"
            scopes = asked.get("scope", "")
            self._grants[code] = Grant(team, user, asked["redirect_uri"], scopes, self.now(), dict(self.extra))
            back["code"] = code
        raise web.HTTPFound(f"{asked['redirect_uri']}?{urlencode(back)}")

    def exchange(self, headers: Mapping[str, str], arguments: Json) -> Json:
        """`oauth.v2.access`."""
        said = base64.b64decode(headers.get("Authorization", "").removeprefix("Basic ")).decode()
        client_id, _, client_secret = said.partition(":")
        grant = self._grants.get(str(arguments.get("code")))
        problem = None
        if client_id != self.client_id:
            problem = "invalid_client_id"
        elif client_secret != self.client_secret:
            problem = "bad_client_secret"
        elif grant is None:
            problem = "invalid_code"
        elif grant.used:
            problem = "code_already_used"
        elif self.now() - grant.made_at > CODE_FOR_S:
            problem = "code_expired"
        elif grant.redirect_uri != arguments.get("redirect_uri"):
            problem = "bad_redirect_uri"
        if problem is not None or grant is None:
            return {"ok": False, "error": problem}
        grant.used = True
        token = f"xoxb-{grant.team}-{next(self._count)}-secret"
        self.bot_tokens.add(token)
        self.team_of[token] = grant.team
        self.installed[grant.team] = token
        return {
            "ok": True,
            "app_id": "A1",
            "authed_user": {"id": grant.user},
            "scope": grant.scopes,
            "token_type": "bot",
            "access_token": token,
            "bot_user_id": f"UBOT{grant.team}",
            "team": {"id": grant.team, "name": self.team_names[grant.team]},
            "enterprise": None,
            "is_enterprise_install": False,
            **grant.extra,
        }

    def team_with(self, user: str) -> str:
        return self.team_of_user.get(user, "T1")

    def foreign(self, token: str, arguments: Json) -> Json | None:
        """Slack's refusal when a token is used for what belongs to another team."""
        team = self.team_of.get(token, "T1")
        channel, user = arguments.get("channel") or arguments.get("channel_id"), arguments.get("users")
        if channel and not str(channel).startswith("D") and self.team_of_channel.get(str(channel), "T1") != team:
            return {"ok": False, "error": "channel_not_found"}
        if user and self.team_with(str(user)) != team:
            return {"ok": False, "error": "user_not_found"}
        return None

    def uninstall(self, team: str) -> None:
        """Somebody removes the app; the events are for the test to send, early, late, twice or never."""
        self.bot_tokens.discard(self.installed.pop(team))

    def revoke(self, token: str) -> Json:
        """`auth.revoke`."""
        self.bot_tokens.discard(token)
        self.revoked.append(token)
        return {"ok": True, "revoked": True}
