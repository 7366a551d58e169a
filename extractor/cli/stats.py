"""`dealwire stats`: how much the ledger holds."""

from __future__ import annotations

import typer

from extractor.cli.options import DEFAULT_DB, Db, PageFormat, PageFormatOption
from extractor.cli.output import json_text
from extractor.cli.words import clean, count, date
from extractor.store.answers import Stats, as_json
from extractor.store.read import open_for_reading

_COUNTED = (
    "feeds", "pages", "articles", "read", "stories", "facts", "reports", "deals", "companies",
)  # fmt: skip


def stats(form: PageFormatOption = PageFormat.table, db: Db = DEFAULT_DB) -> None:
    """Count what the ledger holds.

    Sources that failed and have not worked since are named with their cause.

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
        typer.echo(f"{name:10}{count(getattr(found, name)):>12}")
    if found.first_published is not None:
        first, last = date(found.first_published), date(found.last_published)
        typer.echo(f"{'published':10}{first:>12} to {last}")
    typer.echo(f"{'rules':10}{', '.join(found.fingerprints) or 'none':>12}")
    for failure in found.failures:
        typer.echo(clean(f"failed {failure.source}: {failure.reason} ({date(failure.at)})"))
