"""`dealwire stories`: articles that report one event."""

from __future__ import annotations

from extractor.cli.options import DEFAULT_DB, Db, Format, FormatOption, Limit
from extractor.cli.output import Column, write_rows
from extractor.cli.words import date
from extractor.store.answers import StoryRow
from extractor.store.read import open_for_reading

_COLUMNS: tuple[Column[StoryRow], ...] = (
    Column("DATE", lambda story: date(story.first_published)),
    Column("FIRST AT", lambda story: story.site, least=12),
    Column("TITLE", lambda story: story.title or story.key, least=30),
    Column("ARTICLES", lambda story: str(story.articles), "right"),
    Column("DEALS", lambda story: str(story.deals), "right"),
    Column("JOINED BY", lambda story: ", ".join(story.reasons), least=12),
)


def stories(limit: Limit = None, form: FormatOption = Format.table, db: Db = DEFAULT_DB) -> None:
    """List stories: articles that report one event.

    \b
    Example:
      dealwire stories --limit 10
    """
    with open_for_reading(db) as ledger:
        rows = ledger.stories(limit=limit)
    write_rows(rows, form, _COLUMNS, "story", "stories")
