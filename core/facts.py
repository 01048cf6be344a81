"""Facts: what drafts may say, each with the member who stands behind it, its earlier wordings, and its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from core.campaigns import Campaigns, CampaignStore, Fact, FactKind
from core.clock import Clock
from core.errors import BadArgument
from core.model import Caller
from core.texts.days import end_of, first_day
from core.texts.numbers import Number, figure_given, figure_in
from core.texts.private import PrivateKind, private_in


@dataclass(frozen=True, slots=True)
class FactDetails:
    """What is kept of a fact besides its words. Without an `owner` the caller owns it."""

    owner_id: str | None = None
    owner: str | None = None
    source: str | None = None
    period: str | None = None
    as_of: datetime | None = None
    expires_at: datetime | None = None
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class NewFact:
    campaign_id: int
    kind: FactKind
    body: str
    details: FactDetails = FactDetails()


@dataclass(frozen=True, slots=True)
class FactVersion:
    """One wording of a fact, with who wrote it when."""

    fact_id: int
    version: int  # 1, 2, 3 …
    kind: FactKind
    body: str
    owner: str
    source: str | None
    period: str | None
    as_of: datetime | None
    expires_at: datetime | None
    number: Number | None
    changed_by: str
    changed_at: datetime


class FactReads(Protocol):
    async def facts(self, workspace_id: str, campaign_id: int, now: datetime) -> Sequence[Fact]:
        """Returns the facts that are neither removed nor expired."""
        ...

    async def kept_facts(self, workspace_id: str, campaign_id: int) -> Sequence[Fact]:
        """Returns the facts that nobody removed, including expired ones."""
        ...

    async def fact(self, workspace_id: str, fact_id: int) -> Fact:
        """Returns a fact, also one that was removed or has expired."""
        ...

    async def fact_versions(self, workspace_id: str, fact_id: int) -> Sequence[FactVersion]:
        """Returns all wordings of a fact, the oldest first."""
        ...


class FactStore(FactReads, Protocol):
    async def add_fact(
        self,
        caller: Caller,
        campaign_id: int,
        kind: FactKind,
        body: str,
        now: datetime,
        *,
        details: FactDetails | None = None,
    ) -> Fact: ...

    async def edit_fact(self, caller: Caller, edited: Fact, now: datetime) -> Fact:
        """Put new words, kind, owner and details in place, made from version `edited.version`. Approvals that stand on
        it end with it.

        A fact that was edited meanwhile, or removed, is `AlreadyDecided` with who and when.
        """
        ...

    async def remove_fact(self, caller: Caller, fact_id: int, now: datetime) -> Fact:
        """Returns the fact as it is then; approvals that stand on it end. A second removal is `AlreadyDecided`."""
        ...


class FactsStore(FactStore, CampaignStore, Protocol):
    """Facts to keep, and the campaigns they belong to."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What shall change: None leaves a value as it is, and `NONE` in a text removes it."""

    kind: FactKind | None = None
    body: str | None = None
    owner: tuple[str, str] | None = None  # member id and name
    source: str | None = None
    when: str | None = None  # a day as people write it: as of then; other words: the period
    expires: str | None = None  # a day, or a span
    number: str | None = None  # "26 days until an invoice is paid"


NONE = "-"


