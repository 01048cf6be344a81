"""What a draft stands on is read from the store: of its workspace, campaign, community and poster alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.campaigns import FactKind
from core.communities import Rule
from core.drafting.approvals import Change, ChangeKind, Pinned, PinnedFact
from core.drafting.approving import changed_posting, changed_rules, changes_since, pin
from core.drafting.drafts import NewRevision, Poster, RevisionOrigin
from core.drafting.gathering import gather, poster_of
from core.drafting.grounds import Grounds
from core.drafting.history import History
from core.drafting.text import Text
from core.model import Basis, Caller, NewPattern, State
from core.patterns import patterns_of
from core.requirements import Flair, Posting, Requirements
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting import material
from tests.core.drafting.material import SOFT_RULE, make_campaign
from tests.storage import world

HERE = "harborfounders"
ALICE = Poster("alice", "alice", "ada_w")


async def test_grounds_hold_everything_of_their_campaign_and_community_and_nothing_of_others(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    campaign = await make_campaign(store, caller, clock.now())
    other = await world.make_campaign(store, caller, clock.now(), name="Paperboat", communities=(HERE,))
    await store.add_fact(caller, other.id, FactKind.PRODUCT, "Boats.", clock.now())
    rules = await store.save_rules(caller, HERE, Basis.SAMPLE, [SOFT_RULE], clock.now())
    await store.save_rules(caller, "elsewhere", Basis.SAMPLE, [Rule("Other", "", "all")], clock.now())
    for body, of, community in (("ours", campaign.id, HERE), ("theirs", other.id, HERE), ("all", None, HERE),
                                ("there", None, "elsewhere")):  # fmt: skip
        new = NewPattern(of, community, "topic", body, "person", 0.5, params={"phrases": [body]})
        await store.add_pattern(caller, new, clock.now())
    revision = NewRevision(RevisionOrigin.PERSON, "T", "B", (), "alice")
    draft = await store.create_draft(caller, campaign.id, HERE, revision, clock.now())
    second = await store.create_draft(caller, campaign.id, HERE, replace(revision, title="T2"), clock.now())
    posts = {}
    for number, (community, days) in enumerate(((HERE, 3), (HERE, 15), ("elsewhere", 3))):
        at = clock.now() - timedelta(days=days)
        made = await world.make_post(store, caller, at, f"t3_gone{number}")
        new_post = world.to_register(f"t3_went{number}", at, community=community)
        posts[number] = await store.register_post(caller, new_post, at)
        gone = replace(world.removal_check(posts[number], at), verdict=replace(
            world.removal_check(posts[number], at).verdict, alerts=(), patterns=()))  # fmt: skip
        await world.record(store, [gone], at)
        assert made.id != posts[number].id
    now = clock.now()
    grounds = await gather(store, campaign, HERE, now, ALICE, draft_id=draft.id)
    profile = await store.latest_profile(caller.workspace_id, HERE)
    assert (grounds.campaign, grounds.community, grounds.now, grounds.poster) == (campaign, HERE, now, ALICE)
    assert (grounds.rules, grounds.profile) == (rules, profile)
    assert grounds.facts == tuple(await store.facts(caller.workspace_id, campaign.id, now))
    learned = patterns_of(profile)
    assert [pattern.body for pattern in grounds.patterns] == ["ours", "all", *(one.body for one in learned)]
    assert [post.id for post in grounds.history.removed] == [posts[0].id]
    assert second.id in {own.draft_id for own in grounds.history.texts}
    assert draft.id not in {own.draft_id for own in grounds.history.texts}
    assert {own.state for own in grounds.history.texts if own.post_id == posts[0].id} == {State.REMOVED}
    assert grounds.history.accounts == tuple(await store.accounts(caller.workspace_id))
    assert (grounds.demands, grounds.disclosure) == ((), None)
    every = await gather(store, campaign, HERE, now)
    assert (every.poster, every.disclosure) == (None, None)
    assert {draft.id, second.id} <= {own.draft_id for own in every.history.texts}
    elsewhere = await gather(store, campaign, "nowhere", now)
    assert (elsewhere.rules, elsewhere.profile, elsewhere.patterns) == (None, None, ())


async def test_texts_of_half_a_year_are_looked_through(store: Store, clock: FixedClock, caller: Caller) -> None:
    campaign = await make_campaign(store, caller, clock.now())
    now = clock.now()
    for number, days in enumerate((179, 180, 181)):
        at = now - timedelta(days=days)
        await store.register_post(caller, world.to_register(f"t3_aaaa{number}", at, title=f"{days} days"), at)
    titles = {own.title for own in (await gather(store, campaign, HERE, now)).history.texts}
    assert "179 days" in titles
    assert "181 days" not in titles


async def test_a_poster_has_the_linked_account_when_it_is_the_only_one(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    async def poster(member_id: str) -> Poster:
        return await poster_of(store, caller.workspace_id, member_id, "Alice")

    assert await poster("alice") == Poster("alice", "Alice", None)
    await store.link_account(caller, "ada_w", clock.now())
    await store.link_account(world.somebody_else(caller, "bob"), "bob_w", clock.now())
    assert await poster("alice") == Poster("alice", "Alice", "ada_w")
    assert await poster("carol") == Poster("carol", "Alice", None)
    await store.link_account(caller, "ada_two", clock.now())
    assert await poster("alice") == Poster("alice", "Alice", None)


# ---------------------------------------------------------------- what an approval stands on


def on(*rules: Rule, **changes: object) -> Grounds:
    return replace(material.grounds(ruled=material.rules(*rules)), **changes)  # type: ignore[arg-type]


TEXT = Text("How", "Here is a link dump.")


def test_an_approval_is_pinned_to_what_it_stands_on() -> None:
    snapshot = replace(material.rules(SOFT_RULE), requirements=Requirements(), flairs=(Flair("Story"),))
    kept = [replace(material.pattern(body), id=id_) for body, id_ in (("b", 9), ("a", 4))]
    pinned = pin(on(rules=snapshot, patterns=(*kept, replace(kept[0], id=0))), (2, 3, 99))
    facts = material.facts()
    assert pinned == Pinned(
        1,
        ((SOFT_RULE.short_name, SOFT_RULE.description),),
        pinned.demands,
        (PinnedFact(2, 1, facts[1].body), PinnedFact(3, 1, facts[2].body)),
        (4, 9),
        Requirements(),
        (Flair("Story"),),
    )
    assert [name for name, _ in pinned.demands] == ["“No promotion without a story” on promotion"]
    assert pin(on(rules=None), ()) == Pinned(None, (), (), (), (), None, None)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ([("A", "one")], [("A", "one")], []),
        ([("A", "one"), ("B", "two")], [("B", "two"), ("A", "one")], []),
        ([("A", "one")], [("A", "two")], [Change(ChangeKind.RULE_CHANGED, "A", "one", "two")]),
        ([("A", "one")], [("B", "one")], [Change(ChangeKind.RULE_CHANGED, "A", "A", "B")]),
        ([("A", "")], [("B", "")], [Change(ChangeKind.RULE_GONE, "A", "A"), Change(ChangeKind.RULE_NEW, "B", "", "B")]),
        ([("A", "one")], [], [Change(ChangeKind.RULE_GONE, "A", "one")]),
        ([], [("A", "one")], [Change(ChangeKind.RULE_NEW, "A", "", "one")]),
        (
            [("A", "one"), ("A", "two")],
            [("A", "three"), ("A", "four")],
            [Change(ChangeKind.RULE_CHANGED, "A", "one", "three"), Change(ChangeKind.RULE_CHANGED, "A", "two", "four")],
        ),
        (
            [("A", "one")],
            [("B", "one"), ("A", "two")],
            [Change(ChangeKind.RULE_CHANGED, "A", "one", "two"), Change(ChangeKind.RULE_NEW, "B", "", "one")],
        ),
    ],
)
def test_a_rule_that_keeps_its_name_or_its_words_is_the_same_rule(
    before: list[tuple[str, str]], after: list[tuple[str, str]], changes: list[Change]
) -> None:
    assert list(changed_rules(before, after)) == changes


def test_what_reddit_asks_otherwise_is_told_in_words() -> None:
    before = Requirements(title_text_max_length=80, domain_blacklist=("a.example", "b.example"), is_flair_required=True)
    after = Requirements(title_text_min_length=5, domain_blacklist=("c.example",))
    told = {change.name: (change.before, change.after) for change in changed_posting(Posting(before), Posting(after))}
    assert told == {
        "title_text_min_length": ("", "5"),
        "title_text_max_length": ("80", ""),
        "domain_blacklist": ("a.example, b.example", "c.example"),
        "is_flair_required": ("yes", ""),
    }
    for unknown in (Posting(before), Posting()):
        assert list(changed_posting(Posting(), unknown)) == list(changed_posting(unknown, Posting())) == []
    flairs = Posting(None, (Flair("B"), Flair("A", mod_only=True)))
    assert list(changed_posting(flairs, Posting(None, (Flair("B"),)))) == [
        Change(ChangeKind.FLAIRS_CHANGED, "", "A (moderators only), B", "B")
    ]
    assert list(changed_posting(flairs, Posting())) == []


def test_what_changed_since_an_approval_is_told_in_this_order() -> None:
    then = on(SOFT_RULE, patterns=(replace(material.pattern("old"), id=4),))
    pinned = pin(then, (1, 2))
    held = material.facts()
    learned = replace(material.pattern("link dump"), id=5)
    untold = replace(learned, id=6, body="The tone.", feature=None, params={})
    now = on(
        replace(SOFT_RULE, description="Other words."),
        facts=(replace(held[1], version=2, body="38 freelancers used it."), held[2]),
        patterns=(learned, untold, replace(learned, id=7, params={"phrases": ["polls"]}), replace(learned, id=0)),
    )
    assert changes_since(pinned, now, TEXT) == (
        Change(ChangeKind.RULE_CHANGED, SOFT_RULE.short_name, SOFT_RULE.description, "Other words."),
        Change(ChangeKind.FACT_GONE, "1", held[0].body),
        Change(ChangeKind.FACT_CHANGED, "2", held[1].body, "38 freelancers used it."),
        Change(ChangeKind.PATTERN_NEW, "5", "", "link dump"),
        Change(ChangeKind.PATTERN_NEW, "6", "", "The tone."),
    )
    assert changes_since(pinned, then, TEXT) == ()
    assert changes_since(Pinned(is_known=False), now, TEXT) == ()
    assert changes_since(pinned, replace(then, history=History()), TEXT) == ()
