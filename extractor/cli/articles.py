"""`dealwire articles`: what was read."""

from __future__ import annotations

from extractor.cli.options import DEFAULT_DB, Db, Format, FormatOption, Limit, Since, Until
from extractor.cli.output import Column, write_rows
from extractor.cli.words import date, period
from extractor.store.answers import ArticleRow
from extractor.store.read import open_for_reading

_COLUMNS: tuple[Column[ArticleRow], ...] = (
    Column("DATE", lambda article: date(article.published)),
    Column("SITE", lambda article: article.site, least=12),
    Column("TITLE", lambda article: _title(article), least=30),
    Column("DEALS", lambda article: str(article.deals), "right"),
)


def _title(article: ArticleRow) -> str:
    kinds = ", ".join(warning.partition(":")[0] for warning in article.warnings)
    return (article.title or article.key) + (f" [{kinds}]" if kinds else "")


def articles(
    since: Since = "",
    until: Until = "",
    limit: Limit = None,
    form: FormatOption = Format.table,
    db: Db = DEFAULT_DB,
) -> None:
    """List articles, the newest first.

    In brackets stands what an article may lack, such as [paywall]: only its feed's summary
    was read; --format json says more.

    \b
    Example:
      dealwire articles --since 2025 --limit 10
    """
    first, after = period(since, until)
    with open_for_reading(db) as ledger:
        rows = ledger.articles(since=first, until=after, limit=limit)
    write_rows(rows, form, _COLUMNS, "article")
