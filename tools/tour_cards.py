"""The cards of the tour: its commands run through the whole program, and what it answers and delivers is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from make_tour import STEPS, write_world

from bot.card import Button, Card, Choice, Menu
from bot.frontend import Actor, Person
from bot.main import Program, open_program
from bot.settings import load_settings

ADA = Actor("terminal:local", "terminal", "Terminal", "ada", "ada", may_manage=True)


class Camera:
    """A front end that keeps what is delivered to it."""

    platform = "terminal"

    def __init__(self, *, shows_pictures: bool) -> None:
        self.shows_pictures = shows_pictures
        self.cards: list[Card] = []

    async def run(self) -> int:
        return 0

    async def stop(self) -> None:
        pass

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        return False

    async def deliver(
        self,
        workspace_id: str,
        place: str | None,
        card: Card,
        *,
        nonce: str,
        root_ref: str | None = None,
        again: datetime | None = None,
        plain: bool = False,
    ) -> str:
        self.cards.append(card)
        return nonce

    async def responsible(self, workspace_id: str, admins: Sequence[str]) -> AsyncIterator[Person]:
        nobody: tuple[Person, ...] = ()
        for person in nobody:
            yield person

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        self.cards.append(card)


@dataclass(frozen=True)
class Press:
    """A press of the button for `command`, or a choice of the first record for it, on the last card that `on` answered,
    and what its form is filled in with.
    """

    on: str
    command: str
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Played:
    """What the tour's commands answered, in their order, and the alerts by kind (the last one of each)."""

    answers: list[tuple[str, Card]] = field(default_factory=list)
    alerts: dict[str, Card] = field(default_factory=dict)

    def answered(self, path: str, title: str = "") -> Card:
        """The first card that the command answered when it did what was asked, or the one with this title."""
        return next(c for p, c in self.answers if p == path and (c.title == title if title else c.ok))


async def play(folder: Path, actor: Actor = ADA, further: Sequence[str | Press] = ()) -> Played:
    """Run the tour, and what is given `further`, in an empty data folder; `{folder}` stands for its name."""
    write_world(folder)
    camera = Camera(shows_pictures=actor.shows_pictures)
    played = Played()
    async with open_program(load_settings({"BCRAO_DATA_DIR": str(folder)}, None)) as program:
        program.front_ends["terminal"] = camera
        for step in [*(command for _, _, commands in STEPS for command in commands), *further]:
            if isinstance(step, Press):
                played.answers.append((step.command, await _press(program, actor, played, step)))
            else:
                line = step.replace("{folder}", str(folder))
                played.answers.append(await program.dispatcher.run_line(actor, line))
    played.alerts = {str(card.values.get("kind")): card for card in camera.cards}
    return played


async def _press(program: Program, actor: Actor, played: Played, press: Press) -> Card:
    card = next(card for path, card in reversed(played.answers) if path == press.on)
    button = next(button for button in buttons_of(card) if button.command == press.command)
    record = program.registry.commands[press.command].record_param
    about = {} if button.record is None else {record.name: str(button.record)}
    return await program.dispatcher.run(actor, press.command, {**about, **press.form})


def buttons_of(card: Card) -> Iterator[Button]:
    for action in card.actions:
        match action:
            case Button():
                yield action
            case Menu():
                yield from action.buttons
            case Choice():
                yield from (Button(label, action.command, record) for label, record in action.options)
