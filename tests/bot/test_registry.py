"""A walk over every command: what a platform or a person would stumble over is found here first."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.card import encode_action
from bot.command import Command, Kind
from bot.commands import all_commands
from core.model import Role

SOURCES = Path(__file__).parents[2] / "bot"
COMMANDS = all_commands().commands
WRITTEN = [c for c in COMMANDS.values() if not c.button_only]

# Discord's limits for slash commands.
NAME = re.compile(r"[a-z_]{1,32}")
DESCRIPTION_MAX = 100
SUBCOMMANDS_MAX = 25
PARAMS_MAX = 25
CHOICES_MAX = 25
CHOICE_MAX = 100

# The commands' reference: who may do what. Reading is for viewers unless it is said here.
ROLES = {
    Role.ADMIN: {
        "setup",
        "setup test alert",
        "setup time zone",
        "campaign delete",
        "campaign delete confirmed",
        "campaign restore",
        "alerts here",
        "alerts quiet",
        "alerts digest",
        "plan show",
        "plan set",
        "role grant",
        "role revoke",
        "role list",
        "data export",
        "data forget",
    },
    Role.APPROVER: {"draft approve"},
    Role.VIEWER: {
        "help",
        "status",
        "usage",
        "campaign list",
        "campaign show",
        "fact list",
        "community show",
        "community compare",
        "community find",
        "community rules",
        "community browse",
        "community score",
        "draft list",
        "draft show",
        "post list",
        "post show",
        "pattern list",
        "account status",
        "alerts list",
        "sample show",
    },
}
EDITORS = {
    *("campaign create", "campaign edit", "campaign pause", "campaign resume"),
    *("fact add", "fact remove", "collect start", "collect status", "collect cancel"),
    *("draft new", "draft edit", "draft discard", "draft regenerate"),
    *(
        "post register",
        "post check",
        "post snooze",
        "post stop",
        "post look",
        "post seen",
        "post unseen",
        "post false alarm",
    ),
    *("pattern add", "pattern remove", "pattern undo", "account link", "account unlink"),
}


def each(commands: list[Command]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("command", commands, ids=lambda c: c.path)


def test_all_of_the_agreed_commands_exist() -> None:
    agreed = EDITORS.union(*ROLES.values())
    assert agreed <= set(COMMANDS)


@each(list(COMMANDS.values()))
def test_a_command_says_in_one_short_line_what_it_does(command: Command) -> None:
    assert command.help
    assert len(command.help) <= DESCRIPTION_MAX, len(command.help)
    assert command.help[0].isupper()
    assert not command.help.endswith(".")
    assert "\n" not in command.help
    assert "!" not in command.help


@each(list(COMMANDS.values()))
def test_every_name_is_one_that_platforms_take(command: Command) -> None:
    words = command.path.split(" ")
    assert all(NAME.fullmatch(word) for word in words), command.path
    assert all(NAME.fullmatch(param.name) for param in command.params)
    assert len({param.name for param in command.params}) == len(command.params)
    encode_action(command.path, 10**18 - 1)


@each(WRITTEN)
def test_a_written_command_is_a_noun_or_a_noun_and_a_verb(command: Command) -> None:
    assert len(command.path.split(" ")) <= 2  # more could not be found by words, nor nested on Discord


def test_no_noun_is_a_command_and_a_group_at_once() -> None:
    paths = {c.path for c in WRITTEN}
    topics = Counter(c.topic for c in WRITTEN)
    assert [topic for topic in topics if topic in paths and topics[topic] > 1] == []
    assert len(topics) <= SUBCOMMANDS_MAX
    assert max(topics.values()) <= SUBCOMMANDS_MAX


@each(list(COMMANDS.values()))
def test_parameters_fit_on_every_platform(command: Command) -> None:
    assert len(command.params) <= PARAMS_MAX
    needed = [param.required for param in command.params]
    if not command.button_only:
        assert needed == sorted(needed, reverse=True), "what is needed comes first"
    for param in command.params:
        assert param.help
        assert len(param.help) <= DESCRIPTION_MAX, param.help
        assert not param.help.endswith(".")
        assert "!" not in param.help
        assert len(param.choices) <= CHOICES_MAX
        assert all(choice == choice.lower() and 0 < len(choice) <= CHOICE_MAX for choice in param.choices)
        assert (param.kind is Kind.CHOICE) == bool(param.choices)
        assert param.default is None or not param.required


@each(list(COMMANDS.values()))
def test_a_handler_takes_exactly_the_parameters_of_its_command(command: Command) -> None:
    assert inspect.iscoroutinefunction(command.handler)
    taken = inspect.signature(command.handler).parameters.values()
    names = [param.name for param in taken if param.kind is not param.VAR_KEYWORD]
    assert names[0] == "ctx"
    declared = sorted(param.name for param in command.params)
    if len(names) < len(taken):  # the rest come together, as details
        assert set(names[1:]) < set(declared)
    else:
        assert sorted(names[1:]) == declared


@each(list(COMMANDS.values()))
def test_who_may_do_it_is_as_agreed(command: Command) -> None:
    agreed = next((role for role, paths in ROLES.items() if command.path in paths), None)
    if agreed is not None:
        assert command.role is agreed
    elif command.path in EDITORS:
        assert command.role is Role.EDITOR


@each([c for c in COMMANDS.values() if c.button_only])
def test_a_button_needs_no_less_than_the_command_it_belongs_to(command: Command) -> None:
    words = command.path.split(" ")
    family = COMMANDS.get(" ".join(words[:2]))
    if family is not None and family is not command:
        assert command.role.covers(family.role)


@each([c for c in COMMANDS.values() if c.shown_by])
def test_a_command_that_decides_about_a_record_names_what_shows_it(command: Command) -> None:
    shown_by = COMMANDS[command.shown_by or ""]
    assert shown_by.topic == command.record_param.lookup
    assert shown_by.record_param.name == command.record_param.name
    assert shown_by.role is Role.VIEWER


# ---------------------------------------------------------------- every button leads somewhere


def _arguments(call: ast.Call, position: int, name: str) -> ast.expr | None:
    named = next((k.value for k in call.keywords if k.arg == name), None)
    return named or (call.args[position] if len(call.args) > position else None)


def _pressed() -> Iterator[tuple[str, str, bool]]:
    """(where, command, whether a record goes with it) of every Button, Choice and Form in the source."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called not in ("Button", "Choice", "Form"):
                continue
            command = _arguments(node, 1, "command")
            record = _arguments(node, 2, "record" if called == "Button" else "options")
            carries = called == "Choice" or (called == "Button" and record is not None)
            for literal in ast.walk(command) if command is not None else ():
                if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
                    yield f"{path.name}:{node.lineno}", literal.value, carries


def test_every_button_choice_and_form_leads_to_a_command() -> None:
    pressed = list(_pressed())
    assert len(pressed) > 30
    assert [(where, command) for where, command, _ in pressed if command not in COMMANDS] == []


def test_every_button_with_a_record_has_a_parameter_for_it() -> None:
    assert [(where, path) for where, path, carries in _pressed() if carries and not COMMANDS[path].params] == []


def test_every_button_only_command_is_reached_by_a_button() -> None:
    pressed = {command for _, command, _ in _pressed()}
    assert [c.path for c in COMMANDS.values() if c.button_only and c.path not in pressed] == []


def test_every_command_that_a_card_names_exists() -> None:
    named = []
    for path in sorted(SOURCES.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                named += [(path.name, words) for words in re.findall(r"/rao ([a-z]+(?: [a-z]+)?)", node.value)]
    assert len(named) > 20
    known = {c.path for c in WRITTEN} | {c.topic for c in WRITTEN}
    takes_free_text = {c.path for c in WRITTEN if " " not in c.path}
    assert [n for n in named if n[1] not in known and n[1].split(" ")[0] not in takes_free_text] == []
