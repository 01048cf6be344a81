"""Translates the drivers' errors into words that an operator can act on."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import StorageUnavailable

# SQLite's primary result codes (sqlite.org/rescode.html); extended ones carry them in their low byte.
_SQLITE: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "The database {where} is locked by another program.",
        "Close that program (a database browser, a backup, a second bot), then try again.",
    ),
    sqlite3.SQLITE_LOCKED: (
        "The database {where} is locked by another program.",
        "Close that program (a database browser, a backup, a second bot), then try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "The database {where} is read-only.",
        "Give this program's user the right to write the file and its folder, then try again.",
    ),
    sqlite3.SQLITE_PERM: (
        "This program may not use the database {where}.",
        "Give its user the right to read and write the file and its folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The database {where} cannot be opened.",
        "Check that the folder exists and that this program's user may write in it.",
    ),
    sqlite3.SQLITE_FULL: (
        "The disk that holds the database {where} is full.",
        "Nothing was stored. Free some space, then try again.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk that holds the database {where} does not work as it should.",
        "Nothing was stored. Check the disk and its free space, then try again.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The database {where} is damaged.",
        "Stop the program and put back a backup, or try `sqlite3 FILE .recover`.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "The file {where} is not a database of this program.",
        "Check BCRAO_DATABASE_URL and BCRAO_DATA_DIR, or move the file away.",
    ),
}

# PostgreSQL's SQLSTATE: whole codes first, then classes (postgresql.org/docs/current/errcodes-appendix.html).
_POSTGRESQL: dict[str, tuple[str, str]] = {
    "53100": ("The disk of the database {where} is full.", "Nothing was stored. Free some space, then try again."),
    "53300": ("The database {where} has no connection left.", "Close other programs or raise max_connections."),
    "25006": ("The database {where} is read-only.", "Point BCRAO_DATABASE_URL at the primary server."),
    "42501": ("This program may not use the database {where}.", "Grant its user the rights on the schema."),
    "3D000": ("The database {where} does not exist.", "Create it, or correct BCRAO_DATABASE_URL."),
    "55000": ("The database {where} takes no connections now.", "Try again in a moment, or ask who closed it."),
    "55P03": ("Another program holds a lock in the database {where}.", "Try again in a moment."),
    "40P01": ("Two changes got in each other's way in the database {where}.", "Nothing was stored. Try again."),
    "40001": ("Two changes got in each other's way in the database {where}.", "Nothing was stored. Try again."),
    "28": ("The database {where} refused the login.", "Check user and password in BCRAO_DATABASE_URL."),
    "53": ("The database {where} has run out of resources.", "Try again in a moment, or look at the server's log."),
    "57": ("The database {where} is stopping or starting.", "Try again in a moment."),
    "58": ("The database {where} has trouble with its disk.", "Look at the server's log."),
    "08": ("The database {where} cannot be reached.", "Check that it runs and that BCRAO_DATABASE_URL is right."),
    "XX": ("The database {where} is damaged.", "Look at the server's log."),
}
_UNREACHABLE = _POSTGRESQL["08"]


def translated(error: BaseException, where: str) -> StorageUnavailable | None:
    """Returns the `StorageUnavailable` for `error`, or None when it is a defect of ours.

    `where` names the database without any secret. Integrity errors are not translated: a verb knows what they mean.
    """
    words = _words_for(error)
    return StorageUnavailable(words[0].format(where=where), words[1]) if words else None


def _words_for(error: BaseException) -> tuple[str, str] | None:
    if isinstance(error, NoSuchModuleError):
        return "The database kind of {where} is not known.", "Use sqlite:/// or postgresql://."
    if isinstance(error, PoolTimeout | TimeoutError):
        return "The database {where} did not answer in time.", "Try again in a moment."
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", -1) & 0xFF)
    if isinstance(error, DBAPIError):
        cause = error.orig
        if isinstance(cause, sqlite3.Error):
            return _words_for(cause)
        state = getattr(cause, "sqlstate", None)
        if state is None:
            # The driver's own words for a connection that is gone have no SQLSTATE.
            return _UNREACHABLE if error.connection_invalidated or isinstance(error, InterfaceError) else None
        return _words_for_state(state)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):  # asyncpg's own, raised while connecting
        return _words_for_state(state)
    if isinstance(error, PermissionError):
        return _SQLITE[sqlite3.SQLITE_PERM]
    if isinstance(error, OSError):
        return _UNREACHABLE
    return None


def _words_for_state(state: str) -> tuple[str, str] | None:
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
