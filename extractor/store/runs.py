"""The rows of runs."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from extractor.store.rows import from_iso, to_iso


def broken_off(connection: sqlite3.Connection, verb: str, earliest: datetime) -> datetime | None:
    """When the first run of `verb` began of those that broke off since one came to its end."""
    (began,) = connection.execute(
        """
        SELECT min(started_at) FROM runs
        WHERE verb = :verb AND finished_at IS NULL AND started_at >= :earliest
            AND id > coalesce(
                (SELECT max(id) FROM runs WHERE verb = :verb AND finished_at IS NOT NULL), 0
            )
        """,
        {"verb": verb, "earliest": to_iso(earliest)},
    ).fetchone()
    return from_iso(began)


def start(connection: sqlite3.Connection, verb: str, fingerprint: str, now: datetime) -> int:
    """Notes that a run began; returns its number."""
    run_id = connection.execute(
        "INSERT INTO runs (verb, started_at, fingerprint) VALUES (?, ?, ?)",
        (verb, to_iso(now), fingerprint),
    ).lastrowid
    assert run_id is not None  # an INSERT that did not raise has a row
    return run_id


def finish(
    connection: sqlite3.Connection, run_id: int, counts: tuple[int, int, int], now: datetime
) -> None:
    """Notes that a run ended, with its new articles, read articles, failures."""
    connection.execute(
        """
        UPDATE runs SET
            finished_at = ?, articles_new = ?, articles_read = ?, failures = ?
        WHERE id = ?
        """,
        (to_iso(now), *counts, run_id),
    )


def is_finished(connection: sqlite3.Connection) -> bool:
    """Whether the last run, if there was one, came to its end."""
    (finished,) = connection.execute(
        """
        SELECT count(*) = 0 OR max(id) IN (SELECT id FROM runs WHERE finished_at NOT NULL)
        FROM runs
        """
    ).fetchone()
    return bool(finished)
