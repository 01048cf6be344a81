"""The declaration of the settings, walked: which variables there are, and which groups take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import get_args

from pydantic.fields import FieldInfo

from bot.settings.groups import Group, Settings


def own_fields(kind: type[Group]) -> Mapping[str, FieldInfo]:
    """The fields of a group that are a variable, by the variable without its prefix."""
    return {info.alias: info for info in kind.model_fields.values() if info.alias is not None}


def parts(kind: type[Group]) -> Mapping[str, tuple[type[Group], ...]]:
    """The fields of a group that are groups themselves, each with those of which it is one."""
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
    """Every variable without its prefix, in the order of declaration."""
    found: dict[str, FieldInfo] = {}
    for kind in every_group():
        for name, info in own_fields(kind).items():
            found.setdefault(name, info)
    return found


@cache
def takers(name: str) -> tuple[type[Group], ...]:
    """The groups that take a variable."""
    return tuple(kind for kind in every_group() if name in own_fields(kind))


def turned_on_by(kind: type[Group]) -> tuple[str, ...]:
    """The variables that no other group takes."""
    return tuple(name for name in own_fields(kind) if takers(name) == (kind,))


def first_needed(kind: type[Group]) -> str:
    """The variable that a group is named by where all of it is missing."""
    for name, info in own_fields(kind).items():
        if info.is_required():
            return name
    return next(first_needed(kinds[0]) for kinds in parts(kind).values())
