"""What is read of drafts, communities and collecting: which, in which order, how many, before and at each bound."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.campaigns import CampaignStatus
from core.collecting.runs import Funnel, RunStatus
from core.communities import CommunitySummary, Post
from core.drafting.drafts import DraftStatus, Poster
from core.drafting.history import OwnText
from core.model import (
    Basis,
    Caller,
    State,
    View,
)
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.invented import keep_profile, kept
from tests.storage import world
from tests.storage.rows import all_rows

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


# ---------------------------------------------------------------- drafts and the team's texts


async def test_drafts_are_found_by_status_community_words_and_number_in_kept_campaigns(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
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
    other = await world.elsewhere(store, caller, began)
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
    open_one = OwnText("harbor", "Anew", "Second.", late, "Bob", "bob", "bob_w", draft_id=draft.id)
    of_alice = ("alice", caller.member_id, "invented_author")
    seen = OwnText("harbor", "As seen", "", early, *of_alice, post_id=bare.id, state=State.UNVERIFIED)
    assert await store.own_texts(here, early, 9) == [open_one, seen]
    assert await store.own_texts(here, early + SECOND, 9) == [open_one]
    assert await store.own_texts(here, early, 1) == [open_one]
    assert await store.own_texts(here, late + SECOND, 9) == []


# ---------------------------------------------------------------- communities and collecting


async def rows(store: Store, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in (await all_rows(store))[table].values()]


async def test_kept_posts_come_whole_the_newest_first_without_those_that_were_purged(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
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
    other = await world.elsewhere(store, caller, began)
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
    other = await world.elsewhere(store, caller, began)

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
    other = await world.elsewhere(store, caller, now)

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


async def test_runs_are_listed_the_newest_first_ten_at_most(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, here = clock.now(), caller.workspace_id
    other = await world.elsewhere(store, caller, now)
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
    other = await world.elsewhere(store, caller, began)
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
    await world.change_post(store, over.id, next_check_at=None)
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
    other = await world.elsewhere(store, caller, began)
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
