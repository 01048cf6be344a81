"""Cards and progress as Block Kit, inside Slack's limits.

No text on a card is trusted. Text stands in plain_text objects (escaped) and in rich_text elements, where Slack reads
no markup, so a draft can be copied exactly. Links are made from `Link` alone. Text that does not fit is cut visibly,
and the whole card follows as a text file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.card import (
    Button,
    Card,
    Choice,
    Document,
    Field,
    Form,
    Image,
    Link,
    Menu,
    Named,
    Progress,
    Style,
    Tone,
    encode_action,
)
from bot.characters import cut, fair_share, fit, is_blank, most, one_line, size, visible
from bot.conversation import in_chat, progress_parts, whole_text, without_layout
from bot.slack_app.text import (
    DATE_WEIGHT,
    escape,
    has_times,
    marked_words,
    plain,
    plain_object,
    rich_words,
)
from core.clock import moments_in

# Slack's limits (docs.slack.dev, Block Kit reference), in characters where nothing else is said.
HEADER_MAX = 150
SECTION_MAX = 3000
CONTEXT_MAX = 2000
BUTTON_MAX = 75
VALUE_MAX = 2000
OVERFLOW_OPTIONS_MAX = 5
OPTIONS_MAX = 100
OPTION_TEXT_MAX = 75
PLACEHOLDER_MAX = 150
# Not documented: a message whose blocks hold more than some 13,200 characters is refused (msg_blocks_too_long).
MESSAGE_WEIGHT_MAX = 12_000
BLOCKS_MAX = 50
ACTIONS_WEIGHT_MAX = 8_000  # of it: buttons and choices, so that room is left for words
TAIL_WEIGHT_MAX = 3_200  # of it: everything below the fields; links are the first to go into the file

# Our own limits, so that each part of a card leaves room for the others.
RICH_TEXT_MAX = 3000
CONTEXT_ELEMENTS_MAX = 10
BUTTONS_SHOWN = 5  # further buttons go into menus
BUTTONS_MAX = 25
CHOICES_MAX = 5
LINKS_MAX = 5
LINK_LABEL_MAX = 80
LINK_URL_MAX = 500
NAME_MAX = 200
INLINE_MAX = 60  # a value up to this length stands beside its name
FOOTNOTE_MAX = 500
FILES_NOTE_MAX = 500  # the note about files that follow
VALUE_MIN = 60  # a shorter value says nothing, so the last fields then go into the file
FIELD_OVERHEAD = 220  # the most that the structure around one field weighs
FALLBACK_MAX = 1000
PROGRESS_LINE_MAX = 600
ALT_MAX = 2000
TEXT_MAX = 3500  # of a message without blocks; Slack advises at most 4,000

FILE_BYTES_MAX = 50 * 1024 * 1024  # our own limit: Slack accepts more, but slowly
WHOLE_TEXT_FILE = "whole-text.txt"
ALERT_MARK = "alert"
LONG_ACTION = "long|"  # a button whose `value` is its action id, because that is too long for an id
FORM_ACTION = "form|"  # a button that opens a form: the command's path follows, `value` holds what is known
_CUT = "… ({left} more characters in the file that follows)"
_MARKS = {Tone.NEUTRAL: "", Tone.GOOD: "✅ ", Tone.ATTENTION: "⚠️ ", Tone.BAD: "⛔ "}
_STYLES = {Style.PRIMARY: "primary", Style.DANGER: "danger"}

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: its blocks, the text that stands for them in notifications (escaped), and the files that follow."""

    blocks: list[Block]
    text: str
    files: tuple[Document, ...] = ()


