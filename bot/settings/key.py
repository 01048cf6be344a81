"""The key that encrypts the credentials in the database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from bot.settings.declared import variable
from bot.settings.groups import Settings
from bot.settings.reading import read_small_file
from bot.settings.values import SECRET_KEY_CHARACTERS_MIN
from core.errors import BadSettings, FilesUnavailable


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
