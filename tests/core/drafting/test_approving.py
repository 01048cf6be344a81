"""The life of an approval, over a real store: what it stands on, what ends it, and who hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.campaigns import Campaign, FactKind
from core.communities import Rule
from core.drafting.approvals import Change, ChangeKind, Ending, Pinned
from core.drafting.approving import REMIND_AFTER, Approvals, about, changes_since, pin
from core.drafting.drafts import Draft, DraftStatus, Poster, RevisionOrigin
from core.drafting.service import Drafting
from core.drafting.text import Text
from core.errors import AlreadyDecided, BadArgument, NotAllowedNow, StorageUnavailable
from core.journal import JournalKind
from core.model import AlertKind, Basis, Caller, NewPattern
from core.records import dump, read
from core.requirements import Flair, Posting, Requirements
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting import material
from tests.core.drafting.material import FACTS, SOFT_RULE, make_campaign
from tests.core.drafting.plain import PlainWriter
from tests.storage import world

BOB = Caller("terminal:local", "bob", "Bob", "test-correlation")
CAROL = Caller("terminal:local", "carol", "Carol", "test-correlation")
TITLE = "How to make late payers answer"
BODY = "37 freelancers used it in the first 6 months. How do others here handle this?"
COMMUNITY = "harborfounders"
USED = 2  # the fact that the text rests on


@pytest.fixture
def drafting(store: Store, clock: FixedClock) -> Drafting:
    return Drafting(store, clock, PlainWriter())


@pytest.fixture
def approvals(store: Store, clock: FixedClock) -> Approvals:
    return Approvals(store, clock)


@pytest.fixture
async def campaign(store: Store, clock: FixedClock, caller: Caller) -> Campaign:
    made = await make_campaign(store, caller, clock.now())
    await store.save_rules(caller, COMMUNITY, Basis.SAMPLE, [SOFT_RULE], clock.now())
    return made


@pytest.fixture
async def approved(drafting: Drafting, campaign: Campaign, caller: Caller) -> Draft:
    """A text by alice, approved by Bob."""
    [made] = (await drafting.write(caller, None, COMMUNITY, anyway=True)).drafts
    await drafting.edit(caller, made.id, title=TITLE, body=BODY)
    return (await drafting.approve(BOB, made.id)).draft


async def told(store: Store, kind: AlertKind) -> list[dict[str, object]]:
    return [dict(alert.facts) for alert in await store.alerts("terminal:local", kind=kind)]


async def forbid_its_words(store: Store, caller: Caller, clock: FixedClock) -> None:
    """A pattern that the approved text has."""
    phrases = {"phrases": ["how do others here handle this"]}
    await store.add_pattern(
        caller, NewPattern(None, COMMUNITY, "topic", "polls", "person", 0.9, params=phrases), clock.now()
    )


# ---------------------------------------------------------------- what voids it


async def test_an_approval_keeps_what_it_stands_on(approved: Draft, store: Store, caller: Caller) -> None:
    [kept] = await store.approvals(caller.workspace_id, approved.id)
    assert (kept.revision, kept.approved_by, kept.approver_id, kept.ending) == (2, "Bob", "bob", None)
    assert [(fact.id, fact.version, fact.body) for fact in kept.pinned.facts] == [(USED, 1, FACTS[1][1])]
    assert kept.pinned.rules == ((SOFT_RULE.short_name, SOFT_RULE.description),)
    assert kept.remind_at == kept.approved_at + REMIND_AFTER


async def test_an_edited_fact_voids_the_approval_and_says_old_and_new(
    approved: Draft, drafting: Drafting, store: Store, clock: FixedClock, caller: Caller
) -> None:
    fact = await store.fact(caller.workspace_id, USED)
    await store.edit_fact(caller, replace(fact, body="41 freelancers used it in the first 6 months."), clock.now())
    assert (await store.draft(caller.workspace_id, approved.id)).status is DraftStatus.EDITED, "in the same transaction"
    reviewed = await drafting.review(caller.workspace_id, approved.id)
    assert (reviewed.draft.status, reviewed.draft.decided_by, reviewed.approval) == (DraftStatus.EDITED, None, None)
    [ended] = reviewed.approvals
    assert (ended.ending, ended.ended_by) == (Ending.VOIDED, caller.name)
    assert ended.changes == (
        Change(ChangeKind.FACT_CHANGED, str(USED), FACTS[1][1], "41 freelancers used it in the first 6 months."),
    )


async def test_the_people_concerned_are_told_once_and_not_again_for_the_next_change(
    approved: Draft, approvals: Approvals, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.remove_fact(caller, USED, clock.now())
    await store.save_rules(caller, COMMUNITY, Basis.SAMPLE, [Rule("Be kind", "Always.", "all")], clock.now())
    assert await approvals.rules_changed(caller, COMMUNITY) == 0
    assert await approvals.tend() == 0
    [facts] = await told(store, AlertKind.DRAFT_VOIDED)
    assert (facts["draft"], facts["approved_by"], facts["poster"]) == (approved.id, "Bob", "alice")
    assert facts["changes"] == [{"kind": "fact_gone", "name": str(USED), "before": FACTS[1][1], "after": ""}]
    voids = [e for e in await store.journal(caller.workspace_id) if e.kind is JournalKind.DRAFT_VOID]
    assert [(e.name, e.facts["what"]) for e in voids] == [(caller.name, f"fact_gone {USED}")]


async def test_a_fact_that_the_text_does_not_rest_on_changes_nothing(
    approved: Draft, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.remove_fact(caller, 1, clock.now())
    await store.add_fact(caller, approved.campaign_id, FactKind.NUMBER, "It has 12 languages", clock.now())
    assert (await store.draft(caller.workspace_id, approved.id)).status is DraftStatus.APPROVED


async def test_rules_that_read_as_before_change_nothing_and_another_wording_voids(
    approved: Draft, approvals: Approvals, store: Store, clock: FixedClock, caller: Caller
) -> None:
    clock.advance(timedelta(days=1))
    await store.save_rules(caller, COMMUNITY, Basis.SAMPLE, [SOFT_RULE], clock.now())
    assert await approvals.rules_changed(caller, COMMUNITY) == 0
    stricter = replace(SOFT_RULE, description="You may not name your product.")
    await store.save_rules(caller, COMMUNITY, Basis.SAMPLE, [stricter], clock.now())
    assert await approvals.rules_changed(caller, "elsewhere") == 0
    assert await approvals.rules_changed(caller, COMMUNITY) == 1
    [ended] = await store.approvals(caller.workspace_id, approved.id)
    assert ended.changes == (
        Change(ChangeKind.RULE_CHANGED, SOFT_RULE.short_name, SOFT_RULE.description, stricter.description),
    )


ASKED = Posting(Requirements(title_text_max_length=80), (Flair("Story"), Flair("Question")))


@pytest.mark.parametrize(
    ("then", "now", "changes"),
    [
        (ASKED, ASKED, ()),
        (ASKED, Posting(ASKED.requirements, (Flair("Question"), Flair("Story"))), ()),
        (Posting(), ASKED, ()),
        (
            ASKED,
            Posting(Requirements(title_text_max_length=40, is_flair_required=True), ASKED.flairs),
            (
                Change(ChangeKind.REQUIREMENT_CHANGED, "title_text_max_length", "80", "40"),
                Change(ChangeKind.REQUIREMENT_CHANGED, "is_flair_required", "", "yes"),
            ),
        ),
        (
            ASKED,
            Posting(ASKED.requirements, (Flair("Story", mod_only=True), Flair("Question"))),
            (Change(ChangeKind.FLAIRS_CHANGED, "", "Question, Story", "Question, Story (moderators only)"),),
        ),
    ],
)
async def test_what_reddit_asks_otherwise_of_a_post_voids_and_what_becomes_known_does_not(
    then: Posting,
    now: Posting,
    changes: tuple[Change, ...],
    campaign: Campaign,
    drafting: Drafting,
    approvals: Approvals,
    store: Store,
    clock: FixedClock,
    caller: Caller,
) -> None:
    await store.save_rules(caller, COMMUNITY, Basis.SAMPLE, [SOFT_RULE], clock.now(), then)
    [made] = (await drafting.write(caller, None, COMMUNITY, anyway=True)).drafts
    await drafting.edit(caller, made.id, title=TITLE, body=BODY)
    await drafting.approve(BOB, made.id)
    await store.save_rules(caller, COMMUNITY, Basis.SAMPLE, [SOFT_RULE], clock.now(), now)
    assert await approvals.rules_changed(caller, COMMUNITY) == bool(changes)
    [approval] = await store.approvals(caller.workspace_id, made.id)
    assert approval.changes == changes
    assert approval.pinned.requirements == then.requirements
    assert approval.pinned.flairs == then.flairs


@pytest.mark.parametrize(("phrase", "voids"), [("how do others here handle this", 1), ("no such words", 0)])
async def test_a_new_pattern_voids_the_approval_of_a_text_that_has_it(
    phrase: str,
    voids: int,
    approved: Draft,
    approvals: Approvals,
    store: Store,
    clock: FixedClock,
    caller: Caller,
) -> None:
    new = NewPattern(None, COMMUNITY, "topic", "polls", "person", 0.9, params={"phrases": [phrase]})
    pattern = await store.add_pattern(caller, new, clock.now())
    assert await approvals.tend() == voids
    [approval] = await store.approvals(caller.workspace_id, approved.id)
    assert approval.changes == ((Change(ChangeKind.PATTERN_NEW, str(pattern.id), after="polls"),) if voids else ())


async def test_whoever_looks_at_an_approved_draft_sees_that_it_is_void_before_anybody_tells_the_program(
    approved: Draft, drafting: Drafting, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await forbid_its_words(store, caller, clock)
    reviewed = await drafting.review(caller.workspace_id, approved.id)
    assert reviewed.draft.status is DraftStatus.EDITED
    assert reviewed.approvals[-1].ended_by == "the bot"


async def test_of_ten_who_hold_it_at_once_one_voids_it(
    approved: Draft, approvals: Approvals, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await forbid_its_words(store, caller, clock)
    ended = await asyncio.gather(*(approvals.tend() for _ in range(10)))
    assert sum(ended) == 1
    assert len(await told(store, AlertKind.DRAFT_VOIDED)) == 1


async def test_another_workspaces_change_leaves_it(
    approved: Draft, approvals: Approvals, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await forbid_its_words(store, caller, clock)
    await store.ensure_workspace("discord:1", "discord", "Other", clock.now())
    assert await approvals.rules_changed(Caller("discord:1", "eve", "Eve", "c"), COMMUNITY) == 0
    assert (await store.draft(caller.workspace_id, approved.id)).status is DraftStatus.APPROVED


async def test_an_approval_of_before_stands_whatever_changes_because_nobody_knows_what_it_stood_on(
    campaign: Campaign, approvals: Approvals, store: Store, clock: FixedClock, caller: Caller
) -> None:
    old = await world.make_approved_draft(store, caller, campaign.id, clock.now())
    for fact in (1, 2, 3):
        await store.remove_fact(caller, fact, clock.now())
    assert await approvals.tend() == 0
    assert (await store.draft(caller.workspace_id, old.id)).status is DraftStatus.APPROVED


def test_each_rule_is_told_once_as_new_gone_renamed_or_reworded() -> None:
    then = material.grounds(
        ruled=material.rules(Rule("A", "one", "all"), Rule("B", "two", "all"), Rule("C", "", "all"))
    )
    now = material.grounds(
        ruled=material.rules(Rule("D", "four", "all"), Rule("B2", "two", "all"), Rule("A", "one more", "all"))
    )
    changes = changes_since(pin(then, ()), now, Text("T", "B"))
    assert [(c.kind, c.name, c.before, c.after) for c in changes] == [
        (ChangeKind.RULE_CHANGED, "A", "one", "one more"),
        (ChangeKind.RULE_CHANGED, "B", "B", "B2"),
        (ChangeKind.RULE_GONE, "C", "C", ""),
        (ChangeKind.RULE_NEW, "D", "", "four"),
    ]
    assert changes_since(pin(now, ()), now, Text("T", "B")) == ()
    kept = read(Pinned, dump(pin(then, (1, 2))))
    assert kept == pin(then, (1, 2))


# ---------------------------------------------------------------- what people do with it


async def test_an_approved_draft_can_be_edited_and_needs_approval_again(
    approved: Draft, drafting: Drafting, caller: Caller
) -> None:
    edited = await drafting.edit(CAROL, approved.id, title="Another title here", body=None)
    assert (edited.draft.status, edited.draft.decided_by) == (DraftStatus.EDITED, None)
    assert [(a.ending, a.ended_by) for a in edited.approvals] == [(Ending.EDITED, "Carol")]
    again = await drafting.approve(BOB, approved.id)
    assert [a.revision for a in again.approvals] == [2, 3]


async def test_a_form_that_was_opened_before_the_approval_does_not_end_it_unseen(
    approved: Draft, drafting: Drafting, store: Store, caller: Caller
) -> None:
    with pytest.raises(AlreadyDecided) as caught:
        await drafting.edit(CAROL, approved.id, title="Another title", body=None, after=2, approval=0)
    assert caught.value.decided_by == "Bob"
    assert (await store.draft(caller.workspace_id, approved.id)).status is DraftStatus.APPROVED


async def test_an_approval_is_taken_back_once_and_the_second_is_told_by_whom(
    approved: Draft, drafting: Drafting
) -> None:
    back = await drafting.take_back(CAROL, approved.id)
    assert back.draft.status is DraftStatus.EDITED
    assert back.approvals[-1].ending is Ending.TAKEN_BACK
    with pytest.raises(AlreadyDecided) as caught:
        await drafting.take_back(BOB, approved.id)
    assert caught.value.decided_by == "Carol"


async def test_a_draft_that_was_never_approved_cannot_be_taken_back(
    drafting: Drafting, campaign: Campaign, caller: Caller
) -> None:
    [made] = (await drafting.write(caller, None, COMMUNITY, anyway=True)).drafts
    with pytest.raises(NotAllowedNow):
        await drafting.take_back(CAROL, made.id)


async def test_given_to_another_poster_the_approval_goes_on_while_the_text_holds_for_them(
    approved: Draft, drafting: Drafting, store: Store, caller: Caller
) -> None:
    given = await drafting.give(caller, approved.id, Poster("carol", "Carol"))
    assert (given.draft.status, given.draft.poster.member) == (DraftStatus.APPROVED, "Carol")
    assert given.approval is not None
    [entry] = [e for e in await store.journal(caller.workspace_id) if e.kind is JournalKind.DRAFT_GIVE]
    assert (entry.name, entry.facts["poster"]) == (caller.name, "Carol")
    with pytest.raises(NotAllowedNow):
        await drafting.give(caller, approved.id, Poster("carol", "Carol"))


async def test_given_to_its_approver_it_needs_other_eyes_again(
    approved: Draft, drafting: Drafting, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.set_four_eyes(caller, True, clock.now())
    given = await drafting.give(caller, approved.id, Poster("bob", "Bob"))
    assert (given.draft.status, given.approvals[-1].ending) == (DraftStatus.EDITED, Ending.GIVEN)


async def test_of_two_who_give_it_at_once_the_second_is_told_of_the_first(
    approved: Draft, drafting: Drafting, store: Store, caller: Caller
) -> None:
    results: Sequence[object] = await asyncio.gather(
        drafting.give(BOB, approved.id, Poster("carol", "Carol")),
        drafting.give(CAROL, approved.id, Poster("dora", "Dora")),
        return_exceptions=True,
    )
    [refused] = [result for result in results if isinstance(result, AlreadyDecided)]
    poster = (await store.draft(caller.workspace_id, approved.id)).poster.member
    assert refused.decided_by == {"Carol": "Bob", "Dora": "Carol"}[poster]


async def test_with_four_eyes_neither_the_writer_nor_the_poster_approves(
    drafting: Drafting, campaign: Campaign, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.set_four_eyes(caller, True, clock.now())
    [made] = (await drafting.write(caller, None, COMMUNITY, anyway=True)).drafts
    await drafting.edit(BOB, made.id, title=TITLE, body=BODY)
    for own, why in ((BOB, "Bob wrote its last text"), (caller, "alice is to post it")):
        with pytest.raises(NotAllowedNow) as caught:
            await drafting.approve(own, made.id)
        assert why in caught.value.what
    assert (await drafting.approve(CAROL, made.id)).draft.decided_by == "Carol"


async def test_a_draft_that_is_not_posted_after_all_is_discarded_with_its_approval(
    approved: Draft, drafting: Drafting
) -> None:
    dropped = await drafting.drop(CAROL, approved.id)
    assert (dropped.draft.status, dropped.draft.decided_by) == (DraftStatus.DISCARDED, "Carol")
    assert dropped.approvals[-1].ending is Ending.DISCARDED


async def test_an_earlier_text_comes_back_as_a_new_one_checked_as_of_now(
    drafting: Drafting, campaign: Campaign, caller: Caller
) -> None:
    [made] = (await drafting.write(caller, None, COMMUNITY, anyway=True)).drafts
    await drafting.edit(caller, made.id, title=TITLE, body=BODY)
    back = await drafting.restore(BOB, made.id, 1)
    assert (back.draft.latest.number, back.draft.latest.body) == (3, made.latest.body)
    assert (back.draft.latest.origin, back.draft.latest.by) == (RevisionOrigin.MODEL, "Bob")
    assert "blanks" in {remark.check for remark in back.blocking}
    for number in (3, 4, 0):
        with pytest.raises(BadArgument):
            await drafting.restore(BOB, made.id, number)


# ---------------------------------------------------------------- the reminder, and posting


async def test_people_are_asked_once_after_a_day_whether_it_was_posted(
    approved: Draft, approvals: Approvals, store: Store, clock: FixedClock
) -> None:
    clock.advance(REMIND_AFTER - timedelta(seconds=1))
    assert await approvals.tend() == 0
    assert await store.next_due_at() == approved.decided_at + REMIND_AFTER if approved.decided_at else False
    clock.advance(timedelta(seconds=1))
    assert await approvals.tend() == 1
    clock.advance(timedelta(days=30))
    assert await approvals.tend() == 0
    [facts] = await told(store, AlertKind.DRAFT_UNPOSTED)
    assert (facts["draft"], facts["poster"]) == (approved.id, "alice")


async def test_a_reminder_is_put_off_and_comes_again(
    approved: Draft, drafting: Drafting, approvals: Approvals, store: Store, clock: FixedClock
) -> None:
    clock.advance(REMIND_AFTER)
    assert await approvals.tend() == 1
    await drafting.ask_later(BOB, approved.id)
    assert await approvals.tend() == 0
    clock.advance(REMIND_AFTER)
    assert await approvals.tend() == 1
    assert len(await told(store, AlertKind.DRAFT_UNPOSTED)) == 2


async def test_what_was_posted_or_dropped_is_not_asked_about(
    approved: Draft, approvals: Approvals, store: Store, clock: FixedClock, caller: Caller
) -> None:
    new = world.to_register("t3_posted", clock.now(), community=COMMUNITY, draft_id=approved.id)
    await store.register_post(caller, new, clock.now())
    clock.advance(timedelta(days=9))
    assert await approvals.tend() == 0
    [ended] = await store.approvals(caller.workspace_id, approved.id)
    assert (ended.ending, ended.remind_at) == (Ending.POSTED, None)


async def test_a_text_that_was_posted_just_before_its_approval_ended_can_still_be_registered(
    approved: Draft, approvals: Approvals, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.remove_fact(caller, USED, clock.now())
    await approvals.tend()
    new = world.to_register("t3_posted", clock.now(), community=COMMUNITY, draft_id=approved.id)
    await store.register_post(caller, new, clock.now())
    posted = await store.draft(caller.workspace_id, approved.id)
    assert (posted.status, posted.decided_by) == (DraftStatus.POSTED, "Bob")


# ---------------------------------------------------------------- several at once


OTHER_BODY = "I chased unpaid invoices every Friday for two years before I wrote any software. How do others here do?"


@pytest.fixture
async def two_approved(approved: Draft, drafting: Drafting, caller: Caller) -> list[Draft]:
    [made] = (await drafting.write(caller, None, COMMUNITY, anyway=True)).drafts
    await drafting.edit(caller, made.id, title="What Fridays were like", body=OTHER_BODY)
    return [approved, (await drafting.approve(BOB, made.id)).draft]


async def test_how_many_were_voided_or_asked_about_is_counted(
    two_approved: list[Draft], approvals: Approvals, store: Store, clock: FixedClock, caller: Caller
) -> None:
    clock.advance(REMIND_AFTER)
    assert await approvals.tend() == 2
    reminders = await store.alerts(caller.workspace_id, kind=AlertKind.DRAFT_UNPOSTED)
    kept = [(await store.approvals(caller.workspace_id, draft.id))[0] for draft in two_approved]
    due = (clock.now()).isoformat()
    assert {alert.dedupe_key: dict(alert.facts) for alert in reminders} == {
        f"approval:{approval.id}:unposted:{due}": about(draft).facts(approval)
        for approval, draft in zip(kept, two_approved, strict=True)
    }
    phrases = {"phrases": ["how do others here"]}
    new = NewPattern(None, COMMUNITY, "topic", "polls", "person", 0.9, params=phrases)
    await store.add_pattern(caller, new, clock.now())
    assert await approvals.tend() == 2
    voided = await store.alerts(caller.workspace_id, kind=AlertKind.DRAFT_VOIDED)
    assert {alert.dedupe_key for alert in voided} == {f"approval:{approval.id}:void" for approval in kept}


async def test_rules_that_changed_void_every_approval_of_that_community(
    two_approved: list[Draft], approvals: Approvals, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.save_rules(caller, COMMUNITY, Basis.SAMPLE, [Rule("Be kind", "Always.", "all")], clock.now())
    assert await approvals.rules_changed(caller, COMMUNITY) == 2
    endings = [(await store.approvals(caller.workspace_id, draft.id))[0] for draft in two_approved]
    assert [(one.ending, one.ended_by, one.ended_at) for one in endings] == [
        (Ending.VOIDED, caller.name, clock.now())
    ] * 2


@pytest.mark.parametrize("failure", [NotAllowedNow("Gone.", "Look."), ValueError("a defect")])
async def test_an_approval_that_cannot_be_held_is_logged_and_the_others_are(
    two_approved: list[Draft],
    approvals: Approvals,
    store: Store,
    clock: FixedClock,
    caller: Caller,
    failure: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    read = store.draft
    broken, _ = two_approved

    async def failing(workspace_id: str, draft_id: int) -> Draft:
        if draft_id == broken.id:
            raise failure
        return await read(workspace_id, draft_id)

    monkeypatch.setattr(Store, "draft", staticmethod(failing))
    clock.advance(REMIND_AFTER)
    [approval] = await store.approvals(caller.workspace_id, broken.id)
    with caplog.at_level("INFO", "core.drafting.approving"):
        assert await approvals.tend() == 1
    assert [vars(line)["approval"] for line in caplog.records] == [approval.id] * 2
    told_problem = [vars(line).get("problem") for line in caplog.records]
    assert told_problem == ([str(failure)] * 2 if isinstance(failure, NotAllowedNow) else [None] * 2)
    failure = StorageUnavailable("Full.", "Make room.")
    with pytest.raises(StorageUnavailable):
        await approvals.tend()


async def test_a_draft_given_away_is_told_of_its_poster_and_checked_for_them(
    approved: Draft, drafting: Drafting, store: Store, caller: Caller
) -> None:
    carol = Poster("carol", "Carol", "carol_w")
    given = await drafting.give(BOB, approved.id, carol)
    assert (given.draft.poster, given.grounds.poster) == (carol, carol)
    assert given.draft.status is DraftStatus.APPROVED
    # What alice lived holds for nobody else.
    await drafting.take_back(BOB, approved.id)
    await drafting.edit(caller, approved.id, title="What Fridays were like", body=OTHER_BODY)
    alice = Poster("alice", "alice", None)
    assert (await drafting.give(BOB, approved.id, alice)).draft.poster == alice
    await drafting.approve(BOB, approved.id)
    ended = await drafting.give(BOB, approved.id, carol)
    assert (ended.draft.status, ended.approval, ended.approvals[-1].ending) == (
        DraftStatus.EDITED,
        None,
        Ending.GIVEN,
    )


async def test_an_approval_is_returned_with_what_was_checked_and_asks_again_in_a_day(
    drafting: Drafting, campaign: Campaign, store: Store, clock: FixedClock, caller: Caller
) -> None:
    [made] = (await drafting.write(caller, None, COMMUNITY, anyway=True)).drafts
    edited = await drafting.edit(caller, made.id, title=TITLE, body=BODY)
    approved = await drafting.approve(BOB, made.id)
    now = clock.now()
    assert approved.draft == await store.draft(caller.workspace_id, made.id)
    assert (approved.draft.decided_by, approved.draft.decided_at) == ("Bob", now)
    assert approved.remarks == edited.remarks
    [kept] = await store.approvals(caller.workspace_id, made.id)
    assert approved.approvals == (kept,)
    assert approved.approval == kept
    assert kept.pinned == pin(approved.grounds, (USED,))
    assert (kept.approved_at, kept.remind_at, kept.approver_id) == (now, now + REMIND_AFTER, "bob")
    put_off = await drafting.ask_later(BOB, made.id, timedelta(hours=3))
    assert put_off.approval is not None
    assert put_off.approval.remind_at == now + timedelta(hours=3)
    later = await drafting.ask_later(BOB, made.id)
    assert later.approval is not None
    assert later.approval.remind_at == now + timedelta(days=1)
    reviewed = await drafting.review(caller.workspace_id, made.id)
    assert (reviewed.marks, reviewed.rulings, reviewed.remarks) == ((), (), approved.draft.latest.remarks)
