"""Rows of the deals table as answers."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from extractor.store.answers import DealRow
from extractor.store.rows import from_iso

_DEALS = """
    SELECT
        d.key, d.type, d.status, d.company,
        (SELECT json_group_array(name) FROM (
            SELECT name FROM deal_parties
            WHERE deal_id = d.id AND role = 'counterparty' ORDER BY ordinal
        )),
        (SELECT json_group_array(name) FROM (
            SELECT name FROM deal_parties
            WHERE deal_id = d.id AND role = 'backer' ORDER BY ordinal
        )),
        d.value, d.currency, d.value_max, d.megawatts, d.megawatts_gross, d.term_years,
        d.gpus, d.coins, d.site,
        (SELECT count(DISTINCT r.article_id)
            FROM deal_reports AS dr JOIN reports AS r ON r.id = dr.report_id
            WHERE dr.deal_id = d.id),
        (SELECT count(DISTINCT slot) FROM deal_conflicts WHERE deal_id = d.id),
        d.first_published, d.last_published
    FROM deals AS d
"""


def deal_rows(
    connection: sqlite3.Connection, tail: str, parameters: dict[str, Any]
) -> tuple[DealRow, ...]:
    """The deals that `tail` (WHERE, ORDER BY, LIMIT over `deals AS d`) selects."""
    return tuple(_deal_row(row) for row in connection.execute(_DEALS + tail, parameters))


def _deal_row(row: tuple[Any, ...]) -> DealRow:
    key, type_, status, company, counterparties, backers, *details = row[:15]
    articles, conflicts, first, last = row[15:]
    value, currency, value_max, megawatts, gross, years, gpus, coins, site = details
    return DealRow(
        key=key,
        type=type_,
        status=status,
        company=company,
        counterparties=tuple(json.loads(counterparties)),
        backers=tuple(json.loads(backers)),
        value=value,
        currency=currency,
        value_max=value_max,
        megawatts=megawatts,
        megawatts_gross=gross,
        term_years=years,
        gpus=gpus,
        coins=coins,
        site=site,
        first_published=from_iso(first),
        last_published=from_iso(last),
        articles=articles,
        conflicts=conflicts,
    )
