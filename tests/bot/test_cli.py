from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.manifest import DISCORD_PERMISSIONS, slack_manifest
from bot.slack_app import EVENTS, SCOPES
from tests.bot.terminal_app import shop
from tests.migrated import lay_data
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[2]
SECRET = "hunter2-do-not-print"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """What a program started by a test sees: nothing of the developer's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BCRAO_")}
    return {**kept, "BCRAO_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def process(environ: dict[str, str], tmp_path: Path) -> Run:
    """Run a command line to its end in a process of its own, in an empty folder: no `.env` of the developer is read."""

    def run(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_S,
            env={**environ, **more},
            cwd=tmp_path,
            check=False,
        )

    return run


@pytest.fixture
def bcrao(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The same in this process, because starting another takes a second."""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as patched, logs_as_before():
            patched.chdir(tmp_path)
            for name in set(os.environ) - set(environ):
                patched.delenv(name)
            for name, value in {**environ, **more}.items():
                patched.setenv(name, value)
            try:
                status: object = main(arguments)
            except SystemExit as end:  # how `argparse` ends
                status = end.code
        assert isinstance(status, int)
        return subprocess.CompletedProcess(arguments, status, *capsys.readouterr())

    return run


@contextlib.contextmanager
def logs_as_before() -> Iterator[None]:
    """A program that runs in the block sends the logs where it wants, and afterwards they go where they went."""
    named = logging.root.manager.loggerDict.values()
    levels = {it: it.level for it in (logging.root, *named) if isinstance(it, logging.Logger)}
    handlers, logging.root.handlers = logging.root.handlers, []
    try:
        yield
    finally:
        logging.root.handlers = handlers
        for logger, level in levels.items():
            logger.setLevel(level)


@pytest.fixture
def migrated(tmp_path: Path) -> None:
    """The data folder holds an empty database: what a start in an empty folder does is told by other tests."""
    lay_data(tmp_path / "data")


