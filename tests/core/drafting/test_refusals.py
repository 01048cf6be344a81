"""What a person reads when a draft cannot be written, changed or decided: what hinders it, and what to do now."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

import pytest

from core.campaigns import Campaign
from core.clock import moment
from core.communities import Rule
from core.drafting.checks import BODY_MAX_CHARS, TITLE_MAX_CHARS, check
from core.drafting.drafts import Draft, Opinion, Poster, SecondOpinion, Support, WayOut, already_decided
from core.drafting.interviewing import Interviews
from core.drafting.service import Drafting, InterviewInstead
from core.drafting.text import Text
from core.errors import Advice, AlreadyDecided, BadArgument, Do, NotAllowedNow, UserError
from core.model import Basis, Caller, NewPattern
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting.material import NOW, grounds, make_campaign
from tests.core.drafting.plain import PlainWriter
from tests.storage.world import a_mark

COMMUNITY = "harborfounders"
BOB = Caller("terminal:local", "bob", "Bob", "test-correlation")
TITLE = "How to make late payers answer"
BODY = "37 freelancers used it in the first 6 months. How do others here handle this?"


@pytest.fixture
def drafting(store: Store, clock: FixedClock) -> Drafting:
    return Drafting(store, clock, PlainWriter())


@pytest.fixture
async def campaign(store: Store, clock: FixedClock, caller: Caller) -> Campaign:
    return await make_campaign(store, caller, clock.now())


@pytest.fixture
async def draft(drafting: Drafting, campaign: Campaign, caller: Caller) -> Draft:
    [made] = (await drafting.write(caller, None, COMMUNITY)).drafts
    return (await drafting.edit(caller, made.id, title=TITLE, body=BODY)).draft


async def refusal(call: Awaitable[object], kind: type[UserError] = NotAllowedNow) -> tuple[str, str, object]:
    """(what, do, what the advice is about: its act and record, or the parameter)."""
    with pytest.raises(UserError) as refused:
        await call
    error = refused.value
    assert type(error) is kind
    about: object = getattr(error, "param", None)
    if isinstance(error.do, Advice):
        about = (error.do.act, error.do.about)
    return error.what, str(error.do), about


async def test_one_to_three_drafts_are_written_at_once(drafting: Drafting, campaign: Campaign, caller: Caller) -> None:
    for count in (0, 4):
        assert await refusal(drafting.write(caller, None, COMMUNITY, count=count), BadArgument) == (
            f"`count` must be 1 to 3, not {count}.",
            "Three at most.",
            "count",
        )


async def test_a_text_needs_title_and_body_and_may_be_as_long_as_reddit_takes(
    drafting: Drafting, draft: Draft, caller: Caller
) -> None:
    for title, body in (("  ", None), (None, " \n ")):
        assert await refusal(drafting.edit(caller, draft.id, title=title, body=body), BadArgument) == (
            "A draft needs a title and a text.",
            "Leave out what shall stay as it is.",
            None,
        )
    long = "w" * (TITLE_MAX_CHARS + 2)
    assert await refusal(drafting.edit(caller, draft.id, title=long, body=None), BadArgument) == (
        f"The title has {TITLE_MAX_CHARS + 2:,} characters; Reddit takes {TITLE_MAX_CHARS:,}.",
        "Shorten it by 2.",
        "title",
    )
    whole = "w" * BODY_MAX_CHARS
    assert await refusal(drafting.edit(caller, draft.id, title=None, body=f"{whole}w"), BadArgument) == (
        f"The body has {BODY_MAX_CHARS + 1:,} characters; Reddit takes {BODY_MAX_CHARS:,}.",
        "Shorten it by 1.",
        "body",
    )
    kept = (await drafting.edit(caller, draft.id, title="w" * TITLE_MAX_CHARS, body=None)).draft.latest
    assert (kept.title, kept.body) == ("w" * TITLE_MAX_CHARS, BODY)


async def test_a_sentence_that_discloses_nothing_is_answered_with_one_that_does(
    drafting: Drafting, draft: Draft, caller: Caller
) -> None:
    offered = await drafting.disclosure(caller.workspace_id, draft.id)
    assert await refusal(drafting.disclose(caller, draft.id, "It rains."), BadArgument) == (
        "That does not say how you belong to Tallybird.",
        f"For example: {offered}",
        "words",
    )


async def test_only_an_earlier_text_comes_back_and_those_there_are_are_named(
    drafting: Drafting, campaign: Campaign, caller: Caller
) -> None:
    [made] = (await drafting.write(caller, None, COMMUNITY)).drafts
    assert await refusal(drafting.restore(caller, made.id, 1), BadArgument) == (
        f"Draft {made.id} has no earlier text 1.",
        "Earlier texts: none yet.",
        "revision",
    )
    await drafting.edit(caller, made.id, title=TITLE, body=BODY)
    for number in (0, 2):
        what, do, _ = await refusal(drafting.restore(caller, made.id, number), BadArgument)
        assert (what, do) == (f"Draft {made.id} has no earlier text {number}.", "Earlier texts: 1 to 1.")
    assert (await drafting.restore(caller, made.id, 1)).draft.latest.body == made.latest.body


async def test_without_a_model_an_interview_is_offered(
    store: Store, clock: FixedClock, campaign: Campaign, caller: Caller
) -> None:
    assert await refusal(Drafting(store, clock, None).write(caller, None, COMMUNITY), InterviewInstead) == (
        "No model is set, so nobody but you can write.",
        "Answer a few questions: your words go in as they are.",
        (Do.INTERVIEW, None),
    )


async def test_what_blocks_an_approval_is_named_and_leads_to_an_edit(
    drafting: Drafting, draft: Draft, caller: Caller, store: Store, clock: FixedClock
) -> None:
    phrases = {"phrases": ["how do others here handle this"]}
    pattern = NewPattern(None, COMMUNITY, "topic", "polls", "person", 0.9, params=phrases)
    await store.add_pattern(caller, pattern, clock.now())
    blocking = (await drafting.review(caller.workspace_id, draft.id)).blocking
    assert len(blocking) == 1
    assert await refusal(drafting.approve(BOB, draft.id)) == (
        f"Draft {draft.id} cannot be approved yet. {blocking[0].text}",
        "Edit it.",
        (Do.EDIT_DRAFT, draft.id),
    )


async def test_where_four_eyes_are_wanted_nobody_approves_what_they_wrote_or_post(
    drafting: Drafting, draft: Draft, caller: Caller, store: Store, clock: FixedClock
) -> None:
    await store.set_four_eyes(caller, True, clock.now())
    what, do, _ = await refusal(drafting.approve(caller, draft.id))
    assert what.startswith("This workspace wants four eyes: ")
    assert what.endswith(", so somebody else approves it.")
    assert do == "Ask another approver to look."
    assert (await drafting.approve(BOB, draft.id)).draft.decided_by == "Bob"


async def test_a_draft_is_not_given_to_who_has_it(drafting: Drafting, draft: Draft, caller: Caller) -> None:
    assert await refusal(drafting.give(caller, draft.id, draft.poster)) == (
        f"alice is to post draft {draft.id} already.",
        "Give it to somebody else.",
        None,
    )
    poster = Poster("bob", "Bob", None)
    assert (await drafting.give(caller, draft.id, poster)).draft.poster == poster


async def test_a_disclosure_is_left_out_for_a_reason_and_never_against_a_rule(
    drafting: Drafting, draft: Draft, caller: Caller, store: Store, clock: FixedClock
) -> None:
    assert await refusal(drafting.leave_undisclosed(caller, draft.id, "no need"), BadArgument) == (
        "That is not a reason.",
        "Say in a sentence why it is left out.",
        "because",
    )
    left = (await drafting.leave_undisclosed(caller, draft.id, " It names  no product. ")).draft
    assert (left.undisclosed_because, left.undisclosed_by) == ("It names no product.", "alice")
    rule = Rule("Say who you are", "You must disclose your affiliation.", "all")
    await store.save_rules(caller, COMMUNITY, Basis.SAMPLE, [rule], clock.now())
    assert await refusal(drafting.leave_undisclosed(caller, draft.id, "It names no product.")) == (
        f"r/{COMMUNITY} has a rule that asks for it: “Say who you are”.",
        "Say how you belong to it.",
        None,
    )


@pytest.mark.parametrize("done", ["approved", "discarded"])
async def test_who_comes_second_is_told_who_decided_and_when(
    drafting: Drafting, draft: Draft, caller: Caller, clock: FixedClock, done: str
) -> None:
    await (drafting.approve if done == "approved" else drafting.discard)(BOB, draft.id)
    at = clock.now()
    clock.advance(at - at.replace(hour=0))
    for call in (drafting.approve(caller, draft.id), drafting.disclose(caller, draft.id, "I work on Tallybird.")):
        with pytest.raises(AlreadyDecided) as refused:
            await call
        error = refused.value
        assert (error.what, str(error.do)) == (f"Draft {draft.id} was {done} by Bob on {moment(at)}.", "See it.")
        assert isinstance(error.do, Advice)
        assert (error.do.act, error.do.about) == (Do.SHOW_DRAFT, draft.id)
        assert (error.decided_by, error.decided_at) == ("Bob", at)


async def test_an_interview_goes_on_only_where_it_is_one_and_is_open(
    drafting: Drafting, draft: Draft, store: Store, clock: FixedClock, caller: Caller
) -> None:
    interviews = Interviews(store, clock)
    assert await refusal(interviews.resume(caller.workspace_id, draft.id)) == (
        f"Draft {draft.id} is not an interview that can go on: it was written in another way.",
        "Edit it.",
        (Do.EDIT_DRAFT, draft.id),
    )
    await drafting.discard(BOB, draft.id)
    assert await refusal(interviews.resume(caller.workspace_id, draft.id)) == (
        f"Draft {draft.id} is not an interview that can go on: it is discarded.",
        "Start another one.",
        None,
    )
    answered = interviews.answer(caller, None, COMMUNITY, {"story": " … ", "title": None}, anyway=True)
    assert await refusal(answered, BadArgument) == (
        "Nothing was answered.",
        "Answer one question at least; the others can wait.",
        None,
    )
    long = "word " * (BODY_MAX_CHARS // 5 + 1)
    what, do, param = await refusal(
        interviews.answer(caller, None, COMMUNITY, {"story": long}, anyway=True), BadArgument
    )
    assert what.endswith(f"characters; Reddit takes {BODY_MAX_CHARS:,}.")
    assert what.startswith("That makes 40,")
    assert (do.split(" by ")[0], param) == ("Shorten it", "story")
    other = replace(caller, workspace_id="discord:1")
    with pytest.raises(UserError):
        await interviews.resume(other.workspace_id, draft.id)


@pytest.mark.parametrize(
    ("way", "did"),
    [
        (WayOut.TRUE, "said that “on time” is true"),
        (WayOut.OUT, "took “on time” out"),
        (WayOut.BLANK, "made “on time” a blank"),
        (WayOut.FREE, "said that “on time” claims nothing"),
    ],
)
def test_who_decides_about_a_mark_second_is_told_what_was_decided_and_led_to_the_draft(way: WayOut, did: str) -> None:
    error = already_decided(a_mark("on time", draft_id=5, way=way, decided_by="Bob", decided_at=NOW))
    assert (error.what, str(error.do)) == (f"Bob {did} on {moment(NOW)}.", "See the draft.")
    assert isinstance(error.do, Advice)
    assert (error.do.act, error.do.about) == (Do.SHOW_DRAFT, 5)
    assert (error.decided_by, error.decided_at) == ("Bob", NOW)


@pytest.mark.parametrize(
    ("opinion", "doubts"),
    [
        (Opinion("It rains.", Support.NOT_SUPPORTED, False, ()), ["It rains."]),
        (Opinion("It rains.", Support.NOT_SUPPORTED, True, ()), []),
        (Opinion("It rains.", Support.SUPPORTED, False, ()), []),
        (Opinion("It snows.", Support.NOT_SUPPORTED, False, ()), []),
    ],
)
def test_another_model_doubts_only_what_still_stands_and_is_not_marked(opinion: Opinion, doubts: list[str]) -> None:
    text = replace(Text("How it went", "It rains. We wait."), second_opinion=SecondOpinion("m", (opinion,), None))
    told = [remark.text for remark in check(text, grounds()) if remark.check == "second opinion"]
    assert told == [f"“{words}”: m finds no fact that says so. Read it again." for words in doubts]
