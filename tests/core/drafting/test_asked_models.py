"""What models are asked, request by request, and what is made of each answer; with models that need no server."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.asking import Asker, Route
from core.campaigns import FactKind
from core.drafting.answer import ANSWER_SCHEMA, TAKEN_SCHEMA
from core.drafting.drafts import NewRevision, Opinion, RevisionOrigin, SecondOpinion, Sentence, Support
from core.drafting.prompt import PROMPT_SHA256, Assignment
from core.drafting.verifying import ANSWER_SCHEMA as VERDICT_SCHEMA
from core.drafting.verifying import CLAIMS_MOST, Verifier, build_prompt, claims_of
from core.drafting.writers import ModelWriter
from core.errors import ModelFailed, OverBudget, RemoteError
from core.ledger import Ledger
from core.model import Caller
from core.ports import ModelAnswer, ModelRequest
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting.material import facts, grounds

TRUE, INVENTED = "37 freelancers used it in the first 6 months.", "It won an award in Berlin last May."


class Saying:
    """Implements `LanguageModel`: answers by the claim's text, raises what is to be raised, and notes each request."""

    def __init__(self, answers: Mapping[str, Any], *, cost: int = 40) -> None:
        self.answers, self.cost, self.asked = answers, cost, list[ModelRequest]()

    async def worst_case_usd_micros(self, request: ModelRequest) -> int:
        return 900

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        self.asked.append(request)
        answer = next((said for words, said in self.answers.items() if words in request.prompt), None)
        if isinstance(answer, Exception):
            raise answer
        return ModelAnswer(answer, "openai/answering", 100, 5, self.cost, "provider")  # type: ignore[arg-type]


@pytest.fixture
def ledger(store: Store, clock: FixedClock) -> Ledger:
    return Ledger(store, clock)


def written(body: str) -> NewRevision:
    return NewRevision(RevisionOrigin.MODEL, "A title", body, (), "m")


# ---------------------------------------------------------------- a second opinion


def test_claims_are_the_sentences_that_need_facts_with_what_carries_them() -> None:
    body = f"Hello. {TRUE} How do you do it?\n\n{INVENTED} It took [how many days?] for 9 people."
    assert claims_of(written(body), grounds()) == (
        Opinion(TRUE, Support.CANNOT_TELL, False, (2,)),
        Opinion(INVENTED, Support.CANNOT_TELL, True, ()),
        Opinion("It took [how many days?] for 9 people.", Support.CANNOT_TELL, True, ()),
    )
    assert claims_of(written("How do you do it?"), grounds()) == ()


async def test_a_claim_is_asked_with_all_facts_and_nothing_else(ledger: Ledger, caller: Caller) -> None:
    model = Saying({"": {"verdict": "cannot tell"}})
    held = facts((FactKind.NUMBER, "37 freelancers used it."), (FactKind.PRODUCT, "It reminds."))
    opinion = await Verifier(Route(model, "openai/checker"), ledger).opinion(caller, written(TRUE), grounds(held=held))
    assert opinion == SecondOpinion("openai/checker", (Opinion(TRUE, Support.CANNOT_TELL, True, (1,)),), None)
    [request] = model.asked
    code = request.prompt.split(" ", 1)[0]
    assert request.prompt == (
        f"{code} begin: Document:\n37 freelancers used it.\nIt reminds.\n{code} end\n\n"
        f"{code} begin: Claim:\n{TRUE}\n{code} end"
    )
    assert replace(request, prompt="", system="") == ModelRequest(
        "verify", "openai/checker", "", "", 400, VERDICT_SCHEMA, 20.0, None
    )
    assert request.system.startswith("Say whether the document supports the claim: supported, not supported, cannot")
    assert build_prompt(["a"], "b") != build_prompt(["a"], "b"), "each has a fence of its own"
    patient = Saying({"": {"verdict": "supported"}})
    await Verifier(Route(patient, "m"), ledger, timeout_s=7.0).opinion(caller, written(TRUE), grounds())
    assert patient.asked[0].timeout_s == 7.0


