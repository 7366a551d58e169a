"""`dealwire conflicts`: where the articles of a deal differ, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from extractor.cli.fields import FIELDS, field_value
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
from extractor.cli.words import date, period, read_megawatts, read_usd
from extractor.store.answers import ClaimRow
from extractor.store.query import DealQuery


def conflicts(
    company: Principal = "",
    counterparty: OtherSide = "",
    party: AnyRole = "",
    ticker: Ticker = "",
    types: Types = None,
    statuses: Statuses = None,
    labels: Annotated[
        list[str] | None,
        typer.Option("--label", metavar="LABEL", help="contradiction, update ...; likewise."),
    ] = None,
    min_usd: MinUsd = "",
    min_mw: MinMw = "",
    site: Site = "",
    since: Since = "",
    until: Until = "",
    as_of: AsOf = "",
    known_by: KnownBy = "",
    limit: Limit = None,
    form: FormatOption = Format.table,
    db: Db = DEFAULT_DB,
) -> None:
    """List the fields on which the articles of a deal differ: who says what, since when.

    The agreed value comes first; the others are labelled. rounding: the same with fewer
    digits. update: it changed. scope: gross for critical power, with options for without,
    with earlier contracts for alone. currency: the same in another one. contradiction:
    nothing explains it. BY counts independent stories, * marks a release or filing.

    \b
    Example:
      dealwire conflicts --party TeraWulf --label update
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
    )
    with open_at(db, as_of, known_by) as ledger:
        found = ledger.conflicts(query, labels=words_of(labels))
    if limit is not None:
        fields = list(dict.fromkeys((claim.deal, claim.slot) for claim in found))[:limit]
        found = tuple(claim for claim in found if (claim.deal, claim.slot) in fields)
    when = then(as_of, known_by)
    write_rows(found, form, _COLUMNS, f"value{when}", f"values{when}")


def _with(claim: ClaimRow) -> str:
    return ", ".join((claim.company, *claim.counterparties))


_COLUMNS: tuple[Column[ClaimRow], ...] = (
    Column("DEAL", lambda claim: claim.deal[:8]),
    Column("BETWEEN", _with, least=14),
    Column("FIELD", lambda claim: FIELDS.get(claim.slot, claim.slot)),
    Column("LABEL", lambda claim: claim.label),
    Column("VALUE", lambda claim: field_value(claim.slot, claim.value, claim.unit), "right"),
    Column("BY", lambda claim: f"{claim.stories}{'*' if claim.primary else ''}"),
    Column("SINCE", lambda claim: date(claim.since) or "undated"),
    Column("SAID BY", lambda claim: ", ".join(claim.sites), least=14),
)
