"""Where one alert goes: to its channel, and when the channel refuses it, to another place before it waits.

After every refusal, whatever its reason, the next place is tried: the alert's channel, then the person who owns the
server or installed the bot and the admins by direct message, then channels that accepted alerts before. Only temporary
refusals are waited out, for a limited time. When a place refuses the card's form, it gets plain text. A place's refusal
is remembered, so that the next alert does not begin at a dead channel, and forgotten when it accepts one again.

Before alerts are promised to a place, it must accept a message (`Places`).
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.alert_now import alert_card_now
from bot.card import Card, Field, Named, Tone
from bot.digest_chart import Drawer, with_picture
from bot.frontend import Actor, DeliveryFailed, FrontEnd, Person, Refused, direct, member_of
from bot.words import shortened
from core.alerts import Alert, AlertReads, EarlierMessage, OutboxStore
from core.clock import Clock
from core.errors import BadArgument, NotAllowedNow, StorageUnavailable
from core.members import MemberReads
from core.model import AlertKind, Role
from core.routes import RouteReads


class LadderStore(OutboxStore, AlertReads, MemberReads, RouteReads, Protocol):
    """Gives alerts to deliver, and the people to tell when a channel refuses."""


log = logging.getLogger(__name__)

# Renewed right before an alert goes, so only an alert that is on its way at this moment can go twice.
LEASE = timedelta(seconds=30)
ADMINS_MAX = 5
# About an hour of waiting. After it a second place is tried even while the first refusal may be temporary, and
# even when an earlier try may have arrived: an alert in two places is better than an alert in none.
ELSEWHERE_AFTER = 8
PROBLEM_MAX = 300  # stored characters of a platform's words
CHOOSE = "Choose where alerts go: give /rao alerts here in that channel."
LIST_WAITING = "/rao draft list waiting=me"
NAME_MAX = 60
NOT_CHOSEN = "No channel is chosen for alerts yet."


@dataclass(frozen=True, slots=True)
class Sent:
    """Where an alert arrived. `detour`: why that is not its channel, in words for members."""

    place: str
    reference: str
    detour: str | None = None


class NotSent(Exception):
    """No place accepted the alert now. The text is for members.

    `may_stand_in`: the place where it may have arrived all the same. `is_its_own`: the cause is this alert, so the
    workspace's others need not wait.
    """

    def __init__(
        self, text: str, *, wish_s: float | None = None, may_stand_in: str | None = None, is_its_own: bool = False
    ) -> None:
        super().__init__(text)
        self.wish_s = wish_s
        self.may_stand_in = may_stand_in
        self.is_its_own = is_its_own


class LeaseLost(Exception):
    """Another worker has leased the alert."""


@dataclass(slots=True)
class _Step:
    """A place to try, and the person it belongs to when it is not the alert's channel."""

    place: str | None
    person: Person | None = None
    is_detour: bool = True
    plain: bool = False

    @property
    def key(self) -> str:
        return self.place or ""


@dataclass(slots=True)
class _Trip:
    """What has happened so far in one try of one alert."""

    why: str = NOT_CHOSEN  # why not in its channel
    problems: list[str] = field(default_factory=list)
    wish_s: float | None = None
    may_stand_in: str | None = None
    waits_only: bool = False  # True after a temporary refusal

    def note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


