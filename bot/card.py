"""Cards: the platform-neutral words in which commands answer. Plain data; one renderer per front end.

Every string on a card is plain text: renderers escape it, so no text from Reddit or from a member becomes markup, a
mention or a link. Links exist only as `Link`, and only we make them. A text in somebody's own words stands in a `Field`
with `quote=True`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

from bot.characters import size
from bot.words import worded
from core.errors import BadArgument
from core.records import dump

ACTION_VERSION = "v1"
MORE = "More …"
MAX_ACTION_ID = 100  # Discord's custom_id; Slack allows 255
_ACTION_ID = re.compile(r"(v\d+)\|([a-z][a-z_ ]*)\|([0-9]{0,18})(?:\|([^\n]+))?")
# Parameters whose names are written shorter in a click. The short names stay as they are, for buttons on old messages.
_SHORT = {
    "campaign": "c",
    "community": "r",
    "member": "m",
    "state": "s",
    "status": "t",
    "within": "w",
    "start": "n",
    "upto": "u",
    "containing": "q",
}
_LONG = {short: name for name, short in _SHORT.items()}


class Tone(StrEnum):
    NEUTRAL = "neutral"
    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"


class Style(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Named:
    """A member whom a card names. `id` is "" where it is not known: then nobody is called."""

    name: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A name and its value. `quote` marks a text in somebody's own words (a draft's body, a rule).

    `copy` marks a text to be copied: renderers add nothing to it or to its lines. `channel` is the id of a channel; the
    platform's mention of it is shown before the value. `members` stand before the value too, on its line: the
    platform's mention of each is shown, and calls them when the card is delivered, never when it is rendered again.
    """

    name: str
    value: str
    quote: bool = False
    channel: str = ""
    copy: bool = False
    members: tuple[Named, ...] = ()

    @property
    def words(self) -> str:
        """The value for platforms that have no mentions."""
        names = ", ".join(member.name for member in self.members)
        value = " ".join(part for part in (names, self.value) if part)
        return "\n".join(part for part in (self.channel, value) if part)


