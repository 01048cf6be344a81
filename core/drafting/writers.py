"""Who writes a draft: a language model, or nobody (an outline of the member's own facts)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from core.drafting.drafts import NewRevision, RevisionOrigin
from core.drafting.grounds import Grounds
from core.drafting.outline import arrange
from core.drafting.prompt import ANSWER_SCHEMA, Assignment, Prompt, build_prompt, read_answer
from core.errors import RemoteError
from core.ledger import Ledger
from core.model import Caller
from core.ports import LanguageModel, ModelRequest

log = logging.getLogger(__name__)

TASK = "draft"


class Writer(Protocol):
    origin: RevisionOrigin

    async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
        """One text, not checked yet. Raises `RemoteError` when no text came, `OverBudget` when the cap is reached."""
        ...


class OutlineWriter:
    """No model: the member's own facts, word by word, in an order, with blanks for the rest."""

    origin = RevisionOrigin.OUTLINE

    async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
        title, body = arrange(grounds, assignment.variant, assignment.angle)
        return NewRevision(RevisionOrigin.OUTLINE, title, body, (), "outline")


class ModelWriter:
    """Asks the draft model, and the fallback models in their order when it fails.

    Each call's worst case is reserved first; what is passed over for the next model has been settled by then.
    """

    origin = RevisionOrigin.MODEL

    def __init__(
        self,
        model: LanguageModel,
        ledger: Ledger,
        *,
        draft_model: str,
        fallback_models: Sequence[str] = (),
        timeout_s: float = 60.0,
    ) -> None:
        self._model, self._ledger = model, ledger
        self._names = tuple(dict.fromkeys((draft_model, *fallback_models)))
        self._timeout_s = timeout_s

    async def write(self, caller: Caller, grounds: Grounds, assignment: Assignment) -> NewRevision:
        prompt = build_prompt(grounds, assignment)
        failures: list[RemoteError] = []
        for name in self._names:
            try:
                return await self._ask(caller, grounds, prompt, name)
            except RemoteError as failure:
                log.warning("model failed", extra={"model": name, "problem": failure.what})
                failures.append(failure)
        raise _joined(failures)

    async def _ask(self, caller: Caller, grounds: Grounds, prompt: Prompt, name: str) -> NewRevision:
        request = ModelRequest(
            task=TASK,
            model=name,
            system=prompt.system,
            prompt=prompt.text,
            max_output_tokens=prompt.max_output_tokens,
            answer_schema=ANSWER_SCHEMA,
            timeout_s=self._timeout_s,
        )
        worst_case = await self._model.worst_case_usd_micros(request)
        async with self._ledger.hold(caller, TASK, worst_case, model=name) as hold:
            answer = await self._model.complete(request)
            await hold.settle_answer(answer)
        title, body = read_answer(answer.content)
        return NewRevision(RevisionOrigin.MODEL, title, body, (), answer.model)


def _joined(failures: Sequence[RemoteError]) -> RemoteError:
    """One error for all: what each said, and what to do about the first, which is the one that should work."""
    first = failures[0]
    return RemoteError(
        " ".join(dict.fromkeys(failure.what for failure in failures)),
        f"{first.do} Or take an outline without a model: writer=outline".strip(),
        remote=first.remote,
        permanent=all(failure.permanent for failure in failures),
        retry_after_s=min((f.retry_after_s for f in failures if f.retry_after_s is not None), default=None),
        status=first.status,
    )
