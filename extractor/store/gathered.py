"""The rows of articles as they were gathered."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from extractor.records import Article
from extractor.store import versions, warnings
from extractor.store.rows import ARTICLE_COLUMNS, article_row, to_iso


def add_article(connection: sqlite3.Connection, article: Article, now: datetime) -> bool:
    """Stores an article; whether it, or this version of it, is new."""
    stored = connection.execute(
        "SELECT id, digest FROM articles WHERE key = ?", (article.key,)
    ).fetchone()
    if stored is None:
        connection.execute(
            f"""
            INSERT INTO articles ({ARTICLE_COLUMNS}, added_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (*article_row(article), to_iso(now)),
        )
        warnings.keep(connection, article)
        return True
    id_, digest = stored
    if digest == article.digest or versions.had(connection, id_, article.digest):
        return False
    versions.set_aside(connection, id_)
    connection.execute("DELETE FROM readings WHERE article_id = ?", (id_,))
    connection.execute(
        f"""
        UPDATE articles SET ({ARTICLE_COLUMNS}, added_at)
            = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        WHERE id = ?
        """,
        (*article_row(article), to_iso(now), id_),
    )
    warnings.keep(connection, article)
    return True
