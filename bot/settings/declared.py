"""Which variables the declared groups have, which groups take each, and what the documentation says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import get_args

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.settings.groups import Group, Settings

PREFIX = "BCRAO_"
# The heading that a variable stands under, by the first word of its name; the program's own have no such word.
_PAGES = {"reddit": "Reddit", "apify": "Apify", "llm": "Model", "discord": "Discord", "slack": "Slack"}


def variable(name: str) -> str:
    """Returns the full name of a variable: `log_level` → `BCRAO_LOG_LEVEL`."""
    return PREFIX + name.upper()


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


@dataclass(frozen=True, slots=True)
class SettingDescription:
    name: str  # of the variable, with prefix
    page: str  # its heading
    description: str
    default: str  # "" when there is none
    example: str
    secret: bool


def describe(name: str) -> SettingDescription:
    info = every_field()[name]
    extra = info.json_schema_extra
    assert isinstance(extra, dict)  # noqa: S101 - every field is made by groups._variable
    default = "" if info.default in (None, (), PydanticUndefined) else str(info.default)
    return SettingDescription(
        name=variable(name),
        page=_PAGES.get(name.partition("_")[0], "Program"),
        description=" ".join((info.description or "").split()),
        default=str(extra["says_default"]) or default,
        example=str(extra["example"]),
        secret="SecretStr" in str(info.annotation),
    )


def describe_all() -> Sequence[SettingDescription]:
    """Returns every setting, page by page, in the order of declaration."""
    found = [describe(name) for name in every_field()]
    pages = list(dict.fromkeys(setting.page for setting in found))
    return sorted(found, key=lambda setting: pages.index(setting.page))
