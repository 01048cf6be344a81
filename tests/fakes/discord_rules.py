"""What Discord accepts, as far as this bot sends it: messages of Components V2, modals, commands. Strict on purpose:
a field, a kind of component or a nesting that is not known here is refused, like anything over a limit.

Each `check_…` raises `Refused` with what is wrong, in the words of Discord's form errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

ROW, BUTTON, SELECT, INPUT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL, UPLOAD = (
    *(1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 17, 18, 19),
)
V2 = 1 << 15
EPHEMERAL = 1 << 6

_FIELDS: Mapping[int, frozenset[str]] = {
    kind: frozenset(fields.split()) | {"type", "id"}
    for kind, fields in {
        ROW: "components",
        BUTTON: "style label emoji custom_id url disabled",
        SELECT: "custom_id options placeholder min_values max_values disabled required",
        INPUT: "custom_id style placeholder value required min_length max_length label",
        TEXT: "content",
        GALLERY: "items",
        FILE: "file spoiler",
        SEPARATOR: "divider spacing",
        CONTAINER: "components accent_color spoiler",
        LABEL: "label description component",
        UPLOAD: "custom_id min_values max_values required",
    }.items()
}
_IN_MESSAGE = {ROW, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER}
_IN_CONTAINER = _IN_MESSAGE - {CONTAINER}
_MESSAGE_FIELDS = frozenset(
    [
        "content",
        "embeds",
        "components",
        "flags",
        "tts",
        "nonce",
        "enforce_nonce",
        "allowed_mentions",
        "attachments",
        "sticker_ids",
        "poll",
    ]
)
ATTACHMENT_MAX = 10 * 1024 * 1024
_NAME = re.compile(r"[a-z0-9_-]{1,32}")


class Refused(Exception):
    """Discord's 400: `Invalid Form Body`."""


def demand(holds: object, problem: str) -> None:
    if not holds:
        raise Refused(problem)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _text(value: Any, least: int, most: int, what: str) -> None:
    demand(isinstance(value, str), f"{what}: not a string: {value!r}")
    value.encode("utf-8")  # a lone surrogate cannot be sent at all
    demand(least <= units(value) <= most, f"{what}: {units(value)} characters, must be {least} to {most}")
    demand(not least or value.strip(), f"{what}: blank")


