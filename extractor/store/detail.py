"""A deal with the sentences that state each of its fields."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from extractor.errors import QueryError
from extractor.store.answers import CheckRow, DealDetail, LinkRow, Source, Statement, Step
from extractor.store.conflicts import claims
from extractor.store.deal_rows import deal_rows
from extractor.store.passage import sentence_around
from extractor.store.rows import from_iso
from extractor.store.standin import is_standing_in


def deal(connection: sqlite3.Connection, key: str) -> DealDetail:
    """The deal whose key is, or alone begins with, `key`. Raises QueryError otherwise."""
    id_ = _deal_id(connection, key)
    (row,) = deal_rows(connection, "WHERE d.id = :id", {"id": id_})
    return DealDetail(
        deal=row,
        statements=_statements(connection, id_),
        claims=claims(connection, (id_,)),
        history=_history(connection, id_),
        links=_links(connection, row.key),
        checks=_checks(connection, id_),
        sources=_sources(connection, id_),
    )


def _deal_id(connection: sqlite3.Connection, key: str) -> int:
    rows = connection.execute(
        """
        SELECT id, key FROM deals
        WHERE substr(key, 1, length(:key)) = :key
        ORDER BY key <> :key, key LIMIT 5
        """,
        {"key": key},
    ).fetchall()
    if not rows or not key:
        then = " known then" if is_standing_in(connection) else ""
        raise QueryError(f"deal {key}", f"no such deal{then}; `dealwire deals` lists the keys")
    if len(rows) > 1 and rows[0][1] != key:
        keys = ", ".join(found for _, found in rows)
        raise QueryError(f"deal {key}", f"several deals begin like that: {keys}")
    return int(rows[0][0])


def _statements(connection: sqlite3.Connection, deal_id: int) -> tuple[Statement, ...]:
    rows = connection.execute(
        """
        SELECT s.slot, s.name, s.number, s.unit, s.rule, s.start_char, s.end_char,
            CASE s.part WHEN 'title' THEN a.title ELSE a.text END,
            a.key, a.title, a.site, a.url, a.published, dr.story, dr.source
        FROM deal_reports AS dr
        JOIN reports AS r      ON r.id = dr.report_id
        JOIN report_slots AS s ON s.report_id = r.id
        JOIN articles AS a     ON a.id = r.article_id
        WHERE dr.deal_id = :id
        ORDER BY dr.ordinal, s.id
        """,
        {"id": deal_id},
    )
    return tuple(_statement(row) for row in rows)


def _statement(row: tuple[Any, ...]) -> Statement:
    slot, name, number, unit, rule, start, end, text, *source = row
    left, right = sentence_around(text, start, end)
    return Statement(
        slot=slot,
        value=number if name is None else name,
        unit=unit,
        sentence=text[left:right],
        start=start - left,
        end=end - left,
        rule=rule,
        source=source_of(source),
    )


def _links(connection: sqlite3.Connection, key: str) -> tuple[LinkRow, ...]:
    """The deals that this one expands, sums up or doubles, and those that do it to this one."""
    rows = connection.execute(
        """
        SELECT
            CASE WHEN m.key = :key OR l.kind = 'same amount' THEN l.kind
                WHEN l.kind = 'expands' THEN 'expanded by' ELSE 'summed in' END,
            d.key, d.type, d.company,
            (SELECT json_group_array(name) FROM (
                SELECT name FROM deal_parties
                WHERE deal_id = d.id AND role = 'counterparty' ORDER BY ordinal
            )),
            d.value, d.currency, d.megawatts, d.first_published, l.total
        FROM deal_links AS l
        JOIN deals AS m ON m.id = l.deal_id
        JOIN deals AS d ON d.key = CASE WHEN m.key = :key THEN l.other ELSE m.key END
        WHERE m.id = (SELECT id FROM deals WHERE key = :key) OR l.other = :key
        ORDER BY 1, d.first_published, d.key
        """,
        {"key": key},
    )
    return tuple(_link(row) for row in rows)


def _link(row: tuple[Any, ...]) -> LinkRow:
    kind, key, type_, company, counterparties, *figures, first, total = row
    value, currency, megawatts = figures
    return LinkRow(
        kind=kind,
        deal=key,
        type=type_,
        company=company,
        counterparties=tuple(json.loads(counterparties)),
        value=value,
        currency=currency,
        megawatts=megawatts,
        published=from_iso(first),
        is_total=bool(total),
    )


def _checks(connection: sqlite3.Connection, deal_id: int) -> tuple[CheckRow, ...]:
    rows = connection.execute(
        """
        SELECT name, number, low, high, verdict, hint FROM deal_checks
        WHERE deal_id = :id ORDER BY name
        """,
        {"id": deal_id},
    )
    return tuple(CheckRow(*row) for row in rows)


def _history(connection: sqlite3.Connection, deal_id: int) -> tuple[Step, ...]:
    rows = connection.execute(
        """
        SELECT h.status, h.since, a.key
        FROM deal_history AS h JOIN articles AS a ON a.id = h.article_id
        WHERE h.deal_id = :id ORDER BY h.id
        """,
        {"id": deal_id},
    )
    return tuple(Step(status, from_iso(since), article) for status, since, article in rows)


def _sources(connection: sqlite3.Connection, deal_id: int) -> tuple[Source, ...]:
    rows = connection.execute(
        """
        SELECT a.key, a.title, a.site, a.url, a.published, dr.story, dr.source
        FROM deal_reports AS dr
        JOIN reports AS r  ON r.id = dr.report_id
        JOIN articles AS a ON a.id = r.article_id
        WHERE dr.deal_id = :id
        GROUP BY a.id ORDER BY min(dr.ordinal)
        """,
        {"id": deal_id},
    )
    return tuple(source_of(row) for row in rows)


def source_of(row: Iterable[Any]) -> Source:
    """The source of a row of key, title, site, url, published, and story and kind, if known."""
    key, title, site, url, published, *more = row
    return Source(key, title, site, url, from_iso(published), *more)
