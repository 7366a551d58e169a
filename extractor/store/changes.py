"""What edits changed: each version of an article beside the one that came after it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from extractor.differences import compare_readings, text_edits
from extractor.errors import QueryError
from extractor.records import Reading
from extractor.store.answers import Change, Source
from extractor.store.rows import from_iso, readings_of, to_iso
from extractor.store.versions import reading_of


@dataclass(frozen=True, slots=True)
class _Version:
    title: str
    text: str
    came: datetime
    reading: Reading | None


def changes(
    connection: sqlite3.Connection,
    article: str,
    since: datetime | None,
    until: datetime | None,
    only_deals: bool,
) -> Iterator[Change]:
    """Edits of articles, the newest first: of all, or of one by its key, url, or key's beginning.

    `since` and `until` say when an edit was noticed. Raises QueryError for an unknown article.
    """
    _check(connection, article)
    found = [
        change
        for id_, source in _edited(connection, article, since)
        for before, after in pairwise(_versions(connection, id_))
        if (since is None or after.came >= since) and (until is None or after.came < until)
        if (change := _change(source, before, after, only_deals))
    ]
    found.sort(key=lambda change: change.article.key)
    found.sort(key=lambda change: change.noticed, reverse=True)
    yield from found


def _check(connection: sqlite3.Connection, article: str) -> None:
    if not article:
        return
    row = connection.execute(
        "SELECT 1 FROM articles WHERE url = :key OR substr(key, 1, length(:key)) = :key LIMIT 1",
        {"key": article},
    ).fetchone()
    if row is None:
        hint = "`dealwire articles --format json` lists the keys"
        raise QueryError(f"article {article}", f"no such article; {hint}")


def _edited(
    connection: sqlite3.Connection, article: str, since: datetime | None
) -> list[tuple[int, Source]]:
    """Articles with earlier versions; the present one came last, so it tells which are too old."""
    rows = connection.execute(
        """
        SELECT id, key, title, site, url, published FROM articles
        WHERE id IN (SELECT article_id FROM article_versions)
            AND (:since IS NULL OR added_at >= :since)
            AND (:key = '' OR url = :key OR substr(key, 1, length(:key)) = :key)
        """,
        {"since": to_iso(since), "key": article},
    )
    return [
        (id_, Source(key, title, site, url, from_iso(published)))
        for id_, key, title, site, url, published in rows
    ]


def _versions(connection: sqlite3.Connection, article_id: int) -> list[_Version]:
    """All versions of an article, the present one last."""
    rows = connection.execute(
        """
        SELECT title, text, added_at, reading FROM article_versions
        WHERE article_id = ? ORDER BY added_at, id
        """,
        (article_id,),
    )
    earlier = [
        _Version(title, text, _moment(came), reading_of(reading) if reading else None)
        for title, text, came, reading in rows
    ]
    title, text, came = connection.execute(
        "SELECT title, text, added_at FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    reading = readings_of(connection, (article_id,)).get(article_id)
    return [*earlier, _Version(title, text, _moment(came), reading)]


def _change(source: Source, before: _Version, after: _Version, only_deals: bool) -> Change | None:
    reading = None
    if before.reading is not None and after.reading is not None:
        reading = compare_readings(before.reading, after.reading, places=False)
    if only_deals and not (reading and (reading.lost_reports or reading.gained_reports)):
        return None
    return Change(
        article=source,
        seen=before.came,
        noticed=after.came,
        title=text_edits(before.title, after.title),
        text=text_edits(before.text, after.text),
        reading=reading,
    )


def _moment(stored: str) -> datetime:
    moment = from_iso(stored)
    assert moment is not None  # the column is NOT NULL
    return moment
