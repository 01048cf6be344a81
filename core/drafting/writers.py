"""Who writes a draft: a language model. Where there is none, the member is interviewed (`interview`)."""

from __future__ import annotations

from typing import Protocol

from core.asking import Asker
from core.drafting.answer import ANSWER_SCHEMA, TAKEN_SCHEMA, read_answer
from core.drafting.drafts import NewRevision, RevisionOrigin
from core.drafting.grounds import Grounds
from core.drafting.prompt import PROMPT_SHA256, Assignment, build_prompt
from core.model import Caller
from core.ports import ModelRequest

TASK = "draft"


class Writer(Protocol):
    origin: RevisionOrigin

    async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
        """Returns one text, not checked yet. Raises `RemoteError` when no text came, `OverBudget` when the cap is
        reached.
        """
        ...


class ModelWriter:
    """Asks the draft model, and the fallback models in their order when it fails."""

    origin = RevisionOrigin.MODEL

    def __init__(self, asker: Asker, *, timeout_s: float = 60.0) -> None:
        """`timeout_s` is for each call."""
        self._asker, self._timeout_s = asker, timeout_s

    async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
        prompt = build_prompt(grounds, assignment)
        request = ModelRequest(
            task=TASK,
            model="",
            system=prompt.system,
            prompt=prompt.text,
            max_output_tokens=prompt.max_output_tokens,
            answer_schema=ANSWER_SCHEMA,
            timeout_s=self._timeout_s,
            taken_schema=TAKEN_SCHEMA,
        )
        asked = await self._asker.ask(caller, request)
        answer = read_answer(asked.answer.content, {fact.id for fact in prompt.facts})
        return NewRevision(
            RevisionOrigin.MODEL,
            answer.title,
            answer.body,
            (),
            asked.answer.model,
            cost_usd_micros=asked.spent.usd_micros,
            prompt_tokens=asked.spent.prompt_tokens,
            completion_tokens=asked.spent.completion_tokens,
            prompt_sha256=PROMPT_SHA256,
            sentences=answer.sentences,
        )
