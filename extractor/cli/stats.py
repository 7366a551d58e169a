"""`dealwire stats`: how much the ledger holds."""

from __future__ import annotations

import typer

from extractor.cli.deals import sums
from extractor.cli.options import DEFAULT_DB, Db, PageFormat, PageFormatOption
from extractor.cli.output import json_text
from extractor.cli.words import clean, date, power
from extractor.cli.words import count as counted
from extractor.store.answers import Stats, as_json
from extractor.store.read import open_for_reading

_COUNTED = (
    "feeds", "pages", "articles", "read", "stories", "facts", "reports", "deals", "companies",
)  # fmt: skip


def stats(form: PageFormatOption = PageFormat.table, db: Db = DEFAULT_DB) -> None:
    """Count what the ledger holds.

    Sources that failed and have not worked since are named with their cause. What was agreed
    counts each deal once (`dealwire deals --totals` has it by type).

    \b
    Example:
      dealwire stats
    """
    with open_for_reading(db) as ledger:
        found = ledger.stats()
    if form is PageFormat.json:
        typer.echo(json_text(as_json(found), indent=2))
    else:
        _print_stats(found)


def _print_stats(found: Stats) -> None:
    for name in _COUNTED:
        typer.echo(f"{name:10}{counted(getattr(found, name)):>12}")
    if found.conflicts:
        labels = ", ".join(f"{count} {label}" for label, count in found.conflicts.items())
        typer.echo(f"{'conflicts':10}{sum(found.conflicts.values()):>12}  {labels}")
    if found.totals:
        *_, total = found.totals
        amounts = sums(total.amounts) or "no amounts"
        left_out = f", {total.left_out} left out" if total.left_out else ""
        typer.echo(f"{'agreed':10}{total.deals:>12}  {amounts}, {power(total.megawatts)}{left_out}")
    if found.first_published is not None:
        first, last = date(found.first_published), date(found.last_published)
        typer.echo(f"{'published':10}{first:>12} to {last}")
    typer.echo(f"{'rules':10}{', '.join(found.fingerprints) or 'none':>12}")
    for failure in found.failures:
        typer.echo(clean(f"failed {failure.source}: {failure.reason} ({date(failure.at)})"))
