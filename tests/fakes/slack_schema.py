"""Slack's limits as somebody else wrote them down (PyPI `blockkit`), applied to blocks and views as they are sent.

blockkit builds blocks and checks while it does. So what is given is built anew, element by element, and must come out
as it went in: a key that blockkit does not know, or a value that it refuses, is a complaint. It counts code points, and
lacks what `block_kit` holds: the number of blocks in a message, unique ids, the weight of all blocks, inputs without a
submit.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

import blockkit
from blockkit.core import Component, ComponentValidationError, FieldValidationError

Json = dict[str, Any]

# Objects without a type of their own, by the key under which they stand.
_BY_KEY: Mapping[str, type[Component]] = {
    "options": blockkit.Option,
    "initial_option": blockkit.Option,
    "initial_options": blockkit.Option,
    "confirm": blockkit.Confirm,
    "slack_file": blockkit.SlackFile,
    "style": blockkit.RichStyle,
    "dispatch_action_config": blockkit.DispatchActionConfig,
    "filter": blockkit.ConversationFilter,
}
_TEXTS = ("plain_text", "mrkdwn")


class Refused(Exception):
    """blockkit does not take it; the text says where and why."""


# Slack's page about the image block says 2,000 characters, which `block_kit` checks; blockkit has one figure for the
# words of every picture.
_ALT_OF_BLOCKKIT = 255


def check_message(blocks: list[Json]) -> None:
    blocks = [_with_short_alt(block) for block in blocks]
    _check([_built(block, f"blocks[{at}]") for at, block in enumerate(blocks)], blocks, "blocks")
    built: list[Any] = [_built(block, f"blocks[{at}]") for at, block in enumerate(blocks)]
    _valid(blockkit.Message().blocks(*built), "message")


def _with_short_alt(block: Json) -> Json:
    return {**block, "alt_text": block["alt_text"][:_ALT_OF_BLOCKKIT]} if block.get("type") == "image" else block


def check_view(view: Json) -> None:
    _check([_built(view, "view")], [view], "view")


def _check(built: list[Component], given: list[Json], where: str) -> None:
    for at, (component, thing) in enumerate(zip(built, given, strict=True)):
        again = _valid(component, f"{where}[{at}]")
        if again != thing:
            raise Refused(f"{where}[{at}]: blockkit makes {again!r} of {thing!r}")


def _valid(component: Component, where: str) -> Any:
    try:
        return component.build()  # type: ignore[no-untyped-call]
    except (FieldValidationError, ComponentValidationError) as error:
        raise Refused(f"{where}: {error}") from None


@cache
def _classes() -> dict[str, list[type[Component]]]:
    found: dict[str, list[type[Component]]] = {}
    for name in blockkit.__all__:
        kind = getattr(blockkit, name)
        if inspect.isclass(kind) and issubclass(kind, Component):
            field = kind()._fields.get("type")
            if field is not None and isinstance(field.value, str):
                found.setdefault(field.value, []).append(kind)
    return found


def _class_of(thing: Json, key: str, where: str) -> type[Component]:
    kind = thing.get("type")
    if kind in _TEXTS:
        return blockkit.Text
    if kind is None or key in _BY_KEY:
        if key not in _BY_KEY:
            raise Refused(f"{where}: has no type")
        return _BY_KEY[key]
    if kind == "image":  # a block, or an element of one
        return blockkit.ImageEl if key in ("elements", "accessory") else blockkit.Image
    if kind == "text":
        return blockkit.RichTextEl
    known = _classes().get(kind)
    if not known:
        raise Refused(f"{where}: blockkit does not know {kind!r}")
    return known[0]


def _built(thing: Json, where: str, key: str = "blocks") -> Component:
    component = _class_of(thing, key, where)()
    component._fields.pop("private_metadata", None)  # "null", unless it is given
    for name, value in thing.items():
        if name == "type" and not isinstance(component, blockkit.Text):
            continue
        setter = getattr(component, name, None)
        if setter is None or name.startswith("_"):
            raise Refused(f"{where}: {type(component).__name__} does not know {name!r}")
        here = f"{where}.{name}"
        if isinstance(value, list):
            parts = [_built(v, f"{here}[{at}]", name) if isinstance(v, dict) else v for at, v in enumerate(value)]
            setter(*parts)
        else:
            setter(_built(value, here, name) if isinstance(value, dict) else value)
    if isinstance(component, blockkit.Text):  # setting the text guesses its type
        component.type(thing["type"])
    return component
