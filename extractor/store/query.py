"""A question about deals, put into SQL."""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extractor.errors import QueryError
from extractor.names import company_key
from extractor.records import DEAL_TYPES, STATUSES
from extractor.store.rows import listed, to_iso

SORTS = {
    "date": "d.first_published DESC",
    "value": "coalesce(d.value, d.value_max) DESC",
    "megawatts": "coalesce(d.megawatts, d.megawatts_gross) DESC",
    "years": "d.term_years DESC",
    "company": "d.company COLLATE NOCASE ASC",
}


@dataclass(frozen=True, slots=True)
class DealQuery:
    """Which deals, in what order; what is left empty does not restrict.

    `company`, `counterparty` and `party` (any role) take a name, alias, former name or
    ticker; `ticker` a ticker only. `min_usd` looks at amounts in US dollars, `site` for words
    of the place in any report of the deal; `since` and `until` (exclusive) at the first
    report. `sort` is one of SORTS, largest or newest first.
    """

    company: str = ""
    counterparty: str = ""
    party: str = ""
    ticker: str = ""
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    min_usd: float | None = None
    min_mw: float | None = None
    site: str = ""
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    sort: str = "date"


def select_deals(connection: sqlite3.Connection, query: DealQuery) -> tuple[str, dict[str, Any]]:
    """The WHERE, ORDER BY and LIMIT of a query over `deals AS d`, with its parameters.

    Raises QueryError for values that cannot match, with the nearest that can.
    """
    for value in query.types:
        require("type", value, DEAL_TYPES)
    for value in query.statuses:
        require("status", value, STATUSES)
    require("sort", query.sort, SORTS)
    conditions = list(_party_conditions(connection, query))
    parameters: dict[str, Any] = {}

    def restrict(condition: str, name: str, value: Any) -> None:
        if value is not None:
            conditions.append(condition)
            parameters[name] = value

    if query.types:
        conditions.append(f"d.type IN ({_quoted(query.types)})")
    if query.statuses:
        conditions.append(f"d.status IN ({_quoted(query.statuses)})")
    restrict(
        "d.currency = 'USD' AND coalesce(d.value, d.value_max) >= :min_usd",
        "min_usd",
        query.min_usd,
    )
    restrict("coalesce(d.megawatts, d.megawatts_gross) >= :min_mw", "min_mw", query.min_mw)
    restrict(
        """d.id IN (
            SELECT dr.deal_id FROM deal_reports AS dr
            JOIN report_slots AS s ON s.report_id = dr.report_id AND s.slot = 'site'
            WHERE instr(lower(s.name), :site)
        )""",
        "site",
        query.site.lower() or None,
    )
    restrict("d.first_published >= :since", "since", to_iso(query.since))
    restrict("d.first_published < :until", "until", to_iso(query.until))
    sql = f"WHERE {' AND '.join(conditions)}\n" if conditions else ""
    sql += f"ORDER BY {SORTS[query.sort]} NULLS LAST, d.first_published DESC, d.key\n"
    if query.limit is not None:
        sql += "LIMIT :limit"
        parameters["limit"] = query.limit
    return sql, parameters


def require(what: str, value: str, valid: Iterable[str]) -> None:
    """Raises QueryError unless `value` is one of `valid`."""
    choices = list(valid)
    if value in choices:
        return
    near = difflib.get_close_matches(value.lower(), choices, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? " if near else ""
    raise QueryError(f"--{what} {value}", f"{hint}valid are: {', '.join(choices)}")


def company_ids(connection: sqlite3.Connection, name: str) -> tuple[int, ...]:
    """The companies that go by this name, alias, former name or ticker.

    The nearest kind of name wins: one that is called so today before one that once was.
    Raises QueryError with the nearest names if there is none.
    """
    rows = connection.execute(
        """
        SELECT company_id, kind, name FROM company_names WHERE key = :key
        ORDER BY company_id
        """,
        {"key": company_key(name)},
    ).fetchall()
    for kinds in (("current",), ("alias", "ticker"), ("former", "former ticker")):
        found = tuple(dict.fromkeys(id_ for id_, kind, _ in rows if kind in kinds))
        if found:
            return found
    raise QueryError(name, "no company of this name in the ledger" + _nearest(connection, name))


def _ticker_ids(connection: sqlite3.Connection, ticker: str) -> tuple[int, ...]:
    rows = connection.execute(
        """
        SELECT company_id FROM company_names
        WHERE name = :ticker COLLATE NOCASE AND kind IN ('ticker', 'former ticker')
        """,
        {"ticker": ticker.lstrip("$")},
    )
    found = tuple(id_ for (id_,) in rows)
    if found:
        return found
    tickers = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM company_names WHERE kind = 'ticker' ORDER BY name"
        )
    ]
    near = difflib.get_close_matches(ticker.upper(), tickers, n=3, cutoff=0.5)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise QueryError(ticker, f"no company with this ticker in the ledger{hint}")


def _nearest(connection: sqlite3.Connection, name: str) -> str:
    """A hint with the names that look or begin most like this one."""
    key = company_key(name)
    spelled: dict[str, str] = {}
    for name_key, current in connection.execute(
        """
        SELECT n.key, c.name FROM company_names AS n JOIN companies AS c ON c.id = n.company_id
        WHERE n.kind IN ('current', 'alias', 'former')
        """
    ):
        spelled.setdefault(name_key, current)
    begins = [k for k in spelled if key and (k.startswith(key) or f" {key}" in f" {k}")]
    near = begins[:3] + difflib.get_close_matches(key, spelled, n=3, cutoff=0.6)
    names = list(dict.fromkeys(spelled[k] for k in near))[:3]
    return f"; did you mean {' or '.join(names)}?" if names else ""


def _party_conditions(connection: sqlite3.Connection, query: DealQuery) -> Iterable[str]:
    wanted = (
        (query.company, "role = 'company' AND "),
        (query.counterparty, "role = 'counterparty' AND "),
        (query.party, ""),
    )
    for name, role in wanted:
        if name:
            yield _has_party(role, company_ids(connection, name))
    if query.ticker:
        yield _has_party("", _ticker_ids(connection, query.ticker))


def _has_party(role: str, ids: tuple[int, ...]) -> str:
    return f"d.id IN (SELECT deal_id FROM deal_parties WHERE {role}company_id IN ({listed(ids)}))"


def _quoted(words: Iterable[str]) -> str:
    """Words that passed `require` as SQL texts."""
    return ", ".join(f"'{word}'" for word in words)
