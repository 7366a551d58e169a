"""One process that watches a ledger, whoever else reads or writes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from extractor.errors import LedgerError


@contextmanager
def sole_watcher(path: Path | str) -> Iterator[None]:
    """Holds a lock beside the ledger, which ends with this process however that ends.

    Raises LedgerError if another process holds it. SQLite's own lock on an empty database
    does it on every system; a file with a process number would outlive a crash.
    """
    path = Path(path)
    beside = path.with_name(path.name + "-watch")
    with closing(sqlite3.connect(beside, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise LedgerError(str(path), "another `dealwire watch` is at work here") from None
            raise LedgerError(str(path), f"cannot make {beside} beside it") from error
        yield
