from __future__ import annotations

import ast
import copy
import pickle

import pytest

from bot.card import error_card
from bot.commands import all_commands
from bot.line import parse_line
from bot.words import COMMANDS, worded
from core.errors import Advice, Do, NotFound
from storage.base import _WHERE_TO_LOOK, missing
from tests.test_rooms import SOURCES


@pytest.mark.parametrize("act", Do)
def test_all_that_the_core_advises_has_a_command_that_exists(act: Do) -> None:
    line = parse_line(worded(Advice("Do it.", act, 7)).removeprefix("Do it: /rao "))
    registry = all_commands()
    command, count = registry.find(line.words)
    assert len(line.words) - count == COMMANDS[act].count("{}")
    assert set(line.named) <= {param.name for param in command.params}


def test_a_person_reads_the_command_and_a_log_the_plain_words() -> None:
    error = NotFound("There is no draft 7 here.", Advice("See it.", Do.SHOW_DRAFT, 8))
    assert str(error) == "There is no draft 7 here. See it."
    assert error_card(error.code, error.what, error.do).text == "There is no draft 7 here.\nSee it: /rao draft show 8"
    assert worded(Advice("See them.", Do.LIST_DRAFTS)) == "See them: /rao draft list"
    assert worded(Advice("Name them.", Do.EDIT_CAMPAIGN)) == "Name them: /rao campaign edit communities=…"
    assert worded("Try again.") == "Try again."


def test_advice_stays_what_it_is_when_it_is_copied() -> None:
    advice = Advice("See it.", Do.SHOW_POST, 7)
    for same in (copy.deepcopy(advice), pickle.loads(pickle.dumps(advice))):  # noqa: S301 - our own
        assert (same, same.act, same.about) == ("See it.", Do.SHOW_POST, 7)


@pytest.mark.parametrize("noun", _WHERE_TO_LOOK)
def test_what_is_not_there_says_where_to_look(noun: str) -> None:
    told = missing(noun, 7)
    assert told.what == f"There is no {noun} 7 here."
    assert worded(told.do).startswith("See which there are: /rao ")


def test_every_noun_that_can_be_missing_has_a_place_to_look() -> None:
    named = set()
    for module, source in SOURCES.items():
        for node in ast.walk(ast.parse(source.read_text("utf-8"))) if module.startswith("storage.") else ():
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                at = {"missing": 0, "_one": 4}.get(called)
                if at is not None and isinstance(noun := node.args[at], ast.Constant):
                    named.add(noun.value)
    assert {"draft", "post", "campaign"} <= named <= set(_WHERE_TO_LOOK)


def test_core_and_storage_name_no_command() -> None:
    rooms = [source for module, source in SOURCES.items() if module.split(".")[0] in ("core", "storage")]
    assert [str(source) for source in rooms if "/rao" in source.read_text("utf-8")] == []