class Ladder:
    """`worker`: the name in the alerts' leases. `timeout_s`: how long one place may take to answer. `drawer` draws the
    pictures of alerts; without one, words say the same.
    """

    def __init__(
        self, store: LadderStore, clock: Clock, worker: str, timeout_s: float, drawer: Drawer | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._worker = worker
        self._timeout_s = timeout_s
        self._drawer = drawer

    async def send(self, front_end: FrontEnd, alert: Alert, *, fallback: str | None = None) -> Sent:
        """Send `alert` to the first place that accepts it: its channel, then `fallback`, then the others. Raises
        `NotSent`, `LeaseLost`.
        """
        told = await self._store.alert_record(alert.workspace_id, alert.id)
        card, trip = alert_card_now(told, self._clock.now()), _Trip()
        if self._drawer is not None and front_end.shows_pictures:
            card = await with_picture(card, told, self._drawer)
        tried: set[tuple[str, bool]] = set()
        async for step in self._steps(front_end, alert, trip, fallback):
            if (step.key, step.plain) in tried:
                continue
            tried.add((step.key, step.plain))
            shown = card if alert.kind is AlertKind.UNDELIVERED else _noted(card, alert, step, trip.why)
            reference = await self._try(front_end, alert, shown, step, trip)
            if reference is not None:
                return Sent(step.key, reference, _detour(alert, step, trip.why))
        raise self._not_sent(trip)

    async def revise(self, front_end: FrontEnd, alert: Alert, earlier: EarlierMessage) -> bool:
        """Render the message again that `alert` answers. False when it cannot be changed any more. Raises `NotSent`,
        `LeaseLost`.
        """
        told = await self._store.alert_record(alert.workspace_id, earlier.alert)
        way = await self._store.set_out(alert.id, self._worker, earlier.place, self._clock.now(), lease=LEASE)
        if way is None:
            raise LeaseLost
        card = alert_card_now(told, self._clock.now())
        try:
            async with asyncio.timeout(self._timeout_s):
                return await front_end.revise(alert.workspace_id, earlier.place, earlier.reference, card)
        except TimeoutError:
            raise NotSent(self._no_answer) from None
        except DeliveryFailed as failure:
            raise NotSent(str(failure), wish_s=failure.retry_after_s) from failure

    async def _steps(
        self, front_end: FrontEnd, alert: Alert, trip: _Trip, fallback: str | None
    ) -> AsyncIterator[_Step]:
        refused = {refusal.place: refusal for refusal in await self._store.refusals(alert.workspace_id)}
        now = self._clock.now()
        rests = {place for place, refusal in refused.items() if refusal.again_at > now}
        chosen = _Step(alert.channel, is_detour=False)
        if chosen.key in rests:
            trip.why = refused[chosen.key].problem
        later: list[_Step] = []
        if alert.sent_to is not None:  # where it may be already
            yield chosen if alert.sent_to == chosen.key else _Step(alert.sent_to, _somebody(alert.sent_to))
        async for step in self._in_order(front_end, alert, chosen, trip, fallback):
            if step.key in rests:
                later.append(step)
            else:
                yield step
        for step in later:  # they may work again, and no other place accepted it
            yield step
        if alert.channel is not None and not trip.waits_only:
            yield replace(chosen, plain=True)  # when all refuse, the form may be the cause

    async def _in_order(
        self, front_end: FrontEnd, alert: Alert, chosen: _Step, trip: _Trip, fallback: str | None
    ) -> AsyncIterator[_Step]:
        if alert.is_told_to_all:
            yield chosen
            return
        people_first = alert.kind is AlertKind.UNDELIVERED
        if not people_first:
            yield chosen
            if fallback is not None and fallback != chosen.place:
                yield _Step(fallback)
        async for person in self._people(front_end, alert, trip):
            yield _Step(direct(person.member_id), person)
        if people_first:
            yield chosen
        for place in await self._store.places_that_took(alert.workspace_id):
            if place != alert.channel:
                yield _Step(place)

    async def _people(self, front_end: FrontEnd, alert: Alert, trip: _Trip) -> AsyncIterator[Person]:
        members = await self._store.members(alert.workspace_id)
        admins = [member.id for member in members if member.role is Role.ADMIN][:ADMINS_MAX]
        people = front_end.responsible(alert.workspace_id, admins)
        while True:
            try:
                async with asyncio.timeout(self._timeout_s):
                    person = await anext(people)
            except StopAsyncIteration:
                return
            except DeliveryFailed as failure:
                self._pass_on(failure, trip)
                return
            except TimeoutError:
                trip.waits_only = True
                trip.note(self._no_answer)
                return
            yield person

    async def _try(self, front_end: FrontEnd, alert: Alert, card: Card, step: _Step, trip: _Trip) -> str | None:
        """Returns the message's reference; None when the next place should be tried. Raises `NotSent`, `LeaseLost`."""
        try:
            try:
                return await self._post(front_end, alert, card, step)
            except DeliveryFailed as failure:
                if failure.about is not Refused.FORM or step.plain:
                    raise
                log.warning("an alert goes as plain text", extra={"alert": alert.id, "problem": str(failure)})
                return await self._post(front_end, alert, card, replace(step, plain=True))
        except DeliveryFailed as failure:
            await self._on_failure(alert, step, failure, trip)
            return None

    async def _on_failure(self, alert: Alert, step: _Step, failure: DeliveryFailed, trip: _Trip) -> None:
        self._pass_on(failure, trip)
        if not step.is_detour:
            trip.why = str(failure)
        if failure.may_have_arrived:
            trip.may_stand_in = step.key
        if failure.about is Refused.MOMENT:
            trip.waits_only = True
            # An alert that may have arrived is not sent to a second place while the first one may still confirm it.
            if (failure.may_have_arrived or not step.is_detour) and alert.attempts < ELSEWHERE_AFTER:
                raise self._not_sent(trip)
        elif step.place is not None:
            problem = shortened(str(failure), PROBLEM_MAX)
            refusal = await self._store.refuse_place(alert.workspace_id, step.place, problem, self._clock.now())
            log.warning(
                "a place takes no alerts",
                extra={
                    "workspace": alert.workspace_id,
                    "place": step.place,
                    "problem": problem,
                    "times": refusal.times,
                },
            )

    def _pass_on(self, failure: DeliveryFailed, trip: _Trip) -> None:
        """Note a failure; a failure of the whole workspace ends the trip."""
        trip.note(str(failure))
        if failure.retry_after_s is not None:
            trip.wish_s = max(trip.wish_s or 0.0, failure.retry_after_s)
        if failure.about is Refused.WORKSPACE:
            raise self._not_sent(trip)

    async def _post(self, front_end: FrontEnd, alert: Alert, card: Card, step: _Step) -> str:
        """Send the alert to one place. Raises `DeliveryFailed` for every failure on the way, and `LeaseLost`."""
        try:
            return await self._post_once(
                front_end, alert, card, step, again=alert.created_at if alert.sent_to == step.key else None
            )
        except (DeliveryFailed, LeaseLost, StorageUnavailable):
            raise
        except Exception as defect:
            # A defect in a renderer or client: plain text has fewer parts that can break.
            mark = secrets.token_hex(4)
            log.exception("alert could not be handed over", extra={"alert": alert.id, "reference": mark})
            try:
                return await self._post_once(front_end, alert, card, replace(step, plain=True), again=alert.created_at)
            except (DeliveryFailed, LeaseLost, StorageUnavailable):
                raise
            except Exception:
                log.exception("nor as plain text", extra={"alert": alert.id, "reference": mark})
            text = f"Something in the bot is broken. Reference: {mark}."
            raise NotSent(text, may_stand_in=step.key, is_its_own=True) from defect

    async def _post_once(
        self, front_end: FrontEnd, alert: Alert, card: Card, step: _Step, *, again: datetime | None
    ) -> str:
        way = await self._store.set_out(alert.id, self._worker, step.key, self._clock.now(), lease=LEASE)
        if way is None:
            raise LeaseLost
        try:
            async with asyncio.timeout(self._timeout_s):
                return await front_end.deliver(
                    alert.workspace_id,
                    step.place,
                    card,
                    nonce=nonce_of(alert),
                    root_ref=way.root_ref,
                    again=again,
                    plain=step.plain,
                )
        except TimeoutError:
            raise DeliveryFailed(self._no_answer, Refused.MOMENT, may_have_arrived=True) from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # this program is stopping
            text = "The connection to the channel was lost on the way."
            raise DeliveryFailed(text, Refused.MOMENT, may_have_arrived=True) from None

    def _not_sent(self, trip: _Trip) -> NotSent:
        return NotSent(" ".join(trip.problems) or trip.why, wish_s=trip.wish_s, may_stand_in=trip.may_stand_in)

    @property
    def _no_answer(self) -> str:
        return f"No answer within {self._timeout_s:g} seconds."


def nonce_of(alert: Alert) -> str:
    """Returns the alert's nonce, the same for every delivery, at most 25 characters (Discord's limit)."""
    return f"alert-{alert.id}"


def _somebody(place: str) -> Person | None:
    member = member_of(place)
    return Person(member, "somebody who can choose another place") if member is not None else None


def _noted(card: Card, alert: Alert, step: _Step, why: str) -> Card:
    if not step.is_detour:
        return card
    name = "Why this comes to you" if step.person else "Why this comes here"
    said = [why, step.person.where if step.person else "", CHOOSE]
    if alert.to_member is not None:
        whose = shortened(str(alert.facts.get("to") or "a member"), NAME_MAX)
        said = [why, f"It is for {whose}, who can turn such messages off: {LIST_WAITING}"]
        card = replace(card, fields=(*card.fields, Field("For", "", members=(Named(whose, alert.to_member),))))
    return replace(card, fields=(Field(name, " ".join(filter(None, said))), *card.fields))


def _detour(alert: Alert, step: _Step, why: str) -> str | None:
    if not step.is_detour or alert.kind is AlertKind.UNDELIVERED:
        return None
    went = f"the direct messages of {step.person.who}" if step.person else "a channel where alerts came before"
    if alert.to_member is not None and step.person is None:
        went = "a channel for alerts"
    return shortened(f"{why} It went to {went}.", PROBLEM_MAX)


PROVE_WITHIN_S = 20.0
_NOTHING_CHANGED = "Nothing was changed."
_LET_IT_IN = {
    "slack": "Invite the bot to the channel (/invite @bc-rao) or go to another one, then give /rao alerts here again.",
    "discord": "Let its role View Channel and Send Messages here (Edit Channel, Permissions; in a thread: Send "
    "Messages in Threads) or go to another channel, thread or forum post, then give /rao alerts here again.",
}


class PlaceRefused(NotAllowedNow):
    """A platform refuses the bot's messages in a place."""

    code = "place_refused"


_CHANNEL = re.compile(r"<#([A-Z0-9]{2,30})(?:\|[^>]*)?>", re.ASCII)
CHOOSE_PLACE = "Choose it in the form, or give the command in that channel."


def there(actor: Actor, place: str | None) -> Actor:
    """Returns the actor as if they gave the command in the channel that they chose (None: they chose none). Raises
    `BadArgument`.
    """
    if place is None:
        return actor
    chosen = _CHANNEL.fullmatch(place.strip())
    if chosen is None or not actor.picks_channels:  # another server's channel would look like one of this
        raise BadArgument("That is no channel that can be chosen here.", CHOOSE_PLACE, param="place")
    return replace(actor, channel=chosen[1], channel_problem="")


class Places:
    """Proves places through `front_ends` (by platform; filled when they start)."""

    def __init__(self, front_ends: Mapping[str, FrontEnd]) -> None:
        self._front_ends = front_ends

    async def prove(self, actor: Actor) -> str | None:
        """Post a message in the actor's channel, and return the channel. In the terminal, which shows alerts itself,
        post nothing and return None.

        Raises `PlaceRefused` with what to do when there is no channel, or when it is not certain that the message
        arrived.
        """
        if actor.platform == "terminal":
            return None
        if actor.channel is None:
            raise PlaceRefused(
                f"This is no channel, so alerts cannot come here. {_NOTHING_CHANGED}",
                "Go to the channel where they should arrive and give /rao alerts here in it.",
            )
        let_it_in = _LET_IT_IN.get(actor.platform, "Go to another channel, then give /rao alerts here again.")
        if actor.channel_problem:
            raise PlaceRefused(f"{actor.channel_problem} {_NOTHING_CHANGED}", let_it_in)
        try:
            await self._post(actor, actor.channel)
        except DeliveryFailed as failure:
            log.info("a place for alerts was not proved", extra={"why": str(failure), "channel": actor.channel})
            do = (
                let_it_in
                if failure.about in (Refused.PLACE, Refused.FORM)
                else f"Try again in a minute. If it stays: {let_it_in}"
            )
            raise PlaceRefused(f"{failure} Alerts would not arrive here. {_NOTHING_CHANGED}", do) from None
        return actor.channel

    async def _post(self, actor: Actor, channel: str) -> None:
        front_end = self._front_ends.get(actor.platform)
        if front_end is None:
            raise DeliveryFailed("The platform is not connected at the moment.", Refused.WORKSPACE)
        try:
            async with asyncio.timeout(PROVE_WITHIN_S):
                await front_end.post(actor.workspace_id, channel, _proof(actor))
        except TimeoutError:
            text = f"The platform did not take a message within {PROVE_WITHIN_S:g} seconds."
            raise DeliveryFailed(text, Refused.MOMENT) from None
        except DeliveryFailed:
            raise
        except Exception as error:
            reference = secrets.token_hex(4)
            log.exception("a place could not be tried", extra={"reference": reference})
            raise DeliveryFailed(f"Something in the bot is broken. Reference: {reference}.", Refused.MOMENT) from error


def _proof(actor: Actor) -> Card:
    return Card(
        title="Messages of the bot arrive here",
        text=f"{actor.name} wants this workspace's alerts here. This message shows that they can come.",
        tone=Tone.GOOD,
    )
