"""Cards and progress as Discord messages of Components V2, inside Discord's limits.

No text on a card is trusted: every string is escaped, so that it makes no markup, mention, link or emoji, and links are
made only from `Link`. Text that does not fit is cut visibly, and the message then carries the whole card as a text
file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from bot.card import (
    MORE,
    Button,
    Card,
    Choice,
    Document,
    Field,
    Image,
    Link,
    Menu,
    Progress,
    Style,
    Tone,
    encode_action,
)
from bot.characters import fair_share, fit, is_blank, one_line, size, visible
from bot.conversation import in_chat, progress_parts, whole_text, without_layout
from bot.discord_app.actions import MENU, ActionButton, ActionChoice, FormButton, choice_id
from bot.discord_app.slash import ROOT
from core.clock import parted_at_moments

# Discord's limits for a message (docs.discord.com: component reference).
TEXT_MAX = 4000  # all text displays of a message together
ROW_BUTTONS_MAX = 5
LABEL_MAX = 80
OPTIONS_MAX = 25
OPTION_LABEL_MAX = 100
PLACEHOLDER_MAX = 150
URL_MAX = 512
ALT_MAX = 1024
SNOWFLAKE_MAX = 20  # digits of an id
FILE_BYTES_MAX = 10 * 1024 * 1024  # in a server without boosts

# Our own limits, so that each part of a card leaves room for the others.
BUTTONS_MAX = 17  # buttons and links
CHOICES_MAX = 3
DOCUMENTS_MAX = 2
TITLE_MAX = 256
NAME_MAX = 60  # of a field, when the card has to be cut
FOOTNOTE_MAX = 500
FIELD_MIN = 130  # a shorter value says nothing, so the last fields then go into the file
INLINE_MAX = 60  # a value up to this length stands beside its name

# An alert's container has the alert's id plus this number as its own id, which comes back with every click. Discord
# numbers unmarked components from 1, in 32 bits.
ALERT_BASE = 1_000_000
ALERTS_MARKED = 2**31 - 1 - ALERT_BASE
WHOLE_TEXT_FILE = "whole-text.txt"
_CUT = "…\n-# {left} more characters in the file below"
_MORE = "-# and {} more, in the file below"
_SAMPLE = "-# Sample data, not from Reddit"
_NAMED = re.compile(r"(?<![`\w/])/rao ([a-z]+(?: [a-z]+)?)")
_EMPTY = "–"

_COLOURS = {Tone.NEUTRAL: None, Tone.GOOD: 0x2E9E5B, Tone.ATTENTION: 0xD9A514, Tone.BAD: 0xC93C37}
_STYLES = {
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.DANGER: discord.ButtonStyle.danger,
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: its layout, and the files that the layout shows. Send it only once, because sending reads the
    files.
    """

    view: ui.LayoutView
    files: list[discord.File]


@dataclass(frozen=True, slots=True)
class FormOpener:
    """A button that opens a form; `custom_id` comes from `forms.py`. When it is not `wanted`, it is plain and last."""

    label: str
    custom_id: str
    wanted: bool = True


def render_card(card: Card, form: FormOpener | None = None) -> Rendered:
    """Returns the card as a message. No text makes it raise. `form` adds a button that opens a form."""
    card = in_chat(card)
    files: list[discord.File] = []
    inside: list[ui.Item[Any]] = []
    texts, is_cut = _texts(card)
    for number, text in enumerate(texts):
        if number:
            inside.append(ui.Separator(visible=number == 1, spacing=discord.SeparatorSpacing.small))
        inside.append(ui.TextDisplay(text))
    if card.image is not None:
        inside.append(_picture(card.image, files))
    for document in _carried(card):
        name = _file_name(document.file_name)
        files.append(_file(name, document.content))
        inside.append(ui.File(f"attachment://{name}"))
    if is_cut:
        files.append(_file(WHOLE_TEXT_FILE, whole_text(card).encode()))
        inside.append(ui.File(f"attachment://{WHOLE_TEXT_FILE}"))
    inside += _rows(card, form)
    mark = ALERT_BASE + card.alert if card.alert is not None and card.alert < ALERTS_MARKED else None
    return Rendered(_view(ui.Container(*inside, accent_colour=_COLOURS[card.tone], id=mark)), files)


def alert_of(message: discord.Message) -> int | None:
    """Returns the id of the alert in a message of ours, as `render_card` marked it."""
    marks = (getattr(component, "id", None) or 0 for component in message.components)
    return next((mark - ALERT_BASE for mark in marks if mark > ALERT_BASE), None)


