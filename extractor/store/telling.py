"""The rows of stories, then of the deals that they tell."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import Any

from extractor.errors import LedgerError
from extractor.names import party_key
from extractor.records import Deal, DealReport, Member, Story
from extractor.store.companies import Registry, drop_unlisted
from extractor.store.rows import reports_of, to_iso


def replace_stories(
    connection: sqlite3.Connection, stories: Iterable[Story], gone: Collection[str] | None
) -> None:
    """Stores stories in place of those with the keys in `gone`; of all stories for None."""
    if gone is None:
        connection.execute("DELETE FROM stories")
    else:
        connection.executemany("DELETE FROM stories WHERE key = ?", [(key,) for key in gone])
    stories = tuple(stories)
    ids = _article_ids(connection, {m.article_key for story in stories for m in story.members})
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM stories").fetchone()
    numbered = tuple(enumerate(stories, start=last + 1))
    connection.executemany(
        "INSERT INTO stories (id, key) VALUES (?, ?)",
        [(story_id, story.key) for story_id, story in numbered],
    )
    connection.executemany(
        """
        INSERT INTO story_members (article_id, story_id, ordinal, score, reason, tied_to)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
            (_known(ids, m.article_key), story_id, ordinal, m.score, m.reason, ids.get(m.tied_to))
            for story_id, story in numbered
            for ordinal, m in enumerate(story.members)
        ],
    )


