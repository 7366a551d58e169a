"""What differs between two texts or readings, told on lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from extractor.cli.words import clean, count, money, power, years
from extractor.differences import Edit, ReadingDiff
from extractor.records import DealReport, Fact


def difference_lines(reading: ReadingDiff, *, places: bool = True) -> Iterator[str]:
    """What was lost (-) and gained (+), a fact or deal a line, with its place if wanted."""
    for sign, facts in (("-", reading.lost_facts), ("+", reading.gained_facts)):
        yield from (f"{sign} {clean(_fact(fact, places=places))}" for fact in facts)
    for sign, reports in (("-", reading.lost_reports), ("+", reading.gained_reports)):
        yield from (f"{sign} {clean(_report(report))}" for report in reports)


def edit_lines(part: str, edits: Iterable[Edit], width: int) -> Iterator[str]:
    """Edits of a title or text, [-what went-]{+what came+} among the words around it."""
    for edit in edits:
        removed = f"[-{edit.removed}-]" if edit.removed else ""
        added = f"{{+{edit.added}+}}" if edit.added else ""
        words = " ".join(piece for piece in (edit.lead, removed + added, edit.tail) if piece)
        yield from textwrap.wrap(
            f"{part}: {clean(words)}", width, subsequent_indent="  ", break_on_hyphens=False
        )


def _fact(fact: Fact, *, places: bool) -> str:
    place = f" ({fact.span.part} {fact.span.start}:{fact.span.end})" if places else ""
    value = "" if str(fact.value) == fact.text else f" = {_value(fact.value, fact.unit)}"
    return f"{fact.kind} {fact.text!r}{value}{place}"


def _value(value: str | float, unit: str) -> str:
    return value if isinstance(value, str) else f"{count(value)} {unit}".strip()


def _report(report: DealReport) -> str:
    parts = [
        report.company,
        f"with {', '.join(report.counterparties)}" if report.counterparties else "",
        f"backed by {', '.join(report.backers)}" if report.backers else "",
        money(report.number("value"), report.currency),
        f"up to {money(report.number('value_max'), report.currency)}"
        if report.number("value_max") is not None
        else "",
        power(report.number("megawatts")),
        years(report.number("term_years")),
    ]
    for slot in ("gpus", "coins"):
        number = report.number(slot)
        parts.append(f"{count(number)} {slot}" if number is not None else "")
    return f"deal: {report.type}, {report.status}: " + " ".join(part for part in parts if part)