def render_card(card: Card, *, mark: str = "card", picture: str | None = None) -> Rendered:
    """Returns the card as a message. No text makes it raise.

    `mark` begins the id of each block, so it comes back with every click. The mark of an alert's card names the alert.
    `picture`: Slack's id of the card's picture, which then stands inside the message; without one it follows as a file.
    """
    card = in_chat(card)
    if card.alert is not None:
        mark = f"{ALERT_MARK}|{card.alert}"
    head = [_header(card)]
    if card.sample:
        head.append(_context("Sample data, not from Reddit"))
    shown = [] if card.image is None or picture is None else [_picture(card.image, picture)]
    tail, files, tail_cut = _tail(replace(card, image=None) if shown else card)
    actions, dropped = _actions(card, mark)
    if dropped:
        tail.append(_context(f"{dropped} more actions do not fit here. Use the commands: /rao help"))
    room = MESSAGE_WEIGHT_MAX - weigh([*head, *shown, *tail, *actions]) - 200
    body, is_cut = _body(card, room)
    if is_cut or tail_cut or _is_longer(card):
        files = (*files, Document(WHOLE_TEXT_FILE, whole_text(card).encode(), "the whole text of this card"))
        tail.append(_context("The whole text is in the file that follows."))
    blocks = [*head, *body, *shown, *tail, *actions]
    return Rendered(blocks, fallback(card), files)


def alert_of(block_id: str) -> int | None:
    """Returns the id of the alert whose buttons are in this block, as `render_card` marked it."""
    marked = re.match(rf"{ALERT_MARK}\|(\d{{1,18}})\|", block_id, re.ASCII)
    return int(marked[1]) if marked else None


def render_plain(card: Card) -> Rendered:
    """Returns the card as one plain text, for when Slack refused its blocks."""
    bare = without_layout(card)
    return Rendered([], fit(f"{bare.title}\n{bare.text}".strip(), TEXT_MAX, escape))


def render_progress(progress: Progress) -> Rendered:
    words, bar, count = progress_parts(progress)
    line = f"… {one_line(words)}"
    line = fit(line, PROGRESS_LINE_MAX, escape)
    if bar:
        line += f"\n{bar} {count}"
    elif count:
        line += f" {count}"
    return Rendered([{"type": "section", "text": plain_object(line)}], line)


def fallback(card: Card) -> str:
    """Returns the text that notifications and screen readers use in place of the blocks; escaped."""
    sample = " (sample data)" if card.sample else ""
    words = f"{one_line(card.title)}{sample}\n{card.text}".strip()
    return "BC-RAO" if is_blank(words) else fit(words, FALLBACK_MAX, escape)


