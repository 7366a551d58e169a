"""`dealwire stories`: articles that report one event."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.options import DEFAULT_DB, Db, Format, FormatOption, Limit, Since, Until
from extractor.cli.output import Column, write_rows
from extractor.cli.words import date, period
from extractor.store.answers import StoryRow
from extractor.store.read import open_for_reading

_COLUMNS: tuple[Column[StoryRow], ...] = (
    Column("STORY", lambda story: story.key),
    Column("DATE", lambda story: date(story.first_published)),
    Column("FIRST AT", lambda story: story.site, least=12),
    Column("TITLE", lambda story: story.title or story.key, least=30),
    Column("ARTICLES", lambda story: str(story.articles), "right"),
    Column("DEALS", lambda story: str(story.deals), "right"),
    Column("JOINED BY", lambda story: ", ".join(story.reasons), least=12),
)


def stories(
    since: Since = "",
    until: Until = "",
    articles: Annotated[
        int, typer.Option(min=1, metavar="N", help="Told by at least N articles.")
    ] = 1,
    limit: Limit = None,
    form: FormatOption = Format.table,
    db: Db = DEFAULT_DB,
) -> None:
    """List stories: articles that report one event.

    `dealwire story ID` shows one of them.

    \b
    Example:
      dealwire stories --articles 2 --limit 10
    """
    first, last = period(since, until)
    with open_for_reading(db) as ledger:
        rows = ledger.stories(since=first, until=last, least_articles=articles, limit=limit)
    write_rows(rows, form, _COLUMNS, "story", "stories")
