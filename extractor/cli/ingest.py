"""`dealwire ingest SOURCE...`: sources in, deals told anew."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from extractor.cli.options import DEFAULT_DB, DEFAULT_WAIT, Contact, Db, Models, Wait
from extractor.cli.runs import end_with, going_on_later, loaded_reader
from extractor.cli.words import plural


def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Article or feed url, .opml, .xml, .html, .txt, .jsonl, .warc.gz, a folder of "
            "these, or - for what is piped in.",
        ),
    ],
    db: Db = DEFAULT_DB,
    models: Models = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from this machine and its networks, too.")
    ] = False,
    delay: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Pause between requests to one host.")
    ] = 1.0,
    wait: Wait = DEFAULT_WAIT,
    contact: Contact = "",
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but failures.")
    ] = False,
) -> None:
    """Take in news: feeds, pages, files.

    Taking in the same thing twice changes nothing. A source that fails stops no other; it is
    named at the end with its cause, and the exit code is 1. A run that was stopped is gone on with
    by the next one. A page of a feed that failed is asked for again by later runs, the first time
    after a quarter of an hour, the last time after a day; then it is given up.

    \b
    Example:
      dealwire ingest corpus/sites --db dealwire.db
    """
    from extractor.store.write import open_ledger

    with going_on_later(), open_ledger(db, wait_seconds=wait) as ledger:
        # What costs seconds to load comes after what may fail at once.
        from extractor.cli.progress import shown_progress
        from extractor.gather.fetch import Fetcher
        from extractor.gather.policy import FetchPolicy
        from extractor.workflow import ingest as take_in

        with shown_progress(quiet=quiet) as progress:
            reader = loaded_reader(models, progress)
            summary = take_in(
                sources,
                ledger,
                reader,
                Fetcher(
                    FetchPolicy(allow_private=allow_private, delay_seconds=delay, contact=contact)
                ),
                progress,
                sys.stdin.buffer,
            )
    if not quiet:
        typer.echo(
            f"{plural(summary.articles_seen, 'article')} in, {summary.articles_new:,} new, "
            f"{summary.articles_read:,} read; the ledger holds "
            f"{plural(summary.stories, 'story', 'stories')} and "
            f"{plural(summary.deals, 'deal')}",
            err=True,
        )
        if summary.pages_postponed:
            typer.echo(
                f"{plural(summary.pages_postponed, 'page')} of feeds failed before and will be "
                "asked for again later; name one to ask for it now",
                err=True,
            )
    end_with(summary.failures)
