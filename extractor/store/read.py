"""The read side of a ledger: questions that start fast, with the standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from extractor.errors import LedgerError, QueryError
from extractor.records import CONFLICT_LABELS, Article, Deal
from extractor.store import changes, company_page, detail, pages, story_page, story_pair
from extractor.store.answers import (
    ArticleRow,
    Change,
    ClaimRow,
    CompanyPage,
    CompanyRow,
    DealDetail,
    DealRow,
    Failure,
    FeedRow,
    SearchHit,
    Stats,
    StoryPage,
    StoryPair,
    StoryRow,
    Total,
)
from extractor.store.conflicts import claims
from extractor.store.conflicts import counts as conflict_counts
from extractor.store.deal_rows import deal_rows
from extractor.store.export import export_articles
from extractor.store.opening import OpenLedger, connect_for_reading, sqlite_errors_of
from extractor.store.query import DealQuery, require, select_deals
from extractor.store.rows import ARTICLE_COLUMNS, article_of, from_iso, to_iso
from extractor.store.standin import stand_in
from extractor.store.subscriptions import feed_rows
from extractor.store.told import Moment, ToldReport, reports_known
from extractor.store.totals import totals


def open_for_reading(path: Path | str) -> LedgerReader:
    """The ledger at `path`, opened read-only.

    Raises LedgerError for a missing or damaged file, for the database of another program,
    and for a ledger of another version of dealwire.
    """
    path = Path(path)
    return LedgerReader(path, connect_for_reading(path))


class LedgerReader(OpenLedger):
    """An open ledger that can be asked, never changed. A context manager."""

    def deals(self, query: DealQuery | None = None) -> tuple[DealRow, ...]:
        """The deals that a query asks for, all of them without one.

        Raises QueryError for an unknown company, ticker, type, status or sort.
        """
        with self._reading():
            tail, parameters = select_deals(self._connection, query or DealQuery())
            return deal_rows(self._connection, tail, parameters)

    def deal(self, key: str) -> DealDetail:
        """A deal by its key or the beginning of it, with the sentences behind every field.

        Raises QueryError if no deal or several begin like that.
        """
        with self._reading():
            return detail.deal(self._connection, key)

    def conflicts(
        self, query: DealQuery | None = None, *, labels: tuple[str, ...] = ()
    ) -> tuple[ClaimRow, ...]:
        """The contested fields of the deals that a query asks for, value by value.

        With `labels` only fields whose gravest label is one of these. Raises QueryError as
        `deals` does, and for an unknown label.
        """
        for label in labels:
            require("label", label, CONFLICT_LABELS)
        with self._reading():
            tail, parameters = select_deals(self._connection, query or DealQuery())
            ids = self._connection.execute(f"SELECT d.id FROM deals AS d {tail}", parameters)
            found = claims(self._connection, [id_ for (id_,) in ids])
        return tuple(claim for claim in found if not labels or claim.conflict in labels)

    def totals(self, query: DealQuery | None = None) -> tuple[Total, ...]:
        """What the deals that a query asks for add up to, by type and in all, each once."""
        return totals(self.deals(query))

    def article(self, key: str) -> Article:
        """An article by its key or url, or by the beginning of its key.

        Raises QueryError if no article or several begin like that.
        """
        with self._reading():
            rows = self._connection.execute(
                f"""
                SELECT {ARTICLE_COLUMNS} FROM articles
                WHERE url = :key OR substr(key, 1, length(:key)) = :key
                ORDER BY key <> :key, url <> :key, key LIMIT 5
                """,
                {"key": key},
            ).fetchall()
        found = [article_of(row) for row in rows]
        if not found or not key:
            hint = "`dealwire articles --format json` lists the keys"
            raise QueryError(f"article {key}", f"no such article or file; {hint}")
        if len(found) > 1 and key not in (found[0].key, found[0].url):
            keys = ", ".join(article.key for article in found)
            raise QueryError(f"article {key}", f"several articles begin like that: {keys}")
        return found[0]

    def articles(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> tuple[ArticleRow, ...]:
        """Articles, the newest first."""
        with self._reading():
            rows = self._connection.execute(
                """
                SELECT a.key, a.title, a.site, a.url, a.published, coalesce(s.key, ''),
                    (SELECT count(*) FROM reports AS r WHERE r.article_id = a.id),
                    (SELECT group_concat(w.kind || ': ' || w.reason, char(10))
                        FROM article_warnings AS w WHERE w.article_id = a.id)
                FROM articles AS a
                LEFT JOIN story_members AS m ON m.article_id = a.id
                LEFT JOIN stories AS s ON s.id = m.story_id
                WHERE (:since IS NULL OR a.published >= :since)
                    AND (:until IS NULL OR a.published < :until)
                ORDER BY a.published DESC NULLS LAST, a.id
                LIMIT :limit
                """,
                {"since": to_iso(since), "until": to_iso(until), "limit": _limit(limit)},
            )
            return tuple(
                ArticleRow(
                    *(key, title, site, url, from_iso(published), story, deals),
                    warnings=tuple(warnings.split("\n")) if warnings else (),
                )
                for key, title, site, url, published, story, deals, warnings in rows
            )

    def stories(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        least_articles: int = 1,
        limit: int | None = None,
    ) -> tuple[StoryRow, ...]:
        """Stories of so many articles that began in a period, the newest first."""
        with self._reading():
            rows = self._connection.execute(
                _STORIES,
                {
                    "since": to_iso(since),
                    "until": to_iso(until),
                    "least": least_articles,
                    "limit": _limit(limit),
                },
            )
            return tuple(
                StoryRow(key, title, site, from_iso(first), articles, deals, _reasons(reasons))
                for key, title, site, first, articles, deals, reasons in rows
            )

    def story(self, name: str) -> StoryPage:
        """A story by its key or the beginning of it, or by an article of it.

        Raises QueryError if there is no such story, or several.
        """
        with self._reading():
            return story_page.story(self._connection, name)

    def story_pair(self, left: str, right: str) -> StoryPair:
        """Two articles by key or url, with what a comparison needs.

        Raises QueryError for one that is missing, or was not read.
        """
        with self._reading():
            return story_pair.pair(self._connection, left, right)

    def companies(self, *, limit: int | None = None) -> tuple[CompanyRow, ...]:
        """The companies that a deal or an article names, those with most deals first."""
        with self._reading():
            rows = self._connection.execute(_COMPANIES, {"limit": _limit(limit)})
            return tuple(
                CompanyRow(name, category, ticker, bool(listed), deals, articles)
                for name, category, ticker, listed, deals, articles in rows
            )

    def company(self, name: str) -> CompanyPage:
        """A company by name, alias, former name or ticker, with its deals and totals.

        Raises QueryError with the nearest names if there is none.
        """
        with self._reading():
            return company_page.company(self._connection, name)

    def search(self, words: str, *, limit: int | None = None) -> tuple[SearchHit, ...]:
        """Articles that have all the words (or "phrases in quotes"), best first."""
        with self._reading():
            rows = self._connection.execute(
                """
                SELECT a.key, a.title, a.site, a.url, a.published,
                    snippet(article_search, 1, '[', ']', '…', 24)
                FROM article_search JOIN articles AS a ON a.id = article_search.rowid
                WHERE article_search MATCH :words
                ORDER BY bm25(article_search, 5.0, 1.0), a.id
                LIMIT :limit
                """,
                {"words": _match_all(words), "limit": _limit(limit)},
            )
            return tuple(
                SearchHit(detail.source_of(source), " ".join(snippet.split()))
                for *source, snippet in rows
            )

    def changes(
        self,
        article: str = "",
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        only_deals: bool = False,
    ) -> tuple[Change, ...]:
        """Edits of articles after they came in, the newest first; of one, or of all.

        Raises QueryError for an unknown article.
        """
        with self._reading():
            return tuple(changes.changes(self._connection, article, since, until, only_deals))

    def export_articles(self) -> Iterator[dict[str, Any]]:
        """Each article with what it says, in the form of the gold annotations."""
        with self._reading():
            yield from export_articles(self._connection)

    def pages(self) -> Iterator[pages.KeptPage | LedgerError]:
        """The kept pages in the order in which they came; for a damaged one an error."""
        with self._reading():
            yield from pages.kept(self._connection)

    def feeds(self) -> tuple[FeedRow, ...]:
        """The watched feeds, in the order in which they were added."""
        with self._reading():
            return feed_rows(self._connection)

    def stats(self) -> Stats:
        """How much the ledger holds, and what failed to come in."""
        with self._reading():
            *counts, first, last = self._connection.execute(_COUNTS).fetchone()
            feeds, pages, articles, read, stories, facts, reports, deals, companies = counts
            fingerprints = self._connection.execute(
                "SELECT DISTINCT fingerprint FROM readings ORDER BY fingerprint"
            )
            failures = self._connection.execute(
                "SELECT source, stage, reason, at FROM failures ORDER BY source, stage"
            )
            return Stats(
                feeds=feeds,
                pages=pages,
                articles=articles,
                read=read,
                stories=stories,
                facts=facts,
                reports=reports,
                deals=deals,
                companies=companies,
                first_published=from_iso(first),
                last_published=from_iso(last),
                fingerprints=tuple(name for (name,) in fingerprints),
                failures=tuple(
                    Failure(source, stage, reason, from_iso(at))
                    for source, stage, reason, at in failures
                ),
                conflicts=conflict_counts(self._connection),
                totals=totals(deal_rows(self._connection, "", {})),
            )

    # What was known at another time

    def reports_known(self, moment: Moment) -> list[ToldReport]:
        """The reports of the articles that were known at a moment."""
        with self._reading():
            return reports_known(self._connection, moment)

    def stand_in(self, deals: Iterable[Deal]) -> None:
        """Answers from these deals from now on; the ledger itself stays as it is."""
        with self._reading():
            stand_in(self._connection, deals)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with sqlite_errors_of(self.path, "read"):
            yield


def _limit(limit: int | None) -> int:
    return -1 if limit is None else limit


def _reasons(joined: str | None) -> tuple[str, ...]:
    return tuple(joined.split("\n")) if joined else ()


def _match_all(words: str) -> str:
    """What a person typed as an FTS5 expression: every word or quoted phrase, quoted."""
    pieces = [
        f'"{piece.strip()}"' if index % 2 else " ".join(f'"{word}"' for word in piece.split())
        for index, piece in enumerate(words.split('"'))
    ]
    expression = " ".join(piece for piece in pieces if any(c.isalnum() for c in piece))
    if not expression:
        raise QueryError(repr(words), "there is no word to search for")
    return expression


_STORIES = """
    SELECT s.key, a.title, a.site, a.published,
        (SELECT count(*) FROM story_members WHERE story_id = s.id),
        (SELECT count(DISTINCT dr.deal_id)
            FROM story_members AS m
            JOIN reports AS r       ON r.article_id = m.article_id
            JOIN deal_reports AS dr ON dr.report_id = r.id
            WHERE m.story_id = s.id),
        (SELECT group_concat(reason, char(10)) FROM (
            SELECT DISTINCT reason FROM story_members
            WHERE story_id = s.id AND ordinal > 0 ORDER BY reason
        ))
    FROM stories AS s
    JOIN story_members AS f ON f.story_id = s.id AND f.ordinal = 0
    JOIN articles AS a      ON a.id = f.article_id
    WHERE (:since IS NULL OR a.published >= :since)
        AND (:until IS NULL OR a.published < :until)
        AND (:least <= 1 OR :least <= (SELECT count(*) FROM story_members WHERE story_id = s.id))
    ORDER BY a.published DESC NULLS LAST, s.id
    LIMIT :limit
