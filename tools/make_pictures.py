"""Make the pictures of cards in docs/pictures/: `python tools/make_pictures.py [--check]`.

The cards are real: the first steps of the tour run through the whole program, and what it answers is drawn as the
terminal draws it. `--check` writes nothing and exits with 1 when a committed picture is stale.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from make_tour import STEPS, write_world

from bot.card import Card
from bot.command import Actor
from bot.frontend import Delivered
from bot.main import open_program
from bot.settings import load_settings
from bot.terminal_app.render import render_svg

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
ADA = Actor("terminal:local", "terminal", "Terminal", "ada", "ada", may_manage=True)


class Camera:
    """A front end that keeps what is delivered to it."""

    platform = "terminal"

    def __init__(self) -> None:
        self.cards: list[Card] = []

    async def run(self) -> int:
        return 0

    async def stop(self) -> None:
        pass

    async def deliver(self, workspace_id: str, channel: str | None, card: Card, *, nonce: str) -> Delivered:
        self.cards.append(card)
        return Delivered(nonce)

    async def post(self, workspace_id: str, channel: str, card: Card) -> None:
        self.cards.append(card)


@dataclass
class Played:
    """What the tour's commands answered, in their order, and the alerts by kind (the last one of each)."""

    answers: list[tuple[str, Card]] = field(default_factory=list)
    alerts: dict[str, Card] = field(default_factory=dict)

    def answered(self, path: str, title: str = "") -> Card:
        """The first card that the command answered when it did what was asked, or the one with this title."""
        return next(c for p, c in self.answers if p == path and (c.title == title if title else c.ok))


async def play(folder: Path, actor: Actor = ADA) -> Played:
    """Run the tour in an empty data folder."""
    write_world(folder)
    camera = Camera()
    played = Played()
    async with open_program(load_settings({"BCRAO_DATA_DIR": str(folder)}, None)) as program:
        program.front_ends["terminal"] = camera
        for _, _, commands in STEPS:
            for command in commands:
                played.answers.append(await program.dispatcher.run_line(actor, command))
    played.alerts = {str(card.values.get("kind")): card for card in camera.cards}
    return played


async def take(folder: Path) -> dict[str, Card]:
    """The cards to be drawn, by file name."""
    played = await play(folder)
    return {
        "shadowban.svg": played.alerts["account_shadowbanned"],
        "removal.svg": played.alerts["post_removed"],
        "draft.svg": played.answered("draft edit"),
        "community.svg": played.answered("community show"),
    }


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        pictures = {name: render_svg(card) for name, card in asyncio.run(take(Path(folder))).items()}
    if "--check" in sys.argv[1:]:
        stale = [name for name, svg in pictures.items() if _committed(FOLDER / name) != svg]
        if stale:
            print(f"stale in docs/pictures: {', '.join(stale)}. Run `make docs`.", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, svg in pictures.items():
        (FOLDER / name).write_text(svg, "utf-8")
    return 0


def _committed(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
