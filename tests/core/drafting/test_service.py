"""Drafting over a real store, without a model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.campaigns import Campaign, CampaignStatus, FactKind
from core.communities import Rule
from core.drafting.carrying import Carried
from core.drafting.checks import check
from core.drafting.drafts import DraftStatus, NewRevision, Poster, Remark, RevisionOrigin, WayOut
from core.drafting.grounds import Grounds
from core.drafting.prompt import Assignment
from core.drafting.rulings import Compliance
from core.drafting.service import AdvisedAgainst, Drafting, InterviewInstead
from core.drafting.text import Text
from core.errors import AlreadyDecided, BadArgument, NotAllowedNow, NotFound
from core.model import Basis, Caller, NewPattern
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting.material import FLAT_RULE, make_campaign
from tests.core.drafting.plain import PlainWriter
from tests.storage import world

BOB = Caller("terminal:local", "bob", "bob", "test-correlation")
TITLE = "How to make late payers answer"
BODY = "37 freelancers used it in the first 6 months. How do others here handle this?"
BODY_SENTENCES = ("37 freelancers used it in the first 6 months.", "How do others here handle this?")


@pytest.fixture
def drafting(store: Store, clock: FixedClock) -> Drafting:
    return Drafting(store, clock, PlainWriter())


@pytest.fixture
async def campaign(store: Store, clock: FixedClock, caller: Caller) -> Campaign:
    return await make_campaign(store, caller, clock.now())


async def test_drafts_differ_and_are_checked_and_kept(drafting: Drafting, campaign: Campaign, caller: Caller) -> None:
    seen: list[tuple[str, int, int]] = []

    async def report(text: str, done: int, total: int) -> None:
        seen.append((text, done, total))

    drafted = await drafting.write(caller, None, "harborfounders", count=3, report=report)
    assert len({draft.latest.body for draft in drafted.drafts}) == 3
    assert all(draft.latest.origin is RevisionOrigin.MODEL for draft in drafted.drafts)
    assert all("blanks" in [f.check for f in draft.latest.remarks] for draft in drafted.drafts)
    assert [done for _, done, total in seen if total == 3] == [0, 1, 2]


@pytest.mark.parametrize("count", [0, 4])
async def test_one_to_three_drafts_can_be_asked_for(
    drafting: Drafting, campaign: Campaign, caller: Caller, count: int
) -> None:
    with pytest.raises(BadArgument):
        await drafting.write(caller, None, "harborfounders", count=count)


async def test_a_paused_campaign_writes_nothing(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    await store.set_campaign_status(caller, campaign.id, CampaignStatus.PAUSED, clock.now())
    with pytest.raises(NotAllowedNow):
        await drafting.write(caller, None, "harborfounders")


async def test_a_draft_is_advised_against_until_a_person_goes_on_anyway(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    with pytest.raises(AdvisedAgainst) as caught:
        await drafting.write(caller, None, "elsewhere")
    assert [reason.code for reason in caught.value.reasons] == ["no_profile", "other_community"]
    assert not caught.value.is_final
    assert await store.drafts(caller.workspace_id) == []
    assert len((await drafting.write(caller, None, "elsewhere", anyway=True)).drafts) == 1


async def test_a_rule_against_promotion_limits_a_draft_and_does_not_close_the_community(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    await store.save_rules(caller, "harborfounders", Basis.SAMPLE, [FLAT_RULE], clock.now())
    [draft] = (await drafting.write(caller, None, "harborfounders")).drafts
    edited = await drafting.edit(caller, draft.id, title=TITLE, body=f"{BODY} I work on Tallybird.")
    assert [remark.code for remark in edited.blocking] == ["rule:promotion"]
    assert (await drafting.edit(caller, draft.id, title=TITLE, body=BODY)).blocking == ()


async def test_no_draft_is_approved_in_the_two_days_after_a_removal_there(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    [draft] = (await drafting.write(caller, None, "harborfounders")).drafts
    await drafting.edit(caller, draft.id, title=TITLE, body=BODY)
    new = world.to_register("t3_gone", clock.now(), community="harborfounders")
    post = await store.register_post(caller, new, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())
    with pytest.raises(NotAllowedNow) as caught:
        await drafting.approve(BOB, draft.id)
    assert "was removed from r/harborfounders" in caught.value.what
    clock.advance(timedelta(hours=48))
    assert (await drafting.approve(BOB, draft.id)).draft.status is DraftStatus.APPROVED


async def test_a_text_that_was_posted_before_is_not_approved_again(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    [first] = (await drafting.write(caller, None, "harborfounders")).drafts
    await drafting.edit(caller, first.id, title=TITLE, body=BODY)
    await drafting.approve(BOB, first.id)
    new = world.to_register("t3_first", clock.now(), community="harborfounders", draft_id=first.id)
    post = await store.register_post(caller, new, clock.now())
    [second] = (await drafting.write(caller, None, "harborfounders")).drafts
    edited = await drafting.edit(BOB, second.id, title="What late payers answer to", body=BODY)
    [told] = edited.blocking
    assert (told.code, f"post {post.id} in r/harborfounders" in told.text) == ("near_duplicate", True)


async def test_without_facts_no_draft_is_written_at_all(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    for fact in await store.facts(caller.workspace_id, campaign.id, clock.now()):
        await store.remove_fact(caller, fact.id, clock.now())
    with pytest.raises(InterviewInstead, match="anything written would be invented"):
        await drafting.write(caller, None, "harborfounders", anyway=True)
    assert await store.drafts(caller.workspace_id) == []


async def test_a_draft_is_approved_after_its_blanks_are_filled(
    drafting: Drafting, campaign: Campaign, caller: Caller
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    with pytest.raises(NotAllowedNow) as caught:
        await drafting.approve(BOB, draft.id)
    assert "filled in" in caught.value.what
    edited = (await drafting.edit(caller, draft.id, title=TITLE, body=BODY)).draft
    assert (edited.status, edited.latest.number, edited.latest.written_by) == (DraftStatus.EDITED, 2, "alice")
    approved = (await drafting.approve(BOB, draft.id)).draft
    assert (approved.status, approved.decided_by) == (DraftStatus.APPROVED, "bob")


async def test_an_edit_may_change_the_title_alone(drafting: Drafting, campaign: Campaign, caller: Caller) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    edited = (await drafting.edit(caller, draft.id, title="  Another \n title ", body=None)).draft
    assert (edited.latest.title, edited.latest.body) == ("Another title", draft.latest.body)


@pytest.mark.parametrize(("title", "body"), [(" ", None), (None, " \n"), ("x" * 301, None), (None, "x" * 40_001)])
async def test_an_edit_that_reddit_could_not_take_is_refused(
    drafting: Drafting, campaign: Campaign, caller: Caller, title: str | None, body: str | None
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    with pytest.raises(BadArgument):
        await drafting.edit(caller, draft.id, title=title, body=body)


async def test_an_edit_of_an_older_text_is_told_who_wrote_the_newer_one(
    drafting: Drafting, campaign: Campaign, caller: Caller
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    await drafting.edit(BOB, draft.id, title=TITLE, body=BODY, after=1)
    with pytest.raises(AlreadyDecided) as caught:
        await drafting.edit(caller, draft.id, title="Mine", body=None, after=1)
    assert caught.value.decided_by == "bob"


async def test_a_persons_own_number_that_no_fact_holds_is_advice_until_the_fact_is_added(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    edited = await drafting.edit(caller, draft.id, title=TITLE, body="It took 19 letters. What would you have done?")
    told = [(remark.level, remark.text) for remark in edited.remarks if remark.check == "claims"]
    assert told == [("advice", "“19”: no fact holds 19."), ("advice", "“letters”: no fact says “letters”.")]
    await store.add_fact(caller, campaign.id, FactKind.NUMBER, "19 letters until the first answer", clock.now())
    reviewed = await drafting.review(caller.workspace_id, draft.id)
    told = [(remark.level, remark.text) for remark in reviewed.remarks if remark.check == "claims"]
    assert told == [("ok", "Every claim rests on a fact.")]
    assert (await drafting.approve(caller, draft.id)).draft.status is DraftStatus.APPROVED


async def test_a_pattern_learned_after_writing_blocks_approval(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    await drafting.edit(caller, draft.id, title=TITLE, body=BODY)
    await store.add_pattern(
        caller,
        NewPattern(
            campaign.id,
            "harborfounders",
            "topic",
            "polls",
            "person",
            0.9,
            params={"phrases": ["how do others here handle this"]},
        ),
        clock.now(),
    )
    with pytest.raises(NotAllowedNow):
        await drafting.approve(caller, draft.id)


async def test_of_ten_approvals_at_once_one_wins_and_nine_learn_who(
    drafting: Drafting, campaign: Campaign, caller: Caller
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    await drafting.edit(caller, draft.id, title=TITLE, body=BODY)
    people = [Caller(caller.workspace_id, f"m{n}", f"member {n}", "c") for n in range(10)]
    results: Sequence[object] = await asyncio.gather(
        *(drafting.approve(person, draft.id) for person in people), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, AlreadyDecided)]
    assert len(refused) == 9
    winner = (await drafting._store.draft(caller.workspace_id, draft.id)).decided_by
    assert {error.decided_by for error in refused} == {winner}


async def test_a_text_written_between_the_check_and_the_decision_is_not_approved_unseen(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    await drafting.edit(caller, draft.id, title=TITLE, body=BODY)
    checked = await store.draft(caller.workspace_id, draft.id)
    await drafting.edit(BOB, draft.id, title=None, body="It has 999 users.")
    with pytest.raises(AlreadyDecided):
        await store.decide_draft(caller, draft.id, DraftStatus.APPROVED, clock.now(), version=checked.version)
    assert (await store.draft(caller.workspace_id, draft.id)).status.is_open


async def test_a_decided_draft_is_neither_edited_nor_regenerated(
    drafting: Drafting, campaign: Campaign, caller: Caller
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    await drafting.discard(BOB, draft.id)
    for attempt in (
        drafting.edit(caller, draft.id, title=TITLE, body=BODY),
        drafting.regenerate(caller, draft.id),
        drafting.approve(caller, draft.id),
        drafting.discard(caller, draft.id),
    ):
        with pytest.raises(AlreadyDecided) as caught:
            await attempt
        assert caught.value.decided_by == "bob"


async def test_a_regenerated_draft_is_another_text_of_the_same_draft(
    drafting: Drafting, campaign: Campaign, caller: Caller
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    again = (await drafting.regenerate(caller, draft.id)).draft
    assert (again.id, again.latest.number) == (draft.id, 2)
    assert again.latest.body != draft.latest.body


async def test_a_draft_of_another_workspace_is_not_found(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    await store.ensure_workspace("discord:1", "discord", "Other", clock.now())
    stranger = Caller("discord:1", "eve", "eve", "c")
    for attempt in (drafting.approve(stranger, draft.id), drafting.edit(stranger, draft.id, title="x", body="y")):
        with pytest.raises(NotFound):
            await attempt


async def test_a_draft_hears_of_its_own_campaigns_patterns_and_of_everybodys_and_of_no_others(
    drafting: Drafting, campaign: Campaign, store: Store, clock: FixedClock, caller: Caller
) -> None:
    other = await store.create_campaign(
        caller,
        name="Paperboat",
        product="Boats",
        url=None,
        keywords=("a", "b", "c", "d", "e"),
        communities=("harborfounders",),
        now=clock.now(),
    )
    await store.add_fact(caller, other.id, FactKind.PRODUCT, "Boats made of paper.", clock.now())
    for body, campaign_id, community in (
        ("of this campaign", campaign.id, "harborfounders"),
        ("of another campaign", other.id, "harborfounders"),
        ("of everybody", None, "harborfounders"),
        ("of another community", campaign.id, "elsewhere"),
    ):
        new = world.a_pattern(body=body, campaign_id=campaign_id, community=community, source="person", feature=None)
        await store.add_pattern(caller, new, clock.now())
    [ours] = (await drafting.write(caller, str(campaign.id), "harborfounders", anyway=True)).reviewed
    assert [p.body for p in ours.grounds.patterns] == ["of this campaign", "of everybody"]
    [theirs] = (await drafting.write(caller, str(other.id), "harborfounders", anyway=True)).reviewed
    assert [p.body for p in theirs.grounds.patterns] == ["of another campaign", "of everybody"]


async def test_while_a_long_text_is_checked_others_get_their_turns(
    drafting: Drafting, campaign: Campaign, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def noted(text: Text, grounds: Grounds) -> tuple[Remark, ...]:
        threads.append(threading.get_ident())
        return check(text, grounds)

    for module in ("service", "deciding"):
        monkeypatch.setattr(f"core.drafting.{module}.check", noted)
    (made,) = (await drafting.write(caller, None, "harborfounders")).drafts
    await drafting.edit(caller, made.id, title=TITLE, body="Forty farms use it. " * 200)
    await drafting.review(caller.workspace_id, made.id)
    assert len(threads) >= 3
    assert threading.get_ident() not in threads


async def test_behind_a_drafts_card_stand_each_rule_and_each_sentence_with_its_facts_and_marks(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    await store.save_rules(caller, "harborfounders", Basis.SAMPLE, [Rule("Be kind", "No insults.", "all")], clock.now())
    revision = NewRevision(
        RevisionOrigin.MODEL, TITLE, f"{BODY} Agencies love it. [your own words: how many?]", (), "model"
    )
    draft = await store.create_draft(caller, campaign.id, "harborfounders", revision, clock.now())
    used = next(f for f in await store.facts(caller.workspace_id, campaign.id, clock.now()) if "37" in f.body)
    details = await drafting.details(caller.workspace_id, draft.id)
    assert details.reviewed == await drafting.review(caller.workspace_id, draft.id)
    assert [(ruling.rule, ruling.compliance) for ruling in details.rulings] == [("Be kind", Compliance.KEPT)]
    assert details.rulings == details.reviewed.rulings
    first, second = BODY.split(". ")
    assert details.sentences == (
        Carried(TITLE, ()),
        Carried(f"{first}.", (used.id,)),
        Carried(second, ()),
        Carried("Agencies love it.", (), ("love it",)),
        Carried("[your own words: how many?]", (), (), True),
    )
    [love] = details.reviewed.marks
    await drafting.decide_mark(BOB, love.id, WayOut.FREE)
    freed = await drafting.details(caller.workspace_id, draft.id)
    assert freed.sentences[3] == Carried("Agencies love it.", ()), "what claims nothing is not shown as marked"
    await drafting.discard(BOB, draft.id)
    decided = await drafting.details(caller.workspace_id, draft.id)
    assert decided.reviewed.rulings == ()
    assert decided.rulings == details.rulings, "the rules are read for a decided draft too"


async def test_who_posted_a_draft_hears_what_the_table_says_of_it_now(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    assert await drafting.told_when_posted(caller.workspace_id, draft.id) == ()
    rule = Rule("No AI", "Text written by AI is not allowed.", "all")
    await store.save_rules(caller, "harborfounders", Basis.SAMPLE, [rule], clock.now())
    [reason] = await drafting.told_when_posted(caller.workspace_id, draft.id)
    assert (reason.code, reason.text) == (
        "ai_text",
        "r/harborfounders takes no text that a model wrote: “No AI”.",
    )
    with pytest.raises(NotFound):
        await drafting.told_when_posted(caller.workspace_id, draft.id + 99)


async def test_a_draft_that_was_just_made_has_its_marks_remarks_and_rulings(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    made = (await drafting.write(caller, None, "harborfounders")).reviewed[0]
    assert made == await drafting.as_written(made.draft, made.grounds)
    assert made == await drafting.review(caller.workspace_id, made.draft.id)
    assert (made.approvals, made.approval, made.draft.angle) == ((), None, None)
    assert [remark.code for remark in made.blocking] == ["blank"]


async def test_drafts_are_written_for_who_asks_with_their_angle_and_differ_from_each_other(
    campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    class Noting(PlainWriter):
        def __init__(self) -> None:
            self.asked: list[Assignment] = []

        async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
            self.asked.append(assignment)
            return await super().write(caller, grounds, assignment)

    writer, told = Noting(), list[tuple[str, int, int]]()
    drafting = Drafting(store, clock, writer)

    async def report(text: str, done: int, total: int) -> None:
        told.append((text, done, total))

    drafted = await drafting.write(caller, None, "harborfounders", count=2, angle="The first month", report=report)
    texts = [(draft.latest.title, draft.latest.body) for draft in drafted.drafts]
    assert writer.asked == [
        Assignment("The first month", 0, ()),
        Assignment("The first month", 1, (texts[0],)),
    ]
    assert told == [("Writing for r/harborfounders", 0, 2), ("Writing for r/harborfounders", 1, 2)]
    assert [(draft.angle, draft.poster, draft.created_by) for draft in drafted.drafts] == [
        ("The first month", Poster("alice", "alice", None), "alice")
    ] * 2
    assert (drafted.problem, drafted.drafts) == (None, tuple(one.draft for one in drafted.reviewed))
    first = drafted.drafts[0]
    await drafting.edit(caller, first.id, title=TITLE, body=BODY)
    again = await drafting.regenerate(BOB, first.id, feedback="Shorter")
    assert writer.asked[2] == Assignment(
        "The first month", 2, (texts[0], (TITLE, BODY)), "Shorter", (TITLE, *BODY_SENTENCES)
    )
    assert [remark.code for remark in again.draft.latest.remarks if remark.check == "kept"] == ["kept:lost"] * 3
    for _ in range(2):
        await drafting.regenerate(BOB, first.id)
    assert len(writer.asked[-1].earlier) == 3, "the newest three texts"
    bob = Poster("bob", "Bob", "bob_w")
    [for_bob] = (await drafting.write(caller, None, "harborfounders", poster=bob)).drafts
    assert (for_bob.poster, for_bob.angle) == (bob, None)


async def test_a_writer_that_fails_leaves_the_drafts_that_are_there(
    campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    class Tiring(PlainWriter):
        def __init__(self, after: int) -> None:
            self.left = after

        async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
            if not self.left:
                raise NotAllowedNow("Tired.", "Rest.")
            self.left -= 1
            return await super().write(caller, grounds, assignment)

    drafted = await Drafting(store, clock, Tiring(1)).write(caller, None, "harborfounders", count=3)
    assert len(drafted.drafts) == 1
    assert isinstance(drafted.problem, NotAllowedNow)
    with pytest.raises(NotAllowedNow, match="Tired"):
        await Drafting(store, clock, Tiring(0)).write(caller, None, "harborfounders")


async def test_a_text_that_comes_back_is_the_one_it_was_with_who_wrote_it(
    drafting: Drafting, campaign: Campaign, caller: Caller
) -> None:
    first = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    await drafting.edit(caller, first.id, title=TITLE, body=BODY)
    back = (await drafting.restore(BOB, first.id, 1)).draft
    was, now = first.latest, back.latest
    assert (now.number, now.origin, now.title, now.body) == (3, was.origin, was.title, was.body)
    assert (now.written_by, now.sentences, now.prompt_sha256, now.answers) == (
        was.written_by,
        was.sentences,
        was.prompt_sha256,
        was.answers,
    )
    assert [remark.code for remark in now.remarks] == [remark.code for remark in was.remarks]


async def test_an_edit_that_was_made_under_another_approval_is_refused(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    await drafting.edit(caller, draft.id, title=TITLE, body=BODY, approval=0)
    await drafting.approve(BOB, draft.id)
    [approval] = await store.approvals(caller.workspace_id, draft.id)
    with pytest.raises(AlreadyDecided):
        await drafting.edit(caller, draft.id, title="Mine", body=None, approval=0)
    edited = await drafting.edit(caller, draft.id, title="Mine", body=None, approval=approval.id)
    assert (edited.draft.status, edited.draft.latest.title, edited.approval) == (DraftStatus.EDITED, "Mine", None)
    assert len(edited.approvals) == 1


async def test_a_disclosure_stands_under_the_text_and_is_kept_as_the_posters_own(
    drafting: Drafting, campaign: Campaign, caller: Caller, store: Store
) -> None:
    draft = (await drafting.write(caller, None, "harborfounders")).drafts[0]
    await drafting.edit(caller, draft.id, title=TITLE, body=f"{BODY}\n")
    disclosed = await drafting.disclose(caller, draft.id, "  I work on\nTallybird. ")
    assert disclosed.draft.latest.body == f"{BODY}\n\nI work on Tallybird."
    assert (disclosed.draft.latest.title, disclosed.draft.latest.origin) == (TITLE, RevisionOrigin.PERSON)
    assert await store.last_disclosure(caller.workspace_id, campaign.id, "alice") == "I work on Tallybird."
    await drafting.disclose(BOB, draft.id, "I founded Tallybird.")
    assert await store.last_disclosure(caller.workspace_id, campaign.id, "alice") == "I work on Tallybird."
