"""`dealwire deals`: the ledger, one row a deal."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.options import DEFAULT_DB, Db, Format, FormatOption, Limit, Since, Until
from extractor.cli.output import Column, write_rows
from extractor.cli.words import count, date, money, period, power, read_megawatts, read_usd, years
from extractor.store.answers import DealRow
from extractor.store.query import SORTS, DealQuery
from extractor.store.read import open_for_reading


def deals(
    company: Annotated[
        str, typer.Option(metavar="NAME", help="The principal, by any name or ticker.")
    ] = "",
    counterparty: Annotated[
        str, typer.Option(metavar="NAME", help="The other side, by any name or ticker.")
    ] = "",
    party: Annotated[
        str, typer.Option(metavar="NAME", help="A company in any role, backers too.")
    ] = "",
    ticker: Annotated[str, typer.Option(metavar="SYMBOL", help="The same by stock ticker.")] = "",
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="hosting, compute, debt ...; may be repeated."),
    ] = None,
    statuses: Annotated[
        list[str] | None,
        typer.Option("--status", metavar="STATUS", help="announced, completed ...; likewise."),
    ] = None,
    min_usd: Annotated[
        str, typer.Option(metavar="AMOUNT", help="At least so many dollars: 1.5bn, $800m.")
    ] = "",
    min_mw: Annotated[
        str, typer.Option(metavar="POWER", help="At least so much power: 200MW, 1.2GW.")
    ] = "",
    since: Since = "",
    until: Until = "",
    limit: Limit = None,
    sort: Annotated[str, typer.Option(metavar="BY", help=", ".join(SORTS) + ".")] = "date",
    form: FormatOption = Format.table,
    db: Db = DEFAULT_DB,
) -> None:
    """List deals, the newest first.

    \b
    Example:
      dealwire deals --party Fluidstack --type hosting --min-usd 1bn --sort value
    """
    first, after = period(since, until)
    query = DealQuery(
        company=company,
        counterparty=counterparty,
        party=party,
        ticker=ticker,
        types=_split(types),
        statuses=_split(statuses),
        min_usd=read_usd("--min-usd", min_usd),
        min_mw=read_megawatts("--min-mw", min_mw),
        since=first,
        until=after,
        limit=limit,
        sort=sort,
    )
    with open_for_reading(db) as ledger:
        write_rows(ledger.deals(query), form, DEAL_COLUMNS, "deal")


def _split(values: list[str] | None) -> tuple[str, ...]:
    """`--type debt --type equity` and `--type debt,equity` are the same."""
    return tuple(word.strip() for value in values or () for word in value.split(",") if word)


def other_side(deal: DealRow) -> str:
    """`Fluidstack (backed by Google)`."""
    names = ", ".join(deal.counterparties)
    if deal.backers:
        names += f" (backed by {', '.join(deal.backers)})"
    return names.strip()


def amount(deal: DealRow) -> str:
    """The headline amount; with options where nothing else is stated."""
    if deal.value is None and deal.value_max is not None:
        return f"≤{money(deal.value_max, deal.currency)}"
    return money(deal.value, deal.currency)


def terms(deal: DealRow) -> str:
    """`15 y, 76,000 GPUs`."""
    noun = "machines" if deal.type == "equipment" else "GPUs"
    parts = [years(deal.term_years)]
    parts += [f"{count(deal.gpus)} {noun}"] if deal.gpus is not None else []
    parts += [f"{count(deal.coins)} coins"] if deal.coins is not None else []
    return ", ".join(part for part in parts if part)


DEAL_COLUMNS: tuple[Column[DealRow], ...] = (
    Column("DEAL", lambda deal: deal.key),
    Column("DATE", lambda deal: date(deal.first_published)),
    Column("TYPE", lambda deal: deal.type),
    Column("STATUS", lambda deal: deal.status),
    Column("COMPANY", lambda deal: deal.company, least=14),
    Column("WITH", other_side, least=14),
    Column("VALUE", amount, "right"),
    Column("POWER", lambda deal: power(deal.megawatts or deal.megawatts_gross), "right"),
    Column("TERMS", terms, least=8),
)
