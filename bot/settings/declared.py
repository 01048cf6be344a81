"""Finds in the declared groups which variables there are, and which groups take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import get_args

from pydantic.fields import FieldInfo

from bot.settings.groups import Group, Settings


def own_fields(kind: type[Group]) -> Mapping[str, FieldInfo]:
    """Returns the fields of a group that are variables, by the variable's name without its prefix."""
    return {info.alias: info for info in kind.model_fields.values() if info.alias is not None}


def parts(kind: type[Group]) -> Mapping[str, tuple[type[Group], ...]]:
    """Returns the fields of a group that are groups themselves, each with the groups that it can be."""
    found = {}
    for name, info in kind.model_fields.items():
        kinds = (info.annotation, *get_args(info.annotation))
        inner = tuple(each for each in kinds if isinstance(each, type) and issubclass(each, Group))
        if inner:
            found[name] = inner
    return found


def every_group(kind: type[Group] = Settings) -> Iterator[type[Group]]:
    yield kind
    for kinds in parts(kind).values():
        for inner in kinds:
            yield from every_group(inner)


@cache
def every_field() -> Mapping[str, FieldInfo]:
    """Returns the field of every variable, by its name without prefix, in the order of declaration."""
    found: dict[str, FieldInfo] = {}
    for kind in every_group():
        for name, info in own_fields(kind).items():
            found.setdefault(name, info)
    return found


@cache
def takers(name: str) -> tuple[type[Group], ...]:
    """Returns the groups that take a variable."""
    return tuple(kind for kind in every_group() if name in own_fields(kind))


def turned_on_by(kind: type[Group]) -> tuple[str, ...]:
    """Returns the variables that turn a group on: those that no other group takes."""
    return tuple(name for name in own_fields(kind) if takers(name) == (kind,))


def first_needed(kind: type[Group]) -> str:
    """Returns the variable that messages name when none of a group's variables is given."""
    for name, info in own_fields(kind).items():
        if info.is_required():
            return name
    return next(first_needed(kinds[0]) for kinds in parts(kind).values())
