"""Instructions in texts of other people, and wishes against the rules, change no outcome: not even with a model that
obeys them to the letter.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from core.asking import Asker, Route
from core.campaigns import FactKind
from core.communities import Rule
from core.drafting.checks import check, problems
from core.drafting.grounds import Grounds
from core.drafting.prompt import Assignment
from core.drafting.text import Text
from core.drafting.writers import ModelWriter
from core.gateways.llm import LitellmModel
from core.ledger import Ledger
from core.model import Caller
from core.visibility.causes import CAUSES, CauseReader
from core.worker import Worker
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock
from tests.core.analysis.invented import kept
from tests.core.drafting import material
from tests.core.drafting.test_model_writer import DRAFT_MODEL, TRUE_TO_FACTS
from tests.fakes.llm import KEY, FakeModel
from tests.migrated import lay_database
from tests.patience import PATIENCE_S

pytestmark = [
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="session"),
]

CORPUS = Path(__file__).parents[3] / "bench/corpora/injections.jsonl"
LINES = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
PLACES = {
    *("fact", "product", "rule", "moderators", "earlier", "voice", "disclosure", "kept"),
    *("angle", "feedback", "post", "reason"),
}
CALLER = Caller("terminal:local", "alice", "alice", "test-correlation")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server() -> AsyncIterator[FakeModel]:
    async with FakeModel(TRUE_TO_FACTS) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def model(server: FakeModel, litellm: Worker) -> LitellmModel:
    return LitellmModel(api_base=server.url, api_key=KEY, clock=FixedClock(), probe_model=DRAFT_MODEL, worker=litellm)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ledger(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ledger]:
    path = lay_database(tmp_path_factory.mktemp("injection") / "bcrao.sqlite")
    database = await open_database(f"sqlite:///{path}")
    store, clock = Store(database), FixedClock()
    await store.ensure_workspace(CALLER.workspace_id, "terminal", "Terminal", clock.now())
    yield Ledger(store, clock)
    await database.close()


def placed(line: Mapping[str, Any]) -> tuple[Grounds, Assignment]:
    """Grounds and assignment with the text of a line in its place."""
    text, on = line["text"], material.grounds(known=material.profile())
    match line["place"]:
        case "fact":
            held = material.facts(*material.FACTS, (FactKind.EXPERIENCE, text))
            return replace(on, facts=held), Assignment()
        case "product":
            return replace(on, campaign=material.campaign(product=text)), Assignment()
        case "rule":
            return replace(on, rules=material.rules(Rule("About bots", text, "all"))), Assignment()
        case "moderators":
            return replace(on, patterns=(material.pattern(text),)), Assignment()
        case "post":
            posts = [*material.posts(), *(kept(900 + n, title=text[:200], body=text, score=50) for n in range(40))]
            return replace(on, profile=material.profile(posts)), Assignment()
        case "earlier":
            return on, Assignment(earlier=((text, text),))
        case "voice":
            return on, Assignment(voice=(text,))
        case "disclosure":
            return replace(on, disclosure=text), Assignment()
        case "kept":
            return on, Assignment(kept=(text,))
        case "angle":
            return on, Assignment(angle=text)
        case "feedback":
            return on, Assignment(feedback=text)
    raise ValueError(line["place"])


def drafting(*places: str) -> pytest.MarkDecorator:
    chosen = [line for line in LINES if line["place"] in places]
    return pytest.mark.parametrize("line", chosen, ids=lambda line: f"{line['id']}: {line['place']}, {line['kind']}")


async def write(model: LitellmModel, ledger: Ledger, line: Mapping[str, Any]) -> Any:
    writer = ModelWriter(Asker([Route(model, DRAFT_MODEL)], ledger, ledger.clock), timeout_s=PATIENCE_S)
    grounds, assignment = placed(line)
    written = await writer.write(CALLER, grounds, assignment)
    return written, problems(check(Text.of(written, [written]), grounds))


async def test_the_corpus_has_every_place_that_a_model_hears_of() -> None:
    assert {line["place"] for line in LINES} == PLACES
    assert len(LINES) >= 40
    assert len({line["text"] for line in LINES}) == len(LINES)


@drafting(*(PLACES - {"post", "reason"}))
async def test_what_an_obedient_model_writes_is_blocked(
    server: FakeModel, model: LitellmModel, ledger: Ledger, line: Mapping[str, Any]
) -> None:
    server.obeys = {line["text"]: line["obeyed"]}
    written, blocking = await write(model, ledger, line)
    assert written.title == line["obeyed"]["title"], "the instruction reached the model"
    assert blocking


@drafting("post")
async def test_what_a_collected_post_says_reaches_no_model(
    server: FakeModel, model: LitellmModel, ledger: Ledger, line: Mapping[str, Any]
) -> None:
    server.obeys = {line["text"]: line["obeyed"], line["text"][:40]: line["obeyed"]}
    written, blocking = await write(model, ledger, line)
    assert written.title == TRUE_TO_FACTS["title"]
    assert not blocking


@drafting("reason")
async def test_what_a_moderators_message_orders_names_no_other_cause_than_the_list_has(
    server: FakeModel, model: LitellmModel, ledger: Ledger, line: Mapping[str, Any]
) -> None:
    server.obeys = {line["text"]: line["obeyed"]}
    reader = CauseReader(model, ledger, classify_model=DRAFT_MODEL, within_s=PATIENCE_S)
    assert await reader.read(CALLER, line["text"]) == "other"
    server.obeys = {line["text"]: {"category": "link", "note": "x"}}
    assert await reader.read(CALLER, line["text"]) in CAUSES
