"""Cards as text for terminals, and as SVG pictures for documents.

No text on a card is trusted: control characters are shown, never sent (`printable`), and rich reads no string as
markup, a link or an emoji code.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from bot.card import Action, Button, Card, Field, Menu, Progress, Tone
from bot.characters import visible
from core.clock import parted_at_moments, time_in

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

WIDTH_MIN, WIDTH_MAX = 20, 200
READABLE_WIDTH = 100  # lines longer than this are hard to read, however wide the window is
# A terminal has no limit. Reddit's limit for a body is 40,000 characters, and people see all of a draft that they
# approve.
TEXT_MAX = 45_000
LINE_MAX = 1_000  # titles, names, labels
_INDENT = 2
_BAR = "▌"

_TONES = {Tone.NEUTRAL: "bold", Tone.GOOD: "bold green", Tone.ATTENTION: "bold yellow", Tone.BAD: "bold red"}
_MARKS = {Tone.NEUTRAL: "●", Tone.GOOD: "✓", Tone.ATTENTION: "!", Tone.BAD: "✗"}


def printable(text: str, limit: int = TEXT_MAX) -> str:
    """Returns `text` with every invisible control made visible, because it could move the cursor or start an escape
    sequence, and cut visibly after `limit` characters.
    """
    left = len(text) - limit
    return f"{visible(text[:limit])}… ({left:,} more characters)" if left > 0 else visible(text)


def told(text: str, zone: tzinfo, limit: int = TEXT_MAX) -> str:
    """Returns our own words as `printable` does; each time in them is shown in `zone`."""
    shown = parted_at_moments(text)
    return printable("".join(part if at is None else time_in(at, zone) for part, at in shown), limit)


def one_line(text: str) -> str:
    return " ".join(printable(text, LINE_MAX).split())


def render_card(card: Card, *, width: int, color: bool, first_number: int = 1, zone: tzinfo = UTC) -> str:
    """Returns the card as lines of at most `width` cells, ending with a line break.

    Buttons and choices are numbered from `first_number` in the order of `action_ids`. Without `color` the result has
    no escape sequence. Times are shown in `zone`.
    """
    console = _console(io.StringIO(), width, color)
    with console.capture() as capture:
        console.print(_compose(card, console, first_number, zone))
    lines = [line.rstrip() for line in capture.get().rstrip("\n").split("\n")]
    return "\n".join(lines) + "\n"


def render_progress(progress: Progress, *, width: int) -> str:
    """Returns one line of at most `width` cells, without its line break."""
    from rich.cells import set_cell_size

    count = ""
    if progress.done is not None:
        count = f" {progress.done:,}" if progress.total is None else f" {progress.done:,} of {progress.total:,}"
    line = f"… {one_line(progress.text)}{count}"
    return set_cell_size(line, max(1, width - 1)).rstrip()


def action_ids(card: Card) -> list[tuple[str, str]]:
    """Returns every button and every option of a choice as (label, action id), in the order of their numbers."""
    return [(label, action_id) for action in card.actions for label, action_id in _presses(action)]


def _presses(action: Action) -> list[tuple[str, str]]:
    if isinstance(action, Button):
        return [(action.label, action.action_id)]
    if isinstance(action, Menu):
        return [(button.label, button.action_id) for button in action.buttons]
    buttons = (Button(label, action.command, record) for label, record in action.options)
    return [(button.label, button.action_id) for button in buttons]


def _console(file: io.StringIO, width: int, color: bool) -> Console:
    from rich.console import Console

    return Console(
        file=file,
        width=max(WIDTH_MIN, min(width, WIDTH_MAX)),
        color_system="standard" if color else None,  # sixteen colours: the person's own theme
        force_terminal=color,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )


def _compose(card: Card, console: Console, first_number: int, zone: tzinfo) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    inside: list[RenderableType] = []
    if card.text:
        inside.append(_text(told(card.text, zone)))
    inside.extend(_field(field, console, zone) for field in card.fields)
    inside.extend(_text(f"{one_line(link.label)}: {one_line(link.url)}", "underline") for link in card.links)
    if card.actions:
        inside.append(_actions(card, console.width - _INDENT, first_number))
    if card.footnote:
        inside.append(_text(told(card.footnote, zone), "dim"))
    return Group(_title(card, zone), Padding(Group(*inside), (0, 0, 0, _INDENT)) if inside else "")


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style, overflow="fold")


def _title(card: Card, zone: tzinfo) -> Text:
    from rich.text import Text

    title = Text(overflow="fold")
    title.append(f"{_MARKS[card.tone]} {one_line(told(card.title, zone, LINE_MAX))}", _TONES[card.tone])
    if card.sample:
        title.append("  ")
        title.append("[sample]", "magenta")
    return title


def _field(field: Field, console: Console, zone: tzinfo) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    name = one_line(field.name)
    if field.copy:
        return Group(Text(name, "bold", overflow="fold"), Text(printable(field.words), overflow="fold"))
    if not field.quote:
        value = Text(told(field.words, zone), overflow="fold")
        if not name:
            return value
        on_one_line = Text.assemble((f"{name}: ", "bold"), value, overflow="fold")
        if "\n" not in value.plain and on_one_line.cell_len <= console.width - _INDENT:
            return on_one_line
        return Group(Text(name, "bold", overflow="fold"), Padding(value, (0, 0, 0, _INDENT)))
    block = Text()
    if name:
        block.append(f"{name}\n", "bold")
    for line in _wrapped(printable(field.words), console, console.width - _INDENT - 2):
        block.append(f"{_BAR} ", "cyan")
        block.append_text(line)
        block.append("\n")
    block.rstrip()
    return block


def _wrapped(text: str, console: Console, width: int) -> Iterator[Text]:
    from rich.text import Text

    yield from Text(text, overflow="fold").wrap(console, max(1, width), tab_size=4)


def _actions(card: Card, width: int, first_number: int) -> Text:
    from rich.text import Text

    parts: list[Text] = []
    number = first_number
    for action in card.actions:
        if not isinstance(action, Button):
            parts.append(Text("More:" if isinstance(action, Menu) else f"{one_line(action.label)}:", "bold"))
        for label, _ in _presses(action):
            parts.append(Text.assemble((f"[{number}]", "bold cyan"), f" {one_line(label)}"))
            number += 1
    on_one_line = Text("   ").join(parts)
    return on_one_line if on_one_line.cell_len <= width else Text("\n", overflow="fold").join(parts)
