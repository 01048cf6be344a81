"""Interviews: which questions are asked, what becomes of the answers, and how one goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.campaigns import Campaign, FactKind
from core.clock import Clock
from core.communities import CommunityProfile, Rule
from core.drafting.drafts import Answered, DraftStatus, Poster, RevisionOrigin
from core.drafting.form import Form, form_of
from core.drafting.interview import KEYS, Question, _aim, arrange, facts_in, questions_for
from core.drafting.interviewing import Interviews
from core.drafting.service import AdvisedAgainst, Drafting, InterviewInstead
from core.errors import AlreadyDecided, BadArgument, NotAllowedNow
from core.facts import NewFact
from core.model import Basis, Caller
from core.texts.blanks import blanks_in
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting.material import bare_campaign, facts, grounds, keep_profile, profile
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
    made = await bare_campaign(store, caller, clock.now())
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


# ---------------------------------------------------------------- questions, aims and texts as wholes

ASKED = {
    "title": "what does a reader get from this, in one line?",
    "story": "what happened, and what went wrong first?",
    "number": "which result can you give, and over what time?",
    "lesson": "what did you learn that helps somebody else?",
    "question": "which one question do you want answered?",
}


def aims(feature: str, difference: float = 0.2, **options: Any) -> dict[str, str]:
    on = grounds(known=finding(feature, difference), **{"held": (), **options})
    return {question.key: question.aim for question in questions_for(on)}


def test_every_question_is_asked_in_its_words() -> None:
    assert questions_for(grounds(held=())) == tuple(Question(key, asked) for key, asked in ASKED.items())


@pytest.mark.parametrize(
    ("feature", "title", "number"),
    [
        ("title_question", "A question. 20 to 48 characters.", ""),
        ("title_number", "With a number. 20 to 48 characters.", ""),
        ("list", "20 to 48 characters.", "A list, when there are several."),
        ("first_person", "20 to 48 characters.", ""),
    ],
)
def test_what_is_received_well_is_aimed_at_in_the_question_that_it_is_about(
    feature: str, title: str, number: str
) -> None:
    told = aims(feature)
    form = form_of(grounds(known=finding(feature, 0.2)).norms)
    assert form.title_chars is not None
    least, most = form.title_chars
    assert told["title"] == title.replace("20 to 48", f"{least} to {most}")
    assert (told["number"], told["lesson"], told["question"]) == (number, "", "")
    assert aims(feature, -0.2)["title"] == f"{least} to {most} characters."


def test_a_story_takes_its_share_of_the_usual_length_in_tens_and_twenty_words_at_least() -> None:
    def story(most: int, *held: tuple[FactKind, str]) -> str:
        form = Form(words=(10, most))
        return _aim("story", form, len(questions_for(grounds(held=facts(*held) if held else ()))))

    assert story(400) == "Some 100 words."  # beside three other questions about the text
    assert story(460) == "Some 120 words."
    assert story(400, NUMBER) == "Some 130 words."
    assert story(40) == "Some 20 words."
    assert _aim("story", Form(), 5) == ""


def test_three_questions_are_asked_at_least_a_question_before_a_story() -> None:
    unwanted = finding("question", -0.2)
    assert keys(held=facts(OWN, NUMBER), known=unwanted) == ["title", "lesson", "question"]
    assert keys(held=facts(OWN), known=unwanted) == ["title", "number", "lesson"]
    assert keys(held=facts(OWN, NUMBER), known=finding("number", -0.2)) == ["title", "lesson", "question"]
    assert keys(held=facts(OWN), known=finding("measure", -0.2)) == ["title", "lesson", "question"]


def test_two_facts_of_a_kind_stand_for_a_question_as_whole_sentences_in_their_order() -> None:
    told = facts(
        (FactKind.NUMBER, "  37 freelancers\nused it"),
        (FactKind.EXPERIENCE, "I chased invoices!"),
        (FactKind.EXPERIENCE, "I phoned them…"),
        (FactKind.EXPERIENCE, "I wrote to them."),
        (FactKind.NUMBER, "Was it 40%?"),
        (FactKind.NUMBER, "It fell by 9%."),
        (FactKind.PRODUCT, "It sends letters."),
    )
    title, body = arrange(grounds(held=told), {"title": "T", "lesson": " Ask. ", "question": "How?"})
    assert (title, body) == (
        "T",
        "I chased invoices! I phoned them…\n\n37 freelancers used it. Was it 40%?\n\nAsk.\n\nHow?",
    )
    others = replace(grounds(held=told), poster=Poster("b", "bob"))
    assert "37 freelancers" in arrange(others, {})[1], "a number that nobody lived is everybody's"
    lived = facts(OWN, (FactKind.NUMBER, "I sold 9 pots."))
    by_bob = replace(grounds(held=lived), poster=Poster("b", "bob"))
    assert "9 pots" not in arrange(by_bob, {})[1]


def test_an_answer_that_was_not_asked_for_stands_instead_of_the_facts() -> None:
    on = grounds(held=facts(OWN, NUMBER))
    body = arrange(on, {"story": "It rained.", "number": ""})[1]
    assert body.startswith(f"It rained.\n\n{NUMBER[1]}\n\n[your own words: {ASKED['lesson']}]")


def test_a_number_becomes_a_number_and_the_rest_experiences_in_the_order_of_the_answers() -> None:
    told = {"lesson": "We lost 9 clients.", "number": "We sold 40 pots.", "story": "We sold 40 pots.  We moved in May."}
    of = grounds().campaign.id
    assert facts_in(told, grounds(held=())) == (
        NewFact(of, FactKind.EXPERIENCE, "We sold 40 pots."),
        NewFact(of, FactKind.EXPERIENCE, "We moved in May."),
        NewFact(of, FactKind.EXPERIENCE, "We lost 9 clients."),
    )
    assert facts_in({"number": "We sold 40 pots."}, grounds(held=())) == (
        NewFact(of, FactKind.NUMBER, "We sold 40 pots."),
    )
    assert facts_in({}, grounds()) == ()


# ---------------------------------------------------------------- the service as a whole


async def test_an_interview_is_of_its_campaign_and_community_and_its_draft_of_its_poster(
    interviews: Interviews, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    begun = await interviews.begin(caller, None, "harborfounders")
    assert (begun.campaign, begun.community, begun.answers, begun.draft) == (campaign, "harborfounders", {}, None)
    assert [question.key for question in begun.questions] == ["title", "question", "story", "lesson"]
    poster = Poster("bob", "Bob", "bob_w")
    said = {"number": " We sold 40 pots. ", "story": "We moved in May.", "lesson": "!", "title": None}
    made = await interviews.answer(caller, None, "harborfounders", said, poster=poster)
    latest = made.draft.latest
    assert (made.draft.poster, made.draft.created_by, made.draft.campaign_id) == (poster, "alice", campaign.id)
    assert latest.answers == (Answered("story", "We moved in May."), Answered("number", "We sold 40 pots."))
    assert latest.title == f"[your own words: {ASKED['title']}]"
    asked, lesson = (f"[your own words: {ASKED[key]}]" for key in ("question", "lesson"))
    assert latest.body == f"{asked}\n\nWe moved in May.\n\nWe sold 40 pots.\n\n{lesson}"
    kept = await store.facts(caller.workspace_id, campaign.id, clock.now())
    assert [(fact.kind, fact.body, fact.owner_id) for fact in kept] == [
        (FactKind.EXPERIENCE, "We moved in May.", "alice"),
        (FactKind.NUMBER, "We sold 40 pots.", "alice"),
    ]
    assert latest.fact_ids == (kept[1].id,), "what she lived carries no text of his"
    assert made.grounds.facts == tuple(kept)
    assert (made.grounds.poster, made.grounds.community) == (poster, "harborfounders")


async def test_going_on_replaces_answers_one_by_one_and_shows_questions_that_are_no_longer_asked(
    interviews: Interviews, campaign: Campaign, caller: Caller, store: Store, clock: FixedClock
) -> None:
    first = (await interviews.answer(caller, None, "harborfounders", {"number": "We sold 40 pots."})).draft
    again = await interviews.resume(caller.workspace_id, first.id)
    assert again.answers == {"number": "We sold 40 pots."}
    assert [question.key for question in again.questions] == ["title", "question", "story", "lesson", "number"]
    assert again.questions[-1] == Question("number", "")
    second = await interviews.go_on(BOB, first.id, {"number": " We sold 50 pots. ", "lesson": "Ask."})
    assert second.latest.answers == (Answered("number", "We sold 50 pots."), Answered("lesson", "Ask."))
    assert (second.latest.number, second.latest.written_by) == (2, "bob")
    bodies = [fact.body for fact in await store.facts(caller.workspace_id, campaign.id, clock.now())]
    assert bodies == ["We sold 40 pots.", "We sold 50 pots."]


async def test_reasons_that_an_interview_mends_do_not_speak_against_it(
    store: Store, clock: FixedClock, caller: Caller
) -> None:
    await bare_campaign(store, caller, clock.now())
    interviews = Interviews(store, clock)
    assert (await interviews.begin(caller, None, "harborfounders")).draft is None
    with pytest.raises(AdvisedAgainst) as refused:
        await interviews.begin(caller, None, "elsewhere")
    assert [reason.code for reason in refused.value.reasons] == ["other_community"]
    assert (refused.value.community, refused.value.campaign.name) == ("elsewhere", "Tallybird")
    assert not refused.value.is_final
    made = await interviews.answer(caller, None, "elsewhere", {"story": "It rained."}, anyway=True)
    assert made.draft.community == "elsewhere"


async def test_a_title_that_reddit_could_not_take_is_refused_with_how_much_to_take_off(
    interviews: Interviews, campaign: Campaign, caller: Caller
) -> None:
    for length, over in ((301, 1), (1_300, 1_000)):
        with pytest.raises(BadArgument) as refused:
            await interviews.answer(caller, None, "harborfounders", {"title": "x" * length})
        error = refused.value
        assert (error.what, error.do, error.param) == (
            f"That makes {length:,} characters; Reddit takes 300.",
            f"Shorten it by {over:,}.",
            "title",
        )
    made = await interviews.answer(caller, None, "harborfounders", {"title": "x" * 300})
    assert made.draft.latest.title == "x" * 300
