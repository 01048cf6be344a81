"""What Slack takes as Block Kit, strictly: known blocks and keys, lengths, counts, unique ids, nothing that pings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from tests.fakes import slack_schema

Json = dict[str, Any]


class InvalidBlocks(Exception):
    """Slack would refuse these blocks; the text says where and why."""


MESSAGE_BLOCKS = {"header", "section", "context", "actions", "divider", "image", "rich_text"}
VIEW_BLOCKS = MESSAGE_BLOCKS | {"input"}
BLOCKS_WEIGHT_MAX = 13_200
_RICH = {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"}


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_blocks(blocks: Any, *, view: bool = False) -> None:
    """Raise `InvalidBlocks` unless Slack would take these blocks (docs.slack.dev, Block Kit reference)."""
    _need(isinstance(blocks, list) and blocks, "blocks", "must be a list with something in it")
    _need(len(blocks) <= (100 if view else 50), "blocks", f"{len(blocks)} are too many")
    json.dumps(blocks, ensure_ascii=False).encode("utf-8")  # a lone surrogate cannot be sent
    if not view:
        weight = units(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
        _need(weight <= BLOCKS_WEIGHT_MAX, "blocks", f"weigh {weight}")
    block_ids: set[str] = set()
    for number, block in enumerate(blocks):
        where = f"blocks[{number}]"
        _need(isinstance(block, dict), where, "is no object")
        kind = block.get("type")
        _need(kind in (VIEW_BLOCKS if view else MESSAGE_BLOCKS), where, f"type {kind!r} is not allowed here")
        block_id = block.get("block_id")
        if block_id is not None:
            _need(0 < units(block_id) <= 255, where, "block_id")
            _need(block_id not in block_ids, where, f"block_id {block_id!r} is there twice")
            block_ids.add(block_id)
        _CHECKS[kind](block, where)
    if not view:
        _as_others_see_it(lambda: slack_schema.check_message(blocks))


def _as_others_see_it(check: Callable[[], None]) -> None:
    try:
        check()
    except slack_schema.Refused as refused:
        raise InvalidBlocks(f"blockkit: {refused}") from None


def _need(condition: Any, where: str, what: str) -> None:
    if not condition:
        raise InvalidBlocks(f"{where}: {what}")


def _only(thing: Json, where: str, required: set[str], optional: set[str]) -> None:
    keys = set(thing)
    _need(required <= keys, where, f"lacks {sorted(required - keys)}")
    _need(keys <= required | optional, where, f"does not know {sorted(keys - required - optional)}")


_BLANK = re.compile(r"[\s\u00ad\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f]*")
PINGS = re.compile(r"<(?:!(?:channel|here|everyone|subteam)|@[UW])|<#C", re.IGNORECASE)


def _text(thing: Any, where: str, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
    _need(isinstance(thing, dict), where, "is no text object")
    kind = thing.get("type")
    _need(kind in kinds, where, f"type {kind!r}")
    _only(thing, where, {"type", "text"}, {"emoji"} if kind == "plain_text" else {"verbatim"})
    text = thing["text"]
    _need(isinstance(text, str) and not _BLANK.fullmatch(text), where, "shows nothing")
    _need(units(text) <= limit, where, f"{units(text)} of at most {limit}")
    _need(not PINGS.search(text), where, f"pings: {text[:60]!r}")
    _need("<" not in text.replace("&lt;", "") or kind == "mrkdwn", where, "holds an unescaped <")
    if kind == "mrkdwn":
        _need(thing.get("verbatim") is True, where, "would make links and mentions of plain words")


def _plain(thing: Any, where: str, limit: int) -> None:
    _text(thing, where, limit, ("plain_text",))


def _header(block: Json, where: str) -> None:
    _only(block, where, {"type", "text"}, {"block_id"})
    _plain(block["text"], where, 150)


def _section(block: Json, where: str) -> None:
    _only(block, where, {"type"}, {"block_id", "text", "fields", "accessory", "expand"})
    _need("text" in block or "fields" in block, where, "has neither text nor fields")
    if "text" in block:
        _text(block["text"], where, 3000)
    if "fields" in block:
        _need(1 <= len(block["fields"]) <= 10, where, "fields")
        for one in block["fields"]:
            _text(one, where, 2000)


def _context(block: Json, where: str) -> None:
    _only(block, where, {"type", "elements"}, {"block_id"})
    _need(1 <= len(block["elements"]) <= 10, where, "elements")
    for element in block["elements"]:
        _text(element, where, 2000)


def _image(block: Json, where: str) -> None:
    _only(block, where, {"type", "alt_text"}, {"block_id", "image_url", "slack_file", "title"})
    _need(0 < units(block["alt_text"]) <= 2000, where, "alt_text")


def _divider(block: Json, where: str) -> None:
    _only(block, where, {"type"}, {"block_id"})


def _rich_text(block: Json, where: str) -> None:
    _only(block, where, {"type", "elements"}, {"block_id"})
    _need(block["elements"], where, "is empty")
    length = 0
    for element in block["elements"]:
        _need(element.get("type") in _RICH, where, f"element {element.get('type')!r}")
        _only(element, where, {"type", "elements"}, {"border", "indent", "style"})
        _need(element["elements"], where, "an element is empty")
        for inner in element["elements"]:
            kind = inner.get("type")
            if kind == "channel":  # names a channel, pings nobody
                _only(inner, where, {"type", "channel_id"}, {"style"})
                _need(re.fullmatch(r"[CG][A-Z0-9]+", inner["channel_id"]), where, "channel_id")
                continue
            if kind == "user":  # calls one member, whom we chose
                _only(inner, where, {"type", "user_id"}, {"style"})
                _need(re.fullmatch(r"[UW][A-Z0-9]+", inner["user_id"]), where, "user_id")
                continue
            if kind == "date":
                _only(inner, where, {"type", "timestamp", "format", "fallback"}, set())
                _need(isinstance(inner["timestamp"], int), where, "timestamp")
                _need(re.search(r"\{(date|time)\w*\}", inner["format"]), where, "a format without a date")
                _need(inner["fallback"], where, "fallback")
                length += units(inner["fallback"])
                continue
            _need(kind in ("text", "link"), where, f"{kind!r} would ping or show something else")
            _only(inner, where, {"type", "text"} | ({"url"} if kind == "link" else set()), {"style"})
            _need(inner["text"], where, "an empty text")
            if kind == "link":
                _need(re.fullmatch(r"https?://[!-~]{1,2995}", inner["url"]), where, "url")
            length += units(inner["text"])
    _need(length <= 3300, where, f"{length} characters")


def _actions(block: Json, where: str) -> None:
    _only(block, where, {"type", "elements"}, {"block_id"})
    _need(1 <= len(block["elements"]) <= 25, where, "elements")
    seen: set[str] = set()
    for element in block["elements"]:
        action_id = element.get("action_id", "")
        _need(0 < units(action_id) <= 255, where, "action_id")
        _need(action_id not in seen, where, f"action_id {action_id!r} is there twice")
        seen.add(action_id)
        kind = element.get("type")
        if kind == "button":
            _only(element, where, {"type", "text", "action_id"}, {"value", "style", "url", "confirm"})
            _plain(element["text"], where, 75)
            _need(element.get("style", "primary") in ("primary", "danger"), where, "style")
            _need(units(element.get("value", "")) <= 2000, where, "value")
        elif kind == "static_select":
            _only(element, where, {"type", "action_id", "options"}, {"placeholder", "initial_option"})
            _select(element, where)
        elif kind == "overflow":
            _only(element, where, {"type", "action_id", "options"}, set())
            _options(element["options"], where, 5)
        else:
            raise InvalidBlocks(f"{where}: element {kind!r}")


def _select(element: Json, where: str) -> None:
    if "placeholder" in element:
        _plain(element["placeholder"], where, 150)
    _options(element["options"], where, 100)
    if "initial_option" in element:
        _need(element["initial_option"] in element["options"], where, "initial_option is no option")


def _options(options: Any, where: str, limit: int) -> None:
    _need(isinstance(options, list) and 1 <= len(options) <= limit, where, "options")
    for option in options:
        _only(option, where, {"text", "value"}, {"description"})
        _plain(option["text"], where, 75)
        _need(0 < units(option["value"]) <= 150, where, "an option's value")
    _need(len({o["value"] for o in options}) == len(options), where, "two options with one value")


def _input(block: Json, where: str) -> None:
    _only(block, where, {"type", "label", "element"}, {"block_id", "hint", "optional", "dispatch_action"})
    _plain(block["label"], where, 2000)
    if "hint" in block:
        _plain(block["hint"], where, 2000)
    element = block["element"]
    _need(0 < units(element.get("action_id", "")) <= 255, where, "action_id")
    if element.get("type") == "plain_text_input":
        _only(
            element,
            where,
            {"type", "action_id"},
            {"multiline", "initial_value", "max_length", "min_length", "placeholder"},
        )
        limit = element.get("max_length", 3000)
        _need(1 <= limit <= 3000, where, "max_length")
        _need(units(element.get("initial_value", "")) <= limit, where, "initial_value is longer than max_length")
    elif element.get("type") == "static_select":
        _only(element, where, {"type", "action_id", "options"}, {"placeholder", "initial_option"})
        _select(element, where)
    elif element.get("type") == "external_select":
        _only(element, where, {"type", "action_id"}, {"placeholder", "initial_option", "min_query_length"})
        _plain(element["placeholder"], where, 150)
        if "initial_option" in element:
            _options([element["initial_option"]], where, 1)
    elif element.get("type") == "users_select":
        _only(element, where, {"type", "action_id"}, {"placeholder", "initial_user"})
        _plain(element["placeholder"], where, 150)
    elif element.get("type") == "conversations_select":
        known = {"placeholder", "initial_conversation", "default_to_current_conversation", "filter"}
        _only(element, where, {"type", "action_id"}, known)
        _plain(element["placeholder"], where, 150)
        _need(element.get("filter", {}).get("include", ["im"]), where, "filter.include")
    elif element.get("type") == "file_input":
        _only(element, where, {"type", "action_id"}, {"max_files", "filetypes"})
        _need(1 <= element.get("max_files", 10) <= 10, where, "max_files")
    else:
        raise InvalidBlocks(f"{where}: input of {element.get('type')!r}")


_CHECKS = {
    "header": _header,
    "section": _section,
    "context": _context,
    "image": _image,
    "divider": _divider,
    "rich_text": _rich_text,
    "actions": _actions,
    "input": _input,
}


def check_view(view: Any) -> None:
    """Raise `InvalidBlocks` unless Slack would take this modal or Home tab."""
    _need(isinstance(view, dict), "view", "is no object")
    kind = view.get("type")
    _need(kind in ("modal", "home"), "view", f"type {kind!r}")
    common = {"private_metadata", "callback_id", "external_id"}
    if kind == "modal":
        modal = {"close", "submit", "clear_on_close", "notify_on_close"}
        _only(view, "view", {"type", "title", "blocks"}, common | modal)
        _plain(view["title"], "view.title", 24)
        for words in ("submit", "close"):
            if words in view:
                _plain(view[words], f"view.{words}", 24)
        has_input = any(block.get("type") == "input" for block in view["blocks"])
        _need(not has_input or "submit" in view, "view", "inputs need a submit")
    else:
        _only(view, "view", {"type", "blocks"}, common)
    _need(units(view.get("private_metadata", "")) <= 3000, "view", "private_metadata")
    _need(units(view.get("callback_id", "")) <= 255, "view", "callback_id")
    check_blocks(view["blocks"], view=True)
    _as_others_see_it(lambda: slack_schema.check_view(view))
