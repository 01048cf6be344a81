"""What tests of commands share: services over a real store, with rooms that a test does not need left empty."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from bot.card import Button, Card, Form, Menu
from bot.command import Registry
from bot.dispatcher import Dispatcher
from bot.frontend import Actor, DeliveryFailed, Person, Refused
from bot.ladder import Places
from bot.services import Remote, Services
from core.accounts import Accounts
from core.alerts import Alerts
from core.analysis.service import Communities
from core.campaigns import Campaigns
from core.charts.service import Charts
from core.clock import Clock
from core.drafting.interviewing import Interviews
from core.drafting.voice import Voices
from core.facts import Facts
from core.installations import Installations
from core.members import Members
from core.model import Basis
from core.patterns import Patterns
from core.plans import Plans
from core.routes import Routes
from core.timetable import Timetables
from core.visibility.reasons import Reasons
from core.workspaces import Workspaces
from storage.store import Store
from tests.watch import Watch

ALICE = Actor("terminal:local", "terminal", "Local", "alice", "Alice", may_manage=True)
GUEST = Actor("terminal:local", "terminal", "Local", "guest", "Guest")
CHATTING = Actor("discord:1", "discord", "Team", "11", "Dora", may_manage=True, channel="c-7")


def bare_services(
    store: Store,
    clock: Clock,
    *,
    remotes: tuple[Remote, ...] = (),
    embedded: tuple[str, ...] = (),
    export_folder: Path | None = None,
    sample: object = None,
    accounts: Accounts | None = None,
    charts: Charts | None = None,
    watch: Watch | None = None,
    reasons: Reasons | None = None,
    places: Places | None = None,
    installations: Installations | None = None,
) -> Services:
    """Services with a real store and campaigns; the other rooms are absent and must not be touched."""
    absent = cast(Any, None)
    accounts = accounts or Accounts(store, clock)
    watch = watch or Watch(store, clock, None)
    return Services(
        clock=clock,
        clock_watch=watch.clock_watch,
        store=store,
        workspaces=Workspaces(store, accounts, clock),
        members=Members(store, clock),
        plans=Plans(store, clock),
        timetables=Timetables(store, clock),
        alerts=Alerts(store, clock),
        routes=Routes(store, clock),
        patterns=Patterns(store, clock),
        accounts=accounts,
        installations=installations or absent,
        hooks=absent,
        facts=Facts(store, clock),
        campaigns=Campaigns(store, clock),
        collecting=absent,
        communities=Communities(store, clock, absent, absent),
        charts=charts or absent,
        drafting=absent,
        interviews=Interviews(store, clock),
        voices=Voices(store, clock),
        rules=watch.rules,
        registering=watch.registering,
        offers=watch.offers,
        sweeping=watch.sweeping,
        concluding=watch.concluding,
        reasons=reasons or Reasons(store, clock),
        jobs=absent,
        places=places or Places({}),
        remotes=remotes,
        sample=cast(Any, sample),
        embedded=embedded,
        export_folder=export_folder,
    )


class Board:
    """A front end of which only its channels are there: they take messages, or refuse them for `refusal`."""

    shows_pictures = False

    def __init__(self, platform: str = "discord", refusal: DeliveryFailed | None = None) -> None:
        self.platform = platform
        self.refusal = refusal
        self.taken: list[tuple[str, str, Card]] = []  # (workspace, channel, card)

    async def run(self) -> int:
        return 0

    async def stop(self) -> None:
        """Nothing runs."""

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        return False

    async def deliver(self, workspace_id: str, place: str | None, card: Card, *, nonce: str, **_: object) -> str:
        raise DeliveryFailed("No alert is delivered here.", Refused.PLACE)

    async def responsible(self, workspace_id: str, admins: Sequence[str]) -> AsyncIterator[Person]:
        for admin in admins:
            yield Person(admin, "an admin")

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.taken.append((workspace_id, channel, card))


def pressable(card: Card, label: str) -> str:
    """The action id of a card's button with this label, also of one behind its menu."""
    found = [a for a in card.actions if isinstance(a, Button)]
    found += [button for menu in card.actions if isinstance(menu, Menu) for button in menu.buttons]
    return next(button.action_id for button in found if button.label == label)


class Desk:
    """Gives commands as members do, to the registries of some nouns."""

    def __init__(self, services: Services, *registries: Registry) -> None:
        every = Registry()
        for registry in registries:
            every.commands.update(registry.commands)
        self.services = services
        self.dispatcher = Dispatcher(every, services)

    async def say(self, line: str, actor: Actor = ALICE) -> Card:
        return (await self.dispatcher.run_line(actor, line))[1]

    async def press(self, action_id: str, actor: Actor = ALICE) -> Card:
        return (await self.dispatcher.run_action(actor, action_id))[1]

    async def fill(self, form: Form, answers: Mapping[str, str], actor: Actor = ALICE) -> Card:
        """What a front end does with the answers to a form."""
        return await self.dispatcher.run(actor, form.command, {**form.known, **answers})

    async def done(self, line: str, actor: Actor = ALICE) -> Card:
        """Like `say`, for a command that must work."""
        card = await self.say(line, actor)
        assert card.ok, card.text
        return card


async def _probe() -> None:
    """A source of tests is never asked."""


def source(
    name: str,
    used_for: str,
    *,
    configured: bool = True,
    problem: str | None = None,
    last: datetime | None = None,
    setting: str = "BCRAO_X",
) -> Remote:
    """A remote as `status` and `setup` speak of it."""
    return Remote(name, used_for, _probe, setting, Basis.REDDIT_API, configured, lambda: last, lambda: problem)
