"""Options that several verbs share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Format(StrEnum):
    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    markdown = "markdown"


class PageFormat(StrEnum):
    """For answers that are a page, not rows."""

    table = "table"
    json = "json"


DEFAULT_DB = Path("dealwire.db")

Db: TypeAlias = Annotated[
    Path,
    typer.Option("--db", envvar="DEALWIRE_DB", metavar="FILE", help="The ledger."),
]
FormatOption: TypeAlias = Annotated[
    Format, typer.Option("--format", "-f", help="A table for people, the others for programs.")
]
PageFormatOption: TypeAlias = Annotated[
    PageFormat, typer.Option("--format", "-f", help="Text for people, or JSON for programs.")
]
Models: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--models",
        envvar="DEALWIRE_MODELS",
        metavar="DIR",
        help="Your own companies and rules, laid over the shipped ones.",
    ),
]
Contact: TypeAlias = Annotated[
    str,
    typer.Option(
        "--contact",
        envvar="DEALWIRE_CONTACT",
        metavar="ADDRESS",
        help="Your e-mail address, told to the hosts that are asked; sec.gov wants one.",
    ),
]
Limit: TypeAlias = Annotated[
    int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="No more than N rows.")
]
DEFAULT_WAIT = 30.0
Wait: TypeAlias = Annotated[
    float,
    typer.Option(
        "--wait", min=0, metavar="SECONDS", help="How long to wait for another process that writes."
    ),
]
Since: TypeAlias = Annotated[
    str, typer.Option("--since", metavar="DATE", help="From this day, month or year on.")
]
Until: TypeAlias = Annotated[
    str, typer.Option("--until", metavar="DATE", help="Up to this day, month or year, included.")
]
AsOf: TypeAlias = Annotated[
    str,
    typer.Option("--as-of", metavar="DATE", help="As known from what was published by then."),
]
KnownBy: TypeAlias = Annotated[
    str,
    typer.Option("--known-by", metavar="DATE", help="As known to this ledger by then."),
]
Types: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="hosting, compute, debt ...; may be repeated."),
]
Statuses: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--status", metavar="STATUS", help="announced, completed ...; likewise."),
]
MinUsd: TypeAlias = Annotated[
    str,
    typer.Option("--min-usd", metavar="AMOUNT", help="At least so many dollars: 1.5bn, $800m."),
]
MinMw: TypeAlias = Annotated[
    str,
    typer.Option("--min-mw", metavar="POWER", help="At least so much power: 200MW, 1.2GW."),
]

Site: TypeAlias = Annotated[
    str, typer.Option("--site", metavar="PLACE", help="At this campus, town or region: Texas.")
]


def words_of(values: list[str] | None) -> tuple[str, ...]:
    """`--type debt --type equity` and `--type debt,equity` are the same."""
    return tuple(word.strip() for value in values or () for word in value.split(",") if word)


Principal: TypeAlias = Annotated[
    str, typer.Option("--company", metavar="NAME", help="The principal, by any name or ticker.")
]
OtherSide: TypeAlias = Annotated[
    str,
    typer.Option("--counterparty", metavar="NAME", help="The other side, by any name or ticker."),
]
AnyRole: TypeAlias = Annotated[
    str, typer.Option("--party", metavar="NAME", help="A company in any role, backers too.")
]
Ticker: TypeAlias = Annotated[
    str, typer.Option("--ticker", metavar="SYMBOL", help="The same by stock ticker.")
]
