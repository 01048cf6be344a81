from __future__ import annotations

from pathlib import Path

import audit_dependencies as audit
import pytest

KNOWN_BAD = {"litellm": {"1.82.7": "it steals."}, "look-alike": {"*": "it is another's name."}}


@pytest.mark.parametrize(
    ("name", "version", "told"),
    [
        ("litellm", "1.82.7", ["litellm 1.82.7 in x.lock: it steals."]),
        ("LiteLLM", "1.82.7", ["LiteLLM 1.82.7 in x.lock: it steals."]),
        ("litellm", "1.82.70", []),
        ("litellm", "1.82.6", []),
        ("look_alike", "0.1", ["look_alike 0.1 in x.lock: it is another's name."]),
        ("httpx", "1.82.7", []),
    ],
)
def test_a_release_that_is_known_to_be_bad_is_named_with_its_reason(name: str, version: str, told: list[str]) -> None:
    said = [f"{sentence} Take another release, and run `make lock`." for sentence in told]
    assert audit.bad_releases([(name, version, "x.lock")], KNOWN_BAD) == said


def test_the_pins_of_a_lock_are_read_with_their_markers_and_hashes() -> None:
    lock = 'a-b==1.2.3 \\\n    --hash=sha256:00\nc.d==4 ; python_version < "3.12" \\\n    --hash=sha256:11\n# e==5\n'
    assert list(audit.pins(lock)) == [("a-b", "1.2.3"), ("c.d", "4")]


def test_a_pth_file_that_nobody_expects_is_told_and_those_of_our_tools_are_not(tmp_path: Path) -> None:
    for name in (
        "distutils-precedence.pth",
        "__editable__.bcrao-0.2.0.pth",
        "a1_coverage.pth",
        "litellm_init.pth",
        "x__editable__.bcrao-0.2.0.pth",
    ):
        (tmp_path / name).write_text("import os")
    assert [problem.split()[0] for problem in audit.unexpected_pth(tmp_path)] == [
        "litellm_init.pth",
        "x__editable__.bcrao-0.2.0.pth",
    ]


def test_what_is_locked_and_installed_here_is_not_known_to_be_bad(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main() == 0, capsys.readouterr().err


def test_every_listed_release_has_a_reason() -> None:
    listed = audit.read_known_bad(audit.ROOT / "tools" / "known_bad.toml")
    assert listed["litellm"].keys() == {"1.82.7", "1.82.8"}
    assert all(reason.endswith(".") for versions in listed.values() for reason in versions.values())
