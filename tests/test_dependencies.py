"""The locks are whole: tools/install resolves nothing, so what a lock leaves out is not there."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
WANTED = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-dev.lock": PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"],
}
LOCKS = pytest.mark.parametrize("lock", list(WANTED))
MACHINES = {
    f"{system} {python}": {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[system],
        "platform_machine": "x86_64" if system == "linux" else "arm64",
    }
    for system in ("linux", "darwin")
    for python in ("3.11", "3.12", "3.13")
}


def entries(lock: str) -> list[str]:
    """Each package of a lock with its marker and hashes, on one line."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def pinned(lock: str, machine: Mapping[str, str]) -> dict[str, str]:
    """Versions by name, of what the lock installs on a machine."""
    found: dict[str, str] = {}
    for entry in entries(lock):
        requirement = Requirement(entry.split(" --hash", 1)[0])
        if requirement.marker is None or requirement.marker.evaluate(dict(machine)):
            (pin,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = pin.version
    return found


def needed_by(name: str) -> list[str]:
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:  # of another platform or Python
        return []


@LOCKS
def test_every_package_is_pinned_and_has_hashes(lock: str) -> None:
    bad = [line for line in entries(lock) if not re.match(r"[\w.-]+==[\w.!+-]+ .*--hash=sha256:[0-9a-f]{64}", line)]
    assert not bad


def test_what_tests_install_is_what_the_program_installs_and_more() -> None:
    for machine in MACHINES.values():
        environment = {name: str(value) for name, value in {**default_environment(), **machine}.items()}
        run = pinned("requirements.lock", environment)
        assert run.items() <= pinned("requirements-dev.lock", environment).items()


@LOCKS
@pytest.mark.parametrize("machine", MACHINES.values(), ids=list(MACHINES))
def test_whatever_a_package_needs_is_in_the_lock_in_a_version_that_it_accepts(
    lock: str, machine: Mapping[str, str]
) -> None:
    environment: dict[str, str] = {**default_environment(), **machine}  # type: ignore[dict-item]
    versions = pinned(lock, environment)
    problems = []
    open_ends = [(Requirement(text), "pyproject.toml") for text in WANTED[lock]]
    seen = set()
    while open_ends:
        requirement, wanted_by = open_ends.pop()
        name = canonicalize_name(requirement.name)
        if name not in versions:
            problems.append(f"{requirement.name}, needed by {wanted_by}, is missing")
        elif not requirement.specifier.contains(versions[name], prereleases=True):
            problems.append(f"{wanted_by} does not accept {name} {versions[name]}")
        for extra in ("", *requirement.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for text in needed_by(name):
                needed = Requirement(text)
                if needed.marker is None or needed.marker.evaluate({**environment, "extra": extra}):
                    open_ends.append((needed, name))
    assert not problems
