"""Refuse releases that are known to be bad: `python tools/audit_dependencies.py`, a part of `make test`. It works
offline.

Two questions. Does a lock or the environment hold a release that is known to be malicious (`tools/known_bad.toml`)?
Does the environment hold a `.pth` file that nobody expects? Python runs the code in such files at every start.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
# The packages that put a .pth file there, by the file's name; a digit is of a version.
EXPECTED_PTH = {
    r"distutils-precedence\.pth": "setuptools",
    r"__editable__\.bcrao-[\d.]+\.pth": "the project itself, linked in",
    r"a1_coverage\.pth": "coverage, for child processes",
}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def main() -> int:
    known_bad = read_known_bad(ROOT / "tools" / "known_bad.toml")
    found: list[tuple[str, str, str]] = [
        (name, version, lock) for lock in LOCKS for name, version in pins((ROOT / lock).read_text("utf-8"))
    ]
    found += [(d.name, d.version, "the environment") for d in importlib.metadata.distributions()]
    problems = [*bad_releases(found, known_bad), *unexpected_pth(Path(sysconfig.get_path("purelib")))]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def read_known_bad(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Returns the reasons by version, by normalised name."""
    listed = tomllib.loads(path.read_text("utf-8"))
    return {_normal(name): dict(versions) for name, versions in listed.items()}


def pins(lock: str) -> Iterator[tuple[str, str]]:
    """(name, version) of every line that pins."""
    for match in _PIN.finditer(lock):
        yield match[1], match[2]


def bad_releases(found: Iterable[tuple[str, str, str]], known_bad: Mapping[str, Mapping[str, str]]) -> Sequence[str]:
    """Returns a sentence for each (name, version, where) that is listed; `*` lists every version of a name."""
    problems = []
    for name, version, where in found:
        versions = known_bad.get(_normal(name), {})
        reason = versions.get(version) or versions.get("*")
        if reason:
            problems.append(f"{name} {version} in {where}: {reason} Take another release, and run `make lock`.")
    return list(dict.fromkeys(problems))


def unexpected_pth(folder: Path) -> Sequence[str]:
    """Returns a sentence for each unexpected `.pth` file of `folder` that runs code or leads elsewhere."""
    return [
        f"{path.name} in the environment is run at every start of Python, and nothing of ours needs it. "
        "Look at it before anything else, then make the environment again: make clean."
        for path in sorted(folder.glob("*.pth"))
        if not any(re.fullmatch(name, path.name) for name in EXPECTED_PTH)
    ]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
