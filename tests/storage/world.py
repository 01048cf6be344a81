"""Things to store, with only what a test cares about spelled out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert

from core.alerts import DecisionKind
from core.campaigns import Campaign
from core.communities import CountedComment
from core.drafting.drafts import (
    Answered,
    Draft,
    DraftStatus,
    Mark,
    NewRevision,
    Opinion,
    Remark,
    RevisionOrigin,
    SecondOpinion,
    Sentence,
    Support,
)
from core.installations import Installation
from core.model import (
    AlertKind,
    Basis,
    Caller,
    CollectedPost,
    Confidence,
    NewAlert,
    NewPattern,
    Outcome,
    Reading,
    RemovedBy,
    State,
    TrackedPost,
    View,
)
from core.visibility.tracking import Check, DuePost, NewTrackedPost, Verdict
from storage.database import open_database
from storage.schema import draft_revisions, drafts
from storage.store import Store
from tests.core.visibility.world import seen
from tests.post_rows import insert_posts, update_post

KEYWORDS = ("invoices", "freelancers", "late payment", "bookkeeping", "cash flow")


def somebody_else(caller: Caller, name: str) -> Caller:
    return replace(caller, member_id=name, name=name)


async def elsewhere(store: Store, caller: Caller, now: datetime) -> Caller:
    """Returns the same person in another workspace, terminal:b, which exists then."""
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    return replace(caller, workspace_id="terminal:b")


async def make_campaign(
    store: Store, caller: Caller, now: datetime, *, name: str = "Acme", communities: Sequence[str] = ("harbor",)
) -> Campaign:
    return await store.create_campaign(
        caller,
        name=name,
        product=f"{name} sends invoices",
        url="https://example.com",
        keywords=KEYWORDS,
        communities=communities,
        now=now,
    )


def revision(body: str = "How I learned to send invoices on time.", **changes: object) -> NewRevision:
    made = NewRevision(
        origin=RevisionOrigin.INTERVIEW,
        title="What late invoices taught me",
        body=body,
        remarks=(Remark("length", "ok", "Fits the community.", "text_usual"),),
        written_by="alice",
        fact_ids=(1, 2),
        prompt_sha256="5f" * 32,
        sentences=(Sentence("What late invoices taught me"), Sentence(body, (1, 2))),
        answers=(Answered("story", body),),
        second_opinion=SecondOpinion("m", (Opinion(body, Support.CANNOT_TELL, True, (1,)),), "over budget"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def a_mark(words: str = "send invoices on time", **changes: object) -> Mark:
    made = Mark(
        id=0,
        workspace_id="",
        draft_id=0,
        revision=1,
        start=46,
        end=67,
        words=words,
        sentence="How I learned to send invoices on time.",
        kind="unsupported",
        reason="no fact says so",
        generated=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def make_draft(store: Store, caller: Caller, campaign_id: int, now: datetime) -> Draft:
    return await store.create_draft(caller, campaign_id, "harbor", revision(), now)


async def make_approved_draft(store: Store, caller: Caller, campaign_id: int, now: datetime) -> Draft:
    draft = await make_draft(store, caller, campaign_id, now)
    return await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, now)


def collected(reddit_id: str, now: datetime, **changes: object) -> CollectedPost:
    post = CollectedPost(
        reddit_id=reddit_id,
        community="harbor",
        title=f"Title of {reddit_id}",
        body=f"Body of {reddit_id}",
        author="invented_author",
        created_at=now - timedelta(days=1),
        score=3,
        num_comments=1,
    )
    return replace(post, **changes)  # type: ignore[arg-type]


def a_comment(reddit_id: str, now: datetime, **changes: object) -> CountedComment:
    comment = CountedComment(reddit_id, "harbor", "post1", now, 12, ("link",))
    return replace(comment, **changes)  # type: ignore[arg-type]


def to_register(fullname: str, now: datetime, **changes: object) -> NewTrackedPost:
    new = NewTrackedPost(
        fullname=fullname,
        community="harbor",
        permalink=f"/r/harbor/comments/{fullname[3:]}/",
        author="invented_author",
        posted_at=now,
        basis=Basis.REDDIT_API,
        campaign_id=None,
        draft_id=None,
        next_check_at=now + timedelta(minutes=5),
        audit_due_at=now + timedelta(days=7),
        title="Invented title",
    )
    return replace(new, **changes)  # type: ignore[arg-type]


async def make_post(store: Store, caller: Caller, now: datetime, fullname: str = "t3_aaaa1") -> TrackedPost:
    return await store.register_post(caller, to_register(fullname, now), now)


async def change_post(store: Store, post_id: int, **values: Any) -> None:
    """Put into a post's row what no verb puts there."""
    async with store._database.write() as tx:
        await update_post(tx, post_id, values)


def reading(read_at: datetime, **changes: object) -> Reading:
    return replace(seen(read_at, score=7, num_comments=2), **changes)  # type: ignore[arg-type]


