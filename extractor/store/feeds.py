"""The rows of feeds with their entries."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from extractor.records import Entry, Feed
from extractor.store.rows import from_iso, to_iso

KeyOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Arrived:
    """Which entries of a feed were not known, and which were edited."""

    new: tuple[Entry, ...] = ()
    edited: tuple[Entry, ...] = ()

    @property
    def fresh(self) -> tuple[Entry, ...]:
        return (*self.new, *self.edited)


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
    """Stores the feed as it is now; one that is there keeps the time of its next poll."""
    connection.execute(
        """
        INSERT INTO feeds (url, title, etag, modified, next_poll, failures)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (url) DO UPDATE SET
            title = excluded.title,
            etag = excluded.etag,
            modified = excluded.modified,
            failures = excluded.failures
        """,
        (feed.url, feed.title, feed.etag, feed.modified, to_iso(feed.next_poll), feed.failures),
    )


def add_entries(
    connection: sqlite3.Connection, feed_url: str, entries: Iterable[Entry], key_of: KeyOf
) -> Arrived:
    """Stores the entries of a stored feed; tells which are new or were edited.

    `key_of` gives the comparison key of a url. An entry is known by its guid; else by its
    url with the same title or summary; else by the same title, date and summary. So a feed
    that gives its entries other ids, or other links, does not bring them all again. What is
    new or edited is due: its page is wanted from then on, see `wanted`.
    """
    (feed_id,) = connection.execute("SELECT id FROM feeds WHERE url = ?", (feed_url,)).fetchone()
    new: list[Entry] = []
    edited: list[Entry] = []
    for entry in entries:
        now = _row(feed_id, entry, key_of)
        before = _known(connection, now)
        if before is None:
            connection.execute(_INSERT, now)
            new.append(entry)
        elif any(before[name] != now[name] for name in _STATED):
            is_edited = _says_other(before, now)
            connection.execute(_UPDATE, {**now, "id": before["id"], "edited": is_edited})
            if is_edited:
                edited.append(entry)
    return Arrived(tuple(new), tuple(edited))


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


def entry_of(row: Iterable[Any]) -> Entry:
    """The entry of guid, url, title, published, summary."""
    guid, url, title, published, summary = row
    return Entry(guid, url, title, from_iso(published), summary)


_STATED = ("guid", "url", "title", "published", "summary", "url_key", "digest")
_INSERT = """
    INSERT INTO entries (feed_id, guid, url, title, published, summary, url_key, digest, due)
    VALUES (:feed_id, :guid, :url, :title, :published, :summary, :url_key, :digest, 1)
"""
_UPDATE = """
    UPDATE entries SET
        guid = :guid,
        url = :url,
        title = :title,
        published = :published,
        summary = :summary,
        url_key = :url_key,
        digest = :digest,
        due = CASE WHEN NOT :edited THEN due WHEN due = 1 THEN 1 ELSE 2 END,
        tries = CASE WHEN :edited THEN 0 ELSE tries END,
        next_try = CASE WHEN :edited THEN NULL ELSE next_try END
    WHERE id = :id
"""
# In the order in which they count.
_KNOWN_BY = (
    "guid = :guid",
    """
    (url_key = :url_key OR url_key = '' AND url = :url) AND url <> ''
        AND (title = :title OR summary = :summary AND summary <> '')
    """,
    "digest = :digest AND digest <> ''",
)


def _row(feed_id: int, entry: Entry, key_of: KeyOf) -> dict[str, Any]:
    published = to_iso(entry.published)
    # A title alone ("Weekly report") names no entry.
    says = entry.title and (published or entry.summary)
    text = f"{entry.title}\n{published}\n{entry.summary}"
    return {
        "feed_id": feed_id,
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "published": published,
        "summary": entry.summary,
        "url_key": key_of(entry.url),
        "digest": hashlib.sha256(text.encode()).hexdigest()[:32] if says else "",
    }


def _known(connection: sqlite3.Connection, row: dict[str, Any]) -> dict[str, Any] | None:
    for condition in _KNOWN_BY:
        found = connection.execute(
            f"SELECT id, {', '.join(_STATED)} FROM entries "
            f"WHERE feed_id = :feed_id AND {condition} ORDER BY id LIMIT 1",
            row,
        ).fetchone()
        if found is not None:
            return dict(zip(("id", *_STATED), found, strict=True))
    return None


def _says_other(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether an entry was edited, not merely named or linked in another way."""
    if any(before[name] != now[name] for name in ("title", "published", "summary")):
        return True
    moved = before["url_key"] not in ("", now["url_key"])
    return moved and not now["digest"]
