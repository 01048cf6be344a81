"""Drafting with a model: the real litellm in its process, a loopback provider, a real store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from core.asking import Asker, Route
from core.drafting.drafts import DraftStatus, RevisionOrigin
from core.drafting.prompt import PROMPT_SHA256
from core.drafting.service import Drafting
from core.drafting.writers import ModelWriter
from core.errors import NotAllowedNow, OverBudget, RemoteError
from core.gateways.llm import LitellmModel
from core.ledger import RESERVED_FOR, Ledger, TaskUsage, Usage
from core.model import Caller
from core.worker import Worker
from storage.database import open_database
from storage.store import Store
from tests.clock import FixedClock
from tests.core.drafting.material import FACTS, bare_campaign
from tests.fakes.llm import KEY, LEFT_OUT, FakeModel, Fault
from tests.patience import PATIENCE_S

pytestmark = [
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="session"),
]

DRAFT_MODEL, FALLBACK = "openai/gpt-4o-mini", "openai/gpt-4o"
TRUE_TO_FACTS = {
    "title": "How to make late payers answer",
    "title_facts": [],
    "sentences": [
        {"text": "37 freelancers used it in the first 6 months.", "facts": [2], "new_paragraph": False},
        {"text": "How do others here handle this?", "facts": [], "new_paragraph": True},
    ],
}


class Desk:
    """One workspace with a campaign, facts and a model that may be asked."""

    def __init__(self, store: Store, clock: FixedClock, caller: Caller, server: FakeModel, litellm: Worker) -> None:
        self.store, self.clock, self.caller, self.server = store, clock, caller, server
        self.model = LitellmModel(
            api_base=server.url, api_key=KEY, clock=clock, probe_model=DRAFT_MODEL, worker=litellm
        )
        routes = [Route(self.model, DRAFT_MODEL), Route(self.model, FALLBACK)]
        writer = ModelWriter(Asker(routes, Ledger(store, clock), clock), timeout_s=PATIENCE_S)
        self.drafting = Drafting(store, clock, writer)

    async def set_cap(self, usd_micros: int) -> None:
        await self.store.set_plan(self.caller, self.clock.now(), monthly_cap_usd_micros=usd_micros)

    async def write(self, **options: Any) -> Any:
        return await self.drafting.write(self.caller, None, "harborfounders", anyway=True, **options)

    async def usage(self) -> Usage:
        return await self.store.usage(self.caller.workspace_id, self.clock.now())


@pytest_asyncio.fixture(loop_scope="session")
async def desk(database_url: str, clock: FixedClock, caller: Caller, litellm: Worker) -> AsyncIterator[Desk]:
    database = await open_database(database_url)
    store = Store(database)
    await store.ensure_workspace(caller.workspace_id, "terminal", "Terminal", clock.now())
    campaign = await bare_campaign(store, caller, clock.now())
    for kind, body in FACTS:
        await store.add_fact(caller, campaign.id, kind, body, clock.now())
    async with FakeModel(TRUE_TO_FACTS) as server:
        yield Desk(store, clock, caller, server, litellm)
    await database.close()


async def test_a_model_writes_a_draft_that_says_which_facts_stand_in_it_and_what_it_cost(desk: Desk) -> None:
    draft = (await desk.write()).drafts[0]
    assert draft.latest.origin is RevisionOrigin.MODEL
    assert draft.latest.written_by == "gpt-4o-mini"
    assert draft.latest.body == "37 freelancers used it in the first 6 months.\n\nHow do others here handle this?"
    assert draft.latest.fact_ids == (2,)
    assert [sentence.fact_ids for sentence in draft.latest.sentences] == [(), (2,), ()]
    assert draft.latest.prompt_sha256 == PROMPT_SHA256
    usage = await desk.usage()
    assert (usage.used_usd_micros, usage.reserved_usd_micros) == (27, 0)
    assert (await desk.drafting.approve(desk.caller, draft.id)).draft.status is DraftStatus.APPROVED


async def test_a_model_that_answers_in_one_piece_or_names_no_such_fact_writes_a_draft_all_the_same(desk: Desk) -> None:
    whole = {"title": TRUE_TO_FACTS["title"], "body": "37 freelancers used it in the first 6 months."}
    named = {**TRUE_TO_FACTS, "sentences": [{"text": whole["body"], "facts": ["fact 2", 99], "new_paragraph": False}]}
    for written, named_ids in ((whole, []), (named, [(), (2,)])):
        desk.server.faults.append(Fault(content=json.dumps(written)))
        draft = (await desk.write()).drafts[0]
        assert (draft.latest.body, draft.latest.fact_ids) == (whole["body"], (2,))
        assert [sentence.fact_ids for sentence in draft.latest.sentences] == named_ids
    assert len(desk.server.requests) == 2


async def test_what_a_model_invents_blocks_approval_also_after_an_edit_around_it(desk: Desk) -> None:
    desk.server.answer = {
        "title": "A story",
        "body": "Last spring I lost my biggest client over a typo. It cost 12,000 dollars.",
    }
    draft = (await desk.write()).drafts[0]
    assert {f.check for f in draft.latest.remarks if f.level == "problem"} == {"claims"}
    await desk.drafting.edit(
        desk.caller, draft.id, title=None, body="Hello.\n\nLast spring I lost my biggest client over a typo."
    )
    with pytest.raises(NotAllowedNow) as caught:
        await desk.drafting.approve(desk.caller, draft.id)
    assert "typo" in caught.value.what


async def test_the_fallback_writes_when_the_first_model_fails(desk: Desk) -> None:
    desk.server.by_model["gpt-4o-mini"] = Fault(503)
    draft = (await desk.write()).drafts[0]
    assert draft.latest.written_by == "gpt-4o"
    assert [body["model"] for body in desk.server.requests] == ["gpt-4o-mini", "gpt-4o-mini", "gpt-4o"]
    assert list((await desk.usage()).by_task) == ["draft · openai/gpt-4o"]


async def test_an_error_inside_a_200_costs_nothing_and_the_fallback_writes(desk: Desk) -> None:
    desk.server.by_model["gpt-4o-mini"] = Fault(text='{"error": {"code": 429, "message": "slow down"}}')
    assert (await desk.write()).drafts[0].latest.written_by == "gpt-4o"
    usage = await desk.usage()
    assert usage.by_task == {"draft · openai/gpt-4o": TaskUsage(1, usage.used_usd_micros)}


async def test_a_draft_and_its_failed_first_try_without_a_report_are_each_booked_at_their_worst_case(
    desk: Desk,
) -> None:
    silent = {"usage": LEFT_OUT}
    desk.server.by_model = {"gpt-4o-mini": Fault(finish="length", fields=silent), "gpt-4o": Fault(fields=silent)}
    assert (await desk.write()).drafts[0].latest.written_by == "gpt-4o"
    usage = await desk.usage()
    assert list(usage.by_task) == ["draft · openai/gpt-4o", "draft · openai/gpt-4o-mini"]
    # $10 against $0.60 a million tokens of an answer: the worst case is each model's own.
    dear, cheap = usage.by_task.values()
    assert (dear.calls, cheap.calls) == (1, 2)
    assert cheap.used_usd_micros > 1_000
    # The cut answer was asked for again, with three times the limit.
    assert 4 < dear.used_usd_micros / cheap.used_usd_micros < 5.5


async def test_a_model_that_the_settings_call_free_writes_under_a_cap_of_nothing(desk: Desk, litellm: Worker) -> None:
    await desk.set_cap(0)
    model = LitellmModel(
        api_base=desk.server.url,
        api_key=KEY,
        clock=desk.clock,
        probe_model="openai/local",
        prices={"openai/local": (0.0, 0.0)},
        worker=litellm,
    )
    asker = Asker([Route(model, "openai/local")], Ledger(desk.store, desk.clock), desk.clock)
    writer = ModelWriter(asker, timeout_s=20)
    desk.drafting = Drafting(desk.store, desk.clock, writer)
    desk.server.faults.extend([Fault(), Fault(fields={"usage": LEFT_OUT})])
    for _ in range(2):
        assert (await desk.write()).drafts[0].latest.origin is RevisionOrigin.MODEL
    assert (await desk.usage()).by_task == {"draft · openai/local": TaskUsage(2, 0)}


async def test_when_all_models_fail_each_is_told_and_paid_for_as_far_as_it_worked(desk: Desk) -> None:
    desk.server.by_model = {"gpt-4o-mini": Fault(503), "gpt-4o": Fault(finish="length")}
    with pytest.raises(RemoteError) as caught:
        await desk.write()
    assert "503" in caught.value.what
    assert "cut off" in caught.value.what
    usage = await desk.usage()
    assert usage.reserved_usd_micros == 0
    assert usage.used_usd_micros > 0, "the cut answer was paid for"


async def test_a_reached_cap_sends_nothing(desk: Desk) -> None:
    await desk.set_cap(10)
    with pytest.raises(OverBudget):
        await desk.write()
    assert desk.server.requests == []
    assert await desk.store.drafts(desk.caller.workspace_id) == []


async def test_two_drafts_at_once_cannot_pass_the_cap_together(desk: Desk) -> None:
    desk.server.faults.append(Fault(delay_s=0.2))
    first = asyncio.create_task(desk.write())
    await desk.server.arrived.wait()
    worst_case = (await desk.usage()).reserved_usd_micros
    await first
    await desk.set_cap((await desk.usage()).used_usd_micros + worst_case + worst_case // 2)
    desk.server.faults.extend([Fault(delay_s=0.3)] * 2)
    before = len(desk.server.requests)
    results = await asyncio.gather(desk.write(), desk.write(), return_exceptions=True)
    assert [type(result) for result in results].count(OverBudget) == 1
    assert len(desk.server.requests) == before + 1


async def test_drafts_that_were_paid_for_are_kept_when_the_next_one_fails(desk: Desk) -> None:
    desk.server.by_model["gpt-4o"] = Fault(503)
    desk.server.faults.extend([Fault(), Fault(500), Fault(500)])
    drafted = await desk.write(count=3)
    assert len(drafted.drafts) == 1
    assert drafted.problem is not None
    earlier = desk.server.requests[1]["messages"][1]["content"]
    assert TRUE_TO_FACTS["title"] in earlier, "the second is told what the first was"


async def test_a_cancelled_draft_keeps_its_worst_case_and_makes_no_draft(desk: Desk) -> None:
    desk.server.faults.append(Fault(delay_s=2))
    call = asyncio.create_task(desk.write())
    await desk.server.arrived.wait()
    held = (await desk.usage()).reserved_usd_micros
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    usage = await desk.usage()
    assert held > 0
    assert (usage.used_usd_micros, usage.reserved_usd_micros) == (held, 0)
    assert await desk.store.drafts(desk.caller.workspace_id) == []


async def test_a_call_that_nobody_came_back_for_is_booked_when_its_time_is_over(desk: Desk) -> None:
    hold = Ledger(desk.store, desk.clock).reserving(desk.caller, "draft", 700, model=DRAFT_MODEL)
    await hold.__aenter__()
    desk.clock.advance(RESERVED_FOR + timedelta(seconds=1))
    assert await desk.store.expire_reservations(desk.clock.now()) == 1
    assert (await desk.usage()).used_usd_micros == 700


@pytest.mark.parametrize(
    ("first", "second", "is_permanent"), [(404, 503, False), (503, 404, False), (503, 503, False), (404, 404, True)]
)
async def test_only_when_no_model_can_ever_answer_the_failure_is_permanent(
    desk: Desk, first: int, second: int, is_permanent: bool
) -> None:
    desk.server.by_model = {"gpt-4o-mini": Fault(first), "gpt-4o": Fault(second)}
    with pytest.raises(RemoteError) as caught:
        await desk.write()
    assert caught.value.permanent is is_permanent
    assert [body["model"] for body in desk.server.requests][-1] == "gpt-4o", "the next model is asked all the same"


DRAFTED = '{"title": "How to make late payers answer", "body": "How do others here handle this?"}'


@pytest.mark.parametrize(
    "passing",
    [
        Fault(429, "rate_limited", {"Retry-After": "7"}),
        Fault(500),
        Fault(502),
        Fault(503),
        Fault(cut=True),
        Fault(text='{"error": {"code": 503, "message": "Overloaded"}}'),
    ],
    ids=["429", "500", "502", "503", "reset", "503 in a 200"],
)
async def test_what_passes_is_tried_once_more_before_another_model_is_asked(desk: Desk, passing: Fault) -> None:
    desk.server.faults.append(passing)
    assert (await desk.write()).drafts[0].latest.written_by == "gpt-4o-mini"
    assert [body["model"] for body in desk.server.requests] == ["gpt-4o-mini"] * 2


@pytest.mark.parametrize(
    "lasting",
    [
        Fault(429, "rate_limited", {"Retry-After": "60"}),
        Fault(429, "insufficient_quota"),
        Fault(401, "invalid_api_key"),
        Fault(402, "payment_required"),
        Fault(404, "model_not_found"),
        Fault(504),
        Fault(content=""),
        Fault(content="I'm sorry, but I can't help with that."),
        Fault(finish="content_filter"),
    ],
    ids=["429 for long", "quota", "401", "402", "404", "504", "empty", "apology", "filter"],
)
async def test_what_does_not_pass_is_the_next_models_at_once(desk: Desk, lasting: Fault) -> None:
    desk.server.faults.append(lasting)
    assert (await desk.write()).drafts[0].latest.written_by == "gpt-4o"
    assert [body["model"] for body in desk.server.requests] == ["gpt-4o-mini", "gpt-4o"]


@pytest.mark.parametrize(
    "short",
    [
        Fault(finish="length"),
        Fault(fields={"choices": [{"index": 0, "message": {"content": None, "reasoning_content": "Hm."}}]}),
    ],
    ids=["cut", "thinking only"],
)
async def test_an_answer_that_did_not_fit_is_asked_for_once_with_a_longer_limit(desk: Desk, short: Fault) -> None:
    desk.server.faults.append(short)
    assert (await desk.write()).drafts[0].latest.written_by == "gpt-4o-mini"
    first, second = (body["max_tokens"] for body in desk.server.requests)
    assert second == 3 * first
    desk.server.faults.extend([short, short])
    assert (await desk.write()).drafts[0].latest.written_by == "gpt-4o", "twice is enough"


async def test_an_answer_in_another_form_is_given_back_once_with_the_schema_and_paid_for(desk: Desk) -> None:
    desk.server.faults.extend([Fault(content="Title: Late payers. Body: How do you do it?"), Fault(content=DRAFTED)])
    draft = (await desk.write()).drafts[0]
    assert (draft.latest.written_by, draft.latest.title) == ("gpt-4o-mini", "How to make late payers answer")
    system, asked = (message["content"] for message in desk.server.requests[1]["messages"])
    assert '"required": ["title", "title_facts", "sentences"]' in system
    assert "Title: Late payers. Body: How do you do it?" in asked
    assert (await desk.usage()).used_usd_micros == 2 * 27
    kept = (await desk.store.draft(desk.caller.workspace_id, draft.id)).latest
    assert (kept.cost_usd_micros, kept.prompt_tokens, kept.completion_tokens) == (2 * 27, 200, 40)
    desk.server.faults.extend([Fault(content="No form at all."), Fault(content="Still none.")])
    assert (await desk.write()).drafts[0].latest.written_by == "gpt-4o"


async def test_a_repair_that_the_cap_does_not_have_is_not_sent(desk: Desk) -> None:
    desk.server.faults.append(Fault(delay_s=0.2, content="No form at all."))
    call = asyncio.create_task(desk.write())
    await desk.server.arrived.wait()
    await desk.set_cap(28)
    with pytest.raises(OverBudget):
        await call
    assert len(desk.server.requests) == 1


async def test_a_draft_asked_for_anew_hears_the_angle_the_feedback_and_what_a_person_fixed_and_says_what_is_lost(
    desk: Desk,
) -> None:
    draft = (await desk.write(angle="the first month")).drafts[0]
    await desk.drafting.edit(desk.caller, draft.id, title=None, body="We asked twice. How do others here handle this?")
    again = await desk.drafting.regenerate(desk.caller, draft.id, feedback="Shorter,\nand no list.")
    asked = desk.server.requests[-1]["messages"][1]["content"]
    assert "the first month" in asked
    assert 'from the last text, in their own words: "Shorter, and no list."' in asked
    assert "We asked twice." in asked.partition("keep them word by word")[2].partition("What the person")[0]
    lost = [remark.text for remark in again.remarks if remark.code == "kept:lost"]
    assert lost == ["“We asked twice.” was fixed by hand, and the new text has not kept it."]
    seen_again = await desk.drafting.review(desk.caller.workspace_id, draft.id)
    assert [remark.text for remark in seen_again.remarks if remark.code == "kept:lost"] == lost