def render_plain(card: Card) -> Rendered:
    """Returns the card as one plain text, for when Discord refused its layout."""
    bare = without_layout(in_chat(card))
    words = f"{bare.title}\n{bare.text}".strip()
    return Rendered(_view(ui.TextDisplay(fit(words, TEXT_MAX, told, "…"))), [])


def mentioning(rendered: Rendered, command_id: int | None, paths: Collection[str]) -> Rendered:
    """Returns the message with a mention, which can be pressed, for each of these commands that it names, as far as
    there is room. `command_id`: Discord's id of our slash command; None: it is not known, and nothing changes.
    """
    if command_id is None:
        return rendered
    displays = [item for item in rendered.view.walk_children() if isinstance(item, ui.TextDisplay)]
    room = TEXT_MAX - sum(size(display.content) for display in displays)

    def mention(found: re.Match[str]) -> str:
        nonlocal room
        words = found[1].split(" ")
        path = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in paths), None)
        if path is None:
            return found[0]
        told = f"</{ROOT} {path}:{command_id}>{found[0][len(f'/{ROOT} {path}') :]}"
        room -= size(told) - size(found[0])
        return told if room >= 0 else found[0]

    for display in displays:
        lines = display.content.split("\n")
        if "```" not in display.content:  # a text to be copied stays as it is, and so do people's own words
            shown = [line if line.startswith(">") else _NAMED.sub(mention, line) for line in lines]
            display.content = "\n".join(shown)
    return rendered


def render_progress(progress: Progress) -> Rendered:
    words, bar, count = progress_parts(progress)
    line = f"… {escape_line(words)}"
    if bar:
        line += f"\n`{bar}` {count}"
    elif count:
        line += f" {count}"
    return Rendered(_view(ui.TextDisplay(line)), [])


