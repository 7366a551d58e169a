"""`dealwire export`: the ledger for other programs."""

from __future__ import annotations

import typer

from extractor.cli.options import DEFAULT_DB, Db
from extractor.cli.output import write_jsonl
from extractor.store.read import open_for_reading

app = typer.Typer(no_args_is_help=True, help="Write parts of the ledger as JSON Lines.")


@app.callback()
def export() -> None:
    """Write parts of the ledger as JSON Lines."""


@app.command()
def articles(db: Db = DEFAULT_DB) -> None:
    """Write articles with what each of them says.

    One JSON object a line: companies, tickers, quantities, the deals with their evidence.

    \b
    Example:
      dealwire export articles > articles.jsonl
    """
    with open_for_reading(db) as ledger:
        write_jsonl(ledger.export_articles())