"""

_COMPANIES = """
    WITH
    dealt AS (
        SELECT company_id, count(DISTINCT deal_id) AS deals
        FROM deal_parties GROUP BY company_id
    ),
    named AS (
        SELECT company_key, count(DISTINCT article_id) AS articles
        FROM facts WHERE company_key IS NOT NULL GROUP BY company_key
    )
    SELECT c.name, c.category,
        coalesce((SELECT name FROM company_names
            WHERE company_id = c.id AND kind = 'ticker'), '') AS ticker,
        c.listed, coalesce(dealt.deals, 0) AS deals, coalesce(named.articles, 0) AS articles
    FROM companies AS c
    LEFT JOIN dealt ON dealt.company_id = c.id
    LEFT JOIN named ON named.company_key = c.key
    WHERE dealt.deals > 0 OR named.articles > 0
    ORDER BY deals DESC, articles DESC, c.name
    LIMIT :limit
"""

_COUNTS = """
    SELECT
        (SELECT count(*) FROM feeds),
        (SELECT count(*) FROM pages),
        (SELECT count(*) FROM articles),
        (SELECT count(*) FROM readings),
        (SELECT count(*) FROM stories),
        (SELECT count(*) FROM facts),
        (SELECT count(*) FROM reports),
        (SELECT count(*) FROM deals),
        (SELECT count(DISTINCT company_id) FROM deal_parties),
        (SELECT min(published) FROM articles),
        (SELECT max(published) FROM articles)
"""
