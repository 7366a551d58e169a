"""Finished drafts as the records and dictionaries that leave the reading room."""

from __future__ import annotations

from typing import Any

from extractor.reading.drafts import Draft, Filled, Named
from extractor.records import STATUSES, DealReport, Slot, SlotName, Span, Status

_GAP = 2  # the blank line between title and text


def span_at(start: int, end: int, title_length: int) -> Span:
    """Characters of "title, blank line, text" as a span of the part they lie in."""
    if title_length and start < title_length:
        return Span("title", start, min(end, title_length))
    offset = title_length + _GAP if title_length else 0
    return Span("text", start - offset, end - offset)


def final_status(draft: Draft) -> Status:
    """One status out of all that was said: an end outweighs a beginning."""
    explicit = [s for s, sure in draft.statuses if sure]
    if draft.type == "backlog":
        return "outstanding"
    ends: tuple[Status, ...] = ("terminated", "completed")
    for status in ends:
        if status in explicit:
            return status
    said = explicit[0] if explicit else draft.statuses[0][0] if draft.statuses else ""
    return next((s for s in STATUSES if s == said), "announced")


def to_report(draft: Draft, title_length: int) -> DealReport | None:
    """A draft as a report; None where too little was said to call it a deal."""
    if draft.company is None or not _is_deal(draft):
        return None

    def party(name: SlotName, named: Named) -> Slot:
        return Slot(name, named.name, "", span_at(named.start, named.end, title_length), named.rule)

    def number(name: SlotName, filled: Filled) -> Slot:
        return Slot(
            name,
            filled.value,
            filled.unit,
            span_at(filled.start, filled.end, title_length),
            filled.rule,
        )

    slots = [party("company", draft.company)]
    slots += [party("counterparty", n) for n in draft.counterparties.values()]
    slots += [
        party("backer", n)
        for n in draft.backers.values()
        if n.name not in draft.counterparties and n.name != draft.company.name
    ]
    numbers = dict(draft.slots)
    if "value" not in numbers and "value_max" in numbers:
        numbers["value"] = numbers.pop("value_max")  # an "up to X" that stands alone
    if "value" in numbers and "value_max" in numbers:
        base, most = numbers["value"], numbers["value_max"]
        if base.unit != most.unit or float(most.value) <= float(base.value) * 1.005:
            del numbers["value_max"]
    slots += [number(name, filled) for name, filled in numbers.items()]
    evidence = tuple(
        dict.fromkeys(span_at(start, end, title_length) for start, end in draft.evidence)
    )
    return DealReport(draft.type, final_status(draft), tuple(slots), evidence, draft.rule)


def _is_deal(draft: Draft) -> bool:
    numbers = draft.slots.keys()
    if draft.type == "backlog":
        return "value" in numbers
    if draft.type == "treasury":
        return bool({"value", "coins"} & numbers) or draft.strength >= 1
    if draft.counterparties:
        return True
    return bool({"value", "megawatts", "gpus", "coins"} & numbers) or draft.type == "acquisition"


def plain_deal(draft: Draft, text: str) -> dict[str, Any]:
    """A draft as a dictionary in the words of the annotation standard, for spaCy users."""
    row: dict[str, Any] = {"type": draft.type, "status": final_status(draft)}
    if draft.company is not None:
        row["company"] = draft.company.name
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
