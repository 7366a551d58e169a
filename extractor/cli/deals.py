"""`dealwire deals`: the ledger, one row a deal."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.moment import open_at, then
from extractor.cli.options import (
    DEFAULT_DB,
    AnyRole,
    AsOf,
    Db,
    Format,
    FormatOption,
    KnownBy,
    Limit,
    MinMw,
    MinUsd,
    OtherSide,
    Principal,
    Since,
    Site,
    Statuses,
    Ticker,
    Types,
    Until,
    words_of,
)
from extractor.cli.output import Column, write_rows
from extractor.cli.words import count, date, money, period, power, read_megawatts, read_usd, years
from extractor.store.answers import Amount, DealRow, Total
from extractor.store.query import SORTS, DealQuery


def deals(
    company: Principal = "",
    counterparty: OtherSide = "",
    party: AnyRole = "",
    ticker: Ticker = "",
    types: Types = None,
    statuses: Statuses = None,
    min_usd: MinUsd = "",
    min_mw: MinMw = "",
    site: Site = "",
    since: Since = "",
    until: Until = "",
    as_of: AsOf = "",
    known_by: KnownBy = "",
    totals: Annotated[
        bool, typer.Option("--totals", help="Add them up by type, each deal counted once.")
    ] = False,
    limit: Limit = None,
    sort: Annotated[str, typer.Option(metavar="BY", help=", ".join(SORTS) + ".")] = "date",
    form: FormatOption = Format.table,
    db: Db = DEFAULT_DB,
) -> None:
    """List deals, the newest first.

    BY tells how many independent stories report a deal: copies of one text are one story.
    Marks beside it: * a release or filing is among them, ! they contradict each other,
    ? the price of a megawatt is implausible, + it adds to an earlier contract.

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
        types=words_of(types),
        statuses=words_of(statuses),
        min_usd=read_usd("--min-usd", min_usd),
        min_mw=read_megawatts("--min-mw", min_mw),
        site=site,
        since=first,
        until=after,
        limit=limit,
        sort=sort,
    )
    when = then(as_of, known_by)
    with open_at(db, as_of, known_by) as ledger:
        if totals:
            write_rows(ledger.totals(query), form, TOTAL_COLUMNS, f"line{when}", f"lines{when}")
        else:
            write_rows(ledger.deals(query), form, DEAL_COLUMNS, f"deal{when}", f"deals{when}")


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


def voices(deal: DealRow) -> str:
    """`3*!`: three stories, one of them a release, and they contradict each other."""
    marks = (
        "*" if deal.primary else "",
        "!" if deal.contradictions else "",
        "?" if deal.doubt == "doubtful" else "",
        "+" if deal.expands else "",
    )
    return f"{deal.stories}{''.join(marks)}"


def sums(amounts: tuple[Amount, ...]) -> str:
    """`$28bn, C$95m`: currencies side by side, never added."""
    return ", ".join(money(amount.value, amount.currency) for amount in amounts)


DEAL_COLUMNS: tuple[Column[DealRow], ...] = (
    Column("DEAL", lambda deal: deal.key[:8]),
    Column("DATE", lambda deal: date(deal.first_published)),
    Column("TYPE", lambda deal: deal.type),
    Column("STATUS", lambda deal: deal.status),
    Column("COMPANY", lambda deal: deal.company, least=14),
    Column("WITH", other_side, least=14),
    Column("VALUE", amount, "right"),
    Column("POWER", lambda deal: power(deal.megawatts or deal.megawatts_gross), "right"),
    Column("TERMS", terms, least=8),
    Column("SITE", lambda deal: deal.site, least=12),
    Column("BY", voices),
)

TOTAL_COLUMNS: tuple[Column[Total], ...] = (
    Column("TYPE", lambda total: total.type or "all"),
    Column("DEALS", lambda total: str(total.deals), "right"),
    Column("VALUE", lambda total: sums(total.amounts), "right", least=14),
    Column("POWER", lambda total: power(total.megawatts) if total.megawatts else "", "right"),
    Column("LEFT OUT", lambda total: str(total.left_out), "right"),
)