def _view(item: ui.Item[Any]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(item)
    view.stop()  # ids find the commands of clicks, so the library need not remember the message, nor time it out
    return view


def _texts(card: Card) -> tuple[list[str], bool]:
    names = [escape_line(field.name) for field in card.fields]
    head = _head(card, told_line(card.title), told(card.text))
    parts = list(map(_field, card.fields, names))
    foot = _foot(card, small(card.footnote))
    fields = _spaced(parts)
    if size(head) + size(fields) + size(foot) > TEXT_MAX:
        fields = "\n".join(parts)
    is_cut = size(head) + size(fields) + size(foot) > TEXT_MAX
    if is_cut:
        head, fields, foot = _cut_texts(card)
    return [part for part in (head, fields, foot) if part], is_cut


def _cut_texts(card: Card) -> tuple[str, str, str]:
    """Returns head, fields and foot, each cut so that all fit together: the text takes at most half of the
    fields' room.
    """
    title = fit(" ".join(card.title.split()), TITLE_MAX, told_line, "…")
    foot = _foot(card, fit(card.footnote, FOOTNOTE_MAX, small, "…"))
    room = TEXT_MAX - size(_head(card, title, "")) - size(foot) - 1
    text = fit(card.text, room // 2 if card.fields else room, told, _CUT)
    return _head(card, title, text), _cut_fields(card.fields, room - size(text)), foot


def _head(card: Card, title: str, text: str) -> str:
    lines = [f"### {_EMPTY if is_blank(title) else title}"]
    if card.sample:
        lines.append(_SAMPLE)
    if not is_blank(text):
        lines.append(text)
    return "\n".join(lines)


def _foot(card: Card, footnote: str) -> str:
    """Returns the footnote, the addresses that are too long for a button, and how many buttons did not fit."""
    lines = [footnote]
    lines += [small(f"{link.label}: {link.url}"[:FOOTNOTE_MAX]) for link in card.links if not _is_address(link)][:2]
    buttons = sum(isinstance(action, Button) for action in card.actions)
    choices = sum(isinstance(action, Choice) for action in card.actions)
    left_out = max(0, buttons - BUTTONS_MAX) + max(0, choices - CHOICES_MAX)
    if left_out:
        lines.append(f"-# {left_out} more buttons found no place here; the commands do the same")
    left_behind = [document.file_name for document in card.documents if document not in _carried(card)]
    if left_behind:
        names = plain(", ".join(left_behind), FOOTNOTE_MAX)
        lines.append(small(f"Too large for Discord: {names}. Who runs the bot can hand it over."))
    return "\n".join(line for line in lines if line)


def _cut_fields(fields: Sequence[Field], room: int) -> str:
    """Returns fields in at most `room` units: short ones whole, long ones cut to equal length, the last ones only
    counted.
    """
    names = [fit(" ".join(field.name.split()), NAME_MAX, escape_line, "…") for field in fields]
    sizes = [size(_field(field, name)) + 1 for field, name in zip(fields, names, strict=True)]
    least = [min(whole, FIELD_MIN) for whole in sizes]
    shown = len(fields)
    if sum(least) > room:
        room -= size(_MORE) + 5
        while sum(least[:shown]) > room:
            shown -= 1
    share = fair_share(sizes[:shown], room)
    parts = [_field(field, name, share - 1) for field, name in list(zip(fields, names, strict=True))[:shown]]
    if shown < len(fields):
        parts.append(_MORE.format(len(fields) - shown))
    return "\n".join(parts)


def _spaced(parts: Sequence[str]) -> str:
    """Returns the fields with a blank line around those of several lines."""
    text = ""
    for before, part in zip(["", *parts], parts, strict=False):
        gap = "\n\n" if "\n" in before or "\n" in part else "\n"
        text += gap + part if text else part
    return text


def _field(field: Field, name: str, limit: int | None = None) -> str:
    """Returns a field whose name is escaped already, in at most `limit` units when its name leaves room for a value."""
    if field.members:
        return f"**{name}** {_named(field)}"
    if field.channel:
        bare = replace(field, name="", value=field.value or _EMPTY, channel="")
        mention = f"<#{field.channel}>" if field.channel.isdecimal() else escape_line(field.channel)
        heading = f"**{name}** {mention}\n"
        room = None if limit is None else limit - size(heading)
        return heading + _field(bare, "", room)
    short = _EMPTY if is_blank(field.value) else ""
    if not (short or field.quote or field.copy or "\n" in field.value or len(field.value) > INLINE_MAX):
        short = told(field.value)
    if not short or size(short) > INLINE_MAX:
        heading = "" if is_blank(field.name) else f"**{name}**\n"
        render = block if field.copy else quote if field.quote else told
        if limit is None:
            return heading + render(field.value)
        return heading + fit(field.value, limit - size(heading), render, _CUT)
    return short if is_blank(field.name) else f"**{name}** {short}"


def _named(field: Field) -> str:
    names = ", ".join(
        f"<@{member.id}>" if member.id.isdecimal() and size(member.id) <= SNOWFLAKE_MAX else escape_line(member.name)
        for member in field.members
    )
    return " ".join(part for part in (names, escape_line(field.value)) if part)


def _picture(image: Image, files: list[discord.File]) -> ui.MediaGallery[Any]:
    name = _file_name(image.file_name)
    files.append(_file(name, image.content))
    alt = plain(image.alt, ALT_MAX)
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{name}", description=alt or None))


def _carried(card: Card) -> tuple[Document, ...]:
    carried: list[Document] = []
    for document in card.documents[:DOCUMENTS_MAX]:
        if sum(len(known.content) for known in (*carried, document)) <= FILE_BYTES_MAX:
            carried.append(document)
    return tuple(carried)


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip(".-") or "file"


def _file(name: str, content: bytes) -> discord.File:
    return discord.File(io.BytesIO(content), filename=name)


def _rows(card: Card, form: FormOpener | None) -> list[ui.Item[Any]]:
    """Returns a row for each choice, rows of at most five buttons in the card's order, links last, and one menu."""
    rows: list[ui.Item[Any]] = []
    buttons: list[ui.Item[Any]] = []
    behind: dict[str, Button] = {}
    opening = [_form_button(form)] if form is not None else []
    if form is not None and form.wanted:
        buttons += opening
    pressed: set[str] = set()
    choices = 0
    for action in card.actions:
        if isinstance(action, Menu):
            behind |= {button.action_id: button for button in action.buttons if button.fits}
        elif isinstance(action, Choice):
            if action.options and choices < CHOICES_MAX:
                rows.append(ui.ActionRow(_choice(action, choices)))
                choices += 1
        elif action.fits and action.action_id not in pressed and len(buttons) < BUTTONS_MAX:
            pressed.add(action.action_id)  # Discord refuses a message that holds the same button twice
            buttons.append(_button(action))
    links = [link for link in card.links if _is_address(link)]
    buttons += [
        ui.Button(label=plain(link.label, LABEL_MAX) or "Open", url=link.url)
        for link in links[: BUTTONS_MAX - len(buttons)]
    ]
    if form is not None and not form.wanted:
        buttons += opening
    for start in range(0, len(buttons), ROW_BUTTONS_MAX):
        rows.append(ui.ActionRow(*buttons[start : start + ROW_BUTTONS_MAX]))
    if behind:
        rows.append(ui.ActionRow(_menu(list(behind.values()))))
    return rows


def _form_button(form: FormOpener) -> FormButton:
    style = discord.ButtonStyle.primary if form.wanted else discord.ButtonStyle.secondary
    return FormButton(plain(form.label, LABEL_MAX) or "Open", form.custom_id, style)


def _button(button: Button) -> ActionButton:
    label = plain(button.label, LABEL_MAX)
    return ActionButton(button.command if is_blank(label) else label, button.action_id, _STYLES[button.style])


def _choice(choice: Choice, number: int) -> ActionChoice:
    options: dict[str, discord.SelectOption] = {}
    for label, record in choice.options[:OPTIONS_MAX]:
        shown = plain(label, OPTION_LABEL_MAX)
        action_id = encode_action(choice.command, record)
        options.setdefault(
            action_id, discord.SelectOption(label=str(record) if is_blank(shown) else shown, value=action_id)
        )
    left_out = len(choice.options) - OPTIONS_MAX
    counted = f" (the first {OPTIONS_MAX} of {len(choice.options)})" if left_out > 0 else ""
    placeholder = plain(choice.label, PLACEHOLDER_MAX - len(counted)) + counted
    return ActionChoice(placeholder, choice_id(choice.command, number), list(options.values()))


def _menu(buttons: Sequence[Button]) -> ActionChoice:
    options = []
    for button in buttons[:OPTIONS_MAX]:
        label = plain(button.label, OPTION_LABEL_MAX)
        options.append(discord.SelectOption(label=button.command if is_blank(label) else label, value=button.action_id))
    return ActionChoice(MORE, MENU, options)


def _is_address(link: Link) -> bool:
    """Returns whether Discord accepts the link as a button: a web address without spaces, not too long."""
    return size(link.url) <= URL_MAX and re.fullmatch(r"https?://[!-~]+", link.url, re.ASCII) is not None


# Emphasis, code, spoilers, masked links, mentions and custom emoji (both begin with <), other escapes.
_SPECIAL = re.compile(r"[\\*_~`|<>\[\]]")
_LINE_START = re.compile(r"^([ \t]*(?:\d{1,9}(?=\.))?)([#+.-])", re.MULTILINE)  # headings, lists, small print
_ADDRESS = re.compile(r"(?<=[A-Za-z0-9+.-])://")
_SHORTCODE = re.compile(r":(?=[A-Za-z0-9_+\-\\]+:)")
_MENTION = re.compile(r"@(?=everyone|here|&|!|\d)", re.IGNORECASE)


def escape(text: str) -> str:
    """Returns `text` as markdown that shows exactly `text`."""
    text = _SPECIAL.sub(r"\\\g<0>", visible(text))
    text = _LINE_START.sub(r"\1\\\2", text)
    text = _SHORTCODE.sub(r"\\:", _ADDRESS.sub(r"\\://", text))
    # Discord finds @everyone behind a backslash too, so a character without width follows the @.
    return _MENTION.sub("@\u200b", text)


def escape_line(text: str) -> str:
    """Does what `escape` does, on one line."""
    return escape(one_line(text))


def told(text: str) -> str:
    """Returns our own words, escaped; Discord shows each time in them in the reader's own zone."""
    return _with_times(escape(text))


def told_line(text: str) -> str:
    """Does what `told` does, on one line."""
    return _with_times(escape_line(text))


def _with_times(escaped: str) -> str:
    shown = parted_at_moments(escaped)  # escaping leaves them as they are
    return "".join(part if at is None else f"<t:{int(at.timestamp())}:f>" for part, at in shown)


def quote(text: str) -> str:
    """Returns somebody's own words, escaped, with every line marked as a quotation."""
    return "\n".join(f"> {line}" for line in escape(text).split("\n"))


def block(text: str) -> str:
    """Returns a text to be copied, in a block that shows it as it is; quoted when the text would end the block."""
    shown = visible(text)
    return quote(text) if "```" in shown else f"```\n{shown}\n```"


def small(text: str) -> str:
    """Returns our own words as `told` does, with every line in small print."""
    return "\n".join(f"-# {line}" for line in told(text).split("\n") if not is_blank(line))


def plain(text: str, limit: int) -> str:
    """Returns `text` for places without markup (labels, options): one line of at most `limit` units, cut
    visibly, or "".
    """
    line = one_line(text)
    if size(line) <= limit:
        return line
    while size(line) > limit - 1:
        line = line[: -max(1, (size(line) - limit) // 2)]
    return f"{line.rstrip()}…"
