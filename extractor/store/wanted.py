"""The pages behind entries of feeds that are to be fetched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from extractor.records import Entry
from extractor.store.feeds import entry_of
from extractor.store.rows import to_iso

# Of feeds that are watched, now or later.
WATCHED = "e.due AND e.url <> '' AND f.watched = 1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to fetch: the entry that links it, and how often it was asked for in vain."""

    feed_url: str
    entry: Entry
    tries: int = 0
    edited: bool = False  # the entry led to an article already, and says something else now


class WantedPages:
    """The wanted pages of an open ledger; every method is a transaction of the ledger.

    A page is wanted from the moment when an entry that links it is new or edited (`due`)
    until it was `fetched` or given up; `postponed`, it is not before its next try. Whoever
    fetches, `ingest` or `watch`, obeys this and says what came of it.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._transaction = transaction

    def of_feed(self, feed_url: str, now: datetime) -> tuple[Wanted, ...]:
        """What the entries of a feed want fetched now, in the order in which they came."""
        rows = self._connection.execute(
            f"""
            SELECT e.tries, e.due = 2, e.guid, e.url, e.title, e.published, e.summary
            FROM entries AS e
            WHERE e.feed_id = (SELECT id FROM feeds WHERE url = :feed) AND e.url <> '' AND {_NOW}
            ORDER BY e.id
            """,
            {"feed": feed_url, "now": to_iso(now)},
        )
        return tuple(
            Wanted(feed_url, entry_of(row), tries, bool(edited)) for tries, edited, *row in rows
        )

    def of_watched_feeds(self, now: datetime, limit: int) -> tuple[Wanted, ...]:
        """The pages to fetch now, those that failed last; each link once."""
        rows = self._connection.execute(
            f"""
            SELECT f.url, e.tries, e.due = 2, e.guid, e.url, e.title, e.published, e.summary,
                min(e.id)
            FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id
            WHERE {WATCHED} AND {_NOW}
            GROUP BY coalesce(nullif(e.url_key, ''), e.url)
            ORDER BY e.next_try, e.id LIMIT :limit
            """,
            {"now": to_iso(now), "limit": limit},
        )
        return tuple(
            Wanted(feed, entry_of(row), tries, bool(edited))
            for feed, tries, edited, *row, _ in rows
        )

    def may_ask(self, url_key: str, now: datetime) -> bool:
        """Whether a link may be asked for now: it is not known, or wanted and not postponed."""
        (may,) = self._connection.execute(
            f"""
            SELECT NOT EXISTS (SELECT 1 FROM entries WHERE url_key = :key)
                OR EXISTS (SELECT 1 FROM entries AS e WHERE e.url_key = :key AND {_NOW})
            """,
            {"key": url_key, "now": to_iso(now)},
        ).fetchone()
        return bool(may)

    def later(self, feed_url: str, now: datetime) -> frozenset[str]:
        """The links of a feed that were asked for in vain and will be again, but not now."""
        rows = self._connection.execute(
            """
            SELECT coalesce(nullif(url_key, ''), url) FROM entries
            WHERE feed_id = (SELECT id FROM feeds WHERE url = :feed) AND due AND next_try > :now
            """,
            {"feed": feed_url, "now": to_iso(now)},
        )
        return frozenset(link for (link,) in rows)

    def fetched(self, url: str, url_key: str) -> None:
        """The pages of a link need not be asked for (again)."""
        with self._transaction():
            self._connection.execute(
                "UPDATE entries SET due = 0 WHERE (url_key = :key OR url = :url) AND due",
                {"url": url, "key": url_key},
            )

    def postponed(self, url: str, url_key: str, next_try: datetime) -> None:
        """The pages of a link were asked for in vain, and are not again before `next_try`."""
        with self._transaction():
            self._connection.execute(
                """
                UPDATE entries SET tries = tries + 1, next_try = :next_try
                WHERE (url_key = :key OR url = :url) AND due
                """,
                {"url": url, "key": url_key, "next_try": to_iso(next_try)},
            )


_NOW = "e.due AND (e.next_try IS NULL OR e.next_try <= :now)"
