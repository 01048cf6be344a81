"""Forms as Slack's modals. A view carries everything that its submission needs, so a form survives a restart.

A text that is too long for one input is edited in parts, which are joined again exactly where they were cut.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.card import Button, Card, Form, Input
from bot.characters import fit, is_blank, one_line, size, visible
from bot.command import Kind, Param, Registry, coerce
from bot.meant import is_suggested, suggestions
from bot.services import Reads
from bot.slack_app.answer import Place
from bot.slack_app.render import Block, button_element, render_card
from bot.slack_app.text import escape, plain, plain_object
from core.errors import BadArgument, UserError

# Slack's limits for a modal.
TITLE_MAX = 24
SUBMIT_MAX = 24
LABEL_MAX = 2000
HINT_MAX = 2000
INPUT_MAX = 3000
BLOCKS_MAX = 100
OPTIONS_MAX = 100
OPTION_MAX = 75
METADATA_MAX = 3000

# Ours.
PART_MAX = 2400  # a longer text is edited in parts of at most this, so that each can still grow
LABEL_SHOWN = 150
ERROR_SHOWN = 300
PROBLEMS_BLOCK = "problems"
BESIDE_BLOCK = "beside"
VALUE = "value"  # the action id of every input
FORM_VIEW = "form"
WAITING_VIEW = "waiting"
NO_FILES = (
    "Slack lets the app take no files here. Whoever installed it can install it again; without a file, go on below."
)
_SEAMS = ("\n\n", "\n", " ", "")


OPTION_VALUE_MAX = 150
NOTHING = "-"  # chosen to empty a select, because Slack's selects cannot be emptied
MEMBER_LOOKUP, CHANNEL_LOOKUP = "member", "channel"
# Channels where a team reads: no direct messages, and none that another company reads too.
_CHANNELS = {"include": ["public", "private"], "exclude_external_shared_channels": True}
_CHANNEL_ID = re.compile(r"(?:<#)?([CG][A-Z0-9]{2,})(?:\|[^>]*)?>?")
_MEMBER_ID = re.compile(r"(?:<@)?([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?")


@dataclass(frozen=True, slots=True)
class Filled:
    """A submitted modal: raw arguments by name, and the block of each (for errors). `files` are the ids of attached
    files.
    """

    command: str
    raw: dict[str, str]
    blocks: dict[str, str]
    place: Place
    form: Form
    files: dict[str, str]


@dataclass(slots=True)
class _Built:
    blocks: list[Block] = field(default_factory=list)
    seams: dict[str, list[str]] = field(default_factory=dict)


def form_view(form: Form, registry: Registry, place: Place, problems: Mapping[str, str] | None = None) -> Block:
    """Returns the modal of a form. `problems` are shown above it, by parameter name, or "" for the whole form.

    Known values that do not fit into the modal's hidden part become inputs, so that nothing is lost.
    """
    params = {param.name: param for param in registry.get(form.command).params}
    known = {name: visible(text) for name, text in form.known.items()}
    inputs = list(form.inputs)
    while known and len(_metadata(form, inputs, known, place, {})) > METADATA_MAX // 2:
        name = max(known, key=lambda known_name: len(known[known_name]))
        inputs.append(replace(_question(params.get(name), name, known.pop(name)), long=True, options=()))
    built = _Built()
    if problems:
        words = "\n".join(problems.values())
        built.blocks.append(
            {
                "type": "section",
                "block_id": PROBLEMS_BLOCK,
                "text": plain_object(fit(f"⚠️ {words}", ERROR_SHOWN, escape)),
            }
        )
    if form.beside is not None:
        built.blocks.append({"type": "actions", "block_id": BESIDE_BLOCK, "elements": [button_element(form.beside)]})
    for question in inputs:
        _add_input(built, question, params.get(question.name))
    metadata = _metadata(form, inputs, known, place, built.seams)
    return {
        "type": "modal",
        "callback_id": FORM_VIEW,
        "title": plain(form.title, TITLE_MAX),
        "submit": plain("Send", SUBMIT_MAX),
        "close": plain("Cancel", SUBMIT_MAX),
        "private_metadata": metadata,
        "blocks": built.blocks[:BLOCKS_MAX],
    }


def form_views(form: Form, registry: Registry, place: Place) -> Iterator[Block]:
    """Yields the modal of a form, and one without its files: where the app was installed before it asked for
    files:read, Slack refuses the first.
    """
    yield form_view(form, registry, place)
    asked = tuple(question for question in form.inputs if not question.is_file)
    if asked != form.inputs:
        yield form_view(replace(form, inputs=asked), registry, place, {"": NO_FILES})


def waiting_view(command: str) -> Block:
    """Returns the modal that is shown while the answer takes longer than Slack waits."""
    return {
        "type": "modal",
        "callback_id": WAITING_VIEW,
        "title": plain(f"/rao {command}".rstrip(), TITLE_MAX),
        "close": plain("Close", SUBMIT_MAX),
        "blocks": [{"type": "section", "text": plain_object("One moment…")}],
    }


def card_view(card: Card, command: str) -> Block:
    """Returns a card as a modal, in place of a waiting modal or above a form. It has no buttons: only messages have
    them.
    """
    shown = replace(card, actions=(), form=None)
    return {**waiting_view(command), "blocks": render_card(shown).blocks[:BLOCKS_MAX]}


def above_form(view: Block) -> Block:
    """Returns a view to open above a form; closing it shows the form again."""
    return {**view, "close": plain("Back", SUBMIT_MAX)}


def read_view(view: Mapping[str, Any], registry: Registry) -> Filled:
    """Returns what somebody typed into a modal of `form_view`. Raises `BadArgument` for a modal that is not ours."""
    try:
        metadata = json.loads(view.get("private_metadata") or "{}")
        command = registry.get(metadata["command"])
        place = Place.from_plain(metadata["place"])
        known = {str(name): str(text) for name, text in metadata["known"].items()}
        seams = metadata.get("seams", {})
        beside = Button(*metadata["beside"]) if metadata.get("beside") else None
    except (ValueError, KeyError, TypeError, AttributeError, UserError):
        raise BadArgument("This form is from another version of the bot.", "Use the command again.") from None
    typed, files = dict[str, str](), dict[str, str]()
    for block_id, elements in (view.get("state") or {}).get("values", {}).items():
        element = elements.get(VALUE) or {}
        typed[block_id] = _value_of(element)
        if element.get("files"):
            files[block_id] = str(element["files"][0].get("id", ""))
    raw, blocks = dict(known), {}
    for block_id in typed:
        name = block_id.partition("#")[0]
        if name not in blocks:
            blocks[name] = block_id
            raw[name] = _joined(name, typed, seams.get(name, []))
    labels, params = metadata.get("labels", {}), {param.name: param for param in command.params}
    asked = []
    for name in blocks:
        question = _question(params.get(name), name, raw[name])
        is_long = question.long or bool(seams.get(name))
        asked.append(replace(question, label=labels.get(name) or question.label, long=is_long))
    form = Form(str(metadata.get("title") or f"/rao {command.path}"), command.path, tuple(asked), known, beside)
    return Filled(command.path, raw, blocks, place, form, files)


def problems_in(filled: Filled, registry: Registry) -> dict[str, str]:
    """Returns, by block id, what is wrong with the values whatever the command does with them; empty when nothing
    is.
    """
    found = {}
    for param in registry.get(filled.command).params:
        text = filled.raw.get(param.name, "")
        if not text.strip():
            continue
        try:
            coerce(param, text)
        except BadArgument as error:
            block = filled.blocks.get(param.name)
            if block is not None:
                found[block] = shown_error(str(error))
    return found


def shown_error(words: str) -> str:
    """Returns an error for a field: plain words on one line."""
    return fit(one_line(words), ERROR_SHOWN, escape)


def _question(param: Param | None, name: str, value: str) -> Input:
    if param is not None:
        return param.asked(value)
    return Input(name, name.replace("_", " ").capitalize(), value, required=False)


def _metadata(
    form: Form, inputs: list[Input], known: Mapping[str, str], place: Place, seams: Mapping[str, list[str]]
) -> str:
    everything: dict[str, Any] = {
        "command": form.command,
        "title": one_line(form.title)[:TITLE_MAX],
        "known": dict(known),
        "labels": {question.name: one_line(question.label)[:LABEL_SHOWN] for question in inputs},
        "place": place.to_plain(),
        "seams": dict(seams),
    }
    if form.beside is not None:
        everything["beside"] = [one_line(form.beside.label)[:LABEL_SHOWN], form.beside.command, form.beside.record]
    text = json.dumps(everything, separators=(",", ":"))
    if len(text) > METADATA_MAX:
        del everything["labels"]  # kept only to show the same words again after an error
        text = json.dumps(everything, separators=(",", ":"))
    return text


def _add_input(built: _Built, question: Input, param: Param | None) -> None:
    value = visible(question.value)
    if question.is_file:
        upload: Block = {"type": "file_input", "action_id": VALUE, "max_files": 1}
        built.blocks.append(_input_block(question, question.label, question.name, upload, question.required))
        return
    label = "–" if is_blank(question.label) else question.label
    element = _look_up(param, value) if param is not None and param.lookup and not question.options else None
    if element is not None:
        built.blocks.append(_input_block(question, label, question.name, element, question.required))
        return
    if 0 < len(question.options) <= OPTIONS_MAX and all(_fits_option(option) for option in question.options):
        built.blocks.append(_select_block(question, label))
        return
    limit = min(INPUT_MAX, param.max_length) if param else INPUT_MAX
    parts, seams = _parted(value)
    if len(parts) == 1:
        built.blocks.append(_text_block(question, label, question.name, parts[0], limit, question.required))
        return
    built.seams[question.name] = seams
    for number, part in enumerate(parts):
        numbered = f"{label} (part {number + 1} of {len(parts)})"
        is_needed = question.required and number == 0
        built.blocks.append(_text_block(question, numbered, f"{question.name}#{number}", part, INPUT_MAX, is_needed))


def _look_up(param: Param, value: str) -> Block | None:
    """Returns a select for a parameter that refers to something known here: a member or a channel from Slack's own
    lists, or what is suggested while somebody types (`options_for`). None when its present value does not fit into one.
    """
    if param.lookup == CHANNEL_LOOKUP:
        chosen = _CHANNEL_ID.fullmatch(value)
        if value and chosen is None:
            return None
        channels: Block = {"type": "conversations_select", "action_id": VALUE, "filter": _CHANNELS}
        first = {"default_to_current_conversation": True} if chosen is None else {"initial_conversation": chosen[1]}
        return {**channels, "placeholder": plain_object("Choose a channel"), **first}
    if param.lookup == MEMBER_LOOKUP:
        known = _MEMBER_ID.fullmatch(value)
        if value and known is None:
            return None
        element: Block = {"type": "users_select", "action_id": VALUE, "placeholder": plain_object("Choose a member")}
        return element | ({"initial_user": known[1]} if known is not None else {})
    if not is_suggested(param.lookup or "") or size(value) > OPTION_VALUE_MAX:
        return None
    element = {
        "type": "external_select",
        "action_id": VALUE,
        "min_query_length": 1,
        "placeholder": plain_object("Type to search"),
    }
    return element | ({"initial_option": _option_of(value, value)} if not is_blank(value) else {})


def _option_of(label: str, value: str) -> Block:
    return {"text": plain(label, OPTION_MAX), "value": value}


async def options_for(body: Mapping[str, Any], registry: Registry, store: Reads, workspace_id: str) -> list[Block]:
    """Returns what is suggested in a form's select for what was typed into it. What was typed itself is suggested too
    where it is a value, such as a community that nobody named before. Raises `StorageUnavailable`.
    """
    try:
        metadata = json.loads((body.get("view") or {}).get("private_metadata") or "{}")
        command = registry.get(metadata["command"])
    except (ValueError, KeyError, TypeError, UserError):
        return []
    param = next((one for one in command.params if one.name == body.get("block_id")), None)
    if param is None or not param.lookup:
        return []
    typed = str(body.get("value") or "").strip()
    found = await suggestions(store, workspace_id, param.lookup, typed, OPTIONS_MAX - 2)
    fitting = [one for one in found if size(one.value) <= OPTION_VALUE_MAX]
    options = {one.value: _option_of(one.label, one.value) for one in fitting}
    if typed and param.kind is not Kind.INTEGER and size(typed) <= OPTION_VALUE_MAX:
        options.setdefault(typed, _option_of(typed, typed))
    if not param.required:
        options[NOTHING] = _option_of("None of these", NOTHING)
    return list(options.values())


def _text_block(question: Input, label: str, block_id: str, value: str, limit: int, required: bool) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": VALUE,
        "multiline": question.long or "\n" in value or size(value) > LABEL_SHOWN,
        "max_length": max(1, limit, min(INPUT_MAX, size(value))),
    }
    if value:
        element["initial_value"] = value
    return _input_block(question, label, block_id, element, required)


def _select_block(question: Input, label: str) -> Block:
    options = {text: {"text": plain(text, OPTION_MAX), "value": text} for text in question.options}
    element: Block = {"type": "static_select", "action_id": VALUE, "options": list(options.values())}
    if question.value in options:
        element["initial_option"] = options[question.value]
    return _input_block(question, label, question.name, element, question.required)


def _input_block(question: Input, label: str, block_id: str, element: Block, required: bool) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL_SHOWN),
        "element": element,
        "optional": not required,
    }
    if not is_blank(question.help):
        block["hint"] = plain(question.help, HINT_MAX)
    return block


def _fits_option(option: str) -> bool:
    return size(escape(option)) <= OPTION_MAX and not is_blank(option) and visible(option) == option


def _parted(text: str) -> tuple[list[str], list[str]]:
    """Returns `text` in parts of at most `PART_MAX`, and the seams between them; in turn, they give the text again."""
    if size(text) <= INPUT_MAX - 100:
        return [text], []
    parts, seams = [], []
    while size(text) > PART_MAX:
        window = text[: PART_MAX // 2 if any(character > "\uffff" for character in text[:PART_MAX]) else PART_MAX]
        seam, at = "", len(window)
        for candidate in _SEAMS[:-1]:
            found = window.rfind(candidate, len(window) // 2)
            # Slack trims an input, so no part may begin or end with a space.
            if found > 0 and window[:found] == window[:found].rstrip():
                rest = text[found + len(candidate) :]
                if rest == rest.lstrip():
                    seam, at = candidate, found
                    break
        parts.append(text[:at])
        seams.append(seam)
        text = text[at + len(seam) :]
    return [*parts, text], seams


def _value_of(element: Mapping[str, Any]) -> str:
    if element.get("type") in ("static_select", "external_select"):
        chosen = str((element.get("selected_option") or {}).get("value", ""))
        return "" if chosen == NOTHING else chosen
    if element.get("type") == "users_select":
        member = str(element.get("selected_user") or "")
        return f"<@{member}>" if member else ""
    if element.get("type") == "conversations_select":
        channel = str(element.get("selected_conversation") or "")
        return f"<#{channel}>" if channel else ""
    return str(element.get("value") or "")


def _joined(name: str, typed: Mapping[str, str], seams: list[str]) -> str:
    if not seams:
        return typed.get(name, "")
    text = typed.get(f"{name}#0", "")
    for number, seam in enumerate(seams, start=1):
        part = typed.get(f"{name}#{number}", "")
        # When somebody empties a part, its seam goes too.
        text = f"{text}{seam}{part}" if text and part else text or part
    return text
