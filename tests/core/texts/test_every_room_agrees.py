"""Whether a post is gone is asked in many rooms; all of them must say the same of every wording."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.analysis.profile import is_removed
from core.analysis.service import Communities
from core.campaigns import Campaign
from core.collecting import prefilter
from core.collecting.prefilter import Prefilter, reason_against
from core.collecting.runs import Funnel
from core.gateways.things import read_sighting
from core.listing import Wanted
from core.model import Basis, Caller, Outcome, Reading, RemovedBy, State, TrackedPost, View
from core.texts.gone import GoneBy, is_deleted
from core.visibility.readings import read_sighting as read
from core.visibility.verdict import judge
from storage.store import Store
from tests.clock import FixedClock
from tests.core.collecting.invented import collected
from tests.core.texts.test_gone import WORDINGS
from tests.core.visibility.world import START, tracked

WORKSPACE = "terminal:local"
_STATES = {
    GoneBy.AUTHOR: (State.DELETED, None),
    GoneBy.MODERATORS: (State.REMOVED, RemovedBy.MODERATORS),
    GoneBy.REDDIT: (State.REMOVED, RemovedBy.REDDIT_ADMINS),
    GoneBy.UNKNOWN: (State.REMOVED, RemovedBy.UNKNOWN),
}


def judged(readings: list[Reading], fullname: str) -> TrackedPost:
    post = replace(tracked(), fullname=fullname, state=State.LIVE)
    verdict = judge(post, readings[:-1], readings[-1:], readings[-1].read_at)
    return replace(post, state=verdict.state, removed_by=verdict.removed_by)


@pytest.mark.parametrize("fullname", ["t3_1abc2d", "t1_1abc2d"])
@pytest.mark.parametrize("wording", WORDINGS)
def test_a_watched_post_or_comment_whose_text_becomes_one_is_not_live(wording: str, fullname: str) -> None:
    of_post = {"title": "A title", "selftext": wording, "is_robot_indexable": False, "removed_by_category": None}
    fields = of_post if fullname.startswith("t3_") else {"body": wording}
    thing = {"kind": fullname[:2], "data": {"name": fullname, "subreddit": "harbor", "author": "[deleted]", **fields}}
    sighting = read_sighting(thing)
    readings = [
        read(
            fullname,
            sighting,
            view=View.THIRD_PARTY,
            basis=Basis.REDDIT_API,
            read_at=START + timedelta(minutes=4 * n),
            control_live=True,
        )
        for n in range(2)
    ]
    assert [reading.outcome for reading in readings] == [Outcome.NOT_VISIBLE] * 2
    post = judged(readings, fullname)
    assert (post.state, post.removed_by) == _STATES[WORDINGS[wording]]


@pytest.mark.parametrize("place", ["title", "body"])
async def test_collecting_browse_and_profile_count_the_same_posts_as_gone(
    store: Store, caller: Caller, clock: FixedClock, campaign: Campaign, communities: Communities, place: str
) -> None:
    gone = [collected(n, **{place: wording}) for n, wording in enumerate(WORDINGS, start=100)]
    standing = [collected(n) for n in range(1, 21)]
    by_author = [post for post in gone if WORDINGS[getattr(post, place)] is GoneBy.AUTHOR]
    assert [is_deleted(post) for post in gone] == [post in by_author for post in gone]

    kept, funnel = Prefilter().sift([*gone, *standing])
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["pottery"], clock.now())
    added = await store.add_posts(caller, run.id, kept, funnel, clock.now())
    every = Wanted(limit=100)
    posts = await communities.browse(WORKSPACE, "pottery", wanted=every)
    removed = await communities.browse(WORKSPACE, "pottery", wanted=every, only="removed")
    figures = (await communities.refresh(caller, "pottery")).figures

    unreadable = [post for post in gone if reason_against(post) not in (None, prefilter.DELETED)]
    expected = len(gone) - len(by_author) - len(unreadable)
    assert funnel.filtered.get(prefilter.DELETED) == len(by_author)
    assert added.kept == posts.total == len(posts.rows) == expected + len(standing)
    assert removed.total == len(removed.rows) == sum(map(is_removed, posts.rows)) == expected
    assert all(post.removed_by_category for post in removed.rows)
    assert (figures["posts"], figures["removals"]["removed"]) == (len(standing), expected)


async def test_a_kept_post_whose_text_was_taken_down_since_is_counted_as_removed(
    store: Store, caller: Caller, clock: FixedClock, campaign: Campaign, communities: Communities
) -> None:
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["pottery"], clock.now())
    await store.add_posts(caller, run.id, [collected(1), collected(2)], Funnel(found=2), clock.now())
    again = collected(
        1, body="[ Removed by Reddit on account of violating the [content policy](/help/contentpolicy). ]"
    )
    await store.add_posts(caller, run.id, [again], Funnel(found=1), clock.now())
    removed = await communities.browse(WORKSPACE, "pottery", wanted=Wanted(), only="removed")
    assert [(post.reddit_id, post.body) for post in removed.rows] == [(again.reddit_id, collected(1).body)]
