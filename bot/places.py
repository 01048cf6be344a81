"""Proves a place for alerts: the platform must accept a message there before alerts are promised."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping

from bot.actor import Actor
from bot.card import Card, Tone
from bot.frontend import DeliveryFailed, FrontEnd, Refused
from core.errors import NotAllowedNow

log = logging.getLogger(__name__)

PROVE_WITHIN_S = 20.0
_NOTHING_CHANGED = "Nothing was changed."
_LET_IT_IN = {
    "slack": "Invite the bot to the channel (/invite @bc-rao) or go to another one, then give /rao alerts here again.",
    "discord": "Let its role View Channel and Send Messages here (Edit Channel, Permissions) or go to another channel, "
    "then give /rao alerts here again.",
}


class PlaceRefused(NotAllowedNow):
    """A platform refuses the bot's messages in a place."""

    code = "place_refused"


class Places:
    """Proves places through `front_ends` (by platform; filled when they start)."""

    def __init__(self, front_ends: Mapping[str, FrontEnd]) -> None:
        self._front_ends = front_ends

    async def prove(self, actor: Actor) -> str | None:
        """Post a message in the actor's channel, and return the channel. In the terminal, which shows alerts itself,
        post nothing and return None.

        Raises `PlaceRefused` with what to do when there is no channel, or when it is not certain that the message
        arrived.
        """
        if actor.platform == "terminal":
            return None
        if actor.channel is None:
            raise PlaceRefused(
                f"This is no channel, so alerts cannot come here. {_NOTHING_CHANGED}",
                "Go to the channel where they should arrive and give /rao alerts here in it.",
            )
        let_it_in = _LET_IT_IN.get(actor.platform, "Go to another channel, then give /rao alerts here again.")
        if actor.channel_problem:
            raise PlaceRefused(f"{actor.channel_problem} {_NOTHING_CHANGED}", let_it_in)
        try:
            await self._post(actor, actor.channel)
        except DeliveryFailed as failure:
            log.info("a place for alerts was not proved", extra={"why": str(failure), "channel": actor.channel})
            do = (
                let_it_in
                if failure.about in (Refused.PLACE, Refused.FORM)
                else f"Try again in a minute. If it stays: {let_it_in}"
            )
            raise PlaceRefused(f"{failure} Alerts would not arrive here. {_NOTHING_CHANGED}", do) from None
        return actor.channel

    async def _post(self, actor: Actor, channel: str) -> None:
        front_end = self._front_ends.get(actor.platform)
        if front_end is None:
            raise DeliveryFailed("The platform is not connected at the moment.", Refused.WORKSPACE)
        try:
            async with asyncio.timeout(PROVE_WITHIN_S):
                await front_end.post(actor.workspace_id, channel, _proof(actor))
        except TimeoutError:
            text = f"The platform did not take a message within {PROVE_WITHIN_S:g} seconds."
            raise DeliveryFailed(text, Refused.MOMENT) from None
        except DeliveryFailed:
            raise
        except Exception as error:
            reference = secrets.token_hex(4)
            log.exception("a place could not be tried", extra={"reference": reference})
            raise DeliveryFailed(f"Something in the bot is broken. Reference: {reference}.", Refused.MOMENT) from error


def _proof(actor: Actor) -> Card:
    return Card(
        title="Messages of the bot arrive here",
        text=f"{actor.name} wants this workspace's alerts here. This message shows that they can come.",
        tone=Tone.GOOD,
    )
