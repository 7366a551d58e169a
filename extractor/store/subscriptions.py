"""The feeds that are watched, each with its pace."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from extractor.records import Entry, Feed, Subscription
from extractor.store.answers import FeedRow
from extractor.store.feeds import Arrived, KeyOf, add_entries
from extractor.store.rows import from_iso, to_iso
from extractor.store.wanted import WATCHED


class Subscriptions:
    """The watched feeds of an open ledger; every method is a transaction of the ledger."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._transaction = transaction

    def add(self, feeds: Iterable[Subscription]) -> int:
        """Watches feeds from now on; how many were not watched before.

        A feed that is there already keeps its pace and its past; one that was given up as
        gone is asked again at once.
        """
        added = 0
        with self._transaction():
            for each in feeds:
                watched = self._connection.execute(
                    "SELECT 1 FROM feeds WHERE url = ? AND watched = 1 AND is_gone = 0",
                    (each.feed.url,),
                ).fetchone()
                added += watched is None
                self._connection.execute(
                    """
                    INSERT INTO feeds (url, title, folder, watched)
                    VALUES (:url, :title, :folder, 1)
                    ON CONFLICT (url) DO UPDATE SET
                        title = CASE title WHEN '' THEN excluded.title ELSE title END,
                        folder = CASE excluded.folder WHEN '' THEN folder
                            ELSE excluded.folder END,
                        next_poll = CASE WHEN watched AND NOT is_gone THEN next_poll END,
                        is_gone = 0,
                        watched = 1
                    """,
                    {"url": each.feed.url, "title": each.feed.title, "folder": each.folder},
                )
        return added

    def remove(self, url: str) -> bool:
        """Watches a feed no longer; whether it was. What came from it stays."""
        with self._transaction():
            return bool(
                self._connection.execute(
                    "UPDATE feeds SET watched = 0, next_poll = NULL WHERE url = ? AND watched = 1",
                    (url,),
                ).rowcount
            )

    def due(self, now: datetime, limit: int) -> tuple[Subscription, ...]:
        """The feeds whose time has come, those that wait longest first."""
        rows = self._connection.execute(
            f"""
            SELECT {_COLUMNS} FROM feeds
            WHERE watched = 1 AND (next_poll IS NULL OR next_poll <= :now)
            ORDER BY next_poll, id LIMIT :limit
            """,
            {"now": to_iso(now), "limit": limit},
        )
        return tuple(_subscription(row) for row in rows)

    def save_poll(
        self,
        url: str,
        entries: Iterable[Entry],
        key_of: KeyOf,
        settle: Callable[[Arrived], Subscription],
    ) -> tuple[Subscription, Arrived]:
        """Stores what a poll brought, with the pace that `settle` finds in it, all or nothing.

        An entry whose link led to an article already, by way of another feed, is not due.
        """
        with self._transaction():
            arrived = add_entries(self._connection, url, entries, key_of)
            after = settle(arrived)
            self._save(after)
            self._settle_known(url)
        return after, arrived

    def save(self, after: Subscription) -> None:
        """Stores the pace of a feed."""
        with self._transaction():
            self._save(after)

    def next_moment(self, now: datetime) -> datetime | None:
        """When the next feed or page is due, `now` if it never was; None if none will be."""
        (moment,) = self._connection.execute(
            f"""
            SELECT min(moment) FROM (
                SELECT min(coalesce(next_poll, :now)) AS moment FROM feeds WHERE watched = 1
                UNION ALL
                SELECT min(coalesce(e.next_try, :now))
                FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id WHERE {WATCHED}
            )
            """,
            {"now": to_iso(now)},
        ).fetchone()
        return from_iso(moment)

    def counts(self) -> tuple[int, int, int]:
        """How many feeds are watched, how many of them fail, how many pages wait."""
        feeds, failing, pages = self._connection.execute(
            f"""
            SELECT
                (SELECT count(*) FROM feeds WHERE watched = 1),
                (SELECT count(*) FROM feeds WHERE watched = 1 AND failures > 0),
                (SELECT count(*) FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id
                    WHERE {WATCHED})
            """
        ).fetchone()
        return int(feeds), int(failing), int(pages)

    def _save(self, after: Subscription) -> None:
        self._connection.execute(
            """
            UPDATE feeds SET
                title = :title,
                etag = :etag,
                modified = :modified,
                next_poll = :next_poll,
                failures = :failures,
                interval_seconds = :interval_seconds,
                last_poll = :last_poll,
                last_success = :last_success,
                last_error = :last_error,
                moved_to = :moved_to,
                is_gone = :is_gone
            WHERE url = :url
            """,
            {
                "url": after.feed.url,
                "title": after.feed.title,
                "etag": after.feed.etag,
                "modified": after.feed.modified,
                "next_poll": to_iso(after.feed.next_poll),
                "failures": after.feed.failures,
                "interval_seconds": after.interval_seconds,
                "last_poll": to_iso(after.last_poll),
                "last_success": to_iso(after.last_success),
                "last_error": after.last_error,
                "moved_to": after.moved_to,
                "is_gone": after.is_gone,
            },
        )

    def _settle_known(self, feed_url: str) -> None:
        self._connection.execute(
            """
            UPDATE entries SET due = 0
            WHERE feed_id = (SELECT id FROM feeds WHERE url = ?) AND due = 1 AND (
                EXISTS (SELECT 1 FROM articles WHERE canonical_url = entries.url_key)
                OR EXISTS (
                    SELECT 1 FROM pages
                    WHERE canonical_url = entries.url_key AND article_id IS NOT NULL
                )
            )
            """,
            (feed_url,),
        )


def feed_rows(connection: sqlite3.Connection) -> tuple[FeedRow, ...]:
    """The watched feeds as people see them, in the order in which they were added."""
    rows = connection.execute(
        """
        SELECT f.url, f.title, f.folder, f.interval_seconds, f.next_poll, f.last_poll,
            f.last_success, f.failures, f.last_error, f.moved_to, f.is_gone,
            (SELECT count(*) FROM entries WHERE feed_id = f.id),
            (SELECT count(*) FROM entries WHERE feed_id = f.id AND due AND url <> '')
        FROM feeds AS f WHERE f.watched = 1 ORDER BY f.id
        """
    )
    return tuple(
        FeedRow(
            url=url,
            title=title,
            folder=folder,
            interval_seconds=interval,
            next_poll=from_iso(next_poll),
            last_poll=from_iso(last_poll),
            last_success=from_iso(last_success),
            entries=entries,
            pages_waiting=waiting,
            failures=failures,
            last_error=error,
            moved_to=moved_to,
            is_gone=bool(gone),
        )
        for (
            url, title, folder, interval, next_poll, last_poll, last_success, failures, error,
            moved_to, gone, entries, waiting,
        ) in rows
    )  # fmt: skip


_COLUMNS = (
    "url, title, etag, modified, next_poll, failures, folder, interval_seconds, last_poll, "
    "last_success, last_error, moved_to, is_gone"
)


def _subscription(row: Iterable[Any]) -> Subscription:
    url, title, etag, modified, next_poll, failures, folder, interval, *rest = row
    last_poll, last_success, last_error, moved_to, gone = rest
    return Subscription(
        feed=Feed(url, title, etag, modified, from_iso(next_poll), failures),
        folder=folder,
        interval_seconds=interval,
        last_poll=from_iso(last_poll),
        last_success=from_iso(last_success),
        last_error=last_error,
        moved_to=moved_to,
        is_gone=bool(gone),
    )
