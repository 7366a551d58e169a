"""Rows of the deals table as answers."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from extractor.store.answers import DealRow
from extractor.store.rows import from_iso

# Contracts that a company sums up when it states a backlog.
BACKLOG_PARTS = "('hosting', 'compute', 'power')"
NOT_AGREED = "('proposed', 'terminated')"

_DEALS = f"""
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
        d.first_published, d.last_published,
        (SELECT count(DISTINCT story) FROM deal_reports WHERE deal_id = d.id),
        (SELECT count(DISTINCT slot) FROM deal_conflicts
            WHERE deal_id = d.id AND label = 'contradiction'),
        EXISTS (SELECT 1 FROM deal_reports WHERE deal_id = d.id AND source <> ''),
        coalesce((SELECT verdict FROM deal_checks
            WHERE deal_id = d.id AND verdict <> 'usual'), ''),
        coalesce(x.other, ''), coalesce(x.total, 0),
        -- Why it is no part of a sum: not agreed, or a total that stands beside its parts.
        CASE
            WHEN d.status IN {NOT_AGREED} THEN d.status
            WHEN d.type = 'backlog' AND EXISTS (
                SELECT 1 FROM deals AS part
                WHERE part.principal = d.principal AND part.type IN {BACKLOG_PARTS}
                    AND part.value IS NOT NULL AND part.status NOT IN {NOT_AGREED}
            ) THEN 'its contracts are counted'
            WHEN d.type = 'backlog' AND EXISTS (
                SELECT 1 FROM deals AS newer
                WHERE newer.principal = d.principal AND newer.type = 'backlog'
                    AND newer.status NOT IN {NOT_AGREED}
                    AND (coalesce(newer.first_published, ''), newer.key)
                        > (coalesce(d.first_published, ''), d.key)
            ) THEN 'a newer backlog is counted'
            WHEN EXISTS (
                SELECT 1 FROM deal_links AS s JOIN deals AS same ON same.key = s.other
                WHERE s.deal_id = d.id AND s.kind = 'same amount'
                    AND same.status NOT IN {NOT_AGREED}
            ) THEN 'its amount is that of another deal'
            WHEN EXISTS (
                SELECT 1 FROM deal_links AS s JOIN deals AS part ON part.key = s.other
                WHERE s.deal_id = d.id AND s.kind = 'sums' AND d.type <> 'backlog'
                    AND part.status NOT IN {NOT_AGREED}
            ) THEN 'its contracts are counted'
            WHEN d.type <> 'backlog' AND d.status = 'outstanding' THEN 'carried from earlier deals'
            ELSE ''
        END,
        base.value, base.currency, base.megawatts
    FROM deals AS d
    LEFT JOIN deal_links AS x ON x.deal_id = d.id AND x.kind = 'expands'
    LEFT JOIN deals AS base   ON base.key = x.other AND x.total
        AND base.status NOT IN {NOT_AGREED}
"""


def deal_rows(
    connection: sqlite3.Connection, tail: str, parameters: dict[str, Any]
) -> tuple[DealRow, ...]:
    """The deals that `tail` (WHERE, ORDER BY, LIMIT over `deals AS d`) selects."""
    return tuple(_deal_row(row) for row in connection.execute(_DEALS + tail, parameters))


def _deal_row(row: tuple[Any, ...]) -> DealRow:
    key, type_, status, company, counterparties, backers, *details = row[:15]
    value, currency, value_max, megawatts, gross, years, gpus, coins, site = details
    articles, conflicts, first, last, stories, contradictions, primary = row[15:22]
    doubt, expands, is_total, left_out, base_value, base_currency, base_megawatts = row[22:]
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
        stories=stories,
        contradictions=contradictions,
        primary=bool(primary),
        doubt=doubt,
        expands=expands,
        is_total=bool(is_total),
        left_out=left_out,
        counted_value=None
        if left_out
        else _beyond(value, base_value if base_currency == currency else None),
        counted_megawatts=None if left_out else _beyond(megawatts, base_megawatts),
    )


def _beyond(number: float | None, base: float | None) -> float | None:
    """What a total adds to what it includes."""
    return number if number is None or base is None else max(0.0, number - base)