def removal_check(post: TrackedPost, now: datetime, **changes: object) -> Check:
    """A confirmed removal, with an alert and a pattern."""
    check = Check(
        tracked_post_id=post.id,
        workspace_id=post.workspace_id,
        readings=(reading(now, outcome=Outcome.NOT_VISIBLE, category="moderator", indexable=False),),
        verdict=Verdict(
            state=State.REMOVED,
            state_since=now,
            removed_by=RemovedBy.MODERATORS,
            category="moderator",
            confidence=Confidence.HIGH,
            alerts=(removal_alert(post),),
            patterns=(a_pattern(tracked_post_id=post.id),),
        ),
        next_check_at=now + timedelta(hours=1),
        body_sha256="ab" * 32,
    )
    return replace(check, **changes)  # type: ignore[arg-type]


def a_picture(post: TrackedPost, caller: Caller, now: datetime, content: bytes, **changes: object) -> Check:
    """A member's look with a picture, after which the post is as it was."""
    look = Reading(View.PERSON, Basis.PERSON, now, Outcome.NOT_VISIBLE, looked_by=caller.member_id, has_picture=True)
    verdict = Verdict(State.REMOVED, now, RemovedBy.UNKNOWN, confidence=Confidence.MEDIUM)
    said = (DecisionKind.UNSEEN, caller)
    next_at = now + timedelta(hours=1)
    check = Check(post.id, post.workspace_id, (look,), verdict, next_at, said=said, picture=content)
    return replace(check, **changes)  # type: ignore[arg-type]


async def lease(store: Store, now: datetime, *, worker: str = "w", limit: int = 10, **asked: Any) -> Sequence[DuePost]:
    """Lease what is due for five minutes, and read it."""
    ids = await store.lease_due_posts(now, worker=worker, lease=timedelta(minutes=5), limit=limit, **asked)
    return await store.leased_posts(worker, ids)


async def record(store: Store, checks: Sequence[Check], now: datetime) -> int:
    """Checks of free posts, each leased first as the sweep does."""
    for check in checks:
        await store.lease_due_posts(
            now, worker="a look", lease=timedelta(minutes=5), limit=1, only=check.tracked_post_id
        )
    return await store.record_checks("a look", checks, now)


def removal_alert(post: TrackedPost) -> NewAlert:
    return NewAlert(AlertKind.POST_REMOVED, f"post:{post.id}:removed", {"post_id": post.id}, post.id)


def a_pattern(**changes: object) -> NewPattern:
    pattern = NewPattern(
        campaign_id=None,
        community="harbor",
        category="link",
        body="a link in the first paragraph",
        source="removal",
        confidence=0.3,
        feature="link",
    )
    return replace(pattern, **changes)  # type: ignore[arg-type]


def an_installation(caller: Caller, now: datetime, **changed: Any) -> Installation:
    given = Installation(caller.workspace_id, caller.member_id, now, "UBOT", "sealed")
    return replace(given, **changed)


# ---------------------------------------------------------------- crowds: more rows than any list shows


async def crowd_of_posts(database_url: str, caller: Caller, now: datetime, count: int, **changes: object) -> None:
    """`count` posts that were registered and stopped, in one statement; `fullname` begins their ids."""
    row = {
        "workspace_id": caller.workspace_id,
        "community": "harbor",
        "author": "invented_author",
        "permalink": "/r/harbor/comments/zz/",
        "registered_by": "bob",
        "registered_at": now,
        "posted_at": now,
        "basis": Basis.REDDIT_API,
        "state": State.LIVE,
        "state_since": now,
        "locked": False,
        "title": "One of very many",
        "stopped_at": now,
        "correlation_id": "crowd",
        **changes,
    }
    start = row.pop("fullname", "t3_zz")
    database = await open_database(database_url, exclusive=False)
    async with database.write() as tx:
        await insert_posts(tx, [{**row, "fullname": f"{start}{n:05}"} for n in range(count)])
    await database.close()


async def crowd_of_drafts(
    database_url: str, caller: Caller, campaign_id: int, now: datetime, count: int, status: DraftStatus
) -> None:
    """`count` drafts of bob's, numbered from 1,000,001, with one revision each."""
    first = 1_000_001
    whose = {"workspace_id": caller.workspace_id, "created_at": now}
    row = {**whose, "campaign_id": campaign_id, "community": "harbor", "status": status, "created_by": "bob"}
    text = {**whose, "number": 1, "origin": RevisionOrigin.PERSON, "title": "One of very many", "body": "Words."}
    text |= {"remarks": [], "written_by": "bob", "fact_ids": []}
    text |= {"cost_usd_micros": 0, "prompt_tokens": 0, "completion_tokens": 0}
    await _insert(database_url, drafts, [{**row, "id": first + n} for n in range(count)])
    await _insert(database_url, draft_revisions, [{**text, "draft_id": first + n} for n in range(count)])


async def _insert(database_url: str, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    database = await open_database(database_url, exclusive=False)
    async with database.write() as tx:
        await tx.execute(insert(table), list(rows))
    await database.close()
