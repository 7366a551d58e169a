"""The write side of a ledger: each stage keeps its records here before the next begins."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database, Migrations

from extractor.errors import LedgerError
from extractor.names import party_key
from extractor.records import Article, Deal, Entry, Feed, Member, Page, Reading, Story
from extractor.store import companies, findings, gathered, telling, told
from extractor.store.opening import MIGRATION_SET, check_before_writing, sqlite_errors_of
from extractor.store.rows import ARTICLE_COLUMNS, article_of, readings_of, to_iso
from extractor.store.schema import MIGRATIONS


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_ledger(
    path: Path | str, *, create: bool = True, clock: Callable[[], datetime] = utc_now
) -> Ledger:
    """The ledger at `path`, migrated to this version, ready to be written.

    Raises LedgerError if it cannot be opened, belongs to another program or to a newer
    dealwire, or is missing and `create` is false.
    """
    path = Path(path)
    if not create and not path.exists():
        raise LedgerError(
            str(path), f"no ledger here; make one with: dealwire ingest SOURCE --db {path}"
        )
    check_before_writing(path)
    with sqlite_errors_of(path, "open"):
        connection = sqlite3.connect(path, timeout=30)
        try:
            # A failing first write tells a read-only file or folder before work is done.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            database = Database(connection)
            _migrations().apply(database)
        except BaseException:
            connection.close()
            raise
    return Ledger(path, database, clock)


def _migrations() -> Migrations:
    migrations = Migrations(MIGRATION_SET)
    for name, script in MIGRATIONS:

        def migrate(db: Database, script: str = script) -> None:
            db.executescript(script)

        migrations(name=name)(migrate)
    return migrations


class Ledger:
    """An open ledger. Every method is a transaction, or part of the one around it.

    What is already there is left as it is, so that storing a thing twice changes nothing.
    """

    def __init__(self, path: Path, database: Database, clock: Callable[[], datetime]) -> None:
        self.path = path
        self._database = database
        self._connection: sqlite3.Connection = database.conn
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or, after an exception, none of it."""
        with sqlite_errors_of(self.path, "write"), self._database.atomic():
            yield

    # What was gathered

    def feed(self, url: str) -> Feed:
        """The feed as last stored, or a fresh one."""
        return gathered.feed(self._connection, url)

    def add_feed(self, feed: Feed) -> None:
        """Stores the feed as it is now."""
        with self.transaction():
            gathered.add_feed(self._connection, feed)

    def add_entries(self, feed_url: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Stores the entries of a stored feed; returns those that are new or were edited."""
        with self.transaction():
            return gathered.add_entries(self._connection, feed_url, entries)

    def add_page(self, page: Page) -> int:
        """Keeps the bytes of a page, compressed; returns the row that holds them."""
        with self.transaction():
            return gathered.add_page(self._connection, page)

    def page(self, url: str) -> Page | None:
        """The newest stored page that was fetched from `url`."""
        return gathered.page(self._connection, url)

    def add_article(self, article: Article, page_id: int | None = None) -> bool:
        """Stores an article; whether it, or this version of it, is new.

        An edited article takes the place of its earlier version, which is kept aside; its
        reading goes. A version that was once replaced does not return, so that a source
        with two texts under one key comes to rest.
        """
        with self.transaction():
            return gathered.add_article(self._connection, article, page_id, self._clock())

    def entries(self, feed_url: str) -> tuple[Entry, ...]:
        """All entries that the feed ever had, in the order in which they came."""
        return gathered.entries(self._connection, feed_url)

    def known_urls(self) -> frozenset[str]:
        """The urls that led to an article: of the article itself, or of a page of it."""
        rows = self._connection.execute(
            """
            SELECT url FROM articles UNION SELECT canonical_url FROM articles
            UNION SELECT url FROM pages WHERE article_id IS NOT NULL
            """
        )
        return frozenset(url for (url,) in rows if url)

    def failing(self) -> frozenset[str]:
        """The sources that failed and have not worked since."""
        return frozenset(s for (s,) in self._connection.execute("SELECT source FROM failures"))

    def add_failure(self, source: str, stage: str, reason: str) -> None:
        """Records that a source failed in a stage, until `clear_failure` of it."""
        with self.transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO failures (source, stage, reason, at) VALUES (?, ?, ?, ?)",
                (source, stage, reason, to_iso(self._clock())),
            )

    def clear_failure(self, source: str) -> None:
        """The source has worked again."""
        with self.transaction():
            self._connection.execute("DELETE FROM failures WHERE source = ?", (source,))

    # What was read

    def articles(self) -> Iterator[Article]:
        """All articles, in the order in which they came."""
        sql = f"SELECT {ARTICLE_COLUMNS} FROM articles ORDER BY id"
        return (article_of(row) for row in self._connection.execute(sql))

    def unread(self, fingerprint: str) -> tuple[Article, ...]:
        """The articles that the pipeline of this fingerprint has not read."""
        rows = self._connection.execute(
            f"""
            SELECT {ARTICLE_COLUMNS} FROM articles
            WHERE id NOT IN (SELECT article_id FROM readings WHERE fingerprint = ?)
            ORDER BY id
            """,
            (fingerprint,),
        )
        return tuple(article_of(row) for row in rows)

    def save_reading(self, article: Article, reading: Reading, fingerprint: str) -> None:
        """Stores what was found in a stored article, in place of its earlier reading."""
        with self.transaction():
            findings.save(self._connection, article, reading, fingerprint, self._clock())

    def readings(self) -> list[tuple[Article, Reading]]:
        """All articles that were read, with what was found, in the order they came."""
        found = readings_of(self._connection)
        rows = self._connection.execute(
            f"SELECT id, {ARTICLE_COLUMNS} FROM articles "
            "WHERE id IN (SELECT article_id FROM readings) ORDER BY id"
        )
        return [(article_of(row), found[id_]) for id_, *row in rows]

    # What was told

    def stories(self) -> tuple[Story, ...]:
        """The stories as last stored."""
        members: dict[str, list[Member]] = {}
        rows = self._connection.execute(
            """
            SELECT s.key, a.key, m.score, m.reason
            FROM story_members AS m
            JOIN stories AS s  ON s.id = m.story_id
            JOIN articles AS a ON a.id = m.article_id
            ORDER BY s.id, m.ordinal
            """
        )
        for story_key, article_key, score, reason in rows:
            members.setdefault(story_key, []).append(Member(article_key, score, reason))
        return tuple(Story(key, tuple(found)) for key, found in members.items())

    def replace_stories(self, stories: Iterable[Story]) -> None:
        """Stores the stories of the whole ledger in place of the earlier ones."""
        with self.transaction():
            telling.replace_stories(self._connection, stories)

    def replace_deals(
        self, deals: Iterable[Deal], principals: Collection[str] | None = None
    ) -> None:
        """Stores deals in place of the earlier ones.

        Those of the whole ledger, or only of `principals` (comparison keys).
        """
        with self.transaction():
            telling.replace_deals(self._connection, deals, principals)

    def is_assembled_by(self, fingerprint: str) -> bool:
        """Whether the deals were assembled by these rules from these names of companies."""
        return told.is_assembled_by(self._connection, fingerprint)

    def stale_principals(self) -> frozenset[str]:
        """The companies (comparison keys) whose deals may have changed since the last time."""
        names, keys = told.stale_names(self._connection)
        resolve = self.resolver()
        return keys | {party_key(resolve(name)) for name in names}

    def told_reports(self, principals: Collection[str] | None = None) -> list[told.ToldReport]:
        """All reports with their articles, or what the deals of `principals` may consist of."""
        if principals is None:
            return told.told_reports(self._connection)
        ids = told.reports_of_principals(self._connection, principals)
        return told.told_reports(self._connection, ids)

    def note_assembled(self, fingerprint: str) -> None:
        """The deals are those of the reports, by the rules of this fingerprint."""
        with self.transaction():
            told.note_assembled(self._connection, fingerprint)

    def sync_companies(self, listed: Iterable[companies.ListedCompany]) -> bool:
        """Makes the listed companies those given; whether anything changed."""
        with self.transaction():
            return companies.sync(self._connection, listed)

    def resolver(self) -> Callable[[str], str]:
        """A function from any name of a listed company to its current one."""
        return companies.resolver(self._connection)

    # Runs

    def start_run(self, verb: str, fingerprint: str) -> int:
        """Notes that a run began; returns its number."""
        with self.transaction():
            run_id = self._connection.execute(
                "INSERT INTO runs (verb, started_at, fingerprint) VALUES (?, ?, ?)",
                (verb, to_iso(self._clock()), fingerprint),
            ).lastrowid
        assert run_id is not None  # an INSERT that did not raise has a row
        return run_id

    def finish_run(
        self, run_id: int, *, articles_new: int, articles_read: int, failures: int
    ) -> None:
        """Notes that a run came to its end."""
        with self.transaction():
            self._connection.execute(
                """
                UPDATE runs SET
                    finished_at = ?, articles_new = ?, articles_read = ?, failures = ?
                WHERE id = ?
                """,
                (to_iso(self._clock()), articles_new, articles_read, failures, run_id),
            )

    def is_told(self) -> bool:
        """Whether stories and deals are those of the readings: no run broke off before."""
        (finished,) = self._connection.execute(
            "SELECT count(*) = 0 OR max(id) IN (SELECT id FROM runs WHERE finished_at NOT NULL) "
            "FROM runs"
        ).fetchone()
        (untold,) = self._connection.execute(
            """
            SELECT EXISTS (
                SELECT 1 FROM readings
                WHERE article_id NOT IN (SELECT article_id FROM story_members)
            )
            """
        ).fetchone()
        return bool(finished) and not untold

    def count_told(self) -> tuple[int, int]:
        """How many stories and deals there are."""
        stories, deals = self._connection.execute(
            "SELECT (SELECT count(*) FROM stories), (SELECT count(*) FROM deals)"
        ).fetchone()
        return int(stories), int(deals)