@dataclass(frozen=True, slots=True)
class Button:
    """The same action as a command: `command` is its path, `record` the value of its `record_param`, `given` the values
    of others, as typed.
    """

    label: str
    command: str
    record: int | None = None
    style: Style = Style.PLAIN
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def action_id(self) -> str:
        """What a click carries. With values it can be longer than a platform's click holds; see `fits`."""
        return (
            _action_id(self.command, self.record, self.given)
            if self.given
            else encode_action(self.command, self.record)
        )

    @property
    def fits(self) -> bool:
        """Whether the clicks of every platform can carry all of it."""
        return size(self.action_id) <= MAX_ACTION_ID


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of one record for a command, from at most 25 options of (label, record)."""

    label: str
    command: str
    options: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """Buttons behind one, which platforms call `MORE`: what is seldom the next step. A card has one."""

    buttons: tuple[Button, ...]
    label: str = MORE


Action = Button | Choice | Menu


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Input:
    """One question of a form: `name` is the command's parameter."""

    name: str
    label: str
    value: str = ""
    help: str = ""
    long: bool = False
    required: bool = True
    options: tuple[str, ...] = ()
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Questions whose answers complete a command. `known` holds the values that were given already, as typed.

    `beside` helps people answer; it is offered where a form stays open behind another card. `button` is the label of
    the button that opens it (its title without); of a form that is not `wanted`, the button stands last and plain.
    """

    title: str
    command: str
    inputs: tuple[Input, ...]
    known: Mapping[str, str] = field(default_factory=dict)
    beside: Button | None = None
    button: str = ""
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of what the card says in words; `alt` is for people who cannot see it.

    `content` is a PNG or JPEG file, and empty when the front end shows no pictures (`Actor.shows_pictures`), because
    drawing is slow.
    """

    file_name: str
    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that comes with a card on platforms that can carry it. `about` says in words what it holds."""

    file_name: str
    content: bytes
    about: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work is: `done` of `total` when the total is known."""

    text: str
    done: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A command's answer.

    `code` is "ok" or the stable code of an error. `sample`: the card is about sample data, and every front end says
    so. `footnote` is for sample size, age and basis of figures. `values` is plain JSON for scripts: ids, counts,
    times (ISO 8601). `form`, when set, asks for missing values. `private`: only the caller should see the card, where a
    platform can do that. `alert` is the id of the alert on the card: its message is rendered again from the
    alert's record after every click on it, and `standing` how the alert's story stands now, where the card tells it.
    `version` is the state of the record that the card shows (`version_of` of the command that shows it); "" when the
    card shows none.
    """

    title: str
    text: str = ""
    fields: tuple[Field, ...] = ()
    actions: tuple[Action, ...] = ()
    links: tuple[Link, ...] = ()
    footnote: str = ""
    tone: Tone = Tone.NEUTRAL
    code: str = "ok"
    sample: bool = False
    private: bool = False
    image: Image | None = None
    form: Form | None = None
    documents: tuple[Document, ...] = ()
    alert: int | None = None
    standing: Tone | None = None
    version: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.code == "ok"

    def to_json(self, command: str) -> dict[str, Any]:
        """Returns the object that `--json` prints, one per line (docs/scripting.md)."""
        return {
            "command": command,
            "ok": self.ok,
            "code": self.code,
            "title": self.title,
            "text": self.text,
            "fields": [{"name": f.name, "value": f.words, "quote": f.quote} for f in self.fields],
            "actions": [_action_json(action) for action in self.actions],
            "links": [{"label": link.label, "url": link.url} for link in self.links],
            "footnote": self.footnote,
            "tone": self.tone.value,
            "sample": self.sample,
            "image": {"file_name": self.image.file_name, "alt": self.image.alt} if self.image else None,
            "missing": [i.name for i in self.form.inputs] if self.form else [],
            "values": dict(self.values),
        }


def values_of(record: object, names: str) -> dict[str, Any]:
    """Returns fields of a record for a card's `values`, by name, as plain JSON: a time in ISO 8601, an enum's value.
    `names` are written in a row, with spaces.
    """
    return {name: dump(getattr(record, name)) for name in names.split()}


def _action_json(action: Action) -> dict[str, Any]:
    if isinstance(action, Button):
        return {"label": action.label, "action_id": action.action_id, "style": action.style.value}
    if isinstance(action, Menu):
        behind = [{"label": button.label, "action_id": button.action_id} for button in action.buttons]
        return {"label": action.label, "options": behind}
    options = [{"label": label, "action_id": encode_action(action.command, record)} for label, record in action.options]
    return {"label": action.label, "options": options}


@dataclass(frozen=True, slots=True)
class Click:
    """What a click carries: a command's path, the value of its `record_param`, and the values of others, as typed."""

    command: str
    record: int | None = None
    given: Mapping[str, str] = field(default_factory=dict)


def _action_id(command: str, record: int | None, given: Mapping[str, str]) -> str:
    parts = [ACTION_VERSION, command, "" if record is None else str(record)]
    if given:
        parts.append("&".join(f"{_SHORT.get(name, name)}={_written(value)}" for name, value in given.items()))
    return "|".join(parts)


def _written(value: str) -> str:
    """Returns a value without the characters that part it from others."""
    return re.sub(r"[%&\x00-\x1f]", lambda found: f"%{ord(found[0]):02X}", value)


def encode_action(command: str, record: int | None, given: Mapping[str, str] | None = None) -> str:
    """Returns version, command, record id and given values. Everything else is looked up at the click."""
    action_id = _action_id(command, record, given or {})
    if len(action_id) > MAX_ACTION_ID or not _ACTION_ID.fullmatch(action_id):
        raise ValueError(f"a click could not carry this back: {action_id!r} (at most {MAX_ACTION_ID} characters)")
    return action_id


def decode_action(action_id: str) -> Click:
    """Returns what a click carries. Raises `BadArgument` for an id of another version, or one that is not ours."""
    match = _ACTION_ID.fullmatch(action_id)
    if match is None or match[1] != ACTION_VERSION:
        raise BadArgument("This button is from another version of the bot.", "Use the command instead.")
    pairs = (pair.partition("=") for pair in (match[4] or "").split("&") if pair)
    given = {_LONG.get(name, name): unquote(value) for name, _, value in pairs}
    return Click(match[2], int(match[3]) if match[3] else None, given)


def error_card(error_code: str, what: str, do: str) -> Card:
    """Returns the card of an error: what happened, then what to do now."""
    return Card(
        title="That did not work",
        text=f"{what}\n{worded(do)}".strip(),
        tone=Tone.ATTENTION,
        code=error_code,
        private=True,
    )
