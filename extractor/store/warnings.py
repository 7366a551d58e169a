"""What was wrong with articles when they were gathered."""

from __future__ import annotations

import sqlite3

from extractor.records import Article


def keep(connection: sqlite3.Connection, article: Article) -> None:
    """Stores the warnings of a stored article in place of those of its earlier version."""
    (id_,) = connection.execute("SELECT id FROM articles WHERE key = ?", (article.key,)).fetchone()
    connection.execute("DELETE FROM article_warnings WHERE article_id = ?", (id_,))
    connection.executemany(
        "INSERT OR IGNORE INTO article_warnings (article_id, kind, reason) VALUES (?, ?, ?)",
        [(id_, warning.kind, warning.reason) for warning in article.warnings],
    )
