"""The write side of a ledger: each stage keeps its records here before the next begins."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database, Migrations

from extractor.errors import LedgerError
from extractor.names import party_key
from extractor.records import Article, Deal, Entry, Feed, Page, Reading, Story
from extractor.store import (
    companies,
    feeds,
    findings,
    gathered,
    pages,
    runs,
    story_choice,
    telling,
    told,
    versions,
)
from extractor.store.archive import Archive
from extractor.store.opening import (
    MIGRATION_SET,
    OpenLedger,
    check_before_writing,
    sqlite_errors_of,
)
from extractor.store.outbox import Outbox
from extractor.store.rows import ARTICLE_COLUMNS, article_of, readings_of, to_iso
from extractor.store.schema import MIGRATIONS
from extractor.store.story_queue import StoryQueue
from extractor.store.story_shelf import StoryShelf
from extractor.store.subscriptions import Subscriptions
from extractor.store.wanted import WantedPages


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_ledger(
    path: Path | str,
    *,
    create: bool = True,
    clock: Callable[[], datetime] = utc_now,
    wait_seconds: float = 30.0,
) -> Ledger:
    """The ledger at `path`, migrated to this version, ready to be written.

    Another process that writes is waited for, at each transaction so many seconds.

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
        connection = sqlite3.connect(path, timeout=wait_seconds)
        try:
            # A failing first write tells a read-only file or folder before work is done.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            # Postings of stories lie all over their period of the table: 64 MB are kept at hand.
            connection.execute("PRAGMA cache_size = -65536")
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


