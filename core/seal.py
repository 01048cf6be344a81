"""Secrets at rest: sealed, so that the database alone is of no use to a thief."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

LINKED_ACCOUNTS = "tokens of linked accounts"
INSTALLATIONS = "tokens of installations"
WEBHOOKS = "secrets of webhooks"
INSTALL_STATES = "states of installs under way"


class Seal:
    """Encrypts and authenticates short texts (Fernet, keyed from the secret through HKDF-SHA256).

    Each `purpose` has its own key from the same secret, so that a text sealed for one purpose does not open for
    another. `secret` is called once, at the first use, and may raise `FilesUnavailable`.
    """

    def __init__(self, secret: Callable[[], str], purpose: str) -> None:
        self._secret = secret
        self._info = f"bcrao: {purpose}, 1".encode()
        self._fernet: Fernet | None = None

    def close(self, text: str) -> str:
        return self._opened().encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str | None:
        """The text; None when it was sealed with another key, or changed since."""
        from cryptography.fernet import InvalidToken

        try:
            return self._opened().decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def _opened(self) -> Fernet:
        if self._fernet is None:
            from cryptography.fernet import Fernet
            from cryptography.hazmat.primitives.hashes import SHA256
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF

            key = HKDF(algorithm=SHA256(), length=32, salt=None, info=self._info).derive(self._secret().encode())
            self._fernet = Fernet(base64.urlsafe_b64encode(key))
        return self._fernet
