"""Members' decisions about tracked posts, stored in the transaction of the change; alerts are rendered from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.alerts import (
    ABOUT_DRAFTS,
    DISPUTABLE,
    Alert,
    AlertRecord,
    Decision,
    DecisionKind,
    DraftNow,
    Joined,
    concerned,
)
from core.clock import moment
from core.drafting.approvals import Ending
from core.errors import Advice, AlreadyDecided, Do
from core.journal import JournalEntry
from core.model import AlertKind, Caller, Offer, TrackedPost
from storage.base import Verbs, missing, record
from storage.comments import comments_on
from storage.events import joined_to
from storage.offers import asked_for
from storage.schema import alerts, approvals, decisions, drafts, journal, members, offers, tracked_posts
from storage.watches import whole_posts

_its = decisions.c


async def decide(
    tx: AsyncConnection,
    caller: Caller,
    tracked_post_id: int,
    kind: DecisionKind,
    now: datetime,
    *,
    until: datetime | None = None,
) -> None:
    """Store who decided what. The caller has changed or locked the post's row in this transaction."""
    who = {"workspace_id": caller.workspace_id, "by_id": caller.member_id, "by": caller.name}
    what = {"tracked_post_id": tracked_post_id, "kind": kind, "at": now, "until": until}
    await tx.execute(insert(decisions).values(**who, **what))


async def last_decision(tx: AsyncConnection, tracked_post_id: int, kind: DecisionKind) -> Row[Any] | None:
    query = select(decisions).where(_its.tracked_post_id == tracked_post_id, _its.kind == kind)
    return (await tx.execute(query.order_by(_its.id.desc()).limit(1))).first()


async def refuse_second_wrong_alarm(tx: AsyncConnection, tracked_post_id: int) -> None:
    """Raises `AlreadyDecided` when somebody already called the newest alert about the post wrong. The caller has locked
    the post's row, so that of two people who say so at once the second is told about the first.
    """
    alerted_at = await tx.scalar(
        select(alerts.c.created_at)
        .where(alerts.c.tracked_post_id == tracked_post_id, alerts.c.kind.in_(DISPUTABLE))
        .order_by(alerts.c.id.desc())
        .limit(1)
    )
    said = await last_decision(tx, tracked_post_id, DecisionKind.WRONG_ALARM)
    if said is not None and alerted_at is not None and said.at >= alerted_at:
        raise AlreadyDecided(
            f"{said.by} called it a wrong alarm on {moment(said.at)}.",
            Advice("See how the post stands.", Do.SHOW_POST, tracked_post_id),
            decided_by=said.by,
            decided_at=said.at,
        )


class DecisionVerbs(Verbs):
    async def alert_record(self, workspace_id: str, alert_id: int) -> AlertRecord:
        """Reads everything in one transaction, so that a message shows a single moment. For an alert that joined an
        event's message, this is the record of the alert that made that message.
        """
        async with self._database.read() as tx:
            mine = select(alerts).where(alerts.c.workspace_id == workspace_id, alerts.c.id == alert_id)
            row = (await tx.execute(mine)).first()
            if row is None:
                raise missing("alert", alert_id)
            if row.event is not None and row.told_with is not None:  # its event's first alert made the message
                its_maker = (alerts.c.workspace_id == workspace_id, alerts.c.id == row.told_with)
                row = (await tx.execute(select(alerts).where(*its_maker))).one()
            told = await _told(tx, record(Alert, row))
            told = replace(told, approvers=await _approvers(tx, told))
            return replace(told, members=await _members_named(tx, workspace_id, concerned(told)))


async def _told(tx: AsyncConnection, alert: Alert) -> AlertRecord:
    """The alert's record without the members whom it concerns."""
    if alert.kind in ABOUT_DRAFTS:
        return AlertRecord(alert, draft=await _draft_now(tx, alert))
    if alert.kind is AlertKind.POST_OFFERED:
        offered = await _offers_told(tx, alert, joined := await joined_to(tx, alert))
        return AlertRecord(alert, joined=joined, offers=offered)
    if alert.tracked_post_id is None:
        return AlertRecord(alert)
    post = (await tx.execute(whole_posts(tracked_posts.c.id == alert.tracked_post_id))).one()
    decided = await _decided(tx, alert)
    joined, posts = await joined_to(tx, alert), await _posts_told(tx, alert)
    if alert.kind is AlertKind.LOOK_WANTED:
        joined = tuple([replace(one, decisions=await _decided(tx, one.alert)) for one in joined])
    is_talk = alert.kind is AlertKind.POST_COMMENTED
    comments = await comments_on(tx, alert.tracked_post_id) if is_talk else ()
    return AlertRecord(alert, record(TrackedPost, post), decided, joined=joined, posts=posts, comments=comments)


