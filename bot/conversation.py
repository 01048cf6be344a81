"""The rules for every chat: what a click does to its message, when a form opens, which links of a message count, the
cards for work that was cancelled or cannot be shown, a card as plain text, and without the terminal's `key=value`.

The platforms' folders hold transport and rendering.
"""

from __future__ import annotations

import asyncio
import logging
import re
import weakref
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.alert_now import alert_card_now
from bot.card import Button, Card, Field, Form, Input, Menu, Progress, error_card
from bot.command import Command, coerce
from bot.dispatcher import Dispatcher
from bot.frontend import Actor
from core.errors import AlreadyDecided, NotAllowedNow, StorageUnavailable, UserError
from core.model import AlertKind, Role
from core.texts.pasted import post_addresses_in

log = logging.getLogger(__name__)

REGISTER = "post register"
LINKS_MAX = 25  # links of one message, to choose from
PROGRESS_EVERY_S = 1.0
PROGRESS_MAX = 300
BAR_CELLS = 20
REMEMBERED = 10_000
RENDERED_AT_MOST = 5  # renewals for one click; after that, the next click shows the rest


class Fate(StrEnum):
    """What happens to a message after its button did what was asked. A refusal leaves the message as it is."""

    STAYS = "stays"  # the answer is a message of its own
    BECOMES = (
        "becomes"  # the answer replaces it: the click changed the record that it shows (`is_renewed`: and renewed)
    )
    RENEWED = "renewed"  # the answer is a message of its own, and this one is rendered again from its record


@dataclass(frozen=True, slots=True)
class Clicked:
    """A message of ours whose button, menu or choice was used. `alert`: the id of the alert in it.

    `is_private`: only one member sees it. `is_choice`: a record was chosen from a list, so the list stays.
    """

    alert: int | None = None
    is_private: bool = False
    is_choice: bool = False


def fate(command: Command, raw: Mapping[str, str], clicked: Clicked | None) -> Fate:
    """Returns what a click for `command` with the arguments `raw` does to its message. `clicked` is None without a
    click.
    """
    if clicked is None or clicked.is_choice:
        return Fate.STAYS
    if clicked.alert is not None:
        return Fate.RENEWED
    if clicked.is_private:
        return Fate.STAYS
    if any(param.position and param.name in raw for param in command.params):
        return Fate.BECOMES  # another page of the list
    has_record = bool(command.params) and command.record_param.name in raw
    if command.shown_by is not None and not _shows_itself(command):
        return Fate.RENEWED if has_record else Fate.STAYS
    shows = (command.record_param.lookup or command.record_param.name) if command.params else ""
    changes = command.role is not Role.VIEWER and shows == command.topic
    return Fate.BECOMES if has_record and changes else Fate.STAYS


def _shows_itself(command: Command) -> bool:
    """Returns whether the command's own answer is the card of the record that it decides about."""
    return command.shown_by is not None and command.shown_by.split(" ")[0] == command.topic


def is_renewed(command: Command, fated: Fate) -> bool:
    """Returns whether the clicked message is rendered again from its record after the answer."""
    return fated is Fate.RENEWED or (fated is Fate.BECOMES and command.shown_by is not None)


def is_for_the_caller(command: Command) -> bool:
    """Returns whether only the caller sees the answer, as with one-word commands (`help`, `setup` …)."""
    return command.path == command.topic


def may_ask(command: Command, raw: Mapping[str, str]) -> bool:
    """Returns whether, by its declaration, the command's first answer may be a form: a needed value is missing, or the
    command opens a form whenever only the needed values were given, or one was given that asks for a form.
    """
    given = {name for name, text in raw.items() if text.strip()}
    needed = {param.name for param in command.params if param.required}
    asks = any(param.asks and param.name in given for param in command.params)
    return asks or not needed <= given or (command.opens_form and given <= needed)


def asked_form(card: Card) -> Form | None:
    """Returns the form when the card only asks for missing values, else None."""
    return card.form if card.ok or card.code == "missing_argument" else None


def renews_after(card: Card) -> bool:
    """Returns whether the record behind the clicked message may have changed, now or before, without being shown."""
    return (card.ok and card.form is None) or card.code in (AlreadyDecided.code, NotAllowedNow.code)


ShowClicked = Callable[[Card], Awaitable[None]]  # replaces the clicked message with a card
Renew = Callable[[Card, ShowClicked], Awaitable[None]]  # called after an answer: shows the clicked message again


