"""`dealwire companies`: who is in the ledger."""

from __future__ import annotations

from extractor.cli.options import DEFAULT_DB, Db, Format, FormatOption, Limit
from extractor.cli.output import Column, write_rows
from extractor.store.answers import CompanyRow
from extractor.store.read import open_for_reading

_COLUMNS: tuple[Column[CompanyRow], ...] = (
    Column("COMPANY", lambda company: company.name, least=20),
    Column("TICKER", lambda company: company.ticker),
    Column("CATEGORY", lambda company: company.category or "(in no list)"),
    Column("DEALS", lambda company: str(company.deals), "right"),
    Column("ARTICLES", lambda company: str(company.articles), "right"),
)


def companies(limit: Limit = None, form: FormatOption = Format.table, db: Db = DEFAULT_DB) -> None:
    """List the companies that deals or articles name.

    \b
    Example:
      dealwire companies --limit 20
    """
    with open_for_reading(db) as ledger:
        rows = ledger.companies(limit=limit)
    write_rows(rows, form, _COLUMNS, "company", "companies")
