"""The journal tells who did what. Every verb that changes something is walked; a new one must enter its deed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from core.alerts import DecisionKind
from core.journal import NOUNS, JournalKind
from core.model import AlertKind, Caller, NewAlert, Role
from core.routes import About, NewRoute
from core.timetable import DigestPlan, DigestRhythm
from storage.store import Store
from tests.clock import FixedClock
from tests.storage import world
from tests.storage.alpha import Alpha, fill
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
# What enters a deed, as a member does it with what is theirs.
ENTERS: Mapping[str, JournalKind] = {
    "set_timezone": JournalKind.SETUP_ZONE,
    "set_quiet_hours": JournalKind.ALERTS_QUIET,
    "set_digest": JournalKind.ALERTS_DIGEST,
    "set_route": JournalKind.ALERTS_ROUTE,
    "end_route": JournalKind.ALERTS_ROUTE_END,
    "set_urgent_wakes": JournalKind.ALERTS_QUIET,
    "set_good_news": JournalKind.ALERTS_DIGEST,
    "owe_digest": JournalKind.ALERTS_OWE,
    "set_alert_channel": JournalKind.ALERTS_HERE,
    "set_webhook": JournalKind.ALERTS_WEBHOOK,
    "wake_webhook": JournalKind.ALERTS_WEBHOOK,
    "end_webhook": JournalKind.ALERTS_WEBHOOK_END,
    "set_feed": JournalKind.ALERTS_FEED,
    "end_feed": JournalKind.ALERTS_FEED_END,
    "grant_role": JournalKind.ROLE_GRANT,
    "revoke_role": JournalKind.ROLE_REVOKE,
    "install": JournalKind.INSTALLATION_INSTALL,
    "end_installation": JournalKind.INSTALLATION_END,
    "create_campaign": JournalKind.CAMPAIGN_CREATE,
    "update_campaign": JournalKind.CAMPAIGN_EDIT,
    "set_campaign_status": JournalKind.CAMPAIGN_STATUS,
    "add_fact": JournalKind.FACT_ADD,
    "remove_fact": JournalKind.FACT_REMOVE,
    "edit_fact": JournalKind.FACT_EDIT,
    "start_run": JournalKind.COLLECT_START,
    "finish_run": JournalKind.COLLECT_FINISH,
    "save_profile": JournalKind.COMMUNITY_PROFILE,
    "save_rules": JournalKind.COMMUNITY_RULES,
    "confirm_demands": JournalKind.COMMUNITY_DEMANDS,
    "create_draft": JournalKind.DRAFT_NEW,
    "add_revision": JournalKind.DRAFT_EDIT,
    "decide_mark": JournalKind.DRAFT_MARK,
    "decide_draft": JournalKind.DRAFT_DISCARD,
    "drop_draft": JournalKind.DRAFT_DISCARD,
    "reopen_draft": JournalKind.DRAFT_TAKE_BACK,
    "give_draft": JournalKind.DRAFT_GIVE,
    "set_told_directly": JournalKind.ALERTS_DIRECT,
    "leave_undisclosed": JournalKind.DRAFT_UNDISCLOSED,
    "put_off_reminder": JournalKind.DRAFT_LATER,
    "void_approval": JournalKind.DRAFT_VOID,
    "set_four_eyes": JournalKind.SETUP_FOUR_EYES,
    "lend_voice": JournalKind.DRAFT_VOICE,
    "register_post": JournalKind.POST_REGISTER,
    "snooze_post": JournalKind.POST_SNOOZE,
    "stop_watching": JournalKind.POST_STOP,
    "resume_watching": JournalKind.POST_RESUME,
    "due_now": JournalKind.POST_CHECK,
    "record_audit": JournalKind.POST_AUDIT,
    "owe_alert": JournalKind.ALERTS_OWE,
    "retry_alerts": JournalKind.ALERTS_RETRY,
    "add_pattern": JournalKind.PATTERN_ADD,
    "remove_pattern": JournalKind.PATTERN_REMOVE,
    "restore_pattern": JournalKind.PATTERN_UNDO,
    "state_reason": JournalKind.POST_REASON,
    "unstate_reason": JournalKind.POST_REASON_UNDO,
    "link_account": JournalKind.ACCOUNT_LINK,
    "unlink_account": JournalKind.ACCOUNT_UNLINK,
    "ask_consent": JournalKind.ACCOUNT_ASK,
    "sign_in_account": JournalKind.ACCOUNT_SIGN_IN,
    "end_consent": JournalKind.ACCOUNT_CONSENT_GONE,
    "set_plan": JournalKind.PLAN_SET,
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
    assert await s.void_approval(b, approval.id, (), NewAlert(AlertKind.DRAFT_VOIDED, "void", {}), now)


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
    "register_post": lambda s, b, a, now: s.register_post(b, world.to_register("t3_new", now), now),
    "add_pattern": lambda s, b, a, now: s.add_pattern(b, world.a_pattern(body="something new"), now),
}


def test_every_verb_enters_its_deed_or_says_why_not() -> None:
    assert set(ENTERS) == set(verbs_by_noun()) - FOR_ALL_WORKSPACES - reads() - set(SILENT)


@pytest.mark.parametrize(("verb", "kind"), ENTERS.items())
async def test_every_change_is_in_the_journal_with_who_did_it(
    verb: str, kind: JournalKind, filled: tuple[Store, Alpha], caller: Caller, clock: FixedClock
) -> None:
    store, alpha = filled
    count = len(await store.journal(caller.workspace_id))
    carol = replace(caller, name="Carol", member_id="carol", correlation_id="c-1")
    await {**CALLS, **OWN}[verb](store, carol, alpha, clock.advance(timedelta(seconds=1)))
    entries = await store.journal(caller.workspace_id)
    assert len(entries) > count
    assert (entries[0].kind, entries[0].at) == (kind, clock.now())
    if verb != "record_audit":  # the bot's own deed
        assert (entries[0].member_id, entries[0].name, entries[0].correlation_id) == ("carol", "Carol", "c-1")


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
