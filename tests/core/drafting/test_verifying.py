"""A second opinion: the real litellm over loopback, a real ledger, and what is made of the verdicts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from core.asking import Route
from core.drafting.checks import check
from core.drafting.drafts import NewRevision, Opinion, RevisionOrigin, SecondOpinion, Support
from core.drafting.text import Text
from core.drafting.verifying import CLAIMS_MOST, Verifier, claims_of, read_word
from core.gateways.llm import LitellmModel
from core.ledger import Ledger, TaskUsage
from core.model import Caller
from core.worker import Worker
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting.material import grounds
from tests.fakes.llm import KEY, FakeModel, Fault
from tests.patience import PATIENCE_S

pytestmark = [
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="session"),
]

CALLER = Caller("terminal:local", "alice", "alice", "test-correlation")
CHECKER = "openai/checker"
TRUE, INVENTED = "37 freelancers used it in the first 6 months.", "It won an award in Berlin last May."
WRITTEN = NewRevision(RevisionOrigin.MODEL, "A title", f"{TRUE} {INVENTED}\n\nHow do you do it?", (), "m")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server() -> AsyncIterator[FakeModel]:
    async with FakeModel({"verdict": "supported"}) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def model(server: FakeModel, litellm: Worker) -> LitellmModel:
    prices = {CHECKER: (1e-6, 1e-6)}
    return LitellmModel(
        api_base=server.url, api_key=KEY, clock=FixedClock(), probe_model=CHECKER, prices=prices, worker=litellm
    )


@pytest_asyncio.fixture(loop_scope="session")
async def ledger(database_url: str) -> AsyncIterator[Ledger]:
    database = await open_database(database_url)
    store, clock = Store(database), FixedClock()
    await store.ensure_workspace(CALLER.workspace_id, "terminal", "Terminal", clock.now())
    yield Ledger(store, clock)
    await database.close()


@pytest.fixture
def verifier(server: FakeModel, model: LitellmModel, ledger: Ledger) -> Verifier:
    server.requests.clear()
    server.faults.clear()
    model._breakers.clear()
    return Verifier(Route(model, CHECKER), ledger, timeout_s=PATIENCE_S)


async def usage(ledger: Ledger) -> Any:
    return (await ledger.store.usage(CALLER.workspace_id, ledger.clock.now())).by_task


async def test_each_claim_is_asked_by_itself_with_the_facts_and_booked(
    verifier: Verifier, server: FakeModel, ledger: Ledger
) -> None:
    server.obeys = {f"Claim:\n{INVENTED}": {"verdict": "not supported"}}
    opinion = await verifier.opinion(CALLER, WRITTEN, grounds())
    assert opinion == SecondOpinion(
        CHECKER,
        (Opinion(TRUE, Support.SUPPORTED, False, (2,)), Opinion(INVENTED, Support.NOT_SUPPORTED, True, ())),
    )
    prompts = [request["messages"][1]["content"] for request in server.requests]
    assert len(prompts) == 2, "a question claims nothing"
    assert all("I chased unpaid invoices every Friday" in prompt for prompt in prompts)
    assert await usage(ledger) == {f"verify · {CHECKER}": TaskUsage(2, 240)}
    server.obeys = {}


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("Yes", Support.SUPPORTED), ("no", Support.NOT_SUPPORTED), ("No.", Support.NOT_SUPPORTED),
        ("Not supported, because", Support.NOT_SUPPORTED), ("Supported", Support.SUPPORTED), ("Nothing", None),
        ("Perhaps", None), ("", None), ("1", Support.SUPPORTED), ("0", Support.NOT_SUPPORTED),
    ],
)  # fmt: skip
async def test_a_bare_word_of_a_small_checker_is_understood(word: str, verdict: Support | None) -> None:
    assert read_word(word) == verdict


async def test_a_checker_that_knows_no_schema_is_read_over_the_wire(
    verifier: Verifier, server: FakeModel, ledger: Ledger
) -> None:
    server.faults.extend([Fault(content="Yes"), Fault(content="No")])
    opinion = await verifier.opinion(CALLER, WRITTEN, grounds())
    assert sorted(claim.verdict for claim in opinion.claims) == [Support.NOT_SUPPORTED, Support.SUPPORTED]
    assert opinion.problem is None
    [spent] = (await usage(ledger)).values()
    assert spent.used_usd_micros == 240, "an answer in another form was paid for"


@pytest.mark.parametrize(
    "fault", [Fault(503), Fault(401, "invalid_api_key"), Fault(content="Perhaps."), Fault(finish="content_filter")]
)
async def test_a_model_that_fails_is_left_out_with_a_word_and_is_not_asked_on(
    verifier: Verifier, server: FakeModel, fault: Fault
) -> None:
    server.by_model = {"checker": fault}
    long = replace(WRITTEN, body=" ".join(f"{n} freelancers used it." for n in range(40, 60)))
    opinion = await verifier.opinion(CALLER, long, grounds())
    assert opinion.claims == ()
    assert opinion.problem
    assert len(server.requests) <= 4
    server.by_model = {}


async def test_a_reached_cap_asks_nobody_and_says_so(verifier: Verifier, server: FakeModel, ledger: Ledger) -> None:
    store: Any = ledger.store
    await store.set_plan(CALLER, ledger.clock.now(), monthly_cap_usd_micros=1)
    opinion = await verifier.opinion(CALLER, WRITTEN, grounds())
    assert (opinion.claims, server.requests) == ((), [])
    assert "$0.00" in (opinion.problem or "")


async def test_a_text_without_claims_or_a_draft_without_facts_costs_nothing(
    verifier: Verifier, server: FakeModel
) -> None:
    asking = replace(WRITTEN, title="How?", body="How do you do it? Thanks.")
    assert (await verifier.opinion(CALLER, asking, grounds())).claims == ()
    assert (await verifier.opinion(CALLER, WRITTEN, grounds(held=()))).claims == ()
    assert server.requests == []


async def test_no_more_claims_are_asked_than_the_most(verifier: Verifier, server: FakeModel) -> None:
    many = replace(WRITTEN, body=" ".join(f"{n} freelancers used it in {n} cities." for n in range(40, 60)))
    assert len(claims_of(many, grounds())) == 20
    assert len((await verifier.opinion(CALLER, many, grounds())).claims) == CLAIMS_MOST


async def test_an_opinion_adds_advice_and_clears_no_block() -> None:
    def remarks(verdict: Support) -> list[tuple[str, str]]:
        claims = tuple(Opinion(text, verdict, marked) for text, marked in ((TRUE, False), (INVENTED, True)))
        asked = replace(WRITTEN, second_opinion=SecondOpinion(CHECKER, claims))
        found = check(Text.of(asked, [asked]), grounds())
        told = [(remark.level, remark.check) for remark in found if remark.check in ("claims", "second opinion")]
        return list(dict.fromkeys(told))  # each word that is marked is a remark

    assert remarks(Support.SUPPORTED) == [("problem", "claims")]
    assert remarks(Support.CANNOT_TELL) == [("problem", "claims")]
    assert remarks(Support.NOT_SUPPORTED) == [("problem", "claims"), ("advice", "second opinion")]


async def test_the_word_of_an_opinion_is_about_sentences_that_still_stand() -> None:
    claims = (Opinion("Something that was taken out.", Support.NOT_SUPPORTED, False),)
    asked = replace(WRITTEN, second_opinion=SecondOpinion(CHECKER, claims))
    assert "second opinion" not in {remark.check for remark in check(Text.of(asked, [asked]), grounds())}


async def test_what_is_asked_is_json_that_strict_servers_take(server: FakeModel, verifier: Verifier) -> None:
    await verifier.opinion(CALLER, replace(WRITTEN, body=TRUE), grounds())
    schema = server.requests[-1]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["verdict"]["enum"] == ["supported", "not supported", "cannot tell"]
