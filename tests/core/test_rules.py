"""What rules demand is read with them; what a person said of a rule holds as long as the rule reads the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.communities import Rule
from core.demands import by_rule, rule_key
from core.drafting.approvals import Ending
from core.drafting.approving import Approvals, pin
from core.drafting.drafts import DraftStatus
from core.drafting.gathering import gather
from core.errors import BadArgument, NotAllowedNow
from core.model import AlertKind, Basis, Caller
from core.requirements import Posting, Requirements
from core.rules import CommunityRules
from core.texts.rule_topics import Stance, Topic
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.world import World
from tests.storage import world as stored

ADS = Rule("No ads", "Not one.", "all")
LINKS = Rule("Links", "Links are only allowed on Fridays.", "all")
KIND = Rule("Have fun", "Pots crack. Laugh.", "all")


class Told(World):
    """A view with these rules of every community."""

    def __init__(self, clock: FixedClock, *rules: Rule) -> None:
        super().__init__(clock)
        self.listed = rules
        self.asks = Posting(Requirements(is_flair_required=True), ())

    async def rules(self, community: str) -> tuple[Rule, ...]:
        return self.listed

    async def posting(self, community: str) -> Posting:
        return self.asks


async def told(store: Store, caller: Caller) -> list[tuple[str, Topic, Stance, str, str | None]]:
    return [
        (one.rule, one.demand.topic, one.demand.stance, one.read_by, one.confirmed_by)
        for one in await store.demands(caller.workspace_id, "pottery")
    ]


async def test_what_rules_demand_is_kept_with_them(store: Store, caller: Caller, clock: FixedClock) -> None:
    view = Told(clock, ADS, LINKS, KIND)
    assert await CommunityRules(store, clock, view).refresh(caller, "pottery")
    assert await told(store, caller) == [
        ("No ads", Topic.PROMOTION, Stance.FORBIDS, "rules", None),
        ("Links", Topic.LINKS, Stance.ONLY_ON, "rules", None),
        ("Have fun", Topic.TOPIC, Stance.NONE, "rules", None),  # it counts as read, and is not read for each draft
    ]
    snapshot = await store.latest_rules(caller.workspace_id, "pottery")
    assert snapshot is not None
    assert snapshot.requirements == Requirements(is_flair_required=True)


async def test_an_age_and_a_karma_come_back_from_the_store_as_they_were_read(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    both = Rule("Account requirements", "Accounts must be 30 days old and have 100 karma.", "all")
    await CommunityRules(store, clock, Told(clock, both)).refresh(caller, "pottery")
    [kept] = await store.demands(caller.workspace_id, "pottery")
    assert kept.demand.figures == ((30, "days"), (100, "karma"))


async def test_what_a_person_said_of_a_rule_holds_until_the_rule_reads_otherwise(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    view = Told(clock, ADS, LINKS, KIND)
    rules = CommunityRules(store, clock, view)
    await rules.refresh(caller, "pottery")
    await rules.confirm(caller, "pottery", "1 promotion: never\n3 surveys: never — “Laugh”")
    said = [
        ("No ads", Topic.PROMOTION, Stance.FORBIDS, "rules", caller.name),
        ("Have fun", Topic.SURVEYS, Stance.FORBIDS, "person", caller.name),
        ("Links", Topic.LINKS, Stance.NONE, "person", caller.name),  # left out: it restricts nothing
        ("Have fun", Topic.TOPIC, Stance.NONE, "person", caller.name),
    ]
    assert await told(store, caller) == said
    view.listed = (KIND, LINKS, ADS)
    await rules.refresh(caller, "pottery")
    assert await told(store, caller) == said
    view.listed = (ADS, replace(LINKS, description="No links."), KIND)
    await rules.refresh(caller, "pottery")
    assert (("Links", Topic.LINKS, Stance.FORBIDS, "rules", None)) in await told(store, caller)
    assert said[0] in await told(store, caller)


async def test_the_form_comes_back_as_it_was_given_and_confirms_everything(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    rules = CommunityRules(store, clock, Told(clock, ADS, LINKS))
    await rules.refresh(caller, "pottery")
    snapshot = await store.latest_rules(caller.workspace_id, "pottery")
    assert snapshot is not None
    lines = await rules.demand_lines(caller.workspace_id, snapshot)
    assert lines == "1 promotion: never — “No ads”\n2 links: only on Friday — “Links are only allowed on Fridays”"
    await rules.confirm(caller, "pottery", lines)
    kept = await store.demands(caller.workspace_id, "pottery")
    assert [(one.read_by, one.confirmed_by, one.confirmed_at) for one in kept] == [
        ("rules", caller.name, clock.now())
    ] * 2


async def test_a_line_that_says_nothing_keeps_everything_as_it_was(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    rules = CommunityRules(store, clock, Told(clock, ADS))
    with pytest.raises(NotAllowedNow, match="not known"):
        await rules.confirm(caller, "pottery", "1 promotion: never")
    await rules.refresh(caller, "pottery")
    with pytest.raises(BadArgument, match="There is no rule 2"):
        await rules.confirm(caller, "pottery", "2 promotion: never")
    assert await told(store, caller) == [("No ads", Topic.PROMOTION, Stance.FORBIDS, "rules", None)]


async def test_a_draft_stands_on_what_a_person_said(store: Store, caller: Caller, clock: FixedClock) -> None:
    campaign = await stored.make_campaign(store, caller, clock.now(), communities=("pottery",))
    rules = CommunityRules(store, clock, Told(clock, ADS, LINKS))
    await rules.refresh(caller, "pottery")
    before = await gather(store, campaign, "pottery", clock.now())
    assert before.rule_on(Topic.PROMOTION) is not None
    await rules.confirm(caller, "pottery", "2 promotion: under a condition\n2 links: never")
    after = await gather(store, campaign, "pottery", clock.now())
    on_promotion, on_links = after.rule_on(Topic.PROMOTION), after.rule_on(Topic.LINKS)
    assert on_promotion is not None
    assert (on_promotion.rule, on_promotion.forbids, on_promotion.confirmed_by) == (LINKS, False, caller.name)
    assert on_links is not None
    assert on_links.forbids


async def test_pasted_rules_are_read_like_those_of_reddit(store: Store, caller: Caller, clock: FixedClock) -> None:
    rules = CommunityRules(store, clock, None)
    snapshot = await rules.paste(caller, "pottery", "1. No ads\nNot one.\n2. Links\nLinks are only allowed on Fridays.")
    assert snapshot.basis is Basis.PERSON
    assert snapshot.rules == (ADS, LINKS)
    assert len(await told(store, caller)) == 2
    with pytest.raises(BadArgument, match="no rule in that"):
        await rules.paste(caller, "pottery", "  ")


async def test_rules_that_reddit_tells_are_not_pasted_over(store: Store, caller: Caller, clock: FixedClock) -> None:
    rules = CommunityRules(store, clock, Told(clock, ADS))
    with pytest.raises(NotAllowedNow, match="read from Reddit"):
        await rules.paste(caller, "pottery", "1. No ads")


async def test_demands_of_other_workspaces_and_communities_are_not_touched(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    rules = CommunityRules(store, clock, Told(clock, ADS))
    await rules.refresh(caller, "pottery")
    await rules.refresh(caller, "glazes")
    await rules.confirm(caller, "glazes", "nothing")
    assert await told(store, caller) == [("No ads", Topic.PROMOTION, Stance.FORBIDS, "rules", None)]


def test_a_rule_is_known_by_its_words_and_kind_wherever_it_stands() -> None:
    assert rule_key(ADS) == rule_key(Rule("No ads", "Not one.", "all"))
    assert len({rule_key(rule) for rule in (ADS, replace(ADS, kind="link"), replace(ADS, description=""), KIND)}) == 4
    assert by_rule([]) == {}


async def test_a_changed_rule_is_told_once_with_what_changed_and_the_drafts_that_it_concerns(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await stored.make_campaign(store, caller, clock.now(), communities=("pottery", "glazes"))
    draft = await store.create_draft(caller, campaign.id, "pottery", stored.revision(), clock.now())
    await store.create_draft(caller, campaign.id, "glazes", stored.revision(), clock.now())
    view, told_of = Told(clock, ADS, LINKS), []

    async def changed(caller: Caller, community: str) -> int:
        told_of.append(community)
        return 0

    rules = CommunityRules(store, clock, view, changed)
    await rules.refresh(caller, "pottery")
    await rules.refresh(caller, "pottery")
    assert (await store.alerts(caller.workspace_id), told_of) == ([], [])  # the first reading is no change
    view.listed = (replace(LINKS, description="No links."), KIND)
    await rules.refresh(caller, "pottery")
    await rules.refresh(caller, "pottery")
    [alert] = await store.alerts(caller.workspace_id)
    assert alert.kind is AlertKind.RULES_CHANGED
    assert dict(alert.facts) == {
        "community": "pottery",
        "basis": "reddit_api",
        "count": 3,
        "drafts": [draft.id],
        "changes": [
            {"kind": "rule_gone", "name": "No ads", "before": "Not one.", "after": ""},
            {"kind": "rule_changed", "name": "Links", "before": LINKS.description, "after": "No links."},
            {"kind": "rule_new", "name": "Have fun", "before": "", "after": KIND.description},
        ],
    }
    assert told_of == ["pottery"]


async def test_rules_in_another_order_are_no_news(store: Store, caller: Caller, clock: FixedClock) -> None:
    view = Told(clock, ADS, LINKS)
    rules = CommunityRules(store, clock, view)
    await rules.refresh(caller, "pottery")
    view.listed = (LINKS, ADS)
    await rules.refresh(caller, "pottery")
    assert await store.alerts(caller.workspace_id) == []


async def test_an_approval_ends_when_a_rule_changes_or_a_person_reads_it_otherwise(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await stored.make_campaign(store, caller, clock.now(), communities=("pottery",))
    approvals = Approvals(store, clock)
    view = Told(clock, KIND, LINKS)
    rules = CommunityRules(store, clock, view, approvals.rules_changed)
    await rules.refresh(caller, "pottery")

    async def approved() -> int:
        draft = await store.create_draft(caller, campaign.id, "pottery", stored.revision(), clock.now())
        pinned = pin(await gather(store, campaign, "pottery", clock.now()), ())
        await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, clock.now(), pinned=pinned)
        return draft.id

    async def status(draft_id: int) -> DraftStatus:
        return (await store.draft(caller.workspace_id, draft_id)).status

    first = await approved()
    await rules.confirm(caller, "pottery", "2 links: only on Friday")
    assert await status(first) is DraftStatus.APPROVED
    await rules.confirm(caller, "pottery", "2 links: never")
    assert (await status(first)).is_open
    second = await approved()
    view.listed = (KIND, LINKS, ADS)
    await rules.refresh(caller, "pottery")
    assert (await status(second)).is_open


async def test_rules_pasted_again_tell_what_changed_and_end_the_approvals_that_stood_on_them(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    campaign = await stored.make_campaign(store, caller, clock.now(), communities=("pottery",))
    rules = CommunityRules(store, clock, None, Approvals(store, clock).rules_changed)
    await rules.paste(caller, "pottery", "1. No ads\nNot one.\n2. Links\nLinks are only allowed on Fridays.")
    draft = await store.create_draft(caller, campaign.id, "pottery", stored.revision(), clock.now())
    pinned = pin(await gather(store, campaign, "pottery", clock.now()), ())
    await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, clock.now(), pinned=pinned)
    clock.advance(timedelta(days=30))
    after = await rules.paste(caller, "pottery", "1. No ads\nNot one.\n2. Links\nNo links.\n3. Have fun\nLaugh.")
    changes = [
        {"kind": "rule_changed", "name": "Links", "before": LINKS.description, "after": "No links."},
        {"kind": "rule_new", "name": "Have fun", "before": "", "after": "Laugh."},
    ]
    told = {alert.kind: alert.facts for alert in await store.alerts(caller.workspace_id)}
    assert (told[AlertKind.RULES_CHANGED]["basis"], told[AlertKind.RULES_CHANGED]["changes"]) == ("person", changes)
    assert told[AlertKind.DRAFT_VOIDED]["changes"] == changes
    assert (await store.draft(caller.workspace_id, draft.id)).status.is_open
    assert (await store.approvals(caller.workspace_id, draft.id))[-1].ending is Ending.VOIDED
    assert [one.id for one in await store.rules_history(caller.workspace_id, "pottery", 5)] == [after.id, after.id - 1]


async def test_the_same_rules_copied_from_another_app_are_no_change(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    rules = CommunityRules(store, clock, None)
    before = await rules.paste(caller, "pottery", "1. No ads\nNot  one.\n2. Links\nOn Fridays only.")
    await rules.confirm(caller, "pottery", "1 promotion: never")
    clock.advance(timedelta(days=30))
    after = await rules.paste(
        caller, "pottery", "1. No ads \r\n\r\nNot one. \r\n\r\n2. Links\r\nOn\u00a0Fridays only.\r\n"
    )
    assert (after.id, after.taken_at) == (before.id, clock.now())
    assert await store.alerts(caller.workspace_id) == []
    assert (await told(store, caller))[0] == ("No ads", Topic.PROMOTION, Stance.FORBIDS, "rules", caller.name)
