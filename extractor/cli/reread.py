"""`dealwire reread`: the language half again, over stored text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import DEFAULT_DB, DEFAULT_WAIT, Db, Models, Wait
from extractor.cli.runs import all_or_nothing, end_with, loaded_reader
from extractor.cli.words import clean, count, money, plural, power, years
from extractor.records import DealReport, Fact

if TYPE_CHECKING:  # the flow is imported once the ledger is open
    from extractor.workflow import ArticleDiff


def reread(
    db: Db = DEFAULT_DB,
    models: Models = None,
    wait: Wait = DEFAULT_WAIT,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the differences and failures only.")
    ] = False,
) -> None:
    """Read all stored articles again, without network.

    After a rule has changed, this prints what facts and deals each article lost (-) or
    gained (+).

    \b
    Example:
      dealwire reread
    """
    from extractor.store.write import open_ledger

    with all_or_nothing(), open_ledger(db, create=False, wait_seconds=wait) as ledger:
        from extractor.cli.progress import shown_progress
        from extractor.workflow import reread as read_again

        with shown_progress(quiet=quiet) as progress:
            reader = loaded_reader(models, progress)
            diff = read_again(ledger, reader, progress)
    for changed in diff.changed:
        for line in difference_lines(changed):
            typer.echo(line)
    if not quiet:
        typer.echo(
            f"{plural(diff.articles_read, 'article')} read again, {len(diff.changed):,} changed; "
            f"{plural(diff.deals_before, 'deal')} before, {diff.deals_after:,} now",
            err=True,
        )
    end_with(diff.failures)


def difference_lines(changed: ArticleDiff) -> Iterator[str]:
    """The article's name, under it what it lost and gained."""
    yield clean(f"{changed.article.key}  {changed.article.title}")
    for sign, facts in (("-", changed.lost_facts), ("+", changed.gained_facts)):
        yield from (f"  {sign} {clean(_fact(fact))}" for fact in facts)
    for sign, reports in (("-", changed.lost_reports), ("+", changed.gained_reports)):
        yield from (f"  {sign} {clean(_report(report))}" for report in reports)


def _fact(fact: Fact) -> str:
    place = f"{fact.span.part} {fact.span.start}:{fact.span.end}"
    value = "" if str(fact.value) == fact.text else f" = {_value(fact.value, fact.unit)}"
    return f"{fact.kind} {fact.text!r}{value} ({place})"


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