class Renewals:
    """Renders clicked messages again from their records, never from the old message.

    Clicks on one message are handled one after the other, and each reads the record again after it has shown it. So
    the last one shows every decision, also when several programs serve one workspace.
    """

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def renew(
        self,
        actor: Actor,
        command: Command,
        raw: Mapping[str, str],
        clicked: Clicked,
        message: str,
        show: Callable[[Card], Awaitable[None]],
        *,
        shown: Card | None = None,
    ) -> None:
        """Show the record behind `message` (its name on the platform) until the message shows the present record.
        `shown`: what this click has put there already.
        """
        lock = self._locks.setdefault(f"{actor.workspace_id} {message}", asyncio.Lock())
        async with lock:
            for _ in range(RENDERED_AT_MOST):
                if await self._is_current(actor, command, raw, shown):
                    return
                card = await self._card(actor, command, raw, clicked)
                if card is None or card == shown:
                    return
                await show(card)
                shown = card

    def after(
        self,
        who: Callable[[], Awaitable[Actor]],
        command: Command,
        raw: Mapping[str, str],
        clicked: Clicked,
        message: str,
        *,
        becomes: bool,
    ) -> Renew:
        """Returns what shows the record behind `message` after an answer; with `becomes`, the answer replaced it."""

        async def renew(card: Card, show: ShowClicked) -> None:
            if renews_after(card):
                shown = card if becomes and card.ok else None
                await self.renew(await who(), command, raw, clicked, message, show, shown=shown)

        return renew

    async def _is_current(self, actor: Actor, command: Command, raw: Mapping[str, str], shown: Card | None) -> bool:
        """Returns whether the record is still in the state that `shown` shows, where that can be told cheaply."""
        shown_by = self._dispatcher.registry.get(command.shown_by) if command.shown_by is not None else None
        if shown is None or not shown.version or shown_by is None or shown_by.version_of is None:
            return False
        record = coerce(command.record_param, raw[command.record_param.name])
        try:
            now = await shown_by.version_of(self._dispatcher.services, actor.workspace_id, record)
        except (UserError, StorageUnavailable) as error:
            log.info("a record is not compared", extra={"command": command.path, "why": str(error)})
            return True
        return now == shown.version

    async def _card(self, actor: Actor, command: Command, raw: Mapping[str, str], clicked: Clicked) -> Card | None:
        """Returns what the message should show now; None when that is not known, and the message stays as it is."""
        services = self._dispatcher.services
        if clicked.alert is not None:
            try:
                told = await services.store.alert_record(actor.workspace_id, clicked.alert)
            except (UserError, StorageUnavailable) as error:
                log.info("an alert is not rendered again", extra={"alert": clicked.alert, "why": str(error)})
                return None
            if told.alert.kind is AlertKind.DIGEST:
                return None  # what a digest tells does not change, and its picture would have to be drawn again
            return alert_card_now(told, services.clock.now())
        name = command.record_param.name if command.params else ""
        if command.shown_by is None or name not in raw:
            return None
        shown_by = self._dispatcher.registry.get(command.shown_by)
        card = await self._dispatcher.run(actor, shown_by.path, {shown_by.record_param.name: raw[name]})
        return card if card.ok else None


def post_links(*texts: str) -> list[str]:
    """Returns the posts and comments on Reddit that a message links to, each once, in order, as addresses that we made:
    at most as many as a list can offer. A community, a member's page or a picture is not a post.
    """
    return post_addresses_in("\n".join(texts))[:LINKS_MAX]


def which_link(links: list[str]) -> Form:
    """Returns a card that asks which of several links to register."""
    return Form("Register a post", REGISTER, (Input("link", "Which post", options=tuple(links)),))


NO_LINK = error_card(
    "bad_argument",
    "There is no link to a post or comment on Reddit in this message.",
    "Use it on a message that holds the address of one.",
)
UNKNOWN_BUTTON = error_card(
    "unknown_button", "This button is from another version of the bot.", "Use the command instead."
)
CANCELLED = error_card(
    "cancelled",
    "The bot is being stopped, so this was cancelled.",
    "What was stored until then is kept. Give the command again in a minute.",
)


def not_shown(reference: str) -> Card:
    """Returns the card for an answer that a platform refused in every form; `reference` is also in the log."""
    return error_card(
        "not_shown",
        f"The command ran, and its answer could not be shown. Reference: {reference}.",
        "Look at the result with the matching list or show command.",
    )


def whole_text(card: Card) -> str:
    """Returns all words of a card as one text, without cutting or escaping."""
    parts = [f"{card.title}{' (sample data)' if card.sample else ''}", card.text]
    parts += [f"{field.name}\n{field.words}" for field in card.fields]
    parts += [card.image.alt] if card.image is not None else []
    parts += [f"{link.label}: {link.url}" for link in card.links]
    parts.append(card.footnote)
    return "\n\n".join(part for part in parts if part.strip()).encode("utf-8", "replace").decode() + "\n"


