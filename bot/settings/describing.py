"""What the generated documentation says about each setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.settings.declared import every_field

PREFIX = "BCRAO_"


def variable(name: str) -> str:
    """Returns the full name of a variable: `log_level` → `BCRAO_LOG_LEVEL`."""
    return PREFIX + name.upper()


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
    assert isinstance(extra, dict)  # noqa: S101 - every field is made by groups._about
    return SettingDescription(
        name=variable(name),
        page=str(extra["page"]),
        description=info.description or "",
        default=str(extra["says_default"]) or _show_default(info),
        example=str(extra["example"]),
        secret="SecretStr" in str(info.annotation),
    )


def describe_all() -> Sequence[SettingDescription]:
    """Returns every setting, page by page, in the order of declaration."""
    found = [describe(name) for name in every_field()]
    pages = list(dict.fromkeys(setting.page for setting in found))
    return sorted(found, key=lambda setting: pages.index(setting.page))


def _show_default(info: FieldInfo) -> str:
    return "" if info.default in (None, (), PydanticUndefined) else str(info.default)
