"""A warm process is what a started one is: each test holds for both."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE_S
from tests.warm import cold_start

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere all processes start cold"),
]

MODULE = "tests.warm_echo"


@pytest.fixture(params=["warm", "cold"], autouse=True)
def temperature(request: pytest.FixtureRequest) -> Iterator[str]:
    with cold_start() if request.param == "cold" else contextlib.nullcontext():
        yield request.param


@contextlib.contextmanager
def started(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen([sys.executable, "-m", MODULE, *arguments], text=True, **{**pipes, **options})
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def end(process: subprocess.Popen[str], order: str = "") -> tuple[int, str, str]:
    output, errors = process.communicate(order, PATIENCE_S)
    return process.returncode, output, errors


def test_it_is_a_child_of_who_started_it(temperature: str) -> None:
    with started() as process:
        its = told(process)
        assert (its["pid"], its["parent"], its["group"]) == (process.pid, os.getpid(), os.getpgid(0))
        command = Path(f"/proc/{process.pid}/cmdline").read_text()
        assert ("warm_server.py" in command) == (temperature == "warm")


def test_it_has_the_arguments_the_folder_and_the_settings_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BCRAO_OF_THE_TESTS", "no")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BCRAO_")}
    given = {**kept, "BCRAO_GIVEN": "größer", "PYTHONPATH": str(Path(__file__).parents[1])}
    with started("a b", "--c", cwd=tmp_path, env=given) as process:
        its = told(process)
    assert its["arguments"] == ["a b", "--c"]
    assert (its["name"], Path(its["file"]).name) == ("__main__", "warm_echo.py")
    assert its["folder"] == its["path"] == str(tmp_path)
    assert its["environment"] == {"BCRAO_GIVEN": "größer"}


def test_without_any_given_it_has_those_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCRAO_OF_THE_TESTS", "yes")
    with started() as process:
        its = told(process)
    assert its["folder"] == os.getcwd()
    # Whoever runs the tests may have set some too, such as BCRAO_VENV.
    assert its["environment"] == {name: value for name, value in os.environ.items() if name.startswith("BCRAO_")}
    assert its["environment"]["BCRAO_OF_THE_TESTS"] == "yes"


def test_it_has_one_thread_three_files_and_the_usual_signals() -> None:
    with started() as process:
        its = told(process)
    assert its["threads"] == 1
    assert its["files"] == [0, 1, 2]
    assert its["encodings"] == ["utf-8"] * 3
    assert its["signals"] == [str(signal.default_int_handler), str(signal.SIG_DFL), str(signal.SIG_IGN)]


def test_two_of_them_have_different_chances() -> None:
    with started() as one, started() as other:
        assert told(one)["chance"] != told(other)["chance"]


def test_it_has_a_session_of_its_own_where_that_was_asked() -> None:
    with started(start_new_session=True) as process:
        assert told(process)["group"] == process.pid


def test_its_end_is_that_of_a_program() -> None:
    with started() as process:
        told(process)
        assert end(process) == (0, "", "")
    with started() as process:
        told(process)
        assert end(process, "exit 7\n") == (7, "at the end\n", "")
    with started() as process:
        told(process)
        status, output, errors = end(process, "fail\n")
        assert (status, output) == (1, "")
        assert errors.endswith("ValueError: on purpose\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_a_signal_ends_it_and_its_loop(number: signal.Signals) -> None:
    with started() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told(process)
        process.stdin.write("wait\n")
        process.stdin.flush()
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == -number
        assert process.stderr is not None
        assert ("KeyboardInterrupt" in process.stderr.read()) == (number == signal.SIGINT)


def test_its_output_goes_where_that_of_the_tests_goes(capfd: pytest.CaptureFixture[str]) -> None:
    with started(stdout=None, stderr=None) as process:
        end(process, "fail\n")
    output, errors = capfd.readouterr()
    assert json.loads(output)["pid"] == process.pid
    assert errors.endswith("ValueError: on purpose\n")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"), started(cwd=tmp_path / "nowhere"):
        pass
