"""Reads the settings: from the environment and from a `.env` file (the environment wins).

Each `BCRAO_NAME` may instead be given as `BCRAO_NAME_FILE`, the path of a file that holds it, which is how container
platforms hand over secrets. An empty value counts as not given.
"""

from __future__ import annotations

import difflib
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from dotenv.parser import parse_stream
from pydantic import SecretStr, ValidationError

from bot.settings.declared import (
    PREFIX,
    describe,
    every_field,
    first_needed,
    own_fields,
    parts,
    takers,
    turned_on_by,
    variable,
)
from bot.settings.groups import Group, OnlyOne, Settings
from bot.settings.values import SECRET_KEY_CHARACTERS_MIN
from core.errors import BadArgument, BadSettings, FilesUnavailable
from core.seal import Seal
from core.texts.pasted import setting_value, without_marks

FILE_SUFFIX = "_FILE"
MAX_FILE_BYTES = 64 * 1024  # of .env and of a NAME_FILE: anything larger is a wrong path
# Read by tools/install and by the test suite, before and beside the program.
_NOT_OURS = re.compile(r"BCRAO_(VENV|TEST_[A-Z_]+)")


_G = TypeVar("_G", bound=Group)


@dataclass(frozen=True, slots=True)
class _Problem:
    what: str
    do: str


def load_settings(environ: Mapping[str, str], dotenv_path: Path | None) -> Settings:
    """Read and validate everything. `dotenv_path` need not exist.

    Raises `BadSettings`, which lists every problem with the variable's full name and what to do. Neither it nor an
    error that it is chained to holds the value of a secret.
    """
    given, problems = _gather(environ, dotenv_path)
    if not problems:
        if "data_dir" in given:
            given["data_dir"] = os.path.expanduser(given["data_dir"])
        if "database_url" not in given:
            path = Path(given.get("data_dir", "data")) / "bcrao.sqlite3"
            given["database_url"] = f"sqlite:///{path.as_posix()}"
        builder = _Builder(given)
        settings = builder.build(Settings)
        problems = builder.problems
        if settings is not None and not problems:
            return settings
    if len(problems) == 1:
        raise BadSettings(problems[0].what, problems[0].do)
    raise BadSettings("\n".join(f"{p.what} {p.do}" for p in problems), "docs/settings.md describes every setting.")


