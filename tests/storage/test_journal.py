"""The journal tells who did what. Every verb that changes something is walked; a new one must enter its deed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest

from core.alerts import DecisionKind
from core.drafting.approvals import Change, ChangeKind
from core.journal import NOUNS, JournalKind
from core.model import AlertKind, Caller, NewAlert, Role
from core.plans import PlanName
from core.routes import About, NewRoute
from core.timetable import DigestPlan, DigestRhythm
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.alpha import Alpha, fill
from tests.storage.deeds import CHANGES
from tests.storage.locks import locks_of, locks_taken
from tests.storage.rows import Rows, all_rows, changes
from tests.storage.test_tenancy import CALLS, FOR_ALL_WORKSPACES, Call, verbs_by_noun
from tests.test_rooms import reads

HOUR = timedelta(hours=1)

# What enters nothing, and why.
SILENT: Mapping[str, str] = {
    "ensure_workspace": "the workspace's own row says since when it is known",
    "enter": "it makes the workspace, or asks",
    "forget_workspace": "the journal goes with everything else",
    "export_rows": "it reads",
    "runs": "it reads",
    "places_that_took": "it reads",
    "readings": "it reads",
    "keep_marks": "what the check finds in a text is no deed",
    "add_posts": "a part of a run, whose end is entered",
    "add_comments": "a part of a run, whose end is entered",
    "reserve": "money has its own book: the usage",
    "book": "money has its own book: the usage",
    "release": "money has its own book: the usage",
    "refuse_place": "the courier's working, told by `alerts list`",
    "watch_load": "it reads",
    "backlog": "it reads",
    "sealed_tokens": "it reads",
    "keep_extracts": "the program's reading of texts, remade at will",
    "extracts": "it reads",
    "extracts_seen": "it reads",
    "keep_demands": "the program's reading of rules whose change is entered",
}
# What enters a deed, as a member does it with what is theirs: the entry's subject and facts. `{draft}` is the id of
# Alpha's draft, `{new}` the one of the row that the verb made.
ENTERS: Mapping[str, tuple[JournalKind, str, Mapping[str, object]]] = {
    "set_timezone": (JournalKind.SETUP_ZONE, "workspace", {"timezone": "Europe/Vienna"}),
    "set_quiet_hours": (JournalKind.ALERTS_QUIET, "workspace", {"quiet_from": "22:00", "quiet_until": "07:00"}),
    "set_digest": (JournalKind.ALERTS_DIGEST, "workspace", {"every": "daily", "at": "09:00", "on": "monday"}),
    "set_route": (
        JournalKind.ALERTS_ROUTE,
        "workspace",
        {"about": "community", "name": "r/tea", "place": "c-1", "until": None},
    ),
    "end_route": (JournalKind.ALERTS_ROUTE_END, "workspace", {"about": "community", "name": "r/tea"}),
    "set_urgent_wakes": (JournalKind.ALERTS_QUIET, "workspace", {"urgent_wakes": True}),
    "set_good_news": (JournalKind.ALERTS_DIGEST, "workspace", {"good_news": True}),
    "owe_digest": (JournalKind.ALERTS_OWE, "alert", {"alert": "digest"}),
    "set_alert_channel": (JournalKind.ALERTS_HERE, "workspace", {"channel": "elsewhere"}),
    "set_webhook": (JournalKind.ALERTS_WEBHOOK, "webhook", {"host": "b.example.com"}),
    "wake_webhook": (JournalKind.ALERTS_WEBHOOK, "webhook", {"woken": True}),
    "end_webhook": (JournalKind.ALERTS_WEBHOOK_END, "webhook", {}),
    "set_feed": (JournalKind.ALERTS_FEED, "feed", {}),
    "end_feed": (JournalKind.ALERTS_FEED_END, "feed", {}),
    "grant_role": (JournalKind.ROLE_GRANT, "member bob", {"role": "admin", "member": "bob"}),
    "revoke_role": (JournalKind.ROLE_REVOKE, "member bob", {"role": "editor", "member": "Bob"}),
    "install": (JournalKind.INSTALLATION_INSTALL, "workspace", {}),
    "end_installation": (JournalKind.INSTALLATION_END, "workspace", {"reason": "token_revoked"}),
    "create_campaign": (JournalKind.CAMPAIGN_CREATE, "campaign {new}", {"campaign": "B"}),
    "update_campaign": (JournalKind.CAMPAIGN_EDIT, "campaign {campaign}", {"product": "B", "communities": ["b"]}),
    "set_campaign_status": (
        JournalKind.CAMPAIGN_STATUS,
        "campaign {deleted_campaign}",
        {"campaign": "ALPHA deleted", "status": "active"},
    ),
    "add_fact": (JournalKind.FACT_ADD, "fact {new}", {"campaign_id": "{campaign}", "fact": "number", "body": "of B"}),
    "remove_fact": (JournalKind.FACT_REMOVE, "fact {fact}", {"body": "ALPHA fact"}),
    "edit_fact": (JournalKind.FACT_EDIT, "fact {fact}", {"version": 2, "body": "It sends letters."}),
    "start_run": (JournalKind.COLLECT_START, "run {new}", {"campaign_id": "{campaign}", "basis": "file"}),
    "finish_run": (
        JournalKind.COLLECT_FINISH,
        "run {run}",
        {
            "status": "cancelled",
            "funnel": {"found": 1, "duplicate": 0, "filtered": {}, "kept": 1, "kept_of": {"harbor": 1}},
        },
    ),
    "save_profile": (JournalKind.COMMUNITY_PROFILE, "r/harbor", {"posts": 1}),
    "save_rules": (JournalKind.COMMUNITY_RULES, "r/harbor", {"rules": 0}),
    "confirm_demands": (JournalKind.COMMUNITY_DEMANDS, "r/harbor", {"demands": 0}),
    "create_draft": (JournalKind.DRAFT_NEW, "draft {new}", {"campaign_id": "{campaign}", "community": "harbor"}),
    "add_revision": (JournalKind.DRAFT_EDIT, "draft {draft}", {"revision": 2}),
    "decide_mark": (JournalKind.DRAFT_MARK, "draft {draft}", {"mark": "{mark}", "way": "free", "words": "ALPHA"}),
    "decide_draft": (JournalKind.DRAFT_DISCARD, "draft {draft}", {"revision": 1}),
    "drop_draft": (JournalKind.DRAFT_DISCARD, "draft {approved}", {"revision": 1}),
    "reopen_draft": (JournalKind.DRAFT_TAKE_BACK, "draft {approved}", {"revision": 1}),
    "give_draft": (JournalKind.DRAFT_GIVE, "draft {approved}", {"poster": "Bob"}),
    "set_told_directly": (JournalKind.ALERTS_DIRECT, "member carol", {"wanted": False}),
    "leave_undisclosed": (JournalKind.DRAFT_UNDISCLOSED, "draft {draft}", {"because": "A reason for it."}),
    "put_off_reminder": (JournalKind.DRAFT_LATER, "draft {approved}", {"until": "2026-11-23T13:00:01+00:00"}),
    "void_approval": (
        JournalKind.DRAFT_VOID,
        "draft {approved}",
        {"revision": 1, "what": "rule_gone No links, fact_changed 7"},
    ),
    "set_four_eyes": (JournalKind.SETUP_FOUR_EYES, "workspace", {"wanted": True}),
    "lend_voice": (JournalKind.DRAFT_VOICE, "member carol", {"lent": True}),
    "register_post": (
        JournalKind.POST_REGISTER,
        "post {new}",
        {"fullname": "t3_new", "community": "harbor", "draft_id": "{approved}"},
    ),
    "snooze_post": (JournalKind.POST_SNOOZE, "post {tracked}", {"until": "2026-11-23T13:00:01+00:00"}),
    "stop_watching": (JournalKind.POST_STOP, "post {tracked}", {}),
    "resume_watching": (JournalKind.POST_RESUME, "post {tracked}", {}),
    "due_now": (JournalKind.POST_CHECK, "post {tracked}", {}),
    "record_audit": (JournalKind.POST_AUDIT, "post {tracked}", {"outcome": "rejection"}),
    "owe_alert": (JournalKind.ALERTS_OWE, "alert", {"alert": "test"}),
    "retry_alerts": (JournalKind.ALERTS_RETRY, "workspace", {"count": 1}),
    "add_pattern": (JournalKind.PATTERN_ADD, "pattern {new}", {"body": "something new"}),
    "remove_pattern": (JournalKind.PATTERN_REMOVE, "pattern {pattern}", {"body": "ALPHA pattern"}),
    "restore_pattern": (JournalKind.PATTERN_UNDO, "pattern {removed_pattern}", {"body": "ALPHA removed"}),
    "state_reason": (JournalKind.POST_REASON, "post {tracked}", {"reason": "of B"}),
    "unstate_reason": (JournalKind.POST_REASON_UNDO, "post {tracked}", {}),
    "link_account": (JournalKind.ACCOUNT_LINK, "account {new}", {"account": "b_account"}),
    "unlink_account": (JournalKind.ACCOUNT_UNLINK, "account {new}", {"account": "ALPHA_account"}),
    "refuse_offer": (
        JournalKind.POST_NOT_OURS,
        "offer {offer}",
        {"fullname": "t3_offered", "community": "harbor"},
    ),
    "ask_consent": (JournalKind.ACCOUNT_ASK, "account", {"account": "Plain_Person"}),
    "sign_in_account": (JournalKind.ACCOUNT_SIGN_IN, "account {new}", {"account": "alpha_signed"}),
    "end_consent": (JournalKind.ACCOUNT_CONSENT_GONE, "account {signed_in}", {}),
    "set_plan": (JournalKind.PLAN_SET, "plan", {"plan": "growth", "max_campaigns": 3}),
}


async def revoke(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    await s.grant_role(b, "bob", "Bob", Role.EDITOR, now)
    await s.revoke_role(b, "bob", now)


async def tell_directly(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    await s.grant_role(b, b.member_id, b.name, Role.EDITOR, now)
    await s.set_told_directly(b, False, now)


async def owe_the_digest(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    due_at = (await s.set_digest(b, DigestPlan(DigestRhythm.DAILY, time(9)), now)).digest_due_at
    assert due_at is not None
    assert await s.owe_digest(b, due_at, NewAlert(AlertKind.DIGEST, "digest", {}), now)


async def retry_a_lost_alert(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    (alert,) = await s.lease_alerts(now, worker="w", lease=HOUR, limit=1, platforms=["terminal"])
    assert await s.record_delivery(alert.id, "w", now, delivered=False)
    assert await s.retry_alerts(b, now) == 1


async def resume(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    await s.stop_watching(b, a.tracked, now)
    await s.resume_watching(b, a.tracked, now, None, now)


async def unstate(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    await s.state_reason(b, a.tracked, "They said so.", None, now)
    await s.unstate_reason(b, a.tracked, now)


async def void(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    [approval] = await s.approvals(b.workspace_id, a.approved)
    changes = (Change(ChangeKind.RULE_GONE, "No links", "No."), Change(ChangeKind.FACT_CHANGED, "7", "One.", "Two."))
    assert await s.void_approval(b, approval.id, changes, NewAlert(AlertKind.DRAFT_VOIDED, "void", {}), now)


async def end_a_consent(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    (account_id, token), *_ = (await s.sealed_tokens(b.workspace_id)).items()
    assert await s.end_consent(b, account_id, token, NewAlert(AlertKind.CONSENT_GONE, "gone", {}), now)


async def end_own_route(s: Store, b: Caller, a: Alpha, now: datetime) -> None:
    own = await s.set_route(b, NewRoute(About.COMMUNITY, "tea", "r/tea", "c-1"), now)
    await s.end_route(b, own.id, now)


# Where the walk of `test_tenancy.py` changes nothing of the caller's own.
OWN: Mapping[str, Call] = {
    "revoke_role": revoke,
    "end_route": end_own_route,
    "set_told_directly": tell_directly,
    "owe_digest": owe_the_digest,
    "retry_alerts": retry_a_lost_alert,
    "resume_watching": resume,
    "unstate_reason": unstate,
    "end_consent": end_a_consent,
    "snooze_post": lambda s, b, a, now: s.snooze_post(b, a.tracked, now + HOUR, now, anew=True),
    "void_approval": void,
    "register_post": lambda s, b, a, now: s.register_post(
        b,
        world.to_register(
            "t3_new",
            now,
            draft_id=a.approved,
            campaign_id=a.campaign,
            rules_snapshot_id=a.rules,
            profile_id=a.profile,
        ),
        now,
    ),
    "ask_consent": lambda s, b, a, now: s.ask_consent(b, "state of B", "Plain_Person", now, now + HOUR),
    "set_plan": lambda s, b, a, now: s.set_plan(b, now, name=PlanName.GROWTH, max_campaigns=3),
    "add_pattern": lambda s, b, a, now: s.add_pattern(b, world.a_pattern(body="something new"), now),
}


def test_every_verb_enters_its_deed_or_says_why_not() -> None:
    assert not set(CHANGES) - set(ENTERS) - set(SILENT)
    assert set(ENTERS) == set(verbs_by_noun()) - FOR_ALL_WORKSPACES - reads() - set(SILENT)


@pytest.fixture(scope="module")
def filled_rows() -> dict[str, Rows]:
    """What stands in a filled database, by its engine: the same for each test, and reading it takes as long as one."""
    return {}


@pytest.mark.parametrize("verb", sorted({*ENTERS, *CHANGES}))
async def test_every_verb_locks_and_changes_what_it_is_for_and_enters_who_did_what_to_what(
    verb: str,
    filled: tuple[Store, Alpha],
    filled_rows: dict[str, Rows],
    engine: str,
    caller: Caller,
    clock: FixedClock,
) -> None:
    store, alpha = filled
    carol = replace(caller, name="Carol", member_id="carol", correlation_id="c-1")
    if engine not in filled_rows:
        filled_rows[engine] = await all_rows(store)
    before = filled_rows[engine]
    known = ids(before, alpha)
    with locks_taken(store) as taken:
        answer = await {**CALLS, **OWN}[verb](store, carol, alpha, clock.advance(timedelta(seconds=1)))
    assert taken == locks_of(verb)
    known.new = getattr(answer, "id", None)
    made = changes(before, await all_rows(store))
    entered = made.pop("journal", {"new": []})["new"]
    if verb in CHANGES:
        assert made == CHANGES[verb](known, clock.now())
    if verb in SILENT:
        assert entered == []
        return
    kind, subject, facts = ENTERS[verb]
    entry = entered[-1]
    assert (entry["kind"], entry["subject"], entry["at"]) == (kind, subject.format(**vars(known)), clock.now())
    assert entry["facts"] == {
        name: vars(known)[fact.strip("{}")] if isinstance(fact, str) and fact.startswith("{") else fact
        for name, fact in facts.items()
    }
    by = (entry["member_id"], entry["name"], entry["correlation_id"])
    assert by == (("carol", "Carol", "c-1") if verb != "record_audit" else ("system", "the bot", "test-correlation"))


def ids(rows: Rows, alpha: Alpha) -> SimpleNamespace:
    """Ids of Alpha's rows, also of those that have no field of their own in it."""
    alerts = {row["kind"]: number for number, row in rows["alerts"].items()}
    return SimpleNamespace(
        **asdict(alpha),
        approval=next(number for number, row in rows["approvals"].items() if row["draft_id"] == alpha.approved),
        demand=next(iter(rows["demands"])),
        guess=next(number for number, row in rows["patterns"].items() if row["tracked_post_id"] == alpha.tracked),
        removed_alert=alerts[AlertKind.POST_REMOVED],
        audit_alert=alerts[AlertKind.AUDIT],
        stayed=next(number for number, row in rows["tracked_posts"].items() if row["draft_id"] == alpha.posted),
        signed_in=next(number for number, row in rows["accounts"].items() if row["sealed_token"] is not None),
        snoozed_until=rows["tracked_posts"][alpha.tracked]["snoozed_until"],
    )


