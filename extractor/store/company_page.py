"""A company with its deals, in every role, summed up by year."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from extractor.store.answers import CompanyPage, DealRow, YearTotal
from extractor.store.deal_rows import deal_rows
from extractor.store.query import company_ids
from extractor.store.totals import amounts, megawatts


def company(connection: sqlite3.Connection, name: str) -> CompanyPage:
    """The company that goes by `name`; raises QueryError if there is none.

    Where several companies share the name, the first that the models list.
    """
    id_ = company_ids(connection, name)[0]
    current, category = connection.execute(
        "SELECT name, category FROM companies WHERE id = ?", (id_,)
    ).fetchone()
    names: dict[str, list[str]] = {}
    for kind, spelled in connection.execute(
        "SELECT kind, name FROM company_names WHERE company_id = ? ORDER BY rowid", (id_,)
    ):
        names.setdefault(kind, []).append(spelled)
    by_role = {
        role: _deals(connection, id_, role) for role in ("company", "counterparty", "backer")
    }
    return CompanyPage(
        name=current,
        category=category,
        aliases=tuple(names.get("alias", ())),
        former_names=tuple(names.get("former", ())),
        tickers=(*names.get("ticker", ()), *names.get("former ticker", ())),
        as_company=by_role["company"],
        as_counterparty=by_role["counterparty"],
        as_backer=by_role["backer"],
        totals=tuple(
            total for role, deals in by_role.items() for total in year_totals(role, deals)
        ),
    )


def _deals(connection: sqlite3.Connection, company_id: int, role: str) -> tuple[DealRow, ...]:
    tail = """
        WHERE d.id IN (
            SELECT deal_id FROM deal_parties
            WHERE role = :role AND company_id = :company_id
        )
        ORDER BY d.first_published DESC NULLS LAST, d.key
    """
    return deal_rows(connection, tail, {"role": role, "company_id": company_id})


def year_totals(role: str, deals: Iterable[DealRow]) -> Iterator[YearTotal]:
    """Totals by year, the newest year first (see CompanyPage)."""
    by_year: dict[int, list[DealRow]] = {}
    for deal in deals:
        if deal.first_published is not None and not deal.left_out:
            by_year.setdefault(deal.first_published.year, []).append(deal)
    for year in sorted(by_year, reverse=True):
        found = by_year[year]
        yield YearTotal(year, role, len(found), amounts(found), megawatts(found))
