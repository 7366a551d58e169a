"""Finished drafts as the records and dictionaries that leave the reading room."""

from __future__ import annotations

from typing import Any

from extractor.reading.deals.drafts import Draft, Filled
from extractor.records import DealReport, Slot, SlotName, Span

_GAP = 2  # the blank line between title and text


def span_at(start: int, end: int, title_length: int) -> Span:
    """Characters of "title, blank line, text" as a span of the part they lie in."""
    if title_length and start < title_length:
        return Span("title", start, min(end, title_length))
    offset = title_length + _GAP if title_length else 0
    return Span("text", start - offset, end - offset)


def to_report(draft: Draft, title_length: int) -> DealReport:
    """A draft as a report."""

    def slot(name: SlotName, filled: Filled) -> Slot:
        span = span_at(filled.start, filled.end, title_length)
        return Slot(name, filled.value, filled.unit, span, filled.rule)

    slots = [slot("company", draft.company)]
    slots += [slot("counterparty", filled) for filled in draft.counterparties.values()]
    slots += [slot("backer", filled) for filled in draft.backers.values()]
    slots += [slot(name, filled) for name, filled in draft.slots.items()]
    evidence = tuple(
        dict.fromkeys(span_at(start, end, title_length) for start, end in draft.evidence)
    )
    return DealReport(draft.type, draft.status, tuple(slots), evidence, draft.rule)


def plain_deal(draft: Draft, text: str) -> dict[str, Any]:
    """A draft as a dictionary in the words of the annotation standard, for spaCy users."""
    row: dict[str, Any] = {
        "type": draft.type,
        "status": draft.status,
        "company": draft.company.value,
    }
    if draft.counterparties:
        row["counterparties"] = list(draft.counterparties)
    if draft.backers:
        row["backers"] = list(draft.backers)
    for name, filled in draft.slots.items():
        row[name] = filled.value
        if name in ("value", "value_max"):
            row.setdefault("currency", filled.unit)
    row["evidence"] = list(dict.fromkeys(text[start:end] for start, end in draft.evidence))
    return row