def walk(components: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Every component, nested ones included."""
    found: list[Mapping[str, Any]] = []
    for component in components:
        found.append(component)
        inner = list(component.get("components") or [])
        inner += [component[key] for key in ("component", "accessory") if key in component]
        found += walk(inner)
    return found


def texts(components: Sequence[Mapping[str, Any]]) -> str:
    """All text displays, one below the other."""
    return "\n".join(c["content"] for c in walk(components) if c["type"] == TEXT)


# ---------------------------------------------------------------- messages


def check_message(body: Mapping[str, Any], files: Sequence[str] = (), *, kept_files: Sequence[str] = ()) -> None:
    """A message that this bot sends or edits: V2 with every file shown by a component, or text alone; no pings."""
    unknown = set(body) - _MESSAGE_FIELDS
    demand(not unknown, f"unknown fields: {sorted(unknown)}")
    if body.get("content") and not body.get("components"):
        _check_text_alone(body, files)
        return
    demand(body.get("flags", 0) & V2, "components of V2 need the flag IS_COMPONENTS_V2")
    demand(not body.get("flags", 0) & ~(V2 | EPHEMERAL), "unknown flags")
    demand(not body.get("content") and not body.get("embeds"), "V2 takes neither content nor embeds")
    _check_mentions_and_nonce(body)
    components: Any = body.get("components")
    demand(components, "a message of V2 needs components")
    every = check_components(components, _IN_MESSAGE)
    demand(len(every) <= 40, f"{len(every)} components, at most 40")
    total = sum(units(c["content"]) for c in every if c["type"] == TEXT)
    demand(total <= 4000, f"{total} characters of text, at most 4000")
    shown = [c["file"]["url"] for c in every if c["type"] == FILE]
    shown += [item["media"]["url"] for c in every if c["type"] == GALLERY for item in c["items"]]
    shown = [url.removeprefix("attachment://") for url in shown]
    demand(sorted(shown) == sorted([*files, *kept_files]), f"files {files} and components {shown} do not agree")


def _check_text_alone(body: Mapping[str, Any], files: Sequence[str]) -> None:
    demand(not body.get("flags", 0) & V2, "V2 takes no content")
    demand(not files and not body.get("embeds"), "text alone has no files and no embeds")
    demand(units(str(body["content"])) <= 2000, "content: more than 2000 characters")
    _check_mentions_and_nonce(body)


def _check_mentions_and_nonce(body: Mapping[str, Any]) -> None:
    mentions: Any = body.get("allowed_mentions")
    demand(isinstance(mentions, dict) and not mentions.get("parse"), f"mentions would ping: {mentions}")
    demand(not any(mentions.get(kind) for kind in ("roles", "replied_user")), "mentions would ping")
    called = mentions.get("users") or []  # by a new message only, and only those whom it names
    demand(not called or "nonce" in body, "an answer or an edit would ping")
    demand(all(f"<@{member}>" in str(body) for member in called), f"would ping {called}, who are not named")
    if "nonce" in body:
        demand(units(str(body["nonce"])) <= 25, "nonce: more than 25 characters")


def check_files(body: Any, names: Mapping[str, str], files: Mapping[str, bytes]) -> None:
    """The parts of a request: `names` of files by the part's own name, each announced in the message's attachments."""
    if not names:
        return
    message = body.get("data") or body.get("message") or body
    announced = {f"files[{a['id']}]": a["filename"] for a in message.get("attachments", [])}
    demand(announced.items() >= names.items(), f"files {dict(names)} and attachments {announced} do not agree")
    demand(len(files) == len(names) <= 10, f"{len(names)} files, of which {len(files)} have names of their own")
    for name, content in files.items():
        demand(0 < len(content) <= ATTACHMENT_MAX, f"{name} has {len(content)} bytes")
        is_picture = content.startswith(b"\x89PNG\r\n\x1a\n")
        demand(is_picture or not name.endswith(".png"), f"{name} is no PNG")


def check_components(components: Sequence[Mapping[str, Any]], allowed: set[int]) -> list[Mapping[str, Any]]:
    for component in components:
        _check_component(component, allowed)
    every = walk(components)
    ids = [c["custom_id"] for c in every if "custom_id" in c]
    demand(len(ids) == len(set(ids)), f"custom_id is not unique: {ids}")
    numbers = [c["id"] for c in every if c.get("id")]
    demand(len(numbers) == len(set(numbers)), f"id is not unique: {numbers}")
    return every


def _check_component(component: Mapping[str, Any], allowed: set[int]) -> None:
    kind = component.get("type")
    demand(kind in allowed and kind in _FIELDS, f"a component of type {kind} is not allowed here")
    assert isinstance(kind, int)
    unknown = set(component) - _FIELDS[kind]
    demand(not unknown, f"type {kind}: unknown fields {sorted(unknown)}")
    if "custom_id" in component:
        _text(component["custom_id"], 1, 100, "custom_id")
    match kind:
        case 17:
            demand(component["components"], "an empty container")
            colour = component.get("accent_color")
            demand(colour is None or 0 <= colour <= 0xFFFFFF, f"accent_color {colour}")
            for inner in component["components"]:
                _check_component(inner, _IN_CONTAINER)
        case 1:
            inside = component["components"]
            kinds = [inner.get("type") for inner in inside]
            demand(kinds == [SELECT] or (kinds and set(kinds) == {BUTTON} and len(kinds) <= 5), f"a row of {kinds}")
            for inner in inside:
                _check_component(inner, {BUTTON, SELECT})
        case 2:
            _check_button(component)
        case 3:
            _check_select(component)
        case 10:
            _text(component["content"], 1, 4000, "content")
        case 12:
            demand(1 <= len(component["items"]) <= 10, "items")
            for item in component["items"]:
                demand(re.fullmatch(r"attachment://[\w.-]+", item["media"]["url"]), f"media {item['media']}")
                if item.get("description") is not None:
                    _text(item["description"], 1, 1024, "description")
        case 13:
            demand(re.fullmatch(r"attachment://[\w.-]+", component["file"]["url"]), f"file {component['file']}")
        case 14:
            demand(component.get("spacing", 1) in (1, 2), "spacing")


def _check_button(button: Mapping[str, Any]) -> None:
    _text(button.get("label"), 1, 80, "label")
    if button.get("style") == 5:
        demand("custom_id" not in button, "a link with a custom_id")
        _text(button.get("url"), 1, 512, "url")
        demand(re.match(r"https?://[^\s/]+", button["url"]), f"url {button['url']!r}")
    else:
        demand(button.get("style") in (1, 2, 3, 4), f"style {button.get('style')}")
        demand("custom_id" in button and not button.get("url"), "a button without custom_id")


def _check_select(select: Mapping[str, Any]) -> None:
    demand("custom_id" in select, "a select without custom_id")
    options = select.get("options") or []
    demand(1 <= len(options) <= 25, f"{len(options)} options")
    values = [option["value"] for option in options]
    demand(len(values) == len(set(values)), "option values are not unique")
    for option in options:
        demand(set(option) <= {"label", "value", "description", "emoji", "default"}, f"option {sorted(option)}")
        _text(option["label"], 1, 100, "option label")
        _text(option["value"], 1, 100, "option value")
    if select.get("placeholder"):
        _text(select["placeholder"], 0, 150, "placeholder")
    demand(select.get("min_values", 1) <= len(options), "min_values")


# ---------------------------------------------------------------- modals


def check_modal(modal: Mapping[str, Any]) -> None:
    demand(set(modal) <= {"custom_id", "title", "components"}, f"modal: unknown fields {sorted(modal)}")
    _text(modal.get("custom_id"), 1, 100, "custom_id")
    _text(modal.get("title"), 1, 45, "title")
    labels = modal.get("components") or []
    demand(1 <= len(labels) <= 5, f"{len(labels)} components in a modal")
    for label in labels:
        demand(label.get("type") == LABEL and not set(label) - _FIELDS[LABEL], f"modal component {label.get('type')}")
        _text(label.get("label"), 1, 45, "label")
        if label.get("description") is not None:
            _text(label["description"], 1, 100, "description")
        _check_input(label["component"])
    ids = [label["component"]["custom_id"] for label in labels]
    demand(len(ids) == len(set(ids)), f"custom_id is not unique: {ids}")


def _check_input(component: Mapping[str, Any]) -> None:
    kind = component.get("type")
    demand(kind in (INPUT, SELECT, UPLOAD), f"type {kind} in a modal")
    assert isinstance(kind, int)
    demand(not set(component) - _FIELDS[kind], f"type {kind}: unknown fields {sorted(component)}")
    _text(component.get("custom_id"), 1, 100, "custom_id")
    if kind == SELECT:
        _check_select(component)
        return
    if kind == UPLOAD:
        demand(1 <= component.get("max_values", 1) <= 10, "max_values")
        least = 1 if component.get("required", True) else 0
        demand(least <= component.get("min_values", 1) <= component.get("max_values", 1), "min_values")
        return
    demand(component.get("label") is None, "an input inside a label has no label of its own")
    demand(component.get("style") in (1, 2), "style")
    most = component.get("max_length") or 4000
    demand(1 <= most <= 4000, f"max_length {most}")
    demand(0 <= (component.get("min_length") or 0) <= most, "min_length")
    if component.get("value") is not None:
        _text(component["value"], 0, most, "value")
    if component.get("placeholder"):
        _text(component["placeholder"], 0, 100, "placeholder")


# ---------------------------------------------------------------- commands


def check_commands(commands: Sequence[Mapping[str, Any]]) -> None:
    """The global commands of an application."""
    names = [(command.get("type", 1), command["name"]) for command in commands]
    demand(len(names) == len(set(names)), "command names are not unique")
    for command in commands:
        known = {
            "type",
            "name",
            "description",
            "options",
            "contexts",
            "integration_types",
            "default_member_permissions",
        }
        demand(set(command) <= known, f"command: unknown fields {sorted(set(command) - known)}")
        if command.get("type", 1) == 1:
            demand(_NAME.fullmatch(command["name"]), f"name {command['name']}")
            _text(command["description"], 1, 100, "description")
            _check_options(command.get("options") or [], depth=0)
            demand(_total(command) <= 8000, f"{_total(command)} characters in one command, at most 8000")
        else:
            _text(command["name"], 1, 32, "name of a menu")
            demand(not command.get("description") and not command.get("options"), "a menu takes a name only")


def _total(told: Mapping[str, Any]) -> int:
    own = len(told.get("name", "")) + len(told.get("description", "")) + len(str(told.get("value", "")))
    return own + sum(_total(part) for key in ("options", "choices") for part in told.get(key) or [])


def _check_options(options: Sequence[Mapping[str, Any]], depth: int) -> None:
    demand(len(options) <= 25, f"{len(options)} options")
    names = [option["name"] for option in options]
    demand(len(names) == len(set(names)), f"option names are not unique: {names}")
    needed = [bool(option.get("required")) for option in options]
    demand(needed == sorted(needed, reverse=True), f"required options come first: {names}")
    nests = [option["type"] in (1, 2) for option in options]
    demand(all(nests) or not any(nests), "subcommands and options side by side")
    for option in options:
        _check_option(option, depth)


def _check_option(option: Mapping[str, Any], depth: int) -> None:
    kind, name = option["type"], option["name"]
    demand(_NAME.fullmatch(name), f"option name {name!r}")
    _text(option["description"], 1, 100, f"description of {name}")
    if kind in (1, 2):
        demand(depth == 0 or (kind == 1 and depth == 1), f"{name} is nested too deep")
        demand(set(option) <= {"type", "name", "description", "options"}, f"{name}: unknown fields")
        demand(kind == 1 or all(inner["type"] == 1 for inner in option["options"]), "a group holds subcommands only")
        _check_options(option.get("options") or [], depth + 1 if kind == 2 else 9)
        return
    demand(kind in (3, 4, 6, 11), f"{name}: type {kind}")
    known = {"type", "name", "description", "required", "choices", "autocomplete"}
    known |= {3: {"min_length", "max_length"}, 4: {"min_value", "max_value"}, 6: set(), 11: set()}[kind]
    demand(set(option) <= known, f"{name}: unknown fields {sorted(set(option) - known)}")
    demand(not (option.get("autocomplete") and option.get("choices")), f"{name}: choices and autocomplete")
    demand(len(option.get("choices") or []) <= 25, f"{name}: choices")
    for choice in option.get("choices") or []:
        _text(choice["name"], 1, 100, "choice")
        _text(choice["value"], 1, 100, "choice")
    demand(1 <= option.get("max_length", 1) <= 6000, f"{name}: max_length")


def check_offers(choices: Sequence[Mapping[str, Any]], kind: int) -> None:
    """What autocomplete answers, for an option of this type."""
    demand(len(choices) <= 25, f"{len(choices)} choices")
    for choice in choices:
        _text(choice["name"], 1, 100, "choice")
        if kind == 4:
            demand(isinstance(choice["value"], int), f"value {choice['value']!r} of an integer option")
        else:
            _text(choice["value"], 1, 100, "choice")
