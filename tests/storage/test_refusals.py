"""What people are told when a verb refuses: what happened, what to do now and about what, and who was first when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from core.alerts import DecisionKind
from core.campaigns import CampaignStatus, FactKind
from core.collecting.runs import Funnel, RunStatus
from core.drafting.drafts import DraftStatus, Poster, RevisionOrigin, WayOut
from core.errors import (
    Advice,
    AlreadyDecided,
    AlreadyExists,
    Do,
    NotAllowedNow,
    NotFound,
    OverBudget,
    UserError,
)
from core.model import AlertKind as Kind
from core.model import Basis, Caller, NewAlert, Outcome, Reading, Role, View
from core.visibility.tracking import Check, Verdict
from storage.base import missing
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world

HOUR = timedelta(hours=1)
AT = "23 Nov 2026, 12:00 UTC"  # when the tests' clock begins
LATER = "23 Nov 2026, 13:00 UTC"
Error = TypeVar("Error", bound=UserError)


async def refused(call: Awaitable[Any], kind: type[Error]) -> Error:
    with pytest.raises(kind) as told:
        await call
    assert type(told.value) is kind
    return told.value


def words(error: UserError) -> tuple[object, ...]:
    """What it says, and the command that it advises with what that is about."""
    do = error.do
    return (error.what, str(do), do.act, do.about) if isinstance(do, Advice) else (error.what, do)


def first(error: AlreadyDecided) -> tuple[str, datetime]:
    return error.decided_by, error.decided_at


@pytest.fixture
def bob(caller: Caller) -> Caller:
    return world.somebody_else(caller, "bob")


async def test_a_workspace_that_nobody_has_entered_is_not_known(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    nowhere = replace(caller, workspace_id="terminal:nowhere")
    not_known = ("This workspace is not known here.", "Give any command in it once.", Do.HELP, None)
    assert words(await refused(store.workspace("terminal:nowhere"), NotFound)) == not_known
    assert words(await refused(store.set_timezone(nowhere, "UTC", clock.now()), NotFound)) == not_known


@pytest.mark.parametrize(
    ("noun", "where"),
    [
        ("account", Do.SHOW_ACCOUNTS),
        ("alert", Do.LIST_ALERTS),
        ("route", Do.LIST_ALERTS),
        ("campaign", Do.LIST_CAMPAIGNS),
        ("collected post", Do.BROWSE_POSTS),
        ("collection run", Do.SHOW_COLLECTING),
        ("draft", Do.LIST_DRAFTS),
        ("fact", Do.LIST_FACTS),
        ("mark", Do.LIST_DRAFTS),
        ("pattern", Do.LIST_PATTERNS),
        ("picture", Do.LIST_POSTS),
        ("post", Do.LIST_POSTS),
        ("profile", Do.SHOW_COMMUNITY),
        ("removed pattern", Do.LIST_PATTERNS),
        ("reservation", Do.SHOW_USAGE),
        ("rules snapshot", Do.SHOW_RULES),
    ],
)
def test_what_is_missing_is_named_with_where_the_others_are(noun: str, where: Do) -> None:
    assert words(missing(noun, 7)) == (f"There is no {noun} 7 here.", "See which there are.", where, None)


async def test_each_verb_names_what_it_does_not_find(store: Store, caller: Caller, clock: FixedClock) -> None:
    now, here = clock.now(), caller.workspace_id
    campaign = (await world.make_campaign(store, caller, now)).id
    nothing = 1_000
    new = world.to_register("t3_aaaa1", now)
    for call, noun in (
        (store.alert_record(here, nothing), "alert"),
        (store.end_route(caller, nothing, now), "route"),
        (store.campaign(here, nothing), "campaign"),
        (store.update_campaign(caller, nothing, now=now), "campaign"),
        (store.set_campaign_status(caller, nothing, CampaignStatus.PAUSED, now), "campaign"),
        (store.register_post(caller, replace(new, campaign_id=nothing), now), "campaign"),
        (store.add_pattern(caller, world.a_pattern(campaign_id=nothing), now), "campaign"),
        (store.post(here, nothing), "collected post"),
        (store.add_posts(caller, nothing, [], Funnel(), now), "collection run"),
        (store.finish_run(caller, nothing, RunStatus.CANCELLED, now), "collection run"),
        (store.draft(here, nothing), "draft"),
        (store.marks(here, nothing), "draft"),
        (store.keep_marks(here, nothing, [], []), "draft"),
        (store.register_post(caller, replace(new, draft_id=nothing), now), "draft"),
        (store.fact(here, nothing), "fact"),
        (store.fact_versions(here, nothing), "fact"),
        (store.remove_fact(caller, nothing, now), "fact"),
        (store.mark(here, nothing), "mark"),
        (store.decide_mark(caller, nothing, WayOut.FREE, now, revision=1), "mark"),
        (store.remove_pattern(caller, nothing, now), "pattern"),
        (store.restore_pattern(caller, nothing, now), "removed pattern"),
        (store.tracked_post(here, nothing), "post"),
        (store.readings(here, nothing), "post"),
        (store.due_now(caller, nothing, now), "post"),
        (store.snooze_post(caller, nothing, now, now), "post"),
        (store.stop_watching(caller, nothing, now), "post"),
        (store.resume_watching(caller, nothing, now, None, now), "post"),
        (store.state_reason(caller, nothing, "No.", None, now), "post"),
        (store.unstate_reason(caller, nothing, now), "post"),
        (store.add_pattern(caller, world.a_pattern(tracked_post_id=nothing), now), "post"),
        (store.owe_alert(caller, NewAlert(Kind.TEST, "k", {}, nothing), now), "post"),
        (store.profile(here, nothing), "profile"),
        (store.register_post(caller, replace(new, profile_id=nothing), now), "profile"),
        (store.release(caller, nothing, now), "reservation"),
        (store.rules_snapshot(here, nothing), "rules snapshot"),
        (store.register_post(caller, replace(new, rules_snapshot_id=nothing), now), "rules snapshot"),
    ):
        assert (await refused(call, NotFound)).what == f"There is no {noun} {nothing} here."
    assert (await refused(store.campaign(here, "Other"), NotFound)).what == "There is no campaign Other here."
    assert (await store.campaign(here, campaign)).id == campaign


# ---------------------------------------------------------------- drafts


async def test_who_comes_second_to_a_draft_is_told_who_decided(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    campaign = await world.make_campaign(store, caller, began)
    approved, discarded = [await world.make_draft(store, caller, campaign.id, began) for _ in range(2)]
    await store.decide_draft(bob, approved.id, DraftStatus.APPROVED, began)
    await store.decide_draft(bob, discarded.id, DraftStatus.DISCARDED, began)
    now = clock.advance(HOUR)
    for draft, did in ((approved, "approved"), (discarded, "discarded")):
        for call in (
            store.decide_draft(caller, draft.id, DraftStatus.APPROVED, now),
            store.add_revision(caller, draft.id, world.revision(), after=1, now=now),
            store.leave_undisclosed(caller, draft.id, "For a reason.", now),
        ):
            told = await refused(call, AlreadyDecided)
            assert words(told) == (
                f"Draft {draft.id} was {did} by bob on {AT}.",
                "See it.",
                Do.SHOW_DRAFT,
                draft.id,
            )
            assert first(told) == ("bob", began)
    with pytest.raises(ValueError, match=r"^not a decision: edited$"):
        await store.decide_draft(caller, approved.id, DraftStatus.EDITED, now)


async def test_who_looked_at_an_older_draft_is_told_who_changed_it_last(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    other = await world.make_draft(store, caller, campaign.id, clock.now())
    await store.leave_undisclosed(caller, draft.id, "For a reason.", clock.now())
    changed_at = clock.advance(HOUR)
    await store.leave_undisclosed(bob, draft.id, "For another reason.", changed_at)
    now = clock.advance(HOUR)
    await store.leave_undisclosed(caller, other.id, "For a reason.", now)
    for call in (
        store.decide_draft(caller, draft.id, DraftStatus.APPROVED, now, version=1),
        store.give_draft(caller, draft.id, Poster("cem", "Cem"), now, version=1, keeps_approval=False),
    ):
        told = await refused(call, AlreadyDecided)
        assert words(told) == (
            f"bob changed draft {draft.id} on {LATER}, while you looked at it.",
            "Look at it as it is now.",
            Do.SHOW_DRAFT,
            draft.id,
        )
        assert first(told) == ("bob", changed_at)


async def test_an_older_text_is_refused_with_who_wrote_the_newer_one(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    written_at = clock.advance(HOUR)
    for number, by in ((1, "carol"), (2, "bob")):
        text = world.revision("Anew.", written_by=by, origin=RevisionOrigin.PERSON)
        await store.add_revision(caller, draft.id, text, after=number, now=written_at)
    told = await refused(
        store.add_revision(caller, draft.id, world.revision("Late."), after=2, now=clock.advance(HOUR)), AlreadyDecided
    )
    assert words(told) == (
        f"bob changed draft {draft.id} on {LATER}; yours was made from an older text.",
        "Look at the newest text first.",
        Do.SHOW_DRAFT,
        draft.id,
    )
    assert first(told) == ("bob", written_at)


async def test_what_asks_for_an_approval_says_how_the_last_one_ended(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    draft = await world.make_draft(store, caller, campaign.id, clock.now())
    verbs: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: store.reopen_draft(caller, draft.id, clock.now()),
        lambda: store.drop_draft(caller, draft.id, clock.now()),
        lambda: store.put_off_reminder(caller, draft.id, clock.now(), clock.now()),
    )
    for verb in verbs:
        assert words(await refused(verb(), NotAllowedNow)) == (
            f"Draft {draft.id} is not approved.",
            "See how it stands.",
            Do.SHOW_DRAFT,
            draft.id,
        )
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, clock.now())
    ended_at = clock.advance(HOUR)
    await store.reopen_draft(bob, draft.id, ended_at)
    clock.advance(HOUR)
    for verb in verbs:
        told = await refused(verb(), AlreadyDecided)
        assert words(told) == (
            f"The approval of draft {draft.id} ended on {LATER}, by bob.",
            "See how it stands.",
            Do.SHOW_DRAFT,
            draft.id,
        )
        assert first(told) == ("bob", ended_at)


async def test_a_mark_is_decided_once_and_only_of_the_newest_text_of_an_open_draft(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    began, here = clock.now(), caller.workspace_id
    campaign = await world.make_campaign(store, caller, began)
    draft = await world.make_draft(store, caller, campaign.id, began)
    one, other = await store.keep_marks(here, draft.id, [], [world.a_mark("on time"), world.a_mark("late")]) or ()
    await store.decide_mark(bob, one.id, WayOut.OUT, began, revision=1)
    now = clock.advance(HOUR)
    told = await refused(store.decide_mark(caller, one.id, WayOut.FREE, now, revision=1), AlreadyDecided)
    assert words(told) == (f"bob took “on time” out on {AT}.", "See the draft.", Do.SHOW_DRAFT, draft.id)
    assert first(told) == ("bob", began)
    await store.add_revision(bob, draft.id, world.revision("Anew.", written_by="bob"), after=1, now=now)
    told = await refused(store.decide_mark(caller, other.id, WayOut.FREE, now, revision=1), AlreadyDecided)
    assert told.what == f"bob changed draft {draft.id} on {LATER}; yours was made from an older text."
    await store.decide_draft(bob, draft.id, DraftStatus.DISCARDED, now)
    told = await refused(store.decide_mark(caller, other.id, WayOut.FREE, now, revision=2), AlreadyDecided)
    assert told.what == f"Draft {draft.id} was discarded by bob on {LATER}."


# ---------------------------------------------------------------- tracked posts


async def test_what_stands_in_the_way_of_registering_a_post_is_told(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    campaign = await world.make_campaign(store, caller, began)
    waiting, discarded, posted = [await world.make_draft(store, caller, campaign.id, began) for _ in range(3)]
    await store.decide_draft(bob, discarded.id, DraftStatus.DISCARDED, began)
    await store.decide_draft(bob, posted.id, DraftStatus.APPROVED, began)
    post = await store.register_post(bob, world.to_register("t3_aaaa1", began, draft_id=posted.id), began)
    now = clock.advance(HOUR)

    async def register(draft_id: int | None, kind: type[Error], name: str = "t3_aaaa2") -> Error:
        return await refused(store.register_post(caller, world.to_register(name, now, draft_id=draft_id), now), kind)

    assert words(await register(None, AlreadyExists, "t3_aaaa1")) == (
        f"bob registered this post on {AT}.",
        "See it.",
        Do.SHOW_POST,
        post.id,
    )
    assert words(await register(waiting.id, NotAllowedNow)) == (
        f"Draft {waiting.id} is not approved yet.",
        "Have it approved first, or register the post without the draft.",
    )
    told = await register(discarded.id, AlreadyDecided)
    assert words(told) == (
        f"Draft {discarded.id} was discarded by bob on {AT}.",
        "Register the post without the draft.",
    )
    assert first(told) == ("bob", began)
    told = await register(posted.id, AlreadyDecided)
    assert words(told) == (
        f"Draft {posted.id} was registered as posted by bob on {AT}.",
        "See it.",
        Do.SHOW_POST,
        post.id,
    )
    assert first(told) == ("bob", began)
    await store.set_plan(caller, now, max_tracked_posts=1)
    assert words(await register(None, OverBudget)) == (
        "1 posts are watched here; the plan allows 1.",
        "Stop watching one, or let an admin raise the limit.",
        Do.SET_PLAN,
        None,
    )


async def test_who_decides_second_about_a_post_is_told_who_was_first(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    post = await world.make_post(store, caller, began)
    until = began + 5 * HOUR
    await store.snooze_post(bob, post.id, until, began)
    now = clock.advance(HOUR)
    told = await refused(store.snooze_post(caller, post.id, until, now), AlreadyDecided)
    assert words(told) == (
        f"bob snoozed it on {AT}, until 23 Nov 2026, 17:00 UTC.",
        "Name another span.",
        Do.SNOOZE_POST,
        post.id,
    )
    assert first(told) == ("bob", began)
    assert (await store.snooze_post(caller, post.id, until + HOUR, until)).snoozed_until == until + HOUR

    await store.stop_watching(bob, post.id, now)
    told = await refused(store.stop_watching(caller, post.id, clock.advance(HOUR)), AlreadyDecided)
    assert words(told) == (
        f"bob stopped watching it on {LATER}.",
        "To watch it again, register it again.",
        Do.REGISTER_POST,
        None,
    )
    assert first(told) == ("bob", now)


async def test_a_second_wrong_alarm_is_told_of_the_first(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    post = await world.make_post(store, caller, began)
    await world.record(store, [world.removal_check(post, began)], began)

    def wrong(by: Caller, now: datetime) -> Check:
        look = Reading(View.PERSON, Basis.PERSON, now, Outcome.VISIBLE)
        verdict = Verdict(post.state, now)
        return Check(post.id, post.workspace_id, (look,), verdict, None, said=(DecisionKind.WRONG_ALARM, by))

    await world.record(store, [wrong(bob, began)], began)
    now = clock.advance(HOUR)
    told = await refused(world.record(store, [wrong(caller, now)], now), AlreadyDecided)
    assert words(told) == (
        f"bob called it a wrong alarm on {AT}.",
        "See how the post stands.",
        Do.SHOW_POST,
        post.id,
    )
    assert first(told) == ("bob", began)


async def test_a_reason_is_given_once_and_undone_where_one_is_kept(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    post = await world.make_post(store, caller, began)
    assert words(await refused(store.unstate_reason(caller, post.id, began), NotFound)) == (
        f"No reason is kept for post {post.id}.",
        "Give one.",
        Do.GIVE_REASON,
        post.id,
    )
    await store.state_reason(bob, post.id, "No links.", None, began)
    told = await refused(store.state_reason(caller, post.id, "No.", None, clock.advance(HOUR)), AlreadyDecided)
    assert words(told) == (
        f"bob gave the reason on {AT}.",
        "To give another, undo it first.",
        Do.SHOW_POST,
        post.id,
    )
    assert first(told) == ("bob", began)


# ---------------------------------------------------------------- campaigns, facts, communities, money


async def test_what_is_taken_or_too_much_is_told_with_the_way_out(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    began = clock.now()
    campaign = await world.make_campaign(store, bob, began, name="Acme")
    now = clock.advance(HOUR)
    assert words(await refused(world.make_campaign(store, caller, now, name="ACME"), AlreadyExists)) == (
        f"bob made a campaign named Acme on {AT}.",
        "Choose another name, or see it.",
        Do.SHOW_CAMPAIGN,
        campaign.id,
    )
    await store.set_plan(caller, now, max_campaigns=1)
    assert words(await refused(world.make_campaign(store, caller, now, name="Other"), OverBudget)) == (
        "This workspace has 1 campaigns; its plan allows 1.",
        "Delete one, or let an admin raise the limit.",
        Do.SET_PLAN,
        None,
    )
    await store.add_pattern(caller, world.a_pattern(), began)
    assert words(await refused(store.add_pattern(caller, world.a_pattern(), now), AlreadyExists)) == (
        f"That is known about r/harbor since {AT}.",
        "See them.",
        Do.LIST_PATTERNS,
        None,
    )
    assert words(await refused(store.community_summary(caller.workspace_id, "attic"), NotFound)) == (
        "r/attic is in no campaign here, and nothing was collected from it.",
        "Check its name, or add it to the communities of a campaign.",
        Do.EDIT_CAMPAIGN,
        None,
    )


async def test_a_fact_that_was_changed_or_removed_is_told_by_whom(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    campaign = await world.make_campaign(store, caller, clock.now())
    fact = await store.add_fact(caller, campaign.id, FactKind.PRODUCT, "It sends invoices.", clock.now())
    now = clock.advance(HOUR)
    changed = await store.edit_fact(bob, replace(fact, body="It sends letters."), now)
    told = await refused(store.edit_fact(caller, replace(fact, body="Late."), clock.advance(HOUR)), AlreadyDecided)
    assert words(told) == (
        f"bob changed fact {fact.id} on {LATER}; yours was made from an older wording.",
        "Look at it first.",
        Do.SHOW_FACT,
        fact.id,
    )
    assert first(told) == ("bob", now)
    await store.remove_fact(bob, fact.id, now)
    for call in (store.edit_fact(caller, changed, clock.now()), store.remove_fact(caller, fact.id, clock.now())):
        told = await refused(call, AlreadyDecided)
        assert words(told) == (
            f"Fact {fact.id} was removed by bob on {LATER}.",
            "See which there are.",
            Do.LIST_FACTS,
            None,
        )
        assert first(told) == ("bob", now)


async def test_a_collection_that_has_ended_and_a_text_that_is_gone_are_told(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    campaign = await world.make_campaign(store, caller, now)
    run = await store.start_run(caller, campaign.id, Basis.FILE, ["harbor"], now)
    await store.add_posts(caller, run.id, [world.collected("p1", now)], Funnel(found=1), now)
    [post] = await store.posts(caller.workspace_id, "harbor")
    await store.finish_run(caller, run.id, RunStatus.SUCCEEDED, now)
    assert words(await refused(store.add_posts(caller, run.id, [], Funnel(), now), NotAllowedNow)) == (
        "That collection has ended.",
        "Start another one.",
        Do.COLLECT,
        None,
    )
    await store.purge_expired(now + 2 * HOUR, HOUR)
    assert words(await refused(store.post(caller.workspace_id, post.id), NotFound)) == (
        f"The text of post {post.id} is no longer kept.",
        "Look at another.",
        Do.BROWSE_POSTS,
        None,
    )


# ---------------------------------------------------------------- people and places


async def test_people_without_a_role_and_the_last_admin_are_told(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    assert words(await refused(store.set_told_directly(caller, False, now), NotFound)) == (
        "You have no role here.",
        "See who has.",
        Do.LIST_ROLES,
        None,
    )
    assert words(await refused(store.revoke_role(caller, "bob", now), NotFound)) == (
        "That person has no role here.",
        "See who has.",
        Do.LIST_ROLES,
        None,
    )
    await store.grant_role(caller, "alice", "alice", Role.ADMIN, now)
    for call in (
        store.revoke_role(caller, "alice", now),
        store.grant_role(caller, "alice", "alice", Role.VIEWER, now),
    ):
        assert words(await refused(call, NotAllowedNow)) == (
            "That is the only admin of this workspace.",
            "Make somebody else admin first.",
            Do.GRANT_ROLE,
            None,
        )


async def test_accounts_webhooks_and_feeds_that_are_not_there_are_told(
    store: Store, caller: Caller, bob: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    assert words(await refused(store.unlink_account(caller, "Ada_W", now), NotFound)) == (
        "u/Ada_W is not linked here.",
        "See which are.",
        Do.SHOW_ACCOUNTS,
        None,
    )
    await store.link_account(bob, "ada_w", now)
    assert words(await refused(store.link_account(caller, "Ada_W", now), AlreadyExists)) == (
        "u/ada_w is linked already, by bob.",
        "See it.",
        Do.SHOW_ACCOUNTS,
        None,
    )
    assert words(await refused(store.take_consent_request("a" * 64, now), NotFound)) == (
        "Nobody is waiting for that answer: it was used already, is too old, or somebody else asked for it.",
        "Ask for a new link.",
        Do.LINK_ACCOUNT,
        None,
    )
    for verb, noun in ((store.wake_webhook, "webhook"), (store.end_webhook, "webhook"), (store.end_feed, "feed")):
        assert words(await refused(verb(caller, now), NotFound)) == (
            f"This workspace has no {noun}.",
            "See what there is.",
            Do.LIST_ALERTS,
            None,
        )


async def test_money_that_does_not_suffice_is_told_with_who_can_raise_the_cap(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now, expires_at = clock.now(), clock.now() + HOUR
    await store.set_plan(caller, now, monthly_cap_usd_micros=3_000_000)
    await store.reserve(caller, "draft", 1_000_000, now, expires_at=expires_at)

    async def too_much(within: Store) -> tuple[object, ...]:
        return words(await refused(within.reserve(caller, "draft", 2_500_000, now, expires_at=expires_at), OverBudget))

    what = "This can cost up to $2.50; $2.00 of $3.00 are left this month. Nothing was spent."
    assert await too_much(store) == (what, "It resets on 2026-12-01. An admin can raise the cap.")
    below = Store(store._database, max_monthly_cap_usd_micros=3_000_001)
    assert await too_much(below) == (what, "It resets on 2026-12-01. An admin can raise the cap.")
    at_ceiling = Store(store._database, max_monthly_cap_usd_micros=3_000_000)
    operators = "It resets on 2026-12-01. Who runs the bot can raise its ceiling: BCRAO_MAX_MONTHLY_CAP_USD"
    assert await too_much(at_ceiling) == (what, operators)
