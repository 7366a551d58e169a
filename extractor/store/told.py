"""Reports with what the deals stage needs to know about their articles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from extractor.names import name_family
from extractor.records import DealReport
from extractor.store.rows import from_iso, listed, reports_of, to_iso

OPENING = 500  # characters of a text, enough to see the mark of a wire


@dataclass(frozen=True, slots=True)
class ToldReport:
    """A report with its article: `sentences` are those that it rests on, joined.

    `article_deals` counts the deals that the article tells of.
    """

    article_key: str
    story_key: str
    published: datetime | None
    urls: tuple[str, ...]
    site: str
    opening: str
    sentences: str
    article_deals: int
    report: DealReport


@dataclass(frozen=True, slots=True)
class Moment:
    """What was known: published before `published`, and taken in before `taken_in`.

    None does not restrict. An article without a date counts as published when it came in;
    an edited one as taken in when its first version came, with what it says today.
    """

    published: datetime | None = None
    taken_in: datetime | None = None


_ABOUT = """
    SELECT
        r.id, r.article_id, a.key, coalesce(s.key, ''), a.published,
        a.url, a.canonical_url, a.site, substr(a.text, 1, {opening}),
        (SELECT count(*) FROM reports WHERE article_id = a.id),
        (SELECT group_concat(substr(
                CASE e.part WHEN 'title' THEN a.title ELSE a.text END,
                e.start_char + 1, e.end_char - e.start_char), char(10))
            FROM report_evidence AS e WHERE e.report_id = r.id)
    FROM reports AS r
    JOIN articles AS a           ON a.id = r.article_id
    LEFT JOIN story_members AS m ON m.article_id = a.id
    LEFT JOIN stories AS s       ON s.id = m.story_id
    {where}
    ORDER BY r.article_id, r.ordinal
"""

# First come is first known, whatever was edited later.
_CAME = """
    min(a.added_at, coalesce(
        (SELECT min(added_at) FROM article_versions WHERE article_id = a.id), a.added_at))
"""


def told_reports(
    connection: sqlite3.Connection, report_ids: Collection[int] | None = None
) -> list[ToldReport]:
    """These reports, or all, in the order of their articles."""
    where = "" if report_ids is None else f"WHERE r.id IN ({listed(report_ids)})"
    return _told(connection, where, {})


def reports_known(connection: sqlite3.Connection, moment: Moment) -> list[ToldReport]:
    """The reports of articles that were known at a moment."""
    where = f"""
    WHERE (:published IS NULL OR coalesce(a.published, {_CAME}) < :published)
        AND (:taken_in IS NULL OR {_CAME} < :taken_in)
    """
    return _told(
        connection,
        where,
        {"published": to_iso(moment.published), "taken_in": to_iso(moment.taken_in)},
    )


def _told(
    connection: sqlite3.Connection, where: str, parameters: dict[str, str | None]
) -> list[ToldReport]:
    rows = connection.execute(_ABOUT.format(opening=OPENING, where=where), parameters).fetchall()
    article_ids = {row[1] for row in rows}
    reports = {
        report_id: report
        for of_article in reports_of(connection, article_ids).values()
        for report_id, report in of_article
    }
    return [
        ToldReport(
            article_key=key,
            story_key=story,
            published=from_iso(published),
            urls=(url, canonical_url),
            site=site,
            opening=opening,
            sentences=sentences or "",
            article_deals=deals,
            report=reports[id_],
        )
        for id_, _, key, story, published, url, canonical_url, site, opening, deals, sentences in (
            rows
        )
    ]


# What has to be assembled again


def is_assembled_by(connection: sqlite3.Connection, fingerprint: str) -> bool:
    """Whether the deals were assembled by these rules."""
    row = connection.execute("SELECT fingerprint FROM assembly").fetchone()
    return row is not None and row[0] == fingerprint


def stale_names(connection: sqlite3.Connection) -> tuple[frozenset[str], frozenset[str]]:
    """Names in new or changed reports, and keys of companies whose deals lost reports."""
    names = connection.execute(
        """
        SELECT DISTINCT s.name
        FROM stale_articles AS t
        JOIN reports AS r      ON r.article_id = t.article_id
        JOIN report_slots AS s ON s.report_id = r.id
        WHERE s.slot IN ('company', 'counterparty')
        """
    )
    keys = connection.execute("SELECT principal FROM stale_principals")
    return frozenset(name for (name,) in names), frozenset(key for (key,) in keys)


def with_kin(connection: sqlite3.Connection, keys: frozenset[str]) -> frozenset[str]:
    """These companies, and those of which one may be a shorter name of the other."""
    if not keys:
        return keys
    families = frozenset(map(name_family, keys))
    known = (key for (key,) in connection.execute("SELECT key FROM companies"))
    return keys | {key for key in known if name_family(key) in families}


def reports_of_principals(connection: sqlite3.Connection, keys: Collection[str]) -> frozenset[int]:
    """The reports of these companies' deals, and those of stale articles.

    That is enough to assemble the deals of these companies anew: a report that names two of
    them the other way around than before is in a stale article, and both of them are stale.
    """
    rows = connection.execute(
        """
        SELECT dr.report_id
        FROM deals AS d JOIN deal_reports AS dr ON dr.deal_id = d.id
        WHERE d.principal IN (SELECT value FROM json_each(:keys))
        UNION
        SELECT r.id FROM stale_articles AS t JOIN reports AS r ON r.article_id = t.article_id
        """,
        {"keys": json.dumps(sorted(keys))},
    )
    return frozenset(id_ for (id_,) in rows)


def note_assembled(connection: sqlite3.Connection, fingerprint: str) -> None:
    """The deals are those of the reports, by these rules."""
    connection.execute("DELETE FROM stale_articles")
    connection.execute("DELETE FROM stale_principals")
    connection.execute(
        "INSERT OR REPLACE INTO assembly (id, fingerprint) VALUES (1, ?)", (fingerprint,)
    )


def note_unassembled(connection: sqlite3.Connection) -> None:
    """All deals have to be assembled again, since companies have other names."""
    connection.execute("DELETE FROM assembly")
