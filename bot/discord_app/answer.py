"""The answer to one interaction, from its acknowledgement to its card, in a place where Discord still shows it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord

from bot.card import Card, Progress
from bot.conversation import Fate, Pace, Renew, not_shown, without_layout
from bot.discord_app.actions import Interaction
from bot.discord_app.posting import post_card, post_to_member
from bot.discord_app.render import FormOpener, Rendered, render_card, render_plain, render_progress
from bot.discord_app.wire import in_its_tongue
from bot.frontend import DeliveryFailed
from core.clock import Clock

log = logging.getLogger(__name__)

TRIES = 3  # of calls that may be repeated without harm
FIRST_WAIT_S = 0.5  # between them, doubling
TOKEN_LIFE_S = 14.5 * 60  # Discord takes an interaction's token for 15 minutes
_TOKEN_GONE = (10015, 50027)  # unknown webhook, invalid webhook token
_CONTENT_REFUSED = (400, 413)  # statuses: an invalid form body, too large
_NO_MENTIONS = discord.AllowedMentions.none()
_LOST_ON_THE_WAY = (aiohttp.ClientError, OSError, TimeoutError)

UNREACHABLE = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)


class Answer:
    """`private`: only the caller sees it. `fate`: what happens to the clicked message; with `Fate.RENEWED`,
    `renew` shows it again.

    A private card (a refusal, an export) is never shown to others: a public acknowledgement is taken back,
    and a clicked message stays as it is. After the token's 15 minutes, the card is an ordinary message.

    When Discord refuses something, the next best way is tried: a lost edit is repeated; a layout that is
    refused becomes plain text; when that fails too, the caller is told so, with a reference.
    """

    def __init__(
        self,
        interaction: Interaction,
        clock: Clock,
        *,
        private: bool = False,
        fate: Fate = Fate.STAYS,
        renew: Renew | None = None,
    ) -> None:
        self._interaction = interaction
        self._clock = clock
        self._private = private
        self._fate = fate
        self._renew = renew
        self._on_clicked = fate is not Fate.STAYS  # the original response is the clicked message
        self._began_s = clock.monotonic()
        self._acknowledged = False
        self._taken_back = False  # whether the public acknowledgement was deleted, for a private card
        self._message_id: int | None = None  # of the message that says that work has begun
        self._pace = Pace()
        self._reporting: asyncio.Task[None] | None = None
        self._note: discord.WebhookMessage | None = None  # progress beside a clicked message

    async def acknowledge(self) -> bool:
        """Tell Discord that work has begun. Returns False when it was too late: then nobody would see an answer."""
        try:
            if self._on_clicked:
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
        """Show how far the work is, at most once a second. The work never waits for this."""
        busy = self._reporting is not None and not self._reporting.done()
        if not self._acknowledged or busy or self._is_expired() or not self._pace.is_due(self._clock.monotonic()):
            return
        self._reporting = asyncio.create_task(self._show(progress), name="discord progress")

    async def _show(self, progress: Progress) -> None:
        view = render_progress(progress).view
        try:
            if not self._on_clicked:
                await self._interaction.edit_original_response(view=view, allowed_mentions=_NO_MENTIONS)
            elif self._note is None:
                self._note = await self._interaction.followup.send(view=view, ephemeral=True, wait=True)
            else:
                await self._note.edit(view=view)
        except UNREACHABLE as error:
            log.info("progress was not shown", extra={"problem": str(error)})

    async def finish(self, card: Card, form: FormOpener | None = None) -> None:
        """Show the card in the best way that Discord accepts."""
        if self._reporting is not None:
            await asyncio.wait({self._reporting})  # an edit on its way must not overtake this one
        try:
            await self._finish(card, lambda: self._rendered(card, form))
        except UNREACHABLE as error:
            await self._finish_otherwise(card, error)
        if self._note is not None:
            try:
                await self._note.delete()
            except UNREACHABLE as error:
                log.info("progress was not taken away", extra={"problem": str(error)})
        if self._renew is not None:
            await self._renew(card, self._show_clicked)

    def _rendered(self, card: Card, form: FormOpener | None = None) -> Rendered:
        http: discord.http.HTTPClient = self._interaction.client.http
        return in_its_tongue(render_card(card, form), http)

    async def _finish(self, card: Card, render: Callable[[], Rendered]) -> None:
        if self._is_expired():
            return await self._finish_late(card)
        try:
            await self._show_card(card, render)
        except discord.HTTPException as error:
            if error.code not in _TOKEN_GONE:
                raise
            await self._finish_late(card)

    async def _show_card(self, card: Card, render: Callable[[], Rendered]) -> None:
        if not self._acknowledged:
            rendered = render()
            await self._interaction.response.send_message(
                view=rendered.view, files=rendered.files, ephemeral=self._private or card.private
            )
        elif self._taken_back or (self._on_clicked and (card.private or not card.ok)):
            await self._follow_up(render())
        elif self._fate is Fate.RENEWED:
            await self._follow_up(render(), private=False)
        elif card.private and not self._private:
            await self._take_back()
            await self._follow_up(render())
        else:
            await self._edit_original(render)

    async def _edit_original(self, render: Callable[[], Rendered]) -> None:
        async def edit() -> None:
            rendered = render()  # again for each try: sending reads the files
            await self._interaction.edit_original_response(
                view=rendered.view, attachments=rendered.files, allowed_mentions=_NO_MENTIONS
            )

        await self._again(edit)

    async def _take_back(self) -> None:
        try:
            await self._again(self._interaction.delete_original_response)
        except discord.NotFound:
            log.info("an acknowledgement was taken back already")  # deleted by an earlier try whose answer was lost
        self._taken_back = True

    async def _again(self, call: Callable[[], Awaitable[Any]]) -> None:
        """Repeat a harmless call, a few times, until an answer comes back."""
        wait_s = FIRST_WAIT_S
        for left in reversed(range(TRIES)):
            try:
                await call()
            except _LOST_ON_THE_WAY as error:
                if not left:
                    raise
                log.info("asking Discord again", extra={"problem": repr(error), "wait_s": wait_s})
                await self._clock.sleep(wait_s)
                wait_s *= 2
            else:
                return

    async def _follow_up(self, rendered: Rendered, *, private: bool = True) -> None:
        await self._interaction.followup.send(
            view=rendered.view, files=rendered.files, ephemeral=private, allowed_mentions=_NO_MENTIONS
        )

    async def _show_clicked(self, card: Card) -> None:
        """The answer is shown already, so a clicked message that cannot be changed does not make the command fail."""
        try:
            await self._edit_original(lambda: self._rendered(card))
        except UNREACHABLE as error:
            log.warning("the clicked message was not changed", extra={"problem": str(error), "card": card.title})

    async def _finish_late(self, card: Card) -> None:
        """The token has expired: send an ordinary message, to the caller alone when the card is private."""
        try:
            await self._post(card)
        except (DeliveryFailed, *UNREACHABLE) as failure:
            log.warning("a late answer comes without its layout", extra={"problem": str(failure), "card": card.title})
            try:
                await self._post(without_layout(card))
            except (DeliveryFailed, *UNREACHABLE) as again:
                log.warning("a late answer was not shown", extra={"problem": str(again), "card": card.title})

    async def _post(self, card: Card) -> None:
        http, channel_id = self._interaction.client.http, self._interaction.channel_id
        if self._private or card.private or channel_id is None:
            await post_to_member(http, self._interaction.user.id, card)
            return
        await post_card(http, channel_id, card)
        if self._message_id is not None:  # it shows progress that has ended
            try:
                await http.delete_message(channel_id, self._message_id)
            except UNREACHABLE as error:
                log.info("progress was not taken away", extra={"problem": str(error)})
            self._message_id = None

    async def _finish_otherwise(self, card: Card, error: Exception) -> None:
        """Show the card as plain text when Discord refused its layout; otherwise, or when that fails too, say so."""
        reference = secrets.token_hex(4)
        log.error("a card could not be shown", exc_info=error, extra={"reference": reference, "card": card.title})
        if isinstance(error, discord.HTTPException) and error.status in _CONTENT_REFUSED:
            try:
                return await self._finish(card, lambda: render_plain(card))
            except UNREACHABLE as again:
                log.warning("nor as plain text", extra={"reference": reference, "problem": str(again)})
        sorry = not_shown(reference)
        try:
            await self._finish(sorry, lambda: render_plain(sorry))
        except UNREACHABLE as again:
            log.warning("nor could that be said", extra={"reference": reference, "problem": str(again)})

    def _is_expired(self) -> bool:
        return self._clock.monotonic() - self._began_s >= TOKEN_LIFE_S
