"""`draft interview` and going on with one, over a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.card import Button, Card, Style
from bot.command import Registry
from bot.commands import draft as draft_commands
from core.campaigns import FactKind
from core.communities import Rule
from core.drafting.drafts import NewRevision
from core.drafting.grounds import Grounds
from core.drafting.prompt import Assignment
from core.drafting.service import Drafting
from core.errors import ModelFailed, OverBudget, UserError
from core.model import AccountState, AuthorStatus, Basis, Caller, Outcome, Reading, Role, State, View
from core.visibility.tracking import Check, Verdict
from storage.store import Store
from tests.bot.bare import ALICE, GUEST, Desk, bare_services, pressable
from tests.clock import FixedClock
from tests.core.drafting.material import bare_campaign, keep_profile
from tests.core.drafting.plain import PlainWriter
from tests.storage import world

STORY = "We waited 63 days for one payment. Then I phoned every client."


def commands() -> Registry:
    registry = Registry()
    registry.commands.update(draft_commands.commands.commands)
    return registry


@pytest.fixture
async def desk(store: Store, clock: FixedClock, caller: Caller) -> Desk:
    await bare_campaign(store, caller, clock.now())
    await keep_profile(store, caller, clock.now())
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    clock.advance(timedelta(days=2))
    services = replace(bare_services(store, clock), drafting=Drafting(store, clock, None))
    return Desk(services, commands())


def field(card: Card, name: str) -> str:
    return next(f.value for f in card.fields if f.name == name)


def labels(card: Card) -> list[str]:
    return [action.label for action in card.actions if isinstance(action, Button)]


async def test_without_a_model_a_new_draft_begins_with_questions(desk: Desk) -> None:
    card = await desk.say("draft new r/HarborFounders")
    assert card.text.startswith("No model is set, so nobody but you can write.\n")
    assert card.form is not None
    assert (card.form.command, card.form.known) == ("draft interview", {"community": "harborfounders", "campaign": "1"})
    names = [asked.name for asked in card.form.inputs]
    assert {"lesson", "question", "story", "title"} <= set(names)
    assert card.title == f"{len(names)} questions for r/harborfounders"
    assert not any(asked.required for asked in card.form.inputs)


async def test_answers_become_the_draft_and_a_half_one_goes_on_from_its_card(desk: Desk) -> None:
    asked = await desk.say("draft interview harborfounders")
    assert asked.form is not None
    half = await desk.dispatcher.run(ALICE, "draft interview", {**asked.form.known, "title": "63 days", "story": STORY})
    assert half.text.split("\n")[:2] == [
        "1 thing to fix before it can be approved.",
        "Alice will post it. In the words of Alice, in an order of ours; no model involved.",
    ]
    assert STORY in field(half, "Text")
    assert labels(half) == ["Go on with the questions", "Edit", "Details"]
    assert half.values["facts"] == [1, 2]
    on = await desk.press("v1|draft resume|1")
    assert on.form is not None
    assert {asked.name: asked.value for asked in on.form.inputs if asked.value} == {"title": "63 days", "story": STORY}
    rest = {asked.name: "What would you do?" for asked in on.form.inputs if not asked.value}
    whole = await desk.dispatcher.run(ALICE, "draft resume", {**on.form.known, **rest})
    assert whole.values["revision"] == 2
    assert labels(whole) == ["Approve", "Edit", "Details"]
    late = await desk.dispatcher.run(ALICE, "draft resume", {**on.form.known, **rest})
    assert late.code == "already_decided"


async def test_a_community_that_forbids_texts_of_a_model_is_answered_with_its_rule(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    rule = Rule("No AI", "AI-generated posts are not allowed.", "all")
    await store.save_rules(caller, "harborfounders", Basis.SAMPLE, [rule], clock.now())
    services = replace(desk.services, drafting=Drafting(store, clock, PlainWriter()))
    card = await Desk(services, commands()).say("draft new r/HarborFounders")
    assert "“No AI”" in card.text
    assert card.form is not None


async def test_what_speaks_against_it_is_told_before_a_question_is_asked(desk: Desk) -> None:
    assert (await desk.say("draft new elsewhere")).code == "advised_against"
    advised = await desk.say('draft interview elsewhere title="63 days"')
    assert advised.code == "advised_against"
    assert advised.form is not None
    assert (advised.form.command, advised.form.known["title"]) == ("draft interview", "63 days"), "no answer is lost"
    assert "/rao draft interview elsewhere campaign=1 anyway=yes" in advised.footnote
    asked = await desk.say("draft new elsewhere anyway=yes")
    assert asked.form is not None
    assert asked.form.known["anyway"] == "yes"
    made = await desk.dispatcher.run(ALICE, "draft interview", {**asked.form.known, "title": "63 days"})
    assert made.values["draft"] == 1


async def test_only_editors_are_interviewed(desk: Desk) -> None:
    assert (await desk.say("draft interview harborfounders", GUEST)).code == "forbidden"


@pytest.fixture
def with_a_model(store: Store, clock: FixedClock, desk: Desk) -> Desk:
    return Desk(replace(bare_services(store, clock), drafting=Drafting(store, clock, PlainWriter())), commands())


async def test_where_no_fact_is_told_yet_the_next_step_is_the_interview_although_a_model_is_set(
    with_a_model: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    card = await with_a_model.say("draft new harborfounders")
    first, *_, last = card.text.splitlines()
    assert first == "The campaign has no facts, so anything written would be invented."
    assert last == "What would change that: Facts are added, or told in an interview."
    assert card.form is not None
    assert (card.form.command, card.form.button, card.actions) == ("draft interview", "Answer the questions", ())
    drafted = await with_a_model.fill(card.form, {"story": STORY})
    assert STORY in field(drafted, "Text")
    told = [fact.body for fact in await store.facts(caller.workspace_id, 1, clock.now())]
    assert told[0] == "We waited 63 days for one payment."
    assert "Written by plain" in (await with_a_model.done("draft new harborfounders")).text, "from these facts"


async def test_a_hidden_account_comes_before_the_interview_and_its_card_has_no_coloured_button(
    with_a_model: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    now = clock.now()
    post = await store.register_post(caller, world.to_register("t3_hidden1", now), now)
    reading = Reading(View.THIRD_PARTY, Basis.REDDIT_API, now, Outcome.NOT_VISIBLE, author_status=AuthorStatus.MISSING)
    verdict = Verdict(State.SHADOWBANNED, now)
    hidden = Check(post.id, post.workspace_id, (reading,), verdict, None, account_state=AccountState.SHADOWBANNED)
    await world.record(store, [hidden], now)
    card = await with_a_model.say("draft new harborfounders")
    assert (card.title, card.code) == ("Better not now", "advised_against")
    assert "is shadowbanned: what it posts is seen by nobody" in card.fields[0].name
    assert card.fields[0].value == "Appeal first: reddit.com/appeals"
    assert [link.url for link in card.links] == ["https://www.reddit.com/appeals"]
    assert all(isinstance(a, Button) and a.style is not Style.PRIMARY for a in card.actions)
    assert card.form is not None
    assert (card.form.command, card.form.wanted) == ("draft interview", False)


class FailingWriter(PlainWriter):
    """Writes as long as it has no `failure`."""

    failure: UserError | None = None

    async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
        if self.failure is not None:
            raise self.failure
        return await super().write(caller, grounds, assignment)


@pytest.fixture
async def writer(store: Store, caller: Caller, clock: FixedClock) -> FailingWriter:
    await store.add_fact(caller, 1, FactKind.EXPERIENCE, STORY, clock.now())
    return FailingWriter()


@pytest.fixture
def failing(desk: Desk, store: Store, clock: FixedClock, writer: FailingWriter) -> Desk:
    return Desk(replace(bare_services(store, clock), drafting=Drafting(store, clock, writer)), commands())


FAILURES = [
    ModelFailed("The model's provider has trouble (503).", "Try again in a minute."),
    OverBudget("This may cost up to $0.10; $0.00 of $5.00 are left this month.", "An admin can raise the cap."),
]


@pytest.mark.parametrize("failure", FAILURES, ids=["model", "cap"])
async def test_when_the_model_cannot_write_the_questions_are_the_next_step_and_nothing_typed_is_lost(
    failing: Desk, writer: FailingWriter, failure: UserError
) -> None:
    writer.failure = failure
    card = await failing.say('draft new harborfounders poster=me angle="the late payers" anyway=yes')
    assert (card.code, card.private) == (failure.code, True)
    assert card.text.splitlines() == [
        failure.what,
        failure.do,
        "Or answer a few questions: your words need no model and cost nothing.",
    ]
    assert field(card, "You wrote") == "the late payers"
    assert card.form is not None
    assert (card.form.command, card.form.button) == ("draft interview", "Answer the questions")
    assert dict(card.form.known) == {
        "community": "harborfounders",
        "campaign": "1",
        "anyway": "yes",
        "poster": "me",
    }
    drafted = await failing.fill(card.form, {"story": STORY})
    assert STORY in field(drafted, "Text")


@pytest.mark.parametrize("failure", FAILURES, ids=["model", "cap"])
async def test_when_a_draft_cannot_be_written_again_it_stays_and_the_questions_are_offered(
    failing: Desk, writer: FailingWriter, failure: UserError
) -> None:
    text = field(await failing.done("draft new harborfounders"), "Text")
    writer.failure = failure
    card = await failing.say('draft regenerate 1 feedback="shorter, please"')
    assert card.code == failure.code
    assert card.text.startswith(f"{failure.what}\n{failure.do}\n")
    assert field(card, "You wrote") == "shorter, please"
    assert labels(card) == ["Open the draft"]
    assert card.form is not None
    assert (card.form.command, card.form.known["community"]) == ("draft interview", "harborfounders")
    assert card.form.known["poster"] == ALICE.member_id
    assert field(await failing.press(pressable(card, "Open the draft")), "Text") == text


async def test_where_no_model_may_write_any_more_writing_again_leads_to_the_questions_and_keeps_the_draft(
    failing: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    text = field(await failing.done("draft new harborfounders"), "Text")
    rule = Rule("No AI", "AI-generated posts are not allowed.", "all")
    await store.save_rules(caller, "harborfounders", Basis.SAMPLE, [rule], clock.now())
    card = await failing.say('draft regenerate 1 feedback="shorter, please"')
    assert (card.title, card.code, card.private) == ("That did not work", "interview_instead", True)
    assert card.text.splitlines() == [
        "r/harborfounders takes no text that a model wrote: “No AI”.",
        "Answer a few questions: your words go in as they are: /rao draft interview",
        "What would change that: The rule changes.",
    ]
    assert field(card, "You wrote") == "shorter, please"
    assert card.form is not None
    assert (card.form.command, card.form.button) == ("draft interview", "Answer the questions")
    assert labels(card) == ["Open the draft"]
    assert field(await failing.press(pressable(card, "Open the draft")), "Text") == text


async def test_no_question_is_offered_where_something_speaks_against_a_new_draft(
    failing: Desk, writer: FailingWriter, store: Store, caller: Caller, clock: FixedClock
) -> None:
    await failing.done("draft new elsewhere anyway=yes")
    writer.failure = FAILURES[0]
    card = await failing.say("draft regenerate 1")
    assert card.form is None
    assert card.text == f"{FAILURES[0].what}\n{FAILURES[0].do}"
    assert labels(card) == ["Open the draft"]
