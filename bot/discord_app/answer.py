"""The answer to one interaction, from its acknowledgement to its card, wherever that may still be shown."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable

import aiohttp
import discord
from discord import ui

from bot.card import Card, Progress, error_card
from bot.discord_app.actions import Interaction
from bot.discord_app.posting import post_card, post_to_member
from bot.discord_app.render import FormOffer, Rendered, render_card, render_progress
from bot.frontend import DeliveryFailed
from core.clock import Clock

log = logging.getLogger(__name__)

PROGRESS_EVERY_S = 1.0
TOKEN_LIFE_S = 14.5 * 60  # Discord takes an interaction's token for 15 minutes
_TOKEN_GONE = (10015, 50027)  # unknown webhook, invalid webhook token
_NO_MENTIONS = discord.AllowedMentions.none()

UNREACHABLE = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)


# What becomes of the message that was clicked, when the card shows success.
Renew = Callable[[Card], Awaitable[ui.LayoutView | None]]


class Answer:
    """`private`: for the caller's eyes. `replaces`: the message that was clicked becomes the new card. `renew`: the
    card is a new message, and the clicked one becomes what this answers; None leaves it.

    A private card (a refusal, an export) never stands where all can read it: a public acknowledgement is taken back,
    and a clicked message stays as it is. After the token's 15 minutes the card comes as an ordinary message.
    """

    def __init__(
        self,
        interaction: Interaction,
        clock: Clock,
        *,
        private: bool = False,
        replaces: bool = False,
        renew: Renew | None = None,
    ) -> None:
        self._interaction = interaction
        self._clock = clock
        self._private = private
        self._replaces = replaces or renew is not None
        self._renew = renew
        self._began_s = clock.monotonic()
        self._acknowledged = False
        self._message_id: int | None = None  # of the message that says that work has begun
        self._reported_s: float | None = None
        self._reporting: asyncio.Task[None] | None = None
        self._note: discord.WebhookMessage | None = None  # progress beside a clicked message

    async def acknowledge(self) -> bool:
        """Tell Discord that work has begun. False when it was too late for that: then nobody would see an answer."""
        try:
            if self._replaces:
                await self._interaction.response.defer()
            else:
                made = await self._interaction.response.defer(ephemeral=self._private, thinking=True)
                self._message_id = made.message_id if made is not None else None
        except UNREACHABLE as error:
            log.warning("an interaction could not be acknowledged", extra={"problem": str(error)})
            return False
        self._acknowledged = True
        return True

    async def report(self, progress: Progress) -> None:
        """Show where the work stands; at most once a second, and never holding up the work."""
        now = self._clock.monotonic()
        too_soon = self._reported_s is not None and now - self._reported_s < PROGRESS_EVERY_S
        busy = self._reporting is not None and not self._reporting.done()
        if not self._acknowledged or too_soon or busy or self._is_expired():
            return
        self._reported_s = now
        self._reporting = asyncio.create_task(self._show(progress), name="discord progress")

    async def _show(self, progress: Progress) -> None:
        view = render_progress(progress).view
        try:
            if not self._replaces:
                await self._interaction.edit_original_response(view=view, allowed_mentions=_NO_MENTIONS)
            elif self._note is None:
                self._note = await self._interaction.followup.send(view=view, ephemeral=True, wait=True)
            else:
                await self._note.edit(view=view)
        except UNREACHABLE as error:
            log.info("progress was not shown", extra={"problem": str(error)})

    async def finish(self, card: Card, form: FormOffer | None = None) -> None:
        """Show the card. A card that Discord does not take is replaced by one that says so."""
        if self._reporting is not None:
            await asyncio.wait({self._reporting})  # an edit on its way must not overtake this one
        try:
            await self._finish(card, form)
        except UNREACHABLE as error:
            await self._finish_with_defect(error)
        if self._note is not None:
            try:
                await self._note.delete()
            except UNREACHABLE as error:
                log.info("progress was not taken away", extra={"problem": str(error)})

    async def _finish(self, card: Card, form: FormOffer | None) -> None:
        if self._is_expired():
            return await self._finish_late(card)
        try:
            await self._show_card(card, form)
        except discord.HTTPException as error:
            if error.code not in _TOKEN_GONE:
                raise
            await self._finish_late(card)

    async def _show_card(self, card: Card, form: FormOffer | None) -> None:
        rendered = render_card(card, form)
        if not self._acknowledged:
            await self._interaction.response.send_message(
                view=rendered.view, files=rendered.files, ephemeral=self._private or card.private
            )
        elif self._replaces and (card.private or not card.ok):
            await self._follow_up(rendered)
        elif self._renew is not None:
            await self._follow_up(rendered, private=False)
            await self._renew_clicked(await self._renew(card))
        elif card.private and not self._private:
            await self._interaction.delete_original_response()
            await self._follow_up(rendered)
        else:
            await self._interaction.edit_original_response(
                view=rendered.view, attachments=rendered.files, allowed_mentions=_NO_MENTIONS
            )

    async def _follow_up(self, rendered: Rendered, *, private: bool = True) -> None:
        await self._interaction.followup.send(
            view=rendered.view, files=rendered.files, ephemeral=private, allowed_mentions=_NO_MENTIONS
        )

    async def _renew_clicked(self, view: ui.LayoutView | None) -> None:
        """The answer stands already: a clicked message that cannot be changed is no reason to say it failed."""
        if view is None:
            return
        try:
            await self._interaction.edit_original_response(view=view, attachments=[], allowed_mentions=_NO_MENTIONS)
        except UNREACHABLE as error:
            log.info("the clicked message was not changed", extra={"problem": str(error)})

    async def _finish_late(self, card: Card) -> None:
        """The token is used up: an ordinary message, to the caller alone when the card is private."""
        http, channel_id = self._interaction.client.http, self._interaction.channel_id
        try:
            if self._private or card.private or channel_id is None:
                await post_to_member(http, self._interaction.user.id, card)
            else:
                await post_card(http, channel_id, card)
                if self._message_id is not None:  # it shows progress that goes on no more
                    await http.delete_message(channel_id, self._message_id)
        except (DeliveryFailed, *UNREACHABLE) as failure:
            log.warning("a late answer is not as it should be", extra={"problem": str(failure), "card": card.title})

    async def _finish_with_defect(self, error: Exception) -> None:
        reference = secrets.token_hex(4)
        log.error("a card could not be shown", exc_info=error, extra={"reference": reference})
        card = error_card(
            "not_shown",
            f"The command ran, and its answer could not be shown. Reference: {reference}.",
            "Look at the result with the matching list or show command.",
        )
        try:
            await self._finish(card, None)
        except UNREACHABLE as again:
            log.warning("nor could that be said", extra={"reference": reference, "problem": str(again)})

    def _is_expired(self) -> bool:
        return self._clock.monotonic() - self._began_s >= TOKEN_LIFE_S
