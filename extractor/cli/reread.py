"""`dealwire reread`: the language half again, over stored text."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.differing import difference_lines
from extractor.cli.options import DEFAULT_DB, DEFAULT_WAIT, Db, Models, Wait
from extractor.cli.runs import all_or_nothing, end_with, loaded_reader
from extractor.cli.words import clean, plural


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
        typer.echo(clean(f"{changed.article.key}  {changed.article.title}"))
        for line in difference_lines(changed.reading):
            typer.echo(f"  {line}")
    if not quiet:
        typer.echo(
            f"{plural(diff.articles_read, 'article')} read again, {len(diff.changed):,} changed; "
            f"{plural(diff.deals_before, 'deal')} before, {diff.deals_after:,} now",
            err=True,
        )
    end_with(diff.failures)
