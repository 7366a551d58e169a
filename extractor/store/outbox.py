"""Events for a receiver of webhooks, from the deal that is new to the answer that it was taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from extractor.store.answers import DealRow, Source
from extractor.store.deal_rows import deal_rows
from extractor.store.rows import from_iso, to_iso


@dataclass(frozen=True, slots=True)
class Event:
    """Something to post; `webhook_id` and `body` are the same in every attempt."""

    webhook_id: str
    deal_key: str
    body: str
    attempts: int = 0  # that failed


@dataclass(frozen=True, slots=True)
class DealNews:
    """A deal that is new to receivers, or has another status than the one they know.

    `sources` are the articles that report it, `was` the status they know, "" for a new deal.
    """

    deal: DealRow
    sources: tuple[Source, ...]
    was: str = ""


class Outbox:
    """The outbox of an open ledger; every method is a transaction of the ledger."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._transaction = transaction

    def begin(self, now: datetime) -> datetime:
        """The first time, all deals of the ledger count as known: nobody asked for old news.

        Returns when that was.
        """
        with self._transaction():
            begun = self._connection.execute(
                "INSERT OR IGNORE INTO announcing (id, since) VALUES (1, ?)", (to_iso(now),)
            ).rowcount
            if begun:
                self._mark_all(now)
            (since,) = self._connection.execute("SELECT since FROM announcing").fetchone()
        return datetime.fromisoformat(since)

    def announce(
        self, now: datetime, compose: Callable[[DealNews], Event], since: datetime | None = None
    ) -> tuple[DealNews, ...]:
        """Puts an event into the box for each deal that is new or came further.

        A deal is new if neither its key is known nor the deals of any article that reports
        it were: deals that change their key because rules or groupings changed are no news,
        nor is a status that changed without another article. Nor is what was published before
        `since`; it counts as known from now on.
        """
        with self._transaction():
            found = self._news(_NEW, since) + self._news(_CHANGED, since)
            self._connection.executemany(
                """
                INSERT INTO events (webhook_id, deal_key, body, created_at, next_attempt)
                VALUES (:webhook_id, :deal_key, :body, :now, :now)
                """,
                [
                    {
                        "webhook_id": event.webhook_id,
                        "deal_key": event.deal_key,
                        "body": event.body,
                        "now": to_iso(now),
                    }
                    for event in map(compose, found)
                ],
            )
            self._mark_all(now)
        return found

    def due(self, now: datetime, limit: int) -> tuple[Event, ...]:
        """The events to send now, the oldest first."""
        rows = self._connection.execute(
            """
            SELECT webhook_id, deal_key, body, attempts FROM events
            WHERE sent_at IS NULL AND next_attempt <= :now
            ORDER BY id LIMIT :limit
            """,
            {"now": to_iso(now), "limit": limit},
        )
        return tuple(Event(*row) for row in rows)

    def sent(self, webhook_id: str, now: datetime) -> None:
        """The receiver took it."""
        with self._transaction():
            self._connection.execute(
                "UPDATE events SET sent_at = ?, last_error = '' WHERE webhook_id = ?",
                (to_iso(now), webhook_id),
            )

    def failed(self, webhook_id: str, reason: str, next_attempt: datetime) -> None:
        """The receiver did not take it; it is sent again at `next_attempt`."""
        with self._transaction():
            self._connection.execute(
                """
                UPDATE events SET
                    attempts = attempts + 1, last_error = :reason, next_attempt = :next
                WHERE webhook_id = :id
                """,
                {"id": webhook_id, "reason": reason, "next": to_iso(next_attempt)},
            )

    def waiting(self) -> int:
        """How many events were not taken yet."""
        (waiting,) = self._connection.execute(
            "SELECT count(*) FROM events WHERE sent_at IS NULL"
        ).fetchone()
        return int(waiting)

    def next_moment(self) -> datetime | None:
        """When the next event is due; None if none waits."""
        (moment,) = self._connection.execute(
            "SELECT min(next_attempt) FROM events WHERE sent_at IS NULL"
        ).fetchone()
        return from_iso(moment)

    def _news(self, which: str, since: datetime | None) -> tuple[DealNews, ...]:
        rows = deal_rows(
            self._connection,
            which + " ORDER BY d.first_published, d.id",
            {"since": to_iso(since)},
        )
        return tuple(
            DealNews(deal, tuple(self._sources(deal.key)), self._known_status(deal.key))
            for deal in rows
        )

    def _known_status(self, deal_key: str) -> str:
        """The status with which receivers know a deal, "" if they do not know it."""
        row = self._connection.execute(
            "SELECT status FROM announced_deals WHERE deal_key = ?", (deal_key,)
        ).fetchone()
        return str(row[0]) if row else ""

    def _sources(self, deal_key: str) -> Iterable[Source]:
        rows = self._connection.execute(
            """
            SELECT DISTINCT a.key, a.title, a.site, a.url, a.published
            FROM deals AS d
            JOIN deal_reports AS dr ON dr.deal_id = d.id
            JOIN reports AS r       ON r.id = dr.report_id
            JOIN articles AS a      ON a.id = r.article_id
            WHERE d.key = ? ORDER BY a.published, a.id
            """,
            (deal_key,),
        )
        for key, title, site, url, published in rows:
            yield Source(key, title, site, url, from_iso(published))

    def _mark_all(self, now: datetime) -> None:
        """All deals that there are, and all articles that were told, are known now."""
        self._connection.execute(
            """
            INSERT INTO announced_deals (deal_key, since, status)
            SELECT key, ?, status FROM deals WHERE true
            ON CONFLICT (deal_key) DO UPDATE SET status = excluded.status
                WHERE status <> excluded.status
            """,
            (to_iso(now),),
        )
        self._connection.execute(
            """
            INSERT INTO announced_articles (article_id, digest)
            SELECT a.id, a.digest FROM articles AS a
            JOIN story_members AS m ON m.article_id = a.id
            WHERE NOT EXISTS (
                SELECT 1 FROM announced_articles AS n
                WHERE n.article_id = a.id AND n.digest = a.digest
            )
            ON CONFLICT (article_id) DO UPDATE SET digest = excluded.digest
            """
        )


# An article, as it is now, whose deals receivers know.
_KNOWN = """
    FROM deal_reports AS dr
    JOIN reports AS r            ON r.id = dr.report_id
    JOIN articles AS a           ON a.id = r.article_id
    LEFT JOIN announced_articles AS n ON n.article_id = a.id AND n.digest = a.digest
    WHERE dr.deal_id = d.id AND n.article_id IS"""

_NEW = f"""
    WHERE d.key NOT IN (SELECT deal_key FROM announced_deals)
        AND NOT EXISTS (SELECT 1 {_KNOWN} NOT NULL)
        AND (:since IS NULL OR d.first_published IS NULL OR d.first_published >= :since)
"""

_CHANGED = f"""
    WHERE d.status <> (
            SELECT k.status FROM announced_deals AS k WHERE k.deal_key = d.key AND k.status <> ''
        )
        AND EXISTS (SELECT 1 {_KNOWN} NULL)
        AND (:since IS NULL OR d.last_published IS NULL OR d.last_published >= :since)
"""