def weigh(blocks: Sequence[Block]) -> int:
    """Returns how much of `MESSAGE_WEIGHT_MAX` the blocks use."""
    return size(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _header(card: Card) -> Block:
    title = one_line(card.title)
    words = f"{_MARKS[card.tone]}{'BC-RAO' if is_blank(title) else title}"
    return {"type": "header", "text": plain_object(fit(words, HEADER_MAX, escape))}


def _is_longer(card: Card) -> bool:
    """Returns whether the title, the footnote or a field's name is cut to its limit."""
    return (
        size(escape(one_line(card.title))) > HEADER_MAX - 3
        or size(escape(card.footnote)) > FOOTNOTE_MAX
        or any(size(one_line(field.name)) > NAME_MAX for field in card.fields)
    )


def _context(words: str, limit: int = CONTEXT_MAX) -> Block:
    elements = marked_words(fit(words, limit))
    if len(elements) > CONTEXT_ELEMENTS_MAX or size(escape(words)) > limit:
        elements = [plain_object(fit(words, limit, escape))]
    return {"type": "context", "elements": elements}


def _tail(card: Card) -> tuple[list[Block], tuple[Document, ...], bool]:
    """Returns the blocks below the fields, the files that follow, and whether links were left out."""
    notes: list[str] = []
    files: tuple[Document, ...] = ()
    if card.image is not None and card.image.content:
        files = (picture_of(card.image),)
        notes.append("The picture is in the file that follows.")
    for document in card.documents:
        if len(document.content) <= FILE_BYTES_MAX:
            files = (*files, document)
            notes.append(f"{document.file_name} follows as a file.")
        else:
            notes.append(f"{document.file_name} is too large for Slack; who runs the bot can hand it over.")
    above = [_context("\n".join(notes), FILES_NOTE_MAX)] if notes else []
    below = [] if is_blank(card.footnote) else [_context(card.footnote, FOOTNOTE_MAX)]
    links = list(card.links[:LINKS_MAX])
    while links and weigh([*above, _links(links), *below]) > TAIL_WEIGHT_MAX:
        links.pop()
    middle = [_links(links)] if links else []
    return [*above, *middle, *below], files, len(links) < len(card.links)


def picture_of(image: Image) -> Document:
    """Returns a card's picture as a file, with the words for who cannot see it."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", image.file_name).strip(".-") or "picture.png"
    return Document(name, image.content, image.alt)


def _picture(image: Image, file_id: str) -> Block:
    alt = fit(one_line(image.alt), ALT_MAX)
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "A picture" if is_blank(alt) else alt}


def _links(links: Iterable[Link]) -> Block:
    elements: list[Block] = []
    for link in links:
        if elements:
            elements.append({"type": "text", "text": "  ·  "})
        label = fit(one_line(link.label), LINK_LABEL_MAX)
        if len(link.url) <= LINK_URL_MAX and re.fullmatch(r"https?://[!-~]+", link.url, re.ASCII):
            elements.append({"type": "link", "url": link.url, "text": link.url if is_blank(label) else label})
        else:  # an address that cannot be a link is shown as text
            elements.append({"type": "text", "text": fit(f"{label}: {one_line(link.url)}", NAME_MAX)})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _body(card: Card, room: int) -> tuple[list[Block], bool]:
    """Returns text and fields with a weight of at most `room`, and whether anything was cut."""
    blocks: list[Block] = []
    is_cut = False
    if not is_blank(card.text):
        left, text_cut = _cut(card.text, min(2 * SECTION_MAX, room // 2 if card.fields else room) - 150)
        is_cut |= text_cut
        if has_times(left):  # a section shows them in no zone but ours
            blocks += _packed([_section(part) for part in _parts(left, RICH_TEXT_MAX)])
        else:
            blocks += [{"type": "section", "text": plain_object(escape(p))} for p in _parts(left, SECTION_MAX, escape)]
    if card.fields:
        elements, fields_cut = _fields(card.fields, room - weigh(blocks))
        is_cut |= fields_cut
        blocks += _packed(elements)
    return blocks, is_cut


def _json_size(text: str) -> int:
    """Returns the weight of a text inside blocks: the larger of its escaped form and its JSON."""
    times = sum(1 for _ in moments_in(text))
    return size(json.dumps(escape(text), ensure_ascii=False)) + times * DATE_WEIGHT


def _cut(text: str, room: int) -> tuple[str, bool]:
    """Returns the part of `text` that weighs at most `room`, with a note about the rest, and whether there is one."""
    return cut(text, lambda shown: _json_size(shown) <= room, note=_CUT), _json_size(text) > room


def _parts(text: str, limit: int, render: Any = visible) -> list[str]:
    """Returns `text` in pieces that have at most `limit` units when rendered, cut at a line break where possible."""
    parts = []
    while size(render(text)) > limit:
        kept = _kept(text, limit, render)
        at = text.rfind("\n", kept // 2, kept)
        parts.append(text[: at if at > 0 else kept])
        text = text[at + 1 if at > 0 else kept :]
    return [part for part in (*parts, text) if not is_blank(part)]


def _kept(text: str, limit: int, render: Any) -> int:
    return max(1, most(min(len(text), limit), lambda number: size(render(text[:number])) <= limit))


def _fields(fields: Sequence[Field], room: int) -> tuple[list[Block], bool]:
    """Returns all fields as rich_text elements: short ones whole, long ones cut to equal length."""
    wanted = [_json_size(field.words) + _json_size(field.name[:NAME_MAX]) + FIELD_OVERHEAD for field in fields]
    least = FIELD_OVERHEAD + VALUE_MIN + len(_CUT) + 10
    room -= 200  # for the note about fields left out
    shown = len(fields)
    while shown and sum(min(weight, least + NAME_MAX) for weight in wanted[:shown]) > room:
        shown -= 1
    share = fair_share(wanted[:shown], room)
    elements: list[Block] = []
    is_cut = shown < len(fields)
    for field in fields[:shown]:
        name = fit(one_line(field.name), NAME_MAX)
        value, value_cut = _cut(field.value, share - FIELD_OVERHEAD - _json_size(name))
        is_cut |= value_cut
        if field.members:
            elements.append(_named_members(name, value, field.members))
            continue
        elements += _copied(name, value) if field.copy else _field(name, value, field.quote, field.channel)
    if shown < len(fields):
        elements.append(_section(f"and {len(fields) - shown} more in the file that follows"))
    return elements, is_cut


def _mention(channel: str) -> Block:
    """Returns a mention, which Slack shows as the channel's name; direct messages have none."""
    if re.fullmatch(r"[CG][A-Z0-9]{1,20}", channel, re.ASCII):
        return {"type": "channel", "channel_id": channel}
    words = "direct messages with the bot" if channel.startswith("D") else fit(one_line(channel), NAME_MAX)
    return {"type": "text", "text": words}


def _field(name: str, value: str, quote: bool, channel: str = "") -> list[Block]:
    value = "–" if is_blank(value) else value
    bold: list[Block] = [] if is_blank(name) else [{"type": "text", "text": name, "style": {"bold": True}}]
    if channel:
        bold = [*bold, {"type": "text", "text": "\n"}, _mention(channel)]
    if quote:
        quotes = [
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": part}]}
            for part in _parts(value, RICH_TEXT_MAX)
        ]
        return [*([{"type": "rich_text_section", "elements": bold}] if bold else []), *quotes]
    first, *rest = _parts(value, RICH_TEXT_MAX - NAME_MAX - 1)
    beside = " " if size(value) <= INLINE_MAX and "\n" not in value and not channel else "\n"
    lead = rich_words(f"{beside}{first}\n" if bold else f"{first}\n")
    return [{"type": "rich_text_section", "elements": [*bold, *lead]}, *map(_section, rest)]


def _named_members(name: str, value: str, members: Sequence[Named]) -> Block:
    """Returns mentions, which Slack shows as the members' names, and which call them when the message is new."""
    elements = [*_bold(f"{name} ")["elements"]]
    for number, member in enumerate(members):
        elements += [{"type": "text", "text": ", "}] if number else []
        known = re.fullmatch(r"[UW][A-Z0-9]{1,20}", member.id, re.ASCII)
        called: Block = {"type": "user", "user_id": member.id}
        elements.append(called if known else {"type": "text", "text": one_line(member.name)})
    elements.append({"type": "text", "text": f" {value}\n" if value else "\n"})
    return {"type": "rich_text_section", "elements": elements}


def _copied(name: str, value: str) -> list[Block]:
    """Returns a text to be copied, as preformatted text: Slack shows it without any mark."""
    parts = _parts("–" if is_blank(value) else value, RICH_TEXT_MAX)
    block = [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": part}]} for part in parts]
    return [_bold(name), *block]


def _bold(words: str) -> Block:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": words, "style": {"bold": True}}]}


def _section(words: str) -> Block:
    return {"type": "rich_text_section", "elements": rich_words(words)}


def _packed(elements: Sequence[Block]) -> list[Block]:
    """Returns the elements in as few rich_text blocks as Slack's limit allows."""
    blocks: list[Block] = []
    filled = RICH_TEXT_MAX
    for element in elements:
        length = sum(size(inner.get("text", inner.get("fallback", ""))) for inner in element["elements"])
        if not blocks or filled + length > RICH_TEXT_MAX:
            blocks.append({"type": "rich_text", "elements": []})
            filled = 0
        blocks[-1]["elements"].append(element)
        filled += length
    return blocks


def _actions(card: Card, mark: str) -> tuple[list[Block], int]:
    """Returns blocks with the actions, and how many actions did not fit."""
    pressed: dict[str, Button] = {}
    choices: list[Choice] = []
    behind: dict[str, Button] = {}
    for action in card.actions:
        if isinstance(action, Choice):
            if action.options:
                choices.append(action)
        elif isinstance(action, Menu):
            behind |= {button.action_id: button for button in action.buttons if button.fits}
        elif size(action.action_id) <= VALUE_MAX:
            pressed.setdefault(action.action_id, action)  # Slack refuses a block that holds the same id twice
    buttons = list(pressed.values())
    blocks: list[Block] = []
    form, menu = card.form, _overflows(list(behind.values())[:BUTTONS_MAX], "more")
    first = [form_button(form)] if form is not None and form.wanted else []
    last = [*([form_button(form)] if form is not None and not form.wanted else []), *menu]
    kept = buttons[:BUTTONS_MAX]
    while kept and weigh([*first, *_buttons(kept), *last]) > ACTIONS_WEIGHT_MAX:
        kept.pop()
    elements = [*first, *_buttons(kept), *last]
    if elements:
        blocks.append({"type": "actions", "block_id": f"{mark}|buttons", "elements": elements})
    shown = 0
    for choice in choices[:CHOICES_MAX]:
        block = {"type": "actions", "block_id": f"{mark}|choice|{shown}", "elements": [_select(choice)]}
        if weigh([*blocks, block]) <= ACTIONS_WEIGHT_MAX:
            blocks.append(block)
            shown += 1
    return blocks, len(buttons) - len(kept) + len(choices) - shown


def _buttons(buttons: Sequence[Button]) -> list[Block]:
    """Returns the first ones as buttons, the others in menus of at most five."""
    shown = len(buttons) if len(buttons) <= BUTTONS_SHOWN + 1 else BUTTONS_SHOWN
    elements = [button_element(button) for button in buttons[:shown]]
    return [*elements, *_overflows([button for button in buttons[shown:] if button.fits], "menu")]


def _overflows(buttons: Sequence[Button], name: str) -> list[Block]:
    """Returns menus of at most five buttons, behind three dots. Slack reports every choice, also a repeated one."""
    menus: list[Block] = []
    for start in range(0, len(buttons), OVERFLOW_OPTIONS_MAX):
        options = [_option(_label(b), b.action_id) for b in buttons[start : start + OVERFLOW_OPTIONS_MAX]]
        menus.append({"type": "overflow", "action_id": f"{name}|{start // OVERFLOW_OPTIONS_MAX}", "options": options})
    return menus


def button_element(button: Button) -> Block:
    element: Block = {"type": "button", "action_id": button.action_id, "text": plain(_label(button), BUTTON_MAX)}
    if not button.fits:  # its value holds more; the ids of a block's buttons must differ
        name = hashlib.sha256(button.action_id.encode()).hexdigest()[:16]
        element |= {"action_id": f"{LONG_ACTION}{name}", "value": button.action_id}
    return {**element, "style": _STYLES[button.style]} if button.style in _STYLES else element


def _label(button: Button) -> str:
    return button.command if is_blank(button.label) else button.label


def form_button(form: Form) -> Block:
    """Returns a button that opens the form again, with as many known values as a button can carry."""
    known = dict(form.known)
    while size(json.dumps(known)) > VALUE_MAX:
        del known[max(known, key=lambda name: len(known[name]))]
    return {
        "type": "button",
        "action_id": f"{FORM_ACTION}{form.command}",
        "text": plain(form.button or form.title, BUTTON_MAX),
        "value": json.dumps(known),
        **({"style": "primary"} if form.wanted else {}),
    }


def _select(choice: Choice) -> Block:
    options: dict[str, Block] = {}
    for label, record in choice.options[:OPTIONS_MAX]:
        action_id = encode_action(choice.command, record)
        options.setdefault(action_id, _option(str(record) if is_blank(label) else label, action_id))
    left_out = len(choice.options) - OPTIONS_MAX
    counted = f" (the first {OPTIONS_MAX} of {len(choice.options)})" if left_out > 0 else ""
    words = fit(one_line(choice.label), PLACEHOLDER_MAX - len(counted), escape)
    return {
        "type": "static_select",
        "action_id": f"choice|{choice.command}",
        "placeholder": plain_object(f"{'Choose' if is_blank(words) else words}{counted}"),
        "options": list(options.values()),
    }


def _option(label: str, value: str) -> Block:
    return {"text": plain(label, OPTION_TEXT_MAX), "value": value}
