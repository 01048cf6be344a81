from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import core.errors
from bot.card import Card
from bot.settings import describe_all, load_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_documents_are_as_the_code_says(make_docs: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_docs.py", "--check"])
    assert make_docs.main() == 0


def test_a_stale_document_is_named_and_left_alone(
    make_docs: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make_docs, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["make_docs.py"])
    assert make_docs.main() == 0
    (tmp_path / "docs" / "settings.md").write_text("old")
    monkeypatch.setattr(sys, "argv", ["make_docs.py", "--check"])
    assert make_docs.main() == 1
    assert "docs/settings.md is stale" in capsys.readouterr().err
    assert (tmp_path / "docs" / "settings.md").read_text() == "old"


def test_every_setting_is_in_the_example_and_nothing_in_it_is_set(make_docs: ModuleType) -> None:
    example = make_docs.documents()[".env.example"]
    assert all(line.startswith("#") for line in example.splitlines() if line)
    assert re.findall(r"^# (BCRAO_[A-Z0-9_]+)=", example, re.MULTILINE) == [setting.name for setting in describe_all()]


def test_the_example_works_when_everything_in_it_is_filled_in(make_docs: ModuleType, tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(re.sub(r"^# (BCRAO_)", r"\1", make_docs.documents()[".env.example"], flags=re.MULTILINE))
    slack = {"BCRAO_SLACK_BOT_TOKEN": "xoxb-1", "BCRAO_SLACK_APP_TOKEN": "xapp-1", "BCRAO_SLACK_SIGNING_SECRET": "s"}
    tokens = {**slack, "BCRAO_SECRET_KEY": "k" * 32}
    tokens |= dict.fromkeys(("BCRAO_REDDIT_CLIENT_ID", "BCRAO_REDDIT_CLIENT_SECRET", "BCRAO_APIFY_TOKEN"), "x")
    tokens["BCRAO_DISCORD_TOKEN"] = "x"
    tokens |= dict.fromkeys(("BCRAO_REDDIT_WEB_CLIENT_ID", "BCRAO_REDDIT_WEB_CLIENT_SECRET"), "x")
    settings = load_settings(tokens, dotenv)
    assert settings.reddit is not None
    assert settings.reddit.user_agent == "linux:com.example.bcrao:0.1.0 (by /u/your_name)"
    assert settings.models is not None


def test_every_command_is_in_the_reference_and_no_button_is(make_docs: ModuleType) -> None:
    page = make_docs.documents()["docs/commands.md"]
    for command in make_docs.all_commands().commands.values():
        assert (f"`/rao {command.path}`" in page or f"`/rao {command.path} " in page) is not command.button_only


def test_scripting_describes_every_key_of_a_card_and_every_code() -> None:
    page = (ROOT / "docs" / "scripting.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `([a-z_]+)`", page, re.MULTILINE)) | set(
        re.findall(r"`partial`, `(failed)`", page)
    )
    codes = {
        error.code
        for error in vars(core.errors).values()
        if isinstance(error, type) and issubclass(error, core.errors.UserError) and error.code != "error"
    }
    assert set(Card("x").to_json("x")) <= described
    assert codes | {"ok", "defect", "missing_argument", "cancelled"} <= described


def test_every_command_is_there_on_every_platform(make_docs: ModuleType) -> None:
    page = make_docs.documents()["docs/parity.md"]
    rows = dict(re.findall(r"^\| ([a-z ]+) \| (.*) \|$", page.split("## ")[0], re.MULTILINE))
    commands = make_docs.all_commands().commands
    assert set(rows) == set(commands)
    for path, cells in rows.items():
        is_missing = "–" in cells
        assert is_missing is commands[path].terminal_only, f"{path} is missing: {cells}"
    assert {path.split(" ")[0] for path, command in commands.items() if command.terminal_only} == {"sample"}


def test_slack_s_registering_shortcut_and_discord_s_menu_are_in_the_table(make_docs: ModuleType) -> None:
    page = make_docs.documents()["docs/parity.md"]
    assert "| On a message | – | “Register Reddit link” | “Register Reddit link” |" in page


def test_the_walks_name_only_what_the_code_has() -> None:
    sources = [path.read_text() for room in ("bot", "core", "storage") for path in (ROOT / room).rglob("*.py")]
    defined = {name for text in sources for name in re.findall(r"(?:def|class) (\w+)", text)}
    registered = set(re.findall(r'commands\.command\(\s*"([a-z ]+)"', "".join(sources)))
    named = re.findall(r"`([^`\n]+)`", (ROOT / "docs" / "walks.md").read_text())
    assert len(named) > 30
    for name in named:
        if "/" in name:
            assert (ROOT / name).exists(), name
        elif not name.endswith(".py"):
            assert name in registered or set(name.split(".")) <= defined, name
