"""`dealwire prune`: space back, facts kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.options import DEFAULT_DB, DEFAULT_WAIT, Db, Wait
from extractor.cli.runs import all_or_nothing
from extractor.cli.words import plural, read_age, size
from extractor.errors import QueryError


def prune(
    pages: Annotated[
        str,
        typer.Option(
            "--pages-older-than", metavar="AGE", help="Pages not seen for so long: 90d, 12w, 2y."
        ),
    ] = "",
    versions: Annotated[
        str,
        typer.Option(
            "--versions-older-than",
            metavar="AGE",
            help="Earlier versions of edited articles that came in before.",
        ),
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without this it is shown only.")
    ] = False,
    wait: Wait = DEFAULT_WAIT,
    db: Db = DEFAULT_DB,
) -> None:
    """Give up old pages or versions, and give their space back to the disk.

    Articles, facts, stories and deals are kept. What is pruned cannot be replayed; keep it first
    with `dealwire export pages`. Without --yes this only shows what it would free.

    \b
    Example:
      dealwire prune --pages-older-than 90d
    """
    from extractor.store.write import open_ledger

    pages_age = read_age("--pages-older-than", pages)
    versions_age = read_age("--versions-older-than", versions)
    if pages_age is None and versions_age is None:
        raise QueryError("prune", "say what: --pages-older-than 90d or --versions-older-than 2y")
    with all_or_nothing(), open_ledger(db, create=False, wait_seconds=wait) as ledger:
        found = ledger.archive.prunable(pages_age, versions_age)
        if pages_age is not None:
            typer.echo(f"{plural(found.pages, 'page')}, {size(found.page_bytes)}")
        if versions_age is not None:
            typer.echo(f"{plural(found.versions, 'version')}, {size(found.version_bytes)}")
        if not yes:
            typer.echo("nothing was changed; with --yes it is", err=True)
            return
        before = _size_of(db)
        ledger.archive.prune(pages_age, versions_age)
        ledger.shrink()
        typer.echo(f"{db}: {size(before)} before, {size(_size_of(db))} now", err=True)


def _size_of(db: Path) -> int:
    """The bytes of a ledger with its write-ahead log."""
    wal = db.with_name(db.name + "-wal")
    return db.stat().st_size + (wal.stat().st_size if wal.exists() else 0)
