"""What Slack is told of the app, checked as Slack checks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.command import Registry
from bot.commands import all_commands
from bot.manifest import (
    SLACK_APP_DESCRIPTION_MAX,
    SLACK_APP_NAME_MAX,
    SLACK_COMMAND_DESCRIPTION_MAX,
    SLACK_SHORTCUT_DESCRIPTION_MAX,
    SLACK_SHORTCUT_NAME_MAX,
    SLACK_USAGE_HINT_MAX,
    slack_manifest,
)
from tests import schemas
from tests.bot.terminal_app import shop

ADDRESS = "https://bot.example.com"
VARIANTS: dict[str, dict[str, str]] = {
    "one workspace": {},
    "several workspaces": {"installs_at": ADDRESS},
    "one workspace over http": {"requests_at": ADDRESS},
    "several workspaces over http": {"installs_at": ADDRESS, "requests_at": ADDRESS},
    "a long address": {
        "installs_at": f"https://{'a' * 60}.example.com/under/a/path",
        "requests_at": f"https://{'a' * 60}.example.com/under/a/path",
    },
}


def complaints(manifest: dict[str, Any], version: str) -> list[str]:
    schema = schemas.read(f"slack-manifest.{version}.json")
    import jsonschema

    found = jsonschema.Draft7Validator(schema).iter_errors(manifest)
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


@pytest.mark.skipif(not schemas.HERE, reason="Slack's schemas are not beside the project; the test below holds them")
@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_slack_takes_the_manifest_as_it_is_printed(variant: str, version: str) -> None:
    assert complaints(slack_manifest(all_commands(), **VARIANTS[variant]), version) == []


@pytest.mark.skipif(not schemas.HERE, reason="Slack's schemas are not beside the project")
def test_slack_s_schema_refuses_a_shortcut_with_a_name_of_25_characters() -> None:
    manifest = slack_manifest(all_commands())
    manifest["features"]["shortcuts"][0]["name"] = "x" * (SLACK_SHORTCUT_NAME_MAX + 1)
    assert complaints(manifest, "1.0.0") == [f"features.shortcuts.0.name: {'x' * 25!r} is too long"]


@pytest.mark.skipif(not schemas.HERE, reason="Slack's schemas are not beside the project")
@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_the_limits_that_we_name_are_slack_s(version: str) -> None:
    definitions = schemas.read(f"slack-manifest.{version}.json")["definitions"]
    about = definitions["app-manifests.v1.display_information.schema"]["properties"]
    shortcut = definitions["app-manifests.v1.features.shortcuts"]["items"]["properties"]
    command = definitions["app-manifests.v1.features.slash_commands"]["items"]["properties"]
    assert about["name"]["maxLength"] == SLACK_APP_NAME_MAX
    assert about["description"]["maxLength"] == SLACK_APP_DESCRIPTION_MAX
    assert shortcut["name"]["maxLength"] == SLACK_SHORTCUT_NAME_MAX
    assert shortcut["description"]["maxLength"] == SLACK_SHORTCUT_DESCRIPTION_MAX
    assert command["description"]["maxLength"] == SLACK_COMMAND_DESCRIPTION_MAX
    assert command["usage_hint"]["maxLength"] == SLACK_USAGE_HINT_MAX


def test_every_text_of_the_manifest_fits_slack() -> None:
    manifest = slack_manifest(all_commands())
    about, features = manifest["display_information"], manifest["features"]
    assert len(about["name"]) <= SLACK_APP_NAME_MAX
    assert len(about["description"]) <= SLACK_APP_DESCRIPTION_MAX
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= SLACK_SHORTCUT_NAME_MAX
        assert len(shortcut["description"]) <= SLACK_SHORTCUT_DESCRIPTION_MAX
    for command in features["slash_commands"]:
        assert len(command["description"]) <= SLACK_COMMAND_DESCRIPTION_MAX
        assert len(command["usage_hint"]) <= SLACK_USAGE_HINT_MAX


def test_the_usage_hint_names_the_topics_while_they_fit() -> None:
    assert slack_manifest(shop.commands)["features"]["slash_commands"][0]["usage_hint"] == "tea"


@pytest.mark.parametrize(("number", "hint_begins"), [(91, "topic000 | topic001 | "), (92, "help")])
def test_a_usage_hint_that_would_be_too_long_for_slack_says_help(number: int, hint_begins: str) -> None:
    some = next(iter(shop.commands.commands.values()))
    paths = [f"topic{at:03d} do" for at in range(number)]
    registry = Registry({path: replace(some, path=path) for path in paths})
    hint = slack_manifest(registry)["features"]["slash_commands"][0]["usage_hint"]
    assert hint.startswith(hint_begins)
    assert len(hint) <= SLACK_USAGE_HINT_MAX
