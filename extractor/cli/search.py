"""`dealwire search WORDS`: full-text search over articles."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.options import DEFAULT_DB, Db, Format, FormatOption
from extractor.cli.output import Column, write_rows
from extractor.cli.words import date
from extractor.store.answers import SearchHit
from extractor.store.read import open_for_reading

_COLUMNS: tuple[Column[SearchHit], ...] = (
    Column("DATE", lambda hit: date(hit.article.published)),
    Column("SITE", lambda hit: hit.article.site, least=12),
    Column("TITLE", lambda hit: hit.article.title or hit.article.key, least=24),
    Column("PASSAGE", lambda hit: hit.snippet, least=24),
)


def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help='All of them; a "phrase" in quotes.')
    ],
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, metavar="N", help="No more than N articles.")
    ] = 20,
    form: FormatOption = Format.table,
    db: Db = DEFAULT_DB,
) -> None:
    """Search articles, the best match first.

    \b
    Example:
      dealwire search Fluidstack lease
    """
    # The shell has taken the quotes off a phrase: a word with a space in it was one.
    wanted = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    with open_for_reading(db) as ledger:
        hits = ledger.search(wanted, limit=limit)
    write_rows(hits, form, _COLUMNS, "article")
