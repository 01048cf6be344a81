"""The Discord front end: connecting, staying connected, delivering alerts, stopping."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from typing import Unpack

import discord
from discord.http import HTTPClient

from bot.card import Card
from bot.command import Registry
from bot.discord_app import slash
from bot.discord_app.answer import UNREACHABLE
from bot.discord_app.forum import Posts
from bot.discord_app.interactions import PLATFORM, Interactions
from bot.discord_app.posting import owner_of, post_to_member, revise_card
from bot.discord_app.wire import BotClient
from bot.dispatcher import Dispatcher
from bot.frontend import DeliveryFailed, Person, Refused, Way, member_of, until
from core.clock import Clock
from core.errors import BadSettings

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 2.0  # the pause before connecting again; it doubles
LONGEST_PAUSE_S = 120.0
NONCE_MAX = 25


class DiscordFrontEnd:
    """Implements `bot.frontend.FrontEnd`. A workspace is a server: "discord:<guild id>".

    The addresses have no final slash. `stop_grace_s`: how long running commands may go on after `stop`.
    """

    platform = PLATFORM
    shows_pictures = True

    def __init__(
        self,
        dispatcher: Dispatcher,
        registry: Registry,
        *,
        token: str,
        api_url: str,
        gateway_url: str,
        files_url: str,
        clock: Clock,
        stop_grace_s: float = 4.0,
    ) -> None:
        self._registry = registry
        self._token = token
        self._api_url = api_url
        self._gateway_url = gateway_url
        self._clock = clock
        self._stop_grace_s = stop_grace_s
        self._posts = Posts()
        self._interactions = Interactions(dispatcher, registry, clock, files_url)
        self._client: BotClient | None = None
        self._stopping = asyncio.Event()  # no new connection is begun
        self._finished = asyncio.Event()  # the running commands have ended: the connection may end too

    async def run(self) -> int:
        """Serve until `stop`. Waits while Discord is out of reach. Raises `BadSettings` when Discord
        refuses the token.
        """
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            began_s = self._clock.monotonic()
            try:
                await self._serve()
            except discord.LoginFailure as error:
                raise BadSettings(
                    "Discord does not accept the bot's token.",
                    "Make a new one at discord.com/developers/applications, under Bot, and put it into "
                    "BCRAO_DISCORD_TOKEN.",
                ) from error
            except discord.ConnectionClosed as error:
                # When the token was revoked, logging in again says so.
                log.warning("Discord closed the connection", extra={"code": error.code})
            except (*UNREACHABLE, discord.GatewayNotFound) as error:
                log.warning("Discord cannot be reached", extra={"problem": str(error), "pause_s": pause_s})
            except Exception:  # an event that the library cannot read ends it; the next one skips it
                log.exception("the Discord client failed")
            if self._clock.monotonic() - began_s > LONGEST_PAUSE_S:
                pause_s = FIRST_PAUSE_S  # it had worked for a while
            await until(self._stopping, self._clock.sleep(pause_s))
            pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
        return 0

    async def stop(self) -> None:
        """Give running commands `stop_grace_s` to end, then cancel them; a cancelled command says so. Then `run`
        returns.
        """
        self._stopping.set()
        await self._interactions.stop(self._stop_grace_s)
        self._finished.set()

    async def deliver(self, workspace_id: str, place: str | None, card: Card, **way: Unpack[Way]) -> str:
        """As the protocol says. Discord itself keeps a repeated nonce from making a second message."""
        http = self._http()
        member = member_of(place)
        channel = place if member is None else member
        if channel is None or not channel.isdecimal():
            raise DeliveryFailed("No channel is chosen for alerts yet.", Refused.PLACE)
        way["nonce"] = way["nonce"][:NONCE_MAX]
        if member is None:
            return await self._posts.deliver(http, int(channel), card, **way)
        return await post_to_member(http, int(channel), card, nonce=way["nonce"], plain=way.get("plain", False))

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        if member_of(place) is not None:
            return await revise_card(self._http(), reference, card, is_direct=True)
        return await self._posts.revise(self._http(), int(place), reference, card)

    async def responsible(self, workspace_id: str, admins: Sequence[str]) -> AsyncIterator[Person]:
        http, owner, where = self._http(), None, ""
        try:
            owner, server = await owner_of(http, int(workspace_id.removeprefix(f"{self.platform}:")))
        except DeliveryFailed as failure:
            log.info("a server's owner is not known", extra={"workspace": workspace_id, "why": str(failure)})
        else:
            yield Person(owner, "the server's owner", f"You own the server {server}.")
            where = f"You are an admin of the server {server}."
        for admin in admins:
            if admin != owner:
                yield Person(admin, "an admin", where)

    def _http(self) -> HTTPClient:
        if self._client is None or not self._client.is_logged_in:
            raise DeliveryFailed("Discord is not connected at the moment.", Refused.WORKSPACE)
        return self._client.http

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        await self._posts.deliver(self._http(), int(channel), card, nonce=f"proof-{secrets.token_hex(6)}")

    async def _serve(self) -> None:
        """Run one client until it fails, or until `stop` has let the running commands end."""
        client = BotClient(self._interactions, self._sync, api_url=self._api_url, gateway_url=self._gateway_url)
        async with client:
            self._client = client
            serving = await until(self._finished, client.start(self._token))
            if not serving.cancelled():
                serving.result()

    async def _sync(self, client: BotClient, application_id: int) -> None:
        """Send Discord our commands when it has different ones. When it refuses, the old ones go on working."""
        ours = slash.payload(self._registry)
        try:
            known = await client.http.get_global_commands(application_id)
            if slash.is_same(ours, known):
                client.name_commands(known, slash.paths(self._registry))
                return
            known = await client.http.bulk_upsert_global_commands(application_id, ours)
            client.name_commands(known, slash.paths(self._registry))
        except UNREACHABLE:
            log.exception("Discord did not take the commands; those it knows stay")
        else:
            log.info("commands synced", extra={"commands": len(self._registry.commands)})
