"""Asking an author's own account when it can help: it can show a removal, or that a missing account still works.

It is asked only when there is no third party's view, when that could not tell, or when it begins to see something else
than the confirmed state. One request serves all posts of an account. `evidence.py` weighs the answer: a removal that
the author sees is proved; a normal look proves nothing (reddit-facts: evidence table, rows "A only").
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.accounts import Accounts, LinkedAccount
from core.clock import Clock
from core.errors import ConsentGone, UserError
from core.model import AuthorStatus, Outcome, Reading, State, TrackedPost, View, is_same_account
from core.ports import Sighting
from core.visibility.evidence import sign_of
from core.visibility.looking import ANSWER_MAX, Look
from core.visibility.readings import no_evidence, read_sighting
from core.visibility.tracking import DuePost
from core.visibility.verdict import account_is_open

log = logging.getLogger(__name__)

ACCOUNTS_TRIED = 3  # for a post whose author is not known yet


class OwnView:
    """Raises `StorageUnavailable` only."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts, self._clock = accounts, clock

    async def can_look_at(self, post: TrackedPost) -> bool:
        """True when the post's author is signed in, or, where the author is not known, any account."""
        if not self._accounts.can_sign_in:
            return False
        linked = await self._accounts.signed_in(post.workspace_id)
        return bool(linked) if post.author is None else post.author.casefold() in linked

    async def add(self, due: Sequence[DuePost], looks: Mapping[int, Look]) -> Mapping[int, Look]:
        """`looks` of one batch, with the authors' own readings added where they can help."""
        if not self._accounts.can_sign_in:
            return looks
        wanted: dict[str, list[DuePost]] = {}
        for item in due:
            if _can_help(item, looks[item.post.id]):
                wanted.setdefault(item.post.workspace_id, []).append(item)
        added = dict(looks)
        for workspace_id, items in wanted.items():
            linked = await self._accounts.signed_in(workspace_id)
            for account in linked.values():
                own = [i for i in items if _may_be_by(account, i.post, added[i.post.id], linked)]
                for start in range(0, len(own), ANSWER_MAX):
                    await self._ask(account, own[start : start + ANSWER_MAX], added)
        return added

    async def _ask(self, account: LinkedAccount, items: Sequence[DuePost], looks: dict[int, Look]) -> None:
        problem: str | None = None
        sightings: Mapping[str, Sighting] = {}
        try:
            sightings = await self._accounts.look_up(account, [item.post.fullname for item in items])
        except ConsentGone:
            return  # `Accounts` told the workspace; nothing follows for the posts
        except UserError as error:
            problem = error.what
        except Exception:  # a defect of one source must not end the watching of everything
            log.exception("an author's own look failed", extra={"posts": len(items)})
            return
        now = self._clock.now()
        for item in items:
            look, post = looks[item.post.id], item.post
            sighting = sightings.get(post.fullname)
            reading = self._read(account, post, sighting, problem, now=now)
            if reading is not None:
                seen = look.sighting or (sighting if reading.outcome is not Outcome.CANNOT_TELL else None)
                looks[post.id] = replace(look, readings=(*look.readings, reading), sighting=seen)

    def _read(
        self,
        account: LinkedAccount,
        post: TrackedPost,
        sighting: Sighting | None,
        problem: str | None,
        *,
        now: datetime,
    ) -> Reading | None:
        """None when the account is not the post's author: then this is a third party's look without a control."""
        if problem is not None:
            return no_evidence(View.AUTHOR, self._accounts.basis, now, problem) if post.author is not None else None
        named = sighting.author if sighting is not None and sighting.author is not None else post.author
        if not is_same_account(named, account.account.name):
            return None
        return read_sighting(
            post.fullname,
            sighting,
            view=View.AUTHOR,
            basis=self._accounts.basis,
            read_at=now,
            body_sha256=post.body_sha256,
        )


def _can_help(item: DuePost, look: Look) -> bool:
    reading = next((r for r in look.readings if r.view is View.THIRD_PARTY), None)
    if reading is None or reading.outcome is Outcome.CANNOT_TELL:
        return True
    if reading.author_status is AuthorStatus.MISSING or account_is_open(item.post, item.history):
        return True
    sign = sign_of(reading)
    return sign is not None and sign.state is not State.LIVE and sign.state is not item.post.state


def _may_be_by(account: LinkedAccount, post: TrackedPost, look: Look, linked: Mapping[str, LinkedAccount]) -> bool:
    author = post.author or (look.sighting.author if look.sighting is not None else None)
    if author is not None:
        return is_same_account(author, account.account.name)
    return account.account.name.casefold() in list(linked)[:ACCOUNTS_TRIED]
