"""The articles whose story is to be found, in order of publication."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator

from extractor.records import Article, Reading
from extractor.store.rows import ARTICLE_COLUMNS, article_of, listed, readings_of
from extractor.store.story_shelf import StoryShelf


class StoryQueue:
    """Articles that were read, edited or forgotten since their story was found.

    A row stays until `done`, so that a run that breaks off is continued by the next one.
    Every method is part of the transaction around it.
    """

    def __init__(self, connection: sqlite3.Connection, fingerprint: str) -> None:
        self._connection = connection
        self._fingerprint = fingerprint

    def start(self) -> None:
        """Queues articles that are in no story; all, if they were last told by other rules."""
        self._connection.execute(
            """
            INSERT OR IGNORE INTO story_pending
            SELECT article_id FROM readings
            WHERE article_id NOT IN (SELECT article_id FROM story_members)
            """
        )
        row = self._connection.execute("SELECT fingerprint FROM story_rules").fetchone()
        if row == (self._fingerprint,):
            return
        StoryShelf(self._connection).clear()
        self._connection.execute("DELETE FROM story_rules")
        self._connection.execute("INSERT INTO story_rules VALUES (?)", (self._fingerprint,))
        self._connection.execute(
            "INSERT OR IGNORE INTO story_pending SELECT article_id FROM readings"
        )

    def batches(self, most: int, days: float) -> Iterator[tuple[int, ...]]:
        """Row ids in order of publication: so many, or those of so many days, at a time."""
        rows = self._connection.execute(
            """
            SELECT p.article_id, julianday(a.published)
            FROM story_pending AS p JOIN articles AS a ON a.id = p.article_id
            ORDER BY a.published NULLS LAST, a.key
            """
        ).fetchall()
        batch: list[int] = []
        since: float | None = None
        for id_, day in rows:
            far = (day is None) != (since is None) or (day or 0.0) - (since or 0.0) > days
            if batch and (len(batch) >= most or far):
                yield tuple(batch)
                batch = []
            if not batch:
                since = day
            batch.append(id_)
        if batch:
            yield tuple(batch)

    def read(self, ids: Collection[int]) -> list[tuple[int, Article, Reading]]:
        """Those of the articles that were read, with what was found in them."""
        found = readings_of(self._connection, ids)
        rows = self._connection.execute(
            f"SELECT id, {ARTICLE_COLUMNS} FROM articles WHERE id IN ({listed(found)}) ORDER BY id"
        )
        return [(id_, article_of(row), found[id_]) for id_, *row in rows]

    def done(self, ids: Collection[int]) -> None:
        """The stories of these articles were found."""
        self._connection.execute(f"DELETE FROM story_pending WHERE article_id IN ({listed(ids)})")


def delete_article(connection: sqlite3.Connection, article_id: int) -> None:
    """Deletes an article; the others of its story are queued, since it may have held them."""
    row = connection.execute(
        "SELECT story_id FROM story_members WHERE article_id = ?", (article_id,)
    ).fetchone()
    StoryShelf(connection).drop([article_id])
    connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    if row is None:
        return
    connection.execute(
        """
        INSERT OR IGNORE INTO story_pending
        SELECT article_id FROM story_members WHERE story_id = ?
        """,
        row,
    )
    connection.execute(
        """
        DELETE FROM stories
        WHERE id = ? AND id NOT IN (SELECT story_id FROM story_members)
        """,
        row,
    )
