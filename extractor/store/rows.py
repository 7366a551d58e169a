"""The way of records into rows, with the way back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from extractor.names import company_key
from extractor.records import Article, DealReport, Fact, Reading, Slot, Span

ARTICLE_COLUMNS = "key, url, canonical_url, title, site, author, published, language, text, digest"


def to_iso(moment: datetime | None) -> str | None:
    """Aware time as it is stored: UTC, whole seconds, so that text order is time order."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_iso(text: str | None) -> datetime | None:
    """The aware UTC time of a stored text."""
    return None if text is None else datetime.fromisoformat(text)


def article_row(article: Article) -> tuple[str | None, ...]:
    """Values in the order of ARTICLE_COLUMNS."""
    return (
        article.key,
        article.url,
        article.canonical_url,
        article.title,
        article.site,
        article.author,
        to_iso(article.published),
        article.language,
        article.text,
        article.digest,
    )


def article_of(row: Iterable[Any]) -> Article:
    """The article of a row that has ARTICLE_COLUMNS."""
    key, url, canonical_url, title, site, author, published, language, text, digest = row
    return Article(
        key=key,
        url=url,
        canonical_url=canonical_url,
        title=title,
        site=site,
        author=author,
        published=from_iso(published),
        language=language,
        text=text,
        digest=digest,
    )


def name_or_number(value: str | float) -> tuple[str | None, float | None]:
    """A value split into its two columns."""
    return (value, None) if isinstance(value, str) else (None, float(value))


def fact_row(article_id: int, fact: Fact) -> tuple[Any, ...]:
    name, number = name_or_number(fact.value)
    return (
        article_id,
        fact.kind,
        name,
        company_key(name) if fact.kind == "company" and name is not None else None,
        number,
        fact.unit,
        fact.span.part,
        fact.span.start,
        fact.span.end,
        fact.text,
        fact.rule,
        fact.role,
    )


def slot_row(report_id: int, slot: Slot) -> tuple[Any, ...]:
    name, number = name_or_number(slot.value)
    span = slot.span
    return (
        report_id,
        slot.name,
        name,
        number,
        slot.unit,
        span.part,
        span.start,
        span.end,
        slot.rule,
    )


_FACTS = """
    SELECT article_id, kind, name, number, unit, part, start_char, end_char, literal, rule, role
    FROM facts {where} ORDER BY article_id, id
"""
_REPORTS = """
    SELECT article_id, id, type, status, rule
    FROM reports {where} ORDER BY article_id, ordinal
"""
_SLOTS = """
    SELECT report_id, slot, name, number, unit, part, start_char, end_char, rule
    FROM report_slots {where} ORDER BY report_id, id
"""
_EVIDENCE = """
    SELECT report_id, part, start_char, end_char
    FROM report_evidence {where} ORDER BY report_id, id
"""


def readings_of(
    connection: sqlite3.Connection, article_ids: Iterable[int] | None = None
) -> dict[int, Reading]:
    """Readings by article id: of the ids given, or of all articles that were read."""
    ids = None if article_ids is None else tuple(article_ids)
    where = "" if ids is None else f"WHERE article_id IN ({listed(ids)})"
    facts = {
        article_id: tuple(_fact_of(row) for row in rows)
        for article_id, rows in _by_first(connection, _FACTS.format(where=where))
    }
    reports = reports_of(connection, ids)
    read = connection.execute(f"SELECT article_id FROM readings {where}")
    return {
        id_: Reading(facts.get(id_, ()), tuple(report for _, report in reports.get(id_, ())))
        for (id_,) in read
    }


def reports_of(
    connection: sqlite3.Connection, article_ids: Iterable[int] | None = None
) -> dict[int, list[tuple[int, DealReport]]]:
    """Reports with their row ids, in the order of the article, by article id."""
    where = "" if article_ids is None else f"WHERE article_id IN ({listed(article_ids)})"
    found = connection.execute(_REPORTS.format(where=where)).fetchall()
    part_of = (
        "" if article_ids is None else f"WHERE report_id IN ({listed(row[1] for row in found)})"
    )
    slots = {
        report_id: tuple(_slot_of(row) for row in rows)
        for report_id, rows in _by_first(connection, _SLOTS.format(where=part_of))
    }
    evidence = {
        report_id: tuple(_span(*row[1:]) for row in rows)
        for report_id, rows in _by_first(connection, _EVIDENCE.format(where=part_of))
    }
    reports: dict[int, list[tuple[int, DealReport]]] = {}
    for article_id, id_, type_, status, rule in found:
        report = DealReport(type_, status, slots.get(id_, ()), evidence.get(id_, ()), rule)
        reports.setdefault(article_id, []).append((id_, report))
    return reports


def listed(ids: Iterable[int]) -> str:
    """Row ids as SQL; a list of any length, unlike bound parameters."""
    return ",".join(str(int(id_)) for id_ in ids)


def _by_first(
    connection: sqlite3.Connection, sql: str
) -> Iterator[tuple[int, Iterator[tuple[Any, ...]]]]:
    return groupby(connection.execute(sql), key=itemgetter(0))


# Slots and evidence name the places of facts, and many texts have a fact at one place.
_span = lru_cache(maxsize=16_384)(Span)


def _fact_of(row: tuple[Any, ...]) -> Fact:
    _, kind, name, number, unit, part, start, end, literal, rule, role = row
    value = number if name is None else name
    return Fact(kind, value, unit, _span(part, start, end), literal, rule, role)


def _slot_of(row: tuple[Any, ...]) -> Slot:
    _, slot, name, number, unit, part, start, end, rule = row
    return Slot(slot, number if name is None else name, unit, _span(part, start, end), rule)
