"""The rows of what was read: facts, then reports with every slot at its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from extractor.errors import LedgerError
from extractor.records import Article, DealReport, Reading
from extractor.store.rows import fact_row, readings_of, slot_row, to_iso


def save(
    connection: sqlite3.Connection,
    article: Article,
    reading: Reading,
    fingerprint: str,
    now: datetime,
) -> None:
    """Stores what was found in a stored article, in place of its earlier reading.

    Findings that are there already stay, with the deals that rest on them.
    """
    row = connection.execute(
        "SELECT id FROM articles WHERE key = ? AND digest = ?", (article.key, article.digest)
    ).fetchone()
    if row is None:
        raise LedgerError(article.key, "this version of the article is not in the ledger")
    (id_,) = row
    before = connection.execute("SELECT 1 FROM readings WHERE article_id = ?", (id_,)).fetchone()
    if before and readings_of(connection, (id_,))[id_] == reading:
        connection.execute(
            "UPDATE readings SET fingerprint = ?, read_at = ? "
            "WHERE article_id = ? AND fingerprint <> ?",
            (fingerprint, to_iso(now), id_, fingerprint),
        )
        return
    if before:
        connection.execute("DELETE FROM readings WHERE article_id = ?", (id_,))
    connection.execute(
        "INSERT INTO readings (article_id, fingerprint, read_at) VALUES (?, ?, ?)",
        (id_, fingerprint, to_iso(now)),
    )
    connection.executemany(
        """
        INSERT INTO facts (article_id, kind, name, company_key, number, unit,
            part, start_char, end_char, literal, rule, role)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [fact_row(id_, fact) for fact in reading.facts],
    )
    _save_reports(connection, id_, reading.reports)


def _save_reports(
    connection: sqlite3.Connection, article_id: int, reports: Iterable[DealReport]
) -> None:
    slots: list[tuple[Any, ...]] = []
    evidence: list[tuple[Any, ...]] = []
    for ordinal, report in enumerate(reports):
        report_id = connection.execute(
            "INSERT INTO reports (article_id, ordinal, type, status, rule) VALUES (?, ?, ?, ?, ?)",
            (article_id, ordinal, report.type, report.status, report.rule),
        ).lastrowid
        assert report_id is not None  # an INSERT that did not raise has a row
        slots += [slot_row(report_id, slot) for slot in report.slots]
        evidence += [(report_id, span.part, span.start, span.end) for span in report.evidence]
    connection.executemany(
        """
        INSERT INTO report_slots
            (report_id, slot, name, number, unit, part, start_char, end_char, rule)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        slots,
    )
    connection.executemany(
        """
        INSERT INTO report_evidence (report_id, part, start_char, end_char)
        VALUES (?, ?, ?, ?)
        """,
        evidence,
    )
