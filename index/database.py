"""The SQLite file: opening it, its schema and migrations, transactions, errors."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from index.errors import StoreError

FILE_NAME = "pullquote.db"
APPLICATION_ID = 0x50_51_54_31  # "PQT1": a database that is not ours is refused

# What a user can mend, by SQLite's primary result code. Anything else is a bug and comes through.
_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full: free some space and run it again",
    sqlite3.SQLITE_IOERR: "the disk cannot be written or read (full or faulty): mend that and run it again",
    sqlite3.SQLITE_READONLY: "it cannot be written: check the permissions of the data folder",
    sqlite3.SQLITE_PERM: "access is denied: check the permissions of the data folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check the permissions of the data folder",
    sqlite3.SQLITE_CORRUPT: "it is damaged: restore a copy, or delete it and ingest again",
    sqlite3.SQLITE_NOTADB: "it is not a database: move that file away and ingest again",
    sqlite3.SQLITE_BUSY: "another program holds it locked: close that and try again",
}


def _create(connection: sqlite3.Connection) -> None:
    schema = resources.files("index").joinpath("schema.sql").read_text(encoding="utf-8")
    for statement in _statements(schema):
        connection.execute(statement)


# One function a version; append, never edit. `user_version` says how many have run.
MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_create,)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: ``executescript`` would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """An open connection to the database, its schema up to date.

    With ``create`` false nothing is written: a missing file or an older schema is an error.

    Raises:
        StoreError: it is missing, foreign, damaged, unreadable or made by a newer version.
    """
    if not create and not path.exists():
        raise _no_index(path)
    with explained(path):
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not os.access(path.parent, os.W_OK) and not path.with_name(f"{FILE_NAME}-wal").exists():
            # Where nothing can be written nothing will change, and SQLite must not try to make its files.
            connection = sqlite3.connect(
                f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None
            )
            _checked_version(connection, path)
            return connection
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            version, empty = _checked_version(connection, path)
            if create:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                if version < len(MIGRATIONS):
                    _migrate(connection)
            else:
                if empty:  # killed before it was made
                    raise _no_index(path)
                if version < len(MIGRATIONS):
                    raise StoreError(
                        f"{path} was made by an older version: run `pullquote ingest` to update it"
                    )
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def _no_index(path: Path) -> StoreError:
    return StoreError(f"there is no index in {path.parent}: make one with `pullquote ingest SOURCE`")


def _checked_version(connection: sqlite3.Connection, path: Path) -> tuple[int, bool]:
    """The schema's version, and whether there is no table yet."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != APPLICATION_ID:
        raise StoreError(f"{path} belongs to another program: choose another data folder with --data-dir")
    if version > len(MIGRATIONS):
        raise StoreError(f"{path} was made by a newer version of pullquote: upgrade pullquote to use it")
    return int(version), not tables


def _migrate(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        # Read again inside the lock: another process may just have migrated.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for migration in MIGRATIONS[version:]:
            migration(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """All or nothing. ``kind`` DEFERRED gives readers one unchanging snapshot."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite may have rolled back by itself (disk full); a second ROLLBACK would hide the cause.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what a user can mend into a StoreError; let bugs through.

    Raises:
        StoreError: the disk is full, the file is damaged, locked or not accessible.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        advice = _ADVICE.get(code & 0xFF) if code is not None else None
        if advice is None:
            raise
        raise StoreError(f"{path}: {advice} ({error})") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
