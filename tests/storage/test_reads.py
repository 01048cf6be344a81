"""What is read of posts, drafts and communities: which rows, in which order, how many, before and at each bound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from core.alerts import AlertPlace
from core.campaigns import CampaignStatus, FactKind
from core.collecting.runs import Funnel, RunStatus
from core.communities import CommunitySummary, Post
from core.drafting.drafts import DraftStatus, Poster
from core.drafting.history import OwnText
from core.errors import NotFound
from core.facts import FactDetails, FactVersion
from core.model import (
    AccountState,
    AlertKind,
    AuditOutcome,
    Basis,
    Caller,
    NewAlert,
    Outcome,
    Role,
    State,
    TrackedPost,
    View,
)
from core.texts.numbers import Number
from core.visibility.tracking import Backlog
from storage.schema import readings, tracked_posts
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.invented import keep_profile, kept
from tests.storage import world
from tests.storage.rows import all_rows

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


async def second_workspace(store: Store, caller: Caller, now: datetime) -> Caller:
    await store.ensure_workspace("terminal:b", "terminal", "B", now)
    return replace(caller, workspace_id="terminal:b")


async def change(store: Store, post: TrackedPost, **values: Any) -> None:
    async with store._database.write() as tx:
        await tx.execute(update(tracked_posts).where(tracked_posts.c.id == post.id).values(values))


def names(posts: Iterable[TrackedPost]) -> list[str]:
    return [post.fullname.removeprefix("t3_") for post in posts]


async def watched(store: Store, caller: Caller, now: datetime, **rows: dict[str, Any]) -> dict[str, TrackedPost]:
    made = {}
    for name, values in rows.items():
        post = await world.make_post(store, caller, now, f"t3_{name}")
        if values:
            await change(store, post, **values)
        made[name] = await store.tracked_post(caller.workspace_id, post.id)
    return made


# ---------------------------------------------------------------- tracked posts


async def test_posts_are_counted_and_found_by_when_what_became_of_them(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    gone = {"state": State.REMOVED}
    posts = await watched(
        store,
        caller,
        now,
        before=gone | {"state_since": now - SECOND},
        then=gone | {"state_since": now},
        after=gone | {"state_since": now + SECOND},
        held={"state": State.HELD, "state_since": now + SECOND},
        attic=gone | {"state_since": now + SECOND, "community": "attic"},
    )
    await watched(store, other, now, foreign=gone | {"state_since": now + SECOND})
    assert names(await store.removed_since(here, "harbor", now)) == ["after", "then"]
    assert names(await store.changed_since(here, (State.REMOVED,), now)) == ["attic", "after"]
    assert names(await store.changed_since(here, (State.REMOVED, State.HELD), now)) == ["attic", "held", "after"]
    assert await store.changed_since(here, (), now) == []
    assert await store.registered_since(here, now - SECOND) == 5
    assert await store.registered_since(here, now) == 0
    assert not await store.has_sample_posts(here)
    await change(store, posts["held"], basis=Basis.SAMPLE)
    assert await store.has_sample_posts(here)
    assert not await store.has_sample_posts("terminal:b")
    await change(store, posts["before"], posted_at=now + SECOND)
    await change(store, posts["attic"], posted_at=now + SECOND)
    await change(store, posts["held"], posted_at=now + SECOND)
    states = {"harbor": {State.REMOVED: 1, State.HELD: 1}, "attic": {State.REMOVED: 1}}
    assert await store.states_by_community(here, now) == states
    assert (await store.states_by_community(here, now - SECOND))["harbor"] == {State.REMOVED: 3, State.HELD: 1}


async def test_posts_that_stayed_are_those_whose_audit_says_so(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    rows: dict[str, dict[str, Any]] = {
        outcome.value: {"audit_outcome": outcome, "posted_at": now + SECOND} for outcome in AuditOutcome
    }
    rows |= {"none": {"posted_at": now + SECOND}, "then": {"audit_outcome": AuditOutcome.SUCCESS, "posted_at": now}}
    rows["attic"] = rows["success"] | {"community": "attic"}
    await watched(store, caller, now, **rows)
    await watched(store, other, now, foreign=rows["success"])
    assert names(await store.stayed_posts(here, ["harbor"], now)) == ["inertia", "success"]
    assert names(await store.stayed_posts(here, ["harbor", "attic"], now)) == ["attic", "inertia", "success"]
    assert await store.stayed_posts(here, [], now) == []


async def test_posts_are_listed_and_found_by_number_the_exact_one_first(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    posts = await watched(store, caller, now, **{f"p{n}": {} for n in range(12)})
    await watched(store, other, now, p0={})
    newest = [f"p{n}" for n in range(11, -1, -1)]
    assert names(await store.tracked_posts(here)) == newest
    assert names(await store.tracked_posts(here, limit=3)) == newest[:3]
    first = posts["p0"].id
    found = await store.tracked_posts(here, containing=str(first))
    expected = [p for p in newest if str(posts[p].id).startswith(str(first)) and p != "p0"]
    assert names(found) == ["p0", *expected]
    assert names(await store.tracked_posts(here, containing="t3_p7")) == ["p7"]
    assert names(await store.tracked_posts(here, containing="harbor unverified", limit=2)) == newest[:2]
    assert await store.tracked_posts(here, containing="attic") == []
    assert names(await store.posts_by(here, "invented_author")) == newest[::-1]
    assert await store.posts_by(here, "Invented_Author") == []


async def test_watched_posts_of_a_community_are_found_without_those_that_are_over(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    posts = await watched(
        store,
        caller,
        now,
        one={},
        two={},
        over={"next_check_at": None},
        stopped={"stopped_at": now},
        attic={"community": "attic"},
    )
    await watched(store, other, now, foreign={})
    found = [await store.watched_in(here, name) for name in ("harbor", "attic", "cellar")]
    assert found == [[posts["one"].id, posts["two"].id], [posts["attic"].id], []]
    assert [name for name, post in posts.items() if post.is_watched] == ["one", "two", "attic"]
    await store.set_plan(caller, now, max_tracked_posts=4)
    await world.make_post(store, caller, now, "t3_fourth")


async def test_the_backlog_counts_what_is_watched_due_and_owed_in_one_workspace(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    posts = await watched(
        store,
        caller,
        now,
        due={"next_check_at": now},
        soon={"next_check_at": now + SECOND},
        stopped={"next_check_at": now - HOUR, "stopped_at": now, "state": State.LIVE},
        over={"next_check_at": None, "state": State.LIVE},
    )
    theirs = await watched(store, other, now, foreign={"next_check_at": now - DAY})
    for whose, post, view, outcome, at in (
        (caller, posts["due"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now - SECOND),
        (caller, posts["due"], View.PERSON, Outcome.NOT_VISIBLE, now),
        (caller, posts["due"], View.THIRD_PARTY, Outcome.VISIBLE, now - HOUR),
        (caller, posts["due"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now),
        (caller, posts["due"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now + SECOND),
        (caller, posts["soon"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now + SECOND),
        (caller, posts["due"], View.AUTHOR, Outcome.CANNOT_TELL, now + SECOND),
        (other, theirs["foreign"], View.THIRD_PARTY, Outcome.VISIBLE, now + HOUR),
        (other, theirs["foreign"], View.THIRD_PARTY, Outcome.CANNOT_TELL, now + DAY),
    ):
        row = {"workspace_id": whose.workspace_id, "tracked_post_id": post.id, "view": view, "outcome": outcome}
        row |= {"basis": Basis.FILE, "read_at": at, "control_live": True, "clock_jump_s": 0.0, "times": 1, "apart": 1}
        async with store._database.write() as tx:
            await tx.execute(insert(readings).values(row))
    assert await store.backlog(here, now) == Backlog(
        watched=2,
        due=2,
        next_check_at=now,
        alerts_pending=0,
        alerts_failed=0,
        last_evidence_at=now,
        unanswered=2,
        states={State.UNVERIFIED: 2, State.LIVE: 2},
    )
    blind = await store.backlog("terminal:b", now)
    assert (blind.watched, blind.due, blind.last_evidence_at, blind.unanswered) == (1, 1, now + HOUR, 1)


async def test_a_workspace_that_never_saw_anything_counts_every_look_that_could_not_tell(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await world.make_post(store, caller, now)
    blind = [world.reading(now + n * SECOND, outcome=Outcome.CANNOT_TELL) for n in range(3)]
    check = world.removal_check(post, now, readings=tuple(blind))
    await world.record(store, [check], now)
    backlog = await store.backlog(caller.workspace_id, now)
    assert (backlog.last_evidence_at, backlog.unanswered) == (None, 3)


async def test_the_backlog_counts_alerts_that_wait_and_are_lost_and_tells_the_detour_of_the_last_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    await store.set_alert_channel(caller, "C1", now)

    async def claim() -> int:
        [alert] = await store.lease_alerts(now, worker="c", lease=HOUR, limit=1, platforms=["terminal"])
        return alert.id

    async def counts() -> tuple[int, int, str | None]:
        backlog = await store.backlog(here, now)
        return backlog.alerts_pending, backlog.alerts_failed, backlog.detour

    async def owe(key: str, by: Caller = caller) -> None:
        assert await store.owe_alert(by, NewAlert(AlertKind.TEST, key, {}), now)

    await owe("a")
    await store.record_delivery(await claim(), "c", now, delivered=True)
    assert await counts() == (0, 0, None)
    await owe("b")
    await store.record_delivery(await claim(), "c", now, delivered=True, problem="It refused.")
    assert await counts() == (0, 0, "It refused.")
    await owe("lost")
    await store.record_delivery(await claim(), "c", now, delivered=False)
    assert await counts() == (1, 1, "It refused."), "the news of it waits"
    await store.record_delivery(await claim(), "c", now, delivered=False)
    assert await counts() == (0, 1, "It refused."), "the news of it are no loss of their own"
    await owe("digest")
    await store.leave_to_digest(await claim(), "c", now)
    assert await counts() == (0, 1, "It refused.")
    await owe("waits")
    await owe("foreign", other)
    assert await counts() == (1, 1, "It refused.")
    await store.set_alert_channel(caller, "C2", now)
    assert await counts() == (1, 1, None), "it went to another place than the one that is chosen now"


async def test_news_of_a_community_are_the_newest_alert_about_all_of_it(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    keys = ("community:har_bor:closed", "community:har_bor:open", "community:harxbor:closed", "post:har_bor:1")
    for whose, key in (*((caller, key) for key in keys), (other, "community:har_bor:later")):
        await store.owe_alert(whose, NewAlert(AlertKind.POST_GATED, key, {}), now)
    news = await store.community_news(here, "har_bor")
    assert news is not None
    assert news.dedupe_key == "community:har_bor:open"
    assert await store.community_news(here, "har") is None


async def test_a_snooze_holds_back_what_waits_and_an_earlier_end_makes_it_due(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    one, other = [await world.make_post(store, caller, now, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    for key, post in (("a", one), ("delivered", one), ("other", other)):
        await store.owe_alert(caller, NewAlert(AlertKind.TEST, key, {}, post.id), now)
    for _ in range(2):
        [alert] = await store.lease_alerts(now, worker="c", lease=HOUR, limit=1, platforms=["terminal"])
        if alert.dedupe_key == "delivered":
            await store.record_delivery(alert.id, "c", now, delivered=True)
        else:
            await store.record_delivery(alert.id, "c", now, delivered=False, retry_at=now + HOUR)

    async def due() -> dict[str, datetime | None]:
        return {alert.dedupe_key: alert.next_attempt_at for alert in await store.alerts(caller.workspace_id)}

    await store.snooze_post(caller, one.id, now + DAY, now)
    assert await due() == {"a": now + DAY, "delivered": None, "other": now}
    await store.snooze_post(caller, one.id, now - HOUR, now, anew=True)
    assert await due() == {"a": now, "delivered": None, "other": now}
    again = await store.snooze_post(caller, one.id, now + HOUR, now)
    assert again.snoozed_until == now + HOUR, "the earlier one was over"


async def test_a_stopped_post_goes_on_when_it_is_resumed_and_a_watched_one_stays_as_it_is(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    one, other = [await world.make_post(store, caller, now, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    later = clock.advance(HOUR)
    assert await store.resume_watching(caller, one.id, later, later, later) == one
    stopped = await store.stop_watching(caller, one.id, later)
    assert stopped == replace(one, stopped_at=later, next_check_at=None, audit_due_at=None)
    carol = replace(caller, correlation_id="c-1")
    resumed = await store.resume_watching(carol, one.id, later + HOUR, later + DAY, later)
    assert resumed == replace(one, next_check_at=later + HOUR, audit_due_at=later + DAY)
    due = await store.due_now(carol, one.id, later)
    assert due == replace(resumed, next_check_at=later)
    assert await store.tracked_post(caller.workspace_id, other.id) == other
    await store.stop_watching(caller, one.id, later + HOUR)
    assert (await store.stop_watching(caller, other.id, later)).stopped_at == later


# ---------------------------------------------------------------- drafts and the team's texts


async def test_drafts_are_found_by_status_community_words_and_number_in_kept_campaigns(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    kept_one, gone = [await world.make_campaign(store, caller, now, name=name) for name in ("Kept", "Gone")]
    theirs = await world.make_campaign(store, other, now)
    drafts = [
        await store.create_draft(caller, kept_one.id, community, world.revision(title=f"Title {n}"), now)
        for n, community in enumerate(["harbor"] * 20 + ["attic"])
    ]
    dropped = await world.make_draft(store, caller, gone.id, now)
    foreign = await world.make_draft(store, other, theirs.id, now)
    await store.set_campaign_status(caller, gone.id, CampaignStatus.DELETED, now)
    await store.decide_draft(caller, drafts[3].id, DraftStatus.DISCARDED, now)
    ids = [draft.id for draft in drafts]

    async def found(**asked: Any) -> list[int]:
        return [draft.id for draft in await store.drafts(here, **asked)]

    assert await found() == ids[:0:-1], "twenty, the newest first"
    assert await found(limit=2) == [ids[20], ids[19]]
    assert await found(community="attic") == [ids[20]]
    assert await found(statuses=[DraftStatus.DISCARDED]) == [ids[3]]
    assert await found(before=ids[3]) == ids[2::-1]
    assert await found(containing="title 7") == [ids[7]]
    assert (await found(containing=str(ids[0])))[0] == ids[0]
    assert await found(containing="attic generated") == [ids[20]]
    assert set(await store.drafts_by_id(here, [ids[0], dropped.id, foreign.id])) == {ids[0]}
    assert await store.count_drafts(here) == {DraftStatus.GENERATED: 20, DraftStatus.DISCARDED: 1}
    assert (await store.drafts_by_id(here, ids))[ids[5]] == drafts[5]


async def test_the_last_disclosure_is_that_of_the_same_poster_in_the_same_campaign(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    acme, other = [await world.make_campaign(store, caller, now, name=name) for name in ("Acme", "Other")]

    async def disclosed(words: str | None, campaign: int = acme.id, poster: str = "alice") -> None:
        draft = await store.create_draft(
            caller, campaign, "harbor", world.revision(), now, poster=Poster(poster, poster)
        )
        await store.add_revision(caller, draft.id, world.revision(), after=1, now=now, disclosure=words)

    assert await store.last_disclosure(here, acme.id, "alice") is None
    await disclosed("I made it.")
    await disclosed("My product.")
    await disclosed(None)
    await disclosed("Bob's.", poster="bob")
    await disclosed("Of another.", other.id)
    assert await store.last_disclosure(here, acme.id, "alice") == "My product."
    assert await store.last_disclosure(here, acme.id, "bob") == "Bob's."
    assert await store.last_disclosure("terminal:b", acme.id, "alice") is None


async def test_a_draft_keeps_its_angle_its_poster_and_what_a_model_was_paid(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    campaign = await world.make_campaign(store, caller, now)
    text = world.revision(cost_usd_micros=1_200, prompt_tokens=30, completion_tokens=9, second_opinion=None)
    poster = Poster("bob", "Bob", "bob_w")
    draft = await store.create_draft(caller, campaign.id, "harbor", text, now, poster=poster, angle="late fees")
    assert (draft.angle, draft.poster, draft.created_by, draft.created_at) == ("late fees", poster, "alice", now)
    latest = draft.latest
    assert (latest.cost_usd_micros, latest.prompt_tokens, latest.completion_tokens) == (1_200, 30, 9)
    assert (latest.second_opinion, latest.by, latest.by_id, latest.created_at) == (None, "alice", "alice", now)
    assert await store.draft(caller.workspace_id, draft.id) == draft


async def test_the_teams_texts_are_found_back_to_a_time_and_so_many(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, began)
    campaign, gone = [await world.make_campaign(store, caller, began, name=name) for name in ("Kept", "Gone")]
    theirs = await world.make_campaign(store, other, began)
    await world.make_draft(store, other, theirs.id, began)
    await world.make_post(store, other, began)
    await world.make_draft(store, caller, gone.id, began)
    await store.set_campaign_status(caller, gone.id, CampaignStatus.DELETED, began)
    early = clock.advance(HOUR)
    await store.register_post(caller, world.to_register("t3_none", early, title=None), early)
    bare = await store.register_post(caller, world.to_register("t3_bare", early, title="As seen"), early)
    draft = await store.create_draft(
        caller, campaign.id, "harbor", world.revision("First."), early, poster=Poster("bob", "Bob", "bob_w")
    )
    late = clock.advance(HOUR)
    await store.add_revision(caller, draft.id, world.revision("Second.", title="Anew"), after=1, now=late)
    open_one = OwnText("harbor", "Anew", "Second.", late, "Bob", "bob_w", draft_id=draft.id)
    seen = OwnText("harbor", "As seen", "", early, "alice", "invented_author", post_id=bare.id, state=State.UNVERIFIED)
    assert await store.own_texts(here, early, 9) == [open_one, seen]
    assert await store.own_texts(here, early + SECOND, 9) == [open_one]
    assert await store.own_texts(here, early, 1) == [open_one]
    assert await store.own_texts(here, late + SECOND, 9) == []


# ---------------------------------------------------------------- communities and collecting


async def test_kept_posts_come_whole_the_newest_first_without_those_that_were_purged(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    for whose in (caller, other):
        campaign = await world.make_campaign(store, whose, now)
        run = await store.start_run(whose, campaign.id, Basis.APIFY, ["harbor"], now)
        whole = world.collected(
            "whole",
            now,
            upvote_ratio=0.75,
            flair="Data",
            url="https://example.com/a",
            is_self=False,
            over_18=True,
            removed_by_category="moderator",
            score_at=now - HOUR,
            found_in="top:year#3",
            time_is_exact=False,
        )
        batch = [
            whole,
            world.collected("same time", now),
            world.collected("newer", now + SECOND),
            world.collected("older", now - SECOND),
            world.collected("attic", now, community="attic"),
            world.collected("deleted", now, body="[deleted]", removed_by_category="deleted"),
        ]
        await store.add_posts(whose, run.id, batch, Funnel(found=6), now)
    posts = await store.posts(here, "harbor")
    assert [post.reddit_id for post in posts] == ["newer", "same time", "whole", "older"]
    assert posts[2] == Post(
        posts[2].id,
        here,
        Basis.APIFY,
        now,
        "whole",
        "harbor",
        "Title of whole",
        "Body of whole",
        "invented_author",
        now - DAY,
        3,
        1,
        "Data",
        "https://example.com/a",
        False,
        True,
        "moderator",
        now - HOUR,
        "top:year#3",
        False,
        0.75,
    )
    assert await store.post(here, posts[2].id) == posts[2]
    assert [post.reddit_id for post in await store.posts(here, "harbor", limit=2)] == ["newer", "same time"]
    assert [post.reddit_id for post in await store.posts(here, "attic")] == ["attic"]
    assert await store.posts("terminal:none", "harbor") == []


async def test_a_summary_joins_what_several_sources_brought_and_names_empty_communities_too(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, began)
    campaign = await world.make_campaign(store, caller, began, communities=("harbor", "empty"))
    gone = await world.make_campaign(store, caller, began, name="Gone", communities=("forgotten",))
    await store.set_campaign_status(caller, gone.id, CampaignStatus.DELETED, began)
    await world.make_campaign(store, other, began, communities=("foreign", "harbor"))
    now = clock.advance(DAY)
    for basis, times, at in (
        (Basis.SAMPLE, (-3, -1), began),
        (Basis.APIFY, (-2, 0), now),
        (Basis.FILE, (-1,), began + HOUR),
    ):
        run = await store.start_run(caller, campaign.id, basis, ["harbor"], at)
        posts = [world.collected(f"{basis}{n}", now, created_at=now + n * HOUR) for n in times]
        posts.append(world.collected(f"{basis} attic", now, community="attic", created_at=now))
        await store.add_posts(caller, run.id, posts, Funnel(found=len(posts)), at)
    harbor = CommunitySummary("harbor", 5, now - 3 * HOUR, now, now, (Basis.APIFY, Basis.FILE, Basis.SAMPLE))
    attic = CommunitySummary("attic", 3, now, now, now, (Basis.APIFY, Basis.FILE, Basis.SAMPLE))
    empty = CommunitySummary("empty", 0, None, None, None, ())
    assert await store.community_summaries(here) == [attic, empty, harbor]
    assert await store.community_summary(here, "harbor") == harbor
    assert await store.community_summary(here, "attic") == attic
    assert [one.community for one in await store.community_summaries("terminal:b")] == ["foreign", "harbor"]


async def test_new_profiles_come_with_the_one_that_was_known_before(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, began)

    async def profile(community: str, at: datetime, whose: Caller = caller, size: int = 1) -> Any:
        return await keep_profile(store, whose, at, [kept(n) for n in range(size)], community)

    await profile("harbor", began - HOUR)
    harbor_before = await profile("harbor", began, size=2)
    await profile("foreign", began + SECOND, other)
    await profile("harbor", began - DAY, other)
    await profile("quiet", began)
    await profile("harbor", began + SECOND, size=3)
    harbor = await profile("harbor", began + SECOND, size=4)
    attic = await profile("attic", began + SECOND)
    assert await store.new_profiles(here, began) == [(attic, None), (harbor, harbor_before)]
    assert await store.new_profiles(here, began + SECOND) == []
    assert await store.latest_profile(here, "harbor") == harbor
    assert await store.profile(here, harbor.id) == harbor
    assert harbor.workspace_id == here
    assert (harbor.community, harbor.computed_at, harbor.sample_size, harbor.bases) == (
        "harbor",
        began + SECOND,
        4,
        (Basis.FILE,),
    )


async def test_a_model_is_kept_with_the_newest_profile_of_each_community_alone(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)

    async def profile(community: str, model: str | None, whose: Caller = caller) -> None:
        await store.save_profile(
            whose,
            community,
            sample_size=7,
            first_post_at=now - DAY,
            last_post_at=now - HOUR,
            bases=[Basis.FILE, Basis.WEB],
            figures={"posts": 7},
            model=model,
            now=now,
        )

    for whose, community, model in (
        (other, "harbor", "theirs"),
        (caller, "attic", "attic's"),
        (caller, "harbor", "first"),
        (caller, "harbor", "second"),
    ):
        await profile(community, model, whose)
    assert [await store.latest_model(here, name) for name in ("harbor", "attic", "none")] == ["second", "attic's", None]
    assert await store.latest_model("terminal:b", "harbor") == "theirs"
    kept_profile = await store.latest_profile(here, "harbor")
    assert kept_profile is not None
    assert (kept_profile.first_post_at, kept_profile.last_post_at, kept_profile.figures) == (
        now - DAY,
        now - HOUR,
        {"posts": 7},
    )
    assert kept_profile.bases == (Basis.FILE, Basis.WEB)
    assert sorted(row["model"] or "" for row in (await rows(store, "community_profiles"))) == [
        "",
        "attic's",
        "second",
        "theirs",
    ]
    await profile("harbor", None)
    assert await store.latest_model(here, "harbor") is None


async def rows(store: Store, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in (await all_rows(store))[table].values()]


async def test_runs_are_listed_the_newest_first_ten_at_most(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    campaign = await world.make_campaign(store, caller, now)
    theirs = await world.make_campaign(store, other, now)
    runs = [await store.start_run(caller, campaign.id, Basis.FILE, ["harbor"], now) for _ in range(11)]
    await store.start_run(other, theirs.id, Basis.FILE, ["harbor"], now)
    ids = [run.id for run in runs][::-1]
    assert [run.id for run in await store.runs(here)] == ids[:10]
    assert [run.id for run in await store.runs(here, 2)] == ids[:2]
    ended = await store.finish_run(caller, ids[4], RunStatus.CANCELLED, now)
    assert await store.runs(here, status=RunStatus.CANCELLED) == [ended]
    assert len(await store.runs(here, 20, status=RunStatus.RUNNING)) == 10
    assert ended.finished_at == now
    later = clock.advance(SECOND)
    await store.keep_runs_alive([ids[0], ids[4]], later)
    alive = {row["id"]: row["alive_at"] for row in await rows(store, "collection_runs") if row["workspace_id"] == here}
    assert {number for number, at in alive.items() if at == later} == {ids[0]}


async def test_what_was_kept_long_enough_goes_and_what_is_watched_or_newer_stays(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, keep = clock.now(), 30 * DAY
    now = began + keep
    other = await second_workspace(store, caller, began)
    for whose in (caller, other):
        campaign = await world.make_campaign(store, whose, began)
        run = await store.start_run(whose, campaign.id, Basis.FILE, ["harbor"], began)
        for name, at in (("old", began - SECOND), ("kept", began)):
            await store.add_posts(whose, run.id, [world.collected(name, at)], Funnel(found=1), at)
    post, over = [await world.make_post(store, caller, began, name) for name in ("t3_aaaa1", "t3_aaaa2")]
    for one in (post, over):
        looks = (
            world.reading(began - 2 * SECOND, view=View.AUTHOR),
            world.reading(began - 2 * SECOND, last_read_at=began, view=View.PERSON),
            world.reading(began),
        )
        await world.record(store, [world.removal_check(one, began, readings=looks)], began)
    await change(store, over, next_check_at=None)
    deleted = await world.make_campaign(store, caller, began, name="Deleted")
    await store.set_campaign_status(caller, deleted.id, CampaignStatus.DELETED, now - timedelta(seconds=60))
    undone = await world.make_campaign(store, caller, began, name="Undone")
    await store.set_campaign_status(caller, undone.id, CampaignStatus.DELETED, now - timedelta(seconds=59))
    assert await store.purge_expired(now, keep) == 3
    kept_ids = [[p.reddit_id for p in await store.posts(w, "harbor")] for w in (caller.workspace_id, "terminal:b")]
    assert kept_ids == [["kept"], ["kept"]]
    purged = [row for row in await rows(store, "posts") if row["purged_at"] is not None]
    assert [(row["title"], row["body"], row["words"], row["author"], row["purged_at"]) for row in purged] == [
        (None, None, None, None, now)
    ] * 2
    assert len(await store.readings(caller.workspace_id, post.id)) == 3
    assert [r.view for r in await store.readings(caller.workspace_id, over.id)] == [View.PERSON, View.THIRD_PARTY]
    names_left = {row["name"] for row in await rows(store, "campaigns")}
    assert names_left == {"Acme", "Undone"}
    entries = [row for row in await rows(store, "journal") if row["kind"] == "data.purge"]
    assert {(row["workspace_id"], row["subject"], row["member_id"]) for row in entries} == {
        (caller.workspace_id, "workspace", "system"),
        ("terminal:b", "workspace", "system"),
    }
    assert sorted((row["workspace_id"], sorted(row["facts"].items())) for row in entries) == [
        ("terminal:b", [("posts", 1)]),
        (caller.workspace_id, [("campaigns", 1), ("posts", 1)]),
    ]


async def test_rules_are_read_again_where_they_are_oldest_in_every_workspace(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, began)
    await world.make_campaign(store, other, began, communities=("harbor", "attic"))
    await world.make_campaign(store, caller, began, name="a", communities=("harbor", "attic", "then"))
    await world.make_campaign(store, caller, began, name="b", communities=("harbor",))
    await store.save_rules(other, "harbor", Basis.FILE, [], began - HOUR)
    await store.save_rules(caller, "harbor", Basis.FILE, [], began - 2 * HOUR)
    await store.save_rules(caller, "then", Basis.FILE, [], began)
    due = [("terminal:b", "attic"), (here, "attic"), (here, "harbor"), ("terminal:b", "harbor")]
    assert await store.communities_to_refresh(began, 9) == due
    assert await store.communities_to_refresh(began, 2) == due[:2]
    assert await store.communities_to_refresh(began + SECOND, 9) == [*due, (here, "then")]


# ---------------------------------------------------------------- campaigns, facts, accounts, people


async def test_a_campaign_that_is_paused_deleted_and_brought_back_is_as_it_was(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    made = await world.make_campaign(store, caller, now, communities=("b", "a"))
    second = await world.make_campaign(store, caller, now, name="Second", communities=())
    theirs = await world.make_campaign(store, other, now)
    paused = await store.set_campaign_status(caller, made.id, CampaignStatus.PAUSED, now)
    assert paused == replace(made, status=CampaignStatus.PAUSED)
    deleted = await store.set_campaign_status(caller, made.id, CampaignStatus.DELETED, now)
    assert deleted == replace(made, status=CampaignStatus.DELETED, deleted_at=now)
    assert await store.campaigns(here) == [second]
    assert await store.set_campaign_status(caller, made.id, CampaignStatus.ACTIVE, now) == paused
    assert await store.campaigns(here) == [paused, second]
    assert await store.campaigns("terminal:b") == [theirs]
    emptied = await store.update_campaign(caller, made.id, now=now, url="", keywords=["one"], communities=[])
    assert emptied == replace(paused, url=None, keywords=("one",), communities=())
    same = await store.update_campaign(caller, made.id, now=now)
    assert same == emptied
    facts = [entry.facts for entry in await store.journal(here)][:2]
    assert facts == [{}, {"url": None, "keywords": ["one"], "communities": []}]
    assert await store.campaign("terminal:b", "ACME") == theirs


async def test_a_fact_comes_whole_with_each_of_its_wordings(store: Store, caller: Caller, clock: FixedClock) -> None:
    began, here = clock.now(), caller.workspace_id
    campaign, other = [await world.make_campaign(store, caller, began, name=name) for name in ("Acme", "Other")]
    ends = began + DAY
    told = FactDetails("bob", "Bob", "our ledger", "spring", began - DAY, ends, Number(31, "days", "workshops"))
    fact = await store.add_fact(caller, campaign.id, FactKind.NUMBER, "31 workshops", began, details=told)
    mine = await store.add_fact(caller, campaign.id, FactKind.PRODUCT, "It sends.", began)
    await store.add_fact(caller, other.id, FactKind.PRODUCT, "Of another.", began)
    assert (fact.kind, fact.created_at, fact.as_of, fact.entered_by) == (FactKind.NUMBER, began, began - DAY, "alice")
    assert await store.facts(here, campaign.id, began) == [fact, mine]
    assert await store.facts(here, campaign.id, ends - SECOND) == [fact, mine]
    assert await store.facts(here, campaign.id, ends) == [mine]
    assert await store.kept_facts(here, campaign.id) == [fact, mine]
    later = clock.advance(HOUR)
    bare = replace(fact, kind=FactKind.EXPERIENCE, body="I saw it.", owner="Cem", owner_id="cem", source=None)
    bare = replace(bare, period=None, as_of=None, expires_at=None, number=None)
    changed = await store.edit_fact(caller, bare, later)
    assert changed == replace(bare, version=2)
    first = FactVersion(
        fact.id,
        1,
        FactKind.NUMBER,
        "31 workshops",
        "Bob",
        "our ledger",
        "spring",
        began - DAY,
        ends,
        Number(31, "days", "workshops"),
        "alice",
        began,
    )
    second = FactVersion(
        fact.id, 2, FactKind.EXPERIENCE, "I saw it.", "Cem", None, None, None, None, None, "alice", later
    )
    assert await store.fact_versions(here, fact.id) == [first, second]
    assert [version.body for version in await store.fact_versions(here, mine.id)] == ["It sends."]


async def test_accounts_come_by_name_and_keep_what_reddit_told_when_they_are_signed_in_again(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, began)
    await store.link_account(other, "ada", began)
    await store.sign_in_account(other, "zoe", "sealed theirs", began)
    for name in ("Bob", "ada", "Cem"):
        await store.link_account(caller, name, began)
    assert [account.name for account in await store.accounts(here)] == ["ada", "Bob", "Cem"]
    assert [account.name for account in await store.accounts(here, ["BOB", "CEM", "zoe"])] == ["Bob", "Cem"]
    assert await store.accounts(here, []) == []
    later = clock.advance(HOUR)
    bob = world.somebody_else(caller, "bob")
    first = await store.sign_in_account(bob, "BOB", "sealed", later, reddit_created_at=began - DAY, karma=12)
    [before] = [account for account in await store.accounts(here) if account.name == "BOB"]
    assert first == before
    assert first == replace(
        before,
        linked_by="bob",
        linked_by_id="bob",
        signed_in_at=later,
        consent_gone_at=None,
        reddit_created_at=began - DAY,
        karma=12,
        state=AccountState.UNKNOWN,
        state_since=began,
    )
    again = await store.sign_in_account(caller, "Bob", "sealed anew", later + HOUR, karma=0)
    assert (again.karma, again.reddit_created_at, again.signed_in_at) == (0, began - DAY, later + HOUR)
    assert await store.sealed_tokens(here) == {again.id: "sealed anew"}
    alert = NewAlert(AlertKind.CONSENT_GONE, "gone", {})
    assert not await store.end_consent(other, again.id, "sealed anew", alert, later)
    assert await store.end_consent(caller, again.id, "sealed anew", alert, later)
    gone = await store.unlink_account(caller, "BOB", later)
    assert (gone.linked_by, gone.linked_by_id, gone.consent_gone_at, gone.signed_in_at) == (None, None, None, None)


async def test_a_consent_request_is_taken_whole_and_leaves_those_of_others(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    other = await second_workspace(store, caller, now)
    bob = world.somebody_else(caller, "bob")
    for whose, state in ((caller, "a"), (bob, "b"), (other, "c")):
        await store.ask_consent(whose, state * 64, f"Account of {state}", now, now + HOUR)
    taken = await store.take_consent_request("b" * 64, now, only_for=bob)
    assert (taken.workspace_id, taken.member_id, taken.member_name) == (caller.workspace_id, "bob", "bob")
    assert (taken.account_name, taken.asked_at) == ("Account of b", now)
    await store.ask_consent(caller, "d" * 64, None, now, now + HOUR)
    assert (await store.take_consent_request("c" * 64, now + HOUR - SECOND)).workspace_id == "terminal:b"
    assert (await store.take_consent_request("d" * 64, now)).account_name is None


async def test_members_come_by_name_and_keep_their_wish_when_their_role_changes(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    for member, name in (("u2", "Zoe"), ("u3", "Ada"), ("u1", "Ada")):
        await store.grant_role(caller, member, name, Role.ADMIN, now)
    await store.grant_role(other, "u9", "Ada", Role.ADMIN, now)
    assert [member.id for member in await store.members(here)] == ["u1", "u3", "u2"]
    zoe = replace(caller, member_id="u2", name="Zoe")
    off = await store.set_told_directly(zoe, False, now)
    assert [member.told_directly for member in await store.members(here)] == [True, True, False]
    later = clock.advance(HOUR)
    await store.grant_role(caller, "u2", "Zoë", Role.VIEWER, later)
    [renamed] = [member for member in await store.members(here) if member.id == "u2"]
    assert renamed == replace(off, name="Zoë", role=Role.VIEWER, granted_by="alice", granted_at=later)
    assert await store.revoke_role(caller, "u1", later) in [replace(off, id="u1", name="Ada", told_directly=True)]
    assert [member.id for member in await store.members(here)] == ["u3", "u2"]
    assert [member.id for member in await store.members("terminal:b")] == ["u9"]


async def test_where_alerts_go_is_told_with_when_the_place_last_took_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, began)
    assert await store.alert_place(here) == AlertPlace(None, None)
    for whose in (caller, other):
        await store.set_alert_channel(whose, "C1", began)
    assert await store.alert_place(here) == AlertPlace("C1", began)

    async def deliver(by: Caller, **told: Any) -> None:
        await store.owe_alert(by, NewAlert(AlertKind.TEST, f"{clock.now()} {told}", {}), clock.now())
        for alert in await store.lease_alerts(clock.now(), worker="c", lease=HOUR, limit=9, platforms=["terminal"]):
            assert await store.record_delivery(alert.id, "c", clock.now(), **{"delivered": True, **told})

    took_at = clock.advance(HOUR)
    await deliver(caller)
    clock.advance(HOUR)
    await deliver(other)
    await deliver(caller, problem="To a person.")
    await deliver(caller, delivered=False)
    assert await store.alert_place(here) == AlertPlace("C1", took_at)
    later = clock.advance(HOUR)
    await store.set_alert_channel(caller, "C2", later)
    assert await store.alert_place(here) == AlertPlace("C2", later)
    await store.set_alert_channel(caller, None, later)
    assert await store.alert_place(here) == AlertPlace(None, None)


async def test_a_place_that_a_person_chose_is_refused_no_more(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, here = clock.now(), caller.workspace_id
    await second_workspace(store, caller, now)
    for workspace, place in ((here, "C1"), (here, "C2"), ("terminal:b", "C1")):
        await store.refuse_place(workspace, place, "archived", now)
    await store.set_alert_channel(caller, None, now)
    assert [refusal.place for refusal in await store.refusals(here)] == ["C1", "C2"]
    await store.set_alert_channel(caller, "C1", now)
    assert [refusal.place for refusal in await store.refusals(here)] == ["C2"]
    assert [refusal.place for refusal in await store.refusals("terminal:b")] == ["C1"]


async def test_the_journal_shows_a_hundred_entries_at_most(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await second_workspace(store, caller, now)
    await store.set_four_eyes(other, True, now)
    for n in range(101):
        await store.set_four_eyes(caller, bool(n % 2), now)
    entries = await store.journal(here)
    assert len(entries) == 100
    assert [entry.id for entry in entries] == sorted((entry.id for entry in entries), reverse=True)
    assert len(await store.journal(here, limit=101)) == 101
    first = min(entry.id for entry in await store.journal(here, limit=101))
    assert [entry.id for entry in await store.journal(here, ids=[first, entries[0].id])] == [entries[0].id, first]
    assert len(await store.journal("terminal:b")) == 1


async def test_a_post_of_another_workspace_belongs_to_no_draft_here(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    other = await second_workspace(store, caller, now)
    campaign = await world.make_campaign(store, caller, now)
    draft = await world.make_approved_draft(store, caller, campaign.id, now)
    with pytest.raises(NotFound, match=f"There is no draft {draft.id} here"):
        await store.register_post(other, world.to_register("t3_aaaa1", now, draft_id=draft.id), now)
    assert await store.post_of_draft("terminal:b", draft.id) is None
