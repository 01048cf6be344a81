"""No verb shows or changes anything of another workspace. Every noun's verbs are walked; a new one must be added."""

from __future__ import annotations

import ast
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.campaigns import CampaignStatus, Fact, FactKind
from core.collecting.runs import Funnel, RunStatus
from core.communities import Extract, Rule
from core.demands import rule_key
from core.drafting.drafts import DraftStatus, Poster, WayOut
from core.errors import NotFound
from core.ledger import UsageEvent
from core.listing import Noun, Wanted
from core.model import AlertKind, AuditOutcome, Basis, Caller, NewAlert, Role, State
from core.routes import About, NewRoute
from core.timetable import DigestPlan, DigestRhythm, QuietHours
from core.visibility.tracking import Backlog
from storage.schema import metadata, workspaces
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.invented import keep_profile, kept
from tests.storage import world
from tests.storage.alpha import MARK, Alpha, fill
from tests.test_rooms import SOURCES


async def _edit_fact(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    as_it_was = Fact(a.fact, b.workspace_id, a.campaign, FactKind.PRODUCT, "It sends letters.", "B", now)
    await s.edit_fact(b, as_it_was, now)


Call = Callable[[Store, Caller, Alpha, datetime], Awaitable[Any]]
UNTIL = timedelta(hours=1)
LONG = timedelta(days=9)

# Each verb as a member of workspace B would call it with what is A's.
CALLS: Mapping[str, Call] = {
    "ensure_workspace": lambda s, b, a, now: s.ensure_workspace(b.workspace_id, "terminal", "B", now),
    "workspace": lambda s, b, a, now: s.workspace(b.workspace_id),
    "timetable": lambda s, b, a, now: s.timetable(b.workspace_id),
    "set_timezone": lambda s, b, a, now: s.set_timezone(b, "Europe/Vienna", now),
    "set_quiet_hours": lambda s, b, a, now: s.set_quiet_hours(b, QuietHours(time(22), time(7)), now),
    "set_digest": lambda s, b, a, now: s.set_digest(b, DigestPlan(DigestRhythm.DAILY, time(9)), now),
    "set_urgent_wakes": lambda s, b, a, now: s.set_urgent_wakes(b, True, now),
    "set_good_news": lambda s, b, a, now: s.set_good_news(b, True, now),
    "routes": lambda s, b, a, now: s.routes(b.workspace_id),
    "set_route": lambda s, b, a, now: s.set_route(b, NewRoute(About.COMMUNITY, "tea", "r/tea", "c-1"), now),
    "end_route": lambda s, b, a, now: s.end_route(b, a.route, now),
    "owe_digest": lambda s, b, a, now: s.owe_digest(b, now, NewAlert(AlertKind.DIGEST, "digest of B", {}), now),
    "set_alert_channel": lambda s, b, a, now: s.set_alert_channel(b, "elsewhere", now),
    "alert_record": lambda s, b, a, now: s.alert_record(b.workspace_id, a.alert),
    "alert_place": lambda s, b, a, now: s.alert_place(b.workspace_id),
    "members": lambda s, b, a, now: s.members(b.workspace_id),
    "enter": lambda s, b, a, now: s.enter(b.workspace_id, "terminal", "B", MARK, now),
    "grant_role": lambda s, b, a, now: s.grant_role(b, "bob", "bob", Role.ADMIN, now),
    "revoke_role": lambda s, b, a, now: s.revoke_role(b, MARK, now),
    "journal": lambda s, b, a, now: s.journal(b.workspace_id),
    "export_rows": lambda s, b, a, now: s.export_rows(b.workspace_id),
    "forget_workspace": lambda s, b, a, now: s.forget_workspace(b),
    "install": lambda s, b, a, now: s.install(b, "B", world.an_installation(b, now), now),
    "installation": lambda s, b, a, now: s.installation(b.workspace_id),
    "end_installation": lambda s, b, a, now: s.end_installation(b, "token_revoked", now, now),
    "create_campaign": lambda s, b, a, now: world.make_campaign(s, b, now, name="B", communities=["elsewhere"]),
    "campaign": lambda s, b, a, now: s.campaign(b.workspace_id, a.campaign),
    "campaigns": lambda s, b, a, now: s.campaigns(b.workspace_id),
    "update_campaign": lambda s, b, a, now: s.update_campaign(b, a.campaign, now=now, product="B", communities=["b"]),
    "set_campaign_status": lambda s, b, a, now: s.set_campaign_status(
        b, a.deleted_campaign, CampaignStatus.ACTIVE, now
    ),
    "add_fact": lambda s, b, a, now: s.add_fact(b, a.campaign, FactKind.NUMBER, "of B", now),
    "edit_fact": lambda s, b, a, now: _edit_fact(s, b, a, now),
    "facts": lambda s, b, a, now: s.facts(b.workspace_id, a.campaign, now),
    "kept_facts": lambda s, b, a, now: s.kept_facts(b.workspace_id, a.campaign),
    "fact": lambda s, b, a, now: s.fact(b.workspace_id, a.fact),
    "fact_versions": lambda s, b, a, now: s.fact_versions(b.workspace_id, a.fact),
    "remove_fact": lambda s, b, a, now: s.remove_fact(b, a.fact, now),
    "start_run": lambda s, b, a, now: s.start_run(b, a.campaign, Basis.FILE, ["harbor"], now),
    "add_posts": lambda s, b, a, now: s.add_posts(
        b, a.run, [world.collected("post1", now, score=99)], Funnel(found=1), now
    ),
    "finish_run": lambda s, b, a, now: s.finish_run(b, a.run, RunStatus.CANCELLED, now),
    "runs": lambda s, b, a, now: s.runs(b.workspace_id),
    "add_comments": lambda s, b, a, now: s.add_comments(b, a.run, [world.a_comment("com1", now)], now),
    "comments": lambda s, b, a, now: s.comments(b.workspace_id, "harbor", 5),
    "answered": lambda s, b, a, now: s.answered(b.workspace_id, "harbor"),
    "community_summaries": lambda s, b, a, now: s.community_summaries(b.workspace_id),
    "community_summary": lambda s, b, a, now: s.community_summary(b.workspace_id, "harbor"),
    "posts": lambda s, b, a, now: s.posts(b.workspace_id, "harbor"),
    "post": lambda s, b, a, now: s.post(b.workspace_id, a.post),
    "keep_extracts": lambda s, b, a, now: s.keep_extracts(b.workspace_id, [Extract(a.post, "k", "[]", "[]")]),
    "extracts": lambda s, b, a, now: s.extracts(b.workspace_id, "harbor"),
    "extracts_seen": lambda s, b, a, now: s.extracts_seen(b.workspace_id, "harbor"),
    "save_profile": lambda s, b, a, now: keep_profile(s, b, now, [kept()], "harbor"),
    "profile": lambda s, b, a, now: s.profile(b.workspace_id, a.profile),
    "latest_profile": lambda s, b, a, now: s.latest_profile(b.workspace_id, "harbor"),
    "latest_model": lambda s, b, a, now: s.latest_model(b.workspace_id, "harbor"),
    "save_rules": lambda s, b, a, now: s.save_rules(b, "harbor", Basis.FILE, [], now),
    "demands": lambda s, b, a, now: s.demands(b.workspace_id, "harbor"),
    "keep_demands": lambda s, b, a, now: s.keep_demands(b, "harbor", [], [rule_key(Rule(f"{MARK} rule", "", "all"))]),
    "confirm_demands": lambda s, b, a, now: s.confirm_demands(
        b, "harbor", [], [rule_key(Rule(f"{MARK} rule", "", "all"))], now
    ),
    "latest_rules": lambda s, b, a, now: s.latest_rules(b.workspace_id, "harbor"),
    "rules_history": lambda s, b, a, now: s.rules_history(b.workspace_id, "harbor", 5),
    "create_draft": lambda s, b, a, now: s.create_draft(b, a.campaign, "harbor", world.revision(), now),
    "draft": lambda s, b, a, now: s.draft(b.workspace_id, a.draft),
    "drafts": lambda s, b, a, now: s.drafts(b.workspace_id),
    "drafts_by_id": lambda s, b, a, now: s.drafts_by_id(b.workspace_id, [a.draft, a.approved]),
    "count_drafts": lambda s, b, a, now: s.count_drafts(b.workspace_id),
    "add_revision": lambda s, b, a, now: s.add_revision(b, a.draft, world.revision("of B"), after=1, now=now),
    "marks": lambda s, b, a, now: s.marks(b.workspace_id, a.draft),
    "mark": lambda s, b, a, now: s.mark(b.workspace_id, a.mark),
    "keep_marks": lambda s, b, a, now: s.keep_marks(b.workspace_id, a.draft, [], [world.a_mark()]),
    "decide_mark": lambda s, b, a, now: s.decide_mark(b, a.mark, WayOut.FREE, now, revision=1),
    "decide_draft": lambda s, b, a, now: s.decide_draft(b, a.draft, DraftStatus.DISCARDED, now),
    "drop_draft": lambda s, b, a, now: s.drop_draft(b, a.approved, now),
    "reopen_draft": lambda s, b, a, now: s.reopen_draft(b, a.approved, now),
    "give_draft": lambda s, b, a, now: s.give_draft(
        b, a.approved, Poster("bob", "Bob"), now, version=1, keeps_approval=True
    ),
    "set_told_directly": lambda s, b, a, now: s.set_told_directly(b, False, now),
    "leave_undisclosed": lambda s, b, a, now: s.leave_undisclosed(b, a.draft, "A reason for it.", now),
    "last_disclosure": lambda s, b, a, now: s.last_disclosure(b.workspace_id, a.campaign, "alice"),
    "put_off_reminder": lambda s, b, a, now: s.put_off_reminder(b, a.approved, now + UNTIL, now),
    "approvals": lambda s, b, a, now: s.approvals(b.workspace_id, a.approved),
    "void_approval": lambda s, b, a, now: s.void_approval(
        b, 1, (), NewAlert(AlertKind.DRAFT_VOIDED, "void of B", {}), now
    ),
    "set_four_eyes": lambda s, b, a, now: s.set_four_eyes(b, True, now),
    "register_post": lambda s, b, a, now: s.register_post(
        b, world.to_register("t3_alpha", now, draft_id=a.approved), now
    ),
    "tracked_post": lambda s, b, a, now: s.tracked_post(b.workspace_id, a.tracked),
    "tracked_posts_named": lambda s, b, a, now: s.tracked_posts_named(b.workspace_id, ["t3_alpha", "t3_alpha2"]),
    "tracked_posts_by_id": lambda s, b, a, now: s.tracked_posts_by_id(b.workspace_id, [a.tracked]),
    "post_of_draft": lambda s, b, a, now: s.post_of_draft(b.workspace_id, a.posted),
    "lend_voice": lambda s, b, a, now: s.lend_voice(b, True, now),
    "lends_voice": lambda s, b, a, now: s.lends_voice(b.workspace_id, "alice"),
    "voice_texts": lambda s, b, a, now: s.voice_texts(b.workspace_id, "alice", 5),
    "own_texts": lambda s, b, a, now: s.own_texts(b.workspace_id, now - LONG, 100),
    "posted_texts": lambda s, b, a, now: s.posted_texts(b.workspace_id, now - LONG, 100),
    "removed_since": lambda s, b, a, now: s.removed_since(b.workspace_id, "harbor", now - LONG),
    "stayed_posts": lambda s, b, a, now: s.stayed_posts(b.workspace_id, ["harbor"], now - LONG),
    "registered_since": lambda s, b, a, now: s.registered_since(b.workspace_id, now - LONG),
    "has_sample_posts": lambda s, b, a, now: s.has_sample_posts(b.workspace_id),
    "changed_since": lambda s, b, a, now: s.changed_since(b.workspace_id, tuple(State), now - LONG),
    "posts_by": lambda s, b, a, now: s.posts_by(b.workspace_id, "invented_author"),
    "tracked_posts": lambda s, b, a, now: s.tracked_posts(b.workspace_id),
    "readings": lambda s, b, a, now: s.readings(b.workspace_id, a.tracked),
    "pictures": lambda s, b, a, now: s.pictures(b.workspace_id),
    "picture": lambda s, b, a, now: s.picture(b.workspace_id, a.picture),
    "snooze_post": lambda s, b, a, now: s.snooze_post(b, a.tracked, now + UNTIL, now),
    "stop_watching": lambda s, b, a, now: s.stop_watching(b, a.tracked, now),
    "resume_watching": lambda s, b, a, now: s.resume_watching(b, a.tracked, now, now, now),
    "due_now": lambda s, b, a, now: s.due_now(b, a.tracked, now),
    "watched_in": lambda s, b, a, now: s.watched_in(b.workspace_id, "harbor"),
    "community_news": lambda s, b, a, now: s.community_news(b.workspace_id, "harbor"),
    "backlog": lambda s, b, a, now: s.backlog(b.workspace_id, now),
    "record_audit": lambda s, b, a, now: s.record_audit(
        b.workspace_id, a.tracked, AuditOutcome.REJECTION, NewAlert(AlertKind.AUDIT, "audit of B", {}), now
    ),
    "owe_alert": lambda s, b, a, now: s.owe_alert(b, NewAlert(AlertKind.TEST, "of B", {}, a.tracked), now),
    "alerts": lambda s, b, a, now: s.alerts(b.workspace_id),
    "webhook": lambda s, b, a, now: s.webhook(b.workspace_id),
    "set_webhook": lambda s, b, a, now: s.set_webhook(b, "https://b.example.com", "B", now),
    "wake_webhook": lambda s, b, a, now: s.wake_webhook(b, now),
    "end_webhook": lambda s, b, a, now: s.end_webhook(b, now),
    "feed": lambda s, b, a, now: s.feed(b.workspace_id),
    "set_feed": lambda s, b, a, now: s.set_feed(b, "B token", now),
    "end_feed": lambda s, b, a, now: s.end_feed(b, now),
    "newest_happenings": lambda s, b, a, now: s.newest_happenings(b.workspace_id, 10),
    "new_profiles": lambda s, b, a, now: s.new_profiles(b.workspace_id, now - LONG),
    "states_by_community": lambda s, b, a, now: s.states_by_community(b.workspace_id, now - LONG),
    "listed": lambda s, b, a, now: s.listed(b.workspace_id, Noun.ALERT, Wanted()),
    "refuse_place": lambda s, b, a, now: s.refuse_place(b.workspace_id, "a place of B", "B", now),
    "refusals": lambda s, b, a, now: s.refusals(b.workspace_id),
    "places_that_took": lambda s, b, a, now: s.places_that_took(b.workspace_id),
    "retry_alerts": lambda s, b, a, now: s.retry_alerts(b, now),
    "add_pattern": lambda s, b, a, now: s.add_pattern(b, world.a_pattern(tracked_post_id=a.tracked), now),
    "patterns": lambda s, b, a, now: s.patterns(b.workspace_id),
    "remove_pattern": lambda s, b, a, now: s.remove_pattern(b, a.pattern, now),
    "restore_pattern": lambda s, b, a, now: s.restore_pattern(b, a.removed_pattern, now),
    "rules_snapshot": lambda s, b, a, now: s.rules_snapshot(b.workspace_id, a.rules),
    "state_reason": lambda s, b, a, now: s.state_reason(b, a.tracked, "of B", None, now),
    "unstate_reason": lambda s, b, a, now: s.unstate_reason(b, a.tracked, now),
    "accounts": lambda s, b, a, now: s.accounts(b.workspace_id),
    "link_account": lambda s, b, a, now: s.link_account(b, "b_account", now),
    "unlink_account": lambda s, b, a, now: s.unlink_account(b, f"{MARK}_account", now),
    "ask_consent": lambda s, b, a, now: s.ask_consent(b, "state of B", None, now, now + UNTIL),
    "sign_in_account": lambda s, b, a, now: s.sign_in_account(b, f"{MARK.lower()}_signed", "sealed by B", now),
    "sealed_tokens": lambda s, b, a, now: s.sealed_tokens(b.workspace_id),
    "end_consent": lambda s, b, a, now: s.end_consent(
        b, 2, f"{MARK} sealed", NewAlert(AlertKind.CONSENT_GONE, "consent of B", {}), now
    ),
    "offer": lambda s, b, a, now: s.offer(b.workspace_id, a.offer),
    "open_offers": lambda s, b, a, now: s.open_offers(b.workspace_id),
    "known_offers": lambda s, b, a, now: s.known_offers(b.workspace_id, ["t3_offered"]),
    "refuse_offer": lambda s, b, a, now: s.refuse_offer(b, a.offer, now),
    "plan": lambda s, b, a, now: s.plan(b.workspace_id),
    "set_plan": lambda s, b, a, now: s.set_plan(b, now, max_campaigns=3),
    "reserve": lambda s, b, a, now: s.reserve(b, "draft", 10, now, expires_at=now + UNTIL),
    "book": lambda s, b, a, now: s.book(b, a.reservation, UsageEvent("t", "m", 1, 1, 1, "provider"), now),
    "release": lambda s, b, a, now: s.release(b, a.reservation, now),
    "usage": lambda s, b, a, now: s.usage(b.workspace_id, now),
}
# Calls that name a row of A by its id, in a workspace that has no such row.
MUST_NOT_FIND = frozenset(
    {
        *("revoke_role", "campaign", "update_campaign", "set_campaign_status", "add_fact", "facts", "remove_fact"),
        *("marks", "mark", "keep_marks", "decide_mark"),
        *("edit_fact", "kept_facts", "fact", "fact_versions"),
        *("reopen_draft", "drop_draft", "give_draft", "put_off_reminder", "leave_undisclosed"),
        *("start_run", "add_posts", "finish_run", "post", "create_draft", "draft", "add_revision", "decide_draft"),
        *(
            "register_post",
            "tracked_post",
            "readings",
            "picture",
            "snooze_post",
            "stop_watching",
            "due_now",
            "owe_alert",
        ),
        "resume_watching",
        *("add_pattern", "remove_pattern", "restore_pattern", "unlink_account", "book", "release"),
        *("alert_record", "end_route", "offer", "refuse_offer"),
        *("community_summary", "profile", "rules_snapshot", "state_reason", "unstate_reason"),
    }
)


# Verbs that work for all workspaces: for the jobs, the courier, and whoever runs the program.
FOR_ALL_WORKSPACES = frozenset(
    {
        *("lease_due_posts", "leased_posts", "release_posts", "record_checks", "record_unchanged", "undo_odd_clock"),
        *("release_due", "watch_load"),
        *("lease_due_accounts", "record_account_check", "lease_due_lists", "record_list"),
        *("lease_commented_posts", "record_comments", "lease_due_inboxes", "inbox_read"),
        *("lease_due_audits", "lease_alerts", "record_delivery", "release_alerts", "set_out", "due_digests"),
        *("wishes", "leave_to_digest", "lease_webhooks", "unsent_happenings", "record_sent", "record_unsent"),
        *("release_webhook", "workspace_of_feed"),
        *("standing_approvals", "due_reminders", "remind"),
        *("next_due_at", "last_written_at", "purge_expired", "expire_reservations", "communities_to_refresh"),
        *("keep_runs_alive", "fail_abandoned_runs", "take_consent_request", "all_workspaces", "installations"),
    }
)


def verbs_by_noun() -> Mapping[str, str]:
    """Every verb of the protocols that stand beside the core's services, with its first parameter."""
    found: dict[str, str] = {}
    for module, source in SOURCES.items():
        for it in ast.parse(source.read_text("utf-8")).body if module.startswith("core.") else ():
            if isinstance(it, ast.ClassDef) and it.name.endswith(("Store", "Reads")):
                verbs = [verb for verb in it.body if isinstance(verb, ast.AsyncFunctionDef)]
                assert not [verb.name for verb in verbs if verb.name in found], f"{it.name} declares a verb again"
                found |= {verb.name: ([one.arg for one in verb.args.args[1:]] or [""])[0] for verb in verbs}
    return found


def test_every_verb_of_every_noun_is_walked() -> None:
    verbs = verbs_by_noun()
    assert set(CALLS) == set(verbs) - FOR_ALL_WORKSPACES
    assert {verb for verb, first in verbs.items() if first not in ("workspace_id", "caller")} == FOR_ALL_WORKSPACES


def test_the_store_has_the_verbs_of_the_nouns_and_no_other() -> None:
    around = {"one_moment"}  # holds other verbs
    assert {name for name in dir(Store) if not name.startswith("_")} == set(verbs_by_noun()) | around


async def rows_of(store: Store, workspace_id: str) -> dict[str, Any]:
    """Every row and column of a workspace, leases and counters too."""
    found = {}
    async with store._database.read() as tx:
        for table in metadata.sorted_tables:
            scope = workspaces.c.id if table is workspaces else table.c.workspace_id
            rows = await tx.execute(select(table).where(scope == workspace_id).order_by(*table.primary_key))
            found[table.name] = [tuple(row) for row in rows]
    return found


@pytest.fixture
def b(caller: Caller) -> Caller:
    return replace(caller, workspace_id="terminal:b", member_id="bob", name="bob")


async def test_no_verb_shows_or_changes_what_belongs_to_another_workspace(
    store: Store, caller: Caller, b: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.ensure_workspace(b.workspace_id, "terminal", "B", now)
    alpha = await fill(store, caller, now)
    before = await rows_of(store, caller.workspace_id)
    assert all(before.values()), f"nothing to leak in {[name for name, rows in before.items() if not rows]}"
    clock.advance(timedelta(seconds=1))

    leaks = []
    found_by_id = set()
    for verb in sorted(CALLS, key=lambda name: name == "forget_workspace"):
        try:
            answer = await CALLS[verb](store, b, alpha, clock.now())
        except NotFound as told:
            answer = str(told).replace(f"{MARK}_account", "")  # what B typed may be repeated to B
        else:
            found_by_id |= {verb} & MUST_NOT_FIND
        if MARK in repr(answer) or caller.workspace_id in repr(answer):
            leaks.append(f"{verb} shows {answer!r}")
        if await rows_of(store, caller.workspace_id) != before:
            leaks.append(f"{verb} changed rows of another workspace")
            before = await rows_of(store, caller.workspace_id)
    assert leaks == []
    assert found_by_id == set()


# Verbs of a workspace that write: they answer otherwise the second time.
WRITE = frozenset(
    {"ensure_workspace", "keep_marks", "keep_extracts", "install", "refuse_place", "add_posts", "add_revision"}
)


async def test_no_verb_answers_otherwise_because_another_workspace_has_something(
    store: Store, caller: Caller, b: Caller, clock: FixedClock
) -> None:
    """Numbers and yes or no carry no mark, so they are compared with what is answered when there is nothing to leak."""
    now = clock.now()
    await store.ensure_workspace(b.workspace_id, "terminal", "B", now)
    reads = sorted(name for name, first in verbs_by_noun().items() if name in CALLS and first == "workspace_id")

    async def answers(alpha: Alpha) -> dict[str, str]:
        found = {}
        for verb in sorted(set(reads) - WRITE):
            try:
                found[verb] = repr(await CALLS[verb](store, b, alpha, now))
            except NotFound:
                found[verb] = "not found"
        return found

    nobody_else = await answers(Alpha(*range(1, 1 + len(fields(Alpha)))))
    with_another = await answers(await fill(store, caller, now))
    assert with_another.keys() == nobody_else.keys() >= {"watched_in", "count_drafts", "alert_record"}
    assert {verb for verb in nobody_else if with_another[verb] != nobody_else[verb]} == set()


async def test_nothing_of_another_workspace_is_counted(
    store: Store, caller: Caller, b: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.ensure_workspace(b.workspace_id, "terminal", "B", now)
    await fill(store, caller, now)

    backlog = await store.backlog(b.workspace_id, now + timedelta(days=30))
    assert backlog == Backlog(0, 0, None, 0, 0, None)
    usage = await store.usage(b.workspace_id, now)
    assert (usage.used_usd_micros, usage.reserved_usd_micros, usage.by_task) == (0, 0, {})
    assert usage.cap_usd_micros == 10_000_000
    assert await store.community_summaries(b.workspace_id) == []
    assert await store.count_drafts(b.workspace_id) == {}
    assert await store.registered_since(b.workspace_id, now - LONG) == 0
    assert not await store.has_sample_posts(b.workspace_id)
    # Names, links and caps of one workspace do not stand in the way of another.
    await store.set_plan(caller, now, max_campaigns=0, max_tracked_posts=0, monthly_cap_usd_micros=0)
    await world.make_campaign(store, b, now, name=f"{MARK} campaign")
    await world.make_post(store, b, now, fullname="t3_alpha")
    await store.link_account(b, f"{MARK}_account", now)
    await store.reserve(b, "draft", 1, now, expires_at=now + UNTIL)


async def test_a_forgotten_workspace_leaves_nothing_and_the_others_alone(
    store: Store, caller: Caller, b: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await store.ensure_workspace(b.workspace_id, "terminal", "B", now)
    await fill(store, caller, now)
    await fill(store, b, now)
    kept = await rows_of(store, b.workspace_id)
    had = await rows_of(store, caller.workspace_id)

    gone = await store.forget_workspace(caller)

    assert gone == {name: len(rows) for name, rows in had.items()}
    assert not any((await rows_of(store, caller.workspace_id)).values())
    assert await rows_of(store, b.workspace_id) == kept
    with pytest.raises(NotFound):
        await store.workspace(caller.workspace_id)


async def test_an_export_has_every_table_and_nothing_of_our_own_workings(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    await fill(store, caller, now)
    await store.lease_due_posts(now + timedelta(days=1), worker="worker-on-host", lease=UNTIL, limit=5)

    exported = await store.export_rows(caller.workspace_id)

    assert set(exported) == {table.name for table in metadata.sorted_tables}
    assert all(exported.values())
    written = json.dumps(exported)
    assert "worker-on-host" not in written
    assert exported["posts"][0]["title"] == f"{MARK} title"
    assert exported["workspaces"][0]["created_at"] == now.isoformat()
    columns = {name for rows in exported.values() for row in rows for name in row}
    assert f"{MARK} sealed" not in written
    assert "state" not in exported["consent_requests"][0]
    assert not [name for name in columns if "token" in name.split("_") or "secret" in name or "password" in name]


def test_every_table_of_a_tenant_says_whose_its_rows_are() -> None:
    for table in metadata.sorted_tables:
        if table is workspaces:
            continue
        column = table.c.workspace_id
        assert not column.nullable, table.name
        assert [key.column for key in column.foreign_keys] == [workspaces.c.id], table.name