def without_layout(card: Card) -> Card:
    """Returns the card as one plain text, for a platform that refused its layout: no buttons, pictures or files."""
    buttons = [action for action in card.actions if isinstance(action, Button | Menu)]
    lost = "Buttons could not be shown here; the commands do the same: /rao help" if buttons else ""
    text = "\n\n".join(part for part in (whole_text(card).strip().partition("\n\n")[2], lost) if part)
    return replace(
        card,
        text=text,
        fields=(),
        actions=(),
        links=(),
        footnote="",
        image=None,
        form=None,
        documents=(),
        sample=False,
        title=f"{card.title}{' (sample data)' if card.sample else ''}",
    )


class Pace:
    """Limits how often progress is shown: at most once a second."""

    def __init__(self) -> None:
        self._last_s: float | None = None

    def is_due(self, now_s: float) -> bool:
        """Returns whether progress may be shown at `now_s` (of `Clock.monotonic`); if so, counts it as shown."""
        if self._last_s is not None and now_s - self._last_s < PROGRESS_EVERY_S:
            return False
        self._last_s = now_s
        return True


def progress_parts(progress: Progress) -> tuple[str, str, str]:
    """Returns what is being done, a bar ("" when the total is not known), and how far it is."""
    words = progress.text[:PROGRESS_MAX]
    if progress.done is None:
        return words, "", ""
    if not progress.total:
        return words, "", f"{progress.done:,}"
    filled = min(BAR_CELLS, max(0, round(BAR_CELLS * progress.done / progress.total)))
    return words, f"{'█' * filled}{'░' * (BAR_CELLS - filled)}", f"{progress.done:,} of {progress.total:,}"


class Seen:
    """Remembers recent events, because platforms resend an event that they believe was lost."""

    def __init__(self) -> None:
        self._marks: OrderedDict[str, None] = OrderedDict()

    def again(self, mark: str) -> bool:
        """Returns whether `mark` was seen before, and remembers it."""
        if mark in self._marks:
            return True
        self._marks[mark] = None
        while len(self._marks) > REMEMBERED:
            self._marks.popitem(last=False)
        return False


_VALUE = r'(?:"[^"\n]*"|…|[^\s"\n]*[^\s"\n.,;:)])?'
_ONE = re.compile(rf"(?<![^\s(])(?!key=value)([a-z][a-z_]+)=({_VALUE})")
# What comes after a command: values in a row.
_ROW = re.compile(rf"(/rao [a-z]+(?: [a-z]+)?(?: (?![a-z_]+=)[\w/.“”-]+)*?)((?: [a-z][a-z_]+={_VALUE})+)")
# The command to write instead of filling in the form that the card has.
_INSTEAD = re.compile(
    r"(?:^|(?<=\s))(?:Write|Without a form|In one line|For example|for example|To go on anyway): /rao [^\n]*"
)


def in_chat(card: Card) -> Card:
    """Returns the card as a chat shows it, which has forms, and fields for a command's values: what a form asks for is
    not said again, a value stands in words, and a place to be filled in is left out. Texts of people stay as they are.
    """
    has_form = card.form is not None
    fields = tuple(_field(field) for field in card.fields)
    text, footnote = (spoken(said, has_form=has_form) for said in (card.text, card.footnote))
    return replace(card, text=text, fields=fields, footnote=footnote)


def _field(field: Field) -> Field:
    is_ours = not (field.quote or field.copy) and "/rao " in field.value
    return replace(field, value=spoken(field.value)) if is_ours else field


def spoken(text: str, *, has_form: bool = False) -> str:
    """Returns our own words without `key=value`."""
    if "=" not in text:
        return text
    if has_form:
        text = "\n".join(line.rstrip() for line in _INSTEAD.sub(_unless_plain, text).split("\n") if line.strip())
    text = _ROW.sub(lambda row: f"{row[1]}{_told(row[2])}", text)
    return _ONE.sub(lambda one: f"{one[1]}: {_bare(one[2])}" if _bare(one[2]) else one[1], text)


def _unless_plain(instead: re.Match[str]) -> str:
    return "" if "=" in instead[0] else instead[0]


def _told(row: str) -> str:
    given = [(name, _bare(value)) for name, value in _ONE.findall(row)]
    said = "; ".join(f"{name}: {value}" for name, value in given if value)
    return f" ({said})" if said else ""


def _bare(value: str) -> str:
    inner = value.strip('"')
    return "" if inner == "…" else inner