class Ledger(OpenLedger):
    """An open ledger. Every method is a transaction, or part of the one around it.

    What is already there is left as it is, so that storing a thing twice changes nothing.
    """

    def __init__(self, path: Path, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__(path, database.conn)
        self._database = database
        self._clock = clock

    def now(self) -> datetime:
        """The time by the clock of the ledger."""
        return self._clock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or, after an exception, none of it."""
        with sqlite_errors_of(self.path, "write"):
            if self._connection.in_transaction:
                with self._database.atomic():
                    yield
                return
            # A transaction that begins by reading cannot wait for another writer later on:
            # what it read would be outdated. So its turn to write is waited for here.
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    @property
    def archive(self) -> Archive:
        """The kept pages."""
        return Archive(self._connection, self.transaction, self._clock)

    def shrink(self) -> None:
        """Gives space that is free within the file back to the disk."""
        with sqlite_errors_of(self.path, "shrink"):
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def subscriptions(self) -> Subscriptions:
        """The feeds that are watched."""
        return Subscriptions(self._connection, self.transaction)

    @property
    def wanted(self) -> WantedPages:
        """The pages behind entries of feeds that are to be fetched."""
        return WantedPages(self._connection, self.transaction)

    @property
    def outbox(self) -> Outbox:
        """What is to be posted to a receiver of webhooks."""
        return Outbox(self._connection, self.transaction)

    # What was gathered

    def feed(self, url: str) -> Feed:
        """The feed as last stored, or a fresh one."""
        return feeds.feed(self._connection, url)

    def add_feed(self, feed: Feed) -> None:
        """Stores the feed as it is now."""
        with self.transaction():
            feeds.add_feed(self._connection, feed)

    def add_entries(
        self, feed_url: str, entries: Iterable[Entry], key_of: Callable[[str], str]
    ) -> feeds.Arrived:
        """Stores the entries of a stored feed; tells which are new or were edited.

        `key_of` gives the comparison key of a url: a feed that changes the ids or links of
        its entries does not bring them all again. Their pages are `wanted` from then on.
        """
        with self.transaction():
            return feeds.add_entries(self._connection, feed_url, entries, key_of)

    def has_entries(self, feed_url: str) -> bool:
        """Whether a feed was read from this url."""
        return feeds.has_entries(self._connection, feed_url)

    def add_page(
        self,
        page: Page,
        *,
        canonical_url: str = "",
        entry: Entry | None = None,
        article: Article | None = None,
    ) -> bool:
        """Keeps a page with the article that was cut from it, if there was one.

        `entry` is what a feed said of the page. Returns whether the article is new, as
        `add_article` does.
        """
        with self.transaction():
            now = self._clock()
            id_ = pages.add(self._connection, page, canonical_url or page.url, entry, now)
            if article is None:
                return False
            is_new = gathered.add_article(self._connection, article, now)
            pages.link(self._connection, id_, article, entry, is_new)
            return is_new

    def page(self, url: str, *, since: datetime | None = None) -> Page | None:
        """The page that came last from `url`, not before `since`, unless it was pruned.

        Raises LedgerError if what is kept of it is damaged.
        """
        return pages.newest(self._connection, url, since)

    def confirm_page(self, url: str) -> None:
        """Notes that the page that came last from `url` is still the same."""
        with self.transaction():
            pages.confirm(self._connection, url, self._clock())

    def is_taken(self, page: Page) -> bool:
        """Whether an article was cut from the same bytes under the same url."""
        return pages.is_taken(self._connection, page)

    def is_known(self, canonical_url: str) -> bool:
        """Whether a url led to an article: its own url, or that of a page of it."""
        return pages.is_known(self._connection, canonical_url)

    def fill_canonical_urls(self, canonical: Callable[[str], str]) -> None:
        """Gives the pages of an older ledger their canonical urls."""
        with self.transaction():
            pages.fill_canonical_urls(self._connection, canonical)

    def add_article(self, article: Article) -> bool:
        """Stores an article; whether it, or this version of it, is new.

        An edited article takes the place of its earlier version, which is kept aside with
        its reading. A version that was once replaced does not return, so that a source
        with two texts under one key comes to rest.
        """
        with self.transaction():
            return gathered.add_article(self._connection, article, self._clock())

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

    def unread_versions(self, fingerprint: str) -> tuple[tuple[int, Article], ...]:
        """Earlier versions of articles that the pipeline of this fingerprint has not read."""
        return versions.unread(self._connection, fingerprint)

    def versions(self) -> tuple[tuple[int, Article], ...]:
        """All earlier versions of articles."""
        return versions.every(self._connection)

    def save_version_reading(self, version_id: int, reading: Reading, fingerprint: str) -> None:
        """Stores what was found in an earlier version."""
        with self.transaction():
            versions.save_reading(self._connection, version_id, reading, fingerprint)

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
        return telling.stories(self._connection)

    def replace_stories(
        self, stories: Iterable[Story], gone: Collection[str] | None = None
    ) -> None:
        """Stores stories in place of those with the keys in `gone`; of all stories for None."""
        with self.transaction():
            telling.replace_stories(self._connection, stories, gone)

    @property
    def story_shelf(self) -> StoryShelf:
        """What the stories stage remembers, to be used within a transaction."""
        return StoryShelf(self._connection)

    def story_queue(self, fingerprint: str) -> StoryQueue:
        """The articles whose story is to be found, by rules of this fingerprint.

        Under other rules than the last time these are all articles.
        """
        return StoryQueue(self._connection, fingerprint)

    def story_members(self, name: str) -> tuple[int, ...]:
        """The row ids of a story's articles; the story by its key or by an article of it."""
        return story_choice.members(self._connection, story_choice.story_id(self._connection, name))

    def article_id(self, name: str) -> int:
        """The row id of an article by its key or url. Raises QueryError if there is none."""
        return story_choice.article_id(self._connection, name)

    def decide_stories(self, pairs: Iterable[tuple[int, int]], *, joined: bool) -> None:
        """Notes a person's word that pairs of articles tell one story, or do not."""
        with self.transaction():
            story_choice.decide(self._connection, pairs, joined, self._clock())

    def undo_stories(self, ids: Collection[int], *, joined: bool) -> tuple[int, ...]:
        """Forgets such words about articles; which articles they concerned."""
        with self.transaction():
            return story_choice.undo(self._connection, ids, joined)

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
        return told.with_kin(self._connection, keys | {party_key(resolve(name)) for name in names})

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

    # Runs

    def broken_off(self, verb: str, *, within: timedelta) -> datetime | None:
        """When the run began that the next one goes on with; None if no run broke off.

        Runs of `verb` that began since the last one that came to its end, and not longer
        ago than `within`.
        """
        return runs.broken_off(self._connection, verb, self._clock() - within)

    def start_run(self, verb: str, fingerprint: str) -> int:
        """Notes that a run began; returns its number."""
        with self.transaction():
            return runs.start(self._connection, verb, fingerprint, self._clock())

    def finish_run(
        self, run_id: int, *, articles_new: int, articles_read: int, failures: int
    ) -> None:
        """Notes that a run came to its end."""
        with self.transaction():
            counts = (articles_new, articles_read, failures)
            runs.finish(self._connection, run_id, counts, self._clock())

    def is_told(self) -> bool:
        """Whether stories and deals are those of the readings: no run broke off before."""
        return runs.is_finished(self._connection) and telling.is_whole(self._connection)

    def count_told(self) -> tuple[int, int]:
        """How many stories and deals there are."""
        return telling.count(self._connection)
