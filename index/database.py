"""The SQLite file: opening it, its schema and migrations, transactions, errors."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeAlias

from index.errors import StoreError

FILE_NAME = "pullquote.db"

Migration: TypeAlias = Callable[[sqlite3.Connection], None]

# What a user can mend, by SQLite's primary result code. Anything else is a bug and comes through.
_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full: free some space and run it again",
    sqlite3.SQLITE_IOERR: "the disk cannot be written or read (full or faulty): mend that and run it again",
    sqlite3.SQLITE_READONLY: "it cannot be written: check the permissions of the data folder",
    sqlite3.SQLITE_PERM: "access is denied: check the permissions of the data folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check the permissions of the data folder",
    sqlite3.SQLITE_CORRUPT: "it is damaged: restore a copy, or delete it and {afresh}",
    sqlite3.SQLITE_NOTADB: "it is not a database: move that file away and {afresh}",
    sqlite3.SQLITE_BUSY: "another program holds it locked: close that and try again",
}


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database of ours is known by, what it becomes, and what to tell those who lack one.

    ``application_id`` tells it from databases that are not ours, which are refused.
    ``migrations`` are one function a version; append, never edit: SQLite's
    ``user_version`` says how many have run. ``missing`` is the error where there is no
    database ("{folder}" stands for where), ``update`` brings an older one up to date
    and ``afresh`` makes another in place of a damaged one.
    """

    application_id: int
    migrations: tuple[Migration, ...]
    missing: str
    update: str
    afresh: str


def script(package: str, name: str) -> Migration:
    """The migration that runs an SQL script which is shipped with a package."""

    def run(connection: sqlite3.Connection) -> None:
        for statement in _statements(resources.files(package).joinpath(name).read_text(encoding="utf-8")):
            connection.execute(statement)

    return run


INDEX = Schema(
    application_id=0x50_51_54_31,  # "PQT1"
    migrations=(script("index", "schema.sql"),),
    missing="there is no index in {folder}: make one with `pullquote ingest SOURCE`",
    update="run `pullquote ingest`",
    afresh="ingest again",
)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: ``executescript`` would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def connect(path: Path, schema: Schema = INDEX, *, create: bool) -> sqlite3.Connection:
    """An open connection to the database, its schema up to date.

    With ``create`` false nothing is written: a missing file or an older schema is an error.
    Any thread may use it, one at a time.

    Raises:
        StoreError: it is missing, foreign, damaged, unreadable or made by a newer version.
    """
    if not create and not path.exists():
        raise _missing(path, schema)
    with explained(path, schema):
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists():
            # Where nothing can be written nothing will change, and SQLite must not try to make its files.
            connection = sqlite3.connect(
                f"{path.as_uri()}?mode=ro&immutable=1",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )
            _checked_version(connection, path, schema)
            return connection
        # Used by one thread at a time, not always the same.
        connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            version, empty = _checked_version(connection, path, schema)
            if create:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                if version < len(schema.migrations):
                    _migrate(connection, schema)
            else:
                if empty:  # killed before it was made
                    raise _missing(path, schema)
                if version < len(schema.migrations):
                    raise StoreError(f"{path} was made by an older version: {schema.update} to update it")
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def _missing(path: Path, schema: Schema) -> StoreError:
    return StoreError(schema.missing.format(folder=path.parent))


def _checked_version(connection: sqlite3.Connection, path: Path, schema: Schema) -> tuple[int, bool]:
    """The schema's version, and whether there is no table yet."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != schema.application_id:
        raise StoreError(f"{path} belongs to another program: choose another data folder with --data-dir")
    if version > len(schema.migrations):
        raise StoreError(f"{path} was made by a newer version of pullquote: upgrade pullquote to use it")
    return int(version), not tables


def _migrate(connection: sqlite3.Connection, schema: Schema) -> None:
    with transaction(connection):
        # Read again inside the lock: another process may just have migrated.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for migration in schema.migrations[version:]:
            migration(connection)
        connection.execute(f"PRAGMA application_id = {schema.application_id}")
        connection.execute(f"PRAGMA user_version = {len(schema.migrations)}")


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
def explained(path: Path, schema: Schema = INDEX) -> Iterator[None]:
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
        raise StoreError(f"{path}: {advice.format(afresh=schema.afresh)} ({error})") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
