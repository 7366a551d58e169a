"""`dealwire export`: the ledger for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import DEFAULT_DB, Db
from extractor.cli.output import write_jsonl
from extractor.cli.words import clean, plural
from extractor.errors import LedgerError
from extractor.store.read import LedgerReader, open_for_reading

if TYPE_CHECKING:
    from extractor.gather.warc import ArchivedPage

app = typer.Typer(no_args_is_help=True, help="Write parts of the ledger for other programs.")


@app.callback()
def export() -> None:
    """Write parts of the ledger for other programs."""


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


@app.command()
def pages(
    warc: Annotated[
        Path, typer.Option("--warc", metavar="FILE", help="The archive to write, .warc.gz.")
    ],
    db: Db = DEFAULT_DB,
) -> None:
    """Write the kept pages as a web archive, with what feeds said of them.

    `dealwire ingest FILE` makes the same articles of it; any tool that knows WARC can read it.
    FILE is replaced once the archive is whole.

    \b
    Example:
      dealwire export pages --warc pages.warc.gz
    """
    from extractor.gather.warc import write_warc

    unfinished = warc.with_name(f".{warc.name}.unfinished")
    damaged: list[LedgerError] = []
    with open_for_reading(db) as ledger:
        try:
            with unfinished.open("wb") as file:
                count = write_warc(file, _archived(ledger, damaged))
            unfinished.replace(warc)
        except OSError as error:
            raise LedgerError(str(warc), f"cannot be written: {error.strerror}") from error
        finally:
            unfinished.unlink(missing_ok=True)
    typer.echo(f"{plural(count, 'page')} in {warc}", err=True)
    for fault in damaged:
        typer.echo(clean(f"failed {fault}"), err=True)
    if damaged:
        raise typer.Exit(1)


def _archived(ledger: LedgerReader, damaged: list[LedgerError]) -> Iterator[ArchivedPage]:
    from extractor.gather.warc import ArchivedPage

    for kept in ledger.pages():
        if isinstance(kept, LedgerError):
            damaged.append(kept)
        else:
            yield ArchivedPage(kept.page, kept.entry)
