"""`dealwire company NAME`: one company with its deals."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.deals import DEAL_COLUMNS, sums
from extractor.cli.moment import open_at
from extractor.cli.options import DEFAULT_DB, AsOf, Db, KnownBy, PageFormat, PageFormatOption
from extractor.cli.output import Column, json_text, print_table
from extractor.cli.words import clean, plural, power
from extractor.store.answers import CompanyPage, YearTotal, as_json

_ROLES = {"company": "as principal", "counterparty": "as counterparty", "backer": "as backer"}
_TOTALS: tuple[Column[YearTotal], ...] = (
    Column("YEAR", lambda total: str(total.year)),
    Column("ROLE", lambda total: _ROLES[total.role]),
    Column("DEALS", lambda total: str(total.deals), "right"),
    Column("VALUE", lambda total: sums(total.amounts), "right"),
    Column("POWER", lambda total: power(total.megawatts) if total.megawatts else "", "right"),
)


def company(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A name, alias, former name or ticker.")
    ],
    as_of: AsOf = "",
    known_by: KnownBy = "",
    form: PageFormatOption = PageFormat.table,
    db: Db = DEFAULT_DB,
) -> None:
    """Show a company: names, totals by year, deals.

    Totals count each deal once: not what is proposed or terminated, no backlog beside its
    contracts, of an expansion told as a new total only what it adds.

    \b
    Example:
      dealwire company TeraWulf
    """
    with open_at(db, as_of, known_by) as ledger:
        page = ledger.company(name)
    if form is PageFormat.json:
        typer.echo(json_text(as_json(page), indent=2))
    else:
        _print_page(page)


def _print_page(page: CompanyPage) -> None:
    tickers = f" ({', '.join(page.tickers)})" if page.tickers else ""
    category = f"  {clean(page.category)}" if page.category else ""
    typer.echo(clean(f"{page.name}{tickers}") + category)
    if page.former_names:
        typer.echo(clean(f"formerly {', '.join(page.former_names)}"))
    if page.aliases:
        typer.echo(clean(f"also {', '.join(page.aliases)}"))
    if page.totals:
        typer.echo()
        print_table(page.totals, _TOTALS)
    by_role = (page.as_company, page.as_counterparty, page.as_backer)
    for heading, found in zip(_ROLES.values(), by_role, strict=True):
        if found:
            typer.echo(f"\n{plural(len(found), 'deal')} {heading}")
            print_table(found, DEAL_COLUMNS)
    if not any(by_role):
        typer.echo("no deals", err=True)
