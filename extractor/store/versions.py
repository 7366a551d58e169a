"""What articles said before their pages were edited."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractor.records import Article, DealReport, Fact, Reading, Slot, Span
from extractor.store.rows import ARTICLE_COLUMNS, article_of, from_iso, readings_of


def set_aside(connection: sqlite3.Connection, article_id: int) -> None:
    """Keeps the present version of an article, with its reading, before another replaces it."""
    reading = readings_of(connection, (article_id,)).get(article_id)
    connection.execute(
        """
        INSERT INTO article_versions
            (article_id, title, text, digest, published, added_at, reading, fingerprint)
        SELECT a.id, a.title, a.text, a.digest, a.published, a.added_at, :reading, r.fingerprint
        FROM articles AS a LEFT JOIN readings AS r ON r.article_id = a.id
        WHERE a.id = :id
        """,
        {"id": article_id, "reading": None if reading is None else reading_json(reading)},
    )


def had(connection: sqlite3.Connection, article_id: int, digest: str) -> bool:
    """Whether the article has had this version before its present one."""
    row = connection.execute(
        "SELECT 1 FROM article_versions WHERE article_id = ? AND digest = ?", (article_id, digest)
    )
    return row.fetchone() is not None


def unread(connection: sqlite3.Connection, fingerprint: str) -> tuple[tuple[int, Article], ...]:
    """The earlier versions that the pipeline of this fingerprint has not read."""
    where = "WHERE v.id IN (SELECT id FROM article_versions WHERE fingerprint IS NOT ?)"
    return tuple(_versions(connection, where, (fingerprint,)))


def of_article(connection: sqlite3.Connection, article_id: int) -> tuple[Article, ...]:
    """The earlier versions of an article in the order in which they came."""
    where = "WHERE v.article_id = ?"
    return tuple(article for _, article in _versions(connection, where, (article_id,)))


def every(connection: sqlite3.Connection) -> tuple[tuple[int, Article], ...]:
    """All earlier versions."""
    return tuple(_versions(connection, "", ()))


def save_reading(
    connection: sqlite3.Connection, version_id: int, reading: Reading, fingerprint: str
) -> None:
    """Stores what was found in an earlier version."""
    connection.execute(
        "UPDATE article_versions SET reading = ?, fingerprint = ? WHERE id = ?",
        (reading_json(reading), fingerprint, version_id),
    )


def reading_json(reading: Reading) -> str:
    """A reading on one line."""
    facts = [
        (f.kind, f.value, f.unit, *_place(f.span), f.text, f.rule, f.role) for f in reading.facts
    ]
    reports = [
        (
            r.type,
            r.status,
            [(s.name, s.value, s.unit, *_place(s.span), s.rule) for s in r.slots],
            [_place(span) for span in r.evidence],
            r.rule,
        )
        for r in reading.reports
    ]
    return json.dumps([facts, reports], ensure_ascii=False, separators=(",", ":"))


def reading_of(text: str) -> Reading:
    """The reading that `reading_json` wrote."""
    facts, reports = json.loads(text)
    return Reading(
        tuple(
            Fact(kind, _value(value), unit, Span(*place), literal, rule, role)
            for kind, value, unit, *place, literal, rule, role in facts
        ),
        tuple(
            DealReport(
                type_,
                status,
                tuple(
                    Slot(name, _value(value), unit, Span(*place), slot_rule)
                    for name, value, unit, *place, slot_rule in slots
                ),
                tuple(Span(*place) for place in evidence),
                rule,
            )
            for type_, status, slots, evidence, rule in reports
        ),
    )


def _versions(
    connection: sqlite3.Connection, where: str, parameters: tuple[str | int, ...]
) -> Iterator[tuple[int, Article]]:
    columns = ", ".join(f"a.{name}" for name in ARTICLE_COLUMNS.split(", "))
    rows = connection.execute(
        f"""
        SELECT v.id, v.title, v.text, v.digest, v.published, {columns}
        FROM article_versions AS v JOIN articles AS a ON a.id = v.article_id
        {where} ORDER BY v.added_at, v.id
        """,
        parameters,
    )
    for id_, title, text, digest, published, *row in rows:
        article = article_of(row)
        yield (
            id_,
            replace(article, title=title, text=text, digest=digest, published=from_iso(published)),
        )


def _place(span: Span) -> tuple[str, int, int]:
    return span.part, span.start, span.end


def _value(value: Any) -> str | float:
    return value if isinstance(value, str) else float(value)
