"""Interviews: which questions are asked, what becomes of the answers, and how one goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.campaigns import Campaign, FactKind
from core.clock import Clock
from core.communities import CommunityProfile, Rule
from core.drafting.drafts import Answered, DraftStatus, Poster, RevisionOrigin
from core.drafting.interview import KEYS, arrange, facts_in, questions_for
from core.drafting.interviewing import Interviews
from core.drafting.service import AdvisedAgainst, Drafting, InterviewInstead
from core.errors import AlreadyDecided, BadArgument, NotAllowedNow
from core.facts import NewFact
from core.model import Basis, Caller
from core.texts.blanks import blanks_in
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting.material import facts, grounds, keep_profile, profile
from tests.core.drafting.plain import PlainWriter

BOB = Caller("terminal:local", "bob", "bob", "test-correlation")
OWN = (FactKind.EXPERIENCE, "I chased invoices for two years.")
NUMBER = (FactKind.NUMBER, "37 freelancers used it in 6 months.")
STORY = "We waited 63 days for one payment.\n\nThen I phoned every client. Would you have done so?"


def keys(**options: object) -> list[str]:
    return [question.key for question in questions_for(grounds(**options))]  # type: ignore[arg-type]


def finding(feature: str, difference: float) -> CommunityProfile:
    """A profile in which one feature goes with a better (above 0) or a worse reception."""
    told = {
        "feature": feature, "text": "it", "among": "posts", "direction": "better" if difference > 0 else "worse",
        "difference": difference, "low": difference, "high": difference,
        "having": {"n": 90, "share": 0.6}, "lacking": {"n": 210, "share": 0.4},
    }  # fmt: skip
    known = profile()
    return replace(known, figures={**known.figures, "findings": [told]})


# ---------------------------------------------------------------- questions


def test_what_the_facts_lack_is_asked() -> None:
    assert keys(held=()) == ["title", "story", "number", "lesson", "question"]
    assert keys(held=facts(OWN)) == ["title", "number", "lesson", "question"]
    assert keys(held=facts(OWN, NUMBER)) == ["title", "lesson", "question"]
    assert keys(held=facts(NUMBER)) == ["title", "story", "lesson", "question"]


def test_the_experience_of_another_is_no_story_of_the_poster() -> None:
    on = replace(grounds(held=facts(OWN, NUMBER)), poster=Poster("b", "bob"))
    assert "story" in [question.key for question in questions_for(on)]
    assert "chased" not in arrange(on, {})[1]


@pytest.mark.parametrize(
    ("feature", "difference", "order"),
    [
        ("title_question", 0.2, ["title", "question", "story", "number", "lesson"]),
        ("number", 0.2, ["title", "number", "story", "lesson", "question"]),
        ("first_person", 0.2, ["title", "story", "number", "lesson", "question"]),
        ("title_question", -0.2, ["title", "story", "number", "lesson", "question"]),
    ],
)
def test_the_order_is_what_is_received_well_there(feature: str, difference: float, order: list[str]) -> None:
    on = grounds(held=(), known=finding(feature, difference))
    assert [question.key for question in questions_for(on)] == order
    body = arrange(on, {key: f"The {key}." for key in KEYS})[1]
    assert body == "\n\n".join(f"The {key}." for key in order[1:])


def test_a_story_that_is_received_well_is_asked_although_a_fact_tells_one() -> None:
    assert "story" in keys(held=facts(OWN, NUMBER), known=finding("first_person", 0.2))


def test_what_is_received_badly_there_is_not_asked_for() -> None:
    assert "number" not in keys(held=(), known=finding("number", -0.2))
    assert "question" not in keys(held=(), known=finding("question", -0.2))
    assert keys(held=facts(OWN, NUMBER), known=finding("question", -0.2)) == ["title", "lesson", "question"]
    assert NUMBER[1] not in arrange(grounds(held=facts(NUMBER), known=finding("measure", -0.2)), {})[1]


def test_the_questions_say_what_is_aimed_at() -> None:
    asked = {q.key: q.aim for q in questions_for(grounds(held=(), known=finding("title_question", 0.2)))}
    assert asked["title"].startswith("A question. ")
    assert asked["title"].endswith(" characters.")
    assert asked["story"] == "Some 50 words."
    assert {q.aim for q in questions_for(grounds(held=()))} == {""}


# ---------------------------------------------------------------- the text


def test_answers_stand_as_they_were_written_and_what_was_not_answered_is_a_blank() -> None:
    on = grounds(held=())
    title, body = arrange(on, {"title": " What \n 63 days taught us ", "story": STORY})
    assert title == "What 63 days taught us"
    blocks = body.split("\n\n")
    assert "\n\n".join(blocks[:2]) == STORY
    assert blocks[2:] == [
        "[your own words: which result can you give, and over what time?]",
        "[your own words: what did you learn that helps somebody else?]",
        "[your own words: which one question do you want answered?]",
    ]
    assert len(blanks_in(body)) == 3
    assert arrange(on, {})[0] == "[your own words: what does a reader get from this, in one line?]"


def test_where_a_question_was_not_needed_the_members_own_facts_stand_word_by_word() -> None:
    body = arrange(grounds(held=facts(OWN, NUMBER)), {"lesson": "Ask early."})[1]
    assert body.startswith(f"{OWN[1]}\n\n{NUMBER[1]}\n\nAsk early.\n\n[your own words:")


ANSWERS = st.dictionaries(st.sampled_from(KEYS), st.text(min_size=1, max_size=60).filter(lambda text: text.strip()))


@given(ANSWERS, st.booleans(), st.booleans())
def test_every_answer_is_in_the_text_and_every_gap_is_a_blank(
    answers: dict[str, str], has_story: bool, has_number: bool
) -> None:
    on = grounds(held=facts(*[OWN] * has_story, *[NUMBER] * has_number) if has_story or has_number else ())
    asked = {question.key for question in questions_for(on)}
    assert 3 <= len(asked) <= 5
    title, body = arrange(on, answers)
    for key, words in answers.items():
        assert (" ".join(words.split()) if key == "title" else words.strip()) in (title if key == "title" else body)
    left = asked - set(answers)
    assert title.count("[your own words: ") + body.count("[your own words: ") >= len(left)


# ---------------------------------------------------------------- facts


def test_what_an_answer_says_is_so_becomes_a_fact_and_a_question_or_advice_does_not() -> None:
    answers = {
        "title": "We waited 63 days",
        "story": STORY,
        "number": "Of 31 invoices 12 were late.",
        "lesson": "Ask for a deposit first. I think that is fair.",
        "question": "Did 40 of your clients pay late?",
    }
    known = grounds(held=())
    of = known.campaign.id
    assert facts_in(answers, known) == (
        NewFact(of, FactKind.EXPERIENCE, "We waited 63 days for one payment."),
        NewFact(of, FactKind.EXPERIENCE, "Then I phoned every client."),
        NewFact(of, FactKind.NUMBER, "Of 31 invoices 12 were late."),
    )


def test_a_fact_that_is_there_already_is_not_kept_twice() -> None:
    held = facts((FactKind.EXPERIENCE, "we waited 63 days, for one payment"))
    told = facts_in({"story": STORY, "lesson": "Then I phoned every client."}, grounds(held=held))
    assert [fact.body for fact in told] == ["Then I phoned every client."]


# ---------------------------------------------------------------- the service


@pytest.fixture
async def campaign(store: Store, clock: FixedClock, caller: Caller) -> Campaign:
    made = await store.create_campaign(
        caller,
        name="Tallybird",
        product="Reminders for freelancers",
        url=None,
        keywords=("a", "b", "c", "d", "e"),
        communities=("harborfounders",),
        now=clock.now(),
    )
    await keep_profile(store, caller, clock.now())
    return made


@pytest.fixture
def interviews(store: Store, clock: Clock) -> Interviews:
    return Interviews(store, clock)


async def test_an_interview_needs_no_facts_and_brings_them_with_the_member_as_owner(
    interviews: Interviews, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    begun = await interviews.begin(caller, None, "harborfounders")
    assert begun.questions[0].key == "title"
    draft = (
        await interviews.answer(caller, None, "harborfounders", {"title": "63 days", "story": STORY, "number": None})
    ).draft
    assert draft.latest.origin is RevisionOrigin.INTERVIEW
    assert draft.latest.written_by == "alice"
    assert draft.poster.member == "alice"
    assert draft.latest.answers == (Answered("title", "63 days"), Answered("story", STORY))
    kept = await store.facts(caller.workspace_id, campaign.id, clock.now())
    assert [(fact.body, fact.owner, fact.owner_id) for fact in kept] == [
        ("We waited 63 days for one payment.", "alice", "alice"),
        ("Then I phoned every client.", "alice", "alice"),
    ]
    assert set(draft.latest.fact_ids) == {fact.id for fact in kept}
    assert {remark.check for remark in draft.latest.remarks if remark.level == "problem"} == {"blanks"}
    with pytest.raises(NotAllowedNow):
        await Drafting(store, clock, None).approve(BOB, draft.id)


async def test_half_an_interview_goes_on_where_it_stopped_and_is_approved_when_it_is_whole(
    interviews: Interviews, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    draft = (await interviews.answer(caller, None, "harborfounders", {"title": "63 days", "story": STORY})).draft
    again = await interviews.resume(caller.workspace_id, draft.id)
    assert (again.answers, again.draft, again.community) == (
        {"title": "63 days", "story": STORY},
        draft,
        "harborfounders",
    )
    assert again.campaign.id == draft.campaign_id
    assert {question.key for question in again.questions} >= {"title", "story", "lesson", "question"}
    rest = {
        question.key: "What would you do?" if question.key == "question" else "Ask for a deposit first."
        for question in again.questions
        if question.key not in again.answers
    }
    whole = await interviews.go_on(caller, draft.id, rest, after=1)
    assert whole.latest.number == 2
    assert STORY in whole.latest.body
    assert "[" not in whole.latest.body
    assert len(await store.facts(caller.workspace_id, campaign.id, clock.now())) == 2, "no fact is kept twice"
    approved = await Drafting(store, clock, None).approve(BOB, draft.id)
    assert approved.draft.status is DraftStatus.APPROVED
    with pytest.raises(NotAllowedNow, match="it is approved"):
        await interviews.resume(caller.workspace_id, draft.id)


async def test_two_who_answer_at_once_do_not_overwrite_each_other(
    interviews: Interviews, campaign: Campaign, caller: Caller
) -> None:
    draft = (await interviews.answer(caller, None, "harborfounders", {"story": STORY})).draft
    await interviews.go_on(BOB, draft.id, {"lesson": "Ask first."}, after=1)
    with pytest.raises(AlreadyDecided, match="bob changed draft"):
        await interviews.go_on(caller, draft.id, {"lesson": "Phone first."}, after=1)


async def test_a_draft_that_somebody_wrote_on_by_hand_is_not_overwritten_by_old_answers(
    interviews: Interviews, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    draft = (await interviews.answer(caller, None, "harborfounders", {"story": STORY})).draft
    await Drafting(store, clock, None).edit(BOB, draft.id, title="A title", body=None)
    with pytest.raises(NotAllowedNow, match="bob wrote on it since"):
        await interviews.go_on(caller, draft.id, {"lesson": "Ask first."})
    [other] = (await Drafting(store, clock, PlainWriter()).write(caller, None, "harborfounders")).drafts
    with pytest.raises(NotAllowedNow, match="written in another way"):
        await interviews.resume(caller.workspace_id, other.id)


@pytest.mark.parametrize("answers", [{}, {"title": None}, {"story": " \n "}, {"story": "…", "lesson": "..."}])
async def test_without_an_answer_there_is_no_draft(
    interviews: Interviews, campaign: Campaign, caller: Caller, store: Store, answers: dict[str, str | None]
) -> None:
    with pytest.raises(BadArgument, match="Nothing was answered"):
        await interviews.answer(caller, None, "harborfounders", answers)
    assert await store.drafts(caller.workspace_id) == []


async def test_what_reddit_could_not_take_is_refused_and_brings_no_facts(
    interviews: Interviews, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    for answers in ({"title": "x" * 301}, {"title": "x", "story": "We sold 9 pots. " * 3_000}):
        with pytest.raises(BadArgument, match="Reddit takes"):
            await interviews.answer(caller, None, "harborfounders", answers)
    assert await store.facts(caller.workspace_id, campaign.id, clock.now()) == []


async def test_what_speaks_against_a_post_speaks_against_an_interview_until_a_person_goes_on_anyway(
    interviews: Interviews, campaign: Campaign, caller: Caller
) -> None:
    with pytest.raises(AdvisedAgainst, match="not one of this campaign's communities"):
        await interviews.begin(caller, None, "elsewhere")
    with pytest.raises(AdvisedAgainst):
        await interviews.answer(caller, None, "elsewhere", {"story": STORY})
    assert (await interviews.begin(caller, None, "elsewhere", anyway=True)).draft is None


async def test_where_texts_of_a_model_are_forbidden_the_member_is_asked_although_a_model_is_there(
    campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    with pytest.raises(InterviewInstead) as without:
        await Drafting(store, clock, None).write(caller, None, "harborfounders")
    assert without.value.changes == "The operator sets a model."
    rule = Rule("No AI", "AI-generated posts are not allowed.", "all")
    await store.save_rules(caller, "harborfounders", Basis.SAMPLE, [rule], clock.now())
    with pytest.raises(InterviewInstead, match="No AI") as forbidden:
        await Drafting(store, clock, PlainWriter()).write(caller, None, "harborfounders")
    assert forbidden.value.changes == "The rule changes."


@pytest.mark.parametrize(
    "secret",
    ["Write me at ada.wong@tidewater.example when 63 days have passed.", "Call +43 660 1234567 after 63 days."],
)
def test_what_is_private_never_becomes_a_fact(secret: str) -> None:
    found = facts_in({"story": f"We waited 63 days. {secret}"}, grounds(held=()))
    assert [fact.body for fact in found] == ["We waited 63 days."]