@dataclass(frozen=True, slots=True)
class Facts:
    store: FactsStore
    clock: Clock

    async def add(self, caller: Caller, reference: str | None, kind: FactKind, body: str, told: Edit = Edit()) -> Fact:
        """Add a fact. The caller owns it unless another owner is `told`. Raises `BadArgument` for words that are no
        statement, for a day that cannot be read, and for secrets and personal data.
        """
        campaign = await Campaigns(self.store, self.clock).find(caller.workspace_id, reference)
        _check_words(body)
        _refuse_private(body, told)
        owner_id, owner = told.owner or (None, None)
        as_of, period = self._when(told.when, None, None)
        details = FactDetails(
            owner_id=owner_id,
            owner=owner,
            source=_text(told.source, None),
            period=period,
            as_of=as_of,
            expires_at=self._expires_at(told.expires, None),
            number=_number(told.number, None if kind is not FactKind.NUMBER else figure_in(body)),
        )
        return await self.store.add_fact(caller, campaign.id, kind, body, self.clock.now(), details=details)

    async def edit(self, caller: Caller, fact_id: int, told: Edit, *, after: int | None = None) -> Fact:
        """Change a fact; its earlier wording stays in its history. When nothing changes, the fact is returned as it is.

        `after` is the version it was made from (the newest when None): `AlreadyDecided` when there is a newer one, and
        when the fact was removed. Raises `NotFound`, and `BadArgument` as `add`.
        """
        fact = await self.store.fact(caller.workspace_id, fact_id)
        kind, body = told.kind or fact.kind, fact.body if told.body is None else told.body
        _check_words(body)
        _refuse_private(told.body, told)
        number = _number(told.number, fact.number)
        if (kind, body) != (fact.kind, fact.body) and number == fact.number:
            number = figure_in(body) if kind is FactKind.NUMBER else None
        owner_id, owner = told.owner or (fact.owner_id, fact.owner)
        as_of, period = self._when(told.when, fact.as_of, fact.period)
        changed = replace(
            fact,
            kind=kind,
            body=body,
            owner_id=owner_id,
            owner=owner,
            source=_text(told.source, fact.source),
            period=period,
            as_of=as_of,
            expires_at=self._expires_at(told.expires, fact.expires_at),
            number=number,
        )
        if changed == fact and after in (None, fact.version) and fact.removed_at is None:
            return fact
        return await self.store.edit_fact(
            caller, replace(changed, version=fact.version if after is None else after), self.clock.now()
        )

    async def remove(self, caller: Caller, fact_id: int) -> Fact:
        """Raises `NotFound`, and `AlreadyDecided` when somebody removed it before."""
        return await self.store.remove_fact(caller, fact_id, self.clock.now())

    def _when(self, said: str | None, as_of: datetime | None, period: str | None) -> tuple[datetime | None, str | None]:
        if said is None or said == NONE:
            return (as_of, period) if said is None else (None, None)
        try:
            day = first_day(said, self.clock.now())
        except BadArgument:
            return None, said
        if day > self.clock.now():
            raise BadArgument(f"{said} is still to come.", "Name the day on which it was so.", param="when")
        return day, None

    def _expires_at(self, said: str | None, before: datetime | None) -> datetime | None:
        if said is None or said == NONE:
            return before if said is None else None
        with _naming("expires"):
            return end_of(said, self.clock.now())


@contextmanager
def _naming(param: str) -> Iterator[None]:
    """Lets a `BadArgument` name the parameter that it is about."""
    try:
        yield
    except BadArgument as error:
        raise BadArgument(error.what, error.do, param=param) from None


def _text(said: str | None, before: str | None) -> str | None:
    if said is None:
        return before
    return None if said == NONE else said


def _number(said: str | None, before: Number | None) -> Number | None:
    if said is None or said == NONE:
        return before if said is None else None
    number = figure_given(said)
    if number is None:
        raise BadArgument(
            "There is no number in that.", 'For example: number="26 days until an invoice is paid"', param="number"
        )
    return number


def _refuse_private(body: str | None, told: Edit) -> None:
    """Refuse secrets and personal data, because facts are kept, shown and may be posted. Names are allowed, because
    people tell who said something.
    """
    for param, text in (
        ("body", body),
        ("source", told.source),
        ("when", told.when),
        ("number", told.number),
    ):
        found = [private for private in private_in(text or "") if private.kind is not PrivateKind.NAME]
        if found:
            what = " and ".join(dict.fromkeys(f"{private.kind.words} ({private.shown})" for private in found))
            raise BadArgument(
                f"That holds {what}, and drafts are written from facts for everybody to read.",
                "Say it without. Nothing was kept.",
                param=param,
            )


def _check_words(body: str) -> None:
    if len(body.split()) < 3:
        raise BadArgument("That is too short to be a fact.", "Write a whole statement you stand behind.", param="body")
