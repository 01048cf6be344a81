"""A card's picture inside its message. Slack shows only pictures that it keeps, so the picture is uploaded first.

An upload ends before Slack has looked at the file, and until then it refuses a message with the picture. So the message
is sent again after short waits. When the upload fails or the refusal stays, the picture follows below the message.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.card import Card
from bot.slack_app.render import Rendered, picture_of, render_card
from bot.slack_app.web import SlackRefused, SlackWeb
from core.clock import Clock

log = logging.getLogger(__name__)

Result = TypeVar("Result")
UPLOAD_WITHIN_S = 8.0
WAITS_S = (0.5, 1.0, 2.0)  # together with the upload shorter than one delivery may take
_NOT_YET = "invalid_blocks"  # Slack's word for a file that it has not looked at


async def show_card(web: SlackWeb, clock: Clock, card: Card, show: Callable[[Rendered], Awaitable[Result]]) -> Result:
    """Returns what `show` returns for the card as a message, with its picture inside where Slack takes it. `show` sends
    the message and is called again after a refusal of its blocks. Raises `SlackRefused`.
    """
    if card.image is None or not card.image.content:
        return await show(render_card(card))
    try:
        kept = await web.keep(picture_of(card.image), within_s=UPLOAD_WITHIN_S)
    except SlackRefused as refusal:
        log.info("a picture was not kept", extra={"error": refusal.error})
        return await show(render_card(card))
    inside = render_card(card, picture=kept)
    for wait_s in WAITS_S:
        try:
            return await show(inside)
        except SlackRefused as refusal:
            if refusal.error != _NOT_YET:
                raise
            await clock.sleep(wait_s)
    log.warning("a picture is not shown inside its message", extra={"card": card.title})
    return await show(render_card(card))
