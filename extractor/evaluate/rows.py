"""Rows hold what one article says, in the form that annotations and exports share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractor.errors import SourceError
from extractor.records import NUMBER_SLOTS, Article, DealReport, Fact, Reading


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """A money or power amount: whole currency units, or MW."""

    text: str
    kind: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class DealRow:
    """One deal of one article. In gold a name `A|B` stands for either of two."""

    type: str
    status: str
    company: str
    counterparties: tuple[str, ...] = ()
    backers: tuple[str, ...] = ()
    value: float | None = None
    currency: str = ""
    value_max: float | None = None
    megawatts: float | None = None
    megawatts_gross: float | None = None
    term_years: float | None = None
    gpus: float | None = None
    coins: float | None = None
    site: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """An article as a scraper delivers it, with the facts it states."""

    id: str
    title: str
    text: str
    story: str = ""
    url: str = ""
    site: str = ""
    published: datetime | None = None
    companies: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()
    quantities: tuple[QuantityRow, ...] = ()
    deals: tuple[DealRow, ...] = ()


def to_row(article: Article, reading: Reading, story: str = "") -> Row:
    """What the language half found in an article, as a row; `story` is its story's key."""
    facts = sorted(reading.facts, key=_place)
    return Row(
        id=article.key,
        title=article.title,
        text=article.text,
        story=story,
        url=article.url,
        site=article.site,
        published=article.published,
        companies=_distinct(facts, "company"),
        tickers=_distinct(facts, "ticker"),
        quantities=tuple(
            QuantityRow(fact.text, fact.kind, float(fact.value), fact.unit)
            for fact in facts
            if fact.kind in ("money", "power")
        ),
        deals=tuple(_deal_row(article, report) for report in reading.reports),
    )


def to_dict(row: Row) -> dict[str, Any]:
    """A row as JSON data: absent fields left out, whole numbers without a decimal point."""
    return {
        **_present(row),
        "companies": list(row.companies),
        "tickers": list(row.tickers),
        "quantities": [_present(quantity) for quantity in row.quantities],
        "deals": [_present(deal) for deal in row.deals],
    }


def from_dict(data: Mapping[str, Any]) -> Row:
    """The row that JSON data describes. Raises KeyError, TypeError or ValueError."""
    published = data.get("published")
    return Row(
        id=str(data["id"]),
        title=str(data.get("title", "")),
        text=str(data.get("text", "")),
        story=str(data.get("story", "")),
        url=str(data.get("url", "")),
        site=str(data.get("site", "")),
        published=datetime.fromisoformat(published) if published else None,
        companies=tuple(data.get("companies") or ()),
        tickers=tuple(data.get("tickers") or ()),
        quantities=tuple(
            QuantityRow(q.get("text", ""), q["kind"], float(q["value"]), q["unit"])
            for q in data.get("quantities") or ()
        ),
        deals=tuple(_deal_from_dict(deal) for deal in data.get("deals") or ()),
    )


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a JSON Lines file. Raises SourceError with the path and the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), "cannot be read") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield from_dict(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SourceError(f"{path}:{number}", "not a row of annotations") from error


def _place(fact: Fact) -> tuple[bool, int, int]:
    # The title is read before the text, although "text" sorts before "title".
    return (fact.span.part == "text", fact.span.start, fact.span.end)


def _distinct(facts: list[Fact], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(fact.value) for fact in facts if fact.kind == kind))


def _deal_row(article: Article, report: DealReport) -> DealRow:
    return DealRow(
        type=report.type,
        status=report.status,
        company=report.company,
        counterparties=report.counterparties,
        backers=report.backers,
        currency=report.currency,
        site=report.site,
        evidence=tuple(span.of(article) for span in report.evidence),
        **{name: report.number(name) for name in NUMBER_SLOTS},
    )


def _deal_from_dict(data: Mapping[str, Any]) -> DealRow:
    known = {field.name for field in fields(DealRow)}
    if unknown := data.keys() - known:
        raise ValueError(f"unknown deal fields {sorted(unknown)}")
    values: dict[str, Any] = {
        key: _names(value) if key in ("counterparties", "backers", "evidence") else value
        for key, value in data.items()
    }
    return DealRow(**values)


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _present(record: Row | QuantityRow | DealRow) -> dict[str, Any]:
    """The filled fields of a record, as plain JSON values."""
    plain = {field.name: _plain(getattr(record, field.name)) for field in fields(record)}
    return {key: value for key, value in plain.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return list(value) if isinstance(value, tuple) else value
