"""The rows of what was gathered: feeds, entries, articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from extractor.records import Article, Entry, Feed
from extractor.store import versions, warnings
from extractor.store.rows import ARTICLE_COLUMNS, article_row, from_iso, to_iso


def feed(connection: sqlite3.Connection, url: str) -> Feed:
    """The feed as last stored, or a fresh one."""
    row = connection.execute(
        "SELECT title, etag, modified, next_poll, failures FROM feeds WHERE url = ?", (url,)
    ).fetchone()
    if row is None:
        return Feed(url)
    title, etag, modified, next_poll, failures = row
    return Feed(url, title, etag, modified, from_iso(next_poll), failures)


def add_feed(connection: sqlite3.Connection, feed: Feed) -> None:
    """Stores the feed as it is now."""
    connection.execute(
        """
        INSERT INTO feeds (url, title, etag, modified, next_poll, failures)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (url) DO UPDATE SET
            title = excluded.title,
            etag = excluded.etag,
            modified = excluded.modified,
            next_poll = excluded.next_poll,
            failures = excluded.failures
        """,
        (feed.url, feed.title, feed.etag, feed.modified, to_iso(feed.next_poll), feed.failures),
    )


def add_entries(
    connection: sqlite3.Connection, feed_url: str, entries: Iterable[Entry]
) -> tuple[Entry, ...]:
    """Stores the entries of a stored feed; returns those that are new or were edited.

    They are due from then on, until `settle_entries`.
    """
    fresh: list[Entry] = []
    for entry in entries:
        changed = connection.execute(
            """
            INSERT INTO entries (feed_id, guid, url, title, published, summary, due)
            SELECT id, :guid, :url, :title, :published, :summary, 1 FROM feeds WHERE url = :feed
            ON CONFLICT (feed_id, guid) DO UPDATE SET
                url = excluded.url,
                title = excluded.title,
                published = excluded.published,
                summary = excluded.summary,
                due = CASE due WHEN 1 THEN 1 ELSE 2 END
            WHERE (url, title, published, summary) IS NOT
                (excluded.url, excluded.title, excluded.published, excluded.summary)
            """,
            {
                "feed": feed_url,
                "guid": entry.guid,
                "url": entry.url,
                "title": entry.title,
                "published": to_iso(entry.published),
                "summary": entry.summary,
            },
        ).rowcount
        if changed:
            fresh.append(entry)
    return tuple(fresh)


def has_entries(connection: sqlite3.Connection, feed_url: str) -> bool:
    """Whether a feed was read from this url."""
    row = connection.execute(
        """
        SELECT 1 FROM entries
        WHERE feed_id = (SELECT id FROM feeds WHERE url = ?) LIMIT 1
        """,
        (feed_url,),
    )
    return row.fetchone() is not None


def due_entries(connection: sqlite3.Connection, feed_url: str) -> tuple[tuple[Entry, bool], ...]:
    """The entries of a feed whose pages are to be fetched, and whether each was edited."""
    rows = connection.execute(
        """
        SELECT guid, url, title, published, summary, due = 2
        FROM entries
        WHERE due AND feed_id = (SELECT id FROM feeds WHERE url = ?) ORDER BY id
        """,
        (feed_url,),
    )
    return tuple(
        (Entry(guid, url, title, from_iso(published), summary), bool(edited))
        for guid, url, title, published, summary, edited in rows
    )


def settle_entries(connection: sqlite3.Connection, url: str) -> None:
    """The page behind these entries need not be fetched (again)."""
    connection.execute("UPDATE entries SET due = 0 WHERE url = ? AND due", (url,))


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
