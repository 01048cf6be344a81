"""Things to store, with only what a test cares about spelled out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.model import (
    AlertKind,
    Basis,
    Caller,
    Campaign,
    CollectedPost,
    Confidence,
    Draft,
    DraftStatus,
    Finding,
    Installation,
    NewAlert,
    Outcome,
    Reading,
    RemovedBy,
    RevisionOrigin,
    State,
    TrackedPost,
    View,
)
from core.ports import Check, NewPattern, NewRevision, NewTrackedPost, Verdict
from storage.store import Store

KEYWORDS = ("invoices", "freelancers", "late payment", "bookkeeping", "cash flow")


def somebody_else(caller: Caller, name: str) -> Caller:
    return replace(caller, member_id=name, name=name)


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
        origin=RevisionOrigin.OUTLINE,
        title="What late invoices taught me",
        body=body,
        findings=(Finding("length", "ok", "Fits the community."),),
        written_by="outline",
        fact_ids=(1, 2),
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


def reading(read_at: datetime, **changes: object) -> Reading:
    seen = Reading(
        view=View.THIRD_PARTY,
        basis=Basis.REDDIT_API,
        read_at=read_at,
        outcome=Outcome.VISIBLE,
        found=True,
        control_live=True,
        indexable=True,
        author_present=True,
        body_state="intact",
        locked=False,
        score=7,
        num_comments=2,
    )
    return replace(seen, **changes)  # type: ignore[arg-type]


def removal_check(post: TrackedPost, now: datetime, **changes: object) -> Check:
    """A confirmed removal, with an alert and a lesson."""
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
            lessons=(a_lesson(tracked_post_id=post.id),),
        ),
        next_check_at=now + timedelta(hours=1),
        body_sha256="ab" * 32,
    )
    return replace(check, **changes)  # type: ignore[arg-type]


def removal_alert(post: TrackedPost) -> NewAlert:
    return NewAlert(AlertKind.POST_REMOVED, f"post:{post.id}:removed", {"post_id": post.id}, post.id)


def a_lesson(**changes: object) -> NewPattern:
    lesson = NewPattern(
        campaign_id=None,
        community="harbor",
        category="link",
        body="a link in the first paragraph",
        source="removal",
        confidence=0.3,
    )
    return replace(lesson, **changes)  # type: ignore[arg-type]


def an_installation(caller: Caller, now: datetime, **changed: Any) -> Installation:
    given = Installation(caller.workspace_id, caller.member_id, now, "UBOT", "sealed")
    return replace(given, **changed)
