"""Discord's own description of its API, applied to what this bot sends: the request body of each operation.

It lacks what `discord_rules` holds (4,000 characters and 40 components in a message, 8,000 in a command), and counts
code points where `discord_rules` counts UTF-16 units, which are never fewer.
"""

from __future__ import annotations

import copy
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from tests import schemas

# `jsonschema` is loaded where a body is looked at: outside of pytest it builds grammars for more than a second.
if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from referencing import Registry, Resource

NAME = "discord-openapi.json"
_URI = "urn:discord"
_taken: set[str] = set()


@cache
def _openapi() -> dict[str, Any]:
    told = copy.deepcopy(schemas.read(NAME))
    # The API reads ids in both forms; discord.py sends integers.
    told["components"]["schemas"]["SnowflakeType"] = {
        "anyOf": [{"type": "integer", "minimum": 0}, told["components"]["schemas"]["SnowflakeType"]]
    }
    return told


@cache
def _registry() -> Registry[Any]:
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    empty: Registry[Any] = Registry()
    contents: Resource[Any] = Resource.from_contents(_openapi(), default_specification=DRAFT202012)
    registry: Registry[Any] = empty.with_resource(_URI, contents)
    return registry


@cache
def _operations() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """By path, those with fewer placeholders first: `/messages/@original` is not `/messages/{message_id}`."""
    paths = sorted(_openapi()["paths"].items(), key=lambda item: item[0].count("{"))
    return [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), told) for path, told in paths]


@cache
def _validator(pointer: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator({"$ref": f"{_URI}#{pointer}"}, registry=_registry())


def _pointer(method: str, path: str, part: tuple[str, ...] = ("requestBody",)) -> str | None:
    """Where the schema of this operation's body stands, or of another part of it; None when it has none, or is not
    known.
    """
    for number, (pattern, told) in enumerate(_operations()):
        if pattern.fullmatch(path) and method.lower() in told:
            found = told[method.lower()]
            for name in part:
                found = found.get(name, {})
            if "application/json" not in found.get("content", {}):
                return None
            name = sorted(_openapi()["paths"].items(), key=lambda item: item[0].count("{"))[number][0]
            escaped = name.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
            return f"/paths/{escaped}/{method.lower()}/{'/'.join(part)}/content/application~1json/schema"
    return None


def answer_complaint(method: str, path: str, answer: Any) -> str | None:
    """What Discord's schema says against this answer of the fake; None when Discord may say so, or the schemas are not
    here.
    """
    if not schemas.HERE:
        return None
    pointer = _pointer(method, path, ("responses", "200")) or _pointer(method, path, ("responses", "201"))
    if pointer is None:
        return None
    from jsonschema.exceptions import best_match

    error = best_match(_validator(pointer).iter_errors(answer))
    return _told(error) if error is not None else None


def complaint(method: str, path: str, body: Any) -> str | None:
    """What Discord's schema says against this body, in one line; None when it takes it, or the schemas are not here."""
    if not schemas.HERE:
        return None
    pointer = _pointer(method, path)
    if pointer is None:
        return None
    said = f"{pointer} {json.dumps(_shape(body), sort_keys=True)}"
    if said in _taken:  # many tests send the same commands, which take half a second
        return None
    from jsonschema.exceptions import best_match

    error = best_match(_validator(pointer).iter_errors(body))
    if error is not None:
        return _told(error)
    _taken.add(said)
    return None


def _shape(body: Any) -> Any:
    """A body without what no schema tells apart: one digit of a text is as good as another, and so is one number
    between the same bounds; of a list's things it asks whether one comes twice.
    """
    if isinstance(body, dict):
        return {key: _shape(value) for key, value in body.items()}
    if isinstance(body, list):
        return [*map(_shape, body), len({json.dumps(value, sort_keys=True) for value in body})]
    if isinstance(body, int) and not isinstance(body, bool):
        return [bisect_left(_bounds(), body), bisect_right(_bounds(), body)]
    return re.sub(r"\d", "1", body) if isinstance(body, str) else body


@cache
def _bounds() -> Sequence[int]:
    """The numbers that a schema names: least, greatest and only ones."""
    found = set[int]()
    left: list[Any] = [_openapi()]
    while left:
        told = left.pop()
        left += told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
        if isinstance(told, int):
            found.add(told)
    return sorted(found)


def _told(error: ValidationError) -> str:
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    return f"Discord's schema, at {where or 'the body'}: {error.message[:300]}"
