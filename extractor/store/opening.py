"""How a ledger is told from any other file before it is used."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from extractor.errors import LedgerError
from extractor.store import companies
from extractor.store.schema import APPLICATION_ID, MIGRATIONS

MIGRATION_SET = "dealwire"
_MIGRATIONS_TABLE = "_sqlite_migrations"  # as sqlite_utils calls it
_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
_KEPT = "what was stored before is kept, and the same command goes on from there"
_HINTS = {
    sqlite3.SQLITE_BUSY: f": another process is writing to it; {_KEPT}",
    sqlite3.SQLITE_FULL: f": the disk is full; {_KEPT}",
    sqlite3.SQLITE_IOERR: f": the disk failed, is full or has reached a limit; {_KEPT}",
}
_CORRUPT = ("malformed", "not a database", "disk image", "corrupt")


class OpenLedger:
    """A connection to a ledger, closed at the end of a `with`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def resolver(self) -> Callable[[str], str]:
        """A function from any name of a listed company to its current one."""
        return companies.resolver(self._connection)

    def categories(self) -> Callable[[str], str]:
        """A function from the current name of a listed company to its category, "" for others."""
        return companies.categories(self._connection)


@contextmanager
def sqlite_errors_of(path: Path, doing: str) -> Iterator[None]:
    """Turns what SQLite raises inside into a LedgerError about `path`."""
    try:
        yield
    except sqlite3.Error as error:
        if any(word in str(error) for word in _CORRUPT):
            raise LedgerError(str(path), "is not an SQLite database, or is damaged") from error
        # The low byte is the kind, what is above it the details.
        kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        hint = _HINTS.get(kind, "")
        raise LedgerError(str(path), f"cannot {doing} the ledger{hint}") from error


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """A read-only connection to an existing ledger of this version.

    Raises LedgerError for a missing, foreign, damaged, newer or outdated file.
    """
    if not path.exists():
        raise LedgerError(
            str(path), f"no ledger here; make one with: dealwire ingest SOURCE --db {path}"
        )
    if not path.is_file():
        raise LedgerError(str(path), "is a folder, not a ledger")
    with sqlite_errors_of(path, "read"):
        connection = sqlite3.connect(_read_only_uri(path), uri=True)
        try:
            missing = check_identity(connection, path)
        except BaseException:
            connection.close()
            raise
    if missing:
        connection.close()
        raise LedgerError(
            str(path),
            "is empty; fill it with: dealwire ingest SOURCE"
            if len(missing) == len(MIGRATIONS)
            else "was made by an older dealwire; any `dealwire ingest` brings it up to date",
        )
    return connection


def check_identity(connection: sqlite3.Connection, path: Path) -> tuple[str, ...]:
    """The migrations that this database still lacks; all of them for an empty one.

    Raises LedgerError if it belongs to another program or a newer dealwire.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    tables = {name for (name,) in connection.execute(_TABLES)}
    # A first run that broke off at once leaves an empty table of migrations and no more.
    begun = tables <= {_MIGRATIONS_TABLE}
    if application_id != APPLICATION_ID and (application_id or not begun):
        raise LedgerError(str(path), "is the database of another program, not a dealwire ledger")
    known = [name for name, _ in MIGRATIONS]
    applied: set[str] = set()
    if _MIGRATIONS_TABLE in tables:
        rows = connection.execute(
            "SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (MIGRATION_SET,)
        )
        applied = {name for (name,) in rows}
    newer = sorted(applied.difference(known))
    if newer:
        raise LedgerError(
            str(path),
            f"was made by a newer dealwire (unknown migration: {', '.join(newer)}); "
            "upgrade with: pip install --upgrade dealwire",
        )
    return tuple(name for name in known if name not in applied)


def check_before_writing(path: Path) -> None:
    """Looks at an existing file without touching it; raises LedgerError as above."""
    if path.is_dir():
        raise LedgerError(str(path), "is a folder, not a ledger")
    if not path.parent.is_dir():
        raise LedgerError(str(path), f"the folder {path.parent} does not exist")
    if path.exists():
        with (
            sqlite_errors_of(path, "open"),
            closing(sqlite3.connect(_read_only_uri(path), uri=True)) as connection,
        ):
            check_identity(connection, path)


def _read_only_uri(path: Path) -> str:
    """A WAL database needs a writable folder to be read, except as an immutable one."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    wal = path.with_name(path.name + "-wal")
    if not os.access(path.absolute().parent, os.W_OK) and not wal.exists():
        uri += "&immutable=1"
    return uri
