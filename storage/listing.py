"""Pages of long lists: which rows of a noun pass the filters, how many there are, and the ids of one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select, true

from core.journal import JournalKind
from core.listing import AlertState, Noun, Page, Someone, Wanted, first_row
from storage.base import Verbs
from storage.schema import alerts, campaigns, drafts, journal, tracked_posts


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a noun keeps what lists are filtered by; a noun without `campaign` is not filtered by it, and so on."""

    table: Table
    made_at: ColumnElement[Any]
    state: Callable[[str], ColumnElement[bool]]
    campaign: Callable[[int], ColumnElement[bool]] | None = None
    community: Callable[[str], ColumnElement[bool]] | None = None
    member_ids: tuple[ColumnElement[Any], ...] = ()
    members: tuple[ColumnElement[Any], ...] = ()  # by name
    people: tuple[tuple[ColumnElement[Any], ColumnElement[Any]], ...] = ()  # by id, by name where no id is kept
    kept: ColumnElement[bool] | None = None


def _alert_state(state: str) -> ColumnElement[bool]:
    its = alerts.c
    delivered, waits = its.delivered_at.is_not(None), its.next_attempt_at.is_not(None)
    match AlertState(state):
        case AlertState.DELIVERED:
            return delivered
        case AlertState.WAITING:
            return waits
        case AlertState.FAILED:
            return and_(~delivered, ~waits, its.told_with.is_(None), its.told_by.is_(None))


def _fact_of_alert(name: str) -> ColumnElement[str]:
    value: ColumnElement[str] = alerts.c.facts[name].as_string()
    return value


def _of_posts(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Alerts about the tracked posts of their workspace that meet the condition."""
    found = select(tracked_posts.c.id).where(tracked_posts.c.workspace_id == alerts.c.workspace_id, condition)
    return alerts.c.tracked_post_id.in_(found.correlate(alerts))


_COLUMNS: Mapping[Noun, _Columns] = {
    Noun.POST: _Columns(
        tracked_posts,
        tracked_posts.c.registered_at,
        lambda state: tracked_posts.c.state == state,
        campaign=lambda number: tracked_posts.c.campaign_id == number,
        community=lambda name: tracked_posts.c.community == name,
        people=((tracked_posts.c.registered_by_id, tracked_posts.c.registered_by),),
    ),
    Noun.DRAFT: _Columns(
        drafts,
        drafts.c.created_at,
        lambda status: drafts.c.status == status,
        campaign=lambda number: drafts.c.campaign_id == number,
        community=lambda name: drafts.c.community == name,
        members=(drafts.c.created_by,),
        people=((drafts.c.poster_id, drafts.c.poster),),
        kept=drafts.c.campaign_id.in_(select(campaigns.c.id).where(campaigns.c.deleted_at.is_(None))),
    ),
    Noun.ALERT: _Columns(
        alerts,
        alerts.c.created_at,
        _alert_state,
        campaign=lambda number: or_(
            _fact_of_alert("campaign_id") == str(number), _of_posts(tracked_posts.c.campaign_id == number)
        ),
        community=lambda name: or_(_fact_of_alert("community") == name, _of_posts(tracked_posts.c.community == name)),
        members=(_fact_of_alert("registered_by"), _fact_of_alert("poster"), _fact_of_alert("linked_by")),
    ),
    Noun.JOURNAL: _Columns(
        journal,
        journal.c.at,
        lambda noun: journal.c.kind.in_([kind for kind in JournalKind if kind.noun == noun]),
        member_ids=(journal.c.member_id,),
    ),
}


def _is_of(its: _Columns, member: Someone) -> ColumnElement[bool]:
    same = [column == member.id for column in its.member_ids]
    same += [column == member.name for column in its.members]
    for id_, name in its.people:
        is_named = name == member.name
        same += [id_ == member.id, and_(id_.is_(None), is_named) if member.is_known else is_named]
    return or_(*same)


def _conditions(its: _Columns, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [its.kept if its.kept is not None else true()]
    if wanted.campaign_id is not None and its.campaign is not None:
        found.append(its.campaign(wanted.campaign_id))
    if wanted.community is not None and its.community is not None:
        found.append(its.community(wanted.community))
    if wanted.member is not None:
        found.append(_is_of(its, wanted.member))
    if wanted.state is not None:
        found.append(its.state(wanted.state))
    if wanted.since is not None:
        found.append(its.made_at > wanted.since)
    if wanted.upto is not None:
        found.append(its.table.c.id <= wanted.upto)
    return found


class ListVerbs(Verbs):
    async def listed(self, workspace_id: str, noun: Noun, wanted: Wanted) -> Page[int]:
        its = _COLUMNS[noun]
        number = its.table.c.id
        mine = (its.table.c.workspace_id == workspace_id, *_conditions(its, wanted))
        async with self._database.read() as tx:
            counted = select(func.count().label("total"), func.max(number).label("newest")).where(*mine)
            known = (await tx.execute(counted)).one()
            start = first_row(wanted.start, known.total, wanted.limit)
            page = select(number).where(*mine).order_by(number.desc()).offset(start - 1).limit(wanted.limit)
            ids = list((await tx.scalars(page)).all())
        return Page(ids, known.total, start, wanted.upto if wanted.upto is not None else known.newest)
