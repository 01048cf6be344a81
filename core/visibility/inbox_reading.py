"""The inbox of a linked account: a moderators' message about a removal tells why by itself.

It is read only when its owner allowed that (off by default), only while a post of the account is removed by moderators
for a reason that nobody knows, and only messages that moderators sent are looked at. Of these, only what is surely
about the post is kept, as the reason that a member would paste: words that are quoted and never obeyed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from core.accounts import Accounts
from core.clock import Clock
from core.errors import ConsentGone, UserError
from core.log import correlation_id
from core.model import AlertKind, Caller, NewAlert, TrackedPost
from core.ports import Received
from core.texts.pasted import parse_link, post_addresses_in
from core.texts.plain import folded
from core.visibility.alert_facts import post_facts
from core.visibility.inboxes import DueInbox, InboxStore
from core.visibility.reasons import Reasons, StatedReason
from core.visibility.verdict import unchanged

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
WITHIN = timedelta(days=3)  # since the removal was seen; moderators write at once, or never
LEASE = timedelta(minutes=5)  # an inbox that a killed program leased is due again after this
INBOXES_AT_ONCE = 2  # in a round; each costs a request
TITLE_LEAST = 12  # characters; a shorter title may stand in a message about anything


class Inboxes:
    """Raises `StorageUnavailable` only."""

    def __init__(self, store: InboxStore, clock: Clock, accounts: Accounts, reasons: Reasons) -> None:
        self._store, self._clock, self._accounts, self._reasons = store, clock, accounts, reasons

    async def tend(self) -> int:
        """Read the inboxes that are due, a few at a time; returns how many reasons were found."""
        if not self._accounts.can_sign_in:
            return 0
        found = 0
        due = await self._store.lease_due_inboxes(self._clock.now(), lease=LEASE, within=WITHIN, limit=INBOXES_AT_ONCE)
        for item in due:
            received = await self._read(item)
            for post in item.posts:
                message = message_about(post, received)
                if message is not None:
                    found += await self._keep(item, post, message)
            await self._store.inbox_read(item.account.id, self._clock.now() + EVERY)
        return found

    async def _read(self, item: DueInbox) -> Sequence[Received]:
        try:
            linked = (await self._accounts.signed_in(item.account.workspace_id)).get(item.account.name.casefold())
            return await self._accounts.received(linked) if linked is not None else ()
        except ConsentGone:
            return ()  # `Accounts` told the workspace
        except UserError as error:
            log.info("an inbox is not read", extra={"problem": error.what})
        except Exception:  # a defect of one source must not end the reading of the others
            log.exception("reading an inbox failed")
        return ()

    async def _keep(self, item: DueInbox, post: TrackedPost, message: Received) -> bool:
        """Whether the reason was kept. A member may have given another one meanwhile."""
        program = Caller.program(post.workspace_id, correlation_id(), f"the message to u/{item.account.name}")
        try:
            await self._reasons.give(program, post.id, None, message.body, news=_news)
        except UserError as error:
            log.info("a reason is not kept", extra={"problem": error.what, "post_id": post.id})
            return False
        return True


def _news(post: TrackedPost, reason: StatedReason) -> NewAlert:
    """The alert that moderators said why. Their words are read from the post when it is shown."""
    about = {"advice": reason.advice or None, "is_learned": reason.pattern is not None}
    facts = post_facts(post, unchanged(post), ()) | about
    key = f"post:{post.id}:reason:{post.state_since.isoformat()}"
    return NewAlert(AlertKind.REASON_FOUND, key, facts, tracked_post_id=post.id)


def message_about(post: TrackedPost, received: Sequence[Received]) -> Received | None:
    """The newest message of moderators that is surely about the removal of this post: it links to the post, answers it,
    or names its title, and comes from its community, after the post.
    """
    sure = [message for message in received if _is_about(message, post)]
    return max(sure, key=lambda message: message.sent_at, default=None)


def _is_about(message: Received, post: TrackedPost) -> bool:
    if message.community != post.community or message.sent_at < post.posted_at or not message.body.strip():
        return False
    if message.about is not None:
        return message.about == post.fullname
    text = f"{message.subject}\n{message.body}"
    if post.fullname in {parse_link(address).fullname for address in post_addresses_in(text)}:
        return True
    title = " ".join(folded(post.title or "").split())
    return len(title) >= TITLE_LEAST and title in " ".join(folded(text).split())