@pytest.fixture
def started(environ: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the program with open pipes; whatever the test does, it is gone afterwards."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environ,
            cwd=tmp_path,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def assert_is_for_people(text: str) -> None:
    assert text.strip()
    assert "Traceback" not in text
    assert "Error:" not in text


# ---------------------------------------------------------------- arguments and settings


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(argument: str) -> None:
    code = (
        "import sys\nfrom bot.cli import main\n"
        f"try: main(['{argument}'])\nexcept SystemExit as end: print(end.code)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    *_, status, modules = done.stdout.splitlines()
    assert status == "0"
    assert not set(modules.split()) & {"pydantic", "sqlalchemy", "prompt_toolkit", "rich", "httpx", "apscheduler"}


@pytest.mark.parametrize("arguments", [[], ["dance"], ["import", "x.csv"], ["manifest", "irc"], ["run", "--jsn"]])
def test_wrong_arguments_exit_with_2(bcrao: Run, arguments: list[str]) -> None:
    done = bcrao(*arguments)
    assert done.returncode == 2
    assert "usage: bcrao" in done.stderr
    assert not done.stdout


def test_wrong_settings_exit_with_2_and_name_the_variable_and_no_secret(process: Run, tmp_path: Path) -> None:
    done = process("run", BCRAO_DISCORD_TOKN=SECRET, BCRAO_DATABASE_URL=f"mysql://u:{SECRET}@h/d")
    assert done.returncode == 2
    assert "BCRAO_DISCORD_TOKEN" in done.stderr
    assert SECRET not in done.stderr
    assert_is_for_people(done.stderr)
    assert not (tmp_path / "data").exists()


def test_dotenv_in_the_working_folder_is_read(bcrao: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BCRAO_LOG_FORMAT=xml\n")
    done = bcrao("run")
    assert done.returncode == 2
    assert "BCRAO_LOG_FORMAT" in done.stderr


# ---------------------------------------------------------------- run


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """A short script for people, in a bare locale."""
    folder = tmp_path_factory.mktemp("session")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BCRAO_")}
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        input='/rao campaign show "Größe ✓"\n/rao campaign list\n',
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        env={**kept, **bare},
        cwd=folder,
        check=False,
    )


def test_the_first_card_says_which_defaults_are_in_use_and_that_it_is_a_sample(
    session: subprocess.CompletedProcess[str],
) -> None:
    greeting = session.stdout.partition("> /rao")[0]
    assert "[sample]" in greeting
    for default in ("SQLite in the data folder", "three invented communities", "a few questions"):
        assert default in greeting


def test_a_line_that_failed_exits_with_1_and_the_next_one_runs(session: subprocess.CompletedProcess[str]) -> None:
    assert session.returncode == 1
    assert "No campaigns yet" in session.stdout


def test_output_is_utf8_and_plain_in_any_locale(session: subprocess.CompletedProcess[str]) -> None:
    assert "Größe ✓" in session.stdout
    assert "\x1b" not in session.stdout


@pytest.mark.usefixtures("migrated")
def test_a_reader_that_leaves_early_causes_no_noise(environ: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'yes "/rao status" | head -50 | "{sys.executable}" -m bot run --json | head -1'],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env=environ,
        cwd=tmp_path,
        check=False,
    )
    assert json.loads(done.stdout)["command"] == "status"
    assert not done.stderr


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_the_wait_for_input(
    started: Callable[..., subprocess.Popen[str]], number: signal.Signals, status: int
) -> None:
    process = started("run", "--json")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("# a comment\n/rao status\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["command"] == "status"
    process.send_signal(number)
    assert process.wait(PATIENCE_S) == status
    assert not process.stdout.read()
    assert process.stderr is not None
    assert process.stderr.read() == ("" if status == 0 else "Interrupted. What was stored until then is kept.\n")


@pytest.mark.usefixtures("migrated")
def test_a_second_program_on_the_same_file_is_told_about_the_first(
    started: Callable[..., subprocess.Popen[str]], bcrao: Run
) -> None:
    first = started("run", "--json")
    assert first.stdin is not None
    assert first.stdout is not None
    first.stdin.write("/rao status\n")
    first.stdin.flush()
    assert first.stdout.readline()
    second = bcrao("run")
    assert second.returncode == 1
    assert str(first.pid) in second.stderr
    assert_is_for_people(second.stderr)
    doctor = bcrao("doctor", "--quick")
    assert doctor.returncode == 0, doctor.stdout


# ---------------------------------------------------------------- the other commands


def test_a_database_without_tables_is_told_by_who_only_looks(bcrao: Run) -> None:
    doctor = bcrao("doctor", "--quick")
    assert doctor.returncode == 1
    assert "python -m bot migrate" in doctor.stdout
    export = bcrao("export")
    assert export.returncode == 1
    assert "python -m bot migrate" in export.stderr
    assert_is_for_people(export.stderr)


def test_after_migrating_the_doctor_is_content(bcrao: Run) -> None:
    assert "now at" in bcrao("migrate").stdout
    assert "already at" in bcrao("migrate").stdout
    doctor = bcrao("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert {line.split()[0] for line in doctor.stdout.splitlines()} <= {"ok", "note"}


@pytest.mark.usefixtures("migrated")
def test_posts_are_imported_from_a_file_and_exported_again(process: Run, bcrao: Run, tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text(
        "id,subreddit,title,selftext,created_utc,score,num_comments,is_self,author\n"
        "abc12,startups,How did you find your first ten customers?,"
        "We tried calling people and it took three weeks until one of them said yes.,1700000000,5,2,True,somebody\n"
    )
    create = '/rao campaign create name=Acme product="Invoices" keywords="a1,b2,c3,d4,e5" communities=startups'
    assert process("run", stdin=f"{create}\n").returncode == 0
    for expected in (1, 0):
        done = bcrao("import", "--json", "--campaign", "Acme", "posts.csv")
        assert done.returncode == 0, done.stderr
        card = json.loads(done.stdout)
        assert card["command"] == "import"
        assert card["values"]["kept"] == expected
    exported = json.loads(bcrao("export", "--json").stdout)
    assert exported["values"]["rows"]["posts"] == 1
    folder = Path(exported["values"]["folder"])
    assert "somebody" in (tmp_path / folder / "posts.jsonl").read_text()
    assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700


def test_what_cannot_be_imported_or_exported_says_why(bcrao: Run) -> None:
    no_campaign = bcrao("import", "--campaign", "Nobody", "posts.csv")
    assert no_campaign.returncode == 1
    assert "Nobody" in no_campaign.stderr
    assert_is_for_people(no_campaign.stderr)
    no_workspace = bcrao("export", "--workspace", "discord:1")
    assert no_workspace.returncode == 1
    assert_is_for_people(no_workspace.stderr)


def test_the_slack_manifest_asks_for_what_is_needed_and_no_more(bcrao: Run) -> None:
    done = bcrao("manifest", "slack")
    assert done.returncode == 0
    manifest = json.loads(done.stdout)
    assert manifest["oauth_config"]["scopes"] == {"bot": list(SCOPES)}
    (command,) = manifest["features"]["slash_commands"]
    assert command["command"] == "/rao"
    assert "campaign" in command["usage_hint"]
    assert "sample" not in command["usage_hint"]


def test_the_slack_manifest_of_one_workspace_needs_no_public_address(bcrao: Run) -> None:
    manifest = json.loads(bcrao("manifest", "slack").stdout)
    assert "redirect_urls" not in manifest["oauth_config"]
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["token_rotation_enabled"] is False
    assert manifest["settings"]["org_deploy_enabled"] is False
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert {"app_uninstalled", "tokens_revoked"} <= set(EVENTS)


def test_the_slack_manifest_of_several_workspaces_says_where_browsers_come_back_to(bcrao: Run) -> None:
    given = {
        "BCRAO_SLACK_CLIENT_ID": "12.34",
        "BCRAO_SLACK_CLIENT_SECRET": "x",
        "BCRAO_SLACK_SIGNING_SECRET": "x",
        "BCRAO_LISTEN": "127.0.0.1:8480",
        "BCRAO_PUBLIC_URL": "https://bot.example.com",
    }
    over_http = json.loads(bcrao("manifest", "slack", **given).stdout)
    assert over_http["oauth_config"]["redirect_urls"] == ["https://bot.example.com/slack/oauth_redirect"]
    requests = "https://bot.example.com/slack/events"
    assert over_http["settings"]["event_subscriptions"]["request_url"] == requests
    assert over_http["settings"]["interactivity"]["request_url"] == requests
    assert over_http["features"]["slash_commands"][0]["url"] == requests
    assert over_http["settings"]["socket_mode_enabled"] is False
    # Before there is an app there is no client id: the address alone makes the same manifest.
    address = "https://bot.example.com/"
    assert json.loads(bcrao("manifest", "slack", "--public-url", address, "--http").stdout) == over_http
    by_socket = json.loads(bcrao("manifest", "slack", **given, BCRAO_SLACK_APP_TOKEN="xapp-1").stdout)
    assert json.loads(bcrao("manifest", "slack", "--public-url", address).stdout) == by_socket
    assert by_socket["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in by_socket["settings"]["interactivity"]


def test_a_slack_manifest_for_an_address_that_slack_does_not_take_is_refused(bcrao: Run) -> None:
    for wrong in (("--public-url", "http://bot.example.com"), ("--http",)):
        done = bcrao("manifest", "slack", *wrong)
        assert done.returncode == 2
        assert_is_for_people(done.stderr)


def test_the_slack_manifest_fits_slack_and_follows_the_registry() -> None:
    manifest = slack_manifest(shop.commands)
    (command,) = manifest["features"]["slash_commands"]
    assert command["usage_hint"] == "tea"
    assert len(manifest["display_information"]["description"]) <= 140
    assert len(command["description"]) <= 2000


def test_the_discord_invite_needs_the_application_and_holds_the_permissions(bcrao: Run) -> None:
    without = bcrao("manifest", "discord")
    assert without.returncode == 2
    assert "BCRAO_DISCORD_APPLICATION_ID" in without.stderr
    link = bcrao("manifest", "discord", BCRAO_DISCORD_APPLICATION_ID="123456789012345678").stdout.strip()
    assert link.startswith("https://discord.com/oauth2/authorize?client_id=123456789012345678&")
    assert "scope=bot+applications.commands" in link
    assert link.endswith(f"permissions={sum(DISCORD_PERMISSIONS)}")