def failed(reason: str, answered: str | None = None) -> ModelFailed:
    return ModelFailed("The model has trouble.", "Wait.", reason=reason, answered=answered, spent_usd_micros=0)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"verdict": "supported"}, Support.SUPPORTED),
        ({"verdict": "not supported"}, Support.NOT_SUPPORTED),
        (failed("malformed", "Yes."), Support.SUPPORTED),
        (failed("malformed", " no"), Support.NOT_SUPPORTED),
        (failed("malformed", "Perhaps"), None),
        (failed("malformed", None), None),
        (failed("trouble", "Yes."), None),
    ],
)
async def test_a_verdict_is_read_from_an_answer_or_a_bare_word(
    ledger: Ledger, caller: Caller, answer: Any, verdict: Support | None, caplog: pytest.LogCaptureFixture
) -> None:
    opinion = await Verifier(Route(Saying({"": answer}), "m"), ledger).opinion(caller, written(INVENTED), grounds())
    expected = (Opinion(INVENTED, verdict, True, ()),) if verdict is not None else ()
    assert opinion == SecondOpinion("m", expected, None if verdict is not None else "The model has trouble.")
    told = [line for line in caplog.records if line.name == "core.drafting.verifying"]
    assert [(line.message, vars(line)["model"], vars(line)["problem"]) for line in told] == (
        [] if verdict is not None else [("no second opinion", "m", "The model has trouble.")]
    )


async def test_after_a_failure_those_asked_with_it_count_and_no_others_are_asked(
    ledger: Ledger, caller: Caller
) -> None:
    said: dict[str, Any] = {"Claim:\n42 ": failed("trouble"), "": {"verdict": "supported"}}
    model = Saying(said)
    many = " ".join(f"{n} freelancers used it in {n} cities." for n in range(40, 60))
    opinion = await Verifier(Route(model, "m"), ledger).opinion(caller, written(many), grounds())
    assert [claim.sentence[:2] for claim in opinion.claims] == ["40", "41", "43"]
    assert (opinion.problem, len(model.asked)) == ("The model has trouble.", 4)
    fine = Saying({"": {"verdict": "supported"}})
    whole = await Verifier(Route(fine, "m"), ledger).opinion(caller, written(many), grounds())
    assert [claim.sentence[:2] for claim in whole.claims] == [str(n) for n in range(40, 40 + CLAIMS_MOST)]
    assert (whole.problem, len(fine.asked)) == (None, CLAIMS_MOST)


async def test_a_reached_cap_is_told_and_a_defect_is_raised(
    ledger: Ledger, caller: Caller, store: Store, clock: FixedClock
) -> None:
    broken = Verifier(Route(Saying({"": ValueError("a defect")}), "m"), ledger)
    with pytest.raises(ValueError, match="a defect"):
        await broken.opinion(caller, written(INVENTED), grounds())
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=1)
    model = Saying({"": {"verdict": "supported"}})
    opinion = await Verifier(Route(model, "m"), ledger).opinion(caller, written(INVENTED), grounds())
    assert (opinion.claims, model.asked) == ((), [])
    assert opinion.problem
    assert (await Verifier(Route(model, "m"), ledger).opinion(caller, written(INVENTED), grounds(held=()))) == (
        SecondOpinion("m", (), None)
    )


# ---------------------------------------------------------------- the writer


async def test_a_writer_asks_for_a_draft_and_keeps_what_it_answered_and_cost(
    ledger: Ledger, clock: FixedClock, caller: Caller
) -> None:
    content = {
        "title": "How 37 of us got paid",
        "title_facts": [2],
        "sentences": [
            {"text": TRUE, "facts": [2, 99], "new_paragraph": False},
            {"text": "And you?", "facts": [], "new_paragraph": True},
        ],
    }
    model = Saying({"": content})
    writer = ModelWriter(Asker([Route(model, "openai/writer")], ledger, clock), timeout_s=9.0)
    revision = await writer.write(caller, grounds(), Assignment("Late payers"))
    assert revision == NewRevision(
        RevisionOrigin.MODEL,
        "How 37 of us got paid",
        f"{TRUE}\n\nAnd you?",
        (),
        "openai/answering",
        cost_usd_micros=40,
        prompt_tokens=100,
        completion_tokens=5,
        prompt_sha256=PROMPT_SHA256,
        sentences=(Sentence("How 37 of us got paid", (2,)), Sentence(TRUE, (2,)), Sentence("And you?", ())),
    )
    [request] = model.asked
    assert (request.task, request.model, request.timeout_s) == ("draft", "openai/writer", 9.0)
    assert (request.answer_schema, request.taken_schema, request.max_output_tokens) == (
        ANSWER_SCHEMA,
        TAKEN_SCHEMA,
        1500,
    )
    assert "Late payers" in request.prompt
    assert request.system.startswith("You draft a Reddit post")


async def test_a_writer_whose_model_fails_or_whose_cap_is_reached_says_so(
    ledger: Ledger, caller: Caller, store: Store, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    writer = ModelWriter(Asker([Route(Saying({"": failed("refused")}), "openai/writer")], ledger, clock))
    with pytest.raises(RemoteError, match="trouble"):
        await writer.write(caller, grounds(), Assignment())
    await store.set_plan(caller, clock.now(), monthly_cap_usd_micros=1)
    with pytest.raises(OverBudget):
        await writer.write(caller, grounds(), Assignment())