def stories(connection: sqlite3.Connection) -> tuple[Story, ...]:
    """The stories as last stored."""
    members: dict[str, list[Member]] = {}
    rows = connection.execute(
        """
        SELECT s.key, a.key, m.score, m.reason, coalesce(t.key, '')
        FROM story_members AS m
        JOIN stories AS s  ON s.id = m.story_id
        JOIN articles AS a ON a.id = m.article_id
        LEFT JOIN articles AS t ON t.id = m.tied_to
        ORDER BY s.id, m.ordinal
        """
    )
    for story_key, *member in rows:
        members.setdefault(story_key, []).append(Member(*member))
    return tuple(Story(key, tuple(found)) for key, found in members.items())


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether every article that was read is in a story."""
    (untold,) = connection.execute(
        """
        SELECT EXISTS (
            SELECT 1 FROM readings
            WHERE article_id NOT IN (SELECT article_id FROM story_members)
        )
        """
    ).fetchone()
    return not untold


def count(connection: sqlite3.Connection) -> tuple[int, int]:
    """How many stories and deals there are."""
    stories, deals = connection.execute(
        "SELECT (SELECT count(*) FROM stories), (SELECT count(*) FROM deals)"
    ).fetchone()
    return int(stories), int(deals)


def replace_deals(
    connection: sqlite3.Connection, deals: Iterable[Deal], principals: Collection[str] | None
) -> None:
    """Stores deals in place of the earlier ones: of these principals, or of the whole ledger."""
    deals = tuple(deals)
    removed = "1" if principals is None else "principal IN (SELECT value FROM json_each(:keys))"
    keys = {"keys": json.dumps(sorted(principals or ()))}
    ids = f"SELECT id FROM deals WHERE {removed}"
    parties = {
        id_
        for (id_,) in connection.execute(
            f"SELECT DISTINCT company_id FROM deal_parties WHERE deal_id IN ({ids})", keys
        )
    }
    # Without parties the reports that go leave nothing behind to be assembled again.
    connection.execute(f"DELETE FROM deal_parties WHERE deal_id IN ({ids})", keys)
    connection.execute(f"DELETE FROM deals WHERE {removed}", keys)
    writer = _DealWriter(connection, deals)
    for deal in deals:
        writer.add(deal)
    drop_unlisted(connection, parties)


_INSERT_DEAL = """
    INSERT INTO deals (key, type, status, company, principal, value, currency, value_max, megawatts,
        megawatts_gross, term_years, gpus, coins, site, first_published, last_published)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class _DealWriter:
    """Holds what is looked up for every deal: articles, reports, companies."""

    def __init__(self, connection: sqlite3.Connection, deals: Iterable[Deal]) -> None:
        self._connection = connection
        self._registry = Registry(connection)
        keys = {ref.article_key for deal in deals for ref in deal.reports}
        self._article_ids = _article_ids(connection, keys)
        self._reports = reports_of(connection, self._article_ids.values())

    def add(self, deal: Deal) -> None:
        deal_id = self._connection.execute(_INSERT_DEAL, _deal_row(deal)).lastrowid
        assert deal_id is not None  # an INSERT that did not raise has a row
        self._many(
            "INSERT INTO deal_parties (deal_id, role, ordinal, company_id, name) "
            "VALUES (?, ?, ?, ?, ?)",
            [
                (deal_id, role, ordinal, self._registry.id_of(name), name)
                for role, names in (
                    ("company", (deal.company,)),
                    ("counterparty", deal.counterparties),
                    ("backer", deal.backers),
                )
                for ordinal, name in enumerate(names)
            ],
        )
        self._many(
            "INSERT INTO deal_reports (deal_id, ordinal, report_id, story, source) "
            "VALUES (?, ?, ?, ?, ?)",
            [
                (
                    deal_id,
                    ordinal,
                    self._report_id(ref.article_key, ref.report),
                    ref.story_key,
                    ref.source,
                )
                for ordinal, ref in enumerate(deal.reports)
            ],
        )
        self._many(
            "INSERT INTO deal_conflicts (deal_id, slot, number, unit, label, article_id) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    deal_id,
                    conflict.slot,
                    claim.number,
                    claim.unit,
                    claim.label,
                    self._article_id(article_key),
                )
                for conflict in deal.conflicts
                for claim in conflict.claims
                for article_key in claim.article_keys
            ],
        )
        self._many(
            "INSERT INTO deal_links (deal_id, kind, other, total) VALUES (?, ?, ?, ?)",
            [(deal_id, link.kind, link.key, link.total) for link in deal.links],
        )
        self._many(
            "INSERT INTO deal_checks (deal_id, name, number, low, high, verdict, hint) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    deal_id,
                    check.name,
                    check.number,
                    check.low,
                    check.high,
                    check.verdict,
                    check.hint,
                )
                for check in deal.checks
            ],
        )
        self._many(
            "INSERT INTO deal_history (deal_id, status, since, article_id) VALUES (?, ?, ?, ?)",
            [
                (deal_id, change.status, to_iso(change.since), self._article_id(change.article_key))
                for change in deal.history
            ],
        )

    def _many(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        self._connection.executemany(sql, rows)

    def _article_id(self, key: str) -> int:
        return _known(self._article_ids, key)

    def _report_id(self, article_key: str, report: DealReport) -> int:
        """The row of a report, by its content; of equal ones of an article each serves once."""
        reports = self._reports.get(self._article_id(article_key), [])
        for place, (report_id, stored) in enumerate(reports):
            if stored == report:
                del reports[place]
                return report_id
        raise LedgerError(article_key, "a deal rests on a report that is not in the ledger")


def _deal_row(deal: Deal) -> tuple[Any, ...]:
    return (
        deal.key,
        deal.type,
        deal.status,
        deal.company,
        party_key(deal.company),
        deal.value,
        deal.currency,
        deal.value_max,
        deal.megawatts,
        deal.megawatts_gross,
        deal.term_years,
        deal.gpus,
        deal.coins,
        deal.site,
        to_iso(deal.first_published),
        to_iso(deal.last_published),
    )


def _article_ids(
    connection: sqlite3.Connection, keys: Collection[str] | None = None
) -> dict[str, int]:
    if keys is None:
        return dict(connection.execute("SELECT key, id FROM articles"))
    return dict(
        connection.execute(
            "SELECT key, id FROM articles WHERE key IN (SELECT value FROM json_each(:keys))",
            {"keys": json.dumps(sorted(keys))},
        )
    )


def _known(article_ids: dict[str, int], key: str) -> int:
    try:
        return article_ids[key]
    except KeyError:
        raise LedgerError(key, "this article is not in the ledger") from None