class _Builder:
    """Builds the groups of the variables given, and notes what is wrong with them."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self._half: list[_Problem] = []
        self._wrong: list[_Problem] = []
        self._on: set[type[Group]] = set()
        self._spared: set[str] = set()  # what would turn a group on that another is preferred to

    @property
    def problems(self) -> list[_Problem]:
        """What is missing; when nothing is, the variables that nothing uses and the wrong values."""
        return [*self._half, *([] if self._half else [*self._unused(), *self._wrong])]

    def build(self, kind: type[_G]) -> _G | None:
        """The group, or None when something of it is missing or wrong."""
        self._on.add(kind)
        values: dict[str, Any] = {name: self._given[name] for name in own_fields(kind) if name in self._given}
        self._find_missing(kind)
        for field, kinds in parts(kind).items():
            values |= self._part(kind, field, kinds)
        try:
            return kind(**values)
        except ValidationError as error:
            told = error.errors(include_url=False, include_input=False)
            # What is missing is told already, and so is what is wrong with a group inside this one.
            self._wrong += [_say(e) for e in told if e["loc"][0] in own_fields(kind) and e["type"] != "missing"]
            return None

    def _part(self, kind: type[Group], field: str, kinds: Sequence[type[Group]]) -> dict[str, Any]:
        info = kind.model_fields[field]
        wanted = [inner for inner in kinds if self._is_wanted(inner)]
        rule = next((each for each in info.metadata if isinstance(each, OnlyOne)), None)
        if len(wanted) > 1 and rule is not None:
            one, other = (variable(self._given_of(inner)) for inner in wanted[:2])
            self._half.append(_Problem(f"{one} and {other} are both set.", rule.do))
        if wanted:
            # The first one is taken, and what others need is not asked for.
            self._spared.update(name for inner in wanted[1:] for name in turned_on_by(inner))
            return {field: self.build(wanted[0])}
        if info.is_required():
            self._miss(self._given_of(kind), [first_needed(inner) for inner in kinds])
        return {}

    def _is_wanted(self, kind: type[Group]) -> bool:
        inner = (each for kinds in parts(kind).values() for each in kinds)
        return any(name in self._given for name in turned_on_by(kind)) or any(map(self._is_wanted, inner))

    def _given_of(self, kind: type[Group]) -> str:
        """Returns a variable that turned a group on."""
        own = [name for name in turned_on_by(kind) if name in self._given]
        inner = (each for kinds in parts(kind).values() for each in kinds if self._is_wanted(each))
        return own[0] if own else self._given_of(next(inner))

    def _find_missing(self, kind: type[Group]) -> None:
        for name, info in own_fields(kind).items():
            if info.is_required() and name not in self._given:
                self._miss(self._given_of(kind), [name])
        for name, needed in kind.needs:
            if name in self._given and not any(other in self._given for other in needed):
                self._miss(name, needed)

    def _miss(self, name: str, needed: Sequence[str]) -> None:
        wanted = " or ".join(variable(other) for other in needed)
        self._half.append(_Problem(f"{variable(name)} is set, but {wanted} is missing.", f"Set {wanted} too."))

    def _unused(self) -> list[_Problem]:
        """Returns a problem for each given variable that no group that is on takes."""
        found = []
        for name in self._given:
            if name not in self._spared and not self._on.intersection(takers(name)):
                wanted = " or ".join(dict.fromkeys(variable(first_needed(kind)) for kind in takers(name)))
                found.append(_Problem(f"{variable(name)} is set, but {wanted} is missing.", f"Set {wanted} too."))
        return found


_KINDS: Mapping[str, str] = {
    "string_pattern_mismatch": "is not in the form that is expected.",
    "string_too_short": "is empty.",
    "float_parsing": "is not a number.",
    "greater_than": "is too small.",
    "greater_than_equal": "is too small.",
    "finite_number": "is not a number.",
    "less_than_equal": "is too large.",
}


def _say(error: Any) -> _Problem:
    """Returns one validation error in our words, made only of this module's literals and the field's documentation."""
    name = str(error["loc"][0])
    about = describe(name)
    if error["type"] == "value_error":
        what, _, do = str(error["ctx"]["error"]).partition(". ")
        return _Problem(f"{variable(name)} {what.rstrip('.')}.", do or about.description)
    if error["type"] == "literal_error":
        return _Problem(f"{variable(name)} is not one of the allowed words.", about.description)
    return _Problem(f"{variable(name)} {_KINDS.get(error['type'], 'is not valid.')}", about.description)


def _gather(environ: Mapping[str, str], dotenv_path: Path | None) -> tuple[dict[str, str], list[_Problem]]:
    """Returns the raw texts by field name, and what is wrong with them."""
    merged = {**_read_dotenv(dotenv_path), **environ} if dotenv_path else dict(environ)
    fields = {variable(name): name for name in every_field()}
    given: dict[str, str] = {}
    problems: list[_Problem] = []
    for key in sorted(merged):
        if not key.upper().startswith(PREFIX) or _NOT_OURS.fullmatch(key):
            continue
        value = without_marks(merged[key])
        plain = key.removesuffix(FILE_SUFFIX)
        if key not in fields and plain not in fields:
            nearest = difflib.get_close_matches(key.upper(), [*fields, *(f + FILE_SUFFIX for f in fields)], n=1)
            do = f"Did you mean {nearest[0]}?" if nearest else "Remove it, or look it up in docs/settings.md."
            problems.append(_Problem(f"{key} is not a setting.", do))
        elif value and key in fields:
            problems += _take(given, fields[key], value)
        elif value and merged.get(plain, "").strip():
            problems.append(_Problem(f"{plain} and {key} are both given.", "Keep one of them."))
        elif value:
            text = without_marks(read_small_file(Path(value), key))
            if not text:
                problems.append(_Problem(f"The file that {key} names is empty.", f"Write the value of {plain} to it."))
            problems += _take(given, fields[plain], text)
    return given, problems


def _take(given: dict[str, str], name: str, raw: str) -> list[_Problem]:
    """Add the cleaned value of a field; an empty value counts as not given. Returns what is wrong with it."""
    try:
        value = setting_value(variable(name), raw)
    except BadArgument as error:
        return [_Problem(f"{variable(name)} {error.what}", error.do)]
    if value:
        given[name] = value
    return []


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    # Not dotenv_values(): it replaces ${…}, which a secret may well contain, and only warns about broken lines.
    for binding in parse_stream(StringIO(read_small_file(path, ".env"))):
        if binding.error or (binding.key is not None and binding.value is None):
            raise BadSettings(
                f"Line {binding.original.line} of {path} cannot be read.", "Write NAME=value, one on each line."
            )
        if binding.key is not None and binding.value is not None:
            found[binding.key] = binding.value
    return found


def read_small_file(path: Path, named_by: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise BadSettings(
            f"{named_by}: the file {path} cannot be read ({reason}).", "Correct the path or its permissions."
        ) from None
    if len(content) > MAX_FILE_BYTES:
        raise BadSettings(f"{named_by}: the file {path} is too large for a setting.", "Correct the path.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # raised below, because this error carries the file's content, and would be the context of ours
    raise BadSettings(f"{named_by}: the file {path} is not UTF-8 text.", "Save it as UTF-8.")


def secret_key(settings: Settings) -> SecretStr:
    """Returns the key that encrypts credentials: as set, otherwise from `secret.key` in the data folder.

    That file is made at the first call (mode 0600); two programs that start at once end up with the same key. Raises
    `FilesUnavailable` when it cannot be made or read, or is damaged: a new key would make what is stored unreadable.
    """
    if settings.secret_key is not None:
        return settings.secret_key
    path = settings.data_dir / "secret.key"
    if not path.exists():
        _make_key_file(path)
    try:
        text = read_small_file(path, "the key file").strip()
    except BadSettings as error:
        raise FilesUnavailable(error.what, error.do) from None
    if len(text) < SECRET_KEY_CHARACTERS_MIN:
        raise FilesUnavailable(
            f"The key file {path} is damaged.",
            "Restore it from a backup, or delete it, then link accounts and install in Slack workspaces again.",
        )
    return SecretStr(text)


def seal(settings: Settings, purpose: str) -> Seal:
    """Returns the seal for one purpose, which asks for the key at its first use."""
    return Seal(lambda: secret_key(settings).get_secret_value(), purpose)


def _make_key_file(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            # A link, not a rename: the file appears whole, and never replaces the key of a program that was quicker.
            os.link(draft, path)
        except FileExistsError:
            return
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise FilesUnavailable(
            f"The key file {path} cannot be made ({reason}).",
            f"Make the folder writable, or set {variable('secret_key')}.",
        ) from None