async def _decided(tx: AsyncConnection, alert: Alert) -> tuple[Decision, ...]:
    """What was decided about the alert's post since it was owed, oldest first."""
    mine = and_(_its.workspace_id == alert.workspace_id, _its.tracked_post_id == alert.tracked_post_id)
    since = select(decisions).where(mine, _its.at >= alert.created_at).order_by(_its.id)
    return tuple(record(Decision, row) for row in await tx.execute(since))


async def _offers_told(tx: AsyncConnection, alert: Alert, joined: Sequence[Joined]) -> tuple[Offer, ...]:
    """The offers that a message makes, as they are now; those that were purged are left out."""
    told = [alert, *(one.alert for one in joined)]
    names = [name for one in told for name in one.facts.get("offers") or []]
    mine = asked_for().where(offers.c.workspace_id == alert.workspace_id, offers.c.fullname.in_(names))
    return tuple(record(Offer, row) for row in await tx.execute(mine.order_by(offers.c.id))) if names else ()


async def _posts_told(tx: AsyncConnection, alert: Alert) -> tuple[TrackedPost, ...]:
    """The posts that the news of a whole community tell of, as they are now; none for an alert from before they were
    kept.
    """
    its, ids = tracked_posts.c, alert.facts.get("community_post_ids") or []
    mine = whole_posts(its.workspace_id == alert.workspace_id, its.id.in_(ids)).order_by(its.id)
    return tuple(record(TrackedPost, row) for row in await tx.execute(mine)) if ids else ()


async def _approvers(tx: AsyncConnection, told: AlertRecord) -> tuple[str, ...]:
    """Who approved the texts of the posts whose trouble is told, in the order of the posts."""
    if told.alert.kind not in DISPUTABLE:
        return ()
    of_alerts = [one.alert.tracked_post_id for one in told.joined]
    ids = {told.alert.tracked_post_id, *of_alerts, *(post.id for post in told.posts)} - {None}
    its, given = tracked_posts.c, approvals.c
    approved = select(given.approved_by).join(tracked_posts, its.draft_id == given.draft_id)
    mine = approved.where(its.workspace_id == told.alert.workspace_id, its.id.in_(ids))
    names = await tx.scalars(mine.where(given.ending == Ending.POSTED).order_by(its.id))
    return tuple(dict.fromkeys(names))


async def _members_named(tx: AsyncConnection, workspace_id: str, names: Sequence[str]) -> dict[str, str]:
    """Ids by name. Of two members with one name, none: the wrong one must not be called."""
    if not names:
        return {}
    its = members.c
    rows = await tx.execute(select(its.name, its.id).where(its.workspace_id == workspace_id, its.name.in_(names)))
    ids: dict[str, list[str]] = {}
    for name, member in rows:
        ids.setdefault(name, []).append(member)
    return {name: found[0] for name, found in ids.items() if len(found) == 1}


async def _draft_now(tx: AsyncConnection, alert: Alert) -> DraftNow | None:
    """The draft that the alert is about, as it is now; None when it no longer exists."""
    mine = (drafts.c.workspace_id == alert.workspace_id, drafts.c.id == alert.facts.get("draft"))
    status = await tx.scalar(select(drafts.c.status).where(*mine))
    if status is None:
        return None
    draft_id, its = alert.facts["draft"], journal.c
    about = (its.workspace_id == alert.workspace_id, its.subject == f"draft {draft_id}", its.at > alert.created_at)
    row = (await tx.execute(select(journal).where(*about).order_by(its.id.desc()).limit(1))).first()
    return DraftNow(draft_id, str(status), record(JournalEntry, row) if row is not None else None)
