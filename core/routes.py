"""Routes: which alerts go to another place than the workspace's, and which are muted until a time.

The narrowest route for a place wins: a person's, then a community's, then a campaign's. A mute says nothing about what
concerns more than one post (an account, Reddit as a whole, lost alerts): that is never muted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from core.alerts import ACCOUNT_ALERTS, Severity, severity
from core.campaigns import CampaignReads
from core.clock import Clock
from core.errors import BadArgument
from core.members import MemberReads
from core.model import AlertKind, Caller
from core.texts.pasted import community_name

ROUTES_MAX = 25  # a workspace has; as many as a list offers


class About(StrEnum):
    """What a route is about, the narrowest first."""

    PERSON = "person"
    COMMUNITY = "community"
    CAMPAIGN = "campaign"
    NOT_URGENT = "not_urgent"  # all but what somebody must act on now


@dataclass(frozen=True, slots=True)
class NewRoute:
    """`which`: a member's name, a community, or a campaign's id as text; "" for `NOT_URGENT`. `name`: how people call
    it. A route with `until` mutes; another one goes to `place` ("@" and a member's id for direct messages).
    """

    about: About
    which: str
    name: str
    place: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Route:
    id: int
    workspace_id: str
    about: About
    which: str
    name: str
    place: str | None
    until: datetime | None
    made_by: str
    made_at: datetime

    @property
    def mutes(self) -> bool:
        return self.until is not None


@dataclass(frozen=True, slots=True)
class Routed:
    """Where one alert goes (None: the workspace's place), and until when it is muted."""

    place: str | None = None
    muted_until: datetime | None = None


# About more than one post, or an answer that somebody waits for.
_WORKSPACES_OWN = frozenset({AlertKind.DIGEST, AlertKind.TEST, AlertKind.UNDELIVERED})
NEVER_MUTED = (
    ACCOUNT_ALERTS | _WORKSPACES_OWN | {AlertKind.CANNOT_SEE, AlertKind.CONSENT_GONE, AlertKind.MONEY_NEARLY_USED}
)


def routed(kind: AlertKind, facts: Mapping[str, Any], routes: Sequence[Route], now: datetime) -> Routed:
    """Returns what the workspace's routes say of an alert with these facts."""
    mine = [route for route in routes if _is_about(route, facts)]
    ends = [route.until for route in mine if route.until is not None and _mutes(route, kind, facts)]
    lasting = [until for until in ends if until > now]
    places = [] if kind in _WORKSPACES_OWN else [route for route in mine if route.place is not None]
    narrowest = min(places, key=lambda route: list(About).index(route.about), default=None)
    return Routed(narrowest.place if narrowest is not None else None, max(lasting, default=None))


def _is_about(route: Route, facts: Mapping[str, Any]) -> bool:
    match route.about:
        case About.PERSON:
            return facts.get("registered_by") == route.which or facts.get("poster") == route.which
        case About.COMMUNITY:
            return facts.get("community") == route.which
        case About.CAMPAIGN:
            return str(facts.get("campaign_id")) == route.which
        case About.NOT_URGENT:
            return True


def _mutes(route: Route, kind: AlertKind, facts: Mapping[str, Any]) -> bool:
    if kind in NEVER_MUTED:
        return False
    return route.about is not About.NOT_URGENT or severity(kind, facts) is not Severity.ACT_NOW


class RouteReads(Protocol):
    async def routes(self, workspace_id: str) -> Sequence[Route]:
        """The oldest first, also mutes that have ended."""
        ...


class RouteStore(RouteReads, CampaignReads, MemberReads, Protocol):
    async def set_route(self, caller: Caller, route: NewRoute, now: datetime) -> Route:
        """Make a route; it replaces one of the same kind about the same, and mutes that have ended go. Raises
        `NotAllowedNow` for more than `ROUTES_MAX`.
        """
        ...

    async def end_route(self, caller: Caller, route_id: int, now: datetime) -> Route:
        """Returns the route that was ended; what it held back is due at once. Raises `NotFound`."""
        ...


@dataclass(frozen=True, slots=True)
class Routes:
    store: RouteStore
    clock: Clock

    async def send(self, caller: Caller, about: About, which: str, place: str) -> Route:
        """Send alerts about something to `place`, which has just accepted a message."""
        key, name = await self._named(caller, about, which)
        return await self.store.set_route(caller, NewRoute(about, key, name, place), self.clock.now())

    async def mute(self, caller: Caller, about: About, which: str, lasts: timedelta) -> Route:
        """Mute alerts about something for a time."""
        key, name = await self._named(caller, about, which)
        now = self.clock.now()
        return await self.store.set_route(caller, NewRoute(about, key, name, until=now + lasts), now)

    async def end(self, caller: Caller, route_id: int) -> Route:
        return await self.store.end_route(caller, route_id, self.clock.now())

    async def _named(self, caller: Caller, about: About, which: str) -> tuple[str, str]:
        """What a person calls it, as facts of alerts have it, and its name. Raises `BadArgument`."""
        said = which.strip()
        if about is About.NOT_URGENT:
            return "", "all but act now"
        if about is About.COMMUNITY:
            name = community_name(said)
            return name, f"r/{name}"
        if about is About.CAMPAIGN:
            for campaign in await self.store.campaigns(caller.workspace_id):
                if said.lower() in (campaign.name.lower(), str(campaign.id)):
                    return str(campaign.id), campaign.name
            raise BadArgument("There is no campaign of this name.", "Give its name or number.", param="which")
        for member in await self.store.members(caller.workspace_id):
            if said.lower().removeprefix("@") == member.name.lower():
                return member.name, member.name
        raise BadArgument("No member of this name has a role here.", "Give it as the roles list it.", param="which")
