"""What can be given up to save space: bodies of old pages, old versions; facts are kept."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from extractor.store.rows import to_iso


@dataclass(frozen=True, slots=True)
class Prunable:
    """How many pages and versions are old enough, with the bytes that they take."""

    pages: int
    page_bytes: int
    versions: int
    version_bytes: int


_OLD_PAGES = "pruned_at IS NULL AND seen_at < :pages"
_OLD_VERSIONS = "added_at < :versions"


def find(
    connection: sqlite3.Connection, pages: datetime | None, versions: datetime | None
) -> Prunable:
    """What was last seen before `pages`, what came in before `versions`; nothing for None."""
    counts = connection.execute(
        f"""
        SELECT
            (SELECT count(*) FROM pages WHERE {_OLD_PAGES}),
            (SELECT coalesce(sum(length(body) + {_bytes_of("entry")}), 0)
                FROM pages WHERE {_OLD_PAGES}),
            (SELECT count(*) FROM article_versions WHERE {_OLD_VERSIONS}),
            (SELECT coalesce(sum({_bytes_of("text")} + {_bytes_of("reading")}), 0)
                FROM article_versions WHERE {_OLD_VERSIONS})
        """,
        {"pages": to_iso(pages), "versions": to_iso(versions)},
    ).fetchone()
    return Prunable(*counts)


def prune(
    connection: sqlite3.Connection,
    pages: datetime | None,
    versions: datetime | None,
    now: datetime,
) -> None:
    """Gives up what `find` counts. A page stays known by its url, so it is not fetched again."""
    connection.execute(
        f"""
        UPDATE pages SET body = x'', entry = NULL, pruned_at = :now WHERE {_OLD_PAGES}
        """,
        {"pages": to_iso(pages), "now": to_iso(now)},
    )
    connection.execute(
        f"DELETE FROM article_versions WHERE {_OLD_VERSIONS}", {"versions": to_iso(versions)}
    )


def _bytes_of(column: str) -> str:
    """The bytes of a text, for SQLite before 3.43, which counts characters only."""
    return f"coalesce(length(CAST({column} AS BLOB)), 0)"
