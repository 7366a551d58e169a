"""Articles in the form of gold annotations: what each of them says by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from extractor.records import NUMBER_SLOTS, Article, DealReport, Fact, Reading
from extractor.store.rows import ARTICLE_COLUMNS, article_of, readings_of

_BATCH = 500


def export_articles(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """One dictionary an article, in the order they came; absent fields are left out."""
    cursor = connection.execute(
        f"""
        SELECT id, (
            SELECT s.key FROM story_members AS m JOIN stories AS s ON s.id = m.story_id
            WHERE m.article_id = articles.id
        ), {ARTICLE_COLUMNS}
        FROM articles ORDER BY id
        """
    )
    while batch := list(islice(cursor, _BATCH)):
        readings = readings_of(connection, (row[0] for row in batch))
        for id_, story, *columns in batch:
            yield _exported(article_of(columns), story, readings.get(id_, Reading()))


def _exported(article: Article, story: str | None, reading: Reading) -> dict[str, Any]:
    facts = sorted(reading.facts, key=lambda f: (f.span.part != "title", f.span.start, f.span.end))
    row: dict[str, Any] = {"id": article.key}
    if story:
        row["story"] = story
    row["companies"] = _values(facts, "company")
    row["tickers"] = _values(facts, "ticker")
    row["quantities"] = [
        {"text": f.text, "kind": f.kind, "value": plain(f.value), "unit": f.unit}
        for f in facts
        if f.kind in ("money", "power")
    ]
    row["deals"] = [exported_report(article, report) for report in reading.reports]
    return row


def exported_report(article: Article, report: DealReport) -> dict[str, Any]:
    """A report as one article tells it, with the words that state it."""
    deal: dict[str, Any] = {
        "type": report.type,
        "status": report.status,
        "company": report.company,
        "counterparties": list(report.counterparties),
        "backers": list(report.backers),
        "value": None,
        "currency": report.currency,
    }
    for slot in NUMBER_SLOTS:
        number = report.number(slot)
        deal[slot] = None if number is None else plain(number)
    deal["site"] = report.site
    deal["evidence"] = list(dict.fromkeys(span.of(article) for span in report.evidence))
    return {field: value for field, value in deal.items() if value not in (None, "", [])}


def _values(facts: Iterable[Fact], kind: str) -> list[str]:
    return list(dict.fromkeys(str(fact.value) for fact in facts if fact.kind == kind))


def plain(value: str | float) -> str | float:
    """A whole number without a fraction, as people write it."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
