"""The rows of what was gathered: feeds, entries, pages, articles."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable
from datetime import datetime

from extractor.records import Article, Entry, Feed, Page
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
    """Stores the entries of a stored feed; returns those that are new or were edited."""
    fresh: list[Entry] = []
    for entry in entries:
        changed = connection.execute(
            """
            INSERT INTO entries (feed_id, guid, url, title, published, summary)
            SELECT id, :guid, :url, :title, :published, :summary FROM feeds WHERE url = :feed
            ON CONFLICT (feed_id, guid) DO UPDATE SET
                url = excluded.url,
                title = excluded.title,
                published = excluded.published,
                summary = excluded.summary
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


def entries(connection: sqlite3.Connection, feed_url: str) -> tuple[Entry, ...]:
    """All entries that the feed ever had, in the order in which they came."""
    rows = connection.execute(
        """
        SELECT e.guid, e.url, e.title, e.published, e.summary
        FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id
        WHERE f.url = ? ORDER BY e.id
        """,
        (feed_url,),
    )
    return tuple(
        Entry(guid, url, title, from_iso(published), summary)
        for guid, url, title, published, summary in rows
    )


def add_page(connection: sqlite3.Connection, page: Page) -> int:
    """Keeps the bytes of a page, compressed; returns the row that holds them."""
    digest = hashlib.sha256(page.body).hexdigest()
    connection.execute(
        """
        INSERT INTO pages (url, final_url, status, headers, body, body_digest, fetched_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (url, body_digest) DO NOTHING
        """,
        (
            page.url,
            page.final_url,
            page.status,
            json.dumps(page.headers),
            zlib.compress(page.body),
            digest,
            to_iso(page.fetched_at),
        ),
    )
    (id_,) = connection.execute(
        "SELECT id FROM pages WHERE url = ? AND body_digest = ?", (page.url, digest)
    ).fetchone()
    return int(id_)


def page(connection: sqlite3.Connection, url: str) -> Page | None:
    """The newest stored page that was fetched from `url`."""
    row = connection.execute(
        """
        SELECT final_url, status, body, headers, fetched_at
        FROM pages WHERE url = ? ORDER BY id DESC LIMIT 1
        """,
        (url,),
    ).fetchone()
    if row is None:
        return None
    final_url, status, body, headers, fetched_at = row
    pairs = tuple((str(name), str(value)) for name, value in json.loads(headers))
    return Page(url, final_url, status, zlib.decompress(body), pairs, from_iso(fetched_at))


def add_article(
    connection: sqlite3.Connection, article: Article, page_id: int | None, now: datetime
) -> bool:
    """Stores an article; whether it, or this version of it, is new."""
    is_new = _add_version(connection, article, now)
    if page_id is not None:
        connection.execute(
            """
            UPDATE pages SET article_id = (SELECT id FROM articles WHERE key = ?)
            WHERE id = ? AND article_id IS NULL
            """,
            (article.key, page_id),
        )
    return is_new


def _add_version(connection: sqlite3.Connection, article: Article, now: datetime) -> bool:
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
        return True
    id_, digest = stored
    if digest == article.digest or _had_version(connection, id_, article.digest):
        return False
    connection.execute(
        """
        INSERT INTO article_versions (article_id, title, text, digest, added_at)
        SELECT id, title, text, digest, added_at FROM articles WHERE id = ?
        """,
        (id_,),
    )
    connection.execute("DELETE FROM readings WHERE article_id = ?", (id_,))
    connection.execute(
        f"""
        UPDATE articles SET ({ARTICLE_COLUMNS}, added_at)
            = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        WHERE id = ?
        """,
        (*article_row(article), to_iso(now), id_),
    )
    return True


def _had_version(connection: sqlite3.Connection, article_id: int, digest: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM article_versions WHERE article_id = ? AND digest = ?", (article_id, digest)
    )
    return row.fetchone() is not None
