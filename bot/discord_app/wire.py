"""discord.py's client, which uses the addresses of the settings instead of the library's own.

The library keeps its addresses in class attributes. To change those would change every client of the process, so the
addresses are replaced in each request: REST calls, calls with an interaction's token, and gateway connections.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord_app.actions import ActionButton, ActionChoice, FormButton, Handlers
from bot.discord_app.render import Rendered, mentioning
from bot.discord_app.slash import ROOT

log = logging.getLogger(__name__)

_READ_BY_THE_LIBRARY = ("READY", "RESUMED", "INTERACTION_CREATE")
LONGEST_PAUSE_S = 30.0  # the longest rate-limit pause that a request waits out; the library accepts no smaller value


class AddressedHTTP(HTTPClient):
    """The bot's own REST calls, at `api_url`; gateway connections, at `gateway_url`."""

    def __init__(self, original: HTTPClient, api_url: str, gateway_url: str) -> None:
        super().__init__(original.loop, max_ratelimit_timeout=LONGEST_PAUSE_S)
        self.command_id: int | None = None  # Discord's id of our slash command, when it is known
        self.command_paths: frozenset[str] = frozenset()
        self._api_url = api_url
        self._gateway_url = yarl.URL(gateway_url)

    async def request(self, route: Route, **options: Any) -> Any:
        return await super().request(_readdressed(route, self._api_url), **options)

    async def get_bot_gateway(self) -> tuple[int, str, Any]:
        shards, _, limits = await super().get_bot_gateway()
        return shards, str(self._gateway_url), limits

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        asked = yarl.URL(url)
        if asked.host == DiscordWebSocket.DEFAULT_GATEWAY.host:  # a new session; a resumed one has its own host
            url = str(self._gateway_url.with_query(asked.query))
        return await super().ws_connect(url, compress=compress)


def in_its_tongue(rendered: Rendered, http: HTTPClient) -> Rendered:
    """Returns the message with our commands as mentions, when Discord told their id."""
    if not isinstance(http, AddressedHTTP):
        return rendered
    return mentioning(rendered, http.command_id, http.command_paths)


class _AddressedAdapter(AsyncWebhookAdapter):
    """Calls that carry an interaction's token instead of the bot's."""

    def __init__(self, api_url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no annotations here
        self._api_url = api_url

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        return await super().request(_readdressed(route, self._api_url), session, **options)


def _readdressed(route: Route, api_url: str) -> Route:
    if route.url.startswith(Route.BASE):
        route.url = api_url + route.url[len(Route.BASE) :]
    return route


class BotClient(discord.AutoShardedClient):
    """Serves as many shards as Discord advises. It has no privileged intent, and no cache for decisions.

    `sync` is awaited once after logging in, with the application's id.
    """

    def __init__(
        self, handlers: Handlers, sync: Callable[[BotClient, int], Awaitable[None]], *, api_url: str, gateway_url: str
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0.1,  # no server is kept, so none is waited for
        )
        self.http = self._connection.http = AddressedHTTP(self.http, api_url, gateway_url)
        self._keep_no_servers()
        self.clicks = handlers
        self._sync = sync
        # Every task that is made while this client runs inherits the variable, in which discord.py finds its adapter.
        async_context.set(_AddressedAdapter(api_url))
        self.add_dynamic_items(ActionButton, ActionChoice, FormButton)

    def _keep_no_servers(self) -> None:
        """Let the library read only the events that are needed. It would keep every channel, role and thread of every
        server in memory; nothing here asks for them.
        """
        parsers = self._connection.parsers
        read = {event: parsers[event] for event in _READ_BY_THE_LIBRARY}
        parsers.clear()
        parsers.update(read, GUILD_CREATE=self._on_guild)

    def _on_guild(self, guild: Mapping[str, Any]) -> None:
        if not guild.get("unavailable"):
            self.dispatch("server", guild)

    @property
    def is_logged_in(self) -> bool:
        """Returns whether REST calls can be made."""
        return self.user is not None and not self.is_closed()

    def name_commands(self, known: Sequence[Mapping[str, Any]], paths: frozenset[str]) -> None:
        """Remember under which id Discord knows our slash command, so that messages can mention it."""
        ids = [
            int(command["id"]) for command in known if command["name"] == ROOT and str(command.get("id")).isdecimal()
        ]
        if ids and isinstance(self.http, AddressedHTTP):
            self.http.command_id, self.http.command_paths = ids[0], paths

    async def setup_hook(self) -> None:
        await self._sync(self, self.application_id or 0)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await self.clicks.on_interaction(interaction)

    async def on_server(self, guild: Mapping[str, Any]) -> None:
        await self.clicks.on_server(self.http, guild)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("an event was not handled", extra={"discord_event": event_method})

    async def close(self) -> None:
        await super().close()
        ready = getattr(self._connection, "_ready_task", None)
        if ready is not None:
            ready.cancel()  # the library leaves this task waiting