async def test_what_the_bot_finds_and_what_a_member_says_of_it_are_two_entries(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    post = await world.make_post(store, caller, clock.now())
    said = world.removal_check(post, clock.now(), said=(DecisionKind.UNSEEN, caller))
    await world.record(store, [said], clock.now())
    state, unseen = (await store.journal(caller.workspace_id))[:2]
    assert (unseen.kind, unseen.member_id, unseen.subject) == (JournalKind.POST_UNSEEN, "alice", f"post {post.id}")
    assert (state.kind, state.member_id, state.name) == (JournalKind.POST_STATE, "system", "the bot")
    assert state.facts == {"state": "removed", "before": "unverified", "removed_by": "moderators"}
    await world.record(store, [replace(said, said=None)], clock.now())  # nothing new: nothing entered
    assert (await store.journal(caller.workspace_id))[0].id == state.id


async def test_what_ends_by_itself_is_entered_as_the_bots_deed(store: Store, caller: Caller, clock: FixedClock) -> None:
    alpha = await fill(store, caller, clock.now())
    assert await store.fail_abandoned_runs(clock.now(), None) == 1
    assert (await store.journal(caller.workspace_id))[0].subject == f"run {alpha.run}"
    assert await store.purge_expired(clock.advance(timedelta(days=1)), HOUR) == 2
    purge = (await store.journal(caller.workspace_id))[0]
    assert (purge.kind, purge.facts, purge.name) == (JournalKind.DATA_PURGE, {"posts": 1, "campaigns": 1}, "the bot")


async def test_the_journal_is_read_by_id_in_its_own_workspace_alone(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.grant_role(caller, "bob", "Bob", Role.ADMIN, clock.now())
    await store.set_plan(caller, clock.now(), max_campaigns=3)
    newest, older = await store.journal(caller.workspace_id)
    assert await store.journal(caller.workspace_id, ids=[older.id]) == [older]
    assert await store.journal(caller.workspace_id, limit=1) == [newest]
    assert await store.journal("slack:other", ids=[older.id]) == []
    assert {kind.noun for kind in JournalKind} == set(NOUNS)
